//! What can go wrong before a page is asked for: said in one sentence that names the remedy.

use crate::configuration::ConfigurationFault;
use crate::data::DataFault;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration.
    #[error(transparent)]
    Configuration(#[from] ConfigurationFault),
    /// The city's data cannot be read.
    #[error(transparent)]
    Data(#[from] DataFault),
    /// The city's data contradicts itself; every fault with file, line and remedy.
    #[error("{}", .0.join("\n"))]
    Faults(Vec<String>),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// Accounts.
    #[error(transparent)]
    Identity(#[from] identity::IdentityError),
    /// A case.
    #[error(transparent)]
    Case(#[from] hall::Fault),
    /// Something outside: a file, a port.
    #[error("{what}: {fault}")]
    Outside {
        /// What was tried.
        what: String,
        /// What the system said.
        fault: std::io::Error,
    },
    /// Said in full.
    #[error("{0}")]
    Said(String),
}

impl AppError {
    /// Faults of any kind, one a line.
    pub fn faults<F: ToString>(faults: impl IntoIterator<Item = F>) -> Self {
        Self::Faults(faults.into_iter().map(|fault| fault.to_string()).collect())
    }

    /// A failure outside the platform.
    pub fn outside(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |fault| Self::Outside { what, fault }
    }
}
