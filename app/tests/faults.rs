//! What an operator and the machine do wrong: a mistyped database, a second server, a key that is not there, and a
//! server that is told to stop while a client holds it up. The real binary, the real disk; requests go to this machine
//! alone.

#![expect(clippy::unwrap_used, reason = "whatever fails here fails the test at once")]

mod data_folder;

use jobs::NewJob;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};
use store::{Options, Store, StoreError};
use vault::{MasterKeys, NewRecord, Person, PersonField, Vault};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An installation in a folder of its own. Its server stops within two seconds.
struct Installation {
    folder: tempfile::TempDir,
}

impl Installation {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        data_folder::copy_into(&folder.path().join("data"));
        std::fs::write(folder.path().join("lianglin.toml"), "data = \"data\"\nstop_seconds = 2\n").unwrap();
        let made = Self { folder };
        let ended = made.says(&["init"]);
        assert!(ended.status.success(), "{}", told(&ended));
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lianglin"));
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    fn says(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the server and waits until it says where it serves.
    fn start(&self) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap_or_default().to_owned();
        assert!(line.contains("serves at"), "{line}");
        Server { child, address, _said: said }
    }
}

/// A running server; killed at the end whatever happens.
struct Server {
    child: Child,
    address: String,
    _said: BufReader<ChildStdout>,
}

impl Server {
    /// A client that sends something and does not go on.
    fn sends(&self, text: &str) -> TcpStream {
        let mut client = TcpStream::connect(&self.address).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        client.write_all(text.as_bytes()).unwrap();
        client
    }

    fn answers(&self) -> String {
        let mut text = String::new();
        let request = "GET /robots.txt HTTP/1.1\r\nhost: city\r\nconnection: close\r\n\r\n";
        self.sends(request).read_to_string(&mut text).unwrap();
        text
    }

    fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until the server has ended, and returns how long that took.
    fn ends(&mut self) -> Duration {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return begun.elapsed();
            }
            assert!(begun.elapsed() < PATIENCE, "the server does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_an_operator_gets_wrong_is_told_and_a_server_stops_in_time() {
    let installation = Installation::new();
    mistyped(&installation);
    doctor_looks(&installation);
    another_key(&installation);
    unusable(&installation);
    exposed(&installation);
    behind(&installation);
    ahead(&installation);
    second_server(&installation);
    stopped(&installation);
}

fn mistyped(installation: &Installation) {
    for arguments in [
        &["backup", "safe.backup"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["doctor"],
        &["migrate"],
        &["account", "password", "wang"],
        &["audit", "verify"],
        &["key", "list"],
    ] {
        let said = installation.says(&[arguments, &["--database", "mistyped.db"]].concat());
        assert!(!said.status.success(), "{arguments:?}");
        assert!(told(&said).contains("there is no database at mistyped.db"), "{arguments:?}: {}", told(&said));
        for left in ["mistyped.db", "mistyped.db.lock", "mistyped.db-wal", "safe.backup"] {
            assert!(!installation.path(left).exists(), "{arguments:?} left {left}");
        }
    }
}

fn doctor_looks(installation: &Installation) {
    let sound = installation.says(&["doctor", "--all"]);
    assert!(told(&sound).contains("ok    master key and database"), "{}", told(&sound));
    for look in ["jobs", "clock", "settings", "papers", "disk of the database", "open cases", "words of cases"] {
        assert!(told(&sound).contains(&format!(" {look}: ")), "{look}: {}", told(&sound));
    }
    let unreadable = installation.says(&["doctor", "--key-file", "none.key"]);
    assert!(told(&unreadable).contains("WRONG master key"), "{}", told(&unreadable));
}

/// What another key sealed is told as such, not as data that somebody altered.
fn another_key(installation: &Installation) {
    let vault = Vault::new(MasterKeys::from_file(&installation.path("lianglin.key")).unwrap());
    let person = Person::new().with(PersonField::Telephone, "13800130412");
    let (id, at) = (uuid::Uuid::now_v7(), kernel::time::Instant::from_micros(1_795_572_000_000_000));
    let (district, purpose) = (kernel::place::PlaceId(1), "test".to_owned());
    let record = NewRecord { id, district, person, purpose, retain_until: None, at };
    let store = beside(installation, "lianglin.db");
    store.write_blocking(move |tx| vault.seal(tx, &record)).unwrap();
    store.close();
    let sound = installation.says(&["doctor"]);
    assert!(told(&sound).contains("ok    master key and database"), "{}", told(&sound));
    MasterKeys::generate().unwrap().write_file(&installation.path("other.key")).unwrap();
    let said = installation.says(&["doctor", "--key-file", "other.key"]);
    assert!(!said.status.success());
    assert!(told(&said).contains("WRONG master key and database"), "{}", told(&said));
    assert!(told(&said).contains("does not belong to this database"), "{}", told(&said));
    assert!(!told(&said).contains("altered"), "{}", told(&said));
}

/// Opens a database as a command that runs beside a server does.
fn beside(installation: &Installation, name: &str) -> Store {
    let options = Options { exclusive: false, create: false, ..Options::default() };
    Store::open(&installation.path(name).display().to_string(), options).unwrap()
}

/// A setting that `serve` refuses is told by `doctor` in the same words.
fn unusable(installation: &Installation) {
    let good = std::fs::read_to_string(installation.path("lianglin.toml")).unwrap();
    let bad = format!("{good}listen = \"nowhere\"\npublic_url = \"ftp://city.test\"\n");
    std::fs::write(installation.path("lianglin.toml"), bad).unwrap();
    let (served, looked) = (installation.says(&["serve"]), installation.says(&["doctor"]));
    assert!(!served.status.success() && !looked.status.success());
    assert!(told(&looked).contains("WRONG settings"), "{}", told(&looked));
    for said in [&served, &looked] {
        assert!(told(said).contains("public_url"), "{}", told(said));
    }
    std::fs::write(installation.path("lianglin.toml"), good).unwrap();
}

/// Secrets that others on this machine can read stop the start, in the file of settings as in that of the key.
fn exposed(installation: &Installation) {
    let (settings, key) = (installation.path("lianglin.toml"), installation.path("lianglin.key"));
    let mode = |file: &PathBuf, mode: u32| std::fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
    let good = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{good}check_key = \"hunter2\"\n")).unwrap();
    mode(&settings, 0o644);
    mode(&key, 0o644);
    let (served, looked) = (installation.says(&["serve"]), installation.says(&["doctor"]));
    assert!(!served.status.success() && !looked.status.success());
    for said in [&served, &looked] {
        assert!(told(said).contains("chmod o-rwx lianglin.toml"), "{}", told(said));
        assert!(!told(said).contains("hunter2"), "{}", told(said));
    }
    assert!(told(&looked).contains("WRONG master key: "), "{}", told(&looked));
    mode(&settings, 0o640);
    let served = installation.says(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(!served.status.success() && told(&served).contains("chmod 600"), "{}", told(&served));
    mode(&key, 0o600);
    let sound = installation.says(&["doctor"]);
    assert!(told(&sound).contains("ok    settings: "), "{}", told(&sound));
    std::fs::write(&settings, good).unwrap();
}

/// A database that an upgrade has not reached is told with what to run.
fn behind(installation: &Installation) {
    std::fs::copy(installation.path("lianglin.db"), installation.path("behind.db")).unwrap();
    let store = beside(installation, "behind.db");
    let newest = "delete from store_migration where position = (select max(position) from store_migration)";
    let removed: Result<u64, StoreError> = store.write_blocking(move |tx| tx.exec(newest, &[]));
    assert_eq!(removed, Ok(1));
    store.close();
    let said = installation.says(&["doctor", "--database", "behind.db"]);
    assert!(!said.status.success());
    assert!(told(&said).contains("1 steps behind this binary. Run: lianglin migrate"), "{}", told(&said));
}

/// A clock that was two days ahead is told, by what was written then and by a job that it put off.
fn ahead(installation: &Installation) {
    std::fs::copy(installation.path("lianglin.db"), installation.path("ahead.db")).unwrap();
    let later = lianglin::opening::system_clock()().plus_days(2);
    let job = NewJob::new("app.forget", "ahead", serde_json::Value::Null, later);
    let store = beside(installation, "ahead.db");
    let written: Result<u64, StoreError> = store.write_blocking(move |tx| {
        jobs::enqueue(tx, &job)?;
        let newest = "update store_event set at = $1 where at = (select max(at) from store_event)";
        tx.exec(newest, &store::args![later])
    });
    assert!(written.is_ok_and(|events| events > 0));
    store.close();
    let said = installation.says(&["doctor", "--database", "ahead.db"]);
    assert!(!said.status.success());
    assert!(told(&said).contains("WRONG clock: the newest event is of"), "{}", told(&said));
    assert!(told(&said).contains("WRONG jobs: jobs wait far in the future (1 of app.forget"), "{}", told(&said));
}

fn second_server(installation: &Installation) {
    let server = installation.start();
    std::os::unix::fs::symlink(installation.path("lianglin.db"), installation.path("link.db")).unwrap();
    std::fs::hard_link(installation.path("lianglin.db"), installation.path("other.db")).unwrap();
    std::fs::remove_file(installation.path("lianglin.db.lock")).unwrap();
    for name in ["link.db", "other.db", "lianglin.db"] {
        let said = installation.says(&["serve", "--listen", "127.0.0.1:0", "--database", name]);
        assert!(!said.status.success() && told(&said).contains("another server runs"), "{name}: {}", told(&said));
    }
    let said = installation.says(&["backup", "safe.backup", "--database", "other.db"]);
    assert!(!said.status.success() && told(&said).contains("hard links"), "{}", told(&said));
    std::fs::remove_file(installation.path("other.db")).unwrap();
    assert!(server.answers().starts_with("HTTP/1.1 200"), "the first goes on");
}

fn stopped(installation: &Installation) {
    let mut server = installation.start();
    let half = server.sends("GET / HTTP/1.1\r\nhost: ci");
    assert!(server.answers().starts_with("HTTP/1.1 200"));
    server.terminate();
    let took = server.ends();
    assert!(took < Duration::from_secs(20), "half a head held it up for {took:?}");
    drop(half);

    std::fs::write(installation.path("lianglin.toml"), "data = \"data\"\nstop_seconds = 600\n").unwrap();
    let mut server = installation.start();
    let half = server.sends("GET / HTTP/1.1\r\nhost: ci");
    assert!(server.answers().starts_with("HTTP/1.1 200"));
    server.terminate();
    std::thread::sleep(Duration::from_millis(300));
    server.terminate();
    let took = server.ends();
    assert!(took < Duration::from_secs(8), "the second signal ends it, not the patience with a head: {took:?}");
    drop(half);
}
