//! A person's own data: whoever also gives the identity number sees a copy of all that is kept; persons ask for
//! correction or erasure.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Asking, CaseView, Hearer, Known, PersonLine, RequestKind, StepGiven, TalkLine, district};
use hall::AccessLine;
use hall::Fault;
use kernel::language::Bilingual;
use kernel::refusal::{Code, Refusal};
use vault::{Look, PersonField};
use web::{InPath, Page, PostForm, WebError, render};

use super::followed::Followed;
use crate::Counter;
use crate::Why;

/// Looks that are read at once.
const AT_ONCE: i64 = 500;

#[derive(Template)]
#[template(path = "counter/copy.html")]
struct CopyPage {
    page: Page,
    view: CaseView,
    person: Vec<PersonLine>,
    accesses: Vec<AccessLine>,
    talk: Vec<TalkLine>,
    /// Another party than the applicant reads it: papers and residence are the applicant's.
    is_party: bool,
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
    let guess = counter.guess(&page, "copy").at_number(&number.to_string());
    let check = counter.copied(&page, &number, form.get("proof").to_owned());
    let copied = match counter.guarded(&guess, check).await {
        Err(Fault::NotFound) => return Ok(Redirect::to("/follow").into_response()),
        copied => web::settled(copied)?,
    };
    match copied.and_then(|copied| copied.ok_or_else(|| Refusal::new(Why::CounterProofWrong).field("proof"))) {
        Ok(Copied { view, person, accesses, talk, is_party }) => {
            render(&CopyPage { page, view, person, accesses, talk, is_party })
        }
        Err(refusal) => {
            let again = counter.status(page, number, Some(refusal.clone()), StepGiven::default()).await?;
            Ok(web::too_often(&refusal, again))
        }
    }
}

/// `POST /follow/{number}/request`: the applicant or another party asks that her own data be corrected or erased.
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
            let (known, party) = own.speaking(tx, &drawn, asked.number()?)?;
            let label = Bilingual::new("要怎样", "What should we do?");
            let kind = RequestKind::parse(form.get("kind"))
                .ok_or_else(|| Refusal::new(Code::FormChoice).field("kind").with_both("label", &label))?;
            let asking = Asking { kind, text: form.get("text"), once: form.key(), party };
            own.cases.request(tx, &drawn, &known, asking)
        })
        .await;
    counter.followed(page, number, kept, StepGiven::default()).await
}

/// What a copy holds.
struct Copied {
    view: CaseView,
    person: Vec<PersonLine>,
    accesses: Vec<AccessLine>,
    talk: Vec<TalkLine>,
    /// Another party than the applicant reads it.
    is_party: bool,
}

impl Counter {
    /// Returns what is kept, or nothing if the proof is wrong. Only the look is written, before anything is shown: the
    /// rest may be long, and reading it holds up nobody.
    async fn copied(self: &Arc<Self>, page: &Page, number: &Followed, proof: String) -> Result<Option<Copied>, Fault> {
        let (hall, own, drawn, asked) = (self.cases.hall.clone(), self.clone(), page.clone(), number.clone());
        let proved = hall.store.read(move |tx| {
            let (known, hearer) = own.as_herself(tx, &drawn, asked.number()?)?;
            Ok::<_, Fault>(own.is_she(tx, &known, &proof)?.then_some((known, hearer)))
        });
        let Some((known, hearer)) = proved.await? else { return Ok(None) };
        let is_party = hearer != Hearer::Person;
        let look = Look {
            account: page.visitor.actor.account,
            name: page.in_chinese(if is_party { "cases-plain-person" } else { "cases-by-applicant" }),
            place: String::new(),
            purpose: page.in_chinese("counter-copy-purpose"),
            case_number: Some(known.case.number.clone()),
            at: page.now,
        };
        let (vault, shard, record) = (hall.vault.clone(), district(&known.case), known.record()?);
        let opened = hall.store.write(move |tx| {
            let person = vault.open(tx, shard, record, &look)?;
            let fields = person.fields().map(|(field, value)| (field, value.expose().clone()));
            Ok::<_, Fault>(fields.collect::<BTreeMap<PersonField, String>>())
        });
        let person = cases::person(page, &*self.cases.items, opened.await?);
        let (own, drawn) = (self.clone(), page.clone());
        let kept = hall.store.read(move |tx| {
            let (accesses, view) = (own.every_look(tx, &drawn, &known)?, own.cases.view(tx, &drawn, &known)?);
            Ok::<_, Fault>((view, accesses, own.cases.talk(tx, &drawn, &known, hearer)?))
        });
        let (view, accesses, talk) = kept.await?;
        Ok(Some(Copied { view, person, accesses, talk, is_party }))
    }

    /// Everybody who looked, the newest first: the copy leaves nothing out.
    fn every_look(&self, tx: &mut dyn store::Tx, page: &Page, known: &Known) -> Result<Vec<AccessLine>, Fault> {
        let (hall, shard, record) = (&self.cases.hall, district(&known.case), known.record()?);
        let (mut lines, mut before) = (Vec::new(), None);
        loop {
            let older = hall.vault.accesses_before(tx, shard, record, before, AT_ONCE)?;
            let Some(last) = older.last() else { return Ok(lines) };
            before = Some(last.id);
            lines.extend(older.iter().map(|one| AccessLine::new(page, &one.access, &hall.purposes)));
        }
    }

    /// Says whether it is the number of her identity card, or where none is kept her telephone, typed once more.
    ///
    /// # Errors
    /// Refuses if her data were erased.
    pub fn is_she(&self, tx: &mut dyn store::Tx, known: &Known, proof: &str) -> Result<bool, Fault> {
        let hers = self.is_hers(tx, district(&known.case), known.record()?, proof)?;
        hers.ok_or_else(|| Refusal::new(Code::VaultRecordErased).into())
    }
}
