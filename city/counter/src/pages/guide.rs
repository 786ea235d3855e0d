//! The guide of an item: who it is for, what to bring, how long, who decides, what it costs, and the way from here.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::limit_words;
use kernel::place::PlaceId;
use places::{Nearest, Step};
use web::{Choice, Form, InPath, Page, WebError, render};

use super::asked::Paid;
use crate::Counter;
use crate::catalogue::{Custody, GuideAnswer, GuideQuestion, IssuedKind, Item, ItemCode};
use crate::words::Answers;

#[derive(Template)]
#[template(path = "counter/guide.html")]
struct GuidePage {
    page: Page,
    code: String,
    name: String,
    summary: String,
    department: String,
    materials: Vec<MaterialLine>,
    promised: String,
    legal: String,
    decides: String,
    custody: String,
    result: String,
    steps: Vec<String>,
    confidential: bool,
    provisional: bool,
    cost: String,
    paid: Option<Paid>,
    law: Vec<String>,
    /// The page that goes with it: its name and address.
    beside: Option<(String, String)>,
    faq: Vec<(String, String)>,
    check: Vec<CheckQuestion>,
    finding: Option<Found>,
    /// What was answered and where she lives, to go on with: `age=yes&card=no&place=7`.
    answers: String,
    /// What was answered to the check, question and answer.
    given: Vec<(String, String)>,
    /// What was answered, as a link has it after other words: `&age=yes&card=no`.
    and_given: String,
    /// Her community, if this page was told which one it is; else empty.
    place: String,
    /// The words by which she looks for her community.
    near: String,
    /// What they may mean, each with the address of this page for it.
    near_found: Vec<(String, Choice)>,
    /// The counter of her community, once she said which one it is.
    nearest: Option<Nearest>,
    /// Where a time at that counter is booked for the item.
    booking: String,
}

/// One question of the check.
struct CheckQuestion {
    code: String,
    text: String,
    choices: Vec<Choice>,
}

/// What the answers come to, in words.
struct Found {
    complete: bool,
    exits: Vec<Exit>,
    notes: Vec<String>,
    unneeded: Vec<String>,
}

/// Probably not entitled: whom to ask instead.
struct Exit {
    text: String,
    code: String,
    name: String,
}

/// One paper.
struct MaterialLine {
    name: String,
    note: String,
    waivable: bool,
    unneeded: bool,
}

/// `GET /items/{code}`
///
/// # Errors
/// 404 for a code that the catalogue does not know.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let item = catalogue.get(code.as_str()).ok_or(WebError::NotFound)?;
    let lang = page.lang;
    let given = counter.answered(item, &page.query);
    let found = counter.found(&page, item, &given);
    let unneeded = counter.unneeded(item, &given);
    let materials = catalogue.materials_of(item).map(|material| MaterialLine {
        unneeded: unneeded.contains(&material.code),
        name: material.name.get(lang).to_owned(),
        note: material.note.as_ref().map(|note| note.get(lang).to_owned()).unwrap_or_default(),
        waivable: material.waivable_by_check,
    });
    let steps = counter.steps(&page, item)?;
    let own = counter.own_place(&page).await?;
    let nearest = match own.place {
        Some(id) => counter.cases.hall.places.nearest(&page, id).await?,
        None => None,
    };
    let near = page.query.get("near").trim().to_owned();
    let named = own.place.filter(|_| page.query.has("place") || !near.is_empty());
    let answers = answers_address(&given, named);
    let at = own.place.map(|id| format!("&place={id}")).unwrap_or_default();
    let and_given = if given.is_empty() { String::new() } else { format!("&{}", answers_address(&given, None)) };
    let address = |choice: Choice| (format!("/items/{}?place={}{and_given}#nearest", item.code, choice.value), choice);
    let near_found = own.found.into_iter().map(address).collect();
    render(&GuidePage {
        code: item.code.clone(),
        name: item.name.get(lang).to_owned(),
        summary: item.summary.get(lang).to_owned(),
        department: catalogue
            .department(&item.department)
            .map(|department| department.name.get(lang).to_owned())
            .unwrap_or_default(),
        materials: materials.collect(),
        promised: limit_words(&page, item.promised),
        legal: limit_words(&page, item.legal),
        decides: counter.decides(&page, item),
        custody: page.t(custody_key(item.custody)),
        result: item.result.name.get(lang).to_owned(),
        steps,
        confidential: item.confidential,
        provisional: item.is_provisional(),
        cost: counter.cost(&page, item),
        paid: counter.paid(&page, item),
        law: counter.law(&page, item),
        beside: counter.page_beside(&page, item),
        faq: counter.faq(&page, item),
        check: counter.check_questions(&page, item, &given),
        finding: found,
        answers,
        given: given.into_iter().collect(),
        and_given,
        place: named.map(|id| id.to_string()).unwrap_or_default(),
        near,
        near_found,
        nearest,
        booking: format!("/appointments/counter?item={}{at}", item.code),
        page,
    })
}

/// The answers as an address carries them, with the community that she named.
fn answers_address(given: &BTreeMap<String, String>, place: Option<PlaceId>) -> String {
    let pairs = given.iter().map(|(question, answer)| format!("{question}={answer}"));
    let place = place.map(|id| format!("place={id}"));
    pairs.chain(place).collect::<Vec<_>>().join("&")
}

/// Her community as the address of the page or her device knows it, or what her words may mean.
struct Own {
    place: Option<PlaceId>,
    found: Vec<Choice>,
}

impl Counter {
    /// Where she lives: `?place=` names it, `?near=` says it in words, else her device remembers it.
    async fn own_place(&self, page: &Page) -> Result<Own, WebError> {
        let words = page.query.get("near").trim().to_owned();
        let residence = page.query.get("place").to_owned();
        if words.is_empty() && residence.is_empty() {
            let tree = self.cases.hall.places.tree();
            return Ok(Own { place: places::my_community(page, &tree), found: Vec::new() });
        }
        self.know_ground().await?;
        let mut answers = Answers { residence, residence_words: words, ..Answers::default() };
        let search =
            if answers.residence_words.is_empty() { Form::default() } else { Form::default().with("search", "1") };
        match self.settle(&mut answers, &search) {
            Step::Known => return Ok(Own { place: answers.residence.parse().ok().map(PlaceId), found: Vec::new() }),
            Step::Choose => {}
            Step::Nothing => page.query.get("place").clone_into(&mut answers.residence),
        }
        Ok(Own { place: None, found: self.living(page, &answers).choices })
    }

    /// Who decides: the level and the department.
    fn decides(&self, page: &Page, item: &Item) -> String {
        let catalogue = self.catalogue();
        page.t2(
            "counter-decides",
            "level",
            page.t(level_key(item.decides.level)),
            "department",
            catalogue
                .department(&item.decides.department)
                .map(|department| department.name.get(page.lang).to_owned())
                .unwrap_or_default(),
        )
    }

    /// The answers to the item's check that a form or an address carries; what the guide does not know is dropped.
    pub(super) fn answered(&self, item: &Item, form: &Form) -> BTreeMap<String, String> {
        let catalogue = self.catalogue();
        let Some(guide) = catalogue.guide(&item.code) else { return BTreeMap::new() };
        let given = guide.questions.iter().map(|question| (question.code.clone(), form.get(&question.code).to_owned()));
        guide.known(&given.collect())
    }

    /// Codes of the materials that the answers make unneeded.
    #[must_use]
    pub fn unneeded(&self, item: &Item, given: &BTreeMap<String, String>) -> Vec<String> {
        self.catalogue().guide(&item.code).map(|guide| guide.find(given).unneeded).unwrap_or_default()
    }

    /// The steps of the item's usual way, as they are told to the applicant.
    fn steps(&self, page: &Page, item: &Item) -> Result<Vec<String>, WebError> {
        let procedure = self.cases.procedure(&item.procedure).map_err(WebError::from)?;
        let action = procedure.start.first().and_then(|name| procedure.actions.get(name));
        let begin = action.map(|action| action.to.clone()).unwrap_or_default();
        let is_paid = || item.result.kind == IssuedKind::Payment;
        let told = |state: &kernel::procedure::State| {
            let key = cases::told_as(state, is_paid);
            key.map_or_else(|| page.of(&state.title).to_owned(), |key| page.t(key))
        };
        let ahead = cases::way_ahead(procedure, &begin).into_iter().map(|step| step.facts);
        Ok(procedure.states.get(&begin).into_iter().chain(ahead).map(told).collect())
    }

    fn cost(&self, page: &Page, item: &Item) -> String {
        let catalogue = self.catalogue();
        let cost = catalogue.guide(&item.code).and_then(|guide| guide.cost.as_ref());
        cost.map_or_else(|| page.t("counter-guide-free"), |cost| page.of(cost).to_owned())
    }

    fn law(&self, page: &Page, item: &Item) -> Vec<String> {
        let catalogue = self.catalogue();
        let law = catalogue.guide(&item.code).map(|guide| guide.law.as_slice()).unwrap_or_default();
        law.iter().map(|law| page.of(law).to_owned()).collect()
    }

    /// The page that goes with an item: its name and address.
    fn page_beside(&self, page: &Page, item: &Item) -> Option<(String, String)> {
        let catalogue = self.catalogue();
        let beside = catalogue.guide(&item.code)?.beside.as_ref()?;
        Some((page.of(&beside.text()).to_owned(), beside.href.clone()))
    }

    fn faq(&self, page: &Page, item: &Item) -> Vec<(String, String)> {
        let catalogue = self.catalogue();
        let faq = catalogue.guide(&item.code).map(|guide| guide.faq.as_slice()).unwrap_or_default();
        faq.iter().map(|asked| (page.of(&asked.question).to_owned(), page.of(&asked.answer).to_owned())).collect()
    }

    fn check_questions(&self, page: &Page, item: &Item, given: &BTreeMap<String, String>) -> Vec<CheckQuestion> {
        let catalogue = self.catalogue();
        let questions = catalogue.guide(&item.code).map(|guide| guide.questions.as_slice()).unwrap_or_default();
        let choices = |question: &GuideQuestion| {
            let choice = |answer: &GuideAnswer| Choice {
                chosen: given.get(&question.code) == Some(&answer.code),
                ..Choice::new(answer.code.as_str(), page.of(&answer.title), "")
            };
            question.answers.iter().map(choice).collect()
        };
        let line = |question: &GuideQuestion| CheckQuestion {
            code: question.code.clone(),
            text: page.of(&question.text).to_owned(),
            choices: choices(question),
        };
        questions.iter().map(line).collect()
    }

    /// What the answers come to; none before anything was answered.
    fn found(&self, page: &Page, item: &Item, given: &BTreeMap<String, String>) -> Option<Found> {
        let catalogue = self.catalogue();
        let guide = catalogue.guide(&item.code).filter(|_| !given.is_empty())?;
        let finding = guide.find(given);
        let exit = |(text, instead): (kernel::language::Bilingual, Option<String>)| {
            let other = instead.and_then(|code| catalogue.get(&code));
            Exit {
                text: page.of(&text).to_owned(),
                code: other.map(|other| other.code.clone()).unwrap_or_default(),
                name: other.map(|other| page.of(&other.name).to_owned()).unwrap_or_default(),
            }
        };
        let named = |code: &String| catalogue.materials_of(item).find(|material| material.code == *code);
        let unneeded = finding.unneeded.iter().filter_map(named).map(|paper| page.of(&paper.name).to_owned());
        Some(Found {
            complete: finding.complete,
            notes: finding.notes.iter().map(|note| page.of(note).to_owned()).collect(),
            unneeded: unneeded.collect(),
            exits: finding.exits.into_iter().map(exit).collect(),
        })
    }
}

/// Text key of a custody mode.
pub(super) fn custody_key(custody: Custody) -> &'static str {
    match custody {
        Custody::Direct => "counter-custody-d",
        Custody::Separate => "counter-custody-s",
        Custody::Online => "counter-custody-o",
    }
}

/// Text key of a level.
pub(super) fn level_key(level: kernel::place::Level) -> &'static str {
    use kernel::place::Level;
    match level {
        Level::City => "counter-level-city",
        Level::District => "counter-level-district",
        Level::Street => "counter-level-street",
        Level::Community | Level::Grid | Level::Building => "counter-level-community",
    }
}
