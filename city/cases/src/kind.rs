//! Kinds of cases: what the department that a kind belongs to says of it, so that the desk shows, numbers and announces
//! what it knows nothing of.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use house::BesideLink;
use kernel::case::{Case, Opening};
use kernel::language::Lang;
use web::Page;

/// How the cases of a kind are numbered. Each series of a district counts by itself, from 1 every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    /// The series of the counter's cases, whose numbers have no letter.
    Applications,
    /// A series of its own.
    Own {
        /// The name by which it counts, such as `lamp`.
        name: &'static str,
        /// The letter in front of its running numbers; see [`kernel::identifier::CaseNumber::of_series`].
        letter: char,
    },
}

/// What files a case of a kind has, and under whose record they are sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// It has none.
    None,
    /// Those of the papers that it asks for, sealed under the record of the first party of that role.
    Sealed {
        /// The role.
        role: &'static str,
    },
}

/// A kind of case (办件类型), as its department registers it with the desk.
pub trait Kind: Send + Sync {
    /// Its code, which stands in every case of it.
    fn code(&self) -> &'static str;

    /// How its cases are numbered.
    fn series(&self) -> Series;

    /// What a case of it is called; where nothing is said, as its procedure.
    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        let _ = (item, lang);
        None
    }

    /// What stands on the page of a case beside what every case has: words and what they say.
    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let _ = (case, page);
        Vec::new()
    }

    /// Links of the department to its own pages about a case. Those of other departments are added by themselves.
    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        let _ = (case, page);
        Vec::new()
    }

    /// Whether the letters of the counter (receipts, notices, decisions) are written of its cases.
    fn has_letters(&self) -> bool {
        false
    }

    /// Which files its cases have.
    fn files(&self) -> Files {
        Files::None
    }

    /// The key of a notice's words: the desk's own are handed in.
    fn words(&self, told: &'static str) -> &'static str {
        told
    }

    /// Whether only the responsible department's own staff may see a case that is opened so.
    fn is_confidential(&self, opening: &Opening) -> bool {
        opening.confidential
    }

    /// The local address of a case's page for staff.
    fn address(&self, number: &str) -> String {
        page_of(number)
    }

    /// The role of the one whose sealed record a case is mainly about; where nothing is said, the first party that has
    /// one.
    fn person(&self) -> Option<&'static str> {
        None
    }
}

/// The address of the desk's own page of a case.
#[must_use]
pub fn page_of(number: &str) -> String {
    format!("/cases/{number}")
}

/// The kinds that departments have registered.
#[derive(Default)]
pub struct Kinds(RwLock<BTreeMap<&'static str, Arc<dyn Kind>>>);

impl Kinds {
    /// Adds a kind. One of the same code that was registered before is replaced.
    pub fn register(&self, kind: Arc<dyn Kind>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(kind.code(), kind);
    }

    /// The kind of that code; none where no department has registered it.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<Arc<dyn Kind>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Lamp(char);

    impl Kind for Lamp {
        fn code(&self) -> &'static str {
            "lamp"
        }

        fn series(&self) -> Series {
            Series::Own { name: "lamp", letter: self.0 }
        }
    }

    #[test]
    fn a_kind_is_found_by_its_code_and_the_last_one_counts() {
        let kinds = Kinds::default();
        assert!(kinds.get("lamp").is_none());
        kinds.register(Arc::new(Lamp('K')));
        kinds.register(Arc::new(Lamp('L')));
        let lamp = kinds.get("lamp").unwrap();
        assert_eq!(lamp.series(), Series::Own { name: "lamp", letter: 'L' });
        assert_eq!(lamp.address("210102-2026-L000012-7"), "/cases/210102-2026-L000012-7");
        assert!(!lamp.has_letters() && lamp.files() == Files::None && lamp.person().is_none());
    }
}
