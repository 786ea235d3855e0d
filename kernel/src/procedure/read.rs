//! Reading a procedure from TOML: what its words mean, and the line of everything in it.

use super::amounts::Measures;
use super::raw::{
    RawAction, RawAmount, RawClock, RawEnding, RawExtends, RawFrom, RawKind, RawKinds, RawLatest, RawLimit, RawNeed,
    RawNotBefore, RawParty, RawProcedure, RawState, RawTitle,
};
use super::reader::Reader;
use super::{
    Action, By, Choice, ClockRule, Counts, Ending, Extension, Fault, Joins, Latest, LimitBy, LimitRule, Most, Need,
    NeedKind, NotBefore, Notify, PartyRule, Procedure, State, StateLimit, check,
};
use crate::calendar::{Limit, Unit};
use crate::case::{LEGAL, Outcome, PROMISED};
use crate::language::Bilingual;
use crate::permission::Permission;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The most that a number may be where a need says no bound.
const MOST: i64 = 1_000_000_000_000;

/// Reads a procedure from TOML and checks it.
///
/// # Errors
/// Returns every fault found, in the order of lines, with file, line and remedy. If the text is no TOML of this shape,
/// it returns the first fault alone.
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
        let parties = self.named("party", raw.parties, |_, _, raw, order| party(raw, order));
        let clocks = self.named("clock", raw.clocks, Self::clock);
        let outcomes = self.named("outcome", raw.outcomes, |_, _, raw, order| ending(raw, order));
        let states = self.named("state", raw.states, Self::state);
        let roles: Vec<&str> = parties.keys().map(String::as_str).collect();
        let only = only_clock(&clocks);
        let actions = self.actions(raw.actions, &roles, only);
        let mut procedure = Procedure {
            name: raw.name.into_inner(),
            version: raw.version.into_inner(),
            title: title(raw.title),
            start: raw.start.into_iter().map(Spanned::into_inner).collect(),
            clocks: if clocks.is_empty() { counter_clocks() } else { clocks },
            outcomes: if outcomes.is_empty() { counter_outcomes() } else { outcomes },
            parties,
            states,
            actions,
        };
        mark(&mut procedure);
        procedure
    }

    /// Reads everything of one sort with its position in the file, and remembers the lines.
    fn named<R, T>(
        &mut self,
        sort: &str,
        raw: BTreeMap<Spanned<String>, R>,
        read: impl Fn(&mut Self, &str, R, usize) -> T,
    ) -> BTreeMap<String, T> {
        let orders = order(&raw);
        let mut all = BTreeMap::new();
        for (name, raw) in raw {
            self.note(format!("{sort}.{}", name.get_ref()), name.span().start);
            let order = orders.get(&name.span().start).copied().unwrap_or_default();
            let one = read(self, name.get_ref().as_str(), raw, order);
            all.insert(name.into_inner(), one);
        }
        all
    }

    fn clock(&mut self, name: &str, raw: RawClock, order: usize) -> ClockRule {
        let limit = match raw.limit {
            RawLimit::Word(RawFrom::Item) => LimitRule::Item,
            RawLimit::Word(RawFrom::Given) => LimitRule::Given,
            RawLimit::Table(amount) => {
                match self.limit(&format!("clock.{name}"), &format!("clock {name:?}"), amount, Measures::Due) {
                    StateLimit::Rule(code) => LimitRule::Rule(code),
                    StateLimit::Fixed(limit) => LimitRule::Fixed(limit),
                }
            }
        };
        if raw.optional && !matches!(limit, LimitRule::Item | LimitRule::Given) {
            let message = format!("the clock {name:?} has its limit from elsewhere and cannot be optional");
            self.fault(&format!("clock.{name}"), message, "Remove `optional`, or take the limit from the item");
        }
        ClockRule { title: title(raw.title), limit, optional: raw.optional, by_steps: false, order }
    }

    /// A rule, or an amount with its unit: one of them.
    fn limit(&mut self, key: &str, what: &str, raw: RawAmount, measures: Measures) -> StateLimit {
        match (raw.rule, raw.amount, raw.unit) {
            (Some(code), None, None) => StateLimit::Rule(code),
            (None, Some(amount), Some(unit)) => {
                let limit = Limit::new(amount, unit);
                self.amount(key, what, limit, measures);
                StateLimit::Fixed(limit)
            }
            _ => {
                let remedy = "Write either `rule`, or `amount` and `unit`";
                self.fault(key, format!("{what} has no limit that can be counted"), remedy);
                StateLimit::Fixed(Limit::new(0, Unit::CalendarDay))
            }
        }
    }

    fn latest(&mut self, name: &str, raw: RawLatest) -> Latest {
        let amount = RawAmount { rule: raw.rule, amount: raw.amount, unit: raw.unit };
        let what = format!("the end of state {name:?}");
        let limit = self.limit(&format!("state.{name}"), &what, amount, Measures::Due);
        Latest { limit, until: raw.until, then: raw.then }
    }

    fn state(&mut self, name: &str, raw: RawState, order: usize) -> State {
        if let Some(limit) = raw.at_least {
            let what = format!("the least time of state {name:?}");
            self.amount(&format!("state.{name}"), &what, limit, Measures::Wait);
        }
        State {
            title: title(raw.title),
            clock: raw.clock,
            clocks: raw.clocks,
            ground: raw.ground,
            terminal: raw.terminal,
            waits_for: raw.waits_for,
            office: raw.office,
            at_least: raw.at_least,
            latest: raw.latest.map(|latest| self.latest(name, latest)),
            outcome: raw.outcome,
            order,
        }
    }

    fn actions(
        &mut self,
        raw: BTreeMap<Spanned<String>, RawAction>,
        roles: &[&str],
        only: Option<&str>,
    ) -> BTreeMap<String, Action> {
        self.named("action", raw, |reader, name, mut raw, order| {
            let by = reader.by(name, raw.from.is_empty(), raw.by.take(), roles);
            let extends = raw.extends.take().map(|extends| reader.extension(name, extends, only));
            let not_before = raw.not_before.take().map(|day| reader.not_before(name, day));
            let notify = reader.notify(name, std::mem::take(&mut raw.notify), roles);
            Action { notify, not_before, extends, ..reader.action(name, raw, by, order) }
        })
    }

    fn by(&mut self, name: &str, opens: bool, raw: Option<Spanned<String>>, roles: &[&str]) -> By {
        let remedy = takers(opens, roles);
        let Some(word) = raw else {
            let message = format!("nobody may take action {name:?}");
            self.fault(&format!("action.{name}"), message, format!("Add `by`. {remedy}"));
            self.note_no_taker(name);
            return By::System;
        };
        let key = format!("action.{name}.by");
        self.note(&key, word.span().start);
        By::read(word.get_ref(), roles.iter().copied()).unwrap_or_else(|| {
            let message = format!("action {name:?} is taken by {:?}, who is nobody here", word.get_ref());
            self.fault(&key, message, remedy);
            self.note_no_taker(name);
            By::System
        })
    }

    fn notify(&mut self, name: &str, raw: Vec<Spanned<String>>, roles: &[&str]) -> Vec<Notify> {
        let mut told = Vec::new();
        for word in raw {
            let key = format!("action.{name}.notify.{}", word.get_ref());
            self.note(&key, word.span().start);
            if let Some(notify) = Notify::read(word.get_ref(), roles.iter().copied()) {
                told.push(notify);
            } else {
                let message = format!("action {name:?} tells {:?}, who is nobody here", word.get_ref());
                let known: Vec<&str> = ["applicant", "counter", "office"].iter().chain(roles).copied().collect();
                self.fault(&key, message, format!("Write one of {}, or add a role to [parties]", known.join(", ")));
            }
        }
        told
    }

    fn not_before(&mut self, name: &str, raw: RawNotBefore) -> NotBefore {
        match raw {
            RawNotBefore::Day(day) => NotBefore::Day(day),
            RawNotBefore::After(amount) => {
                let what = format!("the day that action {name:?} waits for");
                NotBefore::After(self.limit(&format!("action.{name}"), &what, amount, Measures::Wait))
            }
        }
    }

    fn extension(&mut self, name: &str, raw: RawExtends, only: Option<&str>) -> Extension {
        let clock = raw.clock.or_else(|| only.map(str::to_owned)).unwrap_or_else(|| {
            let message = format!("action {name:?} extends a clock without saying which");
            self.fault(&format!("action.{name}"), message, "Add `clock` to `extends`");
            String::new()
        });
        Extension { clock, at_most: raw.at_most, never_overdue: raw.never_overdue }
    }

    fn action(&mut self, name: &str, raw: RawAction, by: By, order: usize) -> Action {
        self.note(format!("action.{name}.to"), raw.to.span().start);
        for from in &raw.from {
            self.note(format!("action.{name}.from.{}", from.get_ref()), from.span().start);
        }
        Action {
            title: title(raw.title),
            done: raw.done.map(title),
            permission: self.permission(name, &by, raw.permission.as_ref()),
            from: raw.from.into_iter().map(Spanned::into_inner).collect(),
            to: raw.to.into_inner(),
            by,
            needs: raw.needs.into_iter().map(|need| self.need(name, need)).collect(),
            starts_clock: raw.starts_clock,
            notify: Vec::new(),
            after_wait: raw.after_wait,
            primary: raw.primary,
            in_bulk: raw.in_bulk,
            not_by: raw.not_by,
            not_by_unit: raw.not_by_unit,
            consent: raw.consent,
            gives_consent: raw.gives_consent,
            withdraws_consent: raw.withdraws_consent,
            asks_consent: raw.asks_consent,
            voids_consent: raw.voids_consent,
            leaves: raw.leaves,
            joins: raw.joins.map(|joins| Joins { role: joins.role, who: joins.who }),
            not_before: None,
            returns_at_most: raw.returns_at_most.map(|most| Most {
                times: most.times,
                then: most.then,
                only_then: most.only_then,
            }),
            escalates: raw.escalates,
            descends: raw.descends,
            hands_to: raw.hands_to,
            unassigned: raw.unassigned,
            hand: raw.hand,
            together: raw.together,
            asks_for: raw.asks_for,
            starts: raw.starts,
            stops: raw.stops,
            ground: raw.ground,
            ends: raw.ends,
            extends: None,
            limit_by: raw.limit_by.map(|by| LimitBy { clock: by.clock, need: by.need }),
            watched: false,
            order,
        }
    }

    fn permission(&mut self, action: &str, by: &By, raw: Option<&Spanned<String>>) -> Permission {
        let fallback = by.permissions().first().copied().unwrap_or(Permission::CaseHandle);
        if !self.knows_taker(action) {
            return fallback;
        }
        let allowed: Vec<&str> = by.permissions().iter().map(|permission| permission.as_str()).collect();
        let Some(text) = raw else {
            if allowed.len() > 1 && !matches!(by, By::Party(_)) {
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
        if raw.kind != RawKind::Number && (raw.least.is_some() || raw.most.is_some()) {
            let message = format!("need {:?} of action {action:?} has bounds but is no number", raw.name);
            self.fault(&key, message, "Write `kind = \"number\"`, or remove `least` and `most`");
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
            RawKind::Number => NeedKind::Number { least: raw.least.unwrap_or(0), most: raw.most.unwrap_or(MOST) },
            RawKind::Money => NeedKind::Money,
            RawKind::Place => NeedKind::Place,
            RawKind::Point => NeedKind::Point,
            RawKind::Files => NeedKind::Files,
            RawKind::Papers => NeedKind::Papers,
            RawKind::Person => NeedKind::Person,
            RawKind::Unit => NeedKind::Unit,
            RawKind::Case => NeedKind::Case,
            RawKind::Consent => NeedKind::Consent,
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

fn party(raw: RawParty, order: usize) -> PartyRule {
    let kinds = match raw.kind {
        RawKinds::One(kind) => vec![kind],
        RawKinds::Several(kinds) => kinds,
    };
    PartyRule {
        title: title(raw.title),
        kinds,
        min: raw.min,
        max: raw.max,
        sealed: raw.sealed,
        must_consent: raw.must_consent,
        order,
    }
}

fn ending(raw: RawEnding, order: usize) -> Ending {
    Ending { title: title(raw.title), counts: raw.counts, order }
}

/// What may stand in `by`: who may open a case, or who may take a step in it.
fn takers(opens: bool, roles: &[&str]) -> String {
    let all = By::ALL;
    let mut names: Vec<&str> = all.iter().filter(|by| !opens || by.opens()).map(By::code).collect();
    let own = roles.iter().filter(|role| !all.iter().any(|by| by.code() == **role));
    names.extend(own.copied());
    format!("Write one of {}, or add a role to [parties]", names.join(", "))
}

/// The clock that is meant where there is one alone.
fn only_clock(clocks: &BTreeMap<String, ClockRule>) -> Option<&str> {
    let mut names = clocks.keys();
    names.next().filter(|_| names.next().is_none()).map(String::as_str)
}

/// The two clocks of the counter, whose limits come from the item.
fn counter_clocks() -> BTreeMap<String, ClockRule> {
    let clock = |(order, (name, zh, en)): (usize, (&str, &str, &str))| {
        let title = Bilingual::new(zh, en);
        (name.to_owned(), ClockRule { title, limit: LimitRule::Item, optional: false, by_steps: false, order })
    };
    [(PROMISED, "承诺时限", "Promised limit"), (LEGAL, "法定时限", "Statutory limit")]
        .into_iter()
        .enumerate()
        .map(clock)
        .collect()
}

/// The four outcomes of the counter.
fn counter_outcomes() -> BTreeMap<String, Ending> {
    let known = [
        (Outcome::Granted, "批准", "Approved", Counts::Done),
        (Outcome::Refused, "不批准", "Refused", Counts::NotDone),
        (Outcome::Withdrawn, "撤回", "Withdrawn", Counts::GivenUp),
        (Outcome::NotAccepted, "不受理", "Not accepted", Counts::NotDone),
    ];
    let ending = |(order, (outcome, zh, en, counts)): (usize, (Outcome, &str, &str, Counts))| {
        (outcome.code().to_owned(), Ending { title: Bilingual::new(zh, en), counts, order })
    };
    known.into_iter().enumerate().map(ending).collect()
}

/// Marks what other words of the file ask about: actions that are asked about again, clocks that steps start.
fn mark(procedure: &mut Procedure) {
    let asked: BTreeSet<String> = procedure.actions.values().flat_map(|action| action.not_by.iter().cloned()).collect();
    let started: BTreeSet<String> =
        procedure.actions.values().flat_map(|action| action.starts.iter().cloned()).collect();
    for (name, action) in &mut procedure.actions {
        action.watched = action.returns_at_most.is_some() || asked.contains(name);
    }
    for (name, clock) in &mut procedure.clocks {
        clock.by_steps = started.contains(name);
    }
}
