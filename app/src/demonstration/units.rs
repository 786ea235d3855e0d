//! This file says where people find the units of the demonstration's district and how they call them. Address and
//! number are invented: nobody lives there, and nobody answers.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::place::{Level, PlaceId};
use store::StoreError;

use super::DISTRICT;
use crate::{AppError, City};

/// Is a number that belongs to nobody.
const TELEPHONE: &str = "024-00000000";
/// Says how many doors the invented road has.
const DOORS: i64 = 88;

/// Gives every unit of the district that has ground an address and a telephone number.
///
/// # Errors
/// Fails with what the store reports.
pub fn register(city: &Arc<City>) -> Result<(), AppError> {
    let tree = city.places.tree();
    let district = tree.of_level(Level::District).find(|place| place.named(Lang::Zh) == DISTRICT);
    let Some(district) = district.map(|place| place.path.clone()) else { return Ok(()) };
    let mut inside: Vec<(PlaceId, String)> = Vec::new();
    for level in [Level::District, Level::Street, Level::Community] {
        let places = tree.of_level(level).filter(|place| district.contains(&place.path));
        inside.extend(places.map(|place| (place.id, place.named(Lang::Zh).to_owned())));
    }
    city.store.write_blocking(move |tx| {
        for (place, name) in &inside {
            for unit in places::units(tx, *place)? {
                let address = format!("{name}为民路{}号", unit.id.rem_euclid(DOORS) + 1);
                places::change_unit(tx, unit.id, &address, TELEPHONE, &unit.hours)?;
            }
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(())
}
