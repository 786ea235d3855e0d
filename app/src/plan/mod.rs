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
pub mod beside;
pub mod checked;
pub mod claims;
pub mod figures;
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

use std::path::{Path, PathBuf};

use crate::AppError;

/// Returns the faults of tables as an error for people.
fn told(faults: Vec<table::Fault>) -> AppError {
    AppError::Tables(faults)
}

/// Says that a file or a folder cannot be written, and what to look at.
pub fn unwritten(path: &Path) -> impl FnOnce(std::io::Error) -> AppError + use<> {
    let file = path.to_owned();
    move |fault| {
        let said = table::both(
            format!("写不进去（{fault}）。请检查文件夹的权限和磁盘的空间。"),
            format!("cannot be written ({fault}). Look at the rights of the folder and the space on the disk."),
        );
        told(vec![table::Fault { file, line: 0, said }])
    }
}

/// Makes a folder if it does not exist.
pub fn folder(path: &Path) -> Result<(), AppError> {
    std::fs::create_dir_all(path).map_err(unwritten(path))
}

/// Says that an answer did not stand the planner's own check, so that nothing of it is written.
fn unsound(wrong: &dyn std::fmt::Display) -> AppError {
    let said = table::both(
        format!("算出来的结果没有通过程序自己的核对，没有写出（{wrong}）。请把这句话告诉维护程序的人。"),
        wrong.to_string(),
    );
    told(vec![table::Fault { file: PathBuf::new(), line: 0, said }])
}

/// Writes a file of an answer.
fn write(path: &Path, bytes: &[u8]) -> Result<(), AppError> {
    std::fs::write(path, bytes).map_err(unwritten(path))
}

/// Removes a file that an earlier answer left, if there is one.
fn remove(path: &Path) -> Result<(), AppError> {
    match std::fs::remove_file(path) {
        Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
            let said = table::both(
                format!("删不掉（{fault}）。它是上一次的结果，请把它移走。"),
                format!("cannot be removed ({fault}). It is of an earlier answer: move it elsewhere."),
            );
            Err(told(vec![table::Fault { file: path.to_owned(), line: 0, said }]))
        }
        _ => Ok(()),
    }
}

/// Reads a file of an answer.
fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    std::fs::read(path).map_err(|fault| {
        let mut said = table::closed(&fault);
        if fault.kind() == std::io::ErrorKind::NotFound {
            let there = beside::around(path);
            said = table::both(format!("{}{}", said.zh, there.zh), format!("{}{}", said.en, there.en));
        }
        told(vec![table::Fault { file: path.to_owned(), line: 0, said }])
    })
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
