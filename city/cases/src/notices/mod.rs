//! Notices 通知 in the platform itself: who is told of a step or a date, what the notice shows, what is marked as read.
//! A notice holds nothing personal.

mod recipient;

use std::collections::{BTreeMap, BTreeSet};

use jobs::{ChannelKind, NewNotice, Notice};
use kernel::calendar::Calendar;
use kernel::case::{Case, Holder, Relation, SERVICE, completes, may_read};
use kernel::language::Lang;
use kernel::permission::{Actor, Permission, Target};
use kernel::procedure::{Notify, Procedure, State};
use kernel::time::{Date, Instant, Zone};
use store::{StoreError, Tx};
use uuid::Uuid;
use web::Page;

use crate::Cases;
use crate::records::{self, CaseRow, Key, Remindable, Unrated};
use crate::rules::told_as;
use hall::Fault;

pub use recipient::Recipient;
pub(crate) use recipient::WORK;
use recipient::posts;

/// The text of a message to an applicant through a channel outside of the platform: a step was taken.
pub const STEP_TAKEN: &str = "cases-notice";
/// The text of a message to an applicant, here or outside: a result waits to be collected.
pub const TO_COLLECT: &str = "cases-notice-collect";
/// Text that asks for a rating, once.
pub const TO_RATE: &str = "cases-notice-rate";
/// Text that tells an applicant who wants it, here or outside, that somebody looked at her data.
pub const LOOKED: &str = "cases-notice-looked";
/// Text that tells whoever holds a code, here or outside, that it was renewed at a counter. She is told also if she
/// chose to look herself.
pub(crate) const RENEWED: &str = "cases-notice-renewed";
/// The text of a message through a channel outside of the platform to another party than the applicant: a step was
/// taken.
pub(crate) const PARTY_OUTSIDE: &str = "cases-notice-party-outside";
/// The text of a message to an applicant in the platform: which papers she is asked for, and by when.
pub(crate) const ASKED_PAPERS: &str = "cases-notice-asked-papers";
/// The same, outside of the platform.
pub(crate) const ASKED_OUTSIDE: &str = "cases-notice-asked-outside";
/// The same of a confidential matter, whose papers would say what it is about.
pub(crate) const ASKED_CLOSED: &str = "cases-notice-asked-closed";
/// Text that tells whoever decided a step that it was dropped when its seconds were over.
pub(crate) const DROPPED: &str = "cases-notice-dropped";
/// The argument of a notice that names the page below its case where what it tells stands.
pub const BELOW: &str = "below";
const FOR_OFFICE: &str = "cases-notice-office";
const FOR_COUNTER: &str = "cases-notice-counter";
pub(crate) const FOR_APPLICANT: &str = "cases-notice-applicant";
/// Text for somebody who takes part.
const FOR_PARTY: &str = "cases-notice-party";
const SUPERVISED: &str = "cases-notice-supervised";
const ASKED: &str = "cases-notice-asked";
const ASKED_DATA: &str = "cases-notice-request";
/// Text for the office: another party than the applicant asks about her own data.
const ASKED_DATA_PARTY: &str = "cases-notice-request-party";
const MESSAGE: &str = "cases-notice-message";
const POOR: &str = "cases-notice-poor";
const DUE: &str = "cases-notice-due";
const LATE: &str = "cases-notice-late";
const ACCEPT: &str = "cases-notice-accept";

/// Whom a step is told to in the platform, and with which text: as the procedure says, each once.
#[must_use]
pub fn told(
    procedure: &Procedure,
    case: &Case,
    applicant: Option<Uuid>,
    action: &str,
) -> Vec<(Recipient, &'static str)> {
    let office = || Recipient::desk(&case.office.place, case.office.department.as_deref());
    let applicant_told = || applicant.map(|account| (Recipient::Account(account), FOR_APPLICANT)).into_iter().collect();
    match action {
        "supervise" => return vec![(office(), SUPERVISED)],
        "consulted" => {
            let asked = case.consultations.last().map(|asked| &asked.office);
            let desk = |office: &Target| (Recipient::desk(&office.place, office.department.as_deref()), ASKED);
            return asked.map(desk).into_iter().collect();
        }
        // An office gets a case through a transfer, or once it is known where the applicant lives.
        "answered" | "transferred" | "settled" => return vec![(office(), FOR_OFFICE)],
        "request" => return vec![(office(), ASKED_DATA)],
        "party_request" => return vec![(office(), ASKED_DATA_PARTY)],
        "from_applicant" => return vec![(office(), MESSAGE)],
        "rate" => return vec![(office(), POOR)],
        "to_applicant" | "extended" | "followed_up" | "request_answered" => return applicant_told(),
        _ => {}
    }
    let mut told: Vec<(Recipient, &'static str)> = Vec::new();
    for notify in procedure.actions.get(action).map(|action| action.notify.as_slice()).unwrap_or_default() {
        let mut parties = Vec::new();
        let one = match notify {
            Notify::Office => Some((office(), FOR_OFFICE)),
            Notify::Counter => Some((Recipient::desk(case.counter().unwrap_or(case.residence()), None), FOR_COUNTER)),
            Notify::Applicant => applicant.map(|account| (Recipient::Account(account), FOR_APPLICANT)),
            Notify::Party(role) => {
                parties.extend(case.standing(role).filter_map(|(_, party)| of_party(&party.holder)));
                None
            }
        };
        for one in one.into_iter().chain(parties) {
            if told.iter().all(|(known, _)| *known != one.0) {
                told.push(one);
            }
        }
    }
    // Whoever gave the last consent hands the case back to its office.
    if completes(procedure, case, action) && told.iter().all(|(known, _)| *known != office()) {
        told.push((office(), FOR_OFFICE));
    }
    told
}

/// Where somebody who takes part is told in the platform; nobody is who is known by a sealed record alone.
fn of_party(holder: &Holder) -> Option<(Recipient, &'static str)> {
    match holder {
        Holder::Account(account) | Holder::Organisation { account: Some(account), .. } => {
            Some((Recipient::Account(*account), FOR_PARTY))
        }
        Holder::Unit(unit) => Some((Recipient::desk(&unit.place, unit.department.as_deref()), FOR_PARTY)),
        Holder::Record(_) | Holder::Organisation { account: None, .. } | Holder::Nobody => None,
    }
}

/// The sealed records of the parties whom an action tells, each once.
#[must_use]
pub fn told_outside(procedure: &Procedure, case: &Case, action: &str) -> Vec<Uuid> {
    let told = procedure.actions.get(action).map(|action| action.notify.as_slice()).unwrap_or_default();
    let roles = told.iter().filter_map(|notify| match notify {
        Notify::Party(role) => Some(role),
        _ => None,
    });
    let held = roles.flat_map(|role| case.standing(role)).filter_map(|(_, party)| match party.holder {
        Holder::Record(record) => Some(record),
        _ => None,
    });
    held.collect::<BTreeSet<Uuid>>().into_iter().collect()
}

/// The case a notice is about, as far as it may be said anywhere.
#[derive(Clone, Copy)]
pub struct About<'c> {
    /// Its number.
    pub number: &'c str,
    /// Name of its procedure.
    pub procedure: &'c str,
    /// Name of the procedure's state.
    pub state: &'c str,
}

/// This is what a notice says. The same key twice for the same recipient and channel is one notice.
#[derive(Clone, Copy)]
pub struct Message<'m> {
    /// The key of its words.
    pub text: &'m str,
    /// What it is told for, such as one step of one case.
    pub key: &'m str,
    /// The case it is about.
    pub about: About<'m>,
}

/// A notice in the platform.
#[must_use]
pub fn in_app(to: &Recipient, message: Message<'_>, calendar: &Calendar, now: Instant) -> NewNotice {
    let handle = to.handle();
    let key = format!("{}:{}:{handle}", message.key, ChannelKind::InApp.code());
    filled(NewNotice::new(ChannelKind::InApp, key, &handle, calendar, now), message)
}

/// A message to an applicant through a channel outside of the platform. The recipient is the case: the address is
/// looked up at delivery.
#[must_use]
pub fn outside(channel: ChannelKind, case: &Key, message: Message<'_>, calendar: &Calendar, now: Instant) -> NewNotice {
    let key = format!("{}:{}", message.key, channel.code());
    let recipient = format!("{}/{}", case.district.0, case.id);
    filled(NewNotice::new(channel, key, &recipient, calendar, now), message)
}

/// A message to somebody else who takes part in a case and is known by a sealed record.
#[must_use]
pub fn outside_party(
    channel: ChannelKind,
    case: &Key,
    record: Uuid,
    message: Message<'_>,
    calendar: &Calendar,
    now: Instant,
) -> NewNotice {
    let key = format!("{}:{}:{record}", message.key, channel.code());
    let recipient = format!("{}/{}/{record}", case.district.0, case.id);
    filled(NewNotice::new(channel, key, &recipient, calendar, now), message)
}

fn filled(notice: NewNotice, message: Message<'_>) -> NewNotice {
    let Message { text, about, .. } = message;
    let notice = notice.template(text).with("number", about.number);
    notice.with("procedure", about.procedure).with("state", about.state)
}

/// Days by which reminders go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReminderDates {
    /// The day of the reminder.
    pub today: Date,
    /// What is promised for this day or earlier is reminded of.
    pub due_by: Date,
    /// What is to be accepted before this moment is reminded of.
    pub accept_before: Instant,
    /// The zone in which moments are days.
    pub zone: Zone,
    /// What was granted before and was not collected is reminded of.
    pub granted_before: Instant,
}

/// The words of a kind for a notice, by the key of the desk's own.
pub type Words<'w> = &'w dyn Fn(&'static str) -> &'static str;

/// The notices that one case calls for on a day. Its desk is told when it is near or late, its applicant when a result
/// waits for her.
///
/// # Errors
/// A row whose fold cannot be read.
pub fn reminders(
    row: &Remindable,
    dates: ReminderDates,
    channels: &[ChannelKind],
    calendar: &Calendar,
    words: Words<'_>,
    now: Instant,
) -> Result<Vec<NewNotice>, Fault> {
    let about = About { number: &row.number, procedure: &row.procedure, state: &row.state };
    let Some(granted) = &row.granted else {
        let accept_by = row.accept_by.map(|at| dates.zone.date(at));
        let text = match row.promised_due {
            _ if accept_by.is_some() => ACCEPT,
            Some(due) if due < dates.today || row.act_by.is_some_and(|at| at < now) => LATE,
            _ => DUE,
        };
        let desk = Recipient::desk(&row.desk_path, Some(&row.desk_department));
        let key = format!("due:{}:{}", row.id, dates.today);
        let notice = in_app(&desk, Message { text: words(text), key: &key, about }, calendar, now);
        let due = accept_by.or(row.promised_due).map(|due| due.to_string()).unwrap_or_default();
        return Ok(vec![notice.with("date", due)]);
    };
    let case: Case =
        serde_json::from_str(granted).map_err(|fault| Fault::Broken(format!("{}: {fault}", row.number)))?;
    if case.ended_at().is_none_or(|ended| ended > dates.granted_before) {
        return Ok(Vec::new());
    }
    let key = format!("collect:{}", row.id);
    let (case, message) = (Key { district: row.district, id: row.id }, Message { text: TO_COLLECT, key: &key, about });
    let own = row.applicant.map(|account| in_app(&Recipient::Account(account), message, calendar, now));
    let told = |channel: &ChannelKind| outside(*channel, &case, message, calendar, now);
    Ok(own.into_iter().chain(channels.iter().map(told)).collect())
}

/// The notices that ask once for a rating: to the account, and through the channels of the city.
#[must_use]
pub fn rating_asked(row: &Unrated, channels: &[ChannelKind], calendar: &Calendar, now: Instant) -> Vec<NewNotice> {
    let about = About { number: &row.number, procedure: &row.procedure, state: &row.state };
    let key = format!("rate:{}", row.id);
    let (case, message) = (Key { district: row.district, id: row.id }, Message { text: TO_RATE, key: &key, about });
    let own = row.applicant.map(|account| in_app(&Recipient::Account(account), message, calendar, now));
    let told = |channel: &ChannelKind| outside(*channel, &case, message, calendar, now);
    own.into_iter().chain(channels.iter().map(told)).collect()
}

/// A notice as a page shows it.
pub struct NoticeLine {
    /// Identity, sent back when it was read.
    pub id: String,
    /// Where its case is.
    pub href: String,
    /// What it says.
    pub text: String,
    /// When it came.
    pub at: String,
    /// It tells of something late or urged.
    pub urgent: bool,
}

impl Cases {
    /// The days by which reminders go now.
    ///
    /// # Errors
    /// The rulebook has no such figures.
    pub fn reminder_dates(&self, now: Instant) -> Result<ReminderDates, Fault> {
        let calendar = self.hall.calendar();
        let limit = self.hall.figure(crate::words::REMINDER_BEFORE_DUE, now)?;
        let collected = self.hall.figure(crate::words::RESULT_COLLECTION_REMINDER_DAYS, now)?;
        let (zone, due_by) = (calendar.zone(), calendar.deadline(now, limit, &[], now).due_on);
        Ok(ReminderDates {
            today: zone.date(now),
            due_by,
            accept_before: zone.instant(due_by, 0).plus_days(1),
            zone,
            granted_before: now.plus_days(-collected),
        })
    }

    /// The unread notices of the visitor's posts or account that she may follow up, newest first, at most `limit`.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn notices(&self, tx: &mut dyn Tx, page: &Page, limit: i64) -> Result<Vec<NoticeLine>, Fault> {
        let actor = &page.visitor.actor;
        let handles: Vec<String> = recipients(tx, actor, limit)?.iter().map(Recipient::handle).collect();
        let found = jobs::unread(tx, &handles, limit)?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let numbers = found.iter().take(shown).filter_map(|notice| self.district_of(said(notice, "number")));
        let rows = records::search::by_numbers(tx, &numbers.collect::<Vec<_>>())?;
        let rows: BTreeMap<&str, &CaseRow> = rows.iter().map(|row| (row.number.as_str(), row)).collect();
        let mut lines = Vec::new();
        for notice in found {
            if lines.len() == shown {
                break;
            }
            let row = rows.get(said(&notice, "number")).copied();
            lines.extend(self.line(tx, page, &notice, row)?);
        }
        Ok(lines)
    }

    /// The line of a notice; none when its case is not for this visitor to know. The case's row says so of nearly all.
    fn line(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        notice: &Notice,
        row: Option<&CaseRow>,
    ) -> Result<Option<NoticeLine>, Fault> {
        let (said, actor) = (|name: &str| said(notice, name), &page.visitor.actor);
        let number = said("number");
        let date = said("date").parse::<Date>().map(|date| page.date(date)).unwrap_or_default();
        // A notice about something that is no case names the page where it stands. That page asks who may see it.
        if number.is_empty() && said("href").starts_with('/') {
            return Ok(Some(NoticeLine {
                id: notice.id.to_string(),
                href: said("href").to_owned(),
                text: page.text(&notice.template, &[("date", &date), ("place", said("place"))]),
                at: page.minute(notice.not_before),
                urgent: false,
            }));
        }
        let plain = |row: &CaseRow| {
            let mut scopes = actor.scopes(Permission::CaseRead).into_iter();
            !row.confidential && scopes.any(|scope| records::search::is_readable(row, &scope))
        };
        let hers = |applicant: Option<Uuid>| applicant.is_some() && applicant == actor.account;
        let mut own = row.is_some_and(|row| hers(row.applicant));
        let mut item = row.filter(|row| row.kind == SERVICE).map(|row| row.item.clone());
        let mut kind = row.map(|row| row.kind.clone()).unwrap_or_default();
        if !own && !row.is_some_and(plain) {
            let known = match self.known_number(tx, number) {
                Err(Fault::NotFound) => return Ok(None),
                known => known?,
            };
            own = hers(known.applicant);
            item = known.case.service.as_ref().map(|_| known.case.item().to_owned());
            kind.clone_from(&known.case.kind);
            let reads = may_read(&known.case, actor, &Relation::applicant(own)).is_ok();
            if !reads || !(own || self.kind_shows(tx, &known.case, actor)?) {
                return Ok(None);
            }
        }
        let state = match self.procedures.state(said("procedure"), said("state")) {
            Some(state) if own => {
                let at = StateAt { kind: &kind, item: item.as_deref(), name: said("state"), state };
                self.state_told(&at, page.lang, &|key| page.t(key))
            }
            _ => self.state_title(said("procedure"), said("state"), page.lang),
        };
        let of_kind = self.kinds.get(&kind);
        let called = |key| of_kind.as_ref().is_some_and(|kind| kind.words(key) == notice.template);
        let is_called = |key: &'static str| key == notice.template || called(key);
        let papers = self.papers_said(notice, item.as_deref().unwrap_or_default(), page.lang);
        Ok(Some(NoticeLine {
            id: notice.id.to_string(),
            href: address(notice, own),
            text: page.text(
                &notice.template,
                &[
                    ("number", number),
                    ("state", &state),
                    ("date", &date),
                    ("place", said("place")),
                    ("papers", &papers),
                    ("step", &self.step_name(said("procedure"), said("step"), page.lang)),
                ],
            ),
            at: page.minute(notice.not_before),
            urgent: [LATE, SUPERVISED, ACCEPT, RENEWED, ASKED_PAPERS, DROPPED].into_iter().any(is_called),
        }))
    }

    /// The names of the papers that a notice says, as the language writes lists.
    pub(crate) fn papers_said(&self, notice: &Notice, item: &str, lang: Lang) -> String {
        let codes = said(notice, "papers").split(',').filter(|code| !code.is_empty());
        codes.map(|code| self.material_name(item, code, lang)).collect::<Vec<_>>().join(lang.pick("、", ", "))
    }

    /// The words by which an applicant is told of a state of her case, here and outside. `say` gives the text of a key.
    pub(crate) fn state_told(&self, at: &StateAt<'_>, lang: Lang, say: &dyn Fn(&str) -> String) -> String {
        let is_paid = |item: &str| self.items.facts(item).is_some_and(|facts| facts.is_paid);
        let of_counter = || at.item.and_then(|item| told_as(at.state, || is_paid(item)));
        let of_kind = self.kinds.get(at.kind).and_then(|kind| kind.state_told(at.name));
        of_kind.or_else(of_counter).map_or_else(|| at.state.title.get(lang).to_owned(), say)
    }

    /// Marks those of the notices as read that are the visitor's own.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn read(tx: &mut dyn Tx, actor: &Actor, notices: &[Uuid], now: Instant) -> Result<(), StoreError> {
        for id in notices {
            let Some(notice) = jobs::notice(tx, *id)? else { continue };
            if Recipient::parse(&notice.recipient).is_some_and(|recipient| recipient.is(actor)) {
                jobs::mark_read(tx, *id, &notice.recipient, now)?;
            }
        }
        Ok(())
    }
}

/// A state of a case, as it is told to its applicant.
#[derive(Clone, Copy)]
pub(crate) struct StateAt<'s> {
    /// The kind of the case.
    pub kind: &'s str,
    /// The item of a matter of the counter; none for other cases.
    pub item: Option<&'s str>,
    /// The name of the state in its procedure.
    pub name: &'s str,
    /// What its procedure says of it.
    pub state: &'s State,
}

/// What a notice says under a name; nothing when it says nothing.
pub(crate) fn said<'n>(notice: &'n Notice, name: &str) -> &'n str {
    notice.arguments.get(name).and_then(|value| value.as_str()).unwrap_or_default()
}

/// Where a notice about a case leads: to its page, or to the page below it that the notice names.
fn address(notice: &Notice, own: bool) -> String {
    let case = format!("/{}/{}", if own { "follow" } else { "cases" }, said(notice, "number"));
    match said(notice, BELOW) {
        "" => case,
        page => format!("{case}/{page}"),
    }
}

/// Whose notices an actor reads: those of her account, those of the desks of her own posts, and those of the offices
/// inside her posts that have open cases, at most `limit` for each post.
fn recipients(tx: &mut dyn Tx, actor: &Actor, limit: i64) -> Result<BTreeSet<Recipient>, StoreError> {
    let mut found: BTreeSet<Recipient> = actor.account.map(Recipient::Account).into_iter().collect();
    for scope in posts(actor) {
        found.insert(Recipient::desk(&scope.place, None));
        found.insert(Recipient::desk(&scope.place, scope.department.as_deref()));
        let offices = records::offices(tx, &scope, limit)?;
        found.extend(offices.iter().map(|office| Recipient::desk(&office.place, Some(&office.department))));
    }
    Ok(found)
}
