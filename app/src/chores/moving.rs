//! Follows places that lie elsewhere now: cases, papers, visits, posts, other systems and unread notices keep paths, and a changed edition moves them all.

use std::sync::Arc;

use cases::{Elsewhere, asked_inside, in_state, naming};
use jobs::{Heard, Job, JobError};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Instant;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use super::failed;
use crate::City;

/// Cases whose places are read at a time.
const ROWS: i64 = 5_000;
/// Cases that are brought along in one transaction.
const BATCH_CASES: usize = 200;

/// Where a place lay and where it lies.
type Move = (PlacePath, PlacePath);

/// Brings everything that names a moved place to where it lies now. Run again it finds nothing left to do.
///
/// # Errors
/// Later again when the store failed, never when the message makes no sense.
pub fn follow(city: &Arc<City>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    city.places.reload_blocking()?;
    let moves = topmost(&heard.payload).ok_or_else(|| JobError::Never("no list of moved places".to_owned()))?;
    for (from, to) in &moves {
        let (before, after) = (from.clone(), to.clone());
        store.write_blocking(move |tx| {
            identity::relocate(tx, &before, &after)?;
            visits::relocate(tx, &before, &after)?;
            exchange::relocate(tx, &before, &after)?;
            papers::relocate(tx, &before, &after)?;
            stations::relocate(tx, &before, &after)?;
            mobilization::relocate(tx, &before, &after)?;
            jobs::relocate(tx, &before, &after)?;
            jobs::readdress(tx, "office:", before.as_str(), after.as_str())
        })?;
    }
    cases(city, store, &moves, now)
}

/// Goes through every case once; those that name a moved place are brought along, a batch in a transaction.
fn cases(city: &Arc<City>, store: &Store, moves: &[Move], now: Instant) -> Result<(), JobError> {
    let mut after = (Instant::from_micros(i64::MIN), Uuid::nil());
    loop {
        let read = store.read_blocking(move |tx| naming(tx, after, ROWS))?;
        let Some(last) = read.last() else { break };
        after = (last.opened_at, last.id);
        let places: Vec<&PlacePath> = moves.iter().map(|(from, _)| from).collect();
        let touched: Vec<_> = read.iter().filter(|row| row.names(&places)).map(|row| (row.district, row.id)).collect();
        along(city, store, (&touched, moves), now)?;
    }
    // An office that was asked, or that decides what lies with another for a while, is named in the case alone.
    for (from, _) in moves {
        let place = from.clone();
        pages(city, store, moves, now, move |tx, after| asked_inside(tx, &place, after, ROWS))?;
    }
    for ((procedure, state), facts) in city.cases.procedures().states() {
        if facts.office.is_some() && !facts.terminal {
            let (procedure, state) = (procedure.to_owned(), state.to_owned());
            pages(city, store, moves, now, move |tx, after| in_state(tx, (&procedure, &state), after, ROWS))?;
        }
    }
    Ok(())
}

/// Brings the cases of a list along, page by page.
fn pages(
    city: &Arc<City>,
    store: &Store,
    moves: &[Move],
    now: Instant,
    list: impl Fn(&mut dyn Tx, (PlaceId, Uuid)) -> Result<Vec<Elsewhere>, StoreError> + Send + Sync + Clone + 'static,
) -> Result<(), JobError> {
    let mut after = (PlaceId(i64::MIN), Uuid::nil());
    loop {
        let read = list.clone();
        let found = store.read_blocking(move |tx| read(tx, after))?;
        let Some(end) = found.last() else { return Ok(()) };
        after = (end.district, end.id);
        let keys: Vec<_> = found.iter().map(|one| (one.district, one.id)).collect();
        along(city, store, (&keys, moves), now)?;
    }
}

fn along(
    city: &Arc<City>,
    store: &Store,
    (keys, moves): (&[(PlaceId, Uuid)], &[Move]),
    now: Instant,
) -> Result<(), JobError> {
    for batch in keys.chunks(BATCH_CASES) {
        let (desk, batch, moves) = (city.cases.clone(), batch.to_vec(), moves.to_vec());
        let done =
            store.write_blocking(move |tx| batch.iter().try_for_each(|case| desk.relocate(tx, *case, &moves, now)));
        done.map_err(|fault| failed(&fault))?;
    }
    Ok(())
}

/// The moves of which no other says the same for a place above.
fn topmost(payload: &serde_json::Value) -> Option<Vec<Move>> {
    let path = |value: &serde_json::Value| PlacePath::parse(value.as_str()?).ok();
    let mut moves: Vec<Move> = Vec::new();
    for one in payload.get("moved")?.as_array()? {
        moves.push((path(one.get(1)?)?, path(one.get(2)?)?));
    }
    moves.sort_by_key(|(from, _)| from.depth());
    let mut kept: Vec<Move> = Vec::new();
    for (from, to) in moves {
        let said = kept.iter().any(|(above, there)| from.moved(above, there).as_ref() == Some(&to));
        if !said && from != to {
            kept.push((from, to));
        }
    }
    Some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_along_is_said_once() {
        let payload = serde_json::json!({ "moved": [
            [4, "1.2.3.4.", "1.5.3.4."], [3, "1.2.3.", "1.5.3."], [9, "1.2.8.9.", "1.2.7.9."], [6, "1.6.", "1.6."],
            [5, "1.2.3.5.", "1.2.7.5."],
        ] });
        let moves = topmost(&payload).unwrap();
        let told: Vec<(&str, &str)> = moves.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        assert_eq!(told, [("1.2.3.", "1.5.3."), ("1.2.8.9.", "1.2.7.9."), ("1.2.3.5.", "1.2.7.5.")]);
        assert_eq!(topmost(&serde_json::json!({ "moved": [[1, "x", "y"]] })), None);
    }
}
