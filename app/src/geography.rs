//! A folder of tables becomes the geography of a city. Planners read the same tables at the command line; here they
//! also hold the official codes of the communities.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::earth::{Datum, Plane, Point as Degrees};
use kernel::language::{Bilingual, Lang};
use kernel::place::{Level, PlaceId};
use kernel::refusal::Refusal;
use places::Tree;
use places::geography::{NewBuilding, NewCompound, NewGeography};
use planning::network::Profile;
use planning::shape::Point;
use tables::{Limits, Wanted, is_damaged};

use crate::AppError;
use crate::plan::intake::{Crs, Given, LIMITS, Task, prepared};
use crate::plan::table::{Fault, Ids, Kind, both, column, file_of, table, texts};
use crate::plan::town::{Buildings, Bundle, Placed, Streets};

/// Codes of communities have twelve digits.
const CODES: Kind<'static> = Kind::Whole(100_000_000_000, 999_999_999_999);

/// Finds the tables of a town: those of a folder as they are, if all are there, otherwise what can be made of the files
/// of a person and an extract. `datum` says what degrees mean, if anybody said it.
///
/// # Errors
/// Every fault with file, line and remedy.
pub fn town(path: &Path, map: Option<&Path>, datum: Option<Datum>, lang: Lang) -> Result<Bundle, AppError> {
    if map.is_none() && is_whole(path) {
        return Ok(Bundle::new(path).in_datum(datum.unwrap_or_default()));
    }
    let given = Given {
        path: path.to_owned(),
        map: map.map(Path::to_owned),
        crs: datum.map(Crs::Degrees),
        weight: "households".to_owned(),
        least: LEAST,
        lang,
        limits: LIMITS,
        within: None,
    };
    let folder = if path.is_file() { path.parent().unwrap_or(Path::new(".")) } else { path };
    // What is made is in WGS 84, whatever the sheets are in.
    prepared(&given, Task::Lay, &folder.join("tables"))
}

/// How many households a part of a community needs to be a grid by itself.
const LEAST: u32 = 200;

/// Says whether a folder has every table of a geography as planners read it.
fn is_whole(folder: &Path) -> bool {
    let has = |name: &str| file_of(folder, name).exists();
    let ways = folder.join("network.osm.pbf").exists() || has("nodes") && has("edges");
    ways && Task::Lay.needs().iter().all(|name| has(name))
}

/// Reads a town: `nodes`, `edges` (or an extract), `compounds`, `gates`, `buildings`, `adjacency`, and `communities`
/// with `id,code`, or with the names of the communities. CSV tables give compounds and buildings their names in the
/// column `name`; in other tables they are numbered. Points are metres in one plane, which stands at the given origin
/// if there is one, or degrees (`lon`, `lat`), which become metres around that origin or around the middle of the
/// nodes. The sentences say what a person must know of it.
///
/// # Errors
/// Every fault with file, line and remedy.
pub fn laid(bundle: &Bundle, tree: &Tree, laying: Laying) -> Result<(NewGeography, Vec<Bilingual>), AppError> {
    let ways = bundle.ways(&Profile::adult()).map_err(AppError::Tables)?;
    let (codes, communities) = communities(bundle, tree)?;
    let wanted = [column("id", Kind::Id), column("community", Kind::Row(&codes))];
    let Placed { points, table } = bundle.placed("compounds", ways.degrees, &wanted).map_err(AppError::Tables)?;
    let mut named = Names::of(&bundle.file("compounds"))?;
    let mut compounds: Vec<NewCompound> = Vec::with_capacity(points.len());
    for (at, (community, point)) in table.columns.iter().skip(1).take(1).flatten().zip(&points).enumerate() {
        let community = usize::try_from(*community).ok().and_then(|row| communities.get(row)).copied();
        let community = community.unwrap_or(PlaceId(0));
        let name = named.name(at, community.0, |number| format!("{number}号小区"));
        compounds.push(NewCompound { community, name, at: *point, gates: Vec::new() });
    }
    for gate in bundle.gates(&ways, &table.ids).map_err(AppError::Tables)? {
        if let Some(compound) = compounds.get_mut(gate.site as usize) {
            compound.gates.push(gate.node);
        }
    }
    let found = bundle.buildings_in(&table.ids, &ways).map_err(AppError::Tables)?;
    let borders = bundle.borders(&found).map_err(AppError::Tables)?;
    let buildings = buildings(bundle, &found)?;
    let source = bundle.folder().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Laying { invented, datum, .. } = laying;
    let origin = laying.origin.map(|shown| datum.meant(shown));
    let standing = ways.standing(buildings.iter().map(|building| building.home));
    let made = bundle.heard().of_the_making().to_vec();
    let told = made.into_iter().chain(standing.sentences("楼栋", "buildings")).chain(ways.told).collect();
    let Streets { nodes, edges, degrees, .. } = bundle.streets().map_err(AppError::Tables)?;
    let new = NewGeography { source, invented, origin, nodes, edges, compounds, buildings, borders };
    let new = if degrees { in_metres(new, bundle.datum(), bundle.folder())? } else { new };
    Ok((new, told))
}

/// What is said of a geography besides its tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Laying {
    /// Whether nothing in it is real.
    pub invented: bool,
    /// The point of the globe at which its metres begin.
    pub origin: Option<Degrees>,
    /// What the degrees of the origin mean. They are laid as WGS 84.
    pub datum: Datum,
}

/// Turns degrees into metres around the origin, or around the middle of the nodes if there is none.
fn in_metres(mut new: NewGeography, datum: Datum, folder: &Path) -> Result<NewGeography, AppError> {
    let edges = |of: fn(&Point) -> f64| {
        let each = new.nodes.iter().map(of);
        each.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    };
    let ((west, east), (south, north)) = (edges(|node| node.x), edges(|node| node.y));
    let middle = || Degrees::from_degrees(f64::midpoint(south, north), f64::midpoint(west, east));
    let origin = new.origin.or_else(|| middle().map(|shown| datum.meant(shown)));
    let plane = origin.map(Plane::new);
    let turn = |at: &mut Point| {
        let shown = Degrees::from_degrees(at.y, at.x);
        let metres = plane.zip(shown).map(|(plane, shown)| plane.to_metres(datum.meant(shown)));
        if let Some((x, y)) = metres {
            *at = Point { x, y };
        }
        metres.is_some()
    };
    let mut all = new.nodes.iter_mut().chain(new.compounds.iter_mut().map(|one| &mut one.at));
    let good = all.all(turn) && new.buildings.iter_mut().map(|one| &mut one.at).all(turn);
    if !good {
        let said = both(
            "lat 要在 -90 到 90 之间，lon 要在 -180 到 180 之间。请检查这两列是不是写反了。",
            "lat lies between -90 and 90, lon between -180 and 180. Check whether the two columns are swapped.",
        );
        return Err(AppError::Tables(vec![Fault { file: folder.to_owned(), line: 0, said }]));
    }
    Ok(NewGeography { origin, ..new })
}

fn buildings(bundle: &Bundle, found: &Buildings) -> Result<Vec<NewBuilding>, AppError> {
    let mut named = Names::of(&bundle.file("buildings"))?;
    let each = found.grid.iter().zip(&found.reach).zip(&found.points).enumerate();
    let made = each.map(|(at, ((grid, reach), point))| NewBuilding {
        id: None,
        compound: grid.compound,
        name: named.name(at, grid.compound.into(), |number| format!("{number}号楼")),
        at: *point,
        home: planning::mobilize::Home { node: reach.node, access: reach.access },
        households: grid.households,
    });
    Ok(made.collect())
}

/// Returns the ids of `communities`, and of each row the place with its code, or the only one with its name.
fn communities(bundle: &Bundle, tree: &Tree) -> Result<(Ids, Vec<PlaceId>), AppError> {
    let file = bundle.file("communities");
    let folder = file.parent().unwrap_or_else(|| bundle.folder());
    let written = called(&file);
    let is_named = !written.is_empty() && written.iter().all(|(_, is_code)| !is_code)
        || written.iter().any(|(_, is_code)| !is_code) && written.iter().all(|(words, _)| !words.is_empty());
    let (id, code) = (column("id", Kind::Id), column("code", CODES));
    let read = if is_named { table(folder, "communities", &[id]) } else { table(folder, "communities", &[id, code]) };
    let table = read.map_err(AppError::Tables)?;
    let codes = table.columns.iter().skip(1).flatten().map(|code| (code.to_string(), true));
    let asked: Vec<(String, bool)> = if is_named { written } else { codes.collect() };
    let in_sheet = bundle.derived().contains(&"communities");
    let mut found = Vec::new();
    let mut faults = Vec::new();
    for (row, (words, is_code)) in asked.iter().enumerate() {
        let meant: Vec<_> = if *is_code { tree.by_code(words).into_iter().collect() } else { tree.exactly(words) };
        let mut meant = meant.into_iter().filter(|place| place.level == Level::Community);
        match (meant.next(), meant.next()) {
            (Some(place), None) => found.push(place.id),
            (first, _) => {
                let said = unknown(words, first.is_some(), in_sheet);
                // Nobody wrote the communities themselves: what is to be mended stands in the sheet of buildings.
                let sheet = bundle.fault_where("buildings", ["community", words.as_str()], said.clone());
                faults.push(sheet.filter(|_| in_sheet).unwrap_or_else(|| table.fault(row, said)));
            }
        }
    }
    if faults.is_empty() { Ok((table.ids, found)) } else { Err(AppError::Tables(faults)) }
}

/// Returns by what each row of `communities` goes: by its code, or by its name where it has none. The second says
/// whether it is the code.
fn called(file: &Path) -> Vec<(String, bool)> {
    let of = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let (code, name) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
        if code.is_empty() { (name, false) } else { (code, true) }
    };
    texts(file, &["code", "name"]).into_iter().map(of).collect()
}

/// Says that the words of a row name no community, or several. They stand in the sheet of buildings, or in a table of
/// communities.
fn unknown(words: &str, several: bool, in_sheet: bool) -> Bilingual {
    let (zh, en) = if in_sheet {
        ("楼栋表的“社区”一列", "the column community of the buildings")
    } else {
        ("社区表", "the table of communities")
    };
    if several {
        return both(
            format!("本市有几个社区叫“{words}”。请在{zh}里写 12 位代码，可以这样查：lianglin places find {words}"),
            format!(
                "several communities of this city are called “{words}”. Write the code of 12 digits in {en}; find it \
                 with: lianglin places find {words}"
            ),
        );
    }
    both(
        format!(
            "“{words}”不是本市的社区。请在{zh}里写最新版本里的名称或 12 位代码，可以这样查：\
             lianglin places find 街道名称"
        ),
        format!(
            "“{words}” is not a community of this city. Write its name or code of the newest edition in {en}; find it \
             with: lianglin places find \"name of the subdistrict\""
        ),
    )
}

/// How large a table with names may be: the buildings of a large city.
const NAMED: Limits = Limits { rows: 2_000_000, columns: 60, bytes: 512 * 1024 * 1024 };

/// The most damaged names that are told of one table.
const TOLD: usize = 20;

/// Says why a table with names is not read.
fn unread(path: &Path, refusal: &Refusal) -> Fault {
    let told = |lang: Lang| [refusal.sentence(lang), refusal.remedy(lang)].join(" ");
    Fault { file: path.to_owned(), line: 0, said: both(told(Lang::Zh), told(Lang::En)) }
}

/// Says that the name of a row lost a sign, or has one that nobody sees.
fn damaged(path: &Path, row: &tables::Row) -> Option<Fault> {
    let name = row.text("name");
    let said = is_damaged(name).then(|| {
        both(
            format!("名称“{}”里有字丢了。请照原件重新填写。", name.escape_debug()),
            format!("a character of the name “{}” is lost. Type it as the original has it.", name.escape_debug()),
        )
    })?;
    Some(Fault { file: path.to_owned(), line: u64::try_from(row.line).unwrap_or_default(), said })
}

/// Names out of a table, each made the only one of its kind within what it lies in.
struct Names {
    given: Vec<String>,
    counts: BTreeMap<i64, u32>,
    taken: std::collections::BTreeSet<(i64, String)>,
}

impl Names {
    fn of(path: &Path) -> Result<Self, AppError> {
        let mut given = Vec::new();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let bytes = std::fs::read(path).map_err(AppError::outside(path.display().to_string()))?;
            let column = |title: &str| ["id", "name"].into_iter().find(|known| *known == title);
            let called = |column: &'static str| column.to_owned();
            let wanted = Wanted { limits: NAMED, required: &["id"], column: &column, called: &called };
            let table =
                tables::read(&bytes, &wanted).map_err(|refusal| AppError::Tables(vec![unread(path, &refusal)]))?;
            let faults: Vec<Fault> = table.rows.iter().filter_map(|row| damaged(path, row)).take(TOLD).collect();
            if !faults.is_empty() {
                return Err(AppError::Tables(faults));
            }
            given.extend(table.rows.iter().map(|row| row.text("name").to_owned()));
        }
        Ok(Self { given, counts: BTreeMap::new(), taken: std::collections::BTreeSet::new() })
    }

    fn name(&mut self, at: usize, within: i64, numbered: impl Fn(u32) -> String) -> String {
        if let Some(given) = self.given.get(at).filter(|name| !name.is_empty()).cloned() {
            // Another of the same name stays apart from it, and never takes the number of a third.
            let mut own = (1u32..).map(|count| if count == 1 { given.clone() } else { format!("{given} ({count})") });
            return own.find(|name| self.taken.insert((within, name.clone()))).unwrap_or(given.clone());
        }
        loop {
            let count = self.counts.entry(within).or_default();
            *count += 1;
            let name = numbered(*count);
            if self.taken.insert((within, name.clone())) {
                return name;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_only_ones_of_their_kind() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("compounds.csv"), "id,name\n0,甲\n1,甲\n2,\n3,1号小区\n").unwrap();
        let mut names = Names::of(&folder.path().join("compounds.csv")).unwrap();
        let told: Vec<String> =
            (0..5).map(|at| names.name(at, i64::from(at == 3), |number| format!("{number}号小区"))).collect();
        assert_eq!(told, ["甲", "甲 (2)", "1号小区", "1号小区", "2号小区"]);
    }

    fn community(path: &str, code: &str, name: &str) -> places::Place {
        let path = kernel::place::PlacePath::parse(path).unwrap();
        places::Place {
            id: path.id(),
            level: Level::Community,
            kind: places::Kind::Residents,
            name: both(name, name),
            parent: path.parent().map(|parent| parent.id()),
            path,
            code: code.to_owned(),
        }
    }

    #[test]
    fn a_community_goes_by_its_code_where_it_has_one_and_by_its_name_otherwise() {
        let tree = Tree::new(
            vec![
                community("1.2.", "210102001001", "甲社区"),
                community("1.3.", "210102001002", "乙社区"),
                community("1.4.", "210103001001", "乙社区"),
            ],
            BTreeMap::new(),
        );
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let (file, lines) = ("楼栋.xlsx".into(), vec![4, 6]);
        let sheet = crate::plan::town::Origin { file, lines, ..Default::default() };
        let tables = BTreeMap::from([("communities", None), ("buildings", Some(sheet))]);
        let made = crate::plan::town::Made { folder: folder.path().to_owned(), tables };
        let bundle = Bundle::new(folder.path()).with(made);
        put("communities.csv", "id,name,code\n甲社区,甲社区,\n210103001001,210103001001,210103001001\n");
        let (_, found) = communities(&bundle, &tree).unwrap();
        assert_eq!(found, [PlaceId(2), PlaceId(4)]);
        // A name that two have is told where the person wrote it.
        put(
            "communities.csv",
            "id,name,code\n甲社区,甲社区,\n乙社区,乙社区,\n210103001001,210103001001,210103001001\n",
        );
        put("buildings.csv", "id,community\n1,甲社区\n2,乙社区\n");
        let said = communities(&bundle, &tree).map(drop).unwrap_err().told(Lang::Zh).to_string();
        assert!(said.starts_with("楼栋.xlsx，第 6 行：本市有几个社区叫“乙社区”"), "{said}");
        assert!(said.contains("楼栋表的“社区”一列里写 12 位代码") && said.lines().count() == 1, "{said}");
        put("communities.csv", "id,name,code\n甲社区,甲社区,\n7,,\n5,丙,210103001001\n");
        assert!(communities(&bundle, &tree).is_err(), "a row goes by nothing");
    }

    #[test]
    fn degrees_become_metres_around_the_middle_or_the_given_origin() {
        let node = |longitude: f64, latitude: f64| Point { x: longitude, y: latitude };
        let new = |origin: Option<&str>, nodes: Vec<Point>| {
            let origin = origin.and_then(Degrees::parse);
            in_metres(NewGeography { nodes, origin, ..NewGeography::default() }, Datum::Wgs84, Path::new("city"))
        };
        let nodes = vec![node(123.43, 41.80), node(123.44, 41.82)];
        let found = new(None, nodes.clone()).unwrap();
        assert_eq!(found.origin, Degrees::parse("41.81,123.435"));
        let (a, b) = (found.nodes[0], found.nodes[1]);
        assert!((b.x - a.x - 830.8).abs() < 1.0 && (b.y - a.y - 2_221.6).abs() < 1.0, "{a:?} {b:?}");
        let given = new(Some("41.80,123.43"), nodes).unwrap();
        assert!(given.nodes[0].x.abs() < 1e-6 && given.nodes[0].y.abs() < 1e-6, "{:?}", given.nodes[0]);
        // The same street on a map of Amap: it is laid where it is.
        let shown = [node(123.437_635_697_7, 41.808_128_042_9)];
        let laid = NewGeography { nodes: shown.to_vec(), ..NewGeography::default() };
        let origin = in_metres(laid, Datum::Gcj02, Path::new("city")).unwrap().origin.unwrap();
        let (latitude, longitude) = origin.degrees();
        assert!((latitude - 41.805_7).abs() < 1e-6 && (longitude - 123.431_5).abs() < 1e-6, "{origin}");
        let swapped = new(None, vec![node(41.8, 123.4)]);
        assert!(swapped.is_err_and(|fault| fault.told(Lang::En).to_string().contains("swapped")));
    }

    #[test]
    fn a_name_that_lost_a_sign_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("compounds.csv");
        for name in ["文?小区", "文■小区", "文\u{202E}小区", "文\u{AD}小区"] {
            std::fs::write(&file, format!("id;name\n0;甲\n1;{name}\n")).unwrap();
            let Err(AppError::Tables(faults)) = Names::of(&file) else { panic!("{name}") };
            assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3], "{name}");
            assert!(faults[0].told(Lang::Zh).contains("第 3 行：名称“文"), "{faults:?}");
        }
        std::fs::write(&file, "id;name\n0;李\u{E863}小区\n").unwrap();
        let mut names = Names::of(&folder.path().join("compounds.csv")).unwrap();
        assert_eq!(names.name(0, 0, |_| String::new()), "李䶮小区");
    }
}
