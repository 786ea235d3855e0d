//! What can go wrong before a page is asked for: said in one sentence that names the remedy.

use crate::configuration::ConfigurationFault;
use crate::data::DataFault;
use kernel::language::Lang;

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
    /// Tables of a folder; every fault with file, line and remedy.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Tables(Vec<crate::plan::table::Fault>),
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

impl From<house::OpenFault> for AppError {
    fn from(fault: house::OpenFault) -> Self {
        match fault {
            house::OpenFault::Faults(faults) => Self::faults(faults),
            house::OpenFault::Sentences(sentences) => Self::Faults(sentences),
            house::OpenFault::Said(sentence) => Self::Said(sentence),
            house::OpenFault::Store(fault) => Self::Store(fault),
        }
    }
}

impl AppError {
    /// Faults of any kind, one a line.
    pub fn faults<F: ToString>(faults: impl IntoIterator<Item = F>) -> Self {
        Self::Faults(faults.into_iter().map(|fault| fault.to_string()).collect())
    }

    /// The same in a language, as far as it is known in two.
    #[must_use]
    pub fn told(self, lang: Lang) -> Self {
        match self {
            Self::Tables(faults) => Self::Faults(faults.iter().map(|fault| fault.told(lang)).collect()),
            other => other,
        }
    }

    /// A failure outside the platform.
    pub fn outside(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |fault| Self::Outside { what, fault }
    }
}
