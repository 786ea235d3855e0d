//! Takes in what phones send from the field. An entry is stored first and then applied, each in a transaction of its
//! own: so one that a rule refuses stands there with the reason, and never holds up another.

use std::sync::Arc;

use hall::Fault;
use kernel::case::Relation;
use kernel::line::lines_fault;
use kernel::permission::{Actor, Permission};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person};

use super::opened::{LABEL, Told};
use crate::Grid;
use crate::finding::{self, Land};
use crate::permissions::May;
use crate::records::{field, piece};
use crate::refusals::Why;
use crate::rules;
use crate::words::field::{
    AGREED, COME_FOR, COME_ON, DWELLING_FIELDS, Door, Entry, FIELDS_MOST, MET, MET_CODES, NAME_MOST, Said, Sent,
    SentPhoto, Stands, TEXT_MOST, What,
};
use crate::words::{GRID_FIELD_PHOTO_BYTES, GRID_FIELD_PHOTOS, REPORT, Saying, Spot};

/// What the record is kept for that seals an entry.
const PURPOSE: &str = "现场记录";
/// The hexadecimal digits of a SHA-256.
const DIGEST_DIGITS: usize = 64;
/// What happened to a refused entry that was answered again, in its history.
const ANSWERED: &str = "answered";
/// The minutes of a day.
const MINUTES_OF_A_DAY: u32 = 1_440;
/// Entries of one person that are looked at in one go.
const AT_ONCE: i64 = 200;

/// Where an entry belongs.
pub(super) struct Located {
    pub district: PlaceId,
    pub path: PlacePath,
    pub about: Option<Uuid>,
    pub number: String,
}

/// The identity of a dwelling: the same door is the same dwelling on every phone.
#[must_use]
pub fn dwelling_id(door: &Door) -> Uuid {
    let name = format!("{}/{}/{}/{}", door.building, door.entrance, door.floor, door.door.trim());
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("grid/dwelling/{name}").as_bytes())
}

/// The identity of a round: the same grid on the same day is the same on every phone.
fn round_id(grid: i64, day: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("grid/round/{grid}/{day}").as_bytes())
}

impl Grid {
    /// Takes an entry in and applies it if it can be. Sent twice it is done once.
    ///
    /// # Errors
    /// Whoever may not work in the field at all, an identity that came with another entry, or a failure. An entry that
    /// a rule refuses is no error: it stands there as refused.
    pub async fn enter(self: &Arc<Self>, sent: Sent, actor: Actor, now: Instant) -> Result<Told, Fault> {
        let account = actor.account.ok_or(Fault::NotFound)?;
        let ground = self.hall.places.geography().await?;
        let (desk, who, id) = (self.clone(), actor, sent.id);
        let (record, text) =
            (Uuid::now_v7(), serde_json::to_string(&sent).map_err(|bad| Fault::Broken(bad.to_string()))?);
        let stored = self.hall.store.write(move |tx| {
            let unfit = refusal_of(desk.entry_bounds(&sent, now))?;
            let at = desk.located(tx, ground.as_deref(), &sent, &who, now);
            let (at, strange) = match at {
                Ok(at) => (at, None),
                Err(fault) => (Self::own_place(&who)?, refusal_of::<()>(Err(fault))?),
            };
            let mark = desk.hall.vault.told_apart(&text);
            // It is the same wherever its place lies by now.
            let mut known = field::own(tx, account, id)?;
            if known.is_none() {
                known = field::find(tx, at.district, id)?;
            }
            if let Some(known) = known {
                let same = known.account == account && known.mark == mark;
                return if same { Ok(known) } else { Err(Refusal::new(Code::RequestSentDifferently).into()) };
            }
            let twice = refusal_of(desk.answered_again(tx, &sent, account, &who.name, now))?;
            let photos = if unfit.is_some() { &[] } else { sent.photos.as_slice() };
            let new = New { sent: &sent, text: &text, at, record, mark, account, name: &who.name, photos, now };
            desk.store_entry(tx, &new, twice.or(unfit).or(strange).as_ref())
        });
        let stored = stored.await?;
        self.settle(stored.district, stored.id, now).await?;
        self.entry_told(stored.district, stored.id).await
    }

    fn store_entry(&self, tx: &mut dyn Tx, new: &New<'_>, refused: Option<&Refusal>) -> Result<Entry, Fault> {
        let New { sent, text, at, record, mark, account, name, photos, now } = new;
        let purpose = PURPOSE.to_owned();
        let sealed = NewRecord {
            id: *record,
            district: at.district,
            person: Person::new(),
            purpose,
            retain_until: None,
            at: *now,
        };
        self.hall.vault.seal(tx, &sealed)?;
        let body = self.hall.vault.cover(tx, at.district, *record, LABEL, text.as_bytes())?;
        let stands = if refused.is_some() { Stands::Refused } else { Stands::Came };
        let said = refused.map(said_of).unwrap_or_default();
        let entry = Entry {
            district: at.district,
            id: sent.id,
            account: *account,
            name: (*name).to_owned(),
            kind: sent.what.code().to_owned(),
            about: at.about,
            path: at.path.clone(),
            record: *record,
            body,
            mark: mark.clone(),
            before: sent.before,
            place: field::next_place(tx, at.district, at.about)?,
            state: stands.code().to_owned(),
            forced: false,
            said: serde_json::to_string(&said).map_err(|bad| Fault::Broken(bad.to_string()))?,
            number: at.number.clone(),
            arrived_on: self.hall.day(*now),
        };
        if !field::add(tx, &entry)? {
            return Err(tx.conflict().into());
        }
        piece::expect(tx, at.district, sent.id, photos)?;
        field::add_step(tx, &entry, stands.code(), name, entry.arrived_on)?;
        Ok(entry)
    }

    /// Where an entry belongs, if it is this worker's to make.
    pub(super) fn located(
        &self,
        tx: &mut dyn Tx,
        ground: Option<&Geography>,
        sent: &Sent,
        actor: &Actor,
        now: Instant,
    ) -> Result<Located, Fault> {
        let found = match &sent.what {
            What::Report { at, .. } => {
                let spot = self.spot_of(ground, at, now)?;
                let path = spot.community;
                Located { district: path.district(), path, about: None, number: String::new() }
            }
            What::Act { case, .. } => {
                let (district, id) = cases::handle(case).map_err(|_| Fault::NotFound)?;
                let known = self.cases.known(tx, district, id)?;
                let readable = kernel::case::may_read(&known.case, actor, &Relation::default()).is_ok();
                if known.case.kind != REPORT || !readable {
                    return Err(Fault::NotFound);
                }
                let path = known.case.place.clone();
                let number = known.case.number.clone();
                return Ok(Located { district, path, about: Some(id), number });
            }
            What::Dwelling { door, .. } => {
                let path = self.community_of(ground, door.building).ok_or(Fault::NotFound)?;
                Located { district: path.district(), path, about: Some(dwelling_id(door)), number: String::new() }
            }
            What::Round { grid, day, .. } => {
                let tree = self.hall.places.tree();
                let place = tree.get(PlaceId(*grid)).filter(|place| place.level >= Level::Community);
                let path = place.ok_or(Fault::NotFound)?.path.clone();
                Located { district: path.district(), path, about: Some(round_id(*grid, day)), number: String::new() }
            }
        };
        if works_at(actor, &found.path) { Ok(found) } else { Err(Fault::NotFound) }
    }

    /// Lets go of an entry of a worker that was refused: she answers it again with another, and with one alone. What is
    /// not hers, or not known, stays as it is.
    fn answered_again(
        &self,
        tx: &mut dyn Tx,
        sent: &Sent,
        account: Uuid,
        name: &str,
        now: Instant,
    ) -> Result<(), Fault> {
        self.counts_once(tx, sent, account)?;
        let Some(entry) = known_instead(tx, sent, account)? else { return Ok(()) };
        if was_answered(tx, &entry)? {
            return Err(counts_already());
        }
        field::add_step(tx, &entry, ANSWERED, name, self.hall.day(now))?;
        field::stand(tx, &entry, Stands::Over, &Said { answered_by: Some(sent.id), ..Said::default() })?;
        self.keep(tx, &entry, Stands::Over, false, now)
    }

    /// Refuses an entry in place of one that counts, may still count, or has another one in its place; and in place of
    /// one that was refused for this reason itself: the same would be done twice.
    pub(super) fn counts_once(&self, tx: &mut dyn Tx, sent: &Sent, account: Uuid) -> Result<(), Fault> {
        let Some(known) = known_instead(tx, sent, account)? else { return Ok(()) };
        let is_free = matches!(known.stands(), Stands::Refused | Stands::Over);
        if !is_free || known.told().answered_by.is_some_and(|other| other != sent.id) {
            return Err(counts_already());
        }
        let before = self.sent_of_each(tx, std::slice::from_ref(&known))?.into_values().next();
        let Some(before) = before else { return Ok(()) };
        let Some(first) = known_instead(tx, &before, account)? else { return Ok(()) };
        let stood_for_it = match first.told().answered_by {
            Some(other) => other == known.id,
            None => was_answered(tx, &first)?,
        };
        if stood_for_it { Ok(()) } else { Err(counts_already()) }
    }

    /// The place at which a worker's own entries stand that belong nowhere else.
    fn own_place(actor: &Actor) -> Result<Located, Fault> {
        let place = work_places(actor).into_iter().next().ok_or(Fault::NotFound)?;
        Ok(Located { district: place.district(), path: place, about: None, number: String::new() })
    }

    /// What is wrong with an entry in itself.
    pub(super) fn entry_bounds(&self, sent: &Sent, now: Instant) -> Result<(), Fault> {
        let (most, largest) =
            (self.hall.figure(GRID_FIELD_PHOTOS, now)?, self.hall.figure(GRID_FIELD_PHOTO_BYTES, now)?);
        if sent.photos.len() > most as usize {
            return Err(Refusal::new(Why::GridPhotosMany).field("photos").with("limit", most).into());
        }
        let mut ids: Vec<Uuid> = sent.photos.iter().map(|photo| photo.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let digits = |text: &str| text.len() == DIGEST_DIGITS && text.bytes().all(|sign| sign.is_ascii_hexdigit());
        if ids.len() != sent.photos.len() || sent.photos.iter().any(|photo| photo.bytes < 1 || !digits(&photo.digest)) {
            return Err(Refusal::new(Code::FormInvalid).field("photos").into());
        }
        if sent.photos.iter().any(|photo| photo.bytes > largest) {
            let megabytes = largest / (1024 * 1024);
            return Err(Refusal::new(Why::GridPhotoLarge).field("photos").with("limit", megabytes).into());
        }
        match &sent.what {
            What::Report { condition, words, public, seen, .. } => {
                if seen.is_some_and(|minute| minute >= MINUTES_OF_A_DAY) {
                    return Err(Refusal::new(Code::FormInvalid).field("seen").into());
                }
                let spot = Spot { community: PlacePath::root(PlaceId(1)), compound: None, at: None, point: None };
                let (condition, words) = (condition.clone(), words.clone());
                let [written, telephone] = [const { String::new() }; 2];
                let (tray, public, seen) = (None, *public, *seen);
                let saying = Saying { condition, spot, written, words, telephone, public, tray, seen };
                rules::fault(&self.catalogue, &saying).map_or(Ok(()), |refusal| Err(refusal.into()))
            }
            What::Act { fields, .. } => {
                few(fields.len())?;
                fields.iter().try_for_each(|(name, text)| short(name, text)).map_err(Fault::from)
            }
            What::Dwelling { door, fields, .. } => {
                few(fields.len())?;
                short("door", &door.door)?;
                fields.iter().try_for_each(|(name, edit)| dwelling_field(name, &edit.set)).map_err(Fault::from)
            }
            What::Round { day, .. } => self.round_day(day, now).map(drop),
        }
    }

    /// The spot that a phone names: `p:` and a community, `c:` and a compound, `g:` and a point.
    pub(super) fn spot_of(&self, ground: Option<&Geography>, at: &str, now: Instant) -> Result<Spot, Fault> {
        let tree = self.hall.places.tree();
        if let Some(point) = at.strip_prefix("g:") {
            let most_metres = self.hall.figure(places::POINT_METRES, now)?;
            return Ok(finding::pointed(&Land { tree: &tree, ground, most_metres }, point)?);
        }
        let missing = || Refusal::new(Why::GridPlaceMissing).field("at");
        Ok(finding::spot(&tree, ground, at).ok_or_else(missing)?)
    }

    /// The community in which a building stands.
    pub(super) fn community_of(&self, ground: Option<&Geography>, building: i64) -> Option<PlacePath> {
        let ground = ground?;
        let at = ground.buildings.binary_search_by_key(&building, |one| one.id).ok()?;
        let community = ground.community_of(ground.buildings.get(at)?)?;
        Some(self.hall.places.tree().get(community)?.path.clone())
    }

    /// Looks again at every entry of the city that waits: the rest of it may be here, or it has waited long enough. One
    /// that fails holds up none of the others.
    ///
    /// # Errors
    /// The first failure, after all were looked at.
    pub(crate) async fn settle_waiting(self: &Arc<Self>, now: Instant) -> Result<(), Fault> {
        let (mut after, mut failed) = ((PlaceId(i64::MIN), Uuid::nil()), Ok(()));
        loop {
            let waiting = self.hall.store.read(move |tx| field::waiting(tx, after, AT_ONCE)).await?;
            let Some(last) = waiting.last() else { return failed };
            after = (last.district, last.id);
            for one in &waiting {
                let done = self.settle(one.district, one.id, now).await;
                failed = failed.and(done);
            }
        }
    }
}

/// What is stored of an entry that is new.
struct New<'n> {
    sent: &'n Sent,
    text: &'n str,
    at: Located,
    record: Uuid,
    mark: String,
    account: Uuid,
    name: &'n str,
    photos: &'n [SentPhoto],
    now: Instant,
}

/// Where somebody works in the field.
#[must_use]
pub fn work_places(actor: &Actor) -> Vec<PlacePath> {
    places_of(actor, May::FieldWork)
}

/// Where somebody holds a permission for whatever matter.
pub(super) fn places_of(actor: &Actor, permission: Permission) -> Vec<PlacePath> {
    actor.scopes(permission).into_iter().map(|scope| scope.place).collect()
}

/// Whether somebody works in the field at a place.
pub(super) fn works_at(actor: &Actor, place: &PlacePath) -> bool {
    work_places(actor).iter().any(|own| own.contains(place))
}

/// The entry of a worker in whose place another stands; none where it names none of hers.
fn known_instead(tx: &mut dyn Tx, sent: &Sent, account: Uuid) -> Result<Option<Entry>, Fault> {
    let Some(instead) = sent.instead else { return Ok(None) };
    Ok(field::own(tx, account, instead)?)
}

/// Whether somebody answered an entry again.
fn was_answered(tx: &mut dyn Tx, entry: &Entry) -> Result<bool, Fault> {
    Ok(field::steps(tx, entry)?.iter().any(|step| step.deed == ANSWERED))
}

fn counts_already() -> Fault {
    Refusal::new(Why::GridFieldCounted).into()
}

/// Why something was refused, if that is what went wrong; what is not there, or not hers, is refused too.
fn refusal_of<T>(done: Result<T, Fault>) -> Result<Option<Refusal>, Fault> {
    match done {
        Ok(_) => Ok(None),
        Err(Fault::Refused(refusal)) => Ok(Some(refusal)),
        Err(Fault::NotFound) => Ok(Some(Refusal::new(Why::GridFieldGone))),
        Err(fault) => Err(fault),
    }
}

/// What is said of an entry that a rule refused, in both languages.
pub(super) fn said_of(refusal: &Refusal) -> Said {
    use kernel::language::Lang::{En, Zh};
    // What is wrong is named where it is read, in the language of whoever reads it.
    let named = refusal.detail.contains_key("label");
    let refusal = if named { refusal.clone() } else { refusal.clone().with("label", "{label}") };
    let refused = [Zh, En].iter().flat_map(|lang| [refusal.sentence(*lang), refusal.remedy(*lang)]);
    Said { refused: refused.collect(), ..Said::default() }
}

/// An entry has as many fields as a form may have.
fn few(fields: usize) -> Result<(), Refusal> {
    if fields > FIELDS_MOST { Err(Refusal::new(Code::FormInvalid).field("fields")) } else { Ok(()) }
}

/// A text and the name of its field are short, and everything in it is seen.
fn short(name: &str, text: &str) -> Result<(), Refusal> {
    let long = |limit: usize| Refusal::new(Code::FormTooLong).field(name).with("limit", limit);
    if name.chars().count() > NAME_MOST {
        return Err(long(NAME_MOST));
    }
    if text.chars().count() > TEXT_MOST {
        return Err(long(TEXT_MOST));
    }
    lines_fault(text).map_or(Ok(()), |code| Err(Refusal::new(code).field(name)))
}

/// A field of a dwelling holds what it may hold.
fn dwelling_field(name: &str, set: &str) -> Result<(), Refusal> {
    let fits = match name {
        MET => set.is_empty() || MET_CODES.contains(&set),
        COME_ON => set.is_empty() || set.parse::<kernel::time::Date>().is_ok(),
        AGREED | COME_FOR => return short(name, set),
        _ => DWELLING_FIELDS.contains(&name),
    };
    if fits { Ok(()) } else { Err(Refusal::new(Code::FormInvalid).field(name)) }
}
