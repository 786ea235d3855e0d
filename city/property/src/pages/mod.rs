//! The page of this department: what is entered in the places of the visitor's posts, and a form for one more.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Choice, Form, Page, PostForm, Problem, WebError, render_status};

use crate::Property;
use crate::actions::{self, Command, reach};
use crate::permissions::May;
use crate::records::{self, Entry};
use crate::rules;

/// The most entries on the page.
const LIST_MOST: i64 = 500;
/// Beginning of the keys under which the form calls its fields.
const LABELS: &str = "property-field-";

#[derive(Template)]
#[template(path = "property/list.html")]
struct ListPage {
    page: Page,
    list: Table,
    communities: Vec<Choice>,
    typed: String,
    problems: Vec<Problem>,
}

/// `GET /property`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.list_page(page, &Form::default(), &[]).await
}

/// `POST /property`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn post(State(desk): State<Arc<Property>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let draft = match rules::draft(desk.community(form.get("place")), form.get("name")) {
        Ok(draft) => draft,
        Err(faults) => return desk.list_page(page, &form, &faults).await,
    };
    let command = Command { id: Uuid::now_v7(), draft, once: form.key().to_owned(), now: page.now };
    let actor = page.visitor.actor.clone();
    let done = desk.hall.store.write(move |tx| actions::add(tx, &command, &actor)).await;
    let again = |refusal| async move { desk.list_page(page, &form, &[refusal]).await };
    web::answer_permitted(done.map(|()| "/property"), again).await
}

impl Property {
    /// Draws the page, with what was typed and what is wrong with it.
    async fn list_page(&self, page: Page, form: &Form, faults: &[Refusal]) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = ListPage {
            list: self.listed(&page).await?,
            communities: self.communities(&page, form.get("place")),
            typed: form.get("name").to_owned(),
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }

    /// Reads what is entered in the places of this person's posts.
    async fn listed(&self, page: &Page) -> Result<Table, WebError> {
        let places = reach(&page.visitor.actor);
        let order =
            |one: &Entry, other: &Entry| (&one.path, &one.name, one.id).cmp(&(&other.path, &other.name, other.id));
        let read = move |tx: &mut dyn Tx| {
            store::gather(&places, LIST_MOST, order, |place| records::inside(tx, place, LIST_MOST))
        };
        let found = self.hall.store.read(read).await?;
        Ok(Table::new(page.t("property-title"), columns(page)).with(found.iter().map(|entry| self.row(page, entry))))
    }

    fn row(&self, page: &Page, entry: &Entry) -> Vec<Cell> {
        vec![
            entry.name.clone().into(),
            self.hall.places.tree().chain(&entry.path, page.lang).into(),
            entry.noted_name.clone().into(),
            entry.noted_at.into(),
        ]
    }

    /// Finds the community of an identity.
    fn community(&self, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let place = tree.get(PlaceId(id.parse().ok()?))?;
        (place.level == Level::Community).then(|| place.path.clone())
    }

    /// Lists the communities in which this person may make entries.
    fn communities(&self, page: &Page, current: &str) -> Vec<Choice> {
        let (tree, places) = (self.hall.places.tree(), reach(&page.visitor.actor));
        let own =
            tree.of_level(Level::Community).filter(|place| places.iter().any(|reached| reached.contains(&place.path)));
        let mut choices: Vec<Choice> =
            own.map(|place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), current)).collect();
        // With one community there is nothing to choose.
        if let [only] = choices.as_mut_slice() {
            only.chosen = true;
        } else {
            choices.insert(0, Choice::new("", page.t("property-choose"), current));
        }
        choices
    }
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        Column::new(ColumnKind::Text, page.t("property-field-name")),
        Column::new(ColumnKind::Text, page.t("property-field-place")),
        Column::new(ColumnKind::Text, page.t("property-noted-by")),
        Column::new(ColumnKind::Moment, page.t("property-noted-at")),
    ]
}
