//! Search: by number, by a running number, by words. Newest first, only what this visitor may read.

use std::sync::{Arc, PoisonError};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::permission::Permission;
use kernel::place::Level;
use kernel::time::Instant;
use serde::Deserialize;
use store::Tx;
use uuid::Uuid;
use web::{Page, Pager, WebError, render};

use super::queue::Row;
use crate::Cases;
use crate::records::CaseRow;
use crate::records::search::{self, Before, Wanted};
use crate::rules::search as rules;
use hall::Fault;

/// Years in which a running number is looked for.
const YEARS: i16 = 3;

/// What is looked for.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Words or a number.
    #[serde(default)]
    q: String,
    /// Where the list goes on: moment and identity.
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "cases/search.html")]
struct SearchPage {
    page: Page,
    words: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// `GET /search`
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let words = asked.q.trim().to_owned();
    let limit = cases.page_size(&page)?;
    let (desk, drawn, question, before) = (cases.clone(), page.clone(), words.clone(), before(&asked.before));
    let (rows, next) = cases
        .hall
        .store
        .read(move |tx| {
            let found = desk.found(tx, &drawn, &question, before, limit)?;
            let full = i64::try_from(found.len()).is_ok_and(|shown| shown >= limit);
            let next = found.last().filter(|_| full).map(|row| format!("{}~{}", row.opened_at.micros(), row.id));
            Ok::<_, Fault>((desk.rows(tx, &drawn, &found)?, next))
        })
        .await?;
    if let [only] = rows.as_slice()
        && kernel::identifier::CaseNumber::parse(&words).is_ok()
    {
        return Ok(Redirect::to(&format!("/cases/{}", only.number)).into_response());
    }
    let start = page.query.address_with(&[("before", "")]);
    let pager = Pager {
        before: before.map(|_| format!("/search{start}")),
        after: next.map(|next| format!("/search{}", page.query.address_with(&[("before", &next)]))),
    };
    render(&SearchPage { page, words, rows, pager })
}

fn before(text: &str) -> Option<Before> {
    let (at, id) = text.split_once('~')?;
    Some((Instant::from_micros(at.parse().ok()?), Uuid::parse_str(id).ok()?))
}

impl Cases {
    /// The newest cases that answer to a question, as far as this visitor may read them.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn found(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        question: &str,
        before: Option<Before>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Fault> {
        let scopes = page.visitor.actor.scopes(Permission::CaseRead);
        let numbers = self.numbers_of(page, question);
        if !numbers.is_empty() {
            let mut found = search::by_numbers(tx, &numbers)?;
            found.retain(|row| scopes.iter().any(|scope| search::is_readable(row, scope)));
            return Ok(found);
        }
        let names = self.names();
        let meanings: Vec<_> = rules::words(question).iter().map(|word| names.meaning(word)).collect();
        if meanings.is_empty() || meanings.iter().any(rules::Meaning::is_empty) {
            return Ok(Vec::new());
        }
        let cases = search::opened(tx)?;
        let mut found = Vec::new();
        for scope in &scopes {
            let (homes, inside) = names.places.homes_in(&scope.place);
            let size = rules::Size::new(rules::Counted { cases, items: names.items(), homes, inside });
            found.extend(search::search(tx, &Wanted { scope, words: &meanings, size, before, limit })?);
        }
        found.sort_by_key(|one| std::cmp::Reverse((one.opened_at, one.id)));
        found.dedup_by_key(|one| one.id);
        found.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(search::rows(tx, &found)?)
    }

    /// The numbers a question may stand for, each with its district.
    fn numbers_of(&self, page: &Page, question: &str) -> Vec<(kernel::place::PlaceId, String)> {
        let tree = self.hall.places.tree();
        let code = |code: &str| code.chars().take(6).collect::<String>();
        let districts: Vec<(kernel::place::PlaceId, String)> =
            tree.of_level(Level::District).map(|place| (place.id, code(&place.code))).collect();
        let codes: Vec<String> = districts.iter().map(|(_, code)| code.clone()).collect();
        let year = page.today().year();
        let years: Vec<i16> = (0..YEARS).map(|back| year - back).collect();
        let of = |number: String| {
            let district = districts.iter().find(|(_, code)| number.starts_with(code.as_str()))?;
            Some((district.0, number))
        };
        rules::numbers(question, &codes, &years).into_iter().filter_map(of).collect()
    }

    /// The names by which cases are found.
    fn names(&self) -> rules::Names {
        let states = self.procedures().states().into_iter().map(|((procedure, state), one)| {
            let named = rules::State { procedure: procedure.to_owned(), state: state.to_owned(), last: one.terminal };
            (named, rules::both(&one.title))
        });
        rules::Names::new(self.items.named(), states, self.place_names())
    }

    /// The names of the places, made anew when the tree is another one.
    fn place_names(&self) -> Arc<rules::PlaceNames> {
        let tree = self.hall.places.tree();
        let mut kept = self.place_names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, names)) = kept.as_ref()
            && Arc::ptr_eq(of, &tree)
        {
            return names.clone();
        }
        let levels = [Level::District, Level::Street, Level::Community].into_iter();
        let places = levels.flat_map(|level| tree.of_level(level));
        let places = places.map(|place| (place.path.clone(), rules::both(&place.name)));
        let names = Arc::new(rules::PlaceNames::new(places));
        *kept = Some((tree.clone(), names.clone()));
        names
    }
}
