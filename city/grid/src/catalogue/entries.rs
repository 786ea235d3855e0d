//! The files of the catalogue as they are written.

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use kernel::place::Level;
use serde::Deserialize;
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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SystemEntry {
    pub code: String,
    pub name: Bilingual,
    pub digits: u32,
    pub first: FirstEntry,
    #[serde(default)]
    pub provisional: bool,
    pub source: Bilingual,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FirstEntry {
    Owner,
    Territory,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BigEntry {
    pub code: String,
    pub name: Bilingual,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KindEntry {
    pub code: String,
    pub name: Bilingual,
    pub unit: String,
    pub set: Option<String>,
    #[serde(default)]
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

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConditionEntry {
    pub code: String,
    pub when: Bilingual,
    pub closes: Bilingual,
    pub limit: String,
    #[serde(default)]
    pub milestones: Vec<MilestoneEntry>,
    #[serde(default)]
    pub by_severity: BTreeMap<String, String>,
    #[serde(default)]
    pub by_area: BTreeMap<String, String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub stop: Option<StopEntry>,
    pub photo: Option<Bilingual>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MilestoneEntry {
    pub code: String,
    pub name: Bilingual,
    pub limit: String,
}

#[derive(Clone, Deserialize)]
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
    #[serde(default = "district")]
    pub level: Level,
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
    pub services: Vec<Bilingual>,
}
