//! Mobilization (就近动员) sends volunteers to the compounds near their homes in an emergency. It tells them where,
//! when and whom to ask for, checks them in, and refills gaps without moving the others.
//!
//! It serves the people who answer a call and those who lead one. See MISSION part 6. A volunteer states only her
//! community, what she can do and when; name and telephone are sealed. Rest, walks and shifts come from the rulebook
//! (`mobilization.…`), compounds and ways from the geography of `places`.

pub mod actions;
mod chores;
mod demonstration;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use permissions::May;
pub use refusals::Why;
use std::sync::Arc;

use axum::routing::{get, post};
use hall::Hall;
use house::{Department, House, OpenFault, Work, each_move};
use jobs::ChannelKind;
use store::Migration;
use web::{Cost, Need, Routes};

pub use actions::{NewCall, NewNeed, Offer, PLAN, RECIPIENT, TEMPLATES, Told};
pub use records::call::relocate;
pub use records::responder::after as responders;
pub use words::{Key, Part, Parts, Role, Roles, Span};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "mobilization/0001_mobilization", sql: include_str!("../migrations/0001_mobilization.sql") }];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Mobilisation as a department.
pub const DEPARTMENT: Department = Department {
    name: "mobilization",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: words::INDICATORS,
    open,
    work,
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Mobilization::new(house.get::<Hall>()?, house.installation.channels.clone());
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Mobilization>()?;
    let shown = desk.clone();
    Ok(Work {
        routes: routes(desk.clone()),
        chores: chores::all(&desk, &house.clock),
        moved: vec![each_move(relocate)],
        demonstration: vec![Arc::new(move |stage| demonstration::begin(&shown, stage))],
        recipients: vec![chores::recipient(&desk, house.get()?)],
        urgent: vec![TEMPLATES],
        ..pages::shown::shown(&desk)
    })
}

/// The desk of mobilisation: who offers help, the calls, and how people are reached.
#[derive(Clone)]
pub struct Mobilization {
    hall: Arc<Hall>,
    channels: Vec<ChannelKind>,
}

impl Mobilization {
    /// Makes a desk over the city's places, rulebook and vault. `channels` reach people outside of the platform.
    #[must_use]
    pub fn new(hall: Arc<Hall>, channels: Vec<ChannelKind>) -> Self {
        Self { hall, channels }
    }
}

/// Returns the routes of the pages.
pub fn routes(desk: Arc<Mobilization>) -> Routes {
    let leads = || Need::May(May::MobilizationLead);
    Routes::new()
        .route("/mobilization", Cost::page(Need::Anyone), get(pages::start::get))
        .route("/mobilization/rows", Cost::list(Need::May(words::ROWS.permission)), get(pages::rows::get))
        .route("/mobilization/me", Cost::form(Need::SignedIn), get(pages::me::get).post(pages::me::post))
        .route("/mobilization/me/{post}", Cost::form(Need::SignedIn), post(pages::me::serve))
        .route("/mobilization/calls", Cost::page(Need::May(May::MobilizationRoster)), get(pages::calls::get))
        .route("/mobilization/calls/new", Cost::form(leads()), get(pages::calls::new).post(pages::calls::begin))
        .route("/mobilization/calls/{call}", Cost::page(Need::SignedIn), get(pages::call::get))
        .route("/mobilization/calls/{call}/shifts", Cost::form(Need::SignedIn), post(pages::call::shifts))
        .route("/mobilization/calls/{call}/needs", Cost::form(Need::SignedIn), post(pages::needs::post))
        .route("/mobilization/calls/{call}/plan", Cost::form(Need::SignedIn), post(pages::call::plan))
        .route("/mobilization/calls/{call}/end", Cost::form(Need::SignedIn), post(pages::call::end))
        .route(
            "/mobilization/calls/{call}/roster",
            Cost::form(Need::SignedIn),
            get(pages::roster::get).post(pages::roster::open),
        )
        .route("/mobilization/calls/{call}/roster.xlsx", Cost::export(Need::SignedIn), get(pages::roster::export))
        .route("/mobilization/calls/{call}/posts/{post}", Cost::form(Need::SignedIn), post(pages::roster::turn))
        .route("/mobilization/plans/{work}", Cost::page(Need::SignedIn), get(pages::plan::get))
        .route("/mobilization/plans/{work}/stop", Cost::form(Need::SignedIn), post(pages::plan::stop))
        .route("/mobilization/plans/{work}/send", Cost::form(Need::SignedIn), post(pages::plan::send))
        .with_state(desk)
}
