//! What the pages of this department have in common around what each of them is about: who may be there, who sends a
//! form, the one transaction that does what it asks, the answer, and the heads of tables.

use std::fmt::Display;

use axum::response::Response;
use hall::{Fault, Hall, Sent};
use kernel::permission::{Permission, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Column, ColumnKind};
use web::{Page, PostForm, WebError};

use super::typed::LABELS;
use crate::actions::by::By;

/// The beginning of the keys of heads that no form has.
pub(super) const COLUMN: &str = "property-column-";

/// Whether this visitor holds a permission at a place.
pub(super) fn holds(page: &Page, permission: Permission, place: &PlacePath) -> bool {
    may(&page.visitor.actor, permission, &Target::at(place.clone())).is_ok()
}

/// Lets only those pass who hold a permission at the place of something. For others it does not exist.
pub(super) fn only_theirs(page: &Page, permission: Permission, place: &PlacePath) -> Result<(), WebError> {
    if holds(page, permission, place) { Ok(()) } else { Err(WebError::NotFound) }
}

/// Who sends a form about something, and when.
pub(super) fn sender(page: &Page, form: &PostForm, about: impl Display) -> By {
    By { actor: page.visitor.actor.clone(), sent: Sent::of(form, about), now: page.now }
}

/// The identity of what a form enters, the same whenever it is sent.
pub(super) fn own_id(page: &Page, form: &PostForm) -> Uuid {
    form.id_of(page.visitor.actor.account.unwrap_or_default())
}

/// Does what a form asks in one transaction. It leads on to the address of what was done, or the form is drawn again
/// with what was refused.
pub(super) async fn done<T, F>(
    hall: &Hall,
    act: impl FnMut(&mut dyn Tx) -> Result<T, Fault> + Send + 'static,
    to: impl FnOnce(T) -> String,
    again: impl FnOnce(Refusal) -> F,
) -> Result<Response, WebError>
where
    T: Send + 'static,
    F: Future<Output = Result<Response, WebError>>,
{
    let done = hall.store.write(act).await;
    web::answer_permitted(done.map(to), again).await
}

/// The heads of a table: what the cells of each column are, and the name under which forms call it too.
pub(super) fn heads<const N: usize>(page: &Page, named: [(ColumnKind, &str); N]) -> Vec<Column> {
    headed(page, LABELS, named)
}

/// The heads of a table whose keys have a beginning of their own.
pub(super) fn headed<const N: usize>(page: &Page, beginning: &str, named: [(ColumnKind, &str); N]) -> Vec<Column> {
    named.into_iter().map(|head| Column::new(head.0, page.t(&format!("{beginning}{}", head.1)))).collect()
}
