//! Progress on the terminal for whatever may take longer than a second; plain lines where there is no terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `total` steps; 0 when the number is not known.
pub fn bar(total: u64, what: &str) -> ProgressBar {
    let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
    let template = if total == 0 { "{msg} {pos} {elapsed}" } else { "{msg} {bar:30} {pos}/{len} {elapsed}" };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.set_message(what.to_owned());
    bar
}
