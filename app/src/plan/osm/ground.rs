//! This file reads what of an OpenStreetMap extract lies between buildings (water, railways, streets, walls), and the
//! outlines of the buildings themselves.

use std::collections::HashMap;
use std::path::Path;

use kernel::language::Bilingual;
use osmpbf::Element;
use planning::neighbours::Line;
use planning::shape::Point;

use super::blobs;
use super::tags::Tags;
use super::within::Within;

/// Holds what lies between buildings, in degrees.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Lines that nobody crosses between two houses: first those of water, then railways, motorways and trunk roads.
    pub closed: Vec<Line>,
    /// How many of those are water.
    pub water: usize,
    /// Lines that divide and that people cross: streets, streams, walls and fences.
    pub crossed: Vec<Line>,
    /// The outlines of buildings; each ends where it begins.
    pub outlines: Vec<Vec<Point>>,
}

/// Says what a way is to buildings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Water,
    Closed,
    Crossed,
    Outline,
}

/// Returns what a way is to buildings, or nothing if it divides none. What lies in a tunnel or a pipe divides nothing,
/// and neither do footways and the ways inside a compound (`service`).
fn kind(tags: &Tags<'_>) -> Option<Kind> {
    let tag = |key: &str| tags.get(key).copied().unwrap_or_default();
    if !matches!(tag("building"), "" | "no") {
        return Some(Kind::Outline);
    }
    if !matches!(tag("tunnel"), "" | "no") || tag("location") == "underground" {
        return None;
    }
    match (tag("highway"), tag("railway"), tag("waterway"), tag("natural"), tag("barrier")) {
        ("motorway" | "motorway_link" | "trunk" | "trunk_link", ..)
        | (_, "rail" | "light_rail" | "narrow_gauge" | "subway", ..) => Some(Kind::Closed),
        (_, _, "river" | "canal" | "riverbank", ..) | (_, _, _, "water" | "coastline", _) => Some(Kind::Water),
        (
            "primary" | "primary_link" | "secondary" | "secondary_link" | "tertiary" | "tertiary_link" | "unclassified"
            | "residential" | "road",
            ..,
        )
        | (_, _, "stream" | "ditch" | "drain", ..)
        | (.., "wall" | "fence" | "city_wall" | "retaining_wall" | "hedge" | "guard_rail") => Some(Kind::Crossed),
        _ => None,
    }
}

/// Reads what lies between buildings. It goes through the file twice, as [`super::read`] does, and
/// refuses one that is larger than it may be.
pub fn ground(path: &Path, within: Option<Within>) -> Result<Ground, Bilingual> {
    let mut ways: Vec<(Kind, Vec<i64>)> = Vec::new();
    blobs::each(path, within, |element| {
        if let Element::Way(way) = element {
            let tags: Tags<'_> = way.tags().collect();
            ways.extend(kind(&tags).map(|kind| (kind, way.refs().collect())));
        }
    })?;
    let nodes = ways.iter().flat_map(|(_, nodes)| nodes.iter().map(|node| (*node, None)));
    let mut at: HashMap<i64, Option<Point>> = nodes.collect();
    let mut put = |node: i64, point: Point| {
        if let Some(place) = at.get_mut(&node) {
            *place = Some(point);
        }
    };
    blobs::each(path, within, |element| match element {
        Element::Node(node) => put(node.id(), Point { x: node.lon(), y: node.lat() }),
        Element::DenseNode(node) => put(node.id(), Point { x: node.lon(), y: node.lat() }),
        Element::Way(_) | Element::Relation(_) => {}
    })?;
    let (mut ground, mut dry) = (Ground::default(), Vec::new());
    for (kind, nodes) in ways {
        let points: Vec<Point> = nodes.iter().filter_map(|node| at.get(node).copied().flatten()).collect();
        let lines = points.array_windows::<2>().copied();
        match kind {
            Kind::Water => ground.closed.extend(lines),
            Kind::Closed => dry.extend(lines),
            Kind::Crossed => ground.crossed.extend(lines),
            Kind::Outline => ground.outlines.extend(Some(points).filter(|points| is_ring(points))),
        }
    }
    ground.water = ground.closed.len();
    ground.closed.append(&mut dry);
    Ok(ground)
}

/// Says whether an outline ends where it begins.
fn is_ring(points: &[Point]) -> bool {
    points.len() > 3 && points.first() == points.last()
}
