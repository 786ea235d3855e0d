//! `bench property` counts a vote of owners through the records on both engines: the count of a whole compound, what
//! its page shows of it afterwards, the audit sheet that is published, its recount, and the quorum that is seen live.
//! It says whether each took no longer than it may, and fails if one took longer.

use std::path::PathBuf;
use std::time::Instant as Clock;

use kernel::place::PlaceId;
use kernel::time::Instant;
use property::records::ballots::{self, Ballot, Cast};
use property::records::votes::{self, Matter};
use property::rules::audit::{BallotLine, MatterLine, Sheet};
use property::rules::ballots::commitment;
use property::rules::tally::{Amount, Outcome, Share, Thresholds, judge};
use property::words::area::Area;
use property::words::votes::{MatterKind, Way};
use store::{Options, Store, StoreError, Tx, migrate};
use uuid::Uuid;

use crate::Only;

/// What `bench property` is told.
#[derive(clap::Args, Clone)]
pub struct PropertyArguments {
    /// Owners whose ballots are counted.
    #[arg(long, default_value_t = 20_000)]
    units: usize,
    /// Owners whose quorum is seen live.
    #[arg(long, default_value_t = 5_000)]
    live: usize,
    /// How often each is measured; the median is told.
    #[arg(long, default_value_t = 21)]
    times: usize,
    /// The engine to measure; both if left out.
    #[arg(long)]
    engine: Option<Only>,
    /// Write the figures as JSON into this file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// What was measured on one engine, in milliseconds.
#[derive(serde::Serialize)]
struct Figures {
    engine: &'static str,
    units: usize,
    count: f64,
    page: f64,
    sheet: f64,
    recount: f64,
    live: usize,
    quorum: f64,
}

/// How long the count, the audit sheet and the live quorum may take at most, in milliseconds, by the numbers of owners
/// that are measured if nobody says otherwise.
const COUNT_MOST: f64 = 50.0;
const SHEET_MOST: f64 = 1_000.0;
const QUORUM_MOST: f64 = 50.0;

impl Figures {
    /// What took longer than it may.
    fn beyond(&self) -> Vec<String> {
        let limited = [
            ("count", self.count, COUNT_MOST),
            ("audit sheet", self.sheet, SHEET_MOST),
            ("live quorum", self.quorum, QUORUM_MOST),
        ];
        let beyond = limited.into_iter().filter(|(_, took, most)| took > most);
        beyond.map(|(what, took, most)| format!("{}: {what} {took:.1} ms, at most {most:.0}", self.engine)).collect()
    }
}

const DISTRICT: PlaceId = PlaceId(4);
const COUNTED: Uuid = Uuid::from_u128(1);
const LIVE: Uuid = Uuid::from_u128(2);
/// The matters of the vote.
const MATTERS: usize = 3;
/// The Civil Code, article 278; the figures of the rulebook, which the bench does without.
const THRESHOLDS: Thresholds = Thresholds {
    quorum: Share { parts: 2, of: 3, over: false },
    ordinary: Share { parts: 1, of: 2, over: true },
    special: Share { parts: 3, of: 4, over: false },
    of_all: false,
};

/// Measures both engines.
///
/// # Errors
/// A database that cannot be opened, figures that cannot be written, or something that took longer than it may.
pub fn run(arguments: &PropertyArguments) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| format!("no folder for the database: {error}"))?;
    let mut measured = Vec::new();
    if arguments.engine != Some(Only::Postgres) {
        let file = folder.path().join("property.db").display().to_string();
        measured.push(engine(arguments, "sqlite", &file)?);
    }
    if arguments.engine != Some(Only::Sqlite) {
        match testkit::postgres::fresh_database() {
            Some(address) => measured.push(engine(arguments, "postgres", &address)?),
            None => eprintln!("PostgreSQL is left out."),
        }
    }
    println!("engine     count ms    page ms   sheet ms   recount ms   quorum ms");
    for one in &measured {
        let Figures { engine, count, page, sheet, recount, quorum, .. } = one;
        let judged = if one.beyond().is_empty() { "ok" } else { "not ok" };
        println!("{engine:<10} {count:>8.1} {page:>10.1} {sheet:>10.1} {recount:>12.1} {quorum:>11.1}   {judged}");
    }
    println!("At most:   {COUNT_MOST:>8.1} {:>10} {SHEET_MOST:>10.1} {:>12} {QUORUM_MOST:>11.1}", "", "");
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&measured).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let beyond: Vec<String> = measured.iter().flat_map(Figures::beyond).collect();
    if beyond.is_empty() { Ok(()) } else { Err(beyond.join("\n")) }
}

fn engine(arguments: &PropertyArguments, name: &'static str, address: &str) -> Result<Figures, String> {
    let told = |error: StoreError| error.to_string();
    let store = Store::open(address, Options::default()).map_err(told)?;
    migrate(&store, &[property::MIGRATIONS]).map_err(|error| error.to_string())?;
    let (units, live) = (arguments.units, arguments.live);
    store.write_blocking(move |tx| fill(tx, units, live)).map_err(told)?;
    let all =
        |owners: usize| Amount { heads: i64::try_from(owners).unwrap_or(i64::MAX), area: (0..owners).map(area).sum() };
    let (entitled, there) = (all(units), all(live));
    let sheet = || -> Result<Sheet, String> {
        let casts = store.read_blocking(|tx| ballots::casts(tx, DISTRICT, COUNTED)).map_err(told)?;
        let published_line =
            |cast: Cast| BallotLine { commitment: cast.commitment, area: cast.area, choices: cast.choices };
        let matters = vec![MatterLine { is_special: false, thresholds: THRESHOLDS }; MATTERS];
        let ballots = casts.into_iter().map(published_line).collect();
        Ok(Sheet { vote: COUNTED, entitled, matters, ballots, taken_back: Vec::new() })
    };
    let counted = |sheet: &Sheet| sheet.recount().map(|found| found.len()).map_err(|fault| format!("{fault:?}"));
    let count = || -> Result<usize, String> { counted(&sheet()?) };
    let published = || -> Result<String, String> { Ok(sheet()?.written()) };
    let text = published()?;
    let tallies = sheet()?.recount().map_err(|fault| format!("{fault:?}"))?;
    let keep = move |tx: &mut dyn Tx| {
        (1_i64..).zip(&tallies).try_for_each(|one| votes::set_tally(tx, DISTRICT, COUNTED, one.0, &one.1.0))
    };
    store.write_blocking(keep).map_err(told)?;
    let page = || -> Result<usize, String> {
        let kept = store.read_blocking(|tx| votes::tallies(tx, DISTRICT, COUNTED)).map_err(told)?;
        let judged = kept.iter().map(|tally| judge(&entitled, tally, false, &THRESHOLDS));
        Ok(judged.filter(|judgement| judgement.outcome == Outcome::Passed).count())
    };
    let recount = || -> Result<usize, String> { counted(&Sheet::read(&text).ok_or("the sheet cannot be read")?) };
    let quorum = || -> Result<usize, String> {
        let taking = store.read_blocking(|tx| ballots::taking_part(tx, DISTRICT, LIVE)).map_err(told)?;
        if taking != there {
            return Err(format!("{} of {} took part", taking.heads, there.heads));
        }
        Ok(usize::from(taking.meets(THRESHOLDS.quorum, &there)))
    };
    let figures = Figures {
        engine: name,
        units,
        count: median(arguments.times, count)?,
        page: median(arguments.times, page)?,
        sheet: median(arguments.times, || published().map(|text| text.len()))?,
        recount: median(arguments.times, recount)?,
        live,
        quorum: median(arguments.times, quorum)?,
    };
    store.close();
    Ok(figures)
}

/// The private area of a unit.
fn area(at: usize) -> Area {
    Area(600_000 + i64::try_from(at % 900).unwrap_or_default() * 100)
}

/// The choices of a ballot for all matters.
fn choices(at: usize) -> String {
    let letter = |matter: usize| ["F", "A", "N"].get((at / (matter + 1)) % 3).copied().unwrap_or("N");
    (0..MATTERS).map(letter).collect::<Vec<_>>().join(",")
}

/// Fills a vote that was counted, and one under way.
fn fill(tx: &mut dyn Tx, units: usize, live: usize) -> Result<(), StoreError> {
    for number in (1_i64..).take(MATTERS) {
        let (title, content) = (number.to_string(), String::new());
        let matter = Matter { number, kind: MatterKind::Other, title, content, election: None, seats: None };
        votes::add_matter(tx, DISTRICT, COUNTED, &matter)?;
    }
    for at in 0..units {
        let choices = choices(at);
        let cast = Cast { commitment: commitment(COUNTED, &at.to_string(), &choices), area: area(at), choices };
        ballots::add_cast(tx, DISTRICT, COUNTED, &cast)?;
    }
    for (at, number) in (0..live).zip(1_i64..) {
        let ballot = Ballot {
            number,
            way: Way::Online,
            area: area(at),
            sealed: vec![0; 64],
            account: None,
            entered_name: String::new(),
            entered_at: Instant::from_micros(number),
        };
        ballots::put(tx, DISTRICT, LIVE, &ballot)?;
    }
    Ok(())
}

/// The median of the milliseconds that something takes.
fn median(times: usize, work: impl Fn() -> Result<usize, String>) -> Result<f64, String> {
    let mut taken = Vec::with_capacity(times);
    for _ in 0..times.max(1) {
        let begun = Clock::now();
        std::hint::black_box(work()?);
        taken.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    taken.sort_by(f64::total_cmp);
    Ok(taken.get(taken.len() / 2).copied().unwrap_or_default())
}
