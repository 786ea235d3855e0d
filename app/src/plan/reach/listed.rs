//! This file lists for people who lives within the time of a station, building by building.

use planning::network::UNREACHED;
use planning::reach::{Share, total};

use super::{Scene, Task};
use crate::plan::listing::{Entry, Listing, Said, Sheet, numbers, words};
use crate::plan::table::both;

/// Who is reached has the third colour of the picture, which is green, and who is not the second, which is red.
const COLOURS: [usize; 2] = [1, 2];

/// Lists the buildings with the walk to the nearest station, and adds up each community.
pub(super) fn listing(scene: &Scene, task: &Task, times: &[u32], shares: &[Share]) -> Listing {
    let all = total(shares);
    let figure = |zh: &str, en: &str, count: u64| (both(zh, en), count);
    let minutes = u64::from(task.limit / 600);
    let town = &scene.buildings;
    let community = |at: usize| Said::text(town.communities.written(at));
    let sum = |(at, share): (usize, &Share)| Entry {
        cells: vec![community(at), Said::Whole(share.households), Said::Whole(share.covered)],
        at: None,
        group: None,
    };
    Listing {
        title: both("驿站步行圈", "Who lives near a station"),
        figures: vec![
            figure("户数", "Households", all.households),
            figure("走得到的户数", "Households within the time", all.covered),
            figure("驿站", "Stations", scene.stations.starts.len() as u64),
            figure("步行分钟", "Minutes on foot", minutes),
        ],
        said: scene.bundle.heard().of_the_making().to_vec(),
        sums: Sheet {
            name: both("每个社区", "Each community"),
            titles: vec![
                words("community", "社区", "Community"),
                numbers("households", "户数", "Households"),
                numbers("covered", "走得到的户数", "Households within the time"),
            ],
            entries: shares.iter().enumerate().map(sum).collect(),
        },
        lines: Sheet {
            name: both("楼栋", "Buildings"),
            titles: vec![
                words("community", "社区", "Community"),
                words("compound", "小区", "Compound"),
                words("building", "楼栋", "Building"),
                words("id", "编号", "Id"),
                words("address", "地址", "Address"),
                numbers("households", "户数", "Households"),
                numbers("minutes", "步行分钟", "Minutes on foot"),
            ],
            entries: lines(scene, task, times),
        },
        degrees: town.degrees,
        unit: scene.bundle.unit(town.degrees),
        on_map: scene.bundle.extract().is_some(),
        strokes: Vec::new(),
        numbers: Vec::new(),
        names: Vec::new(),
        legend: both("", ""),
        below: Vec::new(),
    }
}

fn lines(scene: &Scene, task: &Task, times: &[u32]) -> Vec<Entry> {
    let (town, names) = (&scene.buildings, scene.bundle.names("buildings"));
    let line = |at: usize| {
        let (grid, reach, id) = (town.grid[at], town.reach[at], town.ids.written(at));
        let time = times.get(reach.node as usize).copied().filter(|time| *time != UNREACHED);
        let walk = time.map(|time| time.saturating_add(reach.access)).filter(|walk| *walk <= task.limit);
        let name = names.name(at);
        Entry {
            cells: vec![
                Said::text(town.communities.written(grid.community as usize)),
                Said::text(town.compounds.written(grid.compound as usize)),
                Said::text(if name.is_empty() { id.as_str() } else { name }),
                Said::text(id.as_str()),
                Said::text(names.address(at)),
                Said::Whole(reach.households.into()),
                walk.map_or(Said::Nothing, |walk| Said::Whole(walk.div_ceil(600).into())),
            ],
            at: town.points.get(at).copied(),
            group: Some(COLOURS[usize::from(walk.is_some())]),
        }
    };
    (0..town.reach.len()).map(line).collect()
}
