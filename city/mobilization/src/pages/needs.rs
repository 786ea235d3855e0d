//! This form says what compounds need: all of a place at once, or one.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Sent;
use kernel::line::{line_fault, number};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::geography::Geography;
use uuid::Uuid;
use web::{Choice, InPath, Page, PostForm, WebError};

use super::{account, role as role_name, span};
use crate::Mobilization;
use crate::actions::NewNeed;
use crate::records::call::{Call, Shift};
use crate::words::Role;

/// Most people of one need.
const PEOPLE: i64 = 10_000;
/// Most characters of where to report and whom to ask.
const TEXT: usize = 120;
/// Compounds offered one by one.
const COMPOUNDS: usize = 80;

/// What the form says.
#[derive(Clone, Default)]
pub struct NeedForm {
    /// `p:PLACE` for all compounds of a place, `c:COMPOUND` for one.
    pub whereabouts: String,
    /// Number of the shift.
    pub shift: String,
    /// Code of the role.
    pub role: String,
    /// At least.
    pub least: String,
    /// At most.
    pub most: String,
    /// The numbers are for each thousand households.
    pub by_households: bool,
    /// Where to report.
    pub meet: String,
    /// Whom to ask.
    pub contact: String,
}

/// What the form offers.
pub struct Wanted {
    /// Places and compounds.
    pub whereabouts: Vec<Choice>,
    /// Shifts.
    pub shifts: Vec<Choice>,
    /// Roles.
    pub roles: Vec<Choice>,
}

/// `POST /mobilization/calls/{id}/needs`
pub async fn post(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    account(&page)?;
    let said = NeedForm::read(&form);
    let ground = desk.hall.places.geography().await?;
    let (own, actor, asked) = (desk.clone(), page.visitor.actor.clone(), said.clone());
    let (sent, now) = (Sent::of(&form, id), page.now);
    let done = desk.hall.store.write(move |tx| {
        let call = own.led(tx, id, &actor)?;
        if !sent.is_first(tx, "mobilization.needs", now)? {
            return Ok(());
        }
        let new = own.need(&call, ground.as_deref(), &asked)?;
        own.put_needs(tx, id, &actor, &new).map(drop)
    });
    let done = done.await.map(|()| format!("/mobilization/calls/{id}#needs"));
    web::answer_permitted(done, |refusal| desk.call_page(page, id, said, Some(refusal))).await
}

impl NeedForm {
    fn read(form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).to_owned();
        Self {
            whereabouts: text("whereabouts"),
            shift: text("shift"),
            role: text("role"),
            least: text("least"),
            most: text("most"),
            by_households: form.has("by_households"),
            meet: text("meet"),
            contact: text("contact"),
        }
    }

    fn count(field: &str, text: &str) -> Result<i64, Refusal> {
        let wrong = || Refusal::new(Code::FormNumber).field(field.to_owned()).with("from", 0).with("to", PEOPLE);
        number(text).parse::<i64>().ok().filter(|count| (0..=PEOPLE).contains(count)).ok_or_else(wrong)
    }
}

impl Mobilization {
    /// Checks what the form asks for.
    fn need(&self, call: &Call, ground: Option<&Geography>, form: &NeedForm) -> Result<NewNeed, Refusal> {
        let ground = ground.ok_or_else(|| Refusal::new(Code::GeographyMissing))?;
        let least = NeedForm::count("least", &form.least)?;
        let most = if form.most.is_empty() { least } else { NeedForm::count("most", &form.most)? };
        if most < least {
            return Err(Refusal::new(Code::FormNumber).field("most").with("from", least).with("to", PEOPLE));
        }
        for (field, text) in [("meet", &form.meet), ("contact", &form.contact)] {
            if text.chars().count() > TEXT {
                return Err(Refusal::new(Code::FormTooLong).field(field).with("limit", TEXT));
            }
            if let Some(code) = line_fault(text) {
                return Err(Refusal::new(code).field(field));
            }
            if text.is_empty() && most > 0 {
                return Err(Refusal::new(Code::FormMissing).field(field));
            }
        }
        let choice = |field: &str| Refusal::new(Code::FormChoice).field(field.to_owned());
        Ok(NewNeed {
            compounds: self.compounds(call, ground, &form.whereabouts).ok_or_else(|| choice("whereabouts"))?,
            shift: form.shift.parse().map_err(|_| choice("shift"))?,
            role: Role::parse(&form.role).ok_or_else(|| choice("role"))?,
            least,
            most,
            by_households: form.by_households,
            meet: form.meet.clone(),
            contact: form.contact.clone(),
        })
    }

    /// Returns the compounds that are meant, inside the call's place alone. Returns none if nothing is meant.
    fn compounds(&self, call: &Call, ground: &Geography, whereabouts: &str) -> Option<Vec<(i64, PlacePath, u32)>> {
        let tree = self.hall.places.tree();
        let (kind, id) = whereabouts.split_once(':')?;
        let id: i64 = id.parse().ok()?;
        let place = match kind {
            "p" => tree.get(PlaceId(id))?.path.clone(),
            "c" => tree.get(ground.compound(id)?.1.community)?.path.clone(),
            _ => return None,
        };
        if !call.path.contains(&place) {
            return None;
        }
        let wanted =
            ground.inside(&tree, &place).compounds.into_iter().filter_map(|at| ground.compounds.get(at as usize));
        let found: Vec<_> = wanted
            .filter(|compound| kind == "p" || compound.id == id)
            .filter_map(|compound| Some((compound.id, tree.get(compound.community)?.path.clone(), compound.households)))
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// Returns what the form offers: the call's place, the places below it, and compounds if they are few or one is
    /// asked for.
    pub(super) fn wanted(
        &self,
        page: &Page,
        call: &Call,
        ground: Option<&Geography>,
        shifts: &[Shift],
        form: &NeedForm,
    ) -> Wanted {
        let tree = self.hall.places.tree();
        let asked = page.query.opt("compound").map(|id| format!("c:{id}"));
        let current =
            if form.whereabouts.is_empty() { asked.clone().unwrap_or_default() } else { form.whereabouts.clone() };
        let mut whereabouts = Vec::new();
        let own = tree.at(&call.path).into_iter();
        for place in own.chain(tree.children(call.path.id()).filter(|place| place.level <= Level::Community)) {
            let text = page.t1("mobilization-all-compounds", "place", place.named(page.lang));
            whereabouts.push(Choice::new(format!("p:{}", place.id), text, &current));
        }
        if let Some(ground) = ground {
            let inside = ground.inside(&tree, &call.path);
            let few = inside.compounds.len() <= COMPOUNDS;
            for compound in inside.compounds.iter().filter_map(|at| ground.compounds.get(*at as usize)) {
                let value = format!("c:{}", compound.id);
                if few || value == current {
                    whereabouts.push(Choice::new(value, compound.name.clone(), &current));
                }
            }
        }
        let shift = if form.shift.is_empty() { page.query.get("shift") } else { &form.shift };
        let role = if form.role.is_empty() { page.query.get("role") } else { &form.role };
        let shifts =
            shifts.iter().map(|one| Choice::new(one.number.to_string(), span(page, one.starts, one.ends), shift));
        Wanted { whereabouts, shifts: shifts.collect(), roles: roles(page, role) }
    }
}

/// Returns the roles to choose from.
fn roles(page: &Page, current: &str) -> Vec<Choice> {
    Role::ALL.iter().map(|one| Choice::new(one.code(), role_name(page, *one), current)).collect()
}
