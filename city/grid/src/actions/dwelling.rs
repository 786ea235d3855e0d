//! Changes dwellings by what phones sent, field by field, in whatever order it came.

use std::collections::BTreeMap;

use hall::Fault;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Instant, date_plus_days};
use store::Tx;
use uuid::Uuid;
use vault::{Labelled, NewRecord, Person};

use super::field::works_at;
use super::opened::CHAIN;
use super::settling::{Looking, Outcome, made_before};
use crate::Grid;
use crate::records::{dwelling, field, piece};
use crate::rules::arriving::{Change, Stand, Thing};
use crate::rules::merging::clashes;
use crate::words::GRID_DWELLING_KEEP;
use crate::words::field::{COME_ON, Door, Dwelling, Entry, Said, Sent, Stands, What};

/// What the record is kept for that seals what was agreed at a door.
const PURPOSE: &str = "入户走访约定";
/// What the fields of a dwelling are sealed as.
const LABEL: &str = "field/dwelling";
/// The most dwellings that are listed.
pub const SHOWN: usize = 600;
/// One more: whether there are more than that.
const ASKED: i64 = 601;

/// Some dwellings with what they say.
pub struct Dwellings {
    /// The dwellings by building, entrance and floor.
    pub found: Vec<(Dwelling, BTreeMap<String, String>)>,
    /// There are more, which are not among them.
    pub is_cut: bool,
}

impl Grid {
    /// Applies everything that came about the dwelling of an entry and can be applied now. What followed it is looked
    /// at with it, so nothing waits for it after that.
    pub(super) fn look_at_dwelling(
        &self,
        tx: &mut dyn Tx,
        entry: &Entry,
        sent: &Sent,
        looking: &Looking<'_>,
    ) -> Result<(), Fault> {
        let What::Dwelling { door, .. } = &sent.what else { return Err(Fault::NotFound) };
        if !works_at(looking.actor, &entry.path) {
            return Err(Fault::NotFound);
        }
        let (mut row, is_new) = Self::dwelling_of(tx, entry, door, looking)?;
        let entries = field::about(tx, entry.district, row.id, CHAIN)?;
        let fields = if is_new { BTreeMap::new() } else { self.dwelling_fields(tx, &row)? };
        let mut thing = Thing { version: row.version, fields, changes: Vec::new() };
        let mut all = self.sent_of_each(tx, &entries)?;
        for one in &entries {
            let Some(sent) = all.remove(&(one.district, one.id)) else { continue };
            let (stand, changed) = (Self::stand_of(tx, one, &sent, &thing)?, one.told().set);
            let What::Dwelling { fields, .. } = sent.what else { continue };
            let is_here = one.before.is_some_and(|before| entries.iter().any(|known| known.id == before));
            thing.changes.push(Change {
                id: one.id,
                before: if is_here { one.before } else { made_before(tx, one)? },
                edits: fields,
                stand,
                forced: one.forced,
                set: changed,
            });
        }
        thing.look();
        for one in entries.iter().filter(|one| !one.stands().is_settled()) {
            if self.waited(one, looking.now)? {
                thing.force(one.id);
            }
        }
        let clashes = thing.changes.iter().any(|change| matches!(change.stand, Stand::Open(_)));
        if thing.version != row.version || (is_new && clashes) {
            self.keep_dwelling(tx, &mut row, &thing, is_new, looking.now)?;
        }
        let moving = entries.iter().filter(|one| !matches!(one.stands(), Stands::Refused | Stands::Over));
        for (one, change) in moving.filter_map(|one| Some((one, thing.change(one.id)?))) {
            let outcome = outcome_of(change);
            if one.state != outcome.stands.code() || one.told() != outcome.said || one.forced != change.forced {
                let one = Entry { forced: change.forced, ..one.clone() };
                self.stood(tx, &one, &outcome, looking)?;
            }
        }
        Ok(())
    }

    /// The dwelling behind a door; where nobody was there yet, a new one.
    fn dwelling_of(
        tx: &mut dyn Tx,
        entry: &Entry,
        door: &Door,
        looking: &Looking<'_>,
    ) -> Result<(Dwelling, bool), Fault> {
        let id = super::field::dwelling_id(door);
        if let Some(known) = dwelling::find(tx, entry.district, id)? {
            return Ok((known, false));
        }
        let ground = looking.ground.ok_or(Fault::NotFound)?;
        let at = ground.buildings.binary_search_by_key(&door.building, |one| one.id).map_err(|_| Fault::NotFound)?;
        let building = ground.buildings.get(at).ok_or(Fault::NotFound)?;
        let compound = ground.compound_of(building).map(|compound| compound.name.as_str()).unwrap_or_default();
        // The transaction may run again: the identity comes from the entry.
        let record = Uuid::new_v5(&entry.record, b"dwelling");
        let new = Dwelling {
            district: entry.district,
            id,
            path: entry.path.clone(),
            building: door.building,
            house: format!("{compound} {}", building.name).trim().to_owned(),
            entrance: door.entrance,
            floor: door.floor,
            door: door.door.trim().to_owned(),
            version: 0,
            record,
            fields: Vec::new(),
            come_on: None,
        };
        Ok((new, true))
    }

    /// How an entry about a dwelling stands, as the rules of arrival know it.
    fn stand_of(tx: &mut dyn Tx, entry: &Entry, sent: &Sent, thing: &Thing) -> Result<Stand, Fault> {
        let open = !entry.stands().is_settled();
        let whole = open && piece::of_entry(tx, entry.district, entry.id)?.iter().all(|photo| photo.whole);
        Ok(match entry.stands() {
            Stands::Came | Stands::Photos | Stands::Parked if whole => Stand::Parked,
            Stands::Came | Stands::Photos | Stands::Parked => Stand::Coming,
            Stands::Done => Stand::Done,
            Stands::Conflict => Stand::Open(clashes(entry, sent, &thing.fields)),
            Stands::Refused | Stands::Over => Stand::Over,
        })
    }

    /// The fields of a dwelling, opened.
    ///
    /// # Errors
    /// They were erased, or a failure.
    pub fn dwelling_fields(&self, tx: &mut dyn Tx, row: &Dwelling) -> Result<BTreeMap<String, String>, Fault> {
        fields_in(row, &self.hall.vault.uncover(tx, row.district, row.record, LABEL, &row.fields)?)
    }

    /// Writes down what a dwelling says now, sealed. It is forgotten some time after the last change.
    pub(super) fn keep_dwelling(
        &self,
        tx: &mut dyn Tx,
        row: &mut Dwelling,
        thing: &Thing,
        is_new: bool,
        now: Instant,
    ) -> Result<(), Fault> {
        let today = self.hall.day(now);
        let days = self.hall.figure_at(GRID_DWELLING_KEEP, &row.path, today)?;
        let retain_until = date_plus_days(today, days);
        if is_new {
            let (id, district, purpose) = (row.record, row.district, PURPOSE.to_owned());
            let sealed = NewRecord { id, district, person: Person::new(), purpose, retain_until, at: now };
            self.hall.vault.seal(tx, &sealed)?;
        } else {
            self.hall.vault.retain_until(tx, row.district, row.record, retain_until)?;
        }
        let text = serde_json::to_vec(&thing.fields).map_err(|bad| Fault::Broken(bad.to_string()))?;
        row.fields = self.hall.vault.cover(tx, row.district, row.record, LABEL, &text)?;
        row.version = thing.version;
        row.come_on = thing.fields.get(COME_ON).and_then(|day| day.parse().ok());
        if is_new {
            dwelling::add(tx, row)?;
        } else {
            dwelling::change(tx, row)?;
        }
        Ok(())
    }

    /// The dwellings of some places with what they say, or those of one building alone. Those whose words were erased
    /// are left out.
    ///
    /// # Errors
    /// A failure.
    pub async fn dwellings(
        self: &std::sync::Arc<Self>,
        places: Vec<PlacePath>,
        building: Option<i64>,
    ) -> Result<Dwellings, Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let mut rows = Vec::new();
            for place in &places {
                rows.extend(match building {
                    Some(building) => dwelling::of_building(tx, place, building, ASKED)?,
                    None => dwelling::inside(tx, place, ASKED)?,
                });
            }
            let is_cut = rows.len() > SHOWN;
            rows.truncate(SHOWN);
            Ok::<_, Fault>(Dwellings { found: desk.fields_of_each(tx, rows)?, is_cut })
        };
        self.hall.store.read(read).await
    }

    /// Dwellings with their fields, opened together.
    fn fields_of_each(
        &self,
        tx: &mut dyn Tx,
        rows: Vec<Dwelling>,
    ) -> Result<Vec<(Dwelling, BTreeMap<String, String>)>, Fault> {
        let mut districts: Vec<PlaceId> = rows.iter().map(|row| row.district).collect();
        districts.sort_unstable();
        districts.dedup();
        let mut opened: BTreeMap<Uuid, BTreeMap<String, String>> = BTreeMap::new();
        for district in districts {
            let own: Vec<&Dwelling> = rows.iter().filter(|row| row.district == district).collect();
            let label = || LABEL.to_owned();
            let sealed: Vec<(Uuid, Labelled<'_>)> =
                own.iter().map(|row| (row.record, Labelled { label: label(), bytes: &row.fields })).collect();
            for (row, plain) in own.iter().zip(self.hall.vault.uncover_several(tx, district, &sealed)?) {
                let Some(plain) = plain else { continue };
                opened.insert(row.id, fields_in(row, &plain)?);
            }
        }
        Ok(rows.into_iter().filter_map(|row| opened.remove(&row.id).map(|fields| (row, fields))).collect())
    }
}

fn fields_in(row: &Dwelling, plain: &[u8]) -> Result<BTreeMap<String, String>, Fault> {
    serde_json::from_slice(plain).map_err(|bad| Fault::Broken(format!("dwelling {}: {bad}", row.id)))
}

fn outcome_of(change: &Change) -> Outcome {
    let set = change.set.clone();
    match &change.stand {
        Stand::Coming => Outcome::of(Stands::Photos),
        Stand::Parked => Outcome::of(Stands::Parked),
        Stand::Done => Outcome { stands: Stands::Done, said: Said { set, ..Said::default() } },
        Stand::Over => Outcome::of(Stands::Over),
        Stand::Open(clashes) => {
            let fields = clashes.iter().map(|clash| clash.field.clone()).collect();
            Outcome { stands: Stands::Conflict, said: Said { fields, set, ..Said::default() } }
        }
    }
}
