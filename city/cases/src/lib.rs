//! Cases 办件: the desk of everything that starts, has an owner and a due date, and ends.
//!
//! It shows queues in order of due date, one case on one page with its clocks and the reasons for them, and
//! supervision of the offices below. The engine in the kernel decides; this department stores, shows and announces.
//! Sources: the procedures in `data/procedures`, the limits in the catalogue, working time in `data/calendar`.

pub mod actions;
mod chores;
pub mod code;
pub mod drafts;
pub mod kind;
pub mod notices;
pub mod pages;
pub mod pass;
pub mod records;
mod refusals;
pub mod rules;
pub mod words;

pub use actions::{
    Arisen, Doing, Guard, Held, Known, Looking, NewCase, OPENED, Origin, Renewing, Step, TOPIC_MOVED, Words,
    decider_of, district, events_of, left_since, own_record,
};
pub use chores::handle;
pub use code::{CodeKey, CodeMark, ReceiptCode, Spelling};
pub use kind::Kind;
pub use notices::{
    About, BELOW, Message, NoticeLine, Recipient, ReminderDates, STEP_TAKEN, in_app, outside, outside_party,
    rating_asked, reminders, told,
};
pub use pages::case::{own_counter, person};
pub use pages::requests::{Asking, RequestKind, RequestLine};
pub use pages::row::Row;
pub use pages::steps::{ActionForm, StepGiven, drawn, unread};
pub use pages::sure::{act as act_on, refused as refused_on};
pub use pages::talk::{Hearer, Saying, TalkLine};
pub use pages::units::UnitsOffered;
pub use pages::unkept::Unkept;
pub use pages::view::{AskedRow, AskedView, CaseView, DateStory, limit_words, story};
pub use pass::{COOKIE as PASS_COOKIE, Pass, PassKey};
pub use records::figures::month_sum;
pub use records::looks::{is_told_of_looks, set_told_of_looks};
pub use records::requests::{RequestRow, end_of as forget, open as open_requests};
pub use records::search::readable;
pub use records::talk::{is_quiet, set_quiet};
pub use records::wishes::{looks_herself, set_looks_herself, set_wants_looks, wants_looks};
pub use records::{
    CaseRow, Column, Counts, Naming, Nearness, Remindable, Share, asked_inside, count, in_state, naming, of_account,
    of_person, open_of, queue, queue_at_offices, queue_in_state, remindable,
};
pub use records::{Key, unrated};
pub use refusals::Why;
pub use rules::figures::{Month, month};
pub use rules::indicators::INDICATORS;
pub use rules::offices::office_words;
pub use rules::procedures::Procedures;
pub use rules::search::Named;
pub use rules::{act_by, due as due_by, told_as, way_ahead};
pub use words::{
    ASPECTS, CASE_ACCEPT_OR_TELL_MISSING, CASE_PERSONAL_DATA_RETENTION_DAYS, CASE_SUPPLY_MISSING, Cursor, ItemFacts,
    Items, LateItems, PAPERS_LOOK_MINUTES, PersonLine, REMINDER_BEFORE_DUE, ReadyText,
};

use std::sync::{Arc, Mutex, RwLock};

use axum::routing::{get, post};
use hall::{Fault, Hall};
use house::{Department, House, OpenFault, Shown, Work};
use identity::Roles;
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::place::PlaceId;
use kernel::procedure::Procedure;
use kernel::time::Instant;
use store::{Migration, StoreError, Tx};
use uuid::Uuid;
use web::{Cost, Need, Page, Routes};

/// Tables of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "cases/0001_case", sql: include_str!("../migrations/0001_case.sql") },
    Migration { name: "cases/0002_handling", sql: include_str!("../migrations/0002_handling.sql") },
    Migration { name: "cases/0003_figures", sql: include_str!("../migrations/0003_figures.sql") },
    Migration { name: "cases/0004_requests", sql: include_str!("../migrations/0004_requests.sql") },
    Migration { name: "cases/0005_order", sql: include_str!("../migrations/0005_order.sql") },
    Migration { name: "cases/0006_find", sql: include_str!("../migrations/0006_find.sql") },
    Migration { name: "cases/0007_figures", sql: include_str!("../migrations/0007_figures.sql") },
    Migration { name: "cases/0008_quiet", sql: include_str!("../migrations/0008_quiet.sql") },
    Migration { name: "cases/0009_late", sql: include_str!("../migrations/0009_late.sql") },
    Migration { name: "cases/0010_by_district", sql: include_str!("../migrations/0010_by_district.sql") },
    Migration { name: "cases/0011_indexes", sql: include_str!("../migrations/0011_indexes.sql") },
    Migration { name: "cases/0012_late_open", sql: include_str!("../migrations/0012_late_open.sql") },
    Migration { name: "cases/0013_divided", sql: include_str!("../migrations/0013_divided.sql") },
    Migration { name: "cases/0014_figures", sql: include_str!("../migrations/0014_figures.sql") },
    Migration { name: "cases/0015_kinds", sql: include_str!("../migrations/0015_kinds.sql") },
    Migration { name: "cases/0016_late_open", sql: include_str!("../migrations/0016_late_open.sql") },
    Migration { name: "cases/0017_open_counted", sql: include_str!("../migrations/0017_open_counted.sql") },
    Migration { name: "cases/0018_open", sql: include_str!("../migrations/0018_open.sql") },
    Migration { name: "cases/0019_looks_told", sql: include_str!("../migrations/0019_looks_told.sql") },
    Migration { name: "cases/0020_code", sql: include_str!("../migrations/0020_code.sql") },
    Migration { name: "cases/0021_words", sql: include_str!("../migrations/0021_words.sql") },
    Migration { name: "cases/0022_held", sql: include_str!("../migrations/0022_held.sql") },
    Migration { name: "cases/0023_held_key", sql: include_str!("../migrations/0023_held_key.sql") },
    Migration { name: "cases/0024_act_by", sql: include_str!("../migrations/0024_act_by.sql") },
    Migration { name: "cases/0025_seat", sql: include_str!("../migrations/0025_seat.sql") },
    Migration { name: "cases/0026_lies", sql: include_str!("../migrations/0026_lies.sql") },
    Migration { name: "cases/0027_stays", sql: include_str!("../migrations/0027_stays.sql") },
    Migration { name: "cases/0028_units", sql: include_str!("../migrations/0028_units.sql") },
    Migration { name: "cases/0029_talk_party", sql: include_str!("../migrations/0029_talk_party.sql") },
    Migration { name: "cases/0030_request_party", sql: include_str!("../migrations/0030_request_party.sql") },
    Migration { name: "cases/0031_party_wishes", sql: include_str!("../migrations/0031_party_wishes.sql") },
    Migration { name: "cases/0032_passed", sql: include_str!("../migrations/0032_passed.sql") },
];

/// Texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The desk of cases as a department.
pub const DEPARTMENT: Department = Department {
    name: "cases",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: INDICATORS,
    open,
    work,
    ..Department::EMPTY
};

/// Reads the procedures and the roles, and opens the desk.
fn open(house: &mut House) -> Result<(), OpenFault> {
    let procedures = Procedures::load(&house.installation.data.files("procedures", ".toml")?);
    let procedures = procedures.map_err(OpenFault::Faults)?;
    let hall = house.get::<Hall>()?;
    let faults = procedures.missing_limits(&hall.rulebook, hall.day((hall.clock)()));
    if !faults.is_empty() {
        return Err(OpenFault::Faults(faults));
    }
    let roles = Roles::load(&house.installation.data.files("roles", ".toml")?, &house.permissions);
    let roles = roles.map_err(OpenFault::Faults)?;
    let cases = Cases::new(hall, procedures, roles, house.shown.clone());
    house.keep(Arc::new(cases));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let cases = house.get::<Cases>()?;
    let following = cases.clone();
    Ok(Work {
        routes: routes(cases.clone()),
        chores: chores::all(&cases, &house.installation.channels),
        moved: vec![Arc::new(move |store, moves, now| chores::follow(&following, store, moves, now))],
        erased: vec![Arc::new(forgotten)],
        recipients: vec![chores::applicant(&cases, house.get()?)],
        ..pages::shown::shown(&cases)
    })
}

/// What is forgotten with a sealed record: the requests about it that are still open, the code of its
/// receipt, what was wished for messages, and what was written about it in people's own words.
fn forgotten(tx: &mut dyn Tx, district: PlaceId, record: Uuid, now: Instant) -> Result<(), StoreError> {
    forget(tx, district, record, now)?;
    records::code::forget(tx, district, record)?;
    records::words::forget(tx, district, record)?;
    records::wishes::forget(tx, district, record)?;
    records::looks::forget(tx, district, record)
}

/// The desk: everything its actions and pages work with.
pub struct Cases {
    /// Store, vault, places, rulebook, calendar.
    pub hall: Arc<Hall>,
    /// The catalogue, once the department that keeps it is open.
    pub items: LateItems,
    /// Signs passes.
    pub pass_key: PassKey,
    /// Makes the codes of receipts and their digests.
    code_key: CodeKey,
    /// Drafts letters, once the department that writes them is open.
    pub drafts: drafts::LateDrafts,
    /// The kinds of cases that departments have registered.
    pub kinds: kind::Kinds,
    /// What departments show beside a case.
    shown: Arc<Shown>,
    procedures: Procedures,
    /// The departments that hear from what a case was opened.
    origins: RwLock<Vec<Origin>>,
    /// What posts of each role may do, so that a case is offered only to colleagues who can work on it.
    roles: Roles,
    /// The names of the places of one tree, for searches.
    place_names: Mutex<Option<(Arc<places::Tree>, Arc<rules::search::PlaceNames>)>>,
}

impl Cases {
    /// A desk in the hall.
    #[must_use]
    pub fn new(hall: Arc<Hall>, procedures: Procedures, roles: Roles, shown: Arc<Shown>) -> Self {
        Self {
            pass_key: PassKey::new(hall.vault.derive_key("cases.pass")),
            code_key: CodeKey::new(hall.vault.derive_key("cases.code")),
            hall,
            items: LateItems::default(),
            drafts: drafts::LateDrafts::default(),
            kinds: kind::Kinds::default(),
            shown,
            procedures,
            origins: RwLock::default(),
            roles,
            place_names: Mutex::default(),
        }
    }

    /// The procedure that new cases follow, by its name.
    ///
    /// # Errors
    /// Data that contradicts itself: the catalogue or a case names a procedure that is not loaded.
    pub fn procedure(&self, name: &str) -> Result<&Procedure, Fault> {
        self.procedures.get(name).ok_or_else(|| Fault::Broken(format!("no procedure {name} in data/procedures")))
    }

    /// The procedure of a case, in the version it was opened under. If that version is not kept, it is the one of
    /// today: then people can look at the case, and the kernel lets nobody act on it.
    ///
    /// # Errors
    /// A procedure that is not loaded at all.
    pub fn procedure_of(&self, case: &kernel::case::Case) -> Result<&Procedure, Fault> {
        match self.procedures.of(&case.procedure, case.procedure_version) {
            Some(procedure) => Ok(procedure),
            None => self.procedure(&case.procedure),
        }
    }

    /// All procedures.
    #[must_use]
    pub fn procedures(&self) -> &Procedures {
        &self.procedures
    }

    /// Registers a kind of case; its department does so when it opens.
    ///
    /// # Errors
    /// Fails if its code or its series is another's, as [`kind::Kinds::register`] says.
    pub fn register(&self, kind: Arc<dyn Kind>) -> Result<(), OpenFault> {
        self.kinds.register(kind)
    }

    /// What a case is about, as its kind says.
    fn subject(&self, case: &kernel::case::Case) -> String {
        self.kinds.get(&case.kind).map_or_else(|| case.item().to_owned(), |kind| kind.subject(case))
    }

    /// The name of a department of an office: as the counter's catalogue says, else as the kinds of cases do.
    #[must_use]
    pub fn department(&self, code: &str) -> Option<Bilingual> {
        self.items.department(code).or_else(|| self.kinds.department(code))
    }

    /// The departments to which a case of a kind may go, code and name: those that the kind brings with it, else those
    /// of the counter's catalogue.
    pub(crate) fn departments_of(&self, kind: &str) -> Vec<(String, Bilingual)> {
        let own = self.kinds.get(kind).map(|kind| kind.departments()).unwrap_or_default();
        if own.is_empty() { self.items.departments() } else { own }
    }

    /// What a case is called: as its kind says, else as its procedure.
    fn title(&self, kind: &str, item: &str, procedure: &str, lang: Lang) -> String {
        let said = self.kinds.get(kind).and_then(|kind| kind.title(item, lang));
        said.unwrap_or_else(|| match self.procedures.get(procedure) {
            Some(procedure) if item.is_empty() => procedure.title.get(lang).to_owned(),
            _ => item.to_owned(),
        })
    }

    /// The words for a state, whatever procedure the item follows today.
    fn state_title(&self, procedure: &str, state: &str, lang: Lang) -> String {
        let titled = self.procedures.state(procedure, state);
        titled.map_or_else(|| state.to_owned(), |state| state.title.get(lang).to_owned())
    }

    fn step_name(&self, procedure: &str, step: &str, lang: Lang) -> String {
        let mut versions = self.procedures.all().filter(|one| one.name == procedure);
        let titled = versions.find_map(|one| one.actions.get(step));
        titled.map_or_else(|| step.to_owned(), |action| action.title.get(lang).to_owned())
    }

    fn page_size(&self, page: &Page) -> Result<i64, Fault> {
        self.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)
    }

    fn export_limit(&self, page: &Page) -> Result<i64, Fault> {
        self.hall.figure(rulebook::LIST_EXPORT_ROWS, page.now)
    }

    /// What is late and what is near now.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub fn nearness(&self, now: Instant) -> Result<records::Nearness, Fault> {
        let limit = self.hall.figure(words::SUPERVISION_YELLOW_LIGHT_BEFORE_DUE, now)?;
        let calendar = self.hall.calendar();
        let (today, soon) = (calendar.zone().date(now), calendar.deadline(now, limit, &[], now).due_on);
        Ok(records::Nearness { today, soon, begins: calendar.zone().instant(today, 0), now })
    }

    /// How many cases wait at an actor's desks, for the head of every page; none for somebody who only looks on.
    pub async fn waiting(self: Arc<Self>, actor: kernel::permission::Actor) -> Option<i64> {
        let works = |permission: &Permission| actor.holding(*permission).next().is_some();
        let scopes = actor.scopes(Permission::CaseRead);
        if scopes.is_empty() || !notices::WORK.iter().any(works) {
            return None;
        }
        let (store, shares, now) = (self.hall.store.clone(), records::Share::of(&scopes), (self.hall.clock)());
        let counted = store.read(move |tx| {
            let mut waiting = 0;
            for share in &shares {
                waiting += records::waiting(tx, share)?;
            }
            let hidden = self.all_hidden_at_desks(tx, &actor, now)?;
            Ok::<_, Fault>(waiting - hidden.open + hidden.stopped)
        });
        counted.await.ok()
    }

    /// The district that a case's number names, and the number; none for anything else.
    pub(crate) fn district_of(&self, number: &str) -> Option<(PlaceId, String)> {
        let number = kernel::identifier::CaseNumber::parse(number).ok()?;
        let code = format!("{}000000", number.district_code());
        let district = self.hall.places.tree().by_code(&code)?.id;
        Some((district, number.as_str().to_owned()))
    }
}

/// Pages of the desk.
pub fn routes(cases: Arc<Cases>) -> Routes {
    Routes::new()
        .route("/queue", Cost::page(Need::May(Permission::CaseRead)), get(pages::queue::get))
        .route("/queue.xlsx", Cost::export(Need::May(Permission::CaseExport)), get(pages::queue::export))
        .route("/queue/read", Cost::form(Need::SignedIn), post(pages::queue::read_notices))
        .route("/queue/bulk", Cost::form(Need::May(Permission::CaseRead)), post(pages::bulk::post))
        .route("/queue/homes", Cost::page(Need::May(Permission::CaseAccept)), get(pages::homes::get))
        .route("/queue/people", Cost::page(Need::May(Permission::CaseRead)), get(pages::people::get))
        .route("/search", Cost::page(Need::May(Permission::CaseRead)), get(pages::search::get))
        .route("/search/person", Cost::form(Need::May(Permission::PersonOpen)), post(pages::search::person))
        .route("/figures", Cost::list(Need::Anyone), get(pages::month::get))
        .route("/figures/rows", Cost::list(Need::May(Permission::CaseRead)), get(pages::counted::get))
        .route("/supervise", Cost::page(Need::May(Permission::CaseSupervise)), get(pages::supervise::get))
        .route("/supervise/late", Cost::page(Need::May(Permission::CaseSupervise)), get(pages::late::get))
        .route("/supervise/late.xlsx", Cost::export(Need::May(Permission::CaseExport)), get(pages::late::export))
        .route("/supervise.xlsx", Cost::export(Need::May(Permission::CaseExport)), get(pages::supervise::export))
        .route("/cases/{number}", Cost::page(Need::May(Permission::CaseRead)), get(pages::case::get))
        .route("/cases/{number}/act", Cost::form(Need::May(Permission::CaseRead)), post(pages::sure::act))
        .route("/cases/{number}/undo", Cost::form(Need::May(Permission::CaseRead)), post(pages::sure::undo))
        .route("/cases/{number}/papers", Cost::form(Need::May(Permission::CaseRead)), post(pages::case::receive))
        .route("/cases/{number}/person", Cost::form(Need::May(Permission::PersonOpen)), post(pages::case::open_person))
        .route("/cases/{number}/do/{deed}", Cost::form(Need::May(Permission::CaseRead)), post(pages::deeds::post))
        .route("/cases/{number}/say", Cost::form(Need::May(Permission::CaseRead)), post(pages::talk::say))
        .route("/cases/{number}/request", Cost::form(Need::May(Permission::CaseHandle)), post(pages::requests::answer))
        .route("/requests", Cost::page(Need::May(Permission::CaseHandle)), get(pages::requests::get))
        .with_state(cases)
}
