//! These tests read the spans of shifts that a form asks for.

use kernel::language::Lang;
use web::Form;

use super::*;
use crate::pages::tests::page;

/// Returns the spans of a form as `2026-11-23 08:00 > 2026-11-23 16:00`, or the code and the field of the refusal.
fn asked(day: &str, from: &str, to: &str, days: &str) -> Result<Vec<String>, (Code, String)> {
    let page = page(Lang::Zh);
    let form = Form::default().with("day", day).with("from", from).with("to", to).with("days", days);
    let zone = page.zone();
    let show = |span: Span| format!("{} > {}", zone.show_minute(span.starts), zone.show_minute(span.ends));
    let found = spans(&page, &PostForm::from(form));
    found
        .map(|spans| spans.into_iter().map(show).collect())
        .map_err(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
}

#[test]
fn an_end_that_is_not_later_lies_on_the_next_day() {
    for (day, from, to, days, expected) in [
        ("2026-11-23", "08:00", "16:00", "", vec!["2026-11-23 08:00 > 2026-11-23 16:00"]),
        ("2026-11-23", "08:00", "08:00", "1", vec!["2026-11-23 08:00 > 2026-11-24 08:00"]),
        ("2026-12-31", "16:00", "00:00", "1", vec!["2026-12-31 16:00 > 2027-01-01 00:00"]),
        ("2028-02-28", "20:00", "8:5", "", vec!["2028-02-28 20:00 > 2028-02-29 08:05"]),
        (
            "2026-11-30",
            "22:00",
            "06:00",
            "2",
            vec!["2026-11-30 22:00 > 2026-12-01 06:00", "2026-12-01 22:00 > 2026-12-02 06:00"],
        ),
    ] {
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(asked(day, from, to, days), Ok(expected), "{day} {from} {to} {days}");
    }
    assert_eq!(asked("2026-11-23", "08:00", "16:00", "14").map(|spans| spans.len()), Ok(14));
}

#[test]
fn a_form_that_cannot_be_read_names_its_field() {
    for (day, from, to, days, code, field) in [
        ("", "08:00", "16:00", "", Code::FormDate, "day"),
        ("2026-02-29", "08:00", "16:00", "", Code::FormDate, "day"),
        ("2026-11-23", "24:00", "16:00", "", Code::FormInvalid, "from"),
        ("2026-11-23", "8", "16:00", "", Code::FormInvalid, "from"),
        ("2026-11-23", "08:00", "", "", Code::FormInvalid, "to"),
        ("2026-11-23", "08:00", "16:60", "", Code::FormInvalid, "to"),
        ("2026-11-23", "08:00", "16:00", "0", Code::FormNumber, "days"),
        ("2026-11-23", "08:00", "16:00", "15", Code::FormNumber, "days"),
        ("2026-11-23", "08:00", "16:00", "-1", Code::FormNumber, "days"),
        ("2026-11-23", "08:00", "16:00", "两", Code::FormNumber, "days"),
        ("9999-12-31", "22:00", "06:00", "", Code::FormDate, "day"), // The calendar ends here.
        ("9999-12-31", "08:00", "16:00", "2", Code::FormDate, "day"),
    ] {
        assert_eq!(asked(day, from, to, days), Err((code, field.to_owned())), "{day} {from} {to} {days}");
    }
}
