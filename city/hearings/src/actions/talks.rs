//! Books talks on talk days for residents, calls them off, and keeps the list of whoever hosts the talk day.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Looking, ReceiptCode};
use hall::{Fault, Sent};
use kernel::calendar::DayKind;
use kernel::identifier::{CaseNumber, Telephone};
use kernel::language::Lang;
use kernel::line::line_fault;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use store::Tx;
use store::once::Once;
use uuid::Uuid;
use vault::{Look, Masked, NewRecord, Person, PersonField};

use super::rooms::{Taken, take_room};
use crate::Hearings;
use crate::permissions::May;
use crate::records;
use crate::records::{room, talk as kept};
use crate::refusals::Why;
use crate::rules::room::slots;
use crate::rules::talk_day::TalkDay;
use crate::words::talk::{BOOKED, Booking, CAME, CANCELLED, Slot, Talk};
use crate::words::{HEARINGS_TALK_KEPT, HEARINGS_TALKS_A_DAY, NAME_MOST, Point};

/// Where the keys of these commands are kept apart from those of others.
pub(crate) const BOOK: &str = "hearings.book";
/// See [`BOOK`].
const HOST: &str = "hearings.host";
/// What name and telephone are kept for; the person reads it.
const PURPOSE: &str = "说事日预约";
/// The series of their numbers, and its letter, which no kind of cases has.
const SERIES: &str = "hearings.talk";
/// The letter of their numbers.
pub const LETTER: char = 'X';
/// Digits of a district's code at the head of a number.
const DISTRICT_DIGITS: usize = 6;
/// The command by which the code of a talk is reckoned.
const SLIP: &str = "talk";
/// How many talk days ahead can be booked.
pub const AHEAD: usize = 3;
/// How many talks of a day are listed at most.
const LISTED: i64 = 300;
const DAYS_OF_A_WEEK: i64 = 7;

/// What somebody gets who booked.
#[derive(Debug)]
pub struct Booked {
    /// The talk.
    pub talk: Talk,
    /// The code with which she calls it off.
    pub code: Option<ReceiptCode>,
    /// It was booked before with the same form.
    pub again: bool,
}

/// What whoever hosts a talk day does with its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosting {
    /// Somebody who booked came: the turn of her talk.
    Came(i64),
    /// Somebody came who had not booked.
    WalkIn,
    /// It was noted by mistake that somebody came: the turn of her talk.
    Mistaken(i64),
}

/// Who hosts which talk day.
#[derive(Clone, Debug)]
pub struct Host {
    /// The community.
    pub community: PlacePath,
    /// The talk day.
    pub day: Date,
    /// Who does it.
    pub actor: Actor,
    /// The form. Sent twice, it is done once.
    pub sent: Sent,
    /// The identity of what it makes.
    pub id: Uuid,
    /// When.
    pub now: Instant,
}

/// A talk that is to be kept.
#[derive(Clone, Copy)]
struct New<'n> {
    community: &'n PlacePath,
    day: Date,
    id: Uuid,
    walk_in: bool,
}

/// A talk as whoever hosts it sees it.
#[derive(Clone, Debug)]
pub struct TalkSeen {
    /// The talk.
    pub talk: Talk,
    /// The masked name of whoever booked it; empty for a walk-in, and once it was erased.
    pub name: String,
    /// When it is and in which room, where one was taken.
    pub taken: Option<Taken>,
}

/// The talk day of a hearing point, if it has one.
#[must_use]
pub fn talk_day(point: &Point) -> Option<TalkDay> {
    let (opens_at, closes_at) = (u32::try_from(point.opens_at).ok()?, u32::try_from(point.closes_at).ok()?);
    let kept = (1..=DAYS_OF_A_WEEK).contains(&point.weekday) && opens_at < closes_at;
    kept.then_some(TalkDay { weekday: point.weekday, opens_at, closes_at })
}

impl Hearings {
    /// The next talk days of a hearing point. On holidays there is none.
    #[must_use]
    pub fn days_ahead(&self, point: &Point, now: Instant) -> Vec<Date> {
        let ahead = |day: TalkDay| day.ahead(now, self.hall.zone(), AHEAD, |date| self.is_off(date));
        talk_day(point).map(ahead).unwrap_or_default()
    }

    /// Whether nobody is heard on a day because it is a holiday.
    #[must_use]
    pub fn is_off(&self, day: Date) -> bool {
        matches!(self.hall.calendar().day(day).kind, DayKind::Holiday { .. })
    }

    /// Books a talk. Sent twice it is booked once.
    ///
    /// # Errors
    /// What is missing or wrong, by its field; no such talk day; the day is full; or a failure.
    pub async fn book(self: &Arc<Self>, booking: Booking, once: String, now: Instant) -> Result<Booked, Fault> {
        if let Some(refusal) = faults(&booking).into_iter().next() {
            return Err(refusal.into());
        }
        let most = self.hall.figure(HEARINGS_TALKS_A_DAY, now)?;
        let keep = self.hall.day_after(now, HEARINGS_TALK_KEPT, now)?;
        let (desk, id) = (self.clone(), Uuid::now_v7());
        let write = move |tx: &mut dyn Tx| {
            let Booking { community, day, name, telephone, .. } = &booking;
            let person = desk.hall.vault.told_apart(&format!("{name} {telephone}"));
            let said = format!("{} {day} {:?} {person}", community.id(), booking.slot);
            match store::once::begin(tx, BOOK, &once, &said, now)? {
                Once::Again(before) => {
                    let id = Uuid::parse_str(&before).map_err(|fault| Fault::Broken(fault.to_string()))?;
                    let talk = kept::find(tx, community.district(), id)?.ok_or(Fault::NotFound)?;
                    return Ok(Booked { talk, code: desk.talk_code(id), again: true });
                }
                Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
                Once::New => {}
            }
            let point =
                records::point(tx, community)?.ok_or_else(|| Refusal::new(Why::HearingsTalkDay).field("day"))?;
            if !desk.days_ahead(&point, now).contains(day) {
                return Err(Refusal::new(Why::HearingsTalkDay).field("day").into());
            }
            let rooms = room::rooms(tx, point.district, point.id)?;
            let slot = if rooms.is_empty() { None } else { Some(desk.slot_of(&booking, &point, now)?) };
            // Whoever books at the same moment waits for her turn, so that her talk and her telephone are seen here.
            let talk = desk.add_talk(tx, New { community, day: *day, id, walk_in: false }, now)?;
            if desk.has_talk(tx, &booking, id)? {
                return Err(Refusal::new(Why::HearingsTalkTwice).field("telephone").into());
            }
            let sealed = Person::new().with(PersonField::Name, name.as_str());
            let record = NewRecord {
                id,
                district: community.district(),
                person: sealed.with(PersonField::Telephone, telephone.as_str()),
                purpose: PURPOSE.to_owned(),
                retain_until: Some(keep),
                at: now,
            };
            desk.hall.vault.seal(tx, &record)?;
            if kept::count(tx, community, *day)? > i64::from(most) {
                return Err(Refusal::new(Why::HearingsTalkFull).field("day").into());
            }
            if let Some((slot, ends_at)) = slot {
                take_room(tx, &rooms, &talk, slot, ends_at)?;
            }
            store::once::finish(tx, BOOK, &once, &id.to_string())?;
            Ok::<_, Fault>(Booked { talk, code: desk.talk_code(id), again: false })
        };
        self.hall.store.write(write).await
    }

    /// The times at which talks of a day can begin and end, where its point has rooms: those that still lie ahead.
    ///
    /// # Errors
    /// The rulebook has no such figure.
    pub fn slots_ahead(&self, point: &Point, day: Date, now: Instant) -> Result<Vec<(u32, u32)>, Fault> {
        let most = self.hall.figure(HEARINGS_TALKS_A_DAY, now)?;
        let Some(hours) = talk_day(point) else { return Ok(Vec::new()) };
        let is_ahead = |slot: &(u32, u32)| self.hall.zone().instant(day, slot.0) > now;
        Ok(slots(hours, most).into_iter().filter(is_ahead).collect())
    }

    /// The time that somebody chose, with its end.
    fn slot_of(&self, booking: &Booking, point: &Point, now: Instant) -> Result<(Slot, u32), Fault> {
        let slot = booking.slot.ok_or_else(|| Refusal::new(Code::FormMissing).field("begins"))?;
        let ahead = self.slots_ahead(point, booking.day, now)?;
        let found = ahead.into_iter().find(|known| known.0 == slot.begins_at);
        let wrong = || Fault::from(Refusal::new(Code::FormChoice).field("begins"));
        found.map(|(_, ends_at)| (slot, ends_at)).ok_or_else(wrong)
    }

    /// Whether a telephone has booked another talk of that day already.
    fn has_talk(&self, tx: &mut dyn Tx, booking: &Booking, own: Uuid) -> Result<bool, Fault> {
        let Booking { community, day, telephone, .. } = booking;
        let talks = kept::of_day(tx, community, *day, LISTED)?.into_iter();
        for talk in talks.filter(|talk| talk.state == BOOKED && talk.id != own) {
            let (vault, field) = (&self.hall.vault, PersonField::Telephone);
            if vault.matches(tx, talk.district, talk.id, field, telephone)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Numbers a talk of a day and keeps it. Of whoever walks in there is no sealed record.
    fn add_talk(&self, tx: &mut dyn Tx, new: New<'_>, now: Instant) -> Result<Talk, Fault> {
        let New { community, day, id, walk_in } = new;
        let district = community.district();
        let (year, series) = (self.hall.day(now).year(), format!("{SERIES}.{}.{day}", community.id()));
        let turn = store::series::next(tx, district, &series, day.year().into())?;
        let running = store::series::next(tx, district, SERIES, year.into())?;
        let talk = Talk {
            district,
            id,
            number: self.talk_number(district, year, running)?,
            path: community.clone(),
            day,
            turn,
            state: if walk_in { CAME } else { BOOKED }.to_owned(),
            walk_in,
            booked_at: now,
        };
        kept::add(tx, &talk)?;
        Ok(talk)
    }

    fn talk_number(&self, district: PlaceId, year: i16, running: i64) -> Result<String, Fault> {
        let tree = self.hall.places.tree();
        let missing = || Fault::Broken(format!("the district {} is not in the tree", district.0));
        let code: String = tree.get(district).ok_or_else(missing)?.code.chars().take(DISTRICT_DIGITS).collect();
        let number = CaseNumber::of_series(LETTER, &code, year, running);
        let number = number.map_err(|fault| Fault::Broken(format!("district code {code}: {fault}")))?;
        Ok(number.as_str().to_owned())
    }

    /// The code of a talk. It is reckoned, so nothing of it is kept.
    fn talk_code(&self, id: Uuid) -> Option<ReceiptCode> {
        self.codes.code(id, SLIP)
    }

    /// The talk of a number and a code; none where one of them is wrong.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn talk_by_code(&self, tx: &mut dyn Tx, number: &str, code: &str) -> Result<Option<Talk>, Fault> {
        let Ok(number) = CaseNumber::parse(number) else { return Ok(None) };
        let Some(code) = ReceiptCode::parse(code) else { return Ok(None) };
        let district = format!("{}000000", number.district_code());
        let Some(district) = self.hall.places.tree().by_code(&district).map(|place| place.id) else { return Ok(None) };
        let Some(talk) = kept::numbered(tx, district, number.as_str())? else { return Ok(None) };
        let is_hers = self.talk_code(talk.id).is_some_and(|own| {
            // Digests are compared, so that it takes the same time wherever the two differ.
            let digest = self.codes.digest(talk.id, &own).unwrap_or_default();
            self.codes.holds(talk.id, &code, &digest)
        });
        Ok(Some(talk).filter(|_| is_hers))
    }

    /// Calls a talk off, for whoever holds its code; none where number or code is wrong. Done again it changes nothing.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn call_off(&self, tx: &mut dyn Tx, number: &str, code: &str) -> Result<Option<Talk>, Fault> {
        let Some(talk) = self.talk_by_code(tx, number, code)? else { return Ok(None) };
        if talk.state != BOOKED {
            return Ok(Some(talk));
        }
        kept::set_state(tx, &talk, CANCELLED)?;
        if let Some(point) = records::point(tx, &talk.path)? {
            room::free(tx, point.district, talk.id)?;
        }
        Ok(Some(Talk { state: CANCELLED.to_owned(), ..talk }))
    }

    /// The talks of a day with the masked names of whoever booked them, for whoever keeps the hearing point.
    ///
    /// # Errors
    /// `NotFound` for everybody else.
    pub fn hosted(
        &self,
        tx: &mut dyn Tx,
        community: &PlacePath,
        day: Date,
        actor: &Actor,
    ) -> Result<Vec<TalkSeen>, Fault> {
        keeps(actor, community)?;
        let talks = kept::of_day(tx, community, day, LISTED)?;
        let records: Vec<_> = talks.iter().filter(|talk| !talk.walk_in).map(|talk| (talk.district, talk.id)).collect();
        let mut masks: BTreeMap<Uuid, Masked> = self.hall.vault.masked(tx, &records)?.into_iter().collect();
        let (mut taken, mut seen) = (taken_on(tx, community, day)?, Vec::new());
        for talk in talks {
            let name = masks.remove(&talk.id).and_then(|mut fields| fields.remove(&PersonField::Name));
            let taken = taken.remove(&talk.id);
            seen.push(TalkSeen { talk, name: name.unwrap_or_default(), taken });
        }
        Ok(seen)
    }

    /// Opens the telephone of whoever booked a talk, for whoever keeps the hearing point and says why. The look stands
    /// in the log.
    ///
    /// # Errors
    /// `NotFound` for everybody else, and where nobody booked that turn or the data are gone; no permission to open
    /// personal data; a refusal without a purpose; a failure.
    pub fn telephone_of(
        &self,
        tx: &mut dyn Tx,
        at: (&PlacePath, Date, i64),
        looking: &Looking<'_>,
    ) -> Result<String, Fault> {
        let (community, day, turn) = at;
        keeps(looking.actor, community)?;
        let grant = may(looking.actor, Permission::PersonOpen, &Target::at(community.clone()))?;
        let talks = kept::of_day(tx, community, day, LISTED)?.into_iter();
        let talk = talks.filter(|talk| !talk.walk_in).find(|talk| talk.turn == turn).ok_or(Fault::NotFound)?;
        let look = Look {
            account: looking.actor.account,
            name: looking.actor.name.clone(),
            place: self.hall.places.tree().chain(&grant.place, Lang::Zh),
            purpose: looking.purpose.trim().to_owned(),
            case_number: Some(talk.number.clone()),
            at: looking.now,
        };
        self.hall.within_measure(tx, talk.district, talk.id, &look)?;
        let person = self.hall.open_once(tx, talk.district, talk.id, &look, looking.once)?;
        let telephone = person.get(PersonField::Telephone).map(|telephone| telephone.expose().clone());
        telephone.ok_or(Fault::NotFound)
    }

    /// Notes who came on a talk day. Sent twice it is noted once.
    ///
    /// # Errors
    /// `NotFound` for everybody who does not keep that hearing point, and if there is no such talk; refuses a day that
    /// is no talk day of the last week.
    pub async fn host(self: &Arc<Self>, hosting: Hosting, host: Host) -> Result<(), Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let Host { community, day, actor, sent, id, now } = &host;
            keeps(actor, community)?;
            let point = records::point(tx, community)?;
            let today = desk.hall.day(*now);
            if !point.as_ref().and_then(talk_day).is_some_and(|one| one.is_hosted(*day, today)) {
                return Err(Refusal::new(Why::HearingsNotHosted).into());
            }
            if !sent.is_first(tx, HOST, *now)? {
                return Ok(());
            }
            match hosting {
                Hosting::Came(turn) => {
                    let talks = kept::of_day(tx, community, *day, LISTED)?;
                    let talk = talks.into_iter().find(|talk| talk.turn == turn).ok_or(Fault::NotFound)?;
                    // What was called off stays so; whoever comes all the same walks in.
                    if talk.state == BOOKED { Ok(kept::set_state(tx, &talk, CAME)?) } else { Ok(()) }
                }
                Hosting::Mistaken(turn) => {
                    let talks = kept::of_day(tx, community, *day, LISTED)?;
                    let talk = talks.into_iter().find(|talk| talk.turn == turn).ok_or(Fault::NotFound)?;
                    // Whoever had booked is expected again; nobody is there who had not.
                    let state = if talk.walk_in { CANCELLED } else { BOOKED };
                    if talk.state == CAME { Ok(kept::set_state(tx, &talk, state)?) } else { Ok(()) }
                }
                Hosting::WalkIn => {
                    let new = New { community, day: *day, id: *id, walk_in: true };
                    desk.add_talk(tx, new, *now).map(drop)
                }
            }
        };
        self.hall.store.write(write).await
    }
}

/// The rooms of a hearing point that are taken on a day, by the identity of what they are taken for.
fn taken_on(tx: &mut dyn Tx, community: &PlacePath, day: Date) -> Result<BTreeMap<Uuid, Taken>, Fault> {
    let (mut found, point) = (BTreeMap::new(), records::point(tx, community)?);
    let Some(point) = point else { return Ok(found) };
    for one in room::rooms(tx, point.district, point.id)? {
        let taken = room::of_day(tx, &one, day)?.into_iter();
        found.extend(taken.map(|at| (at.id, Taken { at, room: one.name.clone() })));
    }
    Ok(found)
}

/// Fails with `NotFound` for whoever does not keep the hearing point of a community.
fn keeps(actor: &Actor, community: &PlacePath) -> Result<(), Fault> {
    let keeps = may(actor, May::HearingsPoint, &Target::at(community.clone())).is_ok();
    if keeps { Ok(()) } else { Err(Fault::NotFound) }
}

/// Everything that is wrong with what somebody books.
fn faults(booking: &Booking) -> Vec<Refusal> {
    let mut faults = Vec::new();
    for (field, text) in [("name", &booking.name), ("telephone", &booking.telephone)] {
        faults.extend(text.is_empty().then(|| Refusal::new(Code::FormMissing).field(field)));
    }
    faults.extend(line_fault(&booking.name).map(|code| Refusal::new(code).field("name")));
    let long = booking.name.chars().count() > NAME_MOST;
    faults.extend(long.then(|| Refusal::new(Code::FormTooLong).field("name").with("limit", NAME_MOST)));
    let is_wrong = !booking.telephone.is_empty() && Telephone::parse(&booking.telephone).is_err();
    faults.extend(is_wrong.then(|| Refusal::new(Code::FormTelephone).field("telephone")));
    faults
}
