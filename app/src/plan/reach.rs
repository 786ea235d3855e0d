//! This file does `lianglin plan reach`: it reads a network, buildings and stations, and writes who lives within the
//! time.

mod listed;
mod verify;

pub use verify::verify;

use std::path::Path;

use planning::network::{Profile, Search, UNREACHED};
use planning::reach::{Share, check, coverage, times, total};
use serde_json::json;

use super::summary::{Standing, Summary, left_out, timed};
use super::table::both;
use super::town::{Buildings, Bundle, Sites, Ways};
use super::{bytes, claims, csv_of_cells, geojson, told, unsound, write};
use crate::AppError;

/// Says how reach is calculated.
#[derive(Debug, Clone)]
pub struct Task {
    /// The time, in ds.
    pub limit: u32,
    /// The kind of person who walks.
    pub profile: Profile,
    /// The minute of the day at which a station must be open, or nothing to take all stations.
    pub at: Option<u32>,
}

struct Scene {
    ways: Ways,
    buildings: Buildings,
    stations: Sites,
    /// How the buildings stand on the ways.
    standing: Standing,
    bundle: Bundle,
}

impl Scene {
    fn read(bundle: Bundle, task: &Task) -> Result<Self, AppError> {
        let profile = &task.profile;
        let ways = bundle.ways(profile).map_err(told)?;
        let mut buildings = bundle.buildings(Some(&ways)).map_err(told)?;
        let standing = ways.standing(buildings.homes());
        for building in &mut buildings.reach {
            building.access = profile.time(building.access, u8::MAX);
        }
        let mut stations = bundle.stations_at(&ways, task.at).map_err(told)?;
        for station in &mut stations.starts {
            station.time = profile.time(station.time, u8::MAX);
        }
        Ok(Self { ways, buildings, stations, standing, bundle })
    }

    /// Returns how many households stand where no way leads to a station.
    fn left_out(&self) -> u64 {
        let homes = self.buildings.reach.iter().map(|building| (building.node, building.households));
        self.ways.left_out(homes, self.stations.starts.iter().map(|station| station.node))
    }

    fn places(&self) -> usize {
        self.buildings.communities.len()
    }
}

/// Calculates and writes `coverage.csv`, `times.bin` and `reach.geojson`.
pub fn plan(town: impl Into<Bundle>, out: &Path, task: &Task) -> Result<Summary, AppError> {
    let scene = Scene::read(town.into(), task)?;
    let mut search = Search::new(scene.ways.nodes.len());
    let (shares, cpu) = timed(|| {
        let found = times(&mut search, &scene.ways.backward, &scene.stations.starts, task.limit);
        coverage(found, &scene.buildings.reach, scene.places(), task.limit)
    });
    check(&scene.ways.forward, &scene.stations.starts, task.limit, search.times()).map_err(|wrong| unsound(&wrong))?;
    let communities = &scene.buildings.communities;
    let rows = shares
        .iter()
        .enumerate()
        .map(|(at, share)| vec![communities.cell(at), share.households.to_string(), share.covered.to_string()]);
    write(&out.join("coverage.csv"), &csv_of_cells("community,households,covered", rows))?;
    write(&out.join("times.bin"), &bytes(search.times().iter().copied()))?;
    write(&out.join("reach.geojson"), &drawn(&scene, search.times()))?;
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, search.times(), &shares).write(out, lang)?;
    }
    let summary = summary(&scene, task, total(&shares), cpu);
    claims::write(out, &summary, scene.bundle.lang())?;
    Ok(summary)
}

fn summary(scene: &Scene, task: &Task, share: Share, cpu_seconds: Option<f64>) -> Summary {
    let (cut_off, standing) = (scene.left_out(), &scene.standing);
    let notes = left_out(cut_off, &both("户", "households"), &both("驿站", "station")).into_iter();
    let mut summary = Summary {
        problem: "reach",
        task: vec![
            ("limit_ds", json!(task.limit)),
            ("speed_mm_per_s", json!(task.profile.speed)),
            ("class_percent", json!(task.profile.class_percent)),
            ("at_minute", json!(task.at)),
        ],
        objective: share.covered as i64,
        // The walks are the shortest there are. A number of households has nothing to be better than.
        bound: None,
        violations: 0,
        cpu_seconds,
        more: vec![
            ("covered_households", json!(share.covered)),
            ("households", json!(share.households)),
            ("covered_per_mille", json!(share.per_mille())),
            ("stations", json!(scene.stations.starts.len())),
            ("cut_off_households", json!(cut_off)),
            ("buildings_far_off", json!(standing.far_off)),
            ("buildings_on_islands", json!(standing.on_islands)),
        ],
        notes: notes.chain(scene.ways.notes(standing, "楼栋", "buildings")).collect(),
    };
    scene.bundle.heard().tell(&mut summary);
    summary
}

fn drawn(scene: &Scene, times: &[u32]) -> Vec<u8> {
    let Sites { starts, rows, ids } = &scene.stations;
    let stations = starts.iter().zip(rows).filter_map(|(station, &row)| {
        let at = scene.ways.nodes.get(station.node as usize)?;
        Some(geojson::point(*at, &[("station", ids.json(row))]))
    });
    let buildings = scene.buildings.reach.iter().zip(&scene.buildings.points).filter_map(|(building, &at)| {
        let time = times.get(building.node as usize).copied().filter(|&time| time != UNREACHED)?;
        let facts =
            [("households", json!(building.households)), ("time_ds", json!(time.saturating_add(building.access)))];
        Some(geojson::point(at, &facts))
    });
    geojson::collection(&stations.chain(buildings).collect::<Vec<_>>())
}
