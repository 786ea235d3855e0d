//! The form of an item: kept as a draft with every fault beside its field; the same as text; a new item.

use crate::permissions::May;
use crate::refusals::Why;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::calendar::Unit;
use kernel::identifier::IdentityKind;
use kernel::place::Level;
use kernel::procedure::Telling;
use kernel::refusal::Refusal;
use vault::PersonField;
use web::{Choice, Crumb, Form, InPath, Page, PostForm, Problem, WebError, render, render_status};

use super::parts::{FIRST, part_of};
use super::{Edited, crumbs, problems};
use crate::Counter;
use crate::catalogue::{Aspect, Custody, Department, Guide, ItemCode, Source, is_code_of};
use crate::editing::{MOST_PAPERS, MOST_ROWS, blank, fixed, is_ready_begun, write};

/// Empty rows offered below those that are filled in.
const SPARE_PAPERS: usize = 3;
const SPARE_ROWS: usize = 2;

#[derive(Template)]
#[template(path = "counter/catalogue/edit.html")]
struct EditPage {
    page: Page,
    crumbs: Vec<Crumb>,
    code: String,
    department: String,
    draft: String,
    /// The draft it was begun on.
    begun_on: String,
    is_new: bool,
    /// It was kept, but has faults.
    kept: bool,
    problems: Vec<Problem>,
    form: Form,
    lists: Lists,
    papers: Vec<PaperRow>,
    laws: Vec<TextRow>,
    asked: Vec<AskedRow>,
    ready: Vec<ReadyRow>,
}

/// What can be chosen.
struct Lists {
    types: Vec<Choice>,
    applicants: Vec<Choice>,
    levels: Vec<Choice>,
    departments: Vec<Choice>,
    route: Vec<Choice>,
    custody: Vec<Choice>,
    procedures: Vec<Choice>,
    promised: Vec<Choice>,
    legal: Vec<Choice>,
    fields: Vec<Choice>,
    identity: Vec<Choice>,
    confidential: Vec<Choice>,
    results: Vec<Choice>,
    events: Vec<Choice>,
    provisional: Vec<Choice>,
    /// What the limits and the name rest on, in words.
    limit_source: Vec<Choice>,
    name_source: Vec<Choice>,
}

impl EditPage {
    /// Whether a part of the form stands open: the first one, or whatever has a fault in it.
    fn opens(&self, part: &str) -> bool {
        if self.problems.is_empty() {
            return part == FIRST;
        }
        self.problems.iter().any(|problem| part_of(&problem.field) == part)
    }
}

/// One paper of the form.
struct PaperRow {
    number: usize,
    name: String,
    name_or: String,
    name_zh: String,
    name_en: String,
    materials: Vec<Choice>,
    needed: Vec<Choice>,
    name_needed: String,
    alternatives: String,
    zh: String,
    en: String,
}

/// One text in both languages.
struct TextRow {
    number: usize,
    name_zh: String,
    name_en: String,
    zh: String,
    en: String,
}

/// One question with its answer.
struct AskedRow {
    question: TextRow,
    answer: TextRow,
}

/// One reason kept ready.
struct ReadyRow {
    number: usize,
    name: String,
    /// What is told with it.
    told: Vec<Choice>,
    title: TextRow,
    said: Vec<SaidRow>,
}

/// A part of a reason with its labels.
struct SaidRow {
    zh: String,
    en: String,
    text: TextRow,
}

#[derive(Template)]
#[template(path = "counter/catalogue/text.html")]
struct TextPage {
    page: Page,
    crumbs: Vec<Crumb>,
    code: String,
    text: String,
    draft: bool,
}

#[derive(Template)]
#[template(path = "counter/catalogue/new.html")]
struct NewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    problems: Vec<Problem>,
    code: String,
    departments: Vec<Choice>,
}

/// `GET /catalogue/{code}/edit`
///
/// # Errors
/// 404 for an item that is not this visitor's to edit.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    // A fresh item has nothing but faults: they are told once it was filled in.
    let looked_at = edited.draft.is_some() && edited.form.has("name_zh");
    let wrong = if looked_at { counter.checked_draft(&edited.form, page.now).wrong } else { Vec::new() };
    let problems = problems(&page, &wrong);
    render(&counter.edit_page(page, edited, problems, false))
}

/// `POST /catalogue/{code}/edit`: keeps the draft; without faults its effect is shown next.
///
/// # Errors
/// 404 for an item that is not this visitor's to edit, or a failure.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    form: PostForm,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let begun_on = form.get("_begun_on").to_owned();
    // Sources are ticked one by one and kept as one list.
    let [limits, names] = ["limit_source", "name_source"].map(|field| form.all(field).join(" "));
    let own = [("code", &edited.code), ("department", &edited.department)];
    let own = own.into_iter().chain([("limit_source", &limits), ("name_source", &names)]);
    let own: Vec<(&str, &str)> = own.map(|(field, value)| (field, value.as_str())).collect();
    let form = fixed(&form, &own);
    let checked = counter.checked_draft(&form, page.now);
    let kept = counter.keep_draft(&form, begun_on.as_str(), &page.visitor.actor, page.now).await;
    let (problems, is_kept) = match web::settled(kept)? {
        Ok(()) if checked.wrong.is_empty() => {
            return Ok(Redirect::to(&format!("/catalogue/{}/preview", edited.code)).into_response());
        }
        Ok(()) => (problems(&page, &checked.wrong), true),
        // Her form stays as it is; sent again it takes the place of the draft that is shown above it.
        Err(refusal) => (vec![page.problem(&refusal)], false),
    };
    let edited = Edited { form, draft: counter.draft(&edited.code).await?, ..edited };
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &counter.edit_page(page, edited, problems, is_kept))
}

/// `POST /catalogue/{code}/drop`: throws the draft away.
///
/// # Errors
/// 404 for an item that is not this visitor's to edit, or a failure.
pub async fn discard(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
    _form: PostForm,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    counter.drop_draft(&edited.code).await?;
    Ok(Redirect::to("/catalogue").into_response())
}

/// `GET /catalogue/{code}/text`: the draft, or the item in force, as the files write it.
///
/// # Errors
/// 404 for an item that is not this visitor's to edit.
pub async fn text(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let catalogue = counter.catalogue();
    let text = match catalogue.get(&edited.code).filter(|_| edited.draft.is_none()) {
        Some(item) => {
            let bare = Guide { item: item.code.clone(), ..Guide::default() };
            write(item, catalogue.guide(&item.code).unwrap_or(&bare))
        }
        None => counter.checked_draft(&edited.form, page.now).text,
    };
    let crumbs = crumbs(&page, Some(&edited.code));
    render(&TextPage { page, crumbs, code: edited.code, text, draft: edited.draft.is_some() })
}

/// `GET /catalogue/new`
///
/// # Errors
/// Sign-in needed, or no permission.
pub async fn new(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let departments = counter.own_departments(&page, page.query.get("department"));
    let crumbs = crumbs(&page, None);
    render(&NewPage { page, crumbs, problems: Vec::new(), code: String::new(), departments })
}

/// `POST /catalogue/new`: begins the draft of a new item.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn begin(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let code = form.get("code").to_uppercase();
    let problem = match counter.new_code(&page, form.get("department"), &code).await? {
        Ok(department) => {
            counter.keep_draft(&blank(&code, &department), "", &page.visitor.actor, page.now).await?;
            return Ok(Redirect::to(&format!("/catalogue/{code}/edit")).into_response());
        }
        Err(problem) => problem,
    };
    let departments = counter.own_departments(&page, form.get("department"));
    let crumbs = crumbs(&page, None);
    let drawn = NewPage { page, crumbs, problems: vec![problem], code, departments };
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &drawn)
}

impl Counter {
    /// The department of a new code, or what is wrong with the code.
    async fn new_code(
        &self,
        page: &Page,
        department: &str,
        code: &str,
    ) -> Result<Result<Department, Problem>, WebError> {
        let catalogue = self.catalogue();
        let wrong = |field: &str| Problem {
            field: field.to_owned(),
            text: page.t("counter-edit-rule-code"),
            remedy: String::new(),
        };
        let found = catalogue.department(department);
        let Some(department) = found.filter(|one| self.may_edit(&page.visitor.actor, &one.code).is_ok()) else {
            return Ok(Err(wrong("department")));
        };
        if !is_code_of(code, &department.prefix) {
            return Ok(Err(wrong("code")));
        }
        if self.book.last_version(code) > 0 || self.draft(code).await?.is_some() {
            let refusal = Refusal::new(Why::CatalogueCodeTaken).field("code").with("item", code);
            return Ok(Err(page.problem(&refusal)));
        }
        Ok(Ok(department.clone()))
    }

    /// The departments whose items this visitor edits.
    pub(super) fn own_departments(&self, page: &Page, chosen: &str) -> Vec<Choice> {
        let catalogue = self.catalogue();
        let mine = |one: &&Department| self.may_edit(&page.visitor.actor, &one.code).is_ok();
        let choice = |one: &Department| {
            let text = page.t2("counter-new-department", "name", page.of(&one.name), "prefix", &one.prefix);
            Choice::new(one.code.as_str(), text, chosen)
        };
        catalogue.departments().filter(mine).map(choice).collect()
    }

    fn edit_page(&self, page: Page, edited: Edited, problems: Vec<Problem>, kept: bool) -> EditPage {
        let Edited { code, department, form, draft, known } = edited;
        let written = |draft: &crate::records::Draft| {
            page.t2("counter-list-draft-by", "name", &draft.author_name, "when", page.minute(draft.changed_at))
        };
        let rows = |name: &'static str| rows(&form, name);
        EditPage {
            crumbs: crumbs(&page, Some(&code)),
            department: self.department_name(&page, &department),
            draft: draft.as_ref().map(written).unwrap_or_default(),
            begun_on: draft.as_ref().map(crate::records::Draft::mark).unwrap_or_default(),
            lists: self.lists(&page, &form),
            papers: self.papers(&page, &form),
            laws: rows("law"),
            asked: rows("asked")
                .into_iter()
                .map(|question| AskedRow { answer: row(&form, "answer", question.number - 1), question })
                .collect(),
            ready: ready_rows(&page, &form),
            is_new: !known,
            code,
            kept,
            problems,
            form,
            page,
        }
    }

    fn lists(&self, page: &Page, form: &Form) -> Lists {
        let catalogue = self.catalogue();
        let named = |key: &str, codes: &[&str], field: &str| {
            let choice = |code: &&str| Choice::new(*code, page.t(&format!("{key}{code}")), form.get(field));
            codes.iter().map(choice).collect::<Vec<_>>()
        };
        let ticked = |choices: Vec<Choice>, field: &str| {
            let all = form.all(field);
            let tick = |choice: Choice| Choice { chosen: all.contains(&choice.value.as_str()), ..choice };
            choices.into_iter().map(tick).collect::<Vec<_>>()
        };
        let levels = [Level::Community, Level::Street, Level::District, Level::City].map(Level::code);
        let units = [Unit::WorkingDay, Unit::CalendarDay, Unit::WorkingHour].map(Unit::code);
        let persons = PersonField::ALL.iter().filter(|field| **field != PersonField::Note);
        let persons: Vec<&str> = persons.map(|field| field.code()).collect();
        let papers = IdentityKind::ALL.into_iter().filter(|kind| !kind.is_card());
        let papers = papers.map(|kind| Choice::new(kind.code(), page.of(&kind.name()), ""));
        let departments = catalogue.departments().map(|one| (one.code.clone(), page.of(&one.name).to_owned()));
        let types = catalogue.item_types().map(|one| (one.code.clone(), page.of(&one.name).to_owned()));
        let events = catalogue.life_events().map(|one| Choice::new(one.code.as_str(), page.of(&one.name), ""));
        let sources = |field: &str| {
            let ticked: Vec<&str> = form.get(field).split_whitespace().collect();
            let choice = |source: &Source| Choice {
                chosen: ticked.contains(&source.code.as_str()),
                ..Choice::new(source.code.as_str(), page.of(&source.text), "")
            };
            catalogue.sources().map(choice).collect::<Vec<_>>()
        };
        let called = |name: &String| {
            let known = self.cases.procedure(name).ok();
            known.map_or_else(|| name.clone(), |procedure| page.of(&procedure.title).to_owned())
        };
        let procedures = self.book.procedures().iter().map(|name| (name.clone(), called(name)));
        Lists {
            types: types.map(|(code, name)| Choice::new(code, name, form.get("type"))).collect(),
            applicants: named("counter-edit-applicant-", &["resident", "organisation"], "applicant"),
            levels: named("counter-edit-level-", &levels, "decides_level"),
            departments: departments
                .map(|(code, name)| Choice::new(code, name, form.get("decides_department")))
                .collect(),
            route: ticked(named("counter-edit-level-", &levels, ""), "route"),
            custody: named("counter-edit-custody-", &Custody::ALL.map(Custody::code), "custody"),
            procedures: procedures.map(|(code, name)| Choice::new(code, name, form.get("procedure"))).collect(),
            promised: named("counter-edit-unit-", &units, "promised_unit"),
            legal: named("counter-edit-unit-", &units, "legal_unit"),
            fields: ticked(named("counter-edit-person-", &persons, ""), "fields"),
            identity: ticked(papers.collect(), "identity"),
            confidential: vec![Choice {
                chosen: form.has("confidential"),
                ..Choice::new("1", page.t("counter-edit-confidential-yes"), "")
            }],
            results: named("counter-edit-result-", &["certificate", "payment", "record", "service"], "result_type"),
            events: ticked(events.collect(), "life_events"),
            provisional: ticked(named("counter-edit-aspect-", &Aspect::ALL.map(Aspect::code), ""), "provisional"),
            limit_source: sources("limit_source"),
            name_source: sources("name_source"),
        }
    }

    fn papers(&self, page: &Page, form: &Form) -> Vec<PaperRow> {
        let catalogue = self.catalogue();
        let row = |at: usize| {
            let name = format!("paper{at}");
            let chosen = form.get(&name);
            let none = Choice::new("", page.t("counter-edit-paper-none"), chosen);
            let material = |one: &crate::catalogue::Material| {
                Choice::new(one.code.as_str(), format!("{} {}", one.code, page.of(&one.name)), chosen)
            };
            let name_needed = format!("{name}_needed");
            let needed =
                Choice { chosen: form.has(&name_needed), ..Choice::new("1", page.t("counter-edit-paper-needed"), "") };
            let TextRow { name_zh, name_en, zh, en, .. } = text_row(form, &format!("{name}_note"), at);
            PaperRow {
                number: at + 1,
                materials: std::iter::once(none).chain(catalogue.materials().values().map(material)).collect(),
                needed: vec![needed],
                alternatives: form.get(&format!("{name}_or")).to_owned(),
                name_or: format!("{name}_or"),
                name_needed,
                name_zh,
                name_en,
                zh,
                en,
                name,
            }
        };
        let last = (0..MOST_PAPERS).rev().find(|at| form.opt(&format!("paper{at}")).is_some());
        let shown = last.map_or(0, |at| at + 1).saturating_add(SPARE_PAPERS).min(MOST_PAPERS);
        (0..shown).map(row).collect()
    }
}

/// The rows of a list of texts that are filled in, and a few more.
fn rows(form: &Form, name: &str) -> Vec<TextRow> {
    let filled = |at: &usize| {
        let row = row(form, name, *at);
        !row.zh.is_empty() || !row.en.is_empty()
    };
    let last = (0..MOST_ROWS).rev().find(filled);
    let shown = last.map_or(0, |at| at + 1).saturating_add(SPARE_ROWS).min(MOST_ROWS);
    (0..shown).map(|at| row(form, name, at)).collect()
}

/// The reasons kept ready that are filled in, and one more.
fn ready_rows(page: &Page, form: &Form) -> Vec<ReadyRow> {
    let row = |at: usize| {
        let name = format!("ready{at}");
        let none = Choice::new("", page.t("counter-edit-ready-none"), form.get(&name));
        let told = Telling::ALL.map(Telling::code).into_iter();
        let told = told.map(|code| Choice::new(code, page.t(&format!("counter-edit-ready-{code}")), form.get(&name)));
        let said = |part: &str| SaidRow {
            zh: page.t(&format!("counter-edit-ready-{part}-zh")),
            en: page.t(&format!("counter-edit-ready-{part}-en")),
            text: text_row(form, &format!("{name}_{part}"), at),
        };
        ReadyRow {
            number: at + 1,
            told: std::iter::once(none).chain(told).collect(),
            title: text_row(form, &format!("{name}_title"), at),
            said: ["reason", "basis", "remedy"].map(said).into(),
            name,
        }
    };
    let last = (0..MOST_ROWS).rev().find(|at| is_ready_begun(form, *at));
    let shown = last.map_or(0, |at| at + 1).saturating_add(1).min(MOST_ROWS);
    (0..shown).map(row).collect()
}

fn row(form: &Form, name: &str, at: usize) -> TextRow {
    text_row(form, &format!("{name}{at}"), at)
}

fn text_row(form: &Form, name: &str, at: usize) -> TextRow {
    let (name_zh, name_en) = (format!("{name}_zh"), format!("{name}_en"));
    TextRow { number: at + 1, zh: form.get(&name_zh).to_owned(), en: form.get(&name_en).to_owned(), name_zh, name_en }
}
