//! Reads a sentence: an age, for whom, what is wanted, and the words that name a matter. What carries no meaning falls
//! away.

use super::asking::{Age, Elsewhere, OLDEST, People, Person};
use super::item::IssuedKind;
use super::numeral::number_at;
use super::search::{fold, stem};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// What a word means; one word may mean several things, and nothing at all if it carries no meaning.
#[derive(Clone, Debug, Default)]
struct Meaning {
    relation: Option<usize>,
    wants: Vec<usize>,
    situations: Vec<usize>,
    elsewhere: Vec<usize>,
    /// The words of the catalogue that are written so, as the search compares them.
    topics: Vec<String>,
}

/// Every word that is understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    words: BTreeMap<String, Meaning>,
}

/// What was understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Sentence {
    /// For whom.
    pub person: Person,
    /// Places of the wants.
    pub wants: BTreeSet<usize>,
    /// Words that name matters, each in all its spellings.
    pub topics: Vec<Vec<String>>,
    /// How many signs the topics have.
    pub signs: usize,
    /// A word names both a matter of the catalogue and one that is done elsewhere.
    pub is_both: bool,
    /// What is done elsewhere: its place, and how many signs said so.
    pub elsewhere: BTreeMap<usize, usize>,
    /// Words that nobody knows.
    pub rest: Vec<String>,
}

/// A sign that parts words.
const BREAK: &str = "|";

/// The pieces of a text: a Chinese character, or a word of letters and digits without its plural's s.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut word) = (Vec::new(), String::new());
    for sign in fold(text).chars() {
        if sign.is_ascii_alphanumeric() {
            let turns = word.chars().next_back().is_some_and(|last| last.is_ascii_digit() != sign.is_ascii_digit());
            if turns {
                end_word(&mut pieces, &mut word);
            }
            word.push(sign);
            continue;
        }
        end_word(&mut pieces, &mut word);
        if sign.is_alphanumeric() {
            pieces.push(sign.to_string());
        } else if !sign.is_whitespace() && !"-'".contains(sign) {
            pieces.push(BREAK.to_owned());
        }
    }
    end_word(&mut pieces, &mut word);
    pieces
}

fn end_word(pieces: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        pieces.push(stem(word).to_owned());
        word.clear();
    }
}

/// Pieces as one text: two words of letters with a blank between them.
pub(super) fn joined(pieces: &[String]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let ascii = |sign: Option<char>| sign.is_some_and(|sign| sign.is_ascii());
        if ascii(text.chars().next_back()) && ascii(piece.chars().next()) {
            text.push(' ');
        }
        text.push_str(piece);
    }
    text
}

impl Vocabulary {
    /// The words of people, of what is done elsewhere, of the catalogue, and those that carry no meaning.
    pub fn new<'a>(
        people: &People,
        elsewhere: &[Elsewhere],
        topics: impl Iterator<Item = &'a String>,
        empty: impl Iterator<Item = &'a String>,
    ) -> Self {
        let mut vocabulary = Self::default();
        for word in empty {
            vocabulary.meaning(word);
        }
        for (at, relation) in people.relations.iter().enumerate() {
            relation.words.both().for_each(|word| vocabulary.meaning(word).relation = Some(at));
        }
        for (at, want) in people.wants.iter().enumerate() {
            want.words.both().for_each(|word| vocabulary.meaning(word).wants.push(at));
        }
        for (at, situation) in people.situations.iter().enumerate() {
            situation.words.both().for_each(|word| vocabulary.meaning(word).situations.push(at));
        }
        for (at, one) in elsewhere.iter().enumerate() {
            for word in one.words.both() {
                let meant = &mut vocabulary.meaning(word).elsewhere;
                if !meant.contains(&at) {
                    meant.push(at);
                }
            }
        }
        for word in topics {
            vocabulary.meaning(word).topics.push(fold(word));
        }
        vocabulary
    }

    fn meaning(&mut self, word: &str) -> &mut Meaning {
        self.words.entry(joined(&pieces(word))).or_default()
    }

    /// The longest word that begins at a piece, with how many pieces it has.
    fn longest(&self, pieces: &[String]) -> Option<(&str, &Meaning, usize)> {
        let mut found = None;
        for length in 1..=pieces.len() {
            let Some(part) = pieces.get(..length) else { break };
            let text = joined(part);
            let mut from = self.words.range::<str, _>((Bound::Included(text.as_str()), Bound::Unbounded));
            let Some((word, meaning)) = from.next().filter(|(word, _)| word.starts_with(&text)) else { break };
            if *word == text {
                found = Some((word.as_str(), meaning, length));
            }
        }
        found
    }

    /// Whether the pieces before a number are a word for somebody, or one that announces an age.
    fn announces(&self, before: &[String]) -> bool {
        let breaks = before.iter().rev().take_while(|piece| *piece == BREAK).count();
        let before = before.get(..before.len() - breaks).unwrap_or_default();
        let known = |length: usize| {
            let part = before.len().checked_sub(length).and_then(|from| before.get(from..));
            part.is_some_and(|part| {
                let word = joined(part);
                ANNOUNCING.contains(&word.as_str()) || self.words.get(&word).is_some_and(|one| one.relation.is_some())
            })
        };
        (1..=LONGEST_RELATION).any(known)
    }

    /// Reads a sentence.
    pub fn read(&self, text: &str, people: &People) -> Sentence {
        let mut pieces = pieces(text);
        let mut sentence = Sentence::default();
        if let Some((age, from, length)) = self.age(&pieces) {
            sentence.person.age = Some(age);
            pieces.splice(from..from + length, [BREAK.to_owned()]);
        }
        let mut at = 0;
        let mut unknown: Vec<String> = Vec::new();
        while let Some(left) = pieces.get(at..).filter(|left| !left.is_empty()) {
            let known = self.longest(left);
            if let Some((word, meaning, length)) =
                known.filter(|known| !unknown_ends(&unknown, known.0, known.1, people))
            {
                sentence.unknown(&mut unknown);
                sentence.add(word, meaning, people);
                at += length;
                continue;
            }
            if let Some(piece) = left.first().filter(|piece| *piece != BREAK) {
                unknown.push(piece.clone());
            } else {
                sentence.unknown(&mut unknown);
            }
            at += 1;
        }
        sentence.unknown(&mut unknown);
        sentence
    }

    /// The first age of a sentence, with the pieces that say it.
    fn age(&self, pieces: &[String]) -> Option<(Age, usize, usize)> {
        (0..pieces.len()).find_map(|at| {
            let left = pieces.get(at..)?;
            let (number, length) = number_at(left)?;
            let behind = left.get(length..)?;
            let word = |place: usize| behind.get(place).map_or("", String::as_str);
            let about = usize::from(["多", "来", "几"].contains(&word(0)));
            let unit = match (word(about), word(about + 1), word(about + 2)) {
                ("岁", "的" | "大", _) | ("周", "岁", _) | ("year" | "yr", "old" | "young", _) => about + 2,
                ("岁" | "yo" | "y", ..) => about + 1,
                ("month" | "week" | "day", "old", _) => return Some((Age::of(months(number)), at, length + 2)),
                ("个", "月", "大" | "的") => return Some((Age::of(months(number)), at, length + 3)),
                (next, ..) => {
                    let told = number >= LEAST_BARE && self.announces(pieces.get(..at)?) && !MEASURES.contains(&next);
                    about + usize::from(told.then_some(next)? == "了")
                }
            };
            let years = u8::try_from(number).ok().filter(|years| *years <= OLDEST)?;
            Some((Age::of(years), at, length + unit))
        })
    }
}

/// Whether a word only ends an unknown one: 证 of 技师证 asks for no certificate whatever.
fn unknown_ends(unknown: &[String], word: &str, meaning: &Meaning, people: &People) -> bool {
    let mut wants = meaning.wants.iter().filter_map(|at| people.wants.get(*at));
    let is_certificate = wants.any(|want| want.result == Some(IssuedKind::Certificate));
    !unknown.is_empty() && word.chars().count() == 1 && meaning.topics.is_empty() && is_certificate
}

/// Whole years of an age in months.
fn months(number: u32) -> u8 {
    u8::try_from(number / 12).unwrap_or(0)
}

/// The least number that is an age though no unit stands behind it.
const LEAST_BARE: u32 = 10;
/// The most pieces of a word for somebody.
const LONGEST_RELATION: usize = 4;
/// Words behind which a number is an age.
const ANNOUNCING: [&str; 24] = [
    "满", "年满", "快", "今年", "都", "已经", "奔", "年纪", "年龄", "岁数", "有", "is", "am", "m", "age", "aged",
    "over", "turned", "turning", "turn", "she", "he", "above", "nearly",
];
/// What stands behind a number that is no age.
const MEASURES: [&str; 35] = [
    "元", "块", "平", "天", "个", "号", "年", "月", "级", "楼", "次", "万", "千", "百", "米", "分", "点", "人", "口",
    "户", "路", "栋", "度", "周", "倍", "yuan", "rmb", "day", "month", "year", "week", "percent", "people", "metre",
    "square",
];

impl Sentence {
    fn unknown(&mut self, run: &mut Vec<String>) {
        if !run.is_empty() {
            self.rest.push(joined(run));
            run.clear();
        }
    }

    fn add(&mut self, word: &str, meaning: &Meaning, people: &People) {
        let named = meaning.relation.and_then(|at| people.relations.get(at)).map(|relation| relation.code.clone());
        if let Some(code) = named {
            let weak = self.person.relation.as_deref().is_none_or(|before| before == super::asking::MYSELF);
            if weak {
                self.person.relation = Some(code);
            }
        }
        self.wants.extend(&meaning.wants);
        let situations = meaning.situations.iter().filter_map(|at| people.situations.get(*at));
        self.person.situations.extend(situations.map(|situation| situation.code.clone()));
        for at in &meaning.elsewhere {
            *self.elsewhere.entry(*at).or_default() += word.chars().count();
        }
        let is_generic = meaning.wants.iter().filter_map(|at| people.wants.get(*at)).any(|want| want.result.is_some());
        if !meaning.topics.is_empty() && !is_generic {
            self.is_both |= !meaning.elsewhere.is_empty();
            self.topics.push(meaning.topics.clone());
            self.signs += word.chars().count();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    #[test]
    fn a_text_is_cut_into_characters_and_words() {
        let table: [(&str, &[&str]); 6] = [
            ("我妈85岁", &["我", "妈", "85", "岁"]),
            ("８５ 歲，媽媽", &["85", "岁", "|", "妈", "妈"]),
            ("my mother's cards", &["my", "mother", "s", "card"]),
            ("85-year-old", &["85", "year", "old"]),
            ("85yo", &["85", "yo"]),
            ("", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(pieces(text), expected, "{text}");
        }
        assert_eq!(joined(&pieces("old-age 津贴 80岁")), "old age津贴80岁");
    }

    #[test]
    fn ages_are_read_in_every_way_in_which_people_say_them() {
        let catalogue = catalogue();
        let table = [
            ("给85岁的妈妈能领什么钱", Some(85)),
            ("我妈85岁", Some(85)),
            ("我妈85", Some(85)),
            ("我妈，85了", Some(85)),
            ("媽媽８５歲", Some(85)),
            ("我妈八十五岁", Some(85)),
            ("奶奶九十多岁了", Some(90)),
            ("爷爷一百零二岁", Some(102)),
            ("满80周岁", Some(80)),
            ("我今年六十", Some(60)),
            ("孩子两岁", Some(2)),
            ("宝宝8个月大", Some(0)),
            ("孩子十八周岁", Some(18)),
            ("my mother is 85", Some(85)),
            ("my 85-year-old mother", Some(85)),
            ("she is eighty-five years old", Some(85)),
            ("I'm 28", Some(28)),
            ("over 80", Some(80)),
            ("a 3 year old child", Some(3)),
            ("my baby is 8 months old", Some(0)),
            ("4050补贴", None),
            ("一个人", None),
            ("我妈住院花了85元", None),
            ("每月300块", None),
            ("住在11号楼", None),
            ("200岁", None),
            ("12345", None),
            ("two rooms", None),
            ("", None),
        ];
        for (text, age) in table {
            let read = catalogue.vocabulary.read(text, catalogue.people());
            assert_eq!(read.person.age.map(|age| age.from), age, "{text}: {read:?}");
        }
    }

    #[test]
    fn people_and_their_situations_are_understood() {
        let catalogue = catalogue();
        let table: [(&str, &str, &[&str]); 14] = [
            ("给85岁的妈妈能领什么钱", "mother", &[]),
            ("我婆婆", "mother", &[]),
            ("残疾的弟弟", "sibling", &["disability"]),
            ("我姥姥瘫痪了", "grandmother", &["unable"]),
            ("老公失业了", "husband", &["jobless"]),
            ("我闺女上大学家里困难", "child", &["hardship", "student"]),
            ("my disabled brother", "sibling", &["disability"]),
            ("my mother-in-law", "mother", &[]),
            ("my wife lost her job", "wife", &["jobless"]),
            ("grandma is bedridden", "grandmother", &["unable"]),
            ("our daughter is autistic", "child", &["disability"]),
            ("I am unemployed", "self", &["jobless"]),
            ("我怀孕了", "self", &["birth"]),
            ("公租房", "", &[]),
        ];
        for (text, relation, situations) in table {
            let read = catalogue.vocabulary.read(text, catalogue.people()).person;
            assert_eq!(read.relation.as_deref().unwrap_or_default(), relation, "{text}");
            assert_eq!(read.situations.iter().collect::<Vec<_>>(), situations, "{text}");
        }
    }
}
