//! The groups into which a list of supervision is folded: the units that decide its cases, or where these lie. The
//! number of a group counts all its cases, on whatever page of the list they stand.

use std::collections::BTreeMap;

use kernel::language::Lang;
use kernel::place::PlaceId;
use web::Page;

use super::parts::onward;
use super::row::Row;
use crate::Cases;
use crate::records::{CaseRow, Counts, InTime, Unit};

/// Rows that are shown at once, without unfolding them.
const AT_ONCE: usize = 5;

/// By what a list is folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// By the unit that decides.
    Unit,
    /// By where the cases lie.
    Place,
}

impl By {
    /// Reads the word of an address; anything else folds by unit.
    pub(super) fn parse(code: &str) -> Self {
        if code == "place" { Self::Place } else { Self::Unit }
    }
}

/// A group of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// What a unit decides.
    Unit(Unit),
    /// What lies in a place of the level below.
    Below(PlaceId),
    /// What lies at the desks of a place itself.
    Own(PlaceId),
}

impl Group {
    /// The unit, if it is the group of one.
    pub(super) const fn unit(&self) -> Option<&Unit> {
        match self {
            Self::Unit(unit) => Some(unit),
            Self::Below(_) | Self::Own(_) => None,
        }
    }
}

/// Rows that are folded together, under what they have in common.
pub struct Fold {
    /// What they have in common.
    pub title: String,
    /// How many cases the whole group has.
    pub says: String,
    /// Those on this page.
    pub rows: Vec<Row>,
    /// It is shown at once.
    pub is_open: bool,
    /// The words and the address of the whole group; none where it has no list of its own.
    pub all: Option<(String, String)>,
}

/// What is known of all groups of a list.
pub(super) struct Grouping<'a> {
    /// The list is narrowed to what stands so in time.
    pub(super) light: Option<InTime>,
    /// It shows what ended last, and no more of it.
    pub(super) ended: bool,
    /// How many cases each group has.
    pub(super) groups: &'a BTreeMap<Group, Counts>,
}

impl Grouping<'_> {
    /// How many cases of a group the list has, and how many of them are late where it has others too.
    fn counted(&self, group: &Group) -> (i64, i64) {
        let counts = self.groups.get(group).copied().unwrap_or_default();
        match self.light {
            None => (counts.open, counts.late),
            Some(InTime::Late) => (counts.late, 0),
            Some(InTime::Soon) => (counts.soon, 0),
            Some(InTime::Stopped) => (counts.stopped, 0),
        }
    }

    /// Several places have desks of their own in it.
    fn has_several_own(&self) -> bool {
        self.groups.keys().filter(|group| matches!(group, Group::Own(_))).count() > 1
    }
}

/// The unit that decides a case.
pub(super) fn unit_of(row: &CaseRow) -> Unit {
    Unit { place: row.office_path.clone(), department: row.office_department.clone() }
}

/// The name of a unit.
pub(super) fn shown_unit(cases: &Cases, unit: &Unit, lang: Lang) -> String {
    let department = Some(unit.department.as_str()).filter(|code| !code.is_empty());
    cases.office_name(&unit.place, department, lang)
}

/// Folds the rows of a list, which keep their order: the fold with the first of them stands first. It is open where it
/// has few rows, and the only one is.
pub(super) fn folded(cases: &Cases, page: &Page, rows: Vec<(Group, Row)>, grouping: &Grouping<'_>) -> Vec<Fold> {
    let mut folds: Vec<(Group, Vec<Row>)> = Vec::new();
    for (group, row) in rows {
        match folds.iter_mut().find(|(known, _)| *known == group) {
            Some((_, rows)) => rows.push(row),
            None => folds.push((group, vec![row])),
        }
    }
    let only = folds.len() == 1;
    let fold = |(at, (group, rows)): (usize, (Group, Vec<Row>))| {
        let (count, late) = grouping.counted(&group);
        let says = match (grouping.ended, late) {
            (true, _) => page.t1("cases-supervise-fold-ended", "n", rows.len()),
            (false, 0) => page.t1("cases-supervise-fold", "n", count),
            (false, late) => page.t2("cases-supervise-fold-late", "n", count, "late", late),
        };
        let all = || Some((page.t1("cases-supervise-fold-all", "n", count), address(cases, page, &group)?));
        Fold {
            title: title(cases, page, &group, grouping),
            says,
            is_open: at == 0 && (only || rows.len() <= AT_ONCE),
            all: if grouping.ended { None } else { all() },
            rows,
        }
    };
    folds.into_iter().enumerate().map(fold).collect()
}

fn title(cases: &Cases, page: &Page, group: &Group, grouping: &Grouping<'_>) -> String {
    let name = |id: PlaceId| {
        let tree = cases.hall.places.tree();
        tree.get(id).map(|place| place.named(page.lang).to_owned()).unwrap_or_default()
    };
    match group {
        Group::Unit(unit) => shown_unit(cases, unit, page.lang),
        Group::Below(id) => name(*id),
        Group::Own(id) if grouping.has_several_own() => format!("{} · {}", name(*id), page.t("cases-supervise-own")),
        Group::Own(_) => page.t("cases-supervise-own"),
    }
}

/// The address of the list narrowed to a group. There is none for a unit whose place is no more.
fn address(cases: &Cases, page: &Page, group: &Group) -> Option<String> {
    let narrowed = |changes: &[(&str, &str)]| format!("{}#rows", onward(page, "/supervise", changes));
    match group {
        Group::Unit(unit) => {
            let known = cases.hall.places.tree().at(&unit.place).is_some_and(|place| place.path == unit.place);
            let code = format!("{}.{}", unit.place.id(), unit.department);
            known.then(|| narrowed(&[("unit", &code), ("by", ""), ("after", "")]))
        }
        Group::Below(id) => Some(narrowed(&[("place", &id.to_string()), ("own", ""), ("after", "")])),
        Group::Own(id) => Some(narrowed(&[("place", &id.to_string()), ("own", "1"), ("after", "")])),
    }
}
