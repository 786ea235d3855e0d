//! Decides what mediators get for what was settled: by the rate of all classes of disputes, and by those of classes for
//! which the table of classes names a figure of the rulebook of their own.

use std::collections::BTreeMap;

use kernel::money::Fen;
use kernel::refusal::Refusal;

use crate::words::Class;

/// A rate of its own, and the classes that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate<'c> {
    /// What a mediator gets for each matter.
    pub each: Fen,
    /// The classes, in the order of their table.
    pub classes: Vec<&'c Class>,
}

/// The rates other than `each`, the lowest first. `read` gives the figure of a code.
///
/// # Errors
/// The figure of a class cannot be read.
pub fn rates(
    classes: &[Class],
    each: Fen,
    read: impl Fn(&str) -> Result<Fen, Refusal>,
) -> Result<Vec<Rate<'_>>, Refusal> {
    let mut found: BTreeMap<Fen, Vec<&Class>> = BTreeMap::new();
    for class in classes {
        let Some(code) = class.allowance.as_deref() else { continue };
        let rate = read(code)?;
        if rate != each {
            found.entry(rate).or_default().push(class);
        }
    }
    Ok(found.into_iter().map(|(each, classes)| Rate { each, classes }).collect())
}

/// What mediators get for so many matters that were settled in all. `of` says how many of them are of a class.
#[must_use]
pub fn all(each: Fen, settled: i64, rates: &[Rate<'_>], of: impl Fn(&Class) -> i64) -> Fen {
    let (mut sum, mut rest) = (0_i64, settled);
    for rate in rates {
        let matters: i64 = rate.classes.iter().map(|class| of(class)).sum();
        sum = sum.saturating_add(rate.each.fen().saturating_mul(matters));
        rest = rest.saturating_sub(matters);
    }
    Fen::new(sum.saturating_add(each.fen().saturating_mul(rest)))
}

#[cfg(test)]
mod tests {
    use kernel::language::Bilingual;

    use super::*;

    fn class(code: &str, allowance: &str) -> Class {
        Class {
            code: code.to_owned(),
            title: Bilingual::default(),
            called: Bilingual::default(),
            first: false,
            allowance: Some(allowance.to_owned()).filter(|code| !code.is_empty()),
            detail: Vec::new(),
            knows: Vec::new(),
        }
    }

    #[test]
    fn a_city_has_as_many_rates_as_its_table_of_classes_names() {
        let classes =
            [class("neighbours", ""), class("land", "hard"), class("labour", "middle"), class("medical", "hard")];
        let read = |code: &str| Ok(Fen::new(if code == "hard" { 30_000 } else { 20_000 }));
        let found = rates(&classes, Fen::new(10_000), read).unwrap();
        let told: Vec<(i64, Vec<&str>)> = found
            .iter()
            .map(|rate| (rate.each.fen(), rate.classes.iter().map(|class| class.code.as_str()).collect()))
            .collect();
        assert_eq!(told, [(20_000, vec!["labour"]), (30_000, vec!["land", "medical"])]);
        for (settled, [land, labour, medical], expected) in
            [(0, [0, 0, 0], 0), (3, [0, 0, 0], 30_000), (3, [1, 0, 0], 50_000), (4, [1, 1, 1], 90_000)]
        {
            let of = |class: &Class| match class.code.as_str() {
                "land" => land,
                "labour" => labour,
                "medical" => medical,
                _ => 0,
            };
            assert_eq!(all(Fen::new(10_000), settled, &found, of), Fen::new(expected), "{settled}");
        }
        assert!(rates(&classes[1..2], Fen::new(30_000), read).unwrap().is_empty(), "it is the rate of all");
    }
}
