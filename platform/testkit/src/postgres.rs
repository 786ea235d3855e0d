//! A private PostgreSQL for tests and measurements. It starts in a temporary folder and is gone when the process is
//! gone.
//!
//! `LIANGLIN_TEST_POSTGRES` names a running server to use instead (an address whose user may create databases). With
//! `LIANGLIN_REQUIRE_POSTGRES` it is a fault when the server programs are missing.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_mins(1);

/// This script outlives the process. It waits until the pipe to it closes, then stops the server and removes its
/// folder.
const WATCH_SERVER: &str =
    r#"trap '' INT TERM HUP; cat > /dev/null; "$1/pg_ctl" stop -D "$2/data" -m immediate -w -t 20; rm -rf "$2""#;

/// This script outlives the process. It collects names of databases until the pipe closes, then drops them.
const WATCH_DATABASES: &str = r#"trap '' INT TERM HUP; all=""; while read -r name; do all="$all $name"; done
for name in $all; do "$1" -X -q -d "$2" -c "drop database if exists $name with (force)"; done"#;

/// The server that all tests of this process share.
static SHARED: OnceLock<Option<Server>> = OnceLock::new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// Is the database of every server whose copies are empty.
const EMPTY: &str = "template0";

/// Says how long a database on a given server is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    ProcessEnds,
    ServerEnds,
}

/// Where fresh databases are made.
enum Server {
    Own(Box<Cluster>),
    Given { psql: PathBuf, address: String, watch: Mutex<ChildStdin> },
}

/// Returns the address of a new, empty database; each call makes another. Returns none, and prints the reason, when
/// this machine has no PostgreSQL server programs and nothing requires them.
///
/// # Panics
/// Panics when the server cannot be started, or when it is missing and `LIANGLIN_REQUIRE_POSTGRES` is set.
pub fn fresh_database() -> Option<String> {
    made(EMPTY, Until::ProcessEnds)
}

/// Returns the address of a new database with the content of another one, which nobody may be using.
pub(crate) fn copied_database(template: &str) -> Option<String> {
    made(template, Until::ProcessEnds)
}

/// Returns the address of a new, empty database that a given server keeps when this process ends.
pub(crate) fn lasting_database() -> Option<String> {
    made(EMPTY, Until::ServerEnds)
}

/// Says whether there is a server to test on.
pub(crate) fn is_there() -> bool {
    shared().is_some()
}

#[expect(clippy::panic, reason = "a test that cannot have its database fails, and says why")]
fn shared() -> Option<&'static Server> {
    SHARED.get_or_init(|| server().unwrap_or_else(|fault| panic!("{fault}"))).as_ref()
}

#[expect(clippy::panic, reason = "a test that cannot have its database fails, and says why")]
fn made(template: &str, until: Until) -> Option<String> {
    let made = match shared()? {
        Server::Own(cluster) => create_database(&cluster.psql(), &cluster.address(), cluster.owner, template),
        Server::Given { psql, address, watch } => create_database(psql, address, None, template).inspect(|made| {
            if until == Until::ProcessEnds {
                drop_later(watch, made);
            }
        }),
    };
    Some(made.unwrap_or_else(|fault| panic!("{fault}")))
}

fn drop_later(watch: &Mutex<ChildStdin>, made: &str) {
    let mut pipe = watch.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = writeln!(pipe, "{}", database_of(made)) {
        eprintln!("a test database will not be removed: {error}");
    }
}

fn server() -> Result<Option<Server>, String> {
    if let Ok(address) = std::env::var("LIANGLIN_TEST_POSTGRES") {
        let psql = psql();
        let watch = watch(Command::new("sh").args(["-c", WATCH_DATABASES, "sh"]).arg(&psql).arg(&address))?;
        return Ok(Some(Server::Given { psql, address, watch: Mutex::new(watch) }));
    }
    if programs().is_some() {
        return Cluster::start().map(|cluster| Some(Server::Own(Box::new(cluster))));
    }
    let reason = "no PostgreSQL server programs found (looked for initdb in `pg_config --bindir`, /usr/lib/postgresql/*/bin and \
                  PATH). Install them (Debian: postgresql), or name a server in LIANGLIN_TEST_POSTGRES";
    if std::env::var_os("LIANGLIN_REQUIRE_POSTGRES").is_some() {
        return Err(reason.to_owned());
    }
    eprintln!("PostgreSQL is left out: {reason}");
    Ok(None)
}

/// Returns the program that makes databases on a given server. Whoever has looked for it names it in
/// `LIANGLIN_TEST_PSQL`, so that not each test looks again.
fn psql() -> PathBuf {
    let named = std::env::var_os("LIANGLIN_TEST_PSQL").map(PathBuf::from);
    let found = named.or_else(|| programs().map(|folder| folder.join("psql")));
    found.unwrap_or_else(|| PathBuf::from("psql"))
}

/// Returns the folder of the server programs, of the newest version if there are several.
pub fn programs() -> Option<PathBuf> {
    let configured = Command::new("pg_config").arg("--bindir").output().ok();
    let configured = configured.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut installed: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    installed
        .sort_by_key(|path| path.parent().and_then(Path::file_name).map(|version| (version.len(), version.to_owned())));
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let candidates = configured.into_iter().chain(installed.into_iter().rev()).chain(on_path.unwrap_or_default());
    candidates.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// A private server with its own data, a unix socket and a port of this machine. It is removed when it is dropped, and
/// also when the process ends in any other way.
#[derive(Debug)]
pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    owner: Option<(u32, u32)>,
    server: Option<Child>,
    /// This pipe closes with the process. The watching shell then cleans up.
    watch: Option<ChildStdin>,
}

impl Cluster {
    /// Makes a server and waits until it answers. A fault says what to install or what the server's log says.
    pub fn start() -> Result<Self, String> {
        let programs = programs().ok_or("no PostgreSQL server programs found")?;
        let folder = tempfile::Builder::new().prefix("lianglin-pg-").tempdir_in("/tmp").map_err(text)?.keep();
        let owner = owner(&folder)?;
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).map_err(text)?;
        }
        let mut cluster = Self { programs, folder, port: 0, owner, server: None, watch: None };
        let mut shell = cluster.program(Path::new("sh"));
        shell.args(["-c", WATCH_SERVER, "sh"]).arg(&cluster.programs).arg(&cluster.folder);
        cluster.watch = Some(watch(&mut shell)?);
        cluster.initialize()?;
        cluster.start_server()?;
        Ok(cluster)
    }

    /// Prepares a program that runs with the rights of the server's owner.
    fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).process_group(0).stdin(Stdio::null());
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group).env("HOME", &self.folder);
        }
        command
    }

    /// Makes the data folder. Where the server has the sort order of a language, that is the default, so that texts
    /// that forgot `collate "C"` are found.
    fn initialize(&self) -> Result<(), String> {
        let collation = ["--locale-provider=icu", "--icu-locale=zh-CN", "--locale=C.UTF-8"];
        let first = self.initialize_with(&collation);
        if first.is_ok() {
            return first;
        }
        let _ = std::fs::remove_dir_all(self.folder.join("data"));
        self.initialize_with(&["--locale=C"])
    }

    fn initialize_with(&self, arguments: &[&str]) -> Result<(), String> {
        let mut command = self.program(&self.programs.join("initdb"));
        command.arg("-D").arg(self.folder.join("data"));
        command.args(["-U", "lianglin", "-A", "trust", "-E", "UTF8", "--no-sync"]).args(arguments);
        succeed(command.output(), "initdb")
    }

    /// Starts the server again after [`Cluster::stop_server`], on another port if the old one is taken.
    pub fn start_server(&mut self) -> Result<(), String> {
        let mut fault = String::new();
        for _ in 0..3 {
            if self.port == 0 {
                self.port = free_port()?;
            }
            match self.try_start() {
                Ok(()) => return Ok(()),
                Err(reason) => fault = reason,
            }
            self.port = 0;
        }
        Err(fault)
    }

    fn try_start(&mut self) -> Result<(), String> {
        let log = std::fs::File::create(self.folder.join("log")).map_err(text)?;
        let mut command = self.program(&self.programs.join("postgres"));
        command.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        command.args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-N", "400", "-B", "64MB"]);
        command.stdout(log.try_clone().map_err(text)?).stderr(log);
        let mut server = command.spawn().map_err(|error| format!("postgres cannot be started: {error}"))?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if server.try_wait().map_err(text)?.is_some() {
                return Err(format!("postgres ended at once: {}", self.log()));
            }
            if self.answers() {
                self.server = Some(server);
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = server.kill();
        Err(format!("postgres did not answer within {PATIENCE:?}: {}", self.log()))
    }

    fn answers(&self) -> bool {
        let mut command = self.program(&self.programs.join("pg_isready"));
        command.arg("-q").arg("-h").arg(&self.folder).args(["-p", &self.port.to_string()]);
        command.status().is_ok_and(|status| status.success())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Stops the server; its data stays. With `immediate` it stops as in a crash, otherwise it ends its sessions in
    /// order.
    pub fn stop_server(&mut self, immediate: bool) -> Result<(), String> {
        let mode = if immediate { "immediate" } else { "fast" };
        let mut command = self.program(&self.programs.join("pg_ctl"));
        command.args(["stop", "-w", "-m", mode, "-D"]).arg(self.folder.join("data"));
        let stopped = succeed(command.output(), "pg_ctl stop");
        if let Some(mut server) = self.server.take() {
            server.wait().map_err(text)?;
        }
        stopped
    }

    /// Returns the address of the administration's database, through the unix socket.
    pub fn address(&self) -> String {
        let folder = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://lianglin@{folder}:{}/postgres", self.port)
    }

    /// Makes a new, empty database and returns its address.
    pub fn create_database(&self) -> Result<String, String> {
        create_database(&self.psql(), &self.address(), self.owner, EMPTY)
    }

    fn psql(&self) -> PathBuf {
        self.programs.join("psql")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.stop_server(true);
        drop(self.watch.take());
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn create_database(psql: &Path, address: &str, owner: Option<(u32, u32)>, template: &str) -> Result<String, String> {
    // The number of a process comes again within a long run.
    let moment = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().subsec_nanos();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("lianglin_test_{}_{count}_{moment}", std::process::id());
    let mut command = Command::new(psql);
    command.current_dir("/").args([
        "-X",
        "-q",
        "-d",
        address,
        "-c",
        &format!("create database {name} template {template}"),
    ]);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    succeed(command.output(), "create database")?;
    let (start, parameters) = address.split_once('?').map_or((address, None), |(start, rest)| (start, Some(rest)));
    let (authority, _) = start.rsplit_once('/').ok_or("the address has no database")?;
    Ok(match parameters {
        Some(parameters) => format!("{authority}/{name}?{parameters}"),
        None => format!("{authority}/{name}"),
    })
}

/// Returns the name of the database that an address names.
pub(crate) fn database_of(address: &str) -> &str {
    address.split('?').next().and_then(|start| start.rsplit('/').next()).unwrap_or_default()
}

/// Says as whom the server runs. It refuses to run as root; then it runs as `postgres`, or as `nobody`.
fn owner(folder: &Path) -> Result<Option<(u32, u32)>, String> {
    if folder.metadata().map_err(text)?.uid() != 0 {
        return Ok(None);
    }
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|user| Some((identity("-u", user)?, identity("-g", user)?)))
        .map(Some)
        .ok_or_else(|| "the server does not run as root, and there is neither a user postgres nor nobody".to_owned())
}

fn identity(which: &str, user: &str) -> Option<u32> {
    let output = Command::new("id").args([which, user]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(text)?;
    Ok(listener.local_addr().map_err(text)?.port())
}

fn watch(command: &mut Command) -> Result<ChildStdin, String> {
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| format!("the watching shell cannot be started: {error}"))?;
    child.stdin.ok_or_else(|| "the watching shell has no input".to_owned())
}

fn succeed(output: std::io::Result<Output>, what: &str) -> Result<(), String> {
    let output = output.map_err(|error| format!("{what}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{what} failed: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn text(error: std::io::Error) -> String {
    error.to_string()
}
