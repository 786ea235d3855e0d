//! Somebody acts on an entry that needs a person: she takes what stands there, or what the phone sent, field by field;
//! tries it again; goes on without photos that are lost; lets go of it; or takes back what was done.

use std::collections::BTreeMap;
use std::sync::Arc;

use hall::Fault;
use hall::Sent as Form;
use kernel::permission::{Actor, Permission};
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::field::places_of;
use super::opened::Told;
use super::settling::{Looking, Outcome};
use crate::Grid;
use crate::permissions::May;
use crate::records::field::After;
use crate::records::{dwelling, field, piece};
use crate::refusals::Why;
use crate::rules::arriving::Thing;
use crate::rules::merging::{merge, reversed};
use crate::words::field::{Entry, Said, Stands, What};

/// The most finished entries that a page shows.
const SHOWN: i64 = 50;
/// Where the keys of its forms are kept apart from those of others.
const DECIDE: &str = "grid.field";
/// The choice of what the phone sent, in place of what stands there.
pub const MINE: &str = "mine";
/// The choice of what stands there.
pub const THEIRS: &str = "theirs";

/// What somebody does with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Decides a conflict.
    Decide(Decided),
    /// Keeps what was written on the phone as a note of the case, in these words. The case stays as it is: the step
    /// can no longer be taken.
    Keep(String),
    /// Tries it again, whatever it waited for, as whose phone it came from. The history says who asked for it.
    Again,
    /// Goes on without the photos that did not come: they are lost, as a phone loses what it keeps.
    Without,
    /// Lets go of it: what stands there stays.
    LetGo,
    /// Takes back what it did.
    Undo,
}

/// What somebody chose in a conflict, and what she saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// For each field [`MINE`], where what the phone sent is to stand, or [`THEIRS`].
    pub chosen: BTreeMap<String, String>,
    /// For each field the mark of what stood there when the page was shown.
    pub seen: BTreeMap<String, String>,
    /// Of a step of a case: how many events the case had when the page was shown; 0 where the page did not say.
    pub version: i64,
}

impl Deed {
    /// The name in the history.
    const fn code(&self) -> &'static str {
        match self {
            Self::Decide(_) => "decided",
            Self::Keep(_) => "noted",
            Self::Again => "again",
            Self::Without => "without",
            Self::LetGo => "let_go",
            Self::Undo => "undone",
        }
    }
}

/// Whether somebody may see and decide an entry: whose phone it came from, and whoever supervises the place.
fn may_decide(entry: &Entry, actor: &Actor) -> bool {
    let own = actor.account == Some(entry.account) && actor.has(May::FieldWork);
    own || places_of(actor, Permission::CaseSupervise).iter().any(|place| place.contains(&entry.path))
}

impl Grid {
    /// Does something with an entry. Sent twice it is done once.
    ///
    /// # Errors
    /// There is none that is this person's, it stands otherwise by now, a rule refuses it, or a failure.
    pub async fn decide_entry(
        self: &Arc<Self>,
        at: (PlaceId, Uuid),
        deed: Deed,
        form: Form,
        actor: Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let (desk, ground) = (self.clone(), self.hall.places.geography().await?);
        let (district, id) = at;
        let again = matches!(deed, Deed::Again | Deed::Without);
        let write = move |tx: &mut dyn Tx| {
            let entry =
                field::find(tx, district, id)?.filter(|entry| may_decide(entry, &actor)).ok_or(Fault::NotFound)?;
            if !form.is_first(tx, DECIDE, now)? {
                return Ok(());
            }
            let looking = Looking { actor: &actor, ground: ground.as_deref(), anyway: true, now };
            desk.decided(tx, entry, &deed, &looking)
        };
        self.hall.store.write(write).await?;
        if again { self.settle(district, id, now).await } else { Ok(()) }
    }

    fn decided(&self, tx: &mut dyn Tx, mut entry: Entry, deed: &Deed, looking: &Looking<'_>) -> Result<(), Fault> {
        let changed = || Fault::from(Refusal::new(Why::GridEntryElse));
        let stands = entry.stands();
        let outcome = match deed {
            Deed::Decide(decided) if stands == Stands::Conflict => self.chosen(tx, &mut entry, decided, looking)?,
            Deed::Keep(text) if stands == Stands::Conflict => self.noted(tx, &entry, text, looking)?,
            Deed::Again if stands == Stands::Parked => {
                entry.forced = true;
                Outcome::of(Stands::Parked)
            }
            Deed::Again if stands == Stands::Refused => Outcome::of(Stands::Came),
            Deed::Without if self.may_leave_photos(&entry, looking.actor, looking.now)? => {
                let photos = piece::of_entry(tx, entry.district, entry.id)?;
                let lost: Vec<Uuid> = photos.iter().filter(|photo| !photo.whole).map(|photo| photo.id).collect();
                piece::let_go(tx, entry.district, entry.id, &lost)?;
                Outcome::of(Stands::Came)
            }
            Deed::LetGo if stands != Stands::Done && stands != Stands::Over => Outcome::of(Stands::Over),
            Deed::Undo if stands == Stands::Done => {
                self.undone(tx, &entry, looking.now)?;
                Outcome::of(Stands::Over)
            }
            _ => return Err(changed()),
        };
        let today = self.hall.day(looking.now);
        field::add_step(tx, &entry, deed.code(), &looking.actor.name, today)?;
        field::stand(tx, &entry, outcome.stands, &outcome.said)?;
        let decided = matches!(deed, Deed::Decide(_) | Deed::Keep(_));
        self.keep(tx, &entry, outcome.stands, decided, looking.now)
    }

    /// Whether somebody may go on without the photos of an entry that did not come. Whose phone it is knows that they
    /// are lost; whoever supervises waits as long as an entry waits for the one before it.
    pub(crate) fn may_leave_photos(&self, entry: &Entry, actor: &Actor, now: Instant) -> Result<bool, Fault> {
        if entry.stands() != Stands::Photos {
            return Ok(false);
        }
        Ok(actor.account == Some(entry.account) || self.waited(entry, now)?)
    }

    /// Keeps what was written as a note of the case.
    fn noted(&self, tx: &mut dyn Tx, entry: &Entry, text: &str, looking: &Looking<'_>) -> Result<Outcome, Fault> {
        let known = self.cases.known(tx, entry.district, entry.about.ok_or(Fault::NotFound)?)?;
        let once = format!("field/{}", entry.id);
        let saying = cases::Saying { kind: "note", text, once: &once, party: None };
        self.cases.said_by(tx, &known, saying, looking.actor, looking.now)?;
        Ok(Outcome::of(Stands::Over))
    }

    /// The mark by which a page says what stood in a field when it was shown.
    pub(crate) fn seen_mark(&self, value: &str) -> String {
        self.hall.vault.told_apart(value)
    }

    /// What was chosen in a conflict. Nobody chooses against a value that she has not seen: where one changed since the
    /// page was shown, nothing is changed.
    fn chosen(
        &self,
        tx: &mut dyn Tx,
        entry: &mut Entry,
        decided: &Decided,
        looking: &Looking<'_>,
    ) -> Result<Outcome, Fault> {
        let Decided { chosen, seen, version } = decided;
        let sent = self.sent_of(tx, entry)?;
        let is_chosen = |field: &String| chosen.get(field).is_some_and(|word| word == MINE || word == THEIRS);
        if !entry.told().fields.iter().all(is_chosen) {
            return Err(Refusal::new(Why::GridChooseEach).into());
        }
        for clash in self.clashes_of(tx, entry, &sent)? {
            if seen.get(&clash.field) != Some(&self.seen_mark(&clash.theirs)) {
                return Err(Refusal::new(Why::GridEntryElse).into());
            }
        }
        // A case that came back to the same state is another thing than what she saw.
        if let (What::Act { .. }, Some(about)) = (&sent.what, entry.about) {
            let case = self.cases.known(tx, entry.district, about)?.case;
            if cases::left_since(tx, &case, &case.state, *version)? {
                return Err(Refusal::new(Why::GridEntryElse).into());
            }
        }
        let mine: Vec<String> = entry
            .told()
            .fields
            .into_iter()
            .filter(|field| chosen.get(field).is_some_and(|word| word == MINE))
            .collect();
        if mine.is_empty() {
            return Ok(Outcome::of(Stands::Over));
        }
        let What::Dwelling { fields, .. } = &sent.what else {
            // The step is hers who was there; who decided that it is taken stands in the history of the entry.
            let worker = self.worker_of(tx, entry, looking.now)?;
            let Looking { ground, anyway, now, .. } = *looking;
            return self.apply(tx, entry, &sent, &Looking { actor: &worker, ground, anyway, now });
        };
        let about = entry.about.ok_or(Fault::NotFound)?;
        let mut row = dwelling::find(tx, entry.district, about)?.ok_or(Fault::NotFound)?;
        let mut thing = Thing { version: row.version, fields: self.dwelling_fields(tx, &row)?, changes: Vec::new() };
        thing.version += 1;
        let mut said = Said { set: entry.told().set, ..Said::default() };
        said.set.extend(mine.iter().cloned());
        let values = mine.into_iter().filter_map(|field| fields.get(&field).map(|edit| (field, edit.set.clone())));
        thing.fields.extend(values);
        self.keep_dwelling(tx, &mut row, &thing, false, looking.now)?;
        Ok(Outcome { stands: Stands::Done, said })
    }

    /// Takes back what an entry did to a dwelling, as long as nobody changed the same since. A step of a case is undone
    /// on the page of the case, in the seconds that it has.
    fn undone(&self, tx: &mut dyn Tx, entry: &Entry, now: Instant) -> Result<(), Fault> {
        let sent = self.sent_of(tx, entry)?;
        let What::Dwelling { fields, .. } = &sent.what else {
            return Err(Refusal::new(Why::GridUndoElsewhere).into());
        };
        let about = entry.about.ok_or(Fault::NotFound)?;
        let mut row = dwelling::find(tx, entry.district, about)?.ok_or(Fault::NotFound)?;
        let mut thing = Thing { version: row.version, fields: self.dwelling_fields(tx, &row)?, changes: Vec::new() };
        let changed = entry.told().set;
        let own = fields.iter().filter(|(name, _)| changed.contains(name));
        let own = own.map(|(name, edit)| (name.clone(), edit.clone())).collect();
        let merged = merge(&thing.fields, &reversed(&own), &[]);
        if !merged.clashes.is_empty() {
            return Err(Refusal::new(Why::GridChangedSince).into());
        }
        thing.version += 1;
        thing.fields.extend(merged.set);
        self.keep_dwelling(tx, &mut row, &thing, false, now)
    }

    /// The entries that need somebody or wait, as far as somebody may act on them: her own, and those of the places
    /// that she supervises; the oldest first, at most `limit` after one of them. Says where the list goes on.
    ///
    /// # Errors
    /// A failure.
    pub async fn open_entries(
        self: &Arc<Self>,
        actor: Actor,
        after: After,
        limit: usize,
    ) -> Result<(Vec<Told>, Option<After>), Fault> {
        let desk = self.clone();
        let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let read = move |tx: &mut dyn Tx| {
            let mut found: Vec<Entry> = Vec::new();
            if let Some(account) = actor.account.filter(|_| actor.has(May::FieldWork)) {
                found.extend(field::open_of_account(tx, account, &after, most)?);
            }
            for place in &places_of(&actor, Permission::CaseSupervise) {
                found.extend(field::open_inside(tx, place, &after, most)?);
            }
            found.sort_by_key(|entry| (entry.arrived_on, entry.district, entry.id));
            found.dedup_by_key(|entry| (entry.district, entry.id));
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| more).map(After::of);
            Ok::<_, Fault>((desk.entries_opened(tx, found)?, next))
        };
        self.hall.store.read(read).await
    }

    /// What was done last from a worker's own phone and can be taken back, the latest at the end.
    ///
    /// # Errors
    /// A failure.
    pub async fn done_entries(self: &Arc<Self>, account: Uuid) -> Result<Vec<Told>, Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let mut done = field::done_of_account(tx, account, SHOWN)?;
            done.reverse();
            desk.entries_opened(tx, done)
        };
        self.hall.store.read(read).await
    }
}
