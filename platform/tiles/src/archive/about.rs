//! What an archive says of itself: whose data it holds, and the layers of its squares.

use serde_json::Value;

/// The most letters of an attribution that are kept.
const LONGEST: usize = 300;
/// Signs that HTML writes as words.
const SIGNS: [(&str, &str); 6] =
    [("&copy;", "©"), ("&#169;", "©"), ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];

/// What an archive says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Whose data it holds, as plain text.
    pub attribution: String,
    /// The names of its layers.
    pub layers: Vec<String>,
}

impl Metadata {
    /// Reads the JSON. Nothing in it is needed to draw, so what is not understood is left out.
    pub fn parse(bytes: &[u8]) -> Self {
        let told: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let attribution = told.get("attribution").and_then(Value::as_str).unwrap_or_default();
        let layers = told.get("vector_layers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let name = |layer: &Value| layer.get("id").and_then(Value::as_str).map(str::to_owned);
        Self { attribution: plain(attribution), layers: layers.iter().filter_map(name).collect() }
    }
}

/// The words of a text without its marks of HTML.
fn plain(marked: &str) -> String {
    let mut words = String::new();
    let mut inside = false;
    for letter in marked.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    let words = SIGNS.iter().fold(words, |text, (word, sign)| text.replace(word, sign));
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribution_is_told_as_plain_words() {
        for (marked, words) in [
            ("", ""),
            (r#"<a href="https://osm.org/">&copy; OpenStreetMap</a>  contributors"#, "© OpenStreetMap contributors"),
            ("<script>x</script>", "x"),
            ("a &amp;lt; b", "a &lt; b"),
            ("<never closed", ""),
        ] {
            assert_eq!(plain(marked), words, "{marked}");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        for (json, layers) in [
            ("", 0),
            ("[1]", 0),
            (r#"{"attribution": 7, "vector_layers": {}}"#, 0),
            (r#"{"vector_layers": [{"id": "roads"}, {"id": 1}, {}, "water"]}"#, 1),
        ] {
            assert_eq!(Metadata::parse(json.as_bytes()).layers.len(), layers, "{json}");
        }
    }
}
