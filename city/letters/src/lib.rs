//! Letters (文书) produces the printed documents of a case. It also says whether a certificate is genuine.
//!
//! The letters are: receipt, notice of missing papers, acceptance, refusal with its remedies, certificate with seal
//! and code, and courier label. The events of a case decide which letters it has; nothing is stored here. A letter is
//! a page that prints. With `lianglin-print` installed it is also a PDF, at the same address with `.pdf`. The
//! licensing law (clause 32) requires the office to ask for everything at once, and the review and litigation laws
//! define the remedies. All are cited through the rulebook.

pub mod actions;
pub mod code;
pub mod pages;
pub mod rules;
pub mod seal;
pub mod words;

use std::sync::{Arc, Weak};

use axum::routing::{get, post};
use counter::Counter;
use house::{Department, House, OpenFault, Work};
use kernel::permission::Permission;
use press::Press;
use web::{Cost, Heading, Need, Routes, Service};

use crate::code::CodeKey;

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Letters as a department.
pub const DEPARTMENT: Department =
    Department { name: "letters", texts: Some(TEXTS), rules: words::RULES, open, work, ..Department::EMPTY };

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Letters::new(house.get::<Counter>()?, house.get::<Press>()?, &house.installation.public_url);
    let desk = Arc::new(desk);
    let drafts: Weak<Letters> = Arc::downgrade(&desk);
    desk.counter.cases.drafts.supply(drafts);
    house.keep(desk);
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    Ok(Work { routes: routes(house.get::<Letters>()?), services: services(), ..Work::default() })
}

/// The desk where letters are written.
pub struct Letters {
    /// The counter, with its catalogue and the desk of cases.
    pub counter: Arc<Counter>,
    /// The press, which lays letters out as PDF if its program is installed.
    pub press: Arc<Press>,
    /// The key that makes and checks the codes of results.
    pub code_key: CodeKey,
    /// The address of the platform from outside, without a slash at its end. Certificates carry it.
    pub public_url: String,
}

impl Letters {
    /// Makes a desk over a counter. `public_url` is the address that certificates carry.
    #[must_use]
    pub fn new(counter: Arc<Counter>, press: Arc<Press>, public_url: &str) -> Self {
        let code_key = CodeKey::new(counter.cases.hall.vault.derive_key("letters.verify"));
        Self { counter, press, code_key, public_url: public_url.trim_end_matches('/').to_owned() }
    }
}

/// Returns what people can do on the pages of letters.
fn services() -> Vec<Service> {
    vec![Service {
        heading: Heading::Foot,
        key: "letters-nav-verify",
        purpose: "letters-nav-verify-for",
        href: "/verify",
        permission: None,
        order: 30,
    }]
}

/// Returns the pages of the letters. `{kind}` is the name of a letter, with `.pdf` behind it for the PDF.
pub fn routes(letters: Arc<Letters>) -> Routes {
    let (reads, delivers) = (|| Need::May(Permission::CaseRead), || Need::May(Permission::CaseDeliver));
    let pass = letters.counter.pass_or_account();
    Routes::new()
        .route("/cases/{number}/letters", Cost::page(reads()), get(pages::list::get))
        .route("/cases/{number}/letters/label", Cost::form(delivers()), get(pages::label::get).post(pages::label::post))
        .route("/cases/{number}/letters/{kind}", Cost::list(reads()), get(pages::letter::get).post(pages::letter::post))
        .route("/follow/{number}/letters", Cost::page(Need::Anyone), get(pages::list::own))
        .route("/follow/{number}/letters/{kind}", Cost::list(Need::Anyone), get(pages::letter::own))
        .route("/follow/{number}/letters/{kind}", Cost::list(pass), post(pages::letter::whole))
        .route("/verify", Cost::page(Need::Anyone), get(pages::verify::get))
        .with_state(letters)
}
