//! What the law on people's mediation asks of each step, in words of its own: which need the consent of both sides, by
//! which a side gives or takes back its consent, and after which a consent is none any more.

use std::collections::BTreeSet;

/// The roles of the sides.
pub const SIDES: [&str; 2] = ["first", "second"];
/// The steps for which both sides must stand to their consent.
pub const NEEDS: [&str; 16] = [
    "begin",
    "session",
    "sit_together",
    "session_together",
    "invite",
    "change_open",
    "prolong",
    "prolong_together",
    "go_up",
    "hand_down",
    "substitute",
    "draft",
    "oral",
    "seal",
    "to_court",
    "vary",
];
/// The steps by which something becomes the agreement: the text is the one to which both consented.
pub const TEXTS: [&str; 2] = ["draft", "oral"];
/// What a side says by a step of its own: that it consents, or that it does not any more.
pub const GIVES: [&str; 8] = ["agrees", "goes_on", "passes", "stays", "signs", "asks_court", "asks_again", "changes"];
pub const TAKES_BACK: [&str; 5] = ["unsure", "withdraws", "not_court", "not_again", "keeps"];
/// What is noted of a side by the original that she signed.
pub const ON_PAPER: [&str; 2] = ["signs", "changes"];
/// After these steps both are asked about something else, or about another text.
pub const VOIDS: [&str; 14] = [
    "ask",
    "ask_together",
    "write",
    "write_together",
    "redraft",
    "apart_again",
    "to_change",
    "propose_change",
    "court_again",
    "no_court",
    "performed",
    "not_kept",
    "objects",
    "withdraws",
];
/// The states before an agreement is in effect. A clear no ends the mediation in each.
pub const OPEN: [&str; 5] = ["applied", "inviting", "talks", "together", "to_sign"];
/// The states in which both are asked about each step before it is taken.
pub const TALKS: [&str; 2] = ["talks", "together"];
/// The steps of the platform itself.
pub const BY_ITSELF: [&str; 2] = ["no_answer", "close_unvisited"];
/// Whoever joins a side is sealed by a page before.
pub const LEFT_OUT: [&str; 2] = ["join", "join_talks"];

/// Who tries a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    First,
    Second,
    /// Somebody who proved that the record of another matter is hers.
    Stranger,
    /// Whoever mediates there, at the community and at every office above it.
    Mediator,
    /// A mediator of another community.
    Elsewhere,
    /// Whoever works at the counter of the community.
    Worker,
    Nobody,
    System,
}

pub const EVERYBODY: [Who; 8] =
    [Who::First, Who::Second, Who::Stranger, Who::Mediator, Who::Elsewhere, Who::Worker, Who::Nobody, Who::System];

impl Who {
    pub fn of(side: &str) -> Self {
        if side == "first" { Self::First } else { Self::Second }
    }

    /// Whether what she does for a side is noted in the side's name.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Mediator | Self::Elsewhere | Self::Worker)
    }
}

/// The side whose own step it is, and what it says by it; of any other step its name.
pub fn said(action: &str) -> (Option<&'static str>, &str) {
    let own = |side: &'static str| action.strip_prefix(side).and_then(|rest| rest.strip_prefix('_'));
    SIDES.into_iter().find_map(|side| Some((Some(side), own(side)?))).unwrap_or((None, action))
}

/// What both sides said, as the law counts it.
#[derive(Default)]
pub struct Law {
    /// Who consents to what they are asked now.
    pub given: BTreeSet<&'static str>,
    /// About which step they were asked.
    pub asked: Option<String>,
    /// Who took a consent back herself, and gave none since but by what a mediator noted.
    pub took_back: BTreeSet<&'static str>,
}

impl Law {
    pub fn take(&mut self, action: &str, who: Who, way: [&str; 2]) {
        let ([from, to], (side, word)) = (way, said(action));
        // An application is a consent, and taking it on asks nobody anew.
        let is_elsewhere = from != to && from != "applied";
        if NEEDS.contains(&action) || VOIDS.contains(&word) || is_elsewhere {
            self.given.clear();
        }
        if NEEDS.contains(&action) || from != to {
            self.asked = None;
        }
        let Some(side) = side else { return };
        if GIVES.contains(&word) {
            self.given.insert(side);
            if !who.is_staff() || ON_PAPER.contains(&word) {
                self.took_back.remove(side);
            }
        }
        if TAKES_BACK.contains(&word) {
            self.given.remove(side);
            if !who.is_staff() {
                self.took_back.insert(side);
            }
        }
    }
}
