//! This file does `lianglin grid import`: it takes in what another system tells of reports that it handled.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use grid::history::{Against, History, Looked, Mapping, Tally, read};
use grid::{Done, Grid, Past};
use kernel::language::Lang;
use web::table::{Cell, Column, ColumnKind, Table};

use super::{progress, report};
use crate::AppError;
use crate::city::City;
use crate::opening::Opening;

/// The most remarks that are printed; the report has them all.
const PRINTED: usize = 20;

#[derive(Subcommand)]
pub enum Command {
    /// Take in a table of reports from another system as history: what was due, closed and late stays as it says. A
    /// report on every row comes first; with --apply it is kept. Sent twice it is taken once.
    #[command(after_help = HELP)]
    Import(Options),
}

/// What stands below the options: a mapping.
const HELP: &str = "A mapping says what the columns hold and what their values mean:\n\
    source = \"12345-2025\"          # with the number it names a report\n\
    offset = \"+08:00\"              # of its moments (default: the city's)\n\
    dates = \"year_first\"           # or month_first, day_first\n\
    as_of = \"2026-01-01 00:00\"     # the state it shows (default: now)\n\
    leave_out = [\"咨询\"]            # kinds that are not taken\n\
    [columns]                       # number, opened, kind, place (or lat and lon); also due, closed,\n\
    number = \"工单编号\"             # status, words, department, channel, on_time\n\
    opened = \"受理时间\"\n\
    kind = \"问题类型\"\n\
    place = \"社区\"\n\
    [kinds]                         # value = key of the catalogue\n\
    \"路灯不亮\" = \"component/0118\"\n\
    [places]                        # value = code of 12 digits; names of places need none\n\
    [status]                        # value = open or closed\n\
    [departments]                   # value = what it is called here\n\
    [channels]\n\n\
    Example: lianglin grid import reports.csv.gz --mapping hotline.toml --report rows.xlsx";

/// Options of `lianglin grid import`.
#[derive(Args)]
pub struct Options {
    /// XLSX file, or CSV file (UTF-8, UTF-16 or GBK), which may be packed with gzip.
    file: PathBuf,
    /// The mapping: a TOML file, as shown below.
    #[arg(long)]
    mapping: PathBuf,
    /// Keep it. Without it nothing is changed.
    #[arg(long)]
    apply: bool,
    /// File for the report on every row: .xlsx or .csv.
    #[arg(long)]
    report: Option<PathBuf>,
    /// The language in which the report and faults are told: zh or en.
    #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
    lang: String,
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let Command::Import(options) = command;
    let lang = Lang::parse(&options.lang).unwrap_or(Lang::En);
    let bytes = std::fs::read(&options.file).map_err(AppError::outside(options.file.display().to_string()))?;
    let name = options.mapping.display().to_string();
    let mapping = std::fs::read_to_string(&options.mapping).map_err(AppError::outside(name.clone()))?;
    let city = City::open(opening, opening.store(false)?)?;
    let (desk, now, zone) = (city.house.get::<Grid>()?, (opening.clock)(), city.hall.calendar().zone());
    let tree = city.places.tree();
    let mapping = Mapping::load(&name, &mapping, desk.editions(), &tree).map_err(AppError::faults)?;
    let against = Against { mapping: &mapping, catalogue: desk.editions(), tree: &tree, zone, now };
    let bar = progress::waiting(lang.pick("正在看表", "looking at the table"));
    let history = read(&bytes, &against, &|rows| bar.inc(rows));
    bar.finish_and_clear();
    let history =
        history.map_err(|refusal| AppError::Said(format!("{} {}", refusal.sentence(lang), refusal.remedy(lang))))?;
    if let Some(file) = &options.report {
        report::write(file, &table(&history, lang), zone)?;
    }
    let past: Vec<&Past> = history.taken().collect();
    let bar = progress::bar(u64::try_from(past.len()).unwrap_or_default(), lang.pick("正在导入", "importing"));
    let done = desk.take_in(&past, options.apply, &|rows| bar.inc(rows));
    bar.finish_and_clear();
    print(&history, &done?, lang);
    if options.apply {
        let kept = desk.history_of(&mapping.source, against.as_of())?;
        let (source, all, due, closed, late, overdue) =
            (&mapping.source, kept.all, kept.due, kept.closed, kept.late, kept.overdue);
        match lang {
            Lang::Zh => println!(
                "{source} 现存 {all} 件：有期限 {due}，办完 {closed}，其中超期 {late}；没办完而超期 {overdue}。"
            ),
            Lang::En => println!(
                "Kept of {source}: {all} reports, {due} with a limit, {closed} closed, {late} of them late, {overdue} open and overdue."
            ),
        }
    } else {
        println!(
            "{}",
            lang.pick(
                "这是预览，什么也没有存。要存，请加 --apply。",
                "This was a look ahead: nothing was kept. To keep it add --apply."
            )
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn print(history: &History, done: &Done, lang: Lang) {
    let remarks: Vec<String> = history
        .rows
        .iter()
        .flat_map(|row| &row.notes)
        .map(|note| format!("{} {}", note.sentence(lang), note.remedy(lang)))
        .collect();
    for remark in remarks.iter().take(PRINTED) {
        println!("{remark}");
    }
    if let Some(more) = remarks.len().checked_sub(PRINTED).filter(|more| *more > 0) {
        match lang {
            Lang::Zh => println!("还有 {more} 条说明，见 --report 写出的表。"),
            Lang::En => println!("There are {more} more remarks; --report writes them all."),
        }
    }
    if !history.untaken.is_empty() {
        println!(
            "{}{}",
            lang.pick("没有用到的列：", "Columns not used: "),
            history.untaken.join(lang.pick("、", ", "))
        );
    }
    if let Some(unread) = &history.unread {
        println!("{}", unread.get(lang));
    }
    let left_out = history.rows.iter().filter(|row| row.left_out).count();
    let refused = history.rows.iter().filter(|row| row.past.is_none() && !row.left_out).count();
    let (rows, Done { new, corrected, same }) = (history.rows.len(), *done);
    match lang {
        Lang::Zh => {
            println!("{rows} 行：新的 {new}，更正 {corrected}，已有 {same}，不收 {left_out}，没有读入 {refused}。");
        }
        Lang::En => println!(
            "{rows} rows: {new} new, {corrected} corrected, {same} there already, {left_out} left out, {refused} not taken."
        ),
    }
    let (all, taken) = history.tallies();
    println!("{}", tally(lang.pick("表里", "In the table"), &all, lang));
    if all != taken {
        println!("{}", tally(lang.pick("读入的", "Taken"), &taken, lang));
    }
}

fn tally(of: &str, tally: &Tally, lang: Lang) -> String {
    let Tally { rows, due, closed, late, overdue, said, otherwise } = tally;
    match lang {
        Lang::Zh => format!(
            "{of}：{rows} 件，有期限 {due}，办完 {closed}，其中超期 {late}；没办完而超期 {overdue}。原表说明是否按时的 {said} 件，其中 {otherwise} 件和时间不符。"
        ),
        Lang::En => format!(
            "{of}: {rows} reports, {due} with a limit, {closed} closed, {late} of them late, {overdue} open and overdue. Of {said} the source says whether they were on time; {otherwise} of them contradict their moments."
        ),
    }
}

/// The report on every row.
fn table(history: &History, lang: Lang) -> Table {
    let titles = [
        lang.pick("行", "Line"),
        lang.pick("编号", "Number"),
        lang.pick("结果", "Result"),
        lang.pick("小类", "Kind"),
        lang.pick("说明", "Remarks"),
    ];
    let columns = titles.map(|title| Column::new(ColumnKind::Text, title)).to_vec();
    let line = |row: &Looked| {
        let result = match (&row.past, row.left_out) {
            (Some(_), _) => lang.pick("读入", "taken"),
            (None, true) => lang.pick("不收", "left out"),
            (None, false) => lang.pick("没有读入", "not taken"),
        };
        let kind = row.past.as_ref().map(|past| past.kind.as_str()).unwrap_or_default();
        let notes: Vec<String> =
            row.notes.iter().map(|note| format!("{} {}", note.sentence(lang), note.remedy(lang))).collect();
        [&row.line.to_string(), row.number.as_str(), result, kind, &notes.join("\n")].map(Cell::from).to_vec()
    };
    Table::new(lang.pick("导入", "Import"), columns).with(history.rows.iter().map(line))
}
