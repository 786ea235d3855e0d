//! Where somebody goes on whose step took a case out of her hands: to her list, which says so.

use std::sync::Arc;

use axum::response::Response;
use kernel::identifier::CaseNumber;
use store::Tx;
use web::{Page, WebError, done_meanwhile};

use crate::Cases;
use crate::actions::last_event_of;
use hall::Fault;

/// For how many minutes after her step she is led to her list: as long as she may come back to a page that she left
/// open. After that the case does not exist for her, as for everybody who may not see it.
const LED_MINUTES: i64 = 30;

/// Her list, which says that this case is done with for her.
fn list(number: &CaseNumber) -> String {
    format!("/queue?done={number}")
}

impl Cases {
    /// Where somebody goes on after a step: the case, or her list if the step took it out of her hands.
    pub(super) async fn lands(self: &Arc<Self>, page: &Page, number: &CaseNumber) -> Result<String, Fault> {
        let (desk, asked, actor, now) = (self.clone(), number.clone(), page.visitor.actor.clone(), page.now);
        let pass = page.cookie(crate::pass::COOKIE);
        let look = move |tx: &mut dyn Tx| desk.seen(tx, asked.as_str(), &actor, pass.as_deref(), now).map(|_| ());
        match self.hall.store.read(look).await {
            Ok(()) => Ok(format!("/cases/{number}?done=1")),
            Err(Fault::NotFound) => Ok(list(number)),
            Err(fault) => Err(fault),
        }
    }

    /// An answer about a case. Where the case is not hers to see any more since a step of her own, she is led to her
    /// list instead of 404: a decision left meanwhile, or she sent the same twice.
    ///
    /// # Errors
    /// The error of the answer, or a failure of the store.
    pub(super) async fn or_list(
        self: &Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        answer: Result<Response, WebError>,
    ) -> Result<Response, WebError> {
        if !matches!(answer, Err(WebError::NotFound)) || !self.did_last(page, number).await? {
            return answer;
        }
        Ok(done_meanwhile(&list(number)))
    }

    /// Whether the last step of a case is this visitor's own and was taken a short while ago.
    pub(super) async fn did_last(self: &Arc<Self>, page: &Page, number: &CaseNumber) -> Result<bool, Fault> {
        let Some(account) = page.visitor.actor.account else { return Ok(false) };
        let (desk, asked, since) = (self.clone(), number.clone(), page.now.plus_minutes(-LED_MINUTES));
        let look = move |tx: &mut dyn Tx| {
            let case = match desk.known_number(tx, asked.as_str()) {
                Err(Fault::NotFound) => return Ok(false),
                known => known?.case,
            };
            let last = last_event_of(tx, &case)?;
            Ok::<_, Fault>(last.is_some_and(|one| one.by.account == Some(account) && one.at >= since))
        };
        self.hall.store.read(look).await
    }
}
