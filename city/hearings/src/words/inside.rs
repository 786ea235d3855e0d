//! What lies inside a mediation: the agreement clause by clause, what was said when and by whom proposed, and the days
//! of the court.

use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

/// The sides that owe what a clause says, and the keys of their names.
pub const OWERS: [(&str, &str); 3] =
    [("first", "hearings-side-first"), ("second", "hearings-side-second"), ("both", "hearings-side-both")];
/// How far a clause is kept, and the keys of these words.
pub const STAGES: [(&str, &str); 4] = [
    (OPEN, "hearings-stage-open"),
    (PART, "hearings-stage-part"),
    (DONE, "hearings-stage-done"),
    (BROKEN, "hearings-stage-broken"),
];
/// How a side can say that a clause was kept, and the keys of these words.
pub const REPORTS: [(&str, &str); 3] =
    [(DONE, "hearings-report-done"), (PART, "hearings-report-part"), (BROKEN, "hearings-report-broken")];
/// Nothing of a clause was done yet.
pub const OPEN: &str = "open";
/// A part of it was done.
pub const PART: &str = "part";
/// All of it was done.
pub const DONE: &str = "done";
/// It was not kept.
pub const BROKEN: &str = "broken";

/// The ways of a session, and the keys of their names. With one side alone it is a caucus (背靠背).
pub const WAYS: [(&str, &str); 4] = [
    (APART, "hearings-way-apart"),
    (TOGETHER, "hearings-way-together"),
    ("first", "hearings-way-first"),
    ("second", "hearings-way-second"),
];
/// The mediator goes between the sides.
pub const APART: &str = "apart";
/// All sit at one table.
pub const TOGETHER: &str = "together";
/// Who may have come to a session, and the keys of their names.
pub const PRESENT: [(&str, &str); 4] = [
    ("mediator", "hearings-present-mediator"),
    ("first", "hearings-side-first"),
    ("second", "hearings-side-second"),
    (INVITED, "hearings-present-invited"),
];
/// Somebody whom both sides agreed to invite.
pub const INVITED: &str = "invited";
/// Who may make a proposal, and the keys of their names.
pub const PROPOSERS: [(&str, &str); 3] =
    [("first", "hearings-side-first"), ("second", "hearings-side-second"), ("mediator", "hearings-present-mediator")];
/// What came of a proposal, and the keys of these words.
pub const ANSWERS: [(&str, &str); 4] = [
    ("open", "hearings-answer-open"),
    ("accepted", "hearings-answer-accepted"),
    ("refused", "hearings-answer-refused"),
    ("countered", "hearings-answer-countered"),
];

/// The parts of the file that are noted as lying there on paper, and the keys of their names.
pub const ON_PAPER: [(&str, &str); 7] = [
    ("power", "hearings-part-power"),
    ("inquiry", "hearings-part-inquiry"),
    ("evidence", "hearings-part-evidence"),
    ("record", "hearings-part-record"),
    ("receipt", "hearings-part-receipt"),
    ("remarks", "hearings-part-remarks"),
    ("back", "hearings-part-back"),
];

/// What a session says as a step: its words lie in the file alone. It is the key of the words for that.
pub const KEPT: &str = "hearings-session-kept";
/// The same of a change of the text.
pub const WRITTEN: &str = "hearings-text-written";

/// Returns the key of the name of a code in one of these lists; empty for a code that is not in it.
#[must_use]
pub fn named(list: &[(&'static str, &'static str)], code: &str) -> &'static str {
    list.iter().find(|known| known.0 == code).map(|known| known.1).unwrap_or_default()
}

record! {
    /// The sealed part of the file of a mediation.
    pub struct FileRow {
        /// The record under whose key everything of it is sealed.
        pub record: Uuid,
        /// The main facts and each side's responsibility; empty before somebody wrote them, and once they are erased.
        pub sealed: Vec<u8>,
        /// Who changed the agreement last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
        /// The stay during which the main facts were written.
        pub stay: i64,
    }
}

record! {
    /// A part of the file that lies there on paper.
    pub struct PartRow {
        /// A code of [`ON_PAPER`].
        pub part: String,
        /// The stay during which it was noted.
        pub stay: i64,
        /// Who noted it.
        pub noted_name: String,
        /// When.
        pub noted_at: Instant,
    }
}

record! {
    /// A clause of an agreement as it is kept.
    pub struct ClauseRow {
        /// Its identity; a later one is greater.
        pub id: Uuid,
        /// A code of [`OWERS`].
        pub owes: String,
        /// The amount in fen; 0 for a deed.
        pub fen: i64,
        /// The last day.
        pub due: Date,
        /// What is owed, in words.
        pub sealed: Vec<u8>,
        /// A code of [`STAGES`].
        pub stage: String,
        /// What was noted of how it was kept; empty where nothing was.
        pub noted: Vec<u8>,
        /// When.
        pub noted_at: Option<Instant>,
        /// The stay during which it was written.
        pub stay: i64,
        /// Whether it is a duty that lasts, without a last day.
        pub lasting: bool,
    }
}

impl ClauseRow {
    /// The last day; none for a duty that lasts.
    #[must_use]
    pub const fn day(&self) -> Option<Date> {
        if self.lasting { None } else { Some(self.due) }
    }
}

record! {
    /// What a side said of how a clause was kept.
    pub struct ReportRow {
        /// The clause.
        pub clause: Uuid,
        /// The side.
        pub side: String,
        /// A code of [`STAGES`].
        pub stage: String,
        /// What she said of it; empty where she said nothing more.
        pub sealed: Vec<u8>,
        /// When.
        pub said_at: Instant,
    }
}

record! {
    /// Whose name a side has given, or a mediator took from her paper.
    pub struct NamedRow {
        /// The side.
        pub side: String,
        /// Whether she gave it herself.
        pub by_herself: bool,
        /// Who wrote it down; empty where she did.
        pub named_name: String,
        /// When.
        pub named_at: Instant,
    }
}

record! {
    /// Under which name somebody stood until it was corrected, though an agreement named her so.
    pub struct RenamedRow {
        /// Her sealed record.
        pub record: Uuid,
        /// When it was corrected.
        pub renamed_at: Instant,
        /// The name before, sealed under her record.
        pub sealed: Vec<u8>,
    }
}

record! {
    /// A clause that is to be kept by a day, for reminders.
    pub struct DueClause {
        /// The district of its case.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// Its identity.
        pub id: Uuid,
        /// The last day.
        pub due: Date,
        /// A code of [`OWERS`].
        pub owes: String,
    }
}

record! {
    /// A session as it is kept.
    pub struct SessionRow {
        /// Its identity; a later one is greater.
        pub id: Uuid,
        /// The day.
        pub held_on: Date,
        /// The minute of the day at which it began.
        pub begins_at: i64,
        /// A code of [`WAYS`].
        pub way: String,
        /// Codes of [`PRESENT`] with blanks between.
        pub came: String,
        /// Where, who was invited, and what was said.
        pub sealed: Vec<u8>,
        /// The account of the mediator who wrote it down.
        pub written_by: Uuid,
        /// The name of the mediator.
        pub written_name: String,
        /// The stay during which it was written.
        pub stay: i64,
    }
}

record! {
    /// A proposal as it is kept.
    pub struct ProposalRow {
        /// Its identity; a later one is greater.
        pub id: Uuid,
        /// The day.
        pub made_on: Date,
        /// A code of [`PROPOSERS`].
        pub made_by: String,
        /// What was proposed.
        pub sealed: Vec<u8>,
        /// A code of [`ANSWERS`].
        pub answer: String,
        /// The stay during which it was made.
        pub stay: i64,
    }
}

record! {
    /// The days of the court that was asked to confirm an agreement.
    pub struct CourtRow {
        /// The day on which both asked it.
        pub sent_on: Date,
        /// The last day on which it says whether it accepts the application.
        pub accepts_by: Date,
        /// The day on which it accepted.
        pub accepted_on: Option<Date>,
        /// The last day on which it decides.
        pub decides_by: Option<Date>,
        /// Whether its president approved more time.
        pub is_prolonged: bool,
        /// When it was over.
        pub ended_at: Option<Instant>,
    }
}

record! {
    /// A court that is to do something by a day, or to be asked by then, for reminders.
    pub struct DueCourt {
        /// The district of the case.
        pub district: PlaceId,
        /// The case.
        pub case_id: Uuid,
        /// The last day.
        pub due: Date,
    }
}

/// The main facts of a dispute and each side's responsibility, as the agreement says them (第二十九条).
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// The main facts and what is disputed.
    pub facts: String,
    /// Each side's responsibility.
    pub duties: String,
}

/// A clause that somebody writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClause {
    /// Its identity.
    pub id: Uuid,
    /// A code of [`OWERS`].
    pub owes: String,
    /// What is owed, in words.
    pub what: String,
    /// The amount in fen; 0 for a deed.
    pub fen: i64,
    /// The last day; of a duty that lasts the day on which it is written.
    pub due: Date,
    /// Whether it is a duty that lasts.
    pub lasting: bool,
}

/// What a side says of how a clause was kept, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// As it is kept.
    pub row: ReportRow,
    /// What she said of it.
    pub words: String,
}

/// A clause of an agreement, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// As it is kept.
    pub row: ClauseRow,
    /// What is owed, in words.
    pub what: String,
    /// What was noted of how it was kept.
    pub noted: String,
    /// What the sides say of how it was kept.
    pub reports: Vec<Report>,
}

/// An agreement, opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agreement {
    /// The main facts and each side's responsibility.
    pub head: Head,
    /// The clauses in their order.
    pub clauses: Vec<Clause>,
    /// Whether the file was erased, because its years are over.
    pub is_erased: bool,
}

/// What of a session is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Said {
    /// Where.
    pub place: String,
    /// Who was invited; may be empty.
    pub invited: String,
    /// What was said.
    pub said: String,
}

/// A session that somebody writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Its identity.
    pub id: Uuid,
    /// The day.
    pub held_on: Date,
    /// The minute of the day at which it began.
    pub begins_at: u32,
    /// A code of [`WAYS`].
    pub way: String,
    /// Codes of [`PRESENT`].
    pub came: Vec<String>,
    /// Where, who was invited, and what was said.
    pub said: Said,
}

/// A proposal that somebody writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProposal {
    /// Its identity.
    pub id: Uuid,
    /// The day.
    pub made_on: Date,
    /// A code of [`PROPOSERS`].
    pub made_by: String,
    /// What was proposed.
    pub what: String,
}
