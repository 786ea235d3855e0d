//! A request: a template's name and the data of one letter.

use serde::Deserialize;
use serde_json::Value;

use crate::refusal::Refusal;

/// One request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The name of the template, for example `receipt`.
    pub template: String,
    /// What the template shows.
    pub data: Value,
}

/// Reads a request and tidies its texts: tabs and carriage returns, which no font draws, become blanks and line ends.
///
/// # Errors
/// Fails with `request_malformed`. It says the place but quotes no text, because that may name a person.
pub fn read(bytes: &[u8]) -> Result<Request, Refusal> {
    let mut request: Request = serde_json::from_slice(bytes).map_err(|fault| {
        let (line, column) = (fault.line(), fault.column());
        Refusal::new(
            "request_malformed",
            format!("the request is not JSON with `template` and `data` (line {line}, column {column})"),
        )
    })?;
    tidy(&mut request.data);
    Ok(request)
}

fn tidy(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(is_untidy) => *text = tidied(text),
        Value::Array(values) => values.iter_mut().for_each(tidy),
        Value::Object(fields) => fields.values_mut().for_each(tidy),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_untidy(c: char) -> bool {
    c.is_control() && c != '\n' || matches!(c, '\u{2028}' | '\u{2029}')
}

fn tidied(text: &str) -> String {
    let line_ends = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    line_ends.chars().map(|c| if is_untidy(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_tidied_at_any_depth() {
        let json = r#"{"template":"receipt","data":{"a":["x\ty",{"b":"1\r\n2\r3\u00074"}],"c":7}}"#;
        let request = read(json.as_bytes()).unwrap();
        assert_eq!(request.template, "receipt");
        assert_eq!(request.data, serde_json::json!({"a": ["x y", {"b": "1\n2\n3 4"}], "c": 7}));
    }

    #[test]
    fn a_malformed_request_is_refused_without_quoting_it() {
        for bytes in
            [&b"{"[..], b"[]", b"\"ZHANG\"", br#"{"template":"ZHANG"}"#, br#"{"template":{"ZHANG":1},"data":1}"#]
        {
            let refusal = read(bytes).unwrap_err();
            assert_eq!(refusal.code, "request_malformed");
            assert!(!refusal.message.contains("ZHANG"), "{}", refusal.message);
        }
    }
}
