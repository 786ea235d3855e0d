//! This file does `lianglin places grids`: it brings grids from a collection of another system (OGC API – Features), or
//! from a file that was saved of one. They become a proposal, which a person adopts on its page.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use kernel::earth::Datum;
use kernel::language::Lang;
use kernel::place::Level;
use kernel::refusal::Refusal;
use places::{Bringing, Brought, BroughtRow, DecideError};
use web::table::{Cell, Column, ColumnKind, Table};

use super::{progress, report};
use crate::city::City;
use crate::opening::Opening;
use crate::{AppError, features};

/// The most remarks that are printed; the report has them all.
const PRINTED: usize = 20;

/// What stands below the options.
pub const HELP: &str = "A feature is a polygon for each grid, with the properties name, code and kind (general or \
    exclusive), all of which may be missing.\n\
    The same is told of each feature as of a file on the page of grids by hand. With --apply the grids become a \
    proposal, which a person looks at and adopts from a day on.\n\n\
    Example: lianglin places grids https://maps.example.cn/ogc/collections/grids --place 210104001001";

/// Options of `lianglin places grids`.
#[derive(Args)]
pub struct Options {
    /// Address of a collection (https://…/collections/NAME) or of its items, or a GeoJSON file.
    source: String,
    /// Code of the district, street or community.
    #[arg(long)]
    place: String,
    /// What the degrees of a file mean: wgs84 (also CGCS2000), gcj02 (Amap, Tencent) or bd09 (Baidu). A collection is
    /// read in CRS84 alone.
    #[arg(long, default_value = "wgs84")]
    datum: String,
    /// Have a proposal worked out. Without it nothing is changed.
    #[arg(long)]
    apply: bool,
    /// File for the report on every feature: .xlsx or .csv.
    #[arg(long)]
    report: Option<PathBuf>,
    /// The language in which the report and faults are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

pub fn run(opening: &Opening, options: &Options) -> Result<ExitCode, AppError> {
    let lang = Lang::parse(&options.lang).unwrap_or(Lang::En);
    let datum = Datum::parse(&options.datum)
        .ok_or_else(|| AppError::Said(format!("--datum {}: write wgs84, gcj02 or bd09.", options.datum)))?;
    let said = |fault: &features::Fault| AppError::Said(fault.told(lang).to_owned());
    let is_address = options.source.contains("://");
    if is_address && datum != Datum::Wgs84 {
        return Err(AppError::Said(
            lang.pick("对方的集合只按 CRS84 读，不用写 --datum。", "A collection is read in CRS84; leave --datum out.")
                .to_owned(),
        ));
    }
    let file = if is_address {
        let bar = progress::waiting(lang.pick("正在读取", "reading"));
        let read = features::read(&options.source);
        bar.finish_and_clear();
        read.map_err(|fault| said(&fault))?
    } else {
        let bytes = std::fs::read(&options.source).map_err(AppError::outside(options.source.clone()))?;
        features::saved(&bytes).map_err(|fault| said(&fault))?;
        bytes
    };
    let city = City::open(opening, opening.store(false)?)?;
    let (tree, zone, now) = (city.places.tree(), city.hall.calendar().zone(), (opening.clock)());
    let place = tree.by_code(&options.place).filter(|place| !matches!(place.level, Level::City | Level::Grid));
    let place = place.ok_or_else(|| {
        let zh = format!("没有代码是 {} 的区县、街道或社区。", options.place);
        let en = format!("No district, street or community has the code {}.", options.place);
        AppError::Said(if lang == Lang::Zh { zh } else { en })
    })?;
    let bringing = Bringing { place: &place.path, file: &file, datum, on: zone.date(now), apply: options.apply };
    let brought = places::bring_grids(&city.places, &city.rulebook, &bringing, now).map_err(|fault| match fault {
        DecideError::Refused(refusal) => AppError::Said(sentence(&refusal, lang)),
        DecideError::Store(fault) => fault.into(),
    })?;
    if let Some(file) = &options.report {
        report::write(file, &table(&brought, lang), zone)?;
    }
    print(&brought, lang);
    Ok(if brought.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sentence(refusal: &Refusal, lang: Lang) -> String {
    format!("{} {}", refusal.sentence(lang), refusal.remedy(lang))
}

fn print(brought: &Brought, lang: Lang) {
    let faults = brought.rows.iter().flat_map(|row| &row.faults).chain(&brought.faults);
    let remarks: Vec<String> = faults.map(|fault| sentence(fault, lang)).collect();
    for remark in remarks.iter().take(PRINTED) {
        println!("{remark}");
    }
    if let Some(more) = remarks.len().checked_sub(PRINTED).filter(|more| *more > 0) {
        match lang {
            Lang::Zh => println!("还有 {more} 条说明，见 --report 写出的表。"),
            Lang::En => println!("There are {more} more remarks; --report writes them all."),
        }
    }
    let (features, buildings) = (brought.rows.len(), brought.buildings);
    match (lang, brought.is_good()) {
        (Lang::Zh, true) => println!("{features} 个图形，{buildings} 栋楼。"),
        (Lang::En, true) => println!("{features} shapes hold {buildings} buildings."),
        (Lang::Zh, false) => println!("{features} 个图形里有不能用的，什么也没有改。"),
        (Lang::En, false) => println!("Some of {features} shapes cannot be taken; nothing was changed."),
    }
    match (lang, brought.work) {
        (Lang::Zh, Some(work)) => println!("方案在 /places/grids/{work}，请打开核对、采用。"),
        (Lang::En, Some(work)) => println!("The proposal is at /places/grids/{work}: look at it and adopt it there."),
        (Lang::Zh, None) if brought.is_good() => println!("这是预览，什么也没有改。要做方案，请加 --apply。"),
        (Lang::En, None) if brought.is_good() => {
            println!("This was a look ahead: nothing was changed. To have a proposal worked out add --apply.");
        }
        (_, None) => {}
    }
}

/// The report on every feature.
fn table(brought: &Brought, lang: Lang) -> Table {
    let titles = [
        lang.pick("图形", "Shape"),
        lang.pick("名称", "Name"),
        lang.pick("编码", "Code"),
        lang.pick("结果", "Result"),
        lang.pick("说明", "Remarks"),
    ];
    let columns = titles.map(|title| Column::new(ColumnKind::Text, title)).to_vec();
    let line = |row: &BroughtRow| {
        let result =
            if row.faults.is_empty() { lang.pick("可用", "good") } else { lang.pick("不能用", "not taken") };
        let remarks: Vec<String> = row.faults.iter().map(|fault| sentence(fault, lang)).collect();
        let (number, remarks) = (row.number.to_string(), remarks.join("\n"));
        [number.as_str(), row.name.as_str(), row.code.as_str(), result, remarks.as_str()].map(Cell::from).to_vec()
    };
    Table::new(lang.pick("网格", "Grids"), columns).with(brought.rows.iter().map(line))
}
