//! A scan as one writes it first: discs in a straight line, every report dealt anew, every disc added up by itself, a
//! logarithm for each window.

use planning::chance::Chance;
use planning::sample::Point;
use planning::sample::reports::shuffled;
use planning::scan::Stream;

/// Returns for each place the discs of its 1, 2, 3 … nearest ones.
pub fn discs(middles: &[Point], largest: usize) -> Vec<Vec<u32>> {
    let mut discs = Vec::new();
    for middle in middles {
        let away = |other: &Point| (other.x - middle.x).hypot(other.y - middle.y);
        let mut near: Vec<(f64, u32)> = middles.iter().zip(0..).map(|(other, place)| (away(other), place)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        let places: Vec<u32> = near.iter().take(largest).map(|one| one.1).collect();
        discs.extend((1..=places.len()).map(|count| places.iter().take(count).copied().collect()));
    }
    discs
}

/// Returns the highest ratio of each replicate.
pub fn highest(discs: &[Vec<u32>], stream: &Stream<'_>, window: usize, replicates: u32) -> Vec<f64> {
    let dealt = |number: u32| {
        let cells = shuffled(stream.cells, stream.kinds, &mut Chance::new(9, u64::from(number)));
        let places = discs.iter().flatten().copied().max().map_or(0, |place| place as usize + 1);
        let sorts = stream.kinds.iter().copied().max().map_or(0, usize::from) + 1;
        let mut by_day = vec![vec![0u32; stream.kinds.len()]; places];
        let mut own = vec![vec![0u32; sorts]; places];
        let mut days = vec![0u32; stream.kinds.len()];
        let mut all = vec![0u32; sorts];
        for cell in &cells {
            let (place, day) = (cell.place as usize, cell.day as usize);
            let sort = usize::from(stream.kinds.get(day).copied().unwrap_or_default());
            let add =
                |list: &mut Vec<u32>, at: usize| list.iter_mut().skip(at).take(1).for_each(|sum| *sum += cell.count);
            by_day.iter_mut().skip(place).take(1).for_each(|list| add(list, day));
            own.iter_mut().skip(place).take(1).for_each(|list| add(list, sort));
            add(&mut days, day);
            add(&mut all, sort);
        }
        let total: f64 = all.iter().map(|sum| f64::from(*sum)).sum();
        let mut best = 0.0f64;
        for disc in discs {
            for length in 1..=window {
                let from = stream.kinds.len().saturating_sub(length);
                let members = || disc.iter().filter_map(|place| by_day.get(*place as usize));
                let count: u32 = members().flat_map(|list| list.iter().skip(from)).sum();
                let mut expected = 0.0;
                for sort in 0..sorts {
                    let inside: u32 = disc.iter().filter_map(|place| own.get(*place as usize)?.get(sort)).sum();
                    let sorted =
                        days.iter().zip(stream.kinds).skip(from).filter(|(_, kind)| usize::from(**kind) == sort);
                    let late: u32 = sorted.map(|(sum, _)| *sum).sum();
                    let of = all.get(sort).copied().unwrap_or_default();
                    expected += if of > 0 { f64::from(inside) * f64::from(late) / f64::from(of) } else { 0.0 };
                }
                let count = f64::from(count);
                if count > expected {
                    let rest = total - count;
                    let outside = if rest > 0.0 { rest * (rest / (total - expected)).ln() } else { 0.0 };
                    best = best.max(count * (count / expected).ln() + outside);
                }
            }
        }
        best
    };
    (0..replicates).map(dealt).collect()
}
