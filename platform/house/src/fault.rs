//! Why a department cannot be opened.

use store::StoreError;

/// Why a department cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// Data that contradicts itself: each fault with file, line and remedy.
    #[error("the data of this installation has {} faults", .0.len())]
    Faults(Vec<kernel::fault::Fault>),
    /// Texts or settings that contradict each other, one sentence each.
    #[error("{}", .0.join("\n"))]
    Sentences(Vec<String>),
    /// Something else, in one sentence that says what to do.
    #[error("{0}")]
    Said(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
