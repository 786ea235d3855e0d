//! This file remembers with which files tests passed, so that a costly step runs again only if one of them changed.

use std::fs::FileType;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use crate::tally::Tally;

/// Holds what a step depends on, as one number, and the file in which the last good result is kept.
pub struct Stamp {
    kept: PathBuf,
    digest: u64,
}

impl Stamp {
    /// Reads everything below the sources, files or folders. `others` is what else the result depends on.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub fn of(kept: PathBuf, sources: &[PathBuf], others: &str) -> Result<Self, String> {
        let mut files = Vec::new();
        for source in sources {
            collect(source, &mut files)?;
        }
        files.sort();
        let mut digest = DefaultHasher::new();
        digest.write(others.as_bytes());
        for file in files {
            let content = std::fs::read(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
            // A byte that is in no name and no length stands between, so that nothing moves from one file to another.
            digest.write(file.to_string_lossy().as_bytes());
            digest.write_u8(0xff);
            digest.write_usize(content.len());
            digest.write(&content);
        }
        Ok(Self { kept, digest: digest.finish() })
    }

    /// Returns what was counted when the step passed with the same files.
    #[must_use]
    pub fn earlier(&self) -> Option<Tally> {
        let text = std::fs::read_to_string(&self.kept).ok()?;
        let mut words = text.split_whitespace();
        if words.next()? != self.name() {
            return None;
        }
        let mut count = || words.next()?.parse::<u64>().ok();
        Some(Tally::of([count()?, count()?, count()?]))
    }

    /// Keeps what was counted when the step passed.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub fn keep(&self, counted: &Tally) -> Result<(), String> {
        let [passed, failed, skipped] = counted.counts();
        let text = format!("{} {passed} {failed} {skipped}\n", self.name());
        std::fs::write(&self.kept, text).map_err(|fault| format!("{}: {fault}", self.kept.display()))
    }

    fn name(&self) -> String {
        format!("{:016x}", self.digest)
    }
}

/// Collects the files below a path. What is built, and what is hidden, is left out.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let fault = |fault: std::io::Error| format!("{}: {fault}", path.display());
    if path.metadata().map_err(fault)?.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(fault)? {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name();
        let left_out = name == "target" || name.to_string_lossy().starts_with('.');
        if !left_out && entry.file_type().map(is_ours).map_err(fault)? {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

fn is_ours(kind: FileType) -> bool {
    kind.is_file() || kind.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("lianglin-stamp-{}-{name}", std::process::id()));
        std::fs::create_dir_all(folder.join("sources/target")).unwrap();
        std::fs::write(folder.join("sources/a.rs"), "one").unwrap();
        folder
    }

    #[test]
    fn a_result_counts_until_a_file_or_the_toolchain_changes() {
        let folder = folder("changes");
        let of = |others: &str| Stamp::of(folder.join("stamp"), &[folder.join("sources")], others).unwrap();
        assert_eq!(of("rustc 1").earlier(), None, "nothing passed yet");
        of("rustc 1").keep(&Tally::of([7, 0, 1])).unwrap();
        assert_eq!(of("rustc 1").earlier(), Some(Tally::of([7, 0, 1])));
        assert_eq!(of("rustc 2").earlier(), None, "another toolchain");
        std::fs::write(folder.join("sources/target/built"), "x").unwrap();
        assert_eq!(of("rustc 1").earlier(), Some(Tally::of([7, 0, 1])), "what is built does not count");
        for (file, content) in [("a.rs", "two"), ("b.rs", "one")] {
            std::fs::write(folder.join("sources").join(file), content).unwrap();
            assert_eq!(of("rustc 1").earlier(), None, "{file}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
