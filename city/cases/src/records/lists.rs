//! Lists of cases in the order of the queue, and of what ended last. An index alone chooses the cases; then the rows of
//! those that are shown are read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kernel::case::SERVICE;
use kernel::permission::Scope;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Instant, Zone};
use store::{StoreError, Tx, Val, args, record};
use uuid::Uuid;

use super::{COLUMNS, CaseRow, FOLDED, Folded, Nearness, Share, Unit, restrict};
use crate::words::Cursor;

/// Which rows a list shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Column {
    /// By the desk where the case waits.
    Desk,
    /// By the office that decides.
    Office,
}

impl Column {
    /// By what the open cases of some shares are found and counted. A leader looks after what lies in her places now,
    /// at whatever desk it waits, whoever decides it in the end. A post for one department looks after what its offices
    /// decide, wherever that waits; whoever has one sees everything by that, so that no case is counted twice.
    #[must_use]
    pub fn of(shares: &[Share]) -> Self {
        let is_limited = shares.iter().any(|share| share.scope.department.is_some());
        if is_limited { Self::Office } else { Self::Desk }
    }

    /// The columns of its place and its department.
    pub(super) const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Desk => ("desk_path", "desk_department"),
            Self::Office => ("office_path", "office_department"),
        }
    }
}

/// How the cases of a list stand in time, as open cases are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InTime {
    /// The day by which they were due is over, or the moment where they were due at one.
    Late,
    /// That day is today or near, and the moment lies ahead.
    Soon,
    /// Their clocks stand still.
    Stopped,
}

impl InTime {
    /// All of them.
    const ALL: [Self; 3] = [Self::Late, Self::Soon, Self::Stopped];

    /// The word of an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Stopped => "stopped",
        }
    }

    /// Reads the word of an address.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// How the cases of a list stand in time at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lit {
    /// How they stand.
    pub light: InTime,
    /// What is late and near at that moment.
    pub near: Nearness,
    /// Where midnight is.
    pub zone: Zone,
}

impl Lit {
    /// The condition that a case stands so, with its values, the first of them with that number. What is not accepted
    /// yet is late and near by the day until which it is to be accepted. What a desk has a time of its own for is late
    /// and near at that desk, and not at the office. What is due at a moment is late once that has passed, as its row
    /// says. Every list and every number of late and near cases asks by this.
    pub(super) fn condition(self, column: Column, first: usize) -> (String, Vec<Val>) {
        let Nearness { today, soon, begins: from, now: at } = self.near;
        let waits = WAITS.pick(column);
        match self.light {
            InTime::Stopped => (STOPPED.pick(column).to_owned(), Vec::new()),
            InTime::Late => {
                let [day, begins, now] = [0, 1, 2].map(|step| first.saturating_add(step));
                let ran = ran_over(day, now);
                let sql = format!(
                    "{ran} or ({waits} and (sort_at < ${begins} or (act_by is not null and sort_at < ${now})))"
                );
                (sql, args![today, from, at].to_vec())
            }
            InTime::Soon => {
                let [day, until, begins, ends, now] = [0, 1, 2, 3, 4].map(|step| first.saturating_add(step));
                let ahead = format!("(act_by is null or sort_at >= ${now})");
                let sql = format!(
                    "(clock = 'running' and promised_due >= ${day} and promised_due <= ${until} and {ahead}) \
                     or ({waits} and sort_at >= ${begins} and sort_at < ${ends} and {ahead})"
                );
                let to = self.zone.instant(soon, MINUTES_OF_DAY);
                (sql, args![today, soon, from, to, at].to_vec())
            }
        }
    }

    fn restrict(self, column: Column, sql: &mut String, values: &mut Vec<Val>) {
        let (condition, asked) = self.condition(column, values.len().saturating_add(1));
        values.extend(asked);
        let _ = write!(sql, " and ({condition})");
    }
}

/// The condition that a clock runs and the day by which it was due is over, or the moment where it was due at one. The
/// values of those numbers are the day and the moment of asking.
pub(super) fn ran_over(day: usize, now: usize) -> String {
    format!("(clock = 'running' and (promised_due < ${day} or (act_by is not null and sort_at < ${now})))")
}

/// A condition at the desk where a case waits, and at its office.
struct Sides {
    desk: &'static str,
    office: &'static str,
}

impl Sides {
    const fn pick(&self, column: Column) -> &'static str {
        match column {
            Column::Desk => self.desk,
            Column::Office => self.office,
        }
    }
}

/// The clocks of a case stand still, and it does not wait for a desk.
const STOPPED: Sides = Sides { desk: "clock = 'stopped' and act_by is null", office: "clock = 'stopped'" };
/// A case waits to be accepted, or for a desk that has a time of its own.
const WAITS: Sides = Sides {
    desk: "((clock = 'not_started' and rank = 0) or (clock = 'stopped' and act_by is not null))",
    office: "clock = 'not_started' and rank = 0 and act_by is null",
};

/// The midnight after a day is this many minutes from its beginning.
const MINUTES_OF_DAY: u32 = 24 * 60;

/// What a list is narrowed to inside its scope.
#[derive(Clone, Copy, Default, Debug)]
pub struct Narrow<'a> {
    /// Only what stands so in time.
    pub lit: Option<Lit>,
    /// Only what is in this state.
    pub state: Option<&'a str>,
    /// Only what lies at the very place of the scope, not inside it.
    pub own: bool,
    /// Only what somebody of this name has in hand; an empty name stands for what nobody has.
    pub hand: Option<&'a str>,
    /// Only what this unit decides.
    pub unit: Option<&'a Unit>,
    /// Only these cases.
    pub only: Option<&'a [Key]>,
}

impl Narrow<'_> {
    /// Narrowed to how cases stand in time.
    #[must_use]
    pub fn lit(lit: Option<Lit>) -> Self {
        Self { lit, ..Self::default() }
    }

    fn restrict(&self, column: Column, sql: &mut String, values: &mut Vec<Val>, place: &PlacePath) {
        let (path, _) = column.names();
        let mut is = |column: &str, value: Val| {
            values.push(value);
            let _ = write!(sql, " and {column} = ${}", values.len());
        };
        if let Some(state) = self.state {
            is("state", Val::from(state));
        }
        if self.own {
            is(path, Val::from(place));
        }
        if let Some(unit) = self.unit {
            is("office_path", Val::from(&unit.place));
            is("office_department", Val::from(unit.department.as_str()));
        }
        match self.hand {
            Some("") => sql.push_str(" and handler_name is null"),
            Some(name) => is("handler_name", Val::from(name)),
            None => {}
        }
        if let Some(lit) = self.lit {
            lit.restrict(column, sql, values);
        }
        if let Some(keys) = self.only {
            let mut among = |column: &str, of: &dyn Fn(&Key) -> Val| {
                let marks = keys.iter().map(|key| {
                    values.push(of(key));
                    format!("${}", values.len())
                });
                let _ = write!(sql, " and {column} in ({})", marks.collect::<Vec<_>>().join(", "));
            };
            among("district", &|key| Val::from(key.district));
            among("id", &|key| Val::from(key.id));
        }
    }
}

/// One scope's open cases in the order of the queue, after the cursor, at most `limit`.
pub fn queue(
    tx: &mut dyn Tx,
    column: Column,
    scope: &Scope,
    after: Cursor,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    queue_narrowed(tx, column, scope, Narrow::default(), after, limit)
}

/// As [`queue`], those in one state alone.
pub fn queue_in_state(
    tx: &mut dyn Tx,
    column: Column,
    scope: &Scope,
    state: &str,
    after: Cursor,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    queue_narrowed(tx, column, scope, Narrow { state: Some(state), ..Narrow::default() }, after, limit)
}

/// As [`queue`], only those to which the list is narrowed.
pub fn queue_narrowed(
    tx: &mut dyn Tx,
    column: Column,
    scope: &Scope,
    narrow: Narrow<'_>,
    after: Cursor,
    limit: i64,
) -> Result<Vec<CaseRow>, StoreError> {
    let placed = placed_narrowed(tx, column, scope, narrow, after, limit)?;
    placed_rows(tx, &placed)
}

/// Which cases [`queue_narrowed`] returns, without their rows.
pub(super) fn placed_narrowed(
    tx: &mut dyn Tx,
    column: Column,
    scope: &Scope,
    narrow: Narrow<'_>,
    after: Cursor,
    limit: i64,
) -> Result<Vec<Placed>, StoreError> {
    // asks all districts: a desk has cases of residents of any district
    let (path, department) = column.names();
    let mut sql =
        "select district, id, rank, sort_at from cases_case where open = 1 and (rank, sort_at, id) > ($1, $2, $3)"
            .to_owned();
    let mut values = args![after.rank, after.sort_at, after.id].to_vec();
    // A district has a large share of the city's cases: the index in the order of the list is read until it has given
    // enough of them. A place further down has few: they are taken and sorted.
    match scope.place.level() {
        Level::City => {}
        Level::District => inside(&mut sql, &mut values, &[path], &scope.place),
        _ => {
            let (from, to) = scope.place.range();
            values.extend(args![from, to]);
            let _ = write!(sql, " and {path} >= $4 and {path} < $5");
        }
    }
    restrict(&mut sql, &mut values, scope, department);
    narrow.restrict(column, &mut sql, &mut values, &scope.place);
    values.push(Val::from(limit));
    let _ = write!(sql, " order by rank, sort_at, id limit ${}", values.len());
    store::all::<Placed>(tx, &sql, &values)
}

/// The rows of chosen cases, in their order.
pub(super) fn placed_rows(tx: &mut dyn Tx, placed: &[Placed]) -> Result<Vec<CaseRow>, StoreError> {
    let keys: Vec<Key> = placed.iter().map(|one| Key { district: one.district, id: one.id }).collect();
    let order: BTreeMap<Uuid, (i64, Instant)> = placed.iter().map(|one| (one.id, (one.rank, one.sort_at))).collect();
    let mut rows = rows(tx, &keys)?;
    // Whatever happened to a case meanwhile, it stands where it was chosen: the list goes on from there.
    for row in &mut rows {
        (row.rank, row.sort_at) = order.get(&row.id).copied().unwrap_or((row.rank, row.sort_at));
    }
    Ok(rows)
}

record! {
    /// A case with its place in the order of the queue.
    pub(super) struct Placed {
        /// Shard: identity of the resident's district.
        pub(super) district: PlaceId,
        /// Identity of the case.
        pub(super) id: Uuid,
        /// 0 to be done, 1 waiting for the resident, 2 ended.
        pub(super) rank: i64,
        /// What the queue is ordered by.
        pub(super) sort_at: Instant,
    }
}

record! {
    /// Which case.
    pub struct Key {
        /// Shard: identity of the resident's district.
        pub district: PlaceId,
        /// Identity of the case.
        pub id: Uuid,
    }
}

/// The rows of these cases, in their order; what is not there any more is left out. Lists choose by an index alone and
/// read only what they show.
pub fn rows(tx: &mut dyn Tx, keys: &[Key]) -> Result<Vec<CaseRow>, StoreError> {
    let keys: Vec<(PlaceId, Uuid)> = keys.iter().map(|key| (key.district, key.id)).collect();
    let rows = store::several::<CaseRow>(tx, &keys, |marks| {
        format!("select {COLUMNS} from cases_case where district = $1 and id in ({marks})")
    })?;
    let mut found: BTreeMap<Uuid, CaseRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(keys.iter().filter_map(|(_, id)| found.remove(id)).collect())
}

/// The folded cases of these, in no order; what is not there any more is left out.
pub fn folds(tx: &mut dyn Tx, keys: &[(PlaceId, Uuid)]) -> Result<Vec<Folded>, StoreError> {
    store::several::<Folded>(tx, keys, |marks| format!("select {FOLDED} where c.district = $1 and c.id in ({marks})"))
}

/// Which open applications do not say in which community their applicant lives, at some places and for a department:
/// the oldest first, at most `limit`. Confidential ones are left to their office.
pub fn unsettled(
    tx: &mut dyn Tx,
    places: &[PlacePath],
    department: Option<&str>,
    limit: i64,
) -> Result<Vec<Key>, StoreError> {
    // asks all districts: a counter of the city's centre may stand in another district than the place that was named
    let (condition, mut values) = homeless(places, department);
    values.push(Val::from(limit));
    let sql =
        format!("select district, id from cases_case where {condition} order by opened_at, id limit ${}", values.len());
    store::all(tx, &sql, &values)
}

/// How many of them there are.
pub fn count_unsettled(tx: &mut dyn Tx, places: &[PlacePath], department: Option<&str>) -> Result<i64, StoreError> {
    // asks all districts: as the list
    let (condition, values) = homeless(places, department);
    Ok(store::scalar(tx, &format!("select count(*) from cases_case where {condition}"), &values)?.unwrap_or(0))
}

fn homeless(places: &[PlacePath], department: Option<&str>) -> (String, Vec<Val>) {
    let mut values = args![SERVICE].to_vec();
    let mut mark = |value: Val| {
        values.push(value);
        format!("${}", values.len())
    };
    let places: Vec<String> = places.iter().map(|place| mark(Val::from(place))).collect();
    let of_department = department.map(|code| format!(" and office_department = {}", mark(Val::from(code))));
    let sql = format!(
        "open = 1 and confidential = 0 and kind = $1 and residence_path in ({}){}",
        places.join(", "),
        of_department.unwrap_or_default()
    );
    (sql, values)
}

/// Ended cases of one scope's offices, newest first.
pub fn ended(tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    // asks all districts: a desk has cases of residents of any district
    let mut sql = "select district, id from cases_case where open = 0".to_owned();
    let mut values = Vec::new();
    if scope.place.depth() > 1 {
        inside(&mut sql, &mut values, &["office_path"], &scope.place);
    }
    restrict(&mut sql, &mut values, scope, "office_department");
    values.push(Val::from(limit));
    let _ = write!(sql, " order by changed_at desc, id desc limit ${}", values.len());
    let keys = store::all::<Key>(tx, &sql, &values)?;
    rows(tx, &keys)
}

/// Adds that one of the columns lies inside a place. It is written so that no index of the column itself is chosen:
/// another one gives the order.
pub(super) fn inside(sql: &mut String, values: &mut Vec<Val>, columns: &[&str], place: &PlacePath) {
    values.push(Val::from(place));
    let (mark, length) = (values.len(), place.as_str().len());
    let sides: Vec<String> = columns.iter().map(|column| format!("substr({column}, 1, {length}) = ${mark}")).collect();
    let _ = write!(sql, " and ({})", sides.join(" or "));
}
