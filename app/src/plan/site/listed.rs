//! This file lists for people where stations are to open.

use super::{Chosen, Scene, Task, Wish};
use crate::plan::listing::{Entry, Listing, Said, Sheet, numbers, words};
use crate::plan::picture::{Dot, Number, Stroke};
use crate::plan::table::both;

/// Lists the sites by the names and addresses of the candidates.
pub(super) fn listing(scene: &Scene, task: &Task, chosen: &Chosen) -> Listing {
    let figure = |zh: &str, en: &str, count: u64| (both(zh, en), count);
    let gained = u64::try_from(chosen.value).unwrap_or_default();
    let mut figures = vec![
        figure("新点位", "New sites", chosen.open.len() as u64),
        figure("户数", "Households", scene.households),
        figure("现在走得到的户数", "Households within the time today", scene.covered),
    ];
    if matches!(task.wish, Wish::Walk(_)) {
        figures.push(figure("全部住户单程共省分钟", "Minutes saved one way by all households", gained / 600));
    } else {
        figures.push(figure("增加的户数", "Households gained", gained));
    }
    let names = scene.bundle.names("candidates");
    let entry = |(number, &site): (u64, &u32)| {
        let row = site as usize;
        let (id, name) = (scene.candidates.ids.written(row), names.name(row));
        let node = scene.candidates.starts.get(row).map(|start| start.node as usize);
        Entry {
            cells: vec![
                Said::Whole(number),
                Said::text(if name.is_empty() { id.as_str() } else { name }),
                Said::text(id.as_str()),
                Said::text(names.address(row)),
            ],
            at: node.and_then(|node| scene.ways.nodes.get(node)).copied(),
            group: Some(0),
        }
    };
    let lines: Vec<Entry> = (1..).zip(&chosen.open).map(entry).collect();
    let placed = (1..).zip(&lines).filter_map(|(number, line)| Some(Number { at: line.at?, number })).collect();
    let titles = vec![
        numbers("number", "序号", "Number"),
        words("site", "点位", "Site"),
        words("id", "编号", "Id"),
        words("address", "地址", "Address"),
    ];
    let nothing = Sheet { name: both("点位", "Sites"), titles: titles.clone(), entries: Vec::new() };
    Listing {
        title: both("驿站选址", "Where stations belong"),
        figures,
        said: scene.bundle.heard().of_the_making().to_vec(),
        sums: nothing,
        lines: Sheet { name: both("点位", "Sites"), titles, entries: lines },
        degrees: scene.ways.degrees,
        unit: scene.bundle.unit(scene.ways.degrees),
        on_map: scene.bundle.extract().is_some(),
        strokes: scene.ways.lines().into_iter().map(|line| (line, Stroke::Walk)).collect(),
        numbers: placed,
        names: Vec::new(),
        legend: both(
            "新点位，数字是表里的序号；灰点是楼栋，黄点是现有的驿站",
            "a new site, numbered as in the table; grey dots are buildings, yellow ones the stations there are",
        ),
        below: scene.below(),
    }
}

/// The group whose colour the stations have that there are.
const TODAY: usize = 3;

impl Scene {
    /// Returns the buildings and the stations that there are, as they are drawn below the new sites.
    fn below(&self) -> Vec<Dot> {
        let point = |node: u32| self.ways.nodes.get(node as usize).copied();
        let dot = |group: Option<usize>| move |at: crate::plan::town::Point| Dot { at, group, title: String::new() };
        let homes = self.homes.iter().filter_map(|&node| point(node)).map(dot(None));
        homes.chain(self.today.iter().filter_map(|&node| point(node)).map(dot(Some(TODAY)))).collect()
    }
}
