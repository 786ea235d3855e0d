//! Reports as a kind of cases: what the desk of cases shows and says of them.

use std::sync::Arc;

use cases::kind::{Change, Count, Kind, Series};
use house::BesideLink;
use kernel::case::Case;
use kernel::language::{Bilingual, Lang};
use web::Page;

use crate::catalogue::Catalogue;
use crate::words::{KIND, REPORT, REPORTER, WORDS_FIELD};

/// The letter before the numbers of reports (网).
const LETTER: char = 'W';

/// Reports, as the desk of cases knows them.
pub struct Reports {
    catalogue: Arc<Catalogue>,
}

impl Reports {
    /// Makes the kind over a catalogue.
    #[must_use]
    pub const fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue }
    }
}

impl Kind for Reports {
    fn code(&self) -> &'static str {
        REPORT
    }

    fn series(&self) -> Series {
        Series::Own { name: REPORT, letter: LETTER }
    }

    fn subject(&self, case: &Case) -> String {
        let key = case.fields.get(KIND).and_then(|key| self.catalogue.kind(key));
        key.map(crate::catalogue::Kind::key).unwrap_or_default()
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        self.catalogue.kind(item).map(|kind| kind.name.get(lang).to_owned())
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let Some(key) = case.fields.get(KIND) else { return Vec::new() };
        let Some((kind, condition)) = self.catalogue.condition(key) else { return Vec::new() };
        let system = self.catalogue.system(&kind.system).map(|system| system.name.get(page.lang));
        let mut facts = vec![
            (page.t("grid-fact-code"), format!("{} {}", system.unwrap_or_default(), kind.code)),
            (page.t("grid-fact-when"), condition.when.get(page.lang).to_owned()),
            (page.t("grid-fact-closes"), condition.closes.get(page.lang).to_owned()),
        ];
        facts.extend(case.fields.get(WORDS_FIELD).map(|words| (page.t("grid-fact-words"), words.clone())));
        facts
    }

    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        let _ = (case, page);
        Vec::new()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        self.catalogue.units().iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect()
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let _ = change;
        Vec::new()
    }

    fn person(&self) -> Option<&'static str> {
        Some(REPORTER)
    }
}
