//! The figures of all departments as they are kept: a row of sums for each publisher, place, department and month,
//! and a row for each thing that was counted on a day. A page adds up rows of sums along the prefix of a place.

use std::fmt::Write as _;

use kernel::figure::{Amounts, Cell, SLOTS};
use kernel::permission::Actor;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use store::{Row, StoreError, Tx, Val, args};
use uuid::Uuid;

use crate::words::{Asked, CountedRow, Cursor, DayRow, Days, MonthRow, Subject};

/// Returns how often it was confirmed that an account sees more people on a day.
pub(crate) fn more_looks(tx: &mut dyn Tx, account: Uuid, day: Date) -> Result<i64, StoreError> {
    let sql = "select times from hall_more_looks where account = $1 and day = $2";
    Ok(store::scalar::<i64>(tx, sql, &args![account, day])?.unwrap_or_default())
}

/// Keeps that it was confirmed once more, by whom and when.
pub(crate) fn add_more_looks(
    tx: &mut dyn Tx,
    account: Uuid,
    day: Date,
    by: &Actor,
    now: Instant,
) -> Result<(), StoreError> {
    // Only that of today is asked for; the log of events keeps the deed.
    tx.exec("delete from hall_more_looks where day < $1", &args![day])?;
    tx.exec(
        "insert into hall_more_looks (account, day, times, by_account, by_name, at) values ($1, $2, 1, $3, $4, $5) \
         on conflict (account, day) do update set times = hall_more_looks.times + 1, \
         by_account = excluded.by_account, by_name = excluded.by_name, at = excluded.at",
        &args![account, day, by.account, by.name.as_str(), now],
    )
    .map(drop)
}

/// The name of a column.
fn column(slot: usize) -> String {
    format!("n{slot:02}")
}

/// The columns in which something was counted, as the end of an insert needs them.
struct Filled {
    /// The names, each behind a comma.
    columns: String,
    /// The marks of their values, each behind a comma.
    marks: String,
    /// What an existing row becomes.
    sums: String,
    values: Vec<Val>,
}

impl Filled {
    /// The columns of a table, whose marks follow on those of the key.
    fn new(table: &str, amounts: &Amounts, mut values: Vec<Val>) -> Self {
        let (mut columns, mut marks, mut sums) = (String::new(), String::new(), Vec::new());
        for (slot, amount) in amounts.filled() {
            let name = column(slot);
            values.push(Val::from(amount));
            let _ = write!(columns, ", {name}");
            let _ = write!(marks, ", ${}", values.len());
            sums.push(format!("{name} = coalesce({table}.{name}, 0) + excluded.{name}"));
        }
        Self { columns, marks, sums: sums.join(", "), values }
    }
}

/// Adds to the sums of a month. The row is shared by all that is counted there, and held until the commit.
pub(crate) fn add(tx: &mut dyn Tx, publisher: &str, at: &MonthRow) -> Result<(), StoreError> {
    let key = args![at.place.district(), publisher, &at.month, &at.place, &at.department].to_vec();
    let Filled { columns, marks, sums, values } = Filled::new("hall_figure", &at.amounts, key);
    let sql = format!(
        "insert into hall_figure (district, publisher, month, place, department{columns}) values ($1, $2, $3, $4, $5{marks}) \
         on conflict (district, publisher, month, place, department) do update set {sums}"
    );
    tx.put(&sql, &values)
}

/// Notes what was counted of one thing on a day, and whether the thing is confidential.
pub(crate) fn note(
    tx: &mut dyn Tx,
    subject: &Subject,
    cell: &Cell,
    amounts: &Amounts,
    confidential: bool,
) -> Result<(), StoreError> {
    let Cell { place, department, day } = cell;
    let mut key =
        args![place.district(), subject.publisher, cell.month(), place, *day, department, subject.district, subject.id]
            .to_vec();
    key.push(Val::from(i64::from(confidential)));
    let Filled { columns, marks, sums, values } = Filled::new("hall_counted", amounts, key);
    let sql = format!(
        "insert into hall_counted \
         (district, publisher, month, place, day, department, subject_district, subject, confidential{columns}) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9{marks}) \
         on conflict (district, publisher, month, place, day, department, subject) do update set {sums}"
    );
    tx.put(&sql, &values)
}

/// The sums of a month over what was asked for.
pub(crate) fn sum(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Amounts, StoreError> {
    let (sql, values) = summed("0", asked);
    let rows = tx.rows(&sql, &values)?;
    rows.first().map_or_else(|| Ok(Amounts::default()), |row| read_sums(row, asked.slots))
}

/// The same by district; the city's own offices stand under the identity of the city.
pub(crate) fn by_district(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Vec<(PlaceId, Amounts)>, StoreError> {
    let (sql, values) = summed("district", asked);
    let rows = tx.rows(&format!("{sql} group by district order by district"), &values)?;
    rows.iter().map(|row| Ok((row.get(0)?, read_sums(row, asked.slots)?))).collect()
}

/// The same by district and department.
pub(crate) fn by_district_and_department(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
) -> Result<Vec<(PlaceId, String, Amounts)>, StoreError> {
    // asks all districts: only of the city, see `within`
    let (sql, values) = summed("district, department", asked);
    let sql = format!("{sql} group by district, department order by district, department");
    let rows = tx.rows(&sql, &values)?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, read_sums_from(row, asked.slots, 2)?))).collect()
}

/// The statement of sums; its first column is `key`.
fn summed(key: &str, asked: &Asked<'_>) -> (String, Vec<Val>) {
    // asks all districts: only of the city, see `within`
    let sums: Vec<String> = asked.slots.iter().map(|slot| format!(", coalesce(sum({}), 0)", column(*slot))).collect();
    let mut sql = format!(
        "select {key}{} from hall_figure where publisher = $1 and month = $2 and place >= $3 and place < $4",
        sums.concat()
    );
    let (from, to) = asked.bounds();
    let mut values = args![asked.publisher, asked.month, from, to].to_vec();
    within(&mut sql, &mut values, asked.place);
    for_department(&mut sql, &mut values, asked.department);
    (sql, values)
}

/// Below the city the district of the rows is known, and one machine answers.
fn within(sql: &mut String, values: &mut Vec<Val>, place: &PlacePath) {
    if place.level() != Level::City {
        values.push(Val::from(place.district()));
        let _ = write!(sql, " and district = ${}", values.len());
    }
}

fn for_department(sql: &mut String, values: &mut Vec<Val>, department: Option<&str>) {
    if let Some(department) = department {
        values.push(Val::from(department));
        let _ = write!(sql, " and department = ${}", values.len());
    }
}

/// The sums behind the first column of a row.
fn read_sums(row: &Row, slots: &[usize]) -> Result<Amounts, StoreError> {
    read_sums_from(row, slots, 1)
}

/// The sums that begin at a column of a row.
fn read_sums_from(row: &Row, slots: &[usize], first: usize) -> Result<Amounts, StoreError> {
    let mut amounts = Amounts::default();
    for (slot, at) in slots.iter().zip(first..) {
        amounts.add(*slot, row.get(at)?);
    }
    Ok(amounts)
}

/// The months with figures of a publisher, newest first, at most `limit`: each found from the one after it, however
/// many rows lie between.
pub(crate) fn months(tx: &mut dyn Tx, publisher: &str, limit: i64) -> Result<Vec<String>, StoreError> {
    // asks all districts: a month has figures wherever something happened in it
    let sql = "select max(month) from hall_figure where publisher = $1 and month < $2";
    let (mut found, mut before) = (Vec::new(), String::from("9999-99"));
    for _ in 0..limit {
        let Some(month) = store::scalar::<Option<String>>(tx, sql, &args![publisher, &before])?.flatten() else {
            break;
        };
        before.clone_from(&month);
        found.push(month);
    }
    Ok(found)
}

/// Every column of a table, a mark of nothing read as 0.
fn all_columns() -> String {
    let all: Vec<String> = (1..=SLOTS).map(|slot| format!("coalesce({}, 0)", column(slot))).collect();
    all.join(", ")
}

fn all_sums() -> String {
    let all: Vec<String> = (1..=SLOTS).map(|slot| format!("coalesce(sum({}), 0)", column(slot))).collect();
    all.join(", ")
}

/// The sums that begin at a column of a row.
fn read_all(row: &Row, first: usize) -> Result<Amounts, StoreError> {
    let values: Result<Vec<i64>, StoreError> = (first..first + SLOTS).map(|at| row.get(at)).collect();
    Ok(Amounts::new(values?))
}

/// The rows of a month inside a place, at most `limit`, in the order of places.
pub(crate) fn rows_of_month(tx: &mut dyn Tx, asked: &Asked<'_>, limit: i64) -> Result<Vec<MonthRow>, StoreError> {
    // asks all districts: only of the city, see `within`
    let mut sql = format!(
        "select place, department, {} from hall_figure where publisher = $1 and month = $2 and place >= $3 and place < $4",
        all_columns()
    );
    let (from, to) = asked.bounds();
    let mut values = args![asked.publisher, asked.month, from, to].to_vec();
    within(&mut sql, &mut values, asked.place);
    for_department(&mut sql, &mut values, asked.department);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by place, department limit ${}", values.len());
    let read = |row: &Row| {
        let (place, department, amounts) = (row.get(0)?, row.get(1)?, read_all(row, 2)?);
        Ok(MonthRow { place, department, month: asked.month.to_owned(), amounts })
    };
    tx.rows(&sql, &values)?.iter().map(read).collect()
}

/// What was counted in the cells of a month, at most `limit` cells, from the rows of what was counted.
pub(crate) fn cells(
    tx: &mut dyn Tx,
    publisher: &str,
    month: &str,
    limit: i64,
) -> Result<Vec<(Cell, Amounts)>, StoreError> {
    // asks all districts: a recount compares the whole city
    let sql = format!(
        "select place, department, day, {} from hall_counted where publisher = $1 and month = $2 \
         group by place, department, day order by place, department, day limit $3",
        all_sums()
    );
    let read = |row: &Row| {
        let cell = Cell { place: row.get(0)?, department: row.get(1)?, day: row.get(2)? };
        Ok((cell, read_all(row, 3)?))
    };
    tx.rows(&sql, &args![publisher, month, limit])?.iter().map(read).collect()
}

/// The conditions of a statement on what was counted of one sum in a district: the values come first.
fn counted(sql: &mut String, asked: &Asked<'_>, days: &Days, district: PlaceId) -> Vec<Val> {
    let (from, to) = asked.bounds();
    let mut values = args![district, asked.publisher, asked.month, from, to, days.from, days.to].to_vec();
    let _ = write!(
        sql,
        " and publisher = $2 and month = $3 and place >= $4 and place < $5 \
         and day >= $6 and day <= $7 and {} <> 0",
        column(days.slot)
    );
    if !days.confidential {
        sql.push_str(" and confidential = 0");
    }
    for_department(sql, &mut values, asked.department);
    values
}

/// How much of a sum was counted of confidential things.
pub(crate) fn confidential(tx: &mut dyn Tx, asked: &Asked<'_>, days: &Days) -> Result<i64, StoreError> {
    // asks all districts: only of the city, see `within`
    let mut sql = format!(
        "select coalesce(sum({}), 0) from hall_counted where confidential = 1 and publisher = $1 and month = $2 \
         and place >= $3 and place < $4 and day >= $5 and day <= $6",
        column(days.slot)
    );
    let (from, to) = asked.bounds();
    let mut values = args![asked.publisher, asked.month, from, to, days.from, days.to].to_vec();
    within(&mut sql, &mut values, asked.place);
    for_department(&mut sql, &mut values, asked.department);
    Ok(store::scalar(tx, &sql, &values)?.unwrap_or_default())
}

/// What was counted of confidential things in a month, place by place and department by department.
pub(crate) fn confidential_rows(tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<Vec<MonthRow>, StoreError> {
    // asks all districts: only of the city, see `within`
    let mut sql = format!(
        "select place, department, {} from hall_counted where confidential = 1 and publisher = $1 and month = $2 \
         and place >= $3 and place < $4",
        all_sums()
    );
    let (from, to) = asked.bounds();
    let mut values = args![asked.publisher, asked.month, from, to].to_vec();
    within(&mut sql, &mut values, asked.place);
    for_department(&mut sql, &mut values, asked.department);
    sql.push_str(" group by place, department order by place, department");
    let read = |row: &Row| {
        let (place, department, amounts) = (row.get(0)?, row.get(1)?, read_all(row, 2)?);
        Ok(MonthRow { place, department, month: asked.month.to_owned(), amounts })
    };
    tx.rows(&sql, &values)?.iter().map(read).collect()
}

/// What was counted of a sum in one district, day by day.
pub(crate) fn by_day(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
    days: &Days,
    district: PlaceId,
) -> Result<Vec<DayRow>, StoreError> {
    let mut sql = format!("select day, sum({}) from hall_counted where district = $1", column(days.slot));
    let values = counted(&mut sql, asked, days, district);
    sql.push_str(" group by day order by day limit 31");
    store::all(tx, &sql, &values)
}

/// The things that were counted of a sum in one district, in the order of places and days, behind the cursor, at most
/// `limit`.
pub(crate) fn things(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
    days: &Days,
    district: PlaceId,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<CountedRow>, StoreError> {
    let mut sql = format!(
        "select place, day, department, subject_district, subject, {} from hall_counted where district = $1",
        column(days.slot)
    );
    let mut values = counted(&mut sql, asked, days, district);
    if let Some(after) = after {
        values.extend(args![&after.place, after.day, &after.department, after.subject]);
        let marks: Vec<String> = (values.len() - 3..=values.len()).map(|mark| format!("${mark}")).collect();
        let _ = write!(sql, " and (place, day, department, subject) > ({})", marks.join(", "));
    }
    values.push(Val::from(limit));
    let _ = write!(sql, " order by place, day, department, subject limit ${}", values.len());
    store::all(tx, &sql, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_columns_that_hold_something_are_written() {
        let filled = Filled::new("t", &Amounts::new([0, 5, 0, -2]), vec![Val::Int(1), Val::Int(2)]);
        assert_eq!((filled.columns.as_str(), filled.marks.as_str()), (", n02, n04", ", $3, $4"));
        assert_eq!(filled.sums, "n02 = coalesce(t.n02, 0) + excluded.n02, n04 = coalesce(t.n04, 0) + excluded.n04");
        assert_eq!(filled.values, [Val::Int(1), Val::Int(2), Val::Int(5), Val::Int(-2)]);
        let nothing = Filled::new("t", &Amounts::default(), Vec::new());
        assert_eq!((nothing.columns.as_str(), nothing.sums.as_str(), nothing.values.len()), ("", "", 0));
        assert_eq!([1, 9, 10, SLOTS].map(column), ["n01", "n09", "n10", "n32"]);
    }

    #[test]
    fn a_statement_names_the_district_wherever_it_is_known() {
        for (path, own, department, end, count) in [
            ("1.", false, None, "place < $4", 4),
            ("1.", true, None, "place < $4", 4),
            ("1.", false, Some("health"), "place < $4 and department = $5", 5),
            ("1.4.", false, None, "place < $4 and district = $5", 5),
            ("1.4.57.", true, Some("health"), "place < $4 and district = $5 and department = $6", 6),
        ] {
            let place = PlacePath::parse(path).unwrap();
            let asked = Asked { publisher: "x", place: &place, own, department, month: "2026-11", slots: &[2, 10] };
            let (sql, values) = summed("0", &asked);
            assert!(
                sql.starts_with("select 0, coalesce(sum(n02), 0), coalesce(sum(n10), 0) from hall_figure"),
                "{sql}"
            );
            assert!(sql.ends_with(end) && values.len() == count, "{sql}");
        }
    }
}
