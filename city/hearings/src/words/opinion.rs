//! What residents say at a hearing point beside disputes (意见、小事): how they want to be answered, and what became of
//! it.

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::record;
use uuid::Uuid;

/// The most characters of what somebody says, and of an answer.
pub const SAID_MOST: usize = 500;

/// How somebody wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// On the page of the point, where everybody reads it.
    Public,
    /// To her alone, with her code.
    Private,
    /// Not at all.
    Nothing,
}

impl Wanted {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Public, Self::Private, Self::Nothing];

    /// The code that forms and tables use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Nothing => "nothing",
        }
    }

    /// The way of a code.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|wanted| wanted.code() == code)
    }

    /// The key of its words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Public => "hearings-wanted-public",
            Self::Private => "hearings-wanted-private",
            Self::Nothing => "hearings-wanted-nothing",
        }
    }
}

record! {
    /// Something that is to be answered by a day, for reminders.
    pub struct DueOpinion {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// The last day.
        pub answer_by: Date,
    }
}

/// Nobody has answered it yet.
pub const NEW: &str = "new";
/// It was answered.
pub const ANSWERED: &str = "answered";
/// It became a case.
pub const TURNED: &str = "case";

/// What somebody says.
#[derive(Clone, Debug)]
pub struct Saying {
    /// The community.
    pub community: PlacePath,
    /// Her words.
    pub text: String,
    /// How she wants to be answered.
    pub wanted: Wanted,
}

/// What staff make public with an answer or a case: the question in words that name nobody. None keeps it between them
/// and whoever said it.
pub type Released = Option<String>;

record! {
    /// Something that somebody said.
    pub struct Opinion {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity, and that of the sealed record under which its words lie.
        pub id: Uuid,
        /// The number that she keeps.
        pub number: String,
        /// The community.
        pub path: PlacePath,
        /// A code of [`Wanted`].
        pub wanted: String,
        /// [`NEW`], [`ANSWERED`] or [`TURNED`].
        pub stage: String,
        /// Her words, sealed; empty once they were erased.
        pub said: Vec<u8>,
        /// The answer to her alone, sealed; empty where there is none.
        pub answer: Vec<u8>,
        /// The question as everybody reads it; empty where nothing was released.
        pub question: String,
        /// The answer as everybody reads it.
        pub told: String,
        /// Whether everybody reads it.
        pub shown: bool,
        /// The number of the case that it became; empty for none.
        pub turned: String,
        /// By when it is to be answered.
        pub answer_by: Date,
        /// When it was said.
        pub said_at: Instant,
        /// Who answered it.
        pub answered_name: String,
        /// When.
        pub answered_at: Option<Instant>,
    }
}

record! {
    /// How much was said in one stage.
    pub struct StageTally {
        /// See [`Opinion::stage`].
        pub stage: String,
        /// How much.
        pub opinions: i64,
    }
}
