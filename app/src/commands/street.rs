//! This file does `lianglin catalogue grid`: it looks at a city's own sheet of the grid's catalogue, says of each row
//! what it would do, and puts it in force for a named person.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use grid::catalogue::sheet::{Field, Removed, Sheet, Told, Verdict};
use grid::{Basis, Grid, Why};
use hall::Fault;
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::{Date, date_plus_days};
use web::table::{Cell, Column, ColumnKind, Table};

use super::{progress, report};
use crate::AppError;
use crate::city::City;
use crate::opening::Opening;

/// What stands below the options.
pub const HELP: &str = "Nine columns: 大类代码 大类名称 小类代码 小类名称 处置单位 主管部门 立案条件 结案条件 处置时限\n\
    An empty cell means the same as above; a condition is not taken from the small class above.\n\
    Limits: 2紧急工作时 4工作时 2工作日 10自然日; several steps: 停工4工作时；拆除20工作日\n\
    Other limits by severity (A类紧急 B类重大 C类一般) or by area (A类核心区域 B类一般区域 C类其他区域);\n\
    a column 时限类型 counts where the words leave it open.\n\
    Sheets of a workbook: 部件 部件扩展 事件 事件扩展 服务事项. What the file does not name is removed from its system.\n\
    A server that runs takes the sheet over when its day begins; from today on, when it is started again.\n\n\
    Example: lianglin catalogue grid standard.xlsx --report rows.xlsx\n\
    Example: lianglin catalogue grid events.csv --system event --from 2027-01-01 --document \"沈城管〔2026〕12号\" --by wang --apply";

/// Options of `lianglin catalogue grid`.
#[derive(Args)]
pub struct Options {
    /// XLSX file, or CSV file (UTF-8, UTF-16 or GBK), which may be packed with gzip.
    file: PathBuf,
    /// The system of codes, where the names of sheets do not say it: component, event or service.
    #[arg(long)]
    system: Option<String>,
    /// The first day on which it holds, YYYY-MM-DD (default: tomorrow).
    #[arg(long)]
    from: Option<String>,
    /// The document on which it rests: its number and title. Needed to apply.
    #[arg(long)]
    document: Option<String>,
    /// The login of the person who puts it in force and may edit the catalogue. Needed to apply.
    #[arg(long)]
    by: Option<String>,
    /// Put it in force. Without it nothing is changed.
    #[arg(long, requires = "document", requires = "by")]
    apply: bool,
    /// File for the report on every row: .xlsx or .csv.
    #[arg(long)]
    report: Option<PathBuf>,
    /// The language in which the report and faults are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

pub fn run(opening: &Opening, options: &Options) -> Result<ExitCode, AppError> {
    let lang = Lang::parse(&options.lang).unwrap_or(Lang::En);
    let bytes = std::fs::read(&options.file).map_err(AppError::outside(options.file.display().to_string()))?;
    let city = City::open(opening, opening.store(false)?)?;
    let (desk, now) = (city.house.get::<Grid>()?, (opening.clock)());
    let today = city.hall.day(now);
    let basis =
        Basis { from: day(options.from.as_deref(), today)?, document: options.document.clone().unwrap_or_default() };
    if let Some(system) = options.system.as_deref().filter(|system| desk.catalogue().system(system).is_none()) {
        return Err(AppError::Said(format!("There is no system of codes {system}. Take component, event or service.")));
    }
    let bar = progress::waiting(lang.pick("正在看表", "looking at the sheet"));
    let sheet = desk.read_sheet(&bytes, options.system.as_deref(), &basis);
    bar.finish_and_clear();
    let sheet = sheet.map_err(|fault| said(fault, lang))?;
    print(&sheet, lang);
    if let Some(file) = &options.report {
        report::write(file, &table(&sheet, lang), city.hall.calendar().zone())?;
    }
    if !options.apply {
        println!(
            "{}",
            lang.pick(
                "这是预览，什么也没有改。要生效，请加 --apply --by --document。",
                "This was a look ahead: nothing was changed. To put it in force add --apply --by --document."
            )
        );
        return Ok(if sheet.faulty() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let actor = person(opening, &city, options.by.as_deref().unwrap_or_default(), today)?;
    let changed = desk.put_in_force(&sheet, &basis, &actor, now).map_err(|fault| match fault {
        Fault::NotFound => AppError::Said(
            lang.pick(
                "这个人不能编辑目录。",
                "This person may not edit the catalogue. Give her a post that may (lianglin account roles).",
            )
            .to_owned(),
        ),
        other => said(other, lang),
    })?;
    let from = basis.from;
    match (changed, lang) {
        (0, Lang::Zh) => println!("和 {from} 起生效的目录一样，没有改动。"),
        (0, Lang::En) => println!("It says what holds from {from} on. Nothing was changed."),
        (_, Lang::Zh) => println!("从 {from} 起生效。已经立案的仍按原来的条件和时限。"),
        (_, Lang::En) => println!("It holds from {from} on. Reports that are open keep their conditions and limits."),
    }
    Ok(ExitCode::SUCCESS)
}

fn said(fault: Fault, lang: Lang) -> AppError {
    match fault {
        Fault::Refused(refusal) => {
            let is_document = refusal.field.as_deref() == Some("document");
            let refusal = if is_document { refusal.with("label", "--document") } else { refusal };
            AppError::Said(in_words(&refusal, lang))
        }
        other => AppError::Case(other),
    }
}

/// What a refusal says, with what somebody at the command line can do beside that.
fn in_words(refusal: &Refusal, lang: Lang) -> String {
    let hint = if refusal.code == Why::GridSheetSystem {
        lang.pick("（--system component、event 或 service）", " (--system component, event or service)")
    } else if refusal.code == Why::GridSheetUnit {
        lang.pick("（data/catalogue/grid/units.toml）", " (data/catalogue/grid/units.toml)")
    } else {
        ""
    };
    format!("{} {}{hint}", refusal.sentence(lang), refusal.remedy(lang))
}

fn day(text: Option<&str>, today: Date) -> Result<Date, AppError> {
    let read = |text: &str| {
        text.parse().map_err(|_| AppError::Said(format!("--from {text} is not a date. Write it as 2027-01-01.")))
    };
    text.map_or_else(|| Ok(date_plus_days(today, 1).unwrap_or(today)), read)
}

/// The person of a login, with the posts held today.
fn person(opening: &Opening, city: &City, login: &str, today: Date) -> Result<Actor, AppError> {
    let (asked, roles) = (login.to_owned(), opening.roles()?);
    let found = city.store.read_blocking(move |tx| match identity::account_of_login(tx, &asked)? {
        Some(account) => identity::actor(tx, account, today, &roles).map(Some),
        None => Ok(None),
    })?;
    found.ok_or_else(|| AppError::Said(format!("There is no account {login}.")))
}

/// Prints every row that says something else than what is in force, what is removed, and the counts.
fn print(sheet: &Sheet, lang: Lang) {
    for row in sheet.rows.iter().filter(|row| row.verdict != Verdict::Same || !row.notes.is_empty()) {
        println!("{}  {} {} · {}: {}", place(row), row.key, row.name, row.when, verdict(&row.verdict, lang));
        for note in &row.notes {
            println!("    {}", in_words(note, lang));
        }
    }
    for removed in &sheet.removed {
        println!("{}", told(removed, lang));
    }
    let count = |is: fn(&Verdict) -> bool| sheet.rows.iter().filter(|row| is(&row.verdict)).count();
    let new = count(|verdict| matches!(verdict, Verdict::NewKind | Verdict::NewCondition));
    let changed = count(|verdict| matches!(verdict, Verdict::Changed(_)));
    let same = count(|verdict| *verdict == Verdict::Same);
    let left_out = count(|verdict| *verdict == Verdict::LeftOut);
    let (rows, faulty, removed) = (sheet.rows.len(), sheet.faulty(), sheet.removed.len());
    match lang {
        Lang::Zh => println!(
            "{rows} 行：新增 {new}，改动 {changed}，不变 {same}，不收 {left_out}，读不明白 {faulty}；原有的去掉 {removed}。"
        ),
        Lang::En => println!(
            "{rows} rows: {new} new, {changed} changed, {same} unchanged, {left_out} left out, {faulty} not understood; {removed} removed of what was there."
        ),
    }
    let list = |names: &[String]| names.join(lang.pick("、", ", "));
    if !sheet.untaken.is_empty() {
        println!("{}{}", lang.pick("没有用到的列：", "Columns not used: "), list(&sheet.untaken));
    }
    if !sheet.unread.is_empty() {
        println!("{}{}", lang.pick("没有读的工作表：", "Sheets not read: "), list(&sheet.unread));
    }
    match (sheet.untranslated, lang) {
        (0, _) => {}
        (n, Lang::Zh) => println!("{n} 处文字没有英文，英文页面先显示中文。"),
        (n, Lang::En) => println!("{n} texts have no English; English pages show the Chinese."),
    }
}

fn place(row: &Told) -> String {
    if row.sheet.is_empty() { row.line.to_string() } else { format!("{} {}", row.sheet, row.line) }
}

fn verdict(verdict: &Verdict, lang: Lang) -> String {
    let field = |field: &Field| match field {
        Field::BigName => lang.pick("大类名称", "name of the big class"),
        Field::Name => lang.pick("小类名称", "name"),
        Field::Unit => lang.pick("处置单位", "unit"),
        Field::Supervisor => lang.pick("主管部门", "supervising unit"),
        Field::Closes => lang.pick("结案条件", "closing condition"),
        Field::Limit => lang.pick("处置时限", "limit"),
    };
    let word = match verdict {
        Verdict::NewKind => lang.pick("新小类", "new small class"),
        Verdict::NewCondition => lang.pick("新立案条件", "new condition"),
        Verdict::Same => lang.pick("不变", "unchanged"),
        Verdict::LeftOut => lang.pick("不收", "left out"),
        Verdict::Faulty => lang.pick("读不明白", "not understood"),
        Verdict::Changed(fields) => {
            let fields: Vec<&str> = fields.iter().map(field).collect();
            return format!("{}{}", lang.pick("改动：", "changed: "), fields.join(lang.pick("、", ", ")));
        }
    };
    word.to_owned()
}

fn told(removed: &Removed, lang: Lang) -> String {
    let when = removed.when.as_ref().map(|when| format!(" · {}", when.get(lang))).unwrap_or_default();
    let calls = if removed.calls_first {
        lang.pick("；“先打电话”的提示也一起去掉了", "; its advice to call first goes too")
    } else {
        ""
    };
    format!("-  {} {}{when}: {}{calls}", removed.key, removed.name.get(lang), lang.pick("去掉", "removed"))
}

/// The report on every row, and on what is removed.
fn table(sheet: &Sheet, lang: Lang) -> Table {
    let titles = [
        lang.pick("工作表", "Sheet"),
        lang.pick("行", "Line"),
        lang.pick("代码", "Code"),
        lang.pick("小类", "Small class"),
        lang.pick("立案条件", "Filing condition"),
        lang.pick("时限", "Limit"),
        lang.pick("结果", "Result"),
        lang.pick("说明", "Remarks"),
    ];
    let columns = titles.map(|title| Column::new(ColumnKind::Text, title)).to_vec();
    let line = |row: &Told| {
        let notes: Vec<String> = row.notes.iter().map(|note| in_words(note, lang)).collect();
        let (limit, result) = (row.limit.get(lang), verdict(&row.verdict, lang));
        let cells =
            [&row.sheet, &row.line.to_string(), &row.key, &row.name, &row.when, limit, &result, &notes.join("\n")];
        cells.map(Cell::from).to_vec()
    };
    let gone = |removed: &Removed| {
        let when = removed.when.as_ref().map(|when| when.get(lang)).unwrap_or_default();
        let (name, result) = (removed.name.get(lang), told(removed, lang));
        ["", "", &removed.key, name, when, "", lang.pick("去掉", "removed"), &result].map(Cell::from).to_vec()
    };
    let rows = sheet.rows.iter().map(line).chain(sheet.removed.iter().map(gone));
    Table::new(lang.pick("目录表", "Catalogue"), columns).with(rows)
}
