//! The language in which matters of other departments are told: `time who action key=value -> state`, or `! code` where
//! it is refused. Each step is a transaction of its own at the desk of cases, and no counter takes part.

use cases::kind::{Change, Count, Kind, Series};
use cases::{Known, NewCase, Step};
use city_stories::Town;
use hall::Fault;
use kernel::case::{Case, CaseId, Command, Event, Holder, LateReason, Opening, Parties, Party, Relation, Term};
use kernel::figure::{Cell, Indicator};
use kernel::permission::{Actor, ActorKind, Grant, Permission, Target};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant};
use std::collections::BTreeMap;
use std::sync::Arc;
use testkit::ZONE;
use uuid::Uuid;
use vault::{NewRecord, PersonField};

/// The procedures as the kernel's own stories tell them, with what the rulebook says of their limits and the hours of a
/// city that works from eight to twelve and from two to six.
pub const FILES: [(&str, &str); 8] = [
    ("procedures/lamp.toml", include_str!("../../../../../kernel/src/case/stories/lamp.toml")),
    ("procedures/building.toml", include_str!("../../../../../kernel/src/case/stories/building.toml")),
    ("procedures/two_sides.toml", include_str!("../../../../../kernel/src/case/stories/mediation.toml")),
    ("procedures/resolution.toml", include_str!("../../../../../kernel/src/case/stories/resolution.toml")),
    ("procedures/admission.toml", include_str!("../../../../../kernel/src/case/stories/admission.toml")),
    ("procedures/promise.toml", include_str!("../../../../../kernel/src/case/stories/promise.toml")),
    ("rulebook/kinds.toml", RULES),
    ("calendar/city.toml", HOURS),
];

const RULES: &str = r#"
[[parameter]]
code = "admission.decide_working_days"
title = { zh = "准入审批期限", en = "Time to decide a request to communities" }
unit = "working_day"
used_for = { zh = "逾期视为不准入", en = "Silence means no" }
values = [{ from = "2019-01-01", number = 15, document = "platform-operation", clause = "9", provisional = true }]

[[parameter]]
code = "mediation.days"
title = { zh = "调解期限", en = "Time for a mediation" }
unit = "calendar_day"
used_for = { zh = "从受理算起", en = "Counted from the day it is taken on" }
values = [{ from = "2019-01-01", number = 30, document = "platform-operation", clause = "9", provisional = true }]
"#;

const HOURS: &str = r#"
utc_offset_minutes = 480

[[opening]]
from = "08:00"
until = "12:00"

[[opening]]
from = "14:00"
until = "18:00"
"#;

/// The steps that were taken on lamps.
static STEPS: Indicator = Indicator::sum("lamp.steps", "lamp-steps", 1);

/// A kind as a department would register it.
struct Matters {
    code: &'static str,
    letter: char,
}

impl Kind for Matters {
    fn code(&self) -> &'static str {
        self.code
    }

    fn series(&self) -> Series {
        Series::Own { name: self.code, letter: self.letter }
    }

    fn facts(&self, case: &Case, _: &web::Page) -> Vec<(String, String)> {
        case.point.iter().map(|point| ("point".to_owned(), point.to_string())).collect()
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let day = change.zone.date(change.recorded.at);
        let cell = Cell { place: change.after.place.clone(), department: String::new(), day };
        let step = matches!(change.recorded.event, Event::Opened(_) | Event::Acted { .. });
        if self.code == "lamp" && step { vec![Count { cell, indicator: &STEPS, amount: 1 }] } else { Vec::new() }
    }

    fn words(&self, told: &'static str) -> &'static str {
        match (self.code, told) {
            ("lamp", "cases-notice-supervised") => "lamp-notice-supervised",
            (_, other) => other,
        }
    }
}

/// Registers the six kinds.
pub fn register(town: &Town) {
    let kinds = [
        ("lamp", 'L'),
        ("building", 'B'),
        ("two_sides", 'M'),
        ("resolution", 'R'),
        ("admission", 'A'),
        ("promise", 'P'),
    ];
    for (code, letter) in kinds {
        register_one(town, code, letter);
    }
}

/// Registers one kind.
pub fn register_one(town: &Town, code: &'static str, letter: char) {
    town.city.cases.register(Arc::new(Matters { code, letter })).unwrap();
}

/// A matter under way.
pub struct Matter<'t> {
    town: &'t Town,
    new: NewCase,
    case: Option<Case>,
}

impl<'t> Matter<'t> {
    /// A matter of a kind at an office, such as `lights@street`.
    pub fn of(town: &'t Town, kind: &str, office: &str) -> Self {
        let office = unit(town, office);
        let opening = Opening {
            kind: kind.to_owned(),
            action: String::new(),
            number: String::new(),
            place: office.place.clone(),
            point: None,
            parties: Parties::new(),
            office,
            counter: None,
            clocks: BTreeMap::new(),
            limits: BTreeMap::new(),
            confidential: false,
            fields: BTreeMap::new(),
            service: None,
        };
        let new = NewCase {
            id: CaseId(Uuid::now_v7()),
            procedure: kind.to_owned(),
            opening,
            records: Vec::new(),
            applicant: None,
            relation: Relation::default(),
            once: Uuid::now_v7().to_string(),
            said: String::new(),
        };
        Self { town, new, case: None }
    }

    /// Somebody takes part.
    pub fn with(mut self, role: &str, holder: Holder) -> Self {
        self.new.opening.parties.entry(role.to_owned()).or_default().push(Party::new(holder));
        self
    }

    /// A unit takes part.
    pub fn with_unit(self, role: &str, of: &str) -> Self {
        let unit = unit(self.town, of);
        self.with(role, Holder::Unit(unit))
    }

    /// Somebody takes part whose data the vault seals.
    pub fn with_sealed(self, role: &str, name: &str) -> Self {
        self.with_person(role, name, "13900000000")
    }

    /// Somebody takes part whose data the vault seals, with a telephone of her own.
    pub fn with_person(mut self, role: &str, name: &str, telephone: &str) -> Self {
        let id = Uuid::now_v7();
        let person = vault::Person::new().with(PersonField::Name, name).with(PersonField::Telephone, telephone);
        self.new.records.push(NewRecord {
            id,
            district: self.new.opening.place.district(),
            person,
            purpose: self.new.opening.kind.clone(),
            retain_until: None,
            at: self.town.clock.now(),
        });
        self.with(role, Holder::Record(id))
    }

    /// A clock has that limit or date.
    pub fn due(mut self, clock: &str, term: Term) -> Self {
        self.new.opening.clocks.insert(clock.to_owned(), term);
        self
    }

    /// Tells the steps.
    pub fn tell(mut self, text: &str) -> Self {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (step, expected) = line.split_once(" -> ").or_else(|| line.split_once(" ! ")).unwrap();
            let found = match self.step(step) {
                Ok(state) => state,
                Err(Fault::Refused(refusal)) => coded(&refusal),
                Err(fault) => panic!("{}: {line}: {fault}", self.town.engine),
            };
            assert_eq!(found, expected.trim(), "{}: {line}", self.town.engine);
        }
        self
    }

    /// Takes one step and tells what came of it.
    pub fn tried(mut self, line: &str) -> Result<String, Fault> {
        self.step(line)
    }

    fn step(&mut self, line: &str) -> Result<String, Fault> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (time, who, verb) = (words[0], words[1], words[2]);
        let now = at(time);
        let (actor, relation) = self.actor(who);
        let pairs = words[3..].iter().filter_map(|word| word.split_once('='));
        let fields: BTreeMap<String, String> = pairs.map(|(key, value)| (key.into(), value.into())).collect();
        let on_behalf = words.contains(&"behalf");
        let desk = self.town.city.cases.clone();
        let case = if self.case.is_none() {
            let mut new = NewCase { relation, ..self.new.clone() };
            new.applicant = actor.account.filter(|_| actor.kind == ActorKind::Resident);
            verb.clone_into(&mut new.opening.action);
            new.opening.point = fields.get("point").and_then(|point| kernel::case::Point::parse(point));
            new.opening.fields = fields;
            self.town.store().write_blocking(move |tx| desk.open(tx, &new, &actor, now))?
        } else {
            let command = command(verb, fields, on_behalf);
            let (district, id) = self.key();
            let step = Step { district, id, command, once: Uuid::now_v7().to_string() };
            self.town.store().write_blocking(move |tx| desk.step(tx, &step, &actor, &relation, now))?
        };
        let state = case.state.clone();
        self.case = Some(case);
        Ok(state)
    }

    fn actor(&self, who: &str) -> (Actor, Relation) {
        if let Some(role) = who.strip_prefix("record:") {
            return (Actor::nobody(), Relation::of_record(self.record(role)));
        }
        (actor(self.town, who), Relation::default())
    }

    /// The sealed record of the first party of a role.
    pub fn record(&self, role: &str) -> Uuid {
        let found = self.new.opening.parties[role].iter().find_map(|party| match party.holder {
            Holder::Record(record) => Some(record),
            _ => None,
        });
        found.unwrap()
    }

    /// The case as the last step left it.
    pub fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    /// District and identity.
    pub fn key(&self) -> (PlaceId, Uuid) {
        (self.new.opening.place.district(), self.new.id.0)
    }

    /// The case as it is stored.
    pub fn known(&self) -> Known {
        let (desk, (district, id)) = (self.town.city.cases.clone(), self.key());
        self.town.store().read_blocking(move |tx| desk.known(tx, district, id)).unwrap()
    }

    /// The day on which its office was late, as seen at a moment.
    pub fn late_since(&self, now: Instant) -> Option<Date> {
        let cases = &self.town.city.cases;
        let procedure = cases.procedure_of(self.case()).unwrap();
        kernel::case::late_since(procedure, self.case(), &cases.hall.calendar(), now)
    }

    /// Its row in the lists of the desk.
    pub fn row(&self) -> cases::CaseRow {
        let (district, id) = self.key();
        let row = self.town.store().read_blocking(move |tx| cases::records::row(tx, district, id));
        row.unwrap().unwrap()
    }

    /// When a clock is due, to the minute.
    pub fn moment(&self, clock: &str) -> String {
        ZONE.show_minute(self.case().clock(clock).unwrap().due_at.unwrap())
    }

    /// The same matter after the platform did something to it.
    pub fn again(mut self) -> Self {
        self.case = Some(self.known().case);
        self
    }
}

fn command(verb: &str, mut fields: BTreeMap<String, String>, on_behalf: bool) -> Command {
    let mut take = |key: &str| fields.remove(key).unwrap_or_default();
    match verb {
        "supervise" => Command::Supervise { note: take("note"), answer_by: day(&take("by")) },
        "explain" => Command::Explain { reason: LateReason::parse(&take("reason")).unwrap(), note: take("note") },
        action => Command::Act { action: action.to_owned(), fields, papers: Vec::new(), counter: None, on_behalf },
    }
}

/// `lights@street#2`: somebody of that department there, the second one; `watch@district` supervises; `account#5`,
/// `nobody`, `system`.
pub fn actor(town: &Town, who: &str) -> Actor {
    let (who, number) = who.split_once('#').unwrap_or((who, "7"));
    let account = Some(Uuid::from_u128(number.parse().unwrap()));
    let (name, _) = who.split_once('@').unwrap_or((who, ""));
    let permissions: &[Permission] = match name {
        "nobody" => return Actor::nobody(),
        "system" => return Actor::system(),
        "account" => return Actor { account, kind: ActorKind::Resident, ..Actor::nobody() },
        "watch" => &[Permission::CaseRead, Permission::CaseSupervise],
        _ => &[
            Permission::CaseAccept,
            Permission::CaseRead,
            Permission::CaseHandle,
            Permission::CaseDecide,
            Permission::PersonOpen,
        ],
    };
    let Target { place, department } = unit(town, who);
    let grant = Grant {
        post: Uuid::nil(),
        role: name.to_owned(),
        place,
        department: department.filter(|_| name != "watch"),
        permissions: permissions.iter().copied().collect(),
    };
    Actor { account, name: name.to_owned(), kind: ActorKind::Staff, grants: vec![grant] }
}

/// `lights@street`: a department at the community, street, district or city of the story.
pub fn unit(town: &Town, text: &str) -> Target {
    let (department, place) = text.split_once('@').unwrap();
    Target { place: place_of(town, place), department: Some(department.to_owned()) }
}

/// The community, street, district or city of the story.
pub fn place_of(town: &Town, level: &str) -> PlacePath {
    let community = town.named("文安路社区");
    let level = match level {
        "community" => Level::Community,
        "street" => Level::Street,
        "district" => Level::District,
        "city" => Level::City,
        other => panic!("{other} is no level"),
    };
    community.at(level).unwrap()
}

/// `2026-06-01` at ten, or `2026-06-01T22:36`.
pub fn at(text: &str) -> Instant {
    let (date, time) = text.split_once('T').unwrap_or((text, "10:00"));
    let (hour, minute) = time.split_once(':').unwrap();
    ZONE.instant(day(date), hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap())
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn coded(refusal: &Refusal) -> String {
    assert!(!refusal.to_string().contains('…'), "a detail is missing: {refusal}");
    refusal.code.to_string()
}
