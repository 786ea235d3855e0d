//! Reasons of lateness: how often each was given, and the cases it was given for.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use kernel::time::{Date, Instant};
use store::{StoreError, Tx, Val, args, record};

use super::lists::{Column, Key, Lit, rows};
use super::{CaseRow, Share};

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

/// The start of a statement over the cases of a share, which are found by a column: what it reads and the first
/// conditions, whose values come first.
fn begun(side: Column, share: &Share, what: &str, conditions: &str, mut values: Vec<Val>) -> (String, Vec<Val>) {
    // asks all districts: an office decides for residents of any district
    let (path, department) = match side {
        Column::Desk => ("desk_path", "desk_department"),
        Column::Office => ("office_path", "office_department"),
    };
    let mut sql = format!("select {what} from cases_case where {conditions}");
    if share.scope.place.depth() > 1 {
        let (from, to) = share.scope.place.range();
        values.extend(args![from, to]);
        let _ = write!(sql, " and {path} >= ${} and {path} < ${}", values.len() - 1, values.len());
    }
    share.restrict(&mut sql, &mut values, department);
    (sql, values)
}

/// What was told between two days.
const TOLD: &str = "late_reason is not null and late_told_on >= $1 and late_told_on <= $2";

/// The reasons given between two days for cases of a share's offices, and how often.
pub fn counts(tx: &mut dyn Tx, share: &Share, days: &RangeInclusive<Date>) -> Result<Vec<LateCount>, StoreError> {
    let told = args![*days.start(), *days.end()].to_vec();
    let (sql, values) = begun(Column::Office, share, "late_reason, count(*), sum(open)", TOLD, told);
    store::all(tx, &format!("{sql} group by late_reason order by late_reason"), &values)
}

/// A reason that was given, as far as cases are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its code.
    pub reason: &'a str,
    /// The first and the last day on which it was given.
    pub days: &'a RangeInclusive<Date>,
    /// Whether the cases are those that are still open.
    pub only_open: bool,
}

/// The cases for which a reason was given, newest first, at most `limit`.
pub fn cases(tx: &mut dyn Tx, share: &Share, given: Given<'_>, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    let days = args![*given.days.start(), *given.days.end()];
    let (mut sql, mut values) = begun(Column::Office, share, "district, id", TOLD, days.to_vec());
    values.extend(args![given.reason, limit]);
    let (reason, limit) = (values.len() - 1, values.len());
    if given.only_open {
        sql.push_str(" and open = 1");
    }
    let _ = write!(sql, " and late_reason = ${reason} order by late_told_on desc, id desc limit ${limit}");
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// How many open cases of a share stay in a state too long, or left one too late without a word, and are not past their
/// promised date. What a desk looks at, sends out or checks in a time of its own is not the office's.
pub fn overstayed(tx: &mut dyn Tx, side: Column, share: &Share, today: Date, now: Instant) -> Result<i64, StoreError> {
    // Each of the two is answered by a small index of its own; that of the first has these very conditions.
    let stays = "open = 1 and latest_at < $1 and late_reason is null and (kind = 'service' or waits_for <> 'counter') \
                 and not (clock = 'running' and promised_due < $2)";
    let left =
        "open = 1 and late_reason = 'unsaid' and clock <> 'ended' and not (clock = 'running' and promised_due < $1)";
    let mut found = 0;
    for (conditions, values) in [(stays, args![now, today].to_vec()), (left, args![today].to_vec())] {
        let (sql, values) = begun(side, share, "count(*)", conditions, values);
        found += store::scalar::<i64>(tx, &sql, &values)?.unwrap_or(0);
    }
    Ok(found)
}

/// Open cases of a share that passed their promised date, or stay in a state too long, and for which nothing
/// was said since, those due first, at most `limit`. What was said of a late acceptance before is no word about the
/// promise.
pub fn unexplained(
    tx: &mut dyn Tx,
    side: Column,
    share: &Share,
    today: Date,
    now: Instant,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let overdue = "open = 1 and ((clock = 'running' and promised_due < $1 and (late_reason is null or late_told_on <= promised_due)) \
                   or (latest_at < $2 and late_reason is null and (kind = 'service' or waits_for <> 'counter')) or (late_reason = 'unsaid' and clock <> 'ended'))";
    let (mut sql, mut values) = begun(side, share, "district, id", overdue, args![today, now].to_vec());
    values.push(Val::from(limit));
    let _ = write!(sql, " order by rank, sort_at, id limit ${}", values.len());
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// How many of the late open cases of a share have a reason. `lit` is how every list asks for late cases.
pub fn explained(tx: &mut dyn Tx, side: Column, share: &Share, lit: Lit) -> Result<i64, StoreError> {
    let (condition, values) = lit.condition(side, 1);
    let told = format!(
        "open = 1 and ({condition}) and late_reason is not null and late_reason <> 'unsaid' \
         and (clock <> 'running' or late_told_on > promised_due)"
    );
    let (sql, values) = begun(side, share, "count(*)", &told, values);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// How many late open cases of a share owe no reason: they are late at the desk alone, which looks at them, sends them
/// out or checks them in a time of its own. `lit` is how every list asks for late cases.
pub fn at_desk(tx: &mut dyn Tx, side: Column, share: &Share, lit: Lit) -> Result<i64, StoreError> {
    let (condition, mut values) = lit.condition(side, 1);
    values.extend(args![lit.near.today]);
    let waits = format!(
        "open = 1 and ({condition}) and late_reason is null and kind <> 'service' and waits_for = 'counter' \
         and not (clock = 'running' and promised_due < ${})",
        values.len()
    );
    let (sql, values) = begun(side, share, "count(*)", &waits, values);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// How many open cases of a share passed their promised date and have a reason.
pub fn explained_overdue(tx: &mut dyn Tx, side: Column, share: &Share, today: Date) -> Result<i64, StoreError> {
    let overdue = "late_reason is not null and late_told_on > promised_due and open = 1 and clock = 'running' and promised_due < $1";
    let (sql, values) = begun(side, share, "count(*)", overdue, args![today].to_vec());
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}
