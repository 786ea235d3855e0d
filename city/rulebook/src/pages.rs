//! These are the public pages of the rulebook. They show every figure with its value on a day, its source and its
//! history, and every document with its clauses.

use crate::rules::{Rulebook, words_match};
use crate::words::{Document, Group, Parameter, Period, Said, Unit, Value};
use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response, routing::get};
use kernel::{
    money::Fen,
    refusal::{Code, Refusal},
    time::Date,
};
use std::sync::Arc;
use web::{Cost, Crumb, Heading, InPath, Need, Page, PathPart, Problem, Routes, Service, WebError};

/// The key of a document, by which figures cite it and its page is addressed. A city chooses its keys freely.
struct DocumentKey(String);

impl PathPart for DocumentKey {
    fn read(text: &str) -> Option<Self> {
        Some(Self(text.to_owned()))
    }
}

/// Returns the pages of the rulebook, for everybody.
pub fn routes(book: Arc<Rulebook>) -> Routes {
    Routes::new()
        .route("/rulebook", Cost::page(Need::Anyone), get(home))
        .route("/rulebook/documents/{id}", Cost::page(Need::Anyone), get(document))
        .with_state(book)
}

/// Returns what people can look up on the pages of the rulebook.
pub fn services() -> Vec<Service> {
    vec![Service {
        heading: Heading::Foot,
        key: "rulebook-nav",
        purpose: "rulebook-nav-for",
        href: "/rulebook",
        permission: None,
        order: 20,
    }]
}

/// A value as it is shown.
struct Shown {
    amount: String,
    from: String,
    to: String,
    place: String,
    document: String,
    document_title: String,
    clause: String,
    provisional: bool,
    state: &'static str,
    state_class: &'static str,
}

/// A parameter as it is shown.
struct Line {
    code: String,
    title: String,
    used_for: String,
    now: Option<Shown>,
    history: Vec<Shown>,
}

/// A document in a list.
struct Listed {
    id: String,
    number: String,
    title: String,
    issuer: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "rulebook/home.html")]
struct Home {
    page: Page,
    words: String,
    on: String,
    problems: Vec<Problem>,
    lines: Vec<Line>,
    documents: Vec<Listed>,
    provisional: usize,
}

#[derive(Template)]
#[template(path = "rulebook/document.html")]
struct DocumentPage {
    page: Page,
    crumbs: Vec<Crumb>,
    document: Document,
    dates: [String; 3],
    replaces: Vec<Listed>,
    replaced_by: Vec<Listed>,
    lines: Vec<Line>,
}

/// What concerns residents, as it is shown: a title with its sentences.
struct Concern {
    title: String,
    lines: Vec<ConcernLine>,
}

/// A sentence with its number, and what it rests on.
struct ConcernLine {
    code: String,
    /// Before and after the number, which stands out.
    before: String,
    amount: String,
    after: String,
}

#[derive(Template)]
#[template(path = "rulebook/residents.html")]
struct Residents {
    page: Page,
    concerns: Vec<Concern>,
}

/// The address of the whole book.
const WHOLE: &str = "/rulebook?all=1";

/// Returns what concerns residents today. A figure without a value everywhere is left out, and so is what then says
/// nothing.
fn concerns(page: &Page, book: &Rulebook) -> Vec<Concern> {
    let line = |said: &Said| {
        let value = book.everywhere(&said.code, page.today()).ok()?;
        let (before, after) = page.of(&said.says).split_once("{n}")?;
        Some(ConcernLine {
            code: said.code.clone(),
            before: before.to_owned(),
            amount: amount(page, value),
            after: after.to_owned(),
        })
    };
    let concern = |group: &Group| Concern {
        title: page.of(&group.title).to_owned(),
        lines: group.lines.iter().filter_map(line).collect(),
    };
    book.groups().iter().map(concern).filter(|concern| !concern.lines.is_empty()).collect()
}

/// Says whether somebody is shown the short list: no member of staff, who asked for nothing in particular.
fn wants_short(page: &Page) -> bool {
    !page.visitor.staff() && !["all", "q", "on"].iter().any(|name| page.query.has(name))
}

/// Writes a number in its unit: money in yuan, yes or no in words, all else with thousands apart.
fn amount(page: &Page, value: &Value) -> String {
    let unit = value.unit;
    if unit == Unit::YesNo {
        return page.t(if value.number == 0 { "rulebook-unit-no" } else { "rulebook-unit-yes" });
    }
    let figure = if unit.is_money() {
        let yuan = Fen::new(value.number).to_string();
        yuan.strip_suffix(".00").map_or(yuan.clone(), str::to_owned)
    } else {
        grouped(value.number)
    };
    page.t1(&unit.key(), "figure", figure)
}

/// Writes a whole number with its thousands apart: `-1,234,567`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 { String::from("-") } else { String::new() };
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn shown(page: &Page, book: &Rulebook, parameter: &Parameter, value: &Value, on: Date) -> Shown {
    let (state, state_class) = match parameter.period(value, on) {
        Period::Coming => ("rulebook-coming", "soon"),
        Period::Holds => ("rulebook-holds", "ok"),
        Period::Past => ("rulebook-past", "none"),
    };
    let title = book.document(&value.document).map(|document| page.of(&document.title).to_owned());
    Shown {
        amount: amount(page, value),
        from: page.full_date(value.from),
        to: value.to.map(|to| page.full_date(to)).unwrap_or_default(),
        place: value.place.clone().unwrap_or_default(),
        document: value.document.clone(),
        document_title: title.unwrap_or_default(),
        clause: value.clause.clone(),
        provisional: value.provisional,
        state,
        state_class,
    }
}

fn line(page: &Page, book: &Rulebook, parameter: &Parameter, on: Date) -> Line {
    let now = book.everywhere(&parameter.code, on).ok().map(|value| shown(page, book, parameter, value, on));
    Line {
        code: parameter.code.clone(),
        title: page.of(&parameter.title).to_owned(),
        used_for: page.of(&parameter.used_for).to_owned(),
        now,
        history: parameter.values.iter().rev().map(|value| shown(page, book, parameter, value, on)).collect(),
    }
}

fn listed(page: &Page, document: &Document) -> Listed {
    Listed {
        id: document.id.clone(),
        number: document.number.clone(),
        title: page.of(&document.title).to_owned(),
        issuer: page.of(&document.issuer).to_owned(),
        from: page.full_date(document.from),
        to: document.to.map(|to| page.full_date(to)).unwrap_or_default(),
    }
}

/// Returns the day that is asked about. It is today if none is given. What is no date becomes a problem.
fn day_asked(page: &Page) -> (Date, Vec<Problem>) {
    let today = page.today();
    match page.query.opt("on").map(str::parse::<Date>) {
        None => (today, Vec::new()),
        Some(Ok(on)) => (on, Vec::new()),
        Some(Err(_)) => {
            let refusal = Refusal::new(Code::FormDate).field("on").with("label", page.t("rulebook-on"));
            (today, vec![page.problem(&refusal)])
        }
    }
}

async fn home(State(book): State<Arc<Rulebook>>, page: Page) -> Result<Response, WebError> {
    if wants_short(&page) {
        let concerns = concerns(&page, &book);
        if !concerns.is_empty() {
            return web::render(&Residents { page, concerns });
        }
    }
    let (on, problems) = day_asked(&page);
    let words = page.query.get("q").to_owned();
    let lines: Vec<Line> = book.find(&words).map(|parameter| line(&page, &book, parameter, on)).collect();
    let documents = book.documents().filter(|document| {
        let parts =
            [&document.number, &document.title.zh, &document.title.en, &document.issuer.zh, &document.issuer.en];
        words_match(&words, &parts.map(String::as_str).join(" "))
    });
    let documents = documents.map(|document| listed(&page, document)).collect();
    let provisional = lines.iter().filter(|line| line.now.as_ref().is_some_and(|now| now.provisional)).count();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    web::render_status(status, &Home { on: on.to_string(), page, words, problems, lines, documents, provisional })
}

async fn document(
    State(book): State<Arc<Rulebook>>,
    InPath(DocumentKey(id)): InPath<DocumentKey>,
    page: Page,
) -> Result<Response, WebError> {
    let document = book.document(&id).ok_or(WebError::NotFound)?.clone();
    let (on, _) = day_asked(&page);
    let others = |wanted: &dyn Fn(&Document) -> bool| -> Vec<Listed> {
        book.documents().filter(|other| wanted(other)).map(|other| listed(&page, other)).collect()
    };
    let view = DocumentPage {
        crumbs: vec![Crumb { text: page.t("rulebook-title"), href: "/rulebook".to_owned() }],
        dates: [
            page.full_date(document.date),
            page.full_date(document.from),
            document.to.map(|to| page.full_date(to)).unwrap_or_default(),
        ],
        replaces: others(&|other| document.replaces.contains(&other.id)),
        replaced_by: others(&|other| other.replaces.contains(&id)),
        lines: book.citing(&id).map(|parameter| line(&page, &book, parameter, on)).collect(),
        document,
        page,
    };
    web::render(&view)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let table = [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1_000, "1,000"),
            (-29_000, "-29,000"),
            (3_748_800, "3,748,800"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ];
        for (number, expected) in table {
            assert_eq!(grouped(number), expected);
        }
    }
}
