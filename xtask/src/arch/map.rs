//! The map for the machine: `architecture.toml`, its shape and the faults it can have in itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Fault;

/// Name of the map's file.
pub const FILE: &str = "architecture.toml";

/// The whole map.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Lengths and names.
    pub limits: Limits,
    /// Where SQL may stand.
    pub sql: Sql,
    /// Zones by name: which folders, and which zones their crates may import.
    pub zones: BTreeMap<String, Zone>,
    /// Platform crates by folder name: which of their own kind they may import.
    pub platform: BTreeMap<String, Vec<String>>,
    /// Departments by folder name.
    pub departments: BTreeMap<String, Department>,
    /// Rooms by name: what they are for and what has no place in them.
    pub rooms: BTreeMap<String, Room>,
    /// The order in which rooms may import one another.
    pub order: Order,
}

/// Lengths of files, functions and lines, and names that say nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Lines of a file.
    pub file_lines: usize,
    /// Lines of a file that is a test.
    pub test_file_lines: usize,
    /// Lines of a function.
    pub function_lines: usize,
    /// Columns of a comment's line and of a template's line; a wide character takes two.
    pub line_columns: usize,
    /// Words that no file or folder may be called by.
    pub empty_names: Vec<String>,
    /// Folders that are not looked into.
    pub ignored_folders: Vec<String>,
}

/// Where SQL may stand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sql {
    /// Rooms, as file or folder names.
    pub rooms: Vec<String>,
    /// Folders whose work is SQL itself.
    pub free_folders: Vec<String>,
    /// The column by which a distributed database divides its tables.
    pub shard: String,
    /// Zones whose tables a distributed database divides.
    pub divided_zones: Vec<String>,
    /// Tables that have the column and lie whole on every machine: name and why.
    pub whole_tables: BTreeMap<String, String>,
    /// Migrations that hand rows over to a table of another crate: file and why.
    #[serde(default)]
    pub handed_over: BTreeMap<String, String>,
}

/// Some folders with one place in the order of imports.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Crates' folders; `x/*` is each folder in `x`.
    pub folders: Vec<String>,
    /// Zones that its crates may import besides those the tables below allow.
    pub imports: Vec<String>,
    /// Names that no code of the zone may speak.
    #[serde(default)]
    pub banned: Vec<Banned>,
}

/// A name that may not be spoken, and what to do instead.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banned {
    /// The path, `std::fs`.
    pub names: Vec<String>,
    /// Folders of crates in which they may be spoken all the same.
    #[serde(default)]
    pub except: Vec<String>,
    /// What to do instead.
    pub remedy: String,
}

/// A department of the city.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// What it is, one line.
    #[serde(rename = "for")]
    pub purpose: String,
    /// Departments whose front doors it may use.
    pub imports: Vec<String>,
    /// Rooms of its own besides the common ones: name and what for.
    #[serde(default)]
    pub rooms: BTreeMap<String, String>,
    /// The room that each room of its own stands directly below.
    #[serde(default)]
    pub below: BTreeMap<String, String>,
}

/// A room that every department may have.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// What it is, one line.
    #[serde(rename = "for")]
    pub purpose: String,
    /// What has no place in it.
    #[serde(default)]
    pub banned: Vec<Banned>,
}

/// The order of rooms, from the lowest up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Floors with the rooms that stand on them; a room imports only rooms of lower floors.
    pub rooms: Vec<Vec<String>>,
    /// From this room up, types that the front door defines may be named: the department as a value.
    pub handle: String,
}

/// How many rooms of its own can stand between two floors.
const FLOOR: usize = 1000;

impl Map {
    /// Reads the map.
    ///
    /// # Errors
    /// What the TOML parser said, with its line and column.
    pub fn read(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|fault| format!("{FILE}: {fault}"))
    }

    /// Zone of a crate's folder.
    #[must_use]
    pub fn zone(&self, folder: &str) -> Option<(&str, &Zone)> {
        let holds = |zone: &Zone| zone.folders.iter().any(|pattern| covers(pattern, folder));
        self.zones.iter().find(|(_, zone)| holds(zone)).map(|(name, zone)| (name.as_str(), zone))
    }

    /// The department whose crate lies in this folder.
    #[must_use]
    pub fn department(&self, folder: &str) -> Option<&Department> {
        let (zone, _) = self.zone(folder)?;
        self.departments.get(folder.rsplit('/').next()?).filter(|_| zone == "city")
    }

    /// How high a room of a department stands; none for a room without a place in the order.
    #[must_use]
    pub fn level(&self, department: &Department, room: &str) -> Option<usize> {
        let (mut named, mut steps) = (room, 0);
        while let Some(next) = department.below.get(named) {
            named = next.as_str();
            steps += 1;
            if steps > department.below.len() {
                return None;
            }
        }
        let floor = self.order.rooms.iter().position(|floor| floor.iter().any(|room| room == named))?;
        ((floor + 1) * FLOOR).checked_sub(steps)
    }

    /// Imports among equals: platform crates and departments.
    #[must_use]
    pub fn equals(&self, zone: &str, name: &str) -> Option<&[String]> {
        match zone {
            "platform" => self.platform.get(name).map(Vec::as_slice),
            "city" => self.departments.get(name).map(|department| department.imports.as_slice()),
            _ => None,
        }
    }

    /// Faults of the map itself: names it does not define, circles.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, zone) in &self.zones {
            for import in zone.imports.iter().filter(|import| !self.zones.contains_key(*import)) {
                faults.push(unknown("zone", name, import));
            }
        }
        let departments =
            self.departments.iter().map(|(name, department)| (name.as_str(), department.imports.as_slice()));
        let platform = self.platform.iter().map(|(name, imports)| (name.as_str(), imports.as_slice()));
        for (name, _) in self.departments.iter().filter(|(_, department)| department.purpose.is_empty()) {
            let what = format!("the department `{name}` does not say what it is for");
            faults.push(Fault::new(FILE, 1, what, "Fill in `for` with its matter and the mission's word for it"));
        }
        faults.extend(self.departments.iter().flat_map(|(name, department)| self.unplaced(name, department)));
        faults.extend(table_faults("department", &departments.collect()));
        faults.extend(table_faults("platform crate", &platform.collect()));
        faults
    }

    /// Rooms of a department that have no place in the order.
    fn unplaced(&self, name: &str, department: &Department) -> Vec<Fault> {
        let rooms = department.rooms.keys().chain(department.below.keys());
        let lost = rooms.filter(|room| !department.rooms.contains_key(*room) || self.level(department, room).is_none());
        lost.map(|room| {
            let what = format!("the room `{room}` of `{name}` has no place in the order of rooms");
            let remedy = format!("Say in [departments.{name}.below] which room it stands directly below");
            Fault::new(FILE, 1, what, &remedy)
        })
        .collect()
    }
}

fn unknown(kind: &str, name: &str, import: &str) -> Fault {
    let remedy = "Define it in the same table, or take it out of the list";
    Fault::new(FILE, 1, format!("the {kind} `{name}` imports `{import}`, which the map does not know"), remedy)
}

fn table_faults(kind: &str, table: &BTreeMap<&str, &[String]>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (name, imports) in table {
        for import in imports.iter().filter(|import| !table.contains_key(import.as_str())) {
            faults.push(unknown(kind, name, import));
        }
    }
    if let Some(circle) = circle(table) {
        let remedy = "Let the lower one put an event into the outbox and the upper one listen";
        faults.push(Fault::new(FILE, 1, format!("a circle of imports through the {kind} `{circle}`"), remedy));
    }
    faults
}

/// One name on a circle: takes away whatever imports nothing that is left; what cannot be taken away is a circle.
fn circle<'a>(table: &BTreeMap<&'a str, &[String]>) -> Option<&'a str> {
    let mut left: BTreeSet<&str> = table.keys().copied().collect();
    loop {
        let free = |name: &&str| {
            table.get(*name).is_none_or(|imports| imports.iter().all(|import| !left.contains(import.as_str())))
        };
        let gone: Vec<&str> = left.iter().copied().filter(free).collect();
        if gone.is_empty() {
            return left.first().and_then(|name| table.keys().find(|key| *key == name)).copied();
        }
        left.retain(|name| !gone.contains(name));
    }
}

/// True when the pattern (`kernel`, `city/*`) covers the folder.
#[must_use]
pub fn covers(pattern: &str, folder: &str) -> bool {
    match pattern.strip_suffix("/*") {
        Some(parent) => folder.rsplit_once('/').is_some_and(|(start, _)| start == parent),
        None => pattern == folder,
    }
}
