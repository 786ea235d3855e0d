//! A wire to a PostgreSQL server that breaks in the middle of a commit: the server has stored everything, and its
//! answer is lost. So a test sees what people are told when nobody can know what was stored.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What a client sends to end a transaction, with the zero that ends each text.
const SENT: &[u8] = b"commit\0";
/// What the server answers to it.
const ANSWERED: &[u8] = b"COMMIT\0";
/// Is the port of a server whose address names none.
const PORT: &str = "5432";
/// How many bytes are carried at once.
const CHUNK: usize = 64 * 1024;

/// A wire that listens on this machine and leads to a server.
#[derive(Clone, Debug)]
pub struct Wire {
    address: String,
    /// The commit whose answer is lost, counted from the next one, or 0 for none.
    lost: Arc<AtomicUsize>,
}

impl Wire {
    /// Lays a wire to the database of an address.
    ///
    /// # Panics
    /// Panics when the address cannot be read or nothing can listen.
    pub fn to(address: &str) -> Self {
        let (end, rest) = Far::read(address).unwrap_or_else(|| panic!("{address} names no server that a wire reaches"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|fault| panic!("nothing can listen: {fault}"));
        let here = listener.local_addr().unwrap_or_else(|fault| panic!("nothing listens: {fault}"));
        let lost = Arc::new(AtomicUsize::new(0));
        let heard = Arc::clone(&lost);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (end, lost) = (end.clone(), Arc::clone(&heard));
                std::thread::spawn(move || carry(client, &end, &lost));
            }
        });
        Self { address: rest.replace(HERE, &here.to_string()), lost }
    }

    /// Returns the address at which the database is reached through the wire.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Loses the answer to the commit of that number, counted from 1 and from now on over all connections. Its
    /// connection is cut when the server has answered.
    pub fn lose(&self, commit: usize) {
        self.lost.store(commit, Ordering::SeqCst);
    }

    /// Loses nothing any more. Returns whether it had lost what it should.
    pub fn mend(&self) -> bool {
        self.lost.swap(0, Ordering::SeqCst) == 0
    }
}

/// Stands in an address where the near end of the wire belongs.
const HERE: &str = "<here>";

/// The far end of a wire: a socket of this machine, or a port.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Far {
    Socket(String),
    Port(String),
}

impl Far {
    /// Reads an address. Returns the far end, and the address with [`HERE`] in its place.
    fn read(address: &str) -> Option<(Self, String)> {
        let (scheme, rest) = address.split_once("://")?;
        let (authority, database) = rest.split_once('/')?;
        let (user, server) = authority.rsplit_once('@').map_or(("", authority), |(user, server)| (user, server));
        let (host, port) = server.rsplit_once(':').unwrap_or((server, PORT));
        let host = host.replace("%2F", "/").replace("%2f", "/");
        let at = if user.is_empty() { "" } else { "@" };
        let far = if host.starts_with('/') {
            Self::Socket(format!("{host}/.s.PGSQL.{port}"))
        } else if host.is_empty() {
            return None;
        } else {
            Self::Port(format!("{host}:{port}"))
        };
        Some((far, format!("{scheme}://{user}{at}{HERE}/{database}")))
    }

    fn connect(&self) -> io::Result<Line> {
        match self {
            Self::Socket(path) => UnixStream::connect(path).map(Line::Socket),
            Self::Port(address) => TcpStream::connect(address).map(Line::Port),
        }
    }
}

/// One side of a connection.
enum Line {
    Socket(UnixStream),
    Port(TcpStream),
}

impl Line {
    fn again(&self) -> io::Result<Self> {
        match self {
            Self::Socket(line) => line.try_clone().map(Self::Socket),
            Self::Port(line) => line.try_clone().map(Self::Port),
        }
    }

    fn cut(&self) {
        // It may be cut already.
        let _ = match self {
            Self::Socket(line) => line.shutdown(Shutdown::Both),
            Self::Port(line) => line.shutdown(Shutdown::Both),
        };
    }

    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Socket(line) => line.read(bytes),
            Self::Port(line) => line.read(bytes),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Socket(line) => line.write_all(bytes),
            Self::Port(line) => line.write_all(bytes),
        }
    }
}

/// Carries one connection until one of its ends is closed.
fn carry(client: TcpStream, end: &Far, lost: &AtomicUsize) {
    let (Ok(server), client) = (end.connect(), Line::Port(client)) else { return };
    let (Ok(mut from), Ok(mut to)) = (server.again(), client.again()) else { return };
    let cutting = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&cutting);
    let answers = std::thread::spawn(move || {
        let mut heard = Heard::default();
        passed(&mut from, &mut to, |chunk| heard.times(ANSWERED, chunk) == 0 || !told.load(Ordering::SeqCst));
        from.cut();
        to.cut();
    });
    let (mut from, mut to, mut heard) = (client, server, Heard::default());
    passed(&mut from, &mut to, |chunk| {
        for _ in 0..heard.times(SENT, chunk) {
            let left = lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left == Ok(1) {
                cutting.store(true, Ordering::SeqCst);
            }
        }
        true
    });
    from.cut();
    to.cut();
    let _ = answers.join();
}

/// Passes on what comes until nothing comes any more, or until something is kept back.
fn passed(from: &mut Line, to: &mut Line, mut goes_on: impl FnMut(&[u8]) -> bool) {
    let mut bytes = vec![0_u8; CHUNK];
    while let Ok(length) = from.read(&mut bytes) {
        let Some(chunk) = bytes.get(..length).filter(|chunk| !chunk.is_empty()) else { return };
        if !goes_on(chunk) || to.write(chunk).is_err() {
            return;
        }
    }
}

/// What was heard last: a word may come in two chunks.
#[derive(Default)]
struct Heard(Vec<u8>);

impl Heard {
    /// Counts a word in what was heard last and in this chunk.
    fn times(&mut self, word: &[u8], chunk: &[u8]) -> usize {
        self.0.extend_from_slice(chunk);
        let times = self.0.windows(word.len()).filter(|window| *window == word).count();
        let kept = self.0.len().saturating_sub(word.len() - 1);
        self.0.drain(..kept);
        times
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores;
    use store::{StoreError, Tx, args};

    #[test]
    fn an_address_names_its_far_end() {
        let socket = |path: &str| Far::Socket(path.to_owned());
        let port = |address: &str| Far::Port(address.to_owned());
        for (address, far, near) in [
            ("postgres://li@%2Ftmp%2Fpg:5433/a", socket("/tmp/pg/.s.PGSQL.5433"), "postgres://li@<here>/a"),
            ("postgres://li:x@db.test:6000/a?b=c", port("db.test:6000"), "postgres://li:x@<here>/a?b=c"),
            ("postgresql://db.test/a", port("db.test:5432"), "postgresql://<here>/a"),
        ] {
            assert_eq!(Far::read(address), Some((far, near.to_owned())), "{address}");
        }
        for odd in ["city.db", "postgres://li@db.test", "postgres:///a?host=/tmp"] {
            assert_eq!(Far::read(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_word_in_two_chunks_is_heard_once() {
        let mut heard = Heard::default();
        let times: Vec<usize> =
            [&b"com"[..], b"mit\0commit\0c", b"ommit", b"\0"].iter().map(|chunk| heard.times(SENT, chunk)).collect();
        assert_eq!(times, [0, 2, 0, 1]);
    }

    #[test]
    fn a_commit_whose_answer_is_lost_is_stored_and_not_known_to_be() {
        let Some(store) = stores::postgres() else { return };
        let table = "create table wire_mark (n bigint not null primary key)";
        store.write_blocking(move |tx| tx.exec(table, &[])).unwrap();
        let wire = Wire::to(&store.address);
        let far = store::Store::open(wire.address(), store::Options::default()).unwrap();
        let mark = |n: i64| {
            let insert = "insert into wire_mark (n) values ($1)";
            far.write_blocking(move |tx: &mut dyn Tx| tx.exec(insert, &args![n]))
        };
        assert_eq!(mark(1), Ok(1));
        wire.lose(2);
        assert_eq!(mark(2), Ok(1), "the first goes through");
        assert_eq!(mark(3), Err(StoreError::Disconnected));
        assert!(wire.mend(), "it was lost");
        let count = || {
            let counted = store.read_blocking(|tx| store::scalar::<i64>(tx, "select count(*) from wire_mark", &[]));
            counted.unwrap()
        };
        assert_eq!(count(), Some(3), "and stored");
        assert_eq!(mark(4), Ok(1), "the next connection is whole");
        wire.lose(9);
        assert!(!wire.mend());
    }
}
