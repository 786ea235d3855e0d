//! An appointment as a file for the calendar of a telephone. It says what, when and where, and nothing of the person.

use axum::response::Response;
use hall::Fault;
use kernel::icalendar::{Entry, Standing, When, written};
use places::Nearest;
use web::{Page, download};

use crate::Visits;
use crate::records::visit::Visit;
use crate::words::{Kind, State};

/// Who wrote the file, as calendars show it nowhere.
const PRODUCT: &str = "-//Lianglin//Appointments//ZH";

impl Visits {
    /// Returns a visit as a file for a calendar. `own` says that it is her own; `counter` is the one of its community.
    pub(super) fn in_calendar(
        &self,
        page: &Page,
        visit: &Visit,
        own: bool,
        counter: Option<&Nearest>,
    ) -> Result<Response, Fault> {
        let text = written(PRODUCT, &[self.entry(page, visit, own, counter)?], page.now);
        Ok(download::calendar(&visit.number, text))
    }

    /// What a calendar is told. Others look into a calendar as well: of a confidential matter it says only that there
    /// is an appointment, and of a visit at home not where that is.
    fn entry(&self, page: &Page, visit: &Visit, own: bool, counter: Option<&Nearest>) -> Result<Entry, Fault> {
        let tells = !self.is_confidential(&visit.item) && self.tells_item(&page.visitor.actor, visit, own);
        let item = if tells && !visit.item.is_empty() { self.item_name(page, &visit.item) } else { String::new() };
        let kind = page.t(&format!("visits-calendar-{}", visit.kind.code()));
        let papers = if tells { self.papers_to_bring(page, &visit.item) } else { String::new() };
        let bring = if papers.is_empty() { String::new() } else { page.t1("visits-calendar-bring", "papers", papers) };
        let bring = [reached(page, visit, counter), bring].into_iter().filter(|line| !line.is_empty());
        let bring = bring.collect::<Vec<_>>().join("\n");
        let address = format!("{}/appointments", self.counter.public_url);
        let change = page.t1("visits-calendar-change", "address", &address);
        Ok(Entry {
            uid: format!("{}@lianglin", visit.id),
            edition: visit.edition(),
            when: self.when(visit)?,
            title: if item.is_empty() { kind } else { page.t2("visits-calendar-title", "kind", kind, "item", item) },
            place: self.counter_of(page, visit, counter),
            text: [bring, change].into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
            address,
            standing: match visit.state {
                State::Asked => Standing::Tentative,
                State::Cancelled => Standing::Cancelled,
                State::Booked | State::Arrived | State::Done | State::Failed => Standing::Confirmed,
            },
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

    /// The counter with everything above it and its address, as a map finds it. It is empty for a visit at home.
    fn counter_of(&self, page: &Page, visit: &Visit, counter: Option<&Nearest>) -> String {
        if visit.kind != Kind::Counter {
            return String::new();
        }
        let chain = self.cases().hall.places.tree().chain(&visit.path, page.lang);
        match counter.map(|counter| counter.address.as_str()).filter(|address| !address.is_empty()) {
            Some(address) => format!("{chain} {address}"),
            None => chain,
        }
    }

    /// The papers that everybody brings for an item, as a list in a sentence.
    pub(super) fn papers_to_bring(&self, page: &Page, item: &str) -> String {
        let catalogue = self.counter.catalogue();
        let Some(item) = catalogue.get(item) else { return String::new() };
        let needed = catalogue.materials_of(item).filter(|material| material.needed);
        let names: Vec<&str> = needed.map(|material| page.of(&material.name)).collect();
        names.join(page.lang.pick("、", ", "))
    }
}

/// The number of a visit, and the telephone of the counter where one is on file: what one asks with, and whom.
fn reached(page: &Page, visit: &Visit, counter: Option<&Nearest>) -> String {
    let number = page.t1("visits-calendar-number", "number", &visit.number);
    match counter.map(|counter| counter.telephone.as_str()).filter(|telephone| !telephone.is_empty()) {
        Some(telephone) => format!("{number}\n{}", page.t1("visits-calendar-telephone", "telephone", telephone)),
        None => number,
    }
}
