//! This file reads a bundle as a town: it knows what the tables mean to the planners.

mod checks;
mod heard;
mod made;
mod mobilization;
mod placed;
mod streets;

pub use heard::Heard;
pub use made::{Made, Origin};
pub use mobilization::Mobilization;
pub use placed::Placed;
pub use streets::{Streets, Ways};

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use kernel::earth::Datum;
use kernel::language::{Bilingual, Lang};
use planning::mobilize::{Gate, Home};
use planning::neighbours::Line;
use planning::network::Start;
pub use planning::shape::Point;
use planning::{partition, reach};

use super::osm;
use super::picture::Stroke;
use super::summary::Note;
use super::table::{Column, Fault, Ids, Kind, PLACE_UNIT, Table, Titles, both, column, file_of, table, texts};
use placed::OnWays;

/// Is the name of an extract in a bundle.
const EXTRACT: &str = "network.osm.pbf";

/// Limits every number of households, people or metres in a table.
const COUNT: Kind<'static> = Kind::Whole(0, 10_000_000);

/// A folder with tables, and what was heard of those that were read.
#[derive(Debug, Clone)]
pub struct Bundle {
    folder: PathBuf,
    made: Made,
    /// The extract that gives the streets, wherever it lies.
    map: Option<PathBuf>,
    /// What was read of the extract already. Whoever lays the streets takes it.
    held: RefCell<Option<osm::Extract>>,
    /// The lines of the extract over which an answer is drawn, in degrees.
    strokes: Vec<(Line, Stroke)>,
    datum: Datum,
    /// The language in which an answer is also written for people, if it is.
    lang: Option<Lang>,
    heard: RefCell<Heard>,
}

impl From<&Path> for Bundle {
    fn from(folder: &Path) -> Self {
        Self::new(folder)
    }
}

/// Holds buildings as all planners need them.
#[derive(Debug)]
pub struct Buildings {
    /// The buildings for grids.
    pub grid: Vec<partition::Building>,
    /// The buildings for reach. The list is empty if the table has no network.
    pub reach: Vec<reach::Building>,
    /// Where they are.
    pub points: Vec<Point>,
    /// Whether these points are degrees.
    pub degrees: bool,
    /// The ids of the buildings.
    pub ids: Ids,
    /// The names of the communities, in the order in which they are numbered.
    pub communities: Ids,
    /// The names of the compounds, in the order in which they are numbered. There are none if a table of compounds
    /// numbers them.
    pub compounds: Ids,
}

impl Buildings {
    /// Returns where each building meets the ways. There are none if the table has no network.
    pub fn homes(&self) -> impl Iterator<Item = Home> {
        self.reach.iter().map(|building| Home { node: building.node, access: building.access })
    }
}

/// Holds places of a table to which people walk.
#[derive(Debug)]
pub struct Sites {
    /// Their nodes and the times from there.
    pub starts: Vec<Start>,
    /// The row of each in its table.
    pub rows: Vec<usize>,
    /// The ids of all rows of the table.
    pub ids: Ids,
}

/// Holds what the rows of a table are called.
#[derive(Debug, Default)]
pub struct Names(Vec<Vec<String>>);

impl Names {
    fn text(&self, row: usize, at: usize) -> &str {
        self.0.get(row).and_then(|texts| texts.get(at)).map_or("", String::as_str)
    }

    /// Returns the name of a row; it is empty if the row has none.
    pub fn name(&self, row: usize) -> &str {
        self.text(row, 0)
    }

    /// Returns the address of a row; it is empty if the row has none.
    pub fn address(&self, row: usize) -> &str {
        self.text(row, 1)
    }
}

type Found<T> = Result<T, Vec<Fault>>;

impl Bundle {
    /// A folder with tables; they are read as they are asked for.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            made: Made::default(),
            map: None,
            held: RefCell::default(),
            strokes: Vec::new(),
            datum: Datum::Wgs84,
            lang: None,
            heard: RefCell::default(),
        }
    }

    /// Takes these tables in place of those of the folder.
    #[must_use]
    pub fn with(self, made: Made) -> Self {
        Self { made, ..self }
    }

    /// Takes the streets from this extract, wherever it lies.
    #[must_use]
    pub fn on_map(self, map: Option<PathBuf>) -> Self {
        Self { map, ..self }
    }

    /// Keeps what was read of the extract, so that nobody reads it again.
    pub fn hold(&self, extract: osm::Extract) {
        *self.held.borrow_mut() = Some(extract);
    }

    /// Lets answers be drawn over these lines, in degrees.
    #[must_use]
    pub fn drawn_over(self, strokes: Vec<(Line, Stroke)>) -> Self {
        Self { strokes, ..self }
    }

    /// Returns the lines over which answers are drawn, in degrees. There are none if nobody looked at a map.
    pub fn strokes(&self) -> &[(Line, Stroke)] {
        &self.strokes
    }

    /// Lets answers also be written for people, in this language.
    #[must_use]
    pub fn for_people(self, lang: Lang) -> Self {
        Self { lang: Some(lang), ..self }
    }

    /// Returns the language in which answers are also written for people, if they are.
    pub fn lang(&self) -> Option<Lang> {
        self.lang
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the file of a table.
    pub fn file(&self, name: &str) -> PathBuf {
        let made = self.made.tables.contains_key(name);
        file_of(if made { &self.made.folder } else { &self.folder }, name)
    }

    /// Returns the tables that were derived from others.
    pub fn derived(&self) -> Vec<&'static str> {
        let derived = self.made.tables.iter().filter(|(_, origin)| origin.is_none());
        derived.map(|(name, _)| *name).collect()
    }

    /// Returns the folder with the tables that were made, if any were.
    pub fn made_in(&self) -> Option<PathBuf> {
        (!self.made.tables.is_empty()).then(|| self.made.folder.clone())
    }

    /// Says what a reader must know of the tables.
    pub fn say(&self, said: Bilingual) {
        self.heard.borrow_mut().said.push(said);
    }

    /// Returns what the coordinates of an answer mean. Degrees are those of WGS 84 where an extract or the making of
    /// the tables vouches for that.
    pub fn unit(&self, degrees: bool) -> &'static str {
        let known = self.extract().is_some() || self.made.origin("buildings").is_some();
        match (degrees, known) {
            (true, true) => "degrees of WGS 84",
            (true, false) => "degrees as in the tables",
            (false, _) => "metres in the plane of the tables",
        }
    }

    /// Returns what the rows of a table are called, and their addresses. Nothing is read if no answer is written for
    /// people.
    pub fn names(&self, name: &str) -> Names {
        let file = self.file(name);
        let read = if self.lang.is_some() { texts(&file, &["name", "address"]) } else { Vec::new() };
        Names(read)
    }

    /// Says what the degrees of the tables mean.
    #[must_use]
    pub fn in_datum(self, datum: Datum) -> Self {
        Self { datum, ..self }
    }

    /// Returns what the degrees mean that this bundle gives out. An extract of OpenStreetMap is in WGS 84, so beside
    /// one all points are.
    pub fn datum(&self) -> Datum {
        if self.extract().is_some() { Datum::Wgs84 } else { self.datum }
    }

    /// Returns the extract that gives the streets, if there is one.
    pub fn extract(&self) -> Option<PathBuf> {
        self.map.clone().or_else(|| Some(self.folder.join(EXTRACT)).filter(|extract| extract.exists()))
    }

    /// Returns what was heard of the tables that were read so far.
    pub fn heard(&self) -> Heard {
        self.heard.borrow().clone()
    }

    /// Reads a table, and takes down how many rows it has and what was not read of it.
    fn table(&self, name: &str, columns: &[Column<'_>]) -> Found<Table> {
        let mut found = self.silent(name, columns)?;
        if self.lang.is_some() {
            // Answers for people have them.
            found.unread.retain(|title| !matches!(title.as_str(), "name" | "address"));
        }
        self.heard.borrow_mut().table(name, &found);
        Ok(found)
    }

    /// Reads a table and takes nothing down.
    fn silent(&self, name: &str, columns: &[Column<'_>]) -> Found<Table> {
        let file = self.file(name);
        let mut columns = columns.to_vec();
        if let Some(origin) = self.made.origin(name) {
            origin.call(&mut columns);
        }
        let read = table(file.parent().unwrap_or(&self.folder), name, &columns);
        match self.made.tables.get(name) {
            None => read,
            Some(None) => {
                let mut found = read?;
                found.unread.clear();
                Ok(found)
            }
            Some(Some(origin)) => match read {
                Ok(table) => Ok(origin.of(table)),
                Err(faults) => Err(faults.into_iter().map(|fault| origin.fault(fault)).collect()),
            },
        }
    }

    fn titles(&self, name: &str) -> Found<Titles> {
        let file = self.file(name);
        Titles::of(file.parent().unwrap_or(&self.folder), name)
    }

    fn note(&self, code: &'static str, said: Option<Bilingual>) {
        self.heard.borrow_mut().notes.extend(said.map(|said| Note::new(code, said)));
    }

    fn fault(&self, name: &str, said: Bilingual) -> Vec<Fault> {
        let file = self.made.origin(name).map_or_else(|| self.file(name), |origin| origin.file.clone());
        vec![Fault { file, line: 0, said }]
    }

    /// Says something of the first row of a table that has this text in a column, where the person wrote it: in the
    /// file from which the table was made, if it was. Returns nothing if no row has it.
    pub fn fault_where(&self, name: &str, cell: [&str; 2], said: Bilingual) -> Option<Fault> {
        let ([column, text], file) = (cell, self.file(name));
        let is_it = |cells: &Vec<String>| cells.first().is_some_and(|cell| cell == text);
        let row = texts(&file, &[column]).iter().position(is_it)?;
        // The first row stands in the second line.
        let line = u64::try_from(row).ok()?.checked_add(2)?;
        Some(match self.made.origin(name) {
            Some(origin) => origin.fault(Fault { file, line, said }),
            None => Fault { file, line, said },
        })
    }

    /// Says whether the points of a table are degrees.
    pub fn in_degrees(&self, name: &str) -> Found<bool> {
        let titles = self.titles(name)?;
        let (degrees, metres) = (titles.has("lon") || titles.has("lat"), titles.has("x") || titles.has("y"));
        Ok(degrees || !metres && (titles.has_close("lon") || titles.has_close("lat")))
    }

    /// Returns buildings with households. If there is a network, it also says where they stand on it.
    pub fn buildings(&self, ways: Option<&Ways>) -> Found<Buildings> {
        self.buildings_by("households", ways)
    }

    /// Does the same with what another column counts (old people who live alone, floors without a lift) in place of
    /// households.
    pub fn buildings_by(&self, weight: &str, ways: Option<&Ways>) -> Found<Buildings> {
        self.buildings_of(Kind::Group, weight, ways)
    }

    /// Does the same for buildings of a table of compounds; they are numbered by its rows.
    pub fn buildings_in(&self, compounds: &Ids, ways: &Ways) -> Found<Buildings> {
        self.buildings_of(Kind::Row(compounds), "households", Some(ways))
    }

    fn buildings_of(&self, compound: Kind<'_>, weight: &str, ways: Option<&Ways>) -> Found<Buildings> {
        let wanted = [
            column("id", Kind::Id),
            column("compound", compound),
            column("community", Kind::Group),
            column(weight, COUNT),
        ];
        let degrees = ways.map_or_else(|| self.in_degrees("buildings"), |ways| Ok(ways.degrees))?;
        let OnWays { homes, points, table } = if let Some(ways) = ways {
            self.on_ways("buildings", ways, true, &wanted)?
        } else {
            let Placed { points, table } = self.placed("buildings", degrees, &wanted)?;
            OnWays { homes: Vec::new(), points, table }
        };
        table.filled()?;
        let grid = (0..table.rows).map(|row| partition::Building {
            compound: id(table.columns[1][row]),
            community: id(table.columns[2][row]),
            households: id(table.columns[3][row]),
        });
        let grid: Vec<partition::Building> = grid.collect();
        let reach = grid.iter().zip(homes).map(|(building, home)| reach::Building {
            node: home.node,
            access: home.access,
            households: building.households,
            place: building.community,
        });
        let reach = reach.collect();
        let Table { ids, mut groups, .. } = table;
        let communities = groups.pop().unwrap_or_default();
        Ok(Buildings { grid, reach, points, degrees, ids, communities, compounds: groups.pop().unwrap_or_default() })
    }

    /// Returns borders between buildings.
    pub fn borders(&self, buildings: &Buildings) -> Found<Vec<partition::Border>> {
        let building = Kind::Row(&buildings.ids);
        let metres = Kind::Whole(0, 1_000_000);
        let table =
            self.table("adjacency", &[column("a", building), column("b", building), column("border_m", metres)])?;
        if buildings.grid.len() > 1 {
            table.filled()?;
        }
        let border = |row: usize| partition::Border {
            a: id(table.columns[0][row]),
            b: id(table.columns[1][row]),
            metres: id(table.columns[2][row]),
        };
        let borders: Vec<partition::Border> = (0..table.rows).map(border).collect();
        let loops = borders.iter().enumerate().filter(|(_, border)| border.a == border.b);
        table.faults(loops.map(|(row, border)| (row, touches_itself(&buildings.ids.written(border.a as usize)))))?;
        checks::touching(buildings, &borders, &table)?;
        if let Some(said) = checks::other_unit_of(buildings, &borders) {
            return Err(self.fault("buildings", said));
        }
        let is_brought = !self.derived().contains(&"adjacency");
        self.heard.borrow_mut().touching(buildings.grid.len(), &borders, is_brought);
        Ok(borders)
    }

    /// Returns today's stations: their nodes and the time from there.
    pub fn stations(&self, ways: &Ways) -> Found<Sites> {
        let (sites, _) = self.sites("stations", ways, &[])?;
        Ok(sites)
    }

    /// Returns those of today's stations that are open at a minute of the day, by the columns `opens` and `closes` (in
    /// minutes, 1,440 for midnight). A station that closes before it opens is open over midnight. Without a minute it
    /// returns all of them. There must be one at least, open or not.
    pub fn stations_at(&self, ways: &Ways, minute: Option<u32>) -> Found<Sites> {
        let day = Kind::Whole(0, 1_440);
        let hours = [column("opens", day), column("closes", day)];
        let wanted: &[Column<'_>] = if minute.is_some() { &hours } else { &[] };
        let (all, table) = self.sites("stations", ways, wanted)?;
        table.filled()?;
        let Some(minute) = minute.map(i64::from) else { return Ok(all) };
        let open = |row: usize| {
            let (opens, closes) = (table.columns[0][row], table.columns[1][row]);
            if opens <= closes { (opens..closes).contains(&minute) } else { minute >= opens || minute < closes }
        };
        let rows: Vec<usize> = all.rows.into_iter().filter(|row| open(*row)).collect();
        Ok(Sites { starts: rows.iter().map(|row| all.starts[*row]).collect(), rows, ids: all.ids })
    }

    /// Returns where stations could open.
    pub fn candidates(&self, ways: &Ways) -> Found<Sites> {
        let (sites, table) = self.sites("candidates", ways, &[])?;
        table.filled()?;
        Ok(sites)
    }

    /// Returns places to which people walk, and the table with these columns first.
    fn sites(&self, name: &str, ways: &Ways, columns: &[Column<'_>]) -> Found<(Sites, Table)> {
        let mut wanted = columns.to_vec();
        if self.titles(name)?.has("id") {
            wanted.push(column("id", Kind::Id));
        }
        let OnWays { homes, table, .. } = self.on_ways(name, ways, false, &wanted)?;
        let starts = homes.iter().map(|home| Start { node: home.node, time: home.access }).collect();
        Ok((Sites { starts, rows: (0..table.rows).collect(), ids: table.ids.clone() }, table))
    }

    /// Returns gates of compounds.
    pub fn gates(&self, ways: &Ways, compounds: &Ids) -> Found<Vec<Gate>> {
        let wanted = [column("compound", Kind::Row(compounds))];
        let OnWays { homes, table, .. } = self.on_ways("gates", ways, false, &wanted)?;
        table.filled()?;
        let gates = table.columns[0].iter().zip(homes);
        Ok(gates.map(|(&site, home)| Gate { site: id(site), node: home.node }).collect())
    }
}

fn touches_itself(building: &str) -> Bilingual {
    both(
        format!("楼栋 {building} 不会和自己相邻。请去掉这一行。"),
        format!("building {building} cannot touch itself. Leave the line out."),
    )
}

fn id(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
