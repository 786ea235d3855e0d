//! Applying online: one question a page, complete without JavaScript. Answers travel in the form itself and are stored only when she sends them off.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Fault;
use kernel::place::{Level, PlacePath};
use vault::PersonField;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use crate::actions::Arrival;
use crate::catalogue::Item;
use crate::words::{Answers, FieldFault, Question};
use crate::{Counter, rules};

/// How many communities a search offers.
const CHOICES: usize = 12;

#[derive(Template)]
#[template(path = "counter/apply.html")]
struct ApplyPage {
    page: Page,
    code: String,
    item: String,
    question: Question,
    step: usize,
    steps: usize,
    answers: Answers,
    choices: Vec<Choice>,
    checks: Vec<Check>,
    faults: Vec<Problem>,
    promised: String,
    once: String,
}

/// A line of "check your answers".
pub struct Check {
    /// Text key of the label.
    pub label: &'static str,
    /// What was answered.
    pub value: String,
    /// The question to go back to.
    pub question: &'static str,
}

/// Faults in the visitor's language, each naming its field as the form does.
#[must_use]
pub fn problems(page: &Page, faults: &[FieldFault]) -> Vec<Problem> {
    let named = |fault: &FieldFault| match &fault.field {
        Some(field) => fault.clone().with("label", page.t(&format!("counter-field-{}", field.replace('_', "-")))),
        None => fault.clone(),
    };
    faults.iter().map(|fault| Problem::of(&named(fault), page.lang)).collect()
}

impl Answers {
    /// What the form brought back.
    #[must_use]
    pub fn read(form: &PostForm) -> Self {
        Self {
            residence: form.get("residence").to_owned(),
            residence_words: form.get("residence_words").to_owned(),
            name: form.get("name").to_owned(),
            resident_id: form.get("resident_id").to_owned(),
            telephone: form.get("telephone").to_owned(),
            bank_card: form.get("bank_card").to_owned(),
            address: form.get("address").to_owned(),
            check: BTreeMap::new(),
        }
    }
}

/// `GET /apply/{code}`: the first question.
///
/// # Errors
/// 404 for a code that the catalogue does not know.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let item = catalogue.get(&code).ok_or(WebError::NotFound)?;
    let once = page.once();
    let answers = Answers { check: counter.answered(item, &page.query), ..Answers::default() };
    counter.ask(page, item, Question::Residence, answers, &[], once)
}

/// `POST /apply/{code}`: takes one answer and asks the next question; from the last page the application is sent off.
///
/// # Errors
/// 404 for a code that the catalogue does not know, or a failure.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Path(code): Path<String>,
    form: PostForm,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let item = catalogue.get(&code).ok_or(WebError::NotFound)?;
    let answers = Answers { check: counter.checked(item, &form), ..Answers::read(&form) };
    let question = Question::parse(form.get("question")).unwrap_or(Question::Residence);
    let once = form.key().to_owned();
    if let Some(back) = Question::parse(form.get("back")) {
        return counter.ask(page, item, back, answers, &[], once);
    }
    let residence = counter.community(&answers.residence);
    if question == Question::Check {
        return counter.send(page, item, answers, residence, once).await;
    }
    let searching = question == Question::Residence && (form.get("search") == "1" || residence.is_none());
    let faults = if searching && !answers.residence_words.is_empty() {
        Vec::new()
    } else {
        rules::faults(question, &answers, residence.as_ref())
    };
    if searching || !faults.is_empty() {
        return counter.ask(page, item, question, answers, &faults, once);
    }
    let next = rules::next(item, &answers, residence.as_ref());
    counter.ask(page, item, next, answers, &[], once)
}

impl Counter {
    /// The answers to the item's check in the hidden fields of a form.
    pub(super) fn checked(&self, item: &Item, form: &PostForm) -> BTreeMap<String, String> {
        let given = form.under("check_").map(|(question, answer)| (question.to_owned(), answer.to_owned())).collect();
        self.catalogue().guide(&item.code).map(|guide| guide.known(&given)).unwrap_or_default()
    }

    /// A community of the tree by the identity in a form.
    #[must_use]
    pub fn community(&self, id: &str) -> Option<PlacePath> {
        let id = kernel::place::PlaceId(id.parse().ok()?);
        self.cases.places.tree().get(id).filter(|place| place.level == Level::Community).map(|place| place.path.clone())
    }

    /// Communities that answer to the words.
    #[must_use]
    pub fn communities(&self, page: &Page, words: &str) -> Vec<Choice> {
        let tree = self.cases.places.tree();
        let found = tree.search_in(words, Some(Level::Community), CHOICES);
        found
            .into_iter()
            .map(|place| Choice::new(place.id.0.to_string(), tree.chain(&place.path, page.lang), ""))
            .collect()
    }

    fn ask(
        &self,
        page: Page,
        item: &Item,
        question: Question,
        answers: Answers,
        faults: &[FieldFault],
        once: String,
    ) -> Result<Response, WebError> {
        let questions = rules::questions(item);
        let residence = self
            .community(&answers.residence)
            .map(|path| self.cases.places.tree().chain(&path, page.lang))
            .unwrap_or_default();
        let choices = if question == Question::Residence && !answers.residence_words.is_empty() {
            self.communities(&page, &answers.residence_words)
        } else {
            Vec::new()
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = ApplyPage {
            code: item.code.clone(),
            item: item.name.get(page.lang).to_owned(),
            question,
            step: questions.iter().position(|one| *one == question).unwrap_or(0) + 1,
            steps: questions.len(),
            checks: checks(item, &answers, &residence),
            faults: problems(&page, faults),
            promised: cases::limit_words(&page, item.promised),
            answers,
            choices,
            once,
            page,
        };
        render_status(status, &drawn)
    }

    async fn send(
        &self,
        page: Page,
        item: &Item,
        answers: Answers,
        residence: Option<PlacePath>,
        once: String,
    ) -> Result<Response, WebError> {
        let application = match rules::application(item, &answers, residence.as_ref()) {
            Ok(application) => application,
            Err(faults) => {
                let question = rules::next(item, &answers, residence.as_ref());
                return self.ask(page, item, question, answers, &faults, once);
            }
        };
        let arrival = Arrival { counter: None, papers: Vec::new(), once: once.clone() };
        match self.apply(item, application, arrival, page.visitor.actor.clone(), page.now).await {
            Ok(case) => {
                let cookie = self.pass_cookie(&page, cases::district(&case), case.id.0)?;
                Ok(([(SET_COOKIE, cookie)], Redirect::to(&format!("/receipt/{}", case.number))).into_response())
            }
            Err(Fault::Refused(refusal)) => self.ask(page, item, Question::Check, answers, &[refusal], once),
            Err(fault) => Err(fault.into()),
        }
    }
}

fn checks(item: &Item, answers: &Answers, residence: &str) -> Vec<Check> {
    let mut checks =
        vec![Check { label: "counter-field-residence", value: residence.to_owned(), question: "residence" }];
    let mut add = |asked: bool, label, value: &str, question| {
        if asked {
            checks.push(Check { label, value: value.to_owned(), question });
        }
    };
    add(item.asks(PersonField::Name), "counter-field-name", &answers.name, "who");
    add(item.asks(PersonField::ResidentId), "counter-field-resident-id", &answers.resident_id, "who");
    add(true, "counter-field-telephone", &answers.telephone, "telephone");
    add(item.asks(PersonField::BankCard), "counter-field-bank-card", &answers.bank_card, "bank_card");
    add(item.asks(PersonField::Address), "counter-field-address", &answers.address, "address");
    checks
}
