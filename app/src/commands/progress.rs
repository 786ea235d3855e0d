//! This file shows progress on the terminal for whatever may take longer than a second. Where there is no terminal, it
//! prints plain lines.

use indicatif::{ProgressBar, ProgressStyle};

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
