//! Passwords: argon2id, and random ones that a person can type from paper.

use crate::{IdentityError, Rules};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use zeroize::Zeroizing;

/// The letters and digits that cannot be mistaken for one another.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS: usize = 4;
const GROUP_LETTERS: usize = 4;
/// What keyboards write for a hyphen.
const HYPHENS: [char; 6] = ['-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}', '\u{ff0d}'];

/// A password as it is stored: argon2id with salt and parameters, in PHC form. It is not shown when printed.
#[derive(Clone)]
pub struct HashedPassword(pub(crate) String);

impl std::fmt::Debug for HashedPassword {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[password]")
    }
}

/// Hashes a password. It takes as long as the rules say, so never call it on an async thread.
pub fn hash_password(password: &str, rules: &Rules) -> Result<HashedPassword, IdentityError> {
    let failed = |error: &dyn std::fmt::Display| IdentityError::Failed(format!("password hash: {error}"));
    let params =
        Params::new(rules.password_memory_kib, rules.password_passes, 1, None).map_err(|error| failed(&error))?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(password.as_bytes()).map_err(|error| failed(&error))?;
    Ok(HashedPassword(hash.to_string()))
}

/// Says whether the password is the stored one. Without a stored one the same work is done and the answer is no, so
/// that the time reveals nothing.
pub fn verify_password(password: &str, stored: Option<&str>, rules: &Rules) -> Result<bool, IdentityError> {
    let Some(stored) = stored else {
        hash_password(password, rules)?;
        return Ok(false);
    };
    let hash = PasswordHash::new(stored).map_err(|error| IdentityError::Failed(format!("stored password: {error}")))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Makes a random password of four groups of four characters, about 79 bits.
pub fn generate_password() -> Result<Zeroizing<String>, IdentityError> {
    groups(GROUPS)
}

/// Makes one half of a password, about 40 bits: two groups of four characters. Two halves with a hyphen between them
/// are a password.
pub(crate) fn generate_half() -> Result<Zeroizing<String>, IdentityError> {
    groups(GROUPS / 2)
}

fn groups(count: usize) -> Result<Zeroizing<String>, IdentityError> {
    let mut password = Zeroizing::new(String::with_capacity(count * (GROUP_LETTERS + 1)));
    let mut letters = 0;
    while letters < count * GROUP_LETTERS {
        let [byte] = *random_bytes::<1>()?;
        let Some(letter) = ALPHABET.get(usize::from(byte & 31)) else { continue };
        push_grouped(&mut password, letters, char::from(*letter));
        letters += 1;
    }
    Ok(password)
}

/// Adds the next letter, and a hyphen before it where a group begins.
fn push_grouped(password: &mut String, letters_before: usize, letter: char) {
    if letters_before > 0 && letters_before.is_multiple_of(GROUP_LETTERS) {
        password.push('-');
    }
    password.push(letter);
}

/// Returns a generated password as it was handed over, if one was typed: four groups of four letters, with or without
/// hyphens and blanks, in small or large letters. Anything else stays as it was typed.
pub(crate) fn as_handed(typed: &str) -> Zeroizing<String> {
    let between = |letter: &char| letter.is_whitespace() || HYPHENS.contains(letter);
    let bare = typed.chars().filter(|letter| !between(letter)).map(|letter| letter.to_ascii_lowercase());
    let bare: Zeroizing<String> = Zeroizing::new(bare.collect());
    let letters = bare.chars().all(|letter| u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte)));
    if !letters || bare.len() != GROUPS * GROUP_LETTERS {
        return Zeroizing::new(typed.to_owned());
    }
    let mut grouped = Zeroizing::new(String::with_capacity(GROUPS * (GROUP_LETTERS + 1)));
    for (place, letter) in bare.chars().enumerate() {
        push_grouped(&mut grouped, place, letter);
    }
    grouped
}

/// Returns fresh bytes from the operating system.
pub(crate) fn random_bytes<const LENGTH: usize>() -> Result<Zeroizing<[u8; LENGTH]>, IdentityError> {
    let mut bytes = Zeroizing::new([0_u8; LENGTH]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|error| IdentityError::Failed(format!("random bytes: {error}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::check_password;

    #[test]
    fn a_hash_is_argon2id_salted_and_verifies() {
        let rules = Rules::for_tests();
        let hash = hash_password("correct horse battery", &rules).unwrap();
        assert!(hash.0.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{}", hash.0);
        assert_ne!(hash.0, hash_password("correct horse battery", &rules).unwrap().0);
        assert!(verify_password("correct horse battery", Some(&hash.0), &rules).unwrap());
        assert!(!verify_password("correct horse batterz", Some(&hash.0), &rules).unwrap());
        assert!(!verify_password("correct horse battery", None, &rules).unwrap());
        assert!(verify_password("x", Some("no hash"), &rules).is_err());
        assert_eq!(format!("{hash:?}"), "[password]");
    }

    #[test]
    fn generated_passwords_differ_and_satisfy_the_rules() {
        let (one, other) = (generate_password().unwrap(), generate_password().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 19);
        let (half, rest) = (generate_half().unwrap(), generate_half().unwrap());
        assert_eq!((half.len(), format!("{}-{}", *half, *rest).len()), (9, 19));
        assert_ne!(half, rest);
        assert!(check_password(&one, &Rules::for_tests(), &[]).is_ok());
        for typed in [one.replace('-', ""), one.replace('-', " "), one.to_uppercase(), format!(" {} ", *one)] {
            assert_eq!(as_handed(&typed), one, "{typed:?}");
        }
    }

    #[test]
    fn a_password_that_was_handed_over_is_read_however_it_is_grouped() {
        let table = [
            ("abcd-efgh-jkmn-pqrs", "abcd-efgh-jkmn-pqrs"),
            ("abcdefghjkmnpqrs", "abcd-efgh-jkmn-pqrs"),
            ("abcd efgh - jkmn pqrs", "abcd-efgh-jkmn-pqrs"),
            ("abcdefgh-jkmnpqrs", "abcd-efgh-jkmn-pqrs"),
            ("ABCD\u{2014}EFGH\u{ff0d}jkmn\u{3000}pqrs", "abcd-efgh-jkmn-pqrs"),
            ("abcd-efgh-jkmn-pqr", "abcd-efgh-jkmn-pqr"),
            ("abcd-efgh-jkmn-pqr1", "abcd-efgh-jkmn-pqr1"),
            ("Grey-heron-71-over-the-Hun", "Grey-heron-71-over-the-Hun"),
            ("四个 字的-密码 四个字的密码四个字", "四个 字的-密码 四个字的密码四个字"),
            ("", ""),
        ];
        for (typed, read) in table {
            assert_eq!(as_handed(typed).as_str(), read, "{typed:?}");
        }
    }
}
