//! This file reads what a program asks of a collection.

use kernel::earth::Bounds;
use kernel::place::PlaceId;
use web::Page;

/// How many features a page has if nobody says it, and at most.
const PAGE: usize = 100;
pub(super) const MOST: usize = 1_000;
/// What may be asked of a collection. Anything else is refused, as the standard demands.
const ASKED: [&str; 6] = ["bbox", "limit", "offset", "place", "f", "lang"];

/// What is asked of a collection.
pub(super) struct Asked {
    pub bbox: Option<Bounds>,
    pub limit: usize,
    pub offset: usize,
    /// The place whose grids are asked for, all of them at once.
    pub place: Option<PlaceId>,
}

impl Asked {
    /// Reads what is asked. Grids alone are asked for by their place.
    ///
    /// # Errors
    /// Says in words what is not understood.
    pub fn read(page: &Page, of_grids: bool) -> Result<Self, String> {
        if let Some((name, _)) = page.query.pairs().find(|(name, _)| !ASKED.contains(name)) {
            return Err(format!("{name}: no such parameter; write bbox, limit, offset or place"));
        }
        if let Some(name) = ASKED.into_iter().find(|name| page.query.all(name).len() > 1) {
            return Err(format!("{name}: write it once"));
        }
        let number = |name: &str, otherwise: usize| match page.query.opt(name) {
            None => Ok(otherwise),
            Some(text) => text.parse::<usize>().map_err(|_| format!("{name}: write a whole number, not {text:?}")),
        };
        let place = |text: &str| match text.parse::<i64>() {
            Ok(id) if of_grids => Ok(PlaceId(id)),
            Ok(_) => Err("place: only grids are asked for by their place".to_owned()),
            Err(_) => Err(format!("place: write the number of a place, not {text:?}")),
        };
        let place = page.query.opt("place").map(place).transpose()?;
        let (usual, most) = if place.is_some() { (usize::MAX, usize::MAX) } else { (PAGE, MOST) };
        let limit = number("limit", usual)?;
        if limit == 0 {
            return Err("limit: at least 1".to_owned());
        }
        let bbox = page.query.opt("bbox").map(corners).transpose()?;
        Ok(Self { bbox, limit: limit.min(most), offset: number("offset", 0)?, place })
    }
}

/// Reads `west,south,east,north`, or the same with heights, which are left out.
fn corners(text: &str) -> Result<Bounds, String> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.iter().all(|number| number.is_finite()));
    let bounds = match numbers.as_deref() {
        Some([west, south, east, north] | [west, south, _, east, north, _]) => {
            Bounds { west: *west, south: *south, east: *east, north: *north }
        }
        _ => return Err("bbox: write west,south,east,north in degrees".to_owned()),
    };
    if bounds.south > bounds.north {
        return Err("bbox: the south lies north of the north; write west,south,east,north".to_owned());
    }
    Ok(bounds)
}

/// Whether two boxes have something in common.
pub(super) fn overlap(one: Bounds, other: Bounds) -> bool {
    let wide = if one.west <= one.east {
        one.west <= other.east && other.west <= one.east
    } else {
        // Over the date line.
        other.east >= one.west || other.west <= one.east
    };
    wide && one.south <= other.north && other.south <= one.north
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_read_and_compared() {
        let inside = Bounds { west: 123.4, south: 41.7, east: 123.5, north: 41.8 };
        let table = [
            ("123,41,124,42", Some(true)),
            ("123, 41, 0, 124, 42, 100", Some(true)),
            ("123.5,41.8,124,42", Some(true)),
            ("123.6,41,124,42", Some(false)),
            ("170,-90,124,90", Some(true)),
            ("170,-90,-170,90", Some(false)),
            ("123,42,124,41", None),
            ("123,41,124", None),
            ("a,b,c,d", None),
            ("NaN,1,2,3", None),
        ];
        for (text, expected) in table {
            assert_eq!(corners(text).ok().map(|bbox| overlap(bbox, inside)), expected, "{text}");
        }
    }
}
