//! This page shows everybody what was reported in a community and how it stands: kind, compound, day, stage and how
//! many met with it; words and photos only after a worker released them, and never who said it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::Key;
use hall::Fault;
use kernel::place::{Level, PlaceId};
use places::geography::Geography;
use uuid::Uuid;
use web::{Light, Page, TwoInPath, WebError, render};

use crate::Grid;
use crate::records::photo::{self, Photo};
use crate::records::shown;
use crate::rules::stage::{self, Stage};
use crate::words::REPORT;

/// Reports that are shown.
const SHOWN: i64 = 50;

#[derive(Template)]
#[template(path = "grid/near.html")]
struct NearPage {
    page: Page,
    community: Option<String>,
    stages: Vec<Filter>,
    /// Whether all stages are shown, and the address of that.
    all: bool,
    whole: String,
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
    /// What the button sends by which somebody joins it; empty where it is closed, or she is one of them already.
    join: String,
    /// The key of what is said where she is one of them already.
    hers: Option<&'static str>,
    what: String,
    /// The compound where it is; empty where that is not known.
    wher: String,
    when: String,
    met: i64,
    light: Light,
    words: String,
    photos: Vec<String>,
}

/// `GET /report/near`: of the community that is asked for (`?place=`), else of the one that this visitor chose on her
/// device, else of the one of the report whose pass her browser holds; `?stage=` narrows it to one stage.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let tree = grid.hall.places.tree();
    let stage = Stage::parse(page.query.get("stage"));
    let is_community = |id: &PlaceId| tree.get(*id).is_some_and(|place| place.level == Level::Community);
    let asked = page.query.get("place").parse().ok().map(PlaceId).filter(is_community);
    let (stages, whole, all) = (filters(&page, asked, stage), address(asked, None), stage.is_none());
    let held = grid.report_held(&page).await?;
    let chosen = asked.or(places::my_community(&page, &tree)).or(held.map(|(_, place)| place));
    let Some(place) = chosen.and_then(|id| tree.get(id)) else {
        return render(&NearPage { page, community: None, stages, all, whole, lines: Vec::new() });
    };
    let ground = grid.hall.places.geography().await?;
    let (path, desk) = (place.path.clone(), grid.clone());
    let account = page.visitor.actor.account.filter(|_| !page.visitor.staff());
    let read = move |tx: &mut dyn store::Tx| {
        let lines = shown::lines(tx, &path, stage, SHOWN)?;
        let keys: Vec<(PlaceId, Uuid)> = lines.iter().map(|line| (line.district, line.case_id)).collect();
        let mut own: Vec<Uuid> = held.map(|(case, _)| case).into_iter().collect();
        if let Some(account) = account {
            for key in &keys {
                match desk.is_reported_by(tx, &Key { district: key.0, id: key.1 }, account) {
                    Err(Fault::NotFound) => {}
                    hers => own.extend(hers?.then_some(key.1)),
                }
            }
        }
        Ok::<_, Fault>((lines, photo::released(tx, &keys)?, own))
    };
    let (reports, photos, own) = grid.hall.store.read(read).await?;
    let line = |report: shown::Line| {
        let is_counted = grid.browser_joined(&page, report.case_id).then_some("grid-near-joined");
        let hers = if own.contains(&report.case_id) { Some("grid-near-own") } else { is_counted };
        grid.line(&page, ground.as_deref(), report, &photos, hers)
    };
    let lines = reports.into_iter().map(line).collect();
    let community = Some(place.named(page.lang).to_owned());
    render(&NearPage { page, community, stages, all, whole, lines })
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

/// The address of the list of a community, or of one stage of it.
pub(super) fn address(place: Option<PlaceId>, stage: Option<Stage>) -> String {
    let place = place.map(|place| format!("place={place}"));
    let stage = stage.map(|stage| format!("stage={}", stage.code()));
    let asked = place.into_iter().chain(stage).collect::<Vec<_>>().join("&");
    if asked.is_empty() { "/report/near".to_owned() } else { format!("/report/near?{asked}") }
}

fn filters(page: &Page, place: Option<PlaceId>, chosen: Option<Stage>) -> Vec<Filter> {
    let filter = |stage: Stage| Filter {
        href: address(place, Some(stage)),
        text: page.t(&format!("grid-stage-{}", stage.code())),
        current: chosen == Some(stage),
    };
    let all = Filter { href: address(place, None), text: page.t("grid-stage-all"), current: chosen.is_none() };
    std::iter::once(all).chain(Stage::ALL.into_iter().map(filter)).collect()
}

/// The badge of a stage, in the words of the state of the case where that is known.
pub(super) fn light(page: &Page, stage: Stage, stands: Option<&str>) -> Light {
    let class = match stage {
        Stage::Reported | Stage::Filed | Stage::SentOut | Stage::Handling => "soon",
        Stage::Answered => "ok",
        Stage::Closed => "done",
    };
    let words = stands.and_then(stage::outside).map(|key| page.t(key));
    Light { class, text: words.unwrap_or_else(|| page.t(&format!("grid-stage-{}", stage.code()))) }
}

impl Grid {
    /// The report whose pass this visitor's browser holds, and its community.
    async fn report_held(self: &Arc<Self>, page: &Page) -> Result<Option<(Uuid, PlaceId)>, WebError> {
        let Some(pass) = page.cookie(cases::PASS_COOKIE).filter(|_| !page.visitor.staff()) else { return Ok(None) };
        let Some(pass) = self.cases.pass_key.read(&pass, page.now) else { return Ok(None) };
        let desk = self.clone();
        let read = move |tx: &mut dyn store::Tx| match desk.cases.known(tx, pass.district, pass.id) {
            Ok(known) if known.case.kind == REPORT && known.code == pass.code => {
                Ok(Some((pass.id, known.case.place.id())))
            }
            Ok(_) | Err(Fault::NotFound) => Ok(None),
            Err(fault) => Err(fault),
        };
        Ok(self.hall.store.read(read).await?)
    }

    fn line(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        report: shown::Line,
        photos: &[Photo],
        hers: Option<&'static str>,
    ) -> Line {
        let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let own = photos.iter().filter(|photo| photo.case_id == report.case_id);
        let stage = Stage::parse(&report.stage).unwrap_or(Stage::Reported);
        let key = format!("{}/{}", report.district.0, report.case_id);
        let compound = report.compound.and_then(|id| ground?.compound(id));
        Line {
            join: if stage == Stage::Closed || hers.is_some() { String::new() } else { key },
            hers,
            what: what.unwrap_or(report.kind),
            wher: compound.map(|(_, compound)| compound.name.clone()).unwrap_or_default(),
            when: page.date(self.hall.day(report.reported_at)),
            met: report.met,
            light: light(page, stage, report.state.as_deref()),
            words: report.words.unwrap_or_default(),
            photos: own.map(|photo| format!("/report/photo/{}/{}", photo.district.0, photo.id)).collect(),
        }
    }
}
