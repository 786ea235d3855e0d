//! This page shows how far a case is to whoever knows its number and the telephone: nothing personal.

use askama::Template;
use axum::response::Response;
use cases::Known;
use kernel::permission::Permission;
use web::{Choice, Light, Page, WebError, render};

use super::renew::documents;
use crate::Counter;

/// How far a case is: what anybody may know who knows its number and a telephone.
#[derive(Template)]
#[template(path = "counter/glance.html")]
struct GlancePage {
    page: Page,
    number: String,
    state: String,
    /// How it stands in time. There is none while no clock runs.
    light: Option<Light>,
    /// Whether something is asked of her, which only her code shows.
    asks_papers: bool,
    /// The promised date. It is empty until the case is accepted.
    promised: String,
    /// The statutory date. It is empty likewise.
    legal: String,
    /// Who has to act now.
    waits: String,
    /// What comes next.
    ahead: Vec<String>,
    /// Whether this visitor may renew a lost code.
    may_renew: bool,
    /// The papers that prove who she is.
    documents: Vec<Choice>,
}

impl Counter {
    /// Shows how far a case is.
    pub(super) async fn glance(&self, page: Page, known: Known) -> Result<Response, WebError> {
        let (desk, drawn) = (self.cases.clone(), page.clone());
        let view = self.cases.hall.store.read(move |tx| desk.view(tx, &drawn, &known)).await?;
        let date = |story: Option<cases::DateStory>| story.map(|story| story.marked(&page)).unwrap_or_default();
        let may_renew = page.visitor.staff() && page.may(Permission::CaseAccept);
        let hers = view.waits_for == "applicant" && !page.visitor.staff();
        render(&GlancePage {
            number: view.number,
            state: view.state,
            light: Some(view.light).filter(|light| !matches!(light.class, "none" | "done")),
            asks_papers: hers && (view.asked.is_some() || !view.missing_reason.is_empty()),
            promised: date(view.promised),
            legal: date(view.legal),
            waits: if hers { page.t("counter-glance-you") } else { view.waits },
            ahead: view.path.into_iter().filter(|step| step.class.is_empty()).map(|step| step.title).collect(),
            may_renew,
            documents: documents(&page, ""),
            page,
        })
    }
}
