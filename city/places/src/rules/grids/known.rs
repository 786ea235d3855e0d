//! This file names what is known of a division: of each piece, and why grids have too few households. The planner finds
//! it; a proposal keeps it.

use std::collections::BTreeMap;

use planning::partition::{self, Grids, SmallPiece, Verdict, causes};
use serde::{Deserialize, Serialize};

use super::ground::Ground;

/// Says what is known of the division of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The division is within bounds.
    Kept,
    /// The division is within bounds, and it is proven that no other is better.
    Best,
    /// The piece has fewer households than a grid needs.
    Small,
    /// One building alone has more households than a grid may have.
    Large,
    /// It is proven that no division keeps the bounds, and that none has fewer grids out of them.
    Fewest,
    /// It is proven that no division keeps the bounds.
    None,
    /// No division within bounds was found.
    NotFound,
}

impl From<Verdict> for Known {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Kept => Self::Kept,
            Verdict::Best => Self::Best,
            Verdict::Small => Self::Small,
            Verdict::Large => Self::Large,
            Verdict::Fewest => Self::Fewest,
            Verdict::None => Self::None,
            Verdict::NotFound => Self::NotFound,
        }
    }
}

/// Says why a grid has too few households.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its whole community has too few.
    Community,
    /// It is one building, which touches no other.
    Alone,
    /// It is one building, which touches those of other communities alone.
    Border,
    /// It is a part of its community that no border joins to the rest.
    Part,
    /// It is proven that no division of its piece keeps the bounds.
    Proven,
    /// No division within bounds was found.
    Open,
}

impl Cause {
    /// Returns the word of a cause in the keys of texts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Community => "community",
            Self::Alone => "alone",
            Self::Border => "border",
            Self::Part => "part",
            Self::Proven => "proven",
            Self::Open => "open",
        }
    }
}

impl From<partition::Cause> for Cause {
    fn from(cause: partition::Cause) -> Self {
        match cause {
            partition::Cause::Community => Self::Community,
            partition::Cause::Alone => Self::Alone,
            partition::Cause::Border => Self::Border,
            partition::Cause::Part => Self::Part,
            partition::Cause::Proven => Self::Proven,
            partition::Cause::Open => Self::Open,
        }
    }
}

/// Holds how many grids are too small, by the cause.
pub type Causes = BTreeMap<Cause, u64>;

/// Holds the grids of a division that are too small, with their causes.
pub struct SmallGrids(Vec<(SmallPiece, Cause)>);

impl SmallGrids {
    /// Looks at what the planner divided; `ground` holds what it counted. Grids that a person draws have no cause.
    pub fn of(ground: &Ground, least: u32, drawn: &Grids) -> Self {
        let pieces = SmallPiece::of(&ground.buildings, drawn, least);
        let found = causes(&ground.buildings, &ground.borders, least, &pieces);
        Self(pieces.into_iter().zip(found.into_iter().map(Cause::from)).collect())
    }

    /// Counts those of one community, by its number in the ground.
    pub fn in_community(&self, number: u32) -> Causes {
        let mut counts = Causes::new();
        for (piece, cause) in self.0.iter().filter(|(piece, _)| piece.community == number) {
            *counts.entry(*cause).or_default() += piece.small;
        }
        counts
    }
}
