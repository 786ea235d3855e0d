//! What the desk does by itself: tells and reminds, asks for ratings, follows moved places, takes steps where a state
//! has lasted its time.

mod lasting;
mod leaving;
mod looking;
mod moving;
mod telling;

use std::sync::Arc;

use house::{Chore, Recipient, When};
use jobs::{ChannelKind, DeliveryError, Envelope, Notice};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant};
use store::Store;
use uuid::Uuid;
use vault::PersonField;
use web::Texts;

use crate::actions::{LEAVE, TAKE, TOPIC_DROPPED, TOPIC_RENEWED};
use crate::notices::{LOOKED, RENEWED, StateAt, said};
use crate::{Cases, TOPIC_MOVED};
use hall::Fault;

pub use looking::{TELL_LOOKS, TELL_PARTY_LOOKS};
pub use moving::follow;
pub use telling::{ASK_RATING, REMIND};

/// The minute after midnight at which days are over.
const FIRST_MINUTE: u32 = 1;

/// The job that notes by when desks are to act.
const NOTE_ACT_BY: &str = "cases.note_act_by";
/// The job that tells whoever a step concerns.
const TELL: &str = "cases.tell";
/// The job that tells whoever decided a step that it was dropped.
const TELL_DROPPED: &str = "cases.tell_dropped";
/// The job that tells whoever holds a code that it was renewed.
const TELL_RENEWED: &str = "cases.tell_renewed";
/// Why the platform opens an applicant's telephone. The person reads this purpose.
const TO_APPLICANT: &str = "通知申请人办理进度";
/// Why the platform opens the telephone of another party. The person reads this purpose.
const TO_PARTY: &str = "通知参与人办理进度";

/// The chores of the desk; `channels` reach people outside of the platform.
pub fn all(cases: &Arc<Cases>, channels: &[ChannelKind]) -> Vec<Chore> {
    let (tells, reminds, asks) = (cases.clone(), cases.clone(), cases.clone());
    let (told, reminded, asked) = (channels.to_vec(), channels.to_vec(), channels.to_vec());
    let tell = move |store: &Store, job: &jobs::Job, now| telling::tell(&tells, &told, store, job, now);
    let remind = move |store: &Store, job: &jobs::Job, now| telling::remind(&reminds, &reminded, store, job, now);
    let ask = move |store: &Store, job: &jobs::Job, now| telling::ask_rating(&asks, &asked, store, job, now);
    let (keeps, by) = (cases.clone(), channels.to_vec());
    let look = move |store: &Store, job: &jobs::Job, now| looking::tell_looks(&keeps, &by, store, job, now);
    let (watches, reaching) = (cases.clone(), channels.to_vec());
    let look_of_party =
        move |store: &Store, job: &jobs::Job, now| looking::tell_party_looks(&watches, &reaching, store, job, now);
    let (holds, through) = (cases.clone(), channels.to_vec());
    let renewed = move |store: &Store, job: &jobs::Job, now| telling::renewed(&holds, &through, store, job, now);
    let takes = cases.clone();
    let take = move |store: &Store, _: &jobs::Job, now| lasting::take(&takes, store, now);
    let notes = cases.clone();
    let note = move |store: &Store, _: &jobs::Job, now| lasting::note(&notes, store, now);
    let leaves = cases.clone();
    let leave = move |store: &Store, job: &jobs::Job, now| leaving::leave(&leaves, store, job, now);
    let drops = cases.clone();
    let dropped = move |store: &Store, job: &jobs::Job, now| leaving::tell_dropped(&drops, store, job, now);
    vec![
        Chore::new(LEAVE, When::Asked, leave),
        Chore::new(TELL_DROPPED, When::Heard(TOPIC_DROPPED), dropped),
        Chore::new(TELL, When::Heard(TOPIC_MOVED), tell),
        Chore::new(TELL_RENEWED, When::Heard(TOPIC_RENEWED), renewed),
        Chore::new(REMIND, When::AtOpening, remind),
        Chore::new(ASK_RATING, When::AtOpening, ask),
        Chore::new(TELL_LOOKS, When::AtOpening, look),
        Chore::new(TELL_PARTY_LOOKS, When::AtOpening, look_of_party),
        Chore::new(TAKE, When::AtMinute(FIRST_MINUTE), take),
        Chore::new(NOTE_ACT_BY, When::AtMinute(FIRST_MINUTE), note),
    ]
}

/// The applicants of cases as recipients of notices; their handle is the district and the case, without a prefix.
pub fn applicant(cases: &Arc<Cases>, texts: Arc<Texts>) -> Recipient {
    let desk = cases.clone();
    Recipient {
        prefix: "",
        resolve: Arc::new(move |store, notice, handle, now| resolve(&desk, &texts, store, notice, handle, now)),
    }
}

/// Finds the telephone at the moment of delivery; the look is logged like any other. Nobody is found who looks herself,
/// but for what she has to know at once: that her code was renewed.
fn resolve(
    desk: &Arc<Cases>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    recipient: &str,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let (recipient, party) = party(recipient)?;
    let (district, id) = handle(recipient)?;
    let (reading, template) = (desk.clone(), notice.template.clone());
    let opened = store.write_blocking(move |tx| {
        let known = reading.known(tx, district, id)?;
        // Nothing is opened of somebody who does not want to be told, and nobody is told where nobody is known.
        let Some(record) = party.or(known.person).filter(|record| known.records().contains(record)) else {
            return Ok(None);
        };
        let is_applicant = Some(record) == known.person;
        let (case, other) = (known.key(), Some(record).filter(|_| !is_applicant));
        let wished = match template.as_str() {
            RENEWED => true,
            LOOKED => crate::wants_looks(tx, &case, other)?,
            _ => false,
        };
        if !wished && crate::looks_herself(tx, &case, other)? {
            return Ok(None);
        }
        let purpose = if is_applicant { TO_APPLICANT } else { TO_PARTY };
        let look = vault::Look::platform(purpose, &known.case.number, now);
        Ok::<_, Fault>(Some((reading.hall.vault.open(tx, district, record, &look)?, known.case, is_applicant)))
    });
    let Some((person, case, is_applicant)) = opened? else { return Err(DeliveryError::NotWanted) };
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let procedure = desk.procedure_of(&case)?;
    let item = case.service.as_ref().map(|_| case.item());
    let say = |key: &str| texts.get(Lang::Zh, key, &[]);
    let state = procedure.states.get(&case.state).map(|state| {
        let at = StateAt { kind: &case.kind, item, name: &case.state, state };
        // What a state means for the applicant is no word for anybody else.
        if is_applicant { desk.state_told(&at, Lang::Zh, &say) } else { state.title.get(Lang::Zh).to_owned() }
    });
    let state = state.unwrap_or_default();
    let date = said(notice, "date").parse::<Date>().map(|date| date.strftime("%Y年%-m月%-d日").to_string());
    let (date, place) = (date.unwrap_or_default(), said(notice, "place"));
    let papers = desk.papers_said(notice, case.item(), Lang::Zh);
    let mut values = vec![("number", case.number.as_str()), ("state", state.as_str())];
    values.extend([("date", date.as_str()), ("place", place), ("papers", papers.as_str())]);
    let text = texts.get(Lang::Zh, &notice.template, &values);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: case.number, text }))
}

/// The case in a handle, and the sealed record of whoever takes part in it where the handle names one.
fn party(recipient: &str) -> Result<(&str, Option<Uuid>), DeliveryError> {
    match recipient.rsplit_once('/') {
        Some((case, record)) if case.contains('/') => {
            let record = Uuid::parse_str(record).map_err(|fault| DeliveryError::Never(fault.to_string()))?;
            Ok((case, Some(record)))
        }
        _ => Ok((recipient, None)),
    }
}

/// District and identity of what a message is about.
///
/// # Errors
/// The handle is none: the message never finds anybody.
pub fn handle(recipient: &str) -> Result<(PlaceId, Uuid), DeliveryError> {
    let (district, id) = recipient.split_once('/').ok_or_else(|| DeliveryError::Never("no handle".to_owned()))?;
    let district = PlaceId(district.parse().map_err(|_| DeliveryError::Never("not a district".to_owned()))?);
    Ok((district, Uuid::parse_str(id).map_err(|fault| DeliveryError::Never(fault.to_string()))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_names_a_case_or_somebody_who_takes_part_in_it() {
        let id = "0190b5f0-0000-7000-8000-000000000001";
        let case = format!("4/{id}");
        assert_eq!(party(&case).unwrap(), (case.as_str(), None));
        let record = Uuid::parse_str(id).unwrap();
        assert_eq!(party(&format!("{case}/{id}")).unwrap(), (case.as_str(), Some(record)));
        assert!(party(&format!("{case}/wang")).is_err());
        for odd in ["", "4", "x/y", &format!("four/{id}")] {
            assert!(handle(odd).is_err(), "{odd}");
        }
    }
}
