//! What people say about a case: notes inside the office, messages to the applicant and from her. The words are sealed
//! under her record and erased with it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kernel::case::{Case, Holder, Party};
use kernel::identifier::CaseNumber;
use kernel::language::Bilingual;
use kernel::line::lines_fault;
use kernel::permission::{Actor, ActorKind, Permission};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::VaultError;
use web::{InPath, Page, PostForm, WebError};

use super::case::acted;
pub use super::parts::{Hearer, TalkLine};
use super::steps::StepGiven;
use crate::Cases;
use crate::actions::Known;
use crate::records::requests;
use crate::records::talk::{self, NewTalk, TalkRow};
use hall::Fault;

/// The longest message or note, in characters. A bound of the machine.
const TEXT_CHARACTERS: usize = 1_000;
/// The most that can be said about one case. A bound of the machine.
const MOST: i64 = 200;
/// What a sealed text is bound to.
const LABEL: &str = "talk";

/// This is something that is said about a case, on its way in.
#[derive(Clone, Copy)]
pub struct Saying<'s> {
    /// `note`, `to_applicant`, `from_applicant`.
    pub kind: &'s str,
    /// The words as they were typed.
    pub text: &'s str,
    /// What is sent twice with the same key is kept once.
    pub once: &'s str,
    /// The sealed record of the party by whom or to whom it is said; none for the person whom the case is mainly about,
    /// and for notes.
    pub party: Option<Uuid>,
}

/// `POST /cases/{number}/say`: a note inside the office, or a message to the applicant, or to the party whose sealed
/// record `party` names.
///
/// # Errors
/// 404, or a failure.
pub async fn say(
    State(cases): State<Arc<Cases>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    page.require(Permission::PersonOpen)?;
    let kind = if form.get("kind") == "message" { "to_applicant" } else { "note" };
    let given = StepGiven::of_deed("say", &form);
    let (desk, drawn, asked, pass) = (cases.clone(), page.clone(), number.clone(), page.cookie(crate::pass::COOKIE));
    let said = cases
        .hall
        .store
        .write(move |tx| {
            let known = desk.seen(tx, asked.as_str(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?;
            let party = Uuid::parse_str(form.get("party")).ok().filter(|record| Some(*record) != known.person);
            if party.is_some_and(|record| !known.records().contains(&record)) {
                return Err(Fault::NotFound);
            }
            let party = party.filter(|_| kind != "note");
            desk.said(tx, &drawn, &known, Saying { kind, text: form.get("text"), once: form.key(), party })
        })
        .await;
    acted(cases, page, number, said, given).await
}

impl Cases {
    /// Keeps something said about a case. Sent twice it is kept once; other words with the same key are refused.
    ///
    /// # Errors
    /// An empty or overlong text, too much said already, or a failure of store or vault.
    pub fn said(&self, tx: &mut dyn Tx, page: &Page, known: &Known, saying: Saying<'_>) -> Result<(), Fault> {
        self.said_by(tx, known, saying, &page.visitor.actor, page.now)
    }

    /// The same for somebody who says it on no page of the case.
    ///
    /// # Errors
    /// As [`Cases::said`].
    pub fn said_by(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        saying: Saying<'_>,
        actor: &Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        let Saying { kind, text, once, party } = saying;
        let text = text.trim();
        let label = if kind == "from_applicant" {
            Bilingual::new("想问什么、说什么", "Your question or message")
        } else {
            Bilingual::new("内容", "Message")
        };
        let refuse =
            |code: Code| Refusal::new(code).field("text").with_both("label", &label).with("limit", TEXT_CHARACTERS);
        if text.is_empty() {
            return Err(refuse(Code::FormMissing).into());
        }
        if let Some(code) = lines_fault(text) {
            return Err(refuse(code).into());
        }
        let case = known.key();
        let id = case.id;
        if text.chars().count() > TEXT_CHARACTERS || talk::count(tx, &case)? >= MOST {
            return Err(refuse(Code::FormTooLong).into());
        }
        let scope = format!("cases.say.{kind}");
        let digest = self.hall.vault.told_apart(text);
        match store::once::begin(tx, &scope, &format!("{id}/{once}"), &digest, now)? {
            store::once::Once::New => {}
            store::once::Once::Again(_) => return Ok(()),
            store::once::Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        }
        let record = party.map_or_else(|| known.record(), Ok)?;
        let sealed = match self.hall.vault.cover(tx, case.district, record, LABEL, text.as_bytes()) {
            Err(VaultError::Erased) => return Err(Refusal::new(Code::VaultRecordErased).into()),
            sealed => sealed?,
        };
        let name = if actor.kind == ActorKind::Staff { actor.name.as_str() } else { "" };
        let talk_id = Uuid::new_v5(&id, format!("{kind}/{once}").as_bytes());
        let talk = NewTalk { id: talk_id, kind, account: actor.account, name, sealed, party };
        talk::say(tx, &case, talk, now)?;
        store::once::finish(tx, &scope, &format!("{id}/{once}"), "said")?;
        if kind == "note" {
            return Ok(());
        }
        if kind == "from_applicant" {
            self.kind_hears(tx, known, text, now)?;
        }
        // Whoever answers has seen what was said to her.
        Self::talk_seen(tx, known, kind == "to_applicant", party, now)?;
        match party.filter(|_| kind == "to_applicant") {
            Some(party) => Self::announce_to(tx, &known.case, party, talk_id, now),
            None => Self::announce_said(tx, &known.case, kind, talk_id, now),
        }
    }

    /// What was said, the oldest first, as far as somebody hears it; notes inside the office only for staff. What was
    /// sealed under a record that was erased is gone.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn talk(&self, tx: &mut dyn Tx, page: &Page, known: &Known, hearer: Hearer) -> Result<Vec<TalkLine>, Fault> {
        let (case, mut lines) = (known.key(), Vec::new());
        let hears = |row: &TalkRow| match hearer {
            Hearer::Staff => true,
            Hearer::Person => row.kind != "note" && row.party.is_none(),
            Hearer::Party(party) => row.kind != "note" && row.party == Some(party),
        };
        for row in talk::said(tx, &case, MOST)?.into_iter().filter(hears) {
            let Some(record) = row.party.or(known.person) else { continue };
            let plain = match self.hall.vault.uncover(tx, case.district, record, LABEL, &row.sealed) {
                Err(VaultError::Erased) => continue,
                plain => plain?,
            };
            let whom = self.role_of(page, &known.case, record);
            let name = match row.kind.as_str() {
                "to_applicant" if hearer == Hearer::Staff && !whom.is_empty() => {
                    page.t2("cases-talk-to", "name", &row.name, "whom", whom)
                }
                _ if !row.name.is_empty() => row.name,
                _ if hearer != Hearer::Staff || whom.is_empty() => {
                    page.t(self.key_of(&known.case, "cases-by-applicant"))
                }
                _ => whom,
            };
            lines.push(TalkLine {
                kind: row.kind,
                at: page.minute(row.at),
                name,
                text: String::from_utf8_lossy(&plain).into_owned(),
                is_seen: row.read_at.is_some(),
            });
        }
        Ok(lines)
    }

    /// What the procedure of a case calls the role of somebody, where several sides take part that are to be told
    /// apart; empty elsewhere.
    pub(super) fn role_of(&self, page: &Page, case: &Case, record: Uuid) -> String {
        let Ok(procedure) = self.procedure_of(case) else { return String::new() };
        if procedure.parties.len() < 2 {
            return String::new();
        }
        let holds = |parties: &[Party]| parties.iter().any(|party| party.holder == Holder::Record(record));
        let mut roles = case.parties.iter().filter(|(_, parties)| holds(parties));
        let rule = roles.next().and_then(|(role, _)| procedure.parties.get(role));
        rule.map(|rule| page.of(&rule.title).to_owned()).unwrap_or_default()
    }

    /// How many sealed words a case has: messages, notes, requests.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn sealed_words(tx: &mut dyn Tx, known: &Known) -> Result<i64, Fault> {
        let case = known.key();
        Ok(talk::count(tx, &case)? + requests::count(tx, &case)?)
    }

    /// Whether something was said to the applicant of a case that she has not answered yet. Nothing waits for her once
    /// it ended.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn asks_applicant(tx: &mut dyn Tx, known: &Known) -> Result<bool, Fault> {
        let key = known.key();
        let unseen = talk::unseen(tx, &[(key.district, key.id)], false)?;
        Ok(known.case.closed_at.is_none() && unseen.contains(&key.id))
    }

    /// Marks messages as seen by the other side: those to the applicant, or to a party, when she answers, those from
    /// her when staff opens her record or answers.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn talk_seen(
        tx: &mut dyn Tx,
        known: &Known,
        staff: bool,
        party: Option<Uuid>,
        now: Instant,
    ) -> Result<(), Fault> {
        let kind = if staff { "from_applicant" } else { "to_applicant" };
        Ok(talk::seen(tx, &known.key(), kind, party, now)?)
    }
}
