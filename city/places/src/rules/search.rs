//! This file finds places by what people type: 文安路, wenanlu, wal, wenal, 2101020190. A character may have several
//! readings, and any of them fits.

use super::naming::{reading, stem};
use crate::words::Place;
use kernel::language::{folded, plain_pinyin, typings};
use pinyin::ToPinyinMulti;

/// Holds what a place is found by.
#[derive(Debug)]
pub struct Keys {
    name: String,
    stem_characters: usize,
    english: String,
    code: String,
    /// The readings of each character, the usual one first. A character without a reading stands for itself.
    readings: Vec<Vec<String>>,
}

impl Keys {
    /// Makes the keys of a place.
    pub fn of(place: &Place) -> Self {
        let name = folded(&place.name.zh);
        let readings = name.chars().map(readings).collect();
        let stem_characters = stem(&name, place.level).chars().count();
        Self {
            stem_characters,
            readings,
            english: plain_pinyin(&folded(&place.name.en)),
            code: place.code.clone(),
            name,
        }
    }

    /// Makes the keys of something that has a name and no code, such as a compound.
    pub fn named(name: &str) -> Self {
        let name = folded(name);
        let readings = name.chars().map(readings).collect();
        let stem_characters = name.strip_suffix("小区").unwrap_or(&name).chars().count();
        Self { stem_characters, readings, english: String::new(), code: String::new(), name }
    }
}

fn readings(character: char) -> Vec<String> {
    let mut readings: Vec<String> = reading(character).into_iter().flat_map(typings).collect();
    for other in character.to_pinyin_multi().into_iter().flatten() {
        for typed in typings(other.plain()) {
            if !readings.contains(&typed) {
                readings.push(typed);
            }
        }
    }
    if readings.is_empty() {
        readings.push(character.to_lowercase().to_string());
    }
    readings
}

/// Holds what was typed, cut into words.
pub struct Question {
    words: Vec<String>,
}

/// Words of English names that say of which kind a place is, not which one.
const KINDS: [&str; 20] = [
    "community",
    "communities",
    "residential",
    "residents",
    "committee",
    "village",
    "subdistrict",
    "sub-district",
    "street",
    "district",
    "county",
    "town",
    "township",
    "city",
    "area",
    "grid",
    "compound",
    "estate",
    "of",
    "the",
];
/// Words of English for a road, which pinyin calls `lu`.
const ROADS: [&str; 3] = ["road", "rd", "rd."];

const WORDS_LIMIT: usize = 5;
const CHARACTERS_LIMIT: usize = 40;

impl Question {
    /// Cuts a text into words at blanks and dots. Returns nothing if nothing is left. Only the first 40 characters
    /// count. Full-width letters and digits, as a Chinese keyboard may write them, are the same as half-width ones,
    /// traditional characters the same as simplified ones, and `ü` in pinyin the same as `v`.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(CHARACTERS_LIMIT).collect();
        let text = plain_pinyin(&folded(&text));
        let words: Vec<String> = text
            .split(|letter: char| letter.is_whitespace() || matches!(letter, '·' | '・' | ',' | '，' | '/'))
            .map(|word| word.replace(['\'', '’'], ""))
            .filter(|word| !word.is_empty())
            .take(WORDS_LIMIT)
            .collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Returns how many words there are.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Says how well a word fits a place. 0 means not at all, and a larger number means a better fit.
    pub fn fit(&self, word: usize, keys: &Keys) -> u32 {
        let Some(word) = self.words.get(word) else { return 0 };
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            return by_code(word, keys);
        }
        if !word.is_ascii() {
            return by_characters(word, keys);
        }
        let letters = by_letters(word, keys);
        if letters == 0 && keys.english.starts_with(word.as_str()) { 30 } else { letters }
    }
}

/// Returns how words may have been meant: as one word of pinyin, and without the English words for kinds of places.
pub fn spellings(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | '·' | '/')).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let mut told: Vec<String> = Vec::new();
    for part in &parts {
        if ROADS.contains(part)
            && let Some(last) = told.last_mut().filter(|last| last.is_ascii())
        {
            last.push_str("lu");
        } else if !KINDS.contains(part) {
            told.push((*part).to_owned());
        }
    }
    if told.is_empty() {
        return vec![text.to_owned()];
    }
    let is_latin = told.len() > 1 && told.iter().all(|part| part.chars().all(|sign| !is_han(sign)));
    let joined = is_latin.then(|| told.concat());
    joined.into_iter().chain([told.join(" ")]).collect()
}

/// Says whether a sign is a Chinese character.
pub fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn by_code(word: &str, keys: &Keys) -> u32 {
    match (keys.code == word, word.len() >= 2 && keys.code.starts_with(word), keys.name.contains(word)) {
        (true, _, _) => 100,
        // A code that is filled up with zeros names the place whose digits stand before them.
        (_, true, _) if keys.code.trim_end_matches('0').len() <= word.len() => 90,
        (_, true, _) => 40,
        (_, _, true) => 20,
        _ => 0,
    }
}

fn by_characters(word: &str, keys: &Keys) -> u32 {
    let count = word.chars().count();
    if keys.name == word || (keys.name.starts_with(word) && count == keys.stem_characters) {
        100
    } else if keys.name.starts_with(word) {
        70
    } else if keys.name.contains(word) {
        50
    } else {
        0
    }
}

/// Says how well letters fit. They fit if they can be used up from some character on, where each character takes the
/// beginning of one of its readings.
fn by_letters(word: &str, keys: &Keys) -> u32 {
    let starts = 0..keys.readings.len();
    let mut best = 0;
    for start in starts {
        let Some(rest) = keys.readings.get(start..) else { break };
        let Some(spent) = spend(word, rest) else { continue };
        let to_the_end_of_the_stem = start == 0 && spent.characters == keys.stem_characters;
        let mut rank = if start == 0 { 50 } else { 25 };
        rank += if spent.whole == spent.characters { 15 } else { 0 };
        rank += if to_the_end_of_the_stem { 20 } else { 0 };
        rank += if spent.usual { 3 } else { 0 };
        best = best.max(rank);
    }
    best
}

/// Says how the letters were used: on how many characters, on how many of these with the whole reading, and whether
/// always with the usual reading.
#[derive(Clone, Copy)]
struct Spent {
    characters: usize,
    whole: usize,
    usual: bool,
}

fn spend(word: &str, readings: &[Vec<String>]) -> Option<Spent> {
    if word.is_empty() {
        return Some(Spent { characters: 0, whole: 0, usual: true });
    }
    let (first, rest) = readings.split_first()?;
    for (index, reading) in first.iter().enumerate() {
        let common = word.bytes().zip(reading.bytes()).take_while(|(one, other)| one == other).count();
        // It tries the whole reading first, then its first letters (zh, ch and sh count as one), and then any other
        // beginning if the word ends in it.
        for taken in [common, 2, 1] {
            let whole = taken == reading.len();
            let ends = taken == word.len();
            let initial = taken == 1 || (taken == 2 && reading.chars().nth(1) == Some('h'));
            if taken == 0 || taken > common || !(whole || ends || initial) {
                continue;
            }
            if let Some(after) = word.get(taken..).and_then(|letters| spend(letters, rest)) {
                let usual = after.usual && index == 0;
                return Some(Spent {
                    characters: after.characters + 1,
                    whole: after.whole + usize::from(whole),
                    usual,
                });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::tree::Tree;
    use crate::words::Kind;
    use kernel::place::{Level, PlaceId, PlacePath};
    use proptest::prelude::*;

    fn tree() -> Tree {
        let table = [
            (1, "沈阳市", Kind::City, "210100000000", "1."),
            (2, "大东区", Kind::District, "210104000000", "1.2."),
            (3, "和平区", Kind::District, "210102000000", "1.3."),
            (4, "南湖街道", Kind::Street, "210102019000", "1.3.4."),
            (5, "文安路社区", Kind::Residents, "210102019001", "1.3.4.5."),
            (6, "文安里社区", Kind::Residents, "210102019002", "1.3.4.6."),
            (7, "大北街道", Kind::Street, "210104002000", "1.2.7."),
            (8, "文安路社区", Kind::Residents, "210104002001", "1.2.7.8."),
            (9, "长安社区", Kind::Residents, "210104002002", "1.2.7.9."),
            (10, "东大东社区", Kind::Residents, "210104002003", "1.2.7.10."),
            (11, "绿园社区", Kind::Residents, "210105003001", "1.2.7.11."),
        ];
        Tree::of_table(&table)
    }

    #[test]
    fn places_are_found_by_whatever_people_type() {
        let tree = tree();
        let table: [(&str, &[i64]); 52] = [
            ("lvyuan", &[11]),
            ("lüyuan", &[11]),
            ("lu\u{308}yuan", &[11]),
            ("lyuyuan", &[11]),
            ("luyuan", &[11]),
            ("LÜYUAN", &[11]),
            ("lysq", &[11]),
            ("綠園社區", &[11]),
            ("ｌｖｙｕａｎ", &[11]),
            ("lǜyuán", &[11]),
            ("文安路", &[5, 8]),
            ("文安", &[5, 6, 8]),
            ("安路", &[5, 8]),
            ("wenanlu", &[5, 8]),
            ("Wen An Lu", &[]),
            ("wen'anlu", &[5, 8]),
            ("wal", &[5, 6, 8]),
            ("wenal", &[5, 6, 8]),
            ("walsq", &[5, 6, 8]),
            ("大东", &[2, 10]),
            ("dadong", &[2, 10]),
            ("changan", &[9]),
            ("ca", &[9]),
            ("shenyang", &[1]),
            ("sy", &[1]),
            ("和平 文安路", &[5]),
            ("hpq wal", &[5, 6]),
            ("210102019001", &[5]),
            ("21010201", &[4, 5, 6]),
            ("不存在", &[]),
            ("ｗｅｎａｎｌｕ", &[5, 8]),
            ("２１０１０２０１９００１", &[5]),
            ("和平　文安路", &[5]),
            ("文安路，HePing", &[5]),
            ("210102", &[3, 4, 5, 6]),
            ("2101", &[1, 3, 2, 4, 7, 5, 6, 8, 9, 10]),
            ("1", &[]),
            ("和平 不存在", &[]),
            ("Heping District", &[3]),
            ("heping district", &[3]),
            ("Ｈｅｐｉｎｇ Ｄｉｓｔｒｉｃｔ", &[3]),
            ("He Ping District", &[3]),
            ("Shenyang City", &[1]),
            ("Nanhu Subdistrict", &[4]),
            ("Nanhu Subdistrict, Heping District", &[4]),
            ("Wenanlu Community", &[5, 8]),
            ("Wenan Road Community", &[5, 8]),
            ("the Wenanlu community, Dadong", &[8]),
            ("Wenanlu Community, Heping District, Shenyang City", &[5]),
            ("Dadong District", &[2, 10]),
            ("Lvyuan Residential Community", &[11]),
            ("Nowhere District", &[]),
        ];
        for (words, expected) in table {
            if words == "Wen An Lu" {
                assert_eq!(tree.search(words, 10)[0].id, PlaceId(5));
                continue;
            }
            let found: Vec<i64> = tree.search(words, 10).iter().map(|place| place.id.0).collect();
            assert_eq!(found, expected, "{words}");
        }
    }

    #[test]
    fn a_question_that_says_nothing_finds_nothing_and_a_long_one_counts_to_its_limit() {
        let tree = tree();
        for nothing in ["", "  ", "　", "'", "·，/"] {
            assert!(tree.search(nothing, 10).is_empty(), "{nothing:?}");
        }
        assert!(tree.search("文安", 0).is_empty());
        assert_eq!(Question::parse("一 二 三 四 五 六").map(|question| question.words()), Some(WORDS_LIMIT));
        let long = format!("{}文安路", "x".repeat(CHARACTERS_LIMIT));
        assert_eq!(Question::parse(&long).unwrap().words, ["x".repeat(CHARACTERS_LIMIT)], "the rest does not count");
        assert_eq!(tree.search("文安", 1).len(), 1);
        assert_eq!(tree.search_in("大", Some(Level::Street), 10)[0].id, PlaceId(7));
    }

    #[test]
    fn chains_and_families() {
        let tree = tree();
        let path = PlacePath::parse("1.3.4.5.").unwrap();
        assert_eq!(tree.chain(&path, kernel::language::Lang::Zh), "沈阳市 · 和平区 · 南湖街道 · 文安路社区");
        assert_eq!(
            tree.chain(&path, kernel::language::Lang::En),
            "Shenyang City · Heping District · Nanhu Subdistrict · Wenanlu Community"
        );
        assert_eq!(tree.ancestors(PlaceId(5)).iter().map(|place| place.id.0).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(tree.children(PlaceId(1)).map(|place| place.id.0).collect::<Vec<_>>(), [3, 2]);
        assert_eq!(tree.inside(PlaceId(3)).len(), 4);
        assert_eq!(tree.by_code("210104002000").map(|place| place.id), Some(PlaceId(7)));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_finds_each_place_once_and_no_more_than_asked(
            words in "[a-z '文安路大东ａ１2１　·]{0,60}", limit in 0_usize..12,
        ) {
            let tree = tree();
            let found: Vec<i64> = tree.search(&words, limit).iter().map(|place| place.id.0).collect();
            let each: std::collections::BTreeSet<i64> = found.iter().copied().collect();
            prop_assert!(found.len() <= limit && each.len() == found.len(), "{found:?}");
        }
    }
}
