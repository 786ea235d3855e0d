//! The columns of a city's sheet, by the titles that cities give them, and the systems of codes by the names of sheets.

use kernel::calendar::{Limit, Unit};
use tables::{Limits, folded};

use crate::catalogue::{Area, Severity};

/// How large a sheet may be: the whole national table with every condition has some 1,500 rows.
pub const LIMITS: Limits = Limits { rows: 10_000, columns: 60, bytes: 40 * 1024 * 1024 };
/// The columns without which nothing is read.
pub(super) const REQUIRED: [&str; 7] = ["big_code", "big_name", "code", "name", "unit", "when", "closes"];
/// The columns that hold a limit; one of them is needed.
pub(super) const LIMIT_COLUMNS: [&str; 13] = [
    "limit",
    "limit_urgent_hours",
    "limit_working_hours",
    "limit_working_days",
    "limit_calendar_days",
    "limit_hours",
    "limit_days",
    "limit_a",
    "limit_b",
    "limit_c",
    "limit_core",
    "limit_general",
    "limit_other",
];
/// Columns `A类`, `B类`, `C类` that do not say whether they are severities or areas.
pub(super) const LETTERS: [&str; 3] = ["letter_a", "letter_b", "letter_c"];

/// The column and the titles that name it, folded.
const TITLES: [(&str, &[&str]); 10] = [
    (
        "big_code",
        &["大类代码", "大类编码", "大类编号", "大类码", "一级分类代码", "一级分类编码", "bigcode", "bigclasscode"],
    ),
    ("big_name", &["大类名称", "大类", "大类名", "一级分类名称", "一级分类", "bigname", "bigclass", "bigclassname"]),
    (
        "code",
        &["小类代码", "小类编码", "小类编号", "小类码", "二级分类代码", "二级分类编码", "smallcode", "smallclasscode"],
    ),
    ("name", &["小类名称", "小类", "小类名", "二级分类名称", "二级分类", "smallname", "smallclass", "smallclassname"]),
    (
        "unit",
        &[
            "处置单位",
            "责任单位",
            "责任主体",
            "处置部门",
            "处置主体",
            "责任部门",
            "处置责任单位",
            "承办单位",
            "办理单位",
            "handlingunit",
        ],
    ),
    (
        "supervisor",
        &[
            "主管部门",
            "监管主体",
            "主管单位",
            "监管部门",
            "监管单位",
            "监督单位",
            "行业主管部门",
            "supervisingunit",
            "supervisor",
        ],
    ),
    ("when", &["立案条件", "立案标准", "立案规范", "立案情形", "filingcondition"]),
    ("closes", &["结案条件", "结案标准", "结案规范", "结案要求", "closingcondition"]),
    (
        "limit",
        &[
            "处置时限",
            "处置期限",
            "处理时限",
            "办理时限",
            "处置时间",
            "时限",
            "处理期限",
            "办理期限",
            "办结时限",
            "完成时限",
            "整改时限",
            "limit",
            "timelimit",
        ],
    ),
    ("limit_type", &["时限类型", "时限单位", "计时类型", "计时单位", "时间单位", "类型", "limittype", "type"]),
];
/// The names of systems of codes that stand before titles.
const SYSTEMS: [&str; 4] = ["部件", "事件", "服务事项", "事项"];

/// The column that a folded title names: by the whole title, or without what stands in brackets behind it and without
/// the name of a system of codes before it.
pub(super) fn named(title: &str) -> Option<&'static str> {
    let exact = |title: &str| TITLES.iter().find(|(_, titles)| titles.contains(&title)).map(|(column, _)| *column);
    let short = || {
        let bare = title.split('(').next().unwrap_or(title);
        let rest = SYSTEMS.iter().find_map(|system| bare.strip_prefix(*system)).unwrap_or(bare);
        exact(bare).or_else(|| exact(rest))
    };
    exact(title).or_else(|| of_a_class(title)).or_else(|| of_a_unit(title)).or_else(short)
}

/// The column of limits of which the title says what they count: `处置时限(工作日)`, `处理时限(单位:小时)`.
fn of_a_unit(title: &str) -> Option<&'static str> {
    let (name, unit) = title.strip_suffix(')')?.split_once('(')?;
    let unit = unit.trim_start_matches("单位").trim_start_matches(':');
    let read = Limit::from_words(&format!("1{unit}"), None).filter(|read| read.limit.amount == 1)?;
    let column = match (read.limit.unit, read.said) {
        (Unit::UrgentHour, _) => "limit_urgent_hours",
        (Unit::WorkingHour, true) => "limit_working_hours",
        (Unit::WorkingDay, true) => "limit_working_days",
        (Unit::CalendarDay, _) => "limit_calendar_days",
        (Unit::WorkingHour, false) => "limit_hours",
        (Unit::WorkingDay, false) => "limit_days",
    };
    let is_limit = TITLES.iter().any(|(column, titles)| *column == "limit" && titles.contains(&name));
    is_limit.then_some(column)
}

/// What a number alone counts in a column whose title says it.
pub(super) fn counts(column: &str) -> Option<&'static str> {
    match column {
        "limit_urgent_hours" => Some("紧急工作时"),
        "limit_working_hours" => Some("工作时"),
        "limit_working_days" => Some("工作日"),
        "limit_calendar_days" => Some("自然日"),
        "limit_hours" => Some("小时"),
        "limit_days" => Some("天"),
        _ => None,
    }
}

/// The column of limits of a severity (`A类紧急`, `紧急时限`) or of an area (`A类核心区域`, `一般区域处置时限`).
fn of_a_class(title: &str) -> Option<&'static str> {
    let bare: String = title.chars().filter(|sign| !"()（）:：、/-类级".contains(*sign)).collect();
    let bare = ["处置时限", "处置期限", "处理时限", "时限"].iter().fold(bare, |text, word| text.replace(word, ""));
    let (letter, words) = match bare.strip_prefix(['a', 'b', 'c']) {
        Some(rest) => (bare.chars().next(), rest),
        None => (None, bare.as_str()),
    };
    let (column, expected) = match words {
        "紧急" | "urgent" => ("limit_a", 'a'),
        "重大" | "较大" | "major" => ("limit_b", 'b'),
        "一般" | "普通" | "ordinary" => ("limit_c", 'c'),
        "核心区" | "核心区域" | "core" => ("limit_core", 'a'),
        "一般区" | "一般区域" | "general" => ("limit_general", 'b'),
        "其他区" | "其他区域" | "其它区域" | "other" => ("limit_other", 'c'),
        "" => (*['a', 'b', 'c'].iter().zip(&LETTERS).find(|(one, _)| Some(**one) == letter)?.1, letter?),
        _ => return None,
    };
    (letter.is_none() || letter == Some(expected)).then_some(column)
}

/// What people call a column.
pub(super) fn called(column: &'static str) -> String {
    let title = TITLES.iter().find(|(one, _)| *one == column).and_then(|(_, titles)| titles.first());
    (*title.unwrap_or(&column)).to_owned()
}

/// The severity of a column of limits.
pub(super) fn severity(column: &str) -> Option<Severity> {
    match column {
        "limit_a" => Some(Severity::Urgent),
        "limit_b" => Some(Severity::Major),
        "limit_c" => Some(Severity::Ordinary),
        _ => None,
    }
}

/// The class of areas of a column of limits.
pub(super) fn area(column: &str) -> Option<Area> {
    match column {
        "limit_core" => Some(Area::Core),
        "limit_general" => Some(Area::General),
        "limit_other" => Some(Area::Other),
        _ => None,
    }
}

/// What a type of limits counts, as databases and tables call it.
pub(super) fn counted(kind: &str) -> Option<Unit> {
    match folded(kind).as_str() {
        "urgent_hour" | "urgenthour" | "emergency_hour" | "紧急工作时" | "紧急时" => Some(Unit::UrgentHour),
        "work_hour" | "working_hour" | "workhour" | "工作时" | "工作小时" => Some(Unit::WorkingHour),
        "work_day" | "working_day" | "workday" | "工作日" => Some(Unit::WorkingDay),
        "natural_day" | "calendar_day" | "naturalday" | "自然日" | "日历日" => Some(Unit::CalendarDay),
        _ => None,
    }
}

/// The system of codes that a sheet of a workbook holds, by its name; none if it does not say.
pub(super) fn system(sheet: &str) -> Option<&'static str> {
    let name = folded(sheet);
    let bare = name.trim_start_matches("城市管理").trim_end_matches('表').trim_end_matches("目录");
    match bare.trim_start_matches("扩展").trim_end_matches("扩展") {
        "部件" | "component" | "components" => Some("component"),
        "事件" | "event" | "events" => Some("event"),
        "服务事项" | "服务" | "service" | "services" => Some("service"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_the_titles_that_cities_give_them() {
        let table = [
            ("大类代码", Some("big_code")),
            ("小类 名称", Some("name")),
            ("责任主体", Some("unit")),
            ("处置时限", Some("limit")),
            ("A类（紧急）", Some("limit_a")),
            ("Ｂ类：重大", Some("limit_b")),
            ("C级一般时限", Some("limit_c")),
            ("紧急", Some("limit_a")),
            ("A类核心区域", Some("limit_core")),
            ("一般区域处置时限", Some("limit_general")),
            ("C类（其他区域）", Some("limit_other")),
            ("A类", Some("letter_a")),
            ("处置时限（工作日）", Some("limit_working_days")),
            ("处理时限（单位：小时）", Some("limit_hours")),
            ("办结时限(紧急工作时)", Some("limit_urgent_hours")),
            ("处置时限（天）", Some("limit_days")),
            ("处置时限（见附表）", Some("limit")),
            ("部件小类编码", Some("code")),
            ("事件大类名称（一级）", Some("big_name")),
            ("立案条件（部件）", Some("when")),
            ("监管单位", Some("supervisor")),
            ("B类紧急", None),
            ("备注", None),
            ("备注（工作日）", None),
            ("部件", None),
        ];
        for (title, column) in table {
            assert_eq!(named(&folded(title)), column, "{title}");
        }
    }

    #[test]
    fn a_sheet_is_of_the_system_that_its_name_says() {
        let table = [
            ("部件", Some("component")),
            ("部件扩展", Some("component")),
            ("扩展事件", Some("event")),
            ("城市管理事件目录", Some("event")),
            ("服务事项", Some("service")),
            ("说明", None),
            ("Sheet1", None),
            ("部件和事件", None),
        ];
        for (sheet, expected) in table {
            assert_eq!(system(sheet), expected, "{sheet}");
        }
    }
}
