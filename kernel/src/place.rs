//! Places: the six levels, an identity of our own, and the path that says what lies inside what.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// A level of the place tree, from the whole city down to a building.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The city (市).
    City,
    /// A district or county (区县).
    District,
    /// A street or township (街道、乡镇).
    Street,
    /// A community or village (社区、村).
    Community,
    /// A grid (网格).
    Grid,
    /// A building (楼栋).
    Building,
}

impl Level {
    /// All levels from the top down.
    pub const ALL: [Self; 6] = [Self::City, Self::District, Self::Street, Self::Community, Self::Grid, Self::Building];

    /// Returns how many places a path of this level names: 1 for the city, 6 for a building.
    pub const fn depth(self) -> usize {
        match self {
            Self::City => 1,
            Self::District => 2,
            Self::Street => 3,
            Self::Community => 4,
            Self::Grid => 5,
            Self::Building => 6,
        }
    }

    /// Returns the level whose paths name that many places.
    pub fn from_depth(depth: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.depth() == depth)
    }

    /// Returns the level above; none above the city.
    pub fn parent(self) -> Option<Self> {
        Self::from_depth(self.depth().checked_sub(1)?)
    }

    /// Returns the level below; none below a building.
    pub fn child(self) -> Option<Self> {
        Self::from_depth(self.depth() + 1)
    }

    /// Returns the name used in data and addresses: `city`, `district`, `street`, `community`, `grid`, `building`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Grid => "grid",
            Self::Building => "building",
        }
    }

    /// Reads the name that [`Level::code`] returns.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// The permanent identity of a place. Official codes change between editions; this identity never does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlaceId(pub i64);

impl fmt::Display for PlaceId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The reason why a text is not a place path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a place path; write whole numbers each closed by a dot, as in \"1.4.57.\"")]
pub struct PathFault {
    /// The text that was refused.
    pub text: String,
}

/// The path says where a place lies: the identities from the city down to the place itself, each closed by a dot, as in
/// `1.4.57.890.`.
///
/// A place lies inside another when its path begins with the other's path. Each number is closed, so `1.4.` is not a
/// beginning of `1.40.`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct PlacePath(String);

impl<'de> Deserialize<'de> for PlacePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for PlacePath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::str::FromStr for PlacePath {
    type Err = PathFault;

    fn from_str(text: &str) -> Result<Self, PathFault> {
        Self::parse(text)
    }
}

impl PlacePath {
    /// Reads a path. Only one way of writing it is accepted: no sign but minus, no leading zero, every number closed.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        let fault = || PathFault { text: text.to_owned() };
        let body = text.strip_suffix('.').ok_or_else(fault)?;
        let canonical = |part: &str| part.parse::<i64>().is_ok_and(|id| id.to_string() == part);
        if body.split('.').all(canonical) { Ok(Self(text.to_owned())) } else { Err(fault()) }
    }

    /// Returns the path of a city.
    pub fn root(id: PlaceId) -> Self {
        Self(format!("{id}."))
    }

    /// Returns the path of a place directly below this one.
    #[must_use]
    pub fn child(&self, id: PlaceId) -> Self {
        Self(format!("{}{id}.", self.0))
    }

    /// Returns the path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn each(&self) -> impl DoubleEndedIterator<Item = PlaceId> {
        self.0.split_terminator('.').map(|part| PlaceId(part.parse().unwrap_or_default()))
    }

    /// Returns the identities from the city down to the place itself.
    pub fn ids(&self) -> Vec<PlaceId> {
        self.each().collect()
    }

    /// Returns the identity of the place itself.
    pub fn id(&self) -> PlaceId {
        self.each().next_back().unwrap_or(PlaceId(0))
    }

    /// Returns how many places the path names.
    pub fn depth(&self) -> usize {
        self.0.split_terminator('.').count()
    }

    /// Returns the level of the place. A place below a building (an entrance, a flat) has the building's level.
    pub fn level(&self) -> Level {
        Level::from_depth(self.depth()).unwrap_or(Level::Building)
    }

    /// Says whether `other` is this place or lies inside it.
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Returns the place in which this one directly lies; none for a city.
    pub fn parent(&self) -> Option<Self> {
        self.first(self.depth().checked_sub(1)?)
    }

    /// Returns the place of that level which this place is or in which it lies. Returns none when this place is above
    /// that level.
    pub fn at(&self, level: Level) -> Option<Self> {
        self.first(level.depth())
    }

    fn first(&self, depth: usize) -> Option<Self> {
        if depth == 0 || depth > self.depth() {
            return None;
        }
        Some(Self(self.0.split_inclusive('.').take(depth).collect()))
    }

    /// Returns the path of this place after `from` moved to `to`. Returns none when this place neither is `from` nor
    /// lies in it.
    pub fn moved(&self, from: &Self, to: &Self) -> Option<Self> {
        self.0.strip_prefix(&from.0).map(|rest| Self(format!("{}{rest}", to.0)))
    }

    /// Returns the district in which the place lies. For the city itself it is the city's own identity. Case tables are
    /// sharded by this column.
    pub fn district(&self) -> PlaceId {
        let mut ids = self.each();
        let city = ids.next().unwrap_or(PlaceId(0));
        ids.next().unwrap_or(city)
    }

    /// Returns the bounds `[from, to)` between which the paths of this place and of everything inside it sort, for
    /// `path >= $1 and path < $2` on a column ordered by bytes.
    pub fn range(&self) -> (String, String) {
        let body = self.0.strip_suffix('.').unwrap_or(&self.0);
        (self.0.clone(), format!("{body}/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    #[test]
    fn only_the_one_way_of_writing_is_accepted() {
        for good in ["1.", "1.4.", "1.4.57.890.", "1.2.3.4.5.6.", "9223372036854775807."] {
            assert_eq!(path(good).as_str(), good);
        }
        for bad in ["", ".", "1", "1.4", "1..4.", ".1.", "01.", "+1.", "1.a.", "1. 4.", "１.", "9223372036854775808."]
        {
            assert!(PlacePath::parse(bad).is_err(), "{bad:?}");
            assert!(serde_json::from_value::<PlacePath>(bad.into()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn inside_is_decided_by_whole_numbers() {
        let table = [
            ("1.", "1.4.", true),
            ("1.4.", "1.4.", true),
            ("1.4.", "1.40.", false),
            ("1.4.", "1.4.57.", true),
            ("1.4.57.", "1.4.", false),
            ("1.4.", "2.4.", false),
            ("4.", "1.4.", false),
        ];
        for (outer, inner, expected) in table {
            assert_eq!(path(outer).contains(&path(inner)), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn a_path_knows_its_parts() {
        let community = path("1.4.57.890.");
        assert_eq!(community.ids(), [1, 4, 57, 890].map(PlaceId));
        assert_eq!(community.id(), PlaceId(890));
        assert_eq!(community.level(), Level::Community);
        assert_eq!(community.parent(), Some(path("1.4.57.")));
        assert_eq!(community.at(Level::District), Some(path("1.4.")));
        assert_eq!(community.at(Level::Grid), None);
        assert_eq!(community.district(), PlaceId(4));
        assert_eq!(path("1.").district(), PlaceId(1));
        assert_eq!(path("1.").parent(), None);
        assert_eq!(community.range(), ("1.4.57.890.".to_owned(), "1.4.57.890/".to_owned()));
        assert_eq!(path("1.2.3.4.5.6.7.").level(), Level::Building);
        assert_eq!(PlacePath::root(PlaceId(1)).child(PlaceId(4)), path("1.4."));
    }

    #[test]
    fn levels_have_names_and_depths() {
        for level in Level::ALL {
            assert_eq!(Level::from_depth(level.depth()), Some(level));
            assert_eq!(Level::parse(level.code()), Some(level));
            assert_eq!(serde_json::to_value(level).unwrap(), level.code());
            assert_eq!(level.parent().and_then(Level::child), level.parent().map(|_| level));
        }
        assert_eq!(Level::from_depth(0), None);
        assert_eq!(Level::from_depth(7), None);
        assert_eq!(Level::City.parent(), None);
        assert_eq!(Level::Building.child(), None);
    }

    #[test]
    fn a_moved_place_takes_all_inside_with_it() {
        let table = [
            ("1.4.57.", "1.4.57.", "1.5.57.", Some("1.5.57.")),
            ("1.4.57.890.", "1.4.57.", "1.5.57.", Some("1.5.57.890.")),
            ("1.4.57.890.", "1.4.", "1.5.9.", Some("1.5.9.57.890.")),
            ("1.4.570.", "1.4.57.", "1.5.57.", None),
            ("1.4.", "1.4.57.", "1.5.57.", None),
            ("1.57.4.", "57.4.", "1.", None),
        ];
        for (place, from, to, expected) in table {
            assert_eq!(path(place).moved(&path(from), &path(to)), expected.map(path), "{place} {from} {to}");
        }
    }

    #[test]
    fn the_place_of_a_level_is_found_from_inside() {
        let building = path("1.2.3.4.5.6.");
        let above = ["1.", "1.2.", "1.2.3.", "1.2.3.4.", "1.2.3.4.5.", "1.2.3.4.5.6."];
        for (level, expected) in Level::ALL.into_iter().zip(above) {
            assert_eq!(building.at(level), Some(path(expected)));
            assert_eq!((path(expected).level(), path(expected).depth()), (level, level.depth()));
        }
        assert_eq!(path("1.2.3.4.5.6.7.").at(Level::Building), Some(building));
        assert_eq!(path("1.").at(Level::District), None);
        assert_eq!(path("7.").district(), PlaceId(7));
        assert_eq!(path("-3.4.").ids(), [-3, 4].map(PlaceId));
    }

    #[test]
    fn a_path_that_is_refused_is_named() {
        for bad in ["", "1.4", "-0.", "1.4.57..", " 1.", "1.-.", "1.２."] {
            let fault = bad.parse::<PlacePath>().unwrap_err();
            assert_eq!(fault.text, bad);
            assert!(fault.to_string().contains(&format!("{bad:?}")), "{fault}");
        }
        let read: PlacePath = serde_json::from_value("1.4.".into()).unwrap();
        assert_eq!((read.to_string().as_str(), serde_json::to_value(&read).unwrap()), ("1.4.", "1.4.".into()));
    }

    fn any_path() -> impl Strategy<Value = PlacePath> {
        proptest::collection::vec(0i64..130, 1..7).prop_map(|ids| {
            let mut ids = ids.into_iter().map(PlaceId);
            let root = PlacePath::root(ids.next().unwrap());
            ids.fold(root, |path, id| path.child(id))
        })
    }

    proptest! {
        #[test]
        fn the_range_holds_exactly_what_lies_inside(outer in any_path(), inner in any_path()) {
            let (from, to) = outer.range();
            let between = inner.as_str() >= from.as_str() && inner.as_str() < to.as_str();
            prop_assert_eq!(between, outer.contains(&inner));
            prop_assert!(PlacePath::parse(outer.as_str()).is_ok());
            prop_assert!(outer.parent().is_none_or(|parent| parent.contains(&outer)));
        }

        #[test]
        fn a_place_moves_there_and_back(from in any_path(), to in any_path(), below in 0i64..99, other in any_path()) {
            let place = from.child(PlaceId(below));
            let moved = place.moved(&from, &to).unwrap();
            prop_assert_eq!(moved.parent(), Some(to.clone()));
            prop_assert_eq!(moved.moved(&to, &from), Some(place));
            prop_assert_eq!(other.moved(&from, &to).is_some(), from.contains(&other));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}") {
            if let Ok(path) = PlacePath::parse(&text) {
                prop_assert_eq!(path.as_str(), text.as_str());
            }
        }
    }
}
