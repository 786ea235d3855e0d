//! This file does what is done with grids. A job works out a proposal. A named person adopts it from a day on, and it
//! is carried out on that day. Before that day the adoption can be called off.

use crate::refusals::Why;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::HEXLOWER;
use jobs::{Handler, JobError, NewJob, NewWork, Progress, Work, WorkError, WorkState};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Clock, Date, Instant};
use planning::partition::{Effort, Fault, Grids, divide, divide_again};
use sm3::{Digest, Sm3};
use store::log::Act;
use store::once::Once;
use store::{Store, StoreError, Tx};
use uuid::Uuid;

use super::{DecideError, Places, open_called};
use crate::records::{adoption, geography, grids};
use crate::rules::geography::Geography;
use crate::rules::grids::given::drawn;
use crate::rules::grids::ground::{Ground, Today};
use crate::rules::grids::numbering::renumbered;
use crate::rules::grids::proposal::{Asked, Mode, Part, Proposal};
use crate::words::{AdoptionState, Author};

/// Names the kind of work that makes a proposal.
pub const PLAN: &str = "places.grids";
/// Names the kind of job that carries out an adoption on its day.
const ADOPT: &str = "places.adopt";
/// Seeds the planner's chance, so that the same buildings give the same proposal.
const SEED: u64 = 1;
/// Says that the buildings were laid again before the work began. A page has words for it.
pub const CHANGED: &str = "changed";

/// Returns the work that jobs do here: its kind and the function that does it.
pub fn works(places: &Arc<Places>, clock: &Clock) -> Vec<(&'static str, Handler)> {
    let (planning, adopting) = (places.clone(), places.clone());
    let plan = jobs::worker(clock.clone(), move |_, work, progress| propose(&planning, work, progress));
    let adopt = jobs::handler(move |store, job, now| {
        let id = job.payload.get("adoption").and_then(|id| id.as_str()?.parse().ok());
        let id: Uuid = id.ok_or_else(|| JobError::Never("the job names no adoption".to_owned()))?;
        carry_out_due(&adopting, store, id, now)
    });
    vec![(PLAN, plan), (ADOPT, adopt)]
}

/// Asks for work, once for each key. Returns its identity.
pub fn ask(tx: &mut dyn Tx, new: &NewWork, key: &str, now: Instant) -> Result<Uuid, DecideError> {
    let (key, digest) = (format!("{}/{key}", new.place), new.asked.to_string());
    match store::once::begin(tx, &new.kind, &key, &digest, now)? {
        Once::Again(id) => return Ok(id.parse().unwrap_or(new.id)),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    jobs::ask(tx, new, now)?;
    store::once::finish(tx, &new.kind, &key, &new.id.to_string())?;
    Ok(new.id)
}

/// Works out a proposal.
fn propose(places: &Places, work: &Work, progress: &Progress) -> Result<Vec<u8>, WorkError> {
    let never = |fault: &dyn std::fmt::Display| WorkError::Never(fault.to_string());
    let asked: Asked = serde_json::from_value(work.asked.clone()).map_err(|fault| never(&fault))?;
    places.reload_blocking()?;
    let laid = places.geography_blocking()?.filter(|laid| laid.revision == asked.revision);
    let laid = laid.ok_or_else(|| never(&CHANGED))?;
    let ground = Ground::of(&laid, &places.tree(), &work.place);
    let (place, on) = (work.place.clone(), asked.on);
    let today = places.store().read_blocking(move |tx| grids::today(tx, &place, on))?;
    if asked.mode == Mode::Renumber {
        let proposal = renumber(places, asked, &laid, &ground, &today).ok_or_else(|| never(&CHANGED))?;
        return serde_json::to_vec(&proposal).map_err(|fault| never(&fault));
    }
    let from = ground.from(&today);
    let (done, all) = (AtomicU64::new(0), ground.pieces().max(1));
    let step = || {
        let share = (done.fetch_add(1, Ordering::Relaxed) + 1).saturating_mul(1_000) / all;
        progress.tell(i64::try_from(share).unwrap_or(1_000).min(999))
    };
    let proposal = if asked.mode == Mode::Given {
        let drawn = drawn(&ground, &today, &asked.given).map_err(|_| never(&CHANGED))?;
        Proposal::of_given(asked, &ground, &today, &drawn)
    } else {
        let drawn = draw(&asked.counted.on(&ground), &from, &asked, &step).map_err(|fault| never(&fault))?;
        let drawn = drawn.ok_or(WorkError::Stopped)?;
        Proposal::new(asked, &ground, &today, &drawn)
    };
    serde_json::to_vec(&proposal).map_err(|fault| never(&fault))
}

/// Numbers the grids of each community in order. Returns nothing if a building lies in no grid.
fn renumber(places: &Places, asked: Asked, laid: &Geography, ground: &Ground, today: &Today) -> Option<Proposal> {
    let drawn = drawn(ground, today, &asked.given).ok()?;
    let mut proposal = Proposal::of_given(asked, ground, today, &drawn);
    let tree = places.tree();
    for community in &ground.communities {
        let code = &tree.get(*community)?.code;
        proposal.recall(today, &renumbered(code, &ground.lying(laid, today, *community)));
    }
    Some(proposal)
}

/// Has the planner divide. It starts from today's grids where there are some and the person wants to keep them, and
/// divides anew elsewhere. Returns nothing if somebody stopped the work.
fn draw(
    ground: &Ground,
    from: &[Option<PlaceId>],
    asked: &Asked,
    step: &(dyn Fn() -> bool + Sync),
) -> Result<Option<Grids>, Fault> {
    let (bounds, effort) = (asked.limits.bounds(), Effort::default());
    let has: std::collections::BTreeSet<u32> =
        ground.buildings.iter().zip(from).filter(|(_, grid)| grid.is_some()).map(|(one, _)| one.community).collect();
    let keeps = |community: u32| asked.mode == Mode::Keep && has.contains(&community);
    let numbers = ground.numbered(from);
    let mut whole = Grids { grid: vec![0; ground.ids.len()], pieces: Vec::new() };
    let mut beyond = 0;
    for kept in [true, false] {
        let (part, at) = ground.part(|building| keeps(building.community) == kept);
        if at.is_empty() {
            continue;
        }
        let old: Vec<u32> = at.iter().filter_map(|at| numbers.get(*at).copied()).collect();
        let drawn = if kept {
            divide_again(&part.buildings, &part.borders, &bounds, effort, SEED, &old, step)?
        } else {
            divide(&part.buildings, &part.borders, &bounds, effort, SEED, step)?
        };
        let Some(drawn) = drawn else { return Ok(None) };
        for (at, grid) in at.iter().zip(&drawn.grid) {
            if let Some(slot) = whole.grid.get_mut(*at) {
                *slot = beyond + *grid;
            }
        }
        beyond += drawn.grid.iter().max().map_or(0, |most| most + 1);
        for mut piece in drawn.pieces {
            let place = at.get(piece.building as usize).and_then(|at| u32::try_from(*at).ok());
            piece.building = place.unwrap_or(piece.building);
            whole.pieces.push(piece);
        }
    }
    Ok(Some(whole))
}

/// An adoption that somebody asks for.
#[derive(Clone, Debug)]
pub struct Adopting {
    /// Its identity.
    pub id: Uuid,
    /// The identity of the job that carries it out.
    pub job: Uuid,
    /// The work that made the proposal.
    pub work: Uuid,
    /// The first day its grids hold.
    pub day: Date,
    /// When that day begins.
    pub begins: Instant,
    /// Today.
    pub today: Date,
    /// The number of the decision, or a note.
    pub note: String,
    /// Who adopts it.
    pub by: Author,
    /// The key of the form.
    pub key: String,
}

/// Adopts a proposal: at once if its day is today, otherwise by a job on its day. The caller has already checked the
/// permission.
///
/// # Errors
/// Refuses with [`Why::GridNothing`] if the buildings or grids are no longer those the proposal speaks of, and with
/// [`Code::CaseAlreadyDone`] if somebody else was first.
pub fn adopt(tx: &mut dyn Tx, adopting: &Adopting, now: Instant) -> Result<(), DecideError> {
    let digest = format!("{} {} {}", adopting.work, adopting.day, adopting.note);
    match store::once::begin(tx, ADOPT, &adopting.key, &digest, now)? {
        Once::Again(_) => return Ok(()),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    let revision = grids::hold(tx)?;
    let nothing = || DecideError::from(Refusal::new(Why::GridNothing));
    let work = jobs::work(tx, adopting.work)?.filter(|work| work.kind == PLAN && work.state == WorkState::Done);
    let work = work.ok_or_else(nothing)?;
    let plan = work.answer.unwrap_or_default();
    let proposal: Proposal = serde_json::from_slice(&plan).map_err(|_| nothing())?;
    let communities = proposal.communities();
    if adoption::is_adopted(tx, adopting.work)? || adoption::coming(tx, &communities)?.is_some() {
        return Err(Refusal::new(Code::CaseAlreadyDone).into());
    }
    let today = grids::today(tx, &work.place, adopting.today)?;
    if !proposal.changes() || !proposal.fits(revision, &today) {
        return Err(nothing());
    }
    let called: Vec<PlaceId> = proposal.recalled().map(|(grid, _)| PlaceId(*grid)).collect();
    if let Some(since) = grids::called_since(tx, &called)?.filter(|since| *since >= adopting.day) {
        return Err(Refusal::new(Why::GridCodeToday).field("on").with("day", since).into());
    }
    let new = adoption::NewAdoption {
        id: adopting.id,
        work: adopting.work,
        place: work.place.id(),
        day: adopting.day,
        note: &adopting.note,
        moved: i64::try_from(proposal.moved()).unwrap_or(i64::MAX),
        plan: &plan,
        by: &adopting.by,
        at: now,
    };
    adoption::write(tx, &new, &communities)?;
    let detail = serde_json::json!({
        "place": work.place.id(), "work": adopting.work, "day": adopting.day.to_string(), "note": adopting.note,
        "moved": new.moved, "plan": HEXLOWER.encode(&Sm3::digest(&plan)),
    });
    let district = work.place.district();
    let act = Act {
        district,
        stream: adopting.id,
        kind: "grids.adopted",
        detail: &detail,
        by: adopting.by.account,
        by_name: &adopting.by.name,
        at: now,
    };
    store::log::note(tx, &act)?;
    if adopting.day <= adopting.today {
        carry_out(tx, &proposal, &work.place, adopting.day)?;
        settle(tx, district, adopting.id, AdoptionState::Done, &Author::default(), now)?;
    } else {
        let payload = serde_json::json!({ "adoption": adopting.id });
        let dedupe_key = format!("{ADOPT}:{}", adopting.id);
        let planned = NewJob::planned(ADOPT, dedupe_key, payload, adopting.begins);
        let job = NewJob { id: adopting.job, ..planned };
        jobs::enqueue(tx, &job)?;
    }
    Ok(store::once::finish(tx, ADOPT, &adopting.key, "")?)
}

/// Calls off an adoption whose day has not come.
///
/// # Errors
/// Refuses with [`Code::CaseAlreadyDone`] if the adoption no longer waits for its day.
pub fn call_off(tx: &mut dyn Tx, district: PlaceId, id: Uuid, by: &Author, now: Instant) -> Result<(), DecideError> {
    grids::hold(tx)?;
    if settle(tx, district, id, AdoptionState::Off, by, now)? {
        return Ok(());
    }
    let off = adoption::adoption(tx, id)?.is_some_and(|found| found.state == AdoptionState::Off);
    if off { Ok(()) } else { Err(Refusal::new(Code::CaseAlreadyDone).into()) }
}

/// Ends the waiting of an adoption and writes an event into its chain. Returns false if it no longer waits.
fn settle(
    tx: &mut dyn Tx,
    district: PlaceId,
    id: Uuid,
    state: AdoptionState,
    by: &Author,
    now: Instant,
) -> Result<bool, StoreError> {
    let name = Some(by.name.as_str()).filter(|name| !name.is_empty());
    if !adoption::settle(tx, id, state, name, now)? {
        return Ok(false);
    }
    let kind = format!("grids.{}", state.code());
    let detail = serde_json::json!({});
    let act = Act { district, stream: id, kind: &kind, detail: &detail, by: by.account, by_name: &by.name, at: now };
    store::log::note(tx, &act)?;
    Ok(true)
}

/// Carries out an adoption whose day has come. A second call changes nothing.
fn carry_out_due(places: &Places, store: &Store, id: Uuid, now: Instant) -> Result<(), JobError> {
    places.reload_blocking()?;
    let tree = places.tree();
    let done = store.write_blocking(move |tx| {
        let revision = grids::hold(tx)?;
        let found = adoption::adoption(tx, id)?.filter(|found| found.state == AdoptionState::Coming);
        let (Some(found), Some(plan)) = (found, adoption::plan(tx, id)?) else { return Ok(()) };
        let proposal: Result<Proposal, _> = serde_json::from_slice(&plan);
        let place = tree.path(found.place).cloned();
        let district = place.as_ref().map_or(found.place, PlacePath::district);
        let end = |tx: &mut dyn Tx, state| settle(tx, district, id, state, &Author::default(), now).map(drop);
        let (Ok(proposal), Some(place)) = (proposal, place) else { return Ok(end(tx, AdoptionState::Void)?) };
        let today = grids::today(tx, &place, found.day)?;
        if !proposal.fits(revision, &today) {
            return Ok(end(tx, AdoptionState::Void)?);
        }
        carry_out(tx, &proposal, &place, found.day)?;
        end(tx, AdoptionState::Done)?;
        Ok::<_, DecideError>(())
    });
    match done {
        Ok(()) => Ok(places.reload_blocking()?),
        Err(DecideError::Store(fault)) => Err(fault.into()),
        Err(DecideError::Refused(refusal)) => Err(JobError::Never(refusal.to_string())),
    }
}

/// Opens the new grids, puts the buildings that change into their grids, and ends the grids that no longer hold a
/// building.
fn carry_out(tx: &mut dyn Tx, proposal: &Proposal, place: &PlacePath, on: Date) -> Result<(), DecideError> {
    let (mut opened, mut ended) = (Vec::new(), Vec::new());
    for part in &proposal.parts {
        let new = open_called(tx, PlaceId(part.community), &part.opening(), on)?;
        if u32::try_from(new.len()).ok() != Some(part.opened()) {
            return Err(StoreError::data("a community has no codes left for new grids").into());
        }
        geography::put_into_grids(tx, &members(part, &new), on)?;
        let ending: Vec<PlaceId> = part.ending().into_iter().map(PlaceId).collect();
        grids::end(tx, &ending, on)?;
        grids::recall(tx, &part.recalled, on)?;
        opened.extend(new);
        ended.extend(ending);
    }
    let names: BTreeMap<PlaceId, String> =
        grids::known(tx, place)?.into_iter().map(|grid| (grid.id, grid.name)).collect();
    Ok(grids::tell(tx, &opened, &ended, &names, on)?)
}

/// Returns the buildings that change, each with its grid. `new` holds the grids that were just opened.
fn members(part: &Part, new: &[PlaceId]) -> Vec<(i64, PlaceId)> {
    let mut fresh = new.iter().copied();
    let grids: Vec<Option<PlaceId>> =
        part.grids.iter().map(|grid| grid.map(PlaceId).or_else(|| fresh.next())).collect();
    let changing = part.members.iter().filter(|member| part.changes(member));
    changing.filter_map(|member| Some((member.building, (*grids.get(member.to as usize)?)?))).collect()
}
