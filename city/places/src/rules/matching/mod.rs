//! This folder decides which place of one edition is which place of the next. Codes are not identity: a code may be
//! given to another place, and a place may get another code.
//!
//! It goes level by level from the city down and takes the surest evidence first. Each step pairs only what it finds
//! exactly once on both sides. A person decides what stays open because two unlike names share a code, or several
//! places share a name (FIELD, "Codes are not identity").

#[cfg(test)]
mod random;
mod streets;
#[cfg(test)]
mod tests;

use super::edition::Row;
use super::naming::{alike, core, stem, unnumbered};
use crate::words::{Certainty, Doubt};
use kernel::place::{Level, PlaceId};
use std::collections::{BTreeMap, BTreeSet};
use tables::{is_damaged, is_lost};

/// A place in the form in which the edition before knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its identity.
    pub id: PlaceId,
    /// Its level.
    pub level: Level,
    /// Its code in the edition before.
    pub code: String,
    /// Its name there.
    pub name: String,
    /// What it lay in.
    pub parent: Option<PlaceId>,
}

/// Says what a row of the new edition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The row is a place that was known before. It says how sure that is. A comparison shows what changed.
    Is(PlaceId, Certainty),
    /// The row is a new place. It was split from a known one if the names say so.
    New {
        /// The place it was part of.
        split_from: Option<PlaceId>,
    },
}

/// A known place that the new edition no longer lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The place.
    pub place: PlaceId,
    /// The row of the place it became part of, if the editions show one.
    pub into: Option<usize>,
}

/// A pair that a person has to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubtful {
    /// The row of the place that begins, or of the known place itself if its name lost a sign.
    pub row: usize,
    /// The place that ends, or that is kept as it is.
    pub place: PlaceId,
    /// Why it is not clear.
    pub doubt: Doubt,
}

/// Holds the whole comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What each row is, in the order of the rows.
    pub fates: Vec<Fate>,
    /// The places that end.
    pub endings: Vec<Ending>,
    /// What is left to a person.
    pub doubts: Vec<Doubtful>,
}

/// Compares the known places with the rows of the next edition. `rows` come parents first, as [`super::edition::parse`]
/// gives them.
pub fn compare(known: &[Known], rows: &[Row]) -> Plan {
    let mut matcher = Matcher::new(known, rows);
    for level in [Level::City, Level::District, Level::Street, Level::Community] {
        matcher.level = level;
        matcher.by_code_and_name();
        matcher.inside_the_parent();
        if level == Level::Street {
            matcher.by_destination();
        }
        if level == Level::Community {
            matcher.moved_to_another_street();
        }
        matcher.hold_damaged();
        matcher.by_code_and_likeness();
        if level == Level::Community {
            matcher.splits_and_merges();
        }
        matcher.leave_to_a_person();
    }
    matcher.plan()
}

/// Limits how many pairs of one name are shown to a person.
const PAIRS_LIMIT: usize = 6;

/// Says what a place lies in: a known place, or one that is new with that row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Parent {
    None,
    Known(PlaceId),
    New(usize),
}

struct Matcher<'a> {
    known: &'a [Known],
    rows: &'a [Row],
    row_of_code: BTreeMap<&'a str, usize>,
    known_of_id: BTreeMap<PlaceId, usize>,
    /// The known place that each row is.
    is: Vec<Option<(usize, Certainty)>>,
    /// The row that each known place became.
    became: Vec<Option<usize>>,
    split: BTreeMap<usize, PlaceId>,
    into: BTreeMap<PlaceId, usize>,
    doubts: Vec<Doubtful>,
    level: Level,
}

impl<'a> Matcher<'a> {
    fn new(known: &'a [Known], rows: &'a [Row]) -> Self {
        Self {
            known,
            rows,
            row_of_code: rows.iter().enumerate().map(|(index, row)| (row.code.as_str(), index)).collect(),
            known_of_id: known.iter().enumerate().map(|(index, place)| (place.id, index)).collect(),
            is: vec![None; rows.len()],
            became: vec![None; known.len()],
            split: BTreeMap::new(),
            into: BTreeMap::new(),
            doubts: Vec::new(),
            level: Level::City,
        }
    }

    fn open_known(&self) -> impl Iterator<Item = (usize, &'a Known)> {
        let open = self.known.iter().enumerate().zip(&self.became).filter(|(_, became)| became.is_none());
        open.map(|(pair, _)| pair).filter(|(_, place)| place.level == self.level)
    }

    fn open_rows(&self) -> impl Iterator<Item = (usize, &'a Row)> {
        let open = self.rows.iter().enumerate().zip(&self.is).filter(|(_, is)| is.is_none());
        open.map(|(pair, _)| pair).filter(|(_, row)| row.level() == self.level)
    }

    /// Says that a row is a known place. A name of which a sign was lost is evidence of nothing: a person decides.
    fn join(&mut self, known: usize, row: usize, certainty: Certainty) {
        if self.known.get(known).zip(self.rows.get(row)).is_some_and(|(place, row)| is_unsure(&place.name, &row.name)) {
            return;
        }
        if let (Some(is), Some(became)) = (self.is.get_mut(row), self.became.get_mut(known)) {
            *is = Some((known, certainty));
            *became = Some(row);
        }
    }

    /// Pairs what has the same key exactly once among the open places and exactly once among the open rows.
    fn pair<K: Ord>(
        &mut self,
        sure: Certainty,
        of_known: impl Fn(&Self, &'a Known) -> Option<K>,
        of_row: impl Fn(&Self, &'a Row) -> Option<K>,
    ) {
        for (known, row) in self.unique_pairs(of_known, of_row) {
            self.join(known, row, sure);
        }
    }

    fn unique_pairs<K: Ord>(
        &self,
        of_known: impl Fn(&Self, &'a Known) -> Option<K>,
        of_row: impl Fn(&Self, &'a Row) -> Option<K>,
    ) -> Vec<(usize, usize)> {
        let mut groups: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, place) in self.open_known() {
            if let Some(key) = of_known(self, place) {
                groups.entry(key).or_default().0.push(index);
            }
        }
        for (index, row) in self.open_rows() {
            if let Some(key) = of_row(self, row) {
                groups.entry(key).or_default().1.push(index);
            }
        }
        let unique = groups.into_values().filter_map(|group| match group {
            (known, rows) if known.len() == 1 && rows.len() == 1 => Some((*known.first()?, *rows.first()?)),
            _ => None,
        });
        unique.collect()
    }

    fn parent_of_row(&self, row: &Row) -> Parent {
        let Some(index) = row.parent.as_deref().and_then(|code| self.row_of_code.get(code)) else {
            return Parent::None;
        };
        self.identity_of_row(*index)
    }

    fn identity_of_row(&self, row: usize) -> Parent {
        let known = self.is.get(row).copied().flatten().and_then(|(known, _)| self.known.get(known));
        known.map_or(Parent::New(row), |place| Parent::Known(place.id))
    }

    fn known_by_id(&self, id: PlaceId) -> Option<(usize, &'a Known)> {
        let index = *self.known_of_id.get(&id)?;
        Some((index, self.known.get(index)?))
    }

    fn by_code_and_name(&mut self) {
        self.pair(
            Certainty::Certain,
            |_, place| Some((&place.code, &place.name)),
            |_, row| Some((&row.code, &row.name)),
        );
    }

    fn inside_the_parent(&mut self) {
        self.pair(
            Certainty::Certain,
            |_, place| Some((place.parent.map_or(Parent::None, Parent::Known), &place.name)),
            |matcher, row| Some((matcher.parent_of_row(row), &row.name)),
        );
        let level = self.level;
        self.pair(
            Certainty::Probable,
            |_, place| Some((&place.code, core(&place.name, level))),
            |_, row| Some((&row.code, core(&row.name, level))),
        );
        self.pair(
            Certainty::Probable,
            |_, place| Some((place.parent.map_or(Parent::None, Parent::Known), core(&place.name, level))),
            |matcher, row| Some((matcher.parent_of_row(row), core(&row.name, level))),
        );
    }

    /// Returns where the community's street went: into another street, or nowhere else.
    fn destination(&self, place: &Known) -> Option<Parent> {
        let street = place.parent?;
        let row = self
            .into
            .get(&street)
            .copied()
            .or_else(|| self.became.get(self.known_by_id(street)?.0).copied().flatten())?;
        Some(self.identity_of_row(row))
    }

    fn district_of_known(&self, place: &Known) -> Option<Parent> {
        let (_, street) = self.known_by_id(place.parent?)?;
        street.parent.map(Parent::Known)
    }

    fn district_of_row(&self, row: &Row) -> Option<Parent> {
        let street = self.row_of_code.get(row.parent.as_deref()?).and_then(|index| self.rows.get(*index))?;
        Some(self.parent_of_row(street))
    }

    /// Pairs by names in three steps: the same name in the street into which its own street went, then the same name if
    /// the district has it once, then both again by the core of the name (前詹社区 became 前詹屯村民委员会).
    fn moved_to_another_street(&mut self) {
        let level = self.level;
        self.pair(
            Certainty::Certain,
            |matcher, place| Some((matcher.destination(place)?, &place.name)),
            |matcher, row| Some((matcher.parent_of_row(row), &row.name)),
        );
        self.pair(
            Certainty::Probable,
            |matcher, place| Some((matcher.district_of_known(place)?, &place.name)),
            |matcher, row| Some((matcher.district_of_row(row)?, &row.name)),
        );
        self.pair(
            Certainty::Probable,
            |matcher, place| Some((matcher.destination(place)?, core(&place.name, level))),
            |matcher, row| Some((matcher.parent_of_row(row), core(&row.name, level))),
        );
        self.pair(
            Certainty::Probable,
            |matcher, place| Some((matcher.district_of_known(place)?, core(&place.name, level))),
            |matcher, row| Some((matcher.district_of_row(row)?, core(&row.name, level))),
        );
    }

    /// A row of which the name lost a sign ends no place and begins none: the known place of its code lives on under
    /// the name that it has, until a person decides.
    fn hold_damaged(&mut self) {
        for (known, row) in self.unique_pairs(|_, place| Some(&place.code), |_, row| Some(&row.code)) {
            let Some((place, damaged)) = self.known.get(known).zip(self.rows.get(row)) else { continue };
            if !is_damaged(&damaged.name) {
                continue;
            }
            if let (Some(is), Some(became)) = (self.is.get_mut(row), self.became.get_mut(known)) {
                *is = Some((known, Certainty::Probable));
                *became = Some(row);
                self.doubts.push(Doubtful { row, place: place.id, doubt: Doubt::SameCode });
            }
        }
    }

    fn by_code_and_likeness(&mut self) {
        let level = self.level;
        for (known, row) in self.unique_pairs(|_, place| Some(&place.code), |_, row| Some(&row.code)) {
            let names = self.known.get(known).zip(self.rows.get(row));
            if names.is_some_and(|(place, row)| alike(stem(&place.name, level), stem(&row.name, level))) {
                self.join(known, row, Certainty::Probable);
            }
        }
    }

    /// Finds splits and mergers. One name that became several numbered ones was split. Several numbered ones, or two
    /// whose names were put together, were merged.
    fn splits_and_merges(&mut self) {
        let level = self.level;
        let before: Vec<(usize, &Known)> = self.open_known().collect();
        let after: Vec<(usize, &Row)> = self.open_rows().collect();
        for (_, place) in &before {
            let base = stem(&place.name, level);
            let street = self.destination(place);
            let parts = after.iter().filter(|(_, row)| {
                unnumbered(stem(&row.name, level)) == Some(base) && Some(self.parent_of_row(row)) == street
            });
            let parts: Vec<usize> = parts.map(|(index, _)| *index).collect();
            if parts.len() >= 2 {
                self.split.extend(parts.into_iter().map(|part| (part, place.id)));
            }
        }
        for (index, row) in &after {
            let whole = stem(&row.name, level);
            let street = Some(self.parent_of_row(row));
            let parts: Vec<PlaceId> = before
                .iter()
                .filter(|(_, place)| self.destination(place) == street && part_of(stem(&place.name, level), whole))
                .map(|(_, place)| place.id)
                .collect();
            if parts.len() >= 2 {
                self.into.extend(parts.into_iter().map(|part| (part, *index)));
            }
        }
    }

    fn leave_to_a_person(&mut self) {
        if self.level < Level::Street {
            return;
        }
        let level = self.level;
        let explained = |matcher: &Self, (known, row): &(usize, usize)| {
            matcher.split.contains_key(row)
                || matcher.known.get(*known).is_none_or(|place| matcher.into.contains_key(&place.id))
        };
        let mut pairs: Vec<(usize, usize, Doubt)> = Vec::new();
        let mut add = |matcher: &Self, doubt: Doubt, found: Vec<(usize, usize)>| {
            pairs.extend(
                found.into_iter().filter(|pair| !explained(matcher, pair)).map(|(known, row)| (known, row, doubt)),
            );
        };
        add(self, Doubt::SameCode, self.unique_pairs(|_, place| Some(&place.code), |_, row| Some(&row.code)));
        add(self, Doubt::AlikeName, self.of_a_damaged_name());
        if level == Level::Community {
            add(self, Doubt::SameNameElsewhere, self.of_one_name());
            add(self, Doubt::AlikeName, self.alike_in_the_street());
        }
        for (known, row, doubt) in pairs {
            let Some(place) = self.known.get(known).map(|place| place.id) else { continue };
            if !self.doubts.iter().any(|other| (other.row, other.place) == (row, place)) {
                self.doubts.push(Doubtful { row, place, doubt });
            }
        }
    }

    /// Pairs every open place with every open row of the same name, unless that makes more pairs than a person would
    /// look through.
    fn of_one_name(&self) -> Vec<(usize, usize)> {
        let mut groups: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (index, place) in self.open_known() {
            groups.entry(&place.name).or_default().0.push(index);
        }
        for (index, row) in self.open_rows() {
            groups.entry(&row.name).or_default().1.push(index);
        }
        let few = groups.into_values().filter(|(known, rows)| known.len() * rows.len() <= PAIRS_LIMIT);
        few.flat_map(|(known, rows)| {
            let pairs = known.into_iter().map(move |known| rows.iter().map(|row| (known, *row)).collect::<Vec<_>>());
            pairs.flatten()
        })
        .collect()
    }

    /// Pairs names of which a sign was lost with those that they may have been, in the same place above.
    fn of_a_damaged_name(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (known, place) in self.open_known() {
            let above =
                if self.level == Level::Community { self.destination(place) } else { place.parent.map(Parent::Known) };
            let like = self.open_rows().filter(|(_, row)| {
                is_unsure(&place.name, &row.name)
                    && Some(self.parent_of_row(row)) == above
                    && may_have_been(&place.name, &row.name)
            });
            pairs.extend(like.take(PAIRS_LIMIT).map(|(row, _)| (known, row)));
        }
        pairs
    }

    /// Pairs open names of one street that are alike, if each has no other such name.
    fn alike_in_the_street(&self) -> Vec<(usize, usize)> {
        let level = self.level;
        let mut pairs = Vec::new();
        for (known, place) in self.open_known() {
            let street = self.destination(place);
            let like = self.open_rows().filter(|(_, row)| {
                Some(self.parent_of_row(row)) == street && alike(stem(&place.name, level), stem(&row.name, level))
            });
            pairs.extend(like.map(|(row, _)| (known, row)));
        }
        let lone = |pair: &(usize, usize)| {
            pairs.iter().filter(|other| other.0 == pair.0).count() == 1
                && pairs.iter().filter(|other| other.1 == pair.1).count() == 1
        };
        pairs.iter().filter(|pair| lone(pair)).copied().collect()
    }

    fn plan(self) -> Plan {
        let fates = self.is.iter().enumerate().map(|(row, is)| {
            let known = is.and_then(|(known, sure)| Some((self.known.get(known)?, sure)));
            known.map_or(Fate::New { split_from: self.split.get(&row).copied() }, |(place, sure)| {
                Fate::Is(place.id, sure)
            })
        });
        let ended = self.known.iter().zip(&self.became).filter(|(_, became)| became.is_none());
        let endings = ended.map(|(place, _)| Ending { place: place.id, into: self.into.get(&place.id).copied() });
        Plan { fates: fates.collect(), endings: endings.collect(), doubts: self.doubts }
    }
}

/// Says whether two names differ while a sign of one of them was lost.
fn is_unsure(one: &str, other: &str) -> bool {
    one != other && (is_damaged(one) || is_damaged(other))
}

/// Says whether two names are one if a lost sign may have been any sign or none: a mark that nobody sees, or the second
/// half of a sign that became two.
fn may_have_been(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (mut open, mut seen) = (vec![(0, 0)], BTreeSet::new());
    while let Some((at, with)) = open.pop() {
        if !seen.insert((at, with)) {
            continue;
        }
        let (left, right) = (one.get(at).copied(), other.get(with).copied());
        if left.is_none() && right.is_none() {
            return true;
        }
        let (is_left_lost, is_right_lost) = (left.is_some_and(is_lost), right.is_some_and(is_lost));
        if is_left_lost {
            open.push((at + 1, with));
        }
        if is_right_lost {
            open.push((at, with + 1));
        }
        if left.is_some() && right.is_some() && (is_left_lost || is_right_lost || left == right) {
            open.push((at + 1, with + 1));
        }
    }
    false
}

/// Says whether the name of the whole is the name of the part without its closing number, or begins or ends with the
/// name of the part.
fn part_of(part: &str, whole: &str) -> bool {
    let long = part.chars().count() >= 2 && part != whole;
    unnumbered(part) == Some(whole) || (long && (whole.starts_with(part) || whole.ends_with(part)))
}
