//! A report that another platform puts right.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::record;
use uuid::Uuid;

/// The job that sends a report to another platform.
pub const SEND: &str = "grid.forward";
/// The job that asks the other platform how it stands there.
pub const ASK: &str = "grid.forward_ask";
/// The job that tells the other platform what became of a report here.
pub const TELL: &str = "grid.forward_tell";
/// What the lanes of other platforms begin with.
pub const LANE: &str = "open311";

record! {
    /// A report on its way to another platform, and what was heard of it there.
    pub struct Forward {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// The identity of the message: the same at every attempt.
        pub id: Uuid,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// The code of the other platform.
        pub peer: String,
        /// Its code for the kind.
        pub service: String,
        /// Our condition: `event/0402/burst`.
        pub kind: String,
        /// When it was to go.
        pub at: Instant,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was tried first, since it was last put on its way.
        pub first_attempted_at: Option<Instant>,
        /// When it was tried last.
        pub attempted_at: Option<Instant>,
        /// Why the last attempt failed.
        pub failure: Option<String>,
        /// When it was given up.
        pub failed_at: Option<Instant>,
        /// When it was taken.
        pub sent_at: Option<Instant>,
        /// Its number there.
        pub foreign_id: Option<String>,
        /// How it stands there: `open` or `closed` as that platform says, or [`OPENED_AGAIN`] after it was told to open
        /// what it had closed.
        pub foreign_status: Option<String>,
        /// How often it was asked how it stands there.
        pub asked: i64,
        /// Since when it no longer lies there.
        pub left_at: Option<Instant>,
        /// What that platform gave until it has a number.
        pub token: Option<String>,
        /// Its more exact state there, in a code of that platform: `in_progress`.
        pub foreign_detail: Option<String>,
        /// When it was first asked in vain how it stands there, since it last answered.
        pub unheard_since: Option<Instant>,
        /// How often it was asked in vain since then.
        pub unheard: i64,
        /// When somebody let it go that was given up.
        pub let_go_at: Option<Instant>,
        /// The name of whoever did.
        pub let_go_by: Option<String>,
        /// Why.
        pub let_go_why: Option<String>,
    }
}

/// What another platform gives that took a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Numbered {
    /// Its number there.
    Number(String),
    /// What stands for the number until there is one.
    Token(String),
}

/// How a report stands that the other platform closed, and that it was told to open again.
pub const OPENED_AGAIN: &str = "again";

/// What happened here to a report after it was sent to another platform, as that platform is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// Whoever checked it, or whoever reported it, says that it is not done. It still lies there.
    NotDone,
    /// It was sent back, or somebody else handles it now.
    Taken,
    /// It ended here.
    Ended,
}

impl Turned {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::NotDone, Self::Taken, Self::Ended];

    /// The name as stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotDone => "not_done",
            Self::Taken => "taken",
            Self::Ended => "ended",
        }
    }

    /// Reads the name that [`Turned::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|turned| turned.code() == code)
    }

    /// How the report stands for the other platform from then on.
    #[must_use]
    pub const fn status(self) -> &'static str {
        match self {
            Self::NotDone => "open",
            Self::Taken | Self::Ended => "closed",
        }
    }
}

/// What stands in [`Note::says`] where the other platform says something: that it is done.
pub const HEARD: &str = "heard";

record! {
    /// A message about a report that had been sent to another platform: what it is told, or what it says of a report
    /// that it no longer has.
    pub struct Note {
        /// The district that keeps the case.
        pub district: PlaceId,
        /// The identity of the message: the same at every attempt.
        pub id: Uuid,
        /// The message with which the report went there.
        pub forward: Uuid,
        /// The case.
        pub case_id: Uuid,
        /// The number of the case.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// The code of the other platform.
        pub peer: String,
        /// What is said: a code of [`Turned`], or [`HEARD`].
        pub says: String,
        /// When it was to go, or when it came.
        pub at: Instant,
        /// The record under which its words are sealed.
        pub record: Option<Uuid>,
        /// Its words, sealed; none where there are none, or they were erased.
        pub words: Option<Vec<u8>>,
        /// How often it was tried.
        pub attempts: i64,
        /// When it was tried first, since it was last put on its way.
        pub first_attempted_at: Option<Instant>,
        /// When it was tried last.
        pub attempted_at: Option<Instant>,
        /// Why the last attempt failed.
        pub failure: Option<String>,
        /// When it was given up.
        pub failed_at: Option<Instant>,
        /// When it was taken.
        pub sent_at: Option<Instant>,
        /// When somebody let it go that was given up.
        pub let_go_at: Option<Instant>,
        /// The name of whoever did.
        pub let_go_by: Option<String>,
        /// Why.
        pub let_go_why: Option<String>,
    }
}

/// After which message a list of them goes on: those given up stand first, then the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    /// Whether it was given up.
    pub given_up: bool,
    /// When it was to go.
    pub at: Instant,
    /// Its identity.
    pub id: Uuid,
}

impl After {
    /// Reads what [`After`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '~');
        let given_up = parts.next()? == "1";
        let at = Instant::from_micros(parts.next()?.parse().ok()?);
        Some(Self { given_up, at, id: Uuid::parse_str(parts.next()?).ok()? })
    }
}

impl std::fmt::Display for After {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}~{}~{}", i32::from(self.given_up), self.at.micros(), self.id)
    }
}

/// Who lets a message go that was given up, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LettingGo {
    /// The name of whoever does.
    pub by: String,
    /// Why.
    pub why: String,
    /// When.
    pub at: Instant,
}

/// The most characters of the reason for which a message is let go.
pub const REASON_MOST: usize = 200;

impl Note {
    /// A message about a report, before anything came of it.
    #[must_use]
    pub fn new(forward: &Forward, id: Uuid, says: &str, at: Instant) -> Self {
        Self {
            district: forward.district,
            id,
            forward: forward.id,
            case_id: forward.case_id,
            number: forward.number.clone(),
            path: forward.path.clone(),
            peer: forward.peer.clone(),
            says: says.to_owned(),
            at,
            record: None,
            words: None,
            attempts: 0,
            first_attempted_at: None,
            attempted_at: None,
            failure: None,
            failed_at: None,
            sent_at: None,
            let_go_at: None,
            let_go_by: None,
            let_go_why: None,
        }
    }
}
