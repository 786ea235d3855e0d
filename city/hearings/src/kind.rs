//! Mediations as a kind of cases: what the desk of cases shows and says of them, what must hold before both ask the
//! court, and what is counted.

use std::sync::Arc;

use cases::kind::{Asked, Change, Count, Happened, Kind, Series};
use hall::Fault;
use house::BesideLink;
use kernel::case::Case;
use kernel::figure::Cell;
use kernel::language::{Bilingual, Lang};
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use store::Tx;
use web::Page;

use crate::actions::weighing;
use crate::refusals::Why;
use crate::rules::counting;
use crate::words::{CLASS, COURT, Classes, FIRST, MEDIATION, TO_COURT};

/// The letter before the numbers of mediations (调).
const LETTER: char = 'T';

/// Mediations, as the desk of cases knows them.
pub struct Mediations {
    classes: Arc<Classes>,
}

impl Mediations {
    /// Makes the kind over the classes of disputes.
    #[must_use]
    pub const fn new(classes: Arc<Classes>) -> Self {
        Self { classes }
    }
}

impl Kind for Mediations {
    fn code(&self) -> &'static str {
        MEDIATION
    }

    fn series(&self) -> Series {
        Series::Own { name: MEDIATION, letter: LETTER }
    }

    fn subject(&self, case: &Case) -> String {
        case.fields.get(CLASS).cloned().unwrap_or_default()
    }

    fn title(&self, item: &str, lang: Lang) -> Option<String> {
        Some(self.classes.get(item)?.title.get(lang).to_owned())
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let class = case.fields.get(CLASS).and_then(|code| self.classes.get(code));
        class.map(|class| (page.t("hearings-fact-class"), page.of(&class.title).to_owned())).into_iter().collect()
    }

    fn links(&self, case: &Case, page: &Page) -> Vec<BesideLink> {
        if !page.visitor.staff() {
            return Vec::new();
        }
        let link = |part: &str, key: &str| BesideLink {
            href: format!("/cases/{}/{part}", case.number),
            text: page.t(key),
            is_open: false,
        };
        let file = link("mediation", "hearings-beside-file");
        let asks = case.closed_at.is_none() && page.may(Permission::CaseHandle);
        std::iter::once(file).chain(asks.then(|| link("invitation", "hearings-beside-invite"))).collect()
    }

    fn departments(&self) -> Vec<(String, Bilingual)> {
        vec![(MEDIATION.to_owned(), self.classes.office.title.clone())]
    }

    fn words(&self, told: &'static str) -> &'static str {
        match told {
            "counter-receipt-sent" | "counter-receipt-accepted" => "hearings-receipt-sent",
            "counter-receipt-item" => "hearings-receipt-item",
            "counter-receipt-on" => "hearings-receipt-on",
            "counter-receipt-counter" => "hearings-receipt-where",
            "cases-office" => "hearings-receipt-office",
            "cases-talk-send" => "hearings-case-send",
            "cases-late-applicant" => "hearings-case-late-person",
            "counter-receipt-code-text" => "hearings-receipt-code-text",
            "counter-receipt-follow" => "hearings-receipt-follow",
            told => told,
        }
    }

    /// Both ask the court within the days of the law, or not at all.
    fn check(&self, _: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let clock = asked.case.clock(COURT).filter(|_| asked.action == TO_COURT);
        let Some(last) = clock.and_then(|clock| clock.due) else { return Ok(()) };
        let sent = asked.fields.get("sent_on").and_then(|day| day.trim().parse::<kernel::time::Date>().ok());
        match sent {
            Some(day) if day > last => {
                Err(Refusal::new(Why::HearingsCourtLate).field("sent_on").with("date", last).into())
            }
            _ => Ok(()),
        }
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        weighing::stand(tx, happened.case)
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        let (case, day) = (change.after, change.zone.date(change.recorded.at));
        let department = case.office.department.clone().unwrap_or_default();
        let cell = Cell { place: case.place.clone(), department, day };
        let counted = counting::counts(&change.recorded.event);
        counted.into_iter().map(|indicator| Count { cell: cell.clone(), indicator, amount: 1 }).collect()
    }

    fn person(&self) -> Option<&'static str> {
        Some(FIRST)
    }
}
