//! A department's list as a table: one row an item, compared with the items in force.

use std::collections::BTreeMap;

use kernel::identifier::IdentityKind;
use kernel::line::lines_fault;
use kernel::switch;
use tables::{Limits, is_damaged, is_date, plain};
use web::Form;

use super::fields::{MOST_PAPERS, fixed};
use super::validate::Wrong;

/// The columns of the table, in their order. A column's name is also that of the form's field, but for lists.
pub const COLUMNS: [&str; 31] = [
    "code",
    "name_zh",
    "name_en",
    "summary_zh",
    "summary_en",
    "promised",
    "promised_unit",
    "legal",
    "legal_unit",
    "materials",
    "fields",
    "identity",
    "decides_level",
    "decides_department",
    "route",
    "custody",
    "procedure",
    "confidential",
    "result_zh",
    "result_en",
    "result_type",
    "type",
    "life_events",
    "keywords_zh",
    "keywords_en",
    "limit_source",
    "note_zh",
    "note_en",
    "cost_zh",
    "cost_en",
    "reference",
];
/// How large a list may be: a district with every service of every department has some 1,200 items.
pub const LIMITS: Limits = Limits { rows: 2_000, columns: 60, bytes: 20 * 1024 * 1024 };
/// The columns that hold what people read; all others hold codes and numbers, which are read in any width.
const TEXTS: [&str; 12] = [
    "name_zh",
    "name_en",
    "summary_zh",
    "summary_en",
    "result_zh",
    "result_en",
    "keywords_zh",
    "keywords_en",
    "note_zh",
    "note_en",
    "cost_zh",
    "cost_en",
];
/// The longest code that the national catalogue of government services gives an item.
const LONGEST_REFERENCE: usize = 55;
/// The columns that hold whole numbers.
const NUMBERS: [&str; 2] = ["promised", "legal"];
/// The columns that hold several codes.
const LISTS: [&str; 4] = ["fields", "identity", "route", "life_events"];
/// What a cell holds that is to be emptied.
const NOTHING: &str = "-";

/// One row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line, the head being 1.
    pub line: usize,
    /// Code of the item.
    pub code: String,
    /// The form it comes to, on the ground of the item in force.
    pub form: Form,
    /// What is to be said of it.
    pub verdict: Verdict,
    /// The item is confidential today and would not be any more.
    pub opens: bool,
    /// The addresses of its cells, by column.
    pub at: BTreeMap<&'static str, String>,
}

/// What a row would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing: it says what is in force.
    Unchanged,
    /// An item that is not in the catalogue.
    New,
    /// It changes these columns.
    Changed(Vec<&'static str>),
    /// It cannot be taken.
    Faulty(Vec<Wrong>),
    /// These cells cannot be read for certain.
    Misread(Vec<Misread>),
    /// The code is not known, belongs to another department, or stands in the table twice.
    Refused(&'static str),
}

/// A cell that cannot be read for certain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// Its column.
    pub column: &'static str,
    /// Its address in the file.
    pub at: String,
    /// What stands there.
    pub value: String,
    /// Why it is not read.
    pub why: Doubt,
}

/// Why a cell is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Neither yes nor no.
    Switch,
    /// A date where a number belongs.
    Date,
    /// No whole number where one belongs.
    Number,
    /// A sign of the name was lost on its way.
    Damaged,
    /// No code of the national catalogue.
    Reference,
    /// No kind of identity paper.
    Identity,
    /// Nothing stands there, but a new item has to answer.
    Unanswered,
}

/// Reads the cells of a row. `meant` gives the code that stands behind a word of the page.
///
/// # Errors
/// Every cell that cannot be read for certain.
pub fn cells(
    row: &tables::Row,
    meant: &dyn Fn(&'static str, &str) -> Option<String>,
) -> Result<BTreeMap<&'static str, String>, Vec<Misread>> {
    let (mut read, mut misread) = (BTreeMap::new(), Vec::new());
    for (&column, cell) in &row.cells {
        let value = if TEXTS.contains(&column) { cell.text.clone() } else { cell.plain() };
        let value = match whole(&value).filter(|_| NUMBERS.contains(&column)) {
            Some(number) => number.to_string(),
            None => spelled(column, value, meant),
        };
        match doubt(column, cell, &value) {
            Some(why) => misread.push(Misread { column, at: cell.at.clone(), value: cell.text.clone(), why }),
            None => drop(read.insert(column, value)),
        }
    }
    if misread.is_empty() { Ok(read) } else { Err(misread) }
}

/// Puts the code in place of the words of the page, in a list in place of each.
fn spelled(column: &'static str, value: String, meant: &dyn Fn(&'static str, &str) -> Option<String>) -> String {
    if let Some(code) = meant(column, &value) {
        return code;
    }
    if !LISTS.contains(&column) {
        return value;
    }
    let parts = value.split(|sign| ",，、;；".contains(sign)).map(str::trim);
    parts.map(|part| meant(column, part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join(" ")
}

fn doubt(column: &str, cell: &tables::Cell, value: &str) -> Option<Doubt> {
    let is_code = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    match column {
        "confidential" => says_confidential(value).is_none().then_some(Doubt::Switch),
        "promised" | "legal" if is_date(cell) => Some(Doubt::Date),
        "promised" | "legal" => (value != NOTHING && whole(value).is_none()).then_some(Doubt::Number),
        "name_zh" | "name_en" | "result_zh" | "result_en" => is_damaged(&cell.text).then_some(Doubt::Damaged),
        text if TEXTS.contains(&text) => lines_fault(&cell.text.replace('\r', "")).map(|_| Doubt::Damaged),
        "reference" if value != NOTHING => {
            (value.len() > LONGEST_REFERENCE || !value.chars().all(is_code)).then_some(Doubt::Reference)
        }
        "identity" if value != NOTHING => {
            parts(value).into_iter().any(|kind| IdentityKind::parse(kind).is_none()).then_some(Doubt::Identity)
        }
        _ => None,
    }
}

/// Reads a whole number as people and spreadsheets write it: `15`, `15.0`.
fn whole(value: &str) -> Option<u32> {
    let (digits, rest) = value.split_once('.').unwrap_or((value, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = is_number(digits) && is_number(rest) && rest.bytes().all(|byte| byte == b'0');
    is_whole.then(|| digits.parse().ok()).flatten()
}

/// Whether a cell says that an item is confidential: the usual words for yes and no, and the column's own. Anything
/// else, an emptied cell too, says nothing.
#[must_use]
pub fn says_confidential(value: &str) -> Option<bool> {
    switch::read(value).or_else(|| match plain(value).to_lowercase().as_str() {
        "保密" | "保密件" | "confidential" => Some(true),
        "不保密" | "非保密" | "公开" | "not confidential" | "public" => Some(false),
        _ => None,
    })
}

/// What is missing in the row of a new item: whether it is confidential. Nothing stands for a no. `at` is the address
/// of the cell, if the table has the column.
#[must_use]
pub fn unanswered(cells: &BTreeMap<&'static str, String>, at: Option<String>) -> Option<Misread> {
    let column = "confidential";
    let answer = cells.get(column).and_then(|value| says_confidential(value));
    answer.is_none().then(|| Misread {
        column,
        at: at.unwrap_or_default(),
        value: String::new(),
        why: Doubt::Unanswered,
    })
}

/// Whether a folded title is about confidentiality, however the list calls it: `是否涉密`, `密级`, `confidentiality`.
#[must_use]
pub fn is_about_confidentiality(title: &str) -> bool {
    ["密", "confidential", "secret", "classified"].iter().any(|word| title.contains(word))
}

/// Whether a title about confidentiality asks the other way round, so that a yes ends it: `不涉密`, `unclassified`.
#[must_use]
pub fn asks_the_other_way(title: &str) -> bool {
    ["不", "非", "无", "未", "免", "解", "not", "non", "un", "declass"].iter().any(|word| title.contains(word))
}

/// The cells of an item, in the order of [`COLUMNS`].
#[must_use]
pub fn line(form: &Form) -> Vec<String> {
    COLUMNS.iter().map(|column| cell(form, column)).collect()
}

fn cell(form: &Form, column: &str) -> String {
    match column {
        "materials" => (0..MOST_PAPERS).filter_map(|at| paper(form, at)).collect::<Vec<_>>().join(" "),
        "confidential" => String::from(if form.has(column) { "1" } else { "0" }),
        "keywords_zh" | "keywords_en" => form.get(column).replace('\n', "; "),
        list if LISTS.contains(&list) => form.all(list).join(" "),
        other => form.get(other).to_owned(),
    }
}

/// A paper as `ID*` (needed) or `PR/HK` (one of them, where it concerns).
fn paper(form: &Form, at: usize) -> Option<String> {
    let name = format!("paper{at}");
    let code = form.opt(&name)?;
    let needed = if form.has(&format!("{name}_needed")) { "*" } else { "" };
    let others = form.get(&format!("{name}_or")).split_whitespace().map(|other| format!("/{other}"));
    Some(format!("{code}{needed}{}", others.collect::<String>()))
}

/// A row is laid over the item in force: this returns the form that comes of it, and the columns that the row changes.
/// An empty cell leaves its column as it is; `-` empties it.
#[must_use]
pub fn compare(before: &Form, cells: &BTreeMap<&'static str, String>) -> (Form, Vec<&'static str>) {
    let mut form = before.clone();
    let mut changed = Vec::new();
    for column in COLUMNS {
        let Some(value) = cells.get(column).filter(|value| !value.is_empty()) else { continue };
        let value = if value == NOTHING { "" } else { value.as_str() };
        let next = set(&form, column, value);
        if cell(&next, column) != cell(&form, column) {
            changed.push(column);
            form = next;
        }
    }
    (form, changed)
}

fn set(form: &Form, column: &'static str, value: &str) -> Form {
    match column {
        "materials" => set_papers(form, value),
        "confidential" => match says_confidential(value) {
            Some(true) => fixed(form, &[(column, "1")]),
            Some(false) => without(form, column),
            None => form.clone(),
        },
        list if LISTS.contains(&list) => {
            let bare = without(form, list);
            parts(value).into_iter().fold(bare, |form, one| form.with(list, one))
        }
        other => fixed(form, &[(other, value)]),
    }
}

fn set_papers(form: &Form, value: &str) -> Form {
    let note = |code: &str, lang: &str| {
        let at = (0..MOST_PAPERS).find(|at| form.get(&format!("paper{at}")) == code);
        at.map(|at| form.get(&format!("paper{at}_note_{lang}")).to_owned()).unwrap_or_default()
    };
    let mut bare = form.clone();
    for (name, _) in form.under("paper") {
        bare = without(&bare, &format!("paper{name}"));
    }
    for (at, part) in parts(value).into_iter().enumerate() {
        let mut codes = part.split('/');
        let first = codes.next().unwrap_or_default();
        let code = first.trim_end_matches('*').to_uppercase();
        let name = format!("paper{at}");
        for lang in ["zh", "en"] {
            bare.add(format!("{name}_note_{lang}"), note(&code, lang));
        }
        if first.ends_with('*') {
            bare.add(format!("{name}_needed"), "1");
        }
        bare.add(format!("{name}_or"), codes.collect::<Vec<_>>().join(" ").to_uppercase());
        bare.add(name, code);
    }
    bare
}

fn without(form: &Form, column: &str) -> Form {
    let mut kept = Form::default();
    for (name, _) in form.under("").filter(|(name, _)| *name != column) {
        let all = form.all(name);
        if all.is_empty() {
            kept.add(name, "");
        }
        for value in all {
            kept.add(name, value);
        }
    }
    kept
}

fn parts(value: &str) -> Vec<&str> {
    let parts = value.split(|sign: char| sign.is_whitespace() || ",，、;；".contains(sign));
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests;
