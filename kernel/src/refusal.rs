//! A refusal says why the platform did not do what was asked. It has a stable code, a sentence and a remedy in both
//! languages.

mod codes;
mod listing;
mod spelling;

use crate::language::{Bilingual, Lang};
use crate::time::{Date, said_date};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

pub use listing::{Code, Reason};

/// Seconds after which to try again where something came too often and nobody says when.
const SHORT_WAIT_SECONDS: u64 = 3;

/// A refusal (不予办理的说明): nothing was changed, and this says why and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The stable reason.
    pub code: Code,
    /// The name of the form field that it is about, if there is one.
    pub field: Option<String>,
    /// The values for the `{name}` places of the sentence and the remedy. They are never personal data.
    pub detail: BTreeMap<String, String>,
}

impl Refusal {
    /// Makes a refusal for that reason.
    pub fn new(code: Code) -> Self {
        Self { code, field: None, detail: BTreeMap::new() }
    }

    /// Sets the form field that it is about.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Sets the value of one `{name}` of the sentence.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.detail.insert(name.into(), value.to_string());
        self
    }

    /// Sets the value of one `{name}` in both languages. The English one is kept as `name.en`.
    #[must_use]
    pub fn with_both(self, name: &str, value: &Bilingual) -> Self {
        self.with(name, &value.zh).with(format!("{name}.en"), &value.en)
    }

    /// Says in one sentence what was refused and why.
    pub fn sentence(&self, lang: Lang) -> String {
        fill(self.code.sentence(lang), &self.detail, lang)
    }

    /// Returns after how many seconds to try again, if it refuses what came too often. Such a refusal names its
    /// `seconds`.
    pub fn waits(&self) -> Option<u64> {
        let seconds = self.detail.get("seconds").and_then(|seconds| seconds.parse().ok());
        seconds.or_else(|| (self.code == Code::RequestTooMany).then_some(SHORT_WAIT_SECONDS))
    }

    /// Says what to do about it.
    pub fn remedy(&self, lang: Lang) -> String {
        fill(self.code.remedy(lang), &self.detail, lang)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} [{}]", self.sentence(Lang::En), self.remedy(Lang::En), self.code)
    }
}

impl std::error::Error for Refusal {}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// Puts the values into the `{name}` places of a text. A name without a value becomes an ellipsis and never leaves a
/// brace. Dates are said in words, but what stands between quotation marks is what somebody wrote, and stays.
fn fill(text: &str, detail: &BTreeMap<String, String>, lang: Lang) -> String {
    let english = |name: &str| if lang == Lang::En { detail.get(&format!("{name}.en")) } else { None };
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        match english(name).or_else(|| detail.get(name)) {
            Some(value) if before.ends_with('“') => filled.push_str(value),
            Some(value) => filled.push_str(&said(value, lang)),
            None => filled.push('…'),
        }
        rest = tail;
    }
    filled.push_str(rest);
    filled
}

/// Returns a value as people read it: a date, or a moment to the minute, in words, and anything else as it is.
fn said(value: &str, lang: Lang) -> String {
    let (day, time) = value.split_once(' ').map_or((value, None), |(day, time)| (day, Some(time)));
    // 20261123 would be read as a date too, but is the number of something.
    match (day.parse::<Date>().ok().filter(|date| date.to_string() == day), time) {
        (Some(date), None) => said_date(date, lang),
        (Some(date), Some(time)) if is_minute(time) => format!("{} {time}", said_date(date, lang)),
        _ => value.to_owned(),
    }
}

/// Says whether a text is a minute of the day, such as `08:30`.
fn is_minute(text: &str) -> bool {
    let is_part = |part: &str| part.len() == 2 && part.bytes().all(|sign| sign.is_ascii_digit());
    text.split_once(':').is_some_and(|(hour, minute)| is_part(hour) && is_part(minute))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|part| part.split_once('}').expect("a closed place").0).collect()
    }

    #[test]
    fn every_code_is_unique_and_leads_back() {
        let texts: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(Code::find(code.as_str(), Code::ALL), Some(*code));
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            let (group, name) = code.as_str().split_once('.').expect("group.name");
            assert!(!group.is_empty() && !name.is_empty() && !name.contains('.'), "{code}");
            assert!(code.as_str().chars().all(|each| each.is_ascii_lowercase() || "._".contains(each)), "{code}");
        }
        assert_eq!(Code::find("case.unheard_of", Code::ALL), None);
    }

    #[test]
    fn every_sentence_speaks_both_languages_about_the_same_things() {
        for code in Code::ALL {
            for (zh, en) in
                [(code.sentence(Lang::Zh), code.sentence(Lang::En)), (code.remedy(Lang::Zh), code.remedy(Lang::En))]
            {
                assert!(zh.ends_with('。'), "{code}: {zh}");
                assert!(en.ends_with('.'), "{code}: {en}");
                assert!(zh.chars().any(|each| ('\u{4e00}'..='\u{9fff}').contains(&each)), "{code}: {zh}");
                assert!(en.replace(['“', '”', '–'], "").is_ascii(), "{code}: {en}");
                assert_eq!(places(zh), places(en), "{code}");
            }
        }
    }

    #[test]
    fn what_came_too_often_says_when_to_try_again() {
        let many = Refusal::new(Code::RequestTooMany);
        for (refusal, waits) in [
            (many.clone().with("seconds", 21), Some(21)),
            (many.clone().with("seconds", "soon"), Some(3)),
            (many, Some(3)),
            (Refusal::new(Code::FormMissing).with("seconds", 90), Some(90)),
            (Refusal::new(Code::FormMissing).with("minutes", 2), None),
        ] {
            assert_eq!(refusal.waits(), waits, "{refusal}");
        }
    }

    #[test]
    fn details_fill_the_sentence() {
        let state = Bilingual::new("已办完", "Finished");
        let refusal = Refusal::new(Code::CaseActionNotPossibleHere).with("action", "grant").with_both("state", &state);
        assert_eq!(refusal.sentence(Lang::Zh), "办件现在是“已办完”，不能办“grant”。");
        assert_eq!(refusal.sentence(Lang::En), "The case is now “Finished”, so “grant” is not possible.");
        assert!(refusal.to_string().ends_with("[case.action_not_possible_here]"));
        let detail = BTreeMap::from([("b".to_owned(), "{d}".to_owned())]);
        assert_eq!(fill("a {b} c {d} e", &detail, Lang::Zh), "a {d} c … e");
    }

    #[test]
    fn dates_are_said_and_what_somebody_wrote_is_quoted() {
        let table = [
            ("2026-12-05", "2026年12月5日", "5 Dec 2026"),
            ("2026-12-02 01:34", "2026年12月2日 01:34", "2 Dec 2026 01:34"),
            ("20261205", "20261205", "20261205"),
            ("2026-02-30", "2026-02-30", "2026-02-30"),
            ("2026-12-05 北苑", "2026-12-05 北苑", "2026-12-05 北苑"),
            ("2026-12-05T01:34", "2026-12-05T01:34", "2026-12-05T01:34"),
            ("", "", ""),
        ];
        for (value, zh, en) in table {
            let detail = BTreeMap::from([("date".to_owned(), value.to_owned())]);
            for (lang, told) in [(Lang::Zh, zh), (Lang::En, en)] {
                assert_eq!(fill("[{date}]", &detail, lang), format!("[{told}]"));
                assert_eq!(fill("“{date}”", &detail, lang), format!("“{value}”"));
            }
        }
    }

    #[test]
    fn only_the_permission_group_is_a_matter_of_permission() {
        assert!(Code::PermissionMissing.is_permission());
        assert!(!Code::FormMissing.is_permission());
    }
}
