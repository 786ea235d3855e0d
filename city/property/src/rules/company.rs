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

/// Decides whether a contract can end as a notice says.
///
/// # Errors
/// The owners leave the company too little time, the company says too late that it does not renew, or somebody gave
/// notice before.
pub fn notice(contract: &Contract, notice: &Notice, days: NoticeDays) -> Result<(), Refusal> {
    if contract.noticed_by.is_some() {
        return Err(Refusal::new(Why::PropertyNoticeTwice));
    }
    if notice.leaves_on < contract.starts_on || notice.leaves_on < notice.on {
        return Err(Refusal::new(Why::PropertyDays).field("leaves_on"));
    }
    match notice.by {
        Side::Owners => {
            let first = date_plus_days(notice.on, days.dismissal).unwrap_or(Date::MAX);
            // When the contract ends by itself, nobody has to be dismissed.
            if notice.leaves_on < first && notice.leaves_on < contract.ends_on {
                return Err(Refusal::new(Why::PropertyDismissal)
                    .field("leaves_on")
                    .with("days", days.dismissal)
                    .with("date", first));
            }
        }
        Side::Company => {
            if notice.leaves_on < contract.ends_on {
                return Err(Refusal::new(Why::PropertyLeaves).field("leaves_on").with("date", contract.ends_on));
            }
            let last = renewal_last_day(contract.ends_on, days).unwrap_or(Date::MIN);
            if notice.on > last {
                return Err(Refusal::new(Why::PropertyRenewal)
                    .field("noticed_on")
                    .with("days", days.renewal)
                    .with("date", last));
            }
        }
    }
    Ok(())
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
        }
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
            let given = Notice { by, on: on.parse().unwrap(), leaves_on: leaves_on.parse().unwrap() };
            let found = notice(&contract(before), &given, DAYS).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{by:?} {on} {leaves_on}");
        }
        let last = renewal_last_day("2027-12-31".parse().unwrap(), DAYS);
        assert_eq!(last, Some("2027-10-02".parse().unwrap()));
    }
}
