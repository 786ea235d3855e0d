//! What the grid shows on the pages of others: reports that other platforms did not take, as a lane and as a service.

use std::sync::Arc;

use house::{DestinationNames, Lane};
use web::{Heading, Service};

use crate::words::forward::LANE;
use crate::{Grid, records};

/// The address of the page.
const FORWARDS: &str = "/systems/open311";

/// The page of reports that other platforms put right, for whoever looks after other systems.
pub fn service() -> Service {
    Service {
        heading: Heading::Work,
        key: "grid-nav-forward",
        purpose: "grid-nav-forward-for",
        href: FORWARDS,
        permission: Some(identity::May::AccountManage),
        order: 97,
    }
}

/// How many reports other platforms did not take.
pub fn lane() -> Lane {
    Lane {
        key: "grid-forward-failed",
        href: FORWARDS,
        permission: identity::May::AccountManage,
        order: 97,
        count: Arc::new(|tx, actor, _| records::forward::count_failed(tx, &actor.scopes(identity::May::AccountManage))),
    }
}

/// The names of the platforms in the lanes of messages.
pub fn destination(grid: &Arc<Grid>) -> DestinationNames {
    let desk = grid.clone();
    let name = move |_: &mut dyn store::Tx, code: &str| Ok(desk.peers.get(code).map(|peer| peer.name.zh.clone()));
    DestinationNames { lane: LANE, name: Arc::new(name) }
}
