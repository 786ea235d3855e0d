//! Decides when a contract of a company ends, by the notice that somebody gave.

use kernel::refusal::Refusal;
use kernel::time::{Date, date_plus_days};

use crate::refusals::Why;
use crate::words::company::{Contract, Notice, Side};

/// The days between a notice and the end of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeDays {
    /// The owners tell the company that it is dismissed so many days before (Civil Code, article 946).
    pub dismissal: i64,
    /// The company tells the owners that it does not renew so many days before the end (article 947).
    pub renewal: i64,
}

impl NoticeDays {
    /// The days that hold for a contract: its own where it sets them, which the law allows.
    #[must_use]
    pub fn of(self, own: Option<i64>) -> Self {
        own.map_or(self, |own| Self { dismissal: own, renewal: own })
    }
}

/// The last day on which the company may say that it does not renew the contract.
#[must_use]
pub fn renewal_last_day(ends_on: Date, days: NoticeDays) -> Option<Date> {
    date_plus_days(ends_on, days.renewal.saturating_neg())
}

/// Whether two contracts are for the same compound and for some of the same days.
#[must_use]
pub fn overlap(one: &Contract, other: &Contract) -> bool {
    one.path == other.path
        && one.compound == other.compound
        && one.starts_on <= other.last_day()
        && other.starts_on <= one.last_day()
}

/// Why a notice came late: the owners leave the company too little time, or the company says too late that it does not
/// renew. None if it came in time.
#[must_use]
pub fn lateness(contract: &Contract, notice: &Notice, days: NoticeDays) -> Option<Refusal> {
    let days = days.of(notice.own_days);
    match notice.by {
        Side::Owners => {
            let first = date_plus_days(notice.on, days.dismissal).unwrap_or(Date::MAX);
            // When the contract ends by itself, nobody has to be dismissed.
            let is_late = notice.leaves_on < first && notice.leaves_on < contract.ends_on;
            let refusal = || Refusal::new(Why::PropertyDismissal).with("days", days.dismissal).with("date", first);
            is_late.then(refusal)
        }
        Side::Company => {
            let last = renewal_last_day(contract.ends_on, days).unwrap_or(Date::MIN);
            let refusal = || Refusal::new(Why::PropertyRenewal).with("days", days.renewal).with("date", last);
            (notice.on > last).then(refusal)
        }
    }
}

/// Whether the notice that was entered for a contract came late; not if none was.
#[must_use]
pub fn came_late(contract: &Contract, days: NoticeDays) -> bool {
    let given = contract.noticed_by.zip(contract.noticed_on.zip(contract.leaves_on));
    given.is_some_and(|(by, (on, leaves_on))| {
        let notice = Notice { by, on, leaves_on, own_days: contract.own_days, is_late_known: true };
        lateness(contract, &notice, days).is_some()
    })
}

/// Decides whether a contract can end as a notice says. A notice that came late is a fact all the same: it is entered
/// by whoever says that she knows it.
///
/// # Errors
/// It came late and nobody says so, the company leaves before its contract ends, or somebody gave notice before.
pub fn notice(contract: &Contract, notice: &Notice, days: NoticeDays) -> Result<(), Refusal> {
    if contract.noticed_by.is_some() {
        return Err(Refusal::new(Why::PropertyNoticeTwice));
    }
    if notice.leaves_on < contract.starts_on || notice.leaves_on < notice.on {
        return Err(Refusal::new(Why::PropertyDays).field("leaves_on"));
    }
    if notice.by == Side::Company && notice.leaves_on < contract.ends_on {
        return Err(Refusal::new(Why::PropertyLeaves).field("leaves_on").with("date", contract.ends_on));
    }
    match lateness(contract, notice, days).filter(|_| !notice.is_late_known) {
        Some(refusal) => Err(refusal.field("late")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::company::Bond;
    use kernel::place::PlacePath;
    use kernel::time::Instant;
    use uuid::Uuid;

    const DAYS: NoticeDays = NoticeDays { dismissal: 60, renewal: 90 };

    fn contract(noticed_by: Option<Side>) -> Contract {
        Contract {
            id: Uuid::nil(),
            company_id: Uuid::nil(),
            path: PlacePath::parse("1.4.40.400.").unwrap(),
            compound: "北苑".to_owned(),
            paper: String::new(),
            kind: Bond::First,
            starts_on: "2025-01-01".parse().unwrap(),
            ends_on: "2027-12-31".parse().unwrap(),
            noticed_by,
            noticed_on: None,
            leaves_on: None,
            changed_name: String::new(),
            changed_at: Instant::from_micros(0),
            own_days: None,
        }
    }

    fn given(by: Side, on: &str, leaves_on: &str) -> Notice {
        let day = |text: &str| text.parse().unwrap();
        Notice { by, on: day(on), leaves_on: day(leaves_on), own_days: None, is_late_known: false }
    }

    #[test]
    fn who_ends_a_contract_says_so_in_time() {
        use Side::{Company, Owners};
        let table = [
            (None, Owners, "2026-03-01", "2026-04-30", None),
            (None, Owners, "2026-03-01", "2026-04-29", Some(Why::PropertyDismissal)),
            (None, Owners, "2027-12-01", "2027-12-31", None),
            (None, Owners, "2026-03-01", "2026-02-01", Some(Why::PropertyDays)),
            (None, Company, "2027-10-02", "2027-12-31", None),
            (None, Company, "2027-10-03", "2027-12-31", Some(Why::PropertyRenewal)),
            (None, Company, "2027-01-01", "2027-06-30", Some(Why::PropertyLeaves)),
            (Some(Company), Owners, "2026-03-01", "2026-04-30", Some(Why::PropertyNoticeTwice)),
        ];
        for (before, by, on, leaves_on, expected) in table {
            let found = notice(&contract(before), &given(by, on, leaves_on), DAYS).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{by:?} {on} {leaves_on}");
        }
        let last = renewal_last_day("2027-12-31".parse().unwrap(), DAYS);
        assert_eq!(last, Some("2027-10-02".parse().unwrap()));
    }

    #[test]
    fn a_contract_sets_days_of_its_own_and_a_late_notice_is_entered_by_whoever_knows_it() {
        use Side::{Company, Owners};
        for (by, on, leaves_on, own_days, expected) in [
            (Owners, "2026-03-01", "2026-03-31", Some(30), None),
            (Owners, "2026-03-01", "2026-03-30", Some(30), Some(Why::PropertyDismissal)),
            (Owners, "2026-03-01", "2026-04-30", Some(90), Some(Why::PropertyDismissal)),
            (Company, "2027-12-01", "2027-12-31", Some(30), None),
            (Company, "2027-12-02", "2027-12-31", Some(30), Some(Why::PropertyRenewal)),
        ] {
            let told = Notice { own_days, ..given(by, on, leaves_on) };
            let found = notice(&contract(None), &told, DAYS).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{by:?} {on} {leaves_on} {own_days:?}");
            assert!(notice(&contract(None), &Notice { is_late_known: true, ..told }, DAYS).is_ok());
            let noticed =
                Contract { noticed_on: Some(told.on), leaves_on: Some(told.leaves_on), own_days, ..contract(Some(by)) };
            assert_eq!(came_late(&noticed, DAYS), expected.is_some(), "{by:?} {on} {leaves_on} {own_days:?}");
        }
        // A company does not leave before its contract ends, whoever knows it.
        let early = Notice { is_late_known: true, ..given(Company, "2027-01-01", "2027-06-30") };
        assert_eq!(notice(&contract(None), &early, DAYS).map_err(|refusal| refusal.code), Err(Why::PropertyLeaves));
        assert!(!came_late(&contract(None), DAYS));
    }
}
