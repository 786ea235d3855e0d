//! One running `lianglin-print`, and the thread that talks with it.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::PressError;

/// The longest answer that is read, in bytes.
const LONGEST_ANSWER: u32 = 64 * 1024 * 1024;

/// The first byte of an answer that is a PDF, and of an answer that is a refusal.
const LAID_OUT: u8 = 0;
const REFUSED: u8 = 1;

/// How the program is started.
pub struct Orders {
    /// The absolute path of the program.
    pub program: PathBuf,
    fonts: Vec<PathBuf>,
    memory_mb: u64,
}

impl Orders {
    /// Makes orders whose paths hold in whatever folder the program starts.
    pub fn new(program: PathBuf, fonts: Vec<PathBuf>, memory_mb: u64) -> Self {
        Self { program: whole(program), fonts: fonts.into_iter().map(whole).collect(), memory_mb }
    }
}

fn whole(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

/// A process. Dropping it ends the process and waits for its end, so that nothing of it remains.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have ended by itself, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running program. Dropping it ends the process.
pub struct Worker {
    _process: Process,
    requests: Sender<Vec<u8>>,
    answers: Receiver<io::Result<Vec<u8>>>,
}

impl Worker {
    /// Starts the program with an empty environment, because the server's environment may hold keys. It gets no error
    /// stream, because what a fault writes there may quote a letter.
    ///
    /// # Errors
    /// Fails with `NotInstalled` when it cannot be started, and with `Died` when the operating system gives no thread.
    pub fn start(orders: &Orders) -> Result<Self, PressError> {
        let mut command = Command::new(&orders.program);
        for folder in &orders.fonts {
            command.arg("--fonts").arg(folder);
        }
        command.arg("--memory-mb").arg(orders.memory_mb.to_string());
        command.env_clear().current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = Process(command.spawn().map_err(|_| PressError::NotInstalled)?);
        let (Some(input), Some(output)) = (process.0.stdin.take(), process.0.stdout.take()) else {
            return Err(PressError::Died);
        };
        let (requests, asked) = channel();
        let (answered, answers) = channel();
        std::thread::Builder::new()
            .name("press".to_owned())
            .spawn(move || talk(input, output, &asked, &answered))
            .map_err(|_| PressError::Died)?;
        Ok(Self { _process: process, requests, answers })
    }

    /// Has one letter laid out. After any error but `Refused` the worker is out of step and must be dropped.
    ///
    /// # Errors
    /// Fails with `TimedOut`, `Died` or `Refused`.
    pub fn ask(&self, request: &[u8], patience: Duration) -> Result<Vec<u8>, PressError> {
        self.requests.send(request.to_vec()).map_err(|_| PressError::Died)?;
        match self.answers.recv_timeout(patience) {
            Ok(Ok(answer)) => judge(&answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(PressError::Died),
            Err(RecvTimeoutError::Timeout) => Err(PressError::TimedOut),
        }
    }
}

/// Carries requests to the program and answers back, until either side is gone.
fn talk(
    mut input: ChildStdin,
    mut output: ChildStdout,
    requests: &Receiver<Vec<u8>>,
    answers: &Sender<io::Result<Vec<u8>>>,
) {
    for request in requests {
        let answer = exchange(&mut input, &mut output, &request);
        let broken = answer.is_err();
        if answers.send(answer).is_err() || broken {
            return;
        }
    }
}

/// Sends a frame and reads one: four bytes of length, big-endian, then that many bytes.
fn exchange(input: &mut impl Write, output: &mut impl Read, request: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(request.len()).map_err(io::Error::other)?;
    input.write_all(&length.to_be_bytes())?;
    input.write_all(request)?;
    input.flush()?;
    let mut head = [0; 4];
    output.read_exact(&mut head)?;
    let length = u32::from_be_bytes(head);
    if length > LONGEST_ANSWER {
        return Err(io::Error::other("the answer is too long"));
    }
    let mut answer = Vec::new();
    output.by_ref().take(u64::from(length)).read_to_end(&mut answer)?;
    if u32::try_from(answer.len()) == Ok(length) { Ok(answer) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn judge(answer: &[u8]) -> Result<Vec<u8>, PressError> {
    match answer.split_first() {
        Some((&LAID_OUT, pdf)) => Ok(pdf.to_vec()),
        Some((&REFUSED, json)) => Err(PressError::read(json)),
        _ => Err(PressError::Died),
    }
}
