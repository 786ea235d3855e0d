//! This page shows one letter. It prints on A4, and it is a PDF too where the press is installed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use counter::Followed;
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use web::{Choice, Page, PathPart, PostForm, Problem, TwoInPath, WebError, render_status};

use super::write::Matter;
use crate::words::{Kind, Letter, Reader};
use crate::{Letters, rules};

/// The code of the purpose that is chosen before somebody chooses another.
const PRINTING: &str = "printing";

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
    /// Why it may be opened, for whoever may open it and has not said why.
    purposes: Vec<Choice>,
}

impl LetterPage {
    fn is_certificate(&self) -> bool {
        self.letter.kind == Kind::Certificate
    }
}

/// A letter as the last part of an address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterName {
    /// Which letter it is.
    pub kind: Kind,
    /// Whether its PDF is asked for: the name has `.pdf` behind it.
    pub as_pdf: bool,
}

impl PathPart for LetterName {
    fn read(text: &str) -> Option<Self> {
        let (name, as_pdf) = text.strip_suffix(".pdf").map_or((text, false), |name| (name, true));
        Kind::parse(name).map(|kind| Self { kind, as_pdf })
    }
}

/// Which letter is asked for, by whom, and why it is opened.
#[derive(Clone)]
struct Wanted {
    reader: Reader,
    number: Followed,
    kind: Kind,
    /// The purpose for which the person is named in full. None before it is stated.
    stated: Option<Result<String, Refusal>>,
}

/// Answers `GET /cases/{number}/letters/{kind}`, with `.pdf` behind the kind for the PDF. A letter that names the
/// person in full shows her masks until it is said why it is opened.
///
/// # Errors
/// Answers 404 if there is no such letter or this visitor may not see the case.
pub async fn get(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<CaseNumber, Option<LetterName>>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    letters.answer(page, Reader::Staff, Followed::Number(number), name, None).await
}

/// Answers `POST /cases/{number}/letters/{kind}`, with `.pdf` behind the kind for the PDF: the letter in full, for the
/// purpose that is stated. The look is logged.
///
/// # Errors
/// Answers 404 if there is no such letter or this visitor may not see the case.
pub async fn post(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<CaseNumber, Option<LetterName>>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let stated = letters.counter.cases.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"));
    letters.answer(page, Reader::Staff, Followed::Number(number), name, Some(stated)).await
}

/// Answers `GET /follow/{number}/letters/{kind}` for the applicant, with her pass or her account.
///
/// # Errors
/// Answers 404 if there is no such letter. Without pass or account it leads back to the form that asks for number and
/// telephone number.
pub async fn own(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<Followed, Option<LetterName>>,
) -> Result<Response, WebError> {
    let kind = name.map(|name| name.kind).filter(|kind| kind.names_in_full());
    let stated = kind.map(|kind| Ok(Letters::in_chinese(&page, &format!("letters-purpose-{}", kind.code()))));
    letters.answer(page, Reader::Applicant, number, name, stated).await
}

impl Letters {
    async fn answer(
        self: &Arc<Self>,
        page: Page,
        reader: Reader,
        number: Followed,
        name: Option<LetterName>,
        stated: Option<Result<String, Refusal>>,
    ) -> Result<Response, WebError> {
        let LetterName { kind, as_pdf } = name.ok_or(WebError::NotFound)?;
        if kind == Kind::Receipt && !as_pdf {
            // This is the counter's own page, which checks again who may see it.
            return Ok(Redirect::to(&format!("/receipt/{}", number.number()?)).into_response());
        }
        if as_pdf && !self.press.available() {
            return Err(WebError::NotFound);
        }
        let tried = stated.is_some();
        let letter = match self.written(&page, Wanted { reader, number: number.clone(), kind, stated }).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Err(WebError::NotFound),
            Err(Fault::NotFound) if reader == Reader::Applicant => {
                return Ok(number.to_form().into_response());
            }
            Err(fault) => return Err(fault.into()),
        };
        let list = reader.base(&letter.number);
        if as_pdf && (tried || letter.withheld.is_none()) {
            return self.pdf(page, letter, &list).await;
        }
        if as_pdf {
            return Ok(Redirect::to(&format!("{list}/{}", letter.kind.code())).into_response());
        }
        self.show(page, letter, list, tried)
    }

    fn show(&self, page: Page, letter: Letter, list: String, tried: bool) -> Result<Response, WebError> {
        let in_full = letter.withheld.is_none();
        let asks = letter.withheld.as_ref().is_some_and(|refusal| refusal.field.is_some());
        // The PDF of a letter that names somebody in full is asked for with a purpose, as the page is.
        let plain = in_full && (!letter.kind.names_in_full() || list.starts_with("/follow/"));
        let pdf = if self.press.available() && (plain || asks) {
            format!("{list}/{}.pdf", letter.kind.code())
        } else {
            String::new()
        };
        let purposes = &self.counter.cases.hall.purposes;
        let purposes = if asks { purposes.choices(&page, PRINTING) } else { Vec::new() };
        let problem = letter.withheld.as_ref().map(|refusal| Problem::of(refusal, page.lang));
        let refused = tried && asks;
        let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        render_status(status, &LetterPage { page, letter, list, pdf, problem, purposes })
    }

    /// Returns the letter, or nothing if the case has no such letter. If the seal is opened for it, the look is logged
    /// in the same transaction.
    async fn written(self: &Arc<Self>, page: &Page, wanted: Wanted) -> Result<Option<Letter>, Fault> {
        let (letters, drawn, store) = (self.clone(), page.clone(), &self.counter.cases.hall.store);
        if wanted.kind.names_in_full() && matches!(wanted.stated, Some(Ok(_))) {
            store.write(move |tx| letters.letter(tx, &drawn, &wanted)).await
        } else {
            store.read(move |tx| letters.letter(tx, &drawn, &wanted)).await
        }
    }

    fn letter(&self, tx: &mut dyn store::Tx, page: &Page, wanted: &Wanted) -> Result<Option<Letter>, Fault> {
        let desk = &self.counter.cases;
        let known = self.reach(tx, page, wanted.reader, wanted.number.number()?)?;
        let procedure = desk.procedure_of(&known.case)?;
        let events = desk.events(tx, &known.case)?;
        if !rules::letters(procedure, &known.case, &events).contains(&wanted.kind) {
            return Ok(None);
        }
        let view = desk.view(tx, page, &known)?;
        let named = self.named(tx, page, &known, wanted.kind, wanted.stated.as_ref())?;
        let matter = Matter { page, case: &known.case, procedure, events: &events, view: &view, named: &named };
        self.write(wanted.kind, &matter).map(Some)
    }
}
