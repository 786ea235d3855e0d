//! How the server is told to stop: first it finishes what runs, then it cuts what is left.

use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// What the server is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Order {
    /// Serve everybody.
    Serve,
    /// Let nobody in and end each connection after the request that runs.
    Finish,
    /// End every connection now. Transactions that run are still finished.
    Cut,
}

/// Waits for the system's signals and passes them on: the first lets what runs finish, a second one or the end of the
/// patience cuts.
pub async fn told_to_stop(order: watch::Sender<Order>, patience: Duration) {
    let mut signals =
        Signals { interrupted: heard(SignalKind::interrupt()), terminated: heard(SignalKind::terminate()) };
    signals.next().await;
    order.send_replace(Order::Finish);
    tokio::select! {
        () = signals.next() => {}
        () = tokio::time::sleep(patience) => {}
    }
    order.send_replace(Order::Cut);
}

struct Signals {
    interrupted: Option<Signal>,
    terminated: Option<Signal>,
}

fn heard(kind: SignalKind) -> Option<Signal> {
    signal(kind).inspect_err(|fault| tracing::error!(%fault, "a signal of the system cannot be heard")).ok()
}

impl Signals {
    async fn next(&mut self) {
        tokio::select! {
            () = one(&mut self.interrupted) => {}
            () = one(&mut self.terminated) => {}
        }
    }
}

async fn one(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Waits for the order to finish, or to cut. Whoever gives orders and goes away has ordered it too.
pub async fn finishes(order: &mut watch::Receiver<Order>) {
    drop(order.wait_for(|order| *order >= Order::Finish).await);
}

/// Does work that ends what runs, on a thread of its own, and waits for it no longer than until the order to cut. What
/// is left then ends with the process.
pub async fn unless_cut(mut order: watch::Receiver<Order>, work: impl FnOnce() + Send + 'static) {
    let done = tokio::task::spawn_blocking(work);
    tokio::select! {
        ended = done => {
            if ended.is_err() {
                tracing::error!("what runs by itself ended with a fault");
            }
        }
        _ = order.wait_for(|order| *order == Order::Cut) => tracing::warn!("not everything that runs by itself ended in time"),
    }
}
