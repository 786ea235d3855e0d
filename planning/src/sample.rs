//! An invented city to try the planners on: streets with a river and bridges, compounds with buildings and gates, communities,
//! volunteers and stations. The same size and seed give the same city everywhere. Nothing in it is a real place.

mod people;
mod streets;

use crate::chance::Chance;
use crate::mobilize::{Gate, Home, Need};
use crate::network::Edge;
use crate::partition::{Border, Building};
pub use crate::shape::Point;

/// How large a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Communities.
    pub communities: usize,
    /// Compounds; four for each community is usual.
    pub compounds: usize,
    /// Volunteers.
    pub volunteers: usize,
    /// Stations.
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

    /// The size of that name.
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
    /// Its community.
    pub community: u32,
    /// Its middle.
    pub at: Point,
    /// Its households.
    pub households: u32,
    /// How many people it wants in an emergency.
    pub need: Need,
    /// How many doctors of them.
    pub doctors: u32,
}

/// A volunteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volunteer {
    /// His building.
    pub building: u32,
    /// Where that stands on the network.
    pub home: Home,
    /// Bit 0: doctor; 1: driver; 2: psychologist; 3: speaks another language.
    pub skills: u32,
    /// Bits of the shifts in which he is free: early, late, night.
    pub shifts: u32,
}

/// The city.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Where the nodes are.
    pub nodes: Vec<Point>,
    /// Ways between them, both directions; class 0 is a wide street, 1 a street, 2 a lane.
    pub edges: Vec<Edge>,
    /// Compounds.
    pub compounds: Vec<Compound>,
    /// Their gates.
    pub gates: Vec<Gate>,
    /// Buildings, by compound.
    pub buildings: Vec<Building>,
    /// Where they are.
    pub places: Vec<Point>,
    /// Where they stand on the network.
    pub doors: Vec<Home>,
    /// Buildings that touch.
    pub borders: Vec<Border>,
    /// Volunteers.
    pub volunteers: Vec<Volunteer>,
    /// Nodes of the stations.
    pub stations: Vec<u32>,
}

/// Metres between nodes of the lattice of streets, and between plots.
const STREET_METRES: f64 = 45.0;
/// Plots for each compound.
const PLOTS: f64 = 28.0;
/// Metres between plots.
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
