//! Reads what a program asks for: which reports, between which moments, which page of them.

use std::ops::RangeInclusive;

use kernel::refusal::Refusal;
use kernel::time::Instant;
use web::Form;

use super::moment;
use crate::catalogue::{Catalogue, Editions};
use crate::refusals::Why;
use crate::words::open311::{Search, StepSearch};

/// The most kinds that one question names.
const KINDS: usize = 100;
/// The first and the last moment.
const ALWAYS: RangeInclusive<Instant> = Instant::from_micros(i64::MIN)..=Instant::from_micros(i64::MAX);

/// What the rulebook allows of one question, and when it is asked.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many days it reaches over.
    pub days: i64,
    /// How many rows its answer holds.
    pub most: i64,
    /// When it is asked.
    pub now: Instant,
}

/// Reads which reports are asked for.
///
/// # Errors
/// The first argument that is wrong, or a kind that is not known.
pub fn search(asked: &Form, catalogue: &Editions, bounds: Bounds) -> Result<Search, Refusal> {
    let numbers: Vec<String> = list(asked, "service_request_id").map(str::to_owned).collect();
    if i64::try_from(numbers.len()).unwrap_or(i64::MAX) > bounds.most {
        return Err(wrong("service_request_id", format!("at most {}", bounds.most)));
    }
    let mut kinds = Vec::new();
    for code in list(asked, "service_code") {
        // What a sheet took out of the catalogue was reported before and is still asked for.
        let gone = catalogue.kind_ever(&key_of(code)).filter(|kind| kind.key() == key_of(code));
        kinds.push(gone.map_or_else(|| kind_of(catalogue, code), Ok)?.key());
    }
    if kinds.len() > KINDS {
        return Err(wrong("service_code", format!("at most {KINDS}")));
    }
    let by_update = asked.opt("updated_after").is_some() || asked.opt("updated_before").is_some();
    let by_request = asked.opt("start_date").is_some() || asked.opt("end_date").is_some();
    let requested = if by_request || !by_update { span(asked, "start_date", "end_date", bounds)? } else { ALWAYS };
    let updated = if by_update { span(asked, "updated_after", "updated_before", bounds)? } else { ALWAYS };
    let (limit, offset) = page(asked, bounds)?;
    let extended = extended(asked);
    Ok(Search { numbers, kinds, requested, updated, by_update, open: open(asked)?, limit, offset, extended })
}

/// Whether more is asked for than the published text names.
pub fn extended(asked: &Form) -> bool {
    matches!(asked.get("extensions"), "true" | "1" | "v1")
}

/// Reads which steps are asked for.
///
/// # Errors
/// The first argument that is wrong.
pub fn steps(asked: &Form, bounds: Bounds) -> Result<StepSearch, Refusal> {
    let (limit, offset) = page(asked, bounds)?;
    let number = asked.opt("service_request_id").map(str::to_owned);
    Ok(StepSearch { number, at: span(asked, "start_date", "end_date", bounds)?, limit, offset })
}

/// The kind of a code as programs write it: `event-0102`.
///
/// # Errors
/// There is none of that code.
pub fn kind_of<'c>(catalogue: &'c Catalogue, code: &str) -> Result<&'c crate::catalogue::Kind, Refusal> {
    let unknown = || Refusal::new(Why::GridServiceUnknown).field("service_code");
    let key = key_of(code);
    catalogue.kind(&key).filter(|kind| kind.key() == key).ok_or_else(unknown)
}

/// The key of a kind, from its code as programs write it.
fn key_of(code: &str) -> String {
    code.replacen('-', "/", 1)
}

/// What is wrong with an argument.
pub fn wrong(name: &str, expected: impl std::fmt::Display) -> Refusal {
    Refusal::new(Why::GridArgument).field(name).with("label", name).with("expected", expected)
}

/// The parts of a list with commas between them.
fn list<'f>(asked: &'f Form, name: &str) -> impl Iterator<Item = &'f str> {
    asked.all(name).into_iter().flat_map(|value| value.split(',')).map(str::trim).filter(|part| !part.is_empty())
}

fn open(asked: &Form) -> Result<Option<bool>, Refusal> {
    let (mut open, mut closed) = (false, false);
    for status in list(asked, "status") {
        match status.to_ascii_lowercase().as_str() {
            "open" => open = true,
            "closed" => closed = true,
            _ => return Err(wrong("status", "open, closed")),
        }
    }
    Ok((open != closed).then_some(open))
}

/// The moments between which is asked: those that are named, and so many days where one is not.
fn span(asked: &Form, from: &str, until: &str, bounds: Bounds) -> Result<RangeInclusive<Instant>, Refusal> {
    let at = |name: &str| match asked.opt(name) {
        None => Ok(None),
        Some(text) => moment::read(text).map(Some).ok_or_else(|| wrong(name, "2026-11-23T10:00:00+08:00")),
    };
    let (first, last) = match (at(from)?, at(until)?) {
        (Some(first), Some(last)) => (first, last),
        (Some(first), None) => (first, first.plus_days(bounds.days)),
        (None, last) => {
            let last = last.unwrap_or(bounds.now);
            (last.plus_days(-bounds.days), last)
        }
    };
    if first > last {
        return Err(wrong(until, format!("not before {from}")));
    }
    if last > first.plus_days(bounds.days) {
        return Err(Refusal::new(Why::GridSpanLong).field(until).with("days", bounds.days));
    }
    Ok(first..=last)
}

/// How many rows, and how many before them are passed over.
fn page(asked: &Form, bounds: Bounds) -> Result<(i64, i64), Refusal> {
    let number = |name: &str, missing: i64, most: i64| match asked.opt(name) {
        None => Ok(missing),
        Some(text) => {
            let number = text.parse::<i64>().ok().filter(|number| (1..=most).contains(number));
            number.ok_or_else(|| wrong(name, format!("1 … {most}")))
        }
    };
    let size = number("page_size", bounds.most, bounds.most)?;
    let page = number("page", 1, i64::MAX / bounds.most.max(1))?;
    Ok((size, (page - 1).saturating_mul(size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds() -> Bounds {
        Bounds { days: 90, most: 1_000, now: moment::read("2026-11-23T10:00:00+08:00").unwrap() }
    }

    fn steps_of(query: &str) -> Result<StepSearch, String> {
        steps(&Form::parse(query.as_bytes()).unwrap(), bounds()).map_err(|refusal| refusal.field.unwrap_or_default())
    }

    #[test]
    fn a_question_without_arguments_reaches_over_ninety_days() {
        let found = steps_of("").unwrap();
        assert_eq!(found.at, bounds().now.plus_days(-90)..=bounds().now);
        assert_eq!((found.limit, found.offset), (1_000, 0));
        let found = steps_of("page=3&page_size=50&end_date=2026-01-31T00:00:00Z").unwrap();
        let end = moment::read("2026-01-31T00:00:00Z").unwrap();
        assert_eq!((found.at, found.limit, found.offset), (end.plus_days(-90)..=end, 50, 100));
        let found = steps_of("start_date=2026-01-01T00:00:00Z").unwrap();
        assert_eq!(*found.at.end(), moment::read("2026-01-01T00:00:00Z").unwrap().plus_days(90));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, field) in [
            ("page=-1", "page"),
            ("page=0", "page"),
            ("page=99999999999999999999", "page"),
            ("page_size=1001", "page_size"),
            ("page_size=x", "page_size"),
            ("start_date=2026-11-23", "start_date"),
            ("end_date=yesterday", "end_date"),
            ("start_date=2026-01-01T00:00:00Z&end_date=2026-04-02T00:00:00Z", "end_date"),
            ("start_date=2026-01-02T00:00:00Z&end_date=2026-01-01T00:00:00Z", "end_date"),
        ] {
            assert_eq!(steps_of(query).unwrap_err(), field, "{query}");
        }
        assert!(steps_of("start_date=2026-01-01T00:00:00Z&end_date=2026-04-01T00:00:00Z").is_ok(), "90 days");
    }

    #[test]
    fn a_status_may_stand_in_any_letters() {
        for (query, expected) in [
            ("", Some(None)),
            ("status=open", Some(Some(true))),
            ("status=CLOSED", Some(Some(false))),
            ("status=open,closed", Some(None)),
            ("status=done", None),
        ] {
            assert_eq!(open(&Form::parse(query.as_bytes()).unwrap()).ok(), expected, "{query}");
        }
    }
}
