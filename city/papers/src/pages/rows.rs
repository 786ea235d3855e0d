//! This page shows the papers that a published figure counts: which source confirmed them is written at their cases.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cases::{CaseRow, Key};
use hall::Fault;
use hall::figures::CountedRow;
use hall::{Line, Listed, Opening};
use kernel::permission::Permission;
use store::Tx;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind};
use web::{Page, WebError};

use crate::Papers;
use crate::records::check::{self, Confirmed};
use crate::words::{INDICATORS, ROWS, ROWS_PAGE};

const OPENING: Opening = Opening {
    address: ROWS_PAGE,
    indicators: INDICATORS,
    permission: ROWS.permission,
    export: Permission::CaseExport,
    home: None,
};

/// Answers `GET /papers/rows`.
///
/// # Errors
/// Asks the visitor to sign in, refuses if she has no permission, or answers 404 for what is no part of a figure that
/// she may look into.
pub async fn get(State(papers): State<Arc<Papers>>, page: Page) -> Result<Response, WebError> {
    let (desk, drawn) = (papers.clone(), page.clone());
    let fill = move |tx: &mut dyn Tx, things: &[CountedRow]| desk.behind_figure(tx, &drawn, things);
    hall::rows_page(&papers.counter.cases.hall, page, OPENING, fill).await
}

impl Papers {
    /// Returns the papers that were counted, each in a row of its own, in the order of the things. What is counted is a
    /// case, once for each of its papers.
    fn behind_figure(&self, tx: &mut dyn Tx, page: &Page, things: &[CountedRow]) -> Result<Listed, Fault> {
        let pairs: Vec<_> = things.iter().map(|thing| (thing.subject_district, thing.subject)).collect();
        let keys: Vec<Key> = pairs.iter().map(|(district, id)| Key { district: *district, id: *id }).collect();
        let cases = cases::readable(tx, &keys, &page.visitor.actor.scopes(ROWS.permission))?;
        let cases: BTreeMap<Uuid, &CaseRow> = cases.iter().map(|case| (case.id, case)).collect();
        let mut papers: BTreeMap<Uuid, Vec<Confirmed>> = BTreeMap::new();
        for one in check::confirmed(tx, &pairs)? {
            papers.entry(one.case).or_default().push(one);
        }
        let lines = things.iter().flat_map(|thing| {
            let (case, papers) = (cases.get(&thing.subject), papers.get(&thing.subject));
            case.zip(papers).map(|(case, papers)| self.of_case(page, thing, case, papers)).unwrap_or_default()
        });
        Ok(Listed { columns: columns(page), lines: lines.collect(), note: page.t("papers-rows-left-out") })
    }

    /// Returns the papers of a case that were counted on the day of a thing. One that was confirmed when the case had
    /// ended is not: such a check comes after those that count.
    fn of_case(&self, page: &Page, thing: &CountedRow, case: &CaseRow, papers: &[Confirmed]) -> Vec<Line> {
        let hall = &self.counter.cases.hall;
        let on_the_day = papers.iter().filter(|one| hall.day(one.at) == thing.day);
        let counted = on_the_day.take(usize::try_from(thing.amount).unwrap_or_default());
        let line = |one: &Confirmed| {
            let cells = vec![
                Cell::link(case.number.as_str(), format!("/cases/{}", case.number)),
                self.item_name(page, &case.item).into(),
                self.counter.cases.material_name(&case.item, &one.material, page.lang).into(),
            ];
            Line { amount: 1, ..Line::of(thing, cells) }
        };
        counted.map(line).collect()
    }
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("papers-column-{name}")));
    vec![column(ColumnKind::Link, "number"), column(ColumnKind::Text, "item"), column(ColumnKind::Text, "paper")]
}
