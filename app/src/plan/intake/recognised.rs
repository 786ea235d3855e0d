//! This file recognises in which system of coordinates the points of a table are written, by their ranges and by the
//! map on which they must lie.

use std::collections::BTreeMap;

use kernel::earth::{Datum, Strip};
use kernel::language::Bilingual;
use planning::shape::Point;
use planning::snap::rectangle;

use super::crs::{Crs, Naming};
use crate::plan::table::both;

/// So many points are looked at.
const SAMPLE: usize = 1_000;
/// Points of a town lie within so many degrees, and metres that small are no town.
const SPOT: f64 = 5.0;
/// That share of the points must lie on the map.
const MOST: f64 = 0.9;
/// That share of the points must lie inside of outlines, and so many times more than in any other system.
const INSIDE: f64 = 0.3;
const TIMES: f64 = 2.0;
/// The side of a square of outlines, degrees.
const SIDE: f64 = 0.002;
/// Hardly any building is longer or wider than that, degrees. A larger outline tells nothing of coordinates, and lies
/// in so many squares that a map full of them would take much memory.
const WIDEST: f64 = 0.004;
/// Points may lie that far beyond the edge of the map, degrees.
const BEYOND: f64 = 0.005;

/// What is known of the map on which points must lie.
#[derive(Debug, Default)]
pub struct Map {
    low: Point,
    high: Point,
    outlines: Vec<Vec<Point>>,
    squares: BTreeMap<(i64, i64), Vec<usize>>,
}

fn square(at: Point) -> (i64, i64) {
    ((at.x / SIDE).floor() as i64, (at.y / SIDE).floor() as i64)
}

impl Map {
    /// Takes the nodes of the ways and the outlines of buildings, in degrees.
    pub fn new(nodes: &[Point], outlines: Vec<Vec<Point>>) -> Self {
        let (low, high) = rectangle(nodes);
        let mut squares: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
        for (at, outline) in outlines.iter().enumerate() {
            let (low, high) = rectangle(outline);
            if high.x - low.x > WIDEST || high.y - low.y > WIDEST {
                continue;
            }
            let ((west, south), (east, north)) = (square(low), square(high));
            for x in west..=east {
                for y in south..=north {
                    squares.entry((x, y)).or_default().push(at);
                }
            }
        }
        Self { low, high, outlines, squares }
    }

    fn middle(&self) -> Point {
        Point { x: f64::midpoint(self.low.x, self.high.x), y: f64::midpoint(self.low.y, self.high.y) }
    }

    /// Returns which share of some points lies on the map.
    fn on(&self, points: &[Point], crs: Crs) -> f64 {
        let is_on = |at: &Point| {
            (self.low.x - BEYOND..=self.high.x + BEYOND).contains(&at.x)
                && (self.low.y - BEYOND..=self.high.y + BEYOND).contains(&at.y)
        };
        share(points, |at| crs.point(at).is_some_and(|at| is_on(&at)))
    }

    /// Returns which share of some points lies inside of outlines.
    fn inside(&self, points: &[Point], crs: Crs) -> f64 {
        let holds = |at: Point| {
            let near = self.squares.get(&square(at)).into_iter().flatten();
            near.filter_map(|outline| self.outlines.get(*outline)).any(|outline| is_inside(at, outline))
        };
        share(points, |at| crs.point(at).is_some_and(holds))
    }

    /// Returns the system in which clearly most points lie inside of outlines, if there is one.
    fn clearest(&self, points: &[Point], systems: &[Crs]) -> Option<Crs> {
        let mut shares: Vec<(f64, Crs)> = systems.iter().map(|crs| (self.inside(points, *crs), *crs)).collect();
        shares.sort_by(|a, b| b.0.total_cmp(&a.0));
        let next = shares.get(1).map_or(0.0, |(share, _)| *share);
        shares.first().filter(|(share, _)| *share >= INSIDE && *share >= TIMES * next).map(|(_, crs)| *crs)
    }
}

fn share(points: &[Point], is: impl Fn(Point) -> bool) -> f64 {
    points.iter().filter(|at| is(**at)).count() as f64 / points.len().max(1) as f64
}

/// Says whether a point lies inside of an outline: a line from there to the east crosses it an odd number of times.
fn is_inside(at: Point, outline: &[Point]) -> bool {
    let crosses = |side: &&[Point; 2]| {
        let [a, b] = **side;
        (a.y > at.y) != (b.y > at.y) && at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x)
    };
    outline.array_windows::<2>().filter(crosses).count() % 2 == 1
}

/// Says how the points of a table are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Placing {
    /// The system.
    pub crs: Crs,
    /// Whether the coordinate to the north comes first.
    pub turned: bool,
    /// How that is known.
    pub why: Bilingual,
}

impl Placing {
    /// Returns a point as WGS 84 or as metres of a plane that nobody can place. The coordinates come as the table has
    /// them.
    pub fn point(&self, at: Point) -> Option<Point> {
        self.crs.point(if self.turned { turned(at) } else { at })
    }
}

fn turned(at: Point) -> Point {
    Point { x: at.y, y: at.x }
}

fn asked(naming: Naming) -> Bilingual {
    let name = naming.name();
    both(format!("按 {} 的要求", name.zh), format!("as {} says", name.en))
}

/// Recognises how points are written. `in_degrees` says whether their titles promise degrees. Where nothing tells,
/// degrees are those of WGS 84 and metres are those of a plane; a map needs points that can be placed on it. `naming`
/// is where somebody can say what the points are.
///
/// # Errors
/// Says why the points cannot be placed on the map, and what to do.
pub fn recognised(
    points: &[Point],
    in_degrees: bool,
    wanted: Option<Crs>,
    map: Option<&Map>,
    naming: Naming,
) -> Result<Placing, Bilingual> {
    let sample: Vec<Point> = points.iter().step_by(points.len().div_ceil(SAMPLE).max(1)).copied().collect();
    if sample.is_empty() {
        // Whoever reads the table says what is wrong with each row.
        let crs = if in_degrees || map.is_some() { Crs::Degrees(Datum::Wgs84) } else { Crs::Plan(None) };
        return Ok(Placing { crs, turned: false, why: both("没有可读的坐标", "none can be read") });
    }
    if may_be_degrees(&sample, in_degrees, map) {
        return Ok(degrees(&sample, wanted, map, naming));
    }
    let (crs, why) = match wanted {
        Some(crs @ (Crs::Strip(_) | Crs::Plan(_))) => (crs, asked(naming)),
        _ => metres(&sample, map, naming)?,
    };
    let placing = Placing { crs, turned: is_north_first(&sample), why };
    if map.is_some() && !placing.crs.is_placed() {
        return Err(nowhere(naming));
    }
    Ok(placing)
}

/// Says that metres of a plane cannot be placed on a map.
fn nowhere(naming: Naming) -> Bilingual {
    let (zh, en) = (
        "x、y 是本地平面的米，不知道在地图的哪里。",
        "x and y are metres of a local plane, and nobody knows where on the map they are.",
    );
    let name = naming.name();
    if !naming.takes(&Crs::Plan(None)) {
        return both(
            format!("{zh}请写经度和纬度；不是 WGS 84 的，用 {} 说明是哪一种。", name.zh),
            format!("{en} Write lon and lat, and say with {} what they are if they are not of WGS 84.", name.en),
        );
    }
    both(
        format!(
            "{zh}请用 {} 说明坐标系：例如 utm51n、gk123、epsg:4549，或写明原点 plan@41.8057,123.4315；也可以写经纬度。",
            name.zh
        ),
        format!(
            "{en} Say with {} what they are, as utm51n, gk123 or epsg:4549, or where both are 0, as \
             plan@41.8057,123.4315; or write lon and lat.",
            name.en
        ),
    )
}

fn may_be_degrees(sample: &[Point], promised: bool, map: Option<&Map>) -> bool {
    let in_range = |at: &Point| at.x.abs() <= 180.0 && at.y.abs() <= 180.0;
    if !sample.iter().all(in_range) {
        return false;
    }
    let (low, high) = rectangle(sample);
    let is_spot = high.x - low.x < SPOT && high.y - low.y < SPOT;
    let wgs84 = Crs::Degrees(Datum::Wgs84);
    let on_map = |map: &Map| {
        let other: Vec<Point> = sample.iter().map(|at| turned(*at)).collect();
        map.on(sample, wgs84).max(map.on(&other, wgs84)) >= MOST
    };
    let is_in_china = sample.iter().all(in_china) || sample.iter().all(|at| in_china(&turned(*at)));
    promised || map.map_or(is_spot && is_in_china, on_map)
}

fn in_china(at: &Point) -> bool {
    (73.0..=136.0).contains(&at.x) && (3.0..=54.0).contains(&at.y)
}

/// Says which degrees they are.
fn degrees(sample: &[Point], wanted: Option<Crs>, map: Option<&Map>, naming: Naming) -> Placing {
    // A few rows that are wrong do not say how the others are written.
    let most = |is: &dyn Fn(&Point) -> bool| sample.iter().filter(|at| is(at)).count() * 2 > sample.len();
    let is_turned =
        most(&|at: &Point| at.y.abs() > 90.0) || !most(&in_china) && most(&|at: &Point| in_china(&turned(*at)));
    let right: Vec<Point> = sample.iter().map(|at| if is_turned { turned(*at) } else { *at }).collect();
    let systems = [Datum::Wgs84, Datum::Gcj02, Datum::Bd09].map(Crs::Degrees);
    let clear = map.filter(|_| share(&right, |at| in_china(&at)) >= MOST);
    let clear = clear.and_then(|map| map.clearest(&right, &systems));
    let (crs, why) = match (wanted, clear) {
        (Some(crs @ Crs::Degrees(_)), _) => (crs, asked(naming)),
        (_, Some(crs)) => (crs, both("根据地图上房屋的轮廓认出", "recognised by the outlines of buildings on the map")),
        (_, None) => (systems[0], unsaid(naming)),
    };
    Placing { crs, turned: is_turned, why }
}

/// Says that nobody said which degrees they are.
fn unsaid(naming: Naming) -> Bilingual {
    let name = naming.name();
    if naming == Naming::Field {
        return both(
            format!("没有另外说明；取自高德、腾讯地图的，请在{}一栏填 gcj02，取自百度地图的填 bd09", name.zh),
            format!(
                "nothing else was said; if they come from a Chinese map, write gcj02 (Amap, Tencent) or bd09 (Baidu) \
                 under {}",
                name.en
            ),
        );
    }
    both(
        format!("没有另外说明；取自高德、腾讯或百度地图的，请加 {0} gcj02 或 {0} bd09", name.zh),
        format!("nothing else was said; if they come from a Chinese map, add {0} gcj02 or {0} bd09", name.en),
    )
}

/// Says which metres they are.
fn metres(sample: &[Point], map: Option<&Map>, naming: Naming) -> Result<(Crs, Bilingual), Bilingual> {
    let right: Vec<Point> = sample.iter().map(|at| if is_north_first(sample) { turned(*at) } else { *at }).collect();
    let numbered = right.first().and_then(|at| Strip::numbered(at.x));
    if let Some(strip) = numbered.filter(|strip| right.iter().all(|at| Strip::numbered(at.x) == Some(*strip))) {
        return Ok((
            Crs::Strip(strip),
            both("根据坐标里的带号认出", "recognised by the number of the strip before them"),
        ));
    }
    let is_strip = !right.is_empty() && right.iter().all(|at| is_east(at.x) && is_north(at.y));
    let Some(map) = map.filter(|_| is_strip) else {
        return Ok((Crs::Plan(None), both("没有另外说明", "nothing else was said")));
    };
    let middle = map.middle();
    let mut systems = vec![Strip::utm_of(middle.y, middle.x)];
    systems.extend(Strip::gauss_of(middle.x));
    systems.dedup();
    let mut fitting: Vec<Crs> = systems.into_iter().map(Crs::Strip).collect();
    fitting.retain(|crs| map.on(&right, *crs) >= MOST);
    let why = both("根据地图的范围认出", "recognised by where the map lies");
    match fitting.as_slice() {
        [] => Err(nowhere(naming)),
        [one] => Ok((*one, why)),
        several => map.clearest(&right, several).map(|crs| (crs, why)).ok_or_else(|| ambiguous(several, naming)),
    }
}

/// Says that several systems place the points on the map.
fn ambiguous(systems: &[Crs], naming: Naming) -> Bilingual {
    let code = |crs: &Crs| if let Crs::Strip(strip) = crs { strip.code() } else { String::new() };
    let codes: Vec<String> = systems.iter().map(code).collect();
    let name = naming.name();
    let (zh, en) = if systems.iter().all(|crs| naming.takes(crs)) {
        (format!("请用 {} 说明。", name.zh), format!("Say with {} which they are.", name.en))
    } else {
        ("请写经度和纬度。".to_owned(), "Write lon and lat.".to_owned())
    };
    both(
        format!("x、y 可能是 {} 里的任何一种。{zh}", codes.join("、")),
        format!("x and y may be any of {}. {en}", codes.join(", ")),
    )
}

/// Says whether metres may be those to the east in a strip, with or without the number of the strip before them.
fn is_east(metres: f64) -> bool {
    (100_000.0..=900_000.0).contains(&metres) || Strip::numbered(metres).is_some()
}

/// Says whether metres may be those to the north of the equator in China.
fn is_north(metres: f64) -> bool {
    (1_000_000.0..=10_000_000.0).contains(&metres)
}

/// Says whether the metres to the north come first, as surveyors in China write them (x is north, y is east).
fn is_north_first(sample: &[Point]) -> bool {
    let turned = |at: &Point| is_north(at.x) && is_east(at.y);
    !sample.is_empty() && sample.iter().all(turned) && !sample.iter().all(|at| is_east(at.x) && is_north(at.y))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point { x, y }
    }

    /// Twenty houses in Shenyang, 80 m apart, as the map has them.
    fn houses() -> Vec<Point> {
        (0..20).map(|house| at(123.43 + f64::from(house % 5) * 0.001, 41.80 + f64::from(house / 5) * 0.000_8)).collect()
    }

    /// A map with these houses; each is a square of 24 m.
    fn map(with_outlines: bool) -> Map {
        let outline = |house: &Point| {
            let (x, y) = (0.000_145, 0.000_108);
            [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)].map(|(x, y)| at(house.x + x, house.y + y)).to_vec()
        };
        let outlines = if with_outlines { houses().iter().map(outline).collect() } else { Vec::new() };
        Map::new(&[at(123.42, 41.795), at(123.45, 41.808)], outlines)
    }

    /// The houses as another system writes them.
    fn written(crs: &str) -> Vec<Point> {
        let one = |house: &Point| {
            let degrees = kernel::earth::Point::from_degrees(house.y, house.x).unwrap();
            match Crs::parse(crs).unwrap() {
                Crs::Degrees(datum) => {
                    let (y, x) = datum.shown(degrees).degrees();
                    at(x, y)
                }
                Crs::Strip(strip) => {
                    let (x, y) = strip.to_metres((house.y, house.x));
                    at(x, y)
                }
                Crs::Plan(_) => at((house.x - 123.43) * 82_900.0, (house.y - 41.80) * 111_200.0),
            }
        };
        houses().iter().map(one).collect()
    }

    #[test]
    fn points_are_recognised_by_their_ranges_and_by_the_map() {
        let (outlines, bare) = (map(true), map(false));
        let number = |points: Vec<Point>, before: f64| -> Vec<Point> {
            points.into_iter().map(|one| at(one.x + before, one.y)).collect()
        };
        let turn = |points: Vec<Point>| -> Vec<Point> { points.into_iter().map(turned).collect() };
        let table: [(Vec<Point>, bool, Option<&str>, Option<&Map>, &str, bool); 15] = [
            (written("wgs84"), true, None, None, "wgs84", false),
            (written("wgs84"), true, None, Some(&outlines), "wgs84", false),
            (written("gcj02"), true, None, Some(&outlines), "gcj02", false),
            (written("bd09"), true, None, Some(&outlines), "bd09", false),
            (written("gcj02"), true, None, Some(&bare), "wgs84", false),
            (written("gcj02"), true, Some("gcj02"), Some(&bare), "gcj02", false),
            (written("wgs84"), false, None, Some(&bare), "wgs84", false),
            (turn(written("wgs84")), true, None, Some(&bare), "wgs84", true),
            (written("utm51n"), false, None, Some(&bare), "utm51n", false),
            (written("gk123"), false, None, Some(&bare), "gk123", false),
            (turn(written("gk123")), false, None, Some(&bare), "gk123", true),
            (number(written("gk123"), 41e6), false, None, None, "gk123", false),
            (turn(number(written("gk123"), 21e6)), false, None, None, "gk123", true),
            (written("utm51n"), false, None, None, "plan", false),
            (written("plan"), false, None, None, "plan", false),
        ];
        for (points, in_degrees, asked, map, wanted, is_turned) in table {
            let found = recognised(&points, in_degrees, asked.and_then(Crs::parse), map, Naming::Crs).unwrap();
            assert_eq!((Some(found.crs), found.turned), (Crs::parse(wanted), is_turned), "{wanted}: {found:?}");
        }
    }

    #[test]
    fn points_that_nobody_can_place_on_the_map_are_told() {
        let bare = map(false);
        let far: Vec<Point> = written("utm51n").into_iter().map(|one| at(one.x, one.y - 900_000.0)).collect();
        for points in [written("plan"), far] {
            for (naming, name) in [(Naming::Crs, "--crs"), (Naming::Datum, "--datum"), (Naming::Field, "“Coordinates”")]
            {
                let said = recognised(&points, false, None, Some(&bare), naming).unwrap_err();
                assert!(said.en.contains(name) && said.en.contains("local plane"), "{said:?}");
                // Where degrees alone can be named, nobody is told to name metres.
                assert_eq!(said.en.contains("utm51n"), naming != Naming::Datum, "{said:?}");
                assert_eq!(said.zh.contains("--crs"), naming == Naming::Crs, "{said:?}");
            }
        }
        let placed =
            recognised(&written("plan"), false, Crs::parse("plan@41.80,123.43"), Some(&bare), Naming::Crs).unwrap();
        let point = placed.point(written("plan")[7]).unwrap();
        assert!((point.x - houses()[7].x).abs() < 1e-5 && (point.y - houses()[7].y).abs() < 1e-5, "{point:?}");
        // In the browser nobody is told to add an option.
        let said = unsaid(Naming::Field);
        assert!(said.zh.contains("请在“坐标系”一栏填 gcj02") && !said.zh.contains("请加"), "{said:?}");
        assert!(unsaid(Naming::Crs).zh.contains("请加 --crs gcj02"));
        // A map of a whole province holds the town in both systems.
        let wide = Map::new(&[at(119.0, 39.0), at(125.5, 43.0)], Vec::new());
        let said = |naming: Naming| recognised(&written("utm51n"), false, None, Some(&wide), naming).unwrap_err().en;
        assert!(said(Naming::Crs).contains("may be any of utm51n, gk123. Say with --crs"), "{}", said(Naming::Crs));
        assert!(said(Naming::Datum).ends_with("gk123. Write lon and lat."), "{}", said(Naming::Datum));
    }
}
