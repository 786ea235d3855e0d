//! The compounds of a person's posts: those whose register is kept, and those that have none yet. Whoever only watches
//! over a place reads how large each register is, and nothing of what stands in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use store::Tx;
use web::table::{Cell, ColumnKind, Table};
use web::{Page, Pager, WebError, render};

use super::frame::{COLUMN, Part, headed, holds, may_watch, watched};
use crate::Property;
use crate::permissions::May;
use crate::records::register::{self, Compound};
use crate::words::register::Totals;

/// The most compounds whose registers are known.
const MOST: i64 = 5_000;
/// The most compounds without a register that are offered.
const OFFERED: usize = 100;
/// The heads of the list.
const HEADS: [(ColumnKind, &str); 6] = [
    (ColumnKind::Link, "compound"),
    (ColumnKind::Text, "community"),
    (ColumnKind::Number, "units"),
    (ColumnKind::Number, "heads"),
    (ColumnKind::Number, "area"),
    (ColumnKind::Moment, "changed"),
];

#[derive(Template)]
#[template(path = "property/list.html")]
struct ListPage {
    page: Page,
    list: Table,
    pager: Pager,
    /// Compounds without a register: name and address.
    others: Vec<(String, String)>,
    /// Whether she keeps registers, beside reading how large they are.
    is_keeper: bool,
}

/// What is kept of a person's places.
struct Registers {
    /// The compounds that have a register.
    known: BTreeSet<i64>,
    /// A page of them, with what each register adds up to.
    kept: Vec<(Compound, Totals)>,
    pager: Pager,
}

/// `GET /property`
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(desk): State<Arc<Property>>, page: Page) -> Result<Response, WebError> {
    may_watch(&page, May::PropertyEdit)?;
    let Registers { known, kept, pager } = desk.kept(&page).await?;
    let others = desk.grounds(&page).await?.into_iter().filter(|ground| !known.contains(&ground.id)).take(OFFERED);
    let others = others
        .map(|ground| {
            let name = format!("{} · {}", ground.name, desk.chain(&page, &ground.path));
            (name, address(ground.id))
        })
        .collect();
    let rows = kept.iter().map(|(compound, totals)| desk.row(&page, compound, *totals));
    let list = Table::new(page.t("property-title"), headed(&page, COLUMN, HEADS)).with(rows);
    let is_keeper = page.may(May::PropertyEdit);
    render(&ListPage { page, list, pager, others, is_keeper })
}

fn address(compound: i64) -> String {
    format!("/property/compounds/{compound}")
}

impl Property {
    /// The registers of this person's places with what they add up to: a page of them.
    async fn kept(&self, page: &Page) -> Result<Registers, WebError> {
        let places = watched(&page.visitor.actor, May::PropertyEdit);
        let order = |one: &Compound, other: &Compound| {
            (&one.path, &one.name, one.id).cmp(&(&other.path, &other.name, other.id))
        };
        let asked = page.clone();
        let read = move |tx: &mut dyn Tx| {
            let mut found = store::gather(&places, MOST, order, |place| register::compounds(tx, place, MOST))?;
            let known = found.iter().map(|compound| compound.id).collect();
            let pager = Part::asked(&asked).cut(&asked, &mut found);
            let mut kept = Vec::with_capacity(found.len());
            for compound in found {
                let totals = register::totals(tx, compound.district, compound.id)?;
                kept.push((compound, totals));
            }
            Ok::<_, Fault>(Registers { known, kept, pager })
        };
        Ok(self.hall.store.read(read).await?)
    }

    fn row(&self, page: &Page, compound: &Compound, totals: Totals) -> Vec<Cell> {
        let keeps = holds(page, May::PropertyEdit, &compound.path);
        let of_place = || format!("/places/{}", compound.path.id());
        vec![
            Cell::link(compound.name.clone(), if keeps { address(compound.id) } else { of_place() }),
            self.chain(page, &compound.path).into(),
            totals.units.into(),
            totals.heads.into(),
            Cell::Hundredths(totals.area.hundredths()),
            compound.changed_at.into(),
        ]
    }
}
