//! A bounded queue of work between the callers and the threads of an engine.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::StoreError;

/// A queue with a limit; the first item in is the first out. Callers from async code never wait, threads of the command
/// line may.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    filled: Condvar,
    emptied: Condvar,
    limit: usize,
}

struct State<T> {
    items: VecDeque<T>,
    closed: bool,
}

/// What a waiting thread gets.
pub(crate) enum Next<T> {
    Item(T),
    Idle,
    Closed,
}

impl<T> Queue<T> {
    pub(crate) fn new(limit: usize) -> Self {
        let state = State { items: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), emptied: Condvar::new(), limit: limit.max(1) }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an item at the end. Returns [`StoreError::Busy`] at once when the queue is full.
    pub(crate) fn offer(&self, item: T) -> Result<(), StoreError> {
        let mut state = self.lock();
        if state.closed {
            return Err(StoreError::Closed);
        }
        if state.items.len() >= self.limit {
            return Err(StoreError::Busy);
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Adds an item at the end and waits for room. Only threads that may wait call this.
    pub(crate) fn push(&self, item: T) -> Result<(), StoreError> {
        let mut state = self.lock();
        while !state.closed && state.items.len() >= self.limit {
            state = self.emptied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed {
            return Err(StoreError::Closed);
        }
        state.items.push_back(item);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Returns the first item and waits for it no longer than `patience`. A closed queue is emptied first.
    pub(crate) fn next(&self, patience: Duration) -> Next<T> {
        let state = self.lock();
        let (mut state, _) = self
            .filled
            .wait_timeout_while(state, patience, |state| state.items.is_empty() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let item = state.items.pop_front();
        let closed = state.closed;
        drop(state);
        match item {
            Some(item) => {
                self.emptied.notify_one();
                Next::Item(item)
            }
            None if closed => Next::Closed,
            None => Next::Idle,
        }
    }

    /// Returns up to `count` further items that are there already. It never waits.
    pub(crate) fn more(&self, count: usize) -> Vec<T> {
        let mut state = self.lock();
        let count = count.min(state.items.len());
        let items = state.items.drain(..count).collect();
        drop(state);
        if count > 0 {
            self.emptied.notify_all();
        }
        items
    }

    /// Takes no new items. Items that wait are still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
        self.emptied.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_at_once_and_a_closed_one_is_emptied() {
        let queue = Queue::new(2);
        assert_eq!(queue.offer(1), Ok(()));
        assert_eq!(queue.offer(2), Ok(()));
        assert_eq!(queue.offer(3), Err(StoreError::Busy));
        queue.close();
        assert_eq!(queue.offer(4), Err(StoreError::Closed));
        assert!(matches!(queue.next(Duration::ZERO), Next::Item(1)));
        assert_eq!(queue.more(9), [2]);
        assert!(matches!(queue.next(Duration::ZERO), Next::Closed));
    }
}
