//! These are the pages of visits: booking and coming back, the day of a counter, its queue and screen, the sheet for
//! the way, and the visits behind a figure.

pub mod book;
mod calendar;
pub mod day;
pub mod queue;
pub mod route;
pub mod rows;
pub(crate) mod shown;
pub mod start;
pub mod visit;

use std::collections::BTreeMap;

use hall::Fault;
use kernel::time::{Date, show_minute_of_day};
use store::Tx;
use vault::PersonField;
use web::{Light, Page};

use crate::Visits;
use crate::records::visit::Visit;
use crate::words::{Kind, State};

/// The cookie with the proof that somebody booked a visit here or gave its number together with its code.
const PASS_COOKIE: &str = "visit_pass";
/// How long a pass lasts, in seconds: long enough to read and act, short enough for a shared telephone.
const PASS_SECONDS: i64 = 3_600;

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "visits-field-";

/// A visit as lists and pages show it.
pub struct VisitLine {
    /// Its number.
    pub number: String,
    /// Whether it is at a counter or at home.
    pub kind: Kind,
    /// The item's name, or a text that says that it was left open.
    pub item: String,
    /// The code of the item, which is empty if it was left open or is not told.
    pub item_code: String,
    /// The day in words.
    pub day: String,
    /// The day.
    pub on: Date,
    /// The time of day; empty for a home visit.
    pub time: String,
    /// The community.
    pub place: String,
    /// The masked name.
    pub who: String,
    /// Which state it is in.
    pub light: Light,
}

impl Visits {
    /// Returns the name of an item, or a text that says that it was left open.
    pub(crate) fn item_name(&self, page: &Page, code: &str) -> String {
        match self.counter.catalogue().get(code) {
            Some(item) => item.name.get(page.lang).to_owned(),
            None if code.is_empty() => page.t("visits-item-open"),
            None => code.to_owned(),
        }
    }

    /// Returns the name of a visit's item as this visitor may read it.
    pub(crate) fn item_told(&self, page: &Page, visit: &Visit, own: bool) -> String {
        if self.tells_item(&page.visitor.actor, visit, own) {
            self.item_name(page, &visit.item)
        } else {
            page.t("visits-item-confidential")
        }
    }

    /// Returns a visit in the visitor's language; `own` says that it is her own.
    pub(crate) fn line(&self, page: &Page, visit: &Visit, who: String, own: bool) -> VisitLine {
        let tree = self.cases().hall.places.tree();
        let tells = self.tells_item(&page.visitor.actor, visit, own);
        let place = tree.get(visit.path.id()).map(|place| place.named(page.lang).to_owned());
        VisitLine {
            number: visit.number.clone(),
            kind: visit.kind,
            item: self.item_told(page, visit, own),
            item_code: Some(&visit.item).filter(|_| tells).cloned().unwrap_or_default(),
            day: page.date(visit.day),
            on: visit.day,
            time: if visit.kind == Kind::Counter { show_minute_of_day(visit.slot().minute) } else { String::new() },
            place: place.unwrap_or_default(),
            who,
            light: light(page, visit),
        }
    }

    /// Returns visits for a list. It reads all masked names at once.
    pub(crate) fn lines(&self, tx: &mut dyn Tx, page: &Page, visits: &[Visit]) -> Result<Vec<VisitLine>, Fault> {
        let handles: Vec<_> = visits.iter().map(|visit| (visit.district, visit.person)).collect();
        let masks: BTreeMap<_, _> = self.cases().hall.vault.masked(tx, &handles)?.into_iter().collect();
        let name = |visit: &Visit| masks.get(&visit.person).and_then(|fields| fields.get(&PersonField::Name)).cloned();
        Ok(visits.iter().map(|visit| self.line(page, visit, name(visit).unwrap_or_default(), false)).collect())
    }

    /// Returns the cookie that lets the visitor come back to one visit.
    pub(crate) fn pass_cookie(&self, page: &Page, visit: &Visit) -> String {
        let secure = if self.counter.https { "; Secure" } else { "" };
        let value = self.pass(visit, page.now.plus_seconds(PASS_SECONDS));
        format!("{PASS_COOKIE}={value}; Path=/; Max-Age={PASS_SECONDS}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Shows the state of a visit in words of its kind.
fn light(page: &Page, visit: &Visit) -> Light {
    let class = match visit.state {
        State::Asked => "soon",
        State::Booked => "ok",
        State::Arrived => "stop",
        State::Done => "done",
        State::Failed => "late",
        State::Cancelled => "none",
    };
    Light { class, text: page.t(&format!("visits-state-{}-{}", visit.kind.code(), visit.state.code())) }
}
