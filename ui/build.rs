//! Puts the library of the zoomable map into the binary if `cargo xtask map` has installed it. Without it the map is a
//! picture.

use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The files that a browser loads.
const NAMES: [&str; 3] = ["maplibre-gl.css", "maplibre-gl-worker.mjs", "maplibre-gl.mjs"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("library");
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rerun-if-changed=build.rs");
    let files: Vec<(&str, PathBuf)> = NAMES.iter().map(|name| (*name, folder.join(name))).collect();
    let mut list = String::from("&[\n");
    // Half a library draws nothing.
    if files.iter().all(|(_, file)| file.is_file()) {
        for (name, file) in files {
            writeln!(list, "    ({name:?}, include_bytes!({:?})),", file.display().to_string())?;
        }
    }
    list.push(']');
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("library.rs"), list)?;
    Ok(())
}
