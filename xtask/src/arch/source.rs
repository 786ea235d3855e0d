//! Reads Rust text just far enough to tell code from comments, string literals and tests.

/// A string literal: where it starts and what stands between its quotes (escapes as written).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Line of the opening quote, counted from 1.
    pub line: usize,
    /// The text between the quotes.
    pub text: String,
}

/// A Rust file taken apart. `code` has as many lines as the file; comments and literals are blanks in it.
#[derive(Debug, Default)]
pub struct Source {
    /// The code alone.
    pub code: String,
    /// Every string literal, in order.
    pub literals: Vec<Literal>,
    /// First and last line of each item under `#[cfg(test)]` or `#[test]`.
    pub tests: Vec<(usize, usize)>,
}

impl Source {
    /// Takes the text apart.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut scan = Scan { rest: text.chars().collect(), at: 0, line: 1, code: String::new(), literals: Vec::new() };
        scan.run();
        let tests = test_items(&scan.code);
        Self { code: scan.code, literals: scan.literals, tests }
    }

    /// True when the line belongs to a test.
    #[must_use]
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|(first, last)| (*first..=*last).contains(&line))
    }
}

struct Scan {
    rest: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Scan {
    fn peek(&self, ahead: usize) -> char {
        self.rest.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn run(&mut self) {
        while self.at < self.rest.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '/') => self.blank_while(|scan| scan.peek(0) != '\n'),
                ('/', '*') => self.block_comment(),
                ('"', _) => self.literal(0, false),
                ('r', '"' | '#') if self.starts_word() => self.raw(1),
                ('b', 'r') if self.starts_word() && matches!(self.peek(2), '"' | '#') => self.raw(2),
                ('\'', _) => self.quote(),
                _ => self.keep(),
            }
        }
    }

    fn starts_word(&self) -> bool {
        self.at.checked_sub(1).and_then(|before| self.rest.get(before)).is_none_or(|c| !is_word(*c))
    }

    /// Copies one character into the code.
    fn keep(&mut self) {
        let c = self.peek(0);
        self.code.push(c);
        self.step();
    }

    /// Replaces one character by a blank; line ends stay.
    fn blank(&mut self) {
        self.code.push(if self.peek(0) == '\n' { '\n' } else { ' ' });
        self.step();
    }

    fn step(&mut self) {
        if self.peek(0) == '\n' {
            self.line += 1;
        }
        self.at += 1;
    }

    fn blank_while(&mut self, goes_on: impl Fn(&Self) -> bool) {
        while self.at < self.rest.len() && goes_on(self) {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.rest.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.blank();
                    continue;
                }
            }
            self.blank();
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    /// `r"…"`, `r#"…"#`; what looks like one and is not (`r#type`) stays code.
    fn raw(&mut self, prefix: usize) {
        let mut hashes = 0;
        while self.peek(prefix + hashes) == '#' {
            hashes += 1;
        }
        if self.peek(prefix + hashes) != '"' {
            return self.keep();
        }
        for _ in 0..prefix + hashes {
            self.blank();
        }
        self.literal(hashes, true);
    }

    /// From an opening quote to its closing one. The quotes stay in the code, so that calls keep their shape.
    fn literal(&mut self, hashes: usize, raw: bool) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while self.at < self.rest.len() {
            let closes = self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#');
            if closes {
                break;
            }
            let escaped = !raw && self.peek(0) == '\\';
            for _ in 0..=usize::from(escaped) {
                text.push(self.peek(0));
                self.blank();
            }
        }
        if self.at < self.rest.len() {
            self.keep();
            for _ in 0..hashes {
                self.blank();
            }
        }
        self.literals.push(Literal { line, text });
    }

    /// A character literal is blanked; a lifetime is code.
    fn quote(&mut self) {
        if self.peek(1) == '\\' {
            self.blank();
            self.blank();
            self.blank();
            self.blank_while(|scan| scan.peek(0) != '\'');
            return self.blank();
        }
        if self.peek(2) == '\'' {
            self.blank();
            self.blank();
        }
        self.blank();
    }
}

/// True for a character of an identifier.
#[must_use]
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Lines of items marked as tests: from the attribute to the brace or semicolon that ends the item.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for mark in ["#[cfg(test)]", "#[test]", "#[tokio::test", "#![cfg(test)]"] {
        for (at, _) in code.match_indices(mark) {
            let first = line_of(code, at);
            let last = if mark.starts_with("#!") { code.lines().count() } else { end_of_item(code, at + mark.len()) };
            found.push((first, last));
        }
    }
    found
}

/// Line of a byte offset, counted from 1.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// Line on which the item that follows `from` ends.
#[must_use]
pub fn end_of_item(code: &str, from: usize) -> usize {
    let mut depth = 0_usize;
    let mut round = 0_usize;
    let mut line = line_of(code, from);
    for byte in code.bytes().skip(from) {
        match byte {
            b'\n' => line += 1,
            b'(' | b'[' => round += 1,
            b')' | b']' => round = round.saturating_sub(1),
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && round == 0 {
                    return line;
                }
            }
            b';' if depth == 0 && round == 0 => return line,
            _ => {}
        }
    }
    line
}

/// Every place where a banned name stands as a whole path in the code: its line.
#[must_use]
pub fn names(code: &str, name: &str) -> Vec<usize> {
    let ends_in_word = name.chars().next_back().is_some_and(is_word);
    code.match_indices(name)
        .filter(|(at, _)| {
            let before = code.get(..*at).and_then(|text| text.chars().next_back());
            let after = code.get(at + name.len()..).and_then(|text| text.chars().next());
            !(before.is_some_and(is_word) || ends_in_word && after.is_some_and(is_word))
        })
        .map(|(at, _)| line_of(code, at))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_leave_the_code() {
        let text = "// axum\nlet a = \"ax\\\"um\"; /* axum /* */ */ let b = r#\"select \"x\"\"#; let c: &'a str; let d = '\"';\nend";
        let source = Source::read(text);
        assert!(!source.code.contains("axum"), "{}", source.code);
        assert!(source.code.contains('&') && source.code.contains("a str") && source.code.ends_with("\nend"));
        let texts: Vec<_> = source.literals.iter().map(|literal| (literal.line, literal.text.as_str())).collect();
        assert_eq!(texts, [(2, "ax\\\"um"), (2, "select \"x\"")]);
    }

    #[test]
    fn escaped_and_odd_characters_do_not_open_a_literal() {
        let source = Source::read("let a = ['\\'', '\\u{22}', '\"', '两']; let r#type = b'x'; f::<'static>();\nlast");
        assert!(source.literals.is_empty(), "{:?}", source.literals);
        assert!(source.code.ends_with("\nlast"));
    }

    #[test]
    fn tests_are_known_by_their_lines() {
        let source = Source::read("fn a() {\n}\n#[cfg(test)]\nmod tests {\n  fn b() {\n  }\n}\nfn c() {}\n");
        let inside: Vec<_> = (1..=8).filter(|line| source.is_test(*line)).collect();
        assert_eq!(inside, [3, 4, 5, 6, 7]);
    }

    #[test]
    fn a_name_is_found_as_a_whole_path_only() {
        assert_eq!(names("use store::Tx;\nlet restore::x = 1;\nmy_store::y", "store::"), [1]);
        assert_eq!(names("axum_extra\naxum::Router", "axum"), [2]);
    }
}
