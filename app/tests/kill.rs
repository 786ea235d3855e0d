//! These tests kill the server under load, again and again. What it acknowledged is there exactly once; what it did not
//! acknowledge is there as a whole or not at all.
//!
//! The real binary, the real disk, SIGKILL; requests go to this machine alone.

#![expect(clippy::unwrap_used, clippy::panic, reason = "whatever fails here fails the test at once")]

mod data_folder;

use lianglin::configuration::Configuration;
use lianglin::data::Data;
use lianglin::demonstration::{Invented, Seed};
use lianglin::{City, Opening};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::audit::AuditKey;
use store::once::{self, Once};
use store::{Options, Store};
use uuid::Uuid;

/// How often the server is killed.
const KILLS: usize = 20;
/// How many residents apply at the same time.
const RESIDENTS: u64 = 6;
/// How long the server may take to answer after it was started.
const PATIENCE: Duration = Duration::from_mins(1);
/// What everybody applies for.
const ITEM: &str = "MZ-11";
/// Where everybody lives.
const COMMUNITY: &str = "华炉社区";

/// An installation in a folder of its own.
struct Installation {
    folder: tempfile::TempDir,
    database: String,
    port: u16,
}

impl Installation {
    fn new(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = database.unwrap_or_else(|| folder.path().join("city.db").display().to_string());
        data_folder::copy_into(&folder.path().join("data"));
        unbounded(&folder.path().join("data/rulebook/platform.toml"));
        let made = Self { folder, database, port: free_port() };
        let ended = made.command("init").stdout(Stdio::null()).status().unwrap();
        assert!(ended.success(), "init failed");
        made
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lianglin"));
        command.current_dir(self.folder.path()).arg(name).args(["--database", &self.database]);
        command.arg("--key-file").arg(self.key_file()).arg("--data").arg(self.folder.path().join("data"));
        command
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("lianglin.key")
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    /// Starts the server and waits until it says that it serves.
    fn start(&self) -> Server {
        let begun = Instant::now();
        loop {
            let mut command = self.command("serve");
            command.args(["--quota", "0", "--listen", &self.address().to_string(), "--log", "warn"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut said = BufReader::new(child.stdout.take().unwrap());
            let mut line = String::new();
            said.read_line(&mut line).unwrap();
            if line.contains("serves at") {
                return Server { child, _said: said };
            }
            let mut why = String::new();
            child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
            child.wait().unwrap();
            assert!(begun.elapsed() < PATIENCE, "the server does not start again: {line}{why}");
            eprintln!("not yet: {why}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

/// A running server; killed at the end whatever happens.
struct Server {
    child: Child,
    _said: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets one machine and one telephone send as much as this test does.
fn unbounded(file: &Path) {
    let mut text = std::fs::read_to_string(file).unwrap();
    for code in ["request.writes_per_hour", "counter.online_per_telephone"] {
        let (before, after) = text.split_once(&format!("code = \"{code}\"\n")).unwrap();
        let (middle, rest) = after.split_once("number = ").unwrap();
        let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        text = format!("{before}code = \"{code}\"\n{middle}number = 1000000{rest}");
    }
    std::fs::write(file, text).unwrap();
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// Status, `Location` and body of an answer that came whole.
struct Answer {
    status: u16,
    location: String,
    body: String,
}

/// One form sent over a connection of its own, as a plain browser sends it.
fn post(address: SocketAddr, path: &str, fields: &[(String, String)]) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let body = testkit::encoded(fields);
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Sec-Fetch-Site: same-origin\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text)?;
    let text = String::from_utf8_lossy(&text).into_owned();
    let broken = || std::io::Error::other("the answer broke off");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let header = |line: &str| line.to_lowercase().strip_prefix("location: ").map(str::to_owned);
    let location = head.lines().find_map(header).unwrap_or_default();
    Ok(Answer { status, location, body: body.to_owned() })
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// The identity of the community, as the page offers it.
fn community(address: SocketAddr) -> String {
    let fields = [pair("question", "residence"), pair("residence_words", COMMUNITY), pair("search", "1")];
    let page = post(address, &format!("/apply/{ITEM}"), &fields).unwrap();
    let offered = page.body.split("name=\"residence\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1));
    let id = offered.and_then(|rest| rest.split('"').next()).unwrap_or_default();
    assert!(!id.is_empty() && id.chars().all(|digit| digit.is_ascii_digit()), "{}", page.body);
    id.to_owned()
}

/// What was sent with which key, and the number that was acknowledged.
type Acknowledged = Arc<Mutex<BTreeMap<String, String>>>;

/// A resident applies again and again. If no answer comes, she sends the same form with the same key until one does.
/// Returns how many of her requests reached the server and were cut off.
fn resident(seed: u64, address: SocketAddr, home: &str, heard: &Acknowledged, stop: &AtomicBool) -> usize {
    let person = Invented::next(&mut Seed::new(seed), "210104");
    let (mut unanswered, begun) = (0, Instant::now());
    while !stop.load(Ordering::SeqCst) {
        let key = Uuid::now_v7().to_string();
        let fields = [
            pair("question", "check"),
            pair("residence", home),
            pair("name", &person.name),
            pair("resident_id", &person.resident_id),
            pair("telephone", &person.telephone),
            pair("bank_card", &person.bank_card),
            pair("age_told", "1"),
            pair("_once", &key),
        ];
        loop {
            match post(address, &format!("/apply/{ITEM}"), &fields) {
                Ok(answer) if answer.status == 303 => {
                    let number = answer.location.strip_prefix("/receipt/").unwrap().to_owned();
                    heard.lock().unwrap().insert(key, number);
                    break;
                }
                // Too busy, and said so: nothing was promised.
                Ok(answer) if answer.status == 503 => {}
                Ok(answer) => panic!("{}: {}", answer.status, answer.body),
                Err(fault) => unanswered += usize::from(fault.kind() != ErrorKind::ConnectionRefused),
            }
            assert!(begun.elapsed() < PATIENCE * 5, "no answer for too long");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    unanswered
}

fn killed_under_load(database: Option<String>) {
    let installation = Installation::new(database);
    let mut server = installation.start();
    let address = installation.address();
    let home = community(address);
    let (heard, stop): (Acknowledged, Arc<AtomicBool>) = Default::default();
    let residents: Vec<JoinHandle<usize>> = (0..RESIDENTS)
        .map(|seed| {
            let (home, heard, stop) = (home.clone(), heard.clone(), stop.clone());
            std::thread::spawn(move || resident(seed, address, &home, &heard, &stop))
        })
        .collect();
    let mut seed = Seed::new(20);
    for round in 0..KILLS {
        let before = heard.lock().unwrap().len();
        let begun = Instant::now();
        while heard.lock().unwrap().len() < before + 5 {
            assert!(begun.elapsed() < PATIENCE, "round {round}: the server answers nobody");
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_micros(u64::try_from(seed.below(120_000)).unwrap()));
        server.kill();
        server = installation.start();
    }
    stop.store(true, Ordering::SeqCst);
    let unanswered: usize = residents.into_iter().map(|one| one.join().unwrap()).sum();
    server.kill();
    let heard = Arc::try_unwrap(heard).unwrap().into_inner().unwrap();
    eprintln!("{} acknowledged, {unanswered} requests cut off, {KILLS} kills", heard.len());
    assert!(heard.len() >= KILLS * 5 && unanswered > 0, "there was no load: {} {unanswered}", heard.len());
    found_exactly_once(&installation, &heard);
}

/// Every acknowledged request is one case, every case is a request that was sent, has events, and the chains are whole.
fn found_exactly_once(installation: &Installation, heard: &BTreeMap<String, String>) {
    let data = Data::new(Some(installation.folder.path().join("data")));
    let configuration = Configuration {
        database: installation.database.clone(),
        key_file: installation.key_file(),
        files: Some(installation.folder.path().join("files")),
        ..Configuration::default()
    };
    let opening = Opening { configuration, data, clock: lianglin::opening::system_clock() };
    let store = Store::open(&installation.database, Options::default()).unwrap();
    let city = City::open(&opening, store.clone()).unwrap();
    let now = (city.clock)();
    let mut opened = BTreeSet::new();
    for (key, number) in heard {
        let (desk, key, number) = (city.cases.clone(), key.clone(), number.clone());
        let case = store.write_blocking(move |tx| {
            let known = desk.known_number(tx, &number)?;
            let before = once::begin(tx, "cases.open", &key, ITEM, now)?;
            assert_eq!(
                before,
                Once::Again(known.case.id.0.to_string()),
                "{number}: its key opened another case, or none"
            );
            let events = desk.events(tx, &known.case)?;
            assert_eq!(i64::try_from(events.len()).unwrap(), known.case.sequence, "{number}");
            assert!(!events.is_empty(), "{number} has no events");
            Ok::<_, hall::Fault>(known.case.id)
        });
        assert!(opened.insert(case.unwrap()), "one case was acknowledged to two requests");
    }
    let mut all = BTreeSet::new();
    let mut after = Uuid::nil();
    loop {
        let page = store.read_blocking(move |tx| cases::records::page(tx, after, 500)).unwrap();
        let Some(last) = page.last() else { break };
        after = last.id;
        all.extend(page.iter().map(|folded| kernel::case::CaseId(folded.id)));
    }
    assert_eq!(all, opened, "each case belongs to one request that was sent, and the other way round");
    let key = AuditKey::new(city.vault.derive_key("store.audit"));
    let report = store::audit::verify(&store, &key, |_| {}).unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    assert!(report.streams >= u64::try_from(all.len()).unwrap(), "{} chains for {} cases", report.streams, all.len());
}

#[test]
fn killed_under_load_on_sqlite() {
    killed_under_load(None);
}

#[test]
fn killed_under_load_on_postgres() {
    if let Some(database) = testkit::postgres::fresh_database() {
        killed_under_load(Some(database));
    }
}
