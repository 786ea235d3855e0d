//! Whose duty a matter is: as a consultation once decided, else the owner of the thing or the street where it is, as
//! the catalogue says; and the street or the district where neither is known.

use kernel::permission::Target;
use kernel::place::{Level, PlacePath};
use kernel::time::Date;
use places::{Tree, office_for};

use crate::catalogue::{Catalogue, First, Kind};
use crate::words::KeptDuty;

/// Why a matter is somebody's duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The owner of the thing, or whose trade it is (属主).
    Owner,
    /// The street where it is (属地).
    Territory,
    /// A consultation decided so, and its decision was kept as a rule.
    Kept,
    /// Nobody knows the owner: the street stands in.
    UnclearOwner,
    /// Nobody knows the street: the district stands in.
    UnclearStreet,
}

impl Ground {
    /// The name under which a case keeps it; none where it is as usual.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Owner | Self::Territory => None,
            Self::Kept => Some("kept"),
            Self::UnclearOwner => Some("unclear_owner"),
            Self::UnclearStreet => Some("unclear_street"),
        }
    }

    /// Whether the duty is unclear (职责不清), which is counted.
    #[must_use]
    pub fn is_unclear(code: &str) -> bool {
        [Self::UnclearOwner, Self::UnclearStreet].into_iter().any(|ground| ground.code() == Some(code))
    }
}

/// Whose duty a matter is, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The office.
    pub office: Target,
    /// Why.
    pub ground: Ground,
}

/// Decides whose duty a matter of a kind is at a place on a day. `kept` are the decisions that were kept as rules.
///
/// Components: the owner first; without a known owner the street. Events: the street first; without a known street the
/// district. A kind may turn that round in the catalogue. None where the catalogue names no unit that stands in.
#[must_use]
pub fn duty(
    catalogue: &Catalogue,
    tree: &Tree,
    kind: &Kind,
    place: &PlacePath,
    kept: &[KeptDuty],
    on: Date,
) -> Option<Duty> {
    let office = |code: &str| {
        let unit = catalogue.unit(code)?;
        Some(office_for(tree, place, unit.level, &unit.code))
    };
    if let Some(office) = decided(kept, &kind.key(), place, on).and_then(|rule| office(&rule.unit)) {
        return Some(Duty { office, ground: Ground::Kept });
    }
    let system = catalogue.system(&kind.system)?;
    let first = if on < system.from { First::Territory } else { kind.first.unwrap_or(system.first) };
    let owner = catalogue.unit(&kind.unit).filter(|unit| !unit.last);
    if let Some(owner) = owner.filter(|_| first == First::Owner) {
        return Some(Duty { office: office(&owner.code)?, ground: Ground::Owner });
    }
    let has_street = place.at(Level::Street).is_some();
    let level = if has_street { Level::Street } else { Level::District };
    let ground = match first {
        First::Owner => Ground::UnclearOwner,
        First::Territory if has_street => Ground::Territory,
        First::Territory => Ground::UnclearStreet,
    };
    Some(Duty { office: office(&catalogue.last(level)?.code)?, ground })
}

/// The decision that holds for a kind at a place on a day: of several that of the smallest place, of those the newest.
#[must_use]
pub fn decided<'k>(kept: &'k [KeptDuty], kind: &str, place: &PlacePath, on: Date) -> Option<&'k KeptDuty> {
    let holds = |rule: &&KeptDuty| {
        let begun = rule.from_on <= on && rule.until_on.is_none_or(|until| on < until);
        begun && rule.kind == kind && rule.path.contains(place)
    };
    kept.iter().filter(holds).max_by_key(|rule| (rule.path.depth(), rule.from_on, rule.made_at))
}

#[cfg(test)]
mod tests;
