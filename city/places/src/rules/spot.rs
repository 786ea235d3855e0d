//! This file says what a point of the map is: which community and compound it lies in, by the building that is nearest.

use kernel::earth::Point;
use kernel::place::PlacePath;
use kernel::refusal::Refusal;

use crate::refusals::Why;
use crate::rules::geography::Geography;
use crate::rules::tree::Tree;

/// The field of a form in which a point is given, and about which refusals are.
const FIELD: &str = "point";

/// Says what lies at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The community.
    pub community: PlacePath,
    /// The identity of the compound.
    pub compound: i64,
    /// The identity of the nearest building. Its grid is the grid of the point: [`crate::grid_of`].
    pub building: i64,
    /// The point itself on the ground of the geography, metres east and north.
    pub at: (f64, f64),
    /// The metres to that building.
    pub metres: f64,
}

/// Reads `latitude,longitude` as a person writes or a browser gives it. Digits that tell less than a centimetre apart
/// are left out.
///
/// # Errors
/// It is no point (`point.unreadable`), or it would be one the other way round (`point.swapped`).
pub fn read_point(text: &str) -> Result<Point, Refusal> {
    let plain = text.replace(['°', '，', '、', ';', '；'], ",").replace(' ', ",");
    let parts: Vec<&str> = plain.split(',').filter(|part| !part.is_empty()).collect();
    let unreadable = || Refusal::new(Why::PointUnreadable).field(FIELD);
    let [first, second] = parts.as_slice() else { return Err(unreadable()) };
    let (first, second) = (short(first), short(second));
    if let Some(point) = Point::parse(&format!("{first},{second}")) {
        return Ok(point);
    }
    let turned = Point::parse(&format!("{second},{first}"));
    Err(turned.map_or_else(unreadable, |_| Refusal::new(Why::PointSwapped).field(FIELD)))
}

/// Says whether somebody meant a point by what she wrote, and not a name or a code.
pub fn seems_point(text: &str) -> bool {
    let text = text.trim();
    let fits = |sign: char| sign.is_ascii_digit() || ".-+°，,、;； ".contains(sign);
    text.starts_with(|sign: char| sign.is_ascii_digit() || sign == '-')
        && text.contains(['.', ',', '，', ';', '；', '、', ' '])
        && text.chars().all(fits)
}

/// Leaves out the digits of a degree after the seventh.
fn short(degrees: &str) -> String {
    let (whole, parts) = degrees.split_once('.').unwrap_or((degrees, ""));
    let kept: String = parts.chars().take(7).collect();
    // What is no digit must stay, so that it is refused.
    let rest = parts.chars().skip(7).find(|sign| !sign.is_ascii_digit());
    if kept.is_empty() { whole.to_owned() } else { format!("{whole}.{kept}{}", rest.map_or("", |_| "x")) }
}

/// Says what a point is. `most_metres` is how far from every building a point may lie
/// ([`POINT_METRES`](crate::POINT_METRES)).
///
/// # Errors
/// The geography has no origin (`point.unmapped`), or the point is outside of the city (`point.outside`), or it would
/// be inside the other way round (`point.swapped`).
pub fn spot_at(tree: &Tree, laid: &Geography, point: Point, most_metres: u32) -> Result<Found, Refusal> {
    let plane = laid.plane().ok_or_else(|| Refusal::new(Why::PointUnmapped).field(FIELD))?;
    let within = |point: Point| {
        let at = plane.to_metres(point);
        let (building, metres) = laid.nearest_building(at)?;
        let near = metres <= f64::from(most_metres);
        near.then_some((at, laid.buildings.get(building as usize)?, metres))
    };
    let Some((at, building, metres)) = within(point) else {
        let turned = Point::new(point.longitude(), point.latitude()).and_then(within);
        let why = if turned.is_some() { Why::PointSwapped } else { Why::PointOutside };
        return Err(Refusal::new(why).field(FIELD));
    };
    let compound = laid.compound_of(building);
    // A compound whose community no longer exists is in no place of the city.
    let found = compound.and_then(|compound| Some((compound.id, tree.get(compound.community)?.path.clone())));
    let (compound, community) = found.ok_or_else(|| Refusal::new(Why::PointOutside).field(FIELD))?;
    Ok(Found { community, compound, building: building.id, at, metres })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::geography::{Building, Compound, Ground};
    use crate::words::{Kind, Place};
    use kernel::language::{Bilingual, Lang};
    use kernel::place::PlaceId;
    use planning::mobilize::Home;
    use planning::shape;
    use std::collections::BTreeMap;

    fn tree() -> Tree {
        let table = [
            (1, Kind::City, "210100000000", "1."),
            (2, Kind::District, "210104000000", "1.2."),
            (3, Kind::Street, "210104002000", "1.2.3."),
            (4, Kind::Residents, "210104002001", "1.2.3.4."),
            (5, Kind::Residents, "210104002002", "1.2.3.5."),
        ];
        let places = table.map(|(id, kind, code, path)| {
            let path = PlacePath::parse(path).unwrap();
            let parent = path.parent().map(|parent| parent.id());
            let name = Bilingual::new(code, code);
            Place { id: PlaceId(id), level: kind.level(), kind, name, path, code: code.to_owned(), parent }
        });
        Tree::new(places.to_vec(), BTreeMap::new())
    }

    /// Two compounds: a long one whose middle is far from its last building, and a small one beside that building. A
    /// third lies in a community that is gone.
    fn ground() -> Geography {
        let compound = |(id, community, x): (i64, i64, f64)| Compound {
            id,
            community: PlaceId(community),
            name: String::new(),
            at: shape::Point { x, y: 0.0 },
            gates: Vec::new(),
            households: 0,
        };
        let building = |(id, compound, x): (i64, u32, f64)| Building {
            id,
            compound,
            name: String::new(),
            at: shape::Point { x, y: 0.0 },
            home: Home { node: 0, access: 0 },
            households: 0,
        };
        let compounds = [(70, 4, 0.0), (80, 5, 480.0), (90, 99, 5_000.0)].map(compound).to_vec();
        let buildings = [(1, 0, -400.0), (2, 0, 400.0), (3, 1, 480.0), (4, 2, 5_000.0)].map(building).to_vec();
        Ground { compounds, buildings, ..Ground::default() }.geography()
    }

    const ORIGIN: &str = "41.8057,123.4315";

    #[test]
    fn a_point_is_where_its_nearest_building_is() {
        let (tree, ground) = (tree(), ground().standing_at(Point::parse(ORIGIN).unwrap()));
        let plane = ground.plane().unwrap();
        let table: [(f64, f64, Result<(i64, i64, &str), &str>); 9] = [
            (-400.0, 0.0, Ok((70, 1, "1.2.3.4."))),
            (430.0, 0.0, Ok((70, 2, "1.2.3.4."))),
            (450.0, 0.0, Ok((80, 3, "1.2.3.5."))),
            (480.0, 299.0, Ok((80, 3, "1.2.3.5."))),
            (480.0, 301.0, Err("point.outside")),
            // Between the two buildings of the long compound there is nothing within the metres of the rulebook.
            (0.0, 0.0, Err("point.outside")),
            (5_000.0, 0.0, Err("point.outside")),
            (90_000.0, 0.0, Err("point.outside")),
            (-300.0, 250.0, Ok((70, 1, "1.2.3.4."))),
        ];
        for (east, north, expected) in table {
            let found = spot_at(&tree, &ground, plane.to_point((east, north)).unwrap(), 300);
            let found = found.map(|found| (found.compound, found.building, found.community.to_string()));
            let found = found.map_err(|refusal| refusal.code.as_str());
            let expected = expected.map(|(compound, building, path)| (compound, building, path.to_owned()));
            assert_eq!(found, expected, "{east} {north}");
        }
        assert_eq!(ground.nearest_compound((430.0, 0.0)), Some((0, 30.0)));
    }

    #[test]
    fn swapped_degrees_are_told_and_a_map_without_degrees_says_so() {
        // Where both can be latitudes, only the map tells that they are swapped: Ürümqi.
        let ground = ground().standing_at(Point::parse("43.8256,87.6168").unwrap());
        let tree = tree();
        let east = ground.plane().unwrap().to_point((480.0, 5.0)).unwrap();
        let turned = Point::new(east.longitude(), east.latitude()).unwrap();
        let refused = |point, ground: &Geography| spot_at(&tree, ground, point, 300).unwrap_err();
        assert_eq!(refused(turned, &ground).code.as_str(), "point.swapped");
        assert_eq!(refused(Point::parse("0,0").unwrap(), &ground).code.as_str(), "point.outside");
        let without = super::tests::ground();
        assert!(without.plane().is_none());
        let refusal = refused(east, &without);
        assert_eq!((refusal.code.as_str(), refusal.field.as_deref()), ("point.unmapped", Some("point")));
    }

    #[test]
    fn a_point_is_read_as_people_write_it() {
        let table = [
            ("41.8057,123.4315", Ok("41.8057000,123.4315000")),
            ("41.8057，123.4315", Ok("41.8057000,123.4315000")),
            ("41.8057 123.4315", Ok("41.8057000,123.4315000")),
            (" 41.8057° , 123.4315° ", Ok("41.8057000,123.4315000")),
            ("41.80571431234567,123.43150000000001", Ok("41.8057143,123.4315000")),
            ("-1,2", Ok("-1.0000000,2.0000000")),
            ("123.4315,41.8057", Err("point.swapped")),
            ("123.4315,141.8057", Err("point.unreadable")),
            ("41.8057", Err("point.unreadable")),
            ("41.8057,123.4315,7", Err("point.unreadable")),
            ("41.80571431e5,123.4315", Err("point.unreadable")),
            ("华炉社区", Err("point.unreadable")),
            ("", Err("point.unreadable")),
        ];
        for (text, expected) in table {
            let found = read_point(text);
            let found = found.as_ref().map(Point::to_string).map_err(|refusal| refusal.code.as_str());
            assert_eq!(found.as_deref(), expected.as_deref(), "{text:?}");
        }
        for (text, meant) in [
            ("41.8057,123.4315", true),
            (" 41.8057 123.4315", true),
            ("-1，2", true),
            ("41.8057", true),
            ("210102001001", false),
            ("12号楼", false),
            ("5, rue", false),
            (", ", false),
            ("", false),
        ] {
            assert_eq!(seems_point(text), meant, "{text:?}");
        }
        let refusal = read_point("123.4315,41.8057").unwrap_err();
        assert_eq!(refusal.field.as_deref(), Some("point"));
        assert!(refusal.remedy(Lang::En).contains("41.8057,123.4315"), "{refusal}");
    }
}
