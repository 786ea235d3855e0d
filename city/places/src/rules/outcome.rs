//! This file turns the comparison of two editions into what is written: who is born, kept, moved and ended, and the
//! counts to report.

use super::edition::Row;
use super::matching::{Fate, Known, Plan};
use crate::words::{Certainty, Doubt};
use kernel::place::{Level, PlaceId, PlacePath};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tables::is_damaged;

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
    /// Its name now.
    pub name: String,
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
    /// The place that ended, or that is kept as it is.
    pub before: PlaceId,
    /// The place that began, or the same one if its row has a name that lost a sign.
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
    // A name that lost a sign renames nothing.
    let renamed = place.name != row.name && !is_damaged(&row.name);
    Kept {
        name: if renamed { row.name.clone() } else { place.name.clone() },
        id: place.id,
        row: index,
        path,
        parent,
        parent_before: place.parent,
        renamed_from: renamed.then(|| place.name.clone()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::edition::parse;
    use crate::rules::matching::{Doubtful, Ending};

    const ROWS: &str = "code,name,level,parent
210100000000,沈阳市,city,
210102000000,和平区,district,210100000000
210102001000,南湖街道,street,210102000000
210102003000,西塔新街道,street,210102000000
210102001001,文安路社区,community,210102001000
210102003001,西铁社区,community,210102003000
";

    fn known(id: i64, level: Level, code: &str, name: &str, parent: Option<i64>) -> Known {
        Known { id: PlaceId(id), level, code: code.to_owned(), name: name.to_owned(), parent: parent.map(PlaceId) }
    }

    /// The edition before: the street 西塔 had another name and code, 西铁 lay in 南湖, and two communities were there
    /// that are not listed any more.
    fn before() -> Vec<Known> {
        vec![
            known(1, Level::City, "210100000000", "沈阳市", None),
            known(2, Level::District, "210102000000", "和平区", Some(1)),
            known(3, Level::Street, "210102001000", "南湖街道", Some(2)),
            known(4, Level::Street, "210102002000", "西塔街道", Some(2)),
            known(5, Level::Community, "210102001002", "西铁社区", Some(3)),
            known(6, Level::Community, "210102001001", "文安里社区", Some(3)),
            known(7, Level::Community, "210102002001", "安图社区", Some(4)),
        ]
    }

    fn is(id: i64) -> Fate {
        Fate::Is(PlaceId(id), Certainty::Certain)
    }

    fn plan() -> Plan {
        let split = Fate::New { split_from: Some(PlaceId(5)) };
        Plan {
            fates: vec![is(1), is(2), is(3), Fate::Is(PlaceId(4), Certainty::Probable), split, is(5)],
            endings: vec![Ending { place: PlaceId(6), into: Some(4) }, Ending { place: PlaceId(7), into: None }],
            doubts: vec![Doubtful { row: 4, place: PlaceId(6), doubt: Doubt::SameCode }],
        }
    }

    #[test]
    fn each_row_is_kept_or_born_where_it_lies_now() {
        let rows = parse(ROWS).unwrap();
        assert_eq!(births(&plan()), 1);
        let found = outcome(&plan(), &before(), &rows, 100);
        let paths: Vec<(i64, &str)> = found.kept.iter().map(|one| (one.id.0, one.path.as_str())).collect();
        assert_eq!(paths, [(1, "1."), (2, "1.2."), (3, "1.2.3."), (4, "1.2.4."), (5, "1.2.4.5.")]);
        let born = Born {
            id: PlaceId(100),
            row: 4,
            path: PlacePath::parse("1.2.3.100.").unwrap(),
            parent: Some(PlaceId(3)),
            split_from: Some(PlaceId(5)),
        };
        assert_eq!(found.born, [born]);
        for (at, renamed, recoded, transferred) in [
            (0, None, None, false),
            (2, None, None, false),
            (3, Some("西塔街道"), Some("210102002000"), false),
            (4, None, Some("210102001002"), true),
        ] {
            let kept = &found.kept[at];
            let told = (kept.renamed_from.as_deref(), kept.recoded_from.as_deref(), kept.transferred());
            assert_eq!(told, (renamed, recoded, transferred), "{kept:?}");
            assert_eq!(kept.unchanged(), told == (None, None, false));
        }
        assert_eq!(found.kept[3].certainty, Certainty::Probable);
        assert!(!found.nothing_new());
    }

    #[test]
    fn what_ends_says_into_what_and_what_is_open_is_told_in_words() {
        let found = outcome(&plan(), &before(), &parse(ROWS).unwrap(), 100);
        let gone: Vec<(i64, &str, Option<i64>)> =
            found.gone.iter().map(|one| (one.id.0, one.name.as_str(), one.into.map(|id| id.0))).collect();
        assert_eq!(gone, [(6, "文安里社区", Some(100)), (7, "安图社区", None)]);
        let open = Open {
            before: PlaceId(6),
            after: PlaceId(100),
            doubt: Doubt::SameCode,
            before_text: "南湖街道 · 文安里社区 · 210102001001".to_owned(),
            after_text: "南湖街道 · 文安路社区 · 210102001001".to_owned(),
        };
        assert_eq!(found.open, [open]);
    }

    #[test]
    fn the_counts_of_a_level_add_up_to_its_rows() {
        let rows = parse(ROWS).unwrap();
        let found = outcome(&plan(), &before(), &rows, 100);
        let expected = Summary::from([
            (Level::City, Counts { same: 1, ..Counts::default() }),
            (Level::District, Counts { same: 1, ..Counts::default() }),
            (Level::Street, Counts { same: 1, renamed: 1, ..Counts::default() }),
            (
                Level::Community,
                Counts {
                    transferred: 1,
                    created: 1,
                    split: 1,
                    abolished: 2,
                    merged: 1,
                    in_review: 1,
                    ..Counts::default()
                },
            ),
        ]);
        assert_eq!(found.summary, expected);
        for (level, counts) in &found.summary {
            let told = counts.same + counts.recoded + counts.renamed + counts.transferred + counts.created;
            assert_eq!(told, rows.iter().filter(|row| row.level() == *level).count(), "{level:?}");
        }
    }

    #[test]
    fn the_same_edition_again_is_nothing_new_and_the_first_is_all_new() {
        let rows = parse(ROWS).unwrap();
        let ids = |code: &str| rows.iter().position(|row| row.code == code).map(|at| i64::try_from(at).unwrap() + 1);
        let same: Vec<Known> = rows
            .iter()
            .zip(1..)
            .map(|(row, id)| known(id, row.level(), &row.code, &row.name, row.parent.as_deref().and_then(ids)))
            .collect();
        let plan = Plan { fates: (1..=6).map(is).collect(), ..Plan::default() };
        let found = outcome(&plan, &same, &rows, 100);
        assert!(found.nothing_new() && found.kept.len() == 6 && births(&plan) == 0);
        let gone = Plan { endings: vec![Ending { place: PlaceId(6), into: None }], ..plan };
        assert!(!outcome(&gone, &same, &rows, 100).nothing_new());
        let first = Plan { fates: vec![Fate::New { split_from: None }; 6], ..Plan::default() };
        let found = outcome(&first, &[], &rows, 7);
        let paths: Vec<&str> = found.born.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(paths, ["7.", "7.8.", "7.8.9.", "7.8.10.", "7.8.9.11.", "7.8.10.12."]);
        assert_eq!((births(&first), found.kept.len(), found.nothing_new()), (6, 0, false));
        let none = outcome(&Plan::default(), &[], &[], 1);
        assert_eq!(none, Outcome::default());
    }
}
