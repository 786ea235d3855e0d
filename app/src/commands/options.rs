//! This test looks whether the options that messages and examples name are options of the command that tells them.

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;

use super::{Line, plan};
use crate::plan::intake::{Naming, Task};

/// The commands that read tables of people and plan with them.
const PLANNING: [&str; 5] = ["plan look", "plan grids", "plan reach", "plan site", "plan mobilize"];
/// The same with the command that lays the geography.
const READING: [&str; 6] = ["plan look", "plan grids", "plan reach", "plan site", "plan mobilize", "places geography"];

/// Every command tells it, so that it has the options that all have.
const ALL: &[&str] = &[""];

/// Which commands tell what stands in a file or folder: each has every option that is named there. A file that is in
/// none of these names options of every command alone. The first that fits counts.
const TOLD: [(&str, &[&str]); 21] = [
    ("commands/plan", &["plan"]),
    ("commands/lay.rs", &["places geography"]),
    ("commands/shapes.rs", &["places grids"]),
    ("commands/places.rs", &["places"]),
    ("commands/history.rs", &["grid"]),
    ("commands/street.rs", &["catalogue grid"]),
    ("commands/catalogue.rs", &["catalogue"]),
    ("commands/procedure.rs", &["procedure"]),
    ("commands/replay.rs", &["replay"]),
    ("commands/doctor", &["doctor"]),
    ("commands/account.rs", &["account"]),
    ("commands/key.rs", &["key"]),
    ("commands/init.rs", &["init"]),
    ("commands/serve.rs", &["serve"]),
    ("replay/", &["replay"]),
    ("plan/grids", &["plan grids"]),
    ("plan/mobilize", &["plan mobilize"]),
    ("plan/site", &["plan site"]),
    ("plan/answer.rs", &["plan grids", "plan reach", "plan site", "plan mobilize"]),
    ("plan/intake", &READING),
    ("plan/", &PLANNING),
];

/// Says whether a command or one below it has an option.
fn has(command: &clap::Command, option: &str) -> bool {
    command.get_arguments().any(|one| one.get_long() == Some(option))
        || command.get_subcommands().any(|one| has(one, option))
}

/// Returns the command that some words name, as far as they name one.
fn named<'a>(line: &'a clap::Command, words: &str) -> &'a clap::Command {
    let mut found = line;
    for word in words.split_whitespace() {
        match found.find_subcommand(word) {
            Some(next) => found = next,
            None => break,
        }
    }
    found
}

/// Says whether a command takes an option, of its own or as every command does.
fn takes(line: &clap::Command, words: &str, option: &str) -> bool {
    let is_common = line.get_arguments().any(|one| one.get_long() == Some(option));
    let is_own = !words.is_empty() && has(named(line, words), option);
    is_common || is_own || matches!(option, "help" | "version")
}

/// Returns the options that a line of a file names, each with what stands before it.
fn options(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("--") {
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + 2..).unwrap_or_default());
        let name: String = behind.chars().take_while(|sign| sign.is_ascii_lowercase() || *sign == '-').collect();
        if name.starts_with(|sign: char| sign.is_ascii_lowercase()) && !before.ends_with('-') {
            found.push((before, name));
        }
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn each_option_that_a_message_names_is_one_of_its_command() {
    let line = Line::command();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut seen, mut wrong) = (0, Vec::new());
    for file in files(&source) {
        let name = file.strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/");
        if name == "commands/options.rs" || name == "plan/intake/crs.rs" {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let (code, _) = text.split_once("#[cfg(test)]").unwrap_or((text.as_str(), ""));
        let told = TOLD.iter().find(|(begins, _)| name.starts_with(*begins)).map_or(ALL, |(_, commands)| *commands);
        // Comments are read by programmers alone, except for those that become the help of a command.
        let is_help = name.starts_with("commands/");
        let read =
            |text: &&str| !text.trim_start().starts_with("//") || is_help && text.trim_start().starts_with("///");
        for (before, option) in code.lines().filter(read).flat_map(options) {
            seen += 1;
            // An example says of which command it is.
            let fits = match before.rsplit_once("lianglin ") {
                Some((_, words)) => takes(&line, words, &option),
                None => told.iter().all(|words| takes(&line, words, &option)),
            };
            if !fits {
                wrong.push(format!("{name}: --{option} in “{}”", before.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 60, "only {seen} were found");
}

#[test]
fn coordinates_are_named_by_the_option_that_the_command_has() {
    let line = Line::command();
    for task in Task::PLANNED {
        assert_eq!(task.naming(), Naming::Crs);
        let option = task.naming().name().en;
        assert!(takes(&line, &format!("plan {}", task.name()), option.trim_start_matches("--")), "{task:?}");
    }
    let (laid, words) = (Task::Lay.naming().name().en, "places geography");
    assert!(takes(&line, words, laid.trim_start_matches("--")) && !takes(&line, words, "crs"), "{laid}");
    assert!(!takes(&line, "plan grids", "datum") && takes(&line, "plan look", "crs"));
}

/// Says whether a text has Chinese signs.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|sign| ('\u{4e00}'..='\u{9fff}').contains(&sign))
}

#[test]
fn each_planning_command_tells_its_help_in_the_language_that_is_asked_for() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<String>>();
    for (typed, system, expected) in [
        ("lianglin plan grids --help --lang zh", None, true),
        ("lianglin plan --lang=zh --help", Some("en_US.UTF-8"), true),
        ("lianglin plan look -h", Some("zh_CN.UTF-8"), true),
        ("lianglin plan look -h --lang en", Some("zh_CN.UTF-8"), false),
        ("lianglin plan look -h", Some("C"), false),
        ("lianglin plan look -h", None, false),
        ("lianglin serve --help", Some("zh_CN.UTF-8"), false),
    ] {
        let mut line = plan::in_language(Line::command(), &words(typed), system);
        line.build();
        let all = line.find_subcommand_mut("plan").unwrap();
        let list = all.render_help().to_string();
        assert_eq!(list.contains("用法："), expected, "{typed}: {list}");
        for command in all.get_subcommands_mut().filter(|one| one.get_name() != "help") {
            let short = command.render_help().to_string();
            let (name, help) = (command.get_name().to_owned(), command.render_long_help().to_string());
            assert_eq!(help.contains("用法："), expected, "{typed}: {help}");
            assert!(!expected || list.contains(&name), "{name}: {list}");
            for text in [&short, &help].into_iter().filter(|_| expected) {
                let english = ["Usage:", "Options:", "Arguments:", "[default", "[env", "[possible", "Print help"];
                assert!(!english.iter().any(|word| text.contains(word)), "{name}: {text}");
            }
            for arg in command.get_arguments().filter(|_| expected) {
                let said = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(is_chinese(&said), "{name} {}: {said}", arg.get_id());
            }
        }
    }
}
