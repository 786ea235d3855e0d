//! Which moves of places are followed.

use super::super::topmost;

#[test]
fn what_moves_along_is_said_once() {
    let payload = serde_json::json!({ "moved": [
        [4, "1.2.3.4.", "1.5.3.4."], [3, "1.2.3.", "1.5.3."], [9, "1.2.8.9.", "1.2.7.9."], [6, "1.6.", "1.6."],
        [5, "1.2.3.5.", "1.2.7.5."],
    ] });
    let moves = topmost(&payload).unwrap();
    let told: Vec<(&str, &str)> = moves.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    assert_eq!(told, [("1.2.3.", "1.5.3."), ("1.2.8.9.", "1.2.7.9."), ("1.2.3.5.", "1.2.7.5.")]);
    assert_eq!(topmost(&serde_json::json!({ "moved": [[1, "x", "y"]] })), None);
}
