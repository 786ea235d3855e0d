//! The two languages that the platform speaks, and a text kept in both.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A language of the platform. Chinese is the source language, and English is complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Lang {
    /// Chinese (中文, `zh-CN`), the source language.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English (`en`).
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both languages, the source first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Returns the language tag used in HTML and in file names: `zh-CN` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// Reads a language tag. Only its first part counts, so `zh`, `zh-Hans`, `en-GB` and the like are understood.
    pub fn parse(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        if first.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if first.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// Returns the text of this language out of two.
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Bilingual {
    /// The Chinese text.
    pub zh: String,
    /// The English text.
    pub en: String,
}

impl Bilingual {
    /// Makes a text from its two versions.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// Returns the text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        lang.pick(&self.zh, &self.en)
    }

    /// Returns the language whose text is missing (blank), if one is. The Chinese one is named first.
    pub fn missing(&self) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| self.get(*lang).trim().is_empty())
    }
}

/// Returns the half-width form of a full-width letter, digit, sign or space (ＡＢ１２－　 → AB12- ), and any other
/// character itself.
pub fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Says whether a character has no shape of its own. Such marks come along when a number is copied from a page or a
/// message, and numbers are read without them.
pub const fn is_unseen(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Traditional characters, each directly before its simplified form. The table is that of OpenCC (`TSCharacters.txt`,
/// Apache-2.0), of each character its first choice.
static TRADITIONAL: LazyLock<BTreeMap<char, char>> = LazyLock::new(|| {
    let table: Vec<char> = include_str!("traditional.txt").chars().filter(|sign| *sign != '\n').collect();
    table.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
});

/// Returns the simplified form of a traditional character (齡 → 龄), and any other character itself. It serves to find,
/// never to change what somebody wrote.
pub fn simplified(character: char) -> char {
    TRADITIONAL.get(&character).copied().unwrap_or(character)
}

/// Returns a text as searches compare it: half-width, in small letters, with simplified characters, and without the
/// marks that nobody sees.
pub fn folded(text: &str) -> String {
    let seen = text.chars().filter(|sign| !is_unseen(*sign));
    seen.map(half_width).map(simplified).flat_map(char::to_lowercase).collect()
}

/// Returns a folded text with pinyin as a plain keyboard types it: ü, however it is written, becomes v, and letters
/// lose the marks of their tones. `lüyuan`, `lǜyuán` and `lvyuan` become the same.
pub fn plain_pinyin(text: &str) -> String {
    let joined = text.replace("u\u{308}", "ü");
    joined.chars().filter(|sign| !TONES.contains(sign)).map(without_tone).collect()
}

/// The marks of tones that stand behind their letter as characters of their own.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{304}', '\u{30C}', '\u{306}'];

fn without_tone(letter: char) -> char {
    match letter {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        other => other,
    }
}

/// Returns the ways in which a syllable is typed that the dictionary writes with ü: `lü` as `lv`, `lyu` and `lu`. Any
/// other syllable is typed in one way.
pub fn typings(syllable: &str) -> Vec<String> {
    if syllable.contains('ü') {
        ["v", "yu", "u"].iter().map(|letter| syllable.replace('ü', letter)).collect()
    } else {
        vec![syllable.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_are_folded() {
        let folded: String = "２１０Ｘ－（　王".chars().map(half_width).collect();
        assert_eq!(folded, "210X-( 王");
    }

    #[test]
    fn searches_compare_what_is_meant() {
        for (typed, meant) in [
            ("高齡津貼", "高龄津贴"),
            ("ＭＺ－１１", "mz-11"),
            ("臺灣", "台湾"),
            ("绿园社区", "绿园社区"),
            ("綠園\u{200B}社區", "绿园社区"),
            ("", ""),
        ] {
            assert_eq!(folded(typed), meant, "{typed}");
        }
        for typed in ["lvyuan", "lüyuan", "lu\u{308}yuan", "lǜyuán"] {
            assert_eq!(plain_pinyin(typed), "lvyuan", "{typed}");
        }
        assert_eq!(typings("lü"), ["lv", "lyu", "lu"]);
        assert_eq!(typings("yuan"), ["yuan"]);
        assert_eq!((simplified('龄'), simplified('齡'), simplified('a')), ('龄', '龄', 'a'));
    }

    #[test]
    fn tags_are_read_by_their_first_part() {
        let table = [
            ("zh-CN", Some(Lang::Zh)),
            ("zh_Hans", Some(Lang::Zh)),
            ("ZH", Some(Lang::Zh)),
            ("en", Some(Lang::En)),
            ("en-GB", Some(Lang::En)),
            ("fr", None),
            ("", None),
        ];
        for (tag, expected) in table {
            assert_eq!(Lang::parse(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_text_is_given_in_the_language_asked_for() {
        let text = Bilingual::new("和平区", "Heping District");
        assert_eq!(text.get(Lang::Zh), "和平区");
        assert_eq!(text.get(Lang::En), "Heping District");
        assert_eq!(text.missing(), None);
        assert_eq!(Bilingual::new("和平区", " ").missing(), Some(Lang::En));
        assert_eq!(Bilingual::default().missing(), Some(Lang::Zh));
    }

    #[test]
    fn a_language_is_stored_by_its_tag() {
        assert_eq!(serde_json::to_string(&Lang::Zh).unwrap(), "\"zh-CN\"");
        assert_eq!(serde_json::from_str::<Lang>("\"en\"").unwrap(), Lang::En);
    }
}
