//! This folder lists what is fuzzed: files that a city edits, and texts that come from outside.

mod files;
mod outside;
mod plans;

/// Reads an input. Returns what it said, or what it must not have done.
pub type Run = fn(&[u8]) -> Result<String, String>;

/// One reader with its seeds.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// The inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// The words of its format.
    pub words: &'static [&'static str],
    /// The function that reads the input.
    pub run: Run,
}

impl Target {
    fn new(name: &'static str, words: &'static [&'static str], seeds: fn() -> Vec<Vec<u8>>, run: Run) -> Self {
        Self { name, seeds, words, run }
    }
}

/// Returns every target.
pub fn all() -> Vec<Target> {
    files::targets().into_iter().chain(outside::targets()).chain(plans::targets()).collect()
}

/// Fails unless a promise is kept.
fn must(kept: bool, promise: &str) -> Result<(), String> {
    if kept { Ok(()) } else { Err(promise.to_owned()) }
}
