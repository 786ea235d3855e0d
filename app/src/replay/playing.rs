//! Plays the requests of a file in the order of their time, so many times faster than it went.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::time::{Instant, Zone, show_minute_of_day};
use serde_json::Value;

use super::file::{Contents, Request};
use super::ledger::{Entry, Ledger};
use super::mapping::Mapping;
use super::sending::{Desk, Outcome, rest};

/// The most requests that are on their way at once.
pub const MOST_AT_ONCE: usize = 64;
const MICROS_PER_SECOND: f64 = 1_000_000.0;

/// A replay: what is played, where to, how fast.
pub struct Playing<'p> {
    /// Where to.
    pub desk: &'p Desk,
    /// What the file means here.
    pub mapping: &'p Mapping,
    /// The community of each place of the file.
    pub spread: BTreeMap<String, String>,
    /// The file.
    pub contents: &'p Contents,
    /// The keys: the first one sends, and says last that something is done; each other one says it before, in this
    /// order. Who checks is somebody else than who handles, so closing takes two others.
    pub keys: &'p [String],
    /// How many times faster than it went.
    pub speed: f64,
    /// How many requests are on their way at once.
    pub at_once: usize,
    /// Where it is written down.
    pub ledger: &'p Ledger,
    /// Becomes true when somebody wants to stop.
    pub stop: &'p AtomicBool,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Happening {
    at: Instant,
    /// Which request, by its place in the file.
    request: usize,
    closes: bool,
}

/// Plays what is not played yet, and returns when all is done or somebody stopped it. `told` hears of each happening.
///
/// # Errors
/// The ledger cannot be written.
pub fn play(playing: &Playing<'_>, told: &(dyn Fn() + Sync)) -> io::Result<()> {
    let happenings = happenings(playing.contents, playing.ledger);
    let Some(first) = begins(&happenings, playing.contents, playing.ledger) else { return Ok(()) };
    let begun = std::time::Instant::now();
    let lanes = playing.at_once.clamp(1, MOST_AT_ONCE);
    std::thread::scope(|scope| {
        let work = |lane: usize| {
            // What happens to one request happens in its order.
            let own = happenings.iter().filter(move |happening| happening.request % lanes == lane);
            for happening in own {
                let due = wait(first, happening.at, playing.speed).saturating_sub(begun.elapsed());
                if !rest(due, playing.stop) {
                    break;
                }
                playing.happens(*happening)?;
                told();
            }
            Ok::<_, io::Error>(())
        };
        let threads: Vec<_> = (0..lanes).map(|lane| scope.spawn(move || work(lane))).collect();
        let broke = |_| Err(io::Error::other("a lane of the replay broke"));
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(broke))
    })
}

/// How much is still to be played.
pub fn left(contents: &Contents, ledger: &Ledger) -> usize {
    happenings(contents, ledger).len()
}

fn happenings(contents: &Contents, ledger: &Ledger) -> Vec<Happening> {
    let mut all = Vec::new();
    for (at, request) in contents.requests.iter().enumerate() {
        let entry = ledger.entry(&request.number);
        if entry.id.is_none() {
            all.push(Happening { at: request.opened, request: at, closes: false });
        }
        if let Some(closed) = request.closed.filter(|_| entry.closed != Some(true)) {
            all.push(Happening { at: closed.max(request.opened), request: at, closes: true });
        }
    }
    all.sort_unstable_by_key(|happening| (happening.at, happening.request, happening.closes));
    all
}

/// When the clock begins: with the first that was not tried before. What was refused is tried again at once, however
/// early it was.
fn begins(happenings: &[Happening], contents: &Contents, ledger: &Ledger) -> Option<Instant> {
    let is_fresh = |happening: &&Happening| {
        let number = contents.requests.get(happening.request).map(|request| request.number.as_str());
        let entry = ledger.entry(number.unwrap_or_default());
        if happening.closes { entry.closed.is_none() && entry.refused.is_none() } else { entry.refused.is_none() }
    };
    happenings.iter().find(is_fresh).or(happenings.first()).map(|happening| happening.at)
}

/// How long after the beginning something happens.
fn wait(first: Instant, at: Instant, speed: f64) -> Duration {
    #[expect(clippy::cast_precision_loss, reason = "a millionth of a second more or less is no matter")]
    let seconds = (at.micros().saturating_sub(first.micros())) as f64 / MICROS_PER_SECOND / speed;
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

impl Playing<'_> {
    fn happens(&self, happening: Happening) -> io::Result<()> {
        let Some(request) = self.contents.requests.get(happening.request) else { return Ok(()) };
        let entry = self.ledger.entry(&request.number);
        if !happening.closes {
            return self.opened(request, entry);
        }
        match entry.id.clone() {
            Some(id) => self.closed(request, entry, &id),
            None => Ok(()),
        }
    }

    fn opened(&self, request: &Request, mut entry: Entry) -> io::Result<()> {
        let Some(condition) = self.mapping.condition(&request.kinds) else {
            entry.refused = Some(format!("not mapped: {}", request.kinds.join(" / ")));
            return self.ledger.put(entry);
        };
        let (kind, condition) = match condition.match_indices('/').nth(1) {
            Some((at, _)) => condition.split_at(at),
            None => (condition, ""),
        };
        let condition = condition.trim_start_matches('/');
        let code = kind.replacen('/', "-", 1);
        let point = request.point.filter(|_| self.mapping.spread.points);
        let point = point.map(|(lat, lon)| (lat.to_string(), lon.to_string()));
        let seen = show_minute_of_day(Zone::new(self.mapping.offset.minutes).minute_of_day(request.opened));
        let place = self.spread.get(&request.place).map(String::as_str).unwrap_or_default();
        let mut fields = vec![
            ("api_key", self.keys.first().map(String::as_str).unwrap_or_default()),
            ("service_code", code.as_str()),
            ("attribute[condition]", condition),
            // Whoever reported danger then has called long ago.
            ("attribute[called]", "yes"),
            ("attribute[seen_at]", seen.as_str()),
            ("attribute[external_id]", request.number.as_str()),
            ("description", request.words.as_str()),
        ];
        match &point {
            Some((lat, lon)) => fields.extend([("lat", lat.as_str()), ("long", lon.as_str())]),
            None => fields.push(("address_id", place)),
        }
        let Outcome { answer, retried, stopped } = self.desk.send("requests", &fields, self.stop);
        entry.retried += retried;
        (entry.id, entry.refused) = match answer.map(|body| named(&body, "service_request_id")) {
            Ok(Some(id)) => (Some(id), None),
            Ok(None) => (None, Some("an answer without a service_request_id".to_owned())),
            Err(_) if stopped => return Ok(()),
            Err(why) => (None, Some(why)),
        };
        self.ledger.put(entry)
    }

    /// Says that it is done: by each of the other keys first, and last by the one who reported.
    fn closed(&self, request: &Request, mut entry: Entry, id: &str) -> io::Result<()> {
        let (others, own) = (self.keys.iter().enumerate().skip(1), self.keys.iter().enumerate().take(1));
        (entry.closed, entry.not_closed) = (Some(false), None);
        for (turn, key) in others.chain(own) {
            let once = format!("{}.closed.{turn}", request.number);
            let fields = [
                ("api_key", key.as_str()),
                ("service_request_id", id),
                ("update_id", once.as_str()),
                ("status", "closed"),
                ("description", "closed in the file that is replayed"),
            ];
            let Outcome { answer, retried, stopped } = self.desk.send("servicerequestupdates", &fields, self.stop);
            entry.retried += retried;
            match answer.map(|body| named(&body, "status")) {
                Ok(status) => {
                    entry.closed = Some(status.as_deref() == Some("closed"));
                    entry.not_closed = None;
                }
                Err(_) if stopped => return Ok(()),
                // The first to refuse knows best why: the others only see that it is not their turn.
                Err(why) => {
                    entry.not_closed.get_or_insert(why);
                }
            }
        }
        if self.stop.load(Ordering::Relaxed) && entry.closed != Some(true) && entry.not_closed.is_some() {
            return Ok(());
        }
        self.ledger.put(entry)
    }
}

/// A text of the first record of an answer.
fn named(body: &Value, name: &str) -> Option<String> {
    body.get(0)?.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(second)
    }

    fn request(number: &str, opened: i64, closed: Option<i64>) -> Request {
        Request {
            number: number.to_owned(),
            opened: at(opened),
            due: None,
            closed: closed.map(at),
            late: None,
            kinds: Vec::new(),
            place: String::new(),
            point: None,
            words: String::new(),
        }
    }

    #[test]
    fn what_is_left_is_played_in_the_order_of_time() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger")).unwrap();
        let requests = vec![request("a", 10, Some(30)), request("b", 20, Some(15)), request("c", 5, None)];
        let contents = Contents { requests, unread: Vec::new() };
        let order = |ledger: &Ledger| -> Vec<(usize, bool)> {
            happenings(&contents, ledger).iter().map(|one| (one.request, one.closes)).collect()
        };
        assert_eq!(order(&ledger), [(2, false), (0, false), (1, false), (1, true), (0, true)]);
        let entry = |number: &str| Entry { number: number.to_owned(), ..Entry::default() };
        ledger.put(Entry { id: Some("W1".to_owned()), ..entry("a") }).unwrap();
        ledger.put(Entry { id: Some("W2".to_owned()), closed: Some(true), ..entry("b") }).unwrap();
        ledger.put(Entry { refused: Some("403".to_owned()), ..entry("c") }).unwrap();
        assert_eq!(order(&ledger), [(2, false), (0, true)], "what was refused is tried again");
        let begins = begins(&happenings(&contents, &ledger), &contents, &ledger);
        assert_eq!(begins, Some(at(30)), "and at once: the clock begins with what was never tried");
        assert_eq!(left(&contents, &ledger), 2);
    }

    #[test]
    fn two_thousand_times_faster_a_day_takes_forty_three_seconds() {
        assert_eq!(wait(at(0), at(86_400), 2_000.0), Duration::from_millis(43_200));
        assert_eq!(wait(at(10), at(0), 2_000.0), Duration::ZERO);
        assert_eq!(wait(at(0), at(60), 1.0), Duration::from_mins(1));
    }
}
