//! This file finds what a spreadsheet or a slip of the hand spoilt in a sheet: a column that stands there twice, a
//! number of a building that became a date, and a row that lies far from all others.

use std::collections::BTreeMap;

use kernel::language::Bilingual;
use planning::shape::Point;
use planning::snap::metres_between;
use tables::folded;

use super::sheet::Sheet;
use crate::plan::table::{Fault, TOLD, again, both, twice};

/// A row that lies farther than that from the middle of all rows is a fault, metres. No city is as wide.
const FAR_METRES: f64 = 300_000.0;
/// So many ids and lines are named. The rest is counted.
const SOME: usize = 10;
/// The middle of rows needs so many of them.
const FEW: usize = 3;
/// The columns whose cells are no dates.
const NO_DATES: [&str; 4] = ["id", "name", "compound", "community"];
/// The names of the months as spreadsheets write them.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Succeeds if each column of a sheet that is taken stands there once, and none of its names became a date. `at` says
/// where the columns stand.
pub(super) fn whole(sheet: &Sheet, at: &BTreeMap<String, usize>) -> Result<(), Vec<Fault>> {
    let titles: Vec<String> = sheet.titles.iter().map(|title| folded(title)).collect();
    for place in at.values() {
        let Some(title) = titles.get(*place).filter(|title| !title.is_empty()) else { continue };
        let again = titles.iter().enumerate().find(|(other, found)| other != place && *found == title);
        if let (Some((other, _)), Some(name)) = (again, sheet.titles.get(*place)) {
            return Err(sheet.fault(twice(name, place.min(&other) + 1, place.max(&other) + 1)));
        }
    }
    let mut faults = Vec::new();
    for (_, place) in at.iter().filter(|(name, _)| NO_DATES.contains(&name.as_str())) {
        let title = sheet.titles.get(*place).map_or("", String::as_str);
        for (row, line) in sheet.lines.iter().enumerate() {
            let cell = sheet.cell(row, *place);
            if faults.len() < TOLD && is_date(cell) {
                faults.push(dated(sheet, *line, title, cell));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Succeeds if no id of the rows of a sheet stands there twice. A fault names both lines of the file.
pub(super) fn each_once<'a>(sheet: &Sheet, ids: impl Iterator<Item = &'a str>) -> Result<(), Vec<Fault>> {
    let mut first: BTreeMap<&str, u64> = BTreeMap::new();
    let mut faults = Vec::new();
    for (id, line) in ids.zip(&sheet.lines).filter(|(id, _)| !id.is_empty()) {
        let known = *first.entry(id).or_insert(*line);
        if known != *line && faults.len() < TOLD {
            faults.push(Fault { file: sheet.file.clone(), line: *line, said: again(id, known) });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Says which ids of a sheet stand in several lines, and which lines have none. Some of each are named.
pub(super) fn again_or_empty(sheet: &Sheet, ids: &[&str]) -> Bilingual {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (id, line) in ids.iter().zip(&sheet.lines) {
        lines.entry(*id).or_default().push(line.to_string());
    }
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if let Some(empty) = lines.remove("") {
        let some: Vec<&str> = empty.iter().take(SOME).map(String::as_str).collect();
        let (and_zh, and_en) = if empty.len() > SOME { (" 等", " and others") } else { ("", "") };
        zh.push(format!("第 {}{and_zh} 行空着", some.join("、")));
        en.push(format!("nothing stands in lines {}{and_en}", some.join(", ")));
    }
    let again: Vec<(&str, Vec<String>)> = lines.into_iter().filter(|(_, lines)| lines.len() > 1).collect();
    for (id, lines) in again.iter().take(SOME) {
        zh.push(format!("{id} 重复（第 {} 行）", lines.join("、")));
        en.push(format!("{id} stands in lines {}", lines.join(", ")));
    }
    if again.len() > SOME {
        let more = again.len() - SOME;
        zh.push(format!("另有 {more} 个重复"));
        en.push(format!("{more} more stand there twice"));
    }
    both(zh.join("，"), en.join(", "))
}

fn dated(sheet: &Sheet, line: u64, title: &str, cell: &str) -> Fault {
    let said = both(
        format!(
            "{title}：“{cell}”是日期，多半是表格软件把“3-1”一类的编号改成了日期。请把这一列设为文本格式，照原样重新填写。"
        ),
        format!(
            "{title}: “{cell}” is a date; a spreadsheet makes one of a number as 3-1. Format the column as text and type \
             it again."
        ),
    );
    Fault { file: sheet.file.clone(), line, said }
}

/// Says whether a text is a date as spreadsheets write one in place of 3-1: 2026-03-01, 3月1日, 1-Mar.
fn is_date(text: &str) -> bool {
    let is_number = |text: &str, digits: usize| {
        !text.is_empty() && text.len() <= digits && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split('-').collect();
    if let &[year, month, day] = parts.as_slice() {
        return year.len() == 4 && is_number(year, 4) && [month, day].into_iter().all(|part| is_number(part, 2));
    }
    if let &[one, other] = parts.as_slice() {
        let is_month = |text: &str| MONTHS.contains(&text.to_lowercase().as_str());
        return is_month(one) && is_number(other, 2) || is_month(other) && is_number(one, 2);
    }
    let days = text.strip_suffix('日').and_then(|text| text.split_once('月'));
    days.is_some_and(|(month, day)| is_number(month, 2) && is_number(day, 2))
}

/// Succeeds if no row of a sheet lies far from all others. The points are degrees of the rows that have any.
pub(super) fn together(sheet: &Sheet, points: &[Option<Point>]) -> Result<(), Vec<Fault>> {
    let of = |axis: fn(&Point) -> f64| -> Option<f64> {
        let mut all: Vec<f64> = points.iter().flatten().map(axis).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().filter(|_| all.len() >= FEW)
    };
    let (Some(x), Some(y)) = (of(|at| at.x), of(|at| at.y)) else { return Ok(()) };
    let far = points.iter().zip(&sheet.lines).filter_map(|(point, line)| {
        let metres = metres_between((*point)?, Point { x, y });
        (metres > FAR_METRES).then(|| lonely(sheet, *line, metres))
    });
    let faults: Vec<Fault> = far.take(TOLD).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn lonely(sheet: &Sheet, line: u64, metres: f64) -> Fault {
    let away = format!("{:.0}", metres / 1_000.0);
    let said = both(
        format!("离表里的其他地点 {away} 公里。请改正坐标（也看看是不是没有填），或去掉这一行。"),
        format!(
            "stands {away} km from the other rows. Correct its coordinates (0 where nothing was filled in?), or leave \
             the line out."
        ),
    );
    Fault { file: sheet.file.clone(), line, said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_stands_twice_is_told_with_both_lines() {
        let sheet = Sheet { file: "楼栋.csv".into(), lines: vec![3, 5, 8, 9], ..Sheet::default() };
        assert_eq!(each_once(&sheet, ["7", "", "8", ""].into_iter()), Ok(()));
        let faults = each_once(&sheet, ["7", "8", "7", "9"].into_iter()).unwrap_err();
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert!(said.len() == 1 && said[0].starts_with("楼栋.csv, line 8: “7” stands in line 3 too."), "{said:?}");
    }

    #[test]
    fn ids_that_number_nothing_are_told_with_their_lines() {
        let sheet = Sheet { lines: vec![3, 5, 8, 9], ..Sheet::default() };
        let said = again_or_empty(&sheet, &["7", "", "7", "8"]);
        assert_eq!(said.zh, "第 5 行空着，7 重复（第 3、8 行）");
        assert_eq!(said.en, "nothing stands in lines 5, 7 stands in lines 3, 8");
    }

    #[test]
    fn a_date_in_place_of_a_number_is_known() {
        for text in ["2026-03-01", "2026-3-1", "3月1日", "12月31日", "1-Mar", "Mar-01"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["", "3-1", "3-1-2", "3号楼", "12-301", "2026-03-01-2", "五月一日", "3月1", "A-Mar", "mar"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
