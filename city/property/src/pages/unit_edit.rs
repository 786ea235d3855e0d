//! The form by which whoever keeps a register corrects one unit: area, use, shares, and who owns it. Names of owners
//! stay masked: an owner whose name is wrong is left out and named again.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::line::{number, open_lines_fault};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use vault::{Masked, PersonField};
use web::{Choice, Form, InPath, Page, PostForm, Problem, WebError};

use super::frame::{done, form_page, problems};
use super::letters::handling;
use super::{LABELS, purpose};
use crate::Property;
use crate::actions::units::Corrected;
use crate::permissions::May;
use crate::records::register::{self, Compound, Share, Unit};
use crate::records::{parts, votes};
use crate::refusals::Why;
use crate::rules::register::{called, owner_of, share};
use crate::words::area::Area;
use crate::words::company::LINES_MOST;
use crate::words::register::{OwnerDraft, Purpose};

/// How many owners can be added at once.
const NEW: usize = 3;

#[derive(Template)]
#[template(path = "property/unit_edit.html")]
struct EditPage {
    page: Page,
    id: Uuid,
    title: String,
    purposes: Vec<Choice>,
    area: String,
    owners: Vec<OwnerLine>,
    new: Vec<NewLine>,
    unsold: Vec<Choice>,
    /// The box that says that a vote under way stays as it is; none if there is no such vote.
    in_vote: Vec<Choice>,
    reason: String,
    problems: Vec<Problem>,
}

/// An owner who stays unless her share is emptied.
struct OwnerLine {
    field: String,
    name: String,
    share: String,
}

/// The fields of an owner who is added.
struct NewLine {
    number: usize,
    names: [String; 3],
    values: [String; 3],
    errors: [String; 3],
}

/// What is kept of a unit.
struct Kept {
    compound: Compound,
    unit: Unit,
    building: String,
    shares: Vec<Share>,
    masked: BTreeMap<Uuid, Masked>,
    is_in_vote: bool,
}

/// `GET /property/units/{unit}/edit`
///
/// # Errors
/// 404 for a unit that is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let kept = desk.kept_to_edit(&page, id).await?;
    let form = Form::default().with("used_as", kept.unit.purpose.code()).with("area", kept.unit.area.plain());
    let is_unsold = kept.shares.is_empty();
    let form = if is_unsold { form.with("unsold", "1") } else { form };
    let form = kept.shares.iter().zip(1..).fold(form, |form, (share, number)| {
        form.with(format!("share{number}"), format!("{}/{}", share.part, share.whole))
    });
    edit_page(page, &kept, &form, &[])
}

/// `POST /property/units/{unit}/edit`
///
/// # Errors
/// 404 for a unit that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::PropertyEdit)?;
    let kept = desk.kept_to_edit(&page, id).await?;
    let corrected = match read(&form, &kept.shares) {
        Ok(corrected) => corrected,
        Err(wrong) => return edit_page(page, &kept, &form, &wrong),
    };
    let (own, by) = (desk.clone(), handling(&page, &form, &id.to_string()));
    let act = move |tx: &mut dyn Tx| own.correct_unit(tx, id, &corrected, &by);
    let again = |refusal| async { edit_page(page, &kept, &form, &[refusal]) };
    done(&desk.hall, act, |()| format!("/property/units/{id}?corrected=1"), again).await
}

/// Reads the form. An owner whose share is emptied is left out.
fn read(form: &Form, shares: &[Share]) -> Result<Corrected, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.code() == form.get("used_as"));
    if purpose.is_none() {
        wrong.push(Refusal::new(Code::FormChoice).field("used_as"));
    }
    let area = Area::parse(&number(form.get("area")));
    if area.is_none() {
        wrong.push(Refusal::new(Why::PropertyArea).field("area").with("area", form.get("area")));
    }
    let mut kept = Vec::with_capacity(shares.len());
    for (owned, number) in shares.iter().zip(1..) {
        let field = format!("share{number}");
        if let Some(text) = form.opt(&field) {
            match share(text) {
                Ok((part, whole)) => kept.push((owned.owner, part, whole)),
                Err(refusal) => wrong.push(refusal.field(field)),
            }
        }
    }
    let new = new_owners(form, &mut wrong);
    let reason = form.get("reason").to_owned();
    if reason.is_empty() {
        wrong.push(Refusal::new(Code::FormMissing).field("reason"));
    }
    if reason.chars().count() > LINES_MOST {
        wrong.push(Refusal::new(Code::FormTooLong).field("reason").with("limit", LINES_MOST));
    }
    wrong.extend(open_lines_fault(&reason).map(|code| Refusal::new(code).field("reason")));
    let fresh = std::iter::repeat_with(Uuid::now_v7).take(new.len()).collect();
    let (is_unsold, is_vote_known) = (form.has("unsold"), form.has("in_vote"));
    match (area, purpose) {
        (Some(area), Some(purpose)) if wrong.is_empty() => {
            let id = Uuid::now_v7();
            Ok(Corrected { id, area, purpose, kept, new, fresh, is_unsold, is_vote_known, reason })
        }
        _ => Err(wrong),
    }
}

/// The owners who are added. A line in which nothing stands adds nobody.
fn new_owners(form: &Form, wrong: &mut Vec<Refusal>) -> Vec<OwnerDraft> {
    let mut new = Vec::new();
    for number in 1..=NEW {
        let [name, telephone, share] = names(number).map(|field| form.get(&field).to_owned());
        if [&name, &telephone, &share].into_iter().all(String::is_empty) {
            continue;
        }
        match owner_of(&name, &telephone, &share) {
            Ok(owner) => new.push(owner),
            Err(refusal) => {
                let field = refusal.field.clone().unwrap_or_default();
                wrong.push(refusal.field(format!("new{number}_{field}")));
            }
        }
    }
    new
}

/// The names of the fields of an owner who is added: name, telephone, share.
fn names(number: usize) -> [String; 3] {
    ["owner", "telephone", "share"].map(|part| format!("new{number}_{part}"))
}

fn edit_page(page: Page, kept: &Kept, form: &Form, wrong: &[Refusal]) -> Result<Response, WebError> {
    let problems = problems(&page, LABELS, wrong);
    let purposes = Purpose::ALL.into_iter();
    let purposes = purposes.map(|one| Choice::new(one.code(), purpose(&page, one), form.get("used_as"))).collect();
    let owner = |(share, number): (&Share, usize)| {
        let field = format!("share{number}");
        let person = kept.masked.get(&share.owner);
        let name = person.and_then(|person| person.get(&PersonField::Name)).cloned();
        OwnerLine {
            name: name.unwrap_or_else(|| page.t("property-owner-erased")),
            share: form.get(&field).to_owned(),
            field,
        }
    };
    let owners = kept.shares.iter().zip(1..).map(owner).collect();
    let new = |number: usize| NewLine {
        number,
        names: names(number),
        values: names(number).map(|field| form.get(&field).to_owned()),
        errors: names(number).map(|field| web::problem_of(&problems, &field).to_owned()),
    };
    let ticked = |name: &str, key: &str| vec![Choice::new("1", page.t(key), if form.has(name) { "1" } else { "" })];
    let drawn = EditPage {
        id: kept.unit.id,
        title: format!("{} {}", kept.compound.name, called(&kept.building, &kept.unit.stair, &kept.unit.label)),
        purposes,
        area: form.get("area").to_owned(),
        owners,
        new: (1..=NEW).map(new).collect(),
        unsold: ticked("unsold", "property-unit-unsold"),
        in_vote: if kept.is_in_vote { ticked("in_vote", "property-unit-in-vote") } else { Vec::new() },
        reason: form.get("reason").to_owned(),
        problems,
        page,
    };
    form_page(wrong, &drawn)
}

impl Property {
    async fn kept_to_edit(self: &Arc<Self>, page: &Page, id: Uuid) -> Result<Kept, WebError> {
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let read = move |tx: &mut dyn Tx| {
            let (compound, unit) = desk.own_unit(tx, id, &actor)?;
            let shares = parts::shares_of_unit(tx, &unit)?;
            let wanted: Vec<_> = shares.iter().map(|share| (unit.district, share.owner)).collect();
            let masked = desk.hall.vault.masked(tx, &wanted)?.into_iter().collect();
            let buildings = register::buildings(tx, unit.district, unit.compound)?.into_iter();
            let building = buildings.filter(|one| one.id == unit.building).map(|one| one.name).next();
            let is_in_vote = votes::is_running(tx, unit.district, unit.compound, now)?;
            let building = building.unwrap_or_default();
            Ok::<_, Fault>(Kept { compound, unit, building, shares, masked, is_in_vote })
        };
        Ok(self.hall.store.read(read).await?)
    }
}
