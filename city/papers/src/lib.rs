//! Papers (材料) handles uploaded files, data checks instead of papers (免提交), papers promised for later (容缺受理),
//! and the custody of originals (原件流转).
//!
//! It serves residents who send a picture from home, counters and offices that view it, and everybody who asks where
//! an original is. A file is sealed under the applicant's own record before it is stored, and erasing the record makes
//! it unreadable. The sources are the catalogue's materials, `data/checks.toml`, and the figures `papers.*` of the
//! rulebook.

pub mod actions;
pub mod checks;
pub mod chores;
mod content;
pub mod pages;
pub mod purpose;
mod records;
mod refusals;
mod rules;
pub mod shelf;
pub mod words;

pub use actions::Inspected;
pub use checks::{
    Check, CheckFault, CheckRequest, Checks, Digested, Means, Registry, RegistryKey, Reply, Source, digests,
    load as load_checks,
};
pub use chores::{CHECK, FOLLOW, REMIND, SWEEP};
pub use pages::answer_with;
pub use records::relocate;
pub use refusals::Why;
pub use shelf::{Shelf, ShelfFault};
pub use words::{Bounds, Content, Holder, Kind, Outcome, PaperOf};

use std::sync::{Arc, PoisonError, RwLock};

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use cases::kind::Files;
use counter::Counter;
use house::{BesideLink, CaseAt, Department, House, OpenFault, Work, each_move};
use kernel::permission::Permission;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::{Migration, StoreError, Tx};
use tokio::sync::Semaphore;
use uuid::Uuid;
use web::{Cost, Need, Page, Routes};

use crate::purpose::PurposeKey;

/// Lists the migrations of this department.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "papers/0001_papers", sql: include_str!("../migrations/0001_papers.sql") }];

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// What another department keeps on the shelf, by the digests under which its files lie there.
#[derive(Clone, Copy)]
pub struct Keeps {
    /// Says whether it still needs a file.
    pub needs: fn(&mut dyn Tx, &str) -> Result<bool, StoreError>,
    /// Lists the digests of its files that come after one: the first so many in their order, and perhaps more.
    pub lists: fn(&mut dyn Tx, &str, i64) -> Result<Vec<String>, StoreError>,
}

/// Limits how many pictures are read at the same time, because each takes much memory. The machine sets this limit.
const READ_AT_ONCE: usize = 2;

/// Papers as a department.
pub const DEPARTMENT: Department = Department {
    name: "papers",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: words::RULES,
    indicators: words::INDICATORS,
    open,
    work,
    ..Department::EMPTY
};

/// Opens the shelf of sealed files and reads the data checks.
fn open(house: &mut House) -> Result<(), OpenFault> {
    let counter = house.get::<Counter>()?;
    let shelf = Shelf::open(&house.installation.files).map_err(|fault| OpenFault::Said(fault.to_string()))?;
    let checks = checks::of_installation(house, &counter)?;
    house.keep(Arc::new(Papers::new(counter, shelf, checks)));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let papers = house.get::<Papers>()?;
    let shelved = papers.clone();
    Ok(Work {
        routes: routes(papers.clone()),
        chores: chores::all(&papers, &house.installation.channels),
        beside: vec![Arc::new(move |tx, page, case| beside(&papers, tx, page, case))],
        files: vec![Arc::new(move |tx, page, case| pages::files_at(&shelved, tx, page, case))],
        moved: vec![each_move(relocate)],
        erased: vec![Arc::new(Papers::forget)],
        ..pages::shown::shown()
    })
}

/// Papers: the counter with its catalogue and desk of cases, the shelf, the data checks.
pub struct Papers {
    /// The counter with the catalogue of materials and the desk that moves cases.
    pub counter: Arc<Counter>,
    /// Where sealed files lie.
    pub shelf: Shelf,
    checks: RwLock<Arc<Checks>>,
    purpose_key: PurposeKey,
    reading: Semaphore,
    /// What other departments keep on the shelf.
    kept: RwLock<Vec<Keeps>>,
}

impl Papers {
    /// Makes papers over a counter, a shelf and the data checks of the city.
    #[must_use]
    pub fn new(counter: Arc<Counter>, shelf: Shelf, checks: Checks) -> Self {
        let purpose_key = PurposeKey::new(counter.cases.hall.vault.derive_key("papers.purpose"));
        let (checks, reading) = (RwLock::new(Arc::new(checks)), Semaphore::new(READ_AT_ONCE));
        Self { counter, shelf, checks, purpose_key, reading, kept: RwLock::default() }
    }

    /// Lets a department keep files of its own on the shelf: what it needs is not swept away, and a look at the shelf
    /// looks at it too.
    pub fn keep_what(&self, keeps: Keeps) {
        self.kept.write().unwrap_or_else(PoisonError::into_inner).push(keeps);
    }

    /// Returns what other departments keep on the shelf.
    pub(crate) fn kept_elsewhere(&self) -> Vec<Keeps> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a department other than this one needs a file on the shelf.
    pub(crate) fn is_needed_elsewhere(&self, tx: &mut dyn Tx, digest: &str) -> Result<bool, StoreError> {
        Self::is_needed_by(&self.kept_elsewhere(), tx, digest)
    }

    /// Whether one of some departments needs a file on the shelf.
    pub(crate) fn is_needed_by(kept: &[Keeps], tx: &mut dyn Tx, digest: &str) -> Result<bool, StoreError> {
        for keeps in kept {
            if (keeps.needs)(tx, digest)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the data checks in force.
    #[must_use]
    pub fn checks(&self) -> Arc<Checks> {
        self.checks.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other data checks in force.
    pub fn publish(&self, checks: Checks) {
        *self.checks.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(checks);
    }

    /// Removes from the whole shelf what a process began and never finished, and returns how many files that were. It
    /// is done when a server starts; the nightly sweep does the same part by part.
    ///
    /// # Errors
    /// The shelf cannot be read or changed.
    pub fn clear_unfinished(&self, now: Instant) -> Result<u64, ShelfFault> {
        let before = now.plus_days(-chores::GRACE_DAYS);
        let mut removed = 0;
        for part in 0..shelf::PARTS {
            removed += self.shelf.clear_unfinished(part, before)?;
        }
        Ok(removed)
    }

    /// Removes the files and sealed answers of an erased record, in the same transaction.
    pub fn forget(tx: &mut dyn Tx, district: PlaceId, person: Uuid, now: Instant) -> Result<(), StoreError> {
        records::file::forget(tx, district, person, now)?;
        records::check::forget(tx, district, person).map(drop)
    }
}

/// The links that stand on the pages of a case: its files, promises and originals, with how many there are; none where
/// cases of its kind have no files.
fn beside(papers: &Papers, tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> {
    let CaseAt { district, id, number, kind } = case;
    if papers.counter.cases.kinds.get(kind).is_none_or(|kind| kind.files() == Files::None) {
        return Ok(Vec::new());
    }
    let files = records::file::count(tx, district, id)?;
    if !page.visitor.staff() {
        let (href, text) = (format!("/follow/{number}/papers"), page.t1("papers-link-own", "n", files));
        let link = BesideLink { href, text, is_open: false };
        return Ok(vec![link]);
    }
    let originals = records::custody::count(tx, district, id)?;
    Ok(vec![
        BesideLink {
            href: format!("/cases/{number}/files"),
            text: page.t1("papers-link-files", "n", files),
            is_open: false,
        },
        BesideLink {
            href: format!("/cases/{number}/originals"),
            text: page.t1("papers-link-originals", "n", originals),
            is_open: originals > 0,
        },
    ])
}

/// Returns the pages of papers.
pub fn routes(papers: Arc<Papers>) -> Routes {
    let (reads, accepts) = (|| Need::May(Permission::CaseRead), || Need::May(Permission::CaseAccept));
    Routes::new()
        .route("/follow/{number}/papers", Cost::page(Need::Anyone), get(pages::own::get))
        .route("/follow/{number}/papers/{file}", Cost::page(Need::Anyone), get(pages::own::file))
        .route("/cases/{number}/files", Cost::upload(reads()), get(pages::files::get).post(pages::files::post))
        .route("/cases/{number}/files/remove", Cost::form(reads()), post(pages::files::remove))
        .route("/cases/{number}/files/open", Cost::form(reads()), post(pages::files::open))
        .route("/cases/{number}/files/{file}", Cost::page(reads()), get(pages::files::file))
        .route("/cases/{number}/check", Cost::form(reads()), post(pages::files::check))
        .route("/cases/{number}/promises", Cost::form(reads()), post(pages::files::promise))
        .route("/papers/rows", Cost::list(Need::May(words::ROWS.permission)), get(pages::rows::get))
        .route("/papers/promises", Cost::page(accepts()), get(pages::promises::get))
        .route(
            "/cases/{number}/originals",
            Cost::form(reads()),
            get(pages::originals::get).post(pages::originals::take),
        )
        .route("/cases/{number}/originals/back", Cost::form(reads()), post(pages::originals::give_back))
        .route("/papers/custody", Cost::form(accepts()), get(pages::custody::get).post(pages::custody::post))
        .route("/papers/custody/{list}", Cost::form(accepts()), get(pages::sheet::get).post(pages::sheet::confirm))
        .merge(own_routes(&papers.counter))
        .with_state(papers)
}

/// Forms in which an applicant sends and takes back her own papers. Each leaves something behind, so they are bounded.
fn own_routes(counter: &Arc<Counter>) -> Routes<Arc<Papers>> {
    let pass = || counter.pass_or_account();
    Routes::new()
        .route("/follow/{number}/papers", Cost::upload(pass()), post(pages::own::post))
        .route("/follow/{number}/papers/remove", Cost::form(pass()), post(pages::own::remove))
        .route("/follow/{number}/papers/object", Cost::form(pass()), post(pages::own::object))
        .wrapped(|answers| answers.route_layer(from_fn_with_state(counter.clone(), counter::bounded)))
}
