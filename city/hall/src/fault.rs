//! This file says why an action was not done. It holds the one error type of all departments.

use jobs::JobError;
use kernel::refusal::Refusal;
use store::StoreError;
use vault::VaultError;

/// Why an action was not done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such thing, or it is not for this actor to know.
    #[error("no such record")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The installation's own data contradicts itself.
    #[error("{0}")]
    Broken(String),
}

impl From<Fault> for web::WebError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => refusal.into(),
            Fault::NotFound => Self::NotFound,
            Fault::Store(fault) => fault.into(),
            Fault::Vault(fault) => Self::Failed(fault.to_string()),
            Fault::Broken(what) => Self::Failed(what),
        }
    }
}

/// What departments show on each other's pages fails as the store does: what is not a failure of the store is told as
/// data that cannot be used.
impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(fault) => fault,
            other => Self::data(other.to_string()),
        }
    }
}

/// Decides whether a job that failed is tried again. A failure of store or vault may pass, and the operator may mend
/// data that contradict themselves. What the rules refuse and what is not there stays so.
impl From<Fault> for JobError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound | Fault::Refused(_) => Self::Never(fault.to_string()),
            Fault::Store(_) | Fault::Vault(_) | Fault::Broken(_) => Self::Retry(fault.to_string()),
        }
    }
}

impl From<Fault> for house::OpenFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Store(fault) => fault.into(),
            other => Self::Said(other.to_string()),
        }
    }
}
