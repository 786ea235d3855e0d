//! This file reads columns of a Parquet file, whatever whole or decimal type they have.

use std::fs::File;
use std::path::Path;

use kernel::language::Bilingual;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::{
    Column, Columns, Faults, Kind, PLACE_UNIT, both, fits, no_coordinate, not_whole, of_column, places, unopened,
};

/// Says how many rows are read at a time.
const BATCH: usize = 65_536;

fn open(path: &Path) -> Result<SerializedFileReader<File>, Bilingual> {
    let file = File::open(path).map_err(|fault| unopened(&fault))?;
    SerializedFileReader::new(file)
        .map_err(|fault| both(format!("不是 Parquet 文件（{fault}）"), format!("is not a Parquet file ({fault})")))
}

fn names(reader: &SerializedFileReader<File>) -> Vec<String> {
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    columns.iter().map(|column| column.path().string()).collect()
}

/// Returns the names of a file's columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, Bilingual> {
    Ok(names(&open(path)?))
}

pub(super) fn read(path: &Path, wanted: &[Column<'_>], faults: &mut Faults<'_>) -> Result<Columns, Bilingual> {
    let reader = open(path)?;
    let at = places(wanted, &names(&reader))?;
    let broken =
        |fault: ParquetError| both(format!("读到一半读不下去了（{fault}）"), format!("cannot be read on ({fault})"));
    let mut columns: Columns = wanted.iter().map(|_| Vec::new()).collect();
    let mut before = 0i64;
    for group in 0..reader.num_row_groups() {
        let rows = reader.get_row_group(group).map_err(broken)?;
        let count = usize::try_from(rows.metadata().num_rows()).unwrap_or(0);
        for ((column, &at), values) in wanted.iter().zip(&at).zip(&mut columns) {
            let found = rows.get_column_reader(at).and_then(|reader| numbers(reader, count)).map_err(broken)?;
            let Some(found) = found else {
                let name = column.name;
                return Err(both(format!("{name} 这一列不是数字"), format!("{name} is not a column of numbers")));
            };
            if found.len() != count {
                let missing = count - found.len();
                let said = both(
                    format!("有 {missing} 行没有值，请补上。"),
                    format!("{missing} rows have no value. Fill them in."),
                );
                return Err(of_column(column.name, &said));
            }
            for (number, row) in found.into_iter().zip(before..) {
                match number.of(column.kind, row) {
                    Ok(value) => values.push(value),
                    Err(said) => faults.add(row as u64 + 1, of_column(column.name, &said)),
                }
            }
        }
        before += count as i64;
    }
    Ok(columns)
}

/// Holds a number as the file has it.
#[derive(Clone, Copy)]
enum Number {
    Whole(i64),
    Decimal(f64),
}

impl Number {
    fn of(self, kind: Kind, row: i64) -> Result<i64, Bilingual> {
        match (self, kind) {
            (Self::Whole(number), Kind::Place) if number.abs() < 1_000_000_000 => Ok(number * PLACE_UNIT),
            (Self::Decimal(number), Kind::Place) if number.abs() < 1e9 => {
                Ok((number * PLACE_UNIT as f64).round() as i64)
            }
            (Self::Whole(number), Kind::Place) => Err(no_coordinate(number)),
            (Self::Decimal(number), Kind::Place) => Err(no_coordinate(number)),
            (Self::Whole(number), kind) => fits(number, kind, row),
            (Self::Decimal(number), kind) if number.fract() == 0.0 && number.abs() < 9e15 => {
                fits(number as i64, kind, row)
            }
            (Self::Decimal(number), _) => Err(not_whole(number)),
        }
    }
}

/// Returns all numbers of a column in a group of rows, or `None` if its type has no numbers.
fn numbers(reader: ColumnReader, count: usize) -> Result<Option<Vec<Number>>, ParquetError> {
    Ok(Some(match reader {
        ColumnReader::Int32ColumnReader(reader) => all(reader, count, |number| Number::Whole(i64::from(number)))?,
        ColumnReader::Int64ColumnReader(reader) => all(reader, count, Number::Whole)?,
        ColumnReader::FloatColumnReader(reader) => all(reader, count, |number| Number::Decimal(f64::from(number)))?,
        ColumnReader::DoubleColumnReader(reader) => all(reader, count, Number::Decimal)?,
        _ => return Ok(None),
    }))
}

fn all<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    count: usize,
    number: impl Fn(T::T) -> Number,
) -> Result<Vec<Number>, ParquetError> {
    let (mut values, mut levels) = (Vec::with_capacity(count), Vec::with_capacity(count));
    while levels.len() < count {
        let (records, ..) = reader.read_records(BATCH, Some(&mut levels), None, &mut values)?;
        if records == 0 {
            break;
        }
        // A column that must always have a value has no levels.
        if levels.is_empty() && values.len() >= count {
            break;
        }
    }
    Ok(values.into_iter().map(number).collect())
}
