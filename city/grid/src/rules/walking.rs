//! Puts places into an order in which they can be walked: the nearest next, then crossings are taken out (2-opt), as
//! the crow flies over the ground.

/// A point on the ground, in decimetres.
pub type At = (i64, i64);

/// The most rounds in which crossings are taken out. A handful is enough nearly always.
const ROUNDS: usize = 24;

/// The order in which points are walked, as positions in the list, from the first one on. The way is open: nobody has
/// to come back.
#[must_use]
pub fn order(points: &[At]) -> Vec<usize> {
    let mut way = nearest_next(points);
    uncross(points, &mut way);
    way
}

/// The length of a way in decimetres.
#[must_use]
pub fn length(points: &[At], way: &[usize]) -> u64 {
    way.windows(2).map(|pair| apart(points, pair.first().copied(), pair.last().copied())).sum()
}

fn apart(points: &[At], from: Option<usize>, to: Option<usize>) -> u64 {
    let at = |place: Option<usize>| place.and_then(|place| points.get(place).copied());
    let Some(((x, y), (east, north))) = at(from).zip(at(to)) else { return 0 };
    let (across, along) = (u128::from(x.abs_diff(east)), u128::from(y.abs_diff(north)));
    u64::try_from((across * across + along * along).isqrt()).unwrap_or(u64::MAX)
}

fn nearest_next(points: &[At]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut way = Vec::with_capacity(points.len());
    while !left.is_empty() {
        let here = way.last().copied();
        let nearest = left.iter().enumerate().min_by_key(|(_, place)| (apart(points, here, Some(**place)), **place));
        let Some((at, _)) = nearest else { break };
        way.push(left.remove(at));
    }
    way
}

/// Turns pieces of the way round as long as that makes it shorter. The first point stays the first.
fn uncross(points: &[At], way: &mut [usize]) {
    let count = way.len();
    // Each turn makes the way shorter, so it ends; the bound is for the time that it may take.
    for _ in 0..ROUNDS.min(count) {
        let mut shorter = false;
        for from in 1..count {
            for to in from + 1..count {
                let gained = |way: &[usize]| {
                    let at = |place: usize| way.get(place).copied();
                    let before = apart(points, at(from - 1), at(from)) + apart(points, at(to), at(to + 1));
                    let after = apart(points, at(from - 1), at(to)) + apart(points, at(from), at(to + 1));
                    after < before
                };
                if gained(way) {
                    way.get_mut(from..=to).into_iter().for_each(<[usize]>::reverse);
                    shorter = true;
                }
            }
        }
        if !shorter {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_walked_once_and_a_street_from_end_to_end() {
        let street: Vec<At> = [0, 50, 20, 40, 10, 30].iter().map(|x| (x * 10, 0)).collect();
        assert_eq!(order(&street), vec![0, 4, 2, 5, 3, 1]);
        assert_eq!(length(&street, &order(&street)), 500);
        assert!(order(&[]).is_empty());
        assert_eq!(order(&[(7, 7)]), vec![0]);
        assert_eq!(order(&[(7, 7), (7, 7)]), vec![0, 1], "two in one place");
    }

    #[test]
    fn a_crossing_is_taken_out() {
        // The nearest next alone would go out to the one side and come back to the other.
        let points: Vec<At> = vec![(0, 0), (10, 1), (-12, 0), (30, 0), (-40, 1), (90, 0)];
        let (way, greedy) = (order(&points), nearest_next(&points));
        assert!(length(&points, &way) < length(&points, &greedy), "{way:?}, {greedy:?}");
        let mut all = way.clone();
        all.sort_unstable();
        assert_eq!((all, way[0]), ((0..points.len()).collect(), 0));
    }

    #[test]
    fn a_scattered_community_is_walked_in_less_than_the_nearest_next() {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i64::try_from(state >> 48).unwrap()
        };
        let points: Vec<At> = (0..200).map(|_| (next(), next())).collect();
        let way = order(&points);
        assert!(length(&points, &way) * 20 <= length(&points, &nearest_next(&points)) * 19, "5 % at least");
    }
}
