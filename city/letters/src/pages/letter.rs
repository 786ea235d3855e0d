//! This page shows one letter. It prints on A4, and it is a PDF too where the press is installed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use counter::Followed;
use hall::{Fault, PurposeFields, Stated};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use web::{Page, PathPart, PostForm, Problem, TwoInPath, WebError, render_status};

use super::write::Matter;
use crate::actions::Asked;
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
    why: Option<PurposeFields>,
    /// Whether the identity number is masked until she types it once more.
    is_masked: bool,
    /// What she typed was wrong.
    refused: Option<Problem>,
    /// It is not a draft.
    is_draft: bool,
}

/// The name of a letter as it stands in an address.
#[derive(Clone, Copy, Debug)]
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
    as_pdf: bool,
    /// The purpose for which the person is named in full. None before it is stated.
    stated: Option<Result<String, Refusal>>,
    /// What was sent as the purpose, or is chosen before somebody chooses.
    sent: Stated,
    /// The key of the form that states it.
    once: Option<String>,
    /// Whether the applicant typed her identity number once more and it is hers.
    is_proved: bool,
}

impl Wanted {
    /// Puts together what is asked for by the name in an address.
    fn read(reader: Reader, number: Followed, name: Option<LetterName>) -> Result<Self, WebError> {
        let LetterName { kind, as_pdf } = name.ok_or(WebError::NotFound)?;
        Ok(Self {
            reader,
            number,
            kind,
            as_pdf,
            stated: None,
            sent: Stated::chosen(PRINTING),
            once: None,
            is_proved: false,
        })
    }

    /// Reads the same for the applicant. What her letter is opened for needs no word of hers.
    fn of_applicant(page: &Page, number: Followed, name: Option<LetterName>) -> Result<Self, WebError> {
        let wanted = Self::read(Reader::Applicant, number, name)?;
        let purpose = || Ok(page.in_chinese(&format!("letters-purpose-{}", wanted.kind.code())));
        Ok(Self { stated: wanted.kind.names_in_full().then(purpose), ..wanted })
    }
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
    let wanted = Wanted::read(Reader::Staff, Followed::Number(number), name)?;
    letters.answer(page, &wanted, None).await
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
    let wanted = Wanted::read(Reader::Staff, Followed::Number(number), name)?;
    let once = Some(form.key().to_owned());
    letters.answer(page, &Wanted { stated: Some(stated), sent: Stated::of(&form), once, ..wanted }, None).await
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
    TwoInPath(number, name): TwoInPath<Followed, Option<LetterName>>,
) -> Result<Response, WebError> {
    let wanted = Wanted::of_applicant(&page, number, name)?;
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
    TwoInPath(number, name): TwoInPath<Followed, Option<LetterName>>,
    form: PostForm,
) -> Result<Response, WebError> {
    let wanted = Wanted::of_applicant(&page, number, name)?;
    if !wanted.kind.names_in_full() {
        return Err(WebError::NotFound);
    }
    let proved = match letters.proved(&page, &wanted, form.get("proof")).await {
        Err(Fault::NotFound) => return Ok(letters.away(&page, &wanted.number).await?.into_response()),
        proved => web::settled(proved)?,
    };
    match proved {
        Ok(()) => letters.answer(page, &Wanted { is_proved: true, ..wanted }, None).await,
        Err(refusal) => {
            let again = letters.answer(page, &Wanted { as_pdf: false, ..wanted }, Some(&refusal)).await?;
            Ok(web::too_often(&refusal, again))
        }
    }
}

impl Letters {
    /// Checks the identity number that the applicant typed once more. Wrong ones are counted.
    async fn proved(self: &Arc<Self>, page: &Page, wanted: &Wanted, proof: &str) -> Result<(), Fault> {
        let guess = self.counter.guess(page, "copy").at_number(&wanted.number.to_string());
        let (letters, drawn, asked, proof) = (self.clone(), page.clone(), wanted.clone(), proof.to_owned());
        let check = self.counter.cases.hall.store.read(move |tx| {
            let known = letters.reach(tx, &drawn, asked.reader, asked.number.number()?)?;
            Ok::<_, Fault>(letters.counter.is_she(tx, &known, &proof)?.then_some(()))
        });
        let found = self.counter.guarded(&guess, check).await?;
        found.ok_or_else(|| Refusal::new(counter::Why::CounterProofWrong).field("proof").into())
    }

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
        let tried = wanted.stated.is_some();
        let letter = match self.written(&page, wanted.clone()).await {
            Ok(Some(letter)) => letter,
            Ok(None) => return Err(WebError::NotFound),
            Err(Fault::NotFound) if wanted.reader == Reader::Applicant => {
                return Ok(self.away(&page, &wanted.number).await?.into_response());
            }
            Err(fault) => return Err(fault.into()),
        };
        let list = wanted.reader.base(&letter.number);
        if wanted.as_pdf && (tried || letter.withheld.is_none()) {
            return self.pdf(page, letter, &list).await;
        }
        if wanted.as_pdf {
            return Ok(Redirect::to(&format!("{list}/{}", letter.kind.code())).into_response());
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
        let in_full = letter.withheld.is_none();
        let asks = letter.withheld.as_ref().is_some_and(|refusal| refusal.field.is_some());
        // The PDF of a letter that names somebody in full is asked for with a purpose, as the page is.
        let plain = in_full && (!letter.kind.names_in_full() || wanted.reader == Reader::Applicant);
        let pdf = if self.press.available() && (plain || asks) {
            format!("{list}/{}.pdf", letter.kind.code())
        } else {
            String::new()
        };
        let purposes = &self.counter.cases.hall.purposes;
        let refusal = letter.withheld.as_ref().filter(|_| wanted.stated.is_some());
        let why = asks.then(|| purposes.fields(&page, &wanted.sent, refusal));
        let problem = letter.withheld.as_ref().map(|refusal| page.problem(refusal));
        let is_masked = letter.kind.names_in_full() && in_full && !page.visitor.staff() && !wanted.is_proved;
        let unstated = wanted.stated.is_some() && asks;
        let status = if unstated || refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let refused = refused.map(|refusal| page.problem(refusal));
        render_status(
            status,
            &LetterPage { page, letter, list, pdf, problem, why, is_masked, refused, is_draft: false },
        )
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
        let mut events = desk.events(tx, &known.case)?;
        if !rules::letters(procedure, &known.case, &events).contains(&wanted.kind) {
            return Ok(None);
        }
        let view = desk.view(tx, page, &known)?;
        view.words.tell(page, &mut events);
        let (stated, once) = (wanted.stated.as_ref(), wanted.once.as_deref());
        let asked = Asked { kind: wanted.kind, stated, once, is_proved: wanted.is_proved };
        let named = self.named(tx, page, &known, asked)?;
        let matter = Matter { page, case: &known.case, procedure, events: &events, view: &view, named: &named };
        let mut letter = self.write(wanted.kind, &matter)?;
        if letter.kind == Kind::Receipt {
            let counter = known.case.counter().unwrap_or(known.case.residence()).id();
            letter.facts.extend(desk.hall.places.counter_facts(tx, page, counter)?);
        }
        Ok(Some(letter))
    }
}
