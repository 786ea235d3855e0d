//! What words mean: which items, which communities, which states. Pure, and complete: a case answers to a word when the name of its item or department, of
//! a place it comes from, or of its state holds the word.

use std::collections::BTreeSet;

use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::place::PlacePath;

/// The most words that are looked at.
const WORDS: usize = 6;
/// The longest word, in characters.
const WORD_CHARACTERS: usize = 30;
/// Digits of a running number.
const RUNNING_DIGITS: usize = 7;

/// What can be said of an item: code, and every name it goes by.
pub struct Named {
    /// The code.
    pub code: String,
    /// Its own names and its department's, in both languages.
    pub names: Vec<String>,
}

/// What one word means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Codes of items.
    pub items: BTreeSet<String>,
    /// Communities.
    pub homes: BTreeSet<PlacePath>,
    /// Procedure and state.
    pub states: BTreeSet<(String, String)>,
}

impl Meaning {
    /// Nothing answers to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.homes.is_empty() && self.states.is_empty()
    }
}

/// The words of a question, folded: at most a few, none too long.
#[must_use]
pub fn words(question: &str) -> Vec<String> {
    let folded = question.to_lowercase().replace('\u{3000}', " ");
    let separates = |sign: char| sign.is_whitespace() || ",，。；;、".contains(sign);
    let words = folded.split(separates).filter(|word| !word.is_empty());
    words.take(WORDS).map(|word| word.chars().take(WORD_CHARACTERS).collect()).collect()
}

/// Whether a name holds a word; upper and lower case are the same.
#[must_use]
pub fn holds(name: &str, word: &str) -> bool {
    name.to_lowercase().contains(word)
}

/// The numbers that a question may stand for: a whole number, or a running number in any of the districts and years given.
#[must_use]
pub fn numbers(question: &str, district_codes: &[String], years: &[i16]) -> Vec<String> {
    let asked = question.trim();
    if let Ok(number) = CaseNumber::parse(asked) {
        return vec![number.as_str().to_owned()];
    }
    let digits = asked.len() <= RUNNING_DIGITS && !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit());
    let Some(running) = Some(asked).filter(|_| digits).and_then(|asked| asked.parse::<i64>().ok()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for code in district_codes {
        let numbers = years.iter().filter_map(|year| CaseNumber::new(code, *year, running).ok());
        found.extend(numbers.map(|number| number.as_str().to_owned()));
    }
    found
}

/// What a word means among the items, the states and the homes, each with its names.
#[must_use]
pub fn meaning(
    word: &str,
    items: &[Named],
    states: &[(String, String, [String; 2])],
    homes: impl Iterator<Item = (PlacePath, Vec<String>)>,
) -> Meaning {
    let held = |names: &[String]| names.iter().any(|name| holds(name, word));
    Meaning {
        items: items.iter().filter(|item| held(&item.names)).map(|item| item.code.clone()).collect(),
        states: states
            .iter()
            .filter(|(_, _, titles)| held(titles))
            .map(|(procedure, state, _)| (procedure.clone(), state.clone()))
            .collect(),
        homes: homes.filter(|(_, names)| held(names)).map(|(path, _)| path).collect(),
    }
}

/// Both names of a text.
#[must_use]
pub fn both(text: &kernel::language::Bilingual) -> [String; 2] {
    [text.get(Lang::Zh).to_owned(), text.get(Lang::En).to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_at_blanks_and_signs() {
        let table: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("  高龄　津贴 ", &["高龄", "津贴"]),
            ("大东区，高龄", &["大东区", "高龄"]),
            ("OLD Age", &["old", "age"]),
            ("岺", &["岺"]),
        ];
        for (question, expected) in table {
            assert_eq!(words(question), expected, "{question}");
        }
        assert!(words(&"长".repeat(500)).iter().all(|word| word.chars().count() == WORD_CHARACTERS));
        assert_eq!(words(&"a ".repeat(50)).len(), WORDS);
    }

    #[test]
    fn a_running_number_is_looked_for_in_every_district_and_year() {
        let codes = ["210102".to_owned(), "210104".to_owned()];
        assert_eq!(numbers("123", &codes, &[2026, 2025]).len(), 4);
        assert!(numbers("123", &codes, &[2026])[0].starts_with("210102-2026-0000123-"));
        assert!(numbers("12a", &codes, &[2026]).is_empty());
        assert!(numbers("123456789", &codes, &[2026]).is_empty());
        let whole = numbers("123", &codes, &[2026]).remove(0);
        assert_eq!(numbers(&format!(" {whole} "), &[], &[]), [whole]);
    }

    #[test]
    fn a_word_means_items_homes_and_states() {
        let items = [Named { code: "MZ-11".to_owned(), names: vec!["高龄津贴".to_owned(), "民政".to_owned()] }];
        let states = [("separate".to_owned(), "granted".to_owned(), ["准予".to_owned(), "Granted".to_owned()])];
        let home = PlacePath::parse("1.2.3.4.").unwrap();
        let homes = || [(home.clone(), vec!["大东区".to_owned(), "华炉社区".to_owned()])].into_iter();
        let found = |word: &str| meaning(word, &items, &states, homes());
        assert_eq!(found("津贴").items.len(), 1);
        assert_eq!(found("民").items.len(), 1);
        assert_eq!(found("东").homes.len(), 1);
        assert_eq!(found("granted").states.len(), 1);
        assert!(found("火星").is_empty());
    }
}
