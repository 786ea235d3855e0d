//! `bench grid` fills a city with reports from the street, half a year of them, behind the real server, and measures
//! over HTTP what people do with them: reporting, what is near, sending out, the lists of a worker, the map and where
//! it hurts. It asks a city with a tenth of the reports in turn with it, to see what grows.

mod ground;
mod life;
mod load;
mod measure;
mod meter;
mod plan;
mod rival;
mod stage;
mod table;

use std::path::{Path, PathBuf};

use store::Engine;

use crate::counter::server::{Server, program};
use crate::counter::{Site, city};
use crate::{Only, figures};
use table::Measured;

/// What `bench grid` is told.
#[derive(clap::Args, Clone)]
pub struct GridArguments {
    /// How many reports the city has.
    #[arg(long, default_value_t = 1_000_000)]
    pub reports: usize,
    /// The most requests of each stage.
    #[arg(long, default_value_t = 200)]
    pub requests: usize,
    /// After how many seconds a stage ends that has not sent all of them.
    #[arg(long, default_value_t = 20)]
    pub seconds: u64,
    /// The engine to measure; both if left out.
    #[arg(long)]
    pub engine: Option<Only>,
    /// Folder of the SQLite file; choose one on the disk that matters.
    #[arg(long)]
    pub folder: Option<PathBuf>,
    /// How many of a hundred reports have their events in the log; all others have none there, to load faster.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub log_share: u8,
    /// The largest number of seconds to wait until the server has done its own work after the start.
    #[arg(long, default_value_t = 300)]
    pub settle: u64,
    /// In what the smaller city beside it is smaller.
    #[arg(long, value_enum, default_value_t = plan::Smaller::Days)]
    pub smaller: plan::Smaller,
    /// Measure only the whole number of reports, without a tenth of it beside.
    #[arg(long)]
    pub alone: bool,
    /// Write the figures as JSON into this file too.
    #[arg(long)]
    pub json: Option<PathBuf>,
}

/// By how much the smaller city is smaller.
const TENTH: usize = 10;

/// Measures on each engine, prints the tables and writes the JSON. It fails where an aim was missed.
pub fn run(arguments: &GridArguments) -> Result<(), String> {
    if cfg!(debug_assertions) {
        eprintln!("This is not an optimised build: the figures say nothing. Use cargo xtask bench grid.");
    }
    let (mut all, mut missed) = (Vec::new(), Vec::new());
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let only = if engine == Engine::Sqlite { Only::Sqlite } else { Only::Postgres };
        if arguments.engine.is_some_and(|wanted| wanted != only) {
            continue;
        }
        let whole = plan::Size::whole(arguments.reports);
        let mut sizes = vec![whole];
        if !arguments.alone {
            sizes.insert(0, whole.part(TENTH, arguments.smaller));
        }
        let cities = sizes.into_iter().map(|size| Standing::new(arguments, engine, size));
        let cities: Option<Vec<Standing>> = cities.collect::<Result<_, _>>()?;
        let Some(cities) = cities else {
            println!("PostgreSQL is left out: this machine has no server programs of it.");
            continue;
        };
        let measured = together(arguments, cities)?;
        missed.extend(table::show(&measured));
        all.extend(measured);
    }
    if let Some(file) = &arguments.json {
        let json = serde_json::to_string_pretty(&all).map_err(|fault| fault.to_string())?;
        std::fs::write(file, json).map_err(|fault| format!("{}: {fault}", file.display()))?;
    }
    figures::reached(&missed)
}

/// Holds a city with its server.
struct Standing {
    site: Site,
    server: Server,
    target: measure::Target,
    invited: Option<rival::Invited>,
    measured: Measured,
    /// Where its files are. They go last.
    _folder: tempfile::TempDir,
}

impl Standing {
    /// Makes a city with that many reports on one engine, and serves it; none if the engine is not there.
    fn new(arguments: &GridArguments, engine: Engine, wanted: plan::Size) -> Result<Option<Self>, String> {
        let folder = match &arguments.folder {
            // The server runs in that folder, so the path must be valid there too.
            Some(parent) => parent.canonicalize().and_then(tempfile::tempdir_in),
            None => tempfile::tempdir(),
        };
        let folder = folder.map_err(|fault| format!("no folder for the database: {fault}"))?;
        let Some(site) = site(engine, folder.path())? else { return Ok(None) };
        city::make(&site)?;
        let open = city::open(&site, true)?;
        ground::lay(&open)?;
        let plans = plan::plans(&open, wanted)?;
        let loaded = load::load(&open, &plans, arguments.log_share)?;
        let target = measure::target(&open, &plans)?;
        let reports = wanted.reports;
        // The smaller city only shows what grows.
        let invited = if reports == arguments.reports { rival::invite(&site, &open, &target.tiles)? } else { None };
        city::close(open);
        if engine == Engine::Postgres {
            load::tidy(&site.address)?;
        }
        let server = Server::start(&site)?;
        let settled_in = server.settle(arguments.settle)?;
        let database = std::fs::metadata(&site.address).ok().map(|data| data.len());
        let engine = site.name().to_owned();
        let measured = Measured { engine, reports, loaded, settled_in, database, ..Measured::default() };
        Ok(Some(Self { site, server, target, invited, measured, _folder: folder }))
    }
}

/// Measures some cities of one engine in turn, and then the squares of the last one beside those of its rival.
fn together(arguments: &GridArguments, mut cities: Vec<Standing>) -> Result<Vec<Measured>, String> {
    let asked: Vec<_> = cities.iter().map(|city| (&city.server, &city.target)).collect();
    let stages = measure::all(&asked, arguments)?;
    for (city, stages) in cities.iter_mut().zip(stages) {
        let wrong = |stage: &stage::Stage| Some(format!("{}: {}", stage.name, stage.wrong.as_ref()?));
        city.measured.left_out = stages.iter().filter_map(wrong).collect();
        city.measured.stages = stages;
    }
    for city in &mut cities {
        let Some(invited) = city.invited.take() else { continue };
        // What was reported just now is told first, so that nothing changes while both are asked.
        city.server.settle(arguments.settle)?;
        let cookie = city.target.city_cookie(city.server.port)?;
        match rival::measure(&city.server, &city.site, &cookie, &invited, arguments) {
            Ok(rival) => city.measured.rival = Some(rival),
            Err(fault) => city.measured.left_out.push(format!("the tiles of Martin: {fault}")),
        }
    }
    let stopped = cities.into_iter().map(|mut city| {
        city.measured.memory = city.server.memory().1;
        city.server.stop()?;
        Ok(city.measured)
    });
    stopped.collect()
}

fn site(engine: Engine, folder: &Path) -> Result<Option<Site>, String> {
    let address = match engine {
        Engine::Sqlite => Some(folder.join("city.db").display().to_string()),
        Engine::Postgres => testkit::postgres::fresh_database(),
    };
    let (key, program) = (folder.join("city.key"), program()?);
    Ok(address.map(|address| Site { engine, address, key, program, folder: folder.to_owned() }))
}
