//! Cuts texts into search tokens, the same for every database engine.
//!
//! Neither engine finds two-character Chinese words by itself. Therefore runs of 汉字 are indexed as overlapping pairs
//! and single characters; words of other scripts and numbers are kept whole. Nothing personal is ever put into such an
//! index.

use crate::language::folded;

/// The longest token in characters. A longer word is cut there, in the index and in the query alike.
pub const LONGEST_TOKEN: usize = 64;

enum Run {
    Han(Vec<char>),
    Word(String),
}

/// Returns the tokens under which a text is found, each once, in the order of the text: 社区服务 A4 → 社 社区 区 区服
/// 服 服务 务 a4.
pub fn bigrams(text: &str) -> Vec<String> {
    let mut tokens = Tokens::default();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.add(word),
            Run::Han(characters) => {
                for (index, character) in characters.iter().enumerate() {
                    tokens.add(character.to_string());
                    if let Some(next) = characters.get(index + 1) {
                        tokens.add([*character, *next].iter().collect());
                    }
                }
            }
        }
    }
    tokens.list
}

/// Returns the tokens that a text must all have to answer a query: the pairs of each run, a single character itself,
/// and whole words.
pub fn query(text: &str) -> Vec<String> {
    let mut tokens = Tokens::default();
    for run in runs(text) {
        match run {
            Run::Word(word) => tokens.add(word),
            Run::Han(characters) if characters.len() == 1 => tokens.add(characters.iter().collect()),
            Run::Han(characters) => characters.windows(2).for_each(|pair| tokens.add(pair.iter().collect())),
        }
    }
    tokens.list
}

#[derive(Default)]
struct Tokens {
    seen: std::collections::BTreeSet<String>,
    list: Vec<String>,
}

impl Tokens {
    fn add(&mut self, token: String) {
        if self.seen.insert(token.clone()) {
            self.list.push(token);
        }
    }
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut han = Vec::new();
    let mut word = String::new();
    for character in folded(text).chars().chain([' ']) {
        if !is_han(character) && !han.is_empty() {
            runs.push(Run::Han(std::mem::take(&mut han)));
        }
        let part_of_word = character.is_alphanumeric() && !is_han(character);
        if !part_of_word && !word.is_empty() {
            runs.push(Run::Word(std::mem::take(&mut word).chars().take(LONGEST_TOKEN).collect()));
        }
        if is_han(character) {
            han.push(character);
        } else if part_of_word {
            word.push(character);
        }
    }
    runs
}

/// Says whether a character is a Chinese one.
pub fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' | '々' | '〇')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_cut_alike() {
        let table: [(&str, &[&str], &[&str]); 9] = [
            ("高齡津貼", &["高", "高龄", "龄", "龄津", "津", "津贴", "贴"], &["高龄", "龄津", "津贴"]),
            ("社区服务", &["社", "社区", "区", "区服", "服", "服务", "务"], &["社区", "区服", "服务"]),
            ("证", &["证"], &["证"]),
            ("A4纸，两张", &["a4", "纸", "两", "两张", "张"], &["a4", "纸", "两张"]),
            ("Old-age ＡＢＣ１２", &["old", "age", "abc12"], &["old", "age", "abc12"]),
            ("高龄 高龄", &["高", "高龄", "龄"], &["高龄"]),
            ("", &[], &[]),
            ("（…）", &[], &[]),
            ("二〇二六", &["二", "二〇", "〇", "〇二", "二六", "六"], &["二〇", "〇二", "二六"]),
        ];
        for (text, indexed, asked) in table {
            assert_eq!(bigrams(text), indexed, "{text}");
            assert_eq!(query(text), asked, "{text}");
        }
    }

    #[test]
    fn a_long_word_is_cut_on_both_sides() {
        let word = "x".repeat(1000);
        assert_eq!(bigrams(&word), query(&word));
        assert_eq!(query(&word)[0].chars().count(), LONGEST_TOKEN);
    }

    proptest! {
        #[test]
        fn a_part_of_a_text_finds_it(before in "[社区服务老年]{0,6}", part in "[社区服务老年]{1,6}", after in "[社区服务老年a]{0,6}") {
            let indexed = bigrams(&format!("{before}{part}{after}"));
            prop_assert!(query(&part).iter().all(|token| indexed.contains(token)));
        }

        #[test]
        fn any_text_is_cut(text in "\\PC{0,80}") {
            let indexed = bigrams(&text);
            prop_assert!(query(&text).iter().all(|token| indexed.contains(token)));
            prop_assert!(indexed.iter().all(|token| !token.is_empty()));
        }
    }
}
