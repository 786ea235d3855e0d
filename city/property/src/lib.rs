//! Property 红色物业·业主共同决定: who owns what in a compound and what the owners decide together, by area and by
//! heads (Civil Code, article 278); which company serves it, what was promised at the three-party table, and the
//! owners' money.

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
use cases::Cases;
use counter::Counter;
use hall::{Fault, Hall};
use house::{Chore, Department, House, OpenFault, Section, When, Work, each_move};
use jobs::{Job, JobError};
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use store::{Migration, Store};
use web::{Cost, Heading, Need, Routes, Service};

use rules::company::NoticeDays;
use words::first_meeting::{Variant, Variants};
use words::fund::FundRules;
use words::grade::Scales;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "property/0001_register", sql: include_str!("../migrations/0001_register.sql") },
    Migration { name: "property/0002_companies", sql: include_str!("../migrations/0002_companies.sql") },
    Migration { name: "property/0003_table", sql: include_str!("../migrations/0003_table.sql") },
    Migration { name: "property/0004_first_meeting", sql: include_str!("../migrations/0004_first_meeting.sql") },
    Migration { name: "property/0005_income", sql: include_str!("../migrations/0005_income.sql") },
    Migration { name: "property/0011_votes", sql: include_str!("../migrations/0011_votes.sql") },
    Migration { name: "property/0012_fund", sql: include_str!("../migrations/0012_fund.sql") },
    Migration { name: "property/0013_called_off", sql: include_str!("../migrations/0013_called_off.sql") },
    Migration { name: "property/0014_fund", sql: include_str!("../migrations/0014_fund.sql") },
    Migration { name: "property/0015_payer", sql: include_str!("../migrations/0015_payer.sql") },
    Migration { name: "property/0016_links", sql: include_str!("../migrations/0016_links.sql") },
    Migration { name: "property/0017_first_vote", sql: include_str!("../migrations/0017_first_vote.sql") },
    Migration { name: "property/0018_tallies", sql: include_str!("../migrations/0018_tallies.sql") },
    Migration { name: "property/0019_account", sql: include_str!("../migrations/0019_account.sql") },
    Migration { name: "property/0020_corrections", sql: include_str!("../migrations/0020_corrections.sql") },
    Migration { name: "property/0021_proxy_name", sql: include_str!("../migrations/0021_proxy_name.sql") },
    Migration { name: "property/0022_account_part", sql: include_str!("../migrations/0022_account_part.sql") },
    Migration { name: "property/0023_off_and_notice", sql: include_str!("../migrations/0023_off_and_notice.sql") },
    Migration { name: "property/0024_table_hour", sql: include_str!("../migrations/0024_table_hour.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The job that counts votes which nobody looked at since their end.
const COUNT: &str = "property.count";

/// Property as a department.
pub const DEPARTMENT: Department = Department {
    name: "property",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: words::table::INDICATORS,
    open,
    work,
};

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Property::new(house.get::<Hall>()?, house.get::<Counter>()?);
    house.keep(Arc::new(desk));
    open_companies(house)
}

/// Opens the desk of companies with the data that it needs.
fn open_companies(house: &mut House) -> Result<(), OpenFault> {
    let scales: Scales = read(house, "property/scales.toml")?;
    if scales.used().is_none() {
        return Err(OpenFault::Sentences(vec![format!("property/scales.toml: no scale is called {}", scales.used)]));
    }
    if let Some(scale) = scales.scale.iter().find(|scale| scale.valid_months < 1 && scale.valid_days < 1) {
        let told = format!("property/scales.toml: {} does not say for how long a record counts", scale.code);
        return Err(OpenFault::Sentences(vec![told]));
    }
    let variants: Variants = read(house, "property/first_meeting.toml")?;
    if !variants.are_known() {
        return Err(OpenFault::Sentences(vec!["property/first_meeting.toml: a variant is not known".to_owned()]));
    }
    let fund: FundRules = read(house, "property/fund.toml")?;
    let fund = Arc::new(fund);
    let (hall, cases, votes) = (house.get::<Hall>()?, house.get::<Cases>()?, house.get::<Property>()?);
    cases.register(Arc::new(kind::Uses::new(hall.clone(), fund.clone())))?;
    let bodies = house.get::<Bodies>()?;
    bodies.know(Arc::new(actions::company::known));
    let days = hall.clone();
    bodies.bound(Arc::new(move |tx, link| actions::elected::first_day(tx, &days, link)));
    let desk = Companies { hall, cases, votes, bodies, scales, variants, fund };
    house.keep(Arc::new(desk));
    Ok(())
}

/// Reads a file of the city's data.
fn read<T: serde::de::DeserializeOwned>(house: &House, name: &str) -> Result<T, OpenFault> {
    let text = house.installation.data.file(name)?;
    toml::from_str(&text).map_err(|fault| OpenFault::Sentences(vec![format!("{name}: {fault}")]))
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Property>()?;
    let counting = desk.clone();
    let count = move |store: &Store, _: &Job, now: Instant| counting.count_all(store, now).map_err(JobError::from);
    let (opening, telling) = (desk.clone(), desk.clone());
    let open = move |store: &Store, job: &Job, now: Instant| opening.tell_opened(store, job, now);
    let tell = move |store: &Store, job: &Job, now: Instant| telling.tell_next(store, job, now);
    let companies = house.get::<Companies>()?;
    let mut work = Work {
        sections: vec![Section { order: 40, show: pages::votes::of_place(&desk) }],
        routes: routes(desk),
        services: services(),
        chores: vec![
            Chore::new(COUNT, When::AtOpening, count),
            Chore::new(actions::telling::OPEN, When::Asked, open),
            Chore::new(actions::telling::TELL, When::Asked, tell),
        ],
        moved: vec![each_move(relocate)],
        ..Work::default()
    };
    work.routes = work.routes.merge(company_routes(companies.clone())).merge(table_routes(companies.clone()));
    work.routes = work.routes.merge(first_routes(companies.clone())).merge(money_routes(companies.clone()));
    work.services.extend(pages::shown::services());
    work.sections.extend(pages::shown::sections(&companies));
    work.lanes.extend(pages::shown::lanes(&companies));
    work.sought.extend(pages::shown::sought());
    work.moved.extend([each_move(records::company::relocate), each_move(records::table::relocate)]);
    work.moved.extend([each_move(records::first_meeting::relocate), each_move(records::income::relocate)]);
    work.chores.extend(chores::all(&companies));
    work.moved.extend([each_move(records::fund::relocate), each_move(records::account::relocate)]);
    work.demonstration.push(Arc::new(move |stage| demonstration::fill(&companies, stage)));
    Ok(work)
}

/// The desk of this department.
pub struct Property {
    hall: Arc<Hall>,
    counter: Arc<Counter>,
}

impl Property {
    /// Opens the desk in a hall. The counter slows down whoever guesses codes.
    #[must_use]
    pub fn new(hall: Arc<Hall>, counter: Arc<Counter>) -> Self {
        Self { hall, counter }
    }
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
    let (edit, read) = (Some(May::PropertyEdit), Some(May::PropertyRead));
    let votes = ("property-votes", "property-votes-for");
    vec![
        service(Heading::Community, ("property-nav", "property-nav-for"), "/property", edit, 61),
        service(Heading::Topics, votes, "/property/votes/kept", read, 64),
        service(Heading::Mine, ("property-nav-own", "property-nav-own-for"), "/property/votes", None, 69),
        service(Heading::Mine, ("property-nav-link", "property-nav-link-for"), "/property/link", None, 70),
    ]
}

/// Its pages.
pub fn routes(desk: Arc<Property>) -> Routes {
    let edits = || Need::May(May::PropertyEdit);
    Routes::new()
        .route("/property", Cost::page(Need::SignedIn), get(pages::list::get))
        .route(
            "/property/compounds/{compound}",
            Cost::upload(edits()),
            get(pages::register::get).post(pages::register::post),
        )
        .route("/property/compounds/{compound}/template", Cost::export(edits()), get(pages::register::template))
        .route("/property/compounds/{compound}/letters", Cost::form(edits()), post(pages::letters::post))
        .route("/property/units/{unit}", Cost::form(edits()), get(pages::unit::get).post(pages::unit::post))
        .route(
            "/property/units/{unit}/edit",
            Cost::form(edits()),
            get(pages::unit_edit::get).post(pages::unit_edit::post),
        )
        .route(
            "/property/compounds/{compound}/votes",
            Cost::form(edits()),
            get(pages::call::get).post(pages::call::post),
        )
        .route("/property/votes", Cost::page(Need::SignedIn), get(pages::votes::get))
        .route("/property/votes/kept", Cost::list(Need::SignedIn), get(pages::votes::kept))
        .route("/property/votes/{vote}", Cost::page(Need::SignedIn), get(pages::vote::get))
        .route("/property/votes/{vote}/print", Cost::page(Need::SignedIn), get(pages::print::get))
        .route("/property/votes/{vote}/roll", Cost::page(Need::SignedIn), get(pages::roll::get))
        .route("/property/votes/{vote}/audit", Cost::list(Need::SignedIn), get(pages::roll::lines))
        .route("/property/votes/{vote}/audit.csv", Cost::export(Need::SignedIn), get(pages::roll::audit))
        .route(
            "/property/votes/{vote}/ballot/{number}",
            Cost::form(Need::SignedIn),
            get(pages::ballot::get).post(pages::ballot::post),
        )
        .route("/property/votes/{vote}/receipt/{number}", Cost::page(Need::SignedIn), get(pages::ballot::receipt))
        .route("/property/votes/{vote}/sheets", Cost::form(edits()), get(pages::sheets::get).post(pages::sheets::post))
        .route(
            "/property/votes/{vote}/proxies",
            Cost::form(edits()),
            get(pages::proxies::get).post(pages::proxies::post),
        )
        .route("/property/votes/{vote}/back", Cost::form(edits()), get(pages::back::get).post(pages::back::post))
        .route("/property/votes/{vote}/off", Cost::form(edits()), get(pages::off::get).post(pages::off::post))
        .route("/property/link", Cost::form(Need::SignedIn), get(pages::link::get).post(pages::link::post))
        .with_state(desk)
}

/// The desk of companies: whom they serve, what is on record of them, and what is agreed at the three-party table.
pub struct Companies {
    hall: Arc<Hall>,
    cases: Arc<Cases>,
    /// The register and its votes.
    votes: Arc<Property>,
    bodies: Arc<Bodies>,
    scales: Scales,
    variants: Variants,
    fund: Arc<FundRules>,
}

impl Companies {
    /// The days between a notice and the end of a contract at a place.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub fn notice_days(&self, place: &PlacePath, on: Date) -> Result<NoticeDays, Fault> {
        let dismissal = self.hall.figure_at(words::DISMISSAL_NOTICE, place, on)?;
        let renewal = self.hall.figure_at(words::RENEWAL_NOTICE, place, on)?;
        Ok(NoticeDays { dismissal, renewal })
    }

    /// What the province writes of first owners' meetings, as it holds on a day.
    ///
    /// # Errors
    /// The data of the city has nothing for that day.
    pub fn variant(&self, on: Date) -> Result<&Variant, Fault> {
        self.variants.on(on).ok_or_else(|| Fault::Broken(format!("property/first_meeting.toml: nothing on {on}")))
    }
}

/// The pages of companies. Everybody may see a company; those who keep the register see the list.
fn company_routes(desk: Arc<Companies>) -> Routes {
    let (keeps, answers) = (|| Need::May(May::PropertyCompany), || Need::May(May::PropertyAppeal));
    Routes::new()
        .route("/property/companies", Cost::list(keeps()), get(pages::companies::get))
        .route("/property/companies/file", Cost::export(keeps()), get(pages::companies::file))
        .route(
            "/property/companies/new",
            Cost::form(keeps()),
            get(pages::companies::new).post(pages::companies::register),
        )
        .route(
            "/property/companies/import",
            Cost::upload(keeps()),
            get(pages::company_sheet::get).post(pages::company_sheet::post),
        )
        .route("/property/companies/template", Cost::export(keeps()), get(pages::company_sheet::template))
        .route("/property/companies/{id}", Cost::page(Need::Anyone), get(pages::company::get))
        .route(
            "/property/companies/{id}/edit",
            Cost::form(keeps()),
            get(pages::companies::edit).post(pages::companies::change),
        )
        .route(
            "/property/companies/{id}/contract",
            Cost::form(keeps()),
            get(pages::contracts::new).post(pages::contracts::add),
        )
        .route(
            "/property/contracts/{id}/notice",
            Cost::form(keeps()),
            get(pages::contracts::notice).post(pages::contracts::give_notice),
        )
        .route(
            "/property/companies/{id}/staff",
            Cost::form(keeps()),
            get(pages::contracts::staff).post(pages::contracts::add_staff),
        )
        .route("/property/staff/{id}/out", Cost::form(keeps()), post(pages::contracts::staff_out))
        .route(
            "/property/companies/{id}/record",
            Cost::form(keeps()),
            get(pages::grades::new).post(pages::grades::enter),
        )
        .route(
            "/property/records/{id}/appeal",
            Cost::form(keeps()),
            get(pages::grades::appeal).post(pages::grades::enter_appeal),
        )
        .route(
            "/property/records/{id}/answer",
            Cost::form(answers()),
            get(pages::grades::answer).post(pages::grades::enter_answer),
        )
        .route("/property/appeals", Cost::list(answers()), get(pages::grades::list))
        .with_state(desk)
}

/// The pages of three-party tables. Everybody may see what was agreed; those who lead them enter it.
fn table_routes(desk: Arc<Companies>) -> Routes {
    let leads = || Need::May(May::PropertyTable);
    Routes::new()
        .route("/property/tables", Cost::list(Need::SignedIn), get(pages::tables::get))
        .route("/property/near", Cost::page(Need::Anyone), get(pages::near::get))
        .route("/property/tables/of/{id}", Cost::list(Need::Anyone), get(pages::tables::of_place))
        .route("/property/tables/new", Cost::form(leads()), get(pages::tables::new).post(pages::tables::call))
        .route("/property/tables/{id}", Cost::page(Need::Anyone), get(pages::table::get))
        .route(
            "/property/tables/{id}/issue",
            Cost::form(leads()),
            get(pages::table::issue).post(pages::table::add_issue),
        )
        .route(
            "/property/issues/{id}/edit",
            Cost::form(leads()),
            get(pages::table::edit_issue).post(pages::table::change_issue),
        )
        .route(
            "/property/issues/{id}/commitment",
            Cost::form(leads()),
            get(pages::table::commitment).post(pages::table::promise),
        )
        .route("/property/tables/{id}/hold", Cost::form(leads()), get(pages::held::hold).post(pages::held::enter_held))
        .route(
            "/property/tables/{id}/minutes",
            Cost::form(leads()),
            get(pages::held::minutes).post(pages::held::correct),
        )
        .route(
            "/property/commitments/{id}/settle",
            Cost::form(leads()),
            get(pages::table::settle).post(pages::table::enter_outcome),
        )
        .route("/property/rows", Cost::list(Need::May(May::PropertyRead)), get(pages::rows::get))
        .with_state(desk)
}

/// The pages of first owners' meetings and of committees that were elected. Everybody may see how far a compound is.
fn first_routes(desk: Arc<Companies>) -> Routes {
    let prepares = || Need::May(May::PropertyFirst);
    Routes::new()
        .route(
            "/property/votes/{vote}/elected",
            Cost::form(Need::May(bodies::May::BodiesEdit)),
            get(pages::elected::get).post(pages::elected::post),
        )
        .route("/property/first", Cost::list(prepares()), get(pages::first_meeting::get))
        .route(
            "/property/first/new",
            Cost::form(prepares()),
            get(pages::first_meeting::new).post(pages::first_meeting::enter),
        )
        .route("/property/first/{id}", Cost::page(Need::Anyone), get(pages::first_meeting::one))
        .route(
            "/property/first/{id}/edit",
            Cost::form(prepares()),
            get(pages::first_meeting::edit).post(pages::first_meeting::change),
        )
        .route(
            "/property/first/{id}/vote",
            Cost::form(prepares()),
            get(pages::first_vote::get).post(pages::first_vote::post),
        )
        .with_state(desk)
}

/// The pages about the owners' money: whether a use of the maintenance fund is possible, the uses that were entered,
/// and the income of shared parts. Everybody may see them.
fn money_routes(desk: Arc<Companies>) -> Routes {
    Routes::new()
        .route("/property/fund", Cost::form(Need::Anyone), get(pages::fund::get).post(pages::fund::check))
        .route("/property/fund/cases", Cost::list(Need::May(May::PropertyFund)), get(pages::uses::cases))
        .route("/property/fund/of/{id}", Cost::list(Need::Anyone), get(pages::uses::of_place))
        .route(
            "/property/fund/new",
            Cost::form(Need::May(May::PropertyFund)),
            get(pages::uses::new).post(pages::uses::enter),
        )
        .route(
            "/property/accounts/new",
            Cost::form(Need::May(May::PropertyFund)),
            get(pages::account::new).post(pages::account::open),
        )
        .route("/property/accounts/{id}", Cost::list(Need::Anyone), get(pages::account::get))
        .route(
            "/property/accounts/{id}/entry",
            Cost::form(Need::May(May::PropertyFund)),
            get(pages::account::entry).post(pages::account::enter),
        )
        .route("/cases/{number}/fund", Cost::page(Need::May(Permission::CaseRead)), get(pages::uses::get))
        .route("/cases/{number}/fund", Cost::form(Need::May(Permission::CaseAccept)), post(pages::uses::post))
        .route("/property/income/of/{id}", Cost::list(Need::Anyone), get(pages::income::of_place))
        .route(
            "/property/income/new",
            Cost::form(Need::May(May::PropertyIncome)),
            get(pages::income_form::new).post(pages::income_form::publish),
        )
        .route(
            "/property/income/{id}/correct",
            Cost::form(Need::May(May::PropertyIncome)),
            get(pages::income_form::correct).post(pages::income_form::publish_corrected),
        )
        .route("/property/income/{id}", Cost::list(Need::Anyone), get(pages::income::get))
        .route("/property/income/{id}/file", Cost::export(Need::Anyone), get(pages::income::file))
        .with_state(desk)
}
