//! Finds kinds by the words of whoever reports: a name, an everyday word, a whole sentence.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kernel::language::folded;

use super::{Condition, Kind};

/// The longest sentence that is looked at, in characters.
const LONGEST: usize = 120;
/// What a whole word found in the sentence adds for each of its characters.
const WORD: usize = 40;

/// What is known of the words of each kind.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// The names and everyday words of each kind, folded.
    words: Vec<Vec<String>>,
    /// How many kinds have a pair of characters, or an English word.
    held: BTreeMap<String, usize>,
    /// The pairs and English words of each kind.
    parts: Vec<Vec<String>>,
}

impl Index {
    /// Prepares the kinds.
    pub fn new(kinds: &[Kind]) -> Self {
        let words: Vec<Vec<String>> = kinds.iter().map(spoken).collect();
        let parts: Vec<Vec<String>> = kinds.iter().zip(&words).map(|(kind, words)| parts(kind, words)).collect();
        let mut held = BTreeMap::new();
        for part in parts.iter().flatten() {
            *held.entry(part.clone()).or_default() += 1;
        }
        Self { words, held, parts }
    }

    /// The places of the kinds that answer, the best first.
    pub fn search(&self, sentence: &str, most: usize) -> Vec<usize> {
        let said: String = folded(sentence).chars().take(LONGEST).collect();
        let asked = tokens(&said);
        let mut found: Vec<(Reverse<usize>, usize)> = (0..self.words.len())
            .map(|at| (Reverse(self.score(at, &said, &asked)), at))
            .filter(|(Reverse(score), _)| *score > 0)
            .collect();
        found.sort_unstable();
        found.into_iter().take(most).map(|(_, at)| at).collect()
    }

    fn score(&self, at: usize, said: &str, asked: &[String]) -> usize {
        let words = self.words.get(at).map(Vec::as_slice).unwrap_or_default();
        let whole = words.iter().filter(|word| said.contains(word.as_str())).map(|word| word.chars().count() * WORD);
        let parts = self.parts.get(at).map(Vec::as_slice).unwrap_or_default();
        let shared = asked.iter().filter(|part| parts.contains(part)).map(|part| self.weight(part));
        whole.max().unwrap_or_default() + shared.sum::<usize>()
    }

    /// The rarer, the heavier.
    fn weight(&self, part: &str) -> usize {
        (self.words.len() / self.held.get(part).copied().unwrap_or(1).max(1)).min(WORD)
    }
}

impl Kind {
    /// Its conditions, those first that share most with what was said, and else in the order of the catalogue.
    #[must_use]
    pub fn conditions_by(&self, sentence: &str) -> Vec<&Condition> {
        let asked = tokens(&folded(sentence).chars().take(LONGEST).collect::<String>());
        let shared = |condition: &Condition| {
            let said = [&condition.when.zh, &condition.when.en].into_iter().flat_map(|text| tokens(&folded(text)));
            said.filter(|part| asked.contains(part)).count()
        };
        let mut conditions: Vec<&Condition> = self.conditions.iter().collect();
        conditions.sort_by_cached_key(|condition| Reverse(shared(condition)));
        conditions
    }
}

/// The names by which people call a kind, in both languages.
fn spoken(kind: &Kind) -> Vec<String> {
    [&kind.name.zh, &kind.name.en].into_iter().chain(&kind.words).map(|word| folded(word)).collect()
}

fn parts(kind: &Kind, words: &[String]) -> Vec<String> {
    let conditions = kind.conditions.iter().flat_map(|condition| [&condition.when.zh, &condition.when.en]);
    let texts = words.iter().chain([&kind.name.en]).chain(conditions);
    let mut parts: Vec<String> = texts.flat_map(|text| tokens(&folded(text))).collect();
    parts.sort_unstable();
    parts.dedup();
    parts
}

/// Pairs of Chinese characters and English words of three letters and more.
fn tokens(text: &str) -> Vec<String> {
    let mut found = kernel::search::query(text);
    found.retain(|token| !token.is_ascii() || (token.len() > 2 && !EMPTY.contains(&token.as_str())));
    found.retain(|token| token.is_ascii() || token.chars().count() > 1);
    found
}

/// English words that say nothing of a matter.
const EMPTY: [&str; 12] = ["the", "and", "has", "have", "not", "near", "our", "there", "this", "that", "with", "are"];
