//! This file turns the comparison of two editions into what is written: who is born, kept, moved and ended, and the
//! counts to report.

use super::edition::Row;
use super::matching::{Fate, Known, Plan};
use crate::words::{Certainty, Doubt};
use kernel::place::{Level, PlaceId, PlacePath};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place that begins with the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Born {
    /// The identity that it is given.
    pub id: PlaceId,
    /// Its row.
    pub row: usize,
    /// Where it lies.
    pub path: PlacePath,
    /// What it lies in.
    pub parent: Option<PlaceId>,
    /// The place from which it was split.
    pub split_from: Option<PlaceId>,
}

/// A place that lives on, with what is different about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its identity.
    pub id: PlaceId,
    /// Its row.
    pub row: usize,
    /// Where it lies now.
    pub path: PlacePath,
    /// What it lies in now.
    pub parent: Option<PlaceId>,
    /// What it lay in before.
    pub parent_before: Option<PlaceId>,
    /// Its name before, if it changed.
    pub renamed_from: Option<String>,
    /// Its code before, if it changed.
    pub recoded_from: Option<String>,
    /// How sure it is that it is the same place.
    pub certainty: Certainty,
}

impl Kept {
    /// Says whether it lies in another place than before.
    pub fn transferred(&self) -> bool {
        self.parent != self.parent_before
    }
}

/// A place that ends with the edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its identity.
    pub id: PlaceId,
    /// Its last name.
    pub name: String,
    /// The place of which it became a part.
    pub into: Option<PlaceId>,
}

/// A pair for a person to decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The place that ended.
    pub before: PlaceId,
    /// The place that began.
    pub after: PlaceId,
    /// Why it is not clear.
    pub doubt: Doubt,
    /// Name and code of the one that ended, and the street it lay in.
    pub before_text: String,
    /// The same words about the one that began.
    pub after_text: String,
}

/// Says how many rows of a level met which fate. The first five add up to the rows that are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows with the same code, name and parent.
    pub same: usize,
    /// Rows with another code and all else the same.
    pub recoded: usize,
    /// Rows with another name in the same parent.
    pub renamed: usize,
    /// Rows in another parent.
    pub transferred: usize,
    /// Rows that are new.
    pub created: usize,
    /// Rows that are new and split from another place (`created` counts them as well).
    pub split: usize,
    /// Places that ended.
    pub abolished: usize,
    /// Places that ended as part of another (`abolished` counts them as well).
    pub merged: usize,
    /// Pairs that a person has to decide.
    pub in_review: usize,
}

/// Holds the counts by level, as an import reports them.
pub type Summary = BTreeMap<Level, Counts>;

/// Holds everything that an import writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Who begins, parents first.
    pub born: Vec<Born>,
    /// Who lives on, parents first.
    pub kept: Vec<Kept>,
    /// Who ends.
    pub gone: Vec<Gone>,
    /// What a person has to decide.
    pub open: Vec<Open>,
    /// The counts.
    pub summary: Summary,
}

impl Outcome {
    /// Says whether the edition contains exactly what is known.
    pub fn nothing_new(&self) -> bool {
        self.born.is_empty() && self.gone.is_empty() && self.kept.iter().all(Kept::unchanged)
    }
}

impl Kept {
    /// Says whether nothing about it is different.
    pub fn unchanged(&self) -> bool {
        self.renamed_from.is_none() && self.recoded_from.is_none() && !self.transferred()
    }
}

/// Returns how many identities a plan needs.
pub fn births(plan: &Plan) -> usize {
    plan.fates.iter().filter(|fate| matches!(fate, Fate::New { .. })).count()
}

/// Works out what the plan means. New places get the identities from `first` on, in the order of the rows.
pub fn outcome(plan: &Plan, known: &[Known], rows: &[Row], first: i64) -> Outcome {
    let before: BTreeMap<PlaceId, &Known> = known.iter().map(|place| (place.id, place)).collect();
    let mut outcome = Outcome::default();
    let mut next = first;
    let mut where_: BTreeMap<&str, PlacePath> = BTreeMap::new();
    let mut ids: Vec<PlaceId> = Vec::with_capacity(rows.len());
    for (index, (fate, row)) in plan.fates.iter().zip(rows).enumerate() {
        let above = row.parent.as_deref().and_then(|code| where_.get(code));
        let parent = above.map(PlacePath::id);
        let id = match fate {
            Fate::Is(id, _) => *id,
            Fate::New { .. } => {
                next += 1;
                PlaceId(next - 1)
            }
        };
        let path = above.map_or_else(|| PlacePath::root(id), |above| above.child(id));
        where_.insert(&row.code, path.clone());
        ids.push(id);
        match (fate, before.get(&id)) {
            (Fate::Is(_, certainty), Some(place)) => {
                outcome.kept.push(kept(place, index, row, path, parent, *certainty));
            }
            (Fate::New { split_from }, _) => {
                outcome.born.push(Born { id, row: index, path, parent, split_from: *split_from });
            }
            (Fate::Is(..), None) => {}
        }
    }
    for ending in &plan.endings {
        let name = before.get(&ending.place).map(|place| place.name.clone()).unwrap_or_default();
        let into = ending.into.and_then(|row| ids.get(row)).copied();
        outcome.gone.push(Gone { id: ending.place, name, into });
    }
    outcome.open = open(plan, &before, rows, &ids);
    outcome.summary = summary(&outcome, &before, rows);
    outcome
}

fn kept(
    place: &Known,
    index: usize,
    row: &Row,
    path: PlacePath,
    parent: Option<PlaceId>,
    certainty: Certainty,
) -> Kept {
    Kept {
        id: place.id,
        row: index,
        path,
        parent,
        parent_before: place.parent,
        renamed_from: (place.name != row.name).then(|| place.name.clone()),
        recoded_from: (place.code != row.code).then(|| place.code.clone()),
        certainty,
    }
}

fn open(plan: &Plan, before: &BTreeMap<PlaceId, &Known>, rows: &[Row], ids: &[PlaceId]) -> Vec<Open> {
    let row_name = |code: &str| rows.iter().find(|row| row.code == code).map_or("", |row| row.name.as_str());
    let pairs = plan.doubts.iter().filter_map(|doubt| {
        let (place, row) = (before.get(&doubt.place)?, rows.get(doubt.row)?);
        let street = place.parent.and_then(|id| before.get(&id)).map_or("", |street| street.name.as_str());
        Some(Open {
            before: doubt.place,
            after: *ids.get(doubt.row)?,
            doubt: doubt.doubt,
            before_text: format!("{street} · {} · {}", place.name, place.code),
            after_text: format!(
                "{} · {} · {}",
                row_name(row.parent.as_deref().unwrap_or_default()),
                row.name,
                row.code
            ),
        })
    });
    pairs.collect()
}

fn summary(outcome: &Outcome, before: &BTreeMap<PlaceId, &Known>, rows: &[Row]) -> Summary {
    let mut summary = Summary::new();
    let level_of = |row: usize| rows.get(row).map_or(Level::Community, Row::level);
    for kept in &outcome.kept {
        let counts = summary.entry(level_of(kept.row)).or_default();
        let counter = if kept.transferred() {
            &mut counts.transferred
        } else if kept.renamed_from.is_some() {
            &mut counts.renamed
        } else if kept.recoded_from.is_some() {
            &mut counts.recoded
        } else {
            &mut counts.same
        };
        *counter += 1;
    }
    for born in &outcome.born {
        let counts = summary.entry(level_of(born.row)).or_default();
        counts.created += 1;
        counts.split += usize::from(born.split_from.is_some());
    }
    for gone in &outcome.gone {
        let level = before.get(&gone.id).map_or(Level::Community, |place| place.level);
        let counts = summary.entry(level).or_default();
        counts.abolished += 1;
        counts.merged += usize::from(gone.into.is_some());
    }
    for open in &outcome.open {
        let level = before.get(&open.before).map_or(Level::Community, |place| place.level);
        summary.entry(level).or_default().in_review += 1;
    }
    summary
}
