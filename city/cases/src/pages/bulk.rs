//! Many cases of the queue at once (批量办理): who has them in hand, and the steps that their procedures allow for
//! many.
//!
//! Each case is done by itself, in its own transaction, with its own event. A refusal in one case does not hinder the
//! others, and the answer says which case was refused and why.

use crate::refusals::Why;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use identity::OnDuty;
use kernel::case::{Case, Command, Relation};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlacePath;
use kernel::procedure::{Action, NeedKind};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page, PostForm, Problem, WebError, render};

use super::parts::own_counter;
use super::work::{COLLEAGUES, colleague_choices};
use crate::Cases;
use crate::actions::Doing;
use crate::records::CaseRow;
use crate::words::CASE_UNDO_SECONDS;
use hall::Fault;

/// What can be done to the ticked cases of a queue.
pub struct Bulk {
    /// The numbers of those that can be ticked: whoever looks may do something to them together with others.
    pub ticked: BTreeSet<String>,
    /// They can be taken in hand, let go of, and given to somebody.
    pub hands: bool,
    /// To whom: value and name.
    pub colleagues: Vec<Choice>,
    /// Steps that are asked for nothing.
    pub steps: Vec<BulkStep>,
    /// Steps that ask for choices that are the same in all of them.
    pub asking: Vec<BulkStep>,
}

/// A step that may be taken in many cases.
pub struct BulkStep {
    /// Its name in the procedures.
    pub name: String,
    /// What the button says.
    pub title: String,
    /// In how many of the cases shown it is possible.
    pub count: usize,
    /// What it asks.
    pub needs: Vec<Asked>,
}

/// A choice that a step asks for.
#[derive(PartialEq, Eq)]
pub struct Asked {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What there is to choose from.
    pub choices: Vec<Choice>,
}

/// What became of one case.
pub struct Line {
    /// Its number, as it was sent.
    pub number: String,
    /// The item's name; empty when there is no such case.
    pub item: String,
    /// The state it is in now.
    pub state: String,
    /// Why nothing was done.
    pub problem: Option<Problem>,
    /// Whose it was before, where that can be brought back.
    was: Option<Was>,
    /// The step was decided, and leaves in some seconds.
    held: bool,
    /// How many events it has: the form that takes a step in many sends it back.
    drawn: i64,
}

/// Whose a case was before it changed hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Was {
    Mine,
    Nobodys,
}

#[derive(Template)]
#[template(path = "cases/bulk.html")]
struct BulkPage {
    page: Page,
    done: Vec<Line>,
    refused: Vec<Line>,
    /// What takes it back, where that is possible: the deed that is sent, and the cases it is for. If a colleague had a
    /// case before, people give it back to her by hand.
    undo: Option<(&'static str, Vec<String>)>,
    /// What was decided leaves in so many seconds.
    held: Option<i64>,
}

/// What a step would do to the ticked cases, before it is taken.
#[derive(Template)]
#[template(path = "cases/bulk_sure.html")]
struct SurePage {
    page: Page,
    /// What the step is called.
    step: String,
    done: Vec<Line>,
    refused: Vec<Line>,
    /// What was chosen for the step, to be sent again.
    sent: Vec<(String, String)>,
}

/// What is done to each of the ticked cases.
#[derive(Clone)]
enum Deed {
    Hand(String),
    Act(String, BTreeMap<String, String>),
    Undo,
}

/// A deed for many cases as it was sent.
#[derive(Clone)]
struct Sent {
    deed: Deed,
    once: String,
    /// It is done. Else it is only tried, so that people see what can be done before they do it.
    sure: bool,
    /// How many events the case had when the page was made that shows what can be done.
    drawn: i64,
}

/// `POST /queue/bulk` does `deed` to every `case` that is ticked: `me`, `nobody`, `give` (then `to` is an account),
/// `undo`, or `act:STEP` with the answers in `STEP.NEED`. A step is only tried before it is sent with `sure`: the page
/// says which cases it can be taken in, and why not in the others. `drawn.NUMBER` says what it showed of a case: one
/// that went on since is refused. Sent twice, it is done once.
///
/// # Errors
/// Sign-in needed, nothing ticked, more than a page of cases, no such deed, or a failure.
pub async fn post(State(cases): State<Arc<Cases>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let numbers: BTreeSet<String> = form.all("case").into_iter().map(str::to_owned).collect();
    if numbers.is_empty() {
        return Err(Refusal::new(Why::CaseNoneTicked).field("case").into());
    }
    let most = cases.page_size(&page)?;
    if i64::try_from(numbers.len()).is_ok_and(|count| count > most) {
        return Err(Refusal::new(Code::RequestTooLarge).into());
    }
    let deed = deed(&form)?;
    let sure = form.has("sure") || !matches!(deed, Deed::Act(..));
    let sent = Sent { deed, once: form.key().to_owned(), sure, drawn: 0 };
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for number in numbers {
        let drawn = form.get(&format!("drawn.{number}")).parse().unwrap_or_default();
        let line = cases.clone().one_of_many(&page, number, Sent { drawn, ..sent.clone() }).await;
        if line.problem.is_none() { done.push(line) } else { refused.push(line) }
    }
    if let (Deed::Act(action, _), false) = (&sent.deed, sure) {
        let own = |name: &str| name == "deed" || name.strip_prefix(action).is_some_and(|rest| rest.starts_with('.'));
        let again = form.pairs().filter(|(name, _)| own(name));
        let again = again.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let step = cases.step_title(&page, action);
        return render(&SurePage { page, step, done, refused, sent: again });
    }
    let seconds = cases.hall.figure(CASE_UNDO_SECONDS, page.now)?;
    let held = done.iter().any(|line| line.held).then_some(seconds);
    render(&BulkPage { page, undo: undo(&sent.deed, &done), held, done, refused })
}

fn undo(deed: &Deed, done: &[Line]) -> Option<(&'static str, Vec<String>)> {
    let back = match deed {
        Deed::Hand(to) if to == "me" => "nobody",
        Deed::Hand(_) => "me",
        Deed::Act(..) | Deed::Undo => "undo",
    };
    let is_taken_back = |line: &&Line| match back {
        "nobody" => line.was == Some(Was::Nobodys),
        "me" => line.was == Some(Was::Mine),
        _ => line.held,
    };
    let numbers: Vec<String> = done.iter().filter(is_taken_back).map(|line| line.number.clone()).collect();
    (!numbers.is_empty()).then_some((back, numbers))
}

fn deed(form: &PostForm) -> Result<Deed, Refusal> {
    let label = Bilingual::new("怎么办", "What to do");
    let wrong = || Refusal::new(Code::FormChoice).field("deed").with_both("label", &label);
    match form.get("deed") {
        "give" if form.get("to").is_empty() => {
            let label = Bilingual::new("交给谁", "To");
            Err(Refusal::new(Code::FormChoice).field("to").with_both("label", &label))
        }
        "give" => Ok(Deed::Hand(form.get("to").to_owned())),
        hand @ ("me" | "nobody") => Ok(Deed::Hand(hand.to_owned())),
        "undo" => Ok(Deed::Undo),
        other => {
            let action = other.strip_prefix("act:").ok_or_else(wrong)?;
            let under = format!("{action}.");
            let fields = form.under(&under).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            Ok(Deed::Act(action.to_owned(), fields))
        }
    }
}

impl Cases {
    /// What this visitor can do to several of these cases at once; none when there is nothing.
    ///
    /// # Errors
    /// A failure of the store, or data that contradicts itself.
    pub(super) fn bulk(&self, tx: &mut dyn Tx, page: &Page, rows: &[CaseRow]) -> Result<Option<Bulk>, Fault> {
        let actor = &page.visitor.actor;
        if rows.is_empty() {
            return Ok(None);
        }
        let mut possible: BTreeMap<(&str, &str), (&Action, usize)> = BTreeMap::new();
        let taken: Vec<&CaseRow> = rows.iter().filter(|row| Self::may_take(actor, row)).collect();
        let mut ticked: BTreeSet<String> = taken.iter().map(|row| row.number.clone()).collect();
        let hands = !ticked.is_empty();
        for row in rows {
            let Some(procedure) = self.procedures().get(&row.procedure) else { continue };
            let allowed = |action: &Action| action.in_bulk && Self::may_at_desk(actor, action.permission, row);
            for (name, action) in procedure.from_state(&row.state).into_iter().filter(|(_, action)| allowed(action)) {
                possible.entry((&row.procedure, name)).or_insert((action, 0)).1 += 1;
                ticked.insert(row.number.clone());
            }
        }
        let mut steps: Vec<(usize, BulkStep)> = Vec::new();
        for ((_, name), (action, count)) in possible {
            let one = BulkStep { count, ..step(page, name, action) };
            match steps.iter_mut().find(|(_, known)| known.name == one.name && known.needs == one.needs) {
                Some((_, known)) => known.count += count,
                None => steps.push((action.order, one)),
            }
        }
        steps.sort_by_key(|(order, _)| *order);
        if ticked.is_empty() {
            return Ok(None);
        }
        let (asking, steps) = steps.into_iter().map(|(_, step)| step).partition(|step| !step.needs.is_empty());
        let colleagues = self.colleagues_for(tx, page, &taken)?;
        Ok(Some(Bulk { ticked, hands, colleagues, steps, asking }))
    }

    /// Whether somebody may take a case in hand: she handles cases at its office, or at the counter that keeps it.
    fn may_take(actor: &Actor, row: &CaseRow) -> bool {
        let department = Some(row.office_department.clone()).filter(|name| !name.is_empty());
        let places = std::iter::once(&row.office_path).chain(&row.counter_path);
        places.into_iter().any(|place| {
            let target = Target { place: place.clone(), department: department.clone() };
            may(actor, Permission::CaseHandle, &target).is_ok()
        })
    }

    /// Whether somebody holds a permission at the desk where a case waits.
    fn may_at_desk(actor: &Actor, permission: Permission, row: &CaseRow) -> bool {
        let (place, department) = desk(row);
        let department = (!department.is_empty()).then(|| department.to_owned());
        may(actor, permission, &Target { place: place.clone(), department }).is_ok()
    }

    /// Whoever can have at least one of these cases, as it is asked where a single one is given on, without this
    /// visitor. What somebody cannot have of the ticked ones is refused by itself.
    fn colleagues_for(&self, tx: &mut dyn Tx, page: &Page, rows: &[&CaseRow]) -> Result<Vec<Choice>, Fault> {
        let mut found: BTreeMap<Uuid, String> = BTreeMap::new();
        let mut desks: BTreeMap<&PlacePath, Vec<OnDuty>> = BTreeMap::new();
        for row in rows {
            let (place, department) = desk(row);
            let at_desk = match desks.entry(place) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(identity::on_duty(tx, place, page.today(), COLLEAGUES)?),
            };
            let is_new = |one: &&OnDuty| {
                let same = match &one.department {
                    Some(own) => department.is_empty() || own == department,
                    None => !row.confidential,
                };
                same && !found.contains_key(&one.account) && self.works(one)
            };
            let new: Vec<OnDuty> = at_desk.iter().filter(is_new).cloned().collect();
            if new.is_empty() {
                continue;
            }
            let case = self.known(tx, row.district, row.id)?.case;
            for one in new {
                if self.opens(tx, &case, &one)? {
                    found.insert(one.account, one.name);
                }
            }
        }
        Ok(colleague_choices(page, &found))
    }

    /// What a step is called in the first procedure that has it.
    fn step_title(&self, page: &Page, action: &str) -> String {
        let found = self.procedures().all().find_map(|procedure| procedure.actions.get(action));
        found.map_or_else(|| action.to_owned(), |action| page.of(&action.title).to_owned())
    }

    /// One case of many, in a transaction of its own; a refusal is part of the answer.
    async fn one_of_many(self: Arc<Self>, page: &Page, number: String, sent: Sent) -> Line {
        let (drawn, asked, store, sure) = (page.clone(), number.clone(), self.hall.store.clone(), sent.sure);
        let work = move |tx: &mut dyn Tx| self.one(tx, &drawn, &asked, &sent);
        let done = if sure { store.write(work).await } else { store.read(work).await };
        done.unwrap_or_else(|fault| {
            let refusal = match fault {
                Fault::Refused(refusal) => refusal,
                Fault::NotFound => Refusal::new(Code::CaseNotFound),
                // What was done in the others has to be told all the same.
                fault => {
                    tracing::warn!(number, %fault, "one case of many failed");
                    Refusal::new(Why::CaseNotNow)
                }
            };
            let mut problem = page.problem(&refusal);
            if refusal.code == Code::CaseActionNotPossibleHere {
                // Among many it is simply at another step; nobody was faster.
                problem.remedy = page.t("cases-bulk-other-step");
            } else if refusal.code == Why::CaseWentOn {
                problem.remedy = page.t("cases-bulk-went-on");
            }
            let (item, state) = (String::new(), String::new());
            Line { number, item, state, problem: Some(problem), was: None, held: false, drawn: 0 }
        })
    }

    fn one(&self, tx: &mut dyn Tx, page: &Page, number: &str, sent: &Sent) -> Result<Line, Fault> {
        let actor = &page.visitor.actor;
        let known = self.seen(tx, number, actor, None, page.now)?;
        let line = |case: &Case, was: Option<Was>, held: bool| {
            let state = self.state_title(&case.procedure, &case.state, page.lang);
            let (number, item, drawn) = (case.number.clone(), self.called(case, page.lang), case.sequence);
            Line { number, item, state, problem: None, was, held, drawn }
        };
        let command = match &sent.deed {
            Deed::Undo => {
                self.undo(tx, &known, actor, &sent.once, page.now)?;
                return Ok(line(&known.case, None, false));
            }
            Deed::Hand(to) => Command::Assign { to: self.given_to(tx, page, &known, to)? },
            Deed::Act(action, fields) => {
                self.procedure_of(&known.case)?.may_in_bulk(action, fields)?;
                let (fields, counter) = (fields.clone(), own_counter(actor));
                Command::Act { action: action.clone(), fields, papers: Vec::new(), counter, on_behalf: false }
            }
        };
        let (relation, drawn) = (Relation::default(), sent.sure.then_some(sent.drawn));
        let doing = Doing { command: &command, once: &sent.once, actor, relation, drawn, now: page.now };
        if !sent.sure {
            self.foreseen(tx, &known, &doing)?;
            return Ok(line(&known.case, None, false));
        }
        if self.weighs(&known.case, &command, actor) {
            let told = line(&known.case, None, true);
            self.hold(tx, known, &doing)?;
            return Ok(told);
        }
        let (before, had) = (known.case.sequence, known.case.handler.as_ref().map(|one| one.account));
        let case = self.go_on(tx, known, &doing)?.case;
        let was = match had {
            _ if case.sequence == before => None,
            None => Some(Was::Nobodys),
            Some(account) => (actor.account == Some(account)).then_some(Was::Mine),
        };
        Ok(line(&case, was, false))
    }
}

/// The desk where a case waits: its place, and the department of an office.
fn desk(row: &CaseRow) -> (&PlacePath, &str) {
    if row.waits_for == "counter" {
        (row.counter_path.as_ref().unwrap_or(&row.residence_path), "")
    } else {
        (&row.office_path, &row.office_department)
    }
}

fn step(page: &Page, name: &str, action: &Action) -> BulkStep {
    let asked = |need: &kernel::procedure::Need| match &need.kind {
        NeedKind::Choice { options } => {
            let same = options.iter().filter(|option| !option.one_by_one);
            let mut choices: Vec<Choice> =
                same.map(|option| Choice::new(option.code.as_str(), page.of(&option.title), "")).collect();
            // Nothing is chosen for anybody where there is a choice.
            if choices.len() > 1 {
                choices.insert(0, Choice::new("", page.t("cases-late-choose"), ""));
            }
            Some(Asked { name: need.name.clone(), title: page.of(&need.title).to_owned(), choices })
        }
        _ => None,
    };
    BulkStep {
        name: name.to_owned(),
        title: page.of(&action.title).to_owned(),
        count: 1,
        needs: action.needs.iter().filter_map(asked).collect(),
    }
}
