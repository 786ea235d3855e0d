//! These rules say which papers are still wanted, until when one may be promised, and where an original goes next. They
//! are pure.

use crate::refusals::Why;
use kernel::calendar::{Calendar, Limit};
use kernel::case::{Case, Event, PaperForm, Recorded, Signature};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant, date_plus_days};
use std::collections::BTreeSet;

use crate::words::{Holder, LaterDates};

/// Returns the papers of a case that nobody has seen yet, or that were asked for again and not sent since then.
#[must_use]
pub fn wanted(case: &Case) -> BTreeSet<&str> {
    let unseen = case.papers().iter().filter(|(_, paper)| paper.later).map(|(code, _)| code.as_str());
    let missing = case.missing().iter().map(String::as_str).filter(|code| !is_sent(case, code));
    unseen.chain(missing).collect()
}

/// Says whether a paper was sent electronically. If it was asked for again, it must have been sent after that.
#[must_use]
pub fn is_sent(case: &Case, material: &str) -> bool {
    case.papers()
        .get(material)
        .is_some_and(|paper| paper.form == PaperForm::Electronic && !paper.later && !paper.waived)
}

/// Returns in which form staff saw a paper last: it lay before them when the case was opened, or was brought to them
/// later. Give the events since it was last asked for, and when files of it were added: a file is sent, not shown.
#[must_use]
pub fn seen(events: &[Recorded], material: &str, files: &BTreeSet<Instant>) -> Option<PaperForm> {
    let (mut seen, mut is_sent) = (None, false);
    for recorded in events {
        let by_staff = recorded.by.role != Signature::APPLICANT;
        match &recorded.event {
            Event::Opened(opened) => {
                let known = opened.service.as_ref().and_then(|service| service.papers.get(material));
                let shown = known.filter(|paper| !paper.later && !paper.waived && paper.form != PaperForm::Electronic);
                seen = shown.map(|paper| paper.form);
            }
            Event::Received { papers, .. } => {
                let Some(form) = papers.get(material) else { continue };
                is_sent = *form == PaperForm::Electronic && (!by_staff || files.contains(&recorded.at));
                seen = if is_sent { seen } else { Some(*form) };
            }
            Event::TakenBack { papers, .. } => is_sent &= !papers.contains(material),
            // Who hands in for her what she sent herself has seen no paper.
            Event::Acted { from, to, papers, .. } if by_staff && from != to && recorded.by.on_behalf && !is_sent => {
                let is_named = papers.iter().any(|code| code == material);
                seen = if is_named { Some(PaperForm::Original) } else { seen };
            }
            _ => {}
        }
    }
    seen
}

/// Says whether a paper of the case is still wanted.
#[must_use]
pub fn is_wanted(case: &Case, material: &str) -> bool {
    wanted(case).contains(material)
}

/// Says whether the case asks for that paper at all.
#[must_use]
pub fn is_asked(case: &Case, material: &str) -> bool {
    case.papers().contains_key(material) || case.missing().contains(material)
}

/// Returns until when a paper may be promised now: the limit that is proposed, and the longest one. Neither is shorter
/// than one unit, and neither ends before tomorrow.
#[must_use]
pub fn later_dates(calendar: &Calendar, now: Instant, usual: Limit, most: Limit) -> LaterDates {
    let today = calendar.zone().date(now);
    let after = |limit: Limit| {
        let limit = Limit::new(limit.amount.max(1), limit.unit);
        calendar.deadline_of_applicant(now, limit, &[], now).due_on
    };
    let first = date_plus_days(today, 1).unwrap_or(today);
    let last = after(most).max(first);
    LaterDates { first, usual: after(usual).clamp(first, last), last }
}

/// Returns the chosen day if it is allowed.
///
/// # Errors
/// Refuses a text that is no date, and a day outside of those that may be promised.
pub fn later_date(typed: &str, dates: LaterDates) -> Result<Date, Refusal> {
    let until: Date = typed.trim().parse().map_err(|_| Refusal::new(Code::FormDate).field("until"))?;
    if (dates.first..=dates.last).contains(&until) {
        Ok(until)
    } else {
        Err(Refusal::new(Why::PaperLaterDate).field("until").with("limit", dates.last))
    }
}

/// Returns where an original goes from its holder: to the office that decides, and from there back to where it was
/// taken in. Returns nothing if it is there.
#[must_use]
pub fn next_holder(holder: &Holder, home: &Holder, office: &Holder) -> Option<Holder> {
    let goal = if holder == office { home } else { office };
    (goal.place != holder.place).then(|| goal.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::calendar::Unit;
    use kernel::case::{Paper, Service};
    use kernel::place::PlacePath;
    use serde_json::json;

    fn calendar() -> Calendar {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/calendar");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
        Calendar::parse(&read("holidays_cn_2004_2026.csv"), &read("city.toml")).unwrap()
    }

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn a_paper_is_promised_from_tomorrow_on_for_so_many_working_days() {
        let calendar = calendar();
        // It is a Friday, so the weekend does not count.
        let now = calendar.zone().instant(date("2026-11-27"), 600);
        let days = |amount| Limit::new(amount, Unit::WorkingDay);
        let dates = later_dates(&calendar, now, days(3), days(5));
        assert_eq!(
            (dates.first, dates.usual, dates.last),
            (date("2026-11-28"), date("2026-12-02"), date("2026-12-04"))
        );
        assert_eq!(later_dates(&calendar, now, days(9), days(5)).usual, date("2026-12-04"), "never more than the most");
        for (typed, expected) in [
            ("2026-11-28", Ok(date("2026-11-28"))),
            (" 2026-12-04 ", Ok(date("2026-12-04"))),
            ("2026-11-27", Err(Why::PaperLaterDate)),
            ("2026-12-05", Err(Why::PaperLaterDate)),
            ("", Err(Code::FormDate)),
            ("soon", Err(Code::FormDate)),
        ] {
            assert_eq!(later_date(typed, dates).map_err(|refusal| refusal.code), expected, "{typed}");
        }
    }

    fn holder(place: &str, department: &str) -> Holder {
        Holder { place: PlacePath::parse(place).unwrap(), department: department.to_owned() }
    }

    #[test]
    fn an_original_goes_to_the_office_and_back() {
        let (counter, office) = (holder("1.2.3.4.", ""), holder("1.5.", "civil"));
        for (at, expected) in [
            (&counter, Some(office.clone())),
            (&office, Some(counter.clone())),
            (&holder("1.5.", "health"), None),
            (&holder("1.9.", "civil"), Some(office.clone())),
        ] {
            assert_eq!(next_holder(at, &counter, &office), expected, "{at:?}");
        }
        let direct = holder("1.2.3.4.", "civil");
        assert_eq!(next_holder(&counter, &counter, &direct), None, "the counter itself decides");
    }

    /// Returns a case with these papers that are known, and those that are asked for.
    fn case(papers: &[(&str, Paper)], missing: &[&str]) -> Case {
        let office = json!({ "place": "1.2.", "department": "civil" });
        let mut case: Case = serde_json::from_value(json!({
            "id": "00000000-0000-0000-0000-000000000001", "procedure": "separate", "procedure_version": 1,
            "number": "210102-2026-0000123-7", "shard": 2, "place": "1.2.3.4.", "office": office, "decider": office,
            "confidential": false, "state": "handling", "entered_at": 0, "provisional": false, "opened_at": 0, "sequence": 1,
        }))
        .unwrap();
        let papers = papers.iter().map(|(code, paper)| ((*code).to_owned(), *paper)).collect();
        let missing = missing.iter().map(|code| (*code).to_owned()).collect();
        case.service = Some(Box::new(Service { papers, missing, ..Service::default() }));
        case
    }

    fn paper(form: PaperForm) -> Paper {
        Paper { form, ..Paper::default() }
    }

    #[test]
    fn a_paper_is_wanted_until_somebody_has_seen_it() {
        let (original, electronic) = (paper(PaperForm::Original), paper(PaperForm::Electronic));
        let later = |paper| Paper { later: true, ..paper };
        let waived = |paper| Paper { waived: true, ..paper };
        for (known, missing, expected) in [
            // Whether the case asks for it, whether it was sent, whether it is still wanted.
            (None, false, (false, false, false)),
            (None, true, (true, false, true)),
            (Some(original), false, (true, false, false)),
            (Some(original), true, (true, false, true)),
            (Some(paper(PaperForm::Copy)), false, (true, false, false)),
            (Some(later(original)), false, (true, false, true)),
            (Some(electronic), false, (true, true, false)),
            (Some(electronic), true, (true, true, false)), // It was asked for again and sent since then.
            (Some(later(electronic)), true, (true, false, true)), // It was asked for again, and nothing came.
            (Some(later(electronic)), false, (true, false, true)),
            (Some(waived(original)), false, (true, false, false)),
            (Some(waived(electronic)), true, (true, false, true)),
        ] {
            let papers: Vec<(&str, Paper)> = known.map(|paper| ("HK", paper)).into_iter().collect();
            let case = case(&papers, if missing { &["HK"] } else { &[] });
            let found = (is_asked(&case, "HK"), is_sent(&case, "HK"), is_wanted(&case, "HK"));
            assert_eq!(found, expected, "{known:?} missing: {missing}");
            assert!(!is_asked(&case, "ID") && !is_sent(&case, "ID") && !is_wanted(&case, "ID"));
        }
    }

    #[test]
    fn what_staff_saw_is_seen_and_what_she_sent_is_not() {
        let event = |at: i64, role: &str, event: serde_json::Value| -> Recorded {
            let by = json!({ "account": null, "name": "", "role": role, "on_behalf": role == "community_worker" });
            let id = "00000000-0000-0000-0000-000000000001";
            serde_json::from_value(json!({ "id": id, "at": at, "by": by, "event": event })).unwrap()
        };
        let (she, staff) = ("applicant", "community_worker");
        let received = |at: i64, role: &str, form: &str| {
            event(at, role, json!({ "kind": "received", "papers": { "HK": form }, "counter": null }))
        };
        let taken_back = |at: i64| event(at, she, json!({ "kind": "taken_back", "papers": ["HK"] }));
        let handed_in = |at: i64, role: &str| {
            let step = json!({
                "kind": "acted", "action": "supply", "from": "correction", "to": "handling", "fields": {},
                "papers": ["HK"], "counter": null,
            });
            event(at, role, step)
        };
        let (original, copy, electronic) = (PaperForm::Original, PaperForm::Copy, PaperForm::Electronic);
        // Files were added at the moments 1 and 2.
        let files = BTreeSet::from([1, 2].map(Instant::from_micros));
        for (events, expected) in [
            (Vec::new(), None),
            (vec![received(1, she, "electronic")], None),
            (vec![received(1, she, "electronic"), received(3, staff, "original")], Some(original)),
            (vec![received(0, staff, "copy"), received(1, she, "electronic")], Some(copy)),
            (vec![received(3, staff, "electronic")], Some(electronic)),
            (vec![received(2, staff, "electronic")], None),
            (vec![received(0, staff, "original"), received(2, staff, "electronic")], Some(original)),
            (vec![handed_in(3, staff)], Some(original)),
            (vec![handed_in(3, she)], None),
            (vec![received(1, she, "electronic"), handed_in(3, staff)], None),
            (vec![received(1, she, "electronic"), taken_back(2), handed_in(3, staff)], Some(original)),
        ] {
            assert_eq!(seen(&events, "HK", &files), expected, "{events:?}");
            assert_eq!(seen(&events, "ID", &files), None, "{events:?}");
        }
    }

    #[test]
    fn what_is_wanted_is_listed_once_in_the_order_of_codes() {
        let later = Paper { later: true, ..Paper::default() };
        let case = case(&[("ZZ", later), ("HK", later), ("ID", Paper::default())], &["HK", "AP"]);
        assert_eq!(wanted(&case).into_iter().collect::<Vec<_>>(), ["AP", "HK", "ZZ"]);
        let lamp = Case { service: None, ..case };
        assert!(wanted(&lamp).is_empty() && !is_asked(&lamp, "HK"), "nothing of the catalogue was applied for");
    }

    #[test]
    fn a_promise_goes_over_holidays_and_never_ends_before_it_begins() {
        let calendar = calendar();
        for (today, unit, (usual, most), (first, proposed, last)) in [
            ("2026-09-30", Unit::WorkingDay, (3, 5), ("2026-10-01", "2026-10-10", "2026-10-13")),
            ("2026-02-13", Unit::WorkingDay, (1, 2), ("2026-02-14", "2026-02-14", "2026-02-24")),
            ("2026-04-30", Unit::WorkingDay, (1, 4), ("2026-05-01", "2026-05-06", "2026-05-09")),
            ("2026-11-29", Unit::WorkingDay, (1, 2), ("2026-11-30", "2026-11-30", "2026-12-01")), // It is a Sunday.
            ("2026-12-31", Unit::WorkingDay, (1, 1), ("2027-01-01", "2027-01-01", "2027-01-01")), // Not yet published.
            ("2026-11-27", Unit::WorkingDay, (0, 0), ("2026-11-28", "2026-11-30", "2026-11-30")),
            ("2026-01-31", Unit::CalendarDay, (3, 30), ("2026-02-01", "2026-02-03", "2026-03-02")),
            ("2028-02-28", Unit::CalendarDay, (1, 2), ("2028-02-29", "2028-02-29", "2028-03-01")),
            // Hours that are over today leave tomorrow.
            ("2026-11-23", Unit::WorkingHour, (1, 2), ("2026-11-24", "2026-11-24", "2026-11-24")),
            ("2026-11-23", Unit::UrgentHour, (1, 24), ("2026-11-24", "2026-11-24", "2026-11-24")),
            ("9999-12-31", Unit::CalendarDay, (1, 2), ("9999-12-31", "9999-12-31", "9999-12-31")),
        ] {
            for minute in [0, 1_439] {
                let now = calendar.zone().instant(date(today), minute);
                let dates = later_dates(&calendar, now, Limit::new(usual, unit), Limit::new(most, unit));
                let expected = LaterDates { first: date(first), usual: date(proposed), last: date(last) };
                assert_eq!(dates, expected, "{today} at {minute}");
                assert_eq!(later_date(first, dates), Ok(date(first)));
                assert_eq!(later_date(last, dates), Ok(date(last)));
                let refusal = later_date("1999-12-31", dates).unwrap_err();
                assert_eq!(refusal.detail.get("limit").map(String::as_str), Some(last), "the last day is named");
            }
        }
    }

    #[test]
    fn an_office_is_where_the_case_lies() {
        let office = Holder::office(&case(&[], &[]));
        assert_eq!(office, holder("1.2.", "civil"));
        assert_eq!(office.target().department.as_deref(), Some("civil"));
        assert_eq!(holder("1.2.3.4.", "").target().department, None, "a counter has no department");
    }
}
