//! This file serves the messages that a system gets: a system that lost some has them sent again.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use kernel::refusal::Refusal;
use serde_json::json;

use super::call::{Answer, Call};
use super::problem::Trouble;
use crate::actions::{Replaying, once};
use crate::contract::REPLAY;
use crate::refusals::Why;
use crate::{Exchange, rules};

/// Answers `POST /api/v1/messages/replay`.
pub async fn replay(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&REPLAY, request, replayed).await
}

/// Puts the system's own messages since a moment on their way again.
async fn replayed(call: Call) -> Result<Answer, Trouble> {
    let odd = || Refusal::new(Why::ExchangeValue).field("since").with("label", "since").with("expected", "date-time");
    let since = rules::instant(call.body.text("since")).ok_or_else(odd)?;
    let (desk, exchange) = (call.exchange.clone(), call.exchange.clone());
    let counted = exchange
        .store()
        .write(move |tx| {
            once(tx, &call.keyed, call.now, |tx| {
                let what = Replaying { since, taken_too: call.body.switch("taken_too"), once: &call.keyed.key };
                let count = desk.replay_own(tx, call.system.id, what, &call.actor, call.now)?;
                Ok(json!({ "messages": count }))
            })
        })
        .await?;
    Ok(Answer::accepted(counted))
}
