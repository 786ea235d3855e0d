//! The paper of a power of attorney as a file: whoever mediates adds and reads it, and so does the party who gave the
//! power, who only reads it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use hall::{Fault, Sent};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use uuid::Uuid;
use web::{Form, Page, TwoInPath, UploadForm, WebError};

use crate::Hearings;
use crate::actions::power_files::Adding;

/// What a browser calls the file.
const NAME: &str = "power";
/// The field of the file.
const FILE: &str = "file";

/// `GET /cases/{number}/powers/{power}/paper`: the paper, for whoever mediates. The look is written down.
///
/// # Errors
/// 404 for everybody who does not mediate this dispute, and where there is no such paper.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    TwoInPath(number, power): TwoInPath<CaseNumber, Option<Uuid>>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    desk.answered(&page, number, power).await
}

/// `GET /follow/{number}/powers/{power}/paper`: the paper, for the party who gave the power or represents by it.
///
/// # Errors
/// 404 for everybody else, and where there is no such paper.
pub async fn own(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    TwoInPath(number, power): TwoInPath<CaseNumber, Option<Uuid>>,
) -> Result<Response, WebError> {
    desk.answered(&page, number, power).await
}

/// `POST /cases/{number}/powers/{power}/paper`: adds the paper as a photo or a document.
///
/// # Errors
/// As [`get`]; where no such power stands.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    TwoInPath(number, power): TwoInPath<CaseNumber, Option<Uuid>>,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let power = power.ok_or(WebError::NotFound)?;
    let sent = Sent::of(&form, &number);
    let file = form.files().iter().find(|file| file.field == FILE).map(|file| file.bytes.to_vec());
    let done = match file {
        Some(file) => {
            let adding = Adding { number: number.to_string(), power, file, sent };
            desk.keep_power_file(adding, page.visitor.actor.clone(), page.now).await
        }
        None => Err(Fault::from(Refusal::new(Code::FormMissing).field(FILE))),
    };
    match web::settled(done)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/powers")).into_response()),
        Err(refusal) => desk.powers_page(page, number, Form::default(), &[refusal]).await,
    }
}

impl Hearings {
    async fn answered(
        self: &Arc<Self>,
        page: &Page,
        number: CaseNumber,
        power: Option<Uuid>,
    ) -> Result<Response, WebError> {
        let power = power.ok_or(WebError::NotFound)?;
        let opened = self.power_file(page, number, power).await?;
        Ok(papers::answer_with(opened.kind, NAME, &opened.bytes))
    }
}
