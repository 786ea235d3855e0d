//! These targets read files that a city edits: procedures, catalogue, rulebook, roles, calendar, editions of the
//! places, units and keys.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use kernel::calendar::{Calendar, Limit, Unit};
use kernel::language::Lang;
use kernel::time::Instant;

use super::{Target, must};

/// Holds a file's name and text.
type File = (String, String);

const TOML: &[&str] = &[
    "[[",
    "]]",
    "[",
    "]",
    "{ zh = \"两\", en = \"two\" }",
    "title",
    "code",
    "version",
    "from",
    "until",
    "values",
    "true",
    "false",
    "1979-05-27",
    "= []",
    "= {}",
    "\"\"\"",
    "'''",
    ".",
    "provisional",
    "document",
    "clause",
    "number",
];
const PROCEDURE: &[&str] = &[
    "[states.a]",
    "[actions.a]",
    "start",
    "clock",
    "running",
    "stopped",
    "ended",
    "not_started",
    "waits_for",
    "office",
    "counter",
    "applicant",
    "nobody",
    "terminal",
    "outcome",
    "granted",
    "from",
    "to",
    "by",
    "needs",
    "kind",
    "choice",
    "papers",
    "options",
    "permission",
    "case.decide",
    "starts_clock",
    "at_least",
    "primary",
    "after_wait",
    "in_bulk",
    "one_by_one",
    "notify",
];
const CALENDAR: &[&str] = &[
    "date,kind,name,name_en,detail",
    "holiday",
    "makeup",
    "2026-02-29",
    "9999-12-31",
    "[[opening]]",
    "from",
    "until",
    "24:00",
    "utc_offset_minutes",
    "\n---\n",
];
const EDITION: &[&str] = &[
    "code,name,level,parent",
    "city",
    "district",
    "street",
    "community",
    "210102000000",
    "210102001000",
    "\"",
    "市",
    "社区",
];
const KEYS: &[&str] = &["derive ", "1 ", "2 ", ";", "#", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="];

/// Is the line between the two texts of a calendar. It also follows the name of a file that replaces one of its folder.
const BETWEEN: &str = "\n---\n";

/// Returns the targets.
pub fn targets() -> Vec<Target> {
    vec![
        Target::new("procedure", PROCEDURE, || texts("procedures", ".toml"), procedure),
        Target::new("catalogue", TOML, || named("catalogue"), catalogue),
        Target::new("rulebook", TOML, || named("rulebook"), rulebook),
        Target::new("roles", TOML, || texts("roles", ".toml"), roles),
        Target::new("units", TOML, || texts("shenyang", "units.toml"), units),
        Target::new("calendar", CALENDAR, calendars, calendar),
        Target::new("edition", EDITION, editions, edition),
        Target::new("keys", KEYS, keys_seeds, keys),
    ]
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data")
}

/// Returns the files of a folder of the data, in the order of their names.
fn files(folder: &str, ending: &str) -> Vec<File> {
    let entries = std::fs::read_dir(data().join(folder)).into_iter().flatten().flatten();
    let wanted = entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(ending));
    let mut found: Vec<File> = wanted
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            Some((name, std::fs::read_to_string(&path).ok()?))
        })
        .collect();
    found.sort();
    found
}

fn texts(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    files(folder, ending).into_iter().map(|(_, text)| text.into_bytes()).collect()
}

/// Returns files whose first line is their name. Each replaces the file of that name in its folder.
fn named(folder: &str) -> Vec<Vec<u8>> {
    files(folder, ".toml").into_iter().map(|(name, text)| format!("{name}{BETWEEN}{text}").into_bytes()).collect()
}

/// Returns the folder with the input in place of the file that it names.
fn replaced(folder: &[File], input: &[u8]) -> Vec<File> {
    let input = String::from_utf8_lossy(input);
    let (name, text) = input.split_once(BETWEEN).unwrap_or(("extra.toml", &*input));
    let mut all = folder.to_vec();
    match all.iter_mut().find(|(known, _)| known == name) {
        Some(file) => text.clone_into(&mut file.1),
        None => all.push((name.to_owned(), text.to_owned())),
    }
    all
}

fn said<F: ToString>(faults: &[F]) -> String {
    faults.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

fn procedure(input: &[u8]) -> Result<String, String> {
    match kernel::procedure::load("x.toml", &String::from_utf8_lossy(input)) {
        Ok(procedure) => {
            for lang in Lang::ALL {
                must(kernel::procedure::draw(&procedure, lang).contains("<svg"), "a sound procedure can be drawn")?;
            }
            let known = |state: &String| procedure.states.contains_key(state);
            let sound = procedure.actions.values().all(|action| known(&action.to) && action.from.iter().all(known));
            must(sound, "every action leads from states to a state that there is")?;
            Ok(format!("sound, {} states", procedure.states.len()))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn catalogue(input: &[u8]) -> Result<String, String> {
    static FOLDER: OnceLock<Vec<File>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| files("catalogue", ".toml"));
    match counter::catalogue::Catalogue::load(&replaced(folder, input)) {
        Ok(catalogue) => {
            for words in ["高龄", "glbt", "MZ-11", "old age", ""] {
                let found = catalogue.search(words, Lang::Zh, 8);
                must(found.len() <= 8, "a search gives no more than was asked for")?;
            }
            let all = catalogue.items().all(|item| catalogue.get(&item.code).is_some());
            must(all, "every item is found by its code")?;
            Ok(format!("sound, {} faults of proofs", catalogue.unknown_procedures(&["direct"]).len()))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn rulebook(input: &[u8]) -> Result<String, String> {
    static FOLDER: OnceLock<Vec<File>> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| files("rulebook", ".toml"));
    match rulebook::Rulebook::load(&replaced(folder, input)) {
        Ok(book) => {
            let on = kernel::time::Zone::new(480).date(Instant::from_micros(1_795_399_200_000_000));
            let figure = book.get_everywhere(rulebook::LIST_PAGE_SIZE, on);
            Ok(format!("sound, {}", if figure.is_ok() { "with a page size" } else { "without" }))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn roles(input: &[u8]) -> Result<String, String> {
    let file = ("x.toml".to_owned(), String::from_utf8_lossy(input).into_owned());
    match identity::Roles::load(&[file], &lianglin::departments::permissions()) {
        Ok(roles) => {
            must(roles.all().all(|role| roles.get(&role.code).is_some()), "every role is found by its code")?;
            Ok(format!("sound, {}", roles.all().map(|role| role.permissions.len()).sum::<usize>()))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn units(input: &[u8]) -> Result<String, String> {
    match places::UnitPlan::load("x.toml", &String::from_utf8_lossy(input)) {
        Ok(plan) => Ok(format!("sound, {} departments", plan.departments().len())),
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn calendars() -> Vec<Vec<u8>> {
    let settings: Vec<File> = files("calendar", "city.toml");
    let days = files("calendar", ".csv");
    days.iter()
        .flat_map(|(_, days)| settings.iter().map(move |(_, set)| format!("{days}{BETWEEN}{set}").into_bytes()))
        .chain([format!("date,kind,name,name_en,detail{BETWEEN}utc_offset_minutes = 480\n").into_bytes()])
        .collect()
}

fn calendar(input: &[u8]) -> Result<String, String> {
    let input = String::from_utf8_lossy(input);
    let (days, settings) = input.split_once(BETWEEN).unwrap_or((&*input, ""));
    match Calendar::parse(days, settings) {
        Ok(calendar) => {
            for micros in [i64::MIN, -1, 0, 1_795_399_200_000_000, i64::MAX] {
                let at = Instant::from_micros(micros);
                must(calendar.next_working_minute(at) >= at, "the next working minute does not lie in the past")?;
                for unit in Unit::ALL {
                    let due = calendar.deadline(at, Limit::new(5, unit), &[], at);
                    must(due.due >= at, "nothing is due before it begins")?;
                }
            }
            Ok(format!("sound, {} openings", calendar.opening().len()))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

/// Returns the first lines of each edition. A whole edition is large, and a part shows the same faults.
fn editions() -> Vec<Vec<u8>> {
    let part = |text: &str| text.lines().take(60).collect::<Vec<_>>().join("\n").into_bytes();
    files("shenyang/editions", ".csv").iter().map(|(_, text)| part(text)).collect()
}

fn edition(input: &[u8]) -> Result<String, String> {
    match places::parse_edition(input) {
        Ok(rows) => {
            let mut seen = std::collections::BTreeSet::new();
            for row in &rows {
                let below = row.parent.as_ref().is_none_or(|parent| seen.contains(parent));
                must(below, "parents come before what lies in them")?;
                must(seen.insert(row.code.clone()), "no code stands twice")?;
            }
            Ok(format!("sound, {} rows", rows.len().min(9)))
        }
        Err(faults) => {
            must(!faults.is_empty(), "a refusal names a fault")?;
            Ok(said(&faults))
        }
    }
}

fn keys_seeds() -> Vec<Vec<u8>> {
    let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    vec![
        format!("# keys\nderive {zeros}\n1 {zeros}\n").into_bytes(),
        format!("derive {zeros};1 {zeros};2 {zeros}").into_bytes(),
        b"derive\n".to_vec(),
    ]
}

fn keys(input: &[u8]) -> Result<String, String> {
    match vault::MasterKeys::parse(&String::from_utf8_lossy(input)) {
        Ok(keys) => {
            let written = keys.render();
            let again =
                vault::MasterKeys::parse(&written).map_err(|fault| format!("keys are not read back: {fault}"))?;
            must(again.ids() == keys.ids() && *again.render() == *written, "keys are read back the same")?;
            Ok(format!("sound, {} keys", keys.ids().len().min(4)))
        }
        Err(fault) => Ok(fault.to_string()),
    }
}
