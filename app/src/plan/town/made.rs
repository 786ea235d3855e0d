//! This file keeps which tables of a town were made from the files of a person, and where their rows stand there.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::plan::table::{Column, Fault, Table};

/// Says from which file a table was made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: PathBuf,
    /// The line of the file in which each row of the table stands.
    pub lines: Vec<u64>,
    /// The titles of the file that were not taken.
    pub unread: Vec<String>,
    /// Under which title of the file each column of the table stands there.
    pub titles: BTreeMap<String, String>,
}

impl Origin {
    /// Calls columns by the titles that they have in the file.
    pub(super) fn call<'a>(&'a self, columns: &mut [Column<'a>]) {
        for column in columns {
            column.called = self.titles.get(column.name).map_or(column.called, String::as_str);
        }
    }

    /// Returns a table with its rows as they stand in the file.
    pub(super) fn of(&self, table: Table) -> Table {
        let mut found = table.standing(&self.file, &self.lines);
        found.unread.clone_from(&self.unread);
        found
    }

    /// Says what is wrong with a made table of the file from which it was made. Its first row stands in its second
    /// line.
    pub(super) fn fault(&self, fault: Fault) -> Fault {
        let row = usize::try_from(fault.line).ok().and_then(|line| line.checked_sub(2));
        let line = row.and_then(|row| self.lines.get(row)).copied().unwrap_or_default();
        Fault { file: self.file.clone(), line, said: fault.said }
    }
}

/// Holds which tables were made, and where they lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// The folder with the made tables.
    pub folder: PathBuf,
    /// The made tables by name, each with the file from which it was made. One that was derived from other tables comes
    /// from no file.
    pub tables: BTreeMap<&'static str, Option<Origin>>,
}

impl Made {
    /// Returns the file from which a table was made.
    pub(super) fn origin(&self, name: &str) -> Option<&Origin> {
        self.tables.get(name)?.as_ref()
    }
}
