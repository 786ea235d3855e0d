//! Makes an invented city to try the planners on: streets with a river and bridges, compounds with buildings and gates,
//! communities, volunteers and stations. The same size and seed give the same city everywhere. Nothing in it is a real
//! place.

mod people;
pub mod reports;
mod streets;

use crate::chance::Chance;
use crate::mobilize::{Gate, Home, Need};
use crate::network::Edge;
use crate::partition::{Border, Building};
pub use crate::shape::Point;

/// How large a city is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// How many communities it has.
    pub communities: usize,
    /// How many compounds it has; four for each community is usual.
    pub compounds: usize,
    /// How many volunteers it has.
    pub volunteers: usize,
    /// How many stations it has.
    pub stations: usize,
}

impl Size {
    /// A street.
    pub const S: Self = Self { communities: 9, compounds: 34, volunteers: 264, stations: 2 };
    /// A district.
    pub const M: Self = Self { communities: 85, compounds: 341, volunteers: 2_640, stations: 10 };
    /// A city of nine million.
    pub const L: Self = Self { communities: 931, compounds: 3_745, volunteers: 29_000, stations: 110 };
    /// Ten such cities.
    pub const XL: Self = Self { communities: 9_310, compounds: 37_450, volunteers: 290_000, stations: 1_100 };

    /// Finds the size of that name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "S" => Some(Self::S),
            "M" => Some(Self::M),
            "L" => Some(Self::L),
            "XL" => Some(Self::XL),
            _ => None,
        }
    }
}

/// A compound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compound {
    /// The community of the compound.
    pub community: u32,
    /// The middle of the compound.
    pub at: Point,
    /// The households of the compound.
    pub households: u32,
    /// How many people it wants in an emergency.
    pub need: Need,
    /// How many of them are doctors.
    pub doctors: u32,
}

/// A volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volunteer {
    /// The building in which he lives.
    pub building: u32,
    /// Where the building stands on the network.
    pub home: Home,
    /// Bit 0 is a doctor, 1 a driver, 2 a psychologist, 3 somebody who speaks another language.
    pub skills: u32,
    /// The bits of the shifts in which he is free: early, late, night.
    pub shifts: u32,
}

/// The invented city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Where the nodes are.
    pub nodes: Vec<Point>,
    /// The ways between them, in both directions. Class 0 is a wide street, 1 a street, 2 a lane.
    pub edges: Vec<Edge>,
    /// Compounds.
    pub compounds: Vec<Compound>,
    /// The gates of the compounds.
    pub gates: Vec<Gate>,
    /// The buildings, by compound.
    pub buildings: Vec<Building>,
    /// Where the buildings are.
    pub places: Vec<Point>,
    /// Where the buildings stand on the network.
    pub doors: Vec<Home>,
    /// The pairs of buildings that touch.
    pub borders: Vec<Border>,
    /// Volunteers.
    pub volunteers: Vec<Volunteer>,
    /// The nodes of the stations.
    pub stations: Vec<u32>,
}

/// The metres between nodes of the lattice of streets.
const STREET_METRES: f64 = 45.0;
/// The number of plots for each compound.
const PLOTS: f64 = 28.0;
/// The metres between plots.
const PLOT_METRES: f64 = 82.0;

/// Makes a city.
pub fn city(size: Size, seed: u64) -> City {
    let breadth = (size.compounds as f64 * PLOTS).sqrt() * PLOT_METRES;
    let streets = streets::lay(breadth, &mut Chance::new(seed, 1));
    let mut city = City {
        nodes: streets.nodes.clone(),
        edges: streets.edges.clone(),
        compounds: Vec::new(),
        gates: Vec::new(),
        buildings: Vec::new(),
        places: Vec::new(),
        doors: Vec::new(),
        borders: Vec::new(),
        volunteers: Vec::new(),
        stations: Vec::new(),
    };
    people::build(&mut city, &streets, size, breadth, &mut Chance::new(seed, 2));
    people::assign_communities(&mut city, size.communities, &mut Chance::new(seed, 3));
    people::want(&mut city, size.volunteers);
    people::gather(&mut city, size.volunteers, &mut Chance::new(seed, 4));
    people::open_stations(&mut city, size.stations, &mut Chance::new(seed, 5));
    city
}

#[cfg(test)]
mod tests;
