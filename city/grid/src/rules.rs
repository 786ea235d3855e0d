//! Decides what may be the same report, whose duty a matter is, what a clock of its case is, and what is counted.

pub mod alarm;
pub mod board;
pub mod counting;
pub mod duty;

pub mod stage;

pub mod arriving;
pub mod merging;
pub mod sharing;
pub mod walking;

pub mod forward;
pub mod open311;

use std::collections::BTreeMap;

use kernel::calendar::Limit;
use kernel::case::{Case, Term};
use kernel::line::{line_fault, lines_fault};
use kernel::procedure::LimitBy;
use kernel::refusal::{Code, Refusal};
use kernel::time::show_minute_of_day;

use crate::catalogue::{Area, Catalogue, Condition, Kind, Severity};
use crate::refusals::Why;
use crate::words::{ADDRESS_MOST, HANDLE, KIND, Report, Saying, Spot, WORDS_MOST};

/// The clocks of what must happen before, in order.
const STEPS: [&str; 2] = ["first", "second"];
/// Decimetres of a metre.
pub const DECIMETRES: i64 = 10;

/// Whether a report may be of the same thing as somebody's who is at that spot: within so many metres where both spots
/// are known, in the same compound or community where they are not.
#[must_use]
pub fn is_near(report: &Report, spot: &Spot, metres: i64) -> bool {
    let near = is_within(report.x.zip(report.y), spot.at, metres);
    near.unwrap_or_else(|| report.path == spot.community && report.compound == spot.compound)
}

/// Whether two points in decimetres are no more than so many metres apart; none where one of them is not known.
#[must_use]
pub fn is_within(one: Option<(i64, i64)>, other: Option<(i64, i64)>, metres: i64) -> Option<bool> {
    let ((x, y), (east, north)) = one.zip(other)?;
    let (across, along) = (i128::from(x) - i128::from(east), i128::from(y) - i128::from(north));
    let most = i128::from(metres) * i128::from(DECIMETRES);
    let squared = across.saturating_mul(across).saturating_add(along.saturating_mul(along));
    Some(squared <= most.saturating_mul(most))
}

/// How far two reports are apart in whole metres, where both spots are known.
#[must_use]
pub fn metres_apart(one: &Report, other: &Report) -> Option<i64> {
    let across = i128::from(one.x?) - i128::from(other.x?);
    let along = i128::from(one.y?) - i128::from(other.y?);
    let decimetres = across.saturating_mul(across).saturating_add(along.saturating_mul(along)).isqrt();
    i64::try_from(decimetres).ok().map(|apart| apart / DECIMETRES)
}

/// The clocks of a case in an area of that class: by when it is handled, and what must happen before.
#[must_use]
pub fn clocks(condition: &Condition, area: Option<Area>) -> BTreeMap<String, Term> {
    let steps = condition.milestones.iter().zip(STEPS).map(|(step, name)| (name.to_owned(), Term::Limit(step.limit)));
    let handle = (HANDLE.to_owned(), Term::Limit(condition.limit_at(None, area)));
    steps.chain([handle]).collect()
}

/// The limits of handling by severity in an area of that class, among which whoever sends a report out chooses; empty
/// where the condition has one limit for all.
#[must_use]
pub fn limits_by_severity(condition: &Condition, area: Option<Area>) -> BTreeMap<String, Limit> {
    if condition.by_severity.is_empty() {
        return BTreeMap::new();
    }
    let limit = |severity: Severity| (LimitBy::key(HANDLE, severity.code()), condition.limit_at(Some(severity), area));
    Severity::ALL.into_iter().map(limit).collect()
}

/// The limits among which whoever sends a case out chooses, the most severe first; empty where there is nothing to
/// choose.
#[must_use]
pub fn choices_of(case: &Case) -> Vec<(Severity, Limit)> {
    let chosen = |severity: Severity| {
        let limit = case.limits.get(&LimitBy::key(HANDLE, severity.code()))?;
        Some((severity, *limit))
    };
    Severity::ALL.into_iter().filter_map(chosen).collect()
}

/// Whether the limit of a case depends on how severe it is.
#[must_use]
pub fn asks_severity(case: &Case) -> bool {
    case.limits.contains_key(&LimitBy::key(HANDLE, Severity::Ordinary.code()))
}

/// What is wrong with what somebody says: a condition that the catalogue has not or that does not count at the time of
/// day, words or a place that are too long, or signs in them that nobody sees.
#[must_use]
pub fn fault(catalogue: &Catalogue, saying: &Saying) -> Option<Refusal> {
    let Some((_, condition)) = catalogue.condition(&saying.condition) else {
        return Some(Refusal::new(Why::GridKindMissing).field(KIND));
    };
    if let Some(refusal) = saying.seen.and_then(|minute| hour_fault(condition, minute)) {
        return Some(refusal);
    }
    if saying.words.chars().count() > WORDS_MOST {
        return Some(Refusal::new(Code::FormTooLong).field("words").with("limit", WORDS_MOST));
    }
    if saying.written.chars().count() > ADDRESS_MOST {
        return Some(Refusal::new(Code::FormTooLong).field("where").with("limit", ADDRESS_MOST));
    }
    let of_words = lines_fault(&saying.words).map(|code| Refusal::new(code).field("words"));
    of_words.or_else(|| line_fault(&saying.written).map(|code| Refusal::new(code).field("where")))
}

/// Why a condition is not taken that was seen in a minute of the day in which it does not count.
#[must_use]
pub fn hour_fault(condition: &Condition, minute: u32) -> Option<Refusal> {
    let (from, until) = condition.daily.filter(|_| !condition.counts_at(minute))?;
    let [from, until, seen] = [from, until, minute].map(show_minute_of_day);
    let refusal = Refusal::new(Why::GridKindHour).field(KIND);
    Some(refusal.with("from", from).with("until", until).with("seen", seen))
}

/// What somebody says in her own words: her first sentence, unless that only names the kind, and what she adds.
#[must_use]
pub fn own_words(kind: &Kind, said: &str, added: &str) -> String {
    let (said, added) = (said.trim(), added.trim());
    let is_name = [&kind.name.zh, &kind.name.en].iter().any(|name| name.eq_ignore_ascii_case(said));
    if said.is_empty() || is_name || added.contains(said) {
        return added.to_owned();
    }
    if added.is_empty() { said.to_owned() } else { format!("{said}\n{added}") }
}

/// All in which dangers are heard: what somebody wrote, and the condition that she chose, unless that says itself whom
/// to call.
#[must_use]
pub fn heard_in(said: &str, chosen: Option<&Condition>) -> String {
    let chosen = chosen.filter(|condition| condition.stop.is_none()).map(|condition| condition.when.zh.as_str());
    [said, chosen.unwrap_or_default()].join("。")
}

/// Her words without the address of a picture below them.
#[must_use]
pub fn spoken(words: &str) -> &str {
    let is_address =
        |line: &str| ["https://", "http://"].iter().any(|begins| line.starts_with(begins)) && !line.contains(' ');
    match words.trim().rsplit_once('\n') {
        Some((before, last)) if is_address(last.trim()) => before.trim_end(),
        None if is_address(words.trim()) => "",
        _ => words.trim(),
    }
}

/// A point in metres as reports keep it: in whole decimetres.
#[must_use]
pub fn decimetres(x: f64, y: f64) -> (i64, i64) {
    #[expect(clippy::cast_possible_truncation, reason = "the ground of a city is far smaller")]
    let whole = |metres: f64| (metres * 10.0).round() as i64;
    (whole(x), whole(y))
}

/// A length that reports keep in decimetres, in metres.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "decimetres of a city lie far below 2^53")]
pub fn metres(decimetres: i64) -> f64 {
    decimetres as f64 / 10.0
}

/// The catalogue that is shipped.
#[cfg(test)]
fn shipped_files() -> Vec<(String, String)> {
    const FILES: [(&str, &str); 6] = [
        ("categories.toml", include_str!("../../../data/catalogue/grid/categories.toml")),
        ("components.toml", include_str!("../../../data/catalogue/grid/components.toml")),
        ("events.toml", include_str!("../../../data/catalogue/grid/events.toml")),
        ("services.toml", include_str!("../../../data/catalogue/grid/services.toml")),
        ("sets.toml", include_str!("../../../data/catalogue/grid/sets.toml")),
        ("units.toml", include_str!("../../../data/catalogue/grid/units.toml")),
    ];
    FILES.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::calendar::Calendar;
    use kernel::place::{PlaceId, PlacePath};
    use kernel::time::Instant;
    use uuid::Uuid;

    fn path(text: &str) -> PlacePath {
        PlacePath::parse(text).unwrap()
    }

    fn report(compound: Option<i64>, at: Option<(i64, i64)>) -> Report {
        Report {
            district: PlaceId(2),
            case_id: Uuid::nil(),
            number: String::new(),
            path: path("1.2.3.4."),
            compound,
            x: at.map(|at| at.0),
            y: at.map(|at| at.1),
            kind: "event/0102".to_owned(),
            condition: "heap".to_owned(),
            public: true,
            open: true,
            met: 1,
            reported_at: Instant::from_micros(0),
        }
    }

    /// When each clock of a condition is due, in a city with these opening hours, all starting at one moment.
    fn dues(condition: &str, hours: [[&str; 2]; 2], from: &str) -> Vec<(String, String)> {
        let days = include_str!("../../../data/calendar/holidays_cn_2004_2026.csv");
        let opening = hours.map(|[from, until]| format!("[[opening]]\nfrom = \"{from}\"\nuntil = \"{until}\"\n"));
        let calendar = Calendar::parse(days, &format!("utc_offset_minutes = 480\n{}", opening.concat())).unwrap();
        let catalogue = Catalogue::load(&shipped_files()).unwrap();
        let (date, time) = from.split_once(' ').unwrap();
        let (hour, minute) = time.split_once(':').unwrap();
        let minutes = hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap();
        let at = calendar.zone().instant(date.parse().unwrap(), minutes);
        let due = |(name, term): (String, Term)| {
            let Term::Limit(limit) = term else { panic!("{name} has no limit") };
            (name, calendar.zone().show_minute(calendar.deadline(at, limit, &[], at).due))
        };
        clocks(catalogue.condition(condition).unwrap().1, None).into_iter().map(due).collect()
    }

    #[test]
    fn a_building_without_permission_has_three_limits_in_one_case() {
        let hours = [["09:00", "12:00"], ["13:00", "18:00"]];
        let found = dues("event/0101/building", hours, "2026-06-01 09:00");
        let shown: Vec<(&str, &str)> =
            found.iter().map(|(name, due)| (name.as_str(), due.split(' ').next().unwrap())).collect();
        // The Dragon Boat Festival, 19 June 2026, is no working day.
        assert_eq!(shown, [("first", "2026-06-01"), ("handle", "2026-06-30"), ("second", "2026-06-10")]);
        assert_eq!(found[0].1, "2026-06-01 14:00", "stop work: three hours before noon, one after one o'clock");
    }

    #[test]
    fn a_severity_that_the_catalogue_does_not_name_has_the_limit_of_its_area() {
        let catalogue = Catalogue::load(&shipped_files()).unwrap();
        let (_, snow) = catalogue.condition("event/0407/snow").unwrap();
        assert!(limits_by_severity(snow, Some(Area::Core)).is_empty(), "one limit for all");
        let hours = |amount| Limit::new(amount, kernel::calendar::Unit::UrgentHour);
        let severe = Condition { by_severity: BTreeMap::from([(Severity::Urgent, hours(1))]), ..snow.clone() };
        let limits = limits_by_severity(&severe, Some(Area::Core));
        let of = |severity: Severity| limits[&LimitBy::key(HANDLE, severity.code())];
        assert_eq!((of(Severity::Urgent), of(Severity::Major), of(Severity::Ordinary)), (hours(1), hours(4), hours(4)));
        let general = limits_by_severity(&severe, Some(Area::General));
        assert_eq!(general[&LimitBy::key(HANDLE, Severity::Ordinary.code())], hours(8));
    }

    #[test]
    fn words_with_signs_that_nobody_sees_are_not_taken() {
        let catalogue = Catalogue::load(&shipped_files()).unwrap();
        let fault_at = |written: &str, words: &str| {
            let saying = Saying {
                condition: "event/0102/heap".to_owned(),
                spot: Spot { community: path("1.2.3.4."), compound: None, at: None, point: None },
                written: written.to_owned(),
                words: words.to_owned(),
                telephone: String::new(),
                public: true,
                tray: None,
                seen: None,
            };
            fault(&catalogue, &saying).map(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
        };
        let fault_of = |words: &str| fault_at("", words);
        assert_eq!(fault_of("楼下垃圾\n三天没人收"), None);
        assert_eq!(fault_at("文安路3号", ""), None);
        let place = |code| Some((code, "where".to_owned()));
        assert_eq!(fault_at(&"文".repeat(201), ""), place(Code::FormTooLong));
        assert_eq!(fault_at("文安路\u{200B}3号", ""), place(Code::FormHidden));
        let hidden = Some((Code::FormHidden, "words".to_owned()));
        for words in ["楼下\u{202E}垃圾", "楼下\u{200B}垃圾", "\u{2066}楼下"] {
            assert_eq!(fault_of(words), hidden, "{words:?}");
        }
        assert_eq!(fault_of(&"字".repeat(501)), Some((Code::FormTooLong, "words".to_owned())));
    }

    #[test]
    fn a_condition_with_hours_is_taken_in_these_hours_alone() {
        let catalogue = Catalogue::load(&shipped_files()).unwrap();
        let (_, night) = catalogue.condition("event/0301/night").unwrap();
        let told = |minute: u32| hour_fault(night, minute).map(|refusal| (refusal.code, refusal.field));
        let refused = Some((Why::GridKindHour, Some("kind".to_owned())));
        for (minute, expected) in [(21 * 60 + 59, &refused), (22 * 60, &None), (359, &None), (360, &refused)] {
            assert_eq!(&told(minute), expected, "{minute}");
        }
        let (_, always) = catalogue.condition("event/0102/heap").unwrap();
        assert_eq!(hour_fault(always, 0), None);
    }

    #[test]
    fn urgent_hours_run_at_night_and_working_hours_do_not() {
        let hours = [["08:00", "12:00"], ["14:00", "18:00"]];
        let handle = |condition: &str, from: &str| {
            let found = dues(condition, hours, from);
            found.into_iter().find(|(name, _)| name == "handle").unwrap().1
        };
        assert_eq!(handle("component/0129/missing", "2026-06-01 22:36"), "2026-06-02 00:36");
        assert_eq!(handle("component/0129/broken", "2026-06-01 11:00"), "2026-06-01 17:00");
        assert_eq!(handle("component/0129/broken", "2026-06-05 17:00"), "2026-06-08 11:00");
    }

    #[test]
    fn her_first_sentence_is_kept_unless_it_is_the_name_of_the_kind() {
        let catalogue = Catalogue::load(&shipped_files()).unwrap();
        let kind = catalogue.condition("event/0102/heap").unwrap().0;
        for (said, added, words) in [
            ("楼下垃圾没人收", "三单元门口", "楼下垃圾没人收\n三单元门口"),
            ("楼下垃圾没人收", " ", "楼下垃圾没人收"),
            ("暴露垃圾", "三单元门口", "三单元门口"),
            (" 暴露垃圾", "", ""),
            ("三单元", "三单元门口", "三单元门口"),
            ("", "三单元门口", "三单元门口"),
        ] {
            assert_eq!(own_words(kind, said, added), words, "{said} {added}");
        }
    }

    #[test]
    fn an_address_below_her_words_is_none_of_them() {
        for (words, said) in [
            ("三单元门口\nhttps://photos.example.invalid/heap.jpg", "三单元门口"),
            ("https://photos.example.invalid/heap.jpg", ""),
            ("见 https://example.invalid 上的图\n三单元", "见 https://example.invalid 上的图\n三单元"),
            ("三单元\nhttps://a.example 是物业的网站", "三单元\nhttps://a.example 是物业的网站"),
            (" 三单元 ", "三单元"),
        ] {
            assert_eq!(spoken(words), said, "{words}");
        }
    }

    #[test]
    fn forty_nine_metres_are_near_and_fifty_one_are_not() {
        let spot = |community: &str, compound, at| Spot { community: path(community), compound, at, point: None };
        let here = report(Some(7), Some((1_000, 1_000)));
        let table = [
            (spot("1.2.3.4.", Some(7), Some((1_490, 1_000))), true),
            (spot("1.2.3.4.", Some(7), Some((1_500, 1_000))), true),
            (spot("1.2.3.4.", Some(7), Some((1_510, 1_000))), false),
            (spot("1.2.3.9.", Some(8), Some((1_000, 1_490))), true),
            (spot("1.2.3.4.", Some(7), None), true),
            (spot("1.2.3.4.", None, None), false),
            (spot("1.2.3.9.", Some(7), None), false),
        ];
        for (spot, near) in table {
            assert_eq!(is_near(&here, &spot, 50), near, "{spot:?}");
        }
        assert!(is_near(&report(None, None), &spot("1.2.3.4.", None, Some((5, 5))), 50), "the same community");
        let apart = |at| metres_apart(&here, &report(Some(7), at));
        assert_eq!((apart(Some((1_300, 1_400))), apart(Some((1_000, 1_000))), apart(None)), (Some(50), Some(0), None));
    }
}
