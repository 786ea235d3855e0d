//! Rules of imports: zones go down only, equals by their tables, departments through front doors.

use super::Fault;
use super::map::{FILE, Map};
use super::tree::{Tree, line_with, room, spoken};

/// Zones that look at departments from inside, as a test does: what measures them and what tries to break them.
const FROM_INSIDE: &[&str] = &["bench", "fuzz"];
/// Crates that stand for tests and may be imported by every crate's tests.
const TEST_CRATES: &[&str] = &["testkit"];

/// Every crate lies in a zone and imports only what its zone and its own line in the map allow.
pub fn zones(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for folder in tree.crates.keys() {
        let Some((zone, _)) = map.zone(folder) else {
            let what = "this crate lies in no zone".to_owned();
            faults.push(Fault::new(
                &manifest(folder),
                1,
                what,
                "Move it into a folder of the map, or draw its zone there",
            ));
            continue;
        };
        let own = folder.rsplit('/').next().unwrap_or(folder);
        for (import, for_tests) in imports(tree, folder) {
            let Some((target, target_zone)) = owner(map, tree, import) else { continue };
            if for_tests && TEST_CRATES.contains(&import) || allowed(map, zone, own, target, target_zone) {
                continue;
            }
            let what = format!("`{folder}` ({zone}) may not import `{import}` ({target_zone})");
            let line = tree.texts.get(&manifest(folder)).map_or(1, |text| line_with(text, import));
            faults.push(Fault::new(&manifest(folder), line, what, remedy(zone, target_zone)));
        }
    }
    faults
}

fn manifest(folder: &str) -> String {
    format!("{folder}/Cargo.toml")
}

fn imports<'t>(tree: &'t Tree, folder: &str) -> Vec<(&'t str, bool)> {
    let Some(own) = tree.crates.get(folder) else { return Vec::new() };
    let direct = own.imports.iter().map(|name| (name.as_str(), false));
    direct.chain(own.test_imports.iter().map(|name| (name.as_str(), true))).collect()
}

/// Folder name and zone of a crate of ours; none for a crate from outside.
fn owner<'t>(map: &'t Map, tree: &'t Tree, name: &str) -> Option<(&'t str, &'t str)> {
    let (folder, _) = tree.crates.iter().find(|(_, own)| own.name == name)?;
    let (zone, _) = map.zone(folder)?;
    Some((folder.rsplit('/').next().unwrap_or(folder), zone))
}

fn allowed(map: &Map, zone: &str, own: &str, target: &str, target_zone: &str) -> bool {
    if zone == target_zone {
        return map.equals(zone, own).is_some_and(|imports| imports.iter().any(|name| name == target));
    }
    map.zones.get(zone).is_some_and(|zone| zone.imports.iter().any(|name| name == target_zone))
}

fn remedy(zone: &str, target_zone: &str) -> &'static str {
    if zone == target_zone {
        return "Imports go down only: take it as an argument, listen to its event in the outbox, or draw the edge in the map";
    }
    "Imports go down only (app, city, platform and planning, kernel): take what is needed as an argument"
}

/// Folders and lines of the map agree: no department or platform crate without a line, no line without a folder.
pub fn departments(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (zone, names) in
        [("city", map.departments.keys().collect::<Vec<_>>()), ("platform", map.platform.keys().collect::<Vec<_>>())]
    {
        let folders = map.zones.get(zone).map(|zone| zone.folders.as_slice()).unwrap_or_default();
        let in_zone = |folder: &String| folders.iter().any(|pattern| super::map::covers(pattern, folder));
        let present: Vec<&String> = tree.crates.keys().filter(|folder| in_zone(folder)).collect();
        let last = |folder: &String| folder.rsplit('/').next().unwrap_or_default().to_owned();
        for name in names.iter().filter(|name| !present.iter().any(|folder| last(folder) == ***name)) {
            let what = format!("the map has a line for `{name}`, but there is no such crate in {zone}");
            faults.push(Fault::new(
                FILE,
                1,
                what,
                "Take the line out, or make the crate with its first table and page",
            ));
        }
        for folder in present.iter().filter(|folder| !names.contains(&&last(folder))) {
            let what = format!("`{folder}` has no line in the map's table of {zone}");
            faults.push(Fault::new(
                &manifest(folder),
                1,
                what,
                "Say what it is for and may import: a department in [package.metadata.department] of this file, a platform \
                 crate in architecture.toml",
            ));
        }
    }
    faults
}

/// Nobody reaches past a department's front door into its rooms.
pub fn front_doors(map: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        let own = tree.crate_of(path).unwrap_or_default();
        let from_inside = map.zone(own).is_some_and(|(zone, _)| FROM_INSIDE.contains(&zone));
        let is_code = room(own, path).is_some() && !from_inside;
        for department in map.departments.keys().filter(|name| is_code && !own.ends_with(&format!("/{name}"))) {
            for inner in map.rooms.keys().filter(|name| *name != "lib") {
                let name = format!("{department}::{inner}::");
                let remedy = "Use what the department's lib.rs hands out, or hand it out there";
                faults.extend(spoken(path, source, &name, "another crate", remedy));
            }
        }
    }
    faults
}
