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
use kernel::language::Lang;
use kernel::refusal::Refusal;
use web::{Choice, Crumb, Form, Page, Problem, UploadForm, WebError, render, render_status};

use super::{crumbs, problems, workbook};
use crate::Counter;
use crate::catalogue::{Catalogue, Guide};
use crate::editing::{COLUMNS, Row, Verdict, blank, compare, fields, from_json, line, read_table, to_json};

/// Columns whose cells may hold the words of the page in place of a code: column, beginning of the keys, codes.
const WORDS: [(&str, &str, &[&str]); 5] = [
    ("promised_unit", "counter-edit-unit-", &["working_day", "calendar_day", "working_hour"]),
    ("legal_unit", "counter-edit-unit-", &["working_day", "calendar_day", "working_hour"]),
    ("decides_level", "counter-edit-level-", &["community", "street", "district", "city"]),
    ("custody", "counter-edit-custody-", &["D", "S", "O"]),
    ("result_type", "counter-edit-result-", &["certificate", "payment", "record", "service"]),
];

#[derive(Template)]
#[template(path = "counter/catalogue/import.html")]
struct ImportPage {
    page: Page,
    crumbs: Vec<Crumb>,
    problems: Vec<Problem>,
    departments: Vec<Choice>,
    columns: Vec<Column>,
    reports: Vec<Report>,
    /// The forms of the rows that are good, to be sent back.
    good: Vec<String>,
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
}

/// `GET /catalogue/import`
///
/// # Errors
/// Sign-in needed, or no permission.
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    render(&counter.import_page(page, Vec::new(), Vec::new()))
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
    match page.aside(move || read_table(&bytes).and_then(|table| desk.looked_at(&drawn, &table))).await? {
        Ok(rows) => render(&counter.import_page(page, Vec::new(), rows)),
        Err(refusal) => {
            let problems = vec![Problem::of(&refusal, page.lang)];
            render_status(StatusCode::UNPROCESSABLE_ENTITY, &counter.import_page(page, problems, Vec::new()))
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
    let rows: Vec<Form> = form.all("row").into_iter().map(from_json).collect();
    if rows.is_empty() {
        return Err(Refusal::new(Why::CatalogueImportEmpty).into());
    }
    let (desk, actor, now) = (counter.clone(), page.visitor.actor.clone(), page.now);
    let looked_at = page.aside(move || {
        for row in &rows {
            desk.may_edit(&actor, &desk.department_of(row))?;
            if !desk.checked_draft(row, now).wrong.is_empty() {
                return Err(Refusal::new(Why::CatalogueDraftFaulty).with("item", row.get("code")).into());
            }
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
    fn looked_at(&self, page: &Page, table: &[Vec<String>]) -> Result<Vec<Row>, Refusal> {
        let (head, body) = table.split_first().ok_or_else(|| Refusal::new(Why::CatalogueImportEmpty))?;
        let columns: Vec<Option<&'static str>> = head.iter().map(|name| column(page, name)).collect();
        if !columns.contains(&Some("code")) {
            let missing = page.t("counter-import-column-code");
            return Err(Refusal::new(Why::CatalogueImportHead).field("file").with("column", missing));
        }
        let words = words(page);
        let mut seen = BTreeSet::new();
        let row = |(at, cells): (usize, &Vec<String>)| {
            let named = columns.iter().zip(cells).filter_map(|(column, cell)| Some(((*column)?, cell)));
            let cells: BTreeMap<&'static str, String> = named
                .map(|(column, cell)| (column, words.get(&(column, cell.clone())).unwrap_or(cell).clone()))
                .collect();
            self.row(page, at + 2, &cells, &mut seen)
        };
        Ok(body.iter().enumerate().map(row).collect())
    }

    fn row(
        &self,
        page: &Page,
        line: usize,
        cells: &BTreeMap<&'static str, String>,
        seen: &mut BTreeSet<String>,
    ) -> Row {
        let code = cells.get("code").map(|code| code.to_uppercase()).unwrap_or_default();
        let refuse = |why| Row { line, code: code.clone(), form: Form::default(), verdict: Verdict::Refused(why) };
        if !seen.insert(code.clone()) {
            return refuse("counter-import-twice");
        }
        let catalogue = self.catalogue();
        let department = self.department_of(&Form::default().with("code", &code));
        let department = catalogue.department(&department);
        let mine = department.filter(|one| self.may_edit(&page.visitor.actor, &one.code).is_ok());
        let Some(department) = mine else { return refuse("counter-import-not-yours") };
        let before = form_of(&catalogue, &code);
        let is_new = before.is_none();
        let (form, changed) = compare(&before.unwrap_or_else(|| blank(&code, department)), cells);
        if !is_new && changed.is_empty() {
            return Row { line, code, form, verdict: Verdict::Unchanged };
        }
        let wrong = self.checked_draft(&form, page.now).wrong;
        let verdict = match (wrong.is_empty(), is_new) {
            (false, _) => Verdict::Faulty(wrong),
            (true, true) => Verdict::New,
            (true, false) => Verdict::Changed(changed),
        };
        Row { line, code, form, verdict }
    }

    fn import_page(&self, page: Page, problems: Vec<Problem>, rows: Vec<Row>) -> ImportPage {
        let good = |row: &&Row| matches!(row.verdict, Verdict::New | Verdict::Changed(_));
        let column = |name: &&str| Column {
            name: page.t(&format!("counter-import-column-{name}")),
            text: page.t(&format!("counter-import-about-{}", about(name))),
        };
        ImportPage {
            crumbs: crumbs(&page, None),
            departments: self.own_departments(&page, ""),
            columns: COLUMNS.iter().map(column).collect(),
            good: rows.iter().filter(good).map(|row| to_json(&row.form)).collect(),
            reports: rows.into_iter().map(|row| report(&page, row)).collect(),
            once: page.once(),
            problems,
            page,
        }
    }
}

/// The column that a head names, in either language or by its code.
fn column(page: &Page, name: &str) -> Option<&'static str> {
    let titled = |column: &str, lang: Lang| {
        page.frame().texts.get(lang, &format!("counter-import-column-{column}"), &[]) == name
    };
    COLUMNS.into_iter().find(|one| *one == name || titled(one, Lang::Zh) || titled(one, Lang::En))
}

/// The words that stand for codes, in both languages.
fn words(page: &Page) -> BTreeMap<(&'static str, String), String> {
    let mut words = BTreeMap::new();
    for (column, key, codes) in WORDS {
        for code in codes {
            for lang in [Lang::Zh, Lang::En] {
                let word = page.frame().texts.get(lang, &format!("{key}{code}"), &[]);
                words.insert((column, word), (*code).to_owned());
            }
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
        "decides_level" | "route" => "level",
        "confidential" => "yes",
        "keywords_zh" | "keywords_en" => "keywords",
        "decides_department" | "custody" | "procedure" | "result_type" | "type" | "life_events" | "limit_source" => {
            "codes"
        }
        _ => "text",
    }
}

fn report(page: &Page, row: Row) -> Report {
    let (class, verdict, details) = match row.verdict {
        Verdict::Unchanged => ("", page.t("counter-import-unchanged"), Vec::new()),
        Verdict::New => ("ok", page.t("counter-import-new"), Vec::new()),
        Verdict::Changed(columns) => {
            let named = columns.iter().map(|column| page.t(&format!("counter-import-column-{column}")));
            ("ok", page.t("counter-import-changed"), named.collect())
        }
        Verdict::Faulty(wrong) => {
            let told = problems(page, &wrong).into_iter().map(|problem| format!("{} {}", problem.text, problem.remedy));
            ("late", page.t("counter-import-faulty"), told.collect())
        }
        Verdict::Refused(why) => ("late", page.t("counter-import-faulty"), vec![page.t(why)]),
    };
    Report { line: row.line, code: row.code, class, verdict, details }
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
