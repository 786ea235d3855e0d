//! This file leads one report from its first word to its end. The kernel itself signs and decides every step.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::records::Derived;
use grid::Grid;
use grid::rules::stage::{Stage, is_over};
use grid::words::{Course, Report};
use kernel::calendar::Calendar;
use kernel::case::{Acting, Case, CaseId, Command, Holder, Moment, Opening, Party, Recorded, Relation, decide, sign};
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::{Level, PlacePath};
use kernel::procedure::Procedure;
use kernel::time::Instant;
use lianglin::City;
use lianglin::demonstration::Seed;
use store::log::Entry;
use uuid::Uuid;

use super::plan::{End, Plan, Plans};
use crate::counter::life::{chained, filled, id_at};
use crate::counter::text;

/// Is the kind of the cases, and the name of their procedure.
const REPORT: &str = "report";
/// By how much what is slow takes longer.
const SLOWNESS: usize = 12;

/// Says after how many minutes a report is closed to which nobody says anything: the rulebook gives seven days.
const CONFIRM_MINUTES: usize = 9 * 24 * 60;

/// A report in the form in which it is loaded.
pub struct Lived {
    /// The fold of its events.
    pub case: Case,
    /// What the row holds beside it.
    pub derived: Derived,
    /// Its events as a chain.
    pub entries: Vec<Entry>,
    /// What the grid remembers of it.
    pub report: Report,
    /// How it stands, as everybody reads it.
    pub stage: Stage,
    /// How it went.
    pub course: Course,
}

/// Holds what all reports share.
pub struct World {
    /// The city.
    pub city: Arc<City>,
    /// The desk of the grid.
    pub desk: Arc<Grid>,
    /// The working calendar.
    pub calendar: Arc<Calendar>,
    /// The reports that will be loaded.
    pub plans: Arc<Plans>,
}

struct Life<'w> {
    world: &'w World,
    procedure: &'w Procedure,
    id: CaseId,
    case: Option<Case>,
    recorded: Vec<Recorded>,
    action: &'static str,
}

/// Returns the steps of a report after the first, each with the minutes that it takes at least and the most beyond.
fn steps(plan: &Plan) -> Vec<(&'static str, usize, usize)> {
    let mut steps = Vec::new();
    match plan.end {
        End::NotThere if !plan.found => return vec![("not_there", 20, 600)],
        End::Declined if !plan.found => return vec![("decline", 20, 600)],
        _ => {}
    }
    if !plan.found {
        steps.push(("file", 10, 400));
    }
    steps.push(("dispatch", 5, 200));
    if plan.end == End::Stuck {
        return steps;
    }
    let slowness = if plan.slow { SLOWNESS } else { 1 };
    steps.push(("handle", 30, 1_800 * slowness));
    if plan.returned {
        steps.extend([("send_back", 30, 600), ("handle", 60, 1_000)]);
    }
    steps.push(("verify", 20, 700));
    steps.push(if plan.found { ("close_unasked", CONFIRM_MINUTES, 120) } else { ("confirm", 30, 4_000) });
    steps
}

impl World {
    /// Leads one report through its life.
    pub fn live(&self, plan: &Plan, seed: &mut Seed) -> Result<Lived, String> {
        let procedure = self.city.cases.procedure(REPORT).map_err(text)?;
        let id = CaseId(id_at(plan.opened, seed));
        let record = id_at(plan.opened, seed);
        let mut life = Life { world: self, procedure, id, case: None, recorded: Vec::new(), action: "report" };
        let opening = self.opening(plan, procedure, record)?;
        let community = opening.place.clone();
        let (actor, relation) = if plan.found {
            (self.staff(seed, &community, None), Relation::default())
        } else {
            (Actor::nobody(), Relation::of_record(record))
        };
        life.take(&Command::Open(Box::new(opening)), &actor, &relation, plan.opened)?;
        let mut at = plan.opened;
        for (name, least, beyond) in steps(plan) {
            at = at.plus_minutes(i64::try_from(least + seed.below(beyond)).unwrap_or(0));
            if at >= self.plans.now {
                break;
            }
            life.step(name, seed, record, at)?;
        }
        let action = life.action;
        let (Some(case), recorded) = (life.case, life.recorded) else { return Err("no case".to_owned()) };
        self.lived(plan, case, &recorded, action)
    }

    /// Returns the opening as the grid makes it.
    fn opening(&self, plan: &Plan, procedure: &Procedure, record: Uuid) -> Result<Opening, String> {
        let (catalogue, tree) = (self.desk.catalogue(), self.city.places.tree());
        let key = self.plans.conditions.get(plan.condition).ok_or("no such condition")?;
        let (kind, condition) = catalogue.condition(key).ok_or("no such condition")?;
        let place = self.plans.communities.get(plan.community).ok_or("no such community")?.clone();
        let on = self.calendar.zone().date(plan.opened);
        let duty = grid::rules::duty::duty(catalogue, &tree, kind, &place, &[], on);
        let office = duty.ok_or_else(|| format!("the catalogue names nobody for {key}"))?.office;
        let codes = place.ids().into_iter().rev().filter_map(|id| tree.get(id)).map(|place| place.code.as_str());
        let area = catalogue.area_of(codes);
        let mut limits = self.city.cases.limits_of(procedure, &place, plan.opened).map_err(text)?;
        limits.extend(grid::rules::limits_by_severity(condition, area));
        let holder = if plan.found { Holder::Nobody } else { Holder::Record(record) };
        Ok(Opening {
            kind: REPORT.to_owned(),
            action: if plan.found { "find" } else { "report" }.to_owned(),
            number: self.plans.number(plan)?,
            point: plan.point,
            parties: BTreeMap::from([("reporter".to_owned(), vec![Party::new(holder)])]),
            office,
            counter: Some(place.clone()),
            clocks: grid::rules::clocks(condition, area),
            limits,
            confidential: false,
            fields: BTreeMap::from([("kind".to_owned(), key.clone())]),
            service: None,
            place,
        })
    }

    /// Returns a member of staff with one post there, of the role that handles cases at that level.
    fn staff(&self, seed: &mut Seed, place: &PlacePath, department: Option<String>) -> Actor {
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
        // Whoever handles something does not check it: each step is taken by another account.
        Actor { account: Some(Uuid::now_v7()), name, kind: ActorKind::Staff, grants: vec![grant] }
    }

    fn lived(&self, plan: &Plan, case: Case, recorded: &[Recorded], action: &str) -> Result<Lived, String> {
        let procedure = self.city.cases.procedure_of(&case).map_err(text)?;
        let state = procedure.states.get(&case.state).ok_or("a state that its procedure does not have")?;
        let last = recorded.last().map_or(case.opened_at, |one| one.at);
        let zone = self.calendar.zone();
        let accept = cases::words::CASE_ACCEPT_OR_TELL_MISSING;
        let accept = self.city.rulebook.get(accept, &case.place, zone.date(last)).map_err(text)?;
        let key = self.plans.conditions.get(plan.condition).map(String::as_str).unwrap_or_default();
        let (kind, condition) = key.rsplit_once('/').ok_or("a condition without a kind")?;
        let desk = cases::rules::desk(procedure, &case, state);
        let turn = kernel::case::turn(procedure, &case, state);
        let lateness = cases::rules::lateness(&case, state, turn, &self.calendar, accept, last);
        let derived = Derived {
            subject: kind.to_owned(),
            desk,
            lateness,
            person: cases::Cases::sealed_party(&case, "reporter"),
            applicant: None,
            follow_up_by: None,
            late: cases::rules::late_told(procedure, &case, &self.calendar, last),
        };
        let report = Report {
            district: cases::district(&case),
            case_id: case.id.0,
            number: case.number.clone(),
            path: case.place.clone(),
            compound: plan.compound,
            x: plan.at.map(|at| at.0),
            y: plan.at.map(|at| at.1),
            kind: kind.to_owned(),
            condition: condition.to_owned(),
            public: true,
            open: !is_over(procedure, &case.state),
            met: 1,
            reported_at: plan.opened,
        };
        let stands = Stage::of(procedure, &case.state, action);
        let course = grid::hurts::course(&report, &case, state.clock, zone);
        let entries = chained(&case, recorded)?;
        Ok(Lived { case, derived, entries, report, stage: stands, course })
    }
}

impl Life<'_> {
    /// Takes the step of that name as whoever may take it.
    fn step(&mut self, name: &'static str, seed: &mut Seed, record: Uuid, at: Instant) -> Result<(), String> {
        let Some(case) = &self.case else { return Err("no case".to_owned()) };
        let action = self.procedure.actions.get(name).ok_or_else(|| format!("no step {name}"))?;
        let (fields, papers) = filled(action, case);
        let desk = case.counter().cloned().unwrap_or_else(|| case.place.clone());
        let (actor, relation, counter) = match name {
            "confirm" => (Actor::nobody(), Relation::of_record(record), None),
            "close_unasked" => (Actor::system(), Relation::default(), None),
            "handle" => {
                let Some(department) = case.office.department.clone() else { return Err("no unit".to_owned()) };
                let place = case.office.place.clone();
                (self.world.staff(seed, &place, Some(department)), Relation::default(), Some(place))
            }
            _ => (self.world.staff(seed, &desk, None), Relation::default(), Some(desk)),
        };
        let command = Command::Act { action: name.to_owned(), fields, papers, counter, on_behalf: false };
        self.take(&command, &actor, &relation, at)?;
        self.action = name;
        Ok(())
    }

    fn take(&mut self, command: &Command, actor: &Actor, relation: &Relation, at: Instant) -> Result<(), String> {
        let case = self.case.as_ref();
        let told = |refusal: kernel::refusal::Refusal| {
            let stands = case.map_or("nowhere", |case| case.state.as_str());
            format!("a report in {stands} refuses {}: {refusal}", self.action)
        };
        let by = sign(self.procedure, case, command, actor, relation).map_err(told)?;
        let acting = Acting { actor, relation };
        let moment = Moment { calendar: &self.world.calendar, now: at };
        let events = decide(self.procedure, case, command, acting, moment).map_err(told)?;
        let recorded: Vec<Recorded> =
            events.into_iter().map(|event| Recorded { id: self.id, at, by: by.clone(), event }).collect();
        let (case, _) = self.world.city.cases.folded(self.case.take(), &recorded, self.procedure).map_err(text)?;
        self.case = Some(case);
        self.recorded.extend(recorded);
        Ok(())
    }
}
