//! An owner votes with her account: one screen with all matters, then her receipt. Until the end she may vote anew.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::{Choice as Offered, Form, Page, PostForm, Problem, TwoInPath, WebError, render};

use super::LABELS;
use super::frame::{done, form_page, problems, sender};
use super::vote::headings;
use crate::Property;
use crate::actions::ballots::Reader;
use crate::actions::votes::CORRECTIONS_MOST;
use crate::records::ballots::{self, Ballot};
use crate::records::corrections;
use crate::records::votes::{self, Matter, Right, Vote};
use crate::refusals::Why;
use crate::rules::ballots::commitment;
use crate::rules::tally::Choice;
use crate::words::corrections::Correction;

/// What an owner may choose, as it is sent.
const CHOICES: [(&str, Choice, &str); 3] = [
    ("for", Choice::For, "property-choice-for"),
    ("against", Choice::Against, "property-choice-against"),
    ("abstain", Choice::Abstain, "property-choice-abstain"),
];

/// How many signs of a check code somebody copies, and how many stand in the square that is scanned.
const SHORT: usize = 8;
const SCANNED: usize = 16;

#[derive(Template)]
#[template(path = "property/ballot.html")]
struct BallotPage {
    page: Page,
    id: Uuid,
    number: i64,
    title: String,
    units: String,
    ends: String,
    matters: Vec<Asked>,
    again: bool,
    /// Why no ballot of hers is taken now: it is said instead of the form.
    hinders: Option<Problem>,
    problems: Vec<Problem>,
}

/// A matter with what may be chosen.
struct Asked {
    /// What stands above the first candidate of an election; empty for all others.
    heading: String,
    field: String,
    legend: String,
    content: String,
    choices: Vec<Offered>,
    error: String,
}

#[derive(Template)]
#[template(path = "property/receipt.html")]
struct ReceiptPage {
    page: Page,
    id: Uuid,
    number: i64,
    title: String,
    units: String,
    /// When it was given; empty once the vote was counted.
    entered: String,
    ends: String,
    /// Whether she may choose anew.
    may_change: bool,
    /// The matters with what was chosen. Empty once the vote was counted.
    chosen: Vec<(String, String)>,
    choices: String,
    nonce: String,
    commitment: String,
    /// The beginning of the commitment, which is enough to find the line, and where it is looked up after the end.
    short: String,
    check: String,
    /// When a ballot on paper of these units was taken back before, and why; the latest first.
    taken_back: Vec<(String, String)>,
}

/// What is known of a right.
struct Known {
    vote: Vote,
    right: Right,
    matters: Vec<Matter>,
    ballot: Option<Ballot>,
    is_own: bool,
    /// Why no ballot of hers is taken now.
    hinders: Option<Refusal>,
    /// The choices and the nonce, where they may be shown.
    receipt: Option<(String, String)>,
    /// The ballots on paper of it that were taken back.
    taken_back: Vec<Correction>,
}

/// `GET /property/votes/{vote}/ballot/{number}`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Property>>,
    page: Page,
    TwoInPath(id, number): TwoInPath<Uuid, i64>,
) -> Result<Response, WebError> {
    desk.ballot_page(page, (id, number), &Form::default(), &[]).await
}

/// `POST /property/votes/{vote}/ballot/{number}`
///
/// # Errors
/// 404 for what is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Property>>,
    page: Page,
    TwoInPath(id, number): TwoInPath<Uuid, i64>,
    form: PostForm,
) -> Result<Response, WebError> {
    let known = desk.known_right(&page, id, number).await?;
    if !known.is_own {
        return Err(WebError::NotFound);
    }
    let choices = match choices(&form, &known.matters) {
        Ok(choices) => choices,
        Err(wrong) => return desk.ballot_page(page, (id, number), &form, &wrong).await,
    };
    let (own, by) = (desk.clone(), sender(&page, &form, format!("{id}/{number}")));
    let act = move |tx: &mut dyn Tx| own.vote_online(tx, id, number, &choices, &by);
    let again = |refusal| async { desk.ballot_page(page, (id, number), &form, &[refusal]).await };
    done(&desk.hall, act, |()| format!("/property/votes/{id}/receipt/{number}"), again).await
}

/// `GET /property/votes/{vote}/receipt/{number}`: for the owner who voted online, and for staff who entered a sheet.
///
/// # Errors
/// 404 for what is not hers, was not given or was entered by somebody else, or a failure.
pub async fn receipt(
    State(desk): State<Arc<Property>>,
    page: Page,
    TwoInPath(id, number): TwoInPath<Uuid, i64>,
) -> Result<Response, WebError> {
    let known = desk.known_right(&page, id, number).await?;
    let Known { vote, right, matters, ballot, is_own, hinders, receipt, taken_back } = known;
    let ballot = ballot.ok_or(WebError::NotFound)?;
    if receipt.is_none() && vote.counted_at.is_none() {
        return Err(WebError::NotFound);
    }
    let (choices, nonce) = receipt.unwrap_or_default();
    let told = crate::rules::ballots::read(&choices).unwrap_or_default();
    let code = if nonce.is_empty() { String::new() } else { commitment(id, &nonce, &choices) };
    let beginning = |signs: usize| code.chars().take(signs).collect::<String>();
    let chosen = matters.iter().zip(told).map(|(matter, choice)| (matter.title.clone(), in_words(&page, choice)));
    let drawn = ReceiptPage {
        id,
        number,
        title: vote.title.clone(),
        units: right.units,
        entered: if vote.counted_at.is_some() { String::new() } else { page.minute(ballot.entered_at) },
        ends: page.minute(vote.ends_at),
        may_change: is_own && hinders.is_none(),
        chosen: chosen.collect(),
        short: beginning(SHORT),
        check: format!("/property/votes/{id}/audit?code={}", beginning(SCANNED)),
        commitment: code,
        choices,
        nonce,
        taken_back: taken_back.iter().map(|one| (page.minute(one.at), why_back(&page, one))).collect(),
        page,
    };
    render(&drawn)
}

fn choices(form: &Form, matters: &[Matter]) -> Result<Vec<Choice>, Vec<Refusal>> {
    let (mut chosen, mut wrong) = (Vec::new(), Vec::new());
    for matter in matters {
        let field = format!("choice{}", matter.number);
        // A browser sends one choice; of several nobody knows which one is meant.
        let code = if form.all(&field).len() > 1 { Why::VoteChosenTwice } else { Why::VoteUnanswered };
        match CHOICES.iter().find(|(value, ..)| *value == form.get(&field)) {
            Some((_, choice, _)) if code == Why::VoteUnanswered => chosen.push(*choice),
            _ => wrong.push(Refusal::new(code).field(field).with("matter", &matter.title)),
        }
    }
    if wrong.is_empty() { Ok(chosen) } else { Err(wrong) }
}

/// What somebody chose, in words.
pub(super) fn in_words(page: &Page, choice: Choice) -> String {
    let known = CHOICES.iter().find(|(_, one, _)| *one == choice);
    match (known, choice) {
        (Some((_, _, key)), _) => page.t(key),
        (None, Choice::Split(yes, no)) => page.t2("property-choice-split", "yes", yes.show(), "no", no.show()),
        (None, _) => String::new(),
    }
}

impl Property {
    /// A right with its ballot: for its own account, and for staff. What was chosen is there for the account alone, and
    /// for whoever of the staff entered the sheet.
    async fn known_right(self: &Arc<Self>, page: &Page, id: Uuid, number: i64) -> Result<Known, WebError> {
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let read = move |tx: &mut dyn Tx| {
            let seen = desk.seen(tx, id, &actor)?;
            let is_own = seen.own.iter().any(|right| right.number == number);
            if !is_own && !seen.is_keeper {
                return Err(Fault::NotFound);
            }
            let district = seen.vote.district;
            let right = votes::right(tx, district, id, number)?.ok_or(Fault::NotFound)?;
            let ballot = ballots::find(tx, district, id, number)?;
            let is_proven = desk.waits(tx, district, right.head, now)?.is_none();
            let reader = Reader { is_own, is_proven, is_keeper: seen.is_keeper, account: actor.account };
            let receipt = match &ballot {
                Some(ballot) if reader.may_read(ballot) => desk.receipt(tx, &seen.vote, ballot)?,
                _ => None,
            };
            let hinders = desk.hinders(tx, &seen, &right, &actor, now)?;
            let matters = votes::matters(tx, district, id)?;
            let mut taken_back = corrections::of_subject(tx, district, id, CORRECTIONS_MOST)?;
            taken_back.retain(|one| one.number == number);
            Ok(Known { vote: seen.vote, right, matters, ballot, is_own, hinders, receipt, taken_back })
        };
        Ok(self.hall.store.read(read).await?)
    }

    async fn ballot_page(
        self: &Arc<Self>,
        page: Page,
        at: (Uuid, i64),
        form: &Form,
        wrong: &[Refusal],
    ) -> Result<Response, WebError> {
        let (id, number) = at;
        let known = self.known_right(&page, id, number).await?;
        if !known.is_own {
            return Err(WebError::NotFound);
        }
        // What hinders her is said alone, also after she sent a form that she opened before: nothing else that is wrong
        // with it matters any more.
        let others: &[Refusal] = if known.hinders.is_some() { &[] } else { wrong };
        let problems = problems(&page, LABELS, others);
        let asked = |(matter, heading): (&Matter, String)| {
            let field = format!("choice{}", matter.number);
            let current = form.get(&field);
            let choices = CHOICES.iter().map(|(value, _, key)| Offered::new(*value, page.t(key), current)).collect();
            let error = web::problem_of(&problems, &field).to_owned();
            let legend = format!("{}. {}", matter.number, matter.title);
            // What is said of all candidates of an election stands at the first one.
            let is_said = matter.election.is_none() || !heading.is_empty();
            let content = if is_said { matter.content.clone() } else { String::new() };
            Asked { heading, field, legend, content, choices, error }
        };
        let drawn = BallotPage {
            id,
            number,
            title: known.vote.title.clone(),
            units: known.right.units.clone(),
            ends: page.minute(known.vote.ends_at),
            matters: known.matters.iter().zip(headings(&page, &known.matters)).map(asked).collect(),
            again: known.ballot.is_some(),
            hinders: known.hinders.map(|refusal| page.problem(&refusal)),
            problems,
            page,
        };
        form_page(wrong, &drawn)
    }
}

/// Why a ballot on paper was taken back, in words.
pub(super) fn why_back(page: &Page, correction: &Correction) -> String {
    page.t(&format!("property-taken-back-{}", correction.reason))
}
