//! What whoever takes part is shown and asked before anything else: what was done, and the question that waits for her;
//! and what staff read above the steps.

use kernel::case::{Case, Event, Recorded, turn};
use kernel::procedure::{Procedure, Waits};
use store::Tx;
use uuid::Uuid;
use web::Page;

use super::super::needs::answered;
use super::path::Way;
use crate::Cases;
use crate::kind::{Done, Own, Pictures};
use hall::Fault;

/// What comes first.
#[derive(Debug, Clone, Default)]
pub struct First {
    /// What was done, as the kind of the case shows it; none while there is nothing to show.
    pub done: Option<Done>,
    /// What a party is asked, while the case waits for one.
    pub turn: Option<Turn>,
    /// What staff read above the steps: words and what they say.
    pub told: Vec<(String, String)>,
    /// What whoever takes part reads, as the kind of the case says it.
    pub own: Own,
    /// The pictures of the case for staff who may look at them; none where there are none.
    pub pictures: Option<Pictures>,
}

/// What the party for which a case waits is asked.
#[derive(Debug, Clone)]
pub struct Turn {
    /// What was said with the step by which she was asked; empty where nothing was.
    pub said: String,
    /// By when she answers; empty where no day is set.
    pub until: String,
    /// What follows when she does not; empty where nothing follows by itself.
    pub then: String,
}

impl Cases {
    /// What comes first for whoever takes part, and for staff what the next step rests on.
    pub(super) fn first(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        record: Option<Uuid>,
    ) -> Result<First, Fault> {
        if page.visitor.staff() {
            let Some(kind) = self.kinds.get(&case.kind) else { return Ok(First::default()) };
            let (told, pictures) = (kind.for_staff(tx, page, case, events)?, kind.pictures(tx, page, case)?);
            return Ok(First { told, pictures, ..First::default() });
        }
        let (done, own) = match self.kinds.get(&case.kind) {
            Some(kind) => (kind.done(tx, page, case, events)?, kind.own(tx, page, case, events, record)?),
            None => (None, Own::default()),
        };
        let procedure = self.procedure_of(case).ok();
        let turn = procedure.and_then(|procedure| self.turn(page, case, procedure, events, record));
        Ok(First { done, turn, own, ..First::default() })
    }

    /// What the party for which a case waits was asked, by when she answers, and what follows when she does not; none
    /// while it waits for somebody else.
    fn turn(
        &self,
        page: &Page,
        case: &Case,
        procedure: &Procedure,
        events: &[Recorded],
        record: Option<Uuid>,
    ) -> Option<Turn> {
        let state = procedure.states.get(&case.state)?;
        if turn(procedure, case, state) != Waits::Party {
            return None;
        }
        let way = Way { page, case, procedure, to_staff: false, record, kind: self.kinds.get(&case.kind) };
        let said = events.iter().rev().find_map(|one| match &one.event {
            Event::Acted { action, fields, to, .. } if *to == case.state => {
                let action = procedure.actions.get(action).filter(|_| way.tells(&one.event, &[]))?;
                let said = answered(&action.needs, fields).map(|(need, answer)| self.told(page, case, need, answer));
                Some(said.collect::<Vec<_>>().join(" · "))
            }
            _ => None,
        });
        let then = state.latest.as_ref().and_then(|latest| latest.then.as_deref());
        let then = then.and_then(|name| Some(self.titled(&way, name, procedure.actions.get(name)?, &[])));
        Some(Turn {
            said: said.unwrap_or_default(),
            until: case
                .latest
                .map(|latest| page.t1("cases-turn-until", "date", page.date(latest.on)))
                .unwrap_or_default(),
            then: then.map(|step| page.t1("cases-turn-then", "step", step)).unwrap_or_default(),
        })
    }
}
