//! Remembers what other programs are told of reports.

use kernel::place::{PlaceId, PlacePath};
use store::{StoreError, Tx, Val, all, args, one};

use crate::words::open311::{Search, Shared, Step, StepSearch};

const COLUMNS: &str = "district, case_id, number, path, kind, condition, department, state, open, public, \
                       requested_at, updated_at, expected_at, system, sequence";
const STEP: &str = "number, sequence, state, open, at";
/// How many numbers one statement looks for.
const LISTED: usize = 100;

/// Remembers how a report stands, unless something later is remembered. The system that sent it stays.
///
/// # Errors
/// The store failed.
pub fn put(tx: &mut dyn Tx, shared: &Shared) -> Result<(), StoreError> {
    let sql = format!(
        "insert into grid_open311 ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
         $15) on conflict (district, case_id) do update set path = excluded.path, department = excluded.department, \
         state = excluded.state, open = excluded.open, updated_at = excluded.updated_at, \
         expected_at = excluded.expected_at, sequence = excluded.sequence \
         where excluded.sequence >= grid_open311.sequence"
    );
    let values = args![
        shared.district,
        shared.case_id,
        &shared.number,
        &shared.path,
        &shared.kind,
        &shared.condition,
        &shared.department,
        &shared.state,
        shared.open,
        shared.public,
        shared.requested_at,
        shared.updated_at,
        shared.expected_at,
        shared.system,
        shared.sequence
    ];
    tx.exec(&sql, &values).map(|_| ())
}

/// Remembers a step of a report. One that is there already stays as it is.
///
/// # Errors
/// The store failed.
pub fn put_step(tx: &mut dyn Tx, shared: &Shared, step: &Step) -> Result<(), StoreError> {
    let sql = "insert into grid_open311_update (district, case_id, sequence, number, state, open, public, at) \
               values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (district, case_id, sequence) do nothing";
    let values = args![
        shared.district,
        shared.case_id,
        step.sequence,
        &step.number,
        &step.state,
        step.open,
        shared.public,
        step.at
    ];
    tx.exec(sql, &values).map(|_| ())
}

/// What is remembered of a case.
///
/// # Errors
/// The store failed.
pub fn find(tx: &mut dyn Tx, district: PlaceId, case_id: uuid::Uuid) -> Result<Option<Shared>, StoreError> {
    let sql = format!("select {COLUMNS} from grid_open311 where district = $1 and case_id = $2");
    one(tx, &sql, &args![district, case_id])
}

/// The report of a number, if others may see it.
///
/// # Errors
/// The store failed.
pub fn public(tx: &mut dyn Tx, number: &str) -> Result<Option<Shared>, StoreError> {
    // asks all districts: a number names its district by its code, and the row keeps it by its identity
    let sql = format!("select {COLUMNS} from grid_open311 where number = $1 and public = 1");
    one(tx, &sql, &args![number])
}

/// The reports of these numbers that others may see, in no particular order.
///
/// # Errors
/// The store failed.
pub fn numbered(tx: &mut dyn Tx, numbers: &[String]) -> Result<Vec<Shared>, StoreError> {
    // A number that stands there twice is looked for once, also where the two would lie in different parts.
    let mut asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
    asked.sort_unstable();
    asked.dedup();
    let mut found = Vec::new();
    for part in asked.chunks(LISTED) {
        let marks: Vec<String> = (1..=LISTED).map(|at| format!("${at}")).collect();
        // asks all districts: a number names its district by its code, and the row keeps it by its identity
        let sql = format!("select {COLUMNS} from grid_open311 where number in ({}) and public = 1", marks.join(", "));
        // The last one is repeated, so that one statement serves lists of any length.
        let filler = part.last().into_iter().cycle();
        let values: Vec<Val> = part.iter().chain(filler).take(LISTED).map(|one| Val::from(*one)).collect();
        found.extend(all::<Shared>(tx, &sql, &values)?);
    }
    Ok(found)
}

/// The reports that others may see, the newest first.
///
/// # Errors
/// The store failed.
pub fn search(tx: &mut dyn Tx, search: &Search) -> Result<Vec<Shared>, StoreError> {
    let mut values = vec![
        Val::from(*search.requested.start()),
        Val::from(*search.requested.end()),
        Val::from(*search.updated.start()),
        Val::from(*search.updated.end()),
    ];
    let mut narrowed = String::new();
    if let Some(open) = search.open {
        values.push(Val::from(open));
        narrowed = format!(" and open = ${}", values.len());
    }
    if !search.kinds.is_empty() {
        let first = values.len() + 1;
        values.extend(search.kinds.iter().map(|kind| Val::from(kind.as_str())));
        let marks: Vec<String> = (first..=values.len()).map(|at| format!("${at}")).collect();
        narrowed = format!("{narrowed} and kind in ({})", marks.join(", "));
    }
    let order = if search.by_update { "updated_at" } else { "requested_at" };
    let (limit, offset) = (values.len() + 1, values.len() + 2);
    values.extend([Val::from(search.limit), Val::from(search.offset)]);
    // asks all districts: the interface is the city's
    let sql = format!(
        "select {COLUMNS} from grid_open311 where requested_at >= $1 and requested_at <= $2 and updated_at >= $3 \
         and updated_at <= $4 and public = 1{narrowed} order by {order} desc, case_id limit ${limit} offset ${offset}"
    );
    all(tx, &sql, &values)
}

/// The steps of reports that others may see, in the order of time.
///
/// # Errors
/// The store failed.
pub fn steps(tx: &mut dyn Tx, search: &StepSearch) -> Result<Vec<Step>, StoreError> {
    let mut values = vec![Val::from(*search.at.start()), Val::from(*search.at.end())];
    let mut narrowed = "";
    if let Some(number) = &search.number {
        values.push(Val::from(number.as_str()));
        narrowed = " and number = $3";
    }
    let (limit, offset) = (values.len() + 1, values.len() + 2);
    values.extend([Val::from(search.limit), Val::from(search.offset)]);
    // asks all districts: the interface is the city's
    let sql = format!(
        "select {STEP} from grid_open311_update where at >= $1 and at <= $2{narrowed} and public = 1 \
         order by at, case_id, sequence limit ${limit} offset ${offset}"
    );
    all(tx, &sql, &values)
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "grid_open311", "path", from, to)
}
