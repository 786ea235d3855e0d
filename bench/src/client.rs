//! This file makes the load: connections that stay open and send one request after another, as `wrk` does.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::figures::Latencies;

/// Says where requests go: a path at a port of this machine.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The port.
    pub port: u16,
    /// The path.
    pub path: &'static str,
}

/// Sends requests to a target. It uses a number of connections on one thread, for a time.
pub fn load(target: Target, connections: usize, time: Duration) -> Result<Latencies, String> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let until = Instant::now() + time;
    runtime.block_on(async {
        let tasks: Vec<_> = (0..connections).map(|number| tokio::spawn(connection(target, number, until))).collect();
        let mut all = Latencies::default();
        for task in tasks {
            let latencies = task.await.map_err(|error| error.to_string())?;
            all.merge(latencies.map_err(|error| error.to_string())?);
        }
        Ok(all)
    })
}

async fn connection(target: Target, number: usize, until: Instant) -> std::io::Result<Latencies> {
    let Target { port, path } = target;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.set_nodelay(true)?;
    let mut latencies = Latencies::default();
    let mut community = number;
    let mut buffer = Vec::with_capacity(1024);
    while Instant::now() < until {
        community = (community * 31 + 7) % 931;
        let body = format!("{{\"community\":{community},\"title\":\"老年人优待证申请\"}}");
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let begun = Instant::now();
        stream.write_all(request.as_bytes()).await?;
        let created = answer(&mut stream, &mut buffer).await?;
        latencies.add(begun.elapsed(), created);
    }
    Ok(latencies)
}

/// Reads one answer. Returns whether it is 201.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(buffer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or_default() {
            return Ok(head.starts_with("HTTP/1.1 201"));
        }
    }
}
