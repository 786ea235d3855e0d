//! These tests compare random editions. Every row gets an answer, no identity is given twice, and an edition that is
//! compared with its own outcome changes nothing.

use super::*;
use crate::rules::edition::parse;
use crate::rules::outcome::{births, outcome};
use kernel::place::PlacePath;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;

const NAMES: [&str; 12] = [
    "文安路社区",
    "文安社区",
    "前进社区",
    "前进村委会",
    "雪莲社区",
    "雪莲一社区",
    "雪莲二社区",
    "满融社区",
    "满融村村民委员会",
    "大古社区",
    "大古城子村",
    "学林社区",
];
const STREETS: [&str; 5] = ["南湖街道", "西塔街道", "北市场街道", "八一街道", "八一红菱街道"];

/// Makes a small edition: streets of two districts with freely drawn codes and names, and communities within them.
fn edition() -> impl Strategy<Value = Vec<Row>> {
    let street = (
        1u32..4,
        0usize..STREETS.len(),
        proptest::collection::btree_map(prop_oneof![1u32..6, 200u32..204], 0usize..NAMES.len(), 0..6),
    );
    proptest::collection::vec((2u32..4, street), 0..6).prop_map(|streets| {
        let mut csv = "code,name,level,parent\n210100000000,沈阳市,city,\n210102000000,和平区,district,210100000000\n210103000000,沈河区,district,210100000000\n".to_owned();
        let mut seen = BTreeSet::new();
        for (district, (street, name, communities)) in streets {
            if !seen.insert((district, street)) {
                continue;
            }
            writeln!(csv, "21010{district}{street:03}000,{},street,21010{district}000000", STREETS[name]).unwrap();
            for (community, name) in communities {
                writeln!(csv, "21010{district}{street:03}{community:03},{},community,21010{district}{street:03}000", NAMES[name]).unwrap();
            }
        }
        parse(&csv).unwrap()
    })
}

/// Returns what is known after an outcome.
fn after(known: &[Known], rows: &[Row], first: i64) -> Vec<Known> {
    let plan = compare(known, rows);
    let outcome = outcome(&plan, known, rows, first);
    let kept = outcome.kept.iter().map(|kept| (kept.row, kept.id, kept.path.clone(), kept.parent));
    let born = outcome.born.iter().map(|born| (born.row, born.id, born.path.clone(), born.parent));
    let mut next: Vec<(usize, PlaceId, PlacePath, Option<PlaceId>)> = kept.chain(born).collect();
    next.sort();
    for (_, id, path, parent) in &next {
        assert_eq!(
            (path.id(), path.parent().map(|above| above.id())),
            (*id, *parent),
            "the path ends in the place and its parent"
        );
    }
    let place = |(row, id, _, parent): (usize, PlaceId, PlacePath, Option<PlaceId>)| Known {
        id,
        level: rows[row].level(),
        code: rows[row].code.clone(),
        name: rows[row].name.clone(),
        parent,
    };
    next.into_iter().map(place).collect()
}

proptest! {
    #[test]
    fn the_comparison_is_total_and_gives_no_identity_twice(one in edition(), other in edition()) {
        let known = after(&[], &one, 1);
        let plan = compare(&known, &other);
        prop_assert_eq!(plan.fates.len(), other.len());
        let mut living = BTreeSet::new();
        for (fate, row) in plan.fates.iter().zip(&other) {
            if let Fate::Is(id, _) = fate {
                prop_assert!(living.insert(*id), "one place in two rows");
                let level = known.iter().find(|place| place.id == *id).map(|place| place.level);
                prop_assert_eq!(level, Some(row.level()));
            }
        }
        for place in &known {
            let ends = plan.endings.iter().filter(|ending| ending.place == place.id).count();
            prop_assert_eq!(ends, usize::from(!living.contains(&place.id)), "each lives on or ends once");
        }
        for doubt in &plan.doubts {
            let new = matches!(plan.fates[doubt.row], Fate::New { .. });
            prop_assert!(!living.contains(&doubt.place) && new);
        }
        prop_assert_eq!(births(&plan) + living.len(), other.len());
    }

    #[test]
    fn importing_again_changes_nothing(one in edition(), other in edition()) {
        let known = after(&after(&[], &one, 1), &other, 1000);
        let plan = compare(&known, &other);
        prop_assert!(outcome(&plan, &known, &other, 5000).nothing_new());
        prop_assert!(plan.doubts.is_empty());
        let ids: BTreeSet<PlaceId> = known.iter().map(|place| place.id).collect();
        prop_assert_eq!(ids.len(), other.len());
    }

    #[test]
    fn the_same_place_in_both_keeps_its_identity(one in edition(), other in edition()) {
        let known = after(&[], &one, 1);
        let next = after(&known, &other, 1000);
        for place in &known {
            let same = next.iter().find(|row| row.code == place.code && row.name == place.name);
            prop_assert!(same.is_none_or(|same| same.id == place.id), "{:?}", place);
        }
    }
}
