//! Names of this department: what somebody enters.

use kernel::place::PlacePath;

/// The most characters of a name.
pub const NAME_MOST: usize = 40;

/// What somebody enters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The community where it is.
    pub place: PlacePath,
    /// What it is called there.
    pub name: String,
}
