//! This file does `cargo xtask texts`: it checks that every Fluent key that code or templates name exists in both
//! languages, with the same variables.

mod given;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::arch::{Source, is_test_file};

const CHINESE: &str = "zh-CN.ftl";
const ENGLISH: &str = "en.ftl";
/// Lists the folders with crates that speak to people.
const ZONES: &[&str] = &["platform", "city", "."];
/// Lists names of languages, which stand in their own script in every language.
const OWN_SCRIPT: &[&str] = &["中文"];

/// Lists what templates may write without escaping: drawings and drafts of letters, whose code escapes the words.
const DRAWN: &[&str] =
    &["map|safe", "near.map|safe", "one.before|safe", "one.after|safe", "seal.drawn()|safe", "letter|safe"];
/// Lists how a template says that a value is not to be escaped.
const UNESCAPED: &[&str] = &["|safe", "\"none\")"];

/// The message of a key: where it stands and which variables it names.
#[derive(Debug, Clone)]
struct Message {
    place: String,
    variables: BTreeSet<String>,
}

/// Holds the messages of one language by key.
type Messages = BTreeMap<String, Message>;

/// A text that is shown: where, by which key, and the names of the variables that it is given.
#[derive(Debug)]
struct Given {
    place: String,
    key: String,
    names: Vec<String>,
}

/// Holds what the code names.
#[derive(Debug, Default)]
struct Uses {
    /// Whole keys, each with one place that names it.
    keys: BTreeMap<String, String>,
    /// The beginnings of keys that are put together at run time.
    beginnings: BTreeSet<String>,
    /// The texts that are shown with all that they are given.
    given: Vec<Given>,
    /// Faults, such as Chinese in templates.
    faults: Vec<String>,
}

/// Checks all texts. Returns how many there are, and names those that nobody uses.
///
/// # Errors
/// Returns the faults as lines.
pub fn check(root: &Path) -> Result<String, String> {
    let (mut chinese, mut english, mut uses, mut faults) =
        (Messages::new(), Messages::new(), Uses::default(), Vec::new());
    let crates = crates(root);
    let speaking: BTreeSet<String> = crates
        .iter()
        .filter(|(_, folder)| root.join(folder).join("locales").is_dir())
        .map(|(name, _)| name.clone())
        .collect();
    for (name, folder) in &crates {
        let locales = root.join(folder).join("locales");
        if speaking.contains(name) {
            faults.extend(messages(&locales, folder, CHINESE, name, &mut chinese));
            faults.extend(messages(&locales, folder, ENGLISH, name, &mut english));
        }
        look(root, folder, &speaking, &mut uses)?;
    }
    faults.append(&mut uses.faults);
    faults.extend(compare(&chinese, &english));
    for (key, place) in uses.keys.iter().filter(|(key, _)| !chinese.contains_key(*key) && !english.contains_key(*key)) {
        faults.push(format!("{place}: the text `{key}` does not exist. Write it into both files of locales/."));
    }
    faults.extend(uses.given.iter().filter_map(|given| lacking(given, &chinese)));
    let unused: Vec<&String> = chinese.keys().filter(|key| !is_used(key, &uses)).collect();
    for key in &unused {
        let place = chinese.get(*key).map(|message| message.place.as_str()).unwrap_or_default();
        println!("{place}: note: nobody uses `{key}`.");
    }
    if faults.is_empty() {
        return Ok(format!("{} texts in two languages, {} unused", chinese.len(), unused.len()));
    }
    faults.sort();
    Err(format!("{}\n{} faults in texts", faults.join("\n"), faults.len()))
}

/// Says which variables of a text a call does not give.
fn lacking(given: &Given, known: &Messages) -> Option<String> {
    let Given { place, key, names } = given;
    let lacks = known.get(key)?.variables.iter().filter(|name| !names.contains(name));
    let lacks: Vec<&str> = lacks.map(String::as_str).collect();
    let lacks = lacks.join("`, `");
    (!lacks.is_empty()).then(|| format!("{place}: `{key}` is shown without `{lacks}`. Give it the value."))
}

fn is_used(key: &str, uses: &Uses) -> bool {
    uses.keys.contains_key(key) || uses.beginnings.iter().any(|start| key.starts_with(start.as_str()))
}

/// Returns the name and folder of every crate that may have texts.
fn crates(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for zone in ZONES {
        let entries = std::fs::read_dir(root.join(zone)).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| entry.path().join("Cargo.toml").is_file()) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let folder = if *zone == "." { name.clone() } else { format!("{zone}/{name}") };
            if name != "xtask" {
                found.push((name, folder));
            }
        }
    }
    found.sort();
    found
}

/// Reads one file of messages. It returns keys that stand twice, and keys that do not begin with the crate's name, as
/// faults.
fn messages(locales: &Path, folder: &str, file: &str, name: &str, into: &mut Messages) -> Vec<String> {
    let place = format!("{folder}/locales/{file}");
    let Ok(text) = std::fs::read_to_string(locales.join(file)) else {
        return vec![format!("{place}:1: the file is missing. Every crate speaks both languages.")];
    };
    let mut faults = Vec::new();
    for (key, message) in parse(&text, &place) {
        if !key.starts_with(&format!("{name}-")) {
            faults.push(format!("{}: `{key}` does not begin with `{name}-`. Rename it.", message.place));
        }
        if let Some(other) = into.insert(key.clone(), message.clone()) {
            faults.push(format!("{}: `{key}` stands in {} too. Keep one.", message.place, other.place));
        }
    }
    faults
}

/// Returns the keys of a Fluent file in their order, with the variables of their whole pattern.
fn parse(text: &str, place: &str) -> Vec<(String, Message)> {
    let mut found: Vec<(String, Message)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let starts = line.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '-');
        if let Some((key, _)) = line.split_once('=').filter(|_| starts) {
            let message = Message { place: format!("{place}:{}", number + 1), variables: BTreeSet::new() };
            found.push((key.trim().to_owned(), message));
        }
        if let Some((_, message)) = found.last_mut().filter(|_| !line.starts_with('#')) {
            message.variables.extend(line.split('$').skip(1).filter_map(shown_variable));
        }
    }
    found
}

/// Returns the variable after a `$` if it is shown. A variable that only chooses a form (`{ $count ->`) may be needed
/// in one language alone.
fn shown_variable(rest: &str) -> Option<String> {
    let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    let name = name.trim_end_matches('-').to_owned();
    let chooses = rest.get(name.len()..).is_some_and(|after| after.trim_start().starts_with("->"));
    (!chooses).then_some(name)
}

fn compare(chinese: &Messages, english: &Messages) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, message) in chinese {
        match english.get(key) {
            None => faults.push(format!("{}: `{key}` is missing in English.", message.place)),
            Some(other) if other.variables != message.variables => {
                faults.push(format!("{}: `{key}` names other variables than {}.", other.place, message.place));
            }
            Some(_) => {}
        }
    }
    let extra = english.iter().filter(|(key, _)| !chinese.contains_key(*key));
    faults.extend(extra.map(|(key, message)| format!("{}: `{key}` is missing in Chinese.", message.place)));
    faults
}

/// Collects what a crate's code and templates name.
fn look(root: &Path, folder: &str, speaking: &BTreeSet<String>, uses: &mut Uses) -> Result<(), String> {
    for file in files(&root.join(folder)) {
        let path = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let read = || std::fs::read_to_string(&file).map_err(|fault| format!("{path}: {fault}"));
        match file.extension().and_then(|name| name.to_str()) {
            Some("rs") if !is_test_file(&path) => {
                let text = read()?;
                shown(&text, &path, uses);
                let source = Source::read(&text);
                for literal in source.literals.iter().filter(|literal| !source.is_test(literal.line)) {
                    name(&literal.text, &format!("{path}:{}", literal.line), speaking, uses);
                }
            }
            Some("html") => {
                let text = read()?;
                shown(&text, &path, uses);
                template(&text, &path, speaking, uses);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Notes the texts that a file shows with variables whose names it writes.
fn shown(text: &str, path: &str, uses: &mut Uses) {
    for call in given::calls(text) {
        let names = call.given.into_iter().map(str::to_owned).collect();
        uses.given.push(Given { place: format!("{path}:{}", call.line), key: call.key.to_owned(), names });
    }
}

/// Returns the Rust files and templates below a crate's `src` and `templates`.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.join("src"), folder.join("templates")];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Reads the literals inside `{{ }}` and `{% %}`, which may have several lines. The rest of a template must have no
/// Chinese.
fn template(text: &str, path: &str, speaking: &BTreeSet<String>, uses: &mut Uses) {
    let text = without_comments(text);
    let (mut rest, mut line) = (text.as_str(), 1);
    while let Some((before, inside, after)) = next_tag(rest) {
        line = plain(before, path, line, uses);
        let bare = inside.replace([' ', '\n'], "");
        if UNESCAPED.iter().any(|mark| bare.contains(*mark)) && !DRAWN.contains(&bare.as_str()) {
            uses.faults.push(format!("{path}:{line}: `{bare}` is not escaped. Only drawings of ours may be so."));
        }
        for (at, part) in inside.split('"').enumerate() {
            if at % 2 == 1 {
                name(part, &format!("{path}:{line}"), speaking, uses);
            }
            line += part.matches('\n').count();
        }
        rest = after;
    }
    plain(rest, path, line, uses);
}

/// Returns a template without its `{# #}`, line for line.
fn without_comments(text: &str) -> String {
    let mut parts = text.split("{#");
    let mut left = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (comment, after) = part.split_once("#}").unwrap_or((part, ""));
        left.extend(comment.chars().filter(|c| *c == '\n'));
        left.push_str(after);
    }
    left
}

/// Returns the text before a tag, the inside of the tag, and the text after it.
fn next_tag(text: &str) -> Option<(&str, &str, &str)> {
    let open = [("{{", "}}"), ("{%", "%}")];
    let (at, close) = open.iter().filter_map(|(open, close)| text.find(open).map(|at| (at, *close))).min()?;
    let (before, rest) = text.split_at_checked(at)?;
    let (inside, after) = rest.get(2..)?.split_once(close).unwrap_or((rest, ""));
    Some((before, inside, after))
}

/// Looks for Chinese in a text that begins on a line. Returns the line on which the text ends.
fn plain(text: &str, path: &str, line: usize, uses: &mut Uses) -> usize {
    for (number, part) in (line..).zip(text.split('\n')) {
        let left = OWN_SCRIPT.iter().fold(part.to_owned(), |left, name| left.replace(name, ""));
        if left.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
            uses.faults.push(format!(
                "{path}:{number}: Chinese in a template. Make it a text of locales/ and name its key here."
            ));
        }
    }
    line + text.matches('\n').count()
}

/// Notes a literal that is a key, or the beginning of keys that are put together at run time.
fn name(literal: &str, place: &str, speaking: &BTreeSet<String>, uses: &mut Uses) {
    let Some((first, rest)) = literal.split_once('-').filter(|(first, _)| speaking.contains(*first)) else { return };
    let whole = rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if whole && !literal.ends_with('-') {
        uses.keys.entry(literal.to_owned()).or_insert_with(|| place.to_owned());
        return;
    }
    let start = literal.split('{').next().unwrap_or_default();
    if start.len() > first.len() + 1 && start.ends_with('-') {
        uses.beginnings.insert(start.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaking() -> BTreeSet<String> {
        BTreeSet::from(["counter".to_owned()])
    }

    #[test]
    fn keys_and_their_variables_are_read() {
        let text = "# a = b\ncounter-a = 你好\ncounter-b =\n    { $count ->\n        [one] { $name } one\n       *[other] { $name }\n    }\n    .title = x\n-brand = 两邻\n";
        let found = parse(text, "f");
        let keys: Vec<_> = found.iter().map(|(key, message)| (key.as_str(), message.variables.len())).collect();
        assert_eq!(keys, [("counter-a", 0), ("counter-b", 1), ("-brand", 0)]);
        assert_eq!(found[1].1.place, "f:3");
    }

    #[test]
    fn languages_are_compared() {
        let read = |text: &str| parse(text, "f").into_iter().collect::<Messages>();
        let faults =
            compare(&read("counter-a = 一\ncounter-b = { $x }\n"), &read("counter-b = { $y }\ncounter-c = c\n"));
        assert_eq!(faults.len(), 3, "{faults:#?}");
        assert_eq!(compare(&read("counter-a = { $x }"), &read("counter-a = the { $x }")), Vec::<String>::new());
    }

    #[test]
    fn a_name_of_two_words_begins_its_keys() {
        let (mut uses, speaking) = (Uses::default(), BTreeSet::from(["old_homes".to_owned()]));
        for literal in ["old_homes-title", "old_homes-field-", "/old-homes", "old_homes-a_b"] {
            name(literal, "p", &speaking, &mut uses);
        }
        assert_eq!(uses.keys.keys().collect::<Vec<_>>(), ["old_homes-title"]);
        assert_eq!(uses.beginnings.iter().collect::<Vec<_>>(), ["old_homes-field-"]);
    }

    #[test]
    fn literals_in_code_and_tags_are_uses() {
        let mut uses = Uses::default();
        for literal in [
            "counter-home",
            "counter-state-{}",
            "counter-level-",
            "counter",
            "other-home",
            "counter-",
            "counter-Home x",
        ] {
            name(literal, "p", &speaking(), &mut uses);
        }
        template(
            "<p class=\"counter-look\">{{ page.t(\"counter-title\") }}{% if x == \"counter-if\" %}{# 中\n {{ page.t(\"counter-shown\") }} #}中文",
            "t",
            &speaking(),
            &mut uses,
        );
        assert_eq!(uses.keys.keys().collect::<Vec<_>>(), ["counter-home", "counter-if", "counter-title"]);
        assert_eq!(uses.beginnings.iter().collect::<Vec<_>>(), ["counter-level-", "counter-state-"]);
        assert_eq!(uses.faults, Vec::<String>::new());
        template("<b>你好</b>", "t", &speaking(), &mut uses);
        assert_eq!(uses.faults.len(), 1);
        template("{{ part(\"counter-one\",\n\"counter-two\") }}\n你好", "t", &speaking(), &mut uses);
        assert_eq!(uses.keys.get("counter-two").map(String::as_str), Some("t:2"));
        assert!(uses.faults.iter().any(|fault| fault.starts_with("t:3: ")), "{:#?}", uses.faults);
    }

    #[test]
    fn a_template_escapes_everything_but_drawings() {
        let faults = |text: &str| {
            let mut uses = Uses::default();
            template(text, "t", &speaking(), &mut uses);
            uses.faults
        };
        for drawing in ["{{ map|safe }}", "{{ seal.drawn() | safe }}", "{{ name }}", "|safe outside of a tag"] {
            assert_eq!(faults(drawing), Vec::<String>::new(), "{drawing}");
        }
        for open in ["{{ name|safe }}", "\n{{ form.get(\"note\") | safe }}", "{{ name|escape(\"none\") }}"] {
            assert!(faults(open).iter().any(|fault| fault.contains("is not escaped")), "{open}");
        }
    }
}
