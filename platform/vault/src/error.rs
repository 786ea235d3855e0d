//! What can go wrong in the vault. No message ever carries content.

use crate::PersonField;
use crate::refusals::Why;
use kernel::identifier::IdentifierFault;
use kernel::refusal::{Code, Refusal};
use std::path::PathBuf;
use store::StoreError;

/// A failure of the vault. The text is for an operator. Callers turn the cases that they expect into refusals.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such record in that district.
    #[error("no such personal record")]
    NotFound,
    /// The record was erased: its key is destroyed.
    #[error("the personal record was erased, its content cannot be recovered")]
    Erased,
    /// No purpose was stated for a look.
    #[error("a purpose must be stated before personal data is opened")]
    NoPurpose,
    /// The purpose of a look is longer than any purpose needs to be.
    #[error("the purpose of a look is too long")]
    LongPurpose,
    /// An identity number or telephone is malformed.
    #[error("{} is not well formed: {fault}", field.code())]
    Malformed {
        /// The field, not its content.
        field: PersonField,
        /// The fault that was found.
        fault: IdentifierFault,
    },
    /// A search asked for a field that has no index.
    #[error("records cannot be found by {}", field.code())]
    NotSearchable {
        /// The field.
        field: PersonField,
    },
    /// A record is wrapped by a master key that was not given.
    #[error("master key `{id}` is missing; put it back into the key file, then rotate before you remove it")]
    UnknownKey {
        /// The name of the missing key.
        id: String,
    },
    /// A ciphertext or wrapped key does not belong to its record, or was altered.
    #[error("sealed data was altered or belongs to another record; restore it from a backup")]
    Damaged,
    /// The key file cannot be used.
    #[error("key file {}: {message}", path.display())]
    KeyFile {
        /// The file.
        path: PathBuf,
        /// What is wrong and what to do.
        message: String,
    },
    /// The text of the keys is malformed.
    #[error("keys, line {line}: {message}")]
    Keys {
        /// The line, from 1, or 0 when it concerns the whole text.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

impl VaultError {
    /// Returns the refusal to show a person when this is an answer and not a failure: no purpose, no such record, an
    /// erased record, or a malformed number.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::NoPurpose => Some(Refusal::new(Code::VaultPurposeMissing).field("purpose")),
            Self::LongPurpose => Some(Refusal::new(Why::VaultPurposeLong).field("purpose_word")),
            Self::NotFound => Some(Refusal::new(Why::VaultRecordUnknown)),
            Self::Erased => Some(Refusal::new(Code::VaultRecordErased)),
            Self::Malformed { field, fault } => Some(fault.refusal(field.code())),
            _ => None,
        }
    }
}
