//! Today's tasks of a worker: reports to be looked at and to be checked, in the order in which they can be walked, each
//! with what can be done about it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cases::{Cases, UnitsOffered};
use hall::Fault;
use kernel::case::{Case, Moment};
use kernel::permission::Actor;
use kernel::place::Level;
use kernel::procedure::{ClockState, Need, NeedKind, Procedure};
use kernel::time::{Date, Instant};
use places::geography::Geography;
use serde::Serialize;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Light, Page, WebError};

use super::answers::json;
use super::doable::{doable, kind_of};
use super::entries::Line;
use crate::actions::field::work_places;
use crate::actions::tasks::{Found, SHOWN};
use crate::catalogue::{Condition, Kind};
use crate::kind::{proof_needed, with_telephone};
use crate::pages::meant::Folded;
use crate::permissions::May;
use crate::records::{photo, worker};
use crate::rules::counting::is_public;
use crate::rules::sharing::place_of;
use crate::words::{
    CHECKED, CHECKED_BY_CALL, HANDLE, HANDLING, REDISPATCH, Report, SETTLE, Shows, VERIFY, is_looked_at,
};
use crate::{Grid, rules};

/// What stands between the words by which a phone finds a kind.
const BETWEEN: &str = "|";
/// The class of the light of what is late.
const LATE: &str = "late";
/// The state of a report that is put right and to be checked.
const HANDLED: &str = "handled";
/// A phone reckons in milliseconds.
const MICROS_OF_A_MILLISECOND: i64 = 1_000;
/// The minutes of a day.
const MINUTES_OF_A_DAY: u32 = 1_440;
/// The most compounds that a phone carries.
const SPOTS: usize = 600;

/// A task, as the page shows it and as the phone keeps it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Task {
    /// District and identity of the case.
    pub id: String,
    /// The number people read.
    pub number: String,
    /// Where it stands when several share a grid, by its identity alone.
    pub position: u64,
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
    /// What a photo of it must show, and how many are wanted of the work; empty where nothing is said of it alone.
    pub shows: String,
    /// What whoever reported it said, as everybody reads it who may read the case; empty where nobody said more.
    pub words: String,
    /// A worker found it: the words are hers.
    pub found: bool,
    /// That she is asked first, because the grid is hers; empty where it is anybody's of the community.
    pub asked: String,
    /// How many photos it has that this worker may look at.
    pub pictures: i64,
    /// Where it is, in words.
    pub place: String,
    /// East and north, in decimetres of the ground.
    pub at: Option<(i64, i64)>,
    /// By when something is to be done: the class of the light and its words.
    pub light: (String, String),
    /// Danger was heard in it: it comes before all others.
    #[serde(skip)]
    pub danger: bool,
    /// The moment by which it is to be done; none where no time runs.
    #[serde(skip)]
    pub due: Option<Instant>,
    /// What can be done.
    pub actions: Vec<Doable>,
}

/// A condition as a phone offers it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The kind and the condition, as they are sent.
    pub value: String,
    /// What it is called.
    pub text: String,
    /// The words by which its kind is found.
    pub words: String,
    /// What a photo of it must show; empty where nothing is said of it alone.
    pub shows: String,
    /// The numbers to call first, with a blank between them; empty where nobody is in danger.
    pub call: String,
    /// What to do then.
    pub stop: String,
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

/// The units to which reports can be sent, by the case and the step.
type Sendings = BTreeMap<(Uuid, String), UnitsOffered>;

/// Today's tasks, as far as they are listed.
pub(super) struct Listed {
    /// The tasks in walking order.
    pub tasks: Vec<Task>,
    /// That there are more than these; empty where there are none.
    pub more: String,
}

/// What a phone is told when it asks.
#[derive(Serialize)]
struct Told {
    who: String,
    /// What the clock of the server says, in milliseconds since 1970: that of a phone may be wrong by days.
    now: i64,
    tasks: Vec<Task>,
    /// That there are more tasks than these; empty where there are none.
    more: String,
    entries: Vec<Line>,
}

/// `GET /field/tasks.json`
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    let Listed { tasks, more } = grid.tasks(&page).await?;
    let entries = grid.lines_of(&page).await?;
    let now = page.now.micros() / MICROS_OF_A_MILLISECOND;
    json(&Told { who: grid.phone_of(&page), now, tasks, more, entries })
}

impl Grid {
    /// Whose phone it is, without saying so: entries of somebody else who signed in there before are not sent as hers.
    pub(super) fn phone_of(&self, page: &Page) -> String {
        let account = page.visitor.actor.account.map(|account| account.to_string()).unwrap_or_default();
        self.hall.vault.told_apart(&format!("field/{account}"))
    }

    /// Every condition of every kind by the big classes, to be chosen from without a line.
    pub(super) fn conditions_by_class(&self, page: &Page) -> Vec<Folded<Offer>> {
        self.by_class(page, |kind| offers(page, kind))
    }

    /// The communities of a worker and their compounds, and whether there are more.
    pub(super) fn spots(&self, page: &Page, ground: Option<&Geography>) -> (Vec<Choice>, bool) {
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
        let is_cut = found.len() > SPOTS;
        found.truncate(SPOTS);
        (found, is_cut)
    }

    /// Today's tasks of whoever looks: what presses, then one walk, which begins in her own grids.
    pub(super) async fn tasks(self: &Arc<Self>, page: &Page) -> Result<Listed, WebError> {
        let ground = self.hall.places.geography().await?;
        let (desk, actor, earth, today) = (self.clone(), page.visitor.actor.clone(), ground.clone(), page.today());
        let drawn = page.clone();
        let read = move |tx: &mut dyn Tx| {
            let calendar = desk.hall.calendar();
            let moment = Moment { calendar: &calendar, now: drawn.now };
            let can =
                |case: &Case| Ok::<_, Fault>(!doable(desk.cases.procedure_of(case)?, case, &actor, moment).is_empty());
            let todo = desk.todo(tx, &actor, &can)?;
            let own = own_of(tx, &todo.found, &actor, earth.as_deref().map(|ground| (ground, today)))?;
            let opens = todo.found.iter().filter(|one| Cases::may_open(&one.case, &actor).is_ok());
            let keys: Vec<_> = opens.map(|one| (one.report.district, one.report.case_id)).collect();
            let pictures = photo::counts(tx, &keys)?;
            let handled = todo.found.iter().map(|one| &one.case).filter(|case| case.state == HANDLED);
            let reached = with_telephone(&desk.hall, tx, handled)?;
            let units = desk.units_of(tx, &drawn, &todo.found)?;
            Ok::<_, Fault>((todo, own, pictures, reached, units))
        };
        let (todo, own, pictures, reached, units) = self.hall.store.read(read).await?;
        let tasks = todo.found.into_iter().map(|Found { report, case, words, written }| {
            let own = own.contains(&report.case_id);
            let pictures = pictures.get(&report.case_id).copied().unwrap_or_default();
            let mut task = self.task(page, ground.as_deref(), &report, &case)?;
            if !reached.contains(&report.case_id) {
                leave_out_call(&mut task.actions);
            }
            ask_units(&mut task.actions, report.case_id, &units);
            let asked = if own { page.t("grid-field-asked") } else { String::new() };
            let place = [written, task.place.clone()].into_iter().filter(|text| !text.is_empty());
            let place = place.collect::<Vec<_>>().join(" · ");
            let danger = todo.alarms.contains(&report.case_id);
            let what = danger.then(|| page.t("grid-fact-danger")).into_iter().chain([task.what]);
            let what = what.collect::<Vec<_>>().join(" · ");
            Ok::<_, Fault>(Task { what, words, asked, pictures, place, danger, ..task })
        });
        let tasks = tasks.collect::<Result<Vec<_>, Fault>>()?;
        let more = if todo.is_cut { page.t1("grid-field-tasks-more", "n", SHOWN) } else { String::new() };
        let (own, others): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(|task| !task.asked.is_empty());
        // One walk, which begins with hers.
        let midnight = page.zone().instant(today, MINUTES_OF_A_DAY);
        let tasks = page.aside(move || walked(own.into_iter().chain(others).collect(), midnight)).await?;
        Ok(Listed { tasks, more })
    }

    /// The units to which the steps of some reports can send them, as their pages offer them.
    fn units_of(&self, tx: &mut dyn Tx, page: &Page, found: &[Found]) -> Result<Sendings, Fault> {
        let (mut units, calendar) = (Sendings::new(), self.hall.calendar());
        let moment = Moment { calendar: &calendar, now: page.now };
        for Found { report, case, .. } in found {
            let procedure = self.cases.procedure_of(case)?;
            for (name, ..) in doable(procedure, case, &page.visitor.actor, moment) {
                let Some(action) = procedure.actions.get(name) else { continue };
                let offered = self.cases.units_offered(tx, page, case, action)?;
                units.extend(offered.map(|offered| ((report.case_id, name.to_owned()), offered)));
            }
        }
        Ok(units)
    }

    fn task(&self, page: &Page, ground: Option<&Geography>, report: &Report, case: &Case) -> Result<Task, Fault> {
        let procedure = self.cases.procedure_of(case)?;
        let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let closes = condition.map(|(_, condition)| condition.closes.get(page.lang).to_owned());
        let shows = condition.and_then(|(_, condition)| condition.photo.as_ref());
        let needed = proof_needed(&self.hall, procedure, condition.map(|(_, condition)| condition), case)?;
        let proof = (needed > 0).then(|| page.t1("grid-proof-field", "n", needed));
        let shows: Vec<String> = shows.map(|shows| shows.get(page.lang).to_owned()).into_iter().chain(proof).collect();
        let community = self.hall.places.tree().at(&report.path).map(|place| place.named(page.lang).to_owned());
        let compound = report.compound.and_then(|id| Some(ground?.compound(id)?.1.name.clone()));
        let place = [compound, community].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let light = self.light_of(page, procedure, case);
        let calendar = self.hall.calendar();
        let moment = Moment { calendar: &calendar, now: page.now };
        let doable = doable(procedure, case, &page.visitor.actor, moment);
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
            position: place_of(report.case_id),
            version: case.sequence,
            state: case.state.clone(),
            stands: stands.unwrap_or_default(),
            what: what.unwrap_or_else(|| report.kind.clone()),
            closes: closes.unwrap_or_default(),
            shows: shows.join(" · "),
            words: String::new(),
            found: !is_public(case),
            asked: String::new(),
            pictures: 0,
            place,
            at: report.x.zip(report.y),
            danger: false,
            due: light.as_ref().map(|(_, due)| *due),
            light: light.map(|(light, _)| (light.class.to_owned(), light.text)).unwrap_or_default(),
            actions: actions.collect(),
        })
    }

    /// How near it is that something is to be done, as every list says it: by when whoever has it now is to act, where
    /// that is known to the moment, and else by the day of the first clock that runs.
    fn light_of(&self, page: &Page, procedure: &Procedure, case: &Case) -> Option<(Light, Instant)> {
        let (calendar, state) = (self.hall.calendar(), procedure.states.get(&case.state)?);
        if let Some(at) = cases::act_by(case, state, &calendar, page.now) {
            return Some((page.time_left(at, ClockState::Running), at));
        }
        let due = cases::due_by(case, &calendar, page.now).filter(|_| state.clock == ClockState::Running)?;
        let midnight = page.zone().instant(due.due_on, MINUTES_OF_A_DAY);
        Some((page.time_left(due.due_on, ClockState::Running), midnight))
    }
}

/// The reports that somebody is asked first to go and see, because they lie in grids that are in her hands today.
fn own_of(
    tx: &mut dyn Tx,
    found: &[Found],
    actor: &Actor,
    earth: Option<(&Geography, Date)>,
) -> Result<BTreeSet<Uuid>, Fault> {
    let mut own = BTreeSet::new();
    let Some((account, (ground, today))) = actor.account.zip(earth) else { return Ok(own) };
    let grids = places::in_hand(tx, account, today)?;
    if grids.is_empty() {
        return Ok(own);
    }
    for Found { report, .. } in found.iter().filter(|one| is_looked_at(&one.case.state)) {
        let grid = worker::grid_of(tx, ground, report, today)?;
        own.extend(grid.filter(|grid| grids.contains(grid)).map(|_| report.case_id));
    }
    Ok(own)
}

/// The conditions of a kind, each with the words by which the kind is found, what a photo must show, and whom to call
/// first.
fn offers(page: &Page, kind: &Kind) -> Vec<Offer> {
    let names = [kind.name.get(page.lang)].into_iter().chain(kind.words.iter().map(String::as_str));
    let names = names.collect::<Vec<_>>().join(BETWEEN);
    let offer = |condition: &Condition| {
        let stop = condition.stop.as_ref();
        Offer {
            value: format!("{}/{}", kind.key(), condition.code),
            text: format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)),
            words: names.clone(),
            shows: condition.photo.as_ref().map(|shows| shows.get(page.lang).to_owned()).unwrap_or_default(),
            call: stop.map(|stop| stop.call.join(" ")).unwrap_or_default(),
            stop: stop.map(|stop| stop.say.get(page.lang).to_owned()).unwrap_or_default(),
        }
    };
    kind.conditions.iter().map(offer).collect()
}

/// Asks to which unit a step sends a report, and says who gets it where none is chosen.
fn ask_units(actions: &mut [Doable], case_id: Uuid, units: &Sendings) {
    for one in actions {
        let Some(offered) = units.get(&(case_id, one.name.clone())) else { continue };
        let title = [offered.title.as_str(), offered.note.as_str()].into_iter().filter(|text| !text.is_empty());
        // The unit by rule is the one that sent it back, or over which there is a dispute.
        let is_settled = one.name == REDISPATCH || one.name == SETTLE;
        one.needs.push(Asked {
            name: offered.need.clone(),
            title: title.collect::<Vec<_>>().join(" · "),
            kind: "choice",
            required: offered.must_choose || is_settled,
            options: offered.units.iter().map(|unit| (unit.value.clone(), unit.text.clone())).collect(),
        });
    }
}

/// Nobody can say that she asked on a telephone that was not left.
fn leave_out_call(actions: &mut [Doable]) {
    let checks = actions.iter_mut().filter(|one| one.name == VERIFY).flat_map(|one| one.needs.iter_mut());
    for need in checks.filter(|need| need.name == CHECKED) {
        need.options.retain(|option| option.0 != CHECKED_BY_CALL);
    }
}

/// What photos of a step show: of the one that hands in the work before and after, of others the place.
fn photos_of(page: &Page, action: &str) -> Vec<(&'static str, String)> {
    let shown: &[Shows] = if action == HANDLE { &[Shows::Before, Shows::After] } else { &[Shows::Place] };
    let photos = |shows: &Shows| (shows.code(), page.t1("grid-step-photos", "shows", page.t(shows.key())));
    shown.iter().map(photos).collect()
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

/// What is dangerous, what is late, then what is due before midnight, each by its moment. The rest in the order in
/// which it can be walked; then, place by place, what has no exact spot, and last what is done without going there.
fn walked(tasks: Vec<Task>, midnight: Instant) -> Vec<Task> {
    let is_late = |task: &Task| task.light.0 == LATE;
    let presses = |task: &Task| task.danger || is_late(task) || task.due.is_some_and(|due| due <= midnight);
    let (mut pressing, tasks): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(presses);
    pressing.sort_by_key(|task| (!task.danger, !is_late(task), task.due));
    let is_visit = |task: &Task| is_looked_at(&task.state) || task.state == HANDLING;
    let (visits, mut seated): (Vec<Task>, Vec<Task>) = tasks.into_iter().partition(is_visit);
    let (known, mut rest): (Vec<Task>, Vec<Task>) = visits.into_iter().partition(|task| task.at.is_some());
    let points: Vec<(i64, i64)> = known.iter().filter_map(|task| task.at).collect();
    rest.sort_by(by_place);
    seated.sort_by(by_place);
    let way = rules::walking::order(&points).into_iter().filter_map(|at| known.get(at).cloned());
    pressing.into_iter().chain(way).chain(rest).chain(seated).collect()
}

fn by_place(one: &Task, other: &Task) -> Ordering {
    one.place.cmp(&other.place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dangerous_late_or_due_today_comes_first_and_the_rest_as_it_is_walked() {
        let task = |number: &str, state: &str, due: i64, at: Option<(i64, i64)>| Task {
            number: number.to_owned(),
            state: state.to_owned(),
            place: number.to_owned(),
            light: (if due < 0 { LATE } else { "soon" }.to_owned(), String::new()),
            due: Some(Instant::from_micros(0).plus_minutes(due)),
            at,
            ..Task::default()
        };
        let in_six_days = 6 * 1_440;
        let tasks = vec![
            task("near", "reported", in_six_days, Some((0, 0))),
            task("sent out", "filed", in_six_days, Some((1, 1))),
            task("a place", "handled", in_six_days, None),
            task("b place", "handled", in_six_days, None),
            task("c place, today", "handled", 900, None),
            task("by six today", "filed", 360, None),
            task("tonight, on the way", "reported", 1_440, Some((50, 0))),
            task("far", "handling", in_six_days, Some((90, 0))),
            task("late", "reported", -30, None),
            task("longest late", "handling", -90, Some((80, 0))),
            task("between", "handled", in_six_days, Some((40, 0))),
            Task { danger: true, ..task("bare wires", "reported", in_six_days, Some((95, 0))) },
        ];
        let midnight = Instant::from_micros(0).plus_minutes(1_440);
        let order: Vec<String> = walked(tasks, midnight).into_iter().map(|task| task.number).collect();
        let late = ["longest late", "late"];
        let today = ["by six today", "c place, today", "tonight, on the way"];
        let walk = ["near", "between", "far", "a place", "b place", "sent out"];
        let expected: Vec<&str> = ["bare wires"].into_iter().chain(late).chain(today).chain(walk).collect();
        assert_eq!(order, expected);
    }
}
