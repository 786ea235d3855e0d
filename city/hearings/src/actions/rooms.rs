//! Keeps a hearing point with its rooms and hosts, and takes rooms for talks and for sessions of mediations. Two
//! bookings of one room at one time are refused.

use std::sync::Arc;

use cases::{About, Key, Known, Message, outside_party};
use hall::{Fault, Hall};
use jobs::ChannelKind;
use kernel::case::{Case, Holder};
use kernel::language::Lang;
use kernel::permission::{Actor, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::{Value, json};
use store::Tx;
use store::once::Once;
use uuid::Uuid;

use super::inside::{Deed, file_record, may_handle};
use crate::Hearings;
use crate::permissions::May;
use crate::records;
use crate::records::room as kept;
use crate::refusals::Why;
use crate::rules::talk_day::clock;
use crate::rules::{room, session};
use crate::words::room::{Host, HostNamed, POST, ROSTER, Room, Use};
use crate::words::talk::{Slot, Talk};
use crate::words::{Keeping, Point, SIDES};

/// Where the keys of these commands are kept apart from those of others.
const KEEP: &str = "hearings.point";
/// See [`KEEP`].
const ARRANGE: &str = "hearings.arrange";
/// What both sides are told of a session that was arranged, or called off.
const ARRANGED: &str = "hearings-notice-own-arranged";
/// See [`ARRANGED`].
const CALLED_OFF: &str = "hearings-notice-own-called-off";
/// The series by which whoever takes a room waits for whoever takes it at the same moment.
const SERIES: &str = "hearings.room";

/// A session that somebody arranges.
#[derive(Clone, Debug)]
pub struct Arranging {
    /// Its identity.
    pub id: Uuid,
    /// The room.
    pub room: Uuid,
    /// The day.
    pub day: Date,
    /// The minute of the day at which it begins.
    pub begins_at: u32,
    /// The minute at which it ends.
    pub ends_at: u32,
}

/// What somebody does with the sessions of a mediation that are still to come.
#[derive(Clone, Debug)]
pub enum Coming {
    /// One more is arranged.
    Arrange(Arranging),
    /// One is called off.
    CallOff(Uuid),
}

/// A time in a room, with what the room is called.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The time.
    pub at: Use,
    /// What the room is called.
    pub room: String,
}

impl Taken {
    /// From when to when a room is taken, and which one.
    #[must_use]
    pub fn hours_in(&self) -> String {
        format!("{} {}", self.hours(), self.room)
    }

    /// From when to when the room is taken.
    #[must_use]
    pub fn hours(&self) -> String {
        format!("{}–{}", minute_told(self.at.begins_at), minute_told(self.at.ends_at))
    }
}

fn minute_told(minute: i64) -> String {
    u32::try_from(minute).map(clock).unwrap_or_default()
}

impl Hearings {
    /// Keeps the hearing point of a community, in place of what was said of it before. Sent twice it is kept once.
    ///
    /// # Errors
    /// No permission there, what is wrong with its rooms or hosts, a room that is taken and cannot go, a key that was
    /// used for something else, or a failure.
    pub async fn keep_point(self: &Arc<Self>, keeping: Keeping, actor: Actor, once: String) -> Result<(), Fault> {
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.kept_point(tx, &keeping, &actor, &once)).await
    }

    /// Keeps the hearing point of a community in this transaction, as [`Hearings::keep_point`] does.
    ///
    /// # Errors
    /// As [`Hearings::keep_point`].
    pub(crate) fn kept_point(
        &self,
        tx: &mut dyn Tx,
        keeping: &Keeping,
        actor: &Actor,
        once: &str,
    ) -> Result<(), Fault> {
        let Keeping { point, remarks, rooms, hosts } = keeping;
        may(actor, May::HearingsPoint, &Target::at(point.path.clone()))?;
        if let Some(refusal) = room::faults(rooms).into_iter().next() {
            return Err(refusal.into());
        }
        let said = format!("{} {} {} {}", point.path, point.room, point.hours, point.things);
        let said = format!("{said} {remarks:?} {rooms:?} {hosts:?}");
        match store::once::begin(tx, KEEP, once, &said, point.changed_at)? {
            Once::Again(_) => return Ok(()),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let offered = self.host_offers(tx, &point.path, point.changed_at)?;
        if !hosts.iter().all(|host| offered.iter().any(|one| one.host == *host)) {
            return Err(Refusal::new(Code::FormChoice).field("hosts").into());
        }
        records::put_point(tx, point)?;
        records::talk::put_remarks(tx, point.district, point.id, remarks)?;
        self.keep_rooms(tx, point, rooms, once)?;
        kept::put_hosts(tx, point.district, point.id, hosts)?;
        let detail = json!({ "place": point.path.id() });
        let act = store::log::Act {
            district: point.district,
            stream: point.id,
            kind: "hearings.point",
            detail: &detail,
            by: actor.account,
            by_name: &actor.name,
            at: point.changed_at,
        };
        store::log::note(tx, &act)?;
        Ok(store::once::finish(tx, KEEP, once, "")?)
    }

    /// Keeps the rooms of a point. One that is not among them any more is no more, unless somebody has it still.
    fn keep_rooms(&self, tx: &mut dyn Tx, point: &Point, rooms: &[Room], once: &str) -> Result<(), Fault> {
        let (before, today) = (kept::rooms(tx, point.district, point.id)?, self.hall.day(point.changed_at));
        for gone in before.iter().filter(|before| rooms.iter().all(|room| room.id != before.id)) {
            if kept::taken_from(tx, gone, today)? > 0 {
                let refusal = Refusal::new(Why::HearingsRoomUsed).field("rooms");
                return Err(refusal.with("room", &gone.name).into());
            }
            kept::end_room(tx, gone)?;
        }
        for (place, room) in rooms.iter().enumerate() {
            let is_known = before.iter().any(|before| before.id == room.id);
            let new = || Uuid::new_v5(&point.id, format!("room {once} {place}").as_bytes());
            let id = if is_known { room.id } else { new() };
            kept::put_room(tx, point.id, &Room { district: point.district, id, ..room.clone() })?;
        }
        Ok(())
    }

    /// Who can host at the hearing point of a community: the posts of its bodies, and its mediators of today. None of
    /// them is named by a form: each is chosen by its identity.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn host_offers(&self, tx: &mut dyn Tx, community: &PlacePath, now: Instant) -> Result<Vec<HostNamed>, Fault> {
        let (today, mut found) = (self.hall.day(now), Vec::new());
        for body in self.bodies.bodies_at(tx, community)? {
            for seat in self.bodies.seats(tx, &body, today)? {
                let names = [Lang::Zh, Lang::En].map(|lang| seat.title(lang).to_owned());
                let host = Host { kind: POST.to_owned(), id: seat.post.id };
                found.push(HostNamed { host, body: body.name.clone(), names });
            }
        }
        for mediator in self.bodies.mediators_at(tx, community, now)? {
            let host = Host { kind: ROSTER.to_owned(), id: mediator.id };
            let names = [mediator.name.clone(), mediator.name];
            found.push(HostNamed { host, body: String::new(), names });
        }
        Ok(found)
    }

    /// Who hosts at a hearing point today.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn hosts(&self, tx: &mut dyn Tx, point: &Point, now: Instant) -> Result<Vec<HostNamed>, Fault> {
        let hosts = kept::hosts(tx, point.district, point.id)?;
        if hosts.is_empty() {
            return Ok(Vec::new());
        }
        let mut found = self.host_offers(tx, &point.path, now)?;
        found.retain(|one| hosts.contains(&one.host));
        Ok(found)
    }

    fn teller(&self) -> Teller<'_> {
        Teller { channels: &self.channels, hall: &self.hall }
    }

    /// Arranges a session of a mediation in a room of the hearing point of its community, or calls one off. Sent twice
    /// it is done once.
    ///
    /// # Errors
    /// `NotFound` for everybody who does not mediate it; no mediation goes on; a side that is awaited does not agree to
    /// go on; the room is taken; or a failure.
    pub async fn arrange(self: &Arc<Self>, coming: Coming, deed: Deed) -> Result<(), Fault> {
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let known = desk.mediation(tx, &deed.number, &deed.actor, deed.now)?;
            may_handle(&known.case, &deed.actor)?;
            if !session::is_met_in(&known.case.state) {
                return Err(Refusal::new(Why::HearingsNoSession).into());
            }
            if !deed.sent.is_first(tx, ARRANGE, deed.now)? {
                return Ok(());
            }
            let none = || Fault::from(Refusal::new(Code::FormChoice).field("in_room"));
            let point = records::point(tx, &known.case.place)?.ok_or_else(none)?;
            match &coming {
                Coming::Arrange(new) => {
                    desk.all_agree(&known.case, session::awaits(&known.case.state))?;
                    let rooms = kept::rooms(tx, point.district, point.id)?;
                    let room = rooms.iter().find(|room| room.id == new.room).ok_or_else(none)?;
                    let at = session_in(room, new, &known, &deed);
                    meets_once(tx, &at, &known)?;
                    reserve(tx, &at, &room.name)?;
                    noted(tx, &known, &json!({ "room": room.id, "day": new.day.to_string() }), &deed)?;
                    let taken = Taken { at, room: format!("{} {}", room.name, point.room) };
                    desk.teller().tell(tx, &known.case, ARRANGED, &taken, deed.now)
                }
                Coming::CallOff(id) => {
                    let found = kept::find_use(tx, point.district, *id)?;
                    let Some(at) = found.filter(|at| at.case_id == Some(known.case.id.0)) else {
                        return Err(off_before(tx, point.district, &known, *id)?);
                    };
                    kept::free(tx, point.district, *id)?;
                    kept::call_off(tx, &at, deed.now)?;
                    noted(tx, &known, &json!({ "called_off": id }), &deed)?;
                    let taken = named(tx, at)?;
                    desk.teller().tell(tx, &known.case, CALLED_OFF, &taken, deed.now)
                }
            }
        };
        self.hall.store.write(write).await
    }
}

/// By which channels both sides are told when and where they are awaited.
#[derive(Clone, Copy)]
pub struct Teller<'t> {
    /// The channels that reach people outside of the platform.
    pub channels: &'t [ChannelKind],
    /// The hall, with the calendar by which messages go.
    pub hall: &'t Hall,
}

impl Teller<'_> {
    /// Tells both sides when and where they are awaited, or that it was called off.
    fn tell(self, tx: &mut dyn Tx, case: &Case, text: &'static str, taken: &Taken, now: Instant) -> Result<(), Fault> {
        let (calendar, at) = (self.hall.calendar(), &taken.at);
        let place = taken.hours_in();
        let (day, key) = (at.day.to_string(), format!("{text}:{}", at.id));
        let about = About { number: &case.number, procedure: &case.procedure, state: &case.state };
        let message = Message { text, key: &key, about };
        let known = Key { district: cases::district(case), id: case.id.0 };
        for (_, party) in SIDES.into_iter().flat_map(|side| case.standing(side)) {
            let Holder::Record(record) = &party.holder else { continue };
            for channel in self.channels {
                let notice = outside_party(*channel, &known, *record, message, &calendar, now);
                jobs::notify(tx, &notice.with("date", day.as_str()).with("place", place.as_str()))?;
            }
        }
        Ok(())
    }
}

/// Takes a room for a talk that was booked: the one that was chosen, or the first that is free.
pub(super) fn take_room(tx: &mut dyn Tx, rooms: &[Room], talk: &Talk, slot: Slot, ends_at: u32) -> Result<(), Fault> {
    let mut refused = Refusal::new(Code::FormChoice).field("in_room");
    for room in rooms.iter().filter(|room| slot.room.is_none_or(|wanted| wanted == room.id)) {
        let wanted = Use {
            district: room.district,
            id: talk.id,
            room: room.id,
            day: talk.day,
            begins_at: slot.begins_at.into(),
            ends_at: ends_at.into(),
            case_id: None,
            booked_name: String::new(),
            booked_at: talk.booked_at,
        };
        match reserve(tx, &wanted, &room.name) {
            Err(Fault::Refused(refusal)) if refusal.code == Why::HearingsRoomTaken => refused = refusal,
            taken => return taken,
        }
    }
    Err(refused.into())
}

/// The time and the room of a talk; none where its point has no rooms, and once it was called off.
///
/// # Errors
/// A failure of the store.
pub fn room_of(tx: &mut dyn Tx, talk: &Talk) -> Result<Option<Taken>, Fault> {
    let Some(point) = records::point(tx, &talk.path)? else { return Ok(None) };
    let Some(at) = kept::find_use(tx, point.district, talk.id)? else { return Ok(None) };
    Ok(Some(named(tx, at)?))
}

/// The sessions of a mediation that are arranged, in their order, also those whose day is over.
///
/// # Errors
/// A failure of the store.
pub fn arranged(tx: &mut dyn Tx, case: &Case) -> Result<Vec<Taken>, Fault> {
    let Some(point) = records::point(tx, &case.place)? else { return Ok(Vec::new()) };
    let (mut found, key) = (Vec::new(), Key { district: cases::district(case), id: case.id.0 });
    for at in kept::of_case(tx, point.district, &key)? {
        found.push(named(tx, at)?);
    }
    Ok(found)
}

/// The sessions of a mediation from a day on that were arranged and called off, in their order.
///
/// # Errors
/// A failure of the store.
pub fn called_off(tx: &mut dyn Tx, case: &Case, from: Date) -> Result<Vec<Taken>, Fault> {
    let Some(point) = records::point(tx, &case.place)? else { return Ok(Vec::new()) };
    let (mut found, key) = (Vec::new(), Key { district: cases::district(case), id: case.id.0 });
    for off in kept::called_off(tx, point.district, &key, from)? {
        found.push(named(tx, off.time())?);
    }
    Ok(found)
}

/// Lets the rooms go that a mediation has from today on, where none goes on any more. Both sides are told of what has
/// not begun yet.
///
/// # Errors
/// A failure of the store.
pub fn let_go(tx: &mut dyn Tx, case: &Case, teller: Teller<'_>, now: Instant) -> Result<(), Fault> {
    if session::is_met_in(&case.state) {
        return Ok(());
    }
    call_off_coming(tx, case, teller, now)?;
    let Some(point) = records::point(tx, &case.place)? else { return Ok(()) };
    let key = Key { district: cases::district(case), id: case.id.0 };
    Ok(kept::free_from(tx, point.district, &key, teller.hall.day(now))?)
}

/// Calls off every session of a mediation that has not begun yet. Both sides are told, and their rooms are free.
///
/// # Errors
/// A failure of the store.
pub fn call_off_coming(tx: &mut dyn Tx, case: &Case, teller: Teller<'_>, now: Instant) -> Result<(), Fault> {
    let Some(point) = records::point(tx, &case.place)? else { return Ok(()) };
    let key = Key { district: cases::district(case), id: case.id.0 };
    for at in kept::of_case(tx, point.district, &key)? {
        let begins_at = u32::try_from(at.begins_at).unwrap_or_default();
        if teller.hall.zone().instant(at.day, begins_at) > now {
            kept::free(tx, point.district, at.id)?;
            kept::call_off(tx, &at, now)?;
            let taken = named(tx, at)?;
            teller.tell(tx, case, CALLED_OFF, &taken, now)?;
        }
    }
    Ok(())
}

/// Why a session cannot be called off that nobody has a room for: somebody else called it off before, or there is none.
fn off_before(tx: &mut dyn Tx, district: PlaceId, known: &Known, id: Uuid) -> Result<Fault, Fault> {
    let is_off = kept::is_called_off(tx, district, &known.key(), id)?;
    Ok(if is_off { Refusal::new(Code::CaseAlreadyDone).into() } else { Fault::NotFound })
}

/// A time with what its room is called.
fn named(tx: &mut dyn Tx, at: Use) -> Result<Taken, Fault> {
    let room = kept::room(tx, at.district, at.room)?.map(|room| room.name).unwrap_or_default();
    Ok(Taken { at, room })
}

fn session_in(room: &Room, new: &Arranging, known: &Known, deed: &Deed) -> Use {
    Use {
        district: room.district,
        id: new.id,
        room: room.id,
        day: new.day,
        begins_at: new.begins_at.into(),
        ends_at: new.ends_at.into(),
        case_id: Some(known.case.id.0),
        booked_name: deed.actor.name.clone(),
        booked_at: deed.now,
    }
}

/// Nobody is awaited twice at one hour for one mediation, in whichever rooms.
fn meets_once(tx: &mut dyn Tx, wanted: &Use, known: &Known) -> Result<(), Fault> {
    let key = known.key();
    wait_for(tx, wanted, key.id)?;
    let others = kept::of_case(tx, wanted.district, &key)?;
    let Some(other) = others.iter().find(|other| room::is_at_once(other, wanted)) else { return Ok(()) };
    let refusal = Refusal::new(Why::HearingsSessionTwice).field("starts").with("date", other.day);
    Err(refusal.with("from", minute_told(other.begins_at)).with("until", minute_told(other.ends_at)).into())
}

/// Whoever takes the same room, or arranges for the same mediation, at the same moment waits for her turn.
fn wait_for(tx: &mut dyn Tx, wanted: &Use, whose: Uuid) -> Result<(), Fault> {
    let series = format!("{SERIES}.{}", whose.simple());
    store::series::next(tx, wanted.district, &series, wanted.day.year().into())?;
    Ok(())
}

/// Takes a room for a time.
fn reserve(tx: &mut dyn Tx, wanted: &Use, room: &str) -> Result<(), Fault> {
    wait_for(tx, wanted, wanted.room)?;
    let Some(other) = kept::taken(tx, wanted)? else { return Ok(kept::add_use(tx, wanted)?) };
    let refusal = Refusal::new(Why::HearingsRoomTaken).field("in_room").with("room", room).with("date", other.day);
    Err(refusal.with("from", minute_told(other.begins_at)).with("until", minute_told(other.ends_at)).into())
}

/// Notes in the log of the district what was done with a room for a mediation.
fn noted(tx: &mut dyn Tx, known: &Known, detail: &Value, deed: &Deed) -> Result<(), Fault> {
    let act = store::log::Act {
        district: known.key().district,
        stream: file_record(known.case.id.0),
        kind: "hearings.room",
        detail,
        by: deed.actor.account,
        by_name: &deed.actor.name,
        at: deed.now,
    };
    Ok(store::log::note(tx, &act)?)
}
