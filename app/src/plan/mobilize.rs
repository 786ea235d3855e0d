//! This file does `lianglin plan mobilize`: it reads compounds with needs and volunteers, and writes who goes where,
//! with the prices that prove it.

use std::path::Path;

use planning::mobilize::{Answer, Call, Fault, Ground, Pair, Plan, Proof, Terms, check, fair, solve_nearest};
use planning::network::Profile;
use serde_json::json;

use super::summary::{Standing, Summary, left_out, timed};
use super::table::{Kind, column, read};
use super::town::{Bundle, Heard, Mobilization, Ways};
use super::{csv_of_cells, geojson, told, write};
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
    heard: Heard,
}

impl Scene {
    fn read(folder: &Path, slots: bool) -> Result<Self, AppError> {
        let bundle = Bundle::new(folder);
        let ways = bundle.ways(&Profile::adult()).map_err(told)?;
        let town = bundle.mobilization(&ways, slots).map_err(told)?;
        Ok(Self { ways, town, heard: bundle.heard() })
    }

    /// Returns what a reader must know of those who cannot walk to any gate, of homes beside the ways, and of the map.
    fn notes(&self, standing: &Standing) -> Vec<String> {
        let homes = self.town.homes.iter().map(|home| (home.node, 1));
        let count = self.ways.left_out(homes, self.town.gates.iter().map(|gate| gate.node));
        let cut_off = left_out(count, "volunteers", "gate");
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

/// Plans and writes `assignment.csv`, `prices.csv` and `assignment.geojson`.
pub fn plan(folder: &Path, out: &Path, task: Task) -> Result<Summary, AppError> {
    let scene = Scene::read(folder, task.slots)?;
    let refused = |fault: Fault| AppError::Said(format!("{}: {fault}", folder.display()));
    let ground = scene.ground(task.cap);
    let town = &scene.town;
    let (solved, cpu) = timed(|| -> Result<_, Fault> {
        if task.fair {
            let call = scene.call(ground.all_pairs(town.needs.len()), task.terms)?;
            let Some(fair) = fair(&call)? else {
                let answer = Plan::new(&call).answer(&call);
                return Ok((call, answer, Vec::new(), None));
            };
            let answer = fair.plan.answer(&fair.call);
            return Ok((fair.call, answer, Vec::new(), Some(fair.longest)));
        }
        let found = solve_nearest(&ground, &town.needs, &town.slots, &town.able, task.terms, task.near)?;
        let answer = found.plan.answer(&found.call);
        Ok((found.call, answer, found.unlisted, None))
    });
    let (call, answer, unlisted, longest) = solved.map_err(refused)?;
    let proof = check(&call, &answer, &unlisted).map_err(|wrong| AppError::Said(wrong.to_string()))?;
    write(&out.join("assignment.csv"), &assignment(town, &call, &answer))?;
    write(&out.join("prices.csv"), &prices(town, &call, &answer))?;
    write(&out.join("assignment.geojson"), &drawn(&scene, &call, &answer))?;
    let mut summary = summary(&scene, &proof, cpu);
    summary.more.push(("pairs_looked_at", json!(call.pairs().count())));
    if let Some(longest) = longest {
        summary.more.push(("longest_walk_ds", json!(longest)));
    }
    Ok(summary)
}

/// Checks the plan that is in `out` against all pairs within the cap, without planning.
pub fn verify(folder: &Path, out: &Path, task: Task) -> Result<Summary, AppError> {
    let scene = Scene::read(folder, task.slots)?;
    let pairs = scene.ground(task.cap).all_pairs(scene.town.needs.len());
    let call = scene.call(pairs, task.terms).map_err(|fault| AppError::Said(fault.to_string()))?;
    let answer = answered(out, &scene.town, &call)?;
    let proof = check(&call, &answer, &[]).map_err(|wrong| AppError::Said(format!("{}: {wrong}", out.display())))?;
    Ok(summary(&scene, &proof, None))
}

fn summary(scene: &Scene, proof: &Proof, cpu_seconds: Option<f64>) -> Summary {
    let standing = scene.ways.standing(scene.town.homes.iter().copied());
    let mut summary = Summary {
        problem: "mobilize",
        objective: proof.objective,
        bound: Some(proof.bound),
        violations: 0,
        cpu_seconds,
        more: vec![
            ("walking_ds", json!(proof.walking)),
            ("at_home", json!(proof.home)),
            ("short", json!(proof.short)),
            ("volunteers_far_off", json!(standing.far_off)),
            ("volunteers_on_islands", json!(standing.on_islands)),
        ],
        notes: scene.notes(&standing),
    };
    scene.heard.tell(&mut summary);
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

/// Writes `compound,slot,price` for each slot. Slot -1 gives the price of a compound over all its slots.
fn prices(town: &Mobilization, call: &Call, answer: &Answer) -> Vec<u8> {
    let row = |site: usize, slot: i64, price: i64| vec![town.compounds.cell(site), slot.to_string(), price.to_string()];
    let slots = call.slots().iter().zip(&answer.slot_price).zip(0..);
    let slots = slots.map(|((slot, &price), id): (_, i64)| row(slot.site as usize, id, price));
    let sites = answer.site_price.iter().enumerate().map(|(site, &price)| row(site, -1, price));
    csv_of_cells("compound,slot,price", slots.chain(sites))
}

fn answered(out: &Path, town: &Mobilization, call: &Call) -> Result<Answer, AppError> {
    let (slots, sites) = (call.slots().len(), call.sites().len());
    let most = |count: usize| i64::try_from(count).unwrap_or(i64::MAX) - 1;
    let assignment = read(
        out,
        "assignment",
        &[
            column("volunteer", Kind::Each(&town.volunteers)),
            column("compound", Kind::RowOrNone(&town.compounds)),
            column("slot", Kind::Whole(-1, most(slots))),
        ],
    )
    .map_err(told)?;
    let any = Kind::Whole(-1_000_000_000_000, 1_000_000_000_000);
    let wanted = [
        column("compound", Kind::Row(&town.compounds)),
        column("slot", Kind::Whole(-1, most(slots))),
        column("price", any),
    ];
    let prices = read(out, "prices", &wanted).map_err(told)?;
    let [_, at, slot] = assignment.as_slice() else {
        return Err(AppError::Said("assignment.csv has other columns".to_owned()));
    };
    let mut answer =
        Answer { slot: Vec::with_capacity(slot.len()), slot_price: vec![0; slots], site_price: vec![0; sites] };
    for ((&at, &slot), volunteer) in at.iter().zip(slot).zip(0..) {
        let found = usize::try_from(slot).ok().and_then(|slot| call.slots().get(slot));
        if found.is_some_and(|found| i64::from(found.site) != at) || found.is_none() != (at < 0) {
            let compound = usize::try_from(at).map_or_else(|_| at.to_string(), |row| town.compounds.written(row));
            let volunteer = town.volunteers.written(volunteer);
            let said = format!("volunteer {volunteer}: slot {slot} is not at compound {compound}");
            return Err(AppError::Said(format!("{}: {said}", out.join("assignment.csv").display())));
        }
        answer.slot.push(u32::try_from(slot).ok());
    }
    if let [site, slot, price] = prices.as_slice() {
        for ((&site, &slot), &price) in site.iter().zip(slot).zip(price) {
            let of = match usize::try_from(slot) {
                Ok(slot) => answer.slot_price.get_mut(slot),
                Err(_) => usize::try_from(site).ok().and_then(|site| answer.site_price.get_mut(site)),
            };
            if let Some(of) = of {
                *of = price;
            }
        }
    }
    Ok(answer)
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
