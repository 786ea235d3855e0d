//! Says whether a password will do: how long it is, and whether everybody tries it first.

use super::Rules;
use crate::refusals::Why;
use kernel::refusal::{Code, Refusal};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The passwords that everybody tries first, one a line, in small letters.
static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| include_str!("tried_first.txt").lines().collect());
/// A name shorter than this is not looked for in a password.
const TELLING_CHARACTERS: usize = 4;
/// A password with fewer different characters than this is weak, however long it is.
const FEWEST_DIFFERENT: usize = 5;
/// A password that says a block of so many characters or fewer again and again is weak, however long it is.
const LONGEST_BLOCK: usize = 6;
/// A password of so many words is weak if each of them is common, whatever stands between and around them.
const FEW_WORDS: usize = 2;

/// Checks a new password. `known` are the login, the name and the telephone. There is no rule on which kinds of
/// characters it must have.
///
/// # Errors
/// Fails when it is too short, too long or too easily guessed.
pub fn check_password(password: &str, rules: &Rules, known: &[&str]) -> Result<(), Refusal> {
    let shortest = usize::try_from(rules.password_shortest).unwrap_or(usize::MAX);
    let longest = usize::try_from(rules.password_longest).unwrap_or(usize::MAX);
    if measured(password) < shortest {
        return Err(Refusal::new(Why::IdentityPasswordShort).field("new").with("length", shortest));
    }
    if password.chars().count() > longest {
        return Err(Refusal::new(Code::RequestTooLarge).field("new"));
    }
    let lower = password.to_lowercase();
    let telling = |word: &&&str| word.chars().count() >= TELLING_CHARACTERS && lower.contains(&word.to_lowercase());
    if is_common(password) || known.iter().any(|word| telling(&word)) {
        return Err(Refusal::new(Why::IdentityPasswordWeak).field("new"));
    }
    Ok(())
}

/// Says whether everybody tries this password first: it is on the list, also with digits and marks around it or in
/// other letters (`P@ssw0rd`), it goes up or down one by one, or it says the same again and again.
pub fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let different: BTreeSet<char> = lower.chars().collect();
    different.len() < FEWEST_DIFFERENT || runs(&lower) || repeats(&lower) || is_listed(&lower)
}

/// Counts the characters. Blanks in a row count as one.
fn measured(password: &str) -> usize {
    let mut after_blank = false;
    let counts = |letter: &char| {
        let is_second_blank = after_blank && letter.is_whitespace();
        after_blank = letter.is_whitespace();
        !is_second_blank
    };
    password.chars().filter(counts).count()
}

fn is_listed(lower: &str) -> bool {
    let whole: String = lower.chars().filter(|letter| !letter.is_whitespace()).collect();
    let bare = whole.trim_matches(|letter: char| !letter.is_alphabetic());
    let plain: String = bare.chars().map(plain_letter).collect();
    if [whole.as_str(), bare, plain.as_str()].iter().any(|text| COMMON.contains(*text)) {
        return true;
    }
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    !words.is_empty() && words.len() <= FEW_WORDS && words.iter().all(|word| COMMON.contains(*word))
}

/// Returns the letter for which a digit or a mark is often written.
const fn plain_letter(written: char) -> char {
    match written {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Says whether the whole text is one run up or down: `abcdefgh`, `9876543210`.
fn runs(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps = |step: i64| {
        codes.iter().zip(codes.iter().skip(1)).all(|(one, next)| next - one == step || next - one == -9 * step)
    };
    steps(1) || steps(-1)
}

/// Says whether the whole text is one short block again and again, the last time perhaps cut off.
fn repeats(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let longest = LONGEST_BLOCK.min(letters.len() / 2);
    (1..=longest).any(|block| letters.chunks(block).all(|chunk| letters.starts_with(chunk)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order_and_in_small_letters() {
        let lines: Vec<&str> = include_str!("tried_first.txt").lines().collect();
        assert!(lines.len() > 700, "{}", lines.len());
        assert!(lines.iter().zip(lines.iter().skip(1)).all(|(one, next)| one < next), "each stands once, in order");
        assert!(lines.iter().all(|line| !line.is_empty() && *line == line.to_lowercase()));
    }

    #[test]
    fn what_everybody_tries_first_is_known_however_it_is_dressed_up() {
        for common in [
            "password2026!",
            "P@ssw0rd!!2026",
            "Sunshine-12345",
            "1qaz2wsx3edc",
            "123456789012",
            "woaini5201314",
            "密码密码密码密码密码密码",
            "12 34 56 78 90 12",
            "admin123password",
            "lianglin lianglin",
            "hao123hao123",
            "abcdefghijkl",
            "aaaaaaaaaaaab",
        ] {
            assert!(is_common(common), "{common}");
        }
        for own in [
            "lantern harbour 7",
            "竹林里有七位老朋友在喝茶",
            "Grey-heron-71-over-the-Hun",
            "sunshine on copper kettles",
            "839201746352",
            "passwortlosigkeit",
        ] {
            assert!(!is_common(own), "{own}");
        }
    }

    #[test]
    fn blanks_in_a_row_count_as_one_and_any_character_is_taken() {
        for (password, characters) in [("", 0), ("a b", 3), ("a    b", 3), ("a　 b", 3), ("🙂é 中", 4)] {
            assert_eq!(measured(password), characters, "{password}");
        }
        let rules = Rules::for_tests();
        assert!(check_password("🙂é中 ~^<>&\"' x", &rules, &[]).is_ok());
        let refused = |password: &str| check_password(password, &rules, &[]).err().map(|refusal| refusal.code);
        assert_eq!(refused("ab c        d"), Some(Why::IdentityPasswordShort));
        assert_eq!(refused("lantern har 7"), None);
    }
}
