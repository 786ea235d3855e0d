//! This file starts a private PostgreSQL cluster for one run, in a new folder on a free loopback port, and removes it
//! afterwards.
//!
//! A small shell stands between: it starts the server and waits for its input to end. However this program ends, its
//! end of the pipe closes, and the shell stops the server and removes the folder.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::programs;

/// A running cluster. When it is dropped, the server stops and its folder is removed.
pub struct Cluster {
    shell: Child,
    /// The address of its maintenance database, with name and password.
    pub address: String,
}

/// Starts and stops the server. Its arguments are the folder, the port, the password, and the folder of the server's
/// programs.
const SCRIPT: &str = r#"
set -eu
bin=$1 port=$2 password=$3
folder=$(mktemp -d "${TMPDIR:-/tmp}/lianglin-postgres-XXXXXX")
server=
finish() {
  [ -z "$server" ] || { kill -INT "$server" 2>/dev/null && wait "$server"; } || true
  cd / && rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
umask 077
printf '%s' "$password" > password
"$bin/initdb" --pgdata=data --username=lianglin --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync > initdb.log 2>&1 \
  || { cat initdb.log; exit 1; }
rm password
"$bin/postgres" -D data -p "$port" -k "$folder" -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off \
  -c wal_level=minimal -c max_wal_senders=0 -c max_connections=300 -c shared_buffers=128MB -c log_min_messages=fatal > server.log 2>&1 &
server=$!
for _ in $(seq 300); do
  kill -0 "$server" 2>/dev/null || { cat server.log; exit 1; }
  "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" && break
  sleep 0.1
done
echo ready
read -r _ || true
"#;

impl Cluster {
    /// Starts a cluster and waits until it answers.
    ///
    /// # Errors
    /// Says what is not installed, or what the server's programs said.
    pub fn start() -> Result<Self, String> {
        let bin =
            programs::postgres_folder().ok_or("PostgreSQL's server programs (initdb, postgres) are not installed")?;
        let port = free_port()?;
        let password = random_hex()?;
        let mut command = as_postgres()?;
        command.args(["sh", "-c", SCRIPT, "cluster"]).arg(&bin).args([port.to_string(), password.clone()]);
        command.current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let shell = command.spawn().map_err(|fault| format!("The PostgreSQL cluster cannot be started: {fault}"))?;
        let address = format!("postgres://lianglin:{password}@127.0.0.1:{port}/postgres");
        let mut cluster = Self { shell, address };
        cluster.wait()?;
        Ok(cluster)
    }

    fn wait(&mut self) -> Result<(), String> {
        let output = self.shell.stdout.take().ok_or("The cluster's shell has no output")?;
        let mut said = String::new();
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if line == "ready" {
                return Ok(());
            }
            said.push_str(&line);
            said.push('\n');
        }
        Err(format!("PostgreSQL did not start:\n{said}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        drop(self.shell.wait());
    }
}

/// Returns the shell's command. PostgreSQL refuses to run as root, and in that case the shell runs as the user
/// `postgres`.
fn as_postgres() -> Result<Command, String> {
    if !programs::is_root() {
        return Ok(Command::new("env"));
    }
    if programs::find("setpriv").is_some() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "env", "HOME=/tmp", "TMPDIR=/tmp"]);
        return Ok(command);
    }
    if programs::find("runuser").is_some() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "env", "HOME=/tmp", "TMPDIR=/tmp"]);
        return Ok(command);
    }
    Err("PostgreSQL does not run as root: install util-linux (setpriv), or run this as another user".to_owned())
}

/// Returns a port on which nobody listens at this moment.
///
/// # Errors
/// Fails if there is no loopback network.
pub fn free_port() -> Result<u16, String> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(|fault| format!("No free port on 127.0.0.1: {fault}"))
}

fn random_hex() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    let read = std::fs::File::open(PathBuf::from("/dev/urandom")).and_then(|mut file| file.read_exact(&mut bytes));
    read.map_err(|fault| format!("/dev/urandom: {fault}"))?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        if programs::postgres_folder().is_none() && std::env::var_os("LIANGLIN_REQUIRE_POSTGRES").is_none() {
            return;
        }
        let cluster = Cluster::start().unwrap();
        let port: u16 = cluster.address.rsplit(':').next().unwrap().split('/').next().unwrap().parse().unwrap();
        std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let psql = programs::postgres_folder().unwrap().join("psql");
        let answer =
            Command::new(psql).args([cluster.address.as_str(), "-Atc", "show data_directory"]).output().unwrap();
        let folder = PathBuf::from(String::from_utf8(answer.stdout).unwrap().trim().to_owned());
        assert!(folder.ends_with("data"), "{}", folder.display());
        drop(cluster);
        assert!(!folder.parent().unwrap().exists());
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
