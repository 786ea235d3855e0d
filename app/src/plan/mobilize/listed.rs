//! This file lists for people who goes where: volunteers by their ids, compounds by their names.

use planning::mobilize::{Answer, Call, Proof};

use super::{Scene, Task};
use crate::plan::listing::{Entry, Listing, Said, Sheet, numbers, words};
use crate::plan::table::both;

/// What the kinds of slots are called: three shifts, and doctors in the first of them.
const KINDS: [&str; 4] = ["1", "2", "3", "1+"];

/// Lists the volunteers with their compounds, and adds up each compound.
pub(super) fn listing(scene: &Scene, task: Task, call: &Call, answer: &Answer, proof: &Proof) -> Listing {
    let figure = |zh: &str, en: &str, count: u64| (both(zh, en), count);
    let all = answer.slot.len() as u64;
    let sent = answer.slot.iter().flatten().count() as u64;
    let mut titles = vec![
        words("volunteer", "志愿者编号", "Volunteer"),
        words("compound", "小区", "Compound"),
        numbers("minutes", "步行分钟", "Minutes on foot"),
    ];
    if task.slots {
        titles.push(words("shift", "班次（1+ 为医护）", "Shift (1+ is a doctor)"));
    }
    Listing {
        title: both("就近动员", "Who goes where"),
        figures: vec![
            figure("志愿者", "Volunteers", all),
            figure("派出", "Sent", sent),
            figure("留在家里", "At home", proof.home.into()),
            figure("还缺的人", "People missing", proof.short),
        ],
        said: scene.bundle.heard().of_the_making().to_vec(),
        sums: sums(scene, call, answer),
        lines: Sheet { name: both("名单", "List"), titles, entries: lines(scene, task, call, answer) },
        degrees: scene.ways.degrees,
        unit: scene.bundle.unit(scene.ways.degrees),
        on_map: scene.bundle.extract().is_some(),
        strokes: Vec::new(),
        numbers: Vec::new(),
        names: Vec::new(),
        legend: both("", ""),
        below: Vec::new(),
    }
}

/// Returns what a compound is called.
fn name(scene: &Scene, names: &crate::plan::town::Names, site: usize) -> String {
    let name = names.name(site);
    if name.is_empty() { scene.town.compounds.written(site) } else { name.to_owned() }
}

fn lines(scene: &Scene, task: Task, call: &Call, answer: &Answer) -> Vec<Entry> {
    let names = scene.bundle.names("compounds");
    let line = |(volunteer, slot): (usize, &Option<u32>)| {
        let slot = slot.and_then(|slot| call.slots().get(slot as usize));
        let walk = slot.and_then(|slot| call.cost(u32::try_from(volunteer).ok()?, slot.site));
        let minutes = walk.and_then(|walk| u64::try_from(walk).ok()).map(|walk| walk.div_ceil(600));
        let mut cells = vec![
            Said::text(scene.town.volunteers.written(volunteer)),
            slot.map_or(Said::Nothing, |slot| Said::text(name(scene, &names, slot.site as usize))),
            minutes.map_or(Said::Nothing, Said::Whole),
        ];
        if task.slots {
            let kind = slot.and_then(|slot| KINDS.get(usize::from(slot.kind)));
            cells.push(kind.map_or(Said::Nothing, |kind| Said::text(*kind)));
        }
        Entry { cells, at: None, group: None }
    };
    answer.slot.iter().enumerate().map(line).collect()
}

/// Adds up each compound.
fn sums(scene: &Scene, call: &Call, answer: &Answer) -> Sheet {
    let names = scene.bundle.names("compounds");
    let mut sent = vec![0u64; call.sites().len()];
    for slot in answer.slot.iter().flatten() {
        if let Some(slot) = call.slots().get(*slot as usize) {
            sent[slot.site as usize] += 1;
        }
    }
    let entry = |(site, need): (usize, &planning::mobilize::Need)| Entry {
        cells: vec![
            Said::text(name(scene, &names, site)),
            Said::text(scene.town.compounds.written(site)),
            Said::Whole(need.least.into()),
            Said::Whole(need.most.into()),
            Said::Whole(sent[site]),
        ],
        at: scene.town.points.get(site).copied(),
        group: Some(if sent[site] < u64::from(need.least) { 1 } else { 2 }),
    };
    Sheet {
        name: both("每个小区", "Each compound"),
        titles: vec![
            words("compound", "小区", "Compound"),
            words("id", "编号", "Id"),
            numbers("least", "最少", "Least"),
            numbers("most", "最多", "Most"),
            numbers("sent", "派到", "Sent"),
        ],
        entries: call.sites().iter().enumerate().map(entry).collect(),
    }
}
