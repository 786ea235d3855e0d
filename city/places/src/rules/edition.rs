//! This file reads an edition of the divisions: CSV with code, name, level and parent. It tells every wrong row with
//! its line and what to do.

use super::naming::kind_of;
use crate::words::Kind;
use kernel::place::Level;
use std::collections::BTreeMap;

/// Says what is wrong with a row of an edition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}. {remedy}")]
pub struct RowFault {
    /// The line of the file, counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: &'static str,
}

/// A row of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The 12-digit code.
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

/// Reads an edition. Parents come before what lies in them, and then the code decides the order. It tells at most 50
/// faults.
pub fn parse(text: &str) -> Result<Vec<Row>, Vec<RowFault>> {
    let mut faults = Vec::new();
    let rows = read(text, &mut faults);
    let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
    for (line, row) in &rows {
        if let Some(other) = by_code.insert(&row.code, *line) {
            faults.push(fault(
                *line,
                format!("code {} stands in line {other} as well", row.code),
                "Keep one of the two rows.",
            ));
        }
    }
    for (line, row) in &rows {
        if let Some(parent) = row.parent.as_deref().filter(|parent| !by_code.contains_key(parent)) {
            faults.push(fault(
                *line,
                format!("{} lies in {parent}, which is not listed", row.name),
                "Add the row of the place it lies in.",
            ));
        }
    }
    let cities = rows.iter().filter(|(_, row)| row.kind == Kind::City).count();
    if cities != 1 && faults.is_empty() {
        faults.push(fault(
            1,
            format!("the edition lists {cities} cities"),
            "An edition is of one city: keep exactly one row of level city.",
        ));
    }
    if !faults.is_empty() {
        faults.sort_by_key(|fault| fault.line);
        faults.truncate(FAULTS_LIMIT);
        return Err(faults);
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    rows.sort_by(|a, b| (a.level(), &a.code).cmp(&(b.level(), &b.code)));
    Ok(rows)
}

fn fault(line: u64, message: impl Into<String>, remedy: &'static str) -> RowFault {
    RowFault { line, message: message.into(), remedy }
}

fn read(text: &str, faults: &mut Vec<RowFault>) -> Vec<(u64, Row)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let column = |headers: &csv::StringRecord, name: &str| headers.iter().position(|header| header == name);
    let columns = reader.headers().ok().and_then(|headers| {
        Some([
            column(headers, "code")?,
            column(headers, "name")?,
            column(headers, "level")?,
            column(headers, "parent")?,
        ])
    });
    let Some(columns) = columns else {
        faults.push(fault(
            1,
            "the head of the table is not known",
            "The first line names the columns: code,name,level,parent.",
        ));
        return Vec::new();
    };
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                match self::row(&record, columns) {
                    Ok(row) => rows.push((line, row)),
                    Err((message, remedy)) => faults.push(fault(line, message, remedy)),
                }
            }
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(fault(line, format!("the row cannot be read ({error})"), "Save the file as CSV in UTF-8."));
            }
        }
        if rows.len() > ROWS_LIMIT || faults.len() > FAULTS_LIMIT {
            faults.push(fault(
                0,
                "reading stopped here",
                "Correct the faults told so far; an edition has at most 50,000 rows.",
            ));
            break;
        }
    }
    rows
}

fn row(record: &csv::StringRecord, columns: [usize; 4]) -> Result<Row, (String, &'static str)> {
    let [code, name, level, parent] = columns.map(|column| record.get(column).unwrap_or_default());
    let kind = kind_of(code).filter(|kind| *kind != Kind::Grid).ok_or_else(|| {
        (
            format!("{code:?} is not a code of the statistics bureau"),
            "Write its 12 digits; a spreadsheet may have turned them into a number.",
        )
    })?;
    if name.is_empty() || name.chars().count() > 60 {
        return Err((format!("{code} has no usable name"), "Write a name of at most 60 characters."));
    }
    if level != kind.level().code() {
        return Err((
            format!("{name} is said to be a {level}, its code says {}", kind.level().code()),
            "Correct the level or the code.",
        ));
    }
    let digits = match kind.level() {
        Level::City => None,
        Level::District => Some(4),
        Level::Street => Some(6),
        _ => Some(9),
    };
    let expected = digits.map(|digits| format!("{:0<12}", code.chars().take(digits).collect::<String>()));
    if expected.as_deref().unwrap_or_default() != parent {
        let message = format!("{name} with code {code} cannot lie in {parent:?}");
        return Err((
            message,
            "The parent's code is the beginning of the code, filled up with zeros; empty for the city.",
        ));
    }
    Ok(Row { code: code.to_owned(), name: name.to_owned(), kind, parent: expected })
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
            let faults = parse(&format!("{HEAD}{rows}\n")).unwrap_err();
            let fault = faults.first().unwrap();
            assert!(fault.line == line && fault.message.contains(expected), "{rows}: {fault}");
            assert!(!fault.remedy.is_empty());
        }
        assert!(parse("a,b\n1,2\n").unwrap_err()[0].message.contains("head"));
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
            ("２１０１０２００００００,和平区,district,210100000000", "is not a code"),
            ("210102007001,西铁社区,community,210102000000", "cannot lie in"),
        ] {
            let head = if row.is_empty() { "code,name,level,parent\n" } else { HEAD };
            let faults = parse(&format!("{head}{row}\n")).unwrap_err();
            assert!(faults.len() == 1 && faults[0].message.contains(expected), "{row}: {faults:?}");
        }
    }

    #[test]
    fn so_many_faults_are_told_and_no_more() {
        let wrong = |count: usize| format!("{HEAD}{}", "x,某区,district,210100000000\n".repeat(count));
        assert_eq!(parse(&wrong(2)).unwrap_err().iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(parse(&wrong(FAULTS_LIMIT)).unwrap_err().len(), FAULTS_LIMIT);
        let many = parse(&wrong(1_000)).unwrap_err();
        assert_eq!((many.len(), many[0].line), (FAULTS_LIMIT, 0));
        assert_eq!(many[0].message, "reading stopped here");
    }

    proptest! {
        #[test]
        fn any_text_is_read_in_order_or_refused(rows in r#"(2101[0-9]{8}|00000000|city|district|市|,|\n|"| ){0,40}"#) {
            match parse(&format!("code,name,level,parent\n210100000000,沈阳市,city,\n{rows}")) {
                Ok(rows) => {
                    let keys: Vec<(Level, &str)> = rows.iter().map(|row| (row.level(), row.code.as_str())).collect();
                    prop_assert!(!keys.is_empty() && keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
                }
                Err(faults) => prop_assert!((1..=FAULTS_LIMIT).contains(&faults.len()), "{faults:?}"),
            }
        }
    }
}
