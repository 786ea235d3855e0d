//! These pages take an application online, one question a page, and need no JavaScript. Answers travel in the form
//! itself. They are stored only when the applicant sends them off or asks to go on later.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Response};
use kernel::identifier::IdentityKind;
use kernel::refusal::Code;
use places::{Living, Step};
use vault::PersonField;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::AgeNotice;
use super::paper::{PaperView, labelled, paper};
use super::proof::FOLLOWING;
use crate::actions::Arrival;
use crate::attempts::too_many_as;
use crate::catalogue::{Catalogue, Item, ItemCode};
use crate::forms::{self, Parts, Way, members};
use crate::words::{Answers, Ask, COUNTER_ONLINE_PER_TELEPHONE, FieldFault, Question, REQUEST_WRITES_PER_HOUR};
use crate::{Counter, Why, rules};

#[derive(Template)]
#[template(path = "counter/apply.html")]
struct ApplyPage {
    page: Page,
    code: String,
    item: String,
    question: Question,
    step: usize,
    steps: usize,
    /// Where she lives, once that is known. It is empty where the page itself asks for it or shows it.
    home: String,
    /// The question before. It is empty on the first page.
    previous: String,
    answers: Answers,
    asks_name: bool,
    /// The kinds of paper to choose from. The list is empty where only cards are taken.
    kinds: Vec<Choice>,
    /// Whether to ask if the bank's number is right.
    unsure: bool,
    carried: Vec<(String, String)>,
    /// For which ages the item is. It is empty where it is for every age, and where the page does not ask who she is.
    ages: String,
    /// What she was told of her age, on the last page.
    age: Option<AgeNotice>,
    /// The question where she lives. None on other pages.
    living: Option<Living>,
    papers: Vec<PaperView>,
    checks: Vec<Check>,
    faults: Vec<Problem>,
    promised: String,
    draft: String,
    once: String,
}

/// A line of "check your answers".
pub struct Check {
    /// The label.
    pub label: String,
    /// What was answered, a line each.
    pub lines: Vec<String>,
    /// The question to go back to.
    pub question: String,
}

/// The page that comes next: which question, with which answers, and what is wrong with them.
pub(super) struct Turn {
    /// The question.
    pub question: Question,
    /// Everything answered so far.
    pub answers: Answers,
    /// What is wrong.
    pub faults: Vec<FieldFault>,
    /// Code of the draft under which it is kept. It is empty if there is none.
    pub draft: String,
    /// Sent twice, done once.
    pub once: String,
}

/// Writes faults in the visitor's language. Each names its field as the form does.
#[must_use]
pub fn problems(page: &Page, faults: &[FieldFault]) -> Vec<Problem> {
    faults.iter().map(|fault| page.problem(&labelled(page, fault))).collect()
}

impl Answers {
    /// Reads what the form brought back, but for what only the item's guide and papers know.
    #[must_use]
    pub fn read(form: &PostForm) -> Self {
        Self {
            residence: form.get("residence").to_owned(),
            residence_unknown: form.has("residence_unknown"),
            residence_words: form.get("residence_words").to_owned(),
            name: form.get("name").to_owned(),
            identity_kind: form.get("identity_kind").to_owned(),
            resident_id: form.get("resident_id").to_owned(),
            telephone: form.get("telephone").to_owned(),
            bank_card: form.get("bank_card").to_owned(),
            bank_card_confirmed: form.has("bank_card_confirmed"),
            address: form.get("address").to_owned(),
            age_told: form.has("age_told"),
            ..Self::default()
        }
    }
}

/// `GET /apply/{code}`: the first question.
///
/// # Errors
/// Answers 404 for a code that the catalogue does not know.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let item = catalogue.get(code.as_str()).ok_or(WebError::NotFound)?;
    let tree = counter.cases.hall.places.tree();
    let own = page.query.opt("place").map(str::to_owned);
    let own = own.or_else(|| places::my_community(&page, &tree).map(|id| id.to_string())).unwrap_or_default();
    let residence = counter.community(&own).map(|path| path.id().to_string()).unwrap_or_default();
    let answers = Answers { residence, check: counter.answered(item, &page.query), ..Answers::default() };
    let (ask, once) = (counter.asking(&page, &catalogue, item, &answers), page.once());
    let turn = Turn { question: Question::Residence, answers, faults: Vec::new(), draft: String::new(), once };
    counter.ask(page, &ask, turn)
}

/// `POST /apply/{code}`: takes one answer and asks the next question. The last page sends the application off.
///
/// # Errors
/// Answers 404 for a code that the catalogue does not know.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    form: PostForm,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let item = catalogue.get(code.as_str()).ok_or(WebError::NotFound)?;
    counter.know_ground().await?;
    let answers = counter.typed(&page, item, &form);
    let ask = counter.asking(&page, &catalogue, item, &answers);
    let question = Question::parse(form.get("question")).unwrap_or(Question::Residence);
    let (draft, once) = (form.get("draft").to_owned(), form.key().to_owned());
    let turn = Turn { question, answers, faults: Vec::new(), draft, once };
    if form.has("save") {
        return counter.save(page, &ask, turn).await;
    }
    if let Some(back) = Question::parse(form.get("back")) {
        return counter.ask(page, &ask, Turn { question: back, ..turn });
    }
    if let Some(question) = Question::parse(form.get("go_on")) {
        let answers = Answers { age_told: true, ..turn.answers.clone() };
        return counter.ask(page, &ask, Turn { question, answers, ..turn });
    }
    if turn.question == Question::Check {
        return counter.send(page, &ask, turn).await;
    }
    let turn = counter.after(&ask, turn, &form);
    counter.ask(page, &ask, turn)
}

impl Counter {
    /// Reads everything that a form brought back and that the item asks. Nothing else is carried along.
    pub(super) fn typed(&self, page: &Page, item: &Item, form: &PostForm) -> Answers {
        let answers = Answers { check: self.checked(item, form), ..Answers::read(form) };
        let given = form.under(forms::PREFIX).map(|(name, typed)| (name.to_owned(), typed.to_owned())).collect();
        let catalogue = self.catalogue();
        let known = forms::known(&self.asking(page, &catalogue, item, &answers).forms, &given);
        // With another number there is something else to tell.
        let age_told = answers.age_told && self.age_notice(page, item, &answers).is_some();
        Answers { forms: known, age_told, ..answers }
    }

    /// Returns what an application for the item asks, after the guide's answers.
    pub(super) fn asking<'c>(
        &self,
        page: &Page,
        catalogue: &'c Catalogue,
        item: &'c Item,
        answers: &Answers,
    ) -> Ask<'c> {
        let unneeded = self.unneeded(item, &answers.check);
        Ask { item, forms: catalogue.forms_of(item, &unneeded), today: page.today() }
    }

    /// Reads the answers to the item's check from the hidden fields of a form.
    pub(super) fn checked(&self, item: &Item, form: &PostForm) -> BTreeMap<String, String> {
        let given = form.under("check_").map(|(question, answer)| (question.to_owned(), answer.to_owned())).collect();
        self.catalogue().guide(&item.code).map(|guide| guide.known(&given)).unwrap_or_default()
    }

    /// Returns where an answer leads: on to the first question that is open, or back to the same one with what is
    /// wrong.
    fn after(&self, ask: &Ask<'_>, mut turn: Turn, form: &Form) -> Turn {
        if let Question::Form(material) = &turn.question {
            let Some(one) = ask.form(material) else { return Turn { question: Question::Residence, ..turn } };
            if let Some(table) = forms::table(one.form, form.get("add")) {
                members::add_row(&table, &mut turn.answers.forms);
                return turn;
            }
            let bring = if form.has("on_paper") { "1" } else { "" };
            turn.answers.forms.insert(forms::on_paper_key(one.form), bring.to_owned());
            turn.faults = forms::faults(one.form, &turn.answers.forms, ask.today);
            if forms::only_new(one.form, &turn.answers.forms, form.get("shown"), &turn.faults) {
                return Turn { faults: Vec::new(), ..turn };
            }
        } else {
            let asks = turn.question == Question::Residence;
            // Words that name one community alone have answered the question. The pages that follow say which it is.
            if asks && self.settle(&mut turn.answers, form) == Step::Choose {
                return turn;
            }
            let home = self.home(&turn.answers);
            turn.faults = rules::faults(ask, &turn.question, &turn.answers, home.as_ref());
        }
        if turn.faults.is_empty() {
            turn.question = rules::next(ask, &turn.answers, self.home(&turn.answers).as_ref());
        }
        turn
    }

    /// Draws the question of a turn.
    pub(super) fn ask(&self, page: Page, ask: &Ask<'_>, turn: Turn) -> Result<Response, WebError> {
        let asks_who = [Question::Residence, Question::Who].contains(&turn.question);
        let age = if asks_who { None } else { self.age_notice(&page, ask.item, &turn.answers) };
        let age = match age {
            Some(notice) if !turn.answers.age_told && turn.faults.is_empty() => {
                return self.tell_age(page, ask, &turn, notice);
            }
            age => age.filter(|_| turn.question == Question::Check),
        };
        let Turn { question, answers, faults, draft, once } = turn;
        let (item, questions) = (ask.item, rules::questions(ask));
        let question = if questions.contains(&question) { question } else { Question::Residence };
        let step = questions.iter().position(|one| *one == question).unwrap_or(0);
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let unsure = is_unsure(&answers, &faults);
        let faults = problems(&page, &faults);
        let living = (question == Question::Residence).then(|| self.living(&page, &answers));
        let papers = match &question {
            Question::Form(material) => ask.form(material),
            _ => None,
        };
        let told = [Question::Residence, Question::Check].contains(&question);
        let home = self.home(&answers).filter(|_| !told);
        let catalogue = self.catalogue();
        let view = |one| paper(&page, one, &answers.forms, &faults, catalogue.materials_of(item));
        let drawn = ApplyPage {
            code: item.code.clone(),
            item: item.name.get(page.lang).to_owned(),
            step: step + 1,
            previous: step.checked_sub(1).and_then(|at| questions.get(at)).map(Question::code).unwrap_or_default(),
            steps: questions.len(),
            home: home.map(|path| self.home_told(&page, &path)).unwrap_or_default(),
            asks_name: item.asks(PersonField::Name),
            kinds: identity_kinds(&page, item, &answers.identity_kind),
            unsure,
            carried: carried(&question, &answers),
            ages: if question == Question::Who { self.ages_of(&page, item) } else { String::new() },
            age,
            papers: papers.into_iter().map(view).collect(),
            checks: if question == Question::Check { self.checks(&page, ask, &answers) } else { Vec::new() },
            promised: cases::limit_words(&page, item.promised),
            question,
            answers,
            living,
            faults,
            draft,
            once,
            page,
        };
        render_status(status, &drawn)
    }

    async fn send(&self, page: Page, ask: &Ask<'_>, turn: Turn) -> Result<Response, WebError> {
        let residence = self.home(&turn.answers);
        let Ok(application) = rules::whole(ask, &turn.answers, residence.as_ref(), Way::Online) else {
            let question = rules::next(ask, &turn.answers, residence.as_ref());
            let faults = rules::faults(ask, &question, &turn.answers, residence.as_ref());
            return self.ask(page, ask, Turn { question, faults, ..turn });
        };
        if !turn.answers.age_told && self.age_notice(&page, ask.item, &turn.answers).is_some() {
            return self.ask(page, ask, turn);
        }
        let arrival = Arrival { counter: None, papers: Vec::new(), once: turn.once.clone() };
        let from = self.bound_from(&page, "write", REQUEST_WRITES_PER_HOUR)?;
        let with = self.bound_with(&page, "apply", &turn.answers.telephone, COUNTER_ONLINE_PER_TELEPHONE)?;
        let applied = self.apply(ask.item, application, arrival, page.visitor.actor.clone(), page.now);
        let applied = self.within(from.into_iter().chain(with), page.now, applied).await;
        let applied = applied.map_err(|fault| too_many_as(fault, Why::CounterTooMany));
        match web::settled(applied)? {
            Ok(given) => {
                self.erase_draft(&page, &turn.draft).await;
                let known = self.known_device(&self.guess(&page, FOLLOWING).at_number(&given.case.number))?;
                let known = AppendHeaders(known.map(|cookie| (SET_COOKIE, cookie)));
                Ok((known, self.to_receipt(&page, &given)).into_response())
            }
            Err(refusal) => {
                let faults = vec![refusal.clone()];
                let again = self.ask(page, ask, Turn { question: Question::Check, faults, ..turn })?;
                Ok(web::too_often(&refusal, again))
            }
        }
    }

    /// Returns what somebody has answered, for a last look.
    fn checks(&self, page: &Page, ask: &Ask<'_>, answers: &Answers) -> Vec<Check> {
        let residence = self.home(answers).map(|home| self.home_told(page, &home)).unwrap_or_default();
        let asks = |field| ask.item.asks(field);
        let number = IdentityKind::parse(&answers.identity_kind).filter(|kind| !kind.is_card());
        let number = number.map_or_else(
            || answers.resident_id.clone(),
            |kind| format!("{} {}", page.of(&kind.name()), answers.resident_id),
        );
        let plain = [
            (true, "counter-field-residence", &residence, Question::Residence),
            (asks(PersonField::Name), "counter-field-name", &answers.name, Question::Who),
            (asks(PersonField::Name), "counter-field-resident-id", &number, Question::Who),
            (true, "counter-field-telephone", &answers.telephone, Question::Who),
            (asks(PersonField::BankCard), "counter-field-bank-card", &answers.bank_card, Question::BankCard),
            (asks(PersonField::Address), "counter-field-address", &answers.address, Question::Address),
        ];
        let plain = plain.into_iter().filter(|(asked, ..)| *asked).map(|(_, label, value, question)| Check {
            label: page.t(label),
            lines: vec![value.clone()],
            question: question.code(),
        });
        let papers = ask.forms.iter().map(|one| Check {
            label: page.of(&one.form.title).to_owned(),
            lines: self.paper_lines(page, ask, one, answers),
            question: Question::Form(one.form.material.clone()).code(),
        });
        plain.chain(papers).collect()
    }

    fn paper_lines(&self, page: &Page, ask: &Ask<'_>, one: &forms::Asked<'_>, answers: &Answers) -> Vec<String> {
        if forms::on_paper(one.form, &answers.forms) {
            return vec![page.t("counter-form-will-bring")];
        }
        let part = forms::read(one.form, &answers.forms, ask.today).unwrap_or_default();
        let note = forms::write(&Parts::from([(one.form.material.clone(), part)]));
        let lines = forms::lines(&self.catalogue(), &note, page.lang, &|key: &str| page.t(key));
        let title = format!("{} · ", page.of(&one.form.title));
        let short = |label: &str| label.strip_prefix(&title).unwrap_or(label).to_owned();
        lines
            .into_iter()
            .map(|line| page.t2("counter-form-line", "label", short(&line.label), "value", line.text))
            .collect()
    }
}

/// Returns the kinds of identity paper that an item takes, as choices. The list is empty if it takes cards alone.
#[must_use]
pub(super) fn identity_kinds(page: &Page, item: &Item, current: &str) -> Vec<Choice> {
    if item.identity.is_empty() {
        return Vec::new();
    }
    let cards = Choice::new(IdentityKind::Resident.code(), page.t("counter-identity-cards"), current);
    let others = item.identity.iter().map(|kind| Choice::new(kind.code(), page.of(&kind.name()), current));
    std::iter::once(cards).chain(others).collect()
}

/// Says whether to ask if the bank's number is right: it is no usual one, or the box was ticked before.
#[must_use]
pub(super) fn is_unsure(answers: &Answers, faults: &[FieldFault]) -> bool {
    answers.bank_card_confirmed || faults.iter().any(|fault| fault.code == Code::IdentifierUnsure)
}

/// Returns every answer that is not on the page itself, for hidden fields.
pub(super) fn carried(question: &Question, answers: &Answers) -> Vec<(String, String)> {
    let own = match question {
        Question::Form(material) => format!("{material}_"),
        _ => String::new(),
    };
    let plain = [
        ("residence", &answers.residence, Question::Residence),
        ("name", &answers.name, Question::Who),
        ("resident_id", &answers.resident_id, Question::Who),
        ("telephone", &answers.telephone, Question::Who),
        ("bank_card", &answers.bank_card, Question::BankCard),
        ("address", &answers.address, Question::Address),
    ];
    let plain = plain.into_iter().filter(|(.., at)| at != question);
    let unknown = (*question != Question::Residence && answers.residence_unknown)
        .then(|| ("residence_unknown".to_owned(), "1".to_owned()));
    let kind = (*question != Question::Who && !answers.identity_kind.is_empty())
        .then(|| ("identity_kind".to_owned(), answers.identity_kind.clone()));
    let sure = (*question != Question::BankCard && answers.bank_card_confirmed)
        .then(|| ("bank_card_confirmed".to_owned(), "1".to_owned()));
    let told = answers.age_told.then(|| ("age_told".to_owned(), "1".to_owned()));
    let check = answers.check.iter().map(|(name, value)| (format!("check_{name}"), value.clone()));
    let papers = answers.forms.iter().filter(|(name, _)| own.is_empty() || !name.starts_with(&own));
    let papers = papers.map(|(name, value)| (format!("{}{name}", forms::PREFIX), value.clone()));
    let plain = plain.map(|(name, value, _)| (name.to_owned(), value.clone()));
    plain.chain(unknown).chain(kind).chain(sure).chain(told).chain(check).chain(papers).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_that_is_not_on_the_page_is_carried_along() {
        let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, typed)| ((*name).to_owned(), (*typed).to_owned())).collect()
        };
        let answers = Answers {
            residence: "4".to_owned(),
            name: "李岺".to_owned(),
            check: pairs(&[("age", "yes")]),
            forms: pairs(&[("AP_reason", "x"), ("IN_rent", "1"), ("IN_members_0_name", "李")]),
            ..Answers::default()
        };
        let all = [
            "residence",
            "name",
            "resident_id",
            "telephone",
            "bank_card",
            "address",
            "check_age",
            "p_AP_reason",
            "p_IN_members_0_name",
            "p_IN_rent",
        ];
        let table: [(Question, &[&str]); 7] = [
            (Question::Residence, &["residence"]),
            (Question::Who, &["name", "resident_id", "telephone"]),
            (Question::BankCard, &["bank_card"]),
            (Question::Address, &["address"]),
            (Question::Form("IN".to_owned()), &["p_IN_members_0_name", "p_IN_rent"]),
            (Question::Form("I".to_owned()), &[]),
            (Question::Check, &[]),
        ];
        for (question, asked) in table {
            let found = carried(&question, &answers);
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            let expected: Vec<&str> = all.into_iter().filter(|name| !asked.contains(name)).collect();
            assert_eq!(names, expected, "{question:?}");
        }
    }
}
