//! This file registers stations and asks where the next ones belong.

use crate::permissions::May;
use crate::refusals::Why;
use hall::{Fault, Sent};
use jobs::{NewWork, Progress, Work, WorkError};
use kernel::line::lines_fault;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use places::geography::Geography;
use planning::network::Start;
use rulebook::Rule;
use rulebook::measure::Measure;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::once::Once;
use store::{Store, Tx};
use uuid::Uuid;

use crate::Stations;
use crate::records::{self, Station};
use crate::rules::circle::Pace;
use crate::rules::hours::Hours;
use crate::rules::next::{self, Found, Question};
use crate::words::{Aim, Services, Slower, Walker, read_rooms, show_rooms};

/// The kind of work that finds the next stations.
pub const NEXT: &str = "stations.next";
/// Stations that are read at once.
pub const MOST: i64 = 20_000;
/// The longest walk that is looked at, minutes.
pub const FAR_MINUTES: i64 = 60;
/// Most characters of a name, an address and a telephone, and of hours.
const TEXT: usize = 120;
const LINES: usize = 600;

/// A question where the next stations belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The place in which they are to open.
    pub place: PlacePath,
    /// What is aimed at.
    pub aim: Aim,
    /// Who walks.
    pub walker: Walker,
    /// How many stations, or for [`Aim::Share`] how many of a hundred households are to be reached.
    pub number: u32,
    /// How long ways of each class take.
    pub slower: Slower,
}

/// A station as a form says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Identity of the community.
    pub community: String,
    /// Identity of the compound. It is empty if there is none.
    pub compound: String,
    /// Names.
    pub name_zh: String,
    /// The name in English. It may be empty.
    pub name_en: String,
    /// Street and house.
    pub address: String,
    /// Telephone.
    pub telephone: String,
    /// Hours, one part a line.
    pub hours: String,
    /// Services.
    pub services: Services,
    /// Rooms, one a line.
    pub rooms: String,
}

/// Who does something with a station, from which form, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'b> {
    /// Who does it.
    pub actor: &'b Actor,
    /// The form that says it. It is done once, however often it is sent.
    pub sent: &'b Sent,
    /// When.
    pub now: Instant,
}

/// The answer of a piece of work, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Code of the aim.
    pub aim: String,
    /// Code of the walker.
    pub walker: String,
    /// The revision of the geography it was reckoned with.
    pub revision: i64,
    /// What was found.
    pub found: Found,
}

impl Answer {
    /// Reads the answer of a piece of work.
    #[must_use]
    pub fn of(work: &Work) -> Option<Self> {
        serde_json::from_slice(work.answer.as_deref()?).ok()
    }
}

/// Says whether an actor may do something there.
#[must_use]
pub fn allowed(actor: &Actor, permission: Permission, place: &PlacePath) -> bool {
    may(actor, permission, &Target::at(place.clone())).is_ok()
}

/// Returns the places where an actor holds a permission.
#[must_use]
pub fn reach(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    actor.scopes(permission).into_iter().filter(|scope| scope.department.is_none()).map(|scope| scope.place).collect()
}

impl Stations {
    pub(crate) fn today(&self, now: Instant) -> Date {
        self.hall.calendar().zone().date(now)
    }

    fn figure<M: Measure>(&self, rule: Rule<M>, place: &PlacePath, now: Instant) -> Result<M::Figure, Fault> {
        Ok(self.hall.rulebook.get(rule, place, self.today(now))?)
    }

    /// Returns how fast somebody walks at a place, and how long a walk counts as near.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figure, or one that makes no sense.
    pub fn pace(&self, walker: Walker, place: &PlacePath, now: Instant) -> Result<Pace, Fault> {
        let speed = match walker {
            Walker::Adult => rulebook::WALK_ADULT_SPEED,
            Walker::Elderly => crate::words::WALK_ELDERLY_SPEED,
        };
        let far = u32::try_from(FAR_MINUTES * 600).unwrap_or(u32::MAX);
        let near = u32::try_from(self.figure(crate::words::STATIONS_WALK_MINUTES, place, now)?.saturating_mul(600))
            .map_err(|fault| Fault::Broken(format!("{}: {fault}", crate::words::STATIONS_WALK_MINUTES.code())))?;
        Ok(Pace { speed: self.figure(speed, place, now)?, near, far: far.max(near), slower: Slower::NONE })
    }

    /// Returns how many stations may be asked for at once.
    ///
    /// # Errors
    /// Fails if the rulebook has no such figure.
    pub fn next_most(&self, place: &PlacePath, now: Instant) -> Result<u32, Fault> {
        self.figure(crate::words::STATIONS_NEXT_MOST, place, now)
    }

    /// Returns the community of an identity.
    #[must_use]
    pub fn community(&self, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let place = tree.get(PlaceId(id.parse().ok()?))?;
        (place.level == Level::Community).then(|| place.path.clone())
    }

    /// Reads what a form says of a station.
    ///
    /// # Errors
    /// Returns everything that is wrong with it.
    pub fn read(&self, said: &Said, ground: Option<&Geography>) -> Result<Station, Vec<Refusal>> {
        let mut faults = Vec::new();
        for (field, text, limit) in [
            ("name_zh", &said.name_zh, TEXT),
            ("name_en", &said.name_en, TEXT),
            ("address", &said.address, TEXT),
            ("telephone", &said.telephone, TEXT),
            ("hours", &said.hours, LINES),
            ("rooms", &said.rooms, LINES * 2),
        ] {
            if text.chars().count() > limit {
                faults.push(Refusal::new(Code::FormTooLong).field(field).with("limit", limit));
            }
            faults.extend(lines_fault(text).map(|code| Refusal::new(code).field(field)));
        }
        for (field, text) in [("name_zh", &said.name_zh), ("address", &said.address), ("hours", &said.hours)] {
            if text.is_empty() {
                faults.push(Refusal::new(Code::FormMissing).field(field));
            }
        }
        let hours = Hours::parse(&said.hours);
        if let Err(line) = &hours {
            faults.push(Refusal::new(Why::StationHours).field("hours").with("given", line));
        }
        let rooms = read_rooms(&said.rooms);
        if rooms.is_err() {
            faults.push(Refusal::new(Code::FormInvalid).field("rooms"));
        }
        let path = self.community(&said.community);
        if path.is_none() {
            faults.push(Refusal::new(Code::FormChoice).field("community"));
        }
        let compound = said.compound.parse::<i64>().ok();
        let lies = compound.and_then(|id| Some(ground?.compound(id)?.1.community));
        if compound.is_some() && (lies.is_none() || lies != path.as_ref().map(PlacePath::id)) {
            faults.push(Refusal::new(Code::FormChoice).field("compound"));
        }
        match (path, hours, rooms) {
            (Some(path), Ok(hours), Ok(rooms)) if faults.is_empty() => Ok(Station {
                id: 0,
                path,
                compound,
                name_zh: said.name_zh.clone(),
                name_en: said.name_en.clone(),
                address: said.address.clone(),
                telephone: said.telephone.clone(),
                hours: hours.show(kernel::language::Lang::Zh),
                services: said.services.clone(),
                rooms: show_rooms(&rooms),
                open: true,
            }),
            _ => Err(faults),
        }
    }

    /// Registers a station and returns its identity. A station that is sent twice is registered once.
    ///
    /// # Errors
    /// Refuses without the permission there.
    pub fn register(
        &self,
        tx: &mut dyn Tx,
        new: &Station,
        actor: &Actor,
        once: &str,
        now: Instant,
    ) -> Result<i64, Fault> {
        may(actor, May::StationEdit, &Target::at(new.path.clone()))?;
        match store::once::begin(tx, "stations.register", once, &format!("{} {}", new.path, new.name_zh), now)? {
            Once::Again(id) => return id.parse().map_err(|_| Fault::NotFound),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
            Once::New => {}
        }
        let id = records::next_id(tx)?;
        let station = Station { id, ..new.clone() };
        records::put(tx, &station, &actor.name, now)?;
        note(tx, "station.registered", &station, actor, now)?;
        store::once::finish(tx, "stations.register", once, &id.to_string())?;
        Ok(id)
    }

    /// Returns a station that somebody may edit. For others it does not exist.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not theirs to edit.
    pub fn edited(&self, tx: &mut dyn Tx, id: i64, actor: &Actor) -> Result<Station, Fault> {
        let found = records::find(tx, id)?.ok_or(Fault::NotFound)?;
        if allowed(actor, May::StationEdit, &found.path) { Ok(found) } else { Err(Fault::NotFound) }
    }

    /// Changes a station. The actor must have the permission at the new place too. Sent twice it is changed once, also
    /// if somebody changed it again in between.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not hers. Refuses without the permission at its new place.
    pub fn change(&self, tx: &mut dyn Tx, id: i64, new: &Station, by: &By<'_>) -> Result<(), Fault> {
        let By { actor, sent, now } = *by;
        let before = self.edited(tx, id, actor)?;
        may(actor, May::StationEdit, &Target::at(new.path.clone()))?;
        if !sent.is_first(tx, "stations.change", now)? {
            return Ok(());
        }
        let station = Station { id, open: before.open, ..new.clone() };
        if station == before {
            return Ok(());
        }
        records::put(tx, &station, &actor.name, now)?;
        note(tx, "station.changed", &station, actor, now)
    }

    /// Closes a station for good, or opens it again. A second call does nothing.
    ///
    /// # Errors
    /// Fails with `NotFound` if it is not theirs to edit.
    pub fn set_open(&self, tx: &mut dyn Tx, id: i64, open: bool, by: &By<'_>) -> Result<(), Fault> {
        let By { actor, sent, now } = *by;
        let before = self.edited(tx, id, actor)?;
        let is_first = sent.is_first(tx, "stations.open", now)?;
        if before.open == open || !is_first {
            return Ok(());
        }
        let station = Station { open, ..before };
        records::put(tx, &station, &actor.name, now)?;
        note(tx, if open { "station.opened" } else { "station.closed" }, &station, actor, now)
    }

    /// Asks where the next stations belong.
    ///
    /// # Errors
    /// Refuses without the permission there.
    pub fn ask_next(&self, tx: &mut dyn Tx, id: Uuid, asked: &Asked, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let Asked { place, aim, walker, number, slower } = asked;
        may(actor, May::StationEdit, &Target::at(place.clone()))?;
        let new = NewWork {
            id,
            kind: NEXT.to_owned(),
            place: place.clone(),
            asked: json!({
                "aim": aim.code(), "walker": walker.code(), "number": number, "slower": slower.show(),
            }),
            by: actor.account,
            by_name: actor.name.clone(),
        };
        jobs::ask(tx, &new, now)?;
        Ok(())
    }

    /// Finds where the next stations belong.
    pub(crate) fn next(
        &self,
        store: &Store,
        work: &Work,
        progress: &Progress,
        now: Instant,
    ) -> Result<Vec<u8>, WorkError> {
        let text = |name: &str| work.asked.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (aim, walker) = (Aim::parse(&text("aim")), Walker::parse(&text("walker")));
        let number = work.asked.get("number").and_then(serde_json::Value::as_u64).unwrap_or(1);
        let (Some(aim), Some(walker)) = (aim, walker) else {
            return Err(WorkError::Never("the question is not understood".to_owned()));
        };
        let ground = self.hall.places.geography_blocking()?.ok_or_else(|| {
            WorkError::Never(Refusal::new(Code::GeographyMissing).sentence(kernel::language::Lang::Zh))
        })?;
        let pace = self.pace(walker, &work.place, now).map_err(|fault| WorkError::Never(fault.to_string()))?;
        let pace = Pace { slower: Slower::parse(&text("slower")).unwrap_or(Slower::NONE), ..pace };
        let stations = store.read_blocking(|tx| records::open(tx, MOST))?;
        progress.step(10)?;
        let tree = self.hall.places.tree();
        let inside = ground.inside(&tree, &work.place);
        let mut within = vec![None; ground.buildings.len()];
        for at in &inside.buildings {
            if let Some(within) = within.get_mut(*at as usize) {
                *within = Some(0);
            }
        }
        let share = u64::from(aim == Aim::Share) * number;
        let question = Question { aim, count: usize::try_from(number).unwrap_or(1), share, pace };
        let mut share = 100;
        let mut step = || {
            // The search says only that it goes on: nine of ten parts are its own, ever more slowly.
            share += (950 - share) / 200;
            progress.tell(share)
        };
        let starts = starts(&ground, &stations);
        let found = next::find(&ground, &within, &inside.compounds, &starts, question, &mut step);
        let found = found.map_err(|fault| match fault {
            next::Fault::Stopped => WorkError::Stopped,
            next::Fault::OutOfReach(most) => {
                WorkError::Never(format!("所有小区都设驿站也只能到 {}.{}%。", most / 10, most % 10))
            }
            fault => WorkError::Never(fault.to_string()),
        })?;
        let (aim, walker) = (aim.code().to_owned(), walker.code().to_owned());
        let answer = Answer { aim, walker, revision: ground.revision, found };
        serde_json::to_vec(&answer).map_err(|fault| WorkError::Never(fault.to_string()))
    }
}

/// Writes what a station is from now on, and by whom, into the station's own stream in the log of its district.
fn note(tx: &mut dyn Tx, kind: &str, station: &Station, actor: &Actor, now: Instant) -> Result<(), Fault> {
    let stream = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("stations.station/{}", station.id).as_bytes());
    let detail = json!({
        "station": station.id, "community": station.path.id(), "compound": station.compound, "name_zh": station.name_zh,
        "name_en": station.name_en, "address": station.address, "telephone": station.telephone, "hours": station.hours,
        "services": station.services.to_string(), "rooms": station.rooms, "open": station.open,
    });
    let act = store::log::Act {
        district: station.path.district(),
        stream,
        kind,
        detail: &detail,
        by: actor.account,
        by_name: &actor.name,
        at: now,
    };
    Ok(store::log::note(tx, &act)?)
}

/// Returns where stations are entered on the ground. Those that are not on the map are left out.
#[must_use]
pub fn starts(ground: &Geography, stations: &[Station]) -> Vec<Start> {
    stations.iter().filter_map(|station| start(ground, station)).collect()
}

/// Returns where a station is entered.
#[must_use]
pub fn start(ground: &Geography, station: &Station) -> Option<Start> {
    ground.entrance(ground.compound(station.compound?)?.1)
}
