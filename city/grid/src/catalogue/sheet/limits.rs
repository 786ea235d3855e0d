//! The limits of a row: one, several by severity or area, or several steps in one cell.

use std::collections::BTreeMap;

use kernel::calendar::{Limit, Unit};
use kernel::language::{Bilingual, half_width};
use kernel::refusal::{Code, Refusal};
use tables::{Cell, Row};

use super::columns::{LIMIT_COLUMNS, area, counted, counts, severity};
use crate::catalogue::entries::MilestoneEntry;
use crate::catalogue::load::MOST_STEPS;
use crate::catalogue::{Area, Severity};
use crate::refusals::Why;

/// The largest number of a limit.
const MOST: u32 = 9_999;
/// What divides the steps in one cell.
const BETWEEN_STEPS: [char; 3] = ['；', ';', '\n'];
/// Signs of a number, beside its digits: what stands behind one of them is no number of its own.
const OF_A_NUMBER: [char; 6] = ['.', '百', '千', '万', '零', '〇'];

/// The limits of a condition as a sheet says them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    pub usual: Limit,
    pub steps: Vec<(String, Limit)>,
    pub by_severity: BTreeMap<Severity, Limit>,
    pub by_area: BTreeMap<Area, Limit>,
}

/// Reads the limits of a row; none if all its cells of limits are empty. What is to be told goes into `notes`.
///
/// # Errors
/// Cells in which no limit stands, and limits of some classes where none is said for the rest.
pub(super) fn read(row: &Row, notes: &mut Vec<Refusal>) -> Result<Option<Limits>, Vec<Refusal>> {
    let filled: Vec<(&'static str, &Cell)> =
        LIMIT_COLUMNS.into_iter().filter_map(|column| Some((column, row.cells.get(column)?))).collect();
    if filled.is_empty() {
        return Ok(None);
    }
    let beside = row.cells.get("limit_type");
    let (mut wrong, mut usual, mut steps) = (Vec::new(), None::<Limit>, Vec::new());
    let (mut by_severity, mut by_area) = (BTreeMap::new(), BTreeMap::new());
    for &(column, cell) in &filled {
        let read = match counts(column) {
            Some(words) => in_steps(&counted_so(cell, words), beside, notes),
            None if column == "limit" => in_steps(cell, beside, notes),
            None => one(cell, beside, notes),
        };
        let Some(mut read) = read else {
            wrong.push(told(unread(cell), cell));
            continue;
        };
        let Some((_, last)) = read.pop() else { continue };
        match (severity(column), area(column)) {
            (Some(class), _) => drop(by_severity.insert(class, last)),
            (None, Some(class)) => drop(by_area.insert(class, last)),
            // Two columns say the limit of all, and not the same.
            (None, None) if usual.is_some_and(|usual| usual != last) => wrong.push(told(Why::GridSheetLimit, cell)),
            (None, None) => (usual, steps) = (Some(last), read),
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    // Where nothing is said for all, the ordinary severity or the other areas are the usual case, and nothing else is.
    let ordinary = by_severity.get(&Severity::Ordinary).or_else(|| by_area.get(&Area::Other)).copied();
    match usual.or(ordinary) {
        Some(usual) => Ok(Some(Limits { usual, steps, by_severity, by_area })),
        None => Err(filled.first().map(|(_, cell)| told(Why::GridSheetUsual, cell)).into_iter().collect()),
    }
}

/// Why no limit can be read in a cell. A half in it has a remedy of its own.
fn unread(cell: &Cell) -> Code {
    let says_half = |part: &str| part.char_indices().any(|(at, _)| part.get(at..).is_some_and(Limit::leaves_half));
    // A number alone counts what stands beside it or above it.
    let has_half = |part: &str| says_half(part) || Limit::leaves_half(&format!("{}工作日", part.trim()));
    if cell.text.split(BETWEEN_STEPS).any(has_half) { Why::GridSheetLimitHalf } else { Why::GridSheetLimit }
}

fn told(why: Code, cell: &Cell) -> Refusal {
    Refusal::new(why).with("cell", &cell.at).with("value", &cell.text)
}

/// A cell in a column whose title says what a number alone counts.
fn counted_so(cell: &Cell, words: &str) -> Cell {
    let number = cell.plain();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let text = if is_number { format!("{number}{words}") } else { cell.text.clone() };
    Cell { text, ..cell.clone() }
}

/// One limit, without a name.
fn one(cell: &Cell, beside: Option<&Cell>, notes: &mut Vec<Refusal>) -> Option<Vec<(String, Limit)>> {
    Some(vec![(String::new(), limit(&cell.plain(), cell, beside, notes)?)])
}

/// One limit, or several steps of which the last is the limit of handling: `停工4工作时；处罚7工作日；拆除20工作日`.
fn in_steps(cell: &Cell, beside: Option<&Cell>, notes: &mut Vec<Refusal>) -> Option<Vec<(String, Limit)>> {
    let parts: Vec<&str> = cell.text.split(BETWEEN_STEPS).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return one(cell, beside, notes);
    }
    let step = |part: &&str| {
        let number = |at: &usize| part.get(*at..).is_some_and(|rest| Limit::from_words(rest, None).is_some());
        let at = part.char_indices().map(|(at, _)| at).find(number)?;
        let before = part.get(..at)?;
        // The 5 of 1.5 is no limit.
        let is_cut = |sign: char| sign.is_ascii_digit() || OF_A_NUMBER.contains(&sign);
        if before.chars().next_back().map(half_width).is_some_and(is_cut) {
            return None;
        }
        let name = before.trim_end_matches(['：', ':', ' ']).to_owned();
        let read = Limit::from_words(part.get(at..)?, None).filter(|read| read.said)?;
        (!name.is_empty()).then_some((name, read.limit))
    };
    let steps: Option<Vec<(String, Limit)>> = parts.iter().map(step).collect();
    steps.filter(|steps| steps.len() <= MOST_STEPS + 1)
}

/// A limit in words, or a number with its type beside it. The words win over the type.
fn limit(words: &str, cell: &Cell, beside: Option<&Cell>, notes: &mut Vec<Refusal>) -> Option<Limit> {
    let named = beside.and_then(|beside| counted(&beside.text));
    let about = |why| {
        let kind = beside.map(|beside| beside.text.as_str()).unwrap_or_default();
        told(why, cell).with("type", kind)
    };
    if let (Ok(amount), Some(unit)) = (words.parse::<u32>(), named) {
        return (1..=MOST).contains(&amount).then(|| Limit::new(amount, unit));
    }
    let read = Limit::from_words(words, named).filter(|read| read.limit.amount <= MOST)?;
    if beside.is_some() && named.is_none() {
        notes.push(about(Why::GridSheetTypeUnknown).with_both("taken", &said(read.limit)));
    } else if named.is_some_and(|named| named != read.limit.unit) {
        notes.push(about(Why::GridSheetTypeLoses).with_both("taken", &said(read.limit)));
    } else if !read.said && named.is_none() {
        notes.push(about(Why::GridSheetLimitOpen).with_both("taken", &said(read.limit)));
    }
    Some(read.limit)
}

/// A limit in the words of documents.
#[must_use]
pub fn said(limit: Limit) -> Bilingual {
    if limit == Limit::new(0, Unit::WorkingDay) {
        return Bilingual::new("当日", "the same day");
    }
    let (zh, en) = match limit.unit {
        Unit::CalendarDay => ("自然日", "calendar days"),
        Unit::WorkingDay => ("工作日", "working days"),
        Unit::WorkingHour => ("工作时", "working hours"),
        Unit::UrgentHour => ("紧急工作时", "urgent hours"),
    };
    Bilingual::new(format!("{}{zh}", limit.amount), format!("{} {en}", limit.amount))
}

/// All limits of a condition in the words of documents: one, or where they differ that of each severity and of each
/// class of areas, after the one for all the rest.
pub(super) fn said_of(limits: &Limits) -> Bilingual {
    let letter = |class: &Severity| Bilingual::new(class.code(), class.code());
    let severities = limits.by_severity.iter().map(|(class, limit)| (letter(class), *limit));
    let areas = limits.by_area.iter().map(|(class, limit)| (area_named(*class), *limit));
    let classes: Vec<(Bilingual, Limit)> = severities.chain(areas).collect();
    if classes.iter().all(|(_, limit)| *limit == limits.usual) {
        return said(limits.usual);
    }
    let is_told = classes.iter().any(|(_, limit)| *limit == limits.usual);
    let usual = (!is_told).then(|| said(limits.usual));
    let each = classes.iter().map(|(class, limit)| {
        let limit = said(*limit);
        Bilingual::new(format!("{} {}", class.zh, limit.zh), format!("{} {}", class.en, limit.en))
    });
    let all: Vec<Bilingual> = usual.into_iter().chain(each).collect();
    let joined = |of: fn(&Bilingual) -> &str| all.iter().map(of).collect::<Vec<_>>().join(" · ");
    Bilingual::new(joined(|one| one.zh.as_str()), joined(|one| one.en.as_str()))
}

/// The class of an area in the words of documents.
fn area_named(area: Area) -> Bilingual {
    match area {
        Area::Core => Bilingual::new("核心区域", "core"),
        Area::General => Bilingual::new("一般区域", "general"),
        Area::Other => Bilingual::new("其他区域", "other"),
    }
}

/// The steps as entries of the catalogue.
pub(super) fn milestones(steps: &[(String, Limit)], english: &mut dyn FnMut(&str) -> Bilingual) -> Vec<MilestoneEntry> {
    let entry = |(at, (name, limit)): (usize, &(String, Limit))| MilestoneEntry {
        code: format!("m{}", at + 1),
        name: english(name),
        limit: said(*limit).zh,
    };
    steps.iter().enumerate().map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(&'static str, &str)]) -> Row {
        let cell = |((column, text), at): (&(&'static str, &str), char)| {
            (*column, Cell { text: (*text).to_owned(), at: format!("{at}2"), ..Cell::default() })
        };
        Row { line: 2, cells: cells.iter().zip('A'..).map(cell).collect() }
    }

    #[test]
    fn the_words_win_over_a_type_that_contradicts_them_and_it_is_told() {
        use Unit::{CalendarDay, UrgentHour, WorkingDay, WorkingHour};
        let table = [
            ("2紧急工作时", Some("work_hour"), Some((2, UrgentHour)), Some(Why::GridSheetTypeLoses)),
            ("4小时", Some("work_hour"), Some((4, WorkingHour)), None),
            ("4小时", Some("紧急工作时"), Some((4, UrgentHour)), None),
            ("4小时", None, Some((4, WorkingHour)), Some(Why::GridSheetLimitOpen)),
            ("2天", Some("自然日"), Some((2, CalendarDay)), None),
            ("2天", Some("紧急工作时"), Some((2, WorkingDay)), Some(Why::GridSheetTypeLoses)),
            ("1紧急工作日", None, Some((24, UrgentHour)), None),
            ("2小时（紧急）", Some("work_hour"), Some((2, UrgentHour)), Some(Why::GridSheetTypeLoses)),
            ("24小时", None, Some((24, UrgentHour)), Some(Why::GridSheetLimitOpen)),
            ("24小时", Some("工作时"), Some((24, WorkingHour)), None),
            ("当日", None, Some((0, WorkingDay)), None),
            ("半个工作日", None, None, None),
            ("２", Some("work_day"), Some((2, WorkingDay)), None),
            ("2工作日", Some("随便"), Some((2, WorkingDay)), Some(Why::GridSheetTypeUnknown)),
            ("2", None, None, None),
            ("尽快", Some("work_day"), None, None),
            ("0工作日", None, None, None),
        ];
        for (words, kind, limit, note) in table {
            let mut notes = Vec::new();
            let cells: Vec<(&'static str, &str)> =
                [("limit", words)].into_iter().chain(kind.map(|kind| ("limit_type", kind))).collect();
            let read = read(&row(&cells), &mut notes);
            let expected = limit.map(|(amount, unit)| Limit::new(amount, unit));
            assert_eq!(read.ok().flatten().map(|limits| limits.usual), expected, "{words} {kind:?}");
            assert_eq!(notes.first().map(|note| note.code), note, "{words} {kind:?}");
        }
        let wrong = read(&row(&[("limit", "尽快")]), &mut Vec::new()).unwrap_err();
        assert_eq!((wrong[0].code, wrong[0].detail["cell"].as_str()), (Why::GridSheetLimit, "A2"));
        assert_eq!(read(&row(&[]), &mut Vec::new()), Ok(None));
    }

    #[test]
    fn limits_differ_by_severity_and_by_area() {
        let day = |amount| Limit::new(amount, Unit::WorkingDay);
        let cells = [("limit_a", "2紧急工作时"), ("limit_b", "1工作日"), ("limit_c", "3工作日")];
        let limits = read(&row(&cells), &mut Vec::new()).unwrap().unwrap();
        assert_eq!(
            (limits.usual, limits.by_severity[&Severity::Major]),
            (day(3), day(1)),
            "ordinary is the usual case"
        );
        let cells = [("limit", "5工作日"), ("limit_core", "4工作时"), ("limit_other", "9工作日")];
        let limits = read(&row(&cells), &mut Vec::new()).unwrap().unwrap();
        assert_eq!((limits.usual, limits.by_area[&Area::Other]), (day(5), day(9)), "what is said for all counts");
        assert_eq!(limits.by_area[&Area::Core], Limit::new(4, Unit::WorkingHour));
    }

    #[test]
    fn only_what_is_said_for_the_ordinary_case_is_the_usual_limit() {
        for cells in [
            [("limit_a", "1紧急工作时")].as_slice(),
            &[("limit_a", "1紧急工作时"), ("limit_b", "4工作时")],
            &[("limit_core", "4工作时")],
            &[("limit_b", "4工作时"), ("limit_general", "8工作时")],
        ] {
            let wrong = read(&row(cells), &mut Vec::new()).unwrap_err();
            assert_eq!((wrong.len(), wrong[0].code, wrong[0].detail["cell"].as_str()), (1, Why::GridSheetUsual, "A2"));
        }
        let cells = [("limit_a", "1紧急工作时"), ("limit_other", "2工作日")];
        let limits = read(&row(&cells), &mut Vec::new()).unwrap().unwrap();
        assert_eq!(limits.usual, Limit::new(2, Unit::WorkingDay));
    }

    #[test]
    fn limits_that_differ_are_all_told() {
        let table: [(&[(&'static str, &str)], &str, &str); 4] = [
            (&[("limit", "2工作日")], "2工作日", "2 working days"),
            (
                &[("limit_a", "1紧急工作时"), ("limit_b", "4工作时"), ("limit_c", "2天")],
                "A 1紧急工作时 · B 4工作时 · C 2工作日",
                "A 1 urgent hours · B 4 working hours · C 2 working days",
            ),
            (
                &[("limit", "8工作时"), ("limit_core", "4工作时")],
                "8工作时 · 核心区域 4工作时",
                "8 working hours · core 4 working hours",
            ),
            (&[("limit_a", "2工作日"), ("limit_c", "2工作日")], "2工作日", "2 working days"),
        ];
        for (cells, zh, en) in table {
            let limits = read(&row(cells), &mut Vec::new()).unwrap().unwrap();
            assert_eq!(said_of(&limits), Bilingual::new(zh, en));
        }
    }

    #[test]
    fn a_number_alone_counts_what_the_title_of_its_column_says() {
        let table = [
            ("limit_working_days", "２", Some(Limit::new(2, Unit::WorkingDay)), None),
            ("limit_working_days", "2紧急工作时", Some(Limit::new(2, Unit::UrgentHour)), None),
            ("limit_hours", "4", Some(Limit::new(4, Unit::WorkingHour)), Some(Why::GridSheetLimitOpen)),
            ("limit_calendar_days", "尽快", None, None),
            ("limit_calendar_days", "0", None, None),
        ];
        for (column, words, limit, note) in table {
            let mut notes = Vec::new();
            let read = read(&row(&[(column, words)]), &mut notes);
            assert_eq!(read.ok().flatten().map(|limits| limits.usual), limit, "{column} {words}");
            assert_eq!(notes.first().map(|note| note.code), note, "{column} {words}");
        }
        let twice = |days| read(&row(&[("limit", "2工作日"), ("limit_working_days", days)]), &mut Vec::new());
        assert!(twice("2").is_ok() && twice("3").is_err(), "two columns say it, and not the same");
    }

    #[test]
    fn several_steps_stand_in_one_cell() {
        let cells = [("limit", "责令停工：4工作时；处罚7工作日；拆除20工作日")];
        let limits = read(&row(&cells), &mut Vec::new()).unwrap().unwrap();
        let names: Vec<&str> = limits.steps.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, limits.usual), (vec!["责令停工", "处罚"], Limit::new(20, Unit::WorkingDay)));
        for words in ["停工；拆除20工作日", "停工1.4工作日；拆除20工作日", "停工一百二十工作日；拆除20工作日"]
        {
            let wrong = read(&row(&[("limit", words)]), &mut Vec::new()).unwrap_err();
            assert_eq!(wrong[0].code, Why::GridSheetLimit, "{words}");
        }
        for words in ["4工作时；20工作日", "甲1工作日；乙2工作日；丙3工作日；丁4工作日"] {
            assert!(read(&row(&[("limit", words)]), &mut Vec::new()).is_err(), "{words}");
        }
    }

    #[test]
    fn a_half_is_not_rounded_and_it_is_told_what_to_write_instead() {
        for (column, words) in [
            ("limit", "半个工作日"),
            ("limit", "半天"),
            ("limit", "一个半小时"),
            ("limit_b", "两个半工作日"),
            ("limit_core", "半小时"),
            ("limit_working_days", "0.5"),
            ("limit", "停工1.5工作日；拆除20工作日"),
            ("limit", "停工４．５工作时；拆除20工作日"),
        ] {
            let wrong = read(&row(&[(column, words)]), &mut Vec::new()).unwrap_err();
            let (code, cell) = (wrong[0].code, wrong[0].detail["cell"].as_str());
            assert_eq!((wrong.len(), code, cell), (1, Why::GridSheetLimitHalf, "A2"), "{words}");
        }
        let limits = read(&row(&[("limit", "半个紧急工作日")]), &mut Vec::new()).unwrap().unwrap();
        assert_eq!(limits.usual, Limit::new(12, Unit::UrgentHour));
    }
}
