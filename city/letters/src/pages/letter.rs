//! This page shows one letter. It prints on A4, and it is a PDF too where the press is installed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use counter::Followed;
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use web::{Page, Problem, TwoInPath, WebError, render};

use super::write::Matter;
use crate::words::{Kind, Letter, Reader};
use crate::{Letters, rules};

#[derive(Template)]
#[template(path = "letters/letter.html")]
struct LetterPage {
    page: Page,
    letter: Letter,
    /// The address of the list of the case's letters.
    list: String,
    /// The address of the PDF. It is empty if there is no PDF.
    pdf: String,
    problem: Option<Problem>,
}

impl LetterPage {
    fn is_certificate(&self) -> bool {
        self.letter.kind == Kind::Certificate
    }
}

/// Answers `GET /cases/{number}/letters/{kind}`, with `.pdf` behind the kind for the PDF.
///
/// # Errors
/// Answers 404 if there is no such letter or this visitor may not see the case.
pub async fn get(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<CaseNumber, String>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    letters.answer(page, Reader::Staff, Followed::Number(number), &name).await
}

/// Answers `GET /follow/{number}/letters/{kind}` for the applicant, with her pass or her account.
///
/// # Errors
/// Answers 404 if there is no such letter. Without pass or account it leads back to the form that asks for number and
/// telephone number.
pub async fn own(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<Followed, String>,
) -> Result<Response, WebError> {
    letters.answer(page, Reader::Applicant, number, &name).await
}

impl Letters {
    async fn answer(
        self: &Arc<Self>,
        page: Page,
        reader: Reader,
        number: Followed,
        name: &str,
    ) -> Result<Response, WebError> {
        let (name, as_pdf) = name.strip_suffix(".pdf").map_or((name, false), |name| (name, true));
        let kind = Kind::parse(name).ok_or(WebError::NotFound)?;
        if kind == Kind::Receipt && !as_pdf {
            // This is the counter's own page, which checks again who may see it.
            return Ok(Redirect::to(&format!("/receipt/{}", number.number()?)).into_response());
        }
        if as_pdf && !self.press.available() {
            return Err(WebError::NotFound);
        }
        let letter = match self.written(&page, reader, number.clone(), kind).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Err(WebError::NotFound),
            Err(Fault::NotFound) if reader == Reader::Applicant => {
                return Ok(number.to_form().into_response());
            }
            Err(fault) => return Err(fault.into()),
        };
        let list = reader.base(&letter.number);
        if as_pdf { self.pdf(page, letter, &list).await } else { self.show(page, letter, list) }
    }

    fn show(&self, page: Page, letter: Letter, list: String) -> Result<Response, WebError> {
        let whole = self.press.available() && letter.withheld.is_none();
        let pdf = if whole { format!("{list}/{}.pdf", letter.kind.code()) } else { String::new() };
        let problem = letter.withheld.as_ref().map(|refusal| Problem::of(refusal, page.lang));
        render(&LetterPage { page, letter, list, pdf, problem })
    }

    /// Returns the letter, or nothing if the case has no such letter. If the seal is opened for it, the look is logged
    /// in the same transaction.
    async fn written(
        self: &Arc<Self>,
        page: &Page,
        reader: Reader,
        number: Followed,
        kind: Kind,
    ) -> Result<Option<Letter>, Fault> {
        let (letters, drawn, store) = (self.clone(), page.clone(), &self.counter.cases.hall.store);
        if kind.names_in_full() {
            store.write(move |tx| letters.letter(tx, &drawn, reader, number.number()?, kind)).await
        } else {
            store.read(move |tx| letters.letter(tx, &drawn, reader, number.number()?, kind)).await
        }
    }

    fn letter(
        &self,
        tx: &mut dyn store::Tx,
        page: &Page,
        reader: Reader,
        number: &CaseNumber,
        kind: Kind,
    ) -> Result<Option<Letter>, Fault> {
        let desk = &self.counter.cases;
        let known = self.reach(tx, page, reader, number)?;
        let procedure = desk.procedure_of(&known.case)?;
        let events = desk.events(tx, &known.case)?;
        if !rules::letters(procedure, &known.case, &events).contains(&kind) {
            return Ok(None);
        }
        let view = desk.view(tx, page, &known)?;
        let named = self.named(tx, page, &known, kind)?;
        let matter = Matter { page, case: &known.case, procedure, events: &events, view: &view, named: &named };
        self.write(kind, &matter).map(Some)
    }
}
