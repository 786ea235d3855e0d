//! This file takes sheets of people as tables of planners: ids, points, and what else each table holds.

use std::collections::{BTreeMap, BTreeSet};

use kernel::language::{Bilingual, Lang};
use planning::shape::Point;

use super::crs::{Crs, Naming};
use super::recognised::{Placing, recognised};
use super::sheet::Sheet;
use super::titles::{TABLES, is_placed, mapped, titled, told};
use super::{Making, Origin, Source, Task, named, spoilt};
use crate::AppError;
use crate::plan::figures::name_of;
use crate::plan::table::{Fault, TOLD, both};

/// Says where columns of a sheet stand.
type At = BTreeMap<String, usize>;

/// Who can do any shift, in the bits of `shifts`.
const ANY_SHIFT: &str = "7";

/// Where the rows of a sheet are.
pub(super) struct Spots {
    /// The titles of the columns that say it.
    pub titles: Vec<&'static str>,
    /// Their cells, row by row.
    pub cells: Vec<Vec<String>>,
    /// The points: degrees of WGS 84, or metres of a plane. One that cannot be read is 0, 0.
    pub points: Vec<Point>,
    /// Whether they are degrees.
    pub degrees: bool,
}

/// Columns of a table that is made, each with its title.
pub(super) struct Columns {
    titles: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    pub(super) fn new(rows: usize) -> Self {
        Self { titles: Vec::new(), rows: vec![Vec::new(); rows] }
    }

    /// Adds a column with a cell for each row.
    pub(super) fn add<T: Into<String>>(&mut self, title: &str, cells: impl IntoIterator<Item = T>) {
        self.titles.push(title.to_owned());
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.push(cell.into());
        }
    }
}

impl Making<'_> {
    /// Takes every sheet that the task needs.
    pub(super) fn take_all(&mut self) -> Result<(), AppError> {
        for name in TABLES {
            if !self.wants(name) {
                continue;
            }
            let Some(Source::Sheet(sheet)) = self.survey.tables.get(name).cloned() else { continue };
            for said in &sheet.said {
                let file = named(&sheet.file);
                self.said.push(both(format!("{file}：{}", said.zh), format!("{file}: {}", said.en)));
            }
            let weight = if name == "buildings" { self.given.weight.as_str() } else { "" };
            spoilt::whole(&sheet, &mapped(name, &sheet.titles, weight)).map_err(AppError::Tables)?;
            match name {
                "buildings" => self.take_buildings(&sheet)?,
                "compounds" => self.take_compounds(&sheet)?,
                _ => self.take(name, &sheet)?,
            }
        }
        Ok(())
    }

    /// Says whether the task may use a table.
    fn wants(&self, name: &str) -> bool {
        let is_way = matches!(name, "nodes" | "edges");
        let beside: &[&str] = match self.task {
            Task::Site => &["gates"],
            Task::Mobilize => &["buildings", "communities"],
            _ => &[],
        };
        let ways = is_way && self.task.needs_ways() && self.survey.map.is_none();
        ways || self.task.needs().contains(&name) || beside.contains(&name)
    }

    /// Takes a sheet as a table whose columns mean the same there.
    fn take(&mut self, name: &'static str, sheet: &Sheet) -> Result<(), AppError> {
        let at = mapped(name, &sheet.titles, "");
        let rows = sheet.rows.len();
        let mut columns = Columns::new(rows);
        let (needed, plain): (&[&str], &[&str]) = match name {
            "nodes" => (&["id"], &[]),
            "edges" => (&[], &["from", "to", "length_m", "src", "dst", "t_ds", "cls"]),
            "communities" => (&[], &["name", "code", "volunteers"]),
            "gates" => (&["compound"], &["compound"]),
            "adjacency" => (&["a", "b", "border_m"], &["a", "b", "border_m"]),
            _ => (&[], &["name", "address"]),
        };
        if let Some(missing) = needed.iter().find(|column| !at.contains_key(**column)) {
            return Err(lacks(name, sheet, missing));
        }
        match name {
            "gates" | "edges" | "adjacency" => {}
            // A community is called as the buildings call it: by its name, or by its code.
            "communities" => columns.add("id", first_of(sheet, &at, &["id", "name", "code"])),
            _ => columns.add("id", self.ids(name, sheet, &at)),
        }
        for column in plain {
            if let Some(cells) = sheet.column(&at, column) {
                columns.add(column, cells);
            }
        }
        for column in ["opens", "closes"].into_iter().filter(|_| name == "stations") {
            if let Some(cells) = sheet.column(&at, column) {
                columns.add(column, cells.into_iter().map(minute));
            }
        }
        if name == "volunteers" {
            let filled = |column: &str, default: &str| -> Vec<String> {
                let cells = sheet.column(&at, column).unwrap_or_else(|| vec![""; rows]);
                cells.into_iter().map(|cell| (if cell.is_empty() { default } else { cell }).to_owned()).collect()
            };
            columns.add("skills", filled("skills", "0"));
            columns.add("shifts", filled("shifts", ANY_SHIFT));
        }
        if is_placed(name) {
            let spots = self.spots(name, sheet, &at)?;
            columns.add_spots(&spots);
        }
        self.finish(name, sheet, &at, columns)
    }

    /// Takes the sheet of compounds, if it says all that the task needs of them. Otherwise they are made of the
    /// buildings, and the sheet adds what it says.
    fn take_compounds(&mut self, sheet: &Sheet) -> Result<(), AppError> {
        let at = mapped("compounds", &sheet.titles, "");
        let needed: &[&str] = match self.task {
            Task::Mobilize => &["min_vol", "max_vol"],
            Task::Lay => &["community"],
            _ => &[],
        };
        let is_whole = needed.iter().all(|column| at.contains_key(*column)) && Pairs::of(sheet, &at).is_some();
        if !is_whole {
            return Ok(());
        }
        let rows = sheet.rows.len();
        let is_own = at.get("id").is_some_and(|place| sheet.titles.get(*place).is_some_and(|title| title == "id"));
        // Buildings and gates name compounds, where nobody calls a column just so.
        let ids = first_of(sheet, &at, if is_own { &["id"] } else { &["name", "id"] });
        let mut columns = Columns::new(rows);
        columns.add("id", ids);
        for column in ["name", "address", "community", "households", "min_vol", "max_vol"] {
            if let Some(cells) = sheet.column(&at, column) {
                columns.add(column, cells);
            }
        }
        let medical = sheet.column(&at, "min_medical").unwrap_or_else(|| vec!["0"; rows]);
        columns.add("min_medical", medical.into_iter().map(|cell| if cell.is_empty() { "0" } else { cell }));
        let spots = self.spots("compounds", sheet, &at)?;
        columns.add_spots(&spots);
        self.finish("compounds", sheet, &at, columns)
    }

    /// Writes the table of a sheet.
    pub(super) fn finish(
        &mut self,
        name: &'static str,
        sheet: &Sheet,
        at: &At,
        columns: Columns,
    ) -> Result<(), AppError> {
        let title = |place: usize| sheet.titles.get(place).cloned().unwrap_or_default();
        let own = at.iter().map(|(column, place)| (column.clone(), title(*place))).collect();
        let (file, lines) = (sheet.file.clone(), sheet.lines.clone());
        let origin = Origin { file, lines, unread: sheet.unread(at), titles: own };
        let titles: Vec<&str> = columns.titles.iter().map(String::as_str).collect();
        if name != "communities"
            && let Some(place) = titles.iter().position(|title| *title == "id")
        {
            let ids = columns.rows.iter().map(|row| row.get(place).map_or("", String::as_str));
            spoilt::each_once(sheet, ids).map_err(AppError::Tables)?;
        }
        self.put(name, &titles, columns.rows, Some(origin))
    }

    /// Returns the ids of the rows: those that the sheet has, if each has one of its own, otherwise the lines in which
    /// they stand.
    pub(super) fn ids(&mut self, name: &str, sheet: &Sheet, at: &At) -> Vec<String> {
        let lines = || sheet.lines.iter().map(u64::to_string).collect();
        let Some(ids) = sheet.column(at, "id") else { return lines() };
        let is_own = at.get("id").is_some_and(|place| sheet.titles.get(*place).is_some_and(|title| title == "id"));
        let each: BTreeSet<&str> = ids.iter().copied().filter(|id| !id.is_empty()).collect();
        if is_own || each.len() == ids.len() {
            return ids.into_iter().map(str::to_owned).collect();
        }
        let title = at.get("id").and_then(|place| sheet.titles.get(*place)).cloned().unwrap_or_default();
        let which = spoilt::again_or_empty(sheet, &ids);
        self.say(
            format!(
                "{}表：“{title}”一列{}。编号改用行号，每一行各算一个，没有合并；重复的行，请去掉。",
                name_of(name, Lang::Zh),
                which.zh
            ),
            format!(
                "{name}: in the column “{title}” {}, so rows are numbered by their lines, and each counts. Leave out a \
                 row that stands there twice.",
                which.en
            ),
        );
        lines()
    }

    /// Returns where the rows of a sheet are.
    pub(super) fn spots(&mut self, name: &str, sheet: &Sheet, at: &At) -> Result<Spots, AppError> {
        let mut spots =
            Spots { titles: Vec::new(), cells: vec![Vec::new(); sheet.rows.len()], points: Vec::new(), degrees: false };
        if let Some(pairs) = Pairs::of(sheet, at) {
            pairs.in_range(sheet)?;
            let placing = self.placing(name, sheet, &pairs)?;
            spots.degrees = placing.crs.is_placed();
            spots.titles = if spots.degrees { vec!["lon", "lat"] } else { vec!["x", "y"] };
            let read = placed(sheet, &pairs, &placing, self.task.naming(), &mut spots)?;
            if spots.degrees {
                let rows = read.iter().zip(&sheet.lines).filter_map(|(at, line)| Some(((*at)?, *line)));
                let (points, lines): (Vec<Point>, Vec<u64>) = rows.unzip();
                self.near_the_ways(name, &sheet.file, &points, &lines)?;
            }
        }
        if self.survey.map.is_none() {
            for column in ["node", "access_ds"] {
                let Some(cells) = sheet.column(at, column) else { continue };
                spots.titles.push(column);
                for (row, cell) in spots.cells.iter_mut().zip(cells) {
                    row.push(cell.to_owned());
                }
            }
        }
        if spots.titles.is_empty() { Err(lacks(name, sheet, "lon, lat")) } else { Ok(spots) }
    }

    /// Recognises how the points of a sheet are written, and tells it.
    fn placing(&mut self, name: &str, sheet: &Sheet, pairs: &Pairs) -> Result<Placing, AppError> {
        self.look_at_the_map()?;
        let points: Vec<Point> = pairs.points.iter().copied().flatten().collect();
        let map = self.ground.as_ref().map(|ground| &ground.map);
        let found = recognised(&points, pairs.in_degrees, self.given.crs, map, self.task.naming());
        let placing = found.map_err(|said| AppError::Tables(sheet.fault(said)))?;
        let (crs, why) = (placing.crs.told(), &placing.why);
        let (zh, en) = if placing.turned { ("，北坐标在前", ", north first") } else { ("", "") };
        self.said.push(both(
            format!("{}表：坐标按{}读取{zh}（{}）。", name_of(name, Lang::Zh), crs.zh, why.zh),
            format!("{name}: coordinates are read as {}{en} ({}).", crs.en, why.en),
        ));
        Ok(placing)
    }
}

impl Columns {
    /// Adds the columns that say where rows are.
    pub(super) fn add_spots(&mut self, spots: &Spots) {
        for (at, title) in spots.titles.iter().enumerate() {
            let cell = |cells: &Vec<String>| cells.get(at).cloned().unwrap_or_default();
            self.add(title, spots.cells.iter().map(cell));
        }
    }
}

/// Says that a sheet has no such column, and how it may be called.
pub(super) fn lacks(name: &str, sheet: &Sheet, column: &str) -> AppError {
    let (known, all) = (sheet.titles.join(","), told(name));
    if column == "households" {
        return AppError::Tables(sheet.fault(both(
            format!("没有户数这一列，只有 {known}。请加一列“户数”，每栋楼写有多少户。"),
            format!(
                "has no column households; it has {known}. Add one with the number of households of each building."
            ),
        )));
    }
    AppError::Tables(sheet.fault(both(
        format!(
            "没有“{}”这一列，只有 {known}。{}表的列可以这样写：{all}。",
            column.split(", ").map(|one| titled(name, one)).collect::<Vec<_>>().join("”“"),
            name_of(name, Lang::Zh)
        ),
        format!("has no column {column}; it has {known}. Columns of {name} are called: {all}."),
    )))
}

/// Returns for each row the first of some columns that is filled in.
fn first_of(sheet: &Sheet, at: &At, columns: &[&str]) -> Vec<String> {
    let places: Vec<usize> = columns.iter().filter_map(|column| at.get(*column)).copied().collect();
    let first = |row: usize| {
        let mut cells = places.iter().map(|place| sheet.cell(row, *place));
        cells.find(|cell| !cell.is_empty()).unwrap_or_default().to_owned()
    };
    (0..sheet.rows.len()).map(first).collect()
}

/// Returns the minute of the day of a time that is written as 08:30, and any other text as it is.
fn minute(text: &str) -> String {
    let text = tables::plain(text);
    let read = text.split_once(':').and_then(|(hours, minutes)| {
        let minutes = minutes.split(':').next()?;
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 24 && minutes < 60).then_some(hours * 60 + minutes)
    });
    read.map_or(text, |minute| minute.to_string())
}

/// The coordinates of a sheet as they are written.
struct Pairs {
    /// The texts of both.
    texts: Vec<[String; 2]>,
    /// The points that can be read.
    points: Vec<Option<Point>>,
    /// Whether the titles promise degrees.
    in_degrees: bool,
}

impl Pairs {
    /// Reads them from two columns, or from one that holds both.
    fn of(sheet: &Sheet, at: &At) -> Option<Self> {
        let two = |first: &str, second: &str| {
            let (first, second) = (sheet.column(at, first)?, sheet.column(at, second)?);
            let pair = |(first, second): (&str, &str)| [tables::plain(first), tables::plain(second)];
            Some(first.into_iter().zip(second).map(pair).collect::<Vec<_>>())
        };
        let (texts, promised) = if let Some(texts) = two("lon", "lat") {
            (texts, true)
        } else if let Some(texts) = two("x", "y") {
            (texts, false)
        } else {
            (sheet.column(at, "point")?.into_iter().map(both_of).collect(), true)
        };
        let point = |texts: &[String; 2]| Some(Point { x: number(&texts[0])?, y: number(&texts[1])? });
        let points: Vec<Option<Point>> = texts.iter().map(point).collect();
        // Some write metres below such titles. A few wrong cells are no metres.
        let large = points.iter().flatten().filter(|at| is_large(at)).count();
        let in_degrees = promised && large * 2 <= points.iter().flatten().count();
        Some(Self { texts, points, in_degrees })
    }

    /// Succeeds if all are degrees where most are.
    fn in_range(&self, sheet: &Sheet) -> Result<(), AppError> {
        let mut faults = Vec::new();
        for ((at, [first, second]), line) in self.points.iter().zip(&self.texts).zip(&sheet.lines) {
            if !self.in_degrees || !at.as_ref().is_some_and(is_large) || faults.len() >= TOLD {
                continue;
            }
            let said = both(
                format!("{first}、{second} 不是经纬度：经度在 -180 到 180 之间，纬度在 -90 到 90 之间。请改正。"),
                format!(
                    "{first}, {second} are no degrees: lon lies between -180 and 180, lat between -90 and 90. Correct \
                     them."
                ),
            );
            faults.push(Fault { file: sheet.file.clone(), line: *line, said });
        }
        if faults.is_empty() { Ok(()) } else { Err(AppError::Tables(faults)) }
    }
}

/// Says whether a coordinate is too large for degrees.
fn is_large(at: &Point) -> bool {
    at.x.abs() > 180.0 || at.y.abs() > 180.0
}

/// Divides a cell that holds both coordinates: `123.43,41.80`, `(123.43 41.80)`.
fn both_of(cell: &str) -> [String; 2] {
    let text = tables::plain(cell);
    let bare = text.trim_matches(|sign: char| matches!(sign, '(' | ')' | '[' | ']'));
    let mut parts = bare.split([',', ';', ' ', '、']).map(str::trim).filter(|part| !part.is_empty());
    [parts.next(), parts.next()].map(|part| part.unwrap_or_default().to_owned())
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// Places the rows of a sheet and returns their points, as far as they can be read. What cannot be read stays as it is,
/// so that whoever reads the table tells it by its line.
fn placed(
    sheet: &Sheet,
    pairs: &Pairs,
    placing: &Placing,
    naming: Naming,
    spots: &mut Spots,
) -> Result<Vec<Option<Point>>, AppError> {
    let (mut faults, mut read) = (Vec::new(), Vec::with_capacity(pairs.points.len()));
    for (row, (texts, written)) in pairs.texts.iter().zip(&pairs.points).enumerate() {
        let point = written.and_then(|at| placing.point(at));
        if written.is_some() && point.is_none() && faults.len() < TOLD {
            let exchanged = written.and_then(|at| placing.point(Point { x: at.y, y: at.x })).is_some();
            let said = no_point(texts, &placing.crs, exchanged, naming);
            let line = sheet.lines.get(row).copied().unwrap_or_default();
            faults.push(Fault { file: sheet.file.clone(), line, said });
        }
        let cells = match point {
            Some(at) if spots.degrees => vec![format!("{:.7}", at.x), format!("{:.7}", at.y)],
            // Metres of a plane stay as they are written, but with those to the east first.
            Some(_) if placing.turned => vec![texts[1].clone(), texts[0].clone()],
            _ => texts.to_vec(),
        };
        spots.cells[row] = cells;
        spots.points.push(point.unwrap_or_default());
        read.push(point);
    }
    if faults.is_empty() && spots.degrees {
        spoilt::together(sheet, &read).map_err(AppError::Tables)?;
    }
    if faults.is_empty() { Ok(read) } else { Err(AppError::Tables(faults)) }
}

/// Says that two coordinates are no point of their system. `exchanged` says whether they are one the other way round.
fn no_point(texts: &[String; 2], crs: &Crs, exchanged: bool, naming: Naming) -> Bilingual {
    let ([first, second], name) = (texts, naming.name());
    let (or_zh, or_en) = if naming.takes(crs) {
        (format!("用 {} 说明坐标系", name.zh), format!("say with {} what it is", name.en))
    } else {
        ("写经度和纬度".to_owned(), "write lon and lat".to_owned())
    };
    let crs = crs.told();
    let (zh, en) = if exchanged {
        ("两个数可能写反了，请对调", "The two may be swapped: exchange them")
    } else {
        ("请改正坐标", "Correct it")
    };
    both(
        format!("{first}、{second} 不是{}里的点。{zh}，或{or_zh}。", crs.zh),
        format!("{first}, {second} is no point in {}. {en}, or {or_en}.", crs.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_in_one_cell_are_two() {
        let table = [
            ("123.43,41.80", ["123.43", "41.80"]),
            ("（123.43， 41.80）", ["123.43", "41.80"]),
            ("[123.43 41.80]", ["123.43", "41.80"]),
            ("somewhere", ["somewhere", ""]),
            ("", ["", ""]),
        ];
        for (cell, wanted) in table {
            assert_eq!(both_of(cell), wanted, "{cell}");
        }
    }

    #[test]
    fn a_time_of_day_is_a_minute() {
        for (text, wanted) in [("08:30", "510"), ("8：30", "510"), ("24:00", "1440"), ("510", "510"), ("noon", "noon")]
        {
            assert_eq!(minute(text), wanted);
        }
    }
}
