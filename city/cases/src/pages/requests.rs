//! Persons ask about their own data (PIPL): for a copy, a correction, or erasure. Each request has its own limit and is
//! answered with reasons. Whoever takes part in a case asks about her own data, and only hers are corrected or
//! erased.

use crate::refusals::Why;
use std::sync::Arc;

use super::case::acted;
use super::parts::Hearer;
pub use super::parts::RequestLine;
use super::steps::StepGiven;
use crate::Cases;
use crate::actions::{Known, district};
use crate::kind::Correcting;
use crate::records::requests::{self, NewAnswer, NewRequest, RequestRow};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::case::Case;
use kernel::identifier::{BankCard, CaseNumber, IdentifierFault, Telephone};
use kernel::language::Bilingual;
use kernel::line::{line_fault, lines_fault, name, name_fault, written};
use kernel::permission::{Actor, Grant, Permission, Target, may};
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use vault::{Person, PersonField, VaultError};
use web::{InPath, Page, PostForm, WebError, render};

/// The longest request or answer, in characters. A bound of the machine.
const TEXT_CHARACTERS: usize = 1_000;
/// The longest name or address, in characters. A bound of the machine.
const LINE_CHARACTERS: usize = 100;
/// The most requests of one party of a case. A bound of the machine.
const MOST: i64 = 20;
/// The most requests that the page of a case shows, of all who take part. A bound of the machine.
const SHOWN: i64 = 400;
/// What a sealed text is bound to.
const LABEL: &str = "request";

/// What a person asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// Correct the data (更正).
    Correct,
    /// Erase the data (删除).
    Erase,
}

impl RequestKind {
    /// The name in data and forms.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Erase => "erase",
        }
    }

    /// Reads [`RequestKind::code`].
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Correct, Self::Erase].into_iter().find(|kind| kind.code() == code)
    }
}

/// This is what a person asks about her own data, on its way in.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// Correct the data, or erase them.
    pub kind: RequestKind,
    /// The words as they were typed.
    pub text: &'a str,
    /// What is sent twice with the same key is kept once.
    pub once: &'a str,
    /// The sealed record of the party who asks about it; none for the person whom the case is mainly about.
    pub party: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "cases/requests.html")]
struct RequestsPage {
    page: Page,
    requests: Vec<RequestLine>,
}

/// `GET /requests`: what is open at the visitor's offices.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn get(State(cases): State<Arc<Cases>>, page: Page) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    let scopes = page.visitor.actor.scopes(Permission::CaseHandle);
    let (limit, drawn, desk) = (cases.page_size(&page)?, page.clone(), cases.clone());
    let requests = cases
        .hall
        .store
        .read(move |tx| {
            let order = |one: &RequestRow, other: &RequestRow| {
                (one.due, &one.number, one.id).cmp(&(other.due, &other.number, other.id))
            };
            let rows = store::gather(&scopes, limit, order, |scope| Ok::<_, Fault>(requests::open(tx, scope, limit)?))?;
            let mut lines = Vec::with_capacity(rows.len());
            for row in rows {
                lines.push(desk.waiting_line(tx, &drawn, row)?);
            }
            Ok::<_, Fault>(lines)
        })
        .await?;
    render(&RequestsPage { page, requests })
}

/// `POST /cases/{number}/request`: answers one; a correction changes the data named, an erasure destroys the record.
///
/// # Errors
/// 404, or a failure.
pub async fn answer(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseHandle)?;
    page.require(Permission::PersonOpen)?;
    let (desk, drawn, asked, pass) = (cases.clone(), page.clone(), number.clone(), page.cookie(crate::pass::COOKIE));
    let answered = cases
        .hall
        .store
        .write(move |tx| {
            let known = desk.seen(tx, asked.as_str(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?;
            desk.answer_request(tx, &drawn, &known, &form)
        })
        .await;
    acted(cases, page, number, answered, StepGiven::default()).await
}

fn line(page: &Page, row: RequestRow, text: String, answer: Option<(bool, String)>) -> RequestLine {
    RequestLine {
        id: row.id.to_string(),
        number: row.number,
        kind: row.kind,
        at: page.minute(row.at),
        due: page.date(row.due),
        light: page.time_left(row.due, kernel::procedure::ClockState::Running),
        text,
        answer,
        whom: String::new(),
    }
}

fn said(field: &str, label: &Bilingual, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let refuse = |code| Refusal::new(code).field(field).with_both("label", label).with("limit", TEXT_CHARACTERS);
    if let Some(code) = lines_fault(text) {
        return Err(refuse(code));
    }
    match text.chars().count() {
        0 => Err(refuse(Code::FormMissing)),
        1..=TEXT_CHARACTERS => Ok(text.to_owned()),
        _ => Err(refuse(Code::FormTooLong)),
    }
}

impl Cases {
    /// The person, or another party, asks for a correction or for erasure of her own data. Sent twice it is kept once.
    ///
    /// # Errors
    /// An empty or overlong text, too many requests, an erased record, or a failure of store or vault.
    pub fn request(&self, tx: &mut dyn Tx, page: &Page, known: &Known, asking: Asking<'_>) -> Result<(), Fault> {
        let Asking { kind, text, once, party } = asking;
        let (case, now) = (known.key(), page.now);
        let id = case.id;
        let label = Bilingual::new("哪里要改，或为什么要删", "What is wrong, or why it should be deleted");
        let text = said("text", &label, text)?;
        let digest = self.hall.vault.told_apart(&format!("{}/{text}", kind.code()));
        let scope = match party {
            Some(party) => format!("{id}/{party}/{once}"),
            None => format!("{id}/{once}"),
        };
        match store::once::begin(tx, "cases.request", &scope, &digest, now)? {
            store::once::Once::New => {}
            store::once::Once::Again(_) => return Ok(()),
            store::once::Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        }
        let before = requests::of_party(tx, &case, party, MOST)?;
        let same = before.iter().any(|row| row.kind == kind.code() && row.answered_at.is_none());
        if same || i64::try_from(before.len()).is_ok_and(|count| count >= MOST) {
            return Err(Refusal::new(Code::CaseAlreadyDone).into());
        }
        let record = party.map_or_else(|| known.record(), Ok)?;
        let sealed = self.covered(tx, case.district, record, &text)?;
        let due = self.hall.day_after(now, crate::words::PERSON_REQUEST, now)?;
        let request = Uuid::new_v5(&id, scope.as_bytes());
        let new = NewRequest { id: request, kind: kind.code(), sealed, at: now, due, party };
        requests::insert(tx, &known.case, new)?;
        store::once::finish(tx, "cases.request", &scope, "kept")?;
        let action = if party.is_some() { "party_request" } else { "request" };
        Self::announce_said(tx, &known.case, action, request, now)
    }

    fn covered(&self, tx: &mut dyn Tx, shard: PlaceId, record: Uuid, text: &str) -> Result<Vec<u8>, Fault> {
        match self.hall.vault.cover(tx, shard, record, LABEL, text.as_bytes()) {
            Err(VaultError::Erased) => Err(Refusal::new(Code::VaultRecordErased).into()),
            sealed => Ok(sealed?),
        }
    }

    /// The requests of a case with their words, as far as somebody hears them. What was sealed under a record that was
    /// erased is gone.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn requests(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        hearer: Hearer,
    ) -> Result<Vec<RequestLine>, Fault> {
        let case = known.key();
        let rows = match hearer {
            Hearer::Staff => requests::of_case(tx, &case, SHOWN)?,
            Hearer::Person => requests::of_party(tx, &case, None, MOST)?,
            Hearer::Party(party) => requests::of_party(tx, &case, Some(party), MOST)?,
        };
        let mut lines = Vec::new();
        for row in rows {
            let Some(record) = row.party.or(known.person) else { continue };
            let mut open = |sealed: &[u8]| {
                let plain = self.hall.vault.uncover(tx, case.district, record, LABEL, sealed)?;
                Ok::<_, VaultError>(String::from_utf8_lossy(&plain).into_owned())
            };
            let text = match open(&row.sealed) {
                Err(VaultError::Erased) => continue,
                text => text?,
            };
            let answer = row.answer.as_deref().map(&mut open).transpose()?;
            let done = row.outcome.as_deref() == Some("done");
            let is_staff = hearer == Hearer::Staff;
            let whom = if is_staff { self.whose_data(tx, page, &known.case, record)? } else { String::new() };
            lines.push(RequestLine { whom, ..line(page, row, text, answer.map(|words| (done, words))) });
        }
        Ok(lines)
    }

    /// The role and the masked name of whoever a request concerns, where several sides take part; empty elsewhere.
    fn whose_data(&self, tx: &mut dyn Tx, page: &Page, case: &Case, record: Uuid) -> Result<String, Fault> {
        let role = self.role_of(page, case, record);
        if role.is_empty() {
            return Ok(role);
        }
        let masked = self.hall.vault.masked(tx, &[(district(case), record)])?;
        let name = masked.into_iter().next().and_then(|(_, mut fields)| fields.remove(&PersonField::Name));
        Ok(match name {
            Some(name) => format!("{role} {name}"),
            None => role,
        })
    }

    /// A request as the list of open ones names it. Of another party than the person whom its case is mainly about the
    /// list says which side she is.
    fn waiting_line(&self, tx: &mut dyn Tx, page: &Page, row: RequestRow) -> Result<RequestLine, Fault> {
        let whom = match row.party {
            Some(party) => self.role_of(page, &self.known_number(tx, &row.number)?.case, party),
            None => String::new(),
        };
        Ok(RequestLine { whom, ..line(page, row, String::new(), None) })
    }

    fn answer_request(&self, tx: &mut dyn Tx, page: &Page, known: &Known, form: &PostForm) -> Result<(), Fault> {
        let (case, actor) = (&known.case, &page.visitor.actor);
        let shard = district(case);
        let office = Target { place: case.decider.place.clone(), department: case.decider.department.clone() };
        let grant = granted(actor, Permission::CaseHandle, &office, case.confidential)?;
        granted(actor, Permission::PersonOpen, &office, case.confidential)?;
        let id = Uuid::parse_str(form.get("request")).map_err(|_| Fault::NotFound)?;
        let row = requests::find(tx, &known.key(), id)?.ok_or(Fault::NotFound)?;
        let record = row.party.map_or_else(|| known.record(), Ok)?;
        let words = said("answer", &Bilingual::new("答复和理由", "Answer and reasons"), form.get("answer"))?;
        let grants = match form.get("outcome") {
            "done" => true,
            "refused" => false,
            _ => {
                let label = Bilingual::new("照办还是不能照办", "Do as asked, or decline");
                return Err(Refusal::new(Code::FormChoice).field("outcome").with_both("label", &label).into());
            }
        };
        let erase = grants && row.kind == RequestKind::Erase.code();
        if erase && case.closed_at.is_none() {
            return Err(Refusal::new(Why::CaseStillOpen).into());
        }
        let correction = (grants && row.kind == RequestKind::Correct.code()).then(|| corrected(form)).transpose()?;
        let sealed = self.covered(tx, shard, record, &words)?;
        let answer = NewAnswer { outcome: if grants { "done" } else { "refused" }, sealed, by: &actor.name };
        if !requests::answer(tx, &known.key(), id, answer, page.now)? {
            return Err(Refusal::new(Code::CaseAlreadyDone).into());
        }
        if let Some(correction) = correction {
            let purpose = match row.party {
                Some(_) => "cases-request-correct-purpose-party",
                None => "cases-request-correct-purpose",
            };
            let look = vault::Look {
                account: actor.account,
                name: actor.name.clone(),
                place: self.hall.places.tree().chain(&grant.place, kernel::language::Lang::Zh),
                purpose: page.t(purpose),
                case_number: Some(case.number.clone()),
                at: page.now,
            };
            if let Some(kind) = self.kinds.get(&case.kind) {
                let name = correction.get(PersonField::Name).map(|name| name.expose().as_str());
                kind.correcting(tx, &Correcting { case, record, name, look: &look })?;
            }
            self.hall.vault.change(tx, shard, record, &correction, &look)?;
        }
        if erase {
            requests::end(tx, &known.key(), row.party, &actor.name, page.now)?;
            self.hall.vault.erase(tx, shard, record, page.now)?;
        }
        let message = Uuid::new_v5(&id, b"answer");
        match row.party {
            None => Self::announce_said(tx, case, "request_answered", message, page.now),
            // Whose data are erased is reached no more.
            Some(_) if erase => Ok(()),
            Some(party) => Self::announce_to(tx, case, party, message, page.now),
        }
    }
}

/// The grant at an office; on a confidential matter one for its department by name.
fn granted<'a>(
    actor: &'a Actor,
    permission: Permission,
    office: &Target,
    confidential: bool,
) -> Result<&'a Grant, Refusal> {
    let grant = may(actor, permission, office)?;
    if !confidential {
        return Ok(grant);
    }
    let explicit = actor.holding(permission).find(|grant| grant.covers_explicitly(office));
    explicit.ok_or_else(|| Refusal::new(Code::PermissionConfidential))
}

/// The fields that a correction gives anew; empty ones stay as they are, and one at least is given.
fn corrected(form: &PostForm) -> Result<Person, Refusal> {
    let mut person = Person::new();
    for field in [PersonField::Name, PersonField::Telephone, PersonField::Address, PersonField::BankCard] {
        let typed = form.get(field.code()).trim();
        if typed.is_empty() {
            continue;
        }
        let refuse = |fault: IdentifierFault| fault.refusal(field.code());
        let value = match field {
            PersonField::Telephone => Telephone::parse(typed).map_err(refuse)?.as_str().to_owned(),
            PersonField::BankCard => {
                let confirmed = form.has("bank_card_confirmed");
                BankCard::parse_confirmed(typed, confirmed).map_err(refuse)?.as_str().to_owned()
            }
            _ => named(field, typed)?,
        };
        person = person.with(field, value);
    }
    if person.fields().next().is_none() {
        let label = Bilingual::new("要改的内容", "What should change");
        return Err(Refusal::new(Code::FormMissing).field("name").with_both("label", &label));
    }
    Ok(person)
}

/// A name or an address: one line of a bounded length.
fn named(field: PersonField, typed: &str) -> Result<String, Refusal> {
    let long = (typed.chars().count() > LINE_CHARACTERS).then_some(Code::FormInvalid);
    let label = match field {
        PersonField::Address => Bilingual::new("住址", "Address"),
        _ => Bilingual::new("姓名", "Name"),
    };
    let (kept, fault) = match field {
        PersonField::Name => (name(typed), name_fault(typed)),
        _ => (written(typed), line_fault(&written(typed))),
    };
    match fault.or(long) {
        None => Ok(kept),
        Some(code) => Err(Refusal::new(code).field(field.code()).with_both("label", &label)),
    }
}
