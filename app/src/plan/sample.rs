//! This file does `lianglin plan sample`: it writes an invented city as a folder of tables, so that people can try the
//! planners.

use std::path::Path;

use planning::sample::{City, Size, city};
use serde_json::json;

use super::summary::{Note, Summary, timed};
use super::table::both;
use super::{csv_of, write};
use crate::AppError;

/// Makes a city and writes its tables.
pub fn make(size: Size, seed: u64, out: &Path) -> Result<Summary, AppError> {
    let (city, cpu_seconds) = timed(|| city(size, seed));
    written(&city, out)?;
    let households: u64 = city.buildings.iter().map(|building| u64::from(building.households)).sum();
    Ok(Summary {
        problem: "sample",
        task: Vec::new(),
        objective: households as i64,
        bound: None,
        violations: 0,
        cpu_seconds,
        more: vec![
            ("nodes", json!(city.nodes.len())),
            ("edges", json!(city.edges.len())),
            ("compounds", json!(city.compounds.len())),
            ("buildings", json!(city.buildings.len())),
            ("households", json!(households)),
            ("volunteers", json!(city.volunteers.len())),
            ("stations", json!(city.stations.len())),
        ],
        notes: vec![Note::new(
            "invented",
            both("这是虚构的城市，里面没有真实的地方。", "an invented city: nothing in it is a real place"),
        )],
    })
}

/// Writes the tables of a city.
pub fn written(city: &City, out: &Path) -> Result<(), AppError> {
    let table = |name: &str, text: Vec<u8>| write(&out.join(format!("{name}.csv")), &text);
    let points = |header: &str, rows: Vec<String>| format!("{header}\n{}\n", rows.join("\n")).into_bytes();
    let nodes = city.nodes.iter().enumerate().map(|(id, at)| format!("{id},{:.1},{:.1}", at.x, at.y));
    table("nodes", points("id,x,y", nodes.collect()))?;
    let edges =
        city.edges.iter().map(|edge| vec![edge.from.into(), edge.to.into(), edge.time.into(), edge.class.into()]);
    table("edges", csv_of("src,dst,t_ds,cls", edges))?;
    let numbered = |nodes: &[u32]| -> Vec<Vec<i64>> {
        nodes.iter().zip(0..).map(|(&node, id): (_, i64)| vec![id, node.into()]).collect()
    };
    table("stations", csv_of("id,node", numbered(&city.stations)))?;
    table("gates", csv_of("compound,node", city.gates.iter().map(|gate| vec![gate.site.into(), gate.node.into()])))?;
    let mut first: Vec<u32> = Vec::new();
    for gate in &city.gates {
        if gate.site as usize == first.len() {
            first.push(gate.node);
        }
    }
    let candidates = numbered(&first).into_iter().map(|row| vec![row[0], row[1], row[0]]);
    table("candidates", csv_of("id,node,compound", candidates))?;
    let compounds = city.compounds.iter().enumerate().map(|(id, one)| {
        let (community, households, need, doctors) = (one.community, one.households, one.need, one.doctors);
        format!("{id},{community},{:.1},{:.1},{households},{},{},{doctors}", one.at.x, one.at.y, need.least, need.most)
    });
    table("compounds", points("id,community,x,y,households,min_vol,max_vol,min_medical", compounds.collect()))?;
    let buildings =
        city.buildings.iter().zip(&city.places).zip(&city.doors).enumerate().map(|(id, ((one, at), door))| {
            let (compound, community, households) = (one.compound, one.community, one.households);
            format!("{id},{compound},{community},{:.1},{:.1},{households},{},{}", at.x, at.y, door.node, door.access)
        });
    table("buildings", points("id,compound,community,x,y,households,node,access_ds", buildings.collect()))?;
    let borders = city.borders.iter().map(|border| vec![border.a.into(), border.b.into(), border.metres.into()]);
    table("adjacency", csv_of("a,b,border_m", borders))?;
    let volunteers = city.volunteers.iter().zip(0..).map(|(one, id): (_, i64)| {
        let (node, access) = (one.home.node.into(), one.home.access.into());
        vec![id, one.building.into(), node, access, one.skills.into(), one.shifts.into()]
    });
    table("volunteers", csv_of("id,building,node,access_ds,skills,shifts", volunteers))
}
