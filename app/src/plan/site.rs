//! This file does `lianglin plan site`: it says where the next stations belong, or how few stations reach a share of
//! the households.

use std::path::Path;

use planning::network::{Profile, Search, Start};
use planning::siting::{Effort, Offers, Placement, check, choose, fewest, value_of};
use serde_json::{Value, json};

use super::summary::{Standing, Summary, left_out, timed};
use super::table::{Kind, both, column};
use super::town::{Buildings, Bundle, Heard, Sites, Ways};
use super::{csv_of_cells, geojson, read, refused, told, write};
use crate::AppError;

/// Says what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Asks for this many more stations that reach most households.
    Open(usize),
    /// Asks for this many more stations that shorten the walks most (p-median). It counts each household's walk to the
    /// nearest station, up to the limit.
    Walk(usize),
    /// Asks for the fewest further stations that reach this percentage of all households.
    Share(u32),
}

/// Says how sites are chosen.
#[derive(Debug, Clone)]
pub struct Task {
    /// What is asked.
    pub wish: Wish,
    /// The time, in ds.
    pub limit: u32,
    /// The kind of person who walks.
    pub profile: Profile,
    /// The seed of the chance.
    pub seed: u64,
}

struct Scene {
    ways: Ways,
    candidates: Sites,
    offers: Offers,
    /// How many households are reached today. `households` counts all.
    covered: u64,
    households: u64,
    /// How many households stand where no way leads to a station or a candidate.
    cut_off: u64,
    /// How the buildings stand on the ways.
    standing: Standing,
    heard: Heard,
}

impl Scene {
    fn read(folder: &Path, task: &Task) -> Result<Self, AppError> {
        let bundle = Bundle::new(folder);
        let ways = bundle.ways(&task.profile).map_err(told)?;
        let mut buildings = bundle.buildings(Some(&ways)).map_err(told)?;
        let standing = ways.standing(buildings.homes());
        for building in &mut buildings.reach {
            building.access = task.profile.time(building.access, u8::MAX);
        }
        let as_walked = |mut sites: Sites| {
            for start in &mut sites.starts {
                start.time = task.profile.time(start.time, u8::MAX);
            }
            sites
        };
        let stations = as_walked(bundle.stations(&ways).map_err(told)?).starts;
        let candidates = as_walked(bundle.candidates(&ways).map_err(told)?);
        let mut search = Search::new(ways.nodes.len());
        planning::reach::times(&mut search, &ways.backward, &stations, task.limit);
        let today: Vec<u32> = buildings
            .reach
            .iter()
            .map(|building| {
                let time = search.times().get(building.node as usize).copied().unwrap_or(u32::MAX);
                time.saturating_add(building.access).min(task.limit)
            })
            .collect();
        let left: Vec<u64> = buildings
            .reach
            .iter()
            .map(|building| {
                let time = search.times().get(building.node as usize).copied().unwrap_or(u32::MAX);
                let reached = time != u32::MAX && time.saturating_add(building.access) <= task.limit;
                if reached { 0 } else { u64::from(building.households) }
            })
            .collect();
        let households: u64 = buildings.reach.iter().map(|building| u64::from(building.households)).sum();
        let offers = if matches!(task.wish, Wish::Walk(_)) {
            let weights: Vec<u64> = buildings.reach.iter().map(|building| u64::from(building.households)).collect();
            let walks =
                planning::reach::walks_to_each(&ways.backward, &buildings.reach, &candidates.starts, task.limit);
            Offers::of_walks(&weights, &today, &walks)
        } else {
            Offers::of_households(&left, &reached(&ways, &buildings, &candidates.starts, task.limit))
        };
        let homes = buildings.reach.iter().map(|building| (building.node, building.households));
        let cut_off = ways.left_out(homes, stations.iter().chain(&candidates.starts).map(|site| site.node));
        let (covered, heard) = (households - left.iter().sum::<u64>(), bundle.heard());
        Ok(Self { ways, candidates, offers, covered, households, cut_off, standing, heard })
    }

    /// Returns what a reader must know of those whom no site can reach, of buildings beside the ways, and of the map.
    fn notes(&self) -> Vec<String> {
        let cut_off = left_out(self.cut_off, "households", "station and no candidate");
        cut_off.into_iter().chain(self.ways.notes(&self.standing, "楼栋", "buildings")).collect()
    }

    /// Returns how many buildings stand beside the ways, as figures of the summary.
    fn figures(&self) -> [(&'static str, Value); 2] {
        let Standing { far_off, on_islands, .. } = self.standing;
        [("buildings_far_off", json!(far_off)), ("buildings_on_islands", json!(on_islands))]
    }

    /// Returns how many more households must be reached to get the share.
    fn wanted(&self, share: u32) -> i64 {
        let wanted = (u128::from(self.households) * u128::from(share)).div_ceil(100);
        i64::try_from(wanted).unwrap_or(i64::MAX) - i64::try_from(self.covered).unwrap_or(i64::MAX)
    }

    /// Succeeds if there are as many candidates as are to open, and any is.
    fn can_open(&self, open: usize) -> Result<(), AppError> {
        let most = self.candidates.starts.len();
        if (1..=most).contains(&open) {
            return Ok(());
        }
        let said = both(
            format!("不能开 {open} 个：candidates 里有 {most} 个候选点。请写 1 到 {most} 之间的数，或补上候选点。"),
            format!("{open} cannot be opened: candidates has {most} rows. Ask for 1 to {most}, or add candidates."),
        );
        Err(refused("--open", said))
    }
}

/// Returns, for each site, the buildings from which people walk there within the limit.
pub fn reached(ways: &Ways, buildings: &Buildings, sites: &[Start], limit: u32) -> Vec<Vec<u32>> {
    planning::reach::reached_from_each(&ways.backward, &buildings.reach, sites, limit)
}

/// Chooses and writes `sites.csv`, `site_prices.csv` and `sites.geojson`.
pub fn plan(folder: &Path, out: &Path, task: &Task, progress: &mut dyn FnMut() -> bool) -> Result<Summary, AppError> {
    let scene = Scene::read(folder, task)?;
    match task.wish {
        Wish::Open(open) | Wish::Walk(open) => {
            scene.can_open(open)?;
            let (found, cpu) =
                timed(|| choose(&scene.offers, open, Effort::fitting(&scene.offers, task.seed), progress));
            check(&scene.offers, &found).map_err(|wrong| AppError::Said(wrong.to_string()))?;
            written(&scene, out, &found.open)?;
            let rows = found.prices.iter().map(|price| format!("{price}\n"));
            write(&out.join("site_prices.csv"), format!("price\n{}", rows.collect::<String>()).as_bytes())?;
            let mut summary = summary(&scene, task.wish, &found, cpu);
            if found.by_trying && found.bound == found.value {
                summary.notes.push("what the prices left open was tried in full".to_owned());
            }
            Ok(summary)
        }
        Wish::Share(share) => {
            let wanted = scene.wanted(share);
            let (found, cpu) = timed(|| fewest(&scene.offers, wanted, progress));
            let Some(found) = found else {
                let most =
                    (scene.covered + u64::try_from(scene.offers.all()).unwrap_or(0)) * 1_000 / scene.households.max(1);
                let (whole, part) = (most / 10, most % 10);
                return Err(AppError::Said(format!(
                    "{share} % cannot be reached: all candidates together reach {whole}.{part} %. Add candidates or ask for less."
                )));
            };
            written(&scene, out, &found.open)?;
            let mut more = vec![
                ("sites", json!(found.open.len())),
                ("gained_households", json!(found.value)),
                ("covered_before", json!(scene.covered)),
                ("households", json!(scene.households)),
            ];
            more.extend(scene.figures());
            let mut summary = Summary {
                problem: "site",
                objective: found.open.len() as i64,
                bound: Some(found.at_least as i64),
                violations: 0,
                cpu_seconds: cpu,
                more,
                notes: scene.notes(),
            };
            scene.heard.tell(&mut summary);
            Ok(summary)
        }
    }
}

/// Checks the sites that are in `out`, without choosing.
pub fn verify(folder: &Path, out: &Path, task: &Task) -> Result<Summary, AppError> {
    let scene = Scene::read(folder, task)?;
    let site = Kind::Row(&scene.candidates.ids);
    let open = super::table::read(out, "sites", &[column("site", site)]).map_err(told)?;
    let open: Vec<u32> = open.iter().flatten().filter_map(|&site| u32::try_from(site).ok()).collect();
    if let Wish::Share(share) = task.wish {
        let (value, wanted) = (value_of(&scene.offers, &open), scene.wanted(share));
        if value < wanted {
            return Err(AppError::Said(format!("the sites reach {value} households more, {wanted} are wanted")));
        }
        let found = Placement { open, value, bound: value, prices: Vec::new(), by_trying: true, rounds: 0 };
        let mut summary = summary(&scene, task.wish, &found, None);
        summary.bound = None;
        return Ok(summary);
    }
    let text = String::from_utf8_lossy(&read(&out.join("site_prices.csv"))?).into_owned();
    let prices: Result<Vec<f64>, _> = text.lines().skip(1).map(str::parse).collect();
    let prices =
        prices.map_err(|fault| AppError::Said(format!("{}: {fault}", out.join("site_prices.csv").display())))?;
    let value = value_of(&scene.offers, &open);
    let bound = if prices.len() == scene.offers.demands() {
        planning::siting::bound_of(&scene.offers, &prices, open.len()) as i64
    } else {
        i64::MAX
    };
    let found = Placement { open, value, bound, prices, by_trying: false, rounds: 0 };
    check(&scene.offers, &found).map_err(|wrong| AppError::Said(format!("{}: {wrong}", out.display())))?;
    Ok(summary(&scene, task.wish, &found, None))
}

fn written(scene: &Scene, out: &Path, open: &[u32]) -> Result<(), AppError> {
    let (starts, ids) = (&scene.candidates.starts, &scene.candidates.ids);
    let node = |site: u32| starts.get(site as usize).map(|site| site.node as usize);
    let rows = open.iter().filter_map(|&site| Some(vec![ids.cell(site as usize), scene.ways.ids.cell(node(site)?)]));
    write(&out.join("sites.csv"), &csv_of_cells("site,node", rows))?;
    let features = open.iter().filter_map(|&site| {
        let at = scene.ways.nodes.get(node(site)?)?;
        Some(geojson::point(*at, &[("site", ids.json(site as usize))]))
    });
    write(&out.join("sites.geojson"), &geojson::collection(&features.collect::<Vec<_>>()))
}

fn summary(scene: &Scene, wish: Wish, found: &Placement, cpu_seconds: Option<f64>) -> Summary {
    let mut more = vec![("sites", json!(found.open.len()))];
    if matches!(wish, Wish::Walk(_)) {
        let minutes = found.value / 600;
        let of_each = minutes * 60 / i64::try_from(scene.households).unwrap_or(i64::MAX).max(1);
        more.extend([("spared_household_minutes", json!(minutes)), ("spared_seconds_each", json!(of_each))]);
    } else {
        let after = scene.covered + u64::try_from(found.value).unwrap_or(0);
        more.extend([
            ("gained_households", json!(found.value)),
            ("covered_before", json!(scene.covered)),
            ("covered_after", json!(after)),
        ]);
    }
    more.push(("households", json!(scene.households)));
    more.extend(scene.figures());
    let (objective, bound) = (found.value, Some(found.bound));
    let mut summary =
        Summary { problem: "site", objective, bound, violations: 0, cpu_seconds, more, notes: scene.notes() };
    scene.heard.tell(&mut summary);
    summary
}
