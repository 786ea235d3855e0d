//! Names of this department: bodies, their posts and who holds them, elections, questions, meetings, mediators, and the
//! figures that it uses.

pub mod corrections;
pub mod kinds;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{record, worded};
use uuid::Uuid;

/// The most characters of a name, a title and other short lines.
pub const LINE_MOST: usize = 60;
/// The most characters of what is said in a few lines.
pub const LINES_MOST: usize = 300;

kernel::rules! {
    /// Days before the end of a term from which the election is called for.
    BODIES_WARN = "bodies.warn_days" as Days;
    /// Days for which a published name is kept after its holder left.
    BODIES_NAME_KEPT = "bodies.name_kept_days" as Days;
    /// The term of a community's Party organisation.
    BODIES_PARTY_TERM = "bodies.party_term_years" as Months;
    /// Fewest members of a residents' committee.
    BODIES_RESIDENTS_LEAST = "bodies.residents_least" as People;
    /// Most members of a residents' committee.
    BODIES_RESIDENTS_MOST = "bodies.residents_most" as People;
    /// The term of residents' and supervision committees.
    BODIES_RESIDENTS_TERM = "bodies.residents_term_years" as Months;
    /// Fewest members of a supervision committee.
    BODIES_SUPERVISION_LEAST = "bodies.supervision_least" as People;
    /// Most members of a supervision committee.
    BODIES_SUPERVISION_MOST = "bodies.supervision_most" as People;
    /// Fewest members of an owners' committee.
    BODIES_OWNERS_LEAST = "bodies.owners_least" as People;
    /// Most members of an owners' committee.
    BODIES_OWNERS_MOST = "bodies.owners_most" as People;
    /// The term of an owners' committee.
    BODIES_OWNERS_TERM = "bodies.owners_term_years" as Months;
    /// Days in which an owners' committee is registered.
    BODIES_OWNERS_FILE = "bodies.owners_file_days" as Days;
    /// Fewest members of a mediation committee.
    BODIES_MEDIATION_LEAST = "bodies.mediation_least" as People;
    /// Most members of a mediation committee.
    BODIES_MEDIATION_MOST = "bodies.mediation_most" as People;
    /// Fewest women in a mediation committee.
    BODIES_MEDIATION_WOMEN = "bodies.mediation_women" as People;
    /// The term of a mediation committee.
    BODIES_MEDIATION_TERM = "bodies.mediation_term_years" as Months;
}

/// What a kind of body asks of its elections at a place on a day. Nothing is asked where there is no figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Fewest members.
    pub least: Option<u32>,
    /// Most members.
    pub most: Option<u32>,
    /// Fewest women among them.
    pub women: Option<u32>,
    /// Whether the number of members is odd.
    pub odd: bool,
    /// The term, in months.
    pub term_months: Option<i64>,
    /// Days in which its papers are filed after an election.
    pub file_days: Option<i64>,
}

/// What somebody says of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// What it is called.
    pub name: String,
    /// What it is for, where that differs from its kind.
    pub purpose: String,
    /// Its telephone.
    pub telephone: String,
    /// Where it is.
    pub address: String,
    /// When somebody is there, in words.
    pub hours: String,
}

/// An election as somebody enters it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The day.
    pub on: Date,
    /// How many were elected.
    pub members: u32,
    /// How many of them are women.
    pub women: u32,
    /// The term in years, where the body's own rules set less than the figure.
    pub own_years: Option<u32>,
    /// Whether places were filled that had fallen vacant (补选): the numbers are those of the whole body after it, and
    /// the term goes on.
    pub is_by_election: bool,
}

worded! {
    /// What a mediator says of ties to the parties.
    Tie {
        /// There is none.
        None = "none",
        /// A relative of a party.
        Relative = "relative",
        /// An interest in the matter.
        Interest = "interest",
        /// Another tie that may bear on fairness.
        Other = "other",
    }
}

record! {
    /// A body (组织): an organisation of Popolo.
    pub struct Body {
        /// The district that keeps it, also after its place was moved to another one.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The place whose body it is.
        pub path: PlacePath,
        /// The code of its [`kinds::Kind`].
        pub kind: String,
        /// What it is called.
        pub name: String,
        /// What it is for, where that differs from its kind.
        pub purpose: String,
        /// Its telephone.
        pub telephone: String,
        /// Where it is.
        pub address: String,
        /// When somebody is there, in words.
        pub hours: String,
        /// The day of the election with which its term began.
        pub elected_on: Option<Date>,
        /// The day on which the term ends.
        pub term_ends: Option<Date>,
        /// The last day to file the papers of the latest election; none where they are filed or nobody asks for them.
        pub file_by: Option<Date>,
        /// The day on which it ended.
        pub ended_on: Option<Date>,
        /// Who changed it last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
        /// The compound whose owners it stands for; empty where that is not known.
        pub compound: String,
    }
}

record! {
    /// A post of a body (职务), which is there whoever holds it.
    pub struct Post {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The body.
        pub body: Uuid,
        /// What it is called, in Chinese.
        pub title_zh: String,
        /// The same in English; empty where nobody wrote it.
        pub title_en: String,
        /// Small comes first.
        pub rank: i64,
        /// The day from which it is no more.
        pub ended_on: Option<Date>,
    }
}

record! {
    /// Who holds a post from a day on (任职): a membership of Popolo.
    pub struct Holding {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity, which is also that of the sealed record under which the name lies.
        pub id: Uuid,
        /// The body.
        pub body: Uuid,
        /// The post.
        pub post: Uuid,
        /// The published name, sealed; none where it was deleted.
        pub name: Option<Vec<u8>>,
        /// The first day.
        pub from_on: Date,
        /// The first day on which it is over.
        pub until_on: Option<Date>,
        /// Who entered it.
        pub noted_name: String,
        /// When.
        pub noted_at: Instant,
        /// That day is the one of an election of the body and follows it; nobody entered another.
        pub until_elected: bool,
    }
}

record! {
    /// An election of a body (换届选举). It holds numbers, never who.
    pub struct Election {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The body.
        pub body: Uuid,
        /// The day.
        pub held_on: Date,
        /// How many were elected.
        pub members: i64,
        /// How many of them are women.
        pub women: i64,
        /// The day on which the term ends.
        pub term_ends: Option<Date>,
        /// The last day to file its papers; none where nobody asks for them.
        pub file_by: Option<Date>,
        /// The day on which they were filed.
        pub filed_on: Option<Date>,
        /// Who entered it.
        pub noted_name: String,
        /// When.
        pub noted_at: Instant,
        /// The address of the vote that was the election; empty where there is none.
        pub link: String,
    }
}

impl Election {
    /// The identity of the election of a body on a day: there is one at most.
    #[must_use]
    pub fn id_on(body: Uuid, on: Date) -> Uuid {
        Uuid::new_v5(&body, format!("election/{on}").as_bytes())
    }

    /// Whether it only filled places (补选), beside all elections of its body: the term of an earlier one went on.
    #[must_use]
    pub fn is_by_election(&self, all: &[Self]) -> bool {
        let goes_on = |one: &Self| one.held_on < self.held_on && one.term_ends == self.term_ends;
        self.term_ends.is_some() && all.iter().any(goes_on)
    }
}

record! {
    /// A question of a place (议题): open, or agreed on a day.
    pub struct Question {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The place.
        pub path: PlacePath,
        /// What it is about.
        pub title: String,
        /// The day on which it was raised.
        pub raised_on: Date,
        /// The day on which something was agreed.
        pub agreed_on: Option<Date>,
        /// What was agreed.
        pub outcome: String,
        /// The address of a page with more; may be empty.
        pub link: String,
        /// Who entered it.
        pub noted_name: String,
        /// When it was changed last.
        pub noted_at: Instant,
    }
}

record! {
    /// A meeting of the bodies of a place (会议).
    pub struct Meeting {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The place.
        pub path: PlacePath,
        /// What it is.
        pub title: String,
        /// Where.
        pub room: String,
        /// When it begins.
        pub starts_at: Instant,
        /// When it ends.
        pub ends_at: Instant,
        /// Whether it does not take place.
        pub cancelled: bool,
        /// Who entered it.
        pub noted_name: String,
        /// When it was changed last.
        pub noted_at: Instant,
    }
}

record! {
    /// Somebody who mediates for a committee or centre (调解员).
    pub struct Mediator {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity, which is also that of the sealed record under which name and address lie.
        pub id: Uuid,
        /// The place of the committee or centre.
        pub path: PlacePath,
        /// The account with which the mediator signs in.
        pub account: Option<Uuid>,
        /// The published name, sealed; none where it was deleted.
        pub name: Option<Vec<u8>>,
        /// Where the mediator lives, sealed, to find out ties alone; none where it is not known.
        pub address: Option<Vec<u8>>,
        /// The unit where a mediator works who was entered before it was sealed; else empty.
        pub employer: String,
        /// The unit where the mediator works, sealed, to find out ties alone; none where it is not known.
        pub workplace: Option<Vec<u8>>,
        /// The codes of what the mediator knows well, with blanks between.
        pub specialities: String,
        /// Whether the mediator was engaged; else a member of the committee.
        pub engaged: bool,
        /// The first day.
        pub from_on: Date,
        /// The first day on which it is over.
        pub until_on: Option<Date>,
        /// Who entered it.
        pub noted_name: String,
        /// When.
        pub noted_at: Instant,
    }
}

record! {
    /// A dispute that is being mediated, as the rosters know it.
    pub struct Matter {
        /// The district that keeps its case.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The place of the office that has it now.
        pub office: PlacePath,
        /// Its mediator on the roster, where that is known.
        pub mediator: Option<Uuid>,
        /// Whether it is not over.
        pub open: bool,
        /// The account that mediates it, where that is known.
        pub account: Option<Uuid>,
    }
}

impl Matter {
    /// At which office somebody mediates it.
    #[must_use]
    pub fn mediated(&self) -> Mediated {
        Mediated { office: self.office.clone(), mediator: self.mediator, account: self.account }
    }
}

record! {
    /// Somebody who mediates disputes at an office, or that nobody does.
    pub struct Mediated {
        /// The place of the office.
        pub office: PlacePath,
        /// The mediator on its roster, where that is known.
        pub mediator: Option<Uuid>,
        /// The account that mediates, where that is known.
        pub account: Option<Uuid>,
    }
}

record! {
    /// How many open disputes an office or a mediator has.
    pub struct Load {
        /// The office, as its place.
        pub office: PlacePath,
        /// How many.
        pub matters: i64,
    }
}

record! {
    /// How many mediators the roster of a place has.
    pub struct Rostered {
        /// The place of the committee or centre.
        pub path: PlacePath,
        /// How many.
        pub mediators: i64,
    }
}

record! {
    /// How many open disputes a mediator has.
    pub struct MediatorLoad {
        /// The mediator.
        pub mediator: Uuid,
        /// How many.
        pub matters: i64,
    }
}
