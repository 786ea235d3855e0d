//! Who is asked first to go and see whether a report is there, or whether it is done.

use hall::Fault;
use kernel::case::{Case, Recorded};
use store::Tx;
use web::Page;

use super::Reports;
use crate::records::{self, worker};
use crate::words::is_looked_at;

impl Reports {
    /// Who is asked first: whoever is responsible for the grid in which it lies, unless she had a hand in it. None
    /// where nobody is: then the community sees to it, first come.
    ///
    /// # Errors
    /// The store failed.
    pub(super) fn asked_first(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
    ) -> Result<Option<(String, String)>, Fault> {
        if !is_looked_at(&case.state) {
            return Ok(None);
        }
        let Some(ground) = self.hall.places.geography_known() else { return Ok(None) };
        let Some(report) = records::find(tx, cases::district(case), case.id.0)? else { return Ok(None) };
        let asked = worker::asked(tx, &ground, &report, page.today())?;
        let asked = asked.filter(|asked| events.iter().all(|one| one.by.account != Some(asked.account)));
        Ok(asked.map(|asked| (page.t("grid-fact-asked"), page.t1("grid-fact-asked-who", "name", asked.name))))
    }
}
