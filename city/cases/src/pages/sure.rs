//! Before a decision leaves: the page that shows the letter as it goes out and what is missing, and the way back.
//!
//! Whatever decides or ends a case is asked twice. Harmless steps are taken at once.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use house::BesideLink;
use kernel::case::{Command, HER_WORD, HER_WORDS, Relation};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use web::{InPath, Page, PostForm, WebError, render};

use super::case::{Shown, command, show};
use super::needs::answered;
use super::steps::{StepGiven, drawn};
use super::view::CaseView;
use crate::Cases;
use crate::actions::{Doing, Known, Told};
use crate::drafts::Drafting;
use crate::words::CASE_UNDO_SECONDS;
use hall::Fault;

/// Fields of a form that a confirmation does not send again.
const OWN: [&str; 5] = ["_token", "_once", "ready", "back", "sure"];

#[derive(Template)]
#[template(path = "cases/sure.html")]
struct SurePage {
    page: Page,
    sure: Sure,
    /// What was typed, to be sent again.
    sent: Vec<(String, String)>,
}

/// What somebody should see before she confirms a step.
struct Sure {
    view: CaseView,
    /// What the step is called.
    step: String,
    /// What was answered: question and answer.
    said: Vec<(String, String)>,
    /// What other departments keep of the case that should be settled before, such as originals.
    open: Vec<BesideLink>,
    /// The letter as it goes out, as a piece of a page.
    letter: Option<String>,
    /// The seconds for which it can be undone.
    seconds: i64,
}

/// `POST /cases/{number}/act`: takes the step named by `action`. A step that decides or ends the case is confirmed with
/// `sure` first. `ready` fills in a reason that is kept ready, beside what was typed; `back` shows the form again. A
/// refusal shows the page again with what to do. `drawn` says which page it is sent from: where the case went on since,
/// nothing is done.
///
/// # Errors
/// 404, or a failure.
pub async fn act(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (desk, seen, asked) = (cases.clone(), page.clone(), number.clone());
    desk.or_list(&seen, &asked, taken(cases, page, number, form).await).await
}

/// What follows the form of a step: the question whether she is sure, where she goes on, or why it is refused.
async fn taken(cases: Arc<Cases>, page: Page, number: CaseNumber, form: PostForm) -> Result<Response, WebError> {
    let (command, drawn) = (command(&page.visitor.actor, &form), drawn(&form));
    let given = StepGiven { ready: form.get("ready").parse().ok(), ..StepGiven::of(&command) };
    if form.has("ready") || form.has("back") {
        let refusal = web::settled(cases.still_shown(&page, &number, &command, drawn).await)?.err();
        return show(cases, page, number, Shown { refusal, given, ..Shown::default() }).await;
    }
    let again = |refusal| Shown { refusal: Some(refusal), given, ..Shown::default() };
    if !form.has("sure") {
        match web::settled(cases.asks(&page, &number, &command, drawn).await)? {
            Ok(None) => {}
            Ok(Some(sure)) => {
                let sent = form.pairs().filter(|(name, _)| !OWN.contains(name));
                let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                return render(&SurePage { page, sure, sent });
            }
            Err(refusal) => return show_again(cases, page, number, again(refusal)).await,
        }
    }
    let done = match cases.take(&page, &number, command, Some(drawn), form.key().to_owned()).await {
        Ok(()) => cases.lands(&page, &number).await,
        Err(fault) => Err(fault),
    };
    web::answer(done, |refusal| show_again(cases, page, number, again(refusal))).await
}

/// Shows the page of a case again after a refusal, once a decision has left whose seconds are over: what was written
/// with the refused step was not kept.
async fn show_again(cases: Arc<Cases>, page: Page, number: CaseNumber, shown: Shown) -> Result<Response, WebError> {
    cases.settle(&number, page.now).await?;
    show(cases, page, number, shown).await
}

/// Shows the page of a case again with why something that was sent together with a step is refused, and with what was
/// typed for the step, which was not taken. For the route of a kind that takes both.
///
/// # Errors
/// 404, or a failure.
pub async fn refused(
    cases: Arc<Cases>,
    page: Page,
    number: CaseNumber,
    form: &PostForm,
    refusal: Refusal,
) -> Result<Response, WebError> {
    let given = StepGiven::of(&command(&page.visitor.actor, form));
    show(cases, page, number, Shown { refusal: Some(refusal), given, ..Shown::default() }).await
}

/// `POST /cases/{number}/undo`: takes a decision back that has not left yet. Sent twice, it is undone once.
///
/// # Errors
/// 404, or a failure.
pub async fn undo(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let done = cases.take_back(&page, &number, form.key().to_owned()).await;
    let done = done.map(|()| format!("/cases/{number}?undone=1"));
    let again = |refusal| Shown { refusal: Some(refusal), back: true, ..Shown::default() };
    let (desk, seen, asked) = (cases.clone(), page.clone(), number.clone());
    let answer = web::answer(done, |refusal| show(cases, page, number, again(refusal))).await;
    desk.or_list(&seen, &asked, answer).await
}

impl Cases {
    async fn take_back(self: &Arc<Self>, page: &Page, number: &CaseNumber, once: String) -> Result<(), Fault> {
        let (desk, number, actor, now) = (self.clone(), number.clone(), page.visitor.actor.clone(), page.now);
        let pass = page.cookie(crate::pass::COOKIE);
        self.hall
            .store
            .write(move |tx| {
                let known = desk.seen(tx, number.as_str(), &actor, pass.as_deref(), now)?;
                desk.undo(tx, &known, &actor, &once, now)
            })
            .await
    }

    /// Refuses a step where the page from which it is sent does not show how the case stands.
    async fn still_shown(
        self: &Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        command: &Command,
        drawn: i64,
    ) -> Result<(), Fault> {
        let (desk, seen, number, command) = (self.clone(), page.clone(), number.clone(), command.clone());
        let pass = page.cookie(crate::pass::COOKIE);
        self.hall
            .store
            .read(move |tx| {
                let (actor, now) = (&seen.visitor.actor, seen.now);
                let known = desk.seen(tx, number.as_str(), actor, pass.as_deref(), now)?;
                let (relation, drawn) = (Relation::default(), Some(drawn));
                let doing = Doing { command: &command, once: "", actor, relation, drawn, now };
                desk.is_shown(tx, &known.case, &doing)
            })
            .await
    }

    /// Whether the step of a form can be taken as the case stands: only then is kept what is sent together with it, by
    /// the route of a kind that takes both. Where it cannot, [`act`] says why.
    ///
    /// # Errors
    /// Not found, or a failure.
    pub async fn takes(self: &Arc<Self>, page: &Page, number: &CaseNumber, form: &PostForm) -> Result<bool, Fault> {
        self.settle(number, page.now).await?;
        let (desk, seen, number) = (self.clone(), page.clone(), number.clone());
        let (command, drawn, once) = (command(&page.visitor.actor, form), drawn(form), form.key().to_owned());
        let pass = page.cookie(crate::pass::COOKIE);
        self.hall
            .store
            .read(move |tx| {
                let (actor, now) = (&seen.visitor.actor, seen.now);
                let known = desk.seen(tx, number.as_str(), actor, pass.as_deref(), now)?;
                let (relation, drawn) = (Relation::default(), Some(drawn));
                let doing = Doing { command: &command, once: &once, actor, relation, drawn, now };
                desk.is_open_to(tx, &known, &doing)
            })
            .await
    }

    /// What is shown before a step is confirmed; none for a step that is taken at once.
    async fn asks(
        self: &Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        command: &Command,
        drawn: i64,
    ) -> Result<Option<Sure>, Fault> {
        let (desk, seen, number, typed) = (self.clone(), page.clone(), number.clone(), command.clone());
        let pass = page.cookie(crate::pass::COOKIE);
        self.hall
            .store
            .read(move |tx| {
                let actor = &seen.visitor.actor;
                let known = desk.seen(tx, number.as_str(), actor, pass.as_deref(), seen.now)?;
                let command = desk.as_kept(&known.case, typed.clone())?;
                if !desk.weighs(&known.case, &command, actor) {
                    return Ok(None);
                }
                desk.sure(tx, &seen, &known, &command, drawn).map(Some)
            })
            .await
    }

    fn sure(
        &self,
        tx: &mut dyn store::Tx,
        page: &Page,
        known: &Known,
        command: &Command,
        drawn: i64,
    ) -> Result<Sure, Fault> {
        let actor = &page.visitor.actor;
        let (relation, drawn) = (Relation::default(), Some(drawn));
        let doing = Doing { command, once: "", actor, relation, drawn, now: page.now };
        let (foreseen, after) = self.foreseen(tx, known, &doing)?;
        let procedure = self.procedure_of(&known.case)?;
        let after = match after {
            Some(after) => after,
            None => self.folded(Some(known.case.clone()), &foreseen, procedure)?.0,
        };
        let view = self.view(tx, page, known)?;
        let Told { events, .. } = self.in_words(tx, page, known)?;
        let drafting = Drafting { page, known, events: &events, foreseen: &foreseen, after: &after };
        let letter = self.drafts.draft(tx, &drafting)?;
        let action = match command {
            Command::Act { action, .. } => procedure.actions.get(action),
            _ => None,
        };
        let open = view.beside.iter().filter(|link| link.is_open).cloned().collect();
        Ok(Sure {
            step: action.map(|action| page.of(&action.title).to_owned()).unwrap_or_default(),
            said: self.said_with(page, known, command),
            open,
            letter,
            seconds: self.hall.figure(CASE_UNDO_SECONDS, page.now)?,
            view,
        })
    }

    /// What was answered with a step, question and answer in words.
    fn said_with(&self, page: &Page, known: &Known, command: &Command) -> Vec<(String, String)> {
        let Command::Act { action, fields, .. } = command else { return Vec::new() };
        let procedure = self.procedure_of(&known.case).ok();
        let Some(action) = procedure.and_then(|procedure| procedure.actions.get(action)) else { return Vec::new() };
        let told = answered(&action.needs, fields);
        let told = told.map(|(need, said)| (page.of(&need.title).to_owned(), self.told(page, &known.case, need, said)));
        let her_word = her_word(page, fields.get(HER_WORD).map_or("", String::as_str));
        told.chain(her_word.map(|word| (page.t("cases-her-word"), word))).collect()
    }
}

/// How an applicant said what staff ended in her name, in words.
pub(super) fn her_word(page: &Page, word: &str) -> Option<String> {
    HER_WORDS.contains(&word).then(|| page.t(&format!("cases-her-word-{word}")))
}
