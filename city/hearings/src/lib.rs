//! Hearings 评理说事·调解: in every community and village neighbours are heard, and disputes are mediated by the law on
//! people's mediation (人民调解法, 2010): free, voluntary, with the consent of both sides at every step.

pub mod actions;
mod kind;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use permissions::May;
pub use records::relocate;
pub use refusals::Why;

use std::sync::Arc;

use axum::routing::get;
use cases::Cases;
use counter::Counter;
use hall::Hall;
use house::{Department, House, OpenFault, Section, Work, each_move};
use kernel::permission::Permission;
use store::Migration;
use web::{Cost, Heading, Need, Routes, Service};
use words::Classes;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "hearings/0001_hearings", sql: include_str!("../migrations/0001_hearings.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Hearings as a department.
pub const DEPARTMENT: Department = Department {
    name: "hearings",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: words::figures::INDICATORS,
    open,
    work,
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let text = house.installation.data.file("hearings/classes.toml")?;
    let classes: Classes =
        toml::from_str(&text).map_err(|fault| OpenFault::Sentences(vec![format!("hearings/classes.toml: {fault}")]))?;
    let classes = Arc::new(classes);
    let cases = house.get::<Cases>()?;
    cases.register(Arc::new(kind::Mediations::new(classes.clone())))?;
    let desk = Hearings { hall: house.get::<Hall>()?, counter: house.get()?, cases, classes };
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Hearings>()?;
    Ok(Work {
        routes: routes(desk.clone()),
        services: services(),
        sections: vec![Section { order: 30, show: pages::point::of_place(&desk) }],
        moved: vec![each_move(relocate)],
        ..Work::default()
    })
}

/// The desk of this department.
pub struct Hearings {
    hall: Arc<Hall>,
    cases: Arc<Cases>,
    counter: Arc<Counter>,
    classes: Arc<Classes>,
}

/// What people find under the headings of the platform. A department adds services, never a heading.
#[must_use]
pub fn services() -> Vec<Service> {
    let service = |heading, (key, purpose): (&'static str, &'static str), href, permission, order| Service {
        heading,
        key,
        purpose,
        href,
        permission,
        order,
    };
    let (keep, read) = (Some(May::HearingsPoint), Some(Permission::CaseRead));
    vec![
        service(Heading::Report, ("hearings-nav", "hearings-nav-for"), "/hearings", None, 20),
        service(Heading::Community, ("hearings-nav-point", "hearings-nav-point-for"), "/hearings/point", keep, 60),
        service(Heading::Topics, ("hearings-nav-figures", "hearings-nav-figures-for"), "/hearings/figures", read, 45),
    ]
}

/// Its pages.
pub fn routes(desk: Arc<Hearings>) -> Routes {
    let reads = || Need::May(Permission::CaseRead);
    Routes::new()
        .route("/hearings", Cost::page(Need::Anyone), get(pages::point::get))
        .route("/hearings/talks/{place}", Cost::page(Need::Anyone), get(pages::point::calendar))
        .route("/hearings/new", Cost::form(Need::Anyone), get(pages::bring::get).post(pages::bring::post))
        .route(
            "/hearings/point",
            Cost::form(Need::May(May::HearingsPoint)),
            get(pages::keep::get).post(pages::keep::post),
        )
        .route("/hearings/figures", Cost::list(reads()), get(pages::figures::get))
        .route("/hearings/rows", Cost::list(reads()), get(pages::figures::rows))
        .route("/cases/{number}/mediation", Cost::page(reads()), get(pages::paper::get))
        .route(
            "/cases/{number}/invitation",
            Cost::form(Need::May(Permission::CaseHandle)),
            get(pages::invite::get).post(pages::invite::post),
        )
        .with_state(desk)
}
