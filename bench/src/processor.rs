//! This file reads the processor time of processes from `/proc`.

use std::process::Command;

/// Returns the parent of a process and the ticks of the processor clock that it and its ended children used. Returns
/// nothing if there is no `/proc`.
fn stat(process: u32) -> Option<(u32, u64)> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let parent = fields.get(1)?.parse().ok()?;
    let ticks = fields.get(11..15)?.iter().filter_map(|field| field.parse::<u64>().ok()).sum();
    Some((parent, ticks))
}

fn micros_per_tick() -> u64 {
    let output = Command::new("getconf").arg("CLK_TCK").output().ok();
    let ticks = output.and_then(|output| String::from_utf8_lossy(&output.stdout).trim().parse::<u64>().ok());
    1_000_000 / ticks.filter(|ticks| *ticks > 0).unwrap_or(100)
}

/// Returns the microseconds of processor time that a process has used.
pub fn used_by(process: u32) -> Option<u64> {
    Some(stat(process)?.1 * micros_per_tick())
}

/// Returns the microseconds that a process and all its children used. Children that ended are included.
pub fn used_by_family(process: u32) -> Option<u64> {
    let own = stat(process)?.1;
    let children = std::fs::read_dir("/proc").ok()?.flatten();
    let children = children.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?));
    let ticks: u64 = children.filter(|(parent, _)| *parent == process).map(|(_, ticks)| ticks).sum();
    Some((own + ticks) * micros_per_tick())
}

/// Returns the parent of a process.
pub fn parent_of(process: u32) -> Option<u32> {
    Some(stat(process)?.0)
}
