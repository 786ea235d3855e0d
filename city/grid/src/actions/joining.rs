//! Somebody met with the same thing as a report. She is counted, and hears the news where she leaves a telephone: it is
//! sealed under a record of her own, with the photos that she brings, and a code of her own shows her how it stands.

use std::sync::Arc;

use cases::{Arisen, CASE_PERSONAL_DATA_RETENTION_DAYS, Key, Known, ReceiptCode};
use hall::Fault;
use jobs::{ChannelKind, NewNotice};
use kernel::identifier::Telephone;
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Instant, date_plus_days};
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::{NewRecord, Person, PersonField, Slip, VaultError};

use super::tray::OF_REPORT;
use crate::Grid;
use crate::records;
use crate::records::follower::{self, Follower};
use crate::records::{joined, photo};
use crate::refusals::Why;
use crate::rules::stage::{is_news, is_over};
use crate::words::{GRID_FOLLOWERS_MOST, Report};

/// Where the keys of joining are kept apart from those of others.
pub(crate) const MEET: &str = "grid.meet";
/// What is kept of a form whose sender was counted already, because it is her own report; behind it stands how many of
/// her photos came to it.
const OWN: &str = "own";
/// Where the keys of ending it are kept apart from those of others.
const STOP: &str = "grid.stop_hearing";
/// What makes the code that stands in the messages to a telephone, so that its owner can look and stop them also where
/// somebody else typed her number.
const TOLD: &str = "told";
/// What a telephone is kept for; the person reads it.
const PURPOSE: &str = "我也遇到：办得怎么样了告诉我";
/// What the record of somebody is kept for who brought photos and left no telephone; the person reads it.
const PHOTO_PURPOSE: &str = "我也遇到：带来的照片";
/// The beginning of the handles of those who hear the news.
pub const RECIPIENT: &str = "heard:";
/// The text of what they are told.
const NEWS: &str = "grid-notice-news";

/// Who joins which report.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// The district of the report.
    pub district: PlaceId,
    /// Its case.
    pub case_id: Uuid,
    /// Her telephone; empty where she does not want to be told.
    pub telephone: String,
    /// Who she is, as far as she is signed in.
    pub actor: Actor,
    /// The reference that the form carried to what it came from at another department, which hears of it; empty where
    /// it came from nothing.
    pub origin: String,
    /// The tray in which her photos wait; none where she brought none.
    pub tray: Option<Slip>,
    /// Her browser holds the code of the report: it is her own.
    pub holds_code: bool,
    /// Her browser sent it or joined it before.
    pub joined_before: bool,
    /// The key of the form. Sent twice, she is counted once.
    pub once: String,
}

/// What came of joining.
#[derive(Debug)]
pub struct Met {
    /// The report as it was before.
    pub report: Report,
    /// The state of its case.
    pub state: String,
    /// How she is counted.
    pub how: How,
    /// How many of her photos came to the report.
    pub photos: usize,
    /// The same form was sent before, and this is what was answered then.
    pub again: bool,
}

/// How somebody is counted who says that she met with the same thing.
#[derive(Debug, PartialEq, Eq)]
pub enum How {
    /// As one of them, with her code; none where she left no telephone and brought no photo, or as many as may be hear
    /// of it already.
    Counted(Option<ReceiptCode>),
    /// Not again: it is her own report.
    Own,
}

/// A sealed record, and the district that keeps it.
#[derive(Clone, Copy)]
pub(super) struct RecordAt {
    pub keeper: PlaceId,
    pub record: Uuid,
}

impl Grid {
    /// Says that one met with the same thing as a report. Whoever is known as the one who reported it, by her account
    /// or by the code that her browser holds, is not counted again; nor is whoever joined it before, by her account or
    /// by the mark in her browser. Telephones count for nobody: whoever types that of somebody else must not learn from
    /// the answer, or from the number, whether she reported or joined. One telephone is told of a report once. Her
    /// photos come to the report under her own record, also where it is her own report; what cannot be kept so stays in
    /// its tray.
    ///
    /// # Errors
    /// There is no such open report that others may see, or the telephone is none.
    pub async fn meet(self: &Arc<Self>, meeting: Meeting, now: Instant) -> Result<Met, Fault> {
        let most = i64::from(self.hall.figure(GRID_FOLLOWERS_MOST, now)?);
        let (record, desk) = (Uuid::now_v7(), self.clone());
        let write = move |tx: &mut dyn Tx| {
            let Meeting { district, case_id, telephone, once, .. } = &meeting;
            let report = records::find(tx, *district, *case_id)?.filter(|report| report.public);
            let report = report.ok_or(Fault::NotFound)?;
            let state = desk.cases.known(tx, *district, *case_id)?.case.state;
            let mark = format!("{case_id} {}", desk.hall.vault.told_apart(telephone));
            match store::once::begin(tx, MEET, once, &mark, now)? {
                Once::Again(before) => {
                    let how = desk.as_before(&before, once);
                    let photos = handed_before(tx, &meeting, &before)?;
                    let report = if how == How::Own { report } else { without_her(report) };
                    return Ok(Met { report, state, how, photos, again: true });
                }
                Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                Once::New => {}
            }
            if !report.open {
                return Err(Refusal::new(Why::GridReportGone).into());
            }
            if desk.is_hers(tx, &meeting)? {
                let photos = desk.hand_hers_over(tx, &meeting, now)?;
                store::once::finish(tx, MEET, once, &format!("{OWN} {photos}"))?;
                desk.arose_from(tx, &meeting, now)?;
                return Ok(Met { report, state, how: How::Own, photos, again: false });
            }
            let known = desk.joined_before(tx, &meeting, now)?;
            let report = if known {
                without_her(report)
            } else {
                records::meet(tx, &report)?;
                report
            };
            let there = i64::try_from(follower::of_case(tx, *district, *case_id)?.len()).unwrap_or(i64::MAX);
            let brought = desk.photos_brought(tx, &meeting, now)?;
            if there >= most || (telephone.is_empty() && brought == 0) {
                store::once::finish(tx, MEET, once, "")?;
                desk.arose_from(tx, &meeting, now)?;
                return Ok(Met { report, state, how: How::Counted(None), photos: 0, again: false });
            }
            let code = desk.hears(tx, &meeting, record, now)?;
            if brought > 0 {
                desk.hand_photos_over(tx, &meeting, record, now)?;
            }
            desk.arose_from(tx, &meeting, now)?;
            Ok::<_, Fault>(Met { report, state, how: How::Counted(code), photos: brought, again: false })
        };
        self.hall.store.write(write).await
    }

    /// What was answered when the same form came before.
    fn as_before(&self, before: &str, once: &str) -> How {
        if before.starts_with(OWN) {
            return How::Own;
        }
        How::Counted(Uuid::parse_str(before).ok().and_then(|record| self.codes.code(record, once)))
    }

    /// Tells the department that keeps what this was taken to the street from: it became the report that is joined.
    fn arose_from(&self, tx: &mut dyn Tx, meeting: &Meeting, now: Instant) -> Result<(), Fault> {
        let Meeting { district, case_id, actor, origin, .. } = meeting;
        if origin.is_empty() {
            return Ok(());
        }
        let known = self.cases.known(tx, *district, *case_id)?;
        self.cases.arose(tx, &Arisen { case: &known.case, origin, actor, now })
    }

    /// Whether whoever joins a report is the one who reported it.
    fn is_hers(&self, tx: &mut dyn Tx, meeting: &Meeting) -> Result<bool, Fault> {
        let Meeting { district, case_id, actor, holds_code, .. } = meeting;
        let Some(account) = actor.account.filter(|_| !holds_code) else { return Ok(*holds_code) };
        self.is_reported_by(tx, &Key { district: *district, id: *case_id }, account)
    }

    /// Whether somebody reported a case with her account.
    pub(crate) fn is_reported_by(&self, tx: &mut dyn Tx, key: &Key, account: Uuid) -> Result<bool, Fault> {
        let known = self.cases.known(tx, key.district, key.id)?;
        let first = cases::events_of(tx, &known.case)?.into_iter().next();
        Ok(first.and_then(|first| first.by.account) == Some(account))
    }

    /// Whether whoever joins a report was counted before, and notes that her account is.
    fn joined_before(&self, tx: &mut dyn Tx, meeting: &Meeting, now: Instant) -> Result<bool, Fault> {
        let Meeting { district, case_id, actor, joined_before, .. } = meeting;
        let Some(account) = actor.account else { return Ok(*joined_before) };
        let mark = self.hall.vault.told_apart(&format!("{case_id} account {account}"));
        Ok(!joined::add(tx, *district, *case_id, &mark, now)? || *joined_before)
    }

    /// How many photos of whoever joins a report can come to it: those that wait in her tray, or none where it has so
    /// many already that those of the work would find no room.
    fn photos_brought(&self, tx: &mut dyn Tx, meeting: &Meeting, now: Instant) -> Result<usize, Fault> {
        let Meeting { district, case_id, tray, .. } = meeting;
        let Some(slip) = tray else { return Ok(0) };
        let waiting = photo::in_tray(tx, &slip.name())?.len();
        self.counter.hold(tx, OF_REPORT, &case_id.to_string(), now)?;
        let there = photo::count(tx, *district, *case_id)?;
        let all = there.saturating_add(i64::try_from(waiting).unwrap_or(i64::MAX));
        Ok(if all > photo::MOST_BY_JOINING { 0 } else { waiting })
    }

    /// Moves the photos of whoever joins a report to it, under the record that was sealed for her.
    fn hand_photos_over(&self, tx: &mut dyn Tx, meeting: &Meeting, record: Uuid, now: Instant) -> Result<(), Fault> {
        let Meeting { district, case_id, tray, .. } = meeting;
        let Some(slip) = tray else { return Ok(()) };
        let known = self.cases.known(tx, *district, *case_id)?;
        self.move_photos(tx, &known.case, record, slip, now)
    }

    /// Moves the photos of whoever joins her own report to it, under the record that was sealed when she reported, and
    /// says how many. None move where they find no room, or where nothing is sealed of her any more.
    fn hand_hers_over(&self, tx: &mut dyn Tx, meeting: &Meeting, now: Instant) -> Result<usize, Fault> {
        let Meeting { district, case_id, .. } = meeting;
        let brought = self.photos_brought(tx, meeting, now)?;
        let person = self.cases.known(tx, *district, *case_id)?.person;
        let Some(record) = person.filter(|_| brought > 0) else { return Ok(0) };
        if self.hall.vault.masked(tx, &[(*district, record)])?.is_empty() {
            return Ok(0);
        }
        self.hand_photos_over(tx, meeting, record, now)?;
        Ok(brought)
    }

    /// Seals the telephone of whoever joins a report, and lets her hear the news with a code of her own. A telephone
    /// that hears of it already, or whose owner stopped that, is not kept again: the code shows the same, and nobody
    /// learns of it. Of whoever left none the record holds her photos alone.
    fn hears(
        &self,
        tx: &mut dyn Tx,
        meeting: &Meeting,
        record: Uuid,
        now: Instant,
    ) -> Result<Option<ReceiptCode>, Fault> {
        let Meeting { district, case_id, telephone, once, .. } = meeting;
        let kept_for = if telephone.is_empty() { PHOTO_PURPOSE } else { PURPOSE };
        let (district, purpose) = (*district, kept_for.to_owned());
        let dialled =
            Telephone::parse(telephone).map_or_else(|_| telephone.clone(), |typed| typed.dialled().to_owned());
        let mark = self.hall.vault.told_apart(&format!("{case_id} telephone {dialled}"));
        let person = if !telephone.is_empty() && joined::add(tx, district, *case_id, &mark, now)? {
            Person::new().with(PersonField::Telephone, telephone.as_str())
        } else {
            Person::new()
        };
        let sealed = NewRecord { id: record, district, person, purpose, retain_until: None, at: now };
        self.hall.vault.seal(tx, &sealed)?;
        let code = self.codes.code(record, once);
        let digest = code.as_ref().and_then(|code| self.codes.digest(record, code));
        let case_id = *case_id;
        follower::add(tx, &Follower { district, case_id, record, keeper: district, digest, at: now })?;
        store::once::finish(tx, MEET, once, &record.to_string())?;
        Ok(code)
    }

    /// Whoever joined a report with this code.
    pub(crate) fn follower_of(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        code: &ReceiptCode,
    ) -> Result<Option<Follower>, Fault> {
        let Key { district, id } = known.key();
        for one in follower::of_case(tx, district, id)? {
            let held = one.digest.as_ref().is_some_and(|digest| {
                let told = self.code_told(&one).is_some_and(|told| told == *code);
                self.codes.holds(one.record, code, digest) || told
            });
            let kept = held && !self.hall.vault.masked(tx, &[(one.keeper, one.record)])?.is_empty();
            if kept {
                return Ok(Some(one));
            }
        }
        Ok(None)
    }

    /// The code that stands in the messages to somebody who joined a report; none for whoever reported a duplicate, who
    /// has the code of her receipt.
    pub(crate) fn code_told(&self, one: &Follower) -> Option<ReceiptCode> {
        one.digest.as_ref().and_then(|_| self.codes.code(one.record, TOLD))
    }

    /// Erases the telephone of whoever joined a report with this code: she is told nothing more, and until the report
    /// is finished nobody can enter that telephone for it again. Sent twice it is done once.
    ///
    /// # Errors
    /// Number or code is wrong, or a failure.
    pub async fn stop_hearing(
        self: &Arc<Self>,
        number: String,
        code: ReceiptCode,
        once: String,
        now: Instant,
    ) -> Result<(), Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let digest = desk.hall.vault.told_apart(&format!("{number} {}", code.plain()));
            match store::once::take(tx, store::once::Command { scope: STOP, key: &once, digest: &digest }, "", now)? {
                Once::Again(_) => return Ok(()),
                Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                Once::New => {}
            }
            let wrong = || Fault::from(Refusal::new(Code::CaseNotFound));
            let known = match desk.cases.known_number(tx, &number) {
                Err(Fault::NotFound) => return Err(wrong()),
                known => known?,
            };
            let follower = desk.follower_of(tx, &known, &code)?.ok_or_else(wrong)?;
            Ok::<_, Fault>(desk.hall.vault.erase(tx, follower.keeper, follower.record, now)?)
        };
        self.hall.store.write(write).await
    }

    /// Lets those who hear the news of a duplicate hear that of the report to which it was joined: whoever joined it
    /// and whoever reported it. It belongs into the transaction in which the duplicate is joined, after its step. Done
    /// again it changes nothing.
    ///
    /// # Errors
    /// There is no such case, or the store or the vault failed.
    pub fn follow_along(&self, tx: &mut dyn Tx, from: &Key, to: &Key, now: Instant) -> Result<(), Fault> {
        let duplicate = self.cases.known(tx, from.district, from.id)?;
        let joined = follower::of_case(tx, from.district, from.id)?;
        let reporter = duplicate.person.map(|record| Follower {
            district: from.district,
            case_id: from.id,
            record,
            keeper: from.district,
            digest: None,
            at: now,
        });
        for one in joined.into_iter().chain(reporter) {
            // The end of the duplicate began the time after which her data are erased: the other report goes on.
            match self.hall.vault.retain_until(tx, one.keeper, one.record, None) {
                Err(VaultError::Erased | VaultError::NotFound) => continue,
                kept => kept?,
            }
            follower::add(tx, &Follower { district: to.district, case_id: to.id, ..one })?;
        }
        Ok(())
    }

    /// The notices to those who joined a report, of one step; and from its end on their data are kept as long as those
    /// of whoever reported it.
    pub(crate) fn news(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        step: Heard<'_>,
        channels: &[ChannelKind],
        now: Instant,
    ) -> Result<Vec<NewNotice>, Fault> {
        let procedure = self.cases.procedure_of(&known.case)?;
        if !is_news(procedure, step.state, step.action) {
            return Ok(Vec::new());
        }
        let (Key { district, id }, calendar) = (known.key(), self.hall.calendar());
        let over = is_over(procedure, step.state);
        let mut notices = Vec::new();
        for one in follower::of_case(tx, district, id)? {
            if over {
                self.begin_retention(tx, known, RecordAt { keeper: one.keeper, record: one.record }, now)?;
            }
            // Whoever reported hears of her own case as a party of it.
            if known.person == Some(one.record) {
                continue;
            }
            for channel in channels {
                let key = format!("{}:{}:{}", step.key, channel.code(), one.record);
                let handle = format!("{RECIPIENT}{}/{}", one.keeper.0, one.record);
                let notice = NewNotice::new(*channel, key, &handle, &calendar, now).template(NEWS);
                notices.push(notice.with("number", known.case.number.as_str()).with("state", step.state));
            }
        }
        Ok(notices)
    }

    /// Lets the time begin after which a record that belongs to a case is erased.
    pub(super) fn begin_retention(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        at: RecordAt,
        now: Instant,
    ) -> Result<(), Fault> {
        let on = self.hall.day(now);
        let days = self.hall.figure_at(CASE_PERSONAL_DATA_RETENTION_DAYS, &known.case.place, on)?;
        let until = date_plus_days(on, days);
        let until = until.ok_or_else(|| Fault::Broken("retention ends after the calendar".to_owned()))?;
        match self.hall.vault.retain_until(tx, at.keeper, at.record, Some(until)) {
            Err(VaultError::NotFound | VaultError::Erased) => Ok(()),
            kept => Ok(kept?),
        }
    }
}

/// How many photos came to a report when the same form came before, of which this was kept.
fn handed_before(tx: &mut dyn Tx, meeting: &Meeting, before: &str) -> Result<usize, Fault> {
    if let Some(photos) = before.strip_prefix(OWN) {
        return Ok(photos.trim().parse().unwrap_or_default());
    }
    let Ok(record) = Uuid::parse_str(before) else { return Ok(0) };
    Ok(photo::pictures(tx, meeting.district, meeting.case_id, record)?.len())
}

/// A report as it stood before she was counted who is among those who met with it already.
fn without_her(report: Report) -> Report {
    Report { met: report.met - 1, ..report }
}

/// The step of which somebody hears.
#[derive(Clone, Copy)]
pub(crate) struct Heard<'h> {
    /// The action.
    pub action: &'h str,
    /// The state to which it led.
    pub state: &'h str,
    /// What the notice is told for: told again it is one notice.
    pub key: &'h str,
}
