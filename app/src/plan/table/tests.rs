//! These tests bring tables as spreadsheets and programs write them. They check what is read, and what is said of what
//! cannot be read.

use super::*;

/// The columns of a table of buildings beside nodes of these ids.
fn taken(bytes: &[u8], nodes: &Ids) -> Result<Table, Vec<Fault>> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("buildings.csv"), bytes).unwrap();
    let wanted = [
        column("id", Kind::Id),
        column("x", Kind::Place),
        column("households", Kind::Whole(0, 10_000)),
        column("node", Kind::Row(nodes)),
    ];
    table(folder.path(), "buildings", &wanted)
}

fn nodes(ids: &[&str]) -> Ids {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nodes.csv"), format!("id\n{}\n", ids.join("\n"))).unwrap();
    table(folder.path(), "nodes", &[column("id", Kind::Id)]).unwrap().ids
}

/// What is said of a table, without the name of its file.
fn said(bytes: &[u8]) -> String {
    let faults = taken(bytes, &nodes(&["7", "8", "007", "210102001001"])).unwrap_err();
    let told = |fault: &Fault| fault.to_string().split_once("buildings.csv").unwrap().1.to_owned();
    faults.iter().map(told).collect::<Vec<_>>().join("\n")
}

#[test]
fn tables_are_read_as_spreadsheets_write_them() {
    let expected: Columns = vec![vec![0, 1], vec![15_000_000, -20_000_000], vec![30, 0], vec![0, 3]];
    let rows = "id,x,households,node\n1,1.5,30,7\n2,-2,0,210102001001\n";
    let written: [(&str, Vec<u8>); 14] = [
        ("as it is", rows.into()),
        ("a mark of UTF-8", [b"\xEF\xBB\xBF".as_slice(), rows.as_bytes()].concat()),
        ("CRLF", rows.replace('\n', "\r\n").into()),
        ("CR", rows.replace('\n', "\r").into()),
        ("no end of the last line", rows.trim_end().into()),
        ("semicolons", rows.replace(',', ";").into()),
        ("tabs", rows.replace(',', "\t").into()),
        ("UTF-16", rows.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("empty last rows", format!("{rows},,,\n,,,\n\n").into()),
        ("blanks around", rows.replace(',', " , ").into()),
        ("quotation marks", rows.replace("1,1.5,30,7", "\"1\",\"1.5\",\"30\",\"7\"").into()),
        ("decimals that are zeros", rows.replace(",30,", ",30.0,").into()),
        ("full width", rows.replace(",30,7", ",３０,７\u{A0}").into()),
        ("capitals and a title", format!("楼栋表,,,\n{}", rows.replace("id,x", "ID,X")).into()),
    ];
    for (what, bytes) in written {
        let nodes = nodes(&["7", "8", "007", "210102001001"]);
        let table = taken(&bytes, &nodes).unwrap_or_else(|faults| panic!("{what}: {faults:?}"));
        assert_eq!((&table.columns, table.rows), (&expected, 2), "{what}");
        assert_eq!([table.ids.written(0), table.ids.written(1)], ["1", "2"], "{what}");
    }
    let gbk =
        b"id,x,households,node,\xC3\xFB\xB3\xC6\n1,1.5,30,7,\xCC\xFA\xCE\xF7\n2,-2,0,210102001001,\xBA\xCD\xC6\xBD\n";
    let table = taken(gbk, &nodes(&["7", "8", "007", "210102001001"])).unwrap();
    assert_eq!((table.columns, table.unread), (expected, vec!["名称".to_owned()]));
}

#[test]
fn cells_that_cannot_be_read_are_told_with_line_and_remedy() {
    let table = [
        ("a,1.5,30,7", "", ""),
        ("1,\"1,5\",30,7", ", line 3: x: “1,5” is not a coordinate. Write decimals with a point", ""),
        ("1,1,5,30,7", ", line 3: the line has 5 cells, 4 are in the header. Write numbers without commas", ""),
        ("1,1.5,\"1,234\",7", ", line 3: households: “1,234” is not a whole number. Write it without separators", ""),
        ("1,1.5,1 234,7", ", line 3: households: “1 234” is not a whole number. Write it without separators", ""),
        ("1,1.5,-3,7", ", line 3: households: -3 is out of bounds. Write a number from 0 to 10000.", ""),
        ("1,1.5,99999,7", ", line 3: households: 99999 is out of bounds.", ""),
        ("1,1.5,30户,7", ", line 3: households: “30户” is not a whole number. Write it without decimals, units", ""),
        ("1,1.5,2.5,7", ", line 3: households: “2.5” is not a whole number.", ""),
        ("1,NaN,30,7", ", line 3: x: “NaN” is not a coordinate. Write it as 123.4 without a unit, or leave", ""),
        ("1,inf,30,7", ", line 3: x: “inf” is not a coordinate.", ""),
        ("1,1e400,30,7", ", line 3: x: “1e400” is not a coordinate.", ""),
        ("1,1.2E+05,30,7", ", line 3: x: “1.2E+05” is in scientific notation, and digits may be lost.", ""),
        ("1,41°48',30,7", ", line 3: x: “41°48'” is in degrees, minutes and seconds. Write decimal degrees", ""),
        ("1,,30,7", ", line 3: x: the cell is empty. Fill it in, or leave the line out.", ""),
        (",1.5,30,7", ", line 3: id: the cell is empty.", ""),
        ("1,#REF!,30,7", ", line 3: x: “#REF!” is an error of the spreadsheet. Correct it.", ""),
        ("=A1,1.5,30,7", ", line 3: id: “=A1” is a formula. Copy the cells and paste them as values.", ""),
        ("2.10102E+11,1.5,30,7", ", line 3: id: “2.10102E+11” is in scientific notation", ""),
        ("0,1.5,30,7", ", line 3: id: “0” stands in line 2 too. Give each row an id of its own", ""),
        ("1,1.5,30,9", ", line 3: node: there is no “9” in nodes, which has 4 rows. Correct the id or add", ""),
        ("1,1.5,30,08", ", line 3: node: nodes has no “08”, but it has “8”. Write both alike, zeros in front", ""),
        ("1,1.5,30,8.0", ", line 3: node: nodes has no “8.0”, but it has “8”.", ""),
        ("1,1.5,30", ", line 3: the line has 3 cells, 4 are in the header. Complete the line; the file may be cut", ""),
        ("1,1.5,30,7\n2,x,30,7", ", line 4: x: “x” is not a coordinate.", ""),
        ("\n\n1,x,30,7", ", line 5: x: “x” is not a coordinate.", ""),
        ("1,x,30,7\n2,y,30,7", ", line 3: x: “x” is not", ", line 4: x: “y” is not"),
    ];
    for (row, first, second) in table {
        let text = format!("id,x,households,node\n0,1.5,30,7\n{row}\n");
        if first.is_empty() {
            assert!(taken(text.as_bytes(), &nodes(&["7"])).is_ok(), "{row}");
            continue;
        }
        let said = said(text.as_bytes());
        assert!(said.starts_with(first) && said.contains(second), "{row}: {said}");
        assert_eq!(said.lines().count(), if second.is_empty() { 1 } else { 2 }, "{row}: {said}");
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let table: [(&[u8], &str); 18] = [
        (b"", ": is empty. Write the line with the column names"),
        (b"PK\x03\x04zip", ": is a workbook (XLSX) and no CSV. Open it and save the sheet as “CSV UTF-8”."),
        (b"\xD0\xCF\x11\xE0\xA1", ": is a workbook (XLS) and no CSV."),
        (b"\x1F\x8B\x08", ": is packed with gzip. Unpack it first."),
        (b"PAR1....", ": is a Parquet file. Let its name end with .parquet."),
        (b"<html><table>", ": is a web page and no table. Export a CSV"),
        (b"id,x\0\x01", ": is no text. Save it as CSV in UTF-8, UTF-16 or GBK."),
        (b"0,1.5,30,7\n1,2.5,30,7\n", ": the first line holds numbers (0,1.5,30,7) and no column names. Add a line"),
        ("id，x，households，node\n".as_bytes(), ": the header “id，x，households，node” is divided by “，”. Divide"),
        (b"id x households node\n", ": the header “id x households node” is divided by “ ”. Divide columns by commas"),
        (
            b"id,x_m,housholds,note\n0,1,2,3\n",
            ": the header has no column “x” (is it “x_m”?) and no column “households” (is it “housholds”?) and no \
             column “node” (is it “note”?); it has id,x_m,housholds,note. Needed are id,x,households,node.",
        ),
        (b"id,x,households,node,X\n", ": the column “x” appears twice (columns 2 and 5). Keep one of them."),
        (
            b"id,x,households,node,name\n0,1,2,7,\"a\n1,1,2,7,b\n2,1,2,7,c\n",
            ", line 2: a quotation mark opens in line 2 and is never closed, so it swallows everything to line 4.",
        ),
        (
            b"id,x,households,node,name\n0,1,2,7,\"a\n1,1,2,7,\"b\"\n",
            ", line 2: the quotation mark that opens in line 2 closes in line 3, and more stands behind it. Add",
        ),
        (
            b"id,x,households,node,name\n0,1,2,7,\"a\n1,1,2,7,b\n2,1,2,7,\"\n",
            ", line 2: a cell opens with a quotation mark in line 2, closes in line 4 and holds what looks like whole",
        ),
        (b"id,x,households,node,name\n0,1,2,7,\"a\nb\"\n1,z,2,7,c\n", ", line 4: x: “z” is not a coordinate."),
        (b"sep=;\nid;x;households;node\n0;1,5;2;7\n", ", line 3: x: “1,5” is not a coordinate. Write decimals with"),
        (b"\"id,x,households,node\n0,1,2,7\n", ": a quotation mark opens in line 1 and is never closed"),
    ];
    for (bytes, wanted) in table {
        let said = said(bytes);
        assert!(said.starts_with(wanted), "{said}\ninstead of {wanted}");
        assert!(said.ends_with('.'), "{said}");
    }
}

#[test]
fn a_missing_file_names_the_one_beside_it() {
    for (beside, wanted) in [
        ("buildings.xlsx", "There is buildings.xlsx: save it as CSV under the name buildings.csv."),
        ("Buildings.CSV", "There is Buildings.CSV: save it"),
        ("buildings.csv.gz", "There is buildings.csv.gz: save it"),
        ("buildings_old.csv", "Put the table there."),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(beside), "id\n").unwrap();
        let faults = table(folder.path(), "buildings", &[column("id", Kind::Id)]).unwrap_err();
        let said = faults[0].to_string();
        assert!(said.contains("buildings.csv: cannot be opened (") && said.contains(wanted), "{said}");
        let titles = Titles::of(folder.path(), "buildings").unwrap_err();
        assert_eq!(titles, faults);
    }
}

#[test]
fn a_folder_in_place_of_a_table_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("buildings.csv")).unwrap();
    let faults = table(folder.path(), "buildings", &[column("id", Kind::Id)]).unwrap_err();
    let said = faults[0].to_string();
    assert!(said.ends_with("is a folder and no table. Give it another name, and put the table there."), "{said}");
    assert_eq!(Titles::of(folder.path(), "buildings").unwrap_err(), faults);
}

#[test]
fn ids_and_groups_are_kept_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let text = "id,community\n0007,210102001003\n12,210102001001\n甲-1,210102001003\n-5,b\n";
    std::fs::write(folder.path().join("buildings.csv"), text).unwrap();
    let table = table(folder.path(), "buildings", &[column("community", Kind::Group), column("id", Kind::Id)]).unwrap();
    assert_eq!((0..4).map(|row| table.ids.written(row)).collect::<Vec<_>>(), ["0007", "12", "甲-1", "-5"]);
    assert_eq!(table.columns, [vec![1, 0, 1, 2], vec![0, 1, 2, 3]]);
    let groups: Vec<String> = (0..table.groups[0].len()).map(|group| table.groups[0].written(group)).collect();
    assert_eq!(groups, ["210102001001", "210102001003", "b"]);
    assert_eq!((table.line(3), table.ids.table()), (5, "buildings"));
}
