//! Points of the plane or of the globe, and the shape that holds many of them.

/// A point: metres east and north, or degrees of longitude and latitude.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// The metres east, or the longitude.
    pub x: f64,
    /// The metres north, or the latitude.
    pub y: f64,
}

/// Returns the corners of the convex hull, counterclockwise (Andrew's monotone chain, 1979). There are fewer than three
/// where the points are too few or lie on a line.
pub fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted: Vec<Point> = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    sorted.dedup();
    if sorted.len() < 3 {
        return sorted;
    }
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain.as_slice()
                && (b.x - a.x) * (point.y - a.y) <= (b.y - a.y) * (point.x - a.x)
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut ring = half(&mut sorted.iter().copied());
    ring.extend(half(&mut sorted.iter().rev().copied()));
    ring
}
