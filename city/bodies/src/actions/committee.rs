//! Says which committee mediates at a place, and whether anybody does.

use hall::Fault;
use kernel::language::Lang;
use kernel::place::PlacePath;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::asked::MEDIATION;
use super::mediating::ROSTER;
use crate::Bodies;
use crate::records::mediator as roster;
use crate::words::Body;

/// The kind of professional centres (行业性、专业性人民调解委员会).
const CENTRE: &str = "mediation_centre";
/// The kind of committees of enterprises and institutions (企事业单位人民调解委员会).
const ENTERPRISE: &str = "mediation_enterprise";

impl Bodies {
    /// The committee that mediates at a place, as it is kept among the bodies there; a professional centre where there
    /// is no committee, else that of an enterprise, and none where none of them is kept.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn committee(&self, tx: &mut dyn Tx, place: &PlacePath) -> Result<Option<Body>, Fault> {
        let mut bodies = self.bodies_at(tx, place)?;
        let kind_at = |kind: &str| bodies.iter().position(|body| body.kind == kind);
        let found = kind_at(MEDIATION).or_else(|| kind_at(CENTRE)).or_else(|| kind_at(ENTERPRISE));
        Ok(found.map(|at| bodies.swap_remove(at)))
    }

    /// What a mediator knows well, in words, from codes with blanks between.
    #[must_use]
    pub fn specialities(&self, codes: &str, lang: Lang) -> String {
        let known = self.kinds.speciality.iter().filter(|one| codes.split(' ').any(|code| code == one.code));
        known.map(|one| one.title.get(lang)).collect::<Vec<_>>().join(lang.pick("、", ", "))
    }

    /// Whether somebody mediates at a place: a mediator of its roster, or whoever holds a post for it there.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn has_mediators(&self, tx: &mut dyn Tx, place: &PlacePath, now: Instant) -> Result<bool, Fault> {
        let today = self.today(now);
        if !roster::on_roster(tx, place, today, ROSTER)?.is_empty() {
            return Ok(true);
        }
        Ok(!identity::holders_for(tx, place, MEDIATION, today, 1)?.is_empty())
    }

    /// Whether an account is that of a mediator of the roster of a place; none where no mediator there has an account.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn is_on_roster(
        &self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        account: Uuid,
        now: Instant,
    ) -> Result<Option<bool>, Fault> {
        let mediators = roster::on_roster(tx, place, self.today(now), ROSTER)?;
        let accounts: Vec<Uuid> = mediators.into_iter().filter_map(|mediator| mediator.account).collect();
        Ok((!accounts.is_empty()).then(|| accounts.contains(&account)))
    }
}
