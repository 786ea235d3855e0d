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
    Vault(VaultError),
    /// The installation's own data contradicts itself.
    #[error("{0}")]
    Broken(String),
}

/// A store that failed below the vault is a store that failed: whoever waits for it is told to try again.
impl From<VaultError> for Fault {
    fn from(fault: VaultError) -> Self {
        match fault {
            VaultError::Store(fault) => Self::Store(fault),
            other => Self::Vault(other),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use house::OpenFault;
    use kernel::refusal::Code;
    use web::WebError;

    #[test]
    fn each_fault_has_its_status_and_is_tried_again_or_not() {
        let table: [(fn() -> Fault, u16, bool); 8] = [
            (|| Refusal::new(Code::FormMissing).into(), 422, false),
            (|| Refusal::new(Code::PermissionMissing).into(), 403, false),
            (|| Fault::NotFound, 404, false),
            (|| StoreError::data("x").into(), 500, true),
            (|| StoreError::Busy.into(), 503, true),
            (|| VaultError::Erased.into(), 500, true),
            (|| VaultError::Store(StoreError::Busy).into(), 503, true),
            (|| Fault::Broken("x".to_owned()), 500, true),
        ];
        for (fault, status, again) in table {
            let said = fault().to_string();
            assert_eq!(WebError::from(fault()).status().as_u16(), status, "{said}");
            match JobError::from(fault()) {
                JobError::Retry(why) => assert!(again && why == said, "{said}"),
                JobError::Never(why) => assert!(!again && why == said, "{said}"),
                JobError::Later(_) => panic!("{said}: no hour was named"),
            }
        }
    }

    #[test]
    fn a_city_that_cannot_open_says_why() {
        for busy in [Fault::from(StoreError::Busy), VaultError::Store(StoreError::Busy).into()] {
            assert!(matches!(OpenFault::from(busy), OpenFault::Store(StoreError::Busy)));
        }
        let broken = OpenFault::from(Fault::Broken("no calendar".to_owned()));
        assert!(matches!(broken, OpenFault::Said(why) if why == "no calendar"));
    }
}
