//! The counter 全市通办: any item, any resident, at any community of the city, online, or at home.
//!
//! A resident finds an item, applies, tracks and rates; a worker enters any item on one page. The department of cases
//! opens and moves the case itself. The city edits the catalogue in the browser: a draft, its effect on past cases, a
//! release from a chosen day. Sources: the catalogue in `data/catalogue`, the procedures in `data/procedures`.

pub mod actions;
mod attempts;
pub mod catalogue;
mod chores;
pub mod editing;
pub mod forms;
pub mod pages;
mod permissions;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::{APPLICANT, Applied, Arrival, is_the_same};
pub use attempts::{Bound, Guess, Sent, too_many_as};
pub use editing::Book;
pub use pages::bounded;
pub use pages::coded::Coded;
pub use pages::followed::Followed;
pub use permissions::May;
pub use refusals::Why;
pub use rules::application;
pub use words::{Answers, Application, Ask};

use std::sync::{Arc, OnceLock};

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use cases::kind::{Files, Series};
use cases::{Cases, Kind, Known, ReceiptCode};
use hall::Fault;
use house::{Chore, Department, House, OpenFault, Shown, When, Work};
use jobs::ChannelKind;
use kernel::case::{Case, SERVICE};
use kernel::language::Lang;
use kernel::permission::Permission;
use press::Press;
use store::{Migration, Store, Tx};
use tries::Guard;
use web::{Cost, Need, Page, Routes};

use crate::catalogue::Catalogue;

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "counter/0001_catalogue", sql: include_str!("../migrations/0001_catalogue.sql") },
    Migration { name: "counter/0002_saved", sql: include_str!("../migrations/0002_saved.sql") },
    Migration { name: "counter/0003_documents", sql: include_str!("../migrations/0003_documents.sql") },
    Migration { name: "counter/0004_editors", sql: include_str!("../migrations/0004_editors.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The counter as a department.
pub const DEPARTMENT: Department = Department {
    name: "counter",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    permissions: May::ALL,
    refusals: Why::ALL,
    rules: words::RULES,
    open,
    work,
    ..Department::EMPTY
};

/// The job that puts versions of items in force whose day has come, from the first minute of that day.
const RENEW: &str = "counter.renew";

/// Reads the catalogue, supplies the desk of cases with it, and opens the counter.
fn open(house: &mut House) -> Result<(), OpenFault> {
    let cases = house.get::<Cases>()?;
    let book = Arc::new(editing::of_installation(house, cases.procedures())?);
    cases.items.supply(book.clone());
    cases.register(Arc::new(Service { book: book.clone() }))?;
    let print = house.get::<Press>()?.available();
    let counter = Counter::new(cases, book.clone(), house.installation.https);
    let counter = counter.printing(print).at(&house.installation.public_url).sending(&house.installation.at_request);
    let counter = counter.beside(&house.shown);
    counter.renew_blocking((house.clock)())?;
    house.keep(book);
    house.keep(Arc::new(counter));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let counter = house.get::<Counter>()?;
    let renewing = counter.clone();
    let renew = move |_: &Store, _: &jobs::Job, now| Ok(renewing.renew_blocking(now)?);
    let chores = vec![Chore::new(RENEW, When::AtMinute(0), renew), chores::forgetting(&counter)];
    Ok(Work {
        routes: routes(counter.clone()),
        chores,
        recipients: vec![chores::recipient(&counter, house.get()?)],
        urgent: vec![chores::LINK],
        ..pages::shown::shown(&counter)
    })
}

/// The counter: the catalogue, the desk of cases, and what keeps numbers from being guessed.
pub struct Counter {
    /// The desk that opens and moves cases.
    pub cases: Arc<Cases>,
    /// The catalogue of items with its versions.
    pub book: Arc<Book>,
    /// Cookies are sent over https only.
    pub https: bool,
    /// The receipt can be had as PDF.
    pub prints_pdf: bool,
    /// The address of the platform that the square on a receipt carries, without a slash at its end.
    pub public_url: String,
    /// The channels through which somebody may have the link to what she saved sent to herself.
    pub sends: Vec<ChannelKind>,
    /// What departments show on each other's pages.
    shown: Arc<Shown>,
    guard: Guard,
    joiners: OnceLock<Arc<Joiners>>,
}

/// Says whether somebody joined a case that another brought up, with a code that is not the one of the case.
pub type Joiners = dyn Fn(&mut dyn Tx, &Known, &ReceiptCode) -> Result<bool, Fault> + Send + Sync;

impl Counter {
    /// A counter over a desk and a catalogue.
    #[must_use]
    pub fn new(cases: Arc<Cases>, book: Arc<Book>, https: bool) -> Self {
        let guard = Guard::new(cases.hall.vault.derive_key(tries::KEY), https);
        let (public_url, sends, shown) = (String::new(), Vec::new(), Arc::default());
        let joiners = OnceLock::new();
        Self { cases, book, https, prints_pdf: false, public_url, sends, shown, guard, joiners }
    }

    /// The catalogue in force; whoever asks keeps it for as long as the request runs.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.book.now()
    }

    /// Leads whoever types the number and the code of somebody who joined a case to where she reads of it.
    pub fn know_joiners(&self, joiners: Arc<Joiners>) {
        drop(self.joiners.set(joiners));
    }

    /// The same counter, at the address that people open.
    #[must_use]
    pub fn at(mut self, public_url: &str) -> Self {
        public_url.trim_end_matches('/').clone_into(&mut self.public_url);
        self
    }

    /// The same counter, which knows what other departments find and number.
    #[must_use]
    pub fn beside(mut self, shown: &Arc<Shown>) -> Self {
        self.shown = shown.clone();
        self
    }

    /// The same counter, which sends links through these channels to whoever asks for it.
    #[must_use]
    pub fn sending(mut self, channels: &[ChannelKind]) -> Self {
        self.sends = channels.to_vec();
        self
    }

    /// The same counter, offering receipts as PDF where a press is installed.
    #[must_use]
    pub fn printing(mut self, pdf: bool) -> Self {
        self.prints_pdf = pdf;
        self
    }
}

/// Applications as a kind of case: their item names them, and they are numbered without a letter.
struct Service {
    book: Arc<Book>,
}

impl Kind for Service {
    fn code(&self) -> &'static str {
        SERVICE
    }

    fn series(&self) -> Series {
        Series::Applications
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        self.book.now().get(item).map(|item| item.name.get(lang).to_owned())
    }

    fn has_letters(&self) -> bool {
        true
    }

    fn files(&self) -> Files {
        Files::Sealed { role: APPLICANT }
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let told = case.fields.contains_key(actions::FIELD_AGE);
        told.then(|| (page.t("counter-age-fact"), page.t("counter-age-fact-told"))).into_iter().collect()
    }

    fn person(&self) -> Option<&'static str> {
        Some(APPLICANT)
    }
}

/// Pages of the counter.
pub fn routes(counter: Arc<Counter>) -> Routes {
    Routes::new()
        .route("/", Cost::page(Need::Anyone), get(pages::home::home))
        .route("/items", Cost::page(Need::Anyone), get(pages::home::items))
        .route("/family", Cost::page(Need::Anyone), get(pages::family::get))
        .route("/items/{code}", Cost::page(Need::Anyone), get(pages::guide::get))
        .route("/apply/{code}", Cost::form(Need::Anyone), get(pages::apply::get).post(pages::apply::post))
        .route("/apply/resume", Cost::form(Need::Anyone), get(pages::draft::typing).post(pages::draft::typed))
        .route("/apply/resume/{code}", Cost::page(Need::Anyone), get(pages::draft::resume))
        .route("/apply/resume/{code}/send", Cost::form(Need::Anyone), post(pages::draft_message::post))
        .route("/receipt/{number}", Cost::page(Need::Anyone), get(pages::receipt::get))
        .route("/receipt/{number}", Cost::form(Need::May(Permission::CaseAccept)), post(pages::renew::post))
        .route("/follow", Cost::form(Need::Anyone), get(pages::follow::get).post(pages::follow::post))
        .route("/follow/{number}", Cost::page(Need::Anyone), get(pages::follow::status))
        .route("/desk", Cost::form(Need::May(Permission::CaseAccept)), get(pages::desk::get).post(pages::desk::post))
        .route(
            "/cases/{number}/home",
            Cost::form(Need::May(Permission::CaseAccept)),
            get(pages::settle::get).post(pages::settle::post),
        )
        .merge(followed_routes(&counter))
        .merge(editing_routes())
        .with_state(counter)
}

/// Forms of a case that somebody follows. Each leaves something behind, so they are bounded.
fn followed_routes(counter: &Arc<Counter>) -> Routes<Arc<Counter>> {
    let pass = || counter.pass_or_account();
    Routes::new()
        .route("/follow/{number}/act", Cost::form(pass()), post(pages::handing::act))
        .route("/follow/{number}/rate", Cost::form(pass()), post(pages::rating::rate))
        .route("/follow/{number}/again", Cost::form(pass()), post(pages::rating::rate_again))
        .route("/follow/{number}/say", Cost::form(pass()), post(pages::follow::say))
        .route("/follow/{number}/notices", Cost::form(pass()), post(pages::notices::post))
        .route("/follow/{number}/request", Cost::form(pass()), post(pages::own_data::request))
        .route("/follow/{number}/copy", Cost::form(pass()), post(pages::own_data::copy))
        .wrapped(|answers| answers.route_layer(from_fn_with_state(counter.clone(), pages::bounded)))
}

/// Pages on which the city edits the catalogue.
fn editing_routes() -> Routes<Arc<Counter>> {
    use pages::catalogue::{edit, import, list, preview, release};
    let edits = || Need::May(May::CatalogueEdit);
    Routes::new()
        .route("/catalogue", Cost::page(edits()), get(list::get))
        .route("/catalogue/new", Cost::form(edits()), get(edit::new).post(edit::begin))
        .route("/catalogue/import", Cost::upload(edits()), get(import::get).post(import::post))
        .route("/catalogue/import/drafts", Cost::upload(edits()), post(import::keep))
        .route("/catalogue/template", Cost::export(edits()), get(import::template))
        .route("/catalogue/export", Cost::export(edits()), get(list::export))
        .route("/catalogue/{code}", Cost::page(edits()), get(list::history))
        .route("/catalogue/{code}/edit", Cost::form(edits()), get(edit::get).post(edit::post))
        .route("/catalogue/{code}/drop", Cost::form(edits()), post(edit::discard))
        .route("/catalogue/{code}/text", Cost::page(edits()), get(edit::text))
        .route("/catalogue/{code}/preview", Cost::page(edits()), get(preview::get))
        .route("/catalogue/{code}/release", Cost::form(edits()), get(release::get).post(release::post))
        .route("/catalogue/{code}/document", Cost::form(edits()), post(release::document))
        .route("/catalogue/{code}/withdraw", Cost::form(edits()), post(release::withdraw))
}
