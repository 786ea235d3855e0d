//! What people say about a case: notes inside the office, messages to the applicant and from her. The words are sealed
//! under her record and erased with it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kernel::identifier::CaseNumber;
use kernel::permission::{ActorKind, Permission};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::VaultError;
use web::{InPath, Page, PostForm, WebError};

use super::case::acted;
pub use super::parts::TalkLine;
use super::steps::StepGiven;
use crate::Cases;
use crate::actions::{Known, district};
use crate::records::requests;
use crate::records::talk::{self, NewTalk};
use hall::Fault;

/// The longest message or note, in characters. A bound of the machine.
const TEXT_CHARACTERS: usize = 1_000;
/// The most that can be said about one case. A bound of the machine.
const MOST: i64 = 200;
/// What a sealed text is bound to.
const LABEL: &str = "talk";

/// `POST /cases/{number}/say`: a note inside the office, or a message to the applicant.
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
    let (desk, drawn, asked, pass) = (cases.clone(), page.clone(), number.clone(), page.cookie(crate::pass::COOKIE));
    let said = cases
        .hall
        .store
        .write(move |tx| {
            let known = desk.seen(tx, asked.as_str(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?;
            desk.said(tx, &drawn, &known, (kind, form.get("text"), form.key()))
        })
        .await;
    acted(cases, page, number, said, StepGiven::default()).await
}

impl Cases {
    /// Keeps something said about a case: `note`, `to_applicant`, `from_applicant`. Sent twice it is kept once.
    ///
    /// # Errors
    /// An empty or overlong text, too much said already, or a failure of store or vault.
    pub fn said(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        (kind, text, once): (&str, &str, &str),
    ) -> Result<(), Fault> {
        let text = text.trim();
        let refuse = |code: Code| Refusal::new(code).field("text").with("label", "text").with("limit", TEXT_CHARACTERS);
        if text.is_empty() {
            return Err(refuse(Code::FormMissing).into());
        }
        let (shard, id, now) = (district(&known.case), known.case.id.0, page.now);
        if text.chars().count() > TEXT_CHARACTERS || talk::count(tx, shard, id)? >= MOST {
            return Err(refuse(Code::FormTooLong).into());
        }
        let scope = format!("cases.say.{kind}");
        match store::once::begin(tx, &scope, &format!("{id}/{once}"), "", now)? {
            store::once::Once::New => {}
            _ => return Ok(()),
        }
        let sealed = match self.hall.vault.cover(tx, shard, known.record()?, LABEL, text.as_bytes()) {
            Err(VaultError::Erased) => return Err(Refusal::new(Code::VaultRecordErased).into()),
            sealed => sealed?,
        };
        let actor = &page.visitor.actor;
        let name = if actor.kind == ActorKind::Staff { actor.name.as_str() } else { "" };
        let talk_id = Uuid::new_v5(&id, format!("{kind}/{once}").as_bytes());
        talk::say(tx, (shard, id), NewTalk { id: talk_id, kind, account: actor.account, name, sealed }, now)?;
        store::once::finish(tx, &scope, &format!("{id}/{once}"), "said")?;
        if kind == "note" { Ok(()) } else { Self::announce_said(tx, &known.case, (kind, talk_id), now) }
    }

    /// What was said, the oldest first; notes inside the office only for staff. Nothing once the record was erased.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn talk(&self, tx: &mut dyn Tx, page: &Page, known: &Known, staff: bool) -> Result<Vec<TalkLine>, Fault> {
        let (shard, id) = (district(&known.case), known.case.id.0);
        let Some(record) = known.person else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for row in talk::said(tx, shard, id, MOST)?.into_iter().filter(|row| staff || row.kind != "note") {
            let plain = match self.hall.vault.uncover(tx, shard, record, LABEL, &row.sealed) {
                Err(VaultError::Erased) => return Ok(Vec::new()),
                plain => plain?,
            };
            lines.push(TalkLine {
                kind: row.kind,
                at: page.minute(row.at),
                name: row.name,
                text: String::from_utf8_lossy(&plain).into_owned(),
                is_seen: row.read_at.is_some(),
            });
        }
        Ok(lines)
    }

    /// How many sealed words a case has: messages, notes, requests.
    ///
    /// # Errors
    /// A failure of the store.
    pub(super) fn sealed_words(tx: &mut dyn Tx, known: &Known) -> Result<i64, Fault> {
        let (shard, id) = (district(&known.case), known.case.id.0);
        Ok(talk::count(tx, shard, id)? + requests::count(tx, shard, id)?)
    }

    /// Marks messages as seen by the other side: those to the applicant when she looks, those from her when staff does.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn talk_seen(tx: &mut dyn Tx, known: &Known, staff: bool, now: Instant) -> Result<(), Fault> {
        let kind = if staff { "from_applicant" } else { "to_applicant" };
        Ok(talk::seen(tx, (district(&known.case), known.case.id.0), kind, now)?)
    }
}
