//! Does `--check`: it says which fonts were found, and whether every template can be laid out with them.

use std::io::Write;
use std::path::PathBuf;

use crate::fonts::PREFERRED;
use crate::samples::SAMPLES;
use crate::workshop::Workshop;

/// What the check found wrong.
#[derive(Debug, thiserror::Error)]
pub enum Found {
    /// So many samples were refused.
    #[error("{0} of the samples could not be laid out; see above")]
    Refused(usize),
    /// Standard output broke.
    #[error("the report cannot be written: {0}")]
    Output(#[from] std::io::Error),
}

/// Writes the report.
///
/// # Errors
/// Fails when a sample is refused, or when the report cannot be written.
pub fn check(workshop: &Workshop, folders: &[PathBuf], out: &mut impl Write) -> Result<(), Found> {
    let fonts = workshop.fonts();
    let (files, faces) = fonts.counts();
    for folder in folders {
        writeln!(out, "folder  {}{}", folder.display(), if folder.is_dir() { "" } else { " (is not there)" })?;
    }
    writeln!(out, "fonts   {faces} faces in {files} files")?;
    let families = fonts.families();
    for family in &families {
        writeln!(out, "family  {family}")?;
    }
    for preferred in PREFERRED {
        let found = if families.contains(&preferred) { "found" } else { "missing (Debian: fonts-noto-cjk)" };
        writeln!(out, "wanted  {preferred}: {found}")?;
    }
    let mut refused = 0;
    for (template, text) in SAMPLES {
        match sample(workshop, template, text) {
            Ok(bytes) => writeln!(out, "sample  {template}: {bytes} bytes")?,
            Err(why) => {
                refused += 1;
                writeln!(out, "sample  {template}: refused, {why}")?;
            }
        }
    }
    if refused == 0 { Ok(()) } else { Err(Found::Refused(refused)) }
}

/// Returns the size of the sample's PDF in bytes.
fn sample(workshop: &Workshop, template: &str, text: &str) -> Result<usize, String> {
    let data = serde_json::from_str(text).map_err(|fault| fault.to_string())?;
    let pdf = workshop.letter(template, &data).map_err(|refusal| format!("{}: {}", refusal.code, refusal.message))?;
    Ok(pdf.len())
}
