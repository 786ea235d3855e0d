//! This file loads the planned cases. Two threads lead them through their life, and the store writes them in large
//! transactions, in the order of opening.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Instant as Stopwatch;

use cases::words::PUBLISHER;
use hall::Fault;
use hall::figures::Months;
use lianglin::City;
use lianglin::demonstration::Seed;
use store::Engine;

use super::life::{Lived, World};
use super::plan::Plans;
use super::rows::{self, Sealing};
use super::{bar, text};

/// Says how many cases one transaction has.
const CHUNK: usize = 2_000;
/// Says how many threads make cases.
const THREADS: usize = 2;
/// Limits how many transactions' worth of cases wait for each thread.
const WAITING: usize = 2;

/// Holds the cases of one transaction.
struct Chunk {
    lived: Vec<Lived>,
}

/// Says what was loaded.
#[derive(Clone, Copy, Default)]
pub struct Loaded {
    /// How many cases were loaded.
    pub cases: usize,
    /// How many of them are still open.
    pub open: usize,
    /// How many events were loaded.
    pub events: usize,
    /// How many seconds it took.
    pub seconds: f64,
}

/// Loads everything and shows a bar.
pub fn load(city: &Arc<City>, plans: &Arc<Plans>, sealed_share: u8) -> Result<Loaded, String> {
    let world = World { city: city.clone(), calendar: city.cases.hall.calendar(), plans: plans.clone() };
    let zone = world.calendar.zone();
    let sealing = Sealing { vault: city.vault.clone(), share: sealed_share, zone, now: plans.now };
    let (world, begun) = (Arc::new(world), Stopwatch::now());
    let (receivers, threads): (Vec<_>, Vec<_>) = (0..THREADS).map(|number| start(&world, number)).unzip();
    let (mut loaded, mut months) = (Loaded::default(), Months::default());
    let bar = bar(plans.cases.len(), city.store.engine().name());
    for at in 0..plans.cases.len().div_ceil(CHUNK) {
        let receiver = receivers.get(at % THREADS).ok_or("no thread")?;
        let chunk: Chunk = receiver.recv().map_err(|_| "a loading thread ended with a fault".to_owned())??;
        for (cell, amounts) in chunk.lived.iter().flat_map(|one| &one.cells) {
            months.add(cell, amounts);
        }
        loaded.cases += chunk.lived.len();
        loaded.open += chunk.lived.iter().filter(|one| one.case.closed_at.is_none()).count();
        loaded.events += chunk.lived.iter().map(|one| one.entries.len()).sum::<usize>();
        bar.inc(u64::try_from(chunk.lived.len()).unwrap_or(0));
        let (lived, sealing) = (chunk.lived, sealing.clone());
        city.store.write_blocking(move |tx| rows::write(tx, &lived, &sealing)).map_err(text)?;
    }
    bar.finish();
    finish(city, plans, months)?;
    // Each thread holds the city, which is going to be closed.
    threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a loading thread failed".to_owned()))?;
    loaded.seconds = begun.elapsed().as_secs_f64();
    Ok(loaded)
}

/// Starts a thread that makes the cases of every second part of the plans.
fn start(world: &Arc<World>, number: usize) -> (Receiver<Result<Chunk, String>>, JoinHandle<()>) {
    let (sender, receiver) = sync_channel(WAITING);
    let world = world.clone();
    (receiver, std::thread::spawn(move || produce(&world, number, &sender)))
}

fn produce(world: &World, number: usize, sender: &SyncSender<Result<Chunk, String>>) {
    for (plans, at) in world.plans.cases.chunks(CHUNK).zip(0_usize..) {
        if at % THREADS != number {
            continue;
        }
        let mut seed = Seed::new(u64::try_from(at).unwrap_or(0).wrapping_mul(7_919).wrapping_add(1));
        let lived: Result<Vec<Lived>, String> = plans.iter().map(|plan| world.live(plan, &mut seed)).collect();
        let failed = lived.is_err();
        if sender.send(lived.map(|lived| Chunk { lived })).is_err() || failed {
            return;
        }
    }
}

/// Writes the figures of all months and the running numbers.
fn finish(city: &Arc<City>, plans: &Arc<Plans>, months: Months) -> Result<(), String> {
    let plans = plans.clone();
    let done = city.store.write_blocking(move |tx| {
        months.clone().write(tx, PUBLISHER)?;
        rows::sequences(tx, &plans.last)?;
        Ok::<_, Fault>(())
    });
    done.map_err(text)?;
    if city.store.engine() == Engine::Postgres {
        city.store.write_blocking(rows::analyze).map_err(text)?;
    }
    Ok(())
}
