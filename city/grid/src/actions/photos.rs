//! A worker looks at the photos of a report with a purpose, and releases each photo and her words to the public or
//! takes them back. Before that the public sees neither.

use cases::{Cases, Key, Known, PAPERS_LOOK_MINUTES, own_record};
use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use papers::purpose::Purpose;
use serde_json::json;
use store::Tx;
use store::log::Act;
use uuid::Uuid;
use vault::{Access, Deed, Look, Slip, VaultError};

use super::tray::LABEL;
use crate::Grid;
use crate::permissions::May;
use crate::records::photo::{self, Photo};
use crate::records::{self, shown};
use crate::refusals::Why;
use crate::rules::{self, stage};
use crate::words::WORDS_FIELD;

/// What the public may see of a report after a worker released it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Her own words.
    Words,
    /// One photo.
    Photo(Uuid),
}

/// What a worker does with a part of a report.
#[derive(Clone, Debug)]
pub struct Releasing {
    /// Which part.
    pub part: Part,
    /// Whether the public sees it from now on, or no longer.
    pub public: bool,
}

impl Grid {
    /// Whether somebody may release parts of a report to the public.
    ///
    /// # Errors
    /// The permission that is missing.
    pub fn may_release(known: &Known, actor: &Actor) -> Result<(), Refusal> {
        may(actor, May::GridRelease, &Target::at(known.case.place.clone())).map(drop)
    }

    /// Releases a part of a report to the public, or takes it back. It stands in the log of events who did so. Done
    /// again it changes nothing.
    ///
    /// # Errors
    /// A missing permission, a report that others may not see, or a part that is not there.
    pub fn release(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        releasing: &Releasing,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        Self::may_release(known, actor)?;
        let Key { district, id } = known.key();
        let report = records::find(tx, district, id)?.ok_or(Fault::NotFound)?;
        let Releasing { part, public } = releasing;
        if *public && !report.public {
            return Err(Refusal::new(Why::GridHidden).into());
        }
        let (at, by) = if *public { (Some(now), Some(actor.name.as_str())) } else { (None, None) };
        let (stream, was) = match part {
            Part::Photo(photo) => {
                let found = photo::find(tx, district, *photo)?.filter(|found| found.case_id == id);
                let was = found.ok_or(Fault::NotFound)?.released_at.is_some();
                // Nobody shows the public what she has not looked at.
                let account = actor.account.filter(|_| *public && !was);
                if account.map_or(Ok(false), |one| photo::was_looked_at(tx, district, *photo, one).map(|seen| !seen))? {
                    return Err(Refusal::new(Why::GridLookFirst).into());
                }
                photo::release(tx, district, *photo, at, by)?;
                (*photo, was)
            }
            Part::Words => {
                let shown = shown::find(tx, district, id)?.ok_or(Fault::NotFound)?;
                // What was released is taken back also where her own words are erased by now.
                let words = if *public { Some(self.to_release(tx, known)?) } else { None };
                shown::release(tx, &known.key(), words.as_deref(), (at, by), own_record(id))?;
                (Uuid::new_v5(&id, b"grid words"), shown.words.is_some())
            }
        };
        if was == *public {
            return Ok(());
        }
        let kind = if *public { "grid.released" } else { "grid.taken_back" };
        let detail = json!({ "case": known.case.number, "part": if *part == Part::Words { "words" } else { "photo" } });
        let act = Act { district, stream, kind, detail: &detail, by: actor.account, by_name: &actor.name, at: now };
        Ok(store::log::note(tx, &act)?)
    }

    /// What she said as the public may read it: without the address of a picture that lies elsewhere and that nobody
    /// here has looked at.
    fn to_release(&self, tx: &mut dyn Tx, known: &Known) -> Result<String, Fault> {
        let words = self.said(tx, known)?.ok_or(Fault::NotFound)?;
        match rules::spoken(&words) {
            "" => Err(Refusal::new(Why::GridWordsAddress).into()),
            spoken => Ok(spoken.to_owned()),
        }
    }

    /// What she said in her own words; none where she said nothing, or it was erased.
    pub(crate) fn said(&self, tx: &mut dyn Tx, known: &Known) -> Result<Option<String>, Fault> {
        let Some(text) = known.case.fields.get(WORDS_FIELD) else { return Ok(None) };
        let words = self.cases.words_of(tx, &known.key())?;
        Ok(Some(words.read(text, "").to_owned()).filter(|words| !words.is_empty()))
    }

    /// Opens a photo for a worker. Before anything is shown, the look is written down with its purpose, where the
    /// reporter can read it: once for as long as the purpose holds, however often the page shows the photo.
    ///
    /// # Errors
    /// There is no such photo, it was erased, or a permission or the purpose is missing.
    pub async fn look_at(
        &self,
        known: Known,
        id: Uuid,
        actor: &Actor,
        purpose: &Purpose,
        now: Instant,
    ) -> Result<Vec<u8>, Fault> {
        let look = self.cases.look(&known.case, actor, &purpose.text, now)?;
        let stated = purpose.until.plus_minutes(-self.hall.figure(PAPERS_LOOK_MINUTES, now)?);
        let (key, cases) = (known.key(), self.cases.clone());
        let note = move |tx: &mut dyn Tx| {
            let photo = photo::find(tx, key.district, id)?.filter(|photo| photo.case_id == key.id);
            let photo = photo.ok_or(Fault::NotFound)?;
            if let Some(account) = look.account {
                photo::looked(tx, key.district, id, account)?;
            }
            let looked = cases.hall.vault.accesses(tx, key.district, photo.record)?;
            if looked.iter().any(|one| is_written(one, &look, stated)) {
                return Ok(photo);
            }
            cases.hall.within_measure(tx, key.district, photo.record, &look)?;
            cases.hall.vault.looked(tx, key.district, photo.record, &look).map_err(gone)?;
            // Whoever reported reads of it too, though the photo lies under a record of its own.
            if let Some(person) = known.person.filter(|person| *person != photo.record) {
                match cases.hall.vault.looked(tx, key.district, person, &look) {
                    Err(VaultError::Erased | VaultError::NotFound) => {}
                    noted => noted?,
                }
            }
            Ok::<_, Fault>(photo)
        };
        let photo = self.hall.store.write(note).await?;
        self.opened(photo).await
    }

    /// A photo that the public may see: it was released, and its report is one that others may see.
    ///
    /// # Errors
    /// There is no such photo.
    pub async fn released_photo(&self, district: PlaceId, id: Uuid) -> Result<Vec<u8>, Fault> {
        let read = move |tx: &mut dyn Tx| {
            let photo = photo::find(tx, district, id)?.filter(|photo| photo.released_at.is_some());
            let photo = photo.ok_or(Fault::NotFound)?;
            let report = records::find(tx, district, photo.case_id)?.filter(|report| report.public);
            report.map(|_| photo).ok_or(Fault::NotFound)
        };
        let photo = self.hall.store.read(read).await?;
        self.opened(photo).await
    }

    /// A photo of the work for whoever reported it, once she is told what was done.
    ///
    /// # Errors
    /// There is no such photo, or it is none of the work on this report.
    pub async fn photo_of_work(&self, known: Known, id: Uuid) -> Result<Vec<u8>, Fault> {
        let Key { district, id: case_id } = known.key();
        let read = move |tx: &mut dyn Tx| {
            let photo = photo::find(tx, district, id)?.filter(|photo| photo.case_id == case_id);
            let of_work = |photo: &Photo| stage::shows_work(&known.case, photo.added_by.is_some(), photo.at);
            photo.filter(of_work).ok_or(Fault::NotFound)
        };
        let photo = self.hall.store.read(read).await?;
        self.opened(photo).await
    }

    /// A photo that whoever reported sent in herself, or one of the work on it.
    ///
    /// # Errors
    /// There is no such photo, or it is neither.
    pub async fn photo_for_reporter(&self, known: Known, id: Uuid) -> Result<Vec<u8>, Fault> {
        let (Key { district, id: case_id }, reporter) = (known.key(), known.person);
        let read = move |tx: &mut dyn Tx| photo::find(tx, district, id);
        let photo = self.hall.store.read(read).await?.filter(|photo| photo.case_id == case_id);
        match photo.filter(|photo| reporter.is_some_and(|record| photo.is_of(record))) {
            Some(photo) => self.opened(photo).await,
            None => self.photo_of_work(known, id).await,
        }
    }

    /// A photo of the work for whoever joined a report: one that the public may see as well, because anybody can join.
    ///
    /// # Errors
    /// There is no such photo, it is none of the work on this report, or nobody released it.
    pub async fn released_photo_of_work(&self, known: Known, id: Uuid) -> Result<Vec<u8>, Fault> {
        let Key { district, id: case_id } = known.key();
        let read = move |tx: &mut dyn Tx| {
            let report = records::find(tx, district, case_id)?.filter(|report| report.public);
            report.ok_or(Fault::NotFound)?;
            let photo = photo::find(tx, district, id)?.filter(|photo| photo.case_id == case_id);
            photo.filter(|photo| photo.released_at.is_some()).map(drop).ok_or(Fault::NotFound)
        };
        self.hall.store.read(read).await?;
        self.photo_of_work(known, id).await
    }

    /// The whole address of a photo, from which everybody gets it once it is released.
    pub(crate) fn picture_address(&self, photo: &Photo) -> String {
        format!("{}/report/photo/{}/{}", self.counter.public_url, photo.district.0, photo.id)
    }

    async fn opened(&self, photo: Photo) -> Result<Vec<u8>, Fault> {
        let sealed = self.papers.shelf.get(&photo.digest).await?.ok_or(Fault::NotFound)?;
        let vault = self.hall.vault.clone();
        let open = move |tx: &mut dyn Tx| {
            let text = vault.uncover(tx, photo.district, photo.record, LABEL, &photo.slip).map_err(gone)?;
            let slip = std::str::from_utf8(&text).ok().and_then(Slip::parse);
            let slip = slip.ok_or_else(|| Fault::Broken(format!("the slip of the photo {} is none", photo.id)))?;
            Ok::<_, Fault>(slip.uncover(LABEL, &sealed)?.to_vec())
        };
        self.hall.store.read(open).await
    }

    /// Whether somebody may look at the photos of a report at all. The same posts open the reporter's data.
    #[must_use]
    pub fn may_look(known: &Known, actor: &Actor) -> bool {
        Cases::may_open(&known.case, actor).is_ok()
    }
}

/// Whether a line of the log says already what another look would say: the same person, case and purpose since then.
fn is_written(one: &Access, look: &Look, since: Instant) -> bool {
    let same = one.account == look.account && one.case_number == look.case_number && one.purpose == look.purpose;
    same && one.deed == Deed::Opened && one.at >= since
}

/// A record that was erased leaves no photo.
fn gone(fault: VaultError) -> Fault {
    match fault {
        VaultError::Erased | VaultError::NotFound => Fault::NotFound,
        other => other.into(),
    }
}
