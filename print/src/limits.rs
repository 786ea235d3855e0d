//! The limits that the program sets itself before it does anything else.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The bytes of a megabyte.
const MEGABYTE: u64 = 1024 * 1024;

/// The stack of the one thread that lays out pages, in bytes: what a main thread usually has.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Limits the address space, forbids core files (they would hold people's data), and keeps typst to one thread, because
/// each further thread reserves address space of its own.
///
/// # Errors
/// Returns what the operating system said.
pub fn set(memory_mb: u64) -> std::io::Result<()> {
    lower(Resource::As, memory_mb.saturating_mul(MEGABYTE))?;
    lower(Resource::Core, 0)?;
    rayon::ThreadPoolBuilder::new().num_threads(1).stack_size(STACK_BYTES).build_global().map_err(std::io::Error::other)
}

/// Sets a limit, or leaves a stricter one that is in force.
fn lower(resource: Resource, wanted: u64) -> std::io::Result<()> {
    let limit = getrlimit(resource).maximum.map_or(wanted, |most| most.min(wanted));
    setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    Ok(())
}
