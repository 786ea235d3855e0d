//! Counts the catalogue, and prints the counts for `lianglin catalogue check`.

use std::fmt;

use super::Catalogue;

/// The counts of a catalogue as lines of text.
#[derive(Clone, Copy, Debug)]
pub struct Report<'c> {
    catalogue: &'c Catalogue,
}

impl<'c> Report<'c> {
    pub(super) fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue }
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Catalogue { systems, kinds, categories, units, .. } = self.catalogue;
        let conditions: usize = kinds.iter().map(|kind| kind.conditions.len()).sum();
        let stops = kinds.iter().flat_map(|kind| &kind.conditions).filter(|condition| condition.stop.is_some()).count();
        let provisional = kinds.iter().filter(|kind| kind.provisional).count();
        writeln!(out, "{} kinds of the grid, {conditions} conditions", kinds.len())?;
        for system in systems {
            let of = kinds.iter().filter(|kind| kind.system == system.code).count();
            let (classes, name) = (system.classes.len(), &system.name);
            writeln!(out, "  {of:>3}  {} big classes  {}  {}", classes, name.zh, name.en)?;
        }
        writeln!(out, "call first: {stops}, provisional: {provisional}, units: {}", units.len())?;
        let services: usize = categories.iter().map(|category| category.services.len()).sum();
        let open = categories.iter().filter(|category| category.provisional).count();
        writeln!(out, "{} categories with {services} services, provisional: {open}", categories.len())
    }
}
