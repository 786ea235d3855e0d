//! Makes entries as somebody, each in one transaction.

use hall::Fault;
use kernel::permission::{Actor, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::once::Once;
use uuid::Uuid;

use crate::permissions::May;
use crate::records::{self, Entry};
use crate::refusals::Why;
use crate::words::Draft;

/// Where the keys of this command are kept apart from those of others.
const SCOPE: &str = "property.add";

/// The command to make an entry.
#[derive(Clone, Debug)]
pub struct Command {
    /// The identity that the entry gets.
    pub id: Uuid,
    /// What is entered.
    pub draft: Draft,
    /// The key of the command: sent twice, it is done once.
    pub once: String,
    /// When it is given.
    pub now: Instant,
}

/// Returns the places in which somebody may see and make entries.
#[must_use]
pub fn reach(actor: &Actor) -> Vec<PlacePath> {
    let scopes = actor.scopes(May::PropertyEdit).into_iter();
    scopes.filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

/// Makes an entry and notes in the log of its district who made it.
///
/// # Errors
/// No permission there, a name that the community has already, a key that was used for something else, or a failure.
pub fn add(tx: &mut dyn Tx, command: &Command, actor: &Actor) -> Result<(), Fault> {
    let Draft { place, name } = &command.draft;
    may(actor, May::PropertyEdit, &Target::at(place.clone()))?;
    match store::once::begin(tx, SCOPE, &command.once, &format!("{place} {name}"), command.now)? {
        Once::Again(_) => return Ok(()),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    let entry = Entry {
        district: place.district(),
        id: command.id,
        path: place.clone(),
        name: name.clone(),
        noted_name: actor.name.clone(),
        noted_at: command.now,
    };
    if !records::add(tx, &entry)? {
        return Err(Refusal::new(Why::PropertyKnown).field("name").with("name", name).into());
    }
    let detail = json!({ "place": place.id(), "name": name });
    let act = store::log::Act {
        district: entry.district,
        stream: entry.id,
        kind: "property.added",
        detail: &detail,
        by: actor.account,
        by_name: &actor.name,
        at: command.now,
    };
    store::log::note(tx, &act)?;
    Ok(store::once::finish(tx, SCOPE, &command.once, "")?)
}
