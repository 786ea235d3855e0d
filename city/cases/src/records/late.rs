//! Reasons of lateness: how often each was given, and the cases it was given for.

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use kernel::time::Date;
use store::{StoreError, Tx, Val, args, record};

use super::lists::{Column, Key, Lit, ran_over, rows};
use super::{CaseRow, Nearness, Share};

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

/// A reason was given: neither nothing at all nor the mark of what went on late without a word. It is true or false of
/// every row, so that its contrary holds too where nothing was said.
const EXPLAINED: &str = "(late_reason is not null and late_reason <> 'unsaid')";

/// Something was said since the promised day was over; of what was due at a moment, on that day or later.
const TOLD_SINCE: &str = "(late_told_on > promised_due or (act_by is not null and late_told_on = promised_due))";

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
pub fn overstayed(tx: &mut dyn Tx, side: Column, share: &Share, near: Nearness) -> Result<i64, StoreError> {
    // Each of the two is found by a small index of its own; that of the first has these very conditions.
    let ran = ran_over(1, 2);
    let stays = format!(
        "open = 1 and latest_at < $2 and late_reason is null and (kind = 'service' or waits_for <> 'counter') \
         and not {ran}"
    );
    let left = format!("open = 1 and late_reason = 'unsaid' and clock <> 'ended' and not {ran}");
    let mut found = 0;
    for conditions in [stays, left] {
        let values = args![near.today, near.now].to_vec();
        let (sql, values) = begun(side, share, "count(*)", &conditions, values);
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
    near: Nearness,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let ran = ran_over(1, 2);
    let overdue = format!(
        "open = 1 and (({ran} and not ({EXPLAINED} and {TOLD_SINCE})) \
         or (latest_at < $2 and late_reason is null and (kind = 'service' or waits_for <> 'counter')) \
         or (late_reason = 'unsaid' and clock <> 'ended'))"
    );
    let told = args![near.today, near.now].to_vec();
    let (mut sql, mut values) = begun(side, share, "district, id", &overdue, told);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by rank, sort_at, id limit ${}", values.len());
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// How many of the late open cases of a share have a reason. `lit` is how every list asks for late cases.
pub fn explained(tx: &mut dyn Tx, side: Column, share: &Share, lit: Lit) -> Result<i64, StoreError> {
    let (condition, values) = lit.condition(side, 1);
    let told = format!("open = 1 and ({condition}) and {EXPLAINED} and (clock <> 'running' or {TOLD_SINCE})");
    let (sql, values) = begun(side, share, "count(*)", &told, values);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// How many late open cases of a share owe no reason: they are late at the desk alone, which looks at them, sends them
/// out or checks them in a time of its own. `lit` is how every list asks for late cases.
pub fn at_desk(tx: &mut dyn Tx, side: Column, share: &Share, lit: Lit) -> Result<i64, StoreError> {
    let (condition, mut values) = lit.condition(side, 1);
    values.extend(args![lit.near.today, lit.near.now]);
    let ran = ran_over(values.len().saturating_sub(1), values.len());
    let waits = format!(
        "open = 1 and ({condition}) and late_reason is null and kind <> 'service' and waits_for = 'counter' \
         and not {ran}"
    );
    let (sql, values) = begun(side, share, "count(*)", &waits, values);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}

/// How many open cases of a share passed their promised date, or the moment where they were due at one, and have a
/// reason.
pub fn explained_overdue(tx: &mut dyn Tx, side: Column, share: &Share, near: Nearness) -> Result<i64, StoreError> {
    let ran = ran_over(1, 2);
    let overdue = format!("{EXPLAINED} and {TOLD_SINCE} and open = 1 and {ran}");
    let (sql, values) = begun(side, share, "count(*)", &overdue, args![near.today, near.now].to_vec());
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or(0))
}
