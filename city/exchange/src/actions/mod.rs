//! This file registers other systems, and gives tokens and takes them back. It also lets their calls in and does each
//! call once. The file beside it sets where systems listen.

mod listening;

use crate::refusals::Why;
use std::collections::BTreeSet;
use std::sync::Arc;

use counter::Counter;
use data_encoding::HEXLOWER;
use hall::Hall;
use hmac::{Hmac, KeyInit, Mac};
use identity::{Doing, Fact, Handed, Identity, IdentityError, Kind, NewRequest, NewlyAsked, Request, Said, Settled};
use jobs::Lane;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::{Value, json};
use sm3::Sm3;
use store::once::Once;
use store::{StoreError, Tx};
use uuid::Uuid;

pub use hall::Fault;
pub use listening::Replaying;

use crate::records::NewToken;
use crate::words::{ApiScope, CallCount, Delivery, Listening, OLD_SECRET, SECRET, System, TokenFacts, lane};
use crate::{Exchange, records, rules};

/// Names the kind of request for a token.
const ASK_TOKEN: &str = "exchange.token";
/// Names the scope of the keys of calls.
const CALLS: &str = "exchange.call";
/// Says after how many seconds the last use of a token is noted again.
const USED_SECONDS: i64 = 60;

/// A system that is going to be registered.
#[derive(Clone, Debug)]
pub struct NewSystem {
    /// Its identity, which the caller makes. If the same identity is sent twice, it is one system.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Where it may act.
    pub place: PlacePath,
    /// The one department to which it is limited.
    pub department: Option<String>,
    /// What it may do.
    pub scopes: BTreeSet<ApiScope>,
    /// How many calls a minute it has.
    pub calls_per_minute: i64,
}

/// Holds a system with everything that its page shows.
pub struct Sheet {
    /// The system.
    pub system: System,
    /// Its tokens.
    pub tokens: Vec<TokenFacts>,
    /// How often it called.
    pub calls: Vec<CallCount>,
    /// Which messages it got.
    pub deliveries: Vec<Delivery>,
    /// Whether messages to it fail, and until when none is sent.
    pub lane: Option<Lane>,
}

/// Holds a valid token and the system that owns it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The token.
    pub token: Uuid,
    /// The system.
    pub system: System,
}

/// Holds what makes a call happen once: its key, and a digest that tells it from another call under the same key.
#[derive(Clone, Debug)]
pub struct Keyed {
    /// The key, with the system's identity before it.
    pub key: String,
    /// The HMAC-SM3 of what is asked. It has a key, because it stands for personal data.
    pub digest: String,
}

impl Exchange {
    /// Registers a system for a place where the actor manages accounts.
    ///
    /// # Errors
    /// Refuses if the actor does not manage accounts there.
    pub async fn register(&self, new: NewSystem, actor: &Actor, now: Instant) -> Result<Uuid, Fault> {
        rules::governs(actor, &new.place, new.department.as_deref())?;
        let system = System {
            id: new.id,
            district: new.place.district(),
            name: new.name.trim().to_owned(),
            place: new.place,
            department: new.department,
            scopes: new.scopes,
            calls_per_minute: new.calls_per_minute,
            webhook_url: None,
            created_at: now,
            created_by: actor.name.clone(),
            closed_at: None,
            listening: Listening::default(),
        };
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                if records::insert_system(tx, &system)? {
                    let scopes: Vec<&str> = system.scopes.iter().map(|scope| scope.code()).collect();
                    let detail = json!({
                        "name": system.name, "place": system.place, "department": system.department,
                        "scopes": scopes, "calls_per_minute": system.calls_per_minute,
                    });
                    note(tx, &system, "exchange.registered", &detail, &actor, now)?;
                }
                Ok::<_, Fault>(system.id)
            })
            .await
    }

    /// Returns the systems of the places where the actor manages accounts, the newest first, after one of them, at most
    /// `limit`.
    pub async fn listed(&self, actor: &Actor, after: Option<Uuid>, limit: i64) -> Result<Vec<System>, Fault> {
        let scopes = actor.scopes(identity::May::AccountManage);
        let before = after.unwrap_or(Uuid::from_u128(u128::MAX));
        self.store().read(move |tx| Ok::<_, Fault>(records::systems(tx, &scopes, before, limit)?)).await
    }

    /// Returns a system with its tokens, calls and messages.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after it.
    pub async fn sheet(&self, actor: &Actor, id: Uuid, limit: i64) -> Result<Sheet, Fault> {
        let actor = actor.clone();
        self.store()
            .read(move |tx| {
                let system = governed(tx, &actor, id)?;
                Ok::<_, Fault>(Sheet {
                    tokens: records::tokens(tx, id)?,
                    calls: records::calls(tx, id, limit)?,
                    deliveries: records::deliveries(tx, id, limit)?,
                    lane: jobs::lane(tx, &lane(id))?.filter(|lane| lane.failures > 0),
                    system,
                })
            })
            .await
    }

    /// Makes a token, which can be read only in this answer, or asks for it where the city wants two people.
    ///
    /// # Errors
    /// `NotFound`, a closed system, a token of that identity that was made already, or a failure.
    pub async fn make_token(
        &self,
        actor: &Actor,
        id: Uuid,
        token: Uuid,
        now: Instant,
    ) -> Result<Settled<String>, Fault> {
        if self.identity.rules().two_people {
            return self.ask_token(actor, id, token).await.map(Settled::Asked);
        }
        let (actor, hall) = (actor.clone(), self.cases.hall.clone());
        let made = self.store().write(move |tx| {
            let system = open(governed(tx, &actor, id)?)?;
            put_token(tx, &hall, &system, &Making { token, by: &actor, now })
        });
        made.await.map(Settled::Done)
    }

    /// Asks for a token of a system. The request gives its identity to the token.
    async fn ask_token(&self, actor: &Actor, id: Uuid, token: Uuid) -> Result<NewlyAsked, Fault> {
        let by = actor.clone();
        let system = self.store().read(move |tx| open(governed(tx, &by, id)?)).await?;
        let new = NewRequest {
            id: token,
            kind: ASK_TOKEN,
            place: system.place,
            department: system.department,
            subject: Some(system.id),
            detail: json!({}),
            why: String::new(),
        };
        self.identity.ask(actor, new).await.map_err(fault)
    }

    /// Takes a token back. From then on it opens nothing.
    ///
    /// # Errors
    /// `NotFound`, or a failure of the store.
    pub async fn revoke(&self, actor: &Actor, id: Uuid, token: Uuid, now: Instant) -> Result<(), Fault> {
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                let system = governed(tx, &actor, id)?;
                if records::revoke(tx, id, token, now)? {
                    note(tx, &system, "exchange.token_revoked", &json!({ "token": token }), &actor, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }

    /// Closes a system. Its tokens open nothing, it gets no more messages, and its secret is destroyed.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system.
    pub async fn close(&self, actor: &Actor, id: Uuid, now: Instant) -> Result<(), Fault> {
        let (actor, vault) = (actor.clone(), self.cases.hall.vault.clone());
        self.store()
            .write(move |tx| {
                let system = governed(tx, &actor, id)?;
                if records::close(tx, id, now)? {
                    vault.drop_secret(tx, SECRET, id)?;
                    vault.drop_secret(tx, OLD_SECRET, id)?;
                    note(tx, &system, "exchange.closed", &json!({}), &actor, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }

    /// Returns the system of a token while both are valid.
    pub async fn caller(&self, token: &str, now: Instant) -> Result<Option<Caller>, StoreError> {
        let Some(digest) = rules::token_digest(token) else { return Ok(None) };
        let found = self.store().read(move |tx| records::holder(tx, &digest, now)).await?;
        Ok(found.map(|(token, system)| Caller { token, system }))
    }

    /// Counts a call and the calls that were turned away before it, and notes that the token was used.
    pub async fn count(&self, caller: &Caller, calls: Vec<CallCount>, now: Instant) -> Result<(), StoreError> {
        let (token, system) = (caller.token, caller.system.id);
        self.store()
            .write(move |tx| {
                records::used(tx, token, now.plus_seconds(-USED_SECONDS), now)?;
                calls.iter().try_for_each(|count| records::count_calls(tx, system, count))
            })
            .await
    }

    /// Returns what identifies a call when it is sent again.
    ///
    /// # Errors
    /// Fails if the key of the digest cannot be used, which does not happen today.
    pub fn keyed(&self, system: Uuid, key: &str, asked: &[&str]) -> Result<Keyed, Fault> {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.once_key).map_err(|fault| Fault::Broken(fault.to_string()))?;
        for part in asked {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Ok(Keyed { key: format!("{system}/{key}"), digest: HEXLOWER.encode(&mac.finalize().into_bytes()) })
    }
}

/// Does a call once. The same key gets the same answer again. The answer must hold nothing personal.
///
/// # Errors
/// Refuses if the same key comes with another request, or if the work refuses.
pub fn once(
    tx: &mut dyn Tx,
    keyed: &Keyed,
    now: Instant,
    work: impl FnOnce(&mut dyn Tx) -> Result<Value, Fault>,
) -> Result<Value, Fault> {
    match store::once::begin(tx, CALLS, &keyed.key, &keyed.digest, now)? {
        Once::Again(answer) => serde_json::from_str(&answer).map_err(|fault| Fault::Broken(fault.to_string())),
        Once::Conflict => Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {
            let answer = work(tx)?;
            store::once::finish(tx, CALLS, &keyed.key, &answer.to_string())?;
            Ok(answer)
        }
    }
}

/// A token of a system, which one person asks for and another confirms. Whoever confirms is shown it once.
pub struct AskToken {
    /// The counter, which knows the departments, and the hall behind it.
    pub counter: Arc<Counter>,
}

impl Kind for AskToken {
    fn code(&self) -> &'static str {
        ASK_TOKEN
    }

    fn title(&self) -> &'static str {
        "exchange-token-new"
    }

    fn effect(&self) -> &'static str {
        "exchange-token-effect"
    }

    fn permits(
        &self,
        _identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError> {
        asked_system(tx, request, actor).map(drop).map_err(unfault)
    }

    fn facts(&self, identity: &Identity, tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError> {
        let Some(system) = records::system(tx, request.subject.unwrap_or_default())? else { return Ok(Vec::new()) };
        let scopes = system.scopes.iter().map(|scope| scope.key()).collect();
        let mut facts = vec![
            Fact::text("exchange-name", system.name),
            Fact::both("exchange-place", identity.place_name(&system.place)),
        ];
        let named = |code: String| {
            let known = self.counter.catalogue().department(&code).map(|department| department.name.clone());
            known.unwrap_or_else(|| Bilingual::new(code.as_str(), code.as_str()))
        };
        facts.extend(system.department.map(|code| Fact::both("exchange-department", named(code))));
        facts.push(Fact { key: "exchange-scopes", said: Said::Keys(scopes) });
        facts.push(Fact::text("exchange-calls-per-minute", system.calls_per_minute.to_string()));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let system = asked_system(tx, doing.request, doing.by).map_err(unfault)?;
        let making = Making { token: doing.request.id, by: doing.by, now: doing.now };
        let secret = put_token(tx, &self.counter.cases.hall, &system, &making).map_err(unfault)?;
        Ok(Some(Handed::new("exchange-token-shown", "exchange-token", secret)))
    }
}

/// Returns the open system for which a token is asked.
fn asked_system(tx: &mut dyn Tx, request: &Request, actor: &Actor) -> Result<System, Fault> {
    open(governed(tx, actor, request.subject.ok_or(Fault::NotFound)?)?)
}

/// A token that is about to be made.
struct Making<'a> {
    token: Uuid,
    by: &'a Actor,
    now: Instant,
}

/// Makes a token of a system and returns its text.
fn put_token(tx: &mut dyn Tx, hall: &Hall, system: &System, making: &Making<'_>) -> Result<String, Fault> {
    let Making { token, by, now } = *making;
    let text = rules::token_text(&random()?);
    let digest = rules::token_digest(&text).ok_or_else(|| Fault::Broken("a token without digest".to_owned()))?;
    let expires_at = now.plus_days(hall.figure(crate::words::EXCHANGE_TOKEN_DAYS, now)?);
    let new = NewToken { id: token, digest: &digest, system: system.id, created_at: now, expires_at };
    if !records::insert_token(tx, &new)? {
        return Err(Refusal::new(Why::ExchangeSecretShown).into());
    }
    note(tx, system, "exchange.token_made", &json!({ "token": token }), by, now)?;
    Ok(text)
}

/// What identity answers, as this department says it.
fn fault(error: IdentityError) -> Fault {
    match error {
        IdentityError::Refused(refusal) => Fault::Refused(refusal),
        IdentityError::NotFound => Fault::NotFound,
        IdentityError::Busy => Fault::Store(StoreError::Busy),
        IdentityError::Store(fault) => Fault::Store(fault),
        IdentityError::Vault(fault) => fault.into(),
        IdentityError::Failed(what) => Fault::Broken(what),
    }
}

/// What this department answers, as identity says it.
fn unfault(fault: Fault) -> IdentityError {
    match fault {
        Fault::Refused(refusal) => IdentityError::Refused(refusal),
        Fault::NotFound => IdentityError::NotFound,
        Fault::Store(fault) => IdentityError::Store(fault),
        Fault::Vault(fault) => fault.into(),
        Fault::Broken(what) => IdentityError::Failed(what),
    }
}

/// Returns a system if the actor manages accounts for its place and department.
fn governed(tx: &mut dyn Tx, actor: &Actor, id: Uuid) -> Result<System, Fault> {
    let system = records::system(tx, id)?.ok_or(Fault::NotFound)?;
    rules::governs(actor, &system.place, system.department.as_deref()).map_err(|_| Fault::NotFound)?;
    Ok(system)
}

fn open(system: System) -> Result<System, Fault> {
    if system.closed_at.is_some() { Err(Refusal::new(Why::ExchangeSystemClosed).into()) } else { Ok(system) }
}

/// Writes an event into the system's own chain: what happened, who did it, and details that are never personal or
/// secret.
pub(crate) fn note(
    tx: &mut dyn Tx,
    system: &System,
    kind: &str,
    detail: &Value,
    by: &Actor,
    now: Instant,
) -> Result<(), Fault> {
    let act = store::log::Act {
        district: system.district,
        stream: system.id,
        kind,
        detail,
        by: by.account,
        by_name: &by.name,
        at: now,
    };
    Ok(store::log::note(tx, &act)?)
}

fn random() -> Result<[u8; rules::TOKEN_BYTES], Fault> {
    let mut bytes = [0_u8; rules::TOKEN_BYTES];
    getrandom::fill(&mut bytes).map_err(|fault| Fault::Broken(format!("random bytes: {fault}")))?;
    Ok(bytes)
}
