//! The reasons why there is no letter.

use serde::Deserialize;
use thiserror::Error;

/// The reason why there is no letter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PressError {
    /// The program is not where it should be, or cannot be started.
    #[error("the program that lays out letters is not installed")]
    NotInstalled,
    /// Too many letters wait, or this letter waited too long for its turn.
    #[error("too many letters wait to be laid out")]
    Busy,
    /// The letter took too long, and the program was ended.
    #[error("the letter was not laid out in time")]
    TimedOut,
    /// The program ended while it laid out the letter (usually out of memory), or its answer cannot be understood.
    #[error("the program that lays out letters ended over the letter")]
    Died,
    /// The program refused the letter. The text of this error shows only the code. The other fields may hold part of
    /// somebody's name, so log the text and never the fields.
    #[error("the letter was refused: {code}")]
    Refused {
        /// The stable code: `request_too_large`, `request_malformed`, `template_unknown`, `fonts_missing`,
        /// `character_missing`, `layout_failed`, `letter_too_large`.
        code: String,
        /// What happened, in English, for whoever runs the platform.
        message: String,
        /// The characters that no font draws, each once. It is set only with `character_missing`.
        character: Option<String>,
    },
}

impl PressError {
    /// Makes a refusal that is not about a character.
    pub(crate) fn refused(code: &str, message: &str) -> Self {
        Self::Refused { code: code.to_owned(), message: message.to_owned(), character: None }
    }

    /// Reads a refusal as the program writes it.
    pub(crate) fn read(json: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Written {
            code: String,
            message: String,
            character: Option<String>,
        }
        match serde_json::from_slice(json) {
            Ok(Written { code, message, character }) => Self::Refused { code, message, character },
            Err(_) => Self::Died,
        }
    }
}
