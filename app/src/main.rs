//! The one binary of the platform.

/// Gives memory back once a burst is over: a sign-in takes 19 MiB for its moment, and the system's allocator keeps it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    lianglin::commands::run()
}
