//! This file runs a target on its seeds and on damaged ones. It keeps inputs that make the target say something new,
//! and makes a finding smaller.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::mutate::damaged;
use crate::targets::Target;
use planning::chance::Chance;

/// Limits the inputs of the corpus, with the seeds.
const CORPUS: usize = 2_000;
/// Says after how long an answer counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);
/// Limits the time for making a finding smaller.
const SMALLER: Duration = Duration::from_secs(5);
/// Says how many executions lie between two looks at the clock.
const BETWEEN_LOOKS: u64 = 16;

/// Holds what the last panic said.
static PANIC: Mutex<String> = Mutex::new(String::new());

/// An input that does not get a right answer.
pub struct Finding {
    /// The input.
    pub input: Vec<u8>,
    /// What happened.
    pub said: String,
}

/// A hunt on one target.
pub struct Hunt<'t> {
    target: &'t Target,
    chance: Chance,
    corpus: Vec<Vec<u8>>,
    kinds: BTreeSet<String>,
    executions: u64,
}

/// Catches panics and keeps them without printing them.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|panic| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = panic.to_string();
    }));
}

/// Gives a target one input. Returns what the target said, or how it failed.
pub fn attempt(target: &Target, input: &[u8]) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input)))
        .unwrap_or_else(|_| Err(PANIC.lock().unwrap_or_else(PoisonError::into_inner).clone()))
}

/// Keeps an input under `fuzz/artifacts`.
pub fn write(target: &str, input: &[u8]) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
    let sum = input
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let file = folder.join(format!("{target}-{sum:016x}.bin"));
    let written = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, input));
    written.map(|()| file.clone()).map_err(|fault| format!("{}: {fault}", file.display()))
}

impl<'t> Hunt<'t> {
    /// Begins a hunt with the target's seeds.
    pub fn new(target: &'t Target, seed: u64) -> Self {
        let corpus = (target.seeds)();
        Self { target, chance: Chance::new(seed, 0), corpus, kinds: BTreeSet::new(), executions: 0 }
    }

    /// Hunts for a time or until something is found. Returns the number of executions, the kinds of answers, and the
    /// finding.
    pub fn run(mut self, time: Duration) -> (u64, usize, Option<Finding>) {
        let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}");
        let bar = ProgressBar::new_spinner().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.enable_steady_tick(Duration::from_millis(200));
        let watch = Watch::start(self.target.name);
        let begun = Instant::now();
        let mut finding = self.seeds(&watch);
        while finding.is_none() && (!self.executions.is_multiple_of(BETWEEN_LOOKS) || begun.elapsed() < time) {
            finding = self.once(&watch);
            if self.executions.is_multiple_of(BETWEEN_LOOKS) {
                bar.set_message(format!(
                    "{}: {} executions, {} kinds",
                    self.target.name,
                    self.executions,
                    self.kinds.len()
                ));
            }
        }
        let finding = finding.map(|finding| self.smaller(finding, &watch));
        watch.stop();
        bar.finish_and_clear();
        (self.executions, self.kinds.len(), finding)
    }

    /// Tries the seeds as they are.
    pub fn seeds(&mut self, watch: &Watch) -> Option<Finding> {
        let seeds = self.corpus.clone();
        seeds.into_iter().find_map(|seed| self.give(seed, watch))
    }

    /// Tries one damaged input.
    pub fn once(&mut self, watch: &Watch) -> Option<Finding> {
        let (first, second) = (self.chance.below(self.corpus.len()), self.chance.below(self.corpus.len()));
        let nothing = Vec::new();
        let (input, other) = (self.corpus.get(first).unwrap_or(&nothing), self.corpus.get(second).unwrap_or(&nothing));
        let input = damaged(&mut self.chance, input, other, self.target.words);
        self.give(input, watch)
    }

    fn give(&mut self, input: Vec<u8>, watch: &Watch) -> Option<Finding> {
        self.executions += 1;
        watch.begin(&input);
        let answer = attempt(self.target, &input);
        watch.end();
        match answer {
            Ok(said) => {
                if self.kinds.insert(kind(&said)) && self.corpus.len() < CORPUS {
                    self.corpus.push(input);
                }
                None
            }
            Err(said) => Some(Finding { input, said }),
        }
    }

    /// Looks for the same failure from a smaller input, as far as a few seconds allow.
    fn smaller(&self, mut finding: Finding, watch: &Watch) -> Finding {
        let until = Instant::now() + SMALLER;
        let mut part = (finding.input.len() / 2).max(1);
        while Instant::now() < until {
            let mut from = 0;
            let mut shrunk = false;
            while from < finding.input.len() && Instant::now() < until {
                let kept = finding.input.iter().enumerate().filter(|(at, _)| *at < from || *at >= from + part);
                let less: Vec<u8> = kept.map(|(_, byte)| *byte).collect();
                watch.begin(&less);
                let answer = attempt(self.target, &less);
                watch.end();
                match answer {
                    Err(said) if kind(&said) == kind(&finding.said) => {
                        finding = Finding { input: less, said };
                        shrunk = true;
                    }
                    _ => from += part,
                }
            }
            if part == 1 && !shrunk {
                break;
            }
            part = (part / 2).max(1);
        }
        finding
    }
}

/// Returns an answer without its details: no digits, nothing in quotes, not too long.
fn kind(said: &str) -> String {
    let mut quoted = false;
    let plain = said.chars().filter(|sign| {
        if matches!(sign, '"' | '`' | '“' | '”') {
            quoted = !quoted;
        }
        !quoted && !sign.is_ascii_digit()
    });
    plain.take(300).collect()
}

/// Holds the input that is being read, and since when.
type Running = Option<(Instant, Vec<u8>)>;

/// Watches that every answer comes. If an input hangs, it is kept and the program ends.
pub struct Watch {
    now: Arc<Mutex<Running>>,
    over: Arc<AtomicBool>,
}

impl Watch {
    /// Starts watching.
    pub fn start(target: &'static str) -> Self {
        let watch = Self { now: Arc::new(Mutex::new(None)), over: Arc::new(AtomicBool::new(false)) };
        let (now, over) = (watch.now.clone(), watch.over.clone());
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(500));
                let running = now.lock().unwrap_or_else(PoisonError::into_inner);
                let hangs = running.as_ref().filter(|(since, _)| since.elapsed() > PATIENCE);
                if let Some((_, input)) = hangs {
                    let kept = write(target, input).map_or_else(|fault| fault, |file| file.display().to_string());
                    println!("{target:<12} hangs for more than {} s: {kept}", PATIENCE.as_secs());
                    println!("0 passed, 1 failed");
                    std::process::exit(1);
                }
            }
        });
        watch
    }

    fn begin(&self, input: &[u8]) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), input.to_vec()));
    }

    fn end(&self) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Ends watching.
    pub fn stop(&self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says how many mutations of each target the gate tries.
    const FEW: usize = 1_000;
    /// Limits the seconds that the gate spends on each target.
    const MOST: Duration = Duration::from_secs(5);

    #[test]
    fn every_target_stands_its_seeds_and_some_damage() {
        for target in crate::targets::all() {
            let watch = Watch::start(target.name);
            let mut hunt = Hunt::new(&target, 1);
            assert!(!hunt.corpus.is_empty(), "{} has no seeds", target.name);
            let begun = Instant::now();
            let mut finding = hunt.seeds(&watch);
            for _ in 0..FEW {
                if finding.is_none() && begun.elapsed() < MOST {
                    finding = hunt.once(&watch);
                }
            }
            watch.stop();
            if let Some(Finding { input, said }) = finding {
                panic!("{}: {said}: {:?}", target.name, String::from_utf8_lossy(&input));
            }
        }
    }

    #[test]
    fn kinds_have_no_particulars() {
        assert_eq!(kind("x.toml:12: \"abc\" is no state"), kind("x.toml:7: \"d\" is no state"));
    }
}
