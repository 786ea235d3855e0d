//! Says why a letter was not laid out: a stable code, a sentence for whoever runs the platform, and the characters
//! concerned.

use serde::Serialize;

/// A refusal, as it is answered in JSON. The sentence is for the operator; the server has its own words for each code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// The stable code: `request_too_large`, `request_malformed`, `template_unknown`, `fonts_missing`,
    /// `character_missing`, `layout_failed`, `letter_too_large`.
    pub code: &'static str,
    /// What happened, in English. It quotes nothing of the letter.
    pub message: String,
    /// The characters that cannot be drawn, each once, in the order of the letter. It is set only with
    /// `character_missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub character: Option<String>,
}

impl Refusal {
    /// Makes a refusal that is not about a character.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), character: None }
    }

    /// Makes a refusal about characters that no font draws.
    pub fn characters(missing: String) -> Self {
        let names: Vec<String> = missing.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        let message = format!("no font that was found draws {}", names.join(", "));
        Self { code: "character_missing", message, character: Some(missing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_names_the_characters() {
        let refusal = Refusal::characters("𠮷\u{E000}".to_owned());
        let json = serde_json::to_value(&refusal).unwrap();
        assert_eq!(json["code"], "character_missing");
        assert_eq!(json["character"], "𠮷\u{E000}");
        assert_eq!(json["message"], "no font that was found draws U+20BB7, U+E000");
        let json = serde_json::to_value(Refusal::new("layout_failed", "x")).unwrap();
        assert!(json.get("character").is_none());
    }
}
