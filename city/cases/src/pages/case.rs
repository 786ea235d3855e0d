//! One case on one page: what it is, when it is due and why, what can be done now, who has seen the person.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::case::{Acting, Case, Command, PaperForm, Relation, may_read, sign};
use kernel::identifier::CaseNumber;
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::refusal::{Code, Refusal};
use serde::Deserialize;
use uuid::Uuid;
use vault::PersonField;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::parts::{Hearer, RequestLine, TalkLine};
pub use super::parts::{own_counter, person};
use super::steps::{ActionForm, StepGiven};
use super::unkept::Unkept;
use super::view::CaseView;
use super::work::Work;
use crate::Cases;
use crate::actions::district;
use crate::actions::{Doing, Held, Known, Looking};
use crate::records::{Key, held};
use hall::{AccessPage, Fault, PurposeFields, Stated};

#[derive(Template)]
#[template(path = "cases/case.html")]
struct CasePage {
    page: Page,
    post: String,
    view: CaseView,
    actions: Vec<ActionForm>,
    /// What was typed into a step that is not among them.
    unkept: Option<Unkept>,
    can: Can,
    work: Work,
    talk: Vec<TalkLine>,
    requests: Vec<RequestLine>,
    opened: bool,
    accesses: AccessPage,
    /// Why somebody may open the person.
    why: PurposeFields,
    problem: Option<Problem>,
    /// It was refused because it is not known yet in which community she lives.
    is_home_asked: bool,
    /// The step that was just taken, and who has to act now.
    did: Option<String>,
    /// The step that can still be undone.
    held: Option<Held>,
    /// Once a step was taken: the list from which the case was opened, and what leads on to its next case.
    back: Option<Back>,
}

/// The way back to a list.
struct Back {
    list: String,
    /// The address that leads on to the next case; none where the list does not lead on.
    next: Option<String>,
}

impl Back {
    /// The way back from a case to the list from which it was opened.
    fn of(cases: &Cases, page: &Page, case: &Case) -> Option<Self> {
        let list = page.list()?;
        let next = cases.kinds.get(&case.kind).and_then(|kind| kind.following(case, &list));
        Some(Self { list, next })
    }
}

impl CasePage {
    /// Whether pictures can be sent together with one of the steps.
    fn sends_pictures(&self) -> bool {
        self.actions.iter().any(|action| action.attaching.is_some())
    }

    /// The address that shows what became of a decision once it left, with the list from which the case was opened.
    fn then(&self) -> String {
        let list = self.page.list().unwrap_or_default();
        format!("/cases/{}{}", self.view.number, Form::default().address_with(&[("left", "1"), ("from", &list)]))
    }
}

/// What this visitor may do beside the steps of the procedure.
struct Can {
    receive: bool,
    open: bool,
    /// Sealed words that are shown once the person was opened with a purpose.
    words: i64,
    /// Write to whoever the case is about: she left data, has a code to read it with, or others take part.
    message: bool,
}

impl Can {
    /// What may be done beside the steps.
    fn of(cases: &Cases, actor: &Actor, known: &Known, view: &CaseView, words: &Words) -> Result<Self, Fault> {
        Ok(Self {
            open: known.person.is_some() && Cases::may_open(&known.case, actor).is_ok(),
            words: if view.seals_words() { words.sealed } else { 0 },
            message: known.code.is_some() || !view.person.is_empty() || view.sealed.len() > 1,
            receive: !view.to_receive.is_empty() && desk_takes(cases, actor, &known.case)?,
        })
    }
}

/// `GET /cases/{number}`
///
/// # Errors
/// 404 when there is no such case or it is not this visitor's. Whoever just gave it out of her hands goes to her list.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    cases.settle(&number, page.now).await?;
    let has_left = !chosen.left.is_empty() && cases.did_last(&page, &number).await?;
    let (done, undone) = (has_left || !chosen.done.is_empty(), !chosen.undone.is_empty());
    let given = StepGiven { action: chosen.step, ready: chosen.ready.parse().ok(), ..StepGiven::default() };
    let (desk, seen, asked) = (cases.clone(), page.clone(), number.clone());
    let answer = show(cases, page, number, Shown { given, done, undone, ..Shown::default() }).await;
    desk.or_list(&seen, &asked, answer).await
}

/// Reasons kept ready that somebody chose for a step.
#[derive(Deserialize, Default)]
pub struct Chosen {
    /// The step.
    #[serde(default)]
    step: String,
    /// Their place in the list.
    #[serde(default)]
    ready: String,
    /// Set once a step was taken: the page says so.
    #[serde(default)]
    done: String,
    /// Set by the page of a decision that waits: whoever made it comes back to see what became of it.
    #[serde(default)]
    left: String,
    /// Set once a decision was undone: the page says so.
    #[serde(default)]
    undone: String,
}

/// What a page of a case shows beside the case.
#[derive(Default)]
pub(super) struct Shown {
    /// Why something was not done.
    pub refusal: Option<Refusal>,
    /// The person's data, opened for a purpose.
    pub opened: Option<BTreeMap<PersonField, String>>,
    /// What was typed, or chosen, for a step.
    pub given: StepGiven,
    /// A step was just taken.
    pub done: bool,
    /// A decision was just undone.
    pub undone: bool,
    /// A decision could not be undone any more: she goes on with her list.
    pub back: bool,
    /// Why the person should have been opened, and which one, if that was refused.
    pub stated: Option<Stated>,
    pub party: String,
}

/// `POST /cases/{number}/papers`: papers are taken in, at this worker's counter or at the office.
///
/// # Errors
/// 404, or a failure.
pub async fn receive(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let shown = match form.get("form") {
        "copy" => PaperForm::Copy,
        "electronic" => PaperForm::Electronic,
        _ => PaperForm::Original,
    };
    let papers = form.all("papers").into_iter().map(|code| (code.to_owned(), shown)).collect();
    let command = Command::Receive { papers, counter: own_counter(&page.visitor.actor) };
    let done = cases.take(&page, &number, command, None, form.key().to_owned()).await;
    acted(cases, page, number, done, StepGiven::default()).await
}

/// `POST /cases/{number}/person`: opens the seal for the purpose stated; the page is not to be stored anywhere.
///
/// # Errors
/// 404, or a failure.
pub async fn open_person(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::PersonOpen)?;
    let (asked, desk, actor, now) = (number.clone(), cases.clone(), page.visitor.actor.clone(), page.now);
    let stated = cases.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"));
    let chosen = Uuid::parse_str(form.get("party")).ok();
    let (pass, once) = (page.cookie(crate::pass::COOKIE), form.key().to_owned());
    let opened = cases
        .hall
        .store
        .write(move |tx| {
            let known = desk.seen(tx, asked.as_str(), &actor, pass.as_deref(), now)?;
            let record = chosen.map_or_else(|| known.record(), Ok)?;
            Cases::may_open(&known.case, &actor)?;
            let purpose = stated.clone()?;
            let looking = Looking { actor: &actor, purpose: &purpose, now, once: Some(&once) };
            let opened = desk.open_party(tx, &known, record, &looking)?;
            // Her words stand on the page from now on.
            let party = (known.person != Some(record)).then_some(record);
            Cases::talk_seen(tx, &known, true, party, now)?;
            let fields: BTreeMap<PersonField, String> =
                opened.fields().map(|(field, value)| (field, value.expose().clone())).collect();
            Ok::<_, Fault>(fields)
        })
        .await;
    let shown = match web::settled(opened)? {
        Ok(fields) => Shown { opened: Some(fields), ..Shown::default() },
        Err(refusal) => {
            let party = form.get("party").to_owned();
            Shown { refusal: Some(refusal), stated: Some(Stated::of(&form)), party, ..Shown::default() }
        }
    };
    show(cases, page, number, shown).await
}

/// What follows something that was done about a case: the case, or the same page with what was refused and what was
/// typed.
pub(super) async fn acted(
    cases: Arc<Cases>,
    page: Page,
    number: CaseNumber,
    done: Result<(), Fault>,
    given: StepGiven,
) -> Result<Response, WebError> {
    let done = done.map(|()| format!("/cases/{number}"));
    let again = |refusal| Shown { refusal: Some(refusal), given, ..Shown::default() };
    web::answer(done, |refusal| show(cases, page, number, again(refusal))).await
}

pub(super) async fn show(
    cases: Arc<Cases>,
    page: Page,
    number: CaseNumber,
    shown: Shown,
) -> Result<Response, WebError> {
    let Shown { refusal, opened, given, done, undone, back, stated, party } = shown;
    let (desk, drawn, pass) = (cases.clone(), page.clone(), page.cookie(crate::pass::COOKIE));
    let (mut view, (actions, unkept, work, words), accesses, known, held) = cases
        .hall
        .store
        .read(move |tx| {
            let actor = &drawn.visitor.actor;
            let known = desk.seen(tx, number.as_str(), actor, pass.as_deref(), drawn.now)?;
            let view = desk.view(tx, &drawn, &known)?;
            let held = desk.held(tx, &drawn, &known)?;
            let acting = Acting { actor, relation: &Relation::default() };
            // While a decision can be undone, nothing else is done.
            let actions = match held {
                Some(_) => Vec::new(),
                None => desk.action_forms(tx, &drawn, &known.case, acting, &given.clone().with_came(&view))?,
            };
            let unkept = desk.unkept(&drawn, &known.case, &given, &actions)?;
            let records: Vec<_> = known.records().into_iter().map(|record| (district(&known.case), record)).collect();
            let accesses = desk.hall.accesses(tx, &drawn, &format!("/cases/{number}"), &records)?;
            let known = Known { case: view.words.told(&drawn, &known.case), ..known };
            let work = desk.work(tx, &drawn, &known)?.with(given.deed.clone());
            let words = desk.words(tx, &drawn, &known)?;
            Ok::<_, Fault>((view, (actions, unkept, work, words), accesses, known, held))
        })
        .await?;
    if let Some(address) = cases.elsewhere(&known.case).filter(|_| refusal.is_none() && opened.is_none()) {
        return Ok(Redirect::to(&address).into_response());
    }
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let refused_look = refusal.as_ref().filter(|_| stated.is_some());
    let why = cases.hall.purposes.fields(&page, &stated.unwrap_or_default(), refused_look);
    choose(&mut view.sealed, &party);
    let is_home_asked = refusal.as_ref().is_some_and(|refusal| refusal.code == Code::CaseHomeOpen);
    let problem = refusal.map(|refusal| page.problem(&refusal));
    let is_open = opened.is_some();
    let did = did(&page, &view, done, undone).filter(|_| held.is_none());
    if let Some(fields) = opened {
        view.person = person(&page, &*cases.items, fields);
    }
    let mut can = Can::of(&cases, &page.visitor.actor, &known, &view, &words)?;
    can.receive = can.receive && held.is_none();
    render_status(
        status,
        &CasePage {
            post: format!("/cases/{}/act", view.number),
            back: if done || back { Back::of(&cases, &page, &known.case) } else { None },
            page,
            view,
            actions,
            unkept,
            can,
            work,
            talk: words.talk,
            requests: words.requests,
            opened: is_open,
            accesses,
            why,
            problem,
            is_home_asked,
            did,
            held,
        },
    )
}

/// Ticks the person that was chosen, if one was.
fn choose(persons: &mut [Choice], party: &str) {
    for one in persons.iter_mut().filter(|_| !party.is_empty()) {
        one.chosen = one.value == party;
    }
}

/// What was just done: the step that was taken last and who has to act now, or that a decision was undone.
fn did(page: &Page, view: &CaseView, done: bool, undone: bool) -> Option<String> {
    if undone {
        return Some(page.t("cases-undone"));
    }
    let last = view.path.iter().rfind(|step| step.class == "done").filter(|_| done)?;
    Some(page.t2("cases-did", "step", &last.title, "now", &view.waits))
}

/// What was said and asked in sealed words, as far as this visitor opened the record lately.
#[derive(Default)]
struct Words {
    talk: Vec<TalkLine>,
    requests: Vec<RequestLine>,
    /// How many there are, when they stay closed.
    sealed: i64,
}

/// Whether this visitor's counter or office could take papers in.
fn desk_takes(cases: &Cases, actor: &Actor, case: &Case) -> Result<bool, Fault> {
    let command = Command::Receive { papers: BTreeMap::new(), counter: own_counter(actor) };
    Ok(sign(cases.procedure_of(case)?, Some(case), &command, actor, &Relation::default()).is_ok())
}

/// The step that a form asks for. A worker at a counter acts at her own counter. If the step is the resident's, she
/// acts on the resident's behalf.
#[must_use]
pub fn command(actor: &Actor, form: &PostForm) -> Command {
    // What was chosen from a list comes before what was typed beside it.
    let answer = |(name, first): (&str, &str)| {
        let given = form.all(&format!("field_{name}")).first().copied().unwrap_or(first);
        (name.to_owned(), given.to_owned())
    };
    let fields = form.under("field_").map(answer).collect();
    let counter = own_counter(actor);
    let papers = form.all("papers").into_iter().map(str::to_owned).collect();
    Command::Act {
        action: form.get("action").to_owned(),
        fields,
        papers,
        counter,
        on_behalf: actor.kind == ActorKind::Staff,
    }
}

impl Cases {
    /// The case of a number, if this visitor may know of it: by a pass from number and code, or by her posts where its
    /// kind says no more.
    ///
    /// # Errors
    /// `NotFound` otherwise.
    pub fn seen(
        &self,
        tx: &mut dyn store::Tx,
        number: &str,
        actor: &Actor,
        pass: Option<&str>,
        now: kernel::time::Instant,
    ) -> Result<Known, Fault> {
        let known = self.known_number(tx, number)?;
        if self.passed(&known, actor, pass, now) {
            return Ok(known);
        }
        if may_read(&known.case, actor, &Relation::default()).is_ok() && self.kind_shows(tx, &known.case, actor)? {
            return Ok(known);
        }
        Err(Fault::NotFound)
    }

    /// The address of a case's page where its kind has one of its own.
    fn elsewhere(&self, case: &Case) -> Option<String> {
        let address = self.kinds.get(&case.kind)?.address(&case.number);
        (address != crate::kind::page_of(&case.number)).then_some(address)
    }

    /// Opens the words of messages, notes and requests as a person's data are opened: for those who may see them, after
    /// a look with a purpose that stands in the log, for as many minutes as the rulebook says.
    fn words(&self, tx: &mut dyn store::Tx, page: &Page, known: &Known) -> Result<Words, Fault> {
        let actor = &page.visitor.actor;
        if Self::may_open(&known.case, actor).is_err() {
            return Ok(Words::default());
        }
        let since = page.now.plus_minutes(-self.hall.figure(crate::words::PAPERS_LOOK_MINUTES, page.now)?);
        let lately = |look: &vault::Access| {
            actor.account.is_some()
                && look.account == actor.account
                && look.at >= since
                && look.case_number.as_deref() == Some(known.case.number.as_str())
        };
        let mut looked = false;
        for record in known.records() {
            looked |= self.hall.vault.accesses(tx, district(&known.case), record)?.iter().any(lately);
        }
        if !looked {
            return Ok(Words { sealed: Self::sealed_words(tx, known)?, ..Words::default() });
        }
        Ok(Words {
            talk: self.talk(tx, page, known, Hearer::Staff)?,
            requests: self.requests(tx, page, known, Hearer::Staff)?,
            sealed: 0,
        })
    }

    /// Whether the visitor's cookie is a valid pass for this case: the applicant's from the code that she holds now, or
    /// for staff also the pass of staff who helped her.
    #[must_use]
    pub fn passed(&self, known: &Known, actor: &Actor, pass: Option<&str>, now: kernel::time::Instant) -> bool {
        let Some(value) = pass else { return false };
        let staff = || self.pass_key.read_staff(value, now).filter(|_| actor.kind == ActorKind::Staff);
        let hers = self.pass_key.read(value, now).filter(|pass| pass.code == known.code);
        let pass = hers.or_else(staff);
        pass.is_some_and(|pass| pass.id == known.case.id.0 && pass.district == district(&known.case))
    }

    /// A decision of the case leaves whose seconds are over, so that its page never shows it as if it waited.
    pub(super) async fn settle(self: &Arc<Self>, number: &CaseNumber, now: kernel::time::Instant) -> Result<(), Fault> {
        let Some((district, number)) = self.district_of(number.as_str()) else { return Ok(()) };
        let due = self.hall.store.read(move |tx| held::due_of_number(tx, district, &number, now)).await?;
        let Some(id) = due else { return Ok(()) };
        let (desk, case) = (self.clone(), Key { district, id });
        self.hall.store.write(move |tx| desk.leave(tx, &case, now)).await
    }

    /// Does what a form asks for. A step that weighs is held back for some seconds. `drawn` is how many events the case
    /// had when the page of a step was made.
    pub(super) async fn take(
        self: &Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        command: Command,
        drawn: Option<i64>,
        once: String,
    ) -> Result<(), Fault> {
        let (desk, number, actor, now) = (self.clone(), number.clone(), page.visitor.actor.clone(), page.now);
        let pass = page.cookie(crate::pass::COOKIE);
        self.hall
            .store
            .write(move |tx| {
                let known = desk.seen(tx, number.as_str(), &actor, pass.as_deref(), now)?;
                let command = desk.as_kept(&known.case, command.clone())?;
                let relation = Relation::default();
                let doing = Doing { command: &command, once: &once, actor: &actor, relation, drawn, now };
                if desk.weighs(&known.case, &command, &actor) {
                    return desk.hold(tx, known, &doing);
                }
                desk.go_on(tx, known, &doing).map(drop)
            })
            .await
    }
}
