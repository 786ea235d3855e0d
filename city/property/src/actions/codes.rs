//! The codes of owners' letters: each is printed once, and a new one makes the old one void.

use std::collections::BTreeSet;

use hall::Fault;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use super::register::note;
use super::telling::{Handling, Told, names};
use crate::Property;
use crate::records::ballots;
use crate::records::parts;
use crate::records::register::{self, Compound, Head};
use crate::words::register::HeadKind;

/// Where the keys of letters that were printed are kept apart.
const PRINT: &str = "property.print";
/// What the owner reads in her log when her letter is printed again. It begins with a purpose of the list.
const PRINTED_AGAIN: &str = "打印文书：重新打印业主码，旧的作废";
/// The characters of a code: none looks like another.
const LETTERS: [char; 32] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q',
    'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z',
];
/// How many characters a code has, and how many stand together.
const CODE_LETTERS: usize = 12;
const CODE_GROUP: usize = 4;

/// A letter to the owners of one or several units with the code by which they link their account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The units.
    pub units: Vec<String>,
    /// The code.
    pub code: String,
}

impl Property {
    /// The letters of a building that were not printed before. Each is shown once: whoever needs one again gets another
    /// code ([`Property::letter_again`]). That somebody printed them is written down.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers, or a failure.
    pub fn letters(&self, tx: &mut dyn Tx, compound: i64, building: i64, by: &Handling) -> Result<Vec<Letter>, Fault> {
        let compound = self.own_compound(tx, compound, &by.actor)?;
        let is_first = by.sent.is_first(tx, PRINT, by.now)?;
        // Its row is held, so that two who print at one moment do not void each other's letters.
        register::held_compound(tx, compound.district, compound.id)?;
        let units = register::units(tx, compound.district, compound.id)?;
        let buildings = register::buildings(tx, compound.district, compound.id)?;
        let here: BTreeSet<Uuid> =
            units.iter().filter(|unit| unit.building == building).map(|unit| unit.head).collect();
        let mut letters = Vec::new();
        for head in register::heads(tx, compound.district, compound.id)? {
            if head.kind == HeadKind::Developer || !here.contains(&head.id) {
                continue;
            }
            let code = self.owner_code(&head, by);
            let digest = self.digest(&code);
            if head.code.is_empty() && is_first {
                register::set_code(tx, &head, &digest)?;
            } else if head.code != digest {
                continue;
            }
            letters.push(Letter { units: names(&buildings, &units, head.id), code });
        }
        letters.sort_by(|one, other| one.units.cmp(&other.units));
        if is_first {
            let detail = json!({ "building": building, "letters": letters.len() });
            note(tx, &compound, ("property.letters", &detail), &by.actor, by.now)?;
        }
        Ok(letters)
    }

    /// Prints the letter of a unit, also if it was printed before: the old code is void then, and the account that was
    /// linked with it is unlinked, unless it gave a ballot in a vote that is not counted. The owners read in their log
    /// that it was printed again.
    ///
    /// # Errors
    /// [`Fault::NotFound`] for what is not hers or was not sold, or a failure.
    pub fn letter_again(&self, tx: &mut dyn Tx, unit: Uuid, by: &Handling) -> Result<(Compound, Vec<Letter>), Fault> {
        let (compound, unit) = self.own_unit(tx, unit, &by.actor)?;
        let head = register::head(tx, unit.district, unit.head)?.ok_or(Fault::NotFound)?;
        if head.kind == HeadKind::Developer {
            return Err(Fault::NotFound);
        }
        let code = self.owner_code(&head, by);
        let digest = self.digest(&code);
        if by.sent.is_first(tx, PRINT, by.now)? {
            if let Some(account) = head.account
                && !ballots::has_voted(tx, head.district, head.id, account)?
            {
                register::unlink(tx, &head, by.now)?;
                self.tell_account(tx, account, &Told::Unlinked { head: &head, at: by.now })?;
            }
            register::set_code(tx, &head, &digest)?;
            if !head.code.is_empty() {
                self.tell(tx, &unit, PRINTED_AGAIN, by)?;
            }
            let detail = json!({ "unit": unit.id, "again": !head.code.is_empty() });
            note(tx, &compound, ("property.letter", &detail), &by.actor, by.now)?;
        } else if head.code != digest {
            return Ok((compound, Vec::new()));
        }
        let units = parts::units_of_head(tx, &head)?;
        let buildings = register::buildings(tx, compound.district, compound.id)?;
        let letter = Letter { units: names(&buildings, &units, head.id), code };
        Ok((compound, vec![letter]))
    }

    /// The code of a head as it stands on the letter that a form printed: `ABCD-EFGH-JKLM`. It is made from the key of
    /// the vault and kept nowhere.
    fn owner_code(&self, head: &Head, by: &Handling) -> String {
        let told = format!("property code of {} {:?} {}", head.id, by.actor.account, by.key);
        let hex = self.hall.vault.told_apart(&told);
        let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
        let pairs = digits.chunks_exact(2).filter_map(|pair| match pair {
            [high, low] => usize::try_from(high * 16 + low).ok(),
            _ => None,
        });
        let letters: Vec<char> =
            pairs.take(CODE_LETTERS).filter_map(|byte| LETTERS.get(byte % LETTERS.len()).copied()).collect();
        letters.chunks(CODE_GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<String>>().join("-")
    }

    /// What is kept of a code: only whoever has the key of the vault can try out others.
    pub(super) fn digest(&self, code: &str) -> String {
        let told: String = code.to_uppercase().chars().filter(|letter| LETTERS.contains(letter)).collect();
        self.hall.vault.told_apart(&format!("property code {told}"))
    }
}
