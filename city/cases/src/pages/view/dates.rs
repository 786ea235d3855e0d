//! Dates of a case in words, each with the answer to "why this date?".

use kernel::calendar::{DayKind, Deadline, Limit, Reason, Unit};
use kernel::case::CaseClock;
use kernel::language::Bilingual;
use web::Page;

/// One date with the answer to "why this date?".
#[derive(Debug, Clone)]
pub struct DateStory {
    /// The date in words.
    pub date: String,
    /// The date in full, with its year, as paper has it.
    pub full: String,
    /// `15 working days`.
    pub limit: String,
    /// True when it runs into a year whose holidays are not published.
    pub provisional: bool,
    /// One sentence each.
    pub reasons: Vec<String>,
}

/// The date of a clock that has started, with every reason.
pub(super) fn told(page: &Page, deadline: Option<&Deadline>, clock: Option<&CaseClock>) -> Option<DateStory> {
    deadline.zip(clock).map(|(deadline, clock)| story(page, deadline, clock.limit))
}

impl DateStory {
    /// The date, with the mark of one that may still move.
    #[must_use]
    pub fn marked(&self, page: &Page) -> String {
        if self.provisional { page.t1("cases-date-provisional", "date", &self.date) } else { self.date.clone() }
    }
}

/// The date with every reason in words.
#[must_use]
pub fn story(page: &Page, deadline: &Deadline, limit: Limit) -> DateStory {
    let reasons = deadline.reasons.iter().map(|reason| reason_words(page, reason)).collect();
    DateStory {
        date: page.date(deadline.due_on),
        full: page.full_date(deadline.due_on),
        limit: limit_words(page, limit),
        provisional: deadline.provisional,
        reasons,
    }
}

/// `15 working days`, `at once`.
#[must_use]
pub fn limit_words(page: &Page, limit: Limit) -> String {
    if limit.amount == 0 {
        return page.t("cases-limit-at-once");
    }
    let key = match limit.unit {
        Unit::CalendarDay => "cases-limit-calendar-days",
        Unit::WorkingDay => "cases-limit-working-days",
        Unit::WorkingHour => "cases-limit-working-hours",
        Unit::UrgentHour => "cases-limit-urgent-hours",
    };
    page.t1(key, "n", limit.amount)
}

fn reason_words(page: &Page, reason: &Reason) -> String {
    match reason {
        Reason::Started { on } => page.t1("cases-why-started", "date", page.date(*on)),
        Reason::Skipped { on, day } => {
            let why = match day {
                DayKind::Holiday { name } => holiday(page, name),
                DayKind::Weekend => page.t("cases-why-weekend"),
                DayKind::Working | DayKind::MakeUp { .. } => String::new(),
            };
            page.t2("cases-why-skipped", "date", page.date(*on), "why", &why)
        }
        Reason::Paused { from, until, ground } => {
            let until = until.map_or_else(|| page.t("cases-why-until-now"), |date| page.date(date));
            let ground = page.t(&format!("cases-ground-{}", ground.replace(['.', '_'], "-")));
            page.t2("cases-why-paused", "span", format!("{} – {until}", page.date(*from)), "ground", &ground)
        }
        Reason::NotPublished { year } => page.t1("cases-why-not-published", "year", year),
        Reason::Due { on } => page.t1("cases-why-due", "date", page.date(*on)),
    }
}

/// Holidays keep their Chinese name; English shows the kernel's English name when there is one.
fn holiday(page: &Page, name: &Bilingual) -> String {
    name.get(page.lang).to_owned()
}
