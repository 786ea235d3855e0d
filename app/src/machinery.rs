//! The platform's own parts stand here as departments. Those crates know nothing of the city, so this file says what
//! they are told of it.

use std::sync::Arc;

use cases::Cases;
use counter::Book;
use hall::{Fault, Hall};
use house::{BATCH, Chore, Department, House, Lane, OpenFault, When, Work, each_move};
use identity::{Identity, Roles};
use jobs::JobError;
use kernel::permission::Permission;
use kernel::refusal::Code;
use kernel::time::{Date, Instant, Zone, date_plus_days};
use places::Places;
use press::Press;
use rulebook::Rulebook;
use store::audit::AuditKey;
use store::{Store, StoreError, Tx};
use vault::Vault;

use crate::settings;

/// The kernel: it declares what all departments share.
pub const KERNEL: Department =
    Department { name: "kernel", permissions: Permission::ALL, refusals: Code::ALL, ..Department::EMPTY };

/// The frame of pages.
pub const WEB: Department = Department { name: "web", texts: Some(web::LOCALES), ..Department::EMPTY };

/// Personal data; the vault itself is opened with the keys of the installation before all departments.
pub const VAULT: Department = Department {
    name: "vault",
    migrations: vault::MIGRATIONS,
    refusals: vault::Why::ALL,
    work: vault_work,
    ..Department::EMPTY
};

/// Tables that people bring.
pub const TABLES: Department = Department { name: "tables", refusals: tables::Why::ALL, ..Department::EMPTY };

/// Wrong tries at passwords, codes and numbers.
pub const TRIES: Department =
    Department { name: "tries", migrations: tries::MIGRATIONS, work: tries_work, ..Department::EMPTY };

/// Durable work and notices.
pub const JOBS: Department =
    Department { name: "jobs", migrations: jobs::MIGRATIONS, work: jobs_work, ..Department::EMPTY };

/// Letters as PDF.
pub const PRESS: Department = Department { name: "press", open: open_press, ..Department::EMPTY };

/// Accounts, sign-in and posts.
pub const IDENTITY: Department = Department {
    name: "identity",
    migrations: identity::MIGRATIONS,
    texts: Some(identity::LOCALES),
    permissions: identity::May::ALL,
    refusals: identity::Why::ALL,
    open: open_identity,
    work: identity_work,
    ..Department::EMPTY
};

/// The job that follows moved places.
pub const FOLLOW: &str = "app.follow_places";
/// The job that erases records whose time is over.
pub const ERASE: &str = "app.erase_expired";
/// Minutes after midnight at which each chore of the night begins.
const SEAL_AT: u32 = 10;
const CLEAR_AT: u32 = 140;
const SWEEP_AT: u32 = 150;
const SWEEP_TRIES_AT: u32 = 155;
const FORGET_AT: u32 = 160;
/// One run of a chore does at most this many batches. The next run does what is left, so that no run outlives its
/// lease.
const BATCHES: usize = 20;
/// Days after which a count of wrong tries is removed. Long before that it has forgotten all of them.
const TRIES_DAYS: i64 = 2;
/// Days that are cut off one by one, oldest first, so that no single deletion is a large one.
const SLICES: i64 = 60;

/// Messages of the outbox that are forgotten at once.
const HEARD: i64 = 2000;

/// Runs batches until one has nothing to do; comes again when there is more than one run should do.
///
/// # Errors
/// A batch failed, or there is more to do.
pub fn batches(now: Instant, mut batch: impl FnMut() -> Result<u64, JobError>) -> Result<(), JobError> {
    for _ in 0..BATCHES {
        if batch()? == 0 {
            return Ok(());
        }
    }
    Err(JobError::Later(now))
}

/// Clears at night what the keys of erased records may have left in the files of the database.
fn vault_work(house: &House) -> Result<Work, OpenFault> {
    let vault = house.get::<Vault>()?;
    let clear = move |store: &Store, _: &jobs::Job, _: Instant| {
        vault.clear_traces(store).map(drop).map_err(|fault| JobError::Retry(fault.to_string()))
    };
    Ok(Work { chores: vec![Chore::new("app.clear_traces", When::AtMinute(CLEAR_AT), clear)], ..Work::default() })
}

#[expect(clippy::unnecessary_wraps, reason = "every department opens so")]
fn open_press(house: &mut House) -> Result<(), OpenFault> {
    let press = Press::new(settings::press(&house.installation));
    house.keep(Arc::new(press));
    Ok(())
}

/// Reads the roles and opens accounts with the figures of the rulebook.
fn open_identity(house: &mut House) -> Result<(), OpenFault> {
    let hall = house.get::<Hall>()?;
    let files = house.installation.data.files("roles", ".toml")?;
    let roles = Roles::load(&files, &house.permissions).map_err(OpenFault::Faults)?;
    let (places, catalogue) = (house.get::<Places>()?, house.get::<Book>()?);
    let home = settings::home(&places)?;
    let identity = Identity::new(
        house.store.clone(),
        (*hall.vault).clone(),
        roles,
        settings::identity_rules(&*house.get::<Rulebook>()?, hall.day((house.clock)()))?,
        settings::identity(house, home, hall.zone())?,
        Arc::new(settings::Names { places, catalogue: catalogue.clone(), cases: house.get::<Cases>()? }),
    );
    let around = settings::Around { identity: identity.clone(), catalogue };
    house.keep(identity);
    house.keep(Arc::new(places::Around(Arc::new(around))));
    Ok(())
}

fn identity_work(house: &House) -> Result<Work, OpenFault> {
    let identity = house.get::<Identity>()?;
    let (sweeping, counting) = (identity.clone(), identity.clone());
    let sweep = move |_: &Store, _: &jobs::Job, now| sweep(&sweeping, now);
    let waiting = Lane {
        key: "identity-nav-confirmations",
        href: "/confirmations",
        permission: identity::May::AccountManage,
        order: 10,
        count: Arc::new(move |tx, actor, now| counting.count_waiting(tx, actor, now)),
    };
    Ok(Work {
        routes: identity::routes(identity),
        services: identity::SERVICES.to_vec(),
        chores: vec![Chore::new("app.sweep_accounts", When::AtMinute(SWEEP_AT), sweep)],
        moved: vec![each_move(identity::relocate)],
        lanes: vec![waiting],
        ..Work::default()
    })
}

#[expect(clippy::unnecessary_wraps, reason = "every department works so")]
fn tries_work(_house: &House) -> Result<Work, OpenFault> {
    let sweep = |store: &Store, _: &jobs::Job, now: Instant| {
        let before = now.plus_days(-TRIES_DAYS);
        batches(now, || Ok(store.write_blocking(move |tx| tries::sweep(tx, before, BATCH))?))
    };
    Ok(Work { chores: vec![Chore::new("app.sweep_tries", When::AtMinute(SWEEP_TRIES_AT), sweep)], ..Work::default() })
}

/// Forgets sessions that have ended.
fn sweep(identity: &Arc<Identity>, now: Instant) -> Result<(), JobError> {
    let retry = |fault: &dyn std::fmt::Display| JobError::Retry(fault.to_string());
    let waiting = tokio::runtime::Builder::new_current_thread().build().map_err(|fault| retry(&fault))?;
    batches(now, || waiting.block_on(identity.sweep()).map_err(|fault| retry(&fault)))
}

fn jobs_work(house: &House) -> Result<Work, OpenFault> {
    let (hall, sealing) = (house.get::<Hall>()?, house.get::<Hall>()?);
    let key = AuditKey::new(house.get::<Vault>()?.derive_key("store.audit"));
    let seal = move |store: &Store, _: &jobs::Job, now| seal(store, &key, sealing.zone(), now);
    let forget = move |store: &Store, _: &jobs::Job, now| forget(&hall, store, now);
    Ok(Work {
        chores: vec![
            Chore::new("app.seal_day", When::AtMinute(SEAL_AT), seal),
            Chore::new("app.forget", When::AtMinute(FORGET_AT), forget),
        ],
        moved: vec![each_move(|tx: &mut dyn Tx, from, to| {
            jobs::relocate(tx, from, to)?;
            jobs::readdress(tx, "office:", from.as_str(), to.as_str())
        })],
        ..Work::default()
    })
}

/// Seals the oldest day that is over and not sealed; none when all are. The first head covers everything before it.
///
/// # Errors
/// The store failed.
pub fn seal_next(store: &Store, key: &AuditKey, zone: Zone, now: Instant) -> Result<Option<Date>, StoreError> {
    let newest = store.read_blocking(store::audit::newest_head)?;
    let Some(yesterday) = date_plus_days(zone.date(now), -1) else { return Ok(None) };
    let next = newest.map_or(Some(yesterday), |head| date_plus_days(head.day, 1));
    let Some(day) = next.filter(|day| *day <= yesterday) else { return Ok(None) };
    let key = key.clone();
    store.write_blocking(move |tx| store::audit::seal_day(tx, day, zone, &key, now)).map(|head| Some(head.day))
}

/// Seals every day since the last one sealed, also those on which no server ran.
fn seal(store: &Store, key: &AuditKey, zone: Zone, now: Instant) -> Result<(), JobError> {
    batches(now, || Ok(u64::from(seal_next(store, key, zone, now)?.is_some())))
}

/// Erases sealed records whose time is over, and what departments keep under them.
///
/// # Errors
/// The store or the vault failed, or there is more to do.
pub fn erase(hall: &Arc<Hall>, store: &Store, now: Instant) -> Result<(), JobError> {
    let on = hall.day(now);
    batches(now, || {
        let erasing = hall.clone();
        let done = store.write_blocking(move |tx| {
            let over = erasing.vault.expired(tx, on, BATCH)?;
            for (district, id) in &over {
                erasing.vault.erase(tx, *district, *id, now)?;
            }
            Ok::<_, Fault>(u64::try_from(over.len()).unwrap_or(u64::MAX))
        });
        done.map_err(|fault| JobError::Retry(fault.to_string()))
    })
}

/// Forgets, once they are older than the rulebook keeps them, the answers kept for those who send again, the jobs and
/// the work that were done, the destinations to which nothing went any more, and the messages that were heard.
fn forget(hall: &Hall, store: &Store, now: Instant) -> Result<(), JobError> {
    let days = hall.figure(rulebook::ONCE_RETENTION_DAYS, now)?;
    for slice in (0..SLICES).rev() {
        let before = now.plus_days(-days - slice);
        store.write_blocking(move |tx| {
            store::once::forget(tx, before)?;
            jobs::forget_done(tx, before)
        })?;
    }
    let before = now.plus_days(-hall.figure(rulebook::WORK_RETENTION_DAYS, now)?);
    store.write_blocking(move |tx| jobs::forget_work(tx, before).map(drop))?;
    let before = now.plus_days(-days);
    store.write_blocking(move |tx| jobs::forget_destinations(tx, before).map(drop))?;
    batches(now, || Ok(store.write_blocking(move |tx| store::outbox::forget(tx, before, HEARD))?))
}
