//! Reading a procedure from TOML: the shape of the file, and the line of everything in it.

use super::{Action, By, Choice, ClockState, Fault, Need, NeedKind, Notify, Procedure, State, Waits, check};
use crate::calendar::Limit;
use crate::case::Outcome;
use crate::language::Bilingual;
use crate::permission::Permission;
use crate::place::Level;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProcedure {
    name: Spanned<String>,
    version: Spanned<i64>,
    #[serde(default)]
    title: RawTitle,
    #[serde(default)]
    start: Vec<Spanned<String>>,
    #[serde(default)]
    states: BTreeMap<Spanned<String>, RawState>,
    #[serde(default)]
    actions: BTreeMap<Spanned<String>, RawAction>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct RawTitle {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawState {
    #[serde(default)]
    title: RawTitle,
    clock: ClockState,
    ground: Option<String>,
    #[serde(default)]
    terminal: bool,
    waits_for: Waits,
    office: Option<Level>,
    at_least: Option<Limit>,
    outcome: Option<Outcome>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a word of the language of procedures")]
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAction {
    #[serde(default)]
    title: RawTitle,
    #[serde(default)]
    from: Vec<Spanned<String>>,
    to: Spanned<String>,
    permission: Option<Spanned<String>>,
    by: Option<By>,
    #[serde(default)]
    needs: Vec<Spanned<RawNeed>>,
    #[serde(default)]
    starts_clock: bool,
    #[serde(default)]
    notify: Vec<Notify>,
    #[serde(default)]
    after_wait: bool,
    #[serde(default)]
    primary: bool,
    #[serde(default)]
    in_bulk: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNeed {
    name: String,
    kind: RawKind,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    title: RawTitle,
    #[serde(default)]
    options: Vec<RawChoice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChoice {
    code: String,
    #[serde(default)]
    title: RawTitle,
    #[serde(default)]
    one_by_one: bool,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RawKind {
    Text,
    Reason,
    Date,
    Choice,
    Papers,
}

/// Finds lines and collects faults while a file is read and checked.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    lines: BTreeMap<String, usize>,
    /// What was found so far.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, lines: BTreeMap::new(), faults: Vec::new() }
    }

    fn line_at(&self, byte: usize) -> usize {
        1 + self.text.bytes().take(byte).filter(|each| *each == b'\n').count()
    }

    /// Remembers the line of a thing under a key such as `state.handling` or `action.grant.to`.
    fn note(&mut self, key: impl Into<String>, byte: usize) {
        let line = self.line_at(byte);
        self.lines.entry(key.into()).or_insert(line);
    }

    /// Notes a fault at the line of the thing with that key.
    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let line = self.lines.get(key).copied().unwrap_or(1);
        self.push(line, message.into(), remedy.into());
    }

    fn push(&mut self, line: usize, message: String, remedy: String) {
        self.faults.push(Fault { file: self.file.to_owned(), line, message, remedy });
    }
}

/// Reads a procedure from TOML and checks it.
///
/// # Errors
/// Every fault found, in the order of lines, with file, line and remedy. What is no TOML of this shape ends at its first fault.
pub fn load(file: &str, text: &str) -> Result<Procedure, Vec<Fault>> {
    let mut reader = Reader::new(file, text);
    let raw = match toml::from_str::<RawProcedure>(text) {
        Ok(raw) => raw,
        Err(error) => {
            let line = error.span().map_or(1, |span| reader.line_at(span.start));
            let remedy = "Write it as the other files in data/procedures have it".to_owned();
            reader.push(line, error.message().trim_end_matches('.').to_owned(), remedy);
            return Err(reader.faults);
        }
    };
    let procedure = reader.procedure(raw);
    check::check(&procedure, &mut reader);
    if reader.faults.is_empty() {
        return Ok(procedure);
    }
    reader.faults.sort_by_key(|fault| fault.line);
    Err(reader.faults)
}

impl Reader<'_> {
    fn procedure(&mut self, raw: RawProcedure) -> Procedure {
        self.note("name", raw.name.span().start);
        self.note("version", raw.version.span().start);
        for name in &raw.start {
            self.note("start", name.span().start);
            self.note(format!("start.{}", name.get_ref()), name.span().start);
        }
        let state_order = order(&raw.states);
        let action_order = order(&raw.actions);
        let mut states = BTreeMap::new();
        for (name, raw) in raw.states {
            self.note(format!("state.{}", name.get_ref()), name.span().start);
            let order = state_order.get(&name.span().start).copied().unwrap_or_default();
            states.insert(name.into_inner(), state(raw, order));
        }
        let mut actions = BTreeMap::new();
        for (name, raw) in raw.actions {
            self.note(format!("action.{}", name.get_ref()), name.span().start);
            let order = action_order.get(&name.span().start).copied().unwrap_or_default();
            let action = self.action(name.get_ref(), raw, order);
            actions.insert(name.into_inner(), action);
        }
        let start = raw.start.into_iter().map(Spanned::into_inner).collect();
        let title = title(raw.title);
        Procedure { name: raw.name.into_inner(), version: raw.version.into_inner(), title, start, states, actions }
    }

    fn action(&mut self, name: &str, raw: RawAction, order: usize) -> Action {
        self.note(format!("action.{name}.to"), raw.to.span().start);
        for from in &raw.from {
            self.note(format!("action.{name}.from.{}", from.get_ref()), from.span().start);
        }
        let by = raw.by.unwrap_or(By::System);
        if raw.by.is_none() {
            let remedy = "Add `by`: applicant, counter, desk, office, supervisor or system";
            self.fault(&format!("action.{name}"), format!("nobody may take action {name:?}"), remedy);
        }
        Action {
            title: title(raw.title),
            permission: self.permission(name, by, raw.permission.as_ref()),
            from: raw.from.into_iter().map(Spanned::into_inner).collect(),
            to: raw.to.into_inner(),
            by,
            needs: raw.needs.into_iter().map(|need| self.need(name, need)).collect(),
            starts_clock: raw.starts_clock,
            notify: raw.notify,
            after_wait: raw.after_wait,
            primary: raw.primary,
            in_bulk: raw.in_bulk,
            order,
        }
    }

    fn permission(&mut self, action: &str, by: By, raw: Option<&Spanned<String>>) -> Permission {
        let fallback = by.permissions().first().copied().unwrap_or(Permission::CaseHandle);
        let allowed: Vec<&str> = by.permissions().iter().map(|permission| permission.as_str()).collect();
        let Some(text) = raw else {
            if allowed.len() > 1 {
                let message = format!("nobody may take action {action:?}: it names no permission");
                let remedy = format!("Add `permission`: one of {}", allowed.join(", "));
                self.fault(&format!("action.{action}"), message, remedy);
            }
            return fallback;
        };
        let key = format!("action.{action}.permission");
        self.note(&key, text.span().start);
        let permission = Permission::find(text.get_ref(), Permission::ALL);
        match permission.filter(|permission| by.permissions().contains(permission)) {
            Some(permission) => permission,
            None if permission.is_none() => {
                let message = format!("action {action:?} asks for {:?}, which is no permission", text.get_ref());
                self.fault(&key, message, format!("Write one of {}", allowed.join(", ")));
                fallback
            }
            None => {
                let message = format!("action {action:?} is taken by {} but asks for {}", by.code(), text.get_ref());
                let remedy = if allowed.is_empty() {
                    "Remove `permission`: the platform needs none".to_owned()
                } else {
                    format!("Write one of {}, or change `by`", allowed.join(", "))
                };
                self.fault(&key, message, remedy);
                fallback
            }
        }
    }

    fn need(&mut self, action: &str, raw: Spanned<RawNeed>) -> Need {
        let start = raw.span().start;
        let raw = raw.into_inner();
        let key = format!("action.{action}.need.{}", raw.name);
        self.note(&key, start);
        if raw.kind != RawKind::Choice && !raw.options.is_empty() {
            let message = format!("need {:?} of action {action:?} has options but is no choice", raw.name);
            self.fault(&key, message, "Write `kind = \"choice\"`, or remove the options");
        }
        let options = raw.options.into_iter().map(|option| Choice {
            code: option.code,
            title: title(option.title),
            one_by_one: option.one_by_one,
        });
        let kind = match raw.kind {
            RawKind::Text => NeedKind::Text,
            RawKind::Reason => NeedKind::Reason,
            RawKind::Date => NeedKind::Date,
            RawKind::Choice => NeedKind::Choice { options: options.collect() },
            RawKind::Papers => NeedKind::Papers,
        };
        Need { name: raw.name, kind, required: raw.required, title: title(raw.title) }
    }
}

/// The position in the file of each name, by the byte it starts at.
fn order<T>(named: &BTreeMap<Spanned<String>, T>) -> BTreeMap<usize, usize> {
    let mut starts: Vec<usize> = named.keys().map(|name| name.span().start).collect();
    starts.sort_unstable();
    starts.into_iter().enumerate().map(|(order, start)| (start, order)).collect()
}

fn title(raw: RawTitle) -> Bilingual {
    Bilingual { zh: raw.zh, en: raw.en }
}

fn state(raw: RawState, order: usize) -> State {
    State {
        title: title(raw.title),
        clock: raw.clock,
        ground: raw.ground,
        terminal: raw.terminal,
        waits_for: raw.waits_for,
        office: raw.office,
        at_least: raw.at_least,
        outcome: raw.outcome,
        order,
    }
}
