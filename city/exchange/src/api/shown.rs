//! This file decides what programs see of items, places and cases: codes, names in both languages, and dates with their
//! reasons. They never see more of a person than masks.

use cases::{CaseRow, way_ahead};
use counter::catalogue::{Catalogue, Item};
use kernel::calendar::{DayKind, Deadline, Limit, Reason};
use kernel::case::{
    Case, Event, HER_WORD, HER_WORDS, LEGAL, Outcome, PROMISED, Paper, Recorded, Relation, asks, ends_for_her, handled,
    possible,
};
use kernel::identifier::IdentityKind;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::procedure::{Action, Choice, Need, NeedKind, Procedure, State};
use kernel::time::{Date, Instant};
use places::Tree;
use serde_json::{Map, Value, json};
use store::Tx;

use crate::Exchange;
use crate::actions::Fault;
use crate::contract::TOLD;
use crate::rules::moment;

/// What stands in place of words that were deleted with the person, in both languages of the interface.
const DELETED: &str = "内容已按规定删除 / deleted as the rules require";

/// Says who looks at a case, and how.
pub struct Seen<'a> {
    /// The system.
    pub actor: &'a Actor,
    /// Whether the system may take steps.
    pub acts: bool,
    /// Whether the person is shown masked. Answers that are kept for repetition do not show her at all.
    pub masked: bool,
    /// When the system looks.
    pub now: Instant,
}

/// Returns a text in both languages.
pub fn text(text: &Bilingual) -> Value {
    json!({ "zh": text.zh, "en": text.en })
}

/// Returns a code with its name.
pub fn named(code: &str, name: &Bilingual) -> Value {
    json!({ "code": code, "name": text(name) })
}

/// Returns a code with its name. The code itself is the name if nobody knows a better one.
fn called(code: &str, name: Option<&Bilingual>) -> Value {
    name.map_or_else(|| named(code, &Bilingual::new(code, code)), |name| named(code, name))
}

/// Returns a place.
pub fn place(tree: &Tree, path: &PlacePath) -> Value {
    let found = tree.at(path);
    json!({
        "id": path.id().0,
        "code": found.map(|place| place.code.clone()).unwrap_or_default(),
        "level": path.level().code(),
        "name": text(&found.map(|place| place.name.clone()).unwrap_or_default()),
    })
}

/// Returns a limit.
pub fn limit(limit: Limit) -> Value {
    json!({ "amount": limit.amount, "unit": limit.unit })
}

/// Returns a department by its code.
fn department(catalogue: &Catalogue, code: &str) -> Value {
    called(code, catalogue.department(code).map(|department| &department.name))
}

/// Returns an item as a line of a list.
pub fn item_row(catalogue: &Catalogue, item: &Item) -> Map<String, Value> {
    Map::from_iter([
        ("code".to_owned(), item.code.as_str().into()),
        ("name".to_owned(), text(&item.name)),
        ("summary".to_owned(), text(&item.summary)),
        ("department".to_owned(), department(catalogue, &item.department)),
        ("promised".to_owned(), limit(item.promised)),
        ("legal".to_owned(), limit(item.legal)),
        ("custody".to_owned(), item.custody.code().into()),
    ])
}

/// Returns an item with its papers and the states that its cases go through.
pub fn item(catalogue: &Catalogue, procedure: &Procedure, item: &Item) -> Value {
    let material = |material: &counter::catalogue::AskedMaterial| {
        json!({
            "code": material.code,
            "name": text(&material.name),
            "note": material.note.as_ref().map(text),
            "needed": material.needed,
            "waivable": material.waivable_by_check,
        })
    };
    let state = |(code, state): (&str, &State)| {
        json!({
            "code": code, "name": text(&state.title), "waits_for": state.waits_for.code(), "ends": state.terminal,
        })
    };
    let fields: Vec<&str> = item.fields.iter().map(|field| field.code()).collect();
    let identity = IdentityKind::ALL.into_iter().filter(|kind| item.takes(*kind));
    let identity: Vec<&str> = identity.map(IdentityKind::code).collect();
    let decides =
        json!({ "level": item.decides.level.code(), "department": department(catalogue, &item.decides.department) });
    let mut whole = item_row(catalogue, item);
    whole.extend([
        ("version".to_owned(), item.version.into()),
        ("decides".to_owned(), decides),
        ("fields".to_owned(), fields.into()),
        ("identity".to_owned(), identity.into()),
        ("materials".to_owned(), catalogue.materials_of(item).map(material).collect()),
        ("result".to_owned(), json!({ "name": text(&item.result.name), "kind": item.result.kind })),
        ("life_events".to_owned(), item.life_events.clone().into()),
        ("confidential".to_owned(), item.confidential.into()),
        ("provisional".to_owned(), item.is_provisional().into()),
        ("states".to_owned(), procedure.states_in_order().into_iter().map(state).collect()),
    ]);
    Value::Object(whole)
}

fn day(on: Date) -> Value {
    on.to_string().into()
}

/// Returns one reason of a date. What does not belong to its kind is null.
fn reason(reason: &Reason) -> Value {
    let (kind, on, until) = match reason {
        Reason::Started { on } => ("started", Some(*on), None),
        Reason::Skipped { on, .. } => ("skipped", Some(*on), None),
        Reason::Paused { from, until, .. } => ("paused", Some(*from), *until),
        Reason::NotPublished { .. } => ("not_published", None, None),
        Reason::Due { on } => ("due", Some(*on), None),
    };
    let year = if let Reason::NotPublished { year } = reason { Some(*year) } else { None };
    let ground = if let Reason::Paused { ground, .. } = reason { Some(ground.as_str()) } else { None };
    let (day_kind, name) = match reason {
        Reason::Skipped { day: DayKind::Working, .. } => (Some("working"), None),
        Reason::Skipped { day: DayKind::Weekend, .. } => (Some("weekend"), None),
        Reason::Skipped { day: DayKind::MakeUp { name }, .. } => (Some("make_up"), Some(text(name))),
        Reason::Skipped { day: DayKind::Holiday { name }, .. } => (Some("holiday"), Some(text(name))),
        _ => (None, None),
    };
    json!({
        "kind": kind, "on": on.map(day), "until": until.map(day), "year": year, "day": day_kind, "name": name, "ground": ground,
    })
}

fn due(deadline: &Deadline, promised: Limit) -> Value {
    json!({
        "due": day(deadline.due_on),
        "limit": limit(promised),
        "provisional": deadline.provisional,
        "reasons": deadline.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

impl Exchange {
    fn office(&self, place_path: &PlacePath, code: Option<&str>) -> Value {
        let code = code.filter(|code| !code.is_empty());
        let catalogue = self.counter.catalogue();
        json!({
            "place": place(&self.cases.hall.places.tree(), place_path),
            "department": code.map(|code| department(&catalogue, code)),
        })
    }

    /// Returns a case as a line of the queue.
    pub(super) fn row(&self, row: &CaseRow) -> Value {
        let state = self.cases.procedures().state(&row.procedure, &row.state);
        let catalogue = self.counter.catalogue();
        let item = catalogue.get(&row.item);
        json!({
            "number": row.number,
            "item": called(&row.item, item.map(|item| &item.name)),
            "state": called(&row.state, state.map(|state| &state.title)),
            "waits_for": row.waits_for,
            "promised_due": row.promised_due.map(day),
            "legal_due": row.legal_due.map(day),
            "provisional": row.provisional,
            "opened_at": moment(row.opened_at),
            "changed_at": moment(row.changed_at),
            "office": self.office(&row.office_path, Some(row.office_department.as_str())),
            "residence": place(&self.cases.hall.places.tree(), &row.residence_path),
        })
    }

    /// Returns a case in the form that a program may see, with handles in place of what people wrote:
    /// [`Exchange::tell`] puts the words in.
    ///
    /// # Errors
    /// Fails if the data contradict themselves, or if the store or the vault fails.
    pub(super) fn case(&self, tx: &mut dyn Tx, known: &cases::Known, seen: &Seen<'_>) -> Result<Value, Fault> {
        let case = &known.case;
        let procedure = self.cases.procedure_of(case)?;
        let broken = || Fault::Broken(format!("{}: no state {} in {}", case.number, case.state, procedure.name));
        let state = procedure.states.get(&case.state).ok_or_else(broken)?;
        let events = self.cases.events(tx, case)?;
        let person = if seen.masked { self.masked(tx, known)? } else { Value::Null };
        let mut shown = self.facts(case, seen.now);
        shown.extend([
            ("state".to_owned(), named(&case.state, &state.title)),
            ("waits_for".to_owned(), state.waits_for.code().into()),
            ("ended".to_owned(), state.terminal.into()),
            ("path".to_owned(), steps(procedure, &Now { code: &case.state, state }, &events).into()),
            ("actions".to_owned(), self.offered(procedure, case, seen).into()),
            ("person".to_owned(), person),
        ]);
        Ok(Value::Object(shown))
    }

    /// Puts what people wrote into the steps of a case that is shown, in place of the handles. What is kept for
    /// repetition holds the handles alone, so that it holds no words that were deleted.
    pub(super) fn worded(&self, tx: &mut dyn Tx, case: &cases::Key, shown: &mut Value) -> Result<(), Fault> {
        let is_sealed = |text: &Value| text.as_str().is_some_and(|text| handled(text).is_some());
        let steps = shown.get_mut("path").and_then(Value::as_array_mut).into_iter().flatten();
        let said = steps.filter_map(|step| step.get_mut("said")?.as_object_mut()).flat_map(Map::values_mut);
        let sealed: Vec<&mut Value> = said.filter(|text| is_sealed(text)).collect();
        if sealed.is_empty() {
            return Ok(());
        }
        let words = self.cases.words_of(tx, case)?;
        for text in sealed {
            let told = words.read(text.as_str().unwrap_or_default(), DELETED).to_owned();
            *text = Value::from(told);
        }
        Ok(())
    }

    /// Returns what a case is, apart from its state.
    fn facts(&self, case: &Case, now: Instant) -> Map<String, Value> {
        let (tree, calendar) = (self.cases.hall.places.tree(), self.cases.hall.calendar());
        let facts = self.cases.items.facts(case.item());
        let material = |code: &str| {
            let known = facts.as_ref().and_then(|facts| facts.materials.iter().find(|(one, _)| one == code));
            called(code, known.map(|(_, name)| name))
        };
        let paper = |(code, paper): (&String, &Paper)| {
            let mut shown = material(code);
            if let Some(parts) = shown.as_object_mut() {
                parts.insert("state".to_owned(), paper_state(*paper).into());
            }
            shown
        };
        let dated = |name: &str| {
            let clock = case.clock(name)?;
            clock.deadline(&calendar, now).map(|deadline| due(&deadline, clock.limit))
        };
        let shown = json!({
            "number": case.number,
            "item": called(case.item(), facts.as_ref().map(|facts| &facts.name)),
            "outcome": case.decided().map(Outcome::code),
            "online": case.online(),
            "confidential": case.confidential,
            "opened_at": moment(case.opened_at),
            "accepted_at": case.accepted_at.map(moment),
            "promised": dated(PROMISED),
            "legal": dated(LEGAL),
            "office": self.office(&case.office.place, case.office.department.as_deref()),
            "counter": case.counter().map(|counter| place(&tree, counter)),
            "residence": place(&tree, case.residence()),
            "papers": case.papers().iter().map(paper).collect::<Vec<_>>(),
            "missing": case.missing().iter().map(|code| material(code)).collect::<Vec<_>>(),
        });
        if let Value::Object(shown) = shown { shown } else { Map::new() }
    }

    /// Returns the applicant's data, masked. They are null once they were erased.
    fn masked(&self, tx: &mut dyn Tx, known: &cases::Known) -> Result<Value, Fault> {
        let masks = self.cases.hall.vault.masked(tx, known.sealed().as_slice())?;
        let fields = |(_, fields): (uuid::Uuid, vault::Masked)| {
            let pairs = fields.into_iter().map(|(field, value)| (field.code().to_owned(), value.into()));
            Value::Object(pairs.collect())
        };
        Ok(masks.into_iter().next().map_or(Value::Null, fields))
    }

    /// Returns the steps that the system may take now.
    fn offered(&self, procedure: &Procedure, case: &Case, seen: &Seen<'_>) -> Vec<Value> {
        if !seen.acts {
            return Vec::new();
        }
        let materials = self.cases.items.facts(case.item()).map(|facts| facts.materials).unwrap_or_default();
        let shown = |(code, action): (&str, &Action)| {
            let mut asked = asked(procedure, action);
            asked.retain(|need| asks(case, action, need));
            json!({ "code": code, "name": text(&action.title), "needs": needs(&asked, &materials) })
        };
        possible(procedure, case, seen.actor, &Relation::default()).into_iter().map(shown).collect()
    }
}

const fn paper_state(paper: Paper) -> &'static str {
    match (paper.waived, paper.later) {
        (true, _) => "waived",
        (_, true) => "later",
        _ => "received",
    }
}

/// Returns what a step asks a program for. Where it ends the applicant's case in her name, that is also why, and how
/// she said so.
fn asked(procedure: &Procedure, action: &Action) -> Vec<Need> {
    let mut asked = action.needs.clone();
    if !ends_for_her(procedure, action) {
        return asked;
    }
    for reason in asked.iter_mut().filter(|need| need.kind == NeedKind::Reason) {
        reason.required = true;
        reason.title = Bilingual::new("申请人为什么不办了", "Why the applicant is withdrawing");
    }
    let titles = HER_WORDS.into_iter().zip([
        Bilingual::new("本人当面说的", "in person at the counter"),
        Bilingual::new("本人打电话说的", "by telephone"),
        Bilingual::new("本人书面写的", "in writing"),
    ]);
    let options = titles.map(|(code, title)| Choice { code: code.to_owned(), title, one_by_one: false }).collect();
    asked.push(Need {
        name: HER_WORD.to_owned(),
        kind: NeedKind::Choice { options },
        required: true,
        title: Bilingual::new("申请人是怎么说的", "How she said so"),
    });
    asked
}

fn needs(asked: &[Need], materials: &[(String, Bilingual)]) -> Vec<Value> {
    let shown = |need: &Need| {
        let (kind, options): (&str, Vec<Value>) = match &need.kind {
            NeedKind::Text => ("text", Vec::new()),
            NeedKind::Reason => ("reason", Vec::new()),
            NeedKind::Date => ("date", Vec::new()),
            other @ (NeedKind::Number { .. }
            | NeedKind::Money
            | NeedKind::Place
            | NeedKind::Point
            | NeedKind::Files
            | NeedKind::Person
            | NeedKind::Unit
            | NeedKind::Case
            | NeedKind::Consent) => (other.code(), Vec::new()),
            NeedKind::Papers => ("papers", materials.iter().map(|(code, name)| named(code, name)).collect()),
            NeedKind::Choice { options } => {
                ("choice", options.iter().map(|option| named(&option.code, &option.title)).collect())
            }
        };
        json!({
            "name": need.name, "kind": kind, "required": need.required, "title": text(&need.title), "options": options,
        })
    };
    asked.iter().map(shown).collect()
}

/// The state in which a case stands now, with its code.
struct Now<'n> {
    code: &'n str,
    state: &'n State,
}

/// Returns the way of a case: what happened, where it is now, and what usually comes next.
fn steps(procedure: &Procedure, now: &Now<'_>, events: &[Recorded]) -> Vec<Value> {
    let standing = |phase: &str, code: &str, state: &State| {
        json!({
            "phase": phase, "event": "state", "code": code, "name": text(&state.title), "said": {}, "at": null, "by": null,
        })
    };
    let mut way: Vec<Value> = events.iter().filter_map(|recorded| happened(procedure, recorded)).collect();
    if !now.state.terminal {
        way.push(standing("now", now.code, now.state));
    }
    way.extend(way_ahead(procedure, now.code).into_iter().map(|ahead| standing("ahead", ahead.state, ahead.facts)));
    way
}

/// Returns one thing that happened. Dates that were counted anew and places that moved are not told.
fn happened(procedure: &Procedure, recorded: &Recorded) -> Option<Value> {
    if !TOLD.contains(&recorded.event.kind()) {
        return None;
    }
    let title = |action: &str| procedure.actions.get(action).map(|action| text(&action.title));
    let (code, name, said) = match &recorded.event {
        Event::Opened(opened) => (Some(opened.action.as_str()), title(&opened.action), json!({})),
        Event::Acted { action, fields, .. } => (Some(action.as_str()), title(action), json!(fields)),
        Event::Received { .. } => (None, None, json!({})),
        Event::Rated { score, .. } | Event::RatedAgain { score } => (None, None, json!({ "score": score.to_string() })),
        Event::Supervised { note, .. } => (None, None, json!({ "note": note })),
        Event::Extended { amount, reason } => (None, None, json!({ "amount": amount.to_string(), "reason": reason })),
        Event::Explained { reason, .. } => (None, None, json!({ "reason": reason.code() })),
        Event::FollowedUp { answer } => (None, None, json!({ "answer": answer })),
        Event::Transferred { reason, .. } => (None, None, json!({ "reason": reason })),
        Event::Waived { papers } => {
            (None, None, json!({ "papers": papers.iter().cloned().collect::<Vec<_>>().join(", ") }))
        }
        // What offices do among themselves, and what only counts anew, is not told to other systems.
        Event::Recomputed(_)
        | Event::TakenBack { .. }
        | Event::Settled { .. }
        | Event::Relocated { .. }
        | Event::Lapsed { .. }
        | Event::Assigned { .. }
        | Event::Consulted { .. }
        | Event::Answered { .. }
        | Event::Accounted { .. }
        | Event::Appealed { .. }
        | Event::AppealDecided { .. } => return None,
    };
    let by = &recorded.by;
    Some(json!({
        "phase": "done",
        "event": recorded.event.kind(),
        "code": code,
        "name": name,
        "said": said,
        "at": moment(recorded.at),
        "by": { "role": by.role, "name": by.name, "on_behalf": by.on_behalf },
    }))
}

#[cfg(test)]
mod tests;
