//! This file says why an action was not done. It holds the one error type of all departments.

use jobs::{DeliveryError, JobError};
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
            Fault::Store(fault) | Fault::Vault(VaultError::Store(fault)) => fault,
            other => Self::data(other.to_string()),
        }
    }
}

impl Fault {
    /// Says whether it stays so however often it is tried: what the rules refuse, what is not there, and what the vault
    /// has no longer or never opens. A failure of store or keys may pass, and the operator may mend data that
    /// contradict themselves.
    #[must_use]
    pub const fn stays(&self) -> bool {
        match self {
            Self::NotFound | Self::Refused(_) => true,
            Self::Store(_) | Self::Broken(_) => false,
            Self::Vault(fault) => matches!(
                fault,
                VaultError::NotFound
                    | VaultError::Erased
                    | VaultError::NoPurpose
                    | VaultError::LongPurpose
                    | VaultError::Malformed { .. }
                    | VaultError::NotSearchable { .. }
            ),
        }
    }
}

/// Decides whether a job that failed is tried again.
impl From<Fault> for JobError {
    fn from(fault: Fault) -> Self {
        if fault.stays() { Self::Never(fault.to_string()) } else { Self::Retry(fault.to_string()) }
    }
}

/// Decides whether a notice that was not delivered is tried again. Nobody is told whose record is erased, and nothing
/// failed then.
impl From<Fault> for DeliveryError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Vault(VaultError::Erased) => Self::NotWanted,
            fault if fault.stays() => Self::Never(fault.to_string()),
            fault => Self::Retry(fault.to_string()),
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
    use vault::PersonField;
    use web::WebError;

    #[test]
    fn each_fault_has_its_status_and_is_tried_again_or_not() {
        let table: [(fn() -> Fault, u16, bool); 8] = [
            (|| Refusal::new(Code::FormMissing).into(), 422, false),
            (|| Refusal::new(Code::PermissionMissing).into(), 403, false),
            (|| Fault::NotFound, 404, false),
            (|| StoreError::data("x").into(), 500, true),
            (|| StoreError::Busy.into(), 503, true),
            (|| VaultError::Erased.into(), 500, false),
            (|| VaultError::Store(StoreError::Busy).into(), 503, true),
            (|| Fault::Broken("x".to_owned()), 500, true),
        ];
        for (fault, status, again) in table {
            let said = fault().to_string();
            assert_eq!(WebError::from(fault()).status().as_u16(), status, "{said}");
            match JobError::from(fault()) {
                JobError::Retry(why) => assert!(again && why == said, "{said}"),
                JobError::Never(why) => assert!(!again && why == said, "{said}"),
                JobError::Later(_) | JobError::Again { .. } => panic!("{said}: no hour was named"),
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

    #[test]
    fn what_may_pass_is_tried_again_and_what_stays_is_not() {
        let refused = || Fault::Refused(Refusal::new(Code::FormMissing));
        for (fault, job, notice) in [
            (refused(), "never", "never"),
            (Fault::NotFound, "never", "never"),
            (Fault::Vault(VaultError::NotFound), "never", "never"),
            (Fault::Vault(VaultError::Erased), "never", "not wanted"),
            (Fault::Vault(VaultError::NotSearchable { field: PersonField::Note }), "never", "never"),
            (Fault::Vault(VaultError::UnknownKey { id: "k".to_owned() }), "retry", "retry"),
            (Fault::Vault(VaultError::Store(StoreError::Busy)), "retry", "retry"),
            (Fault::Store(StoreError::Busy), "retry", "retry"),
            (Fault::Broken("no procedure".to_owned()), "retry", "retry"),
        ] {
            let told = format!("{fault:?}");
            assert_eq!(fault.stays(), job == "never", "{told}");
            let delivered = match DeliveryError::from(fault) {
                DeliveryError::Retry(_) => "retry",
                DeliveryError::Never(_) => "never",
                DeliveryError::NotWanted => "not wanted",
            };
            assert_eq!(delivered, notice, "{told}");
        }
        assert!(matches!(JobError::from(Fault::Vault(VaultError::Erased)), JobError::Never(_)));
        assert!(matches!(JobError::from(Fault::Store(StoreError::Busy)), JobError::Retry(_)));
    }
}
