//! A unit with its owners: masked, until somebody says for what she needs them. Each look is logged where the owner
//! reads it. Here an account is released or confirmed that was linked with the code of the letter.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::{Fault, PurposeFields, Stated};
use kernel::permission::{Actor, Permission, Target, may};
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use vault::{Look, Masked, PersonField};
use web::{InPath, Page, PostForm, Problem, WebError};

use super::frame::{done, form_page};
use super::letters::{drawn, handling};
use super::{LABELS, purpose};
use crate::Property;
use crate::permissions::May;
use crate::records::register::{self, Compound, Head, Share, Unit};
use crate::records::{corrections, parts};
use crate::rules::register::called;
use crate::words::area::Area;
use crate::words::corrections::{Correction, UnitBefore};
use crate::words::register::{HeadKind, Purpose};

/// The values of the field `deed` by which an account is released or confirmed, and by which a letter is printed.
const RELEASE: &str = "release";
const CONFIRM: &str = "confirm";
const LETTER: &str = "letter";
/// The most corrections on the page.
const CORRECTIONS: i64 = 50;

#[derive(Template)]
#[template(path = "property/unit.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
struct UnitPage {
    page: Page,
    id: Uuid,
    compound: i64,
    compound_name: String,
    title: String,
    purpose: String,
    area: String,
    unsold: bool,
    owners: Vec<Line>,
    opened: String,
    can_open: bool,
    linked: bool,
    /// When the wait of the account ends; empty if it may vote online.
    waits: String,
    /// Whether a letter with a code was printed.
    printed: bool,
    why: PurposeFields,
    /// What was corrected before: when, by whom, what stood there, and why.
    corrections: Vec<Before>,
    /// Whether it was corrected just now.
    corrected: bool,
    problems: Vec<Problem>,
}

/// A correction as the page shows it.
struct Before {
    when: String,
    who: String,
    what: String,
    reason: String,
}

/// An owner as the page shows her.
struct Line {
    name: String,
    telephone: String,
    share: String,
}

/// What is kept of a unit.
struct Kept {
    compound: Compound,
    unit: Unit,
    building: String,
    shares: Vec<Share>,
    head: Option<Head>,
    /// The owners: masked, or opened.
    people: BTreeMap<Uuid, Masked>,
    corrections: Vec<Correction>,
}

/// What a form asked for.
#[derive(Default)]
struct Asked {
    /// For what the owners are opened, and the key of the form.
    look: Option<(Look, String)>,
    refusal: Option<Refusal>,
    sent: Option<Stated>,
}

/// `GET /property/units/{unit}`
///
/// # Errors
/// 404 for a unit that is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    desk.unit_page(page, id, Asked::default()).await
}

/// `POST /property/units/{unit}`: opens the owners for a purpose, prints their letter, or releases or confirms the
/// account.
///
/// # Errors
/// 404 for a unit that is not hers, no permission to open personal data, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    if [RELEASE, CONFIRM].contains(&form.get("deed")) {
        let (own, by) = (desk.clone(), handling(&page, &form, &id.to_string()));
        let is_release = form.get("deed") == RELEASE;
        let act = move |tx: &mut dyn Tx| if is_release { own.release(tx, id, &by) } else { own.confirm(tx, id, &by) };
        let again =
            |refusal| async { desk.unit_page(page, id, Asked { refusal: Some(refusal), ..Asked::default() }).await };
        return done(&desk.hall, act, |()| format!("/property/units/{id}"), again).await;
    }
    if form.get("deed") == LETTER {
        let (own, by) = (desk.clone(), handling(&page, &form, &id.to_string()));
        let (compound, letters) = desk.hall.store.write(move |tx| own.letter_again(tx, id, &by)).await?;
        return drawn(page, compound.id, compound.name, letters);
    }
    match desk.hall.purposes.stated(form.get("purpose"), form.get("purpose_word")) {
        Ok(purpose) => {
            let look = Look {
                account: page.visitor.actor.account,
                name: page.visitor.actor.name.clone(),
                place: page.post_place().unwrap_or_default().to_owned(),
                purpose,
                case_number: None,
                at: page.now,
            };
            desk.unit_page(page, id, Asked { look: Some((look, form.key().to_owned())), ..Asked::default() }).await
        }
        Err(refusal) => {
            let asked = Asked { look: None, refusal: Some(refusal), sent: Some(Stated::of(&form)) };
            desk.unit_page(page, id, asked).await
        }
    }
}

impl Property {
    async fn unit_page(self: &Arc<Self>, page: Page, id: Uuid, asked: Asked) -> Result<Response, WebError> {
        let Asked { look, mut refusal, sent } = asked;
        let mut opened = look.as_ref().map(|(look, _)| look.purpose.clone());
        let kept = match web::settled(self.kept_unit(&page, id, look).await)? {
            Ok(kept) => kept,
            // A look beyond the measure is refused, and the page says so with the names masked.
            Err(beyond) if opened.is_some() => {
                (opened, refusal) = (None, Some(beyond));
                self.kept_unit(&page, id, None).await?
            }
            Err(other) => return Err(other.into()),
        };
        let refused_look = refusal.as_ref().filter(|_| sent.is_some());
        let why = self.hall.purposes.fields(&page, &sent.clone().unwrap_or_default(), refused_look);
        let is_unsold = kept.head.as_ref().is_some_and(|head| head.kind == HeadKind::Developer);
        let target = Target::at(kept.compound.path.clone());
        let unit_page = UnitPage {
            id,
            compound: kept.compound.id,
            compound_name: kept.compound.name.clone(),
            title: called(&kept.building, &kept.unit.stair, &kept.unit.label),
            purpose: purpose(&page, kept.unit.purpose),
            area: kept.unit.area.show(),
            unsold: is_unsold,
            owners: kept.shares.iter().map(|share| line(&page, share, &kept.people)).collect(),
            can_open: opened.is_none() && may(&page.visitor.actor, Permission::PersonOpen, &target).is_ok(),
            opened: opened.map(|purpose| self.hall.purposes.shown(&purpose, page.lang)).unwrap_or_default(),
            linked: kept.head.as_ref().is_some_and(|head| head.account.is_some()),
            waits: kept
                .head
                .as_ref()
                .and_then(|head| head.waits_until(page.now))
                .map(|from| page.full_date(from))
                .unwrap_or_default(),
            printed: kept.head.as_ref().is_some_and(|head| !head.code.is_empty()),
            why,
            corrections: kept.corrections.iter().map(|one| before(&page, one)).collect(),
            corrected: page.query.has("corrected"),
            problems: page.problems(LABELS, refusal.as_slice()),
            page,
        };
        form_page(refusal.as_slice(), &unit_page)
    }

    /// Reads a unit. With a look its owners are opened, and the look is logged in the same transaction.
    async fn kept_unit(self: &Arc<Self>, page: &Page, id: Uuid, look: Option<(Look, String)>) -> Result<Kept, Fault> {
        let (desk, actor, is_look) = (self.clone(), page.visitor.actor.clone(), look.is_some());
        let read = move |tx: &mut dyn Tx| {
            let (compound, unit) = desk.own_unit(tx, id, &actor)?;
            let district = unit.district;
            let shares = parts::shares_of_unit(tx, &unit)?;
            let people = desk.people(tx, &unit, &shares, look.as_ref(), &actor)?;
            let buildings = register::buildings(tx, district, unit.compound)?.into_iter();
            let building = buildings.filter(|one| one.id == unit.building).map(|one| one.name).next();
            let head = register::head(tx, district, unit.head)?;
            let corrections = corrections::of_subject(tx, district, id, CORRECTIONS)?;
            let building = building.unwrap_or_default();
            Ok::<_, Fault>(Kept { compound, unit, building, shares, head, people, corrections })
        };
        if is_look { self.hall.store.write(read).await } else { self.hall.store.read(read).await }
    }

    fn people(
        &self,
        tx: &mut dyn Tx,
        unit: &Unit,
        shares: &[Share],
        look: Option<&(Look, String)>,
        actor: &Actor,
    ) -> Result<BTreeMap<Uuid, Masked>, Fault> {
        let Some((look, once)) = look else {
            let wanted: Vec<_> = shares.iter().map(|share| (unit.district, share.owner)).collect();
            return Ok(self.hall.vault.masked(tx, &wanted)?.into_iter().collect());
        };
        let opened = self.open_owners(tx, unit.id, look, once, actor)?.into_iter();
        let plain = |person: vault::Person| {
            person.fields().map(|(field, value)| (field, value.expose().clone())).collect::<Masked>()
        };
        Ok(opened.map(|(id, person)| (id, plain(person))).collect())
    }
}

/// What stood there before a correction, in words. What was kept in another form stays as it is.
fn before(page: &Page, correction: &Correction) -> Before {
    let kept = serde_json::from_str::<UnitBefore>(&correction.before);
    let what = kept.map_or_else(
        |_| correction.before.clone(),
        |kept| {
            let purposes = Purpose::ALL.into_iter().find(|one| one.code() == kept.purpose);
            let used = purposes.map(|one| purpose(page, one)).unwrap_or_default();
            let told = page.t2("property-unit-before", "area", Area(kept.area_cm2).show(), "purpose", used);
            if kept.owners { told + &page.t("property-unit-before-owners") } else { told }
        },
    );
    let (when, who) = (page.minute(correction.at), correction.by_name.clone());
    Before { when, who, what, reason: correction.reason.clone() }
}

fn line(page: &Page, share: &Share, people: &BTreeMap<Uuid, Masked>) -> Line {
    let field = |field| people.get(&share.owner).and_then(|person| person.get(&field)).cloned();
    Line {
        name: field(PersonField::Name).unwrap_or_else(|| page.t("property-owner-erased")),
        telephone: field(PersonField::Telephone).unwrap_or_default(),
        share: format!("{}/{}", share.part, share.whole),
    }
}
