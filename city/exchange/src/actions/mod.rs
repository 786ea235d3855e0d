//! This file registers other systems, gives tokens and takes them back, and sets where systems listen. It also lets
//! their calls in and does each call once.

mod asked;

pub use asked::{AskAddress, AskToken};

use crate::refusals::Why;
use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use identity::{NewRequest, NewlyAsked, Settled};
use jobs::{Destination, NewJob};
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

use crate::words::{ApiScope, CallCount, DELIVER, Delivery, SECRET, System, TokenFacts, lane, queued};
use crate::{Exchange, records, rules};
use asked::{Making, Setting, fault, put_address, put_token};

/// Names the kind of request for a token.
const ASK_TOKEN: &str = "exchange.token";
/// Names the kind of request for the address of messages.
const ASK_ADDRESS: &str = "exchange.address";
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
    pub lane: Option<Destination>,
}

/// Holds what a form says of the address that gets a system's messages.
#[derive(Clone, Copy, Debug)]
pub struct Listening<'a> {
    /// The address. Without one, the messages end.
    pub url: Option<&'a str>,
    /// The identity of the request, where one is made.
    pub request: Uuid,
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
                    lane: jobs::destination(tx, &lane(id))?.filter(|lane| lane.failures > 0),
                    system,
                })
            })
            .await
    }

    /// Makes a token, which can be read only in this answer, or asks for it, with a reason that may be
    /// empty, where the city wants two people.
    ///
    /// # Errors
    /// `NotFound`, a closed system, a token of that identity that was made already, or a failure.
    pub async fn make_token(
        &self,
        actor: &Actor,
        id: Uuid,
        token: Uuid,
        why: String,
        now: Instant,
    ) -> Result<Settled<String>, Fault> {
        if self.identity.rules().two_people {
            return self.ask_token(actor, id, token, why).await.map(Settled::Asked);
        }
        let (actor, hall) = (actor.clone(), self.cases.hall.clone());
        let made = self.store().write(move |tx| {
            let system = open(governed(tx, &actor, id)?)?;
            put_token(tx, &hall, &system, &Making { token, by: &actor, now })
        });
        made.await.map(Settled::Done)
    }

    /// Asks for a token of a system. The request gives its identity to the token.
    async fn ask_token(&self, actor: &Actor, id: Uuid, token: Uuid, why: String) -> Result<NewlyAsked, Fault> {
        let by = actor.clone();
        let system = self.store().read(move |tx| open(governed(tx, &by, id)?)).await?;
        let new = NewRequest {
            id: token,
            kind: ASK_TOKEN,
            place: system.place,
            department: system.department,
            subject: Some(system.id),
            detail: json!({}),
            why,
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
                    note(tx, &system, "exchange.closed", &json!({}), &actor, now)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }

    /// Sets the address that gets a system's messages about cases, or asks for it where the city wants two people, and
    /// returns the new secret that signs them. The secret can be read only in this answer. Without an address, the
    /// messages end at once.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed or the address
    /// is not allowed.
    pub async fn listen(
        &self,
        actor: &Actor,
        id: Uuid,
        listening: Listening<'_>,
        now: Instant,
    ) -> Result<Settled<Option<String>>, Fault> {
        let Listening { url, request } = listening;
        let url = url.map(|url| rules::webhook_address(url, self.private_http, &self.targets)).transpose()?;
        let (actor, vault) = (actor.clone(), self.cases.hall.vault.clone());
        let Some(url) = url else {
            let ended = self.store().write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                records::set_webhook(tx, id, None)?;
                vault.drop_secret(tx, SECRET, id)?;
                note(tx, &system, "exchange.webhook_set", &json!({ "url": null }), &actor, now)
            });
            return ended.await.map(|()| Settled::Done(None));
        };
        if self.identity.rules().two_people {
            return self.ask_address(&actor, id, request, &url).await.map(Settled::Asked);
        }
        let set = self.store().write(move |tx| {
            let system = open(governed(tx, &actor, id)?)?;
            put_address(tx, &vault, &system, &Setting { url: &url, by: &actor, now })
        });
        set.await.map(|secret| Settled::Done(Some(secret)))
    }

    /// Asks for the address of a system's messages.
    async fn ask_address(&self, actor: &Actor, id: Uuid, request: Uuid, url: &str) -> Result<NewlyAsked, Fault> {
        let by = actor.clone();
        let system = self.store().read(move |tx| open(governed(tx, &by, id)?)).await?;
        let new = NewRequest {
            id: request,
            kind: ASK_ADDRESS,
            place: system.place,
            department: system.department,
            subject: Some(system.id),
            detail: json!({ "url": url }),
            why: String::new(),
        };
        self.identity.ask(actor, new).await.map_err(fault)
    }

    /// Sets the address of a system's messages in a unit of work of the caller, who answers for it that two people want
    /// it, and returns the new secret.
    ///
    /// # Errors
    /// Returns `NotFound` if there is no such system. Refuses if it is closed or the address is not allowed.
    pub fn set_address(&self, tx: &mut dyn Tx, id: Uuid, url: &str, by: &Actor, now: Instant) -> Result<String, Fault> {
        let url = rules::webhook_address(url, self.private_http, &self.targets)?;
        let system = open(records::system(tx, id)?.ok_or(Fault::NotFound)?)?;
        put_address(tx, &self.cases.hall.vault, &system, &Setting { url: &url, by, now })
    }

    /// Sends a message once more.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system or it has no such message. Refuses if the system
    /// is closed.
    pub async fn send_again(
        &self,
        actor: &Actor,
        id: Uuid,
        message: Uuid,
        once: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        let job = NewJob::new(DELIVER, format!("{DELIVER}:{message}:{once}"), json!({ "delivery": message }), now);
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                open(governed(tx, &actor, id)?)?;
                let found = records::delivery(tx, message)?.filter(|found| found.system == id);
                let found = found.ok_or(Fault::NotFound)?;
                if jobs::enqueue(tx, &queued(job.clone(), &found))? {
                    records::again(tx, message)?;
                }
                Ok::<_, Fault>(())
            })
            .await
    }

    /// Tries a system now to which nothing is sent for a while because it did not take its messages.
    ///
    /// # Errors
    /// Returns `NotFound` if the actor does not look after the system. Refuses if the system is closed.
    pub async fn try_now(&self, actor: &Actor, id: Uuid, now: Instant) -> Result<(), Fault> {
        let actor = actor.clone();
        self.store()
            .write(move |tx| {
                let system = open(governed(tx, &actor, id)?)?;
                if jobs::try_destination(tx, &lane(id), now)? {
                    note(tx, &system, "exchange.tried", &json!({}), &actor, now)?;
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
fn note(tx: &mut dyn Tx, system: &System, kind: &str, detail: &Value, by: &Actor, now: Instant) -> Result<(), Fault> {
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
