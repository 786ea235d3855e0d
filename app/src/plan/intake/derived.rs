//! This file derives the tables that a task needs and that nobody brought, each from those that are there.

mod people;

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use planning::neighbours::{NEAR_METRES, borders};
use planning::pieces::Pieces;
use planning::shape::Point;
use planning::snap::{Foot, Lines};

use super::titles::{self, mapped};
use super::{Making, Sheet, Source, Task};
use crate::AppError;
use crate::plan::table::{Fault, Kind, both, column, texts};
use crate::plan::town::{Buildings, Placed};

/// What compounds need of people where nobody says it: from one to three halves of their share of the volunteers.
const LEAST_SHARE: f64 = 0.5;
const MOST_SHARE: f64 = 1.5;

/// What is known of a compound.
#[derive(Debug, Clone, Default)]
struct Compound {
    community: String,
    households: u64,
    /// The sum of the points of its buildings, and how many they are.
    sum: Point,
    buildings: u32,
}

/// Adds up the buildings of each compound.
fn summed(town: &Buildings) -> Vec<Compound> {
    let mut found = vec![Compound::default(); town.compounds.len()];
    for (building, at) in town.grid.iter().zip(&town.points) {
        let compound = &mut found[building.compound as usize];
        compound.community = town.communities.written(building.community as usize);
        compound.households += u64::from(building.households);
        compound.sum = Point { x: compound.sum.x + at.x, y: compound.sum.y + at.y };
        compound.buildings += 1;
    }
    found
}

impl Compound {
    fn middle(&self) -> Point {
        let count = f64::from(self.buildings.max(1));
        Point { x: self.sum.x / count, y: self.sum.y / count }
    }
}

/// Says that there is no such table, and what to bring.
fn missing(name: &str) -> Bilingual {
    let (zh, en) = match name {
        "buildings" => {
            ("楼栋表（地址或名称、户数、坐标）", "a sheet of buildings (name or address, households, coordinates)")
        }
        "stations" => ("驿站表（名称、坐标）", "a sheet of stations (name, coordinates)"),
        "volunteers" => (
            "志愿者表（坐标），或者社区表、楼栋表里的“志愿者人数”一列",
            "a sheet of volunteers (coordinates), or a column volunteers in the sheet of communities or buildings",
        ),
        "ways" => (
            "地图文件（*.osm.pbf），或者 nodes 和 edges 两张表",
            "an extract of the map (*.osm.pbf), or the tables nodes and edges",
        ),
        _ => ("这张表", "this table"),
    };
    both(format!("缺少{zh}。请放到这个文件夹里。"), format!("lacks {en}. Put it into this folder."))
}

/// Says under which names a table was looked for.
fn looked_for(name: &str) -> Bilingual {
    if name == "ways" {
        return both(
            "找过 network.osm.pbf、唯一的一个 *.osm.pbf、nodes.csv 和 edges.csv。",
            " Looked for: network.osm.pbf, the only *.osm.pbf, nodes.csv and edges.csv.",
        );
    }
    let words = titles::words(name);
    both(
        format!("找过 {name}.csv、{name}.parquet，和名称里有“{}”的 XLSX、CSV。", words.join("”“")),
        format!(
            " Looked for: {name}.csv, {name}.parquet, and XLSX or CSV files with one of these words in their names: {}.",
            words.join(", ")
        ),
    )
}

impl Making<'_> {
    /// Derives every table that is missing.
    pub(super) fn derive_all(&mut self) -> Result<(), AppError> {
        for name in self.task.needs() {
            if self.has(name) {
                continue;
            }
            match *name {
                "communities" => self.derive_communities()?,
                "compounds" => self.derive_compounds()?,
                "gates" => self.derive_gates()?,
                "stations" => self.derive_stations()?,
                "candidates" => self.derive_candidates()?,
                "volunteers" => self.derive_volunteers()?,
                "adjacency" => self.derive_adjacency()?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Succeeds if everything is there that cannot be derived.
    pub(super) fn all_there(&self) -> Result<(), AppError> {
        let of_people = self.is_wanted("volunteers") && self.has_counts();
        let of_buildings = of_people
            || ["adjacency", "compounds", "candidates", "communities"].iter().any(|name| self.is_wanted(name));
        let mut lacking: Vec<&str> = Vec::new();
        if self.is_wanted("buildings") || of_buildings && !self.survey.tables.contains_key("buildings") {
            lacking.push("buildings");
        }
        if self.task == Task::Reach && self.is_wanted("stations") {
            lacking.push("stations");
        }
        let ways =
            self.survey.map.is_some() || ["nodes", "edges"].iter().all(|name| self.survey.tables.contains_key(name));
        if self.task.needs_ways() && !ways {
            lacking.push("ways");
        }
        if self.is_wanted("volunteers") && !of_people {
            lacking.push("volunteers");
        }
        if lacking.is_empty() {
            return Ok(());
        }
        let mut faults: Vec<Fault> = lacking.into_iter().flat_map(|name| self.lacking(name)).collect();
        if faults.iter().any(|fault| fault.file == self.survey.folder) {
            faults.push(self.survey.here());
        }
        Err(AppError::Tables(faults))
    }

    /// Says why a table is missing: what is wrong with the file that is the table by its name; or else what to bring,
    /// and under which names it was looked for.
    fn lacking(&self, name: &str) -> Vec<Fault> {
        if let Some(broken) = self.survey.broken.get(name) {
            return broken.clone();
        }
        let Bilingual { mut zh, mut en } = missing(name);
        let mut add = |more: &Bilingual| {
            zh.push_str(&more.zh);
            en.push_str(&more.en);
        };
        // Ways are never in a sheet of a workbook alone.
        if name != "ways" {
            add(&self.survey.overlooked());
        }
        add(&looked_for(name));
        vec![Fault { file: self.survey.folder.clone(), line: 0, said: both(zh, en) }]
    }

    /// The buildings, as the planners will read them.
    fn housing(&self) -> Result<Buildings, AppError> {
        let weight = if self.task == Task::Grids { self.given.weight.as_str() } else { "households" };
        self.bundle().buildings_by(weight, None).map_err(AppError::Tables)
    }

    /// Says that a table was derived, and how it is replaced.
    fn tell(&mut self, name: &str, zh: &str, en: &str) {
        self.say(
            format!(
                "{name} 是推出来的：{zh}。写在 tables/{name}.csv；要改，请把改好的 {name}.csv 放进表格文件夹，再运行一次。"
            ),
            format!(
                "{name} was derived: {en}. It stands in tables/{name}.csv; to replace it, put your own {name}.csv into \
                 the folder with the tables and run this again."
            ),
        );
    }

    fn derive_communities(&mut self) -> Result<(), AppError> {
        let town = self.housing()?;
        let row = |at: usize| {
            let name = town.communities.written(at);
            let is_code = name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit());
            let code = if is_code { name.clone() } else { String::new() };
            vec![name.clone(), name, code]
        };
        let rows: Vec<Vec<String>> = (0..town.communities.len()).map(row).collect();
        let count = rows.len();
        self.put("communities", &["id", "name", "code"], rows, None)?;
        self.tell(
            "communities",
            &format!("楼栋表里的 {count} 个社区"),
            &format!("the {count} communities of the buildings"),
        );
        Ok(())
    }

    /// Buildings that stand side by side.
    fn derive_adjacency(&mut self) -> Result<(), AppError> {
        let town = self.housing()?;
        if town.degrees && matches!(self.survey.tables.get("buildings"), Some(Source::Ready)) {
            // Nobody placed them on the map before.
            self.look_at_the_map()?;
            let file = self.bundle().file("buildings");
            self.near_the_ways("buildings", &file, &town.points, &[])?;
        }
        let found = self.neighbours_of(&town.points, town.degrees)?;
        let kept = borders(&found, &town.grid, u64::from(self.given.least));
        let name = |building: u32| town.ids.written(building as usize);
        let row =
            |border: &planning::partition::Border| vec![name(border.a), name(border.b), border.metres.to_string()];
        self.put("adjacency", &["a", "b", "border_m"], kept.iter().map(row).collect(), None)?;
        let (pairs, parted) = (kept.len(), found.len() - kept.len());
        let (by_zh, by_en) = if self.ground.is_some() {
            ("，按地图上的水面、铁路、街道和围墙分开", ", parted by the water, railways, streets and walls of the map")
        } else {
            ("", "")
        };
        self.tell(
            "adjacency",
            &format!(
                "它是相邻表，一行写明挨着的两栋楼（a、b 是编号，border_m 是相邻多少米），只有挨着的楼才能划在一个网格里。\
                 这次是相距 {NEAR_METRES} 米以内、中间没有别的楼的 {pairs} 对楼栋{by_zh}，另有 {parted} 对被分开"
            ),
            &format!(
                "{pairs} pairs of buildings within {NEAR_METRES} m with no other between them{by_en}; {parted} more are \
                 parted. Each row names two buildings that stand side by side (a and b are their ids, border_m is for \
                 how many metres); only those can be in one grid"
            ),
        );
        Ok(())
    }

    fn derive_compounds(&mut self) -> Result<(), AppError> {
        let town = self.housing()?;
        let found = summed(&town);
        let volunteers = if self.task == Task::Mobilize { self.people()? } else { 0 };
        let wishes = match self.survey.tables.get("compounds") {
            Some(Source::Sheet(sheet)) => Wishes::of(sheet),
            _ => Wishes::default(),
        };
        let all = found.iter().map(|compound| compound.households).sum::<u64>().max(1);
        let row = |(at, compound): (usize, &Compound)| {
            let id = town.compounds.written(at);
            let share = volunteers as f64 * compound.households as f64 / all as f64;
            let need = [(share * LEAST_SHARE).floor(), (share * MOST_SHARE).ceil(), 0.0].map(|need| need.to_string());
            let need = wishes.need(&id, need);
            let middle = compound.middle();
            let at = [middle.x, middle.y].map(|metres| format!("{metres:.7}"));
            let texts = [id.clone(), id, compound.community.clone()];
            texts.into_iter().chain(at).chain([compound.households.to_string()]).chain(need).collect()
        };
        let rows: Vec<Vec<String>> = found.iter().enumerate().map(row).collect();
        let (count, [x, y]) = (rows.len(), axes(town.degrees));
        let titles = ["id", "name", "community", x, y, "households", "min_vol", "max_vol", "min_medical"];
        self.put("compounds", &titles, rows, None)?;
        let (needs_zh, needs_en) = match (self.task, wishes.of.len()) {
            (Task::Mobilize, 0) => (
                "，需要的人数是按户数应分志愿者的一半到一倍半",
                ", which need from a half to three halves of their share of the volunteers by households",
            ),
            (Task::Mobilize, _) => ("，需要的人数取自小区表", ", whose needs are those of the sheet of compounds"),
            _ => ("", ""),
        };
        self.tell(
            "compounds",
            &format!("楼栋的 {count} 个小区{needs_zh}"),
            &format!("the {count} compounds of the buildings{needs_en}"),
        );
        Ok(())
    }

    /// A gate where each compound is nearest to a way that leads on.
    fn derive_gates(&mut self) -> Result<(), AppError> {
        self.look_at_the_map()?;
        let bundle = self.bundle();
        let degrees = self.extract.is_some() || bundle.in_degrees("compounds").map_err(AppError::Tables)?;
        let placed = bundle.placed("compounds", degrees, &[column("id", Kind::Id)]).map_err(AppError::Tables)?;
        let Placed { points, table } = placed;
        let at: Vec<Point> = match &self.extract {
            Some(extract) => {
                let joins = extract.edges.iter().map(|edge| [edge.from, edge.to]);
                let pieces = Pieces::new(extract.nodes.len(), joins);
                let lines = Lines::new(&extract.nodes, &extract.edges, true);
                let on_way =
                    |at: &Point| lines.nearest_joined(*at, &pieces).map_or(*at, |foot| foot_at(&extract.nodes, &foot));
                points.iter().map(on_way).collect()
            }
            None => points,
        };
        let row =
            |(row, at): (usize, &Point)| vec![table.ids.written(row), format!("{:.7}", at.x), format!("{:.7}", at.y)];
        let rows: Vec<Vec<String>> = at.iter().enumerate().map(row).collect();
        let (count, [x, y]) = (rows.len(), axes(degrees));
        self.put("gates", &["compound", x, y], rows, None)?;
        self.tell(
            "gates",
            &format!("每个小区一个出入口，在离它最近的路上，共 {count} 个"),
            &format!("one gate for each compound where a way is nearest, {count} in all"),
        );
        Ok(())
    }

    /// There are no stations yet.
    fn derive_stations(&mut self) -> Result<(), AppError> {
        // A sheet of stations that cannot be read says nothing of how many there are.
        if let Some(broken) = self.survey.broken.get("stations") {
            return Err(AppError::Tables(broken.clone()));
        }
        let [x, y] = axes(self.ways_in_degrees()?);
        self.put("stations", &["id", x, y], Vec::new(), None)?;
        self.tell("stations", "没有驿站表，当作还没有驿站", "nobody brought any, so none are taken to exist today");
        Ok(())
    }

    /// A candidate at each gate, or in the middle of each compound.
    fn derive_candidates(&mut self) -> Result<(), AppError> {
        let known = ["compound", "node", "lon", "lat", "x", "y"];
        let gates = if self.has("gates") { texts(&self.bundle().file("gates"), &known) } else { Vec::new() };
        if !gates.is_empty() {
            let used: Vec<usize> =
                (0..known.len()).filter(|at| gates.iter().any(|gate| !gate[*at].is_empty())).collect();
            let titles: Vec<&str> = ["id", "name"].into_iter().chain(used.iter().map(|at| known[*at])).collect();
            let row = |(number, gate): (usize, &Vec<String>)| {
                let own = [number.to_string(), gate[0].clone()];
                own.into_iter().chain(used.iter().map(|at| gate[*at].clone())).collect()
            };
            let rows: Vec<Vec<String>> = (1..).zip(&gates).map(row).collect();
            let count = rows.len();
            self.put("candidates", &titles, rows, None)?;
            self.tell(
                "candidates",
                &format!("每个出入口一个候选点，共 {count} 个"),
                &format!("one for each gate, {count} in all"),
            );
            return Ok(());
        }
        let town = self.housing()?;
        let row = |(at, compound): (usize, &Compound)| {
            let (name, middle) = (town.compounds.written(at), compound.middle());
            vec![name.clone(), name, format!("{:.7}", middle.x), format!("{:.7}", middle.y)]
        };
        let rows: Vec<Vec<String>> = summed(&town).iter().enumerate().map(row).collect();
        let (count, [x, y]) = (rows.len(), axes(town.degrees));
        self.put("candidates", &["id", "name", x, y], rows, None)?;
        self.tell(
            "candidates",
            &format!("每个小区一个候选点，在它的中间，共 {count} 个"),
            &format!("one in the middle of each compound, {count} in all"),
        );
        Ok(())
    }

    /// Says whether the points of the ways are degrees.
    fn ways_in_degrees(&self) -> Result<bool, AppError> {
        if self.survey.map.is_some() { Ok(true) } else { self.bundle().in_degrees("nodes").map_err(AppError::Tables) }
    }
}

fn axes(degrees: bool) -> [&'static str; 2] {
    if degrees { ["lon", "lat"] } else { ["x", "y"] }
}

/// Returns the point at which something meets a way.
fn foot_at(nodes: &[Point], foot: &Foot) -> Point {
    let [from, to] = foot.ends.map(|end| nodes[end as usize]);
    Point { x: from.x + (to.x - from.x) * foot.share, y: from.y + (to.y - from.y) * foot.share }
}

/// What compounds need, by their ids and names, as a sheet says it.
#[derive(Default)]
struct Wishes {
    of: BTreeMap<String, [String; 3]>,
}

impl Wishes {
    fn of(sheet: &Sheet) -> Self {
        let at = mapped("compounds", &sheet.titles, "");
        let cell = |row: usize, name: &str| at.get(name).map_or("", |place| sheet.cell(row, *place)).to_owned();
        let mut of = BTreeMap::new();
        for row in 0..sheet.rows.len() {
            let need = ["min_vol", "max_vol", "min_medical"].map(|name| cell(row, name));
            let names = ["id", "name"].map(|name| cell(row, name));
            of.extend(names.into_iter().filter(|name| !name.is_empty()).map(|name| (name, need.clone())));
        }
        Self { of }
    }

    /// Returns what a compound needs: what the sheet says of it, otherwise what is reckoned.
    fn need(&self, id: &str, reckoned: [String; 3]) -> [String; 3] {
        let Some(said) = self.of.get(id) else { return reckoned };
        let mut need = reckoned;
        for (need, said) in need.iter_mut().zip(said).filter(|(_, said)| !said.is_empty()) {
            need.clone_from(said);
        }
        need
    }
}
