//! This file stands between cargo and rustdoc. Where the examples of a library are tried, its documentation is written
//! and checked as well, from what the build has made already: `cargo doc` alone would check every library once more,
//! with everything on which it depends. Programs without a library have no examples, so they are left out.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::programs::{find, linting_cargo, target};

/// Names the variable with the rustdoc for which this program stands.
const RUSTDOC: &str = "XTASK_RUSTDOC";
/// Lists what cargo says for trying examples alone, and whether a word follows on it.
const TRYING: &[(&str, bool)] = &[
    ("--test", false),
    ("--no-run", false),
    ("--nocapture", false),
    ("--test-args", true),
    ("--test-run-directory", true),
    ("--test-runtool", true),
    ("--test-runtool-arg", true),
    ("--persist-doctests", true),
];

/// Returns the command that tries the examples of all libraries and writes their documentation.
#[must_use]
pub fn command() -> Command {
    let mut cargo = linting_cargo(&["test", "--workspace", "--doc"]);
    cargo.env("RUSTDOC", own_copy(&target().join("stands-in"))).env(RUSTDOC, rustdoc());
    cargo
}

fn rustdoc() -> PathBuf {
    let named = std::env::var_os("RUSTDOC").map(PathBuf::from);
    named.or_else(|| find("rustdoc")).unwrap_or_else(|| PathBuf::from("rustdoc"))
}

/// Copies the program that runs into `folder` and returns the path of the copy. The build beside it may put another
/// program in the place from which this one was started. Where it cannot be copied, cargo says that it is missing.
fn own_copy(folder: &Path) -> PathBuf {
    let running = Path::new("/proc/self/exe");
    let own = if running.exists() { Ok(running.to_owned()) } else { std::env::current_exe() };
    let copy = folder.join("rustdoc");
    let copied = std::fs::create_dir_all(folder).and_then(|()| {
        let _ = std::fs::remove_file(&copy);
        std::fs::copy(own?, &copy)
    });
    if let Err(error) = copied {
        println!("{} cannot be written, so no documentation is checked: {error}", copy.display());
    }
    copy
}

/// Does what cargo asks of rustdoc, if this program was started in its place. Otherwise returns nothing.
#[must_use]
pub fn stands_in() -> Option<ExitCode> {
    let real = std::env::var_os(RUSTDOC)?;
    let asked: Vec<OsString> = std::env::args_os().skip(1).collect();
    let tries = asked.iter().any(|word| word == "--test");
    if tries && !run(&real, &writing(&asked, &target().join("doc"))) {
        return Some(ExitCode::FAILURE);
    }
    Some(if run(&real, &asked) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Returns the words that write the documentation of the library whose examples would be tried. What rustdoc warns of
/// is an error.
fn writing(asked: &[OsString], folder: &Path) -> Vec<OsString> {
    let (mut words, mut rest) = (Vec::new(), asked.iter());
    while let Some(word) = rest.next() {
        match TRYING.iter().find(|(name, _)| word == name) {
            Some((_, true)) => drop(rest.next()),
            Some((_, false)) => {}
            None => words.push(word.clone()),
        }
    }
    words.extend(["--document-private-items", "-D", "warnings", "--out-dir"].map(OsString::from));
    words.push(folder.into());
    words
}

fn run(program: &OsString, words: &[OsString]) -> bool {
    let ended = Command::new(program).args(words).env_remove(RUSTDOC).status();
    ended.is_ok_and(|ended| ended.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_running_program_stands_in() {
        let folder = std::env::temp_dir().join(format!("xtask-stands-in-{}", std::process::id()));
        let copy = own_copy(&folder);
        let own = std::env::current_exe().expect("the running program has a path");
        assert_eq!(std::fs::read(&copy).expect("the copy is read"), std::fs::read(own).expect("the program is read"));
        std::fs::remove_dir_all(folder).expect("the copy is removed");
    }

    #[test]
    fn what_is_said_for_trying_is_left_out() {
        let asked = [
            "--edition=2024",
            "--crate-type",
            "lib",
            "--crate-name",
            "kernel",
            "--test",
            "kernel/src/lib.rs",
            "--test-run-directory",
            "/kernel",
            "--extern",
            "jiff=/a.rlib",
            "--test-args",
            "--quiet",
        ];
        let asked: Vec<OsString> = asked.into_iter().map(OsString::from).collect();
        let expected = [
            "--edition=2024",
            "--crate-type",
            "lib",
            "--crate-name",
            "kernel",
            "kernel/src/lib.rs",
            "--extern",
            "jiff=/a.rlib",
            "--document-private-items",
            "-D",
            "warnings",
            "--out-dir",
            "/doc",
        ];
        assert_eq!(writing(&asked, Path::new("/doc")), expected.map(OsString::from));
    }
}
