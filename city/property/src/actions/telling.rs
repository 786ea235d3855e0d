//! What owners and accounts are told of what was done with their codes and links: owners in the log of who looked at
//! their data, accounts by a notice in the platform.

use hall::{Fault, Sent};
use jobs::{ChannelKind, NewNotice};
use kernel::permission::Actor;
use kernel::time::{Date, Instant};
use store::Tx;
use uuid::Uuid;
use vault::Look;

use crate::Property;
use crate::records::parts;
use crate::records::register::{self, Building, Head, Unit};
use crate::rules::register::called;

/// The page to which a notice leads.
const PAGE: &str = "/property/link";

/// Who prints letters, releases an account or confirms one, by which form, and when.
#[derive(Clone, Debug)]
pub struct Handling {
    /// Who.
    pub actor: Actor,
    /// On behalf of which place, as the owner reads it.
    pub place: String,
    /// The form.
    pub sent: Sent,
    /// Its key. The codes of its letters are made from it, so that a form that is sent again shows the same ones.
    pub key: String,
    /// When.
    pub now: Instant,
}

/// What an account is told of the units of a head.
pub(super) enum Told<'h> {
    /// It votes for them no more.
    Unlinked {
        /// The head.
        head: &'h Head,
        /// When it was unlinked.
        at: Instant,
    },
    /// Another account was linked with them.
    Another {
        /// The head.
        head: &'h Head,
        /// When it was linked.
        at: Instant,
        /// The day from which it may vote online.
        from: Date,
    },
}

impl Property {
    /// Writes into the logs of the owners of a unit, where each of them reads it, what was done with their code.
    pub(super) fn tell(&self, tx: &mut dyn Tx, unit: &Unit, what: &str, by: &Handling) -> Result<(), Fault> {
        let look = Look {
            account: by.actor.account,
            name: by.actor.name.clone(),
            place: by.place.clone(),
            purpose: what.to_owned(),
            case_number: None,
            at: by.now,
        };
        for share in parts::shares_of_unit(tx, unit)? {
            self.hall.vault.looked(tx, unit.district, share.owner, &look)?;
        }
        Ok(())
    }

    /// Tells an account in the platform what happened with the units of a head.
    pub(super) fn tell_account(&self, tx: &mut dyn Tx, account: Uuid, told: &Told<'_>) -> Result<(), Fault> {
        let (head, at, template, from) = match told {
            Told::Unlinked { head, at } => (head, at, "property-notice-unlinked", None),
            Told::Another { head, at, from } => (head, at, "property-notice-another", Some(from)),
        };
        let compound = register::compound(tx, head.compound)?.map(|compound| compound.name).unwrap_or_default();
        let buildings = register::buildings(tx, head.district, head.compound)?;
        let units = parts::units_of_head(tx, head)?;
        let place = format!("{compound} {}", names(&buildings, &units, head.id).join("、"));
        // What it tells of is done once for each form.
        let key = format!("{template}:{}", Uuid::now_v7());
        let recipient = format!("account:{account}");
        let notice = NewNotice::new(ChannelKind::InApp, key, &recipient, &self.hall.calendar(), *at);
        let notice = notice.template(template).with("href", PAGE).with("place", place);
        let notice = from.into_iter().fold(notice, |notice, from| notice.with("date", from.to_string()));
        jobs::notify(tx, &notice)?;
        Ok(())
    }
}

/// What the units of a head are called.
pub(super) fn names(buildings: &[Building], units: &[Unit], head: Uuid) -> Vec<String> {
    let name = |id: i64| buildings.iter().find(|one| one.id == id).map(|one| one.name.as_str()).unwrap_or_default();
    let own = units.iter().filter(|unit| unit.head == head);
    own.map(|unit| called(name(unit.building), &unit.stair, &unit.label)).collect()
}
