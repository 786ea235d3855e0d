//! Asks a service such as a WMTS for squares: few at a time, each one once, and not while it fails.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs::channels::{Fetched, PostFault, Poster, Targets};
use kernel::earth::Tile;
use kernel::time::Instant;
use tiles::Kind;

use super::kept::Kept;
use super::square::{Found, Square};

/// How long the service may take for a square, and how long a square waits for its turn.
const ANSWERS_SECONDS: u32 = 8;
const PATIENCE: Duration = Duration::from_secs(8);
/// How many squares are fetched at the same time.
const AT_ONCE: usize = 6;
/// How many wait for their turn at most.
const WAITING: usize = 64;
/// The most bytes of a square.
const LONGEST: u64 = 2 * 1024 * 1024;
/// After so many failures in a row it is not asked for so many seconds.
const FAILURES: u32 = 3;
const RESTS_SECONDS: i64 = 30;

/// The service. It never shows its address, in which there may be a key.
pub(super) struct Service {
    poster: Poster,
    url: String,
    kept: Kept,
    work: Mutex<Work>,
    freed: Condvar,
}

/// What it does at the moment.
#[derive(Default)]
struct Work {
    fetching: BTreeSet<Tile>,
    waiting: usize,
    failures: u32,
    rests_until: Option<Instant>,
}

/// The turn of a square: nobody else fetches it meanwhile.
struct Turn<'a> {
    service: &'a Service,
    tile: Tile,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.service.work().fetching.remove(&self.tile);
        self.service.freed.notify_all();
    }
}

impl Service {
    /// Makes ready to ask. The service is reached on the open internet, or where `targets` says.
    pub fn new(url: &str, targets: &Targets) -> Self {
        Self {
            poster: Poster::guarded(ANSWERS_SECONDS, targets),
            url: url.to_owned(),
            kept: Kept::default(),
            work: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// Finds a square among those that are kept, or fetches it.
    pub fn find(&self, tile: Tile, now: Instant) -> Found {
        if let Some(square) = self.kept.find(tile, now) {
            return Ok(Some(square));
        }
        let turn = self.turn(tile, now)?;
        // Somebody else may have fetched it while it waited.
        if let Some(square) = self.kept.find(tile, now) {
            return Ok(Some(square));
        }
        let found = self.fetch(tile);
        if let Ok(Some(square)) = &found {
            self.kept.keep(tile, square, now);
        }
        self.note(found.as_ref().err(), now);
        drop(turn);
        found
    }

    /// Waits until there is room and nobody else fetches the same square.
    fn turn(&self, tile: Tile, now: Instant) -> Result<Turn<'_>, String> {
        let busy = || "more of its tiles are asked for than it gives".to_owned();
        let mut work = self.work();
        if work.rests_until.is_some_and(|until| until > now) {
            return Err("it failed several times in a row and is left in peace for half a minute".to_owned());
        }
        if work.waiting >= WAITING {
            return Err(busy());
        }
        work.waiting += 1;
        let taken = |work: &mut Work| work.fetching.len() >= AT_ONCE || work.fetching.contains(&tile);
        let waited = self.freed.wait_timeout_while(work, PATIENCE, taken);
        let (mut work, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        work.waiting -= 1;
        if waited.timed_out() {
            return Err(busy());
        }
        work.fetching.insert(tile);
        Ok(Turn { service: self, tile })
    }

    fn fetch(&self, tile: Tile) -> Found {
        let parts = [("{z}", u32::from(tile.zoom())), ("{x}", tile.column()), ("{y}", tile.row())];
        let url = parts.iter().fold(self.url.clone(), |url, (name, part)| url.replace(name, &part.to_string()));
        judge(self.poster.fetch(&url, LONGEST))
    }

    /// Counts what failed in a row. A service that fails is left in peace, so that nobody waits for it on every square.
    fn note(&self, fault: Option<&String>, now: Instant) {
        let mut work = self.work();
        work.failures = if fault.is_some() { work.failures + 1 } else { 0 };
        if let Some(why) = fault.filter(|_| work.failures >= FAILURES) {
            work.failures = 0;
            work.rests_until = Some(now.plus_seconds(RESTS_SECONDS));
            drop(work);
            tracing::warn!(why, "the service of the base map is not asked for half a minute");
        }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an answer means. Nothing of the service's own words is told.
fn judge(answer: Result<Fetched, PostFault>) -> Found {
    let answer = answer.map_err(|fault| unreached(fault).to_owned())?;
    match (answer.status, picture(&answer.bytes)) {
        (200, Some(kind)) => Ok(Some(Arc::new(Square::new(kind, answer.bytes, false)))),
        (204 | 404, _) => Ok(None),
        (200, None) => Err("it answers with something that is no picture. Check map.url and its key.".to_owned()),
        (401 | 403 | 418 | 429, _) => {
            Err(format!("it refuses (status {}). Check the key in map.url and what it may do.", answer.status))
        }
        (status, _) => Err(format!("it answers with status {status}. Check map.url.")),
    }
}

const fn unreached(fault: PostFault) -> &'static str {
    match fault {
        PostFault::Timeout => "it does not answer in time. Check that this machine may reach it.",
        PostFault::UnknownHost => "its name is not known. Check map.url and the name server.",
        PostFault::Forbidden => "it lies inside the network. List its address in allowed_targets.",
        PostFault::Connection => "the connection fails. Check that this machine may reach it.",
        PostFault::NoAnswer => "it gives no whole answer, or one of more than 2 MiB. Check map.url.",
        PostFault::Request => "the request fails. Check map.url.",
    }
}

/// What picture this is, by how it begins. What the service says of it does not count.
fn picture(bytes: &[u8]) -> Option<Kind> {
    let at = |from: usize, mark: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(mark));
    match () {
        () if at(0, b"\x89PNG\r\n\x1a\n") => Some(Kind::Png),
        () if at(0, b"\xff\xd8\xff") => Some(Kind::Jpeg),
        () if at(0, b"RIFF") && at(8, b"WEBP") => Some(Kind::Webp),
        () if at(4, b"ftypavif") => Some(Kind::Avif),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    #[test]
    fn only_a_picture_is_taken_and_a_fault_says_what_to_do() {
        let given = |status, bytes: &[u8]| Ok(Fetched { status, bytes: bytes.to_vec() });
        for (answer, expected) in [
            (given(200, PNG), Ok(Some("image/png"))),
            (given(200, b"\xff\xd8\xff\xe0"), Ok(Some("image/jpeg"))),
            (given(200, b"RIFF\0\0\0\0WEBPVP8 "), Ok(Some("image/webp"))),
            (given(200, b"\0\0\0\x20ftypavif"), Ok(Some("image/avif"))),
            (given(404, b""), Ok(None)),
            (given(204, b""), Ok(None)),
            (given(200, b""), Err("no picture")),
            (given(200, b"<svg onload='x'/>"), Err("no picture")),
            (given(200, b"{\"code\": 301014}"), Err("no picture")),
            (given(403, PNG), Err("key")),
            (given(302, b""), Err("302")),
            (given(500, PNG), Err("500")),
            (Err(PostFault::Forbidden), Err("allowed_targets")),
            (Err(PostFault::Timeout), Err("in time")),
        ] {
            let found = judge(answer.clone()).map(|found| found.map(|square| square.content_type));
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{answer:?}"),
                (Err(told), Err(said)) => assert!(told.contains(said) && told.ends_with('.'), "{told}"),
                (found, _) => panic!("{answer:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_service_that_fails_is_left_in_peace_for_a_while() {
        let service = Service::new("http://127.0.0.1:9/{z}/{x}/{y}?tk=hunter2", &Targets::default());
        let (now, tile) = (Instant::from_micros(0), Tile::new(3, 1, 1).unwrap());
        for (seconds, said) in [(0, "inside"), (0, "inside"), (1, "inside"), (1, "in peace"), (30, "in peace")] {
            let fault = service.find(tile, now.plus_seconds(seconds)).unwrap_err();
            assert!(fault.contains(said) && !fault.contains("hunter2"), "{seconds}: {fault}");
        }
        assert!(service.find(tile, now.plus_seconds(31)).unwrap_err().contains("inside"), "asked again");
        assert!(service.work().fetching.is_empty() && service.work().waiting == 0);
    }
}
