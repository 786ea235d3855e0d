//! The papers with which a mediation ends: that it ended and what is left, the visit after it, the application to the
//! court, and the cover of the file.

use super::{Matter, Sheet, WAYS_LEFT};
use crate::rules::paper::step;
use crate::words::OPENS;

/// The steps with which a mediation ends.
const ENDS: [&str; 8] = [
    "visit",
    "close_unvisited",
    "end_broken",
    "fail",
    "first_refuses",
    "second_refuses",
    "no_answer",
    "decline",
];

impl Matter<'_> {
    pub(super) fn ended(&self) -> Sheet {
        let last = self.events.iter().rev().find_map(step).unwrap_or_default();
        let kind = self.answer(&["fail"], "why");
        let reason = match (last, kind.as_str()) {
            ("first_refuses" | "second_refuses", _) => "hearings-print-ended-refused",
            ("no_answer", _) => "hearings-print-ended-silent",
            ("decline", _) => "hearings-print-ended-declined",
            (_, "gap") => "hearings-print-ended-gap",
            (_, "time") => "hearings-print-ended-time",
            _ => "hearings-print-ended-other",
        };
        let said = self.answer(&["fail", "decline"], "reason");
        let mut sections = vec![(self.t("hearings-print-ended-why"), vec![self.t(reason)])];
        sections.extend(self.section("hearings-print-ended-said", said));
        let ways = self.numbered("hearings-print-way-left-", WAYS_LEFT);
        sections.push((self.t("hearings-print-ways-left"), ways));
        Sheet {
            facts: self.sides(),
            sections,
            is_sealed: true,
            closing: vec![self.day(&["fail", "first_refuses", "second_refuses", "no_answer", "decline"])],
            ..Sheet::default()
        }
    }

    pub(super) fn visit(&self) -> Sheet {
        Sheet {
            facts: self.sides(),
            sections: self.section("hearings-print-visited", self.answer(&["visit"], "record")),
            signs: self.signatures(&["hearings-print-visitor"]),
            closing: vec![self.day(&["visit"])],
            ..Sheet::default()
        }
    }

    pub(super) fn court(&self) -> Sheet {
        let own = [
            (self.t("hearings-print-court-name"), self.answer(&["to_court"], "court")),
            (self.t("hearings-print-court-effect"), self.effect()),
            (self.t("hearings-print-court-by"), self.court_by.clone()),
        ];
        let own: Vec<(String, String)> = own.into_iter().filter(|fact| !fact.1.is_empty()).collect();
        Sheet {
            lead: vec![self.t("hearings-print-court-lead")],
            facts: [self.sides(), self.acting(), own].concat(),
            sections: vec![(self.t("hearings-print-court-papers"), self.numbered("hearings-print-court-paper-", 3))],
            signs: self.both_sign(),
            ..Sheet::default()
        }
    }

    pub(super) fn cover(&self) -> Sheet {
        let fact = |key: &str, text: String| (self.t(key), text);
        // One of several who left, or an agreement that is broken, ends nothing by itself.
        let ended = if self.case.closed_at.is_some() { self.day(&ENDS) } else { String::new() };
        Sheet {
            facts: vec![
                fact("hearings-print-cover-number", self.case.number.clone()),
                fact("hearings-fact-class", self.class.clone()),
                fact("hearings-print-where", self.community.clone()),
                fact("hearings-present-mediator", self.mediator.clone()),
                fact("hearings-print-chosen-how", self.chosen_by.clone()),
                fact("hearings-print-cover-from", self.day(&OPENS)),
                fact("hearings-print-cover-to", ended),
                fact("hearings-print-cover-kept", self.kept.clone()),
                fact("hearings-print-cover-remark", String::new()),
            ],
            signs: self.signatures(&["hearings-print-filed-by"]),
            ..Sheet::default()
        }
    }
}
