//! This file numbers the grids of a community: general grids first, then exclusive ones, each from west to east and row
//! by row from north to south. It is pure.
//!
//! A code has 15 digits: the community's 12 and a number of 3 (DB11/T 单元网格划分, 5.2 and 5.4, says so for one city).

use std::collections::BTreeMap;

use planning::shape::Point;
use serde::{Deserialize, Serialize};

use crate::rules::naming::grid_name;

/// Says how many digits a community's code has, which begins the codes of its grids.
pub const COMMUNITY_DIGITS: usize = 12;

/// Says what a grid is called and of which kind it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: String,
    /// Whether it is an exclusive grid (专属网格): a hospital, a school, a market, a utility.
    #[serde(default)]
    pub exclusive: bool,
}

impl Called {
    /// Returns the number within the community, or nothing if the code has none.
    pub fn number(&self) -> Option<u32> {
        let digits: String = self.code.chars().skip(COMMUNITY_DIGITS).collect();
        digits.parse().ok()
    }

    /// Returns it with another number in a community. A name that only tells the number follows it.
    fn numbered(&self, community_code: &str, number: u32) -> Self {
        let counted = self.number().is_some_and(|old| grid_name(old) == self.name);
        let name = if counted { grid_name(number) } else { self.name.clone() };
        Self { name, code: format!("{community_code}{number:03}"), exclusive: self.exclusive }
    }
}

/// A grid with the places of its buildings.
#[derive(Clone, Debug)]
pub struct Lies {
    /// Its identity.
    pub grid: i64,
    /// What it is called.
    pub called: Called,
    /// Where its buildings are, metres east and north.
    pub buildings: Vec<Point>,
}

/// Says what each grid of a community is called once they are numbered in order. Grids that keep their code are left
/// out. The numbers go from 1 without a gap.
pub fn renumbered(community_code: &str, grids: &[Lies]) -> BTreeMap<i64, Called> {
    let (exclusive, general): (Vec<&Lies>, Vec<&Lies>) = grids.iter().partition(|lies| lies.called.exclusive);
    let order = in_order(&general).into_iter().chain(in_order(&exclusive));
    let numbered = (1..).zip(order).map(|(number, lies)| (lies, lies.called.numbered(community_code, number)));
    numbered.filter(|(lies, called)| lies.called != *called).map(|(lies, called)| (lies.grid, called)).collect()
}

/// What is looked at to put a grid in its row.
struct Spot<'a> {
    lies: &'a Lies,
    east: f64,
    north: f64,
    /// The metres from its most northern to its most southern building.
    height: f64,
}

/// Puts grids in the order of reading. The most northern grid begins a row; whatever has its middle no farther south of
/// that than the median grid is high lies in the same row. Grids of the same place go by their identity.
fn in_order<'a>(grids: &[&'a Lies]) -> Vec<&'a Lies> {
    let mut heights: Vec<f64> = grids.iter().map(|lies| spot(lies).height).collect();
    heights.sort_by(f64::total_cmp);
    let usual = heights.get(heights.len() / 2).copied().unwrap_or_default();
    let mut spots: Vec<Spot<'a>> = grids.iter().map(|lies| spot(lies)).collect();
    spots.sort_by(|a, b| b.north.total_cmp(&a.north).then(a.lies.grid.cmp(&b.lies.grid)));
    let mut rows: Vec<(f64, Vec<Spot<'a>>)> = Vec::new();
    for one in spots {
        match rows.last_mut() {
            Some((edge, row)) if one.north >= *edge => row.push(one),
            _ => rows.push((one.north - usual, vec![one])),
        }
    }
    let sorted = |(_, mut row): (f64, Vec<Spot<'a>>)| {
        row.sort_by(|a, b| a.east.total_cmp(&b.east).then(a.lies.grid.cmp(&b.lies.grid)));
        row
    };
    rows.into_iter().flat_map(sorted).map(|one| one.lies).collect()
}

fn spot(lies: &Lies) -> Spot<'_> {
    let count = f64::from(u32::try_from(lies.buildings.len().max(1)).unwrap_or(u32::MAX));
    let sum = lies.buildings.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.x, sum.1 + at.y));
    let edge = |start: f64, of: fn(f64, f64) -> f64| lies.buildings.iter().map(|at| at.y).fold(start, of);
    let height = (edge(f64::NEG_INFINITY, f64::max) - edge(f64::INFINITY, f64::min)).max(0.0);
    Spot { lies, east: sum.0 / count, north: sum.1 / count, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "210102007001";

    /// Reads a map: each letter is a building of the grid of that letter, ten metres apart. Small letters are exclusive
    /// grids. The name follows the number of the letter in the alphabet.
    fn map(rows: &[&str]) -> Vec<Lies> {
        let mut grids: BTreeMap<char, Lies> = BTreeMap::new();
        for (down, row) in rows.iter().enumerate() {
            for (right, letter) in row.chars().enumerate().filter(|(_, letter)| letter.is_ascii_alphabetic()) {
                let number = u32::from(letter.to_ascii_uppercase()) - u32::from('A') + 1;
                let called = Called {
                    name: grid_name(number),
                    code: format!("{CODE}{number:03}"),
                    exclusive: letter.is_ascii_lowercase(),
                };
                let own = Lies { grid: i64::from(number), called, buildings: Vec::new() };
                let metres = |steps: usize| f64::from(u32::try_from(steps).unwrap()) * 10.0;
                let at = Point { x: metres(right), y: -metres(down) };
                grids.entry(letter).or_insert(own).buildings.push(at);
            }
        }
        grids.into_values().collect()
    }

    /// The new numbers of the grids A, B, C …, as digits. A grid that keeps its number shows it too.
    fn numbers(rows: &[&str]) -> String {
        let mut grids = map(rows);
        grids.sort_by_key(|lies| lies.grid);
        let new = renumbered(CODE, &grids);
        let number = |lies: &Lies| new.get(&lies.grid).unwrap_or(&lies.called).number().unwrap().to_string();
        grids.iter().map(number).collect()
    }

    #[test]
    fn grids_are_numbered_as_one_reads() {
        let table: [(&[&str], &str); 7] = [
            (&["AA BB", "AA BB"], "12"),
            (&["BB AA", "BB AA"], "21"),
            (&["CC DD", "CC DD", "AA BB", "AA BB"], "3412"),
            // The middle of B lies a little higher than that of A: still one row.
            (&["   BB", "AA BB", "AA   "], "12"),
            // Exclusive grids follow the general ones, wherever they lie.
            (&["aa BB", "CC dd"], "3124"),
            (&["A"], "1"),
            (&[], ""),
        ];
        for (rows, expected) in table {
            assert_eq!(numbers(rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn a_name_follows_its_number_and_another_name_stays() {
        let mut grids = map(&["BB AA"]);
        grids.iter_mut().filter(|lies| lies.grid == 1).for_each(|lies| "河畔网格".clone_into(&mut lies.called.name));
        let new = renumbered(CODE, &grids);
        assert_eq!(new.get(&2).map(|called| (called.name.as_str(), called.number())), Some(("第001网格", Some(1))));
        assert_eq!(new.get(&1).map(|called| (called.name.as_str(), called.number())), Some(("河畔网格", Some(2))));
        let moved = renumbered("210102007099", &map(&["AA BB"]));
        assert_eq!(moved.get(&1).map(|called| called.code.as_str()), Some("210102007099001"), "another community code");
        assert!(renumbered(CODE, &map(&["AA BB"])).is_empty(), "in order already");
    }
}
