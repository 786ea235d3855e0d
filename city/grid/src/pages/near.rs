//! This page shows everybody what was reported in a community and how it stands: kind, day, stage and how many met with
//! it; words and photos only after a worker released them, and never who said it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::place::PlaceId;
use uuid::Uuid;
use web::{Light, Page, TwoInPath, WebError, render};

use crate::Grid;
use crate::records::photo::{self, Photo};
use crate::records::shown;
use crate::rules::stage::Stage;

/// Reports that are shown.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "grid/near.html")]
struct NearPage {
    page: Page,
    community: Option<String>,
    stages: Vec<Filter>,
    /// Whether all stages are shown.
    all: bool,
    lines: Vec<Line>,
}

/// A stage by which the list can be narrowed.
struct Filter {
    href: String,
    text: String,
    current: bool,
}

/// A report as everybody sees it.
struct Line {
    what: String,
    when: String,
    met: i64,
    light: Light,
    words: String,
    photos: Vec<String>,
}

/// `GET /report/near`: of the community that this visitor chose on her device; `?stage=` narrows it to one stage.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let tree = grid.hall.places.tree();
    let stage = Stage::parse(page.query.get("stage"));
    let stages = filters(&page, stage);
    let Some(place) = places::my_community(&page, &tree).and_then(|id| tree.get(id)) else {
        return render(&NearPage { page, community: None, stages, all: stage.is_none(), lines: Vec::new() });
    };
    let path = place.path.clone();
    let read = move |tx: &mut dyn store::Tx| {
        let lines = shown::lines(tx, &path, stage, SHOWN)?;
        let keys: Vec<(PlaceId, Uuid)> = lines.iter().map(|line| (line.district, line.case_id)).collect();
        Ok::<_, store::StoreError>((lines, photo::released(tx, &keys)?))
    };
    let (reports, photos) = grid.hall.store.read(read).await?;
    let lines = reports.into_iter().map(|report| grid.line(&page, report, &photos)).collect();
    let community = Some(place.named(page.lang).to_owned());
    render(&NearPage { page, community, stages, all: stage.is_none(), lines })
}

/// `GET /report/photo/{district}/{photo}`: a photo that a worker released.
///
/// # Errors
/// 404 for a photo that is not there or that nobody released.
pub async fn photo(
    State(grid): State<Arc<Grid>>,
    TwoInPath(district, photo): TwoInPath<PlaceId, Uuid>,
) -> Result<Response, WebError> {
    Ok(super::picture(grid.released_photo(district, photo).await?))
}

fn filters(page: &Page, chosen: Option<Stage>) -> Vec<Filter> {
    let filter = |stage: Stage| Filter {
        href: format!("/report/near?stage={}", stage.code()),
        text: page.t(&format!("grid-stage-{}", stage.code())),
        current: chosen == Some(stage),
    };
    let all = Filter { href: "/report/near".to_owned(), text: page.t("grid-stage-all"), current: chosen.is_none() };
    std::iter::once(all).chain(Stage::ALL.into_iter().map(filter)).collect()
}

/// The badge of a stage.
pub(super) fn light(page: &Page, stage: Stage) -> Light {
    let class = match stage {
        Stage::Reported | Stage::Filed | Stage::SentOut | Stage::Handling => "soon",
        Stage::Answered => "ok",
        Stage::Closed => "done",
    };
    Light { class, text: page.t(&format!("grid-stage-{}", stage.code())) }
}

impl Grid {
    fn line(&self, page: &Page, report: shown::Line, photos: &[Photo]) -> Line {
        let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let own = photos.iter().filter(|photo| photo.case_id == report.case_id);
        Line {
            what: what.unwrap_or(report.kind),
            when: page.date(self.hall.day(report.reported_at)),
            met: report.met,
            light: light(page, Stage::parse(&report.stage).unwrap_or(Stage::Reported)),
            words: report.words.unwrap_or_default(),
            photos: own.map(|photo| format!("/report/photo/{}/{}", photo.district.0, photo.id)).collect(),
        }
    }
}
