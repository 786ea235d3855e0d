//! This file spreads volunteers over homes, where a city knows only how many there are in each community or building.

use std::collections::BTreeMap;

use planning::chance::Chance;

use super::axes;
use crate::AppError;
use crate::plan::intake::titles::mapped;
use crate::plan::intake::{Making, Source};
use crate::plan::table::texts;
use crate::plan::town::Buildings;

/// The same counts and households give the same homes.
const SEED: u64 = 1;

impl Making<'_> {
    /// Says whether the sheet of buildings or communities counts volunteers.
    pub(super) fn has_counts(&self) -> bool {
        ["buildings", "communities"].iter().any(|name| match self.survey.tables.get(*name) {
            Some(Source::Sheet(sheet)) => mapped(name, &sheet.titles, "").contains_key("volunteers"),
            Some(Source::Ready) => {
                texts(&self.bundle().file(name), &["volunteers"]).iter().flatten().any(|count| !count.is_empty())
            }
            None => false,
        })
    }

    /// Returns how many volunteers there are.
    pub(super) fn people(&self) -> Result<usize, AppError> {
        if self.has("volunteers") {
            return Ok(texts(&self.bundle().file("volunteers"), &["id"]).len());
        }
        Ok(self.homes(&self.housing()?).len())
    }

    /// Puts each volunteer of a count into a building: that of the count, or one of the community, by its households.
    pub(super) fn derive_volunteers(&mut self) -> Result<(), AppError> {
        let town = self.housing()?;
        let homes = self.homes(&town);
        let row = |(number, &home): (usize, &usize)| {
            let at = town.points.get(home).copied().unwrap_or_default();
            let point = [at.x, at.y].map(|metres| format!("{metres:.7}"));
            let [x, y] = point;
            let texts = [number.to_string(), town.ids.written(home), x, y];
            texts.into_iter().chain(["0", "7"].map(str::to_owned)).collect()
        };
        let rows: Vec<Vec<String>> = (1..).zip(&homes).map(row).collect();
        let (count, [x, y]) = (rows.len(), axes(town.degrees));
        self.put("volunteers", &["id", "building", x, y, "skills", "shifts"], rows, None)?;
        self.tell(
            "volunteers",
            &format!("{count} 名志愿者，按人数分到楼栋：同一社区里按户数抽取，每班都能到"),
            &format!(
                "{count} volunteers, put into buildings by their number: in a community by chance and households, free \
                 in each shift"
            ),
        );
        Ok(())
    }

    /// Returns the building of each volunteer, in the order of the buildings.
    fn homes(&self, town: &Buildings) -> Vec<usize> {
        let bundle = self.bundle();
        let count = |text: &String| text.trim().parse::<usize>().unwrap_or_default();
        let mut homes = Vec::new();
        for (building, counts) in texts(&bundle.file("buildings"), &["volunteers"]).iter().enumerate() {
            homes.extend(std::iter::repeat_n(building, counts.first().map(count).unwrap_or_default()));
        }
        let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, building) in town.grid.iter().enumerate() {
            members.entry(town.communities.written(building.community as usize)).or_default().push(at);
        }
        for (part, row) in (0..).zip(texts(&bundle.file("communities"), &["volunteers", "id", "name", "code"])) {
            let wanted = row.first().map(count).unwrap_or_default();
            let known = row.iter().skip(1).find_map(|name| members.get(name));
            if let Some(buildings) = known {
                homes.extend(drawn(town, buildings, wanted, &mut Chance::new(SEED, part)));
            }
        }
        homes.sort_unstable();
        homes
    }
}

/// Draws so many of some buildings, each as often as its households make likely. Where nobody lives all are as likely.
fn drawn(town: &Buildings, buildings: &[usize], count: usize, chance: &mut Chance) -> Vec<usize> {
    let households: usize = buildings.iter().map(|at| town.grid[*at].households as usize).sum();
    let mut until = Vec::with_capacity(buildings.len());
    let mut sum = 0;
    for at in buildings {
        sum += if households == 0 { 1 } else { town.grid[*at].households as usize };
        until.push(sum);
    }
    let one = |_: usize| {
        let draw = chance.below(sum);
        buildings.get(until.partition_point(|until| *until <= draw)).copied()
    };
    (0..count).filter_map(one).collect()
}
