//! Reports that another system handled (历史数据): a table of them, and a file that says what its columns mean.
//!
//! They are kept as history of their own and never become cases. A case is the fold of steps that somebody took here,
//! and its clocks are reckoned by this city's calendar: to make cases of foreign rows would write steps into the log
//! that nobody took and give them other due dates than those they had. So what was due, closed and late comes out as
//! the source has it.

mod mapping;
mod moment;
mod rows;
#[cfg(test)]
mod tests;

use kernel::language::Bilingual;
use kernel::refusal::Refusal;
use kernel::time::{Instant, Zone};
use places::Tree;
use tables::{Limits, Wanted};

use crate::catalogue::Editions;
use crate::records::history::Past;

pub use mapping::Mapping;
pub use moment::{Dates, read as moment_in};
pub use rows::{Late, Looked, on_time, says_nothing};

/// How large a table may be.
pub const LIMITS: Limits = Limits { rows: 1_000_000, columns: 200, bytes: 1024 * 1024 * 1024 };

/// What rows are read against.
pub struct Against<'a> {
    /// What the columns mean.
    pub mapping: &'a Mapping,
    /// The catalogue with everything that ever could be reported.
    pub catalogue: &'a Editions,
    /// The places of today.
    pub tree: &'a Tree,
    /// The city's own zone, where the mapping names none.
    pub zone: Zone,
    /// The moment of the import; what is open and due before it, or before the moment of the mapping, is overdue.
    pub now: Instant,
}

impl Against<'_> {
    /// The moment whose state the table shows.
    #[must_use]
    pub fn as_of(&self) -> Instant {
        let zone = self.mapping.zone.unwrap_or(self.zone);
        let said = self.mapping.as_of.as_deref().and_then(|text| moment::written(text, self.mapping.dates, zone));
        said.unwrap_or(self.now)
    }
}

/// A table, looked at.
#[derive(Debug)]
pub struct History {
    /// What comes of each row, in the order of the table.
    pub rows: Vec<Looked>,
    /// Titles of columns that are not taken.
    pub untaken: Vec<String>,
    /// Which sheet was read, where others were not.
    pub unread: Option<Bilingual>,
}

/// What a number of rows come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All rows.
    pub rows: u64,
    /// Those that had to be done by a moment.
    pub due: u64,
    /// Those that are closed.
    pub closed: u64,
    /// Those that were closed after they were due.
    pub late: u64,
    /// Those that are open and overdue.
    pub overdue: u64,
    /// Those of which the source says whether they were on time.
    pub said: u64,
    /// Those of which it says something else than their moments.
    pub otherwise: u64,
}

impl Tally {
    fn add(&mut self, row: &Looked) {
        let Some(timing) = &row.timing else { return };
        self.rows += 1;
        self.due += u64::from(timing.due);
        self.closed += u64::from(!timing.open);
        self.late += u64::from(timing.late == Late::Closed);
        self.overdue += u64::from(timing.late == Late::Open);
        self.said += u64::from(timing.says_late.is_some());
        self.otherwise += u64::from(timing.says_late.is_some_and(|says| says != (timing.late != Late::No)));
    }
}

impl History {
    /// Counts the rows whose moments can be read: all of the file, and those that are taken.
    #[must_use]
    pub fn tallies(&self) -> (Tally, Tally) {
        let (mut all, mut taken) = (Tally::default(), Tally::default());
        for row in &self.rows {
            all.add(row);
            if row.past.is_some() {
                taken.add(row);
            }
        }
        (all, taken)
    }

    /// The reports that are taken.
    pub fn taken(&self) -> impl Iterator<Item = &Past> {
        self.rows.iter().filter_map(|row| row.past.as_ref())
    }
}

/// Reads a table and says of each row what comes of it. `seen` hears how many rows are done.
///
/// # Errors
/// A table that cannot be read, or has no column that the mapping names.
pub fn read(bytes: &[u8], against: &Against<'_>, seen: &dyn Fn(u64)) -> Result<History, Refusal> {
    let column = |title: &str| against.mapping.column(title);
    let called = |column: &'static str| against.mapping.title(column);
    let required = against.mapping.required();
    let wanted = Wanted { limits: LIMITS, required: &required, column: &column, called: &called };
    let table = tables::read(bytes, &wanted)?;
    let mut reading = rows::Reading::new(against, &table);
    let rows = table.rows.iter().map(|row| {
        seen(1);
        reading.look(row)
    });
    Ok(History { rows: rows.collect(), unread: table.sheets.told(), untaken: table.untaken.clone() })
}
