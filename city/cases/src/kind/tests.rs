//! Tests what a kind says by itself, and that kinds do not get into each other's way.

use std::sync::Arc;

use super::*;

struct Matter {
    code: &'static str,
    series: Series,
}

impl Kind for Matter {
    fn code(&self) -> &'static str {
        self.code
    }

    fn series(&self) -> Series {
        self.series
    }
}

fn matter(code: &'static str, name: &'static str, letter: char) -> Arc<dyn Kind> {
    Arc::new(Matter { code, series: Series::Own { name, letter } })
}

#[test]
fn a_kind_is_found_by_its_code() {
    let kinds = Kinds::default();
    assert!(kinds.get("lamp").is_none());
    kinds.register(matter("lamp", "lamp", 'L')).unwrap();
    let lamp = kinds.get("lamp").unwrap();
    assert_eq!(lamp.series(), Series::Own { name: "lamp", letter: 'L' });
    assert_eq!(lamp.address("210102-2026-L000012-7"), "/cases/210102-2026-L000012-7");
    assert!(!lamp.has_letters() && lamp.files() == Files::None && lamp.person().is_none());
}

#[test]
fn what_the_counter_says_is_not_said_of_other_cases() {
    let lamp = Matter { code: "lamp", series: Series::Own { name: "lamp", letter: 'L' } };
    assert_eq!(words_of(None, true, "cases-person"), "cases-person");
    assert_eq!(words_of(Some(&lamp), false, "cases-person"), "cases-plain-person");
    assert_eq!(words_of(Some(&lamp), false, "cases-hand"), "cases-hand");
    assert_eq!(words_of(None, false, "cases-waits-counter"), "cases-plain-waits");
}

#[test]
fn code_name_and_letter_of_a_kind_are_its_own() {
    let kinds = Kinds::default();
    kinds.register(Arc::new(Matter { code: "service", series: Series::Applications })).unwrap();
    kinds.register(matter("lamp", "lamp", 'L')).unwrap();
    let applications: Arc<dyn Kind> = Arc::new(Matter { code: "lantern", series: Series::Applications });
    for (kind, told) in [
        (matter("lamp", "lantern", 'K'), "registered twice"),
        (matter("lantern", "lantern", 'L'), "the same name or letter"),
        (matter("lantern", "lamp", 'K'), "the same name or letter"),
        (matter("lantern", "lantern", 'I'), "cannot stand in a number"),
        (matter("lantern", "lantern", 'O'), "cannot stand in a number"),
        (matter("lantern", "lantern", 'k'), "cannot stand in a number"),
        (matter("lantern", "lantern", '灯'), "cannot stand in a number"),
        (applications, "the same name or letter"),
    ] {
        let refused = kinds.register(kind).unwrap_err().to_string();
        assert!(refused.contains(told), "{told}: {refused}");
    }
    assert!(kinds.get("lantern").is_none(), "nothing of it is kept");
    kinds.register(matter("lantern", "lantern", 'K')).unwrap();
}
