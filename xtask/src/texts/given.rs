//! This file reads which variables a call gives to a text: `page.t1("key", "n", count)` gives `n`.

/// A call that names its text and each of its variables by literals.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call<'a> {
    pub line: usize,
    pub key: &'a str,
    /// The names of the variables.
    pub given: Vec<&'a str>,
}

/// How many variables each of the methods takes that show a text.
const METHODS: [(&str, usize); 3] = [(".t(\"", 0), (".t1(\"", 1), (".t2(\"", 2)];

/// Returns the calls of a file in code or template. A call whose names are not written as literals is left out.
pub(super) fn calls(text: &str) -> Vec<Call<'_>> {
    let mut found = Vec::new();
    for (method, count) in METHODS {
        for (at, _) in text.match_indices(method) {
            let read = || {
                let (key, rest) = text.get(at + method.len()..)?.split_once('"')?;
                let parts = arguments(rest)?;
                let names = parts.iter().skip(1).step_by(2).take(count);
                let given: Vec<&str> = names.filter_map(|name| name.strip_prefix('"')?.strip_suffix('"')).collect();
                let line = text.get(..at)?.matches('\n').count() + 1;
                (given.len() == count).then_some(Call { line, key, given })
            };
            found.extend(read());
        }
    }
    found
}

/// Returns what stands between the commas of a call up to its end, each without blanks around it.
fn arguments(rest: &str) -> Option<Vec<&str>> {
    let (mut depth, mut is_text, mut is_meant, mut from, mut parts) = (0_usize, false, false, 0, Vec::new());
    for (at, sign) in rest.char_indices() {
        let is_escaped = std::mem::take(&mut is_meant);
        match sign {
            '\\' if is_text && !is_escaped => is_meant = true,
            '"' if !is_escaped => is_text = !is_text,
            _ if is_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth > 0 => depth -= 1,
            ')' => {
                parts.push(rest.get(from..at)?.trim());
                return Some(parts);
            }
            ',' if depth == 0 => {
                parts.push(rest.get(from..at)?.trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_a_call_are_read() {
        let text = "a.t(\"x-a\")\nb.t2(\"x-b\", \"from\", &list(1, \"(\"), \"to\", page.t1(\"x-c\", name, 2))";
        let found: Vec<_> = calls(text).into_iter().map(|call| (call.line, call.key, call.given)).collect();
        assert_eq!(found, [(1, "x-a", vec![]), (2, "x-b", vec!["from", "to"])]);
    }
}
