//! Rules inside a crate: rooms import downwards only, and no files import one another in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::Fault;
use super::inside::{Import, Inside};
use super::map::{Department, Map};
use super::tree::{Tree, room};

/// The rooms of a department import only rooms that stand below them.
pub fn rooms(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (folder, department) in tree.crates.keys().filter_map(|folder| Some((folder, map.department(folder)?))) {
        for import in Inside::read(tree, folder).imports() {
            faults.extend(upwards(map, folder, department, &import));
        }
    }
    faults
}

/// The fault of an import that goes up or stays on its level.
fn upwards(map: &Map, folder: &str, department: &Department, import: &Import<'_, '_>) -> Option<Fault> {
    let (from, to) = (room(folder, import.from.path)?, room(folder, import.to.path)?);
    let (high, low) = (map.level(department, from)?, map.level(department, to)?);
    let is_handle = to == "lib" && import.name.as_deref().is_some_and(is_type);
    let may_hold = map.level(department, &map.order.handle).is_some_and(|level| high >= level);
    if from == to || low < high || is_handle && may_hold {
        return None;
    }
    let what = format!("the room `{from}` imports `{}` of the room `{to}`, which does not stand below it", import.said);
    let remedy = "Move it into the lower of the two rooms, or hand it over as an argument";
    Some(Fault::new(import.from.path, import.line, what, remedy))
}

/// True for the name of a type: a capital first, and not capitals alone.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// No files of a crate import one another in a circle. What a file takes from its own parts is not counted: a part
/// may use what the file above it defines.
pub fn circles(_: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for folder in tree.crates.keys() {
        let inside = Inside::read(tree, folder);
        let imports = inside.imports();
        let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let across = imports.iter().filter(|import| !import.to.module.starts_with(&import.from.module));
        for import in across {
            edges.entry(import.from.path).or_default().insert(import.to.path);
        }
        for circle in circles_of(&edges) {
            let Some((first, second)) = circle.first().zip(circle.get(1)) else { continue };
            let import = imports.iter().find(|import| import.from.path == *first && import.to.path == *second);
            let names: Vec<&str> =
                circle.iter().filter_map(|path| path.split_once("/src/")).map(|(_, name)| name).collect();
            let what = format!("a circle of files: {}", names.join(" → "));
            let remedy = "Move what both need into a file below them";
            faults.push(Fault::new(first, import.map_or(1, |import| import.line), what, remedy));
        }
    }
    faults
}

/// For each group of files that reach one another, its shortest circle through its first file, which ends it too.
fn circles_of<'p>(edges: &BTreeMap<&'p str, BTreeSet<&'p str>>) -> Vec<Vec<&'p str>> {
    let mut found: Vec<Vec<&str>> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for start in edges.keys().copied() {
        if seen.contains(start) {
            continue;
        }
        let before = reached(edges, start);
        if let Some(circle) = way(&before, start) {
            seen.extend(before.keys().filter(|path| reached(edges, path).contains_key(start)));
            found.push(circle);
        }
    }
    found
}

/// Everything that is reached from a file, each with the file it is reached from first.
fn reached<'p>(edges: &BTreeMap<&'p str, BTreeSet<&'p str>>, start: &str) -> BTreeMap<&'p str, &'p str> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut fresh: Vec<&str> = edges.get_key_value(start).map(|(start, _)| *start).into_iter().collect();
    while !fresh.is_empty() {
        let mut next = Vec::new();
        for path in fresh {
            for target in edges.get(path).into_iter().flatten().copied() {
                if !before.contains_key(target) {
                    before.insert(target, path);
                    next.push(target);
                }
            }
        }
        fresh = next;
    }
    before
}

/// The way from the start back to itself, if there is one.
fn way<'p>(before: &BTreeMap<&'p str, &'p str>, start: &'p str) -> Option<Vec<&'p str>> {
    let mut way = vec![start];
    let mut at = *before.get(start)?;
    while at != start {
        way.push(at);
        at = *before.get(at)?;
    }
    way.push(start);
    way.reverse();
    Some(way)
}
