//! This file holds the catalogue in force: the files, and on top of them what was released. It is replaced as a whole
//! when a day brings a new version.

use cases::Procedures;
use hall::Hall;
use house::{House, OpenFault};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use cases::{ItemFacts, Items, Named, PersonLine, ReadyText};
use kernel::fault::Fault;
use kernel::language::{Bilingual, Lang};
use kernel::procedure::Telling;
use kernel::time::Date;

use crate::catalogue::{AskedMaterial, Catalogue, IssuedKind, Item, ReadyReason};
use crate::forms;
use crate::records::Release;

/// The catalogue with all its versions. Whoever asks for the one of today keeps it for as long as the request runs.
pub struct Book {
    files: Vec<(String, String)>,
    procedures: Vec<String>,
    written: Arc<Catalogue>,
    shown: RwLock<Arc<Shown>>,
}

/// What is in force, and what was.
struct Shown {
    catalogue: Arc<Catalogue>,
    releases: Arc<Vec<Release>>,
    versions: BTreeMap<(String, i64), Item>,
}

/// How a release stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for its day.
    Waits,
    /// It is in force.
    Holds,
    /// A later version, or the city's files, took its place.
    Past,
    /// It was withdrawn before its day.
    Withdrawn,
}

/// Reads the catalogue of an installation. Every item must follow a procedure that is there and ask for no forbidden
/// proof.
///
/// # Errors
/// Returns every fault of `data/catalogue` with file, line and remedy.
pub fn of_installation(house: &House, procedures: &Procedures) -> Result<Book, OpenFault> {
    let files = house.installation.data.files("catalogue", ".toml")?;
    let today = house.get::<Hall>()?.day((house.clock)());
    of_files(files, procedures, today).map_err(OpenFault::Faults)
}

/// Does the same with files, each given by name and text.
///
/// # Errors
/// Returns every fault with file, line and remedy.
pub fn of_files(files: Vec<(String, String)>, procedures: &Procedures, today: Date) -> Result<Book, Vec<Fault>> {
    let names: Vec<&str> = procedures.names().map(String::as_str).collect();
    let book = Book::new(files, procedures.names().cloned().collect())?;
    let faults = [book.written.unknown_procedures(&names), book.written.forbidden_proofs(today)].concat();
    if faults.is_empty() { Ok(book) } else { Err(faults) }
}

impl Book {
    /// Makes a book of the files alone.
    ///
    /// # Errors
    /// Returns every fault of the files.
    pub fn new(files: Vec<(String, String)>, procedures: Vec<String>) -> Result<Self, Vec<Fault>> {
        let written = Arc::new(Catalogue::load(&files)?);
        let versions = written.items().map(|item| ((item.code.clone(), item.version), item.clone())).collect();
        let shown = Shown { catalogue: written.clone(), releases: Arc::new(Vec::new()), versions };
        Ok(Self { files, procedures, written, shown: RwLock::new(Arc::new(shown)) })
    }

    /// Returns the catalogue in force.
    #[must_use]
    pub fn now(&self) -> Arc<Catalogue> {
        self.shown().catalogue.clone()
    }

    /// Returns every release, by item and version.
    #[must_use]
    pub fn releases(&self) -> Arc<Vec<Release>> {
        self.shown().releases.clone()
    }

    /// Returns the names of the procedures that items may follow.
    #[must_use]
    pub fn procedures(&self) -> &[String] {
        &self.procedures
    }

    /// Puts in force what these releases say for a day. On a fault the catalogue stays as it was.
    ///
    /// # Errors
    /// Fails if releases no longer fit the files, for example because a paper was taken out of them.
    pub fn renew(&self, releases: Vec<Release>, on: Date) -> Result<(), Vec<Fault>> {
        let over = self.over(&releases, on, None);
        let catalogue =
            if over.is_empty() { self.written.clone() } else { Arc::new(Catalogue::load_over(&self.files, &over)?) };
        let shown = Shown { catalogue, versions: self.versions(&releases), releases: Arc::new(releases) };
        let mut place = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        // Two may renew at once: whoever read earlier does not put the older state back.
        if changes(&shown.releases) >= changes(&place.releases) {
            *place = Arc::new(shown);
        }
        Ok(())
    }

    /// Returns the catalogue as it would be with these texts, each as (name, text), beside what is in force.
    ///
    /// # Errors
    /// Returns every fault with the name of the text in which it is.
    pub fn with(&self, texts: &[(String, String)], on: Date) -> Result<Catalogue, Vec<Fault>> {
        let codes: Vec<String> =
            texts.iter().filter_map(|(_, text)| Catalogue::entry(text)).map(|(item, _)| item.code).collect();
        let mut over = self.over(&self.releases(), on, Some(&codes));
        over.extend(texts.iter().cloned());
        Catalogue::load_over(&self.files, &over)
    }

    /// Says how a release stands on a day.
    #[must_use]
    pub fn standing(&self, release: &Release, on: Date) -> Standing {
        let version = self.now().get(&release.item).map(|item| item.version);
        if release.withdrawn_at.is_some() {
            Standing::Withdrawn
        } else if release.from > on {
            Standing::Waits
        } else if version == Some(release.version) {
            Standing::Holds
        } else {
            Standing::Past
        }
    }

    /// Returns the highest version that an item ever had, released or written, or 0 for an item that is new. A version
    /// that was withdrawn is not given again.
    #[must_use]
    pub fn last_version(&self, code: &str) -> i64 {
        let shown = self.shown();
        let released = shown.releases.iter().filter(|release| release.item == code).map(|release| release.version);
        released.chain(self.written.get(code).map(|item| item.version)).max().unwrap_or_default()
    }

    /// Returns the papers of an item in the version under which a case was opened.
    #[must_use]
    pub fn papers_of(&self, code: &str, version: i64) -> Vec<AskedMaterial> {
        let shown = self.shown();
        let item = shown.versions.get(&(code.to_owned(), version)).or_else(|| shown.catalogue.get(code));
        item.map(|item| shown.catalogue.papers_of(item)).unwrap_or_default()
    }

    fn shown(&self) -> Arc<Shown> {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the releases in force on a day as texts to put over the files. Where the files hold a newer version, the
    /// files win.
    fn over(&self, releases: &[Release], on: Date, without: Option<&[String]>) -> Vec<(String, String)> {
        let mut latest: BTreeMap<&str, &Release> = BTreeMap::new();
        for release in releases.iter().filter(|release| release.withdrawn_at.is_none() && release.from <= on) {
            let written = self.written.get(&release.item).map_or(0, |item| item.version);
            let newer = latest.get(release.item.as_str()).is_none_or(|other| other.version < release.version);
            let left_out = without.is_some_and(|codes| codes.contains(&release.item));
            if release.version > written && newer && !left_out {
                latest.insert(&release.item, release);
            }
        }
        latest.into_values().map(|release| (name(release), release.entry.clone())).collect()
    }

    /// Returns every version under which cases may have been opened.
    fn versions(&self, releases: &[Release]) -> BTreeMap<(String, i64), Item> {
        let texts = releases.iter().flat_map(|release| release.replaced.iter().chain([&release.entry]));
        let entries = texts.filter_map(|text| Catalogue::entry(text)).map(|(item, _)| item);
        let all = entries.chain(self.written.items().cloned());
        all.map(|item| ((item.code.clone(), item.version), item)).collect()
    }
}

/// Returns how many changes a list of releases has seen. Releases are only ever added and withdrawn.
fn changes(releases: &[Release]) -> usize {
    releases.len() + releases.iter().filter(|release| release.withdrawn_at.is_some()).count()
}

/// Returns the name under which the faults of a release are told.
fn name(release: &Release) -> String {
    format!("entries {} version {}", release.item, release.version)
}

/// Returns what the desk needs to know of an item.
fn facts(catalogue: &Catalogue, item: &Item) -> ItemFacts {
    ItemFacts {
        name: item.name.clone(),
        materials: catalogue.papers_of(item).into_iter().map(|paper| (paper.code, paper.name)).collect(),
        result: item.result.name.clone(),
        is_paid: item.result.kind == IssuedKind::Payment,
    }
}

impl Items for Book {
    fn facts(&self, code: &str) -> Option<ItemFacts> {
        let catalogue = self.now();
        catalogue.get(code).map(|item| facts(&catalogue, item))
    }

    fn facts_of(&self, code: &str, version: i64) -> Option<ItemFacts> {
        let shown = self.shown();
        let item = shown.versions.get(&(code.to_owned(), version)).or_else(|| shown.catalogue.get(code))?;
        Some(facts(&shown.catalogue, item))
    }

    fn ready(&self, item: &str, told: Telling) -> Vec<ReadyText> {
        let text = |ready: &ReadyReason| {
            let said = [("reason", &ready.reason), ("basis", &ready.basis), ("remedy", &ready.remedy)];
            let says = said.into_iter().filter_map(|(part, text)| Some((part, text.clone()?)));
            ReadyText { title: ready.title.clone(), says: says.collect() }
        };
        self.now().reasons(item, told).map(text).collect()
    }

    fn basis(&self, item: &str) -> Bilingual {
        let catalogue = self.now();
        let law = catalogue.guide(item).map(|guide| guide.law.as_slice()).unwrap_or_default();
        let joined = |lang: Lang| law.iter().map(|law| law.get(lang)).collect::<Vec<_>>().join(lang.pick("、", "; "));
        Bilingual::new(joined(Lang::Zh), joined(Lang::En))
    }

    fn note(&self, note: &str, lang: Lang, say: &dyn Fn(&str) -> String) -> Vec<PersonLine> {
        forms::lines(&self.now(), note, lang, say)
    }

    fn department(&self, code: &str) -> Option<Bilingual> {
        self.now().department(code).map(|department| department.name.clone())
    }

    fn named(&self) -> Vec<Named> {
        let catalogue = self.now();
        let names = |item: &Item| {
            let department = catalogue.department(&item.department).map(|department| &department.name);
            let texts = std::iter::once(&item.name).chain(department);
            texts.flat_map(|text| [text.zh.clone(), text.en.clone()]).collect()
        };
        catalogue.items().map(|item| Named { code: item.code.clone(), names: names(item) }).collect()
    }

    fn typed(&self, letters: &str) -> Vec<String> {
        self.now().typed(letters).map(|item| item.code.clone()).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        self.now().departments().map(|department| (department.code.clone(), department.name.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::shipped as files;
    use crate::editing::write;
    use kernel::time::Instant;
    use uuid::Uuid;

    /// Makes a release of MZ-11 that promises a number of working days.
    fn release(book: &Book, version: i64, days: u32, from: &str, withdrawn: bool) -> Release {
        let written = book.now();
        let mut item = written.get("MZ-11").unwrap().clone();
        (item.version, item.promised.amount) = (version, days);
        Release {
            id: Uuid::from_u128(u128::from(days)),
            item: "MZ-11".to_owned(),
            version,
            entry: write(&item, written.guide("MZ-11").unwrap()),
            replaced: None,
            from: from.parse().unwrap(),
            document: "platform-operation".to_owned(),
            clause: "12".to_owned(),
            author_name: "石宇".to_owned(),
            released_by: None,
            released_name: "石宇".to_owned(),
            released_at: Instant::from_micros(0),
            withdrawn_at: withdrawn.then(|| Instant::from_micros(1)),
            withdrawn_name: None,
        }
    }

    #[test]
    fn what_is_in_force_follows_the_day() {
        let book = Book::new(files(), vec!["separate".to_owned()]).unwrap();
        let releases = vec![
            release(&book, 2, 10, "2026-11-24", false),
            release(&book, 3, 9, "2026-11-25", true),
            release(&book, 4, 8, "2026-11-26", false),
        ];
        for (day, days, standings) in [
            ("2026-11-23", 15, [Standing::Waits, Standing::Withdrawn, Standing::Waits]),
            ("2026-11-24", 10, [Standing::Holds, Standing::Withdrawn, Standing::Waits]),
            ("2026-11-25", 10, [Standing::Holds, Standing::Withdrawn, Standing::Waits]),
            ("2026-11-26", 8, [Standing::Past, Standing::Withdrawn, Standing::Holds]),
        ] {
            let on: Date = day.parse().unwrap();
            book.renew(releases.clone(), on).unwrap();
            assert_eq!(book.now().get("MZ-11").unwrap().promised.amount, days, "{day}");
            let found: Vec<Standing> = releases.iter().map(|release| book.standing(release, on)).collect();
            assert_eq!(found, standings, "{day}");
        }
        assert_eq!(book.last_version("MZ-11"), 4);
        assert_eq!(book.now().items().count(), Catalogue::load(&files()).unwrap().items().count());
        book.renew(Vec::new(), "2026-11-26".parse().unwrap()).unwrap();
        assert_eq!(book.last_version("MZ-11"), 4, "an older state is not put back");
    }

    #[test]
    fn a_release_that_no_longer_fits_the_files_changes_nothing() {
        let book = Book::new(files(), vec!["separate".to_owned()]).unwrap();
        let mut odd = release(&book, 2, 10, "2026-11-24", false);
        odd.entry = odd.entry.replace("\"PH\"", "\"GONE\"");
        let faults = book.renew(vec![odd], "2026-11-24".parse().unwrap()).unwrap_err();
        assert!(faults.iter().any(|fault| fault.file.contains("MZ-11")), "{faults:?}");
        assert_eq!(book.now().get("MZ-11").unwrap().version, 1);
    }
}
