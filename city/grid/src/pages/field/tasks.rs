//! Today's tasks of a worker: reports to be looked at and to be checked, in the order in which they can be walked, each
//! with what can be done about it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cases::Cases;
use hall::Fault;
use kernel::case::{Case, Relation, asks, possible};
use kernel::place::Level;
use kernel::procedure::{By, ClockState, Need, NeedKind, Procedure};
use kernel::time::Instant;
use places::geography::Geography;
use serde::Serialize;
use store::Tx;
use web::{Choice, Page, WebError};

use super::answers::json;
use super::entries::Line;
use crate::actions::field::work_places;
use crate::permissions::May;
use crate::words::{HANDLE, Report, Shows};
use crate::{Grid, records, rules};

/// The most reports of one place that are looked at.
const LOOKED_AT: i64 = 300;
/// What stands between the words by which a phone finds a kind.
const BETWEEN: &str = "|";
/// The most compounds that a phone carries.
const SPOTS: usize = 600;

/// A task, as the page shows it and as the phone keeps it.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    /// District and identity of the case.
    pub id: String,
    /// The number people read.
    pub number: String,
    /// How many events the case has.
    pub version: i64,
    /// The state in which it is.
    pub state: String,
    /// What that state is called.
    pub stands: String,
    /// What it is.
    pub what: String,
    /// What closes it.
    pub closes: String,
    /// What whoever reported it said, as everybody reads it who may read the case; empty where nobody said more.
    pub words: String,
    /// How many photos it has that this worker may look at.
    pub pictures: i64,
    /// Where it is, in words.
    pub place: String,
    /// East and north, in decimetres of the ground.
    pub at: Option<(i64, i64)>,
    /// By when something is to be done: the class of the light and its words.
    pub light: (String, String),
    /// What can be done.
    pub actions: Vec<Doable>,
}

/// Something that can be done about a task.
#[derive(Clone, Debug, Serialize)]
pub struct Doable {
    /// Its name in the procedure.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it asks for.
    pub needs: Vec<Asked>,
    /// What photos can come with it: what they show, as they are sent, and in words.
    pub photos: Vec<(&'static str, String)>,
}

/// What a step asks for.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// The name of the field.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// The kind of input: `text`, `reason`, `date`, `number`, `choice`, `consent`.
    pub kind: &'static str,
    /// It must be given.
    pub required: bool,
    /// Value and words of a choice.
    pub options: Vec<(String, String)>,
}

/// What a phone is told when it asks.
#[derive(Serialize)]
struct Told {
    who: String,
    day: String,
    tasks: Vec<Task>,
    entries: Vec<Line>,
    conditions: Vec<(String, String)>,
    spots: Vec<(String, String)>,
}

/// `GET /field/tasks.json`
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let ground = grid.hall.places.geography().await?;
    let pairs = |choices: Vec<Choice>| choices.into_iter().map(|choice| (choice.value, choice.text)).collect();
    let told = Told {
        who: grid.phone_of(&page),
        day: page.date(page.today()),
        tasks: grid.tasks(&page).await?,
        entries: grid.lines_of(&page).await?,
        conditions: pairs(grid.every_condition(&page)),
        spots: pairs(grid.spots(&page, ground.as_deref())),
    };
    json(&told)
}

impl Grid {
    /// Whose phone it is, without saying so: entries of somebody else who signed in there before are not sent as hers.
    pub(super) fn phone_of(&self, page: &Page) -> String {
        let account = page.visitor.actor.account.map(|account| account.to_string()).unwrap_or_default();
        self.hall.vault.told_apart(&format!("field/{account}"))
    }

    /// Every condition of every kind, to be chosen from without a line, each with the words by which its kind is found.
    pub(super) fn every_condition(&self, page: &Page) -> Vec<Choice> {
        let words = |kind: &crate::catalogue::Kind, condition: &crate::catalogue::Condition| {
            format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang))
        };
        let every = self.catalogue.kinds().iter().flat_map(|kind| {
            let key = kind.key();
            let names = [kind.name.get(page.lang)].into_iter().chain(kind.words.iter().map(String::as_str));
            let names = names.collect::<Vec<_>>().join(BETWEEN);
            kind.conditions
                .iter()
                .map(move |one| Choice::new(format!("{key}/{}", one.code), words(kind, one), "").hint(names.clone()))
        });
        every.collect()
    }

    /// The communities of a worker and their compounds.
    pub(super) fn spots(&self, page: &Page, ground: Option<&Geography>) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let places = work_places(&page.visitor.actor);
        let mut found: Vec<Choice> = Vec::new();
        for place in &places {
            if let Some(known) = tree.at(place).filter(|known| known.level == Level::Community) {
                found.push(Choice::new(format!("p:{}", known.id), known.named(page.lang).to_owned(), ""));
            }
            for at in ground.map(|ground| ground.inside(&tree, place).compounds).unwrap_or_default() {
                let compound = ground.and_then(|ground| ground.compounds.get(at as usize));
                found.extend(compound.map(|one| Choice::new(format!("c:{}", one.id), one.name.clone(), "")));
            }
        }
        found.truncate(SPOTS);
        found
    }

    /// Today's tasks of whoever looks, in walking order.
    pub(super) async fn tasks(self: &Arc<Self>, page: &Page) -> Result<Vec<Task>, Fault> {
        let (desk, actor) = (self.clone(), page.visitor.actor.clone());
        let read = move |tx: &mut dyn Tx| {
            let mut found: Vec<(Report, Case, String, i64)> = Vec::new();
            for place in work_places(&actor) {
                for report in records::open_in(tx, &place, LOOKED_AT)? {
                    let known = match desk.cases.known(tx, report.district, report.case_id) {
                        Err(Fault::NotFound) => continue,
                        known => known?,
                    };
                    let procedure = desk.cases.procedure_of(&known.case)?;
                    if !doable(procedure, &known.case, &actor).is_empty() {
                        let words = desk.said(tx, &known)?.unwrap_or_default();
                        let pictures = if Cases::may_open(&known.case, &actor).is_ok() {
                            records::photo::count(tx, report.district, report.case_id)?
                        } else {
                            0
                        };
                        found.push((report, known.case, words, pictures));
                    }
                }
            }
            Ok::<_, Fault>(found)
        };
        let found = self.hall.store.read(read).await?;
        let ground = self.hall.places.geography().await?;
        let tasks = found.into_iter().map(|(report, case, words, pictures)| {
            let task = self.task(page, ground.as_deref(), &report, &case)?;
            Ok::<_, Fault>(Task { words, pictures, ..task })
        });
        Ok(walked(tasks.collect::<Result<Vec<_>, Fault>>()?))
    }

    fn task(&self, page: &Page, ground: Option<&Geography>, report: &Report, case: &Case) -> Result<Task, Fault> {
        let procedure = self.cases.procedure_of(case)?;
        let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let closes = condition.map(|(_, condition)| condition.closes.get(page.lang).to_owned());
        let community = self.hall.places.tree().at(&report.path).map(|place| place.named(page.lang).to_owned());
        let compound = report.compound.and_then(|id| Some(ground?.compound(id)?.1.name.clone()));
        let place = [compound, community].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let light = self.due_of(procedure, case, page.now).map(|due| page.time_left(due, ClockState::Running));
        let doable = doable(procedure, case, &page.visitor.actor);
        let actions = doable.into_iter().map(|(name, title, needs)| Doable {
            name: name.to_owned(),
            title: page.of(title).to_owned(),
            needs: needs.iter().filter_map(|need| asked(page, need)).collect(),
            photos: photos_of(page, name),
        });
        let stands = procedure.states.get(&case.state).map(|state| page.of(&state.title).to_owned());
        Ok(Task {
            id: format!("{}/{}", report.district.0, report.case_id),
            number: case.number.clone(),
            version: case.sequence,
            state: case.state.clone(),
            stands: stands.unwrap_or_default(),
            what: what.unwrap_or_else(|| report.kind.clone()),
            closes: closes.unwrap_or_default(),
            words: String::new(),
            pictures: 0,
            place,
            at: report.x.zip(report.y),
            light: light.map(|light| (light.class.to_owned(), light.text)).unwrap_or_default(),
            actions: actions.collect(),
        })
    }

    /// By when something is to be done, as the page of the case says it: by the first clock that runs; where none does,
    /// by when the state has lasted as long as it may.
    fn due_of(&self, procedure: &Procedure, case: &Case, now: Instant) -> Option<Instant> {
        let calendar = self.hall.calendar();
        let runs = procedure.states.get(&case.state).is_some_and(|state| state.clock == ClockState::Running);
        if !runs {
            return case.latest.as_ref().and_then(|latest| latest.at);
        }
        let running = case.clocks.iter().filter(|(_, clock)| clock.is_open());
        running.filter_map(|(name, _)| Some(case.deadline(name, &calendar, now)?.due)).min()
    }
}

/// What somebody can do about a case in the field: a step of her own side whose questions can be answered there.
fn doable<'p>(
    procedure: &'p Procedure,
    case: &Case,
    actor: &kernel::permission::Actor,
) -> Vec<(&'p str, &'p kernel::language::Bilingual, Vec<&'p Need>)> {
    let own = |by: &By| matches!(by, By::Desk | By::Counter | By::Office);
    let steps = possible(procedure, case, actor, &Relation::default());
    let answered = |need: &&Need| !need.required || kind_of(&need.kind).is_some();
    steps
        .into_iter()
        .filter(|(_, action)| own(&action.by))
        .map(|(name, action)| {
            (name, &action.title, action.needs.iter().filter(|need| asks(case, action, need)).collect())
        })
        .filter(|(_, _, needs): &(_, _, Vec<&Need>)| needs.iter().all(answered))
        .collect()
}

/// What photos of a step show: of the one that hands in the work before and after, of others the place.
fn photos_of(page: &Page, action: &str) -> Vec<(&'static str, String)> {
    let shown: &[Shows] = if action == HANDLE { &[Shows::Before, Shows::After] } else { &[Shows::Place] };
    let photos = |shows: &Shows| (shows.code(), page.t1("grid-step-photos", "shows", page.t(shows.key())));
    shown.iter().map(photos).collect()
}

/// The kind of input that a phone has for a question; none for what it cannot ask.
const fn kind_of(kind: &NeedKind) -> Option<&'static str> {
    match kind {
        NeedKind::Text => Some("text"),
        NeedKind::Reason => Some("reason"),
        NeedKind::Date => Some("date"),
        NeedKind::Number { .. } => Some("number"),
        NeedKind::Choice { .. } => Some("choice"),
        NeedKind::Consent => Some("consent"),
        _ => None,
    }
}

fn asked(page: &Page, need: &Need) -> Option<Asked> {
    let kind = kind_of(&need.kind)?;
    let options = match &need.kind {
        NeedKind::Choice { options } => {
            options.iter().map(|option| (option.code.clone(), page.of(&option.title).to_owned())).collect()
        }
        _ => Vec::new(),
    };
    let title = page.of(&need.title).to_owned();
    Some(Asked { name: need.name.clone(), title, kind, required: need.required, options })
}

/// Tasks in the order in which they can be walked; those whose spot nobody knows come last, place by place.
fn walked(tasks: Vec<Task>) -> Vec<Task> {
    let (known, mut rest): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(|task| task.at.is_some());
    let points: Vec<(i64, i64)> = known.iter().filter_map(|task| task.at).collect();
    rest.sort_by(|one, other| one.place.cmp(&other.place));
    let way = rules::walking::order(&points).into_iter().filter_map(|at| known.get(at).cloned());
    way.chain(rest).collect()
}
