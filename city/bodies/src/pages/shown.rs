//! What this department shows on the pages of others: the bodies on the page of their place, and elections and papers
//! that are due as a lane and a tile.

use std::sync::Arc;

use house::{Lane, Section, Tile, TileValue, Work};
use kernel::permission::Actor;
use kernel::time::Instant;
use store::{StoreError, Tx};
use web::{Heading, Service};

use super::place::of_place;
use crate::Bodies;
use crate::actions::reach;
use crate::permissions::May;
use crate::records::body as bodies;
use crate::rules::terms::looks_ahead;

/// The address of the list of those of which something is due.
const DUE: &str = "/bodies?due=1";

/// Everything that this department shows elsewhere.
pub(crate) fn shown(desk: &Arc<Bodies>) -> Work {
    let (counting, showing) = (desk.clone(), desk.clone());
    Work {
        services: services(),
        sections: vec![Section { order: 25, show: of_place(desk) }],
        lanes: vec![Lane {
            key: "bodies-due",
            href: DUE,
            permission: May::BodiesEdit,
            order: 60,
            count: Arc::new(move |tx, actor, now| counting.count_due(tx, actor, now)),
        }],
        tiles: vec![Tile {
            key: "bodies-due",
            href: DUE,
            permission: May::BodiesEdit,
            order: 60,
            value: Arc::new(move |tx, page| {
                let count = showing.count_due(tx, &page.visitor.actor, page.now)?;
                Ok(TileValue { figure: count.to_string(), note: String::new(), urgent: count > 0 })
            }),
        }],
        ..Work::default()
    }
}

/// What people find under the headings of the platform. A department adds services, never a heading.
fn services() -> Vec<Service> {
    let service = |heading, (key, purpose): (&'static str, &'static str), href, order| Service {
        heading,
        key,
        purpose,
        href,
        permission: Some(May::BodiesEdit),
        order,
    };
    vec![
        service(Heading::Topics, ("bodies-nav", "bodies-nav-for"), "/bodies", 46),
        service(Heading::Topics, ("bodies-nav-mediators", "bodies-nav-mediators-for"), "/bodies/mediators", 47),
        service(Heading::Topics, ("bodies-nav-levels", "bodies-nav-levels-for"), "/bodies/levels", 48),
    ]
}

impl Bodies {
    /// How many bodies of somebody's places have something due.
    fn count_due(&self, tx: &mut dyn Tx, actor: &Actor, now: Instant) -> Result<i64, StoreError> {
        let soon = looks_ahead(self.today(now), self.warn_days(now)?);
        let mut count = 0;
        for place in reach(actor) {
            count += bodies::count_due(tx, &place, soon)?;
        }
        Ok(count)
    }
}
