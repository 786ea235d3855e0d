//! What is remembered of cases: one row a case (the fold of its events), and the running number of each district and year.
//!
//! The events themselves stand in the store's hash-chained log; the row is derived from them and can be rebuilt.

use std::fmt::Write as _;

use kernel::case::Case;
use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use crate::actions::district;
use crate::words::{Cursor, Desk, Lateness};

record! {
    /// A case as lists need it. Columns in the order of [`COLUMNS`].
    pub struct CaseRow {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// The number people read.
        pub number: String,
        /// Code of the catalogue's item.
        pub item: String,
        /// Name of its procedure.
        pub procedure: String,
        /// Name of the procedure's state.
        pub state: String,
        /// Who has to act: `applicant`, `counter`, `office`, `nobody`.
        pub waits_for: String,
        /// `not_started`, `running`, `stopped`, `ended`.
        pub clock: String,
        /// Place of the office that decides.
        pub office_path: PlacePath,
        /// Department of the office that decides.
        pub office_department: String,
        /// Where it was accepted, if at a counter.
        pub counter_path: Option<PlacePath>,
        /// Where the applicant lives (a community).
        pub residence_path: PlacePath,
        /// The applicant's sealed record.
        pub person: Uuid,
        /// 1 when only named posts may see it.
        pub confidential: bool,
        /// False once it ended.
        pub open: bool,
        /// 0 to be done, 1 waiting for the resident, 2 ended.
        pub rank: i64,
        /// What the queue is ordered by, UTC microseconds.
        pub sort_at: Instant,
        /// When it was opened.
        pub opened_at: Instant,
        /// When the last event came.
        pub changed_at: Instant,
        /// The promised date, when the clock has started.
        pub promised_due: Option<kernel::time::Date>,
        /// The statutory date, when the clock has started.
        pub legal_due: Option<kernel::time::Date>,
        /// The date runs into a year whose holidays are not published yet.
        pub provisional: bool,
        /// The resident's rating, 1 to 5.
        pub rating: Option<i64>,
    }
}

const COLUMNS: &str = "district, id, number, item, procedure, state, waits_for, clock, office_path, office_department, counter_path, residence_path, person, \
     confidential, open, rank, sort_at, opened_at, changed_at, promised_due, legal_due, provisional, rating";

/// What the row needs beside the folded case: facts that only the desk knows.
pub struct Derived {
    /// Where the case waits now.
    pub desk: Desk,
    /// Dates and order of the queue.
    pub lateness: Lateness,
    /// The applicant's sealed record.
    pub person: Uuid,
    /// The applicant's own account.
    pub applicant: Option<Uuid>,
}

/// Takes the next running number of a district and year.
///
/// # Errors
/// Whatever the store reports.
pub fn next_number(tx: &mut dyn Tx, district: PlaceId, year: i64) -> Result<i64, StoreError> {
    let sql = "insert into cases_sequence (district, year, last) values ($1, $2, 1) \
               on conflict (district, year) do update set last = cases_sequence.last + 1 returning last";
    store::scalar(tx, sql, &args![district, year])?.ok_or_else(|| StoreError::data("cases_sequence gave no number"))
}

/// Writes the row of a new case.
///
/// # Errors
/// Whatever the store reports.
pub fn insert(tx: &mut dyn Tx, case: &Case, derived: &Derived) -> Result<(), StoreError> {
    let sql = "insert into cases_case (district, id, number, item, procedure, state, waits_for, clock, outcome, office_path, office_department, desk_path, \
               desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, opened_at, changed_at, closed_at, \
               promised_due, legal_due, provisional, sequence, rating, folded) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
               $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)";
    let mut values = args![district(case), case.id.0, &case.number, &case.item, &case.procedure].to_vec();
    let mut tail = moving(case, derived)?;
    values.append(&mut tail);
    tx.exec(sql, &values).map(drop)
}

/// Brings the row up to the folded case.
///
/// # Errors
/// `Conflict` when the row has moved since it was read.
pub fn update(tx: &mut dyn Tx, case: &Case, derived: &Derived, previous_sequence: i64) -> Result<(), StoreError> {
    let sql = "update cases_case set state = $1, waits_for = $2, clock = $3, outcome = $4, office_path = $5, office_department = $6, desk_path = $7, \
               desk_department = $8, counter_path = $9, residence_path = $10, person = $11, applicant = $12, confidential = $13, open = $14, rank = $15, \
               sort_at = $16, opened_at = $17, changed_at = $18, closed_at = $19, promised_due = $20, legal_due = $21, provisional = $22, sequence = $23, \
               rating = $24, folded = $25 where district = $26 and id = $27 and sequence = $28";
    let mut values = moving(case, derived)?;
    values.extend(args![district(case), case.id.0, previous_sequence]);
    match tx.exec(sql, &values)? {
        1 => Ok(()),
        _ => Err(StoreError::Conflict),
    }
}

/// The columns from `state` to `folded`, in the order of both statements.
fn moving(case: &Case, derived: &Derived) -> Result<Vec<Val>, StoreError> {
    let folded =
        serde_json::to_string(case).map_err(|fault| StoreError::data(format!("case {}: {fault}", case.number)))?;
    let lateness = &derived.lateness;
    Ok(args![
        &case.state,
        derived.desk.waits_for,
        lateness.clock,
        case.outcome.map(|outcome| outcome.code().to_owned()),
        &case.office.place,
        case.office.department.clone().unwrap_or_default(),
        &derived.desk.place,
        derived.desk.department.clone(),
        case.counter.clone(),
        &case.residence,
        derived.person,
        derived.applicant,
        case.confidential,
        derived.desk.open,
        lateness.rank,
        lateness.sort_at,
        case.opened_at,
        lateness.changed_at,
        case.closed_at,
        lateness.promised.as_ref().map(|deadline| deadline.due_on),
        lateness.legal.as_ref().map(|deadline| deadline.due_on),
        lateness.provisional,
        case.sequence,
        case.rating.map(i64::from),
        folded
    ]
    .to_vec())
}

record! {
    /// A case with its fold.
    pub struct Folded {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// The kernel's case as JSON.
        pub folded: String,
        /// The applicant's sealed record.
        pub person: Uuid,
        /// The applicant's own account.
        pub applicant: Option<Uuid>,
    }
}

/// Reads a case by district and identity, locking the row on engines that lock rows.
///
/// # Errors
/// Whatever the store reports.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Folded>, StoreError> {
    let sql = format!(
        "select district, id, folded, person, applicant from cases_case where district = $1 and id = $2{}",
        tx.lock_rows()
    );
    store::one(tx, &sql, &args![district, id])
}

/// Reads a case by its number; the caller finds the district from the number's first six digits.
///
/// # Errors
/// Whatever the store reports.
pub fn find_number(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Folded>, StoreError> {
    store::one(
        tx,
        "select district, id, folded, person, applicant from cases_case where district = $1 and number = $2",
        &args![district, number],
    )
}

/// Which rows a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// By the desk where the case waits.
    Desk,
    /// By the office that decides.
    Office,
}

/// One scope's open cases in the order of the queue, after the cursor, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn queue(
    tx: &mut dyn Tx,
    column: Column,
    scope: &Scope,
    after: Cursor,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let (path, department) = match column {
        Column::Desk => ("desk_path", "desk_department"),
        Column::Office => ("office_path", "office_department"),
    };
    let (from, to) = scope.place.range();
    let mut sql = format!(
        "select {COLUMNS} from cases_case where open = 1 and {path} >= $1 and {path} < $2 and (rank > $3 or (rank = $4 and (sort_at > $5 or \
         (sort_at = $6 and id > $7))))"
    );
    let mut values = args![from, to, after.rank, after.rank, after.sort_at, after.sort_at, after.id].to_vec();
    restrict(&mut sql, &mut values, scope, department);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by rank, sort_at, id limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// How many open cases a scope has: waiting at its desks, late, near, and stopped. What is not accepted yet is late and near by the day until
/// which it is to be accepted.
///
/// # Errors
/// Whatever the store reports.
pub fn count(tx: &mut dyn Tx, column: Column, scope: &Scope, near: &Nearness) -> Result<Counts, StoreError> {
    let (path, department) = match column {
        Column::Desk => ("desk_path", "desk_department"),
        Column::Office => ("office_path", "office_department"),
    };
    let (from, to) = scope.place.range();
    let mut sql = format!(
        "select count(*), coalesce(sum(case when (clock = 'running' and promised_due < $1) or (clock = 'not_started' and rank = 0 and sort_at < $2) \
         then 1 else 0 end), 0), \
         coalesce(sum(case when (clock = 'running' and promised_due >= $3 and promised_due <= $4) or (clock = 'not_started' and rank = 0 and \
         sort_at >= $5 and sort_at < $6) then 1 else 0 end), 0), \
         coalesce(sum(case when clock = 'stopped' then 1 else 0 end), 0) from cases_case where open = 1 and {path} >= $7 and {path} < $8"
    );
    let Nearness { today, soon, starts, ends } = near;
    let mut values = args![*today, *starts, *today, *soon, *starts, *ends, from, to].to_vec();
    restrict(&mut sql, &mut values, scope, department);
    Ok(store::one(tx, &sql, &values)?.unwrap_or(Counts { open: 0, late: 0, soon: 0, stopped: 0 }))
}

/// What is late and what is near on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearness {
    /// The day.
    pub today: kernel::time::Date,
    /// The last day that is near.
    pub soon: kernel::time::Date,
    /// The first moment of the day.
    pub starts: Instant,
    /// The moment after the last day that is near.
    pub ends: Instant,
}

record! {
    /// Numbers of open cases.
    pub struct Counts {
        /// All that are open.
        pub open: i64,
        /// Past the promised date.
        pub late: i64,
        /// Due today or within the warning time.
        pub soon: i64,
        /// Waiting for the resident, clock stopped.
        pub stopped: i64,
    }
}

/// The department where the scope names one; confidential cases only for a scope that names the department. Never the shard: a case is kept where
/// its applicant lives, and waits at whatever counter of the city took it in.
fn restrict(sql: &mut String, values: &mut Vec<Val>, scope: &Scope, department_column: &str) {
    if let Some(department) = &scope.department {
        values.push(Val::from(department.as_str()));
        let _ = write!(sql, " and {department_column} = ${}", values.len());
    } else {
        sql.push_str(" and confidential = 0");
    }
}

/// Ended cases of one scope's offices, newest first.
///
/// # Errors
/// Whatever the store reports.
pub fn ended(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let (from, to) = scope.place.range();
    let mut sql = format!("select {COLUMNS} from cases_case where open = 0 and office_path >= $1 and office_path < $2");
    let mut values = args![from, to].to_vec();
    restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by changed_at desc, id limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// Cases of one sealed record, newest first.
///
/// # Errors
/// Whatever the store reports.
pub fn of_person(tx: &mut dyn Tx, district: PlaceId, person: Uuid, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from cases_case where district = $1 and person = $2 order by opened_at desc, id limit $3"
    );
    store::all(tx, &sql, &args![district, person, limit])
}

/// Cases that an account's holder opened herself, newest first.
///
/// # Errors
/// Whatever the store reports.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!("select {COLUMNS} from cases_case where applicant = $1 order by opened_at desc, id limit $2");
    store::all(tx, &sql, &args![account, limit])
}

/// One row by identity.
///
/// # Errors
/// Whatever the store reports.
pub fn row(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<CaseRow>, StoreError> {
    store::one(tx, &format!("select {COLUMNS} from cases_case where district = $1 and id = $2"), &args![district, id])
}

/// Open cases whose date was provisional, for recomputation after a calendar notice, at most `limit` after `after`.
///
/// # Errors
/// Whatever the store reports.
pub fn provisional(tx: &mut dyn Tx, after: Uuid, limit: i64) -> Result<Vec<Folded>, StoreError> {
    let sql = "select district, id, folded, person, applicant from cases_case where provisional = 1 and open = 1 and id > $1 order by id limit $2";
    store::all(tx, sql, &args![after, limit])
}

/// Cases that name a place inside `from`, after the case named by district and identity, in that order, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn naming(
    tx: &mut dyn Tx,
    from: &PlacePath,
    (district, id): (PlaceId, Uuid),
    limit: i64,
) -> Result<Vec<Folded>, StoreError> {
    let (low, high) = from.range();
    let sql = "select district, id, folded, person, applicant from cases_case where (district, id) > ($1, $2) \
               and ((residence_path >= $3 and residence_path < $4) or (counter_path >= $5 and counter_path < $6) \
               or (office_path >= $7 and office_path < $8)) order by district, id limit $9";
    store::all(tx, sql, &args![district, id, &low, &high, &low, &high, &low, &high, limit])
}

/// Every case in the order of identity, a page at a time: for rebuilding and checking rows against their events.
///
/// # Errors
/// Whatever the store reports.
pub fn page(tx: &mut dyn Tx, after: Uuid, limit: i64) -> Result<Vec<Folded>, StoreError> {
    store::all(
        tx,
        "select district, id, folded, person, applicant from cases_case where id > $1 order by id limit $2",
        &args![after, limit],
    )
}

/// How many cases wait for a desk of this scope to act.
///
/// # Errors
/// Whatever the store reports.
pub fn waiting(tx: &mut dyn Tx, scope: &Scope) -> Result<i64, StoreError> {
    let (from, to) = scope.place.range();
    let mut sql =
        "select count(*) from cases_case where open = 1 and rank = 0 and desk_path >= $1 and desk_path < $2".to_owned();
    let mut values = args![from, to].to_vec();
    restrict(&mut sql, &mut values, scope, "desk_department");
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// The offices with open cases inside a scope, by place and department, at most `limit`: whose notices somebody with that post may read.
///
/// # Errors
/// Whatever the store reports.
pub fn offices(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Office>, StoreError> {
    let (from, to) = scope.place.range();
    let mut sql = "select distinct office_path, office_department from cases_case where open = 1 and office_path >= $1 and office_path < $2".to_owned();
    let mut values = args![from, to].to_vec();
    restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by office_path, office_department limit ${}", values.len());
    store::all(tx, &sql, &values)
}

record! {
    /// An office that decides.
    pub struct Office {
        /// Its place.
        pub place: PlacePath,
        /// Its department.
        pub department: String,
    }
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
        pub promised_due: Option<kernel::time::Date>,
        /// Until when it is to be accepted, before it has a promised date.
        pub accept_by: Option<Instant>,
        /// Code of the catalogue's item.
        pub item: String,
        /// The applicant's own account.
        pub applicant: Option<Uuid>,
        /// The kernel's case as JSON when it was granted and its clocks ended; none while they run.
        pub granted: Option<String>,
    }
}

/// Open cases that are running and promised for `due_by` or earlier, those to be accepted before `accept_before`, and those granted whose result was
/// not handed over: after the case named by district and identity, in that order, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn remindable(
    tx: &mut dyn Tx,
    (due_by, accept_before): (kernel::time::Date, Instant),
    (district, id): (PlaceId, Uuid),
    limit: i64,
) -> Result<Vec<Remindable>, StoreError> {
    let sql = "select district, id, number, procedure, state, desk_path, desk_department, promised_due, \
               case when clock = 'not_started' then sort_at end, item, applicant, \
               case when clock = 'ended' then folded end from cases_case where open = 1 \
               and ((clock = 'running' and promised_due <= $1) or (clock = 'not_started' and rank = 0 and sort_at < $2) \
               or (clock = 'ended' and outcome = 'granted')) \
               and (district, id) > ($3, $4) order by district, id limit $5";
    store::all(tx, sql, &args![due_by, accept_before, district, id, limit])
}
