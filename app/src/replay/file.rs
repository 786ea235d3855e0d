//! Reads a file of requests: CSV or XLSX, packed with gzip or not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::MultiGzDecoder;
use grid::history::{moment_in, on_time, says_nothing};
use kernel::language::Lang;
use kernel::time::{Instant, Zone};
use tables::{Cell, CellKind, Limits, Row, Wanted};

use super::mapping::Mapping;

/// The largest file, unpacked.
const LARGEST: u64 = 1024 * 1024 * 1024;
/// The most rows of a file.
const ROWS: usize = 5_000_000;
/// The most columns of a file.
const COLUMNS: usize = 500;
/// What columns are called between mapping and table: a title can serve several purposes, and a cell is read once.
const SLOTS: [&str; 24] = [
    "c00", "c01", "c02", "c03", "c04", "c05", "c06", "c07", "c08", "c09", "c10", "c11", "c12", "c13", "c14", "c15",
    "c16", "c17", "c18", "c19", "c20", "c21", "c22", "c23",
];
/// What stands between the parts of a place.
const BETWEEN: &str = " › ";
/// The first bytes of what gzip packed.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// A request of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The file's own number.
    pub number: String,
    /// When it was opened.
    pub opened: Instant,
    /// By when it was to be done.
    pub due: Option<Instant>,
    /// When it was closed.
    pub closed: Option<Instant>,
    /// Whether it was late, where the file has a column that says so.
    pub late: Option<bool>,
    /// Its kind, in the words of each column that says one.
    pub kinds: Vec<String>,
    /// Where it is, the parts of the place put together; empty where none is said.
    pub place: String,
    /// Latitude and longitude.
    pub point: Option<(f64, f64)>,
    /// What else is said.
    pub words: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// The requests, in the order of the file.
    pub requests: Vec<Request>,
    /// The rows that cannot be played: line and reason.
    pub unread: Vec<(usize, String)>,
}

impl Contents {
    /// Every place of the file.
    pub fn places(&self) -> BTreeSet<&str> {
        self.requests.iter().map(|request| request.place.as_str()).collect()
    }
}

/// Reads a file.
///
/// # Errors
/// What is wrong with it, in a language.
pub fn read(bytes: &[u8], mapping: &Mapping, lang: Lang) -> Result<Contents, String> {
    let unpacked = unpacked(bytes)?;
    let slots = Slots::of(mapping)?;
    let wanted = Wanted {
        limits: Limits { rows: ROWS, columns: COLUMNS, bytes: LARGEST },
        required: &slots.needed,
        column: &|title| slots.titles.get(title).copied(),
        called: &|slot| slots.called(slot),
    };
    let said = |refusal: kernel::refusal::Refusal| format!("{} {}", refusal.sentence(lang), refusal.remedy(lang));
    let table = tables::read(&unpacked, &wanted).map_err(said)?;
    let (mut contents, mut seen) = (Contents::default(), BTreeSet::new());
    for row in &table.rows {
        match request(row, &slots, mapping) {
            Ok(request) if !seen.insert(request.number.clone()) => {
                contents.unread.push((row.line, format!("number {} stands there twice", request.number)));
            }
            Ok(request) => contents.requests.push(request),
            Err(reason) => contents.unread.push((row.line, reason)),
        }
    }
    Ok(contents)
}

fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes.to_vec());
    }
    let mut unpacked = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(LARGEST + 1).read_to_end(&mut unpacked);
    match read {
        Ok(_) if u64::try_from(unpacked.len()).is_ok_and(|length| length <= LARGEST) => Ok(unpacked),
        Ok(_) => Err("The file is larger than 1 GB when unpacked. Divide it.".to_owned()),
        Err(fault) => Err(format!("The file cannot be unpacked ({fault}). Get it again.")),
    }
}

/// Which slot each title has, and which slots hold what.
struct Slots {
    titles: BTreeMap<String, &'static str>,
    held: BTreeMap<String, Vec<&'static str>>,
    needed: Vec<&'static str>,
}

impl Slots {
    fn of(mapping: &Mapping) -> Result<Self, String> {
        let (mut titles, mut held, mut free) = (BTreeMap::new(), BTreeMap::new(), SLOTS.iter());
        for (name, columns) in &mapping.columns {
            for title in columns.all() {
                let folded = tables::folded(title);
                let slot = match titles.get(&folded) {
                    Some(slot) => *slot,
                    None => *free.next().ok_or_else(|| format!("[columns] names more than {} titles.", SLOTS.len()))?,
                };
                titles.insert(folded, slot);
                held.entry(name.clone()).or_insert_with(Vec::new).push(slot);
            }
        }
        let needed = ["number", "opened"].iter().filter_map(|name| held.get(*name)?.first().copied()).collect();
        Ok(Self { titles, held, needed })
    }

    fn called(&self, slot: &str) -> String {
        let title = self.titles.iter().find(|(_, own)| **own == slot).map(|(title, _)| title.clone());
        title.unwrap_or_else(|| slot.to_owned())
    }

    /// What the columns of a name say in a row, without what is empty.
    fn all(&self, row: &Row, name: &str) -> Vec<String> {
        let slots = self.held.get(name).map(Vec::as_slice).unwrap_or_default();
        slots.iter().map(|slot| row.text(slot).to_owned()).filter(|text| !text.is_empty()).collect()
    }

    /// The first cell of the columns of a name that says anything.
    fn cell<'r>(&self, row: &'r Row, name: &str) -> Option<&'r Cell> {
        let slots = self.held.get(name)?;
        slots.iter().filter_map(|slot| row.cells.get(*slot)).find(|cell| !says_nothing(&cell.text))
    }

    fn one(&self, row: &Row, name: &str) -> String {
        self.all(row, name).into_iter().next().unwrap_or_default()
    }
}

fn request(row: &Row, slots: &Slots, mapping: &Mapping) -> Result<Request, String> {
    let number = slots.one(row, "number");
    if number.is_empty() {
        return Err("no number".to_owned());
    }
    let moment = |name: &str| match slots.cell(row, name) {
        None => Ok(None),
        Some(cell) => moment_of(cell, mapping).map(Some).ok_or_else(|| format!("{name}: {} is no moment", cell.text)),
    };
    let degrees = |name: &str| slots.one(row, name).parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    let opened = moment("opened")?.ok_or("no moment at which it was opened")?;
    let closed = moment("closed")?;
    let closed = match mapping.closes(&slots.one(row, "status")) {
        Some(false) => None,
        // Of what is closed without a day nobody knows how long it took.
        Some(true) => closed.or(Some(opened)),
        None => closed,
    };
    Ok(Request {
        opened,
        due: moment("due")?,
        closed,
        late: slots.cell(row, "on_time").and_then(|cell| on_time(&cell.text)).map(|in_time| !in_time),
        kinds: slots.all(row, "kind"),
        place: slots.all(row, "place").join(BETWEEN),
        point: degrees("lat").zip(degrees("lon")),
        words: slots.all(row, "words").join(" "),
        number,
    })
}

/// Reads a cell that holds a moment: a date of a spreadsheet, words in the form that the mapping says, or a moment as
/// other systems write it.
fn moment_of(cell: &Cell, mapping: &Mapping) -> Option<Instant> {
    let zone = Zone::new(mapping.offset.minutes);
    let written = || moment(&cell.plain(), zone, mapping.format.as_deref());
    let read = || moment_in(cell, mapping.dates, zone);
    match (cell.kind, &mapping.format) {
        (CellKind::Date, _) => read(),
        (_, Some(_)) => written(),
        (_, None) => written().or_else(read),
    }
}

/// Reads a moment: as the mapping says, or as ISO 8601 does, with or without a zone, or a day alone.
fn moment(text: &str, zone: Zone, format: Option<&str>) -> Option<Instant> {
    let local = |at: jiff::civil::DateTime| {
        let minute = u32::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).ok()?;
        Some(zone.instant(at.date(), minute).plus_seconds(i64::from(at.second())))
    };
    if let Some(format) = format {
        return local(jiff::civil::DateTime::strptime(format, text).ok()?);
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Instant::from_micros(at.as_microsecond()));
    }
    text.parse::<jiff::civil::DateTime>().ok().and_then(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn at(text: &str) -> Option<Instant> {
        moment(text, Zone::new(0), None)
    }

    const MAP: &str = r#"
        offset = "-05:00"
        [columns]
        number = "ID"
        opened = "Opened at"
        due = "due"
        closed = "closed"
        on_time = "on time"
        kind = ["type", "reason"]
        place = ["district", "ward"]
        lat = "lat"
        lon = "lon"
        words = "reason"
        [kinds]
        "Lights" = "component/0118/out"
    "#;
    const FILE: &str = "id,opened_at,Opened at,due,closed,type,reason,district,ward,lon,lat,On time\n\
        1,x,2011-07-01 01:32:33,2011-07-15T01:32:32Z,2011-07-02,Outage,Lights,3,17,-71.077,42.272,0\n\
        2,x,2011-07-01T02:00,,,Outage,,,,,,\n\
        2,x,2011-07-01 03:00:00,,,Outage,Lights,3,17,,,1\n\
        ,x,2011-07-01 03:00:00,,,Outage,Lights,3,17,,,1\n\
        4,x,yesterday,,,Outage,Lights,3,17,,,1\n";

    #[test]
    fn a_row_becomes_a_request_or_says_why_not() {
        let contents = read(FILE.as_bytes(), &Mapping::read(MAP).unwrap(), Lang::En).unwrap();
        let [first, second] = contents.requests.as_slice() else { panic!("{contents:?}") };
        assert_eq!((first.number.as_str(), first.place.as_str()), ("1", "3 › 17"));
        assert_eq!((first.kinds.join("|"), first.words.as_str()), ("Outage|Lights".to_owned(), "Lights"));
        assert_eq!(first.point, Some((42.272, -71.077)));
        assert_eq!((first.late, second.late), (Some(true), None), "what the file does not say is told by its dates");
        assert_eq!(Some(first.opened), at("2011-07-01T06:32:33Z"));
        assert_eq!(first.due, at("2011-07-15T01:32:32Z"));
        assert_eq!(first.closed, at("2011-07-02T05:00:00Z"));
        assert_eq!((second.due, second.closed, second.place.as_str()), (None, None, ""));
        let unread: Vec<usize> = contents.unread.iter().map(|(line, _)| *line).collect();
        assert_eq!(unread, [4, 5, 6], "{:?}", contents.unread);
    }

    #[test]
    fn a_date_of_a_spreadsheet_keeps_its_time_of_day() {
        let mapping = Mapping::read(MAP).unwrap();
        let slots = Slots::of(&mapping).unwrap();
        let text = |text: &str| Cell { text: text.to_owned(), ..Cell::default() };
        let date = Cell { kind: CellKind::Date, time: "13:32:33".to_owned(), ..text("2011-07-01") };
        let cells = [("number", text("1")), ("opened", date)].map(|(name, cell)| (slots.held[name][0], cell));
        let request = request(&Row { line: 2, cells: cells.into() }, &slots, &mapping).unwrap();
        assert_eq!(Some(request.opened), at("2011-07-01T18:32:33Z"));
    }

    #[test]
    fn a_state_and_words_of_the_file_say_what_is_closed_and_what_was_late() {
        let states = "[status]\n\"Done\" = \"closed\"\n\"Open\" = \"open\"\n";
        let map = MAP.replace("words = \"reason\"", "status = \"state\"") + states;
        let map = map.replace("[columns]", "dates = \"month_first\"\n[columns]");
        let file = "id,Opened at,due,closed,On time,state\n\
            1,07/01/2011 01:00,07/02/2011,,OVERDUE,done\n\
            2,07/01/2011 01:00,,07/03/2011,ONTIME,Open\n\
            3,07/01/2011 01:00,NULL,7/3/11 1:00 PM,soon,other\n\
            4,2011-07-01 01:00:00,,,,Open\n";
        let contents = read(file.as_bytes(), &Mapping::read(&map).unwrap(), Lang::En).unwrap();
        let [done, reopened, other, open] = contents.requests.as_slice() else { panic!("{contents:?}") };
        assert_eq!((done.closed, done.late), (Some(done.opened), Some(true)), "closed, and nobody says when");
        assert_eq!((reopened.closed, reopened.late), (None, Some(false)));
        assert_eq!((other.due, other.closed, other.late), (None, at("2011-07-03T18:00:00Z"), None));
        assert_eq!((open.opened, open.closed), (done.opened, None));
        assert!(Mapping::read(&map.replace("= \"open\"", "= \"maybe\"")).unwrap_err().contains("maybe"));
    }

    #[test]
    fn a_packed_file_is_the_same_file() {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(FILE.as_bytes()).unwrap();
        let packed = writer.finish().unwrap();
        let mapping = Mapping::read(MAP).unwrap();
        assert_eq!(read(&packed, &mapping, Lang::En), read(FILE.as_bytes(), &mapping, Lang::En));
        let torn = packed.get(..packed.len() / 2).unwrap();
        assert!(read(torn, &mapping, Lang::En).unwrap_err().contains("unpacked"));
        let other = MAP.replace("\"ID\"", "\"Case number\"");
        assert!(read(FILE.as_bytes(), &Mapping::read(&other).unwrap(), Lang::En).unwrap_err().contains("casenumber"));
    }

    #[test]
    fn moments_are_written_in_many_ways() {
        let american = Some("%m/%d/%Y %I:%M:%S %p");
        for (text, minutes, format, expected) in [
            ("2011-07-01 01:32:33", 0, None, Some("2011-07-01T01:32:33Z")),
            ("2011-07-01T01:32:33+08:00", 0, None, Some("2011-06-30T17:32:33Z")),
            ("07/01/2011 01:32:33 PM", -360, american, Some("2011-07-01T19:32:33Z")),
            ("2011-07-01 01:32:33", -360, american, None),
            ("soon", 0, None, None),
        ] {
            assert_eq!(moment(text, Zone::new(minutes), format), expected.and_then(at), "{text}");
        }
    }
}
