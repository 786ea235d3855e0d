//! This file checks an answer of `lianglin plan reach` without a search: stations have no time, no way makes a time
//! shorter, each time is that of a way, and the households are counted anew.

use std::path::Path;

use kernel::language::Bilingual;
use planning::network::UNREACHED;
use planning::reach::{Share, Wrong, check, total};

use super::{Scene, Task, drawn, listed, summary};
use crate::AppError;
use crate::plan::answer::{Once, Shape, Wrongs, follows, numbers, sheet};
use crate::plan::checked::Checked;
use crate::plan::claims::Claims;
use crate::plan::table::{Ids, both};
use crate::plan::town::Bundle;

/// Checks the answer that is in `out`.
pub fn verify(town: impl Into<Bundle>, out: &Path, task: &Task) -> Result<Checked, AppError> {
    let scene = Scene::read(town.into(), task)?;
    let claims = Claims::read(out)?;
    let mut wrongs = Wrongs::default();
    let nodes = scene.ways.nodes.len();
    let times = numbers(out, "times.bin", nodes, ["时间", "节点"], ["times", "nodes"])?;
    if let Err(wrong) = check(&scene.ways.forward, &scene.stations.starts, task.limit, &times) {
        wrongs.add(&out.join("times.bin"), 0, told(&wrong, &scene.ways.ids));
        wrongs.end()?;
    }
    let shares = counted(&scene, &times, task.limit);
    coverage(out, &shares, &scene.buildings.communities, &mut wrongs)?;
    follows(&out.join("reach.geojson"), &drawn(&scene, &times), &mut wrongs);
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, &times, &shares).compare(out, lang, &mut wrongs)?;
    }
    let summary = summary(&scene, task, total(&shares), None);
    if let Some(claims) = &claims {
        claims.compare(&summary, &[], &mut wrongs);
    }
    wrongs.end()?;
    let holds = vec![
        both(
            "每个时间都是走到驿站最短的路的时间；没有写的，在规定的时间内走不到。",
            "each time is that of the shortest way to a station, or there is none within the limit",
        ),
        both("每个社区的户数都由表重新数过。", "the households of each community are counted anew from the tables"),
    ];
    Ok(Checked { summary, holds, unavoidable: Vec::new(), unproven: Vec::new() })
}

/// Counts the households of each community within the limit.
fn counted(scene: &Scene, times: &[u32], limit: u32) -> Vec<Share> {
    let mut shares = vec![Share::default(); scene.places()];
    for building in &scene.buildings.reach {
        let time = times.get(building.node as usize).copied().unwrap_or(UNREACHED);
        let walk = u64::from(time) + u64::from(building.access);
        let households = u64::from(building.households);
        let share = &mut shares[building.place as usize];
        share.households += households;
        share.covered += if time != UNREACHED && walk <= u64::from(limit) { households } else { 0 };
    }
    shares
}

/// Compares `coverage.csv` with what was counted.
fn coverage(out: &Path, shares: &[Share], communities: &Ids, wrongs: &mut Wrongs) -> Result<(), AppError> {
    let columns = [("community", Shape::Id), ("households", Shape::Whole), ("covered", Shape::Whole)];
    let said = sheet(out, "coverage", &columns, wrongs)?;
    let mut once = Once::new(communities, "社区", "community");
    for row in &said.rows {
        let Some(place) = once.take(&said.path, row.line, row.text(0), wrongs) else { continue };
        let share = shares[place];
        for (at, name, found) in [(1, "households", share.households), (2, "covered", share.covered)] {
            if i64::try_from(found) != Ok(row.whole(at)) {
                wrongs.differs(&said.path, row.line, name, row.whole(at), found);
            }
        }
    }
    once.end(&said.path, wrongs);
    Ok(())
}

/// Says what is wrong with times.
fn told(wrong: &Wrong, nodes: &Ids) -> Bilingual {
    let name = |node: &u32| nodes.written(*node as usize);
    let (zh, en) = match wrong {
        Wrong::Length { found, nodes } => {
            (format!("有 {found} 个时间，而节点有 {nodes} 个"), format!("{found} times for {nodes} nodes"))
        }
        Wrong::Station(node) => {
            let node = name(node);
            (
                format!("节点 {node} 有驿站，写的时间却比从那里走过去还长"),
                format!("a station stands at node {node}, and its time is longer than the way from there"),
            )
        }
        Wrong::Longer { node, time, through, shorter } => {
            let (node, through) = (name(node), name(through));
            (
                format!("节点 {node} 写的是 {time} 分秒，经过节点 {through} 只要 {shorter} 分秒"),
                format!("node {node} has {time} ds, and the arc to node {through} makes it {shorter}"),
            )
        }
        Wrong::Unexplained { node, time } => {
            let node = name(node);
            (
                format!("节点 {node} 写的是 {time} 分秒，没有一条路是这个时间"),
                format!("node {node} has {time} ds, and no way gives it that time"),
            )
        }
    };
    let remedy = "the times are wrong or belong to other tables or options: plan again";
    both(format!("{zh}。时间不对，或者用的是别的表和选项。请重新规划。"), format!("{en}; {remedy}."))
}
