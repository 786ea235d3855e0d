//! This file says why a table, a row or a cell is not read, and what to do about it.

use std::borrow::Cow;
use std::path::Path;

use kernel::language::Bilingual;
use tables::{Torn, Unlike, folded};

use super::{Column, Kind, both};
use crate::plan::beside;

/// How many signs of a cell and of a header are shown.
const SHOWN: usize = 80;
const HEADER: usize = 400;

/// Returns a text as a sentence shows it: of a long one no more than the beginning.
pub fn short(text: &str, signs: usize) -> Cow<'_, str> {
    match text.char_indices().nth(signs) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
    }
}

/// Says that a table cannot be opened, and which file beside it may be meant.
pub(super) fn unopened(path: &Path, fault: &std::io::Error) -> Bilingual {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let files = path.parent().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let is_meant = |name: &String| name.to_lowercase().strip_prefix(&stem).is_some_and(|rest| rest.starts_with('.'));
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if path.is_dir() {
        return both(
            "是文件夹，不是表格。请给文件夹换个名字，把表放在这里。",
            "is a folder and no table. Give it another name, and put the table there.",
        );
    }
    if fault.kind() == std::io::ErrorKind::PermissionDenied {
        return unreadable(fault);
    }
    if let Some(found) = names.filter(|name| is_meant(name) && *name != wanted).min() {
        return both(
            format!("打不开（{fault}）。这里有 {found}：请把它存成 CSV，文件名写 {wanted}。"),
            format!("cannot be opened ({fault}). There is {found}: save it as CSV under the name {wanted}."),
        );
    }
    let there = beside::around(path);
    both(
        format!("打不开（{fault}）。请把表放在这里。{}", there.zh),
        format!("cannot be opened ({fault}). Put the table there.{}", there.en),
    )
}

/// Says that a file is there and must not be read.
fn unreadable(fault: &std::io::Error) -> Bilingual {
    both(
        format!("打不开（{fault}）。请让运行这条命令的账号能读这个文件。"),
        format!("cannot be opened ({fault}). Let the account that runs this command read the file."),
    )
}

/// Says that a file of a person cannot be opened.
pub fn closed(fault: &std::io::Error) -> Bilingual {
    if fault.kind() == std::io::ErrorKind::PermissionDenied {
        return unreadable(fault);
    }
    both(
        format!("打不开（{fault}）。请检查文件，或重新存一次。"),
        format!("cannot be opened ({fault}). Check the file, or save it again."),
    )
}

/// Says what a file is instead of a table.
pub fn unlike(unlike: Unlike) -> Bilingual {
    let (zh, en) = match unlike {
        Unlike::Empty => (
            "是空的。请写上第一行列名和下面的行",
            "is empty. Write the line with the column names and the rows below it",
        ),
        Unlike::Workbook => (
            "是 XLSX 工作簿，不是 CSV。请打开它，把工作表另存为“CSV UTF-8”",
            "is a workbook (XLSX) and no CSV. Open it and save the sheet as “CSV UTF-8”",
        ),
        Unlike::OldWorkbook => (
            "是 XLS 工作簿，不是 CSV。请打开它，把工作表另存为“CSV UTF-8”",
            "is a workbook (XLS) and no CSV. Open it and save the sheet as “CSV UTF-8”",
        ),
        Unlike::Locked => (
            "加了密码，打不开。请在表格软件里去掉打开密码，另存一次",
            "is locked with a password. Take the password away in the spreadsheet program and save it again",
        ),
        Unlike::Drawn => (
            "是 PDF 或图片，不是表格。请从来源处导出 XLSX 或 CSV",
            "is a PDF or a picture and no table. Export it as XLSX or CSV where it comes from",
        ),
        Unlike::Packed => ("是 gzip 压缩文件。请先解压", "is packed with gzip. Unpack it first"),
        Unlike::Parquet => {
            ("是 Parquet 文件。请把文件名的后缀改成 .parquet", "is a Parquet file. Let its name end with .parquet")
        }
        Unlike::Page => {
            ("是网页，不是表格。请从来源处导出 CSV", "is a web page and no table. Export a CSV where it comes from")
        }
        Unlike::Unknown => (
            "不是文字表格。请存成 UTF-8、UTF-16 或 GBK 编码的 CSV",
            "is no text. Save it as CSV in UTF-8, UTF-16 or GBK",
        ),
        Unlike::Torn(broken) => return torn(broken),
    };
    both(format!("{zh}。"), format!("{en}."))
}

/// Says which quotation mark tears a row.
pub fn torn(torn: Torn) -> Bilingual {
    match torn {
        Torn::Open { line, last } => both(
            format!("第 {line} 行有一个引号没有配对，一直到第 {last} 行都成了它的内容。请补上后引号，或去掉这个引号。"),
            format!(
                "a quotation mark opens in line {line} and is never closed, so it swallows everything to line {last}. \
                 Close it or take it out."
            ),
        ),
        Torn::Behind { line, closed } => both(
            format!(
                "第 {line} 行的前引号到第 {closed} 行才结束，后引号后面还有字。请补上缺的引号；格子里的引号要写两遍。"
            ),
            format!(
                "the quotation mark that opens in line {line} closes in line {closed}, and more stands behind it. Add \
                 the mark that is missing; inside a cell write each mark twice."
            ),
        ),
        Torn::Rows { line, closed } => both(
            format!(
                "一格从第 {line} 行的引号开始，到第 {closed} 行才结束，里面像是整行的数据。请补上缺的引号，\
                 或去掉格子里的换行。"
            ),
            format!(
                "a cell opens with a quotation mark in line {line}, closes in line {closed} and holds what looks like \
                 whole rows. Add the mark that is missing, or take the line breaks out of the cell."
            ),
        ),
    }
}

/// Says that a table has a header alone.
pub(super) fn no_rows() -> Bilingual {
    both(
        "只有第一行列名，下面没有数据。请补上各行，再做规划。",
        "has a header and no rows below it. Add the rows and plan again.",
    )
}

/// Says that a row has fewer or more cells than the header.
pub(super) fn width(cells: usize, titles: usize) -> Bilingual {
    if cells < titles {
        return both(
            format!("这一行只有 {cells} 格，第一行有 {titles} 列。请补全这一行；它也可能是没有存完。"),
            format!(
                "the line has {cells} cells, {titles} are in the header. Complete the line; the file may be cut there."
            ),
        );
    }
    both(
        format!(
            "这一行有 {cells} 格，第一行只有 {titles} 列。数字里不要写逗号（小数用点，不分节），格子里有逗号的要加引号。"
        ),
        format!(
            "the line has {cells} cells, {titles} are in the header. Write numbers without commas (decimals with a \
             point), and put cells with commas in quotation marks."
        ),
    )
}

/// Says that columns are missing, each with the one that may be meant.
pub(super) fn missing(columns: &[&str], wanted: &[Column<'_>], titles: &[String]) -> Bilingual {
    let joined = titles.join(",");
    let (known, names) = (short(&joined, HEADER), names_of(wanted));
    if titles.iter().filter(|title| !title.is_empty()).all(|title| title.parse::<f64>().is_ok()) {
        return both(
            format!("第一行是数字（{known}），不是列名。请在上面加一行列名：{names}。"),
            format!("the first line holds numbers ({known}) and no column names. Add a line above it: {names}."),
        );
    }
    if let ([title], true) = (titles, wanted.len() > 1)
        && let Some(divider) = title.chars().find(|sign| matches!(sign, '，' | '；' | '、' | ' ' | ':' | '/'))
    {
        let title = short(title, HEADER);
        return both(
            format!("第一行“{title}”用“{divider}”分列。请用半角逗号分列，需要的列是 {names}。"),
            format!("the header “{title}” is divided by “{divider}”. Divide columns by commas. Needed are {names}."),
        );
    }
    let others: Vec<&String> =
        titles.iter().filter(|title| wanted.iter().all(|column| folded(column.name) != folded(title))).collect();
    let each = |open: &str, said: &str, close: &str| -> Vec<String> {
        let told = |name: &&str| match others.iter().find(|title| is_close(name, title)) {
            Some(title) => format!("“{name}”{open}{said}“{title}”{close}"),
            None => format!("“{name}”"),
        };
        columns.iter().map(told).collect()
    };
    let (zh, en) = (each("（", "是不是", "？）").join("、"), each(" (", "is it ", "?)").join(" and no column "));
    both(
        format!("第一行没有{zh}这一列，只有 {known}。需要的列是 {names}。"),
        format!("the header has no column {en}; it has {known}. Needed are {names}."),
    )
}

fn names_of(wanted: &[Column<'_>]) -> String {
    wanted.iter().map(|column| column.name).collect::<Vec<_>>().join(",")
}

/// Says that the header has a column twice.
pub fn twice(name: &str, first: usize, second: usize) -> Bilingual {
    both(
        format!("“{name}”这一列出现了两次（第 {first} 列和第 {second} 列）。请只留一列。"),
        format!("the column “{name}” appears twice (columns {first} and {second}). Keep one of them."),
    )
}

/// What other programs and people call columns.
const ALSO_CALLED: [(&str, &[&str]); 10] = [
    ("lon", &["lng", "long", "longitude", "经度"]),
    ("lat", &["latitude", "纬度"]),
    ("id", &["编号", "code", "fid", "objectid", "no"]),
    ("households", &["户数", "hh"]),
    ("compound", &["小区"]),
    ("community", &["社区"]),
    ("length_m", &["长度", "metres", "meters"]),
    ("t_ds", &["time", "时间"]),
    ("src", &["source"]),
    ("dst", &["target", "dest"]),
];

/// Says whether a title of a table may be meant as a column.
pub(super) fn is_close(name: &str, title: &str) -> bool {
    let title = folded(title);
    let letters = |text: &str| text.chars().filter(|sign| sign.is_alphanumeric()).collect::<String>();
    let called = ALSO_CALLED
        .iter()
        .find(|(known, _)| *known == name)
        .is_some_and(|(_, called)| called.contains(&title.as_str()));
    let (name_letters, title_letters) = (letters(name), letters(&title));
    let goes_on = title.strip_prefix(name).and_then(|rest| rest.chars().next());
    let begins = goes_on.is_some_and(|sign| !sign.is_ascii_alphanumeric())
        || title_letters.len() > 2 && name_letters.starts_with(&title_letters)
        || name_letters.len() > 2 && title_letters.starts_with(&name_letters);
    let steps = match name_letters.len() {
        0..3 => 0,
        3..6 => 1,
        _ => 2,
    };
    called || begins || distance(&name_letters, &title_letters) <= steps
}

/// Returns how many letters must be changed, left out, added or exchanged with the next one to get from one word to
/// another (Damerau 1964).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (at, letter) in one.iter().enumerate() {
        let mut row = vec![at + 1];
        for (place, there) in other.iter().enumerate() {
            let above = &rows[at];
            let mut least = (above[place] + usize::from(letter != there)).min(above[place + 1] + 1).min(row[place] + 1);
            let crossed = at > 0 && place > 0 && one[at - 1] == *there && other[place - 1] == *letter;
            if crossed {
                least = least.min(rows[at - 1][place - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last().copied()).unwrap_or(0)
}

/// Says that an id stands in an earlier line too.
pub fn again(text: &str, first: u64) -> Bilingual {
    both(
        format!("“{text}”和第 {first} 行重复。每行的编号都要不同：请改一个，或去掉重复的行。"),
        format!("“{text}” stands in line {first} too. Give each row an id of its own, or leave one of them out."),
    )
}

/// Says why a cell is not taken. `first` is the line that has the same id.
pub(super) fn cell(kind: Kind<'_>, text: &str, first: Option<u64>) -> Bilingual {
    let text: &str = &short(text, SHOWN);
    if let Some(first) = first {
        return again(text, first);
    }
    if let Some(said) = of_a_spreadsheet(text) {
        return said;
    }
    match kind {
        Kind::Id | Kind::Group => not_an_id(text),
        Kind::Row(ids) => no_such_row(ids, text),
        Kind::Place => no_coordinate(text),
        Kind::Whole(least, most) => not_whole(text, least, most),
    }
}

/// Says what a spreadsheet put where a value should stand.
fn of_a_spreadsheet(text: &str) -> Option<Bilingual> {
    let (zh, en) = match text.chars().next() {
        None => ("空着没有填。请填上，或去掉这一行", "the cell is empty. Fill it in, or leave the line out".to_owned()),
        Some('#') => {
            ("是表格软件的错误。请改成正确的内容", format!("“{text}” is an error of the spreadsheet. Correct it"))
        }
        Some('=' | '＝') => (
            "是公式。请复制后选择性粘贴为值",
            format!("“{text}” is a formula. Copy the cells and paste them as values"),
        ),
        _ if is_lost(text) => (
            "是科学计数法，表格软件可能已经丢了后几位。请把这一列设为文本或数值格式，重新填写",
            format!(
                "“{text}” is in scientific notation, and digits may be lost. Format the column as text and type it \
                 again"
            ),
        ),
        _ => return None,
    };
    let zh = if text.is_empty() { format!("{zh}。") } else { format!("“{text}”{zh}。") };
    Some(both(zh, format!("{en}.")))
}

/// Says whether a spreadsheet wrote a number with an exponent: 2.10102E+11.
pub(super) fn is_lost(text: &str) -> bool {
    let begins = text.trim_start_matches('-').starts_with(|sign: char| sign.is_ascii_digit());
    begins && (text.contains("E+") || text.contains("e+")) && text.parse::<f64>().is_ok()
}

fn not_an_id(text: &str) -> Bilingual {
    both(
        format!("“{text}”不能作编号。请写数字、代码或名称。"),
        format!("“{text}” cannot be an id. Write a number, a code or a name."),
    )
}

fn no_such_row(ids: &super::Ids, text: &str) -> Bilingual {
    let (table, rows) = (ids.table(), ids.len());
    if let Some(like) = ids.like(text) {
        return both(
            format!("{table} 里没有“{text}”，但有“{like}”。两张表里请写得一样，也包括前面的 0。"),
            format!("{table} has no “{text}”, but it has “{like}”. Write both alike, zeros in front included."),
        );
    }
    both(
        format!("{table} 里没有“{text}”，它有 {rows} 行。请改这个编号，或补上那一行。"),
        format!("there is no “{text}” in {table}, which has {rows} rows. Correct the id or add the row."),
    )
}

/// Says whether signs between digits divide a number: 1,5 and 12,345 and 12 345.
fn is_divided(text: &str) -> bool {
    let digits = |sign: char| sign.is_ascii_digit() || matches!(sign, '-' | '.');
    let divides = |sign: char| matches!(sign, ',' | '\'' | '’' | ' ' | '_');
    text.starts_with(digits) && text.contains(divides) && text.chars().all(|sign| digits(sign) || divides(sign))
}

/// Says that a text or a number is no coordinate or length.
fn no_coordinate(text: &str) -> Bilingual {
    if is_divided(text) {
        return both(
            format!("“{text}”里有分隔符。小数用点，不要分节：请写成 1234.5。"),
            format!(
                "“{text}” is not a coordinate. Write decimals with a point and no other separators: 1234.5, not 1.234,5."
            ),
        );
    }
    if text.contains(['°', '′']) {
        return both(
            format!("“{text}”是度分秒。请换成十进制的度，如 41.8057。"),
            format!("“{text}” is in degrees, minutes and seconds. Write decimal degrees, as 41.8057."),
        );
    }
    both(
        format!("“{text}”不是坐标。请写成 123.4，不带单位；没有的，去掉这一行。"),
        format!("“{text}” is not a coordinate. Write it as 123.4 without a unit, or leave the line out."),
    )
}

/// Says that a text or a number is no whole number, or that it is out of bounds.
fn not_whole(text: &str, least: i64, most: i64) -> Bilingual {
    if is_divided(text) {
        return both(
            format!("“{text}”里有分隔符。请只写数字：1234。"),
            format!("“{text}” is not a whole number. Write it without separators: 1234."),
        );
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return both(
            format!("{text} 超出范围。请写 {least} 到 {most} 之间的数。"),
            format!("{text} is out of bounds. Write a number from {least} to {most}."),
        );
    }
    both(
        format!("“{text}”不是整数。请不要写小数、单位和别的符号。"),
        format!("“{text}” is not a whole number. Write it without decimals, units or signs."),
    )
}
