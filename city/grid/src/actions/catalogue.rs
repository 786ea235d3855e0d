//! Puts a city's own sheet of the catalogue in force, as a named person, from a day on.

use hall::{Fault, Sent};
use kernel::line::line_fault;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use crate::Grid;
use crate::catalogue::Released;
use crate::catalogue::sheet::{self, Asked, Sheet};
use crate::records::catalogue::{Release, next, release, releases};
use crate::refusals::Why;

/// Whose catalogue it is, where posts of editors name a department.
const DEPARTMENT: &str = "grid";
/// The most characters of a document's name.
const LONGEST: usize = 300;
/// Under which forms that cancel a sheet are told apart.
const CANCEL: &str = "grid.catalogue_cancel";
/// How many days ahead a sheet may begin: five years. What is later is a slip in the year.
const DAYS_AHEAD: i64 = 5 * 365 + 1;

/// From when a sheet holds, and the document on which it rests.
#[derive(Clone, Debug)]
pub struct Basis {
    /// The first day.
    pub from: Date,
    /// The document in words: its number and title.
    pub document: String,
}

/// A sheet that is to be cancelled.
#[derive(Clone, Debug)]
pub struct Cancelling {
    /// Its number.
    pub number: i64,
    /// The document on which that rests.
    pub document: String,
    /// The form that asks for it.
    pub sent: Sent,
}

impl Grid {
    /// Looks at a sheet as it would stand from a day on. Nothing is kept.
    ///
    /// # Errors
    /// A table that cannot be read, or a failure.
    pub fn read_sheet(&self, bytes: &[u8], system: Option<&str>, basis: &Basis) -> Result<Sheet, Fault> {
        let released = self.released()?;
        let catalogue = self.catalogue.on(&released, basis.from).map_err(|faults| unfit(&faults))?;
        let taken = |key: &str| self.catalogue.codes_of(key);
        let asked = Asked { catalogue: &catalogue, system, document: basis.document.trim(), taken: &taken };
        sheet::read(bytes, &asked)
    }

    /// Puts a sheet that was looked at in force. Where it changes nothing, nothing is kept, so that the same sheet sent
    /// twice is taken once. Returns how many systems of codes changed.
    ///
    /// # Errors
    /// Refuses a sheet with rows that cannot be taken, a day that is past or years ahead, a sheet without a document or
    /// with one whose name cannot be taken, and a person who may not edit the catalogue.
    pub fn put_in_force(&self, sheet: &Sheet, basis: &Basis, actor: &Actor, now: Instant) -> Result<usize, Fault> {
        self.counter.may_edit(actor, DEPARTMENT)?;
        let account = actor.account.ok_or(Fault::NotFound)?;
        may_hold(sheet, basis, self.hall.day(now))?;
        let made = |(system, entries): &(String, String)| Release {
            number: 0,
            system: system.clone(),
            entries: entries.clone(),
            from: basis.from,
            document: basis.document.trim().to_owned(),
            released_by: account,
            released_name: actor.name.clone(),
            released_at: now,
        };
        let new: Vec<Release> = sheet.files.iter().map(made).collect();
        self.fits(&new, basis.from)?;
        let city = self.hall.places.tree().root().map(|city| city.path.clone()).ok_or(Fault::NotFound)?;
        let changed = new.len();
        self.hall.store.write_blocking(move |tx| new.iter().try_for_each(|one| keep(tx, one, &city)))?;
        self.renew(now)?;
        Ok(changed)
    }

    /// The sheets that can be cancelled, by number, each with the day from which what was there before holds again.
    ///
    /// # Errors
    /// The store failed.
    pub fn cancelable(&self, now: Instant) -> Result<Vec<(i64, Date)>, Fault> {
        let (released, today) = (self.released()?, self.hall.day(now));
        let day = |one: &Released| (one.number, one.from.max(today));
        let can = |(number, day): &(i64, Date)| self.catalogue.without(&released, *number, *day).is_some();
        Ok(released.iter().map(day).filter(can).collect())
    }

    /// Cancels a sheet: from its day on, or from today where it holds already, its system of codes is again what it was
    /// before. That is kept as a sheet of its own, because reports keep the condition under which they were opened.
    /// The same form sent again was done before: it is not refused because the sheet is cancelled by now.
    ///
    /// # Errors
    /// Refuses a sheet after which another came, a document whose name cannot be taken, and a person who may not edit
    /// the catalogue.
    pub fn cancel_sheet(&self, asked: &Cancelling, actor: &Actor, now: Instant) -> Result<(), Fault> {
        self.counter.may_edit(actor, DEPARTMENT)?;
        let (done, sent) = (self.cancel(asked, actor, now), asked.sent.clone());
        let is_refused = matches!(done, Err(Fault::Refused(_)));
        if is_refused && self.hall.store.read_blocking(move |tx| sent.was_done(tx, CANCEL))? {
            return Ok(());
        }
        done
    }

    fn cancel(&self, asked: &Cancelling, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let Cancelling { number, document, sent } = asked.clone();
        let account = actor.account.ok_or(Fault::NotFound)?;
        named(&document)?;
        let (released, today) = (self.released()?, self.hall.day(now));
        let sheet = released.iter().find(|one| one.number == number).ok_or(Fault::NotFound)?;
        let from = sheet.from.max(today);
        let before = self.catalogue.without(&released, number, from);
        let new = Release {
            number: 0,
            system: sheet.system.clone(),
            entries: before.ok_or_else(|| Refusal::new(Why::GridSheetBack))?,
            from,
            document: document.trim().to_owned(),
            released_by: account,
            released_name: actor.name.clone(),
            released_at: now,
        };
        self.fits(std::slice::from_ref(&new), from)?;
        let city = self.hall.places.tree().root().map(|city| city.path.clone()).ok_or(Fault::NotFound)?;
        let write = move |tx: &mut dyn Tx| if sent.is_first(tx, CANCEL, now)? { keep(tx, &new, &city) } else { Ok(()) };
        self.hall.store.write_blocking(write)?;
        self.renew(now)
    }

    /// Puts in force what was released up to today.
    ///
    /// # Errors
    /// A sheet no longer fits the city's files, or the store failed.
    pub fn renew(&self, now: Instant) -> Result<(), Fault> {
        self.catalogue.renew(&self.released()?, self.hall.day(now)).map_err(|faults| unfit(&faults))
    }

    fn released(&self) -> Result<Vec<Released>, Fault> {
        let kept = self.hall.store.read_blocking(releases)?;
        Ok(kept.iter().map(as_edition).collect())
    }

    /// The catalogue can be read with new sheets, also those that wait for their day.
    fn fits(&self, new: &[Release], from: Date) -> Result<(), Fault> {
        let mut all = self.released()?;
        let first = all.iter().map(|one| one.number).max().unwrap_or_default() + 1;
        all.extend((first..).zip(new).map(|(number, one)| Released { number, ..as_edition(one) }));
        self.catalogue.on(&all, from).map(drop).map_err(|faults| unfit(&faults))
    }
}

/// Whether a sheet may be put in force.
fn may_hold(sheet: &Sheet, basis: &Basis, today: Date) -> Result<(), Refusal> {
    if sheet.faulty() > 0 {
        return Err(Refusal::new(Why::GridSheetFaulty).with("n", sheet.faulty()));
    }
    if basis.from < today {
        return Err(Refusal::new(Why::GridSheetPast).field("from").with("date", basis.from));
    }
    if let Some(last) = date_plus_days(today, DAYS_AHEAD).filter(|last| basis.from > *last) {
        return Err(Refusal::new(Why::GridSheetFar).field("from").with("date", basis.from).with("last", last));
    }
    named(&basis.document)
}

/// Whether a document is named.
fn named(document: &str) -> Result<(), Refusal> {
    let document = document.trim();
    if document.is_empty() {
        return Err(Refusal::new(Why::GridSheetDocument).field("document"));
    }
    if document.chars().count() > LONGEST {
        return Err(Refusal::new(Code::FormTooLong).field("document").with("limit", LONGEST));
    }
    line_fault(document).map_or(Ok(()), |code| Err(Refusal::new(code).field("document")))
}

fn as_edition(release: &Release) -> Released {
    let Release { number, system, entries, from, .. } = release;
    Released { number: *number, system: system.clone(), text: entries.clone(), from: *from }
}

fn unfit(faults: &[kernel::fault::Fault]) -> Fault {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Fault::Broken(format!("the catalogue of the grid does not fit its files:\n{}", lines.join("\n")))
}

/// Keeps a sheet and says so in the city's log. What the last sheet of its system says of that day already is kept
/// once, also where it was sent twice at the same moment.
fn keep(tx: &mut dyn Tx, new: &Release, city: &PlacePath) -> Result<(), Fault> {
    let on_its_day = |one: &&Release| one.system == new.system && one.from == new.from;
    if releases(tx)?.iter().rfind(on_its_day).is_some_and(|last| last.entries == new.entries) {
        return Ok(());
    }
    let new = Release { number: next(tx)?, ..new.clone() };
    release(tx, &new)?;
    let stream = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("grid.catalogue/{}", new.system).as_bytes());
    let (last, _) = store::log::last(tx, city.id(), stream)?;
    let payload = json!({
        "system": &new.system, "edition": new.number, "from": new.from.to_string(), "document": &new.document,
        "account": new.released_by, "name": &new.released_name, "entries": &new.entries,
    });
    let event = [("grid.catalogue_released", payload.to_string())];
    store::log::append(tx, city.id(), stream, last, &event, new.released_at)?;
    Ok(())
}
