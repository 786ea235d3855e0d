//! This file finds the programs that chores need, and installs what is missing if it may.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Holds a Debian package, and a function that says whether its content is there.
type Package = (&'static str, fn() -> bool);

/// Lists what the full run needs from the system, and the Debian packages that hold it.
const PACKAGES: &[Package] = &[
    ("postgresql", || postgres_folder().is_some()),
    ("chromium", || chromium().is_some()),
    ("fonts-noto-cjk", has_chinese_font),
];

/// Is the family that letters ask for first, as `print/src/fonts.rs` names it.
const CHINESE_FONT: &str = "Noto Sans CJK SC";

/// Returns a program that the path contains.
#[must_use]
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Returns the folder of PostgreSQL's server programs, which distributions keep outside the path. The newest version
/// wins.
#[must_use]
pub fn postgres_folder() -> Option<PathBuf> {
    let holds = |folder: &PathBuf| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim().to_owned()));
    let mut debian: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0), entry.path().join("bin")))
        .collect();
    debian.sort();
    let on_path =
        find("initdb").and_then(|file| file.canonicalize().ok()).and_then(|file| file.parent().map(Path::to_owned));
    asked.into_iter().chain(debian.into_iter().rev().map(|(_, folder)| folder)).chain(on_path).find(holds)
}

/// Returns the browser of the browser tests: LIANGLIN_CHROMIUM, or a browser on the path.
#[must_use]
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("LIANGLIN_CHROMIUM").map(PathBuf::from).filter(|file| file.is_file());
    named.or_else(|| ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| find(name)))
}

/// Says whether the Chinese font is there that letters ask for first. Another Chinese font is not enough: letters would
/// look different, and their tests name this one. A machine without fontconfig counts as having none.
fn has_chinese_font() -> bool {
    let listed = Command::new("fc-list").args([CHINESE_FONT, "family"]).output();
    listed.is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

/// Says whether this runs as root.
#[must_use]
pub fn is_root() -> bool {
    let asked = Command::new("id").arg("-u").output();
    asked.is_ok_and(|output| output.stdout.starts_with(b"0\n") || output.stdout == b"0")
}

/// Makes sure that PostgreSQL, a browser and a Chinese font are there.
///
/// # Errors
/// Names the command to run by hand if this may not install, or says what the installer said.
pub fn provide_packages() -> Result<String, String> {
    let missing = || -> Vec<&str> { PACKAGES.iter().filter(|(_, there)| !there()).map(|(name, _)| *name).collect() };
    let wanted = missing();
    if wanted.is_empty() {
        return Ok("all there".to_owned());
    }
    let by_hand = format!("Install what is missing: apt-get install -y {}", wanted.join(" "));
    let sudo = !is_root();
    if find("apt-get").is_none() || sudo && !may_sudo() {
        return Err(format!("{by_hand}   (as root; on another system, the packages with the same programs)"));
    }
    println!("        installing {}", wanted.join(" "));
    let update = apt(sudo, &["update", "-q"]);
    let install: Vec<&str> =
        ["install", "-y", "-q", "--no-install-recommends"].into_iter().chain(wanted.iter().copied()).collect();
    update.and_then(|()| apt(sudo, &install)).map_err(|fault| format!("{fault}\n{by_hand}"))?;
    match missing().as_slice() {
        [] => Ok(format!("installed {}", wanted.join(", "))),
        left => Err(format!("Still missing after installing: {}", left.join(", "))),
    }
}

fn may_sudo() -> bool {
    find("sudo").is_some() && Command::new("sudo").args(["-n", "true"]).status().is_ok_and(|status| status.success())
}

fn apt(sudo: bool, arguments: &[&str]) -> Result<(), String> {
    let mut command = if sudo { Command::new("sudo") } else { Command::new("env") };
    if sudo {
        command.args(["-n", "env"]);
    }
    let output = command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments).output();
    let output = output.map_err(|fault| format!("apt-get: {fault}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Returns cargo, as it was called, without the variables that `cargo run` sets for this program. Build scripts watch
/// those variables.
#[must_use]
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    command.args(arguments).current_dir(root());
    command
}

/// Returns the compiler that also says what the lints say. It comes with clippy and stands beside the compiler.
#[must_use]
pub fn linting_compiler() -> Option<PathBuf> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(compiler).args(["--print", "sysroot"]).current_dir(root()).output().ok()?;
    let folder = PathBuf::from(String::from_utf8_lossy(&asked.stdout).trim());
    Some(folder.join("bin/clippy-driver")).filter(|file| file.is_file())
}

/// Returns cargo with the compiler that also lints, so that a build is a check too and nothing is compiled twice. Where
/// there is none, the plain compiler builds.
#[must_use]
pub fn linting_cargo(arguments: &[&str]) -> Command {
    let mut command = cargo(arguments);
    if let Some(compiler) = linting_compiler() {
        command.env("RUSTC_WORKSPACE_WRAPPER", compiler).env("CLIPPY_ARGS", "");
    }
    command
}

/// Says which compiler builds, in the words of `rustc -vV`.
///
/// # Errors
/// Fails if there is none.
pub fn toolchain() -> Result<String, String> {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(compiler).arg("-vV").current_dir(root()).output();
    let asked = asked.map_err(|fault| format!("rustc cannot be started: {fault}"))?;
    Ok(String::from_utf8_lossy(&asked.stdout).into_owned())
}

/// Returns the root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

/// Returns the folder into which cargo builds.
#[must_use]
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Returns the platform's program, as the development build makes it.
#[must_use]
pub fn lianglin() -> PathBuf {
    target().join("debug/lianglin")
}
