//! Lines of the map that departments carry in their own manifests: what they are for, and whose front doors they use.

use super::Fault;
use super::map::Map;
use super::tree::{LINE, Tree, line_with};

/// Returns the map with the lines of all departments, and the faults of the lines that manifests carry.
#[must_use]
pub fn joined(map: &Map, tree: &Tree) -> (Map, Vec<Fault>) {
    let (mut all, mut faults) = (map.clone(), Vec::new());
    let carried = tree.crates.iter().filter_map(|(folder, own)| Some((folder, own.department.as_ref()?)));
    for (folder, line) in carried {
        let manifest = format!("{folder}/Cargo.toml");
        let mut fault = |what: String, remedy: &str| {
            let at = tree.texts.get(&manifest).map_or(1, |text| line_with(text, &format!("[{LINE}]")));
            faults.push(Fault::new(&manifest, at, what, remedy));
        };
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if map.zone(folder).is_none_or(|(zone, _)| zone != "city") {
            let what = format!("`{folder}` is no department, and its manifest says what it is for as one");
            fault(what, "Take the table out, or move the crate into the folder city");
        } else if all.departments.insert(name.to_owned(), line.clone()).is_some() {
            let what = format!("`{name}` has a line in the map and one in its own manifest");
            fault(what, "Keep one of them");
        }
    }
    (all, faults)
}
