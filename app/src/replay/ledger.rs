//! The ledger of a replay: what became of each request, one line of JSON each, written as it happens. Whoever starts
//! again reads it first.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

/// What became of a request, as far as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The file's own number.
    pub number: String,
    /// The number that the platform gave it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<String>,
    /// Why it was not taken.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refused: Option<String>,
    /// Whether the platform holds it for closed since it was said to be done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<bool>,
    /// Why it was not closed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub not_closed: Option<String>,
    /// How often it was sent again because no answer came, or because the platform was busy.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub retried: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The ledger: what is known of each request, and the file to which it is written.
pub struct Ledger {
    kept: Mutex<(BTreeMap<String, Entry>, File)>,
}

impl Ledger {
    /// Opens a ledger, or begins one.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(fault) => return Err(fault),
        };
        // A line that was cut off when the power went is left out: what it told is sent again and answered the same.
        let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        let entries = entries.map(|entry| (entry.number.clone(), entry)).collect();
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n")?;
        }
        Ok(Self { kept: Mutex::new((entries, file)) })
    }

    /// What is known of a request.
    pub fn entry(&self, number: &str) -> Entry {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Entry { number: number.to_owned(), ..Entry::default() };
        kept.0.get(number).cloned().unwrap_or_else(fresh)
    }

    /// Writes what became of a request.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn put(&self, entry: Entry) -> std::io::Result<()> {
        let mut line = serde_json::to_string(&entry).map_err(std::io::Error::other)?;
        line.push('\n');
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.1.write_all(line.as_bytes())?;
        kept.0.insert(entry.number.clone(), entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_known_again_also_after_a_torn_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        let taken = Entry { number: "1".to_owned(), id: Some("W1".to_owned()), retried: 2, ..Entry::default() };
        let ledger = Ledger::open(&path).unwrap();
        ledger.put(Entry { number: "1".to_owned(), ..Entry::default() }).unwrap();
        ledger.put(taken.clone()).unwrap();
        drop(ledger);
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"number\":\"2\",\"id\"").unwrap();
        let again = Ledger::open(&path).unwrap();
        assert_eq!(again.entry("1"), taken, "the last line counts");
        assert_eq!(again.entry("2").id, None);
        again.put(Entry { number: "3".to_owned(), closed: Some(true), ..Entry::default() }).unwrap();
        assert_eq!(Ledger::open(&path).unwrap().entry("3").closed, Some(true));
    }
}
