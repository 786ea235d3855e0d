//! On this page somebody sees the bodies of the places of her posts, with what is due of each, and enters one more.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Choice, Form, Light, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, choices, chosen};
use crate::Bodies;
use crate::actions::{By, NewBody, reach};
use crate::permissions::May;
use crate::records::body as bodies;
use crate::rules::terms::{due, looks_ahead};
use crate::words::{Body, Details};

/// The most bodies on the page.
const LIST_MOST: i64 = 500;

#[derive(Template)]
#[template(path = "bodies/list.html")]
struct ListPage {
    page: Page,
    list: Table,
    /// Only those of which something is due.
    due: bool,
    places: Vec<Choice>,
    kinds: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
}

/// `GET /bodies?due=1`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Bodies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    desk.list_page(page, Form::default(), &[]).await
}

/// `POST /bodies`
///
/// # Errors
/// Sign-in needed, no permission there, or a failure.
pub async fn post(State(desk): State<Arc<Bodies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    let asker = page.visitor.actor.account.unwrap_or_default();
    let new = match desk.new_body(&form, asker) {
        Ok(new) => new,
        Err(refusal) => return desk.list_page(page, form.into_form(), &[refusal]).await,
    };
    let (own, actor, now, id) = (desk.clone(), page.visitor.actor.clone(), page.now, new.id);
    let sent = Sent::of(&form, "new");
    let write = move |tx: &mut dyn Tx| own.open_body(tx, &new, &By { actor: &actor, sent: &sent, now });
    let done = desk.hall.store.write(write).await.map(|()| format!("/bodies/body/{id}"));
    let again = |refusal| async move { desk.list_page(page, form.into_form(), &[refusal]).await };
    web::answer_permitted(done, again).await
}

/// What a form says of a body.
pub(super) fn details(form: &Form) -> Details {
    let text = |name: &str| form.get(name).to_owned();
    Details {
        name: text("name"),
        purpose: text("purpose"),
        telephone: text("telephone"),
        address: text("address"),
        hours: text("hours"),
    }
}

impl Bodies {
    fn new_body(&self, form: &PostForm, asker: Uuid) -> Result<NewBody, Refusal> {
        let path = chosen(&self.hall.places.tree(), form.get("place"))?;
        let kind = form.get("kind").to_owned();
        if self.kinds.get(&kind).is_none() {
            return Err(Refusal::new(Code::FormChoice).field("kind"));
        }
        // The same form sent again is the same body.
        Ok(NewBody { id: form.id_of(asker), path, kind, details: details(form) })
    }

    async fn list_page(&self, page: Page, form: Form, faults: &[Refusal]) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let only_due = page.query.get("due") == "1";
        let kind = |one: &crate::Kind| Choice::new(&one.code, page.of(&one.title), form.get("kind"));
        let none = Choice::new("", page.t("bodies-choose"), form.get("kind"));
        let drawn = ListPage {
            list: self.listed(&page, only_due).await?,
            due: only_due,
            places: choices(&page, &self.hall.places.tree(), form.get("place")),
            kinds: std::iter::once(none).chain(self.kinds.kind.iter().map(kind)).collect(),
            problems: page.problems(LABELS, faults),
            form,
            page,
        };
        render_status(status, &drawn)
    }

    /// Reads the bodies of the places of this person's posts.
    async fn listed(&self, page: &Page, only_due: bool) -> Result<Table, WebError> {
        let (places, today, warn) = (reach(&page.visitor.actor), page.today(), self.warn_days(page.now)?);
        let soon = looks_ahead(today, warn);
        let order =
            |one: &Body, other: &Body| (&one.path, &one.name, one.id).cmp(&(&other.path, &other.name, other.id));
        let read = move |tx: &mut dyn Tx| {
            let found = store::gather(&places, LIST_MOST, order, |place| {
                if only_due { bodies::due(tx, place, soon, LIST_MOST) } else { bodies::inside(tx, place, LIST_MOST) }
            });
            Ok::<_, Fault>(found?)
        };
        let found = self.hall.store.read(read).await?;
        let rows = found.iter().map(|body| self.row(page, body, warn));
        Ok(Table::new(page.t("bodies-title"), columns(page)).with(rows))
    }

    fn row(&self, page: &Page, body: &Body, warn: i64) -> Vec<Cell> {
        let kind = self.kinds.get(&body.kind).map(|kind| page.of(&kind.title).to_owned());
        vec![
            Cell::link(body.name.clone(), format!("/bodies/body/{}", body.id)),
            kind.unwrap_or_default().into(),
            self.hall.places.tree().chain(&body.path, page.lang).into(),
            body.term_ends.into(),
            standing(page, body, warn).into(),
        ]
    }
}

/// How a body stands: what is due of it first.
pub(super) fn standing(page: &Page, body: &Body, warn: i64) -> Light {
    if let Some(on) = body.ended_on {
        return Light { class: "none", text: page.t1("bodies-ended", "date", page.day(on)) };
    }
    match due(body, page.today(), warn).into_iter().next() {
        Some(due) => {
            let class = if due.is_late() { "late" } else { "soon" };
            Light { class, text: page.t1(due.key(), "date", page.day(due.on())) }
        }
        None => Light { class: "ok", text: page.t("bodies-due-nothing") },
    }
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        Column::new(ColumnKind::Link, page.t("bodies-field-name")),
        Column::new(ColumnKind::Text, page.t("bodies-field-kind")),
        Column::new(ColumnKind::Text, page.t("bodies-field-place")),
        Column::new(ColumnKind::Date, page.t("bodies-column-ends")),
        Column::new(ColumnKind::Text, page.t("bodies-column-due")),
    ]
}
