//! These are the names of the department: places, kinds, codes, changes between editions, doubts to decide, and units.

use kernel::{
    language::{Bilingual, Lang},
    permission::Actor,
    place::{Level, PlaceId, PlacePath},
    time::{Date, Instant},
};
use uuid::Uuid;

/// Names who did something, as it was then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The account. None for the program itself.
    pub account: Option<Uuid>,
    /// The name. It is empty for the program itself.
    pub name: String,
}

impl Author {
    /// Returns whoever acts.
    pub fn of(actor: &Actor) -> Self {
        Self { account: actor.account, name: actor.name.clone() }
    }
}

/// Holds what a change of places needs from outside its transaction.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// The identity of the message that tells who moved.
    pub message: Uuid,
    /// When it happens.
    pub at: Instant,
}

/// Names the coding system of the statistics bureau (统计用区划代码).
pub const SYSTEM_NBS: &str = "nbs";
/// Names the coding system of grids: the community's 12 digits and 3 more (网格编码).
pub const SYSTEM_GRID: &str = "grid";

/// Writes an enum with stable names for data and the keys of its texts.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident, $prefix:literal, $($(#[$doc:meta])* $variant:ident = $code:literal;)+) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Lists every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the stable name in data.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Returns the key of its text.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!($prefix, $code),)+ }
            }

            /// Reads the stable name.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

named! {
    /// Says what kind of place it is. The official code tells it, never the name.
    Kind, "places-kind-",
    /// A city (市).
    City = "city";
    /// A district of a city (区).
    District = "district";
    /// A county (县).
    County = "county";
    /// A county-level city (县级市).
    CountyCity = "county-city";
    /// A street (街道).
    Street = "street";
    /// A town (镇).
    Town = "town";
    /// A township (乡).
    Township = "township";
    /// A unit treated like a township: a farm, a development zone (类似乡级单位).
    TownshipLike = "township-like";
    /// A community with a residents' committee (居民委员会), codes 001–199.
    Residents = "residents";
    /// A village with a villagers' committee (村民委员会), codes 200–399.
    Villagers = "villagers";
    /// A unit treated like a residents' committee (类似居民委员会), codes 400–499.
    ResidentsLike = "residents-like";
    /// A unit treated like a villagers' committee (类似村民委员会), codes 500–599.
    VillagersLike = "villagers-like";
    /// A general grid (综合网格).
    Grid = "grid";
    /// An exclusive grid (专属网格): a hospital, a school, a market, a utility.
    ExclusiveGrid = "exclusive-grid";
    /// A building (楼栋).
    Building = "building";
}

named! {
    /// Says what happened to a place between two editions (变更).
    ChangeKind, "places-change-",
    /// It is new.
    Created = "created";
    /// It has another name.
    Renamed = "renamed";
    /// It has another official code.
    Recoded = "recoded";
    /// It lies in another street or district.
    Transferred = "transferred";
    /// It ended and became part of another.
    MergedInto = "merged-into";
    /// It is new and was part of another.
    SplitFrom = "split-from";
    /// It ended, and nothing says into which place.
    Abolished = "abolished";
    /// The city itself drew it (grids only).
    Opened = "opened";
    /// It became an exclusive grid.
    MadeExclusive = "made-exclusive";
    /// It became a general grid.
    MadeGeneral = "made-general";
}

named! {
    /// Says how sure a change is.
    Certainty, "places-certainty-",
    /// The editions show it.
    Certain = "certain";
    /// Names and neighbours make it likely.
    Probable = "probable";
    /// A person decided it.
    Decided = "decided";
}

named! {
    /// Says why a person has to decide a match (待核对).
    Doubt, "places-doubt-",
    /// The code is the same and the name is quite another. Was the place renamed, or was the code given to another
    /// place?
    SameCode = "same-code";
    /// In the same street one name is left that is alike.
    AlikeName = "alike-name";
    /// The same name ended in one street and began in another, but other places bear it as well or the district
    /// differs.
    SameNameElsewhere = "same-name-elsewhere";
}

named! {
    /// Says in which state an adoption of grids is (采用).
    AdoptionState, "places-adoption-",
    /// Its day has not come.
    Coming = "coming";
    /// The grids hold.
    Done = "done";
    /// It was called off before its day.
    Off = "off";
    /// On its day the buildings or grids were no longer those of the proposal.
    Void = "void";
}

impl Kind {
    /// Returns the kind of a grid.
    pub const fn of_grid(exclusive: bool) -> Self {
        if exclusive { Self::ExclusiveGrid } else { Self::Grid }
    }
}

/// A place as it is today, or as it was on the day of a [`crate::Tree`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its permanent identity.
    pub id: PlaceId,
    /// Its level.
    pub level: Level,
    /// Its kind.
    pub kind: Kind,
    /// Its name; the English one is made from the Chinese one for display and has no official standing.
    pub name: Bilingual,
    /// Where it lies.
    pub path: PlacePath,
    /// Its official code: 12 digits, 15 for a grid.
    pub code: String,
    /// What it lies in, or nothing for the city.
    pub parent: Option<PlaceId>,
}

impl Place {
    /// Returns its name in a language.
    pub fn named(&self, lang: Lang) -> &str {
        self.name.get(lang)
    }
}

/// A unit attached to a place (单位): a department's office, a street's service centre, a community's counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its identity.
    pub id: i64,
    /// The place it serves.
    pub place: PlaceId,
    /// The department's code, [`SERVICE_CENTRE`] or [`COMMUNITY_COUNTER`].
    pub department: String,
    /// What it is called.
    pub name: Bilingual,
    /// Its street address, which is empty if nobody knows it.
    pub address: String,
    /// Its telephone number, which is empty if nobody knows it.
    pub telephone: String,
    /// When it is open, in words. It is empty if nobody knows it.
    pub hours: String,
}

/// Is the code of a street's service centre (便民服务中心), which handles the matters of every department in the
/// street.
pub const SERVICE_CENTRE: &str = "service_centre";
/// Is the code of a community's counter (党群服务中心).
pub const COMMUNITY_COUNTER: &str = "community_counter";

/// A dated fact of a place's history: a name, a code or a parent. It holds from a day until another day, which is not
/// included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The name, the code, or the name of the parent.
    pub what: String,
    /// The first day on which it holds.
    pub from: Date,
    /// The first day on which it no longer holds, or nothing while it holds.
    pub until: Option<Date>,
}

/// A change of a place in the form in which it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The edition that showed it.
    pub on: Date,
    /// What happened.
    pub kind: ChangeKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// Whether it happened to the place itself. Otherwise it happened to `other`, and this place is concerned.
    pub own: bool,
    /// The other place that is concerned: the one merged into, split from, or lain in before.
    pub other: Option<PlaceId>,
    /// How it was before: a name, a code, or the old parent's name. It is empty if it does not apply.
    pub before: String,
    /// How it is after.
    pub after: String,
}

/// A match that a person has to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its identity.
    pub id: i64,
    /// The edition in which the doubt arose.
    pub on: Date,
    /// Why there is a doubt.
    pub doubt: Doubt,
    /// The place that ended with that edition.
    pub before: PlaceId,
    /// The place that began with it.
    pub after: PlaceId,
    /// Name, code and street of the one that ended, in one line.
    pub before_text: String,
    /// Name, code and street of the one that began.
    pub after_text: String,
    /// Whether they are the same, once somebody decided it.
    pub same: Option<bool>,
    /// Who decided.
    pub decided_by: Option<String>,
}

kernel::rules! {
    /// Households a grid aims at.
    GRID_HOUSEHOLDS = "grid.households" as Households;
    /// Least households of a grid.
    GRID_HOUSEHOLDS_MIN = "grid.households_min" as Households;
    /// Most households of a grid.
    GRID_HOUSEHOLDS_MAX = "grid.households_max" as Households;
    /// Metres of border that a household off a grid's mean is worth.
    GRID_DEVIATION_METRES = "grid.deviation_metres" as Metres;
    /// How far from every building a point may lie and still be in the city.
    POINT_METRES = "places.point_metres" as Metres;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Checks that every name leads back, and that no two have the same name or text.
    macro_rules! leads_back {
        ($($name:ident)+) => {
            $(
                for one in $name::ALL {
                    assert_eq!($name::parse(one.code()), Some(*one));
                    assert!(one.key().ends_with(one.code()), "{}", one.key());
                }
                assert_eq!($name::ALL.iter().map(|one| one.key()).collect::<BTreeSet<_>>().len(), $name::ALL.len());
                for odd in ["", " ", "City", "created ", "市"] {
                    assert_eq!($name::parse(odd), None, "{odd}");
                }
            )+
        };
    }

    #[test]
    fn names_in_data_lead_back_and_have_texts() {
        leads_back!(Kind ChangeKind Certainty Doubt AdoptionState);
        let zh = include_str!("../locales/zh-CN.ftl");
        let kinds = Kind::ALL.iter().map(|kind| kind.key()).chain(ChangeKind::ALL.iter().map(|kind| kind.key()));
        let keys = kinds.chain(Doubt::ALL.iter().map(|doubt| doubt.key()));
        for key in keys.chain(AdoptionState::ALL.iter().map(|state| state.key())) {
            assert!(zh.contains(&format!("\n{key} = ")), "{key}");
        }
    }

    #[test]
    fn whoever_acts_is_named_and_the_program_is_not() {
        let account = Uuid::from_u128(7);
        let actor = Actor { account: Some(account), name: "王芳".to_owned(), ..Actor::system() };
        assert_eq!(Author::of(&actor), Author { account: Some(account), name: "王芳".to_owned() });
        assert_eq!(Author::of(&Actor::system()), Author::default());
    }
}
