//! These tests plant a fault into each claim of an answer, and look whether the check finds it and says it by name.

use std::path::PathBuf;

use planning::network::Profile;
use planning::partition::{Bounds, Effort};

use super::{TOWN, Tables, call, grid_task, sites, told, walk};
use crate::AppError;
use crate::plan::checked::{Checked, Outcome};
use crate::plan::site::Wish;
use crate::plan::{bytes, grids, mobilize, reach, site};

/// Is a file of an answer, what stands there, what is planted instead, and the words that must be said of it.
type Plant = (&'static str, &'static str, &'static str, &'static str);

/// Is a planner with what it is asked.
#[derive(Debug, Clone)]
enum Asked {
    Grids(grids::Task),
    Mobilize(mobilize::Task),
    Reach(reach::Task),
    Site(site::Task),
}

impl Asked {
    fn plan(&self, town: &Tables) {
        let folder = town.folder();
        let planned = match self {
            Self::Grids(task) => grids::plan(folder, folder, task, &|_| ()),
            Self::Mobilize(task) => mobilize::plan(folder, folder, *task),
            Self::Reach(task) => reach::plan(folder, folder, task),
            Self::Site(task) => site::plan(folder, folder, task, &mut || true),
        };
        drop(planned.unwrap());
    }

    fn check(&self, town: &Tables) -> Result<Checked, AppError> {
        let folder = town.folder();
        match self {
            Self::Grids(task) => grids::verify(folder, folder, task),
            Self::Mobilize(task) => mobilize::verify(folder, folder, *task),
            Self::Reach(task) => reach::verify(folder, folder, task),
            Self::Site(task) => site::verify(folder, folder, task),
        }
    }

    /// Plans, plants each fault into an answer that is right, and looks what the check says.
    fn finds(&self, plants: &[Plant]) {
        for &(file, from, to, words) in plants {
            let town = Tables::town();
            self.plan(&town);
            let path = town.folder().join(file);
            let good = town.read(file);
            assert!(good.contains(from), "{file} has no “{from}”:\n{good}");
            drop(self.check(&town).unwrap());
            std::fs::write(&path, good.replacen(from, to, 1)).unwrap();
            let said = told(self.check(&town));
            assert!(said.contains(words), "{said}\ninstead of {words}");
            assert!(said.lines().all(|line| line.contains(&*town.folder().to_string_lossy())), "no file: {said}");
        }
    }

    /// Does the same with a binary file.
    fn finds_in_bytes(&self, file: &str, plants: &[(Vec<u8>, &str)]) {
        for (planted, words) in plants {
            let town = Tables::town();
            self.plan(&town);
            std::fs::write(town.folder().join(file), planted).unwrap();
            let said = told(self.check(&town));
            assert!(said.contains(words), "{said}\ninstead of {words}");
        }
    }
}

/// Plants into what every answer says of itself.
const OF_ALL: [Plant; 5] = [
    ("summary.json", "\"violations\": 0", "\"violations\": 1", "violations says 1, and the tables give 0"),
    (
        "summary.json",
        "\"violations\": 0",
        "\"proven\": true,\n  \"violations\": 0",
        "proven is no figure of this answer",
    ),
    ("summary.json", "\"notes\": [", "\"notes\": [\n\"all is well\"", "summary.json, line"),
    ("summary.json", "{", "", "summary.json, line 2: cannot be read"),
    ("summary.json", "\"objective\"", "\"subject\"", "says nothing of objective"),
];

#[test]
fn each_claim_about_reach_is_looked_at() {
    let asked = Asked::Reach(walk(3));
    asked.finds(&OF_ALL);
    asked.finds(&[
        ("coverage.csv", "0,600,300", "0,600,400", "line 2: covered says 400, and the tables give 300"),
        ("coverage.csv", "0,600,300", "0,601,300", "line 2: households says 601, and the tables give 600"),
        ("coverage.csv", "0,600,300", "1,600,300", "line 2: there is no community 1; the tables have 1"),
        ("coverage.csv", "0,600,300\n", "", "community 0 has no line"),
        ("coverage.csv", "0,600,300\n", "0,600,300\n0,600,300\n", "line 3: community 0 stands on line 2 already"),
        ("coverage.csv", "0,600,300\n", "0,600,30", "ends in the middle of its last line"),
        ("coverage.csv", "0,600,300", "0,600,many", "line 2: covered: “many” is not what the column holds"),
        ("coverage.csv", "0,600,300", "0,600", "line 2: the line has 2 fields, 3 are in the header"),
        ("coverage.csv", ",covered", ",reached", "line 1: the header has “reached”, which is no column"),
        ("coverage.csv", "community,households,covered\n0,600,300\n", "", "coverage.csv: is empty"),
        ("reach.geojson", "\"households\":100", "\"households\":101", "reach.geojson, line"),
        ("reach.geojson", "\"time_ds\":610", "\"time_ds\":600", "and the rest of the answer gives"),
        ("summary.json", "\"objective\": 300", "\"objective\": 301", "objective says 301, and the tables give 300"),
        ("summary.json", "\"bound\": null", "\"bound\": 300", "bound says 300, and the tables give null"),
        ("summary.json", "\"gap\": null", "\"gap\": 0.0", "gap says 0.0, and the tables give null"),
        ("summary.json", "\"households\": 600", "\"households\": 700", "households says 700"),
        ("summary.json", "\"covered_households\": 300", "\"covered_households\": 310", "covered_households says 310"),
        ("summary.json", "\"covered_per_mille\": 500", "\"covered_per_mille\": 900", "covered_per_mille says 900"),
        ("summary.json", "\"stations\": 1,", "\"stations\": 2,", "stations says 2"),
        ("summary.json", "\"edges\": 10", "\"edges\": 9", "rows_read says {"),
        ("summary.json", "\"buildings_far_off\": 0", "\"buildings_far_off\": 1", "buildings_far_off says 1"),
        ("summary.json", "\"cut_off_households\": 0", "\"cut_off_households\": 7", "cut_off_households says 7"),
        ("summary.json", "\"limit_ds\": 1800", "\"limit_ds\": 2400", "limit_ds 2400 and is checked with 1800"),
        ("summary.json", "\"speed_mm_per_s\": 1200", "\"speed_mm_per_s\": 800", "speed_mm_per_s 800 and is checked"),
        ("summary.json", "\"problem\": \"reach\"", "\"problem\": \"site\"", "problem says \"site\""),
    ]);
    let far = u32::MAX;
    asked.finds_in_bytes(
        "times.bin",
        &[
            (bytes([0, 600, 1_200, 1_800, far, far])[..23].to_vec(), "times.bin: ends in the middle of a number"),
            (bytes([0, 600, 1_200, 1_800, far]), "5 times for 6 nodes"),
            (bytes([]), "0 times for 6 nodes"),
            (bytes([0, 600, 1_100, 1_800, far, far]), "node 2 has 1100 ds, and no way gives it that time"),
            (bytes([0, 600, 1_200, far, far, far]), "node 3 has 4294967295 ds, and the arc to node 2 makes it 1800"),
            (bytes([100, 600, 1_200, 1_800, far, far]), "a station stands at node 0"),
        ],
    );
}

#[test]
fn each_claim_about_grids_is_looked_at() {
    let asked = Asked::Grids(grid_task());
    asked.finds(&OF_ALL);
    asked.finds(&[
        ("pieces.csv", "\n0,0,6", "\n1,0,6", "line 2: community says 1, and the tables give 0"),
        ("pieces.csv", "\n0,0,6", "\n0,5,6", "line 2: building 5 is not the first of any piece"),
        ("pieces.csv", "\n0,0,6", "\n0,0,7", "line 2: buildings says 7, and the tables give 6"),
        ("pieces.csv", ",600,2,", ",601,2,", "line 2: households says 601, and the tables give 600"),
        ("pieces.csv", ",600,2,", ",600,3,", "line 2: grids says 3, and the tables give 2"),
        ("pieces.csv", ",best,", ",splendid,", "line 2: verdict says splendid, and the tables give within bounds"),
        ("pieces.csv", ",best,", ",none,", "line 2: verdict says none, and the tables give within bounds"),
        ("pieces.csv", ",best,", ",small,", "line 2: verdict says small, and the tables give within bounds"),
        ("pieces.csv", ",best,", ",kept,", "pieces_proven_best says 1, and the tables give 0"),
        ("pieces.csv", ",20.0", ",25.0", "line 2: bound says 25, and the tables give 20.0"),
        ("pieces.csv", ",20.0", ",much", "line 2: bound: “much” is not what the column holds"),
        ("pieces.csv", "0,0,6,600,2,best,20.0\n", "", "piece 0 has no line"),
        ("pieces.csv", "20.0\n", "20.0\n0,0,6,600,2,best,20.0\n", "line 3: piece 0 stands on line 2 already"),
        ("grids.geojson", "\"households\":300", "\"households\":299", "grids.geojson, line"),
        ("summary.json", "\"objective\": 20", "\"objective\": 19", "objective says 19, and the tables give 20"),
        ("summary.json", "\"bound\": null", "\"bound\": 20", "bound says 20, and the tables give null"),
        ("summary.json", "\"grids\": 2", "\"grids\": 3", "grids says 3, and the tables give 2"),
        ("summary.json", "\"border_cut_m\": 20", "\"border_cut_m\": 10", "border_cut_m says 10"),
        ("summary.json", "\"households_off_the_mean\": 0", "\"households_off_the_mean\": 4", "off_the_mean says 4"),
        ("summary.json", "\"disconnected\": 0", "\"disconnected\": 1", "disconnected says 1"),
        ("summary.json", "\"crossing_communities\": 0", "\"crossing_communities\": 1", "crossing_communities says 1"),
        ("summary.json", "\"above_the_most\": 0", "\"above_the_most\": 1", "above_the_most says 1"),
        ("summary.json", "\"below_the_least\": 0", "\"below_the_least\": 1", "below_the_least says 1"),
        ("summary.json", "\"excused_small_pieces\": 0", "\"excused_small_pieces\": 1", "excused_small_pieces says 1"),
        ("summary.json", "large_buildings\": 0", "large_buildings\": 1", "unavoidable_large_buildings says 1"),
        ("summary.json", "\"compound_splits\": 0", "\"compound_splits\": 1", "compound_splits says 1"),
        ("summary.json", "\"pieces\": 1", "\"pieces\": 2", "pieces says 2"),
        ("summary.json", "\"pieces_proven_best\": 1", "\"pieces_proven_best\": 0", "pieces_proven_best says 0"),
        ("summary.json", "proven for 1 of 1", "proven for 2 of 2", "notes says \"it is proven for 2 of 2"),
        ("summary.json", "\"most\": 400", "\"most\": 500", "was planned with most 500 and is checked with 400"),
    ]);
    asked.finds_in_bytes(
        "grids.bin",
        &[
            (vec![0; 8], "2 grids for 6 buildings"),
            (vec![0; 23], "grids.bin: ends in the middle of a number"),
            (Vec::new(), "0 grids for 6 buildings"),
            (bytes([0, 1, 0, 1, 0, 1]), "grid 0 does not hang together: inside it no way leads from building 0"),
            (bytes([0; 6]), "line 2: grids says 2, and the tables give 1"),
            (bytes([0, 0, 0, 0, 0, 1]), "verdict says best, and the tables give out of bounds in grids 0, 1"),
            (bytes([0, 0, 1, 1, 1, 1]), "says best, and a division costs 20.0 m, while this one costs 440.0 m"),
        ],
    );
}

#[test]
fn a_grid_across_communities_is_named() {
    let town = Tables::town();
    let asked = Asked::Grids(grid_task());
    asked.plan(&town);
    town.put("buildings", &TOWN[2].1.replace("\n2,0,0,", "\n2,0,1,"));
    let said = told(asked.check(&town));
    assert!(said.contains("of one community and building"), "{said}");
}

#[test]
fn moves_follow_from_the_grids_before() {
    let town = Tables::town();
    std::fs::write(town.folder().join("old.bin"), bytes([7, 9, 9, 9, 9, 9])).unwrap();
    let task = grids::Task { old: Some(town.folder().join("old.bin")), ..grid_task() };
    let plants: [(&str, &[u8], &str); 4] = [
        ("moves.csv", b"building,from,to,households\n1,9,0,90\n", "moves.csv, line 2: the line is “1,9,0,90”"),
        ("moves.csv", b"building,from,to,households\n", "moves.csv, line 2"),
        ("old_grids.bin", &[0; 24], "the answer was not made from the grids of"),
        ("old.bin", &[0; 24], "the answer was not made from the grids of"),
    ];
    for (file, planted, words) in plants {
        std::fs::write(town.folder().join("old.bin"), bytes([7, 9, 9, 9, 9, 9])).unwrap();
        drop(grids::plan(town.folder(), town.folder(), &task, &|_| ()).unwrap());
        drop(grids::verify(town.folder(), town.folder(), &task).unwrap());
        let without = grids::Task { old: None, ..task.clone() };
        drop(grids::verify(town.folder(), town.folder(), &without).unwrap());
        std::fs::write(town.folder().join(file), planted).unwrap();
        let said = told(grids::verify(town.folder(), town.folder(), &task));
        assert!(said.contains(words), "{said}\ninstead of {words}");
    }
    drop(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap());
    assert!(!town.folder().join("moves.csv").exists(), "moves of an earlier answer are gone");
}

/// Gives the six houses of the street other numbers of households.
fn street(households: [u32; 6]) -> String {
    let rows = (0..).zip(households).map(|(at, count)| {
        let (compound, x) = (at / 3, at * 72);
        format!("{at},{compound},0,{x}.0,5.0,{count},{at},10\n")
    });
    format!("id,compound,community,x,y,households,node,access_ds\n{}", rows.collect::<String>())
}

#[test]
fn bounds_that_cannot_be_kept_are_accepted_with_the_reason() {
    let table: [([u32; 6], Bounds, &str, u64); 4] = [
        ([400, 50, 100, 400, 300, 300], Bounds::default(), "the buildings form a tree, and every division", 1),
        ([10, 20, 30, 40, 50, 20], Bounds::default(), "the whole piece has fewer households than a grid needs", 0),
        ([300, 300, 500, 50, 0, 0], Bounds::default(), "building 2 alone is above the most", 0),
        (
            [100; 6],
            Bounds { least: 500, most: 550, target: 525, ..Bounds::default() },
            "2 grids are needed for so many households",
            1,
        ),
    ];
    for (households, bounds, reason, violations) in table {
        let town = Tables::town();
        town.put("buildings", &street(households));
        let asked = Asked::Grids(grids::Task { bounds, ..grid_task() });
        asked.plan(&town);
        let checked = asked.check(&town).unwrap();
        assert!(checked.unproven.is_empty(), "{checked:?}");
        assert!(checked.unavoidable.iter().any(|said| said.en.contains(reason)), "{checked:?}\ninstead of {reason}");
        assert_eq!(checked.summary.violations, violations, "{checked:?}");
        assert!(!Outcome::Checked(checked).is_unproven());
    }
}

#[test]
fn bounds_that_could_be_kept_are_refused_whatever_the_answer_says() {
    let town = Tables::town();
    let asked = Asked::Grids(grid_task());
    asked.plan(&town);
    std::fs::write(town.folder().join("grids.bin"), bytes([0, 1, 1, 1, 1, 1])).unwrap();
    std::fs::remove_file(town.folder().join("summary.json")).unwrap();
    std::fs::remove_file(town.folder().join("grids.geojson")).unwrap();
    for verdict in ["none", "not_found"] {
        town.put(
            "pieces",
            &format!("community,building,buildings,households,grids,verdict,bound\n0,0,6,600,2,{verdict},\n"),
        );
        let said = told(asked.check(&town));
        assert!(said.contains("2 grids are out of bounds, and a division into 2 grids has 0 of them"), "{said}");
    }
}

/// A block of two rows of eight buildings: too many divisions for a tree, few enough to prove the best.
fn block() -> Tables {
    let town = Tables::town();
    let row = |at: usize| format!("{at},0,0,{}.0,{}.0,100,0,10\n", at % 8 * 50, at / 8 * 50);
    let rows: String = (0..16).map(row).collect();
    town.put("buildings", &format!("id,compound,community,x,y,households,node,access_ds\n{rows}"));
    let right = (0..16).filter(|at| at % 8 < 7).map(|at| format!("{at},{},50,{},1\n", at + 1, 20 + at));
    let below = (0..8).map(|at| format!("{at},{},50,{},1\n", at + 8, 30 - at));
    let rows: String = right.chain(below).collect();
    town.put("adjacency", &format!("a,b,dist_m,border_m,same_compound\n{rows}"));
    town
}

#[test]
fn proofs_are_made_on_demand_and_hold_by_prices_that_anybody_can_check() {
    let town = block();
    let (folder, quick) = (town.folder(), Effort { exact_sets: 0, ..Effort::default() });
    let quick = grids::Task { effort: quick, ..grid_task() };
    let planned = grids::plan(folder, folder, &quick, &|_| ()).unwrap();
    assert!(planned.notes[0].said.en.starts_with("it is proven for 0 of 1 pieces"), "{planned:?}");
    assert!(!folder.join("grid_prices.csv").exists() && town.read("pieces.csv").contains(",kept,"));
    drop(grids::verify(folder, folder, &quick).unwrap());
    let planned = grids::plan(folder, folder, &grid_task(), &|_| ()).unwrap();
    assert!(planned.notes[0].said.en.starts_with("it is proven for 1 of 1 pieces"), "{planned:?}");
    let checked = grids::verify(folder, folder, &quick).unwrap();
    assert!(checked.holds.iter().any(|said| said.en.contains("for 1 of 1 pieces")), "{checked:?}");
    let good = town.read("grid_prices.csv");
    for (from, to, words) in [
        ("\n3,", "\n99,", "grid_prices.csv, line 5: there is no building 99"),
        ("\n3,", "\n2,", "grid_prices.csv, line 5: building 2 stands on line 4 already"),
        ("\n3,", "\n3,x", "is not what the column holds"),
    ] {
        town.put("grid_prices", &good.replace(from, to));
        let said = told(grids::verify(folder, folder, &quick));
        assert!(said.contains(words), "{said}\ninstead of {words}");
    }
}

#[test]
fn each_claim_about_who_goes_where_is_looked_at() {
    let asked = Asked::Mobilize(call());
    asked.finds(&OF_ALL);
    let crowd = "2,0,0,610\n3,0,0,610\n";
    asked.finds(&[
        ("assignment.csv", "0,0,0,610", "0,0,0,600", "line 2: time_ds says 600, and the tables give 610"),
        ("assignment.csv", "0,0,0,610", "0,1,0,610", "line 2: slot 0 is not at compound 1"),
        ("assignment.csv", "0,0,0,610", "0,0,9,610", "line 2: slot 9 is not at compound 0; there are 2 slots"),
        ("assignment.csv", "0,0,0,610", "7,0,0,610", "line 2: there is no volunteer 7; the tables have 4"),
        ("assignment.csv", "1,0,0,10", "0,0,0,610", "line 3: volunteer 0 stands on line 2 already"),
        ("assignment.csv", "0,0,0,610", "0,-1,-1,0", "at_home says 0, and the tables give 1"),
        ("assignment.csv", "0,0,0,610", "0,-1,-1,5", "line 2: time_ds says 5, and the tables give 0"),
        ("assignment.csv", "3,1,1,1210\n", "", "volunteer 3 has no line"),
        ("assignment.csv", "3,1,1,1210\n", "3,1,1,121", "ends in the middle of its last line"),
        ("assignment.csv", "2,1,1,1210\n3,1,1,1210\n", crowd, "gets 4 people and wants 2 at most"),
        ("prices.csv", "\n1,-1,0", "", "compound 1 has no line"),
        ("prices.csv", "\n1,-1,0", "\n0,-1,0", "compound 0 stands on line 4 already"),
        ("prices.csv", "\n1,-1,0", "\n5,-1,0", "there is no compound 5; the tables have 2"),
        ("prices.csv", "\n1,1,", "\n0,1,", "line 3: compound says 0, and the tables give 1"),
        ("prices.csv", "\n0,0,", "\n0,0,77777\n0,0,", "slot 0 stands on line 2 already"),
        ("assignment.geojson", "\"sent\":2", "\"sent\":3", "assignment.geojson, line"),
        ("summary.json", "\"objective\": 3040", "\"objective\": 3000", "objective says 3000, and the tables give 3040"),
        ("summary.json", "\"bound\": 3040", "\"bound\": 3050", "bound says 3050, and the tables give 3040"),
        ("summary.json", "\"bound\": 3040", "\"bound\": \"high\"", "which is no whole number"),
        ("summary.json", "\"bound\": 3040", "\"bound\": 3000", "gap says 0.0"),
        ("summary.json", "\"gap\": 0.0", "\"gap\": 0.5", "gap says 0.5, and the tables give 0.0"),
        ("summary.json", "\"walking_ds\": 3040", "\"walking_ds\": 9", "walking_ds says 9, and the tables give 3040"),
        ("summary.json", "\"at_home\": 0", "\"at_home\": 1", "at_home says 1"),
        ("summary.json", "\"short\": 0", "\"short\": 1", "short says 1"),
        ("summary.json", "\"fair\": false", "\"fair\": true", "planned with fair true and is checked with false"),
        ("summary.json", "\"cap_ds\": 18000", "\"cap_ds\": 9000", "planned with cap_ds 9000 and is checked"),
    ]);
}

#[test]
fn a_gap_that_the_answer_does_not_tell_of_is_refused() {
    let worse = |town: &Tables| {
        let plan = town.read("assignment.csv").replace("0,0,0,610", "0,1,1,2410").replace("2,1,1,1210", "2,0,0,610");
        town.put("assignment", &plan);
        std::fs::remove_file(town.folder().join("assignment.geojson")).unwrap();
    };
    let asked = Asked::Mobilize(call());
    let town = Tables::town();
    asked.plan(&town);
    worse(&town);
    let said = told(asked.check(&town));
    assert!(said.contains("objective says 3040, and the tables give 4240") && said.contains("gap says 0.0"), "{said}");
    std::fs::remove_file(town.folder().join("summary.json")).unwrap();
    let said = told(asked.check(&town));
    assert!(said.contains("prices.csv: the prices prove that no plan costs less than 3040 ds"), "{said}");
    assert!(said.contains("a gap of 1200 that the answer does not tell of"), "{said}");
    asked.plan(&town);
    let prices = town.read("prices.csv");
    let dear = prices.lines().map(|line| {
        let line = if line.starts_with("0,0,") { "0,0,99999999999999" } else { line };
        format!("{line}\n")
    });
    town.put("prices", &dear.collect::<String>());
    let said = told(asked.check(&town));
    assert!(said.contains("bound says 3040, and the tables give -"), "prices beyond all sense prove nothing: {said}");
}

#[test]
fn nobody_is_sent_where_she_is_not_able_to_help() {
    let town = Tables::town();
    let asked = Asked::Mobilize(mobilize::Task { slots: true, near: 18_000, ..call() });
    asked.plan(&town);
    drop(asked.check(&town).unwrap());
    let good = town.read("assignment.csv");
    let plan = good.lines().map(|line| {
        let line = if line.starts_with("2,") { "2,0,0,610" } else { line };
        format!("{line}\n")
    });
    town.put("assignment", &plan.collect::<String>());
    let said = told(asked.check(&town));
    assert!(said.contains("line 4: volunteer 2 is sent to slot 0, which is none of his"), "{said}");
}

#[test]
fn a_plan_that_is_not_fair_is_not_called_fair() {
    let fair = mobilize::Task { fair: true, ..call() };
    let asked = Asked::Mobilize(fair);
    asked.finds(&[
        ("summary.json", "\"longest_walk_ds\": 1210", "\"longest_walk_ds\": 1810", "the plan is not fair"),
        ("summary.json", "\"longest_walk_ds\": 1210", "\"longest_walk_ds\": 700", "with walks of 700 ds at most"),
        ("fair_witness.csv", "\n0,0", "\n0,9", "fair_witness.csv, line 2: volunteer 0 is sent to slot 9"),
        ("fair_witness.csv", "\n0,0", "", "volunteer 0 has no line"),
        ("fair_prices.csv", "\n0,-1,", "\n9,-1,", "there is no compound 9"),
        ("fair_prices.csv", ",shorter", ",short", "fair_prices.csv, line 1: the header has “short”"),
    ]);
    let town = Tables::town();
    Asked::Mobilize(call()).plan(&town);
    let said = told(asked.check(&town));
    assert!(said.contains("was planned with fair false and is checked with true"), "{said}");
    std::fs::remove_file(town.folder().join("summary.json")).unwrap();
    let said = told(asked.check(&town));
    assert!(said.contains("fair_prices.csv: cannot be opened"), "{said}");
    asked.plan(&town);
    let prices = town.read("fair_prices.csv");
    let nothing = prices.lines().skip(1).map(|line| {
        let of: Vec<&str> = line.split(',').take(2).collect();
        format!("{},0,0\n", of.join(","))
    });
    town.put("fair_prices", &format!("compound,slot,all,shorter\n{}", nothing.collect::<String>()));
    let checked = asked.check(&town).unwrap();
    assert!(checked.unproven.iter().any(|said| said.en.contains("shorter walks than 1210 ds")), "{checked:?}");
    assert!(Outcome::Checked(checked).is_unproven(), "a program sees it by the exit code");
}

#[test]
fn each_claim_about_sites_is_looked_at() {
    let asked = Asked::Site(sites(Wish::Open(1)));
    asked.finds(&OF_ALL);
    asked.finds(&[
        ("sites.csv", "1,4", "1,5", "sites.csv, line 2: node says 5, and the tables give 4"),
        ("sites.csv", "1,4", "7,4", "sites.csv, line 2: there is no candidate 7; the tables have 3"),
        ("sites.csv", "1,4\n", "1,4\n1,4\n", "line 3: candidate 1 stands on line 2 already"),
        ("sites.csv", "1,4\n", "", "sites.csv: has 0 sites, and 1 are asked for"),
        ("sites.csv", "1,4\n", "0,1\n1,4\n", "sites.csv: has 2 sites, and 1 are asked for"),
        ("sites.csv", "1,4", "2,5", "objective says 300, and the tables give 200"),
        ("sites.csv", "site,node\n1,4\n", "", "sites.csv: is empty"),
        ("site_prices.csv", "price\n", "price\n7.5\n", "4 prices for 3 demands"),
        ("site_prices.csv", "price\n", "price\nNaN\n", "site_prices.csv, line 2: price: “NaN” is not what"),
        ("site_prices.csv", "price\n", "worth\n", "the header has “worth”"),
        ("sites.geojson", "\"site\":1", "\"site\":2", "sites.geojson, line"),
        ("summary.json", "\"objective\": 300", "\"objective\": 400", "objective says 400, and the tables give 300"),
        ("summary.json", "\"bound\": 300", "\"bound\": 250", "bound says 250, and the tables give 300"),
        ("summary.json", "\"bound\": 300", "\"bound\": 600", "gap says 0.0"),
        ("summary.json", "\"gap\": 0.0", "\"gap\": 0.1", "gap says 0.1"),
        ("summary.json", "\"sites\": 1", "\"sites\": 2", "sites says 2"),
        ("summary.json", "\"gained_households\": 300", "\"gained_households\": 301", "gained_households says 301"),
        ("summary.json", "\"covered_before\": 200", "\"covered_before\": 100", "covered_before says 100"),
        ("summary.json", "\"covered_after\": 500", "\"covered_after\": 600", "covered_after says 600"),
        ("summary.json", "\"households\": 600", "\"households\": 900", "households says 900"),
        ("summary.json", "\"open\": 1", "\"open\": 2", "was planned with open 2 and is checked with 1"),
    ]);
    Asked::Site(site::Task { limit: 6_000, ..sites(Wish::Walk(1)) }).finds(&[
        ("sites.csv", "1,4", "2,5", "and the tables give"),
        ("summary.json", "\"spared_household_minutes\": 1000", "\"spared_household_minutes\": 9", "minutes says 9"),
        ("summary.json", "\"spared_seconds_each\": 100", "\"spared_seconds_each\": 1", "spared_seconds_each says 1"),
    ]);
    Asked::Site(sites(Wish::Share(80))).finds(&[
        ("sites.csv", "1,4", "0,1", "the sites reach 100 households more, 280 are wanted"),
        ("sites.csv", "1,4\n", "0,1\n1,4\n", "objective says 1, and the tables give 2"),
        ("summary.json", "\"bound\": 1", "\"bound\": 2", "bound says 2, and the tables give 1"),
    ]);
}

#[test]
fn nothing_is_called_the_best_that_was_not_solved() {
    let town = Tables::town();
    let one = Asked::Site(sites(Wish::Open(1)));
    one.plan(&town);
    let two = told(Asked::Site(sites(Wish::Open(2))).check(&town));
    assert!(two.contains("has 1 sites, and 2 are asked for"), "{two}");
    let share = told(Asked::Site(sites(Wish::Share(80))).check(&town));
    assert!(share.contains("share_percent null and is checked with 80"), "{share}");
    let far = told(Asked::Site(site::Task { limit: 600, ..sites(Wish::Open(1)) }).check(&town));
    assert!(far.contains("prices for") || far.contains("limit_ds 1200 and is checked with 600"), "{far}");
    let old = site::Task { profile: Profile::elderly(), ..sites(Wish::Open(1)) };
    assert!(Asked::Site(old).check(&town).is_err(), "planned for somebody else");
    town.put("sites", "site,node\n2,5\n");
    let files: [PathBuf; 2] = ["summary.json", "sites.geojson"].map(|file| town.folder().join(file));
    for file in files {
        std::fs::remove_file(file).unwrap();
    }
    let said = told(one.check(&town));
    assert!(said.contains("the candidates 1 are better"), "{said}");
    // Prices that prove nothing leave all to be tried, and here that is little.
    town.put("sites", "site,node\n1,4\n");
    town.put("site_prices", "price\n900\n900\n900\n");
    let checked = one.check(&town).unwrap();
    assert_eq!((checked.summary.bound, checked.unproven.is_empty()), (Some(300), true), "{checked:?}");
}

#[test]
fn a_check_says_how_it_knows_that_no_sites_are_better_and_what_it_does_not_know() {
    for (wish, sentence) in [
        (Wish::Open(1), "that no choice of 1 sites gains more than 300"),
        (Wish::Share(80), "that fewer than 1 sites do not gain 280 households"),
    ] {
        let town = Tables::town();
        let asked = |proof| Asked::Site(site::Task { proof, ..sites(wish) });
        asked(None).plan(&town);
        let checked = asked(None).check(&town).unwrap();
        let by_prices = format!("the prices prove, in whole numbers, {sentence}");
        let is_held = checked.holds.iter().any(|held| held.en == by_prices);
        assert!(is_held && checked.unproven.is_empty(), "{checked:?}");
    }
    let town = Tables::town();
    let asked = |proof| Asked::Site(site::Task { proof, ..sites(Wish::Open(1)) });
    asked(Some(1_000)).plan(&town);
    // Prices that prove nothing, and no work allowed to try what they leave open.
    town.put("site_prices", "price\n900\n900\n900\n");
    let checked = asked(Some(0)).check(&town).unwrap();
    assert!(checked.summary.bound.is_some_and(|bound| bound > 300), "only what the prices prove: {checked:?}");
    let said = "that no choice of 1 sites gains more than 300 (tried with 0 million sums";
    assert!(checked.unproven.iter().any(|unproven| unproven.en.starts_with(said)), "{checked:?}");
    assert!(Outcome::Checked(checked).is_unproven(), "a program sees it by the exit code");
    // With work it proves by itself what the prices do not.
    let checked = asked(None).check(&town).unwrap();
    assert!(checked.holds.iter().any(|held| held.en.starts_with("the check tried in full")), "{checked:?}");
    assert_eq!((checked.summary.bound, checked.unproven.is_empty()), (Some(300), true), "{checked:?}");
}

#[test]
fn what_is_found_is_said_in_both_languages() {
    let town = Tables::town();
    let asked = Asked::Mobilize(call());
    asked.plan(&town);
    town.put("assignment", &town.read("assignment.csv").replace("0,0,0,610", "0,0,0,600"));
    let fault = asked.check(&town).unwrap_err();
    let said = fault.told(kernel::language::Lang::Zh).to_string();
    assert!(said.contains("assignment.csv，第 2 行：time_ds 写的是 600，由表算出来是 610。"), "{said}");
}
