//! Seals what belongs to nobody yet, such as a picture that was chosen before a report is sent. The key stands on a
//! slip (取件条) that goes to whoever sent it and is kept nowhere: without the slip nobody opens what was sealed, and
//! whoever throws it away has destroyed it.

use crate::VaultError;
use crate::cipher::{self, CipherKey};
use data_encoding::HEXLOWER;
use std::fmt;
use zeroize::Zeroizing;

/// The bytes of the secret on a slip.
const SECRET_BYTES: usize = 32;

/// The key of something that the platform seals and cannot open by itself. Printing it shows nothing.
#[derive(Clone)]
pub struct Slip(Zeroizing<[u8; SECRET_BYTES]>);

impl fmt::Debug for Slip {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Slip")
    }
}

impl Slip {
    /// Makes a slip that nobody has had before.
    ///
    /// # Errors
    /// Fails if the operating system gives no randomness.
    pub fn new() -> Result<Self, VaultError> {
        cipher::random().map(Self)
    }

    /// Reads the text that [`Slip::text`] gave. Anything else is no slip.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(HEXLOWER.decode(text.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// Returns what stands on it: 64 lowercase hexadecimal digits, for the one who sent the thing alone.
    #[must_use]
    pub fn text(&self) -> String {
        HEXLOWER.encode(self.0.as_slice())
    }

    /// Returns the name under which the platform keeps what was sealed: 64 digits from which the slip cannot be made.
    #[must_use]
    pub fn name(&self) -> String {
        HEXLOWER.encode(&cipher::mac(&self.0, &[b"slip name"]))
    }

    /// Seals something. `label` says what it is; what is sealed under one label opens under no other.
    ///
    /// # Errors
    /// Fails if the operating system gives no randomness.
    pub fn cover(&self, label: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        cipher::seal(&self.key(), &bound(label), plain)
    }

    /// Opens what [`Slip::cover`] sealed.
    ///
    /// # Errors
    /// Fails with [`VaultError::Damaged`] when it was altered, or belongs to another slip or label.
    pub fn uncover(&self, label: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        cipher::open(&self.key(), &bound(label), sealed)
    }

    fn key(&self) -> CipherKey {
        cipher::cipher_key(&self.0, "slip key")
    }
}

fn bound(label: &str) -> Vec<u8> {
    format!("lianglin slip 1|{label}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_opens_what_it_sealed_and_nothing_else_does() {
        let slip = Slip::new().unwrap();
        let sealed = slip.cover("photo", b"picture").unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"picture"));
        let again = Slip::parse(&slip.text()).unwrap();
        assert_eq!(again.uncover("photo", &sealed).unwrap().as_slice(), b"picture");
        assert!(matches!(again.uncover("word", &sealed), Err(VaultError::Damaged)), "another label");
        assert!(matches!(Slip::new().unwrap().uncover("photo", &sealed), Err(VaultError::Damaged)), "another slip");
    }

    #[test]
    fn the_name_tells_nothing_of_the_slip() {
        let slip = Slip::new().unwrap();
        assert_eq!(slip.name(), Slip::parse(&slip.text()).unwrap().name());
        assert_ne!(slip.name(), slip.text());
        assert_ne!(slip.name(), Slip::new().unwrap().name());
        assert_eq!(format!("{slip:?}"), "Slip");
        for odd in ["", "ab", "xyz", &slip.text().to_uppercase(), &format!("{}00", slip.text())] {
            assert!(Slip::parse(odd).is_none(), "{odd}");
        }
    }
}
