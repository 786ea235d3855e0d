//! Tests of tables of other systems: a small one of every shape, and a real one where it is at hand.

use super::*;
use crate::catalogue::tests::files;
use crate::refusals::Why;
use kernel::language::Bilingual;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::Code;
use places::{Kind, Place};
use std::collections::BTreeMap;

const ZONE: Zone = Zone::new(8 * 60);

fn editions() -> Editions {
    Editions::new(files()).unwrap()
}

/// A city with a district, a street and communities of these names.
fn tree(communities: &[&str]) -> Tree {
    let place = |id: i64, level, name: &str, path: &str, code: String, parent: Option<i64>| Place {
        id: PlaceId(id),
        level,
        kind: Kind::Street,
        name: Bilingual::new(name, name),
        path: PlacePath::parse(path).unwrap(),
        code,
        parent: parent.map(PlaceId),
    };
    let mut places = vec![
        place(1, Level::City, "沈阳市", "1.", "210100000000".to_owned(), None),
        place(2, Level::District, "和平区", "1.2.", "210102000000".to_owned(), Some(1)),
        place(3, Level::Street, "南湖街道", "1.2.3.", "210102001000".to_owned(), Some(2)),
    ];
    for (at, name) in (10..).zip(communities) {
        places.push(place(at, Level::Community, name, &format!("1.2.3.{at}."), format!("2101020010{at}"), Some(3)));
    }
    Tree::new(places, BTreeMap::new())
}

const MAPPING: &str = r#"
source = "hotline-2025"
as_of = "2026-01-01 00:00"
leave_out = ["咨询"]

[columns]
number = "工单编号"
opened = "受理时间"
due = "办理期限"
closed = "办结时间"
kind = "问题类型"
place = "所在社区"
words = "内容"
status = "状态"
department = "承办单位"
channel = "来源"
on_time = "是否按时"

[kinds]
"路灯" = "component/0118"

[places]
"老文安路" = "文安路社区"

[status]
"已办结" = "closed"
"办理中" = "open"

[channels]
"12345" = "热线"
"#;

const HEAD: &str = "工单编号,受理时间,办理期限,办结时间,问题类型,所在社区,内容,状态,承办单位,来源,是否按时,备注";

fn looked(bytes: &[u8]) -> History {
    let (editions, tree) = (editions(), tree(&["文安路社区", "砂山社区", "砂山社区"]));
    let mapping = Mapping::load("m.toml", MAPPING, &editions, &tree).unwrap();
    let now = Instant::from_micros(1_800_000_000_000_000);
    let against = Against { mapping: &mapping, catalogue: &editions, tree: &tree, zone: ZONE, now };
    read(bytes, &against, &|_| {}).unwrap()
}

fn rows(rows: &[&str]) -> History {
    looked(format!("{HEAD}\n{}\n", rows.join("\n")).as_bytes())
}

fn codes(row: &Looked) -> Vec<Code> {
    row.notes.iter().map(|note| note.code).collect()
}

#[test]
fn rows_are_taken_by_the_mapping_and_counted_as_the_source_has_them() {
    let history = rows(&[
        "A-1,2025-07-01 01:32:33,2025-07-15 01:32:33,2025-07-01 05:06:58,路灯,文安路社区,一排不亮,已办结,路灯所,12345,是,",
        "A-2,2025-07-01 03:03:48,2025-07-15 03:03:48,2025-07-22 16:13:45,暴露垃圾,老文安路,,已办结,环卫,网上,否,",
        "A-3,2025-07-02,2025-07-03,,event/0506,210102001010,,办理中,,12345,,",
        "A-4,2025-07-02,,,路 灯,,,办理中,,,是,",
        "A-5,2025-07-02,2025-07-03,2025-07-04,咨询,文安路社区,,已办结,,,否,",
        "A-6,2025-07-02,2027-07-03,,路灯,文安路社区,,办理中,,,,",
    ]);
    let kept: Vec<(&str, &str, String)> =
        history.taken().map(|past| (past.number.as_str(), past.kind.as_str(), past.path.to_string())).collect();
    let expected = [
        ("A-1", "component/0118", "1.2.3.10."),
        ("A-2", "event/0102", "1.2.3.10."),
        ("A-3", "event/0506", "1.2.3.10."),
        ("A-4", "component/0118", "1."),
        ("A-6", "component/0118", "1.2.3.10."),
    ];
    assert_eq!(kept, expected.map(|(number, kind, path)| (number, kind, path.to_owned())), "{:?}", history.rows);
    let first = history.rows[0].past.as_ref().unwrap();
    assert_eq!((first.channel.as_str(), first.department.as_str()), ("热线", "路灯所"));
    assert_eq!(ZONE.show_minute(first.due_at.unwrap()), "2025-07-15 01:32");
    assert_eq!(codes(&history.rows[3]), [Why::GridImportPlaceless], "it counts for the whole city, and that is told");
    assert!(history.rows[4].left_out && history.rows[4].notes.is_empty());
    let (all, taken) = history.tallies();
    let expected = Tally { rows: 6, due: 5, closed: 3, late: 2, overdue: 1, said: 4, otherwise: 0 };
    assert_eq!(
        (all, taken),
        (expected, Tally { rows: 5, due: 4, closed: 2, late: 1, overdue: 1, said: 3, otherwise: 0 })
    );
    assert_eq!(history.untaken, ["备注"]);
}

/// The same table as a workbook, in which every cell is a text.
fn workbook(rows: &[&str]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, row) in (0..).zip(std::iter::once(&HEAD).chain(rows)) {
        for (column, cell) in (0..).zip(row.split(',')) {
            sheet.write_string(line, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_comes_to_the_same_as_its_rows_of_text() {
    let table = [
        "A-1,2025-07-01 01:32:33,2025-07-15 01:32:33,2025-07-01 05:06:58,路灯,文安路社区,一排不亮,已办结,路灯所,12345,是,",
        "A-3,2025-07-02,2025-07-03,,event/0506,210102001010,,办理中,,12345,,",
        "A-5,2025-07-02,2025-07-03,2025-07-04,咨询,文安路社区,,已办结,,,否,",
        ",2025-07-01,,,路灯,文安路社区,,办理中,,,,",
    ];
    let (text, book) = (rows(&table), looked(&workbook(&table)));
    assert_eq!(book.tallies(), text.tallies());
    let told = |history: &History| history.rows.iter().map(|row| (row.line, codes(row))).collect::<Vec<_>>();
    assert_eq!(told(&book), told(&text));
    assert_eq!(format!("{:?}", book.taken().collect::<Vec<_>>()), format!("{:?}", text.taken().collect::<Vec<_>>()));
    assert_eq!(book.taken().count(), 2);
}

#[test]
fn what_is_not_known_is_told_and_not_guessed() {
    let table = [
        (",2025-07-01,,,路灯,文安路社区,,办理中,,,,", Why::GridImportNumber),
        ("B,7/1/2025,,,路灯,文安路社区,,办理中,,,,", Why::GridImportMoment),
        ("B,,,,路灯,文安路社区,,办理中,,,,", Why::GridImportMoment),
        ("B,2025-07-01,下周,,路灯,文安路社区,,办理中,,,,", Why::GridImportMoment),
        ("B,2025-07-01,,,灯具,文安路社区,,办理中,,,,", Why::GridImportKind),
        ("B,2025-07-01,,,,文安路社区,,办理中,,,,", Why::GridImportKind),
        ("B,2025-07-01,,,路灯,砂山社区,,办理中,,,,", Why::GridImportPlace),
        ("B,2025-07-01,,,路灯,某社区,,办理中,,,,", Why::GridImportPlace),
        ("B,2025-07-01,,,路灯,文安路社区,,待核,,,,", Why::GridImportStatus),
        ("B,2025-07-01,,,路灯,文安路社区,,,,,,", Why::GridImportStatus),
    ];
    for (row, why) in table {
        let history = rows(&[row]);
        assert!(history.rows[0].past.is_none() && codes(&history.rows[0]).contains(&why), "{row}: {:?}", history.rows);
    }
    let row = "B,2025-07-01,,,路灯,文安路社区,,办理中,,,,";
    let null = rows(&["B,2025-07-01,NULL,-,路灯,文安路社区,,办理中,,,,"]);
    assert_eq!(null.rows[0].past.as_ref().map(|past| (past.due_at, past.closed_at)), Some((None, None)));
    let twice = rows(&[row, row]);
    assert!(twice.rows[0].past.is_some() && codes(&twice.rows[1]) == [Why::GridImportTwice]);
}

#[test]
fn what_contradicts_itself_is_kept_as_the_source_has_it_and_told() {
    let table = [
        ("B,2025-07-05,,2025-07-01,路灯,文安路社区,,已办结,,,,", Why::GridImportOrder),
        ("B,2029-07-05,,,路灯,文安路社区,,办理中,,,,", Why::GridImportAhead),
        ("B,2025-07-05,2025-07-01,,路灯,文安路社区,,办理中,,,,", Why::GridImportOrder),
        ("B,2025-07-01,,2025-07-02,路灯,文安路社区,,办理中,,,,", Why::GridImportReopened),
        ("B,2025-07-01,2025-07-02,2025-07-09,路灯,文安路社区,,已办结,,,1,", Why::GridImportSays),
        ("B,2025-07-01,,,路灯,文安路社区,王某电话13940000000,办理中,,,,", Why::GridImportWords),
    ];
    for (row, why) in table {
        let history = rows(&[row]);
        assert_eq!(codes(&history.rows[0]), [why], "{row}");
        assert!(history.rows[0].past.is_some(), "{row}");
    }
    assert_eq!(rows(&[table[4].0]).tallies().0.otherwise, 1);
}

#[test]
fn a_row_that_holds_the_number_of_a_person_is_refused_and_says_nothing_of_it() {
    let row = |number: &str, department: &str, channel: &str| {
        format!("{number},2025-07-01,,,路灯,文安路社区,,办理中,{department},{channel},,")
    };
    let table = [
        (row("B", "王某13940000000", ""), Why::GridImportPersonal, "I2"),
        (row("B", "", "210102199001011234"), Why::GridImportPersonal, "J2"),
        (row("13940000000", "", ""), Why::GridImportPersonal, "A2"),
        (row("A-210102199001011234", "", ""), Why::GridImportPersonal, "A2"),
        (row("B", &"科".repeat(41), ""), Why::GridImportLong, "I2"),
        (row("B", "", &"线".repeat(41)), Why::GridImportLong, "J2"),
        (row(&"7".repeat(501), "", ""), Why::GridImportLong, "A2"),
    ];
    for (row, why, cell) in table {
        let history = rows(&[row.as_str()]);
        let looked = &history.rows[0];
        assert!(looked.past.is_none() && codes(looked) == [why], "{row}: {:?}", history.rows);
        assert_eq!(looked.notes[0].detail.get("cell").map(String::as_str), Some(cell), "{row}");
        let told = format!("{:?} {}", looked.notes, looked.number);
        assert!(!told.contains("13940000000") && !told.contains("199001011234"), "{told}");
    }
    // Long numbers are usual: a day and a running number are nobody's.
    for number in ["2025070101323300", "202507010132330001", "GD-20250701-0001", "101004125189"] {
        let history = rows(&[row(number, "路灯所", &"线".repeat(40)).as_str()]);
        assert!(history.rows[0].past.is_some(), "{number}: {:?}", history.rows);
    }
}

#[test]
fn a_table_in_another_encoding_and_width_is_the_same_table() {
    let text = format!("{HEAD}\nＡ－１,２０２５－０７－０１,,,路灯,文安路社区,,办理中,,,,\n").replace(',', ";");
    let (gbk, _, lost) = encoding_rs::GBK.encode(&text);
    assert!(!lost);
    let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
    for bytes in [gbk.into_owned(), marked] {
        let history = looked(&bytes);
        assert_eq!(history.rows[0].past.as_ref().map(|past| past.number.as_str()), Some("A-1"), "{:?}", history.rows);
    }
}

#[test]
fn points_are_read_exactly_and_swapped_ones_are_told() {
    let (editions, tree) = (editions(), tree(&[]));
    let text =
        "source = \"x\"\n[columns]\nnumber = \"id\"\nopened = \"at\"\nkind = \"kind\"\nlat = \"lat\"\nlon = \"lon\"\n";
    let mapping = Mapping::load("m.toml", text, &editions, &tree).unwrap();
    let against = Against {
        mapping: &mapping,
        catalogue: &editions,
        tree: &tree,
        zone: ZONE,
        now: Instant::from_micros(1_800_000_000_000_000),
    };
    let table = "id,at,kind,lat,lon\n1,2025-07-01,event/0102,42.272,-71.077\n2,2025-07-01,event/0102,123.4,41.8\n\
                 3,2025-07-01,event/0102,,\n4,2025-07-01,event/0102,41.80000049,1e2\n";
    let history = read(table.as_bytes(), &against, &|_| {}).unwrap();
    let taken: Vec<bool> = history.rows.iter().map(|row| row.past.is_some()).collect();
    assert_eq!(taken, [true, false, true, false]);
    assert_eq!(
        (codes(&history.rows[1]), codes(&history.rows[3])),
        (vec![Why::GridImportPoint], vec![Why::GridImportPoint])
    );
    assert!(history.rows[2].past.is_some(), "a report without a point is one");
}

#[test]
fn whether_something_was_in_time_is_said_in_many_words() {
    let table = [
        ("ONTIME", Some(true)),
        ("On Time", Some(true)),
        ("按时", Some(true)),
        ("是", Some(true)),
        ("OVERDUE", Some(false)),
        ("超期", Some(false)),
        ("0", Some(false)),
        ("待定", None),
        ("", None),
    ];
    for (words, expected) in table {
        assert_eq!(on_time(words), expected, "{words}");
    }
}

#[test]
fn a_mapping_says_what_is_wrong_in_it_and_where() {
    let (editions, tree) = (editions(), tree(&["文安路社区"]));
    let table = [
        ("source = \"hotline-2025\"", "source = \" \"", "the source has no name"),
        ("as_of = \"2026-01-01 00:00\"", "as_of = \"soon\"", "is no moment"),
        ("[columns]", "offset = \"8\"\n[columns]", "is no offset"),
        ("number = \"工单编号\"", "numbers = \"工单编号\"", "no column numbers"),
        ("kind = \"问题类型\"", "", "no column is named for kind"),
        ("place = \"所在社区\"", "", "no column says where"),
        ("channel = \"来源\"", "channel = \"状态\"", "named twice"),
        ("component/0118", "component/9999", "no kind component/9999"),
        ("= \"文安路社区\"", "= \"无名社区\"", "no place 无名社区"),
        ("\"open\"", "\"maybe\"", "a report is not maybe"),
        ("leave_out", "leave", "unknown field"),
    ];
    for (text, other, said) in table {
        assert!(MAPPING.contains(text), "{text}");
        let faults = Mapping::load("m.toml", &MAPPING.replacen(text, other, 1), &editions, &tree).unwrap_err();
        let fault = faults.iter().find(|fault| fault.message.contains(said));
        assert!(fault.is_some_and(|fault| fault.file == "m.toml"), "{said}: {faults:?}");
    }
}

/// The mapping of a real file of 58,251 requests: its wards are communities here, its reasons kinds of the catalogue.
const BOSTON: &str = include_str!("boston.toml");

fn boston(bytes: &[u8]) -> History {
    let wards: Vec<String> = (1..=22).map(|ward| format!("第{ward}社区")).collect();
    let tree = tree(&wards.iter().map(String::as_str).collect::<Vec<_>>());
    let editions = editions();
    let mapping = Mapping::load("boston.toml", BOSTON, &editions, &tree).unwrap_or_else(|faults| panic!("{faults:?}"));
    let now = Instant::from_micros(1_800_000_000_000_000);
    read(bytes, &Against { mapping: &mapping, catalogue: &editions, tree: &tree, zone: ZONE, now }, &|_| {}).unwrap()
}

/// Six requests of the shape of the real file, made for this test.
const MADE: &str = include_str!("made.csv");

#[test]
fn a_small_file_of_the_shape_of_a_real_one_comes_out_as_it_says() {
    let history = boston(MADE.as_bytes());
    let (all, taken) = history.tallies();
    assert_eq!(all, Tally { rows: 6, due: 4, closed: 4, late: 2, overdue: 1, said: 5, otherwise: 0 });
    assert_eq!(taken, Tally { rows: 5, said: 4, ..all }, "one kind is not in the mapping");
    let refused: Vec<&Looked> = history.rows.iter().filter(|row| row.past.is_none()).collect();
    let codes_of: Vec<Vec<Code>> = refused.iter().map(|row| codes(row)).collect();
    assert_eq!(codes_of, [[Why::GridImportKind]], "{refused:?}");
}

#[test]
fn a_real_file_of_58_251_requests_comes_out_as_it_says() {
    let folder = std::env::var("LIANGLIN_REFERENCE_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference").to_owned());
    let Ok(bytes) = std::fs::read(format!("{folder}/requests_boston_2011h2.csv.gz")) else {
        println!("skipped: {folder} has no requests_boston_2011h2.csv.gz; set LIANGLIN_REFERENCE_DATA");
        return;
    };
    let history = boston(&bytes);
    let (all, taken) = history.tallies();
    // The file says of 58,093 whether they were on time: 46,572 were, 11,521 were not. Of 158 it says nothing, and by
    // their moments they were late.
    let expected =
        Tally { rows: 58_251, due: 47_270, closed: 54_570, late: 8_230, overdue: 3_449, said: 58_093, otherwise: 0 };
    assert_eq!((all, taken), (expected, expected));
    assert_eq!(all.late + all.overdue, 11_521 + 158);
    let placeless = history.rows.iter().filter(|row| codes(row).contains(&Why::GridImportPlaceless)).count();
    assert_eq!(placeless, 2_867);
}
