//! This file does `lianglin doctor`: it looks at everything that an installation needs, and says what to do about each
//! thing that is wrong.

use std::collections::BTreeMap;
use std::process::ExitCode;

use crate::AppError;
use crate::city::City;
use crate::departments::migrations;
use crate::opening::Opening;

/// Holds what one look found: a good word, or what to do.
type Finding = Result<String, String>;

pub fn run(opening: &Opening) -> ExitCode {
    let mut healthy = true;
    for (what, finding) in findings(opening) {
        match finding {
            Ok(word) => println!("ok    {what}: {word}"),
            Err(remedy) => {
                healthy = false;
                println!("WRONG {what}: {remedy}");
            }
        }
    }
    if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn findings(opening: &Opening) -> Vec<(&'static str, Finding)> {
    let said = |fault: AppError| fault.to_string();
    let procedures = opening.procedures();
    let mut found = vec![
        ("master key", opening.vault().map(|_| "readable".to_owned()).map_err(said)),
        ("calendar", calendar(opening)),
        ("rulebook", opening.rulebook().map(|book| format!("{} figures", book.parameters().count())).map_err(said)),
        ("roles", opening.roles().map(|roles| format!("{} roles", roles.all().count())).map_err(said)),
    ];
    match procedures {
        Ok(procedures) => {
            let catalogue =
                opening.catalogue(&procedures).map(|catalogue| format!("{} items", catalogue.items().count()));
            found.push(("catalogue", catalogue.map_err(said)));
            found.push(("procedures", Ok(format!("{} procedures", procedures.all().count()))));
        }
        Err(fault) => found.push(("procedures", Err(said(fault)))),
    }
    found.extend(database(opening));
    found
}

/// Looks at the calendar. If next year is not published by December, the calendar will give provisional dates.
fn calendar(opening: &Opening) -> Finding {
    let calendar = opening.calendar().map_err(|fault| fault.to_string())?;
    let year = calendar.zone().date((opening.clock)()).year();
    match (calendar.published(year), calendar.published(year + 1)) {
        (false, _) => Err(format!("the notice of {year} is missing; dates are provisional. Add it to data/calendar.")),
        (true, false) => Ok(format!("{year} published, {} not yet: dates that run into it are provisional", year + 1)),
        (true, true) => Ok(format!("{year} and {} published", year + 1)),
    }
}

/// Looks whether every version is kept that open cases follow. Nobody can act on a case whose version of the procedure
/// is not kept.
fn versions(city: &City) -> Finding {
    const BATCH: i64 = 500;
    let (mut missing, mut after) = (BTreeMap::<String, usize>::new(), Some(uuid::Uuid::nil()));
    while let Some(last) = after {
        let desk = city.cases.clone();
        let (found, next) = city
            .store
            .read_blocking(move |tx| desk.versions_not_kept(tx, last, BATCH))
            .map_err(|fault| fault.to_string())?;
        for (version, cases) in found {
            *missing.entry(version).or_default() += cases;
        }
        after = next;
    }
    if missing.is_empty() {
        return Ok("each follows a version of its procedure that is kept".to_owned());
    }
    let told: Vec<String> = missing.iter().map(|(version, cases)| format!("{version} ({cases})")).collect();
    Err(format!("{} is not kept: put that file back into data/procedures beside the new one", told.join(", ")))
}

fn database(opening: &Opening) -> Vec<(&'static str, Finding)> {
    let store = match opening.store(false) {
        Ok(store) => store,
        Err(fault) => return vec![("database", Err(fault.to_string()))],
    };
    let pending = match store::pending(&store, &migrations()) {
        Ok(pending) => pending,
        Err(fault) => return vec![("database", Err(fault.to_string()))],
    };
    if !pending.is_empty() {
        return vec![("database", Err(format!("{} steps behind this binary. Run: lianglin migrate", pending.len())))];
    }
    let mut found = vec![("database", Ok(format!("{:?}, up to date", store.engine())))];
    match City::open(opening, store) {
        Ok(city) => {
            let now = (opening.clock)();
            let counted = city.store.read_blocking(move |tx| jobs::counts(tx, now));
            found.push(("open cases", versions(&city)));
            found.push(("places", Ok(format!("{} places", city.places.tree().len()))));
            found.push(("jobs", counted.map(|counts| format!("{counts:?}")).map_err(|fault| fault.to_string())));
        }
        Err(fault) => found.push(("city", Err(fault.to_string()))),
    }
    found
}
