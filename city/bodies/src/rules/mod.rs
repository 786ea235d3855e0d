//! Decides whether what somebody entered can be taken, when terms end, what is due, and whether a mediator has a tie to
//! a party.

pub mod corrections;
pub mod terms;
pub mod ties;

use kernel::day::not_past;
use kernel::identifier::Telephone;
use kernel::line::{lines_fault, name_fault, open_line_fault, open_lines_fault};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;

use crate::refusals::Why;
use crate::words::{Details, LINE_MOST, LINES_MOST};

/// What is wrong with a short line that may be empty. Everybody reads it, so it holds no number of a person.
fn line(field: &'static str, text: &str) -> Vec<Refusal> {
    let fault = open_line_fault(text).map(|code| Refusal::new(code).field(field));
    let mut faults: Vec<Refusal> = fault.into_iter().collect();
    if text.chars().count() > LINE_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field(field).with("limit", LINE_MOST));
    }
    faults
}

/// What is wrong with a short line that must be there.
#[must_use]
pub fn needed(field: &'static str, text: &str) -> Vec<Refusal> {
    if text.is_empty() { vec![Refusal::new(Code::FormMissing).field(field)] } else { line(field, text) }
}

/// What is wrong with a few lines of text that may be empty and that nobody reads.
#[must_use]
pub fn lines(field: &'static str, text: &str) -> Vec<Refusal> {
    bounded(field, text, lines_fault(text))
}

/// What is wrong with a few lines of text that may be empty. Everybody reads them, so they hold no number of a person.
#[must_use]
pub fn open_lines(field: &'static str, text: &str) -> Vec<Refusal> {
    bounded(field, text, open_lines_fault(text))
}

/// What was found wrong with a few lines of text, and whether they are too many.
fn bounded(field: &'static str, text: &str, fault: Option<Code>) -> Vec<Refusal> {
    let mut faults: Vec<Refusal> = fault.map(|code| Refusal::new(code).field(field)).into_iter().collect();
    if text.chars().count() > LINES_MOST {
        faults.push(Refusal::new(Code::FormTooLong).field(field).with("limit", LINES_MOST));
    }
    faults
}

/// What is wrong with the name of a person.
#[must_use]
pub fn named(field: &'static str, name: &str) -> Vec<Refusal> {
    let mut faults = needed(field, name);
    if faults.is_empty() {
        faults.extend(name_fault(name).map(|code| Refusal::new(code).field(field)));
    }
    faults
}

/// Everything that is wrong with what somebody says of a body.
#[must_use]
pub fn details(details: &Details) -> Vec<Refusal> {
    let mut faults = needed("name", &details.name);
    faults.extend(open_lines("purpose", &details.purpose));
    for (field, text) in [("address", &details.address), ("hours", &details.hours)] {
        faults.extend(line(field, text));
    }
    if !details.telephone.is_empty() && !is_short(&details.telephone) && Telephone::parse(&details.telephone).is_err() {
        faults.push(Refusal::new(Code::FormTelephone).field("telephone"));
    }
    faults
}

/// Whether a number is one of the short ones that everybody knows, such as 110 and 12345.
fn is_short(telephone: &str) -> bool {
    (3..=5).contains(&telephone.len()) && telephone.bytes().all(|sign| sign.is_ascii_digit())
}

/// Reads a day of a form.
///
/// # Errors
/// It is missing or is no day.
pub fn day(field: &'static str, text: &str) -> Result<Date, Refusal> {
    if text.is_empty() {
        return Err(Refusal::new(Code::FormMissing).field(field));
    }
    text.parse().map_err(|_| Refusal::new(Code::FormDate).field(field))
}

/// What is wrong with a day on which something happened: it lies ahead, before what came before it, or too far back.
#[must_use]
pub fn happened(field: &'static str, on: Date, today: Date, after: Option<Date>) -> Option<Refusal> {
    match after.filter(|after| on < *after) {
        Some(after) => Some(Refusal::new(Why::BodiesOrder).field(field).with("date", after)),
        None if on > today => Some(Refusal::new(Why::BodiesFuture).field(field)),
        None => not_past(field, on, today),
    }
}

/// What is wrong with the address of a page that may be left out.
#[must_use]
pub fn link(field: &'static str, text: &str) -> Option<Refusal> {
    let local = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let plain = text.chars().all(|sign| !sign.is_whitespace() && !sign.is_control());
    let sound = text.is_empty() || (plain && text.chars().count() <= LINES_MOST && (local || is_https(text)));
    (!sound).then(|| Refusal::new(Why::BodiesLink).field(field))
}

fn is_https(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(faults: &[Refusal]) -> Vec<&str> {
        faults.iter().filter_map(|fault| fault.field.as_deref()).collect()
    }

    #[test]
    fn what_is_said_of_a_body_is_checked_field_by_field() {
        let long = "长".repeat(LINES_MOST + 1);
        for (name, purpose, telephone, address, wrong) in [
            ("翠湖业委会", "", "", "", vec![]),
            ("社区警务室", "", "110", "", vec![]),
            ("翠湖业委会", "替业主说话\n管钱", "024-23456789", "1 号楼", vec![]),
            ("", long.as_str(), "12", "1\u{202e}号", vec!["name", "purpose", "address", "telephone"]),
            ("翠湖业委会", "有事打 13800130412", "", "1 号楼 13800130412", vec!["purpose", "address"]),
        ] {
            let said = Details {
                name: name.to_owned(),
                purpose: purpose.to_owned(),
                telephone: telephone.to_owned(),
                address: address.to_owned(),
                hours: String::new(),
            };
            assert_eq!(fields(&details(&said)), wrong, "{name}");
        }
    }

    #[test]
    fn a_link_leads_to_a_page_of_ours_or_a_safe_one() {
        for (text, taken) in [
            ("", true),
            ("/hearings", true),
            ("https://www.shenyang.gov.cn/a", true),
            ("http://x.cn", false),
            ("//x.cn", false),
            ("/\\x.cn", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("/a b", false),
        ] {
            assert_eq!(link("link", text).is_none(), taken, "{text}");
        }
    }

    #[test]
    fn what_happened_lies_behind_us_and_in_order() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let today = day("2026-11-23");
        for (on, after, code) in [
            ("2026-11-23", None, None),
            ("2026-11-24", None, Some(Why::BodiesFuture)),
            ("2026-11-01", Some("2026-11-01"), None),
            ("2026-10-31", Some("2026-11-01"), Some(Why::BodiesOrder)),
        ] {
            let found = happened("on", day(on), today, after.map(day));
            assert_eq!(found.map(|refusal| refusal.code), code, "{on}");
        }
        assert_eq!(super::day("on", "").unwrap_err().code, Code::FormMissing);
        assert_eq!(super::day("on", "2026-02-30").unwrap_err().code, Code::FormDate);
        assert_eq!(named("holder", "李?岺").first().map(|fault| fault.code), Some(Code::FormGarbled));
    }
}
