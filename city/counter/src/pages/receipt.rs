//! The receipt 受理回执: number, date and why, who decides, what is missing, and the way ahead. One sheet that prints.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::CaseView;
use hall::Fault;
use kernel::identifier::CaseNumber;
use web::{InPath, Page, WebError, render};

use crate::Counter;

#[derive(Template)]
#[template(path = "counter/receipt.html")]
struct ReceiptPage {
    page: Page,
    view: CaseView,
    staff: bool,
    /// Where the receipt is as PDF; empty where there is none.
    pdf: String,
}

/// `GET /receipt/{number}`: for the applicant with her pass or account, and for staff who see the case.
///
/// # Errors
/// 404 for everybody else.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    let (here, desk, drawn) = (counter.clone(), counter.cases.clone(), page.clone());
    let pass = page.cookie(cases::PASS_COOKIE);
    let view = counter
        .cases
        .hall
        .store
        .read(move |tx| {
            let known = match here.owned(tx, &drawn, &number) {
                Err(Fault::NotFound) => {
                    desk.seen(tx, number.as_str(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?
                }
                own => own?,
            };
            desk.view(tx, &drawn, &known)
        })
        .await
        .map_err(|fault: Fault| WebError::from(fault))?;
    let staff = page.visitor.staff();
    let whose = if staff { "cases" } else { "follow" };
    let pdf = if counter.prints_pdf { format!("/{whose}/{}/letters/receipt.pdf", view.number) } else { String::new() };
    render(&ReceiptPage { page, view, staff, pdf })
}
