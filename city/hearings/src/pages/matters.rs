//! The open disputes of whoever mediates, those that come first at the top. No name stands in this list, and none that
//! somebody else mediates.

use std::cmp::Reverse;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::time::days_between;
use store::Tx;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Light, Page, WebError, render};

use super::triage::Ranked;
use crate::Hearings;
use crate::actions::mediates;
use crate::permissions::May;
use crate::records;
use crate::rules::triage::pressing;
use crate::words::MEDIATION;
use crate::words::triage::Waiting;

/// How many open disputes of a place are read at most. What waits longest is never left out.
const READ: i64 = 300;

#[derive(Template)]
#[template(path = "hearings/matters.html")]
struct MattersPage {
    page: Page,
    list: Table,
    /// More wait than are shown.
    is_cut: bool,
    source: String,
    may_offer: bool,
}

/// `GET /hearings/matters`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    page.require(May::HearingsMediate)?;
    let places = mediates(&page.visitor.actor);
    let may_offer = !places.is_empty();
    let (here, actor) = (desk.clone(), page.visitor.actor.clone());
    let read = move |tx: &mut dyn Tx| here.open_matters(tx, &places, &actor);
    let (found, is_cut) = desk.hall.store.read(read).await?;
    let list = desk.matters(&page, found);
    let source = page.of(&desk.triage.source.title).to_owned();
    render(&MattersPage { page, list, is_cut, source, may_offer })
}

impl Hearings {
    /// The open disputes of some places, without those that somebody else mediates, and whether more wait than were
    /// read.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn open_matters(
        &self,
        tx: &mut dyn Tx,
        places: &[PlacePath],
        actor: &Actor,
    ) -> Result<(Vec<Waiting>, bool), Fault> {
        let (mut found, mut is_cut): (Vec<Waiting>, bool) = (Vec::new(), false);
        for place in places {
            let some = records::triage::open(tx, place, READ)?;
            is_cut = is_cut || i64::try_from(some.len()).is_ok_and(|count| count >= READ);
            found.extend(some);
        }
        let all: Vec<_> = found.iter().map(|one| (one.district, one.case_id)).collect();
        let others = self.bodies.others_of(tx, &all, actor)?;
        found.retain(|one| !others.contains(&one.case_id));
        Ok((found, is_cut))
    }

    /// The disputes in the order in which they are taken up: by priority, then by their nearest deadline, then those
    /// that wait longest.
    fn matters(&self, page: &Page, found: Vec<Waiting>) -> Table {
        let today = page.today();
        let mut weighed: Vec<_> = found.into_iter().map(|one| (self.priority_of(page, &one), one)).collect();
        weighed.sort_by_key(|(judged, one)| {
            let due = pressing(one, today);
            (Reverse(judged.priority), due.is_none(), due, one.entered_at, one.number.clone())
        });
        let text = |key: &str| Column::new(ColumnKind::Text, page.t(key));
        let columns = vec![
            Column::new(ColumnKind::Link, page.t("hearings-fact-class")),
            text("hearings-field-priority"),
            text("hearings-triage-why"),
            text("hearings-column-state"),
            Column::new(ColumnKind::Number, page.t("hearings-column-waited")),
            Column::new(ColumnKind::Date, page.t("hearings-triage-due")),
        ];
        let rows = weighed.into_iter().map(|(judged, one)| self.matter(page, &one, judged));
        Table::new(page.t("hearings-nav-matters"), columns).with(rows)
    }

    fn matter(&self, page: &Page, one: &Waiting, judged: Ranked) -> Vec<Cell> {
        let class = self.classes.called(&one.subject(), page.lang).unwrap_or_default();
        let state = self.cases.procedures().state(MEDIATION, &one.stage);
        let state = state.map_or_else(|| one.stage.clone(), |state| page.of(&state.title).to_owned());
        let Ranked { priority, why } = judged;
        let waited = days_between(self.hall.zone().date(one.entered_at), page.today());
        vec![
            Cell::numbered(class, format!("/cases/{}", one.number), one.number.as_str()),
            Cell::Light(Light { class: priority.class(), text: page.t(priority.key()) }),
            Cell::Text(why),
            Cell::Text(state),
            Cell::Number(waited),
            pressing(one, page.today()).map_or(Cell::Empty, Cell::Date),
        ]
    }
}
