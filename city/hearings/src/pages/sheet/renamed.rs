//! The names on an agreement that holds: those under which it was signed, and beside it which were corrected since.

use cases::Known;
use hall::Fault;
use kernel::case::Holder;
use store::Tx;
use vault::PersonField;
use web::Page;

use crate::Hearings;
use crate::actions::reading::{Before, OnPaper};
use crate::actions::told::{Reader, member_read};
use crate::words::SIDES;
use crate::words::people::Member;

impl Hearings {
    /// Puts the names under which an agreement was signed in place of those that were corrected since, and tells of
    /// each correction in a sentence. They are masked unless somebody said why she opens them.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub(super) fn as_signed(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        people: &mut [Vec<OnPaper>; 2],
        is_open: bool,
    ) -> Result<Vec<String>, Fault> {
        let before = self.names_before(tx, &known.key())?;
        let mut told = Vec::new();
        for (side, people) in SIDES.into_iter().zip(people.iter_mut()) {
            for ((number, party), person) in known.case.standing(side).zip(people.iter_mut()) {
                let Holder::Record(record) = &party.holder else { continue };
                let hers: Vec<&Before> = before.iter().filter(|one| one.record == *record).collect();
                let (Some(first), Some(last)) = (hers.first(), hers.last()) else { continue };
                let signed = if is_open { first.name.clone() } else { PersonField::Name.mask(&first.name) };
                let now = std::mem::replace(&mut person.name, signed);
                let (who, at) = (
                    member_read(page, &Member { side, number }.code(), Reader::Paper),
                    page.date(page.zone().date(last.at)),
                );
                let values = [("who", &who), ("before", &person.name), ("after", &now), ("at", &at)];
                told.push(page.text("hearings-print-renamed-one", &values.map(|(name, text)| (name, text.as_str()))));
            }
        }
        Ok(told)
    }
}
