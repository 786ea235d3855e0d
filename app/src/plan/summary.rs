//! This file tells the result of a planner: as lines for people, and as JSON for programs.

use serde_json::{Map, Value, json};

/// Tells how a plan ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The name of the planner.
    pub problem: &'static str,
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
        Some((self.objective - bound).abs() as f64 / bound.abs().max(1) as f64)
    }

    /// Returns it as JSON.
    pub fn json(&self) -> Value {
        let mut all = Map::new();
        all.insert("problem".to_owned(), json!(self.problem));
        all.insert("objective".to_owned(), json!(self.objective));
        all.insert("bound".to_owned(), json!(self.bound));
        all.insert("gap".to_owned(), json!(self.gap()));
        all.insert("violations".to_owned(), json!(self.violations));
        all.insert("cpu_seconds".to_owned(), json!(self.cpu_seconds));
        for (name, value) in &self.more {
            all.insert((*name).to_owned(), value.clone());
        }
        all.insert("notes".to_owned(), json!(self.notes));
        Value::Object(all)
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
            lines.push(format!("{:<32}{value}", name.replace('_', " ")));
        }
        if let Some(seconds) = self.cpu_seconds {
            lines.push(format!("{:<32}{seconds:.3}", "cpu seconds"));
        }
        lines.extend(self.notes.iter().cloned());
        lines.join("\n")
    }
}

/// Returns the note that says how many stand where no way leads on, or nothing if nobody does.
pub fn left_out(count: u64, who: &str, goals: &str) -> Option<String> {
    let said = "stand on pieces of way that lead to no";
    let remedy = "join these pieces to the other ways, in both directions, or mend the points";
    (count > 0).then(|| format!("{count} {who} {said} {goals}: {remedy}"))
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
