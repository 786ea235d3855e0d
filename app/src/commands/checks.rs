//! This file does `lianglin checks`: it makes registers that data checks ask, from which nobody can read who is in
//! them.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Subcommand;
use kernel::language::Lang;

use crate::opening::Opening;
use crate::{AppError, settings};

#[derive(Subcommand)]
pub enum Command {
    /// Turn a list of identity numbers into a register of digests: from standard input to standard output.
    #[command(
        after_help = "Example: lianglin checks digest < list.csv > data/checks/disability.csv\nThe list has the columns resident_id,material,from,until (证件号码,材料,开始,结束). Material is a code of the catalogue. Destroy it afterwards."
    )]
    Digest {
        /// The language in which faults are told: zh or en.
        #[arg(long, env = "LANG", hide_env_values = true, default_value = "en")]
        lang: String,
    },
}

pub fn run(opening: &Opening, command: &Command) -> Result<ExitCode, AppError> {
    let Command::Digest { lang } = command;
    let lang = Lang::parse(lang).unwrap_or(Lang::En);
    let mut list = Vec::new();
    std::io::stdin().read_to_end(&mut list).map_err(AppError::outside("reading the list"))?;
    let key = settings::registry_key(&opening.vault()?);
    let catalogue = opening.catalogue(&opening.procedures()?)?;
    let today = opening.calendar()?.zone().date((opening.clock)());
    let made = papers::digests(&list, &key, &|code| catalogue.material(code).is_some(), today);
    let made = made.map_err(|fault| AppError::Said(fault.get(lang).to_owned()))?;
    print!("{}", made.register);
    for title in &made.untaken {
        eprintln!("{}", lang.pick("没有用到的列：", "column not used: ").to_owned() + title);
    }
    if let Some(told) = made.sheets.told() {
        eprintln!("{}", told.get(lang));
    }
    Ok(ExitCode::SUCCESS)
}
