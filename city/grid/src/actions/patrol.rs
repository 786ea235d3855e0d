//! Ticks which grid was walked on which day, and says which is to be walked next.

use std::sync::Arc;

use hall::Fault;
use kernel::permission::Actor;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;

use super::field::{work_places, works_at};
use crate::Grid;
use crate::records::patrol;
use crate::words::GRID_PATROL;
use crate::words::field::Round;

/// Days that a page looks back.
const LOOK_BACK: i64 = 30;
/// The most grids of one worker that are shown.
const SHOWN: usize = 200;

/// A grid, when it was walked, and when it is to be walked again.
#[derive(Clone, Debug, PartialEq)]
pub struct Beat {
    /// The grid, or a community that has none.
    pub place: PlacePath,
    /// The days on which it was walked lately, the latest first.
    pub rounds: Vec<Round>,
    /// By when it is to be walked again.
    pub due: Date,
}

impl Grid {
    /// The grids of a worker, those first that are to be walked first.
    ///
    /// # Errors
    /// The rulebook has no such figure, or the store failed.
    pub async fn beats(self: &Arc<Self>, actor: &Actor, now: Instant) -> Result<Vec<Beat>, Fault> {
        let today = self.hall.day(now);
        let since = date_plus_days(today, -LOOK_BACK).unwrap_or(today);
        let (desk, grids) = (self.clone(), self.grids_of(actor));
        let read = move |tx: &mut dyn Tx| {
            let mut beats = Vec::new();
            for place in &grids {
                let rounds = patrol::of_grid(tx, place.district(), place.id(), since)?;
                let days = desk.hall.figure_at(GRID_PATROL, place, today)?;
                let again = rounds.first().and_then(|round| date_plus_days(round.day, days));
                beats.push(Beat { due: again.unwrap_or(today), place: place.clone(), rounds });
            }
            beats.sort_by_key(|beat| (beat.due, beat.place.id()));
            Ok::<_, Fault>(beats)
        };
        self.hall.store.read(read).await
    }

    /// The grids at a worker's places; a community without grids stands for itself.
    fn grids_of(&self, actor: &Actor) -> Vec<PlacePath> {
        let tree = self.hall.places.tree();
        let mut found = Vec::new();
        let mut below = work_places(actor);
        while let Some(place) = below.pop() {
            let children: Vec<PlacePath> = tree.children(place.id()).map(|child| child.path.clone()).collect();
            if place.level() >= Level::Grid || (place.level() == Level::Community && children.is_empty()) {
                found.push(place);
            } else {
                below.extend(children);
            }
            if found.len() >= SHOWN {
                break;
            }
        }
        found
    }

    /// Ticks a grid as walked today, or takes the tick back.
    ///
    /// # Errors
    /// It is none of this worker's, or the store failed.
    pub async fn tick(self: &Arc<Self>, grid: PlaceId, walked: bool, actor: Actor, now: Instant) -> Result<(), Fault> {
        let (desk, day) = (self.clone(), self.hall.day(now));
        self.hall.store.write(move |tx| desk.walk(tx, grid, day, walked, &actor)).await
    }

    /// Ticks a grid for a day, or takes the tick back.
    pub(super) fn walk(
        &self,
        tx: &mut dyn Tx,
        grid: PlaceId,
        day: Date,
        walked: bool,
        actor: &Actor,
    ) -> Result<(), Fault> {
        let tree = self.hall.places.tree();
        let place = tree.get(grid).filter(|place| place.level >= Level::Community && works_at(actor, &place.path));
        let district = place.ok_or(Fault::NotFound)?.path.district();
        let round = Round { grid, day, name: actor.name.clone() };
        Ok(patrol::tick(tx, district, &round, walked)?)
    }

    /// The day of a round as a phone names it: today, or one of the days before at which a page looks back.
    pub(super) fn round_day(&self, day: &str, now: Instant) -> Result<Date, Fault> {
        let today = self.hall.day(now);
        let first = date_plus_days(today, -LOOK_BACK).unwrap_or(today);
        let day = day.parse::<Date>().ok().filter(|day| (first..=today).contains(day));
        Ok(day.ok_or_else(|| Refusal::new(Code::FormInvalid).field("day"))?)
    }
}
