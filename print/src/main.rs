//! `lianglin-print` lays out PDF letters. It is a separate program, so that a fault in a layout never reaches the
//! server.
//!
//! It reads requests from standard input and answers on standard output (see [`frames`]). It opens no network and no
//! file but fonts, takes no more memory than it was allowed, and keeps nothing of a letter after its answer.

mod characters;
mod check;
mod fonts;
mod frames;
mod limits;
mod refusal;
mod request;
mod samples;
mod templates;
mod workshop;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::fonts::Fonts;
use crate::workshop::Workshop;

const EXAMPLES: &str = "Examples:
  lianglin-print --check
  lianglin-print --fonts /usr/share/fonts/opentype/noto --memory-mb 1024

A request is four bytes of length (big-endian) and JSON {\"template\": \"receipt\", \"data\": {…}}. An answer is four bytes of length, \
a status byte, and the PDF (status 0) or JSON {\"code\", \"message\", \"character\"} (status 1).";

/// Lays out PDF letters: requests on standard input, answers on standard output.
#[derive(Debug, Parser)]
#[command(name = "lianglin-print", version, about, after_help = EXAMPLES)]
struct Options {
    /// Folder with fonts (.ttf, .otf, .ttc), searched with its subfolders; may be given several times.
    #[arg(long, value_name = "DIR", env = "LIANGLIN_FONTS", value_delimiter = ':', default_value = "/usr/share/fonts")]
    fonts: Vec<PathBuf>,
    /// Most memory the program may take, in megabytes of address space.
    #[arg(long, value_name = "N", default_value_t = 1024, value_parser = clap::value_parser!(u64).range(256..=65_536))]
    memory_mb: u64,
    /// Print which fonts were found, lay out a sample of every template, and end.
    #[arg(long)]
    check: bool,
}

/// What ends the program.
#[derive(Debug, thiserror::Error)]
enum Fault {
    /// The limits could not be set.
    #[error("the memory limit cannot be set: {0}")]
    Limits(std::io::Error),
    /// A built-in template has no proper path; a mistake in the program.
    #[error("a built-in template cannot be read: {0}")]
    Templates(#[from] typst::syntax::PathError),
    /// Standard input or output broke.
    #[error("the pipe to the server broke: {0}")]
    Pipe(#[from] std::io::Error),
    /// The check found something wrong.
    #[error("{0}")]
    Check(#[from] check::Found),
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("lianglin-print: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Fault> {
    limits::set(options.memory_mb).map_err(Fault::Limits)?;
    let workshop = Workshop::new(Fonts::find(&options.fonts))?;
    if options.check {
        check::check(&workshop, &options.fonts, &mut std::io::stdout().lock())?;
        return Ok(());
    }
    let answer = |bytes: &[u8]| {
        let request = request::read(bytes)?;
        workshop.letter(&request.template, &request.data)
    };
    frames::serve(&mut std::io::stdin().lock(), &mut std::io::stdout().lock(), answer)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound_and_shows_an_example() {
        Options::command().debug_assert();
        let help = Options::command().render_long_help().to_string();
        assert!(help.contains("lianglin-print --check"), "{help}");
    }

    #[test]
    fn fonts_may_be_given_several_times() {
        let options = Options::try_parse_from(["lianglin-print", "--fonts", "/a", "--fonts", "/b"]).unwrap();
        assert_eq!(options.fonts, [PathBuf::from("/a"), PathBuf::from("/b")]);
        assert!(Options::try_parse_from(["lianglin-print", "--memory-mb", "1"]).is_err());
    }
}
