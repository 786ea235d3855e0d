//! A copy of the project's data for a server of a test's own.

use std::path::{Path, PathBuf};

/// Copies the data that a city edits into a folder: all of it, but of the editions of the places the newest alone.
pub fn copy_into(folder: &Path) {
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../data"), folder);
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    let mut entries: Vec<PathBuf> = std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    if from.ends_with("editions") {
        entries.drain(..entries.len() - 1);
    }
    for entry in entries {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            std::fs::copy(&entry, &target).unwrap();
        }
    }
}
