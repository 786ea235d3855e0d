//! The path of a case: what happened, where it is, what usually comes; in words.

use std::collections::BTreeMap;

use kernel::case::{Case, Event, HER_WORD, PROMISED, Recorded};
use kernel::permission::Target;
use kernel::procedure::{Action, Procedure};
use web::Page;

use super::super::needs::answered;
use super::super::parts::rating;
use super::super::sure::her_word;
use super::super::work::late_words;
use super::{PathStep, item_of, listed};
use crate::{Cases, rules};

impl Cases {
    pub(super) fn path(&self, page: &Page, case: &Case, procedure: &Procedure, events: &[Recorded]) -> Vec<PathStep> {
        let mut steps: Vec<PathStep> =
            events.iter().filter_map(|recorded| self.done(page, case, procedure, recorded)).collect();
        let stopped = procedure.states.get(&case.state).is_some_and(|state| state.ground.is_some());
        let terminal = procedure.states.get(&case.state).is_some_and(|state| state.terminal);
        if !terminal && let Some(state) = procedure.states.get(&case.state) {
            let class = if stopped { "stop" } else { "now" };
            steps.push(PathStep {
                class,
                title: self.state_words(page, item_of(case), state),
                note: String::new(),
                dated: String::new(),
                reason: String::new(),
            });
        }
        for ahead in rules::way_ahead(procedure, &case.state) {
            steps.push(PathStep {
                class: "",
                title: self.state_words(page, item_of(case), ahead.facts),
                note: String::new(),
                dated: String::new(),
                reason: String::new(),
            });
        }
        steps
    }

    /// What the office does among itself: not told to the applicant.
    fn is_inner(event: &Event) -> bool {
        matches!(
            event,
            Event::Assigned { .. }
                | Event::Consulted { .. }
                | Event::Answered { .. }
                | Event::Accounted { .. }
                | Event::Appealed { .. }
                | Event::AppealDecided { .. }
        )
    }

    /// What was done beside the steps of the procedure: title and what was said.
    fn beside(&self, page: &Page, item: &str, event: &Event) -> Option<(String, String)> {
        let lang = page.lang;
        let office = |target: &Target| self.office_name(&target.place, target.department.as_deref(), lang);
        Some(match event {
            Event::Received { counter, .. } => {
                let at = counter.as_ref().map(|place| self.hall.places.tree().chain(place, lang)).unwrap_or_default();
                (page.t("cases-event-received"), at)
            }
            Event::Waived { papers } => {
                let names = papers.iter().map(|code| self.material_name(item, code, lang));
                (page.t("cases-event-waived"), listed(lang, names))
            }
            Event::TakenBack { papers, .. } => {
                let names = papers.iter().map(|code| self.material_name(item, code, lang));
                (page.t("cases-event-taken-back"), listed(lang, names))
            }
            Event::Settled { place, .. } => (page.t("cases-event-settled"), self.hall.places.tree().chain(place, lang)),
            Event::Relocated { .. } => (page.t("cases-event-relocated"), String::new()),
            Event::Supervised { note, answer_by } => {
                (page.t1("cases-event-supervised-by", "date", page.date(*answer_by)), note.clone())
            }
            Event::Accounted { answer, .. } => (page.t("cases-event-accounted"), answer.clone()),
            Event::Assigned { to: Some(handler) } => {
                (page.t1("cases-event-assigned", "name", &handler.name), String::new())
            }
            Event::Assigned { to: None } => (page.t("cases-event-let-go"), String::new()),
            Event::Extended { amount, reason } => (page.t1("cases-event-extended", "amount", amount), reason.clone()),
            Event::Transferred { to, reason } => {
                (page.t1("cases-event-transferred", "office", office(to)), reason.clone())
            }
            Event::Consulted { office: asked, question, .. } => {
                (page.t1("cases-event-consulted", "office", office(asked)), question.clone())
            }
            Event::Answered { agrees, text, .. } => {
                (page.t(if *agrees { "cases-event-agreed" } else { "cases-event-disagreed" }), text.clone())
            }
            Event::Explained { reason, note } => {
                let why = late_words(page, *reason);
                // In words among staff: what others are told is the reason.
                (
                    page.t1("cases-event-explained", "why", why),
                    if page.visitor.staff() { note.clone() } else { String::new() },
                )
            }
            Event::RatedAgain { score } => {
                (page.t1("cases-event-rated-again", "rating", rating(page, score)), String::new())
            }
            Event::FollowedUp { answer } => (page.t("cases-event-followed-up"), answer.clone()),
            Event::Appealed { reason } => (page.t("cases-event-appealed"), reason.clone()),
            Event::AppealDecided { upheld, reason } => (
                page.t(if *upheld { "cases-event-appeal-upheld" } else { "cases-event-appeal-refused" }),
                reason.clone(),
            ),
            Event::Opened(_) | Event::Acted { .. } | Event::Rated { .. } | Event::Recomputed(_) => return None,
        })
    }

    fn done(&self, page: &Page, case: &Case, procedure: &Procedure, recorded: &Recorded) -> Option<PathStep> {
        let (title, reason) = match &recorded.event {
            Event::Opened(opened) => {
                (procedure.actions.get(&opened.action)?.told().get(page.lang).to_owned(), String::new())
            }
            Event::Acted { action, fields, .. } => {
                let action = procedure.actions.get(action)?;
                (action.told().get(page.lang).to_owned(), self.answers(page, case, action, fields))
            }
            Event::Rated { score, .. } => (page.t1("cases-event-rated", "rating", rating(page, score)), String::new()),
            Event::Recomputed(_) if recorded.by.role != "system" => return None,
            Event::Recomputed(counted) => {
                (page.t1("cases-event-recomputed", "date", page.date(counted.due(PROMISED)?)), String::new())
            }
            other if Self::is_inner(other) && !page.visitor.staff() => return None,
            other => self.beside(page, case.item(), other)?,
        };
        let who = match recorded.by.role.as_str() {
            "applicant" => page.t("cases-by-applicant"),
            "system" => page.t("cases-by-system"),
            _ => recorded.by.name.clone(),
        };
        let who = if recorded.by.on_behalf { page.t1("cases-by-on-behalf", "name", &who) } else { who };
        let dated = format!("{} {} · {who}", page.full_date(recorded.at), page.time_of_day(recorded.at));
        Some(PathStep { class: "done", title, note: format!("{} · {who}", page.minute(recorded.at)), dated, reason })
    }

    /// What was said with a step, in the order in which it was asked and in words.
    fn answers(&self, page: &Page, case: &Case, action: &Action, fields: &BTreeMap<String, String>) -> String {
        let words = answered(&action.needs, fields).map(|(need, answer)| self.told(page, case, need, answer));
        let her_word = fields.get(HER_WORD).and_then(|word| her_word(page, word));
        words.chain(her_word).collect::<Vec<_>>().join(" · ")
    }
}
