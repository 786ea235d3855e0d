//! Opens the ballots of a vote that is over, all of them at once under one key, and publishes their lines.

use std::num::NonZero;
use std::thread;

use data_encoding::HEXLOWER;
use hall::Fault;
use store::{StoreError, Tx};
use vault::{Opener, Teller, Vault, VaultError};

use crate::records::ballots::{self, SealedBallot};
use crate::records::votes::{self, Vote};
use crate::rules::audit::BallotLine;
use crate::rules::ballots::commitment;
use crate::rules::tally::Tally;

/// How many hexadecimal digits a nonce has.
const NONCE_DIGITS: usize = 20;
/// As many ballots at least are worth a thread of their own.
const PART_LEAST: usize = 1_000;

/// Reads the ballots of a vote, opens them and returns their lines by commitment, in an order that says nothing of who
/// gave them. The key of the vote is read once, and the processors of the machine share the ballots.
///
/// # Errors
/// A ballot that cannot be opened, a vote whose key is gone, or a failure.
pub fn opened(vault: &Vault, tx: &mut dyn Tx, vote: &Vote) -> Result<Vec<BallotLine>, Fault> {
    let sealed = ballots::sealed(tx, vote.district, vote.id)?;
    let keys = &Keys { opener: vault.opener(tx, vote.district, vote.seal)?, teller: vault.teller() };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let part = sealed.len().div_ceil(threads).max(PART_LEAST);
    let mut lines = Vec::with_capacity(sealed.len());
    if sealed.len() <= part {
        lines.extend(keys.lines(vote, &sealed)?);
    } else {
        let parts: Vec<_> = thread::scope(|scope| {
            let open = |part| scope.spawn(move || keys.lines(vote, part));
            let running: Vec<_> = sealed.chunks(part).map(open).collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect()
        });
        for part in parts {
            let part = part.map_err(|_| Fault::Broken("opening the ballots ended with a fault (see the log)".into()))?;
            lines.extend(part?);
        }
    }
    lines.sort_unstable_by(|one, other| one.commitment.cmp(&other.commitment));
    Ok(lines)
}

/// The keys under which the ballots of a vote are opened and their nonces made.
struct Keys {
    opener: Opener,
    teller: Teller,
}

impl Keys {
    /// Opens some ballots.
    fn lines(&self, vote: &Vote, sealed: &[SealedBallot]) -> Result<Vec<BallotLine>, VaultError> {
        sealed.iter().map(|ballot| self.line(vote, ballot)).collect()
    }

    fn line(&self, vote: &Vote, ballot: &SealedBallot) -> Result<BallotLine, VaultError> {
        let plain = self.opener.uncover(&label(vote, ballot.number), &ballot.sealed)?;
        let choices = String::from_utf8_lossy(&plain).into_owned();
        let nonce = nonce(&self.teller, vote, ballot.number, &ballot.sealed);
        Ok(BallotLine { commitment: commitment(vote.id, &nonce, &choices), area: ballot.area, choices })
    }
}

/// Publishes the lines of a vote, keeps how its matters stand, and forgets what joined the lines with their rights.
///
/// # Errors
/// The store failed.
pub fn publish<'t>(
    tx: &mut dyn Tx,
    vote: &Vote,
    lines: &[BallotLine],
    tallies: impl IntoIterator<Item = &'t Tally>,
) -> Result<(), StoreError> {
    for line in lines {
        ballots::add_cast(tx, vote.district, vote.id, line)?;
    }
    for (tally, number) in tallies.into_iter().zip(1_i64..) {
        votes::set_tally(tx, vote.district, vote.id, number, tally)?;
    }
    ballots::forget(tx, vote)
}

/// The label under which the ballot of a right is sealed.
#[must_use]
pub fn label(vote: &Vote, number: i64) -> String {
    format!("property ballot {} {number}", vote.id)
}

/// The nonce of a ballot, as it stands on its receipt alone: made from the key of the vault and the sealed ballot, kept
/// nowhere. The sealed ballot is forgotten with the count. From then on nobody can make the nonce again, also nobody
/// who has the key, and so nobody finds the line of a unit by trying out what its owner may have chosen.
pub(super) fn nonce(teller: &Teller, vote: &Vote, number: i64, sealed: &[u8]) -> String {
    let told = format!("property nonce {} {number} {}", vote.id, HEXLOWER.encode(sealed));
    let mut nonce = teller.told_apart(&told);
    nonce.truncate(NONCE_DIGITS);
    nonce
}
