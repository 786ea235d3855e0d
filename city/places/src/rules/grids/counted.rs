//! This file says what grids are balanced by in place of households, such as old people who live alone or floors
//! without a lift.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ground::Ground;

/// Holds what is counted in each building.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// What the person who asks calls it. It is empty if households count.
    pub name: String,
    /// The count of each building, by its identity. A building that is not named counts nothing.
    pub of: BTreeMap<i64, u32>,
}

impl Counted {
    /// Says whether households count.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty()
    }

    /// Returns the ground with these counts in the place of households, or the ground itself if households count.
    pub fn on<'g>(&self, ground: &'g Ground) -> Cow<'g, Ground> {
        if self.is_empty() {
            return Cow::Borrowed(ground);
        }
        let mut counted = ground.clone();
        for (building, id) in counted.buildings.iter_mut().zip(&ground.ids) {
            building.households = self.of.get(id).copied().unwrap_or_default();
        }
        Cow::Owned(counted)
    }
}
