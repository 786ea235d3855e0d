//! A person's own data: whoever also gives the identity number sees a copy of all that is kept; persons ask for
//! correction or erasure.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Asking, CaseView, Known, PersonLine, RequestKind, StepGiven, TalkLine, district};
use hall::AccessLine;
use hall::Fault;
use kernel::identifier::CaseNumber;
use kernel::refusal::{Code, Refusal};
use vault::Look;
use web::{InPath, Page, PostForm, WebError, render};

use super::followed::Followed;
use crate::Counter;

#[derive(Template)]
#[template(path = "counter/copy.html")]
struct CopyPage {
    page: Page,
    view: CaseView,
    person: Vec<PersonLine>,
    accesses: Vec<AccessLine>,
    talk: Vec<TalkLine>,
}

/// `POST /follow/{number}/copy` shows all that is kept of the person, on one page that prints. The page asks again for
/// the identity number that she gave when she applied. If the item did not ask for one, it asks for the telephone.
///
/// # Errors
/// Back to the form without a pass.
pub async fn copy(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let tries = match web::settled(counter.tries(page.address(), "copy", Some(&number.to_string()), page.now))? {
        Ok(tries) => tries,
        Err(refusal) => return counter.status(page, number, Some(refusal), StepGiven::default()).await,
    };
    let (own, drawn, asked, proof) = (counter.clone(), page.clone(), number.clone(), form.get("proof").to_owned());
    let copied = counter.cases.hall.store.write(move |tx| own.copied(tx, &drawn, asked.number()?, &proof)).await;
    if matches!(copied, Err(Fault::NotFound)) {
        return Ok(Redirect::to("/follow").into_response());
    }
    match web::settled(copied)? {
        Ok((view, person, accesses, talk)) => render(&CopyPage { page, view, person, accesses, talk }),
        Err(refusal) => {
            counter.tried_in_vain(&tries, page.now);
            counter.status(page, number, Some(refusal), StepGiven::default()).await
        }
    }
}

/// `POST /follow/{number}/request`: asks for a correction or for erasure.
///
/// # Errors
/// Back to the form without a pass.
pub async fn request(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (own, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let kept = counter
        .cases
        .hall
        .store
        .write(move |tx| {
            let known = own.as_applicant(tx, &drawn, asked.number()?)?;
            let kind = RequestKind::parse(form.get("kind"))
                .ok_or_else(|| Refusal::new(Code::FormChoice).field("kind").with("label", "kind"))?;
            own.cases.request(tx, &drawn, &known, Asking { kind, text: form.get("text"), once: form.key() })
        })
        .await;
    counter.followed(page, number, kept, StepGiven::default()).await
}

/// What a copy holds.
type Copied = (CaseView, Vec<PersonLine>, Vec<AccessLine>, Vec<TalkLine>);

impl Counter {
    fn copied(&self, tx: &mut dyn store::Tx, page: &Page, number: &CaseNumber, proof: &str) -> Result<Copied, Fault> {
        let known = self.as_applicant(tx, page, number)?;
        self.is_she(tx, &known, proof)?;
        let look = Look {
            account: page.visitor.actor.account,
            name: page.t("cases-by-applicant"),
            place: String::new(),
            purpose: page.t("counter-copy-purpose"),
            case_number: Some(known.case.number.clone()),
            at: page.now,
        };
        let person = self.cases.hall.vault.open(tx, district(&known.case), known.record()?, &look)?;
        let fields = person.fields().map(|(field, value)| (field, value.expose().clone())).collect();
        let fields = cases::person(page, &*self.cases.items, fields);
        let accesses = self.cases.hall.vault.accesses(tx, district(&known.case), known.record()?)?;
        let accesses = accesses.iter().map(|access| AccessLine::new(page, access)).collect();
        let view = self.cases.view(tx, page, &known)?;
        Ok((view, fields, accesses, self.cases.talk(tx, page, &known, false)?))
    }

    /// Checks the number of her identity card, or where none is kept her telephone, which she typed once more.
    ///
    /// # Errors
    /// Refuses if it is not hers, or if her data were erased.
    pub fn is_she(&self, tx: &mut dyn store::Tx, known: &Known, proof: &str) -> Result<(), Fault> {
        match self.is_hers(tx, district(&known.case), known.record()?, proof)? {
            Some(true) => Ok(()),
            Some(false) => Err(Refusal::new(Code::CaseNotFound).field("proof").into()),
            None => Err(Refusal::new(Code::VaultRecordErased).into()),
        }
    }
}
