//! This file takes the sheet of buildings: what each is called, where it stands, and to which compound it belongs.

use std::collections::{BTreeMap, BTreeSet};

use kernel::language::Bilingual;
use planning::neighbours::{Between, Line, Neighbours, clusters, neighbours};
use planning::shape::Point;
use planning::snap::rectangle;

use super::addresses::{building, compound};
use super::sheet::Sheet;
use super::taken::{Columns, Spots, lacks};
use super::titles::mapped;
use super::{Making, Task, in_metres};
use crate::AppError;
use crate::plan::table::both;

/// Buildings of a community that stand no farther apart are of one compound, metres, unless a street parts them.
const COMPOUND_METRES: f64 = 60.0;
/// Lines of the map that are farther from all buildings part none of them, metres.
const AROUND_METRES: f64 = 500.0;
/// So many names that several buildings have are told. The rest is counted.
const NAMESAKES: usize = 10;

impl Making<'_> {
    /// Takes the sheet of buildings.
    pub(super) fn take_buildings(&mut self, sheet: &Sheet) -> Result<(), AppError> {
        let weight = self.given.weight.clone();
        let at = mapped("buildings", &sheet.titles, &weight);
        if !at.contains_key(&weight) {
            return Err(lacks("buildings", sheet, &weight));
        }
        let spots = self.spots("buildings", sheet, &at)?;
        let communities = self.communities_of(sheet, &at)?;
        let compounds = self.compounds_of(sheet, &at, &spots, &communities)?;
        let mut columns = Columns::new(sheet.rows.len());
        let ids = self.ids("buildings", sheet, &at);
        let blank = || vec![""; sheet.rows.len()];
        let address = sheet.column(&at, "address").unwrap_or_else(blank);
        let names = sheet.column(&at, "name").unwrap_or_else(blank);
        // Who has no name is called by the address, and who has none either by the id.
        let called = names.iter().zip(&address).zip(&ids).map(|((name, address), id)| {
            let parts = [*name, building(address), id.as_str()];
            parts.into_iter().find(|part| !part.is_empty()).unwrap_or_default().to_owned()
        });
        let called: Vec<String> = called.collect();
        let numbers = sheet.column(&at, "id").unwrap_or_else(blank);
        self.said.extend(namesakes(sheet, &communities, &compounds, &called, &numbers));
        columns.add("id", ids);
        columns.add("name", called);
        columns.add("address", address);
        columns.add("community", communities);
        columns.add("compound", compounds);
        let others = ["households", "volunteers"].into_iter().filter(|column| *column != weight);
        for column in others.chain([weight.as_str()]) {
            if let Some(cells) = sheet.column(&at, column) {
                columns.add(column, cells);
            }
        }
        columns.add_spots(&spots);
        self.finish("buildings", sheet, &at, columns)
    }

    /// Returns the community of each building. Without a column of them all are of one, unless the platform is to know
    /// to which community each belongs and nobody brought a table of communities.
    fn communities_of(&mut self, sheet: &Sheet, at: &BTreeMap<String, usize>) -> Result<Vec<String>, AppError> {
        if let Some(cells) = sheet.column(at, "community") {
            return Ok(cells.into_iter().map(str::to_owned).collect());
        }
        if self.task == Task::Lay && self.is_wanted("communities") {
            return Err(AppError::Tables(sheet.fault(no_communities())));
        }
        // In the browser the page says to which community they belong.
        let (zh, en) = if self.task == Task::Buildings {
            ("", "")
        } else {
            (
                "一个网格里可能有几个社区的楼。请加一列“社区”，导入平台时也要用。",
                " A grid may have buildings of several. Add a column community; the platform needs it too.",
            )
        };
        self.say(
            format!("楼栋表：没有“社区”一列，都当作同一个社区（编号 1）。{zh}"),
            format!("buildings: there is no column of communities, so all are taken as one (1).{en}"),
        );
        Ok(vec!["1".to_owned(); sheet.rows.len()])
    }

    /// Returns the compound of each building: the one that the sheet names, or the one of its address or its name, or
    /// that of the buildings around it. Compounds of the same name in several communities are told apart.
    fn compounds_of(
        &mut self,
        sheet: &Sheet,
        at: &BTreeMap<String, usize>,
        spots: &Spots,
        communities: &[String],
    ) -> Result<Vec<String>, AppError> {
        let blank = || vec![""; sheet.rows.len()];
        let named = sheet.column(at, "compound").unwrap_or_else(blank);
        let address = sheet.column(at, "address").unwrap_or_else(blank);
        let name = sheet.column(at, "name").unwrap_or_else(blank);
        let mut found: Vec<Option<String>> = Vec::with_capacity(named.len());
        let mut by_address = 0;
        for ((named, address), name) in named.into_iter().zip(address).zip(name) {
            if named.is_empty() {
                let of_text = compound(address).or_else(|| compound(name));
                by_address += usize::from(of_text.is_some());
                found.push(of_text);
            } else {
                found.push(Some(named.to_owned()));
            }
        }
        told_apart(&mut found, communities);
        let open: Vec<usize> = (0..found.len()).filter(|row| found[*row].is_none()).collect();
        let groups = self.groups(&open, spots, communities)?;
        for (row, group) in open.iter().zip(groups) {
            found[*row] = Some(group);
        }
        if by_address + open.len() > 0 {
            let grouped = open.len();
            self.say(
                format!(
                    "小区是推出来的：{by_address} 栋按地址，{grouped} 栋按相邻（相距 {COMPOUND_METRES} 米以内，中间没有街道）。\
                     要改，请在楼栋表里填“小区”一列。"
                ),
                format!(
                    "compounds are derived: {by_address} buildings by their addresses, {grouped} by how they stand (within \
                     {COMPOUND_METRES} m, no street between). To replace them, fill in the column compound of the buildings."
                ),
            );
        }
        Ok(found.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Returns names of the groups in which some rows stand: their community and a number.
    fn groups(&mut self, rows: &[usize], spots: &Spots, communities: &[String]) -> Result<Vec<String>, AppError> {
        let points: Vec<Point> = rows.iter().filter_map(|row| spots.points.get(*row)).copied().collect();
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let community: Vec<u32> = rows
            .iter()
            .map(|row| {
                let next = numbers.len() as u32;
                *numbers.entry(communities[*row].as_str()).or_insert(next)
            })
            .collect();
        // Buildings that stand nowhere are a group for each community.
        let first: Vec<u32> = if points.len() == rows.len() && !rows.is_empty() {
            let found = self.neighbours_of(&points, spots.degrees)?;
            clusters(&found, &community, COMPOUND_METRES)
        } else {
            community
        };
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        let name = |(row, first): (&usize, &u32)| {
            let community = communities[*row].as_str();
            let group = names.entry(*first).or_insert_with(|| {
                let count = counts.entry(community).or_default();
                *count += 1;
                format!("{community}-{count}")
            });
            group.clone()
        };
        Ok(rows.iter().zip(&first).map(name).collect())
    }

    /// Returns which of some points are neighbours, parted by what the map has between them.
    pub(super) fn neighbours_of(&mut self, points: &[Point], degrees: bool) -> Result<Vec<Neighbours>, AppError> {
        if degrees {
            self.look_at_the_map()?;
        }
        let place = in_metres(points, degrees);
        let placed: Vec<Point> = points.iter().map(|at| place(*at)).collect();
        let (low, high) = rectangle(&placed);
        let is_near = |line: &Line| {
            let outside = |least: f64, most: f64, one: f64, other: f64| {
                one.max(other) < least - AROUND_METRES || one.min(other) > most + AROUND_METRES
            };
            let [from, to] = *line;
            !outside(low.x, high.x, from.x, to.x) && !outside(low.y, high.y, from.y, to.y)
        };
        let near =
            |lines: &[Line]| -> Vec<Line> { lines.iter().map(|line| line.map(&place)).filter(is_near).collect() };
        let ground = self.ground.as_ref().filter(|_| degrees);
        let (closed, crossed) =
            ground.map_or_else(Default::default, |ground| (near(&ground.closed), near(&ground.crossed)));
        Ok(neighbours(&placed, &Between { closed: &closed, crossed: &crossed }))
    }
}

/// Says that the platform must know the communities of the buildings.
fn no_communities() -> Bilingual {
    both(
        "没有“社区”一列，导入平台要知道每栋楼在哪个社区。请加一列“社区”，写平台里的名称或 12 位代码，\
         可以这样查：lianglin places find 街道名称",
        "has no column community, and the platform must know in which community each building lies. Add one with the \
         names or the codes of 12 digits as the platform has them; find them with: lianglin places find \"name of the \
         subdistrict\"",
    )
}

/// Says which buildings of one compound have the same name, with their lines, or nothing if none do. They stay apart.
/// Those that have one number too are told with their numbers.
fn namesakes(
    sheet: &Sheet,
    communities: &[String],
    compounds: &[String],
    called: &[String],
    numbers: &[&str],
) -> Option<Bilingual> {
    let mut rows: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
    for (row, ((community, compound), name)) in communities.iter().zip(compounds).zip(called).enumerate() {
        rows.entry((community.as_str(), compound.as_str(), name.as_str())).or_default().push(row);
    }
    let is_told = |rows: &[usize]| {
        let mut each = rows.iter().map(|row| numbers.get(*row).copied().unwrap_or_default());
        each.next().is_some_and(|first| !first.is_empty() && each.all(|other| other == first))
    };
    let again: Vec<_> = rows.into_iter().filter(|(_, rows)| rows.len() > 1 && !is_told(rows)).collect();
    let lines = |rows: &[usize]| -> Vec<String> {
        rows.iter().filter_map(|row| sheet.lines.get(*row)).map(u64::to_string).collect()
    };
    let more = again.len().saturating_sub(NAMESAKES);
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for ((_, compound, name), rows) in again.iter().take(NAMESAKES) {
        let lines = lines(rows);
        zh.push(format!("{compound} {name}（第 {} 行）", lines.join("、")));
        en.push(format!("{compound} {name} (lines {})", lines.join(", ")));
    }
    let (and_zh, and_en) =
        if more > 0 { (format!("，另有 {more} 处"), format!(", and {more} more")) } else { Default::default() };
    let said = both(
        format!(
            "楼栋表：同一小区里有同名的楼栋：{}{and_zh}。它们算作不同的楼，没有合并。请把名称写得不同；其实不在一个小区的，\
             请填“小区”一列；重复的行，请去掉。",
            zh.join("，")
        ),
        format!(
            "buildings: some of one compound have the same name: {}{and_en}. They are taken as different ones and not \
             merged. Give them different names, fill in the column compound if they are of several, or leave out a row \
             that stands there twice.",
            en.join(", ")
        ),
    );
    (!again.is_empty()).then_some(said)
}

/// Adds the community to the names of compounds that several communities have.
fn told_apart(found: &mut [Option<String>], communities: &[String]) {
    let mut of: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, community) in found.iter().zip(communities) {
        if let Some(name) = name {
            of.entry(name.clone()).or_default().insert(community);
        }
    }
    for (name, community) in found.iter_mut().zip(communities) {
        let several = name.as_ref().is_some_and(|name| of.get(name).is_some_and(|all| all.len() > 1));
        if let Some(name) = name.as_mut().filter(|_| several) {
            *name = format!("{name} ({community})");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_of_one_name_are_told_apart_by_their_communities() {
        let mut found = ["甲", "甲", "乙", "丙"].map(|name| Some(name.to_owned()));
        found[3] = None;
        told_apart(&mut found, &["一", "二", "一", "二"].map(str::to_owned));
        let names: Vec<&str> = found.iter().map(|name| name.as_deref().unwrap_or("")).collect();
        assert_eq!(names, ["甲 (一)", "甲 (二)", "乙", ""]);
    }

    #[test]
    fn buildings_of_one_name_in_a_compound_are_told_with_their_lines() {
        let sheet = Sheet { lines: vec![3, 5, 6, 9], ..Sheet::default() };
        let texts = |texts: [&str; 4]| texts.map(str::to_owned);
        let (communities, compounds) = (texts(["东里"; 4]), texts(["东里-1", "东里-1", "东里-2", "东里-1"]));
        let called = texts(["1号楼", "2号楼", "1号楼", "1号楼"]);
        let said = namesakes(&sheet, &communities, &compounds, &called, &[""; 4]).unwrap();
        assert!(said.zh.contains("同名的楼栋：东里-1 1号楼（第 3、9 行）。"), "{said:?}");
        assert!(said.en.contains("the same name: 东里-1 1号楼 (lines 3, 9). They are"), "{said:?}");
        let apart = texts(["1号楼", "2号楼", "1号楼", "3号楼"]);
        assert_eq!(namesakes(&sheet, &communities, &compounds, &apart, &[""; 4]), None);
        // A row that stands there twice is told with its number, and not again with its name.
        assert_eq!(namesakes(&sheet, &communities, &compounds, &called, &["7", "8", "9", "7"]), None);
        assert!(namesakes(&sheet, &communities, &compounds, &called, &["7", "8", "9", "10"]).is_some());
    }
}
