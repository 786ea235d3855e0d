//! This file says where the next stations belong. The planners choose them, a check proves them, and they are told one
//! after the other with what each brings.

use places::geography::Geography;
use planning::network::Start;
use planning::reach::{reached_from_each, walks_to_each};
use planning::siting::{Effort, Offers, check, choose, fewest, value_of};
use serde::{Deserialize, Serialize};

use super::circle::{Pace, buildings};
use crate::words::Aim;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// What is aimed at.
    pub aim: Aim,
    /// So many stations.
    pub count: usize,
    /// Of a hundred households so many are to be reached, for [`Aim::Share`].
    pub share: u64,
    /// Who walks, and how far.
    pub pace: Pace,
}

/// A station that is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Identity of the compound at whose entrance it would open.
    pub compound: i64,
    /// What it brings beside those before it: households, or household-ds of walking.
    pub brings: i64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The stations, the one that brings most first.
    pub sites: Vec<Site>,
    /// Households in the place.
    pub households: i64,
    /// Households near a station today.
    pub before: i64,
    /// What the stations bring together: households, or household-ds.
    pub value: i64,
    /// No choice of as many stations brings more than this. For [`Aim::Share`], no choice of fewer sites than this is
    /// enough.
    pub bound: i64,
}

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The stored ways make no network.
    #[error(transparent)]
    Ways(#[from] planning::network::Fault),
    /// The share cannot be reached: all compounds together reach so many of a thousand.
    #[error("{0}")]
    OutOfReach(u64),
    /// A fault of the program.
    #[error("the answer does not pass its own check: {0}")]
    Unproven(String),
    /// It is not wanted any more.
    #[error("called off")]
    Stopped,
}

/// Seeds the chance of the search, so that the same question has the same answer.
const SEED: u64 = 1;

/// Chooses stations. `place` says which buildings count, `candidates` are compounds by their places in the list, and
/// `stations` are those of today.
///
/// # Errors
/// Fails if the ways make no network, if the share is out of reach, or if it is called off.
pub fn find(
    ground: &Geography,
    place: &[Option<u32>],
    candidates: &[u32],
    stations: &[Start],
    question: Question,
    step: &mut dyn FnMut() -> bool,
) -> Result<Found, Fault> {
    let walks = question.pace;
    let ways = ground.ways_of(&walks.profile())?;
    let homes = buildings(ground, place, walks.speed);
    let entrances: Vec<(i64, Start)> = candidates
        .iter()
        .filter_map(|at| ground.compounds.get(*at as usize))
        .filter_map(|compound| Some((compound.id, ground.entrance(compound)?)))
        .collect();
    let starts: Vec<Start> = entrances.iter().map(|(_, start)| *start).collect();
    let today = walks_today(ground, stations, &homes, walks)?;
    let households: u64 = homes.iter().map(|home| u64::from(home.households)).sum();
    let near =
        |(home, walk): (&planning::reach::Building, &u32)| (*walk <= walks.near).then_some(u64::from(home.households));
    let before: u64 = homes.iter().zip(&today).filter_map(near).sum();
    let offers = match question.aim {
        Aim::Walk => {
            let weights: Vec<u64> = homes.iter().map(|home| u64::from(home.households)).collect();
            let each = walks_to_each(&ways.backward, &homes, &starts, walks.far);
            Offers::of_walks(&weights, &today, &each)
        }
        Aim::Reach | Aim::Share => {
            let left: Vec<u64> = homes
                .iter()
                .zip(&today)
                .map(|(home, walk)| if *walk <= walks.near { 0 } else { u64::from(home.households) })
                .collect();
            Offers::of_households(&left, &reached_from_each(&ways.backward, &homes, &starts, walks.near))
        }
    };
    let mut go_on = true;
    let mut told = || {
        go_on = go_on && step();
        go_on
    };
    let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (open, bound) = if question.aim == Aim::Share {
        let wanted = whole((households * question.share).div_ceil(100)) - whole(before);
        let found = fewest(&offers, wanted, 0, &mut told);
        let found = found.ok_or_else(|| {
            let most = before + u64::try_from(offers.all()).unwrap_or_default();
            Fault::OutOfReach(most * 1_000 / households.max(1))
        })?;
        (found.open, i64::try_from(found.at_least).unwrap_or(i64::MAX))
    } else {
        let found = choose(&offers, question.count, Effort::fitting(&offers, SEED), &mut told);
        check(&offers, &found).map_err(|wrong| Fault::Unproven(wrong.to_string()))?;
        (found.open, found.bound)
    };
    if !go_on {
        return Err(Fault::Stopped);
    }
    let (sites, value) = in_order(&offers, &open, &entrances);
    Ok(Found { sites, households: whole(households), before: whole(before), value, bound })
}

/// Returns the walk of each building to the nearest station of today, or the longest walk where there is none.
fn walks_today(
    ground: &Geography,
    stations: &[Start],
    homes: &[planning::reach::Building],
    walks: Pace,
) -> Result<Vec<u32>, planning::network::Fault> {
    let ways = ground.ways_of(&walks.profile())?;
    let mut search = planning::network::Search::new(ground.nodes.len());
    let times = planning::reach::times(&mut search, &ways.backward, stations, walks.far);
    let time = |home: &planning::reach::Building| times.get(home.node as usize).copied().unwrap_or(u32::MAX);
    Ok(homes.iter().map(|home| time(home).saturating_add(home.access).min(walks.far.saturating_add(1))).collect())
}

/// Puts the sites in order, always next the one that brings most beside those before it. Returns them with what all
/// bring.
fn in_order(offers: &Offers, open: &[u32], entrances: &[(i64, Start)]) -> (Vec<Site>, i64) {
    let mut left = open.to_vec();
    let (mut taken, mut value): (Vec<u32>, i64) = (Vec::new(), 0);
    let mut sites = Vec::new();
    while !left.is_empty() {
        let with = |site: &u32| {
            let mut all = taken.clone();
            all.push(*site);
            value_of(offers, &all)
        };
        let Some((at, best)) =
            left.iter().map(with).enumerate().max_by_key(|(at, value)| (*value, std::cmp::Reverse(*at)))
        else {
            break;
        };
        let site = left.remove(at);
        taken.push(site);
        if let Some((compound, _)) = entrances.get(site as usize) {
            sites.push(Site { compound: *compound, brings: best - value });
        }
        value = best;
    }
    (sites, value)
}

#[cfg(test)]
mod tests;
