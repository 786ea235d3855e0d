//! What stands beside a proposal of grids now: the ground, the grids of today, the adoptions.

use std::sync::Arc;

use super::Names;
use crate::records::adoption::Adoption;
use crate::rules::geography::Geography;
use crate::rules::grids::ground::Today;
use crate::rules::grids::proposal::Proposal;

/// What stands around a proposal now.
pub(super) struct Around {
    pub(super) laid: Option<Arc<Geography>>,
    pub(super) today: Today,
    /// What grids are called.
    pub(super) names: Names,
    pub(super) adoptions: Vec<Adoption>,
}

impl Around {
    /// The geography, while it is the one a proposal speaks of.
    pub(super) fn laid_for(&self, proposal: &Proposal) -> Option<&Geography> {
        self.laid.as_deref().filter(|laid| laid.revision == proposal.asked.revision)
    }
}
