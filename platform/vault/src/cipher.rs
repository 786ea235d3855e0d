//! The cryptography and nothing else: SM4-GCM sealing, HMAC-SM3, fresh random bytes.
//!
//! The name of the algorithm is stored beside everything sealed, so that a certified device can take over later.

use crate::VaultError;
use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, Key, KeyInit, Nonce, Payload};
use hmac::{Hmac, Mac};
use sm3::Sm3;
use sm4::Sm4;
use zeroize::Zeroizing;

type Sm4Gcm = AesGcm<Sm4, U12>;

/// The algorithm that is written beside each ciphertext: SM4 (GB/T 32907) in GCM, with a 96-bit nonce before and a
/// 128-bit tag after the ciphertext.
pub const ALGORITHM: &str = "sm4-gcm-1";

/// The bytes of an SM4 key.
pub const KEY_BYTES: usize = 16;
const NONCE_BYTES: usize = 12;
const MAC_BLOCK_BYTES: usize = 64;

/// An SM4 key. It is overwritten when it is dropped.
pub type CipherKey = Zeroizing<[u8; KEY_BYTES]>;

/// Returns fresh bytes from the operating system.
pub fn random<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, VaultError> {
    let mut bytes = Zeroizing::new([0_u8; LENGTH]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| VaultError::Random)?;
    Ok(bytes)
}

/// Seals bytes under a key, bound to the associated data. Returns nonce, ciphertext and tag in one piece.
pub fn seal(key: &CipherKey, bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let nonce = random::<NONCE_BYTES>()?;
    let mut sealed = nonce.to_vec();
    sealed.extend(seal_with(key, &nonce, bound_to, plain)?);
    Ok(sealed)
}

fn seal_with(key: &CipherKey, nonce: &[u8; NONCE_BYTES], bound_to: &[u8], plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    Sm4Gcm::new(&Key::<Sm4Gcm>::from(**key))
        .encrypt(&Nonce::<Sm4Gcm>::from(*nonce), Payload { msg: plain, aad: bound_to })
        .map_err(|_| VaultError::Damaged)
}

/// A key that is laid out once to open many things. It is overwritten when it is dropped.
pub struct Opening(Sm4Gcm);

impl Opening {
    /// Lays out a key.
    pub fn new(key: &CipherKey) -> Self {
        Self(Sm4Gcm::new(&Key::<Sm4Gcm>::from(**key)))
    }

    /// Opens what [`seal`] returned. Fails with [`VaultError::Damaged`] for a wrong key, other associated data or one
    /// changed bit.
    pub fn open(&self, bound_to: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Damaged)?;
        self.0
            .decrypt(&Nonce::<Sm4Gcm>::from(*nonce), Payload { msg: ciphertext, aad: bound_to })
            .map(Zeroizing::new)
            .map_err(|_| VaultError::Damaged)
    }
}

/// Opens one thing as [`Opening::open`] does.
pub fn open(key: &CipherKey, bound_to: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    Opening::new(key).open(bound_to, sealed)
}

/// A key of HMAC-SM3 (GB/T 32905) that is laid out once for many texts.
pub struct Macs(Hmac<Sm3>);

impl Macs {
    /// Lays out a key.
    pub fn new(key: &[u8; 32]) -> Self {
        let mut padded = Zeroizing::new([0_u8; MAC_BLOCK_BYTES]);
        for (place, byte) in padded.iter_mut().zip(key) {
            *place = *byte;
        }
        Self(<Hmac<Sm3> as hmac::KeyInit>::new(&(*padded).into()))
    }

    /// Computes HMAC-SM3 over parts. The length of each part stands before it, so that no part can be taken for
    /// another.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Computes HMAC-SM3 over parts as [`Macs::mac`] does.
pub fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    Macs::new(key).mac(parts)
}

/// Takes the first half of a MAC as an SM4 key.
pub fn cipher_key(secret: &[u8; 32], label: &str) -> CipherKey {
    let derived = Zeroizing::new(mac(secret, &[label.as_bytes()]));
    let mut key = Zeroizing::new([0_u8; KEY_BYTES]);
    for (place, byte) in key.iter_mut().zip(derived.iter()) {
        *place = *byte;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXUPPER;

    fn hex(text: &str) -> Vec<u8> {
        HEXUPPER.decode(text.as_bytes()).unwrap()
    }

    /// This is the SM4-GCM test vector of RFC 8998, appendix A.1.
    #[test]
    fn agrees_with_rfc_8998() {
        let key = Zeroizing::new(hex("0123456789ABCDEFFEDCBA9876543210").try_into().unwrap());
        let nonce = hex("00001234567800000000ABCD").try_into().unwrap();
        let bound_to = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        let plain = hex(concat!(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
            "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
        ));
        let expected = concat!(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735",
            "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D",
            "83DE3541E4C2B58177E065A9BF7B62EC"
        );
        assert_eq!(HEXUPPER.encode(&seal_with(&key, &nonce, &bound_to, &plain).unwrap()), expected);
    }

    #[test]
    fn every_changed_bit_and_other_binding_is_refused() {
        let key = random::<KEY_BYTES>().unwrap();
        let sealed = seal(&key, b"record 1", "李岺".as_bytes()).unwrap();
        assert_eq!(open(&key, b"record 1", &sealed).unwrap().as_slice(), "李岺".as_bytes());
        assert!(matches!(open(&key, b"record 2", &sealed), Err(VaultError::Damaged)));
        assert!(matches!(open(&random().unwrap(), b"record 1", &sealed), Err(VaultError::Damaged)));
        assert!(matches!(open(&key, b"record 1", &[]), Err(VaultError::Damaged)));
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert!(matches!(open(&key, b"record 1", &changed), Err(VaultError::Damaged)), "byte {position}");
        }
    }

    #[test]
    fn the_same_plain_text_never_looks_the_same() {
        let key = random::<KEY_BYTES>().unwrap();
        assert_ne!(seal(&key, b"", b"same").unwrap(), seal(&key, b"", b"same").unwrap());
    }

    #[test]
    fn parts_of_a_mac_do_not_flow_into_one_another() {
        let key = [7_u8; 32];
        assert_ne!(mac(&key, &[b"ab", b"c"]), mac(&key, &[b"a", b"bc"]));
        assert_ne!(mac(&key, &[b"a"]), mac(&[8; 32], &[b"a"]));
        assert_eq!(mac(&key, &[b"a"]), mac(&key, &[b"a"]));
    }
}
