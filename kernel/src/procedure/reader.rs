//! Where things stand in a file of a procedure, and what is wrong with it.

use super::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// Finds lines and collects faults while a file is read and checked.
pub(super) struct Reader<'a> {
    file: &'a str,
    pub(super) text: &'a str,
    lines: BTreeMap<String, usize>,
    without_taker: BTreeSet<String>,
    /// What was found so far.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, lines: BTreeMap::new(), without_taker: BTreeSet::new(), faults: Vec::new() }
    }

    pub(super) fn line_at(&self, byte: usize) -> usize {
        1 + self.text.get(..byte).unwrap_or(self.text).matches('\n').count()
    }

    /// Remembers the line of a thing under a key such as `state.handling` or `action.grant.to`.
    pub(super) fn note(&mut self, key: impl Into<String>, byte: usize) {
        let line = self.line_at(byte);
        self.lines.entry(key.into()).or_insert(line);
    }

    /// Notes a fault at the line of the thing with that key.
    pub(super) fn fault(&mut self, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let line = self.lines.get(key).copied().unwrap_or(1);
        self.push(line, message.into(), remedy.into());
    }

    /// Whether the file itself has the thing with that key, rather than that it is there because the file says nothing.
    pub(super) fn has(&self, key: &str) -> bool {
        self.lines.contains_key(key)
    }

    /// Remembers that an action does not say who takes it, or names nobody who is known.
    pub(super) fn note_no_taker(&mut self, action: &str) {
        self.without_taker.insert(action.to_owned());
    }

    /// Whether it is known who takes an action. Where it is not, that is the fault, and nothing is concluded from it.
    pub(super) fn knows_taker(&self, action: &str) -> bool {
        !self.without_taker.contains(action)
    }

    pub(super) fn push(&mut self, line: usize, message: String, remedy: String) {
        self.faults.push(Fault { file: self.file.to_owned(), line, message, remedy });
    }
}
