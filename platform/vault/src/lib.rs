//! Sealed personal data, stored apart from everything else. Other tables hold only a record's id.
//!
//! - Each record is sealed under its own key, which is wrapped by a master key that the database never sees.
//! - Pages show masked data. To open a record, a user states a purpose. The same transaction records the look where
//!   the person can read it.
//! - A keyed digest finds a record by its whole name, identity number or telephone, never by its content.
//! - Erasing destroys the key, the ciphertext and the digests. The list of who looked remains. The keys are in a small
//!   separate table, which is rewritten after erasures so that their bytes are gone from the files too.
//!
//! The vault never writes plain text to a table, a log or an error.

mod cipher;
mod comparing;
mod error;
mod field;
mod keys;
mod older;
mod opener;
mod personal;
mod records;
mod refusals;
mod rotation;
mod secrets;
mod several;
mod slip;
mod traces;
mod vault;
mod words;

pub use cipher::ALGORITHM;
pub use comparing::Comparison;
pub use error::VaultError;
pub use field::PersonField;
pub use keys::{KEY_FILE_VARIABLE, KEY_VARIABLE, MasterKeys};
pub use older::Indexed;
pub use opener::{Opener, Teller};
pub use personal::{Person, Personal};
pub use records::{Access, Deed, Logged, Looker, MIGRATIONS, SeenAt};
pub use refusals::Why;
pub use rotation::Rotation;
pub use slip::Slip;
pub use vault::{Forget, Masked, Vault};
pub use words::{Labelled, Look, Looks, NewRecord};
