//! This page lists the papers that were promised for later at the visitor's desks, the nearest day first.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use hall::Fault;
use kernel::permission::Permission;
use kernel::time::Date;
use serde::Deserialize;
use store::Tx;
use web::{Page, Pager, WebError, render};

use crate::Papers;
use crate::actions::desks;
use crate::records::promise::{self, After, Promise};
use crate::words::Holder;

/// Says where the list goes on.
#[derive(Deserialize, Default)]
pub struct Filter {
    /// The last row that was shown.
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "papers/promises.html")]
struct PromisesPage {
    page: Page,
    rows: Vec<PromiseRow>,
    pager: Pager,
}

/// A promise as the list shows it.
struct PromiseRow {
    number: String,
    item: String,
    material: String,
    until: String,
    class: &'static str,
    light: String,
    made: String,
    desk: String,
}

/// Answers `GET /papers/promises`.
///
/// # Errors
/// Asks the visitor to sign in, or refuses if she has no permission.
pub async fn get(
    State(papers): State<Arc<Papers>>,
    page: Page,
    Query(filter): Query<Filter>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let limit = papers.counter.cases.hall.figure(rulebook::LIST_PAGE_SIZE, page.now)?;
    let (after, scopes) = (After::parse(&filter.after), desks(&page.visitor.actor));
    let read = move |tx: &mut dyn Tx| {
        let order = |one: &Promise, other: &Promise| {
            (one.until, one.case, &one.material).cmp(&(other.until, other.case, &other.material))
        };
        store::gather(&scopes, limit, order, |scope| Ok::<_, Fault>(promise::open_at(tx, scope, &after, limit)?))
    };
    let found = papers.counter.cases.hall.store.read(read).await?;
    let full = i64::try_from(found.len()).is_ok_and(|shown| shown == limit);
    let next = found
        .last()
        .filter(|_| full)
        .map(|last| After { until: last.until.to_string(), case: last.case, material: last.material.clone() }.show());
    let pager = Pager {
        before: (!filter.after.is_empty()).then(|| "/papers/promises".to_owned()),
        after: next.map(|after| format!("/papers/promises?after={after}")),
    };
    let soon = papers.counter.cases.hall.day_after(page.now, cases::REMINDER_BEFORE_DUE, page.now)?;
    let rows = found.iter().map(|one| papers.promise_row(&page, one, soon)).collect();
    render(&PromisesPage { page, rows, pager })
}

impl Papers {
    fn promise_row(&self, page: &Page, one: &Promise, soon: Date) -> PromiseRow {
        let (class, key) = if one.until < page.today() {
            ("late", "papers-promise-late")
        } else if one.until <= soon {
            ("soon", "papers-promise-soon")
        } else {
            ("ok", "papers-promise-open")
        };
        let desk = Holder { place: one.place.clone(), department: one.department.clone() };
        PromiseRow {
            number: one.number.clone(),
            item: self.item_name(page, &one.item),
            material: self.counter.cases.material_name(&one.item, &one.material, page.lang),
            until: page.date(one.until),
            class,
            light: page.t(key),
            made: format!("{} · {}", one.made_by, page.minute(one.made_at)),
            desk: self.holder_name(page, &desk),
        }
    }

    /// Returns the name of an item, or its code if the catalogue no longer knows it.
    pub(super) fn item_name(&self, page: &Page, code: &str) -> String {
        let facts = self.counter.cases.items.facts(code);
        facts.map_or_else(|| code.to_owned(), |facts| page.of(&facts.name).to_owned())
    }
}
