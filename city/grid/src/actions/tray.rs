//! Photos that were chosen before a report is sent wait in a tray (待发照片). Each is cleaned, then sealed under the
//! key of a slip that only the sender's form carries; the platform itself cannot look at it. With the report the
//! slip is sealed under her record, and the photo stays where it lies. A tray that nobody sends is cleared away.

use data_encoding::{BASE64, HEXLOWER};
use hall::Fault;
use jobs::NewJob;
use kernel::case::Case;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use papers::Bounds;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::Tx;
use uuid::Uuid;
use vault::Slip;

use crate::Grid;
use crate::records::photo::{self, Comes};
use crate::refusals::Why;
use crate::words::{GRID_PHOTO_BYTES, GRID_PHOTO_SIDE, GRID_PHOTOS_MOST, GRID_TRAY_HOURS, Waiting};

/// The job that clears a tray away.
pub const CLEAR: &str = "grid.clear_tray";
/// What is held while the photos of a tray are counted.
const TRAY: &str = "photos of a tray";
/// What is held while the photos of a report are counted.
pub(super) const OF_REPORT: &str = "photos of a report";
/// What photos and their slips are sealed as.
pub(crate) const LABEL: &str = "grid.photo";
/// What the small pictures of a tray are sealed as.
const SMALL_LABEL: &str = "grid.photo.small";
const SECONDS_OF_AN_HOUR: i64 = 3_600;
const MEBIBYTE: u64 = 1024 * 1024;
/// The pixels of the longer side of a photo as a list of photos shows it, and of a waiting one as its sender sees it.
const SMALL: u32 = 200;

/// What photos may be sent: how many, and how large each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoLimits {
    /// How many.
    pub most: usize,
    /// How many megabytes.
    pub megabytes: u64,
    /// The pixels of the longer side to which they are made smaller.
    pub side: u32,
}

/// What photos must be before they are laid on the shelf.
#[derive(Clone, Copy)]
pub(super) struct Fitting<'f> {
    /// How large they may be when they come.
    pub bounds: Bounds,
    /// The pixels of the longer side to which they are made smaller.
    pub side: u32,
    /// Those that lie there already: the same picture is not laid twice.
    pub there: &'f [Waiting],
    /// Their sender sees them again, small, before she sends them.
    pub seen_again: bool,
}

impl Grid {
    /// What photos may be sent now.
    ///
    /// # Errors
    /// The rulebook has no such figures.
    pub fn photo_limits(&self, now: Instant) -> Result<PhotoLimits, Fault> {
        let most = usize::try_from(self.hall.figure(GRID_PHOTOS_MOST, now)?).unwrap_or(usize::MAX);
        let megabytes = self.hall.figure(GRID_PHOTO_BYTES, now)?.unsigned_abs() / MEBIBYTE;
        Ok(PhotoLimits { most, megabytes, side: self.hall.figure(GRID_PHOTO_SIDE, now)? })
    }

    /// How many photos wait in a tray.
    ///
    /// # Errors
    /// The store failed.
    pub async fn photos_waiting(&self, slip: &Slip) -> Result<usize, Fault> {
        let name = slip.name();
        Ok(self.hall.store.read(move |tx| photo::in_tray(tx, &name)).await?.len())
    }

    /// What waits in a tray, small, so that its sender sees what goes along: each as a picture that stands in the page
    /// itself. None of them gets an address, because the slip that opens them stands in her form alone.
    ///
    /// # Errors
    /// The store failed, or a picture was sealed with another slip.
    pub async fn waiting_small(&self, slip: &Slip) -> Result<Vec<String>, Fault> {
        let name = slip.name();
        let there = self.hall.store.read(move |tx| photo::in_tray(tx, &name)).await?;
        let mut small = Vec::new();
        for sealed in there.iter().filter_map(|waiting| waiting.small.as_ref()) {
            let plain = slip.uncover(SMALL_LABEL, sealed)?;
            small.push(format!("data:image/jpeg;base64,{}", BASE64.encode(&plain)));
        }
        Ok(small)
    }

    /// The tray of a slip, with what waits in it. Where nothing waits there it is another one with a slip of its own:
    /// the old one was sent or cleared away, and the job that clears it away may come at any moment.
    async fn tray_of(&self, slip: Option<Slip>) -> Result<(Slip, Vec<Waiting>), Fault> {
        if let Some(slip) = slip {
            let name = slip.name();
            let there = self.hall.store.read(move |tx| photo::in_tray(tx, &name)).await?;
            if !there.is_empty() {
                return Ok((slip, there));
            }
        }
        Ok((Slip::new()?, Vec::new()))
    }

    /// Puts photos into a tray, a new one where there is none yet, and returns its slip. The same photo twice is one.
    ///
    /// # Errors
    /// Refuses too many photos, and what is too large, cut off or no picture; then nothing of what was sent is kept.
    pub async fn put_into_tray(&self, slip: Option<Slip>, sent: Vec<Vec<u8>>, now: Instant) -> Result<Slip, Fault> {
        let limits = self.photo_limits(now)?;
        let (slip, there) = self.tray_of(slip).await?;
        let mut laid = Vec::new();
        let bytes = self.hall.figure(GRID_PHOTO_BYTES, now)?.unsigned_abs();
        let bounds = Bounds { bytes, ..self.papers.bounds(now)? };
        let fitting = Fitting { bounds, side: limits.side, there: &there, seen_again: true };
        let done = self.lay(&slip, sent, &mut laid, fitting).await;
        let done = match done {
            Ok(()) => self.note_waiting(&slip, laid.clone(), limits.most, now).await,
            Err(fault) => Err(fault),
        };
        if matches!(done, Err(Fault::Refused(_))) {
            for photo in &laid {
                // What stays there is no row's, and the night takes it away.
                drop(self.papers.shelf.remove(&photo.digest).await);
            }
        }
        done.map(|()| slip)
    }

    /// Cleans and seals what was sent and puts it on the shelf; `laid` says what lies there, also after a failure.
    pub(super) async fn lay(
        &self,
        slip: &Slip,
        sent: Vec<Vec<u8>>,
        laid: &mut Vec<Waiting>,
        fitting: Fitting<'_>,
    ) -> Result<(), Fault> {
        let Fitting { bounds, side, there, seen_again } = fitting;
        let tray = Uuid::new_v5(&Uuid::NAMESPACE_OID, slip.name().as_bytes());
        for sent in sent {
            let clean = self.papers.photo(sent, bounds, side).await.map_err(at_photo)?;
            let id = Uuid::new_v5(&tray, &clean.bytes);
            if there.iter().chain(laid.iter()).any(|known| known.id == id) {
                continue;
            }
            let digest = self.papers.shelf.put(slip.cover(LABEL, &clean.bytes)?).await?;
            let (width, height) = clean.size.unwrap_or_default();
            let bytes = i64::try_from(clean.bytes.len()).unwrap_or(i64::MAX);
            let picture = Some(self.picture(&clean.bytes));
            let small = if seen_again { self.small(slip, clean.bytes, bounds).await? } else { None };
            laid.push(Waiting { id, digest, width: width.into(), height: height.into(), bytes, picture, small });
        }
        Ok(())
    }

    /// A cleaned picture, small and sealed; none where it cannot be made smaller.
    async fn small(&self, slip: &Slip, clean: Vec<u8>, bounds: Bounds) -> Result<Option<Vec<u8>>, Fault> {
        match self.papers.photo(clean, bounds, SMALL).await {
            Ok(small) => Ok(Some(slip.cover(SMALL_LABEL, &small.bytes)?)),
            Err(Fault::Refused(_)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// A photo of a report, small; as it is where it cannot be made smaller.
    ///
    /// # Errors
    /// The rulebook has no such figures.
    pub(crate) async fn made_small(&self, photo: Vec<u8>, now: Instant) -> Result<Vec<u8>, Fault> {
        let bounds = Bounds { bytes: u64::try_from(photo.len()).unwrap_or(u64::MAX), ..self.papers.bounds(now)? };
        match self.papers.photo(photo.clone(), bounds, SMALL).await {
            Ok(small) => Ok(small.bytes),
            Err(Fault::Refused(_)) => Ok(photo),
            Err(fault) => Err(fault),
        }
    }

    /// What tells a cleaned picture from others, under whichever slip they lie. It comes from a key that the database
    /// never sees, so that nobody can try out there which picture it is.
    fn picture(&self, clean: &[u8]) -> String {
        self.hall.vault.told_apart(&format!("{LABEL} {}", HEXLOWER.encode(&Sha256::digest(clean))))
    }

    /// Writes down what waits in a tray, if it is not too much: it is counted in the same transaction, so that what
    /// comes at the same moment is counted too. Each time a job is planned that clears the tray away.
    async fn note_waiting(&self, slip: &Slip, laid: Vec<Waiting>, most: usize, now: Instant) -> Result<(), Fault> {
        let name = slip.name();
        let until = now.plus_seconds(self.hall.figure(GRID_TRAY_HOURS, now)? * SECONDS_OF_AN_HOUR);
        let key = format!("{CLEAR}:{name}:{}", until.micros());
        let clear = NewJob::planned(CLEAR, key, json!({ "slip": name }), until);
        let counter = self.counter.clone();
        let write = move |tx: &mut dyn Tx| {
            counter.hold(tx, TRAY, &name, now)?;
            laid.iter().try_for_each(|one| photo::put(tx, &name, one, now))?;
            if photo::in_tray(tx, &name)?.len() > most {
                return Err(too_many(most).into());
            }
            jobs::enqueue(tx, &clear)?;
            Ok::<_, Fault>(())
        };
        self.hall.store.write(write).await
    }

    /// Empties a tray whose photos she does not want to send.
    ///
    /// # Errors
    /// The store failed.
    pub async fn throw_away(&self, slip: &Slip, now: Instant) -> Result<(), Fault> {
        self.clear_tray(slip.name(), now).await
    }

    /// Empties a tray by the name of its slip. Done again it changes nothing. A report that takes the photos at the
    /// same moment has them, or they are gone before it looks.
    ///
    /// # Errors
    /// The store or the shelf failed.
    pub(crate) async fn clear_tray(&self, name: String, now: Instant) -> Result<(), Fault> {
        let counter = self.counter.clone();
        let clear = move |tx: &mut dyn Tx| {
            counter.hold(tx, TRAY, &name, now)?;
            let gone = photo::in_tray(tx, &name)?;
            photo::empty_tray(tx, &name)?;
            Ok::<_, Fault>(gone)
        };
        for photo in self.hall.store.write(clear).await? {
            self.papers.shelf.remove(&photo.digest).await?;
        }
        Ok(())
    }

    /// Moves the photos of a tray to a report, in the transaction that opens its case: their slip is sealed under the
    /// reporter's record, so that whoever may open that record may look at them, and nobody after it is erased.
    pub(super) fn move_photos(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        record: Uuid,
        slip: &Slip,
        now: Instant,
    ) -> Result<(), Fault> {
        let (district, case_id, name) = (cases::district(case), case.id.0, slip.name());
        self.counter.hold(tx, TRAY, &name, now)?;
        let waiting = photo::in_tray(tx, &name)?;
        if waiting.is_empty() {
            return Err(Refusal::new(Why::GridPhotoGone).field("photo").into());
        }
        let most = self.photo_limits(now)?.most;
        if waiting.len() > most {
            return Err(too_many(most).into());
        }
        let slip = self.hall.vault.cover(tx, district, record, LABEL, slip.text().as_bytes())?;
        let comes = Comes { district, case_id, record, slip, at: now, added_by: None };
        photo::add_all(tx, &comes, waiting.into_iter().map(|one| (one, None)))?;
        Ok(photo::empty_tray(tx, &name)?)
    }

    /// Whether what waits in a tray is nothing that a report does not have, which was sent before with the same key. It
    /// stays in the tray, which is cleared away.
    ///
    /// # Errors
    /// There is another photo, which would be lost.
    pub(super) fn has_photos(tx: &mut dyn Tx, case: &Case, slip: &Slip) -> Result<(), Fault> {
        let there = photo::of_case(tx, cases::district(case), case.id.0)?;
        let known: Vec<_> = there.iter().filter(|photo| photo.added_by.is_none()).map(|photo| &photo.picture).collect();
        let all = photo::in_tray(tx, &slip.name())?.iter().all(|waits| known.contains(&&waits.picture));
        if all { Ok(()) } else { Err(Refusal::new(Code::RequestSentDifferently).field("photo").into()) }
    }
}

/// More photos than may be.
fn too_many(most: usize) -> Refusal {
    Refusal::new(Why::GridPhotoMany).field("photo").with("limit", most)
}

/// What is wrong with a photo, at the field of photos.
fn at_photo(fault: Fault) -> Fault {
    match fault {
        Fault::Refused(refusal) => refusal.field("photo").into(),
        other => other,
    }
}
