//! Staff say in which community an applicant lives who did not know it herself. Only then is her application accepted.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Known, Step};
use hall::Fault;
use kernel::case::{Command, may_read};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use places::Living;
use store::Tx;
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use crate::Counter;
use crate::words::Answers;

#[derive(Template)]
#[template(path = "counter/settle.html")]
struct SettlePage {
    page: Page,
    number: String,
    /// The district or street that she said.
    told: String,
    living: Living,
    /// What the button says: there is something to confirm only once a place stands on the page.
    next: String,
    problems: Vec<Problem>,
}

/// `GET /cases/{number}/home`: asks where the applicant lives.
///
/// # Errors
/// Answers 404 to whoever may not see the case.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let known = counter.unsettled(&page, &number).await?;
    if !known.case.is_unsettled() {
        return Ok(Redirect::to(&format!("/cases/{}", known.case.number)).into_response());
    }
    counter.know_ground().await?;
    // She begins where the applicant said that she lives.
    let residence = known.case.residence().id().to_string();
    counter.settling(page, &known, &Answers { residence, ..Answers::default() }, None)
}

/// `POST /cases/{number}/home`: keeps the community, and leads the case to the office that is responsible there.
///
/// # Errors
/// Answers 404 to whoever may not see the case, and 403 to whoever may not say it.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let known = counter.unsettled(&page, &number).await?;
    counter.know_ground().await?;
    let mut answers = Answers::read(&form);
    // What words mean is shown first. Only a community that stood on the page and was chosen there is kept.
    let chosen = counter.community(&answers.residence).filter(|_| form.get("search") != "1");
    let step = counter.settle(&mut answers, &form);
    let done = match (step, chosen) {
        (places::Step::Known, Some(community)) => counter.settles(&page, &known, community, form.key()).await,
        (places::Step::Known | places::Step::Choose, _) if known.case.is_unsettled() => {
            return counter.settling(page, &known, &answers, None);
        }
        _ if known.case.is_unsettled() => Err(Refusal::new(Code::FormMissing).field("residence").into()),
        _ => Err(Refusal::new(Code::CaseAlreadyDone).into()),
    };
    let number = &known.case.number;
    // Whoever found out for another counter or office cannot see the case there.
    let to = |is_hers| if is_hers { format!("/cases/{number}") } else { format!("/queue/homes?done={number}") };
    let done = done.map(to);
    web::answer_permitted(done, async |refusal| counter.settling(page, &known, &answers, Some(&refusal))).await
}

impl Counter {
    async fn unsettled(&self, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
        let (cases, actor, number, now) =
            (self.cases.clone(), page.visitor.actor.clone(), number.to_string(), page.now);
        self.cases.hall.store.read(move |tx| cases.seen(tx, &number, &actor, None, now)).await
    }

    /// Keeps the community, and says whether the case can still be seen by whoever said it.
    async fn settles(&self, page: &Page, known: &Known, community: PlacePath, once: &str) -> Result<bool, Fault> {
        let catalogue = self.catalogue();
        let item = catalogue.get(known.case.item()).ok_or(Fault::NotFound)?;
        let office = self.office(item, &community, None);
        let key = known.key();
        let command = Command::Settle { place: community, office };
        let step = Step { district: key.district, id: key.id, command, once: once.to_owned() };
        let (cases, actor, now) = (self.cases.clone(), page.visitor.actor.clone(), page.now);
        let relation = kernel::case::Relation::default();
        let settle = move |tx: &mut dyn Tx| {
            let case = cases.step(tx, &step, &actor, &relation, now)?;
            Ok::<_, Fault>(may_read(&case, &actor, &relation).is_ok())
        };
        self.cases.hall.store.write(settle).await
    }

    fn settling(
        &self,
        page: Page,
        known: &Known,
        answers: &Answers,
        refusal: Option<&Refusal>,
    ) -> Result<Response, WebError> {
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let living = self.living(&page, answers);
        let next = if living.choices.is_empty() { "counter-settle-find" } else { "counter-settle-send" };
        let drawn = SettlePage {
            number: known.case.number.clone(),
            told: self.cases.hall.places.tree().chain(known.case.residence(), page.lang),
            next: page.t(next),
            living,
            problems: page.problems("counter-field-", refusal.map(std::slice::from_ref).unwrap_or_default()),
            page,
        };
        render_status(status, &drawn)
    }
}
