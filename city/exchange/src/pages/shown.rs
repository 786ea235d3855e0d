//! What the exchange shows on the pages of others: messages that could not be delivered, as a lane and as a tile.

use std::sync::Arc;

use house::{DestinationNames, Lane, Tile, TileValue, Work};
use kernel::permission::Actor;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Heading, Service};

use crate::records;
use crate::words::LANE;

/// Puts together everything that the exchange shows elsewhere.
pub(crate) fn shown() -> Work {
    let permission = identity::May::AccountManage;
    let service = Service {
        heading: Heading::Work,
        key: "exchange-nav",
        purpose: "exchange-nav-for",
        href: "/systems",
        permission: Some(permission),
        order: 85,
    };
    let lane = Lane {
        key: "exchange-failed",
        href: "/systems",
        permission,
        order: 85,
        count: Arc::new(|tx, actor, _| failed(tx, actor)),
    };
    let tile = Tile {
        key: "exchange-failed",
        href: "/systems",
        permission,
        order: 85,
        value: Arc::new(|tx, page| {
            let figure = failed(tx, &page.visitor.actor)?;
            Ok(TileValue { figure: figure.to_string(), note: String::new(), urgent: figure > 0 })
        }),
    };
    let destination = DestinationNames { lane: LANE, name: Arc::new(named) };
    Work {
        services: vec![service],
        lanes: vec![lane],
        tiles: vec![tile],
        destinations: vec![destination],
        ..Work::default()
    }
}

/// Returns the name of the system whose identity stands in a lane.
fn named(tx: &mut dyn Tx, system: &str) -> Result<Option<String>, StoreError> {
    match Uuid::parse_str(system) {
        Ok(system) => records::name(tx, system),
        Err(_) => Ok(None),
    }
}

/// Returns how many messages to the systems of somebody's posts were given up.
fn failed(tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
    records::count_failed(tx, &actor.scopes(identity::May::AccountManage))
}
