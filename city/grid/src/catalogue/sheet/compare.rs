//! What a sheet would change against the catalogue in force, and the sheet as a file of the catalogue.
//!
//! A sheet has no column for everything that the catalogue knows. What it has no column for stays where the wording
//! stays: the words by which a kind is found, the English text, whom to call first, what a photo must show, the time of
//! day, and steps before the limit.

use std::collections::{BTreeMap, BTreeSet};

use hall::Fault;
use kernel::language::Bilingual;
use tables::folded;

use super::limits::{Limits, milestones, said};
use super::rows::Said;
use super::{Field, Removed, Verdict};
use crate::catalogue::entries::{
    BigEntry, ConditionEntry, FirstEntry, KindEntry, MilestoneEntry, StopEntry, SystemEntry, Written,
};
use crate::catalogue::load::MINUTES_OF_AN_HOUR;
use crate::catalogue::{Catalogue, Condition, First, Kind, System, UNCLEAR};

/// One system of codes of a sheet beside the catalogue in force.
pub(super) struct Beside<'c> {
    pub catalogue: &'c Catalogue,
    pub system: &'c System,
    /// The English of every Chinese text of the catalogue.
    english: BTreeMap<&'c str, &'c str>,
    /// Texts of the sheet that have no English.
    pub untranslated: BTreeSet<String>,
}

impl<'c> Beside<'c> {
    pub fn new(catalogue: &'c Catalogue, system: &'c System) -> Self {
        let classes = catalogue.systems().iter().flat_map(|system| &system.classes).map(|class| &class.name);
        let names = catalogue.kinds().iter().map(|kind| &kind.name);
        let conditions = catalogue.kinds().iter().flat_map(|kind| &kind.conditions);
        let told = conditions
            .flat_map(|one| [&one.when, &one.closes].into_iter().chain(one.milestones.iter().map(|step| &step.name)));
        let texts = classes.chain(names).chain(told).filter(|text| text.zh != text.en);
        let english = texts.map(|text| (text.zh.as_str(), text.en.as_str())).collect();
        Self { catalogue, system, english, untranslated: BTreeSet::new() }
    }

    /// What a row would do.
    pub fn verdict(&self, row: &Said) -> Verdict {
        let Some(kind) = self.kind(&row.code) else { return Verdict::NewKind };
        let Some(condition) = worded(kind, &row.when) else { return Verdict::NewCondition };
        let class = self.system.classes.iter().find(|class| class.code == row.big);
        let steps: Vec<_> = condition.milestones.iter().map(|step| (step.name.zh.clone(), step.limit)).collect();
        let limits = &row.limits;
        let same_steps = limits.steps.is_empty() || limits.steps == steps;
        let same_limits = limits.usual == condition.limit
            && limits.by_severity == condition.by_severity
            && limits.by_area == condition.by_area
            && same_steps;
        let changed = [
            (Field::BigName, class.is_some_and(|class| class.name.zh == row.big_name)),
            (Field::Name, kind.name.zh == row.name),
            (Field::Unit, kind.unit == row.unit),
            (Field::Supervisor, kind.supervisor == row.supervisor),
            (Field::Closes, condition.closes.zh == row.closes),
            (Field::Limit, same_limits),
        ];
        let changed: Vec<Field> = changed.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect();
        if changed.is_empty() { Verdict::Same } else { Verdict::Changed(changed) }
    }

    /// The condition of those who cannot say what it is, where the sheet has it not: whatever a city takes away, nobody
    /// is left without a choice.
    pub fn always(&self, rows: &[Said]) -> Option<Said> {
        let (kind, condition) =
            self.catalogue.condition(UNCLEAR).filter(|(kind, _)| kind.system == self.system.code)?;
        let has = |row: &Said| row.code == kind.code && worded(kind, &row.when) == Some(condition);
        let big = kind.class();
        let class = self.system.classes.iter().find(|class| class.code == big)?;
        (!rows.iter().any(has)).then(|| Said {
            big: big.to_owned(),
            big_name: class.name.zh.clone(),
            code: kind.code.clone(),
            name: kind.name.zh.clone(),
            unit: kind.unit.clone(),
            supervisor: kind.supervisor.clone(),
            when: condition.when.zh.clone(),
            closes: condition.closes.zh.clone(),
            limits: Limits {
                usual: condition.limit,
                steps: Vec::new(),
                by_severity: condition.by_severity.clone(),
                by_area: condition.by_area.clone(),
            },
        })
    }

    /// What is in force and not in the sheet.
    pub fn removed(&self, rows: &[Said]) -> Vec<Removed> {
        let kinds = self.catalogue.kinds().iter().filter(|kind| kind.system == self.system.code);
        kinds.flat_map(|kind| gone(kind, rows)).collect()
    }

    /// The sheet as a file of the catalogue. `taken` says which codes conditions of a kind ever had.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn written(
        &mut self,
        rows: &[Said],
        document: &str,
        taken: &dyn Fn(&str) -> BTreeSet<String>,
    ) -> Result<String, Fault> {
        let mut big: BTreeMap<&str, &str> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
        for row in rows {
            big.entry(&row.big).or_insert(&row.big_name);
            kinds.entry(&row.code).or_default().push(row);
        }
        let big = big.into_iter().map(|(code, name)| BigEntry { code: code.to_owned(), name: self.translated(name) });
        let big = big.collect();
        let kind = kinds.into_values().map(|rows| self.kind_entry(&rows, taken)).collect();
        let system = SystemEntry {
            code: self.system.code.clone(),
            name: self.system.name.clone(),
            digits: self.system.digits,
            first: entry_of(self.system.first),
            from: self.system.from.to_string(),
            provisional: false,
            source: Bilingual::new(document, document),
        };
        Written { system, big, kind }.text()
    }

    fn kind_entry(&mut self, rows: &[&Said], taken: &dyn Fn(&str) -> BTreeSet<String>) -> KindEntry {
        let (code, name, unit, supervisor) = rows.first().map_or_else(Default::default, |row| {
            (row.code.clone(), row.name.clone(), row.unit.clone(), row.supervisor.clone())
        });
        let known = self.kind(&code);
        let named = self.catalogue.kinds().iter().find(|kind| kind.system == self.system.code && kind.name.zh == name);
        let mut taken = taken(&format!("{}/{code}", self.system.code));
        let mut condition = Vec::with_capacity(rows.len());
        for row in rows {
            let kept = known.and_then(|kind| worded(kind, &row.when));
            let code = kept.map_or_else(|| free(&mut taken), |condition| condition.code.clone());
            let like = kept.or_else(|| named.and_then(|kind| worded(kind, &row.when)));
            condition.push(self.condition_entry(row, code, like));
        }
        let words = named.map(|kind| kind.words.clone()).unwrap_or_default();
        let name = self.translated_like(&name, named.map(|kind| &kind.name));
        let first = known.and_then(|kind| kind.first).map(entry_of);
        KindEntry { code, name, unit, first, supervisor, set: None, words, condition }
    }

    fn condition_entry(&mut self, row: &Said, code: String, like: Option<&Condition>) -> ConditionEntry {
        let limits = &row.limits;
        let kept = || {
            like.iter().flat_map(|one| &one.milestones).map(|step| MilestoneEntry {
                code: step.code.clone(),
                name: step.name.clone(),
                limit: said(step.limit).zh,
            })
        };
        let steps = if limits.steps.is_empty() {
            kept().collect()
        } else {
            milestones(&limits.steps, &mut |name| self.translated(name))
        };
        let daily = like.and_then(|one| one.daily);
        ConditionEntry {
            code,
            when: self.translated_like(&row.when, like.map(|one| &one.when)),
            words: like.map(|one| one.words.clone()).unwrap_or_default(),
            closes: self.translated_like(&row.closes, like.map(|one| &one.closes)),
            limit: said(limits.usual).zh,
            milestones: steps,
            by_severity: limits
                .by_severity
                .iter()
                .map(|(class, limit)| (class.code().into(), said(*limit).zh))
                .collect(),
            by_area: limits.by_area.iter().map(|(class, limit)| (class.code().into(), said(*limit).zh)).collect(),
            from: daily.map(|(from, _)| clock(from)),
            until: daily.filter(|(_, until)| *until < 24 * MINUTES_OF_AN_HOUR).map(|(_, until)| clock(until)),
            stop: like
                .and_then(|one| one.stop.as_ref())
                .map(|stop| StopEntry { call: stop.call.clone(), say: stop.say.clone() }),
            photo: like.and_then(|one| one.photo.clone()),
        }
    }

    fn kind(&self, code: &str) -> Option<&'c Kind> {
        self.catalogue.kind(&format!("{}/{code}", self.system.code))
    }

    /// The text that is there where it says the same, else as [`Beside::translated`].
    fn translated_like(&mut self, text: &str, like: Option<&Bilingual>) -> Bilingual {
        like.filter(|like| like.zh == text).cloned().unwrap_or_else(|| self.translated(text))
    }

    /// A text in both languages: the English of the catalogue where it has the same Chinese text, else the Chinese.
    fn translated(&mut self, text: &str) -> Bilingual {
        let english = self.english.get(text).copied();
        if english.is_none() {
            self.untranslated.insert(text.to_owned());
        }
        Bilingual::new(text, english.unwrap_or(text))
    }
}

/// The condition of a kind that is worded so.
fn worded<'k>(kind: &'k Kind, when: &str) -> Option<&'k Condition> {
    let asked = folded(when);
    kind.conditions.iter().find(|condition| folded(&condition.when.zh) == asked)
}

/// A kind that the sheet does not name, or those of its conditions that it does not.
fn gone(kind: &Kind, rows: &[Said]) -> Vec<Removed> {
    let of_kind: Vec<&Said> = rows.iter().filter(|row| row.code == kind.code).collect();
    let calls = |conditions: &[&Condition]| conditions.iter().any(|condition| condition.stop.is_some());
    let is_gone = |one: &&Condition| of_kind.iter().all(|row| folded(&row.when) != folded(&one.when.zh));
    let lost: Vec<&Condition> = kind.conditions.iter().filter(is_gone).collect();
    let removed = |when: Option<&Condition>, calls_first| Removed {
        key: kind.key(),
        name: kind.name.clone(),
        when: when.map(|condition| condition.when.clone()),
        calls_first,
    };
    if of_kind.is_empty() {
        return vec![removed(None, calls(&lost))];
    }
    lost.into_iter().map(|condition| removed(Some(condition), condition.stop.is_some())).collect()
}

/// The next code that no condition of the kind ever had.
fn free(taken: &mut BTreeSet<String>) -> String {
    let code =
        (1..=taken.len() + 1).map(|number| format!("c{number}")).find(|code| !taken.contains(code)).unwrap_or_default();
    taken.insert(code.clone());
    code
}

fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / MINUTES_OF_AN_HOUR, minute % MINUTES_OF_AN_HOUR)
}

/// Whose duty it is at first, as a file says it.
const fn entry_of(first: First) -> FirstEntry {
    match first {
        First::Owner => FirstEntry::Owner,
        First::Territory => FirstEntry::Territory,
    }
}
