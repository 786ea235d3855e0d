//! This file finds the tables of a town among the files of a person, whatever they are called.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::language::Bilingual;
use tables::{Limits, folded, is_workbook};

use super::sheet::Sheet;
use super::titles::{TABLES, by_name, by_titles, is_placed, mapped};
use super::{Given, named};
use crate::plan::beside;
use crate::plan::table::{Fault, Titles, both, file_of};

/// What answers are called, so that nobody takes one for a table.
const ANSWERS: [&str; 12] = [
    "answer",
    "moves",
    "pieces",
    "grid_prices",
    "coverage",
    "sites",
    "site_prices",
    "site_proof",
    "assignment",
    "prices",
    "fair_prices",
    "fair_witness",
];

/// Says what a table is.
#[derive(Debug, Clone)]
pub enum Source {
    /// The table is in the folder as planners read it.
    Ready,
    /// The table is in a file as people write it.
    Sheet(Sheet),
}

/// The hidden sheets of a workbook, which nobody reads.
#[derive(Debug, Clone)]
pub(super) struct Hidden {
    file: PathBuf,
    names: Vec<String>,
}

/// Holds what was found in a folder.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    /// The folder.
    pub folder: PathBuf,
    /// The extract of OpenStreetMap.
    pub map: Option<PathBuf>,
    /// The tables.
    pub tables: BTreeMap<&'static str, Source>,
    /// Files that were left out, each with the reason.
    pub left: Vec<Fault>,
    /// The names of all files of the folder.
    pub(super) beside: Vec<String>,
    /// The hidden sheets of the workbooks.
    pub(super) hidden: Vec<Hidden>,
    /// What is wrong with files that are tables by their names and cannot be read.
    pub(super) broken: BTreeMap<&'static str, Vec<Fault>>,
}

impl Survey {
    /// Looks through a folder, or takes a file as the table of buildings. Where the tables of these names are as
    /// planners read them, nobody looks at other files.
    pub fn of(given: &Given, needs: &[&str]) -> Result<Self, Vec<Fault>> {
        let is_file = given.path.is_file();
        let parent = given.path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = if is_file { parent } else { given.path.as_path() };
        let files = files(folder)?;
        let beside = files.iter().map(|file| named(file)).collect();
        let mut survey = Self { folder: folder.to_owned(), beside, ..Self::default() };
        survey.map = map(given, folder, &files)?;
        if is_file {
            survey.take(&given.path, Some("buildings"), given.limits)?;
            return Ok(survey);
        }
        for name in TABLES {
            let file = file_of(folder, name);
            let is_way = matches!(name, "nodes" | "edges");
            if !file.exists() || is_way && survey.map.is_some() {
                continue;
            }
            if survey.is_ready(name, given) {
                survey.tables.insert(name, Source::Ready);
            } else {
                match Sheet::read(&file, None, given.limits) {
                    Ok(sheet) => drop(survey.tables.insert(name, Source::Sheet(sheet))),
                    // Whoever needs the table is told what is wrong with it.
                    Err(_) => drop(survey.tables.insert(name, Source::Ready)),
                }
            }
        }
        let is_ready = |name: &&str| matches!(survey.tables.get(*name), Some(Source::Ready));
        if needs.is_empty() || !needs.iter().all(is_ready) {
            for file in files.iter().filter(|file| is_foreign(file)) {
                survey.take(file, None, given.limits)?;
            }
            if !survey.tables.contains_key("buildings") {
                survey.left.extend(files.iter().filter(|file| is_other(file)).map(|file| other(file)));
                survey.left.extend(no_files(folder));
            }
        }
        Ok(survey)
    }

    /// Says whether a table of the folder is as planners read it.
    fn is_ready(&self, name: &str, given: &Given) -> bool {
        let file = file_of(&self.folder, name);
        if file.extension().is_some_and(|extension| extension == "parquet") {
            return true;
        }
        let Ok(titles) = Titles::of(&self.folder, name) else { return false };
        let has = |columns: &[&str]| columns.iter().all(|column| titles.has(column));
        let required: &[&str] = match name {
            "buildings" => &["id", "compound", "community"],
            "compounds" => &["id", "min_vol", "max_vol", "min_medical"],
            "gates" => &["compound"],
            "volunteers" => &["id", "skills", "shifts"],
            "nodes" | "communities" => &["id"],
            "adjacency" => &["a", "b", "border_m"],
            _ => &[],
        };
        let weighed = name != "buildings" || titles.has(&folded(&given.weight));
        let degrees = has(&["lon", "lat"]);
        let metres = has(&["x", "y"]);
        // Beside a map somebody looks what the coordinates are.
        let is_as_wanted = given.crs.is_none() && self.map.is_none() && (degrees || metres);
        let by_node = titles.has("node") && !degrees && !metres;
        has(required) && weighed && (!is_placed(name) || is_as_wanted || by_node)
    }

    /// Takes a file in: each sheet of a workbook that is a table, or the file itself. `meant` says which table it is.
    fn take(&mut self, file: &Path, meant: Option<&'static str>, limits: Limits) -> Result<(), Vec<Fault>> {
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xls")) {
            let said = both(
                "是旧版 XLS 工作簿，没有读取。请另存为 XLSX。",
                "is a workbook of earlier days (XLS) and was not read. Save it as XLSX.",
            );
            let fault = Fault { file: file.to_owned(), line: 0, said };
            if meant.is_some() {
                return Err(vec![fault]);
            }
            self.set_aside(&stem, vec![fault]);
            return Ok(());
        }
        let bytes = std::fs::read(file).unwrap_or_default();
        let names = if is_workbook(&bytes) { tables::sheets(&bytes, limits).unwrap_or_default() } else { Vec::new() };
        let hidden =
            if is_workbook(&bytes) { tables::hidden_sheets(&bytes, limits).unwrap_or_default() } else { Vec::new() };
        if !hidden.is_empty() {
            self.hidden.push(Hidden { file: file.to_owned(), names: hidden.clone() });
        }
        if names.len() < 2 {
            return self.take_sheet(Part { file, name: None, stem: &stem, limits }, meant);
        }
        if !hidden.is_empty() {
            self.left.push(Fault { file: file.to_owned(), line: 0, said: unseen(&hidden) });
        }
        let before = self.tables.len();
        for name in &names {
            self.take_sheet(Part { file, name: Some(name), stem: name, limits }, None)?;
        }
        match meant.filter(|table| !self.tables.contains_key(table)) {
            Some(table) if self.tables.len() == before => {
                self.take_sheet(Part { file, name: None, stem: &stem, limits }, Some(table))
            }
            _ => Ok(()),
        }
    }

    fn take_sheet(&mut self, part: Part<'_>, meant: Option<&'static str>) -> Result<(), Vec<Fault>> {
        let Part { file, name, stem, limits } = part;
        let sheet = match Sheet::read(file, name, limits) {
            Ok(sheet) => sheet.called(name),
            Err(faults) if meant.is_some() => return Err(faults),
            Err(faults) => {
                self.set_aside(stem, faults);
                return Ok(());
            }
        };
        let table = meant.or_else(|| by_titles(&sheet.titles)).or_else(|| by_name(stem));
        let Some(table) = table else {
            let known = sheet.titles.join(",");
            let said = both(
                format!("看不出是哪一张表（{stem}：{known}），没有读取。请用文件名说明，如“楼栋”“驿站”“志愿者”。"),
                format!(
                    "is no table that is known ({stem}: {known}) and was not read. Say by its name what it is: \
                     buildings, stations, volunteers."
                ),
            );
            self.leave(file, said);
            return Ok(());
        };
        match self.tables.get(table) {
            None => drop(self.tables.insert(table, Source::Sheet(sheet))),
            Some(Source::Ready) => {
                let said = both(
                    format!("没有读取：已经有 {table}.csv。"),
                    format!("was not read, because there is a table {table} already."),
                );
                self.leave(file, said);
            }
            Some(Source::Sheet(other)) if other.file == file => {
                let said = both(
                    format!("有几张工作表都像是 {table} 这张表，其中一张是“{stem}”。请只留一张，把其他的隐藏或删去。"),
                    format!(
                        "has several sheets that seem to be the table {table}, one of them “{stem}”. Keep one of them, \
                         and hide or delete the others."
                    ),
                );
                return Err(vec![Fault { file: file.to_owned(), line: 0, said }]);
            }
            Some(Source::Sheet(other)) => {
                let other = other.file.display();
                let said = both(
                    format!("和 {other} 都像是 {table} 这张表。请只留一个，或把另一个移走。"),
                    format!("and {other} both seem to be the table {table}. Keep one of them here."),
                );
                return Err(vec![Fault { file: file.to_owned(), line: 0, said }]);
            }
        }
        Ok(())
    }

    /// Names the hidden sheets in which a missing table may stand, with what to do. It says nothing of those that are
    /// named among the files that were left out.
    pub(super) fn overlooked(&self) -> Bilingual {
        let mut said = Bilingual::default();
        for Hidden { file, names } in &self.hidden {
            let left = || self.left.iter().filter(|left| left.file == *file);
            let is_named = |name: &&String| left().any(|left| left.said.zh.contains(name.as_str()));
            let names: Vec<&str> = names.iter().filter(|name| !is_named(name)).map(String::as_str).collect();
            if names.is_empty() {
                continue;
            }
            let file = named(file);
            let zh = format!(
                "{file} 里的工作表“{}”是隐藏的，没有读取；要的表如果在里面，请取消隐藏，或另存为单独的文件。",
                names.join("”“")
            );
            let en = format!(
                " The sheet “{}” of {file} is hidden and was not read; if it is the one, unhide it or save it as a \
                 file of its own.",
                names.join("”, “")
            );
            said.zh.push_str(&zh);
            said.en.push_str(&en);
        }
        said
    }

    /// Says whether a table has a column, as far as it stands in a sheet of people. One that planners read as it is has
    /// all that they need.
    pub fn has_column(&self, table: &str, column: &str) -> bool {
        match self.tables.get(table) {
            Some(Source::Sheet(sheet)) => mapped(table, &sheet.titles, "").contains_key(column),
            Some(Source::Ready) => true,
            None => false,
        }
    }

    /// Says which files were left out, and why.
    pub fn left_out(&self) -> Vec<Bilingual> {
        let one = |fault: &Fault| {
            let name = named(&fault.file);
            both(format!("{name} {}", fault.said.zh), format!("{name} {}", fault.said.en))
        };
        self.left.iter().map(one).collect()
    }

    /// Says which files lie there, to whoever lacks one.
    pub fn here(&self) -> Fault {
        let there = beside::listed(&self.beside);
        let said = both(format!("这里有：{}。", there.zh), format!("here are: {}.", there.en));
        Fault { file: self.folder.clone(), line: 0, said }
    }

    /// Leaves a file out.
    fn leave(&mut self, file: &Path, said: Bilingual) {
        self.left.push(Fault { file: file.to_owned(), line: 0, said });
    }

    /// Leaves a sheet out that cannot be read. Whoever needs the table that it is by its name is told so.
    fn set_aside(&mut self, stem: &str, faults: Vec<Fault>) {
        if let Some(table) = by_name(stem) {
            self.broken.entry(table).or_default().extend(faults.iter().cloned());
        }
        self.left.extend(faults);
    }
}

/// Says that nobody reads the hidden sheets of a workbook.
fn unseen(hidden: &[String]) -> Bilingual {
    both(
        format!("里隐藏的工作表没有读取：{}。要读的，请取消隐藏，或另存为单独的文件。", hidden.join("、")),
        format!(
            "has hidden sheets that were not read: {}. Unhide one that is meant, or save it as a file of its own.",
            hidden.join(", ")
        ),
    )
}

/// A file, or a sheet of it, that may be a table.
#[derive(Clone, Copy)]
struct Part<'a> {
    file: &'a Path,
    /// The sheet of a workbook.
    name: Option<&'a str>,
    /// What it is called.
    stem: &'a str,
    /// How large it may be.
    limits: Limits,
}

/// Returns the files of a folder in the order of their names, without those that programs hide.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Vec<Fault>> {
    let read = std::fs::read_dir(folder).map_err(|broken| {
        let there = beside::around(folder);
        let said = both(
            format!("打不开（{broken}）。请写表格所在的文件夹，或楼栋表的文件名。{}", there.zh),
            format!(
                "cannot be opened ({broken}). Name the folder with the tables, or the sheet of buildings.{}",
                there.en
            ),
        );
        vec![Fault { file: folder.to_owned(), line: 0, said }]
    })?;
    let shown = |file: &PathBuf| {
        file.is_file() && !file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '~']))
    };
    let mut files: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).filter(shown).collect();
    files.sort();
    Ok(files)
}

/// Says whether a file is a table that a person brought: no table by its own name, and no answer.
fn is_foreign(file: &Path) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_table = matches!(ending.as_str(), "xlsx" | "xls" | "csv" | "tsv");
    let is_own = ending == "csv" && TABLES.contains(&stem.as_str());
    is_table && !is_own && !ANSWERS.contains(&stem.as_str())
}

/// What other files may hold a table that nobody reads.
const OTHERS: [&str; 9] = ["geojson", "json", "kml", "shp", "dbf", "gpkg", "ods", "et", "numbers"];

/// Says whether a file may hold a table in a form that nobody reads.
fn is_other(file: &Path) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    OTHERS.contains(&ending.as_str())
}

/// Says of what is called like a table and is no file that it was not read: a folder, or a link to nothing.
fn no_files(folder: &Path) -> Vec<Fault> {
    let Ok(read) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut odd: Vec<PathBuf> = read.flatten().map(|entry| entry.path()).collect();
    odd.retain(|path| is_foreign(path) && !path.is_file());
    odd.sort();
    let told = |file: PathBuf| {
        let said = if file.is_dir() {
            both(
                "是文件夹，不是表格。请打开它，用里面的文件。",
                "is a folder and no table. Open it and use a file inside.",
            )
        } else {
            both(
                "是个快捷方式，指的文件已经没有了。请放上文件本身。",
                "is a link to a file that is gone. Put the file itself here.",
            )
        };
        Fault { file, line: 0, said }
    };
    odd.into_iter().map(told).collect()
}

/// Says that nobody reads a file of this form.
fn other(file: &Path) -> Fault {
    let said = both(
        "不是能读的表格，没有读取。是楼栋表的，请另存为 XLSX 或 CSV。",
        "is no table in a form that is read, and was not read. If it holds the buildings, save it as XLSX or CSV.",
    );
    Fault { file: file.to_owned(), line: 0, said }
}

/// Returns the extract: the one that was named, or `network.osm.pbf`, or the only one that there is.
fn map(given: &Given, folder: &Path, files: &[PathBuf]) -> Result<Option<PathBuf>, Vec<Fault>> {
    if let Some(map) = &given.map {
        return if map.exists() { Ok(Some(map.clone())) } else { Err(vec![no_map(map)]) };
    }
    let own = folder.join("network.osm.pbf");
    if own.exists() {
        return Ok(Some(own));
    }
    let is_map = |file: &&PathBuf| file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pbf"));
    let found: Vec<&PathBuf> = files.iter().filter(is_map).collect();
    match found.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some((*one).clone())),
        [one, other, ..] => {
            let (one, other) = (one.display(), other.display());
            let said = both(
                format!("有几个地图文件（{one}、{other}）。请用 --map 写明用哪一个。"),
                format!("there are several extracts ({one}, {other}). Say with --map which one is meant."),
            );
            Err(vec![Fault { file: folder.to_owned(), line: 0, said }])
        }
    }
}

/// Says that the extract that was named is not there, and what lies where it was looked for.
fn no_map(map: &Path) -> Fault {
    let there = beside::around(map);
    let said = both(
        format!("没有这个文件。请在 --map 后面写地图文件（*.osm.pbf）。{}", there.zh),
        format!("there is no such file. Write the extract (*.osm.pbf) behind --map.{}", there.en),
    );
    Fault { file: map.to_owned(), line: 0, said }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::LIMITS;
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_called_like_a_table_and_is_no_file_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("楼栋.xlsx")).unwrap();
        std::os::unix::fs::symlink(folder.path().join("gone"), folder.path().join("户数.csv")).unwrap();
        let told: Vec<String> = no_files(folder.path()).into_iter().map(|fault| fault.said.zh).collect();
        assert!(told.len() == 2 && told[0].contains("快捷方式") && told[1].contains("文件夹"), "{told:?}");
    }

    #[test]
    fn two_sheets_of_one_file_that_are_the_same_table_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("town.csv");
        std::fs::write(&file, "楼栋,户数,经度,纬度\n甲,1,123.4,41.8\n").unwrap();
        let mut survey = Survey::default();
        let mut taken = |stem: &str| survey.take_sheet(Part { file: &file, name: None, stem, limits: LIMITS }, None);
        assert_eq!(taken("楼栋"), Ok(()));
        let said = taken("去年").unwrap_err()[0].to_string();
        assert!(said.contains("several sheets that seem to be the table buildings, one of them “去年”"), "{said}");
    }
}
