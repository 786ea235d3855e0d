//! What whoever reported is asked and told on her page, and in which way the steps of a report are offered.

use std::collections::BTreeMap;

use cases::kind::{Offer, Own, Section};
use hall::Fault;
use house::BesideLink;
use kernel::calendar::{Limit, Unit};
use kernel::case::{Case, CaseClock, Event, Moment, Recorded, gives_time};
use kernel::identifier::CaseNumber;
use web::Page;

use super::Reports;
use super::ways::has_reporter;
use crate::catalogue::Severity;
use crate::rules::{self, stage};
use crate::words::{ASK_REPORTER, ASK_SHELVE, ASKED, HANDLE, HANDLING, REDISPATCH, SHELVE, UNTIL};

/// The states of reports that ended and may be there again, or were not seen as they are.
const ENDED: [&str; 3] = ["closed", "not_there", "not_a_case"];
/// The step by which a unit asks for more time, and the state in which it waits for the answer.
const ASK_TIME: &str = "ask_time";
const ASKING_TIME: &str = "asking_time";
/// The state of a report that nobody has checked yet.
const REPORTED: &str = "reported";
/// The need that names the unit to which a step sends a report.
const UNIT_FIELD: &str = "unit";
/// Where people ask on the telephone.
const HOTLINE: &str = "12345";

impl Reports {
    /// What she reads on her page: the question once it is done, that her answer was heard, and what she can do where
    /// it ended and is not right. `joined` is the state of the report to which hers was joined: of that one she is not
    /// asked, so that she is told as soon as it is answered.
    pub(super) fn own_of(page: &Page, case: &Case, events: &[Recorded], joined: Option<&str>) -> Own {
        let mut own = Own {
            question: (case.state == ASKED).then(|| page.t("grid-own-question")),
            stands: heard(events).map(|key| page.t(key)),
            ..Own::default()
        };
        let is_answered = joined.is_some_and(|state| state == ASKED || ENDED.contains(&state));
        if is_answered || ENDED.contains(&case.state.as_str()) {
            let lines = vec![page.t(if is_answered { "grid-own-again-joined" } else { "grid-own-again-text" })];
            own.after.push(Section { title: page.t("grid-own-again-title"), lines });
            let link = |href: String, text: String| BesideLink { href, text, is_open: false };
            own.links = vec![
                link("/report/new".to_owned(), page.t("grid-own-again")),
                link(format!("tel:{HOTLINE}"), page.t1("grid-stop-call", "number", HOTLINE)),
            ];
        }
        own
    }

    /// By when a report that just came is checked, and how long a unit has for it then: words and what they say.
    pub(super) fn by_when(page: &Page, case: &Case) -> Vec<(String, String)> {
        if case.state != REPORTED {
            return Vec::new();
        }
        let check = case.latest.map(|due| {
            let time = due.at.map(|at| page.time_of_day(at));
            let until = std::iter::once(page.full_date(due.on)).chain(time).collect::<Vec<_>>().join(" ");
            (page.t("grid-told-check"), page.t1("grid-told-check-until", "date", until))
        });
        let limit = case.clock(HANDLE).map(|clock| {
            let limit = cases::limit_words(page, clock.limit);
            (page.t("grid-told-limit"), page.t1("grid-told-limit-after", "limit", limit))
        });
        check.into_iter().chain(limit).collect()
    }

    /// Which unit as a rule puts a report right that was not sent out yet, and that it is said later which one does;
    /// none once that is known.
    pub(super) fn office_expected(&self, page: &Page, case: &Case) -> Option<String> {
        let told = || page.t1("grid-office-expected", "office", self.office(&case.decider, page.lang));
        stage::is_before_work(&case.state).then(told)
    }

    /// How the steps that can be taken now are offered. Nobody is asked where nobody reported.
    pub(super) fn offers(&self, page: &Page, case: &Case, steps: &[&str]) -> BTreeMap<String, Offer> {
        let steps = steps.iter().filter(|step| **step != ASK_REPORTER || has_reporter(case));
        steps.map(|step| ((*step).to_owned(), self.offer_of(page, case, step))).collect()
    }

    fn offer_of(&self, page: &Page, case: &Case, step: &str) -> Offer {
        match step {
            // She is asked evenly: no answer is folded away.
            "still_wrong" | "ask_above" if !page.visitor.staff() => Offer { primary: Some(true), ..Offer::default() },
            "prolong" => {
                let until = prolonged(case).and_then(|clock| self.due_words(page, &clock));
                let note = until.map(|until| page.t1("grid-offer-prolong", "date", until));
                Offer { notes: note.into_iter().collect(), ..Offer::default() }
            }
            // Whoever grants it may choose another day than the one that was asked for.
            SHELVE => {
                let asked = case.days.get(UNTIL).map(|day| (UNTIL.to_owned(), day.to_string()));
                Offer { preset: asked.into_iter().collect(), ..Offer::default() }
            }
            // The unit by rule is the one that sent it back, or over which there is a dispute.
            REDISPATCH | "settle" => Offer { must: vec![UNIT_FIELD], ..Offer::default() },
            _ => Self::offer_of_unit(page, step).unwrap_or_default(),
        }
    }

    /// How the steps of a unit are offered that are not the usual one: below a heading, each with what it does and who
    /// is asked next.
    fn offer_of_unit(page: &Page, step: &str) -> Option<Offer> {
        let (group, note) = match step {
            ASK_REPORTER => ((1, "grid-group-ask"), "grid-offer-ask-reporter"),
            "ask_desk" => ((1, "grid-group-ask"), "grid-offer-ask-desk"),
            ASK_TIME => ((2, "grid-group-later"), "grid-offer-ask-time"),
            ASK_SHELVE => ((2, "grid-group-later"), "grid-offer-ask-shelve"),
            "not_ours" => ((3, "grid-group-others"), "grid-offer-not-ours"),
            "go_up" => ((3, "grid-group-others"), "grid-offer-go-up"),
            _ => return None,
        };
        Some(Offer { group, notes: vec![page.t(note)], ..Offer::default() })
    }

    /// By when a report is to be put right that was given more time, and why it is given no more where it lies with a
    /// unit: words and what they say.
    pub(super) fn given_until(&self, page: &Page, case: &Case) -> Result<Vec<(String, String)>, Fault> {
        let clock = case.clock(HANDLE).filter(|clock| clock.is_open() && clock.extensions > 0);
        let until = clock.and_then(|clock| self.due_words(page, clock));
        let mut told: Vec<_> = until.map(|until| (page.t("grid-fact-prolonged"), until)).into_iter().collect();
        let Some(cases) = self.cases.upgrade().filter(|_| [HANDLING, ASKING_TIME].contains(&case.state.as_str()))
        else {
            return Ok(told);
        };
        let (procedure, calendar) = (cases.procedure_of(case)?, self.hall.calendar());
        let asks = procedure.actions.get(ASK_TIME);
        let moment = Moment { calendar: &calendar, now: page.now };
        if let Some(Err(why)) = asks.map(|asks| gives_time(procedure, case, asks, moment)) {
            told.push((page.t("grid-fact-no-more-time"), page.problem(&why).text));
        }
        Ok(told)
    }

    /// By when a clock is due, with the time of day where hours count.
    fn due_words(&self, page: &Page, clock: &CaseClock) -> Option<String> {
        let deadline = clock.deadline(&self.hall.calendar(), page.now)?;
        let in_hours = matches!(clock.limit.unit, Unit::WorkingHour | Unit::UrgentHour) && clock.on.is_none();
        let day = page.full_date(deadline.due_on);
        Some(if in_hours { format!("{day} {}", page.time_of_day(deadline.due)) } else { day })
    }
}

/// Which time each severity gives, where whoever sends the case out chooses one: a label and what it says.
pub(super) fn by_severity(case: &Case, page: &Page) -> Option<(String, String)> {
    let each = |(severity, limit): (Severity, Limit)| {
        let called = page.t(match severity {
            Severity::Urgent => "grid-severity-a",
            Severity::Major => "grid-severity-b",
            Severity::Ordinary => "grid-severity-c",
        });
        format!("{called} {}", cases::limit_words(page, limit))
    };
    let told: Vec<String> = rules::choices_of(case).into_iter().map(each).collect();
    (!told.is_empty()).then(|| (page.t("grid-fact-severities"), told.join(" · ")))
}

/// Where whoever joined a report reads about it with her own code.
pub(super) fn joined(page: &Page, number: &CaseNumber) -> BesideLink {
    BesideLink { href: format!("/report/heard?number={number}"), text: page.t("grid-heard-title"), is_open: false }
}

/// The clock of handling with one more of its limits.
fn prolonged(case: &Case) -> Option<CaseClock> {
    let clock = case.clock(HANDLE)?;
    Some(CaseClock { extended: clock.extended.saturating_add(clock.limit.amount), ..clock.clone() })
}

/// The key of what she is told where the last step was her own answer.
fn heard(events: &[Recorded]) -> Option<&'static str> {
    let last = events.iter().rev().find_map(|one| match &one.event {
        Event::Acted { action, .. } => Some(action.as_str()),
        _ => None,
    })?;
    match last {
        "still_wrong" => Some("grid-own-still-wrong"),
        "ask_above" => Some("grid-own-ask-above"),
        "answer_question" => Some("grid-own-answered"),
        "confirm" => Some("grid-own-confirmed"),
        _ => None,
    }
}
