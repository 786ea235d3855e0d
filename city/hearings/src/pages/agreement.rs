//! The agreement of a mediation clause by clause: written before it is signed, and followed afterwards. Staff write and
//! note here; the parties read it with the codes of their receipts.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::events_of;
use hall::{Fault, Sent};
use kernel::case::Case;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Form, InPath, Page, PostForm, Problem, WebError, render_status};

use super::clauses::{Fields, Line, clause, line, typed as fields};
use super::held::{Held, common};
use super::{LABELS, time_in};
use crate::Hearings;
use crate::actions::inside::{Change, Deed, handles};
use crate::actions::reading::Session;
use crate::actions::rooms::{Taken, arranged};
use crate::actions::siding::{ByCode, Reporting};
use crate::actions::told::Reader;
use crate::records::inside;
use crate::rules::agreement::{
    Kept, head_faults, is_agreed_in, is_kept_in, is_seen_in, is_varied, is_written_in, note_fault,
};
use crate::rules::asking::asked;
use crate::rules::court::{asked_until, effect_day, is_asked_in};
use crate::rules::people::consents;
use crate::words::asking::{APPLIED, ASKS, INVITING, TO_SIGN};
use crate::words::inside::{Agreement, CourtRow, Head, WRITTEN};
use crate::words::people::Member;
use crate::words::{DRAFT, SIDES};

#[derive(Template)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the template")]
#[template(path = "hearings/agreement.html")]
struct AgreementPage {
    page: Page,
    number: String,
    /// A party reads it.
    is_own: bool,
    /// The text is being written.
    is_open: bool,
    /// That the words were erased; empty while they are kept.
    erased: String,
    may_write: bool,
    /// Clauses can be changed: while the text is written, and after both signed a change.
    may_change: bool,
    may_note: bool,
    facts: String,
    duties: String,
    /// The fields of one more clause.
    fields: Fields,
    clauses: Vec<Line>,
    /// Why the text cannot be changed now, or when it is written; empty where it can be.
    fixed: &'static str,
    /// What writing means for the consents, while the text is written: the key of the words.
    consents: &'static str,
    /// Where whoever writes goes on to have it signed: the address and the key of the words; empty before there is a
    /// clause.
    onward: (String, &'static str),
    /// A side can say of each clause how it was kept.
    may_say: bool,
    /// She just said it.
    is_said: bool,
    /// How far it is kept, in words; empty while nothing is to be kept.
    kept: String,
    /// The days of the court: words and what they say.
    court: Vec<(String, String)>,
    /// The sessions to which both came, for a party.
    sessions: Vec<Held>,
    /// When and in which rooms sessions are still to come, for a party.
    coming: Vec<String>,
    problems: Vec<Problem>,
}

/// What is read of an agreement.
struct Read {
    case: Case,
    agreement: Agreement,
    court: Option<CourtRow>,
    /// The last day on which both can ask a court; none where they cannot.
    ask_by: Option<Date>,
    /// Both signed a change of what holds.
    is_varied: bool,
    sessions: Vec<Session>,
    coming: Vec<Taken>,
    /// What the sides are called.
    reader: Reader,
    /// Both were asked about writing it down and agree to it.
    is_agreed: bool,
}

/// `GET /cases/{number}/agreement`
///
/// # Errors
/// 404 if this visitor may not see the case, or if it is no mediation.
pub async fn get(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    desk.agreement_page(page, number.to_string(), None, &[]).await
}

/// `POST /cases/{number}/agreement`: the main facts, one more clause, one less, or how one is kept.
///
/// # Errors
/// 404 if this visitor may not see the case, no permission, or a failure.
pub async fn post(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let change = match change(&form, page.today()) {
        Ok(change) => change,
        Err(faults) => return desk.agreement_page(page, number.to_string(), Some(&*form), &faults).await,
    };
    let deed = Deed {
        number: number.to_string(),
        actor: page.visitor.actor.clone(),
        sent: Sent::of(&form, &number),
        once: form.key().to_owned(),
        said: WRITTEN.to_owned(),
        now: page.now,
    };
    match web::settled(desk.change(change, deed).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/cases/{number}/agreement")).into_response()),
        Err(refusal) => desk.agreement_page(page, number.to_string(), Some(&*form), &[refusal]).await,
    }
}

/// `GET /follow/{number}/agreement`: the same for a party, from the first talk on. She reads the text before she
/// consents to it.
///
/// # Errors
/// 404 for everybody else and before that.
pub async fn own(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    let (here, seen, asked) = (desk.clone(), page.clone(), number.clone());
    let read = move |tx: &mut dyn Tx| {
        let by_code = here.read_by_code(tx, &seen, &asked)?;
        if !is_seen_in(&by_code.known.case.state) {
            return Err(Fault::NotFound);
        }
        here.read_own(tx, by_code)
    };
    let found = desk.hall.store.read(read).await?;
    render_status(StatusCode::OK, &for_side(page, &found, &[]))
}

/// `POST /follow/{number}/agreement`: what a side says of how a clause was kept. The mediator is told, and notes it.
///
/// # Errors
/// 404 for everybody else.
pub async fn reported(
    State(desk): State<Arc<Hearings>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    let clause = form.get("clause").parse::<Uuid>().map_err(|_| WebError::NotFound)?;
    let reporting = Reporting { clause, stage: form.get("stage").to_owned(), words: form.get("noted").to_owned() };
    let (here, drawn, asked, sent) = (desk.clone(), page.clone(), number.clone(), Sent::of(&form, &number));
    let write = move |tx: &mut dyn Tx| here.reported(tx, &drawn, &asked, &reporting, &sent);
    let refusal = match web::settled(desk.hall.store.write(write).await)? {
        Ok(()) => {
            let target = format!("/follow/{number}/agreement?said=1#clause-{clause}");
            return Ok(Redirect::to(&target).into_response());
        }
        Err(refusal) => refusal,
    };
    let (here, seen, asked) = (desk.clone(), page.clone(), number.clone());
    let read = move |tx: &mut dyn Tx| {
        let by_code = here.read_by_code(tx, &seen, &asked)?;
        here.read_own(tx, by_code)
    };
    let found = desk.hall.store.read(read).await?;
    render_status(StatusCode::UNPROCESSABLE_ENTITY, &for_side(page, &found, &[refusal]))
}

/// The page of an agreement as a side reads it.
fn for_side(page: Page, found: &Read, faults: &[Refusal]) -> AgreementPage {
    let sessions = common(&page, &found.sessions, found.reader);
    let coming = found.coming.iter().filter(|taken| taken.at.day >= page.today());
    let coming = coming.map(|taken| time_in(&page, taken)).collect();
    let may_say = is_kept_in(&found.case.state) && !found.agreement.is_erased && !page.visitor.staff();
    let is_said = page.query.has("said") && faults.is_empty();
    let drawn = drawn(page, found, None, faults);
    let drawn = AgreementPage { may_write: false, may_change: false, may_note: false, ..drawn };
    AgreementPage { is_own: true, may_say, is_said, sessions, coming, ..drawn }
}

/// What a form changes.
///
/// # Errors
/// What is missing or wrong, by its field.
fn change(form: &Form, today: Date) -> Result<Change, Vec<Refusal>> {
    let text = |name: &str| form.get(name).to_owned();
    let id = || form.get("clause").parse::<Uuid>().map_err(|_| vec![Refusal::new(Code::FormChoice).field("clause")]);
    match form.get("deed") {
        "facts" => {
            let head = Head { facts: text("main_facts"), duties: text("duties") };
            let faults = head_faults(&head);
            if faults.is_empty() { Ok(Change::Head(head)) } else { Err(faults) }
        }
        "remove" => Ok(Change::Remove(id()?)),
        "note" => {
            let noted = text("noted");
            match note_fault(&noted) {
                None => Ok(Change::Note(id()?, text("stage"), noted)),
                Some(refusal) => Err(vec![refusal]),
            }
        }
        "edit" => clause(form, id()?, today).map(Change::Edit),
        _ => clause(form, Uuid::now_v7(), today).map(Change::Add),
    }
}

impl Hearings {
    fn read_agreement(&self, tx: &mut dyn Tx, known: cases::Known, reader: Reader) -> Result<Read, Fault> {
        let (key, case) = (known.key(), &known.case);
        let events = events_of(tx, case)?;
        let may_ask = is_asked_in(&case.state);
        let is_asked = asked(&events, self.cases.procedure_of(case)?) == Some(DRAFT);
        let until = || asked_until(case, effect_day(&events), &self.hall.calendar());
        Ok(Read {
            is_agreed: is_asked && SIDES.into_iter().all(|side| consents(case, side)),
            agreement: self.agreement(tx, &key)?,
            court: inside::court(tx, &key)?,
            ask_by: if may_ask { until() } else { None },
            is_varied: is_varied(&case.state, &events),
            sessions: self.sessions(tx, &key)?,
            coming: arranged(tx, case)?,
            reader,
            case: known.case,
        })
    }

    /// The same as somebody reads it with a code: what the others told the mediator of how it was kept is not hers to
    /// read.
    fn read_own(&self, tx: &mut dyn Tx, by_code: ByCode) -> Result<Read, Fault> {
        let hers = by_code.member.map(Member::code);
        let mut read = self.read_agreement(tx, by_code.known, by_code.reader)?;
        for clause in &mut read.agreement.clauses {
            clause.reports.retain(|report| hers.as_deref() == Some(report.row.side.as_str()));
        }
        Ok(read)
    }

    async fn agreement_page(
        self: &Arc<Self>,
        page: Page,
        number: String,
        form: Option<&Form>,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let read = move |tx: &mut dyn Tx| {
            let known = desk.mediation(tx, &number, &actor, now)?;
            desk.read_agreement(tx, known, Reader::Staff)
        };
        let found = self.hall.store.read(read).await?;
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        render_status(status, &drawn(page, &found, form, faults))
    }
}

/// The page of an agreement, with what was typed where a form was refused.
fn drawn(page: Page, read: &Read, form: Option<&Form>, faults: &[Refusal]) -> AgreementPage {
    let (Read { case, agreement, court, ask_by, .. }, reader) = (read, read.reader);
    let (today, is_handler) = (page.today(), handles(case, &page.visitor.actor));
    let typed = |name: &str| form.map(|form| form.get(name).to_owned()).unwrap_or_default();
    // What was typed for the main facts stands there again; all other forms leave them as they are kept.
    let is_head = form.is_some_and(|form| form.get("deed") == "facts");
    let head = |name: &str, kept: &str| if is_head { typed(name) } else { kept.to_owned() };
    let stages = agreement.clauses.iter().map(|clause| (clause.row.stage.as_str(), clause.row.day()));
    let kept = Kept::of(stages, today);
    let sent = form.map(|form| (form, faults));
    let is_kept = is_agreed_in(&case.state) && kept.all() > 0;
    let counts = [kept.done, kept.part, kept.open, kept.broken, kept.late].map(|count| count.to_string());
    let names = ["done", "part", "open", "broken", "late"];
    let values: Vec<(&str, &str)> = names.into_iter().zip(counts.iter().map(String::as_str)).collect();
    let sum = page.text("hearings-agreement-kept", &values);
    let mut days = court.as_ref().map(|court| court_lines(&page, court)).unwrap_or_default();
    days.extend(ask_by.filter(|day| *day >= today).map(|day| (page.t("hearings-court-ask-by"), page.date(day))));
    AgreementPage {
        number: case.number.clone(),
        is_own: false,
        is_open: is_written_in(&case.state),
        erased: if agreement.is_erased { page.t("hearings-agreement-erased") } else { String::new() },
        may_write: is_handler && is_written_in(&case.state) && !agreement.is_erased,
        may_change: is_handler && (is_written_in(&case.state) || read.is_varied) && !agreement.is_erased,
        may_note: is_handler && is_kept_in(&case.state) && !agreement.is_erased,
        facts: head("main_facts", &agreement.head.facts),
        duties: head("duties", &agreement.head.duties),
        fields: fields(&page, "", form.filter(|form| form.get("deed") == "add").map(|form| (form, faults))),
        clauses: (1..)
            .zip(&agreement.clauses)
            .map(|(number, clause)| line(&page, number, clause, sent, reader))
            .collect(),
        fixed: if read.is_varied { "hearings-agreement-varied" } else { fixed(&case.state) },
        consents: if read.is_agreed { "hearings-agreement-agreed" } else { "hearings-agreement-voids" },
        onward: if agreement.clauses.is_empty() { (String::new(), "") } else { onward(case, read.is_agreed) },
        may_say: false,
        is_said: false,
        kept: if is_kept { sum } else { String::new() },
        court: days,
        sessions: Vec::new(),
        coming: Vec::new(),
        problems: page.problems(LABELS, faults),
        page,
    }
}

/// Where whoever has written the text goes on: both are asked whether it is written down to be signed, and once they
/// agree, it is.
fn onward(case: &Case, is_agreed: bool) -> (String, &'static str) {
    let [apart, together] = ASKS;
    let (step, key) = match case.state.as_str() {
        _ if is_agreed => (DRAFT, "hearings-agreement-draft"),
        "together" => (together, "hearings-agreement-ask"),
        _ => (apart, "hearings-agreement-ask"),
    };
    // The question stays folded where another one stands; whoever is led to it finds it open.
    let open = if step == DRAFT { String::new() } else { format!("?open={step}") };
    (format!("/cases/{}{open}#step-{step}", case.number), key)
}

/// Why the text of an agreement cannot be changed in a state, or when it is written.
fn fixed(state: &str) -> &'static str {
    match state {
        _ if is_written_in(state) => "",
        APPLIED | INVITING => "hearings-agreement-later",
        TO_SIGN => "hearings-agreement-fixed",
        _ if is_kept_in(state) => "hearings-agreement-holds",
        _ => "hearings-agreement-over",
    }
}

/// The days of a court, in words.
fn court_lines(page: &Page, court: &CourtRow) -> Vec<(String, String)> {
    let mut lines = vec![(page.t("hearings-court-sent"), page.date(court.sent_on))];
    match (court.accepted_on, court.decides_by) {
        (Some(accepted), Some(decides)) => {
            lines.push((page.t("hearings-court-accepted"), page.date(accepted)));
            let key = if court.is_prolonged { "hearings-court-decides-more" } else { "hearings-court-decides" };
            lines.push((page.t(key), page.date(decides)));
        }
        _ => lines.push((page.t("hearings-court-accepts"), page.date(court.accepts_by))),
    }
    lines
}
