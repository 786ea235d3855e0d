//! How Chinese words are typed with Latin letters: pinyin syllables and their initials.

use pinyin::ToPinyin;

/// Words in which a character is read otherwise than alone: (word, place of the character, reading).
const READINGS: [(&str, usize, &str); 6] = [
    ("长期", 0, "chang"),
    ("长寿", 0, "chang"),
    ("重置", 0, "chong"),
    ("重新", 0, "chong"),
    ("调解", 0, "tiao"),
    ("调房", 0, "tiao"),
];

/// A word as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// The syllables joined: `gaolingjintie`. Letters and digits stand as they are, other signs fall away, ü is v.
    pub full: String,
    /// The bytes of `full` at which a syllable begins.
    pub starts: Vec<usize>,
    /// The first letters: `gljt`.
    pub initials: String,
}

impl Reading {
    /// Reads a word as it is typed on any keyboard: ü as v, and beside that as yu and as u.
    pub fn all(word: &str) -> Vec<Self> {
        let usual = Self::of(word);
        let others = ["yu", "u"].map(|umlaut| Self::spelled(word, umlaut));
        let others = others.into_iter().filter(|other| *other != usual).collect::<Vec<_>>();
        std::iter::once(usual).chain(others).collect()
    }

    /// Reads a word, with ü as v.
    pub fn of(word: &str) -> Self {
        Self::spelled(word, "v")
    }

    fn spelled(word: &str, umlaut: &str) -> Self {
        let mut reading = Self::default();
        let characters: Vec<char> = word.chars().collect();
        for (at, character) in characters.iter().enumerate() {
            if let Some(syllable) = syllable(&characters, at, *character, umlaut) {
                reading.starts.push(reading.full.len());
                reading.initials.extend(syllable.chars().next());
                reading.full.push_str(&syllable);
            }
        }
        reading
    }

    /// Whether the letters are found from the beginning of some syllable on.
    pub fn contains(&self, letters: &str) -> bool {
        self.starts.iter().any(|start| self.full.get(*start..).is_some_and(|rest| rest.starts_with(letters)))
    }
}

fn syllable(characters: &[char], at: usize, character: char, umlaut: &str) -> Option<String> {
    if character.is_ascii_alphanumeric() {
        return Some(character.to_ascii_lowercase().to_string());
    }
    let alone = character.to_pinyin()?.plain();
    Some(in_word(characters, at).unwrap_or(alone).replace('ü', umlaut))
}

fn in_word(characters: &[char], at: usize) -> Option<&'static str> {
    let matches = |word: &str, place: usize| {
        let begin = at.checked_sub(place)?;
        let found = characters.get(begin..)?;
        word.chars().zip(found).all(|(a, b)| a == *b).then_some(found.len() >= word.chars().count())
    };
    let here = READINGS.iter().find(|(word, place, _)| matches(word, *place) == Some(true));
    here.map(|(_, _, reading)| *reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_their_context() {
        let table = [
            ("高龄津贴", "gaolingjintie", "gljt"),
            ("80周岁", "80zhousui", "80zs"),
            ("《独生子女》", "dushengzinv", "dszn"),
            ("长期", "changqi", "cq"),
            ("密码重置", "mimachongzhi", "mmcz"),
            ("调解", "tiaojie", "tj"),
            ("校长", "xiaozhang", "xz"),
            ("SYB", "syb", "syb"),
            ("女儿", "nver", "ne"),
            ("重新登记", "chongxindengji", "cxdj"),
            ("重大疾病", "zhongdajibing", "zdjb"),
            ("长", "zhang", "z"),
            ("健康长寿", "jiankangchangshou", "jkcs"),
            ("Wi-Fi 6", "wifi6", "wifi6"),
            ("？！🙂", "", ""),
            ("", "", ""),
        ];
        for (word, full, initials) in table {
            let reading = Reading::of(word);
            assert_eq!((reading.full.as_str(), reading.initials.as_str()), (full, initials), "{word}");
        }
    }

    #[test]
    fn an_umlaut_is_typed_as_each_keyboard_can() {
        let full = |word: &str| Reading::all(word).into_iter().map(|reading| reading.full).collect::<Vec<_>>();
        assert_eq!(full("女儿"), ["nver", "nyuer", "nuer"]);
        assert_eq!(full("高龄"), ["gaoling"]);
    }

    #[test]
    fn letters_are_found_only_from_a_syllable_on() {
        let reading = Reading::of("高龄津贴");
        assert!(reading.contains("gaoling"));
        assert!(reading.contains("jint"));
        assert!(!reading.contains("aoling"));
        for (letters, found) in
            [("", true), ("tie", true), ("ie", false), ("gaolingjintie", true), ("gaolingjintiex", false)]
        {
            assert_eq!(reading.contains(letters), found, "{letters}");
        }
        assert!(!Reading::of("").contains("a"));
    }
}
