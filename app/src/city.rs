//! The whole city put together: store, vault, departments, and the router over all of them.

use std::sync::Arc;

use axum::Router;
use cases::Cases;
use counter::Counter;
use exchange::Exchange;
use hall::Hall;
use house::{House, Installation, Work};
use identity::{Identity, Roles};
use jobs::channels::Targets;
use kernel::language::Bilingual;
use kernel::place::{Level, PlacePath};
use kernel::time::Clock;
use letters::Letters;
use mobilization::Mobilization;
use papers::Papers;
use places::Places;
use rulebook::Rulebook;
use stations::Stations;
use store::Store;
use vault::Vault;
use visits::Visits;
use web::{Declared, Doors, Frame, Limits, Post, Proxies, Routes, Service, Texts, Waiting};

use crate::AppError;
use crate::departments::{self, DEPARTMENTS};
use crate::machinery;
use crate::opening::Opening;
use crate::settings;

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
    /// Store, vault, places, rulebook and calendar together.
    pub hall: Arc<Hall>,
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
    /// What departments do by themselves.
    pub work: Work,
    /// The desks of all departments.
    pub house: House,
    frame: Arc<Frame>,
    proxies: Arc<Proxies>,
    doors: Arc<Doors>,
    pages: Routes,
}

impl City {
    /// Opens the city over a store whose tables are up to date and whose places are imported.
    ///
    /// # Errors
    /// Fails if data contradict themselves, keys cannot be read, tables are not up to date, or there is no city among
    /// the places.
    pub fn open(opening: &Opening, store: Store) -> Result<Self, AppError> {
        departments::check()?;
        is_current(&store)?;
        let vault = opening.vault()?;
        opening.key_fits(&store, &vault)?;
        let mut house = House::new(store.clone(), opening.clock.clone(), installation(opening)?, DEPARTMENTS);
        house.keep(Arc::new(vault));
        house.keep(Arc::new(Texts::new(&departments::texts()).map_err(AppError::Faults)?));
        for department in DEPARTMENTS {
            (department.open)(&mut house)?;
        }
        let (pages, work) = work(&house)?;
        let hall = house.get::<Hall>()?;
        let cases = house.get::<Cases>()?;
        Ok(Self {
            proxies: Arc::new(Proxies::new(opening.configuration.trusted()?, opening.configuration.https)),
            doors: Arc::new(Doors::new(&Limits::default().with_quota(opening.configuration.quota))),
            frame: frame(&house, &hall, cases.clone(), work.services.clone())?,
            store,
            vault: hall.vault.clone(),
            identity: house.get()?,
            places: hall.places.clone(),
            rulebook: hall.rulebook.clone(),
            hall,
            cases,
            counter: house.get()?,
            letters: house.get()?,
            visits: house.get()?,
            exchange: house.get()?,
            papers: house.get()?,
            stations: house.get()?,
            mobilization: house.get()?,
            clock: opening.clock.clone(),
            work,
            house,
            pages,
        })
    }

    /// The machines in front of the server whose word counts.
    #[must_use]
    pub fn proxies(&self) -> Arc<Proxies> {
        self.proxies.clone()
    }

    /// Every page of the platform.
    pub fn router(&self) -> Router {
        let identity = self.identity.clone();
        let attach = |router| identity::attach(router, identity);
        let all = web::layers_behind(self.pages.clone(), self.frame.clone(), &self.doors, attach);
        let all = if self.house.installation.https { web::over_https(all) } else { all };
        web::addressed(all, self.proxies.clone())
    }

    /// The doors at which all requests pass: how often somebody asks, and the places of each class.
    #[must_use]
    pub fn doors(&self) -> Arc<Doors> {
        self.doors.clone()
    }

    /// What every route of the departments declares.
    #[must_use]
    pub fn declared(&self) -> Vec<Declared> {
        self.pages.declared()
    }
}

/// The pages of all departments, and everything else that they do, in one.
fn work(house: &House) -> Result<(Routes, Work), AppError> {
    let (mut pages, mut all) = (Routes::new(), Work::default());
    for department in DEPARTMENTS {
        let mut work = (department.work)(house)?;
        pages = pages.merge(std::mem::take(&mut work.routes));
        all.add(work);
    }
    let twice = answered_twice(&all);
    if !twice.is_empty() {
        return Err(AppError::Faults(twice));
    }
    house.shown.fill(all.take_shown());
    house.get::<Hall>()?.vault.forget_with(std::mem::take(&mut all.erased));
    Ok((pages, all))
}

/// The jobs that two chores would do, and the recipients of notices that two departments would answer for, a sentence
/// each: only one of them would ever be asked.
fn answered_twice(work: &Work) -> Vec<String> {
    let mut twice = Vec::new();
    let kinds = work.chores.iter().map(|chore| chore.kind).chain([machinery::FOLLOW, machinery::ERASE]);
    departments::repeated("kind of chores", kinds, &mut twice);
    departments::repeated("kind of recipients", work.recipients.iter().map(|known| known.prefix), &mut twice);
    twice
}

/// What the operator decided, as departments ask for it.
fn installation(opening: &Opening) -> Result<Installation, AppError> {
    let configuration = &opening.configuration;
    Ok(Installation {
        data: Arc::new(opening.data.clone()),
        https: configuration.https,
        public_url: configuration.public_url.clone(),
        telephone: configuration.telephone.clone().unwrap_or_default(),
        files: configuration.files_folder(),
        print: configuration.print.clone(),
        fonts: configuration.fonts.clone(),
        private_http: configuration.webhooks_private_http,
        targets: Targets::new(configuration.targets()?),
        check_key: configuration.check_key.clone(),
        channels: configuration.channels(),
        at_request: configuration.at_request(),
        base_map: configuration.base_map().map_err(AppError::Faults)?,
    })
}

/// What all pages share.
fn frame(house: &House, hall: &Hall, cases: Arc<Cases>, services: Vec<Service>) -> Result<Arc<Frame>, AppError> {
    let home = settings::home(&hall.places)?;
    let files = house.installation.data.files("roles", ".toml")?;
    let roles = Roles::load(&files, &house.permissions).map_err(house::OpenFault::Faults)?;
    let post = |role: &identity::Role| Post { title: role.title.clone(), permissions: role.permissions.clone() };
    Ok(Arc::new(Frame {
        texts: (*house.get::<Texts>()?).clone(),
        services,
        duties: overview::DUTIES,
        clock: house.clock.clone(),
        zone: hall.zone(),
        csrf_key: hall.vault.derive_key("web.csrf"),
        city_name: city_name(&hall.places, &home),
        telephone: house.installation.telephone.clone(),
        public_url: house.installation.public_url.trim_end_matches('/').to_owned(),
        posts: roles.all().map(post).collect(),
        waiting: Some(waiting(cases, house.get::<Identity>()?)),
    }))
}

/// Tables are as this binary wants them.
fn is_current(store: &Store) -> Result<(), AppError> {
    match store::pending(store, &departments::migrations())?.len() {
        0 => Ok(()),
        missing => Err(AppError::Said(format!(
            "The database is older than this binary ({missing} steps missing). Run: lianglin migrate"
        ))),
    }
}

fn city_name(places: &Places, home: &PlacePath) -> Bilingual {
    let tree = places.tree();
    tree.at(home)
        .filter(|place| place.level == Level::City)
        .map_or_else(|| Bilingual::new("", ""), |place| place.name.clone())
}

/// Asks what waits for somebody: cases, and what others ask for and she confirms.
fn waiting(cases: Arc<Cases>, identity: Arc<Identity>) -> web::WaitingHook {
    Arc::new(move |actor| {
        let (cases, identity) = (cases.clone(), identity.clone());
        Box::pin(async move {
            let to_confirm = identity.count_to_confirm(&actor).await;
            let to_do = cases.waiting(actor).await;
            let link = |key, href: &str, count| Waiting { key, count, href: href.to_owned() };
            let mut waiting: Vec<Waiting> = Vec::new();
            waiting.extend(to_do.map(|count| link("web-waiting", "/queue", count)));
            waiting.extend(to_confirm.map(|count| link(identity::WAITING, identity::CONFIRMATIONS, count)));
            waiting
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Data;
    use rulebook::Rulebook;

    #[test]
    fn a_job_is_done_by_one_chore_and_a_recipient_is_known_by_one_department() {
        let chore = |kind| house::Chore::new(kind, house::When::Asked, |_: &Store, _: &jobs::Job, _| Ok(()));
        let recipient =
            |prefix| house::Recipient { prefix, resolve: Arc::new(|_: &Store, _: &jobs::Notice, _: &str, _| Ok(None)) };
        let done = |kinds: &[&'static str], prefixes: &[&'static str]| Work {
            chores: kinds.iter().copied().map(chore).collect(),
            recipients: prefixes.iter().copied().map(recipient).collect(),
            ..Work::default()
        };
        for (kinds, prefixes, twice) in [
            (&["cases.remind", "visits.remind"][..], &["", "visit:"][..], 0),
            (&["cases.remind", "visits.remind", "cases.remind"][..], &[""][..], 1),
            (&["app.erase_expired"][..], &[""][..], 1),
            (&["cases.remind"][..], &["visit:", "visit:", "", ""][..], 2),
        ] {
            assert_eq!(answered_twice(&done(kinds, prefixes)).len(), twice, "{kinds:?} {prefixes:?}");
        }
    }

    #[test]
    fn every_figure_that_is_shipped_is_declared_by_somebody() {
        let files = Data::BuiltIn.files("rulebook", ".toml").unwrap();
        let book = Rulebook::load(&files).unwrap();
        let codes: Vec<&str> =
            book.undeclared(&departments::rules()).map(|parameter| parameter.code.as_str()).collect();
        assert!(codes.is_empty(), "{codes:?}");
        let faults = book.faults(&departments::rules(), jiff::civil::date(2026, 11, 23));
        assert!(faults.is_empty(), "{faults:?}");
    }
}
