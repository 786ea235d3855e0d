//! After the end: who took part, without what anybody chose; and the audit sheet that anybody recounts, as a file and
//! as a page that is read or printed at the counter.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use hall::Fault;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, ColumnKind, Table};
use web::{InPath, Page, Pager, WebError, render};

use super::frame::{COLUMN, Part, headed};
use crate::Property;
use crate::records::ballots::Cast;
use crate::records::parts::{self, TookPart};
use crate::records::votes::Vote;

#[derive(Template)]
#[template(path = "property/roll.html")]
struct RollPage {
    page: Page,
    id: Uuid,
    title: String,
    list: Table,
    pager: Pager,
}

#[derive(Template)]
#[template(path = "property/audit.html")]
struct AuditPage {
    page: Page,
    id: Uuid,
    title: String,
    list: Table,
    pager: Pager,
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
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx, vote: &Vote| {
        let found = parts::took_part(tx, vote.district, vote.id, part.span())?;
        Ok::<_, Fault>(found)
    };
    let (vote, mut found) = desk.counted(&page, id, read).await?;
    let pager = part.ends(&page, &mut found);
    let row = |one: &TookPart| -> Vec<Cell> {
        vec![one.units.clone().into(), page.t(&format!("property-way-{}", one.way.code())).into()]
    };
    let named = [(ColumnKind::Text, "unit"), (ColumnKind::Text, "way")];
    let list = Table::new(page.t("property-roll"), headed(&page, COLUMN, named)).with(found.iter().map(row));
    render(&RollPage { page, id, title: vote.title, list, pager })
}

/// `GET /property/votes/{vote}/audit`: the lines of the audit sheet, for those who have no use for a file.
///
/// # Errors
/// 404 before the end and for what is not hers, or a failure.
pub async fn lines(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let part = Part::asked(&page);
    let read = move |tx: &mut dyn Tx, vote: &Vote| {
        let found = parts::casts(tx, vote.district, vote.id, part.span())?;
        Ok::<_, Fault>(found)
    };
    let (vote, mut found) = desk.counted(&page, id, read).await?;
    let pager = part.ends(&page, &mut found);
    let row = |one: &Cast| -> Vec<Cell> {
        vec![one.commitment.clone().into(), one.area.show().into(), one.choices.clone().into()]
    };
    let named = [(ColumnKind::Text, "commitment"), (ColumnKind::Number, "area"), (ColumnKind::Text, "choices")];
    let list = Table::new(page.t("property-audit-page"), headed(&page, COLUMN, named)).with(found.iter().map(row));
    render(&AuditPage { page, id, title: vote.title, list, pager })
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
    let own = desk.clone();
    let (_, sheet) = desk.counted(&page, id, move |tx: &mut dyn Tx, vote: &Vote| own.sheet(tx, vote)).await?;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\"")];
    Ok((headers, sheet.written()).into_response())
}

impl Property {
    /// A counted vote that this visitor may see, with what is read of it.
    async fn counted<T: Send + 'static>(
        self: &Arc<Self>,
        page: &Page,
        id: Uuid,
        mut read: impl FnMut(&mut dyn Tx, &Vote) -> Result<T, Fault> + Send + 'static,
    ) -> Result<(Vote, T), WebError> {
        let (own, actor) = (self.clone(), page.visitor.actor.clone());
        let read = move |tx: &mut dyn Tx| {
            let vote = own.seen(tx, id, &actor)?.vote;
            if vote.counted_at.is_none() {
                return Err(Fault::NotFound);
            }
            let found = read(tx, &vote)?;
            Ok((vote, found))
        };
        Ok(self.hall.store.read(read).await?)
    }
}
