//! Applications that do not say in which community the applicant lives, for everybody who may find out: the counters
//! inside the district or street that she named.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::permission::{Permission, Scope};
use kernel::place::{Level, PlacePath};
use store::{StoreError, Tx};
use web::{Page, WebError, render};

use super::row::Row;
use crate::Cases;
use crate::records::{self, Key};

#[derive(Template)]
#[template(path = "cases/homes.html")]
struct HomesPage {
    page: Page,
    rows: Vec<Row>,
    /// The number of the case that was settled just now; empty for none.
    done: String,
}

/// `GET /queue/homes`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(cases): State<Arc<Cases>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let (drawn, store, limit) = (page.clone(), cases.hall.store.clone(), cases.page_size(&page)?);
    let read = move |tx: &mut dyn Tx| {
        let (mut keys, mut known): (Vec<Key>, BTreeSet<_>) = (Vec::new(), BTreeSet::new());
        for scope in drawn.visitor.actor.scopes(Permission::CaseAccept) {
            let found = records::unsettled(tx, &named(&cases, &scope), scope.department.as_deref(), limit)?;
            keys.extend(found.into_iter().filter(|key| known.insert(key.id)));
        }
        let rows = records::rows(tx, &keys)?;
        cases.rows(tx, &drawn, &rows)
    };
    let rows = store.read(read).await?;
    let done = page.query.get("done").to_owned();
    render(&HomesPage { page, rows, done })
}

/// How many wait for whoever accepts at these scopes.
pub(super) fn count(cases: &Cases, tx: &mut dyn Tx, scopes: &[Scope]) -> Result<i64, StoreError> {
    let mut waiting = 0;
    for scope in scopes {
        waiting += records::count_unsettled(tx, &named(cases, scope), scope.department.as_deref())?;
    }
    Ok(waiting)
}

/// The places above communities that an applicant may have named so that somebody of a scope finds out: those above
/// it, itself, and the streets of a district.
fn named(cases: &Cases, scope: &Scope) -> Vec<PlacePath> {
    let above = [Level::City, Level::District, Level::Street].into_iter().filter_map(|level| scope.place.at(level));
    let above: Vec<PlacePath> = above.collect();
    let tree = cases.hall.places.tree();
    let streets = tree.children(scope.place.id()).filter(|place| place.level == Level::Street);
    let streets: Vec<PlacePath> = streets.map(|street| street.path.clone()).collect();
    above.into_iter().chain(streets).collect()
}
