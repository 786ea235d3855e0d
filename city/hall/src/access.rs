//! This file shows the looks at a person's data, as she and whoever handles her matter read them.

use kernel::place::PlaceId;
use store::Tx;
use uuid::Uuid;
use vault::{Access, Logged};
use web::{Page, Pager};

use crate::Hall;
use crate::fault::Fault;
use crate::purposes::Purposes;

/// The looks on one page.
const SHOWN: i64 = 50;

/// One look at the person's data.
pub struct AccessLine {
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// From where.
    pub place: String,
    /// For what.
    pub purpose: String,
}

impl AccessLine {
    /// Makes the form of a look that a page shows.
    #[must_use]
    pub fn new(page: &Page, access: &Access, purposes: &Purposes) -> Self {
        Self {
            at: page.minute(access.at),
            who: access.name.clone(),
            place: access.place.clone(),
            purpose: purposes.shown(&access.purpose, page.lang),
        }
    }
}

/// A page of looks, the newest first, with the way to the older ones.
#[derive(Default)]
pub struct AccessPage {
    /// The looks.
    pub lines: Vec<AccessLine>,
    /// Where older looks stand.
    pub pager: Pager,
}

impl Hall {
    /// Returns the looks at some records that the address asks for: the newest, or those older than `?looks=`. `at` is
    /// the address of the page on which they stand.
    pub fn accesses(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        at: &str,
        records: &[(PlaceId, Uuid)],
    ) -> Result<AccessPage, Fault> {
        let before = page.query.get("looks").parse::<Uuid>().ok();
        let newest_first = |one: &Logged, other: &Logged| other.id.cmp(&one.id);
        // One more than is shown tells whether the list goes on.
        let mut found = store::gather(records, SHOWN + 1, newest_first, |(district, record)| {
            self.vault.accesses_before(tx, *district, *record, before, SHOWN + 1)
        })?;
        let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
        let goes_on = found.len() > most;
        found.truncate(most);
        let after = found.last().filter(|_| goes_on).map(|last| format!("{at}?looks={}#looks", last.id));
        let lines = found.iter().map(|one| AccessLine::new(page, &one.access, &self.purposes)).collect();
        Ok(AccessPage { lines, pager: Pager { before: None, after } })
    }
}
