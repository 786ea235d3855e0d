//! Why there is no letter.

use serde::Deserialize;
use thiserror::Error;

/// Why there is no letter.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PressError {
    /// The program is not where it should be, or cannot be started.
    #[error("the program that lays out letters is not installed")]
    NotInstalled,
    /// Too many letters wait, or this one waited for its turn too long.
    #[error("too many letters wait to be laid out")]
    Busy,
    /// The letter took too long; the program was ended.
    #[error("the letter was not laid out in time")]
    TimedOut,
    /// The program ended over the letter (usually out of memory), or answered what cannot be understood.
    #[error("the program that lays out letters ended over the letter")]
    Died,
    /// The program refused the letter. Shown with its code alone: the rest may be part of somebody's name, so log this, not that.
    #[error("the letter was refused: {code}")]
    Refused {
        /// Stable: `request_too_large`, `request_malformed`, `template_unknown`, `fonts_missing`, `character_missing`,
        /// `layout_failed`, `letter_too_large`.
        code: String,
        /// What happened, in English, for whoever runs the platform.
        message: String,
        /// With `character_missing`: the characters that no font draws, each once.
        character: Option<String>,
    },
}

impl PressError {
    /// A refusal about no character.
    pub(crate) fn refused(code: &str, message: &str) -> Self {
        Self::Refused { code: code.to_owned(), message: message.to_owned(), character: None }
    }

    /// A refusal as the program writes it.
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
