//! Rules of parameters: what a page takes from its address has a type, and what a function is given has names.

use super::Fault;
use super::map::Map;
use super::source::{is_word, line_of, names};
use super::tree::Tree;

/// No page takes a part of its address as text: a type says what may stand there.
pub fn typed(_: &Map, tree: &Tree) -> Vec<Fault> {
    let remedy = "Give it a type of its own that reads it (`web::PathPart`)";
    let what = "`InPath<String>` takes a part of an address as text";
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        let lines = names(&source.code, "InPath<String>").into_iter().filter(|line| !source.is_test(*line));
        faults.extend(lines.map(|line| Fault::new(path, line, what.to_owned(), remedy)));
    }
    faults
}

/// No function takes a tuple apart in its parameters.
pub fn named(_: &Map, tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, (_, source)) in &tree.sources {
        for function in functions(&source.code).filter(|function| !source.is_test(function.line)) {
            for tuple in parts(function.parameters).into_iter().filter_map(taken_apart) {
                let what = format!("the function `{}` takes `({tuple})` as one parameter", function.name);
                faults.push(Fault::new(path, function.line, what, "Name them in a struct"));
            }
        }
    }
    faults
}

/// A function as it is declared.
struct Function<'c> {
    line: usize,
    name: &'c str,
    parameters: &'c str,
}

/// Every function of the code.
fn functions(code: &str) -> impl Iterator<Item = Function<'_>> {
    code.match_indices("fn ").filter_map(move |(at, word)| {
        let (before, after) = (code.get(..at)?, code.get(at + word.len()..)?);
        let (name, rest) = after.split_at_checked(after.find(|sign: char| !is_word(sign))?)?;
        if before.ends_with(is_word) || name.is_empty() {
            return None;
        }
        let rest = if rest.starts_with('<') { bracketed(rest)?.1 } else { rest };
        let (parameters, _) = bracketed(rest).filter(|_| rest.starts_with('('))?;
        Some(Function { line: line_of(code, at), name, parameters })
    })
}

/// Returns the names of the tuple that a parameter takes apart.
fn taken_apart(parameter: &str) -> Option<String> {
    let pattern = parameter.trim_start_matches('&');
    let (inside, _) = bracketed(pattern).filter(|_| pattern.starts_with('('))?;
    let names = parts(inside);
    (names.len() > 1).then(|| names.join(", "))
}

/// Takes a text apart that begins with a bracket: what stands up to the one that closes it, and what follows.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (end, ..) = depths(text).skip(1).find(|(_, _, depth)| *depth == 0)?;
    Some((text.get(1..end)?, text.get(end + 1..)?))
}

/// Returns what stands between the commas, without those in brackets.
fn parts(text: &str) -> Vec<&str> {
    let commas = depths(text).filter(|(_, sign, depth)| *sign == ',' && *depth == 0).map(|(at, ..)| at);
    let mut parts = Vec::new();
    let mut from = 0;
    for at in commas.chain([text.len()]) {
        parts.extend(text.get(from..at).map(str::trim).filter(|part| !part.is_empty()));
        from = at + 1;
    }
    parts
}

/// Returns each sign with its place and with how many brackets are open around it. A bracket counts as outside itself.
fn depths(text: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let (mut open, mut before) = (0_usize, ' ');
    text.char_indices().map(move |(at, sign)| {
        // The `>` of an arrow closes nothing.
        let is_arrow = sign == '>' && matches!(before, '-' | '=');
        if matches!(sign, ')' | ']' | '}' | '>') && !is_arrow {
            open = open.saturating_sub(1);
        }
        let depth = open;
        open += usize::from(matches!(sign, '(' | '[' | '{' | '<'));
        before = sign;
        (at, sign, depth)
    })
}
