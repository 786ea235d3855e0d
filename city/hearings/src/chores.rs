//! Reminds of what both sides of a mediation agreed, before the day and after it: that a clause is to be kept, that
//! both can still ask a court, and that a court is to accept or to decide. The office is told in the platform, and of
//! what is theirs the sides are told outside of it, in words that do not say what was agreed. It also reminds a
//! community of what its residents said and nobody answered.

use std::sync::Arc;

use cases::{About, Known, Message, Recipient, in_app, outside_party};
use hall::Fault;
use house::{BATCH, Chore, LastRow, When, begins_after, goes_on, tell_batch};
use jobs::{ChannelKind, Job, JobError, NewNotice};
use kernel::case::Holder;
use kernel::place::PlaceId;
use kernel::time::{Date, Instant, date_plus_days};
use store::{Store, Tx};
use uuid::Uuid;

use crate::Hearings;
use crate::actions::inside::office;
use crate::records::{inside, opinion};
use crate::rules::agreement::owing;
use crate::words::inside::{DueClause, DueCourt};
use crate::words::opinion::DueOpinion;
use crate::words::{HEARINGS_REMIND, SIDES};

/// The job that reminds of clauses: once a day, and once more for each further batch.
pub const REMIND_CLAUSES: &str = "hearings.remind_clauses";
/// The job that reminds of courts.
pub const REMIND_COURTS: &str = "hearings.remind_courts";
/// The job that reminds of the last day on which both can ask a court.
pub const REMIND_ASKS: &str = "hearings.remind_asks";
/// The job that reminds of what residents said at hearing points and nobody answered.
pub const REMIND_OPINIONS: &str = "hearings.remind_opinions";
/// For how many days after its day a clause is looked at: by then it was told once, also where chores stood still.
const OVERDUE_DAYS: i64 = 60;
/// What the job of a further batch calls the row after which it begins.
const ROW: &str = "row";

/// The chores of hearings.
pub fn all(desk: &Arc<Hearings>) -> Vec<Chore> {
    let mut chores: Vec<Chore> = [&OF_CLAUSES, &OF_COURTS, &OF_ASKS].map(|what| chore(desk, what)).into();
    let desk = desk.clone();
    let opinions = move |store: &Store, job: &Job, now| desk.remind_opinions(store, job, now);
    chores.push(Chore::new(REMIND_OPINIONS, When::AtOpening, opinions));
    chores
}

fn chore(desk: &Arc<Hearings>, what: &'static Reminding) -> Chore {
    let desk = desk.clone();
    Chore::new(what.kind, When::AtOpening, move |store, job, now| desk.remind(store, job, now, what))
}

/// Something that is due on a day.
struct Due {
    district: PlaceId,
    case_id: Uuid,
    /// The row: a clause, or the case itself.
    id: Uuid,
    on: Date,
    /// The roles of the sides whose it is.
    sides: &'static [&'static str],
}

/// What is said of something that is due, by the keys of the words.
#[derive(Clone, Copy)]
struct Words {
    /// To the office.
    office: &'static str,
    /// To the sides whose it is; none where it is nobody's.
    sides: Option<&'static str>,
}

/// What is reminded of.
struct Reminding {
    kind: &'static str,
    /// What is said before the day and on it.
    soon: Words,
    /// What is said after it; none where nothing can be done any more.
    late: Option<Words>,
    /// What is due in a span of days and before it, after a row, at most so many.
    due: fn(&mut dyn Tx, [Date; 2], LastRow) -> Result<Vec<Due>, Fault>,
}

const OF_CLAUSES: Reminding = Reminding {
    kind: REMIND_CLAUSES,
    soon: Words { office: "hearings-notice-clause-soon", sides: Some("hearings-notice-own-clause-soon") },
    late: Some(Words { office: "hearings-notice-clause-late", sides: Some("hearings-notice-own-clause-late") }),
    due: due_clauses,
};
const OF_COURTS: Reminding = Reminding {
    kind: REMIND_COURTS,
    soon: Words { office: "hearings-notice-court-soon", sides: None },
    late: Some(Words { office: "hearings-notice-court-late", sides: None }),
    due: due_courts,
};
const OF_ASKS: Reminding = Reminding {
    kind: REMIND_ASKS,
    soon: Words { office: "hearings-notice-ask-soon", sides: Some("hearings-notice-own-ask-soon") },
    late: None,
    due: due_asks,
};

fn due_clauses(tx: &mut dyn Tx, span: [Date; 2], after: LastRow) -> Result<Vec<Due>, Fault> {
    let [today, by] = span;
    let from = date_plus_days(today, -OVERDUE_DAYS).unwrap_or(today);
    let rows = inside::due_clauses(tx, [from, by], after, BATCH)?.into_iter();
    let due = |row: DueClause| Due {
        district: row.district,
        case_id: row.case_id,
        id: row.id,
        on: row.due,
        sides: owing(&row.owes),
    };
    Ok(rows.map(due).collect())
}

fn due_courts(tx: &mut dyn Tx, span: [Date; 2], after: LastRow) -> Result<Vec<Due>, Fault> {
    let [_, by] = span;
    let rows = inside::due_courts(tx, by, after, BATCH)?.into_iter();
    Ok(rows.map(|row| of_case(&row, &[])).collect())
}

fn due_asks(tx: &mut dyn Tx, span: [Date; 2], after: LastRow) -> Result<Vec<Due>, Fault> {
    let rows = inside::due_asks(tx, span, after, BATCH)?.into_iter();
    Ok(rows.map(|row| of_case(&row, &SIDES)).collect())
}

/// What is due of a case as a whole.
const fn of_case(row: &DueCourt, sides: &'static [&'static str]) -> Due {
    Due { district: row.district, case_id: row.case_id, id: row.case_id, on: row.due, sides }
}

impl Hearings {
    /// Tells of one batch of what is due soon or was due before today. Each row is told once before its day and once
    /// after it, however often this runs.
    fn remind(&self, store: &Store, job: &Job, now: Instant, what: &Reminding) -> Result<(), JobError> {
        let today = self.hall.day(now);
        let days = self.hall.figure(HEARINGS_REMIND, now)?;
        let (by, after, due) = (date_plus_days(today, days).unwrap_or(today), begins_after(job, ROW), what.due);
        let cases = self.cases.clone();
        let read = move |tx: &mut dyn Tx| {
            let (rows, mut found) = (due(tx, [today, by], after)?, Vec::new());
            for row in &rows {
                found.push(match cases.known(tx, row.district, row.case_id) {
                    // A case that cannot be read holds no other one up.
                    Err(Fault::NotFound | Fault::Broken(_)) => None,
                    known => Some(known?),
                });
            }
            Ok::<_, Fault>((rows, found))
        };
        let (rows, found) = store.read_blocking(read)?;
        let mut notices: Vec<NewNotice> = Vec::new();
        for (row, known) in rows.iter().zip(&found) {
            let (words, when) = if row.on < today { (what.late, "late") } else { (Some(what.soon), "soon") };
            let (Some(words), Some(known)) = (words, known) else { continue };
            let key = format!("{}:{}:{}:{when}", what.kind, row.id, row.on);
            notices.extend(self.told(known, row, Saying { words, key: &key, now }));
        }
        let kind = what.kind;
        tell_batch(store, &rows, notices, |last| {
            goes_on(kind, today, ROW, LastRow { district: last.district, id: last.id }, now)
        })
    }

    /// Tells the communities of one batch of what residents said that is to be answered today or was to be answered
    /// before: once on the day, and once after it.
    fn remind_opinions(&self, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let (calendar, today, after) = (self.hall.calendar(), self.hall.day(now), begins_after(job, ROW));
        let rows = store.read_blocking(move |tx| opinion::due(tx, today, after, BATCH))?;
        let notice = |row: &DueOpinion| {
            let is_late = row.answer_by < today;
            let [text, when] =
                if is_late { ["hearings-notice-opinion-late", "late"] } else { ["hearings-notice-opinion-due", "due"] };
            let key = format!("{REMIND_OPINIONS}:{}:{when}", row.id);
            let notice =
                NewNotice::new(ChannelKind::InApp, key, &Recipient::desk(&row.path, None).handle(), &calendar, now);
            let notice = notice.template(text).with("href", format!("/hearings/opinions/{}", row.number));
            notice.with("date", row.answer_by.to_string())
        };
        let notices = rows.iter().map(notice).collect();
        tell_batch(store, &rows, notices, |last| {
            goes_on(REMIND_OPINIONS, today, ROW, LastRow { district: last.district, id: last.id }, now)
        })
    }

    /// What is said of a row: to the office, and to the sides whose it is.
    fn told(&self, known: &Known, row: &Due, saying: Saying<'_>) -> Vec<NewNotice> {
        let (calendar, case, Saying { words, key, now }) = (self.hall.calendar(), &known.case, saying);
        let about = About { number: &case.number, procedure: &case.procedure, state: &case.state };
        let message = |text| Message { text, key, about };
        let mut notices = vec![in_app(&office(known), message(words.office), &calendar, now)];
        let parties = row.sides.iter().flat_map(|side| case.standing(side));
        for (_, party) in parties {
            let (Holder::Record(record), Some(text)) = (&party.holder, words.sides) else { continue };
            let told =
                |channel: &ChannelKind| outside_party(*channel, &known.key(), *record, message(text), &calendar, now);
            notices.extend(self.channels.iter().map(told));
        }
        let on = row.on.to_string();
        notices.into_iter().map(|notice| notice.with("date", on.as_str())).collect()
    }
}

/// What is said of one row, by which key once, and when.
#[derive(Clone, Copy)]
struct Saying<'s> {
    words: Words,
    key: &'s str,
    now: Instant,
}
