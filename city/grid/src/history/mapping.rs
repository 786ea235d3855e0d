//! The mapping file: which column of a foreign table holds what, and what its values mean here.

use std::collections::{BTreeMap, BTreeSet};

use kernel::fault::Fault;
use kernel::time::Zone;
use places::Tree;
use serde::Deserialize;
use tables::folded;

use super::moment::{self, Dates};
use crate::catalogue::Editions;

/// What columns can hold, and which a table must have.
const COLUMNS: [&str; 13] = [
    "number",
    "opened",
    "due",
    "closed",
    "kind",
    "place",
    "lat",
    "lon",
    "words",
    "status",
    "department",
    "channel",
    "on_time",
];
const REQUIRED: [&str; 3] = ["number", "opened", "kind"];
/// The longest name of a source.
const LONGEST: usize = 60;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    source: String,
    offset: Option<String>,
    #[serde(default)]
    dates: Dates,
    as_of: Option<String>,
    columns: BTreeMap<String, String>,
    #[serde(default)]
    kinds: BTreeMap<String, String>,
    #[serde(default)]
    leave_out: Vec<String>,
    #[serde(default)]
    places: BTreeMap<String, String>,
    #[serde(default)]
    status: BTreeMap<String, String>,
    #[serde(default)]
    departments: BTreeMap<String, String>,
    #[serde(default)]
    channels: BTreeMap<String, String>,
}

/// What the columns of a foreign table mean. Values are compared without space, width and case.
#[derive(Clone, Debug)]
pub struct Mapping {
    /// What the source is called; with a report's number there it names the report.
    pub source: String,
    pub(super) zone: Option<Zone>,
    pub(super) dates: Dates,
    pub(super) as_of: Option<String>,
    columns: BTreeMap<&'static str, String>,
    pub(super) kinds: BTreeMap<String, String>,
    pub(super) leave_out: BTreeSet<String>,
    pub(super) places: BTreeMap<String, String>,
    /// Whether a state means that it is open; empty where none is named.
    pub(super) status: BTreeMap<String, bool>,
    pub(super) departments: BTreeMap<String, String>,
    pub(super) channels: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping and checks it against catalogue and places.
    ///
    /// # Errors
    /// Every fault, with the line where it is known.
    pub fn load(name: &str, text: &str, catalogue: &Editions, tree: &Tree) -> Result<Self, Vec<Fault>> {
        let entry: Entry = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.get(..at).unwrap_or(text).matches('\n').count();
            let message = error.message().replace('\n', " ");
            let remedy = "Correct the line; `lianglin grid import --help` shows a mapping".to_owned();
            vec![Fault { file: name.to_owned(), line, message, remedy }]
        })?;
        let mut check = Check { name, text, faults: Vec::new() };
        check.source(&entry);
        let columns = check.columns(&entry.columns);
        check.targets(&entry, catalogue, tree);
        let zone = entry.offset.as_deref().and_then(moment::offset);
        if let Some(offset) = entry.offset.as_ref().filter(|_| zone.is_none()) {
            check.fault(offset, format!("{offset:?} is no offset"), "Write it as +08:00");
        }
        let as_of = entry.as_of.as_deref().filter(|text| moment::written(text, entry.dates, Zone::new(0)).is_none());
        if let Some(text) = as_of {
            check.fault(text, format!("{text:?} is no moment"), "Write it as 2026-11-30 00:00");
        }
        let status = check.status(&entry.status);
        if !check.faults.is_empty() {
            return Err(check.faults);
        }
        Ok(Self {
            source: entry.source.trim().to_owned(),
            zone,
            dates: entry.dates,
            as_of: entry.as_of,
            columns,
            kinds: keyed(entry.kinds),
            leave_out: entry.leave_out.iter().map(|value| folded(value)).collect(),
            places: keyed(entry.places),
            status,
            departments: keyed(entry.departments),
            channels: keyed(entry.channels),
        })
    }

    /// The column that a folded title names.
    pub(super) fn column(&self, title: &str) -> Option<&'static str> {
        self.columns.iter().find(|(_, named)| folded(named) == title).map(|(column, _)| *column)
    }

    /// The title of a column in the table.
    pub(super) fn title(&self, column: &str) -> String {
        self.columns.get(column).cloned().unwrap_or_else(|| column.to_owned())
    }

    /// The columns without which the table is not read: all that the mapping names.
    pub(super) fn required(&self) -> Vec<&'static str> {
        self.columns.keys().copied().collect()
    }

    /// Whether the table has such a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

fn keyed(table: BTreeMap<String, String>) -> BTreeMap<String, String> {
    table.into_iter().map(|(value, meant)| (folded(&value), meant)).collect()
}

/// Collects what is wrong with a mapping.
struct Check<'m> {
    name: &'m str,
    text: &'m str,
    faults: Vec<Fault>,
}

impl Check<'_> {
    /// Adds a fault at the line where `said` stands first.
    fn fault(&mut self, said: &str, message: String, remedy: &str) {
        let line = self.text.lines().position(|line| line.contains(said)).map_or(0, |at| at + 1);
        self.faults.push(Fault { file: self.name.to_owned(), line, message, remedy: remedy.to_owned() });
    }

    fn source(&mut self, entry: &Entry) {
        let name = entry.source.trim();
        if name.is_empty() || name.chars().count() > LONGEST {
            self.fault("source", "the source has no name, or a long one".to_owned(), "Write source = \"12345-2025\"");
        }
    }

    fn columns(&mut self, written: &BTreeMap<String, String>) -> BTreeMap<&'static str, String> {
        let mut columns = BTreeMap::new();
        let mut titles = BTreeSet::new();
        for (column, title) in written {
            let Some(known) = COLUMNS.into_iter().find(|one| one == column) else {
                self.fault(
                    column,
                    format!("there is no column {column}"),
                    &format!("Name one of {}", COLUMNS.join(", ")),
                );
                continue;
            };
            if !titles.insert(folded(title)) {
                self.fault(title, format!("the title {title} is named twice"), "Name each column of the table once");
            }
            columns.insert(known, title.clone());
        }
        let missing = REQUIRED.into_iter().find(|column| !columns.contains_key(column));
        if let Some(column) = missing {
            self.fault("[columns]", format!("no column is named for {column}"), "Add it to [columns]");
        }
        let has = |column: &str| columns.contains_key(column);
        if !(has("place") || has("lat") && has("lon")) {
            let remedy = "Name the column `place`, or both `lat` and `lon`";
            self.fault("[columns]", "no column says where a report lies".to_owned(), remedy);
        }
        columns
    }

    fn targets(&mut self, entry: &Entry, catalogue: &Editions, tree: &Tree) {
        for (value, key) in entry.kinds.iter().filter(|(_, key)| catalogue.kind_ever(key).is_none()) {
            self.fault(value, format!("the catalogue has no kind {key}"), "Write it as event/0102");
        }
        for (value, place) in entry.places.iter().filter(|(_, place)| super::rows::place(tree, place).is_none()) {
            let message = format!("there is no place {place}, or there are several");
            self.fault(value, message, "Write its code of 12 digits; lianglin places find shows it");
        }
    }

    fn status(&mut self, written: &BTreeMap<String, String>) -> BTreeMap<String, bool> {
        let mut known = BTreeMap::new();
        for (value, meant) in written {
            match meant.as_str() {
                "open" => drop(known.insert(folded(value), true)),
                "closed" => drop(known.insert(folded(value), false)),
                _ => self.fault(value, format!("a report is not {meant}"), "Write open or closed"),
            }
        }
        known
    }
}
