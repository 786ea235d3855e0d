//! Opens the ballots of a vote that is over, all of them at once under one key, and publishes their lines.

use std::collections::VecDeque;
use std::num::NonZero;
use std::thread::{self, ScopedJoinHandle};

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
/// So many ballots are read at once. Those that were read before are opened meanwhile.
const PART: i64 = 4_000;
/// Stands before the numbers of all rights.
pub const BEFORE: i64 = -1;

/// Reads the ballots of a vote, opens them and returns their lines by commitment, in an order that says nothing of who
/// gave them. The key of the vote is read once, and the processors of the machine share the ballots.
///
/// # Errors
/// A ballot that cannot be opened, a vote whose key is gone, or a failure.
pub fn opened(vault: &Vault, tx: &mut dyn Tx, vote: &Vote) -> Result<Vec<BallotLine>, Fault> {
    let keys = &Keys { opener: vault.opener(tx, vote.district, vote.seal)?, teller: vault.teller() };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut lines = thread::scope(|scope| {
        let (mut opening, mut lines, mut after) = (VecDeque::new(), Vec::new(), BEFORE);
        loop {
            let part = ballots::sealed(tx, vote.district, vote.id, after, PART)?;
            let Some(last) = part.last() else { break };
            after = last.number;
            opening.push_back(scope.spawn(move || keys.lines(vote, &part)));
            // No more are read than can be opened soon.
            if opening.len() > threads {
                lines.append(&mut ended(opening.pop_front())?);
            }
        }
        while !opening.is_empty() {
            lines.append(&mut ended(opening.pop_front())?);
        }
        Ok::<_, Fault>(lines)
    })?;
    // Each part is in order already, so that little is left to be done.
    lines.sort_by(|one, other| one.commitment.cmp(&other.commitment));
    Ok(lines)
}

type Opening<'s> = ScopedJoinHandle<'s, Result<Vec<BallotLine>, VaultError>>;

/// Waits for a part to be opened.
fn ended(part: Option<Opening<'_>>) -> Result<Vec<BallotLine>, Fault> {
    let Some(part) = part else { return Ok(Vec::new()) };
    let lines =
        part.join().map_err(|_| Fault::Broken("opening the ballots ended with a fault (see the log)".into()))?;
    Ok(lines?)
}

/// The keys under which the ballots of a vote are opened and their nonces made.
struct Keys {
    opener: Opener,
    teller: Teller,
}

impl Keys {
    /// Opens some ballots and puts them in order.
    fn lines(&self, vote: &Vote, sealed: &[SealedBallot]) -> Result<Vec<BallotLine>, VaultError> {
        let mut lines = sealed.iter().map(|ballot| self.line(vote, ballot)).collect::<Result<Vec<_>, _>>()?;
        lines.sort_unstable_by(|one, other| one.commitment.cmp(&other.commitment));
        Ok(lines)
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
    let mut told = format!("property nonce {} {number} ", vote.id);
    HEXLOWER.encode_append(sealed, &mut told);
    let mut nonce = teller.told_apart(&told);
    nonce.truncate(NONCE_DIGITS);
    nonce
}
