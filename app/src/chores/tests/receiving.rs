//! These tests are about receivers of messages: libraries of others verify what they get, a secret is renewed without a
//! gap, one that asks for time gets it, one that fails for days is switched off, and what it missed is sent again.

use std::io::Write;
use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc::{Receiver, channel};

use super::listening::{PATIENCE, header, key_of, listener, listens, operator, request, unsent};
use super::*;
use exchange::actions::Replaying;
use jobs::channels::standard_signature;
use kernel::time::Instant;

/// What a script answers where the libraries are not installed.
const NOT_INSTALLED: i32 = 77;
/// Verifies a message with the libraries that receivers use. Their clock is set to the moment of the message.
const VERIFIES: &str = r#"
import datetime as usual, json, sys
secret, headers, body = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
try:
    import standardwebhooks.webhooks as standard, svix.webhooks as svix
except ImportError as missing:
    print(missing)
    sys.exit(77)
class Then(usual.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(int(headers["webhook-timestamp"]), tz)
standard.datetime = Then
for library in (standard, svix):
    library.Webhook(secret).verify(body, headers)
    try:
        library.Webhook(secret).verify(body + " ", headers)
    except Exception:
        continue
    sys.exit("a changed body was taken")
"#;

fn community(house: &House) -> PlacePath {
    house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone()
}

/// Does something with the exchange, and waits for it.
fn done<T>(work: impl Future<Output = Result<T, Fault>>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work).unwrap()
}

/// A server that answers with whatever status is set, and with `Retry-After` where it is not 200. Status 0 closes the
/// connection without an answer.
fn changing(status: Arc<AtomicU16>) -> (String, Receiver<String>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/in", server.local_addr().unwrap());
    let (sender, arrived) = channel();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            let asked = request(&stream);
            let status = status.load(Ordering::SeqCst);
            let asks = if status == 429 { "retry-after: 1800\r\n" } else { "" };
            if status > 0 {
                write!(stream, "HTTP/1.1 {status} X\r\n{asks}content-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            }
            if sender.send(asked).is_err() {
                return;
            }
        }
    });
    (address, arrived)
}

/// How many requests have come since the last look.
fn came(arrived: &Receiver<String>) -> usize {
    arrived.try_iter().count()
}

/// What is noted of the only message: how often it was tried, and why it was not taken.
fn noted(house: &House) -> (i64, Option<String>) {
    let read = house.store.read_blocking(|tx| {
        let attempts = store::scalar::<i64>(tx, "select max(attempts) from exchange_delivery", &[])?;
        let sql = "select failure from exchange_delivery where failure is not null order by at limit 1";
        Ok::<_, StoreError>((attempts.unwrap_or_default(), store::scalar::<String>(tx, sql, &[])?))
    });
    read.unwrap()
}

/// Lets time pass in steps, and the runner do what is due.
fn passes(house: &House, runner: &Runner, hours: i64) {
    for _ in 0..hours {
        house.clock.plus_seconds(3_600);
        runner.run_due().unwrap();
    }
}

#[test]
fn the_libraries_that_receivers_use_verify_a_message() {
    for house in House::each() {
        let (runner, (address, arrived)) = (house.runner(), listener(&[200]));
        let (_, secret) = listens(&house, &community(&house), &address);
        house.opened(4, None);
        runner.run_due().unwrap();
        let got = arrived.recv_timeout(PATIENCE).unwrap();
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
        let headers: serde_json::Map<String, serde_json::Value> =
            names.into_iter().map(|name| (name.to_owned(), header(&got, name).into())).collect();
        let headers = serde_json::Value::Object(headers).to_string();
        let (_, body) = got.split_once("\r\n\r\n").unwrap();
        let Ok(verified) =
            Command::new("python3").args(["-c", VERIFIES, secret.as_str(), headers.as_str(), body]).output()
        else {
            println!("not verified by libraries: there is no python3");
            return;
        };
        let said = String::from_utf8_lossy(&verified.stdout).into_owned() + &String::from_utf8_lossy(&verified.stderr);
        if verified.status.code() == Some(NOT_INSTALLED) {
            println!("not verified by libraries (pip install standardwebhooks svix): {said}");
            return;
        }
        assert!(verified.status.success(), "{}: {said}", house.store.name);
    }
}

#[test]
fn a_renewed_secret_signs_beside_the_one_before_it_for_a_while() {
    for house in House::each() {
        let (runner, (address, arrived)) = (house.runner(), listener(&[200, 200]));
        let (id, first) = listens(&house, &community(&house), &address);
        let (by, exchange, now) = (operator(&house), house.city.exchange.clone(), house.clock.now());
        let set = house.store.write_blocking(move |tx| exchange.set_address(tx, id, &address, &by, now));
        let second = set.unwrap();
        assert_ne!(first, second);
        let signs = |request: &str, secret: &str| {
            let (_, body) = request.split_once("\r\n\r\n").unwrap();
            let (message, timestamp) = (header(request, "webhook-id"), header(request, "webhook-timestamp"));
            let one = standard_signature(&key_of(secret), &message, &timestamp, body.as_bytes()).unwrap();
            header(request, "webhook-signature").split(' ').any(|signature| signature == one)
        };
        house.opened(4, None);
        runner.run_due().unwrap();
        let got = arrived.recv_timeout(PATIENCE).unwrap();
        assert!(signs(&got, &first) && signs(&got, &second), "{}: {got}", house.store.name);
        let hours = house.city.hall.figure(exchange::EXCHANGE_OLD_SECRET_HOURS, now).unwrap();
        house.clock.plus_seconds(hours * 3_600);
        house.does_chore("exchange.forget", serde_json::json!({}));
        house.opened(5, None);
        runner.run_due().unwrap();
        let got = arrived.recv_timeout(PATIENCE).unwrap();
        assert!(!signs(&got, &first) && signs(&got, &second), "{}: {got}", house.store.name);
    }
}

#[test]
fn a_secret_of_an_earlier_version_keeps_working() {
    for house in House::each() {
        let (runner, (address, arrived)) = (house.runner(), listener(&[200]));
        let (id, _) = listens(&house, &community(&house), &address);
        let (old, vault) = ("Q29kZSBvZiBhbiBlYXJsaWVyIHZlcnNpb24tXzEyMzQ", house.city.hall.vault.clone());
        let put = house.store.write_blocking(move |tx| vault.put_secret(tx, "exchange-webhook", id, old.as_bytes()));
        put.unwrap();
        house.opened(4, None);
        runner.run_due().unwrap();
        let got = arrived.recv_timeout(PATIENCE).unwrap();
        let (_, body) = got.split_once("\r\n\r\n").unwrap();
        let timestamp = header(&got, "x-lianglin-timestamp");
        let expected = jobs::channels::signature(old.as_bytes(), &timestamp, body.as_bytes()).unwrap();
        assert_eq!(format!("hmac-{}", header(&got, "x-lianglin-signature")), expected, "{}", house.store.name);
        let expected = standard_signature(old.as_bytes(), &header(&got, "webhook-id"), &timestamp, body.as_bytes());
        assert_eq!(Some(header(&got, "webhook-signature")), expected, "{}", house.store.name);
    }
}

#[test]
fn a_receiver_that_asks_for_time_gets_it_and_no_answer_at_all_is_tried_again_and_shown() {
    for house in House::each() {
        let status = Arc::new(AtomicU16::new(429));
        let (runner, (address, arrived)) = (house.runner(), changing(status.clone()));
        listens(&house, &community(&house), &address);
        house.opened(4, None);
        runner.run_due().unwrap();
        assert_eq!((came(&arrived), noted(&house)), (1, (1, Some("HTTP 429".to_owned()))), "{}", house.store.name);
        house.clock.plus_seconds(1_799);
        runner.run_due().unwrap();
        assert_eq!(came(&arrived), 0, "{}: it asked for half an hour", house.store.name);
        status.store(0, Ordering::SeqCst);
        house.clock.plus_seconds(1);
        runner.run_due().unwrap();
        assert_eq!((came(&arrived), noted(&house)), (1, (2, Some("silent".to_owned()))), "{}", house.store.name);
        status.store(200, Ordering::SeqCst);
        passes(&house, &runner, 1);
        assert_eq!((came(&arrived), unsent(&house)), (1, 0), "{}", house.store.name);
    }
}

#[test]
fn a_receiver_that_fails_for_days_is_switched_off_and_gets_what_it_missed_once_it_is_on() {
    for house in House::each() {
        let status = Arc::new(AtomicU16::new(500));
        let (runner, (address, arrived)) = (house.runner(), changing(status.clone()));
        let (id, _) = listens(&house, &community(&house), &address);
        let (by, exchange) = (operator(&house), house.city.exchange.clone());
        let days = house.city.hall.figure(exchange::EXCHANGE_OFF_DAYS, house.clock.now()).unwrap();
        let is_off = || done(exchange.sheet(&by, id, 50)).system.listening.switched_off_at.is_some();
        house.opened(4, None);
        runner.run_due().unwrap();
        passes(&house, &runner, 30);
        assert!(!is_off() && came(&arrived) > 8, "{}: tried for more than a day", house.store.name);
        for day in 0..=days {
            house.opened(u64::try_from(20 + day).unwrap(), None);
            passes(&house, &runner, 24);
        }
        assert!(is_off() && came(&arrived) > 0, "{}", house.store.name);
        house.opened(50, None);
        passes(&house, &runner, 24);
        assert_eq!(came(&arrived), 0, "{}: nothing is sent to it", house.store.name);
        let kept = unsent(&house);
        assert!(kept > 1, "{}: what happens is kept for it", house.store.name);

        status.store(200, Ordering::SeqCst);
        let now = house.clock.now();
        done(exchange.switch_on(&by, id, "key-on", now));
        passes(&house, &runner, 2);
        assert_eq!((unsent(&house), is_off()), (0, false), "{}", house.store.name);
        let missed = i64::try_from(came(&arrived)).unwrap();
        assert!(missed > kept, "{}: each once, with those that were given up meanwhile", house.store.name);

        // All of them again, since the beginning; and the same form sent twice sends them once.
        let all = Replaying { since: Instant::from_micros(0), taken_too: true, once: "key-all" };
        let count = done(exchange.replay(&by, id, all, house.clock.now()));
        assert_eq!(count, missed, "{}", house.store.name);
        assert_eq!(done(exchange.replay(&by, id, all, house.clock.now())), count);
        passes(&house, &runner, 2);
        assert_eq!(i64::try_from(came(&arrived)).unwrap(), count, "{}", house.store.name);

        status.store(410, Ordering::SeqCst);
        house.opened(60, None);
        runner.run_due().unwrap();
        assert_eq!((came(&arrived), is_off()), (1, true), "{}: 410 ends it at once", house.store.name);
    }
}
