//! Whether somebody who takes part in a case is told outside of the platform or looks herself, and whether she is told
//! when somebody looks at her data. The applicant and every other party choose for themselves.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cases::{Key, StepGiven};
use hall::{Fault, Sent};
use kernel::language::Bilingual;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use vault::PersonField;
use web::{InPath, Page, PostForm, WebError};

use super::followed::Followed;
use crate::Counter;

/// What the buttons of her messages say. Both are empty where no telephone is known by which she could be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Buttons {
    /// `yes` tells her of the case again, `no` leaves her to look herself.
    pub tell: &'static str,
    /// `yes` tells her of looks from now on, `no` no more.
    pub looks: &'static str,
}

/// `POST /follow/{number}/notices`: what she chooses.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (own, drawn, asked, sent) = (counter.clone(), page.clone(), number.clone(), Sent::of(&form, &number));
    let kept = counter.cases.hall.store.write(move |tx| {
        let (known, party) = own.speaking(tx, &drawn, asked.number()?)?;
        if !sent.is_first(tx, "counter.notices", drawn.now)? {
            return Ok(());
        }
        let wish = |name: &str| match form.get(name) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        match (wish("tell"), wish("looks")) {
            (Some(tell), _) => Ok(cases::set_looks_herself(tx, &known.key(), party, !tell, drawn.now)?),
            (None, Some(looks)) => Ok(cases::set_wants_looks(tx, &known.key(), party, looks, drawn.now)?),
            (None, None) => {
                let label = Bilingual::new("通知", "Notifications");
                Err(Fault::from(Refusal::new(Code::FormChoice).field("tell").with_both("label", &label)))
            }
        }
    });
    counter.followed(page, number, kept.await, StepGiven::default()).await
}

impl Counter {
    /// Returns what the buttons of her messages say: of a party by her sealed record, or, with none, of the applicant.
    pub(super) fn message_buttons(&self, tx: &mut dyn Tx, case: &Key, party: Option<Uuid>) -> Result<Buttons, Fault> {
        if let Some(record) = party {
            let masked = self.cases.hall.vault.masked(tx, &[(case.district, record)])?;
            if !masked.iter().any(|(_, kept)| kept.contains_key(&PersonField::Telephone)) {
                return Ok(Buttons { tell: "", looks: "" });
            }
        }
        Ok(Buttons {
            tell: if cases::looks_herself(tx, case, party)? { "yes" } else { "no" },
            looks: if cases::wants_looks(tx, case, party)? { "no" } else { "yes" },
        })
    }
}
