//! An appointment as a file for the calendar of a telephone. It says what, when and where, and nothing of the person.

use axum::response::Response;
use hall::Fault;
use kernel::icalendar::{Entry, When, written};
use web::{Page, download};

use crate::Visits;
use crate::records::visit::Visit;
use crate::words::{Kind, State};

/// Who wrote the file, as calendars show it nowhere.
const PRODUCT: &str = "-//Lianglin//Appointments//ZH";

impl Visits {
    /// Returns a visit as a file for a calendar. `own` says that it is her own.
    pub(super) fn in_calendar(&self, page: &Page, visit: &Visit, own: bool) -> Result<Response, Fault> {
        let text = written(PRODUCT, &[self.entry(page, visit, own)?], page.now);
        Ok(download::calendar(&visit.number, text))
    }

    /// What a calendar is told. Others look into a calendar as well: of a confidential matter it says only that there
    /// is an appointment, and of a visit at home not where that is.
    fn entry(&self, page: &Page, visit: &Visit, own: bool) -> Result<Entry, Fault> {
        let tells = !self.is_confidential(&visit.item) && self.tells_item(&page.visitor.actor, visit, own);
        let item = if tells && !visit.item.is_empty() { self.item_name(page, &visit.item) } else { String::new() };
        let kind = page.t(&format!("visits-calendar-{}", visit.kind.code()));
        let papers = if tells { self.papers_to_bring(page, &visit.item) } else { String::new() };
        let bring = if papers.is_empty() { String::new() } else { page.t1("visits-calendar-bring", "papers", papers) };
        let address = format!("{}/appointments", self.counter.public_url);
        let change = page.t1("visits-calendar-change", "address", &address);
        Ok(Entry {
            uid: format!("{}@lianglin", visit.id),
            edition: visit.edition(),
            when: self.when(visit)?,
            title: if item.is_empty() { kind } else { page.t2("visits-calendar-title", "kind", kind, "item", item) },
            place: self.counter_of(page, visit),
            text: [bring, change].into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
            address,
            is_cancelled: visit.state == State::Cancelled,
        })
    }

    fn when(&self, visit: &Visit) -> Result<When, Fault> {
        let slot = visit.slot();
        if visit.kind == Kind::Home {
            return Ok(When::Day(slot.day));
        }
        let (zone, plan) = (self.cases().hall.calendar().zone(), self.plan(&visit.path, slot.day)?);
        let to = slot.minute.saturating_add(plan.slot_minutes);
        Ok(When::Span { from: zone.instant(slot.day, slot.minute), to: zone.instant(slot.day, to) })
    }

    /// The counter with everything above it, as a map finds it. It is empty for a visit at home.
    fn counter_of(&self, page: &Page, visit: &Visit) -> String {
        let tree = self.cases().hall.places.tree();
        if visit.kind == Kind::Counter { tree.chain(&visit.path, page.lang) } else { String::new() }
    }

    /// The papers that everybody brings for an item, as a list in a sentence.
    fn papers_to_bring(&self, page: &Page, item: &str) -> String {
        let catalogue = self.counter.catalogue();
        let Some(item) = catalogue.get(item) else { return String::new() };
        let needed = catalogue.materials_of(item).filter(|material| material.needed);
        let names: Vec<&str> = needed.map(|material| page.of(&material.name)).collect();
        names.join(page.lang.pick("、", ", "))
    }
}
