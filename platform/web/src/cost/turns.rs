//! Places of a class: so many requests run at the same time, so many of one client, and who finds none free waits a
//! moment.

use crate::cost::limits::Bounds;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So many clients are remembered before those are forgotten that ask nothing now.
const MANY: usize = 256;

/// The places of one class.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Arc<Semaphore>,
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
    _permits: [OwnedSemaphorePermit; 2],
    _client: Arc<Client>,
}

impl Turns {
    /// The places of a class, all of them free.
    pub(crate) fn new(bounds: &Bounds) -> Self {
        Self {
            all: Arc::new(Semaphore::new(bounds.at_once)),
            each: bounds.at_once_each,
            waiting_each: bounds.waiting_each,
            patience: bounds.patience,
            clients: Mutex::default(),
        }
    }

    /// Gives a client a place, at once or after a wait. There is none if too many of this client wait already, or if
    /// none becomes free in time. Clients wait apart, so that nobody waits behind another's crowd.
    pub(crate) async fn take(&self, client: &str) -> Option<Place> {
        let client = self.client(client);
        if let Ok(of_client) = client.places.clone().try_acquire_owned()
            && let Ok(of_all) = self.all.clone().try_acquire_owned()
        {
            return Some(place(of_all, of_client, client));
        }
        let waited = {
            let _waiting = client.waiting.try_acquire().ok()?;
            let waits = async {
                let of_client = client.places.clone().acquire_owned().await.ok()?;
                let of_all = self.all.clone().acquire_owned().await.ok()?;
                Some((of_all, of_client))
            };
            tokio::time::timeout(self.patience, waits).await.ok()?
        };
        let (of_all, of_client) = waited?;
        Some(place(of_all, of_client, client))
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

fn place(of_all: OwnedSemaphorePermit, of_client: OwnedSemaphorePermit, client: Arc<Client>) -> Place {
    Place { _held: Arc::new(Held { _permits: [of_all, of_client], _client: client }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::limits::Limits;

    fn turns(at_once: usize, at_once_each: usize, waiting_each: usize) -> Turns {
        let patience = Duration::from_millis(50);
        Turns::new(&Bounds { at_once, at_once_each, waiting_each, patience, ..Limits::default().export })
    }

    #[tokio::test]
    async fn so_many_run_and_one_client_has_fewer() {
        let turns = turns(3, 2, 8);
        let (one, two) = (turns.take("a").await.unwrap(), turns.take("a").await.unwrap());
        assert!(turns.take("a").await.is_none(), "a third of the same client");
        let other = turns.take("b").await.unwrap();
        assert!(turns.take("c").await.is_none(), "a fourth of all");
        drop(one);
        assert!(turns.take("c").await.is_some());
        drop((two, other));
        assert_eq!(turns.all.available_permits(), 3, "who waited in vain holds nothing");
    }

    #[tokio::test]
    async fn who_waits_gets_the_place_that_becomes_free() {
        let turns = Arc::new(Turns { patience: Duration::from_secs(5), ..turns(1, 1, 1) });
        let held = turns.take("a").await.unwrap();
        let copy = held.clone();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take("a").await.is_some() }
        });
        while turns.client("a").waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(turns.take("a").await.is_none(), "one waits already");
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
            assert!(turns.take(&number.to_string()).await.is_some());
        }
        assert!(turns.clients.lock().unwrap().len() <= MANY);
    }
}
