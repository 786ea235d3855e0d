//! This page shows the register of stations to those who keep it, by place and with what is closed. It goes out as a
//! workbook.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Page, WebError, render};

use super::{light, services};
use crate::Stations;
use crate::actions::{MOST, reach};
use crate::records::{self, Station};
use crate::rules::hours::Hours;

#[derive(Template)]
#[template(path = "stations/list.html")]
struct ListPage {
    page: Page,
    list: Table,
}

/// `GET /stations/list`
pub async fn get(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let list = desk.listed(&page).await?;
    render(&ListPage { page, list })
}

/// `GET /stations.xlsx`: telephone and hours stand in the workbook alone.
pub async fn export(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    desk.listed(&page).await?.xlsx(&page, "stations").await
}

impl Stations {
    /// Returns every station in the places of this person's posts.
    async fn listed(self: &Arc<Self>, page: &Page) -> Result<Table, Fault> {
        let places = reach(&page.visitor.actor, May::StationEdit);
        let order = |one: &Station, other: &Station| (&one.path, one.id).cmp(&(&other.path, other.id));
        let read = move |tx: &mut dyn store::Tx| {
            store::gather(&places, i64::MAX, order, |place| Ok::<_, Fault>(records::inside(tx, place, MOST)?))
        };
        let found = self.hall.store.read(read).await?;
        Ok(Table::new(page.t("stations-list"), columns(page)).with(found.iter().map(|station| self.row(page, station))))
    }

    fn row(&self, page: &Page, station: &Station) -> Vec<Cell> {
        let hours = Hours::parse(&station.hours).unwrap_or_default().show(page.lang);
        let address = station.address.clone();
        let address = match station.compound {
            Some(_) => Cell::Text(address),
            None => Cell::Noted { text: address, note: page.t("stations-off-map") },
        };
        vec![
            Cell::link(station.name(page.lang), format!("/stations/{}", station.id)),
            self.hall.places.tree().chain(&station.path, page.lang).into(),
            address,
            station.telephone.clone().into(),
            hours.replace('\n', "; ").into(),
            services(page, station).join(page.lang.pick("、", ", ")).into(),
            light(page, self, station).into(),
        ]
    }
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("stations-column-{name}")));
    vec![
        column(ColumnKind::Link, "name"),
        column(ColumnKind::Text, "place"),
        column(ColumnKind::Text, "address"),
        column(ColumnKind::Text, "telephone").in_files(),
        column(ColumnKind::Text, "hours").in_files(),
        column(ColumnKind::Text, "services"),
        column(ColumnKind::Text, "state"),
    ]
}
