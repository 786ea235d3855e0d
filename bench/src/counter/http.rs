//! This is as much of a browser as a measurement needs: a connection that stays open, a cookie, forms, and redirects
//! that it sees and does not follow.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::text;
use crate::figures::Latencies;

/// Limits the bytes of an answer. A larger one is not from our server.
const LARGEST: usize = 16 * 1024 * 1024;

/// Says for how long a connection that asks nothing is taken to be open still. The server closes it after ten seconds.
const RESTS: Duration = Duration::from_secs(5);

/// Holds what is asked.
pub struct Request {
    /// The path and the query.
    pub path: String,
    /// The form to send. Without a form the request is a GET.
    pub form: Option<String>,
    /// A function that says whether an answer is right.
    pub good: fn(&Answer) -> bool,
}

/// Returns the next request, or nothing if there is none left.
pub type Next = Arc<dyn Fn() -> Option<Request> + Send + Sync>;

/// Holds what came back.
#[derive(Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The address to which it redirects.
    pub location: String,
    /// The cookies that it sets, in the form in which they are sent back.
    pub cookies: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Returns the body as words.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Holds one connection.
pub struct Browser {
    stream: TcpStream,
    cookie: String,
    packed: bool,
    buffer: Vec<u8>,
    /// When it was last answered.
    answered: Instant,
}

impl Browser {
    /// Connects to a port of this machine.
    pub async fn connect(port: u16, cookie: &str) -> std::io::Result<Self> {
        Self::connect_from(port, cookie, Ipv4Addr::LOCALHOST).await
    }

    /// Connects to a port of this machine from one of its addresses.
    pub async fn connect_from(port: u16, cookie: &str, from: Ipv4Addr) -> std::io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind((from, 0).into())?;
        let stream = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await?;
        stream.set_nodelay(true)?;
        let buffer = Vec::with_capacity(64 * 1024);
        Ok(Self { stream, cookie: cookie.to_owned(), packed: false, buffer, answered: Instant::now() })
    }

    /// Says whether the connection is used so often that the server keeps it open.
    pub fn is_fresh(&self) -> bool {
        self.answered.elapsed() < RESTS
    }

    /// Takes answers packed with gzip from now on, as browsers do. It does not unpack them.
    pub fn packed(self) -> Self {
        Self { packed: true, ..self }
    }

    /// Asks and reads the whole answer.
    pub async fn ask(&mut self, path: &str, form: Option<&str>) -> std::io::Result<Answer> {
        let cookie = if self.cookie.is_empty() { String::new() } else { format!("cookie: {}\r\n", self.cookie) };
        let packed = if self.packed { "accept-encoding: gzip\r\n" } else { "" };
        let common =
            format!("host: 127.0.0.1\r\nsec-fetch-site: same-origin\r\naccept-language: zh-CN\r\n{packed}{cookie}");
        let request = match form {
            None => format!("GET {path} HTTP/1.1\r\n{common}\r\n"),
            Some(form) => format!(
                "POST {path} HTTP/1.1\r\n{common}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
                form.len()
            ),
        };
        self.stream.write_all(request.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> std::io::Result<Answer> {
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 || self.buffer.len() > LARGEST {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let (head, body) = self.buffer.split_at(end + 4);
            let head = String::from_utf8_lossy(head).into_owned();
            if let Some(body) = whole(&head, body) {
                self.answered = Instant::now();
                return Ok(read(&head, body));
            }
        }
    }
}

fn headers<'h>(head: &'h str, wanted: &'h str) -> impl Iterator<Item = &'h str> {
    head.lines().filter_map(move |line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case(wanted).then(|| value.trim())
    })
}

/// Returns the body once all of it is there.
fn whole(head: &str, body: &[u8]) -> Option<Vec<u8>> {
    if headers(head, "transfer-encoding").any(|value| value.eq_ignore_ascii_case("chunked")) {
        return unchunked(body);
    }
    let length = headers(head, "content-length").next().and_then(|value| value.parse::<usize>().ok());
    let length = length.unwrap_or_default();
    body.get(..length).map(<[u8]>::to_vec)
}

/// Joins chunks. Returns nothing until the last one is there.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        let chunk = rest.get(end + 2..end + 2 + size)?;
        rest.get(end + 2 + size..end + 4 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..)?;
    }
}

fn read(head: &str, body: Vec<u8>) -> Answer {
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    let cookie = |line: &str| line.split(';').next().unwrap_or_default().trim().to_owned();
    Answer {
        status,
        location: headers(head, "location").next().unwrap_or_default().to_owned(),
        cookies: headers(head, "set-cookie").map(cookie).collect(),
        body,
    }
}

/// Runs something that waits, on this thread.
pub fn wait<T>(work: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
    runtime.block_on(work).map_err(text)
}

/// Sends requests on a connection for each cookie until the time is over or there are none left. Returns the latencies
/// and how long it took.
pub fn load(port: u16, cookies: &[String], next: &Next, time: Duration) -> Result<(Latencies, Duration), String> {
    let begun = Instant::now();
    let (until, cookies, next) = (begun + time, cookies.to_vec(), next.clone());
    let latencies = wait(async move {
        let tasks: Vec<_> =
            cookies.into_iter().map(|cookie| tokio::spawn(connection(port, cookie, next.clone(), until))).collect();
        let mut all = Latencies::default();
        for task in tasks {
            all.merge(task.await.map_err(std::io::Error::other)??);
        }
        Ok(all)
    })?;
    Ok((latencies, begun.elapsed()))
}

async fn connection(port: u16, cookie: String, next: Next, until: Instant) -> std::io::Result<Latencies> {
    let mut browser = Browser::connect(port, &cookie).await?;
    let mut latencies = Latencies::default();
    while Instant::now() < until {
        let Some(request) = next() else { break };
        let begun = Instant::now();
        let answer = browser.ask(&request.path, request.form.as_deref()).await?;
        latencies.add(begun.elapsed(), (request.good)(&answer));
    }
    Ok(latencies)
}

/// Signs in that many times. Returns a cookie for each.
pub fn sign_in(port: u16, login: &str, password: &str, times: usize) -> Result<Vec<String>, String> {
    let fields = [("login".to_owned(), login.to_owned()), ("password".to_owned(), password.to_owned())];
    let form = testkit::encoded(&fields);
    (0..times)
        .map(|_| {
            let answer = wait(async { Browser::connect(port, "").await?.ask("/sign-in", Some(&form)).await })?;
            if answer.status != 303 || answer.cookies.is_empty() {
                return Err(format!("{login} cannot sign in: {}", answer.status));
            }
            Ok(answer.cookies.join("; "))
        })
        .collect()
}
