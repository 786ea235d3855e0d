//! The text of a statement: `$n` becomes `?n` for SQLite, and statements that begin or end transactions are refused.

use std::collections::HashMap;
use std::sync::Arc;

use crate::error::StoreError;

/// The statements that a unit of work never runs itself.
const REFUSED: [&str; 9] = ["begin", "commit", "rollback", "savepoint", "release", "end", "start", "abort", "vacuum"];

/// Fails when a statement would begin, end or leave the transaction in which it runs.
pub(crate) fn check(sql: &str) -> Result<(), StoreError> {
    let word = sql.trim_start().split(|character: char| !character.is_ascii_alphabetic()).next().unwrap_or_default();
    if REFUSED.iter().any(|refused| word.eq_ignore_ascii_case(refused)) {
        return Err(StoreError::query(sql, "a unit of work is begun and ended by the store alone"));
    }
    Ok(())
}

/// Returns the text with `?n` in place of `$n`, outside quoted texts, quoted names and comments.
pub(crate) fn numbered(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        let follows = characters.peek().copied();
        match character {
            '\'' | '"' => copy_until(&mut text, &mut characters, character, character),
            '-' if follows == Some('-') => copy_until(&mut text, &mut characters, '-', '\n'),
            '$' if follows.is_some_and(|next| next.is_ascii_digit()) => text.push('?'),
            _ => text.push(character),
        }
    }
    text
}

/// Copies from an opening character to its closing one. A doubled quote closes and opens again, which is right.
fn copy_until(text: &mut String, characters: &mut impl Iterator<Item = char>, opening: char, closing: char) {
    text.push(opening);
    for character in characters {
        text.push(character);
        if character == closing {
            return;
        }
    }
}

/// Rewritten texts by their originals, so that each statement is rewritten once per thread.
#[derive(Default)]
pub(crate) struct Texts(HashMap<String, Arc<str>>);

/// Statements are written in the program, so there are few. Built ones (with a varying number of parameters) could be
/// many, so there is a limit.
const TEXTS_KEPT: usize = 2000;

impl Texts {
    pub(crate) fn numbered(&mut self, sql: &str) -> Result<Arc<str>, StoreError> {
        if let Some(text) = self.0.get(sql) {
            return Ok(Arc::clone(text));
        }
        check(sql)?;
        if self.0.len() >= TEXTS_KEPT {
            self.0.clear();
        }
        let text: Arc<str> = numbered(sql).into();
        self.0.insert(sql.to_owned(), Arc::clone(&text));
        Ok(text)
    }
}

/// Returns the single statements of a migration. They are separated by `;` at the end of a line, and comment lines are
/// dropped.
pub(crate) fn split(sql: &str) -> Vec<String> {
    let lines = sql.lines().filter(|line| !line.trim_start().starts_with("--"));
    let mut statements = vec![String::new()];
    for line in lines {
        let text = line.trim_end();
        if let Some(last) = statements.last_mut() {
            last.push_str(text.strip_suffix(';').unwrap_or(text));
            last.push('\n');
        }
        if text.ends_with(';') {
            statements.push(String::new());
        }
    }
    statements.iter().map(|statement| statement.trim().to_owned()).filter(|statement| !statement.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_rewritten_outside_of_quotes() {
        let table = [
            ("select $2, $1", "select ?2, ?1"),
            ("select '$1', \"$2\", $12", "select '$1', \"$2\", ?12"),
            ("select 'it''s $1' || $1", "select 'it''s $1' || ?1"),
            ("select 1 -- $1\n, $1", "select 1 -- $1\n, ?1"),
            ("select '两邻$1', $3 - $4", "select '两邻$1', ?3 - ?4"),
            ("select '$", "select '$"),
            ("a$b", "a$b"),
        ];
        for (original, expected) in table {
            assert_eq!(numbered(original), expected);
        }
    }

    #[test]
    fn transaction_control_is_refused() {
        for sql in ["commit", " ROLLBACK to x", "begin;", "savepoint a", "Release a", "end", "start transaction"] {
            assert!(check(sql).is_err(), "{sql}");
        }
        for sql in
            ["select 1", "insert into committee values (1)", "update begins set a = 1", "with x as (select 1) select 1"]
        {
            assert!(check(sql).is_ok(), "{sql}");
        }
    }

    #[test]
    fn a_migration_is_split_at_the_ends_of_statements() {
        let sql =
            "-- first; not a statement\ncreate table a (\n  b text default ';'\n);\ncreate index c\n  on a (b);\n";
        assert_eq!(split(sql), ["create table a (\n  b text default ';'\n)", "create index c\n  on a (b)"]);
    }
}
