//! One answer of each kind: read, checked, and in the form in which it is kept.

use kernel::identifier::{IdentifierFault, Identity, Telephone};
use kernel::line::{is_unseen, line_fault, lines_fault, name_fault, written};
use kernel::money::Fen;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use serde_json::Value;

use super::{Given, PREFIX, answer};
use crate::catalogue::{FieldKind, FormField};

/// Longest line, in characters.
pub(super) const LINE_LIMIT: usize = 100;
/// Longest text of several lines, in characters.
const TEXT_LIMIT: usize = 1_000;
/// Largest whole number taken.
const LARGEST_NUMBER: i64 = 100_000;
/// Largest amount taken, in fen: the bound of every amount that somebody enters.
const LARGEST_FEN: i64 = Fen::MOST_ENTERED.fen();
/// The first year of a date.
const FIRST_YEAR: i16 = 1900;
/// Beside a signature's typed name: its strokes.
pub(super) const DRAWN: &str = "drawn";
/// Before the strokes of a drawn signature, where they are kept.
pub(super) const STROKES: char = '~';
/// Longest drawn signature, in characters.
const STROKES_LIMIT: usize = 20_000;

/// The answer as it is kept, nothing where none is needed.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(field: &FormField, name: &str, given: &Given, today: Date) -> Result<Option<Value>, Refusal> {
    let typed =
        if field.kind == FieldKind::Signature { signature(name, given) } else { answer(given, name).to_owned() };
    let named = |refusal: Refusal| refusal.field(format!("{PREFIX}{name}")).with_both("label", &field.title);
    if typed.is_empty() {
        let code = if field.kind == FieldKind::Consent { Code::FormConsent } else { Code::FormMissing };
        return if field.required { Err(named(Refusal::new(code))) } else { Ok(None) };
    }
    parsed(field, &typed, today).map(Some).map_err(named)
}

fn parsed(field: &FormField, typed: &str, today: Date) -> Result<Value, Refusal> {
    match field.kind {
        FieldKind::LongText => long_text(typed),
        FieldKind::Date => date(typed, field.past.then_some(today)),
        FieldKind::Money => money(typed).map(Value::from),
        FieldKind::Number => number(typed),
        FieldKind::Choice => {
            let known = field.options.iter().any(|option| option.code == typed);
            if known { Ok(Value::from(typed)) } else { Err(Refusal::new(Code::FormChoice)) }
        }
        FieldKind::YesNo if matches!(typed, "yes" | "no") => Ok(Value::from(typed)),
        FieldKind::YesNo | FieldKind::Members => Err(Refusal::new(Code::FormChoice)),
        FieldKind::Consent if typed == "yes" => Ok(Value::from(typed)),
        FieldKind::Consent => Err(Refusal::new(Code::FormConsent)),
        FieldKind::ResidentId => {
            identifier(Identity::card(typed).and_then(|card| card.living(today)).map(|card| card.kept()))
        }
        FieldKind::Telephone => identifier(Telephone::parse(typed).map(|number| number.as_str().to_owned())),
        FieldKind::Signature if typed.starts_with(STROKES) => strokes(typed),
        FieldKind::Name => name(typed),
        FieldKind::Address => line(&written(typed)),
        FieldKind::Text | FieldKind::Signature => line(typed),
    }
}

fn identifier(parsed: Result<String, IdentifierFault>) -> Result<Value, Refusal> {
    // The caller names the field.
    parsed.map(Value::from).map_err(|fault| fault.refusal(""))
}

/// A name, as names are kept.
pub(super) fn name(typed: &str) -> Result<Value, Refusal> {
    if let Some(code) = name_fault(typed) {
        return Err(Refusal::new(code));
    }
    fits(&kernel::line::name(typed), LINE_LIMIT)
}

/// One line: no control characters, nothing that is not seen, not too long.
pub(super) fn line(typed: &str) -> Result<Value, Refusal> {
    if let Some(code) = line_fault(typed) {
        return Err(Refusal::new(code));
    }
    fits(typed, LINE_LIMIT)
}

fn long_text(typed: &str) -> Result<Value, Refusal> {
    if let Some(code) = lines_fault(typed) {
        return Err(Refusal::new(code));
    }
    fits(typed, TEXT_LIMIT)
}

fn fits(typed: &str, limit: usize) -> Result<Value, Refusal> {
    if typed.chars().count() > limit {
        return Err(Refusal::new(Code::FormTooLong).with("limit", limit));
    }
    Ok(Value::from(typed))
}

/// Reads a day as people write it: `2026-11-23`, `2026年11月23日`, `2026/11/23`, `2026.11.23`. `last` is the last day
/// that can be meant.
fn date(typed: &str, last: Option<Date>) -> Result<Value, Refusal> {
    let wrong = || Refusal::new(Code::FormDate);
    let parts: Vec<String> = half_width(typed)
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    let [year, month, day] = parts.as_slice() else { return Err(wrong()) };
    let year: i16 = year.parse().map_err(|_| wrong())?;
    let (month, day): (i8, i8) = (month.parse().map_err(|_| wrong())?, day.parse().map_err(|_| wrong())?);
    let date = Date::new(year, month, day).map_err(|_| wrong())?;
    if year < FIRST_YEAR {
        return Err(wrong());
    }
    if last.is_some_and(|last| date > last) {
        return Err(Refusal::new(Code::FormDateAhead));
    }
    Ok(Value::from(date.to_string()))
}

/// Fen from yuan as people type them: `¥` may stand before the amount and 元 after it, and nowhere else.
pub(super) fn money(typed: &str) -> Result<i64, Refusal> {
    let plain: String = half_width(typed).chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = plain.strip_prefix('¥').unwrap_or(&plain);
    let plain = plain.strip_suffix('元').unwrap_or(plain);
    let amount = Fen::parse_yuan(plain).map(Fen::fen).filter(|fen| (0..=LARGEST_FEN).contains(fen));
    amount.ok_or_else(|| Refusal::new(Code::FormAmount))
}

fn number(typed: &str) -> Result<Value, Refusal> {
    let number: Option<i64> = half_width(typed).parse().ok();
    let number = number.filter(|number| (0..=LARGEST_NUMBER).contains(number));
    number.map(Value::from).ok_or_else(|| Refusal::new(Code::FormNumber).with("from", 0).with("to", LARGEST_NUMBER))
}

/// A signature: the strokes where it was drawn, else the typed name.
fn signature(name: &str, given: &Given) -> String {
    let drawn = answer(given, &format!("{name}_{DRAWN}"));
    if drawn.is_empty() { answer(given, name).to_owned() } else { format!("{STROKES}{drawn}") }
}

/// Strokes are points `x,y` with spaces between and `;` between strokes; nothing else, so that they can be drawn again
/// safely. Without a point nothing was signed.
fn strokes(typed: &str) -> Result<Value, Refusal> {
    let drawn = typed.strip_prefix(STROKES).unwrap_or(typed);
    let mut points = drawn.split([' ', ';']).filter(|point| !point.is_empty()).peekable();
    let begun = points.peek().is_some();
    let fits = typed.chars().count() <= STROKES_LIMIT;
    if begun && fits && points.all(is_point) { Ok(Value::from(typed)) } else { Err(Refusal::new(Code::FormInvalid)) }
}

/// Whether a text is a point, `x,y` in digits.
fn is_point(text: &str) -> bool {
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok();
    text.split_once(',').is_some_and(|(x, y)| number(x) && number(y))
}

/// Full-width digits and signs as the keyboard of a Chinese input method gives them, in half width, without the marks
/// that nobody sees and that come along when a number is copied.
fn half_width(typed: &str) -> String {
    let half = |letter: char| match letter {
        '０'..='９' | '．' | '，' | '－' | '／' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '￥' => '¥',
        '。' => '.',
        other => other,
    };
    let seen: String = typed.chars().filter(|letter| !is_unseen(*letter)).collect();
    seen.trim().chars().map(half).collect()
}
