//! Whom each of the parties chose to mediate, as whoever begins reads it, and as she finds it where she chooses.

use cases::kind::Offer;
use hall::Fault;
use kernel::case::{Case, Recorded};
use kernel::line::name_key;
use store::Tx;
use web::Page;

use super::{Mediations, key};
use crate::actions::told::member_told;
use crate::rules::choosing::choice;
use crate::rules::people::members;
use crate::words::asking::CHOOSES;
use crate::words::people::Member;
use crate::words::{MEDIATOR, SIDES};

/// Whom one of the parties chose.
pub(super) struct Chose {
    member: Member,
    /// The name; empty where she leaves it to the committee, none where she said nothing.
    name: Option<String>,
}

impl Mediations {
    /// Whom everybody who takes part chose.
    pub(super) fn choices_of(&self, tx: &mut dyn Tx, case: &Case, events: &[Recorded]) -> Result<Vec<Chose>, Fault> {
        let words = self.desk()?.words_of(tx, &key(case))?;
        let chose = |member: Member| {
            let name = choice(events, member).map(|name| words.read(name, "").trim().to_owned());
            Chose { member, name }
        };
        Ok(members(case).into_iter().map(chose).collect())
    }
}

/// What whoever begins reads of it where not all chose the same: a sentence for each, and that the committee names
/// somebody. Nothing where nobody chose anybody.
pub(super) fn choices_told(page: &Page, choices: &[Chose]) -> Vec<String> {
    if choices.iter().all(|chose| chose.name.as_deref().unwrap_or_default().is_empty()) {
        return Vec::new();
    }
    let told = |chose: &Chose| {
        let who = member_told(page, &chose.member.code());
        match chose.name.as_deref() {
            None => page.t1("hearings-offer-chose-nothing", "who", who),
            Some("") => page.t1("hearings-offer-chose-committee", "who", who),
            Some(name) => page.t2("hearings-offer-chose", "who", who, "name", name),
        }
    };
    choices.iter().map(told).chain([page.t("hearings-offer-chosen-apart")]).collect()
}

/// Where a side that is one person chooses, what she chose before stands there.
pub(super) fn marks(offer: &mut Offer, step: &str, choices: &[Chose]) {
    let side = CHOOSES.into_iter().zip(SIDES).find(|(name, _)| *name == step).map(|(_, side)| side);
    let hers: Vec<&Chose> = choices.iter().filter(|chose| Some(chose.member.side) == side).collect();
    let [Chose { name: Some(name), .. }] = hers.as_slice() else { return };
    let wanted = name_key(name);
    for one in offer.choices.get_mut(MEDIATOR).into_iter().flatten() {
        one.chosen = name_key(&one.value) == wanted;
    }
}
