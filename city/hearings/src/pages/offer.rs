//! On this page whoever mediates offers it where nobody applied (People's Mediation Law, article 17), or takes in what
//! another authority transferred. Both sides are then asked, and nothing goes on before both have agreed.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::place::Level;
use kernel::refusal::{Code, Refusal};
use web::{Choice, Form, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, community, people};
use crate::Hearings;
use crate::actions::mediates;
use crate::permissions::May;
use crate::refusals::Why;
use crate::rules::not_counted;
use crate::words::triage::{PEOPLE_MOST, Told};
use crate::words::{Authority, Bringing, Class, DOT, Detail, Motion, Side, Transfer};

#[derive(Template)]
#[template(path = "hearings/offer.html")]
struct OfferPage {
    page: Page,
    communities: Vec<Choice>,
    classes: Vec<Choice>,
    /// What it is about more exactly, of every class; the first says nothing.
    details: Vec<Choice>,
    /// Who transferred it; the first says that nobody did.
    authorities: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
    once: String,
}

/// `GET /hearings/offer?place=…`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a community that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(May::HearingsMediate)?;
    let own = mediates(&page.visitor.actor);
    let tree = desk.hall.places.tree();
    let asked = page.query.opt("place").map(|id| community(&tree, id).ok_or(WebError::NotFound)).transpose()?;
    let is_hers = |path: &kernel::place::PlacePath| own.iter().any(|place| place.contains(path));
    if own.is_empty() || asked.as_ref().is_some_and(|path| !is_hers(path)) {
        return Err(WebError::NotFound);
    }
    let form = asked.map_or_else(Form::default, |path| Form::default().with("place", path.id().to_string()));
    let once = page.once();
    desk.offer_page(page, form, once, &[])
}

/// `POST /hearings/offer`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::HearingsMediate)?;
    let (actor, once) = (page.visitor.actor.clone(), form.key().to_owned());
    let bringing = match desk.read_offer(&form) {
        Ok(bringing) => bringing,
        Err(faults) => return desk.offer_page(page, form.into_form(), once, &faults),
    };
    match web::settled(desk.bring(bringing, actor, once.clone(), page.now, None).await)? {
        Ok(given) => Ok(Redirect::to(&format!("/cases/{}/invitation", given.case.number)).into_response()),
        Err(refusal) => desk.offer_page(page, form.into_form(), once, &[refusal]),
    }
}

impl Hearings {
    /// What a form offers to mediate.
    fn read_offer(&self, form: &Form) -> Result<Bringing, Vec<Refusal>> {
        let text = |name: &str| form.get(name).trim().to_owned();
        let side = |before: &str| {
            let own = |name: &str| text(&format!("{before}{name}"));
            Side { name: own("name"), telephone: own("telephone"), address: own("address") }
        };
        let class = self.classes.get(form.get("class")).cloned();
        let place = community(&self.hall.places.tree(), form.get("place"));
        let authority = self.classes.authority.iter().find(|known| known.code == form.get("authority"));
        // What is written of an authority belongs to one.
        let names = ["authority", "authority_name", "document"];
        let is_unknown = authority.is_none() && names.iter().any(|name| form.opt(name).is_some());
        let affected = people(&text("people"));
        let (danger_now, called) = (form.get("danger") == "1", form.get("called") == "1");
        let mut faults = Vec::new();
        faults.extend(place.is_none().then(|| Refusal::new(Why::HearingsPlace).field("place")));
        faults.extend(class.is_none().then(|| Refusal::new(Why::HearingsClass).field("class")));
        faults.extend(is_unknown.then(|| Refusal::new(Code::FormChoice).field("authority")));
        faults.extend(affected.is_none().then(|| not_counted("people", PEOPLE_MOST)));
        faults.extend((danger_now && !called).then(|| Refusal::new(Why::HearingsDanger).field("called")));
        let Some(((class, community), people)) = class.zip(place).zip(affected).filter(|_| faults.is_empty()) else {
            return Err(faults);
        };
        let transfer = authority.map(|authority| Transfer {
            authority: authority.code.clone(),
            name: text("authority_name"),
            document: text("document"),
        });
        let (of, detail) = form.get("detail").split_once(DOT).unwrap_or_default();
        if !of.is_empty() && of != class.code {
            return Err(vec![Refusal::new(Why::HearingsDetail).field("detail")]);
        }
        let bringing = Bringing {
            detail: detail.to_owned(),
            class,
            community,
            facts: text("facts"),
            own: side(""),
            other: side("other_"),
            more: [Vec::new(), Vec::new()],
            motion: if transfer.is_some() { Motion::Transferred } else { Motion::Own },
            transfer,
            told: Told { danger_now, people, times_back: 0, vulnerable: form.get("vulnerable") == "1" },
        };
        let faults = crate::rules::faults(&bringing, self.sides_most());
        if faults.is_empty() { Ok(bringing) } else { Err(faults) }
    }

    fn offer_page(&self, page: Page, form: Form, once: String, faults: &[Refusal]) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (tree, own) = (self.hall.places.tree(), mediates(&page.visitor.actor));
        let is_hers = |one: &places::Place| own.iter().any(|place| place.contains(&one.path));
        let chosen = form.get("place");
        let communities = tree.of_level(Level::Community).filter(|one| is_hers(one));
        let communities: Vec<Choice> =
            communities.map(|one| Choice::new(one.id.to_string(), tree.chain(&one.path, page.lang), chosen)).collect();
        let none = Choice::new("", page.t("hearings-class-choose"), form.get("class"));
        let class = |class: &Class| Choice::new(class.code.clone(), page.of(&class.title), form.get("class"));
        let classes = std::iter::once(none).chain(self.classes.class.iter().map(class)).collect();
        let details = self.every_detail(&page, form.get("detail"));
        let nobody = Choice::new("", page.t("hearings-authority-none"), form.get("authority"));
        let authority = |one: &Authority| Choice::new(one.code.clone(), page.of(&one.title), form.get("authority"));
        let authorities = std::iter::once(nobody).chain(self.classes.authority.iter().map(authority)).collect();
        let problems = page.problems(LABELS, faults);
        render_status(status, &OfferPage { page, communities, classes, details, authorities, form, problems, once })
    }

    /// What disputes are about more exactly, of every class.
    fn every_detail(&self, page: &Page, chosen: &str) -> Vec<Choice> {
        let of_class = |class: &Class| {
            let one = |detail: &Detail| {
                let code = format!("{}{DOT}{}", class.code, detail.code);
                let text = self.classes.called(&code, page.lang).unwrap_or_default();
                Choice::new(code, text, chosen)
            };
            class.detail.iter().map(one).collect::<Vec<Choice>>()
        };
        let none = Choice::new("", page.t("hearings-detail-none"), chosen);
        std::iter::once(none).chain(self.classes.class.iter().flat_map(of_class)).collect()
    }
}
