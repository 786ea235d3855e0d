//! CSV: which encoding it is in, what divides its cells, and its lines.

use crate::{CELL_BYTES, Held, Limits, Line, Sheet, Why, formula, too_long, unreadable};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use kernel::refusal::Refusal;
use std::borrow::Cow;

/// Signs that may divide cells; where two stand equally often, the earlier one does.
const DIVIDERS: [u8; 3] = [b',', b';', b'\t'];
/// How many lines are looked at to find what divides cells.
const LOOKED_AT: usize = 10;
/// How many bytes are looked at to find how many of them a sign takes.
const BEGINNING: usize = 32;

/// Reads a text. `by_titles` says what divides its cells where its head has known titles.
pub(crate) fn read(bytes: &[u8], limits: Limits, by_titles: &dyn Fn(&str) -> Option<u8>) -> Result<Sheet, Refusal> {
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limits.bytes) {
        return Err(limits.refusal());
    }
    let text = decoded(bytes).filter(|text| !text.contains('\0')).ok_or_else(unreadable)?;
    let divider = by_titles(&text).unwrap_or_else(|| divider(&text));
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).delimiter(divider).from_reader(text.as_bytes());
    let mut sheet = Sheet::default();
    let mut lines = Lines { text: text.as_bytes(), at: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(|fault| {
            let line = fault.position().map_or(0, csv::Position::line);
            Refusal::new(Why::TableLineUnreadable).field("file").with("line", line)
        })?;
        let number = lines.of(record.position().map_or(0, csv::Position::byte));
        if let Some(at) = record.iter().position(is_formula) {
            return Err(formula(number, at));
        }
        if let Some(at) = record.iter().position(|cell| cell.len() > CELL_BYTES) {
            return Err(too_long(number, at));
        }
        if record.len() > limits.columns {
            return Err(limits.refusal());
        }
        let cells: Vec<Held> = record.iter().map(held).collect();
        let is_empty = cells.iter().all(|cell| cell.text.trim().is_empty());
        if !is_empty {
            sheet.lines.push(Line { number, cells });
        }
        if sheet.lines.len() > limits.lines() {
            return Err(limits.refusal());
        }
    }
    Ok(sheet)
}

/// Whether a cell is a formula as programs write it: behind the sign of equality stands a number, a name, a text in
/// quotes or what begins a sum. What people write, such as `=_=`, is text.
fn is_formula(cell: &str) -> bool {
    let behind = cell.trim_start().strip_prefix(['=', '＝']).map(str::trim_start);
    let first = behind.and_then(|behind| behind.chars().next());
    first.is_some_and(|sign| sign.is_ascii_alphanumeric() || "\"'(+-$.@{".contains(sign))
}

/// Where lines begin. The reader of CSV takes empty lines as part of the record that follows.
struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of the first sign of a record that begins at a byte or after it; records come in order.
    fn of(&mut self, byte: u64) -> usize {
        let start = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(sign) = self.text.get(self.at) {
            if self.at >= start && !matches!(sign, b'\r' | b'\n') {
                break;
            }
            self.line += usize::from(*sign == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// The text in its encoding: what a mark at the head says, else two bytes a sign where it begins so, else UTF-8, else
/// GBK with its later signs.
pub(crate) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let (marked, length) = Encoding::for_bom(bytes).unwrap_or_else(|| (unmarked(bytes), 0));
    let plain = bytes.get(length..)?;
    if marked == UTF_16LE || marked == UTF_16BE {
        return marked.decode_without_bom_handling_and_without_replacement(plain);
    }
    match std::str::from_utf8(plain) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) if length > 0 => None,
        Err(_) => GB18030.decode_without_bom_handling_and_without_replacement(plain),
    }
}

/// The encoding of a text without a mark: two bytes a sign where every second byte of its beginning is empty.
fn unmarked(bytes: &[u8]) -> &'static Encoding {
    let (signs, _) = bytes.get(..bytes.len().min(BEGINNING)).unwrap_or_default().as_chunks::<2>();
    let is_wide = signs.len() > 1 && bytes.len().is_multiple_of(2);
    if is_wide && signs.iter().all(|[low, high]| *low != 0 && *high == 0) {
        UTF_16LE
    } else if is_wide && signs.iter().all(|[high, low]| *low != 0 && *high == 0) {
        UTF_16BE
    } else {
        UTF_8
    }
}

/// The sign that divides cells: the one that stands most often outside of quotes in the first lines.
fn divider(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DIVIDERS.len()];
    let mut lines = 0;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => lines += 1,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) = DIVIDERS.iter().zip(&mut counts).find(|(divider, _)| **divider == byte) {
                    *count += 1;
                }
            }
        }
        if lines >= LOOKED_AT {
            break;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    DIVIDERS.iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(divider, _)| *divider)
}

/// A cell without the apostrophe that our own downloads put before what a spreadsheet would take for a formula.
fn held(cell: &str) -> Held {
    let rest = cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@']));
    Held { text: rest.unwrap_or(cell).to_owned(), ..Held::default() }
}
