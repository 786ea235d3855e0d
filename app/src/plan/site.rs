//! This file does `lianglin plan site`: it says where the next stations belong, or how few stations reach a share of
//! the households.

mod listed;
mod proof;
mod verify;

pub use verify::verify;

use std::collections::BTreeSet;
use std::path::Path;

use planning::network::{Profile, Search, Start};
use planning::siting::{Certificate, Effort, Offers, WORK, bound_of, check, choose, confirm, fewest};
use serde_json::{Value, json};

use super::summary::{Note, Standing, Summary, left_out, timed};
use super::table::both;
use super::town::{Buildings, Bundle, Sites, Ways};
use super::{claims, csv_of_cells, geojson, refused, told, unsound, write};
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
    /// The greatest number of sums reckoned for a proof, if somebody asks for one.
    pub proof: Option<u64>,
}

impl Task {
    /// Returns how many sums the search and the check each reckon at most to close what prices leave open.
    fn work(&self) -> u64 {
        self.proof.unwrap_or(WORK)
    }
}

/// What the tables say.
struct Ground {
    ways: Ways,
    buildings: Buildings,
    stations: Vec<Start>,
    candidates: Sites,
    /// How the buildings stand on the ways.
    standing: Standing,
    bundle: Bundle,
}

impl Ground {
    fn read(bundle: Bundle, task: &Task) -> Result<Self, AppError> {
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
        Ok(Self { ways, buildings, stations, candidates, standing, bundle })
    }

    /// Returns the walk of each building to the nearest station within the limit, ds, and for each candidate the walks
    /// there within the limit.
    fn walks(&self, limit: u32) -> Walks {
        let mut search = Search::new(self.ways.nodes.len());
        planning::reach::times(&mut search, &self.ways.backward, &self.stations, limit);
        let today = self.buildings.reach.iter().map(|building| {
            let time = search.times().get(building.node as usize).copied().unwrap_or(u32::MAX);
            let walk = time.saturating_add(building.access);
            (time != u32::MAX && walk <= limit).then_some(walk)
        });
        let (homes, sites) = (&self.buildings.reach, &self.candidates.starts);
        let there = planning::reach::walks_to_each(&self.ways.backward, homes, sites, limit);
        Walks { today: today.collect(), there }
    }
}

/// How long people walk.
struct Walks {
    /// The walk of each building to the nearest station, ds, if there is one within the limit.
    today: Vec<Option<u32>>,
    /// The buildings from which people walk to each candidate within the limit, with the walks, ds.
    there: Vec<Vec<(u32, u32)>>,
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
    /// The nodes of the ways at which the buildings stand, each once.
    homes: BTreeSet<u32>,
    /// Those of the stations that there are.
    today: BTreeSet<u32>,
    bundle: Bundle,
}

impl Scene {
    fn new(ground: Ground, task: &Task, walks: Walks) -> Self {
        let Ground { ways, buildings, stations, candidates, standing, bundle } = ground;
        let weights: Vec<u64> = buildings.reach.iter().map(|building| u64::from(building.households)).collect();
        let left: Vec<u64> =
            weights.iter().zip(&walks.today).map(|(&weight, walk)| if walk.is_some() { 0 } else { weight }).collect();
        let offers = if matches!(task.wish, Wish::Walk(_)) {
            let today: Vec<u32> = walks.today.iter().map(|walk| walk.unwrap_or(task.limit)).collect();
            Offers::of_walks(&weights, &today, &walks.there)
        } else {
            let one = |walks: Vec<(u32, u32)>| walks.into_iter().map(|(building, _)| building).collect();
            Offers::of_households(&left, &walks.there.into_iter().map(one).collect::<Vec<Vec<u32>>>())
        };
        let homes = buildings.reach.iter().map(|building| (building.node, building.households));
        let cut_off = ways.left_out(homes, stations.iter().chain(&candidates.starts).map(|site| site.node));
        let households: u64 = weights.iter().sum();
        let covered = households - left.iter().sum::<u64>();
        let homes = buildings.reach.iter().map(|building| building.node).collect();
        let today = stations.iter().map(|station| station.node).collect();
        Self { ways, candidates, offers, covered, households, cut_off, standing, homes, today, bundle }
    }

    /// Returns what a reader must know of those whom no site can reach, of buildings beside the ways, and of the map.
    fn notes(&self) -> Vec<Note> {
        let goals = both("驿站和候选点", "station and no candidate");
        let cut_off = left_out(self.cut_off, &both("户", "households"), &goals);
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

/// Chooses and writes `sites.csv`, `site_prices.csv` and `sites.geojson`. Where trying proved more than the prices, it
/// also writes `site_proof.csv`, unless that would be too long.
pub fn plan(
    town: impl Into<Bundle>,
    out: &Path,
    task: &Task,
    progress: &mut dyn FnMut() -> bool,
) -> Result<Summary, AppError> {
    let ground = Ground::read(town.into(), task)?;
    let walks = ground.walks(task.limit);
    let scene = Scene::new(ground, task, walks);
    let (chosen, cpu) = match task.wish {
        Wish::Open(open) | Wish::Walk(open) => {
            scene.can_open(open)?;
            let effort = Effort { work: task.work(), ..Effort::fitting(&scene.offers, task.seed) };
            let (found, cpu) = timed(|| choose(&scene.offers, open, effort, progress));
            check(&scene.offers, &found).map_err(|wrong| unsound(&wrong))?;
            let by_trying = bound_of(&scene.offers, &found.prices, found.open.len()) > found.bound;
            let (open, value, bound, prices) = (found.open, found.value, found.bound, found.prices);
            let certificate = right(&scene, found.certificate, open.len(), bound);
            (Chosen { open, value, bound, prices, by_trying, certificate }, cpu)
        }
        Wish::Share(share) => {
            // The quick answer is the default: each number of sites that is tried would take as long as a choice.
            let work = task.proof.unwrap_or(0);
            let (found, cpu) = timed(|| fewest(&scene.offers, scene.wanted(share), work, progress));
            let found = found.ok_or_else(|| out_of_reach(&scene, share))?;
            let bound = found.at_least as i64;
            let (open, value, prices, by_trying) = (found.open, found.value, found.prices, found.by_trying);
            let fewer = found.at_least.saturating_sub(1);
            let certificate = right(&scene, found.certificate, fewer, scene.wanted(share) - 1);
            (Chosen { open, value, bound, prices, by_trying, certificate }, cpu)
        }
    };
    write(&out.join("sites.csv"), &listed(&scene, &chosen.open))?;
    let rows = chosen.prices.iter().map(|price| format!("{price}\n"));
    write(&out.join("site_prices.csv"), format!("price\n{}", rows.collect::<String>()).as_bytes())?;
    proof::keep(out, chosen.certificate.as_ref())?;
    write(&out.join("sites.geojson"), &drawn(&scene, &chosen.open))?;
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, &chosen).write(out, lang)?;
    }
    let summary = summary(&scene, task, &chosen, cpu);
    claims::write(out, &summary, scene.bundle.lang())?;
    Ok(summary)
}

/// Returns a certificate if it proves that no choice of so many sites gains more than `most`.
fn right(scene: &Scene, certificate: Option<Certificate>, count: usize, most: i64) -> Option<Certificate> {
    certificate.filter(|certificate| confirm(&scene.offers, certificate, count, most).is_ok())
}

/// Says that no choice of sites reaches a share.
fn out_of_reach(scene: &Scene, share: u32) -> AppError {
    let most = (scene.covered + u64::try_from(scene.offers.all()).unwrap_or(0)) * 1_000 / scene.households.max(1);
    let (whole, part) = (most / 10, most % 10);
    let said = both(
        format!("达不到 {share}%：所有候选点加起来只能到 {whole}.{part}%。请增加候选点，或把要求降低。"),
        format!(
            "{share} % cannot be reached: all candidates together reach {whole}.{part} %. Add candidates or ask for \
             less."
        ),
    );
    refused("--share", said)
}

/// The sites of an answer, with what is known of them.
struct Chosen {
    open: Vec<u32>,
    value: i64,
    /// No choice of as many sites gains more than this; where a share is asked, no fewer sites than this reach it.
    bound: i64,
    prices: Vec<f64>,
    /// Whether the bound comes from trying what the prices leave open.
    by_trying: bool,
    /// What was tried, step by step.
    certificate: Option<Certificate>,
}

fn listed(scene: &Scene, open: &[u32]) -> Vec<u8> {
    let Sites { starts, ids, .. } = &scene.candidates;
    let row = |&site: &u32| {
        let node = starts.get(site as usize)?.node;
        Some(vec![ids.cell(site as usize), scene.ways.ids.cell(node as usize)])
    };
    csv_of_cells("site,node", open.iter().filter_map(row))
}

fn drawn(scene: &Scene, open: &[u32]) -> Vec<u8> {
    let Sites { starts, ids, .. } = &scene.candidates;
    let features = open.iter().filter_map(|&site| {
        let node = starts.get(site as usize)?.node;
        let at = scene.ways.nodes.get(node as usize)?;
        Some(geojson::point(*at, &[("site", ids.json(site as usize))]))
    });
    geojson::collection(&features.collect::<Vec<_>>())
}

fn summary(scene: &Scene, task: &Task, chosen: &Chosen, cpu_seconds: Option<f64>) -> Summary {
    let sites = chosen.open.len();
    let mut more = vec![("sites", json!(sites))];
    if matches!(task.wish, Wish::Walk(_)) {
        let minutes = chosen.value / 600;
        let of_each = minutes * 60 / i64::try_from(scene.households).unwrap_or(i64::MAX).max(1);
        more.extend([("spared_household_minutes", json!(minutes)), ("spared_seconds_each", json!(of_each))]);
    } else {
        let after = scene.covered + u64::try_from(chosen.value).unwrap_or(0);
        more.extend([
            ("gained_households", json!(chosen.value)),
            ("covered_before", json!(scene.covered)),
            ("covered_after", json!(after)),
        ]);
    }
    more.push(("households", json!(scene.households)));
    more.extend(scene.figures());
    let (wish, wanted, objective) = match task.wish {
        Wish::Open(open) => ("open", json!(open), chosen.value),
        Wish::Walk(open) => ("open_walking", json!(open), chosen.value),
        Wish::Share(share) => ("share_percent", json!(share), sites as i64),
    };
    let mut notes = scene.notes();
    if chosen.by_trying {
        notes.push(tried());
    }
    let mut summary = Summary {
        problem: "site",
        task: vec![
            (wish, wanted),
            ("limit_ds", json!(task.limit)),
            ("speed_mm_per_s", json!(task.profile.speed)),
            ("class_percent", json!(task.profile.class_percent)),
        ],
        objective,
        bound: Some(chosen.bound),
        violations: 0,
        cpu_seconds,
        more,
        notes,
    };
    scene.bundle.heard().tell(&mut summary);
    summary
}

/// The code of the note that a bound comes from trying.
const TRIED: &str = "tried_in_full";

/// Says that a bound comes from trying.
fn tried() -> Note {
    Note::new(TRIED, both("价格没有定下来的选法，已经全部试过。", "what the prices left open was tried in full"))
}
