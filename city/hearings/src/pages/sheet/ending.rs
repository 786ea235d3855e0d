//! The papers with which a mediation ends: that it ended and what is left, the visit after it, the closing report, the
//! application to the court, and the cover of the file.

use super::opening::BLANK;
use super::{Matter, Sheet, WAYS_LEFT};
use crate::actions::told::Reader;
use crate::rules::paper::step;
use crate::words::inside::{OWERS, named};
use crate::words::{FACTS, OPENS, SOURCES};

/// The steps with which a mediation ends.
const ENDS: [&str; 8] =
    ["visit", "close_unvisited", "end_broken", "fail", "first_refuses", "second_refuses", "no_answer", "decline"];

impl Matter<'_> {
    pub(super) fn ended(&self) -> Sheet {
        let said = self.answer(&["fail", "decline"], "reason");
        let mut sections = vec![(self.t("hearings-print-ended-why"), vec![self.why_ended()])];
        sections.extend(self.section("hearings-print-ended-said", said));
        let ways = self.numbered("hearings-print-way-left-", WAYS_LEFT);
        sections.push((self.t("hearings-print-ways-left"), ways));
        Sheet { facts: self.sides(), sections, is_sealed: true, closing: vec![self.day(&ENDS)], ..Sheet::default() }
    }

    /// Why it ended without an agreement.
    fn why_ended(&self) -> String {
        let last = self.events.iter().rev().find_map(step).unwrap_or_default();
        let kind = self.answer(&["fail"], "why");
        self.t(match (last, kind.as_str()) {
            ("first_refuses" | "second_refuses", _) => "hearings-print-ended-refused",
            ("no_answer", _) => "hearings-print-ended-silent",
            ("decline", _) => "hearings-print-ended-declined",
            (_, "gap") => "hearings-print-ended-gap",
            (_, "time") => "hearings-print-ended-time",
            _ => "hearings-print-ended-other",
        })
    }

    /// The closing report: who brought what, from when to when, and with which result.
    pub(super) fn closed(&self) -> Sheet {
        let source = match self.events.first().and_then(step) {
            Some("apply") => "application",
            Some("transfer_in") => "transferred",
            _ => "own_motion",
        };
        let ended = self.day(&["performed", "end_broken"]);
        let result = match self.events.iter().rev().filter_map(step).find(|step| is_result(step)) {
            Some("performed") => self.t("hearings-print-closing-performed"),
            Some("end_broken") => self.t("hearings-print-closing-broken"),
            _ => self.why_ended(),
        };
        let own = [
            ("hearings-print-cover-number", self.case.number.clone()),
            ("hearings-print-filed-on", self.day(&OPENS)),
            ("hearings-print-closing-on", if ended.is_empty() { self.day(&ENDS) } else { ended }),
            ("hearings-receipt-office", self.office.clone()),
            ("hearings-present-mediator", self.mediator.clone()),
            ("hearings-column-source", self.t(named(&SOURCES, source))),
        ];
        let own = own.map(|(key, text)| (self.t(key), text));
        let facts = self.case.fields.get(FACTS).cloned().unwrap_or_default();
        let mut sections = self.section("hearings-print-facts", facts);
        sections.push((self.t("hearings-print-closing-result"), vec![result]));
        sections.extend(self.section("hearings-print-court", self.answer(&["confirmed"], "number")));
        Sheet {
            facts: [self.sides(), own.to_vec()].concat(),
            sections,
            signs: self.signatures(&["hearings-print-filed-by"]),
            is_sealed: true,
            ..Sheet::default()
        }
    }

    pub(super) fn visit(&self) -> Sheet {
        let said = |field: &str| self.answer(&["visit"], field);
        let whom = said("whom");
        let facts = [
            (
                "hearings-print-visit-whom",
                if whom.is_empty() { whom } else { self.t(Reader::Paper.key(&OWERS, &whom)) },
            ),
            ("hearings-print-visit-agreement", said("agreement_number")),
        ];
        let facts = facts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| (self.t(key), text));
        let mut sections = self.section("hearings-print-visited", said("record"));
        sections.extend(self.section("hearings-print-visit-suit", said("suit")));
        sections.extend(self.section("hearings-print-visit-signs", said("signs")));
        sections.extend(self.section("hearings-print-visit-steps", said("steps")));
        let visitor = format!("{} {}", self.t("hearings-print-visitor"), said("visitor"));
        Sheet {
            facts: [self.sides(), facts.collect()].concat(),
            sections,
            signs: vec![visitor.trim_end().to_owned()],
            closing: vec![self.day(&["visit"])],
            ..Sheet::default()
        }
    }

    pub(super) fn court(&self) -> Sheet {
        let court = self.answer(&["to_court"], "court");
        let court = if court.is_empty() { self.page.t1("hearings-print-court-which", "blank", BLANK) } else { court };
        let own = [
            (self.t("hearings-print-court-name"), court),
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

/// Whether a step says how a mediation came out.
fn is_result(step: &str) -> bool {
    ["performed", "end_broken"].contains(&step) || ENDS.contains(&step)
}
