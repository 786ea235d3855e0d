//! Answers a sentence: the items that it means, how each suits the person it speaks of, and what is done elsewhere.

use super::Catalogue;
use super::asking::{Elsewhere, Fit, Person, Verdict};
use super::item::Item;
use super::search::{Index, score};
use super::sentence::Sentence;
use kernel::language::Lang;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The most things done elsewhere that one answer names.
const MOST_ELSEWHERE: usize = 3;
/// An item is left out if it answers less well than this share of the best, in percent.
const LEAST_SHARE: u32 = 30;
/// What an item gains in order, in percent, if it is made for such a person or gives what is wanted.
const MADE_FOR_HER: u32 = 15;
const TOLD_OF_HER: u32 = 25;
const USUAL_FOR_HER: u32 = 10;
const GIVES_IT: u32 = 40;
/// What an item loses, in percent, if it takes a situation that a sentence about somebody does not speak of.
const NOT_TOLD: u32 = 20;
/// The most that an item scores which only means something near, where others hold every word.
const MOST_BESIDE: u32 = 150;
/// Points of an item that nothing but the person speaks for.
const LIKELY: u32 = 600;
const BUT_FOR_AGE: u32 = 300;
const WANTED: u32 = 900;
/// Points of the items that a want names, less with each.
const NAMED: u32 = 900;
const NAMED_STEP: u32 = 40;
/// What a rare pair of unknown characters weighs beside words that are known.
const BESIDE_TOPICS: u32 = 20;
/// The shortest unknown word of Latin letters that is looked for.
const SHORTEST_WORD: usize = 3;

/// An item that answers, with how it suits.
#[derive(Clone, Debug)]
pub struct Hit<'c> {
    /// The item.
    pub item: &'c Item,
    /// How it suits the person.
    pub verdict: Verdict,
}

/// What a sentence comes to.
#[derive(Clone, Debug)]
pub struct Answer<'c> {
    /// For whom it asks.
    pub person: Person,
    /// The items, best first.
    pub hits: Vec<Hit<'c>>,
    /// The items that it means and that her age excludes, best first.
    pub excluded: Vec<Hit<'c>>,
    /// What is done elsewhere, the surest first.
    pub elsewhere: Vec<&'c Elsewhere>,
    /// What is done elsewhere answers better than the items.
    pub elsewhere_first: bool,
}

impl Catalogue {
    /// Answers what somebody asked: a word, a code, or a sentence as people say it, in Chinese or English. `lang` is
    /// the language of the page. At most `limit` items are given, and those that her age excludes beside.
    #[must_use]
    pub fn ask(&self, words: &str, lang: Lang, limit: usize) -> Answer<'_> {
        let question = Index::question(words);
        let sentence = self.vocabulary.read(&question, &self.people);
        let elsewhere = self.done_elsewhere(&sentence);
        let exact = self.index.exact(&question, lang);
        let best = exact.values().copied().max().unwrap_or_default();
        // Where only others do what the words name, an item that holds them does so by chance: 领养 in 领养老金.
        let is_told = !sentence.topics.is_empty() && best >= score::WORD_BEGINS;
        let is_exact = best > 0 && (elsewhere.is_empty() || is_told);
        let known = !sentence.person.is_anybody() || !sentence.wants.is_empty();
        let mut scores = if is_exact && !known { BTreeMap::new() } else { self.by_words(&sentence, &question, lang) };
        if is_exact {
            for score in scores.values_mut() {
                *score = (*score / 10).min(MOST_BESIDE);
            }
            scores.extend(exact);
        }
        let is_topical = !scores.is_empty();
        let mut ranked = self.ranked(scores, &sentence, is_exact);
        let bare = sentence.topics.is_empty() && (!is_topical || is_exact && sentence.person.age.is_some());
        let asks_here = elsewhere.is_empty() || sentence.person.age.is_some() && !sentence.wants.is_empty();
        if bare && known && asks_here {
            ranked.extend(self.by_person(&sentence));
        }
        let mut seen = BTreeSet::new();
        ranked.retain(|(_, hit)| seen.insert(hit.item.code.as_str()));
        let hits = ranked.into_iter().map(|(_, hit)| hit);
        let (excluded, hits): (Vec<Hit<'_>>, Vec<Hit<'_>>) = hits.partition(|hit| hit.verdict.fit == Fit::Excluded);
        let signs = sentence.elsewhere.values().copied().max().unwrap_or_default();
        let urgent = elsewhere.iter().any(|one| one.urgent);
        Answer {
            elsewhere_first: urgent
                || !is_topical
                || (!is_exact && signs + usize::from(sentence.is_both) > sentence.signs),
            hits: hits.into_iter().take(limit).collect(),
            excluded: excluded.into_iter().take(limit).collect(),
            elsewhere,
            person: sentence.person,
        }
    }

    /// The items that are made for such a person, best first: those that suit as she is, then those that take something
    /// more. Items that speak of nothing she has are not among them.
    #[must_use]
    pub fn suited(&self, person: &Person) -> Vec<Hit<'_>> {
        let sentence = Sentence { person: person.clone(), ..Sentence::default() };
        self.by_person(&sentence).into_iter().map(|(_, hit)| hit).collect()
    }

    fn done_elsewhere(&self, sentence: &Sentence) -> Vec<&Elsewhere> {
        let mut found: Vec<(Reverse<(bool, usize)>, usize)> = Vec::new();
        for (at, signs) in &sentence.elsewhere {
            let urgent = self.elsewhere.get(*at).is_some_and(|one| one.urgent);
            found.push((Reverse((urgent, *signs)), *at));
        }
        found.sort_unstable();
        found.into_iter().take(MOST_ELSEWHERE).filter_map(|(_, at)| self.elsewhere.get(at)).collect()
    }

    /// The scores of the items by the words that name matters, the rarer the heavier, and by what is wanted. Where
    /// nothing at all was understood, unknown words count by their pairs of characters.
    fn by_words(&self, sentence: &Sentence, question: &str, lang: Lang) -> BTreeMap<usize, u32> {
        let mut scores = BTreeMap::new();
        for spellings in &sentence.topics {
            let mut best: BTreeMap<usize, u32> = BTreeMap::new();
            for (at, score) in spellings.iter().flat_map(|word| self.index.holding(word)) {
                let entry = best.entry(at).or_default();
                *entry = score.max(*entry);
            }
            self.add(&mut scores, &best);
        }
        // Beside what is done elsewhere, unknown words are its details: where, how, for which country.
        let is_known = sentence.topics.is_empty() && !sentence.elsewhere.is_empty();
        for word in sentence.rest.iter().filter(|_| !is_known).flat_map(|run| run.split_whitespace()) {
            if word.is_ascii() && word.len() >= SHORTEST_WORD && !word.bytes().all(|sign| sign.is_ascii_digit()) {
                let found = self.index.typed(word, lang);
                let found = found.into_iter().filter(|(_, score)| *score >= score::WORD_BEGINS * 2 / 3).collect();
                self.add(&mut scores, &found);
            }
        }
        for want in &sentence.wants {
            let named = self.people.wants.get(*want).map(|want| want.items.as_slice()).unwrap_or_default();
            for (place, code) in named.iter().enumerate() {
                let Some(at) = self.by_code.get(code) else { continue };
                let less = NAMED_STEP * u32::try_from(place).unwrap_or(u32::MAX / NAMED_STEP);
                *scores.entry(*at).or_default() += NAMED.saturating_sub(less).max(NAMED / 3);
            }
        }
        let understood = !sentence.person.is_anybody() || !sentence.wants.is_empty() || !sentence.elsewhere.is_empty();
        if !scores.is_empty() {
            for (at, near) in sentence.rest.iter().flat_map(|run| self.index.near(run)) {
                scores.entry(at).and_modify(|score| *score += near * BESIDE_TOPICS);
            }
        } else if !understood && sentence.person.relation.is_none() {
            return self.index.loose(question, lang);
        } else if !understood {
            return sentence.rest.iter().flat_map(|run| self.index.loose(run, lang)).collect();
        }
        scores
    }

    /// Adds the scores of one word: what few items hold weighs more.
    fn add(&self, scores: &mut BTreeMap<usize, u32>, found: &BTreeMap<usize, u32>) {
        let rarity = 1 + (self.items.len().max(1) / found.len().max(1)).max(1).ilog2();
        for (at, score) in found {
            *scores.entry(*at).or_default() += score * rarity;
        }
    }

    fn ranked(&self, scores: BTreeMap<usize, u32>, sentence: &Sentence, is_exact: bool) -> Vec<(u32, Hit<'_>)> {
        let best = scores.values().copied().max().unwrap_or_default();
        let mut ranked: Vec<(Reverse<u32>, usize, Verdict)> = Vec::new();
        for (at, score) in scores {
            let Some(item) = self.items.get(at) else { continue };
            let verdict = self.people.verdict(item, &sentence.person);
            let told = self.people.told(item, &sentence.person);
            if !is_exact && !told && score < best / 100 * LEAST_SHARE {
                continue;
            }
            let share = self.share(item, sentence, &verdict, is_exact);
            ranked.push((Reverse(score * share), at, verdict));
        }
        ranked.sort_by_key(|(score, at, _)| (*score, *at));
        let hit = |(score, at, verdict): (Reverse<u32>, usize, Verdict)| {
            Some((score.0, Hit { item: self.items.get(at)?, verdict }))
        };
        ranked.into_iter().filter_map(hit).collect()
    }

    /// What of its score an item keeps in order, in percent. Where every word is held, only what was said of the person
    /// counts, not what is usual.
    fn share(&self, item: &Item, sentence: &Sentence, verdict: &Verdict, is_exact: bool) -> u32 {
        let person = &sentence.person;
        let said = person.age.is_some() || !person.situations.is_empty();
        let gives = sentence.wants.iter().any(|want| self.people.results_in(*want, item));
        let mut share = 100 + if gives { GIVES_IT } else { 0 };
        if said || !is_exact {
            share += match verdict.fit {
                Fit::Likely => MADE_FOR_HER,
                _ => u32::from(verdict.near > 0) * USUAL_FOR_HER,
            };
            share += if self.people.told(item, person) { TOLD_OF_HER } else { 0 };
        }
        let untold = !is_exact && !person.is_anybody() && self.people.lacks(item, person);
        share - if untold { NOT_TOLD } else { 0 }
    }

    /// The items that the person and the want alone speak for. Confidential ones come last: nobody asked for them.
    fn by_person(&self, sentence: &Sentence) -> Vec<(u32, Hit<'_>)> {
        let mut found: Vec<(u32, Hit<'_>)> = Vec::new();
        for item in &self.items {
            let verdict = self.people.verdict(item, &sentence.person);
            let gives = sentence.wants.iter().any(|want| self.people.gives(*want, item).is_some());
            let suits = match verdict.fit {
                Fit::Likely => LIKELY,
                Fit::Depends if verdict.open.is_empty() => BUT_FOR_AGE,
                Fit::Depends => 1,
                Fit::Open if gives && sentence.person.is_anybody() => 1,
                Fit::Open | Fit::Excluded => continue,
            };
            let points = suits + verdict.near + if gives { WANTED } else { 0 };
            let points = if item.confidential { 1 } else { points };
            found.push((points, Hit { item, verdict }));
        }
        found.sort_by_key(|(points, _)| Reverse(*points));
        found
    }
}
