//! This folder does what is done to places, each thing in one transaction: it imports an edition, decides a doubt,
//! opens and adopts grids, lays buildings that a place brings, and establishes units.

pub mod bring;
pub mod brought;
pub mod grids;
mod report;
#[cfg(test)]
mod tests;
pub mod worker;

use crate::permissions::May;
use crate::records::{current, geography, history, import, outline, review, take, unit};
use crate::refusals::Why;
use crate::rules::geography::{Geography, NewGeography};
use crate::rules::grids::given::Wish;
use crate::rules::grids::numbering::Called;
use crate::rules::grids::shapes;
use crate::rules::grids::strays::{Strays, strays};
use crate::rules::{
    edition::{self, Edition, RowFault},
    matching,
    naming::grid_name,
    outcome,
    outlines::outlined,
    tree::Tree,
    units::UnitPlan,
};
use crate::words::{Author, Kind, Stamp};
use kernel::{
    earth::Datum,
    language::Lang,
    permission::{Actor, Target, may},
    place::{Level, PlaceId, PlacePath},
    refusal::{Code, Refusal},
    time::{Date, Instant},
};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, StoreError, Tx, outbox};
use uuid::Uuid;

pub use report::Report;

/// Names the topic of the outbox that tells which places moved: `{"moved": [[id, path before, path after], …]}`.
pub const MOVED: &str = "places.moved";

/// Says why an edition is not imported. In each case nothing was stored.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ImportError {
    /// Rows of the file are wrong.
    #[error("the edition has {} wrong rows:\n{}", .0.len(), lines(.0, Lang::En))]
    Rows(Vec<RowFault>),
    /// A newer edition was imported already.
    #[error(
        "the edition of {on} is older than the newest one imported ({newest}); editions are imported from the oldest to the newest"
    )]
    Older {
        /// The day of the edition that is refused.
        on: Date,
        /// The day of the newest edition.
        newest: Date,
    },
    /// The edition of that day was imported already and listed other places.
    #[error(
        "the edition of {on} was imported already and lists other places; check the date of the file, or import the correction under the day it holds from"
    )]
    Different {
        /// The day of the edition.
        on: Date,
    },
    /// The edition is of another city.
    #[error("the edition is of {listed}, the places known are of {known}; one database holds one city")]
    OtherCity {
        /// The city that the edition lists.
        listed: String,
        /// The city that is known.
        known: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn lines(faults: &[RowFault], lang: Lang) -> String {
    let lines: Vec<String> = faults.iter().map(|fault| format!("  {}", fault.told(lang))).collect();
    lines.join("\n")
}

impl ImportError {
    /// Says in a language why nothing was imported. What the store says stays as it is.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        match (lang, self) {
            (Lang::Zh, Self::Rows(faults)) => {
                format!("表里有 {} 处要改，没有导入：\n{}", faults.len(), lines(faults, lang))
            }
            (Lang::Zh, Self::Older { on, newest }) => {
                format!("{on} 的版本比已导入的最新版本（{newest}）还早，没有导入。请从早到晚依次导入。")
            }
            (Lang::Zh, Self::Different { on }) => format!(
                "{on} 的版本已经导入过，但内容不同，没有导入。请核对文件的日期；是更正的，请按更正生效的日期导入。"
            ),
            (Lang::Zh, Self::OtherCity { listed, known }) => {
                format!("表里是{listed}，现有的是{known}，没有导入。一个数据库只管一个市。")
            }
            (Lang::En, _) | (Lang::Zh, Self::Store(_)) => self.to_string(),
        }
    }
}

/// Imports an edition as of a day, in one transaction, and waits until it is done. A second import of the same edition
/// changes nothing. The table is CSV or XLSX, in any encoding that [`tables::read`] knows.
pub fn import(
    store: &Store,
    table: impl AsRef<[u8]>,
    on: Date,
    source: &str,
    now: Instant,
) -> Result<Report, ImportError> {
    let Edition { rows, untaken, sheets } = edition::read(table.as_ref()).map_err(ImportError::Rows)?;
    let damaged = rows.iter().filter(|row| tables::is_damaged(&row.name));
    let damaged: Vec<String> = damaged.map(|row| format!("{} {}", row.code, row.name)).collect();
    let (source, stamp) = (source.to_owned(), Stamp { message: Uuid::now_v7(), at: now });
    let report = store.write_blocking(move |tx| import_in(tx, &rows, on, &source, stamp))?;
    Ok(Report { damaged, untaken, sheets, ..report })
}

fn import_in(
    tx: &mut dyn Tx,
    rows: &[edition::Row],
    on: Date,
    source: &str,
    stamp: Stamp,
) -> Result<Report, ImportError> {
    let newest = import::newest(tx)?;
    if let Some(newest) = newest.filter(|newest| *newest > on) {
        return Err(ImportError::Older { on, newest });
    }
    let state = import::state(tx)?;
    one_city(&state, rows)?;
    let plan = matching::compare(&state.known, rows);
    let again = newest == Some(on);
    let births = if again { 0 } else { i64::try_from(outcome::births(&plan)).unwrap_or_default() };
    let first = take(tx, "place", births)?;
    let outcome = outcome::outcome(&plan, &state.known, rows, first);
    let mut report = Report::new(on, rows.len(), again, outcome.summary.clone());
    if again {
        return if outcome.nothing_new() { Ok(report) } else { Err(ImportError::Different { on }) };
    }
    let moved = import::write(tx, on, &state, rows, &outcome)?;
    report.moved = moved.len();
    let summary =
        serde_json::to_string(&outcome.summary).map_err(|error| StoreError::Data { message: error.to_string() })?;
    import::note_edition(tx, on, source, rows.len(), &summary, stamp.at)?;
    tell_moved(tx, &moved, stamp)?;
    Ok(report)
}

fn one_city(state: &import::State, rows: &[edition::Row]) -> Result<(), ImportError> {
    let known = state.known.iter().find(|place| place.level == Level::City);
    let listed = rows.iter().find(|row| row.level() == Level::City);
    match (known, listed) {
        (Some(known), Some(listed)) if known.code != listed.code && known.name != listed.name => {
            Err(ImportError::OtherCity { listed: listed.name.clone(), known: known.name.clone() })
        }
        _ => Ok(()),
    }
}

type Moved = (PlaceId, PlacePath, PlacePath);

fn tell_moved(tx: &mut dyn Tx, moved: &[Moved], stamp: Stamp) -> Result<(), StoreError> {
    let Some((_, _, path)) = moved.first() else { return Ok(()) };
    let city = path.ids().first().copied().unwrap_or(PlaceId(0));
    let list: Vec<_> = moved.iter().map(|(id, before, after)| serde_json::json!([id, before, after])).collect();
    outbox::put(tx, stamp.message, city, MOVED, &serde_json::json!({ "moved": list }), stamp.at)
}

/// Decides a doubt. Either the two are one place: then the older identity lives on and the newer one leads to it. Or
/// they are two places. The person needs `place.edit` over the place that began. Where the name of a row lost a sign,
/// both are the place that was kept: it stays as it is, and the next edition says what it is called.
pub fn decide(tx: &mut dyn Tx, actor: &Actor, number: i64, same: bool, stamp: Stamp) -> Result<(), DecideError> {
    let unknown = || Refusal::new(Code::PlaceUnknown);
    let doubt = review::to_decide(tx, number)?.ok_or_else(unknown)?;
    let before = review::stored(tx, doubt.before)?.ok_or_else(unknown)?;
    let after = review::stored(tx, doubt.after)?.ok_or_else(unknown)?;
    may(actor, May::PlaceEdit, &Target::at(after.path.clone()))?;
    if doubt.same.is_some() {
        return if doubt.same == Some(same) { Ok(()) } else { Err(Refusal::new(Why::RequestStale).into()) };
    }
    let by = Author::of(actor);
    review::decided(tx, number, same, &by, stamp.at)?;
    if same && doubt.before != doubt.after {
        // Both must still be as the edition left them: one ended that day, and the other lives.
        if before.alive_to != Some(doubt.on) || after.alive_to.is_some() {
            return Err(Refusal::new(Why::PlaceClosed).into());
        }
        let moved = review::join(tx, doubt.on, &before, &after)?;
        review::settle_others(tx, doubt.before, doubt.after, &by, stamp.at)?;
        tell_moved(tx, &moved, stamp)?;
    }
    Ok(())
}

/// Says why a doubt is not decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// A rule refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DecideError> for web::WebError {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Refused(refusal) => refusal.into(),
            DecideError::Store(error) => error.into(),
        }
    }
}

/// Limits how many grids one community has, because their number has three digits.
const GRIDS_LIMIT: usize = 999;

/// Opens `count` grids in a community from a day on. Their numbers follow those that the community has or had. Their
/// codes are the community's 12 digits and 3 more.
pub fn open_grids(tx: &mut dyn Tx, community: PlaceId, count: u32, on: Date) -> Result<Vec<PlaceId>, DecideError> {
    let count = usize::try_from(count).unwrap_or(usize::MAX).min(GRIDS_LIMIT);
    open_called(tx, community, &vec![Wish::default(); count], on)
}

/// Opens a grid for each wish, as it is to be called. Whoever wishes a code has checked that no grid ever bore it.
pub fn open_called(
    tx: &mut dyn Tx,
    community: PlaceId,
    wishes: &[Wish],
    on: Date,
) -> Result<Vec<PlaceId>, DecideError> {
    let above = review::stored(tx, community)?.ok_or_else(|| Refusal::new(Code::PlaceUnknown))?;
    if above.alive_to.is_some() {
        return Err(Refusal::new(Why::PlaceClosed).into());
    }
    if Kind::parse(&above.kind).map(Kind::level) != Some(Level::Community) {
        return Err(Refusal::new(Code::PlaceNotDeepEnough)
            .with_both("level", &kernel::language::Bilingual::new("社区", "community"))
            .into());
    }
    let called = numbered(&above.code, import::grids_ever(tx, &above.code)?, wishes);
    let first = take(tx, "place", i64::try_from(called.len()).unwrap_or_default())?;
    let grids: Vec<(PlaceId, PlacePath, &Called)> =
        (first..).zip(&called).map(|(id, called)| (PlaceId(id), above.path.child(PlaceId(id)), called)).collect();
    let rows: Vec<import::Beginning<'_>> = grids
        .iter()
        .map(|(id, path, called)| import::Beginning {
            id: *id,
            kind: Kind::of_grid(called.exclusive),
            name: &called.name,
            code: &called.code,
            parent: Some(community),
            path,
        })
        .collect();
    import::begin(tx, on, &rows)?;
    Ok(grids.into_iter().map(|(id, ..)| id).collect())
}

/// Gives each new grid its code and name: those that are wished, otherwise the next number that no grid of the
/// community has, had or is wished to have. Where no number is left, grids are left out.
fn numbered(community_code: &str, ever: u32, wishes: &[Wish]) -> Vec<Called> {
    let of = |code: &String| code.strip_prefix(community_code).and_then(|number| number.parse::<u32>().ok());
    let taken: BTreeSet<u32> = wishes.iter().filter_map(|wish| of(wish.code.as_ref()?)).collect();
    let mut free = (ever + 1..).filter(|number| !taken.contains(number));
    let number = |wish: &Wish| wish.code.as_ref().and_then(of).or_else(|| free.next());
    let numbers: Vec<Option<u32>> = wishes.iter().map(number).collect();
    let called = |(wish, number): (&Wish, Option<u32>)| {
        let number = number.filter(|number| usize::try_from(*number).is_ok_and(|number| number <= GRIDS_LIMIT))?;
        let name = wish.name.clone().unwrap_or_else(|| grid_name(number));
        Some(Called { name, code: format!("{community_code}{number:03}"), exclusive: wish.exclusive })
    };
    wishes.iter().zip(numbers).filter_map(called).collect()
}

/// Makes the units that the plan gives to living places and that do not exist yet. Returns how many it made.
pub fn establish_units(tx: &mut dyn Tx, plan: &UnitPlan) -> Result<usize, StoreError> {
    let tree = current::tree(tx)?;
    let planned: Vec<_> = tree.all().flat_map(|place| plan.of(place)).collect();
    unit::establish(tx, &planned)
}

/// Says what a look at the store found of the geography.
enum Laid {
    /// The store has the same geography as we know.
    Same,
    /// The store has another geography, or no longer has one.
    Other(Box<Option<Geography>>),
}

/// Whether the geography in the store is the one that is known.
///
/// # Errors
/// The store failed.
pub fn is_laid(tx: &mut dyn Tx, known: Option<&Geography>) -> Result<bool, StoreError> {
    let of = |known: &Geography| geography::Version { revision: known.revision, outlined: known.outlined };
    Ok(geography::version(tx)? == known.map(of))
}

/// Reads the geography in the store, unless it is the one that is known.
fn newer_geography(tx: &mut dyn Tx, known: Option<&Geography>) -> Result<Laid, StoreError> {
    if is_laid(tx, known)? { Ok(Laid::Same) } else { geography::load(tx).map(|laid| Laid::Other(Box::new(laid))) }
}

/// Lays compounds, buildings and ways in place of what was laid before. Those that are laid again keep their identity.
pub fn lay_geography(tx: &mut dyn Tx, new: &NewGeography, now: Instant) -> Result<(), StoreError> {
    geography::lay(tx, new, now)
}

/// Lays outlines of districts, streets and communities from a GeoJSON file in place of those that these places had.
/// `datum` says what its degrees mean.
///
/// # Errors
/// What is wrong with each area; then nothing changes. A failure of the store.
pub fn lay_outlines(store: &Store, bytes: &[u8], datum: Datum) -> Result<Borders, OutlineError> {
    let shapes = shapes::read(bytes, datum).map_err(OutlineError::Faults)?;
    store.write_blocking(move |tx| {
        let tree = current::tree(tx)?;
        let laid = geography::load(tx)?.filter(|laid| laid.plane().is_some());
        let laid = laid.ok_or_else(|| OutlineError::Faults(vec![Refusal::new(Why::OutlineGround)]))?;
        let outlined = outlined(&shapes, &tree, &laid).map_err(OutlineError::Faults)?;
        outline::lay(tx, &outlined.areas)?;
        Ok(Borders { places: outlined.areas.len(), beyond: outlined.beyond })
    })
}

/// What came of a file with outlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Borders {
    /// How many places have a new outline.
    pub places: usize,
    /// How many of their buildings lie outside of the outline of their own place.
    pub beyond: usize,
}

/// Takes the outlines of all places away, so that lines are drawn around buildings again. Returns how many had one.
///
/// # Errors
/// The store failed.
pub fn clear_outlines(store: &Store) -> Result<i64, StoreError> {
    store.write_blocking(|tx| outline::clear(tx))
}

/// Says why outlines were not laid.
#[derive(Debug)]
pub enum OutlineError {
    /// What is wrong with the file.
    Faults(Vec<Refusal>),
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for OutlineError {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

/// Holds the department: its store, and the tree that everybody asks.
#[derive(Clone)]
pub struct Places {
    store: Store,
    plan: Arc<UnitPlan>,
    tree: Arc<RwLock<Arc<Tree>>>,
    geography: Arc<RwLock<Option<Arc<Geography>>>>,
}

impl Places {
    /// Opens the department. It reads today's tree and waits for it.
    pub fn new(store: Store, plan: UnitPlan) -> Result<Self, StoreError> {
        let tree = store.read_blocking(current::tree)?;
        Ok(Self { store, plan: Arc::new(plan), tree: Arc::new(RwLock::new(Arc::new(tree))), geography: Arc::default() })
    }

    /// Returns today's tree.
    pub fn tree(&self) -> Arc<Tree> {
        self.tree.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the departments and the units that they have.
    pub fn plan(&self) -> &UnitPlan {
        &self.plan
    }

    fn put(&self, tree: Tree) {
        *self.tree.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(tree);
    }

    /// Reads the tree again after a change.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let tree = self.store.read(|tx| current::tree(tx)).await?;
        self.put(tree);
        Ok(())
    }

    /// Does the same as [`Places::reload`] where nothing can be awaited, as in the command line and in tests.
    pub fn reload_blocking(&self) -> Result<(), StoreError> {
        let tree = self.store.read_blocking(|tx| current::tree(tx))?;
        self.put(tree);
        Ok(())
    }

    /// Returns compounds, buildings and ways, or nothing if none are laid. They are read once, and again after each
    /// laying.
    pub async fn geography(&self) -> Result<Option<Arc<Geography>>, StoreError> {
        let known = self.kept_geography();
        let read = self.store.read(move |tx| newer_geography(tx, known.as_deref())).await?;
        Ok(self.keep_geography(read))
    }

    /// Does the same as [`Places::geography`] where nothing can be awaited, as in jobs, the command line and tests.
    pub fn geography_blocking(&self) -> Result<Option<Arc<Geography>>, StoreError> {
        let known = self.kept_geography();
        let read = self.store.read_blocking(move |tx| newer_geography(tx, known.as_deref()))?;
        Ok(self.keep_geography(read))
    }

    /// Returns what was read last, or nothing before the first reading. Use it only for words: it may be older than
    /// what is laid now.
    pub fn geography_known(&self) -> Option<Arc<Geography>> {
        self.kept_geography()
    }

    fn kept_geography(&self) -> Option<Arc<Geography>> {
        self.geography.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_geography(&self, read: Laid) -> Option<Arc<Geography>> {
        let Laid::Other(newer) = read else { return self.kept_geography() };
        let newer = newer.map(Arc::new);
        newer.clone_into(&mut self.geography.write().unwrap_or_else(PoisonError::into_inner));
        newer
    }

    /// Checks that every building of a community with grids lies in exactly one grid of that community on a day.
    /// Returns nothing where nothing is laid.
    ///
    /// # Errors
    /// The store failed.
    pub fn strays_blocking(&self, on: Date) -> Result<Option<Strays>, StoreError> {
        let Some(laid) = self.geography_blocking()? else { return Ok(None) };
        let read =
            move |tx: &mut dyn Tx| Ok::<_, StoreError>((geography::grids_on(tx, on)?, geography::doubled(tx, on)?));
        let (grids, doubled) = self.store.read_blocking(read)?;
        let twice = usize::try_from(doubled).unwrap_or_default();
        Ok(Some(Strays { twice, ..strays(&laid, &self.tree(), &grids) }))
    }

    /// Returns the first and the newest day for which a map is known.
    pub async fn days(&self) -> Result<Option<(Date, Date)>, StoreError> {
        let editions = self.store.read(|tx| history::editions(tx)).await?;
        Ok(editions.first().map(|edition| edition.on).zip(editions.last().map(|edition| edition.on)))
    }
}
