//! These pages ask where the next stations belong, wait, and show what each would bring.

use crate::permissions::May;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::REFRESH;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use jobs::{Work, WorkState};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::geography::Geography;
use uuid::Uuid;
use web::{Choice, InPath, Light, Map, Page, PostForm, Problem, WebError, Working, render_status};

use super::{LABELS, count, percent, pin, signed_in};
use crate::Stations;
use crate::actions::{Answer, Asked, MOST, NEXT, allowed, reach};
use crate::records::{self, Station};
use crate::words::{Aim, Slower, Walker};

/// Earlier questions shown.
const SHOWN: i64 = 12;

#[derive(Template)]
#[template(path = "stations/next.html")]
struct NextPage {
    page: Page,
    places: Vec<Choice>,
    aims: Vec<Choice>,
    walkers: Vec<Choice>,
    number: String,
    most: u32,
    slower: String,
    earlier: Vec<Earlier>,
    no_ground: bool,
    problems: Vec<Problem>,
}

/// An earlier question.
struct Earlier {
    id: Uuid,
    text: String,
    when: String,
    by: String,
    light: Light,
}

#[derive(Template)]
#[template(path = "stations/answer.html")]
struct AnswerPage {
    page: Page,
    title: String,
    state: Light,
    working: Option<Working>,
    said: String,
    facts: Vec<(String, String)>,
    sites: Vec<SiteLine>,
    map: String,
    stale: bool,
    invented: bool,
}

/// A proposed station.
struct SiteLine {
    number: usize,
    compound: i64,
    name: String,
    community: String,
    brings: String,
    after: String,
    may_register: bool,
}

/// `GET /stations/next`
pub async fn get(State(desk): State<Arc<Stations>>, page: Page) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    desk.next_page(page, "3", "", &[]).await
}

/// `POST /stations/next`
pub async fn ask(State(desk): State<Arc<Stations>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::StationEdit)?;
    let ground = desk.hall.places.geography().await?;
    let asked = match desk.question(&page, &form, ground.as_deref()) {
        Ok(asked) => asked,
        Err(fault) => return desk.next_page(page, form.get("number"), form.get("slower"), &[fault]).await,
    };
    // The form's own key is the work's identity: sent twice it is one question.
    let id = form.key().parse::<Uuid>().unwrap_or_else(|_| Uuid::now_v7());
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let done = desk.hall.store.write(move |tx| own.ask_next(tx, id, &asked, &actor, now));
    done.await?;
    Ok(Redirect::to(&format!("/stations/next/{id}")).into_response())
}

/// `GET /stations/next/{work}`: comes again by itself while it goes on, unless `?still=1`.
///
/// # Errors
/// Answers 404 if there is none or it is not hers.
pub async fn answer(
    State(desk): State<Arc<Stations>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    signed_in(&page)?;
    let actor = page.visitor.actor.clone();
    let read = desk.hall.store.read(move |tx| {
        let work = jobs::work(tx, id)?.filter(|work| work.kind == NEXT).ok_or(Fault::NotFound)?;
        if !allowed(&actor, May::StationEdit, &work.place) {
            return Err(Fault::NotFound);
        }
        Ok((work, records::open(tx, MOST)?))
    });
    let (work, stations) = read.await?;
    let ground = desk.hall.places.geography().await?;
    let (open, still) = (work.state.open(), page.query.get("still") == "1");
    let drawn = desk.answered(page, &work, ground.as_deref(), &stations, still);
    let mut response = render_status(StatusCode::OK, &drawn)?;
    if open && !still {
        response.headers_mut().insert(REFRESH, HeaderValue::from_static("2"));
    }
    Ok(response)
}

/// `POST /stations/next/{work}/stop`
///
/// # Errors
/// Answers 404 if there is none or it is not hers.
pub async fn stop(
    State(desk): State<Arc<Stations>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    _form: PostForm,
) -> Result<Response, WebError> {
    signed_in(&page)?;
    let (actor, now) = (page.visitor.actor.clone(), page.now);
    let done = desk.hall.store.write(move |tx| {
        let work = jobs::work(tx, id)?.filter(|work| work.kind == NEXT).ok_or(Fault::NotFound)?;
        if !allowed(&actor, May::StationEdit, &work.place) {
            return Err(Fault::NotFound);
        }
        jobs::stop(tx, id, now)?;
        Ok(())
    });
    done.await?;
    Ok(Redirect::to(&format!("/stations/next/{id}")).into_response())
}

impl Stations {
    /// Checks what a form asks.
    fn question(&self, page: &Page, form: &PostForm, ground: Option<&Geography>) -> Result<Asked, Refusal> {
        let choice = |field: &str| Refusal::new(Code::FormChoice).field(field.to_owned());
        let tree = self.hall.places.tree();
        let place =
            form.get("place").parse().ok().and_then(|id| tree.get(PlaceId(id))).ok_or_else(|| choice("place"))?;
        if place.level > Level::Community || !allowed(&page.visitor.actor, May::StationEdit, &place.path) {
            return Err(choice("place"));
        }
        let aim = Aim::parse(form.get("aim")).ok_or_else(|| choice("aim"))?;
        let walker = Walker::parse(form.get("walker")).ok_or_else(|| choice("walker"))?;
        let most = if aim == Aim::Share { 100 } else { self.next_most(&place.path, page.now).unwrap_or(1) };
        let number = form.get("number").parse::<u32>().ok().filter(|number| (1..=most).contains(number));
        let wrong = || Refusal::new(Code::FormNumber).field("number").with("from", 1).with("to", most);
        let number = number.ok_or_else(wrong)?;
        let slower = Slower::parse(form.get("slower"));
        let slower = slower.ok_or_else(|| Refusal::new(Code::FormInvalid).field("slower"))?;
        let laid = ground.is_some_and(|ground| !ground.inside(&tree, &place.path).compounds.is_empty());
        if !laid {
            return Err(Refusal::new(Code::GeographyMissing));
        }
        Ok(Asked { place: place.path.clone(), aim, walker, number, slower })
    }

    async fn next_page(
        self: &Arc<Self>,
        page: Page,
        number: &str,
        slower: &str,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let own = reach(&page.visitor.actor, May::StationEdit);
        let places = own.clone();
        let read = self.hall.store.read(move |tx| {
            let mut works = Vec::new();
            for place in &places {
                works.extend(jobs::works(tx, NEXT, place, SHOWN)?);
            }
            Ok::<_, Fault>(works)
        });
        let mut works = read.await?;
        works.sort_by_key(|work| (std::cmp::Reverse(work.asked_at), work.id));
        works.dedup_by_key(|work| work.id);
        let ground = self.hall.places.geography().await?;
        let most = own.first().map(|place| self.next_most(place, page.now)).transpose()?.unwrap_or(1);
        let tree = self.hall.places.tree();
        let current = page.query.get("place").to_owned();
        let mut places = Vec::new();
        for place in &own {
            let below = tree.children(place.id()).filter(|child| child.level <= Level::Community);
            for one in tree.at(place).into_iter().chain(below) {
                places.push(Choice::new(one.id.to_string(), tree.chain(&one.path, page.lang), &current));
            }
        }
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let choice = |key: String, code: &str, current: &str| {
            Choice::new(code, page.t(&key), current).hint(page.t(&format!("{key}-hint")))
        };
        let drawn = NextPage {
            places,
            aims: Aim::ALL
                .iter()
                .map(|aim| choice(format!("stations-aim-{}", aim.code()), aim.code(), "reach"))
                .collect(),
            walkers: Walker::ALL
                .iter()
                .map(|walker| choice(format!("stations-walker-{}", walker.code()), walker.code(), "adult"))
                .collect(),
            number: number.to_owned(),
            most,
            slower: slower.to_owned(),
            earlier: works.iter().map(|work| self.earlier(&page, work)).collect(),
            no_ground: ground.is_none(),
            problems: page.problems(LABELS, faults),
            page,
        };
        render_status(status, &drawn)
    }

    fn earlier(&self, page: &Page, work: &Work) -> Earlier {
        Earlier {
            id: work.id,
            text: self.asked_words(page, work),
            when: page.minute(work.asked_at),
            by: work.asked_name.clone(),
            light: state(page, work.state),
        }
    }

    /// Writes the question in words.
    fn asked_words(&self, page: &Page, work: &Work) -> String {
        let text = |name: &str| work.asked.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let number = work.asked.get("number").and_then(serde_json::Value::as_u64).unwrap_or_default();
        let place = self.hall.places.tree().at(&work.place).map(|place| place.named(page.lang).to_owned());
        let (place, number) = (place.unwrap_or_default(), number.to_string());
        let asked = page.text(&format!("stations-asked-{}", text("aim")), &[("place", &place), ("number", &number)]);
        match text("slower").as_str() {
            "" => asked,
            slower => format!("{asked} · {}", page.t1("stations-slower", "percent", slower)),
        }
    }

    fn answered(
        &self,
        page: Page,
        work: &Work,
        ground: Option<&Geography>,
        stations: &[Station],
        still: bool,
    ) -> AnswerPage {
        let answer = Answer::of(work);
        let known = answer.as_ref().zip(ground);
        AnswerPage {
            title: self.asked_words(&page, work),
            state: state(&page, work.state),
            working: work.state.open().then(|| Working {
                share: work.share,
                text: page.t("stations-working"),
                stop: Some(format!("/stations/next/{}/stop", work.id)),
                still: if still { String::new() } else { format!("/stations/next/{}?still=1", work.id) },
            }),
            said: work.said.clone(),
            facts: answer.as_ref().map(|answer| facts(&page, answer)).unwrap_or_default(),
            sites: known.map(|(answer, ground)| self.sites(&page, answer, ground)).unwrap_or_default(),
            map: known
                .map(|(answer, ground)| self.map(&page, answer, &work.place, ground, stations))
                .unwrap_or_default(),
            stale: known.is_some_and(|(answer, ground)| answer.revision != ground.revision),
            invented: ground.is_some_and(|ground| ground.invented),
            page,
        }
    }

    fn sites(&self, page: &Page, answer: &Answer, ground: &Geography) -> Vec<SiteLine> {
        let tree = self.hall.places.tree();
        let walk = answer.aim == Aim::Walk.code();
        let mut sum = if walk { 0 } else { answer.found.before };
        let mut lines = Vec::new();
        for (site, number) in answer.found.sites.iter().zip(1..) {
            sum += site.brings;
            let Some((_, compound)) = ground.compound(site.compound) else { continue };
            let place = tree.get(compound.community);
            let whole = |count: i64| u64::try_from(count).unwrap_or_default();
            lines.push(SiteLine {
                number,
                compound: site.compound,
                name: compound.name.clone(),
                community: place.map(|place| place.named(page.lang).to_owned()).unwrap_or_default(),
                brings: if walk { each(page, site.brings, answer) } else { count(whole(site.brings)) },
                after: if walk {
                    each(page, sum, answer)
                } else {
                    percent((whole(sum) * 1_000).checked_div(whole(answer.found.households)))
                },
                may_register: place.is_some_and(|place| allowed(&page.visitor.actor, May::StationEdit, &place.path)),
            });
        }
        lines
    }

    /// Draws compounds, today's stations and the new ones.
    fn map(&self, page: &Page, answer: &Answer, place: &PlacePath, ground: &Geography, stations: &[Station]) -> String {
        let tree = self.hall.places.tree();
        let mut map = Map::new();
        for compound in ground.inside(&tree, place).compounds.iter().filter_map(|at| ground.compounds.get(*at as usize))
        {
            map.dot("beside", (compound.at.x, compound.at.y), 4.0, &compound.name);
        }
        for station in stations.iter().filter(|station| place.contains(&station.path)) {
            pin(&mut map, page, ground, station);
        }
        for (site, number) in answer.found.sites.iter().zip(1..) {
            if let Some((_, compound)) = ground.compound(site.compound) {
                map.dot("new", (compound.at.x, compound.at.y), 12.0, &format!("{number} {}", compound.name));
                map.text((compound.at.x, compound.at.y), &number.to_string());
            }
        }
        map.legend("dot beside", page.t("stations-legend-compound"), true);
        map.legend("dot pin", page.t("stations-legend-pin"), true);
        map.legend("dot new", page.t("stations-legend-new"), true);
        map.figure(&page.t("stations-map-next"))
    }
}

/// Writes household-ds as the seconds that each household is spared in the mean.
fn each(page: &Page, ds: i64, answer: &Answer) -> String {
    let seconds = ds / 10 / answer.found.households.max(1);
    page.t1("stations-seconds-each", "seconds", seconds)
}

fn state(page: &Page, state: WorkState) -> Light {
    let class = match state {
        WorkState::Waiting | WorkState::Running => "soon",
        WorkState::Done => "ok",
        WorkState::Stopped => "none",
        WorkState::Failed => "late",
    };
    Light { class, text: page.t(&format!("stations-work-{}", state.code())) }
}

/// Writes the answer in numbers, with its proof.
fn facts(page: &Page, answer: &Answer) -> Vec<(String, String)> {
    let found = &answer.found;
    let whole = |count: i64| u64::try_from(count).unwrap_or_default();
    let share = |covered: i64| percent((whole(covered) * 1_000).checked_div(whole(found.households)));
    let fact = |key: &str, text: String| (page.t(&format!("stations-fact-{key}")), text);
    let mut facts = vec![fact("households", count(whole(found.households)))];
    let before = page.t2("stations-of-share", "count", count(whole(found.before)), "share", share(found.before));
    facts.push(fact("before", before));
    if answer.aim == Aim::Walk.code() {
        facts.push(fact("spared", each(page, found.value, answer)));
    } else {
        let after = found.before + found.value;
        facts.push(fact("after", page.t2("stations-of-share", "count", count(whole(after)), "share", share(after))));
    }
    let sites = i64::try_from(found.sites.len()).unwrap_or(i64::MAX);
    let reached = if answer.aim == Aim::Share.code() { sites } else { found.value };
    let proof = if answer.aim == Aim::Share.code() {
        if found.bound >= sites {
            page.t("stations-proof-fewest")
        } else {
            page.t1("stations-proof-at-least", "count", found.bound)
        }
    } else if found.bound <= found.value {
        page.t("stations-proof-best")
    } else {
        let gap = (found.bound - reached) * 10_000 / reached.max(1);
        page.t1("stations-proof-gap", "gap", format!("{}.{:02}%", gap / 100, gap % 100))
    };
    facts.push(fact("proof", proof));
    facts
}
