//! These chores run programs of the project: they write generated pages, take screenshots and measure.

use std::path::Path;
use std::process::Command;

use crate::programs::{self, cargo};
use crate::{browser, steps::Steps};

/// Is the folder of the pages that the platform writes about itself, for people to read and for tests to compare.
const GENERATED: &str = "docs/generated";

/// Lists what can be measured.
const MEASUREMENTS: [&str; 8] = ["store", "counter", "grid", "flood", "planning", "hotspots", "property", "ways"];

/// Writes docs/generated anew, or only compares.
///
/// # Errors
/// Fails if the build or the program fails, or if a page differs from what would be written.
pub fn docs(check: bool) -> Result<(), String> {
    succeed(&mut cargo(&["build", "--package", "lianglin"]))?;
    if check {
        return compare_generated().map(|said| println!("{said}"));
    }
    let folder = programs::root().join(GENERATED);
    generate(&folder)?;
    println!("{} files written to {GENERATED}", list(&folder)?.len());
    Ok(())
}

fn generate(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let output = Command::new(programs::lianglin()).args(["generate", "--out"]).arg(folder).output();
    let output = output.map_err(|fault| format!("{}: {fault}", programs::lianglin().display()))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("`lianglin generate` failed:\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn list(folder: &Path) -> Result<Vec<String>, String> {
    let entries = std::fs::read_dir(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Compares docs/generated with what the built program would write.
///
/// # Errors
/// Names the first line of each file that differs, and the command to run.
pub fn compare_generated() -> Result<String, String> {
    let (kept, fresh) = (programs::root().join(GENERATED), programs::target().join("xtask/generated"));
    drop(std::fs::remove_dir_all(&fresh));
    generate(&fresh)?;
    let names = list(&fresh)?;
    let mut faults = Vec::new();
    for name in &names {
        let old = std::fs::read_to_string(kept.join(name)).unwrap_or_default();
        let new = std::fs::read_to_string(fresh.join(name)).map_err(|fault| format!("{name}: {fault}"))?;
        if let Some(line) = difference(&old, &new) {
            faults.push(format!("{GENERATED}/{name}:{line}: not as the program writes it. Run `cargo xtask docs` and look at the change."));
        }
    }
    for name in list(&kept).unwrap_or_default().iter().filter(|name| !names.contains(name)) {
        faults.push(format!("{GENERATED}/{name}:1: nothing writes this file any more. Delete it."));
    }
    if faults.is_empty() { Ok(format!("{} files as written", names.len())) } else { Err(faults.join("\n")) }
}

/// Returns the first line on which two texts differ.
fn difference(old: &str, new: &str) -> Option<usize> {
    if old == new {
        return None;
    }
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    Some(same + 1)
}

/// The folder of the package of the zoomable map, and the files of it that a browser loads.
const LIBRARY: (&str, [&str; 3]) =
    ("ui/node_modules/maplibre-gl/dist", ["maplibre-gl.css", "maplibre-gl-worker.mjs", "maplibre-gl.mjs"]);

/// Installs the library of the zoomable map where the build finds it. What is there already stays.
///
/// # Errors
/// Fails if npm fails. The platform works without the library: its map is then a picture.
pub fn map() -> Result<String, String> {
    let root = programs::root();
    let (from, to) = (root.join(LIBRARY.0), root.join("ui/library"));
    let lock = root.join("ui/package-lock.json");
    let lock = std::fs::read(&lock).map_err(|fault| format!("{}: {fault}", lock.display()))?;
    let stamp = to.join("installed.json");
    if std::fs::read(&stamp).is_ok_and(|kept| kept == lock) {
        return Ok("there already".to_owned());
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(root.join("ui"));
    succeed(&mut npm)?;
    for name in LIBRARY.1 {
        std::fs::copy(from.join(name), to.join(name)).map_err(|fault| format!("{name}: {fault}"))?;
    }
    std::fs::write(&stamp, lock).map_err(|fault| format!("{}: {fault}", stamp.display()))?;
    Ok("installed; the next build takes it in".to_owned())
}

/// Takes the screenshots of the guide.
///
/// # Errors
/// Fails if a step fails.
pub fn screenshots() -> Result<(), String> {
    let mut steps = Steps::new(&programs::target().join("xtask"));
    let ready = steps.call("programs", programs::provide_packages)
        && steps.run("build", cargo(&["build", "--package", "lianglin"]))
        && steps.run("browser packages", browser::install())
        && steps.run("screenshots", browser::screenshots());
    steps.close();
    if ready { Ok(()) } else { Err("The screenshots could not be taken.".to_owned()) }
}

/// Builds the measuring program optimised and runs it. It starts a PostgreSQL of its own that waits for the disk. The
/// tests' cluster does not wait for the disk, so its figures would mean nothing.
///
/// # Errors
/// Fails if the name is unknown or the build fails, or with what the measuring program said.
pub fn bench(name: &str, arguments: &[String]) -> Result<(), String> {
    if !MEASUREMENTS.contains(&name) {
        return Err(format!("There is no measurement `{name}`; there are: {}", MEASUREMENTS.join(", ")));
    }
    programs::provide_packages()?;
    succeed(&mut cargo(&["build", "--release", "--package", "bench", "--package", "lianglin"]))?;
    let mut command = Command::new(programs::target().join("release/bench"));
    command.arg(name).args(arguments).current_dir(programs::root());
    if let Some(folder) = programs::postgres_folder() {
        command.env("LIANGLIN_PGBENCH", folder.join("pgbench"));
    }
    succeed(&mut command)
}

/// Builds the fuzzing program, optimised and with every check, and runs it.
///
/// # Errors
/// Fails if the build or a target fails.
pub fn fuzz(seconds: u64, seed: u64, target: Option<&str>, replay: Option<&Path>) -> Result<(), String> {
    succeed(&mut cargo(&["build", "--profile", "fuzz", "--package", "fuzz"]))?;
    let mut command = Command::new(programs::target().join("fuzz/fuzz"));
    command.args(["--seconds", &seconds.to_string(), "--seed", &seed.to_string()]);
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    if let Some(replay) = replay {
        command.arg("--replay").arg(replay);
    }
    succeed(&mut command)
}

fn succeed(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|fault| format!("{name} cannot be started: {fault}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_first_different_line_is_named() {
        for (old, new, line) in
            [("a\nb", "a\nb", None), ("a\nb", "a\nc", Some(2)), ("", "a", Some(1)), ("a\n", "a\nb\n", Some(2))]
        {
            assert_eq!(difference(old, new), line, "{old:?} {new:?}");
        }
    }
}
