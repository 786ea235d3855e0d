//! Remembers what was asked of mediators while disputes are gone through, so that each is asked once and not once for
//! every dispute.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;

use super::ON_DUTY;
use crate::records::mediator as roster;
use crate::words::{Mediated, Mediator};

/// The department of the posts of mediators.
pub(super) const MEDIATION: &str = "mediation";

/// Who is on a roster, and who holds a post for mediation at a place, as far as it was asked.
#[derive(Default)]
pub(super) struct Asked {
    mediators: BTreeMap<Uuid, Option<Mediator>>,
    on_duty: BTreeMap<PlacePath, BTreeSet<Uuid>>,
}

impl Asked {
    /// Reads those who mediate some disputes together, about whom is asked one by one afterwards.
    pub(super) fn know(&mut self, tx: &mut dyn Tx, mediated: &[Mediated]) -> Result<(), Fault> {
        let ids: BTreeSet<Uuid> = mediated.iter().filter_map(|one| one.mediator).collect();
        let new: Vec<Uuid> = ids.into_iter().filter(|id| !self.mediators.contains_key(id)).collect();
        let found = roster::several(tx, &new)?.into_iter();
        self.mediators.extend(found.map(|mediator| (mediator.id, Some(mediator))));
        Ok(())
    }

    /// A mediator of a roster; none whom no roster knows.
    pub(super) fn mediator(&mut self, tx: &mut dyn Tx, id: Uuid) -> Result<Option<&Mediator>, Fault> {
        let found = match self.mediators.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(roster::find(tx, id)?),
        };
        Ok(found.as_ref())
    }

    /// Whether an account holds a post of a mediator at a place, or above it.
    pub(super) fn mediates_at(
        &mut self,
        tx: &mut dyn Tx,
        office: &PlacePath,
        account: Uuid,
        today: Date,
    ) -> Result<bool, Fault> {
        let levels = [Level::Community, Level::Street, Level::District, Level::City];
        for place in levels.into_iter().filter_map(|level| office.at(level)) {
            if self.on_duty(tx, &place, today)?.contains(&account) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The accounts that hold a post of a mediator at exactly this place.
    pub(super) fn on_duty(
        &mut self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        today: Date,
    ) -> Result<&BTreeSet<Uuid>, Fault> {
        let found = match self.on_duty.entry(place.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let own = identity::holders_for(tx, new.key(), MEDIATION, today, ON_DUTY)?;
                new.insert(own.into_iter().collect())
            }
        };
        Ok(found)
    }
}
