//! This page shows everybody what was reported in a community and how it stands: kind, day and state, never who said it
//! nor in which words.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use web::{Light, Page, WebError, render};

use crate::{Grid, records};

/// Reports that are shown.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "grid/near.html")]
struct NearPage {
    page: Page,
    community: Option<String>,
    lines: Vec<Line>,
}

/// A report as everybody sees it.
struct Line {
    what: String,
    when: String,
    met: i64,
    light: Light,
}

/// `GET /report/near`: of the community that this visitor chose on her device.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let tree = grid.hall.places.tree();
    let Some(place) = places::my_community(&page, &tree).and_then(|id| tree.get(id)) else {
        return render(&NearPage { page, community: None, lines: Vec::new() });
    };
    let path = place.path.clone();
    let reports = grid.hall.store.read(move |tx| records::public(tx, &path, SHOWN)).await?;
    let line = |report: &crate::words::Report| {
        let condition = grid.catalogue.condition(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let (class, key) = if report.open { ("soon", "grid-state-open") } else { ("done", "grid-state-done") };
        Line {
            what: what.unwrap_or_else(|| report.kind.clone()),
            when: page.date(grid.hall.day(report.reported_at)),
            met: report.met,
            light: Light { class, text: page.t(key) },
        }
    };
    let lines = reports.iter().map(line).collect();
    let community = Some(place.named(page.lang).to_owned());
    render(&NearPage { page, community, lines })
}
