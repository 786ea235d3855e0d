//! This file writes reports on every row of an import.

use std::path::Path;

use kernel::time::Zone;
use web::table::Table;

use crate::AppError;

/// Writes a report: CSV where the name ends so, else XLSX.
pub fn write(file: &Path, table: &Table, zone: Zone) -> Result<(), AppError> {
    let format = file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if !["csv", "xlsx"].contains(&format.as_str()) {
        return Err(AppError::Said(format!("{}: a report ends with .xlsx or .csv.", file.display())));
    }
    let bytes = table.bytes(zone, &format).map_err(|fault| AppError::Said(fault.to_string()))?;
    std::fs::write(file, bytes).map_err(AppError::outside(file.display().to_string()))
}
