//! Finds what a worker can do today: the reports at the steps that wait for her desk, and those that lie with her unit.
//! Each step is asked for by itself, so that many reports at one never hide those at another.

use std::collections::{BTreeMap, BTreeSet};

use cases::{Key, Known, Words};
use hall::Fault;
use kernel::case::Case;
use kernel::permission::{Actor, Permission, Scope};
use store::Tx;
use uuid::Uuid;

use super::field::work_places;
use crate::Grid;
use crate::records::{self, handling};
use crate::words::{ADDRESS_FIELD, REPORT, Report, WORDS_FIELD};

/// The steps at which a report waits for a desk: to be looked at, to be sent out, to be checked.
const AT_DESKS: [&str; 7] =
    ["reported", "handled", "filed", "disputed", "asking_time", "asking_to_shelve", "asked_back"];
/// The steps at which it lies with a unit.
const AT_UNITS: [&str; 6] = ["handling", "queried", "asking_time", "asking_to_shelve", "asked_back", "above"];
/// The most tasks of one step.
pub const SHOWN: usize = 50;
/// The most reports at one step that are looked at for them.
const LOOKED_AT: usize = 300;
/// One more: whether there are more than that.
const ASKED: i64 = 301;

/// A report that somebody can do something about.
pub struct Found {
    /// The report.
    pub report: Report,
    /// Its case.
    pub case: Case,
    /// What whoever reported it said; empty where nobody said more, or it was erased.
    pub words: String,
    /// Where it is as it was written; empty where that says no more than the names of the place, or it was erased.
    pub written: String,
}

/// What somebody can do today.
pub struct Todo {
    /// The reports, the oldest of each step first.
    pub found: Vec<Found>,
    /// In which of her reports danger was heard; these are among those found as far as she can do something.
    pub alarms: BTreeSet<Uuid>,
    /// There are more, which are not among them.
    pub is_cut: bool,
}

/// The case of a report.
const fn key(place: &handling::Place) -> Key {
    Key { district: place.district, id: place.case_id }
}

impl Grid {
    /// What somebody can do in the field: what is dangerous, and of each step the oldest reports of her places about
    /// which she `can` do something.
    ///
    /// # Errors
    /// A failure.
    pub fn todo(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        can: &dyn Fn(&Case) -> Result<bool, Fault>,
    ) -> Result<Todo, Fault> {
        let units = actor.scopes(Permission::CaseHandle);
        let places = work_places(actor).into_iter().map(|place| Scope { place, department: None });
        let places: Vec<Scope> = places.collect();
        let mut alarms = Vec::new();
        for scope in places.iter().chain(&units) {
            alarms.extend(records::alarm::within(tx, scope, ASKED)?.iter().map(key));
        }
        // What is dangerous comes before all steps, so that nothing older takes its place.
        let mut steps: Vec<Vec<Key>> = vec![alarms.clone()];
        for scope in &places {
            for state in AT_DESKS {
                let at = handling::at(tx, state, scope, ASKED)?;
                steps.push(at.iter().map(key).collect());
            }
        }
        let with_units = cases::queue_at_offices(tx, &units, &AT_UNITS, REPORT, ASKED)?;
        steps.push(with_units.into_iter().map(|row| Key { district: row.district, id: row.id }).collect());
        let (mut known, mut is_cut) = (BTreeMap::new(), false);
        for keys in &steps {
            is_cut |= self.first_of(tx, keys, &mut known, can)?;
        }
        let alarms = alarms.into_iter().map(|key| key.id).collect();
        Ok(Todo { found: self.with_words(tx, known)?, alarms, is_cut })
    }

    /// Adds the first reports of a step about which somebody `can` do something. Says whether there may be more.
    fn first_of(
        &self,
        tx: &mut dyn Tx,
        keys: &[Key],
        known: &mut BTreeMap<Uuid, Known>,
        can: &dyn Fn(&Case) -> Result<bool, Fault>,
    ) -> Result<bool, Fault> {
        let looked_at = keys.get(..LOOKED_AT).unwrap_or(keys);
        let mut shown = 0;
        for part in looked_at.chunks(SHOWN) {
            if shown == SHOWN {
                return Ok(true);
            }
            let mut cases = self.cases.known_each(tx, part)?;
            for key in part {
                let Some(one) = cases.remove(&key.id).filter(|_| !known.contains_key(&key.id)) else { continue };
                if !can(&one.case)? {
                    continue;
                }
                if shown == SHOWN {
                    return Ok(true);
                }
                shown += 1;
                known.insert(key.id, one);
            }
        }
        Ok(keys.len() > looked_at.len())
    }

    /// Where reports are as it was written, by their cases; nothing where that says no more than the names of the
    /// place.
    ///
    /// # Errors
    /// A failure.
    pub fn written_of(&self, tx: &mut dyn Tx, cases: &[Key]) -> Result<BTreeMap<Uuid, String>, Fault> {
        let known = self.cases.known_each(tx, cases)?;
        let found = self.with_words(tx, known)?.into_iter();
        Ok(found.filter(|one| !one.written.is_empty()).map(|one| (one.report.case_id, one.written)).collect())
    }

    /// The reports of cases with what was said of them.
    fn with_words(&self, tx: &mut dyn Tx, mut known: BTreeMap<Uuid, Known>) -> Result<Vec<Found>, Fault> {
        let keys: Vec<_> = known.values().map(|one| (cases::district(&one.case), one.case.id.0)).collect();
        let mut reports = records::of_cases(tx, &keys)?;
        reports.sort_by_key(|report| (report.reported_at, report.case_id));
        let free = [WORDS_FIELD, ADDRESS_FIELD];
        let said = known.values().filter(|one| free.iter().any(|field| one.case.fields.contains_key(*field)));
        let said: Vec<Key> = said.map(Known::key).collect();
        let (words, none) = (self.cases.words_of_each(tx, &said)?, Words::default());
        let found = reports.into_iter().filter_map(|report| {
            let case = known.remove(&report.case_id)?.case;
            let own = words.get(&report.case_id).unwrap_or(&none);
            let read = |field: &str| own.read(case.fields.get(field).map_or("", String::as_str), "").to_owned();
            let (said, written) = (read(WORDS_FIELD), read(ADDRESS_FIELD));
            Some(Found { report, case, words: said, written })
        });
        Ok(found.collect())
    }
}
