//! What the desk of cases publishes: the sums of each month, and what is reckoned from them. Volume and papers are
//! counted where the applicant lives and at the counter that took an application in, decisions, times and ratings at
//! the office.

use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::Permission;
use kernel::rule::Unit;

/// The list of the cases that a sum counts, for whoever may see them.
const CASES: Rows = Rows { permission: Permission::CaseRead, address };

/// The page of the cases behind a part of a sum.
pub const PAGE: &str = "/figures/rows";

fn address(code: &str, part: &Part) -> String {
    part.address(PAGE, code)
}

/// The parts of the time that a case takes.
const TIME: &[&str] = &["cases.minutes_office", "cases.minutes_counter", "cases.minutes_applicant"];

/// A sum of which every case can be looked at.
const fn cases(code: &'static str, title: &'static str, slot: usize) -> Indicator {
    Indicator::sum(code, title, slot).opens(CASES)
}

/// The indicators, the sums first in the order of their columns.
pub const INDICATORS: &[Indicator] = &[
    cases("cases.applied", "cases-figures-applied", 1).how("cases-figures-applied-how"),
    cases("cases.online", "cases-count-online", 2),
    cases("cases.taken", "cases-figures-taken", 3).how("cases-figures-taken-how"),
    cases("cases.cross_community", "cases-count-cross-community", 4),
    cases("cases.cross_district", "cases-count-cross-district", 5),
    cases("cases.papers_asked", "cases-count-papers-asked", 6),
    cases("cases.papers_waived", "cases-count-papers-waived", 7).better_high(),
    cases("cases.decided", "cases-figures-decided", 8).how("cases-figures-decided-how"),
    cases("cases.granted", "cases-count-granted", 9),
    cases("cases.instant", "cases-count-instant", 10).better_high(),
    cases("cases.on_time", "cases-count-on-time", 11).better_high(),
    cases("cases.over_law", "cases-figures-over-law", 12).how("cases-figures-over-law-how").better_low(),
    cases("cases.corrections", "cases-count-corrections", 13).better_low(),
    cases("cases.trips_saved", "cases-figures-trips", 14).how("cases-figures-trips-how").better_high(),
    Indicator::sum("cases.minutes_office", "cases-count-minutes-office", 15)
        .unit(Unit::Minute)
        .amount_of("cases.decided")
        .better_low(),
    Indicator::sum("cases.minutes_counter", "cases-count-minutes-counter", 16)
        .unit(Unit::Minute)
        .amount_of("cases.decided")
        .better_low(),
    Indicator::sum("cases.minutes_applicant", "cases-count-minutes-applicant", 17)
        .unit(Unit::Minute)
        .amount_of("cases.decided")
        .better_low(),
    cases("cases.rated", "cases-figures-rated", 18).how("cases-figures-rated-how"),
    cases("cases.rated_good", "cases-count-rated-good", 19).better_high(),
    Indicator::sum("cases.rated_sum", "cases-count-rated-sum", 20)
        .unit(Unit::Level)
        .amount_of("cases.rated")
        .better_high(),
    cases("cases.adjusted", "cases-count-adjusted", 21),
    cases("cases.adjusted_good", "cases-count-adjusted-good", 22).better_high(),
    cases("cases.followed_up", "cases-figures-followed-up", 23).how("cases-figures-followed-up-how"),
    cases("cases.supervised", "cases-figures-supervised", 24).how("cases-figures-supervised-how").better_low(),
    Indicator::share("cases.online_share", "cases-figures-online", "cases.online", &["cases.applied"])
        .how("cases-figures-online-how"),
    Indicator::share(
        "cases.cross_community_share",
        "cases-figures-cross-community",
        "cases.cross_community",
        &["cases.taken"],
    )
    .how("cases-figures-cross-community-how"),
    Indicator::share(
        "cases.cross_district_share",
        "cases-figures-cross-district",
        "cases.cross_district",
        &["cases.taken"],
    )
    .how("cases-figures-cross-district-how"),
    Indicator::share("cases.waived_share", "cases-figures-waived", "cases.papers_waived", &["cases.papers_asked"])
        .how("cases-figures-waived-how")
        .better_high(),
    Indicator::share("cases.instant_share", "cases-figures-instant", "cases.instant", &["cases.decided"])
        .how("cases-figures-instant-how")
        .better_high(),
    Indicator::share("cases.on_time_share", "cases-figures-on-time", "cases.on_time", &["cases.decided"])
        .how("cases-figures-on-time-how")
        .better_high(),
    Indicator::mean("cases.corrections_each", "cases-figures-corrections", "cases.corrections", "cases.decided")
        .how("cases-figures-corrections-how")
        .better_low(),
    Indicator::share("cases.office_share", "cases-figures-office-share", "cases.minutes_office", TIME)
        .how("cases-figures-office-share-how"),
    Indicator::share("cases.counter_share", "cases-figures-counter-share", "cases.minutes_counter", TIME)
        .how("cases-figures-counter-share-how"),
    Indicator::share("cases.applicant_share", "cases-figures-applicant-share", "cases.minutes_applicant", TIME)
        .how("cases-figures-applicant-share-how"),
    Indicator::mean("cases.rated_mean", "cases-figures-mean", "cases.rated_sum", "cases.rated")
        .how("cases-figures-mean-how")
        .unit(Unit::Level)
        .better_high(),
    Indicator::share("cases.good_share", "cases-figures-raw", "cases.rated_good", &["cases.rated"])
        .how("cases-figures-raw-how")
        .better_high(),
    Indicator::share("cases.adjusted_share", "cases-figures-adjusted", "cases.adjusted_good", &["cases.adjusted"])
        .how("cases-figures-adjusted-how")
        .better_high(),
];

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlaceId;

    #[test]
    fn an_address_says_which_cases() {
        let day = |text: &str| text.parse().unwrap();
        let mut part = Part {
            place: PlaceId(57),
            own: false,
            department: String::new(),
            from: day("2026-11-01"),
            to: day("2026-11-30"),
        };
        let all = "/figures/rows?code=cases.rated&place=57&from=2026-11-01&to=2026-11-30";
        assert_eq!(address("cases.rated", &part), all);
        (part.own, part.department) = (true, "housing".to_owned());
        let own = "/figures/rows?code=cases.rated&place=57&own=1&department=housing&from=2026-11-01&to=2026-11-30";
        assert_eq!(address("cases.rated", &part), own);
    }
}
