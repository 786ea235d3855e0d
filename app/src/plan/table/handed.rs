//! This file reads columns of a table as the texts that they hold, for what no planner reckons with: names, addresses,
//! and columns that are handed on.

use std::path::Path;

use tables::folded;

use super::opened;

/// Returns the texts of some columns, row by row as the table has them. A column that the table does not have is left
/// empty, and so is everything where the file is no CSV.
pub fn texts(path: &Path, columns: &[&str]) -> Vec<Vec<String>> {
    let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
    let Ok(mut rows) = opened(&bytes, &[]) else { return Vec::new() };
    let titles: Vec<String> = (0..rows.width()).map(|at| folded(rows.cell(at).unwrap_or_default())).collect();
    let places: Vec<Option<usize>> =
        columns.iter().map(|column| titles.iter().position(|title| title == column)).collect();
    let mut found = Vec::new();
    while matches!(rows.step(), Ok(true)) {
        let text = |place: &Option<usize>| place.and_then(|at| rows.cell(at)).unwrap_or_default().to_owned();
        found.push(places.iter().map(text).collect());
    }
    found
}

/// Returns a text as a cell of a CSV: in quotation marks where it needs them.
pub fn quoted(text: &str) -> String {
    let is_plain = !text.contains([',', '"', '\n', '\r']);
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_in_the_order_of_the_rows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("buildings.csv");
        std::fs::write(&path, "id,name,households\n7,\"甲, 1（东）\",3\n\n8,,4\n").unwrap();
        assert_eq!(texts(&path, &["name", "address", "id"]), [["甲, 1（东）", "", "7"], ["", "", "8"]]);
        assert!(texts(&folder.path().join("none.csv"), &["name"]).is_empty());
    }

    #[test]
    fn a_text_is_a_cell() {
        let table = [("甲", "甲"), ("a,b", "\"a,b\""), ("say \"so\"", "\"say \"\"so\"\"\"")];
        for (text, cell) in table {
            assert_eq!(quoted(text), cell);
        }
    }
}
