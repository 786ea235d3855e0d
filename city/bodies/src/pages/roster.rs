//! On this page somebody sees the rosters of mediators of the places of her posts, puts somebody on one and takes
//! somebody off. It shows how many open disputes each has, and ranks nobody.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Sent;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Choice, Form, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, choices, chosen};
use crate::Bodies;
use crate::actions::{By, NewMediator, OnRoster, reach};
use crate::permissions::May;
use crate::rules::day;

/// The most mediators on the page.
const LIST_MOST: i64 = 500;

#[derive(Template)]
#[template(path = "bodies/roster.html")]
struct RosterPage {
    page: Page,
    list: Table,
    places: Vec<Choice>,
    knows: Vec<Choice>,
    /// Those who are on a roster today, to choose from.
    present: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
}

/// `GET /bodies/mediators`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Bodies>>, page: Page) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    desk.roster_page(page, Form::default(), &[]).await
}

/// `POST /bodies/mediators`: the deed says which of the forms was sent.
///
/// # Errors
/// Sign-in needed, no permission there, 404 for somebody of a roster that is not hers, or a failure.
pub async fn post(State(desk): State<Arc<Bodies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    let asker = page.visitor.actor.account.unwrap_or_default();
    let deed = match desk.roster_deed(&form, asker) {
        Ok(deed) => deed,
        Err(refusal) => return desk.roster_page(page, form.into_form(), &[refusal]).await,
    };
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let sent = Sent::of(&form, "roster");
    let write = move |tx: &mut dyn Tx| {
        let by = By { actor: &actor, sent: &sent, now };
        match &deed {
            Deed::Engage(new) => own.engage(tx, new, &by),
            Deed::Release(id, until) => own.release(tx, *id, *until, &by),
        }
    };
    let done = desk.hall.store.write(write).await.map(|()| "/bodies/mediators?done=kept");
    let again = |refusal| async move { desk.roster_page(page, form.into_form(), &[refusal]).await };
    web::answer_permitted(done, again).await
}

/// What somebody enters.
enum Deed {
    Engage(Box<NewMediator>),
    Release(Uuid, Date),
}

impl Bodies {
    fn roster_deed(&self, form: &PostForm, asker: Uuid) -> Result<Deed, Refusal> {
        let text = |field: &str| form.get(field).to_owned();
        if form.get("deed") == "release" {
            let wrong = |_| Refusal::new(Code::FormChoice).field("who");
            return Ok(Deed::Release(form.get("who").parse().map_err(wrong)?, day("until", form.get("until"))?));
        }
        Ok(Deed::Engage(Box::new(NewMediator {
            id: form.id_of(asker),
            path: chosen(&self.hall.places.tree(), form.get("place"))?,
            login: text("login"),
            name: text("mediator"),
            address: text("address"),
            employer: text("employer"),
            specialities: form.all("knows").into_iter().map(str::to_owned).collect(),
            engaged: form.get("engaged") == "1",
            from: day("from", form.get("from"))?,
            agreed: form.get("agreed") == "1",
        })))
    }

    async fn roster_page(self: &Arc<Self>, page: Page, form: Form, faults: &[Refusal]) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (own, places) = (self.clone(), reach(&page.visitor.actor));
        let order = |one: &OnRoster, other: &OnRoster| {
            let key = |each: &OnRoster| (each.mediator.path.clone(), each.mediator.from_on, each.mediator.id);
            key(one).cmp(&key(other))
        };
        let read = move |tx: &mut dyn Tx| store::gather(&places, LIST_MOST, order, |place| own.rosters(tx, place));
        let found: Vec<OnRoster> = self.hall.store.read(read).await?;
        let ticked = form.all("knows");
        let knows = self.kinds.speciality.iter().map(|one| Choice {
            chosen: ticked.contains(&one.code.as_str()),
            ..Choice::new(&one.code, page.of(&one.title), "")
        });
        let drawn = RosterPage {
            list: Table::new(page.t("bodies-nav-mediators"), columns(&page))
                .with(found.iter().map(|one| self.mediator_row(&page, one))),
            places: choices(&page, &self.hall.places.tree(), form.get("place")),
            knows: knows.collect(),
            present: present(&page, &found, form.get("who")),
            problems: page.problems(LABELS, faults),
            form,
            page,
        };
        render_status(status, &drawn)
    }

    fn mediator_row(&self, page: &Page, one: &OnRoster) -> Vec<Cell> {
        let mediator = &one.mediator;
        let basis = if mediator.engaged { "bodies-engaged" } else { "bodies-member" };
        vec![
            name(page, one).into(),
            self.hall.places.tree().chain(&mediator.path, page.lang).into(),
            self.known(page, &mediator.specialities).into(),
            page.t(basis).into(),
            mediator.from_on.into(),
            mediator.until_on.into(),
            one.matters.into(),
        ]
    }
}

fn name(page: &Page, one: &OnRoster) -> String {
    one.name.clone().unwrap_or_else(|| page.t("bodies-name-gone"))
}

/// Those who are on a roster today, to choose from.
fn present(page: &Page, found: &[OnRoster], current: &str) -> Vec<Choice> {
    let today = page.today();
    let here = found.iter().filter(|one| one.mediator.until_on.is_none_or(|until| until > today));
    here.map(|one| Choice::new(one.mediator.id.to_string(), name(page, one), current)).collect()
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        Column::new(ColumnKind::Text, page.t("bodies-field-mediator")),
        Column::new(ColumnKind::Text, page.t("bodies-field-place")),
        Column::new(ColumnKind::Text, page.t("bodies-field-knows")),
        Column::new(ColumnKind::Text, page.t("bodies-field-engaged")),
        Column::new(ColumnKind::Date, page.t("bodies-field-from")),
        Column::new(ColumnKind::Date, page.t("bodies-field-until")),
        Column::new(ColumnKind::Number, page.t("bodies-column-matters")),
    ]
}
