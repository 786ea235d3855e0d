//! Whether a draft could be released: read as the files are read, every fault with the column it is in.

use kernel::fault::Fault;
use kernel::time::Date;
use web::Form;

use super::book::Book;
use super::fields::item;
use super::writing::{column_at, write};
use crate::catalogue::{Guide, Item};

/// The name under which a draft's text is read.
const DRAFT: &str = "draft";

/// One fault of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The column of the catalogue it is in; empty when it is about the whole item or another one.
    pub column: String,
    /// What is wrong, as the catalogue's own check says it; empty where the form alone could tell.
    pub message: String,
    /// What to do, likewise.
    pub remedy: String,
}

/// A draft that was looked at.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it describes, with its guide; none while a column cannot be read.
    pub entry: Option<(Item, Guide)>,
    /// Its text as the files write it.
    pub text: String,
    /// What is wrong with it; nothing when it could be released.
    pub wrong: Vec<Wrong>,
}

/// Looks at a draft. `version` is the one it would have.
#[must_use]
pub fn check(book: &Book, form: &Form, version: i64, on: Date) -> Checked {
    let now = book.now();
    let before = now.guide(&form.get("code").to_uppercase());
    let (one, guide) = match item(form, version, before) {
        Ok(entry) => entry,
        Err(columns) => {
            let wrong = columns.into_iter().map(|column| Wrong {
                column: column.to_owned(),
                message: String::new(),
                remedy: String::new(),
            });
            return Checked { entry: None, text: String::new(), wrong: wrong.collect() };
        }
    };
    let text = write(&one, &guide);
    let mut wrong: Vec<Wrong> = match book.with(&[(DRAFT.to_owned(), text.clone())], on) {
        Ok(catalogue) => {
            let procedures: Vec<&str> = book.procedures().iter().map(String::as_str).collect();
            let unknown = catalogue.unknown_procedures(&procedures);
            let unknown = unknown.into_iter().filter(|fault| fault.file == DRAFT).map(|fault| at(&fault, "procedure"));
            let forbidden = catalogue.forbidden_in(&one, on).into_iter().map(|fault| at(&fault, "materials"));
            unknown.chain(forbidden).collect()
        }
        Err(faults) => faults.iter().map(|fault| at(fault, column_of(fault, &text))).collect(),
    };
    wrong.dedup();
    Checked { entry: Some((one, guide)), text, wrong }
}

fn column_of<'t>(fault: &Fault, text: &'t str) -> &'t str {
    if fault.file == DRAFT { column_at(text, fault.line) } else { "" }
}

fn at(fault: &Fault, column: &str) -> Wrong {
    Wrong { column: column.to_owned(), message: fault.message.clone(), remedy: fault.remedy.clone() }
}

impl Wrong {
    /// The field of the form in which the column is typed; empty for none.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self.column.as_str() {
            "code" => "code",
            "name" => "name_zh",
            "summary" => "summary_zh",
            "type" => "type",
            "department" | "decides" => "decides_department",
            "route" => "route",
            "custody" => "custody",
            "procedure" => "procedure",
            "promised" => "promised",
            "legal" => "legal",
            "limit_note" => "note_zh",
            "limit_source" => "limit_source",
            "name_source" => "name_source",
            "materials" => "paper0",
            "fields" => "fields",
            "result" => "result_zh",
            "life_events" => "life_events",
            "keywords" => "keywords_zh",
            "reasons" => "ready0",
            "cost" | "law" | "guide" | "item" => "cost_zh",
            _ => "",
        }
    }

    /// The last part of the key under which the column's rule is written in both languages.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        match self.column.as_str() {
            "code" | "version" => "code",
            "name" | "summary" | "limit_note" => "texts",
            "type" | "department" | "decides" | "life_events" => "known",
            "route" => "route",
            "custody" => "custody",
            "procedure" => "procedure",
            "promised" | "legal" => "limit",
            "limit_source" | "name_source" => "source",
            "materials" => "materials",
            "fields" => "fields",
            "result" => "result",
            "keywords" => "keywords",
            "reasons" => "reasons",
            "cost" | "law" | "guide" | "item" => "guide",
            _ => "other",
        }
    }
}
