//! Whether a use of the maintenance fund is possible: everybody may check a plan before it is voted on or applied for,
//! and reads each reason in words. Nothing that is typed here is kept.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::refusal::{Code, Refusal};
use web::{Choice, Form, Light, Page, PostForm, Problem, WebError, render_status};

use super::frame::staff_note;
use super::typed::{Drawn, Field, Typed, said, worded};
use crate::Companies;
use crate::actions::shares;
use crate::rules::fund::{FundUse, Voted, findings, never};
use crate::rules::tally::Amount;
use crate::words::area::Area;
use crate::words::first_meeting::OWNERS_MOST;
use crate::words::fund::{Finding, Range, Subject};

/// The fields of heads and area: of those who share it, who take part, and who agree.
pub(super) const VOTED: [[&str; 2]; 3] = [
    ["entitled_heads", "entitled_area"],
    ["taking_part_heads", "taking_part_area"],
    ["agreeing_heads", "agreeing_area"],
];

/// The choice that says that it is no emergency.
const NO_EMERGENCY: &str = "no";

#[derive(Template)]
#[template(path = "property/fund.html")]
struct FundPage {
    page: Page,
    fields: Vec<Field>,
    problems: Vec<Problem>,
    /// What is found; none before somebody asks.
    found: Option<Found>,
    source: String,
    /// What the city's staff should know of the source; empty for everybody else.
    note: String,
}

/// What is found of a use.
struct Found {
    light: Light,
    /// Each in words, with its code for the city's staff; empty for everybody else.
    reasons: Vec<(String, &'static str)>,
}

/// `GET /property/fund`
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Companies>>, page: Page) -> Result<Response, WebError> {
    desk.fund_page(page, &Form::default(), &[], None)
}

/// `POST /property/fund`: what is found of a use, on the same page.
///
/// # Errors
/// A failure.
pub async fn check(State(desk): State<Arc<Companies>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (mut reasons, asked) = match desk.read_use(&form) {
        Ok(asked) => asked,
        Err(faults) => return desk.fund_page(page, &form, &faults, None),
    };
    // What the city has is asked: nobody says here where the compound is.
    let city = desk.hall.places.tree().root().map(|place| place.path.clone()).ok_or(WebError::NotFound)?;
    let on = asked.vote_from.unwrap_or_else(|| page.today());
    match web::settled(shares::fund(&desk.hall, &city, on))? {
        Ok(figures) => {
            reasons.extend(findings(&desk.fund, &figures, &asked));
            let found = found(&page, &reasons);
            desk.fund_page(page, &form, &[], Some(found))
        }
        Err(refusal) => desk.fund_page(page, &form, &[refusal.field("vote_from")], None),
    }
}

/// What is found, in words.
fn found(page: &Page, findings: &[Finding]) -> Found {
    let stops = findings.iter().any(|finding| finding.stops());
    let (class, key) = if stops { ("late", "property-fund-not") } else { ("ok", "property-fund-possible") };
    let code = |finding: &Finding| if page.visitor.staff() { finding.code() } else { "" };
    let told = |finding: &Finding| (said(page, "property-finding-", &finding.code().to_lowercase()), code(finding));
    Found { light: Light { class, text: page.t(key) }, reasons: findings.iter().map(told).collect() }
}

impl Companies {
    fn fund_page(
        &self,
        page: Page,
        form: &Form,
        faults: &[Refusal],
        found: Option<Found>,
    ) -> Result<Response, WebError> {
        let ranges =
            |name: &str| worded(&page, "property-range-", Range::ALL.iter().copied().map(Range::code), form.get(name));
        let subjects =
            worded(&page, "property-subject-", Subject::ALL.iter().copied().map(Subject::code), form.get("subject"));
        let emergencies = self.emergencies(&page, form.get("emergency"));
        let drawn = Drawn::of(&page, form, faults)
            .choice("subject", subjects)
            .choice("range", ranges("range"))
            .choice("account", ranges("account"))
            .choice("emergency", emergencies);
        let drawn = VOTED.into_iter().flatten().fold(drawn, |drawn, name| drawn.optional(name, "number"));
        let drawn = ["posted_on", "vote_from", "vote_to", "entered_on", "works_on"]
            .into_iter()
            .fold(drawn, |drawn, name| drawn.optional(name, "date"));
        let (fields, problems) = drawn.parts();
        let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let source = page.of(&self.fund.source).to_owned();
        let note = staff_note(&page, self.fund.note.as_ref());
        render_status(status, &FundPage { page, fields, problems, found, source, note })
    }

    /// The emergencies as a choice, after the one that it is none.
    pub(super) fn emergencies(&self, page: &Page, current: &str) -> Vec<Choice> {
        let none = Choice::new(NO_EMERGENCY, page.t("property-emergency-none"), current);
        let emergency = self.fund.emergency.iter();
        let listed = emergency.map(|one| Choice::new(one.code.as_str(), page.of(&one.title), current));
        std::iter::once(none).chain(listed).collect()
    }

    /// The emergency that a choice names; empty if it says that it is none.
    pub(super) fn emergency(&self, chosen: &str) -> Option<String> {
        if chosen == NO_EMERGENCY {
            return Some(String::new());
        }
        let named = self.fund.emergency.iter().find(|one| one.code == chosen);
        named.map(|one| one.code.clone())
    }

    /// Reads what is asked: what the fund never pays of it, and the rest.
    fn read_use(&self, form: &Form) -> Result<(Vec<Finding>, FundUse), Vec<Refusal>> {
        let mut typed = Typed::of(form);
        let subject = typed.one_of("subject", Subject::parse);
        let (range, account) = (typed.one_of("range", Range::parse), typed.one_of("account", Range::parse));
        let emergency = typed.one_of("emergency", |chosen| self.emergency(chosen));
        let (posted_on, vote_from) = (typed.day_if_any("posted_on"), typed.day_if_any("vote_from"));
        let (vote_to, entered_on) = (typed.day_if_any("vote_to"), typed.day_if_any("entered_on"));
        let works_on = typed.day_if_any("works_on");
        let vote = vote(&mut typed);
        match (subject, range, account, emergency) {
            (Some(subject), Some(range), Some(account), Some(emergency)) if !typed.is_wrong() => {
                let asked = FundUse { emergency, vote, posted_on, vote_from, vote_to, entered_on, works_on };
                Ok((never(subject, range, account), asked))
            }
            _ => Err(typed.faults()),
        }
    }
}

/// How the owners voted; none if nothing is typed of it.
pub(super) fn vote(typed: &mut Typed<'_>) -> Option<Voted> {
    if VOTED.iter().flatten().all(|name| typed.text(name).is_empty()) {
        return None;
    }
    let [entitled, taking_part, agreeing] = VOTED.map(|[heads, area]| {
        let found = Area::parse(&typed.digits(area));
        if found.is_none() {
            typed.fault(Refusal::new(Code::FormInvalid).field(area));
        }
        Amount { heads: typed.number(heads, 0, OWNERS_MOST), area: found.unwrap_or_default() }
    });
    Some(Voted { entitled, taking_part, agreeing })
}
