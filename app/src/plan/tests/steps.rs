//! These tests look at answers whose bound was tried: the steps that prove it are followed, and false ones are refused.

use kernel::language::Bilingual;

use super::{Tables, sites, told};
use crate::AppError;
use crate::plan::checked::Checked;
use crate::plan::site::{self, Task, Wish};

/// Puts four candidates into a town. Each two of them are a minute from one house of 100 households, which is far from
/// the others.
fn pairs_of_four() -> Tables {
    let town = Tables::town();
    let pairs = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
    let nodes = (0..11).map(|node| format!("{node},{}.0,0.0\n", node * 12));
    town.put("nodes", &format!("id,x,y\n{}", nodes.collect::<String>()));
    let ways = (4..).zip(pairs).flat_map(|(home, pair)| pair.map(|site| [home, site]));
    let ways = ways.map(|[a, b]| format!("{a},{b},600,0\n{b},{a},600,0\n"));
    town.put("edges", &format!("src,dst,t_ds,cls\n0,10,6000,0\n10,0,6000,0\n{}", ways.collect::<String>()));
    let homes = (0..6).map(|home| format!("{home},0,0,{}.0,5.0,100,{},10\n", (home + 4) * 12, home + 4));
    let title = "id,compound,community,x,y,households,node,access_ds";
    town.put("buildings", &format!("{title}\n{}", homes.collect::<String>()));
    town.put("stations", "id,node\n0,10\n");
    town.put("candidates", "id,node,compound\n0,0,0\n1,1,0\n2,2,0\n3,3,0\n");
    town
}

fn task(wish: Wish, proof: u64) -> Task {
    Task { proof: Some(proof), ..sites(wish) }
}

fn plan(town: &Tables, wish: Wish) {
    drop(site::plan(town.folder(), town.folder(), &task(wish, 1_000_000), &mut || true).unwrap());
}

/// Checks the answer, and tries nothing that it does not prove.
fn check(town: &Tables, wish: Wish) -> Result<Checked, AppError> {
    site::verify(town.folder(), town.folder(), &task(wish, 0))
}

/// Proves that two of the candidates gain 500 households at most: of three houses among three candidates, one is missed
/// by any one candidate.
const TRIANGLES: &str = "step,open,closed,numbers\n\
                         start,,,100 100 100 100 100 100\n\
                         cut,,,52428800 0 1 3\n\
                         cut,,,52428800 0 2 4\n\
                         cut,,,52428800 1 2 5\n\
                         cut,,,52428800 3 4 5\n\
                         prices,,,0 0 0 0 0 0\n\
                         end,,,\n";

#[test]
fn a_bound_that_was_tried_is_followed_step_by_step() {
    for (wish, sentence) in [
        (Wish::Open(2), "that no choice of 2 sites gains more than 500"),
        (Wish::Share(100), "that fewer than 3 sites do not gain 600 households"),
    ] {
        let town = pairs_of_four();
        plan(&town, wish);
        for proof in [town.read("site_proof.csv"), TRIANGLES.to_owned()] {
            town.put("site_proof", &proof);
            let checked = check(&town, wish).unwrap();
            let said = format!("the steps in site_proof.csv prove, in whole numbers, {sentence}");
            let is_held = checked.holds.iter().any(|held| held.en == said);
            assert!(is_held && checked.unproven.is_empty(), "{proof}{checked:?}");
        }
        std::fs::remove_file(town.folder().join("site_proof.csv")).unwrap();
        let checked = check(&town, wish).unwrap();
        let claimed = |said: &Bilingual| said.en.starts_with(sentence) && said.en.contains("brings no site_proof.csv");
        assert!(checked.unproven.iter().any(claimed), "{checked:?}");
    }
}

#[test]
fn steps_that_prove_nothing_are_refused_with_their_line() {
    let town = pairs_of_four();
    plan(&town, Wish::Open(2));
    for (from, to, words) in [
        ("52428800 0 1 3", "41943040 0 1 3", "line 8: some choices are not ruled out here, so that the bound 500"),
        ("52428800 0 1 3", "52428800 0 1 4", "line 8: some choices are not ruled out here"),
        ("52428800 0 1 3", "52428800 0 1 6", "line 7: the step does not fit the tables"),
        ("start,,", "start,3,", "line 2: the prices do not tell what is said here of candidate 3"),
        ("start,,", "start,,3", "line 2: the prices do not tell what is said here of candidate 3"),
        ("start,,", "start,4,", "line 2: the step does not fit the tables"),
        ("start,,,100 ", "start,,,", "line 2: the step does not fit the tables"),
        ("prices,,,0 ", "prices,,,", "line 7: the step does not fit the tables"),
        ("prices,,,0 ", "prices,,,-1 ", "line 7: the step does not fit the tables"),
        ("\nend,,,", "", "line 7: some choices are not ruled out here"),
        ("end,,,\n", "end,,,\nend,,,\n", "line 9: the step does not fit the tables"),
        ("100\ncut", "100\nsmall,,,\ncut", "line 3: the step says nothing, as no more is known of the candidates"),
        ("end,,,", "end,0,,", "line 8: the row “end” is no step of a proof"),
        ("end,,,", "split,0,1,", "line 8: the row “split” is no step of a proof"),
        ("end,,,", "halt,,,", "line 8: the row “halt” is no step of a proof"),
        ("start,,,", "begin,,,", "line 2: the row “begin” is no step of a proof"),
        ("52428800 0 1 3", "much 0 1 3", "line 3: numbers: “much 0 1 3” is not what the column holds"),
    ] {
        assert!(TRIANGLES.contains(from), "{from}");
        town.put("site_proof", &TRIANGLES.replacen(from, to, 1));
        let said = told(check(&town, Wish::Open(2)));
        assert!(said.contains("site_proof.csv") && said.contains(words), "{said}\ninstead of {words}");
    }
    town.put("site_proof", TRIANGLES);
    let summary = town.read("summary.json");
    let less = summary.replacen("\"bound\": 500", "\"bound\": 499", 1);
    assert_ne!(less, summary);
    std::fs::write(town.folder().join("summary.json"), less).unwrap();
    assert!(told(check(&town, Wish::Open(2))).contains("bound says 499, and the tables give 500"));
}

#[test]
fn a_refusal_shows_the_beginning_of_a_long_line() {
    let town = pairs_of_four();
    plan(&town, Wish::Open(2));
    for (from, to) in [("start,,,", "start,,,many "), ("end,,,", "halt,,,"), ("end,,,", "end,0,,")] {
        let long = " 100".repeat(10_000);
        let proof = TRIANGLES.replacen(from, to, 1).replacen(" 100\n", &format!("{long}\n"), 1);
        town.put("site_proof", &proof.replacen("halt", &"halt".repeat(10_000), 1));
        let said = told(check(&town, Wish::Open(2)));
        assert!(said.contains("site_proof.csv, line") && said.len() < 600, "{} signs", said.len());
    }
}

#[test]
fn steps_of_an_earlier_answer_are_taken_away() {
    let town = Tables::town();
    town.put("site_proof", TRIANGLES);
    plan(&town, Wish::Open(1));
    assert!(!town.folder().join("site_proof.csv").exists());
}
