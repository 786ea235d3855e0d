//! Takes in what phones send from the field. An entry is stored first and then applied, each in a transaction of its
//! own: so one that a rule refuses stands there with the reason, and never holds up another.

use std::collections::BTreeMap;
use std::sync::Arc;

use hall::Fault;
use kernel::case::Relation;
use kernel::line::lines_fault;
use kernel::permission::{Actor, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;
use vault::{NewRecord, Person};
use zeroize::Zeroizing;

use crate::Grid;
use crate::finding;
use crate::permissions::May;
use crate::records::{self, dwelling, field, piece};
use crate::refusals::Why;
use crate::rules;
use crate::rules::merging::clashes;
use crate::words::field::{
    AGREED, COME_FOR, COME_ON, Clash, DWELLING_FIELDS, Door, Entry, FIELDS_MOST, MET, MET_CODES, Photo, STATE, Said,
    Sent, SentPhoto, SetBy, Stands, Step, TEXT_MOST, What,
};
use crate::words::{GRID_FIELD_PHOTO_BYTES, GRID_FIELD_PHOTOS, REPORT, Report, Saying, Spot};

/// What the record is kept for that seals an entry.
const PURPOSE: &str = "现场记录";
/// What an entry is sealed as.
const LABEL: &str = "field/entry";
/// The hexadecimal digits of a SHA-256.
const DIGEST_DIGITS: usize = 64;
/// Entries of one person that are looked at in one go.
const AT_ONCE: i64 = 200;

/// An entry, opened, with everything that is said of it.
pub struct Told {
    /// The entry.
    pub entry: Entry,
    /// What was sent; none where it was erased.
    pub sent: Option<Sent>,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Its history.
    pub steps: Vec<Step>,
    /// What somebody has to decide. Of a step of a case it is the field [`STATE`]: the state that the phone saw, the
    /// state of today, and the step.
    pub clashes: Vec<Clash>,
    /// Who set what stands there today, by field, as far as that is known.
    pub set_by: BTreeMap<String, SetBy>,
    /// The report that it is about.
    pub report: Option<Report>,
    /// Of a step that somebody has to decide: what can be done with it today.
    pub step: Option<StepToday>,
}

/// What can be done today with a step that came after the case went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepToday {
    /// The step can be taken in the state of today.
    pub possible: bool,
    /// The case keeps notes: somebody's data are sealed in it.
    pub notes: bool,
}

/// Where an entry belongs.
struct Located {
    district: PlaceId,
    path: PlacePath,
    about: Option<Uuid>,
    number: String,
}

/// The identity of a dwelling: the same door is the same dwelling on every phone.
#[must_use]
pub fn dwelling_id(door: &Door) -> Uuid {
    let name = format!("{}/{}/{}/{}", door.building, door.entrance, door.floor, door.door.trim());
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("grid/dwelling/{name}").as_bytes())
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
        let (desk, who, id) = (self.clone(), actor.clone(), sent.id);
        let (record, text) =
            (Uuid::now_v7(), serde_json::to_string(&sent).map_err(|bad| Fault::Broken(bad.to_string()))?);
        let stored = self.hall.store.write(move |tx| {
            let unfit = refusal_of(desk.entry_bounds(&sent, now))?;
            let at = desk.located(tx, ground.as_deref(), &sent, &who);
            let (at, strange) = match at {
                Ok(at) => (at, None),
                Err(fault) => (Self::own_place(&who)?, refusal_of::<()>(Err(fault))?),
            };
            let mark = desk.hall.vault.told_apart(&text);
            if let Some(known) = field::find(tx, at.district, id)? {
                let same = known.account == account && known.mark == mark;
                return if same { Ok(known) } else { Err(Refusal::new(Code::RequestSentDifferently).into()) };
            }
            let photos = if unfit.is_some() { &[] } else { sent.photos.as_slice() };
            let new = New { sent: &sent, text: &text, at, record, mark, account, name: &who.name, photos, now };
            desk.store_entry(tx, &new, unfit.or(strange).as_ref())
        });
        let stored = stored.await?;
        self.settle(stored.district, stored.id, actor, now).await?;
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
    fn located(
        &self,
        tx: &mut dyn Tx,
        ground: Option<&Geography>,
        sent: &Sent,
        actor: &Actor,
    ) -> Result<Located, Fault> {
        let found = match &sent.what {
            What::Report { at, .. } => {
                let spot = self.spot_of(ground, at).ok_or_else(|| Refusal::new(Why::GridPlaceMissing).field("at"))?;
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
        };
        if works_at(actor, &found.path) { Ok(found) } else { Err(Fault::NotFound) }
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
            What::Report { condition, words, public, .. } => {
                let spot = Spot { community: PlacePath::root(PlaceId(1)), compound: None, at: None, point: None };
                let (condition, words) = (condition.clone(), words.clone());
                let (written, telephone) = (String::new(), String::new());
                let saying = Saying { condition, spot, written, words, telephone, public: *public, tray: None };
                rules::fault(&self.catalogue, &saying).map_or(Ok(()), |refusal| Err(refusal.into()))
            }
            What::Act { fields, .. } => {
                fields.iter().try_for_each(|(name, text)| short(name, text)).map_err(Fault::from)
            }
            What::Dwelling { door, fields, .. } => {
                short("door", &door.door)?;
                fields.iter().try_for_each(|(name, edit)| dwelling_field(name, &edit.set)).map_err(Fault::from)
            }
        }
    }

    /// The spot that a phone names: `p:` and a community, `c:` and a compound.
    pub(super) fn spot_of(&self, ground: Option<&Geography>, at: &str) -> Option<Spot> {
        finding::spot(&self.hall.places.tree(), ground, at)
    }

    /// The community in which a building stands.
    pub(super) fn community_of(&self, ground: Option<&Geography>, building: i64) -> Option<PlacePath> {
        let ground = ground?;
        let at = ground.buildings.binary_search_by_key(&building, |one| one.id).ok()?;
        let community = ground.community_of(ground.buildings.get(at)?)?;
        Some(self.hall.places.tree().get(community)?.path.clone())
    }

    /// An entry, opened.
    ///
    /// # Errors
    /// There is none, or a failure.
    pub async fn entry_told(self: &Arc<Self>, district: PlaceId, id: Uuid) -> Result<Told, Fault> {
        let desk = self.clone();
        self.hall
            .store
            .read(move |tx| {
                let entry = field::find(tx, district, id)?.ok_or(Fault::NotFound)?;
                desk.entry_opened(tx, entry)
            })
            .await
    }

    pub(super) fn entry_opened(&self, tx: &mut dyn Tx, entry: Entry) -> Result<Told, Fault> {
        let sent = self.sent_of(tx, &entry).ok();
        let photos = piece::of_entry(tx, entry.district, entry.id)?;
        let steps = field::steps(tx, &entry)?;
        let clashes = match &sent {
            Some(sent) if entry.stands() == Stands::Conflict => self.clashes_of(tx, &entry, sent)?,
            _ => Vec::new(),
        };
        let set_by = self.set_by(tx, &entry, &clashes)?;
        let (report, step) = match (&sent, entry.about) {
            (Some(Sent { what: What::Act { action, .. }, .. }), Some(about)) => {
                let step = if clashes.is_empty() { None } else { Some(self.step_today(tx, &entry, about, action)?) };
                (records::find(tx, entry.district, about)?, step)
            }
            _ => (None, None),
        };
        Ok(Told { entry, sent, photos, steps, clashes, set_by, report, step })
    }

    /// What somebody has to decide, as it stands today.
    pub(super) fn clashes_of(&self, tx: &mut dyn Tx, entry: &Entry, sent: &Sent) -> Result<Vec<Clash>, Fault> {
        let Some(about) = entry.about else { return Ok(Vec::new()) };
        match &sent.what {
            What::Report { .. } => Ok(Vec::new()),
            What::Act { saw, action, .. } => {
                let theirs = self.cases.known(tx, entry.district, about)?.case.state;
                let (field, base, mine) = (STATE.to_owned(), saw.clone(), action.clone());
                Ok(vec![Clash { field, base, theirs, mine }])
            }
            What::Dwelling { .. } => {
                let Some(row) = dwelling::find(tx, entry.district, about)? else { return Ok(Vec::new()) };
                Ok(clashes(entry, sent, &self.dwelling_fields(tx, &row)?))
            }
        }
    }

    /// What can be done today with a step of a case.
    fn step_today(&self, tx: &mut dyn Tx, entry: &Entry, about: Uuid, action: &str) -> Result<StepToday, Fault> {
        let known = self.cases.known(tx, entry.district, about)?;
        let procedure = self.cases.procedure_of(&known.case)?;
        let possible = procedure.from_state(&known.case.state).iter().any(|one| one.0 == action);
        Ok(StepToday { possible, notes: known.person.is_some() })
    }

    /// What was sent as an entry.
    pub(super) fn sent_of(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<Sent, Fault> {
        let opened = self.hall.vault.uncover(tx, entry.district, entry.record, LABEL, &entry.body)?;
        let text: &Zeroizing<Vec<u8>> = &opened;
        serde_json::from_slice(text).map_err(|bad| Fault::Broken(format!("entry {}: {bad}", entry.id)))
    }

    /// Looks again at everything of a worker that waits: the rest of it may be here, or it has waited long enough.
    ///
    /// # Errors
    /// A failure.
    pub async fn look_again(self: &Arc<Self>, actor: &Actor, now: Instant) -> Result<(), Fault> {
        let account = actor.account.ok_or(Fault::NotFound)?;
        let read = move |tx: &mut dyn Tx| {
            let came = field::of_account(tx, account, Stands::Came, AT_ONCE)?;
            let parked = field::of_account(tx, account, Stands::Parked, AT_ONCE)?;
            Ok::<_, Fault>([came, parked].concat())
        };
        for entry in self.hall.store.read(read).await? {
            self.settle(entry.district, entry.id, actor.clone(), now).await?;
        }
        Ok(())
    }

    /// What a worker sent that is not finished, and what was finished today.
    ///
    /// # Errors
    /// A failure.
    pub async fn own_entries(self: &Arc<Self>, account: Uuid) -> Result<Vec<Told>, Fault> {
        let desk = self.clone();
        let read = move |tx: &mut dyn Tx| {
            let mut told = Vec::new();
            for stands in [Stands::Conflict, Stands::Refused, Stands::Parked, Stands::Photos, Stands::Came] {
                for entry in field::of_account(tx, account, stands, AT_ONCE)? {
                    told.push(desk.entry_opened(tx, entry)?);
                }
            }
            Ok::<_, Fault>(told)
        };
        self.hall.store.read(read).await
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
    let refused = [Zh, En].iter().flat_map(|lang| [refusal.sentence(*lang), refusal.remedy(*lang)]);
    Said { refused: refused.collect(), ..Said::default() }
}

/// A text is short, and everything in it is seen.
fn short(name: &str, text: &str) -> Result<(), Refusal> {
    if text.chars().count() > TEXT_MOST || name.chars().count() > FIELDS_MOST {
        return Err(Refusal::new(Code::FormTooLong).field(name).with("limit", TEXT_MOST));
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
