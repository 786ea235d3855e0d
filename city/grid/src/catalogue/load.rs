//! Reads the files, says with file and line what is wrong in them, and puts them together.

use std::collections::{BTreeMap, BTreeSet};

use kernel::calendar::{Limit, Unit as Counted};
use kernel::language::Bilingual;
use kernel::place::Level;
use kernel::time::Date;
use toml::Spanned;

use super::code::LENGTHS;
use super::danger::{Denials, Phrase};
use super::entries::{AreaEntry, CategoryEntry, ConditionEntry, DangerEntry, File, FirstEntry, KindEntry, SetEntry};
use super::search::Index;
use super::{
    Area, Catalogue, Category, Class, Condition, Danger, Fault, First, Kind, LeftOut, Milestone, Severity, Stop,
    System, Unit,
};

pub(super) const MINUTES_OF_AN_HOUR: u32 = 60;
const MINUTES_OF_A_DAY: u32 = 24 * MINUTES_OF_AN_HOUR;
/// The most steps with limits of their own before a matter is handled: cases have a clock for each.
pub(super) const MOST_STEPS: usize = 2;

/// One file while it is read.
struct Text<'f> {
    name: &'f str,
    text: &'f str,
}

impl Text<'_> {
    fn fault(&self, at: usize, message: String, remedy: &str) -> Fault {
        let line = 1 + self.text.get(..at).unwrap_or(self.text).matches('\n').count();
        Fault { file: self.name.to_owned(), line, message, remedy: remedy.to_owned() }
    }
}

/// What is read of all files.
#[derive(Default)]
struct Gathered<'f> {
    systems: Vec<System>,
    sets: BTreeMap<String, (Vec<Condition>, bool)>,
    kinds: Vec<(Text<'f>, String, Spanned<KindEntry>)>,
    units: Vec<Unit>,
    categories: Vec<Category>,
    left_out: Vec<LeftOut>,
    areas: BTreeMap<String, Area>,
    dangers: Vec<Danger>,
    hedges: Vec<Phrase>,
    fears: Vec<Phrase>,
    denials: Denials,
    faults: Vec<Fault>,
}

/// Reads and checks all files.
pub(super) fn load(files: &[(String, String)]) -> Result<Catalogue, Vec<Fault>> {
    let mut all = Gathered::default();
    for (name, text) in files {
        all.add(name, text);
    }
    let kinds = all.finish();
    all.last_faults();
    if !all.faults.is_empty() {
        return Err(all.faults);
    }
    let by_key = kinds.iter().enumerate().map(|(at, kind)| (kind.key(), at)).collect();
    let index = Index::new(&kinds);
    let Gathered { systems, units, categories, left_out, areas, dangers, hedges, fears, denials, .. } = all;
    Ok(Catalogue { systems, kinds, by_key, units, categories, left_out, areas, dangers, hedges, fears, denials, index })
}

impl<'f> Gathered<'f> {
    fn add(&mut self, name: &'f str, text: &'f str) {
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let fault = Text { name, text }.fault(at, error.message().to_owned(), "Correct the line");
                return self.faults.push(fault);
            }
        };
        let place = || Text { name, text };
        let system = file.system.as_ref().map_or_else(String::new, |system| system.code.clone());
        if let Some(entry) = file.system {
            let classes = file.big.into_iter().map(Spanned::into_inner);
            let from: Date = entry.from.parse().unwrap_or_else(|_| {
                let message = format!("{:?} is no day from which the duty holds", entry.from);
                self.faults.push(place().fault(0, message, "Write it as 2019-01-01"));
                Date::default()
            });
            if !LENGTHS.contains(&entry.digits) {
                let message = format!("no full code of GB/T 30428 has {} digits", entry.digits);
                self.faults.push(place().fault(0, message, "Write 16 for things with a number of their own, else 10"));
            }
            self.systems.push(System {
                classes: classes.map(|big| Class { code: big.code, name: big.name }).collect(),
                first: first(entry.first),
                from,
                code: entry.code,
                name: entry.name,
                digits: entry.digits,
                provisional: entry.provisional,
                source: entry.source,
            });
        }
        for set in &file.set {
            self.set(&place(), set);
        }
        self.kinds.extend(file.kind.into_iter().map(|kind| (place(), system.clone(), kind)));
        for unit in file.unit.into_iter().map(Spanned::into_inner) {
            self.units.push(Unit {
                code: unit.code,
                name: unit.name,
                words: unit.words,
                level: unit.level,
                last: unit.last,
            });
        }
        for category in file.category {
            self.category(&place(), &category);
        }
        for area in file.area {
            self.area(&place(), &area);
        }
        for danger in file.danger {
            self.danger(&place(), &danger);
        }
        let mut read = |list: &str, words: &[String]| self.phrases(&place(), 0, list, words);
        let (hedges, fears) = (read("hedges", &file.hedges), read("fears", &file.fears));
        let (never, no_longer) = (read("denials", &file.denials), read("no_longer", &file.no_longer));
        let (doubts, persons) = (read("doubts", &file.doubts), read("persons", &file.persons));
        self.hedges.extend(hedges);
        self.fears.extend(fears);
        self.denials.extend(Denials { never, no_longer, doubts, persons });
        let left_out = file.left_out.into_iter();
        self.left_out.extend(left_out.map(|entry| LeftOut { words: entry.words, why: entry.why }));
    }

    fn set(&mut self, text: &Text<'_>, set: &Spanned<SetEntry>) {
        let (at, entry) = (set.span().start, set.get_ref());
        let conditions = self.conditions(text, at, &entry.code, &entry.condition);
        if self.sets.insert(entry.code.clone(), (conditions, entry.source.is_none())).is_some() {
            self.faults.push(text.fault(at, format!("the set {} stands twice", entry.code), "Give one another code"));
        }
    }

    fn area(&mut self, text: &Text<'_>, area: &Spanned<AreaEntry>) {
        let (at, entry) = (area.span().start, area.get_ref());
        let Some(class) = Area::parse(&entry.class) else {
            let message = format!("there is no class of areas {}", entry.class);
            return self.faults.push(text.fault(at, message, "Write core, general or other"));
        };
        for place in &entry.places {
            if self.areas.insert(place.clone(), class).is_some_and(|before| before != class) {
                let message = format!("the place {place} is in two classes of areas");
                self.faults.push(text.fault(at, message, "Name it in one of them"));
            }
        }
    }

    fn category(&mut self, text: &Text<'_>, category: &Spanned<CategoryEntry>) {
        let (at, entry) = (category.span().start, category.get_ref());
        for name in entry.services.iter().chain([&entry.name]) {
            self.translated(text, at, &entry.code, name);
        }
        self.categories.push(Category {
            code: entry.code.clone(),
            name: entry.name.clone(),
            provisional: entry.provisional,
            source: entry.source.clone(),
            services: entry.services.clone(),
        });
    }

    fn danger(&mut self, text: &Text<'_>, danger: &Spanned<DangerEntry>) {
        let (at, entry) = (danger.span().start, danger.get_ref());
        let code = &entry.code;
        self.translated(text, at, code, &entry.say);
        let words = self.phrases(text, at, code, &entry.words);
        let unless = self.phrases(text, at, code, &entry.unless);
        let stop = Stop { call: entry.call.clone(), say: entry.say.clone() };
        let danger = Danger { code: code.clone(), stop, means: entry.means.clone(), words, unless };
        let is_hidden = |word: &&String| {
            Phrase::read(word).is_some_and(|phrase| !danger.is_heard(&phrase.alone(), &[], &Denials::default()))
        };
        let mut fault = |message: String, remedy: &str| self.faults.push(text.fault(at, message, remedy));
        if self.dangers.iter().any(|each| each.code == *code) {
            fault(format!("the danger {code} stands twice"), "Give one of them another code");
        }
        if entry.call.is_empty() || !entry.call.iter().all(|number| is_number(number)) {
            fault(format!("the danger {code} has no number to call"), "Write it in digits, as in call = [\"119\"]");
        }
        if entry.words.is_empty() {
            fault(format!("the danger {code} has no words"), "Write by which words it is heard");
        }
        for word in entry.words.iter().filter(is_hidden) {
            fault(format!("{word} of {code} is never heard"), "Take out the harmless phrase that holds it");
        }
        self.dangers.push(danger);
    }

    /// Words as they are looked for in what people say.
    fn phrases(&mut self, text: &Text<'_>, at: usize, of: &str, words: &[String]) -> Vec<Phrase> {
        let mut seen = BTreeSet::new();
        let mut phrases = Vec::new();
        for word in words {
            if !seen.insert(word) {
                self.faults.push(text.fault(at, format!("{of} has the word {word} twice"), "Take one of them out"));
            }
            let Some(phrase) = Phrase::read(word) else {
                let message = format!("nobody can say the word {word:?} of {of}");
                self.faults.push(text.fault(at, message, "Write characters or English words, at most with … between"));
                continue;
            };
            phrases.push(phrase);
        }
        phrases
    }

    /// The kinds in the order of system and code, each with its conditions.
    fn finish(&mut self) -> Vec<Kind> {
        let written = std::mem::take(&mut self.kinds);
        let units: BTreeSet<String> = self.units.iter().map(|unit| unit.code.clone()).collect();
        let mut kinds: Vec<Kind> = Vec::with_capacity(written.len());
        let mut keys = BTreeSet::new();
        for (text, system, entry) in &written {
            let (at, entry) = (entry.span().start, entry.get_ref());
            self.kind_faults(text, at, system, entry, &units);
            let Some((conditions, provisional)) = self.conditions_of(text, at, entry) else { continue };
            let kind = Kind {
                system: system.clone(),
                code: entry.code.clone(),
                name: entry.name.clone(),
                words: entry.words.clone(),
                unit: entry.unit.clone(),
                first: entry.first.map(first),
                supervisor: entry.supervisor.clone(),
                conditions,
                provisional,
            };
            if !keys.insert(kind.key()) {
                let message = format!("the kind {} stands twice", kind.key());
                self.faults.push(text.fault(at, message, "Give one of them a code of its own"));
            }
            kinds.push(kind);
        }
        kinds.sort_by_cached_key(Kind::key);
        kinds
    }

    /// What is nobody else's goes to one unit at the street and one at the district.
    fn last_faults(&mut self) {
        for level in [Level::Street, Level::District] {
            let last = self.units.iter().filter(|unit| unit.last && unit.level == level).count();
            if last != 1 {
                let message = format!("{last} units of the {} get what is nobody else's", level.code());
                let text = Text { name: "units.toml", text: "" };
                self.faults.push(text.fault(
                    0,
                    message,
                    "Write `last = true` at one unit of the street and one of the district",
                ));
            }
        }
    }

    fn kind_faults(&mut self, text: &Text<'_>, at: usize, system: &str, entry: &KindEntry, units: &BTreeSet<String>) {
        self.translated(text, at, &entry.code, &entry.name);
        let class = entry.code.get(..2).unwrap_or_default();
        let known = self.systems.iter().find(|each| each.code == system);
        let label = self.left_out.iter().find(|left_out| left_out.is_in(&entry.name.zh)).map(|one| one.why.en.clone());
        let numbered = entry.code.len() == 4 && entry.code.bytes().all(|byte| byte.is_ascii_digit());
        let mut fault = |message: String, remedy: &str| self.faults.push(text.fault(at, message, remedy));
        if !numbered {
            fault(format!("the code {} has not four digits", entry.code), "Two of the big class, two of its own");
        } else if known.is_none_or(|system| system.classes.iter().all(|each| each.code != class)) {
            fault(format!("{} belongs to no big class of its file", entry.code), "Add the class as [[big]]");
        }
        if let Some(why) = label {
            fault(format!("{} is no kind of this catalogue: {why}", entry.code), "Take it out, or see left_out.toml");
        }
        if !units.contains(&entry.unit) {
            fault(format!("the unit {} is not known", entry.unit), "Add it to units.toml or name another");
        }
    }

    /// The conditions of a kind, its own before those of its set, and whether a city has still to confirm them.
    fn conditions_of(&mut self, text: &Text<'_>, at: usize, entry: &KindEntry) -> Option<(Vec<Condition>, bool)> {
        if !entry.condition.is_empty() {
            return Some((self.conditions(text, at, &entry.code, &entry.condition), false));
        }
        let found = entry.set.as_ref().and_then(|set| self.sets.get(set)).cloned();
        if found.is_none() {
            let message = format!("{} has no conditions", entry.code);
            self.faults.push(text.fault(at, message, "Name a set of sets.toml or write [[kind.condition]]"));
        }
        found
    }

    fn conditions(&mut self, text: &Text<'_>, at: usize, of: &str, entries: &[ConditionEntry]) -> Vec<Condition> {
        let mut codes = BTreeSet::new();
        let mut conditions = Vec::new();
        for entry in entries {
            if !codes.insert(&entry.code) {
                let message = format!("{of} has the condition {} twice", entry.code);
                self.faults.push(text.fault(at, message, "Give one of them another code"));
            }
            match condition(entry) {
                Ok(condition) => {
                    for words in [Some(&entry.when), Some(&entry.closes), entry.photo.as_ref()].into_iter().flatten() {
                        self.translated(text, at, of, words);
                    }
                    conditions.push(condition);
                }
                Err(why) => {
                    let message = format!("{of}, condition {}: {why}", entry.code);
                    self.faults.push(text.fault(at, message, "Correct the entry"));
                }
            }
        }
        if conditions.is_empty() && entries.is_empty() {
            self.faults.push(text.fault(at, format!("{of} has no condition"), "Write when it counts as a case"));
        }
        conditions
    }

    fn translated(&mut self, text: &Text<'_>, at: usize, of: &str, words: &Bilingual) {
        if let Some(lang) = words.missing() {
            let message = format!("a text of {of} is missing in {}", lang.pick("Chinese", "English"));
            self.faults.push(text.fault(at, message, "Write it: every text is in both languages"));
        }
    }
}

/// Whose duty comes first, as it is written.
const fn first(entry: FirstEntry) -> First {
    match entry {
        FirstEntry::Owner => First::Owner,
        FirstEntry::Territory => First::Territory,
    }
}

/// One condition, or what is wrong with it.
fn condition(entry: &ConditionEntry) -> Result<Condition, String> {
    let milestones = entry.milestones.iter().map(|each| {
        Ok::<_, String>(Milestone { code: each.code.clone(), name: each.name.clone(), limit: limit(&each.limit)? })
    });
    let severe = entry.by_severity.iter().map(|(class, words)| {
        let class = Severity::parse(class).ok_or_else(|| format!("there is no severity {class}; write A, B or C"))?;
        Ok::<_, String>((class, limit(words)?))
    });
    let areas = entry.by_area.iter().map(|(area, words)| {
        let known = Area::parse(area);
        let area = known.ok_or_else(|| format!("there is no class of areas {area}; write core, general or other"))?;
        Ok::<_, String>((area, limit(words)?))
    });
    if entry.milestones.len() > MOST_STEPS {
        return Err(format!("it has more than {MOST_STEPS} milestones"));
    }
    let stop = entry.stop.as_ref().map(|stop| Stop { call: stop.call.clone(), say: stop.say.clone() });
    if stop.as_ref().is_some_and(|stop| stop.call.is_empty() || !stop.call.iter().all(|number| is_number(number))) {
        return Err("it stops without a number to call".to_owned());
    }
    Ok(Condition {
        code: entry.code.clone(),
        when: entry.when.clone(),
        words: entry.words.clone(),
        closes: entry.closes.clone(),
        limit: limit(&entry.limit)?,
        milestones: milestones.collect::<Result<_, _>>()?,
        by_severity: severe.collect::<Result<_, _>>()?,
        by_area: areas.collect::<Result<_, _>>()?,
        daily: daily(entry)?,
        stop,
        photo: entry.photo.clone(),
    })
}

/// A limit in words that say what is counted: the catalogue leaves nothing open.
fn limit(words: &str) -> Result<Limit, String> {
    let read = Limit::from_words(words, None::<Counted>).filter(|read| read.said);
    read.map(|read| read.limit)
        .ok_or_else(|| format!("{words:?} is no limit; write it as 2紧急工作时, 4工作时, 2工作日"))
}

/// The time of day in which it counts.
fn daily(entry: &ConditionEntry) -> Result<Option<(u32, u32)>, String> {
    let read = |words: &Option<String>, otherwise: u32| {
        words.as_deref().map_or(Ok(otherwise), |words| {
            minute(words).ok_or_else(|| format!("{words:?} is no time of day; write it as 08:00"))
        })
    };
    let (from, until) = (read(&entry.from, 0)?, read(&entry.until, MINUTES_OF_A_DAY)?);
    let whole = entry.from.is_none() && entry.until.is_none();
    if from == until {
        return Err("it begins when it ends".to_owned());
    }
    Ok((!whole).then_some((from, until)))
}

/// Reads a minute of the day, written as 08:00.
pub(crate) fn minute(words: &str) -> Option<u32> {
    let (hour, minute) = words.split_once(':')?;
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute): (u32, u32) =
        (digits(hour) && digits(minute)).then(|| Some((hour.parse().ok()?, minute.parse().ok()?)))??;
    (hour < 24 && minute < MINUTES_OF_AN_HOUR).then_some(hour * MINUTES_OF_AN_HOUR + minute)
}

fn is_number(text: &str) -> bool {
    (3..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
