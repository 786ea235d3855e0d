//! These are the planners at the command line. They read a folder of tables and write an answer with its proof.

#![expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "tables give the columns that were asked for, and whole numbers below 2^53 by the check at the door"
)]

pub mod answer;
pub mod checked;
pub mod claims;
pub mod geojson;
pub mod grids;
pub mod intake;
pub mod listing;
pub mod look;
pub mod mobilize;
pub mod osm;
pub mod picture;
pub mod reach;
pub mod sample;
pub mod site;
pub mod summary;
pub mod table;
pub mod town;

use std::path::Path;

use crate::AppError;

/// Returns the faults of tables as an error for people.
fn told(faults: Vec<table::Fault>) -> AppError {
    AppError::Tables(faults)
}

/// Writes a file of an answer.
fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    std::fs::write(path, bytes).map_err(AppError::outside(format!("{} cannot be written", path.display())))
}

/// Removes a file that an earlier answer left, if there is one.
fn remove(path: &Path) -> Result<(), AppError> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            Err(AppError::outside(format!("{} cannot be removed", path.display()))(fault))
        }
        _ => Ok(()),
    }
}

/// Reads a file of an answer.
fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    std::fs::read(path).map_err(AppError::outside(format!("{} cannot be read", path.display())))
}

/// Reads whole numbers as `.bin` files hold them: 32 bits, little-endian.
fn words(bytes: &[u8]) -> Vec<u32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|word| u32::from_le_bytes(*word)).collect()
}

fn bytes(words: impl IntoIterator<Item = u32>) -> Vec<u8> {
    words.into_iter().flat_map(u32::to_le_bytes).collect()
}

/// Writes a table of whole numbers as CSV.
fn csv_of(header: &str, rows: impl IntoIterator<Item = Vec<i64>>) -> Vec<u8> {
    csv_of_cells(header, rows.into_iter().map(|row| row.iter().map(i64::to_string).collect()))
}

/// Writes a table as CSV. Ids come as cells ([`table::Ids::cell`]).
fn csv_of_cells(header: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(&row.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// Refuses what an option of the command line asks for.
fn refused(option: &str, said: kernel::language::Bilingual) -> AppError {
    told(vec![table::Fault { file: option.into(), line: 0, said }])
}

#[cfg(test)]
mod tests;
