//! What mobilisation shows on the pages of others: the calls that go on, as a lane, a tile and on the page of a place.

use std::sync::Arc;

use house::{Lane, Panel, PanelLine, PlaceAt, Section, Tile, TileValue, Work};
use kernel::permission::Actor;
use store::{StoreError, Tx};
use web::{Heading, Page, Service};

use crate::Mobilization;
use crate::actions::Rights;
use crate::permissions::May;
use crate::records::call;

/// Calls that are looked at.
const CALLS: i64 = 200;

/// Everything that mobilisation shows elsewhere.
pub(crate) fn shown(desk: &Arc<Mobilization>) -> Work {
    let at_place = desk.clone();
    let lane = Lane {
        key: "mobilization-going-on",
        href: "/mobilization/calls",
        permission: May::MobilizationRoster,
        order: 45,
        count: Arc::new(|tx, actor, _| going_on(tx, actor)),
    };
    let tile = Tile {
        key: "mobilization-going-on",
        href: "/mobilization/calls",
        permission: May::MobilizationRoster,
        order: 45,
        value: Arc::new(|tx, page| {
            let figure = going_on(tx, &page.visitor.actor)?;
            Ok(TileValue { figure: figure.to_string(), note: String::new(), urgent: false })
        }),
    };
    let section = Section { order: 20, show: Arc::new(move |tx, page, at| at_place.of_place(tx, page, at)) };
    Work { services: services(), lanes: vec![lane], tiles: vec![tile], sections: vec![section], ..Work::default() }
}

fn services() -> Vec<Service> {
    let calls = |heading, order| Service {
        heading,
        key: "mobilization-nav-staff",
        purpose: "mobilization-nav-staff-for",
        href: "/mobilization/calls",
        permission: Some(May::MobilizationRoster),
        order,
    };
    vec![
        Service {
            heading: Heading::Mine,
            key: "mobilization-nav",
            purpose: "mobilization-nav-for",
            href: "/mobilization",
            permission: None,
            order: 40,
        },
        calls(Heading::Community, 40),
        calls(Heading::Topics, 40),
    ]
}

/// How many calls go on that an actor may know of.
fn going_on(tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
    let calls = call::going_on(tx, CALLS)?;
    let known = calls.iter().filter(|call| Rights::of(actor, &call.path).any()).count();
    Ok(i64::try_from(known).unwrap_or(i64::MAX))
}

impl Mobilization {
    /// The calls that go on at a place, above it or inside it; nothing where there is none.
    fn of_place(&self, tx: &mut dyn Tx, page: &Page, place: PlaceAt<'_>) -> Result<Option<Panel>, StoreError> {
        let mut calls = call::going_on(tx, CALLS)?;
        calls.retain(|call| call.path.contains(place.path) || place.path.contains(&call.path));
        if calls.is_empty() {
            return Ok(None);
        }
        let tree = self.hall.places.tree();
        let line = |call: call::Call| PanelLine {
            text: format!("{} · {}", tree.chain(&call.path, page.lang), page.date(call.opened_at)),
            term: call.title,
            href: "/mobilization".to_owned(),
        };
        Ok(Some(Panel {
            title: page.t("mobilization-place-title"),
            lines: calls.into_iter().map(line).collect(),
            empty: String::new(),
            more: (page.t("mobilization-place-help"), "/mobilization/me".to_owned()),
        }))
    }
}
