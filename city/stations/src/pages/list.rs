//! The register of stations, for those who keep it: by place, with what is closed; goes out as a workbook.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use web::{Light, Page, WebError, download, render};

use super::{light, services};
use crate::Stations;
use crate::actions::{MOST, reach};
use crate::records::{self, Station};

/// A station in the list.
struct Line {
    id: i64,
    name: String,
    place: String,
    address: String,
    telephone: String,
    hours: String,
    services: String,
    light: Light,
    on_map: bool,
}

#[derive(Template)]
#[template(path = "stations/list.html")]
struct ListPage {
    page: Page,
    lines: Vec<Line>,
}

/// `GET /stations/list`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let lines = desk.lines(&page).await?;
    render(&ListPage { page, lines })
}

/// `GET /stations.xlsx`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn export(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let columns = ["name", "place", "address", "telephone", "hours", "services", "state"];
    let header = columns.map(|column| page.t(&format!("stations-column-{column}")));
    let cells = |line: Line| {
        vec![
            line.name,
            line.place,
            line.address,
            line.telephone,
            line.hours.replace('\n', "; "),
            line.services,
            line.light.text,
        ]
    };
    let rows: Vec<Vec<String>> = desk.lines(&page).await?.into_iter().map(cells).collect();
    download::xlsx("stations", &page.t("stations-title"), &header, &rows)
}

impl Stations {
    async fn lines(self: &Arc<Self>, page: &Page) -> Result<Vec<Line>, Fault> {
        let places = reach(&page.visitor.actor, May::StationEdit);
        let read = move |tx: &mut dyn store::Tx| {
            let mut found: Vec<Station> = Vec::new();
            for place in &places {
                found.extend(records::inside(tx, place, MOST)?);
            }
            found.sort_by(|a, b| (&a.path, a.id).cmp(&(&b.path, b.id)));
            found.dedup_by_key(|station| station.id);
            Ok::<_, Fault>(found)
        };
        let found = self.hall.store.read(read).await?;
        let tree = self.hall.places.tree();
        let line = |station: &Station| Line {
            id: station.id,
            name: station.name(page.lang).to_owned(),
            place: tree.chain(&station.path, page.lang),
            address: station.address.clone(),
            telephone: station.telephone.clone(),
            hours: crate::rules::hours::Hours::parse(&station.hours).unwrap_or_default().show(page.lang),
            services: services(page, station).join(page.lang.pick("、", ", ")),
            light: light(page, self, station),
            on_map: station.compound.is_some(),
        };
        Ok(found.iter().map(line).collect())
    }
}
