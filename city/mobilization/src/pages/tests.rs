//! These tests read what the pages of mobilisation say: spans of time, walks, hours and lights.

use std::sync::Arc;

use kernel::language::Lang;
use kernel::time::{Date, Zone};
use web::{Frame, Preferences, Texts, Visitor};

use super::*;

/// Returns a page of Monday 2026-11-23 10:42 in Shenyang.
pub(super) fn page(lang: Lang) -> Page {
    let zone = Zone::new(480);
    let now = zone.instant(Date::constant(2026, 11, 23), 642);
    let frame = Frame::sample(Texts::new(&[web::LOCALES, crate::TEXTS]).unwrap(), Arc::new(move || now));
    Page::sample(Arc::new(frame), "/", Preferences { lang, ..Preferences::default() }, Visitor::default())
}

#[test]
fn a_span_names_its_day_once_and_ends_at_midnight_by_24() {
    let (zh, en) = (page(Lang::Zh), page(Lang::En));
    let at = |day: &str, minute| zh.zone().instant(day.parse().unwrap(), minute);
    for (from, to, chinese, english) in [
        (at("2026-11-23", 480), at("2026-11-23", 960), "2026年11月23日 08:00–16:00", "23 Nov 2026 08:00–16:00"),
        (at("2026-11-23", 1_320), at("2026-11-24", 360), "2026年11月23日 22:00–06:00", "23 Nov 2026 22:00–06:00"),
        (at("2026-11-30", 960), at("2026-12-01", 0), "2026年11月30日 16:00–24:00", "30 Nov 2026 16:00–24:00"),
        (at("2026-12-31", 960), at("2027-01-01", 0), "2026年12月31日 16:00–24:00", "31 Dec 2026 16:00–24:00"),
        (at("2026-11-23", 0), at("2026-11-23", 0), "2026年11月23日 00:00–00:00", "23 Nov 2026 00:00–00:00"),
    ] {
        assert_eq!((span(&zh, from, to).as_str(), span(&en, from, to).as_str()), (chinese, english));
    }
}

#[test]
fn a_walk_is_rounded_up_and_hours_are_written_with_their_minutes() {
    for (ds, expected) in [(0, 0), (1, 1), (599, 1), (600, 1), (601, 2), (18_000, 30)] {
        assert_eq!(minutes(ds), expected, "{ds}");
    }
    let (zh, en) = (page(Lang::Zh), page(Lang::En));
    for (minutes, chinese, english) in [
        (0, "0 小时 0 分", "0 h 0 min"),
        (59, "0 小时 59 分", "0 h 59 min"),
        (60, "1 小时 0 分", "1 h 0 min"),
        (125, "2 小时 5 分", "2 h 5 min"),
    ] {
        assert_eq!((hours(&zh, minutes).as_str(), hours(&en, minutes).as_str()), (chinese, english));
    }
}

#[test]
fn every_role_and_every_state_has_words_in_both_languages() {
    for page in [page(Lang::Zh), page(Lang::En)] {
        for one in Role::ALL {
            assert!(!role(&page, *one).contains('⟦'), "{}", one.code());
        }
        for one in PostState::ALL {
            assert!(!light(&page, *one).text.contains('⟦'), "{}", one.code());
        }
    }
    let zh = page(Lang::Zh);
    assert_eq!(
        PostState::ALL.iter().map(|one| light(&zh, *one).class).collect::<Vec<_>>(),
        ["soon", "ok", "none", "late", "none"]
    );
    assert!(matches!(account(&zh), Err(WebError::SignIn)), "nobody is signed in");
}
