//! Somebody leaves an opinion or a small matter at a hearing point, without an account and without a name.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use counter::{Sent, too_many_as};
use kernel::place::{Level, PlacePath};
use kernel::refusal::Refusal;
use web::{Choice, Form, Page, PostForm, Problem, WebError, render, render_status, too_often};

use super::said::SAID;
use super::{LABELS, community};
use crate::Hearings;
use crate::actions::opinions::SAY;
use crate::refusals::Why;
use crate::rules::opinion::words_fault;
use crate::words::HEARINGS_PER_HOUR;
use crate::words::opinion::{Saying, Wanted};

/// How many communities that words may mean are offered.
const OFFERED: usize = 12;

#[derive(Template)]
#[template(path = "hearings/say.html")]
struct SayPage {
    page: Page,
    /// The community, once it is known: its identity and name.
    place: Option<(String, String)>,
    places: Vec<Choice>,
    wher: String,
    text: String,
    wanted: Vec<Choice>,
    problems: Vec<Problem>,
    once: String,
}

#[derive(Template)]
#[template(path = "hearings/thanks.html")]
struct ThanksPage {
    page: Page,
    number: String,
    code: String,
    answer_key: &'static str,
}

/// `GET /hearings/say?place=…`
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let asked = community(&tree, page.query.get("place"));
    let own = || places::my_community(&page, &tree).and_then(|id| tree.get(id)).map(|place| place.path.clone());
    let form = match asked.or_else(own) {
        Some(path) => Form::default().with("place", path.id().to_string()),
        None => Form::default(),
    };
    let once = page.once();
    desk.say_page(page, &form, once, &[])
}

/// `POST /hearings/say`
///
/// # Errors
/// A failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let once = form.key().to_owned();
    let saying = match desk.read_saying(&form) {
        Ok(saying) => saying,
        Err(faults) => return desk.say_page(page, &form, once, &faults),
    };
    let wanted = saying.wanted;
    let bound = desk.counter.bound_from(&page, "hearing", HEARINGS_PER_HOUR)?;
    let said = desk.say(saying, once.clone(), page.now);
    let said =
        desk.counter.within_once(bound, page.now, said, Sent { scope: SAY, key: &once }, |said| said.again).await;
    match web::settled(said.map_err(|fault| too_many_as(fault, Why::HearingsTooMany)))? {
        Ok(said) => {
            let code = said.code.map(|code| code.grouped()).unwrap_or_default();
            let answer_key = match wanted {
                Wanted::Public => "hearings-thanks-public",
                Wanted::Private => "hearings-thanks-private",
                Wanted::Nothing => "hearings-thanks-nothing",
            };
            let guess = desk.counter.guess(&page, SAID).at_number(&said.number);
            let thanks = render(&ThanksPage { page, number: said.number, code, answer_key })?;
            Ok(desk.counter.known_from_now(&guess, thanks)?)
        }
        Err(refusal) => {
            let shown = desk.say_page(page, &form, once, std::slice::from_ref(&refusal))?;
            Ok(too_often(&refusal, shown))
        }
    }
}

impl Hearings {
    /// The community that a form means: the one that it names, or the only one that its words may mean.
    fn meant(&self, form: &Form) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let only = || match tree.search_in(form.get("where").trim(), Some(Level::Community), OFFERED).as_slice() {
            [only] => Some(only.path.clone()),
            _ => None,
        };
        let named = community(&tree, form.get("place"));
        named.or_else(|| if form.get("where").trim().is_empty() { None } else { only() })
    }

    /// What a form says.
    fn read_saying(&self, form: &Form) -> Result<Saying, Vec<Refusal>> {
        let (place, wanted) = (self.meant(form), Wanted::find(form.get("wanted")));
        let text = form.get("text").trim().to_owned();
        let mut faults: Vec<Refusal> = words_fault(&text, "text").into_iter().collect();
        faults.extend(place.is_none().then(|| Refusal::new(Why::HearingsPlace).field("where")));
        faults.extend(wanted.is_none().then(|| Refusal::new(Why::HearingsWanted).field("wanted")));
        match place.zip(wanted).filter(|_| faults.is_empty()) {
            Some((community, wanted)) => Ok(Saying { community, text, wanted }),
            None => Err(faults),
        }
    }

    fn say_page(&self, page: Page, form: &Form, once: String, faults: &[Refusal]) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let tree = self.hall.places.tree();
        let known = community(&tree, form.get("place"));
        let wher = form.get("where").trim().to_owned();
        let found = if known.is_none() && !wher.is_empty() {
            tree.search_in(&wher, Some(Level::Community), OFFERED)
        } else {
            Vec::new()
        };
        let places =
            found.into_iter().map(|place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), ""));
        let places: Vec<Choice> = places.collect();
        let wanted = Wanted::ALL.into_iter().map(|one| Choice::new(one.code(), page.t(one.key()), form.get("wanted")));
        let wanted = wanted.collect();
        let drawn = SayPage {
            place: known.map(|path| (path.id().to_string(), tree.chain(&path, page.lang))),
            places,
            wher,
            text: form.get("text").to_owned(),
            wanted,
            problems: page.problems(LABELS, faults),
            once,
            page,
        };
        render_status(status, &drawn)
    }
}
