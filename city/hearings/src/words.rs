//! Names of this department: what a dispute is about, where people are heard, and the figures that it uses.

pub mod asking;
pub mod figures;
pub mod inside;
pub mod opinion;
pub mod passing;
pub mod people;
pub mod power;
pub mod room;
pub mod talk;
pub mod triage;

use kernel::language::{Bilingual, Lang};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::record;
use uuid::Uuid;

/// The code of its kind of cases, the name of their procedure, and the department of their offices.
pub const MEDIATION: &str = "mediation";
/// The role of whoever asks.
pub const FIRST: &str = "first";
/// The role of the other side.
pub const SECOND: &str = "second";
/// The roles of both.
pub const SIDES: [&str; 2] = [FIRST, SECOND];
/// The answer that names what it is about.
pub const CLASS: &str = "class";
/// The class of disputes about property management.
pub const PROPERTY: &str = "property";
/// The answer that says it more exactly.
pub const DETAIL: &str = "detail";
/// The answer that holds her words.
pub const FACTS: &str = "facts";
/// The steps by which somebody begins to mediate.
pub const MEDIATES: [&str; 2] = ["begin", "substitute"];
/// The step by which another one mediates.
pub const SUBSTITUTE: &str = "substitute";
/// The answer that names the mediator.
pub const MEDIATOR: &str = "mediator";
/// The answer in which the mediator says of ties to the parties.
pub const TIE: &str = "tie";
/// The answer that says how it was checked that the mediator is not the party of the same name.
pub const NAMESAKE: &str = "namesake";
/// The answers that name the authority that transferred a dispute, and its document.
pub const AUTHORITY: &str = "authority_name";
/// See [`AUTHORITY`].
pub const DOCUMENT: &str = "document";
/// The steps by which a case is opened.
pub const OPENS: [&str; 3] = ["apply", "offer", "transfer_in"];
/// The step by which somebody is invited to help, with the consent of both sides.
pub const INVITE: &str = "invite";
/// The step by which a matter goes up a level.
pub const GO_UP: &str = "go_up";
/// The step by which a matter goes back down a level.
pub const HAND_DOWN: &str = "hand_down";
/// The step by which both ask the court together.
pub const TO_COURT: &str = "to_court";
/// The step by which both are asked about the court again.
pub const COURT_AGAIN: &str = "court_again";
/// The step by which it is noted that the court accepted their application.
pub const ACCEPTED: &str = "accepted";
/// The step by which it is noted that the court confirmed the agreement.
pub const CONFIRMED: &str = "confirmed";
/// The step by which it is noted that the court has more time.
pub const PROLONGED: &str = "court_prolongs";
/// The step by which they agree by word of mouth.
pub const ORAL: &str = "oral";
/// The step by which the text lies there to be signed.
pub const DRAFT: &str = "draft";
/// The step by which the mediator signs and the seal is affixed.
pub const SEAL: &str = "seal";
/// The answer that names the day from which an agreement holds.
pub const EFFECT_ON: &str = "effect_on";
/// The step by which an agreement is changed, and the one by which the change is written down before.
pub const VARY: &str = "vary";
/// See [`VARY`].
pub const PROPOSE_CHANGE: &str = "propose_change";
/// The state in which an agreement is in effect and both may ask the court.
pub const IN_EFFECT: &str = "in_effect";
/// The states in which both have agreed.
pub const AGREED_IN: [&str; 9] =
    [IN_EFFECT, "at_court", "confirmed", "kept", "asking", "broken", "performed", CLOSED, UNKEPT];
/// The state in which a mediation ended whose agreement was kept.
pub const CLOSED: &str = "closed";
/// The state in which one ended whose agreement was not kept.
pub const UNKEPT: &str = "unkept";
/// The state in which one ended because somebody did not want to.
pub const REFUSED: &str = "refused";
/// The state in which one ended because no answer came.
pub const UNANSWERED: &str = "unanswered";
/// The clock of the mediation.
pub const TALKS: &str = "talks";
/// The clock within which they may.
pub const COURT: &str = "court";
/// The most characters of what somebody says, and of a name.
pub const FACTS_MOST: usize = 2_000;
/// See [`FACTS_MOST`].
pub const NAME_MOST: usize = 60;

kernel::rules! {
    /// The time to take a matter on.
    HEARINGS_TAKE_ON = "hearings.take_on_days" as Limit;
    /// The time in which both sides say whether they want to be mediated.
    HEARINGS_REPLY = "hearings.reply_days" as Limit;
    /// The time for the mediation.
    HEARINGS_TALKS = "hearings.talks_days" as Limit;
    /// The time in which both may ask the court together.
    HEARINGS_COURT = "hearings.court_days" as Limit;
    /// The days in which the court says whether it accepts the application.
    HEARINGS_COURT_ACCEPTS = "hearings.court_accepts_days" as Days;
    /// The days in which the court decides once it accepted.
    HEARINGS_COURT_DECIDES = "hearings.court_decides_days" as Days;
    /// The days more that the court has with the approval of its president.
    HEARINGS_COURT_MORE = "hearings.court_more_days" as Days;
    /// The days before a clause of an agreement is due, or a court is to decide, on which staff are reminded.
    HEARINGS_REMIND = "hearings.remind_days" as Days;
    /// The days for which the sealed parts of a file are kept after the case ended.
    HEARINGS_FILE_KEPT = "hearings.file_kept_days" as Days;
    /// What a mediator gets for each matter that was settled, where its class names no figure of its own.
    HEARINGS_ALLOWANCE = "hearings.allowance" as Money;
    /// What a mediator gets for each matter that was settled, of the classes that name this figure. A city adds others
    /// to its rulebook and names them in its table of classes.
    HEARINGS_ALLOWANCE_HARD = "hearings.allowance_hard" as Money;
    /// The time in which the parties are visited after an agreement was kept.
    HEARINGS_VISIT = "hearings.visit_days" as Limit;
    /// How many matters one network address may bring in an hour.
    HEARINGS_PER_HOUR = "hearings.brought_per_hour" as Count;
    /// The time in which what somebody says at a hearing point is answered.
    HEARINGS_ANSWER = "hearings.answer_days" as Limit;
    /// How long the words of what somebody says at a hearing point are kept.
    HEARINGS_KEPT = "hearings.opinion_kept_days" as Limit;
    /// How many talks a talk day has.
    HEARINGS_TALKS_A_DAY = "hearings.talks_a_day" as Count;
    /// How many people at most represent the others of their side.
    HEARINGS_REPRESENTATIVES = "hearings.representatives" as Count;
    /// How long name and telephone of whoever booked a talk are kept.
    HEARINGS_TALK_KEPT = "hearings.talk_kept_days" as Limit;
}

/// What a dispute is about: a class of the Ministry of Justice's statistics (纠纷类别).
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
    /// What a dispute of it is called where it stands alone, as on a receipt; empty where its title says it.
    #[serde(default)]
    pub called: Bilingual,
    /// Whether it stands first where a resident chooses.
    #[serde(default)]
    pub first: bool,
    /// The code of the figure of the rulebook that says what a mediator gets for a matter of it; none where it is that
    /// of all classes.
    #[serde(default)]
    pub allowance: Option<String>,
    /// What it is about more exactly. None of them tells who is meant.
    #[serde(default)]
    pub detail: Vec<Detail>,
    /// What a mediator knows well who fits it best: codes of specialities of the rosters.
    #[serde(default)]
    pub knows: Vec<String>,
}

/// What a dispute of a class is about more exactly.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// The classes of disputes, and what the office that mediates is called.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classes {
    /// The office.
    pub office: Office,
    /// The classes in the order of the Ministry's table.
    pub class: Vec<Class>,
    /// The kinds of authorities that transfer disputes (移送), as the files of the Ministry name them.
    pub authority: Vec<Authority>,
}

/// A kind of authority that transfers disputes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub title: Bilingual,
}

/// The office that mediates.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What people call it.
    pub title: Bilingual,
}

impl Classes {
    /// What is wrong with the allowances that classes name. `is_money` says whether the rulebook has money under a code
    /// today.
    #[must_use]
    pub fn faults(&self, is_money: impl Fn(&str) -> bool) -> Vec<String> {
        let named = self.class.iter().filter_map(|class| Some((class, class.allowance.as_deref()?)));
        let faulty = named.filter(|(_, code)| !is_money(code));
        let told = |(class, code): (&Class, &str)| {
            let code_of = &class.code;
            format!("class {code_of:?}: the rulebook has no money under {code:?} that holds everywhere today")
        };
        faulty.map(told).collect()
    }

    /// The class of a code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Class> {
        self.class.iter().find(|class| class.code == code)
    }

    /// What a dispute is called: its class, and what it is about more exactly where that is known. `subject` is the
    /// code of a class, or that and the code of a detail with a dot between.
    #[must_use]
    pub fn called(&self, subject: &str, lang: Lang) -> Option<String> {
        let (class, detail) = subject.split_once(DOT).unwrap_or((subject, ""));
        let class = self.get(class)?;
        let called = class.alone().get(lang);
        Some(match class.detail(detail) {
            Some(detail) => format!("{called}{}{}", lang.pick("：", ": "), detail.title.get(lang)),
            None => called.to_owned(),
        })
    }
}

impl Class {
    /// What a dispute of it is called where it stands alone.
    #[must_use]
    pub fn alone(&self) -> &Bilingual {
        if self.called.zh.is_empty() { &self.title } else { &self.called }
    }

    /// The detail of a code.
    #[must_use]
    pub fn detail(&self, code: &str) -> Option<&Detail> {
        self.detail.iter().find(|detail| detail.code == code)
    }
}

/// What stands between the code of a class and that of a detail.
pub const DOT: char = '.';

/// Where disputes come from, by the Ministry's statistics (来源), and the keys of these words.
pub const SOURCES: [(&str, &str); 3] = [
    ("application", "hearings-source-application"),
    ("own_motion", "hearings-source-own-motion"),
    ("transferred", "hearings-source-transferred"),
];
/// The kinds of committees that mediate, as the Ministry's statistics tell them apart (调委会类型), and the keys of
/// their names.
pub const BODIES: [(&str, &str); 7] = [
    ("village", "hearings-body-village"),
    (RESIDENTS, "hearings-body-residents"),
    ("township", "hearings-body-township"),
    ("street", "hearings-body-street"),
    ("district", "hearings-body-district"),
    ("enterprise", "hearings-body-enterprise"),
    ("professional", "hearings-body-professional"),
];
/// The committees of communities with a residents' committee.
pub const RESIDENTS: &str = "residents";

/// One of the nine things that a hearing point has (九个一).
pub const THINGS: [(&str, &str); 9] = [
    ("mediator", "hearings-thing-mediator"),
    ("sign", "hearings-thing-sign"),
    ("group", "hearings-thing-group"),
    ("record", "hearings-thing-record"),
    ("board", "hearings-thing-board"),
    ("talk_day", "hearings-thing-talk-day"),
    ("box", "hearings-thing-box"),
    ("books", "hearings-thing-books"),
    ("card", "hearings-thing-card"),
];

/// What somebody brings.
#[derive(Clone, Debug)]
pub struct Bringing {
    /// What it is about.
    pub class: Class,
    /// The code of a [`Detail`] of its class; empty where none was chosen.
    pub detail: String,
    /// The community.
    pub community: PlacePath,
    /// What happened and what she wants.
    pub facts: String,
    /// Her name and telephone.
    pub own: Side,
    /// The other side, as far as she knows it.
    pub other: Side,
    /// The other people of her own side, and those of the other one: each takes part for herself.
    pub more: [Vec<Side>; 2],
    /// Where it comes from.
    pub motion: Motion,
    /// Who transferred it; none where nobody did.
    pub transfer: Option<Transfer>,
    /// What decides how soon it is taken up.
    pub told: triage::Told,
}

/// Who transferred a dispute (移送), as whoever takes it in says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The code of an [`Authority`].
    pub authority: String,
    /// What the authority is called.
    pub name: String,
    /// The number of its document.
    pub document: String,
}

/// Where a dispute comes from (纠纷来源).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One side asked (依申请).
    Application,
    /// Whoever mediates offered it (主动调解).
    Own,
    /// A court, the police or another authority transferred it (移送).
    Transferred,
}

impl Motion {
    /// The code that statistics keep.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Own => "own_motion",
            Self::Transferred => "transferred",
        }
    }

    /// The step that opens the case.
    #[must_use]
    pub const fn step(self) -> &'static str {
        match self {
            Self::Application => "apply",
            Self::Own => "offer",
            Self::Transferred => "transfer_in",
        }
    }
}

/// A hearing point as somebody keeps it.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// The point.
    pub point: Point,
    /// What is said of its nine things.
    pub remarks: Vec<talk::Remark>,
    /// Its rooms.
    pub rooms: Vec<room::Room>,
    /// Who hosts there.
    pub hosts: Vec<room::Host>,
}

/// A side of a dispute.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// A name.
    pub name: String,
    /// A telephone; may be empty.
    pub telephone: String,
    /// Where she lives; may be empty. Nobody mediates for those of his own home.
    pub address: String,
}

record! {
    /// A hearing point (评理说事点).
    pub struct Point {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// Where it is in the house.
        pub room: String,
        /// When somebody is there, in words.
        pub hours: String,
        /// Its telephone.
        pub telephone: String,
        /// The day of the week of the talk day, Monday is 1.
        pub weekday: i64,
        /// When the talk day begins, in minutes from midnight.
        pub opens_at: i64,
        /// When it ends.
        pub closes_at: i64,
        /// The codes of what is there of the nine things, with blanks between.
        pub things: String,
        /// Who changed it last.
        pub changed_name: String,
        /// When.
        pub changed_at: Instant,
    }
}

record! {
    /// What a hearing point says that it has.
    pub struct PointThings {
        /// The community.
        pub path: PlacePath,
        /// The codes of what is there of the nine things, with blanks between.
        pub things: String,
    }
}

record! {
    /// A dispute as this department remembers it.
    pub struct Matter {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The community.
        pub path: PlacePath,
        /// The number of its case.
        pub number: String,
        /// A code of [`Class`].
        pub class: String,
        /// Where it comes from: a code of [`SOURCES`].
        pub source: String,
        /// The state of its case.
        pub stage: String,
        /// When it was brought.
        pub brought_at: Instant,
        /// The code of the [`Authority`] that transferred it; empty where none did.
        pub authority: String,
        /// The code of a [`Detail`] of its class; empty where nobody said.
        pub detail: String,
    }
}

record! {
    /// How many disputes of a class, a source, an authority and a body stand in a state.
    pub struct Tally {
        /// A code of [`Class`].
        pub class: String,
        /// Where they come from.
        pub source: String,
        /// The code of the [`Authority`] that transferred them; empty where none did.
        pub authority: String,
        /// The kind of committee that mediates them: a code of [`BODIES`].
        pub body: String,
        /// Their state.
        pub stage: String,
        /// How many.
        pub matters: i64,
    }
}

record! {
    /// How many disputes of a community have not ended.
    pub struct OpenAt {
        /// The community.
        pub path: PlacePath,
        /// How many.
        pub open: i64,
        /// Whose nearest deadline is over.
        pub late: i64,
    }
}

record! {
    /// How many disputes of a community stand in a state.
    pub struct PlaceTally {
        /// The community.
        pub path: PlacePath,
        /// Their state.
        pub stage: String,
        /// How many.
        pub matters: i64,
    }
}
