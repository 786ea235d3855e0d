//! Pages of the counter: a resident finds, reads, applies, follows and rates; a worker takes any item on one page.

mod age;
pub mod apply;
mod asked;
pub mod catalogue;
pub mod coded;
pub mod desk;
pub mod draft;
mod draft_code;
pub mod draft_message;
pub mod family;
pub mod follow;
pub mod followed;
mod glance;
mod gone;
pub mod guide;
pub mod handing;
pub mod home;
mod living;
pub mod notices;
pub mod own_data;
mod paper;
mod proof;
pub mod rating;
pub mod receipt;
pub mod renew;
pub mod settle;
pub(crate) mod shown;

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use cases::limit_words;
use web::{Page, PathPart, WebError};

use crate::Counter;
use crate::catalogue::{Item, ItemCode};

impl PathPart for ItemCode {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// Bounds the forms that somebody sends who is no member of staff, by network address. The routes whose forms leave
/// something behind are wrapped with it. A form beyond the bound is refused before its body is read.
///
/// # Errors
/// Refuses with `request.too_many` beyond the bound.
pub async fn bounded(State(counter): State<Arc<Counter>>, request: Request, next: Next) -> Result<Response, WebError> {
    let (mut parts, body) = request.into_parts();
    let page = Page::from_request_parts(&mut parts, &()).await?;
    counter.count_write(&page).await?;
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// An item as a tile or a search result shows it.
pub struct ItemLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Department.
    pub department: String,
    /// What to bring.
    pub bring: String,
    /// How long.
    pub time: String,
    /// Why it is not for her, or what else has to be so; may be empty.
    pub why: String,
    /// In short what is paid; may be empty.
    pub pays: String,
}

/// What somebody of another age than the item is for is told.
struct AgeNotice {
    /// For whom the item is, and how old she is by the number of her paper.
    text: String,
    /// A guardian or the family may apply, so that the number may be theirs.
    another: bool,
}

impl Counter {
    /// An item in the visitor's language.
    #[must_use]
    pub fn line(&self, page: &Page, item: &Item) -> ItemLine {
        let catalogue = self.catalogue();
        let names: Vec<String> =
            catalogue.materials_of(item).map(|material| material.name.get(page.lang).to_owned()).collect();
        let bring = if names.is_empty() {
            page.t("counter-bring-nothing")
        } else {
            page.t1("counter-bring", "papers", join(page, &names))
        };
        ItemLine {
            code: item.code.clone(),
            name: item.name.get(page.lang).to_owned(),
            department: catalogue
                .department(&item.department)
                .map(|department| department.name.get(page.lang).to_owned())
                .unwrap_or_default(),
            bring,
            time: limit_words(page, item.promised),
            why: String::new(),
            pays: String::new(),
        }
    }
}

/// Names one after another, as the language writes lists.
fn join(page: &Page, names: &[String]) -> String {
    names.join(page.lang.pick("、", ", "))
}
