//! This file leads one case from opening to closing. The kernel itself signs and decides every step, and nothing is
//! copied from another case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cases::records::Derived;
use counter::{Answers, Arrival};
use kernel::calendar::{Calendar, Unit};
use kernel::case::{
    Acting, Case, CaseId, Command, Holder, LateReason, Moment, Outcome, Party, Recorded, Relation, asks, decide, sign,
};
use kernel::figure::{Amounts, Cell};
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use kernel::procedure::{Action, By, NeedKind, Procedure, Waits};
use kernel::time::{Instant, date_plus_days};
use lianglin::City;
use lianglin::demonstration::{Invented, Seed};
use store::log::{BEGINNING, Entry, hash};
use uuid::Uuid;
use vault::NewRecord;

use super::plan::{Plan, Plans};
use super::text;

/// Limits the steps of a case. No way to the end has more, even with a detour.
const MOST_STEPS: usize = 12;
/// Says how many of a hundred steps ask for corrections.
const CORRECTIONS: usize = 4;
/// Says how many of a hundred decisions refuse.
const REFUSALS: usize = 4;
/// Says how many of a hundred cases are slow.
const SLOW: usize = 6;
/// Says how many of a hundred closed cases are rated.
const RATED: usize = 35;
/// Says how many of a hundred late cases have a reason.
const EXPLAINED: usize = 70;
/// Lists the scores with which they are rated.
const SCORES: [u8; 12] = [5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 2, 1];
/// Says how many days pass over a public notice. No notice lasts longer.
const NOTICE_DAYS: i64 = 20;

/// A case in the form in which it is loaded.
pub struct Lived {
    /// The fold of its events.
    pub case: Case,
    /// What the row holds beside it.
    pub derived: Derived,
    /// The applicant.
    pub record: NewRecord,
    /// Whether her data were kept as long as the rulebook says and are now erased.
    pub is_erased: bool,
    /// Its events as a chain.
    pub entries: Vec<Entry>,
    /// What it counts for.
    pub cells: BTreeMap<Cell, Amounts>,
}

/// Holds what all cases share.
pub struct World {
    /// The city.
    pub city: Arc<City>,
    /// The working calendar.
    pub calendar: Arc<Calendar>,
    /// The cases that will be loaded.
    pub plans: Arc<Plans>,
}

struct Life<'w> {
    world: &'w World,
    procedure: &'w Procedure,
    id: CaseId,
    case: Option<Case>,
    recorded: Vec<Recorded>,
    cells: BTreeMap<Cell, Amounts>,
}

impl World {
    /// Leads one case through its life.
    pub fn live(&self, plan: &Plan, seed: &mut Seed) -> Result<Lived, String> {
        let item = self.plans.items.get(plan.item).ok_or("no such item")?;
        let procedure = self.city.cases.procedure(&item.procedure).map_err(text)?;
        let (mut record, mut command, opener) = self.opening(plan, seed)?;
        let id = CaseId(id_at(plan.opened, seed));
        record.id = id_at(plan.opened, seed);
        if let Command::Open(opening) = &mut command {
            let applicant = Party::new(Holder::Record(record.id));
            opening.parties.insert("applicant".to_owned(), vec![applicant]);
            opening.limits = self.city.cases.limits_of(procedure, &opening.place, plan.opened).map_err(text)?;
        }
        let mut life = Life { world: self, procedure, id, case: None, recorded: Vec::new(), cells: BTreeMap::new() };
        let relation = Relation::applicant(opener.kind != ActorKind::Staff);
        if !life.take(&command, &opener, relation, plan.opened)? {
            return Err(format!("{} cannot be opened", item.code));
        }
        let days = if item.promised.unit == Unit::WorkingHour { 1 } else { item.promised.amount };
        if plan.stays_open {
            life.some_steps(seed, days)?;
        } else {
            life.until_the_end(seed, days)?;
        }
        life.explain(seed)?;
        let (Some(case), recorded) = (life.case, life.recorded) else { return Err("no case".to_owned()) };
        let mut lived = self.lived(case, &recorded, record)?;
        lived.cells = life.cells;
        Ok(lived)
    }

    /// Returns the command that opens the case, the actor, and the applicant who is sealed.
    fn opening(&self, plan: &Plan, seed: &mut Seed) -> Result<(NewRecord, Command, Actor), String> {
        let plans = &self.plans;
        let item = plans.items.get(plan.item).ok_or("no such item")?;
        let residence = plans.communities.get(plan.residence).ok_or("no such community")?;
        let code = plans.codes.get(plan.residence).map(String::as_str).unwrap_or_default();
        let answers = answers(&Invented::next(seed, code), residence);
        let today = kernel::time::Date::constant(2026, 1, 1);
        let application = counter::application(item, &answers, Some(residence), today)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let counter = plan.counter.and_then(|counter| plans.communities.get(counter)).cloned();
        let papers = item.materials.iter().map(|material| material.code.clone()).collect();
        let actor = counter.as_ref().map_or_else(Actor::nobody, |counter| self.staff(seed, counter, None));
        let arrival = Arrival { counter, papers, once: String::new() };
        let new = self.city.counter.new_case(item, application, &arrival, &actor, plan.opened).map_err(text)?;
        let opening = kernel::case::Opening { number: plans.number(plan)?, ..new.opening };
        let record = new.records.into_iter().next().ok_or("nobody is sealed")?;
        Ok((record, Command::Open(Box::new(opening)), actor))
    }

    /// Returns a member of staff with one post there, of the role that handles cases at that level.
    pub fn staff(&self, seed: &mut Seed, place: &PlacePath, department: Option<String>) -> Actor {
        let role = match place.level() {
            Level::City => "city_handler",
            Level::District => "district_handler",
            Level::Street => "street_handler",
            Level::Community | Level::Grid | Level::Building => "community_worker",
        };
        let found = self.city.identity.roles().get(role);
        let permissions = found.map(|found| found.permissions.clone()).unwrap_or_default();
        let grant = Grant { post: Uuid::nil(), role: role.to_owned(), place: place.clone(), department, permissions };
        let name = seed.pick(&["王晓燕", "李德顺", "赵敏", "陈国栋", "孙海燕", "周艳"]).to_owned();
        Actor { account: None, name, kind: ActorKind::Staff, grants: vec![grant] }
    }

    fn lived(&self, case: Case, recorded: &[Recorded], mut record: NewRecord) -> Result<Lived, String> {
        let procedure = self.city.cases.procedure_of(&case).map_err(text)?;
        let state = procedure.states.get(&case.state).ok_or("a state that its procedure does not have")?;
        let last = recorded.last().map_or(case.opened_at, |one| one.at);
        let on = self.calendar.zone().date(last);
        let (book, place) = (&self.city.rulebook, case.residence());
        let accept = cases::words::CASE_ACCEPT_OR_TELL_MISSING;
        let accept = book.get(accept, place, on).map_err(text)?;
        let mut is_erased = false;
        if let Some(closed) = case.closed_at {
            let days = book.get(cases::words::CASE_PERSONAL_DATA_RETENTION_DAYS, place, on).map_err(text)?;
            record.retain_until = date_plus_days(self.calendar.zone().date(closed), days);
            let today = self.calendar.zone().date(self.plans.now);
            is_erased = record.retain_until.is_some_and(|until| until < today);
        }
        let desk = cases::rules::desk(procedure, &case, state);
        let turn = kernel::case::turn(procedure, &case, state);
        let lateness = cases::rules::lateness(&case, state, turn, &self.calendar, accept, last);
        let derived = Derived {
            subject: case.item().to_owned(),
            desk,
            lateness,
            person: Some(record.id),
            applicant: None,
            follow_up_by: self.city.cases.follow_up_by(&case, last).map_err(text)?,
            late: cases::rules::late_told(procedure, &case, &self.calendar, last),
        };
        let entries = chained(&case, recorded)?;
        Ok(Lived { case, derived, record, is_erased, entries, cells: BTreeMap::new() })
    }
}

impl Life<'_> {
    /// Takes one step, unless the rules refuse it.
    fn take(&mut self, command: &Command, actor: &Actor, relation: Relation, at: Instant) -> Result<bool, String> {
        let case = self.case.as_ref();
        let Ok(by) = sign(self.procedure, case, command, actor, &relation) else { return Ok(false) };
        let acting = Acting { actor, relation: &relation };
        let moment = Moment { calendar: &self.world.calendar, now: at };
        let Ok(events) = decide(self.procedure, case, command, acting, moment) else { return Ok(false) };
        let recorded: Vec<Recorded> =
            events.into_iter().map(|event| Recorded { id: self.id, at, by: by.clone(), event }).collect();
        if recorded.is_empty() {
            return Ok(false);
        }
        let (case, cells) = self.world.city.cases.folded(self.case.take(), &recorded, self.procedure).map_err(text)?;
        self.case = Some(case);
        self.recorded.extend(recorded);
        for (cell, counts) in cells {
            self.cells.entry(cell).or_default().merge(&counts.amounts());
        }
        Ok(true)
    }

    /// Takes no, one or two steps that do not end the case.
    fn some_steps(&mut self, seed: &mut Seed, days: u32) -> Result<(), String> {
        for _ in 0..seed.below(3) {
            if !self.step(seed, days, false)? {
                break;
            }
        }
        Ok(())
    }

    /// Takes step by step to the end. Then some applicants rate the case, and a poor rating is followed up.
    fn until_the_end(&mut self, seed: &mut Seed, days: u32) -> Result<(), String> {
        let days = if seed.below(100) < SLOW { days.saturating_mul(5).saturating_add(3) } else { days };
        for _ in 0..MOST_STEPS {
            if !self.step(seed, days, true)? {
                break;
            }
        }
        let closed = self.case.as_ref().is_some_and(|case| case.closed_at.is_some());
        if closed && seed.below(100) < RATED { self.rate(seed) } else { Ok(()) }
    }

    /// Lets the office say why a case is late, for most late cases. It does so a day after the last event.
    fn explain(&mut self, seed: &mut Seed) -> Result<(), String> {
        let Some(case) = self.case.as_ref() else { return Ok(()) };
        let last = self.recorded.last().map_or(case.opened_at, |one| one.at);
        let due = case.promised_due().map_or(last, |due| self.world.calendar.zone().instant(due, 0).plus_days(2));
        let at = self.world.calendar.next_working_minute(last.plus_days(1).max(due));
        let is_late = kernel::case::late_since(self.procedure, case, &self.world.calendar, at).is_some();
        if !is_late || at >= self.world.plans.now || seed.below(100) >= EXPLAINED {
            return Ok(());
        }
        let reason = LateReason::ALL.get(seed.below(LateReason::ALL.len())).copied().unwrap_or(LateReason::Hands);
        let actor = self.world.staff(seed, &case.office.place, case.office.department.clone());
        let command = Command::Explain { reason, note: "集中申请，逐件核实。".to_owned() };
        self.take(&command, &actor, Relation::default(), at).map(drop)
    }

    fn step(&mut self, seed: &mut Seed, days: u32, may_end: bool) -> Result<bool, String> {
        let Some(case) = self.case.as_ref().filter(|case| case.closed_at.is_none()) else { return Ok(false) };
        let Some((name, action)) = self.choose(seed, case) else { return Ok(false) };
        let ends = self.procedure.states.get(&action.to).is_none_or(|state| state.terminal);
        let at = self.later(seed, days, action);
        if at >= self.world.plans.now || (ends && !may_end) {
            return Ok(false);
        }
        let (command, actor, relation) = self.act(seed, case, name, action);
        self.take(&command, &actor, relation, at)
    }

    /// Chooses a step: mostly the usual one, now and then a correction or a refusal.
    fn choose(&self, seed: &mut Seed, case: &Case) -> Option<(&str, &Action)> {
        let mut actions = self.procedure.from_state(&case.state);
        actions.retain(|(_, action)| !matches!(action.by, By::Supervisor | By::System));
        let leads = |action: &Action, corrects: bool| {
            self.procedure.states.get(&action.to).is_some_and(|state| {
                let refuses = state.outcome.as_deref() == Some(Outcome::Refused.code());
                if corrects { state.waits_for == Waits::Applicant } else { refuses }
            })
        };
        let (chance, waits) = (seed.below(100), case.outcome.is_none());
        let unusual = match chance {
            _ if !waits => None,
            chance if chance < CORRECTIONS => actions.iter().find(|(_, action)| leads(action, true)),
            chance if chance < CORRECTIONS + REFUSALS => actions.iter().find(|(_, action)| leads(action, false)),
            _ => None,
        };
        let usual = || actions.iter().find(|(_, action)| action.primary).or_else(|| actions.first());
        unusual.or_else(usual).copied()
    }

    /// Returns a moment within a part of the promised time, in the working hours. For a step after a public notice, it
    /// is after the notice.
    fn later(&self, seed: &mut Seed, days: u32, action: &Action) -> Instant {
        let last = self.recorded.last().map_or(self.world.plans.now, |one| one.at);
        let span = usize::try_from(days).unwrap_or(0).saturating_mul(24 * 60 / 4).max(60);
        let minutes = i64::try_from(seed.below(span)).unwrap_or(0) + 3;
        let last = if action.after_wait { last.plus_days(NOTICE_DAYS) } else { last };
        self.world.calendar.next_working_minute(last.plus_minutes(minutes))
    }

    fn act(&self, seed: &mut Seed, case: &Case, name: &str, action: &Action) -> (Command, Actor, Relation) {
        let (fields, papers) = filled(action, case);
        let desk = || case.counter().cloned().unwrap_or_else(|| case.residence().clone());
        let place = match &action.by {
            By::Applicant => None,
            By::Counter => Some(desk()),
            By::Desk => Some(case.counter().cloned().unwrap_or_else(|| case.office.place.clone())),
            By::Office | By::Supervisor | By::System | By::Party(_) => Some(case.office.place.clone()),
        };
        let (actor, relation) = match &place {
            None => (Actor::nobody(), Relation::applicant(true)),
            Some(place) => (self.world.staff(seed, place, case.office.department.clone()), Relation::default()),
        };
        (Command::Act { action: name.to_owned(), fields, papers, counter: place, on_behalf: false }, actor, relation)
    }

    fn rate(&mut self, seed: &mut Seed) -> Result<(), String> {
        let Some(case) = self.case.as_ref() else { return Ok(()) };
        let (office, now) = (case.office.clone(), self.world.plans.now);
        let ended = case.ended_at().unwrap_or(case.opened_at);
        let score = SCORES.get(seed.below(SCORES.len())).copied().unwrap_or(5);
        let last = self.recorded.last().map_or(now, |one| one.at);
        let at = last.plus_minutes(i64::try_from(seed.below(3 * 24 * 60)).unwrap_or(0) + 5);
        let command =
            Command::Rate { score, aspects: BTreeSet::new(), comment_handle: None, until: ended.plus_days(30) };
        let applicant = Relation::applicant(true);
        if at >= now || !self.take(&command, &Actor::nobody(), applicant, at)? || score > 2 {
            return Ok(());
        }
        let at = self.world.calendar.next_working_minute(at.plus_days(2));
        if at < now {
            let actor = self.world.staff(seed, &office.place, office.department);
            let command = Command::FollowUp { answer: "已电话回访并整改。".to_owned() };
            self.take(&command, &actor, Relation::default(), at)?;
        }
        Ok(())
    }
}

/// Returns what somebody types for an invented person.
pub fn answers(person: &Invented, residence: &PlacePath) -> Answers {
    Answers {
        residence: residence.id().0.to_string(),
        residence_words: String::new(),
        name: person.name.clone(),
        resident_id: person.resident_id.clone(),
        telephone: person.telephone.clone(),
        bank_card: person.bank_card.clone(),
        address: person.address.clone(),
        ..Answers::default()
    }
}

/// Answers everything that a step asks in a case.
pub fn filled(action: &Action, case: &Case) -> (BTreeMap<String, String>, Vec<String>) {
    let (mut fields, mut papers) = (BTreeMap::new(), Vec::new());
    for need in action.needs.iter().filter(|need| asks(case, action, need)) {
        let value = match &need.kind {
            NeedKind::Text | NeedKind::Reason => "按事项目录办理".to_owned(),
            NeedKind::Date => "2026-12-01".to_owned(),
            NeedKind::Number { .. }
            | NeedKind::Money
            | NeedKind::Place
            | NeedKind::Point
            | NeedKind::Files
            | NeedKind::Person
            | NeedKind::Unit
            | NeedKind::Case
            | NeedKind::Consent => continue,
            NeedKind::Choice { options } => options.first().map(|choice| choice.code.clone()).unwrap_or_default(),
            NeedKind::Papers if case.missing().is_empty() => {
                papers = case.papers().keys().take(1).cloned().collect();
                continue;
            }
            NeedKind::Papers => {
                papers = case.missing().iter().cloned().collect();
                continue;
            }
        };
        fields.insert(need.name.clone(), value);
    }
    (fields, papers)
}

/// Returns an identity as it would be made at that moment.
pub fn id_at(at: Instant, seed: &mut Seed) -> Uuid {
    let mut chance = [0_u8; 10];
    chance.fill_with(|| u8::try_from(seed.below(256)).unwrap_or(0));
    let millis = u64::try_from(at.micros() / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

/// Returns the events as the log keeps them, each with the hash of the one before.
pub fn chained(case: &Case, recorded: &[Recorded]) -> Result<Vec<Entry>, String> {
    let mut previous = BEGINNING.to_vec();
    let mut entries = Vec::with_capacity(recorded.len());
    for (one, sequence) in recorded.iter().zip(1_i64..) {
        let mut entry = Entry {
            sequence,
            at: one.at,
            kind: one.event.kind().to_owned(),
            payload: serde_json::to_string(one).map_err(text)?,
            previous: std::mem::take(&mut previous),
            hash: Vec::new(),
        };
        entry.hash = hash(cases::district(case), case.id.0, &entry).to_vec();
        previous.clone_from(&entry.hash);
        entries.push(entry);
    }
    Ok(entries)
}
