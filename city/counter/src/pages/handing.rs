//! Steps that are the applicant's or another party's own. Who was asked for papers hands in what lies there of them
//! and ticks nothing.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use cases::{Doing, StepGiven};
use hall::{Fault, Sent};
use kernel::case::{BY_AGENT, Command, FOR_WHOM, HOW_SAID, PAPER_ON, hands_in};
use web::{InPath, Page, PostForm, WebError};

use super::followed::Followed;
use crate::Counter;

/// What staff answer who note a party's word, and whoever acts for her by a power of attorney. She says nothing of it
/// herself, so it is not read from her form.
const OF_OTHERS: [&str; 4] = [BY_AGENT, FOR_WHOM, HOW_SAID, PAPER_ON];
/// What the address of her case says after she handed in what she was asked for.
pub(super) const HANDED_IN: &str = "handed-in";

/// `POST /follow/{number}/act`: a step that is the applicant's or another party's own. `anyway` hands in what there is
/// while something is missing.
///
/// # Errors
/// Leads back to the form without a pass.
pub async fn act(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(number): InPath<Followed>,
    form: PostForm,
) -> Result<Response, WebError> {
    let fields = form.under("field_").filter(|(name, _)| !OF_OTHERS.contains(name));
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let papers = form.all("papers").into_iter().map(str::to_owned).collect();
    let command =
        Command::Act { action: form.get("action").to_owned(), fields, papers, counter: None, on_behalf: false };
    let (given, showed) = (StepGiven::of(&command), cases::drawn(&form));
    let (desk, drawn, asked) = (counter.clone(), page.clone(), number.clone());
    let (sent, anyway, once) = (Sent::of(&form, &number), form.has("anyway"), form.key().to_owned());
    let write = move |tx: &mut dyn store::Tx| {
        let (known, relation) = desk.taking_part(tx, &drawn, asked.number()?)?;
        // Sent again, it was done: what it would hand in now is something else.
        if !sent.is_first(tx, "counter.act", drawn.now)? {
            return Ok(String::new());
        }
        let mut command = desk.cases.as_kept(&known.case, command.clone())?;
        let hands = hands_in(desk.cases.procedure_of(&known.case)?, &known.case).map(|(name, _)| name.to_owned());
        if relation.is_applicant {
            command = desk.cases.handing_in(tx, &known, command, anyway)?;
        }
        let after = match &command {
            Command::Act { action, .. } if Some(action) == hands.as_ref() => format!("?done={HANDED_IN}"),
            Command::Act { action, .. } => format!("?done={action}"),
            _ => String::new(),
        };
        let actor = &drawn.visitor.actor;
        let doing = Doing { command: &command, once: &once, actor, relation, drawn: Some(showed), now: drawn.now };
        desk.cases.go_on(tx, known, &doing)?;
        Ok::<_, Fault>(after)
    };
    let done = match counter.cases.hall.store.write(write).await {
        Err(Fault::NotFound) => Ok("/follow".to_owned()),
        done => done.map(|after| format!("/follow/{number}{after}")),
    };
    web::answer(done, |refusal| counter.status(page, number, Some(refusal), given)).await
}
