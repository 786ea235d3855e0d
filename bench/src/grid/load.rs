//! This file loads the planned reports. Two threads lead them through their life, and the store writes them in large
//! transactions, many rows a statement, in the order in which they came.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant as Stopwatch;

use cases::records::{self, figures};
use grid::Grid;
use hall::Fault;
use kernel::place::PlaceId;
use kernel::time::Zone;
use lianglin::City;
use lianglin::demonstration::Seed;
use serde::{Deserialize, Serialize};
use store::log::Entry;
use store::{Engine, StoreError, Tx, Val, args};
use uuid::Uuid;

use super::life::{Lived, World};
use super::plan::Plans;
use crate::counter::rows::append_many;
use crate::counter::{bar, text};

/// Says how many reports one transaction has.
const CHUNK: usize = 2_000;
/// Says how many threads make reports.
const THREADS: usize = 2;
/// Limits how many transactions' worth of reports wait for each thread.
const WAITING: usize = 2;
/// Says how many rows one statement writes.
const ROWS: usize = 100;

/// Lists the tables with many rows, of which the query planner of PostgreSQL learns how many there are.
const TABLES: [&str; 12] = [
    "cases_case",
    "cases_fold",
    "cases_open",
    "store_event",
    "grid_report",
    "grid_shown",
    "grid_course",
    "grid_open_square",
    "grid_open_area",
    "grid_open_unit",
    "grid_board",
    "places_building_grid",
];

/// Counts the open reports of each square of the ground, as the grid does report by report.
const SQUARES: &str = "insert into grid_open_square (district, origin, known, east, north, path, reports, x, y) \
     select district, path, case when x is null then 0 else 1 end, \
     coalesce((x - ((x % 4000) + 4000) % 4000) / 4000, 0), coalesce((y - ((y % 4000) + 4000) % 4000) / 4000, 0), \
     path, count(*), coalesce(sum(x), 0), coalesce(sum(y), 0) from grid_report where open = 1 group by 1, 2, 3, 4, 5";

/// Counts the board of each month and the larger squares, as the migration does for reports that are there.
const COUNTS: &str = include_str!("../../../city/grid/migrations/0017_board_filled.sql");

/// Counts them by unit, as the migration does for reports that are there.
const UNITS: &str = include_str!("../../../city/grid/migrations/0031_units.sql");

/// Says what was loaded.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
pub struct Loaded {
    /// How many reports were loaded.
    pub reports: usize,
    /// How many of them are not finished.
    pub open: usize,
    /// How many events were loaded.
    pub events: usize,
    /// How many seconds it took.
    pub seconds: f64,
}

/// Loads everything and shows a bar.
pub fn load(city: &Arc<City>, plans: &Arc<Plans>, log_share: u8) -> Result<Loaded, String> {
    let desk = city.house.get::<Grid>().map_err(text)?;
    let world = World { city: city.clone(), desk, calendar: city.hall.calendar(), plans: plans.clone() };
    let (zone, begun) = (world.calendar.zone(), Stopwatch::now());
    let world = Arc::new(world);
    let (receivers, threads): (Vec<_>, Vec<_>) = (0..THREADS).map(|number| start(&world, number)).unzip();
    let mut loaded = Loaded::default();
    let bar = bar(plans.reports.len(), city.store.engine().name());
    for at in 0..plans.reports.len().div_ceil(CHUNK) {
        let receiver = receivers.get(at % THREADS).ok_or("no thread")?;
        let lived = receiver.recv().map_err(|_| "a loading thread ended with a fault".to_owned())??;
        loaded.reports += lived.len();
        loaded.open += lived.iter().filter(|one| one.report.open).count();
        loaded.events += lived.iter().map(|one| one.entries.len()).sum::<usize>();
        bar.inc(u64::try_from(lived.len()).unwrap_or(0));
        city.store.write_blocking(move |tx| write(tx, &lived, zone, log_share)).map_err(text)?;
    }
    bar.finish();
    // Each thread holds the city, which is going to be closed.
    threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a loading thread failed".to_owned()))?;
    finish(city, plans)?;
    loaded.seconds = begun.elapsed().as_secs_f64();
    Ok(loaded)
}

type Chunk = Result<Vec<Lived>, String>;

/// Starts a thread that makes the reports of every second part of the plans.
fn start(world: &Arc<World>, number: usize) -> (Receiver<Chunk>, JoinHandle<()>) {
    let (sender, receiver) = sync_channel(WAITING);
    let world = world.clone();
    (receiver, std::thread::spawn(move || produce(&world, number, &sender)))
}

fn produce(world: &World, number: usize, sender: &SyncSender<Chunk>) {
    for (plans, at) in world.plans.reports.chunks(CHUNK).zip(0_usize..) {
        if at % THREADS != number {
            continue;
        }
        let mut seed = Seed::new(u64::try_from(at).unwrap_or(0).wrapping_mul(7_919).wrapping_add(1));
        let lived: Chunk = plans.iter().map(|plan| world.live(plan, &mut seed)).collect();
        let failed = lived.is_err();
        if sender.send(lived).is_err() || failed {
            return;
        }
    }
}

/// Writes reports with their cases and events.
fn write(tx: &mut dyn Tx, lived: &[Lived], zone: Zone, log_share: u8) -> Result<(), Fault> {
    for one in lived {
        records::insert(tx, &one.case, &one.derived)?;
        if one.report.open {
            figures::shift(tx, None, &one.derived.standing(&one.case), zone)?;
        }
    }
    let mut events: Vec<(PlaceId, Uuid, &Entry)> = Vec::new();
    for (one, at) in lived.iter().zip(0_usize..) {
        // What is still open can go on, so its events are there in any case.
        if one.report.open || at % 100 < usize::from(log_share) {
            events.extend(one.entries.iter().map(|entry| (one.report.district, one.case.id.0, entry)));
        }
    }
    append_many(tx, &events)?;
    let rows: Vec<Vec<Val>> = lived.iter().map(report).collect();
    let columns = "district, case_id, number, path, compound, x, y, kind, condition, public, open, met, reported_at, \
                   stage, strip, unit";
    many(tx, "grid_report", columns, &rows)?;
    let shown = |one: &Lived| args![one.report.district, one.report.case_id, one.stage.code()].to_vec();
    many(tx, "grid_shown", "district, case_id, stage", &lived.iter().map(shown).collect::<Vec<_>>())?;
    let columns = "district, case_id, path, kind, found, returned, due_on, handled_on, reported_at";
    many(tx, "grid_course", columns, &lived.iter().map(course).collect::<Vec<_>>())?;
    Ok(())
}

fn report(one: &Lived) -> Vec<Val> {
    let Lived { report, case, .. } = one;
    args![
        report.district,
        report.case_id,
        &report.number,
        &report.path,
        report.compound,
        report.x,
        report.y,
        &report.kind,
        &report.condition,
        report.public,
        report.open,
        report.met,
        report.reported_at,
        &case.state,
        report.x.map(grid::records::map::strip),
        case.office.department.clone().unwrap_or_default()
    ]
    .to_vec()
}

fn course(one: &Lived) -> Vec<Val> {
    let course = &one.course;
    args![
        course.district,
        course.case_id,
        &course.path,
        &course.kind,
        course.found,
        course.returned,
        course.due_on,
        course.handled_on,
        course.reported_at
    ]
    .to_vec()
}

/// Inserts rows of some columns, many a statement.
fn many(tx: &mut dyn Tx, table: &str, columns: &str, rows: &[Vec<Val>]) -> Result<(), StoreError> {
    for some in rows.chunks(ROWS) {
        let width = columns.split(',').count();
        let marks = |row: usize| {
            let marks: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", marks.join(", "))
        };
        let marks: Vec<String> = (0..some.len()).map(marks).collect();
        let sql = format!("insert into {table} ({columns}) values {}", marks.join(", "));
        tx.exec(&sql, &some.concat())?;
    }
    Ok(())
}

/// Writes the running numbers, and lets PostgreSQL learn how many rows there are, as its own housekeeping does.
fn finish(city: &Arc<City>, plans: &Arc<Plans>) -> Result<(), String> {
    let (last, analyze) = (plans.last.clone(), city.store.engine() == Engine::Postgres);
    let done = city.store.write_blocking(move |tx| {
        for ((district, year), last) in &last {
            let sql = "insert into store_series (district, series, year, last) values ($1, $2, $3, $4)";
            tx.exec(sql, &args![*district, "report", *year, *last])?;
        }
        tx.exec(SQUARES, &[])?;
        for sql in COUNTS.split(';').filter(|sql| !sql.trim().is_empty()) {
            tx.exec(sql, &[])?;
        }
        for sql in UNITS.split(';').filter(|sql| sql.contains("insert into grid_open_unit")) {
            tx.exec(sql, &[])?;
        }
        if analyze {
            for table in TABLES {
                tx.exec(&format!("analyze {table}"), &[])?;
            }
        }
        Ok::<_, StoreError>(())
    });
    done.map_err(text)
}

/// Does now what PostgreSQL would do by itself some minutes after so many rows came: it clears up behind them and
/// writes them to the disk. Else it does so while the city is measured.
pub fn tidy(address: &str) -> Result<(), String> {
    let mut client = postgres::Client::connect(address, postgres::NoTls).map_err(text)?;
    client.batch_execute("vacuum analyze").map_err(text)?;
    client.batch_execute("checkpoint").map_err(text)
}
