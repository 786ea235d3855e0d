//! The papers with which a mediation begins: what a side asked for, or what was registered, with what the national form
//! asks of each who takes part.

use super::{Matter, Sheet};
use crate::actions::reading::OnPaper;
use crate::rules::paper::step;
use crate::words::{AUTHORITY, DOCUMENT, FACTS, OPENS};

/// Where something is written by hand that is not known.
pub(super) const BLANK: &str = "____________";
/// How many lines there are for what somebody asks for.
const REQUESTS: usize = 3;

impl Matter<'_> {
    /// What a side asked for; where nobody asked, what was registered, with the authority that transferred it.
    pub(super) fn application(&self) -> Sheet {
        let said = |name: &str| self.case.fields.get(name).cloned().unwrap_or_default();
        let own = [
            (self.t("hearings-fact-class"), self.class.clone()),
            (self.t("hearings-print-where"), self.community.clone()),
            (self.t("hearings-field-authority-name"), said(AUTHORITY)),
            (self.t("hearings-field-document"), said(DOCUMENT)),
        ];
        let own: Vec<(String, String)> = own.into_iter().filter(|fact| !fact.1.is_empty()).collect();
        let requests = (1..=REQUESTS).map(|number| format!("{number}. {BLANK}{BLANK}{BLANK}")).collect();
        let mut sections = self.section("hearings-print-facts", said(FACTS));
        sections.push((self.t("hearings-print-requests"), requests));
        let sheet =
            Sheet { people: self.parties(), facts: own, closing: vec![self.day(&OPENS)], sections, ..Sheet::default() };
        if self.events.first().and_then(step) == Some("apply") {
            let signs = self.signatures(&["hearings-paper-first", "hearings-print-registrar"]);
            return Sheet { lead: vec![self.t("hearings-print-application-lead")], signs, ..sheet };
        }
        let signs = self.signatures(&["hearings-print-registrar"]);
        Sheet { title: self.t("hearings-print-registered"), signs, ..sheet }
    }

    /// What the form asks of each who takes part; a line to write on where it is not known.
    fn parties(&self) -> Vec<Vec<(String, String)>> {
        let known = |text: &str| if text.is_empty() { BLANK.to_owned() } else { text.to_owned() };
        let one = |key: &str, person: &OnPaper| {
            vec![
                (self.t(key), known(&person.name)),
                (self.t("hearings-print-sex-age"), BLANK.to_owned()),
                (self.t("hearings-print-work"), BLANK.to_owned()),
                (self.t("hearings-letter-telephone"), known(&person.telephone)),
                (self.t("hearings-print-address"), known(&person.address)),
            ]
        };
        let [first, second] = &self.people;
        let first = first.iter().map(|person| one("hearings-paper-first", person));
        first.chain(second.iter().map(|person| one("hearings-paper-second", person))).collect()
    }
}
