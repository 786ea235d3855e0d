//! This file does `lianglin plan look`: it says what of a folder was found, what each task still lacks, and draws it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::language::{Bilingual, Lang};
use planning::neighbours::Line;
use planning::partition::Border;
use serde_json::{Value, json};

use super::figures::{name_of, padded};
use super::intake::titles::mapped;
use super::intake::{Given, Held, Source, Survey, Task, cleared, prepared_of};
use super::picture::{Dot, Stroke, svg_with_legend};
use super::table::{Fault, both, file_of};
use super::town::{Buildings, Bundle};
use super::{geojson, told, write};
use crate::AppError;

/// Of a table that was found: its file, how many rows it has, and which titles are taken for which columns.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    table: &'static str,
    file: String,
    rows: Option<usize>,
    /// The columns, each with its title in the file.
    columns: Vec<(String, String)>,
    unread: Vec<String>,
}

/// What a task still lacks.
#[derive(Debug, Clone, PartialEq)]
struct Ready {
    task: &'static str,
    derived: Vec<&'static str>,
    /// What is taken in place of something that the task would better have.
    instead: Option<Bilingual>,
    /// What is missing or wrong; nothing if the task can be done.
    faults: Vec<Fault>,
}

/// How many buildings there are of a community, by the name that they have for it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Community {
    name: String,
    buildings: usize,
    households: u64,
}

/// How many communities are told one by one.
const COMMUNITIES: usize = 20;

/// Tells what was found in a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    map: Option<String>,
    found: Vec<Found>,
    left: Vec<Fault>,
    /// Which files there are. It is told with the first task that lacks one.
    here: Fault,
    ready: Vec<Ready>,
    said: Vec<Bilingual>,
    /// The communities of the buildings.
    communities: Vec<Community>,
    drawn: bool,
    /// The folder in which it is drawn.
    out: PathBuf,
}

/// Looks at a town and writes `look.svg` and `look.geojson`, if there are buildings that can be drawn. The made tables
/// are written to the folder `tables` of `out`.
pub fn look(given: &Given, out: &Path) -> Result<Look, AppError> {
    let survey = Survey::of(given, &[]).map_err(told)?;
    let made = cleared(&survey, &out.join("tables"))?;
    let (mut held, mut ready, mut said, mut last) = (Held::default(), Vec::new(), Vec::new(), None);
    // The division into grids comes last, for its tables are drawn. What is laid is made first, so that the tables of
    // the plans, of which each is told, take its place.
    let tasks = std::iter::once(&Task::Lay).chain(Task::PLANNED.iter().rev());
    for task in tasks {
        let made = prepared_of(given, survey.clone(), *task, &made, &mut held);
        let made = made.and_then(|town| Ok((tried(&town, *task, given)?, town)));
        let (derived, faults) = match made {
            Ok((drawn, town)) => {
                if *task != Task::Lay {
                    said.extend(town.heard().of_the_making().iter().cloned());
                }
                last = drawn.or(last);
                (town.derived(), Vec::new())
            }
            Err(AppError::Tables(faults)) => (Vec::new(), faults),
            Err(other) => return Err(other),
        };
        ready.push(Ready { task: task.name(), derived, instead: instead(*task, &survey), faults });
    }
    ready.reverse();
    // What was left out stands among what was found.
    let mut known: Vec<Bilingual> = survey.left_out();
    said.retain(|one: &Bilingual| {
        let is_new = !known.contains(one);
        known.extend(is_new.then(|| one.clone()));
        is_new
    });
    if let Some(drawn) = &last {
        write(&out.join("look.svg"), drawn.svg(&held, given.lang).as_bytes())?;
        write(&out.join("look.geojson"), &drawn.geojson())?;
    }
    Ok(Look {
        map: survey.map.as_deref().map(named),
        found: survey.tables.iter().map(|(&table, source)| found(&survey, table, source, &given.weight)).collect(),
        here: survey.here(),
        left: survey.left,
        ready,
        said,
        communities: last.as_ref().map(Drawn::communities).unwrap_or_default(),
        drawn: last.is_some(),
        out: out.to_owned(),
    })
}

/// Says what is taken where the sheet of buildings has no column of communities.
fn instead(task: Task, survey: &Survey) -> Option<Bilingual> {
    let is_bare = survey.tables.contains_key("buildings") && !survey.has_column("buildings", "community");
    (task == Task::Grids && is_bare).then(|| {
        both(
            "，但是楼栋表没有“社区”一列，所有的楼当作同一个社区",
            ", but the sheet of buildings has no column community: all are taken as one",
        )
    })
}

/// Reads what a task reads of the buildings. Returns what is drawn, where the task has borders.
fn tried(town: &Bundle, task: Task, given: &Given) -> Result<Option<Drawn>, AppError> {
    if task != Task::Grids {
        return Ok(None);
    }
    let buildings = town.buildings_by(&given.weight, None).map_err(told)?;
    let borders = town.borders(&buildings).map_err(told)?;
    let names = town.names("buildings");
    let titles = (0..buildings.grid.len()).map(|at| [names.name(at), names.address(at)].map(str::to_owned)).collect();
    Ok(Some(Drawn { unit: town.unit(buildings.degrees), buildings, borders, titles }))
}

fn named(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Says how a table was found.
fn found(survey: &Survey, table: &'static str, source: &Source, weight: &str) -> Found {
    let Source::Sheet(sheet) = source else {
        let file = named(&file_of(&survey.folder, table));
        return Found { table, file, rows: None, columns: Vec::new(), unread: Vec::new() };
    };
    let at = mapped(table, &sheet.titles, weight);
    let title = |place: usize| sheet.titles.get(place).cloned().unwrap_or_default();
    let columns = at.iter().map(|(column, place)| (column.clone(), title(*place)));
    let file = named(&sheet.file);
    Found { table, file, rows: Some(sheet.rows.len()), columns: columns.collect(), unread: sheet.unread(&at) }
}

/// What is drawn of a town.
struct Drawn {
    buildings: Buildings,
    borders: Vec<Border>,
    /// The names and addresses of the buildings.
    titles: Vec<[String; 2]>,
    unit: &'static str,
}

impl Drawn {
    fn communities(&self) -> Vec<Community> {
        let one = |name: String| Community { name, buildings: 0, households: 0 };
        let town = &self.buildings;
        let mut found: Vec<Community> =
            (0..town.communities.len()).map(|at| one(town.communities.written(at))).collect();
        for building in &town.grid {
            if let Some(community) = found.get_mut(building.community as usize) {
                community.buildings += 1;
                community.households += u64::from(building.households);
            }
        }
        found
    }

    fn svg(&self, held: &Held, lang: Lang) -> String {
        let Self { buildings: town, borders, titles, .. } = self;
        let dot = |(at, point): (usize, &planning::shape::Point)| {
            let community = town.grid[at].community as usize;
            let words = [
                town.communities.written(community),
                town.compounds.written(town.grid[at].compound as usize),
                titles[at][0].clone(),
                titles[at][1].clone(),
                town.ids.written(at),
            ];
            let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
            Dot { at: *point, group: Some(community), title: words.join(" · ") }
        };
        let dots: Vec<Dot> = town.points.iter().enumerate().map(dot).collect();
        let pair = |border: &Border| -> Line { [border.a, border.b].map(|end| town.points[end as usize]) };
        let mut lines = if town.degrees { held.strokes() } else { Vec::new() };
        lines.extend(borders.iter().map(|border| (pair(border), Stroke::Near)));
        svg_with_legend(&dots, &lines, town.degrees, lang)
    }

    fn geojson(&self) -> Vec<u8> {
        let Self { buildings: town, titles, unit, .. } = self;
        let feature = |(at, point): (usize, &planning::shape::Point)| {
            let building = town.grid[at];
            let facts = [
                ("id", town.ids.json(at)),
                ("name", json!(titles[at][0])),
                ("address", json!(titles[at][1])),
                ("community", town.communities.json(building.community as usize)),
                ("compound", town.compounds.json(building.compound as usize)),
                ("households", json!(building.households)),
            ];
            geojson::point(*point, &facts)
        };
        let features: Vec<Value> = town.points.iter().enumerate().map(feature).collect();
        geojson::collection_in(unit, &features)
    }
}

impl Look {
    /// Says whether anything can be done with what was found.
    pub fn is_of_use(&self) -> bool {
        self.ready.iter().any(|ready| ready.faults.is_empty())
    }

    /// Returns it as JSON, with the sentences in a language.
    pub fn json(&self, lang: Lang) -> Value {
        let table = |found: &Found| {
            let columns: BTreeMap<&str, &str> =
                found.columns.iter().map(|(column, title)| (column.as_str(), title.as_str())).collect();
            let facts = json!({ "file": found.file, "rows": found.rows, "columns": columns, "not_read": found.unread });
            (found.table, facts)
        };
        let task = |ready: &Ready| {
            let faults: Vec<String> = ready.faults.iter().map(|fault| fault.told(lang)).collect();
            let instead = ready.instead.as_ref().map(|said| said.get(lang).trim_start_matches([',', '，', ' ']));
            let (is_ready, derived) = (faults.is_empty(), &ready.derived);
            (ready.task, json!({ "ready": is_ready, "derived": derived, "instead": instead, "faults": faults }))
        };
        let community =
            |one: &Community| json!({ "name": one.name, "buildings": one.buildings, "households": one.households });
        json!({
            "map": self.map,
            "communities": self.communities.iter().map(community).collect::<Vec<_>>(),
            "tables": self.found.iter().map(table).collect::<BTreeMap<&str, Value>>(),
            "not_read": self.left.iter().map(|fault| fault.told(lang)).collect::<Vec<_>>(),
            "tasks": self.ready.iter().map(task).collect::<BTreeMap<&str, Value>>(),
            "notes": self.said.iter().map(|said| said.get(lang)).collect::<Vec<_>>(),
            "drawn": self.drawn,
        })
    }

    /// Returns it as lines for people.
    pub fn lines(&self, lang: Lang) -> String {
        let mut lines = vec![lang.pick("找到的：", "Found:").to_owned()];
        if let Some(map) = &self.map {
            lines.push(format!("  {}{map}", label("map", lang)));
        }
        lines.extend(self.found.iter().flat_map(|found| found.lines(lang)));
        if self.found.is_empty() {
            lines.push(lang.pick("  没有一张表。", "  no table.").to_owned());
        }
        lines.extend(self.left.iter().map(|fault| format!("  {}", fault.told(lang))));
        lines.push(lang.pick("能做什么：", "What can be done:").to_owned());
        // What is wrong with a file stands with what was found.
        let mut shown: Vec<(&Fault, Option<&str>)> = self.left.iter().map(|fault| (fault, None)).collect();
        for ready in &self.ready {
            lines.extend(ready.lines(&mut shown, &self.here, lang));
        }
        if !self.communities.is_empty() {
            lines.push(lang.pick("社区：", "Communities:").to_owned());
            lines.extend(self.communities.iter().take(COMMUNITIES).map(|one| one.line(lang)));
        }
        if let Some(more) = self.communities.len().checked_sub(COMMUNITIES).filter(|more| *more > 0) {
            lines.push(match lang {
                Lang::Zh => format!("  还有 {more} 个"),
                Lang::En => format!("  and {more} more"),
            });
        }
        lines.extend(self.said.iter().map(|said| said.get(lang).to_owned()));
        if self.drawn {
            let [svg, geojson] = ["look.svg", "look.geojson"].map(|file| self.out.join(file).display().to_string());
            lines.push(match lang {
                Lang::Zh => format!("图在 {svg}（用浏览器打开）和 {geojson}。"),
                Lang::En => format!("It is drawn in {svg} (open it in a browser) and {geojson}."),
            });
        }
        lines.join("\n")
    }
}

impl Community {
    fn line(&self, lang: Lang) -> String {
        let Self { name, buildings, households } = self;
        match lang {
            Lang::Zh => format!("  {}{buildings} 栋楼，共 {households} 户", padded(name, wide(lang))),
            Lang::En => format!("  {}buildings {buildings}, households {households}", padded(name, wide(lang))),
        }
    }
}

impl Ready {
    /// Returns it as lines for people. Of a fault that was shown before it says where: under which task, or with what
    /// was found. Which files lie `here` is no reason.
    fn lines<'a>(&'a self, shown: &mut Vec<(&'a Fault, Option<&'a str>)>, here: &Fault, lang: Lang) -> Vec<String> {
        let task = label(self.task, lang);
        if self.faults.is_empty() {
            let names: Vec<String> = self.derived.iter().map(|name| called(name, lang)).collect();
            let derived = match lang {
                _ if names.is_empty() => String::new(),
                Lang::Zh => format!("，推出来的表：{}", names.join("、")),
                Lang::En => format!(", derived tables: {}", names.join(", ")),
            };
            let instead = self.instead.as_ref().map_or("", |said| said.get(lang));
            return vec![format!("  {task}{}{derived}{instead}", lang.pick("可以", "ready"))];
        }
        let (mut lines, mut above) = (Vec::new(), Vec::new());
        for fault in &self.faults {
            let Some((_, under)) = shown.iter().find(|(known, _)| *known == fault) else {
                lines.push(format!("  {task}{}", fault.told(lang)));
                continue;
            };
            if fault == here {
                continue;
            }
            let place = under.map_or_else(|| lang.pick("找到的", "Found").to_owned(), |task| name_of(task, lang));
            if !above.contains(&place) {
                above.push(place);
            }
        }
        if !above.is_empty() {
            lines.push(match lang {
                Lang::Zh => format!("  {task}还不行，原因写在上面“{}”那里", above.join("”和“")),
                Lang::En => format!("  {task}not yet, for what stands above under {}", above.join(" and ")),
            });
        }
        shown.extend(self.faults.iter().map(|fault| (fault, Some(self.task))));
        lines
    }
}

impl Found {
    /// Returns it as lines for people.
    fn lines(&self, lang: Lang) -> Vec<String> {
        let Self { table, file, rows, columns, unread } = self;
        let rows = rows.map_or_else(String::new, |rows| match lang {
            Lang::Zh => format!("，{rows} 行"),
            Lang::En => format!(", {rows} rows"),
        });
        let (table, blank) = (label(table, lang), padded("", wide(lang)));
        let mut lines = vec![format!("  {table}{file}{rows}")];
        if !columns.is_empty() {
            let each: Vec<String> = columns.iter().map(|(column, title)| format!("{column} = {title}")).collect();
            lines.push(format!("  {blank}{}", each.join(lang.pick("，", ", "))));
        }
        if !unread.is_empty() {
            lines.push(match lang {
                Lang::Zh => format!("  {blank}没有用到的列：{}", unread.join("、")),
                Lang::En => format!("  {blank}columns that are not used: {}", unread.join(", ")),
            });
        }
        lines
    }
}

/// Returns how wide the names of tables and tasks stand before what is said of them.
const fn wide(lang: Lang) -> usize {
    match lang {
        Lang::Zh => 22,
        Lang::En => 14,
    }
}

/// Returns the name of a table or a task as people know it, with the one that programs know behind it.
fn label(name: &str, lang: Lang) -> String {
    padded(&called(name, lang), wide(lang))
}

fn called(name: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}（{name}）", name_of(name, lang)),
        Lang::En => name.to_owned(),
    }
}

/// Says how the tables were found, in the words of [`look`], one line each.
pub fn found_in(survey: &Survey, weight: &str) -> Vec<Bilingual> {
    let of = |(&table, source): (&&'static str, &Source)| {
        let found = found(survey, table, source, weight);
        let lines = found.lines(Lang::Zh).into_iter().zip(found.lines(Lang::En));
        lines.map(|(zh, en)| both(zh.trim(), en.trim())).collect::<Vec<_>>()
    };
    survey.tables.iter().flat_map(of).collect()
}
