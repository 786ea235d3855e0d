//! How a request stands in a list and what it says of itself, in words of the visitor's language.

use crate::Identity;
use crate::actions::{Fact, Said, ToldRequest};
use crate::records::Request;
use crate::rules::Outcome;
use uuid::Uuid;
use web::Page;

/// The class and the key of a light.
pub type Light = (&'static str, &'static str);

/// The fact that stands in brackets behind a name.
pub const LOGIN: &str = "identity-login";

/// A request as one line of a list.
pub struct Line {
    pub id: Uuid,
    /// What is asked for, and whom or what it is about.
    pub title: String,
    pub place: String,
    pub asked: String,
    pub name: String,
    pub until: String,
    pub light: Light,
    /// Why it was declined. It is empty where nobody wrote it.
    pub answer: String,
}

/// Shows a request as one line of a list.
pub fn line(identity: &Identity, page: &Page, told: &ToldRequest) -> Line {
    let ToldRequest { request, .. } = told;
    Line {
        id: request.id,
        title: headline(page, told),
        place: page.of(&identity.place_name(&request.place)).to_owned(),
        asked: page.minute(request.asked_at),
        name: request.asked_name.clone(),
        until: page.minute(request.expires_at),
        light: light(page, request),
        answer: request.answer.clone().unwrap_or_default(),
    }
}

/// Says what is asked for and whom or what it is about, as in `开账号：赵晓红（xiaohong1）· 全科社工`.
pub fn headline(page: &Page, told: &ToldRequest) -> String {
    let mut about = String::new();
    for key in told.kind.about() {
        let Some(fact) = told.facts.iter().find(|fact| fact.key == *key) else { continue };
        let text = said(page, fact);
        match (*key, about.is_empty()) {
            (_, true) => about = text,
            (LOGIN, false) => about.push_str(&page.t1("identity-request-login", "login", text)),
            (_, false) => {
                about.push_str(if about.ends_with('）') { "· " } else { " · " });
                about.push_str(&text);
            }
        }
    }
    let title = page.t(told.kind.title());
    if about.is_empty() { title } else { page.t2("identity-request-about", "what", title, "about", about) }
}

/// Says how a request stands.
pub fn light(page: &Page, request: &Request) -> Light {
    match request.outcome.as_deref().and_then(Outcome::parse) {
        Some(Outcome::Confirmed) => ("ok", "identity-request-confirmed"),
        Some(Outcome::Declined) => ("late", "identity-request-declined"),
        Some(Outcome::Withdrawn) => ("none", "identity-request-withdrawn"),
        None if page.now < request.expires_at => ("soon", "identity-request-waits"),
        None => ("none", "identity-request-expired"),
    }
}

/// Puts what stands in a fact into words.
pub fn said(page: &Page, fact: &Fact) -> String {
    let between = page.lang.pick("、", ", ");
    match &fact.said {
        Said::Text(text) => text.clone(),
        Said::Both(name) => page.of(name).to_owned(),
        Said::Names(names) => names.iter().map(|name| page.of(name)).collect::<Vec<_>>().join(between),
        Said::Keys(keys) => keys.iter().map(|key| page.t(key)).collect::<Vec<_>>().join(between),
    }
}
