//! The files of the catalogue as they are written, and as a city's own sheet is written down.

use std::collections::BTreeMap;

use hall::Fault;
use kernel::language::Bilingual;
use kernel::place::Level;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// Any file of the catalogue: which tables it holds is its own affair.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub system: Option<SystemEntry>,
    #[serde(default)]
    pub big: Vec<Spanned<BigEntry>>,
    #[serde(default)]
    pub kind: Vec<Spanned<KindEntry>>,
    #[serde(default)]
    pub set: Vec<Spanned<SetEntry>>,
    #[serde(default)]
    pub unit: Vec<Spanned<UnitEntry>>,
    #[serde(default)]
    pub category: Vec<Spanned<CategoryEntry>>,
    #[serde(default)]
    pub left_out: Vec<LeftOutEntry>,
    #[serde(default)]
    pub danger: Vec<Spanned<DangerEntry>>,
    #[serde(default)]
    pub hedges: Vec<String>,
    #[serde(default)]
    pub fears: Vec<String>,
    #[serde(default)]
    pub denials: Vec<String>,
    #[serde(default)]
    pub no_longer: Vec<String>,
    #[serde(default)]
    pub doubts: Vec<String>,
    #[serde(default)]
    pub persons: Vec<String>,
    #[serde(default)]
    pub area: Vec<Spanned<AreaEntry>>,
}

/// A file with one system of codes and everything that it numbers.
#[derive(Serialize)]
pub(super) struct Written {
    pub system: SystemEntry,
    pub big: Vec<BigEntry>,
    pub kind: Vec<KindEntry>,
}

impl Written {
    /// The text of the file.
    ///
    /// # Errors
    /// It cannot be written. An empty text would be a file that takes everything out of the catalogue.
    pub fn text(&self) -> Result<String, Fault> {
        toml::to_string(self).map_err(|fault| Fault::Broken(format!("a sheet cannot be written as a file: {fault}")))
    }
}

/// The system of codes that a file holds, if it holds one.
pub(super) fn system_of(text: &str) -> Option<String> {
    toml::from_str::<File>(text).ok()?.system.map(|system| system.code)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AreaEntry {
    pub class: String,
    pub places: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeftOutEntry {
    pub words: Vec<String>,
    pub why: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DangerEntry {
    pub code: String,
    pub call: Vec<String>,
    pub say: Bilingual,
    #[serde(default)]
    pub means: Vec<String>,
    pub words: Vec<String>,
    #[serde(default)]
    pub unless: Vec<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SystemEntry {
    pub code: String,
    pub name: Bilingual,
    pub digits: u32,
    pub first: FirstEntry,
    pub from: String,
    #[serde(default)]
    pub provisional: bool,
    pub source: Bilingual,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FirstEntry {
    Owner,
    Territory,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BigEntry {
    pub code: String,
    pub name: Bilingual,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindEntry {
    pub code: String,
    pub name: Bilingual,
    pub unit: String,
    pub first: Option<FirstEntry>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub supervisor: String,
    pub set: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    #[serde(default)]
    pub condition: Vec<ConditionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetEntry {
    pub code: String,
    pub source: Option<Bilingual>,
    pub condition: Vec<ConditionEntry>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionEntry {
    pub code: String,
    pub when: Bilingual,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    pub closes: Bilingual,
    pub limit: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<MilestoneEntry>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_severity: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub by_area: BTreeMap<String, String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub stop: Option<StopEntry>,
    pub photo: Option<Bilingual>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MilestoneEntry {
    pub code: String,
    pub name: Bilingual,
    pub limit: String,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopEntry {
    pub call: Vec<String>,
    pub say: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UnitEntry {
    pub code: String,
    pub name: Bilingual,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default = "district")]
    pub level: Level,
    #[serde(default)]
    pub last: bool,
}

const fn district() -> Level {
    Level::District
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryEntry {
    pub code: String,
    pub name: Bilingual,
    #[serde(default)]
    pub provisional: bool,
    /// Where the names of its services come from; none where they are provisional.
    pub source: Option<Bilingual>,
    pub services: Vec<Bilingual>,
}
