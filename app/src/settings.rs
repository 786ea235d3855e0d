//! Figures of the rulebook in the shape in which platform crates take them, and what they ask about places.

use std::sync::Arc;

use cases::Cases;
use counter::Book;
use house::{House, Installation, OpenFault};
use identity::{Identity, PlaceNames, Settings};
use kernel::language::{Bilingual, Lang};
use kernel::place::PlacePath;
use kernel::time::{Date, Zone};
use places::geography::Brought;
use places::{DecidedItem, Files, OnDuty, Place, Places, Surroundings, Worker};
use rulebook::measure::Measure;
use rulebook::{Rule, Rulebook};
use store::{StoreError, Tx};
use vault::Vault;

/// Reads figures that must fit the type asked for.
struct Figures<'r> {
    rulebook: &'r Rulebook,
    on: Date,
}

impl Figures<'_> {
    fn get<M: Measure, T: TryFrom<M::Figure>>(&self, rule: Rule<M>) -> Result<T, OpenFault> {
        let figure = self.rulebook.get_everywhere(rule, self.on);
        let figure = figure.map_err(|refusal| OpenFault::Said(refusal.sentence(Lang::En)))?;
        T::try_from(figure).map_err(|_| {
            OpenFault::Said(format!(
                "{}: the number is too large to be applied; correct it in data/rulebook.",
                rule.code()
            ))
        })
    }
}

/// What accounts go by.
pub fn identity_rules(rulebook: &Rulebook, on: Date) -> Result<identity::Rules, OpenFault> {
    let figures = Figures { rulebook, on };
    Ok(identity::Rules {
        password_shortest: figures.get(rulebook::PASSWORD_MINIMUM_LENGTH)?,
        password_longest: figures.get(rulebook::PASSWORD_MAXIMUM_LENGTH)?,
        password_memory_kib: figures.get(rulebook::PASSWORD_MEMORY_KIB)?,
        password_passes: figures.get(rulebook::PASSWORD_PASSES)?,
        passwords_at_once: figures.get(rulebook::PASSWORD_AT_ONCE)?,
        passwords_waiting: figures.get(rulebook::PASSWORD_WAITING)?,
        session_idle_minutes: figures.get(rulebook::SESSION_IDLE_MINUTES)?,
        session_hours: figures.get(rulebook::SESSION_ABSOLUTE_HOURS)?,
        session_cache_seconds: figures.get(rulebook::SESSION_CACHE_SECONDS)?,
        lockout_failures: figures.get(rulebook::LOCKOUT_FAILURES)?,
        lockout_minutes: figures.get(rulebook::LOCKOUT_MINUTES)?,
        address_failures: figures.get(rulebook::SIGN_IN_ATTEMPTS_PER_ADDRESS)?,
        address_minutes: figures.get(rulebook::SIGN_IN_ADDRESS_MINUTES)?,
        first_wait_seconds: figures.get(rulebook::TRIES_FIRST_WAIT_SECONDS)?,
        longest_wait_seconds: figures.get(rulebook::TRIES_LONGEST_WAIT_SECONDS)?,
        device_days: figures.get(rulebook::TRIES_DEVICE_DAYS)?,
        code_minutes: figures.get(rulebook::SIGN_IN_CODE_MINUTES)?,
        code_drift_steps: figures.get(rulebook::SIGN_IN_CODE_DRIFT_STEPS)?,
        two_people: figures.get(rulebook::IDENTITY_TWO_PEOPLE)?,
        request_days: figures.get(rulebook::IDENTITY_REQUEST_DAYS)?,
        request_kept_days: figures.get(rulebook::IDENTITY_REQUEST_KEPT_DAYS)?,
        requests_open: figures.get(rulebook::IDENTITY_REQUESTS_OPEN)?,
        reset_hours: figures.get(rulebook::IDENTITY_RESET_HOURS)?,
    })
}

/// What the queue of jobs goes by.
pub fn job_rules(rulebook: &Rulebook, on: Date) -> Result<jobs::Rules, OpenFault> {
    let figures = Figures { rulebook, on };
    Ok(jobs::Rules {
        attempts: figures.get(rulebook::JOB_ATTEMPTS)?,
        lease_seconds: figures.get(rulebook::JOB_LEASE_SECONDS)?,
        first_delay_seconds: figures.get(rulebook::JOB_BACKOFF_SECONDS)?,
        longest_delay_seconds: figures.get(rulebook::JOB_BACKOFF_LIMIT_SECONDS)?,
        idle_milliseconds: figures.get(rulebook::JOB_IDLE_MILLISECONDS)?,
        outbox_batch: figures.get(rulebook::JOB_OUTBOX_BATCH)?,
        lane_workers: figures.get(rulebook::JOB_LANE_WORKERS)?,
        lane_jobs: figures.get(rulebook::JOB_LANE_JOBS)?,
        lane_failures: figures.get(rulebook::JOB_LANE_FAILURES)?,
    })
}

/// Where the program that lays out letters is; the rest as the press proposes.
pub fn press(installation: &Installation) -> press::Settings {
    press::Settings {
        program: installation.print.clone(),
        fonts: installation.fonts.clone(),
        ..press::Settings::default()
    }
}

/// How this installation signs people in.
///
/// # Errors
/// The store failed.
pub fn identity(house: &House, home: PlacePath, zone: Zone) -> Result<Settings, OpenFault> {
    Ok(Settings {
        home,
        staff_home: "/".to_owned(),
        secure: house.installation.https,
        issuer: "Lianglin".to_owned(),
        clock: house.clock.clone(),
        zone,
        demonstration: house.store.read_blocking(identity::is_demonstration)?,
    })
}

/// The key under which the digests of registers are made.
#[must_use]
pub fn registry_key(vault: &Vault) -> papers::RegistryKey {
    papers::RegistryKey::new(vault.derive_key("papers.registry"))
}

/// The city itself among the places.
///
/// # Errors
/// There are no places yet.
pub fn home(places: &Places) -> Result<PlacePath, OpenFault> {
    let home = places.tree().root().map(|city| city.path.clone());
    home.ok_or_else(|| {
        OpenFault::Said("There are no places yet. Run: lianglin init, or lianglin places import".to_owned())
    })
}

/// Names of places and departments for accounts and posts.
pub struct Names {
    /// The tree.
    pub places: Arc<Places>,
    /// The catalogue with its departments.
    pub catalogue: Arc<Book>,
    /// The kinds of cases, which bring departments of their own.
    pub cases: Arc<Cases>,
}

impl PlaceNames for Names {
    fn name(&self, place: &PlacePath) -> Option<Bilingual> {
        let tree = self.places.tree();
        let short = |lang| {
            let all: Vec<&str> =
                tree.ancestors(place.id()).into_iter().chain(tree.at(place)).map(|one| one.named(lang)).collect();
            // Everything lies in the city; its name is said only where nothing else is.
            all.get(1..).filter(|inside| !inside.is_empty()).unwrap_or(&all).join(" · ")
        };
        tree.at(place).map(|_| Bilingual::new(short(Lang::Zh), short(Lang::En))).filter(|name| !name.zh.is_empty())
    }

    fn find(&self, words: &str, limit: usize) -> Vec<PlacePath> {
        let tree = self.places.tree();
        let exact = tree.exactly(words);
        let found = if exact.is_empty() { tree.search(words, limit) } else { exact };
        found.into_iter().take(limit).map(|place| place.path.clone()).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        let book = self.catalogue.now();
        let listed = book.departments().map(|department| (department.code.clone(), department.name.clone()));
        let mut departments: Vec<(String, Bilingual)> = listed.collect();
        let others = self.cases.kinds.departments().into_iter();
        let others: Vec<_> = others.filter(|(code, _)| departments.iter().all(|(known, _)| known != code)).collect();
        departments.extend(others);
        departments
    }
}

/// People and items around a place, for its page.
pub struct Around {
    /// Accounts and roles.
    pub identity: Arc<Identity>,
    /// The catalogue.
    pub catalogue: Arc<Book>,
}

/// People shown at one place at most.
const ON_DUTY_SHOWN: i64 = 50;

impl Around {
    /// What a role is called.
    fn title(&self, code: &str) -> Bilingual {
        self.identity.roles().get(code).map_or_else(|| Bilingual::new(code, code), |role| role.title.clone())
    }
}

impl Surroundings for Around {
    fn on_duty(&self, tx: &mut dyn Tx, place: &PlacePath, on: Date) -> Result<Vec<OnDuty>, StoreError> {
        let found = identity::on_duty(tx, place, on, ON_DUTY_SHOWN)?;
        Ok(found
            .into_iter()
            .map(|one| OnDuty { role: self.title(&one.role), name: one.name, department: one.department })
            .collect())
    }

    fn workers(&self, tx: &mut dyn Tx, community: &PlacePath, on: Date) -> Result<Vec<Worker>, StoreError> {
        let mut found: Vec<Worker> = Vec::new();
        for one in identity::on_duty(tx, community, on, ON_DUTY_SHOWN)? {
            if found.iter().all(|known| known.account != one.account) {
                found.push(Worker { account: one.account, role: self.title(&one.role), name: one.name });
            }
        }
        Ok(found)
    }

    fn items(&self, place: &Place, department: &str) -> Vec<DecidedItem> {
        let catalogue = self.catalogue.now();
        let decided = catalogue.by_department(department).filter(|item| item.decides.level == place.level);
        decided.map(|item| DecidedItem { title: item.name.clone(), href: format!("/items/{}", item.code) }).collect()
    }

    fn buildings(&self, files: &Files) -> Result<Brought, Vec<Bilingual>> {
        crate::brought::buildings(files)
    }
}
