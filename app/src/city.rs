//! The whole city put together: store, vault, departments, and the router over all of them.

use std::sync::Arc;

use axum::Router;
use cases::{Cases, Procedures};
use counter::catalogue::Catalogue;
use counter::{Book, Counter};
use exchange::Exchange;
use identity::{Identity, Roles};
use kernel::calendar::Calendar;
use kernel::language::Bilingual;
use kernel::place::{Level, PlacePath};
use kernel::time::{Clock, Instant};
use letters::Letters;
use mobilization::Mobilization;
use papers::{Papers, Shelf};
use places::{Places, UnitPlan};
use press::Press;
use rulebook::{RuleFacts, Rulebook};
use stations::Stations;
use store::{Migration, Options, Store};
use vault::{MasterKeys, Vault};
use visits::Visits;
use web::{Frame, NavItem, Texts, Waiting};

use crate::AppError;
use crate::configuration::Configuration;
use crate::data::Data;
use crate::settings;

/// The time of this machine.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| Instant::from_micros(jiff::Timestamp::now().as_microsecond()))
}

/// What a city is opened from.
#[derive(Clone)]
pub struct Opening {
    /// Where things are kept.
    pub configuration: Configuration,
    /// Rulebook, catalogue, procedures, roles, calendar.
    pub data: Data,
    /// The time.
    pub clock: Clock,
}

impl Opening {
    /// The procedures, with every version that is kept.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn procedures(&self) -> Result<Procedures, AppError> {
        let mut procedures = Procedures::new();
        let mut faults = Vec::new();
        for (file, text) in self.data.files("procedures", ".toml")? {
            match kernel::procedure::load(&file, &text) {
                Ok(procedure) => {
                    let (name, version) = (procedure.name.clone(), procedure.version);
                    if !procedures.insert(procedure) {
                        faults.push(kernel::fault::Fault {
                            file,
                            line: 1,
                            message: format!("version {version} of the procedure {name} is there twice"),
                            remedy: "Give the newer file a higher `version`, or take one of them out".to_owned(),
                        });
                    }
                }
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() { Ok(procedures) } else { Err(AppError::faults(faults)) }
    }

    /// The catalogue, every item following a procedure that is there.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn catalogue(&self, procedures: &Procedures) -> Result<Catalogue, AppError> {
        let catalogue = Catalogue::load(&self.data.files("catalogue", ".toml")?).map_err(AppError::faults)?;
        let known: Vec<&str> = procedures.names().map(String::as_str).collect();
        let today = self.calendar()?.zone().date((self.clock)());
        let faults = [catalogue.unknown_procedures(&known), catalogue.forbidden_proofs(today)].concat();
        if faults.is_empty() { Ok(catalogue) } else { Err(AppError::faults(faults)) }
    }

    /// The same catalogue as a book that releases can be put into.
    ///
    /// # Errors
    /// As [`Opening::catalogue`].
    pub fn book(&self, procedures: &Procedures) -> Result<Book, AppError> {
        self.catalogue(procedures)?;
        let files = self.data.files("catalogue", ".toml")?;
        Book::new(files, procedures.names().cloned().collect()).map_err(AppError::faults)
    }

    /// The working calendar.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn calendar(&self) -> Result<Calendar, AppError> {
        let (_, days) = self
            .data
            .files("calendar", ".csv")?
            .into_iter()
            .next()
            .ok_or_else(|| AppError::Said("data/calendar has no CSV of holidays.".to_owned()))?;
        Calendar::parse(&days, &self.data.file("calendar/city.toml")?).map_err(AppError::faults)
    }

    /// The rulebook, with a value for every figure that is used.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn rulebook(&self) -> Result<Rulebook, AppError> {
        let book = Rulebook::load(&self.data.files("rulebook", ".toml")?).map_err(AppError::faults)?;
        let today = self.calendar()?.zone().date((self.clock)());
        let faults = book.faults(&rules(), today);
        if faults.is_empty() { Ok(book) } else { Err(AppError::faults(faults)) }
    }

    /// The departments and the units that places have.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn units(&self) -> Result<UnitPlan, AppError> {
        let file = "shenyang/units.toml";
        UnitPlan::load(file, &self.data.file(file)?).map_err(AppError::faults)
    }

    /// The roles.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn roles(&self) -> Result<Roles, AppError> {
        Roles::load(&self.data.files("roles", ".toml")?).map_err(AppError::faults)
    }

    /// The vault, with the master keys of the environment or of the key file.
    ///
    /// # Errors
    /// A key file that is missing, readable by others, or not understood.
    pub fn vault(&self) -> Result<Vault, AppError> {
        let keys = match MasterKeys::from_environment(|name| std::env::var(name).ok())? {
            Some(keys) => keys,
            None => MasterKeys::from_file(&self.configuration.key_file)?,
        };
        Ok(Vault::new(keys))
    }

    /// The store; `exclusive` for the process that serves.
    ///
    /// # Errors
    /// What the store says: locked, unreachable, newer than this binary.
    pub fn store(&self, exclusive: bool) -> Result<Store, AppError> {
        Ok(Store::open(&self.configuration.database, Options { exclusive, ..Options::default() })?)
    }
}

/// The tables of every part, in the order in which they are made.
#[must_use]
pub fn migrations() -> Vec<&'static [Migration]> {
    vec![
        vault::MIGRATIONS,
        identity::MIGRATIONS,
        jobs::MIGRATIONS,
        places::MIGRATIONS,
        cases::MIGRATIONS,
        visits::MIGRATIONS,
        exchange::MIGRATIONS,
        papers::MIGRATIONS,
        counter::MIGRATIONS,
        stations::MIGRATIONS,
        mobilization::MIGRATIONS,
    ]
}

/// The figures of the rulebook that every part uses.
#[must_use]
pub fn rules() -> Vec<&'static [RuleFacts]> {
    vec![
        rulebook::RULES,
        places::RULES,
        cases::words::RULES,
        counter::words::RULES,
        letters::words::RULES,
        visits::words::RULES,
        exchange::RULES,
        papers::words::RULES,
        stations::words::RULES,
        mobilization::words::RULES,
    ]
}

/// The texts of every part.
#[must_use]
pub fn texts() -> Vec<(&'static str, &'static str)> {
    vec![
        web::LOCALES,
        identity::LOCALES,
        places::LOCALES,
        rulebook::LOCALES,
        cases::TEXTS,
        counter::TEXTS,
        letters::TEXTS,
        visits::TEXTS,
        exchange::TEXTS,
        papers::TEXTS,
        stations::TEXTS,
        mobilization::TEXTS,
    ]
}

/// The links of every part.
fn nav() -> Vec<NavItem> {
    [
        identity::NAV.to_vec(),
        places::nav().to_vec(),
        rulebook::nav().to_vec(),
        cases::nav(),
        counter::nav(),
        letters::nav(),
        visits::nav(),
        exchange::nav(),
        papers::nav(),
        stations::nav(),
        mobilization::nav(),
    ]
    .concat()
}

/// A city that is open: its departments, ready to serve pages or to be worked with from the command line.
pub struct City {
    /// Where everything is remembered.
    pub store: Store,
    /// Where persons are sealed.
    pub vault: Arc<Vault>,
    /// Accounts.
    pub identity: Arc<Identity>,
    /// The tree of places.
    pub places: Arc<Places>,
    /// Figures and limits.
    pub rulebook: Arc<Rulebook>,
    /// The desk of cases.
    pub cases: Arc<Cases>,
    /// The counter.
    pub counter: Arc<Counter>,
    /// The letters of cases.
    pub letters: Arc<Letters>,
    /// Appointments, the queue, home visits.
    pub visits: Arc<Visits>,
    /// The interface for other systems.
    pub exchange: Arc<Exchange>,
    /// Papers: files, checks, promises, originals.
    pub papers: Arc<Papers>,
    /// Stations and who lives near one.
    pub stations: Arc<Stations>,
    /// Who is called out in an emergency, and where to.
    pub mobilization: Arc<Mobilization>,
    /// The time.
    pub clock: Clock,
    frame: Arc<Frame>,
}

impl City {
    /// Opens the city over a store whose tables are up to date and whose places are imported.
    ///
    /// # Errors
    /// Data that contradicts itself, keys that cannot be read, tables that are not up to date, or no city among the places.
    pub fn open(opening: &Opening, store: Store) -> Result<Self, AppError> {
        let vault = opening.vault()?;
        let calendar = Arc::new(opening.calendar()?);
        let procedures = opening.procedures()?;
        let book = Arc::new(opening.book(&procedures)?);
        is_current(&store)?;
        let sealed = vault.clone();
        store.read_blocking(move |tx| sealed.prepare(tx))?;
        let places = Arc::new(Places::new(store.clone(), opening.units()?)?);
        let home = places.tree().root().map(|city| city.path.clone());
        let home = home.ok_or_else(|| {
            AppError::Said("There are no places yet. Run: lianglin init, or lianglin places import".to_owned())
        })?;
        let rulebook = Arc::new(located(opening.rulebook()?, &places));
        let today = calendar.zone().date((opening.clock)());
        let identity = Identity::new(
            store.clone(),
            vault.clone(),
            opening.roles()?,
            settings::identity_rules(&rulebook, today)?,
            settings::identity(opening, home.clone(), calendar.zone()),
            Arc::new(settings::Names { places: places.clone(), catalogue: book.clone() }),
        );
        let vault = Arc::new(vault);
        let parts = cases::Parts {
            vault: vault.clone(),
            rulebook: rulebook.clone(),
            places: places.clone(),
            items: book.clone(),
            procedures,
            calendar: calendar.clone(),
        };
        let cases = Arc::new(Cases::new(store.clone(), parts));
        let checks = settings::checks(opening, &book.now(), &vault, (&rulebook, today))?;
        let configuration = &opening.configuration;
        let press = Arc::new(Press::new(settings::press(configuration)));
        let counter = Counter::new(cases.clone(), book, configuration.https).printing(press.available());
        let counter = Arc::new(counter);
        counter.renew_blocking((opening.clock)())?;
        let letters = Arc::new(Letters::new(counter.clone(), press, &configuration.public_url));
        let visits = Arc::new(Visits::new(counter.clone()));
        let private_http = opening.configuration.webhooks_private_http;
        let exchange = Arc::new(Exchange::new(counter.clone(), opening.clock.clone(), private_http));
        let papers = Arc::new(Papers::new(counter.clone(), shelf(opening)?, checks));
        let stations = Arc::new(Stations::new(cases.clone()));
        let mobilization = Arc::new(Mobilization::new(cases.clone(), crate::chores::channels(opening)));
        cases.stand_beside(Box::new(papers::Links));
        let frame = frame(opening, (&vault, &calendar), (&places, &home), cases.clone())?;
        Ok(Self {
            store,
            vault,
            identity,
            places,
            rulebook,
            cases,
            counter,
            letters,
            visits,
            exchange,
            papers,
            stations,
            mobilization,
            clock: opening.clock.clone(),
            frame,
        })
    }

    /// Every page of the platform.
    pub fn router(&self) -> Router {
        let around =
            Arc::new(settings::Around { identity: self.identity.clone(), catalogue: self.counter.book.clone() });
        let pages = Router::new()
            .merge(identity::routes(self.identity.clone()))
            .merge(places::routes(self.places.clone(), around, self.rulebook.clone()))
            .merge(rulebook::routes(self.rulebook.clone()))
            .merge(cases::routes(self.cases.clone()))
            .merge(counter::routes(self.counter.clone()))
            .merge(letters::routes(self.letters.clone()))
            .merge(visits::routes(self.visits.clone()))
            .merge(exchange::routes(self.exchange.clone()))
            .merge(papers::routes(self.papers.clone()))
            .merge(stations::routes(self.stations.clone()))
            .merge(mobilization::routes(self.mobilization.clone()));
        let identity = self.identity.clone();
        web::layers_with(pages, self.frame.clone(), |router| identity::attach(router, identity))
    }
}

/// What all pages share.
fn frame(
    opening: &Opening,
    (vault, calendar): (&Vault, &Calendar),
    (places, home): (&Places, &PlacePath),
    cases: Arc<Cases>,
) -> Result<Arc<Frame>, AppError> {
    Ok(Arc::new(Frame {
        texts: Texts::new(&texts()).map_err(AppError::Faults)?,
        nav: nav(),
        clock: opening.clock.clone(),
        zone: calendar.zone(),
        csrf_key: vault.derive_key("web.csrf"),
        city_name: city_name(places, home),
        waiting: Some(waiting(cases)),
    }))
}

fn shelf(opening: &Opening) -> Result<Shelf, AppError> {
    Shelf::open(&opening.configuration.files_folder()).map_err(|fault| AppError::Said(fault.to_string()))
}

/// Tables are as this binary wants them.
fn is_current(store: &Store) -> Result<(), AppError> {
    match store::pending(store, &migrations())?.len() {
        0 => Ok(()),
        missing => Err(AppError::Said(format!(
            "The database is older than this binary ({missing} steps missing). Run: lianglin migrate"
        ))),
    }
}

/// The rulebook with its figures at their places, as the tree of the moment has them.
fn located(rulebook: Rulebook, places: &Arc<Places>) -> Rulebook {
    let places = places.clone();
    let rulebook = rulebook.placed_by(move |code| places.tree().by_code(code).map(|place| place.path.clone()));
    for value in rulebook.unplaced() {
        tracing::warn!(place = ?value.place, "a figure of the rulebook is for a place that is not in the tree");
    }
    rulebook
}

fn city_name(places: &Places, home: &PlacePath) -> Bilingual {
    let tree = places.tree();
    tree.at(home)
        .filter(|place| place.level == Level::City)
        .map_or_else(|| Bilingual::new("", ""), |place| place.name.clone())
}

fn waiting(cases: Arc<Cases>) -> web::WaitingHook {
    Arc::new(move |actor| {
        let cases = cases.clone();
        Box::pin(async move { cases.waiting(actor).await.map(|count| Waiting { count, href: "/queue".to_owned() }) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_that_is_shipped_is_declared_by_somebody() {
        let files = Data::BuiltIn.files("rulebook", ".toml").unwrap();
        let book = Rulebook::load(&files).unwrap();
        let codes: Vec<&str> = book.undeclared(&rules()).map(|parameter| parameter.code.as_str()).collect();
        assert!(codes.is_empty(), "{codes:?}");
        let faults = book.faults(&rules(), jiff::civil::date(2026, 11, 23));
        assert!(faults.is_empty(), "{faults:?}");
    }
}
