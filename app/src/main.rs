//! The one binary of the platform.

fn main() -> std::process::ExitCode {
    lianglin::commands::run()
}
