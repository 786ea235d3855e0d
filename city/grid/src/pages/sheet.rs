//! On this page an editor brings the city's own sheet of the catalogue: a report on every row first, then, with a day
//! and a document, it is put in force. It shows which sheets hold and who brought them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use counter::May;
use hall::{Fault, Sent};
use kernel::refusal::Refusal;
use kernel::time::{Date, date_plus_days};
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Choice, Crumb, Form, Page, PostForm, Problem, UploadForm, WebError, render, render_status};

use crate::Grid;
use crate::actions::catalogue::{Basis, Cancelling};
use crate::catalogue::Unit;
use crate::catalogue::sheet::{Field, Removed, Sheet, Told, Verdict};

/// The most rows of a report on the page.
const SHOWN: usize = 500;
/// The address of the page.
const HERE: &str = "/report/catalogue";
/// The keys before the names of fields.
const LABELS: &str = "grid-sheet-field-";

#[derive(Template)]
#[template(path = "grid/sheet.html")]
struct SheetPage {
    page: Page,
    crumbs: Vec<Crumb>,
    problems: Vec<Problem>,
    systems: Vec<Choice>,
    apply: Vec<Choice>,
    from: String,
    document: String,
    done: bool,
    /// What each unit may be called in a sheet.
    units: Vec<String>,
    held: Table,
    /// The sheets that can be cancelled; none where there are none.
    cancelable: Vec<Choice>,
    /// What was typed as the document of a cancellation.
    why: String,
    looked: Option<Looked>,
}

/// What is said of a sheet.
struct Looked {
    count: String,
    untaken: String,
    unread: String,
    untranslated: String,
    rows: Vec<Row>,
    removed: Vec<String>,
}

/// What is said of a row.
struct Row {
    at: String,
    key: String,
    what: String,
    class: &'static str,
    verdict: String,
    notes: Vec<String>,
}

/// `GET /report/catalogue`
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let shown = grid.sheet_page(page, &Form::default(), Vec::new(), None).await?;
    render(&shown)
}

/// `POST /report/catalogue`: a report on every row; with `apply` the sheet is put in force.
///
/// # Errors
/// Sign-in needed, no permission, or a form that cannot be read.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let typed: Form = ["system", "from", "document", "apply"]
        .iter()
        .fold(Form::default(), |all, name| all.with(*name, form.get(name)));
    let Some(from) = grid.first_day(&page, typed.get("from")) else {
        let refusal = Refusal::new(kernel::refusal::Code::FormDate).field("from");
        return grid.refused(page, &typed, &refusal, None).await;
    };
    let bytes = form.files().first().map(|file| file.bytes.clone()).unwrap_or_default();
    let basis = Basis { from, document: typed.get("document").to_owned() };
    let (desk, system) = (grid.clone(), typed.opt("system").map(str::to_owned));
    let asked = basis.clone();
    let sheet = match page.aside(move || desk.read_sheet(&bytes, system.as_deref(), &asked)).await? {
        Ok(sheet) => sheet,
        Err(Fault::Refused(refusal)) => {
            let refusal = if refusal.field.is_none() { refusal.field("file") } else { refusal };
            return grid.refused(page, &typed, &refusal, None).await;
        }
        Err(other) => return Err(other.into()),
    };
    if !typed.has("apply") || typed.get("apply").is_empty() {
        let shown = grid.sheet_page(page, &typed, Vec::new(), Some(&sheet)).await?;
        return render(&shown);
    }
    let (desk, actor, now) = (grid.clone(), page.visitor.actor.clone(), page.now);
    let (sheet, kept) = page
        .aside(move || {
            let kept = desk.put_in_force(&sheet, &basis, &actor, now);
            (sheet, kept)
        })
        .await?;
    match kept {
        Ok(_) => Ok(Redirect::to(&format!("{HERE}?done=1")).into_response()),
        Err(Fault::Refused(refusal)) => grid.refused(page, &typed, &refusal, Some(&sheet)).await,
        Err(other) => Err(other.into()),
    }
}

/// `POST /report/catalogue/cancel`: cancels a sheet; what was there before it holds again.
///
/// # Errors
/// Sign-in needed, no permission, or 404 for a sheet that is not there.
pub async fn cancel(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let number: i64 = form.get("number").parse().map_err(|_| WebError::NotFound)?;
    let (desk, actor, now) = (grid.clone(), page.visitor.actor.clone(), page.now);
    let asked = Cancelling { number, document: form.get("why").to_owned(), sent: Sent::of(&form, number) };
    match page.aside(move || desk.cancel_sheet(&asked, &actor, now)).await? {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}?done=1")).into_response()),
        Err(Fault::Refused(refusal)) => {
            let refusal = if refusal.field.is_some() { refusal.field("why") } else { refusal };
            let typed = Form::default().with("number", form.get("number")).with("why", form.get("why"));
            grid.refused(page, &typed, &refusal, None).await
        }
        Err(other) => Err(other.into()),
    }
}

impl Grid {
    /// The day that was typed, tomorrow where none was.
    fn first_day(&self, page: &Page, typed: &str) -> Option<Date> {
        let today = self.hall.day(page.now);
        if typed.trim().is_empty() { date_plus_days(today, 1) } else { typed.trim().parse().ok() }
    }

    async fn refused(
        self: &Arc<Self>,
        page: Page,
        typed: &Form,
        refusal: &Refusal,
        sheet: Option<&Sheet>,
    ) -> Result<Response, WebError> {
        let problems = page.problems(LABELS, std::slice::from_ref(refusal));
        let shown = self.sheet_page(page, typed, problems, sheet).await?;
        render_status(StatusCode::UNPROCESSABLE_ENTITY, &shown)
    }

    async fn sheet_page(
        self: &Arc<Self>,
        page: Page,
        typed: &Form,
        problems: Vec<Problem>,
        sheet: Option<&Sheet>,
    ) -> Result<SheetPage, WebError> {
        let releases = self.hall.store.read(crate::records::catalogue::releases).await?;
        let named = |code: &str| {
            self.catalogue.system(code).map_or_else(|| code.to_owned(), |one| page.of(&one.name).to_owned())
        };
        let titles = ["system", "from", "document", "by"]
            .map(|name| Column::new(ColumnKind::Text, page.t(&format!("{LABELS}{name}"))));
        let line = |one: &crate::records::catalogue::Release| {
            [named(&one.system), page.date(one.from), one.document.clone(), one.released_name.clone()]
                .map(Cell::from)
                .to_vec()
        };
        let held = Table::new(page.t("grid-sheet-held"), titles.to_vec()).with(releases.iter().rev().map(line));
        let (desk, now) = (self.clone(), page.now);
        let can = page.aside(move || desk.cancelable(now)).await??;
        let cancels = |(number, day): &(i64, Date)| {
            let one = releases.iter().find(|one| one.number == *number)?;
            let (sheet, day) = (format!("{} · {}", named(&one.system), one.document), page.full_date(*day));
            Some(Choice::new(
                number.to_string(),
                page.t2("grid-sheet-cancels", "sheet", sheet, "day", day),
                typed.get("number"),
            ))
        };
        let cancelable = can.iter().rev().filter_map(cancels).collect();
        let said = Choice::new("", page.t("grid-sheet-by-name"), typed.get("system"));
        let systems =
            self.catalogue.systems().iter().map(|one| Choice::new(&one.code, page.of(&one.name), typed.get("system")));
        let from =
            if typed.get("from").is_empty() { self.first_day(&page, "").map(|day| day.to_string()) } else { None };
        Ok(SheetPage {
            crumbs: vec![Crumb { text: page.t("web-heading-work"), href: "/work".to_owned() }],
            systems: std::iter::once(said).chain(systems).collect(),
            apply: vec![
                Choice::new("1", page.t("grid-sheet-apply"), typed.get("apply")).hint(page.t("grid-sheet-apply-hint")),
            ],
            from: from.unwrap_or_else(|| typed.get("from").to_owned()),
            document: typed.get("document").to_owned(),
            units: self.catalogue.units().iter().map(|unit| called_so(&page, unit)).collect(),
            done: page.query.get("done") == "1",
            looked: sheet.map(|sheet| looked(&page, sheet)),
            held,
            cancelable,
            why: typed.get("why").to_owned(),
            problems,
            page,
        })
    }
}

/// A unit with all its names.
fn called_so(page: &Page, unit: &Unit) -> String {
    let names: Vec<&str> = std::iter::once(page.of(&unit.name)).chain(unit.words.iter().map(String::as_str)).collect();
    names.join(page.lang.pick("、", ", "))
}

fn looked(page: &Page, sheet: &Sheet) -> Looked {
    let between = page.lang.pick("、", ", ");
    let count = |is: fn(&Verdict) -> bool| sheet.rows.iter().filter(|row| is(&row.verdict)).count().to_string();
    let (new, changed) = (
        count(|one| matches!(one, Verdict::NewKind | Verdict::NewCondition)),
        count(|one| matches!(one, Verdict::Changed(_))),
    );
    let (same, left_out) = (count(|one| *one == Verdict::Same), count(|one| *one == Verdict::LeftOut));
    let (all, wrong, removed) =
        (sheet.rows.len().to_string(), sheet.faulty().to_string(), sheet.removed.len().to_string());
    let values = [
        ("n", &*all),
        ("new", &*new),
        ("changed", &*changed),
        ("same", &*same),
        ("left", &*left_out),
        ("wrong", &*wrong),
        ("removed", &*removed),
    ];
    // What cannot be taken comes first, what changes next; what says what holds is counted only.
    let mut told: Vec<&Told> =
        sheet.rows.iter().filter(|row| row.verdict != Verdict::Same || !row.notes.is_empty()).collect();
    told.sort_by_key(|row| row.verdict != Verdict::Faulty);
    Looked {
        count: page.frame().texts.get(page.lang, "grid-sheet-count", &values),
        untaken: sheet.untaken.join(between),
        unread: sheet.unread.join(between),
        untranslated: if sheet.untranslated == 0 {
            String::new()
        } else {
            page.t1("grid-sheet-untranslated", "n", sheet.untranslated)
        },
        rows: told.into_iter().take(SHOWN).map(|row| self::row(page, row)).collect(),
        removed: sheet.removed.iter().take(SHOWN).map(|removed| gone(page, removed)).collect(),
    }
}

fn row(page: &Page, row: &Told) -> Row {
    let (class, verdict) = match &row.verdict {
        Verdict::NewKind => ("done", page.t("grid-sheet-new-kind")),
        Verdict::NewCondition => ("done", page.t("grid-sheet-new-condition")),
        Verdict::Same => ("", page.t("grid-sheet-same")),
        Verdict::LeftOut => ("soon", page.t("grid-sheet-left-out")),
        Verdict::Faulty => ("late", page.t("grid-sheet-faulty")),
        Verdict::Changed(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| page.t(called(*field))).collect();
            ("done", page.t1("grid-sheet-changed", "what", fields.join(page.lang.pick("、", ", "))))
        }
    };
    let note = |note: &Refusal| format!("{} {}", note.sentence(page.lang), note.remedy(page.lang));
    let limit = row.limit.get(page.lang);
    let what = [row.name.as_str(), row.when.as_str(), limit].into_iter().filter(|text| !text.is_empty());
    Row {
        at: if row.sheet.is_empty() { row.line.to_string() } else { format!("{} {}", row.sheet, row.line) },
        key: row.key.clone(),
        what: what.collect::<Vec<_>>().join(" · "),
        class,
        verdict,
        notes: row.notes.iter().map(note).collect(),
    }
}

const fn called(field: Field) -> &'static str {
    match field {
        Field::BigName => "grid-sheet-big-name",
        Field::Name => "grid-sheet-name",
        Field::Unit => "grid-sheet-unit",
        Field::Supervisor => "grid-fact-supervisor",
        Field::Closes => "grid-fact-closes",
        Field::Limit => "grid-sheet-limit",
    }
}

fn gone(page: &Page, removed: &Removed) -> String {
    let when = removed.when.as_ref().map(|when| format!(" · {}", page.of(when))).unwrap_or_default();
    let calls = if removed.calls_first { page.t("grid-sheet-calls-gone") } else { String::new() };
    format!("{} {}{when} {calls}", removed.key, page.of(&removed.name)).trim_end().to_owned()
}
