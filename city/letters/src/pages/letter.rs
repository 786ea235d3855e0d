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
use web::{Page, PostForm, Problem, TwoInPath, WebError, render_status};

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
    /// Whether the identity number is masked until she types it once more.
    is_masked: bool,
    /// What she typed was wrong.
    refused: Option<Problem>,
}

impl LetterPage {
    fn is_certificate(&self) -> bool {
        self.letter.kind == Kind::Certificate
    }
}

/// Which letter somebody wants.
#[derive(Clone)]
struct Wanted {
    reader: Reader,
    number: Followed,
    kind: Kind,
    as_pdf: bool,
    /// Her identity number, if she typed it once more.
    proof: Option<String>,
}

impl Wanted {
    /// Reads the name of a letter as it stands in an address, with `.pdf` behind it for the PDF.
    fn read(reader: Reader, number: Followed, name: &str) -> Result<Self, WebError> {
        let (name, as_pdf) = name.strip_suffix(".pdf").map_or((name, false), |name| (name, true));
        let kind = Kind::parse(name).ok_or(WebError::NotFound)?;
        Ok(Self { reader, number, kind, as_pdf, proof: None })
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
    let wanted = Wanted::read(Reader::Staff, Followed::Number(number), &name)?;
    letters.answer(page, &wanted, None).await
}

/// Answers `GET /follow/{number}/letters/{kind}` for the applicant, with her pass or her account. Her identity number
/// is masked.
///
/// # Errors
/// Answers 404 if there is no such letter. Without pass or account it leads back to the form that asks for number and
/// code.
pub async fn own(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<Followed, String>,
) -> Result<Response, WebError> {
    let wanted = Wanted::read(Reader::Applicant, number, &name)?;
    letters.answer(page, &wanted, None).await
}

/// Answers `POST /follow/{number}/letters/{kind}` for the applicant who types her identity number once more: the letter
/// with the number in full.
///
/// # Errors
/// Answers 404 if there is no such letter or it names nobody in full. Without pass or account it leads back to the
/// form.
pub async fn whole(
    State(letters): State<Arc<Letters>>,
    page: Page,
    TwoInPath(number, name): TwoInPath<Followed, String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let wanted = Wanted::read(Reader::Applicant, number, &name)?;
    if !wanted.kind.names_in_full() {
        return Err(WebError::NotFound);
    }
    let masked = Wanted { as_pdf: false, ..wanted.clone() };
    let number = wanted.number.to_string();
    let tries = match web::settled(letters.counter.tries(page.address(), "copy", Some(&number), page.now))? {
        Ok(tries) => tries,
        Err(refusal) => return letters.answer(page, &masked, Some(&refusal)).await,
    };
    let asked = Wanted { proof: Some(form.get("proof").to_owned()), ..wanted };
    match web::settled(letters.answer(page.clone(), &asked, None).await)? {
        Ok(answer) => Ok(answer),
        Err(refusal) => {
            letters.counter.tried_in_vain(&tries, page.now);
            letters.answer(page, &masked, Some(&refusal)).await
        }
    }
}

impl Letters {
    async fn answer(
        self: &Arc<Self>,
        page: Page,
        wanted: &Wanted,
        refused: Option<&Refusal>,
    ) -> Result<Response, WebError> {
        if wanted.kind == Kind::Receipt && !wanted.as_pdf {
            // This is the counter's own page, which checks again who may see it.
            return Ok(Redirect::to(&format!("/receipt/{}", wanted.number.number()?)).into_response());
        }
        if wanted.as_pdf && !self.press.available() {
            return Err(WebError::NotFound);
        }
        let letter = match self.written(&page, wanted.clone()).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Err(WebError::NotFound),
            Err(Fault::NotFound) if wanted.reader == Reader::Applicant => {
                return Ok(wanted.number.to_form().into_response());
            }
            Err(fault) => return Err(fault.into()),
        };
        if wanted.as_pdf {
            let list = wanted.reader.base(&letter.number);
            return self.pdf(page, letter, &list).await;
        }
        self.show(page, letter, wanted, refused)
    }

    fn show(
        &self,
        page: Page,
        letter: Letter,
        wanted: &Wanted,
        refused: Option<&Refusal>,
    ) -> Result<Response, WebError> {
        let list = wanted.reader.base(&letter.number);
        let is_kept = letter.withheld.is_none();
        let whole = self.press.available() && is_kept;
        let pdf = if whole { format!("{list}/{}.pdf", letter.kind.code()) } else { String::new() };
        let problem = letter.withheld.as_ref().map(|refusal| Problem::of(refusal, page.lang));
        let is_masked = letter.kind.names_in_full() && is_kept && !page.visitor.staff() && wanted.proof.is_none();
        let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let refused = refused.map(|refusal| Problem::of(refusal, page.lang));
        render_status(status, &LetterPage { page, letter, list, pdf, problem, is_masked, refused })
    }

    /// Returns the letter, or nothing if the case has no such letter. If the seal is opened for it, the look is logged
    /// in the same transaction.
    async fn written(self: &Arc<Self>, page: &Page, wanted: Wanted) -> Result<Option<Letter>, Fault> {
        let (letters, drawn, store) = (self.clone(), page.clone(), &self.counter.cases.hall.store);
        if wanted.kind.names_in_full() {
            store.write(move |tx| letters.letter(tx, &drawn, &wanted)).await
        } else {
            store.read(move |tx| letters.letter(tx, &drawn, &wanted)).await
        }
    }

    fn letter(&self, tx: &mut dyn store::Tx, page: &Page, wanted: &Wanted) -> Result<Option<Letter>, Fault> {
        let (desk, kind) = (&self.counter.cases, wanted.kind);
        let known = self.reach(tx, page, wanted.reader, wanted.number.number()?)?;
        let procedure = desk.procedure_of(&known.case)?;
        let events = desk.events(tx, &known.case)?;
        if !rules::letters(procedure, &known.case, &events).contains(&kind) {
            return Ok(None);
        }
        let view = desk.view(tx, page, &known)?;
        let named = self.named(tx, page, &known, kind, wanted.proof.as_deref())?;
        let matter = Matter { page, case: &known.case, procedure, events: &events, view: &view, named: &named };
        self.write(kind, &matter).map(Some)
    }
}
