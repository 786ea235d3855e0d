//! The list of items with how each stands, the history of one, and the whole catalogue as a file.

use crate::permissions::May;
use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use web::{Crumb, InPath, Page, Pager, WebError, render};

use super::{crumbs, workbook};
use crate::Counter;
use crate::catalogue::{Catalogue, Guide, Item, ItemCode};
use crate::editing::{Standing, fields, from_json, is_own, line, write};
use crate::records::{Draft, OwnDocument, Release};

#[derive(Template)]
#[template(path = "counter/catalogue/list.html")]
struct ListPage {
    page: Page,
    words: String,
    lines: Vec<Line>,
    total: usize,
    pager: Pager,
}

/// An item of the list.
struct Line {
    code: String,
    name: String,
    department: String,
    /// The version in force; nothing for a new item.
    version: String,
    /// Who is writing it.
    draft: String,
    /// The day a new version waits for.
    waits: String,
}

#[derive(Template)]
#[template(path = "counter/catalogue/history.html")]
struct HistoryPage {
    page: Page,
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    department: String,
    version: String,
    draft: String,
    releases: Vec<Past>,
    once: String,
}

/// One release of an item.
struct Past {
    id: String,
    version: i64,
    from: String,
    class: &'static str,
    standing: String,
    waits: bool,
    document: String,
    document_id: String,
    clause: String,
    author: String,
    released: String,
}

/// `GET /catalogue`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let (words, passed) = (page.query.get("q").to_owned(), page.query.get("after").parse().unwrap_or(0_usize));
    let lines = counter.lines(&page, &words).await?;
    let size = usize::try_from(counter.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?).unwrap_or(usize::MAX);
    let (total, next) = (lines.len(), passed.saturating_add(size));
    let address = |after: usize| format!("/catalogue{}", page.query.address_with(&[("after", &after.to_string())]));
    let pager = Pager {
        before: (passed > 0).then(|| address(passed.saturating_sub(size))),
        after: (next < total).then(|| address(next)),
    };
    let lines = lines.into_iter().skip(passed).take(size).collect();
    render(&ListPage { page, words, lines, total, pager })
}

/// `GET /catalogue/{code}`: every version of an item, by whom, when and on which document.
///
/// # Errors
/// 404 for an item that is not this visitor's to edit.
pub async fn history(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    let catalogue = counter.catalogue();
    let item = catalogue.get(&edited.code);
    let all = counter.book.releases();
    let releases = all.iter().rev().filter(|release| release.item == edited.code);
    let own = counter.own_documents().await?;
    let releases = releases.map(|release| counter.past(&page, release, &own)).collect();
    let name = item.map_or_else(|| edited.form.get("name_zh").to_owned(), |item| page.of(&item.name).to_owned());
    render(&HistoryPage {
        crumbs: crumbs(&page, None),
        department: counter.department_name(&page, &edited.department),
        version: item.map(|item| item.version.to_string()).unwrap_or_default(),
        draft: edited.draft.as_ref().map(|draft| written(&page, draft)).unwrap_or_default(),
        once: page.once(),
        code: edited.code,
        name,
        releases,
        page,
    })
}

/// `GET /catalogue/export`: the catalogue in force as a workbook, or as the files write it.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn export(State(counter): State<Arc<Counter>>, page: Page) -> Result<Response, WebError> {
    page.require(May::CatalogueEdit)?;
    let catalogue = counter.catalogue();
    let mine = catalogue.items().filter(|item| counter.may_edit(&page.visitor.actor, &item.department).is_ok());
    if page.query.get("format") == "toml" {
        let text: Vec<String> = mine.map(|item| with_guide(&catalogue, item, write)).collect();
        let head = [
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
            (CONTENT_DISPOSITION, "attachment; filename=\"catalogue.toml\""),
        ];
        return Ok((head, text.join("\n")).into_response());
    }
    workbook(&page, mine.map(|item| line(&with_guide(&catalogue, item, fields)))).xlsx(&page, "catalogue").await
}

/// Does something with an item and its guide.
fn with_guide<T>(catalogue: &Catalogue, item: &Item, what: impl Fn(&Item, &Guide) -> T) -> T {
    let bare = Guide { item: item.code.clone(), ..Guide::default() };
    what(item, catalogue.guide(&item.code).unwrap_or(&bare))
}

/// Who is writing a draft, since when.
fn written(page: &Page, draft: &Draft) -> String {
    page.t2("counter-list-draft-by", "name", &draft.author_name, "when", page.minute(draft.changed_at))
}

impl Counter {
    /// The items this visitor edits, those that are only drafts last.
    async fn lines(&self, page: &Page, words: &str) -> Result<Vec<Line>, WebError> {
        let drafts = self.cases.hall.store.read(crate::records::drafts).await?;
        let drafts: BTreeMap<String, Draft> = drafts.into_iter().map(|draft| (draft.item.clone(), draft)).collect();
        let (catalogue, releases) = (self.catalogue(), self.book.releases());
        let found: Vec<&Item> =
            if words.is_empty() { catalogue.items().collect() } else { catalogue.search(words, page.lang, usize::MAX) };
        let mine = |department: &str| self.may_edit(&page.visitor.actor, department).is_ok();
        let waits = |code: &str| self.waits(page, &releases, code);
        let known = found.into_iter().filter(|item| mine(&item.department)).map(|item| Line {
            code: item.code.clone(),
            name: page.of(&item.name).to_owned(),
            department: self.department_name(page, &item.department),
            version: item.version.to_string(),
            draft: drafts.get(&item.code).map(|draft| written(page, draft)).unwrap_or_default(),
            waits: waits(&item.code),
        });
        let mut lines: Vec<Line> = known.collect();
        for (code, draft) in drafts.iter().filter(|(code, _)| catalogue.get(code).is_none()) {
            let form = from_json(&draft.fields);
            let name = form.get("name_zh").to_owned();
            if mine(form.get("department")) && (words.is_empty() || code.contains(words) || name.contains(words)) {
                let department = self.department_name(page, form.get("department"));
                let (draft, waits) = (written(page, draft), String::new());
                lines.push(Line { code: code.clone(), name, department, version: String::new(), draft, waits });
            }
        }
        Ok(lines)
    }

    /// The day a new version of an item waits for.
    fn waits(&self, page: &Page, releases: &[Release], code: &str) -> String {
        let mut of = releases.iter().filter(|release| release.item == code);
        let waits = of.find(|release| self.book.standing(release, page.today()) == Standing::Waits);
        waits.map(|release| page.full_date(release.from)).unwrap_or_default()
    }

    fn past(&self, page: &Page, release: &Release, own: &[OwnDocument]) -> Past {
        let city = own.iter().find(|one| one.key() == release.document);
        let standing = self.book.standing(release, page.today());
        let (class, key) = match standing {
            Standing::Waits => ("soon", "counter-standing-waits"),
            Standing::Holds => ("ok", "counter-standing-holds"),
            Standing::Past => ("", "counter-standing-past"),
            Standing::Withdrawn => ("", "counter-standing-withdrawn"),
        };
        let who = release.withdrawn_name.clone().unwrap_or_default();
        Past {
            id: release.id.to_string(),
            version: release.version,
            from: page.full_date(release.from),
            class,
            standing: page.t1(key, "name", who),
            waits: standing == Standing::Waits,
            document: city.map_or_else(
                || self.document_name(page, &release.document),
                |own| page.t2("counter-release-document", "title", &own.title, "number", &own.number),
            ),
            // The register has pages of its documents; one of the city's own has none.
            document_id: if is_own(&release.document) { String::new() } else { release.document.clone() },
            clause: release.clause.clone(),
            author: release.author_name.clone(),
            released: page.t2(
                "counter-history-released",
                "name",
                &release.released_name,
                "when",
                page.minute(release.released_at),
            ),
        }
    }
}
