//! The two languages that the platform speaks, and a text kept in both.

use serde::{Deserialize, Serialize};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_are_folded() {
        let folded: String = "２１０Ｘ－（　王".chars().map(half_width).collect();
        assert_eq!(folded, "210X-( 王");
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
