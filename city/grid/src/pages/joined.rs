//! This page tells whoever joined a report how she is counted. Where she left no telephone she may still leave one.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::refusal::Refusal;
use web::{Page, Problem, WebError, render_status};

use super::{LABELS, near};
use crate::actions::joining::{How, Met};
use crate::rules::stage;
use crate::words::HANDLING;

/// What comes of every report that is true.
const STEPS: [&str; 3] = ["grid-joined-next-look", "grid-joined-next-work", "grid-joined-next-done"];

#[derive(Template)]
#[template(path = "grid/joined.html")]
pub(super) struct JoinedPage {
    page: Page,
    number: String,
    met: i64,
    /// Her code, in groups; empty where she is not told.
    code: String,
    /// What of it the page says: `told`, `kept` (her photos, and no telephone), `full` (as many as may be are told
    /// already), `counted`, `own`.
    how: &'static str,
    /// How many of her photos came to the report.
    photos: usize,
    /// She brought photos, and they did not come to it.
    lost: bool,
    /// The address of what was reported in its community.
    near: String,
    /// How it stands, in the words of whoever is outside.
    stands: Option<String>,
    /// What is still to come of it.
    ahead: Vec<String>,
    /// What names the report to a form that leaves a telephone; empty where none is asked for.
    join: String,
    faults: Vec<Problem>,
}

/// What somebody left who joined a report.
#[derive(Clone, Copy, Default)]
pub(super) struct Left {
    /// A telephone.
    pub telephone: bool,
    /// Photos.
    pub photos: bool,
}

/// What is still to come of a report in a state: that it is looked at, handed to a unit, and checked.
fn ahead(page: &Page, state: &str) -> Vec<String> {
    let past = match state {
        "reported" => 0,
        "filed" | "shelved" => 2,
        _ if stage::outside(state) == stage::outside(HANDLING) => 2,
        _ => STEPS.len(),
    };
    STEPS.iter().skip(past).map(|key| page.t(key)).collect()
}

impl JoinedPage {
    /// What is told whoever joined a report.
    pub(super) fn new(page: Page, met: Met, left: Left) -> Self {
        let Met { report, state, how, photos, .. } = met;
        let (stands, ahead) = (stage::outside(&state).map(|key| page.t(key)), ahead(&page, &state));
        let lost = left.photos && photos == 0;
        let (how, more, code) = match how {
            How::Counted(Some(code)) if left.telephone => ("told", 1, code.grouped()),
            How::Counted(Some(code)) => ("kept", 1, code.grouped()),
            How::Counted(None) if left.telephone => ("full", 1, String::new()),
            How::Counted(None) => ("counted", 1, String::new()),
            How::Own => ("own", 0, String::new()),
        };
        let near = near::address(Some(report.path.id()), None);
        let is_asked = how == "counted" && !page.visitor.staff();
        let join = if is_asked { format!("{}/{}", report.district.0, report.case_id) } else { String::new() };
        let (number, met) = (report.number, report.met + more);
        Self { page, number, met, code, how, photos, lost, near, stands, ahead, join, faults: Vec::new() }
    }

    /// Draws the page. It asks for her number again where what she typed is none.
    ///
    /// # Errors
    /// The page cannot be drawn.
    pub(super) fn shown(mut self, wrong: Option<&Refusal>) -> Result<Response, WebError> {
        if let Some(refusal) = wrong.filter(|_| !self.join.is_empty()) {
            self.faults = self.page.problems(LABELS, std::slice::from_ref(refusal));
        }
        let status = if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        render_status(status, &self)
    }

    /// The text of a key whose end says how she is counted.
    fn says(&self, begins: &str) -> String {
        self.page.t(&format!("{begins}{}", self.how))
    }
}
