//! Accounts of many colleagues as a table brings them: the template, a report on every row with what would come of it,
//! and the request for those that are good. Nothing is kept before that.

use super::once::key_of;
use super::post_fields::candidates;
use super::staff::{PasswordPage, crumbs, first_half};
use super::{PostLine, problems_of_asking};
use crate::actions::{NewColleagues, Settled};
use crate::permissions::May;
use crate::refusals::Why;
use crate::rules::{ALSO_CALLED, COLUMNS, Known, LIMITS, Listed, listed};
use crate::{Identity, IdentityError};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::language::Lang;
use kernel::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tables::{Cell, Row};
use web::table::{Column, ColumnKind, Table};
use web::{Crumb, Page, PostForm, Problem, UploadForm, WebError, render, render_status};

#[derive(Template)]
#[template(path = "staff_import.html")]
struct ImportPage {
    page: Page,
    crumbs: Vec<Crumb>,
    problems: Vec<Problem>,
    reports: Vec<Report>,
    /// How many rows there are of each kind, in one sentence.
    count: String,
    /// The columns of the table that are not taken.
    untaken: String,
    /// Which sheet was read, where others were not.
    sheets: String,
    /// The rows that are good, to be sent back.
    sent: Vec<String>,
    /// Why it is asked for, where another person must confirm it.
    why: Option<String>,
}

/// What is said of a row.
struct Report {
    line: usize,
    name: String,
    class: &'static str,
    verdict: String,
    details: Vec<String>,
}

/// A row of the table, and what it comes to.
struct Looked {
    row: Row,
    found: Result<Listed, Vec<Refusal>>,
}

/// The rows of a table, and its columns that are not taken.
#[derive(Default)]
struct Brought {
    rows: Vec<Looked>,
    untaken: Vec<String>,
    sheets: tables::Sheets,
}

/// `GET /staff/import`
///
/// # Errors
/// Sign-in needed, or no permission.
pub async fn get(State(identity): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    render(&import_page(&identity, page, Brought::default(), Vec::new(), ""))
}

/// `GET /staff/import/template`: the columns, to be filled in and sent back.
///
/// # Errors
/// Sign-in needed, no permission, or a failure to write.
pub async fn template(State(_): State<Arc<Identity>>, page: Page) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let columns = COLUMNS.map(|column| Column::new(ColumnKind::Text, page.t(key_of_column(column)))).to_vec();
    Table::new(page.t("identity-import-title"), columns).xlsx(&page, "accounts").await
}

/// `POST /staff/import`: a report on every row; nothing is kept.
///
/// # Errors
/// Sign-in needed, no permission, or a form that cannot be read.
pub async fn post(State(identity): State<Arc<Identity>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let bytes = form.files().first().map(|file| file.bytes.clone()).unwrap_or_default();
    let drawn = page.clone();
    let read = page.aside(move || tables_read(&drawn, &bytes)).await?;
    match read {
        Ok(table) => {
            let rows = looked_at(&identity, &page, table.rows).await?;
            let table = Brought { rows, untaken: table.untaken, sheets: table.sheets };
            render(&import_page(&identity, page, table, Vec::new(), ""))
        }
        Err(refusal) => {
            let problems = vec![page.problem(&refusal)];
            let shown = import_page(&identity, page, Brought::default(), problems, "");
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

/// `POST /staff/import/ask` asks for the accounts of the rows that were found good, or opens them where the city wants
/// no second person. It looks at each row again, because a browser sent it.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn ask(State(identity): State<Arc<Identity>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::AccountManage)?;
    let rows: Vec<Row> = form.all("row").into_iter().filter_map(from_json).take(LIMITS.rows).collect();
    let rows = looked_at(&identity, &page, rows).await?;
    let all: Vec<Listed> = rows.iter().filter_map(|looked| looked.found.as_ref().ok().cloned()).collect();
    let problems = if rows.is_empty() {
        vec![page.problem(&Refusal::new(tables::Why::TableEmpty))]
    } else if all.len() < rows.len() {
        Vec::new()
    } else {
        let logins: Vec<String> = all.iter().map(|one| one.login.clone()).collect();
        let new = NewColleagues { id: key_of(&page, &form), all, why: form.get("why").to_owned() };
        match identity.open_colleagues(&page.visitor.actor, new).await {
            Ok(Settled::Asked(asked)) => {
                return first_half(&identity, page, asked, "identity-import-waits").await;
            }
            Ok(Settled::Done(passwords)) => {
                let passwords = logins.into_iter().zip(passwords.iter().map(|password| password.to_string()));
                let (crumbs, passwords) = (crumbs(&page), passwords.collect());
                let on = Crumb { text: page.t("identity-staff-title"), href: crate::words::STAFF.to_owned() };
                return render(&PasswordPage { page, crumbs, passwords, on });
            }
            Err(error) => problems_of_asking(error, &page)?,
        }
    };
    let table = Brought { rows, ..Brought::default() };
    let shown = import_page(&identity, page, table, problems, form.get("why"));
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

fn tables_read(page: &Page, bytes: &[u8]) -> Result<tables::Table, Refusal> {
    let titles = titles(page);
    let column = |title: &str| titles.get(title).copied();
    let called = |column: &'static str| page.t(key_of_column(column));
    let required = ["name", "login", "role", "place"];
    let table =
        tables::read(bytes, &tables::Wanted { limits: LIMITS, required: &required, column: &column, called: &called })?;
    if table.rows.is_empty() { Err(Refusal::new(tables::Why::TableEmpty).field("file")) } else { Ok(table) }
}

/// Looks at each row: what it means, whether the visitor may open such an account, whether the login is free.
async fn looked_at(identity: &Arc<Identity>, page: &Page, rows: Vec<Row>) -> Result<Vec<Looked>, IdentityError> {
    let found = meanings(identity, page, &rows);
    let logins = found.iter().flatten().map(|one| one.login.clone()).collect();
    let (taken, mut seen) = (identity.taken(logins).await?, BTreeSet::new());
    let mut looked = Vec::with_capacity(rows.len());
    for (row, found) in rows.into_iter().zip(found) {
        let found = found.and_then(|listed| {
            let refused = |code| Err(vec![Refusal::new(code).field("login").with("login", &listed.login)]);
            if !seen.insert(listed.login.clone()) {
                return refused(Why::IdentityListedTwice);
            }
            if taken.contains(&listed.login) {
                return refused(Why::IdentityLoginTaken);
            }
            match identity.may_open(&listed, &page.visitor.actor) {
                Ok(()) => Ok(listed),
                Err(refusal) if refusal.field.is_none() => Err(vec![refusal.field("role")]),
                Err(refusal) => Err(vec![refusal]),
            }
        });
        looked.push(Looked { row, found });
    }
    Ok(looked)
}

/// Reads what each row means.
fn meanings(identity: &Identity, page: &Page, rows: &[Row]) -> Vec<Result<Listed, Vec<Refusal>>> {
    let places = |words: &str| candidates(identity, page, words);
    let known = Known {
        today: page.today(),
        roles: identity.roles(),
        role: identity.roles().all().flat_map(|role| meant(&role.code, &role.title)).collect(),
        department: identity.places.departments().iter().flat_map(|(code, title)| meant(code, title)).collect(),
        places: &places,
    };
    rows.iter().map(|row| listed(row, &known)).collect()
}

/// The folded words that stand for a code: the code itself and its name in both languages.
fn meant(code: &str, title: &kernel::language::Bilingual) -> [(String, String); 3] {
    [code, title.get(Lang::Zh), title.get(Lang::En)].map(|word| (tables::folded(word), code.to_owned()))
}

fn import_page(identity: &Identity, page: Page, table: Brought, problems: Vec<Problem>, why: &str) -> ImportPage {
    let Brought { rows, untaken, sheets } = table;
    let good = rows.iter().filter(|looked| looked.found.is_ok()).count();
    let numbers = [("n", rows.len()), ("good", good), ("wrong", rows.len().saturating_sub(good))];
    let numbers = numbers.map(|(name, number)| (name, number.to_string()));
    let count = page.text("identity-import-count", &numbers.each_ref().map(|(name, number)| (*name, number.as_str())));
    let sent = rows.iter().filter(|looked| looked.found.is_ok()).map(|looked| to_json(&looked.row)).collect();
    ImportPage {
        crumbs: crumbs(&page),
        untaken: untaken.join(page.lang.pick("、", ", ")),
        sheets: sheets.told().map(|told| page.of(&told).to_owned()).unwrap_or_default(),
        reports: rows.iter().map(|looked| report(identity, &page, looked)).collect(),
        why: identity.rules().two_people.then(|| why.to_owned()),
        count,
        sent,
        problems,
        page,
    }
}

fn report(identity: &Identity, page: &Page, looked: &Looked) -> Report {
    let line = looked.row.line;
    match &looked.found {
        Ok(Listed { login, name, post }) => {
            let held = PostLine::of(identity, page, post);
            let parts = [login.clone(), held.role, held.place, held.department, post.from.to_string()];
            let details = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
            Report {
                line,
                name: name.clone(),
                class: "ok",
                verdict: page.t("identity-import-good"),
                details: vec![details],
            }
        }
        Err(faults) => {
            let details = faults.iter().map(|fault| told(page, line, fault)).collect();
            let name = looked.row.text("name").to_owned();
            Report { line, name, class: "late", verdict: page.t("identity-import-wrong"), details }
        }
    }
}

/// Says what is wrong with a row, and in which column.
fn told(page: &Page, line: usize, fault: &Refusal) -> String {
    let column = COLUMNS.into_iter().find(|column| fault.field.as_deref() == Some(*column));
    let column = column.map_or_else(String::new, |column| page.t(key_of_column(column)));
    let labelled =
        if fault.detail.contains_key("label") { fault.clone() } else { fault.clone().with("label", &column) };
    let what = format!("{} {}", labelled.sentence(page.lang), labelled.remedy(page.lang));
    let line = line.to_string();
    page.text("identity-import-cell", &[("line", &line), ("column", &column), ("what", &what)])
}

/// The column that each title names: in either language, by its code, or as offices call it.
fn titles(page: &Page) -> BTreeMap<String, &'static str> {
    let title = |column: &str, lang: Lang| page.frame().texts.get(lang, key_of_column(column), &[]);
    let named = |column: &'static str| {
        [column.to_owned(), title(column, Lang::Zh), title(column, Lang::En)]
            .map(|title| (tables::folded(&title), column))
    };
    let others = ALSO_CALLED.into_iter().map(|(title, column)| (tables::folded(title), column));
    others.chain(COLUMNS.into_iter().flat_map(named)).collect()
}

/// The key of what a column is called.
fn key_of_column(column: &str) -> &'static str {
    match column {
        "login" => "identity-login",
        "role" => "identity-role",
        "place" => "identity-place",
        "department" => "identity-department",
        "from" => "identity-post-from",
        "to" => "identity-post-to",
        _ => "identity-name",
    }
}

/// A row as a text for a form.
fn to_json(row: &Row) -> String {
    let cells: BTreeMap<&str, &str> = row.cells.iter().map(|(column, cell)| (*column, cell.text.as_str())).collect();
    serde_json::json!({ "line": row.line, "cells": cells }).to_string()
}

/// A row from such a text; none from anything else.
fn from_json(text: &str) -> Option<Row> {
    let sent: serde_json::Value = serde_json::from_str(text).ok()?;
    let line = usize::try_from(sent.get("line")?.as_u64()?).ok()?;
    let cells = sent.get("cells")?;
    let cell = |column: &'static str| {
        let text = cells.get(column)?.as_str()?.to_owned();
        Some((column, Cell { text, ..Cell::default() }))
    };
    Some(Row { line, cells: COLUMNS.into_iter().filter_map(cell).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_sent_back_means_the_same() {
        let cell = |text: &str| Cell { text: text.to_owned(), ..Cell::default() };
        let row = Row { line: 7, cells: BTreeMap::from([("name", cell("李\"娜")), ("login", cell("li.na"))]) };
        assert_eq!(from_json(&to_json(&row)), Some(row));
        for odd in ["", "[]", "{}", r#"{"line":-1,"cells":{}}"#, r#"{"line":2}"#] {
            assert_eq!(from_json(odd), None, "{odd}");
        }
        let more = from_json(r#"{"line":2,"cells":{"password":"x","name":7}}"#);
        assert_eq!(more, Some(Row { line: 2, cells: BTreeMap::new() }), "nothing but the columns, and texts alone");
    }
}
