//! What waits for a second person, as lists and the head of a page tell it.

use super::asking::Fact;
use crate::identity::Kind;
use crate::records::{self, Request};
use crate::{Identity, IdentityError};
use kernel::permission::{Actor, Permission};
use kernel::time::Instant;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{StoreError, Tx};
use uuid::Uuid;

/// The most requests that are read at once.
const MANY: i64 = 200;
/// The most requests of one list of those that wait.
const LISTED: usize = 100;
/// The most requests about one account that its owner is told of.
const TOLD: i64 = 20;

/// A request with its kind and what it says of itself, for a line of a list.
pub struct ToldRequest {
    pub(crate) request: Request,
    pub(crate) kind: Arc<dyn Kind>,
    pub(crate) facts: Vec<Fact>,
}

/// The requests of one person: those that wait for her, and her own.
pub struct WaitingRequests {
    pub(crate) waiting: Vec<ToldRequest>,
    pub(crate) own: Vec<ToldRequest>,
    /// The last one that is listed, if more wait after it.
    pub(crate) more_after: Option<Uuid>,
    /// How many people of the whole city could ask and confirm.
    pub(crate) holders: usize,
}

impl Identity {
    /// Returns the requests that wait for somebody, after one of them, and his own.
    pub(crate) async fn requests(
        self: &Arc<Self>,
        actor: &Actor,
        after: Option<Uuid>,
    ) -> Result<WaitingRequests, IdentityError> {
        let (actor, now) = (actor.clone(), self.now());
        self.read(move |identity, tx| {
            let own = match actor.account {
                Some(account) => records::requests_by(tx, account, MANY)?,
                None => Vec::new(),
            };
            let mut waiting = identity.waiting_for(tx, &actor, now, after)?;
            let has_more = waiting.len() > LISTED;
            waiting.truncate(LISTED);
            Ok(WaitingRequests {
                more_after: waiting.last().map(|last| last.id).filter(|_| has_more),
                waiting: identity.in_words(tx, waiting)?,
                own: identity.in_words(tx, own)?,
                holders: identity.key_holders(tx, now)?,
            })
        })
        .await
    }

    /// Returns how many requests wait for somebody.
    ///
    /// # Errors
    /// The store failed.
    pub fn count_waiting(&self, tx: &mut dyn Tx, actor: &Actor, now: Instant) -> Result<i64, StoreError> {
        let waiting = self.waiting_for(tx, actor, now, None).map_err(|error| match error {
            IdentityError::Store(error) => error,
            other => StoreError::data(other.to_string()),
        })?;
        Ok(i64::try_from(waiting.len()).unwrap_or(i64::MAX))
    }

    /// Returns how many requests wait for somebody, for the head of every page. There is none to show where none waits,
    /// and for whoever confirms nothing.
    pub async fn count_to_confirm(self: &Arc<Self>, actor: &Actor) -> Option<i64> {
        if self.kinds().iter().all(|kind| !actor.has(kind.permission())) {
            return None;
        }
        let (actor, now) = (actor.clone(), self.now());
        let counted = self.read(move |identity, tx| Ok(identity.count_waiting(tx, &actor, now)?)).await;
        counted.ok().filter(|count| *count > 0)
    }

    /// Returns the requests that wait for somebody after one of them: as many as a list shows, and one more if there
    /// are more. What is not his to confirm hides nothing that is.
    fn waiting_for(
        &self,
        tx: &mut dyn Tx,
        actor: &Actor,
        now: Instant,
        after: Option<Uuid>,
    ) -> Result<Vec<Request>, IdentityError> {
        let Some(account) = actor.account else { return Ok(Vec::new()) };
        let wanted: BTreeMap<&str, Permission> =
            self.kinds().iter().map(|kind| (kind.permission().as_str(), kind.permission())).collect();
        let held: Vec<_> = wanted.into_values().map(|permission| (permission, actor.scopes(permission))).collect();
        let confirmer = records::Confirmer { account, held: &held };
        let at = |request: &Request| (request.expires_at, request.id);
        let mut last = after.map(|id| records::request(tx, id)).transpose()?.flatten().as_ref().map(at);
        let mut waiting = Vec::new();
        loop {
            let found = records::waiting_requests(tx, &confirmer, now, last, MANY)?;
            last = found.last().map(at);
            for request in found {
                let Ok(kind) = self.kind(&request.kind) else { continue };
                if self.reaches(tx, kind.as_ref(), &request, actor)? {
                    waiting.push(request);
                }
                if waiting.len() > LISTED {
                    return Ok(waiting);
                }
            }
            if last.is_none() {
                return Ok(waiting);
            }
        }
    }

    /// Returns what was asked for about an account, the newest first, so that its owner is told.
    pub(crate) async fn told(self: &Arc<Self>, account: Uuid) -> Result<Vec<ToldRequest>, IdentityError> {
        self.read(move |identity, tx| {
            let about = records::requests_about(tx, account, TOLD)?;
            identity.in_words(tx, about)
        })
        .await
    }

    /// Returns what waits about an account, as far as somebody may confirm it or asked for it himself.
    pub(crate) async fn waiting_about(
        self: &Arc<Self>,
        actor: &Actor,
        account: Uuid,
    ) -> Result<Vec<ToldRequest>, IdentityError> {
        let (actor, now) = (actor.clone(), self.now());
        self.read(move |identity, tx| {
            let mut seen = Vec::new();
            for request in records::requests_about(tx, account, TOLD)? {
                if request.outcome.is_some() || request.expires_at <= now {
                    continue;
                }
                let Ok(kind) = identity.kind(&request.kind) else { continue };
                let asked = actor.account == Some(request.asked_by);
                if asked || identity.reaches(tx, kind.as_ref(), &request, &actor)? {
                    seen.push(request);
                }
            }
            identity.in_words(tx, seen)
        })
        .await
    }

    /// Lets each request say what it is about. One whose kind is no longer there is left out, and one whose particulars
    /// cannot be read says nothing more.
    fn in_words(&self, tx: &mut dyn Tx, requests: Vec<Request>) -> Result<Vec<ToldRequest>, IdentityError> {
        let mut told = Vec::with_capacity(requests.len());
        for request in requests {
            let Ok(kind) = self.kind(&request.kind) else { continue };
            let facts = match kind.facts(self, tx, &request) {
                Err(IdentityError::NotFound | IdentityError::Failed(_)) => Vec::new(),
                facts => facts?,
            };
            told.push(ToldRequest { request, kind, facts });
        }
        Ok(told)
    }
}
