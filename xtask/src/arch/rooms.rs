//! Rules of rooms: which files a department has, and which names have no place in a room or zone.

use super::Fault;
use super::map::{Banned, Department, Map};
use super::source::Source;
use super::tree::{Tree, room, spoken};

/// A department has the common rooms and those its line in the map declares, nothing else.
pub fn names(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for path in tree.sources.keys() {
        let Some((folder, department)) = department(map, tree, path) else { continue };
        let Some(room) = room(folder, path) else { continue };
        if !map.rooms.contains_key(room) && !department.rooms.contains_key(room) {
            let common: Vec<&str> = map.rooms.keys().map(String::as_str).collect();
            let what = format!("`{room}` is no room of `{folder}`");
            let remedy = format!("Put it into one of {}, or declare the room in architecture.toml", common.join(", "));
            faults.push(Fault::new(path, 1, what, &remedy));
        }
    }
    faults
}

fn department<'a, 'p>(map: &'a Map, tree: &Tree, path: &'p str) -> Option<(&'p str, &'a Department)> {
    let folder = tree.crate_of(path)?;
    Some((folder, map.department(folder)?))
}

/// No room speaks a name that is banned in it.
pub fn banned_in_rooms(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        let Some((folder, _)) = department(map, tree, path) else { continue };
        let Some(name) = room(folder, path) else { continue };
        if let Some(found) = map.rooms.get(name) {
            faults.extend(spoken_any(path, source, &found.banned, &format!("the room `{name}` ({})", found.purpose)));
        }
    }
    faults
}

/// No zone speaks a name that is banned in it.
pub fn banned_in_zones(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        let Some(folder) = tree.crate_of(path) else { continue };
        let Some((name, zone)) = map.zone(folder) else { continue };
        if room(folder, path).is_some() {
            faults.extend(spoken_any(path, source, &zone.banned, &format!("the zone `{name}`")));
        }
    }
    faults
}

fn spoken_any(path: &str, source: &Source, banned: &[Banned], place: &str) -> Vec<Fault> {
    let each = |ban: &Banned| -> Vec<Fault> {
        ban.names.iter().flat_map(|name| spoken(path, source, name, place, &ban.remedy)).collect()
    };
    let is_free = |ban: &&Banned| ban.except.iter().any(|folder| path.starts_with(&format!("{folder}/")));
    banned.iter().filter(|ban| !is_free(ban)).flat_map(each).collect()
}
