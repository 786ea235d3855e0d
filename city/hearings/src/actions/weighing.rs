//! Says what decides how soon a dispute is taken up, and lets a person choose otherwise with a reason that stands in
//! the record.

use std::sync::Arc;

use cases::{Known, events_of};
use hall::{Fault, Sent};
use kernel::calendar::Calendar;
use kernel::case::{Case, Recorded};
use kernel::line::lines_fault;
use kernel::permission::Actor;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::VaultError;

use crate::Hearings;
use crate::records::triage as kept;
use crate::records::triage::{At, Standing};
use crate::rules::counting::stage;
use crate::rules::court::{asked_until, effect_day};
use crate::rules::not_counted;
use crate::rules::triage::nearest;
use crate::words::IN_EFFECT;
use crate::words::triage::{Chosen, PEOPLE_MOST, Priority, SAFE, TIMES_MOST, Told, Waiting};

/// Where the keys of these commands are kept apart from those of others.
const WEIGH: &str = "hearings.weigh";
/// See [`WEIGH`].
const CHOOSE: &str = "hearings.choose";
/// The most characters of a reason.
const REASON_MOST: usize = 300;
/// How many choices of one dispute are shown.
const SHOWN: i64 = 20;

/// Which dispute a case is.
#[must_use]
pub fn at(case: &Case) -> At {
    At { district: cases::district(case), case_id: case.id.0 }
}

/// Where the log says who changed what is told of a dispute.
#[must_use]
pub fn told_stream(case: Uuid) -> Uuid {
    Uuid::new_v5(&case, b"what is told of a dispute")
}

/// Remembers how a dispute stands now, and which kind of committee mediates it.
///
/// # Errors
/// The store failed.
pub fn stand(tx: &mut dyn Tx, case: &Case, body: &str, calendar: &Calendar) -> Result<(), Fault> {
    // Until when both may ask the court is counted from the day of effect, not from that on which it was entered.
    let until = |events: &[Recorded]| asked_until(case, effect_day(events), calendar);
    let asked = if case.state == IN_EFFECT { until(&events_of(tx, case)?) } else { None };
    let events = if case.closed_at.is_some() { events_of(tx, case)? } else { Vec::new() };
    let now = Standing {
        stage: stage(&case.state, &events),
        entered_at: case.entered_at,
        due_on: asked.or_else(|| nearest(case)),
        office: &case.office.place,
        body,
        open: case.closed_at.is_none(),
    };
    Ok(kept::stand(tx, at(case), &now)?)
}

/// A choice as whoever mediates reads it.
#[derive(Clone, Debug)]
pub struct ChoiceSeen {
    /// The key of what was chosen: a priority, that the rule decides again, or that the danger is over.
    pub key: &'static str,
    /// Why, in her words; empty once they were erased.
    pub words: String,
    /// Who chose it.
    pub name: String,
    /// When.
    pub at: Instant,
}

/// What a person chooses of how soon a dispute is taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choosing {
    /// A priority, whatever the rule says.
    Priority(Priority),
    /// The rule decides again.
    Rule,
    /// Nobody is in danger any more.
    Safe,
}

impl Choosing {
    /// The code that is kept of it; empty where the rule decides.
    const fn code(self) -> &'static str {
        match self {
            Self::Priority(priority) => priority.code(),
            Self::Rule => "",
            Self::Safe => SAFE,
        }
    }
}

/// Who changes what is said of which dispute.
#[derive(Clone, Debug)]
pub struct Weighing {
    /// The number of the case.
    pub number: String,
    /// Who changes it.
    pub actor: Actor,
    /// The form. Sent twice, it is done once.
    pub sent: Sent,
    /// The key of the form.
    pub once: String,
    /// When.
    pub now: Instant,
}

impl Hearings {
    /// A dispute with what decides how soon it is taken up, and what people chose, for whoever mediates it.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub async fn weighed(
        self: &Arc<Self>,
        number: String,
        actor: Actor,
        now: Instant,
    ) -> Result<(Waiting, Vec<ChoiceSeen>), Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let known = desk.waiting(tx, &number, &actor, now)?;
            let waiting = kept::find(tx, at(&known.case))?.ok_or(Fault::NotFound)?;
            let mut seen = Vec::new();
            for chosen in kept::chosen(tx, at(&known.case), SHOWN)? {
                let words = desk.opened(tx, &chosen)?;
                let key = match chosen.priority.as_str() {
                    SAFE => "hearings-triage-safe",
                    code => Priority::find(code).map_or("hearings-priority-rule", Priority::key),
                };
                seen.push(ChoiceSeen { key, words, name: chosen.changed_name, at: chosen.changed_at });
            }
            Ok::<_, Fault>((waiting, seen))
        };
        self.hall.store.read(read).await
    }

    /// A dispute that has not ended, for whoever mediates it: nothing of one that ended comes first.
    fn waiting(&self, tx: &mut dyn Tx, number: &str, actor: &Actor, now: Instant) -> Result<Known, Fault> {
        let known = self.mediated(tx, number, actor, now)?;
        if known.case.closed_at.is_none() { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// Says anew what decides how soon a dispute is taken up; a danger that was told stays until somebody says with a
    /// reason that it is over. Sent twice it is done once.
    ///
    /// # Errors
    /// A number that is too large, by its field; `NotFound` for everybody who does not mediate it.
    pub async fn weigh(self: &Arc<Self>, told: Told, weighing: Weighing) -> Result<(), Fault> {
        for (field, number, most) in [("people", told.people, PEOPLE_MOST), ("times_back", told.times_back, TIMES_MOST)]
        {
            if number > most {
                return Err(not_counted(field, most).into());
            }
        }
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let Weighing { number, actor, sent, now, .. } = &weighing;
            let known = desk.waiting(tx, number, actor, *now)?;
            if !sent.is_first(tx, WEIGH, *now)? {
                return Ok(());
            }
            let was = kept::find(tx, at(&known.case))?.is_some_and(|waiting| waiting.danger);
            let told = Told { danger_now: told.danger_now || was, ..told };
            kept::put(tx, at(&known.case), told)?;
            // Whoever changes what decides the order is named, as whoever chooses against it.
            let detail = json!({
                "number": known.case.number, "danger": told.danger_now, "people": told.people,
                "times_back": told.times_back, "vulnerable": told.vulnerable,
            });
            let act = store::log::Act {
                district: known.key().district,
                stream: told_stream(known.case.id.0),
                kind: "hearings.weighed",
                detail: &detail,
                by: actor.account,
                by_name: &actor.name,
                at: *now,
            };
            Ok::<_, Fault>(store::log::note(tx, &act)?)
        };
        self.hall.store.write(write).await
    }

    /// Chooses how soon a dispute is taken up, whatever the rule says, or says that a danger is over, each with a
    /// reason. Sent twice it is done once.
    ///
    /// # Errors
    /// No reason, or one that is too long; `NotFound` for everybody who does not mediate it.
    pub async fn choose(self: &Arc<Self>, chosen: Choosing, reason: String, weighing: Weighing) -> Result<(), Fault> {
        if let Some(refusal) = reason_fault(&reason) {
            return Err(refusal.into());
        }
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| desk.chosen(tx, chosen, &reason, &weighing);
        self.hall.store.write(write).await
    }

    fn chosen(&self, tx: &mut dyn Tx, choosing: Choosing, reason: &str, weighing: &Weighing) -> Result<(), Fault> {
        let Weighing { number, actor, sent, once, now } = weighing;
        let known = self.waiting(tx, number, actor, *now)?;
        if !sent.is_first(tx, CHOOSE, *now)? {
            return Ok(());
        }
        let code = choosing.code();
        let At { district, case_id } = at(&known.case);
        let record = known.person.ok_or(Fault::NotFound)?;
        let id = Uuid::new_v5(&case_id, format!("priority {once}").as_bytes());
        let words = self.hall.vault.cover(tx, district, record, &label(id), reason.trim().as_bytes())?;
        let chosen = Chosen {
            district,
            id,
            case_id,
            priority: code.to_owned(),
            record,
            words,
            changed_name: actor.name.clone(),
            changed_at: *now,
        };
        match choosing {
            Choosing::Safe => kept::is_safe(tx, &chosen)?,
            Choosing::Priority(_) | Choosing::Rule => kept::choose(tx, &chosen)?,
        }
        let detail = json!({ "number": known.case.number, "priority": code });
        let act = store::log::Act {
            district,
            stream: id,
            kind: "hearings.priority",
            detail: &detail,
            by: actor.account,
            by_name: &actor.name,
            at: *now,
        };
        Ok(store::log::note(tx, &act)?)
    }

    /// The words of a choice; none once they were erased.
    fn opened(&self, tx: &mut dyn Tx, chosen: &Chosen) -> Result<String, Fault> {
        let (district, record, label) = (chosen.district, chosen.record, label(chosen.id));
        match self.hall.vault.uncover(tx, district, record, &label, &chosen.words) {
            Ok(plain) => Ok(String::from_utf8_lossy(&plain).into_owned()),
            Err(VaultError::Erased | VaultError::NotFound) => Ok(String::new()),
            Err(fault) => Err(fault.into()),
        }
    }
}

/// What the words of a choice are bound to: they open under their own identity alone.
fn label(id: Uuid) -> String {
    format!("hearings/priority/{}", id.simple())
}

fn reason_fault(reason: &str) -> Option<Refusal> {
    if reason.trim().is_empty() {
        return Some(Refusal::new(Code::FormMissing).field("reason"));
    }
    if reason.chars().count() > REASON_MOST {
        return Some(Refusal::new(Code::FormTooLong).field("reason").with("limit", REASON_MOST));
    }
    lines_fault(reason).map(|code| Refusal::new(code).field("reason"))
}
