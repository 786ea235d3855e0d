//! This file is the flood: many connections that do the same dear thing as fast as they are let.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;

use crate::counter::http::wait;

/// The body of a form that carries a file, in bytes: a little under the largest that is let in.
const UPLOAD: usize = 15 * 1024 * 1024;
/// A connection that was closed or refused tries again after this time.
const AGAIN: Duration = Duration::from_millis(50);

/// The address from which the flood comes: another than that of the guest, as in life.
const FROM: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 9);

/// What a flood does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Wrong passwords, from 64 connections.
    SignIn,
    /// A whole city's table of places as a workbook, from 8 connections of one person of staff.
    Exports,
    /// Forms of 15 MiB by nobody, from 20 connections.
    Multipart,
    /// Heads of requests that never end, on 2,000 connections.
    Heads,
    /// A published page, from 2,000 connections.
    Connections,
}

/// What the process of a flood is told.
#[derive(clap::Args, Clone)]
pub struct FloodingArguments {
    /// What it does.
    pub kind: Kind,
    /// The port of the server.
    #[arg(long)]
    pub port: u16,
    /// How long.
    #[arg(long)]
    pub seconds: u64,
    /// The session of whoever floods, where somebody must be signed in.
    #[arg(long)]
    pub cookie: String,
}

impl Kind {
    /// Every flood.
    pub const ALL: [Self; 5] = [Self::SignIn, Self::Exports, Self::Multipart, Self::Heads, Self::Connections];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Exports => "exports",
            Self::Multipart => "multipart",
            Self::Heads => "heads",
            Self::Connections => "connections",
        }
    }

    const fn connections(self) -> usize {
        match self {
            Self::SignIn => 64,
            Self::Exports => 8,
            Self::Multipart => 20,
            Self::Heads | Self::Connections => 2_000,
        }
    }

    /// The bytes of one request.
    fn request(self, number: usize, cookie: &str) -> Vec<u8> {
        let common = "host: 127.0.0.1\r\nsec-fetch-site: same-origin\r\naccept-language: zh-CN\r\n";
        match self {
            Self::SignIn => {
                let form = format!("login=nobody{number}&password=wrong-password-{number}");
                let kind = "content-type: application/x-www-form-urlencoded";
                format!("POST /sign-in HTTP/1.1\r\n{common}{kind}\r\ncontent-length: {}\r\n\r\n{form}", form.len())
                    .into_bytes()
            }
            Self::Exports => {
                format!("GET /places/1?format=xlsx HTTP/1.1\r\n{common}cookie: {cookie}\r\n\r\n").into_bytes()
            }
            Self::Multipart => {
                let part = "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
                let kind = "content-type: multipart/form-data; boundary=edge";
                let head = format!(
                    "POST /follow/210102-2026-0000001-6/papers HTTP/1.1\r\n{common}{kind}\r\ncontent-length: {UPLOAD}\r\n\r\n{part}"
                );
                let length = head.len() + UPLOAD - part.len();
                let mut bytes = head.into_bytes();
                bytes.resize(length, b'x');
                bytes
            }
            Self::Heads => b"GET /queue HTTP/1.1\r\nhost: 127.0.0.1\r\nx-more: ".to_vec(),
            Self::Connections => format!("GET /items HTTP/1.1\r\n{common}\r\n").into_bytes(),
        }
    }
}

/// Floods a server of this machine until the time is over, and prints the answers.
pub fn run(arguments: &FloodingArguments) -> Result<(), String> {
    let until = Instant::now() + Duration::from_secs(arguments.seconds);
    let answers = wait(async {
        let task = |number: usize| {
            let bytes = arguments.kind.request(number, &arguments.cookie);
            tokio::spawn(connection(arguments.port, bytes, until))
        };
        let tasks: Vec<_> = (0..arguments.kind.connections()).map(task).collect();
        let mut answers = BTreeMap::new();
        for task in tasks {
            for (answer, count) in task.await.map_err(std::io::Error::other)? {
                *answers.entry(answer).or_insert(0_u64) += count;
            }
        }
        Ok(answers)
    })?;
    let told: Vec<String> = answers.iter().map(|(answer, count)| format!("{count} × {answer}")).collect();
    println!("{}", told.join(", "));
    Ok(())
}

/// Sends the same bytes again and again, on a new connection whenever the old one was closed. Returns how many answers
/// of each status came.
async fn connection(port: u16, bytes: Vec<u8>, until: Instant) -> BTreeMap<String, u64> {
    let mut answers = BTreeMap::new();
    while Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now());
        let spoken = tokio::time::timeout(left, speak(port, &bytes, &mut answers)).await;
        if matches!(spoken, Ok(Err(_))) {
            *answers.entry("closed".to_owned()).or_insert(0) += 1;
            tokio::time::sleep(AGAIN).await;
        }
    }
    answers
}

/// Speaks on one connection until the server closes it.
async fn speak(port: u16, bytes: &[u8], answers: &mut BTreeMap<String, u64>) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((FROM, 0).into())?;
    let (mut reading, mut writing) = socket.connect((Ipv4Addr::LOCALHOST, port).into()).await?.into_split();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        // An answer may come before everything was sent; it is then the last one of the connection.
        let mut head = Vec::new();
        let sent = tokio::select! {
            sent = writing.write_all(bytes) => sent,
            read = read_head(&mut reading, &mut head, &mut buffer) => read.map(drop),
        };
        sent?;
        let rest = read_head(&mut reading, &mut head, &mut buffer).await?;
        let status = std::str::from_utf8(head.get(9..12).unwrap_or_default()).unwrap_or("odd").to_owned();
        *answers.entry(status).or_insert(0) += 1;
        skip_body(&mut reading, &head, rest, &mut buffer).await?;
    }
}

/// Reads up to the end of a head, which may have been read already. Returns how many bytes of the body came with it.
async fn read_head(
    reading: &mut (impl AsyncReadExt + Unpin),
    head: &mut Vec<u8>,
    buffer: &mut [u8],
) -> std::io::Result<usize> {
    loop {
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            return Ok(head.len() - end - 4);
        }
        let read = reading.read(buffer).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
}

/// Reads the rest of an answer's body and forgets it.
async fn skip_body(
    reading: &mut (impl AsyncReadExt + Unpin),
    head: &[u8],
    mut have: usize,
    buffer: &mut [u8],
) -> std::io::Result<()> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    if text.contains("transfer-encoding: chunked") {
        let mut last = head.to_vec();
        while !last.ends_with(b"\r\n0\r\n\r\n") {
            let read = reading.read(buffer).await?;
            if read == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            last.extend_from_slice(buffer.get(..read).unwrap_or_default());
            let surplus = last.len().saturating_sub(16);
            last.drain(..surplus);
        }
        return Ok(());
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    while have < length.unwrap_or_default() {
        let read = reading.read(buffer).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        have += read;
    }
    Ok(())
}
