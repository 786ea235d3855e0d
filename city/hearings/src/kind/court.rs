//! What a step changes beside the case: the days of a court that was asked, which clauses are to be kept, and how long
//! the file of a case is kept that ended.

use std::collections::BTreeMap;

use cases::kind::Asked;
use cases::{CASE_PERSONAL_DATA_RETENTION_DAYS, own_record};
use hall::Fault;
use kernel::case::{Case, Holder};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant, date_plus_days};
use store::Tx;
use vault::VaultError;

use super::agreed::{day_of, takes_effect};
use super::{Mediations, key};
use crate::records::inside;
use crate::refusals::Why;
use crate::rules::court::{CourtDays, accepts_by, decides_by};
use crate::words::inside::CourtRow;
use crate::words::{
    ACCEPTED, HEARINGS_COURT_ACCEPTS, HEARINGS_COURT_DECIDES, HEARINGS_COURT_MORE, HEARINGS_FILE_KEPT, ORAL, PROLONGED,
    SEAL, TO_COURT,
};

/// The state in which a court has the agreement.
const AT_COURT: &str = "at_court";

fn beyond() -> Fault {
    Fault::Broken("a day of a mediation lies after the calendar".to_owned())
}

impl Mediations {
    /// The days that the rulebook gives a court that was asked on a day.
    fn court_days(&self, case: &Case, on: Date) -> Result<CourtDays, Fault> {
        Ok(CourtDays {
            accepts: self.hall.figure_at(HEARINGS_COURT_ACCEPTS, &case.place, on)?,
            decides: self.hall.figure_at(HEARINGS_COURT_DECIDES, &case.place, on)?,
            more: self.hall.figure_at(HEARINGS_COURT_MORE, &case.place, on)?,
        })
    }

    /// What is noted of a court comes after it was asked, and not before it happened.
    pub(super) fn follows_court(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let court = inside::court(tx, &key(asked.case))?;
        let not_accepted = || Fault::from(Refusal::new(Why::HearingsCourtNotAccepted));
        if asked.action == PROLONGED {
            return court.and_then(|court| court.accepted_on).map(drop).ok_or_else(not_accepted);
        }
        let today = self.hall.day((self.hall.clock)());
        for name in ["accepted_on", "confirmed_on"] {
            let Some(day) = day_of(asked.fields, name) else { continue };
            // What the court confirms it accepted before.
            let accepted_on = |court: &CourtRow| court.accepted_on.filter(|_| name == "confirmed_on");
            let first = court.as_ref().map(|court| accepted_on(court).unwrap_or(court.sent_on));
            if day > today || first.is_some_and(|first| day < first) {
                return Err(Refusal::new(Why::HearingsDay).field(name).into());
            }
        }
        Ok(())
    }

    /// What a step changes beside the case: which clauses are to be kept, and the days of the court.
    pub(super) fn follow(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        action: &str,
        fields: &BTreeMap<String, String>,
        now: Instant,
    ) -> Result<(), Fault> {
        let (key, today) = (key(case), self.hall.day(now));
        if matches!(action, SEAL | ORAL) {
            return takes_effect(tx, &key);
        }
        if action == TO_COURT {
            let sent_on = day_of(fields, "sent_on").unwrap_or(today);
            let days = self.court_days(case, sent_on)?;
            let accepts_by = accepts_by(sent_on, days, &self.hall.calendar()).ok_or_else(beyond)?;
            let (accepted_on, decides_by, ended_at) = (None, None, None);
            let court = CourtRow { sent_on, accepts_by, accepted_on, decides_by, is_prolonged: false, ended_at };
            return Ok(inside::put_court(tx, &key, &court)?);
        }
        let Some(mut court) = inside::court(tx, &key)?.filter(|court| court.ended_at.is_none()) else {
            return Ok(());
        };
        match action {
            ACCEPTED => court.accepted_on = Some(day_of(fields, "accepted_on").unwrap_or(today)),
            PROLONGED => court.is_prolonged = true,
            _ if case.state != AT_COURT => court.ended_at = Some(now),
            _ => return Ok(()),
        }
        if let Some(accepted_on) = court.accepted_on {
            let days = self.court_days(case, court.sent_on)?;
            let decides_by = decides_by(accepted_on, court.is_prolonged, days, &self.hall.calendar());
            court.decides_by = Some(decides_by.ok_or_else(beyond)?);
        }
        Ok(inside::put_court(tx, &key, &court)?)
    }

    /// A case that ended has no clause to be kept any more, and its file is kept as long as the rulebook says: with it
    /// who the sides are and what they told, without which it would be no file.
    pub(super) fn end(&self, tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
        let (key, on) = (key(case), self.hall.day(now));
        inside::set_active(tx, &key, false)?;
        let Some(file) = inside::file(tx, &key)? else { return Ok(()) };
        let days = self.hall.figure_at(HEARINGS_FILE_KEPT, &case.place, on)?;
        let until = date_plus_days(on, days).ok_or_else(beyond)?;
        self.hall.vault.retain_until(tx, key.district, file.record, Some(until))?;
        if days <= self.hall.figure_at(CASE_PERSONAL_DATA_RETENTION_DAYS, &case.place, on)? {
            return Ok(());
        }
        let sides = case.parties.values().flatten().filter_map(|party| match party.holder {
            Holder::Record(record) => Some(record),
            _ => None,
        });
        for record in sides.chain([own_record(case.id.0)]) {
            match self.hall.vault.retain_until(tx, key.district, record, Some(until)) {
                // Nobody wrote words that no side's record seals.
                Err(VaultError::NotFound) => {}
                kept => kept?,
            }
        }
        Ok(())
    }
}
