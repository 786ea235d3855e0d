//! This file says what came of a command of `lianglin plan`, and with which exit code it ends.

use std::path::{Path, PathBuf};

use kernel::language::Lang;

use crate::AppError;
use crate::plan::checked::Outcome;

/// Is the exit code where an answer is refused, or something cannot be written.
const REFUSED: u8 = 1;
/// Is the exit code where the command line, the tables or the map are wrong, so that there is no answer.
const WRONG: u8 = 2;
/// Is the exit code of an answer that breaks bounds without a proof that this cannot be avoided, and of a check that
/// does not prove everything that the answer claims.
const UNPROVEN: u8 = 3;

/// What came of a command, and how it is printed.
pub(super) struct Done {
    outcome: Outcome,
    json: bool,
    lang: Lang,
    /// The folder of the answer, if there is one.
    out: Option<PathBuf>,
}

/// Why nothing came of a command, with its exit code.
pub(super) struct Failed {
    pub(super) said: String,
    pub(super) code: u8,
}

impl Done {
    /// Returns what is printed.
    pub(super) fn told(&self) -> String {
        let Self { outcome, json, lang, out } = self;
        if *json {
            return outcome.json(*lang).to_string();
        }
        let lines = outcome.lines(*lang);
        match (outcome, out) {
            (Outcome::Planned(_), Some(out)) => format!("{lines}\n{}", written(out, *lang)),
            _ => lines,
        }
    }

    /// Returns the exit code.
    pub(super) fn code(&self) -> u8 {
        match &self.outcome {
            outcome if outcome.is_of_no_use() => WRONG,
            outcome if outcome.is_unproven() => UNPROVEN,
            _ => 0,
        }
    }
}

/// Says where an answer stands, with its list for people and the tables that were made, if it has these.
fn written(out: &Path, lang: Lang) -> String {
    let place = |name: &str| Some(out.join(name)).filter(|path| path.exists()).map(|path| path.display().to_string());
    let parts = [
        Some(lang.pick("结果在 ", "The answer is in ").to_owned() + &out.display().to_string()),
        place("answer.xlsx").map(|list| lang.pick("清单是 ", "the list is ").to_owned() + &list),
        place("tables").map(|made| lang.pick("做出来的表在 ", "the tables that were made are in ").to_owned() + &made),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(lang.pick("，", ", ")) + lang.pick("。", ".")
}

/// Returns what came of a command, or says in its language why nothing came of it. `out` is the folder of the answer.
pub(super) fn done(
    made: Result<Outcome, AppError>,
    json: bool,
    lang: Lang,
    out: Option<&Path>,
) -> Result<Done, Failed> {
    match made {
        Ok(outcome) => Ok(Done { outcome, json, lang, out: out.map(Path::to_owned) }),
        Err(fault) => Err(Failed { code: code_of(&fault, out), said: fault.told(lang).to_string() }),
    }
}

/// Returns the exit code of a command of which nothing came. Whatever is wrong with a file of the answer refuses it or
/// keeps it from being written; everything else is wrong with what was given.
fn code_of(fault: &AppError, out: Option<&Path>) -> u8 {
    let AppError::Tables(faults) = fault else { return REFUSED };
    let is_given = |file: &Path| !file.as_os_str().is_empty() && !out.is_some_and(|out| file.starts_with(out));
    if faults.iter().any(|fault| is_given(&fault.file)) { WRONG } else { REFUSED }
}

#[cfg(test)]
mod tests {
    use kernel::language::Bilingual;

    use super::*;
    use crate::plan::summary::{Note, Summary};
    use crate::plan::table::Fault;

    /// The summary of grids of which so many are out of bounds that need not be, with notes of these codes.
    fn planned(violations: u64, codes: &[&'static str]) -> Outcome {
        Outcome::Planned(Summary {
            problem: "grids",
            task: Vec::new(),
            objective: 1,
            bound: None,
            violations,
            cpu_seconds: None,
            more: Vec::new(),
            notes: codes.iter().map(|&code| Note::new(code, Bilingual::new("甲", "one"))).collect(),
        })
    }

    #[test]
    fn only_an_answer_within_bounds_or_proven_unavoidable_ends_with_0() {
        let table: [(u64, &[&str], u8); 5] = [
            (0, &["pieces_proven"], 0),
            (1, &["piece_none"], 0),
            (1, &["piece_fewest", "piece_not_found"], UNPROVEN),
            (0, &["piece_not_found"], UNPROVEN),
            (1, &[], UNPROVEN),
        ];
        for (violations, codes, wanted) in table {
            let found = done(Ok(planned(violations, codes)), false, Lang::En, None);
            assert_eq!(found.ok().map(|found| found.code()), Some(wanted), "{violations} {codes:?}");
        }
    }

    #[test]
    fn wrong_input_and_a_refused_answer_have_codes_of_their_own() {
        let table = [
            ("town/楼栋.xlsx", WRONG),
            ("--open", WRONG),
            ("town/plan/grids.bin", REFUSED),
            ("town/plan", REFUSED),
            ("", REFUSED),
        ];
        for (file, wanted) in table {
            let fault = Fault { file: file.into(), line: 0, said: Bilingual::new("错", "wrong") };
            let failed = done(Err(AppError::Tables(vec![fault])), false, Lang::En, Some(Path::new("town/plan")));
            assert_eq!(failed.err().map(|failed| failed.code), Some(wanted), "{file}");
        }
    }

    #[test]
    fn an_answer_says_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("plan");
        std::fs::create_dir_all(out.join("tables")).unwrap();
        std::fs::write(out.join("answer.xlsx"), "").unwrap();
        let said = written(&out, Lang::En);
        assert!(said.contains("plan/answer.xlsx, the tables that were made are in ") && said.ends_with("tables."));
        assert!(written(folder.path(), Lang::Zh).starts_with("结果在 "), "without a list");
    }
}
