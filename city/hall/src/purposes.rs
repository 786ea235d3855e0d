//! This file holds why somebody looks at personal data (查看用途): a list that the city edits, with a word of her own
//! beside the chosen purpose.
//!
//! What is kept with a look is the Chinese text, because the person reads it as long as the log is kept. Older looks
//! have words of their own and read on as they are.

use kernel::language::{Bilingual, Lang};
use kernel::line::lines_fault;
use kernel::refusal::{Code, Refusal};
use serde::Deserialize;
use vault::Why;
use web::{Choice, Page, PostForm};

/// Limits the characters of the word beside a purpose. It is the limit of a field, like those of all forms.
const WORD_CHARACTERS: usize = 100;
/// Stands between a purpose and its word where a look is kept.
const BEFORE_WORD: &str = "：";

/// Why somebody wants to look, as a form sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stated {
    /// The code of the purpose.
    pub code: String,
    /// The word beside it.
    pub word: String,
}

impl Stated {
    /// Reads what a form sent.
    #[must_use]
    pub fn of(form: &PostForm) -> Self {
        Self { code: form.get("purpose").to_owned(), word: form.get("purpose_word").to_owned() }
    }

    /// A purpose that is chosen before somebody chooses another.
    #[must_use]
    pub fn chosen(code: &str) -> Self {
        Self { code: code.to_owned(), word: String::new() }
    }
}

/// The fields of a form that asks why somebody looks. After a refusal it stands open, with what was sent.
#[derive(Clone, Debug, Default)]
pub struct PurposeFields {
    /// The purposes, with the one that was chosen.
    pub choices: Vec<Choice>,
    /// The word beside it.
    pub word: String,
    /// What is wrong with the purpose. It is empty if nothing is.
    pub choice_error: String,
    /// What is wrong with the word. It is empty if nothing is.
    pub word_error: String,
    /// Whether the look was refused.
    pub is_refused: bool,
}

/// The list of purposes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purposes {
    purpose: Vec<Purpose>,
}

/// One purpose.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Purpose {
    code: String,
    title: Bilingual,
    /// Whether a word must stand beside it.
    #[serde(default)]
    word: bool,
}

impl Purposes {
    /// Reads `data/purposes.toml`.
    ///
    /// # Errors
    /// Returns every fault as a sentence that says what to do.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let read: Self = toml::from_str(text).map_err(|fault| vec![format!("purposes.toml: {fault}")])?;
        let mut faults = Vec::new();
        if read.purpose.is_empty() {
            faults.push("purposes.toml has no purpose. Write one at least.".to_owned());
        }
        for (at, one) in read.purpose.iter().enumerate() {
            let code = &one.code;
            let same = |other: &Purpose| other.code == *code || other.title.zh == one.title.zh;
            if read.purpose.iter().take(at).any(same) {
                faults.push(format!("purposes.toml: {code} or its title stands twice. Keep one."));
            }
            if one.code.trim().is_empty() || one.title.missing().is_some() || one.title.zh.contains(BEFORE_WORD) {
                faults.push(format!("purposes.toml: {code}: write a code and both titles, without “{BEFORE_WORD}”."));
            }
        }
        if faults.is_empty() { Ok(read) } else { Err(faults) }
    }

    /// Returns what a form offers. None is chosen before somebody chose it, unless `current` is its code.
    #[must_use]
    pub fn choices(&self, page: &Page, current: &str) -> Vec<Choice> {
        let ask = Choice::new("", page.t("hall-purpose-choose"), current);
        let each = self.purpose.iter().map(|one| Choice::new(one.code.as_str(), one.title.get(page.lang), current));
        std::iter::once(ask).chain(each).collect()
    }

    /// Returns the fields of a form with what was sent, and why the look was refused if it was.
    #[must_use]
    pub fn fields(&self, page: &Page, sent: &Stated, refusal: Option<&Refusal>) -> PurposeFields {
        let error = |name: &str| {
            let told = refusal.filter(|refusal| refusal.field.as_deref() == Some(name));
            told.map(|refusal| refusal.sentence(page.lang)).unwrap_or_default()
        };
        PurposeFields {
            choices: self.choices(page, sent.code.trim()),
            word: sent.word.clone(),
            choice_error: error("purpose"),
            word_error: error("purpose_word"),
            is_refused: refusal.is_some(),
        }
    }

    /// Returns the text of a look from what a form sent: the code of a purpose, and a word that may be empty.
    ///
    /// # Errors
    /// Refuses a code that is not in the list, a word that is too long, and a purpose that lacks the word it needs.
    pub fn stated(&self, code: &str, word: &str) -> Result<String, Refusal> {
        let chosen = self.purpose.iter().find(|one| one.code == code.trim());
        let chosen = chosen.ok_or_else(|| Refusal::new(Code::VaultPurposeMissing).field("purpose"))?;
        if word.chars().count() > WORD_CHARACTERS {
            return Err(Refusal::new(Why::VaultPurposeLong).field("purpose_word"));
        }
        if let Some(code) = lines_fault(word) {
            return Err(Refusal::new(code)
                .field("purpose_word")
                .with_both("label", &Bilingual::new("补充说明", "Details")));
        }
        let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
        // Marks alone say nothing.
        match (!word.chars().any(char::is_alphanumeric), chosen.word) {
            (true, true) => Err(Refusal::new(Why::VaultPurposeWord).field("purpose_word")),
            (true, false) => Ok(chosen.title.zh.clone()),
            (false, _) => Ok(format!("{}{BEFORE_WORD}{word}", chosen.title.zh)),
        }
    }

    /// Returns the text of a look that the platform takes by itself for the purpose of a code. A city that struck the
    /// purpose from its list reads the code.
    #[must_use]
    pub fn kept(&self, code: &str) -> String {
        let known = self.purpose.iter().find(|one| one.code == code);
        known.map_or_else(|| code.to_owned(), |one| one.title.zh.clone())
    }

    /// Returns the purpose of a look as it is read in a language. A text that is not of this list stays as it was kept.
    #[must_use]
    pub fn shown(&self, kept: &str, lang: Lang) -> String {
        let (title, word) = kept.split_once(BEFORE_WORD).map_or((kept, None), |(title, word)| (title, Some(word)));
        match (self.purpose.iter().find(|one| one.title.zh == title), word) {
            (Some(one), Some(word)) => format!("{}{}{word}", one.title.get(lang), lang.pick(BEFORE_WORD, ": ")),
            (Some(one), None) => one.title.get(lang).to_owned(),
            (None, _) => kept.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purposes() -> Purposes {
        Purposes::parse(include_str!("../../../data/purposes.toml")).unwrap()
    }

    #[test]
    fn a_purpose_is_one_of_the_list_with_a_short_word() {
        let list = purposes();
        let (most, more) = ("长".repeat(WORD_CHARACTERS), "长".repeat(WORD_CHARACTERS + 1));
        for (code, word, kept) in [
            ("handling", "", Ok("办理这件事".to_owned())),
            (" handling ", " 核对\n年龄 ", Ok("办理这件事：核对 年龄".to_owned())),
            ("handling", most.as_str(), Ok(format!("办理这件事：{most}"))),
            ("other", "x", Ok("其他：x".to_owned())),
            ("handling", more.as_str(), Err(Why::VaultPurposeLong)),
            ("other", "  ", Err(Why::VaultPurposeWord)),
            ("other", "：：", Err(Why::VaultPurposeWord)),
            ("other", "\u{200B}", Err(Code::FormHidden)),
            ("handling", "看\u{202E}", Err(Code::FormHidden)),
            ("", "核对年龄", Err(Code::VaultPurposeMissing)),
            ("x", "", Err(Code::VaultPurposeMissing)),
        ] {
            assert_eq!(list.stated(code, word).map_err(|refusal| refusal.code), kept, "{code} {word}");
        }
    }

    #[test]
    fn a_look_reads_in_both_languages_and_older_ones_as_they_were() {
        let list = purposes();
        for (kept, zh, en) in [
            ("办理这件事", "办理这件事", "Handling this case"),
            ("办理这件事：核对：年龄", "办理这件事：核对：年龄", "Handling this case: 核对：年龄"),
            ("核对年龄", "核对年龄", "核对年龄"),
            ("核对：年龄", "核对：年龄", "核对：年龄"),
        ] {
            assert_eq!((list.shown(kept, Lang::Zh).as_str(), list.shown(kept, Lang::En).as_str()), (zh, en));
        }
    }

    #[test]
    fn a_list_that_contradicts_itself_is_refused() {
        let one = "[[purpose]]\ncode = \"a\"\ntitle = { zh = \"甲\", en = \"A\" }\n";
        assert!(Purposes::parse(one).is_ok());
        for bad in [
            "purpose = []".to_owned(),
            one.repeat(2),
            one.replace("甲", ""),
            one.replace("甲", "甲："),
            one.replace("code", "cod"),
        ] {
            assert!(!Purposes::parse(&bad).unwrap_err().is_empty(), "{bad}");
        }
    }
}
