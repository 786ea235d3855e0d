//! Reports as a kind of cases: what the desk of cases shows and says of them, what must hold before one is joined to
//! another, and what is counted.

mod appeals;

use std::sync::Arc;

use cases::kind::{Asked, Change, Count, Happened, Kind, Series};
use hall::Fault;
use house::BesideLink;
use kernel::case::{Case, Event};
use kernel::figure::Cell;
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::place::Level;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use web::Page;

use crate::catalogue::Editions;
use crate::records::{self, handling};
use crate::refusals::Why;
use crate::rules::counting;
use crate::words::{DUTY, EDITION, KIND, MERGE, OTHER, REPORT, REPORTER, WORDS_FIELD};

pub use appeals::Appeals;

/// The letter before the numbers of reports (网).
const LETTER: char = 'W';

/// Reports, as the desk of cases knows them.
pub struct Reports {
    catalogue: Arc<Editions>,
}

impl Reports {
    /// Makes the kind over a catalogue.
    #[must_use]
    pub const fn new(catalogue: Arc<Editions>) -> Self {
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
        let subject = |key: &String| Editions::subject(key, edition(case));
        let kind = case.fields.get(KIND).and_then(|key| self.catalogue.kind_of(&subject(key)));
        kind.map(|kind| Editions::subject(&kind.key(), edition(case))).unwrap_or_default()
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        self.catalogue.kind_of(item).map(|kind| kind.name.get(lang).to_owned())
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let Some(key) = case.fields.get(KIND) else { return Vec::new() };
        let Some((kind, condition)) = self.catalogue.condition_of(key, edition(case)) else { return Vec::new() };
        let system = self.catalogue.system(&kind.system).map(|system| system.name.get(page.lang));
        let mut facts = vec![
            (page.t("grid-fact-code"), format!("{} {}", system.unwrap_or_default(), kind.code)),
            (page.t("grid-fact-when"), condition.when.get(page.lang).to_owned()),
            (page.t("grid-fact-closes"), condition.closes.get(page.lang).to_owned()),
        ];
        let duty = case.fields.get(DUTY).map(|code| page.t(&format!("grid-duty-{}", code.replace('_', "-"))));
        facts.extend(duty.map(|told| (page.t("grid-fact-duty"), told)));
        if !kind.supervisor.is_empty() {
            facts.push((page.t("grid-fact-supervisor"), kind.supervisor.clone()));
        }
        facts.extend(case.fields.get(WORDS_FIELD).map(|words| (page.t("grid-fact-words"), words.clone())));
        facts
    }

    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        if !page.may(Permission::CaseSupervise) {
            return Vec::new();
        }
        let (href, text) = (format!("/report/duties?number={}", case.number), page.t("grid-beside-duty"));
        vec![BesideLink { href, text, is_open: case.state == "disputed" }]
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        self.catalogue.units().iter().map(|unit| (unit.code.clone(), unit.name.clone())).collect()
    }

    fn seat(&self, department: &str) -> Option<Level> {
        self.catalogue.unit(department).map(|unit| unit.level)
    }

    /// A report is joined only to one that this worker may see and that still goes on.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        if asked.action != MERGE {
            return Ok(());
        }
        let refused = |why: Code| Err(Fault::from(Refusal::new(why).field(OTHER)));
        let typed = asked.fields.get(OTHER).map(|number| number.trim()).unwrap_or_default();
        if typed == asked.case.number {
            return refused(Why::GridMergeSelf);
        }
        let found = handling::by_number(tx, cases::district(asked.case), typed)?;
        let scopes = asked.actor.scopes(Permission::CaseRead);
        let seen = found.filter(|report| scopes.iter().any(|scope| scope.place.contains(&report.path)));
        match seen {
            None => refused(Why::GridMergeUnknown),
            Some(report) if !report.open => refused(Why::GridMergeOver),
            Some(_) => Ok(()),
        }
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let (case, district) = (happened.case, cases::district(happened.case));
        handling::set_stage(tx, district, case.id.0, &case.state)?;
        records::set_open(tx, district, case.id.0, case.closed_at.is_none())?;
        for one in happened.recorded {
            let Event::Acted { action, fields, .. } = &one.event else { continue };
            let Some(number) = fields.get(OTHER).filter(|_| action == MERGE) else { continue };
            let from = records::find(tx, district, case.id.0)?;
            let into = handling::by_number(tx, district, number)?;
            if let Some((from, into)) = from.zip(into) {
                handling::merge(tx, &from, &into, happened.now)?;
            }
        }
        Ok(())
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let (case, at) = (change.after, change.recorded.at);
        let counted = counting::counts(&change.recorded.event, case, change.calendar, at);
        let department = case.office.department.clone().unwrap_or_default();
        let cell = Cell { place: case.place.clone(), department, day: change.zone.date(at) };
        counted.into_iter().map(|indicator| Count { cell: cell.clone(), indicator, amount: 1 }).collect()
    }

    fn person(&self) -> Option<&'static str> {
        Some(REPORTER)
    }
}

/// The edition of the catalogue under which a case was opened.
fn edition(case: &Case) -> i64 {
    case.fields.get(EDITION).and_then(|number| number.parse().ok()).unwrap_or_default()
}
