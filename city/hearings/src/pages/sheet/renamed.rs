//! The names that were corrected since an agreement holds: the agreement bears those under which it was signed and
//! tells beside it which were corrected; the application to the court bears those of today and tells what the agreement
//! bears.

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

/// The application to the court, which bears the names of today.
pub(super) const TO_COURT: &str = "court";
/// The papers that tell of names that were corrected since the agreement, and in which words.
pub(super) const NAMED: [(&str, &str); 3] = [
    ("agreement", "hearings-print-renamed-one"),
    ("oral", "hearings-print-renamed-one"),
    (TO_COURT, "hearings-print-renamed-court"),
];

/// A name that was corrected.
pub(super) struct Renaming {
    /// The place of her side.
    side: usize,
    /// Her place among the people of it.
    place: usize,
    /// What papers call her by her side.
    who: String,
    /// The name under which the agreement was signed.
    before: String,
    /// The name of today.
    after: String,
    /// The day of the correction.
    at: String,
}

impl Renaming {
    /// The correction in a sentence, whose key is given.
    pub(super) fn told(&self, page: &Page, key: &str) -> String {
        let values = [("who", &self.who), ("before", &self.before), ("after", &self.after), ("at", &self.at)];
        page.text(key, &values.map(|(name, text)| (name, text.as_str())))
    }
}

/// Puts the names under which an agreement was signed in place of those that were corrected since.
pub(super) fn as_signed(people: &mut [Vec<OnPaper>; 2], renamed: &[Renaming]) {
    for (side, people) in people.iter_mut().enumerate() {
        for (place, person) in people.iter_mut().enumerate() {
            if let Some(one) = renamed.iter().find(|one| one.side == side && one.place == place) {
                person.name.clone_from(&one.before);
            }
        }
    }
}

impl Hearings {
    /// The names that were corrected since an agreement holds. They are masked unless somebody said why she opens them.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub(super) fn renamings(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        people: &[Vec<OnPaper>; 2],
        is_open: bool,
    ) -> Result<Vec<Renaming>, Fault> {
        let before = self.names_before(tx, &known.key())?;
        let mut found = Vec::new();
        for (side, (role, people)) in SIDES.into_iter().zip(people).enumerate() {
            for (place, ((number, party), person)) in known.case.standing(role).zip(people).enumerate() {
                let Holder::Record(record) = &party.holder else { continue };
                let hers: Vec<&Before> = before.iter().filter(|one| one.record == *record).collect();
                let (Some(first), Some(last)) = (hers.first(), hers.last()) else { continue };
                found.push(Renaming {
                    side,
                    place,
                    who: member_read(page, &Member { side: role, number }.code(), Reader::Paper),
                    before: if is_open { first.name.clone() } else { PersonField::Name.mask(&first.name) },
                    after: person.name.clone(),
                    at: page.date(page.zone().date(last.at)),
                });
            }
        }
        Ok(found)
    }
}
