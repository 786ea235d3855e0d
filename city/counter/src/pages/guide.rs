//! The guide of an item: who it is for, what to bring, how long, who decides, what it costs, and the way from here.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use cases::limit_words;
use web::{Page, WebError, render};

use crate::Counter;
use crate::catalogue::Custody;

#[derive(Template)]
#[template(path = "counter/guide.html")]
struct GuidePage {
    page: Page,
    code: String,
    name: String,
    summary: String,
    department: String,
    materials: Vec<MaterialLine>,
    promised: String,
    legal: String,
    decides: String,
    custody: String,
    result: String,
    steps: Vec<String>,
    confidential: bool,
    provisional: bool,
}

/// One paper.
struct MaterialLine {
    name: String,
    note: String,
    waivable: bool,
}

/// `GET /items/{code}`
///
/// # Errors
/// 404 for a code that the catalogue does not know.
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, WebError> {
    let item = counter.catalogue.get(&code).ok_or(WebError::NotFound)?;
    let lang = page.lang;
    let materials = counter.catalogue.materials_of(item).map(|material| MaterialLine {
        name: material.name.get(lang).to_owned(),
        note: material.note.as_ref().map(|note| note.get(lang).to_owned()).unwrap_or_default(),
        waivable: material.waivable_by_check,
    });
    let decides = page.t2(
        "counter-decides",
        "level",
        page.t(level_key(item.decides.level)),
        "department",
        counter
            .catalogue
            .department(&item.decides.department)
            .map(|department| department.name.get(lang).to_owned())
            .unwrap_or_default(),
    );
    let procedure = counter.cases.procedure(&item.procedure).map_err(WebError::from)?;
    let begin = procedure
        .start
        .first()
        .and_then(|name| procedure.actions.get(name))
        .map(|action| action.to.clone())
        .unwrap_or_default();
    let first = procedure.states.get(&begin).map(|state| state.title.get(lang).to_owned());
    let steps = first
        .into_iter()
        .chain(cases::way_ahead(procedure, &begin).into_iter().map(|step| step.facts.title.get(lang).to_owned()))
        .collect();
    render(&GuidePage {
        code: item.code.clone(),
        name: item.name.get(lang).to_owned(),
        summary: item.summary.get(lang).to_owned(),
        department: counter
            .catalogue
            .department(&item.department)
            .map(|department| department.name.get(lang).to_owned())
            .unwrap_or_default(),
        materials: materials.collect(),
        promised: limit_words(&page, item.promised),
        legal: limit_words(&page, item.legal),
        decides,
        custody: page.t(custody_key(item.custody)),
        result: item.result.name.get(lang).to_owned(),
        steps,
        confidential: item.confidential,
        provisional: item.is_provisional(),
        page,
    })
}

/// Text key of a custody mode.
pub(super) fn custody_key(custody: Custody) -> &'static str {
    match custody {
        Custody::Direct => "counter-custody-d",
        Custody::Separate => "counter-custody-s",
        Custody::Online => "counter-custody-o",
    }
}

/// Text key of a level.
pub(super) fn level_key(level: kernel::place::Level) -> &'static str {
    use kernel::place::Level;
    match level {
        Level::City => "counter-level-city",
        Level::District => "counter-level-district",
        Level::Street => "counter-level-street",
        Level::Community | Level::Grid | Level::Building => "counter-level-community",
    }
}
