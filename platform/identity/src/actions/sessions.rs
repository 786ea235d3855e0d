//! Sessions: finds to whom a cookie belongs, lists a person's devices, ends sessions and sweeps old ones.

use super::note;
use crate::cache::Snapshot;
use crate::records::{self, Account, Session};
use crate::token::{Token, TokenDigest};
use crate::{Identity, IdentityError, words};
use kernel::time::Instant;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use web::Visitor;

/// How many rows one sweep removes.
const SWEPT: i64 = 1_000;

/// The session of a request. It is put into the request beside the visitor.
#[derive(Clone, Debug)]
pub struct Current {
    pub(crate) snapshot: Arc<Snapshot>,
}

impl Current {
    /// Returns the account that is signed in.
    pub fn account(&self) -> Uuid {
        self.snapshot.account.id
    }

    /// Returns the session with which it is signed in.
    pub fn session(&self) -> Uuid {
        self.snapshot.session.id
    }

    pub(crate) fn record(&self) -> &Account {
        &self.snapshot.account
    }
}

impl Identity {
    /// Returns to whom a token belongs, if its session is alive.
    pub(crate) async fn current(self: &Arc<Self>, token: &Token) -> Result<Option<Current>, IdentityError> {
        let (digest, now) = (token.digest(), self.now());
        let Some(snapshot) = self.snapshot(digest, now).await? else { return Ok(None) };
        let alive = snapshot.times().alive(now, &self.rules) && snapshot.account.closed_at.is_none();
        if !alive || snapshot.session.stage != words::STAGE_FULL {
            return Ok(None);
        }
        if snapshot.times().stale(now, &self.rules) {
            self.touch(digest, &snapshot, now).await;
        }
        Ok(Some(Current { snapshot }))
    }

    /// Returns the visitor of a session, for the frame and for every question of permission.
    pub(crate) fn visitor(&self, token: &Token, current: &Current) -> Visitor {
        let actor = self.actor_of(&current.snapshot, self.now());
        let post = actor.grants.first();
        Visitor {
            session: Some(token.binding()),
            place_name: post.map(|grant| self.place_name(&grant.place)),
            role_title: post.and_then(|grant| self.roles.get(&grant.role)).map(|role| role.title.clone()),
            login: current.record().login.clone(),
            warning: current.snapshot.code_removed.then_some("identity-code-removed-bar"),
            actor,
        }
    }

    async fn snapshot(
        self: &Arc<Self>,
        digest: TokenDigest,
        now: Instant,
    ) -> Result<Option<Arc<Snapshot>>, IdentityError> {
        if let Some(kept) = self.cache.get(&digest, now) {
            return Ok(Some(kept));
        }
        let read = self
            .read(move |_, tx| {
                let Some(session) = records::session(tx, &digest)? else { return Ok(None) };
                let Some(account) = records::account(tx, session.account)? else { return Ok(None) };
                let posts = records::posts(tx, account.id)?;
                let off = account.kind == words::KIND_STAFF && !account.code_on;
                let code_removed = off && records::was_code_removed(tx, account.id)?;
                Ok(Some(Snapshot { session, account, posts, code_removed }))
            })
            .await?;
        let read = read.map(Arc::new);
        if let Some(snapshot) = &read {
            self.cache.put(digest, Arc::clone(snapshot), now);
        }
        Ok(read)
    }

    /// Records that the session is in use. If that fails, the visitor is still not sent away.
    async fn touch(self: &Arc<Self>, digest: TokenDigest, snapshot: &Snapshot, now: Instant) {
        match self.write(move |_, tx| Ok(records::touch_session(tx, &digest, now)?)).await {
            Ok(()) => {
                let session = Session { seen_at: now, ..snapshot.session.clone() };
                let Snapshot { account, posts, code_removed, .. } = snapshot;
                let (account, posts) = (account.clone(), posts.clone());
                let touched = Snapshot { session, account, posts, code_removed: *code_removed };
                self.cache.put(digest, Arc::new(touched), now);
            }
            Err(error) => tracing::warn!(%error, "the last use of a session was not written down"),
        }
    }

    /// Returns the sessions of an account that have not ended, the last used first.
    pub(crate) async fn devices(self: &Arc<Self>, account: Uuid) -> Result<Vec<Session>, IdentityError> {
        let now = self.now();
        let sessions = self.read(move |_, tx| Ok(records::sessions(tx, account, now)?)).await?;
        let alive = |session: &Session| {
            let times = crate::rules::SessionTimes { seen_at: session.seen_at, expires_at: session.expires_at };
            session.stage == words::STAGE_FULL && times.alive(now, &self.rules)
        };
        Ok(sessions.into_iter().filter(alive).collect())
    }

    /// Ends one session of one's own account.
    ///
    /// # Errors
    /// Fails with [`IdentityError::NotFound`] when the session is not one of this account.
    pub async fn revoke(self: &Arc<Self>, current: &Current, session: Uuid) -> Result<(), IdentityError> {
        let (record, now) = (current.record().clone(), self.now());
        let actor = self.actor_of(&current.snapshot, now);
        self.write(move |_, tx| {
            if records::revoke_session(tx, record.id, session)? == 0 {
                return Err(IdentityError::NotFound);
            }
            note(tx, &record, words::SESSION_REVOKED, &json!({ "session": session }), &actor, now)
        })
        .await?;
        self.cache.forget(current.account());
        Ok(())
    }

    /// Removes sessions that ended and requests that were kept long enough, and returns how many rows. A job calls it
    /// again and again until it returns 0.
    pub async fn sweep(self: &Arc<Self>) -> Result<u64, IdentityError> {
        let now = self.now();
        let kept_since = now.plus_days(-i64::from(self.rules.request_kept_days));
        self.write(move |identity, tx| {
            let over = records::sweep_requests(tx, kept_since, SWEPT)?;
            for id in &over {
                identity.vault.drop_secret(tx, words::HALF_SECRET, *id)?;
            }
            Ok(records::sweep(tx, now, SWEPT)? + u64::try_from(over.len()).unwrap_or_default())
        })
        .await
    }
}
