//! Writes and reads a reason of refusal as its stable text: in tables, in events and in answers to programs.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Code;

impl Code {
    /// The reason of that text among those that are declared.
    pub fn find(text: &str, declared: &[Self]) -> Option<Self> {
        declared.iter().copied().find(|code| code.as_str() == text)
    }

    /// Says whether the reason is a matter of permission (a page answers 403) and not of what was typed.
    pub fn is_permission(self) -> bool {
        self.as_str().starts_with("permission.")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
