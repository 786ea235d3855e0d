//! This file measures the planners in this process. It counts the processor time of the planning alone, and checks the
//! answers.

use std::path::Path;

use lianglin::plan::summary::timed;
use lianglin::plan::town::{Bundle, Ways};
use planning::chance::Chance;
use planning::mobilize::{
    Call, Fairly, Fairness, Ground, Pair, Plan, Terms, check, check_fairness, fair, solve_nearest,
};
use planning::network::{Profile, Search};
use planning::partition::{self, Bounds, Effort, Report};
use planning::reach;
use planning::siting::{self, Offers};

use super::Run;

/// Is fifteen minutes in ds. `CAP` is thirty minutes.
const REACH: u32 = 9_000;
const CAP: u32 = 18_000;
/// A plan that takes more seconds than that is not made again.
const LONG: f64 = 5.0;
/// What each walk costs where all cost the same, in ds.
const EQUAL: i32 = 9_000;

#[expect(clippy::needless_pass_by_value, reason = "it stands where faults are mapped")]
fn told(faults: Vec<lianglin::plan::table::Fault>) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn ran(problem: &str, cpu: Option<f64>, objective: f64, note: String) -> Run {
    Run {
        who: "Lianglin".to_owned(),
        problem: problem.to_owned(),
        cpu: cpu.unwrap_or(0.0),
        peak_mib: peak_mib(),
        objective: Some(objective),
        bound: None,
        violations: None,
        longest: None,
        answer: None,
        note,
    }
}

pub fn plan(folder: &Path, problem: &str) -> Result<Vec<Run>, String> {
    match problem.split_once(' ') {
        Some(("site", count)) => site(folder, count.parse().map_err(|_| "site wants a number".to_owned())?),
        _ => match problem {
            "grids" | "trees" => grids(folder),
            "again" => again(folder),
            "mobilize" => mobilize(folder, None),
            "equal" => mobilize(folder, Some(EQUAL)),
            "nearest" => nearest(folder),
            "slots" => slots(folder),
            "fair" | "fair-slots" => fairly(folder, problem),
            "reach" | "stations" => reached(folder),
            other => Err(format!("there is no problem {other}")),
        },
    }
}

struct Blocks {
    buildings: Vec<partition::Building>,
    borders: Vec<partition::Border>,
}

fn blocks(folder: &Path) -> Result<Blocks, String> {
    let bundle = Bundle::new(folder);
    let buildings = bundle.buildings(None).map_err(told)?;
    let borders = bundle.borders(&buildings).map_err(told)?;
    Ok(Blocks { buildings: buildings.grid, borders })
}

pub fn referee(folder: &Path, answer: &Path) -> Result<Report, String> {
    let blocks = blocks(folder)?;
    let bytes = std::fs::read(answer).map_err(|fault| fault.to_string())?;
    let (words, _) = bytes.as_chunks::<4>();
    let grid: Vec<u32> = words.iter().map(|word| u32::from_le_bytes(*word)).collect();
    if grid.len() != blocks.buildings.len() {
        return Err(format!("{} does not have a grid for each building", answer.display()));
    }
    Ok(partition::check(&blocks.buildings, &blocks.borders, &Bounds::default(), &grid))
}

fn looked(blocks: &Blocks, grid: &[u32], run: Run) -> Run {
    let report = partition::check(&blocks.buildings, &blocks.borders, &Bounds::default(), grid);
    let note = format!("{}; {} splits", run.note, report.compound_splits);
    Run { objective: Some(report.objective.round()), violations: Some(report.violations() as u64), note, ..run }
}

fn grids(folder: &Path) -> Result<Vec<Run>, String> {
    let blocks = blocks(folder)?;
    let mut runs = Vec::new();
    let mut before: Vec<partition::PieceReport> = Vec::new();
    for (moves, exact_sets) in [(200, 0), (3_000, 0), (300, 0), (300, 500_000)] {
        let effort = Effort { moves, exact_sets, ..Effort::default() };
        let bounds = Bounds::default();
        let (found, cpu) =
            timed(|| partition::divide(&blocks.buildings, &blocks.borders, &bounds, effort, 1, &|| true));
        let found = found.map_err(|fault| fault.to_string())?.ok_or("stopped")?;
        let mut run = looked(&blocks, &found.grid, ran("grids", cpu, 0.0, format!("{moves} moves")));
        if exact_sets > 0 {
            run.note = format!("{}; {}", run.note, beside_proofs(&before, &found.pieces));
        }
        before = found.pieces;
        runs.push(run);
    }
    Ok(runs)
}

/// Says how far divisions that were made without proofs are from the proven ones. It looks at the pieces that have
/// several grids and a proof.
fn beside_proofs(without: &[partition::PieceReport], with: &[partition::PieceReport]) -> String {
    let gap = |(without, with): (&partition::PieceReport, &partition::PieceReport)| {
        let bound = with.bound.filter(|_| with.grids > 1 && with.grids == without.grids)?;
        Some(100.0 * (without.objective - bound) / bound.max(1.0))
    };
    let gaps: Vec<f64> = without.iter().zip(with).filter_map(gap).collect();
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    format!("{} pieces proven, without that {mean:.2} % dearer in the mean", gaps.len())
}

fn again(folder: &Path) -> Result<Vec<Run>, String> {
    let mut blocks = blocks(folder)?;
    let bytes = std::fs::read(folder.join("before.bin")).map_err(|fault| fault.to_string())?;
    let (words, _) = bytes.as_chunks::<4>();
    let now: Vec<u32> = blocks.buildings.iter().map(|building| building.households).collect();
    for (building, word) in blocks.buildings.iter_mut().zip(words) {
        building.households = u32::from_le_bytes(*word);
    }
    let (bounds, effort) = (Bounds::default(), Effort { exact_sets: 0, ..Effort::default() });
    let old = partition::divide(&blocks.buildings, &blocks.borders, &bounds, effort, 1, &|| true);
    let old = old.map_err(|fault| fault.to_string())?.ok_or("stopped")?;
    for (building, &households) in blocks.buildings.iter_mut().zip(&now) {
        building.households = households;
    }
    let (found, cpu) =
        timed(|| partition::divide_again(&blocks.buildings, &blocks.borders, &bounds, effort, 1, &old.grid, &|| true));
    let found = found.map_err(|fault| fault.to_string())?.ok_or("stopped")?;
    let moved = partition::moved_households(&old.grid, &found.grid, &now);
    let all: u64 = now.iter().map(|&households| u64::from(households)).sum();
    let note = format!("{:.2} % of households move", 100.0 * moved as f64 / all.max(1) as f64);
    let run = ran("again after 1 %", cpu, 0.0, note);
    Ok(vec![looked(&blocks, &found.grid, run)])
}

fn ways(folder: &Path) -> Result<(Bundle, Ways), String> {
    let bundle = Bundle::new(folder);
    let ways = bundle.ways(&Profile::adult()).map_err(told)?;
    Ok((bundle, ways))
}

/// Returns the call with all its pairs, and the pairs. It writes them down for the rivals too. If `equal` is given,
/// every walk costs that.
fn pairs(folder: &Path, with_slots: bool, equal: Option<i32>) -> Result<(Call, Vec<Pair>), String> {
    let (bundle, ways) = ways(folder)?;
    let town = bundle.mobilization(&ways, with_slots).map_err(told)?;
    let ground =
        Ground { forward: &ways.forward, backward: &ways.backward, gates: &town.gates, homes: &town.homes, cap: CAP };
    let mut pairs = ground.all_pairs(town.needs.len());
    if let Some(cost) = equal {
        for pair in &mut pairs {
            pair.cost = cost;
        }
    }
    let words = pairs.iter().flat_map(|pair| [pair.volunteer, pair.site, pair.cost.unsigned_abs()]);
    let bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
    std::fs::write(folder.join("pairs.bin"), bytes).map_err(|fault| fault.to_string())?;
    let call = Call::new(town.needs, town.slots, town.able, pairs.clone(), Terms::default());
    Ok((call.map_err(|fault| fault.to_string())?, pairs))
}

fn proven(problem: &str, call: &Call, plan: &Plan, cpu: Option<f64>, note: String) -> Result<Run, String> {
    let proof = check(call, &plan.answer(call), &[]).map_err(|wrong| wrong.to_string())?;
    let run = ran(problem, cpu, proof.objective as f64, note);
    Ok(Run { bound: Some(proof.bound as f64), violations: Some(0), ..run })
}

fn mobilize(folder: &Path, equal: Option<i32>) -> Result<Vec<Run>, String> {
    let (call, pairs) = pairs(folder, false, equal)?;
    let mut runs = Vec::new();
    let mut best = None;
    for _ in 0..3 {
        let (plan, cpu) = timed(|| Plan::new(&call));
        runs.push(proven("mobilize", &call, &plan, cpu, format!("{} pairs", pairs.len()))?);
        best = Some(plan);
    }
    let mut plan = best.ok_or("nothing planned")?;
    // One volunteer in a hundred moves to the home of another.
    let mut chance = Chance::new(7, 0);
    let people = call.volunteers();
    let mut from: Vec<u32> = (0..people as u32).collect();
    let changed: Vec<u32> = (0..people.div_ceil(100)).map(|_| chance.below(people) as u32).collect();
    for &one in &changed {
        if let Some(from) = from.get_mut(one as usize) {
            *from = chance.below(people) as u32;
        }
    }
    let mut of: Vec<Vec<Pair>> = vec![Vec::new(); people];
    for pair in &pairs {
        if let Some(of) = of.get_mut(pair.volunteer as usize) {
            of.push(*pair);
        }
    }
    let moved = from.iter().zip(0u32..).flat_map(|(&from, volunteer)| {
        of.get(from as usize).into_iter().flatten().map(move |pair| Pair { volunteer, ..*pair })
    });
    let next = call.with_pairs(moved.collect()).map_err(|fault| fault.to_string())?;
    let (plan, cpu) = timed(|| {
        plan.update(&next, &changed);
        plan
    });
    let run = proven("mobilize 1 %", &next, &plan, cpu, format!("{} people changed", changed.len()))?;
    let anew = check(&next, &Plan::new(&next).answer(&next), &[]).map_err(|wrong| wrong.to_string())?;
    if run.objective != Some(anew.objective as f64) {
        return Err(format!("a changed plan costs {:?}, from nothing {}", run.objective, anew.objective));
    }
    runs.push(run);
    Ok(runs)
}

fn nearest(folder: &Path) -> Result<Vec<Run>, String> {
    let (bundle, ways) = ways(folder)?;
    let town = bundle.mobilization(&ways, false).map_err(told)?;
    let ground =
        Ground { forward: &ways.forward, backward: &ways.backward, gates: &town.gates, homes: &town.homes, cap: CAP };
    let mut runs = Vec::new();
    for _ in 0..3 {
        let (found, cpu) =
            timed(|| solve_nearest(&ground, &town.needs, &town.slots, &town.able, Terms::default(), CAP / 5 * 2));
        let found = found.map_err(|fault| fault.to_string())?;
        let proof = check(&found.call, &found.plan.answer(&found.call), &found.unlisted);
        let proof = proof.map_err(|wrong| wrong.to_string())?;
        let note = format!("{} pairs looked at, {} rounds", found.call.pairs().count(), found.rounds);
        let run = ran("pairs and plan", cpu, proof.objective as f64, note);
        let is_long = run.cpu > LONG;
        runs.push(Run { bound: Some(proof.bound as f64), violations: Some(0), ..run });
        if is_long {
            break;
        }
    }
    Ok(runs)
}

fn slots(folder: &Path) -> Result<Vec<Run>, String> {
    let (call, _) = pairs(folder, true, None)?;
    let mut runs = Vec::new();
    for _ in 0..3 {
        let (plan, cpu) = timed(|| Plan::new(&call));
        runs.push(proven("slots", &call, &plan, cpu, format!("{} slots", call.slots().len()))?);
    }
    Ok(runs)
}

/// Makes the fair plan, without slots or with them.
fn fairly(folder: &Path, problem: &str) -> Result<Vec<Run>, String> {
    let (call, pairs) = pairs(folder, problem == "fair-slots", None)?;
    let (found, cpu) = timed(|| fair(&call));
    let Some(found) = found.map_err(|fault| fault.to_string())? else { return Ok(Vec::new()) };
    let longest = found.longest;
    let fairness = Fairness { longest, all: &found.all, within: &found.within, shorter: found.shorter.as_ref() };
    let judged = check_fairness(&call, &fairness).map_err(|fault| fault.to_string())?;
    let judged = judged.map_err(|wrong| wrong.to_string())?;
    if judged != Fairly::Proven {
        return Err(format!("that nobody can be asked for less than {longest} ds is not proven: {judged:?}"));
    }
    let note = format!("longest walk {longest} ds, {} pairs", pairs.len());
    let run = proven(problem, &found.call, &found.plan, cpu, note)?;
    Ok(vec![Run { longest: Some(longest), ..run }])
}

fn reached(folder: &Path) -> Result<Vec<Run>, String> {
    let (bundle, ways) = ways(folder)?;
    let buildings = bundle.buildings(Some(&ways)).map_err(told)?;
    let stations = bundle.stations(&ways).map_err(told)?.starts;
    let mut search = Search::new(ways.nodes.len());
    let mut runs = Vec::new();
    for _ in 0..9 {
        let (_, cpu) = timed(|| reach::times(&mut search, &ways.backward, &stations, REACH).len());
        let shares = reach::coverage(search.times(), &buildings.reach, places(&buildings.reach), REACH);
        let covered = reach::total(&shares).covered as f64;
        runs.push(Run { violations: Some(0), ..ran("reach", cpu, covered, String::new()) });
    }
    reach::check(&ways.forward, &stations, REACH, search.times()).map_err(|wrong| wrong.to_string())?;
    let nodes: Vec<u32> = stations.iter().map(|station| station.node).collect();
    let mut standing = reach::Standing::new(&ways.forward, &ways.backward, &buildings.reach, &nodes, REACH);
    let candidates = bundle.candidates(&ways).map_err(told)?.starts;
    let (tried, cpu) = timed(|| {
        let tried: Vec<u64> = candidates.iter().take(500).map(|site| standing.if_opened(site.node).gained).collect();
        tried
    });
    let each = cpu.map(|cpu| cpu / tried.len().max(1) as f64);
    runs.push(ran("one station more", each, tried.iter().sum::<u64>() as f64, format!("mean of {}", tried.len())));
    Ok(runs)
}

fn places(buildings: &[reach::Building]) -> usize {
    buildings.iter().map(|building| building.place as usize + 1).max().unwrap_or(0)
}

fn site(folder: &Path, count: usize) -> Result<Vec<Run>, String> {
    let (bundle, ways) = ways(folder)?;
    let buildings = bundle.buildings(Some(&ways)).map_err(told)?.reach;
    let stations = bundle.stations(&ways).map_err(told)?.starts;
    let candidates = bundle.candidates(&ways).map_err(told)?.starts;
    let mut search = Search::new(ways.nodes.len());
    let times = reach::times(&mut search, &ways.backward, &stations, REACH);
    let left: Vec<u64> = buildings
        .iter()
        .map(|building| {
            let time = times.get(building.node as usize).copied().unwrap_or(u32::MAX);
            if time.saturating_add(building.access) <= REACH { 0 } else { u64::from(building.households) }
        })
        .collect();
    let reach = reach::reached_from_each(&ways.backward, &buildings, &candidates, REACH);
    let each = reach.iter().zip(0u32..).flat_map(|(buildings, site)| {
        let left = &left;
        let demand = move |&building: &u32| {
            let gain = left.get(building as usize).copied().unwrap_or(0);
            (gain > 0).then_some([site, building, gain as u32])
        };
        buildings.iter().filter_map(demand)
    });
    let bytes: Vec<u8> = each.flatten().flat_map(u32::to_le_bytes).collect();
    std::fs::write(folder.join("offers-each.bin"), bytes).map_err(|fault| fault.to_string())?;
    let offers = Offers::of_households(&left, &reach);
    std::fs::write(folder.join("offers.bin"), offers.bytes()).map_err(|fault| fault.to_string())?;
    let effort = siting::Effort::fitting(&offers, 1);
    let (found, cpu) = timed(|| siting::choose(&offers, count, effort, &mut || true));
    siting::check(&offers, &found).map_err(|wrong| wrong.to_string())?;
    let note = format!("{} demands, {} rounds", offers.demands(), found.rounds);
    let run = ran(&format!("site {count}"), cpu, found.value as f64, note);
    Ok(vec![Run { bound: Some(found.bound as f64), violations: Some(0), ..run }])
}
