//! These chores tell what procedures and dates call for. Desks and applicants are told in the platform; applicants are
//! also told through the channels of the city.

use std::sync::Arc;

use jobs::{ChannelKind, Heard, Job, JobError, NewNotice};
use kernel::procedure::{Notify, Telling};
use kernel::time::Instant;
use store::{Store, Tx};
use uuid::Uuid;

use crate::Cases;
use crate::actions::Known;
use crate::notices::{
    ASKED_CLOSED, ASKED_OUTSIDE, ASKED_PAPERS, About, FOR_APPLICANT, Message, PARTY_OUTSIDE, RENEWED, Recipient,
    STEP_TAKEN, in_app, outside, outside_party, rating_asked, reminders, told, told_outside,
};
use crate::records::{self, Key};
use hall::Fault;
use house::{BATCH, LastRow, begins_after, goes_on, tell_batch};

/// The job that reminds: once a day, and once more for each further batch.
pub const REMIND: &str = "cases.remind";

/// A case moved: whoever its procedure names is told, once, of the state it came to.
///
/// # Errors
/// Later again when the store failed, never when the message makes no sense.
pub fn tell(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let (number, action, state) = (text("number"), text("action"), text("state"));
    let (desk, named, step) = (cases.clone(), number.clone(), (action.clone(), state.clone()));
    let (known, asked) = store.read_blocking(move |tx| {
        let known = desk.known_number(tx, &named)?;
        let asked = asked_for(&desk, tx, &known, &step)?;
        Ok::<_, Fault>((known, asked))
    })?;
    let procedure = cases.procedure_of(&known.case)?;
    let poor = cases.follow_up_by(&known.case, now)?.is_some();
    if action == "rate" && !poor {
        return Ok(());
    }
    let (calendar, key) = (cases.hall.calendar(), heard.id.to_string());
    let about = About { number: &number, procedure: &procedure.name, state: &state };
    let inside = told(procedure, &known.case, known.applicant, &action);
    let kind = cases.kinds.get(&known.case.kind);
    let words = |text: &'static str| kind.as_ref().map_or(text, |kind| kind.words(text));
    let notice = |(recipient, text): &(Recipient, &'static str)| {
        let is_asked = *text == FOR_APPLICANT && asked.is_some();
        let text = if is_asked { ASKED_PAPERS } else { words(text) };
        let notice = in_app(recipient, Message { text, key: &key, about }, &calendar, heard.at);
        asked.iter().filter(|_| is_asked).fold(notice, |notice, asked| asked.said_in(notice))
    };
    let mut notices: Vec<NewNotice> = inside.iter().map(notice).collect();
    let said = match &asked {
        None => words(STEP_TAKEN),
        Some(_) if known.case.confidential => ASKED_CLOSED,
        Some(_) => ASKED_OUTSIDE,
    };
    let (case, message) = (known.key(), Message { text: said, key: &key, about });
    let by_step = procedure.actions.get(&action).is_some_and(|action| action.notify.contains(&Notify::Applicant));
    if by_step || ["to_applicant", "extended", "followed_up", "request_answered"].contains(&action.as_str()) {
        let told = channels.iter().map(|channel| outside(*channel, &case, message, &calendar, now));
        notices.extend(told.map(|notice| match &asked {
            Some(asked) if known.case.confidential => asked.dated(notice),
            Some(asked) => asked.said_in(notice),
            None => notice,
        }));
    }
    let addressed = Uuid::parse_str(&text("record")).ok().filter(|record| known.records().contains(record));
    let others = told_outside(procedure, &known.case, &action).into_iter().chain(addressed);
    for record in others.filter(|record| !by_step || Some(*record) != known.person) {
        let text = if Some(record) == known.person { words(STEP_TAKEN) } else { PARTY_OUTSIDE };
        let message = Message { text, ..message };
        let told = |channel: &ChannelKind| outside_party(*channel, &case, record, message, &calendar, now);
        notices.extend(channels.iter().map(told));
    }
    Ok(store.write_blocking(move |tx| notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop)))?)
}

/// What an applicant is told who is asked for papers.
struct AskedFor {
    /// The codes of the papers.
    papers: String,
    /// The last day.
    on: String,
}

impl AskedFor {
    /// Says it in a notice.
    fn said_in(&self, notice: NewNotice) -> NewNotice {
        self.dated(notice).with("papers", self.papers.as_str())
    }

    /// Says the day alone.
    fn dated(&self, notice: NewNotice) -> NewNotice {
        notice.with("date", self.on.as_str())
    }
}

/// What the applicant is asked for by a step, named with the state that it led to. None for any other step, and where
/// the case has gone on since.
fn asked_for(
    cases: &Cases,
    tx: &mut dyn Tx,
    known: &Known,
    step: &(String, String),
) -> Result<Option<AskedFor>, Fault> {
    let (action, state) = step;
    let procedure = cases.procedure_of(&known.case)?;
    let asks = procedure.actions.get(action).and_then(|action| procedure.telling(action)) == Some(Telling::Correction);
    if !asks || known.case.state != *state {
        return Ok(None);
    }
    let asked = cases.asked_papers(tx, known)?.into_iter().filter(|paper| paper.came.is_none());
    let (papers, days): (Vec<String>, Vec<Instant>) = asked.map(|paper| (paper.material, paper.asked_at)).unzip();
    let Some(last) = days.into_iter().max() else { return Ok(None) };
    Ok(Some(AskedFor { papers: papers.join(","), on: cases.supply_by(&known.case, last)?.on.to_string() }))
}

/// A code was renewed at a counter: the person who holds it is told, once, so that she learns of it if it was not she.
///
/// # Errors
/// Later again when the store failed, never when the message makes no sense.
pub fn renewed(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let identity =
        |name: &str| Uuid::parse_str(text(name)).map_err(|fault| JobError::Never(format!("{name}: {fault}")));
    let (id, record, shard, desk) = (identity("id")?, identity("record")?, heard.district, cases.clone());
    let known = store.read_blocking(move |tx| desk.known(tx, shard, id))?;
    let (calendar, procedure) = (cases.hall.calendar(), cases.procedure_of(&known.case)?);
    let about = About { number: &known.case.number, procedure: &procedure.name, state: &known.case.state };
    let key = heard.id.to_string();
    let (case, message) = (known.key(), Message { text: RENEWED, key: &key, about });
    let is_main = known.person == Some(record);
    let own = known.applicant.filter(|_| is_main);
    let own = own.map(|account| in_app(&Recipient::Account(account), message, &calendar, now));
    let told = channels.iter().map(|channel| {
        if is_main {
            outside(*channel, &case, message, &calendar, now)
        } else {
            outside_party(*channel, &case, record, message, &calendar, now)
        }
    });
    let day = cases.hall.day(heard.at).to_string();
    let filled = |notice: NewNotice| notice.with("date", day.as_str()).with("place", text("place"));
    let notices: Vec<NewNotice> = own.into_iter().chain(told).map(filled).collect();
    Ok(store.write_blocking(move |tx| notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop)))?)
}

/// On a working day, sends reminders of one batch of cases that are near, late or not collected, and puts in the job
/// for the next batch.
///
/// # Errors
/// Later again when the store failed.
pub fn remind(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let calendar = cases.hall.calendar();
    let dates = cases.reminder_dates(now)?;
    if !calendar.day(dates.today).kind.is_worked() {
        return Ok(());
    }
    let after = last_case(job);
    let (due_by, accept_before) = (dates.due_by, dates.accept_before);
    let rows = store.read_blocking(move |tx| records::remindable(tx, due_by, accept_before, &after, BATCH))?;
    let mut notices = Vec::new();
    let paid = |item: &str| cases.items.facts(item).is_some_and(|facts| facts.is_paid);
    // Money that goes to an account is not collected.
    for row in rows.iter().filter(|row| row.granted.is_none() || !paid(&row.item)) {
        let kind = cases.kinds.get(&row.kind);
        let words = |text: &'static str| kind.as_ref().map_or(text, |kind| kind.words(text));
        match reminders(row, dates, channels, &calendar, &words, now) {
            Ok(found) => notices.extend(found),
            Err(fault) => tracing::error!(%fault, "a case cannot be read and nobody is reminded of it"),
        }
    }
    tell_batch(store, &rows, notices, |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(REMIND, dates.today, "case", last, now)
    })
}

/// Returns the case after which a batch begins.
fn last_case(job: &Job) -> Key {
    let LastRow { district, id } = begins_after(job, "case");
    Key { district, id }
}

/// The job that asks for ratings: once a day, and once more for each further batch.
pub const ASK_RATING: &str = "cases.ask_rating";

/// Asks once for a rating of what ended so many days ago, one batch, and puts in the job for the next one.
///
/// # Errors
/// Later again when the store failed.
pub fn ask_rating(
    cases: &Arc<Cases>,
    channels: &[ChannelKind],
    store: &Store,
    job: &Job,
    now: Instant,
) -> Result<(), JobError> {
    let (calendar, after) = (cases.hall.calendar(), last_case(job));
    let days = cases.hall.figure(crate::words::RATING_REMINDER_DAYS, now)?;
    let today = calendar.zone().instant(calendar.zone().date(now), 0);
    let ended = today.plus_days(-days)..today.plus_days(1 - days);
    let rows = store.read_blocking(move |tx| records::unrated(tx, &ended, &after, BATCH))?;
    let notices: Vec<NewNotice> = rows.iter().flat_map(|row| rating_asked(row, channels, &calendar, now)).collect();
    let day = calendar.zone().date(now);
    tell_batch(store, &rows, notices, |last| {
        let last = LastRow { district: last.district, id: last.id };
        goes_on(ASK_RATING, day, "case", last, now)
    })
}
