//! Tiles are read back by a decoder of their own.
#![expect(clippy::unwrap_used, reason = "a test")]

mod decoder;

use decoder::decode;
use kernel::earth::{Point, Tile, world};
use proptest::prelude::*;
use tiles::{Drawing, Place, Value, gather};

/// The middle of Shenyang at zoom 14, and a place in it by parts of the square.
fn tile() -> Tile {
    Tile::of(Point::parse("41.8057,123.4315").unwrap(), 14)
}

fn place(right: f64, down: f64) -> Place {
    let squares = f64::from(1 << 14);
    ((f64::from(tile().column()) + right) / squares, (f64::from(tile().row()) + down) / squares)
}

#[test]
fn points_come_back_with_their_facts() {
    let mut drawing = Drawing::new(tile());
    let mut layer = drawing.layer("reports");
    let point = Point::parse("41.8057,123.4315").unwrap();
    let (latitude, longitude) = point.degrees();
    let facts = || vec![("name", Value::from("路灯")), ("count", Value::from(3)), ("late", Value::from(true))];
    assert!(layer.point(world(latitude, longitude), facts()));
    assert!(layer.point(place(0.0, 0.999_999), vec![("count", Value::from(-3)), ("late", Value::from(true))]));
    assert!(!layer.point(place(1.0, 0.5), facts()), "it is in the next square");
    drawing.add(&layer);
    drawing.add(&drawing.layer("empty"));
    let layers = decode(&drawing.into_bytes());
    assert_eq!(layers.keys().collect::<Vec<_>>(), ["reports"]);
    let layer = &layers["reports"];
    assert_eq!((layer.features.len(), layer.keys.len(), layer.values.len()), (2, 3, 4), "said once");
    assert!(layer.features.iter().all(|feature| feature.kind == 1));
    assert_eq!(layer.facts(&layer.features[0])["name"], Value::from("路灯"));
    assert_eq!(layer.facts(&layer.features[1])["count"], Value::from(-3));
    assert_eq!(layer.features[1].parts, [(vec![(0, 4_095)], false)]);
    let (right, down) = tile().position(point);
    let [(points, _)] = layer.features[0].parts.as_slice() else { panic!("one point") };
    let near = |unit: i64, part: f64| (f64::from(i32::try_from(unit).unwrap()) - part * 4_096.0).abs() <= 1.0;
    assert!(near(points[0].0, right) && near(points[0].1, down), "{points:?}");
}

#[test]
fn areas_are_cut_closed_and_turn_as_the_format_says() {
    let ring = |a: f64, b: f64| vec![place(a, a), place(b, a), place(b, b), place(a, b)];
    let mut turned = ring(0.25, 0.75);
    turned.reverse();
    let closed: Vec<Place> = turned.iter().copied().chain(turned.first().copied()).collect();
    for outer in [ring(0.25, 0.75), turned, closed] {
        let mut drawing = Drawing::new(tile());
        let mut layer = drawing.layer("places");
        layer.area(&[outer, ring(0.4, 0.6)], Vec::new());
        layer.area(&[ring(1.5, 1.6)], Vec::new());
        layer.area(&[vec![place(0.1, 0.1), place(0.2, 0.2)]], Vec::new());
        layer.area(&[vec![place(0.1, 0.1), place(0.100_01, 0.1), place(0.1, 0.100_01)]], Vec::new());
        drawing.add(&layer);
        let layers = decode(&drawing.into_bytes());
        let [feature] = layers["places"].features.as_slice() else { panic!("one area is in the square") };
        assert_eq!((feature.kind, feature.parts.len()), (3, 2));
        let area = |points: &[(i64, i64)]| -> i64 {
            points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum::<i64>() / 2
        };
        assert!(feature.parts.iter().all(|part| part.1 && part.0.first() != part.0.last()));
        assert_eq!(area(&feature.parts[0].0), 2_048 * 2_048);
        assert!(area(&feature.parts[1].0) < 0, "a hole turns the other way");
    }
    let mut drawing = Drawing::new(tile());
    let mut layer = drawing.layer("places");
    layer.area(&[ring(-3.0, 4.0)], Vec::new());
    drawing.add(&layer);
    let layers = decode(&drawing.into_bytes());
    let all = &layers["places"].features[0].parts[0].0;
    assert!(all.iter().all(|point| [-64, 4_160].contains(&point.0) && [-64, 4_160].contains(&point.1)), "{all:?}");
}

#[test]
fn a_line_may_leave_and_come_back() {
    let mut drawing = Drawing::new(tile());
    let mut layer = drawing.layer("ways");
    layer.line(&[place(0.5, 0.5), place(0.5, 1.5), place(0.75, 1.5), place(0.75, 0.5)], Vec::new());
    layer.line(&[place(2.5, 0.5), place(2.5, 1.5)], Vec::new());
    drawing.add(&layer);
    let layers = decode(&drawing.into_bytes());
    let [feature] = layers["ways"].features.as_slice() else { panic!("one line is in the square") };
    assert_eq!(feature.kind, 2);
    let expected = [(vec![(2_048, 2_048), (2_048, 4_160)], false), (vec![(3_072, 4_160), (3_072, 2_048)], false)];
    assert_eq!(feature.parts, expected);
}

proptest! {
    #[test]
    fn the_counts_of_all_squares_add_up_to_the_points(
        points in prop::collection::vec((41.0f64..42.5, 122.5f64..124.5), 0..300),
        zoom in 8u8..13,
        cells in prop::option::of(1u32..30),
    ) {
        let places: Vec<(Place, ())> = points.iter().map(|at| (world(at.0, at.1), ())).collect();
        let squares: std::collections::BTreeSet<Tile> = places.iter().map(|(at, ())| Tile::at(*at, zoom)).collect();
        let mut sum = 0;
        for tile in squares {
            let mut drawing = Drawing::new(tile);
            let mut layer = drawing.layer("reports");
            for cluster in gather(tile, cells, places.clone()) {
                let count = i64::try_from(cluster.members.len()).unwrap();
                prop_assert!(layer.point(cluster.at, vec![("count", Value::from(count))]), "{:?}", cluster.at);
            }
            drawing.add(&layer);
            let layers = decode(&drawing.into_bytes());
            let layer = &layers["reports"];
            let counts = layer.features.iter().map(|feature| match layer.facts(feature)["count"] {
                Value::Whole(count) => count,
                ref other => panic!("{other:?}"),
            });
            let counted: i64 = counts.sum();
            let inside = places.iter().filter(|(at, ())| tile.holds(*at)).count();
            prop_assert_eq!(counted, i64::try_from(inside).unwrap());
            sum += counted;
        }
        prop_assert_eq!(sum, i64::try_from(places.len()).unwrap());
    }
}
