//! This page shows the courier label (快递面单) of a result that is sent by post: the office that sends it, the
//! recipient and the address. Opening the recipient needs a purpose and is logged.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::own_counter;
use hall::{PurposeFields, Stated};
use kernel::case::Case;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use vault::{Person, PersonField};
use web::{InPath, Page, PostForm, Problem, WebError, render_status};

use crate::Letters;
use crate::actions::Reason;
use crate::words::Reader;

/// The code of the purpose that is chosen before somebody chooses another.
const POSTING: &str = "sending";

#[derive(Template)]
#[template(path = "letters/label.html")]
struct LabelPage {
    page: Page,
    number: String,
    list: String,
    sender: String,
    why: PurposeFields,
    recipient: Option<Recipient>,
    problem: Option<Problem>,
}

/// The person who gets it. It cannot be printed for debugging, because it is personal.
struct Recipient {
    name: String,
    telephone: String,
    /// The district, street and community where she lives.
    place: String,
    /// The house and door. It is empty if the item did not ask for it.
    address: String,
}

/// Answers `GET /cases/{number}/letters/label`, which asks why the recipient is opened.
///
/// # Errors
/// Answers 404 if there is no such case or this visitor may not see it.
pub async fn get(
    State(letters): State<Arc<Letters>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseDeliver)?;
    letters.label(page, number, Stated::chosen(POSTING), None).await
}

/// Answers `POST /cases/{number}/letters/label`. It opens the recipient for the stated purpose and shows the label.
///
/// # Errors
/// Answers 404 if there is no such case or this visitor may not see it.
pub async fn post(
    State(letters): State<Arc<Letters>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseDeliver)?;
    let (desk, drawn, asked, once) = (letters.clone(), page.clone(), number.clone(), form.key().to_owned());
    let stated = letters.counter.cases.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"));
    let opened = letters
        .counter
        .cases
        .hall
        .store
        .write(move |tx| {
            let known = desk.reach(tx, &drawn, Reader::Staff, &asked)?;
            let purpose = stated.clone()?;
            desk.opened(tx, &drawn, &known, Reason { purpose: &purpose, once: Some(&once) })
        })
        .await;
    letters.label(page, number, Stated::of(&form), Some(web::settled(opened)?)).await
}

impl Letters {
    async fn label(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        sent: Stated,
        opened: Option<Result<Person, Refusal>>,
    ) -> Result<Response, WebError> {
        let (letters, drawn) = (self.clone(), page.clone());
        let store = &self.counter.cases.hall.store;
        let reached = store.read(move |tx| letters.reach(tx, &drawn, Reader::Staff, &number).map(|known| known.case));
        let case = reached.await?;
        let refusal = opened.as_ref().and_then(|opened| opened.as_ref().err());
        let why = self.counter.cases.hall.purposes.fields(&page, &sent, refusal);
        let (recipient, problem) = match opened {
            None => (None, None),
            Some(Ok(person)) => (Some(self.recipient(&page, &case, &person)), None),
            Some(Err(refusal)) => (None, Some(page.problem(&refusal))),
        };
        let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let sender = self.sender(&page, &case);
        let list = Reader::Staff.base(&case.number);
        render_status(status, &LabelPage { page, number: case.number, list, sender, why, recipient, problem })
    }

    /// Returns the worker's own counter, or the office that decided.
    fn sender(&self, page: &Page, case: &Case) -> String {
        let desk = &self.counter.cases;
        match own_counter(&page.visitor.actor) {
            Some(counter) => desk.hall.places.tree().chain(&counter, page.lang),
            None => desk.office_name(&case.office.place, case.office.department.as_deref(), page.lang),
        }
    }

    fn recipient(&self, page: &Page, case: &Case, person: &Person) -> Recipient {
        let field = |field: PersonField| person.get(field).map(|value| value.expose().clone());
        Recipient {
            name: field(PersonField::Name).unwrap_or_else(|| page.t("letters-label-unnamed")),
            telephone: field(PersonField::Telephone).unwrap_or_default(),
            place: self.counter.cases.hall.places.tree().chain(case.residence(), page.lang),
            address: field(PersonField::Address).unwrap_or_default(),
        }
    }
}
