//! The sum of what is on record of a company, and the grade that follows by a scale.

use kernel::time::{Date, date_plus_days, date_plus_months};

use crate::words::grade::{Appeal, Noted, Scale, Sort};

/// A sum with its parts, in tenths of a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Where the scale begins.
    pub base: i64,
    /// What is asked of everybody, as far as it counts.
    pub basis: i64,
    /// What was done well, as far as it counts.
    pub good: i64,
    /// What was done badly.
    pub bad: i64,
    /// All together.
    pub total: i64,
    /// The grade, if the scale has one for it.
    pub grade: Option<String>,
}

/// Whether a record counts on a day: it is of that day or earlier, still valid, and no appeal against it was upheld.
#[must_use]
pub fn counts(record: &Noted, day: Date) -> bool {
    record.given_on <= day && day <= record.valid_to && record.appeal != Appeal::Upheld
}

/// The most tenths of a point that one record may have: what counts of its kind, or else all that a scale has to give.
/// None if the scale does not say how much that is.
#[must_use]
pub fn most_tenths(scale: &Scale, kind: Sort) -> Option<i64> {
    let parts = [Some(scale.base), scale.basis_most, scale.good_most].into_iter().flatten();
    let highest = scale.steps.iter().map(|step| step.from).max().unwrap_or_default();
    let whole = Some(parts.fold(0_i64, i64::saturating_add).max(highest)).filter(|whole| *whole > 0);
    match kind {
        Sort::Basis => scale.basis_most.or(whole),
        Sort::Good => scale.good_most.or(whole),
        Sort::Bad | Sort::Veto => whole,
    }
}

/// The last day on which a record of a day counts that does not say so itself. Its own day is the first one: a year is
/// over the day before the same day of the next year, also where a leap day lies between them.
#[must_use]
pub fn valid_to(scale: &Scale, given_on: Date) -> Option<Date> {
    let by_months = scale.valid_months > 0;
    let after = if by_months {
        date_plus_months(given_on, scale.valid_months)
    } else {
        date_plus_days(given_on, scale.valid_days)
    };
    date_plus_days(after?, -1)
}

/// Adds up what is on record of a company on a day.
#[must_use]
pub fn sum(scale: &Scale, records: &[Noted], day: Date) -> Sum {
    let of = |sort: Sort| records.iter().filter(move |record| record.kind == sort && counts(record, day));
    let tenths = |sort: Sort| of(sort).fold(0_i64, |sum, record| sum.saturating_add(record.tenths));
    let at_most = |amount: i64, most: Option<i64>| most.map_or(amount, |most| amount.min(most));
    let basis = at_most(tenths(Sort::Basis), scale.basis_most);
    let good = at_most(tenths(Sort::Good), scale.good_most);
    let bad = tenths(Sort::Bad);
    let total = scale.base.saturating_add(basis).saturating_add(good).saturating_sub(bad);
    let has = |sort: Sort| of(sort).next().is_some();
    let grade = if has(Sort::Veto) {
        scale.lowest.clone()
    } else if scale.missing.is_some() && !has(Sort::Basis) {
        scale.missing.clone()
    } else {
        reached(scale, total).or_else(|| below(scale, has(Sort::Bad)))
    };
    Sum { base: scale.base, basis, good, bad, total, grade }
}

/// The best step that a sum reaches.
fn reached(scale: &Scale, total: i64) -> Option<String> {
    let step = scale.steps.iter().find(|step| total > step.from || (total == step.from && !step.above));
    step.map(|step| step.grade.clone())
}

/// The grade below all steps.
fn below(scale: &Scale, has_bad: bool) -> Option<String> {
    let better = scale.lowest_without_bad.clone().filter(|_| !has_bad);
    better.or_else(|| scale.lowest.clone())
}

/// Reads points with at most one digit behind the point (`6`, `0.5`), in tenths; none if it is no such number.
#[must_use]
pub fn tenths(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.chars().all(|sign| sign.is_ascii_digit());
    if !is_digits(whole) || !is_digits(rest) || whole.len() > 4 || rest.len() > 1 {
        return None;
    }
    let (whole, rest): (i64, i64) = (whole.parse().ok()?, rest.parse().ok()?);
    Some(whole * 10 + rest)
}

/// Writes tenths as points: `84`, `0.5`, `-1`.
#[must_use]
pub fn points(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::grade::Scales;
    use kernel::place::PlacePath;
    use kernel::time::Instant;
    use uuid::Uuid;

    const DAY: &str = "2026-11-23";

    fn scales() -> Scales {
        toml::from_str(include_str!("../../../../data/property/scales.toml")).unwrap()
    }

    fn scale(code: &str) -> Scale {
        scales().scale.into_iter().find(|scale| scale.code == code).unwrap()
    }

    fn record(kind: Sort, points: i64) -> Noted {
        Noted {
            id: Uuid::nil(),
            company_id: Uuid::nil(),
            path: PlacePath::parse("1.4.").unwrap(),
            kind,
            tenths: points * 10,
            reason: String::new(),
            source: String::new(),
            given_on: "2026-03-01".parse().unwrap(),
            valid_to: "2027-02-28".parse().unwrap(),
            entered_by: None,
            entered_name: String::new(),
            entered_at: Instant::from_micros(0),
            appeal: Appeal::None,
            appealed_on: None,
            appeal_says: String::new(),
            answer: String::new(),
            answered_on: None,
            answered_name: String::new(),
        }
    }

    #[test]
    fn a_sum_and_its_grade_follow_from_the_records() {
        use Sort::{Bad, Basis, Good, Veto};
        let table: [(&str, &[(Sort, i64)], i64, Option<&str>); 20] = [
            ("shandong-2022", &[(Basis, 79), (Good, 6), (Bad, 1)], 840, Some("AA")),
            ("shandong-2022", &[(Basis, 79), (Good, 6)], 850, Some("AAA")),
            ("shandong-2022", &[(Basis, 58)], 580, Some("B")),
            ("shandong-2022", &[(Basis, 58), (Bad, 0)], 580, Some("C")),
            ("shandong-2022", &[(Basis, 70)], 700, Some("A")),
            ("shandong-2022", &[(Basis, 60), (Bad, 0)], 600, Some("B")),
            // More than the most of a part does not count.
            ("shandong-2022", &[(Basis, 90)], 800, Some("AA")),
            ("shandong-2022", &[(Basis, 40), (Good, 30), (Good, 30)], 800, Some("AA")),
            // Who does not report has the lowest grade, whatever was done well.
            ("shandong-2022", &[(Good, 40)], 400, Some("C")),
            ("shandong-2022", &[], 0, Some("C")),
            ("shandong-2022", &[(Basis, 80), (Good, 20), (Veto, 0)], 1_000, Some("C")),
            ("lianyungang-2018", &[], 900, Some("A")),
            ("lianyungang-2018", &[(Good, 50)], 1_400, Some("AAAA")),
            ("lianyungang-2018", &[(Bad, 6)], 840, Some("B")),
            ("lianyungang-2018", &[(Good, 50), (Veto, 0)], 1_400, Some("B")),
            ("shangqiu-2022", &[(Basis, 100)], 1_000, Some("AA")),
            ("shangqiu-2022", &[(Basis, 100), (Good, 1)], 1_010, Some("AAA")),
            ("shangqiu-2022", &[(Basis, 60)], 600, Some("C")),
            ("shangqiu-2022", &[(Basis, 59)], 590, None),
            ("nanning-2024", &[(Basis, 95)], 950, None),
        ];
        for (code, given, total, grade) in table {
            let records: Vec<Noted> = given.iter().map(|(kind, points)| record(*kind, *points)).collect();
            let found = sum(&scale(code), &records, DAY.parse().unwrap());
            assert_eq!((found.total, found.grade.as_deref()), (total, grade), "{code} {given:?}");
        }
        assert!(scales().used().is_some());
    }

    #[test]
    fn a_record_counts_while_it_is_valid_and_no_appeal_took_it_out() {
        let scale = scale("shandong-2022");
        let bad = |appeal: Appeal, day: &str| {
            let bad = Noted { appeal, ..record(Sort::Bad, 5) };
            sum(&scale, &[record(Sort::Basis, 75), bad], day.parse().unwrap()).total
        };
        let table = [
            (Appeal::None, DAY, 700),
            // Under appeal it is marked, and counts until somebody decided.
            (Appeal::Open, DAY, 700),
            (Appeal::Rejected, DAY, 700),
            (Appeal::Upheld, DAY, 750),
            (Appeal::None, "2026-03-01", 700),
            (Appeal::None, "2027-02-28", 700),
            // The day before, nothing was on record; the day after, nothing is any more.
            (Appeal::None, "2026-02-28", 0),
            (Appeal::None, "2027-03-01", 0),
        ];
        for (appeal, day, total) in table {
            assert_eq!(bad(appeal, day), total, "{appeal:?} {day}");
        }
        for (given_on, expected) in
            [("2026-03-01", "2027-02-28"), ("2023-03-01", "2024-02-29"), ("2024-02-29", "2025-02-27")]
        {
            let last = valid_to(&scale, given_on.parse().unwrap());
            assert_eq!(last, Some(expected.parse().unwrap()), "a year from {given_on}");
        }
        let by_days = Scale { valid_months: 0, valid_days: 30, ..scale };
        let last = valid_to(&by_days, "2026-03-01".parse().unwrap());
        assert_eq!(last, Some("2026-03-30".parse().unwrap()), "thirty days");
    }

    /// Below all steps a company without a bad record stands a grade higher: one that is over, or that an appeal took
    /// out, is none.
    #[test]
    fn a_bad_record_that_no_longer_counts_costs_no_grade() {
        for (kind, appeal, last, grade) in [
            (Sort::Bad, Appeal::None, "2027-02-28", "C"),
            (Sort::Bad, Appeal::Open, "2027-02-28", "C"),
            (Sort::Bad, Appeal::Rejected, "2027-02-28", "C"),
            (Sort::Bad, Appeal::Upheld, "2027-02-28", "B"),
            (Sort::Bad, Appeal::None, DAY, "C"),
            (Sort::Bad, Appeal::None, "2026-11-22", "B"),
            (Sort::Veto, Appeal::None, "2027-02-28", "C"),
            (Sort::Veto, Appeal::Upheld, "2027-02-28", "B"),
        ] {
            let noted = Noted { appeal, valid_to: last.parse().unwrap(), ..record(kind, 0) };
            let found = sum(&scale("shandong-2022"), &[record(Sort::Basis, 58), noted], DAY.parse().unwrap());
            assert_eq!(found.grade.as_deref(), Some(grade), "{kind:?} {appeal:?} {last}");
        }
    }

    #[test]
    fn one_record_has_no_more_than_the_scale_gives() {
        for (code, kind, expected) in [
            ("shandong-2022", Sort::Basis, Some(800)),
            ("shandong-2022", Sort::Good, Some(400)),
            ("shandong-2022", Sort::Bad, Some(1_200)),
            ("lianyungang-2018", Sort::Good, Some(1_400)),
            ("nanning-2024", Sort::Bad, None),
        ] {
            assert_eq!(most_tenths(&scale(code), kind), expected, "{code} {kind:?}");
        }
    }

    #[test]
    fn points_have_one_digit_behind_the_point_at_most() {
        for (text, expected, told) in
            [("6", Some(60), "6"), ("0.5", Some(5), "0.5"), (" 79 ", Some(790), "79"), ("0", Some(0), "0")]
        {
            assert_eq!(tenths(text), expected, "{text}");
            assert_eq!(expected.map(points).as_deref(), Some(told));
        }
        for wrong in ["", "-1", "1.25", "1.", ".5", "六", "99999", "1e3", "+1"] {
            assert_eq!(tenths(wrong), None, "{wrong}");
        }
        assert_eq!((points(-5), points(-10)), ("-0.5".to_owned(), "-1".to_owned()));
    }
}
