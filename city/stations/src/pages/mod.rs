//! These are the pages of stations: the nearest one, one station, the register, who lives near one, where the next one
//! belongs.

mod counting;
pub mod coverage;
pub mod edit;
pub mod find;
pub mod list;
pub mod next;
pub(crate) mod shown;
pub mod station;

use kernel::time::show_minute_of_day;
use places::geography::Geography;
use web::{Light, Map, Page, WebError};

use crate::Stations;
use crate::records::Station;
use crate::rules::hours::{Hours, Now};

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "stations-field-";

/// Says in words whether a station is open now and until when.
pub(crate) fn light(page: &Page, desk: &Stations, station: &Station) -> Light {
    if !station.open {
        return Light { class: "none", text: page.t("stations-closed-for-good") };
    }
    let hours = Hours::parse(&station.hours).unwrap_or_default();
    match hours.now(&desk.hall.calendar(), page.now) {
        Now::Open(until) => {
            Light { class: "ok", text: page.t1("stations-open-until", "time", show_minute_of_day(until)) }
        }
        Now::Closed(Some((day, minute))) => {
            let day = if day == page.today() { String::new() } else { page.near_date(day) };
            let time = show_minute_of_day(minute);
            Light { class: "none", text: page.t2("stations-opens", "day", day, "time", time).replace("  ", " ") }
        }
        Now::Closed(None) => Light { class: "none", text: page.t("stations-closed-now") },
    }
}

/// Returns services in words.
pub(crate) fn services(page: &Page, station: &Station) -> Vec<String> {
    station.services.0.iter().map(|one| page.t(&format!("stations-service-{}", one.code().replace('_', "-")))).collect()
}

/// Writes households in a readable number.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// Writes thousandths as a percentage with one decimal. It is a dash where nobody lives.
pub(crate) fn percent(per_mille: Option<u64>) -> String {
    per_mille.map_or_else(|| "–".to_owned(), |share| format!("{}.{}%", share / 10, share % 10))
}

/// Returns the class of an area by its share. Each class is a fifth.
pub(crate) fn class(per_mille: Option<u64>) -> &'static str {
    match per_mille {
        None => "none",
        Some(0..200) => "s0",
        Some(200..400) => "s1",
        Some(400..600) => "s2",
        Some(600..800) => "s3",
        Some(_) => "s4",
    }
}

/// Puts a pin for a station on a map.
pub(crate) fn pin(map: &mut Map, page: &Page, ground: &Geography, station: &Station) {
    if let Some((_, compound)) = station.compound.and_then(|id| ground.compound(id)) {
        map.dot("pin", (compound.at.x, compound.at.y), 9.0, station.name(page.lang));
    }
}

/// Lets only staff pass that are signed in.
pub(crate) fn signed_in(page: &Page) -> Result<(), WebError> {
    if page.visitor.signed_in() { Ok(()) } else { Err(WebError::SignIn) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_readable_and_classes_are_fifths() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (3_748_800, "3,748,800"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(count(number), expected);
        }
        for (per_mille, told, drawn) in [
            (None, "–", "none"),
            (Some(0), "0.0%", "s0"),
            (Some(199), "19.9%", "s0"),
            (Some(200), "20.0%", "s1"),
            (Some(399), "39.9%", "s1"),
            (Some(400), "40.0%", "s2"),
            (Some(600), "60.0%", "s3"),
            (Some(799), "79.9%", "s3"),
            (Some(800), "80.0%", "s4"),
            (Some(1_000), "100.0%", "s4"),
        ] {
            assert_eq!((percent(per_mille).as_str(), class(per_mille)), (told, drawn), "{per_mille:?}");
        }
    }
}
