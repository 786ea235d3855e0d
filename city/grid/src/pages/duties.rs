//! This page shows whose duty consultations decided kinds of reports to be, and keeps a new decision as a rule: from a
//! day on, with the document or the minutes that it rests on. Later reports of the kind go there by themselves.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Refusal;
use uuid::Uuid;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use super::meant::Folded;
use crate::Grid;
use crate::actions::handling::holds;
use crate::catalogue::Kind;
use crate::records::handling;
use crate::refusals::Why;
use crate::words::{KIND, KeptDuty};

/// The address of the page.
const ADDRESS: &str = "/report/duties";

#[derive(Template)]
#[template(path = "grid/duties.html")]
struct DutiesPage {
    page: Page,
    lines: Vec<Line>,
    number: String,
    /// The kinds by their big classes.
    kinds: Vec<Folded>,
    places: Vec<Choice>,
    units: Vec<Choice>,
    from: String,
    basis: String,
    faults: Vec<Problem>,
}

/// A decision as it is shown.
struct Line {
    what: String,
    place: String,
    unit: String,
    days: String,
    basis: String,
    number: String,
    /// What the form that ends it sends; empty where it has an end.
    id: String,
}

/// What was written into the form.
#[derive(Clone, Default)]
struct Said {
    number: String,
    kind: String,
    place: String,
    unit: String,
    from: String,
    basis: String,
}

/// `GET /report/duties?number=…`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    let said = grid.proposed(&page).await?;
    grid.show_duties(page, said, Vec::new()).await
}

/// `POST /report/duties`: keeps a decision, or ends one.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a decision of another place, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseSupervise)?;
    if let Some(ended) = form.opt("end") {
        let (district, id) = cases::handle(ended).map_err(|_| WebError::NotFound)?;
        grid.end_duty(district, id, page.visitor.actor.clone(), page.today()).await?;
        return Ok(Redirect::to(ADDRESS).into_response());
    }
    let text = |name: &str| form.get(name).to_owned();
    let said = Said {
        number: text("number"),
        kind: text(KIND),
        place: text("place"),
        unit: text("unit"),
        from: text("from"),
        basis: text("basis"),
    };
    let duty = match grid.read_duty(&page, &said) {
        Ok(duty) => duty,
        Err(refusal) => return grid.show_duties(page, said, vec![refusal]).await,
    };
    let kept = grid.keep_duty(duty, &page.visitor.actor, form.key().to_owned(), page.today()).await;
    match web::settled(kept)? {
        Ok(()) => Ok(Redirect::to(ADDRESS).into_response()),
        Err(refusal) => grid.show_duties(page, said, vec![refusal]).await,
    }
}

impl Grid {
    /// What stands in the form at first: of a report its kind, its place and its unit.
    async fn proposed(&self, page: &Page) -> Result<Said, WebError> {
        let number = page.query.get("number").to_owned();
        let mut said = Said { from: page.today().to_string(), ..Said::default() };
        if number.is_empty() {
            return Ok(said);
        }
        let (cases, asked, actor, now) = (self.cases.clone(), number.clone(), page.visitor.actor.clone(), page.now);
        let known = self.hall.store.read(move |tx| cases.seen(tx, &asked, &actor, None, now)).await?;
        let kind = known.case.fields.get(KIND).and_then(|key| self.catalogue.kind_ever(key));
        said.number = number;
        said.kind = kind.map(Kind::key).unwrap_or_default();
        said.unit = known.case.office.department.clone().unwrap_or_default();
        let own = [Level::Street, Level::Community, Level::District].into_iter();
        let mut own = own.filter_map(|level| known.case.place.at(level));
        said.place =
            own.find(|place| holds(&page.visitor.actor, place)).map(|place| place.id().to_string()).unwrap_or_default();
        Ok(said)
    }

    /// The decision that a form means.
    fn read_duty(&self, page: &Page, said: &Said) -> Result<KeptDuty, Refusal> {
        let place = said.place.parse().ok().and_then(|id| self.hall.places.tree().path(PlaceId(id)).cloned());
        let path = place.ok_or_else(|| Refusal::new(Why::GridDutyPlace).field("place"))?;
        let from_on = said.from.parse().map_err(|_| Refusal::new(Why::GridDutyDay).field("from"))?;
        Ok(KeptDuty {
            district: path.district(),
            id: Uuid::now_v7(),
            kind: said.kind.clone(),
            path,
            unit: said.unit.clone(),
            from_on,
            until_on: None,
            basis: said.basis.clone(),
            number: Some(said.number.clone()).filter(|number| !number.is_empty()),
            made_at: page.now,
        })
    }

    async fn show_duties(&self, page: Page, said: Said, faults: Vec<Refusal>) -> Result<Response, WebError> {
        let limit = self.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
        let own = own_places(&page);
        let asked = own.clone();
        let read = move |tx: &mut dyn store::Tx| {
            let mut found = Vec::new();
            for place in &asked {
                found.extend(handling::kept_inside(tx, place, limit)?);
            }
            Ok::<_, store::StoreError>(found)
        };
        let kept = self.hall.store.read(read).await?;
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let none = |chosen: &str| Choice::new("", page.t("grid-any-none"), chosen);
        let kind = |kind: &Kind| vec![Choice::new(kind.key(), kind.name.get(page.lang), said.kind.as_str())];
        let units = self.catalogue.units().iter();
        let units = units.map(|unit| Choice::new(unit.code.as_str(), unit.name.get(page.lang), said.unit.as_str()));
        let shown = DutiesPage {
            lines: kept.iter().map(|duty| self.duty_line(&page, duty)).collect(),
            kinds: self.by_class(&page, kind),
            units: std::iter::once(none(&said.unit)).chain(units).collect(),
            places: self.places_of(&page, &own, &said.place),
            number: said.number,
            from: said.from,
            basis: said.basis,
            faults: page.problems(LABELS, &faults),
            page,
        };
        render_status(status, &shown)
    }

    /// The places that are offered: this visitor's own and those directly inside, down to the community.
    fn places_of(&self, page: &Page, own: &[PlacePath], chosen: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let offered = own.iter().flat_map(|path| {
            let inside = tree.children(path.id()).filter(|place| place.level <= Level::Community);
            tree.get(path.id()).into_iter().chain(inside)
        });
        let choice =
            |place: &places::Place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), chosen);
        let deeper = tree.get(PlaceId(chosen.parse().unwrap_or_default()));
        let mut places: Vec<Choice> = offered.map(choice).collect();
        if let Some(place) = deeper.filter(|_| places.iter().all(|one| one.value != chosen)) {
            places.push(choice(place));
        }
        places
    }

    fn duty_line(&self, page: &Page, duty: &KeptDuty) -> Line {
        let kind = self.catalogue.kind_ever(&duty.kind).map(|kind| kind.name.get(page.lang).to_owned());
        let unit = self.catalogue.unit(&duty.unit).map(|unit| unit.name.get(page.lang).to_owned());
        let from = page.date(duty.from_on);
        let days = match duty.until_on {
            Some(until) => page.t2("grid-duty-until", "from", from, "until", page.date(until)),
            None => page.t1("grid-duty-from", "from", from),
        };
        let id = duty.until_on.is_none().then(|| format!("{}/{}", duty.district.0, duty.id));
        Line {
            what: kind.unwrap_or_else(|| duty.kind.clone()),
            place: self.hall.places.tree().chain(&duty.path, page.lang),
            unit: unit.unwrap_or_else(|| duty.unit.clone()),
            days,
            basis: duty.basis.clone(),
            number: duty.number.clone().unwrap_or_default(),
            id: id.unwrap_or_default(),
        }
    }
}

/// The places that this visitor supervises for all departments.
fn own_places(page: &Page) -> Vec<PlacePath> {
    let scopes = page.visitor.actor.scopes(Permission::CaseSupervise).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}
