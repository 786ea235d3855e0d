//! How much of a compound its register has, beside the buildings and households that the places know: a vote of a part
//! is no vote of all owners, and an income that is divided among a part is not divided among all.

use hall::Hall;
use web::{Choice, Form, Page, WebError};

use crate::records::parts::{self, BuildingSum};
use crate::records::register::Compound;
use crate::words::votes::Coverage;

/// The buildings of a compound, as the register and as the places have them.
#[derive(Default)]
pub(super) struct Cover {
    sums: Vec<BuildingSum>,
    /// The buildings of the places: identity and households.
    homes: Vec<(i64, i64)>,
}

impl Cover {
    /// Reads what is known of a compound.
    pub(super) async fn read(hall: &Hall, compound: &Compound) -> Result<Self, WebError> {
        let (district, id) = (compound.district, compound.id);
        let sums = hall.store.read(move |tx| parts::building_sums(tx, district, id)).await?;
        Ok(Self { sums, homes: households(hall, id).await? })
    }

    /// The buildings of a compound that has no register.
    pub(super) async fn of_ground(hall: &Hall, compound: i64) -> Result<Self, WebError> {
        Ok(Self { sums: Vec::new(), homes: households(hall, compound).await? })
    }

    /// How much of a range the register has: of the compound, or of one of its buildings. Of a stair the places know
    /// nothing.
    pub(super) fn of(&self, building: Option<i64>, stair: &str) -> Coverage {
        let is_inside = |id: i64| building.is_none_or(|one| one == id);
        let sums = self.sums.iter().filter(|sum| is_inside(sum.building));
        let homes = self.homes.iter().filter(|home| stair.is_empty() && is_inside(home.0));
        let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        Coverage {
            units: sums.clone().map(|sum| sum.units).sum(),
            buildings: if stair.is_empty() { count(sums.count()) } else { 0 },
            ground_buildings: count(homes.clone().count()),
            ground_households: homes.map(|home| home.1).sum(),
        }
    }
}

/// The buildings of a compound that the places know: identity and households.
async fn households(hall: &Hall, compound: i64) -> Result<Vec<(i64, i64)>, WebError> {
    let Some(ground) = hall.places.geography().await? else { return Ok(Vec::new()) };
    let at = (0_u32..).zip(&ground.compounds).find(|one| one.1.id == compound).map(|one| one.0);
    let own = ground.buildings.iter().filter(|building| Some(building.compound) == at);
    Ok(own.map(|building| (building.id, i64::from(building.households))).collect())
}

/// How much there is, in words; empty where the places know nothing.
pub(super) fn told(page: &Page, coverage: &Coverage) -> String {
    if coverage.ground_buildings == 0 {
        return String::new();
    }
    let numbers = [coverage.units, coverage.ground_buildings, coverage.ground_households].map(|one| one.to_string());
    let [units, buildings, households] = numbers.each_ref().map(String::as_str);
    page.text("property-cover", &[("units", units), ("buildings", buildings), ("households", households)])
}

/// The box that says that somebody knows what is missing; none where nothing is.
pub(super) fn known(page: &Page, coverage: &Coverage, form: &Form) -> Vec<Choice> {
    if !coverage.is_partial() {
        return Vec::new();
    }
    vec![Choice::new("1", page.t("property-partial"), if form.has("partial") { "1" } else { "" })]
}
