//! What only a counter's case has: the item that was applied for, the counter, the papers, the rating. It lies in the
//! same stream of events.

use super::{Case, CaseClock};
use crate::calendar::{Calendar, Deadline};
use crate::place::{Level, PlacePath};
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The kind of the counter's cases.
pub const SERVICE: &str = "service";
/// The clock of the counter's promise (承诺时限).
pub const PROMISED: &str = "promised";
/// The clock of the law (法定时限).
pub const LEGAL: &str = "legal";

/// The form in which a paper was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperForm {
    /// The original (原件).
    #[default]
    Original,
    /// A copy (复印件).
    Copy,
    /// An electronic one (电子件).
    Electronic,
}

/// What became of one paper (材料) of an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The form it was given in.
    pub form: PaperForm,
    /// Not asked for, because a data check showed it (免提交).
    pub waived: bool,
    /// Accepted without it; to be brought later (容缺后补).
    pub later: bool,
}

/// How an application came out: the outcomes that the counter's procedures share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Granted (准予).
    Granted,
    /// Refused (不予).
    Refused,
    /// Given up by the applicant (撤回).
    Withdrawn,
    /// Not taken in (不予受理).
    NotAccepted,
}

impl Outcome {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Granted, Self::Refused, Self::Withdrawn, Self::NotAccepted];

    /// The name as stored: `granted`, `refused`, `withdrawn`, `not_accepted`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::NotAccepted => "not_accepted",
        }
    }

    /// Reads the name that [`Outcome::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// What is applied for, as the counter opens a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Code of the item.
    pub item: String,
    /// Version of the item's entry in the catalogue.
    pub item_version: i64,
    /// The papers by material code.
    #[serde(default)]
    pub papers: BTreeMap<String, Paper>,
    /// Whether it came online rather than over a counter. The kernel says so; what a caller puts here is not asked.
    #[serde(default)]
    pub online: bool,
}

/// A rating and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// When it was given.
    pub at: Instant,
    /// What was good or poor, by code.
    pub aspects: BTreeSet<String>,
    /// When somebody answered it, after calling back and putting right.
    pub followed_up_at: Option<Instant>,
    /// What was done, as the applicant reads it.
    pub follow_up: Option<String>,
    /// The score after the follow-up.
    pub again: Option<u8>,
    /// The office says that it was a mistake.
    pub appeal: Option<Appeal>,
}

/// An appeal against a rating given by mistake (误评申诉).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Whether the higher level agreed; none before it decided.
    pub upheld: Option<bool>,
}

/// The counter's part of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Code of the item.
    pub item: String,
    /// Version of the item's entry in the catalogue.
    pub item_version: i64,
    /// The counter that accepted it; none before an online application is accepted at one.
    pub counter: Option<PlacePath>,
    /// The papers by material code.
    pub papers: BTreeMap<String, Paper>,
    /// The papers asked for and not yet brought.
    pub missing: BTreeSet<String>,
    /// Whether it came online.
    pub online: bool,
    /// The applicant's rating, 1 to 5, as it was given.
    pub rating: Option<u8>,
    /// What became of the rating.
    pub rated: Option<Rated>,
    /// How its papers are read: see [`READING`](super::READING).
    #[serde(default, skip_serializing_if = "super::event::is_first")]
    pub reading: u8,
}

static NO_PAPERS: BTreeMap<String, Paper> = BTreeMap::new();
static NONE_MISSING: BTreeSet<String> = BTreeSet::new();

impl Case {
    /// Code of the item; empty where nothing of the catalogue was applied for.
    pub fn item(&self) -> &str {
        self.service.as_ref().map_or("", |service| service.item.as_str())
    }

    /// Version of the item's entry in the catalogue.
    pub fn item_version(&self) -> i64 {
        self.service.as_ref().map_or(0, |service| service.item_version)
    }

    /// Where the applicant lives: the place that the case is about.
    pub const fn residence(&self) -> &PlacePath {
        &self.place
    }

    /// Whether it was applied for without saying in which community the applicant lives.
    pub fn is_unsettled(&self) -> bool {
        self.service.is_some() && self.place.depth() < Level::Community.depth()
    }

    /// The counter that accepted it, if one did.
    pub fn counter(&self) -> Option<&PlacePath> {
        self.service.as_ref()?.counter.as_ref()
    }

    /// The papers by material code.
    pub fn papers(&self) -> &BTreeMap<String, Paper> {
        self.service.as_ref().map_or(&NO_PAPERS, |service| &service.papers)
    }

    /// The papers asked for and not yet brought.
    pub fn missing(&self) -> &BTreeSet<String> {
        self.service.as_ref().map_or(&NONE_MISSING, |service| &service.missing)
    }

    /// Whether it came online rather than over a counter.
    pub fn online(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.online)
    }

    /// The applicant's rating, 1 to 5, as it was given.
    pub fn rating(&self) -> Option<u8> {
        self.service.as_ref()?.rating
    }

    /// What became of the rating.
    pub fn rated(&self) -> Option<&Rated> {
        self.service.as_ref()?.rated.as_ref()
    }

    /// The outcome, where it is one of the counter's.
    pub fn decided(&self) -> Option<Outcome> {
        self.outcome.as_deref().and_then(Outcome::parse)
    }

    /// The clock of the promise.
    pub fn promised(&self) -> Option<&CaseClock> {
        self.clock(PROMISED)
    }

    /// The clock of the law.
    pub fn legal(&self) -> Option<&CaseClock> {
        self.clock(LEGAL)
    }

    /// The promised date as last counted.
    pub fn promised_due(&self) -> Option<Date> {
        self.promised()?.due
    }

    /// The legal date as last counted.
    pub fn legal_due(&self) -> Option<Date> {
        self.legal()?.due
    }

    /// When a clock is due as seen now; none where there is no such clock or it has not started.
    pub fn deadline(&self, clock: &str, calendar: &Calendar, now: Instant) -> Option<Deadline> {
        self.clock(clock)?.deadline(calendar, now)
    }
}
