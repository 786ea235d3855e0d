//! This file keeps appointments and home visits. Each has one row with a handle of the sealed person. The seat keeps
//! two people from getting the same place.

use house::LastRow;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{FromVal, StoreError, Tx, Val, args, record};
use uuid::Uuid;

use crate::rules::Taken;
use crate::words::{Kind, Slot, State};

impl FromVal for Kind {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data("expected a kind of visit"))
    }
}

impl FromVal for State {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data("expected a state of a visit"))
    }
}

record! {
    /// A visit. Its columns have the order of [`COLUMNS`].
    pub struct Visit {
        /// The shard: the identity of the district in which the community lay when it was booked.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The number that people read.
        pub number: String,
        /// Whether it is at a counter or at home.
        pub kind: Kind,
        /// Which state it is in.
        pub state: State,
        /// The community whose counter serves it.
        pub path: PlacePath,
        /// The code of the catalogue's item, which is empty if it was left open.
        pub item: String,
        /// The day.
        pub day: Date,
        /// The minute of the day, which is 0 for a home visit.
        pub minute: i64,
        /// The sealed record of the person.
        pub person: Uuid,
        /// When it was booked.
        pub booked_at: Instant,
        /// Why it could not be done, sealed under the record's own key.
        pub note: Option<Vec<u8>>,
        /// When it was changed last, which is when it was booked if it never was.
        pub changed_at: Instant,
    }
}

const MICROS_PER_SECOND: i64 = 1_000_000;
const COLUMNS: &str = "district, id, number, kind, state, path, item, day, minute, person, booked_at, note, changed_at";

impl Visit {
    /// Returns a number that every change raises: the seconds from the booking to the last change, begun ones counted.
    #[must_use]
    pub fn edition(&self) -> i64 {
        let micros = self.changed_at.micros().saturating_sub(self.booked_at.micros());
        micros.saturating_add(MICROS_PER_SECOND - 1).max(0) / MICROS_PER_SECOND
    }

    /// Returns when it is.
    #[must_use]
    pub fn slot(&self) -> Slot {
        Slot { day: self.day, minute: u32::try_from(self.minute).unwrap_or_default() }
    }
}

/// Takes the next running number of a district.
pub fn next_running(tx: &mut dyn Tx, district: PlaceId) -> Result<i64, StoreError> {
    let sql = "insert into visits_sequence (district, last) values ($1, 1) \
               on conflict (district) do update set last = visits_sequence.last + 1 returning last";
    store::scalar(tx, sql, &args![district])?.ok_or_else(|| StoreError::data("visits_sequence gave no number"))
}

/// Writes a new visit with its seat. Returns false if somebody else got that seat first.
pub fn insert(tx: &mut dyn Tx, visit: &Visit, seat: i64) -> Result<bool, StoreError> {
    let sql = "insert into visits_visit (district, id, number, kind, state, community, path, item, day, minute, seat, person, booked_at, changed_at, \
               note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, null) on conflict do nothing";
    let values = args![
        visit.district,
        visit.id,
        &visit.number,
        visit.kind.code(),
        visit.state.code(),
        visit.path.id(),
        &visit.path,
        &visit.item,
        visit.day,
        visit.minute,
        seat,
        visit.person,
        visit.booked_at,
        visit.changed_at
    ];
    Ok(tx.exec(sql, &values)? == 1)
}

/// Returns the seats of a slot that are taken, at most `limit`.
pub fn seats(
    tx: &mut dyn Tx,
    community: &PlacePath,
    kind: Kind,
    slot: Slot,
    limit: i64,
) -> Result<Vec<i64>, StoreError> {
    let sql = "select seat from visits_visit where district = $1 and community = $2 and kind = $3 and day = $4 and minute = $5 \
               and seat is not null order by seat limit $6";
    let values = args![community.district(), community.id(), kind.code(), slot.day, slot.minute, limit];
    Ok(store::all::<Seat>(tx, sql, &values)?.into_iter().map(|row| row.seat).collect())
}

record! {
    struct Seat {
        seat: i64,
    }
}

record! {
    struct SlotRow {
        day: Date,
        minute: i64,
        seats: i64,
    }
}

/// Returns how many of the first `seats` seats of each slot are taken from a day on, at most `limit` slots.
pub fn taken(
    tx: &mut dyn Tx,
    community: &PlacePath,
    kind: Kind,
    from: Date,
    seats: i64,
    limit: i64,
) -> Result<Taken, StoreError> {
    let sql = "select day, minute, count(*) from visits_visit where district = $1 and community = $2 and kind = $3 and day >= $4 \
               and seat <= $5 group by day, minute order by day, minute limit $6";
    let values = args![community.district(), community.id(), kind.code(), from, seats, limit];
    let rows = store::all::<SlotRow>(tx, sql, &values)?;
    let slot = |row: &SlotRow| Slot { day: row.day, minute: u32::try_from(row.minute).unwrap_or_default() };
    Ok(rows.iter().map(|row| (slot(row), row.seats)).collect())
}

/// Says whether the person of a sealed record has an open visit in exactly that slot, anywhere.
pub fn is_expected(
    tx: &mut dyn Tx,
    district: PlaceId,
    person: Uuid,
    kind: Kind,
    slot: Slot,
) -> Result<bool, StoreError> {
    let sql = "select count(*) from visits_visit where district = $1 and person = $2 and kind = $3 and day = $4 and minute = $5 \
               and state in ('asked', 'booked', 'arrived')";
    let values = args![district, person, kind.code(), slot.day, slot.minute];
    Ok(store::scalar::<i64>(tx, sql, &values)?.unwrap_or(0) > 0)
}

/// Counts the visits ahead of the person of a sealed record: those that are asked for or agreed, from a day on.
pub fn count_ahead(tx: &mut dyn Tx, district: PlaceId, person: Uuid, from: Date) -> Result<i64, StoreError> {
    let sql = "select count(*) from visits_visit where district = $1 and person = $2 and day >= $3 \
               and state in ('asked', 'booked')";
    Ok(store::scalar::<i64>(tx, sql, &args![district, person, from])?.unwrap_or(0))
}

/// Reads a visit by its number. It locks the row on engines that lock rows.
pub fn find_number(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Visit>, StoreError> {
    let sql = format!("select {COLUMNS} from visits_visit where district = $1 and number = $2{}", tx.lock_rows());
    store::one(tx, &sql, &args![district, number])
}

/// Reads a visit by district and identity.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Visit>, StoreError> {
    let sql = format!("select {COLUMNS} from visits_visit where district = $1 and id = $2{}", tx.lock_rows());
    store::one(tx, &sql, &args![district, id])
}

/// Says what changes about a visit.
pub struct Change {
    /// The new state.
    pub state: State,
    /// The slot.
    pub slot: Slot,
    /// The seat in the slot. Without a seat the old one is given back.
    pub seat: Option<i64>,
    /// Why it could not be done, sealed.
    pub note: Option<Vec<u8>>,
}

/// Changes a visit.
///
/// # Errors
/// Returns `Conflict` if the visit is gone or is now in another state.
pub fn change(tx: &mut dyn Tx, visit: &Visit, change: &Change, now: Instant) -> Result<(), StoreError> {
    let sql = "update visits_visit set state = $1, day = $2, minute = $3, seat = $4, note = $5, changed_at = $6 \
               where district = $7 and id = $8 and state = $9";
    let values = args![
        change.state.code(),
        change.slot.day,
        change.slot.minute,
        change.seat,
        change.note.clone(),
        now,
        visit.district,
        visit.id,
        visit.state.code()
    ];
    if tx.exec(sql, &values)? == 1 { Ok(()) } else { Err(tx.conflict()) }
}

/// Changes only the state. Slot and seat are kept.
pub fn change_state(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    state: State,
    now: Instant,
) -> Result<(), StoreError> {
    let sql = "update visits_visit set state = $1, changed_at = $2 where district = $3 and id = $4";
    tx.exec(sql, &args![state.code(), now, district, id]).map(drop)
}

/// Returns the seat that a visit has.
pub fn seat_of(tx: &mut dyn Tx, visit: &Visit) -> Result<Option<i64>, StoreError> {
    let sql = "select seat from visits_visit where district = $1 and id = $2";
    Ok(store::scalar::<Option<i64>>(tx, sql, &args![visit.district, visit.id])?.flatten())
}

/// The visits of a kind on a day at a place or inside it, by time, those called off left out; at most `limit`.
pub fn of_day(tx: &mut dyn Tx, place: &PlacePath, kind: Kind, day: Date, limit: i64) -> Result<Vec<Visit>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (from, to) = place.range();
    let sql = format!(
        "select {COLUMNS} from visits_visit where path >= $1 and path < $2 and kind = $3 and day = $4 and state <> 'cancelled' \
         order by minute, path, id limit $5"
    );
    store::all(tx, &sql, &args![from, to, kind.code(), day, limit])
}

/// Returns the home visits at a place or inside it that were asked for and to which nobody has agreed, by day, at most
/// `limit`.
pub fn asked(tx: &mut dyn Tx, place: &PlacePath, limit: i64) -> Result<Vec<Visit>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (from, to) = place.range();
    let sql = format!(
        "select {COLUMNS} from visits_visit where path >= $1 and path < $2 and kind = 'home' and state = 'asked' \
         order by day, booked_at, id limit $3"
    );
    store::all(tx, &sql, &args![from, to, limit])
}

/// Returns how many visits of a day at a place or inside it are still to come or waiting, and how many home visits
/// nobody has agreed to.
pub fn count_open(tx: &mut dyn Tx, place: &PlacePath, day: Date) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (from, to) = place.range();
    let sql = "select count(*) from visits_visit where path >= $1 and path < $2 \
               and ((day = $3 and state in ('booked', 'arrived')) or (kind = 'home' and state = 'asked'))";
    Ok(store::scalar(tx, sql, &args![from, to, day])?.unwrap_or(0))
}

/// Returns how many visits there are on a day at a place or inside it, those called off left out.
pub fn count_day(tx: &mut dyn Tx, place: &PlacePath, day: Date) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (from, to) = place.range();
    let sql = "select count(*) from visits_visit where path >= $1 and path < $2 and day = $3 and state <> 'cancelled'";
    Ok(store::scalar(tx, sql, &args![from, to, day])?.unwrap_or(0))
}

/// Returns visits by district and identity, in no particular order.
pub fn several(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)]) -> Result<Vec<Visit>, StoreError> {
    store::several(tx, keys, |marks| {
        format!("select {COLUMNS} from visits_visit where district = $1 and id in ({marks})")
    })
}

/// Returns the agreed visits of a day for reminders, by district and identity. It goes on after the one that is named,
/// and returns at most `limit`.
pub fn agreed(tx: &mut dyn Tx, day: Date, after: LastRow, limit: i64) -> Result<Vec<Visit>, StoreError> {
    // asks all districts: the reminders of a day go through the whole city, page by page
    let sql = format!(
        "select {COLUMNS} from visits_visit where day = $1 and state = 'booked' and (district, id) > ($2, $3) \
         order by district, id limit $4"
    );
    store::all(tx, &sql, &args![day, after.district, after.id, limit])
}

/// Follows places that moved. Every visit that names a place inside `from` then names its new path inside `to`.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "visits_visit", "path", from, to)
}
