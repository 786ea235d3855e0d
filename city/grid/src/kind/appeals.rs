//! Appeals against having been late, as a kind of cases. An appeal that is allowed takes the report out of the sums of
//! what was due and late; the report itself still says that it was late.

use cases::kind::{Change, Count, Happened, Kind, Series};
use hall::Fault;
use kernel::case::{Case, Event};
use kernel::figure::Cell;
use store::Tx;
use web::Page;

use crate::records::handling;
use crate::words::figures::{DUE, OVERDUE};
use crate::words::{APPEAL, APPEALED};

/// The letter before the numbers of appeals (申诉).
const LETTER: char = 'Y';
/// The state of an appeal that was allowed.
const ALLOWED: &str = "allowed";

/// Appeals, as the desk of cases knows them.
pub struct Appeals;

impl Kind for Appeals {
    fn code(&self) -> &'static str {
        APPEAL
    }

    fn series(&self) -> Series {
        Series::Own { name: APPEAL, letter: LETTER }
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let number = case.fields.get(APPEALED);
        number.map(|number| (page.t("grid-fact-appealed"), number.clone())).into_iter().collect()
    }

    fn links(&self, case: &Case, page: &Page) -> Vec<house::BesideLink> {
        let link = |number: &String| house::BesideLink {
            href: format!("/cases/{number}"),
            text: page.t1("grid-beside-appealed", "number", number),
            is_open: false,
        };
        case.fields.get(APPEALED).map(link).into_iter().collect()
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
