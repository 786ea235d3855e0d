//! Finds kinds by the words of whoever reports: a name, an everyday word, a whole sentence.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use kernel::language::folded;

use super::{Condition, Kind};

/// The longest sentence that is looked at, in characters.
const LONGEST: usize = 120;
/// What a whole word found in the sentence adds for each of its characters.
const WORD: usize = 40;
/// What a word of three characters or more adds for each of them if they stand in their order with a few others
/// between: 楼道灯 in 楼道里那盏灯.
const SCATTERED: usize = 35;
/// The fewest characters of such a word, and the most that may stand between two of them.
const SCATTERED_CHARACTERS: usize = 3;
const BETWEEN: usize = 3;
/// What an English phrase found in the sentence adds for each of its words.
const ENGLISH: usize = 90;
/// A part of a condition tells so many times less than a part of a name, because many kinds share conditions.
const CONDITION: usize = 4;

/// What is known of the words of each kind.
#[derive(Clone, Debug)]
pub(super) struct Index {
    kinds: Vec<Words>,
    /// How many kinds have a pair of characters, or an English word.
    held: BTreeMap<String, usize>,
}

/// What is known of the words of one kind.
#[derive(Clone, Debug)]
struct Words {
    /// Its names and everyday words.
    spoken: Vec<Spoken>,
    /// The pairs and English words of these.
    names: Vec<String>,
    /// Those that only its conditions have.
    conditions: Vec<String>,
}

/// A name or an everyday word, folded.
#[derive(Clone, Debug)]
enum Spoken {
    Chinese(Vec<char>),
    English(Vec<String>),
}

/// What somebody said.
struct Sentence {
    characters: Vec<char>,
    english: Vec<String>,
    parts: Vec<String>,
}

impl Sentence {
    fn read(text: &str) -> Self {
        let said: String = folded(text).chars().take(LONGEST).collect();
        Self { characters: said.chars().collect(), english: english(&said), parts: tokens(&said) }
    }

    /// Where a whole word begins in it.
    fn begins(&self, word: &[char]) -> Option<usize> {
        if word.is_empty() {
            return None;
        }
        self.characters.windows(word.len()).position(|window| window == word)
    }

    /// Whether the characters of a word stand in it in their order, with a few others between.
    fn scatters(&self, word: &[char]) -> bool {
        let Some((first, rest)) = word.split_first() else { return false };
        let goes_on = |start: usize| {
            let end = rest.iter().try_fold(start, |at, sign| {
                let next = self.characters.iter().skip(at + 1).take(BETWEEN + 1).position(|other| other == sign)?;
                Some(at + 1 + next)
            });
            end.is_some()
        };
        self.characters.iter().enumerate().any(|(at, sign)| sign == first && goes_on(at))
    }

    /// What one word of a kind is worth in it. The longer a word, the more it says.
    fn worth(&self, word: &Spoken) -> usize {
        match word {
            Spoken::Chinese(word) if self.begins(word).is_some() => word.len() * WORD,
            Spoken::Chinese(word) if word.len() >= SCATTERED_CHARACTERS && self.scatters(word) => {
                word.len() * SCATTERED
            }
            Spoken::English(words) if !words.is_empty() => {
                let is_said = self.english.windows(words.len()).any(|window| window == words.as_slice());
                if is_said { words.len() * ENGLISH } else { 0 }
            }
            _ => 0,
        }
    }

    /// How many of its characters belong to whole words of a kind.
    fn covered(&self, spoken: &[Spoken]) -> usize {
        let stands = |word: &Spoken| match word {
            Spoken::Chinese(word) => self.begins(word).map(|at| at..at + word.len()),
            Spoken::English(_) => None,
        };
        spoken.iter().filter_map(stands).flatten().collect::<BTreeSet<usize>>().len()
    }
}

impl Index {
    /// Prepares the kinds.
    pub fn new(kinds: &[Kind]) -> Self {
        let kinds: Vec<Words> = kinds.iter().map(Words::of).collect();
        let mut held = BTreeMap::new();
        for part in kinds.iter().flat_map(|kind| kind.names.iter().chain(&kind.conditions)) {
            *held.entry(part.clone()).or_default() += 1;
        }
        Self { kinds, held }
    }

    /// The places of the kinds that answer, the best first.
    pub fn search(&self, sentence: &str, most: usize) -> Vec<usize> {
        let said = Sentence::read(sentence);
        let scored = self.kinds.iter().enumerate().map(|(at, kind)| (Reverse(self.score(kind, &said)), at));
        let mut found: Vec<(Reverse<usize>, usize)> = scored.filter(|(Reverse(score), _)| *score > 0).collect();
        found.sort_unstable();
        found.into_iter().take(most).map(|(_, at)| at).collect()
    }

    /// Whether a word of that kind was said, and not only a part of one.
    pub fn is_said(&self, at: usize, sentence: &str) -> bool {
        let said = Sentence::read(sentence);
        self.kinds.get(at).is_some_and(|kind| kind.spoken.iter().any(|word| said.worth(word) > 0))
    }

    /// The best word of a kind counts in full, what else its words cover of the sentence by half, then what they share.
    fn score(&self, kind: &Words, said: &Sentence) -> usize {
        let best = kind.spoken.iter().map(|word| said.worth(word)).max().unwrap_or_default();
        let more = (said.covered(&kind.spoken) * WORD).saturating_sub(best) / 2;
        let shared = |parts: &[String]| -> usize {
            said.parts.iter().filter(|part| parts.contains(part)).map(|part| self.weight(part)).sum()
        };
        best + more + shared(&kind.names) + shared(&kind.conditions) / CONDITION
    }

    /// The rarer, the heavier.
    fn weight(&self, part: &str) -> usize {
        (self.kinds.len() / self.held.get(part).copied().unwrap_or(1).max(1)).min(WORD)
    }
}

impl Words {
    fn of(kind: &Kind) -> Self {
        let words: Vec<String> =
            [&kind.name.zh, &kind.name.en].into_iter().chain(&kind.words).map(|word| folded(word)).collect();
        let names = each_once(words.iter().flat_map(|word| tokens(word)));
        let when = kind.conditions.iter().flat_map(|condition| [&condition.when.zh, &condition.when.en]);
        let mut conditions = each_once(when.flat_map(|text| tokens(&folded(text))));
        conditions.retain(|part| !names.contains(part));
        Self { spoken: words.iter().map(|word| Spoken::of(word)).collect(), names, conditions }
    }
}

impl Spoken {
    fn of(word: &str) -> Self {
        if word.is_ascii() { Self::English(english(word)) } else { Self::Chinese(word.chars().collect()) }
    }
}

impl Kind {
    /// Its conditions, those first in which life is in danger, then those that share most with what was said, and else
    /// in the order of the catalogue.
    #[must_use]
    pub fn conditions_by(&self, sentence: &str) -> Vec<&Condition> {
        let asked = tokens(&folded(sentence).chars().take(LONGEST).collect::<String>());
        let shared = |condition: &Condition| {
            let texts = [&condition.when.zh, &condition.when.en].into_iter().chain(&condition.words);
            let parts = each_once(texts.flat_map(|text| tokens(&folded(text))));
            parts.iter().filter(|part| asked.contains(part)).count()
        };
        let mut conditions: Vec<&Condition> = self.conditions.iter().collect();
        conditions.sort_by_cached_key(|condition| (condition.stop.is_none(), Reverse(shared(condition))));
        conditions
    }
}

/// The words of a text without their endings, in the order of the text.
fn english(text: &str) -> Vec<String> {
    text.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(plain).collect()
}

/// An English word without its ending: `lamps` is `lamp`, `barking` is `bark`.
pub(super) fn plain(word: &str) -> String {
    let ending = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 3);
    let one = || word.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with('s'));
    ending("ing").or_else(|| ending("ed")).or_else(one).unwrap_or(word).to_owned()
}

/// Pairs of Chinese characters and English words of three letters and more, each once.
fn tokens(text: &str) -> Vec<String> {
    let said = kernel::search::query(text).into_iter().filter(|token| {
        if token.is_ascii() { token.len() > 2 && !EMPTY.contains(&token.as_str()) } else { token.chars().count() > 1 }
    });
    each_once(said.map(|token| if token.is_ascii() { plain(&token) } else { token }))
}

fn each_once(parts: impl Iterator<Item = String>) -> Vec<String> {
    parts.collect::<BTreeSet<String>>().into_iter().collect()
}

/// English words that say nothing of a matter.
const EMPTY: [&str; 23] = [
    "the", "and", "has", "have", "not", "near", "our", "there", "this", "that", "with", "are", "all", "for", "from",
    "its", "been", "was", "were", "too", "out", "off", "very",
];
