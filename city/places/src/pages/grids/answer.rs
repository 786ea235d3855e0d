//! This file hands out a proposal of grids: every building with its grid of today and the proposed one, as a workbook,
//! as CSV, and as GeoJSON for maps.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::place::PlaceId;
use serde_json::{Value, json};
use uuid::Uuid;
use web::table::{Cell, Table};
use web::{InPath, Page, WebError};

use super::beside::Around;
use super::community::{MoveRow, row_of};
use super::proposal::{answer, around, work_of};
use super::{Desk, columns};
use crate::permissions::May;
use crate::rules::geography::Geography;
use crate::rules::grids::proposal::Proposal;

/// The name of the file for maps.
const FILE: &str = "attachment; filename=\"proposal.geojson\"";

/// A building of a proposal with its community.
struct Line {
    community: String,
    row: MoveRow,
}

/// `GET /places/grids/{work}/answer?format=…`
pub(super) async fn get(State(desk): State<Desk>, InPath(id): InPath<Uuid>, page: Page) -> Result<Response, WebError> {
    page.require(May::PlaceRead)?;
    let work = work_of(&desk, &page, id, May::PlaceRead).await?;
    let proposal = answer(&work).ok_or(WebError::NotFound)?;
    let around = around(&desk, &page, &work, Some(&proposal)).await?;
    let laid = around.laid_for(&proposal).ok_or(WebError::NotFound)?;
    let lines = lines(&desk, &page, laid, &proposal, &around);
    if page.query.get("format") == "geojson" {
        let text = located(laid, &lines).ok_or(WebError::NotFound)?;
        let headers = [(CONTENT_TYPE, "application/geo+json"), (CONTENT_DISPOSITION, FILE)];
        return Ok((headers, text).into_response());
    }
    let cells = |line: Line| -> Vec<Cell> {
        let Line { community, row } = line;
        vec![
            community.into(),
            row.compound.into(),
            row.building.into(),
            i64::from(row.households).into(),
            row.from.into(),
            row.to.into(),
        ]
    };
    let title = page.t("places-grids-proposal");
    let place = desk.places.tree().at(&work.place).map(|place| place.named(page.lang).to_owned());
    let name = format!("{title}-{}", place.unwrap_or_default());
    let table = Table::new(title, columns(&page, ["from", "to"])).with(lines.into_iter().map(cells));
    table.file(&page, &name, page.query.get("format")).await
}

fn lines(desk: &Desk, page: &Page, laid: &Geography, proposal: &Proposal, around: &Around) -> Vec<Line> {
    let tree = desk.places.tree();
    let mut lines = Vec::new();
    for part in &proposal.parts {
        let place = tree.get(PlaceId(part.community)).map(|place| place.named(page.lang).to_owned());
        let community = place.unwrap_or_default();
        let rows = part.members.iter().filter_map(|member| row_of(page, laid, part, &around.names, member));
        lines.extend(rows.map(|row| Line { community: community.clone(), row }));
    }
    lines
}

/// Returns the buildings as points of WGS 84. There are none if nobody said where on the globe they stand.
fn located(laid: &Geography, lines: &[Line]) -> Option<String> {
    let plane = laid.plane()?;
    let feature = |Line { community, row }: &Line| -> Option<Value> {
        let (latitude, longitude) = plane.to_point((row.at.x, row.at.y))?.degrees();
        Some(json!({
            "type": "Feature",
            "geometry": { "type": "Point", "coordinates": [longitude, latitude] },
            "properties": {
                "community": community, "compound": row.compound, "building": row.building,
                "households": row.households, "grid_today": row.from, "grid": row.to,
            },
        }))
    };
    let features: Vec<Value> = lines.iter().filter_map(feature).collect();
    Some(json!({ "type": "FeatureCollection", "features": features }).to_string())
}
