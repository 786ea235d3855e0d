//! One sample of data for each template. It serves `--check` and tests, and shows what a template expects.

/// The templates and their data.
pub const SAMPLES: [(&str, &str); 8] = [
    ("receipt", include_str!("../samples/receipt.json")),
    ("receipt", include_str!("../samples/receipt-en.json")),
    ("missing", include_str!("../samples/missing.json")),
    ("accepted", include_str!("../samples/accepted.json")),
    ("refused", include_str!("../samples/refused.json")),
    ("certificate", include_str!("../samples/certificate.json")),
    ("handover", include_str!("../samples/handover.json")),
    ("roster", include_str!("../samples/roster.json")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_sound_and_each_template_has_one() {
        for (template, text) in SAMPLES {
            let data: serde_json::Value = serde_json::from_str(text).unwrap();
            assert!(data["labels"]["page"].is_string(), "{template}");
        }
        let templates = crate::templates::Templates::new().unwrap();
        for name in templates.names() {
            assert!(SAMPLES.iter().any(|(template, _)| *template == name), "{name}");
        }
    }
}
