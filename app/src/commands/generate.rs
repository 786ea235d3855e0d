//! This file does `lianglin generate`: it writes the parts of the documentation that come from the code, so that they
//! never become wrong.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use kernel::figure::{Counted, Direction};
use kernel::language::Lang;
use store::{Options as StoreOptions, Store};

use crate::AppError;
use crate::departments::migrations;
use crate::opening::Opening;

/// Options of `generate`.
#[derive(Args)]
pub struct Options {
    /// Folder to write into.
    #[arg(long, default_value = "docs/generated")]
    out: PathBuf,
}

pub fn run(opening: &Opening, options: &Options) -> Result<ExitCode, AppError> {
    std::fs::create_dir_all(&options.out).map_err(AppError::outside(options.out.display().to_string()))?;
    write(&options.out, "refusals.md", &refusals())?;
    write(&options.out, "permissions.md", &permissions(opening)?)?;
    write(&options.out, "indicators.md", &indicators()?)?;
    write(&options.out, "schema.sql", &schema()?)?;
    for procedure in opening.procedures()?.values() {
        write(
            &options.out,
            &format!("procedure-{}.svg", procedure.name),
            &kernel::procedure::draw(procedure, Lang::Zh),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), AppError> {
    let file = folder.join(name);
    std::fs::write(&file, text).map_err(AppError::outside(file.display().to_string()))
}

/// Writes every refusal with its code, sentence and remedy in both languages.
fn refusals() -> String {
    let mut text = "# Refusals\n\nWritten by `cargo xtask docs`. A refusal changes nothing; its code never changes.\n\n| code | 中文 | 怎么办 | English | what to do |\n|---|---|---|---|---|\n".to_owned();
    for code in crate::departments::refusals() {
        let row = [code.sentence(Lang::Zh), code.remedy(Lang::Zh), code.sentence(Lang::En), code.remedy(Lang::En)]
            .join(" | ");
        let _ = writeln!(text, "| `{}` | {row} |", code.as_str());
    }
    text
}

/// Writes which role has which permission.
fn permissions(opening: &Opening) -> Result<String, AppError> {
    let roles = opening.roles()?;
    let mut text = "# Permissions by role\n\nWritten by `cargo xtask docs` from `data/roles`. A grant holds at its place and everything inside.\n\n| permission |".to_owned();
    for role in roles.all() {
        let _ = write!(text, " {} |", role.code);
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(roles.all().count()));
    text.push('\n');
    for permission in crate::departments::permissions() {
        let _ = write!(text, "| `{}` {} |", permission.as_str(), permission.title().en);
        for role in roles.all() {
            text.push_str(if role.permissions.contains(&permission) { " yes |" } else { " |" });
        }
        text.push('\n');
    }
    Ok(text)
}

/// Writes what every department publishes: code, name, unit, which way it gets better, and what it is reckoned from.
fn indicators() -> Result<String, AppError> {
    let texts = web::Texts::new(&crate::departments::texts()).map_err(AppError::Faults)?;
    let mut text = "# Indicators\n\nWritten by `cargo xtask docs`. A sum keeps its column for ever.\n\n| code | 中文 | English | unit | better | counted |\n|---|---|---|---|---|---|\n".to_owned();
    for indicator in crate::departments::indicators() {
        let better = match indicator.direction {
            Direction::More => "more",
            Direction::Less => "less",
            Direction::Neither => "",
        };
        let counted = match indicator.counted {
            Counted::Sum { slot } => format!("column {slot}"),
            Counted::Share { of, among } => format!("`{of}` of `{}`", among.join("` + `")),
            Counted::Mean { of, over } => format!("`{of}` by `{over}`"),
        };
        let anew = indicator.anew.map(|anew| format!(", so since {}", anew.from)).unwrap_or_default();
        let (zh, en) = (texts.get(Lang::Zh, indicator.title, &[]), texts.get(Lang::En, indicator.title, &[]));
        let (code, unit) = (indicator.code, indicator.unit.code());
        let _ = writeln!(text, "| `{code}` | {zh} | {en} | {unit} | {better} | {counted}{anew} |");
    }
    Ok(text)
}

/// Writes the tables as they are after every migration.
fn schema() -> Result<String, AppError> {
    let folder = tempfile::tempdir().map_err(AppError::outside("a folder for a moment"))?;
    let store = Store::open(&folder.path().join("schema.db").display().to_string(), StoreOptions::default())?;
    store::migrate(&store, &migrations())?;
    Ok(store::schema(&store)?)
}
