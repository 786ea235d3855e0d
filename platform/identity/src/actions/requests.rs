//! What gives power is asked for by one person and confirmed by another (双人确认): posts, accounts, passwords, second
//! factors, tokens, keys.
//!
//! A request is done in the transaction in which it is confirmed. Both people must hold the permission for the thing
//! itself at that moment, so a request whose place, account or system changed meanwhile is refused with the reason of
//! the thing itself.
//!
//! A new or reset password is made of two halves. The first is shown once to whoever asks, the second once to whoever
//! confirms, and both tell theirs to the person, who then chooses a password of her own. Neither of the two gets in
//! alone: the other half has 40 bits, wrong tries are slowed, and after some hours the whole is good for nothing. No
//! message to a telephone is needed, because accounts of staff have none. The one-time code stays on.

use super::asking::{Fact, Handed, NewRequest, NewlyAsked};
use super::facts::held;
use super::kinds::own_kinds;
use crate::identity::{Doing, Kind};
use crate::password::{self, HashedPassword};
use crate::records::{self, Request};
use crate::refusals::Why;
use crate::rules::{self, Outcome};
use crate::{Identity, IdentityError, words};
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What the person who confirms gets.
pub struct Confirmed {
    /// What is shown once.
    pub handed: Option<Handed>,
}

/// A request as one person sees it.
pub struct SeenRequest {
    pub(crate) request: Request,
    pub(crate) kind: Arc<dyn Kind>,
    pub(crate) facts: Vec<Fact>,
    /// Whether it waits for this person.
    pub(crate) decides: bool,
    /// Whether this person may take it back.
    pub(crate) withdraws: bool,
}

/// A confirmation that is about to be done.
struct Confirming {
    id: Uuid,
    by: Actor,
    now: Instant,
    passwords: Vec<HashedPassword>,
}

/// The second halves of passwords, a line each, and the wholes.
struct SecondHalves {
    halves: Zeroizing<String>,
    wholes: Vec<HashedPassword>,
}

impl Identity {
    /// Asks for something that another person must confirm. The same asked for again in the same form is one request.
    ///
    /// # Errors
    /// Says why it may not be asked for, or that the same waits already.
    pub async fn ask(self: &Arc<Self>, actor: &Actor, new: NewRequest) -> Result<NewlyAsked, IdentityError> {
        let kind = self.kind(new.kind)?;
        let (request, actor) = (self.asked(kind.as_ref(), new, actor)?, actor.clone());
        let half = first_halves(passwords_of(kind.as_ref(), &request))?;
        let (id, kept) = (request.id, half.clone());
        let fresh = self
            .write(move |identity, tx| {
                if let Some(before) = records::request(tx, request.id)? {
                    let same = before.asked_by == request.asked_by && before.kind == request.kind;
                    return if same { Ok(false) } else { Err(IdentityError::NotFound) };
                }
                kind.permits(identity, tx, &request, &actor)?;
                let same_as = kind.same_as(&request);
                if records::same_request(tx, &request.kind, &same_as, request.asked_at)? {
                    return Err(Refusal::new(Why::IdentityRequestWaiting).into());
                }
                let open = records::open_requests(tx, request.asked_by, request.asked_at)?;
                if open >= i64::from(identity.rules.requests_open) {
                    return Err(Refusal::new(Why::IdentityRequestsMany).with("open", open).into());
                }
                if !records::insert_request(tx, &request, &same_as)? {
                    return Ok(false);
                }
                if let Some(half) = &kept {
                    identity.vault.put_secret(tx, words::HALF_SECRET, request.id, half.as_bytes())?;
                }
                identity.note_request(tx, &request, words::REQUEST_ASKED, &actor, request.asked_at)?;
                Ok(true)
            })
            .await?;
        Ok(NewlyAsked { id, half: half.filter(|_| fresh) })
    }

    fn asked(&self, kind: &dyn Kind, new: NewRequest, actor: &Actor) -> Result<Request, IdentityError> {
        let asked_by = actor.account.ok_or_else(|| Refusal::new(Code::PermissionSignIn))?;
        let now = self.now();
        Ok(Request {
            id: new.id,
            kind: kind.code().to_owned(),
            permission: kind.permission().as_str().to_owned(),
            place: new.place,
            department: new.department,
            subject: new.subject,
            detail: new.detail.to_string(),
            why: rules::reason(&new.why)?,
            asked_by,
            asked_name: actor.name.clone(),
            asked_at: now,
            expires_at: now.plus_days(i64::from(self.rules.request_days)),
            outcome: None,
            decided_by: None,
            decided_name: None,
            decided_at: None,
            answer: None,
        })
    }

    /// Confirms a request as the second person, and does it. Confirmed again by the same person it stays as it is.
    ///
    /// # Errors
    /// Says why this person may not confirm it, or why it can no longer be done.
    pub async fn confirm(self: &Arc<Self>, actor: &Actor, id: Uuid) -> Result<Confirmed, IdentityError> {
        let seen = self.seen_request(actor, id).await?;
        let made = if seen.decides && seen.kind.halves() { self.second_halves(id).await? } else { None };
        let (half, passwords) = made.map(|made| (made.halves, made.wholes)).unzip();
        let passwords = passwords.unwrap_or_default();
        let confirming = Confirming { id, by: actor.clone(), now: self.now(), passwords };
        let kind = Arc::clone(&seen.kind);
        let done = self.write(move |identity, tx| identity.settle(tx, kind.as_ref(), &confirming)).await?;
        if let Some(subject) = seen.request.subject {
            self.cache.forget(subject);
        }
        // Sent twice at the same moment, only what the first one made belongs to the password.
        let Some(Confirmed { handed }) = done else { return Ok(Confirmed { handed: None }) };
        let second = |secret| Handed { what: "identity-half-second", term: "identity-half-second-term", secret };
        Ok(Confirmed { handed: handed.or_else(|| half.map(second)) })
    }

    /// Makes the second halves of the passwords of a request. There are none when the first ones are gone.
    async fn second_halves(self: &Arc<Self>, id: Uuid) -> Result<Option<SecondHalves>, IdentityError> {
        let first = self.read(move |identity, tx| Ok(identity.vault.secret(tx, words::HALF_SECRET, id)?)).await?;
        let Some(first) = first else { return Ok(None) };
        let first = std::str::from_utf8(&first).map_err(|error| IdentityError::Failed(format!("half: {error}")))?;
        let (mut halves, mut wholes) = (Zeroizing::new(String::new()), Vec::new());
        for first in first.lines() {
            let half = password::generate_half()?;
            wholes.push(self.hash(Zeroizing::new(format!("{first}-{}", half.as_str()))).await?);
            add_line(&mut halves, &half);
        }
        Ok(Some(SecondHalves { halves, wholes }))
    }

    /// Does what is confirmed. Returns none when the same person confirmed it before.
    fn settle(
        &self,
        tx: &mut dyn Tx,
        kind: &dyn Kind,
        confirming: &Confirming,
    ) -> Result<Option<Confirmed>, IdentityError> {
        let Confirming { id, by, now, passwords } = confirming;
        let request = records::request_to_change(tx, *id)?.ok_or(IdentityError::NotFound)?;
        if decided_so(&request, Outcome::Confirmed, by) {
            return Ok(None);
        }
        rules::may_decide(&asked_of(&request), by.account, *now)?;
        kind.permits(self, tx, &request, by)?;
        self.still_asked(tx, kind, &request, *now)?;
        if kind.halves() && passwords.len() != passwords_of(kind, &request) {
            return Err(Refusal::new(Why::IdentityRequestOver).into());
        }
        let doing = Doing { identity: self, request: &request, by, now: *now, passwords };
        let handed = kind.apply(tx, &doing)?;
        self.end_request(tx, request, Outcome::Confirmed, by, *now)?;
        Ok(Some(Confirmed { handed }))
    }

    /// Checks that whoever asked may still ask for it.
    fn still_asked(
        &self,
        tx: &mut dyn Tx,
        kind: &dyn Kind,
        request: &Request,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let today = self.settings.zone.date(now);
        let permitted = match super::actor(tx, request.asked_by, today, &self.roles) {
            Ok(asker) => kind.permits(self, tx, request, &asker),
            Err(error) => Err(error),
        };
        match permitted {
            Err(IdentityError::Refused(_) | IdentityError::NotFound) => {
                Err(Refusal::new(Why::IdentityAskerGone).with("name", &request.asked_name).into())
            }
            other => other,
        }
    }

    /// Declines a request as the second person, and tells whoever asked why, if a word was written.
    ///
    /// # Errors
    /// Says why this person may not decide it, or that the word is too long.
    pub async fn decline(self: &Arc<Self>, actor: &Actor, id: Uuid, answer: &str) -> Result<(), IdentityError> {
        self.seen_request(actor, id).await?;
        let answer = rules::reason(answer).map_err(|refusal| refusal.field("answer"))?;
        let answer = Some(answer).filter(|word| !word.is_empty());
        let (by, now) = (actor.clone(), self.now());
        self.write(move |identity, tx| {
            let request = records::request_to_change(tx, id)?.ok_or(IdentityError::NotFound)?;
            if decided_so(&request, Outcome::Declined, &by) {
                return Ok(());
            }
            rules::may_decide(&asked_of(&request), by.account, now)?;
            let request = Request { answer: answer.clone(), ..request };
            identity.end_request(tx, request, Outcome::Declined, &by, now)
        })
        .await
    }

    /// Takes an own request back.
    ///
    /// # Errors
    /// It is somebody else's, or it waits no longer.
    pub async fn withdraw(self: &Arc<Self>, actor: &Actor, id: Uuid) -> Result<(), IdentityError> {
        self.seen_request(actor, id).await?;
        let (by, now) = (actor.clone(), self.now());
        self.write(move |identity, tx| {
            let request = records::request_to_change(tx, id)?.ok_or(IdentityError::NotFound)?;
            if decided_so(&request, Outcome::Withdrawn, &by) {
                return Ok(());
            }
            rules::may_withdraw(&asked_of(&request), by.account, now)?;
            identity.end_request(tx, request, Outcome::Withdrawn, &by, now)
        })
        .await
    }

    fn end_request(
        &self,
        tx: &mut dyn Tx,
        request: Request,
        outcome: Outcome,
        by: &Actor,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let decided = Request {
            outcome: Some(outcome.code().to_owned()),
            decided_by: by.account,
            decided_name: Some(by.name.clone()),
            decided_at: Some(now),
            ..request
        };
        records::decide_request(tx, &decided)?;
        self.vault.drop_secret(tx, words::HALF_SECRET, decided.id)?;
        let event = match outcome {
            Outcome::Confirmed => words::REQUEST_CONFIRMED,
            Outcome::Declined => words::REQUEST_DECLINED,
            Outcome::Withdrawn => words::REQUEST_WITHDRAWN,
        };
        self.note_request(tx, &decided, event, by, now)
    }

    /// Returns a request as somebody sees it.
    ///
    /// # Errors
    /// [`IdentityError::NotFound`] when it is neither his own nor his to confirm.
    pub(crate) async fn seen_request(self: &Arc<Self>, actor: &Actor, id: Uuid) -> Result<SeenRequest, IdentityError> {
        let (actor, now) = (actor.clone(), self.now());
        self.read(move |identity, tx| {
            let request = records::request(tx, id)?.ok_or(IdentityError::NotFound)?;
            let kind = identity.kind(&request.kind)?;
            let reaches = identity.reaches(tx, kind.as_ref(), &request, &actor)?;
            if !reaches && actor.account != Some(request.asked_by) {
                return Err(IdentityError::NotFound);
            }
            let asked = asked_of(&request);
            let mut facts = kind.facts(identity, tx, &request)?;
            facts.extend(held(identity, tx, &request, &actor)?);
            Ok(SeenRequest {
                facts,
                decides: reaches && rules::may_decide(&asked, actor.account, now).is_ok(),
                withdraws: rules::may_withdraw(&asked, actor.account, now).is_ok(),
                request,
                kind,
            })
        })
        .await
    }

    /// Says whether a request is about something that is this person's, even if it can no longer be done.
    pub(super) fn reaches(
        &self,
        tx: &mut dyn Tx,
        kind: &dyn Kind,
        request: &Request,
        actor: &Actor,
    ) -> Result<bool, IdentityError> {
        match kind.permits(self, tx, request, actor) {
            Ok(()) => Ok(true),
            Err(IdentityError::Refused(refusal)) => Ok(!refusal.code.is_permission()),
            Err(IdentityError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Returns the kinds that can be asked for: those of accounts, and those of departments.
    pub(super) fn kinds(&self) -> Vec<Arc<dyn Kind>> {
        own_kinds().into_iter().chain(self.registered()).collect()
    }

    /// Returns the kind of that code.
    pub(crate) fn kind(&self, code: &str) -> Result<Arc<dyn Kind>, IdentityError> {
        self.kinds().into_iter().find(|kind| kind.code() == code).ok_or(IdentityError::NotFound)
    }

    /// Writes an event into the request's own chain. Names and the reason stay in the row, which can be removed.
    pub(super) fn note_request(
        &self,
        tx: &mut dyn Tx,
        request: &Request,
        kind: &str,
        by: &Actor,
        now: Instant,
    ) -> Result<(), IdentityError> {
        let mut asked: Value = serde_json::from_str(&request.detail).unwrap_or_default();
        leave_names_out(&mut asked);
        let detail = json!({
            "kind": request.kind, "place": request.place.as_str(), "department": request.department,
            "subject": request.subject, "asked": asked, "asked_by": request.asked_by,
        });
        let act = store::log::Act {
            district: self.district(),
            stream: request.id,
            kind,
            detail: &detail,
            by: by.account,
            by_name: &by.name,
            at: now,
        };
        Ok(store::log::note(tx, &act)?)
    }
}

/// Returns how many passwords of two halves a request makes.
fn passwords_of(kind: &dyn Kind, request: &Request) -> usize {
    if kind.halves() { kind.logins(request).len().max(1) } else { 0 }
}

/// Makes first halves of passwords, a line each.
fn first_halves(count: usize) -> Result<Option<Zeroizing<String>>, IdentityError> {
    let mut halves = Zeroizing::new(String::new());
    for _ in 0..count {
        add_line(&mut halves, &password::generate_half()?);
    }
    Ok(Some(halves).filter(|halves| !halves.is_empty()))
}

fn add_line(lines: &mut String, line: &str) {
    if !lines.is_empty() {
        lines.push('\n');
    }
    lines.push_str(line);
}

/// Leaves the names of people out of what was asked for, wherever they stand.
fn leave_names_out(asked: &mut Value) {
    match asked {
        Value::Object(parts) => {
            parts.remove("name");
            parts.values_mut().for_each(leave_names_out);
        }
        Value::Array(parts) => parts.iter_mut().for_each(leave_names_out),
        _ => {}
    }
}

/// Says whether somebody decided a request so before.
fn decided_so(request: &Request, outcome: Outcome, by: &Actor) -> bool {
    request.outcome.as_deref() == Some(outcome.code()) && request.decided_by == by.account
}

/// Returns what decides who may still say something about a request.
fn asked_of(request: &Request) -> rules::Asked {
    rules::Asked {
        by: request.asked_by,
        about: request.subject,
        expires_at: request.expires_at,
        decided: request.outcome.is_some(),
    }
}
