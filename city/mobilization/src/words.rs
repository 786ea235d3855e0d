//! Names of mobilisation: roles, parts of a day, calls with their shifts and needs, and the posts that people are sent to.

use std::collections::BTreeSet;
use std::fmt;

use kernel::place::PlaceId;
use store::{FromVal, StoreError, Val};
use uuid::Uuid;

/// Writes an enum with stable words for records, forms and texts.
macro_rules! worded {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// Reads the stable word.
            #[must_use]
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        impl FromVal for $name {
            fn from_val(value: &Val) -> Result<Self, StoreError> {
                Self::parse(&String::from_val(value)?).ok_or_else(|| StoreError::data(concat!("expected one of ", stringify!($name))))
            }
        }
    };
}

worded! {
    /// What somebody does at a compound (岗位).
    Role {
        /// At the gate: registers who comes and goes (门岗值守).
        Gate = "gate",
        /// Carries things to doors (物资配送).
        Delivery = "delivery",
        /// Looks after those who cannot manage alone (入户看望).
        Visit = "visit",
        /// Doctor, nurse (医护).
        Medic = "medic",
        /// Drives (驾驶).
        Driver = "driver",
        /// Listens to people in distress (心理疏导).
        Comfort = "comfort",
    }
}

worded! {
    /// When somebody can come (时段).
    Part {
        /// By day.
        Day = "day",
        /// In the evening.
        Evening = "evening",
        /// At night.
        Night = "night",
    }
}

worded! {
    /// Where a post stands.
    PostState {
        /// The person was told where and when.
        Sent = "sent",
        /// The person is there.
        Present = "present",
        /// The person cannot come; the gap is refilled.
        Declined = "declined",
        /// The person did not come.
        Absent = "absent",
        /// The post was called off, or the person is needed elsewhere.
        Off = "off",
    }
}

impl PostState {
    /// Whether the place is taken: nobody else is sent for it.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Sent | Self::Present)
    }
}

/// A set of words of one kind, kept as their codes with spaces between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words<T: Ord>(pub BTreeSet<T>);

impl<T: Ord> Default for Words<T> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

/// What somebody can do.
pub type Roles = Words<Role>;
/// When somebody can come.
pub type Parts = Words<Part>;

macro_rules! set_of {
    ($type:ident) => {
        impl Words<$type> {
            /// Reads codes; unknown ones are left out.
            #[must_use]
            pub fn parse<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
                Self(codes.into_iter().filter_map($type::parse).collect())
            }
        }

        impl fmt::Display for Words<$type> {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let codes: Vec<&str> = self.0.iter().map(|one| one.code()).collect();
                out.write_str(&codes.join(" "))
            }
        }

        impl FromVal for Words<$type> {
            fn from_val(value: &Val) -> Result<Self, StoreError> {
                Ok(Self::parse(String::from_val(value)?.split(' ')))
            }
        }
    };
}

set_of!(Role);
set_of!(Part);

/// What a post is for: compound, shift, role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot {
    /// Identity of the compound.
    pub compound: i64,
    /// Number of the shift.
    pub shift: i64,
    /// The role.
    pub role: Role,
}

/// A thing in its district.
pub type Key = (PlaceId, Uuid);

/// The figures that hold for a call, from the rulebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Nobody walks longer, ds.
    pub walk_ds: u32,
    /// Between two shifts of one person, hours.
    pub rest_hours: i64,
    /// The longest shift, hours.
    pub shift_hours: i64,
    /// What moving somebody who was told must spare, ds.
    pub move_ds: i32,
    /// The pace people walk at, mm/s.
    pub speed: u32,
}
