//! Follows a mediation to another office: which papers each side lets go along, and where the mediation was.

use cases::Key;
use hall::Fault;
use kernel::case::{Case, Event, Recorded};
use store::Tx;

use crate::records::passing;
use crate::rules::passing::{along, common, said, side_of};
use crate::rules::people::is_several;
use crate::words::SIDES;
use crate::words::passing::Stay;

/// Remembers what a step says of papers that go along, and where the mediation is after it. What a side said holds as
/// long as the consent with which it was said.
///
/// # Errors
/// A failure of the store.
pub fn follow(tx: &mut dyn Tx, key: &Key, case: &Case, recorded: &[Recorded]) -> Result<(), Fault> {
    for one in recorded {
        let Event::Acted { action, fields, .. } = &one.event else { continue };
        let Some(side) = side_of(action) else { continue };
        let papers = said(fields);
        // Where several people are one side, what one of them keeps back stays.
        let before = passing::allowed(tx, key)?.into_iter().find(|before| before.side == side);
        let papers = match before.filter(|_| is_several(case, side)) {
            Some(before) => common(&before.papers, &papers.join(" ")),
            None => papers,
        };
        passing::allow(tx, key, side, &papers.join(" "))?;
    }
    moved(tx, key, case)?;
    for side in SIDES {
        if case.standing(side).all(|(_, party)| party.consented_at.is_none()) {
            passing::disallow(tx, key, side)?;
        }
    }
    Ok(())
}

/// Begins another stay where the mediation lies with another office than before: only what both sides let go comes
/// along.
fn moved(tx: &mut dyn Tx, key: &Key, case: &Case) -> Result<(), Fault> {
    let Some(before) = passing::office(tx, key)?.filter(|before| before.id() != case.office.place.id()) else {
        return Ok(());
    };
    let last = passing::stays(tx, key)?.pop();
    if last.is_none() {
        passing::add_stay(tx, key, &Stay { number: 0, office: before, along: String::new(), since: 0 })?;
    }
    let stay = Stay {
        number: last.map_or(0, |last| last.number) + 1,
        office: case.office.place.clone(),
        along: along(&passing::allowed(tx, key)?, SIDES).join(" "),
        since: case.sequence,
    };
    Ok(passing::add_stay(tx, key, &stay)?)
}
