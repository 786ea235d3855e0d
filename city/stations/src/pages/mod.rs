//! These are the pages of stations: the nearest one, one station, the register, who lives near one, where the next one
//! belongs.

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
            let day = if day == page.today() { String::new() } else { page.date(day) };
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
