//! A list of several scopes: somebody with two posts sees one list, in one order, each row once.

use std::cmp::Ordering;

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
