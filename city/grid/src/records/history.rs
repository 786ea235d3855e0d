//! Remembers what other systems tell of reports that they handled.

use std::collections::BTreeMap;

use kernel::place::PlacePath;
use kernel::time::Instant;
use store::{StoreError, Tx, Val, all, args, one, record};

/// How many rows one statement asks for.
const TOGETHER: usize = 100;

const COLUMNS: &str = "source, number, path, kind, opened_at, due_at, closed_at, open, department, channel, taken_at";

record! {
    /// A report that another system handled.
    pub struct Past {
        /// The source, as its mapping calls it.
        pub source: String,
        /// Its number there.
        pub number: String,
        /// Where it lies; the city where the source does not say.
        pub path: PlacePath,
        /// The kind: `event/0102`.
        pub kind: String,
        /// When it was opened.
        pub opened_at: Instant,
        /// When it was due, if it was.
        pub due_at: Option<Instant>,
        /// When it was closed, if it was.
        pub closed_at: Option<Instant>,
        /// Whether it is still open there.
        pub open: bool,
        /// Who handled it, in the words of the source or as a unit of the catalogue.
        pub department: String,
        /// How it came in.
        pub channel: String,
        /// When it was taken in.
        pub taken_at: Instant,
    }
}

record! {
    /// How many reports of a source there are.
    pub struct Counts {
        /// All.
        pub all: i64,
        /// Those with a day on which they were due.
        pub due: i64,
        /// Those that were closed.
        pub closed: i64,
        /// Those that were closed after they were due.
        pub late: i64,
        /// Those that are open and were due before the moment asked for.
        pub overdue: i64,
    }
}

/// The reports of a source with these numbers, by number.
///
/// # Errors
/// The store failed.
pub fn known(tx: &mut dyn Tx, source: &str, numbers: &[&str]) -> Result<BTreeMap<String, Past>, StoreError> {
    let mut found = BTreeMap::new();
    for part in numbers.chunks(TOGETHER) {
        let marks: Vec<String> = (0..TOGETHER).map(|at| format!("${}", at + 2)).collect();
        let sql = format!("select {COLUMNS} from grid_history where source = $1 and number in ({})", marks.join(", "));
        let filler = part.last().into_iter().cycle();
        let asked = part.iter().chain(filler).take(TOGETHER).map(|number| Val::from(*number));
        let values: Vec<Val> = std::iter::once(Val::from(source)).chain(asked).collect();
        found.extend(all::<Past>(tx, &sql, &values)?.into_iter().map(|past| (past.number.clone(), past)));
    }
    Ok(found)
}

/// Adds a report.
///
/// # Errors
/// [`StoreError::Conflict`] when another import added it meanwhile, or the store failed.
pub fn add(tx: &mut dyn Tx, new: &Past) -> Result<(), StoreError> {
    let sql = format!(
        "insert into grid_history ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         on conflict (source, number) do nothing"
    );
    let values = args![
        &new.source,
        &new.number,
        &new.path,
        &new.kind,
        new.opened_at,
        new.due_at,
        new.closed_at,
        new.open,
        &new.department,
        &new.channel,
        new.taken_at
    ];
    if tx.exec(&sql, &values)? == 1 { Ok(()) } else { Err(tx.conflict()) }
}

/// Writes what a source says of a report today in place of what it said before.
///
/// # Errors
/// The store failed.
pub fn correct(tx: &mut dyn Tx, new: &Past) -> Result<(), StoreError> {
    let sql = "update grid_history set path = $1, kind = $2, opened_at = $3, due_at = $4, closed_at = $5, \
               open = $6, department = $7, channel = $8, taken_at = $9 \
               where source = $10 and number = $11";
    let values = args![
        &new.path,
        &new.kind,
        new.opened_at,
        new.due_at,
        new.closed_at,
        new.open,
        &new.department,
        &new.channel,
        new.taken_at,
        &new.source,
        &new.number
    ];
    tx.exec(sql, &values).map(|_| ())
}

/// Counts the reports of a source as of a moment.
///
/// # Errors
/// The store failed.
pub fn counts(tx: &mut dyn Tx, source: &str, at: Instant) -> Result<Counts, StoreError> {
    let sql = "select count(*), count(due_at), coalesce(sum(case when open = 0 then 1 else 0 end), 0), \
               coalesce(sum(case when open = 0 and closed_at > due_at then 1 else 0 end), 0), \
               coalesce(sum(case when open = 1 and due_at < $1 then 1 else 0 end), 0) \
               from grid_history where source = $2";
    let none = Counts { all: 0, due: 0, closed: 0, late: 0, overdue: 0 };
    Ok(one(tx, sql, &args![at, source])?.unwrap_or(none))
}
