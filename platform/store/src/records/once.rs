//! Idempotency: a command that is sent twice is done once.

use data_encoding::HEXLOWER;
use kernel::time::Instant;
use sm3::{Digest, Sm3};

use crate::error::StoreError;
use crate::record::one;
use crate::transaction::Tx;
use crate::{args, record};

/// What is known of a command's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// The key was never seen. Do the command, then call [`finish`].
    New,
    /// The command was done before. This is the answer that was given then.
    Again(String),
    /// The key was used for another command.
    Conflict,
}

/// One command as its sender names it.
#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    /// Separates the users of keys: an account, a form.
    pub scope: &'a str,
    /// The key that the sender gave the command.
    pub key: &'a str,
    /// Tells one command from another. Only its SM3 is kept, because it may hold words about a person.
    pub digest: &'a str,
}

record! {
    struct Known {
        digest: String,
        answer: Option<String>,
    }
}

/// Takes a key for a command at the start of its unit of work. `scope` separates the users of keys (an account, a
/// form), `digest` tells one command from another. If the same command runs elsewhere, it waits for the end of that.
pub fn begin(tx: &mut dyn Tx, scope: &str, key: &str, digest: &str, now: Instant) -> Result<Once, StoreError> {
    taken(tx, Command { scope, key, digest }, None, now)
}

/// Does the same as [`begin`] where the answer is known before the work is done. Nothing has to be finished then.
pub fn take(tx: &mut dyn Tx, command: Command<'_>, answer: &str, now: Instant) -> Result<Once, StoreError> {
    taken(tx, command, Some(answer), now)
}

fn taken(tx: &mut dyn Tx, command: Command<'_>, answer: Option<&str>, now: Instant) -> Result<Once, StoreError> {
    let Command { scope, key, digest } = command;
    let kept = HEXLOWER.encode(&Sm3::digest(digest.as_bytes()));
    let taken = tx.exec(
        "insert into store_once (scope, key, digest, answer, at) values ($1, $2, $3, $4, $5) on conflict (scope, key) do nothing",
        &args![scope, key, &kept, answer.map(str::to_owned), now],
    )?;
    if taken == 1 {
        return Ok(Once::New);
    }
    match known(tx, scope, key)? {
        None => Err(tx.conflict()),
        // Versions before kept the digest as it was given.
        Some(known) if known.digest != kept && known.digest != digest => Ok(Once::Conflict),
        Some(known) => Ok(Once::Again(known.answer.unwrap_or_default())),
    }
}

/// Says whether this command was done before under its key. The key is not taken.
pub fn was_done(tx: &mut dyn Tx, command: Command<'_>) -> Result<bool, StoreError> {
    let Command { scope, key, digest } = command;
    let kept = HEXLOWER.encode(&Sm3::digest(digest.as_bytes()));
    Ok(known(tx, scope, key)?.is_some_and(|known| known.digest == kept || known.digest == digest))
}

/// Says whether a key was taken before, by whichever command. The key is not taken.
pub fn is_known(tx: &mut dyn Tx, scope: &str, key: &str) -> Result<bool, StoreError> {
    Ok(known(tx, scope, key)?.is_some())
}

fn known(tx: &mut dyn Tx, scope: &str, key: &str) -> Result<Option<Known>, StoreError> {
    one(tx, "select digest, answer from store_once where scope = $1 and key = $2", &args![scope, key])
}

/// Keeps the answer for those who send the command again.
pub fn finish(tx: &mut dyn Tx, scope: &str, key: &str, answer: &str) -> Result<(), StoreError> {
    let kept =
        tx.exec("update store_once set answer = $3 where scope = $1 and key = $2", &args![scope, key, answer])?;
    if kept == 1 { Ok(()) } else { Err(StoreError::data("once::finish without once::begin")) }
}

/// Forgets keys that were taken before a moment, and returns how many.
pub fn forget(tx: &mut dyn Tx, before: Instant) -> Result<u64, StoreError> {
    tx.exec("delete from store_once where at < $1", &args![before])
}
