//! This file adds up what the test runners say at their end: nextest, cargo test and node.

use std::fmt;

/// Counts how many tests ended in which way.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Tally {
    /// Returns true if no runner said anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Returns the number of tests that passed, failed and were skipped, as [`Tally::of`] takes it.
    #[must_use]
    pub const fn counts(&self) -> [u64; 3] {
        [self.passed, self.failed, self.skipped]
    }

    /// Makes a tally of the numbers of tests that passed, failed and were skipped.
    #[must_use]
    pub const fn of([passed, failed, skipped]: [u64; 3]) -> Self {
        Self { passed, failed, skipped }
    }

    /// Reads a line. Returns true if it was a runner's closing line. What a failed test said is indented by its runner
    /// and counts once only.
    pub fn read(&mut self, line: &str) -> bool {
        if line.starts_with(' ') && line.trim_start().starts_with("test result: ") {
            return false;
        }
        let line = line.trim();
        if let Some(counts) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". ")) {
            self.count(counts.1.split(';'));
            return true;
        }
        if let Some((_, counts)) = line.strip_prefix("Summary [").and_then(|rest| rest.split_once("run: ")) {
            self.count(counts.split(','));
            return true;
        }
        self.node(line)
    }

    /// Reads `ℹ pass 12` or `# pass 12`.
    fn node(&mut self, line: &str) -> bool {
        let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) else { return false };
        let Some((word, number)) = rest.split_once(' ') else { return false };
        let Ok(number) = number.parse::<u64>() else { return false };
        match word {
            "pass" => self.passed += number,
            "fail" | "cancelled" => self.failed += number,
            "skipped" | "todo" => self.skipped += number,
            _ => return false,
        }
        true
    }

    /// Reads `5 passed`, `1 failed`, `2 timed out`, `3 passed (1 slow)`.
    fn count<'a>(&mut self, parts: impl Iterator<Item = &'a str>) {
        for part in parts {
            let mut words = part.split_whitespace();
            let number = words.next().and_then(|word| word.parse::<u64>().ok()).unwrap_or(0);
            match words.next().unwrap_or_default() {
                "passed" => self.passed += number,
                "failed" | "timed" | "exec" => self.failed += number,
                "skipped" | "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> String {
        let mut tally = Tally::default();
        for line in lines {
            tally.read(line);
        }
        tally.to_string()
    }

    #[test]
    fn closing_lines_of_each_runner_are_understood() {
        for (lines, expected) in [
            (
                &["     Summary [   9.1s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped"][..],
                "10 passed, 2 failed, 3 skipped",
            ),
            (&["     Summary [   0.1s] 1/9 tests run: 0 passed, 1 failed, 2 skipped"], "0 passed, 1 failed, 2 skipped"),
            (
                &["test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s"],
                "5 passed, 0 failed, 1 skipped",
            ),
            (
                &["test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out"],
                "5 passed, 2 failed, 0 skipped",
            ),
            (&["ℹ tests 4", "ℹ pass 3", "ℹ fail 1", "ℹ cancelled 0", "ℹ skipped 0"], "3 passed, 1 failed, 0 skipped"),
            (
                &["    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 4 filtered out"],
                "0 passed, 0 failed, 0 skipped",
            ),
            (&["# pass 7", "# fail 0", "# a comment 3"], "7 passed, 0 failed, 0 skipped"),
            (&["running 5 tests", "test a ... ok"], "0 passed, 0 failed, 0 skipped"),
        ] {
            assert_eq!(read(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn a_tally_is_made_of_its_counts_again() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 5 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out");
        assert_eq!(tally.counts(), [5, 2, 1]);
        assert_eq!(Tally::of(tally.counts()), tally);
    }
}
