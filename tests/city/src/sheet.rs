//! This file reads the texts of a workbook that a page gave out.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Returns every text of a workbook as one string, with a line for each.
///
/// # Panics
/// Panics if the bytes are no workbook.
pub fn cells(bytes: &[u8]) -> String {
    let archive = ZipArchive::new(Cursor::new(bytes));
    let mut archive = archive.unwrap_or_else(|fault| panic!("no workbook: {fault}"));
    let mut text = String::new();
    match archive.by_name("xl/sharedStrings.xml") {
        Ok(mut strings) => {
            strings.read_to_string(&mut text).unwrap_or_else(|fault| panic!("no text: {fault}"));
        }
        Err(fault) => panic!("no texts in the workbook: {fault}"),
    }
    let words: Vec<&str> = text.split('<').filter_map(|piece| Some(piece.split_once('>')?.1)).collect();
    words.into_iter().filter(|word| !word.trim().is_empty()).collect::<Vec<_>>().join("\n")
}
