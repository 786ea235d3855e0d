//! These tests walk the whole way: from a sheet of buildings and an extract of the map to answers that stand the check.

use kernel::language::Lang;
use kernel::time::Zone;
use web::table::{Cell, Column, ColumnKind, Table};

use super::*;
use crate::plan::intake::{Crs, Given, LIMITS, Task, prepared};
use crate::plan::look::look;
use crate::plan::osm::tests::{Map, UNITS};
use crate::plan::summary::Summary;
use crate::plan::town::Bundle;

/// A street with ten houses on each side, and five houses beyond a river, which a footbridge crosses.
fn map() -> Map {
    let street: Vec<i64> = (1..=11).collect();
    let nodes = street.iter().fold(Map::new(), |map, id| map.node(*id, (id - 1) as f64 * 120.0, 0.0, ""));
    nodes
        .node(21, -200.0, 95.0, "")
        .node(22, 1_400.0, 95.0, "")
        .node(31, 1_200.0, 165.0, "")
        .node(32, 0.0, 165.0, "")
        .way(1, &street, "highway=residential")
        .way(2, &[21, 22], "waterway=river")
        .way(3, &[11, 31, 32], "highway=footway")
}

/// The houses: their compounds, numbers, and metres east and north.
fn houses() -> Vec<(&'static str, usize, f64, f64)> {
    let row = |compound: &'static str, count: usize, north: f64| {
        (0..count).map(move |at| (compound, at + 1, 20.0 + at as f64 * 40.0, north))
    };
    row("幸福里", 10, 30.0).chain(row("和平里", 10, -30.0)).chain(row("河北里", 5, 160.0)).collect()
}

fn degrees(metres: f64) -> String {
    format!("{:.7}", metres * UNITS / 1e7)
}

/// The sheet of buildings as a workbook, with its sum below.
fn sheet() -> Vec<u8> {
    let titles = ["楼栋", "地址", "户数", "社区", "经度", "纬度", "备注"];
    let columns = titles.map(|title| Column::new(ColumnKind::Text, title)).to_vec();
    let rows = houses().into_iter().map(|(compound, number, east, north)| {
        let texts = [format!("{number}号楼"), format!("{compound}{number}号楼")].map(Cell::Text);
        let more = ["东里社区".to_owned(), degrees(east), degrees(north)].map(Cell::Text);
        texts.into_iter().chain([Cell::Number(60)]).chain(more).collect::<Vec<Cell>>()
    });
    let sum = vec![Cell::Text("合计".to_owned()), Cell::Empty, Cell::Number(1_500)];
    Table::new("楼栋", columns).with(rows).with([sum]).bytes(Zone::new(0), "xlsx").unwrap()
}

/// A folder with the sheet and the extract, and what is asked of it.
fn town() -> (tempfile::TempDir, Given) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("2026年楼栋表.xlsx"), sheet()).unwrap();
    std::fs::write(folder.path().join("town.osm.pbf"), map().bytes()).unwrap();
    let given = Given {
        path: folder.path().to_owned(),
        map: None,
        crs: None,
        weight: "households".to_owned(),
        least: 200,
        lang: Lang::Zh,
        limits: LIMITS,
        within: None,
    };
    (folder, given)
}

/// Makes the tables of a task aside, as a check does.
fn aside(given: &Given, task: Task) -> (tempfile::TempDir, Bundle) {
    let made = tempfile::tempdir().unwrap();
    let bundle = prepared(given, task, made.path()).unwrap();
    (made, bundle)
}

fn has_note(found: &Summary, part: &str) -> bool {
    found.notes.iter().any(|note| note.said.en.contains(part))
}

#[test]
fn a_sheet_and_an_extract_become_grids_that_stand_the_check() {
    let (folder, given) = town();
    let out = folder.path().join("plan");
    let made = prepared(&given, Task::Grids, &out.join("tables")).unwrap();
    assert_eq!(made.derived(), ["adjacency"]);
    let found = grids::plan(made, &out, &grid_task(), &|_| ()).unwrap();
    assert!(found.violations == 0 && found.more.contains(&("grids", json!(5))), "{found:?}");
    for part in [
        "2026年楼栋表.xlsx: line 27 adds others up",
        "buildings: coordinates are read as degrees of WGS 84",
        "compounds are derived: 25 buildings by their addresses, 0 by how they stand",
        "adjacency was derived: 22 pairs of buildings",
        "columns that were not read: buildings (备注)",
    ] {
        assert!(has_note(&found, part), "{part}: {:?}", found.notes);
    }
    let list = std::fs::read_to_string(out.join("answer.csv")).unwrap();
    assert!(list.starts_with("\u{feff}社区,小区,楼栋,编号,地址,户数,网格\r\n"), "{list}");
    assert!(list.contains("东里社区,幸福里,1号楼,2,幸福里1号楼,60,1\r\n") && list.lines().count() == 26, "{list}");
    let drawn: Value = serde_json::from_slice(&std::fs::read(out.join("answer.geojson")).unwrap()).unwrap();
    assert_eq!(drawn["unit"], "degrees of WGS 84");
    let first = &drawn["features"][0];
    assert_eq!((&first["properties"]["compound"], &first["properties"]["households"]), (&json!("幸福里"), &json!(60)));
    let east = first["geometry"]["coordinates"][0].as_f64().unwrap() * 1e7 / UNITS;
    assert!((east - 20.0).abs() < 0.1, "{east}");
    let page = std::fs::read_to_string(out.join("answer.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("<h1>网格划分</h1>") && page.contains("OpenStreetMap"), "{page}");
    // The river leads past the houses, and each of the five grids has its number.
    assert!(page.contains("<path class=\"water\""), "{page}");
    assert_eq!(page.matches("<text class=\"number\"").count(), 5, "{page}");
    let (kept, again) = aside(&given, Task::Grids);
    let looked = grids::verify(again, &out, &grid_task()).unwrap();
    assert!(looked.summary.violations == 0 && looked.unproven.is_empty(), "{looked:?}");
    drop(kept);
    std::fs::write(out.join("answer.csv"), list.replacen(",60,1\r\n", ",60,2\r\n", 1)).unwrap();
    let (kept, again) = aside(&given, Task::Grids);
    let said = told(grids::verify(again, &out, &grid_task()));
    assert!(said.contains("answer.csv, line") && said.contains("Plan again."), "{said}");
    drop(kept);
}

#[test]
fn a_derived_table_is_replaced_by_one_of_the_person() {
    let (folder, given) = town();
    let out = folder.path().join("plan");
    drop(prepared(&given, Task::Grids, &out.join("tables")).unwrap());
    let adjacency = std::fs::read_to_string(out.join("tables/adjacency.csv")).unwrap();
    // A bridge that the map does not have.
    std::fs::write(folder.path().join("adjacency.csv"), format!("{adjacency}2,22,1\n")).unwrap();
    let made = prepared(&given, Task::Grids, &out.join("tables")).unwrap();
    assert!(made.derived().is_empty() && !out.join("tables/adjacency.csv").exists());
    let found = grids::plan(made, &out, &grid_task(), &|_| ()).unwrap();
    assert!(found.more.contains(&("rows_read", json!({ "adjacency": 23, "buildings": 25 }))), "{found:?}");
    // Whoever plans with the made tables themselves loses none of them.
    drop(prepared(&given, Task::Lay, &out.join("tables")).unwrap());
    let made = Given { path: out.join("tables"), map: Some(folder.path().join("town.osm.pbf")), ..given };
    drop(prepared(&made, Task::Grids, &out.join("tables")).unwrap());
    assert!(out.join("tables/buildings.csv").exists() && out.join("tables/compounds.csv").exists());
}

#[test]
fn volunteers_of_a_count_go_to_compounds_and_sites_are_found_without_stations() {
    let (folder, given) = town();
    std::fs::write(folder.path().join("社区.csv"), "社区,志愿者人数\n东里社区,30\n").unwrap();
    let out = folder.path().join("plan");
    let made = prepared(&given, Task::Mobilize, &out.join("tables")).unwrap();
    assert_eq!(made.derived(), ["compounds", "gates", "volunteers"]);
    let found = mobilize::plan(made, &out, call()).unwrap();
    assert_eq!(found.gap(), Some(0.0), "{found:?}");
    assert!(found.more.contains(&("at_home", json!(0))), "{found:?}");
    let list = std::fs::read_to_string(out.join("answer.csv")).unwrap();
    assert!(list.starts_with("\u{feff}志愿者编号,小区,步行分钟\r\n") && list.lines().count() == 31, "{list}");
    let (kept, again) = aside(&given, Task::Mobilize);
    assert_eq!(mobilize::verify(again, &out, call()).unwrap().summary.objective, found.objective);
    drop(kept);
    let gates = std::fs::read_to_string(out.join("tables/gates.csv")).unwrap();
    assert!(gates.starts_with("compound,lon,lat\n") && gates.lines().count() == 4, "{gates}");
    let made = prepared(&given, Task::Site, &out.join("tables")).unwrap();
    assert_eq!(made.derived(), ["candidates", "stations"]);
    let found = site::plan(made, &out, &sites(Wish::Open(1)), &mut || true).unwrap();
    assert_eq!(found.objective, 480, "four houses on each side of the street, 84 m along it: {found:?}");
    assert!(has_note(&found, "stations was derived: nobody brought any"), "{:?}", found.notes);
    let (kept, again) = aside(&given, Task::Site);
    drop(site::verify(again, &out, &sites(Wish::Open(1))).unwrap());
    drop(kept);
}

#[test]
fn a_look_says_what_was_found_and_what_is_missing() {
    let (folder, given) = town();
    std::fs::write(folder.path().join("readme.csv"), "hello,world\n1,2\n").unwrap();
    let out = folder.path().join("look");
    let seen = look(&Given { lang: Lang::En, ..given }, &out).unwrap();
    let said = seen.lines(Lang::En);
    for part in [
        "map           town.osm.pbf",
        "buildings     2026年楼栋表.xlsx, 25 rows",
        "households = 户数",
        "columns that are not used: 备注",
        "readme.csv: is no table that is known",
        "grids         ready, derived tables: adjacency",
        "site          ready, derived tables: candidates, stations",
        "geography     ready, derived tables: adjacency, communities, compounds, gates",
        "lacks a sheet of stations",
        "lacks a sheet of volunteers",
        "look.svg",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    assert_eq!(seen.json(Lang::En)["tasks"]["grids"]["ready"], true);
    assert_eq!(said.matches("is no table that is known").count(), 1, "told once:\n{said}");
    // Whatever is told to stand in a table stands there.
    for name in ["adjacency", "candidates", "stations"] {
        assert!(said.contains(&format!("It stands in tables/{name}.csv")), "{name}:\n{said}");
        assert!(out.join(format!("tables/{name}.csv")).exists(), "{name}");
    }
    let drawn = std::fs::read_to_string(out.join("look.svg")).unwrap();
    assert!(drawn.contains("<circle") && drawn.contains(">water: nobody"), "{drawn}");
    assert!(std::fs::read_to_string(out.join("look.geojson")).unwrap().contains("幸福里3号楼"));
}

#[test]
fn a_look_says_what_a_sheet_without_communities_lacks_for_which_task() {
    let (folder, given) = town();
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    std::fs::write(folder.path().join("楼栋.csv"), "楼栋,户数,经度,纬度\n甲,300,0.001,0\n乙,300,0.002,0\n").unwrap();
    let seen = look(&given, &folder.path().join("look")).unwrap();
    assert!(seen.is_of_use());
    let grids = ["网格（grids）", "可以，推出来的表：相邻（adjacency），但是楼栋表没有“社区”一列"];
    let geography = ["导入地理（geography）", "楼栋.csv: 没有“社区”一列，导入平台要知道每栋楼在哪个社区。"];
    let said = seen.lines(Lang::Zh);
    for [task, part] in [grids, geography] {
        let line = said.lines().find(|line| line.contains(task)).unwrap_or_default();
        assert!(line.contains(part), "{part}:\n{said}");
    }
    let facts = &seen.json(Lang::En)["tasks"];
    assert_eq!((&facts["grids"]["ready"], &facts["geography"]["ready"]), (&json!(true), &json!(false)), "{facts}");
    assert!(facts["grids"]["instead"].as_str().is_some_and(|said| said.starts_with("but the sheet of buildings")));
    let said = told(prepared(&given, Task::Lay, &folder.path().join("tables")));
    assert!(said.contains("has no column community") && said.lines().count() == 1, "{said}");
    // A table of communities says which one it is.
    std::fs::write(folder.path().join("communities.csv"), "id,code\n1,210102001001\n").unwrap();
    drop(prepared(&given, Task::Lay, &folder.path().join("tables")).unwrap());
}

#[test]
fn what_is_missing_is_told_once_with_the_names_that_were_looked_for_and_what_is_there() {
    let (folder, given) = town();
    std::fs::remove_file(folder.path().join("town.osm.pbf")).unwrap();
    std::fs::write(folder.path().join("notes.txt"), "").unwrap();
    let seen = look(&given, &folder.path().join("look")).unwrap();
    let said = seen.lines(Lang::En);
    for part in [
        "Looked for: network.osm.pbf, the only *.osm.pbf, nodes.csv and edges.csv.",
        "Looked for: stations.csv, stations.parquet, and XLSX or CSV files with one of these words in their names: 驿站",
        "here are: 2026年楼栋表.xlsx, notes.txt.",
        "not yet, for what stands above under reach",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    assert_eq!(said.matches("lacks an extract").count(), 1, "told once:\n{said}");
    assert_eq!(said.matches("here are: ").count(), 1, "told once:\n{said}");
    let nowhere = |path: &str, map: Option<&str>| {
        let of = |name: &str| folder.path().join(name);
        let given = Given { path: of(path), map: map.map(of), ..given.clone() };
        told(prepared(&given, Task::Grids, &folder.path().join("tables")))
    };
    for said in [nowhere("no-such-folder", None), nowhere("", Some("no.osm.pbf"))] {
        assert!(said.contains("there are: 2026年楼栋表.xlsx, look, notes.txt"), "{said}");
    }
}

#[test]
fn a_file_that_nobody_reads_is_named_where_no_buildings_are_found() {
    let (folder, given) = town();
    let given = Given { lang: Lang::En, ..given };
    std::fs::write(folder.path().join("houses.geojson"), "{}").unwrap();
    let unread = "houses.geojson: is no table in a form that is read";
    let said = look(&given, &folder.path().join("look")).unwrap().lines(Lang::En);
    assert!(!said.contains(unread), "{said}");
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    let said = look(&given, &folder.path().join("look")).unwrap().lines(Lang::En);
    assert!(said.contains(unread) && said.contains("lacks a sheet of buildings"), "{said}");
}

#[test]
fn a_sheet_that_cannot_be_read_is_not_called_missing() {
    let (folder, given) = town();
    std::fs::write(folder.path().join("2026年楼栋表.xlsx"), "PK\u{3}\u{4} torn").unwrap();
    let seen = look(&given, &folder.path().join("look")).unwrap();
    let said = seen.lines(Lang::En);
    assert!(said.contains("2026年楼栋表.xlsx: ") && !said.contains("lacks a sheet of buildings"), "{said}");
    let line = said.lines().find(|line| line.trim_start().starts_with("grids ")).unwrap_or_default();
    assert!(line.contains("not yet, for what stands above under Found"), "{said}");
    let said = told(prepared(&given, Task::Grids, &folder.path().join("tables")));
    assert!(said.contains("2026年楼栋表.xlsx: ") && said.lines().count() == 1, "{said}");
}

#[test]
fn a_look_lists_the_communities_with_their_buildings() {
    let (folder, given) = town();
    let seen = look(&given, &folder.path().join("look")).unwrap();
    let said = seen.lines(Lang::Zh);
    assert!(said.contains("社区：\n  东里社区") && said.contains("25 栋楼，共 1500 户"), "{said}");
    let facts = &seen.json(Lang::En)["communities"];
    assert_eq!(facts, &json!([{ "name": "东里社区", "buildings": 25, "households": 1_500 }]));
}

#[test]
fn a_cell_is_told_by_the_title_of_its_column_in_the_sheet() {
    let (folder, given) = town();
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    let text = "小区,楼栋名称,户数,社区,经度,纬度\n甲苑,1号楼,六十,东里社区,0.0002,0.0002\n";
    std::fs::write(folder.path().join("楼栋.csv"), text).unwrap();
    let bundle = prepared(&given, Task::Grids, &folder.path().join("tables"));
    let said = told(bundle.and_then(|bundle| bundle.buildings(None).map_err(crate::plan::told)));
    assert!(said.contains("楼栋.csv, line 2: 户数: “六十”"), "{said}");
}

/// A workbook with sheets of these names, each with a line of titles and one below. Those that begin with 旧 are
/// hidden.
fn book(sheets: &[(&str, [&str; 2])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(lines) {
            for (column, cell) in (0..).zip(line.split(',')) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        if name.starts_with('旧') {
            sheet.set_hidden(true);
        } else {
            sheet.set_active(true);
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_hidden_sheet_is_not_read_and_what_was_read_is_told() {
    let (folder, given) = town();
    let given = Given { lang: Lang::En, ..given };
    let out = folder.path().join("plan");
    let titles = "楼栋,户数,经度,纬度";
    let (old, new) = ([titles, "甲,9,0.001,0"], [titles, "乙,300,0.002,0"]);
    let (stations, note) = (["驿站,经度,纬度", "红星驿站,0.003,0"], ["2026年", "请核对"]);
    let put = |sheets: &[(&str, [&str; 2])]| {
        std::fs::write(folder.path().join("2026年楼栋表.xlsx"), book(sheets)).unwrap();
    };
    let told_of = |task: Task| {
        let made = prepared(&given, task, &out.join("tables")).unwrap();
        let said: Vec<String> = made.heard().of_the_making().iter().map(|said| said.en.clone()).collect();
        (std::fs::read_to_string(out.join("tables/buildings.csv")).unwrap(), said.join("\n"))
    };
    put(&[("旧楼栋", old), ("楼栋", new)]);
    let (buildings, said) = told_of(Task::Grids);
    assert!(buildings.contains("乙") && !buildings.contains("甲"), "{buildings}");
    assert!(said.contains("We read the sheet “楼栋”. Hidden sheets weren’t read: 旧楼栋."), "{said}");
    put(&[("旧楼栋", old), ("楼栋", new), ("驿站", stations), ("说明", note)]);
    let (buildings, said) = told_of(Task::Reach);
    assert!(buildings.contains("乙") && !buildings.contains("甲"), "{buildings}");
    for part in [
        "2026年楼栋表.xlsx has hidden sheets that were not read: 旧楼栋. Unhide",
        "2026年楼栋表.xlsx: the sheet “楼栋” was read.",
        "2026年楼栋表.xlsx: the sheet “驿站” was read.",
        "2026年楼栋表.xlsx is no table that is known (说明: ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    put(&[("旧楼栋", old), ("说明", note)]);
    let said = told(prepared(&given, Task::Grids, &out.join("tables")));
    assert!(!said.contains("lacks a sheet of buildings"), "{said}");
    assert!(said.contains("2026年楼栋表.xlsx: The table stands in the hidden sheet “旧楼栋”"), "{said}");
}

#[test]
fn a_hidden_sheet_is_named_where_its_table_is_missing() {
    let (folder, given) = town();
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    let (buildings, stations) = (["楼栋,户数,经度,纬度", "甲,9,0.001,0"], ["驿站,经度,纬度", "红星驿站,0.003,0"]);
    std::fs::write(folder.path().join("驿站.xlsx"), book(&[("旧楼栋", buildings), ("驿站", stations)])).unwrap();
    let fault = prepared(&given, Task::Reach, &folder.path().join("tables")).unwrap_err();
    let zh = "缺少楼栋表（地址或名称、户数、坐标）。请放到这个文件夹里。驿站.xlsx 里的工作表“旧楼栋”是隐藏的，没有读取";
    let en =
        "The sheet “旧楼栋” of 驿站.xlsx is hidden and was not read; if it is the one, unhide it or save it as a file";
    let said = fault.to_string();
    assert!(said.contains("lacks a sheet of buildings") && said.contains(en), "{said}");
    let said = fault.told(Lang::Zh).to_string();
    assert!(said.contains(zh) && said.contains("请取消隐藏，或另存为单独的文件。"), "{said}");
    let seen = look(&given, &folder.path().join("look")).unwrap().lines(Lang::Zh);
    assert!(seen.contains(zh), "{seen}");
}

#[test]
fn an_extract_of_another_town_is_told_before_anything_is_planned() {
    let (folder, given) = town();
    let given = Given { lang: Lang::En, ..given };
    let out = folder.path().join("plan");
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    let sheet = folder.path().join("楼栋.csv");
    std::fs::write(&sheet, "楼栋,户数,经度,纬度\n甲,300,0.501,0.5\n乙,300,0.502,0.5\n").unwrap();
    let wanted = [
        "楼栋.csv: 2 of 2 rows lie more than 1 km from every way of town.osm.pbf",
        "the rows lie at lon 0.501–0.502, lat 0.500–0.500, the ways at lon 0.000–0.011, lat 0.000–0.001.",
        "(--map names it)",
    ];
    for task in [Task::Grids, Task::Site] {
        let said = told(prepared(&given, task, &out.join("tables")));
        assert!(wanted.iter().all(|part| said.contains(part)) && said.lines().count() == 1, "{said}");
        assert_eq!(said.contains("without an extract"), task == Task::Grids, "{said}");
    }
    let said = look(&given, &folder.path().join("look")).unwrap().lines(Lang::En);
    assert!(wanted.iter().all(|part| said.contains(part)), "{said}");
    assert!(!said.contains("grids         ready"), "{said}");
    // A few that lie far off are told, and the others are planned.
    std::fs::write(&sheet, "楼栋,户数,经度,纬度\n甲,300,0.001,0\n乙,300,0.002,0\n丙,300,0.052,0\n").unwrap();
    let made = prepared(&given, Task::Grids, &out.join("tables")).unwrap();
    let found = grids::plan(made, &out, &grid_task(), &|_| ()).unwrap();
    let note = "buildings: 1 of 3 rows lie more than 1 km from every way of town.osm.pbf";
    assert!(has_note(&found, note), "{:?}", found.notes);
}

#[test]
fn what_is_wrong_with_a_sheet_is_told_by_its_own_lines() {
    let (folder, given) = town();
    std::fs::remove_file(folder.path().join("2026年楼栋表.xlsx")).unwrap();
    let tried = |text: &str, crs: Option<Crs>| {
        std::fs::write(folder.path().join("楼栋.csv"), text).unwrap();
        let given = Given { crs, ..given.clone() };
        let made = prepared(&given, Task::Grids, &folder.path().join("tables"));
        let planned = made.and_then(|made| grids::plan(made, folder.path(), &grid_task(), &|_| ()));
        planned.map_or_else(|fault| fault.to_string(), |_| String::new())
    };
    let table = [
        ("幸福里\n楼栋,户数,经度,纬度\n甲,十,0.001,0.001\n", "楼栋.csv, line 3: 户数: “十” is not a whole number."),
        ("楼栋,户数,经度,纬度\n甲,10,0.001,\n", "楼栋.csv, line 2: 纬度: the cell is empty."),
        (
            "楼栋,经度,纬度\n甲,0.001,0.001\n",
            "楼栋.csv: has no column households; it has 楼栋,经度,纬度. Add one with the number of households",
        ),
        ("楼栋,户数\n甲,10\n", "楼栋.csv: has no column lon, lat; it has 楼栋,户数."),
        ("楼栋,户数,x,y\n甲,10,20,30\n乙,10,600,30\n", "楼栋.csv: x and y are metres of a local plane"),
        (
            "楼栋,户数,户数,经度,纬度\n甲,10,10,0.001,0.001\n",
            "楼栋.csv: the column “户数” appears twice (columns 2 and 3). Keep one of them.",
        ),
        ("楼栋,户数,经度,纬度\n2026-03-01,10,0.001,0.001\n", "楼栋.csv, line 2: 楼栋: “2026-03-01” is a date;"),
    ];
    for (text, wanted) in table {
        let said = tried(text, None);
        assert!(said.contains(wanted), "{said}\ninstead of {wanted}");
    }
    // One wrong row is told alone, whatever is wrong with it.
    for (wrong, wanted) in [
        ("1234.3,41.8", "楼栋.csv, line 3: 1234.3, 41.8 are no degrees: lon lies between -180 and 180"),
        ("123.4,141.8", "楼栋.csv, line 3: 123.4, 141.8 is no point in degrees of WGS 84"),
        ("41.8,123.4", "The two may be swapped: exchange them, or say with --crs what it is."),
        ("0,0", " km from the other rows. Correct its coordinates (0 where nothing was filled in?)"),
    ] {
        let text =
            format!("楼栋,户数,经度,纬度\n甲,10,123.4,41.8\n乙,10,{wrong}\n丙,10,123.401,41.8\n丁,10,123.402,41.8\n");
        let said = tried(&text, None);
        assert!(said.contains(wanted) && said.lines().count() == 1, "{said}\ninstead of {wanted}");
        assert!(said.contains("line 3"), "{said}");
    }
    let said = tried("楼栋,户数,x,y\n甲,10,-5,30\n", Crs::parse("utm31n"));
    assert!(said.contains("楼栋.csv, line 2: -5, 30 is no point in metres of UTM zone 31N."), "{said}");
    assert_eq!(tried("楼栋,户数,x,y\n甲,300,20,30\n乙,300,60,30\n", Crs::parse("plan@0,0")), "");
    std::fs::remove_file(folder.path().join("楼栋.csv")).unwrap();
    let said = told(prepared(&given, Task::Reach, &folder.path().join("tables")));
    assert!(said.contains("lacks a sheet of buildings") && said.contains("lacks a sheet of stations"), "{said}");
}
