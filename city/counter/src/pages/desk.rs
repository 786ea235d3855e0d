//! The worker's desk: one input, one form, one key to finish. Any item, any resident of the city.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Fault;
use cases::own_counter;
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use serde::Deserialize;
use vault::PersonField;
use web::{Choice, Page, PostForm, Problem, WebError, problem_of, render_status};

use super::ItemLine;
use super::apply::problems;
use super::guide::custody_key;
use crate::actions::Arrival;
use crate::catalogue::Item;
use crate::words::Answers;
use crate::{Counter, rules};

/// Items offered by a search.
const RESULTS: usize = 8;

/// What the desk shows.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Words, initials, a case's number.
    #[serde(default)]
    q: String,
    /// The item chosen.
    #[serde(default)]
    item: String,
}

#[derive(Template)]
#[template(path = "counter/desk.html")]
struct DeskPage {
    page: Page,
    counter: String,
    words: String,
    results: Vec<ItemLine>,
    form: Option<DeskForm>,
    next: Vec<cases::Row>,
}

/// The form of the chosen item.
struct DeskForm {
    line: ItemLine,
    custody: String,
    asks_name: bool,
    asks_bank_card: bool,
    asks_address: bool,
    materials: Vec<Choice>,
    answers: Answers,
    choices: Vec<Choice>,
    faults: Vec<Problem>,
    once: String,
}

/// `GET /desk`
///
/// # Errors
/// Sign-in needed, or no permission to accept.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    if kernel::identifier::CaseNumber::parse(&asked.q).is_ok() {
        return Ok(Redirect::to(&format!("/cases/{}", asked.q.trim())).into_response());
    }
    let here = Counter::here(&page)?;
    let catalogue = counter.catalogue();
    let found = if asked.q.trim().is_empty() { Vec::new() } else { catalogue.search(&asked.q, page.lang, RESULTS) };
    let chosen = catalogue.get(&asked.item).or_else(|| found.first().copied());
    let check = chosen.map(|item| counter.answered(item, &page.query)).unwrap_or_default();
    let answers = Answers { check, ..counter.at_home(&page, &here) };
    let once = page.once();
    let form = chosen.map(|item| counter.desk_form(&page, item, answers, None, Vec::new(), once));
    let results = found.into_iter().map(|item| counter.line(&page, item)).collect();
    counter.desk(page, here, asked.q, results, form).await
}

/// `POST /desk`: takes the application at this counter.
///
/// # Errors
/// Sign-in needed, no permission to accept, or a failure.
pub async fn post(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let here = Counter::here(&page)?;
    let catalogue = counter.catalogue();
    let item = catalogue.get(form.get("item")).ok_or(WebError::NotFound)?;
    let answers = Answers { check: counter.checked(item, &form), ..Answers::read(&form) };
    let papers: Vec<String> = form.all("papers").into_iter().map(str::to_owned).collect();
    let once = form.key().to_owned();
    let residence = counter.residence(&page, &answers);
    let faults = match rules::application(item, &answers, residence.as_ref()) {
        Ok(application) => {
            let arrival = Arrival { counter: Some(here.clone()), papers: papers.clone(), once: once.clone() };
            match counter.apply(item, application, arrival, page.visitor.actor.clone(), page.now).await {
                // The pass lets her print the receipt of a confidential matter too, which only its department sees otherwise.
                Ok(case) => {
                    let cookie = counter.pass_cookie(&page, cases::district(&case), case.id.0)?;
                    let receipt = Redirect::to(&format!("/receipt/{}", case.number));
                    return Ok(([(SET_COOKIE, cookie)], receipt).into_response());
                }
                Err(Fault::Refused(refusal)) => vec![refusal],
                Err(fault) => return Err(fault.into()),
            }
        }
        Err(faults) => faults,
    };
    let faults = problems(&page, &faults);
    let drawn = counter.desk_form(&page, item, answers, Some(&papers), faults, once);
    let results = vec![counter.line(&page, item)];
    counter.desk(page, here, String::new(), results, Some(drawn)).await
}

impl Counter {
    /// The counter where this worker sits.
    fn here(page: &Page) -> Result<PlacePath, WebError> {
        own_counter(&page.visitor.actor).ok_or(WebError::NotFound)
    }

    /// A fresh form: most people come to the counter of their own community.
    fn at_home(&self, page: &Page, here: &PlacePath) -> Answers {
        if here.level() != Level::Community {
            return Answers::default();
        }
        Answers {
            residence: here.id().0.to_string(),
            residence_words: self.community_name(page, here),
            ..Answers::default()
        }
    }

    fn community_name(&self, page: &Page, path: &PlacePath) -> String {
        self.cases.places.tree().get(path.id()).map(|place| place.named(page.lang).to_owned()).unwrap_or_default()
    }

    /// Where the resident lives: the community chosen among several, the one that the words name alone, or the one kept from before.
    fn residence(&self, page: &Page, answers: &Answers) -> Option<PlacePath> {
        let kept = self.community(&answers.residence);
        let words = answers.residence_words.trim();
        if words.is_empty()
            || kept.as_ref().is_some_and(|path| {
                self.community_name(page, path) == words || self.cases.places.tree().chain(path, page.lang) == words
            })
        {
            return kept;
        }
        let found = self.communities(page, words);
        let chosen = found.iter().any(|choice| choice.value == answers.residence);
        match found.as_slice() {
            [only] => self.community(&only.value),
            _ if chosen => kept,
            _ => None,
        }
    }

    fn desk_form(
        &self,
        page: &Page,
        item: &Item,
        answers: Answers,
        papers: Option<&[String]>,
        faults: Vec<Problem>,
        once: String,
    ) -> DeskForm {
        let checked = |code: &str| papers.is_some_and(|papers| papers.iter().any(|one| one == code));
        let unneeded = self.unneeded(item, &answers.check);
        let catalogue = self.catalogue();
        let needed = catalogue.materials_of(item).filter(|material| !unneeded.contains(&material.code));
        let materials = needed.map(|material| Choice {
            chosen: checked(&material.code),
            ..Choice::new(material.code.as_str(), material.name.get(page.lang), "")
        });
        let unclear = !problem_of(&faults, "residence").is_empty();
        DeskForm {
            line: self.line(page, item),
            custody: page.t(custody_key(item.custody)),
            asks_name: item.asks(PersonField::Name),
            asks_bank_card: item.asks(PersonField::BankCard),
            asks_address: item.asks(PersonField::Address),
            materials: materials.collect(),
            choices: if unclear { self.communities(page, &answers.residence_words) } else { Vec::new() },
            answers,
            faults,
            once,
        }
    }

    async fn desk(
        &self,
        page: Page,
        here: PlacePath,
        words: String,
        results: Vec<ItemLine>,
        form: Option<DeskForm>,
    ) -> Result<Response, WebError> {
        let next = self.cases.clone().next_at_desk(&page).await?;
        let counter = self.cases.places.tree().chain(&here, page.lang);
        let status = if form.as_ref().is_some_and(|form| !form.faults.is_empty()) {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        render_status(status, &DeskPage { page, counter, words, results, form, next })
    }
}
