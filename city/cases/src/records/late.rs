//! Reasons of lateness: how often each was given, and the cases it was given for.

use std::fmt::Write as _;

use kernel::case::LateReason;
use kernel::permission::Scope;
use kernel::place::PlacePath;
use kernel::time::Date;
use store::{StoreError, Tx, Val, args, record};

use super::lists::{Key, rows};
use super::{CaseRow, Share, restrict};

record! {
    /// How often a reason was given.
    pub struct LateCount {
        /// Code of the reason.
        pub reason: String,
        /// In how many cases.
        pub cases: i64,
        /// How many of these are still open.
        pub open: i64,
    }
}

fn told(scope: &Scope, what: &str, (from, to): (Date, Date)) -> (String, Vec<Val>) {
    let mut sql = format!(
        "select {what} from cases_case where late_reason is not null and late_told_on >= $1 and late_told_on <= $2"
    );
    let mut values = args![from, to].to_vec();
    if scope.place.depth() > 1 {
        inside(&mut sql, &mut values, &scope.place);
    }
    restrict(&mut sql, &mut values, scope, "office_department");
    (sql, values)
}

fn inside(sql: &mut String, values: &mut Vec<Val>, place: &PlacePath) {
    let (from, to) = place.range();
    values.extend(args![from, to]);
    let _ = write!(sql, " and office_path >= ${} and office_path < ${}", values.len() - 1, values.len());
}

/// The reasons given between two days for cases of a scope's offices, and how often.
///
/// # Errors
/// Whatever the store reports.
pub fn counts(tx: &mut dyn Tx, share: &Share, days: (Date, Date)) -> Result<Vec<LateCount>, StoreError> {
    let (mut sql, values) = told(&share.scope, "late_reason, count(*), sum(open)", days);
    if share.sealed_only {
        sql.push_str(" and confidential = 1");
    }
    store::all(tx, &format!("{sql} group by late_reason order by late_reason"), &values)
}

/// The cases for which a reason was given between two days, newest first, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn cases(
    tx: &mut dyn Tx,
    (scope, reason): (&Scope, LateReason),
    days: (Date, Date),
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let (mut sql, mut values) = told(scope, "district, id", days);
    values.extend(args![reason.code(), limit]);
    let _ = write!(
        sql,
        " and late_reason = ${} order by late_told_on desc, id desc limit ${}",
        values.len() - 1,
        values.len()
    );
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// Open cases of a scope's offices that passed their promised date and for which nothing was said, those due first, at most `limit`.
///
/// # Errors
/// Whatever the store reports.
pub fn unexplained(tx: &mut dyn Tx, scope: &Scope, today: Date, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let mut values = args![today].to_vec();
    let mut sql =
        "select district, id from cases_case where open = 1 and rank = 0 and clock = 'running' and promised_due < $1 \
                   and late_reason is null"
            .to_owned();
    if scope.place.depth() > 1 {
        inside(&mut sql, &mut values, &scope.place);
    }
    restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by rank, sort_at, id limit ${}", values.len());
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// How many open cases of a scope's offices passed their promised date and have a reason.
///
/// # Errors
/// Whatever the store reports.
pub fn explained_overdue(tx: &mut dyn Tx, share: &Share, today: Date) -> Result<i64, StoreError> {
    let mut values = args![today].to_vec();
    let mut sql = "select count(*) from cases_case where late_reason is not null and open = 1 and clock = 'running' \
                   and promised_due < $1"
        .to_owned();
    if share.scope.place.depth() > 1 {
        inside(&mut sql, &mut values, &share.scope.place);
    }
    share.restrict(&mut sql, &mut values, "office_department");
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}
