//! The catalogue from day to day: the city's files first, then each sheet of its own from the day on which it holds.
//!
//! Every edition stays in memory, because a case keeps the condition under which it was opened.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Mutex, OnceLock, PoisonError};

use kernel::time::Date;

use super::entries::system_of;
use super::{Catalogue, Condition, Fault, Kind};

/// What divides the key of a kind from the number of the edition in which it is looked up.
const IN_EDITION: char = '@';

/// A sheet that was put in force: one system of codes as a file of the catalogue, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The number of the edition that begins with it, from 1.
    pub number: i64,
    /// The system of codes whose place it takes.
    pub system: String,
    /// The file.
    pub text: String,
    /// The first day on which it holds.
    pub from: Date,
}

/// The catalogue as it was, or is, from a day on.
#[derive(Debug)]
pub struct Edition {
    /// Its number: 0 for the files alone.
    pub number: i64,
    /// Everything that can be reported under it.
    pub catalogue: Catalogue,
    next: OnceLock<Box<Self>>,
}

/// All editions that ever held. Whoever asks it like a catalogue asks the one of today.
#[derive(Debug)]
pub struct Editions {
    files: Vec<(String, String)>,
    first: Edition,
    renewing: Mutex<()>,
}

impl Editions {
    /// Begins with the files, each as (name, text).
    ///
    /// # Errors
    /// Every fault found, with file, line and remedy.
    pub fn new(files: Vec<(String, String)>) -> Result<Self, Vec<Fault>> {
        let first = Edition { number: 0, catalogue: Catalogue::load(&files)?, next: OnceLock::new() };
        Ok(Self { files, first, renewing: Mutex::new(()) })
    }

    /// The edition of today.
    #[must_use]
    pub fn now(&self) -> &Edition {
        let mut last = &self.first;
        while let Some(next) = last.next.get() {
            last = next;
        }
        last
    }

    /// All that ever held, the oldest first.
    pub fn all(&self) -> impl Iterator<Item = &Edition> {
        std::iter::successors(Some(&self.first), |edition| edition.next.get().map(Box::as_ref))
    }

    /// Puts in force what was released up to a day and does not hold yet.
    ///
    /// # Errors
    /// A sheet no longer fits the files, for example because a unit was taken out of them. What held goes on.
    pub fn renew(&self, released: &[Released], on: Date) -> Result<(), Vec<Fault>> {
        let _one = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        let known: BTreeSet<i64> = self.all().map(|edition| edition.number).collect();
        let due = in_order(released, on);
        for (at, release) in due.iter().enumerate().filter(|(_, release)| !known.contains(&release.number)) {
            let so_far = due.get(..=at).unwrap_or_default();
            let catalogue = Catalogue::load(&self.files_with(so_far))?;
            // Nobody else adds while the lock is held, so the place is free.
            let _ = self.now().next.set(Box::new(Edition { number: release.number, catalogue, next: OnceLock::new() }));
        }
        Ok(())
    }

    /// The catalogue that will hold on a day, as far as it is known now.
    ///
    /// # Errors
    /// A sheet does not fit the files.
    pub fn on(&self, released: &[Released], day: Date) -> Result<Catalogue, Vec<Fault>> {
        Catalogue::load(&self.files_with(&in_order(released, day)))
    }

    /// What a system of codes would be from a day on without one of the sheets: the sheet that held before it, or the
    /// city's file. None where that sheet is not the last one of its system on that day.
    #[must_use]
    pub fn without(&self, released: &[Released], number: i64, day: Date) -> Option<String> {
        let mut due = in_order(released, day);
        let taken = due.iter().find(|one| one.number == number)?;
        let system = taken.system.clone();
        due.retain(|one| one.system == system);
        let last = due.pop().filter(|last| last.number == number)?;
        let file = || self.files.iter().find(|(_, text)| system_of(text).as_ref() == Some(&system));
        let before = due.last().map(|one| one.text.clone()).or_else(|| file().map(|(_, text)| text.clone()))?;
        (before != last.text).then_some(before)
    }

    /// The files, with each sheet in place of the file of its system; of two sheets the later one counts.
    fn files_with(&self, released: &[&Released]) -> Vec<(String, String)> {
        let replaced = |text: &str| {
            let system = system_of(text);
            released.iter().any(|release| Some(&release.system) == system.as_ref())
        };
        let kept = self.files.iter().filter(|(_, text)| !replaced(text)).cloned();
        let is_last = |at: usize, release: &Released| {
            released.get(at + 1..).unwrap_or_default().iter().all(|later| later.system != release.system)
        };
        let sheets = released.iter().enumerate().filter(|(at, release)| is_last(*at, release));
        let sheets = sheets.map(|(_, release)| (format!("edition {}", release.number), release.text.clone()));
        kept.chain(sheets).collect()
    }

    /// The subject of a case: the key of its kind, with the number of its edition where that is not the first.
    #[must_use]
    pub fn subject(key: &str, edition: i64) -> String {
        if edition == 0 { key.to_owned() } else { format!("{key}{IN_EDITION}{edition}") }
    }

    /// The kind that a case is about, as it was when the case was opened: a subject without an edition is of the first.
    #[must_use]
    pub fn kind_of(&self, subject: &str) -> Option<&Kind> {
        self.kind_ever(&within(subject))
    }

    /// The condition under which a case was opened: the key as it stands in the case, with the number of its edition.
    #[must_use]
    pub fn condition_of(&self, key: &str, edition: i64) -> Option<(&Kind, &Condition)> {
        self.condition_ever(&format!("{key}{IN_EDITION}{edition}"))
    }

    /// The kind that a subject or a key names: in the edition that it names, else in the newest one that has it.
    #[must_use]
    pub fn kind_ever(&self, key: &str) -> Option<&Kind> {
        let (key, catalogues) = self.meant(key);
        catalogues.into_iter().find_map(|catalogue| catalogue.kind(key))
    }

    /// The condition that a key names, likewise.
    #[must_use]
    pub fn condition_ever(&self, key: &str) -> Option<(&Kind, &Condition)> {
        let (key, catalogues) = self.meant(key);
        catalogues.into_iter().find_map(|catalogue| catalogue.condition(key))
    }

    /// The codes that conditions of a kind ever had: none of them is given to another condition.
    #[must_use]
    pub fn codes_of(&self, key: &str) -> BTreeSet<String> {
        let kinds = self.all().filter_map(|edition| edition.catalogue.kind(key));
        kinds.flat_map(|kind| &kind.conditions).map(|condition| condition.code.clone()).collect()
    }

    /// The key without its edition, and the catalogues in which it is looked up, the first one first.
    fn meant<'k>(&self, key: &'k str) -> (&'k str, Vec<&Catalogue>) {
        let (key, number) = key.split_once(IN_EDITION).map_or((key, None), |(key, number)| (key, number.parse().ok()));
        let mut editions: Vec<&Edition> = self.all().collect();
        editions.reverse();
        editions.sort_by_key(|edition| number != Some(edition.number));
        (key, editions.into_iter().map(|edition| &edition.catalogue).collect())
    }
}

impl Deref for Editions {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.now().catalogue
    }
}

/// The subject with its edition, also where that is the first.
fn within(subject: &str) -> String {
    if subject.contains(IN_EDITION) { subject.to_owned() } else { format!("{subject}{IN_EDITION}0") }
}

/// What holds on a day, in the order in which it came into force.
fn in_order(released: &[Released], on: Date) -> Vec<&Released> {
    let mut due: Vec<&Released> = released.iter().filter(|release| release.from <= on).collect();
    due.sort_by_key(|release| (release.from, release.number));
    due
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::files;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    /// The service matters with one kind only, of that name and limit.
    fn released(number: i64, from: &str, name: &str, limit: &str) -> Released {
        let text = format!(
            "[system]\ncode = \"service\"\nname = {{ zh = \"服务事项\", en = \"Service matters\" }}\ndigits = 10\n\
             first = \"territory\"\nfrom = \"{from}\"\nsource = {{ zh = \"文\", en = \"paper\" }}\n\n[[big]]\ncode = \"01\"\n\
             name = {{ zh = \"家门口\", en = \"Doorstep\" }}\n\n[[kind]]\ncode = \"0101\"\n\
             name = {{ zh = \"{name}\", en = \"{name}\" }}\nunit = \"property\"\n\n[[kind.condition]]\ncode = \"c1\"\n\
             when = {{ zh = \"不亮\", en = \"Dark\" }}\ncloses = {{ zh = \"亮了\", en = \"Lit\" }}\nlimit = \"{limit}\"\n"
        );
        Released { number, system: "service".to_owned(), text, from: day(from) }
    }

    #[test]
    fn a_sheet_holds_from_its_day_and_an_open_case_keeps_the_edition_it_was_opened_under() {
        let editions = Editions::new(files()).unwrap();
        let sheets =
            [released(2, "2026-12-10", "楼道灯", "1工作日"), released(1, "2026-12-01", "楼道照明设施", "2工作日")];
        let name = |key: &str| editions.kind_ever(key).map(|kind| kind.name.zh.clone());
        editions.renew(&sheets, day("2026-11-30")).unwrap();
        assert_eq!((editions.now().number, name("service/0101").as_deref()), (0, Some("楼道照明")));
        editions.renew(&sheets, day("2026-12-01")).unwrap();
        assert_eq!((editions.now().number, name("service/0101").as_deref()), (1, Some("楼道照明设施")));
        assert!(editions.kind("service/0102").is_none() && editions.kind("event/0102").is_some());
        editions.renew(&sheets, day("2026-12-31")).unwrap();
        editions.renew(&sheets, day("2026-12-31")).unwrap();
        let numbers: Vec<i64> = editions.all().map(|edition| edition.number).collect();
        assert_eq!(numbers, [0, 1, 2], "renewed twice, added once");
        assert_eq!(name("service/0101").as_deref(), Some("楼道灯"));
        assert_eq!(name("service/0101@1").as_deref(), Some("楼道照明设施"));
        assert_eq!(name("service/0101@0").as_deref(), Some("楼道照明"));
        let opened = |subject: &str| editions.kind_of(subject).map(|kind| kind.name.zh.as_str());
        assert_eq!((opened("service/0101"), opened("service/0101@2")), (Some("楼道照明"), Some("楼道灯")));
        assert_eq!(
            name("service/0103").as_deref(),
            Some("电梯故障"),
            "a kind that is gone is still called by its name"
        );
        assert_eq!(editions.condition_ever("service/0103/trapped").unwrap().0.name.zh, "电梯故障");
        assert_eq!(editions.codes_of("service/0101"), ["c1", "bare", "several", "out"].map(str::to_owned).into());
        assert_eq!(Editions::subject("event/0102", 0), "event/0102");
        assert_eq!(Editions::subject("event/0102", 7), "event/0102@7");
    }

    #[test]
    fn a_sheet_that_does_not_fit_leaves_in_force_what_held() {
        let editions = Editions::new(files()).unwrap();
        let bad = released(1, "2026-12-01", "楼道灯", "尽快");
        let faults = editions.renew(std::slice::from_ref(&bad), day("2026-12-01")).unwrap_err();
        assert!(faults[0].file == "edition 1" && faults[0].message.contains("no limit"), "{faults:?}");
        assert_eq!(editions.now().number, 0);
        assert!(editions.on(&[bad], day("2026-11-30")).is_ok(), "not before its day");
    }
}
