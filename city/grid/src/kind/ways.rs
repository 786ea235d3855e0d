//! What a step presupposes and a report may lack: a telephone by which whoever reported was asked, photos that were
//! looked at, another platform that told, somebody who can be asked at all. What is not there is not offered, and
//! refused where somebody says it all the same.

use std::collections::{BTreeMap, BTreeSet};

use cases::Cases;
use cases::kind::Asked;
use hall::{Fault, Hall};
use kernel::case::Case;
use kernel::place::PlaceId;
use kernel::procedure::NeedKind;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use vault::PersonField;
use web::{Choice, Page};

use super::Reports;
use crate::records::{forward, photo};
use crate::refusals::Why;
use crate::rules::stage;
use crate::words::{
    CHECKED, CHECKED_BY_CALL, CHECKED_BY_PHOTOS, CHECKED_BY_PLATFORM, NO_PHOTO, REPORTER, TOLD_BY_PLATFORM, VERIFY,
};

/// Whether somebody reported it who can be asked: what a worker found is nobody's report.
#[must_use]
pub(crate) fn has_reporter(case: &Case) -> bool {
    Cases::sealed_party(case, REPORTER).is_some()
}

/// Those of some reports whose reporter left a telephone, by the identities of their cases.
///
/// # Errors
/// The store or the vault failed.
pub(crate) fn with_telephone<'c>(
    hall: &Hall,
    tx: &mut dyn Tx,
    reports: impl IntoIterator<Item = &'c Case>,
) -> Result<BTreeSet<Uuid>, Fault> {
    let mut records: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    let mut wanted: Vec<(PlaceId, Uuid)> = Vec::new();
    for case in reports {
        let Some(record) = Cases::sealed_party(case, REPORTER) else { continue };
        records.insert(record, case.id.0);
        wanted.push((cases::district(case), record));
    }
    let masked = hall.vault.masked(tx, &wanted)?;
    let left = masked.iter().filter(|one| one.1.contains_key(&PersonField::Telephone));
    Ok(left.filter_map(|one| records.get(&one.0).copied()).collect())
}

impl Reports {
    /// The ways in which it can be checked that a report is put right, but for those that presuppose what it lacks.
    /// None where its procedure does not ask.
    ///
    /// # Errors
    /// The store or the vault failed.
    pub(super) fn ways_to_check(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
    ) -> Result<Option<Vec<Choice>>, Fault> {
        let Some(cases) = self.cases.upgrade() else { return Ok(None) };
        let action = cases.procedure_of(case)?.actions.get(VERIFY);
        let need = action.and_then(|action| action.needs.iter().find(|need| need.name == CHECKED));
        let Some(NeedKind::Choice { options }) = need.map(|need| &need.kind) else { return Ok(None) };
        let mut ways = Vec::new();
        for option in options {
            if self.can_check_by(tx, case, &option.code)? {
                ways.push(Choice::new(option.code.as_str(), option.title.get(page.lang), ""));
            }
        }
        Ok(Some(ways))
    }

    /// Whether a report has what a way of checking it presupposes.
    fn can_check_by(&self, tx: &mut dyn Tx, case: &Case, way: &str) -> Result<bool, Fault> {
        let (district, id) = (cases::district(case), case.id.0);
        match way {
            CHECKED_BY_CALL => Ok(!with_telephone(&self.hall, tx, [case])?.is_empty()),
            CHECKED_BY_PHOTOS => Ok(photo::count(tx, district, id)? > 0),
            CHECKED_BY_PLATFORM => {
                let events = cases::events_of(tx, case)?;
                let is_told = stage::handed_in(&events, NO_PHOTO) == Some(TOLD_BY_PLATFORM);
                Ok(is_told || !forward::of_case(tx, district, id, 1)?.is_empty())
            }
            _ => Ok(true),
        }
    }

    /// A report counts as done once its photos are there, and nobody says that she checked it by what it lacks. Whether
    /// another platform told is for that platform to say: it takes this step itself.
    pub(super) fn check_verified(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        self.check_proof(tx, asked.case)?;
        let way = asked.fields.get(CHECKED).map(|way| way.trim()).unwrap_or_default();
        let lacks = match way {
            CHECKED_BY_CALL => Why::GridCheckedCall,
            CHECKED_BY_PHOTOS => Why::GridCheckedPhotos,
            _ => return Ok(()),
        };
        if self.can_check_by(tx, asked.case, way)? { Ok(()) } else { Err(Refusal::new(lacks).field(CHECKED).into()) }
    }
}

/// Somebody is asked only where somebody reported.
pub(super) fn check_asks(case: &Case) -> Result<(), Fault> {
    if has_reporter(case) { Ok(()) } else { Err(Refusal::new(Why::GridAskNobody).into()) }
}
