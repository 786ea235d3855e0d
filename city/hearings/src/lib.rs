//! Hearings 评理说事·调解: in every community and village neighbours are heard, and disputes are mediated by the law on
//! people's mediation (人民调解法, 2010): free, voluntary, with the consent of both sides at every step.

pub mod actions;
mod chores;
mod demonstration;
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

use axum::routing::{get, post};
use bodies::Bodies;
use cases::{Cases, CodeKey};
use counter::Counter;
use hall::Hall;
use house::{Department, House, OpenFault, Section, Work, each_move};
use jobs::ChannelKind;
use kernel::permission::Permission;
use kernel::place::PlaceId;
use kernel::rule::measure::Money;
use kernel::time::Instant;
use papers::{Keeps, Papers};
use store::{Migration, StoreError, Tx};
use uuid::Uuid;
use web::{Cost, Heading, Need, Routes, Service};
use words::Classes;
use words::triage::Triage;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "hearings/0001_hearings", sql: include_str!("../migrations/0001_hearings.sql") },
    Migration { name: "hearings/0002_triage", sql: include_str!("../migrations/0002_triage.sql") },
    Migration { name: "hearings/0003_opinions", sql: include_str!("../migrations/0003_opinions.sql") },
    Migration { name: "hearings/0004_talks", sql: include_str!("../migrations/0004_talks.sql") },
    Migration { name: "hearings/0005_inside", sql: include_str!("../migrations/0005_inside.sql") },
    Migration { name: "hearings/0006_rooms", sql: include_str!("../migrations/0006_rooms.sql") },
    Migration { name: "hearings/0007_sides", sql: include_str!("../migrations/0007_sides.sql") },
    Migration { name: "hearings/0008_powers", sql: include_str!("../migrations/0008_powers.sql") },
    Migration { name: "hearings/0009_power_files", sql: include_str!("../migrations/0009_power_files.sql") },
    Migration { name: "hearings/0010_power_herself", sql: include_str!("../migrations/0010_power_herself.sql") },
    Migration { name: "hearings/0011_power_apart", sql: include_str!("../migrations/0011_power_apart.sql") },
    Migration { name: "hearings/0012_called_off", sql: include_str!("../migrations/0012_called_off.sql") },
    Migration { name: "hearings/0013_renamed", sql: include_str!("../migrations/0013_renamed.sql") },
    Migration { name: "hearings/0014_power_seen", sql: include_str!("../migrations/0014_power_seen.sql") },
];

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
    let hall = house.get::<Hall>()?;
    let today = hall.day((hall.clock)());
    let faults = classes.faults(|code| hall.rulebook.get_named_everywhere::<Money>(code, today).is_ok());
    if !faults.is_empty() {
        return Err(OpenFault::Sentences(
            faults.into_iter().map(|fault| format!("hearings/classes.toml: {fault}")).collect(),
        ));
    }
    let classes = Arc::new(classes);
    let text = house.installation.data.file("hearings/triage.toml")?;
    let triage: Triage =
        toml::from_str(&text).map_err(|fault| OpenFault::Sentences(vec![format!("hearings/triage.toml: {fault}")]))?;
    let faults = rules::triage::faults(&triage);
    if !faults.is_empty() {
        return Err(OpenFault::Sentences(faults));
    }
    let (cases, bodies) = (house.get::<Cases>()?, house.get::<Bodies>()?);
    let channels = house.installation.channels.clone();
    let desk = Arc::downgrade(&cases);
    let mediations = kind::Mediations::new(classes.clone(), hall.clone(), bodies.clone(), desk, channels.clone());
    cases.register(Arc::new(mediations))?;
    let codes = CodeKey::new(hall.vault.derive_key("hearings.code"));
    let papers = house.get::<Papers>()?;
    papers.keep_what(Keeps { needs: records::powers::is_needed, lists: records::powers::digests });
    let counter = house.get()?;
    let desk = Arc::new(Hearings { hall, cases, counter, papers, bodies, classes, triage, codes, channels });
    let listens = Arc::downgrade(&desk);
    desk.cases.hear_of(Arc::new(move |tx, arisen| match listens.upgrade() {
        Some(desk) => desk.arose(tx, arisen),
        None => Ok(()),
    }));
    house.keep(desk);
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Hearings>()?;
    let shown = desk.clone();
    let elsewhere = pages::shown::shown(&desk);
    Ok(Work {
        routes: routes(desk.clone()),
        services: services(),
        sections: vec![Section { order: 30, show: pages::point::of_place(&desk) }],
        chores: chores::all(&desk),
        moved: vec![each_move(relocate)],
        erased: vec![Arc::new(forgotten)],
        beside: vec![pages::triage::beside(&desk)],
        sought: pages::shown::sought(),
        numbered: pages::shown::numbered(),
        demonstration: vec![Arc::new(move |stage| demonstration::fill(&shown, stage))],
        ..elsewhere
    })
}

/// What is forgotten with a sealed record: the words that lie under it.
fn forgotten(tx: &mut dyn Tx, district: PlaceId, record: Uuid, _: Instant) -> Result<(), StoreError> {
    records::opinion::forget(tx, district, record)?;
    records::triage::forget(tx, district, record)?;
    records::inside::forget(tx, district, record)
}

/// The desk of this department.
pub struct Hearings {
    hall: Arc<Hall>,
    cases: Arc<Cases>,
    counter: Arc<Counter>,
    /// Where the papers of powers of attorney lie as files.
    papers: Arc<Papers>,
    /// The rosters of mediators, and the posts of those who host.
    bodies: Arc<Bodies>,
    classes: Arc<Classes>,
    triage: Triage,
    /// Makes the codes of those who said something or booked a talk.
    codes: CodeKey,
    /// The channels that reach people outside of the platform.
    channels: Vec<ChannelKind>,
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
    let (mediate, lead) = (Some(May::HearingsMediate), Some(Permission::CaseSupervise));
    vec![
        service(Heading::Tasks, ("hearings-nav-matters", "hearings-nav-matters-for"), "/hearings/matters", mediate, 30),
        service(Heading::Tasks, ("hearings-nav-offer", "hearings-nav-offer-for"), "/hearings/offer", mediate, 31),
        service(Heading::Report, ("hearings-nav", "hearings-nav-for"), "/hearings", None, 20),
        service(Heading::Report, ("hearings-nav-say", "hearings-nav-say-for"), "/hearings/say", None, 21),
        service(
            Heading::Community,
            ("hearings-nav-opinions", "hearings-nav-opinions-for"),
            "/hearings/opinions",
            keep,
            61,
        ),
        service(
            Heading::Community,
            ("hearings-nav-hosting", "hearings-nav-hosting-for"),
            "/hearings/hosting",
            keep,
            62,
        ),
        service(Heading::Community, ("hearings-nav-point", "hearings-nav-point-for"), "/hearings/point", keep, 60),
        service(Heading::Topics, ("hearings-nav-points", "hearings-nav-points-for"), "/hearings/points", lead, 44),
        service(Heading::Topics, ("hearings-nav-figures", "hearings-nav-figures-for"), "/hearings/figures", read, 45),
    ]
}

/// Its pages.
pub fn routes(desk: Arc<Hearings>) -> Routes {
    let (reads, handles) = (|| Need::May(Permission::CaseRead), || Need::May(Permission::CaseHandle));
    let opens = || Need::May(Permission::PersonOpen);
    let mediates = || Need::May(May::HearingsMediate);
    let keeps = || Need::May(May::HearingsPoint);
    let counter = desk.counter.clone();
    let follows = || counter.pass_or_account();
    Routes::new()
        .route("/hearings", Cost::page(Need::Anyone), get(pages::point::get))
        .route("/hearings/talks/{place}", Cost::page(Need::Anyone), get(pages::point::calendar))
        .route("/hearings/new", Cost::form(Need::Anyone), get(pages::bring::get).post(pages::bring::post))
        .route("/hearings/point", Cost::form(keeps()), get(pages::keep::get).post(pages::keep::post))
        .route("/hearings/points", Cost::list(Need::May(Permission::CaseSupervise)), get(pages::points::get))
        .route("/hearings/say", Cost::form(Need::Anyone), get(pages::say::get).post(pages::say::post))
        .route("/hearings/said", Cost::form(Need::Anyone), get(pages::said::get).post(pages::said::post))
        .route("/hearings/book", Cost::form(Need::Anyone), get(pages::book::get).post(pages::book::post))
        .route("/hearings/booked", Cost::form(Need::Anyone), get(pages::book::look).post(pages::book::looked))
        .route("/hearings/hosting", Cost::form(keeps()), get(pages::hosting::get).post(pages::hosting::post))
        .route("/hearings/hosting/open", Cost::form(opens()), post(pages::hosting::open))
        .route("/hearings/opinions", Cost::list(keeps()), get(pages::opinions::list))
        .route(
            "/hearings/opinions/{number}",
            Cost::form(keeps()),
            get(pages::opinions::get).post(pages::opinions::post),
        )
        .route("/hearings/gathered", Cost::list(keeps()), get(pages::opinions::rows))
        .route("/hearings/offer", Cost::form(mediates()), get(pages::offer::get).post(pages::offer::post))
        .route("/hearings/matters", Cost::list(mediates()), get(pages::matters::get))
        .route("/hearings/figures", Cost::list(reads()), get(pages::figures::get))
        .route("/hearings/rows", Cost::list(reads()), get(pages::figures::rows))
        .route("/cases/{number}/mediation", Cost::page(reads()), get(pages::paper::get))
        .route("/cases/{number}/mediation", Cost::form(handles()), post(pages::paper::post))
        .route(
            "/cases/{number}/invitation",
            Cost::form(Need::May(Permission::CaseHandle)),
            get(pages::invite::get).post(pages::invite::post),
        )
        .route("/cases/{number}/triage", Cost::form(mediates()), get(pages::triage::get).post(pages::triage::post))
        .route(
            "/cases/{number}/mediation/{paper}",
            Cost::form(reads()),
            get(pages::sheet::get).post(pages::sheet::post),
        )
        .route("/cases/{number}/agreement", Cost::page(reads()), get(pages::agreement::get))
        .route("/cases/{number}/agreement", Cost::form(handles()), post(pages::agreement::post))
        .route("/cases/{number}/sessions", Cost::page(reads()), get(pages::sessions::get))
        .route("/cases/{number}/sessions", Cost::form(handles()), post(pages::sessions::post))
        .route("/cases/{number}/sessions/open", Cost::form(opens()), post(pages::sessions::open))
        .route("/follow/{number}/agreement", Cost::page(Need::Anyone), get(pages::agreement::own))
        .route("/follow/{number}/agreement", Cost::form(follows()), post(pages::agreement::reported))
        .route("/follow/{number}/name", Cost::form(follows()), get(pages::own::name).post(pages::own::named))
        .route("/follow/{number}/ended", Cost::page(Need::Anyone), get(pages::own::ended))
        .merge(power_routes(&counter))
        .with_state(desk)
}

/// The pages of powers of attorney: for whoever mediates, for the parties, and for those who act for them.
fn power_routes(counter: &Counter) -> Routes<Arc<Hearings>> {
    let (handles, follows) = (|| Need::May(Permission::CaseHandle), || counter.pass_or_account());
    Routes::new()
        .route("/hearings/represent", Cost::form(Need::Anyone), get(pages::represent::get).post(pages::represent::post))
        .route("/cases/{number}/powers", Cost::form(handles()), get(pages::powers::get).post(pages::powers::post))
        .route("/cases/{number}/powers/{power}/paper", Cost::page(handles()), get(pages::power_file::get))
        .route("/cases/{number}/powers/{power}/paper", Cost::upload(handles()), post(pages::power_file::post))
        .route("/follow/{number}/powers", Cost::form(follows()), get(pages::powers::own).post(pages::powers::owned))
        .route("/follow/{number}/powers/{power}/paper", Cost::page(follows()), get(pages::power_file::own))
}
