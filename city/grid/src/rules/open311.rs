//! Decides what other programs are told of a report, and which step they mean by what they say of it.

use kernel::calendar::Calendar;
use kernel::case::Case;
use kernel::procedure::Procedure;
use kernel::time::Instant;
use uuid::Uuid;

use super::stage::asks;
use crate::words::open311::Shared;
use crate::words::{
    CHECKED, CHECKED_BY_PLATFORM, DISPATCH, HANDLE, HANDLING, NO_PHOTO, Report, TOLD_BY_PLATFORM, VERIFY,
};

/// A step of the procedure, and the answer that takes the words.
pub type Meant = (&'static str, Option<&'static str>);

/// What others are told of a report as its case stands.
#[must_use]
pub fn shared(report: &Report, case: &Case, open: bool, calendar: &Calendar, system: Option<Uuid>) -> Shared {
    Shared {
        district: report.district,
        case_id: report.case_id,
        number: report.number.clone(),
        path: case.place.clone(),
        kind: report.kind.clone(),
        condition: report.condition.clone(),
        department: case.office.department.clone().unwrap_or_default(),
        state: case.state.clone(),
        open,
        public: report.public,
        requested_at: case.opened_at,
        updated_at: case.entered_at,
        expected_at: expected(case, calendar),
        system,
        sequence: case.sequence,
    }
}

/// By when a report is put right: as its clock says, or as it would say had it started when somebody reported.
#[must_use]
pub fn expected(case: &Case, calendar: &Calendar) -> Option<Instant> {
    let clock = case.clocks.get(HANDLE)?;
    clock.due_at.or_else(|| {
        let start = clock.started.unwrap_or(case.opened_at);
        Some(calendar.deadline(start, clock.limit, &[], start).due)
    })
}

/// What whoever reported means: it is done, or it is not; the first of these steps that can be taken.
#[must_use]
pub fn meant_by_reporter(state: &str, done: bool) -> &'static [Meant] {
    match (state, done) {
        ("asked", true) => &[("confirm", None)],
        ("asked", false) => &[("still_wrong", Some("reason")), ("ask_above", Some("reason"))],
        _ => &[],
    }
}

/// What the platform of whoever puts things right means. Said to be done, a report goes through each step up to that
/// which somebody else has to take.
#[must_use]
pub fn meant_by_unit(state: &str, done: bool) -> Option<Meant> {
    match (state, done) {
        ("reported", true) => Some(("file", None)),
        ("filed", true) => Some((DISPATCH, None)),
        (HANDLING, true) => Some((HANDLE, Some("report"))),
        ("handled", true) => Some((VERIFY, None)),
        ("handled", false) => Some(("send_back", Some("reason"))),
        _ => None,
    }
}

/// What another platform says by itself with a step: it sends no photo of the work, and it is who says that it is done.
#[must_use]
pub fn by_platform(procedure: &Procedure, action: &str) -> Option<(String, String)> {
    let (question, answer) = match action {
        HANDLE => (NO_PHOTO, TOLD_BY_PLATFORM),
        VERIFY => (CHECKED, CHECKED_BY_PLATFORM),
        _ => return None,
    };
    asks(procedure, action, question).then(|| (question.to_owned(), answer.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_answers_for_itself_where_its_step_asks_that() {
        let [now, second, before] = [
            include_str!("../../../../data/procedures/report.toml"),
            include_str!("../../../../data/procedures/report-2.toml"),
            include_str!("../../../../data/procedures/report-1.toml"),
        ]
        .map(|text| kernel::procedure::load("report.toml", text).unwrap());
        let said = |procedure: &Procedure, action: &str| by_platform(procedure, action).map(|(_, answer)| answer);
        for asked in [&now, &second] {
            assert_eq!(said(asked, HANDLE).as_deref(), Some(TOLD_BY_PLATFORM));
            assert_eq!(said(asked, VERIFY).as_deref(), Some(CHECKED_BY_PLATFORM));
            assert_eq!(said(asked, DISPATCH), None);
        }
        for action in [HANDLE, VERIFY] {
            assert_eq!(said(&before, action), None, "{action}: what began before is not asked");
        }
    }

    #[test]
    fn what_is_said_to_be_done_goes_up_to_the_reporter() {
        let (mut state, mut steps) = ("reported", Vec::new());
        while let Some((action, _)) = meant_by_unit(state, true) {
            steps.push(action);
            state = match action {
                "file" => "filed",
                "dispatch" => "handling",
                "handle" => "handled",
                _ => "asked",
            };
        }
        assert_eq!(steps, ["file", "dispatch", "handle", "verify"]);
        assert_eq!(meant_by_reporter(state, true), [("confirm", None)]);
        let reason = Some("reason");
        assert_eq!(meant_by_reporter(state, false), [("still_wrong", reason), ("ask_above", reason)]);
        for over in ["closed", "merged", "shelved", "disputed", "above"] {
            assert!(meant_by_unit(over, true).is_none() && meant_by_reporter(over, true).is_empty(), "{over}");
        }
    }
}
