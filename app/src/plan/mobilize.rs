//! This file does `lianglin plan mobilize`: it reads compounds with needs and volunteers, and writes who goes where,
//! with the prices that prove it.

mod listed;
mod verify;

pub use verify::verify;

use std::path::Path;

use planning::mobilize::{Answer, Call, Fair, Fault, Ground, Pair, Plan, Proof, Terms, check, fair, solve_nearest};
use planning::network::Profile;
use serde_json::json;

use super::summary::{Note, Standing, Summary, left_out, timed};
use super::table::{Fault as TableFault, both};
use super::town::{Bundle, Mobilization, Ways};
use super::{claims, csv_of_cells, geojson, remove, told, unsound, write};
use crate::AppError;

/// Says how people are sent.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// The longest walk, in ds.
    pub cap: u32,
    /// Whether there are shifts and doctors.
    pub slots: bool,
    /// Whether the plan first makes the longest walk as short as possible.
    pub fair: bool,
    /// The distance in ds up to which pairs are looked at first.
    pub near: u32,
    /// What each failing costs.
    pub terms: Terms,
}

struct Scene {
    ways: Ways,
    town: Mobilization,
    bundle: Bundle,
}

impl Scene {
    fn read(bundle: Bundle, slots: bool) -> Result<Self, AppError> {
        let ways = bundle.ways(&Profile::adult()).map_err(told)?;
        let town = bundle.mobilization(&ways, slots).map_err(told)?;
        Ok(Self { ways, town, bundle })
    }

    /// Says why nobody can be sent with what the tables hold.
    fn refused(&self, fault: &Fault) -> AppError {
        let said =
            both(format!("用这些表派不了人（{fault}）。请检查 compounds、gates 和 volunteers。"), fault.to_string());
        told(vec![TableFault { file: self.bundle.folder().to_owned(), line: 0, said }])
    }

    /// Returns what a reader must know of those who cannot walk to any gate, of homes beside the ways, and of the map.
    fn notes(&self, standing: &Standing) -> Vec<Note> {
        let homes = self.town.homes.iter().map(|home| (home.node, 1));
        let count = self.ways.left_out(homes, self.town.gates.iter().map(|gate| gate.node));
        let cut_off = left_out(count, &both("名志愿者", "volunteers"), &both("出入口", "gate"));
        cut_off.into_iter().chain(self.ways.notes(standing, "志愿者住处", "volunteers")).collect()
    }

    fn ground(&self, cap: u32) -> Ground<'_> {
        Ground {
            forward: &self.ways.forward,
            backward: &self.ways.backward,
            gates: &self.town.gates,
            homes: &self.town.homes,
            cap,
        }
    }

    fn call(&self, pairs: Vec<Pair>, terms: Terms) -> Result<Call, Fault> {
        let town = &self.town;
        Call::new(town.needs.clone(), town.slots.clone(), town.able.clone(), pairs, terms)
    }
}

/// What was planned.
struct Solved {
    call: Call,
    answer: Answer,
    unlisted: Vec<i64>,
    fair: Option<Fair>,
}

/// Plans and writes `assignment.csv`, `prices.csv` and `assignment.geojson`. Of a fair plan it also writes
/// `fair_prices.csv` and `fair_witness.csv`, which prove that nobody could be asked for shorter walks.
pub fn plan(town: impl Into<Bundle>, out: &Path, task: Task) -> Result<Summary, AppError> {
    let scene = Scene::read(town.into(), task.slots)?;
    let ground = scene.ground(task.cap);
    let town = &scene.town;
    let (solved, cpu) = timed(|| -> Result<_, Fault> {
        if task.fair {
            let call = scene.call(ground.all_pairs(town.needs.len()), task.terms)?;
            let Some(fair) = fair(&call)? else {
                let answer = Plan::new(&call).answer(&call);
                return Ok(Solved { call, answer, unlisted: Vec::new(), fair: None });
            };
            let (call, answer) = (fair.call.clone(), fair.plan.answer(&fair.call));
            return Ok(Solved { call, answer, unlisted: Vec::new(), fair: Some(fair) });
        }
        let found = solve_nearest(&ground, &town.needs, &town.slots, &town.able, task.terms, task.near)?;
        let answer = found.plan.answer(&found.call);
        Ok(Solved { call: found.call, answer, unlisted: found.unlisted, fair: None })
    });
    let Solved { call, answer, unlisted, fair } = solved.map_err(|fault| scene.refused(&fault))?;
    let proof = check(&call, &answer, &unlisted).map_err(|wrong| unsound(&wrong))?;
    write(&out.join("assignment.csv"), &assignment(town, &call, &answer))?;
    write(&out.join("prices.csv"), &csv_of_cells("compound,slot,price", keyed_prices(town, &call, &answer)))?;
    write(&out.join("assignment.geojson"), &drawn(&scene, &call, &answer))?;
    fairness(out, town, &call, fair.as_ref())?;
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, &call, &answer, &proof).write(out, lang)?;
    }
    let mut summary = summary(&scene, task, &proof, fair.as_ref().map(|fair| fair.longest), cpu);
    claims::write(out, &summary, scene.bundle.lang())?;
    summary.more.push(("pairs_looked_at", json!(call.pairs().count())));
    Ok(summary)
}

/// Writes what proves that a plan is fair, or removes what an earlier answer left.
fn fairness(out: &Path, town: &Mobilization, call: &Call, fair: Option<&Fair>) -> Result<(), AppError> {
    let (prices, witness) = (out.join("fair_prices.csv"), out.join("fair_witness.csv"));
    let Some(fair) = fair else {
        remove(&prices)?;
        return remove(&witness);
    };
    // Where no walk is shorter there is nothing to prove of shorter ones.
    let shorter = fair.shorter.as_ref().unwrap_or(&fair.all);
    let all = keyed_prices(town, call, &fair.all);
    let rows = all.zip(keyed_prices(town, call, shorter)).map(|(all, shorter)| [all, shorter[2..].to_vec()].concat());
    write(&prices, &csv_of_cells("compound,slot,all,shorter", rows))?;
    let row = |(volunteer, slot): (usize, &Option<u32>)| {
        vec![town.volunteers.cell(volunteer), slot.map_or(-1, i64::from).to_string()]
    };
    write(&witness, &csv_of_cells("volunteer,slot", fair.within.slot.iter().enumerate().map(row)))
}

fn summary(scene: &Scene, task: Task, proof: &Proof, longest: Option<i32>, cpu_seconds: Option<f64>) -> Summary {
    let standing = scene.ways.standing(scene.town.homes.iter().copied());
    let mut more = vec![
        ("walking_ds", json!(proof.walking)),
        ("at_home", json!(proof.home)),
        ("short", json!(proof.short)),
        ("volunteers_far_off", json!(standing.far_off)),
        ("volunteers_on_islands", json!(standing.on_islands)),
    ];
    if let Some(longest) = longest {
        more.push(("longest_walk_ds", json!(longest)));
    }
    let mut summary = Summary {
        problem: "mobilize",
        task: vec![
            ("cap_ds", json!(task.cap)),
            ("slots", json!(task.slots)),
            ("fair", json!(task.fair)),
            ("home_ds", json!(task.terms.home)),
            ("short_ds", json!(task.terms.short)),
        ],
        objective: proof.objective,
        bound: Some(proof.bound),
        violations: 0,
        cpu_seconds,
        more,
        notes: scene.notes(&standing),
    };
    scene.bundle.heard().tell(&mut summary);
    summary
}

/// Writes `volunteer,compound,slot,time_ds`. A compound of -1 means that the volunteer stays at home.
fn assignment(town: &Mobilization, call: &Call, answer: &Answer) -> Vec<u8> {
    let row = |(volunteer, slot): (usize, &Option<u32>)| {
        let found = slot.and_then(|slot| {
            let site = call.slots().get(slot as usize)?.site;
            let cost = call.cost(u32::try_from(volunteer).ok()?, site)?;
            Some([town.compounds.cell(site as usize), slot.to_string(), cost.to_string()])
        });
        let [compound, slot, time] = found.unwrap_or_else(|| ["-1", "-1", "0"].map(ToOwned::to_owned));
        vec![town.volunteers.cell(volunteer), compound, slot, time]
    };
    csv_of_cells("volunteer,compound,slot,time_ds", answer.slot.iter().enumerate().map(row))
}

/// Returns for each slot its compound, the slot and its price. Slot -1 gives the price of a compound over all its
/// slots.
fn keyed_prices<'a>(
    town: &'a Mobilization,
    call: &'a Call,
    answer: &'a Answer,
) -> impl Iterator<Item = Vec<String>> + 'a {
    let row =
        move |site: usize, slot: i64, price: i64| vec![town.compounds.cell(site), slot.to_string(), price.to_string()];
    let slots = call.slots().iter().zip(&answer.slot_price).zip(0..);
    let slots = slots.map(move |((slot, &price), id): (_, i64)| row(slot.site as usize, id, price));
    let sites = answer.site_price.iter().enumerate().map(move |(site, &price)| row(site, -1, price));
    slots.chain(sites)
}

fn drawn(scene: &Scene, call: &Call, answer: &Answer) -> Vec<u8> {
    let mut load = vec![0u32; call.sites().len()];
    for slot in answer.slot.iter().flatten() {
        let site = call.slots().get(*slot as usize).and_then(|slot| load.get_mut(slot.site as usize));
        if let Some(load) = site {
            *load += 1;
        }
    }
    let features =
        scene.town.points.iter().zip(call.sites()).zip(&load).zip(0..).map(|(((&at, need), load), id): (_, usize)| {
            let facts = [
                ("compound", scene.town.compounds.json(id)),
                ("least", json!(need.least)),
                ("most", json!(need.most)),
                ("sent", json!(load)),
            ];
            geojson::point(at, &facts)
        });
    geojson::collection(&features.collect::<Vec<_>>())
}
