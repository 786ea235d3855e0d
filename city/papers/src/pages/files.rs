//! This page shows the papers of a case to staff: files that they open with a purpose, data checks, and promises.

use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Known, district};
use hall::{Fault, PurposeFields, Stated};
use kernel::case::{Acting, Relation};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{InPath, Next, Page, PostForm, Problem, TwoInPath, UploadForm, WebError, render_status};

use super::{PaperSection, identity, seen, seen_in, sent, shown};
use crate::Papers;
use crate::actions::{Asking, NewPromise};
use crate::purpose::{COOKIE, Purpose};
use crate::words::{LaterDates, Outcome};

#[derive(Template)]
#[template(path = "papers/files.html")]
struct FilesPage {
    page: Page,
    post: String,
    number: String,
    item: String,
    has_files: bool,
    sections: Vec<PaperSection>,
    dates: LaterDates,
    limit: String,
    takes: bool,
    may_look: bool,
    purpose: Option<(String, String)>,
    why: PurposeFields,
    problem: Option<Problem>,
}

/// Answers `GET /cases/{number}/files`.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    papers.files_page(page, number, None, None).await
}

/// Answers `POST /cases/{number}/files` with pictures and documents that were taken at a counter or an office.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn post(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    let done = papers.add(known, sent(&form), page.visitor.actor.clone(), Relation::default(), page.now).await;
    let done = done.map(|()| files_of(&number));
    papers.done(page, number, done).await
}

/// Answers `POST /cases/{number}/files/remove`. It takes back a file that staff added and nobody looked at.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn remove(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let (desk, drawn, asked, file) = (papers.clone(), page.clone(), number.clone(), form.get("file").to_owned());
    let write = move |tx: &mut dyn Tx| {
        let known = seen_in(&desk, tx, &drawn, &asked)?;
        desk.takes(&known, &drawn.visitor.actor)?;
        let acting = Acting { actor: &drawn.visitor.actor, relation: &Relation::default() };
        desk.remove(tx, &known, identity(&file)?, acting, drawn.now)
    };
    let done = papers.counter.cases.hall.store.write(write).await;
    let done = done.map(|()| files_of(&number));
    papers.done(page, number, done).await
}

/// Answers `POST /cases/{number}/files/open`, which states a purpose. For a while each look is written down with it.
///
/// # Errors
/// Answers 404 if this visitor may not see the case. Refuses if she may not open personal data.
pub async fn open(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    page.require(Permission::PersonOpen)?;
    let stated = papers.stated(&page, &known, &form);
    let stated = stated.map(|cookie| Next::with_cookie(&files_of(&number), cookie));
    let sent = Stated::of(&form);
    web::answer_permitted(stated, |refusal| papers.files_page(page, number, Some(refusal), Some(sent))).await
}

/// Answers `GET /cases/{number}/files/{file}` with one file, after a purpose was stated. The look is written down.
///
/// # Errors
/// Answers 404 if this visitor may not see the case. Refuses if she may not open personal data.
pub async fn file(
    State(papers): State<Arc<Papers>>,
    page: Page,
    TwoInPath(number, file): TwoInPath<CaseNumber, Option<Uuid>>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    page.require(Permission::PersonOpen)?;
    let file = file.ok_or(WebError::NotFound)?;
    let Some(purpose) = papers.purpose(&page, &known) else {
        return Ok(Redirect::to(&files_of(&number)).into_response());
    };
    let looked = papers.look_at(known, file, page.visitor.actor.clone(), &purpose.text, page.now).await;
    Ok(shown(&looked?))
}

/// Answers `POST /cases/{number}/check`, which asks a source about a paper now.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn check(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    let done = match papers.takes(&known, &page.visitor.actor) {
        Ok(()) => papers.asked(&page, &known, &form).await,
        refused => refused,
    };
    let done = done.map(|()| files_of(&number));
    papers.done(page, number, done).await
}

/// Answers `POST /cases/{number}/promises`, which promises a missing paper until a day.
///
/// # Errors
/// Answers 404 if this visitor may not see the case.
pub async fn promise(
    State(papers): State<Arc<Papers>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let known = seen(&papers, &page, &number).await?;
    let (material, until) = (form.get("material").to_owned(), form.get("until").to_owned());
    let new = NewPromise { material, until, once: form.key().to_owned() };
    let done = papers.promise(known, new, page.visitor.actor.clone(), page.now).await;
    let done = done.map(|()| files_of(&number));
    papers.done(page, number, done).await
}

/// The address of a case's files.
fn files_of(number: &CaseNumber) -> String {
    format!("/cases/{number}/files")
}

impl Papers {
    /// Returns the cookie that keeps why this visitor looks at the files of a case.
    fn stated(&self, page: &Page, known: &Known, form: &PostForm) -> Result<String, Fault> {
        let account = page.visitor.actor.account.ok_or(Fault::NotFound)?;
        let text = self.counter.cases.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"))?;
        if !Self::may_look(known, &page.visitor.actor) {
            return Err(Fault::NotFound);
        }
        let minutes = self.counter.cases.hall.figure(cases::PAPERS_LOOK_MINUTES, page.now)?;
        let until = page.now.plus_minutes(minutes);
        let case = known.case.id.0;
        let value = self.purpose_key.write(&Purpose { case, account, until, text });
        let secure = if self.counter.https { "; Secure" } else { "" };
        let (path, seconds) = (format!("/cases/{}/files", known.case.number), minutes * 60);
        Ok(format!("{COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"))
    }

    /// Returns why this visitor looks at the files of a case, if she said so a while ago.
    fn purpose(&self, page: &Page, known: &Known) -> Option<Purpose> {
        let account = page.visitor.actor.account?;
        self.purpose_key.read(&page.cookie(COOKIE)?, known.case.id.0, account, page.now)
    }

    /// Asks the source on a thread of its own, because it may take its time.
    async fn asked(self: &Arc<Self>, page: &Page, known: &Known, form: &PostForm) -> Result<(), Fault> {
        let actor = &page.visitor.actor;
        let asking = Asking {
            district: district(&known.case),
            case: known.case.id.0,
            material: form.get("material").to_owned(),
            by_name: actor.name.clone(),
            account: actor.account,
            once: form.key().to_owned(),
        };
        let (papers, store, now) = (self.clone(), self.counter.cases.hall.store.clone(), page.now);
        let asked = tokio::task::spawn_blocking(move || papers.verify(&store, &asking, now)).await;
        match asked.map_err(|fault| Fault::Broken(fault.to_string()))?? {
            Some(Outcome::Unavailable) => Err(Refusal::new(Why::PaperCheckAway).into()),
            _ => Ok(()),
        }
    }

    /// Back to the page, or the page again with what was refused.
    async fn done(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        done: Result<impl Into<Next>, Fault>,
    ) -> Result<Response, WebError> {
        web::answer_permitted(done, |refusal| self.files_page(page, number, Some(refusal), None)).await
    }

    async fn files_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        refusal: Option<Refusal>,
        sent: Option<Stated>,
    ) -> Result<Response, WebError> {
        let known = seen(self, &page, &number).await?;
        let (papers, drawn) = (self.clone(), page.clone());
        let read = move |tx: &mut dyn Tx| {
            let sections = papers.sections(tx, &drawn, &known)?;
            Ok::<_, Fault>((sections, known.case.clone(), papers.looks(&drawn, &known)))
        };
        let (sections, case, (takes, may_look, purpose)) = self.counter.cases.hall.store.read(read).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let facts = self.counter.cases.items.facts(case.item());
        let refused_look = refusal.as_ref().filter(|_| sent.is_some());
        let why = self.counter.cases.hall.purposes.fields(&page, &sent.clone().unwrap_or_default(), refused_look);
        let drawn = FilesPage {
            post: format!("/cases/{}/files", case.number),
            has_files: sections.iter().any(|section| !section.files.is_empty()),
            item: facts.map_or_else(|| case.item().to_owned(), |facts| page.of(&facts.name).to_owned()),
            number: case.number,
            sections,
            dates: self.later_dates(page.now)?,
            limit: self.megabytes(&page)?,
            takes: takes && case.closed_at.is_none(),
            may_look,
            purpose,
            why,
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        };
        render_status(status, &drawn)
    }

    /// Says whether this visitor takes papers in, whether she may look at files, and why and until when she looks.
    fn looks(&self, page: &Page, known: &Known) -> (bool, bool, Option<(String, String)>) {
        let actor = &page.visitor.actor;
        let shown = |text: &str| self.counter.cases.hall.purposes.shown(text, page.lang);
        let purpose = self.purpose(page, known).map(|purpose| (shown(&purpose.text), page.time_of_day(purpose.until)));
        (self.takes(known, actor).is_ok(), Self::may_look(known, actor), purpose)
    }
}
