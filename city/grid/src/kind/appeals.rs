//! Appeals against having been late, as a kind of cases. An appeal that is allowed takes the report out of the sums of
//! what was due and late; the report itself still says that it was late.

use std::sync::Weak;

use cases::Cases;
use cases::kind::{Asked, Change, Count, Happened, Kind, Series};
use hall::Fault;
use kernel::case::{Case, Event, Recorded};
use kernel::figure::Cell;
use kernel::refusal::Refusal;
use store::Tx;
use web::Page;

use crate::records::handling;
use crate::refusals::Why;
use crate::words::figures::{DUE, OVERDUE};
use crate::words::{APPEAL, APPEALED, DISPATCH, REDISPATCH, VERIFY};

/// The letter before the numbers of appeals (申诉).
const LETTER: char = 'Y';
/// The state of an appeal that was allowed.
const ALLOWED: &str = "allowed";
/// The steps with which an appeal is examined.
const EXAMINED_BY: [&str; 3] = ["support", "allow", "deny"];
/// The steps of a report after which somebody does not examine an appeal about it.
const OWN_HAND: [&str; 3] = [DISPATCH, REDISPATCH, VERIFY];

/// Appeals, as the desk of cases knows them.
pub struct Appeals {
    /// The desk, which keeps this kind itself.
    cases: Weak<Cases>,
}

impl Appeals {
    /// Makes the kind over the desk of cases.
    #[must_use]
    pub const fn new(cases: Weak<Cases>) -> Self {
        Self { cases }
    }
}

impl Kind for Appeals {
    fn code(&self) -> &'static str {
        APPEAL
    }

    fn series(&self) -> Series {
        Series::Own { name: APPEAL, letter: LETTER }
    }

    /// A unit appeals, and its case names it.
    fn has_applicant(&self) -> bool {
        false
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let number = case.fields.get(APPEALED);
        number.map(|number| (page.t("grid-fact-appealed"), number.clone())).into_iter().collect()
    }

    fn links(&self, case: &Case, page: &Page, _: &[Recorded]) -> Vec<house::BesideLink> {
        let link = |number: &String| house::BesideLink {
            href: format!("/cases/{number}"),
            text: page.t1("grid-beside-appealed", "number", number),
            is_open: false,
        };
        case.fields.get(APPEALED).map(link).into_iter().collect()
    }

    /// Whoever sent the report out or checked it does not examine the appeal about it.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let account = asked.actor.account.filter(|_| EXAMINED_BY.contains(&asked.action));
        let number = asked.case.fields.get(APPEALED);
        let Some(((account, number), cases)) = account.zip(number).zip(self.cases.upgrade()) else { return Ok(()) };
        let report = match cases.known_number(tx, number) {
            Err(Fault::NotFound) => return Ok(()),
            known => known?.case,
        };
        let own = |one: &Recorded| {
            let by_hand = matches!(&one.event, Event::Acted { action, .. } if OWN_HAND.contains(&action.as_str()));
            by_hand && one.by.account == Some(account)
        };
        let handled = cases.events(tx, &report)?.iter().any(own);
        if handled { Err(Refusal::new(Why::GridAppealOwnHand).into()) } else { Ok(()) }
    }

    fn counts(&self, change: &Change<'_>) -> Vec<Count> {
        if !matches!(&change.recorded.event, Event::Acted { to, .. } if to == ALLOWED) {
            return Vec::new();
        }
        let (case, day) = (change.after, change.zone.date(change.recorded.at));
        let department = case.office.department.clone().unwrap_or_default();
        let cell = Cell { place: case.place.clone(), department, day };
        [&DUE, &OVERDUE].map(|indicator| Count { cell: cell.clone(), indicator, amount: -1 }).to_vec()
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let case = happened.case;
        Ok(handling::set_appeal(tx, cases::district(case), case.id.0, &case.state)?)
    }
}
