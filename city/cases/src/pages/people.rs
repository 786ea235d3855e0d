//! How the work lies on people: who has how much in hand, how much nobody has, what of it is late.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::permission::Permission;
use web::{Page, WebError, render};

use super::queue::NOBODY;
use crate::Cases;
use crate::records::{self, Counts, Share};
use hall::Fault;

#[derive(Template)]
#[template(path = "cases/people.html")]
struct PeoplePage {
    page: Page,
    people: Vec<Person>,
}

/// Somebody with what she has in hand; an empty name for what nobody has.
pub struct Person {
    /// Her name.
    pub name: String,
    /// What she has.
    pub counts: Counts,
}

impl Person {
    /// How an address names her; what nobody has is named by a dash.
    #[must_use]
    pub fn hand(&self) -> &str {
        if self.name.is_empty() { NOBODY } else { &self.name }
    }
}

/// `GET /queue/people`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(cases): State<Arc<Cases>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let shares = Share::of(&page.visitor.actor.scopes(Permission::CaseRead));
    let (near, zone, limit) = (cases.nearness(page.now)?, page.zone(), cases.page_size(&page)?);
    let (store, drawn) = (cases.hall.store.clone(), page.clone());
    let people = store
        .read(move |tx| {
            let mut people: Vec<Person> = Vec::new();
            for share in &shares {
                for (name, counts) in records::in_hand(tx, share, None, near, zone, limit)? {
                    match people.iter_mut().find(|one| one.name == name) {
                        Some(one) => one.counts.add(&counts),
                        None => people.push(Person { name, counts }),
                    }
                }
            }
            for (name, counts) in cases.hidden_at_desks(tx, &drawn.visitor.actor, drawn.now)? {
                if let Some(one) = people.iter_mut().find(|one| one.name == name) {
                    one.counts.take_off(&counts);
                }
            }
            people.retain(|one| one.counts.open > 0);
            people.sort_by(|a, b| b.counts.late.cmp(&a.counts.late).then(b.counts.open.cmp(&a.counts.open)));
            Ok::<_, Fault>(people)
        })
        .await?;
    render(&PeoplePage { page, people })
}
