//! Finds items by what people type: words, everyday words, pinyin, initials, codes, English.
//!
//! The index is made once; a question walks over a hundred-odd prepared entries. Scores say how good a match is, not
//! how important an item is; among equals the order of the catalogue holds.

use super::guide::{Guide, Synonym};
use super::item::Item;
use super::reading::Reading;
use super::reference::Department;
use kernel::language::{Lang, folded, plain_pinyin};
use std::collections::{BTreeMap, BTreeSet};

/// The longest question that is looked at, in characters.
const LONGEST_QUESTION: usize = 120;

/// The pairs of characters that an unknown word shares with an item at least, unless it has fewer.
const LEAST_PAIRS: usize = 2;

/// Scores of a match, from the surest to the vaguest.
pub(super) mod score {
    pub const CODE: u32 = 1000;
    pub const WHOLE_NAME: u32 = 950;
    pub const WHOLE_KEYWORD: u32 = 900;
    pub const CODE_BEGINS: u32 = 700;
    pub const NAME_BEGINS: u32 = 620;
    pub const KEYWORD_BEGINS: u32 = 600;
    pub const IN_NAME: u32 = 500;
    pub const IN_KEYWORD: u32 = 450;
    pub const WORD_BEGINS: u32 = 400;
    pub const DEPARTMENT: u32 = 300;
    pub const IN_SUMMARY: u32 = 200;
    pub const IN_GUIDE: u32 = 100;
}

/// English words that carry no meaning in a question.
const EMPTY_WORDS: [&str; 28] = [
    "a", "an", "and", "apply", "are", "at", "be", "can", "do", "for", "get", "how", "i", "in", "is", "it", "me", "my",
    "need", "of", "on", "or", "our", "the", "to", "want", "where", "with",
];

/// The prepared catalogue.
#[derive(Clone, Debug)]
pub(super) struct Index {
    entries: Vec<Entry>,
    /// The entries in which a pair of characters stands.
    pairs: BTreeMap<(char, char), Vec<usize>>,
    /// Words that mean the same, each with all of its group.
    same: BTreeMap<String, Vec<String>>,
}

/// One item as the search sees it; all texts folded.
#[derive(Clone, Debug)]
struct Entry {
    code: String,
    /// The code without its hyphen.
    code_joined: String,
    name: String,
    keywords: Vec<String>,
    summary: String,
    department: String,
    /// How the name and then the keywords are typed, each in all its spellings.
    readings: Vec<Vec<Reading>>,
    english: English,
    pairs: BTreeSet<(char, char)>,
    /// The pairs of the questions in its guide.
    guide_pairs: BTreeSet<(char, char)>,
}

/// The English side of an item.
#[derive(Clone, Debug)]
struct English {
    name: String,
    keywords: Vec<String>,
    name_words: BTreeSet<String>,
    keyword_words: BTreeSet<String>,
    other_words: BTreeSet<String>,
}

impl Index {
    /// Prepares the items.
    pub fn new(
        items: &[Item],
        departments: &[Department],
        synonyms: &[Synonym],
        guides: &BTreeMap<String, Guide>,
    ) -> Self {
        let entry = |item: &Item| Entry::new(item, departments, guides.get(&item.code));
        let entries: Vec<Entry> = items.iter().map(entry).collect();
        let mut pairs: BTreeMap<(char, char), Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            entry.pairs.iter().for_each(|pair| pairs.entry(*pair).or_default().push(at));
        }
        let mut same: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for synonym in synonyms {
            let group: Vec<String> = synonym.words.iter().chain(&synonym.en).map(|word| fold(word)).collect();
            for word in &group {
                same.entry(word.clone()).or_default().extend(group.iter().filter(|other| *other != word).cloned());
            }
        }
        Self { entries, pairs, same }
    }

    /// How well an entry answers a word, or one that means the same.
    fn term(&self, entry: &Entry, term: &str, lang: Lang) -> u32 {
        let others = self.same.get(term).map(Vec::as_slice).unwrap_or_default();
        let means = |other: &String| {
            let score = if other.is_ascii() { entry.english.phrase(other) } else { entry.written(other) };
            score * 4 / 5
        };
        others.iter().map(means).fold(entry.term(term, lang), u32::max)
    }

    /// A question as it is compared.
    pub fn question(words: &str) -> String {
        fold(&words.chars().take(LONGEST_QUESTION).collect::<String>())
    }

    /// The places of the items that hold every word of a question, each with its score.
    pub fn exact(&self, question: &str, lang: Lang) -> BTreeMap<usize, u32> {
        let terms = terms(question);
        if terms.is_empty() {
            return BTreeMap::new();
        }
        self.scored(|entry| self.all(entry, question, &terms, lang))
    }

    /// The places of the items that hold some of it, each with its score.
    pub fn loose(&self, question: &str, lang: Lang) -> BTreeMap<usize, u32> {
        let terms = terms(question);
        self.scored(|entry| self.loosely(entry, &terms, lang))
    }

    /// The places of the items that hold a word of the catalogue, or one that means the same.
    pub fn holding(&self, term: &str) -> BTreeMap<usize, u32> {
        let mut found = BTreeMap::new();
        let others = self.same.get(term).map(Vec::as_slice).unwrap_or_default();
        let own = std::iter::once((term, 5)).chain(others.iter().map(|other| (other.as_str(), 4)));
        for (word, share) in own {
            for at in self.candidates(word) {
                let Some(entry) = self.entries.get(at) else { continue };
                let score = if word.is_ascii() { entry.english.phrase_or_words(word) } else { entry.written(word) };
                let best = found.entry(at).or_default();
                *best = u32::max(*best, score * share / 5);
            }
        }
        found.retain(|_, score| *score > 0);
        found
    }

    /// The entries that may hold a word: those with its rarest pair of characters, or all of them.
    fn candidates(&self, word: &str) -> Vec<usize> {
        let pairs = pairs_of(word);
        let holders = pairs.iter().map(|pair| self.pairs.get(pair).map(Vec::as_slice).unwrap_or_default());
        match holders.min_by_key(|holders| holders.len()) {
            Some(holders) => holders.to_vec(),
            None => (0..self.entries.len()).collect(),
        }
    }

    /// The places of the items that hold an unknown word: an English one of theirs, or one typed in pinyin.
    pub fn typed(&self, word: &str, lang: Lang) -> BTreeMap<usize, u32> {
        self.scored(|entry| entry.term(word, lang))
    }

    /// The places of the items that bear a name, or an everyday word, that is typed with these letters. They may stop
    /// before its end, and begin within it where they make up a word.
    pub fn named_by(&self, letters: &str) -> BTreeSet<usize> {
        let is_named = |entry: &Entry| letters.len() > 1 && entry.typed(letters) > 0;
        let named = self.entries.iter().enumerate().filter(|(_, entry)| is_named(entry));
        named.map(|(at, _)| at).collect()
    }

    /// The places of the items that share pairs of characters with unknown words, or whose guide does.
    pub fn near(&self, words: &str) -> BTreeMap<usize, u32> {
        let pairs = pairs_of(words);
        let in_guide = |entry: &Entry| pairs.iter().filter(|pair| entry.guide_pairs.contains(pair)).count();
        self.scored(|entry| {
            let guided = if in_guide(entry) > 0 { score::IN_GUIDE / 10 } else { 0 };
            self.shared_pairs(entry, words) + guided
        })
    }

    fn scored(&self, score: impl Fn(&Entry) -> u32) -> BTreeMap<usize, u32> {
        self.entries.iter().map(score).enumerate().filter(|(_, score)| *score > 0).collect()
    }

    /// How well an entry answers a question of which it does not hold every word: the words it holds, and the pairs of
    /// characters, the rarer the heavier.
    fn loosely(&self, entry: &Entry, terms: &[&str], lang: Lang) -> u32 {
        terms.iter().map(|term| self.term(entry, term, lang).max(self.nearly(entry, term))).sum()
    }

    /// How near an entry is to a word that it does not hold. A word that only shares its beginning or its end means
    /// something else: 社区矫正 is no 社区 job.
    fn nearly(&self, entry: &Entry, term: &str) -> u32 {
        let pairs = pairs_of(term);
        let shared = pairs.iter().filter(|pair| entry.pairs.contains(pair)).count();
        let is_near = shared >= LEAST_PAIRS.min(pairs.len()) && shared * 2 >= pairs.len();
        if is_near { self.shared_pairs(entry, term) } else { 0 }
    }

    /// How well an entry answers the question if it holds every word of it, else 0.
    fn all(&self, entry: &Entry, question: &str, terms: &[&str], lang: Lang) -> u32 {
        let joined: String = question.split_whitespace().collect();
        let whole = self.term(entry, &joined, lang).max(entry.english.phrase(question));
        let each: Vec<u32> = terms.iter().map(|term| self.term(entry, term, lang)).collect();
        let complete = each.iter().all(|score| *score > 0);
        let count = u32::try_from(each.len()).unwrap_or(u32::MAX).max(1);
        let mean = if complete { each.iter().sum::<u32>() / count } else { 0 };
        whole.max(mean)
    }

    fn shared_pairs(&self, entry: &Entry, term: &str) -> u32 {
        let shared = pairs_of(term).into_iter().filter(|pair| entry.pairs.contains(pair));
        let weights = shared.map(|pair| self.entries.len() / self.pairs.get(&pair).map_or(1, Vec::len).max(1));
        weights.map(|weight| u32::try_from(weight.max(1)).unwrap_or(u32::MAX)).sum()
    }
}

impl Entry {
    fn new(item: &Item, departments: &[Department], guide: Option<&Guide>) -> Self {
        let department = departments.iter().find(|department| department.code == item.department);
        let department_en = department.map(|department| department.name.en.as_str()).unwrap_or_default();
        let code = fold(&item.code);
        let name = fold(&item.name.zh);
        let keywords: Vec<String> = item.keywords.zh.iter().map(|word| fold(word)).collect();
        let summary = fold(&item.summary.zh);
        let texts = || std::iter::once(&name).chain(&keywords);
        let asked = guide.map(|guide| guide.faq.as_slice()).unwrap_or_default();
        Self {
            code_joined: code.replace('-', ""),
            readings: texts().map(|word| Reading::all(word)).collect(),
            pairs: texts().chain(std::iter::once(&summary)).flat_map(|text| pairs_of(text)).collect(),
            guide_pairs: asked.iter().flat_map(|asked| pairs_of(&fold(&asked.question.zh))).collect(),
            department: department.map(|department| fold(&department.name.zh)).unwrap_or_default(),
            english: English::new(item, department_en),
            code,
            name,
            keywords,
            summary,
        }
    }

    /// How well this answers one word.
    fn term(&self, term: &str, lang: Lang) -> u32 {
        if term.is_ascii() {
            let (typed, english) = (self.typed(term), self.english.word(term));
            let (typed, english) = match lang {
                Lang::Zh => (typed, english * 2 / 3),
                Lang::En => (typed * 2 / 3, english),
            };
            return self.by_code(term).max(typed).max(english).max(self.written(term));
        }
        self.written(term)
    }

    fn by_code(&self, term: &str) -> u32 {
        if self.code == term || self.code_joined == term {
            return score::CODE;
        }
        let begins = term.len() > 1 && (self.code.starts_with(term) || self.code_joined.starts_with(term));
        if begins { score::CODE_BEGINS } else { 0 }
    }

    /// The word as it is written, in the Chinese texts.
    fn written(&self, term: &str) -> u32 {
        if self.name == term {
            return score::WHOLE_NAME;
        }
        let keyword = |found: fn(&str, &str) -> bool| self.keywords.iter().any(|keyword| found(keyword, term));
        if keyword(|keyword, term| keyword == term) {
            return score::WHOLE_KEYWORD;
        }
        if self.name.starts_with(term) {
            return score::NAME_BEGINS;
        }
        if keyword(|keyword, term| keyword.starts_with(term)) {
            return score::KEYWORD_BEGINS;
        }
        if self.name.contains(term) {
            return score::IN_NAME;
        }
        if keyword(|keyword, term| keyword.contains(term)) {
            return score::IN_KEYWORD;
        }
        if self.department == term {
            return score::DEPARTMENT;
        }
        if self.summary.contains(term) { score::IN_SUMMARY } else { 0 }
    }

    /// The word as pinyin or initials.
    fn typed(&self, term: &str) -> u32 {
        let mut best = 0;
        for (at, spellings) in self.readings.iter().enumerate() {
            let is_name = at == 0;
            best = spellings.iter().map(|reading| typed(reading, is_name, term)).fold(best, u32::max);
        }
        best
    }
}

fn typed(reading: &Reading, is_name: bool, term: &str) -> u32 {
    if reading.initials == term || reading.full == term {
        return if is_name { score::WHOLE_NAME } else { score::WHOLE_KEYWORD };
    }
    if reading.initials.starts_with(term) || reading.full.starts_with(term) {
        return if is_name { score::NAME_BEGINS } else { score::KEYWORD_BEGINS };
    }
    let inside = term.len() > 1 && (reading.initials.contains(term) || reading.contains(term));
    match (inside, is_name) {
        (true, true) => score::IN_NAME,
        (true, false) => score::IN_KEYWORD,
        (false, _) => 0,
    }
}

impl English {
    fn new(item: &Item, department: &str) -> Self {
        let keywords: Vec<String> = item.keywords.en.iter().map(|phrase| fold(phrase)).collect();
        Self {
            name: fold(&item.name.en),
            name_words: words(&item.name.en),
            keyword_words: keywords.iter().flat_map(|phrase| words(phrase)).collect(),
            other_words: words(&item.summary.en).into_iter().chain(words(department)).collect(),
            keywords,
        }
    }

    /// The whole question as a name or phrase.
    fn phrase(&self, question: &str) -> u32 {
        if self.name == question {
            return score::WHOLE_NAME;
        }
        if self.keywords.iter().any(|phrase| phrase == question) { score::WHOLE_KEYWORD } else { 0 }
    }

    /// The whole as a name or phrase, or each of its words somewhere.
    fn phrase_or_words(&self, question: &str) -> u32 {
        let each: Vec<u32> = question.split_whitespace().map(|word| self.word(word)).collect();
        let complete = each.iter().all(|score| *score > 0);
        let count = u32::try_from(each.len()).unwrap_or(u32::MAX).max(1);
        let mean = if complete { each.iter().sum::<u32>() / count } else { 0 };
        self.phrase(question).max(mean)
    }

    fn word(&self, term: &str) -> u32 {
        let stem = stem(term);
        if self.keywords.iter().any(|phrase| phrase == term) {
            return score::WHOLE_KEYWORD;
        }
        if self.name_words.contains(stem) {
            return score::IN_NAME;
        }
        if self.keyword_words.contains(stem) {
            return score::IN_KEYWORD;
        }
        let begins = |word: &String| word.starts_with(stem);
        if stem.len() > 2 && (self.name_words.iter().any(begins) || self.keyword_words.iter().any(begins)) {
            return score::WORD_BEGINS;
        }
        if self.other_words.contains(stem) { score::IN_SUMMARY } else { 0 }
    }
}

/// The words of an English text, folded and without the plural's s.
fn words(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    folded
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| stem(word).to_owned())
        .collect()
}

/// A word without the plural's s.
pub(super) fn stem(word: &str) -> &str {
    let plural = word.len() > 3 && !word.ends_with("ss");
    if plural { word.strip_suffix('s').unwrap_or(word) } else { word }
}

/// The words of a question; empty English words only count when there is nothing else.
fn terms(question: &str) -> Vec<&str> {
    let separates = |sign: char| sign.is_whitespace() || ",.?!;:，。？！；：、".contains(sign);
    let all: Vec<&str> = question.split(separates).filter(|term| !term.is_empty()).collect();
    let full: Vec<&str> = all.iter().copied().filter(|term| !EMPTY_WORDS.contains(term)).collect();
    if full.is_empty() { all } else { full }
}

/// The pairs of neighbouring Chinese characters.
fn pairs_of(text: &str) -> Vec<(char, char)> {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs
        .filter(|(first, second)| {
            !first.is_ascii() && !second.is_ascii() && first.is_alphabetic() && second.is_alphabetic()
        })
        .collect()
}

/// Lower case, full-width letters and digits made plain, traditional characters simplified, ü as v, surrounding blanks
/// off.
pub(super) fn fold(text: &str) -> String {
    plain_pinyin(&folded(text)).trim().replace('’', "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_folded() {
        let table = [
            ("  ＭＺ－１１　", "mz-11"),
            ("８０岁", "80岁"),
            ("\u{dc}BER \u{fc}", "vber v"),
            ("household’s", "household's"),
            ("ＡＢ　ｃ", "ab c"),
            ("İ", "i\u{307}"),
            ("高齡津貼", "高龄津贴"),
            ("nǚ’ér", "nv'er"),
            ("", ""),
        ];
        for (typed, folded) in table {
            assert_eq!(fold(typed), folded, "{typed}");
        }
    }

    #[test]
    fn a_question_is_parted_into_words_that_carry_a_meaning() {
        let table: [(&str, &[&str]); 7] = [
            ("how do i get a senior card", &["senior", "card"]),
            ("where is the", &["where", "is", "the"]),
            ("社保卡，丢了？", &["社保卡", "丢了"]),
            ("低保、高龄；残疾：轮椅！", &["低保", "高龄", "残疾", "轮椅"]),
            ("mz-11", &["mz-11"]),
            ("？！ ,;", &[]),
            ("", &[]),
        ];
        for (question, expected) in table {
            assert_eq!(terms(question), expected, "{question}");
        }
    }

    #[test]
    fn plurals_are_found_by_their_singular() {
        let table =
            [("cards", "card"), ("card", "card"), ("bus", "bus"), ("illness", "illness"), ("fees", "fee"), ("s", "s")];
        for (word, expected) in table {
            assert_eq!(stem(word), expected);
        }
        let found: Vec<String> = words("Lost cards, the CARD (and fees)").into_iter().collect();
        assert_eq!(found, ["and", "card", "fee", "lost", "the"]);
    }

    #[test]
    fn pairs_are_of_neighbouring_chinese_characters() {
        let table: [(&str, &[(char, char)]); 5] = [
            ("社保卡", &[('社', '保'), ('保', '卡')]),
            ("80岁以上", &[('岁', '以'), ('以', '上')]),
            ("证、卡", &[]),
            ("卡", &[]),
            ("card", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(pairs_of(text), expected, "{text}");
        }
    }

    #[test]
    fn pinyin_counts_the_more_the_surer_it_is() {
        let reading = Reading::of("高龄津贴");
        let table = [
            ("gljt", true, score::WHOLE_NAME),
            ("gaolingjintie", false, score::WHOLE_KEYWORD),
            ("gl", true, score::NAME_BEGINS),
            ("gaol", false, score::KEYWORD_BEGINS),
            ("g", true, score::NAME_BEGINS),
            ("jt", true, score::IN_NAME),
            ("jintie", false, score::IN_KEYWORD),
            ("t", true, 0),
            ("aoling", true, 0),
        ];
        for (term, is_name, expected) in table {
            assert_eq!(typed(&reading, is_name, term), expected, "{term} {is_name}");
        }
    }
}
