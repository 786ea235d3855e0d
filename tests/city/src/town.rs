//! This is a town of its own for a test, on one engine: the real places of the newest edition, the whole catalogue,
//! and a clock that stands still.

use crate::Browser;
use axum::Router;
use cases::Cases;
use cases::records::figures;
use cases::words::PUBLISHER;
use identity::{HashedPassword, NewStaff, Post};
use kernel::figure::{Amounts, Cell};
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::{Date, date_plus_days};
use lianglin::configuration::Configuration;
use lianglin::data::Data;
use lianglin::departments::migrations;
use lianglin::{City, Opening};
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use store::audit::AuditKey;
use store::{Store, StoreError, Tx};
use tempfile::TempDir;
use testkit::{FixedClock, Template, TestStore, ZONE};
use uuid::Uuid;

/// Is the moment when every story begins, unless it says otherwise: a Monday morning.
pub const NOW: &str = "2026-11-23 10:00";
/// Is the password of everybody.
pub const PASSWORD: &str = "Grey-heron-71-over-the-Hun";
/// Says for how many days staff have been on duty when a story begins.
const DAYS_ON_DUTY: i64 = 90;

/// Holds what every town begins with.
static NEW_CITY: Template = Template::new("city", fill);
/// Lists the departments whose figures are counted again.
const PUBLISHERS: [&str; 6] = [PUBLISHER, "visits", "mobilization", "papers", "exchange", "grid"];
/// Is the mode of a file that nobody but its owner may read.
const OWNER_ALONE: u32 = 0o600;
/// Limits the rows that a recount reads.
const ROWS: i64 = 10_000;

/// How much is remembered: what a refused request must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How many cases there are.
    pub cases: i64,
    /// How many events all logs have.
    pub events: i64,
    /// How many persons are sealed.
    pub people: i64,
    /// How many messages were sent out.
    pub messages: i64,
    /// How many times sealed records were looked into.
    pub looks: i64,
}

/// Holds a city that is open.
pub struct Town {
    /// The name of the engine for messages: `sqlite` or `postgres`.
    pub engine: &'static str,
    /// The departments.
    pub city: Arc<City>,
    /// The clock, which a story moves.
    pub clock: FixedClock,
    /// The opening from which it was made.
    pub opening: Opening,
    router: Router,
    store: TestStore,
    _keys: TempDir,
}

impl Town {
    /// Makes a town on each engine.
    ///
    /// # Panics
    /// Panics if one cannot be made.
    pub fn each() -> Vec<Self> {
        NEW_CITY.stores().into_iter().map(Self::on).collect()
    }

    /// Makes a town on SQLite.
    ///
    /// # Panics
    /// Panics if it cannot be made.
    pub fn small() -> Self {
        Self::on(NEW_CITY.sqlite())
    }

    /// Makes a town on PostgreSQL whose database is reached by way of another address, or returns none where there is
    /// no server.
    ///
    /// # Panics
    /// Panics if it cannot be made.
    pub fn by_way_of(way: impl FnOnce(&str) -> String) -> Option<Self> {
        let store = NEW_CITY.postgres()?;
        let address = way(&store.address);
        Some(Self::on(store.by_way_of(&address)))
    }

    /// Makes a town on each engine whose rulebook has other figures: the code of each with its number.
    ///
    /// # Panics
    /// Panics if no file of the rulebook has a figure, or if a town cannot be made.
    pub fn each_figured(figures: &[(&str, i64)]) -> Vec<Self> {
        let mut files = rulebook().unwrap_or_else(|fault| panic!("rulebook: {fault}"));
        for (code, number) in figures {
            let file = files.iter_mut().find(|(_, text)| text.contains(&marked(code)));
            let (_, text) = file.unwrap_or_else(|| panic!("{code} is no figure of the rulebook"));
            *text = figured(text, code, *number);
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::each_with(&files)
    }

    /// Opens a town in a store that holds a new city.
    fn on(store: TestStore) -> Self {
        Self::try_on(store).unwrap_or_else(|fault| panic!("the town cannot be opened: {fault}"))
    }

    fn try_on(store: TestStore) -> Result<Self, Box<dyn std::error::Error>> {
        let keys = tempfile::tempdir()?;
        let data = without_codes(&keys)?;
        Self::with_data(store, keys, data)
    }

    /// Makes a town on each engine with the roles as they are shipped: operators, auditors and protection officers need
    /// the one-time code. In all other towns nobody does, so that stories sign in with a password alone.
    ///
    /// # Panics
    /// Panics if one cannot be made.
    pub fn each_as_shipped() -> Vec<Self> {
        let made = |store: TestStore| {
            let keys = tempfile::tempdir().unwrap_or_else(|fault| panic!("no folder for keys: {fault}"));
            Self::with_data(store, keys, data_folder())
                .unwrap_or_else(|fault| panic!("the town cannot be made: {fault}"))
        };
        NEW_CITY.stores().into_iter().map(made).collect()
    }

    fn with_data(store: TestStore, keys: TempDir, data: PathBuf) -> Result<Self, Box<dyn std::error::Error>> {
        let clock = FixedClock::local(NOW);
        vault::MasterKeys::generate()?.write_file(&key_file(&keys))?;
        let opening = opening(&keys, &store.address, &clock, data);
        Self::opened(store, keys, clock, opening)
    }

    /// Makes a town on each engine whose data are the city's own with some files more, or in place of others.
    ///
    /// # Panics
    /// Panics if one cannot be made.
    pub fn each_with(files: &[(&str, &str)]) -> Vec<Self> {
        let made = |store: TestStore| {
            Self::with_files(store, files).unwrap_or_else(|fault| panic!("the town cannot be made: {fault}"))
        };
        NEW_CITY.stores().into_iter().map(made).collect()
    }

    /// Makes a town on each engine whose operator has decided something else than most.
    ///
    /// # Panics
    /// Panics if one cannot be made.
    pub fn each_decided(decide: impl Fn(&mut Configuration)) -> Vec<Self> {
        let made = |store: TestStore| {
            Self::decided(store, &decide).unwrap_or_else(|fault| panic!("the town cannot be made: {fault}"))
        };
        NEW_CITY.stores().into_iter().map(made).collect()
    }

    fn decided(store: TestStore, decide: impl Fn(&mut Configuration)) -> Result<Self, Box<dyn std::error::Error>> {
        let (keys, clock) = (tempfile::tempdir()?, FixedClock::local(NOW));
        vault::MasterKeys::generate()?.write_file(&key_file(&keys))?;
        let mut opening = opening(&keys, &store.address, &clock, without_codes(&keys)?);
        decide(&mut opening.configuration);
        Self::opened(store, keys, clock, opening)
    }

    /// Makes a town on each engine whose data are the city's own with some files in place of others, and whose operator
    /// has decided something else than most.
    ///
    /// # Panics
    /// Panics if one cannot be made.
    pub fn each_with_decided(files: &[(&str, &str)], decide: impl Fn(&mut Configuration)) -> Vec<Self> {
        let made = |store: TestStore| {
            let town = changed(files).and_then(|(keys, data)| {
                let clock = FixedClock::local(NOW);
                vault::MasterKeys::generate()?.write_file(&key_file(&keys))?;
                let mut opening = opening(&keys, &store.address, &clock, data);
                decide(&mut opening.configuration);
                Self::opened(store, keys, clock, opening)
            });
            town.unwrap_or_else(|fault| panic!("the town cannot be made: {fault}"))
        };
        NEW_CITY.stores().into_iter().map(made).collect()
    }

    fn with_files(store: TestStore, files: &[(&str, &str)]) -> Result<Self, Box<dyn std::error::Error>> {
        let (keys, data) = changed(files)?;
        Self::with_data(store, keys, data)
    }

    /// Brings a city up that an earlier version of the product has written: its backup is restored into an empty store,
    /// and the migrations since then are applied. The clock stands at that time.
    ///
    /// # Panics
    /// Panics if it cannot be brought up.
    #[must_use]
    pub fn brought_up(store: TestStore, backup: &Path, key: &str, time: &str) -> Self {
        let brought = Self::try_brought_up(store, backup, key, time);
        brought.unwrap_or_else(|fault| panic!("the city cannot be brought up: {fault}"))
    }

    fn try_brought_up(
        store: TestStore,
        backup: &Path,
        key: &str,
        time: &str,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let (keys, clock) = (tempfile::tempdir()?, FixedClock::local(time));
        let mut restored = Ok(());
        let store = store.filled_outside(|address| {
            restored = store::backup::restore(address, backup, |_| {}).map(drop);
        });
        restored?;
        store::migrate(&store, &migrations())?;
        let file = key_file(&keys);
        std::fs::write(&file, key)?;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(OWNER_ALONE))?;
        let opening = opening(&keys, &store.address, &clock, without_codes(&keys)?);
        Self::opened(store, keys, clock, opening)
    }

    /// Opens the same city in another store that holds everything already, with the same keys and the same data.
    ///
    /// # Panics
    /// Panics if it cannot be opened.
    #[must_use]
    pub fn again_in(self, store: TestStore) -> Self {
        let Self { clock, opening, _keys: keys, .. } = self;
        let opened = Self::opened(store, keys, clock, opening);
        opened.unwrap_or_else(|fault| panic!("the town cannot be opened again: {fault}"))
    }

    fn opened(
        store: TestStore,
        keys: TempDir,
        clock: FixedClock,
        opening: Opening,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let city = Arc::new(City::open(&opening, store.store())?);
        let router = city.router();
        Ok(Self { engine: store.name, city, clock, opening, router, store, _keys: keys })
    }

    /// Returns the store below the departments.
    pub fn store(&self) -> &TestStore {
        &self.store
    }

    /// Returns a browser where nobody has signed in, at a network address of its own.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Returns the one place of that level and name.
    ///
    /// # Panics
    /// Panics if there is none or several have that name.
    pub fn place(&self, level: Level, name: &str) -> PlacePath {
        let tree = self.city.places.tree();
        let found: Vec<&PlacePath> =
            tree.of_level(level).filter(|place| place.named(Lang::Zh) == name).map(|place| &place.path).collect();
        match found.as_slice() {
            [only] => (*only).clone(),
            several => panic!("{name}: {} places", several.len()),
        }
    }

    /// Returns the one place of that name: a district, a street, a community, or the city.
    ///
    /// # Panics
    /// Panics if there is none or several have that name.
    pub fn named(&self, name: &str) -> PlacePath {
        let level = match name.chars().next_back() {
            Some('市') => Level::City,
            Some('区') if name.ends_with("社区") => Level::Community,
            Some('区' | '县') => Level::District,
            Some('村') => Level::Community,
            _ => Level::Street,
        };
        self.place(level, name)
    }

    /// Opens an account with one post and signs in.
    ///
    /// # Panics
    /// Panics if identity refuses.
    pub fn staff(&self, login: &str, role: &str, place: &PlacePath, department: Option<&str>) -> Browser {
        self.account(login, login, role, place, department);
        let mut browser = self.visitor();
        browser.sign_in(login, PASSWORD);
        browser
    }

    /// Opens an account with one post. Returns the account.
    ///
    /// # Panics
    /// Panics if identity refuses.
    pub fn account(&self, login: &str, name: &str, role: &str, place: &PlacePath, department: Option<&str>) -> Uuid {
        let now = self.clock.now();
        let today = ZONE.date(now);
        let post = Post {
            id: Uuid::now_v7(),
            role: role.to_owned(),
            place: place.clone(),
            department: department.map(str::to_owned),
            from: date_plus_days(today, -DAYS_ON_DUTY).unwrap_or(today),
            to: None,
        };
        let id = Uuid::now_v7();
        let new = NewStaff {
            id,
            district: place.district(),
            login: login.to_owned(),
            name: name.to_owned(),
            password: password(&self.city),
            must_change: false,
        };
        let identity = self.city.identity.clone();
        let done = self.store.write_blocking(move |tx| {
            identity::open_staff(tx, &new, &Actor::system(), now)?;
            identity::give_post(tx, new.id, &post, identity.roles(), &Actor::system(), now)
        });
        done.unwrap_or_else(|fault| panic!("{login}: {fault}"));
        id
    }

    /// Counts what is stored.
    ///
    /// # Panics
    /// Panics if the store fails.
    pub fn counts(&self) -> Counts {
        let counted = self.store.read_blocking(|tx| {
            let mut count = |table: &str| {
                let sql = format!("select count(*) from {table}");
                Ok::<_, StoreError>(store::scalar::<i64>(tx, &sql, &[])?.unwrap_or(-1))
            };
            Ok::<_, StoreError>(Counts {
                cases: count("cases_case")?,
                events: count("store_event")?,
                people: count("vault_record")?,
                messages: count("store_outbox")?,
                looks: count("vault_access")?,
            })
        });
        counted.unwrap_or_else(|fault| panic!("nothing can be counted: {fault}"))
    }

    /// Checks that every chain of events is whole.
    ///
    /// # Panics
    /// Panics if one is not.
    pub fn verify(&self) {
        self.verify_chains();
        self.recount();
    }

    /// Checks the chains alone: the figures of a city that an earlier version wrote lead to no rows.
    ///
    /// # Panics
    /// Panics if one is not whole.
    pub fn verify_chains(&self) {
        let key = AuditKey::new(self.city.vault.derive_key("store.audit"));
        let report = store::audit::verify(&self.store, &key, |_| {});
        let report = report.unwrap_or_else(|fault| panic!("{}: the audit failed: {fault}", self.engine));
        assert!(report.faults.is_empty(), "{}: {:?}", self.engine, report.faults);
    }

    /// Returns the kinds of the events of a stream, in their order.
    ///
    /// # Panics
    /// Panics if the store cannot be read.
    pub fn acts(&self, district: PlaceId, stream: Uuid) -> Vec<String> {
        let entries = self.store.read_blocking(move |tx| store::log::read(tx, district, stream));
        let entries = entries.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        entries.into_iter().map(|entry| entry.kind).collect()
    }

    /// Counts every figure again: those of cases from the log, those of other departments from the things they
    /// counted, and every open case from its row. What is kept must be the same.
    ///
    /// # Panics
    /// Panics if it is not.
    pub fn recount(&self) {
        let desk = self.city.cases.clone();
        let read = self.store.read_blocking(move |tx| {
            let city = desk.hall.places.tree().root().map(|city| city.path.clone()).ok_or(hall::Fault::NotFound)?;
            let mut differing = Vec::new();
            for publisher in PUBLISHERS {
                let recount = match publisher {
                    PUBLISHER => counted_again(&desk, tx)?,
                    _ => hall::figures::kept_cells(tx, publisher, ROWS)?,
                };
                differing.extend(hall::figures::differing(tx, publisher, &city, &recount, ROWS)?);
            }
            Ok::<_, hall::Fault>(differing)
        });
        let differing = read.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        assert!(differing.is_empty(), "{}: figures and recount: {}", self.engine, differing.join("\n"));
        self.recount_open();
        self.recount_board();
    }

    /// Counts every open case again from its row, and checks that each row is the fold of its events.
    ///
    /// # Panics
    /// Panics if something differs.
    pub fn recount_rows(&self) {
        let desk = self.city.cases.clone();
        let read = self.store.read_blocking(move |tx| counted_again(&desk, tx).map(drop));
        read.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        self.recount_open();
    }

    fn recount_open(&self) {
        let zone = self.city.cases.hall.calendar().zone();
        let differ = self.store.read_blocking(move |tx| {
            let mut counted: BTreeMap<String, i64> = BTreeMap::new();
            for row in cases::records::page(tx, Uuid::nil(), 10_000)? {
                let stood = figures::stood(tx, row.district, row.id)?;
                for key in stood.iter().flat_map(|stood| figures::keys(stood, zone)) {
                    *counted.entry(key).or_default() += 1;
                }
            }
            let kept: BTreeMap<String, i64> =
                figures::every_open(tx, 100_000)?.into_iter().map(|row| (row.key(), row.cases)).collect();
            Ok::<_, store::StoreError>((counted, kept))
        });
        let (counted, kept) = differ.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        assert_eq!(counted, kept, "{}: open cases and recount", self.engine);
    }
}

/// Counts the figures of cases again from the log, and checks that each row is the fold of its events.
fn counted_again(desk: &Cases, tx: &mut dyn Tx) -> Result<BTreeMap<Cell, Amounts>, hall::Fault> {
    let mut counted: BTreeMap<Cell, Amounts> = BTreeMap::new();
    for row in cases::records::page(tx, Uuid::nil(), ROWS)? {
        let known = desk.known(tx, row.district, row.id)?;
        let events = desk.events(tx, &known.case)?;
        let (case, cells) = desk.folded(None, &events, desk.procedure_of(&known.case)?)?;
        assert_eq!(case, known.case, "the row is the fold of its events");
        for (cell, counts) in cells {
            counted.entry(cell).or_default().merge(&counts.amounts());
        }
    }
    Ok(counted)
}

/// Fills an empty store with tables, the places of the newest edition, and units.
fn fill(store: &Store) -> Result<(), Box<dyn std::error::Error>> {
    let clock = FixedClock::local(NOW);
    let configuration = Configuration::default();
    let opening = Opening { configuration, data: Data::new(Some(data_folder())), clock: clock.clock() };
    store::migrate(store, &migrations())?;
    let (name, text) =
        opening.data.files("shenyang/editions", ".csv")?.into_iter().next_back().ok_or("no edition of the places")?;
    places::import(store, &text, "2023-06-30".parse::<Date>()?, &name, clock.now())?;
    let plan = opening.units()?;
    Ok(store.write_blocking(move |tx| places::establish_units(tx, &plan).map(drop))?)
}

/// Copies the city's data into a folder of its own, with some files more or in place of others.
fn changed(files: &[(&str, &str)]) -> Result<(TempDir, PathBuf), Box<dyn std::error::Error>> {
    let keys = tempfile::tempdir()?;
    let data = keys.path().join("data");
    copy(&data_folder(), &data)?;
    lighten(&data.join("roles"))?;
    for (name, text) in files {
        std::fs::write(data.join(name), text)?;
    }
    Ok((keys, data))
}

fn data_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &there)?;
        } else {
            std::fs::copy(entry.path(), &there)?;
        }
    }
    Ok(())
}

/// Returns the files of the rulebook: the name of each among the city's data, and its text.
fn rulebook() -> std::io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(data_folder().join("rulebook"))? {
        let entry = entry?;
        let name = format!("rulebook/{}", entry.file_name().display());
        files.insert(name, std::fs::read_to_string(entry.path())?);
    }
    Ok(files)
}

/// Is how a file of the rulebook begins a figure.
fn marked(code: &str) -> String {
    format!("code = \"{code}\"\n")
}

/// Returns the figures with another number for one of them.
fn figured(text: &str, code: &str, number: i64) -> String {
    let mark = marked(code);
    let (before, after) = text.split_once(&mark).unwrap_or_else(|| panic!("{code} is no figure of the file"));
    let (middle, rest) = after.split_once("number = ").unwrap_or_else(|| panic!("{code} has no number"));
    let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    format!("{before}{mark}{middle}number = {number}{rest}")
}

/// Returns a folder with the city's data in which no role asks for the one-time code.
fn without_codes(keys: &TempDir) -> std::io::Result<PathBuf> {
    let (from, to) = (data_folder().canonicalize()?, keys.path().join("lighter"));
    std::fs::create_dir(&to)?;
    for entry in std::fs::read_dir(&from)? {
        let name = entry?.file_name();
        if name != "roles" {
            std::os::unix::fs::symlink(from.join(&name), to.join(&name))?;
        }
    }
    copy(&from.join("roles"), &to.join("roles"))?;
    lighten(&to.join("roles"))?;
    Ok(to)
}

/// Takes the demand for the one-time code out of the roles of a folder.
fn lighten(roles: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(roles)? {
        let file = entry?.path();
        let text = std::fs::read_to_string(&file)?;
        std::fs::write(&file, text.replace("totp_required = true", "totp_required = false"))?;
    }
    Ok(())
}

fn key_file(keys: &TempDir) -> PathBuf {
    keys.path().join("lianglin.key")
}

fn opening(keys: &TempDir, address: &str, clock: &FixedClock, data: PathBuf) -> Opening {
    let fonts = std::env::var_os("LIANGLIN_FONTS").map(|folders| std::env::split_paths(&folders).collect());
    let configuration = Configuration {
        database: address.to_owned(),
        key_file: key_file(keys),
        data: Some(data.clone()),
        files: Some(keys.path().join("files")),
        print: std::env::var_os("LIANGLIN_PRINT").map(Into::into),
        fonts: fonts.unwrap_or_default(),
        // A story does in a second what people do in an hour; those about the quota turn it on.
        quota: 0,
        ..Configuration::default()
    };
    Opening { configuration, data: Data::new(Some(data)), clock: clock.clock() }
}

/// Returns the one password. It is hashed quickly and only once; identity's own test checks that hashing is slow.
fn password(city: &City) -> HashedPassword {
    static HASHED: OnceLock<HashedPassword> = OnceLock::new();
    let quick = identity::Rules { password_memory_kib: 64, password_passes: 1, ..*city.identity.rules() };
    let hash = || identity::hash_password(PASSWORD, &quick).unwrap_or_else(|fault| panic!("{fault}"));
    HASHED.get_or_init(hash).clone()
}
