//! Hears danger to life in the words of whoever reports, so that she reads first whom to call.
//!
//! It finds words and understands no sentence. Where it is unsure it speaks: a box too many costs a moment.

use std::ops::Range;

use kernel::language::folded;

use super::Stop;
use super::search::plain;

/// Divides the parts of a word between which others may stand.
const GAP: char = '…';
/// The most characters, or English words, that may stand there.
const BETWEEN: usize = 6;
/// So many before a word are looked at for what says that it has not happened: 差点, 容易.
const BEFORE: usize = 6;
/// What stands after something that happened. What is denied has it not: 没有 and 了 exclude each other.
const HAPPENED: &str = "了";

/// What threatens a life (险情): the words by which it is heard, whom to call, and what to do until help comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Danger {
    /// The name used in data: `fire`.
    pub code: String,
    /// Whom to call, and what to do.
    pub stop: Stop,
    /// The keys of the kinds that it means, the likeliest first.
    pub means: Vec<String>,
    pub(super) words: Vec<Phrase>,
    /// Words that hold one of those and say nothing of danger: 跳楼价.
    pub(super) unless: Vec<Phrase>,
}

impl Danger {
    /// Whether it is heard in what was said. A hedge before a word says that it has not happened; what is denied is not
    /// heard either.
    pub(super) fn is_heard(&self, said: &[String], hedges: &[Phrase], denials: &Denials) -> bool {
        let mut left = said.to_vec();
        for range in self.unless.iter().flat_map(|harmless| harmless.all(said)).flatten() {
            left.get_mut(range).into_iter().flatten().for_each(String::clear);
        }
        let says = |parts: &[Range<usize>]| {
            let ends = parts.first().zip(parts.last());
            let place = ends.map(|(first, last)| first.start..last.end);
            place.is_some_and(|place| !is_hedged(&left, place.start, hedges) && !denials.deny(&left, &place))
        };
        self.words.iter().any(|word| word.all(&left).any(|parts| says(&parts)))
    }
}

/// What stands directly before a word of danger and says that it is not so: 没有着火, 已经不冒烟了.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Denials {
    /// Those that say that it did not happen.
    pub never: Vec<Phrase>,
    /// Those that say that it is over.
    pub no_longer: Vec<Phrase>,
    /// Those that look like one and are none: 是不是.
    pub doubts: Vec<Phrase>,
    /// With what words begin that are not denied: whatever is missing before them is another thing.
    pub persons: Vec<Phrase>,
}

impl Denials {
    /// Takes those of another file too.
    pub fn extend(&mut self, others: Self) {
        self.never.extend(others.never);
        self.no_longer.extend(others.no_longer);
        self.doubts.extend(others.doubts);
        self.persons.extend(others.persons);
    }

    /// Whether the word at a place is denied.
    fn deny(&self, said: &[String], place: &Range<usize>) -> bool {
        let ends = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.ends(said, place.start));
        let happened = said.get(place.end).is_some_and(|sign| sign == HAPPENED);
        let is_denied = ends(&self.no_longer) || (!happened && ends(&self.never));
        is_denied && !ends(&self.doubts) && !self.persons.iter().any(|word| word.at(said, place.start).is_some())
    }
}

/// A word as it is looked for: its parts in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase(Vec<Vec<String>>);

impl Phrase {
    /// Reads a word of the data; none where nobody can say it.
    pub fn read(word: &str) -> Option<Self> {
        let parts: Vec<Vec<String>> = word.split(GAP).map(read).collect();
        let can_be_said = |part: &Vec<String>| !part.is_empty() && part.iter().all(|sign| !sign.is_empty());
        parts.iter().all(can_be_said).then_some(Self(parts))
    }

    /// What somebody says who says only this.
    pub fn alone(&self) -> Vec<String> {
        self.0.concat()
    }

    /// Whether it was said directly before a place.
    fn ends(&self, said: &[String], before: usize) -> bool {
        let [part] = self.0.as_slice() else { return false };
        before.checked_sub(part.len()).is_some_and(|start| stands(said, start, part).is_some())
    }

    /// Where its parts stand, each time that it was said.
    fn all(&self, said: &[String]) -> impl Iterator<Item = Vec<Range<usize>>> {
        (0..said.len()).filter_map(move |start| self.at(said, start))
    }

    /// Where its parts stand if the first one begins there.
    fn at(&self, said: &[String], start: usize) -> Option<Vec<Range<usize>>> {
        let (first, rest) = self.0.split_first()?;
        let first = stands(said, start, first)?;
        let mut end = first.end;
        let mut found = vec![first];
        for part in rest {
            let next = follows(said, end, part)?;
            end = next.end;
            found.push(next);
        }
        Some(found)
    }
}

/// Where a part stands that begins there.
fn stands(said: &[String], at: usize, part: &[String]) -> Option<Range<usize>> {
    let range = at..at + part.len();
    (said.get(range.clone())? == part).then_some(range)
}

/// Where a part stands that begins there or a little further on in the same clause.
fn follows(said: &[String], from: usize, part: &[String]) -> Option<Range<usize>> {
    let between = said.iter().skip(from).take(BETWEEN).take_while(|sign| !sign.is_empty()).count();
    (from..=from + between).find_map(|at| stands(said, at, part))
}

/// Whether something before a word, in the same clause, says that it has not happened.
fn is_hedged(said: &[String], at: usize, hedges: &[Phrase]) -> bool {
    let before = said.get(..at).unwrap_or_default();
    let near = before.iter().rev().take(BEFORE).take_while(|sign| !sign.is_empty()).count();
    let near = before.get(before.len() - near..).unwrap_or_default();
    hedges.iter().any(|hedge| hedge.all(near).next().is_some())
}

/// What somebody said, Chinese by characters and English by words without their endings. What ends a clause is an empty
/// one.
pub(super) fn read(text: &str) -> Vec<String> {
    let mut said = Vec::new();
    let mut word = String::new();
    for sign in folded(text).chars().filter(|sign| !matches!(sign, '\'' | '’')) {
        if sign.is_ascii_alphanumeric() {
            word.push(sign);
            continue;
        }
        said.extend(taken(&mut word));
        if sign.is_alphanumeric() {
            said.push(sign.to_string());
        } else if !sign.is_whitespace() {
            said.push(String::new());
        }
    }
    said.extend(taken(&mut word));
    said
}

/// The English word that was read so far, which is then empty.
fn taken(word: &mut String) -> Option<String> {
    let read = std::mem::take(word);
    (!read.is_empty()).then(|| plain(&read))
}

#[cfg(test)]
mod tests;
