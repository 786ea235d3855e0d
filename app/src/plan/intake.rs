//! This file makes of what a city has (a sheet of buildings in any form, an extract of the map) the tables that
//! planners read. Whatever a task needs and nobody brought is derived, written down so that a person can replace it,
//! and told.

mod addresses;
mod crs;
mod derived;
mod files;
mod housing;
mod near;
mod recognised;
mod sheet;
mod spoilt;
mod taken;
pub mod titles;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::language::{Bilingual, Lang};
use planning::neighbours::Line;
use planning::shape::Point;
use tables::Limits;

use super::osm;
use super::picture::Stroke;
use super::table::{Fault, both, quoted};
use super::town::{Bundle, Made, Origin};
use super::{csv_of_cells, remove, write};
use crate::AppError;

pub use crs::{Crs, Naming};
pub use files::{Source, Survey};
pub use sheet::{LIMITS, Sheet};

/// What a person gives, and what she says of it.
#[derive(Debug, Clone)]
pub struct Given {
    /// The folder with the tables, or the sheet of buildings.
    pub path: PathBuf,
    /// The extract of OpenStreetMap, if it is named.
    pub map: Option<PathBuf>,
    /// What the coordinates of all tables are, if it is said.
    pub crs: Option<Crs>,
    /// The column of `buildings` that is balanced.
    pub weight: String,
    /// How many households a part of a community needs to be a grid by itself.
    pub least: u32,
    /// The language in which answers are written for people.
    pub lang: Lang,
    /// How large a sheet may be.
    pub limits: Limits,
    /// How large an extract may be. If nobody says it, it may have any size.
    pub within: Option<osm::Within>,
}

/// What is to be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Divide communities into grids.
    Grids,
    /// Find who lives near a station.
    Reach,
    /// Find where stations belong.
    Site,
    /// Send volunteers to compounds.
    Mobilize,
    /// Lay the geography of a city.
    Lay,
    /// Read the buildings alone.
    Buildings,
}

impl Task {
    /// Lists all tasks of planners.
    pub const PLANNED: [Self; 4] = [Self::Grids, Self::Reach, Self::Site, Self::Mobilize];

    /// Returns the name of the command.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Grids => "grids",
            Self::Reach => "reach",
            Self::Site => "site",
            Self::Mobilize => "mobilize",
            Self::Lay => "geography",
            Self::Buildings => "buildings",
        }
    }

    /// Lists the tables that it needs, in the order in which they are made. Ways are needed beside them.
    pub const fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Grids => &["buildings", "adjacency"],
            Self::Reach => &["buildings", "stations"],
            Self::Site => &["buildings", "stations", "candidates"],
            Self::Mobilize => &["compounds", "gates", "volunteers"],
            Self::Lay => &["communities", "buildings", "compounds", "gates", "adjacency"],
            Self::Buildings => &["buildings"],
        }
    }

    /// Says where a person names the coordinates.
    pub const fn naming(self) -> Naming {
        match self {
            Self::Lay => Naming::Datum,
            Self::Buildings => Naming::Field,
            Self::Grids | Self::Reach | Self::Site | Self::Mobilize => Naming::Crs,
        }
    }

    /// Says whether people walk in it.
    pub const fn needs_ways(self) -> bool {
        !matches!(self, Self::Grids | Self::Buildings)
    }
}

/// What lies between buildings and where the map lies, in degrees. The first `water` of the closed lines are water.
#[derive(Debug, Default)]
struct Ground {
    closed: Vec<Line>,
    water: usize,
    crossed: Vec<Line>,
    map: recognised::Map,
}

/// Makes the tables of a town.
struct Making<'a> {
    given: &'a Given,
    survey: Survey,
    task: Task,
    made: Made,
    said: Vec<Bilingual>,
    /// What was read of the extract, once somebody needed it.
    extract: Option<osm::Extract>,
    ground: Option<Ground>,
}

/// Holds what was read of the map, so that several tasks share it.
#[derive(Debug, Default)]
pub struct Held {
    extract: Option<osm::Extract>,
    ground: Option<Ground>,
}

impl Held {
    /// Returns the lines that nobody crosses between two houses, and those that divide them, in degrees. There are none
    /// if nobody looked at the map.
    pub fn lines(&self) -> (&[Line], &[Line]) {
        match &self.ground {
            Some(ground) => (&ground.closed, &ground.crossed),
            None => (&[], &[]),
        }
    }

    /// Returns the same lines as they are drawn, those that nobody crosses above the others.
    pub fn strokes(&self) -> Vec<(Line, Stroke)> {
        let (closed, crossed) = self.lines();
        let (water, dry) = closed.split_at(self.ground.as_ref().map_or(0, |ground| ground.water));
        let drawn = |lines: &[Line], stroke: Stroke| lines.iter().map(|line| (*line, stroke)).collect::<Vec<_>>();
        [drawn(crossed, Stroke::Way), drawn(water, Stroke::Water), drawn(dry, Stroke::Closed)].concat()
    }
}

/// Makes the tables that a task needs and that are not in the folder as planners read them. They are written to `made`.
/// Tables of an earlier making are removed from there.
pub fn prepared(given: &Given, task: Task, made: &Path) -> Result<Bundle, AppError> {
    let survey = Survey::of(given, task.needs()).map_err(AppError::Tables)?;
    let (folder, left) = (survey.folder.clone(), survey.left.clone());
    let (made, mut held) = (cleared(&survey, made)?, Held::default());
    let bundle = prepared_of(given, survey, task, &made, &mut held).map_err(|fault| match fault {
        // Where a table is missing, a file that was left out may be the one.
        AppError::Tables(mut faults) if faults.iter().any(|fault| fault.file == folder) => {
            let more: Vec<Fault> = left.into_iter().filter(|fault| !faults.contains(fault)).collect();
            faults.extend(more);
            AppError::Tables(faults)
        }
        other => other,
    })?;
    let strokes = if task == Task::Grids { held.strokes() } else { Vec::new() };
    if let Some(extract) = held.extract {
        bundle.hold(extract);
    }
    Ok(bundle.drawn_over(strokes))
}

/// Removes the tables of an earlier making. Returns the folder in which new ones may stand: `made`, or one inside of it
/// if the tables that somebody brought lie there, for whoever plans with made tables loses none of them.
pub fn cleared(survey: &Survey, made: &Path) -> Result<PathBuf, AppError> {
    let is_same = made.canonicalize().is_ok_and(|made| survey.folder.canonicalize().is_ok_and(|folder| folder == made));
    let folder = if is_same { made.join("made") } else { made.to_owned() };
    for name in titles::TABLES {
        remove(&folder.join(format!("{name}.csv")))?;
    }
    Ok(folder)
}

/// Does the same as [`prepared`] with what was found before. Tables of an earlier making stay until others are written
/// in their place ([`cleared`] removes them).
pub fn prepared_of(
    given: &Given,
    survey: Survey,
    task: Task,
    made: &Path,
    held: &mut Held,
) -> Result<Bundle, AppError> {
    let made = Made { folder: made.to_owned(), tables: BTreeMap::new() };
    let (extract, ground) = (held.extract.take(), held.ground.take());
    let mut making = Making { given, survey, task, made, said: Vec::new(), extract, ground };
    let done = making.make();
    let bundle = making.bundle();
    for said in making.said {
        bundle.say(said);
    }
    (held.extract, held.ground) = (making.extract, making.ground);
    done.map(|()| bundle)
}

impl Making<'_> {
    fn make(&mut self) -> Result<(), AppError> {
        self.all_there()?;
        self.said.extend(self.survey.left_out());
        self.take_all()?;
        self.derive_all()
    }

    /// The town as far as it is made.
    fn bundle(&self) -> Bundle {
        let bundle = Bundle::new(&self.survey.folder).with(self.made.clone());
        bundle.on_map(self.survey.map.clone()).for_people(self.given.lang)
    }

    /// Says whether a table is there as planners read it.
    fn has(&self, name: &str) -> bool {
        self.made.tables.contains_key(name) || matches!(self.survey.tables.get(name), Some(Source::Ready))
    }

    /// Says whether the task needs a table that nobody brought in any form.
    fn is_wanted(&self, name: &str) -> bool {
        self.task.needs().contains(&name) && !self.survey.tables.contains_key(name)
    }

    /// Says what a reader must know.
    fn say(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.said.push(both(zh, en));
    }

    /// Writes a table. Its rows come as texts.
    fn put(
        &mut self,
        name: &'static str,
        titles: &[&str],
        rows: Vec<Vec<String>>,
        origin: Option<Origin>,
    ) -> Result<(), AppError> {
        let folder = &self.made.folder;
        super::folder(folder)?;
        let header: Vec<String> = titles.iter().map(|title| quoted(title)).collect();
        let cells = rows.into_iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<String>>());
        write(&folder.join(format!("{name}.csv")), &csv_of_cells(&header.join(","), cells))?;
        self.made.tables.insert(name, origin);
        Ok(())
    }

    /// Reads the extract once, with what lies between buildings.
    fn look_at_the_map(&mut self) -> Result<(), AppError> {
        let Some(path) = self.survey.map.clone().filter(|_| self.ground.is_none()) else { return Ok(()) };
        let told = |said: Bilingual| AppError::Tables(vec![Fault { file: path.clone(), line: 0, said }]);
        let within = self.given.within;
        let extract = osm::read_within(&path, within).map_err(told)?;
        let osm::Ground { closed, water, crossed, outlines } = osm::ground(&path, within).map_err(told)?;
        let map = recognised::Map::new(&extract.nodes, outlines);
        self.ground = Some(Ground { closed, water, crossed, map });
        self.extract = Some(extract);
        Ok(())
    }
}

/// Returns the name of a file, without the folders in which it lies.
fn named(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Returns points in metres, around their own middle.
fn in_metres(points: &[Point], degrees: bool) -> impl Fn(Point) -> Point + use<> {
    let (low, high) = planning::snap::rectangle(points);
    let middle = Point { x: f64::midpoint(low.x, high.x), y: f64::midpoint(low.y, high.y) };
    let north = if degrees { kernel::earth::MEAN_RADIUS_METRES.to_radians() } else { 1.0 };
    let east = if degrees { north * middle.y.to_radians().cos() } else { 1.0 };
    move |at: Point| Point { x: (at.x - middle.x) * east, y: (at.y - middle.y) * north }
}
