//! These tests let another system listen: it is told of its cases with a signature, and again until it takes them.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use testkit::Chance;

use super::*;

/// Long enough for any machine; nobody waits for it where all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads one request: its head in lower case, and its body.
fn request(stream: &TcpStream) -> String {
    let (mut reader, mut head) = (BufReader::new(stream.try_clone().unwrap()), String::new());
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).unwrap() > 0);
    }
    let head = head.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

fn answer(mut stream: TcpStream, status: u16) {
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
}

/// A small server that answers with these statuses, one connection each, and gives what it was sent.
fn listener(statuses: &'static [u16]) -> (String, Receiver<String>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/in", server.local_addr().unwrap());
    let (sender, arrived) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (stream, _) = server.accept().unwrap();
            let asked = request(&stream);
            answer(stream, *status);
            sender.send(asked).unwrap();
        }
    });
    (address, arrived)
}

/// What a receiver took: the numbers of the messages about each case, as they came.
type Took = Arc<Mutex<BTreeMap<String, Vec<i64>>>>;

/// A server that is away at first and then fails at random, though never often for one message.
fn moody() -> (String, Took) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/in", server.local_addr().unwrap());
    let took = Took::default();
    let own = took.clone();
    std::thread::spawn(move || {
        let (mut chance, mut failed) = (Chance::new(43), BTreeMap::<String, u32>::new());
        for (number, stream) in server.incoming().enumerate() {
            let stream = stream.unwrap();
            let asked = request(&stream);
            let (_, body) = asked.split_once("\r\n\r\n").unwrap();
            let told: serde_json::Value = serde_json::from_str(body).unwrap();
            let text = |name: &str| told[name].as_str().unwrap().to_owned();
            let failures = failed.entry(text("id")).or_default();
            if number < 6 || (*failures < 3 && chance.below(10) < 4) {
                *failures += u32::from(number >= 6);
                answer(stream, 503);
                continue;
            }
            own.lock().unwrap().entry(text("number")).or_default().push(told["sequence"].as_i64().unwrap());
            answer(stream, 200);
        }
    });
    (address, took)
}

/// A system that sees the cases of a place and listens at an address: its identity and the secret.
fn listens(house: &House, place: &PlacePath, url: &str) -> (Uuid, String) {
    let grant = Grant {
        post: Uuid::nil(),
        role: "operator".to_owned(),
        place: house.city.places.tree().root().unwrap().path.clone(),
        department: None,
        permissions: [identity::May::AccountManage].into_iter().collect(),
    };
    let actor = Actor { account: None, name: "赵建军".to_owned(), kind: ActorKind::Staff, grants: vec![grant] };
    let new = exchange::NewSystem {
        id: Uuid::now_v7(),
        name: "城管平台".to_owned(),
        place: place.clone(),
        department: None,
        scopes: [exchange::ApiScope::CaseRead].into_iter().collect(),
        calls_per_minute: 60,
    };
    let (exchange, now) = (house.city.exchange.clone(), house.clock.now());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let id = exchange.register(new, &actor, now).await.unwrap();
        let (setting, url, by) = (exchange.clone(), url.to_owned(), actor.clone());
        let set = house.city.store.write(move |tx| setting.set_address(tx, id, &url, &by, now));
        (id, set.await.unwrap())
    })
}

#[test]
fn a_system_is_told_of_its_cases_signed_and_again_until_it_takes_them() {
    for house in House::each() {
        let runner = house.runner();
        let (address, arrived) = listener(&[503, 200]);
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        let elsewhere = {
            let tree = house.city.places.tree();
            let other = tree.of_level(Level::District).find(|place| !place.path.contains(&community)).unwrap();
            other.path.clone()
        };
        let (_, secret) = listens(&house, &community, &address);
        listens(&house, &elsewhere, "http://127.0.0.1:9/never");
        let case = house.opened(4, None);
        runner.run_due().unwrap();
        let wait = Duration::from_secs(20);
        let first = arrived.recv_timeout(wait).unwrap();
        house.clock.plus_seconds(3_600);
        runner.run_due().unwrap();
        let second = arrived.recv_timeout(wait).unwrap();
        for request in [&first, &second] {
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let header = |name: &str| {
                let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
                found.unwrap_or_else(|| panic!("no {name}: {head}")).to_owned()
            };
            let expected =
                jobs::channels::signature(secret.as_bytes(), &header("x-lianglin-timestamp"), body.as_bytes());
            assert_eq!(format!("hmac-{}", header("x-lianglin-signature")), expected.unwrap(), "{}", house.store.name);
            let told: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(told["number"], case.number.as_str());
            assert_eq!((&told["type"], &told["state"]), (&"case.moved".into(), &case.state.as_str().into()));
            assert_eq!(told["id"], header("idempotency-key").as_str());
            assert_eq!(told["sequence"], 1, "the first about this case");
            assert_eq!(told.as_object().unwrap().len(), 6, "nothing else, nothing personal: {body}");
        }
        runner.run_due().unwrap();
        assert!(arrived.try_recv().is_err(), "{}: taken once, sent no more", house.store.name);
    }
}

#[test]
fn a_name_that_leads_inside_the_network_is_not_followed_unless_it_is_listed() {
    for house in House::each_reaching("10.0.0.0/8") {
        let runner = house.runner();
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        server.set_nonblocking(true).unwrap();
        let address = format!("http://localhost:{}/in", server.local_addr().unwrap().port());
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        listens(&house, &community, &address);
        house.opened(5, None);
        runner.run_due().unwrap();
        assert!(server.accept().is_err(), "{}: nobody came", house.store.name);
    }
}

/// How many messages wait to be sent.
fn unsent(house: &House) -> i64 {
    let sql = "select count(*) from exchange_delivery where sent_at is null and failed_at is null";
    house.store.read_blocking(move |tx| store::scalar::<i64>(tx, sql, &[])).unwrap().unwrap_or_default()
}

#[test]
fn after_an_outage_a_system_gets_the_steps_of_each_case_in_their_order() {
    for house in House::each() {
        let runner = house.runner();
        let (address, took) = moody();
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        listens(&house, &community, &address);
        for seed in 1..=6 {
            let case = house.opened(seed, None);
            house.acts(&case, "grant", &[("basis", "按目录")]);
        }
        runner.run_due().unwrap();
        let mut rounds = 0;
        while unsent(&house) > 0 {
            house.clock.plus_seconds(1_000);
            runner.run_due().unwrap();
            rounds += 1;
            assert!(rounds < 200, "{}: {:?}", house.store.name, took.lock().unwrap());
        }
        let took = took.lock().unwrap();
        assert_eq!(took.len(), 6, "{}: {took:?}", house.store.name);
        for (number, sequences) in &*took {
            let expected: Vec<i64> = (1..).take(sequences.len()).collect();
            assert_eq!(*sequences, expected, "{}: {number}", house.store.name);
            assert!(sequences.len() >= 2, "{}: {number}", house.store.name);
        }
    }
}

#[test]
fn a_system_that_never_answers_delays_no_other_and_no_notice() {
    for house in House::each() {
        let (address, arrived) = listener(&[200]);
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let silent = format!("http://{}/in", server.local_addr().unwrap());
        let (tell, taken) = channel();
        // It takes the connection and says nothing; the test ends it by letting go of what it was given.
        let hangs = std::thread::spawn(move || tell.send(server.accept().unwrap()));
        let community = house.city.places.tree().of_level(Level::Community).next().unwrap().path.clone();
        listens(&house, &community, &silent);
        listens(&house, &community, &address);
        let case = house.opened(4, None);
        let running = house.runner().start().unwrap();
        let held = taken.recv_timeout(PATIENCE).unwrap();
        arrived.recv_timeout(PATIENCE).unwrap();
        let begun = std::time::Instant::now();
        while house.told(&office(&case)).is_empty() || unsent(&house) > 1 {
            assert!(begun.elapsed() < PATIENCE, "{}: the office or the other system is not told", house.store.name);
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(unsent(&house), 1, "{}: that to the silent system", house.store.name);
        drop(held);
        running.stop();
        hangs.join().unwrap().unwrap();
    }
}
