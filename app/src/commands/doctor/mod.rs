//! This file does `lianglin doctor`: it looks at everything that an installation needs, and says what to do about each
//! thing that is wrong.

mod kept;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use kernel::time::Date;
use rulebook::{Rulebook, Value};
use store::Store;

use super::progress;
use crate::city::City;
use crate::configuration::Configuration;
use crate::departments::migrations;
use crate::opening::Opening;
use crate::{AppError, chores};

/// Options of `doctor`.
#[derive(Args)]
#[command(after_help = "Example: lianglin doctor --all")]
pub struct Options {
    /// Look at every paper on the shelf and at all words of cases instead of a sample.
    #[arg(long)]
    all: bool,
}

/// Holds what one look found: a good word, or what to do.
type Finding = Result<String, String>;

pub fn run(opening: &Opening, options: &Options) -> ExitCode {
    let mut healthy = true;
    for (what, finding) in findings(opening, options) {
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

fn findings(opening: &Opening, options: &Options) -> Vec<(&'static str, Finding)> {
    let said = |fault: AppError| fault.to_string();
    let procedures = opening.procedures();
    let mut found = vec![
        ("settings", settings(&opening.configuration)),
        ("master key", opening.vault().map(|_| "readable".to_owned()).map_err(said)),
        ("address", kept::listen(opening)),
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
    found.extend(database(opening, options));
    found
}

/// Looks whether `serve` would take the settings.
fn settings(configuration: &Configuration) -> Finding {
    let faults = configuration.faults();
    if faults.is_empty() { Ok("every one can be used".to_owned()) } else { Err(faults.join(" ")) }
}

/// Looks whether limits can tell visitors apart behind the proxy.
fn proxy(configuration: &Configuration) -> Finding {
    if configuration.trusted_proxies.is_none() && !listens_here_alone(&configuration.listen) {
        return Err(
            "https = true, and it listens to other machines, but trusted_proxies does not say which of them is \
                    the proxy. Write its address there, or let listen be 127.0.0.1 if the proxy runs here."
                .to_owned(),
        );
    }
    let trusted = configuration.trusted().map_err(|fault| fault.to_string())?;
    Ok(format!("{} addresses or ranges are trusted to say where requests come from", trusted.len()))
}

/// Whether only this machine reaches the server.
fn listens_here_alone(listen: &str) -> bool {
    let address = listen.parse::<SocketAddr>().map(|address| address.ip().is_loopback());
    address.unwrap_or_else(|_| listen.starts_with("localhost:"))
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
    let bar = progress::bar(0, "open cases");
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
        bar.inc(BATCH.unsigned_abs());
    }
    bar.finish_and_clear();
    if missing.is_empty() {
        return Ok("each follows a version of its procedure that is kept".to_owned());
    }
    let told: Vec<String> = missing.iter().map(|(version, cases)| format!("{version} ({cases})")).collect();
    Err(format!("{} is not kept: put that file back into data/procedures beside the new one", told.join(", ")))
}

/// Looks whether the place of every value that holds today or later is in the tree. A value whose place is not there
/// holds nowhere.
fn values(book: &Rulebook, today: Date) -> Finding {
    let holds = |value: &&Value| value.to.is_none_or(|to| today <= to);
    let lost: BTreeSet<&str> = book.unplaced().filter(holds).filter_map(|value| value.place.as_deref()).collect();
    if lost.is_empty() {
        return Ok("each place with values of its own is in the tree".to_owned());
    }
    let used = |code: &str| -> Vec<&str> {
        let has = |value: &Value| value.place.as_deref() == Some(code);
        let figures = book.parameters().filter(|parameter| parameter.values.iter().any(has));
        figures.map(|parameter| parameter.code.as_str()).collect()
    };
    let told: Vec<String> = lost
        .into_iter()
        .map(|code| format!("place {code} is not in the tree, so its {} applies nowhere", used(code).join(", ")))
        .collect();
    Err(format!("{}. Write the place's code of today in data/rulebook, or take the value out.", told.join("; ")))
}

fn database(opening: &Opening, options: &Options) -> Vec<(&'static str, Finding)> {
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
    found.extend(kept::server_clock(&store, &opening.clock).map(|finding| ("clock of the database", finding)));
    if let Some(file) = opening.configuration.database_file() {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        found.push(("disk of the database", kept::disk(folder)));
    }
    if let Ok(vault) = opening.vault() {
        let fits = opening.key_fits(&store, &vault).map_err(|fault| fault.to_string());
        let wrong = fits.is_err();
        found.push(("master key and database", fits.map(|()| "belong together".to_owned())));
        if wrong {
            return found;
        }
    }
    found.extend(city(opening, options, store));
    found
}

/// Looks at what only an open city can tell.
fn city(opening: &Opening, options: &Options, store: Store) -> Vec<(&'static str, Finding)> {
    let city = match City::open(opening, store) {
        Ok(city) => Arc::new(city),
        Err(fault) => return vec![("city", Err(fault.to_string()))],
    };
    let now = (opening.clock)();
    let today = city.hall.zone().date(now);
    let files = opening.configuration.files_folder();
    let ready = chores::ready(&city, opening).map(|_| "serve takes them".to_owned());
    let mut found = vec![
        ("chores", ready.map_err(|fault| fault.to_string())),
        ("open cases", versions(&city)),
        ("values of places", values(&city.rulebook, today)),
        ("places", Ok(format!("{} places", city.places.tree().len()))),
        ("grids", kept::grids(&city, today)),
        ("jobs", kept::jobs(&city, now)),
        ("destinations", kept::destinations(&city, now)),
        ("clock", kept::clock(&city, now)),
        ("disk of the papers", kept::disk(&files)),
        ("papers", kept::papers(&city, options.all, &files, now)),
        ("words of cases", kept::words(&city, options.all)),
    ];
    found.extend(kept::base_map(&city, &opening.configuration, now).map(|finding| ("base map", finding)));
    if opening.configuration.https {
        found.push(("proxy", proxy(&opening.configuration)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::place::PlacePath;

    const DOCUMENT: &str = r#"[[document]]
id = "d"
number = "1"
title = { zh = "文", en = "Document" }
issuer = { zh = "市", en = "City" }
date = "2019-01-01"
from = "2019-01-01"
source = { zh = "有", en = "Held" }
clauses = [{ number = "1", zh = "条", en = "Clause" }]

[[parameter]]
code = "grid.households"
title = { zh = "户", en = "Households" }
unit = "household"
used_for = { zh = "划分", en = "Drawing" }
values = [
{ from = "2019-01-01", number = 300, document = "d", clause = "1" },
"#;

    #[test]
    fn only_this_machine_reaches_what_listens_to_itself() {
        for (listen, alone) in [
            ("127.0.0.1:8010", true),
            ("[::1]:8010", true),
            ("localhost:8010", true),
            ("0.0.0.0:8010", false),
            ("[::]:8010", false),
            ("10.0.0.7:80", false),
            ("city.test:80", false),
        ] {
            assert_eq!(listens_here_alone(listen), alone, "{listen}");
        }
    }

    #[test]
    fn a_value_for_a_place_that_is_not_in_the_tree_is_wrong() {
        let table = [
            (r#"place = "210102000000", from = "2020-01-01""#, None),
            (r#"place = "999999000000", from = "2020-01-01""#, Some("999999000000")),
            (r#"place = "999999000000", from = "2020-01-01", to = "2026-11-23""#, Some("999999000000")),
            (r#"place = "999999000000", from = "2020-01-01", to = "2026-11-22""#, None),
        ];
        for (value, lost) in table {
            let text = format!("{DOCUMENT}{{ {value}, number = 250, document = \"d\", clause = \"1\" }},\n]\n");
            let book = Rulebook::load(&[("a.toml", text.as_str())]).unwrap();
            let book = book.placed_by(|code| (code == "210102000000").then(|| PlacePath::parse("1.2.").unwrap()));
            let finding = values(&book, jiff::civil::date(2026, 11, 23));
            assert_eq!(finding.is_err(), lost.is_some(), "{value}: {finding:?}");
            if let (Some(code), Err(told)) = (lost, finding) {
                assert!(told.contains(code) && told.contains("grid.households"), "{told}");
            }
        }
    }
}
