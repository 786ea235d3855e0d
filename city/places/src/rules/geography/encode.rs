//! This file writes the network as bytes: first the nodes in decimetres, then the pieces of way. All numbers are
//! little-endian.

use planning::network::Edge;
use planning::shape::Point;

/// Decimetres in a metre.
const DECIMETRES: f64 = 10.0;

/// Returns metres as whole decimetres.
pub fn decimetres(metres: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float beyond the range becomes its end, and no city is so large"
    )]
    let whole = (metres * DECIMETRES).round() as i64;
    whole
}

/// Returns the point of a pair of whole decimetres.
pub fn point(x: i64, y: i64) -> Point {
    #[expect(clippy::cast_precision_loss, reason = "decimetres of a city lie far below 2^53")]
    let metres = |value: i64| value as f64 / DECIMETRES;
    Point { x: metres(x), y: metres(y) }
}

/// Writes nodes and ways as bytes.
pub fn write_network(nodes: &[Point], edges: &[Edge]) -> Vec<u8> {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = Vec::with_capacity(8 + nodes.len() * 8 + edges.len() * 13);
    bytes.extend(count(nodes.len()));
    for node in nodes {
        for value in [node.x, node.y] {
            bytes.extend(i32::try_from(decimetres(value)).unwrap_or(i32::MAX).to_le_bytes());
        }
    }
    bytes.extend(count(edges.len()));
    for edge in edges {
        for word in [edge.from, edge.to, edge.time] {
            bytes.extend(word.to_le_bytes());
        }
        bytes.push(edge.class);
    }
    bytes
}

/// Reads the same bytes back. Returns nothing if they are cut short.
pub fn read_network(bytes: &[u8]) -> Option<(Vec<Point>, Vec<Edge>)> {
    let mut rest = bytes;
    let nodes = (0..word(&mut rest)?)
        .map(|_| {
            let (x, y) = (i32::from_le_bytes(four(&mut rest)?), i32::from_le_bytes(four(&mut rest)?));
            Some(point(x.into(), y.into()))
        })
        .collect::<Option<_>>()?;
    let edges = (0..word(&mut rest)?)
        .map(|_| {
            let (from, to, time) = (word(&mut rest)?, word(&mut rest)?, word(&mut rest)?);
            let (class, after) = rest.split_first()?;
            rest = after;
            Some(Edge { from, to, time, class: *class })
        })
        .collect::<Option<_>>()?;
    Some((nodes, edges))
}

fn four(rest: &mut &[u8]) -> Option<[u8; 4]> {
    let (first, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(*first)
}

fn word(rest: &mut &[u8]) -> Option<u32> {
    four(rest).map(u32::from_le_bytes)
}
