//! What one person asks for and another confirms: the token that lets a system in, and the address that is told of its
//! cases.

use super::{ASK_ADDRESS, ASK_TOKEN, governed, note, open, random};
use crate::records::NewToken;
use crate::refusals::Why;
use crate::words::{SECRET, System};
use crate::{records, rules};
use counter::Counter;
use data_encoding::BASE64URL_NOPAD;
use hall::{Fault, Hall};
use identity::{Doing, Fact, Handed, Identity, IdentityError, Kind, Request, Said};
use jobs::channels::Targets;
use kernel::language::Bilingual;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{StoreError, Tx};
use uuid::Uuid;
use vault::Vault;

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

    fn about(&self) -> &'static [&'static str] {
        &["exchange-name"]
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
        let mut facts = system_facts(&self.counter, identity, tx, request)?;
        if let Some(system) = records::system(tx, request.subject.unwrap_or_default())? {
            facts.push(Fact::text("exchange-calls-per-minute", system.calls_per_minute.to_string()));
        }
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let system = asked_system(tx, doing.request, doing.by).map_err(unfault)?;
        let making = Making { token: doing.request.id, by: doing.by, now: doing.now };
        let secret = put_token(tx, &self.counter.cases.hall, &system, &making).map_err(unfault)?;
        Ok(Some(Handed::new("exchange-token-shown", "exchange-token", secret)))
    }
}

/// The address that gets a system's messages about cases, which one person asks for and another confirms. Whoever
/// confirms is shown the secret that signs them, once.
pub struct AskAddress {
    /// The counter, which knows the departments, and the hall behind it.
    pub counter: Arc<Counter>,
    /// Messages may go to http addresses inside the network.
    pub private_http: bool,
    /// The addresses inside the network to which messages may go.
    pub targets: Targets,
}

impl Kind for AskAddress {
    fn code(&self) -> &'static str {
        ASK_ADDRESS
    }

    fn title(&self) -> &'static str {
        "exchange-webhook"
    }

    fn effect(&self) -> &'static str {
        "exchange-webhook-effect"
    }

    fn about(&self) -> &'static [&'static str] {
        &["exchange-name"]
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
        let mut facts = system_facts(&self.counter, identity, tx, request)?;
        facts.push(Fact::text("exchange-webhook-url", url_of(request)));
        Ok(facts)
    }

    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError> {
        let system = asked_system(tx, doing.request, doing.by).map_err(unfault)?;
        let url = rules::webhook_address(&url_of(doing.request), self.private_http, &self.targets)?;
        let setting = Setting { url: &url, by: doing.by, now: doing.now };
        let secret = put_address(tx, &self.counter.cases.hall.vault, &system, &setting).map_err(unfault)?;
        Ok(Some(Handed::new("exchange-webhook-shown", "exchange-webhook-secret", secret)))
    }
}

/// Returns the address that is asked for.
fn url_of(request: &Request) -> String {
    let asked: Value = serde_json::from_str(&request.detail).unwrap_or_default();
    asked.get("url").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Says which system it is, and what it sees and may do.
fn system_facts(
    counter: &Counter,
    identity: &Identity,
    tx: &mut dyn Tx,
    request: &Request,
) -> Result<Vec<Fact>, IdentityError> {
    let Some(system) = records::system(tx, request.subject.unwrap_or_default())? else { return Ok(Vec::new()) };
    let scopes = system.scopes.iter().map(|scope| scope.key()).collect();
    let mut facts = vec![
        Fact::text("exchange-name", system.name),
        Fact::both("exchange-place", identity.place_name(&system.place)),
    ];
    let named = |code: String| {
        let known = counter.catalogue().department(&code).map(|department| department.name.clone());
        known.unwrap_or_else(|| Bilingual::new(code.as_str(), code.as_str()))
    };
    facts.extend(system.department.map(|code| Fact::both("exchange-department", named(code))));
    facts.push(Fact { key: "exchange-scopes", said: Said::Keys(scopes) });
    Ok(facts)
}

/// Returns the open system for which something is asked.
fn asked_system(tx: &mut dyn Tx, request: &Request, actor: &Actor) -> Result<System, Fault> {
    open(governed(tx, actor, request.subject.ok_or(Fault::NotFound)?)?)
}

/// A token that is about to be made.
pub(super) struct Making<'a> {
    pub(super) token: Uuid,
    pub(super) by: &'a Actor,
    pub(super) now: Instant,
}

/// Makes a token of a system and returns its text.
pub(super) fn put_token(tx: &mut dyn Tx, hall: &Hall, system: &System, making: &Making<'_>) -> Result<String, Fault> {
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

/// The address of a system that is about to be set.
pub(super) struct Setting<'a> {
    pub(super) url: &'a str,
    pub(super) by: &'a Actor,
    pub(super) now: Instant,
}

/// Sets the address of a system's messages and returns the new secret that signs them.
pub(super) fn put_address(
    tx: &mut dyn Tx,
    vault: &Vault,
    system: &System,
    setting: &Setting<'_>,
) -> Result<String, Fault> {
    let Setting { url, by, now } = *setting;
    let secret = BASE64URL_NOPAD.encode(&random()?);
    records::set_webhook(tx, system.id, Some(url))?;
    vault.put_secret(tx, SECRET, system.id, secret.as_bytes())?;
    note(tx, system, "exchange.webhook_set", &json!({ "url": url }), by, now)?;
    Ok(secret)
}

/// What identity answers, as this department says it.
pub(super) fn fault(error: IdentityError) -> Fault {
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
