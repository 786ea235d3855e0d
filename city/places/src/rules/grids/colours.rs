//! This file chooses colours for areas, so that areas that touch have different colours.

use std::collections::BTreeSet;

/// Says how many colours maps have.
pub const COLOURS: usize = 8;

/// Chooses a colour from 0 up for each of `count` areas. Areas that touch differ as long as eight colours are enough in
/// this order. Otherwise an area takes the colour that the fewest of its neighbours have. Nothing is lost then, because
/// areas also show their numbers.
pub fn colours(count: usize, touching: &BTreeSet<(usize, usize)>) -> Vec<usize> {
    let mut near: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); count];
    for (a, b) in touching.iter().filter(|(a, b)| a != b && *a < count && *b < count) {
        if let Some(row) = near.get_mut(*a) {
            row.insert(*b);
        }
        if let Some(row) = near.get_mut(*b) {
            row.insert(*a);
        }
    }
    // People tell colours apart best if they are spread evenly. If that makes two neighbours equal, the first free
    // colour is the safer choice.
    let spread = painted(&near, true);
    if clashes(&near, &spread) == 0 { spread } else { painted(&near, false) }
}

fn clashes(near: &[BTreeSet<usize>], colour: &[usize]) -> usize {
    let same =
        |(at, row): (usize, &BTreeSet<usize>)| row.iter().filter(|other| colour.get(at) == colour.get(**other)).count();
    near.iter().enumerate().map(same).sum()
}

/// Paints the area with most colours around it first (DSATUR, Brélaz 1979).
fn painted(near: &[BTreeSet<usize>], spread: bool) -> Vec<usize> {
    let mut colour: Vec<Option<usize>> = vec![None; near.len()];
    let mut uses = [0_usize; COLOURS];
    for _ in 0..near.len() {
        let around = |at: usize| -> Vec<usize> {
            let row = near.get(at).into_iter().flatten();
            row.filter_map(|other| colour.get(*other).copied().flatten()).collect()
        };
        let open = (0..near.len()).filter(|at| colour.get(*at).is_some_and(Option::is_none));
        let rank = |at: &usize| {
            let colours: BTreeSet<usize> = around(*at).into_iter().collect();
            (colours.len(), near.get(*at).map_or(0, BTreeSet::len), std::cmp::Reverse(*at))
        };
        let Some(next) = open.max_by_key(rank) else { break };
        let beside = around(next);
        let cost = |one: &usize| {
            let clash = beside.iter().filter(|other| *other == one).count();
            (clash, if spread { uses.get(*one).copied().unwrap_or_default() } else { 0 }, *one)
        };
        let best = (0..COLOURS).min_by_key(cost).unwrap_or_default();
        if let Some(slot) = colour.get_mut(next) {
            *slot = Some(best);
        }
        if let Some(count) = uses.get_mut(best) {
            *count += 1;
        }
    }
    colour.into_iter().map(Option::unwrap_or_default).collect()
}
