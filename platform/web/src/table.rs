//! A table said once: drawn on a page by the part `table` of `parts.html`, sent as a workbook or as CSV by
//! [`Table::file`].

use crate::dates::Light;
use crate::page::Page;
use kernel::money::Fen;
use kernel::time::{Date, Instant};

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words, or a number that nobody adds up, such as a telephone.
    Text,
    /// A whole number.
    Number,
    /// An amount of money.
    Money,
    /// A civil day.
    Date,
    /// A moment.
    Moment,
    /// Thousandths, shown as a percentage.
    Share,
    /// Words that lead to a page.
    Link,
}

impl ColumnKind {
    /// The class of its heads and cells: figures stand at the right.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Number | Self::Money | Self::Share => "num",
            Self::Text | Self::Date | Self::Moment | Self::Link => "",
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// What its cells are.
    pub kind: ColumnKind,
    /// The key that `?sort=` names to sort the list by it; empty when it does not sort.
    pub sort: &'static str,
    /// It stands in files alone, not on the page.
    pub files_only: bool,
}

impl Column {
    /// A column that does not sort.
    pub fn new(kind: ColumnKind, title: impl Into<String>) -> Self {
        Self { title: title.into(), kind, sort: "", files_only: false }
    }

    /// The column stands in files alone, not on the page.
    #[must_use]
    pub const fn in_files(mut self) -> Self {
        self.files_only = true;
        self
    }

    /// The column sorts the list by a key.
    #[must_use]
    pub const fn sorted_by(mut self, key: &'static str) -> Self {
        self.sort = key;
        self
    }
}

/// What one cell holds. A cell that is of another kind than its column (a dash where there is no number) is shown and
/// sent as what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An amount of money.
    Money(Fen),
    /// A civil day.
    Date(Date),
    /// A moment.
    Moment(Instant),
    /// Thousandths of a whole.
    Share(i64),
    /// Hundredths, such as a mean with two digits behind the point.
    Hundredths(i64),
    /// Words that lead to a local address.
    Link {
        /// The words.
        text: String,
        /// The local address.
        href: String,
        /// The number of what they name, small and unbroken below them, which files leave out. It may be empty.
        number: String,
    },
    /// A light with its words.
    Light(Light),
    /// Words with a smaller note behind them, which files leave out.
    Noted {
        /// The words.
        text: String,
        /// The note.
        note: String,
    },
    /// A whole number that leads on a page to the rows it counts.
    Opened {
        /// The number.
        number: i64,
        /// The local address of the rows.
        href: String,
    },
    /// A whole number that a page tells in words (`3 minutes`) and a file as the number.
    Told {
        /// The number.
        number: i64,
        /// The words.
        text: String,
    },
}

impl Cell {
    /// Words that lead to a local address.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::numbered(text, href, "")
    }

    /// Words that lead to a local address, with the number of what they name below them.
    pub fn numbered(text: impl Into<String>, href: impl Into<String>, number: impl Into<String>) -> Self {
        Self::Link { text: text.into(), href: href.into(), number: number.into() }
    }

    /// A whole number that leads to the rows it counts. Nought counts none and leads nowhere.
    pub fn opened(number: i64, href: impl Into<String>) -> Self {
        if number == 0 { Self::Number(0) } else { Self::Opened { number, href: href.into() } }
    }

    /// A count.
    pub fn count(number: u64) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }

    /// The class of its cell on a page: days and moments stay on one line where a column is narrow.
    const fn class(&self, kind: ColumnKind) -> &'static str {
        if matches!(self, Self::Date(_) | Self::Moment(_)) { "day" } else { kind.class() }
    }

    /// The cell as a page shows it.
    fn shown(&self, page: &Page, column: &Column) -> Shown {
        let text = match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Link { text, .. } | Self::Noted { text, .. } | Self::Told { text, .. } => {
                text.clone()
            }
            Self::Number(number) | Self::Opened { number, .. } => grouped(*number),
            Self::Money(amount) => amount.to_string(),
            Self::Date(date) => page.day_of_year(*date),
            Self::Moment(at) => page.minute(*at),
            Self::Share(share) => percent(*share),
            Self::Hundredths(number) => decimal(*number, 2),
            Self::Light(light) => light.text.clone(),
        };
        Shown {
            label: column.title.clone(),
            class: self.class(column.kind),
            text,
            href: if let Self::Link { href, .. } | Self::Opened { href, .. } = self {
                href.clone()
            } else {
                String::new()
            },
            light: if let Self::Light(light) = self { light.class } else { "" },
            note: if let Self::Noted { note, .. } = self { note.clone() } else { String::new() },
            number: if let Self::Link { number, .. } = self { number.clone() } else { String::new() },
        }
    }
}

macro_rules! cell_from {
    ($($source:ty => |$name:ident| $cell:expr;)*) => {
        $(impl From<$source> for Cell {
            fn from($name: $source) -> Self {
                $cell
            }
        })*
    };
}

cell_from! {
    String => |text| Self::Text(text);
    &str => |text| Self::Text(text.to_owned());
    i64 => |number| Self::Number(number);
    Fen => |amount| Self::Money(amount);
    Date => |date| Self::Date(date);
    Instant => |at| Self::Moment(at);
    Light => |light| Self::Light(light);
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// A cell as the part `table` draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The title of its column, which stands beside it on a phone.
    pub label: String,
    /// Its class: that of its column, or of a day or a moment.
    pub class: &'static str,
    /// What it says.
    pub text: String,
    /// Where it leads; empty when it leads nowhere.
    pub href: String,
    /// The class of its light; empty when it is none.
    pub light: &'static str,
    /// The note behind the words; empty when there is none.
    pub note: String,
    /// The number below the words; empty when there is none.
    pub number: String,
}

/// A table: what it is about, its columns, its rows. The first column says what a row is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What it is about; the name of the sheet in a workbook.
    pub caption: String,
    /// The columns from the left.
    pub columns: Vec<Column>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(caption: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { caption: caption.into(), columns, rows: Vec::new() }
    }

    /// The same table with these rows below its own.
    #[must_use]
    pub fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The columns that stand on the page.
    pub fn heads(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|column| !column.files_only)
    }

    /// The rows as a page shows them.
    pub fn lines(&self, page: &Page) -> Vec<Vec<Shown>> {
        self.rows.iter().map(|row| self.line(page, row)).collect()
    }

    fn line(&self, page: &Page, row: &[Cell]) -> Vec<Shown> {
        let cells = row.iter().zip(&self.columns).filter(|(_, column)| !column.files_only);
        cells.map(|(cell, column)| cell.shown(page, column)).collect()
    }
}

/// A whole number in groups of three digits: `12,345`.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut told = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    told
}

/// Thousandths as a percentage with one decimal: `12.3%`.
pub(crate) fn percent(share: i64) -> String {
    format!("{}%", decimal(share, 1))
}

/// A whole number of tenths, hundredths and so on, with that many digits behind the point: 12345 with 2 is `123.45`.
pub(crate) fn decimal(number: i64, places: usize) -> String {
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = places + 1);
    let point = digits.len() - places;
    let (whole, rest) = digits.split_at_checked(point).unwrap_or((digits.as_str(), ""));
    let sign = if number < 0 { "-" } else { "" };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_exactly() {
        let table = [
            (0, "0", "0.00", "0.0%"),
            (5, "5", "0.05", "0.5%"),
            (-5, "-5", "-0.05", "-0.5%"),
            (123, "123", "1.23", "12.3%"),
            (1000, "1,000", "10.00", "100.0%"),
            (-1_234_567, "-1,234,567", "-12345.67", "-123456.7%"),
            (i64::MIN, "-9,223,372,036,854,775,808", "-92233720368547758.08", "-922337203685477580.8%"),
        ];
        for (number, whole, hundredths, share) in table {
            assert_eq!((grouped(number).as_str(), decimal(number, 2).as_str()), (whole, hundredths));
            assert_eq!(percent(number), share);
        }
        assert_eq!(decimal(-12, 0), "-12");
    }

    #[test]
    fn what_is_not_there_is_an_empty_cell() {
        assert_eq!(Cell::from(None::<i64>), Cell::Empty);
        assert_eq!(Cell::from(Some(3)), Cell::Number(3));
        assert_eq!(Cell::count(u64::MAX), Cell::Number(i64::MAX));
        assert_eq!(Cell::opened(0, "/a"), Cell::Number(0), "nought opens nothing");
        assert_eq!(Cell::opened(2, "/a"), Cell::Opened { number: 2, href: "/a".to_owned() });
    }
}
