//! This page shows the posts that a published figure counts. Names are masked, as on a roster that nobody opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use hall::figures::CountedRow;
use hall::{Line, Listed, Opening};
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind};
use web::{Page, WebError};

use super::{compound, light, role};
use crate::Mobilization;
use crate::actions::allowed;
use crate::records::post::{self, Post};
use crate::records::responder;
use crate::words::{INDICATORS, ROWS, ROWS_PAGE};

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: ROWS.permission,
    home: None,
};

/// `GET /mobilization/rows`
///
/// # Errors
/// Asks the visitor to sign in, refuses without the permission, or answers 404 for what is no part of a figure that she
/// may look into.
pub async fn get(State(desk): State<Arc<Mobilization>>, page: Page) -> Result<Response, WebError> {
    page.require(ROWS.permission)?;
    let ground = desk.hall.places.geography().await?;
    let (own, drawn) = (desk.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| own.behind_figure(tx, &drawn, ground.as_deref(), things);
    hall::rows_page(&desk.hall, page, OPENING, fill).await
}

impl Mobilization {
    /// Returns the posts that were counted, as far as this visitor sees their rosters, in the order of the things.
    fn behind_figure(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        ground: Option<&Geography>,
        things: &[CountedRow],
    ) -> Result<Listed, Fault> {
        let keys: Vec<_> = things.iter().map(|thing| (thing.subject_district, thing.subject)).collect();
        let posts = post::several(tx, &keys)?;
        let people: Vec<_> = posts.iter().filter_map(|post| Some((post.home, post.responder?))).collect();
        let people = responder::several(tx, &people)?;
        let names = self.masked(tx, &posts, &people)?;
        let known: BTreeMap<Uuid, &Post> = posts.iter().map(|post| (post.id, post)).collect();
        let row = |thing: &CountedRow| match known.get(&thing.subject) {
            Some(post) if allowed(&page.visitor.actor, ROWS.permission, &post.path) => {
                let who = names.get(&post.id).cloned().unwrap_or_else(|| page.t("mobilization-person-gone"));
                Some(Line::of(thing, self.cells(page, ground, post, who)))
            }
            Some(_) => None,
            None => Some(Line::gone(page, thing)),
        };
        Ok(Listed {
            columns: columns(page),
            lines: things.iter().filter_map(row).collect(),
            note: page.t("mobilization-rows-less"),
        })
    }

    fn cells(&self, page: &Page, ground: Option<&Geography>, post: &Post, who: String) -> Vec<Cell> {
        let (name, _) = compound(page, self, ground, post.compound);
        vec![
            Cell::link(name, format!("/mobilization/calls/{}/roster", post.call)),
            post.starts.into(),
            post.ends.into(),
            role(page, post.role).into(),
            who.into(),
            light(page, post.state).into(),
        ]
    }
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("mobilization-column-{name}")));
    vec![
        column(ColumnKind::Link, "compound"),
        column(ColumnKind::Moment, "from"),
        column(ColumnKind::Moment, "to"),
        column(ColumnKind::Text, "role"),
        column(ColumnKind::Text, "who"),
        column(ColumnKind::Text, "state"),
    ]
}
