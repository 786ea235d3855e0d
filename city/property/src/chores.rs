//! What this department does by itself: once a month it reminds whoever leads the three-party tables of a community of
//! compounds in which no table was held in time, and of tables of which something is still to be kept after its day.
//! Some days later it tells the street too.

use std::collections::BTreeSet;
use std::sync::Arc;

use hall::Fault;
use house::{BATCH, Chore, LastRow, When, begins_after, goes_on, tell_batch};
use jobs::{ChannelKind, Job, JobError, NewNotice};
use kernel::figure::month_of;
use kernel::place::PlacePath;
use kernel::time::{Date, Instant};
use store::{Store, Tx};
use uuid::Uuid;

use crate::Companies;
use crate::permissions::May;
use crate::records::table as records;
use crate::rules::table::Overdue;
use crate::words::table::LateTable;

/// The job that reminds of tables which were not held in time: once a day, and once more for each further batch.
pub const REMIND_TABLES: &str = "property.remind_tables";
/// The job that reminds of what was promised at a table and is still to be kept after its day.
pub const REMIND_PROMISES: &str = "property.remind_promises";
/// What the job of a further batch calls the row after which it begins.
const ROW: &str = "row";

/// The chores of three-party tables.
pub(crate) fn all(desk: &Arc<Companies>) -> Vec<Chore> {
    let (tables, promises) = (desk.clone(), desk.clone());
    let remind_tables = move |store: &Store, job: &Job, now: Instant| tables.remind_tables(store, job, now);
    let remind_promises = move |store: &Store, job: &Job, now: Instant| promises.remind_promises(store, job, now);
    vec![
        Chore::new(REMIND_TABLES, When::AtOpening, remind_tables),
        Chore::new(REMIND_PROMISES, When::AtOpening, remind_promises),
    ]
}

/// Something that was not done by its day.
struct Passed<'p> {
    /// What tells it from everything else of which people are reminded.
    key: String,
    /// The community.
    path: &'p PlacePath,
    /// The compound.
    compound: &'p str,
    /// The last day on which it would have been in time.
    until: Date,
    /// The key of what is said of it.
    text: &'static str,
    /// The page where it stands.
    href: String,
}

impl<'p> Passed<'p> {
    /// A table that was not held.
    fn table(one: &'p Overdue) -> Self {
        Self {
            key: format!("{REMIND_TABLES}:{}:{}", one.path.id(), one.compound),
            path: &one.path,
            compound: &one.compound,
            until: one.until,
            text: "property-notice-table",
            href: format!("/property/tables/of/{}", one.path.id()),
        }
    }

    /// A table of which something is still to be kept.
    fn promise(one: &'p LateTable) -> Self {
        Self {
            key: format!("{REMIND_PROMISES}:{}", one.id),
            path: &one.path,
            compound: &one.compound,
            until: one.due_on,
            text: "property-notice-promise",
            href: format!("/property/tables/{}", one.id),
        }
    }
}

impl Companies {
    /// Reminds of one batch of contracts in whose communities a table is overdue, and puts in the job for the next one.
    /// While a table is called for a day that is not over, nobody is reminded of its compound.
    fn remind_tables(self: &Arc<Self>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let (own, today, after) = (self.clone(), self.hall.day(now), begins_after(job, ROW));
        let (rows, notices) = store.read_blocking(move |tx| {
            let rows = records::served_after(tx, after.id, today, BATCH)?;
            let places: BTreeSet<&PlacePath> = rows.iter().map(|row| &row.path).collect();
            let mut notices = Vec::new();
            for place in places {
                for one in own.overdue(tx, place, today)?.iter().filter(|one| !one.is_called(today)) {
                    notices.extend(own.reminders(tx, &Passed::table(one), now)?);
                }
            }
            Ok::<_, Fault>((rows, notices))
        })?;
        tell_batch(store, &rows, notices, |last| {
            goes_on(REMIND_TABLES, today, ROW, LastRow { district: last.path.district(), id: last.id }, now)
        })
    }

    /// Reminds of one batch of tables of which something is still to be kept after its day, and puts in the job for
    /// the next one.
    fn remind_promises(self: &Arc<Self>, store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
        let (own, today, after) = (self.clone(), self.hall.day(now), begins_after(job, ROW));
        let (rows, notices) = store.read_blocking(move |tx| {
            let rows = records::late_after(tx, (after.district, after.id), today, BATCH)?;
            let mut notices = Vec::new();
            for one in &rows {
                notices.extend(own.reminders(tx, &Passed::promise(one), now)?);
            }
            Ok::<_, Fault>((rows, notices))
        })?;
        tell_batch(store, &rows, notices, |last| {
            goes_on(REMIND_PROMISES, today, ROW, LastRow { district: last.district, id: last.id }, now)
        })
    }

    /// The notices of something that passed, to each account once in a month: to whoever leads the tables of the
    /// community, and to the street once its days are over, or at once where nobody is on duty in the community.
    fn reminders(&self, tx: &mut dyn Tx, passed: &Passed<'_>, now: Instant) -> Result<Vec<NewNotice>, Fault> {
        let (calendar, today) = (self.hall.calendar(), self.hall.day(now));
        let from = self.told_from(passed.path, passed.until, today)?;
        let mut accounts = self.bodies.on_duty(tx, passed.path, May::PropertyTable, now)?;
        let is_for_street = accounts.is_empty() || from.is_some_and(|from| from.street <= today);
        if let Some(street) = passed.path.parent().filter(|_| is_for_street) {
            accounts.extend(self.bodies.on_duty(tx, &street, May::PropertyTable, now)?);
        }
        let month = month_of(today);
        let notice = |account: Uuid| {
            let key = format!("{}:{month}:{account}", passed.key);
            let notice = NewNotice::new(ChannelKind::InApp, key, &format!("account:{account}"), &calendar, now);
            let notice = notice.template(passed.text).with("href", passed.href.as_str());
            notice.with("place", passed.compound).with("date", passed.until.to_string())
        };
        Ok(accounts.into_iter().map(notice).collect())
    }
}
