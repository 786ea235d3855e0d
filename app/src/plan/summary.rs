//! This file tells the result of a planner: as lines for people, and as JSON for programs.

use kernel::language::Bilingual;
use serde_json::{Map, Value, json};

use super::table::both;

/// Names figures of the work. They say nothing of the answer, and no check looks at them.
pub const MEASURED: [&str; 2] = ["cpu_seconds", "pairs_looked_at"];

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
    pub notes: Vec<String>,
}

impl Summary {
    /// Returns how far the objective is from the bound, as a share of the bound. Returns nothing if there is no bound.
    pub fn gap(&self) -> Option<f64> {
        let bound = self.bound?;
        Some(self.objective.abs_diff(bound) as f64 / bound.unsigned_abs().max(1) as f64)
    }

    /// Returns it as JSON.
    pub fn json(&self) -> Value {
        let mut all = self.claims();
        all.insert("cpu_seconds".to_owned(), json!(self.cpu_seconds));
        Value::Object(all)
    }

    /// Returns what it claims of the answer, without how long the work took.
    pub fn claims(&self) -> Map<String, Value> {
        let mut all = Map::new();
        all.insert("problem".to_owned(), json!(self.problem));
        let task = self.task.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        all.insert("task".to_owned(), Value::Object(task.collect()));
        all.insert("objective".to_owned(), json!(self.objective));
        all.insert("bound".to_owned(), json!(self.bound));
        all.insert("gap".to_owned(), json!(self.gap()));
        all.insert("violations".to_owned(), json!(self.violations));
        for (name, value) in &self.more {
            all.insert((*name).to_owned(), value.clone());
        }
        all.insert("notes".to_owned(), json!(self.notes));
        all
    }

    /// Returns it as lines for people.
    pub fn lines(&self) -> String {
        let mut lines = vec![format!("{:<32}{}", "objective", self.objective)];
        if let (Some(bound), Some(gap)) = (self.bound, self.gap()) {
            let proven =
                if gap == 0.0 { "proven: nothing is better".to_owned() } else { format!("{:.4} %", gap * 100.0) };
            lines.push(format!("{:<32}{}", "bound", bound));
            lines.push(format!("{:<32}{proven}", "gap"));
        }
        lines.push(format!("{:<32}{}", "violations", self.violations));
        for (name, value) in &self.more {
            lines.push(format!("{:<32}{}", name.replace('_', " "), shown(value)));
        }
        if let Some(seconds) = self.cpu_seconds {
            lines.push(format!("{:<32}{seconds:.3}", "cpu seconds"));
        }
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }
}

/// Returns a figure as people read it. Figures that belong together stand side by side, each behind its name.
fn shown(value: &Value) -> String {
    let Value::Object(figures) = value else { return value.to_string() };
    figures.iter().map(|(name, figure)| format!("{name} {figure}")).collect::<Vec<_>>().join(", ")
}

/// Returns the note that says how many stand where no way leads on, or nothing if nobody does.
pub fn left_out(count: u64, who: &str, goals: &str) -> Option<String> {
    let said = "stand on pieces of way that lead to no";
    let remedy = "join these pieces to the other ways, in both directions, or mend the points";
    (count > 0).then(|| format!("{count} {who} {said} {goals}: {remedy}"))
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
