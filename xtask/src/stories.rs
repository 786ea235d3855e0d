//! This file adds up how long the stories of each department took, and says which department takes more than its
//! share. It only says so: a machine on which others work takes twice as long, and a test that fails by its clock alone
//! is worth nothing.

use std::collections::BTreeMap;

/// Names the variable with other seconds for each department, for a slower machine.
const LIMIT: &str = "LIANGLIN_STORY_BUDGET";
/// Limits the seconds that all stories of a department take together.
const SECONDS: f64 = 30.0;
/// Is the program that tells the stories of all departments, each in a file about one matter.
const PROGRAM: &str = "city_stories::stories";
/// Is the name of the stories to which every department belongs. They have no limit of their own.
const CITY: &str = "the whole city";
/// Names the department of each file of stories that has another name.
const FILES: &[(&str, &str)] = &[
    ("ages", "counter"),
    ("agreement", CITY),
    ("asking", "counter"),
    ("bad_input", "counter"),
    ("bodies_corrected", "bodies"),
    ("brought", "grid"),
    ("bulk", "cases"),
    ("calendar", "cases"),
    ("companies", "property"),
    ("corrected", "papers"),
    ("costs", CITY),
    ("decisions", "cases"),
    ("editing", "counter"),
    ("every_item", CITY),
    ("faults", CITY),
    ("field", "grid"),
    ("figures", "cases"),
    ("filled_database", CITY),
    ("finding", "overview"),
    ("follow", "cases"),
    ("forms", "papers"),
    ("grids", "places"),
    ("guessing", CITY),
    ("guide", "counter"),
    ("handling", "cases"),
    ("hearings_disputes", "hearings"),
    ("hearings_file", "hearings"),
    ("hearings_odd", "hearings"),
    ("hearings_walk", "hearings"),
    ("hurts", "grid"),
    ("kinds", "cases"),
    ("living", "places"),
    ("lookers", CITY),
    ("main_job", CITY),
    ("map", "overview"),
    ("markup", CITY),
    ("network", CITY),
    ("odd_days", CITY),
    ("offers", "counter"),
    ("once", CITY),
    ("open311", "grid"),
    ("oversight", "cases"),
    ("own_data", "cases"),
    ("personal_data", "cases"),
    ("photos", "grid"),
    ("plain", CITY),
    ("programs", CITY),
    ("property_checked", "property"),
    ("property_corrections", "property"),
    ("property_fund", "property"),
    ("property_register", "property"),
    ("property_votes", "property"),
    ("reasons", "counter"),
    ("receipt_code", "cases"),
    ("routes", CITY),
    ("safekeeping", CITY),
    ("second_person", "counter"),
    ("sent_papers", "papers"),
    ("strangers", CITY),
    ("street", "grid"),
    ("street_work", "grid"),
    ("two_people", "cases"),
    ("upgrade", CITY),
    ("words", CITY),
];

/// Holds the seconds that the stories of each department took.
pub struct Spent(BTreeMap<String, f64>);

impl Spent {
    /// Adds up what nextest said. Other runners do not say how long a test took.
    #[must_use]
    pub fn read(lines: &[String]) -> Self {
        let mut spent = BTreeMap::new();
        // After its summary nextest names once more what failed or was slow.
        let running = lines.iter().take_while(|line| !line.trim_start().starts_with("Summary ["));
        for (department, seconds) in running.filter_map(|line| timed(line)) {
            *spent.entry(department).or_insert(0.0) += seconds;
        }
        Self(spent)
    }

    /// Says for each department how long its stories took.
    #[must_use]
    pub fn lines(&self, limit: f64) -> Vec<String> {
        let line = |(department, spent): (&String, &f64)| {
            let of = match department.as_str() {
                CITY => String::new(),
                _ if *spent > limit => format!(" of {limit:.0}, over its budget"),
                _ => format!(" of {limit:.0}"),
            };
            format!("stories {department} {spent:.1} s{of}")
        };
        self.0.iter().map(line).collect()
    }

    /// Says how many departments took longer than the limit.
    #[must_use]
    pub fn sum(&self, limit: f64) -> String {
        if self.0.is_empty() {
            return "not known: cargo-nextest is not installed, or no story was told".to_owned();
        }
        let over = self.0.iter().filter(|(department, spent)| *department != CITY && **spent > limit).count();
        if over == 0 {
            return format!("each within {limit:.0} s");
        }
        format!("{over} over {limit:.0} s: target/xtask/tests.log names how long each story took")
    }
}

/// Returns the seconds that the stories of one department may take.
///
/// # Errors
/// Fails if the variable holds no number.
pub fn limit() -> Result<f64, String> {
    let Ok(set) = std::env::var(LIMIT) else { return Ok(SECONDS) };
    set.parse::<f64>().map_err(|fault| format!("{LIMIT}={set}: {fault}. Give seconds, such as 60."))
}

/// Reads `PASS [   1.234s] (  1/734) city_stories::stories visits::a_time_is_booked`.
fn timed(line: &str) -> Option<(String, f64)> {
    let (_, rest) = line.split_once('[')?;
    let (seconds, rest) = rest.split_once("s]")?;
    let seconds = seconds.trim().parse().ok()?;
    let mut words = rest.split_whitespace().rev();
    let (test, program) = (words.next()?, words.next()?);
    Some((department(program, test)?, seconds))
}

/// Returns the department of a test that is a story. A department may also keep stories in its own crate.
fn department(program: &str, test: &str) -> Option<String> {
    if program == PROGRAM {
        let file = test.split("::").next()?;
        let named = FILES.iter().find(|(known, _)| *known == file);
        return Some(named.map_or(file, |(_, department)| *department).to_owned());
    }
    let (package, tests) = program.split_once("::")?;
    ["story", "stories"].contains(&tests).then(|| package.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "
        PASS [   1.300s] (  1/734) city_stories::stories handling::an_office_decides
        SLOW [> 60.000s] (-------) city_stories::stories handling::a_public_notice
        FAIL [  31.000s] (  2/734) city_stories::stories handling::a_public_notice
        PASS [   2.000s] (  3/734) city_stories::stories visits::a_time_is_booked
        PASS [   0.500s] (  4/734) visits::story a_seat_goes_to_one
        PASS [  99.000s] (  5/734) city_stories::stories routes::every_route_answers
        PASS [   9.000s] (  6/734) kernel place::tests::a_path
        PASS [   9.000s] (  7/734) store::store records::two_servers
     Summary [ 140.0s] 734 tests run: 733 passed, 1 failed, 0 skipped
        FAIL [  31.000s] (  2/734) city_stories::stories handling::a_public_notice";

    fn spent() -> Spent {
        Spent::read(&SAID.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn each_story_is_counted_once_for_its_department() {
        assert_eq!(
            spent().lines(30.0),
            [
                "stories cases 32.3 s of 30, over its budget",
                "stories the whole city 99.0 s",
                "stories visits 2.5 s of 30"
            ]
        );
    }

    #[test]
    fn departments_over_their_share_are_counted_and_the_whole_city_is_not() {
        assert!(spent().sum(30.0).starts_with("1 over 30 s"), "{}", spent().sum(30.0));
        assert_eq!(spent().sum(33.0), "each within 33 s");
        assert!(Spent::read(&[]).sum(30.0).contains("cargo-nextest"));
    }
}
