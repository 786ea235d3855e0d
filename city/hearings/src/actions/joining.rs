//! Adds somebody to a side of a mediation (追加当事人): a party of her own, whose data are sealed like those of the
//! first. What the others consented to before was a mediation without her, so that all are asked anew.

use std::sync::Arc;

use cases::Doing;
use hall::{Fault, Sent};
use kernel::case::{Command, Relation};
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;

use super::powers::{self, Called, Writer};
use super::sealed;
use crate::Hearings;
use crate::refusals::Why;
use crate::rules::people::most;
use crate::rules::side;
use crate::words::asking::{INVITING, JOIN, JOIN_TALKS};
use crate::words::{CLASS, Side};

/// The names of the fields of whoever joins.
pub const FIELDS: [&str; 3] = ["join_name", "join_telephone", "join_address"];
/// Where the keys of this command are kept apart from those of others.
const SCOPE: &str = "hearings.join";

/// Somebody who is to take part.
#[derive(Clone, Debug)]
pub struct Joining {
    /// The number of the case.
    pub number: String,
    /// The role of her side.
    pub side: &'static str,
    /// Her name, telephone and address.
    pub who: Side,
    /// It was checked that she is no agent of the other side who is called so.
    pub told_apart: bool,
    /// The form as a command that is done once.
    pub sent: Sent,
    /// The key of the form.
    pub once: String,
}

impl Hearings {
    /// Adds somebody to a side, for whoever mediates it. Sent twice she is added once.
    ///
    /// # Errors
    /// `NotFound` for everybody else; what is wrong by its field; a refusal where nobody joins any more; a failure.
    pub async fn join(self: &Arc<Self>, joining: Joining, actor: Actor, now: Instant) -> Result<(), Fault> {
        if let Some(refusal) = side(&joining.who, FIELDS, false).into_iter().next() {
            return Err(refusal.into());
        }
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.joined(tx, &joining, &actor, now)).await
    }

    fn joined(&self, tx: &mut dyn Tx, joining: &Joining, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let known = self.mediated(tx, &joining.number, actor, now)?;
        let action = match known.case.state.as_str() {
            INVITING => JOIN,
            "talks" => JOIN_TALKS,
            _ => return Err(Refusal::new(Why::HearingsNotJoining).into()),
        };
        // Cases of before know no such step.
        let procedure = self.cases.procedure_of(&known.case)?;
        if !procedure.actions.contains_key(action) {
            return Err(Refusal::new(Why::HearingsNotJoining).into());
        }
        if known.case.standing(joining.side).count() >= most(procedure, joining.side) {
            return Err(Refusal::new(Why::HearingsSideFull).into());
        }
        let class = known.case.fields.get(CLASS).and_then(|code| self.classes.get(code)).ok_or(Fault::NotFound)?;
        let [field, ..] = FIELDS;
        let Joining { side, told_apart, .. } = *joining;
        let called = Called { side, name: &joining.who.name, field, told_apart };
        let alike = self.acting_alike(tx, &known.key(), &called)?;
        if !joining.sent.is_first(tx, SCOPE, now)? {
            return Ok(());
        }
        powers::told_apart(tx, &known.key(), &alike, Writer { actor, name: &actor.name, sent: &joining.sent, now })?;
        let record = Uuid::new_v5(&known.case.id.0, format!("joins {}", joining.once).as_bytes());
        let district = cases::district(&known.case);
        self.hall.vault.seal(tx, &sealed(class, district, &(record, joining.who.clone()), now))?;
        let command = Command::Act {
            action: action.to_owned(),
            fields: [("side", joining.side.to_owned()), ("who", record.to_string())]
                .map(|(name, answer)| (name.to_owned(), answer))
                .into(),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        let relation = Relation::default();
        let doing = Doing { command: &command, once: &joining.once, actor, relation, drawn: None, now };
        self.cases.go_on(tx, known, &doing).map(drop)
    }
}
