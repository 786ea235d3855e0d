//! This file does `lianglin places`: it imports editions of the divisions, lays borders, and answers questions to the
//! tree.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Subcommand;
use kernel::language::Lang;
use kernel::place::{Level, PlaceId};
use kernel::refusal::Refusal;
use places::{Borders, OutlineError, Place, Tree};

use super::{lay, progress, shapes};
use crate::AppError;
use crate::opening::Opening;

/// How often the line of an import moves while it is at work.
const TICK: Duration = Duration::from_millis(200);

#[derive(Subcommand)]
pub enum Command {
    /// Import an edition (code,name,level,parent,kind) as it was on a day; the day must be later than that of the last
    /// one.
    #[command(after_help = "Example: lianglin places import divisions_2023-06-30.csv --on 2023-06-30")]
    Import {
        /// CSV file (UTF-8 or GBK) or XLSX file.
        file: PathBuf,
        /// The day whose state it shows, YYYY-MM-DD.
        #[arg(long)]
        on: String,
        /// The language in which the report and faults are told: zh or en.
        #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
        lang: String,
    },
    /// Lay compounds, buildings and the ways between them from a folder of tables, or from a sheet of buildings and an
    /// extract of the map. They replace those of the whole city, so the folder holds the whole city; what is laid again
    /// keeps its identity. Where something is laid already, it says what would be replaced, and replaces it only with
    /// --replace. Once a city is laid, a street brings its own buildings in the browser.
    #[command(after_help = lay::HELP)]
    Geography(lay::Options),
    /// Lay the borders of districts, streets and communities from a GeoJSON file. Where a place has none, pages draw a
    /// line around its buildings.
    #[command(
        after_help = "The file: a FeatureCollection (RFC 7946) with a Polygon or MultiPolygon for each place, and its properties code (the 12 digits of the division) or name. /ogc/collections/places/items gives such a file to begin with.\nExample: lianglin places outlines borders.geojson"
    )]
    Outlines {
        /// GeoJSON file; none with --clear.
        #[arg(required_unless_present = "clear")]
        file: Option<PathBuf>,
        /// Take all borders away, so that lines are drawn around buildings again.
        #[arg(long, conflicts_with = "file")]
        clear: bool,
        /// What degrees mean: wgs84 (also CGCS2000), gcj02 (Amap, Tencent) or bd09 (Baidu).
        #[arg(long, default_value = "wgs84")]
        datum: String,
        /// The language in which the report and faults are told: zh or en.
        #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
        lang: String,
    },
    /// Bring grids from a collection of another system (OGC API – Features), or from a GeoJSON file. They become a
    /// proposal, which a person adopts.
    #[command(after_help = shapes::HELP)]
    Grids(shapes::Options),
    /// Find places by characters, pinyin, initials or code. Each is shown with its code; below a street stand its
    /// communities with theirs.
    #[command(after_help = "Example: lianglin places find wal")]
    Find {
        /// What to look for.
        words: String,
        /// The largest number of places to show.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// The language in which it is told that nothing was found: zh or en. Names are the official ones.
        #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
        lang: String,
    },
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    match command {
        Command::Import { file, on, lang } => {
            let on =
                on.parse().map_err(|_| AppError::Said(format!("--on {on} is not a date. Write it as 2023-06-30.")))?;
            let table = std::fs::read(file).map_err(AppError::outside(file.display().to_string()))?;
            let store = opening.store(false)?;
            let source = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let lang = Lang::parse(lang).unwrap_or(Lang::En);
            // One transaction takes the whole edition, so it is done or not: the line says that it is still at work.
            let bar = progress::bar(0, lang.pick("正在导入", "importing"));
            bar.enable_steady_tick(TICK);
            let report = places::import(&store, &table, on, &source, (opening.clock)());
            bar.finish_and_clear();
            println!("{}", report.map_err(|fault| AppError::Said(fault.told(lang)))?.told(lang));
        }
        Command::Geography(options) => lay::run(opening, options)?,
        Command::Outlines { file, datum, lang, .. } => {
            outlines(opening, file.as_deref(), datum, Lang::parse(lang).unwrap_or(Lang::En))?;
        }
        Command::Grids(options) => return shapes::run(opening, options),
        Command::Find { words, limit, lang } => {
            let store = opening.store(false)?;
            let tree = store.read_blocking(|tx| places::load_tree(tx))?;
            let found = tree.search(words, *limit);
            for line in lines(&found, &tree) {
                progress::say(&line);
            }
            if found.is_empty() {
                progress::say(nothing(Lang::parse(lang).unwrap_or(Lang::En)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the places that were found, each with its code, and below a street its communities. None stands there twice.
fn lines(found: &[&Place], tree: &Tree) -> Vec<String> {
    let mut shown: Vec<PlaceId> = Vec::new();
    let mut lines = Vec::new();
    for place in found {
        let below = tree.children(place.id).filter(|_| place.level == Level::Street);
        for (place, indent) in std::iter::once((*place, "")).chain(below.map(|place| (place, "  "))) {
            if !shown.contains(&place.id) {
                shown.push(place.id);
                lines.push(format!("{indent}{}  {}", place.code, tree.chain(&place.path, Lang::Zh)));
            }
        }
    }
    lines
}

/// Says that no place is called so.
const fn nothing(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "没有找到。请少写几个字，或者写拼音、拼音首字母。",
        Lang::En => "Nothing found. Try fewer characters, pinyin, or the initials.",
    }
}

/// Lays the borders of a file; takes all away where there is none.
fn outlines(opening: &Opening, file: Option<&Path>, datum: &str, lang: Lang) -> Result<(), AppError> {
    let datum = lay::degrees(datum)?;
    let Some(file) = file else {
        let had = places::clear_outlines(&opening.store(false)?)?;
        match lang {
            Lang::Zh => println!("撤掉了 {had} 个地方的边界，页面按楼栋画。"),
            Lang::En => println!("Took away the borders of {had} places; pages draw lines around buildings."),
        }
        return Ok(());
    };
    let bytes = std::fs::read(file).map_err(AppError::outside(file.display().to_string()))?;
    let Borders { places, beyond } =
        places::lay_outlines(&opening.store(false)?, &bytes, datum).map_err(|fault| match fault {
            OutlineError::Faults(faults) => {
                let told = |fault: &Refusal| format!("{} {}", fault.sentence(lang), fault.remedy(lang));
                AppError::faults(faults.iter().map(told))
            }
            OutlineError::Store(fault) => fault.into(),
        })?;
    match lang {
        Lang::Zh => println!("导入了 {places} 个地方的边界。"),
        Lang::En => println!("Imported the borders of {places} places."),
    }
    match lang {
        _ if beyond == 0 => {}
        Lang::Zh => println!("有 {beyond} 栋楼在自己所属地方的边界以外，请核对边界和坐标系。"),
        Lang::En => {
            println!("{beyond} buildings lie outside of the border of their own place. Check it, and --datum.");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::Parser;
    use kernel::language::Bilingual;
    use kernel::place::PlacePath;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn place(path: &str, level: Level, code: &str, name: &str) -> Place {
        let path = PlacePath::parse(path).unwrap();
        Place {
            id: path.id(),
            level,
            kind: places::Kind::Residents,
            name: Bilingual::new(name, name),
            parent: path.parent().map(|parent| parent.id()),
            path,
            code: code.to_owned(),
        }
    }

    #[test]
    fn a_street_is_found_with_the_codes_of_its_communities() {
        let all = vec![
            place("1.", Level::Street, "210102005000", "南湖街道"),
            place("1.2.", Level::Community, "210102005001", "文安路社区"),
            place("1.3.", Level::Community, "210102005002", "南湖社区"),
        ];
        let tree = Tree::new(all, BTreeMap::new());
        let found = [tree.by_code("210102005002").unwrap(), tree.by_code("210102005000").unwrap()];
        let said = lines(&found, &tree);
        let codes: Vec<&str> = said.iter().filter_map(|line| Some(line.rsplit_once("  ")?.0)).collect();
        assert_eq!(codes, ["210102005002", "210102005000", "  210102005001"]);
    }

    #[test]
    fn places_are_found_in_the_language_that_is_asked_for() {
        let line = Line::try_parse_from(["places", "find", "无此地", "--lang", "zh_CN.UTF-8"]);
        let Ok(Line { command: Command::Find { lang, .. } }) = line else { panic!("no language is taken") };
        let told = nothing(Lang::parse(&lang).unwrap_or(Lang::En));
        assert!(told.starts_with("没有找到"), "{lang}: {told}");
        assert!(nothing(Lang::En).starts_with("Nothing found"));
    }
}
