//! This file says what mobilisation does by itself: it plans and sends, lets those leave who closed their account, and
//! finds whom a notice is for.

use std::sync::Arc;

use hall::Fault;
use house::{BATCH, Chore, Recipient, When};
use jobs::{DeliveryError, Envelope, JobError, Notice, Progress, worker};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::{Clock, Instant, said_date, show_minute_of_day};
use store::Store;
use uuid::Uuid;
use web::Texts;

use crate::Mobilization;
use crate::actions::{PLAN, RECIPIENT, SEND};
use crate::records::responder::{self, Responder};
use crate::words::Key;

/// The job in which those leave who closed their account.
const PART: &str = "mobilization.part";
/// Minutes after midnight at which it is done.
const PART_AT: u32 = 155;

/// Returns the chores of mobilisation.
pub fn all(desk: &Arc<Mobilization>, clock: &Clock) -> Vec<Chore> {
    let (planning, sending, parting) = (desk.clone(), desk.clone(), desk.clone());
    let (plans, sends) = (clock.clone(), clock.clone());
    let plan =
        move |store: &Store, work: &jobs::Work, progress: &Progress| planning.plan(store, work, progress, plans());
    let send =
        move |store: &Store, work: &jobs::Work, progress: &Progress| sending.send(store, work, progress, sends());
    vec![
        Chore::asked(PLAN, worker(clock.clone(), plan)),
        Chore::asked(SEND, worker(clock.clone(), send)),
        Chore::new(PART, When::AtMinute(PART_AT), move |store, _, now| part(&parting, store, now)),
    ]
}

/// Lets those leave who offered help and closed their account since. What they had left for calls is erased too.
fn part(desk: &Arc<Mobilization>, store: &Store, now: Instant) -> Result<(), JobError> {
    let mut last = Some(Key { district: PlaceId(i64::MIN), id: Uuid::nil() });
    while let Some(after) = last {
        let desk = desk.clone();
        last = store.write_blocking(move |tx| {
            let page = responder::after(tx, after, BATCH)?;
            for who in &page {
                if identity::is_closed(tx, who.id)? {
                    desk.leave(tx, who.id, now)?;
                }
            }
            Ok::<_, Fault>(page.last().map(Responder::key))
        })?;
    }
    Ok(())
}

/// Returns how notices reach those who were sent. The handle of each is the post.
pub fn recipient(desk: &Arc<Mobilization>, texts: Arc<Texts>) -> Recipient {
    let desk = desk.clone();
    Recipient {
        prefix: RECIPIENT,
        resolve: Arc::new(move |store, notice, post, now| resolve(&desk, &texts, store, notice, post, now)),
    }
}

/// Returns the notice that tells somebody who was sent where she goes, when, and whom she asks. Returns none if she
/// left since.
fn resolve(
    desk: &Arc<Mobilization>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    post: &str,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let post: Uuid = post.parse().map_err(|_| DeliveryError::Never("no handle of a post".to_owned()))?;
    let asked = desk.clone();
    let Some(told) = store.write_blocking(move |tx| asked.told(tx, post, now))? else { return Ok(None) };
    let zone = desk.hall.zone();
    let role = texts.get(Lang::Zh, &format!("mobilization-role-{}", told.role), &[]);
    let said = |at: Instant| {
        let minute = show_minute_of_day(zone.minute_of_day(at));
        format!("{} {minute}", said_date(zone.date(at), Lang::Zh))
    };
    let (starts, ends) = (said(told.starts), said(told.ends));
    let pairs = [
        ("title", told.title.as_str()),
        ("compound", &told.compound),
        ("role", &role),
        ("starts", &starts),
        ("ends", &ends),
        ("meet", &told.meet),
        ("contact", &told.contact),
    ];
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: told.telephone, subject: told.title.clone(), text }))
}
