//! Letters 文书: what a case gives on paper, and whether a certificate that somebody holds is genuine.
//!
//! Receipt, notice of everything missing, acceptance, refusal with its remedies, certificate with seal and code, courier label. Which letters a
//! case has follows from its events; nothing is stored here. A letter is a page that prints; where `lianglin-print` is installed it is a PDF too,
//! under the same address with `.pdf`. Sources: the licensing law (clause 32) for telling everything at once, the review and litigation laws for
//! the remedies, all cited through the rulebook.

pub mod actions;
pub mod code;
pub mod pages;
pub mod rules;
pub mod seal;
pub mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use counter::Counter;
use house::{Department, House, OpenFault, Work};
use press::Press;
use web::{Audience, NavItem};

use crate::code::CodeKey;

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Letters as a department.
pub const DEPARTMENT: Department =
    Department { name: "letters", texts: Some(TEXTS), rules: words::RULES, open, work, ..Department::EMPTY };

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Letters::new(house.get::<Counter>()?, house.get::<Press>()?, &house.installation.public_url);
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    Ok(Work { routes: routes(house.get::<Letters>()?), nav: nav(), ..Work::default() })
}

/// The desk where letters are written.
pub struct Letters {
    /// The counter, with its catalogue and the desk of cases behind it.
    pub counter: Arc<Counter>,
    /// Lays letters out as PDF where its program is installed.
    pub press: Arc<Press>,
    /// Makes and checks the codes of results.
    pub code_key: CodeKey,
    /// Where the platform is reached from outside, without a slash at its end; certificates carry it.
    pub public_url: String,
}

impl Letters {
    /// A desk over a counter. `public_url` is the address that certificates carry.
    #[must_use]
    pub fn new(counter: Arc<Counter>, press: Arc<Press>, public_url: &str) -> Self {
        let code_key = CodeKey::new(counter.cases.hall.vault.derive_key("letters.verify"));
        Self { counter, press, code_key, public_url: public_url.trim_end_matches('/').to_owned() }
    }
}

/// Links in the head of every page.
#[must_use]
pub fn nav() -> Vec<NavItem> {
    vec![NavItem {
        key: "letters-nav-verify",
        href: "/verify",
        permission: None,
        order: 60,
        audience: Audience::Public,
    }]
}

/// Pages of the letters. `{kind}` is the name of a letter, with `.pdf` behind it for the PDF.
pub fn routes(letters: Arc<Letters>) -> Router {
    Router::new()
        .route("/cases/{number}/letters", get(pages::list::get))
        .route("/cases/{number}/letters/label", get(pages::label::get).post(pages::label::post))
        .route("/cases/{number}/letters/{kind}", get(pages::letter::get))
        .route("/follow/{number}/letters", get(pages::list::own))
        .route("/follow/{number}/letters/{kind}", get(pages::letter::own))
        .route("/verify", get(pages::verify::get))
        .with_state(letters)
}
