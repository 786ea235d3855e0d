//! Rows of a table as they stand in its file, each with its line, for tables that are too large to be kept cell by
//! cell. A quotation mark that nothing closes, or that another one closes many rows later, is found and named: it
//! never swallows rows in silence.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::decoded;
use crate::{ABOVE_THE_HEAD, Line, is_blank};

mod book;

/// Signs that may divide cells; where two give as many titles, the earlier one does.
const DIVIDERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// In how many bytes of a text its head is looked for to find what divides its cells.
const HEAD_BYTES: usize = 64 * 1024;
/// From so many columns on, a cell with line breaks is looked at for rows that it swallowed.
const COLUMNS_OF_ROWS: usize = 3;

/// What a file is instead of a table of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlike {
    /// It holds nothing but blanks.
    Empty,
    /// It is a workbook of today (XLSX).
    Workbook,
    /// It is a workbook of earlier days (XLS).
    OldWorkbook,
    /// It is a workbook that only opens with a password.
    Locked,
    /// It is a PDF or a picture.
    Drawn,
    /// It is packed with gzip.
    Packed,
    /// It is a Parquet file.
    Parquet,
    /// It is a web page or another text with marks in angle brackets.
    Page,
    /// It is no text in any encoding that we read.
    Unknown,
    /// Its first row is torn.
    Torn(Torn),
}

/// Why a row cannot be read. All lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Torn {
    /// A quotation mark opens a cell, and nothing closes it.
    Open {
        /// The line of the mark.
        line: u64,
        /// The last line of the file, which the cell swallows.
        last: u64,
    },
    /// A quotation mark closes a cell, and more stands behind it.
    Behind {
        /// The line of the mark that opens the cell.
        line: u64,
        /// The line of the mark that closes it.
        closed: u64,
    },
    /// A cell runs over several lines and holds what looks like whole rows.
    Rows {
        /// The line of the mark that opens the cell.
        line: u64,
        /// The line of the mark that closes it.
        closed: u64,
    },
}

impl Torn {
    /// Returns the line of the mark that opens the cell.
    #[must_use]
    pub const fn line(self) -> u64 {
        match self {
            Self::Open { line, .. } | Self::Behind { line, .. } | Self::Rows { line, .. } => line,
        }
    }
}

/// Where the text of a cell stands.
#[derive(Clone, Debug)]
enum Span {
    /// In the file.
    Plain(Range<usize>),
    /// Among the cells that were written in quotation marks.
    Quoted(Range<usize>),
}

/// Goes through a table row by row. It stands at the head when it was opened, and [`Rows::step`] goes on from there.
/// Rows whose cells are all blank are passed over. A new kind of file becomes one more way to fill the cells of a row.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    text: Cow<'a, str>,
    divider: u8,
    /// The sign that ends a line.
    end: u8,
    /// How many columns the head has; 0 as long as the head is looked for.
    columns: usize,
    /// Where the next row begins, and in which line.
    at: usize,
    next_line: u64,
    /// The line in which this row begins.
    line: u64,
    cells: Vec<Span>,
    /// The cells of this row that were written in quotation marks, without them, and all cells of a workbook.
    quoted: String,
    /// The lines of a workbook behind this row; nothing for a text.
    sheet: Option<std::vec::IntoIter<Line>>,
}

/// Where the head of a table stands, and what divides its cells.
struct Head {
    divider: u8,
    /// How many rows stand above it.
    above: usize,
    titles: usize,
}

impl<'a> Rows<'a> {
    /// Opens a table and goes to its head: the one of its first rows that has most titles, divided by the sign that
    /// gives most. Without a title the first row is the head.
    ///
    /// # Errors
    /// The file is not a table of text, or its head is torn.
    pub fn open(bytes: &'a [u8], is_title: &dyn Fn(&str) -> bool) -> Result<Self, Unlike> {
        if let Some(unlike) = unlike(bytes) {
            return Err(unlike);
        }
        let text = decoded(bytes).filter(|text| !text.contains('\0')).ok_or(Unlike::Unknown)?;
        let Head { divider, above, .. } = head(&text, is_title);
        let mut rows = Self::divided(text, divider);
        for _ in 0..=above {
            if !rows.step().map_err(Unlike::Torn)? {
                return Err(Unlike::Empty);
            }
        }
        rows.columns = rows.cells.len();
        Ok(rows)
    }

    fn divided(text: Cow<'a, str>, divider: u8) -> Self {
        // Files of old Macintosh programs end their lines with a carriage return alone.
        let end = if text.contains('\n') { b'\n' } else { b'\r' };
        let (cells, quoted) = (Vec::new(), String::new());
        Self { text, divider, end, columns: 0, at: 0, next_line: 1, line: 0, cells, quoted, sheet: None }
    }

    /// Goes to the next row that holds anything. Returns `false` behind the last one.
    ///
    /// # Errors
    /// The row cannot be told from those behind it. What follows is not read.
    pub fn step(&mut self) -> Result<bool, Torn> {
        if self.sheet.is_some() {
            return Ok(self.turn());
        }
        while self.at < self.text.len() {
            self.split()?;
            let holds = |at: usize| self.cell(at).is_some_and(|cell| !cell.chars().all(is_blank));
            if (0..self.cells.len()).any(holds) {
                return Ok(true);
            }
        }
        self.cells.clear();
        Ok(false)
    }

    /// Returns the line in which this row begins, from 1. Line breaks inside of cells count.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// Returns how many cells this row has.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.cells.len()
    }

    /// Returns the text of a cell of this row without blanks around it, or nothing where the row is shorter.
    #[must_use]
    pub fn cell(&self, place: usize) -> Option<&str> {
        let text = match self.cells.get(place)? {
            Span::Plain(range) => self.text.get(range.clone()),
            Span::Quoted(range) => self.quoted.get(range.clone()),
        };
        text.map(str::trim_ascii)
    }

    /// Divides the row that begins here into its cells.
    fn split(&mut self) -> Result<(), Torn> {
        let Self { text, divider, end, columns, at, next_line, line, cells, quoted, .. } = self;
        let text: &str = text;
        let (bytes, divider, end) = (text.as_bytes(), *divider, *end);
        cells.clear();
        quoted.clear();
        *line = *next_line;
        let mut here = *at;
        loop {
            let (span, after) = if let Some(mark) = mark_at(bytes, here) {
                let (from, opened) = (quoted.len(), *next_line);
                let Some(closed) = unquoted(text, mark, quoted) else {
                    let rest = bytes.get(mark..).unwrap_or_default();
                    let last = opened + lines_of(rest.strip_suffix(&[end]).unwrap_or(rest), end);
                    return Err(Torn::Open { line: opened, last });
                };
                *next_line += lines_of(bytes.get(mark..closed).unwrap_or_default(), end);
                let after = behind(bytes, closed, end);
                if bytes.get(after).is_some_and(|sign| *sign != divider && *sign != end) {
                    return Err(Torn::Behind { line: opened, closed: *next_line });
                }
                let is_long = *next_line > opened && *columns >= COLUMNS_OF_ROWS;
                let held = quoted.get(from..).unwrap_or_default();
                if is_long && holds_rows(held, cells.len(), *columns, [divider, end].map(char::from)) {
                    return Err(Torn::Rows { line: opened, closed: *next_line });
                }
                (Span::Quoted(from..quoted.len()), after)
            } else {
                let rest = bytes.get(here..).unwrap_or_default();
                let length = rest.iter().position(|byte| *byte == divider || *byte == end);
                let after = here + length.unwrap_or(rest.len());
                (Span::Plain(here..after), after)
            };
            cells.push(span);
            match bytes.get(after) {
                Some(sign) if *sign == divider => here = after + 1,
                sign => {
                    *at = after + usize::from(sign.is_some());
                    *next_line += 1;
                    return Ok(());
                }
            }
        }
    }
}

/// Returns where the quotation mark stands with which the cell from here on opens, if it opens with one.
fn mark_at(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
    (rest.get(blanks) == Some(&b'"')).then_some(from + blanks)
}

/// Writes down what stands in quotation marks, the first of them at `mark`. Returns the place behind the last of them,
/// or nothing where none closes the cell. Two marks in a row stand for one.
fn unquoted(text: &str, mark: usize, into: &mut String) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = mark + 1;
    loop {
        let length = bytes.get(from..)?.iter().position(|byte| *byte == b'"')?;
        into.push_str(text.get(from..from + length)?);
        from += length + 1;
        if bytes.get(from) != Some(&b'"') {
            return Some(from);
        }
        into.push('"');
        from += 1;
    }
}

/// Returns the place behind the blanks that stand between a closing mark and the end of the cell.
fn behind(bytes: &[u8], closed: usize, end: u8) -> usize {
    let rest = bytes.get(closed..).unwrap_or_default();
    closed + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\r') && **byte != end).count()
}

/// Returns how many lines end in a part of a text.
fn lines_of(part: &[u8], end: u8) -> u64 {
    let ends = part.split(|byte| *byte == end).count() - 1;
    u64::try_from(ends).unwrap_or(u64::MAX)
}

/// Says whether a cell at this place of its row holds whole rows, as it does where a mark is missing: its first line
/// ends where a row ends, its last one begins where a row begins, and those between have all columns. `signs` are the
/// divider and the end of lines.
fn holds_rows(cell: &str, place: usize, columns: usize, signs: [char; 2]) -> bool {
    let [divider, end] = signs;
    let last = cell.matches(end).count();
    let fits = |(at, line): (usize, &str)| {
        let wanted = match at {
            0 => columns.saturating_sub(place + 1),
            at if at == last => place,
            _ => columns - 1,
        };
        line.matches(divider).count() == wanted
    };
    cell.split(end).enumerate().all(fits)
}

/// Returns where the head stands and what divides its cells.
fn head(text: &str, is_title: &dyn Fn(&str) -> bool) -> Head {
    let mut best = Head { divider: divider_of_the_first(text), above: 0, titles: 0 };
    for divider in DIVIDERS {
        let mut rows = Rows::divided(Cow::Borrowed(text), divider);
        for above in 0..ABOVE_THE_HEAD {
            if !matches!(rows.step(), Ok(true)) {
                break;
            }
            let titles = (0..rows.width()).filter_map(|at| rows.cell(at)).filter(|cell| is_title(cell)).count();
            if titles > best.titles {
                best = Head { divider, above, titles };
            }
        }
    }
    best
}

/// Returns what divides the cells of a text by the titles of its head, or nothing where no title is known.
pub(crate) fn divider(text: &str, is_title: &dyn Fn(&str) -> bool) -> Option<u8> {
    let end = text.len().min(HEAD_BYTES);
    let begin = (0..4).find_map(|back| text.get(..end.checked_sub(back)?)).unwrap_or_default();
    let head = head(begin, is_title);
    (head.titles > 0).then_some(head.divider)
}

/// Returns the divider that stands most often in the first line that holds anything.
fn divider_of_the_first(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |divider: u8| first.bytes().filter(|byte| *byte == divider).count();
    let most = DIVIDERS.into_iter().map(count).max().unwrap_or_default();
    DIVIDERS.into_iter().find(|divider| count(*divider) == most).unwrap_or(b',')
}

/// Returns what a file is by its first bytes, where that is no table of text.
fn unlike(bytes: &[u8]) -> Option<Unlike> {
    const MARKS: [(&[u8], Unlike); 7] = [
        (b"PK\x03\x04", Unlike::Workbook),
        (b"\xD0\xCF\x11\xE0", Unlike::OldWorkbook),
        (b"%PDF-", Unlike::Drawn),
        (b"\x89PNG", Unlike::Drawn),
        (b"\xFF\xD8\xFF", Unlike::Drawn),
        (b"\x1F\x8B", Unlike::Packed),
        (b"PAR1", Unlike::Parquet),
    ];
    let known = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, unlike)| *unlike);
    let begin = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let known =
        known.map(|known| if known == Unlike::OldWorkbook && is_locked(bytes) { Unlike::Locked } else { known });
    known.or_else(|| begin.starts_with(b"<").then_some(Unlike::Page))
}

/// Says whether a workbook is sealed with a password: it then lies in a container of earlier days, which names it so.
pub(crate) fn is_locked(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.starts_with(b"\xD0\xCF\x11\xE0") && bytes.windows(name.len()).any(|part| part == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_title(text: &str) -> bool {
        matches!(text, "id" | "x" | "y")
    }

    /// The rows behind the head as `line: cell|cell`, and what tears them.
    fn told(bytes: &[u8]) -> Result<Vec<String>, Unlike> {
        let mut rows = Rows::open(bytes, &is_title)?;
        let mut found = Vec::new();
        while rows.step().map_err(Unlike::Torn)? {
            let cells: Vec<&str> = (0..rows.width()).filter_map(|at| rows.cell(at)).collect();
            found.push(format!("{}: {}", rows.line(), cells.join("|")));
        }
        Ok(found)
    }

    #[test]
    fn rows_come_with_their_lines() {
        let table: [(&str, &[&str]); 15] = [
            ("id,x\n1,2\n", &["2: 1|2"]),
            ("id,x\r\n1, 2 \r\n3,4", &["2: 1|2", "3: 3|4"]),
            ("id,x\r1,2\r3,4\r", &["2: 1|2", "3: 3|4"]),
            ("\n\nid,x\n\n1,2\n,\n \n3,4\n\n,\n", &["5: 1|2", "8: 3|4"]),
            ("id;x\n1;2,5\n", &["2: 1|2,5"]),
            ("id\tx\n1\t2,5\n", &["2: 1|2,5"]),
            ("id|x\n1|2\n", &["2: 1|2"]),
            ("sep=;\nid;x\n1;2\n", &["3: 1|2"]),
            ("楼栋表,,\n2026年,,\nid,x,\n1,2,\n", &["4: 1|2|"]),
            ("id,x,note\n1,2,\"a\nb\"\n3,4,c\n", &["2: 1|2|a\nb", "4: 3|4|c"]),
            ("id,x,note\n1,2,\"a, \"\"b\"\"\" \n3,\"4\",\"\"\n", &["2: 1|2|a, \"b\"", "3: 3|4|"]),
            ("id,x,note\n1,2,5\" pipe\n3,4, \"c,d\"\n", &["2: 1|2|5\" pipe", "3: 3|4|c,d"]),
            ("id,note,x\n1,\"a, b\nc\",2\n3,d,4\n", &["2: 1|a, b\nc|2", "4: 3|d|4"]),
            ("id,x\n1\n1,2,3\n", &["2: 1", "3: 1|2|3"]),
            ("id,x\n", &[]),
        ];
        for (text, rows) in table {
            let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
            assert_eq!(told(text.as_bytes()), Ok(rows), "{text:?}");
        }
    }

    #[test]
    fn a_mark_that_is_missing_swallows_nothing_in_silence() {
        let table = [
            ("id,x,note\n1,2,\"a\n3,4,b\n5,6,c\n", Torn::Open { line: 2, last: 4 }),
            ("id,x,note\n1,2,a\n3,4,\"b", Torn::Open { line: 3, last: 3 }),
            ("id,x,note\n1,2,\"a\n3,4,\"b\"\n5,6,c\n", Torn::Behind { line: 2, closed: 3 }),
            ("id,x,note\n1,2,\"a\"b\n", Torn::Behind { line: 2, closed: 2 }),
            ("id,x,note\n1,2,\"a\n3,4,b\n5,6,\"\n", Torn::Rows { line: 2, closed: 4 }),
            ("id,note,x\n1,\"a,2\n3,b\",4\n", Torn::Rows { line: 2, closed: 3 }),
            ("id,x,note\n1,2,\"a\nb\"\n3,4,\"c\n5,6,d\n", Torn::Open { line: 4, last: 5 }),
        ];
        for (text, torn) in table {
            assert_eq!(told(text.as_bytes()), Err(Unlike::Torn(torn)), "{text:?}");
        }
        assert_eq!(told(b"\"id,x\n1,2\n"), Err(Unlike::Torn(Torn::Open { line: 1, last: 2 })));
    }

    #[test]
    fn what_is_no_table_of_text_is_named() {
        let locked = [b"\xD0\xCF\x11\xE0rest", "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".as_bytes()].concat();
        let table: [(&[u8], Unlike); 13] = [
            (&locked, Unlike::Locked),
            (b"%PDF-1.7\n", Unlike::Drawn),
            (b"\x89PNG\r\n", Unlike::Drawn),
            (b"", Unlike::Empty),
            (b" \r\n , \n", Unlike::Empty),
            (b"\xEF\xBB\xBF", Unlike::Empty),
            (b"PK\x03\x04rest", Unlike::Workbook),
            (b"\xD0\xCF\x11\xE0rest", Unlike::OldWorkbook),
            (b"\x1F\x8Brest", Unlike::Packed),
            (b"PAR1rest", Unlike::Parquet),
            (b"\xEF\xBB\xBF\n<html>", Unlike::Page),
            (b"id,x\n1,\0\n", Unlike::Unknown),
            (b"\xFF\xFE\xFF", Unlike::Unknown),
        ];
        for (bytes, unlike) in table {
            assert_eq!(told(bytes), Err(unlike), "{bytes:?}");
        }
    }

    #[test]
    fn each_encoding_is_read() {
        let text = "id,x,名称\n1,2,铁西\n";
        let (gbk, ..) = encoding_rs::GB18030.encode(text);
        let little = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let big = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_be_bytes).collect() };
        let marked = [b"\xFF\xFE".as_slice(), &little(text)].concat();
        for bytes in [text.as_bytes(), &gbk, &marked, &[b"\xFE\xFF".as_slice(), &big(text)].concat()] {
            assert_eq!(told(bytes).unwrap(), ["2: 1|2|铁西"]);
        }
        for bytes in [little("id,x,name\n1,2,3\n"), big("id,x,name\n1,2,3\n")] {
            assert_eq!(told(&bytes).unwrap(), ["2: 1|2|3"], "without a mark");
        }
    }
}
