//! Reads the text of an identity card as a reader or a telephone's camera gives it. It takes name, number and address
//! and leaves everything else on the card.

use kernel::identifier::ResidentId;

/// Longest text that is read, in characters.
const TEXT_LIMIT: usize = 2_000;
/// What may follow the name.
const AFTER_NAME: [&str; 6] = ["性别", "民族", "出生", "住址", "公民身份号码", "\n"];
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
    let text: String = text
        .chars()
        .take(TEXT_LIMIT)
        .filter(|letter| *letter == '\n' || !(letter.is_whitespace() || matches!(letter, ':' | '：' | '\u{feff}')))
        .collect();
    let address = between(&text, "住址", &AFTER_ADDRESS).replace('\n', "");
    Card { name: between(&text, "姓名", &AFTER_NAME), resident_id: number(&text), address }
}

/// What stands after a label, up to whatever comes next; empty without the label.
fn between(text: &str, label: &str, ends: &[&str]) -> String {
    let Some((_, rest)) = text.split_once(label) else { return String::new() };
    let rest = rest.trim();
    ends.iter().fold(rest, |rest, end| rest.split_once(end).map_or(rest, |(before, _)| before)).trim().to_owned()
}

/// The first number that passes its check.
fn number(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, 'X' | 'x');
    let joined = text.replace('\n', "");
    let mut runs = text.split(|letter: char| !is_part(letter)).chain(joined.split(|letter: char| !is_part(letter)));
    let found = runs.find_map(|run| ResidentId::parse(run).ok());
    found.map(|id| id.as_str().to_owned()).unwrap_or_default()
}
