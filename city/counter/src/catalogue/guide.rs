//! What a guide says beyond the item itself: cost, law, questions that tell whether one is likely entitled, questions
//! that people ask; and the proofs that nobody may ask of a community.

use kernel::language::Bilingual;
use kernel::procedure::Telling;
use kernel::time::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The guide of one item (办事指南).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// Code of the item.
    pub item: String,
    /// What it costs; nothing where it is free.
    pub cost: Option<Bilingual>,
    /// How much is paid, where a document says so (能拿多少).
    pub how_much: Option<Sourced>,
    /// When it is paid, likewise (什么时候发).
    pub when_paid: Option<Sourced>,
    /// The page of the platform that goes with it (配套页面); none where there is none.
    pub beside: Option<Beside>,
    /// The rules it rests on, to be confirmed by the city.
    #[serde(default)]
    pub law: Vec<Bilingual>,
    /// Questions that tell whether one is likely entitled and what is not needed.
    #[serde(default, rename = "question")]
    pub questions: Vec<GuideQuestion>,
    /// What people ask.
    #[serde(default)]
    pub faq: Vec<Asked>,
    /// Reasons kept ready for those who decide; residents do not see them here.
    #[serde(default, rename = "reason")]
    pub reasons: Vec<ReadyReason>,
}

/// A page of the platform that goes with an item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// What it is called, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Its local address, such as `/property/fund`.
    pub href: String,
}

impl Beside {
    /// What it is called.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        Bilingual::new(self.zh.as_str(), self.en.as_str())
    }
}

/// A statement with the source it was taken from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Code of its source.
    pub source: String,
}

impl Sourced {
    /// The statement.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        Bilingual::new(self.zh.as_str(), self.en.as_str())
    }
}

/// Reasons for a step that are kept ready and only need to be completed (理由模板). `＿＿` leaves a place open; no
/// reason is told while one is left.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadyReason {
    /// What is told with it.
    #[serde(rename = "for")]
    pub told: Telling,
    /// What it is called in the list.
    pub title: Bilingual,
    /// The reasons.
    pub reason: Option<Bilingual>,
    /// The rules it rests on; those of the guide where it is left out.
    pub basis: Option<Bilingual>,
    /// How it can be contested, or what to do instead.
    pub remedy: Option<Bilingual>,
}

/// One question of the check (自查问题).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideQuestion {
    /// Its name in addresses and in the case's answers.
    pub code: String,
    /// The question.
    pub text: Bilingual,
    /// What can be answered.
    pub answers: Vec<GuideAnswer>,
}

/// One answer and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideAnswer {
    /// Its name.
    pub code: String,
    /// The answer.
    pub title: Bilingual,
    /// Probably not entitled here: whom to ask instead.
    pub exit: Option<Bilingual>,
    /// The item to go to instead.
    pub instead: Option<String>,
    /// Material codes that are then not needed.
    #[serde(default)]
    pub unneeded: Vec<String>,
    /// What else to know.
    pub note: Option<Bilingual>,
}

/// What people ask, with the answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The question.
    pub question: Bilingual,
    /// The answer.
    pub answer: Bilingual,
}

/// What the answers to a guide's questions come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finding {
    /// Every question is answered.
    pub complete: bool,
    /// Answers by which one is probably not entitled: what to do, and the item to go to.
    pub exits: Vec<(Bilingual, Option<String>)>,
    /// Material codes that are not needed.
    pub unneeded: Vec<String>,
    /// What else to know.
    pub notes: Vec<Bilingual>,
}

impl Guide {
    /// What the answers, by question, come to. An answer that the guide does not know counts as none.
    #[must_use]
    pub fn find(&self, answers: &BTreeMap<String, String>) -> Finding {
        let mut finding = Finding { complete: !self.questions.is_empty(), ..Finding::default() };
        for question in &self.questions {
            let given = answers.get(&question.code);
            let Some(answer) = question.answers.iter().find(|answer| Some(&answer.code) == given) else {
                finding.complete = false;
                continue;
            };
            finding.exits.extend(answer.exit.clone().map(|exit| (exit, answer.instead.clone())));
            finding.unneeded.extend(answer.unneeded.iter().cloned());
            finding.notes.extend(answer.note.clone());
        }
        finding
    }

    /// Those of the answers that the guide knows: what may be kept with a case.
    #[must_use]
    pub fn known(&self, answers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let knows = |question: &GuideQuestion| {
            let given = answers.get(&question.code)?;
            question.answers.iter().any(|answer| answer.code == *given).then(|| (question.code.clone(), given.clone()))
        };
        self.questions.iter().filter_map(knows).collect()
    }
}

/// Proofs that communities of a city must not be asked for from a day on (不再由社区出具的证明).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofList {
    /// Official code of the city.
    pub city: String,
    /// The day it holds from.
    pub from: Date,
    /// Code of its source.
    pub source: String,
    /// The city has to confirm it.
    #[serde(default)]
    pub provisional: bool,
    /// What to know about it.
    pub note: Option<Bilingual>,
    /// The proofs.
    #[serde(rename = "proof")]
    pub proofs: Vec<Proof>,
}

/// One proof of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Its name.
    pub name: Bilingual,
    /// Words by which a material that asks for it is known.
    pub words: Vec<String>,
    /// What takes its place.
    pub instead: Bilingual,
}

/// Words that mean the same to those who look for something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonym {
    /// Chinese words.
    pub words: Vec<String>,
    /// English words.
    #[serde(default)]
    pub en: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guide() -> Guide {
        toml::from_str(
            r#"
            item = "MZ-11"
            [[question]]
            code = "age"
            text = { zh = "满80了吗？", en = "Is she 80?" }
            answers = [
              { code = "yes", title = { zh = "满了", en = "Yes" } },
              { code = "no", title = { zh = "没有", en = "No" }, exit = { zh = "满了再来。", en = "Come then." }, instead = "WJ-10" },
            ]
            [[question]]
            code = "card"
            text = { zh = "有社保卡吗？", en = "Has she a card?" }
            answers = [
              { code = "yes", title = { zh = "有", en = "Yes" }, unneeded = ["BK"] },
              { code = "no", title = { zh = "没有", en = "No" }, note = { zh = "带银行卡。", en = "Bring a bank card." } },
            ]
            "#,
        )
        .unwrap()
    }

    #[test]
    fn answers_tell_whom_to_ask_and_what_is_not_needed() {
        for (given, complete, exits, unneeded, notes) in [
            ("", false, 0, 0, 0),
            ("age=yes", false, 0, 0, 0),
            ("age=yes card=yes", true, 0, 1, 0),
            ("age=no card=no", true, 1, 0, 1),
            ("age=perhaps card=no", false, 0, 0, 1),
        ] {
            let answers: BTreeMap<String, String> = given
                .split_whitespace()
                .filter_map(|pair| pair.split_once('='))
                .map(|(question, answer)| (question.to_owned(), answer.to_owned()))
                .collect();
            let finding = guide().find(&answers);
            let counts = (finding.complete, finding.exits.len(), finding.unneeded.len(), finding.notes.len());
            assert_eq!(counts, (complete, exits, unneeded, notes), "{given}");
            assert!(guide().known(&answers).values().all(|answer| answer != "perhaps"), "{given}");
        }
    }
}
