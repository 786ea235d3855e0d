//! What the owners' register (业主名册) holds: compounds, buildings, units, owners.

use std::fmt;

use kernel::place::PlacePath;
use store::{FromVal, StoreError, Val};

use super::area::Area;

/// The most characters of the name of a stair or a unit.
pub const LABEL_MOST: usize = 20;
/// The most characters of a name of an owner, as a company may have it.
pub const NAME_MOST: usize = 60;
/// The most parts into which a unit is divided among its owners.
pub const PARTS_MOST: i64 = 10_000;

/// What a unit is used as (用途).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// A dwelling (住宅).
    Dwelling,
    /// A shop, an office, a parking space that is a unit of its own (其他).
    Other,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 2] = [Self::Dwelling, Self::Other];

    /// The word under which it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dwelling => "dwelling",
            Self::Other => "other",
        }
    }
}

impl From<Purpose> for Val {
    fn from(purpose: Purpose) -> Self {
        Self::Text(purpose.code().to_owned())
    }
}

impl FromVal for Purpose {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        let code = String::from_val(value)?;
        let found = Self::ALL.into_iter().find(|purpose| purpose.code() == code);
        found.ok_or_else(|| StoreError::data("expected what a unit is used as"))
    }
}

/// Who stands behind a head of the count (业主人数).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// The owners of a unit; the same owners of several units are one head.
    Owners,
    /// The developer (建设单位) with all units that are not sold.
    Developer,
}

impl HeadKind {
    const ALL: [Self; 2] = [Self::Owners, Self::Developer];

    /// The word under which it is kept.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owners => "owners",
            Self::Developer => "developer",
        }
    }
}

impl From<HeadKind> for Val {
    fn from(kind: HeadKind) -> Self {
        Self::Text(kind.code().to_owned())
    }
}

impl FromVal for HeadKind {
    fn from_val(value: &Val) -> Result<Self, StoreError> {
        let code = String::from_val(value)?;
        let found = Self::ALL.into_iter().find(|kind| kind.code() == code);
        found.ok_or_else(|| StoreError::data("expected who stands behind a head"))
    }
}

/// An owner as a table names her. Printing it shows nothing of her.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnerDraft {
    /// Her name.
    pub name: String,
    /// Her telephone, in the spelling of the kernel. It may be empty.
    pub telephone: String,
    /// Her part of the unit.
    pub part: i64,
    /// Of so many parts.
    pub whole: i64,
}

impl fmt::Debug for OwnerDraft {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "OwnerDraft({}/{})", self.part, self.whole)
    }
}

/// A unit as a table names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitDraft {
    /// The stair (单元). It may be empty.
    pub stair: String,
    /// The number of the unit (房号).
    pub label: String,
    /// What it is used as.
    pub purpose: Purpose,
    /// Its private area.
    pub area: Area,
    /// Its owners. There is none while the developer has not sold it.
    pub owners: Vec<OwnerDraft>,
}

/// A building as a table names it: the table holds all of its units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildingDraft {
    /// Its identity among the buildings of places.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The area that its papers state. None if the table does not say.
    pub stated: Option<Area>,
    /// Its units.
    pub units: Vec<UnitDraft>,
}

/// A compound of places, as the register takes it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Its identity among the compounds of places.
    pub id: i64,
    /// The community in which it lies.
    pub path: PlacePath,
    /// What it is called.
    pub name: String,
    /// Its buildings: identity and name.
    pub buildings: Vec<(i64, String)>,
}

/// What a register adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many units.
    pub units: i64,
    /// How many heads: see [`HeadKind`].
    pub heads: i64,
    /// Their private area.
    pub area: Area,
}
