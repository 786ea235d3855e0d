//! This folder holds what is remembered of papers: files, checks, promises, originals with their trail, and hand-over
//! lists.

pub mod check;
pub mod custody;
pub mod file;
pub mod promise;
pub mod sheet;

use std::fmt::Write as _;

use kernel::permission::Scope;
use kernel::place::PlacePath;
use store::{StoreError, Tx, Val};

/// Limits the rows of one case. The machine sets this limit.
pub const OF_A_CASE: i64 = 500;

/// Holds the columns that say to which desk a row belongs: path, department, and whether the matter is confidential if
/// there is such a column.
struct DeskColumns {
    path: &'static str,
    department: &'static str,
    confidential: Option<&'static str>,
}

/// Restricts a query to rows of desks inside a scope: its place, and its department if the scope names one.
/// Confidential rows appear only for a scope that names a department.
fn within(sql: &mut String, values: &mut Vec<Val>, scope: &Scope, columns: &DeskColumns) {
    let (from, to) = scope.place.range();
    values.push(Val::from(from));
    let _ = write!(sql, "({} >= ${}", columns.path, values.len());
    values.push(Val::from(to));
    let _ = write!(sql, " and {} < ${}", columns.path, values.len());
    match (&scope.department, columns.confidential) {
        (Some(department), _) => {
            values.push(Val::from(department.as_str()));
            let _ = write!(sql, " and {} = ${}", columns.department, values.len());
        }
        (None, Some(confidential)) => {
            let _ = write!(sql, " and {confidential} = 0");
        }
        (None, None) => {}
    }
    sql.push(')');
}

/// Counts what a query that ends in `and` finds at the desks of several scopes, each row once.
fn counted(
    tx: &mut dyn Tx,
    begun: &str,
    mut values: Vec<Val>,
    scopes: &[Scope],
    columns: &DeskColumns,
) -> Result<i64, StoreError> {
    if scopes.is_empty() {
        return Ok(0);
    }
    let mut sql = format!("{begun} (");
    for (number, scope) in scopes.iter().enumerate() {
        sql.push_str(if number == 0 { "" } else { " or " });
        within(&mut sql, &mut values, scope, columns);
    }
    sql.push(')');
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// Lists the columns that keep a place.
const PLACES: [(&str, &str); 5] = [
    ("papers_promise", "place_path"),
    ("papers_original", "holder_path"),
    ("papers_original", "home_path"),
    ("papers_move", "from_path"),
    ("papers_move", "to_path"),
];

/// Moves the promises and originals inside a place that now lies elsewhere to its new path.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    PLACES.iter().try_for_each(|(table, column)| store::follow_places(tx, table, column, from, to))
}
