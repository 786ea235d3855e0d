//! This file lets calls in: it finds whose token it is, takes the call out of the system's minute, and counts it. The
//! interface of this department uses it, and so do departments that serve a published interface of their own.

use axum::http::StatusCode;
use counter::Guess;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;

use crate::actions::{Caller, Fault};
use crate::limits::Turn;
use crate::refusals::Why;
use crate::words::{ApiScope, CallCount, System};
use crate::{Exchange, rules};

/// A system whose call was let in.
#[derive(Clone, Debug)]
pub struct LetIn {
    caller: Caller,
    /// How many of its calls were turned away since the last one that was let in.
    refused: i64,
}

impl LetIn {
    /// Returns the system.
    #[must_use]
    pub const fn system(&self) -> &System {
        &self.caller.system
    }

    /// Returns the system in the form in which the rest of the platform sees it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        rules::actor(&self.caller.system)
    }
}

impl Exchange {
    /// Lets in the system of a token if it has one of the scopes and calls left this minute. `address` is the network
    /// address from which the call comes.
    ///
    /// # Errors
    /// Refuses with `exchange.token_unknown`, `exchange.scope_missing` or `request.too_many`.
    pub async fn let_in(&self, token: &str, scopes: &[ApiScope], address: &str, now: Instant) -> Result<LetIn, Fault> {
        let caller = self.holder(token, address, now).await?;
        let refused = self.turn(&caller.system, now)?;
        rules::needs(&caller.system, scopes)?;
        Ok(LetIn { caller, refused })
    }

    /// Counts a call that was let in, under the name of its route.
    pub async fn count_call(&self, let_in: &LetIn, route: &str, status: StatusCode, now: Instant) {
        self.counted(route, &let_in.caller, let_in.refused, status, now).await;
    }

    /// Returns the system of a token. A token that nobody has is counted where it came from, and after too many the
    /// next one waits. A token that holds never waits for them.
    pub(super) async fn holder(&self, token: &str, address: &str, now: Instant) -> Result<Caller, Fault> {
        if let Some(caller) = self.caller(token, now).await? {
            return Ok(caller);
        }
        let guess = Guess::new("token", address, now);
        self.counter.guarded(&guess, async { Ok(None::<Caller>) }).await?;
        Err(Refusal::new(Why::ExchangeTokenUnknown).into())
    }

    /// Takes a call out of the system's minute, and returns how many were turned away since the last one.
    pub(super) fn turn(&self, system: &System, now: Instant) -> Result<i64, Refusal> {
        match self.limits.take(system.id, system.calls_per_minute, now) {
            Turn::Taken { refused } => Ok(refused),
            Turn::Wait { seconds } => Err(Refusal::new(Code::RequestTooMany).with("seconds", seconds)),
        }
    }

    /// Counts a call and the calls that were turned away before it. The answer goes out even if the count cannot be
    /// written.
    pub(super) async fn counted(&self, route: &str, caller: &Caller, refused: i64, status: StatusCode, now: Instant) {
        let day = self.cases.hall.calendar().zone().date(now);
        let class = i64::from(status.as_u16() / 100);
        let mut counts = vec![CallCount { day, route: route.to_owned(), class, calls: 1 }];
        if refused > 0 {
            let route = StatusCode::TOO_MANY_REQUESTS.as_str().to_owned();
            counts.push(CallCount { day, route, class: 4, calls: refused });
        }
        if let Err(fault) = self.count(caller, counts, now).await {
            tracing::warn!(%fault, route, "a call was not counted");
        }
    }
}
