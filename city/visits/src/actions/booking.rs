//! This file books a visit and does what can be done with it afterwards. The seats of a day are given one after the
//! other, so that nobody is promised a seat that somebody else has.

use crate::refusals::Why;
use std::sync::Arc;

use hall::Fault;
use hall::figures::Subject;
use kernel::figure::Cell;
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::{NewRecord, PersonField};

use crate::Visits;
use crate::records::queue;
use crate::records::visit::{self as records, Change, Visit};
use crate::rules::{self, Hours};
use crate::words::{
    AGREED, Booking, CounterDay, Deed, HOME_DONE, Kind, Number, Seats, Slot, State, VISITS_OPEN_PER_TELEPHONE,
};

/// Names what the note of a visit is sealed under.
const NOTE: &str = "visits.note";

/// A deed that somebody may do with a visit.
pub struct Act {
    /// The visit.
    pub visit: Visit,
    /// What is done.
    pub deed: Deed,
    /// Which seats it may take.
    pub seats: Seats,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

/// A seat that is asked for.
struct Wanted {
    kind: Kind,
    slot: Slot,
    seats: Seats,
}

impl Visits {
    /// Books a visit: a seat, a number, and the person, who stays sealed until some days after. If it is sent twice, it
    /// returns the first visit.
    ///
    /// # Errors
    /// Refuses if the slot is full or closed, if the telephone number is expected there already, or if it has as many
    /// visits ahead as can be booked online.
    pub async fn book(self: &Arc<Self>, booking: Booking, now: Instant) -> Result<Visit, Fault> {
        let (visits, id, person) = (self.clone(), Uuid::now_v7(), Uuid::now_v7());
        self.store().write(move |tx| visits.book_in(tx, &booking, id, person, now)).await
    }

    fn book_in(
        &self,
        tx: &mut dyn Tx,
        booking: &Booking,
        id: Uuid,
        person: Uuid,
        now: Instant,
    ) -> Result<Visit, Fault> {
        let Booking { kind, community, slot, item, .. } = booking;
        let digest = format!("{} {community} {} {item}", kind.code(), slot.show());
        match store::once::begin(tx, "visits.book", &booking.once, &digest, now)? {
            Once::Again(number) => return self.booked_before(tx, booking, &number),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        if booking.seats == Seats::Open {
            self.not_many(tx, booking, now)?;
        }
        queue::hold(tx, CounterDay { place: community, day: slot.day })?;
        self.not_twice(tx, booking)?;
        let seat = self.seat(tx, community, &Wanted { kind: *kind, slot: *slot, seats: booking.seats }, now)?;
        let district = community.district();
        let running = records::next_running(tx, district)?;
        let visit = Visit {
            district,
            id,
            number: rules::number(*kind, &self.district_code(district)?, running, id.as_u128()),
            kind: *kind,
            state: if *kind == Kind::Home { State::Asked } else { State::Booked },
            path: community.clone(),
            item: item.clone(),
            day: slot.day,
            minute: i64::from(slot.minute),
            person,
            booked_at: now,
            note: None,
            changed_at: now,
        };
        self.counter.cases.hall.vault.seal(tx, &self.sealed(&visit, booking, now)?)?;
        if !records::insert(tx, &visit, seat)? {
            return Err(tx.conflict().into());
        }
        self.count(tx, &visit, None, visit.state, now)?;
        store::once::finish(tx, "visits.book", &booking.once, &visit.number)?;
        Ok(visit)
    }

    fn sealed(&self, visit: &Visit, booking: &Booking, now: Instant) -> Result<NewRecord, Fault> {
        Ok(NewRecord {
            id: visit.person,
            district: visit.district,
            person: booking.person.clone(),
            purpose: format!("visits.{}", visit.kind.code()),
            retain_until: Some(self.kept_until(&visit.path, visit.day)?),
            at: now,
        })
    }

    /// Returns the visit that was booked with the same key, if the telephone number is the same too.
    fn booked_before(&self, tx: &mut dyn Tx, booking: &Booking, number: &str) -> Result<Visit, Fault> {
        let before = self.known(tx, number)?;
        let given = booking.person.get(PersonField::Telephone).map(|value| value.expose().clone()).unwrap_or_default();
        let vault = &self.counter.cases.hall.vault;
        if vault.matches(tx, before.district, before.person, PersonField::Telephone, &given)? {
            return Ok(before);
        }
        Err(Refusal::new(Code::RequestSentDifferently).into())
    }

    /// Refuses if the telephone number is expected somewhere at the same time already.
    fn not_twice(&self, tx: &mut dyn Tx, booking: &Booking) -> Result<(), Fault> {
        let Some(telephone) = booking.person.get(PersonField::Telephone) else {
            return Err(Refusal::new(Code::FormMissing).field("telephone").into());
        };
        let known = self.counter.cases.hall.vault.find(tx, PersonField::Telephone, telephone.expose())?;
        for (district, person) in known {
            if records::is_expected(tx, district, person, booking.kind, booking.slot)? {
                return Err(Refusal::new(Why::VisitTwice).field("telephone").into());
            }
        }
        Ok(())
    }

    /// Refuses if the telephone number has as many visits ahead as can be booked online. Whoever books with the same
    /// number at the same moment waits here.
    fn not_many(&self, tx: &mut dyn Tx, booking: &Booking, now: Instant) -> Result<(), Fault> {
        let Some(telephone) = booking.person.get(PersonField::Telephone) else {
            return Err(Refusal::new(Code::FormMissing).field("telephone").into());
        };
        self.counter.hold(tx, "visits of a telephone", telephone.expose(), now)?;
        let (mut ahead, today) = (0, self.today(now));
        let limit = i64::from(self.figure(VISITS_OPEN_PER_TELEPHONE, &booking.community, today)?);
        for (district, person) in self.counter.cases.hall.vault.find(tx, PersonField::Telephone, telephone.expose())? {
            ahead += records::count_ahead(tx, district, person, today)?;
        }
        if ahead >= limit {
            return Err(Refusal::new(Why::VisitTelephoneMany).with("limit", limit).into());
        }
        Ok(())
    }

    /// A free seat of a slot that is offered now.
    fn seat(&self, tx: &mut dyn Tx, community: &PlacePath, wanted: &Wanted, now: Instant) -> Result<i64, Fault> {
        let Wanted { kind, slot, seats } = *wanted;
        let plan = self.plan(community, self.today(now))?;
        let calendar = self.counter.cases.hall.calendar();
        let hours = Hours { calendar: &calendar, plan, now };
        if !hours.offers(kind, slot) {
            return Err(Refusal::new(Why::VisitSlotClosed).field("day").into());
        }
        let taken = records::seats(tx, community, kind, slot, plan.capacity(kind))?;
        let full = || if kind == Kind::Home { Why::VisitDayFull } else { Why::VisitSlotFull };
        Ok(rules::free_seat(&taken, &plan, kind, seats).ok_or_else(|| Refusal::new(full()).field("day"))?)
    }

    /// Returns the last day on which the person's data are kept for a visit on that day.
    fn kept_until(&self, place: &PlacePath, day: Date) -> Result<Date, Fault> {
        let days = self.figure(crate::words::VISITS_RETENTION_DAYS, place, day)?;
        date_plus_days(day, days).ok_or_else(|| Fault::Broken("retention ends after the calendar".to_owned()))
    }

    fn district_code(&self, district: PlaceId) -> Result<String, Fault> {
        let tree = self.counter.cases.hall.places.tree();
        let code = tree.get(district).map(|place| place.code.clone());
        code.ok_or_else(|| Fault::Broken("the district of a community is not in the tree".to_owned()))
    }

    /// Returns the visit of a number as people write it.
    ///
    /// # Errors
    /// Returns `NotFound` if the number is malformed or unknown.
    pub fn known(&self, tx: &mut dyn Tx, number: &str) -> Result<Visit, Fault> {
        self.numbered(tx, &rules::read_number(number).ok_or(Fault::NotFound)?)
    }

    /// Returns the visit of a number.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such visit.
    pub fn numbered(&self, tx: &mut dyn Tx, number: &Number) -> Result<Visit, Fault> {
        let tree = self.counter.cases.hall.places.tree();
        let city: String = tree.root().ok_or(Fault::NotFound)?.code.chars().take(4).collect();
        let code = format!("{city}{}000000", number.district);
        let district = tree.by_code(&code).map(|place| place.id).ok_or(Fault::NotFound)?;
        records::find_number(tx, district, &number.text)?.ok_or(Fault::NotFound)
    }

    /// Does something with a visit. The caller has checked that this person may. If it is sent twice, it is done once.
    ///
    /// # Errors
    /// Refuses if the visit is over, if nobody has agreed to it yet, or if the day is full.
    pub fn act(&self, tx: &mut dyn Tx, act: &Act, now: Instant) -> Result<(), Fault> {
        let Act { visit, deed, seats, once } = act;
        let digest = match deed {
            Deed::Move(slot) | Deed::Accept(slot) => format!("{} {}", deed.code(), slot.show()),
            Deed::Cancel | Deed::Done | Deed::Failed(_) => deed.code().to_owned(),
        };
        let key = format!("{}/{once}", visit.id);
        match store::once::begin(tx, "visits.act", &key, &digest, now)? {
            Once::Again(_) => return Ok(()),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let change = self.changed(tx, visit, deed, *seats, now)?;
        let last_day = match change.state {
            State::Asked | State::Booked | State::Arrived => change.slot.day,
            State::Done | State::Failed | State::Cancelled => self.today(now),
        };
        let until = self.kept_until(&visit.path, last_day)?;
        self.counter.cases.hall.vault.retain_until(tx, visit.district, visit.person, Some(until))?;
        records::change(tx, visit, &change, now)?;
        self.count(tx, visit, Some(visit.state), change.state, now)?;
        Ok(store::once::finish(tx, "visits.act", &key, change.state.code())?)
    }

    /// Says whether an item is confidential. One that the catalogue no longer knows is taken for confidential, and a
    /// visit whose item was left open is not.
    pub(crate) fn is_confidential(&self, item: &str) -> bool {
        !item.is_empty() && self.counter.catalogue().get(item).is_none_or(|item| item.confidential)
    }

    /// Counts a visit when it is agreed, and a home visit when it was made.
    fn count(
        &self,
        tx: &mut dyn Tx,
        visit: &Visit,
        before: Option<State>,
        after: State,
        now: Instant,
    ) -> Result<(), Fault> {
        if before == Some(after) {
            return Ok(());
        }
        let counted = match after {
            State::Booked => &AGREED,
            State::Done if visit.kind == Kind::Home => &HOME_DONE,
            _ => return Ok(()),
        };
        let subject = Subject { publisher: "visits", district: visit.district, id: visit.id };
        let cell = Cell { place: visit.path.clone(), department: String::new(), day: self.today(now) };
        Ok(hall::figures::count_one(tx, &subject, &cell, &[(counted, 1)], self.is_confidential(&visit.item))?)
    }

    fn changed(
        &self,
        tx: &mut dyn Tx,
        visit: &Visit,
        deed: &Deed,
        seats: Seats,
        now: Instant,
    ) -> Result<Change, Fault> {
        let state = rules::after(visit.kind, visit.state, deed)?;
        let (slot, seat) = match deed {
            Deed::Cancel => (visit.slot(), None),
            Deed::Move(slot) | Deed::Accept(slot) if *slot != visit.slot() => {
                queue::hold(tx, CounterDay { place: &visit.path, day: slot.day })?;
                let wanted = Wanted { kind: visit.kind, slot: *slot, seats };
                (*slot, Some(self.seat(tx, &visit.path, &wanted, now)?))
            }
            Deed::Move(_) | Deed::Accept(_) | Deed::Done | Deed::Failed(_) => {
                (visit.slot(), records::seat_of(tx, visit)?)
            }
        };
        let note = match deed {
            Deed::Failed(note) => Some(self.note(tx, visit, note)?),
            _ => visit.note.clone(),
        };
        Ok(Change { state, slot, seat, note })
    }

    /// Returns the note, sealed under the key of the person's own record. When the record is erased, nobody can read
    /// the note any more.
    fn note(&self, tx: &mut dyn Tx, visit: &Visit, note: &str) -> Result<Vec<u8>, Fault> {
        if let Some(refusal) = rules::text("note", note) {
            return Err(refusal.into());
        }
        let plain = note.trim().as_bytes();
        Ok(self.counter.cases.hall.vault.cover(tx, visit.district, visit.person, NOTE, plain)?)
    }

    /// Returns the note in the clear. Returns nothing if there is no note or the record is erased.
    pub fn read_note(&self, tx: &mut dyn Tx, visit: &Visit) -> Result<Option<String>, Fault> {
        let Some(sealed) = &visit.note else { return Ok(None) };
        match self.counter.cases.hall.vault.uncover(tx, visit.district, visit.person, NOTE, sealed) {
            Err(vault::VaultError::Erased) => Ok(None),
            opened => Ok(Some(String::from_utf8_lossy(&opened?).into_owned())),
        }
    }
}
