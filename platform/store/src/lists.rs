//! Lists that are put together: of several scopes, because somebody with two posts sees one list, in one order, each
//! row once; and of several identities, which are read together.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kernel::place::PlaceId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::record::{Record, all};
use crate::transaction::Tx;
use crate::value::Val;

/// The most values that the list of one statement has.
pub const LISTED: usize = 100;
/// Sizes of the list of one statement: few, so that each is prepared once.
const SIZES: [usize; 3] = [8, 24, LISTED];

/// Returns a list of one value or more as a statement has it: its marks, the first of them with that number, and its
/// values, of which the last one is repeated until the list has one of a few sizes. A longer list than [`LISTED`] is
/// asked for in parts.
pub fn listed(first: usize, values: &[Val]) -> (String, Vec<Val>) {
    let size = SIZES.into_iter().find(|size| *size >= values.len()).unwrap_or(values.len());
    let marks: Vec<String> = (0..size).map(|at| format!("${}", at + first)).collect();
    let repeated = values.last().into_iter().cycle();
    let full = values.iter().chain(repeated).take(size).cloned().collect();
    (marks.join(", "), full)
}

/// Reads rows by district and identity, in no particular order; what is not there is left out. `sql` writes the
/// statement around the marks of a list of identities, which follow on the district as its first value.
pub fn several<T: Record>(
    tx: &mut dyn Tx,
    keys: &[(PlaceId, Uuid)],
    sql: impl Fn(&str) -> String,
) -> Result<Vec<T>, StoreError> {
    let mut by_district: BTreeMap<PlaceId, Vec<Uuid>> = BTreeMap::new();
    for (district, id) in keys {
        by_district.entry(*district).or_default().push(*id);
    }
    let mut found = Vec::with_capacity(keys.len());
    for (district, mut ids) in by_district {
        ids.sort_unstable();
        ids.dedup();
        for part in ids.chunks(LISTED) {
            let ids: Vec<Val> = part.iter().map(|id| Val::from(*id)).collect();
            let (marks, ids) = listed(2, &ids);
            let values: Vec<Val> = std::iter::once(Val::from(district)).chain(ids).collect();
            found.extend(all::<T>(tx, &sql(&marks), &values)?);
        }
    }
    Ok(found)
}

/// Reads the rows of each scope and puts them together: in `order`, of rows that are equal in it the first alone, at
/// most `limit` of them. `read` has the same limit for each scope.
///
/// # Errors
/// Whatever `read` reports.
pub fn gather<S, T, E>(
    scopes: &[S],
    limit: i64,
    order: impl Fn(&T, &T) -> Ordering,
    mut read: impl FnMut(&S) -> Result<Vec<T>, E>,
) -> Result<Vec<T>, E> {
    let mut found = Vec::new();
    for scope in scopes {
        found.append(&mut read(scope)?);
    }
    found.sort_by(&order);
    found.dedup_by(|later, earlier| order(later, earlier) == Ordering::Equal);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_one_of_few_sizes() {
        for (count, size) in [(1, 8), (8, 8), (9, 24), (LISTED, LISTED)] {
            let values: Vec<Val> = (0..count).map(|at| Val::from(i64::try_from(at).unwrap())).collect();
            let (marks, filled) = listed(3, &values);
            assert_eq!((marks.split(", ").count(), filled.len()), (size, size), "{count}");
            assert!(marks.starts_with("$3") && marks.ends_with(&format!("${}", size + 2)), "{marks}");
            assert!(filled.starts_with(&values) && filled.last() == values.last(), "{count}");
        }
    }

    #[test]
    fn rows_of_several_scopes_are_one_list() {
        let rows = |scope: &i64| -> Result<Vec<(i64, &'static str)>, String> {
            match scope {
                1 => Ok(vec![(3, "c"), (1, "a")]),
                2 => Ok(vec![(2, "b"), (3, "c")]),
                _ => Err("no such scope".to_owned()),
            }
        };
        let by_number = |one: &(i64, &'static str), other: &(i64, &'static str)| one.0.cmp(&other.0);
        assert_eq!(gather(&[1, 2], 10, by_number, rows).unwrap(), [(1, "a"), (2, "b"), (3, "c")]);
        assert_eq!(gather(&[1, 2], 2, by_number, rows).unwrap(), [(1, "a"), (2, "b")]);
        assert!(gather(&[], 2, by_number, rows).unwrap().is_empty());
        assert_eq!(gather(&[1, 7], 2, by_number, rows).unwrap_err(), "no such scope");
    }
}
