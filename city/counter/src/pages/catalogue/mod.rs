//! The pages on which the city edits its catalogue: list and history, the form of an item, its effect, its release, and
//! a department's whole list.

pub mod edit;
pub mod import;
pub mod list;
mod parts;
pub mod preview;
pub mod release;

use crate::permissions::May;
use kernel::identifier::IdentityKind;
use kernel::language::Lang;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Crumb, Form, Page, Problem, WebError};

use crate::Counter;
use crate::catalogue::{Catalogue, Guide, ItemCode};
use crate::editing::{COLUMNS, Wrong, fields, from_json};
use crate::records::Draft;

/// An item that may be edited: as it is in force, and as somebody is writing it.
struct Edited {
    code: String,
    department: String,
    /// What the form shows: the draft, or the item in force.
    form: Form,
    /// The draft, where there is one.
    draft: Option<Draft>,
    /// It is in force already.
    known: bool,
}

impl Counter {
    /// The item of a code with its draft; 404 for one that there is not, or that this visitor does not edit.
    async fn edited(&self, page: &Page, code: &ItemCode) -> Result<Edited, WebError> {
        page.require(May::CatalogueEdit)?;
        let code = code.as_str().to_owned();
        let (catalogue, draft) = (self.catalogue(), self.draft(&code).await?);
        let item = catalogue.get(&code);
        let waiting = || self.book.releases().iter().rev().find(|one| one.item == code).map(|one| one.entry.clone());
        let form = match (&draft, item) {
            (Some(draft), _) => from_json(&draft.fields),
            (None, Some(item)) => {
                let bare = Guide { item: code.clone(), ..Guide::default() };
                fields(item, catalogue.guide(&code).unwrap_or(&bare))
            }
            // A new item that was released and waits for its day, or was withdrawn.
            (None, None) => {
                let entry = waiting().and_then(|text| Catalogue::entry(&text)).ok_or(WebError::NotFound)?;
                fields(&entry.0, &entry.1)
            }
        };
        let department = item.map_or_else(|| form.get("department").to_owned(), |item| item.department.clone());
        self.may_edit(&page.visitor.actor, &department)?;
        Ok(Edited { known: item.is_some(), code, department, form, draft })
    }

    /// The name of a department.
    fn department_name(&self, page: &Page, code: &str) -> String {
        let catalogue = self.catalogue();
        catalogue.department(code).map_or_else(|| code.to_owned(), |one| page.of(&one.name).to_owned())
    }

    /// The name of a document of the rulebook's register.
    fn document_name(&self, page: &Page, id: &str) -> String {
        let document = self.cases.hall.rulebook.document(id);
        document.map_or_else(|| id.to_owned(), |document| page.of(&document.title).to_owned())
    }
}

/// Columns whose cells may hold the words of the page in place of a code: column, beginning of the keys, codes.
const WORDS: [(&str, &str, &[&str]); 6] = [
    ("promised_unit", "counter-edit-unit-", &["working_day", "calendar_day", "working_hour"]),
    ("legal_unit", "counter-edit-unit-", &["working_day", "calendar_day", "working_hour"]),
    ("decides_level", "counter-edit-level-", &["community", "street", "district", "city"]),
    ("route", "counter-edit-level-", &["community", "street", "district", "city"]),
    ("custody", "counter-edit-custody-", &["D", "S", "O"]),
    ("result_type", "counter-edit-result-", &["certificate", "payment", "record", "service"]),
];

/// Items for a workbook that can be changed and sent back: numbers as numbers, codes that people know by a word as that
/// word, everything else as it was typed.
fn workbook(page: &Page, rows: impl Iterator<Item = Vec<String>>) -> Table {
    let kind = |name: &str| if is_number(name) { ColumnKind::Number } else { ColumnKind::Text };
    let column = |name: &str| Column::new(kind(name), page.t(&format!("counter-import-column-{name}")));
    let cell = |(name, text): (&str, String)| match text.parse() {
        Ok(number) if is_number(name) => Cell::Number(number),
        _ => Cell::Text(word(page, name, text)),
    };
    let rows = rows.map(|row| COLUMNS.into_iter().zip(row).map(cell).collect::<Vec<Cell>>());
    Table::new(page.t("counter-nav-catalogue"), COLUMNS.map(column).to_vec()).with(rows)
}

/// Whether a column holds numbers.
fn is_number(column: &str) -> bool {
    matches!(column, "promised" | "legal")
}

/// What stands in a cell for a code, or for several: the words under which the page shows them, where it has any.
fn word(page: &Page, column: &str, text: String) -> String {
    let known = |code: &str| match column {
        "confidential" if code == "1" => page.t("counter-yes"),
        "confidential" => page.t("counter-no"),
        "identity" => {
            IdentityKind::parse(code).map_or_else(|| code.to_owned(), |kind| page.of(&kind.name()).to_owned())
        }
        _ => {
            let key = WORDS.iter().find(|(name, _, codes)| *name == column && codes.contains(&code));
            key.map_or_else(|| code.to_owned(), |(_, key, _)| page.t(&format!("{key}{code}")))
        }
    };
    match column {
        "identity" | "route" => text.split(' ').map(known).collect::<Vec<String>>().join(page.lang.pick("、", ", ")),
        "confidential" => known(&text),
        _ if WORDS.iter().any(|(name, ..)| *name == column) => known(&text),
        _ => text,
    }
}

/// The way back from a page about one item.
fn crumbs(page: &Page, code: Option<&str>) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb { text: page.t("counter-nav-catalogue"), href: "/catalogue".to_owned() }];
    crumbs.extend(code.map(|code| Crumb { text: code.to_owned(), href: format!("/catalogue/{code}") }));
    crumbs
}

/// The faults of a draft, each beside its field: the rule of the column in words, then what the check found. The check
/// speaks English, so in Chinese the rule is followed by what it found fault with alone.
fn problems(page: &Page, wrong: &[Wrong]) -> Vec<Problem> {
    let problem = |one: &Wrong| Problem {
        field: one.field().to_owned(),
        text: page.t(&format!("counter-edit-rule-{}", one.rule())),
        remedy: found(page, one),
    };
    wrong.iter().map(problem).collect()
}

fn found(page: &Page, one: &Wrong) -> String {
    match page.lang {
        Lang::Zh => {
            let named: Vec<String> = quoted(&one.message).into_iter().map(|part| format!("“{part}”")).collect();
            if named.is_empty() { String::new() } else { page.t1("counter-edit-found", "what", named.join("、")) }
        }
        Lang::En => {
            let parts = [one.message.as_str(), one.remedy.as_str()].into_iter().filter(|part| !part.is_empty());
            parts.map(|part| format!("{}.", in_words(part))).collect::<Vec<_>>().join(" ")
        }
    }
}

/// What a fault quotes.
fn quoted(message: &str) -> Vec<&str> {
    message.split('"').skip(1).step_by(2).filter(|part| !part.trim().is_empty()).collect()
}

/// A fault with the units of limits as people say them.
fn in_words(text: &str) -> String {
    let units = [("working_day", "working days"), ("calendar_day", "calendar days"), ("working_hour", "working hours")];
    let units = units.into_iter().filter(|(code, _)| text.contains(&format!(" {code})")));
    units.fold(text.to_owned(), |text, (code, words)| text.replace(&format!(" {code})"), &format!(" {words})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_by_what_it_quotes_and_in_words() {
        for (message, parts) in [
            ("the material \"ZZ\" is not known", vec!["ZZ"]),
            ("asked after \"a\" = \"b\", which", vec!["a", "b"]),
            ("what is promised (31 working_day) is longer", vec![]),
            ("the name is \"\"", vec![]),
        ] {
            assert_eq!(quoted(message), parts, "{message}");
        }
        let said = in_words("what is promised (31 working_day) is longer than the law allows (30 calendar_day)");
        assert_eq!(said, "what is promised (31 working days) is longer than the law allows (30 calendar days)");
    }
}
