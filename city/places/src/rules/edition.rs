//! This file reads an edition of the divisions: a table with code and name, and with level and parent where it has
//! them. It tells every wrong row with its line and what to do.

use super::naming::kind_of;
use crate::words::Kind;
use kernel::language::{Bilingual, Lang};
use kernel::place::Level;
use kernel::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tables::{Limits, Table, Wanted, is_damaged};

/// Says what is wrong with a row of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// The line of the file, counted from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

impl RowFault {
    /// Tells it in one line.
    #[must_use]
    pub fn told(&self, lang: Lang) -> String {
        let (message, remedy) = (self.message.get(lang), self.remedy.get(lang));
        match lang {
            Lang::Zh if self.line == 0 => format!("{message}。{remedy}。"),
            Lang::Zh => format!("第 {} 行：{message}。{remedy}。", self.line),
            Lang::En if self.line == 0 => format!("{message}. {remedy}."),
            Lang::En => format!("line {}: {message}. {remedy}.", self.line),
        }
    }
}

impl fmt::Display for RowFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.told(Lang::En))
    }
}

/// What is wrong with a row, and what to do.
struct Wrong {
    message: Bilingual,
    remedy: Bilingual,
}

impl Wrong {
    fn new(message: Bilingual, zh: &str, en: &str) -> Self {
        Self { message, remedy: Bilingual::new(zh, en) }
    }

    fn at(self, line: usize) -> RowFault {
        RowFault { line, message: self.message, remedy: self.remedy }
    }
}

fn both(zh: impl Into<String>, en: impl Into<String>) -> Bilingual {
    Bilingual::new(zh, en)
}

/// A row of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The 12-digit code; the six digits of the city where a city without districts is its own district.
    pub code: String,
    /// The name.
    pub name: String,
    /// The kind that the code tells.
    pub kind: Kind,
    /// The code of the place that it lies in, or nothing for the city.
    pub parent: Option<String>,
}

impl Row {
    /// Returns the level of its kind.
    pub const fn level(&self) -> Level {
        self.kind.level()
    }
}

/// Limits how many rows an edition of one city has.
pub const ROWS_LIMIT: usize = 50_000;
const FAULTS_LIMIT: usize = 50;
const LIMITS: Limits = Limits { rows: ROWS_LIMIT, columns: 60, bytes: 64 * 1024 * 1024 };
const LONGEST_NAME: usize = 60;
/// How many digits of a code name the district.
const DIGITS_OF_A_DISTRICT: usize = 6;

/// The titles under which tables have the columns, folded.
const TITLES: [(&str, &str); 24] = [
    ("code", "code"),
    ("代码", "code"),
    ("编码", "code"),
    ("编号", "code"),
    ("区划代码", "code"),
    ("行政区划代码", "code"),
    ("统计用区划代码", "code"),
    ("name", "name"),
    ("名称", "name"),
    ("区划名称", "name"),
    ("行政区划名称", "name"),
    ("level", "level"),
    ("级别", "level"),
    ("层级", "level"),
    ("parent", "parent"),
    ("上级", "parent"),
    ("上级代码", "parent"),
    ("上级编码", "parent"),
    ("上级区划代码", "parent"),
    ("kind", "kind"),
    ("type", "kind"),
    ("类别", "kind"),
    ("类型", "kind"),
    ("城乡分类", "kind"),
];
/// The words that tables have for levels.
const LEVELS: [(&str, Level); 14] = [
    ("市", Level::City),
    ("城市", Level::City),
    ("区", Level::District),
    ("区县", Level::District),
    ("县", Level::District),
    ("街道", Level::Street),
    ("街道办", Level::Street),
    ("乡镇", Level::Street),
    ("镇", Level::Street),
    ("乡", Level::Street),
    ("社区", Level::Community),
    ("居委会", Level::Community),
    ("村", Level::Community),
    ("村居", Level::Community),
];

/// An edition that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edition {
    /// Its rows, parents first.
    pub rows: Vec<Row>,
    /// The titles of columns that are not taken.
    pub untaken: Vec<String>,
    /// Which sheet of a workbook it is.
    pub sheets: tables::Sheets,
}

/// Reads an edition, as [`read`] does, and gives its rows.
///
/// # Errors
/// At most 50 faults.
pub fn parse(table: impl AsRef<[u8]>) -> Result<Vec<Row>, Vec<RowFault>> {
    read(table.as_ref()).map(|edition| edition.rows)
}

/// Reads an edition. Parents come before what lies in them, and then the code decides the order. A city without
/// districts is its own district: its streets lie in that.
///
/// # Errors
/// At most 50 faults.
pub fn read(table: &[u8]) -> Result<Edition, Vec<RowFault>> {
    let column = |title: &str| TITLES.into_iter().find(|(known, _)| *known == title).map(|(_, column)| column);
    let called = |column: &'static str| column.to_owned();
    let wanted = Wanted { limits: LIMITS, required: &["code", "name"], column: &column, called: &called };
    let table = tables::read(table, &wanted).map_err(|refusal| vec![refused(&refusal)])?;
    let mut faults = Vec::new();
    let mut rows = rows(&table, &mut faults);
    twice(&rows, &mut faults);
    without_districts(&mut rows);
    let listed: BTreeSet<String> = rows.iter().map(|(_, row)| row.code.clone()).collect();
    for (line, row) in &rows {
        let Some(parent) = row.parent.as_deref().filter(|parent| !listed.contains(*parent)) else { continue };
        let message = both(
            format!("{}所在的 {parent} 没有列出", row.name),
            format!("{} lies in {parent}, which is not listed", row.name),
        );
        faults.push(Wrong::new(message, "请补上它上级的那一行", "Add the row of the place it lies in").at(*line));
    }
    let cities = rows.iter().filter(|(_, row)| row.kind == Kind::City).count();
    if cities != 1 && faults.is_empty() {
        let message = both(format!("表里有 {cities} 个市"), format!("the edition lists {cities} cities"));
        let wrong = Wrong::new(
            message,
            "一个版本只管一个市，请只留一行市级",
            "An edition is of one city: keep exactly one row of level city",
        );
        faults.push(wrong.at(1));
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.line);
        faults.truncate(FAULTS_LIMIT);
        return Err(faults);
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    rows.sort_by(|a, b| (a.level(), &a.code).cmp(&(b.level(), &b.code)));
    Ok(Edition { rows, untaken: table.untaken, sheets: table.sheets })
}

/// A table that could not be read, as a fault of the whole file.
fn refused(refusal: &Refusal) -> RowFault {
    let bare = |text: String| text.trim_end_matches(['。', '.']).to_owned();
    let say = |lang: Lang| bare(refusal.sentence(lang));
    // An edition comes to the command line, where there is no template.
    let head = Bilingual::new(
        "第一行请写列名：代码、名称；级别、上级、类别可以不写",
        "Write the titles in its first row: code,name; level, parent and kind may be left out",
    );
    let is_head = refusal.code == tables::Why::TableHead;
    let mend = |lang: Lang| if is_head { head.get(lang).to_owned() } else { bare(refusal.remedy(lang)) };
    RowFault { line: 0, message: both(say(Lang::Zh), say(Lang::En)), remedy: both(mend(Lang::Zh), mend(Lang::En)) }
}

fn twice(rows: &[(usize, Row)], faults: &mut Vec<RowFault>) {
    let mut by_code: BTreeMap<&str, usize> = BTreeMap::new();
    for (line, row) in rows {
        if let Some(other) = by_code.insert(&row.code, *line) {
            let message = both(
                format!("代码 {} 在第 {other} 行已经有了", row.code),
                format!("code {} stands in line {other} as well", row.code),
            );
            faults.push(Wrong::new(message, "两行只留一行", "Keep one of the two rows").at(*line));
        }
    }
}

/// Gives a city whose streets lie directly in it one district: the city itself, under its six digits.
fn without_districts(rows: &mut Vec<(usize, Row)>) {
    let Some((line, city)) = rows.iter().find(|(_, row)| row.kind == Kind::City) else { return };
    let digits: String = city.code.chars().take(DIGITS_OF_A_DISTRICT).collect();
    let (line, own) = (*line, Row { code: digits, name: city.name.clone(), kind: Kind::District, parent: None });
    let own = Row { parent: Some(city.code.clone()), ..own };
    let mut found = false;
    for (_, row) in rows.iter_mut().filter(|(_, row)| row.level() == Level::Street && row.parent == own.parent) {
        row.parent = Some(own.code.clone());
        found = true;
    }
    if found {
        rows.push((line, own));
    }
}

fn rows(table: &Table, faults: &mut Vec<RowFault>) -> Vec<(usize, Row)> {
    let mut rows = Vec::new();
    for one in &table.rows {
        match row(one, table) {
            Ok(row) => rows.push((one.line, row)),
            Err(wrong) => faults.push(wrong.at(one.line)),
        }
        if faults.len() > FAULTS_LIMIT {
            let message = both("后面的没有再读", "reading stopped here");
            let wrong = Wrong::new(message, "请先改好前面的错误", "Correct the faults told so far");
            faults.push(wrong.at(0));
            break;
        }
    }
    rows
}

fn row(one: &tables::Row, table: &Table) -> Result<Row, Wrong> {
    let (code, name) = (one.plain("code"), one.text("name").to_owned());
    let kind = kind_of(&code).filter(|kind| *kind != Kind::Grid).ok_or_else(|| {
        let message =
            both(format!("“{code}”不是统计用区划代码"), format!("{code:?} is not a code of the statistics bureau"));
        Wrong::new(
            message,
            "请写 12 位数字；可能是表格软件把它变成了数字",
            "Write its 12 digits; a spreadsheet may have turned them into a number",
        )
    })?;
    check_name(&code, &name, kind)?;
    if table.columns.contains("level") && !is_level(one.text("level"), kind.level()) {
        let (said, own) = (one.text("level"), kind.level().code());
        let message = both(
            format!("{name}写的是“{said}”，按代码应是 {own}"),
            format!("{name} is said to be a {said}, its code says {own}"),
        );
        return Err(Wrong::new(message, "请改正级别或代码", "Correct the level or the code"));
    }
    let digits = match kind.level() {
        Level::City => None,
        Level::District => Some(4),
        Level::Street => Some(DIGITS_OF_A_DISTRICT),
        _ => Some(9),
    };
    let expected = digits.map(|digits| format!("{:0<12}", code.chars().take(digits).collect::<String>()));
    let parent = one.plain("parent");
    if table.columns.contains("parent") && expected.as_deref().unwrap_or_default() != parent {
        let message = both(
            format!("{name}的代码是 {code}，不会在“{parent}”之下"),
            format!("{name} with code {code} cannot lie in {parent:?}"),
        );
        return Err(Wrong::new(
            message,
            "上级代码是本级代码的前几位后面补零；市级空着",
            "The parent's code is the beginning of the code, filled up with zeros; empty for the city",
        ));
    }
    Ok(Row { code, name, kind, parent: expected })
}

/// A name is short, and whole: of a city or a district nobody decides later what a lost sign was.
fn check_name(code: &str, name: &str, kind: Kind) -> Result<(), Wrong> {
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let message = both(format!("{code} 没有可用的名称"), format!("{code} has no usable name"));
        return Err(Wrong::new(message, "请写 60 个字以内的名称", "Write a name of at most 60 characters"));
    }
    if is_damaged(name) && matches!(kind.level(), Level::City | Level::District) {
        let message = both(format!("名称“{name}”里有字丢了"), format!("a character of the name {name:?} was lost"));
        return Err(Wrong::new(message, "请照原件重新填写", "Type it as the original has it"));
    }
    Ok(())
}

/// Whether a word names a level.
fn is_level(word: &str, level: Level) -> bool {
    let word = tables::folded(word);
    word == level.code() || LEVELS.iter().any(|(known, own)| *known == word && *own == level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "code,name,level,parent,kind\n210100000000,沈阳市,city,,市\n";

    #[test]
    fn wrong_rows_are_refused_with_line_and_remedy() {
        let table = [
            ("210102000000,和平区,district,210100000000\n2.10E+11,某区,district,210100000000", 4, "not a code"),
            ("210102000000,,district,210100000000", 3, "no usable name"),
            ("210102000000,和平区,street,210100000000", 3, "its code says district"),
            ("210102007000,西塔街道,street,210102000000", 3, "not listed"),
            ("210102000000,和平区,district,210200000000", 3, "cannot lie in"),
            (
                "210102000000,和平区,district,210100000000\n210102000000,和平区,district,210100000000",
                4,
                "line 3 as well",
            ),
            ("210200000000,大连市,city,", 1, "lists 2 cities"),
        ];
        for (rows, line, expected) in table {
            let faults = parse(format!("{HEAD}{rows}\n")).unwrap_err();
            let fault = faults.first().unwrap();
            assert!(fault.line == line && fault.message.en.contains(expected), "{rows}: {fault}");
            assert!(fault.message.missing().is_none() && fault.remedy.missing().is_none(), "{fault}");
        }
        assert!(parse("a,b\n1,2\n").unwrap_err()[0].message.en.contains("no column"));
        assert!(parse("").is_err());
    }

    #[test]
    fn rows_come_parents_first() {
        let text = format!(
            "\u{feff}{HEAD}210102007001,西铁社区,community,210102007000\n210102007000,西塔街道,street,210102000000\n210102000000,和平区,district,210100000000\n"
        );
        let rows = parse(&text).unwrap();
        let levels: Vec<Level> = rows.iter().map(Row::level).collect();
        assert_eq!(levels, [Level::City, Level::District, Level::Street, Level::Community]);
    }

    #[test]
    fn a_row_is_read_with_its_blanks_its_quotes_and_its_column_order() {
        let text = "level,parent,name,code\r\ncity,,\"沈阳市\", 210100000000 \r\ndistrict,210100000000, 和平区 ,210102000000\r\n";
        let rows = parse(text).unwrap();
        let told: Vec<(&str, &str, Option<&str>)> =
            rows.iter().map(|row| (row.code.as_str(), row.name.as_str(), row.parent.as_deref())).collect();
        assert_eq!(told, [("210100000000", "沈阳市", None), ("210102000000", "和平区", Some("210100000000"))]);
        for (letters, good) in [(60, true), (61, false)] {
            let named = format!("{HEAD}210102000000,{},district,210100000000\n", "区".repeat(letters));
            assert_eq!(parse(&named).is_ok(), good, "{letters}");
        }
    }

    #[test]
    fn a_row_that_is_cut_or_of_another_kind_is_refused() {
        for (row, expected) in [
            ("", "lists 0 cities"),
            ("210102000000,和平区,district", "cannot lie in \"\""),
            ("210102000000,和平区", "is said to be a "),
            ("210102000000", "no usable name"),
            ("210102007001003,第003网格,grid,210102007001", "is not a code"),
            ("210102000000,和?区,district,210100000000", "was lost"),
            ("210102007001,西铁社区,community,210102000000", "cannot lie in"),
        ] {
            let head = if row.is_empty() { "code,name,level,parent\n" } else { HEAD };
            let faults = parse(format!("{head}{row}\n")).unwrap_err();
            assert!(faults.len() == 1 && faults[0].message.en.contains(expected), "{row}: {faults:?}");
        }
    }

    #[test]
    fn an_edition_is_read_as_people_bring_it() {
        let text =
            "沈阳市区划一览\n区划代码;名称;级别;备注\n２１０１００００００００;沈阳市;市;\n210102000000;和平区;区;新\n";
        let read = read(text.as_bytes()).unwrap();
        assert_eq!((read.rows.len(), read.untaken.as_slice()), (2, ["备注".to_owned()].as_slice()));
        assert_eq!(read.rows[0].code, "210100000000");
        let told = parse("代码,名称\n2.1E+11,沈阳市\n").unwrap_err()[0].told(Lang::Zh);
        assert!(told.starts_with("第 2 行：“2.1E+11”不是统计用区划代码。请写 12 位数字"), "{told}");
    }

    #[test]
    fn a_city_without_districts_is_its_own_district() {
        let text = "code,name,level,parent\n441900000000,东莞市,city,\n441900003000,东城街道,street,441900000000\n\
            441900003001,温塘社区,community,441900003000\n";
        let rows = parse(text).unwrap();
        let told: Vec<(&str, &str, Level, Option<&str>)> =
            rows.iter().map(|row| (row.code.as_str(), row.name.as_str(), row.level(), row.parent.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("441900000000", "东莞市", Level::City, None),
                ("441900", "东莞市", Level::District, Some("441900000000")),
                ("441900003000", "东城街道", Level::Street, Some("441900")),
                ("441900003001", "温塘社区", Level::Community, Some("441900003000")),
            ]
        );
    }

    #[test]
    fn so_many_faults_are_told_and_no_more() {
        let wrong = |count: usize| format!("{HEAD}{}", "x,某区,district,210100000000\n".repeat(count));
        assert_eq!(parse(wrong(2)).unwrap_err().iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(parse(wrong(FAULTS_LIMIT)).unwrap_err().len(), FAULTS_LIMIT);
        let many = parse(wrong(1_000)).unwrap_err();
        assert_eq!((many.len(), many[0].line), (FAULTS_LIMIT, 0));
        assert_eq!(many[0].message.en, "reading stopped here");
    }

    proptest! {
        #[test]
        fn any_text_is_read_in_order_or_refused(rows in r#"(2101[0-9]{8}|00000000|city|district|市|,|\n|"| ){0,40}"#) {
            match parse(format!("code,name,level,parent\n210100000000,沈阳市,city,\n{rows}")) {
                Ok(rows) => {
                    let keys: Vec<(Level, &str)> = rows.iter().map(|row| (row.level(), row.code.as_str())).collect();
                    prop_assert!(!keys.is_empty() && keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
                }
                Err(faults) => prop_assert!((1..=FAULTS_LIMIT).contains(&faults.len()), "{faults:?}"),
            }
        }
    }
}
