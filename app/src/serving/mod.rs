//! Here connections come in: how many there may be, how long each may take over what it sends and reads, and how all of
//! them end when the server is told to stop.

mod crowd;
mod held;
pub mod stopping;
mod stream;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt as _;
use web::Proxies;

use self::crowd::{Crowd, Guest};
use self::held::Held;
use self::stopping::Order;
use self::stream::Patient;

/// Bytes of a connection that are kept in memory at most, each way; a head is never longer.
const BUFFER: usize = 64 * 1024;
/// How long nobody is let in after the system gave no connection, for example because too many files are open.
const PAUSE: Duration = Duration::from_secs(1);

/// One network address gets one of so many parts of all connections.
const SHARES: usize = 4;

/// Says for which network address a connection counts; for none if many visitors come that way.
#[derive(Clone)]
pub struct Whose(Arc<dyn Fn(IpAddr) -> Option<String> + Send + Sync>);

impl Whose {
    /// Counts by the machine that is connected, unless it is a trusted proxy.
    pub fn by(proxies: Arc<Proxies>) -> Self {
        Self(Arc::new(move |address| proxies.counted(address)))
    }
}

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many connections there are at most. One more makes the oldest that asks nothing leave.
    pub connections: usize,
    /// How many of them come from one network address. One more makes the oldest of that address leave that asks
    /// nothing; where all of them ask something it is closed.
    pub connections_each: usize,
    /// How long a connection may take to send the head of a request, and how long it may stay without asking anything.
    pub head: Duration,
    /// How long a connection may take nothing of an answer that waits for it.
    pub stalled: Duration,
}

impl Limits {
    /// The limits for a number of connections.
    pub const fn with(connections: usize) -> Self {
        let connections_each = if connections < SHARES { 1 } else { connections / SHARES };
        Self { connections, connections_each, head: Duration::from_secs(10), stalled: Duration::from_secs(30) }
    }
}

/// Serves until it is told to stop, and returns when no connection is left: at the order to finish each connection ends
/// after the request that runs, at the order to cut all end at once.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    whose: Whose,
    mut order: watch::Receiver<Order>,
) {
    let crowd = Crowd::of(limits.connections, limits.connections_each);
    // Each connection holds a receiver, so the sender knows when the last one has ended.
    let (everybody, one) = watch::channel(());
    loop {
        let arrived = tokio::select! {
            arrived = accept(&listener, &crowd, &whose) => arrived,
            () = stopping::finishes(&mut order) => break,
        };
        let (router, order, one) = (router.clone(), order.clone(), one.clone());
        tokio::spawn(async move {
            attend(arrived, router, limits, order).await;
            drop(one);
        });
    }
    drop(listener);
    drop(one);
    everybody.closed().await;
}

/// A connection that was let in.
struct Arrived {
    stream: TcpStream,
    address: SocketAddr,
    guest: Arc<Guest>,
}

async fn accept(listener: &TcpListener, crowd: &Arc<Crowd>, whose: &Whose) -> Arrived {
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                if let Some(guest) = crowd.admit((whose.0)(address.ip())).await {
                    return Arrived { stream, address, guest };
                }
            }
            Err(fault) if is_of_one_connection(fault.kind()) => {}
            Err(fault) => {
                tracing::error!(%fault, "no connection can be taken");
                crowd.turn_out();
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

const fn is_of_one_connection(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Serves one connection until it ends, its place is needed, or the server stops.
async fn attend(arrived: Arrived, router: Router, limits: Limits, mut order: watch::Receiver<Order>) {
    let Arrived { stream, address, guest } = arrived;
    let stream = Patient::of(stream, limits.stalled);
    let asked = guest.clone();
    let service = service_fn(move |request| respond(router.clone(), asked.clone(), address, request));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(fault) = ended {
                    tracing::debug!(%fault, "a connection ended");
                }
                return;
            }
            () = guest.told_to_leave() => return,
            changed = order.changed() => {
                let ordered = *order.borrow_and_update();
                match ordered {
                    Order::Serve if changed.is_ok() => {}
                    Order::Finish if changed.is_ok() => connection.as_mut().graceful_shutdown(),
                    _ => return,
                }
            }
        }
    }
}

/// Answers one request. While it is answered, the guest asks something and keeps the place.
async fn respond(
    router: Router,
    guest: Arc<Guest>,
    address: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Held>, Infallible> {
    let asking = guest.asks();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(address));
    let response = router.oneshot(request).await?;
    Ok(response.map(|body| Held::new(body, asking)))
}
