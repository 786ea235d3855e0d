//! These tests speak with the server through sockets of this machine, with limits of a fraction of a second.

use super::*;
use axum::routing::get;
use std::io::{Read, Write};
use std::net::TcpStream as Client;
use std::time::Instant;
use tokio::task::JoinHandle;

/// How long a client waits for anything before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);
/// A time that is over when something does not happen.
const MOMENT: Duration = Duration::from_millis(200);
/// How long the slow page takes.
const SLOW: Duration = Duration::from_millis(800);

/// A server of two pages.
struct Served {
    address: SocketAddr,
    tell: watch::Sender<Order>,
    ended: JoinHandle<()>,
}

impl Served {
    async fn with(limits: Limits) -> Self {
        let router = Router::new().route("/", get(async || "here")).route(
            "/slow",
            get(async || {
                tokio::time::sleep(SLOW).await;
                "at last"
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, order) = watch::channel(Order::Serve);
        Self { address, tell, ended: tokio::spawn(serve(listener, router, limits, one_each(), order)) }
    }

    fn says(&self, text: &str) -> Client {
        let mut client = Client::connect(self.address).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client.write_all(text.as_bytes()).unwrap();
        client
    }

    async fn ends(self) {
        tokio::time::timeout(PATIENCE, self.ended).await.unwrap().unwrap();
    }
}

/// Everything that a client is sent until the connection ends. A connection that is reset has ended too.
fn heard(client: &mut Client) -> String {
    let mut bytes = Vec::new();
    let mut part = [0; 1024];
    while let Ok(count @ 1..) = client.read(&mut part) {
        bytes.extend_from_slice(&part[..count]);
    }
    String::from_utf8(bytes).unwrap()
}

fn asks(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: city\r\nconnection: close\r\n\r\n")
}

/// Counts every machine by itself.
fn one_each() -> Whose {
    Whose(Arc::new(|address| Some(address.to_string())))
}

fn patient() -> Limits {
    Limits { connections: 100, connections_each: 100, head: Duration::from_mins(2), stalled: Duration::from_mins(2) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let served = Served::with(Limits { head: MOMENT, ..patient() }).await;
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: city\r\n"] {
        let begun = Instant::now();
        let said = heard(&mut served.says(half));
        assert!(!said.contains("here") && begun.elapsed() < PATIENCE, "{half:?}: {said}");
    }
    assert!(heard(&mut served.says(&asks("/"))).ends_with("here"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_runs_is_finished_and_half_a_head_is_cut() {
    let served = Served::with(patient()).await;
    let (mut slow, mut half) = (served.says(&asks("/slow")), served.says("GET / HT"));
    tokio::time::sleep(MOMENT).await;
    served.tell.send_replace(Order::Finish);
    assert!(heard(&mut slow).ends_with("at last"), "what runs is finished");
    assert!(!served.ended.is_finished(), "half a head is still waited for");
    let refused = Client::connect(served.address).map(|mut late| heard(&mut late));
    assert!(refused.is_err() || refused.is_ok_and(|said| said.is_empty()), "nobody is let in any more");
    served.tell.send_replace(Order::Cut);
    assert_eq!(heard(&mut half), "");
    served.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_order_to_cut_ends_what_runs() {
    let served = Served::with(patient()).await;
    let mut slow = served.says(&asks("/slow"));
    tokio::time::sleep(MOMENT).await;
    served.tell.send_replace(Order::Cut);
    assert_eq!(heard(&mut slow), "");
    served.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_nothing_makes_room_and_who_asks_does_not() {
    let served = Served::with(Limits { connections: 2, ..patient() }).await;
    let mut idle = served.says("GET / HT");
    tokio::time::sleep(MOMENT).await;
    let mut slow = served.says(&asks("/slow"));
    tokio::time::sleep(MOMENT).await;
    let mut third = served.says(&asks("/"));
    assert!(heard(&mut third).ends_with("here"), "the third finds a place");
    assert_eq!(heard(&mut idle), "", "the idle one left");
    assert!(heard(&mut slow).ends_with("at last"), "the one that asked stayed");
    let one = Served::with(Limits { connections: 1, ..patient() }).await;
    let mut slow = one.says(&asks("/slow"));
    tokio::time::sleep(MOMENT).await;
    let mut second = one.says(&asks("/"));
    assert!(heard(&mut slow).ends_with("at last"));
    assert!(heard(&mut second).ends_with("here"), "it waits until there is a place");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_network_address_takes_no_more_than_its_part() {
    let served = Served::with(Limits { connections_each: 2, ..patient() }).await;
    let mut idle = served.says("GET / HT");
    tokio::time::sleep(MOMENT).await;
    let mut slow = served.says(&asks("/slow"));
    tokio::time::sleep(MOMENT).await;
    let mut third = served.says(&asks("/slow"));
    assert_eq!(heard(&mut idle), "", "its own idle one left");
    tokio::time::sleep(MOMENT).await;
    let mut fourth = served.says(&asks("/"));
    assert_eq!(heard(&mut fourth), "", "all of its connections ask something");
    for asked in [&mut slow, &mut third] {
        assert!(heard(asked).ends_with("at last"), "whoever was let in is answered");
    }
    assert!(heard(&mut served.says(&asks("/"))).ends_with("here"), "and there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_that_ends_by_itself_is_waited_for_until_the_order_to_cut() {
    for (told, waits) in [(Order::Finish, true), (Order::Cut, false)] {
        let (tell, order) = watch::channel(Order::Serve);
        tell.send_replace(told);
        let begun = Instant::now();
        stopping::unless_cut(order, || std::thread::sleep(SLOW)).await;
        assert_eq!(begun.elapsed() >= SLOW, waits, "{told:?}");
    }
}
