//! Says what those are called who mediate somewhere, as papers and pages name them.

use bodies::Bodies;
use hall::{Fault, Hall};
use kernel::place::{Level, PlacePath};
use store::Tx;
use web::Page;

use crate::rules::counting::body_of;

/// The kind of committee that mediates at a place, a code of [`crate::words::BODIES`].
///
/// # Errors
/// A failure of the store.
pub fn body_at(bodies: &Bodies, hall: &Hall, tx: &mut dyn Tx, place: &PlacePath) -> Result<&'static str, Fault> {
    let committee = bodies.committee(tx, place)?.map(|body| body.kind);
    let kind = hall.places.tree().at(place).map(|place| place.kind);
    Ok(body_of(committee.as_deref(), place.level(), kind))
}

/// The name of the committee that mediates at a place: as it is kept among the bodies there, else as such committees
/// are called.
///
/// # Errors
/// A failure of the store.
pub fn committee(
    bodies: &Bodies,
    hall: &Hall,
    tx: &mut dyn Tx,
    page: &Page,
    place: &PlacePath,
) -> Result<String, Fault> {
    if let Some(body) = bodies.committee(tx, place)? {
        return Ok(body.name);
    }
    let tree = hall.places.tree();
    let name = tree.at(place).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let key = match place.level() {
        Level::Street => "hearings-committee-street",
        Level::District | Level::City => "hearings-committee-district",
        _ => "hearings-committee-community",
    };
    Ok(page.t1(key, "place", name))
}
