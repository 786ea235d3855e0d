//! `bench property` counts a vote of owners on both engines by the code that the server runs: it opens the sealed
//! ballots of a whole compound and counts them, publishes their lines, and measures what the page of the vote shows
//! afterwards, the audit sheet, its recount, and the quorum that is seen live. Beside each limited figure stands the
//! time of a plain way. It fails if something took longer than it may.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant as Clock;

use hall::Fault;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use property::actions::counting::{BEFORE, label, opened, publish};
use property::records::ballots::{self, Ballot, Cast};
use property::records::votes::{self, Matter, Vote};
use property::rules::audit::{BallotLine, MatterLine, Sheet};
use property::rules::tally::{Amount, Outcome, Share, Tally, Thresholds, judge};
use property::words::area::Area;
use property::words::votes::{MatterKind, Way};
use store::{Options, Store, Tx, migrate};
use uuid::Uuid;
use vault::{Labelled, MasterKeys, NewRecord, Person, Vault};

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

/// Something that was measured, in milliseconds.
#[derive(serde::Serialize)]
struct Figure {
    engine: &'static str,
    /// What was done.
    what: &'static str,
    took: f64,
    /// How long it may take; none if nobody limits it.
    most: Option<f64>,
    /// The plain way beside which it stands, and what that took.
    baseline: Option<(&'static str, f64)>,
}

impl Figure {
    fn is_beyond(&self) -> bool {
        self.most.is_some_and(|most| self.took > most)
    }

    fn print(&self) {
        let Self { engine, what, took, .. } = self;
        let judged = match self.most {
            Some(most) if self.is_beyond() => format!("at most {most:>6.0}   NOT OK"),
            Some(most) => format!("at most {most:>6.0}   ok"),
            None => String::new(),
        };
        println!("{engine:<10} {what:<44} {took:>9.1} ms   {judged}");
        if let Some((plain, took)) = self.baseline {
            println!("{:<10} {:<44} {took:>9.1} ms", "", format!("  beside: {plain}"));
        }
    }
}

/// How long the count, the audit sheet and the live quorum may take at most, in milliseconds, by the numbers of owners
/// that are measured if nobody says otherwise.
const COUNT_MOST: f64 = 50.0;
const SHEET_MOST: f64 = 1_000.0;
const QUORUM_MOST: f64 = 50.0;

const DISTRICT: PlaceId = PlaceId(4);
const COUNTED: Uuid = Uuid::from_u128(1);
const LIVE: Uuid = Uuid::from_u128(2);
/// The record under whose key the ballots are sealed.
const SEAL: Uuid = Uuid::from_u128(3);
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
        measured.extend(engine(arguments, "sqlite", &file)?);
    }
    if arguments.engine != Some(Only::Sqlite) {
        match testkit::postgres::fresh_database() {
            Some(address) => measured.extend(engine(arguments, "postgres", &address)?),
            None => eprintln!("PostgreSQL is left out."),
        }
    }
    println!("{} owners counted, {} seen live; medians of {}", arguments.units, arguments.live, arguments.times);
    measured.iter().for_each(Figure::print);
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&measured).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    let beyond: Vec<String> = measured
        .iter()
        .filter(|figure| figure.is_beyond())
        .map(|figure| {
            let most = figure.most.unwrap_or_default();
            format!("{}: {}: {:.1} ms, at most {most:.0}", figure.engine, figure.what, figure.took)
        })
        .collect();
    if beyond.is_empty() { Ok(()) } else { Err(beyond.join("\n")) }
}

/// A filled database of one engine.
struct Town {
    store: Store,
    vault: Arc<Vault>,
    vote: Vote,
    /// Who is entitled to the vote under way; all of them took part.
    there: Amount,
}

/// Says what went wrong below.
fn told(fault: &Fault) -> String {
    fault.to_string()
}

impl Town {
    fn open(arguments: &PropertyArguments, address: &str) -> Result<Self, String> {
        let store = Store::open(address, Options::default()).map_err(|error| error.to_string())?;
        migrate(&store, &[vault::MIGRATIONS, property::MIGRATIONS]).map_err(|error| error.to_string())?;
        let vault = Arc::new(Vault::new(MasterKeys::generate().map_err(|error| error.to_string())?));
        let (units, live) = (arguments.units, arguments.live);
        let vote = vote(all(units))?;
        let (sealing, called) = (vault.clone(), vote.clone());
        let fill = move |tx: &mut dyn Tx| {
            call(tx, &sealing, &called)?;
            give(tx, &sealing, &called, units)?;
            give_live(tx, live)
        };
        store.write_blocking(fill).map_err(|fault| told(&fault))?;
        Ok(Self { store, vault, vote, there: all(live) })
    }

    /// Opens the sealed ballots and counts every matter, as the server does at the end of a vote.
    fn count(&self) -> Result<(Sheet, Vec<Tally>), String> {
        let (vault, vote) = (self.vault.clone(), self.vote.clone());
        let lines = self.store.read_blocking(move |tx| opened(&vault, tx, &vote)).map_err(|fault| told(&fault))?;
        let sheet = self.sheet_of(lines);
        let counted = sheet.recount().map_err(|fault| format!("{fault:?}"))?;
        Ok((sheet, counted.into_iter().map(|(tally, _)| tally).collect()))
    }

    /// Opens each ballot by itself, with a key that is read and laid out for it, and counts nothing.
    fn open_one_by_one(&self) -> Result<usize, String> {
        let (vault, vote) = (self.vault.clone(), self.vote.clone());
        let open = move |tx: &mut dyn Tx| {
            let mut read = 0;
            for ballot in ballots::sealed(tx, DISTRICT, COUNTED, BEFORE, i64::MAX)? {
                let label = label(&vote, ballot.number);
                read += vault.uncover(tx, DISTRICT, SEAL, &label, &ballot.sealed)?.len();
                read += vault.told_apart(&label).len();
            }
            Ok::<_, Fault>(read)
        };
        self.store.read_blocking(open).map_err(|fault| told(&fault))
    }

    /// The published lines, as they are read.
    fn casts(&self) -> Result<Vec<Cast>, String> {
        self.store.read_blocking(|tx| ballots::casts(tx, DISTRICT, COUNTED)).map_err(|error| error.to_string())
    }

    /// The audit sheet, as it is published.
    fn sheet(&self) -> Result<String, String> {
        let line = |cast: Cast| BallotLine { commitment: cast.commitment, area: cast.area, choices: cast.choices };
        Ok(self.sheet_of(self.casts()?.into_iter().map(line).collect()).written())
    }

    fn sheet_of(&self, ballots: Vec<BallotLine>) -> Sheet {
        Sheet {
            vote: COUNTED,
            entitled: self.vote.entitled(),
            matters: vec![MatterLine { is_special: false, thresholds: THRESHOLDS }; MATTERS],
            ballots,
            taken_back: Vec::new(),
        }
    }

    /// How many matters passed, by the sums that are kept with the count.
    fn page(&self) -> Result<usize, String> {
        let kept = self.store.read_blocking(|tx| votes::tallies(tx, DISTRICT, COUNTED));
        let kept = kept.map_err(|error| error.to_string())?;
        let judged = kept.iter().map(|tally| judge(&self.vote.entitled(), tally, false, &THRESHOLDS));
        Ok(judged.filter(|judgement| judgement.outcome == Outcome::Passed).count())
    }

    /// Whether enough take part so far, as the page of a vote under way asks.
    fn quorum(&self) -> Result<usize, String> {
        let taking = self.store.read_blocking(|tx| ballots::taking_part(tx, DISTRICT, LIVE));
        self.is_enough(&taking.map_err(|error| error.to_string())?)
    }

    /// The same from every ballot.
    fn quorum_of_ballots(&self) -> Result<usize, String> {
        let given = self.store.read_blocking(|tx| ballots::sealed(tx, DISTRICT, LIVE, BEFORE, i64::MAX));
        let given = given.map_err(|error| error.to_string())?;
        let heads = i64::try_from(given.len()).unwrap_or(i64::MAX);
        self.is_enough(&Amount { heads, area: given.iter().map(|ballot| ballot.area).sum() })
    }

    fn is_enough(&self, taking: &Amount) -> Result<usize, String> {
        if *taking != self.there {
            return Err(format!("{} of {} took part", taking.heads, self.there.heads));
        }
        Ok(usize::from(taking.meets(THRESHOLDS.quorum, &self.there)))
    }
}

fn engine(arguments: &PropertyArguments, name: &'static str, address: &str) -> Result<Vec<Figure>, String> {
    let town = Town::open(arguments, address)?;
    let times = arguments.times;
    let figure = |what, took, most, baseline| Figure { engine: name, what, took, most, baseline };
    let count = median(times, || town.count().map(|(sheet, _)| sheet.ballots.len()))?;
    let plain = median(1, || town.open_one_by_one())?;
    let (counted, tallies) = town.count()?;
    let vote = town.vote.clone();
    let begun = Clock::now();
    let published = town.store.write_blocking(move |tx| publish(tx, &vote, &counted.ballots, &tallies));
    published.map_err(|error| error.to_string())?;
    let publishing = begun.elapsed().as_secs_f64() * 1e3;
    let page = median(times, || town.page())?;
    let text = town.sheet()?;
    let sheet = median(times, || town.sheet().map(|text| text.len()))?;
    let lines = median(times, || town.casts().map(|casts| casts.len()))?;
    let recount = || -> Result<usize, String> {
        let sheet = Sheet::read(&text).ok_or("the sheet cannot be read")?;
        sheet.recount().map(|found| found.len()).map_err(|fault| format!("{fault:?}"))
    };
    let recount = median(times, recount)?;
    let quorum = median(times, || town.quorum())?;
    let added = median(times, || town.quorum_of_ballots())?;
    town.store.close();
    Ok(vec![
        figure("count, from the sealed ballots", count, Some(COUNT_MOST), Some(("each opened by itself, once", plain))),
        figure("publishing the lines, once", publishing, None, None),
        figure("page of the counted vote", page, None, None),
        figure("audit sheet", sheet, Some(SHEET_MOST), Some(("its lines only read", lines))),
        figure("recount from the text of the sheet", recount, None, None),
        figure("live quorum", quorum, Some(QUORUM_MOST), Some(("every ballot read and added up", added))),
    ])
}

/// The private area of a unit.
fn area(at: usize) -> Area {
    Area(600_000 + i64::try_from(at % 900).unwrap_or_default() * 100)
}

/// So many owners.
fn all(owners: usize) -> Amount {
    Amount { heads: i64::try_from(owners).unwrap_or(i64::MAX), area: (0..owners).map(area).sum() }
}

/// The choices of a ballot for all matters.
fn choices(at: usize) -> String {
    let letter = |matter: usize| ["F", "A", "N"].get((at / (matter + 1)) % 3).copied().unwrap_or("N");
    (0..MATTERS).map(letter).collect::<Vec<_>>().join(",")
}

/// The vote that is counted.
fn vote(entitled: Amount) -> Result<Vote, String> {
    let path = PlacePath::parse("1.4.40.400.").map_err(|fault| format!("{fault:?}"))?;
    let begun =
        Vote::begun(COUNTED, path, Date::constant(2026, 5, 1), Instant::from_micros(1), Instant::from_micros(2));
    let (entitled_heads, entitled_area) = (entitled.heads, entitled.area);
    Ok(Vote { compound: 1, title: "1".to_owned(), entitled_heads, entitled_area, seal: SEAL, ..begun })
}

/// Calls a vote.
fn call(tx: &mut dyn Tx, vault: &Vault, vote: &Vote) -> Result<(), Fault> {
    let (purpose, at) = ("bench".to_owned(), vote.called_at);
    let key = NewRecord { id: SEAL, district: DISTRICT, person: Person::new(), purpose, retain_until: None, at };
    vault.seal(tx, &key)?;
    votes::add(tx, vote)?;
    for number in (1_i64..).take(MATTERS) {
        let (title, content) = (number.to_string(), String::new());
        let matter = Matter { number, kind: MatterKind::Other, title, content, election: None, seats: None };
        votes::add_matter(tx, DISTRICT, COUNTED, &matter)?;
    }
    Ok(())
}

/// Gives the sealed ballots of the vote that is counted.
fn give(tx: &mut dyn Tx, vault: &Vault, vote: &Vote, units: usize) -> Result<(), Fault> {
    let written: Vec<String> = (0..units).map(choices).collect();
    let labelled = |(choices, number)| Labelled { label: label(vote, number), bytes: String::as_bytes(choices) };
    let plain: Vec<Labelled<'_>> = written.iter().zip(1_i64..).map(labelled).collect();
    let sealed = vault.cover_each(tx, DISTRICT, SEAL, &plain)?;
    for ((sealed, at), number) in sealed.into_iter().zip(0_usize..).zip(1_i64..) {
        ballots::put(tx, DISTRICT, COUNTED, &ballot(number, area(at), sealed))?;
    }
    Ok(())
}

/// Gives the ballots of the vote under way. Nobody opens them.
fn give_live(tx: &mut dyn Tx, live: usize) -> Result<(), Fault> {
    for (at, number) in (0..live).zip(1_i64..) {
        ballots::put(tx, DISTRICT, LIVE, &ballot(number, area(at), vec![0; 64]))?;
    }
    Ok(())
}

fn ballot(number: i64, area: Area, sealed: Vec<u8>) -> Ballot {
    let entered_at = Instant::from_micros(number);
    Ballot { number, way: Way::Online, area, sealed, account: None, entered_name: String::new(), entered_at }
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
