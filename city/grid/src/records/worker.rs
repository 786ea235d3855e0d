//! Finds who is responsible for the grid in which a report lies. Where anybody is just now is not known and not asked.

use kernel::place::PlaceId;
use kernel::time::Date;
use places::GridWorker;
use places::geography::Geography;
use store::{StoreError, Tx};

use crate::rules::metres;
use crate::words::Report;

/// The grid in which a report lies on a day: that of the building nearest to its spot, else that of its compound if all
/// of it lies in one grid. None where it is known to be in a community and no more.
///
/// # Errors
/// The store failed.
pub fn grid_of(tx: &mut dyn Tx, ground: &Geography, report: &Report, on: Date) -> Result<Option<PlaceId>, StoreError> {
    let buildings: Vec<i64> = if let Some((x, y)) = report.x.zip(report.y) {
        let nearest = ground.nearest_building((metres(x), metres(y)));
        let building = nearest.and_then(|(at, _)| ground.buildings.get(at as usize));
        building.map(|building| building.id).into_iter().collect()
    } else {
        let Some((compound, _)) = report.compound.and_then(|id| ground.compound(id)) else { return Ok(None) };
        ground.buildings.iter().filter(|one| one.compound == compound).map(|one| one.id).collect()
    };
    let mut grids = places::grids_of(tx, &buildings, on)?.into_iter();
    Ok(grids.next().filter(|_| grids.next().is_none()))
}

/// Who is asked first to go and see a report: whoever is responsible for its grid on a day. None where nobody is; then
/// whoever of the community comes first does it.
///
/// # Errors
/// The store failed.
pub fn asked(tx: &mut dyn Tx, ground: &Geography, report: &Report, on: Date) -> Result<Option<GridWorker>, StoreError> {
    match grid_of(tx, ground, report, on)? {
        Some(grid) => places::worker_on(tx, grid, on),
        None => Ok(None),
    }
}
