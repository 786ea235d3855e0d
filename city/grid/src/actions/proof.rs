//! Photos that show the work (凭据): what a worker took on the round with her phone, and what whoever handles a report
//! adds at a desk. They are cleaned like those of whoever reports, sealed under a record of their own, and kept as long
//! as the case.

use std::collections::BTreeSet;
use std::sync::Arc;

use cases::{Key, Known};
use hall::Fault;
use jobs::NewJob;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Instant, date_plus_days};
use papers::Bounds;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person, Slip};

use super::joining::RecordAt;
use super::tray::{Fitting, LABEL, OF_REPORT, PhotoLimits};
use crate::Grid;
use crate::records::photo::{self, Comes};
use crate::records::{field, piece};
use crate::refusals::Why;
use crate::rules::stage::{came_at, is_before_work, is_over};
use crate::words::field::{Entry, Photo, Sent, Stands, What};
use crate::words::{GRID_FIELD_KEEP, GRID_FIELD_PHOTO_BYTES, GRID_FIELD_PHOTOS, GRID_PHOTO_SIDE, Shows, Waiting};

/// The job that hands the photos of an entry over to its case.
pub const HAND_OVER: &str = "grid.hand_over";
/// What the history of an entry says of a photo that cannot be read, and is let go.
const UNREAD: &str = "photo_unread";
/// What it says of photos that were not taken and are kept: too large, of a kind that cannot be shown, one too many.
const LARGE: &str = "photo_large";
/// See [`LARGE`].
const STRANGE: &str = "photo_strange";
/// See [`LARGE`].
const MANY: &str = "photo_many";
/// What their record is kept for. Nobody is named in it.
const PURPOSE: &str = "处置凭据照片";
const MEBIBYTE: u64 = 1024 * 1024;

/// Photos that come to a report at once.
pub struct Proof {
    /// The report.
    pub at: Key,
    /// What makes them the same when they are sent again.
    pub batch: Uuid,
    /// The pictures as they were sent, each with what it shows, as far as that was said.
    pub photos: Vec<(Option<Shows>, Vec<u8>)>,
    /// Who adds them.
    pub by: String,
    /// When they were sent: with the step that they belong to, however much later they come to the report.
    pub sent_at: Instant,
    /// Whether they show what it was like before the report was sent out, and no work, whenever they come.
    pub before_work: bool,
}

/// What lies on the shelf and is to be written down.
struct Laid {
    slip: Slip,
    photos: Vec<Waiting>,
    /// What each of them shows, in the same order.
    shown: Vec<Option<Shows>>,
    by: String,
    sent_at: Instant,
    before_work: bool,
}

impl Grid {
    /// What photos whoever works on a report may add.
    ///
    /// # Errors
    /// The rulebook has no such figures.
    pub fn proof_limits(&self, now: Instant) -> Result<PhotoLimits, Fault> {
        let most = usize::try_from(self.hall.figure(GRID_FIELD_PHOTOS, now)?).unwrap_or(usize::MAX);
        let megabytes = self.hall.figure(GRID_FIELD_PHOTO_BYTES, now)?.unsigned_abs() / MEBIBYTE;
        Ok(PhotoLimits { most, megabytes, side: self.hall.figure(GRID_PHOTO_SIDE, now)? })
    }

    /// Whether somebody may add photos to a report: whoever looks after it or handles it there.
    #[must_use]
    pub fn may_prove(known: &Known, actor: &Actor) -> bool {
        let there = Target::at(known.case.place.clone());
        may(actor, Permission::CaseAccept, &there).is_ok()
            || may(actor, Permission::CaseHandle, &known.case.office).is_ok()
    }

    /// Adds photos to a report. Sent twice they are there once.
    ///
    /// # Errors
    /// There are none or too many, one is too large, cut off or no picture; then nothing of them is kept.
    pub async fn prove(self: &Arc<Self>, proof: Proof, now: Instant) -> Result<(), Fault> {
        let limits = self.proof_limits(now)?;
        if proof.photos.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field("photo").into());
        }
        if proof.photos.len() > limits.most {
            return Err(Refusal::new(Why::GridPhotoMany).field("photo").with("limit", limits.most).into());
        }
        self.laid_with(proof, limits, now).await
    }

    /// Lays photos on the shelf and writes them down.
    async fn laid_with(self: &Arc<Self>, proof: Proof, limits: PhotoLimits, now: Instant) -> Result<(), Fault> {
        let Proof { at, batch, photos, by, sent_at, before_work } = proof;
        let (slip, mut laid, mut shown) = (Slip::new()?, Vec::new(), Vec::new());
        let bounds = Bounds { bytes: limits.megabytes * MEBIBYTE, ..self.papers.bounds(now)? };
        let fitting = Fitting { bounds, side: limits.side, there: &[], seen_again: false };
        for (shows, photo) in photos {
            if let Err(fault) = self.lay(&slip, vec![photo], &mut laid, fitting).await {
                self.take_off(&laid).await;
                return Err(fault);
            }
            // The same picture twice is laid once, and shows what was said of it first.
            shown.resize(laid.len(), shows);
        }
        let kept = Laid { slip, photos: laid.clone(), shown, by, sent_at, before_work };
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| desk.note_proof(tx, &at, batch, &kept, now);
        let done = self.hall.store.write(write).await;
        // Where nobody knows whether the rows were written, the photos stay: the night takes away what no row keeps.
        if matches!(done, Ok(false) | Err(Fault::Refused(_))) {
            self.take_off(&laid).await;
        }
        done.map(|_| ())
    }

    /// Takes photos off the shelf that no row keeps. What stays there is taken away at night.
    async fn take_off(&self, laid: &[Waiting]) {
        for photo in laid {
            drop(self.papers.shelf.remove(&photo.digest).await);
        }
    }

    /// Writes the photos of a batch down. Returns false if that batch is there already with the same pictures, and
    /// refuses others.
    fn note_proof(&self, tx: &mut dyn Tx, at: &Key, batch: Uuid, laid: &Laid, now: Instant) -> Result<bool, Fault> {
        let record = Uuid::new_v5(&batch, b"proof");
        self.counter.hold(tx, OF_REPORT, &at.id.to_string(), now)?;
        let before = photo::pictures(tx, at.district, at.id, record)?;
        if !before.is_empty() {
            return if is_same(&before, &laid.photos) { Ok(false) } else { Err(sent_differently().into()) };
        }
        let there = photo::count(tx, at.district, at.id)?;
        if there.saturating_add(i64::try_from(laid.photos.len()).unwrap_or(i64::MAX)) > photo::MOST {
            return Err(Refusal::new(Why::GridPhotoMany).field("photo").with("limit", photo::MOST).into());
        }
        let known = self.cases.known(tx, at.district, at.id)?;
        let procedure = self.cases.procedure_of(&known.case)?;
        let over = is_over(procedure, &known.case.state);
        let (person, purpose) = (Person::new(), PURPOSE.to_owned());
        let new = NewRecord { id: record, district: at.district, person, purpose, retain_until: None, at: now };
        self.hall.vault.seal(tx, &new)?;
        let slip = self.hall.vault.cover(tx, at.district, record, LABEL, laid.slip.text().as_bytes())?;
        let (case_id, added_by) = (at.id, Some(laid.by.clone()));
        let came = came_at(known.case.accepted_at, laid.before_work, laid.sent_at.min(now));
        let comes = Comes { district: at.district, case_id, record, slip, at: came, added_by };
        photo::add_all(tx, &comes, laid.photos.iter().cloned().zip(laid.shown.iter().copied()))?;
        if over {
            self.end_proof(tx, &known, record, now)?;
        }
        Ok(true)
    }

    /// Lets the time begin after which the photos of a finished case are erased.
    pub(crate) fn end_proofs(&self, tx: &mut dyn Tx, known: &Known, now: Instant) -> Result<(), Fault> {
        let Key { district, id } = known.key();
        let records = photo::own_records(tx, district, id)?;
        records.into_iter().try_for_each(|record| self.end_proof(tx, known, record, now))
    }

    fn end_proof(&self, tx: &mut dyn Tx, known: &Known, record: Uuid, now: Instant) -> Result<(), Fault> {
        self.begin_retention(tx, known, RecordAt { keeper: known.key().district, record }, now)
    }

    /// Hands the photos of an entry over to the report that it opened or on which it took a step, or was to take one
    /// that others were quicker with, all as of the moment at which that was. Done again it changes nothing.
    ///
    /// # Errors
    /// A failure. A photo that cannot be read is let go; one that is refused for another reason is kept as it came, as
    /// long as the entry. The history of the entry says so, and nobody tries again.
    pub(crate) async fn hand_over(
        self: &Arc<Self>,
        district: PlaceId,
        id: Uuid,
        sent_at: Instant,
        now: Instant,
    ) -> Result<(), Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let ended = |entry: &Entry| matches!(entry.stands(), Stands::Done | Stands::Over);
            let Some(entry) = field::find(tx, district, id)?.filter(ended) else { return Ok(None) };
            let sent = desk.sent_of(tx, &entry)?;
            let Some(case) = case_of(&entry, &sent) else { return Ok(None) };
            let before_work = shows_the_beginning(&sent.what);
            let photos = piece::of_entry(tx, district, id)?;
            let photos = photos.into_iter().map(|photo| (shown_by(&sent, photo.id), photo)).collect();
            let by = field::steps(tx, &entry)?.into_iter().next().map(|step| step.name).unwrap_or_default();
            Ok::<_, Fault>(Some(Handing { entry, at: Key { district, id: case }, photos, by, before_work }))
        };
        let found = self.hall.store.read(read).await?.filter(|handing| !handing.photos.is_empty());
        let Some(Handing { entry, at, photos, by, before_work }) = found else { return Ok(()) };
        let limits = self.proof_limits(now)?;
        let (mut gone, mut deeds) = (Vec::new(), BTreeSet::<&str>::new());
        // One after the other: all of them together are large.
        for ((shows, photo), place) in photos.into_iter().zip(0_u8..) {
            let (batch, by) = (Uuid::new_v5(&id, &[place]), by.clone());
            let (desk, of, one) = (self.clone(), entry.clone(), photo.clone());
            let read = move |tx: &mut dyn Tx| desk.photo_of(tx, &of, &one);
            let bytes = self.hall.store.read(read).await?.to_vec();
            let one = Proof { at: at.clone(), batch, photos: vec![(shows, bytes)], by, sent_at, before_work };
            let done = self.laid_with(one, limits, now).await;
            let deed = match done {
                Err(Fault::Refused(refusal)) => deed_of(refusal.code),
                done => done.map(|()| None)?,
            };
            if deed.is_none_or(|deed| deed == UNREAD) {
                gone.push(photo.id);
            }
            deeds.extend(deed);
        }
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let today = desk.hall.day(now);
            deeds.iter().try_for_each(|deed| field::add_step(tx, &entry, deed, &by, today))?;
            piece::let_go(tx, district, id, &gone)?;
            // What was not taken stays as long as the entry itself, so that somebody can still ask for it.
            let days = desk.hall.figure_at(GRID_FIELD_KEEP, &entry.path, today)?;
            Ok::<_, Fault>(desk.hall.vault.retain_until(tx, district, entry.record, date_plus_days(today, days))?)
        };
        self.hall.store.write(write).await
    }
}

/// The photos of an entry on their way to a report.
struct Handing {
    entry: Entry,
    at: Key,
    /// The photos, each with what it shows. Their bytes are read when their turn comes.
    photos: Vec<(Option<Shows>, Photo)>,
    by: String,
    before_work: bool,
}

/// What the history of an entry says of a photo that was refused; none where the report has it already.
fn deed_of(refused: Code) -> Option<&'static str> {
    match refused {
        // It came there before, and is cleaned in another way today.
        Code::RequestSentDifferently => None,
        // What no program can read is no proof: the others come without it.
        papers::Why::PaperFileBroken | papers::Why::PaperPhotoKind => Some(UNREAD),
        papers::Why::PaperFileHeic => Some(STRANGE),
        Why::GridPhotoMany => Some(MANY),
        _ => Some(LARGE),
    }
}

/// Whether pictures are those that came before. Of some that came before the pictures were told apart, nobody knows.
fn is_same(before: &[Option<String>], laid: &[Waiting]) -> bool {
    let before: BTreeSet<Option<&str>> = before.iter().map(Option::as_deref).collect();
    let laid: BTreeSet<Option<&str>> = laid.iter().map(|one| one.picture.as_deref()).collect();
    before.iter().any(Option::is_none) || before == laid
}

fn sent_differently() -> Refusal {
    Refusal::new(Code::RequestSentDifferently).field("photo")
}

/// Plans that the photos of an entry that is done or decided come to its case, with the moment at which that is: they
/// may come much later.
pub(super) fn plan_hand_over(tx: &mut dyn Tx, entry: &Entry, now: Instant) -> Result<(), Fault> {
    let payload = json!({ "district": entry.district.0, "entry": entry.id, "at": now.micros() });
    Ok(jobs::enqueue(tx, &NewJob::new(HAND_OVER, format!("{HAND_OVER}:{}", entry.id), payload, now)).map(|_| ())?)
}

/// Whether the photos of an entry show what a report was opened about: whoever took them found it, or saw it before it
/// was sent out to be put right.
fn shows_the_beginning(what: &What) -> bool {
    match what {
        What::Report { .. } => true,
        What::Act { saw, .. } => is_before_work(saw),
        What::Dwelling { .. } | What::Round { .. } => false,
    }
}

/// What a photo of an entry shows: as the phone said, else what was found or seen before the work.
fn shown_by(sent: &Sent, photo: Uuid) -> Option<Shows> {
    let said = sent.photos.iter().find(|one| one.id == photo).and_then(|one| one.shows);
    match &sent.what {
        What::Report { .. } => said.or(Some(Shows::Before)),
        What::Act { saw, .. } if is_before_work(saw) => said.or(Some(Shows::Place)),
        What::Act { .. } | What::Dwelling { .. } | What::Round { .. } => said,
    }
}

/// The case to which the photos of an entry belong.
pub(super) fn case_of(entry: &Entry, sent: &Sent) -> Option<Uuid> {
    match sent.what {
        What::Report { .. } => Some(opened_by(entry)),
        What::Act { .. } => entry.about,
        What::Dwelling { .. } | What::Round { .. } => None,
    }
}

/// The identity of the case that an entry opens.
pub(super) fn opened_by(entry: &Entry) -> Uuid {
    Uuid::new_v5(&entry.record, b"case")
}
