//! Reads the text of an identity card as a reader or a telephone's camera gives it. It takes name, number and address
//! and leaves everything else on the card.

use kernel::identifier::Identity;
use kernel::language::half_width;
use kernel::line::{self, is_dot, is_unseen};
use kernel::search::is_han;

/// Longest text that is read, in characters.
const TEXT_LIMIT: usize = 2_000;
/// What stands next on the card after the name, so that all lines before it are the name's.
const NEXT: &str = "性别";
/// What else may follow the name.
const AFTER_NAME: [&str; 7] = ["民族", "国籍", "出生", "住址", "公民身份号码", "证件号码", "签发机关"];
/// What may follow the address.
const AFTER_ADDRESS: [&str; 3] = ["公民身份号码", "签发机关", "有效期限"];

/// What is taken from a card; empty where it was not found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The name.
    pub name: String,
    /// The number, when it passes its check.
    pub resident_id: String,
    /// The address.
    pub address: String,
}

/// Reads a card's text.
#[must_use]
pub fn read(text: &str) -> Card {
    let seen: String = text.chars().take(TEXT_LIMIT).filter(|letter| !is_unseen(*letter)).map(half_width).collect();
    let close: String = seen.chars().filter(|letter| is_kept(*letter)).collect();
    let address = between(&close, "住址", &AFTER_ADDRESS).replace('\n', "");
    Card { name: name(&seen), resident_id: number(&close), address }
}

/// Whether a letter stays where blanks and colons mean nothing.
fn is_kept(letter: char) -> bool {
    letter == '\n' || !(letter.is_whitespace() || letter == ':')
}

/// What stands after a label, up to whatever comes next; empty without the label.
fn between(text: &str, label: &str, ends: &[&str]) -> String {
    let Some((_, rest)) = text.split_once(label) else { return String::new() };
    let rest = rest.trim();
    ends.iter().fold(rest, |rest, end| rest.split_once(end).map_or(rest, |(before, _)| before)).trim().to_owned()
}

/// The whole name. It may stand on several lines, and beside the Chinese name the card may have it in another script:
/// then the Chinese one counts.
fn name(text: &str) -> String {
    let Some((_, rest)) = split(text, "姓名") else { return String::new() };
    let next = split(rest, NEXT).map(|(before, _)| before);
    let ends = AFTER_NAME.iter().filter_map(|label| split(rest, label).map(|(before, _)| before));
    let shortest = ends.chain(next).min_by_key(|before| before.len()).unwrap_or(rest);
    let lines = shortest.split('\n').map(without_label).filter(|line| !line.is_empty());
    let lines: Vec<&str> = if next == Some(shortest) { lines.collect() } else { going_on(lines) };
    let chinese: Vec<String> = lines.iter().map(|line| han(line)).collect();
    let chinese = line::name(chinese.concat().trim_matches(is_dot));
    if chinese.is_empty() { lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ") } else { chinese }
}

/// Cuts a text at a label, whose characters may stand apart.
fn split<'t>(text: &'t str, label: &str) -> Option<(&'t str, &'t str)> {
    text.char_indices().find_map(|(at, _)| {
        let (before, mut rest) = text.split_at_checked(at)?;
        for sign in label.chars() {
            rest = rest.trim_start_matches(' ').strip_prefix(sign)?;
        }
        Some((before, rest))
    })
}

/// A line of the name without the label that stands before it in English, and without figures, which no name has.
fn without_label(line: &str) -> &str {
    let is_between = |sign: char| sign.is_whitespace() || matches!(sign, ':' | '/' | '|');
    let line = line.trim_matches(is_between);
    let label = line.get(..4).filter(|label| label.eq_ignore_ascii_case("name"));
    let rest = label.and_then(|label| line.strip_prefix(label)).unwrap_or(line);
    let end = rest.find(|sign: char| sign.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest).trim_matches(is_between)
}

/// The first line with a name, and those after it as long as a dot says that the name goes on or the line is of another
/// script. What stands there without a label is not the name's otherwise.
fn going_on<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut taken: Vec<&str> = Vec::new();
    for line in lines {
        let open = taken.last().is_none_or(|before| before.ends_with(is_dot) || line.starts_with(is_dot));
        if !open && !han(line).is_empty() {
            break;
        }
        taken.push(line);
    }
    taken
}

/// The Chinese characters of a line, with the dots between them. There are none in a line of another script.
fn han(line: &str) -> String {
    let line = line::written(line);
    let kept: String = line.chars().filter(|sign| is_han(*sign) || is_dot(*sign) || is_lost(*sign)).collect();
    if kept.chars().any(is_han) { kept } else { String::new() }
}

/// Whether a sign stands for a character that was not read. It stays, so that somebody types what is missing.
fn is_lost(sign: char) -> bool {
    matches!(sign, '?' | '□' | '■' | '〓' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
}

/// The first number that passes its check: of an identity card, or of a foreigner's card, old or new.
fn number(text: &str) -> String {
    let is_figure = |letter: char| letter.is_ascii_digit() || matches!(letter, 'X' | 'x');
    let is_part = |letter: char| letter.is_ascii_alphanumeric();
    let joined = text.replace('\n', "");
    let figures = text.split(|letter: char| !is_figure(letter)).chain(joined.split(|letter: char| !is_figure(letter)));
    let others = text.split(|letter: char| !is_part(letter)).chain(joined.split(|letter: char| !is_part(letter)));
    let found = figures.chain(others).find_map(|run| Identity::card(run).ok());
    found.map(|identity| identity.kept()).unwrap_or_default()
}
