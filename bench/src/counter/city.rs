//! This file makes the city as an operator does (`lianglin init`), opens it in this process, and opens the accounts for
//! measuring.

use std::process::Command;
use std::sync::Arc;

use kernel::place::{Level, PlacePath};
use lianglin::configuration::Configuration;
use lianglin::data::Data;
use lianglin::demonstration::{NewPerson, open_account};
use lianglin::{City, Opening};
use store::{Options, Store};

use super::{Site, text};

/// Says how many pages the write-ahead log may have while loading. This saves work for the disk, and no measured stage
/// runs with it.
const LOADING_CHECKPOINT_PAGES: u32 = 20_000;
/// Names the department whose district office is measured.
pub const DEPARTMENT: &str = "civil_affairs";

/// An account that can sign in.
#[derive(Clone)]
pub struct Account {
    /// The name to sign in with.
    pub login: &'static str,
    /// Its password.
    pub password: String,
    /// Where it is on duty.
    pub place: PlacePath,
}

/// One account for each role that is measured.
pub struct Accounts {
    /// A worker at a community's window.
    pub worker: Account,
    /// A handler in a district's office.
    pub handler: Account,
    /// An organiser who sees the whole city.
    pub organiser: Account,
    /// An organiser who sees one district.
    pub district: Account,
}

/// Runs `lianglin init` on the empty database. It makes tables, key, every edition of the places, and units.
pub fn make(site: &Site) -> Result<(), String> {
    let mut command = Command::new(&site.program);
    command.args(["init", "--database", &site.address, "--key-file"]).arg(&site.key).current_dir(&site.folder);
    let output = command.output().map_err(|error| format!("{}: {error}", site.program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("lianglin init failed: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Opens the city in this process. Loading has settings of its own.
pub fn open(site: &Site, loading: bool) -> Result<Arc<City>, String> {
    let configuration =
        Configuration { database: site.address.clone(), key_file: site.key.clone(), ..Configuration::default() };
    let opening = Opening { configuration, data: Data::new(None), clock: lianglin::opening::system_clock() };
    let usual = Options::default();
    let checkpoint_pages = if loading { LOADING_CHECKPOINT_PAGES } else { usual.checkpoint_pages };
    let options = Options { checkpoint_pages, ..usual };
    let store = Store::open(&site.address, options).map_err(text)?;
    City::open(&opening, store).map(Arc::new).map_err(text)
}

/// Closes the database, so that the server can have it.
pub fn close(city: Arc<City>) {
    let store = city.store.clone();
    drop(city);
    store.close();
}

/// Opens an account for each role that is measured, around the first community of the tree.
pub fn accounts(city: &Arc<City>) -> Result<Accounts, String> {
    let tree = city.places.tree();
    let community = tree.of_level(Level::Community).next().ok_or("there is no community")?.path.clone();
    let district = community.at(Level::District).ok_or("the community lies in no district")?;
    let root = tree.root().ok_or("there are no places")?.path.clone();
    let account = |role: &str, login: &'static str, place: PlacePath, department: Option<&str>| {
        let person = NewPerson { role, login, name: "王晓燕", place: &place, department, must_change: false };
        let password = open_account(city, &person, (city.clock)()).map_err(text)?;
        Ok::<_, String>(Account { login, password, place })
    };
    Ok(Accounts {
        worker: account("community_worker", "benchworker", community, None)?,
        handler: account("district_handler", "benchhandler", district.clone(), Some(DEPARTMENT))?,
        organiser: account("organiser_city", "benchcity", root, None)?,
        district: account("organiser_district", "benchdistrict", district, None)?,
    })
}
