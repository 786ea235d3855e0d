//! This file writes what proves a bound step by step (`site_proof.csv`), and reads it again for the check.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use kernel::language::Bilingual;
use planning::siting::{Certificate, Flaw, Halved, Known, MOST_NUMBERS, Offers, Step, confirm};

use crate::AppError;
use crate::plan::answer::{Row, Shape, Wrongs, each_row};
use crate::plan::table::{Ids, both, short};
use crate::plan::{csv_of_cells, remove, write};

/// Is the name of the file without its ending.
const NAME: &str = "site_proof";
/// Limits how many signs of a word are shown.
const SHOWN: usize = 80;

/// Writes a proof, or removes the one that an earlier answer left.
pub(super) fn keep(out: &Path, certificate: Option<&Certificate>) -> Result<(), AppError> {
    let path = out.join(format!("{NAME}.csv"));
    let Some(certificate) = certificate else { return remove(&path) };
    let start = row("start", &certificate.known, written(&certificate.prices));
    let rows = std::iter::once(start).chain(certificate.steps.iter().flat_map(rows_of));
    write(&path, &csv_of_cells("step,open,closed,numbers", rows))
}

fn row(word: &str, known: &Known, numbers: String) -> Vec<String> {
    vec![word.to_owned(), written(&known.open), written(&known.closed), numbers]
}

/// Returns the rows of a step. Cuts stand before the prices to which they belong.
fn rows_of(step: &Step) -> Vec<Vec<String>> {
    let alone = |word: &str| vec![row(word, &Known::default(), String::new())];
    match step {
        Step::Prices { sets, cuts, known } => {
            let cut = |cut: &Halved| {
                let numbers = format!("{} {}", cut.price, written(&cut.sets));
                row("cut", &Known::default(), numbers)
            };
            cuts.iter().map(cut).chain(std::iter::once(row("prices", known, written(sets)))).collect()
        }
        Step::Small => alone("small"),
        Step::Split { site, open_first } => {
            let mut first = Known::default();
            if *open_first {
                first.open.push(*site);
            } else {
                first.closed.push(*site);
            }
            vec![row("split", &first, String::new())]
        }
        Step::End => alone("end"),
    }
}

fn written<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(T::to_string).collect::<Vec<_>>().join(" ")
}

fn numbers<T: FromStr>(text: &str) -> Option<Vec<T>> {
    text.split_ascii_whitespace().map(|one| one.parse().ok()).collect()
}

/// A proof that an answer brings.
pub(super) struct Proof {
    certificate: Certificate,
    path: PathBuf,
    /// The line of the start, then that of each step.
    lines: Vec<u64>,
}

/// Reads the proof of an answer, if it brings one.
pub(super) fn read(out: &Path, wrongs: &mut Wrongs) -> Result<Option<Proof>, AppError> {
    if !out.join(format!("{NAME}.csv")).exists() {
        return Ok(None);
    }
    let columns =
        [("step", Shape::Word), ("open", Shape::Numbers), ("closed", Shape::Numbers), ("numbers", Shape::Numbers)];
    let certificate = Certificate { prices: Vec::new(), known: Known::default(), steps: Vec::new() };
    let mut reading = Reading { certificate, cuts: Vec::new(), lines: Vec::new() };
    let (path, mut rows) = (out.join(format!("{NAME}.csv")), 0);
    // What stands behind a row that is no step is not looked at.
    let mut take = |row: Row, wrongs: &mut Wrongs| {
        rows += 1;
        if rows <= MOST_NUMBERS && reading.take(&row).is_some() {
            return true;
        }
        let said = if rows > MOST_NUMBERS { too_many() } else { no_step(row.text(0)) };
        wrongs.add(&path, row.line, said);
        false
    };
    drop(each_row(out, NAME, &columns, wrongs, &mut take)?);
    Ok(Some(Proof { certificate: reading.certificate, path, lines: reading.lines }))
}

/// Says that there are more rows than a proof has.
fn too_many() -> Bilingual {
    both(
        format!("证明最多有 {MOST_NUMBERS} 行，这个文件更长。请重新规划。"),
        format!("a proof has {MOST_NUMBERS} rows at most, and the file is longer. Plan again."),
    )
}

/// Says that a row is no step.
fn no_step(word: &str) -> Bilingual {
    let word = short(word, SHOWN);
    both(
        format!("“{word}”这一行不是证明的一步。请重新规划。"),
        format!("the row “{word}” is no step of a proof. Plan again."),
    )
}

/// A proof while it is read.
struct Reading {
    certificate: Certificate,
    /// The cuts whose prices come next.
    cuts: Vec<Halved>,
    lines: Vec<u64>,
}

impl Reading {
    /// Takes a row, or returns nothing if it is no step where it stands.
    fn take(&mut self, row: &Row) -> Option<()> {
        let known = Known { open: numbers(row.text(1))?, closed: numbers(row.text(2))? };
        let (is_first, bare) = (self.lines.is_empty(), self.cuts.is_empty() && row.text(3).is_empty());
        let step = match row.text(0) {
            "start" if is_first => {
                self.certificate.prices = numbers(row.text(3))?;
                self.certificate.known = known;
                self.lines.push(row.line);
                return Some(());
            }
            "cut" if !is_first && known.is_empty() => {
                let (price, sets) = row.text(3).split_once(' ')?;
                self.cuts.push(Halved { price: price.parse().ok()?, sets: numbers(sets)? });
                return Some(());
            }
            "prices" if !is_first => {
                Step::Prices { sets: numbers(row.text(3))?, cuts: std::mem::take(&mut self.cuts), known }
            }
            "small" if !is_first && bare && known.is_empty() => Step::Small,
            "split" if !is_first && bare => match (known.open.as_slice(), known.closed.as_slice()) {
                (&[site], &[]) => Step::Split { site, open_first: true },
                (&[], &[site]) => Step::Split { site, open_first: false },
                _ => return None,
            },
            "end" if !is_first && bare && known.is_empty() => Step::End,
            _ => return None,
        };
        self.certificate.steps.push(step);
        self.lines.push(row.line);
        Some(())
    }
}

impl Proof {
    /// Says whether the proof shows that no choice of `count` sites gains more than `most`, or where it does not.
    pub(super) fn follow(&self, offers: &Offers, count: usize, most: i64) -> Result<(), Flaw> {
        confirm(offers, &self.certificate, count, most)
    }

    /// Notes where it does not prove the bound that the answer claims. `ids` are those of the candidates.
    pub(super) fn refuse(&self, flaw: Flaw, bound: i64, ids: &Ids, wrongs: &mut Wrongs) {
        let (step, zh, en) = match flaw {
            Flaw::Unfit(step) => (step, "这一步和表对不上".to_owned(), "the step does not fit the tables".to_owned()),
            Flaw::Site { step, site } => {
                let name = ids.written(site as usize);
                (
                    step,
                    format!("价格推不出这里对候选点 {name} 的说法"),
                    format!("the prices do not tell what is said here of candidate {name}"),
                )
            }
            Flaw::Idle(step) => (
                step,
                "这一步什么也没有说：候选点知道的没有变多".to_owned(),
                "the step says nothing, as no more is known of the candidates".to_owned(),
            ),
            Flaw::Long(step) => (
                step,
                "到这里的步骤比规划会写的还多".to_owned(),
                "the steps up to here are more than a plan writes".to_owned(),
            ),
            Flaw::Open(step) => {
                (step, "到这里还有没排除的选法".to_owned(), "some choices are not ruled out here".to_owned())
            }
        };
        let line = self.lines.get(step).copied().unwrap_or_default();
        let sentence = both(
            format!("{zh}，所以证明不了界限 {bound}。请重新规划。"),
            format!("{en}, so that the bound {bound} is not proven. Plan again."),
        );
        wrongs.add(&self.path, line, sentence);
    }
}
