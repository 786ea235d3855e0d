//! This file reads columns of a Parquet file, whatever whole or decimal type they have. Ids may be texts too.

use std::fs::File;
use std::path::Path;

use kernel::language::Bilingual;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::filling::{Cell, Filling};
use super::{Column, Faults, Lines, Table, both, places, unread, why};

/// Says how many rows are read at a time.
const BATCH: usize = 65_536;

fn open(path: &Path) -> Result<SerializedFileReader<File>, Bilingual> {
    let file = File::open(path).map_err(|fault| why::unopened(path, &fault))?;
    SerializedFileReader::new(file).map_err(|fault| {
        both(
            format!("不是 Parquet 文件（{fault}）。请重新导出，或存成 CSV。"),
            format!("is not a Parquet file ({fault}). Export it again, or save it as CSV."),
        )
    })
}

fn names(reader: &SerializedFileReader<File>) -> Vec<String> {
    let columns = reader.metadata().file_metadata().schema_descr().columns();
    columns.iter().map(|column| column.path().string()).collect()
}

/// Returns the names of a file's columns.
pub(super) fn titles(path: &Path) -> Result<Vec<String>, Bilingual> {
    Ok(names(&open(path)?))
}

pub(super) fn read(
    path: &Path,
    name: &str,
    wanted: &[Column<'_>],
    faults: &mut Faults<'_>,
) -> Result<Table, Bilingual> {
    let reader = open(path)?;
    let titles = names(&reader);
    let at = places(wanted, &titles)?;
    let broken = |fault: ParquetError| {
        both(
            format!("读到一半读不下去了（{fault}）。请重新导出。"),
            format!("cannot be read on ({fault}). Export it again."),
        )
    };
    let mut filling = Filling::new(name, wanted);
    for group in 0..reader.num_row_groups() {
        let rows = reader.get_row_group(group).map_err(broken)?;
        let count = usize::try_from(rows.metadata().num_rows()).unwrap_or(0);
        for ((place, column), &at) in wanted.iter().enumerate().zip(&at) {
            let found = rows.get_column_reader(at).and_then(|reader| cells(reader, count)).map_err(broken)?;
            let name = column.name;
            let Some(found) = found else {
                return Err(both(
                    format!("{name} 这一列不是数字。请把它存成整数或小数。"),
                    format!("{name} is not a column of numbers. Save it as whole or decimal numbers."),
                ));
            };
            if found.len() != count {
                let missing = count - found.len();
                return Err(both(
                    format!("{name}：有 {missing} 行没有值，请补上。"),
                    format!("{name}: {missing} rows have no value. Fill them in."),
                ));
            }
            for (held, row) in found.iter().zip(filling.rows()..) {
                if let Err(wrong) = filling.take(place, held.cell()) {
                    let line = |row: usize| row as u64 + 1;
                    faults.add(line(row), || filling.why(place, &held.text(), wrong, line));
                }
            }
        }
        filling.end_rows(count);
    }
    Ok(filling.table(path, Lines::default(), unread(&at, titles)))
}

/// Holds a cell as the file has it.
enum Held {
    Whole(i64),
    Decimal(f64),
    Text(String),
}

impl Held {
    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Whole(number) => Cell::Whole(*number),
            Self::Decimal(number) => Cell::Decimal(*number),
            Self::Text(text) => Cell::Text(text),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// Returns all cells of a column in a group of rows, or `None` if its type has neither numbers nor texts.
fn cells(reader: ColumnReader, count: usize) -> Result<Option<Vec<Held>>, ParquetError> {
    Ok(Some(match reader {
        ColumnReader::Int32ColumnReader(reader) => all(reader, count, |number| Held::Whole(i64::from(number)))?,
        ColumnReader::Int64ColumnReader(reader) => all(reader, count, Held::Whole)?,
        ColumnReader::FloatColumnReader(reader) => all(reader, count, |number| Held::Decimal(f64::from(number)))?,
        ColumnReader::DoubleColumnReader(reader) => all(reader, count, Held::Decimal)?,
        ColumnReader::ByteArrayColumnReader(reader) => {
            all(reader, count, |text| Held::Text(tables::plain(text.as_utf8().unwrap_or_default())))?
        }
        _ => return Ok(None),
    }))
}

fn all<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    count: usize,
    held: impl Fn(T::T) -> Held,
) -> Result<Vec<Held>, ParquetError> {
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
    Ok(values.into_iter().map(held).collect())
}
