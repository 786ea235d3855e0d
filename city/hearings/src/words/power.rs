//! Powers of attorney (授权委托书, the fourth part of the file): who may act for a party, what he may do, and until
//! when, with the paper as a file. An agent without a special power neither consents to an agreement nor signs it.

use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

/// To consent to what is agreed.
pub const AGREE: &str = "agree";
/// To give up or change what she asked for, and to end the mediation.
pub const WAIVE: &str = "waive";
/// To settle otherwise than was agreed.
pub const SETTLE: &str = "settle";
/// To sign the agreement.
pub const SIGN: &str = "sign";
/// The code of a power whose agent is a guardian (法定代理人): he acts by law for as long as he is one, so no party
/// gives it, takes it back or limits it.
pub const GUARDIAN: &str = "guardian";
/// The special powers (特别授权), and the keys of their names.
pub const SPECIALS: [(&str, &str); 4] = [
    (AGREE, "hearings-power-agree"),
    (WAIVE, "hearings-power-waive"),
    (SETTLE, "hearings-power-settle"),
    (SIGN, "hearings-power-sign"),
];

record! {
    /// A power as it is kept.
    pub struct PowerRow {
        /// Its identity.
        pub id: Uuid,
        /// The code of the party who gave it.
        pub giver: String,
        /// The code of one of her own side who represents her; empty for an agent from outside.
        pub fellow: String,
        /// The codes of the special powers with blanks between; empty for a general one (一般授权), [`GUARDIAN`] where
        /// the law gives it.
        pub special: String,
        /// The last day; none where it holds until the mediation ends.
        pub until_on: Option<Date>,
        /// The name of an agent from outside; empty for one of her own side.
        pub sealed: Vec<u8>,
        /// The day that the paper bears; none while nobody saw one.
        pub paper_on: Option<Date>,
        /// She gave it herself, with her code.
        pub by_herself: bool,
        /// Who saw the paper, or wrote down that it is still to come; empty where she gave it herself, and once the
        /// file is erased.
        pub noted_name: String,
        /// When it was written down: from then on he is her agent.
        pub noted_at: Instant,
        /// When somebody saw the paper; none while nobody did.
        pub seen_at: Option<Instant>,
        /// When she took it back.
        pub withdrawn_at: Option<Instant>,
        /// The agent is called as somebody of the other side or whoever mediates is, and it was checked that he is
        /// somebody else.
        pub told_apart: bool,
    }
}

record! {
    /// The paper of a power as a file on the shelf.
    pub struct PowerFile {
        /// The power.
        pub power: Uuid,
        /// Where it lies, by the digest of its sealed bytes.
        pub digest: String,
        /// What it is: `jpeg`, `png` or `pdf`.
        pub kind: String,
        /// How many bytes it has.
        pub bytes: i64,
        /// Who added it.
        pub added_name: String,
        /// When.
        pub added_at: Instant,
    }
}

impl PowerRow {
    /// Whether it stands: it was not taken back.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Whether it was shown: its paper was seen, or she gave it herself with her code.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.paper_on.is_some() || self.by_herself
    }

    /// Whether somebody acts by it on a day.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        self.stands() && self.is_shown() && self.until_on.is_none_or(|until| on <= until)
    }

    /// Whether it is a special power for that. A guardian needs none.
    #[must_use]
    pub fn allows(&self, special: &str) -> bool {
        self.special.split(' ').any(|code| code == special || code == GUARDIAN)
    }

    /// Whether its agent acts by law and not because the party wants him to.
    #[must_use]
    pub fn is_guardian(&self) -> bool {
        self.special == GUARDIAN
    }

    /// Whether somebody stands as the guardian of the party on a day, also while his paper is still to be seen.
    #[must_use]
    pub fn guards(&self, on: Date) -> bool {
        self.is_guardian() && self.stands() && self.until_on.is_none_or(|until| on <= until)
    }
}

/// A power, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// As it is kept.
    pub row: PowerRow,
    /// The name of an agent from outside; empty for one of her own side, and once it is erased.
    pub name: String,
}

/// A power that is written down.
#[derive(Clone, Debug)]
pub struct NewPower {
    /// The code of the party who gives it.
    pub giver: String,
    /// The code of one of her own side; empty for an agent from outside.
    pub fellow: String,
    /// The name of an agent from outside.
    pub name: String,
    /// The codes of special powers.
    pub special: Vec<String>,
    /// The agent is a guardian, who needs none of them.
    pub guardian: bool,
    /// The last day.
    pub until_on: Option<Date>,
    /// The day that the paper bears.
    pub paper_on: Option<Date>,
    /// It was checked that the agent is nobody of the same name who mediates or belongs to the other side.
    pub told_apart: bool,
}

/// What is done about the powers of a mediation.
#[derive(Clone, Debug)]
pub enum PowerDeed {
    /// A party gives one.
    Give(NewPower),
    /// She takes one back, by its identity.
    TakeBack(Uuid),
    /// Whoever mediates saw the paper of one that was written down before, with the day that it bears.
    Seen(Uuid, Date),
}
