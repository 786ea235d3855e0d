//! What a city is opened from: where things are kept, the data that it edits, the time.

use std::sync::Arc;

use cases::Procedures;
use counter::catalogue::Catalogue;
use identity::Roles;
use kernel::calendar::Calendar;
use kernel::time::{Clock, Instant};
use places::UnitPlan;
use rulebook::Rulebook;
use store::{Options, Store};
use vault::{MasterKeys, Vault, VaultError};

use crate::configuration::Configuration;
use crate::data::Data;
use crate::{AppError, departments};

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
        Procedures::load(&self.data.files("procedures", ".toml")?).map_err(AppError::faults)
    }

    /// The procedures, for which the rulebook gives each limit that new cases ask for today.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn procedures_with_limits(&self) -> Result<Procedures, AppError> {
        let procedures = self.procedures()?;
        let book = Rulebook::load(&self.data.files("rulebook", ".toml")?).map_err(AppError::faults)?;
        let today = self.calendar()?.zone().date((self.clock)());
        let faults = procedures.missing_limits(&book, today);
        if faults.is_empty() { Ok(procedures) } else { Err(AppError::faults(faults)) }
    }

    /// The catalogue as it is written, every item following a procedure that is there.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn catalogue(&self, procedures: &Procedures) -> Result<Arc<Catalogue>, AppError> {
        let files = self.data.files("catalogue", ".toml")?;
        let today = self.calendar()?.zone().date((self.clock)());
        let book = counter::editing::of_files(files, procedures, today).map_err(AppError::faults)?;
        Ok(book.now())
    }

    /// The catalogue of the grid: what can be reported from the street.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn street(&self) -> Result<grid::catalogue::Catalogue, AppError> {
        let files = self.data.files("catalogue/grid", ".toml")?;
        grid::catalogue::Catalogue::load(&files).map_err(AppError::faults)
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
        let calendar = Calendar::parse(&days, &self.data.file("calendar/city.toml")?).map_err(AppError::faults)?;
        calendar.with_statutory(&self.data.file("calendar/statutory.toml")?).map_err(AppError::faults)
    }

    /// The rulebook, with a value for every figure that is used.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn rulebook(&self) -> Result<Rulebook, AppError> {
        let book = Rulebook::load(&self.data.files("rulebook", ".toml")?).map_err(AppError::faults)?;
        let today = self.calendar()?.zone().date((self.clock)());
        let faults = book.faults(&departments::rules(), today);
        if faults.is_empty() { Ok(book) } else { Err(AppError::faults(faults)) }
    }

    /// The departments and the units that places have.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn units(&self) -> Result<UnitPlan, AppError> {
        let file = places::UNITS;
        UnitPlan::load(file, &self.data.file(file)?).map_err(AppError::faults)
    }

    /// The roles.
    ///
    /// # Errors
    /// Every fault with file, line and remedy.
    pub fn roles(&self) -> Result<Roles, AppError> {
        Roles::load(&self.data.files("roles", ".toml")?, &departments::permissions()).map_err(AppError::faults)
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

    /// Checks that the master keys are those of a database. Where nothing was sealed yet, any will do.
    ///
    /// # Errors
    /// Another key sealed what is kept there, or a key is missing.
    pub fn key_fits(&self, store: &Store, vault: &Vault) -> Result<(), AppError> {
        let trying = vault.clone();
        store.read_blocking(move |tx| trying.prepare(tx)).map_err(|fault| match fault {
            VaultError::Damaged => AppError::Said(format!(
                "The master key does not belong to this database: another key sealed what is kept in it. Put back the \
                 key file of this installation (now read: {}) from its safe copy.",
                self.configuration.key_file.display()
            )),
            other => other.into(),
        })
    }

    /// The store, which must be there; `exclusive` for the process that serves.
    ///
    /// # Errors
    /// What the store says: missing, locked, unreachable. A database in which nothing was ever kept is refused too.
    pub fn store(&self, exclusive: bool) -> Result<Store, AppError> {
        let options = Options { exclusive, create: false, ..Options::default() };
        let store = Store::open(&self.configuration.database, options)?;
        if store::is_empty(&store)? {
            return Err(AppError::Said(format!(
                "{} is an empty database. Check the address (--database, LIANGLIN_DATABASE, or database in \
                 lianglin.toml); to fill a new one, run: lianglin init",
                self.configuration.database_shown()
            )));
        }
        Ok(store)
    }

    /// The store of a new installation. Only `init` asks for it: the file is made if it is missing.
    ///
    /// # Errors
    /// What the store says: locked, unreachable.
    pub fn new_store(&self) -> Result<Store, AppError> {
        Ok(Store::open(&self.configuration.database, Options::default())?)
    }
}
