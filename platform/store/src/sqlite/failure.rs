//! Translates what SQLite says into the words of the store.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_DATATYPE, SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC};

use crate::error::StoreError;

/// Returns the failure of a statement. Messages of SQLite name tables and columns, not values.
pub(super) fn translate(error: &rusqlite::Error, sql: &str, path: &Path) -> StoreError {
    let Some(inner) = error.sqlite_error() else { return StoreError::query(sql, error.to_string()) };
    let message = error.to_string();
    match inner.code {
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { file: path.display().to_string() },
        ErrorCode::ConstraintViolation if inner.extended_code == SQLITE_CONSTRAINT_DATATYPE => {
            StoreError::data(message)
        }
        ErrorCode::ConstraintViolation => StoreError::Constraint(message),
        ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt => {
            StoreError::Disk { message: format!("{}: {message} (code {})", path.display(), inner.extended_code) }
        }
        ErrorCode::NotADatabase | ErrorCode::CannotOpen => {
            StoreError::Address { message: format!("{} cannot be opened as a database: {message}", path.display()) }
        }
        _ => StoreError::query(sql, message),
    }
}

/// Ends the process if the disk refused to make something durable. What the disk holds now is unknown, and a second
/// fsync may falsely succeed, so the file must be read again.
pub(super) fn end_if_not_durable(error: &rusqlite::Error, path: &Path) {
    if is_fsync(error) {
        tracing::error!(file = %path.display(), %error, "the disk did not make the file durable; the process ends");
        std::process::abort();
    }
}

fn is_fsync(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|inner| is_fsync_code(inner.extended_code))
}

const fn is_fsync_code(extended_code: i32) -> bool {
    matches!(extended_code, SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn failure(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn only_a_failed_fsync_ends_the_process() {
        let table = [
            (ffi::SQLITE_IOERR_FSYNC, true),
            (ffi::SQLITE_IOERR_DIR_FSYNC, true),
            (ffi::SQLITE_IOERR_WRITE, false),
            (ffi::SQLITE_FULL, false),
            (ffi::SQLITE_BUSY, false),
        ];
        for (code, expected) in table {
            assert_eq!(is_fsync(&failure(code)), expected, "{code}");
        }
    }

    #[test]
    fn codes_become_words() {
        let path = Path::new("a.db");
        assert_eq!(translate(&failure(ffi::SQLITE_FULL), "", path), StoreError::Full);
        assert!(matches!(translate(&failure(ffi::SQLITE_BUSY), "", path), StoreError::Locked { .. }));
        assert!(matches!(translate(&failure(ffi::SQLITE_IOERR_READ), "", path), StoreError::Disk { .. }));
        assert!(matches!(translate(&failure(ffi::SQLITE_CONSTRAINT_UNIQUE), "", path), StoreError::Constraint(_)));
        assert!(matches!(translate(&failure(SQLITE_CONSTRAINT_DATATYPE), "", path), StoreError::Data { .. }));
        assert!(matches!(translate(&failure(ffi::SQLITE_NOTADB), "", path), StoreError::Address { .. }));
    }
}
