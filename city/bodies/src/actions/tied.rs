//! Says which mediators of a roster a party may choose for a dispute, and whether whoever mediates one has come to have
//! a tie to a party since (回避): a household, an employer or a property company may change.

use hall::Fault;
use kernel::refusal::Code;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::mediating::{Announced, Dispute, ROSTER};
use crate::Bodies;
use crate::records::mediator as roster;
use crate::rules::ties::barred;

/// A mediator of the roster of a dispute's office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// As everybody sees him.
    pub announced: Announced,
    /// Why a party cannot choose him, the code of a refusal; none where she can.
    pub barred: Option<Code>,
}

impl Bodies {
    /// The mediators of the roster of a dispute's office today, each with why a party cannot choose him. Sealed values
    /// are compared, never shown.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn candidates(&self, tx: &mut dyn Tx, dispute: &Dispute<'_>, now: Instant) -> Result<Vec<Candidate>, Fault> {
        let mediators = roster::on_roster(tx, dispute.office, self.today(now), ROSTER)?;
        let (mut names, ties) = (self.names_of(tx, &mediators)?, self.ties(tx, *dispute, &mediators)?);
        let mut found = Vec::new();
        for mediator in mediators {
            let Some(name) = names.remove(&mediator.id) else { continue };
            let barred = barred(self.known_ties(tx, &ties, &mediator, &name)?);
            let announced = Announced { id: mediator.id, name, specialities: mediator.specialities };
            found.push(Candidate { announced, barred });
        }
        Ok(found)
    }

    /// Whether the mediator of an account on the roster of a dispute's office is tied to a party by what is known
    /// today. A name alone is no tie.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn is_tied(&self, tx: &mut dyn Tx, dispute: &Dispute<'_>, account: Uuid, now: Instant) -> Result<bool, Fault> {
        let mut mediators = roster::on_roster(tx, dispute.office, self.today(now), ROSTER)?;
        mediators.retain(|mediator| mediator.account == Some(account));
        if mediators.is_empty() {
            return Ok(false);
        }
        let ties = self.ties(tx, *dispute, &mediators)?;
        for mediator in &mediators {
            if !self.known_ties(tx, &ties, mediator, "")?.is_free() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What ties whoever mediates a dispute to a party by what is known today, the code of a refusal; none where
    /// nothing does, where nobody mediates it yet, and where he stands on no roster.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn tie_of(&self, tx: &mut dyn Tx, dispute: &Dispute<'_>, case_id: Uuid) -> Result<Option<Code>, Fault> {
        let matter = roster::matter(tx, dispute.district, case_id)?;
        let Some(id) = matter.and_then(|matter| matter.mediator) else { return Ok(None) };
        let Some(mediator) = roster::find(tx, id)? else { return Ok(None) };
        let alone = std::slice::from_ref(&mediator);
        let name = self.names_of(tx, alone)?.remove(&id).unwrap_or_default();
        let ties = self.ties(tx, *dispute, alone)?;
        Ok(barred(self.known_ties(tx, &ties, &mediator, &name)?))
    }
}
