//! Counts the catalogue, and prints the counts for `lianglin catalogue check`.

use std::fmt;

use super::{Catalogue, Category, Kind};

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
        let Catalogue { systems, kinds, categories, units, dangers, .. } = self.catalogue;
        let conditions: usize = kinds.iter().map(|kind| kind.conditions.len()).sum();
        let stops = kinds.iter().flat_map(|kind| &kind.conditions).filter(|condition| condition.stop.is_some()).count();
        let provisional = kinds.iter().filter(|kind| kind.provisional).count();
        writeln!(out, "{} kinds of the grid, {conditions} conditions", kinds.len())?;
        for system in systems {
            let of: Vec<&Kind> = kinds.iter().filter(|kind| kind.system == system.code).collect();
            let conditions: usize = of.iter().map(|kind| kind.conditions.len()).sum();
            let (kinds, classes, digits, name) = (of.len(), system.classes.len(), system.digits, &system.name);
            write!(out, "  {kinds:>3}  {classes} big classes  {conditions} conditions  {digits} digits")?;
            writeln!(out, "  {}  {}", name.zh, name.en)?;
        }
        writeln!(out, "call first: {stops}, provisional: {provisional}, units: {}", units.len())?;
        let heard: usize = dangers.iter().map(|danger| danger.words.len()).sum();
        let lost = dangers.iter().flat_map(|danger| &danger.means).filter(|key| self.catalogue.kind(key).is_none());
        writeln!(out, "danger: {} by {heard} words, {} mean no kind", dangers.len(), lost.count())?;
        let of = |is: &dyn Fn(&&Category) -> bool| categories.iter().filter(is).collect::<Vec<&Category>>();
        let count = |of: &[&Category]| of.iter().map(|category| category.services.len()).sum::<usize>();
        let (all, sourced) = (of(&|_| true), of(&|category| category.source.is_some()));
        let open = of(&|category| category.provisional).len();
        let (services, known) = (count(&all), count(&sourced));
        writeln!(out, "{} categories: {} sourced, {open} provisional", all.len(), all.len() - open)?;
        writeln!(out, "{services} services: {known} sourced, {} provisional", services - known)
    }
}
