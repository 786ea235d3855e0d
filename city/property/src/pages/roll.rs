//! After the end: who took part, without what anybody chose, and the audit sheet that anybody recounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hall::Fault;
use store::Tx;
use uuid::Uuid;
use web::table::{Column, ColumnKind, Table};
use web::{InPath, Page, WebError, render};

use crate::Property;
use crate::records::ballots;
use crate::records::votes;

#[derive(Template)]
#[template(path = "property/roll.html")]
struct RollPage {
    page: Page,
    id: Uuid,
    title: String,
    list: Table,
}

/// `GET /property/votes/{vote}/roll`: no moment stands there, since it could be joined with what somebody saw.
///
/// # Errors
/// 404 before the end and for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (own, actor) = (desk.clone(), page.visitor.actor.clone());
    let read = move |tx: &mut dyn Tx| {
        let vote = own.seen(tx, id, &actor)?.vote;
        if vote.counted_at.is_none() {
            return Err(Fault::NotFound);
        }
        let rights: BTreeMap<i64, String> =
            votes::rights(tx, vote.district, id)?.into_iter().map(|right| (right.number, right.units)).collect();
        Ok((vote.title, rights, ballots::of_vote(tx, vote.district, id)?))
    };
    let (title, rights, found) = desk.hall.store.read(read).await?;
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("property-column-{name}")));
    let columns = vec![column(ColumnKind::Text, "unit"), column(ColumnKind::Text, "way")];
    let rows = found.iter().map(|ballot| {
        vec![
            rights.get(&ballot.number).cloned().unwrap_or_default().into(),
            page.t(&format!("property-way-{}", ballot.way.code())).into(),
        ]
    });
    let list = Table::new(page.t("property-roll"), columns).with(rows);
    render(&RollPage { page, id, title, list })
}

/// `GET /property/votes/{vote}/audit.csv`
///
/// # Errors
/// 404 before the end and for what is not hers, or a failure.
pub async fn audit(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (own, actor) = (desk.clone(), page.visitor.actor.clone());
    let read = move |tx: &mut dyn Tx| {
        let vote = own.seen(tx, id, &actor)?.vote;
        own.sheet(tx, &vote)
    };
    let sheet = desk.hall.store.read(read).await?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"")];
    Ok((headers, sheet.written()).into_response())
}
