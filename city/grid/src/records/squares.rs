//! Counts the open reports of each square of the ground, of all units together and of each by itself, so that the map
//! of a whole city is drawn without a look at each of them.

use std::collections::BTreeSet;

use kernel::place::{Level, PlaceId, PlacePath};
use store::{LISTED, StoreError, Tx, Val, all, args, listed, record};

use super::map::{Part, SIDE, Whose, of_unit};
use crate::words::Report;

record! {
    /// Open reports in a square, or in a community of which no more is known.
    pub struct Heap {
        /// The place under which they are counted, or one of them: the community; of larger squares of a district or
        /// the city, the district.
        pub path: PlacePath,
        /// Whether it is known where they are; if not, they are somewhere in the community.
        pub known: bool,
        /// The square, counted to the east.
        pub east: i64,
        /// The square, counted to the north.
        pub north: i64,
        /// How many there are.
        pub reports: i64,
        /// The sum of how far east they are, in decimetres.
        pub x: i64,
        /// The sum of how far north they are, in decimetres.
        pub y: i64,
    }
}

/// Says of how many squares on each side the larger squares of a district are, which are counted as well.
const SCALES: [i64; 4] = [1, 2, 4, 8];

/// Of how many squares on each side the larger squares of a district are in which the reports of one unit are counted.
const OF_UNIT: i64 = 8;

/// How far larger squares are summed up, and in which table they are read.
struct Read {
    table: &'static str,
    /// What narrows the rows to one scale.
    scale: String,
    /// How many squares on each side are one in that table.
    size: i64,
    /// How many of those on each side are one in the answer.
    times: i64,
}

/// Counts a report that is open now, or is not any more.
///
/// # Errors
/// The store failed.
pub fn shift(tx: &mut dyn Tx, report: &Report, opened: bool) -> Result<(), StoreError> {
    let by = if opened { 1 } else { -1 };
    let at = report.x.zip(report.y);
    let (x, y) = at.unwrap_or_default();
    let sql = "insert into grid_open_square (district, origin, known, east, north, path, reports, x, y) \
               values ($1, $2, $3, $4, $5, $2, $6, $7, $8) on conflict (district, origin, known, east, north) \
               do update set reports = grid_open_square.reports + excluded.reports, \
               x = grid_open_square.x + excluded.x, y = grid_open_square.y + excluded.y";
    let (east, north) = (x.div_euclid(SIDE), y.div_euclid(SIDE));
    tx.put(sql, &args![report.district, &report.path, at.is_some(), east, north, by, x * by, y * by])?;
    if at.is_none() {
        return Ok(());
    }
    let heap = Counted { district: report.district, east, north, reports: by, x: x * by, y: y * by };
    shift_areas(tx, &above(&report.path), &heap)
}

/// Counts an open report that lies with a unit now, or does not any more.
///
/// # Errors
/// The store failed.
pub fn shift_of_unit(tx: &mut dyn Tx, report: &Report, unit: &str, is_there: bool) -> Result<(), StoreError> {
    let by = if is_there { 1 } else { -1 };
    let at = report.x.zip(report.y);
    let (x, y) = at.unwrap_or_default();
    let (east, north) = (x.div_euclid(SIDE), y.div_euclid(SIDE));
    let counted = Counted { district: report.district, east, north, reports: by, x: x * by, y: y * by };
    put_of_unit(tx, &Square { unit, place: &report.path, known: at.is_some(), scale: 1 }, &counted)?;
    if at.is_some() { shift_area_of_unit(tx, unit, &above(&report.path), &counted) } else { Ok(()) }
}

/// A square in which the open reports of a unit are counted.
struct Square<'s> {
    unit: &'s str,
    /// The place under which they are counted.
    place: &'s PlacePath,
    /// Whether it is known where they are.
    known: bool,
    /// How many squares on each side it is.
    scale: i64,
}

/// Counts what of a unit is in a square.
fn put_of_unit(tx: &mut dyn Tx, square: &Square<'_>, counted: &Counted) -> Result<(), StoreError> {
    let sql = "insert into grid_open_unit (district, unit, origin, known, scale, east, north, path, reports, x, y) \
               values ($1, $2, $3, $4, $5, $6, $7, $3, $8, $9, $10) \
               on conflict (district, unit, origin, known, scale, east, north) \
               do update set reports = grid_open_unit.reports + excluded.reports, \
               x = grid_open_unit.x + excluded.x, y = grid_open_unit.y + excluded.y";
    let Square { unit, place, known, scale } = square;
    let Counted { district, reports, x, y, .. } = counted;
    let (east, north) = (counted.east.div_euclid(*scale), counted.north.div_euclid(*scale));
    tx.put(sql, &args![*district, *unit, *place, *known, *scale, east, north, *reports, *x, *y])
}

/// Counts what of a unit is in a square in the larger square of a district around it.
fn shift_area_of_unit(tx: &mut dyn Tx, unit: &str, place: &PlacePath, counted: &Counted) -> Result<(), StoreError> {
    put_of_unit(tx, &Square { unit, place, known: true, scale: OF_UNIT }, counted)
}

/// The district of a place, or what is above districts itself.
fn above(path: &PlacePath) -> PlacePath {
    path.at(Level::District).unwrap_or_else(|| path.clone())
}

record! {
    /// What is counted of a square.
    struct Counted {
        district: PlaceId,
        east: i64,
        north: i64,
        reports: i64,
        x: i64,
        y: i64,
    }
}

/// Counts what is in a square in each of the larger squares of a district around it.
fn shift_areas(tx: &mut dyn Tx, place: &PlacePath, heap: &Counted) -> Result<(), StoreError> {
    let sql = "insert into grid_open_area (district, origin, scale, east, north, path, reports, x, y) \
               values ($1, $2, $3, $4, $5, $2, $6, $7, $8) on conflict (district, origin, scale, east, north) \
               do update set reports = grid_open_area.reports + excluded.reports, \
               x = grid_open_area.x + excluded.x, y = grid_open_area.y + excluded.y";
    for scale in SCALES {
        let (east, north) = (heap.east.div_euclid(scale), heap.north.div_euclid(scale));
        tx.put(sql, &args![heap.district, place, scale, east, north, heap.reports, heap.x, heap.y])?;
    }
    Ok(())
}

/// How many open reports there are in a place and everything inside it.
///
/// # Errors
/// The store failed.
pub fn total(tx: &mut dyn Tx, whose: Whose<'_>) -> Result<i64, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = whose.place.range();
    let (values, is_inside) = (args![low, high], whose.place.level() > Level::District);
    let Some(unit) = whose.unit else {
        if is_inside {
            let sql = "select coalesce(sum(reports), 0) from grid_open_square where path >= $1 and path < $2";
            return Ok(store::scalar(tx, sql, &values)?.unwrap_or(0));
        }
        let sql = "select coalesce((select sum(reports) from grid_open_area \
                   where scale = 8 and path >= $1 and path < $2), 0) + coalesce((select sum(reports) \
                   from grid_open_square where path >= $1 and path < $2 and known = 0), 0)";
        return Ok(store::scalar(tx, sql, &values)?.unwrap_or(0));
    };
    let values: Vec<Val> = values.into_iter().chain([Val::from(unit)]).collect();
    if is_inside {
        let sql = "select coalesce(sum(reports), 0) from grid_open_unit \
                   where unit = $3 and scale = 1 and path >= $1 and path < $2";
        return Ok(store::scalar(tx, sql, &values)?.unwrap_or(0));
    }
    let sql = "select coalesce((select sum(reports) from grid_open_unit \
               where unit = $3 and scale = 8 and path >= $1 and path < $2), 0) + coalesce((select sum(reports) \
               from grid_open_unit where unit = $3 and scale = 1 and known = 0 and path >= $1 and path < $2), 0)";
    Ok(store::scalar(tx, sql, &values)?.unwrap_or(0))
}

impl Read {
    /// What is read of a place for larger squares of so many squares on each side. In a district and above, larger
    /// squares are there already: the largest of which a whole number makes one. Those of one unit have one size.
    fn of(whose: Whose<'_>, times: i64) -> Self {
        let is_inside = whose.place.level() > Level::District;
        if whose.unit.is_some() {
            let size = if !is_inside && times % OF_UNIT == 0 { OF_UNIT } else { 1 };
            let scale = format!("scale = {size} and known = 1");
            return Self { table: "grid_open_unit", scale, size, times: times / size };
        }
        if is_inside {
            return Self { table: "grid_open_square", scale: "known = 1".to_owned(), size: 1, times };
        }
        let size = SCALES.into_iter().rev().find(|scale| times % scale == 0).unwrap_or(1);
        Self { table: "grid_open_area", scale: format!("scale = {size}"), size, times: times / size }
    }
}

/// The open reports of a place and everything inside it by larger squares of `times` squares on each side, of those
/// that touch a part of the ground, and by community those of which no more is known; at most `limit` of each.
///
/// # Errors
/// The store failed.
pub fn inside(
    tx: &mut dyn Tx,
    whose: Whose<'_>,
    part: Part<'_>,
    times: i64,
    limit: i64,
) -> Result<Vec<Heap>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (low, high) = whose.place.range();
    let Read { table, scale, size, times } = Read::of(whose, times);
    let larger = |decimetres: i64| decimetres.div_euclid(SIDE * size).div_euclid(times);
    let edges = |(from, to): (i64, i64)| {
        (larger(from).saturating_mul(times), larger(to).saturating_mul(times).saturating_add(times - 1))
    };
    let ((west, east), (south, north)) = (edges(part.x), edges(part.y));
    let group = |column: &str| format!("({column} - (({column} % {times}) + {times}) % {times}) / {times}");
    let mut values = args![low, high, south, north, limit].to_vec();
    let columns = columns(west, east, &mut values);
    let of_unit = of_unit("unit", whose.unit, &mut values);
    let sql = format!(
        "select min(path), 1, {}, {}, sum(reports), sum(x), sum(y) from {table} \
         where path >= $1 and path < $2 and {scale} and {columns} and north >= $3 and north <= $4{of_unit} \
         group by 3, 4 having sum(reports) > 0 order by 3, 4 limit $5",
        group("east"),
        group("north")
    );
    let mut found: Vec<Heap> = all(tx, &sql, &values)?;
    found.append(&mut nowhere(tx, whose, part.places, limit)?);
    Ok(found)
}

/// The condition that a square lies between two columns. Few columns are named one by one, so that the index goes in
/// each from the southern to the northern edge and no further.
fn columns(west: i64, east: i64, values: &mut Vec<Val>) -> String {
    let first = values.len() + 1;
    let few = usize::try_from(east.saturating_sub(west)).is_ok_and(|more| more < LISTED);
    if !few {
        values.extend(args![west, east]);
        return format!("east >= ${first} and east <= ${}", first + 1);
    }
    let each: Vec<Val> = (west..=east).map(Val::from).collect();
    let (marks, mut each) = listed(first, &each);
    values.append(&mut each);
    format!("east in ({marks})")
}

/// How many there are of which only the community is known, by community: of some places, or of all inside a place.
fn nowhere(
    tx: &mut dyn Tx,
    whose: Whose<'_>,
    places: Option<&[PlacePath]>,
    limit: i64,
) -> Result<Vec<Heap>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (table, scale) = match whose.unit {
        None => ("grid_open_square", ""),
        Some(_) => ("grid_open_unit", "scale = 1 and "),
    };
    let sums = |inside: &str| {
        format!(
            "select path, 0, 0, 0, sum(reports), sum(x), sum(y) from {table} where {scale}known = 0 and {inside} \
             group by path having sum(reports) > 0 order by path limit $1"
        )
    };
    let mut asked = args![limit].to_vec();
    let of_unit = of_unit("unit", whose.unit, &mut asked);
    let inside: Option<BTreeSet<&PlacePath>> =
        places.map(|places| places.iter().filter(|at| whose.place.contains(at)).collect());
    // Many are read with all others between them: one answer of some hundred rows is quicker than several.
    if let Some(few) = inside.as_ref().filter(|inside| inside.len() <= LISTED) {
        if few.is_empty() {
            return Ok(Vec::new());
        }
        let paths: Vec<Val> = few.iter().map(|path| Val::from(*path)).collect();
        let (marks, paths) = listed(asked.len() + 1, &paths);
        asked.extend(paths);
        return all(tx, &sums(&format!("path in ({marks}){of_unit}")), &asked);
    }
    let ((low, high), first) = (whose.place.range(), asked.len() + 1);
    asked.extend(args![low, high]);
    let mut found: Vec<Heap> = all(tx, &sums(&format!("path >= ${first} and path < ${}{of_unit}", first + 1)), &asked)?;
    found.retain(|heap| inside.as_ref().is_none_or(|inside| inside.contains(&heap.path)));
    Ok(found)
}

/// Follows places that lie elsewhere now: what is in another district now is counted in its larger squares.
///
/// # Errors
/// The store failed.
pub fn relocate(tx: &mut dyn Tx, from: &PlacePath, to: &PlacePath) -> Result<(), StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let (before, now) = (above(from), above(to));
    if from.level() > Level::District && before != now {
        let (low, high) = from.range();
        let sql = "select district, east, north, reports, x, y from grid_open_square \
                   where path >= $1 and path < $2 and known = 1";
        for heap in all::<Counted>(tx, sql, &args![&low, &high])? {
            shift_areas(tx, &now, &heap)?;
            let less = Counted { reports: -heap.reports, x: -heap.x, y: -heap.y, ..heap };
            shift_areas(tx, &before, &less)?;
        }
        for OfUnit { unit, district, east, north, reports, x, y } in of_units(tx, (low.as_str(), high.as_str()))? {
            let counted = Counted { district, east, north, reports, x, y };
            shift_area_of_unit(tx, &unit, &now, &counted)?;
            let less = Counted { reports: -reports, x: -x, y: -y, ..counted };
            shift_area_of_unit(tx, &unit, &before, &less)?;
        }
    }
    store::follow_places(tx, "grid_open_unit", "path", from, to)?;
    store::follow_places(tx, "grid_open_area", "path", from, to)?;
    store::follow_places(tx, "grid_open_square", "path", from, to)
}

record! {
    /// What is counted of a unit in a square.
    struct OfUnit {
        unit: String,
        district: PlaceId,
        east: i64,
        north: i64,
        reports: i64,
        x: i64,
        y: i64,
    }
}

/// What is counted of each unit in squares whose paths lie between two.
fn of_units(tx: &mut dyn Tx, between: (&str, &str)) -> Result<Vec<OfUnit>, StoreError> {
    // asks all districts: what lies in a place keeps its district when the place moves
    let sql = "select unit, district, east, north, reports, x, y from grid_open_unit \
               where scale = 1 and known = 1 and path >= $1 and path < $2";
    all(tx, sql, &args![between.0, between.1])
}
