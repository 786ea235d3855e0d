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
        prop_assert!(found.certificate.is_some() == found.by_trying, "{:?}", found);
        if let Some(certificate) = &found.certificate {
            prop_assert_eq!(confirm(&offers, certificate, found.open.len(), found.bound), Ok(()));
        }
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
        prop_assert_eq!(proven.certificate.is_some(), proven.by_trying);
        if let Some(certificate) = &proven.certificate {
            prop_assert_eq!(confirm(&offers, certificate, least - 1, wanted - 1), Ok(()));
        }
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
        let certificate = closed.certificate.as_ref().unwrap();
        prop_assert_eq!(confirm(&offers, certificate, k, best), Ok(()));
        prop_assert!(confirm(&offers, certificate, k, best - 1).is_err());
    }

    #[test]
    fn no_certificate_proves_what_is_false(
        offers in entangled(),
        k in 1usize..6,
        changes in prop::collection::vec((0usize..1_000, 0i64..1 << 24), 1..4),
    ) {
        let prices = vec![1.0; offers.demands()];
        let first = Choice::of(&offers, &greedy(&offers, k));
        let closed = tree::close(&offers, k, &prices, first, 1_000_000_000, &mut || true);
        let mut certificate = closed.certificate.unwrap();
        for (at, to) in changes {
            change(&mut certificate, at, to);
            prop_assert!(confirm(&offers, &certificate, k, most(&offers, k) - 1).is_err());
        }
    }

    #[test]
    fn a_bound_is_true_wherever_closing_ends(offers in entangled(), k in 1usize..6, work in 0u64..20_000) {
        let prices = vec![1.0; offers.demands()];
        let first = Choice::of(&offers, &(0..k as u32).collect::<Vec<_>>());
        let closed = tree::close(&offers, k, &prices, first, work, &mut || true);
        let best = most(&offers, k);
        prop_assert!(closed.best.value <= best && best <= closed.bound, "{best} and {}", closed.bound);
        if let Some(certificate) = &closed.certificate {
            prop_assert_eq!(confirm(&offers, certificate, k, closed.bound), Ok(()));
        }
    }
}

/// Changes something of a certificate.
fn change(certificate: &mut Certificate, at: usize, to: i64) {
    let (site, place) = (at as u32 % 11, at % certificate.steps.len());
    match &mut certificate.steps[place] {
        Step::Prices { sets, cuts, known } => {
            if let Some(cut) = cuts.first_mut() {
                cut.price = to;
            }
            if let Some(price) = sets.get_mut(at % 7) {
                *price = to;
            }
            if to % 2 == 0 {
                known.open.clear();
                known.closed.push(site);
            }
        }
        Step::Split { site: split, open_first } => (*split, *open_first) = (site, to % 2 == 0),
        step => *step = if to % 2 == 0 { Step::Small } else { Step::End },
    }
}

/// Four sites; each two of them share a demand of 10 that no other reaches.
fn pairs_of_four() -> Offers {
    let pairs = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
    let mut sites = vec![Vec::new(); 4];
    for (pair, demand) in pairs.into_iter().zip(0u32..) {
        for site in pair {
            sites[site].push((demand, 10));
        }
    }
    Offers::new(6, sites)
}

/// Proves that two of these sites gain 50 at most: of three demands among three sites one is missed by any one site.
fn by_triangles(price: i64) -> Certificate {
    let triangles = [[0, 1, 3], [0, 2, 4], [1, 2, 5], [3, 4, 5]];
    let cuts = triangles.map(|sets| Halved { price: price << 20, sets: sets.to_vec() }).to_vec();
    let prices = Step::Prices { sets: vec![0; 6], cuts, known: Known::default() };
    Certificate { prices: vec![10.0; 6], known: Known::default(), steps: vec![prices, Step::End] }
}

#[test]
fn a_certificate_is_followed_and_one_that_is_false_is_refused() {
    let offers = pairs_of_four();
    let found = choose(&offers, 2, Effort::fitting(&offers, 1), &mut || true);
    assert_eq!((found.value, found.bound, found.by_trying), (50, 50, true));
    assert_eq!(confirm(&offers, &found.certificate.unwrap(), 2, 50), Ok(()));
    assert_eq!(confirm(&offers, &by_triangles(5), 2, 50), Ok(()));
    assert_eq!(confirm(&offers, &by_triangles(5), 2, 60), Ok(()), "what follows from it holds too");
    assert_eq!(confirm(&offers, &by_triangles(5), 2, 49), Err(Flaw::Open(2)), "another bound");
    assert_eq!(confirm(&offers, &by_triangles(4), 2, 50), Err(Flaw::Open(2)), "other prices");
    assert!(confirm(&offers, &by_triangles(5), 3, 50).is_err(), "another number of sites");
    let steps = |more: Vec<Step>| Certificate { steps: more, ..by_triangles(4) };
    let prices = |known: Known| Step::Prices { sets: vec![0; 6], cuts: Vec::new(), known };
    let (open, closed) = (Known { open: vec![0], closed: vec![] }, Known { open: vec![], closed: vec![0] });
    let nothing = Known::default;
    let split = |site| Step::Split { site, open_first: true };
    for (more, flaw) in [
        (vec![prices(open), Step::End], Flaw::Site { step: 1, site: 0 }),
        (vec![prices(closed), Step::End], Flaw::Site { step: 1, site: 0 }),
        (vec![Step::Prices { sets: vec![0; 5], cuts: Vec::new(), known: nothing() }], Flaw::Unfit(1)),
        (vec![Step::Prices { sets: vec![-1; 6], cuts: Vec::new(), known: nothing() }], Flaw::Unfit(1)),
        (vec![split(4)], Flaw::Unfit(1)),
        (vec![split(0), split(0)], Flaw::Unfit(2)),
        (vec![split(0), split(1), Step::End], Flaw::Open(3)),
        (vec![], Flaw::Open(0)),
    ] {
        assert_eq!(confirm(&offers, &steps(more.clone()), 2, 50), Err(flaw), "{more:?}");
    }
    let mut more = by_triangles(5);
    more.steps.push(Step::End);
    assert_eq!(confirm(&offers, &more, 2, 50), Err(Flaw::Unfit(3)), "a step behind the last end");
    let mut twice = by_triangles(5);
    if let Step::Prices { cuts, .. } = &mut twice.steps[0] {
        cuts[0].sets = vec![0, 0, 1];
    }
    assert_eq!(confirm(&offers, &twice, 2, 50), Err(Flaw::Unfit(1)), "a set that is named twice");
}

#[test]
fn steps_that_say_nothing_or_go_on_and_on_are_refused() {
    let offers = pairs_of_four();
    let steps = |steps: Vec<Step>| Certificate { steps, ..by_triangles(5) };
    let small = |site: u32| vec![Step::Split { site, open_first: true }, Step::Small];
    let again = [small(0), small(1), vec![Step::Small]].concat();
    for (said, flaw) in [
        (vec![Step::Small], Flaw::Idle(1)),
        ([small(0), vec![Step::Small]].concat(), Flaw::Idle(3)),
        (again, Flaw::Idle(5)),
        (vec![Step::Prices { sets: vec![0; MOST_NUMBERS], cuts: Vec::new(), known: Known::default() }], Flaw::Long(1)),
    ] {
        assert_eq!(confirm(&offers, &steps(said), 2, 50), Err(flaw), "{flaw:?}");
    }
    // Four sites take four sums, each of the six sets takes thirty and one for each of its two sites.
    let long = [small(0), by_triangles(5).steps].concat();
    for (sums, flaw) in [(3, Flaw::Long(1)), (183, Flaw::Long(2)), (199, Flaw::Long(3))] {
        assert_eq!(confirm::confirm_within(sums, &offers, &steps(long.clone()), 2, 50), Err(flaw), "{sums}");
    }
    assert_eq!(confirm::confirm_within(8, &offers, &by_triangles(5), 2, 50), Ok(()));
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
    for (most, work, expected) in
        [(4, 0, Tried::TooMany), (4, 1, Tried::TooMany), (4, 2, Tried::Better(vec![0])), (5, 0, Tried::None)]
    {
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
