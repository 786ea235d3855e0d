//! What persons ask about their own data (PIPL): correct it, erase it. The words are sealed under the person's record.

use std::fmt::Write as _;

use kernel::case::Case;
use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::lists::Key;

record! {
    /// A request, still sealed.
    pub struct RequestRow {
        /// Shard.
        pub district: PlaceId,
        /// The case.
        pub case_id: Uuid,
        /// Its identity.
        pub id: Uuid,
        /// The case's number.
        pub number: String,
        /// `correct`, `erase`.
        pub kind: String,
        /// When.
        pub at: Instant,
        /// The last day for the answer.
        pub due: Date,
        /// Place of the office that answers.
        pub office_path: PlacePath,
        /// Its department.
        pub office_department: String,
        /// What is asked.
        pub sealed: Vec<u8>,
        /// `done`, `refused`; none while it is open.
        pub outcome: Option<String>,
        /// The answer.
        pub answer: Option<Vec<u8>>,
        /// When it was answered.
        pub answered_at: Option<Instant>,
        /// The sealed record of the party who asks, and whose data it concerns; none for the person whom the case is
        /// mainly about.
        pub party: Option<Uuid>,
    }
}

const COLUMNS: &str = "district, case_id, id, number, kind, at, due, office_path, office_department, sealed, outcome, answer, answered_at, party";

/// This is a request on its way in.
pub struct NewRequest<'r> {
    /// Its identity.
    pub id: Uuid,
    /// `correct`, `erase`.
    pub kind: &'r str,
    /// What is asked, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub at: Instant,
    /// The last day for the answer.
    pub due: Date,
    /// The sealed record of the party who asks, if it is another than the one whom the case is mainly about.
    pub party: Option<Uuid>,
}

/// This is the answer to a request on its way in.
pub struct NewAnswer<'a> {
    /// `done`, `refused`.
    pub outcome: &'a str,
    /// The words, sealed.
    pub sealed: Vec<u8>,
    /// Who answers, as colleagues read it.
    pub by: &'a str,
}

/// Keeps a request.
pub fn insert(tx: &mut dyn Tx, case: &Case, request: NewRequest<'_>) -> Result<(), StoreError> {
    let sql = "insert into cases_request (district, case_id, id, number, kind, at, due, office_path, office_department, confidential, sealed, party) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let department = case.decider.department.clone().unwrap_or_default();
    let values = args![
        case.shard,
        case.id.0,
        request.id,
        &case.number,
        request.kind,
        request.at,
        request.due,
        &case.decider.place,
        department,
        case.confidential,
        request.sealed,
        request.party
    ];
    tx.exec(sql, &values).map(drop)
}

/// The requests of a case, the oldest first, at most `limit`.
pub fn of_case(tx: &mut dyn Tx, case: &Key, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    let sql =
        format!("select {COLUMNS} from cases_request where district = $1 and case_id = $2 order by at, id limit $3");
    store::all(tx, &sql, &args![case.district, case.id, limit])
}

/// The requests of a party by her sealed record, or, with none, of the person whom the case is mainly about, the oldest
/// first, at most `limit`.
pub fn of_party(tx: &mut dyn Tx, case: &Key, party: Option<Uuid>, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    let sql = format!("select {COLUMNS} from cases_request where district = $1 and case_id = $2 and");
    if let Some(party) = party {
        let sql = format!("{sql} party = $3 order by at, id limit $4");
        return store::all(tx, &sql, &args![case.district, case.id, party, limit]);
    }
    let sql = format!("{sql} party is null order by at, id limit $3");
    store::all(tx, &sql, &args![case.district, case.id, limit])
}

/// A request of a case by its identity.
pub fn find(tx: &mut dyn Tx, case: &Key, id: Uuid) -> Result<Option<RequestRow>, StoreError> {
    let sql = format!("select {COLUMNS} from cases_request where district = $1 and case_id = $2 and id = $3");
    store::one(tx, &sql, &args![case.district, case.id, id])
}

/// How many requests a case has.
pub fn count(tx: &mut dyn Tx, case: &Key) -> Result<i64, StoreError> {
    let sql = "select count(*) from cases_request where district = $1 and case_id = $2";
    Ok(store::scalar(tx, sql, &args![case.district, case.id])?.unwrap_or(0))
}

/// The open requests of the offices inside a scope, those due first, at most `limit`.
pub fn open(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<RequestRow>, StoreError> {
    // asks all districts: an office answers for residents of any district
    let (from, to) = scope.place.range();
    let mut sql = format!(
        "select {COLUMNS} from cases_request where answered_at is null and office_path >= $1 and office_path < $2"
    );
    let mut values = args![from, to].to_vec();
    super::restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by due, number limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// How many requests are open at the offices of a share.
pub fn count_open(tx: &mut dyn Tx, share: &super::Share) -> Result<i64, StoreError> {
    // asks all districts: an office answers for residents of any district
    let (from, to) = share.scope.place.range();
    let mut sql =
        "select count(*) from cases_request where answered_at is null and office_path >= $1 and office_path < $2"
            .to_owned();
    let mut values = args![from, to].to_vec();
    share.restrict(&mut sql, &mut values, "office_department");
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// Brings the open requests of a case to the office that answers for it now.
pub fn follow(tx: &mut dyn Tx, case: &Case) -> Result<(), StoreError> {
    let sql = "update cases_request set office_path = $1, office_department = $2 where district = $3 and case_id = $4 and answered_at is null";
    let department = case.decider.department.clone().unwrap_or_default();
    tx.exec(sql, &args![&case.decider.place, department, case.shard, case.id.0]).map(drop)
}

/// Ends what is still open of a case about a record that is erased, that of a party or, with none, that of the person
/// whom the case is mainly about: there is nothing left to answer with or about.
pub fn end(tx: &mut dyn Tx, case: &Key, party: Option<Uuid>, by: &str, now: Instant) -> Result<(), StoreError> {
    let sql = "update cases_request set outcome = 'erased', answered_at = $1, answered_by = $2 \
               where district = $3 and case_id = $4 and answered_at is null and";
    let (sql, values) = match party {
        Some(party) => (format!("{sql} party = $5"), args![now, by, case.district, case.id, party].to_vec()),
        None => (format!("{sql} party is null"), args![now, by, case.district, case.id].to_vec()),
    };
    tx.exec(&sql, &values).map(drop)
}

/// Ends what is still open about a sealed record that is erased, whatever its part in cases: requests are sealed under
/// it. Those of the other parties can still be read and answered, and stay open.
pub fn end_of(tx: &mut dyn Tx, district: PlaceId, record: Uuid, now: Instant) -> Result<(), StoreError> {
    let sql = "update cases_request set outcome = 'erased', answered_at = $1, answered_by = '' where answered_at is null \
               and party is null and district = $2 \
               and case_id in (select id from cases_case where district = $3 and person = $4)";
    tx.exec(sql, &args![now, district, district, record])?;
    let sql = "update cases_request set outcome = 'erased', answered_at = $1, answered_by = '' where answered_at is null \
               and district = $2 and party = $3";
    tx.exec(sql, &args![now, district, record]).map(drop)
}

/// Answers a request that is open; false when it was answered before.
pub fn answer(tx: &mut dyn Tx, case: &Key, id: Uuid, answer: NewAnswer<'_>, now: Instant) -> Result<bool, StoreError> {
    let sql = "update cases_request set outcome = $1, answer = $2, answered_at = $3, answered_by = $4 \
               where district = $5 and case_id = $6 and id = $7 and answered_at is null";
    let values = args![answer.outcome, answer.sealed, now, answer.by, case.district, case.id, id];
    Ok(tx.exec(sql, &values)? == 1)
}
