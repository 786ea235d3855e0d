//! This page takes what a worker found on the round: two fields, then what was understood of them. Where life may be in
//! danger it names whom to call first, and what was already reported near there is offered before a new report. It is
//! filed at once, or somebody else looks first, as the rulebook says.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Key;
use kernel::refusal::Refusal;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use super::joined::{JoinedPage, Left};
use super::meant::{self, Near, Words};
use crate::actions::joining::Meeting;
use crate::refusals::Why;
use crate::rules::alarm::Alarm;
use crate::words::{KIND, Saying, Spot};
use crate::{Grid, finding, rules};

#[derive(Template)]
#[template(path = "grid/found.html")]
struct FoundPage {
    page: Page,
    said: Said,
    kinds: Vec<Choice>,
    places: Vec<Choice>,
    /// What was already reported near there.
    near: Vec<Near>,
    /// Whom to call because of what was written, above everything else; it stands in the form with what was chosen.
    alarm: Alarm,
    /// Whom to call first, and what to do; no number where nothing is in danger.
    call: Vec<String>,
    keep_away: String,
    called: bool,
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
    /// She called whoever is to be called first.
    called: bool,
    /// For which kind and place she was offered what is known near there.
    offered: String,
    /// The minute of the day in which she saw it.
    seen: u32,
    /// The dangers of which the page told her.
    warned: String,
}

impl Said {
    fn read(page: &Page, form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).to_owned();
        Self {
            what: text("what"),
            wher: text("where"),
            condition: text(KIND),
            at: text("at"),
            called: form.get("called") == "1",
            offered: text("new"),
            seen: meant::seen(page, form),
            warned: text("warned"),
        }
    }

    /// The kind and the place for which what is known near there is offered.
    fn chosen(&self) -> String {
        format!("{} {}", self.condition, self.at)
    }
}

/// What the page shows beside what was said.
#[derive(Default)]
struct Beside {
    near: Vec<Near>,
    faults: Vec<Refusal>,
}

impl Beside {
    fn faults(faults: Vec<Refusal>) -> Self {
        Self { faults, ..Self::default() }
    }
}

/// `GET /report/found`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let once = page.once();
    let said = Said { seen: meant::minute(&page), ..Said::default() };
    grid.show_found(page, said, Beside::default(), once).await
}

/// `POST /report/found`: files what is clear, asks which is meant where it is not, and joins what is known near there.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (said, once) = (Said::read(&page, &form), form.key().to_owned());
    if form.has("join") {
        return grid.join_found(page, form.get("join"), said, once).await;
    }
    let ground = grid.hall.places.geography().await?;
    let most = grid.hall.figure(places::POINT_METRES, page.now)?;
    let spot = grid.spot(ground.as_deref(), &said.at, most).ok();
    let known = grid.catalogue.condition(&said.condition);
    let (Some(spot), Some((kind, condition))) = (spot, known) else {
        let faults = unclear(&said, form.has("chosen"), known.is_some());
        return grid.show_found(page, said, Beside::faults(faults), once).await;
    };
    let untold = grid.is_untold(&rules::heard_in(&said.what, Some(condition)), &said.warned);
    let first = condition.stop.is_some() && (!said.called || untold);
    let call = || first.then(|| Refusal::new(Why::GridCallFirst).field("called"));
    if let Some(refusal) = rules::hour_fault(condition, said.seen).or_else(call) {
        // She called for what she was told of, and not for what she wrote since.
        let said = Said { called: said.called && !untold, ..said };
        return grid.show_found(page, said, Beside::faults(vec![refusal]), once).await;
    }
    if untold {
        return grid.show_found(page, said, Beside::default(), once).await;
    }
    if said.offered != said.chosen() {
        let near = grid.near(&kind.key(), &spot, page.now).await?;
        let near = grid.joinable(near, &said.what, Some(condition));
        let near = grid.near_lines(&page, near).await?;
        if !near.is_empty() {
            return grid.show_found(page, said, Beside { near, faults: Vec::new() }, once).await;
        }
    }
    grid.file_found(page, said, spot, once).await
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
    /// Files what was found at a spot.
    async fn file_found(
        self: &Arc<Self>,
        page: Page,
        said: Said,
        spot: Spot,
        once: String,
    ) -> Result<Response, WebError> {
        let ground = self.hall.places.geography().await?;
        let saying = Saying {
            condition: said.condition.clone(),
            written: finding::written(&self.hall.places.tree(), ground.as_deref(), &spot, &said.wher),
            spot,
            words: said.what.clone(),
            telephone: String::new(),
            public: true,
            tray: None,
            seen: Some(said.seen),
        };
        let (actor, now) = (page.visitor.actor.clone(), page.now);
        match web::settled(self.find(saying, actor, once.clone(), now).await)? {
            Ok(case) => Ok(Redirect::to(&format!("/cases/{}", case.number)).into_response()),
            // What the rules call her words is the one sentence that this form asks for.
            Err(refusal) if refusal.field.as_deref() == Some("words") => {
                self.show_found(page, said, Beside::faults(vec![refusal.field("what")]), once).await
            }
            Err(refusal) => self.show_found(page, said, Beside::faults(vec![refusal]), once).await,
        }
    }

    /// Counts a worker among those who met with what was already reported.
    async fn join_found(
        self: &Arc<Self>,
        page: Page,
        id: &str,
        said: Said,
        once: String,
    ) -> Result<Response, WebError> {
        let (district, case_id) = cases::handle(id).map_err(|_| WebError::NotFound)?;
        let chosen = self.catalogue.condition(&said.condition).map(|(_, condition)| condition);
        if !self.may_join(Key { district, id: case_id }, &said.what, chosen).await? {
            return self.show_found(page, said, Beside::faults(vec![Refusal::new(Why::GridJoinDanger)]), once).await;
        }
        let meeting = Meeting {
            district,
            case_id,
            telephone: String::new(),
            actor: page.visitor.actor.clone(),
            origin: String::new(),
            tray: None,
            holds_code: false,
            joined_before: false,
            once: once.clone(),
        };
        match web::settled(self.meet(meeting, page.now).await)? {
            Ok(met) => JoinedPage::new(page, met, Left::default()).shown(None),
            Err(refusal) => self.show_found(page, said, Beside::faults(vec![refusal]), once).await,
        }
    }

    async fn show_found(&self, page: Page, mut said: Said, beside: Beside, once: String) -> Result<Response, WebError> {
        let Beside { near, mut faults } = beside;
        let ground = self.hall.places.geography().await?;
        let (mut kinds, mut places) = (Vec::new(), Vec::new());
        if !said.what.is_empty() && !said.wher.is_empty() {
            let words = Words { said: &said.what, seen: said.seen, chosen: &said.condition };
            kinds = self.kinds(&page, words);
            places = self.addressed(&page, ground.as_deref(), &said.wher, &said.at);
            // What is wrong with the words comes first: what they mean is looked for once they are right.
            let is_clear = faults.is_empty();
            faults.extend((is_clear && kinds.is_empty()).then(|| Refusal::new(Why::GridKindMissing).field("what")));
            faults.extend((is_clear && places.is_empty()).then(|| Refusal::new(Why::GridPlaceUnfound).field("where")));
        }
        if let [only] = kinds.as_mut_slice() {
            only.chosen = true;
        }
        let chosen = || kinds.iter().find(|kind| kind.chosen).and_then(|kind| self.catalogue.condition(&kind.value));
        let condition = self.catalogue.condition(&said.condition).or_else(chosen);
        let condition = condition.map(|(_, condition)| condition);
        let heard = rules::heard_in(&said.what, condition);
        said.warned = self.dangers_in(&heard);
        let (alarm, first) = self.alarms(&page, &heard, condition.and_then(|condition| condition.stop.as_ref()));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let drawn = FoundPage {
            near,
            alarm,
            keep_away: first.text(page.lang),
            call: first.call,
            called: said.called,
            faults: page.problems(LABELS, &faults),
            kinds,
            places,
            said,
            once,
            page,
        };
        render_status(status, &drawn)
    }
}
