//! Everybody who is connected, up to a number, and up to a part of it from one network address. Who asks nothing makes
//! room for the next.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// The connections of a server.
pub struct Crowd {
    places: Arc<Semaphore>,
    /// How many places one network address has.
    each: usize,
    idle: Mutex<Idle>,
}

/// The connections that ask nothing now, the longest idle first, and the number of the next one.
#[derive(Default)]
struct Idle {
    guests: BTreeMap<u64, Resting>,
    next: u64,
    /// How many wait for a place.
    waiting: usize,
    /// How many connections each network address has, those that ask something too.
    of_address: HashMap<String, usize>,
}

/// A connection that asks nothing: how it is told to leave, and the network address that it counts for.
struct Resting {
    leave: Arc<Notify>,
    whose: Option<String>,
}

/// A connection with a place. The place is free again when this is dropped.
pub struct Guest {
    crowd: Arc<Crowd>,
    leave: Arc<Notify>,
    /// The network address that it counts for.
    whose: Option<String>,
    /// Its number among those that ask nothing; none while it asks.
    number: Mutex<Option<u64>>,
    _place: Option<OwnedSemaphorePermit>,
}

/// A request that runs, until the last byte of its answer was handed on.
pub struct Asking(Arc<Guest>);

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Crowd {
    /// A crowd with a number of places, and a number of them for one network address; always one.
    pub fn of(places: usize, each: usize) -> Arc<Self> {
        let places = places.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self { places: Arc::new(Semaphore::new(places)), each: each.max(1), idle: Mutex::default() })
    }

    /// Gives a connection its place. When all are taken, the one that has asked nothing for the longest time leaves.
    /// When all of its network address are taken, the one of them that has asked nothing for the longest time leaves;
    /// where all of them ask something, there is no place.
    pub async fn admit(self: &Arc<Self>, whose: Option<String>) -> Option<Arc<Guest>> {
        if let Some(address) = &whose {
            self.count(address)?;
        }
        let place = if let Ok(place) = self.places.clone().try_acquire_owned() {
            Some(place)
        } else {
            locked(&self.idle).waiting += 1;
            self.turn_out();
            // The places are never closed, so that there is always one some day.
            let place = self.places.clone().acquire_owned().await.ok();
            locked(&self.idle).waiting -= 1;
            place
        };
        let leave = Arc::new(Notify::new());
        let guest = Arc::new(Guest { crowd: self.clone(), leave, whose, number: Mutex::new(None), _place: place });
        guest.rests();
        Some(guest)
    }

    /// Counts one more connection of a network address, in the place of one that leaves where there are as many as it
    /// may have.
    fn count(&self, address: &str) -> Option<()> {
        let mut idle = locked(&self.idle);
        let have = idle.of_address.get(address).copied().unwrap_or_default();
        // Those that were told to leave and are still there count too: an address that comes faster than they leave
        // would else take the places of all.
        if have >= self.each + self.each.div_ceil(2) {
            return None;
        }
        if have >= self.each {
            let mut resting = idle.guests.iter();
            let number = *resting.find(|(_, guest)| guest.whose.as_deref() == Some(address))?.0;
            let gone = idle.guests.remove(&number)?;
            gone.leave.notify_one();
        }
        *idle.of_address.entry(address.to_owned()).or_default() += 1;
        Some(())
    }

    /// Counts one connection of a network address less.
    fn gone(&self, address: &str) {
        let mut idle = locked(&self.idle);
        if let Some(have) = idle.of_address.get_mut(address) {
            *have = have.saturating_sub(1);
            if *have == 0 {
                idle.of_address.remove(address);
            }
        }
    }

    /// Makes the connection leave that has asked nothing for the longest time.
    pub fn turn_out(&self) {
        let first = locked(&self.idle).guests.pop_first();
        if let Some((_, resting)) = first {
            resting.leave.notify_one();
        }
    }
}

impl Guest {
    /// Waits until the place is needed for somebody else. Whoever has asked something meanwhile stays until it is
    /// answered.
    pub async fn told_to_leave(&self) {
        loop {
            self.leave.notified().await;
            if locked(&self.number).is_some() {
                return;
            }
        }
    }

    /// Says that a request runs, as long as what is returned is kept.
    pub fn asks(self: Arc<Self>) -> Asking {
        if let Some(number) = locked(&self.number).take() {
            locked(&self.crowd.idle).guests.remove(&number);
        }
        Asking(self)
    }

    fn rests(&self) {
        let number = {
            let mut idle = locked(&self.crowd.idle);
            idle.next += 1;
            idle.next
        };
        // Whoever is told to leave looks here whether she asks.
        *locked(&self.number) = Some(number);
        let is_needed = {
            let mut idle = locked(&self.crowd.idle);
            idle.guests.insert(number, Resting { leave: self.leave.clone(), whose: self.whose.clone() });
            idle.waiting > 0
        };
        // Nobody was idle when somebody came who still waits.
        if is_needed {
            self.crowd.turn_out();
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.rests();
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if let Some(number) = locked(&self.number).take() {
            locked(&self.crowd.idle).guests.remove(&number);
        }
        if let Some(address) = &self.whose {
            self.crowd.gone(address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn an_address_that_comes_faster_than_its_connections_leave_takes_nobody_elses_place() {
        let crowd = Crowd::of(100, 4);
        let other = crowd.admit(Some("other".to_owned())).await.unwrap();
        // Nobody of them leaves, because nobody looks whether they are told to.
        let mut there = Vec::new();
        for _ in 0..50 {
            there.extend(crowd.admit(Some("flood".to_owned())).await);
        }
        assert_eq!(there.len(), 6);
        let told = tokio::time::timeout(Duration::from_millis(20), other.told_to_leave());
        assert!(told.await.is_err(), "the others stay");
        there.clear();
        assert!(crowd.admit(Some("flood".to_owned())).await.is_some(), "there is room again");
    }

    #[tokio::test]
    async fn whoever_comes_to_rest_makes_room_for_whoever_waits() {
        let crowd = Crowd::of(1, 1);
        let first = crowd.admit(None).await.unwrap();
        let asking = first.clone().asks();
        let coming = crowd.clone();
        let waits = tokio::spawn(async move { coming.admit(None).await });
        while locked(&crowd.idle).waiting == 0 {
            tokio::task::yield_now().await;
        }
        let leaves = |within| tokio::time::timeout(Duration::from_millis(within), first.told_to_leave());
        assert!(leaves(20).await.is_err(), "nobody leaves while she asks");
        drop(asking);
        leaves(5_000).await.unwrap();
        drop(first);
        drop(tokio::time::timeout(Duration::from_secs(5), waits).await.unwrap().unwrap());
    }
}
