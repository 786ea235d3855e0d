//! This is the baseline: the departments' own action opens applications in this process, without HTTP. The statements
//! and commits are the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cases::NewCase;
use counter::Arrival;
use counter::catalogue::Item;
use kernel::case::Case;
use kernel::permission::{Actor, ActorKind, Grant};
use kernel::place::PlacePath;
use lianglin::City;
use lianglin::demonstration::{Invented, Seed};
use uuid::Uuid;

use super::city::Account;
use super::life::answers;
use super::measure::{CONNECTIONS, STRIDE};
use super::plan::Plans;
use super::{Site, text};
use crate::figures::{Latencies, Stage};

/// What the loop measured and left behind.
pub struct Bare {
    /// One stage for each number of connections.
    pub stages: Vec<Stage>,
    /// The cases it opened, for the steps that are measured later.
    pub prepared: Vec<Case>,
}

/// Opens applications of one item at one counter as fast as possible, for people from all over the city.
pub fn stages(city: &Arc<City>, site: &Site, worker: &Account, plans: &Plans, seconds: u64) -> Result<Bare, String> {
    let catalogue = city.counter.catalogue();
    let item = catalogue.items().find(|item| item.procedure == "direct" && !item.confidential);
    let item = item.ok_or("the catalogue has no item that is decided at the counter")?.clone();
    let mut bare = Bare { stages: Vec::new(), prepared: Vec::new() };
    for connections in CONNECTIONS {
        let name = format!("{}, apply without HTTP, {connections}", site.name());
        let waiting = crate::stages::spinner(&name);
        let opening = Opening::new(city, &item, &worker.place, plans);
        let begun = Instant::now();
        let (latencies, opened) = loaded(&opening, connections, Duration::from_secs(seconds))?;
        bare.stages.push(latencies.stage(&name, begun.elapsed()));
        bare.prepared.extend(opened);
        waiting.finish_and_clear();
    }
    Ok(bare)
}

/// Holds what every application of the loop shares.
struct Opening {
    city: Arc<City>,
    item: Item,
    counter: PlacePath,
    actor: Actor,
    /// Where applicants live, with the code of the district.
    homes: Vec<(PlacePath, String)>,
    at: AtomicUsize,
    seed: Mutex<Seed>,
}

impl Opening {
    fn new(city: &Arc<City>, item: &Item, counter: &PlacePath, plans: &Plans) -> Arc<Self> {
        let roles = city.identity.roles();
        let permissions = roles.get("community_worker").map(|role| role.permissions.clone()).unwrap_or_default();
        let grant = Grant {
            post: Uuid::nil(),
            role: "community_worker".to_owned(),
            place: counter.clone(),
            department: None,
            permissions,
        };
        let actor = Actor { account: None, name: "王晓燕".to_owned(), kind: ActorKind::Staff, grants: vec![grant] };
        let seed = Mutex::new(Seed::new(u64::from(std::process::id())));
        Arc::new(Self {
            city: city.clone(),
            item: item.clone(),
            counter: counter.clone(),
            actor,
            homes: plans.communities.iter().cloned().zip(plans.codes.iter().cloned()).collect(),
            at: AtomicUsize::new(0),
            seed,
        })
    }

    /// Returns a checked application of an invented person.
    fn next(&self) -> Result<NewCase, String> {
        let at = self.at.fetch_add(1, Ordering::Relaxed).wrapping_mul(STRIDE) % self.homes.len().max(1);
        let (home, code) = self.homes.get(at).ok_or("there is no community")?;
        let person = Invented::next(&mut self.seed.lock().unwrap_or_else(PoisonError::into_inner), code);
        let today = self.city.counter.cases.hall.calendar().zone().date((self.city.clock)());
        let application = counter::application(&self.item, &answers(&person, home), Some(home), today);
        let application =
            application.map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        let papers = self.item.materials.iter().map(|material| material.code.clone()).collect();
        let once = Uuid::now_v7().to_string();
        let arrival = Arrival { counter: Some(self.counter.clone()), papers, once };
        let now = (self.city.clock)();
        self.city.counter.new_case(&self.item, application, &arrival, &self.actor, now).map_err(text)
    }

    async fn apply(&self) -> Result<Case, String> {
        let (new, desk, actor, now) = (self.next()?, self.city.cases.clone(), self.actor.clone(), (self.city.clock)());
        self.city.store.write(move |tx| desk.open(tx, &new, &actor, now)).await.map_err(text)
    }
}

fn loaded(opening: &Arc<Opening>, connections: usize, time: Duration) -> Result<(Latencies, Vec<Case>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
    let until = Instant::now() + time;
    runtime.block_on(async {
        let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(one_after_another(opening.clone(), until))).collect();
        let (mut all, mut opened) = (Latencies::default(), Vec::new());
        for task in tasks {
            let (latencies, cases) = task.await.map_err(text)??;
            all.merge(latencies);
            opened.extend(cases);
        }
        Ok((all, opened))
    })
}

async fn one_after_another(opening: Arc<Opening>, until: Instant) -> Result<(Latencies, Vec<Case>), String> {
    let (mut latencies, mut opened) = (Latencies::default(), Vec::new());
    while Instant::now() < until {
        let begun = Instant::now();
        let case = opening.apply().await?;
        latencies.add(begun.elapsed(), true);
        opened.push(case);
    }
    Ok((latencies, opened))
}
