//! The texts of every page in both languages. They are read from Fluent files at start and checked for what is missing
//! or said twice.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::language::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use unic_langid::LanguageIdentifier;

/// The longest key that is logged where there is no text for it, in bytes.
const KEY_MOST: usize = 100;

type Bundle = FluentBundle<FluentResource>;

/// All texts of the platform in both languages. A clone is the same texts.
#[derive(Clone)]
pub struct Texts {
    zh: Arc<Bundle>,
    en: Arc<Bundle>,
    keys: Arc<BTreeSet<String>>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Texts({} keys)", self.keys.len())
    }
}

impl Texts {
    /// Reads pairs of Fluent sources, Chinese and English.
    ///
    /// # Errors
    /// Returns one sentence for each fault: a line that is not Fluent, a key said twice, a key or a variable missing in
    /// one language.
    pub fn new(sources: &[(&str, &str)]) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let chinese: Vec<&str> = sources.iter().map(|pair| pair.0).collect();
        let english: Vec<&str> = sources.iter().map(|pair| pair.1).collect();
        let (zh, zh_keys) = read(Lang::Zh, &chinese, &mut faults);
        let (en, en_keys) = read(Lang::En, &english, &mut faults);
        compare(&zh_keys, &en_keys, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        let keys = Arc::new(zh_keys.into_keys().collect());
        Ok(Self { zh: Arc::new(zh), en: Arc::new(en), keys })
    }

    /// The text of a key, its variables filled in. A whole number counts as a number (for plurals), all else as words.
    ///
    /// An unknown key is shown between brackets and logged; a test of each department finds it first.
    pub fn get(&self, lang: Lang, key: &str, values: &[(&str, &str)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            // A key that was made from what somebody sent may hold anything: it is neither logged nor shown.
            let key = if is_key(key) { key } else { "" };
            tracing::error!(key, "no such text");
            return format!("⟦{key}⟧");
        };
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, fluent_value(value))).collect();
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut faults);
        if !faults.is_empty() {
            tracing::error!(key, ?faults, "text with faults");
        }
        text.into_owned()
    }

    /// Whether a key exists (then it exists in both languages).
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// All keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

/// A number only when writing it again gives the same digits: `007` stays words.
fn fluent_value(value: &str) -> FluentValue<'_> {
    match value.parse::<i32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

/// Key → the variables its text names.
type Keys = BTreeMap<String, BTreeSet<String>>;

fn read(lang: Lang, sources: &[&str], faults: &mut Vec<String>) -> (Bundle, Keys) {
    let tag: LanguageIdentifier = lang.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    let mut keys = Keys::new();
    for source in sources {
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
            for error in errors {
                let line = source.bytes().take(error.pos.start).filter(|byte| *byte == b'\n').count() + 1;
                faults.push(format!("{}.ftl line {line}: {error}", lang.code()));
            }
            resource
        });
        note_keys(lang, source, &mut keys, faults);
        // Each key said twice was noted above, with its name.
        bundle.add_resource_overriding(resource);
    }
    (bundle, keys)
}

/// Notes the keys of one source and their variables. A message begins at the first column: `key = text`.
fn note_keys(lang: Lang, source: &str, keys: &mut Keys, faults: &mut Vec<String>) {
    let mut current: Option<String> = None;
    for line in source.lines() {
        let begins = line.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
        if begins && let Some((key, _)) = line.split_once('=') {
            let key = key.trim().to_owned();
            if keys.insert(key.clone(), BTreeSet::new()).is_some() {
                faults.push(format!("{}.ftl: the key {key} is there twice", lang.code()));
            }
            current = Some(key);
        }
        if line.starts_with('#') || line.starts_with('-') {
            current = None;
        }
        if let Some(variables) = current.as_ref().and_then(|key| keys.get_mut(key)) {
            variables.extend(variables_of(line));
        }
    }
}

/// The names behind `$` in a line.
fn variables_of(line: &str) -> impl Iterator<Item = String> {
    line.split('{').skip(1).filter_map(|part| {
        let name = part.trim_start().strip_prefix('$')?;
        Some(
            name.chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_' || *letter == '-')
                .collect(),
        )
    })
}

fn compare(zh: &Keys, en: &Keys, faults: &mut Vec<String>) {
    for key in zh.keys().filter(|key| !en.contains_key(*key)) {
        faults.push(format!("the key {key} has no English text"));
    }
    for key in en.keys().filter(|key| !zh.contains_key(*key)) {
        faults.push(format!("the key {key} has no Chinese text"));
    }
    for (key, variables) in zh {
        let Some(english) = en.get(key) else { continue };
        for name in english.difference(variables) {
            faults.push(format!("the key {key} names ${name} in English only"));
        }
        for name in variables.difference(english) {
            faults.push(format!("the key {key} names ${name} in Chinese only"));
        }
    }
}

/// Whether a key is one that a program may have written: small letters, digits and dashes.
fn is_key(key: &str) -> bool {
    key.len() <= KEY_MOST && key.bytes().all(|sign| matches!(sign, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_in_both_languages() {
        let texts = Texts::new(&[
            (
                "a-name = 名称\na-left = 还有 { $days } 天\n",
                "a-name = Name\na-left = { $days ->\n    [one] { $days } day\n   *[other] { $days } days\n } left\n",
            ),
            ("b-name = { a-name }！\n", "b-name = { a-name }!\n"),
        ])
        .unwrap();
        let table = [
            (Lang::Zh, "a-name", "名称"),
            (Lang::En, "a-name", "Name"),
            (Lang::Zh, "a-left", "还有 1 天"),
            (Lang::En, "a-left", "1 day left"),
            (Lang::En, "b-name", "Name!"),
            (Lang::Zh, "c", "⟦c⟧"),
            (Lang::Zh, "c-张三 13800138000", "⟦⟧"),
        ];
        for (lang, key, expected) in table {
            assert_eq!(texts.get(lang, key, &[("days", "1")]), expected);
        }
        assert_eq!(
            texts.get(Lang::En, "a-left", &[("days", "007")]),
            "007 days left",
            "digits that are no number stay"
        );
        assert_eq!(texts.keys().collect::<Vec<_>>(), ["a-left", "a-name", "b-name"]);
    }

    #[test]
    fn each_fault_is_told() {
        let table = [
            (vec![("a = 一\n", "b = two\n")], vec!["the key a has no English text", "the key b has no Chinese text"]),
            (vec![("a = 一\na = 二\n", "a = one\n")], vec!["zh-CN.ftl: the key a is there twice"]),
            (
                vec![("a = 一\n", "a = one\n"), ("a = 一\n", "a = one\n")],
                vec!["zh-CN.ftl: the key a is there twice", "en.ftl: the key a is there twice"],
            ),
            (
                vec![("a = 一 { $n }\n", "a = one { $who }\n")],
                vec!["the key a names $who in English only", "the key a names $n in Chinese only"],
            ),
        ];
        for (sources, expected) in table {
            assert_eq!(Texts::new(&sources).unwrap_err(), expected);
        }
        let faults = Texts::new(&[("a = 一\n\nb = { \n", "a = one\nb = two\n")]).unwrap_err();
        assert!(faults[0].starts_with("zh-CN.ftl line "), "{faults:?}");
    }
}
