//! This file reads the buildings that a place's people bring in the browser, and the extract of the map beside them,
//! with the reader of `lianglin plan`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use kernel::language::{Bilingual, Lang};
use places::Files;
use places::geography::{Brought, BroughtBuilding, Parting};
use planning::neighbours::Line;
use planning::shape::Point;
use planning::snap::{metres_between, rectangle};
use tables::{Limits, is_damaged, is_workbook};

use crate::AppError;
use crate::plan::intake::{Crs, Given, Held, Source, Survey, Task, prepared_of, titles};
use crate::plan::look::found_in;
use crate::plan::osm::Within;
use crate::plan::table::{Fault, TOLD, both};

/// How large a sheet may be: the buildings of a district.
const SIZE: Limits = Limits { rows: 20_000, columns: 60, bytes: 32 * 1024 * 1024 };
/// How the extract is called while it is read.
const EXTRACT: &str = "map.osm.pbf";
/// What people read in place of the files, which have names that nobody gave them: in Chinese, in English at the start,
/// and in English elsewhere.
const NAMES: [[&str; 4]; 3] = [
    ["buildings.xlsx", "楼栋表", "The sheet", "the sheet"],
    ["buildings.csv", "楼栋表", "The sheet", "the sheet"],
    [EXTRACT, Files::MAP[0], Files::MAP[1], "the extract"],
];
/// What is balanced.
const WEIGHT: &str = "households";
/// Lines of the map are kept that far around the buildings, degrees: farther than neighbours are apart.
const AROUND: f64 = 0.005;
/// A longer line between two nodes is a slip of the map, metres.
const LONGEST_METRES: f64 = 5_000.0;
/// How many lines of the map are kept with a sheet.
const MOST_LINES: usize = 60_000;

/// Lets one extract be read after the other, because each takes much memory while it is read.
static READING: Mutex<()> = Mutex::new(());

/// Reads the buildings of a sheet. It fails with every fault, in both languages.
pub fn buildings(files: &Files) -> Result<Brought, Vec<Bilingual>> {
    read(files).map_err(|fault| match fault {
        AppError::Tables(faults) => faults.into_iter().map(told).collect(),
        other => vec![Bilingual::new(other.to_string(), other.to_string())],
    })
}

fn read(files: &Files) -> Result<Brought, AppError> {
    let folder = tempfile::tempdir().map_err(AppError::outside("a folder for the sheet cannot be made"))?;
    let name = if is_workbook(&files.sheet) { "buildings.xlsx" } else { "buildings.csv" };
    let sheet = folder.path().join(name);
    std::fs::write(&sheet, &files.sheet).map_err(AppError::outside("the sheet cannot be written"))?;
    let map = extract(files, folder.path())?;
    // Whoever sends no extract waits for nobody.
    let _alone = map.as_ref().map(|_| READING.lock().unwrap_or_else(PoisonError::into_inner));
    let given = Given {
        crs: system(&files.crs)?,
        path: sheet,
        map,
        weight: WEIGHT.to_owned(),
        least: 0,
        lang: Lang::Zh,
        limits: SIZE,
        within: Some(Within::UPLOADED),
    };
    let survey = Survey::of(&given, Task::Buildings.needs()).map_err(AppError::Tables)?;
    let (found, rows) = (found_in(&survey, WEIGHT), SheetRows::of(&survey));
    let made = folder.path().join("tables");
    let mut held = Held::default();
    let bundle = prepared_of(&given, survey, Task::Buildings, &made, &mut held)?;
    let town = bundle.buildings_by(WEIGHT, None).map_err(AppError::Tables)?;
    let names = bundle.names("buildings");
    let building =
        |(at, (building, point)): (usize, (&planning::partition::Building, &planning::shape::Point))| BroughtBuilding {
            community: town.communities.written(building.community as usize),
            compound: town.compounds.written(building.compound as usize),
            name: names.name(at).to_owned(),
            at: (point.x, point.y),
            households: building.households,
            line: rows.lines.get(at).copied().unwrap_or_default(),
        };
    let buildings: Vec<BroughtBuilding> = town.grid.iter().zip(&town.points).enumerate().map(building).collect();
    undamaged(&given.path, &buildings)?;
    let mut told: Vec<Bilingual> = bundle.heard().of_the_making().to_vec();
    let parting = match &given.map {
        Some(map) => Some(parting(&held, &town.points, map)?),
        None => None,
    };
    told.extend(parting.as_ref().map(of_the_map));
    let [found, told] = [found, told].map(|said| said.iter().map(called).collect());
    Ok(Brought { buildings, degrees: town.degrees, found, told, column: rows.column, parting })
}

/// Where the buildings stand in their sheet, and how it calls the column of their communities.
#[derive(Default)]
struct SheetRows {
    lines: Vec<u64>,
    column: String,
}

impl SheetRows {
    /// Reads it of the sheet of buildings. A table that is read as it is has neither.
    fn of(survey: &Survey) -> Self {
        let Some(Source::Sheet(sheet)) = survey.tables.get("buildings") else { return Self::default() };
        let at = titles::mapped("buildings", &sheet.titles, WEIGHT);
        let column = at.get("community").and_then(|place| sheet.titles.get(*place)).cloned();
        Self { lines: sheet.lines.clone(), column: column.unwrap_or_default() }
    }
}

/// Writes the extract beside the sheet, if there is one.
fn extract(files: &Files, folder: &Path) -> Result<Option<PathBuf>, AppError> {
    if files.map.is_empty() {
        return Ok(None);
    }
    let path = folder.join(EXTRACT);
    if files.map.trim_ascii_start().starts_with(b"<") {
        let said = both(
            "是 XML 格式的（.osm）。请先转换：osmium cat -o 地图.osm.pbf 地图.osm。",
            "is written in XML (.osm). Convert it first: osmium cat -o town.osm.pbf town.osm.",
        );
        return Err(AppError::Tables(vec![Fault { file: path, line: 0, said }]));
    }
    std::fs::write(&path, &files.map).map_err(AppError::outside("the extract cannot be written"))?;
    Ok(Some(path))
}

/// Takes the lines of the extract that lie around the buildings. All points are in degrees.
fn parting(held: &Held, buildings: &[Point], map: &Path) -> Result<Parting, AppError> {
    let (low, high) = rectangle(buildings);
    let is_near = |line: &Line| {
        let [from, to] = *line;
        let (west, east, south, north) = (from.x.min(to.x), from.x.max(to.x), from.y.min(to.y), from.y.max(to.y));
        east >= low.x - AROUND
            && west <= high.x + AROUND
            && north >= low.y - AROUND
            && south <= high.y + AROUND
            && metres_between(from, to) <= LONGEST_METRES
    };
    let near = |lines: &[Line]| {
        let kept = lines.iter().filter(|line| is_near(line)).map(|line| line.map(|at| (short(at.x), short(at.y))));
        kept.take(MOST_LINES + 1).collect::<Vec<[(f64, f64); 2]>>()
    };
    let (closed, crossed) = held.lines();
    let parting = Parting { closed: near(closed), crossed: near(crossed) };
    if parting.closed.len() + parting.crossed.len() <= MOST_LINES {
        return Ok(parting);
    }
    let said = both(
        format!(
            "楼栋四周的水面、铁路、街道和围墙太多：不能超过 {MOST_LINES} 段。请按街道分几次导入，每次只用那一带的表。"
        ),
        format!(
            "has too many stretches of water, railways, streets and walls around the buildings: more than \
             {MOST_LINES}. Import one subdistrict after the other, each with a sheet of its own."
        ),
    );
    Err(AppError::Tables(vec![Fault { file: map.to_owned(), line: 0, said }]))
}

/// Writes degrees with as many digits as the map has.
fn short(degrees: f64) -> f64 {
    (degrees * 1e7).round() / 1e7
}

/// Says what was taken of the extract.
fn of_the_map(parting: &Parting) -> Bilingual {
    let (closed, crossed) = (parting.closed.len(), parting.crossed.len());
    both(
        format!(
            "地图文件：楼栋四周有水面、铁路、高速路 {closed} 段，街道、小河、围墙 {crossed} 段。\
             新楼栋和水面、铁路、高速路对面的不算相邻；\
             隔着街道、小河、围墙的，只有一边单独不够一个网格时才算。"
        ),
        format!(
            "The extract has {closed} stretches of water, railways and motorways and {crossed} of streets, streams and \
             walls around the buildings. A new building is no neighbour of one across the former; across the latter \
             only where one side is no grid by itself."
        ),
    )
}

/// Reads the name of a system of coordinates. None is asked for if nothing was typed.
fn system(text: &str) -> Result<Option<Crs>, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let said = both(
        format!("没有“{text}”这种坐标系。请写 wgs84、gcj02、bd09、utm51n、gk123 或 epsg:4549，也可以不填。"),
        format!(
            "There are no coordinates called “{text}”. Write wgs84, gcj02, bd09, utm51n, gk123 or epsg:4549, or leave \
             it empty."
        ),
    );
    let unknown = || AppError::Tables(vec![Fault { file: PathBuf::new(), line: 0, said }]);
    Crs::parse(text).ok_or_else(unknown).map(Some)
}

/// Succeeds if no name was damaged on its way.
fn undamaged(file: &Path, buildings: &[BroughtBuilding]) -> Result<(), AppError> {
    let names = buildings.iter().flat_map(|one| [&one.community, &one.compound, &one.name]);
    let fault = |name: &String| {
        let said = both(
            format!("“{name}”里有丢失的字或看不见的字符。请改正这个名称。"),
            format!("“{name}” has lost a sign, or contains one that nobody sees. Correct the name."),
        );
        Fault { file: file.to_owned(), line: 0, said }
    };
    let faults: Vec<Fault> = names.filter(|name| is_damaged(name)).take(TOLD).map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(AppError::Tables(faults)) }
}

/// Tells a fault without the folder in which the sheet lay.
fn told(fault: Fault) -> Bilingual {
    let file = fault.file.file_name().map_or_else(PathBuf::new, PathBuf::from);
    let fault = Fault { file, ..fault };
    called(&both(fault.told(Lang::Zh), fault.told(Lang::En)))
}

/// Names the sheet and the extract as people do.
fn called(said: &Bilingual) -> Bilingual {
    let (mut zh, mut en) = (said.zh.clone(), said.en.clone());
    for [file, named, first, name] in NAMES {
        zh = zh.replace(&format!("{file}: "), &format!("{named}：")).replace(&format!(" {file} "), named);
        zh = zh.replace(file, named);
        if let Some(rest) = en.strip_prefix(file) {
            en = format!("{first}{rest}");
        }
        en = en.replace(file, name);
    }
    both(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, crs: &str) -> Result<Brought, Vec<Bilingual>> {
        buildings(&Files { sheet: text.as_bytes().to_vec(), crs: crs.to_owned(), map: Vec::new() })
    }

    #[test]
    fn a_sheet_becomes_buildings_with_what_was_found_and_derived() {
        let text = "楼栋,地址,户数,社区,经度,纬度,备注\n1号楼,幸福里1号楼,60,东里社区,123.43,41.8,旧\n";
        let brought = of(text, "").unwrap();
        let one = &brought.buildings[0];
        assert_eq!((one.community.as_str(), one.compound.as_str(), one.name.as_str()), ("东里社区", "幸福里", "1号楼"));
        assert_eq!((one.line, brought.column.as_str()), (2, "社区"));
        assert!(one.households == 60 && brought.degrees && (one.at.0 - 123.43).abs() < 1e-6, "{one:?}");
        let found: Vec<&str> = brought.found.iter().map(|said| said.en.as_str()).collect();
        assert!(found[0].contains("the sheet, 1 rows") && found[2].contains("not used: 备注"), "{found:?}");
        let told = brought.told.iter().map(|said| said.zh.as_str()).collect::<String>();
        assert!(told.contains("坐标按WGS 84") && told.contains("小区是推出来的") && !told.contains("--crs"), "{told}");
        let shifted = of(text, "gcj02").unwrap().buildings[0].at;
        assert!((shifted.0 - one.at.0).abs() > 0.004, "{shifted:?}");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_without_a_folder() {
        let table = [
            ("楼栋,户数,经度,纬度\n甲,十,123.4,41.8\n", "", "楼栋表，第 2 行：户数"),
            ("楼栋,经度,纬度\n甲,123.4,41.8\n", "", "楼栋表：没有户数这一列"),
            ("楼栋,户数,经度,纬度\n甲,1,123.4,41.8\n", "mars", "没有“mars”这种坐标系"),
            ("楼栋,户数,小区,经度,纬度\n甲,1,文?小区,123.4,41.8\n", "", "楼栋表：“文?小区”里有丢失的字"),
        ];
        for (text, crs, wanted) in table {
            let said = of(text, crs).unwrap_err();
            assert!(said[0].zh.starts_with(wanted), "{said:?}");
            assert!(!said[0].en.contains("buildings.csv"), "{said:?}");
        }
    }
}
