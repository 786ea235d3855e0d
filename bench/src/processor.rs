//! Processor time of processes, from `/proc`.

use std::process::Command;

/// Ticks of the processor clock of one process and of its ended children, with its parent. None where there is no `/proc`.
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

/// Microseconds of processor time a process has used.
pub fn used_by(process: u32) -> Option<u64> {
    Some(stat(process)?.1 * micros_per_tick())
}

/// Microseconds used by a process and all its children, ended ones included.
pub fn used_by_family(process: u32) -> Option<u64> {
    let own = stat(process)?.1;
    let children = std::fs::read_dir("/proc").ok()?.flatten();
    let children = children.filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?));
    let ticks: u64 = children.filter(|(parent, _)| *parent == process).map(|(_, ticks)| ticks).sum();
    Some((own + ticks) * micros_per_tick())
}

/// The parent of a process.
pub fn parent_of(process: u32) -> Option<u32> {
    Some(stat(process)?.0)
}
