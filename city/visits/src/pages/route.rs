//! This page is the sheet for the way: the home visits that are agreed for a day. It shows addresses only after
//! somebody said why, and each opened record is logged.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::Looking;
use hall::{Fault, PurposeFields, Stated};
use kernel::permission::Permission;
use kernel::refusal::Code;
use kernel::time::Date;
use uuid::Uuid;
use vault::PersonField;
use web::{Page, PostForm, Problem, WebError, render_status};

use super::day::{day_of, of_day};
use super::{LABELS, VisitLine};
use crate::Visits;
use crate::actions::reach;
use crate::words::{Kind, State as Stage};

/// Limits the visits of one sheet.
const SHEET: i64 = 200;

#[derive(Template)]
#[template(path = "visits/route.html")]
struct RoutePage {
    page: Page,
    day: String,
    day_code: String,
    rows: Vec<Row>,
    opened: bool,
    why: PurposeFields,
    problems: Vec<Problem>,
}

/// One visit of the sheet.
struct Row {
    line: VisitLine,
    address: String,
}

/// Answers `GET /visits/route` with the sheet of today, or of `?day=`, without addresses.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she may not open personal data.
pub async fn get(State(visits): State<Arc<Visits>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::PersonOpen)?;
    let day = day_of(&page);
    visits.sheet(page, day, None).await
}

/// Answers `POST /visits/route` with the addresses, for the purpose that is stated once. Every record that is opened is
/// logged.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she may not open personal data.
pub async fn post(State(visits): State<Arc<Visits>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::PersonOpen)?;
    let day = form.get("day").parse::<Date>().unwrap_or_else(|_| page.today());
    visits.sheet(page, day, Some(Asked { stated: Stated::of(&form), once: form.key().to_owned() })).await
}

/// What the form of the sheet asked for.
#[derive(Default)]
struct Asked {
    /// Why the addresses are opened.
    stated: Stated,
    /// The key of the form.
    once: String,
}

impl Visits {
    async fn sheet(self: &Arc<Self>, page: Page, day: Date, asked: Option<Asked>) -> Result<Response, WebError> {
        let purposes = &self.cases().hall.purposes;
        let is_asked = asked.is_some();
        let Asked { stated, once } = asked.unwrap_or_default();
        let (purpose, refusal) = match is_asked.then(|| purposes.stated(&stated.code, &stated.word)) {
            Some(Err(refusal)) => (None, Some(refusal)),
            Some(Ok(purpose)) => (Some(purpose), None),
            None => (None, None),
        };
        let why = purposes.fields(&page, &stated, refusal.as_ref());
        let opened = purpose.is_some();
        let rows = self.rows(&page, day, purpose, once).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let problems = page.problems(LABELS, refusal.as_slice());
        let (day, day_code) = (page.date(day), day.to_string());
        render_status(status, &RoutePage { page, day, day_code, rows, opened, why, problems })
    }

    /// Returns the visits of the sheet. With a purpose it opens their records and writes the looks down in the same
    /// transaction.
    async fn rows(
        self: &Arc<Self>,
        page: &Page,
        day: Date,
        purpose: Option<String>,
        once: String,
    ) -> Result<Vec<Row>, Fault> {
        let (desk, drawn) = (self.clone(), page.clone());
        let places = reach(&page.visitor.actor, Permission::PersonOpen);
        self.store()
            .write(move |tx| {
                let mut found = of_day(tx, &places, Kind::Home, day, SHEET)?;
                found.retain(|visit| visit.state == Stage::Booked);
                let mut addresses: BTreeMap<Uuid, String> = BTreeMap::new();
                for visit in found.iter().filter(|_| purpose.is_some()) {
                    let why = purpose.as_deref().unwrap_or_default();
                    let (actor, now) = (&drawn.visitor.actor, drawn.now);
                    let looking = Looking { actor, purpose: why, now, once: Some(&once) };
                    match desk.open_person(tx, visit, &looking) {
                        // The record was erased meanwhile, so nothing is left to show.
                        Err(Fault::Refused(refusal)) if refusal.code == Code::VaultRecordErased => {}
                        opened => {
                            let address = opened?.get(PersonField::Address).map(|value| value.expose().clone());
                            addresses.insert(visit.id, address.unwrap_or_default());
                        }
                    }
                }
                let lines = desk.lines(tx, &drawn, &found)?.into_iter().zip(&found);
                let address = |id: Uuid| addresses.get(&id).cloned().unwrap_or_default();
                Ok::<_, Fault>(lines.map(|(line, visit)| Row { line, address: address(visit.id) }).collect::<Vec<_>>())
            })
            .await
    }
}
