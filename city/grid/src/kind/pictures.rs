//! The photos of a report: as small squares on its page for whoever handles it, those of the work and her own for
//! whoever reported it, each with what it shows; and those that are handed in together with the work.

use cases::Cases;
use cases::kind::{Attaching, Picture, Pictures};
use hall::{Fault, Hall};
use kernel::case::{Case, Recorded};
use papers::purpose::PurposeKey;
use store::Tx;
use uuid::Uuid;
use web::Page;

use super::Reports;
use crate::records::photo::{self, Photo};
use crate::rules::stage;
use crate::words::{GRID_FIELD_PHOTOS, GRID_PHOTO_SIDE, LOOK_COOKIE, PHOTO_AFTER, PHOTO_BEFORE, SMALL, Shows};

/// The most photos of the work that whoever reported is shown.
const SHOWN: usize = 12;

/// The key that signs why somebody looks at photos.
#[must_use]
pub(crate) fn look_key(hall: &Hall) -> PurposeKey {
    PurposeKey::new(hall.vault.derive_key("grid.look"))
}

/// What a photo shows, in a word; none where nobody knows.
#[must_use]
pub(crate) fn shown(page: &Page, case: &Case, photo: &Photo) -> Option<String> {
    let shows = stage::shows(case, photo.said(), photo.added_by.is_some(), photo.at);
    shows.map(|shows| page.t(shows.key()))
}

/// What a photo shows and when it came, in words.
#[must_use]
pub(crate) fn caption(page: &Page, case: &Case, photo: &Photo) -> String {
    let at = page.minute(photo.at);
    match shown(page, case, photo) {
        Some(shows) => page.t2("grid-shows-at", "shows", shows, "at", at),
        None if photo.added_by.is_none() => page.t1("grid-met-photo", "at", at),
        None => page.t1("grid-done-photo", "at", at),
    }
}

/// The photos of a report in the order in which they are looked at.
#[must_use]
pub(crate) fn looked_at(case: &Case, events: &[Recorded], mut photos: Vec<Photo>) -> Vec<Photo> {
    photos.sort_by_key(|photo| {
        let by_worker = photo.added_by.is_some();
        let shows = stage::shows(case, photo.said(), by_worker, photo.at);
        (stage::looked_at(shows, by_worker, stage::round(events, photo.at)), photo.at)
    });
    photos
}

/// A photo at an address, where it is also had small.
#[must_use]
pub(crate) fn at(href: String, text: String) -> Picture {
    Picture { small: format!("{href}?{SMALL}=1"), href, text }
}

/// A photo as whoever reported sees it.
fn hers(page: &Page, case: &Case, photo: &Photo) -> Picture {
    at(format!("/follow/{}/photos/{}", case.number, photo.id), caption(page, case, photo))
}

impl Reports {
    /// The photos of the work that was found to be done, as whoever reported is shown them. What was handed in before
    /// and sent back is not among them.
    pub(super) fn of_work(
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Vec<Picture>, Fault> {
        let mut photos = photo::of_case(tx, cases::district(case), case.id.0)?;
        let last = stage::round(events, page.now);
        photos.retain(|photo| {
            let is_work = stage::shows_work(case, photo.added_by.is_some(), photo.at);
            is_work && stage::round(events, photo.at) == last
        });
        let photos = looked_at(case, events, photos);
        Ok(photos.iter().take(SHOWN).map(|photo| hers(page, case, photo)).collect())
    }

    /// The photos that whoever reported sent in herself, whose sealed record that is.
    pub(super) fn of_reporter(tx: &mut dyn Tx, page: &Page, case: &Case, record: Uuid) -> Result<Vec<Picture>, Fault> {
        let photos = photo::of_case(tx, cases::district(case), case.id.0)?;
        let own = photos.iter().filter(|photo| photo.is_of(record));
        let when = |photo: &Photo| if photo.at > case.opened_at { "grid-own-photo-later" } else { "grid-own-photo" };
        Ok(own.map(|photo| Picture { text: page.t(when(photo)), ..hers(page, case, photo) }).collect())
    }

    /// The photos of a report for staff who may look at them: without an address while this one has not said why.
    pub(super) fn for_whoever_handles(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
    ) -> Result<Option<Pictures>, Fault> {
        if Cases::may_open(case, &page.visitor.actor).is_err() {
            return Ok(None);
        }
        let photos = photo::of_case(tx, cases::district(case), case.id.0)?;
        let events = if photos.is_empty() { Vec::new() } else { cases::events_of(tx, case)? };
        let photos = looked_at(case, &events, photos);
        let stated = page.cookie(LOOK_COOKIE).zip(page.visitor.actor.account);
        let stated = stated.and_then(|(value, account)| self.looks.read(&value, case.id.0, account, page.now));
        let address = format!("/cases/{}/photos", case.number);
        let square = |photo: &Photo| {
            let href = stated.as_ref().map(|_| format!("{address}/{}", photo.id)).unwrap_or_default();
            Picture { small: href.clone(), href, text: caption(page, case, photo) }
        };
        let all: Vec<Picture> = photos.iter().map(square).collect();
        let ask = stated.is_none().then(|| format!("{address}/open"));
        Ok(Some(Pictures { all, ask }).filter(|pictures| !pictures.all.is_empty()))
    }

    /// The photos that can be handed in together with the work, under the rules of photos from the field.
    pub(super) fn proof(&self, page: &Page, case: &Case) -> Result<Attaching, Fault> {
        let most: u32 = self.hall.figure(GRID_FIELD_PHOTOS, page.now)?;
        let field = |name, shows: Shows| (name, page.t1("grid-step-photos", "shows", page.t(shows.key())));
        Ok(Attaching {
            post: format!("/cases/{}/photos/add", case.number),
            fields: vec![field(PHOTO_BEFORE, Shows::Before), field(PHOTO_AFTER, Shows::After)],
            hint: page.t1("grid-photos-add-hint", "count", most),
            side: self.hall.figure(GRID_PHOTO_SIDE, page.now)?,
            cover: page.t("grid-photo-cover"),
            undo: page.t("grid-photo-undo"),
        })
    }
}
