//! This file tells the result of a planner: as lines for people, and as JSON for programs.

use kernel::language::{Bilingual, Lang};
use serde_json::{Map, Value, json};

use super::figures::{line, name_of};
use super::table::both;

/// Names figures of the work. They say nothing of the answer, and no check looks at them.
pub const MEASURED: [&str; 2] = ["cpu_seconds", "pairs_looked_at"];

/// Says something that a reader must know. Checks and programs go by the code, people read the sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What it is about, in a word that stays the same in every language.
    pub code: &'static str,
    /// The sentence.
    pub said: Bilingual,
}

impl Note {
    /// Makes a note.
    pub const fn new(code: &'static str, said: Bilingual) -> Self {
        Self { code, said }
    }
}

/// Tells how a plan ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The name of the planner.
    pub problem: &'static str,
    /// What was asked, each with name and value.
    pub task: Vec<(&'static str, Value)>,
    /// The figure that it made small or great.
    pub objective: i64,
    /// The figure that no answer can pass, or nothing if nothing is proven.
    pub bound: Option<i64>,
    /// How many bounds are broken that could have been kept.
    pub violations: u64,
    /// The seconds of processor time of the planning alone, without reading and writing.
    pub cpu_seconds: Option<f64>,
    /// Further figures, each with name and value.
    pub more: Vec<(&'static str, Value)>,
    /// What a reader must know, one line each.
    pub notes: Vec<Note>,
}

impl Summary {
    /// Returns how far the objective is from the bound, as a share of the bound. Returns nothing if there is no bound.
    pub fn gap(&self) -> Option<f64> {
        let bound = self.bound?;
        Some(self.objective.abs_diff(bound) as f64 / bound.unsigned_abs().max(1) as f64)
    }

    /// Says whether the answer breaks bounds, and nobody proved that this cannot be avoided.
    pub fn is_open(&self) -> bool {
        let has = |codes: &[&str]| self.notes.iter().any(|note| codes.contains(&note.code));
        has(&["piece_not_found"]) || self.violations > 0 && !has(&["piece_none", "piece_fewest", "piece_large"])
    }

    /// Returns it as JSON, with the sentences in a language.
    pub fn json(&self, lang: Lang) -> Value {
        let mut all = self.claims(lang);
        all.insert("cpu_seconds".to_owned(), json!(self.cpu_seconds));
        Value::Object(all)
    }

    /// Returns what it claims of the answer, with the sentences in a language, without how long the work took.
    pub fn claims(&self, lang: Lang) -> Map<String, Value> {
        let mut all = Map::new();
        all.insert("problem".to_owned(), json!(self.problem));
        all.insert("lang".to_owned(), json!(lang.code()));
        let task = self.task.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        all.insert("task".to_owned(), Value::Object(task.collect()));
        all.insert("objective".to_owned(), json!(self.objective));
        all.insert("bound".to_owned(), json!(self.bound));
        all.insert("gap".to_owned(), json!(self.gap()));
        all.insert("violations".to_owned(), json!(self.violations));
        for (name, value) in &self.more {
            all.insert((*name).to_owned(), value.clone());
        }
        let codes: Vec<&str> = self.notes.iter().map(|note| note.code).collect();
        let notes: Vec<&str> = self.notes.iter().map(|note| note.said.get(lang)).collect();
        all.insert("note_codes".to_owned(), json!(codes));
        all.insert("notes".to_owned(), json!(notes));
        all
    }

    /// Returns it as lines for people.
    pub fn lines(&self, lang: Lang) -> String {
        let mut lines = vec![line("objective", &self.objective.to_string(), lang)];
        if let (Some(bound), Some(gap)) = (self.bound, self.gap()) {
            let best = lang.pick("已证明：没有更好的", "proven: nothing is better");
            let gap = if gap == 0.0 { best.to_owned() } else { format!("{:.4} %", gap * 100.0) };
            lines.push(line("bound", &bound.to_string(), lang));
            lines.push(line("gap", &gap, lang));
        }
        lines.push(line("violations", &self.violations.to_string(), lang));
        for (name, value) in &self.more {
            lines.push(line(name, &shown(value, lang), lang));
        }
        if let Some(seconds) = self.cpu_seconds {
            lines.push(line("cpu_seconds", &format!("{seconds:.3}"), lang));
        }
        lines.extend(self.notes.iter().map(|note| note.said.get(lang).to_owned()));
        lines.join("\n")
    }
}

/// Returns a figure as people read it. Figures that belong together stand side by side, each behind its name.
fn shown(value: &Value, lang: Lang) -> String {
    let Value::Object(figures) = value else { return value.to_string() };
    let each: Vec<String> = figures.iter().map(|(name, figure)| format!("{} {figure}", name_of(name, lang))).collect();
    each.join(lang.pick("，", ", "))
}

/// Returns the note that says how many stand where no way leads on, or nothing if nobody does.
pub fn left_out(count: u64, who: &Bilingual, goals: &Bilingual) -> Option<Note> {
    let said = "stand on pieces of way that lead to no";
    let remedy = "join these pieces to the other ways, in both directions, or mend the points";
    let zh = format!("{count} {}所在的路通不到任何{}。请把这些路和其他的路双向接上，或改正坐标。", who.zh, goals.zh);
    let en = format!("{count} {} {said} {}: {remedy}", who.en, goals.en);
    (count > 0).then(|| Note::new("cut_off", both(zh, en)))
}

/// Counts how some things stand on the ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// How many there are.
    pub all: u64,
    /// How many stand farther from the ways than [`Standing::FAR_METRES`].
    pub far_off: u64,
    /// How many stand on islands: pieces of way that no other way joins to the largest piece.
    pub on_islands: u64,
}

impl Standing {
    /// What stands this far from every way probably has a way that the map lacks, or a wrong point.
    pub const FAR_METRES: f64 = 100.0;

    /// Says how many stand far off and how many on islands, if any do. `zh` and `en` say what they are.
    pub fn sentences(&self, zh: &str, en: &str) -> Vec<Bilingual> {
        let Self { all, far_off, on_islands } = *self;
        let metres = Self::FAR_METRES;
        let far = both(
            format!("离路 {metres} 米以上的{zh}：{all} 个里有 {far_off} 个。请补上通到那里的路，或改正坐标。"),
            format!(
                "{en} more than {metres} m off the ways: {far_off} of {all}. Map the ways to them, or mend their points."
            ),
        );
        let islands = both(
            format!("所在的路和大片路网不相连的{zh}：{all} 个里有 {on_islands} 个。请把路接上，或改正坐标。"),
            format!(
                "{en} on islands of the network: {on_islands} of {all}. Join these ways to the others, or mend the \
                 points."
            ),
        );
        [(far_off, far), (on_islands, islands)]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(_, said)| said)
            .collect()
    }
}

/// Returns the processor time of this process and all its threads, in nanoseconds.
fn processor_nanoseconds() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Runs something and says how many seconds of processor time it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Option<f64>) {
    let before = processor_nanoseconds();
    let done = work();
    (done, Some(processor_nanoseconds().saturating_sub(before) as f64 / 1e9))
}
