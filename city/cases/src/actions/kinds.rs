//! What the kind of a case has to say of its steps: whether one may be taken, and what its department remembers of it.

use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::case::{Case, Command, Recorded};
use kernel::permission::{Actor, ActorKind, Permission, Scope};
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::{Doing, Known};
use crate::Cases;
use crate::kind::{Asked, Happened, Untold};
use crate::records::{self, CaseRow, Counts, Key, Share};

/// The most people who have cases of one kind in hand: more than a city has. A bound of the machine.
const HANDS: i64 = 50_000;

impl Cases {
    /// Asks the kind of a case whether a step may be taken.
    ///
    /// # Errors
    /// Why not, or a failure of the store.
    pub(super) fn kind_allows(&self, tx: &mut dyn Tx, case: &Case, doing: &Doing<'_>) -> Result<(), Fault> {
        let Command::Act { action, fields, .. } = doing.command else { return Ok(()) };
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(()) };
        let Doing { actor, relation, .. } = *doing;
        kind.check(tx, &Asked { case, action, fields, actor, relation, leaves: false })
    }

    /// Asks the kind of a case whether a step that was held back may still be taken.
    ///
    /// # Errors
    /// Why not, or a failure of the store.
    pub(super) fn kind_lets_leave(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        self.kinds.get(&asked.case.kind).map_or(Ok(()), |kind| kind.check(tx, asked))
    }

    /// Whether the kind of a case lets somebody know of it whose posts reach it.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn kind_shows(&self, tx: &mut dyn Tx, case: &Case, actor: &Actor) -> Result<bool, Fault> {
        self.kinds.get(&case.kind).map_or(Ok(true), |kind| kind.is_for(tx, case, actor))
    }

    /// Those of some rows that somebody may know of: what is another's alone does not exist for the staff around it.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn shown_to(&self, tx: &mut dyn Tx, actor: &Actor, rows: Vec<CaseRow>) -> Result<Vec<CaseRow>, Fault> {
        if actor.kind != ActorKind::Staff {
            return Ok(rows);
        }
        let mut by_kind: BTreeMap<&str, Vec<(PlaceId, Uuid)>> = BTreeMap::new();
        for row in &rows {
            by_kind.entry(&row.kind).or_default().push((row.district, row.id));
        }
        let mut hidden: BTreeSet<Uuid> = BTreeSet::new();
        for (code, keys) in by_kind {
            if let Some(kind) = self.kinds.get(code) {
                hidden.extend(kind.hidden(tx, &keys, actor)?);
            }
        }
        if hidden.is_empty() {
            return Ok(rows);
        }
        Ok(rows.into_iter().filter(|row| !hidden.contains(&row.id)).collect())
    }

    /// The numbers of the open cases at the desks of somebody's posts that are another's alone, by who has them in
    /// hand: the store counts all of such a kind, and those of which somebody may know are taken off.
    ///
    /// # Errors
    /// The rulebook has no such figure, or a failure of the store.
    pub(crate) fn hidden_at_desks(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        now: Instant,
    ) -> Result<BTreeMap<String, Counts>, Fault> {
        let (near, zone) = (self.nearness(now)?, self.hall.zone());
        let mut hidden: BTreeMap<String, Counts> = BTreeMap::new();
        for share in Share::of(&actor.scopes(Permission::CaseRead)) {
            let Some(department) = share.scope.department.as_deref() else { continue };
            for kind in self.kinds.of_department(department) {
                let Some(known) = kind.known_inside(tx, &share.scope.place, actor)? else { continue };
                for (name, counts) in records::in_hand(tx, &share, Some(kind.code()), near, zone, HANDS)? {
                    hidden.entry(name).or_default().add(&counts);
                }
                for (name, counts) in records::in_hand_of(tx, &share, &known, near, zone)? {
                    hidden.entry(name).or_default().take_off(&counts);
                }
            }
        }
        Ok(hidden)
    }

    /// The same, whoever has them in hand.
    ///
    /// # Errors
    /// As there.
    pub(crate) fn all_hidden_at_desks(&self, tx: &mut dyn Tx, actor: &Actor, now: Instant) -> Result<Counts, Fault> {
        let mut all = Counts::default();
        self.hidden_at_desks(tx, actor, now)?.values().for_each(|counts| all.add(counts));
        Ok(all)
    }

    /// Which open cases inside a scope come first in lists, as their kinds say, at most `limit` of each kind.
    ///
    /// # Errors
    /// A failure of the store.
    pub(crate) fn kinds_first(&self, tx: &mut dyn Tx, scope: &Scope, limit: i64) -> Result<Vec<Key>, Fault> {
        let mut first = Vec::new();
        for kind in self.kinds.all() {
            first.extend(kind.first_in_lists(tx, scope, limit)?);
        }
        Ok(first)
    }

    /// Which words of a case its kind tells nobody of the staff that reads it now.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn kind_untold(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Option<Untold>, Fault> {
        self.kinds.get(&case.kind).map_or(Ok(None), |kind| kind.untold(tx, case, events))
    }

    /// Lets the kind of a case remember what happened to it.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn kind_remembers(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        recorded: &[Recorded],
        now: Instant,
    ) -> Result<(), Fault> {
        let Some(kind) = self.kinds.get(&case.kind) else { return Ok(()) };
        kind.remember(tx, &Happened { case, recorded, now })
    }

    /// Lets the kind of a case hear what somebody who takes part wrote of it. Gives whether the case went on by itself
    /// because of it.
    pub(crate) fn kind_hears(&self, tx: &mut dyn Tx, known: &Known, said: &str, now: Instant) -> Result<bool, Fault> {
        let kind = self.kinds.get(&known.case.kind).filter(|_| !said.is_empty());
        let follows = kind.map_or(Ok(None), |kind| kind.hears(tx, &known.case, said, now))?;
        let Some(action) = follows.map(str::to_owned) else { return Ok(false) };
        let (fields, papers) = (BTreeMap::new(), Vec::new());
        let command = Command::Act { action, fields, papers, counter: None, on_behalf: false };
        let Key { district, id } = known.key();
        let known = self.known(tx, district, id)?;
        self.by_itself(tx, known, &command, now)?;
        Ok(true)
    }
}
