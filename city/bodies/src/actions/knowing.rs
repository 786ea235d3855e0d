//! Says who may know of a dispute: once somebody mediates it, he alone; until then whoever mediates for the body where
//! it lies.

use std::collections::BTreeSet;

use hall::Fault;
use kernel::permission::Actor;
use kernel::place::{Level, PlaceId, PlacePath};
use store::Tx;
use uuid::Uuid;

use super::asked::{Asked, MEDIATION};
use crate::Bodies;
use crate::records::mediator as roster;
use crate::words::{Matter, Mediated};

/// The most groups of disputes of a place, each with one office and one mediator: more than a city has. A bound of the
/// machine.
const GROUPS: i64 = 50_000;
/// The most open disputes of one mediator, or of a body that nobody mediates yet, that are looked at.
const OF_A_GROUP: i64 = 10_000;

impl Bodies {
    /// Whether somebody may know of a dispute: its mediator; until there is one whoever mediates for the body where it
    /// lies. There is none where nobody was named yet at its office, he left the roster, or his account holds no post
    /// there any more.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn knows(&self, tx: &mut dyn Tx, district: PlaceId, case_id: Uuid, actor: &Actor) -> Result<bool, Fault> {
        let Some(matter) = roster::matter(tx, district, case_id)? else { return Ok(true) };
        self.is_shown(tx, &matter.mediated(), actor, &mut Asked::default())
    }

    /// Those of some disputes of which somebody may not know, each by its district and its case.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn others_of(
        &self,
        tx: &mut dyn Tx,
        cases: &[(PlaceId, Uuid)],
        actor: &Actor,
    ) -> Result<BTreeSet<Uuid>, Fault> {
        let (mut asked, mut found) = (Asked::default(), BTreeSet::new());
        let matters = roster::matters(tx, cases)?;
        let mediated: Vec<Mediated> = matters.iter().map(Matter::mediated).collect();
        asked.know(tx, &mediated)?;
        for matter in matters {
            if !self.is_shown(tx, &matter.mediated(), actor, &mut asked)? {
                found.insert(matter.case_id);
            }
        }
        Ok(found)
    }

    /// The open disputes at the offices of a place, or inside it, of which somebody may know, each by its district and
    /// its case. Disputes are asked about by their mediators, so that those of others are not read one by one.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn known_inside(
        &self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        actor: &Actor,
    ) -> Result<Vec<(PlaceId, Uuid)>, Fault> {
        let (mut asked, mut found) = (Asked::default(), Vec::new());
        let groups = roster::mediated_inside(tx, place, GROUPS)?;
        asked.know(tx, &groups)?;
        for group in groups {
            if self.is_shown(tx, &group, actor, &mut asked)? {
                let matters = roster::of_group(tx, &group, OF_A_GROUP)?.into_iter();
                found.extend(matters.map(|matter| (matter.district, matter.case_id)));
            }
        }
        Ok(found)
    }

    /// Whether somebody mediates for the body to which the disputes of a place belong: that of the place itself, or the
    /// nearest above it where nobody mediates there.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn mediates_for(&self, tx: &mut dyn Tx, place: &PlacePath, actor: &Actor) -> Result<bool, Fault> {
        self.is_of_body(tx, place, actor, &mut Asked::default())
    }

    fn is_shown(&self, tx: &mut dyn Tx, mediated: &Mediated, actor: &Actor, asked: &mut Asked) -> Result<bool, Fault> {
        match self.mediating(tx, mediated, asked)? {
            Some(account) => Ok(actor.account == Some(account)),
            None => self.is_of_body(tx, &mediated.office, actor, asked),
        }
    }

    fn is_of_body(&self, tx: &mut dyn Tx, office: &PlacePath, actor: &Actor, asked: &mut Asked) -> Result<bool, Fault> {
        let today = self.today((self.hall.clock)());
        let levels = [Level::Community, Level::Street, Level::District, Level::City];
        for place in levels.into_iter().filter_map(|level| office.at(level)) {
            let is_own = |department: Option<&str>| department == Some(MEDIATION);
            let mut grants = actor.grants.iter().filter(|grant| is_own(grant.department.as_deref()));
            if grants.any(|grant| grant.place == place) {
                return Ok(true);
            }
            let on_duty = asked.on_duty(tx, &place, today)?;
            if actor.account.is_some_and(|account| on_duty.contains(&account)) {
                return Ok(true);
            }
            if !on_duty.is_empty() {
                return Ok(false);
            }
        }
        // Nobody mediates anywhere above it: posts alone decide.
        Ok(true)
    }

    /// The account that mediates disputes today; none where nobody does.
    fn mediating(&self, tx: &mut dyn Tx, mediated: &Mediated, asked: &mut Asked) -> Result<Option<Uuid>, Fault> {
        let today = self.today((self.hall.clock)());
        let mut account = mediated.account;
        if let Some(id) = mediated.mediator
            && let Some(mediator) = asked.mediator(tx, id)?
        {
            let left = mediator.until_on.is_some_and(|until| until <= today);
            if left || mediator.path != mediated.office {
                return Ok(None);
            }
            account = account.or(mediator.account);
        }
        let Some(account) = account else { return Ok(None) };
        Ok(asked.mediates_at(tx, &mediated.office, account, today)?.then_some(account))
    }
}
