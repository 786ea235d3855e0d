//! Remembers hearing points and disputes; `inside` what lies inside a mediation, `passing` where it was. The only SQL
//! of the department.

pub mod inside;
pub mod opinion;
pub mod passing;
pub mod power_seen;
pub mod powers;
pub mod renamed;
pub mod room;
pub mod sides;
pub mod talk;
pub mod triage;

use kernel::money::Fen;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use store::{StoreError, Tx, all, args, one};

use crate::words::{AGREED_IN, Matter, OpenAt, PlaceTally, Point, PointThings, Tally};

const POINT: &str = "district, id, path, room, hours, telephone, weekday, opens_at, closes_at, things, changed_name, \
                     changed_at";

/// How many hearing points of a place are read at most. A bound of the machine.
const POINTS: i64 = 50_000;

/// Keeps a hearing point: one for a community, in place of the one before.
///
/// # Errors
/// The store failed.
pub fn put_point(tx: &mut dyn Tx, point: &Point) -> Result<(), StoreError> {
    let sql = format!(
        "insert into hearings_point ({POINT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         on conflict (district, path) do update set room = excluded.room, hours = excluded.hours, \
         telephone = excluded.telephone, weekday = excluded.weekday, opens_at = excluded.opens_at, \
         closes_at = excluded.closes_at, things = excluded.things, changed_name = excluded.changed_name, \
         changed_at = excluded.changed_at"
    );
    let values = args![
        point.district,
        point.id,
        &point.path,
        &point.room,
        &point.hours,
        &point.telephone,
        point.weekday,
        point.opens_at,
        point.closes_at,
        &point.things,
        &point.changed_name,
        point.changed_at
    ];
    tx.exec(&sql, &values).map(drop)
}

/// The hearing point of a community.
///
/// # Errors
/// The store failed.
pub fn point(tx: &mut dyn Tx, community: &PlacePath) -> Result<Option<Point>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    one(tx, &format!("select {POINT} from hearings_point where path = $1"), &args![community])
}

/// What the hearing points of a place and of everything inside it say that they have, by place.
///
/// # Errors
/// The store failed.
pub fn points(tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<PointThings>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, things from hearings_point where path >= $1 and path < $2 order by path limit $3";
    all(tx, sql, &args![low, high, POINTS])
}

/// Remembers a dispute. Done again it changes nothing.
///
/// # Errors
/// The store failed.
pub fn add_matter(tx: &mut dyn Tx, matter: &Matter) -> Result<(), StoreError> {
    let sql = "insert into hearings_matter (district, case_id, path, number, class, source, stage, brought_at, \
               office, entered_at, due_on, authority, detail) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
               on conflict (district, case_id) do nothing";
    let values = args![
        matter.district,
        matter.case_id,
        &matter.path,
        &matter.number,
        &matter.class,
        &matter.source,
        &matter.stage,
        matter.brought_at,
        &matter.path,
        matter.brought_at,
        None::<String>,
        &matter.authority,
        &matter.detail
    ];
    tx.exec(sql, &values).map(drop)
}

/// How many disputes of each class, source, authority and body stand in each state, of a place and everything inside
/// it, brought from a moment on and before another.
///
/// # Errors
/// The store failed.
pub fn tallies(tx: &mut dyn Tx, place: &PlacePath, span: (Instant, Instant)) -> Result<Vec<Tally>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select class, source, authority, body, stage, count(*) from hearings_matter \
               where path >= $1 and path < $2 and brought_at >= $3 and brought_at < $4 \
               group by class, source, authority, body, stage order by class, source, authority, body, stage";
    all(tx, sql, &args![low, high, span.0, span.1])
}

/// How many disputes of each community stand in each state, of a place and everything inside it, brought from a moment
/// on and before another.
///
/// # Errors
/// The store failed.
pub fn tallies_by_place(
    tx: &mut dyn Tx,
    place: &PlacePath,
    span: (Instant, Instant),
) -> Result<Vec<PlaceTally>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, stage, count(*) from hearings_matter \
               where path >= $1 and path < $2 and brought_at >= $3 and brought_at < $4 \
               group by path, stage order by path, stage";
    all(tx, sql, &args![low, high, span.0, span.1])
}

/// How many disputes have not ended and how many of them are late on a day, by the communities of a place and
/// everything inside it. Whether both ask a court is theirs to say: nothing is late by that.
///
/// # Errors
/// The store failed.
pub fn open_by_place(tx: &mut dyn Tx, place: &PlacePath, today: Date) -> Result<Vec<OpenAt>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let sql = "select path, count(*), count(case when due_on < $3 and stage <> 'in_effect' then 1 end) \
               from hearings_matter where path >= $1 and path < $2 and open = 1 group by path order by path";
    all(tx, sql, &args![low, high, today])
}

/// The money in fen that the agreements of disputes speak of: those that are in effect or were, of a place and
/// everything inside it, brought from a moment on and before another. An amount from before there was a bound counts as
/// the bound, so that the sum is an amount too.
///
/// # Errors
/// The store failed.
pub fn money(tx: &mut dyn Tx, place: &PlacePath, span: (Instant, Instant)) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = place.range();
    let agreed = AGREED_IN.map(|state| format!("'{state}'")).join(", ");
    let sql = format!(
        "select coalesce(sum(case when clause.fen > $5 then $5 else clause.fen end), 0) \
         from hearings_matter matter join hearings_clause clause \
         on clause.district = matter.district and clause.case_id = matter.case_id \
         where matter.path >= $1 and matter.path < $2 and matter.brought_at >= $3 and matter.brought_at < $4 \
         and matter.stage in ({agreed})"
    );
    Ok(store::scalar(tx, &sql, &args![low, high, span.0, span.1, Fen::MOST_ENTERED.fen()])?.unwrap_or(0))
}

/// Follows places that lie elsewhere now.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    store::follow_places(tx, "hearings_point", "path", from, to)?;
    store::follow_places(tx, "hearings_opinion", "path", from, to)?;
    store::follow_places(tx, "hearings_talk", "path", from, to)?;
    store::follow_places(tx, "hearings_stay", "office", from, to)?;
    store::follow_places(tx, "hearings_matter", "path", from, to)?;
    store::follow_places(tx, "hearings_matter", "office", from, to)
}
