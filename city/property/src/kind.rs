//! Uses of the maintenance fund as a kind of cases: what the desk of cases shows of them, and what must hold before a
//! vote counts, an application is sent, works begin and money is paid.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::kind::{Asked, Happened, Kind, Series};
use hall::{Fault, Hall};
use house::BesideLink;
use kernel::case::{Case, Event, Recorded};
use kernel::money::Fen;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use web::Page;

use crate::actions::{account, shares};
use crate::records::fund as records;
use crate::refusals::Why;
use crate::rules::fund::{FundUse, findings, refused_by};
use crate::words::fund::{FUND, Finding, FundCase, FundRules, Vote};

/// The letter before the numbers of uses (基金).
const LETTER: char = 'J';
/// The answers that name a day which is over or today.
const DAYS: [&str; 4] = ["posted_on", "visited_on", "works_on", "paid_on"];
/// The answers of the opening that the page of a case shows, and the keys of what they are called.
const FACTS: [(&str, &str); 3] =
    [("compound", "property-of-compound"), ("works", "property-of-works"), ("paper", "property-of-asking-paper")];

/// Uses of the fund, as the desk of cases knows them.
pub struct Uses {
    hall: Arc<Hall>,
    rules: Arc<FundRules>,
}

impl Uses {
    /// Makes the kind over what the city says of the fund.
    #[must_use]
    pub const fn new(hall: Arc<Hall>, rules: Arc<FundRules>) -> Self {
        Self { hall, rules }
    }

    /// Nothing that is known of a use stops it, with works that began on a day.
    fn may_go_on(&self, row: &FundCase, works_on: Option<Date>) -> Result<(), Fault> {
        let on = row.vote_from.unwrap_or_else(|| self.hall.day((self.hall.clock)()));
        let figures = shares::fund(&self.hall, &row.path, on)?;
        for finding in findings(&self.rules, &figures, &FundUse::of(row, works_on)) {
            if let Some(code) = refused_by(finding) {
                let refusal = Refusal::new(code).with("days", figures.posted_days);
                let is_day = finding == Finding::WorksBeforeVote;
                let refusal = if is_day { refusal.field("works_on") } else { refusal };
                return Err(refusal.into());
            }
        }
        Ok(())
    }

    /// Lets go out of the account that pays what was paid.
    fn paid(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        fields: &BTreeMap<String, String>,
        one: &Recorded,
    ) -> Result<(), Fault> {
        let row = records::find(tx, cases::district(case), case.id.0)?.ok_or(Fault::NotFound)?;
        let on = day_of(fields, "paid_on").unwrap_or_else(|| self.hall.day(one.at));
        account::pay(tx, &row, on, &one.by.name, one.at)
    }

    /// What a step changes of a use beside its case.
    fn follow(tx: &mut dyn Tx, case: &Case, action: &str, fields: &BTreeMap<String, String>) -> Result<(), Fault> {
        let (district, id) = (cases::district(case), case.id.0);
        match action {
            "post" => records::set_posted(tx, district, id, day_of(fields, "posted_on"))?,
            "revise" => {
                records::set_posted(tx, district, id, None)?;
                records::set_vote(tx, district, id, &Vote::default())?;
            }
            "allow" => records::set_allowed(tx, district, id, fen_of(fields, "amount"))?,
            "complete" => records::set_settled(tx, district, id, fen_of(fields, "settled"))?,
            "visit" => records::set_visited(tx, district, id, day_of(fields, "visited_on"))?,
            "apply" | "begin" => {
                if let Some(day) = day_of(fields, "works_on") {
                    records::set_works(tx, district, id, Some(day))?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The amount that an answer names, fen; none where it names none. It is read as the procedure reads it, also in
/// full-width digits.
fn fen_of(fields: &BTreeMap<String, String>, name: &str) -> Option<i64> {
    Fen::parse_amount(fields.get(name)?).map(Fen::fen)
}

/// Refuses an amount that cannot be read, one that is nothing, and one that is more than there is for it. Where no
/// amount is named, the procedure says that it is missing.
fn at_most(fields: &BTreeMap<String, String>, name: &'static str, most: i64, code: Code) -> Result<(), Fault> {
    if fields.get(name).is_none_or(|answer| answer.trim().is_empty()) {
        return Ok(());
    }
    let Some(fen) = fen_of(fields, name) else { return Err(Refusal::new(Code::FormAmount).field(name).into()) };
    if fen <= 0 {
        return Err(Refusal::new(Why::PropertyAmountNone).field(name).into());
    }
    if fen <= most {
        return Ok(());
    }
    Err(Refusal::new(code).field(name).with("most", Fen::new(most)).into())
}

/// The day that an answer names; none where it names none.
fn day_of(fields: &BTreeMap<String, String>, name: &str) -> Option<Date> {
    fields.get(name)?.trim().parse().ok()
}

impl Kind for Uses {
    fn code(&self) -> &'static str {
        FUND
    }

    fn series(&self) -> Series {
        Series::Own { name: FUND, letter: LETTER }
    }

    /// The owners' committee or whoever stands in asks for it, which the case says itself.
    fn has_applicant(&self) -> bool {
        false
    }

    fn facts(&self, case: &Case, page: &Page) -> Vec<(String, String)> {
        let answer = |name: &str| case.fields.get(name).filter(|text| !text.is_empty());
        let mut facts: Vec<(String, String)> =
            FACTS.iter().filter_map(|known| Some((page.t(known.1), answer(known.0)?.clone()))).collect();
        let budget = answer("budget_fen").and_then(|fen| fen.parse().ok());
        facts.extend(budget.map(|fen: i64| (page.t("property-of-budget"), Fen::new(fen).to_string())));
        for (name, key, words) in
            [("asker", "property-of-asker", "property-asker-"), ("range", "property-of-range", "property-range-")]
        {
            facts.extend(answer(name).map(|code| (page.t(key), page.t(&format!("{words}{code}")))));
        }
        let emergency = answer("emergency").and_then(|code| self.rules.emergency.iter().find(|one| one.code == *code));
        facts.extend(emergency.map(|one| (page.t("property-of-emergency"), page.of(&one.title).to_owned())));
        facts
    }

    fn links(&self, case: &Case, page: &Page, _: &[Recorded]) -> Vec<BesideLink> {
        if !page.visitor.staff() {
            return Vec::new();
        }
        // An emergency needs no vote: its page has the account and how far it is.
        let is_emergency = case.fields.get("emergency").is_some_and(|code| !code.is_empty());
        let text = page.t(if is_emergency { "property-uses" } else { "property-beside-fund" });
        let href = format!("/cases/{}/fund", case.number);
        vec![BesideLink { href, text, is_open: false }]
    }

    /// A plan is posted before the vote and the owners voted as the law wants it; works do not begin before the vote is
    /// over, but in an emergency; the office looks before it allows; and days that are told have come.
    fn check(&self, tx: &mut dyn Tx, asked: &Asked<'_>) -> Result<(), Fault> {
        let (case, fields) = (asked.case, asked.fields);
        let row = records::find(tx, cases::district(case), case.id.0)?.ok_or(Fault::NotFound)?;
        let today = self.hall.day((self.hall.clock)());
        for name in DAYS {
            if day_of(fields, name).is_some_and(|day| day > today) {
                return Err(Refusal::new(Why::PropertyFundDay).field(name).into());
            }
        }
        let early =
            |code: Code, name: &'static str| -> Result<(), Fault> { Err(Refusal::new(code).field(name).into()) };
        match asked.action {
            "post" if day_of(fields, "posted_on").is_some_and(|day| day < self.hall.day(row.opened_at)) => {
                early(Why::PropertyFundPostedEarly, "posted_on")
            }
            "close" if day_of(fields, "paid_on").zip(row.works_on).is_some_and(|days| days.0 < days.1) => {
                early(Why::PropertyDays, "paid_on")
            }
            "close" => account::may_pay(tx, &row, day_of(fields, "paid_on").unwrap_or(today)),
            "vote" => self.may_go_on(&row, None),
            "apply" => self.may_go_on(&row, day_of(fields, "works_on").or(row.works_on)),
            "begin" => self.may_go_on(&row, day_of(fields, "works_on")),
            "allow" if row.visited_on.is_none() => Err(Refusal::new(Why::PropertyFundUnseen).into()),
            "allow" => {
                at_most(fields, "amount", row.budget_fen, Why::PropertyFundBudget)?;
                account::may_allow(tx, &row, fen_of(fields, "amount").unwrap_or(row.budget_fen), today)
            }
            "complete" if row.works_on.is_none() => Err(Refusal::new(Why::PropertyFundNotBegun).into()),
            "complete" => {
                at_most(fields, "settled", row.allowed_fen.unwrap_or(row.budget_fen), Why::PropertyFundAllowed)
            }
            _ => Ok(()),
        }
    }

    fn remember(&self, tx: &mut dyn Tx, happened: &Happened<'_>) -> Result<(), Fault> {
        let case = happened.case;
        for one in happened.recorded {
            if let Event::Acted { action, fields, .. } = &one.event {
                Self::follow(tx, case, action, fields)?;
                if action == "close" {
                    self.paid(tx, case, fields, one)?;
                }
            }
        }
        Ok(records::set_stage(tx, cases::district(case), case.id.0, &case.state)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_amount_passes_the_limit_unread() {
        let table = [
            ("", None),
            ("3,000", None),
            ("３０００", None),
            ("３，０００．００", None),
            ("3000.01", Some(Why::PropertyFundBudget)),
            ("３０００．０１", Some(Why::PropertyFundBudget)),
            ("0", Some(Why::PropertyAmountNone)),
            ("０", Some(Why::PropertyAmountNone)),
            ("-1", Some(Code::FormAmount)),
            ("三千", Some(Code::FormAmount)),
        ];
        for (answer, expected) in table {
            let fields = BTreeMap::from([("amount".to_owned(), answer.to_owned())]);
            let found = match at_most(&fields, "amount", 300_000, Why::PropertyFundBudget) {
                Ok(()) => None,
                Err(Fault::Refused(refusal)) => Some(refusal.code),
                Err(fault) => panic!("{answer}: {fault}"),
            };
            assert_eq!(found, expected, "{answer}");
        }
        let fields = BTreeMap::from([("amount".to_owned(), "１２００".to_owned())]);
        assert_eq!(fen_of(&fields, "amount"), Some(120_000));
    }
}
