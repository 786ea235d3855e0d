//! These pages register a station and change it.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Sent;
use kernel::language::Bilingual;
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::Place;
use places::geography::Geography;
use store::Tx;
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, signed_in};
use crate::Stations;
use crate::actions::{By, Said, reach};
use crate::records::Station;
use crate::rules::hours::Hours;
use crate::words::{Service, Services};

#[derive(Template)]
#[template(path = "stations/edit.html")]
struct EditPage {
    page: Page,
    id: Option<i64>,
    said: Said,
    communities: Vec<Choice>,
    compounds: Vec<Choice>,
    services: Vec<Choice>,
    no_ground: bool,
    problems: Vec<Problem>,
}

/// `GET /stations/new`, `?compound=` for one that was proposed, `?community=` to choose among its compounds.
pub async fn new(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let ground = desk.hall.places.geography().await?;
    let compound = page.query.get("compound").to_owned();
    let community = compound.parse().ok().and_then(|id| Some(ground.as_deref()?.compound(id)?.1.community.to_string()));
    let community = community.unwrap_or_else(|| page.query.get("community").to_owned());
    let said = Said { community, compound, ..Said::default() };
    desk.edit_page(page, ground.as_deref(), None, said, &[])
}

/// `POST /stations/new`
pub async fn register(State(desk): State<Arc<Stations>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let ground = desk.hall.places.geography().await?;
    let said = said(&form);
    if form.has("search") {
        return desk.edit_page(page, ground.as_deref(), None, said, &[]);
    }
    match desk.read(&said, ground.as_deref()) {
        Err(faults) => desk.edit_page(page, ground.as_deref(), None, said, &faults),
        Ok(station) => {
            let (own, actor, once, now) = (desk.clone(), page.visitor.actor.clone(), form.key().to_owned(), page.now);
            let done = desk.hall.store.write(move |tx| own.register(tx, &station, &actor, &once, now));
            Ok(Redirect::to(&format!("/stations/{}", done.await?)).into_response())
        }
    }
}

/// `GET /stations/{id}/edit`
///
/// # Errors
/// Answers 404 if it is not hers to edit.
pub async fn get(State(desk): State<Arc<Stations>>, page: Page, InPath(id): InPath<i64>) -> Result<Response, WebError> {
    signed_in(&page)?;
    let (own, actor) = (desk.clone(), page.visitor.actor.clone());
    let station = desk.hall.store.read(move |tx| own.edited(tx, id, &actor)).await?;
    let ground = desk.hall.places.geography().await?;
    let said = of(&page, &station);
    desk.edit_page(page, ground.as_deref(), Some(id), said, &[])
}

/// `POST /stations/{id}/edit`
///
/// # Errors
/// Answers 404 if it is not hers to edit.
pub async fn change(
    State(desk): State<Arc<Stations>>,
    page: Page,
    InPath(id): InPath<i64>,
    form: PostForm,
) -> Result<Response, WebError> {
    signed_in(&page)?;
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let looking = actor.clone();
    desk.hall.store.read(move |tx| own.edited(tx, id, &looking)).await?;
    let ground = desk.hall.places.geography().await?;
    let said = said(&form);
    if form.has("search") {
        return desk.edit_page(page, ground.as_deref(), Some(id), said, &[]);
    }
    match desk.read(&said, ground.as_deref()) {
        Err(faults) => desk.edit_page(page, ground.as_deref(), Some(id), said, &faults),
        Ok(station) => {
            let (own, sent) = (desk.clone(), Sent::of(&form, id));
            let write = move |tx: &mut dyn Tx| own.change(tx, id, &station, &By { actor: &actor, sent: &sent, now });
            desk.hall.store.write(write).await?;
            Ok(Redirect::to(&format!("/stations/{id}")).into_response())
        }
    }
}

/// `POST /stations/{id}/open`: closes it for good, or opens it again.
///
/// # Errors
/// Answers 404 if it is not hers to edit.
pub async fn set_open(
    State(desk): State<Arc<Stations>>,
    page: Page,
    InPath(id): InPath<i64>,
    form: PostForm,
) -> Result<Response, WebError> {
    signed_in(&page)?;
    let label = Bilingual::new("是否开放", "Whether it is open");
    let unread = || Refusal::new(Code::FormChoice).field("open").with_both("label", &label);
    let open = kernel::switch::read(form.get("open")).ok_or_else(unread)?;
    let (own, actor, now, sent) = (desk.clone(), page.visitor.actor.clone(), page.now, Sent::of(&form, id));
    let write = move |tx: &mut dyn Tx| own.set_open(tx, id, open, &By { actor: &actor, sent: &sent, now });
    desk.hall.store.write(write).await?;
    Ok(Redirect::to(&format!("/stations/{id}")).into_response())
}

/// Reads what a form says.
fn said(form: &Form) -> Said {
    let text = |name: &str| form.get(name).to_owned();
    Said {
        community: text("community"),
        compound: text("compound"),
        name_zh: text("name_zh"),
        name_en: text("name_en"),
        address: text("address"),
        telephone: text("telephone"),
        hours: text("hours"),
        services: Services::parse(form.all("services")),
        rooms: text("rooms"),
    }
}

/// Returns a station as a form shows it, with its hours in the reader's language.
fn of(page: &Page, station: &Station) -> Said {
    Said {
        community: station.path.id().to_string(),
        compound: station.compound.map(|id| id.to_string()).unwrap_or_default(),
        name_zh: station.name_zh.clone(),
        name_en: station.name_en.clone(),
        address: station.address.clone(),
        telephone: station.telephone.clone(),
        hours: Hours::parse(&station.hours).unwrap_or_default().show(page.lang),
        services: station.services.clone(),
        rooms: station.rooms.clone(),
    }
}

impl Stations {
    fn edit_page(
        &self,
        page: Page,
        ground: Option<&Geography>,
        id: Option<i64>,
        said: Said,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let offered = |one: &Service| {
            let text = page.t(&format!("stations-service-{}", one.code().replace('_', "-")));
            Choice { value: one.code().to_owned(), text, hint: String::new(), chosen: said.services.0.contains(one) }
        };
        let communities = self.communities(&page, &said.community);
        let community = self.community(&said.community).or_else(|| match communities.as_slice() {
            [only] => self.community(&only.value),
            _ => None,
        });
        let drawn = EditPage {
            id,
            compounds: self.compounds(&page, ground, community.as_ref(), &said.compound),
            communities,
            services: Service::ALL.iter().map(offered).collect(),
            said,
            no_ground: ground.is_none(),
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns the communities in which she may register stations.
    fn communities(&self, page: &Page, current: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let places = reach(&page.visitor.actor, May::StationEdit);
        let may = |path: &PlacePath| places.iter().any(|place| place.contains(path));
        let own = tree.of_level(Level::Community).filter(|place| may(&place.path));
        let one = |place: &Place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), current);
        let mut choices: Vec<Choice> = own.map(one).collect();
        // With one community there is nothing to choose.
        if let [only] = choices.as_mut_slice() {
            only.chosen = true;
        } else {
            choices.insert(0, Choice::new("", page.t("stations-choose"), current));
        }
        choices
    }

    fn compounds(
        &self,
        page: &Page,
        ground: Option<&Geography>,
        community: Option<&PlacePath>,
        current: &str,
    ) -> Vec<Choice> {
        let mut choices = vec![Choice::new("", page.t("stations-no-compound"), current)];
        if let (Some(ground), Some(community)) = (ground, community) {
            let inside = ground.inside(&self.hall.places.tree(), community);
            let own = inside.compounds.iter().filter_map(|at| ground.compounds.get(*at as usize));
            choices.extend(own.map(|one| Choice::new(one.id.to_string(), one.name.clone(), current)));
        }
        choices
    }
}
