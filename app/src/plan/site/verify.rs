//! This file checks an answer of `lianglin plan site`. It finds the walks by the plainest search there is, counts what
//! the sites gain, and proves or refutes that nothing is better: by the prices of the answer in whole numbers, by
//! following the steps that it brings, or by trying itself what the prices leave open. What it proves in none of these
//! ways, it says.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::language::Bilingual;
use planning::plain::Plain;
use planning::reach::Building;
use planning::siting::{Tried, any_above, bound_of, fewest_by, value_of};

use super::proof::{self, Proof};
use super::{Chosen, Ground, Scene, TRIED, Task, Walks, Wish, drawn, listed, summary, tried};
use crate::AppError;
use crate::plan::answer::{Once, Shape, Wrongs, follows, sheet};
use crate::plan::checked::Checked;
use crate::plan::claims::Claims;
use crate::plan::table::both;
use crate::plan::town::Bundle;

/// Checks the answer that is in `out`.
pub fn verify(town: impl Into<Bundle>, out: &Path, task: &Task) -> Result<Checked, AppError> {
    let ground = Ground::read(town.into(), task)?;
    let walks = plain_walks(&ground, task.limit);
    let scene = Scene::new(ground, task, walks);
    let claims = Claims::read(out)?;
    let mut wrongs = Wrongs::default();
    let open = opened(out, &scene, &mut wrongs)?;
    let prices = prices(out, scene.offers.demands(), &mut wrongs)?;
    let proof = proof::read(out, &mut wrongs)?;
    wrongs.end()?;
    let value = value_of(&scene.offers, &open);
    enough(out, &scene, task, open.len(), value, &mut wrongs);
    wrongs.end()?;
    let said = claims.as_ref().and_then(|claims| claims.bound(&mut wrongs));
    let mut chosen = Chosen { open, value, bound: 0, prices, by_trying: false, certificate: None };
    let asked = Asked::new(&scene, task, &chosen, proof.as_ref());
    let settled = settle(out, &scene, &asked, said, &mut wrongs);
    chosen.bound = settled.bound;
    // How the planner came to a bound is its own word; whether the bound holds is settled.
    chosen.by_trying = claims.as_ref().is_some_and(|claims| claims.has(&tried()));
    follows(&out.join("sites.geojson"), &drawn(&scene, &chosen.open), &mut wrongs);
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, &chosen).compare(out, lang, &mut wrongs)?;
    }
    let summary = summary(&scene, task, &chosen, None);
    if let Some(claims) = &claims {
        claims.gap(&summary, said, &mut wrongs);
        claims.compare(&summary, &["bound", "gap"], &mut wrongs);
    }
    wrongs.end()?;
    let reckoned = both(
        "走到各点位的时间和各点位增加的数，都由表重新算过。",
        "the walks to the sites and what the sites gain are reckoned anew from the tables",
    );
    let mut checked = Checked {
        summary,
        holds: std::iter::once(reckoned).chain(settled.holds).collect(),
        unavoidable: Vec::new(),
        unproven: settled.unproven.into_iter().collect(),
    };
    if !checked.unproven.is_empty() {
        checked.summary.notes.retain(|note| note.code != TRIED);
    }
    Ok(checked)
}

/// Returns how long people walk, found by the plainest search there is.
fn plain_walks(ground: &Ground, limit: u32) -> Walks {
    let plain = Plain::new(&ground.ways.forward);
    let homes = &ground.buildings.reach;
    let walk =
        |time: u32, building: &Building| Some(time.saturating_add(building.access)).filter(|walk| *walk <= limit);
    let near = plain.walks_to(&ground.stations, limit);
    let today = homes.iter().map(|building| walk(*near.get(&building.node)?, building));
    let mut at_node: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (building, id) in homes.iter().zip(0u32..) {
        at_node.entry(building.node).or_default().push(id);
    }
    let there = ground.candidates.starts.iter().map(|candidate| {
        let mut walks = Vec::new();
        for (node, time) in plain.walks_to(std::slice::from_ref(candidate), limit) {
            for &id in at_node.get(&node).into_iter().flatten() {
                walks.extend(walk(time, &homes[id as usize]).map(|walk| (id, walk)));
            }
        }
        walks.sort_unstable();
        walks
    });
    Walks { today: today.collect(), there: there.collect() }
}

/// Reads `sites.csv`: candidates, each once, with the nodes at which they stand.
fn opened(out: &Path, scene: &Scene, wrongs: &mut Wrongs) -> Result<Vec<u32>, AppError> {
    let said = sheet(out, "sites", &[("site", Shape::Id), ("node", Shape::Id)], wrongs)?;
    let (candidates, nodes) = (&scene.candidates, &scene.ways.ids);
    let mut once = Once::new(&candidates.ids, "候选点", "candidate");
    let mut open = Vec::new();
    for row in &said.rows {
        let Some(site) = once.take(&said.path, row.line, row.text(0), wrongs) else { continue };
        let node = candidates.starts[site].node as usize;
        if nodes.row(row.text(1)) != Some(node) {
            wrongs.differs(&said.path, row.line, "node", row.text(1), nodes.written(node));
        }
        open.extend(u32::try_from(site));
    }
    Ok(open)
}

/// Reads `site_prices.csv`: a price for each demand.
fn prices(out: &Path, demands: usize, wrongs: &mut Wrongs) -> Result<Vec<f64>, AppError> {
    let said = sheet(out, "site_prices", &[("price", Shape::Decimal)], wrongs)?;
    let prices: Vec<f64> = said.rows.iter().filter_map(|row| row.decimal(0)).collect();
    if prices.len() != demands {
        let found = prices.len();
        let sentence = both(
            format!("有 {found} 个价格，需求有 {demands} 个。文件不完整，或者用的是别的表，请重新规划。"),
            format!(
                "{found} prices for {demands} demands. The answer is cut off or belongs to other tables: plan again."
            ),
        );
        wrongs.add(&said.path, 0, sentence);
    }
    Ok(prices)
}

/// Says whether there are as many sites as were asked for, or the share is reached.
fn enough(out: &Path, scene: &Scene, task: &Task, sites: usize, value: i64, wrongs: &mut Wrongs) {
    let file = out.join("sites.csv");
    match task.wish {
        Wish::Open(open) | Wish::Walk(open) => {
            let wanted = open.min(scene.candidates.starts.len());
            if sites != wanted {
                let said = both(
                    format!("有 {sites} 个点，要求的是 {wanted} 个。请用规划时的选项检查，或重新规划。"),
                    format!(
                        "has {sites} sites, and {wanted} are asked for. Check with the options of the plan, or plan again."
                    ),
                );
                wrongs.add(&file, 0, said);
            }
        }
        Wish::Share(share) => {
            let wanted = scene.wanted(share);
            if value < wanted {
                let said = both(
                    format!("这些点多覆盖 {value} 户，要求多覆盖 {wanted} 户。请重新规划。"),
                    format!("the sites reach {value} households more, {wanted} are wanted. Plan again."),
                );
                wrongs.add(&file, 0, said);
            }
        }
    }
}

/// What is to be proven: that no choice of `count` sites gains more than a bound, or, where an amount is wanted, that
/// no fewer sites than a bound gain it.
struct Asked<'a> {
    prices: &'a [f64],
    count: usize,
    value: i64,
    wanted: Option<i64>,
    /// The steps that the answer brings.
    proof: Option<&'a Proof>,
    /// How many sums are reckoned at most to try what the prices leave open, as many as the search reckoned.
    work: u64,
}

impl<'a> Asked<'a> {
    fn new(scene: &Scene, task: &Task, chosen: &'a Chosen, proof: Option<&'a Proof>) -> Self {
        let wanted = if let Wish::Share(share) = task.wish { Some(scene.wanted(share)) } else { None };
        let (prices, count, value) = (&chosen.prices, chosen.open.len(), chosen.value);
        Self { prices, count, value, wanted, proof, work: task.work() }
    }

    /// Returns what the answer reaches itself: what it gains, or how many sites it takes.
    fn own(&self) -> i64 {
        if self.wanted.is_some() { i64::try_from(self.count).unwrap_or(i64::MAX) } else { self.value }
    }

    /// Returns the bound that the prices prove.
    fn by_prices(&self, scene: &Scene) -> i64 {
        let Some(wanted) = self.wanted else { return bound_of(&scene.offers, self.prices, self.count) };
        // Nothing is reached without a site, whatever the prices say.
        let fewest = fewest_by(&scene.offers, self.prices, wanted).max(usize::from(wanted > 0));
        i64::try_from(fewest.min(self.count)).unwrap_or(i64::MAX)
    }

    /// Says whether a bound is one that the answer itself breaks.
    fn breaks(&self, bound: i64) -> bool {
        if self.wanted.is_some() { bound > self.own() } else { bound < self.own() }
    }

    /// Says whether one bound follows from another.
    fn follows(&self, bound: i64, proven: i64) -> bool {
        if self.wanted.is_some() { bound <= proven } else { bound >= proven }
    }

    /// Returns how many sites a bound speaks of, and what they gain at most if it is right.
    fn limits(&self, bound: i64) -> (usize, i64) {
        match self.wanted {
            None => (self.count, bound),
            Some(wanted) => (usize::try_from(bound.saturating_sub(1)).unwrap_or(0), wanted - 1),
        }
    }

    /// Tries whether some choice breaks a bound.
    fn tried(&self, scene: &Scene, bound: i64) -> Tried {
        let (count, most) = self.limits(bound);
        any_above(&scene.offers, self.prices, count, most, self.work)
    }

    /// Says what a bound claims.
    fn sentence(&self, bound: i64) -> Bilingual {
        let count = self.count;
        match self.wanted {
            None => both(
                format!("选 {count} 个点位，怎样选增加的都不超过 {bound}"),
                format!("that no choice of {count} sites gains more than {bound}"),
            ),
            Some(wanted) => both(
                format!("少于 {bound} 个点位增加不到 {wanted} 户"),
                format!("that fewer than {bound} sites do not gain {wanted} households"),
            ),
        }
    }

    /// Says that the prices prove a bound. Where nothing more is wanted there is nothing to prove.
    fn by_prices_alone(&self, bound: i64) -> Settled {
        let said = || {
            let claim = self.sentence(bound);
            both(format!("价格按整数证明：{}。", claim.zh), format!("the prices prove, in whole numbers, {}", claim.en))
        };
        Settled { bound, holds: self.wanted.is_none_or(|wanted| wanted > 0).then(said), unproven: None }
    }

    /// Says that the steps of the answer prove a bound.
    fn by_steps(&self, bound: i64) -> Settled {
        let claim = self.sentence(bound);
        let holds = both(
            format!("site_proof.csv 里的各步按整数证明：{}。", claim.zh),
            format!("the steps in site_proof.csv prove, in whole numbers, {}", claim.en),
        );
        Settled { bound, holds: Some(holds), unproven: None }
    }

    /// Says that a bound was tried in full.
    fn by_trying(&self, bound: i64) -> Settled {
        let claim = self.sentence(bound);
        let holds = both(
            format!("价格没有定下来的选法，检查时全部试过，证明：{}。", claim.zh),
            format!("the check tried in full what the prices leave open, which proves {}", claim.en),
        );
        Settled { bound, holds: Some(holds), unproven: None }
    }

    /// Says that a bound is claimed and not proven, and which one the prices prove.
    fn unproven(&self, claimed: i64, proven: i64) -> Settled {
        let (sentence, millions) = (self.sentence(claimed), self.work / 1_000_000);
        let unproven = both(
            format!(
                "{}（试算了 {millions} 百万次；--proof 后面的数写大一些，可以多试）：结果这样说，却没有附 site_proof.csv。",
                sentence.zh
            ),
            format!(
                "{} (tried with {millions} million sums; a larger number of --proof tries more): the answer claims it \
                 and brings no site_proof.csv",
                sentence.en
            ),
        );
        Settled { unproven: Some(unproven), ..self.by_prices_alone(proven) }
    }
}

/// What the check came to about a bound.
struct Settled {
    /// The bound that is shown.
    bound: i64,
    /// What is proven.
    holds: Option<Bilingual>,
    /// What is claimed and not proven.
    unproven: Option<Bilingual>,
}

/// Decides whether a claimed bound holds. An answer that tells of no bound claims that nothing is better.
fn settle(out: &Path, scene: &Scene, asked: &Asked<'_>, said: Option<i64>, wrongs: &mut Wrongs) -> Settled {
    let (own, proven, file) = (asked.own(), asked.by_prices(scene), out.join("site_prices.csv"));
    let claimed = said.unwrap_or(own);
    let by_prices = asked.by_prices_alone(proven);
    if asked.breaks(claimed) {
        wrongs.differs(&file, 0, "bound", claimed, own);
        return by_prices;
    }
    if let Some(proof) = asked.proof {
        let (count, most) = asked.limits(claimed);
        let Err(flaw) = proof.follow(&scene.offers, count, most) else { return asked.by_steps(claimed) };
        proof.refuse(flaw, claimed, &scene.candidates.ids, wrongs);
        return by_prices;
    }
    if asked.follows(claimed, proven) {
        return by_prices;
    }
    match asked.tried(scene, claimed) {
        Tried::None => asked.by_trying(claimed),
        Tried::Better(sites) => {
            let name = |site: &u32| scene.candidates.ids.written(*site as usize);
            let sites = sites.iter().map(name).collect::<Vec<_>>().join(", ");
            let sentence = both(
                format!("写的界限是 {claimed}，可是候选点 {sites} 更好。请重新规划。"),
                format!("the bound is said to be {claimed}, and the candidates {sites} are better. Plan again."),
            );
            wrongs.add(&file, 0, sentence);
            by_prices
        }
        Tried::TooMany if said.is_some() => asked.unproven(claimed, proven),
        Tried::TooMany => {
            let sentence = both(
                format!("价格只证明界限 {proven}，这个结果是 {own}，差距没有说明。请重新规划。"),
                format!(
                    "the prices prove the bound {proven} only, and the answer comes to {own}: a gap that it does not tell of. Plan again."
                ),
            );
            wrongs.add(&file, 0, sentence);
            by_prices
        }
    }
}
