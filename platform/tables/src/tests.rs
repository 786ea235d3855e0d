//! Tables as people bring them, in every encoding, and workbooks with merged cells, dates and lost digits.

use super::*;
use encoding_rs::{GB18030, GBK};
use kernel::refusal::Code;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const LIMITS: Limits = Limits { rows: 20, columns: 40, bytes: 2 * 1024 * 1024 };

fn column(title: &str) -> Option<&'static str> {
    match title {
        "编号" | "code" => Some("code"),
        "名称" | "name" => Some("name"),
        "承诺时限" => Some("promised"),
        _ => None,
    }
}

fn called(column: &'static str) -> String {
    column.to_owned()
}

fn table(bytes: &[u8]) -> Result<Table, Refusal> {
    read(bytes, &Wanted { limits: LIMITS, required: &["code"], column: &column, called: &called })
}

/// The rows as `line code name promised`.
fn told(bytes: &[u8]) -> Vec<String> {
    let table = table(bytes).unwrap();
    let told = |row: &Row| format!("{} {} {} {}", row.line, row.plain("code"), row.text("name"), row.plain("promised"));
    table.rows.iter().map(|row| told(row).trim_end().to_owned()).collect()
}

fn refused(bytes: &[u8]) -> (Code, String) {
    let refusal = table(bytes).unwrap_err();
    let cell = refusal.detail.get("cell").or_else(|| refusal.detail.get("column")).cloned().unwrap_or_default();
    (refusal.code, cell)
}

#[test]
fn text_is_read_in_each_encoding_and_with_each_divider() {
    let expected = ["3 MZ-11 高龄津贴 15"];
    for divider in [",", ";", "\t"] {
        let text = ["编号", "名称", "承诺时限"].join(divider)
            + "\r\n\r\n"
            + &["ＭＺ－11", " 高龄津贴 ", "１５"].join(divider)
            + "\r\n";
        let (gbk, ..) = GBK.encode(&text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat();
        for bytes in
            [text.as_bytes().to_vec(), marked, gbk.into_owned(), [b"\xFF\xFE".as_slice(), wide.as_slice()].concat()]
        {
            assert_eq!(told(&bytes), expected, "{divider:?}");
        }
    }
    // What divides the titles divides the cells, whatever else stands in them.
    for divider in [";", "\t", "|"] {
        let head = ["编号", "名称", "承诺时限"].join(divider);
        let row = ["MZ-11", "a, b, c, d, e, f", "15"].join(divider);
        assert_eq!(told(format!("{head}\n{row}\n").as_bytes()), ["2 MZ-11 a, b, c, d, e, f 15"], "{divider:?}");
    }
    let (rare, ..) = GB18030.encode("编号,名称\nMZ-11,李䶮\n");
    assert_eq!(told(&rare), ["2 MZ-11 李䶮"]);
}

#[test]
fn a_title_may_stand_above_the_head_and_columns_that_are_not_taken_are_named() {
    let text =
        "民政局事项清单,,\n填报日期：2026年11月30日,,\n编号,备注,名称,\nMZ-11,急,高龄津贴,\n,,,\nMZ-12,,困境儿童,\n";
    assert_eq!(told(text.as_bytes()), ["4 MZ-11 高龄津贴", "6 MZ-12 困境儿童"]);
    assert_eq!(table(text.as_bytes()).unwrap().untaken, ["备注"]);
    let cell = table(text.as_bytes()).unwrap().rows[1].cells["name"].clone();
    assert_eq!((cell.at.as_str(), cell.kind), ("C6", CellKind::Text));
}

#[test]
fn what_is_no_table_is_refused() {
    let many = format!("code\n{}", "a\n".repeat(LIMITS.rows + 1));
    let wide = ",".repeat(LIMITS.columns);
    let large = "a".repeat(2 * 1024 * 1024 + 1);
    let cases: [(&[u8], Code, &str); 11] = [
        (b"", Why::TableEmpty, ""),
        (b" \n , \n", Why::TableEmpty, ""),
        (b"\xFF\xFE\xFF", Why::TableUnreadable, ""),
        (b"a\0b", Why::TableUnreadable, ""),
        (b"PK not a workbook", Why::TableUnreadable, ""),
        (b"code,name\n1,=1+1\n", Why::TableFormula, "B2"),
        (b"name\n1\n", Why::TableHead, "code"),
        ("编号,code\n1,2\n".as_bytes(), Why::TableColumnTwice, "B1"),
        (many.as_bytes(), Why::TableTooLarge, ""),
        (wide.as_bytes(), Why::TableTooLarge, ""),
        (large.as_bytes(), Why::TableTooLarge, ""),
    ];
    for (bytes, code, cell) in cases {
        assert_eq!(refused(bytes), (code, cell.to_owned()), "{:?}", bytes.get(..12).unwrap_or(bytes));
    }
    let rows = format!("code\n{}", "a\n".repeat(LIMITS.rows));
    assert_eq!(table(rows.as_bytes()).unwrap().rows.len(), LIMITS.rows);
}

#[test]
fn a_formula_is_named_as_spreadsheets_name_its_cell() {
    for (place, name) in [(0, "A1"), (25, "Z1"), (26, "AA1"), (39, "AN1"), (701, "ZZ1"), (702, "AAA1")] {
        let text = format!("{}=1+1\n", ",".repeat(place));
        assert_eq!(refused(text.as_bytes()), (Why::TableFormula, name.to_owned()));
    }
    for text in ["code, =1", "＝1", "\"=1\""] {
        assert_eq!(refused(text.as_bytes()).0, Why::TableFormula, "{text}");
    }
}

#[test]
fn what_people_write_with_a_sign_of_equality_is_text() {
    for text in ["=_= 路灯坏了", "== 重复的", "= 路灯"] {
        let read = table(format!("code\n{text}\n").as_bytes()).unwrap();
        assert_eq!(read.rows[0].text("code"), text.trim());
    }
}

#[test]
fn a_cell_longer_than_any_text_is_named() {
    let text = format!("code,name\na,{}\n", "长".repeat(CELL_BYTES));
    assert_eq!(refused(text.as_bytes()), (Why::TableCellLong, "B2".to_owned()));
}

#[test]
fn what_our_own_downloads_quote_is_read_as_it_was() {
    for (text, cell) in [
        ("'=1+1", "=1+1"),
        ("'-", "-"),
        ("'+86", "+86"),
        ("'@x", "@x"),
        ("'90s", "'90s"),
        ("''=1", "''=1"),
        ("-", "-"),
        ("\"两\n行\"", "两\n行"),
        ("\"a\"\"b\"", "a\"b"),
    ] {
        let read = table(format!("code\n{text}\n").as_bytes()).unwrap();
        assert_eq!(read.rows[0].text("code"), cell, "{text}");
    }
}

fn workbook(write: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    write(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn a_merged_cell_counts_for_every_row_that_it_covers() {
    let plain = Format::new();
    let bytes = workbook(|sheet| {
        sheet.merge_range(0, 0, 0, 2, "二〇二六年清单", &plain).unwrap();
        for (place, title) in [(0, "编号"), (1, "名称"), (2, "承诺时限")] {
            sheet.write(1, place, title).unwrap();
        }
        for (row, code) in [(2, "MZ-11"), (3, "MZ-12"), (4, "MZ-13")] {
            sheet.write(row, 0, code).unwrap();
        }
        sheet.merge_range(2, 2, 9, 2, "15", &plain).unwrap();
    });
    assert_eq!(told(&bytes), ["3 MZ-11  15", "4 MZ-12  15", "5 MZ-13  15"]);
}

/// A workbook with sheets of these names, each with its rows of cells.
fn sheets(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in (0..).zip(*rows) {
            for (column, cell) in (0..).zip(*cells) {
                sheet.write(row, column, *cell).unwrap();
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn the_first_sheet_with_a_head_is_read_and_the_others_are_named() {
    let (list, more): (&[&[&str]], &[&[&str]]) = (&[&["编号"], &["MZ-11"]], &[&["编号"], &["MZ-12"]]);
    let (note, blank): (&[&[&str]], &[&[&str]]) = (&[&["填写说明"]], &[]);
    for (workbook, read, others, code) in [
        (sheets(&[("一", list)]), "一", vec![], "MZ-11"),
        (sheets(&[("一", list), ("二", more), ("三", blank)]), "一", vec!["二"], "MZ-11"),
        (sheets(&[("一", blank), ("二", more)]), "二", vec![], "MZ-12"),
        (sheets(&[("说明", note), ("二", list), ("三", more)]), "二", vec!["说明", "三"], "MZ-11"),
    ] {
        let table = table(&workbook).unwrap();
        assert_eq!(table.sheets.read, read);
        assert_eq!(table.sheets.unread, others);
        assert_eq!(table.rows[0].text("code"), code);
        assert_eq!(table.sheets.told().is_some(), !others.is_empty());
    }
    assert_eq!(refused(&sheets(&[("一", note), ("二", note)])), (Why::TableHead, "code".to_owned()));
    assert_eq!(refused(&sheets(&[("一", blank)])).0, Why::TableEmpty);
}

/// A workbook with sheets of these names; each line holds a word. Those whose names begin with 旧 are hidden.
fn partly_hidden(sheets: &[(&str, &[&str])]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(*lines) {
            sheet.write_string(row, 0, *line).unwrap();
        }
        if name.starts_with('旧') {
            sheet.set_hidden(true);
        } else {
            sheet.set_active(true);
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_hidden_sheet_is_never_read_and_always_named() {
    let (old, new, note) = (["编号", "MZ-10"], ["编号", "MZ-11"], ["填写说明"]);
    let bytes = partly_hidden(&[("旧表", &old), ("说明", &note), ("今年", &new)]);
    let read = table(&bytes).unwrap();
    assert_eq!((read.rows[0].text("code"), read.sheets.read.as_str()), ("MZ-11", "今年"));
    assert_eq!(read.sheets.unread, ["说明"]);
    assert_eq!(read.sheets.hidden, ["旧表"]);
    let said = read.sheets.told().unwrap();
    assert!(said.zh.ends_with("没有读：说明。这些工作表是隐藏的，没有读：旧表。要读的，请取消隐藏。"), "{}", said.zh);
    assert!(said.en.ends_with("weren’t read: 说明. Hidden sheets weren’t read: 旧表. Unhide one that is meant."));
    let alone = table(&partly_hidden(&[("旧表", &old), ("今年", &new)])).unwrap().sheets.told().unwrap();
    assert!(alone.en.starts_with("We read the sheet “今年”. Hidden sheets"), "{}", alone.en);
    assert_eq!(super::sheets(&bytes, LIMITS).unwrap(), ["说明", "今年"]);
    assert_eq!(super::hidden_sheets(&bytes, LIMITS).unwrap(), ["旧表"]);
    let nothing: &[&str] = &[];
    for others in [("说明", &note[..]), ("空", nothing)] {
        let refusal = table(&partly_hidden(&[("旧表", &old), others])).unwrap_err();
        assert_eq!(refusal.code, Why::TableHidden);
        assert_eq!(refusal.detail.get("sheet").map(String::as_str), Some("旧表"));
    }
}

#[test]
fn cells_merged_across_columns_are_refused_by_their_address() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "编号").unwrap();
        sheet.write(0, 1, "名称").unwrap();
        sheet.merge_range(1, 0, 2, 1, "MZ-11", &Format::new()).unwrap();
    });
    assert_eq!(refused(&bytes), (Why::TableMerged, "A2:B3".to_owned()));
}

#[test]
fn a_date_is_told_from_a_number_and_lost_digits_are_refused() {
    let date = Format::new().set_num_format("yyyy/m/d");
    let bytes = workbook(|sheet| {
        for (place, title) in [(0, "编号"), (1, "承诺时限")] {
            sheet.write(0, place, title).unwrap();
        }
        sheet.write(1, 0, 210_102).unwrap();
        let moment = ExcelDateTime::from_ymd(2027, 1, 15).unwrap();
        sheet.write_with_format(1, 1, &moment, &date).unwrap();
    });
    let read = table(&bytes).unwrap();
    let cell = &read.rows[0].cells["promised"];
    assert_eq!((cell.text.as_str(), cell.kind, cell.at.as_str()), ("2027-01-15", CellKind::Date, "B2"));
    assert!(is_date(cell));
    assert_eq!((read.rows[0].text("code"), read.rows[0].cells["code"].kind), ("210102", CellKind::Number));
    let long = workbook(|sheet| {
        sheet.write(0, 0, "编号").unwrap();
        sheet.write(1, 0, 2.1e17).unwrap();
    });
    assert_eq!(refused(&long), (Why::TableDigitsLost, "A2".to_owned()));
}

#[test]
fn a_date_that_a_spreadsheet_made_of_a_number_is_known_in_text_too() {
    for (text, expected) in [
        ("15", false),
        ("１５", false),
        ("1.5", false),
        ("-", false),
        ("", false),
        ("15 个工作日", false),
        ("1月15日", true),
        ("2027-01-15", true),
        ("2027/1/15", true),
        ("２０２７年1月15日", true),
        ("15-Jan", true),
        ("1.15.2027", true),
    ] {
        let cell = Cell { text: text.to_owned(), ..Cell::default() };
        assert_eq!(is_date(&cell), expected, "{text}");
    }
}

#[test]
fn a_date_is_read_however_it_is_divided() {
    for text in ["2026-11-03", "2026/11/3", "2026.11.03", "2026年11月3日", "20261103", "２０２６－１１－０３"]
    {
        assert_eq!(date(text), Some(Date::constant(2026, 11, 3)), "{text}");
    }
    for text in ["", "soon", "2026-02-29", "11/3/2026", "2026-11", "261103", "2026-11-03-04", "+202-1-1"] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn a_damaged_name_is_known() {
    for (name, expected) in [
        ("文安路社区", false),
        ("万科·城（一期）", false),
        ("文?路社区", true),
        ("文？路社区", true),
        ("文\u{FFFD}路", true),
        ("李\u{E863}", false),
        ("李\u{E000}", true),
        ("文□路", true),
        ("文■路", true),
        ("文〓路", true),
        ("文*路", true),
        ("文\u{F0001}路", true),
        ("文\u{200B}路", true),
        ("文\u{AD}路", true),
        ("文\u{202E}路", true),
        ("文\n路", true),
    ] {
        assert_eq!(is_damaged(name), expected, "{name}");
    }
}

#[test]
fn characters_of_old_registers_get_the_code_of_today() {
    assert_eq!(told("code,name\nA\u{200B},李\u{E863}路\u{AD}\n".as_bytes()), ["2 A 李䶮路"]);
    assert_eq!(
        told("code,name\n1,文\u{200B}路\n".as_bytes()),
        ["2 1 文\u{200B}路"],
        "inside a name it is left to be told"
    );
}

#[test]
fn a_bomb_is_unpacked_no_further_than_the_limit() {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).unwrap();
    for _ in 0..3 {
        archive.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1024 * 1024, "it is small while packed");
    assert_eq!(refused(&bytes).0, Why::TableTooLarge);
}

/// A workbook whose only sheet has these rows, as they stand in its file.
fn workbook_with(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{packages}/content-types\">\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\">\
                 <Relationship Id=\"r0\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\">\
                 <sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{packages}/relationships\">\
                 <Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn rows_and_cells_that_hold_nothing_count_towards_the_limit() {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let list = format!("<row r=\"1\">{}</row><row r=\"2\">{}</row>", cell("code"), cell("MZ-11"));
    assert_eq!(told(&workbook_with(&list)), ["2 MZ-11"]);
    let coloured = format!("{list}{}", "<row/>".repeat(1_000));
    assert_eq!(told(&workbook_with(&coloured)), ["2 MZ-11"], "some empty rows do no harm");
    for empty in ["<row/>", "<row r=\"7\"/>", "<x:row></x:row>", "<row><c/><c/></row>"] {
        let bytes = workbook_with(&format!("{list}{}", empty.repeat(60_000)));
        assert!(bytes.len() < 64 * 1024, "{empty}: it is small while packed");
        assert_eq!(refused(&bytes).0, Why::TableTooLarge, "{empty}");
        assert_eq!(super::sheets(&bytes, LIMITS).unwrap_err().code, Why::TableTooLarge, "{empty}");
    }
    let cells = format!("<row>{}</row>", "<c/>".repeat(100_000));
    assert_eq!(refused(&workbook_with(&cells)).0, Why::TableTooLarge);
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn a_packed_file_is_read_and_unpacked_no_further_than_the_limit() {
    assert_eq!(told(&gzipped("编号,名称\nMZ-11,高龄津贴\n".as_bytes())), ["2 MZ-11 高龄津贴"]);
    let bomb = gzipped(&vec![b' '; 3 * 1024 * 1024]);
    assert!(bomb.len() < 1024 * 1024, "it is small while packed");
    assert_eq!(refused(&bomb).0, Why::TableTooLarge);
    let whole = gzipped(b"code\n1\n");
    assert_eq!(refused(&whole[..whole.len() - 6]).0, Why::TableUnreadable, "cut off");
}

#[test]
fn each_sheet_of_a_workbook_is_read_by_its_name() {
    let mut book = Workbook::new();
    for (name, code) in [("部件", "0101"), ("空", ""), ("事件", "0201")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        if !code.is_empty() {
            sheet.write_string(0, 0, "code").unwrap();
            sheet.write_string(1, 0, code).unwrap();
        }
    }
    let bytes = book.save_to_buffer().unwrap();
    assert_eq!(super::sheets(&bytes, LIMITS).unwrap(), ["部件", "事件"]);
    let wanted = Wanted { limits: LIMITS, required: &["code"], column: &column, called: &called };
    for (name, code) in [("部件", "0101"), ("事件", "0201")] {
        let table = read_sheet(&bytes, Some(name), &wanted).unwrap();
        assert_eq!((table.rows[0].text("code"), table.sheets.read.as_str()), (code, name));
    }
    assert_eq!(read_sheet(&bytes, Some("服务"), &wanted).unwrap_err().code, Why::TableUnreadable);
    assert!(super::sheets(b"code\n1\n", LIMITS).unwrap().is_empty(), "a CSV has no sheets");
}

#[test]
fn a_date_keeps_its_time_of_day_beside_it() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    let moment = ExcelDateTime::from_ymd(2026, 11, 30).unwrap().and_hms(10, 42, 3).unwrap();
    sheet.write_string(0, 0, "code").unwrap();
    sheet.write_datetime_with_format(1, 0, &moment, &format).unwrap();
    let table = table(&book.save_to_buffer().unwrap()).unwrap();
    let cell = &table.rows[0].cells["code"];
    assert_eq!((cell.text.as_str(), cell.time.as_str(), cell.kind), ("2026-11-30", "10:42:03", CellKind::Date));
}

#[test]
fn a_real_list_of_a_district_is_read_to_its_end() {
    let folder = std::env::var("LIANGLIN_REFERENCE_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference").to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{folder}/service_items_guangan.csv")) else {
        println!("skipped: {folder} has no service_items_guangan.csv; set LIANGLIN_REFERENCE_DATA");
        return;
    };
    let (gbk, _, lost) = GB18030.encode(&text);
    assert!(!lost);
    let column = |title: &str| ["department", "name", "item_code"].into_iter().find(|known| *known == title);
    let wanted = Wanted {
        limits: Limits { rows: 2_000, columns: 60, bytes: 20 * 1024 * 1024 },
        required: &["item_code"],
        column: &column,
        called: &called,
    };
    for bytes in [text.as_bytes(), &*gbk] {
        let table = read(bytes, &wanted).unwrap();
        assert_eq!(table.rows.len(), 1_135);
        assert_eq!(table.untaken, ["main_item", "area_code", "task_type"]);
        for row in &table.rows {
            let code = row.plain("item_code");
            assert!((23..=55).contains(&code.len()), "{}: {code}", row.line);
        }
    }
}
