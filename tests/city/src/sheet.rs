//! This file reads the texts of a workbook that a page gave out.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Returns every text of a workbook as one string, with a line for each.
///
/// # Panics
/// Panics if the bytes are no workbook.
pub fn cells(bytes: &[u8]) -> String {
    let text = part(bytes, "xl/sharedStrings.xml");
    let words: Vec<&str> = text.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    words.into_iter().filter(|word| !word.trim().is_empty()).collect::<Vec<_>>().join("\n")
}

/// Returns the title of a workbook, which is the name of its sheet.
///
/// # Panics
/// Panics if the bytes are no workbook.
pub fn title(bytes: &[u8]) -> String {
    let text = part(bytes, "xl/workbook.xml");
    let name = text.split_once("<sheet name=\"").and_then(|(_, rest)| rest.split_once('"'));
    name.unwrap_or_else(|| panic!("no sheet in {text}")).0.to_owned()
}

/// Returns the text of one file of a workbook.
fn part(bytes: &[u8], name: &str) -> String {
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.unwrap_or_else(|fault| panic!("no workbook: {fault}"));
    let mut text = String::new();
    match archive.by_name(name) {
        Ok(mut file) => {
            file.read_to_string(&mut text).unwrap_or_else(|fault| panic!("no text: {fault}"));
        }
        Err(fault) => panic!("no {name} in the workbook: {fault}"),
    }
    text
}
