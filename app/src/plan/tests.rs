//! These tests use small towns as tables. They check what each planner answers, and what is said about tables that are
//! wrong.

use std::path::Path;

use planning::mobilize::Terms;
use planning::network::Profile;
use planning::partition::{Bounds, Effort};
use serde_json::{Value, json};

use super::site::Wish;
use super::{grids, mobilize, reach, site};
use crate::AppError;

mod planted;
mod reading;
mod spoken;
mod steps;
mod walk;

/// Is a street of six nodes that are a minute apart. Each node has a house, and two compounds lie at the ends.
const TOWN: [(&str, &str); 9] = [
    ("nodes", "id,x,y\n0,0.0,0.0\n1,72.0,0.0\n2,144.0,0.0\n3,216.0,0.0\n4,288.0,0.0\n5,360.0,0.0\n"),
    (
        "edges",
        "src,dst,t_ds,cls\n0,1,600,0\n1,0,600,0\n1,2,600,0\n2,1,600,0\n2,3,600,0\n3,2,600,0\n3,4,600,0\n4,3,600,0\n\
         4,5,600,0\n5,4,600,0\n",
    ),
    (
        "buildings",
        "id,compound,community,x,y,households,node,access_ds\n0,0,0,0.0,5.0,100,0,10\n1,0,0,72.0,5.0,100,1,10\n\
         2,0,0,144.0,5.0,100,2,10\n3,1,0,216.0,5.0,100,3,10\n4,1,0,288.0,5.0,100,4,10\n5,1,0,360.0,5.0,100,5,10\n",
    ),
    (
        "adjacency",
        "a,b,dist_m,border_m,same_compound\n0,1,72,20,1\n1,2,72,20,1\n2,3,72,20,0\n3,4,72,20,1\n4,5,72,20,1\n",
    ),
    ("stations", "id,node\n0,0\n"),
    ("candidates", "id,node,compound\n0,1,0\n1,4,1\n2,5,1\n"),
    (
        "compounds",
        "id,community,x,y,households,min_vol,max_vol,min_medical\n0,0,72.0,0.0,300,1,2,0\n1,0,288.0,0.0,300,1,2,1\n",
    ),
    ("gates", "compound,node\n0,1\n1,4\n"),
    (
        "volunteers",
        "id,building,node,access_ds,skills,shifts\n0,0,0,10,1,1\n1,1,1,10,0,7\n2,2,2,10,0,2\n3,2,2,10,1,7\n",
    ),
];

struct Tables(tempfile::TempDir);

impl Tables {
    fn town() -> Self {
        let tables = Self(tempfile::tempdir().unwrap());
        for (name, text) in TOWN {
            tables.put(name, text);
        }
        tables
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.folder().join(format!("{name}.csv")), text).unwrap();
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder().join(file)).unwrap()
    }

    fn drawn(&self, file: &str) -> Value {
        serde_json::from_str(&self.read(file)).unwrap()
    }
}

fn told<T: std::fmt::Debug>(done: Result<T, AppError>) -> String {
    done.unwrap_err().to_string()
}

fn grid_task() -> grids::Task {
    let (bounds, effort) = (Bounds::default(), Effort::default());
    grids::Task { bounds, effort, seed: 1, old: None, weight: "households".to_owned() }
}

fn call() -> mobilize::Task {
    mobilize::Task { cap: 18_000, slots: false, fair: false, near: 700, terms: Terms::default() }
}

fn walk(minutes: u32) -> reach::Task {
    reach::Task { limit: minutes * 600, profile: Profile::adult(), at: None }
}

fn sites(wish: Wish) -> site::Task {
    site::Task { wish, limit: 1_200, profile: Profile::adult(), seed: 1, proof: None }
}

#[test]
fn grids_come_out_as_bytes_tables_and_a_drawing_and_stand_the_check() {
    let town = Tables::town();
    let found = grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap();
    assert_eq!((found.violations, found.objective), (0, 20));
    let bytes = std::fs::read(town.folder().join("grids.bin")).unwrap();
    assert_eq!(super::words(&bytes).len(), 6);
    assert!(town.read("pieces.csv").contains("0,0,6,600,2,best,20.0"), "{}", town.read("pieces.csv"));
    assert_eq!(town.drawn("grids.geojson")["features"].as_array().unwrap().len(), 2);
    let looked = grids::verify(town.folder(), town.folder(), &grid_task()).unwrap().summary;
    assert_eq!((looked.objective, looked.violations), (20, 0));
    let again = grids::Task { old: Some(town.folder().join("grids.bin")), ..grid_task() };
    let kept = grids::plan(town.folder(), town.folder(), &again, &|_| ()).unwrap();
    assert!(kept.more.contains(&("households_moved", json!(0))));
    assert_eq!(town.read("moves.csv"), "building,from,to,households\n");
    std::fs::write(town.folder().join("old.bin"), super::bytes([7, 9, 9, 9, 9, 9])).unwrap();
    let again = grids::Task { old: Some(town.folder().join("old.bin")), ..grid_task() };
    let mended = grids::plan(town.folder(), town.folder(), &again, &|_| ()).unwrap();
    assert!(mended.more.contains(&("households_moved", json!(100))), "{:?}", mended.more);
    assert_eq!(
        town.read("moves.csv"),
        "building,from,to,households\n1,9,0,100\n",
        "one building goes to the small grid"
    );
    drop(grids::verify(town.folder(), town.folder(), &again).unwrap());
}

#[test]
fn something_else_than_households_is_balanced_when_asked() {
    let town = Tables::town();
    let with_old = TOWN[2].1.replace("households,node", "households,alone,node").replace(",100,", ",100,40,");
    town.put("buildings", &with_old);
    let bounds = Bounds { least: 100, most: 140, target: 120, ..Bounds::default() };
    let task = grids::Task { bounds, weight: "alone".to_owned(), ..grid_task() };
    let found = grids::plan(town.folder(), town.folder(), &task, &|_| ()).unwrap();
    assert!(found.more.contains(&("grids", json!(2))) && found.violations == 0, "{found:?}");
    let missing = grids::Task { weight: "lifts".to_owned(), ..task };
    assert!(told(grids::plan(town.folder(), town.folder(), &missing, &|_| ())).contains("no column “lifts”"));
}

#[test]
fn people_are_sent_with_a_proof_that_holds_for_all_pairs() {
    let town = Tables::town();
    for task in
        [call(), mobilize::Task { slots: true, near: 18_000, ..call() }, mobilize::Task { fair: true, ..call() }]
    {
        let found = mobilize::plan(town.folder(), town.folder(), task).unwrap();
        assert_eq!(found.gap(), Some(0.0), "{found:?}");
        let looked = mobilize::verify(town.folder(), town.folder(), task).unwrap();
        assert_eq!((looked.summary.objective, looked.summary.bound), (found.objective, found.bound));
        assert!(looked.unproven.is_empty(), "{looked:?}");
    }
    drop(mobilize::plan(town.folder(), town.folder(), call()).unwrap());
    let plan = town.read("assignment.csv");
    assert_eq!(plan.lines().count(), 5, "{plan}");
    assert_eq!(town.drawn("assignment.geojson")["features"][0]["properties"]["sent"], 2);
}

#[test]
fn reach_is_told_by_community_and_stands_the_check() {
    let town = Tables::town();
    let found = reach::plan(town.folder(), town.folder(), &walk(3)).unwrap();
    assert_eq!(found.objective, 300, "nodes 0, 1 and 2; ten ds too far for the next");
    assert_eq!(town.read("coverage.csv"), "community,households,covered\n0,600,300\n");
    assert_eq!(reach::verify(town.folder(), town.folder(), &walk(3)).unwrap().summary.objective, 300);
    let old = reach::Task { profile: Profile::elderly(), ..walk(3) };
    assert_eq!(reach::plan(town.folder(), town.folder(), &old).unwrap().objective, 200);
    assert!(
        told(reach::verify(town.folder(), town.folder(), &walk(3))).contains("times.bin"),
        "those of somebody else"
    );
}

#[test]
fn sites_come_with_their_bound_and_a_share_that_cannot_be_is_said() {
    let town = Tables::town();
    let found = site::plan(town.folder(), town.folder(), &sites(Wish::Open(1)), &mut || true).unwrap();
    assert_eq!((found.objective, found.gap()), (300, Some(0.0)));
    assert_eq!(town.read("sites.csv"), "site,node\n1,4\n");
    assert_eq!(site::verify(town.folder(), town.folder(), &sites(Wish::Open(1))).unwrap().summary.objective, 300);
    let fewest = site::plan(town.folder(), town.folder(), &sites(Wish::Share(80)), &mut || true).unwrap();
    assert_eq!((fewest.objective, fewest.bound), (1, Some(1)));
    drop(site::verify(town.folder(), town.folder(), &sites(Wish::Share(80))).unwrap());
    town.put("candidates", "id,node,compound\n0,4,1\n");
    let all = told(site::plan(town.folder(), town.folder(), &sites(Wish::Share(100)), &mut || true));
    assert!(all.contains("100 % cannot be reached: all candidates together reach 83.3 %"), "{all}");
}

#[test]
fn ways_with_lengths_are_walked_both_ways() {
    let town = Tables::town();
    town.put("edges", "from,to,length_m\n0,1,72.0\n1,2,72.0\n2,3,72\n3,4,72\n4,5,72\n5,5,3\n");
    assert_eq!(reach::plan(town.folder(), town.folder(), &walk(3)).unwrap().objective, 300);
}

#[test]
fn what_is_wrong_is_told_by_file_and_line_with_a_remedy() {
    let table = [
        ("nodes", "id,x\n0,1\n", "nodes.csv: the header has no column “y”; it has id,x. Needed are id,x,y."),
        ("nodes", "id,x,y\n0,0,0\n0,1,1\n", "nodes.csv, line 3: id: “0” stands in line 2 too."),
        ("nodes", "id,x,y\n0,a,0\n", "nodes.csv, line 2: x: “a” is not a coordinate."),
        ("edges", "src,dst,t_ds,cls\n0,9,1,0\n", "edges.csv, line 2: dst: there is no “9” in nodes, which has 6 rows."),
        ("edges", "src,dst,t_ds,cls\n0,1,-5,0\n", "edges.csv, line 2: t_ds: -5 is out of bounds."),
        ("edges", "src,dst,t_ds,cls\n0,1,1.5,0\n", "edges.csv, line 2: t_ds: “1.5” is not a whole number."),
        ("edges", "src,dst,t_ds,cls\n1,1,5,0\n", "edges.csv, line 2: leads from node 1 to itself."),
        ("edges", "src,dst,t_ds,cls\n0,1\n", "edges.csv, line 2: the line has 2 cells, 4 are in the header"),
        ("edges", "from,to,length_m\n0,1,-3\n", "edges.csv, line 2: length_m"),
        ("edges", "", "edges.csv: is empty."),
        (
            "compounds",
            &TOWN[6].1.replace("300,1,2,0", "300,3,2,0"),
            "compounds.csv, line 2: min_vol 3 is above max_vol 2.",
        ),
        (
            "gates",
            "compound,node\n2,1\n",
            "gates.csv, line 2: compound: there is no “2” in compounds, which has 2 rows.",
        ),
        (
            "volunteers",
            "id,building,node,access_ds,skills,shifts\n0,0,0,NaN,0,1\n",
            "volunteers.csv, line 2: access_ds: “NaN”",
        ),
    ];
    for (name, text, wanted) in table {
        let town = Tables::town();
        town.put(name, text);
        let said = told(mobilize::plan(town.folder(), town.folder(), call()));
        assert!(said.contains(wanted), "{said}\ninstead of {wanted}");
    }
    let town = Tables::town();
    town.put("adjacency", "a,b,border_m\n1,1,5\n");
    let said = told(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()));
    assert!(said.contains("adjacency.csv, line 2: building 1 cannot touch itself"), "{said}");
    std::fs::remove_file(town.folder().join("stations.csv")).unwrap();
    let said = told(reach::plan(town.folder(), town.folder(), &walk(3)));
    assert!(said.contains("stations.csv: cannot be opened"), "{said}");
    let many: String = (0..40).map(|_| "x,0,0\n").collect();
    town.put("nodes", &format!("id,x,y\n{many}"));
    let said = told(reach::plan(town.folder(), town.folder(), &walk(3)));
    assert!(said.contains("19 more faults") && said.lines().count() == 21, "{said}");
}

#[test]
fn tables_are_read_in_each_encoding_and_told_in_both_languages() {
    let town = Tables::town();
    let stations = "id;node\n0;０\n";
    let wide: Vec<u8> = stations.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xFF\xFE".as_slice(), wide.as_slice()].concat();
    let marked = [b"\xEF\xBB\xBF".as_slice(), b"ID\tnode\n0\t0\n"].concat();
    let expected = reach::plan(town.folder(), town.folder(), &walk(3)).unwrap().objective;
    for bytes in [stations.as_bytes(), &wide, &marked] {
        std::fs::write(town.folder().join("stations.csv"), bytes).unwrap();
        assert_eq!(reach::plan(town.folder(), town.folder(), &walk(3)).unwrap().objective, expected, "{bytes:?}");
    }
    town.put("stations", "id,node\n0,一\n");
    let fault = reach::plan(town.folder(), town.folder(), &walk(3)).unwrap_err();
    let said = fault.told(kernel::language::Lang::Zh).to_string();
    assert!(said.contains("stations.csv，第 2 行：node：nodes 里没有“一”，它有 6 行。"), "{said}");
}

#[test]
fn a_station_counts_only_while_it_is_open() {
    let town = Tables::town();
    town.put("stations", "id,node,opens,closes\n0,0,510,1050\n1,5,1320,360\n");
    let reached = |at: Option<u32>| {
        let task = reach::Task { at, ..walk(1) };
        let found = reach::plan(town.folder(), town.folder(), &task).unwrap();
        assert_eq!(reach::verify(town.folder(), town.folder(), &task).unwrap().summary.objective, found.objective);
        found.objective
    };
    let (all, day, night, morning) = (reached(None), reached(Some(600)), reached(Some(1_380)), reached(Some(400)));
    assert!(day > 0 && night > 0 && morning == 0, "{day} {night} {morning}");
    assert_eq!(all, day + night, "each reaches its own end of the street");
    town.put("stations", "id,node\n0,0\n");
    let said = told(reach::plan(town.folder(), town.folder(), &reach::Task { at: Some(600), ..walk(1) }));
    assert!(said.contains("no column “opens”"), "{said}");
}

#[test]
fn the_walks_are_shortened_most() {
    let town = Tables::town();
    let task = site::Task { limit: 6_000, ..sites(Wish::Walk(1)) };
    let planned = site::plan(town.folder(), town.folder(), &task, &mut || true).unwrap();
    // From node 4 the last three houses walk 120, 240 and 240 seconds less, and each has a hundred households. From
    // node 5 it is 60, 180 and 300.
    assert_eq!((planned.objective, planned.bound), (600_000, Some(600_000)));
    assert_eq!(town.read("sites.csv"), "site,node\n1,4\n");
}

#[test]
fn points_without_a_node_stand_at_the_nearest_one_with_the_straight_way_added() {
    let town = Tables::town();
    let bare = "id,compound,community,x,y,households\n0,0,0,0.0,12.0,100\n1,0,0,70.0,0.0,100\n2,0,0,216.0,120.0,100\n";
    town.put("buildings", bare);
    town.put("stations", "id,x,y\n0,3.0,4.0\n");
    assert_eq!(
        reach::plan(town.folder(), town.folder(), &walk(1)).unwrap().objective,
        100,
        "the second is 17 ds from its node"
    );
    assert_eq!(reach::plan(town.folder(), town.folder(), &walk(2)).unwrap().objective, 200);
}

/// Writes whole columns in groups of two rows. They are optional, as other programs write them.
/// A street of three nodes with a station at its beginning, and two nodes beside its middle that no way joins to it.
fn broken_street(at: &str) -> Tables {
    let town = Tables(tempfile::tempdir().unwrap());
    town.put("nodes", &format!("id,x,y\n0,0,0\n1,100,0\n2,200,0\n{at}\n"));
    town.put("edges", "from,to,length_m\n0,1,100\n1,2,100\n3,4,12\n");
    town.put("stations", "id,x,y\n0,0,0\n");
    town.put("candidates", "id,x,y\n0,200,0\n");
    town
}

#[test]
fn who_stands_beside_a_cut_off_piece_walks_on_the_ways_that_lead_on() {
    let town = broken_street("3,100,8\n4,100,20");
    town.put("buildings", "id,compound,community,x,y,households\n0,0,0,100,5,300\n1,0,0,0,0,10\n");
    let found = reach::plan(town.folder(), town.folder(), &walk(15)).unwrap();
    assert_eq!(found.objective, 310, "{found:?}");
    assert!(found.notes.iter().all(|note| !note.said.en.contains("households stand")), "{found:?}");
    town.put("stations", "id,x,y\n0,100,9\n");
    assert_eq!(reach::plan(town.folder(), town.folder(), &walk(15)).unwrap().objective, 310, "a station too");
}

#[test]
fn who_is_left_out_is_told() {
    let town = broken_street("3,100,3000\n4,100,3012");
    town.put("buildings", "id,compound,community,x,y,households\n0,0,0,100,3005,300\n1,0,0,0,0,10\n2,0,0,200,0,5\n");
    let found = reach::plan(town.folder(), town.folder(), &walk(15)).unwrap();
    assert_eq!(found.objective, 15, "three kilometres away is not beside the street");
    assert!(found.more.contains(&("cut_off_households", json!(300))), "{found:?}");
    assert!(found.notes.iter().any(|note| note.said.en.starts_with("300 households stand on")), "{found:?}");
    let planned = site::plan(town.folder(), town.folder(), &sites(Wish::Open(1)), &mut || true).unwrap();
    assert!(planned.notes.iter().any(|note| note.said.en.starts_with("300 households stand on")), "{planned:?}");
}

#[test]
fn who_stands_where_ways_lead_only_away_from_the_station_is_left_out() {
    let town = broken_street("3,300,0\n4,400,0");
    town.put("edges", "src,dst,t_ds,cls\n0,1,600,0\n1,0,600,0\n1,2,600,0\n3,2,600,0\n4,3,600,0\n3,4,600,0\n");
    town.put(
        "buildings",
        "id,compound,community,x,y,households,node\n0,0,0,0,5,7,1\n1,0,0,200,5,40,2\n2,0,0,300,5,3,3\n",
    );
    let found = reach::plan(town.folder(), town.folder(), &walk(15)).unwrap();
    assert_eq!(found.objective, 7);
    assert!(found.more.contains(&("cut_off_households", json!(43))), "{found:?}");
    town.put("edges", "src,dst,t_ds,cls\n0,1,600,0\n1,0,600,0\n2,1,600,0\n3,2,600,0\n");
    let found = reach::plan(town.folder(), town.folder(), &walk(15)).unwrap();
    assert!(found.more.contains(&("cut_off_households", json!(0))), "ways that lead only to it are enough: {found:?}");
}

fn put_parquet(town: &Tables, name: &str, columns: &[(&str, &[Option<i64>])]) {
    use parquet::data_type::Int64Type;
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    let fields: Vec<String> = columns.iter().map(|(name, _)| format!("optional int64 {name};")).collect();
    let schema = std::sync::Arc::new(parse_message_type(&format!("message table {{ {} }}", fields.join(" "))).unwrap());
    let file = std::fs::File::create(town.folder().join(format!("{name}.parquet"))).unwrap();
    let mut writer =
        SerializedFileWriter::new(file, schema, std::sync::Arc::new(WriterProperties::builder().build())).unwrap();
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    for from in (0..rows).step_by(2) {
        let mut group = writer.next_row_group().unwrap();
        for (_, values) in columns {
            let part = &values[from..rows.min(from + 2)];
            let levels: Vec<i16> = part.iter().map(|value| i16::from(value.is_some())).collect();
            let given: Vec<i64> = part.iter().copied().flatten().collect();
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<Int64Type>().write_batch(&given, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

#[test]
fn a_table_may_be_parquet_and_says_as_well_what_is_wrong() {
    let town = Tables::town();
    let remove = |name: &str| std::fs::remove_file(town.folder().join(format!("{name}.csv"))).unwrap();
    remove("adjacency");
    let some = |values: [i64; 5]| values.map(Some);
    let (a, b, metres) = (some([0, 1, 2, 3, 4]), some([1, 2, 3, 4, 5]), some([20; 5]));
    put_parquet(&town, "adjacency", &[("a", &a), ("b", &b), ("border_m", &metres)]);
    assert_eq!(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()).unwrap().objective, 20);
    let refused = |columns: &[(&str, &[Option<i64>])]| {
        put_parquet(&town, "adjacency", columns);
        told(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ()))
    };
    let far = some([1, 2, 3, 9, 5]);
    let said = refused(&[("a", &a), ("b", &far), ("border_m", &metres)]);
    assert!(said.contains("adjacency.parquet, row 4: b: there is no “9” in buildings"), "{said}");
    let said = refused(&[("a", &a), ("b", &[Some(1), Some(2), None, Some(4), Some(5)]), ("border_m", &metres)]);
    assert!(said.contains("b: 1 rows have no value"), "{said}");
    assert!(refused(&[("a", &a), ("b", &b)]).contains("no column “border_m”"));
    std::fs::write(town.folder().join("adjacency.parquet"), "a,b\n0,1\n").unwrap();
    assert!(told(grids::plan(town.folder(), town.folder(), &grid_task(), &|_| ())).contains("is not a Parquet file"));
}

/// This is a real city. People who live in a hexagon walk from its middle to hexagons with a health site or a school.
#[test]
fn porto_alegre_is_reached_as_others_found() {
    let folder = std::env::var("LIANGLIN_REFERENCE_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/reference").to_owned());
    let source = Path::new(&folder);
    let Ok(hexagons) = std::fs::read_to_string(source.join("population_hex_porto_alegre.csv")) else {
        println!("skipped: {folder} has no population_hex_porto_alegre.csv; set LIANGLIN_REFERENCE_DATA");
        return;
    };
    let town = Tables(tempfile::tempdir().unwrap());
    for (from, to) in [("walk_porto_alegre_nodes", "nodes"), ("walk_porto_alegre_edges", "edges")] {
        std::fs::copy(source.join(format!("{from}.csv")), town.folder().join(format!("{to}.csv"))).unwrap();
    }
    let rows: Vec<Vec<&str>> = hexagons.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let line = |(id, row): (usize, &Vec<&str>)| {
        format!("{id},0,0,{},{},{}", row[1], row[2], row[3].parse::<u64>().unwrap_or(0))
    };
    let lines: Vec<String> = rows.iter().enumerate().map(line).collect();
    let buildings = format!("id,compound,community,lon,lat,households\n{}\n", lines.join("\n"));
    town.put("buildings", &buildings);
    for (column, metres, wanted) in [(6, 1_080, 673_798), (6, 720, 456_663), (4, 1_080, 779_892), (4, 720, 619_789)] {
        let open = rows.iter().filter(|row| row[column].parse::<u64>().unwrap_or(0) > 0);
        let lines: Vec<String> = open.enumerate().map(|(id, row)| format!("{id},{},{}", row[1], row[2])).collect();
        town.put("stations", &format!("id,lon,lat\n{}\n", lines.join("\n")));
        let task = reach::Task { limit: metres * 25 / 3, profile: Profile::adult(), at: None };
        let found = reach::plan(town.folder(), town.folder(), &task).unwrap();
        assert!(found.more.contains(&("households", json!(812_935))), "{found:?}");
        assert_eq!(found.objective, wanted, "column {column} within {metres} m");
    }
}

#[test]
fn an_invented_city_is_planned_from_end_to_end_and_stands_every_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    drop(super::sample::make(planning::sample::Size::S, 5, path).unwrap());
    for exact_sets in [0, 20_000] {
        let effort = Effort { moves: 60, exact_sets, ..Effort::default() };
        let task = grids::Task { effort, ..grid_task() };
        let planned = grids::plan(path, path, &task, &|_| ()).unwrap();
        let looked = grids::verify(path, path, &task).unwrap();
        assert_eq!((planned.violations, &looked.unproven), (0, &Vec::new()), "{looked:?}");
        assert_eq!((looked.summary.objective, &looked.summary.more), (planned.objective, &planned.more));
    }
    for task in [call(), mobilize::Task { slots: true, ..call() }, mobilize::Task { fair: true, ..call() }] {
        let planned = mobilize::plan(path, path, task).unwrap();
        let looked = mobilize::verify(path, path, task).unwrap();
        assert_eq!((looked.summary.objective, looked.summary.gap()), (planned.objective, Some(0.0)), "{looked:?}");
        assert!(looked.unproven.is_empty(), "{looked:?}");
    }
    let planned = reach::plan(path, path, &walk(15)).unwrap();
    assert_eq!(reach::verify(path, path, &walk(15)).unwrap().summary.objective, planned.objective);
    for wish in [Wish::Open(3), Wish::Walk(3), Wish::Share(40)] {
        let task = site::Task { limit: 9_000, ..sites(wish) };
        let planned = site::plan(path, path, &task, &mut || true).unwrap();
        let looked = site::verify(path, path, &task).unwrap();
        assert_eq!((looked.summary.objective, looked.unproven.is_empty()), (planned.objective, true), "{looked:?}");
    }
}
