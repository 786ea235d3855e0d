//! This file does `lianglin places geography`: it lays compounds, buildings and ways, and says first what they replace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use kernel::earth::Datum;
use kernel::language::Lang;
use places::Replaced;
use places::geography::NewGeography;

use super::progress;
use crate::opening::Opening;
use crate::{AppError, geography};

/// What stands below the options.
pub const HELP: &str = "Tables (XLSX, CSV or Parquet; what is missing is derived, see `lianglin plan look --help`): \
    nodes(id,x,y | id,lon,lat) edges(src,dst,t_ds,cls | from,to,length_m) communities(id,code) \
    compounds(id,community,x,y[,name]) gates(compound,node) \
    buildings(id,compound,community,x,y,households[,node,access_ds,name]) adjacency(a,b,border_m)\n\
    Example: lianglin places geography city-tables --origin 41.8057,123.4315";

/// Options of `lianglin places geography`.
#[derive(Args)]
pub struct Options {
    /// Folder with the tables, or the sheet of buildings alone. Tables that are derived are written to the folder
    /// `tables` beside them.
    folder: PathBuf,
    /// The extract of OpenStreetMap, if it does not lie in that folder or several do.
    #[arg(long)]
    map: Option<PathBuf>,
    /// Nothing in it is real, and every page that shows it says so.
    #[arg(long)]
    invented: bool,
    /// Replace what is laid already. Without it nothing is changed where anything is laid.
    #[arg(long)]
    replace: bool,
    /// The point of the globe at which x and y of the tables are 0: latitude,longitude in degrees of WGS 84. Tables
    /// with lon and lat need none.
    #[arg(long, value_name = "LAT,LON")]
    origin: Option<String>,
    /// What degrees mean: wgs84 (also CGCS2000), gcj02 (Amap, Tencent) or bd09 (Baidu). Without it they are those of
    /// WGS 84, unless sheets of people are recognised by the map.
    #[arg(long)]
    datum: Option<String>,
    /// The language in which the report and faults are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

pub fn run(opening: &Opening, options: &Options) -> Result<(), AppError> {
    let lang = Lang::parse(&options.lang).unwrap_or(Lang::En);
    let origin = options.origin.as_deref().map(places::read_point).transpose();
    let origin = origin.map_err(|refusal| AppError::Said(format!("--origin: {refusal}")))?;
    let datum = options.datum.as_deref().map(degrees).transpose()?;
    let laying = geography::Laying { invented: options.invented, origin, datum: datum.unwrap_or_default() };
    let store = opening.store(false)?;
    let tree = store.read_blocking(|tx| places::load_tree(tx))?;
    let bar = progress::waiting(lang.pick("正在读取", "reading"));
    let town = geography::town(&options.folder, options.map.as_deref(), datum, lang);
    let laid = town.and_then(|town| Ok((town.made_in(), geography::laid(&town, &tree, laying)?)));
    bar.finish_and_clear();
    let (made, (new, told)) = laid.map_err(|fault| fault.told(lang))?;
    for said in told {
        progress::say(said.get(lang));
    }
    progress::say(&found(&new, made.as_deref(), lang));
    let new = Arc::new(new);
    let asked = Arc::clone(&new);
    let replaced = store.read_blocking(move |tx| places::replaced_by(tx, &asked))?;
    if let Some(replaced) = &replaced {
        progress::say(&replacing(replaced, &new, options.replace, lang)?);
    }
    let bar = progress::waiting(lang.pick("正在导入", "importing"));
    let (now, laid) = ((opening.clock)(), Arc::clone(&new));
    let done = store.write_blocking(move |tx| places::lay_geography(tx, &laid, now));
    bar.finish_and_clear();
    done?;
    print(&new, lang);
    Ok(())
}

/// Says what the tables hold, and where those are that were made.
fn found(new: &NewGeography, made: Option<&Path>, lang: Lang) -> String {
    let (compounds, buildings, ways) = (new.compounds.len(), new.buildings.len(), new.edges.len());
    let made = made.map(Path::display);
    match (lang, made) {
        (Lang::Zh, Some(made)) => {
            format!("读到 {compounds} 个小区、{buildings} 栋楼、{ways} 段路。做出来的表在 {made}。")
        }
        (Lang::Zh, None) => format!("读到 {compounds} 个小区、{buildings} 栋楼、{ways} 段路。"),
        (Lang::En, Some(made)) => format!(
            "Found {compounds} compounds, {buildings} buildings and {ways} stretches of road. The tables that were made \
             are in {made}."
        ),
        (Lang::En, None) => {
            format!("Found {compounds} compounds, {buildings} buildings and {ways} stretches of road.")
        }
    }
}

/// Returns what degrees mean, as the command says it.
pub fn degrees(datum: &str) -> Result<Datum, AppError> {
    Datum::parse(datum).ok_or_else(|| AppError::Said(format!("--datum {datum}: write wgs84, gcj02 or bd09.")))
}

/// Says what is replaced. Refuses to replace it if nobody said that it may be.
fn replacing(found: &Replaced, new: &NewGeography, may: bool, lang: Lang) -> Result<String, AppError> {
    let said = lost(found, new, lang);
    if may {
        return Ok(said);
    }
    let (first, remedy) = match lang {
        Lang::Zh => (
            "什么也没有改：平台里已有的，加 --replace 再运行才会全部换掉。",
            "只换一个街道的楼栋，不要加 --replace，请在浏览器里用“导入楼栋表”。",
        ),
        Lang::En => (
            "Nothing was changed: what the platform has is replaced only if you run this again with --replace.",
            "To bring the buildings of one street alone, do not add --replace, but use “Import a sheet of buildings” in \
             the browser.",
        ),
    };
    Err(AppError::Said(format!("{first}\n{said}\n{remedy}")))
}

/// Says what is there, what comes in its place, and what goes.
fn lost(found: &Replaced, new: &NewGeography, lang: Lang) -> String {
    let Replaced { source, compounds, buildings, borders, compounds_gone, buildings_gone } = found;
    let (new_compounds, new_buildings) = (new.compounds.len(), new.buildings.len());
    match lang {
        Lang::Zh => format!(
            "平台里已有全市的 {compounds} 个小区、{buildings} 栋楼、{borders} 处楼栋相邻（来自“{source}”）和它们的道路，\
             会全部换成这次的 {new_compounds} 个小区、{new_buildings} 栋楼和它们的道路。原有的里面，\
             {compounds_gone} 个小区、{buildings_gone} 栋楼这次没有，会去掉。"
        ),
        Lang::En => format!(
            "The platform has {compounds} compounds, {buildings} buildings and {borders} pairs of buildings that touch \
             (from “{source}”), and their ways: those of the whole city. All are replaced by {new_compounds} compounds \
             and {new_buildings} buildings with their ways. Of those that are there, {compounds_gone} compounds and \
             {buildings_gone} buildings are not in the new tables, and go."
        ),
    }
}

/// Says what was laid.
fn print(new: &NewGeography, lang: Lang) {
    let (compounds, buildings, ways) = (new.compounds.len(), new.buildings.len(), new.edges.len());
    progress::say(&match lang {
        Lang::Zh => format!("导入了 {compounds} 个小区、{buildings} 栋楼、{ways} 段路。"),
        Lang::En => format!("Imported {compounds} compounds, {buildings} buildings and {ways} stretches of road."),
    });
    match (lang, new.cut_off()) {
        (_, 0) => {}
        (Lang::Zh, cut_off) => progress::say(&format!("{cut_off} 户所在的路和其他的路不相连，请把路接上。")),
        (Lang::En, cut_off) => progress::say(&format!(
            "{cut_off} households are on roads that are not connected to the rest. Connect them."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_told_with_the_folder_of_the_tables() {
        let new = NewGeography::default();
        let (zh, en) = (found(&new, Some(Path::new("town/tables")), Lang::Zh), found(&new, None, Lang::En));
        assert_eq!(zh, "读到 0 个小区、0 栋楼、0 段路。做出来的表在 town/tables。");
        assert_eq!(en, "Found 0 compounds, 0 buildings and 0 stretches of road.");
    }

    #[test]
    fn what_is_laid_is_replaced_only_where_somebody_says_so() {
        let found = Replaced {
            source: "shenyang".to_owned(),
            compounds: 40,
            buildings: 300,
            borders: 500,
            compounds_gone: 38,
            buildings_gone: 290,
        };
        let new = NewGeography::default();
        let table = [
            (
                Lang::Zh,
                "已有全市的 40 个小区、300 栋楼、500 处楼栋相邻（来自“shenyang”）",
                "38 个小区、290 栋楼这次没有",
            ),
            (
                Lang::En,
                "has 40 compounds, 300 buildings and 500 pairs",
                "38 compounds and 290 buildings are not in the new",
            ),
        ];
        for (lang, there, gone) in table {
            let refused = replacing(&found, &new, false, lang).unwrap_err().to_string();
            assert!(refused.contains(there) && refused.contains(gone), "{refused}");
            assert!(refused.contains("--replace"), "{refused}");
            let said = replacing(&found, &new, true, lang).unwrap();
            assert!(refused.lines().next().unwrap().contains("--replace"), "{refused}");
            assert!(refused.contains(&said) && !said.contains("--replace"), "{said}");
        }
    }
}
