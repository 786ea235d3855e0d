//! Lets people who enter something about the same thing at one moment come one after the other, so that what is checked
//! stays true until it is written.

use counter::Counter;
use hall::Fault;
use kernel::place::PlacePath;
use kernel::time::Instant;
use store::Tx;

/// Lets whoever else registers a company wait until this unit of work ends.
pub(super) fn of_companies(tx: &mut dyn Tx, counter: &Counter, now: Instant) -> Result<(), Fault> {
    Ok(counter.hold(tx, "property.companies", "", now)?)
}

/// Lets whoever else enters a contract, an income, a first meeting or an elected committee of a community wait until
/// this unit of work ends.
pub(super) fn of_community(
    tx: &mut dyn Tx,
    counter: &Counter,
    community: &PlacePath,
    now: Instant,
) -> Result<(), Fault> {
    Ok(counter.hold(tx, "property.community", &community.id().to_string(), now)?)
}
