//! Compares plans of small calls with every possible plan, and changed plans with plans made from nothing.

use proptest::prelude::*;

use super::*;
use crate::network::{Edge, Network, Profile};

const TERMS: Terms = Terms { home: 500, short: 2_000 };

/// Returns the least that any plan costs, by trying all of them.
fn cheapest(call: &Call) -> i64 {
    fn go(call: &Call, volunteer: u32, load: &mut Vec<u32>, paid: i64) -> i64 {
        if volunteer as usize == call.volunteers() {
            return paid + failings(call, load);
        }
        let mut best = go(call, volunteer + 1, load, paid + i64::from(call.terms.home));
        for slot in 0..call.slots.len() {
            let full = load[slot] >= call.slots[slot].need.most;
            let (may, site) = (call.may(volunteer, slot as u32), call.slots[slot].site);
            if let (false, true, Some(cost)) = (full, may, call.cost(volunteer, site)) {
                load[slot] += 1;
                best = best.min(go(call, volunteer + 1, load, paid + i64::from(cost)));
                load[slot] -= 1;
            }
        }
        best
    }
    fn failings(call: &Call, load: &[u32]) -> i64 {
        let mut sites = vec![0; call.sites.len()];
        let mut short = 0;
        for (slot, &load) in call.slots.iter().zip(load) {
            sites[slot.site as usize] += load;
            short += slot.need.least.saturating_sub(load);
        }
        if call.sites.iter().zip(&sites).any(|(need, &load)| load > need.most) {
            return i64::from(i32::MAX);
        }
        if !call.flat {
            short += call.sites.iter().zip(&sites).map(|(need, &load)| need.least.saturating_sub(load)).sum::<u32>();
        }
        i64::from(short) * i64::from(call.terms.short)
    }
    go(call, 0, &mut vec![0; call.slots.len()], 0)
}

fn proven(call: &Call, plan: &Plan) -> Proof {
    let proof = check(call, &plan.answer(call), &[]).unwrap();
    assert_eq!(proof.gap(), 0, "{proof:?}");
    proof
}

fn need() -> impl Strategy<Value = Need> {
    (0u32..3, 0u32..3).prop_map(|(least, more)| Need { least, most: least + more })
}

/// Makes calls with up to `most_sites` compounds of up to two slots, up to `people` volunteers, and about two thirds of
/// all pairs.
fn calls(most_sites: usize, people: usize, terms: Terms) -> impl Strategy<Value = Call> {
    let sites = prop::collection::vec((need(), prop::collection::vec((0u8..3, need()), 1..3)), 1..=most_sites);
    let cost = prop::option::weighted(0.7, 1..terms.home * 4 / 5);
    let volunteers = prop::collection::vec((1u64..8, prop::collection::vec(cost, most_sites)), 0..=people);
    (sites, volunteers).prop_map(move |(sites, volunteers)| {
        let needs = sites.iter().map(|(need, _)| *need).collect();
        let slots = sites
            .iter()
            .zip(0..)
            .flat_map(|((_, slots), site)| slots.iter().map(move |&(kind, need)| Slot { site, kind, need }));
        let able = volunteers.iter().map(|(able, _)| *able).collect();
        let count = sites.len();
        let pairs = volunteers.iter().zip(0..).flat_map(|((_, costs), volunteer)| {
            let pair = move |(cost, site): (&Option<i32>, u32)| cost.map(|cost| Pair { volunteer, site, cost });
            costs.iter().zip(0..).take(count).filter_map(pair)
        });
        Call::new(needs, slots.collect(), able, pairs.collect(), terms).unwrap()
    })
}

fn plain_calls() -> impl Strategy<Value = Call> {
    let needs = prop::collection::vec(need(), 1..4);
    let costs = prop::collection::vec(prop::collection::vec(prop::option::weighted(0.7, 1i32..400), 3), 0..7);
    (needs, costs).prop_map(|(needs, costs)| {
        let count = needs.len();
        let pairs = costs.iter().zip(0..).flat_map(|(costs, volunteer)| {
            let pair = move |(cost, site): (&Option<i32>, u32)| cost.map(|cost| Pair { volunteer, site, cost });
            costs.iter().zip(0..).take(count).filter_map(pair)
        });
        Call::plain(needs, costs.len(), pairs.collect(), TERMS).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_plan_is_better_and_the_prices_prove_it(call in prop_oneof![calls(3, 5, TERMS), plain_calls()]) {
        let plan = Plan::new(&call);
        prop_assert_eq!(proven(&call, &plan).objective, cheapest(&call));
    }

    #[test]
    fn prices_prove_plans_that_take_many_bids(call in calls(30, 90, Terms::default())) {
        proven(&call, &Plan::new(&call));
    }

    #[test]
    fn walks_that_cost_the_same_are_planned_as_well(call in calls(30, 90, Terms::default()), kinds in 1i32..4) {
        let pairs = call.pairs().map(|pair| Pair { cost: pair.cost % kinds * 100, ..pair }).collect();
        let tied = call.with_pairs(pairs).unwrap();
        proven(&tied, &Plan::new(&tied));
        // The others live where the first of them lives.
        let home: Vec<Pair> = call.pairs().filter(|pair| pair.volunteer == 0).collect();
        let neighbour = |volunteer: u32| home.iter().map(move |pair| Pair { volunteer, ..*pair });
        let together = call.with_pairs((0..call.volunteers() as u32).flat_map(neighbour).collect()).unwrap();
        proven(&together, &Plan::new(&together));
    }

    #[test]
    fn people_who_move_together_keep_what_a_plan_promises(call in prop_oneof![calls(3, 5, TERMS), plain_calls()]) {
        let mut plan = Plan::unfinished(&call);
        plan.flood(&call);
        plan.repair(&call);
        prop_assert_eq!(proven(&call, &plan).objective, cheapest(&call));
    }

    #[test]
    fn bids_keep_what_a_plan_promises(
        call in calls(30, 90, Terms::default()),
        bids in 1usize..200,
        tied in any::<bool>(),
    ) {
        let pairs = call.pairs().map(|pair| Pair { cost: if tied { pair.cost % 3 * 100 } else { pair.cost }, ..pair });
        let call = call.with_pairs(pairs.collect()).unwrap();
        let mut plan = Plan::unfinished(&call);
        plan.bid(&call, 0, bids);
        for volunteer in 0..call.volunteers() as u32 {
            let (.., least) = plan.best_of(&call, volunteer, |_| true);
            prop_assert_eq!(plan.worth[volunteer as usize], least, "volunteer {} is where he is best off", volunteer);
        }
        let mut settled = plan.clone();
        for node in 0..plan.load.len() as u32 {
            settled.settle(&call, node);
        }
        prop_assert_eq!(settled.flow, plan.flow, "every node passes on what its price and bounds allow");
    }

    #[test]
    fn a_changed_call_is_planned_as_well_as_from_nothing(
        (call, other) in plain_calls().prop_flat_map(|call| {
            let volunteers = call.volunteers();
            (Just(call), prop::collection::vec((need(), 0..=volunteers), 3))
        }),
    ) {
        let mut plan = Plan::new(&call);
        let needs: Vec<Need> = call.sites.iter().zip(&other).map(|(_, (need, _))| *need).collect();
        let changed: Vec<u32> = other.iter().map(|&(_, volunteer)| volunteer as u32).collect();
        // The changed volunteers have the walks of their pairs in the opposite order.
        let mirrored = |pair: Pair| {
            if changed.contains(&pair.volunteer) { Pair { cost: 400 - pair.cost, ..pair } } else { pair }
        };
        let pairs = call.pairs().map(mirrored).collect();
        let next = Call::plain(needs, call.volunteers(), pairs, TERMS).unwrap();
        plan.update(&next, &changed);
        prop_assert_eq!(proven(&next, &plan).objective, cheapest(&next));
    }

    #[test]
    fn few_pairs_give_the_plan_of_all_pairs(
        edges in prop::collection::vec((0u32..12, 0u32..12, 1u32..60), 12..40),
        gates in prop::collection::vec((0u32..5, 0u32..12), 5..9),
        homes in prop::collection::vec((0u32..12, 0u32..20), 1..12),
        needs in prop::collection::vec(need(), 5),
        near in 0u32..120,
    ) {
        let edges: Vec<Edge> = edges
            .into_iter()
            .filter(|(from, to, _)| from != to)
            .map(|(from, to, time)| Edge { from, to, time, class: 0 })
            .collect();
        let forward = Network::new(12, &edges, &Profile::adult()).unwrap();
        let backward = forward.reversed();
        let gates: Vec<Gate> = gates.into_iter().map(|(site, node)| Gate { site, node }).collect();
        let homes: Vec<Home> = homes.into_iter().map(|(node, access)| Home { node, access }).collect();
        let ground = Ground { forward: &forward, backward: &backward, gates: &gates, homes: &homes, cap: 120 };
        let all = Call::plain(needs.clone(), homes.len(), ground.all_pairs(needs.len()), TERMS).unwrap();
        let whole = proven(&all, &Plan::new(&all));
        let mut plain = plain_pairs(&ground, needs.len());
        plain.sort_unstable_by_key(|pair| (pair.volunteer, pair.cost, pair.site));
        prop_assert_eq!(plain, ground.all_pairs(needs.len()), "the plain search finds the same pairs");
        let slots: Vec<Slot> = needs.iter().zip(0..).map(|(&need, site)| Slot { site, kind: 0, need }).collect();
        let found = solve_nearest(&ground, &needs, &slots, &vec![1; homes.len()], TERMS, near).unwrap();
        let answer = found.plan.answer(&found.call);
        let proof = check(&found.call, &answer, &found.unlisted).unwrap();
        prop_assert_eq!((proof.objective, proof.gap()), (whole.objective, 0));
        prop_assert_eq!(check(&all, &answer, &[]).unwrap().gap(), 0, "its prices hold for all pairs too");
    }

    #[test]
    fn the_fair_plan_asks_of_nobody_more_than_need_be(call in plain_calls()) {
        let Some(fair) = fair(&call).unwrap() else { return Ok(()) };
        let found = proven(&fair.call, &fair.plan);
        let failings = |call: &Call| {
            let free = call.with_pairs(call.pairs().map(|pair| Pair { cost: 0, ..pair }).collect()).unwrap();
            cheapest(&free)
        };
        prop_assert_eq!(failings(&fair.call), failings(&call));
        prop_assert_eq!(found.objective, cheapest(&fair.call));
        let shorter = call.with_pairs(call.pairs().filter(|pair| pair.cost < fair.longest).collect()).unwrap();
        let least = call.pairs().map(|pair| pair.cost).min();
        prop_assert!(Some(fair.longest) == least || failings(&shorter) > failings(&call));
        let proofs = |longest: i32| {
            let fairness = Fairness { longest, all: &fair.all, within: &fair.within, shorter: fair.shorter.as_ref() };
            check_fairness(&call, &fairness).unwrap().unwrap()
        };
        prop_assert_eq!(proofs(fair.longest), Fairly::Proven);
        let walked = fair.within.slot.iter().zip(0u32..).filter_map(|(slot, one)| {
            call.cost(one, call.slots[(*slot)? as usize].site)
        });
        prop_assert_eq!(proofs(fair.longest + 5), Fairly::Sooner(walked.max().unwrap_or(0)), "a longer walk is not fair");
    }
}

fn pair(volunteer: u32, site: u32, cost: i32) -> Pair {
    Pair { volunteer, site, cost }
}

#[test]
fn whoever_drops_out_is_replaced_and_nobody_else_moves_without_need() {
    let needs = vec![Need { least: 1, most: 1 }, Need { least: 1, most: 1 }];
    let pairs = vec![pair(0, 0, 10), pair(1, 1, 10), pair(2, 0, 30), pair(2, 1, 50)];
    let call = Call::plain(needs.clone(), 3, pairs.clone(), Terms::default()).unwrap();
    let mut plan = Plan::new(&call);
    assert_eq!(plan.answer(&call).slot, [Some(0), Some(1), None]);
    let without: Vec<Pair> = pairs.into_iter().filter(|pair| pair.volunteer != 0).collect();
    let call = Call::plain(needs, 3, without, Terms::default()).unwrap();
    plan.update(&call, &[0]);
    assert_eq!(plan.answer(&call).slot, [None, Some(1), Some(0)]);
    assert_eq!(proven(&call, &plan).home, 1);
}

#[test]
fn a_price_for_moving_keeps_people_where_they_are() {
    let needs = vec![Need { least: 0, most: 1 }, Need { least: 0, most: 1 }];
    let pairs = |stay: i32| vec![pair(0, 0, 100 - stay), pair(0, 1, 60)];
    let at = |stay| {
        let call = Call::plain(needs.clone(), 1, pairs(stay), Terms::default()).unwrap();
        Plan::new(&call).answer(&call).slot
    };
    assert_eq!((at(0), at(50)), (vec![Some(1)], vec![Some(0)]));
}

#[test]
fn demand_that_cannot_be_met_is_counted_and_nobody_is_sent_in_vain() {
    let call = Call::plain(vec![Need { least: 3, most: 5 }], 2, vec![pair(0, 0, 7)], Terms::default()).unwrap();
    let proof = proven(&call, &Plan::new(&call));
    assert_eq!((proof.walking, proof.home, proof.short), (7, 1, 2));
    let nobody = Call::plain(vec![Need { least: 3, most: 3 }], 0, Vec::new(), Terms::default()).unwrap();
    assert_eq!(proven(&nobody, &Plan::new(&nobody)).short, 3);
}

#[test]
fn everybody_in_one_building_gives_one_cost_whatever_the_order() {
    let needs: Vec<Need> = (0..6).map(|_| Need { least: 2, most: 2 }).collect();
    let pairs: Vec<Pair> =
        (0..12).flat_map(|volunteer| (0..6).map(move |site| pair(volunteer, site, 10 * site as i32))).collect();
    let mut turned = pairs.clone();
    turned.reverse();
    let cost = |pairs| {
        let call = Call::plain(needs.clone(), 12, pairs, Terms::default()).unwrap();
        proven(&call, &Plan::new(&call)).objective
    };
    assert_eq!((cost(pairs), cost(turned)), (300, 300));
}

#[test]
fn more_people_in_a_building_than_places_in_its_reach_and_a_compound_that_can_never_fill() {
    let needs = [Need { least: 1, most: 2 }, Need { least: 0, most: 3 }, Need { least: 40, most: 50 }];
    let slot = |(site, kind): (u32, u8)| Slot { site, kind, need: Need { least: 0, most: 9 } };
    let slots: Vec<Slot> = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)].into_iter().map(slot).collect();
    let near = (0..30).flat_map(|volunteer| [pair(volunteer, 0, 100), pair(volunteer, 1, 200)]);
    let far = (20..40).flat_map(|volunteer| [pair(volunteer, 2, 50 + volunteer as i32)]);
    let pairs: Vec<Pair> = near.chain(far).collect();
    let able = |count: u64| (0..count).map(|volunteer| 1 + volunteer % 3).collect::<Vec<u64>>();
    let call = Call::new(needs.to_vec(), slots, able(40), pairs.clone(), Terms::default()).unwrap();
    proven(&call, &Plan::new(&call));
    let plain = Call::plain(needs.to_vec(), 40, pairs, Terms::default()).unwrap();
    let proof = proven(&plain, &Plan::new(&plain));
    assert_eq!((proof.home, proof.short), (15, 20));
}

#[test]
fn pairs_with_compounds_without_room_are_kept_but_not_planned_with() {
    let needs = |most: u32| vec![Need { least: 0, most: 2 }, Need { least: 0, most }];
    let pairs = vec![pair(0, 0, 30), pair(0, 1, 10), pair(1, 1, 5), pair(2, 0, 1), pair(2, 1, 2)];
    let closed = Call::plain(needs(0), 3, pairs, Terms::default()).unwrap();
    let listed: Vec<Pair> = closed.pairs().collect();
    assert_eq!(listed, [pair(0, 1, 10), pair(0, 0, 30), pair(1, 1, 5), pair(2, 0, 1), pair(2, 1, 2)]);
    assert_eq!((closed.cost(1, 1), closed.cost(1, 0)), (Some(5), None));
    let mut plan = Plan::new(&closed);
    let mut answer = plan.answer(&closed);
    assert_eq!(answer.slot, [Some(0), None, Some(0)]);
    assert_eq!(check(&closed, &answer, &[]).unwrap().gap(), 0);
    answer.slot[1] = Some(1);
    assert!(matches!(check(&closed, &answer, &[]), Err(Wrong::TooMany { id: 1, .. })));
    // When it has room again, who could go there looks again.
    let open = Call::plain(needs(2), 3, listed, Terms::default()).unwrap();
    plan.update(&open, &[]);
    assert_eq!(plan.answer(&open).slot, [Some(1), Some(1), Some(0)]);
    assert_eq!(proven(&open, &plan).walking, 16);
    let twice = vec![pair(0, 1, 1), pair(0, 1, 2)];
    assert_eq!(Call::plain(needs(0), 1, twice, Terms::default()).unwrap_err(), Fault::Twice { volunteer: 0, site: 1 });
}

#[test]
fn room_for_any_number_of_people_is_no_fault() {
    let needs = vec![Need { least: 1, most: u32::MAX }; 3];
    let call = Call::plain(needs, 2, vec![pair(0, 0, 7), pair(1, 0, 8)], Terms::default()).unwrap();
    assert_eq!(proven(&call, &Plan::new(&call)).short, 2);
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let need = |least, most| Need { least, most };
    let refused =
        |needs: Vec<Need>, pairs: Vec<Pair>| Call::plain(needs, 2, pairs, Terms::default()).unwrap_err().to_string();
    let table = [
        (refused(vec![need(3, 2)], vec![]), "compound 0 wants at least 3 and at most 2"),
        (refused(vec![need(0, 2)], vec![pair(2, 0, 1)]), "volunteer 2 does not exist; there are 2"),
        (refused(vec![need(0, 2)], vec![pair(0, 1, 1)]), "compound 1 does not exist; there are 1"),
        (refused(vec![need(0, 2)], vec![pair(0, 0, 1), pair(0, 0, 2)]), "given as a pair twice"),
        (refused(vec![need(0, 2)], vec![pair(0, 0, i32::MAX)]), "out of bounds"),
        (refused(vec![need(u32::MAX, u32::MAX)], vec![]), "pass 1,000,000,000"),
    ];
    for (said, wanted) in table {
        assert!(said.contains(wanted), "{said}");
    }
}

#[test]
fn a_plan_that_breaks_a_bound_is_found_out() {
    let call =
        Call::plain(vec![Need { least: 0, most: 1 }], 2, vec![pair(0, 0, 1), pair(1, 0, 1)], Terms::default()).unwrap();
    let mut answer = Plan::new(&call).answer(&call);
    answer.slot = vec![Some(0), Some(0)];
    assert!(matches!(check(&call, &answer, &[]), Err(Wrong::TooMany { load: 2, most: 1, .. })));
    answer.slot = vec![Some(7), None];
    assert!(matches!(check(&call, &answer, &[]), Err(Wrong::NotHis { volunteer: 0, slot: 7 })));
    answer.slot = vec![None];
    assert!(matches!(check(&call, &answer, &[]), Err(Wrong::Length { .. })));
}
