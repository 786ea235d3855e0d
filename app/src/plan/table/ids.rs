//! This file keeps ids as people write them: division codes of twelve digits, numbers with gaps and with zeros in
//! front, and names. Planners count rows from 0; ids that are these numbers already cost nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Value, json};

use super::handed::quoted;

/// An id: a number without zeros in front, or any other text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Number(u64),
    Text(Cow<'a, str>),
}

/// Numbers with more digits than that stay texts.
const DIGITS: usize = 19;
/// Programs that know only decimal numbers keep whole ones exactly up to here.
const EXACT: u64 = 1 << 53;

impl<'a> Key<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let is_number = text.len() <= DIGITS
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text.len() == 1 || !text.starts_with('0'));
        let number = if is_number { text.parse().ok() } else { None };
        number.map_or(Key::Text(Cow::Borrowed(text)), Key::Number)
    }

    fn owned(self) -> Key<'static> {
        match self {
            Key::Number(number) => Key::Number(number),
            Key::Text(text) => Key::Text(Cow::Owned(text.into_owned())),
        }
    }
}

/// Holds the ids of a table's rows, or the names of groups in their order.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    table: String,
    /// The ids of so many first rows are 0, 1, 2 and so on.
    counted: usize,
    /// The ids of the rows behind them.
    others: Vec<Key<'static>>,
    /// The rows of these ids.
    numbers: HashMap<u64, usize>,
    texts: HashMap<String, usize>,
}

impl Ids {
    /// Makes the ids of a table without any of its own: its rows from 0 on.
    pub fn numbered(table: &str, rows: usize) -> Self {
        Self { table: table.to_owned(), counted: rows, ..Self::default() }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.counted + self.others.len()
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the name of the table.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// Adds the id of the next row. If a row has it already, it returns that row, and the next row has no id.
    pub(super) fn add(&mut self, key: Key<'_>) -> Result<usize, usize> {
        let row = self.len();
        if let Some(known) = self.found(&key) {
            self.pass();
            return Err(known);
        }
        if self.others.is_empty() && key == Key::Number(row as u64) {
            self.counted += 1;
            return Ok(row);
        }
        match &key {
            Key::Number(number) => self.numbers.insert(*number, row),
            Key::Text(text) => self.texts.insert(text.to_string(), row),
        };
        self.others.push(key.owned());
        Ok(row)
    }

    /// Returns the number of a group. It adds the group if it is new.
    pub(super) fn group(&mut self, key: Key<'_>) -> usize {
        let known = self.found(&key);
        known.unwrap_or_else(|| self.add(key).unwrap_or_else(|known| known))
    }

    /// Gives the next row no id.
    pub(super) fn pass(&mut self) {
        self.others.push(Key::Text(Cow::Borrowed("")));
    }

    pub(super) fn found(&self, key: &Key<'_>) -> Option<usize> {
        match key {
            Key::Number(number) => match usize::try_from(*number) {
                Ok(row) if row < self.counted => Some(row),
                _ => self.numbers.get(number).copied(),
            },
            Key::Text(text) => self.texts.get(&**text).copied(),
        }
    }

    /// Returns the row of an id.
    pub fn row(&self, text: &str) -> Option<usize> {
        self.found(&Key::of(text))
    }

    fn key(&self, row: usize) -> Key<'_> {
        match row.checked_sub(self.counted) {
            None => Key::Number(row as u64),
            Some(at) => self.others.get(at).cloned().unwrap_or(Key::Number(row as u64)),
        }
    }

    /// Returns the id of a row as it was written.
    pub fn written(&self, row: usize) -> String {
        match self.key(row) {
            Key::Number(number) => number.to_string(),
            Key::Text(text) => text.into_owned(),
        }
    }

    /// Returns the id of a row as a cell of a CSV file.
    pub fn cell(&self, row: usize) -> String {
        quoted(&self.written(row))
    }

    /// Returns the id of a row as JSON: a number where it is one that every program keeps exactly.
    pub fn json(&self, row: usize) -> Value {
        match self.key(row) {
            Key::Number(number) if number < EXACT => json!(number),
            _ => json!(self.written(row)),
        }
    }

    /// Returns an id that differs only in zeros: 007, 7 and 7.0.
    pub(super) fn like(&self, text: &str) -> Option<String> {
        let wanted = bare(text);
        let number = self.row(if wanted.is_empty() { "0" } else { wanted }).map(|row| self.written(row));
        let others = self.texts.keys().filter(|known| bare(known) == wanted);
        number.into_iter().chain(others.cloned()).filter(|known| known != text).min()
    }

    /// Puts names of groups in their order: numbers first, then other texts. Returns for each the number that it gets.
    pub(super) fn in_order(self) -> (Self, Vec<i64>) {
        let count = self.len();
        if self.others.is_empty() {
            return (self, (0..count as i64).collect());
        }
        let mut keys: Vec<(Key<'_>, usize)> = (0..count).map(|row| (self.key(row), row)).collect();
        keys.sort_unstable();
        let mut ordered = Self::numbered(&self.table, 0);
        let mut new = vec![0; count];
        for (key, old) in keys {
            let (Ok(row) | Err(row)) = ordered.add(key);
            new[old] = row as i64;
        }
        (ordered, new)
    }
}

/// Returns an id without zeros in front and without decimals that are zeros.
fn bare(text: &str) -> &str {
    let whole = match text.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte == b'0') => whole,
        _ => text,
    };
    whole.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(written: &[&str]) -> Ids {
        let mut ids = Ids::numbered("nodes", 0);
        for text in written {
            let _ = ids.add(Key::of(text));
        }
        ids
    }

    #[test]
    fn ids_are_kept_as_written_and_found_again() {
        let table: [(&[&str], usize); 6] = [
            (&["0", "1", "2"], 3),
            (&["1", "2", "3"], 0),
            (&["0", "1", "5", "2"], 2),
            (&["210102001001", "210102001002"], 0),
            (&["007", "7", "00", "0"], 0),
            (&["甲-1", "12345678901234567890", "-1", "B 2"], 0),
        ];
        for (written, counted) in table {
            let ids = ids(written);
            assert_eq!((ids.counted, ids.len()), (counted, written.len()), "{written:?}");
            for (row, text) in written.iter().enumerate() {
                assert_eq!((ids.row(text), ids.written(row).as_str()), (Some(row), *text));
            }
            assert_eq!(ids.row("9"), None, "{written:?}");
        }
        assert_eq!(Ids::numbered("nodes", 3).row("2"), Some(2));
        assert_eq!(Ids::numbered("nodes", 3).row("3"), None);
    }

    #[test]
    fn an_id_stands_once() {
        let mut ids = ids(&["0", "1", "x"]);
        assert_eq!(ids.add(Key::of("1")), Err(1));
        assert_eq!(ids.add(Key::of("x")), Err(2));
        assert_eq!(ids.add(Key::of("01")), Ok(5), "the two rows before have none");
    }

    #[test]
    fn an_id_that_lost_its_zeros_is_recognised() {
        let table =
            [("7", "007"), ("7.0", "007"), ("0007", "007"), ("12", "12.0"), ("0", "00"), ("8", ""), ("007", "")];
        let ids = ids(&["007", "12.0", "00", "甲"]);
        for (text, like) in table {
            assert_eq!(ids.like(text).unwrap_or_default(), like, "{text}");
        }
    }

    #[test]
    fn groups_stand_in_the_order_of_their_names() {
        let (ordered, new) = ids(&["20", "b", "3", "a"]).in_order();
        assert_eq!((0..4).map(|row| ordered.written(row)).collect::<Vec<_>>(), ["3", "20", "a", "b"]);
        assert_eq!(new, [1, 3, 0, 2]);
        let (ordered, new) = ids(&["0", "2", "1"]).in_order();
        assert_eq!((ordered.counted, new), (3, vec![0, 2, 1]));
    }

    #[test]
    fn ids_are_written_as_cells_and_as_json() {
        let ids = ids(&["7", "007", "a,b", "say \"so\"", "9007199254740993"]);
        assert_eq!((0..4).map(|row| ids.cell(row)).collect::<Vec<_>>(), ["7", "007", "\"a,b\"", "\"say \"\"so\"\"\""]);
        assert_eq!([0, 1, 4].map(|row| ids.json(row)), [json!(7), json!("007"), json!("9007199254740993")]);
    }
}
