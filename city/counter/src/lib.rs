//! The counter 全市通办: any item, any resident, at any community of the city, online, or at home.
//!
//! A resident finds an item, applies, follows and rates; a worker takes any item on one page. The case itself is opened and moved by the cases
//! department. Sources: the catalogue in `data/catalogue`, the procedures in `data/procedures`.

pub mod actions;
mod attempts;
pub mod catalogue;
pub mod pages;
pub mod rules;
pub mod words;

pub use actions::Arrival;
pub use attempts::Tries;
pub use pages::follow::to_follow;
pub use rules::application;
pub use words::{Answers, Application};

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use cases::Cases;
use cases::{ItemFacts, Items, Named};
use kernel::language::Bilingual;
use kernel::permission::Permission;
use web::{Audience, NavItem};

use crate::attempts::Attempts;
use crate::catalogue::Catalogue;

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The counter: the catalogue, the desk of cases, and what keeps numbers from being guessed.
pub struct Counter {
    /// The desk that opens and moves cases.
    pub cases: Arc<Cases>,
    /// The catalogue of items.
    pub catalogue: Arc<Catalogue>,
    /// Cookies are sent over https only.
    pub https: bool,
    /// The receipt can be had as PDF.
    pub prints_pdf: bool,
    attempts: Attempts,
}

impl Counter {
    /// A counter over a desk and a catalogue.
    #[must_use]
    pub fn new(cases: Arc<Cases>, catalogue: Arc<Catalogue>, https: bool) -> Self {
        Self { cases, catalogue, https, prints_pdf: false, attempts: Attempts::default() }
    }

    /// The same counter, offering receipts as PDF where a press is installed.
    #[must_use]
    pub fn printing(mut self, pdf: bool) -> Self {
        self.prints_pdf = pdf;
        self
    }
}

impl Items for Catalogue {
    fn facts(&self, code: &str) -> Option<ItemFacts> {
        let item = self.get(code)?;
        let materials =
            self.materials_of(item).map(|material| (material.code.clone(), material.name.clone())).collect();
        let is_paid = item.result.kind == catalogue::IssuedKind::Payment;
        Some(ItemFacts { name: item.name.clone(), materials, result: item.result.name.clone(), is_paid })
    }

    fn department(&self, code: &str) -> Option<Bilingual> {
        Catalogue::department(self, code).map(|department| department.name.clone())
    }

    fn named(&self) -> Vec<Named> {
        let names = |item: &catalogue::Item| {
            let department = Catalogue::department(self, &item.department).map(|department| &department.name);
            let texts = std::iter::once(&item.name).chain(department);
            texts.flat_map(|text| [text.zh.clone(), text.en.clone()]).collect()
        };
        self.items().map(|item| Named { code: item.code.clone(), names: names(item) }).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        Catalogue::departments(self).map(|department| (department.code.clone(), department.name.clone())).collect()
    }
}

/// Links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![
        NavItem { key: "counter-nav-items", href: "/items", permission: None, order: 10, audience: Audience::Public },
        NavItem { key: "counter-nav-follow", href: "/follow", permission: None, order: 20, audience: Audience::Public },
        NavItem {
            key: "counter-nav-desk",
            href: "/desk",
            permission: Some(Permission::CaseAccept),
            order: 10,
            audience: Audience::Staff,
        },
    ]
}

/// Pages of the counter.
pub fn routes(counter: Arc<Counter>) -> Router {
    Router::new()
        .route("/", get(pages::home::home))
        .route("/items", get(pages::home::items))
        .route("/items/{code}", get(pages::guide::get))
        .route("/apply/{code}", get(pages::apply::get).post(pages::apply::post))
        .route("/receipt/{number}", get(pages::receipt::get))
        .route("/follow", get(pages::follow::get).post(pages::follow::post))
        .route("/follow/{number}", get(pages::follow::status))
        .route("/follow/{number}/act", post(pages::follow::act))
        .route("/follow/{number}/rate", post(pages::follow::rate))
        .route("/follow/{number}/again", post(pages::follow::rate_again))
        .route("/follow/{number}/say", post(pages::follow::say))
        .route("/follow/{number}/request", post(pages::own_data::request))
        .route("/follow/{number}/copy", post(pages::own_data::copy))
        .route("/desk", get(pages::desk::get).post(pages::desk::post))
        .with_state(counter)
}
