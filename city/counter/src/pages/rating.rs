//! Rating what was done: once, voluntary, by the applicant alone, and once more after what was poor was put right.
//! Where the kind of a case asks by a step of its own how satisfied she is, nothing is rated here.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::ASPECTS;
use hall::Fault;
use kernel::case::{Case, Command};
use kernel::time::Instant;
use web::{InPath, Page, PostForm, WebError};

use super::followed::Followed;
use crate::Counter;

/// `POST /follow/{number}/rate`: one rating, voluntary, by the applicant alone.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn rate(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let score = form.get("score").parse().unwrap_or(0);
    let aspects = form.all("aspects").into_iter().filter(|code| ASPECTS.contains(code)).map(str::to_owned).collect();
    counter.own_rating(page, number, score, aspects, form.key().to_owned()).await
}

/// `POST /follow/{number}/again`: once more, after what was poor was put right.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn rate_again(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let days = counter.cases.hall.figure(crate::words::RATING_AGAIN_DAYS, page.now)?;
    let (counter_, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let known = counter.cases.hall.store.read(move |tx| counter_.owned(tx, &drawn, asked.number()?)).await;
    let answered = match known {
        Ok(known) => known.case.rated().and_then(|rated| rated.followed_up_at),
        Err(Fault::NotFound) => return Ok(Redirect::to("/follow").into_response()),
        Err(fault) => return Err(fault.into()),
    };
    let until = answered.unwrap_or(page.now).plus_days(days);
    let command = Command::RateAgain { score: form.get("score").parse().unwrap_or(0), until };
    counter.own_step(page, number, command, form.key().to_owned()).await
}

impl Counter {
    /// Whether whoever follows her own case may rate it now.
    pub(super) fn may_rate(&self, case: &Case, page: &Page) -> Result<bool, Fault> {
        // Only what was applied for at a counter is rated.
        if case.service.is_none() || !self.asks_rating(case) {
            return Ok(false);
        }
        let until = self.rating_until(case, page)?;
        Ok(case.rating().is_none() && case.ended_at().is_some() && until.is_some_and(|until| page.now < until))
    }

    /// Whether the kind of a case leaves its rating to this page.
    fn asks_rating(&self, case: &Case) -> bool {
        self.cases.kinds.get(&case.kind).is_none_or(|kind| kind.asks_rating())
    }

    /// Returns when the window for rating closes: a number of days after the decision.
    fn rating_until(&self, case: &Case, page: &Page) -> Result<Option<Instant>, Fault> {
        let days = self.cases.hall.figure(crate::words::RATING_WINDOW_DAYS, page.now)?;
        Ok(case.ended_at().map(|at| at.plus_days(days)))
    }

    async fn own_rating(
        self: &Arc<Self>,
        page: Page,
        number: Followed,
        score: u8,
        aspects: BTreeSet<String>,
        once: String,
    ) -> Result<Response, WebError> {
        let (counter, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let known = self.cases.hall.store.read(move |tx| counter.owned(tx, &drawn, asked.number()?)).await;
        let until = match known {
            Ok(known) if !self.asks_rating(&known.case) => return Err(WebError::NotFound),
            Ok(known) => self.rating_until(&known.case, &page)?.unwrap_or(page.now),
            Err(Fault::NotFound) => return Ok(Redirect::to("/follow").into_response()),
            Err(fault) => return Err(fault.into()),
        };
        self.own_step(page, number, Command::Rate { score, aspects, comment_handle: None, until }, once).await
    }
}
