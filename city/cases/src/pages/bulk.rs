//! Many cases of the queue at once (批量办理): who has them in hand, and the steps that their procedures allow for many.
//!
//! Each case is done by itself, in its own transaction, with its own event: what is refused in one hinders no other, and the answer says which and why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::case::{Command, Relation};
use kernel::permission::Permission;
use kernel::procedure::{Action, NeedKind};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Page, PostForm, Problem, WebError, render};

use super::case::own_counter;
use super::work::COLLEAGUES;
use crate::Cases;
use crate::actions::{Fault, Step, district};
use crate::records::CaseRow;

/// What can be done to the ticked cases of a queue.
pub struct Bulk {
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
    /// What it asks: name, label, choices.
    pub needs: Vec<(String, String, Vec<Choice>)>,
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
}

#[derive(Template)]
#[template(path = "cases/bulk.html")]
struct BulkPage {
    page: Page,
    done: Vec<Line>,
    refused: Vec<Line>,
    /// What takes it back, where that is possible: the deed that is sent.
    undo: Option<&'static str>,
}

/// What is done to each of the ticked cases.
#[derive(Clone)]
enum Deed {
    Hand(String),
    Act(String, BTreeMap<String, String>),
}

/// `POST /queue/bulk`: does `deed` to every `case` ticked: `me`, `nobody`, `give` (then `to` is an account), or `act:STEP` with the answers in
/// `STEP.NEED`. Says what was done and what was not. Sent twice it is done once.
///
/// # Errors
/// Sign-in needed, nothing ticked, more than a page of cases, no such deed, or a failure.
pub async fn post(State(cases): State<Arc<Cases>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let numbers: BTreeSet<String> = form.all("case").into_iter().map(str::to_owned).collect();
    if numbers.is_empty() {
        return Err(Refusal::new(Code::CaseNoneTicked).field("case").into());
    }
    let most = cases.page_size(&page)?;
    if i64::try_from(numbers.len()).is_ok_and(|count| count > most) {
        return Err(Refusal::new(Code::RequestTooLarge).into());
    }
    let deed = deed(&form)?;
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for number in numbers {
        let line = cases.clone().one_of_many(&page, number, deed.clone(), form.key().to_owned()).await?;
        if line.problem.is_none() { done.push(line) } else { refused.push(line) }
    }
    let undo = match &deed {
        Deed::Hand(to) if to == "me" => Some("nobody"),
        Deed::Hand(_) => Some("me"),
        Deed::Act(..) => None,
    };
    render(&BulkPage { page, undo: undo.filter(|_| !done.is_empty()), done, refused })
}

fn deed(form: &PostForm) -> Result<Deed, Refusal> {
    let wrong = || Refusal::new(Code::FormChoice).field("deed").with("label", "deed");
    match form.get("deed") {
        "give" => Ok(Deed::Hand(form.get("to").to_owned())),
        hand @ ("me" | "nobody") => Ok(Deed::Hand(hand.to_owned())),
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
        let mut steps: Vec<(usize, BulkStep)> = Vec::new();
        for row in rows {
            let Some(procedure) = self.procedures().get(&row.procedure) else { continue };
            let possible = procedure.from_state(&row.state).into_iter();
            for (name, action) in possible.filter(|(_, action)| action.in_bulk && actor.has(action.permission)) {
                match steps.iter_mut().find(|(_, step)| step.name == name) {
                    Some((_, step)) => step.count += 1,
                    None => steps.push((action.order, step(page, name, action))),
                }
            }
        }
        steps.sort_by_key(|(order, _)| *order);
        let hands = actor.has(Permission::CaseHandle);
        if !hands && steps.is_empty() {
            return Ok(None);
        }
        let (asking, steps) = steps.into_iter().map(|(_, step)| step).partition(|step| !step.needs.is_empty());
        let colleagues = if hands { Self::colleagues_at_desks(tx, page)? } else { Vec::new() };
        Ok(Some(Bulk { hands, colleagues, steps, asking }))
    }

    /// Whoever works at the desks of this visitor's posts, without herself.
    fn colleagues_at_desks(tx: &mut dyn Tx, page: &Page) -> Result<Vec<Choice>, Fault> {
        let actor = &page.visitor.actor;
        let mut found: BTreeMap<Uuid, String> = BTreeMap::new();
        for scope in actor.scopes(Permission::CaseHandle) {
            for one in identity::on_duty(tx, &scope.place, page.today(), COLLEAGUES)? {
                if scope.department.is_none() || one.department.is_none() || one.department == scope.department {
                    found.insert(one.account, one.name);
                }
            }
        }
        let others = found.iter().filter(|(account, _)| Some(**account) != actor.account);
        Ok(others.map(|(account, name)| Choice::new(account.to_string(), name.as_str(), "")).collect())
    }

    /// One case of many, in a transaction of its own; a refusal is part of the answer.
    async fn one_of_many(
        self: Arc<Self>,
        page: &Page,
        number: String,
        deed: Deed,
        once: String,
    ) -> Result<Line, WebError> {
        let (drawn, asked, store) = (page.clone(), number.clone(), self.store.clone());
        let done = store
            .write(move |tx| {
                let actor = &drawn.visitor.actor;
                let known = self.seen(tx, &asked, actor, None, drawn.now)?;
                let item = self.items.facts_of(&known.case.item, known.case.item_version);
                let item = item.map_or_else(|| known.case.item.clone(), |facts| facts.name.get(drawn.lang).to_owned());
                let command = match &deed {
                    Deed::Hand(to) => Command::Assign { to: Self::given_to(tx, &drawn, &known, to)? },
                    Deed::Act(action, fields) => {
                        self.procedure_of(&known.case)?.may_in_bulk(action, fields)?;
                        let (fields, counter) = (fields.clone(), own_counter(actor));
                        Command::Act { action: action.clone(), fields, papers: Vec::new(), counter, on_behalf: false }
                    }
                };
                let step = Step { district: district(&known.case), id: known.case.id.0, command, once: once.clone() };
                let case = self.step(tx, &step, actor, &Relation::default(), drawn.now)?;
                let state = self.state_title(&case.procedure, &case.state, drawn.lang);
                Ok::<_, Fault>(Line { number: case.number, item, state, problem: None })
            })
            .await;
        let refused = |refusal: &Refusal| Line {
            number: number.clone(),
            item: String::new(),
            state: String::new(),
            problem: Some(Problem::of(refusal, page.lang)),
        };
        match done {
            Err(Fault::Refused(refusal)) => Ok(refused(&refusal)),
            Err(Fault::NotFound) => Ok(refused(&Refusal::new(Code::CaseNotFound))),
            done => Ok(done?),
        }
    }
}

fn step(page: &Page, name: &str, action: &Action) -> BulkStep {
    let asked = |need: &kernel::procedure::Need| match &need.kind {
        NeedKind::Choice { options } => {
            let same = options.iter().filter(|option| !option.one_by_one);
            let choices = same.map(|option| Choice::new(option.code.as_str(), page.of(&option.title), "")).collect();
            Some((need.name.clone(), page.of(&need.title).to_owned(), choices))
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
