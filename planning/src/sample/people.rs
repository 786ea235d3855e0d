//! Buildings on plots, compounds around them, communities of compounds, and the people who live there.

use std::collections::BTreeMap;

use super::streets::Streets;
use super::{City, Compound, PLOT_METRES, Point, Volunteer};
use crate::chance::Chance;
use crate::mobilize::{Gate, Home, Need};
use crate::network::GIVEN_SPEED;
use crate::partition::{Border, Building};

/// The percentage of plots that are parks.
const PARK_PERCENT: usize = 8;
/// The least distance between two stations, metres.
const STATIONS_APART: f64 = 500.0;

/// Places compounds at shifted sites and buildings on shifted plots. Each building belongs to the nearest site.
pub fn build(city: &mut City, streets: &Streets, size: super::Size, breadth: f64, chance: &mut Chance) {
    let across = (size.compounds as f64).sqrt().ceil() as usize;
    let pitch = breadth / across as f64;
    let half = breadth / 2.0;
    let mut sites: Vec<(Point, usize)> = Vec::new();
    let mut at: BTreeMap<(i64, i64), Vec<u32>> = BTreeMap::new();
    for number in 0..across * across {
        let mut off = || (chance.unit() - 0.5) * 0.7 * pitch;
        let (column, row) = (number % across, number / across);
        let middle =
            Point { x: (column as f64 + 0.5) * pitch - half + off(), y: (row as f64 + 0.5) * pitch - half + off() };
        // Sites in the river are left out first, then those that are too many.
        if sites.len() < size.compounds && !streets.is_wet(middle) {
            at.entry((column as i64, row as i64)).or_default().push(sites.len() as u32);
            sites.push((middle, chance.below(20)));
        }
    }
    let nearest = |point: Point| {
        let square = |value: f64| ((value + half) / pitch).floor() as i64;
        let (column, row) = (square(point.x), square(point.y));
        let around = (-2..=2).flat_map(|y| (-2..=2).map(move |x| (column + x, row + y)));
        let near = around.filter_map(|square| at.get(&square)).flatten().copied();
        let metres = |site: u32| {
            let there = sites[site as usize].0;
            (there.x - point.x).hypot(there.y - point.y)
        };
        near.min_by(|&a, &b| metres(a).total_cmp(&metres(b)))
    };
    let plots = (breadth / PLOT_METRES) as usize;
    let mut found: Vec<(u32, usize, Point, u32)> = Vec::new();
    for plot in 0..plots * plots {
        let mut off = || (chance.unit() - 0.5) * 0.5 * PLOT_METRES;
        let point = Point {
            x: ((plot % plots) as f64 + 0.5) * PLOT_METRES - half + off(),
            y: ((plot / plots) as f64 + 0.5) * PLOT_METRES - half + off(),
        };
        let park = chance.below(100) < PARK_PERCENT;
        let households = chance.bits();
        if let Some(site) = nearest(point).filter(|_| !park && !streets.is_wet(point)) {
            let kind = sites[site as usize].1;
            found.push((site, plot, point, households_of(kind, &mut Chance::new(households, 0))));
        }
    }
    found.sort_by_key(|&(site, plot, ..)| (site, plot));
    let mut by_plot: BTreeMap<usize, u32> = BTreeMap::new();
    // A site without a building is no compound.
    let mut compound_of: BTreeMap<u32, u32> = BTreeMap::new();
    for &(site, plot, point, households) in &found {
        let next = compound_of.len() as u32;
        let compound = *compound_of.entry(site).or_insert(next);
        by_plot.insert(plot, city.buildings.len() as u32);
        let (node, metres) = streets.nearest(point);
        city.doors.push(Home { node, access: walked(metres) });
        city.places.push(point);
        city.buildings.push(Building { community: 0, compound, households });
    }
    touch(city, &by_plot, plots, chance);
    for &site in compound_of.keys() {
        open_gates(city, streets, sites[site as usize].0, pitch, chance);
    }
    let mut households = vec![0u32; compound_of.len()];
    for building in &city.buildings {
        households[building.compound as usize] += building.households;
    }
    let middle = compound_of.keys().map(|&site| sites[site as usize].0);
    city.compounds = middle
        .zip(households)
        .map(|(at, households)| Compound { community: 0, at, households, need: Need::default(), doctors: 0 })
        .collect();
}

fn walked(metres: f64) -> u32 {
    (metres * 10_000.0 / f64::from(GIVEN_SPEED)).round() as u32
}

/// Returns how many households a building has, by the kind of its compound: half of the compounds are rows without a
/// lift, a quarter are towers, some have both, and some are low old houses.
fn households_of(kind: usize, chance: &mut Chance) -> u32 {
    let draw = chance.below(100);
    let (empty, small, row) = match kind {
        0..=9 => (7, 17, 99),
        10..=14 => (8, 10, 35),
        15..=17 => (8, 13, 80),
        _ => (5, 90, 100),
    };
    let number = if draw < empty {
        0
    } else if draw < small {
        2 + chance.below(11)
    } else if draw < row {
        (1 + chance.below(5)) * (2 + chance.below(2)) * (5 + chance.below(3)) * 83 / 100
    } else {
        ((11 + chance.below(23)) * (2 + chance.below(3)) * (1 + chance.below(2)) * 83 / 100).clamp(40, 190)
    };
    number as u32
}

/// Neighbouring plots touch along the side they share, by chance more or less of it.
fn touch(city: &mut City, by_plot: &BTreeMap<usize, u32>, plots: usize, chance: &mut Chance) {
    for (&plot, &a) in by_plot {
        let right = (plot % plots + 1 < plots).then(|| plot + 1);
        for other in [right, Some(plot + plots)].into_iter().flatten() {
            let metres = 25 + chance.below(45) as u32;
            if let Some(&b) = by_plot.get(&other) {
                city.borders.push(Border { a: a.min(b), b: a.max(b), metres });
            }
        }
    }
    city.borders.sort_unstable_by_key(|border| (border.a, border.b));
}

fn open_gates(city: &mut City, streets: &Streets, middle: Point, pitch: f64, chance: &mut Chance) {
    let site = city.gates.last().map_or(0, |gate| gate.site + 1);
    let count = 1 + chance.below(4);
    let turn = chance.unit() * std::f64::consts::TAU;
    let mut nodes: Vec<u32> = (0..count)
        .map(|gate| {
            let angle = turn + gate as f64 * std::f64::consts::TAU / count as f64;
            let rim = Point { x: middle.x + 0.33 * pitch * angle.cos(), y: middle.y + 0.33 * pitch * angle.sin() };
            streets.nearest(rim).0
        })
        .collect();
    nodes.sort_unstable();
    nodes.dedup();
    city.gates.extend(nodes.into_iter().map(|node| Gate { site, node }));
}

/// Makes communities of about equally many households. The compounds are halved again and again, along the longer side.
pub fn assign_communities(city: &mut City, communities: usize, chance: &mut Chance) {
    let communities = communities.min(city.compounds.len());
    let all: Vec<u32> = (0..city.compounds.len() as u32).collect();
    let mut open = vec![(all, 0usize, communities)];
    while let Some((mut members, first, count)) = open.pop() {
        if count <= 1 {
            for member in members {
                city.compounds[member as usize].community = first as u32;
            }
            continue;
        }
        let at = |member: u32| city.compounds[member as usize].at;
        let span = |of: &dyn Fn(u32) -> f64| {
            let (least, most) = members
                .iter()
                .fold((f64::MAX, f64::MIN), |(least, most), &member| (least.min(of(member)), most.max(of(member))));
            most - least
        };
        let wide = span(&|member| at(member).x) >= span(&|member| at(member).y);
        let tilt = (chance.unit() - 0.5) * 0.6;
        let along = |member: u32| {
            let at = at(member);
            if wide { at.x + tilt * at.y } else { at.y + tilt * at.x }
        };
        members.sort_by(|&a, &b| along(a).total_cmp(&along(b)).then(a.cmp(&b)));
        let total: u64 = members.iter().map(|&member| u64::from(city.compounds[member as usize].households)).sum();
        let half = count / 2;
        let wanted = total * half as u64 / count as u64;
        let mut sum = 0;
        let cut = members.iter().position(|&member| {
            sum += u64::from(city.compounds[member as usize].households);
            sum >= wanted
        });
        let cut = (cut.unwrap_or(0) + 1).clamp(half, members.len() - (count - half));
        let rest = members.split_off(cut);
        open.push((members, first, half));
        open.push((rest, first + half, count - half));
    }
    for building in &mut city.buildings {
        building.community = city.compounds[building.compound as usize].community;
    }
}

/// Says what compounds want: people by their share of the households, times six to fifteen tenths, and a doctor where
/// many people live.
pub fn want(city: &mut City, volunteers: usize) {
    let all: f64 = city.compounds.iter().map(|compound| f64::from(compound.households) + 1.0).sum();
    for compound in &mut city.compounds {
        let share = 0.9 * volunteers as f64 * (f64::from(compound.households) + 1.0) / all;
        compound.need = Need { least: (share * 0.6) as u32, most: (share * 1.5).ceil() as u32 + 1 };
        compound.doctors = u32::from(compound.households > 1_200);
    }
}

/// Adds volunteers by households, more in some communities than in others.
pub fn gather(city: &mut City, volunteers: usize, chance: &mut Chance) {
    let communities =
        city.compounds.iter().map(|compound| compound.community).max().map_or(0, |most| most as usize + 1);
    let keen: Vec<f64> =
        (0..communities).map(|_| (chance.unit() + chance.unit() + chance.unit() - 1.5).exp()).collect();
    let mut sums = Vec::with_capacity(city.buildings.len());
    let mut sum = 0.0;
    for building in &city.buildings {
        sum += f64::from(building.households) * keen[building.community as usize];
        sums.push(sum);
    }
    let mut homes: Vec<u32> = (0..volunteers)
        .map(|_| {
            let draw = chance.unit() * sum;
            (sums.partition_point(|&until| until <= draw) as u32).min(city.buildings.len().saturating_sub(1) as u32)
        })
        .collect();
    homes.sort_unstable();
    for building in homes {
        let mut bit = |percent: usize, bit: u32| u32::from(chance.below(100) < percent) << bit;
        let skills = bit(8, 0) | bit(25, 1) | bit(4, 2) | bit(2, 3);
        let shifts = bit(60, 0) | bit(60, 1) | bit(60, 2);
        if let Some(&home) = city.doors.get(building as usize) {
            city.volunteers.push(Volunteer { building, home, skills, shifts: shifts.max(1) });
        }
    }
}

/// Opens stations at gates of large compounds, apart from one another.
pub fn open_stations(city: &mut City, stations: usize, chance: &mut Chance) {
    let mut order: Vec<(f64, u32)> = city
        .compounds
        .iter()
        .zip(0..)
        .map(|(compound, id)| (chance.unit().powf(1.0 / (f64::from(compound.households) + 1.0)), id))
        .collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut open: Vec<u32> = Vec::new();
    for (_, compound) in order {
        if open.len() == stations {
            break;
        }
        let at = city.compounds[compound as usize].at;
        let apart = |&other: &u32| {
            let there = city.compounds[other as usize].at;
            (there.x - at.x).hypot(there.y - at.y) >= STATIONS_APART
        };
        if open.iter().all(apart) {
            open.push(compound);
        }
    }
    let gate = |&compound: &u32| city.gates.iter().find(|gate| gate.site == compound).map(|gate| gate.node);
    city.stations = open.iter().filter_map(gate).collect();
}
