//! This file does `lianglin key`: it handles the master keys that wrap the vault's keys, from making one to removing
//! one that nothing uses any more.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Subcommand;
use identity::KeyUse;
use store::Store;
use uuid::Uuid;
use vault::{KEY_FILE_VARIABLE, KEY_VARIABLE, MasterKeys, Vault};

use super::{interrupt, progress};
use crate::AppError;
use crate::city::City;
use crate::opening::Opening;

#[derive(Subcommand)]
pub enum Command {
    /// List the master keys: which one seals, and how much each one still wraps.
    #[command(after_help = "Example: lianglin key list --key-file lianglin.key")]
    List,
    /// Add a master key that seals from the next start on. The older ones still open.
    #[command(
        after_help = "Example: lianglin key new --confirmed 0193… --key-file lianglin.key\nThen start the platform anew, and run: lianglin key rotate"
    )]
    New {
        /// Number of the request that two people agreed to in the browser (待确认, /confirmations).
        #[arg(long, value_name = "REQUEST")]
        confirmed: Option<Uuid>,
    },
    /// Wrap everything by the newest master key, in batches, while the platform serves. Ctrl+C interrupts it; begin
    /// again later.
    #[command(
        after_help = "Example: lianglin key rotate --confirmed 0193… --database lianglin.db --key-file lianglin.key"
    )]
    Rotate {
        /// Number of the request that two people agreed to in the browser (待确认, /confirmations).
        #[arg(long, value_name = "REQUEST")]
        confirmed: Option<Uuid>,
    },
    /// Make records that were sealed before records were found by name findable by it, in batches, while the platform
    /// serves. Ctrl+C interrupts it; begin again later.
    #[command(after_help = "Example: lianglin key index --database lianglin.db --key-file lianglin.key")]
    Index,
    /// Take a master key that nothing uses any more out of the file.
    #[command(
        after_help = "Example: lianglin key retire 1 --confirmed 0193…\nStop the platform first. Backups made before the rotation still need the key: the old file is kept beside the new one."
    )]
    Retire {
        /// Name of the key, as `lianglin key list` shows it.
        id: String,
        /// Number of the request that two people agreed to in the browser (待确认, /confirmations).
        #[arg(long, value_name = "REQUEST")]
        confirmed: Option<Uuid>,
    },
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    match command {
        Command::List => list(opening)?,
        Command::New { confirmed } => new(opening, *confirmed)?,
        Command::Rotate { confirmed } => return rotate(opening, *confirmed),
        Command::Index => return index(opening),
        Command::Retire { id, confirmed } => retire(opening, id, *confirmed)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn list(opening: &Opening) -> Result<(), AppError> {
    let (keys, _) = keys(opening)?;
    let used = used(&opening.store(false)?, &keys)?;
    for id in keys.ids() {
        let role = if id == keys.newest_id() { "seals and opens" } else { "opens" };
        println!("{id:<8} {role:<16} {} sealed under it", used.get(id).copied().unwrap_or_default());
    }
    for (id, count) in used.iter().filter(|(id, _)| !keys.ids().contains(&id.as_str())) {
        println!(
            "{id:<8} MISSING          {count} sealed under it cannot be read: put its line back from a copy of the key file"
        );
    }
    Ok(())
}

fn new(opening: &Opening, confirmed: Option<Uuid>) -> Result<(), AppError> {
    let (keys, file) = keys(opening)?;
    let file = writable(file)?;
    let store = opening.store(false)?;
    agreed(opening, &store, &KeyUse { work: "new", key: None }, confirmed)?;
    store.close();
    let more = keys.with_new_key()?;
    let kept = replace(&file, &more)?;
    println!("Added master key {} to {}; the previous file is {}.", more.newest_id(), file.display(), kept.display());
    println!(
        "Keep a copy of the new file apart from the database. Then start the platform anew, and run: lianglin key rotate"
    );
    Ok(())
}

/// Nothing is revealed by it, so it needs no second person.
fn index(opening: &Opening) -> Result<ExitCode, AppError> {
    let (keys, _) = keys(opening)?;
    let store = opening.store(false)?;
    known(&used(&store, &keys)?, &keys)?;
    let stopped = interrupt::pressed()?;
    let bar = progress::bar(0, "records looked at");
    let done = Vault::new(keys).index_older(&store, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    bar.finish();
    println!("{} records can be found by name now; {} have no name.", done.indexed, done.nameless);
    if done.unreadable > 0 {
        println!("{} could not be opened. Run: lianglin doctor --all", done.unreadable);
    }
    if done.remaining > 0 {
        println!("Interrupted with {} left; nothing is lost. Run the same command again.", done.remaining);
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn rotate(opening: &Opening, confirmed: Option<Uuid>) -> Result<ExitCode, AppError> {
    let (keys, _) = keys(opening)?;
    let store = opening.store(false)?;
    known(&used(&store, &keys)?, &keys)?;
    agreed(opening, &store, &KeyUse { work: "rotate", key: None }, confirmed)?;
    let stopped = interrupt::pressed()?;
    let bar = progress::bar(0, "keys rewrapped");
    let done = Vault::new(keys.clone()).rotate(&store, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        if stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    bar.finish();
    println!("{} rewrapped with master key {}, {} left.", done.rewrapped, keys.newest_id(), done.remaining);
    if done.remaining > 0 {
        println!("Interrupted; nothing was lost. Run the same command again.");
        return Ok(ExitCode::FAILURE);
    }
    for id in keys.ids().into_iter().filter(|id| *id != keys.newest_id()) {
        println!("Nothing uses master key {id} any more. With the platform stopped: lianglin key retire {id}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Removes a key. The program must be alone with the database, so that no server seals under the key meanwhile.
fn retire(opening: &Opening, id: &str, confirmed: Option<Uuid>) -> Result<(), AppError> {
    let (keys, file) = keys(opening)?;
    let file = writable(file)?;
    let store = opening.store(true)?;
    let fewer = retired(&keys, &used(&store, &keys)?, id)?;
    agreed(opening, &store, &KeyUse { work: "retire", key: Some(id) }, confirmed)?;
    let kept = replace(&file, &fewer)?;
    println!("Removed master key {id} from {}; the previous file is {}.", file.display(), kept.display());
    println!("Backups made before the rotation still need it: keep that file with them, until they are gone.");
    store.close();
    Ok(())
}

/// How many people could ask and confirm where a confirmation is wanted.
const PEOPLE: usize = 2;

/// What was found about the agreement to work on the keys.
enum Agreed {
    /// Two people agreed to it in the browser.
    ByTwo,
    /// One person does it alone, and why she may.
    Alone(&'static str),
    /// Two people have to agree first.
    Missing,
}

/// Checks that two people agreed to the work, and writes it into the log. One person does it alone where the city lets
/// her, and as long as there never were two who could: so a city begins.
fn agreed(opening: &Opening, store: &Store, using: &KeyUse<'_>, confirmed: Option<Uuid>) -> Result<(), AppError> {
    let city = City::open(opening, store.clone())?;
    let (identity, now) = (city.identity.clone(), (opening.clock)());
    let (work, key) = (using.work.to_owned(), using.key.map(str::to_owned));
    let found = store.write_blocking(move |tx| {
        if let Some(request) = confirmed {
            let using = KeyUse { work: &work, key: key.as_deref() };
            return identity.use_confirmed(tx, request, &using, now).map(|()| Agreed::ByTwo);
        }
        let why = if !identity.rules().two_people {
            "the city lets one person do it"
        } else if identity.key_holders_ever(tx, now)? < PEOPLE {
            "there are not two people yet who could ask and confirm"
        } else {
            return Ok(Agreed::Missing);
        };
        identity.note_keys_alone(tx, &work, why, now)?;
        Ok::<_, identity::IdentityError>(Agreed::Alone(why))
    })?;
    match found {
        Agreed::ByTwo => Ok(()),
        Agreed::Alone(why) => {
            println!("No second person was asked, because {why}. This is in the log.");
            Ok(())
        }
        Agreed::Missing => Err(AppError::Said(format!(
            "Two people agree to this first. One asks for it in the browser (待确认, /confirmations), another confirms \
             it. Then run: lianglin key {}{} --confirmed REQUEST",
            using.work,
            using.key.map(|key| format!(" {key}")).unwrap_or_default()
        ))),
    }
}

/// Returns the keys without one that may be removed.
fn retired(keys: &MasterKeys, used: &BTreeMap<String, u64>, id: &str) -> Result<MasterKeys, AppError> {
    let said = |text: String| Err(AppError::Said(text));
    if !keys.ids().contains(&id) {
        return said(format!("There is no master key {id}; there are: {}.", keys.ids().join(", ")));
    }
    if id == keys.newest_id() {
        return said(format!("Master key {id} is the one that seals. Make another first: lianglin key new"));
    }
    match used.get(id) {
        Some(count) if *count > 0 => said(format!(
            "{count} sealed records still hang on master key {id}; nothing was changed. Run: lianglin key rotate"
        )),
        _ => Ok(keys.without_key(id)),
    }
}

/// Checks that every key that something uses is known. Otherwise a rotation does not begin.
fn known(used: &BTreeMap<String, u64>, keys: &MasterKeys) -> Result<(), AppError> {
    match used.iter().find(|(id, _)| !keys.ids().contains(&id.as_str())) {
        None => Ok(()),
        Some((id, count)) => Err(AppError::Said(format!(
            "{count} sealed records hang on master key {id}, which is not in the key file. Put its line back from a copy of the file."
        ))),
    }
}

fn used(store: &Store, keys: &MasterKeys) -> Result<BTreeMap<String, u64>, AppError> {
    let vault = Vault::new(keys.clone());
    Ok(store.read_blocking(move |tx| vault.key_use(tx))?)
}

/// Returns the keys in force and the file that holds them. There is no file if the environment carries the keys
/// themselves.
fn keys(opening: &Opening) -> Result<(MasterKeys, Option<PathBuf>), AppError> {
    if std::env::var_os(KEY_VARIABLE).is_some() {
        let keys = MasterKeys::from_environment(|name| std::env::var(name).ok())?;
        return keys.map(|keys| (keys, None)).ok_or_else(|| AppError::Said(format!("{KEY_VARIABLE} is not text.")));
    }
    let named = std::env::var_os(KEY_FILE_VARIABLE).map(PathBuf::from);
    let file = named.unwrap_or_else(|| opening.configuration.key_file.clone());
    Ok((MasterKeys::from_file(&file)?, Some(file)))
}

fn writable(file: Option<PathBuf>) -> Result<PathBuf, AppError> {
    file.ok_or_else(|| {
        AppError::Said(format!(
            "The keys come from the environment ({KEY_VARIABLE}), which this command cannot change. Put them into a file, unset the variable, and name the file with --key-file."
        ))
    })
}

/// Writes the keys into the file, completely or not at all. Only the owner can read it. The earlier file is kept beside
/// it, and no earlier copy is overwritten. Returns the copy's name.
fn replace(file: &Path, keys: &MasterKeys) -> Result<PathBuf, AppError> {
    let fresh = beside(file, ".new");
    if fresh.exists() {
        return Err(AppError::Said(format!(
            "{} is there: another key command is at work, or one was interrupted. If none is at work, remove it and run this again.",
            fresh.display()
        )));
    }
    keys.write_file(&fresh)?;
    let kept = free(file);
    let swapped = fs::hard_link(file, &kept).and_then(|()| fs::rename(&fresh, file)).and_then(|()| {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder)?.sync_all()
    });
    if swapped.is_err() && fresh.exists() {
        fs::remove_file(&fresh).map_err(AppError::outside(fresh.display().to_string()))?;
    }
    swapped.map_err(AppError::outside(format!("replacing {}", file.display())))?;
    Ok(kept)
}

/// Returns the first name for a copy that is free: `.bak`, `.bak.2`, `.bak.3`…
fn free(file: &Path) -> PathBuf {
    let numbered = (2..=u32::MAX).map(|number| beside(file, &format!(".bak.{number}")));
    let first = beside(file, ".bak");
    std::iter::once(first.clone()).chain(numbered).find(|name| !name.exists()).unwrap_or(first)
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_goes_only_when_nothing_needs_it() {
        let keys = MasterKeys::generate().unwrap().with_new_key().unwrap().with_new_key().unwrap();
        let used = BTreeMap::from([("1".to_owned(), 3), ("3".to_owned(), 5)]);
        for (id, expected) in [
            ("1", Err("3 sealed records")),
            ("2", Ok(vec!["1", "3"])),
            ("3", Err("lianglin key new")),
            ("4", Err("1, 2, 3")),
        ] {
            match (retired(&keys, &used, id), expected) {
                (Ok(left), Ok(expected)) => assert_eq!(left.ids(), expected, "{id}"),
                (Err(fault), Err(said)) => assert!(fault.to_string().contains(said), "{id}: {fault}"),
                (got, _) => {
                    panic!("{id}: {:?}", got.map(|keys| format!("{keys:?}")).map_err(|fault| fault.to_string()))
                }
            }
        }
        assert!(known(&used, &keys).is_ok());
        assert!(known(&used, &keys.without_key("1")).unwrap_err().to_string().contains("master key 1"));
    }

    #[test]
    fn the_file_is_replaced_whole_and_no_copy_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lianglin.key");
        let first = MasterKeys::generate().unwrap();
        first.write_file(&file).unwrap();
        let second = first.with_new_key().unwrap();
        let kept = replace(&file, &second).unwrap();
        assert_eq!(kept, folder.path().join("lianglin.key.bak"));
        let third = second.without_key("1");
        let later = replace(&file, &third).unwrap();
        assert_eq!(later, folder.path().join("lianglin.key.bak.2"));
        for (file, keys) in [(&file, &third), (&kept, &first), (&later, &second)] {
            assert_eq!(MasterKeys::from_file(file).unwrap().ids(), keys.ids(), "{}", file.display());
            assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(folder.path().join("lianglin.key.new"), "of another command").unwrap();
        assert!(replace(&file, &first).unwrap_err().to_string().contains("remove it"));
        assert_eq!(MasterKeys::from_file(&file).unwrap().ids(), ["2"], "nothing was changed");
    }

    #[test]
    fn everything_moves_to_the_newest_key_and_then_the_old_one_may_go() {
        for store in testkit::stores() {
            store::migrate(&store, &[vault::MIGRATIONS]).unwrap();
            let first = MasterKeys::generate().unwrap();
            let (old, id) = (Vault::new(first.clone()), uuid::Uuid::now_v7());
            store.write_blocking(move |tx| old.put_secret(tx, "test", id, b"secret")).unwrap();
            let second = first.with_new_key().unwrap();
            let uses = used(&store, &second).unwrap();
            assert!(retired(&second, &uses, "1").is_err(), "{}: still in use", store.name);
            let done = Vault::new(second.clone()).rotate(&store, &mut |_, _| ControlFlow::Continue(())).unwrap();
            assert_eq!((done.rewrapped > 0, done.remaining), (true, 0));
            let left = retired(&second, &used(&store, &second).unwrap(), "1").unwrap();
            let vault = Vault::new(left);
            let read = store.read_blocking(move |tx| vault.secret(tx, "test", id)).unwrap().unwrap();
            assert_eq!(read.as_slice(), b"secret", "{}", store.name);
        }
    }
}
