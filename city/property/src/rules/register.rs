//! Reads a table of units and owners, and says row by row what is wrong with it. A table holds all units of each
//! building that it names; a unit that several people own stands in as many rows.

use std::collections::{BTreeMap, BTreeSet};

use kernel::identifier::Telephone;
use kernel::line;
use kernel::refusal::{Code, Refusal};
use tables::{Row, Table};
use uuid::Uuid;

use crate::refusals::Why;
use crate::words::area::Area;
use crate::words::register::{
    BuildingDraft, Ground, LABEL_MOST, NAME_MOST, OwnerDraft, PARTS_MOST, Purpose, UnitDraft,
};

/// The columns of a table, in the order in which a form for it has them.
pub const COLUMNS: [&str; 9] = ["building", "stair", "unit", "purpose", "area", "owner", "telephone", "share", STATED];
/// The column with the area that the papers of a building state.
const STATED: &str = "stated";
/// The columns without which a table is not read.
pub const REQUIRED: [&str; 4] = ["building", "unit", "area", "owner"];

/// What words of a table mean, in any language. They come folded, as [`tables::folded`] does it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetWords {
    /// What a unit is used as.
    pub purposes: BTreeMap<String, Purpose>,
    /// What stands in place of an owner while the developer has not sold the unit.
    pub unsold: BTreeSet<String>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Its line in the file.
    pub line: usize,
    /// What is wrong, with the name of the column as its field.
    pub refusal: Refusal,
}

/// A row that can be read by itself.
struct Read {
    line: usize,
    building: i64,
    building_name: String,
    stated: Option<Area>,
    unit: UnitDraft,
}

/// Reads a table of the units of a compound.
///
/// # Errors
/// Every row that cannot be taken, by its line; nothing is taken then.
pub fn read(table: &Table, ground: &Ground, words: &SheetWords) -> Result<Vec<BuildingDraft>, Vec<RowFault>> {
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for row in &table.rows {
        match of_row(row, ground, words) {
            Ok(read) => rows.push(read),
            Err(refusal) => faults.push(RowFault { line: row.line, refusal }),
        }
    }
    let mut buildings: BTreeMap<i64, (BuildingDraft, usize)> = BTreeMap::new();
    let mut places: BTreeMap<(i64, String, String), (usize, usize)> = BTreeMap::new();
    for row in rows {
        let line = row.line;
        if let Err(refusal) = put(row, &mut buildings, &mut places) {
            faults.push(RowFault { line, refusal });
        }
    }
    let own = |id: i64, unit: &UnitDraft| places.get(&(id, unit.stair.clone(), unit.label.clone()));
    for (building, first_line) in buildings.values() {
        for unit in &building.units {
            let line = own(building.id, unit).map_or(*first_line, |(line, _)| *line);
            faults.extend(divided(building, unit).err().map(|refusal| RowFault { line, refusal }));
        }
    }
    // Rows that cannot be read are missing in the sums, so that these say nothing yet.
    if faults.is_empty() {
        for (building, first_line) in buildings.values() {
            faults.extend(added_up(building).err().map(|refusal| RowFault { line: *first_line, refusal }));
        }
    }
    faults.sort_by_key(|fault| fault.line);
    if faults.is_empty() { Ok(buildings.into_values().map(|(building, _)| building).collect()) } else { Err(faults) }
}

/// How a unit is called: building, stair and number.
#[must_use]
pub fn called(building: &str, stair: &str, label: &str) -> String {
    [building, stair, label].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The identity of a unit of a building, the same whenever a table names it.
#[must_use]
pub fn unit_id(building: i64, stair: &str, label: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("property unit {building} {stair} {label}").as_bytes())
}

/// How many of these heads have nothing to do with each other: heads that have an owner in common, also over a third
/// one, are one family.
#[must_use]
pub fn unrelated(heads: &[BTreeSet<Uuid>]) -> usize {
    let mut families: Vec<BTreeSet<Uuid>> = Vec::new();
    for owners in heads {
        let (related, mut apart): (Vec<BTreeSet<Uuid>>, Vec<BTreeSet<Uuid>>) =
            families.into_iter().partition(|family| !family.is_disjoint(owners));
        apart.push(related.into_iter().flatten().chain(owners.iter().copied()).collect());
        families = apart;
    }
    families.len()
}

/// The head as which the owners of a unit count (业主人数): the same owners are the same head wherever they own units,
/// and the developer is one head with all units that are not sold. Interpretation of the Supreme People's Court on the
/// ownership of buildings (法释〔2009〕7号, as amended 2020), article 9.
#[must_use]
pub fn head(compound: i64, owners: &[Uuid]) -> Uuid {
    let mut owners = owners.to_vec();
    owners.sort_unstable();
    owners.dedup();
    let told: Vec<String> = owners.iter().map(Uuid::to_string).collect();
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("property head {compound} {}", told.join(" ")).as_bytes())
}

fn of_row(row: &Row, ground: &Ground, words: &SheetWords) -> Result<Read, Refusal> {
    let asked = row.plain("building");
    let known = ground.buildings.iter().find(|(_, name)| tables::plain(name) == asked);
    let unknown = || Refusal::new(Why::PropertyBuildingUnknown).field("building").with("building", &asked);
    let (building, building_name) = known.ok_or_else(unknown)?;
    let label = label(row, "unit")?;
    if label.is_empty() {
        return Err(Refusal::new(Code::FormMissing).field("unit"));
    }
    let area = area(row, "area")?.ok_or_else(|| Refusal::new(Code::FormMissing).field("area"))?;
    let purpose = match tables::folded(row.text("purpose")) {
        empty if empty.is_empty() => Purpose::Dwelling,
        told => *words.purposes.get(&told).ok_or_else(|| Refusal::new(Code::FormChoice).field("purpose"))?,
    };
    let owners = if words.unsold.contains(&tables::folded(row.text("owner"))) { Vec::new() } else { vec![owner(row)?] };
    let unit = UnitDraft { stair: self::label(row, "stair")?, label, purpose, area, owners };
    let stated = self::area(row, STATED)?;
    Ok(Read { line: row.line, building: *building, building_name: building_name.clone(), stated, unit })
}

fn label(row: &Row, column: &'static str) -> Result<String, Refusal> {
    let label = row.plain(column);
    if label.chars().count() > LABEL_MOST {
        return Err(Refusal::new(Code::FormTooLong).field(column).with("limit", LABEL_MOST));
    }
    line::line_fault(&label).map_or(Ok(label), |code| Err(Refusal::new(code).field(column)))
}

fn area(row: &Row, column: &'static str) -> Result<Option<Area>, Refusal> {
    let text = row.plain(column).replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    let unread = || Refusal::new(Why::PropertyArea).field(column).with("area", &text);
    Area::parse(&text).map(Some).ok_or_else(unread)
}

fn owner(row: &Row) -> Result<OwnerDraft, Refusal> {
    owner_of(row.text("owner"), &row.plain("telephone"), &row.plain("share"))
}

/// Reads an owner: her name, her telephone and her share. The telephone may be empty, and no share is the whole.
///
/// # Errors
/// No name, or something that cannot be read; the field is `owner`, `telephone` or `share`.
pub fn owner_of(name: &str, told: &str, part_of: &str) -> Result<OwnerDraft, Refusal> {
    let name = line::name(name);
    if name.is_empty() {
        return Err(Refusal::new(Why::PropertyOwnerMissing).field("owner"));
    }
    if let Some(code) = line::name_fault(&name) {
        return Err(Refusal::new(code).field("owner"));
    }
    if name.chars().count() > NAME_MOST {
        return Err(Refusal::new(Code::FormTooLong).field("owner").with("limit", NAME_MOST));
    }
    let telephone = match Telephone::parse(told) {
        _ if told.is_empty() => String::new(),
        Ok(telephone) => telephone.as_str().to_owned(),
        Err(_) => return Err(Refusal::new(Code::FormTelephone).field("telephone")),
    };
    let (part, whole) = share(part_of)?;
    Ok(OwnerDraft { name, telephone, part, whole })
}

/// Reads a share: `1/2`. Nothing is the whole.
///
/// # Errors
/// It is no share.
pub fn share(text: &str) -> Result<(i64, i64), Refusal> {
    if text.is_empty() {
        return Ok((1, 1));
    }
    let numbers: Option<(i64, i64)> =
        text.split_once('/').and_then(|(part, whole)| Some((part.parse().ok()?, whole.parse().ok()?)));
    let sound = numbers.filter(|(part, whole)| *part >= 1 && part <= whole && *whole <= PARTS_MOST);
    sound.ok_or_else(|| Refusal::new(Why::PropertyShareForm).field("share").with("share", text))
}

/// Puts a row with the others of its unit. `places` remembers where each unit stands: its first line and its position.
fn put(
    row: Read,
    buildings: &mut BTreeMap<i64, (BuildingDraft, usize)>,
    places: &mut BTreeMap<(i64, String, String), (usize, usize)>,
) -> Result<(), Refusal> {
    let Read { line, building: id, building_name: name, stated, unit } = row;
    let empty = || (BuildingDraft { id, name, stated, units: Vec::new() }, line);
    let (building, _) = buildings.entry(id).or_insert_with(empty);
    match (building.stated, stated) {
        (None, stated) => building.stated = stated,
        (Some(before), Some(now)) if before != now => {
            return Err(Refusal::new(Why::PropertyStatedTwice).field(STATED).with("building", &building.name));
        }
        _ => {}
    }
    let called = called(&building.name, &unit.stair, &unit.label);
    let at = places.entry((id, unit.stair.clone(), unit.label.clone())).or_insert((line, building.units.len())).1;
    let Some(known) = building.units.get_mut(at) else {
        building.units.push(unit);
        return Ok(());
    };
    if known.area != unit.area || known.purpose != unit.purpose {
        return Err(Refusal::new(Why::PropertyUnitDiffers).field("unit").with("unit", called));
    }
    if known.owners.is_empty() || unit.owners.is_empty() {
        return Err(Refusal::new(Why::PropertyUnitTwice).field("unit").with("unit", called));
    }
    for owner in unit.owners {
        if known.owners.iter().any(|other| is_same(other, &owner)) {
            return Err(Refusal::new(Why::PropertyOwnerTwice).field("owner").with("unit", called));
        }
        known.owners.push(owner);
    }
    Ok(())
}

fn is_same(one: &OwnerDraft, other: &OwnerDraft) -> bool {
    line::name_key(&one.name) == line::name_key(&other.name) && one.telephone == other.telephone
}

fn divided(building: &BuildingDraft, unit: &UnitDraft) -> Result<(), Refusal> {
    let shares: Vec<(i64, i64)> = unit.owners.iter().map(|owner| (owner.part, owner.whole)).collect();
    whole_of(&called(&building.name, &unit.stair, &unit.label), &shares)
}

/// Lets the shares of a unit pass, parts and of how many, that are the whole of it, neither more nor less. There is
/// none while the developer has not sold it.
///
/// # Errors
/// They are more or less than the whole, or of different wholes.
pub fn whole_of(called: &str, shares: &[(i64, i64)]) -> Result<(), Refusal> {
    let Some((_, whole)) = shares.first().copied() else { return Ok(()) };
    if shares.iter().any(|share| share.1 != whole) {
        return Err(Refusal::new(Why::PropertyShareParts).field("share").with("unit", called));
    }
    let parts: i64 = shares.iter().map(|share| share.0).sum();
    let code = match parts.cmp(&whole) {
        std::cmp::Ordering::Equal => return Ok(()),
        std::cmp::Ordering::Greater => Why::PropertySharesMore,
        std::cmp::Ordering::Less => Why::PropertySharesLess,
    };
    Err(Refusal::new(code).field("share").with("unit", called).with("parts", parts).with("whole", whole))
}

/// The areas of the units of a building are the area that its papers state.
fn added_up(building: &BuildingDraft) -> Result<(), Refusal> {
    let sum: Area = building.units.iter().map(|unit| unit.area).sum();
    match building.stated {
        Some(stated) if stated != sum => Err(Refusal::new(Why::PropertyAreasDiffer)
            .field(STATED)
            .with("building", &building.name)
            .with("sum", sum.show())
            .with("stated", stated.show())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
