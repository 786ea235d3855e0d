//! Follows places that lie elsewhere now: every case that names one is brought along, a batch in a transaction.

use std::sync::Arc;

use jobs::JobError;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use crate::Cases;
use crate::records::{Key, asked_inside, in_state, naming};

/// Cases whose places are read at a time.
const ROWS: i64 = 5_000;
/// Cases that are brought along in one transaction.
const BATCH_CASES: usize = 200;

/// Where a place lay and where it lies.
type Move = (PlacePath, PlacePath);

/// Goes through every case once and brings along those that name a moved place. Run again, it finds nothing left to do.
///
/// # Errors
/// The store failed; it is tried again later.
pub fn follow(cases: &Arc<Cases>, store: &Store, moves: &[Move], now: Instant) -> Result<(), JobError> {
    let (mut opened_at, mut id) = (Instant::from_micros(i64::MIN), Uuid::nil());
    loop {
        let read = store.read_blocking(move |tx| naming(tx, opened_at, id, ROWS))?;
        let Some(last) = read.last() else { break };
        (opened_at, id) = (last.opened_at, last.id);
        let places: Vec<&PlacePath> = moves.iter().map(|(from, _)| from).collect();
        let named = read.iter().filter(|row| row.names(&places));
        let touched: Vec<Key> = named.map(|row| Key { district: row.district, id: row.id }).collect();
        along(cases, store, &touched, moves, now)?;
    }
    // An office that was asked, or that decides what lies with another for a while, is named in the case alone.
    for (from, _) in moves {
        let place = from.clone();
        pages(cases, store, moves, now, move |tx, after| asked_inside(tx, &place, after, ROWS))?;
    }
    for ((procedure, state), facts) in cases.procedures().states() {
        if facts.office.is_some() && !facts.terminal {
            let (procedure, state) = (procedure.to_owned(), state.to_owned());
            pages(cases, store, moves, now, move |tx, after| in_state(tx, &procedure, &state, after, ROWS))?;
        }
    }
    Ok(())
}

/// Brings the cases of a list along, page by page.
fn pages(
    cases: &Arc<Cases>,
    store: &Store,
    moves: &[Move],
    now: Instant,
    list: impl Fn(&mut dyn Tx, &Key) -> Result<Vec<Key>, StoreError> + Send + Sync + Clone + 'static,
) -> Result<(), JobError> {
    let mut after = Key { district: PlaceId(i64::MIN), id: Uuid::nil() };
    loop {
        let read = list.clone();
        let found = store.read_blocking(move |tx| read(tx, &after))?;
        let Some(reached) = found.last().cloned() else { return Ok(()) };
        after = reached;
        along(cases, store, &found, moves, now)?;
    }
}

fn along(cases: &Arc<Cases>, store: &Store, keys: &[Key], moves: &[Move], now: Instant) -> Result<(), JobError> {
    for batch in keys.chunks(BATCH_CASES) {
        let (desk, batch, moves) = (cases.clone(), batch.to_vec(), moves.to_vec());
        let done =
            store.write_blocking(move |tx| batch.iter().try_for_each(|case| desk.relocate(tx, case, &moves, now)));
        done?;
    }
    Ok(())
}
