//! What pages of a place's grids have in common: what stands around the table, and what was read for it.

use std::collections::BTreeMap;

use jobs::Work;
use kernel::place::PlaceId;
use web::{Choice, Crumb, Light, Problem};

use super::AdoptionLine;
use crate::records::adoption::Adoption;
use crate::records::grids::GridRow;
use crate::rules::geography::Geography;
use crate::rules::grids::ground::{Ground, Limits, Today};

/// A proposal that was asked for.
pub(super) struct ProposalLine {
    pub(super) id: String,
    pub(super) when: String,
    pub(super) by: String,
    pub(super) light: Light,
}

/// What every page of a place's grids shows.
pub(super) struct Around {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) crumbs: Vec<Crumb>,
    /// The geography is invented.
    pub(super) invented: bool,
    pub(super) limits: String,
    /// The address of today's grids as GeoJSON. It is empty where there are none, or nobody said where they stand.
    pub(super) geojson: String,
    pub(super) may_plan: bool,
    /// The address where the visitor may bring buildings. It is empty where she may not.
    pub(super) bring: String,
    /// There are grids to number, and the visitor may number them.
    pub(super) may_renumber: bool,
    pub(super) modes: Vec<Choice>,
    pub(super) problems: Vec<Problem>,
    pub(super) notice: String,
    pub(super) adoptions: Vec<AdoptionLine>,
    pub(super) proposals: Vec<ProposalLine>,
}

/// The ground of a place and how many households a grid may have there.
#[derive(Clone, Copy)]
pub(super) struct Laid<'a> {
    /// The whole geography. None before the first laying.
    pub(super) geography: Option<&'a Geography>,
    pub(super) ground: &'a Ground,
    pub(super) limits: &'a Limits,
}

/// What the database knows of a place's grids.
pub(super) struct Stored {
    pub(super) today: Today,
    pub(super) known: Vec<GridRow>,
    pub(super) adoptions: Vec<Adoption>,
    pub(super) works: Vec<Work>,
    /// Who is responsible for each grid today.
    pub(super) workers: BTreeMap<PlaceId, String>,
}
