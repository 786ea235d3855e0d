//! What a draft would have meant for past cases, before anybody releases it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use cases::limit_words;
use web::{Crumb, InPath, Page, Problem, WebError, render};

use super::{crumbs, problems};
use crate::Counter;
use crate::catalogue::{Item, ItemCode};
use crate::editing::Effect;

#[derive(Template)]
#[template(path = "counter/catalogue/preview.html")]
struct PreviewPage {
    page: Page,
    crumbs: Vec<Crumb>,
    code: String,
    name: String,
    problems: Vec<Problem>,
    /// The item would no longer be confidential.
    opens: bool,
    /// A new item has no past cases.
    is_new: bool,
    /// The promise in force and the one of the draft, in words.
    before: String,
    after: String,
    effect: Option<Shown>,
}

/// An effect in words.
struct Shown {
    cases: usize,
    same: usize,
    earlier: Vec<String>,
    later: Vec<String>,
    dropped: Vec<String>,
    added: Vec<String>,
    elsewhere: usize,
    examples: Vec<String>,
}

/// `GET /catalogue/{code}/preview`
///
/// # Errors
/// 404 for an item that is not this visitor's to edit, or that nobody is writing.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<ItemCode>,
) -> Result<Response, WebError> {
    let edited = counter.edited(&page, &code).await?;
    if edited.draft.is_none() {
        return Err(WebError::NotFound);
    }
    let checked = counter.checked_draft(&edited.form, page.now);
    let effect = match &checked.entry {
        Some((item, _)) => counter.preview(item, &page.visitor.actor, page.now).await?,
        None => None,
    };
    let catalogue = counter.catalogue();
    let promise = |item: Option<&Item>| item.map(|item| limit_words(&page, item.promised)).unwrap_or_default();
    let drawn = PreviewPage {
        crumbs: crumbs(&page, Some(&edited.code)),
        name: edited.form.get(page.lang.pick("name_zh", "name_en")).to_owned(),
        problems: problems(&page, &checked.wrong),
        opens: checked.entry.as_ref().is_some_and(|(item, _)| counter.opens(item)),
        is_new: !edited.known,
        before: promise(catalogue.get(&edited.code)),
        after: promise(checked.entry.as_ref().map(|(item, _)| item)),
        effect: effect.map(|effect| counter.shown(&page, effect)),
        code: edited.code,
        page: page.clone(),
    };
    render(&drawn)
}

impl Counter {
    fn shown(&self, page: &Page, effect: Effect) -> Shown {
        let catalogue = self.catalogue();
        let days = |key: &str, counts: &BTreeMap<i64, usize>| {
            counts.iter().map(|(days, count)| page.t2(key, "days", days, "n", count)).collect::<Vec<_>>()
        };
        let papers = |counts: &BTreeMap<String, usize>| {
            let named = |code: &String| {
                catalogue.material(code).map_or_else(|| code.clone(), |material| page.of(&material.name).to_owned())
            };
            let line =
                |(code, count): (&String, &usize)| page.t2("counter-preview-paper", "paper", named(code), "n", count);
            counts.iter().map(line).collect::<Vec<_>>()
        };
        Shown {
            cases: effect.cases,
            same: effect.same,
            earlier: days("counter-preview-earlier", &effect.earlier),
            later: days("counter-preview-later", &effect.later),
            dropped: papers(&effect.dropped),
            added: papers(&effect.added),
            elsewhere: effect.elsewhere,
            examples: effect.examples,
        }
    }
}
