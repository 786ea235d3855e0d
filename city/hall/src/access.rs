//! This file shows the looks at a person's data, as she reads them.

use vault::Access;
use web::Page;

/// One look at the person's data.
pub struct AccessLine {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// From where.
    pub place: String,
    /// For what.
    pub purpose: String,
}

impl AccessLine {
    /// Makes the form of a look that a page shows.
    #[must_use]
    pub fn new(page: &Page, access: &Access) -> Self {
        Self {
            at: page.minute(access.at),
            who: access.name.clone(),
            place: access.place.clone(),
            purpose: access.purpose.clone(),
        }
    }
}
