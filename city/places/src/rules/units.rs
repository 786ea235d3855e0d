//! This file says which units each place has, by the tree and `data/shenyang/units.toml`, and who is responsible for a
//! resident's matter.

use super::{naming::stem, tree::Tree};
use crate::words::{COMMUNITY_COUNTER, Kind, Place, SERVICE_CENTRE};
use kernel::{
    language::Bilingual,
    permission::Target,
    place::{Level, PlaceId, PlacePath},
};
use rulebook::Fault;
use serde::Deserialize;

/// A department as the plan names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    /// Its code: `civil_affairs`, …
    pub code: String,
    /// Its short name: 民政.
    pub short: Bilingual,
    /// The pattern of the names of its units, with `{place}`.
    name: Bilingual,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Office {
    short: Bilingual,
    name: Bilingual,
}

/// Says which units a city's places have.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPlan {
    hours: String,
    department: Vec<Department>,
    service_centre: Office,
    community_counter: Office,
}

/// A unit that a place should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The place.
    pub place: PlaceId,
    /// The department's code, [`SERVICE_CENTRE`] or [`COMMUNITY_COUNTER`].
    pub department: String,
    /// What it is called.
    pub name: Bilingual,
    /// When it is open.
    pub hours: String,
}

impl UnitPlan {
    /// Reads `units.toml`. A fault names file, line and remedy.
    pub fn load(file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let fault = |line: usize, message: String, remedy: &str| {
            vec![Fault { file: file.to_owned(), line, message, remedy: remedy.to_owned() }]
        };
        let plan: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            fault(line, error.message().to_owned(), "Compare the entry with its neighbours.")
        })?;
        for (index, one) in plan.department.iter().enumerate() {
            if plan.department.iter().take(index).any(|other| other.code == one.code) {
                return Err(fault(1, format!("department {:?} stands twice", one.code), "Give each its own code."));
            }
            if one.name.missing().or_else(|| one.short.missing()).is_some() {
                return Err(fault(1, format!("department {:?} lacks a name", one.code), "Write zh and en."));
            }
        }
        Ok(plan)
    }

    /// Returns the departments of the counter, in their order.
    pub fn departments(&self) -> &[Department] {
        &self.department
    }

    /// Returns the short name for the code of a department, a service centre or a counter.
    pub fn short(&self, code: &str) -> Option<&Bilingual> {
        match code {
            SERVICE_CENTRE => Some(&self.service_centre.short),
            COMMUNITY_COUNTER => Some(&self.community_counter.short),
            _ => self.department.iter().find(|department| department.code == code).map(|department| &department.short),
        }
    }

    /// Returns the units that a place should have.
    pub fn of(&self, place: &Place) -> Vec<Planned> {
        let planned = |code: &str, pattern: &Bilingual| Planned {
            place: place.id,
            department: code.to_owned(),
            name: Bilingual {
                zh: pattern.zh.replace("{place}", &called(place)),
                en: pattern.en.replace("{place}", &place.name.en),
            },
            hours: self.hours.clone(),
        };
        match place.level {
            Level::City | Level::District => {
                self.department.iter().map(|department| planned(&department.code, &department.name)).collect()
            }
            Level::Street => vec![planned(SERVICE_CENTRE, &self.service_centre.name)],
            Level::Community => vec![planned(COMMUNITY_COUNTER, &self.community_counter.name)],
            Level::Grid | Level::Building => Vec::new(),
        }
    }
}

/// Returns what a place is called in the name of its unit. For a village's committee this is the village.
fn called(place: &Place) -> String {
    match place.kind {
        Kind::Villagers => format!("{}村", stem(&place.name.zh, place.level).trim_end_matches('村')),
        _ => place.name.zh.clone(),
    }
}

/// Returns who is responsible for a resident's matter: the department at that level, at or above her residence. If her
/// residence is known less exactly than the level asks for, the place that is known answers. The department's code is
/// the same at every level, so that only the place tells a street's part from a district's bureau.
pub fn office_for(tree: &Tree, residence: &PlacePath, level: Level, department: &str) -> Target {
    let place = residence.at(level).unwrap_or_else(|| residence.clone());
    // A place that turned out to be the same as another answers under the path of that other.
    let place = tree.path(place.id()).cloned().unwrap_or(place);
    Target { place, department: Some(department.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::naming::english;
    use std::collections::BTreeMap;

    fn place(id: i64, name: &str, kind: Kind, path: &str) -> Place {
        let path = PlacePath::parse(path).unwrap();
        let parent = path.parent().map(|parent| parent.id());
        let name = Bilingual::new(name, english(name, kind));
        Place { id: PlaceId(id), level: kind.level(), kind, name, path, code: id.to_string(), parent }
    }

    #[test]
    fn each_place_has_its_units() {
        let plan = UnitPlan::load("units.toml", include_str!("../../../../data/shenyang/units.toml")).unwrap();
        let codes: Vec<&str> = plan.departments().iter().map(|department| department.code.as_str()).collect();
        let seven = [
            "civil_affairs",
            "human_resources",
            "housing",
            "health",
            "medical_insurance",
            "trade_union",
            "disabled_federation",
        ];
        assert_eq!(codes, seven);
        let table = [
            (place(2, "大东区", Kind::District, "1.2."), 7, "大东区民政局"),
            (place(4, "南湖街道", Kind::Street, "1.2.4."), 1, "南湖街道便民服务中心"),
            (place(5, "文安路社区", Kind::Residents, "1.2.4.5."), 1, "文安路社区党群服务中心"),
            (place(6, "高楼子社区村民委员会", Kind::Villagers, "1.2.4.6."), 1, "高楼子村党群服务中心"),
        ];
        for (place, count, first) in table {
            let units = plan.of(&place);
            assert_eq!((units.len(), units[0].name.zh.as_str()), (count, first));
        }
        assert_eq!(plan.short("health").unwrap().zh, "卫健");
        let fault = UnitPlan::load("units.toml", "hours = 1\n").unwrap_err();
        assert_eq!((fault[0].line, fault[0].file.as_str()), (1, "units.toml"));
    }

    #[test]
    fn the_office_lies_above_the_residence() {
        let tree = Tree::new(
            vec![place(1, "沈阳市", Kind::City, "1."), place(2, "大东区", Kind::District, "1.2.")],
            BTreeMap::from([(PlaceId(9), PlaceId(2))]),
        );
        let table = [
            ("1.2.4.5.", Level::District, "1.2."),
            ("1.2.4.5.", Level::Street, "1.2.4."),
            ("1.2.4.5.", Level::Community, "1.2.4.5."),
            ("1.2.4.5.", Level::City, "1."),
            ("1.2.", Level::Street, "1.2."),
            ("1.9.", Level::District, "1.2."),
        ];
        for (residence, level, expected) in table {
            let target = office_for(&tree, &PlacePath::parse(residence).unwrap(), level, "health");
            assert_eq!(
                (target.place.as_str(), target.department.as_deref()),
                (expected, Some("health")),
                "{residence}"
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_plan_is_told() {
        let shipped = include_str!("../../../../data/shenyang/units.toml");
        for (wanted, written, expected) in [
            ("code = \"health\"", "code = \"housing\"", "\"housing\" stands twice"),
            (
                "short = { zh = \"卫健\", en = \"Health\" }",
                "short = { zh = \"卫健\", en = \" \" }",
                "\"health\" lacks a name",
            ),
            ("name = { zh = \"{place}房产局\"", "name = { zh = \"\"", "\"housing\" lacks a name"),
            ("hours = ", "times = ", "unknown field `times`"),
        ] {
            assert!(shipped.contains(wanted), "{wanted}");
            let faults = UnitPlan::load("units.toml", &shipped.replacen(wanted, written, 1)).unwrap_err();
            assert!(faults.len() == 1 && faults[0].message.contains(expected), "{faults:?}");
            assert!(!faults[0].remedy.is_empty());
        }
    }

    #[test]
    fn every_level_down_to_the_community_has_units_and_no_other() {
        let plan = UnitPlan::load("units.toml", include_str!("../../../../data/shenyang/units.toml")).unwrap();
        for (kind, path, units) in [
            (Kind::City, "1.", 7),
            (Kind::CountyCity, "1.2.", 7),
            (Kind::Town, "1.2.4.", 1),
            (Kind::Villagers, "1.2.4.6.", 1),
            (Kind::Grid, "1.2.4.6.7.", 0),
            (Kind::Building, "1.2.4.6.7.8.", 0),
        ] {
            assert_eq!(plan.of(&place(9, "某地", kind, path)).len(), units, "{kind:?}");
        }
        let counter = |name: &str, kind| plan.of(&place(6, name, kind, "1.2.4.6."))[0].clone();
        assert_eq!(counter("满融村村民委员会", Kind::Villagers).name.zh, "满融村党群服务中心");
        assert_eq!(counter("文安路社区", Kind::Residents).department, COMMUNITY_COUNTER);
        assert!(plan.short(SERVICE_CENTRE).is_some() && plan.short(COMMUNITY_COUNTER).is_some());
        assert!(plan.short("").is_none() && plan.short("Health").is_none());
    }
}
