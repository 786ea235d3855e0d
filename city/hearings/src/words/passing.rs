//! What goes along when a mediation is passed up a level or handed back down: which papers each side lets go, and where
//! the mediation was.

use kernel::place::PlacePath;
use store::record;

/// What somebody brought: her application, or what was registered.
pub const APPLICATION: &str = "application";
/// The records of the talks, and the proposals.
pub const RECORD: &str = "record";
/// The text of an agreement as far as it was written.
pub const TEXT: &str = "text";
/// Evidence, inquiries and powers of attorney on paper.
pub const EVIDENCE: &str = "evidence";
/// The papers that a side lets go or not, and the keys of their names.
pub const PAPERS: [(&str, &str); 4] = [
    (APPLICATION, "hearings-along-application"),
    (RECORD, "hearings-along-record"),
    (TEXT, "hearings-along-text"),
    (EVIDENCE, "hearings-along-evidence"),
];
/// The steps by which a side says which papers may go along, each with its role.
pub const SAYS: [(&str, &str); 2] = [("first_passes", crate::words::FIRST), ("second_passes", crate::words::SECOND)];
/// The answer that says whether all, none or some of the papers may go along.
pub const ALONG: &str = "along";

record! {
    /// A stay of a mediation with an office. The first has the number 0 and is only kept once there is a second.
    pub struct Stay {
        /// Its number.
        pub number: i64,
        /// The place of the office.
        pub office: PlacePath,
        /// The codes of the papers that came along from the stay before, with blanks between.
        pub along: String,
        /// How many events the case had before it: those after it belong to it.
        pub since: i64,
    }
}

record! {
    /// What a side lets go along.
    pub struct Allowed {
        /// Its role.
        pub side: String,
        /// The codes of the papers, with blanks between; empty where none may.
        pub papers: String,
    }
}
