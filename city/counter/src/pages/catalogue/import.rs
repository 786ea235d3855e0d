//! A department brings its list as a table: the template, a report on every row, and drafts of the rows that are good.
//! Nothing is kept before that.

use crate::permissions::May;
use crate::refusals::Why;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::Fault;
use kernel::identifier::IdentityKind;
use kernel::language::Lang;
use kernel::refusal::Refusal;
use web::{Choice, Crumb, Form, Page, Problem, UploadForm, WebError, render, render_status};

use super::{crumbs, problems, workbook};
use crate::Counter;
use crate::catalogue::{Catalogue, Guide};
use crate::editing::{
    COLUMNS, Doubt, LIMITS, Misread, Row, Verdict, asks_the_other_way, blank, cells, compare, fields, from_json,
    is_about_confidentiality, line, to_json, unanswered,
};

#[derive(Template)]
#[template(path = "counter/catalogue/import.html")]
struct ImportPage {
    page: Page,
    crumbs: Vec<Crumb>,
    problems: Vec<Problem>,
    departments: Vec<Choice>,
    columns: Vec<Column>,
    reports: Vec<Report>,
    /// How many rows there are of each kind, in one sentence.
    count: String,
    /// The columns of the table that are not taken.
    untaken: String,
    /// Which sheet was read, where others were not.
    sheets: String,
    /// The items that would no longer be confidential.
    opened: String,
    /// How many rows are good.
    good: usize,
    /// The forms of the rows that are good, to be sent back, several in one field.
    sent: Vec<String>,
    once: String,
}

/// A column of the table, explained.
struct Column {
    name: String,
    text: String,
}

/// What is said of a row.
struct Report {
    line: usize,
    code: String,
    class: &'static str,
    verdict: String,
    details: Vec<String>,
    /// What must not be overlooked.
    warning: String,
}

/// What a table says.
#[derive(Default)]
struct Listed {
    rows: Vec<Row>,
    untaken: Vec<String>,
    sheets: tables::Sheets,
}

/// How many bytes of rows one field of the form carries; a form takes no field above 64 KiB.
const ROWS_OF_A_FIELD: usize = 32 * 1024;

/// `GET /catalogue/import`
///
/// # Errors
/// Sign-in needed, or no permission.
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    render(&counter.import_page(page, Vec::new(), Listed::default()))
}

/// `GET /catalogue/template`: the present list of a department (or of all), to be changed and sent back.
///
/// # Errors
/// Sign-in needed, no permission, or a failure to write.
pub async fn template(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let (catalogue, department) = (counter.catalogue(), page.query.get("department"));
    let wanted = catalogue.items().filter(|item| department.is_empty() || item.department == department);
    let mine = wanted.filter(|item| counter.may_edit(&page.visitor.actor, &item.department).is_ok());
    let list = workbook(&page, mine.map(|item| line(&form_of(&catalogue, &item.code).unwrap_or_default())));
    list.xlsx(&page, "catalogue").await
}

/// `POST /catalogue/import`: a report on every row; nothing is kept.
///
/// # Errors
/// Sign-in needed, no permission, or a form that cannot be read.
pub async fn post(State(counter): State<Arc<Counter>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let bytes = form.files().first().map(|file| file.bytes.clone()).unwrap_or_default();
    let (desk, drawn) = (counter.clone(), page.clone());
    match page.aside(move || desk.looked_at(&drawn, &bytes)).await? {
        Ok(listed) => render(&counter.import_page(page, Vec::new(), listed)),
        Err(refusal) => {
            let problems = vec![page.problem(&refusal)];
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &counter.import_page(page, problems, Listed::default()))
        }
    }
}

/// `POST /catalogue/import/drafts` keeps drafts of the rows that were found good. It looks at each row again, because a
/// browser sent it.
///
/// # Errors
/// Sign-in needed, no permission, a row that is not this visitor's or no longer good, or a failure.
pub async fn keep(State(counter): State<Arc<Counter>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let rows: Vec<Form> = form.all("row").into_iter().flat_map(str::lines).map(from_json).collect();
    if rows.is_empty() {
        return Err(Refusal::new(tables::Why::TableEmpty).into());
    }
    let (desk, actor, now) = (counter.clone(), page.visitor.actor.clone(), page.now);
    let looked_at = page.aside(move || {
        let departments: BTreeSet<String> = rows.iter().map(|row| desk.department_of(row)).collect();
        for department in &departments {
            desk.may_edit(&actor, department)?;
        }
        let forms: Vec<&Form> = rows.iter().collect();
        let checked = desk.checked_drafts(&forms, now);
        if let Some((row, _)) = rows.iter().zip(&checked).find(|(_, checked)| !checked.wrong.is_empty()) {
            return Err(Refusal::new(Why::CatalogueDraftFaulty).with("item", row.get("code")).into());
        }
        Ok::<_, Fault>(rows)
    });
    let rows = looked_at.await??;
    counter.keep_drafts(&rows, &page.visitor.actor, form.key().to_owned(), page.now).await?;
    Ok(Redirect::to("/catalogue").into_response())
}

/// The form of the item in force.
fn form_of(catalogue: &Catalogue, code: &str) -> Option<Form> {
    let item = catalogue.get(code)?;
    let bare = Guide { item: item.code.clone(), ..Guide::default() };
    Some(fields(item, catalogue.guide(&item.code).unwrap_or(&bare)))
}

impl Counter {
    /// The department a form belongs to: that of the item in force, else the one whose prefix its code has.
    fn department_of(&self, form: &Form) -> String {
        let (catalogue, code) = (self.catalogue(), form.get("code").to_uppercase());
        let known = catalogue.get(&code).map(|item| item.department.clone());
        let prefix = code.split('-').next().unwrap_or_default();
        let by_prefix = || catalogue.departments().find(|one| one.prefix == prefix).map(|one| one.code.clone());
        known.or_else(by_prefix).unwrap_or_default()
    }

    /// Every row of a table, upon the items in force.
    fn looked_at(&self, page: &Page, bytes: &[u8]) -> Result<Listed, Refusal> {
        let called = |column: &'static str| page.t(&format!("counter-import-column-{column}"));
        let titles = titles(page);
        let other = |title: &str| is_about_confidentiality(title) && !asks_the_other_way(title);
        let column = |title: &str| titles.get(title).copied().or_else(|| other(title).then_some("confidential"));
        let wanted = tables::Wanted { limits: LIMITS, required: &["code"], column: &column, called: &called };
        let table = tables::read(bytes, &wanted)?;
        if let Some(turned) = table.untaken.iter().find(|title| is_about_confidentiality(&tables::folded(title))) {
            let refusal = Refusal::new(Why::CatalogueColumnTurned).field("file").with("title", turned);
            return Err(refusal.with("column", called("confidential")));
        }
        let words = words(page);
        let mut seen = BTreeSet::new();
        let mut rows: Vec<Row> = table.rows.iter().map(|row| self.row(page, &table, row, &words, &mut seen)).collect();
        let open = rows.iter().enumerate().filter(|(_, row)| is_good(row)).map(|(at, _)| at).collect::<Vec<usize>>();
        let forms: Vec<&Form> = open.iter().filter_map(|at| rows.get(*at)).map(|row| &row.form).collect();
        let checked = self.checked_drafts(&forms, page.now);
        for (at, checked) in open.into_iter().zip(checked).filter(|(_, checked)| !checked.wrong.is_empty()) {
            rows.get_mut(at).into_iter().for_each(|row| row.verdict = Verdict::Faulty(checked.wrong.clone()));
        }
        Ok(Listed { rows, untaken: table.untaken, sheets: table.sheets })
    }

    /// A row, before what comes of it is checked.
    fn row(
        &self,
        page: &Page,
        table: &tables::Table,
        row: &tables::Row,
        words: &BTreeMap<(&'static str, String), String>,
        seen: &mut BTreeSet<String>,
    ) -> Row {
        let (line, code) = (row.line, row.plain("code").to_uppercase());
        let at: BTreeMap<&'static str, String> =
            row.cells.iter().map(|(column, cell)| (*column, cell.at.clone())).collect();
        let told = |verdict: Verdict| {
            let (code, at) = (code.clone(), at.clone());
            Row { line, code, form: Form::default(), verdict, opens: false, at }
        };
        if !seen.insert(code.clone()) {
            return told(Verdict::Refused("counter-import-twice"));
        }
        let catalogue = self.catalogue();
        let department = self.department_of(&Form::default().with("code", &code));
        let department = catalogue.department(&department);
        let mine = department.filter(|one| self.may_edit(&page.visitor.actor, &one.code).is_ok());
        let Some(department) = mine else { return told(Verdict::Refused("counter-import-not-yours")) };
        let meant = |column: &'static str, cell: &str| words.get(&(column, cell.to_owned())).cloned();
        let mut cells = match cells(row, &meant) {
            Ok(cells) => cells,
            Err(misread) => return told(Verdict::Misread(misread)),
        };
        cells.insert("code", code.clone());
        let before = form_of(&catalogue, &code);
        let is_new = before.is_none();
        if let Some(missing) = unanswered(&cells, table.at("confidential", line)).filter(|_| is_new) {
            return told(Verdict::Misread(vec![missing]));
        }
        let before = before.unwrap_or_else(|| blank(&code, department));
        let (form, changed) = compare(&before, &cells);
        let opens = before.has("confidential") && !form.has("confidential");
        let verdict = match (is_new, changed.is_empty()) {
            (true, _) => Verdict::New,
            (false, true) => Verdict::Unchanged,
            (false, false) => Verdict::Changed(changed),
        };
        Row { line, code, form, verdict, opens, at }
    }

    fn import_page(&self, page: Page, problems: Vec<Problem>, listed: Listed) -> ImportPage {
        let Listed { rows, untaken, sheets } = listed;
        let column = |name: &&str| Column {
            name: page.t(&format!("counter-import-column-{name}")),
            text: page.t(&format!("counter-import-about-{}", about(name))),
        };
        let good: Vec<String> = rows.iter().filter(|row| is_good(row)).map(|row| to_json(&row.form)).collect();
        let opened = rows.iter().filter(|row| row.opens && is_good(row)).map(|row| row.code.as_str());
        let between = page.lang.pick("、", ", ");
        ImportPage {
            crumbs: crumbs(&page, None),
            departments: self.own_departments(&page, ""),
            columns: COLUMNS.iter().map(column).collect(),
            count: counted(&page, &rows),
            untaken: untaken.join(between),
            sheets: sheets.told().map(|told| page.of(&told).to_owned()).unwrap_or_default(),
            opened: opened.collect::<Vec<&str>>().join(between),
            good: good.len(),
            sent: in_fields(good),
            reports: rows.into_iter().map(|row| report(&page, row)).collect(),
            once: page.once(),
            problems,
            page,
        }
    }
}

/// Whether a draft can be made of a row.
const fn is_good(row: &Row) -> bool {
    matches!(row.verdict, Verdict::New | Verdict::Changed(_))
}

/// How many rows there are of each kind.
fn counted(page: &Page, rows: &[Row]) -> String {
    let count = |is: fn(&Verdict) -> bool| rows.iter().filter(|row| is(&row.verdict)).count().to_string();
    let new = count(|verdict| matches!(verdict, Verdict::New));
    let changed = count(|verdict| matches!(verdict, Verdict::Changed(_)));
    let same = count(|verdict| matches!(verdict, Verdict::Unchanged));
    let wrong = count(|verdict| matches!(verdict, Verdict::Faulty(_) | Verdict::Misread(_) | Verdict::Refused(_)));
    let all = rows.len().to_string();
    let values = [("n", &*all), ("new", &*new), ("changed", &*changed), ("same", &*same), ("wrong", &*wrong)];
    page.frame().texts.get(page.lang, "counter-import-count", &values)
}

/// Rows as texts for fields, as many in one as it carries.
fn in_fields(rows: Vec<String>) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for row in rows {
        match fields.last_mut().filter(|field| field.len() + row.len() < ROWS_OF_A_FIELD) {
            Some(field) => field.extend(["\n", row.as_str()]),
            None => fields.push(row),
        }
    }
    fields
}

/// The column that each title names: in either language, or by its code.
fn titles(page: &Page) -> BTreeMap<String, &'static str> {
    let title = |column: &str, lang: Lang| {
        tables::folded(&page.frame().texts.get(lang, &format!("counter-import-column-{column}"), &[]))
    };
    let named = |column: &'static str| {
        [column.to_owned(), title(column, Lang::Zh), title(column, Lang::En)].map(|title| (title, column))
    };
    COLUMNS.into_iter().flat_map(named).collect()
}

/// The words that stand for codes, in both languages.
fn words(page: &Page) -> BTreeMap<(&'static str, String), String> {
    let mut words = BTreeMap::new();
    for (column, key, codes) in super::WORDS {
        for code in codes {
            for lang in [Lang::Zh, Lang::En] {
                let word = page.frame().texts.get(lang, &format!("{key}{code}"), &[]);
                words.insert((column, tables::plain(&word)), (*code).to_owned());
            }
        }
    }
    for kind in IdentityKind::ALL {
        for lang in [Lang::Zh, Lang::En] {
            words.insert(("identity", tables::plain(kind.name().get(lang))), kind.code().to_owned());
        }
    }
    words
}

/// What a column may hold: the last part of the key that says it.
fn about(column: &str) -> &'static str {
    match column {
        "code" => "code",
        "promised" | "legal" => "number",
        "promised_unit" | "legal_unit" => "unit",
        "materials" => "materials",
        "fields" => "fields",
        "identity" => "identity",
        "decides_level" | "route" => "level",
        "confidential" => "yes",
        "reference" => "reference",
        "keywords_zh" | "keywords_en" => "keywords",
        "decides_department" | "custody" | "procedure" | "result_type" | "type" | "life_events" | "limit_source" => {
            "codes"
        }
        _ => "text",
    }
}

fn report(page: &Page, row: Row) -> Report {
    let warning = if row.opens && is_good(&row) { page.t("counter-import-opens") } else { String::new() };
    let (class, verdict, details) = match row.verdict {
        Verdict::Unchanged => ("", page.t("counter-import-unchanged"), Vec::new()),
        Verdict::New => ("ok", page.t("counter-import-new"), Vec::new()),
        Verdict::Changed(columns) => {
            let named = columns.iter().map(|column| page.t(&format!("counter-import-column-{column}")));
            ("ok", page.t("counter-import-changed"), named.collect())
        }
        Verdict::Faulty(wrong) => {
            let told = problems(page, &wrong).into_iter().map(|problem| faulty(page, &row.at, &problem));
            let mut told: Vec<String> = told.collect();
            told.dedup();
            ("late", page.t("counter-import-faulty"), told)
        }
        Verdict::Misread(cells) => {
            ("late", page.t("counter-import-faulty"), cells.iter().map(|cell| misread(page, cell)).collect())
        }
        Verdict::Refused(why) => ("late", page.t("counter-import-faulty"), vec![page.t(why)]),
    };
    Report { line: row.line, code: row.code, class, verdict, details, warning }
}

/// What is wrong with a column of a row: its cell, where the table has one, and what to do.
fn faulty(page: &Page, at: &BTreeMap<&'static str, String>, problem: &Problem) -> String {
    let field = if problem.field == "paper0" { "materials" } else { problem.field.as_str() };
    let said = [problem.text.as_str(), problem.remedy.as_str()].join(" ");
    let said = said.trim_end();
    let Some(column) = COLUMNS.into_iter().find(|column| *column == field) else { return said.to_owned() };
    let title = page.t(&format!("counter-import-column-{column}"));
    match (at.get(column), page.lang) {
        (Some(cell), Lang::Zh) => format!("{cell}（{title}）：{said}"),
        (Some(cell), Lang::En) => format!("{cell} ({title}): {said}"),
        (None, _) => [title.as_str(), said].join(page.lang.pick("：", ": ")),
    }
}

/// What is wrong with a cell: where it stands, what stands there, and what to write.
fn misread(page: &Page, cell: &Misread) -> String {
    let key = match cell.why {
        Doubt::Switch => "counter-import-misread-switch",
        Doubt::Date => "counter-import-misread-date",
        Doubt::Number => "counter-import-misread-number",
        Doubt::Damaged => "counter-import-misread-damaged",
        Doubt::Reference => "counter-import-misread-reference",
        Doubt::Identity => "counter-import-misread-identity",
        Doubt::Unanswered if cell.at.is_empty() => "counter-import-unanswered-column",
        Doubt::Unanswered => "counter-import-unanswered",
    };
    let column = page.t(&format!("counter-import-column-{}", cell.column));
    let values = [("cell", cell.at.as_str()), ("column", &*column), ("value", cell.value.as_str())];
    page.frame().texts.get(page.lang, key, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    #[test]
    fn every_column_has_a_name_and_says_what_it_holds_in_both_languages() {
        let texts = [include_str!("../../../locales/zh-CN.ftl"), include_str!("../../../locales/en.ftl")];
        let written = |key: &str| texts.iter().all(|text| text.lines().any(|line| line.starts_with(key)));
        for column in COLUMNS {
            for key in
                [format!("counter-import-column-{column} ="), format!("counter-import-about-{} =", about(column))]
            {
                assert!(written(&key), "{key}");
            }
        }
    }

    #[test]
    fn the_template_says_what_is_in_force() {
        let catalogue = catalogue();
        for item in catalogue.items() {
            let form = form_of(&catalogue, &item.code).unwrap();
            let cells = COLUMNS.into_iter().zip(line(&form)).collect();
            let (_, changed) = compare(&form, &cells);
            assert!(changed.is_empty(), "{}: {changed:?}", item.code);
        }
        assert!(form_of(&catalogue, "MZ-99").is_none());
    }
}
