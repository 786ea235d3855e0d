//! This page takes what a worker found on the round: two fields, then what was understood of them. It is filed at once,
//! or somebody else looks first, as the rulebook says.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::refusal::Refusal;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::refusals::Why;
use crate::words::{KIND, Saying};
use crate::{Grid, finding};

#[derive(Template)]
#[template(path = "grid/found.html")]
struct FoundPage {
    page: Page,
    said: Said,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    faults: Vec<Problem>,
    once: String,
}

/// What was written, and what was chosen of what was understood.
#[derive(Clone, Default)]
struct Said {
    what: String,
    wher: String,
    condition: String,
    at: String,
}

/// `GET /report/found`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let once = page.once();
    grid.show_found(page, Said::default(), Vec::new(), once).await
}

/// `POST /report/found`: files what is clear, and asks which is meant where it is not.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let text = |name: &str| form.get(name).to_owned();
    let said = Said { what: text("what"), wher: text("where"), condition: text(KIND), at: text("at") };
    let ground = grid.hall.places.geography().await?;
    let most = grid.hall.figure(places::POINT_METRES, page.now)?;
    let spot = grid.spot(ground.as_deref(), &said.at, most).ok();
    let known = grid.catalogue.condition(&said.condition).is_some();
    let once = form.key().to_owned();
    let Some(spot) = spot.filter(|_| known) else {
        let faults = unclear(&said, form.has("chosen"), known);
        return grid.show_found(page, said, faults, once).await;
    };
    let saying = Saying {
        condition: said.condition.clone(),
        written: finding::written(&grid.hall.places.tree(), ground.as_deref(), &spot, &said.wher),
        spot,
        words: said.what.clone(),
        telephone: String::new(),
        public: true,
        tray: None,
    };
    let (actor, now) = (page.visitor.actor.clone(), page.now);
    match web::settled(grid.find(saying, actor, once.clone(), now).await)? {
        Ok(case) => Ok(Redirect::to(&format!("/cases/{}", case.number)).into_response()),
        Err(refusal) => grid.show_found(page, said, vec![refusal], once).await,
    }
}

/// What is still open: the two fields, and once something was offered what was not chosen of it.
fn unclear(said: &Said, offered: bool, known: bool) -> Vec<Refusal> {
    let missing = |name: &str| Refusal::new(kernel::refusal::Code::FormMissing).field(name);
    let mut faults = Vec::new();
    faults.extend(said.what.is_empty().then(|| missing("what")));
    faults.extend(said.wher.is_empty().then(|| missing("where")));
    if offered {
        faults.extend((!known).then(|| Refusal::new(Why::GridKindMissing).field(KIND)));
        faults.extend(said.at.is_empty().then(|| Refusal::new(Why::GridPlaceMissing).field("at")));
    }
    faults
}

impl Grid {
    async fn show_found(
        &self,
        page: Page,
        said: Said,
        mut faults: Vec<Refusal>,
        once: String,
    ) -> Result<Response, WebError> {
        let ground = self.hall.places.geography().await?;
        let (mut kinds, mut places) = (Vec::new(), Vec::new());
        if !said.what.is_empty() && !said.wher.is_empty() {
            kinds = self.kinds(&page, &said.what, &said.condition);
            places = self.addressed(&page, ground.as_deref(), &said.wher, &said.at);
            faults.extend(kinds.is_empty().then(|| Refusal::new(Why::GridKindMissing).field("what")));
            faults.extend(places.is_empty().then(|| Refusal::new(Why::GridPlaceUnfound).field("where")));
        }
        for offered in [&mut kinds, &mut places] {
            if let [only] = offered.as_mut_slice() {
                only.chosen = true;
            }
        }
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let faults = page.problems(LABELS, &faults);
        render_status(status, &FoundPage { page, said, kinds, places, faults, once })
    }
}
