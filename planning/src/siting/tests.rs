//! Compares placements of small towns with every possible placement.

use proptest::prelude::*;

use super::*;

fn offers() -> impl Strategy<Value = Offers> {
    let site = prop::collection::vec((0u32..12, 1i64..40), 0..8);
    prop::collection::vec(site, 1..8).prop_map(|sites| Offers::new(12, sites))
}

fn households() -> impl Strategy<Value = Offers> {
    let reach = prop::collection::vec(prop::collection::vec(0u32..14, 0..6), 1..9);
    (prop::collection::vec(0u64..60, 14), reach)
        .prop_map(|(households, reach)| Offers::of_households(&households, &reach))
}

fn choices(offers: &Offers) -> impl Iterator<Item = Vec<u32>> {
    let sites = offers.sites() as u32;
    (0u32..1 << sites).map(move |bits| (0..sites).filter(|site| bits >> site & 1 == 1).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_value_is_reached_the_bound_is_not_passed(offers in prop_oneof![offers(), households()], k in 0usize..5) {
        let found = choose(&offers, k, Effort::fitting(&offers, 1), &mut || true);
        prop_assert_eq!(check(&offers, &found), Ok(()));
        let best = choices(&offers).filter(|open| open.len() <= k).map(|open| value_of(&offers, &open)).max().unwrap_or(0);
        prop_assert!(found.value <= best && best <= found.bound, "{} <= {} <= {}", found.value, best, found.bound);
        prop_assert_eq!(found.value, best);
    }

    #[test]
    fn the_fewest_reach_what_is_wanted(offers in households(), percent in 1i64..=100) {
        let wanted = (offers.all() * percent + 99) / 100;
        let found = fewest(&offers, wanted, 0, &mut || true).unwrap();
        prop_assert!(found.value >= wanted && value_of(&offers, &found.open) == found.value);
        let least = choices(&offers).filter(|open| value_of(&offers, open) >= wanted).map(|open| open.len()).min().unwrap();
        prop_assert!(found.at_least <= least && least <= found.open.len(), "{:?} {}", found, least);
        prop_assert!(found.at_least <= fewest_by(&offers, &found.prices, wanted).max(usize::from(wanted > 0)));
        prop_assert_eq!(fewest(&offers, offers.all() + 1, 0, &mut || true), None);
        // Where a proof is asked for, no fewer are left open.
        let proven = fewest(&offers, wanted, WORK, &mut || true).unwrap();
        prop_assert_eq!((proven.at_least, proven.open.len()), (least, least));
        let by_prices = fewest_by(&offers, &proven.prices, wanted).max(usize::from(wanted > 0));
        prop_assert_eq!(proven.by_trying, least > by_prices);
    }

    #[test]
    fn more_sites_never_gain_less(offers in households()) {
        let values: Vec<i64> = (0..5).map(|k| choose(&offers, k, Effort::fitting(&offers, 1), &mut || true).value).collect();
        prop_assert!(values.is_sorted(), "{:?}", values);
    }
}

proptest! {
    #[test]
    fn what_prices_leave_open_is_tried_in_full(
        offers in prop_oneof![offers(), households()],
        k in 0usize..5,
        prices in prop::collection::vec(0.0f64..50.0, 14),
        less in 0i64..3,
    ) {
        let prices = &prices[..offers.demands().min(14)];
        let best = choices(&offers).filter(|open| open.len() <= k).map(|open| value_of(&offers, &open)).max().unwrap_or(0);
        prop_assert!(best <= bound_of(&offers, prices, k));
        prop_assert_eq!(any_above(&offers, prices, k, best, 1_000_000), Tried::None);
        let found = any_above(&offers, prices, k, best - 1 - less, 1_000_000);
        let good = matches!(&found, Tried::Better(open) if open.len() <= k && value_of(&offers, open) >= best - less);
        prop_assert!(good, "{:?}", found);
    }
}

/// Returns the most that `k` sites gain, of all choices.
fn most(offers: &Offers, k: usize) -> i64 {
    choices(offers).filter(|open| open.len() <= k).map(|open| value_of(offers, &open)).max().unwrap_or(0)
}

/// Offers in which sites share most of their demands, so that prices alone leave much open.
fn entangled() -> impl Strategy<Value = Offers> {
    let demand = prop::collection::vec((0u32..11, 1i64..6), 1..5);
    prop::collection::vec(demand, 1..40).prop_map(|demands| {
        let mut sites = vec![Vec::new(); 11];
        for (offers, demand) in demands.into_iter().zip(0u32..) {
            for (site, gain) in offers {
                sites[site as usize].push((demand, gain));
            }
        }
        Offers::new(40, sites)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_prices_leave_open_is_closed(
        offers in prop_oneof![offers(), households(), entangled()],
        k in 1usize..6,
        prices in prop::collection::vec(0.0f64..50.0, 40),
    ) {
        let k = k.min(offers.sites());
        let prices = &prices[..offers.demands()];
        let first = Choice::of(&offers, &greedy(&offers, k));
        let closed = tree::close(&offers, k, prices, first, 1_000_000_000, &mut || true);
        let best = most(&offers, k);
        prop_assert_eq!((closed.best.value, closed.bound), (best, best));
        prop_assert_eq!(value_of(&offers, &closed.best.open), best);
        prop_assert_eq!(closed.best.open.len(), k);
    }

    #[test]
    fn a_bound_is_true_wherever_closing_ends(offers in entangled(), k in 1usize..6, work in 0u64..20_000) {
        let prices = vec![1.0; offers.demands()];
        let first = Choice::of(&offers, &(0..k as u32).collect::<Vec<_>>());
        let closed = tree::close(&offers, k, &prices, first, work, &mut || true);
        let best = most(&offers, k);
        prop_assert!(closed.best.value <= best && best <= closed.bound, "{best} and {}", closed.bound);
    }
}

#[test]
fn a_false_value_and_a_false_bound_are_found_out() {
    let offers = Offers::new(2, vec![vec![(0, 5)], vec![(1, 3)]]);
    let found = choose(&offers, 1, Effort::fitting(&offers, 1), &mut || true);
    assert_eq!((found.value, found.bound, found.open.as_slice()), (5, 5, &[0][..]));
    assert!(matches!(
        check(&offers, &Placement { value: 6, ..found.clone() }),
        Err(Wrong::Value { said: 6, found: 5 })
    ));
    assert!(matches!(check(&offers, &Placement { bound: 4, ..found.clone() }), Err(Wrong::Bound { .. })));
    assert!(matches!(check(&offers, &Placement { open: vec![0, 0], ..found.clone() }), Err(Wrong::Site(0))));
    assert!(matches!(check(&offers, &Placement { open: vec![9], ..found }), Err(Wrong::Site(9))));
}

#[test]
fn what_would_take_more_work_than_allowed_is_not_said_to_be_tried() {
    let offers = Offers::new(2, vec![vec![(0, 5)], vec![(1, 3)]]);
    // To look at the only site that may gain more takes two sums: the step and its offer.
    for (most, work, expected) in [
        (4, 0, Tried::TooMany),
        (4, 1, Tried::TooMany),
        (4, 2, Tried::Better(vec![0])),
        (5, 0, Tried::None),
    ] {
        assert_eq!(any_above(&offers, &[0.0, 0.0], 1, most, work), expected, "{most} {work}");
    }
}

#[test]
fn stopped_at_once_it_still_says_what_it_has() {
    let offers = Offers::new(2, vec![vec![(0, 5)], vec![(1, 3)]]);
    let found = choose(&offers, 1, Effort::fitting(&offers, 1), &mut || false);
    assert!(found.value == 5 && found.bound >= 5 && check(&offers, &found).is_ok());
}

#[test]
fn the_site_that_spares_most_walking_is_chosen() {
    // Ten households walk 100 ds today, one walks 900. A site near the ten spares them 60 each, a site near the one
    // spares it 800.
    let offers = Offers::of_walks(&[10, 1], &[100, 900], &[vec![(0, 40), (1, 900)], vec![(0, 100), (1, 100)]]);
    let one = choose(&offers, 1, Effort::fitting(&offers, 1), &mut || true);
    assert_eq!((one.open.as_slice(), one.value, one.gap()), (&[1][..], 800, 0.0));
    let both = choose(&offers, 2, Effort::fitting(&offers, 1), &mut || true);
    assert_eq!((both.value, both.gap()), (1_400, 0.0));
}
