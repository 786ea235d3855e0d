//! Bodies 一核多元: who is who around a community's Party organisation: the residents' committee and its
//! sub-committees, supervision, owners' committees, property companies, social organisations, police and volunteers.
//! It says what each is for, how to reach it, its terms, what was agreed, what is open, and when they meet. See
//! MISSION part 8.
//!
//! Rosters of mediators (人民调解法第八条至第十四条) are kept here too; hearings choose from them.
//! Kinds stand in `data/bodies`, their figures in the rulebook (`bodies.…`).

pub mod actions;
pub mod api;
mod chores;
mod demonstration;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::{
    Announced, Appointed, AskFirst, AskKnown, Begun, By, ByVote, Candidate, Choosing, Dispute, Holder, Known, NewBody,
    OnRoster, Order, Seat, Standing, keeps,
};
pub use permissions::May;
pub use records::relocate;
pub use refusals::Why;
pub use words::kinds::{Kind, Kinds};
pub use words::{Body, Details, Held, Matter, Tie};

use std::sync::{Arc, OnceLock};

use axum::routing::get;
use hall::Hall;
use house::{Chore, Department, House, OpenFault, When, Work, each_move};
use identity::Roles;
use store::Migration;
use web::{Cost, Need, Routes};

/// Tables of this department. No migration had the number 0003, and none gets it: a number tells the order in which
/// they came.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "bodies/0001_bodies", sql: include_str!("../migrations/0001_bodies.sql") },
    Migration { name: "bodies/0002_mediating", sql: include_str!("../migrations/0002_mediating.sql") },
    Migration { name: "bodies/0004_elected_by_vote", sql: include_str!("../migrations/0004_elected_by_vote.sql") },
    Migration { name: "bodies/0005_matter_groups", sql: include_str!("../migrations/0005_matter_groups.sql") },
    Migration { name: "bodies/0006_corrections", sql: include_str!("../migrations/0006_corrections.sql") },
    Migration { name: "bodies/0007_until_elected", sql: include_str!("../migrations/0007_until_elected.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// Bodies as a department.
pub const DEPARTMENT: Department = Department {
    name: "bodies",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    open,
    work,
    ..Department::EMPTY
};

/// The file with the kinds of bodies.
const KINDS: &str = "bodies/kinds.toml";

fn open(house: &mut House) -> Result<(), OpenFault> {
    let (hall, data) = (house.get::<Hall>()?, house.installation.data.clone());
    let kinds: Kinds =
        toml::from_str(&data.file(KINDS)?).map_err(|fault| OpenFault::Sentences(vec![format!("{KINDS}: {fault}")]))?;
    let cites = |document: &str, clause: &str| {
        hall.rulebook.document(document).is_some_and(|document| document.clause(clause).is_some())
    };
    let faults = kinds.faults(words::RULES, cites);
    if !faults.is_empty() {
        return Err(OpenFault::Sentences(faults.into_iter().map(|fault| format!("{KINDS}: {fault}")).collect()));
    }
    let roles = Roles::load(&data.files("roles", ".toml")?, &house.permissions).map_err(OpenFault::Faults)?;
    house.keep(Arc::new(Bodies { hall, kinds, roles, known: OnceLock::new(), first: OnceLock::new() }));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Bodies>()?;
    let (reminding, showing) = (desk.clone(), desk.clone());
    let remind = move |store: &store::Store, job: &jobs::Job, now| chores::remind(&reminding, store, job, now);
    Ok(Work {
        routes: routes(desk.clone()),
        chores: vec![Chore::new(chores::REMIND, When::AtOpening, remind)],
        moved: vec![each_move(relocate)],
        erased: vec![Arc::new(|tx, district, record, _| records::forget(tx, district, record))],
        demonstration: vec![Arc::new(move |stage| demonstration::enter(&showing, stage))],
        ..pages::shown::shown(&desk)
    })
}

/// The desk of this department.
pub struct Bodies {
    hall: Arc<Hall>,
    kinds: Kinds,
    roles: Roles,
    /// Asks the department that knows bodies which nobody enters here.
    known: OnceLock<AskKnown>,
    /// Asks the department that keeps votes on which day an election by a vote can have been at the earliest.
    first: OnceLock<AskFirst>,
}

impl Bodies {
    /// The kinds of bodies, as the city's data name them.
    #[must_use]
    pub const fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// Lets the department that knows bodies which nobody enters here say which ones. The first one that does is asked.
    pub fn know(&self, ask: AskKnown) {
        drop(self.known.set(ask));
    }

    /// Lets the department that keeps votes say on which day an election by a vote can have been at the earliest. The
    /// first one that does is asked.
    pub fn bound(&self, ask: AskFirst) {
        drop(self.first.set(ask));
    }
}

/// Its pages and its open data.
pub fn routes(desk: Arc<Bodies>) -> Routes {
    let edits = || Cost::form(Need::May(May::BodiesEdit));
    let reads = || Cost::page(Need::Anyone);
    Routes::new()
        .route("/bodies", edits(), get(pages::list::get).post(pages::list::post))
        .route("/bodies/body/{body}", edits(), get(pages::keep::get).post(pages::keep::post))
        .route("/bodies/talk/{id}", edits(), get(pages::talk::get).post(pages::talk::post))
        .route("/bodies/mediators", edits(), get(pages::roster::get).post(pages::roster::post))
        .route("/bodies/levels", Cost::list(Need::May(May::BodiesEdit)), get(pages::levels::get))
        .route("/bodies/{id}", reads(), get(pages::place::get))
        .route("/bodies/{id}/poster", reads(), get(pages::place::poster))
        .route("/bodies/{id}/popolo.json", reads(), get(api::popolo))
        .route("/bodies/{id}/meetings.ics", reads(), get(api::meetings))
        .with_state(desk)
}
