//! The pages of this department: registers with their units and letters, and votes from the call to the result.

pub mod account;
pub mod back;
pub mod ballot;
pub mod call;
mod call_check;
mod call_offer;
mod choices;
pub mod companies;
pub mod company;
pub mod company_sheet;
pub mod contracts;
mod cover;
pub mod elected;
pub mod first_meeting;
pub mod first_vote;
mod frame;
pub mod fund;
pub mod grades;
pub mod held;
pub mod income;
pub mod income_form;
pub mod letters;
pub mod link;
pub mod list;
pub mod near;
pub mod off;
pub mod print;
pub mod proxies;
pub mod register;
pub mod roll;
pub mod rows;
mod sheet;
pub mod sheets;
pub(crate) mod shown;
mod sides;
pub mod table;
pub mod tables;
pub(crate) mod typed;
pub mod unit;
pub mod unit_edit;
pub mod uses;
pub mod vote;
pub mod votes;

use std::collections::BTreeMap;

use hall::Hall;
use kernel::language::Lang;
use kernel::place::PlacePath;
use web::{Page, WebError};

use crate::Property;
use crate::actions::reach;
use crate::words::register::{Ground, Purpose};

/// Beginning of the keys under which forms call their fields.
pub(crate) const LABELS: &str = "property-field-";

impl Property {
    /// The compounds of places that lie where this person keeps registers.
    pub(crate) async fn grounds(&self, page: &Page) -> Result<Vec<Ground>, WebError> {
        grounds_in(&self.hall, &reach(&page.visitor.actor)).await
    }

    /// The compound of an identity, if it lies where this person keeps registers.
    pub(crate) async fn ground(&self, page: &Page, id: i64) -> Result<Ground, WebError> {
        self.grounds(page).await?.into_iter().find(|ground| ground.id == id).ok_or(WebError::NotFound)
    }

    /// Where a place lies, in words.
    pub(crate) fn chain(&self, page: &Page, path: &PlacePath) -> String {
        self.hall.places.tree().chain(path, page.lang)
    }
}

/// The compounds that the places know in some of them.
pub(crate) async fn grounds_in(hall: &Hall, places: &[PlacePath]) -> Result<Vec<Ground>, WebError> {
    let tree = hall.places.tree();
    let Some(ground) = hall.places.geography().await? else { return Ok(Vec::new()) };
    let mut found: BTreeMap<u32, Ground> = BTreeMap::new();
    for (at, compound) in (0_u32..).zip(&ground.compounds) {
        let Some(community) = tree.get(compound.community) else { continue };
        if places.iter().any(|place| place.contains(&community.path)) {
            let (id, path, name) = (compound.id, community.path.clone(), compound.name.clone());
            found.insert(at, Ground { id, path, name, buildings: Vec::new() });
        }
    }
    // A city has very many buildings: they are gone through once.
    for building in &ground.buildings {
        if let Some(own) = found.get_mut(&building.compound) {
            own.buildings.push((building.id, building.name.clone()));
        }
    }
    Ok(found.into_values().collect())
}

/// What a unit is used as, in words.
pub(crate) fn purpose(page: &Page, purpose: Purpose) -> String {
    page.t(&format!("property-purpose-{}", purpose.code()))
}

/// A text in all languages.
pub(crate) fn in_each(page: &Page, key: &str) -> Vec<String> {
    Lang::ALL.into_iter().map(|lang| page.frame().texts.get(lang, key, &[])).collect()
}
