//! What is remembered of cases: one row a case (the fold of its events), who takes part, and the counter's running
//! numbers.
//!
//! The events themselves stand in the store's hash-chained log; the row is derived from them and can be rebuilt.

mod batches;
pub mod code;
pub mod figures;
mod hands;
pub mod held;
pub mod late;
mod lists;
pub mod looks;
pub mod party;
mod passed;
pub mod past;
pub mod requests;
pub mod search;
mod seats;
mod share;
pub mod talk;
mod units;
pub mod wishes;
pub mod words;

use std::cmp::Reverse;
use std::fmt::Write as _;

use kernel::case::Case;
use kernel::permission::Scope;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

pub use batches::{
    Lasted, Naming, Remindable, Unrated, asked_inside, in_state, lasted, naming, open_cases, page, provisional,
    remindable, set_act_by, unrated, without_act_by,
};
pub use hands::{in_hand, in_hand_of};
pub use lists::{
    Column, InTime, Key, Lit, Narrow, count_unsettled, ended, folds, queue, queue_in_state, queue_narrowed, rows,
    unsettled,
};
pub use seats::{Part, chosen_at_offices, queue_at_offices};
use share::restrict;
pub use share::{Counts, Nearness, Share, Unit};
pub use units::{ByUnit, open_of_units};

use crate::words::{Desk, Lateness};

record! {
    /// A case as lists need it. Columns in the order of [`COLUMNS`].
    pub struct CaseRow {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
        /// The number people read.
        pub number: String,
        /// What kind of matter it is.
        pub kind: String,
        /// Code of the catalogue's item; empty where nothing of the catalogue was applied for.
        pub item: String,
        /// Name of its procedure.
        pub procedure: String,
        /// Name of the procedure's state.
        pub state: String,
        /// Who has to act: `applicant`, `counter`, `office`, `party`, `nobody`.
        pub waits_for: String,
        /// `not_started`, `running`, `stopped`, `ended`; `open` where no clock has started and nothing waits for
        /// acceptance.
        pub clock: String,
        /// Place of the office that decides.
        pub office_path: PlacePath,
        /// Department of the office that decides.
        pub office_department: String,
        /// Where it was accepted, if at a counter.
        pub counter_path: Option<PlacePath>,
        /// The place that it is about; of the counter's the community where the applicant lives.
        pub residence_path: PlacePath,
        /// The sealed record of the one it is mainly about, if its parties have one.
        pub person: Option<Uuid>,
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
        /// The day by which it is due: of the counter's its promise, of others the first of their clocks that runs.
        pub promised_due: Option<kernel::time::Date>,
        /// The statutory date, when the clock has started.
        pub legal_due: Option<kernel::time::Date>,
        /// The date runs into a year whose holidays are not published yet.
        pub provisional: bool,
        /// The resident's rating, 1 to 5.
        pub rating: Option<i64>,
        /// Who has it in hand.
        pub handler_name: Option<String>,
        /// Until when a poor rating is to be followed up.
        pub follow_up_by: Option<kernel::time::Date>,
        /// The applicant's own account.
        pub applicant: Option<Uuid>,
        /// Why it is or was late, as its office said last; `unsaid` when it ended late without a word.
        pub late_reason: Option<String>,
        /// By when whoever has it now is to act, where that is told to the moment.
        pub act_by: Option<Instant>,
        /// Place of the desk where it waits.
        pub desk_path: PlacePath,
    }
}

const COLUMNS: &str = "district, id, number, kind, coalesce(item, ''), procedure, state, waits_for, clock, office_path, office_department, counter_path, residence_path, person, \
     confidential, open, rank, sort_at, opened_at, changed_at, promised_due, legal_due, provisional, rating, handler_name, follow_up_by, applicant, \
     late_reason, act_by, desk_path";

/// What the row needs beside the folded case: facts that only the desk knows.
pub struct Derived {
    /// What it is about: an item, or a code of its own department.
    pub subject: String,
    /// Where the case waits now.
    pub desk: Desk,
    /// Dates and order of the queue.
    pub lateness: Lateness,
    /// The sealed record of the one it is mainly about, if its parties have one.
    pub person: Option<Uuid>,
    /// The account of the one who applied.
    pub applicant: Option<Uuid>,
    /// Until when a poor rating is to be followed up.
    pub follow_up_by: Option<kernel::time::Date>,
    /// Why it is or was late, by its code, and the day on which that was said: [`crate::rules::late_told`].
    pub late: Option<(&'static str, kernel::time::Date)>,
}

impl Derived {
    /// How the case is counted while it is open.
    #[must_use]
    pub fn standing(&self, case: &Case) -> figures::Stood {
        figures::Stood {
            open: self.desk.open,
            clock: self.lateness.clock.to_owned(),
            rank: self.lateness.rank,
            sort_at: self.lateness.sort_at,
            act_by: self.lateness.act_by,
            promised_due: self.lateness.promised.as_ref().map(|deadline| deadline.due_on),
            desk_path: self.desk.place.clone(),
            desk_department: self.desk.department.clone(),
            office_path: case.office.place.clone(),
            office_department: case.office.department.clone().unwrap_or_default(),
            confidential: i64::from(case.confidential),
        }
    }
}

/// Takes the next running number of a district and year.
pub fn next_number(tx: &mut dyn Tx, district: PlaceId, year: i64) -> Result<i64, StoreError> {
    let sql = "insert into cases_sequence (district, year, last) values ($1, $2, 1) \
               on conflict (district, year) do update set last = cases_sequence.last + 1 returning last";
    store::scalar(tx, sql, &args![district, year])?.ok_or_else(|| StoreError::data("cases_sequence gave no number"))
}

/// Writes the row of a new case.
pub fn insert(tx: &mut dyn Tx, case: &Case, derived: &Derived) -> Result<(), StoreError> {
    let sql = "insert into cases_case (district, id, number, kind, item, procedure, state, waits_for, clock, outcome, office_path, office_department, desk_path, \
               desk_department, counter_path, residence_path, person, applicant, confidential, open, rank, sort_at, opened_at, changed_at, closed_at, \
               promised_due, legal_due, provisional, sequence, rating, handler, handler_name, follow_up_by, late_reason, late_told_on, latest_at, act_by) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, \
               $28, $29, $30, $31, $32, $33, $34, $35, $36, $37)";
    let item = Some(derived.subject.as_str()).filter(|subject| !subject.is_empty());
    let mut values = args![case.shard, case.id.0, &case.number, &case.kind, item, &case.procedure].to_vec();
    values.append(&mut moving(case, derived));
    tx.put(sql, &values)?;
    let sql = "insert into cases_fold (district, id, folded) values ($1, $2, $3)";
    tx.put(sql, &args![case.shard, case.id.0, fold_of(case)?])?;
    party::insert(tx, case, derived.person)
}

/// Brings the row up to the folded case. The case's events make sure that nobody else moved it meanwhile: two events
/// with one sequence cannot be stored.
pub fn update(tx: &mut dyn Tx, case: &Case, derived: &Derived, previous_sequence: i64) -> Result<(), StoreError> {
    let sql = "update cases_case set state = $1, waits_for = $2, clock = $3, outcome = $4, office_path = $5, office_department = $6, desk_path = $7, \
               desk_department = $8, counter_path = $9, residence_path = $10, person = $11, applicant = $12, confidential = $13, open = $14, rank = $15, \
               sort_at = $16, opened_at = $17, changed_at = $18, closed_at = $19, promised_due = $20, legal_due = $21, provisional = $22, sequence = $23, \
               rating = $24, handler = $25, handler_name = $26, follow_up_by = $27, late_reason = $28, late_told_on = $29, latest_at = $30, act_by = $31 \
               where district = $32 and id = $33 and sequence = $34";
    let mut values = moving(case, derived);
    values.extend(args![case.shard, case.id.0, previous_sequence]);
    tx.put(sql, &values)?;
    let sql = "update cases_fold set folded = $1 where district = $2 and id = $3";
    tx.put(sql, &args![fold_of(case)?, case.shard, case.id.0])
}

fn fold_of(case: &Case) -> Result<String, StoreError> {
    serde_json::to_string(case).map_err(|fault| StoreError::data(format!("case {}: {fault}", case.number)))
}

/// The columns from `state` to `act_by`, in the order of both statements.
fn moving(case: &Case, derived: &Derived) -> Vec<Val> {
    let lateness = &derived.lateness;
    args![
        &case.state,
        derived.desk.waits_for,
        lateness.clock,
        case.outcome.clone(),
        &case.office.place,
        case.office.department.clone().unwrap_or_default(),
        &derived.desk.place,
        derived.desk.department.clone(),
        case.counter().cloned(),
        case.residence(),
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
        case.rating().map(i64::from),
        case.handler.as_ref().map(|handler| handler.account),
        case.handler.as_ref().map(|handler| handler.name.clone()),
        derived.follow_up_by,
        derived.late.map(|(reason, _)| reason),
        derived.late.map(|(_, day)| day),
        lateness.latest_at,
        lateness.act_by
    ]
    .to_vec()
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
        /// The sealed record of the one it is mainly about.
        pub person: Option<Uuid>,
        /// The account of the one who applied.
        pub applicant: Option<Uuid>,
        /// The digest of the code that the one holds whom it is mainly about.
        pub code: Option<Vec<u8>>,
    }
}

/// A case with its fold: what [`Folded`] reads, and from where.
const FOLDED: &str = "c.district, c.id, f.folded, c.person, c.applicant, \
                      (select k.digest from cases_code k where k.district = c.district and k.record = c.person) \
                      from cases_case c join cases_fold f on f.district = c.district and f.id = c.id";

/// Reads a case by district and identity, locking the row on engines that lock rows.
pub fn find(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<Folded>, StoreError> {
    let sql = format!("select {FOLDED} where c.district = $1 and c.id = $2{}", tx.lock_rows());
    store::one(tx, &sql, &args![district, id])
}

/// Reads a case by its number; the caller finds the district from the number's first six digits.
pub fn find_number(tx: &mut dyn Tx, district: PlaceId, number: &str) -> Result<Option<Folded>, StoreError> {
    store::one(tx, &format!("select {FOLDED} where c.district = $1 and c.number = $2"), &args![district, number])
}

/// How many open cases a scope has: all, late, near, and stopped, from the rows that are kept with every change.
pub fn count(tx: &mut dyn Tx, column: Column, share: &Share, near: Nearness) -> Result<Counts, StoreError> {
    let mut counts = Counts { open: 0, late: 0, soon: 0, stopped: 0 };
    figures::open_by_place(tx, column, share, near)?.values().for_each(|found| counts.add(found));
    Ok(counts)
}

/// Cases of one sealed record, whatever its part in them, newest first.
pub fn of_person(tx: &mut dyn Tx, district: PlaceId, person: Uuid, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from cases_case where district = $1 and person = $2 order by opened_at desc, id limit $3"
    );
    let own = store::all(tx, &sql, &args![district, person, limit])?;
    let keys = party::of_record(tx, district, person, limit)?;
    Ok(newest(own, rows(tx, &keys)?, limit))
}

/// The open cases of one item among sealed records, each with its district.
pub fn open_of(tx: &mut dyn Tx, people: &[(PlaceId, Uuid)], item: &str) -> Result<Vec<CaseRow>, StoreError> {
    let sql =
        format!("select {COLUMNS} from cases_case where district = $1 and person = $2 and item = $3 and open = 1");
    let mut found = Vec::new();
    for (district, person) in people {
        found.extend(store::all::<CaseRow>(tx, &sql, &args![*district, *person, item])?);
    }
    Ok(found)
}

/// Cases that an account's holder opened herself or takes part in, newest first.
pub fn of_account(tx: &mut dyn Tx, account: Uuid, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    // asks all districts: she may have lived in several
    let sql = format!("select {COLUMNS} from cases_case where applicant = $1 order by opened_at desc, id limit $2");
    let own = store::all(tx, &sql, &args![account, limit])?;
    let keys = party::of_account(tx, account, limit)?;
    Ok(newest(own, rows(tx, &keys)?, limit))
}

/// Both lists as one, newest first, each case once.
fn newest(mut rows: Vec<CaseRow>, others: Vec<CaseRow>, limit: i64) -> Vec<CaseRow> {
    if others.is_empty() {
        return rows;
    }
    rows.extend(others);
    rows.sort_by_key(|row| (Reverse(row.opened_at), row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(0));
    rows
}

/// One row by identity.
pub fn row(tx: &mut dyn Tx, district: PlaceId, id: Uuid) -> Result<Option<CaseRow>, StoreError> {
    store::one(tx, &format!("select {COLUMNS} from cases_case where district = $1 and id = $2"), &args![district, id])
}

/// How many of the cases that the queue of this scope lists are to be acted on: all but those whose clocks stand still.
pub fn waiting(tx: &mut dyn Tx, share: &Share) -> Result<i64, StoreError> {
    figures::to_do(tx, share)
}

/// The offices inside a scope that have open cases, by place and department, at most `limit`. Somebody with that post
/// may read their notices.
pub fn offices(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Office>, StoreError> {
    // asks all districts: only of the city, see `within`
    let (from, to) = scope.place.range();
    let mut sql = "select distinct place, department from cases_open where side = 'office' and place >= $1 and place < $2 and cases > 0".to_owned();
    let mut values = args![from, to].to_vec();
    figures::within(&mut sql, &mut values, &scope.place);
    restrict(&mut sql, &mut values, scope, "department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by place, department limit ${}", values.len());
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
