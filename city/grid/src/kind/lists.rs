//! What lists say of reports before one is opened: that there may be danger, the condition and where it is, never who
//! said it or what she said.

use std::collections::BTreeMap;

use hall::Fault;
use kernel::case::Case;
use kernel::place::{Level, PlaceId};
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;
use web::Page;

use super::Reports;
use crate::records;
use crate::rules;
use crate::words::{NEXT, Report};

/// The page of the lists of reports.
const LISTS: &str = "/report/work";

/// The address that leads on to the next report of a list, where that is one of reports.
pub(super) fn following(case: &Case, list: &str) -> Option<String> {
    let (path, mark) = list.split_once('?').map_or((list, '?'), |(path, _)| (path, '&'));
    (path == LISTS).then(|| format!("{list}{mark}{NEXT}={}", case.number))
}

/// How far a building may stand from a spot that is told by it, in metres.
const NEAR: f64 = 100.0;

impl Reports {
    /// What lists say below the names of these reports.
    pub(super) fn in_lists(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        cases: &[(PlaceId, Uuid)],
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        let ground = self.hall.places.geography_known();
        let alarms = records::alarm::of_cases(tx, cases)?;
        let told = |report: Report| {
            let danger = alarms.contains(&report.case_id).then(|| page.t("grid-fact-danger"));
            let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
            let condition = condition.map(|(_, condition)| condition.when.get(page.lang).to_owned());
            let words = danger.into_iter().chain(condition).chain(self.place_words(page, ground.as_deref(), &report));
            (report.case_id, words.collect::<Vec<_>>().join(" · "))
        };
        Ok(records::of_cases(tx, cases)?.into_iter().map(told).collect())
    }

    /// Where a report is, the nearest word first: the building beside its spot, the compound, the community, the
    /// street.
    fn place_words(&self, page: &Page, ground: Option<&Geography>, report: &Report) -> Vec<String> {
        let tree = self.hall.places.tree();
        let named = |level: Level| {
            let path = report.path.at(level)?;
            tree.at(&path).map(|place| place.named(page.lang).to_owned())
        };
        let compound = report.compound.and_then(|id| ground?.compound(id)).map(|(_, compound)| compound);
        let beside = ground.zip(report.x.zip(report.y)).and_then(|(ground, (east, north))| {
            // A report of a compound stands at its middle, which says nothing of a building.
            let middle = compound.map(|compound| rules::decimetres(compound.at.x, compound.at.y));
            let spot = (rules::metres(east), rules::metres(north));
            let found = ground.nearest_building(spot).filter(|(_, metres)| *metres <= NEAR);
            let (building, _) = found.filter(|_| middle != Some((east, north)))?;
            let building = ground.buildings.get(building as usize)?;
            Some(page.t1("grid-beside-building", "name", &building.name))
        });
        let places = [named(Level::Community), named(Level::Street)];
        let compound = compound.map(|compound| compound.name.clone());
        beside.into_iter().chain(compound).chain(places.into_iter().flatten()).collect()
    }
}
