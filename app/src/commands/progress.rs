//! This file shows progress on the terminal for whatever may take longer than a second. Where there is no terminal, it
//! prints plain lines.

use std::io::Write as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often a line moves by itself.
const TICK: Duration = Duration::from_millis(200);

/// Writes a line of an answer. A reader who closes the output after the first lines has read enough.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Makes a bar over `total` steps. The total is 0 if it is not known.
pub fn bar(total: u64, what: &str) -> ProgressBar {
    let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
    let template = if total == 0 { "{msg} {pos} {elapsed}" } else { "{msg} {bar:30} {pos}/{len} {elapsed}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}

/// Makes a line that moves by itself, for one piece of work of which nobody knows how long it takes.
pub fn waiting(what: &str) -> ProgressBar {
    let bar = bar(0, what);
    bar.enable_steady_tick(TICK);
    bar
}
