//! What an action of identity can answer instead of its result.

use kernel::refusal::Refusal;
use store::StoreError;
use vault::VaultError;
use web::WebError;

/// An action was refused, found nothing, or failed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A rule refuses. The person is told the reason and what to do.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The thing does not exist, or this visitor may not see it.
    #[error("not found")]
    NotFound,
    /// Too many passwords wait to be checked. Nothing was done, and it may be tried again in a moment.
    #[error("too many passwords wait to be checked")]
    Busy,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault failed.
    #[error(transparent)]
    Vault(VaultError),
    /// Something else failed. The text is for the log.
    #[error("{0}")]
    Failed(String),
}

impl From<VaultError> for IdentityError {
    fn from(error: VaultError) -> Self {
        if let Some(refusal) = error.refusal() {
            return Self::Refused(refusal);
        }
        match error {
            VaultError::Store(error) => Self::Store(error),
            other => Self::Vault(other),
        }
    }
}

impl From<IdentityError> for WebError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Refused(refusal) => Self::Refused(refusal),
            IdentityError::NotFound => Self::NotFound,
            IdentityError::Busy => Self::Busy,
            IdentityError::Store(error) => error.into(),
            IdentityError::Vault(error) => Self::Failed(error.to_string()),
            IdentityError::Failed(message) => Self::Failed(message),
        }
    }
}
