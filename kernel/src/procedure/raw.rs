//! The shape of a procedure's file, before anything is checked.

use super::{ClockState, Counts, Hand, PartyKind, Waits};
use crate::calendar::{Limit, Unit};
use crate::place::Level;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A whole file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawProcedure {
    pub name: Spanned<String>,
    pub version: Spanned<i64>,
    #[serde(default)]
    pub title: RawTitle,
    #[serde(default)]
    pub start: Vec<Spanned<String>>,
    #[serde(default)]
    pub parties: BTreeMap<Spanned<String>, RawParty>,
    #[serde(default)]
    pub clocks: BTreeMap<Spanned<String>, RawClock>,
    #[serde(default)]
    pub outcomes: BTreeMap<Spanned<String>, RawEnding>,
    #[serde(default)]
    pub states: BTreeMap<Spanned<String>, RawState>,
    #[serde(default)]
    pub actions: BTreeMap<Spanned<String>, RawAction>,
}

/// A title in both languages.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawTitle {
    pub zh: String,
    pub en: String,
}

/// A role.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawParty {
    #[serde(default)]
    pub title: RawTitle,
    pub kind: RawKinds,
    #[serde(default = "one")]
    pub min: u32,
    pub max: Option<u32>,
    #[serde(default)]
    pub sealed: bool,
    #[serde(default)]
    pub must_consent: bool,
}

const fn one() -> u32 {
    1
}

/// One kind of party or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "record, account, unit, organisation or nobody, or a list of them")]
pub(super) enum RawKinds {
    One(PartyKind),
    Several(Vec<PartyKind>),
}

/// A clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawClock {
    #[serde(default)]
    pub title: RawTitle,
    pub limit: RawLimit,
    #[serde(default)]
    pub optional: bool,
}

/// A word or a table.
#[derive(Deserialize)]
#[serde(untagged, expecting = "\"item\", \"given\", { rule = \"…\" } or { amount = 1, unit = \"working_day\" }")]
pub(super) enum RawLimit {
    Word(RawFrom),
    Table(RawAmount),
}

/// Where a limit comes from that stands neither in the file nor in the rulebook.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawFrom {
    Item,
    Given,
}

/// A rule, or an amount and its unit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAmount {
    pub rule: Option<String>,
    pub amount: Option<u32>,
    pub unit: Option<Unit>,
}

/// An outcome.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnding {
    #[serde(default)]
    pub title: RawTitle,
    pub counts: Counts,
}

/// A state.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawState {
    #[serde(default)]
    pub title: RawTitle,
    pub clock: ClockState,
    #[serde(default)]
    pub clocks: BTreeMap<String, ClockState>,
    pub ground: Option<String>,
    #[serde(default)]
    pub terminal: bool,
    pub waits_for: Waits,
    pub office: Option<Level>,
    pub at_least: Option<Limit>,
    pub latest: Option<RawLatest>,
    pub outcome: Option<String>,
}

/// How long a state lasts at most.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLatest {
    pub rule: Option<String>,
    pub amount: Option<u32>,
    pub unit: Option<Unit>,
    pub until: Option<String>,
    pub then: Option<String>,
}

/// An action.
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the language of procedures")]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAction {
    #[serde(default)]
    pub title: RawTitle,
    pub done: Option<RawTitle>,
    #[serde(default)]
    pub from: Vec<Spanned<String>>,
    pub to: Spanned<String>,
    pub permission: Option<Spanned<String>>,
    pub by: Option<Spanned<String>>,
    #[serde(default)]
    pub needs: Vec<Spanned<RawNeed>>,
    #[serde(default)]
    pub starts_clock: bool,
    #[serde(default)]
    pub notify: Vec<Spanned<String>>,
    #[serde(default)]
    pub after_wait: bool,
    #[serde(default)]
    pub primary: bool,
    #[serde(default)]
    pub in_bulk: bool,
    #[serde(default)]
    pub not_by: Vec<String>,
    #[serde(default)]
    pub not_by_unit: bool,
    #[serde(default)]
    pub consent: Vec<String>,
    #[serde(default)]
    pub gives_consent: bool,
    #[serde(default)]
    pub withdraws_consent: bool,
    #[serde(default)]
    pub asks_consent: bool,
    #[serde(default)]
    pub voids_consent: Vec<String>,
    #[serde(default)]
    pub leaves: BTreeMap<String, String>,
    pub joins: Option<RawJoins>,
    pub not_before: Option<RawNotBefore>,
    pub returns_at_most: Option<RawMost>,
    #[serde(default)]
    pub escalates: bool,
    #[serde(default)]
    pub descends: bool,
    pub hands_to: Option<String>,
    #[serde(default)]
    pub unassigned: bool,
    pub hand: Option<Hand>,
    #[serde(default)]
    pub together: bool,
    pub asks_for: Option<String>,
    #[serde(default)]
    pub starts: Vec<String>,
    #[serde(default)]
    pub stops: Vec<String>,
    pub ground: Option<String>,
    #[serde(default)]
    pub ends: Vec<String>,
    pub extends: Option<RawExtends>,
    pub limit_by: Option<RawLimitBy>,
}

/// A clock whose limit an answer chooses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimitBy {
    pub clock: String,
    pub need: String,
}

/// Who joins, by the names of two answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJoins {
    pub role: String,
    pub who: String,
}

/// The name of an answer, or a limit.
#[derive(Deserialize)]
#[serde(untagged, expecting = "the name of a date, { rule = \"…\" } or { amount = 1, unit = \"calendar_day\" }")]
pub(super) enum RawNotBefore {
    Day(String),
    After(RawAmount),
}

/// How often an action may be taken.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMost {
    pub times: u32,
    pub then: Option<String>,
    #[serde(default)]
    pub only_then: bool,
}

/// More time for a clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExtends {
    pub clock: Option<String>,
    pub at_most: u32,
    #[serde(default)]
    pub never_overdue: bool,
}

/// A need.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNeed {
    pub name: String,
    pub kind: RawKind,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub title: RawTitle,
    #[serde(default)]
    pub options: Vec<RawChoice>,
    pub least: Option<i64>,
    pub most: Option<i64>,
}

/// An option of a choice.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChoice {
    pub code: String,
    #[serde(default)]
    pub title: RawTitle,
    #[serde(default)]
    pub one_by_one: bool,
}

/// The kind of a need.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawKind {
    Text,
    Reason,
    Date,
    Choice,
    Number,
    Money,
    Place,
    Point,
    Files,
    Papers,
    Person,
    Unit,
    Case,
    Consent,
}
