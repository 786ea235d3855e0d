//! Places of a class: so many requests run at the same time, so many of one client, and who finds none free waits a
//! moment. Some places are kept for staff, so that no crowd from outside takes all of them.

use crate::cost::limits::Bounds;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many clients are remembered before those are forgotten that ask nothing now.
const MANY: usize = 256;

/// Who asks, as quotas and places count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asker {
    /// The account of a member of staff, or the network address.
    pub(crate) name: String,
    /// Whether this is a member of staff who is signed in.
    pub(crate) is_staff: bool,
}

/// The places of one class.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    /// Those among them that somebody may have who is no member of staff.
    open: Arc<Semaphore>,
    each: usize,
    waiting_each: usize,
    patience: Duration,
    clients: Mutex<HashMap<String, Weak<Client>>>,
}

/// The places of one client among them.
#[derive(Debug)]
struct Client {
    places: Arc<Semaphore>,
    waiting: Semaphore,
}

/// A place that a request has. It is free again when the last copy is dropped, so work that outlives its request keeps
/// a copy.
#[derive(Clone, Debug)]
pub struct Place {
    _held: Arc<Held>,
}

#[derive(Debug)]
struct Held {
    _permits: Permits,
    _client: Arc<Client>,
}

/// What a request holds: a place of its client, one that is not kept unless it is of staff, and one of all.
#[derive(Debug)]
struct Permits {
    _of_client: OwnedSemaphorePermit,
    _open: Option<OwnedSemaphorePermit>,
    _of_all: OwnedSemaphorePermit,
}

impl Turns {
    /// The places of a class, all of them free.
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Self {
            all: Arc::new(Semaphore::new(bounds.at_once)),
            open: Arc::new(Semaphore::new(bounds.at_once.saturating_sub(bounds.kept_for_staff))),
            each: bounds.at_once_each,
            waiting_each: bounds.waiting_each,
            patience: bounds.patience,
            clients: Mutex::default(),
        }
    }

    /// Gives a client a place, at once or after a wait. There is none if too many of this client wait already, or if
    /// none becomes free in time. Clients wait apart, so that nobody waits behind another's crowd.
    pub(crate) async fn take(&self, asker: &Asker) -> Option<Place> {
        let client = self.client(&asker.name);
        if let Some(permits) = self.at_once(&client, asker.is_staff) {
            return Some(place(permits, client));
        }
        let waited = {
            let _waiting = client.waiting.try_acquire().ok()?;
            tokio::time::timeout(self.patience, self.in_time(&client, asker.is_staff)).await.ok()?
        };
        Some(place(waited?, client))
    }

    fn at_once(&self, client: &Client, is_staff: bool) -> Option<Permits> {
        let of_client = client.places.clone().try_acquire_owned().ok()?;
        let open = if is_staff { None } else { Some(self.open.clone().try_acquire_owned().ok()?) };
        let of_all = self.all.clone().try_acquire_owned().ok()?;
        Some(Permits { _of_client: of_client, _open: open, _of_all: of_all })
    }

    async fn in_time(&self, client: &Client, is_staff: bool) -> Option<Permits> {
        let of_client = client.places.clone().acquire_owned().await.ok()?;
        let open = if is_staff { None } else { Some(self.open.clone().acquire_owned().await.ok()?) };
        let of_all = self.all.clone().acquire_owned().await.ok()?;
        Some(Permits { _of_client: of_client, _open: open, _of_all: of_all })
    }

    fn client(&self, name: &str) -> Arc<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = clients.get(name).and_then(Weak::upgrade) {
            return known;
        }
        if clients.len() >= MANY {
            clients.retain(|_, client| client.strong_count() > 0);
        }
        let client = Arc::new(Client {
            places: Arc::new(Semaphore::new(self.each)),
            waiting: Semaphore::new(self.waiting_each),
        });
        clients.insert(name.to_owned(), Arc::downgrade(&client));
        client
    }
}

fn place(permits: Permits, client: Arc<Client>) -> Place {
    Place { _held: Arc::new(Held { _permits: permits, _client: client }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::limits::Limits;

    fn turns(at_once: usize, at_once_each: usize, waiting_each: usize) -> Turns {
        let patience = Duration::from_millis(50);
        Turns::new(&Bounds { at_once, at_once_each, waiting_each, patience, ..Limits::default().export })
    }

    fn asks(name: &str) -> Asker {
        Asker { name: name.to_owned(), is_staff: false }
    }

    #[tokio::test]
    async fn strangers_leave_staff_the_places_that_are_kept() {
        let bounds = Bounds { kept_for_staff: 1, patience: Duration::from_millis(50), ..Limits::default().upload };
        let turns = Turns::new(&Bounds { at_once: 3, at_once_each: 2, ..bounds });
        let strangers = (turns.take(&asks("a")).await.unwrap(), turns.take(&asks("b")).await.unwrap());
        assert!(turns.take(&asks("c")).await.is_none(), "the third place is kept");
        let staff = Asker { is_staff: true, ..asks("w") };
        let kept = turns.take(&staff).await.unwrap();
        assert!(turns.take(&staff).await.is_none(), "there are no more than three");
        drop(strangers);
        let second = turns.take(&staff).await.unwrap();
        assert!(turns.take(&asks("c")).await.is_some(), "staff take those of strangers too");
        drop((kept, second));
        assert_eq!((turns.open.available_permits(), turns.all.available_permits()), (2, 3));
    }

    #[tokio::test]
    async fn so_many_run_and_one_client_has_fewer() {
        let turns = turns(3, 2, 8);
        let (one, two) = (turns.take(&asks("a")).await.unwrap(), turns.take(&asks("a")).await.unwrap());
        assert!(turns.take(&asks("a")).await.is_none(), "a third of the same client");
        let other = turns.take(&asks("b")).await.unwrap();
        assert!(turns.take(&asks("c")).await.is_none(), "a fourth of all");
        drop(one);
        assert!(turns.take(&asks("c")).await.is_some());
        drop((two, other));
        assert_eq!(turns.all.available_permits(), 3, "who waited in vain holds nothing");
    }

    #[tokio::test]
    async fn who_waits_gets_the_place_that_becomes_free() {
        let turns = Arc::new(Turns { patience: Duration::from_secs(5), ..turns(1, 1, 1) });
        let held = turns.take(&asks("a")).await.unwrap();
        let copy = held.clone();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(&asks("a")).await.is_some() }
        });
        while turns.client("a").waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(turns.take(&asks("a")).await.is_none(), "one waits already");
        drop(held);
        tokio::task::yield_now().await;
        assert_eq!(turns.all.available_permits(), 0, "work that outlives its request keeps the place");
        drop(copy);
        assert!(waiting.await.unwrap());
    }

    #[tokio::test]
    async fn a_client_that_asks_nothing_is_forgotten() {
        let turns = turns(1, 1, 1);
        for number in 0..MANY * 3 {
            assert!(turns.take(&asks(&number.to_string())).await.is_some());
        }
        assert!(turns.clients.lock().unwrap().len() <= MANY);
    }
}
