//! The open disputes of whoever mediates, those that come first at the top. No name stands in this list, and none that
//! somebody else mediates.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::permission::Actor;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::days_between;
use store::Tx;
use uuid::Uuid;
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

/// How many open disputes are shown at most: what comes first is never left out.
const SHOWN: usize = 300;

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
    let read = move |tx: &mut dyn Tx| {
        let known = here.known_matters(tx, &places, &actor)?;
        Ok::<_, Fault>(records::triage::waiting(tx, &known)?)
    };
    let found = desk.hall.store.read(read).await?;
    let is_cut = found.len() > SHOWN;
    let list = desk.matters(&page, found);
    let source = page.of(&desk.triage.source.title).to_owned();
    render(&MattersPage { page, list, is_cut, source, may_offer })
}

impl Hearings {
    /// The open disputes of some places of which somebody may know, each once, by its district and its case.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn known_matters(
        &self,
        tx: &mut dyn Tx,
        places: &[PlacePath],
        actor: &Actor,
    ) -> Result<Vec<(PlaceId, Uuid)>, Fault> {
        let mut found = BTreeSet::new();
        for place in places {
            found.extend(self.bodies.known_inside(tx, place, actor)?);
        }
        Ok(found.into_iter().collect())
    }

    /// The disputes in the order in which they are taken up: by priority, then by their nearest deadline, then those
    /// that wait longest. All are weighed before the first of them are shown.
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
        let rows = weighed.into_iter().take(SHOWN).map(|(judged, one)| self.matter(page, &one, judged));
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
