//! This file reckons a plan: who goes to which compound in which shift and role, with the least walking in all. A
//! routine that shares no code with the one that found the plan checks it.
//!
//! Shifts that one person cannot both serve are planned together, group after group. Within a group no plan has less
//! walking. Somebody who was told before stays there unless moving her spares enough.

use std::collections::BTreeMap;

use kernel::time::{Instant, Zone};
use places::geography::Geography;
use planning::mobilize::{self, Call, Ground, Home, Pair, Plan, Terms, check, fair, solve_nearest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{clash, groups, part_of};
use crate::words::{Figures, Need, Parts, Role, Roles, Shift, Span};

/// The spans of time in which somebody is taken.
pub type Taken = Vec<Span>;

/// Somebody who could come.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The shard of her home.
    pub district: i64,
    /// Her account.
    pub id: Uuid,
    /// Where her home place has its middle.
    pub home: Home,
    /// What she can do.
    pub roles: Roles,
    /// When she can come.
    pub parts: Parts,
    /// When she is taken elsewhere.
    pub taken: Taken,
    /// Posts of this call that she was told of and that are to come.
    pub told: Vec<Told>,
}

/// A post that somebody was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The post.
    pub post: Uuid,
    /// Its compound.
    pub compound: i64,
    /// Its shift.
    pub shift: i64,
    /// Its role.
    pub role: Role,
}

/// What is asked of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// Whether as many people come as there is room for. Otherwise as many come as are needed.
    pub fill: bool,
    /// Whether the plan first makes the longest walk short.
    pub fair: bool,
    /// Shifts that ended by then are left alone.
    pub now: Instant,
    /// The city's zone.
    pub zone: Zone,
}

/// What a plan is reckoned from.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Where the compounds lie and how people walk there.
    pub ground: &'a Geography,
    /// What each compound needs.
    pub needs: &'a [Need],
    /// The shifts of the call.
    pub shifts: &'a [Shift],
    /// Those who could come.
    pub people: &'a [Person],
    /// The figures that hold for the call.
    pub figures: &'a Figures,
    /// What is asked.
    pub wish: Wish,
}

/// Somebody sent somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// The shard of her home.
    pub district: i64,
    /// Her account.
    pub person: Uuid,
    /// The compound.
    pub compound: i64,
    /// The shift.
    pub shift: i64,
    /// The place of the need in the list of needs.
    pub need: usize,
    /// The way, ds.
    pub walk: i64,
    /// The post that this one takes the place of: she is moved.
    pub instead: Option<Uuid>,
}

/// A plan with what proves it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Who is sent where. Somebody who stays where she was told is left out.
    pub sendings: Vec<Sending>,
    /// Of each need how many people hold it then.
    pub filled: Vec<i64>,
    /// How many people could have come.
    pub people: usize,
    /// How many of them cannot walk to any compound in time.
    pub far: usize,
    /// Walking of all who are sent, ds.
    pub walking: i64,
    /// The longest walk, ds.
    pub longest: i64,
    /// What the plan costs by its terms, in ds. Together with [`Planned::bound`] it is the proof.
    pub objective: i64,
    /// No plan costs less, ds.
    pub bound: i64,
}

/// Why nothing was planned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The stored ways make no network.
    #[error(transparent)]
    Ways(#[from] planning::network::Fault),
    /// The needs contradict themselves.
    #[error(transparent)]
    Call(#[from] mobilize::Fault),
    /// The answer did not pass its check: a fault of the program.
    #[error("the plan does not pass its own check: {0}")]
    Unproven(String),
    /// It is not wanted any more.
    #[error("called off")]
    Stopped,
}

/// Staying where she was told is worth so much, ds, that nobody is sent home again.
const STAY_DS: i32 = 1_000_000;
/// Pairs no farther apart than this are looked at first, ds: five minutes.
const NEAR_DS: u32 = 3_000;

/// Reckons a plan for the needs of a call. `step` hears how many thousandths are done and says whether to go on.
///
/// # Errors
/// Fails if the ways make no network, if the needs contradict themselves, or if it is called off.
pub fn reckon(question: &Question<'_>, step: &dyn Fn(i64) -> bool) -> Result<Planned, Fault> {
    let Question { needs, shifts, people, figures, wish, .. } = *question;
    let ahead: Vec<Shift> = shifts.iter().filter(|shift| shift.ends > wish.now).cloned().collect();
    let groups = groups(&ahead, figures.rest_hours);
    let mut done = Planned { filled: vec![0; needs.len()], people: people.len(), ..Planned::default() };
    let mut taken: Vec<Taken> = people.iter().map(|person| person.taken.clone()).collect();
    for (group, number) in groups.iter().zip(0_i64..) {
        let count = i64::try_from(groups.len()).unwrap_or(1).max(1);
        if !step(1_000 * number / count) {
            return Err(Fault::Stopped);
        }
        let scene = Scene::new(question, group, &taken);
        scene.plan(&mut done, &mut taken)?;
    }
    Ok(done)
}

/// One group of shifts, in the numbers of the planner.
struct Scene<'a> {
    ground: &'a Geography,
    needs: &'a [Need],
    group: &'a [Shift],
    people: &'a [Person],
    figures: &'a Figures,
    wish: Wish,
    /// Needs of the group, by compound: their places in `needs`.
    slots: Vec<usize>,
    /// Compounds of the group: identities.
    sites: Vec<i64>,
    /// Shift and role of each kind of slot.
    kinds: Vec<(i64, Role)>,
    /// People who can come, by their places in `people`, with what they are able for and what they were told.
    able: Vec<(usize, u64, Option<Told>)>,
}

impl<'a> Scene<'a> {
    fn new(question: &Question<'a>, group: &'a [Shift], taken: &[Taken]) -> Self {
        let Question { ground, needs, people, figures, wish, .. } = *question;
        let within = |need: &Need| {
            group.iter().any(|shift| shift.number == need.shift) && ground.compound(need.compound).is_some()
        };
        let mut slots: Vec<usize> =
            needs.iter().enumerate().filter(|(_, need)| within(need)).map(|(at, _)| at).collect();
        slots.sort_by_key(|at| needs.get(*at).map(Need::slot));
        let of = |at: &usize| needs.get(*at).map(Need::slot);
        let mut sites: Vec<i64> = slots.iter().filter_map(of).map(|slot| slot.compound).collect();
        sites.dedup();
        let mut kinds: Vec<(i64, Role)> = slots.iter().filter_map(of).map(|slot| (slot.shift, slot.role)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut scene = Self { ground, needs, group, people, figures, wish, slots, sites, kinds, able: Vec::new() };
        let able = people.iter().zip(taken).enumerate().filter_map(|(at, (person, taken))| {
            let told = person.told.iter().copied().find(|told| group.iter().any(|shift| shift.number == told.shift));
            let bits = scene.bits(person, taken, told);
            (bits != 0).then_some((at, bits, told))
        });
        scene.able = able.collect();
        scene
    }

    /// Returns the kinds of slot that somebody is free and able for. Somebody who was told where to go is free in her
    /// own shift alone.
    fn bits(&self, person: &Person, taken: &[Span], told: Option<Told>) -> u64 {
        let may = |(shift, role): &(i64, Role)| {
            if !person.roles.0.contains(role) && told.is_none_or(|told| told.role != *role) {
                return false;
            }
            if let Some(told) = told {
                return told.shift == *shift;
            }
            let Some(found) = self.group.iter().find(|one| one.number == *shift) else { return false };
            let span = found.span();
            person.parts.0.contains(&part_of(span.starts, span.ends, self.wish.zone))
                && !taken.iter().any(|other| clash(*other, span, self.figures.rest_hours))
        };
        self.kinds.iter().enumerate().filter(|(_, kind)| may(kind)).fold(0, |bits, (at, _)| bits | 1 << at)
    }

    fn plan(&self, done: &mut Planned, taken: &mut [Taken]) -> Result<(), Fault> {
        if self.slots.is_empty() || self.able.is_empty() {
            return Ok(());
        }
        let (sites, slots) = self.bounds();
        let able: Vec<u64> = self.able.iter().map(|(_, bits, _)| *bits).collect();
        let homes: Vec<Home> = self.able.iter().filter_map(|(at, ..)| Some(self.people.get(*at)?.home)).collect();
        let compounds: Vec<u32> = self.sites.iter().filter_map(|id| Some(self.ground.compound(*id)?.0)).collect();
        let (ways, gates) = (self.ground.ways(self.figures.speed)?, self.ground.gates(&compounds));
        let cap = self.figures.walk_ds;
        let ground = Ground { forward: &ways.forward, backward: &ways.backward, gates: &gates, homes: &homes, cap };
        let terms = Terms { home: if self.wish.fill { Terms::default().home } else { 0 }, ..Terms::default() };
        let told = self.able.iter().any(|(.., told)| told.is_some());
        let (call, answer, unlisted) = if told || self.wish.fair {
            let pairs = self.priced(ground.all_pairs(sites.len()));
            let call = Call::new(sites, slots, able, pairs, terms)?;
            let call = if self.wish.fair && !told { fair(&call)?.map_or(call, |fair| fair.call) } else { call };
            let answer = Plan::new(&call).answer(&call);
            (call, answer, Vec::new())
        } else {
            let found = solve_nearest(&ground, &sites, &slots, &able, terms, NEAR_DS)?;
            (found.call.clone(), found.plan.answer(&found.call), found.unlisted)
        };
        let proof = check(&call, &answer, &unlisted).map_err(|wrong| Fault::Unproven(wrong.to_string()))?;
        done.objective += proof.objective;
        done.bound += proof.bound;
        done.far += self.too_far(&call, &ground);
        self.take(&call, &answer, done, taken);
        Ok(())
    }

    /// Returns the bounds of compounds, which have none of their own, and of slots.
    fn bounds(&self) -> (Vec<mobilize::Need>, Vec<mobilize::Slot>) {
        let number = |count: i64| u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        let mut sites = vec![mobilize::Need::default(); self.sites.len()];
        let mut slots = Vec::with_capacity(self.slots.len());
        for need in self.slots.iter().filter_map(|at| self.needs.get(*at)) {
            let site = self.sites.binary_search(&need.compound).unwrap_or_default();
            let kind = self.kinds.iter().position(|kind| *kind == (need.shift, need.role)).unwrap_or_default();
            let bounds = mobilize::Need { least: number(need.least.min(need.most)), most: number(need.most) };
            if let Some(site) = sites.get_mut(site) {
                site.most = site.most.saturating_add(bounds.most);
            }
            let (site, kind) = (u32::try_from(site).unwrap_or_default(), u8::try_from(kind).unwrap_or_default());
            slots.push(mobilize::Slot { site, kind, need: bounds });
        }
        (sites, slots)
    }

    /// Turns walks into costs. Somebody who was told where to go stays there unless moving her spares enough, and is
    /// never sent home.
    fn priced(&self, mut pairs: Vec<Pair>) -> Vec<Pair> {
        let site_of = |told: &Told| self.sites.binary_search(&told.compound).ok();
        let told: Vec<Option<usize>> = self.able.iter().map(|(.., told)| told.as_ref().and_then(site_of)).collect();
        for pair in &mut pairs {
            if let Some(site) = told.get(pair.volunteer as usize).copied().flatten() {
                let stays = usize::try_from(pair.site) == Ok(site);
                pair.cost -= STAY_DS - if stays { 0 } else { self.figures.move_ds };
            }
        }
        // Who was told beyond the longest walk stays all the same.
        let listed: std::collections::BTreeSet<(u32, u32)> =
            pairs.iter().map(|pair| (pair.volunteer, pair.site)).collect();
        for (volunteer, site) in (0_u32..).zip(&told) {
            let Some(site) = site.and_then(|site| u32::try_from(site).ok()) else { continue };
            if !listed.contains(&(volunteer, site)) {
                pairs.push(Pair { volunteer, site, cost: -STAY_DS });
            }
        }
        pairs
    }

    fn too_far(&self, call: &Call, ground: &Ground<'_>) -> usize {
        let mut near = vec![false; call.volunteers()];
        for pair in call.pairs() {
            if let Some(near) = near.get_mut(pair.volunteer as usize) {
                *near = true;
            }
        }
        let unseen = near.iter().filter(|near| !**near).count();
        if unseen == 0 {
            return 0;
        }
        // The call may list only the nearest pairs. People without a listed pair are looked at in full.
        let mut near = vec![false; call.volunteers()];
        for pair in ground.all_pairs(self.sites.len()) {
            if let Some(near) = near.get_mut(pair.volunteer as usize) {
                *near = true;
            }
        }
        near.iter().filter(|near| !**near).count()
    }

    fn take(&self, call: &Call, answer: &mobilize::Answer, done: &mut Planned, taken: &mut [Taken]) {
        for (((at, _, told), slot), volunteer) in self.able.iter().zip(&answer.slot).zip(0_u32..) {
            let Some(index) = slot.and_then(|slot| self.slots.get(slot as usize)).copied() else { continue };
            let (Some(need), Some(person)) = (self.needs.get(index), self.people.get(*at)) else { continue };
            if let Some(filled) = done.filled.get_mut(index) {
                *filled += 1;
            }
            if told.is_some_and(|told| told.compound == need.compound && told.role == need.role) {
                continue;
            }
            if let (Some(shift), Some(taken)) =
                (self.group.iter().find(|shift| shift.number == need.shift), taken.get_mut(*at))
            {
                taken.push(shift.span());
            }
            let walk = self.walk(call, volunteer, *told, need.compound);
            done.walking += walk;
            done.longest = done.longest.max(walk);
            done.sendings.push(Sending {
                district: person.district,
                person: person.id,
                compound: need.compound,
                shift: need.shift,
                need: index,
                walk,
                instead: told.map(|told| told.post),
            });
        }
    }

    /// Returns the walk itself, without what staying or moving is worth.
    fn walk(&self, call: &Call, volunteer: u32, told: Option<Told>, compound: i64) -> i64 {
        let site = self.sites.binary_search(&compound).ok().and_then(|at| u32::try_from(at).ok());
        let cost = site.and_then(|site| call.cost(volunteer, site)).unwrap_or_default();
        let priced = told.map_or(0, |told| STAY_DS - if told.compound == compound { 0 } else { self.figures.move_ds });
        i64::from(cost) + i64::from(priced)
    }
}

/// Returns how many people each need lacks, by its place in the list.
#[must_use]
pub fn gaps(needs: &[Need], filled: &[i64]) -> BTreeMap<usize, i64> {
    let lacking = needs.iter().zip(filled).map(|(need, filled)| need.least - filled).enumerate();
    lacking.filter(|(_, lacking)| *lacking > 0).collect()
}

#[cfg(test)]
mod tests;
