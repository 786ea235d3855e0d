//! Opens entries of the field: what was sent, its photos, its history, and what somebody has to decide. What many
//! entries need is read together.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Key, Known};
use hall::Fault;
use kernel::case::Event;
use kernel::place::PlaceId;
use store::Tx;
use uuid::Uuid;
use vault::Labelled;

use crate::Grid;
use crate::records::{self, dwelling, field, piece};
use crate::rules::merging::clashes;
use crate::words::Report;
use crate::words::field::{Clash, Entry, Photo, STATE, Sent, SetBy, Stands, Step, Versions, What};

/// What an entry is sealed as.
pub(super) const LABEL: &str = "field/entry";
/// The most entries of one thing that are looked at in one go.
pub(super) const CHAIN: i64 = 200;
/// The most open entries of which a phone is told.
const OWN: i64 = 200;

/// An entry, opened, with everything that is said of it.
pub struct Told {
    /// The entry.
    pub entry: Entry,
    /// What was sent; none where it was erased.
    pub sent: Option<Sent>,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Its history.
    pub steps: Vec<Step>,
    /// What somebody has to decide. Of a step of a case it is the field [`STATE`]: the state that the phone saw, the
    /// state of today, and the step.
    pub clashes: Vec<Clash>,
    /// On which version both sides stand, where somebody has to decide.
    pub versions: Option<Versions>,
    /// Who set what stands there today, by field, as far as that is known.
    pub set_by: BTreeMap<String, SetBy>,
    /// The report that it is about.
    pub report: Option<Report>,
    /// Of a step that somebody has to decide: what can be done with it today.
    pub step: Option<StepToday>,
}

/// What can be done today with a step that came after the case went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepToday {
    /// The step can be taken in the state of today.
    pub possible: bool,
    /// The case keeps notes: somebody's data are sealed in it.
    pub notes: bool,
}

/// An entry as its phone is told of it: nothing of it is opened.
pub struct Line {
    /// The entry.
    pub entry: Entry,
    /// Its photos.
    pub photos: Vec<Photo>,
}

/// Against what an entry stands today.
#[derive(Default)]
struct Against {
    clashes: Vec<Clash>,
    versions: Option<Versions>,
}

impl Grid {
    /// An entry, opened.
    ///
    /// # Errors
    /// There is none, or a failure.
    pub async fn entry_told(self: &Arc<Self>, district: PlaceId, id: Uuid) -> Result<Told, Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let entry = field::find(tx, district, id)?.ok_or(Fault::NotFound)?;
            desk.entries_opened(tx, vec![entry])?.pop().ok_or(Fault::NotFound)
        };
        self.hall.store.read(read).await
    }

    /// What a worker sent that is not finished, the oldest first.
    ///
    /// # Errors
    /// A failure.
    pub async fn own_lines(&self, account: Uuid) -> Result<Vec<Line>, Fault> {
        let read = move |tx: &mut dyn Tx| {
            let entries = field::open_of_account(tx, account, &field::After::default(), OWN)?;
            let mut photos = piece::of_entries(tx, &keys_of(&entries))?;
            let line = |entry: Entry| {
                let photos = photos.remove(&(entry.district, entry.id)).unwrap_or_default();
                Line { entry, photos }
            };
            Ok::<_, Fault>(entries.into_iter().map(line).collect::<Vec<_>>())
        };
        self.hall.store.read(read).await
    }

    /// Entries, opened, in their order.
    pub(super) fn entries_opened(&self, tx: &mut dyn Tx, entries: Vec<Entry>) -> Result<Vec<Told>, Fault> {
        let keys = keys_of(&entries);
        let (mut photos, mut steps) = (piece::of_entries(tx, &keys)?, field::steps_of(tx, &keys)?);
        let mut sent = self.sent_of_each(tx, &entries)?;
        let about = |entry: &Entry| Some((entry.district, entry.about.filter(|_| entry.kind == "act")?));
        let cases: Vec<(PlaceId, Uuid)> = entries.iter().filter_map(about).collect();
        let reports = records::of_cases(tx, &cases)?.into_iter().map(|report| (report.case_id, report));
        let reports: BTreeMap<Uuid, Report> = reports.collect();
        let open = entries.iter().filter(|entry| entry.stands() == Stands::Conflict).filter_map(about);
        let open: Vec<Key> = open.map(|(district, id)| Key { district, id }).collect();
        let known = self.cases.known_each(tx, &open)?;
        let mut told = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = (entry.district, entry.id);
            let (sent, case) = (sent.remove(&key), entry.about.and_then(|about| known.get(&about)));
            let against = match &sent {
                Some(sent) if entry.stands() == Stands::Conflict => self.against(tx, &entry, sent, case)?,
                _ => Against::default(),
            };
            let set_by = self.set_by(tx, &entry, &against.clashes, case)?;
            let step = match (sent.as_ref().map(|sent| &sent.what), case) {
                (Some(What::Act { action, .. }), Some(case)) => Some(self.step_today(case, action)?),
                _ => None,
            };
            told.push(Told {
                sent,
                photos: photos.remove(&key).unwrap_or_default(),
                steps: steps.remove(&key).unwrap_or_default(),
                clashes: against.clashes,
                versions: against.versions,
                set_by,
                report: entry.about.and_then(|about| reports.get(&about).cloned()),
                step,
                entry,
            });
        }
        Ok(told)
    }

    /// What somebody has to decide, as it stands today.
    pub(super) fn clashes_of(&self, tx: &mut dyn Tx, entry: &Entry, sent: &Sent) -> Result<Vec<Clash>, Fault> {
        let case = match (&sent.what, entry.about) {
            (What::Act { .. }, Some(about)) => Some(self.cases.known(tx, entry.district, about)?),
            _ => None,
        };
        Ok(self.against(tx, entry, sent, case.as_ref())?.clashes)
    }

    fn against(&self, tx: &mut dyn Tx, entry: &Entry, sent: &Sent, case: Option<&Known>) -> Result<Against, Fault> {
        match (&sent.what, entry.about) {
            (What::Act { saw, action, version, .. }, Some(_)) => {
                let Some(Known { case, .. }) = case else { return Ok(Against::default()) };
                let (field, base, mine) = (STATE.to_owned(), saw.clone(), action.clone());
                let clash = Clash { field, base, theirs: case.state.clone(), mine };
                let versions = Versions { phone: *version, today: case.sequence };
                Ok(Against { clashes: vec![clash], versions: Some(versions) })
            }
            (What::Dwelling { version, .. }, Some(about)) => {
                let Some(row) = dwelling::find(tx, entry.district, about)? else { return Ok(Against::default()) };
                let versions = Versions { phone: *version, today: row.version };
                let clashes = clashes(entry, sent, &self.dwelling_fields(tx, &row)?);
                Ok(Against { clashes, versions: Some(versions) })
            }
            _ => Ok(Against::default()),
        }
    }

    /// What can be done today with a step of a case.
    fn step_today(&self, known: &Known, action: &str) -> Result<StepToday, Fault> {
        let procedure = self.cases.procedure_of(&known.case)?;
        let possible = procedure.from_state(&known.case.state).iter().any(|one| one.0 == action);
        Ok(StepToday { possible, notes: known.person.is_some() })
    }

    /// Who set what stands today in the fields that somebody has to decide, and when.
    fn set_by(
        &self,
        tx: &mut dyn Tx,
        entry: &Entry,
        clashes: &[Clash],
        case: Option<&Known>,
    ) -> Result<BTreeMap<String, SetBy>, Fault> {
        let mut found = BTreeMap::new();
        let Some(about) = entry.about.filter(|_| !clashes.is_empty()) else { return Ok(found) };
        if let Some(known) = case {
            let events = cases::events_of(tx, &known.case)?;
            let last = events.into_iter().rfind(|one| matches!(one.event, Event::Acted { .. }));
            found.extend(last.map(|one| {
                let set_by = SetBy { name: one.by.name, on: self.hall.day(one.at), at: Some(one.at) };
                (STATE.to_owned(), set_by)
            }));
            return Ok(found);
        }
        let others = field::about(tx, entry.district, about, CHAIN)?;
        for other in others.iter().filter(|other| other.id != entry.id && other.stands() == Stands::Done) {
            let set_by = SetBy { name: other.name.clone(), on: other.arrived_on, at: None };
            found.extend(other.told().set.into_iter().map(|field| (field, set_by.clone())));
        }
        Ok(found)
    }

    /// What was sent as an entry.
    pub(super) fn sent_of(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<Sent, Fault> {
        sent_in(entry, &self.hall.vault.uncover(tx, entry.district, entry.record, LABEL, &entry.body)?)
    }

    /// What was sent as each of some entries. What was erased is left out; whatever else goes wrong is a failure.
    pub(super) fn sent_of_each(
        &self,
        tx: &mut dyn Tx,
        entries: &[Entry],
    ) -> Result<BTreeMap<(PlaceId, Uuid), Sent>, Fault> {
        let mut by_district: BTreeMap<PlaceId, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            by_district.entry(entry.district).or_default().push(entry);
        }
        let mut found = BTreeMap::new();
        for (district, entries) in by_district {
            let label = || LABEL.to_owned();
            let sealed: Vec<(Uuid, Labelled<'_>)> =
                entries.iter().map(|entry| (entry.record, Labelled { label: label(), bytes: &entry.body })).collect();
            let opened = self.hall.vault.uncover_several(tx, district, &sealed)?;
            for (entry, plain) in entries.iter().zip(opened) {
                let Some(plain) = plain else { continue };
                found.insert((district, entry.id), sent_in(entry, &plain)?);
            }
        }
        Ok(found)
    }
}

fn keys_of(entries: &[Entry]) -> Vec<(PlaceId, Uuid)> {
    entries.iter().map(|entry| (entry.district, entry.id)).collect()
}

fn sent_in(entry: &Entry, plain: &[u8]) -> Result<Sent, Fault> {
    serde_json::from_slice(plain).map_err(|bad| Fault::Broken(format!("entry {}: {bad}", entry.id)))
}
