//! Counts a catalogue, and prints the counts for `lianglin catalogue check`.

use super::{Aspect, Catalogue, Custody};
use kernel::language::Lang;
use std::collections::BTreeMap;
use std::fmt;

/// How many items there are, seen from several sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All items.
    pub items: usize,
    /// Items by the code of their department.
    pub by_department: BTreeMap<String, usize>,
    /// Items by custody.
    pub by_custody: BTreeMap<Custody, usize>,
    /// Items of which anything is provisional.
    pub provisional: usize,
    /// Items by what of them is provisional; one item may count several times.
    pub by_aspect: BTreeMap<Aspect, usize>,
    /// Items done on the spot.
    pub instant: usize,
    /// Confidential items.
    pub confidential: usize,
    /// Materials.
    pub materials: usize,
    /// Materials that need not be handed in once a data check has confirmed them.
    pub waivable: usize,
}

impl Counts {
    pub(super) fn of(catalogue: &Catalogue) -> Self {
        let mut counts = Self { items: catalogue.items.len(), ..Self::default() };
        for item in &catalogue.items {
            *counts.by_department.entry(item.department.clone()).or_default() += 1;
            *counts.by_custody.entry(item.custody).or_default() += 1;
            counts.provisional += usize::from(item.is_provisional());
            for aspect in &item.provisional {
                *counts.by_aspect.entry(*aspect).or_default() += 1;
            }
            counts.instant += usize::from(item.is_instant());
            counts.confidential += usize::from(item.confidential);
        }
        counts.materials = catalogue.materials.len();
        counts.waivable = catalogue.materials.values().filter(|material| material.waivable_by_check).count();
        counts
    }
}

/// The counts of a catalogue as lines of text.
#[derive(Clone, Debug)]
pub struct Report<'c> {
    catalogue: &'c Catalogue,
    counts: Counts,
}

impl<'c> Report<'c> {
    pub(super) fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, counts: catalogue.counts() }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        writeln!(out, "{} items", counts.items)?;
        for department in self.catalogue.departments() {
            let items = counts.by_department.get(&department.code).copied().unwrap_or_default();
            let (zh, en) = (department.name.get(Lang::Zh), department.name.get(Lang::En));
            writeln!(out, "  {items:>3}  {zh}  {en}")?;
        }
        let custody = Custody::ALL.map(|mode| format!("{} {}", mode.code(), count(&counts.by_custody, &mode)));
        writeln!(out, "custody: {}", custody.join(", "))?;
        writeln!(out, "on the spot: {}, confidential: {}", counts.instant, counts.confidential)?;
        writeln!(out, "materials: {}, waived by a data check: {}", counts.materials, counts.waivable)?;
        writeln!(out, "items with a condition of age: {}", self.catalogue.ages())?;
        let aspects = Aspect::ALL.map(|aspect| format!("{} {}", aspect.code(), count(&counts.by_aspect, &aspect)));
        writeln!(out, "provisional: {} ({})", counts.provisional, aspects.join(", "))
    }
}

fn count<K: Ord>(counts: &BTreeMap<K, usize>, key: &K) -> usize {
    counts.get(key).copied().unwrap_or_default()
}
