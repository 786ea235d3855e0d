//! The catalogue of the grid (网格事项目录): what can be wrong in the street and what neighbours need, when it counts
//! as a case, by when it is handled, and what shows that it is done.
//!
//! It is data (`data/catalogue/grid`), a city edits it there. A code stands for nothing without its system of codes,
//! because published tables number alike things differently; a kind is therefore named `event/0102`, and one of its
//! conditions `event/0102/heap`. This room is pure: the files come in as texts.

mod check;
mod code;
mod danger;
mod editions;
mod entries;
mod load;
mod search;
pub mod sheet;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use kernel::calendar::Limit;
use kernel::language::Bilingual;
use kernel::place::Level;
use kernel::time::Date;

pub use check::Report;
pub use danger::Danger;
pub use editions::{Edition, Editions, Released};
pub use kernel::fault::Fault;
pub(crate) use load::minute;

/// The condition for whoever cannot say what it is (说不清，请社区看): the community looks. No sheet of a city takes it
/// away.
pub const UNCLEAR: &str = "service/0399/look";

/// A system of codes (编码体系) with the kinds that it numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// Its name in keys: `component`, `event`, `service`.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// How many digits a full code has: 16 for a component, which carries a number of its own, 10 for an event.
    pub digits: u32,
    /// Whose duty a matter of it is at first.
    pub first: First,
    /// The day from which that holds; before it everything was the duty of the street.
    pub from: Date,
    /// Whether the city has still to confirm its names.
    pub provisional: bool,
    /// Where it comes from.
    pub source: Bilingual,
    /// Its big classes (大类), in the order of the file.
    pub classes: Vec<Class>,
}

/// Whose duty a matter is at first (属主、属地); the other comes second, the street last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// The owner of the thing: components.
    Owner,
    /// The street where it is: events.
    Territory,
}

/// A big class (大类).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Two digits.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
}

/// A small class (小类): what can be reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The code of its system.
    pub system: String,
    /// Four digits: two of the big class, two of its own.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// Everyday words by which it is found.
    pub words: Vec<String>,
    /// The unit whose duty it is (处置单位), a code of the catalogue's units: the owner of the thing, or whose trade it
    /// is.
    pub unit: String,
    /// Whose duty it is at first, where that differs from its system.
    pub first: Option<First>,
    /// The unit that watches over it (主管部门), in the words of the city; may be empty.
    pub supervisor: String,
    /// When it counts as a case. There is one at least.
    pub conditions: Vec<Condition>,
    /// Whether the city has still to confirm its conditions.
    pub provisional: bool,
}

impl Kind {
    /// The key: `event/0102`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.system, self.code)
    }

    /// The code of its big class.
    #[must_use]
    pub fn class(&self) -> &str {
        self.code.get(..2).unwrap_or_default()
    }
}

/// When a kind counts as a case (立案条件), by when it is handled, and what closes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its name in keys.
    pub code: String,
    /// What must be there for it.
    pub when: Bilingual,
    /// Everyday words for it, by which it comes before the other conditions of its kind.
    pub words: Vec<String>,
    /// What shows that it is done (结案条件).
    pub closes: Bilingual,
    /// The limit of handling (处置时限).
    pub limit: Limit,
    /// What must happen before that, each with its own limit, in order of time.
    pub milestones: Vec<Milestone>,
    /// Other limits by severity (A urgent, B major, C ordinary).
    pub by_severity: BTreeMap<Severity, Limit>,
    /// Other limits by the class of the area.
    pub by_area: BTreeMap<Area, Limit>,
    /// The time of day in which it counts, in minutes from midnight: from the first up to the second. It may reach over
    /// midnight.
    pub daily: Option<(u32, u32)>,
    /// Whom to call first where life is in danger.
    pub stop: Option<Stop>,
    /// What a photo must show.
    pub photo: Option<Bilingual>,
}

impl Condition {
    /// The limit in an area of that class and of that severity. Severity goes before the area, both before the usual.
    #[must_use]
    pub fn limit_at(&self, severity: Option<Severity>, area: Option<Area>) -> Limit {
        let severe = severity.and_then(|severity| self.by_severity.get(&severity));
        let there = || area.and_then(|area| self.by_area.get(&area));
        severe.or_else(there).copied().unwrap_or(self.limit)
    }

    /// Whether it counts at that minute of the day.
    #[must_use]
    pub fn counts_at(&self, minute: u32) -> bool {
        self.daily.is_none_or(|(from, until)| {
            if from < until { (from..until).contains(&minute) } else { minute >= from || minute < until }
        })
    }
}

/// A step of handling with its own limit (one case, several limits).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// The name of the clock: `stop`, `fine`.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// By when.
    pub limit: Limit,
}

/// Why a report stops for a moment: life may be in danger, and a call comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The numbers to call, the first one first.
    pub call: Vec<String>,
    /// What to do.
    pub say: Bilingual,
}

/// How severe a matter is (严重程度).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A 紧急.
    Urgent,
    /// B 重大.
    Major,
    /// C 一般.
    Ordinary,
}

impl Severity {
    /// All, the most severe first.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Major, Self::Ordinary];

    /// The name used in data: `A`, `B`, `C`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Urgent => "A",
            Self::Major => "B",
            Self::Ordinary => "C",
        }
    }

    /// Reads the name that [`Severity::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// The class of an area (区域类别), by which some limits differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The core (核心区域).
    Core,
    /// General (一般区域).
    General,
    /// Any other (其他区域).
    Other,
}

impl Area {
    /// All.
    pub const ALL: [Self; 3] = [Self::Core, Self::General, Self::Other];

    /// The name used in data: `core`, `general`, `other`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::General => "general",
            Self::Other => "other",
        }
    }

    /// Reads the name that [`Area::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.code() == code)
    }
}

/// A unit whose duty kinds are (处置单位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The name used in data and as the department of an office.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// Other words for it in the tables of the city.
    pub words: Vec<String>,
    /// The level at which it has an office: the district where nothing is said.
    pub level: Level,
    /// Whether it gets what is nobody else's (兜底): one unit at the street and one at the district do.
    pub last: bool,
}

/// One of the eight categories of the grid's work (八类), with its services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The name used in data.
    pub code: String,
    /// What people call it.
    pub name: Bilingual,
    /// Whether the city has still to confirm it.
    pub provisional: bool,
    /// Where the names of its services come from; none where the city has still to confirm them.
    pub source: Option<Bilingual>,
    /// Its services, in the order of the file.
    pub services: Vec<Bilingual>,
}

/// Words of kinds that are not taken, because they label opinions, faith or people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The words.
    pub words: Vec<String>,
    /// Why such a kind is left out.
    pub why: Bilingual,
}

impl LeftOut {
    /// Whether one of its words is in a text.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        self.words.iter().any(|word| text.contains(word.as_str()))
    }
}

/// The catalogue of the grid, checked and indexed.
#[derive(Clone, Debug)]
pub struct Catalogue {
    systems: Vec<System>,
    kinds: Vec<Kind>,
    by_key: BTreeMap<String, usize>,
    units: Vec<Unit>,
    categories: Vec<Category>,
    left_out: Vec<LeftOut>,
    areas: BTreeMap<String, Area>,
    dangers: Vec<Danger>,
    /// What says before a word of danger that it has not happened.
    hedges: Vec<danger::Phrase>,
    /// What says before a word of danger that it is feared.
    fears: Vec<danger::Phrase>,
    /// What says directly before a word of danger that it is not so.
    denials: danger::Denials,
    index: search::Index,
}

impl Catalogue {
    /// Reads the catalogue from its files, each as (name, text).
    ///
    /// # Errors
    /// Every fault found, with file, line and remedy.
    pub fn load(files: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        load::load(files)
    }

    /// Its systems of codes.
    #[must_use]
    pub fn systems(&self) -> &[System] {
        &self.systems
    }

    /// All kinds, by system and code.
    #[must_use]
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The system of that code.
    #[must_use]
    pub fn system(&self, code: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.code == code)
    }

    /// The kind of that key (`event/0102`), or of which a condition has that key (`event/0102/heap`).
    #[must_use]
    pub fn kind(&self, key: &str) -> Option<&Kind> {
        let kind = key.match_indices('/').nth(1).map_or(Some(key), |(at, _)| key.get(..at))?;
        self.by_key.get(kind).and_then(|at| self.kinds.get(*at))
    }

    /// The condition of that key.
    #[must_use]
    pub fn condition(&self, key: &str) -> Option<(&Kind, &Condition)> {
        let (_, code) = key.rsplit_once('/')?;
        let kind = self.kind(key)?;
        let condition = kind.conditions.iter().find(|condition| condition.code == code)?;
        (key == format!("{}/{code}", kind.key())).then_some((kind, condition))
    }

    /// The unit of that code.
    #[must_use]
    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.code == code)
    }

    /// The unit at that level, the street or the district, which gets what is nobody else's.
    #[must_use]
    pub fn last(&self, level: Level) -> Option<&Unit> {
        self.units.iter().find(|unit| unit.last && unit.level == level)
    }

    /// The unit that a table of the city names: by its code, its name in either language, or another word for it.
    #[must_use]
    pub fn unit_named(&self, words: &str) -> Option<&Unit> {
        let asked = tables::folded(words);
        let is_it = |name: &String| tables::folded(name) == asked;
        let names = |unit: &&Unit| [&unit.code, &unit.name.zh, &unit.name.en].into_iter().any(is_it);
        self.units.iter().find(names).or_else(|| self.units.iter().find(|unit| unit.words.iter().any(is_it)))
    }

    /// The class of the area in which a place lies: that of the first of these codes that the city named, so the codes
    /// come from the place upwards. None where the city named none.
    #[must_use]
    pub fn area_of<'p>(&self, codes: impl IntoIterator<Item = &'p str>) -> Option<Area> {
        codes.into_iter().find_map(|code| self.areas.get(code)).copied()
    }

    /// Why a kind with these words is left out, if it is.
    #[must_use]
    pub fn leaves_out(&self, words: &str) -> Option<&LeftOut> {
        self.left_out.iter().find(|one| one.is_in(words))
    }

    /// The units, in the order of the file.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The categories of the grid's work.
    #[must_use]
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// The dangers to life that are heard in what somebody said, in the order of the file.
    #[must_use]
    pub fn heard(&self, said: &str) -> Vec<&Danger> {
        let said = danger::read(said);
        self.dangers.iter().filter(|danger| danger.is_heard(&said, &self.hedges, &self.denials)).collect()
    }

    /// The danger to life that data call so; none where the file has no such one any more.
    #[must_use]
    pub fn danger(&self, code: &str) -> Option<&Danger> {
        self.dangers.iter().find(|danger| danger.code == code)
    }

    /// Whether a danger to life is heard that is not only feared.
    #[must_use]
    pub fn is_dangerous(&self, said: &str) -> bool {
        !self.told_apart(said).0.is_empty()
    }

    /// The dangers that are heard: those that are there, and those that are only feared.
    fn told_apart(&self, said: &str) -> (Vec<&Danger>, Vec<&Danger>) {
        let parts = danger::read(said);
        self.heard(said).into_iter().partition(|danger| danger.is_heard(&parts, &self.fears, &self.denials))
    }

    /// The kinds that answer to words or a whole sentence, the best first, at most so many. Those that a danger means
    /// come first, and then only those of which a word was said; before them the one that was said and has a condition
    /// of the same danger (路灯的电线露在外面). Where a danger is only feared (怕有人掉下去), the best of those that
    /// were said comes before it.
    #[must_use]
    pub fn search(&self, words: &str, most: usize) -> Vec<&Kind> {
        let (happened, feared) = self.told_apart(words);
        let means = |dangers: Vec<&Danger>| -> Vec<usize> {
            let keys = dangers.into_iter().flat_map(|danger| &danger.means);
            keys.filter_map(|key| self.by_key.get(key).copied()).collect()
        };
        let is_danger = !happened.is_empty() || !feared.is_empty();
        let best = self.index.search(words, most).into_iter();
        let said: Vec<usize> = best.filter(|at| !is_danger || self.index.is_said(*at, words)).collect();
        let has_it = |at: &&usize| self.kinds.get(**at).is_some_and(|kind| self.has_one_of(kind, &happened));
        let (own, first) = (said.iter().find(has_it).copied(), said.first().copied());
        let (happened, feared) = (means(happened), means(feared));
        let mut found: Vec<usize> = Vec::new();
        for at in own.into_iter().chain(happened).chain(first).chain(feared).chain(said) {
            if !found.contains(&at) {
                found.push(at);
            }
        }
        found.into_iter().take(most).filter_map(|at| self.kinds.get(at)).collect()
    }

    /// Whether a condition of a kind is one of these dangers.
    fn has_one_of(&self, kind: &Kind, dangers: &[&Danger]) -> bool {
        let speaks = |condition: &Condition| {
            let when = danger::read(&condition.when.zh);
            dangers.iter().any(|danger| danger.is_heard(&when, &self.hedges, &self.denials))
        };
        kind.conditions.iter().any(speaks)
    }

    /// How many of everything there are, as lines of text.
    #[must_use]
    pub fn report(&self) -> Report<'_> {
        Report::new(self)
    }
}
