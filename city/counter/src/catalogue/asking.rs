//! What a sentence may say of a person, whom an item is for, and what is done elsewhere: the words are data
//! (`asking.toml`, `conditions.toml`, `elsewhere.toml`), and here is what they mean.
//!
//! Nothing of it is kept. It puts items in order and says why one of them is not for this person; it decides nothing.

use super::age::Age as AgeLimits;
use super::item::{IssuedKind, Item, Keywords};
use kernel::language::Bilingual;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The highest age that is read, in years.
pub const OLDEST: u8 = 120;

/// For whom somebody asks (亲属关系).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The name used in data and addresses, such as `mother`.
    pub code: String,
    /// What she is called: 妈妈, mother.
    pub name: Bilingual,
    /// Words that mean her.
    pub words: Keywords,
    /// How old she usually is. It orders what is found and excludes nothing.
    pub usually: Option<Age>,
    /// Whether the page for a family offers it.
    #[serde(default)]
    pub offered: bool,
}

/// Years of age, both ends counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Age {
    /// The least.
    #[serde(default)]
    pub from: u8,
    /// The most.
    #[serde(default = "oldest")]
    pub to: u8,
}

const fn oldest() -> u8 {
    OLDEST
}

impl Age {
    /// One age.
    #[must_use]
    pub const fn of(years: u8) -> Self {
        Self { from: years, to: years }
    }

    /// Whether every age of this one lies in the other.
    const fn inside(self, other: Self) -> bool {
        self.from >= other.from && self.to <= other.to
    }

    /// Whether no age of this one lies in the other.
    const fn outside(self, other: Self) -> bool {
        self.to < other.from || self.from > other.to
    }
}

/// A time of life that items are made for (年龄段).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The name used in data, such as `elder`.
    pub code: String,
    /// Who is in it: 老年人, older people.
    pub name: Bilingual,
    /// The ages.
    pub age: Age,
    /// Where the ages come from: a code of the sources.
    pub source: String,
    /// Whether somebody outside of it is told so before she applies. Without it the ages only order what is found.
    #[serde(default)]
    pub told: bool,
}

/// What somebody's life is like (情况).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// The name used in data and addresses, such as `disability`.
    pub code: String,
    /// What it is called: 有残疾.
    pub name: Bilingual,
    /// Words that mean it.
    pub words: Keywords,
}

/// What is wanted (想要什么).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Want {
    /// The name used in data, such as `money`.
    pub code: String,
    /// Words that mean it.
    pub words: Keywords,
    /// Every item that gives this.
    pub result: Option<IssuedKind>,
    /// The items that people mean by these words, the likeliest first.
    #[serde(default)]
    pub items: Vec<String>,
}

/// Whom an item is for (适用条件), as its own text says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Code of the item.
    pub item: String,
    /// The words of the item's own name, summary or guide that say so; the check looks them up there.
    pub says: String,
    /// From which age on.
    pub age_from: Option<u8>,
    /// Up to which age.
    pub age_to: Option<u8>,
    /// The time of life that it is for.
    pub stage: Option<String>,
    /// Others often apply for the person, so that the number may be theirs: a guardian, the family.
    #[serde(default)]
    pub another: bool,
    /// Situations that it takes, all of them.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What else has to be so.
    pub only_if: Option<Bilingual>,
    /// Times of life in which people usually ask for it; this excludes nobody.
    #[serde(default)]
    pub suits: Vec<String>,
}

impl Condition {
    /// The ages that the condition takes; none where age does not matter.
    pub(super) fn ages(&self, stages: &[Stage]) -> Option<Age> {
        let of_stage = self.named(stages).map(|stage| stage.age);
        if self.age_from.is_none() && self.age_to.is_none() {
            return of_stage;
        }
        let all = of_stage.unwrap_or(Age { from: 0, to: OLDEST });
        Some(Age { from: self.age_from.unwrap_or(all.from), to: self.age_to.unwrap_or(all.to) })
    }

    /// The ages that are told before somebody applies: those that the item's own words say, or those of a time of life
    /// whose ages are told. None where nobody is excluded.
    fn told(&self, stages: &[Stage]) -> Option<AgeLimits> {
        let of_stage = self.named(stages).filter(|stage| stage.told).map(|stage| stage.age);
        let from = self.age_from.or(of_stage.map(|age| age.from)).filter(|from| *from > 0);
        let to = self.age_to.or(of_stage.map(|age| age.to)).filter(|to| *to < OLDEST);
        let (from, to) = (from.map(u32::from), to.map(|last| u32::from(last) + 1));
        from.or(to).map(|_| AgeLimits { from, to, another: self.another })
    }

    fn named<'s>(&self, stages: &'s [Stage]) -> Option<&'s Stage> {
        stages.iter().find(|stage| Some(&stage.code) == self.stage.as_ref())
    }
}

/// What people ask any counter for and somebody else does (不在这里办的事).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// The name used in data, such as `identity_card`.
    pub code: String,
    /// What it is: 居民身份证.
    pub name: Bilingual,
    /// Who does it and how one gets there, in a sentence.
    pub go: Bilingual,
    /// A number that is the same in the whole country; empty where there is none.
    #[serde(default)]
    pub telephone: String,
    /// Somebody is in danger: it is said before everything else.
    #[serde(default)]
    pub urgent: bool,
    /// Words by which people ask for it.
    pub words: Keywords,
}

/// What a sentence, or a few choices, say of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The code of the relation.
    pub relation: Option<String>,
    /// Her age.
    pub age: Option<Age>,
    /// Codes of her situations.
    pub situations: BTreeSet<String>,
}

impl Person {
    /// Whether nothing is known that tells one person from another.
    #[must_use]
    pub fn is_anybody(&self) -> bool {
        self.age.is_none() && self.situations.is_empty() && self.relation.as_deref().is_none_or(|code| code == MYSELF)
    }
}

/// The relation of whoever asks to herself.
pub const MYSELF: &str = "self";

/// How an item suits a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// Her age excludes her.
    Excluded,
    /// Nothing that is known speaks for or against it.
    Open,
    /// It is made for people like her, if something more is so.
    Depends,
    /// It is made for people like her.
    Likely,
}

/// How an item suits a person, with what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it suits.
    pub fit: Fit,
    /// The ages that it takes, where they exclude her or may do so.
    pub ages: Option<Age>,
    /// The time of life that it is for, where only that excludes her.
    pub stage: Option<Bilingual>,
    /// What else has to be so and was not told.
    pub open: Vec<Bilingual>,
    /// How near it is to her, for the order.
    pub(super) near: u32,
}

/// The words of `asking.toml` and `conditions.toml`.
#[derive(Clone, Debug, Default)]
pub struct People {
    pub(super) relations: Vec<Relation>,
    pub(super) stages: Vec<Stage>,
    pub(super) situations: Vec<Situation>,
    pub(super) wants: Vec<Want>,
    pub(super) conditions: BTreeMap<String, Condition>,
}

/// The order among items: what a told situation is worth, and what age is.
const TOLD: u32 = 200;
const NEAREST: u32 = 120;
const SUITED: u32 = 60;

impl People {
    /// The relations, in the order of the file.
    pub fn relations(&self) -> std::slice::Iter<'_, Relation> {
        self.relations.iter()
    }

    /// The relation of that code.
    #[must_use]
    pub fn relation(&self, code: &str) -> Option<&Relation> {
        self.relations.iter().find(|relation| relation.code == code)
    }

    /// The situations, in the order of the file.
    pub fn situations(&self) -> std::slice::Iter<'_, Situation> {
        self.situations.iter()
    }

    /// The condition of an item.
    #[must_use]
    pub fn condition(&self, item: &str) -> Option<&Condition> {
        self.conditions.get(item)
    }

    /// The ages that are told before somebody applies, by item.
    pub(super) fn told_ages(&self) -> BTreeMap<String, AgeLimits> {
        let told = |condition: &Condition| Some((condition.item.clone(), condition.told(&self.stages)?));
        self.conditions.values().filter_map(told).collect()
    }

    /// How an item suits a person.
    #[must_use]
    pub fn verdict(&self, item: &Item, person: &Person) -> Verdict {
        let nothing = Verdict { fit: Fit::Open, ages: None, stage: None, open: Vec::new(), near: 0 };
        let Some(condition) = self.conditions.get(&item.code) else { return nothing };
        let ages = condition.ages(&self.stages);
        if let (Some(age), Some(ages)) = (person.age, ages)
            && age.outside(ages)
        {
            let bare = condition.age_from.is_none() && condition.age_to.is_none();
            let stage = self.stage(condition.stage.as_deref().filter(|_| bare));
            let ages = Some(ages).filter(|_| stage.is_none());
            return Verdict { fit: Fit::Excluded, ages, stage: stage.map(|stage| stage.name.clone()), ..nothing };
        }
        let told = condition.needs.iter().filter(|need| person.situations.contains(*need)).count();
        let near = self.nearness(condition, ages, person);
        let mut open: Vec<Bilingual> = self.missing(condition, person).collect();
        open.extend(condition.only_if.clone());
        let doubtful = ages.filter(|ages| self.years(person).is_some_and(|(age, _)| !age.inside(*ages)));
        let fit = match (near > 0 || told > 0, open.is_empty() && doubtful.is_none()) {
            (false, _) => Fit::Open,
            (true, true) => Fit::Likely,
            (true, false) => Fit::Depends,
        };
        let told = u32::try_from(told).unwrap_or_default();
        Verdict { fit, open, ages: doubtful, near: near + told * TOLD, ..nothing }
    }

    fn stage(&self, code: Option<&str>) -> Option<&Stage> {
        self.stages.iter().find(|stage| Some(stage.code.as_str()) == code)
    }

    fn missing(&self, condition: &Condition, person: &Person) -> impl Iterator<Item = Bilingual> {
        let missing = condition.needs.iter().filter(|need| !person.situations.contains(*need));
        missing.filter_map(|need| self.situations.iter().find(|one| one.code == *need).map(|one| one.name.clone()))
    }

    /// Her age, or else how old somebody of that relation usually is, with the share for which it counts.
    fn years(&self, person: &Person) -> Option<(Age, u32)> {
        let usual = || Some((self.relation(person.relation.as_deref()?)?.usually?, 2));
        person.age.map(|age| (age, 1)).or_else(usual)
    }

    /// How near the ages of an item are to hers: an item from 80 is nearer to somebody of 85 than one from 60.
    fn nearness(&self, condition: &Condition, ages: Option<Age>, person: &Person) -> u32 {
        let Some((age, share)) = self.years(person) else { return 0 };
        let suited = condition.suits.iter().filter_map(|code| self.stage(Some(code)));
        let suited = suited.map(|stage| stage.age).any(|stage| age.inside(stage));
        let by_age = ages.filter(|ages| !age.outside(*ages)).map(|ages| {
            let apart = age.from.abs_diff(ages.from).min(age.to.abs_diff(ages.to));
            let below = if ages.from == 0 { apart } else { age.from.abs_diff(ages.from) };
            NEAREST - u32::from(below).min(NEAREST - 1)
        });
        by_age.unwrap_or(if suited { SUITED } else { 0 }) / share
    }

    /// Whether an item takes a situation that was told of the person.
    pub(super) fn told(&self, item: &Item, person: &Person) -> bool {
        self.needs(item).any(|need| person.situations.contains(need))
    }

    /// Whether an item takes situations, and none of them was told of the person.
    pub(super) fn lacks(&self, item: &Item, person: &Person) -> bool {
        self.needs(item).next().is_some() && !self.told(item, person)
    }

    fn needs(&self, item: &Item) -> impl Iterator<Item = &String> {
        self.conditions.get(&item.code).into_iter().flat_map(|condition| &condition.needs)
    }

    /// Whether what is wanted is the kind of thing that an item gives.
    pub(super) fn results_in(&self, want: usize, item: &Item) -> bool {
        self.wants.get(want).is_some_and(|want| want.result == Some(item.result.kind))
    }

    /// Whether an item gives what is wanted, and how surely: the place among the items of the want counts.
    pub(super) fn gives(&self, want: usize, item: &Item) -> Option<usize> {
        let want = self.wants.get(want)?;
        let named = want.items.iter().position(|code| *code == item.code);
        named.or_else(|| (want.result == Some(item.result.kind)).then_some(want.items.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::catalogue;

    fn person(age: Option<Age>, relation: &str, situations: &[&str]) -> Person {
        Person {
            relation: Some(relation.to_owned()).filter(|code| !code.is_empty()),
            age,
            situations: situations.iter().map(|code| (*code).to_owned()).collect(),
        }
    }

    #[test]
    fn an_item_suits_by_age_and_situation() {
        let catalogue = catalogue();
        let table = [
            ("MZ-11", person(Some(Age::of(85)), "mother", &[]), Fit::Likely),
            ("MZ-11", person(Some(Age::of(80)), "", &[]), Fit::Likely),
            ("MZ-11", person(Some(Age::of(79)), "", &[]), Fit::Excluded),
            ("MZ-11", person(Some(Age { from: 60, to: 79 }), "", &[]), Fit::Excluded),
            ("MZ-11", person(None, "mother", &[]), Fit::Depends),
            ("MZ-11", person(None, "child", &[]), Fit::Open),
            ("MZ-15", person(Some(Age::of(28)), "self", &[]), Fit::Excluded),
            ("MZ-15", person(Some(Age::of(8)), "child", &[]), Fit::Depends),
            ("MZ-19", person(None, "sibling", &["disability"]), Fit::Depends),
            ("MZ-19", person(None, "sibling", &["disability", "hardship"]), Fit::Likely),
            ("RS-02", person(Some(Age::of(85)), "", &[]), Fit::Excluded),
            ("RS-02", person(Some(Age::of(40)), "", &["jobless"]), Fit::Likely),
            ("RS-35", person(Some(Age::of(40)), "", &[]), Fit::Open),
        ];
        for (code, person, fit) in table {
            let item = catalogue.get(code).unwrap();
            assert_eq!(catalogue.people().verdict(item, &person).fit, fit, "{code} {person:?}");
        }
    }

    #[test]
    fn ages_are_told_as_the_words_of_the_item_or_its_time_of_life_say() {
        let catalogue = catalogue();
        for (code, from, to, another) in [
            ("MZ-11", Some(80), None, false),
            ("MZ-12", Some(60), None, true),
            ("MZ-13", Some(60), None, true),
            ("MZ-15", None, Some(18), true),
            ("MZ-21", Some(60), None, true),
            ("RS-23", Some(16), None, false),
            ("RS-25", Some(60), None, false),
            ("WJ-04", Some(60), None, false),
            ("WJ-11", None, Some(18), true),
            ("CL-08", None, Some(18), true),
        ] {
            assert_eq!(catalogue.age(code), Some(&AgeLimits { from, to, another }), "{code}");
        }
        // People of working age are found first; an item that names no age tells nobody that she is too old.
        for code in ["MZ-01", "RS-01", "RS-02", "GH-04"] {
            assert_eq!(catalogue.age(code), None, "{code}");
        }
        let condition = |text: &str| toml::from_str::<Condition>(&format!("item = 'X'\nsays = 'x'\n{text}")).unwrap();
        let stages = &catalogue.people().stages;
        for (text, expected) in [
            ("age_from = 16\nage_to = 59", Some((Some(16), Some(60)))),
            ("stage = 'elder'\nage_from = 80", Some((Some(80), None))),
            ("stage = 'working'\nage_from = 18", Some((Some(18), None))),
            ("stage = 'child'", Some((None, Some(18)))),
            ("age_from = 0\nage_to = 120", None),
            ("suits = ['elder']", None),
        ] {
            let told = condition(text).told(stages).map(|age| (age.from, age.to));
            assert_eq!(told, expected, "{text}");
        }
    }

    #[test]
    fn what_excludes_and_what_is_open_is_named() {
        let catalogue = catalogue();
        let verdict = |code: &str, person: &Person| catalogue.people().verdict(catalogue.get(code).unwrap(), person);
        let young = person(Some(Age::of(28)), "self", &[]);
        assert_eq!(verdict("MZ-11", &young).ages.map(|ages| ages.from), Some(80));
        let old = verdict("RS-02", &person(Some(Age::of(85)), "", &[]));
        assert!(old.ages.is_none() && old.stage.is_some(), "{old:?}");
        let open = verdict("MZ-12", &person(Some(Age::of(85)), "mother", &[])).open;
        assert_eq!(open.len(), 1, "{open:?}");
    }
}
