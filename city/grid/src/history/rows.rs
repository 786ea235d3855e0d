//! The rows of a foreign table: what each comes to, or why it is not taken.

use std::collections::BTreeMap;

use kernel::identifier::looks_personal;
use kernel::language::Bilingual;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::switch;
use kernel::time::{Instant, Zone};
use places::Tree;
use tables::{Cell, Row, Table, folded};

use super::{Against, moment};
use crate::records::history::Past;
use crate::refusals::Why;

/// The most characters of a number.
const LONGEST: usize = 500;
/// The most characters of the name of a department or a channel. What is longer is no name.
const NAME_LONGEST: usize = 40;
/// From how many digits on a number is no telephone.
const LONG_NUMBER: usize = 16;
/// Where the day of birth stands in the number of a person's identity.
const BIRTH: std::ops::Range<usize> = 6..14;
/// How many millionths of a degree the farthest latitude and longitude have.
const FARTHEST: (i64, i64) = (90_000_000, 180_000_000);
/// How many digits stand behind the point of a millionth.
const PLACES: usize = 6;

/// What comes of a row.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Its line.
    pub line: usize,
    /// Its number in the source.
    pub number: String,
    /// What is kept of it; none where it is left out or refused.
    pub past: Option<Past>,
    /// Whether it is left out because the mapping says so.
    pub left_out: bool,
    /// What its moments say, if they can be read.
    pub timing: Option<Timing>,
    /// What is wrong, or was decided: each names its cell and what to do.
    pub notes: Vec<Refusal>,
}

/// What the moments of a row say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// It had to be done by a moment.
    pub due: bool,
    /// It is open.
    pub open: bool,
    /// Whether it was late.
    pub late: Late,
    /// Whether the source itself says that it was late, if it says anything.
    pub says_late: Option<bool>,
}

/// Whether a report was late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It was not, or had no limit.
    No,
    /// It was closed after it was due.
    Closed,
    /// It is open and overdue.
    Open,
}

/// The place that a code or a name means, if it is one alone.
pub(super) fn place<'t>(tree: &'t Tree, words: &str) -> Option<&'t places::Place> {
    let mut found = tree.exactly(words.trim()).into_iter();
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// The rows of a table while they are read.
pub(super) struct Reading<'a> {
    against: &'a Against<'a>,
    table: &'a Table,
    zone: Zone,
    as_of: Instant,
    city: Option<PlacePath>,
    /// The line on which a number stood.
    seen: BTreeMap<String, usize>,
}

/// The moments of a row.
struct Moments {
    opened: Instant,
    due: Option<Instant>,
    closed: Option<Instant>,
    open: bool,
}

impl<'a> Reading<'a> {
    pub fn new(against: &'a Against<'a>, table: &'a Table) -> Self {
        let zone = against.mapping.zone.unwrap_or(against.zone);
        let city = against.tree.root().map(|city| city.path.clone());
        Self { against, table, zone, as_of: against.as_of(), city, seen: BTreeMap::new() }
    }

    /// Says what comes of the next row.
    pub fn look(&mut self, row: &Row) -> Looked {
        let number = row.plain("number");
        let mut looked =
            Looked { line: row.line, number, past: None, left_out: false, timing: None, notes: Vec::new() };
        if !self.numbered(row, &mut looked) {
            return looked;
        }
        let mapping = self.against.mapping;
        let department = meant(row, "department", &mapping.departments, &mut looked.notes);
        let channel = meant(row, "channel", &mapping.channels, &mut looked.notes);
        let moments = self.moments(row, &mut looked.notes);
        if let Some(moments) = &moments {
            let timing = self.timing(row, moments, &mut looked.notes);
            looked.timing = Some(timing);
        }
        if row.cells.get("kind").is_some_and(|cell| mapping.leave_out.contains(&folded(&cell.text))) {
            looked.left_out = moments.is_some();
            return looked;
        }
        let (kind, place) = (self.kind(row, &mut looked.notes), self.place(row, &mut looked.notes));
        let point = point(row, &mut looked.notes);
        let names = department.zip(channel);
        if let (Some(moments), Some(kind), Some(path), Some((department, channel)), Ok(())) =
            (moments, kind, place, names, point)
        {
            said(row, &mut looked.notes);
            looked.past = Some(Past {
                source: mapping.source.clone(),
                number: looked.number.clone(),
                path,
                kind,
                opened_at: moments.opened,
                due_at: moments.due,
                closed_at: moments.closed,
                open: moments.open,
                department,
                channel,
                taken_at: self.against.now,
            });
        }
        looked
    }

    /// Whether the row has a number that may be kept and stood in no row before.
    fn numbered(&mut self, row: &Row, looked: &mut Looked) -> bool {
        let Some(cell) = row.cells.get("number") else {
            looked.notes.push(Refusal::new(Why::GridImportNumber).with("line", row.line));
            return false;
        };
        if let Some(refusal) = unfit(cell, &looked.number, LONGEST, is_persons) {
            looked.notes.push(refusal);
            // It is not shown either.
            looked.number.clear();
            return false;
        }
        if let Some(line) = self.seen.get(&looked.number) {
            looked.notes.push(about(Why::GridImportTwice, cell).with("line", line));
            return false;
        }
        self.seen.insert(looked.number.clone(), row.line);
        true
    }

    fn moments(&self, row: &Row, notes: &mut Vec<Refusal>) -> Option<Moments> {
        let mut wrong = false;
        let mut read = |column: &str| {
            let cell = row.cells.get(column).filter(|cell| !says_nothing(&cell.text))?;
            let at = moment::read(cell, self.against.mapping.dates, self.zone);
            if at.is_none() {
                notes.push(about(Why::GridImportMoment, cell));
                wrong = true;
            }
            at
        };
        let (opened, due, closed) = (read("opened"), read("due"), read("closed"));
        if opened.is_none() && !wrong {
            let at = self.table.at("opened", row.line).unwrap_or_default();
            notes.push(Refusal::new(Why::GridImportMoment).with("cell", at).with("value", ""));
        }
        let opened = opened.filter(|_| !wrong)?;
        let open = self.open(row, closed.is_some(), notes)?;
        let early = |at: Option<Instant>| at.is_some_and(|at| at < opened);
        for (early, zh, en) in [(early(closed), "结案", "closed"), (early(due), "期限", "due")] {
            if early {
                let order = Refusal::new(Why::GridImportOrder).with("line", row.line);
                notes.push(order.with_both("what", &Bilingual::new(zh, en)));
            }
        }
        let ahead = |at: Option<Instant>| at.is_some_and(|at| at > self.as_of);
        for (ahead, zh, en) in [(ahead(Some(opened)), "立案", "opened"), (ahead(closed), "结案", "closed")] {
            if ahead {
                let ahead = Refusal::new(Why::GridImportAhead).with("line", row.line);
                notes.push(ahead.with_both("what", &Bilingual::new(zh, en)));
            }
        }
        Some(Moments { opened, due, closed, open })
    }

    /// Whether it is open: as its state says, and where the table has none, if it was not closed.
    fn open(&self, row: &Row, is_closed: bool, notes: &mut Vec<Refusal>) -> Option<bool> {
        if !self.against.mapping.has("status") {
            return Some(!is_closed);
        }
        let cell = row.cells.get("status");
        let state = cell.map(|cell| folded(&cell.text)).unwrap_or_default();
        let open = self.against.mapping.status.get(&state).copied();
        match (open, cell) {
            (None, Some(cell)) => notes.push(about(Why::GridImportStatus, cell)),
            (None, None) => {
                let at = self.table.at("status", row.line).unwrap_or_default();
                notes.push(Refusal::new(Why::GridImportStatus).with("cell", at).with("value", ""));
            }
            (Some(true), _) if is_closed => {
                notes.push(Refusal::new(Why::GridImportReopened).with("line", row.line));
            }
            _ => {}
        }
        open
    }

    fn timing(&self, row: &Row, moments: &Moments, notes: &mut Vec<Refusal>) -> Timing {
        let Moments { due, closed, open, .. } = *moments;
        let late = match (open, due, closed) {
            (true, Some(due), _) if due < self.as_of => Late::Open,
            (false, Some(due), Some(closed)) if closed > due => Late::Closed,
            _ => Late::No,
        };
        let cell = row.cells.get("on_time");
        let says_late = cell.and_then(|cell| on_time(&cell.text)).map(|on_time| !on_time);
        if let (Some(cell), true) = (cell, says_late.is_some_and(|says| says != (late != Late::No))) {
            let ours = match late {
                Late::No => Bilingual::new("没有超期", "not late"),
                Late::Closed | Late::Open => Bilingual::new("超期", "late"),
            };
            notes.push(about(Why::GridImportSays, cell).with_both("ours", &ours));
        }
        Timing { due: due.is_some(), open, late, says_late }
    }

    /// The key of the kind: by the mapping, by its key, or by its exact name where one kind alone has it.
    fn kind(&self, row: &Row, notes: &mut Vec<Refusal>) -> Option<String> {
        let Some(cell) = row.cells.get("kind") else {
            let at = self.table.at("kind", row.line).unwrap_or_default();
            notes.push(Refusal::new(Why::GridImportKind).with("cell", at).with("value", ""));
            return None;
        };
        let (catalogue, value) = (self.against.catalogue, folded(&cell.text));
        let mapped = self.against.mapping.kinds.get(&value).map_or(value.as_str(), String::as_str);
        let by_key = catalogue.kind_ever(mapped).map(crate::catalogue::Kind::key);
        let by_name = || {
            let is_it =
                |kind: &&crate::catalogue::Kind| folded(&kind.name.zh) == value || folded(&kind.name.en) == value;
            let mut named = catalogue.kinds().iter().filter(is_it);
            let first = named.next()?;
            named.next().is_none().then(|| first.key())
        };
        let found = by_key.or_else(by_name);
        if found.is_none() {
            notes.push(about(Why::GridImportKind, cell));
        }
        found
    }

    /// Where it lies: by the mapping, by the code or name of one place alone; the city, where the table does not say.
    fn place(&self, row: &Row, notes: &mut Vec<Refusal>) -> Option<PlacePath> {
        if !self.against.mapping.has("place") {
            return self.city.clone();
        }
        let Some(cell) = row.cells.get("place") else {
            notes.push(Refusal::new(Why::GridImportPlaceless).with("line", row.line));
            return self.city.clone();
        };
        let mapped = self.against.mapping.places.get(&folded(&cell.text)).unwrap_or(&cell.text);
        let found = place(self.against.tree, mapped).map(|place| place.path.clone());
        if found.is_none() {
            notes.push(about(Why::GridImportPlace, cell));
        }
        found
    }
}

/// Whether a cell holds only a word for nothing, as databases write it.
#[must_use]
pub fn says_nothing(words: &str) -> bool {
    matches!(folded(words).as_str(), "" | "null" | "(null)" | "none" | "nan" | "nat" | "n/a" | "-" | "--")
}

/// Whether a source says that something was done in time: yes or no, or in words of its own. None where it says
/// neither.
#[must_use]
pub fn on_time(words: &str) -> Option<bool> {
    const IN_TIME: [&str; 6] = ["ontime", "按时", "按期", "准时", "未超期", "未超时"];
    const LATE: [&str; 7] = ["overdue", "late", "超期", "超时", "逾期", "已超期", "已超时"];
    let said = folded(words);
    let word = |known: &[&str]| known.iter().any(|one| *one == said);
    switch::read(words).or_else(|| word(&IN_TIME).then_some(true)).or_else(|| word(&LATE).then_some(false))
}

/// Whether latitude and longitude are some on the globe, if the row has both. They are not kept: with the words they
/// would say who somebody is.
fn point(row: &Row, notes: &mut Vec<Refusal>) -> Result<(), ()> {
    let (Some(lat), Some(lon)) = (row.cells.get("lat"), row.cells.get("lon")) else { return Ok(()) };
    let read =
        |cell: &Cell, farthest: i64| millionths(&cell.plain()).filter(|one| (-farthest..=farthest).contains(one));
    match (read(lat, FARTHEST.0), read(lon, FARTHEST.1)) {
        (Some(_), Some(_)) => Ok(()),
        (lat_read, _) => {
            notes.push(about(Why::GridImportPoint, if lat_read.is_none() { lat } else { lon }));
            Err(())
        }
    }
}

/// Degrees as millionths, exactly: `-71.077` is -71,077,000. Digits behind the sixth are left off.
fn millionths(text: &str) -> Option<i64> {
    let (ahead, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !is_number(whole) || !is_number(rest) {
        return None;
    }
    let rest: String = rest.chars().chain(std::iter::repeat('0')).take(PLACES).collect();
    Some(ahead * (whole.parse::<i64>().ok()? * 1_000_000 + rest.parse::<i64>().ok()?))
}

/// What a value means by its table, or the value itself; none where that may not be kept, which is told.
fn meant(row: &Row, column: &str, table: &BTreeMap<String, String>, notes: &mut Vec<Refusal>) -> Option<String> {
    let Some(cell) = row.cells.get(column) else { return Some(String::new()) };
    let meant = table.get(&folded(&cell.text)).unwrap_or(&cell.text);
    let refusal = unfit(cell, meant, NAME_LONGEST, looks_personal);
    let fits = refusal.is_none();
    notes.extend(refusal);
    fits.then(|| meant.clone())
}

/// Why what a cell means is not kept: it looks like the number of a person, or is too long. It names the cell and not
/// what stands there.
fn unfit(cell: &Cell, meant: &str, longest: usize, personal: impl Fn(&str) -> bool) -> Option<Refusal> {
    if personal(meant) {
        return Some(Refusal::new(Why::GridImportPersonal).with("cell", &cell.at));
    }
    let long = meant.chars().count() > longest;
    long.then(|| Refusal::new(Why::GridImportLong).with("cell", &cell.at).with("limit", longest))
}

/// Whether the number of a report is that of a person: a telephone, or an identity with a day of birth. Other long
/// numbers are usual there.
fn is_persons(number: &str) -> bool {
    let of_number = |sign: char| sign.is_ascii_digit() || matches!(sign, 'X' | 'x' | '-');
    number.split(|sign: char| !of_number(sign)).filter(|run| looks_personal(run)).any(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        match digits.len() {
            17 | 18 => digits.get(BIRTH).and_then(tables::date).is_some(),
            length => length < LONG_NUMBER,
        }
    })
}

/// Tells where the words of a row hold the number of a person. No words are kept.
fn said(row: &Row, notes: &mut Vec<Refusal>) {
    let personal = row.cells.get("words").filter(|cell| looks_personal(&cell.text));
    notes.extend(personal.map(|cell| Refusal::new(Why::GridImportWords).with("cell", &cell.at)));
}

/// A remark on a cell. What stands in it is shown as far as it is a short value.
fn about(why: Code, cell: &Cell) -> Refusal {
    const SHOWN: usize = 60;
    let value: String = cell.text.chars().take(SHOWN).collect();
    Refusal::new(why).with("cell", &cell.at).with("value", value)
}
