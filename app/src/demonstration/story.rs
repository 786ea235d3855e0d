//! This file makes some hundred cases in every state, taken at counters, online and across districts during the last
//! weeks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cases::{Step, district};
use counter::catalogue::Item;
use counter::{APPLICANT, Answers, Arrival};
use hall::Fault;
use kernel::calendar::Calendar;
use kernel::case::{Case, Command, Relation};
use kernel::language::Lang;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::{Level, PlacePath};
use kernel::procedure::{By, NeedKind, Procedure};
use kernel::time::Instant;
use uuid::Uuid;

use super::{Followed, Invented, Seed};
use crate::{AppError, City};

/// Says how many cases the demonstration has.
const CASES: usize = 132;
/// Says how many days ago the first case was opened.
const DAYS: usize = 45;
/// Names the street around which the demonstration is told. `OWN_COUNTER` names the community.
pub(super) const NEAR_STREET: &str = "南湖街道";
pub(super) const OWN_COUNTER: &str = "文安路社区";
/// Is the number of seconds of an hour.
const HOUR: i64 = 3_600;

/// Makes the cases one after another, each by the actions of its procedure.
///
/// # Errors
/// Fails with what a department refuses.
pub fn cases(
    city: &Arc<City>,
    calendar: &Calendar,
    now: Instant,
    tick: &mut dyn FnMut(),
) -> Result<Vec<Followed>, AppError> {
    let mut seed = Seed::new(20_200_701);
    let tree = city.places.tree();
    let communities: Vec<PlacePath> = tree.of_level(Level::Community).map(|place| place.path.clone()).collect();
    let near: Vec<PlacePath> =
        communities.iter().filter(|path| tree.chain(path, Lang::Zh).contains(NEAR_STREET)).cloned().collect();
    let own: Vec<PlacePath> =
        near.iter().filter(|path| tree.chain(path, Lang::Zh).ends_with(OWN_COUNTER)).cloned().collect();
    let around = Around { all: communities, near, own };
    let mut made = Vec::new();
    for at in 0..CASES {
        let opened = calendar
            .next_working_minute(
                now.plus_days(-(days(&mut seed))).plus_seconds(i64::try_from(seed.below(28_000)).unwrap_or(0)),
            )
            .min(now);
        if let (Some(residence), Some(counter)) = (around.residence(&mut seed, at), around.counter(&mut seed, at)) {
            let scene = Scene { residence, counter, opened, now };
            made.push(one(city, calendar, &mut seed, &scene)?);
        }
        tick();
    }
    Ok(made)
}

/// Returns how many days ago a case was opened. More cases are recent than old.
fn days(seed: &mut Seed) -> i64 {
    let wide = if seed.below(3) == 0 { seed.below(DAYS) } else { seed.below(DAYS).min(seed.below(DAYS)) };
    i64::try_from(wide).unwrap_or(0)
}

/// Says where things happen in the demonstration.
struct Around {
    all: Vec<PlacePath>,
    near: Vec<PlacePath>,
    own: Vec<PlacePath>,
}

impl Around {
    /// Returns where an applicant lives. Half of them live around the demonstration's own street, and the rest anywhere
    /// in the city.
    fn residence(&self, seed: &mut Seed, at: usize) -> Option<&PlacePath> {
        let list = if at.is_multiple_of(2) { &self.near } else { &self.all };
        list.get(seed.below(list.len()))
    }

    /// Returns the counter where an applicant comes. A third come to the demonstration's own counter, a third to those
    /// around it, and the rest to any counter of the city.
    fn counter(&self, seed: &mut Seed, at: usize) -> Option<&PlacePath> {
        let list = match at % 3 {
            0 => &self.own,
            1 => &self.near,
            _ => &self.all,
        };
        list.get(seed.below(list.len()))
    }
}

/// Says where and when one case of the demonstration happens.
struct Scene<'a> {
    /// Where the applicant lives.
    residence: &'a PlacePath,
    /// The counter where the applicant comes.
    counter: &'a PlacePath,
    /// When the case is opened.
    opened: Instant,
    /// When the demonstration is made. Nothing happens later.
    now: Instant,
}

fn one(city: &Arc<City>, calendar: &Calendar, seed: &mut Seed, scene: &Scene<'_>) -> Result<Followed, AppError> {
    let Scene { residence, counter, opened, now } = *scene;
    let catalogue = city.counter.catalogue();
    let items: Vec<&Item> = catalogue.items().collect();
    let Some(item) = items.get(seed.below(items.len())).copied() else {
        return Err(AppError::Said("The catalogue is empty.".to_owned()));
    };
    let code = city
        .places
        .tree()
        .get(residence.district())
        .map(|district| district.code.chars().take(6).collect::<String>())
        .unwrap_or_default();
    let person = Invented::next(seed, &code);
    let online = seed.below(4) == 0;
    let answers = Answers {
        residence: residence.id().0.to_string(),
        residence_words: String::new(),
        name: person.name.clone(),
        resident_id: person.resident_id.clone(),
        telephone: person.telephone.clone(),
        bank_card: person.bank_card.clone(),
        address: person.address.clone(),
        check: BTreeMap::new(),
        ..Answers::default()
    };
    let today = city.cases.hall.calendar().zone().date(opened);
    let application = counter::application(item, &answers, Some(residence), today)
        .map_err(|faults| AppError::faults(faults.iter().map(ToString::to_string)))?;
    // Nobody has seen the papers of an online application.
    let papers = item.materials.iter().filter(|_| !online).map(|material| material.code.clone()).collect();
    let arrival = Arrival { counter: (!online).then(|| counter.clone()), papers, once: Uuid::now_v7().to_string() };
    let actor = if online { Actor::nobody() } else { staff(seed, counter, None) };
    let new = city.counter.new_case(item, application, &arrival, &actor, opened)?;
    let desk = city.cases.clone();
    let (mut case, code) = city.store.write_blocking(move |tx| {
        let case = desk.open(tx, &new, &actor, opened)?;
        let code = desk.give_code(tx, &case, APPLICANT, &new.once, opened)?;
        Ok::<_, Fault>((case, code))
    })?;
    let code = code.map(|code| code.grouped()).unwrap_or_default();
    let mut at = opened;
    let steps = if seed.below(4) == 0 { 0 } else { seed.below(6) };
    for _ in 0..steps {
        at = calendar.next_working_minute(at.plus_seconds(i64::try_from(seed.below(70)).unwrap_or(1) * HOUR + 900));
        if at >= now {
            break;
        }
        match step(city, seed, &case, counter, at)? {
            Some(next) => case = next,
            None => break,
        }
    }
    let item = item.name.get(Lang::Zh).to_owned();
    Ok(Followed { number: case.number.clone(), code, telephone: person.telephone, state: case.state.clone(), item })
}

/// Takes one of the steps that the procedure allows from here. Mostly it is the usual one, sometimes another. A case
/// that has ended is rated.
fn step(
    city: &Arc<City>,
    seed: &mut Seed,
    case: &Case,
    counter: &PlacePath,
    at: Instant,
) -> Result<Option<Case>, AppError> {
    let procedure = city.cases.procedure_of(case)?;
    let (command, actor, relation) = match next(seed, procedure, case, counter) {
        Some(chosen) => chosen,
        None if case.rating().is_none() && case.ended_at().is_some() && seed.below(3) > 0 => {
            let score = [5, 5, 5, 4, 4, 3, 2].get(seed.below(7)).copied().unwrap_or(5);
            (
                Command::Rate { score, aspects: BTreeSet::new(), comment_handle: None, until: at.plus_days(30) },
                Actor::nobody(),
                Relation::applicant(true),
            )
        }
        None => return Ok(None),
    };
    let (desk, id) = (city.cases.clone(), case.id.0);
    let step = Step { district: district(case), id, command, once: Uuid::now_v7().to_string() };
    match city.store.write_blocking(move |tx| desk.step(tx, &step, &actor, &relation, at)) {
        Ok(case) => Ok(Some(case)),
        Err(Fault::Refused(_)) => Ok(None),
        Err(fault) => Err(fault.into()),
    }
}

fn next(
    seed: &mut Seed,
    procedure: &Procedure,
    case: &Case,
    counter: &PlacePath,
) -> Option<(Command, Actor, Relation)> {
    let actions = procedure.from_state(&case.state);
    let at = if seed.below(10) < 6 { 0 } else { seed.below(actions.len()) };
    let (name, action) = actions.get(at).copied()?;
    let papers: Vec<String> = case
        .papers()
        .keys()
        .filter(|code| case.missing().is_empty() || case.missing().contains(*code))
        .take(1 + case.missing().len())
        .cloned()
        .collect();
    let mut fields = BTreeMap::new();
    for need in &action.needs {
        let value = match &need.kind {
            NeedKind::Text => "按事项目录办理".to_owned(),
            NeedKind::Reason => said(name).to_owned(),
            NeedKind::Choice { options } => options.first().map(|choice| choice.code.clone()).unwrap_or_default(),
            _ => continue,
        };
        fields.insert(need.name.clone(), value);
    }
    let needs_papers = action.needs.iter().any(|need| need.kind == NeedKind::Papers);
    let desk = case.counter().cloned().unwrap_or_else(|| counter.clone());
    let (actor, place, relation) = match &action.by {
        By::Applicant => (Actor::nobody(), None, Relation::applicant(true)),
        By::Counter => (staff(seed, &desk, case.office.department.clone()), Some(desk), Relation::default()),
        By::Desk | By::Office | By::Supervisor | By::System | By::Party(_) => {
            let place = if action.by == By::Desk {
                case.counter().cloned().unwrap_or_else(|| case.office.place.clone())
            } else {
                case.office.place.clone()
            };
            (staff(seed, &place, case.office.department.clone()), Some(place), Relation::default())
        }
    };
    let papers = if needs_papers { papers } else { Vec::new() };
    Some((Command::Act { action: name.to_owned(), fields, papers, counter: place, on_behalf: false }, actor, relation))
}

fn said(action: &str) -> &'static str {
    match action {
        "request_correction" | "return_for_completion" => "请补交后再来任何一个社区窗口，不用重新申请。",
        "refuse" | "close_uncorrected" => "核对后不符合规定的条件。",
        "not_accept" => "这件事不归本市受理，请到户籍地咨询。",
        "withdraw" => "已经在别处办了。",
        _ => "核对无误。",
    }
}

/// Returns an invented member of staff with a post at that place.
fn staff(seed: &mut Seed, place: &PlacePath, department: Option<String>) -> Actor {
    let permissions = [
        Permission::CaseAccept,
        Permission::CaseRead,
        Permission::CaseHandle,
        Permission::CaseDecide,
        Permission::CaseDeliver,
    ];
    let role = if place.level() == Level::Community { "community_worker" } else { "district_handler" };
    let name = seed.pick(&["王晓燕", "李德顺", "赵敏", "陈国栋", "孙海燕", "周艳"]).to_owned();
    let grant = Grant {
        post: Uuid::nil(),
        role: role.to_owned(),
        place: place.clone(),
        department,
        permissions: permissions.into_iter().collect(),
    };
    Actor { account: None, name, kind: ActorKind::Staff, grants: vec![grant] }
}

/// Returns the first cases of every state, for the printed list.
pub fn one_of_each(cases: Vec<Followed>) -> Vec<Followed> {
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for case in cases {
        let count = shown.entry(case.state.clone()).or_default();
        *count += 1;
        if *count <= 2 {
            kept.push(case);
        }
    }
    kept
}
