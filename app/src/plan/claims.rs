//! This file keeps what an answer says of itself (`summary.json`), and compares it with what was found.

use std::path::{Path, PathBuf};

use kernel::language::Lang;
use serde_json::{Map, Value, json};

use super::answer::{Wrongs, refused};
use super::summary::{MEASURED, Note, Summary};
use super::table::both;
use crate::AppError;

/// The name of the file.
const NAME: &str = "summary.json";
/// The codes of the notes. Every summary has them, except for those of earlier versions.
const CODES: &str = "note_codes";
/// Names figures that earlier versions did not write.
const NEWER: [&str; 2] = [CODES, "lang"];

/// Holds what an answer says of itself.
#[derive(Debug)]
pub struct Claims {
    path: PathBuf,
    text: String,
    said: Map<String, Value>,
}

/// Writes what an answer says of itself, in English if no language was chosen. Measures of the work are left out, so
/// that the same task and seed give the same file.
pub fn write(out: &Path, summary: &Summary, lang: Option<Lang>) -> Result<(), AppError> {
    let text = format!("{:#}\n", Value::Object(summary.claims(lang.unwrap_or(Lang::En))));
    super::write(&out.join(NAME), text.as_bytes())
}

impl Claims {
    /// Reads what an answer says of itself. Returns nothing if it says nothing.
    pub fn read(out: &Path) -> Result<Option<Self>, AppError> {
        let path = out.join(NAME);
        if !path.exists() {
            return Ok(None);
        }
        let bytes = super::read(&path)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let said = match serde_json::from_str(&text) {
            Ok(Value::Object(said)) => said,
            Ok(_) => return Err(refused(&path, 1, both("不是规划的摘要。请重新规划。", "is no summary. Plan again."))),
            Err(fault) => {
                let line = u64::try_from(fault.line()).unwrap_or_default();
                let said = both(
                    format!("读不下去了（{fault}）。文件不完整，请重新规划。"),
                    format!("cannot be read ({fault}): the file is cut off. Plan again."),
                );
                return Err(refused(&path, line, said));
            }
        };
        Ok(Some(Self { path, text, said }))
    }

    /// Returns the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a whole number that it says.
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.said.get(name).and_then(Value::as_i64)
    }

    /// Returns the bound that it claims, if it claims one.
    pub fn bound(&self, wrongs: &mut Wrongs) -> Option<i64> {
        let said = self.said.get("bound").filter(|said| !said.is_null())?;
        if said.as_i64().is_none() {
            let sentence = both(
                format!("bound 写的是 {said}，不是整数。请重新规划。"),
                format!("bound says {said}, which is no whole number. Plan again."),
            );
            wrongs.add(&self.path, self.line("bound"), sentence);
        }
        said.as_i64()
    }

    /// Compares the gap that it claims with the one between an objective and the bound that it claims.
    pub fn gap(&self, summary: &Summary, bound: Option<i64>, wrongs: &mut Wrongs) {
        let found = json!(Summary { bound, ..summary.clone() }.gap());
        if let Some(said) = self.said.get("gap").filter(|said| !alike(said, &found)) {
            wrongs.differs(&self.path, self.line("gap"), "gap", said, &found);
        }
    }

    /// Says whether an earlier version wrote it, which knew English sentences alone and no codes.
    pub fn is_earlier(&self) -> bool {
        !self.said.contains_key(CODES)
    }

    /// Returns the language of its sentences.
    fn lang(&self) -> Lang {
        self.said.get("lang").and_then(Value::as_str).and_then(Lang::parse).unwrap_or(Lang::En)
    }

    /// Says whether it has a note, by its code. Earlier versions wrote the sentence alone.
    pub fn has(&self, note: &Note) -> bool {
        let (name, wanted) = if self.is_earlier() { ("notes", note.said.en.as_str()) } else { (CODES, note.code) };
        let said = self.said.get(name).and_then(Value::as_array);
        said.is_some_and(|said| said.iter().any(|one| one.as_str() == Some(wanted)))
    }

    /// Returns what a summary claims, as the version wrote it that wrote this one.
    fn as_written(&self, summary: &Summary) -> Map<String, Value> {
        let mut found = summary.claims(self.lang());
        if self.is_earlier() {
            for name in NEWER {
                found.remove(name);
            }
        }
        found
    }

    /// Returns the line on which a figure stands. Figures inside of others come last.
    pub fn line(&self, name: &str) -> u64 {
        let outer = format!("  \"{name}\":");
        let lines = || self.text.lines();
        let inner = || lines().position(|line| line.trim_start().starts_with(outer.trim_start()));
        let found = lines().position(|line| line.starts_with(&outer)).or_else(inner);
        found.and_then(|line| u64::try_from(line).ok()).map_or(0, |line| line + 1)
    }

    /// Compares every figure and word with those of a summary. Those in `settled` were looked at before.
    pub fn compare(&self, summary: &Summary, settled: &[&str], wrongs: &mut Wrongs) {
        let found = self.as_written(summary);
        for (name, value) in &self.said {
            let name = name.as_str();
            if settled.contains(&name) || MEASURED.contains(&name) {
                continue;
            }
            match (name, found.get(name)) {
                ("task", Some(asked)) => self.compare_task(value, asked, wrongs),
                ("notes", Some(notes)) => self.compare_notes(value, notes, wrongs),
                (_, Some(found)) if alike(value, found) => {}
                (_, Some(found)) => wrongs.differs(&self.path, self.line(name), name, value, found),
                (_, None) => {
                    let said = both(
                        format!("{name} 不是这个结果的数字。请重新规划。"),
                        format!("{name} is no figure of this answer. Plan again."),
                    );
                    wrongs.add(&self.path, self.line(name), said);
                }
            }
        }
        for (name, found) in found.iter().filter(|(name, _)| !self.said.contains_key(*name)) {
            let said = both(
                format!("没有写 {name}，它是 {found}。文件不完整，请重新规划。"),
                format!("says nothing of {name}, which is {found}. Plan again."),
            );
            wrongs.add(&self.path, 0, said);
        }
    }

    /// Compares what was asked when it was planned with what is asked now.
    fn compare_task(&self, said: &Value, asked: &Value, wrongs: &mut Wrongs) {
        let none = Map::new();
        let (said, asked) = (said.as_object().unwrap_or(&none), asked.as_object().unwrap_or(&none));
        let names: std::collections::BTreeSet<&String> = said.keys().chain(asked.keys()).collect();
        for name in names {
            let (before, now) = (said.get(name).unwrap_or(&Value::Null), asked.get(name).unwrap_or(&Value::Null));
            if !alike(before, now) {
                let said = both(
                    format!("规划时 {name} 是 {before}，检查时是 {now}。请用和规划时一样的选项检查。"),
                    format!("was planned with {name} {before} and is checked with {now}. Check with the same options."),
                );
                wrongs.add(&self.path, self.line(name), said);
            }
        }
    }

    /// Compares the notes, one by one.
    fn compare_notes(&self, said: &Value, found: &Value, wrongs: &mut Wrongs) {
        let none = Vec::new();
        let (said, found) = (said.as_array().unwrap_or(&none), found.as_array().unwrap_or(&none));
        for at in 0..said.len().max(found.len()) {
            let (before, now) = (said.get(at).unwrap_or(&Value::Null), found.get(at).unwrap_or(&Value::Null));
            if before != now {
                wrongs.differs(&self.path, self.line("notes"), "notes", before, now);
                return;
            }
        }
    }
}

/// Says whether two values are the same, whatever the last digit of decimals.
fn alike(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(a), Some(b)) if !(one.is_i64() && other.is_i64()) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        _ => one == other,
    }
}
