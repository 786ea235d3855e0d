//! This file does `cargo xtask demo`: it builds the platform and starts it with a demonstration city.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::programs::{self, cargo};

/// Builds the platform, fills the city at the first start, and serves until Ctrl-C.
///
/// # Errors
/// Fails if the build, the first filling or the server fails.
pub fn run(database: Option<&str>, port: u16, fresh: bool) -> Result<(), String> {
    let folder = folder(database);
    let fault = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    if fresh && folder.is_dir() {
        std::fs::remove_dir_all(&folder).map_err(fault)?;
    }
    std::fs::create_dir_all(&folder).map_err(fault)?;
    if let Err(fault) = crate::chores::map() {
        println!("The zoomable map is left out: {fault}");
    }
    println!("Building the platform; the first time takes some minutes.");
    succeed(&mut cargo(&["build", "--package", "lianglin"]), "The build")?;
    let file = folder.join("lianglin.db").display().to_string();
    let database = database.unwrap_or(&file);
    fill(&folder, database)?;
    println!("\n  http://127.0.0.1:{port}/     Ctrl-C ends it\n");
    succeed(lianglin(&folder, database).args(["serve", "--listen", &format!("127.0.0.1:{port}")]), "The server")
}

/// Returns the folder where a demonstration keeps its key and sign-ins. Each database has a folder of its own.
fn folder(database: Option<&str>) -> PathBuf {
    let demo = programs::root().join("demo");
    let Some(database) = database else { return demo.join("city") };
    let mut hash = DefaultHasher::new();
    database.hash(&mut hash);
    demo.join(format!("city-{:016x}", hash.finish()))
}

/// Makes the city at the first start. Later it only shows the sign-ins again.
fn fill(folder: &Path, database: &str) -> Result<(), String> {
    let sign_ins = folder.join("sign-ins.json");
    if let Ok(text) = std::fs::read_to_string(&sign_ins) {
        println!("The demonstration city of the last time is still there; --fresh begins anew. Its sign-ins:");
        println!("{}", table(&text));
        return Ok(());
    }
    let made = succeed(
        lianglin(folder, database).args(["init", "--demo", "--sign-ins"]).arg(&sign_ins),
        "Filling the demonstration city",
    );
    made.map_err(|fault| format!("{fault} To begin anew: cargo xtask demo --fresh"))
}

/// Returns the program with the demonstration's database and key.
fn lianglin(folder: &Path, database: &str) -> Command {
    let mut command = Command::new(programs::lianglin());
    command.args(["--database", database]).arg("--key-file").arg(folder.join("lianglin.key")).current_dir(folder);
    command
}

fn succeed(command: &mut Command, what: &str) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|fault| format!("{what}: {} cannot be started: {fault}", command.get_program().display()))?;
    if status.success() { Ok(()) } else { Err(format!("{what} failed ({status}); what it said stands above.")) }
}

/// Returns role, name, place, login and password of each account, one account a line. It reads only the form that
/// `init` writes.
fn table(json: &str) -> String {
    let accounts = json.split_once("\"accounts\"").map(|(_, rest)| rest).unwrap_or_default();
    let accounts = accounts.split(']').next().unwrap_or_default();
    let line = |account: &str| {
        let [role, name, place, login, password] =
            ["role", "name", "place", "login", "password"].map(|key| value(account, key));
        format!("  {role:<22} {login:<16} {password:<20} {name}  {place}")
    };
    accounts.split('{').skip(1).map(line).collect::<Vec<_>>().join("\n")
}

/// Returns the text under a key of a flat JSON object.
fn value(object: &str, key: &str) -> String {
    let after = object.split_once(&format!("\"{key}\"")).and_then(|(_, rest)| rest.split_once('"'));
    after.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_ins_are_shown_one_a_line() {
        let json = r#"{ "base": "x", "accounts": [
            {"role": "worker", "login": "wang", "password": "a-b-c", "name": "王小明", "place": "文安路社区"},
            {"role":"supervisor","login":"li","password":"d","name":"李","place":"和平区"}], "cases": [{"number": "1"}] }"#;
        let lines: Vec<_> =
            table(json).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(lines, ["worker wang a-b-c 王小明 文安路社区", "supervisor li d 李 和平区"]);
    }
}
