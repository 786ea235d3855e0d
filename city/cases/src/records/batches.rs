//! Cases are read batch by batch for what the platform does by itself: dates counted anew, places that moved,
//! reminders, recounts.

use std::ops::Range;

use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, args, record};
use uuid::Uuid;

use super::lists::Key;
use super::{FOLDED, Folded};

/// Open cases whose date was provisional, for recomputation after a calendar notice, at most `limit` after `after`.
pub fn provisional(tx: &mut dyn Tx, after: Uuid, limit: i64) -> Result<Vec<Folded>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = format!("select {FOLDED} where c.provisional = 1 and c.open = 1 and c.id > $1 order by c.id limit $2");
    store::all(tx, &sql, &args![after, limit])
}

/// Open cases in the order of their identities, at most `limit` after `after`.
pub fn open_cases(tx: &mut dyn Tx, after: Uuid, limit: i64) -> Result<Vec<Folded>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = format!("select {FOLDED} where c.open = 1 and c.id > $1 order by c.id limit $2");
    store::all(tx, &sql, &args![after, limit])
}

record! {
    /// An open case whose state has lasted as long as it may.
    pub struct Lasted {
        /// Shard: identity of the district that keeps it.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// Name of its procedure.
        pub procedure: String,
        /// Name of the procedure's state.
        pub state: String,
        /// The last moment of the state.
        pub latest_at: Instant,
    }
}

/// Open cases whose state was to be left before a moment, the longest waiting first, after the one with that last
/// moment and identity, at most `limit`.
pub fn lasted(
    tx: &mut dyn Tx,
    before: Instant,
    latest_at: Instant,
    id: Uuid,
    limit: i64,
) -> Result<Vec<Lasted>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select district, id, procedure, state, latest_at from cases_case where open = 1 and latest_at is not null and latest_at < $1 \
               and (latest_at, id) > ($2, $3) order by latest_at, id limit $4";
    store::all(tx, sql, &args![before, latest_at, id, limit])
}

/// Open cases that wait at a counter until a moment which is not noted yet as the one by which that desk is to act:
/// they came there before it was noted. They stand in the order of [`lasted`], at most `limit`.
pub fn without_act_by(tx: &mut dyn Tx, latest_at: Instant, id: Uuid, limit: i64) -> Result<Vec<Lasted>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select district, id, procedure, state, latest_at from cases_case \
               where open = 1 and latest_at is not null and act_by is null \
               and kind <> 'service' and waits_for = 'counter' and clock in ('not_started', 'stopped') \
               and (latest_at, id) > ($1, $2) order by latest_at, id limit $3";
    store::all(tx, sql, &args![latest_at, id, limit])
}

/// Notes by when the desk of a case is to act, and what its list is ordered by. One that is noted stays as it is.
pub fn set_act_by(tx: &mut dyn Tx, case: &Key, act_by: Instant, sort_at: Instant) -> Result<(), StoreError> {
    let sql = "update cases_case set act_by = $1, sort_at = $2 where district = $3 and id = $4 and act_by is null";
    tx.exec(sql, &args![act_by, sort_at, case.district, case.id]).map(drop)
}

record! {
    /// The places that a case names.
    pub struct Naming {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// When it was opened.
        pub opened_at: Instant,
        /// Where the applicant lives.
        pub residence: PlacePath,
        /// The office where it lies.
        pub office: PlacePath,
        /// The counter that took it.
        pub counter: Option<PlacePath>,
    }
}

impl Naming {
    /// Whether it names a place inside one of these.
    #[must_use]
    pub fn names(&self, places: &[&PlacePath]) -> bool {
        let named = [Some(&self.residence), Some(&self.office), self.counter.as_ref()];
        named.into_iter().flatten().any(|named| places.iter().any(|place| place.contains(named)))
    }
}

/// Reads the places that cases name, from the oldest case on: after the one with that moment of opening and that
/// identity, at most `limit`. An index holds all of it.
pub fn naming(tx: &mut dyn Tx, opened_at: Instant, id: Uuid, limit: i64) -> Result<Vec<Naming>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select district, id, opened_at, residence_path, office_path, counter_path from cases_case \
               where (opened_at, id) > ($1, $2) order by opened_at, id limit $3";
    store::all(tx, sql, &args![opened_at, id, limit])
}

/// Cases that name a place inside one otherwise than by home, counter or the office where they lie: an office there was
/// asked for its opinion, or is to answer a request, or a unit there takes part. They stand in the order of district
/// and identity, after that one, at most `limit`.
pub fn asked_inside(tx: &mut dyn Tx, place: &PlacePath, after: &Key, limit: i64) -> Result<Vec<Key>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let (from, to) = place.range();
    let sql = "select district, case_id from cases_asked where office_path >= $1 and office_path < $2 and (district, case_id) > ($3, $4) \
               union select district, case_id from cases_request where office_path >= $1 and office_path < $2 and (district, case_id) > ($3, $4) \
               union select district, case_id from cases_party where place_path >= $1 and place_path < $2 and (district, case_id) > ($3, $4) \
               order by 1, 2 limit $5";
    store::all(tx, sql, &args![from, to, after.district, after.id, limit])
}

/// The cases in one state of a procedure, in the order of district and identity, after that one, at most `limit`: where
/// an office of a level below has a case, who decides it in the end stands in the case alone.
pub fn in_state(
    tx: &mut dyn Tx,
    procedure: &str,
    state: &str,
    after: &Key,
    limit: i64,
) -> Result<Vec<Key>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select district, id from cases_case where procedure = $1 and state = $2 and (district, id) > ($3, $4) order by district, id limit $5";
    store::all(tx, sql, &args![procedure, state, after.district, after.id, limit])
}

/// Every case in the order of identity, a page at a time: for rebuilding and checking rows against their events.
pub fn page(tx: &mut dyn Tx, after: Uuid, limit: i64) -> Result<Vec<Folded>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    store::all(tx, &format!("select {FOLDED} where c.id > $1 order by c.id limit $2"), &args![after, limit])
}

record! {
    /// An open case of which somebody may have to be reminded.
    pub struct Remindable {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// The number people read.
        pub number: String,
        /// Name of its procedure.
        pub procedure: String,
        /// Name of the procedure's state.
        pub state: String,
        /// Place of the desk where it waits.
        pub desk_path: PlacePath,
        /// Department of that desk; empty for a counter.
        pub desk_department: String,
        /// The promised date.
        pub promised_due: Option<Date>,
        /// Until when it is to be accepted, before it has a promised date.
        pub accept_by: Option<Instant>,
        /// What kind of matter it is.
        pub kind: String,
        /// Code of the catalogue's item; empty where nothing of the catalogue was applied for.
        pub item: String,
        /// The applicant's own account.
        pub applicant: Option<Uuid>,
        /// The kernel's case as JSON when it was granted and its clocks ended; none while they run.
        pub granted: Option<String>,
        /// By when whoever has it now is to act, where that is told to the moment.
        pub act_by: Option<Instant>,
    }
}

/// Open cases that are running and due by `due_by` or earlier, those to be accepted before `accept_before`, and those
/// granted whose result was not handed over. They stand in the order of district and identity, after that one, at most
/// `limit`.
pub fn remindable(
    tx: &mut dyn Tx,
    due_by: Date,
    accept_before: Instant,
    after: &Key,
    limit: i64,
) -> Result<Vec<Remindable>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select c.district, c.id, number, procedure, state, desk_path, desk_department, promised_due, \
               case when clock = 'not_started' then sort_at end, kind, coalesce(item, ''), applicant, f.folded, act_by \
               from cases_case c left join cases_fold f on f.district = c.district and f.id = c.id and c.clock = 'ended' where open = 1 \
               and ((clock = 'running' and promised_due <= $1) or (clock = 'not_started' and rank = 0 and sort_at < $2) \
               or (clock = 'ended' and outcome = 'granted' and kind = 'service')) \
               and (c.district, c.id) > ($3, $4) order by c.district, c.id limit $5";
    store::all(tx, sql, &args![due_by, accept_before, after.district, after.id, limit])
}

record! {
    /// A case that ended and was not rated.
    pub struct Unrated {
        /// Shard.
        pub district: PlaceId,
        /// Identity.
        pub id: Uuid,
        /// The number people read.
        pub number: String,
        /// Name of its procedure.
        pub procedure: String,
        /// Name of the procedure's state.
        pub state: String,
        /// The applicant's own account.
        pub applicant: Option<Uuid>,
    }
}

/// Decided applications that ended in a span of time and were not rated. They stand in the order of district and
/// identity, after that one, at most `limit`.
pub fn unrated(tx: &mut dyn Tx, ended: &Range<Instant>, after: &Key, limit: i64) -> Result<Vec<Unrated>, StoreError> {
    // asks all districts: the platform goes through the cases of the whole city
    let sql = "select district, id, number, procedure, state, applicant from cases_case where closed_at >= $1 and closed_at < $2 \
               and rating is null and outcome in ('granted', 'refused') and kind = 'service' and (district, id) > ($3, $4) order by district, id limit $5";
    store::all(tx, sql, &args![ended.start, ended.end, after.district, after.id, limit])
}
