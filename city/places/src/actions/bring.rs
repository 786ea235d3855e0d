//! This file does what is done with buildings that a place's people bring: a job compares them with what is laid, a
//! person looks at that, and another job lays them.

use std::sync::Arc;

use jobs::{Handler, Progress, Work, WorkError, WorkState};
use kernel::place::PlacePath;
use kernel::time::{Clock, Instant};
use serde::{Deserialize, Serialize};
use store::log::Act;
use store::{Store, StoreError};
use uuid::Uuid;

use super::Places;
use crate::records::{geography, grids};
use crate::rules::geography::{Bringing, Compared, Joined, Odd, Over};

/// Names the kind of work that compares buildings with those that are laid.
pub const BRING: &str = "places.bring";
/// Names the kind of work that lays them.
pub const LAY: &str = "places.lay";
/// Says that the buildings cannot be laid any more as they were looked at. A page has words for it.
pub const CHANGED: &str = "changed";

/// Says what came of the comparison: what is different, or why the buildings cannot be laid.
pub type Answer = Result<Compared, Vec<Odd>>;

/// Holds what is asked of the work that lays buildings.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Laying {
    /// The work that compared them.
    pub bring: Uuid,
}

/// Returns the work that jobs do here: its kind and the function that does it.
pub fn works(places: &Arc<Places>, clock: &Clock) -> Vec<(&'static str, Handler)> {
    let (comparing, laying, asks) = (places.clone(), places.clone(), clock.clone());
    let bring = jobs::worker(clock.clone(), move |_, work, progress| compares(&comparing, work, progress));
    let lay = jobs::worker(clock.clone(), move |store, work, progress| lays(&laying, store, work, progress, asks()));
    vec![(BRING, bring), (LAY, lay)]
}

fn never(fault: &dyn std::fmt::Display) -> WorkError {
    WorkError::Never(fault.to_string())
}

fn compares(places: &Places, work: &Work, progress: &Progress) -> Result<Vec<u8>, WorkError> {
    let bringing: Bringing = serde_json::from_value(work.asked.clone()).map_err(|fault| never(&fault))?;
    progress.step(100)?;
    written(&joined(places, &work.place, &bringing)?.map(|(_, joined)| joined.compared))
}

fn written(answer: &Answer) -> Result<Vec<u8>, WorkError> {
    serde_json::to_vec(answer).map_err(|fault| never(&fault))
}

/// A revision of the geography, and the same with the new buildings.
type Found = Result<(i64, Joined), Vec<Odd>>;

fn joined(places: &Places, place: &PlacePath, bringing: &Bringing) -> Result<Found, WorkError> {
    places.reload_blocking()?;
    let Some(laid) = places.geography_blocking()? else { return Ok(Err(vec![Odd::NoWays])) };
    let tree = places.tree();
    let joined = Over { laid: &laid, tree: &tree, place }.joined(bringing);
    Ok(joined.map(|joined| (laid.revision, joined)))
}

fn lays(places: &Places, store: &Store, work: &Work, progress: &Progress, now: Instant) -> Result<Vec<u8>, WorkError> {
    let Laying { bring } = serde_json::from_value(work.asked.clone()).map_err(|fault| never(&fault))?;
    let found = store.read_blocking(move |tx| jobs::work(tx, bring))?;
    let is_meant = |found: &Work| found.kind == BRING && found.state == WorkState::Done && found.place == work.place;
    let found = found.filter(is_meant).ok_or_else(|| never(&CHANGED))?;
    let (id, district) = (work.id, work.place.district());
    // A work that ended after it laid the buildings and before that was noted is done again.
    let (lines, _) = store.read_blocking(move |tx| store::log::last(tx, district, id))?;
    if let Some(compared) = found.answer.clone().filter(|_| lines > 0) {
        return Ok(compared);
    }
    let bringing: Bringing = serde_json::from_value(found.asked).map_err(|fault| never(&fault))?;
    progress.step(100)?;
    let (revision, Joined { new, compared }) = joined(places, &work.place, &bringing)?.map_err(|_| never(&CHANGED))?;
    // Nobody agreed to a difference that was not shown.
    let shown = written(&Ok(compared.clone()))?;
    if found.answer.as_ref() != Some(&shown) {
        return Err(never(&CHANGED));
    }
    progress.step(500)?;
    let detail = serde_json::json!({
        "place": work.place.id(), "work": bring, "buildings": compared.buildings, "new": compared.new.len(),
        "changed": compared.changed.len(), "gone": compared.gone.len(),
    });
    let (by, by_name) = (work.asked_by, work.asked_name.clone());
    let laid = store.write_blocking(move |tx| {
        if grids::hold(tx)? != Some(revision) {
            return Ok(false);
        }
        geography::lay(tx, &new, now)?;
        let by_name = by_name.as_str();
        let act = Act { district, stream: id, kind: "buildings.laid", detail: &detail, by, by_name, at: now };
        store::log::note(tx, &act)?;
        Ok::<_, StoreError>(true)
    })?;
    if !laid {
        return Err(WorkError::Retry("somebody else lays buildings".to_owned()));
    }
    places.geography_blocking()?;
    serde_json::to_vec(&compared).map_err(|fault| never(&fault))
}
