//! What the exchange shows on the pages of others: messages that could not be delivered and systems that were switched
//! off, as lanes and as a tile.

use std::sync::Arc;

use house::{Lane, Tile, TileValue, Work};
use kernel::permission::Actor;
use store::{StoreError, Tx};
use web::{Heading, Service};

use crate::records;

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
    let off = Lane {
        key: "exchange-switched-off",
        href: "/systems",
        permission,
        order: 84,
        count: Arc::new(|tx, actor, _| records::count_switched_off(tx, &actor.scopes(identity::May::AccountManage))),
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
    Work { services: vec![service], lanes: vec![off, lane], tiles: vec![tile], ..Work::default() }
}

/// Returns how many messages to the systems of somebody's posts were given up.
fn failed(tx: &mut dyn Tx, actor: &Actor) -> Result<i64, StoreError> {
    records::count_failed(tx, &actor.scopes(identity::May::AccountManage))
}
