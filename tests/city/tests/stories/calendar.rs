//! A date that runs into a year whose holidays are not published is provisional. It is counted again when they are
//! published.

use city_stories::{Story, Town};
use kernel::calendar::{Calendar, Limit, Unit};
use kernel::case::{Case, Event};
use std::sync::Arc;
use uuid::Uuid;

/// Returns the calendar with an invented notice for 2027.
fn with_2027(town: &Town) -> Calendar {
    let (_, days) = town.opening.data.files("calendar", ".csv").unwrap().into_iter().next().unwrap();
    let settings = town.opening.data.file("calendar/city.toml").unwrap();
    let notice = "2027-01-01,off,元旦,New Year's Day,holiday\n2027-01-04,off,元旦,New Year's Day,holiday\n";
    let calendar = Calendar::parse(&format!("{}\n{notice}", days.trim_end()), &settings);
    let statutory = town.opening.data.file("calendar/statutory.toml").unwrap();
    calendar.and_then(|calendar| calendar.with_statutory(&statutory)).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn recompute(town: &Town) {
    let now = town.clock.now();
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let desk = town.city.cases.clone();
        after = town.store().write_blocking(move |tx| desk.recompute(tx, last, 2, now)).unwrap();
    }
}

fn recomputations(town: &Town, case: &Case) -> Vec<(String, String, bool)> {
    let (desk, case) = (town.city.cases.clone(), case.clone());
    let events = town.store().read_blocking(move |tx| desk.events(tx, &case)).unwrap();
    let dates = |event: &Event| match event {
        Event::Recomputed(counted) => {
            let day = |clock: &str| counted.due(clock).unwrap().to_string();
            Some((day("promised"), day("legal"), counted.provisional))
        }
        _ => None,
    };
    events.iter().filter_map(|one| dates(&one.event)).collect()
}

#[test]
fn a_provisional_date_is_counted_again_and_the_clock_not_restarted() {
    for town in Town::each() {
        let mut stories = [Story::new(&town, 61), Story::new(&town, 62), Story::new(&town, 63)];
        for (index, story) in stories.iter_mut().enumerate() {
            story.tell("it is 2026-12-21 10:00").tell("王晓燕 is community_worker at 文安路社区");
            story.tell(if index == 2 {
                "王晓燕 takes RS-29 for a resident of 华炉社区"
            } else {
                "王晓燕 takes MZ-11 for a resident of 华炉社区"
            });
        }
        let [story, other, short] = &mut stories;
        let (before, brief) = (story.case(), short.case());
        assert!(before.provisional, "{}: runs into 2027", town.engine);
        story.tell("case due 2027-01-12").tell("王晓燕 opens it").tell("王晓燕 reads 2027");
        town.clock.set_local("2026-12-22 09:00");
        recompute(&town);
        assert_eq!(story.case(), before, "nothing new is published: nothing changes");

        town.city.cases.hall.publish(Arc::new(with_2027(&town)));
        town.clock.set_local("2026-12-23 09:00");
        recompute(&town);
        recompute(&town);
        story.tell("case due 2027-01-13");
        let after = story.case();
        assert_eq!(
            recomputations(&town, &after).last(),
            Some(&("2027-01-13".to_owned(), after.legal_due().unwrap().to_string(), false))
        );
        assert_eq!(
            recomputations(&town, &after).len(),
            2,
            "{}: once at acceptance, once after the notice",
            town.engine
        );
        let started = |case: &Case| [case.promised(), case.legal()].map(|clock| clock.unwrap().started);
        assert_eq!(started(&after), started(&before));
        assert_eq!(after.accepted_at, before.accepted_at);
        assert!(!after.provisional);
        assert_eq!(other.case().promised_due(), after.promised_due());
        if !brief.provisional {
            assert_eq!(short.case(), brief, "what did not run into 2027 stays");
        }
        town.verify();
    }
}

#[test]
fn an_open_year_has_the_days_of_the_regulation_and_both_dates_say_that_they_may_move() {
    for town in Town::each() {
        let mut story = Story::new(&town, 64);
        story.tell("it is 2026-11-30 10:00").tell("王晓燕 is community_worker at 文安路社区");
        story.tell("王晓燕 takes MZ-11 for a resident of 华炉社区");
        let case = story.case();
        let calendar = town.city.cases.hall.calendar();
        let thirty = Limit::new(30, Unit::WorkingDay);
        let counted = calendar.deadline(case.opened_at, thirty, &[], case.opened_at);
        assert_eq!((counted.due_on.to_string().as_str(), counted.provisional), ("2027-01-12", true), "{}", town.engine);
        let asked = calendar.zone().instant("2026-02-06".parse().unwrap(), 600);
        let own = calendar.deadline_of_applicant(asked, Limit::new(30, Unit::CalendarDay), &[], asked);
        assert_eq!(own.due_on.to_string(), "2026-03-09");
        assert_eq!(case.legal_due().map(|date| date.to_string()).as_deref(), Some("2027-01-12"));
        assert!(case.provisional);
        story.tell("王晓燕 opens it").tell("王晓燕 reads 暂定");
        town.verify();
    }
}
