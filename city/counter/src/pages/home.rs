//! The first page: one question. And what it finds.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use house::Hit;
use kernel::identifier::looks_personal;
use serde::Deserialize;
use web::{Page, WebError, render};

use super::ItemLine;
use super::asked::{ElsewhereLine, Understood, understood};
use super::family::address;
use crate::Counter;
use crate::catalogue::Item;

/// How many tiles the first page shows, and how many results a search.
const TILES: usize = 6;
const RESULTS: usize = 30;
/// More characters than that are not looked for in other departments.
const LONGEST: usize = 60;

/// What is looked for.
#[derive(Deserialize, Default)]
pub struct Search {
    /// Words, pinyin, initials or a code.
    #[serde(default)]
    q: String,
    /// A life event.
    #[serde(default)]
    event: String,
    /// A department.
    #[serde(default)]
    department: String,
}

/// A group of items: code, title, how many.
pub struct Group {
    /// Code in the address.
    pub code: String,
    /// Title.
    pub title: String,
    /// How many items.
    pub count: usize,
}

#[derive(Template)]
#[template(path = "counter/home.html")]
struct HomePage {
    page: Page,
    tiles: Vec<ItemLine>,
    events: Vec<Group>,
    total: usize,
}

#[derive(Template)]
#[template(path = "counter/items.html")]
struct ItemsPage {
    page: Page,
    words: String,
    title: String,
    /// What a window and a history are called: never by what somebody asked.
    window: String,
    /// A number of a person was looked for, so nothing was.
    personal: bool,
    items: Vec<ItemLine>,
    events: Vec<Group>,
    departments: Vec<Group>,
    searched: bool,
    understood: Option<Understood>,
    excluded: Vec<ItemLine>,
    elsewhere: Vec<ElsewhereLine>,
    elsewhere_first: bool,
    /// What other departments found, that stands before the items: pages and names that were surely meant.
    first: Vec<Hit>,
    /// What else they found, for where there is no item.
    others: Vec<Hit>,
}

impl ItemsPage {
    /// Whether somebody may be in danger: whom to call stands before everything.
    fn is_urgent(&self) -> bool {
        self.elsewhere.iter().any(|one| one.urgent)
    }

    /// Whether nothing was found.
    fn is_nothing(&self) -> bool {
        let items = self.items.is_empty() && self.excluded.is_empty() && self.elsewhere.is_empty();
        items && self.first.is_empty() && self.others.is_empty()
    }
}

/// `GET /`: whoever is on duty starts with the first heading of the own work.
///
/// # Errors
/// A failure to draw.
pub async fn home(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    if page.visitor.staff() {
        return Ok(Redirect::to(page.start()).into_response());
    }
    let catalogue = counter.catalogue();
    let tiles = catalogue.featured().take(TILES).map(|item| counter.line(&page, item)).collect();
    let (events, total) = (counter.events(&page), catalogue.items().count());
    render(&HomePage { page, tiles, events, total })
}

/// `GET /items`: results of a search, a life event or a department; without any, all groups.
///
/// # Errors
/// A failure to draw.
pub async fn items(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Query(search): Query<Search>,
) -> Result<Response, WebError> {
    let catalogue = counter.catalogue();
    let (events, departments) = (counter.events(&page), counter.departments(&page));
    let words = search.q.trim().to_owned();
    if looks_personal(&words) {
        return Ok(Redirect::to("/items?personal=1").into_response());
    }
    if !words.is_empty() {
        let asked: String = words.chars().take(LONGEST).collect();
        let (first, others) = counter.found_beside(&page, &asked).await?;
        let answer = catalogue.ask(&words, page.lang, RESULTS);
        return render(&ItemsPage {
            title: page.t1("counter-found-for", "words", &words),
            window: page.t("counter-found"),
            personal: false,
            items: answer.hits.iter().map(|hit| counter.hit_line(&page, hit)).collect(),
            understood: understood(&page, &catalogue, &answer.person, address(&answer.person)),
            excluded: answer.excluded.iter().map(|hit| counter.hit_line(&page, hit)).collect(),
            elsewhere: answer.elsewhere.iter().map(|one| ElsewhereLine::of(&page, one)).collect(),
            elsewhere_first: answer.elsewhere_first,
            first,
            others: if answer.hits.is_empty() && answer.excluded.is_empty() { others } else { Vec::new() },
            searched: true,
            words,
            events,
            departments,
            page,
        });
    }
    let (found, title): (Vec<&Item>, String) = if let Some(event) = catalogue.life_event(&search.event) {
        (catalogue.by_life_event(&search.event).collect(), event.name.get(page.lang).to_owned())
    } else if let Some(department) = catalogue.department(&search.department) {
        (catalogue.by_department(&search.department).collect(), department.name.get(page.lang).to_owned())
    } else {
        (catalogue.items().collect(), page.t("counter-all-items"))
    };
    render(&ItemsPage {
        items: found.into_iter().map(|item| counter.line(&page, item)).collect(),
        understood: None,
        excluded: Vec::new(),
        elsewhere: Vec::new(),
        elsewhere_first: false,
        first: Vec::new(),
        others: Vec::new(),
        searched: false,
        personal: page.query.has("personal"),
        window: title.clone(),
        words,
        title,
        events,
        departments,
        page,
    })
}

impl Counter {
    fn events(&self, page: &Page) -> Vec<Group> {
        let catalogue = self.catalogue();
        let count =
            |code: &str| catalogue.items().filter(|item| item.life_events.iter().any(|event| event == code)).count();
        let group = |event: &crate::catalogue::LifeEvent| Group {
            code: event.code.clone(),
            title: event.name.get(page.lang).to_owned(),
            count: count(&event.code),
        };
        catalogue.life_events().map(group).collect()
    }

    fn departments(&self, page: &Page) -> Vec<Group> {
        let catalogue = self.catalogue();
        let group = |department: &crate::catalogue::Department| Group {
            code: department.code.clone(),
            title: department.name.get(page.lang).to_owned(),
            count: catalogue.by_department(&department.code).count(),
        };
        catalogue.departments().map(group).collect()
    }
}
