//! What the page of grids by hand has read of a place: its ground, and the grids of today.

use std::sync::Arc;

use super::Names;
use crate::rules::geography::Geography;
use crate::rules::grids::ground::{Ground, Today};
use crate::words::Place;

/// How many new grids the form offers.
pub(super) const NEW: usize = 4;

/// What was read for a place.
pub(super) struct Read {
    pub(super) place: Place,
    pub(super) laid: Arc<Geography>,
    pub(super) ground: Ground,
    pub(super) today: Today,
    pub(super) names: Names,
}
