//! This file runs a list of steps one after the other, and some beside others. It shows which step runs and since when,
//! keeps its log, and adds up the tests' results.

use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::tally::Tally;

/// Says how often a running step prints a line where lines cannot be redrawn.
const PLAIN_EVERY: Duration = Duration::from_secs(30);
/// Says how often a step is redrawn on a terminal.
const REDRAW_EVERY: Duration = Duration::from_millis(250);
/// Limits the lines of a failed step's log that are shown.
const SHOWN_LINES: usize = 400;

/// Is the beginning of a line with what a test measured. These lines are shown at the end, beside the results.
const MEASURED: &str = "measured: ";
/// Is the beginning of a line about a test that passed. A failed step does not show these lines.
const PASSED: &str = "PASS [";

/// Says how a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    Skipped,
}

struct Done {
    name: String,
    took: Duration,
    end: End,
}

/// Says whether a program ended well, and what it said.
type Ended = Result<(bool, Vec<String>), String>;

/// Is a program that is to run as a step.
pub struct Program {
    pub name: &'static str,
    pub command: Command,
    /// Says that its output tells how many tests passed.
    pub is_test: bool,
}

/// Is a program that has run.
struct Ran {
    name: &'static str,
    is_test: bool,
    took: Duration,
    ended: Ended,
}

/// Holds programs that run one after the other, beside the steps that come meanwhile.
pub struct Beside(JoinHandle<Vec<Ran>>);

impl Beside {
    /// Starts programs that run one after the other beside the steps that come next. They get what those leave of the
    /// processor.
    #[must_use]
    pub fn begin(programs: Vec<Program>) -> Self {
        for program in &programs {
            println!("  begin {}, beside what comes next", program.name);
        }
        Self(std::thread::spawn(move || {
            let run = |Program { name, command, is_test }| {
                let started = Instant::now();
                let ended = run_to_end(patient(&command), |_| ());
                Ran { name, is_test, took: started.elapsed(), ended }
            };
            programs.into_iter().map(run).collect()
        }))
    }
}

/// Holds the list of steps while they run.
pub struct Steps {
    started: Instant,
    done: Vec<Done>,
    tally: Tally,
    /// What the last program said.
    said: Vec<String>,
    /// What the last program of tests counted.
    counted: Tally,
    closing: Vec<String>,
    logs: PathBuf,
    terminal: bool,
}

impl Steps {
    /// Makes an empty list. The logs of the steps go into the folder.
    #[must_use]
    pub fn new(logs: &Path) -> Self {
        let terminal = std::io::stdout().is_terminal() && std::env::var_os("CI").is_none();
        let (tally, logs) = (Tally::default(), logs.to_owned());
        let (said, counted, closing) = (Vec::new(), Tally::default(), Vec::new());
        Self { started: Instant::now(), done: Vec::new(), tally, said, counted, closing, logs, terminal }
    }

    /// Runs a program as a step. If it fails, it shows its log, and the list goes on.
    pub fn run(&mut self, name: &str, command: Command) -> bool {
        self.program(name, command, false)
    }

    /// Runs a program whose output tells how many tests passed.
    pub fn run_tests(&mut self, name: &str, command: Command) -> bool {
        self.program(name, command, true)
    }

    /// Does something short as a step, and shows beside its name what it says.
    pub fn call(&mut self, name: &str, work: impl FnOnce() -> Result<String, String>) -> bool {
        let started = Instant::now();
        self.announce(name);
        let (end, said) = match work() {
            Ok(said) => (End::Passed, said),
            Err(said) => {
                println!("{said}");
                (End::Failed, String::new())
            }
        };
        self.finish(name, started.elapsed(), end, &said)
    }

    /// Returns the lines that the last program said.
    #[must_use]
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// Returns what the last program of tests counted.
    #[must_use]
    pub fn counted(&self) -> &Tally {
        &self.counted
    }

    /// Counts tests that passed in an earlier run and whose sources are still the same.
    pub fn count(&mut self, earlier: &Tally) {
        self.tally.add(earlier);
    }

    /// Shows a line at the end, beside what the test runners said.
    pub fn note(&mut self, line: String) {
        self.closing.push(line);
    }

    /// Notes a step that cannot be done because an earlier one failed.
    pub fn skip(&mut self, name: &str, why: &str) {
        self.finish(name, Duration::ZERO, End::Skipped, why);
    }

    /// Waits for programs that run beside, and says how each ended.
    pub fn end(&mut self, beside: Beside) -> bool {
        let (started, mut shown) = (Instant::now(), Instant::now());
        while !beside.0.is_finished() {
            std::thread::sleep(REDRAW_EVERY);
            self.alive_now_and_then("what runs beside", started, &mut shown, "");
        }
        let Ok(ran) = beside.0.join() else {
            return self.finish("what runs beside", started.elapsed(), End::Failed, "it broke off");
        };
        let passed = ran.into_iter().map(|step| self.conclude(step.name, step.took, step.ended, step.is_test));
        passed.filter(|passed| !passed).count() == 0
    }

    fn program(&mut self, name: &str, command: Command, is_test: bool) -> bool {
        let started = Instant::now();
        self.announce(name);
        let mut shown = Instant::now();
        let ended = run_to_end(command, |last| self.alive_now_and_then(name, started, &mut shown, last));
        self.conclude(name, started.elapsed(), ended, is_test)
    }

    fn conclude(&mut self, name: &str, took: Duration, ended: Ended, is_test: bool) -> bool {
        let (passed, lines) = ended.unwrap_or_else(|fault| (false, vec![fault]));
        self.keep(name, &lines);
        let mut found = Tally::default();
        let closing: Vec<&String> =
            lines.iter().filter(|line| is_test && (found.read(line) || line.contains(MEASURED))).collect();
        self.closing.extend(closing.into_iter().map(|line| format!("{name}: {}", line.trim())));
        self.tally.add(&found);
        if !passed {
            self.show(name, &lines);
        }
        let counted = if is_test { found.to_string() } else { String::new() };
        self.said = lines;
        if is_test {
            self.counted = found;
        }
        self.finish(name, took, if passed { End::Passed } else { End::Failed }, &counted)
    }

    fn announce(&self, name: &str) {
        if self.terminal {
            print!("  …     {name}");
            Self::flush();
        } else {
            println!("  begin {name}");
        }
    }

    fn flush() {
        // If the terminal is gone, the run need not stop.
        drop(std::io::stdout().flush());
    }

    fn finish(&mut self, name: &str, took: Duration, end: End, said: &str) -> bool {
        let word = match end {
            End::Passed => "ok",
            End::Failed => "FAIL",
            End::Skipped => "skip",
        };
        let before = if self.terminal { "\r\x1b[K" } else { "" };
        println!("{before}  {word:<5} {name:<28} {:>8}  {said}", seconds(took));
        self.done.push(Done { name: name.to_owned(), took, end });
        end == End::Passed
    }

    /// Shows that a step is alive, if that was not shown a moment ago.
    fn alive_now_and_then(&self, name: &str, started: Instant, shown: &mut Instant, last: &str) {
        let every = if self.terminal { REDRAW_EVERY } else { PLAIN_EVERY };
        if shown.elapsed() >= every {
            *shown = Instant::now();
            self.alive(name, started.elapsed(), last);
        }
    }

    fn alive(&self, name: &str, took: Duration, last: &str) {
        let last: String = last.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        if self.terminal {
            print!("\r\x1b[K  …     {name:<28} {:>8}  {last}", seconds(took));
            Self::flush();
        } else {
            println!("  …     {name:<28} {:>8}  {last}", seconds(took));
        }
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{}.log", name.replace(|c: char| !c.is_alphanumeric(), "-")))
    }

    fn keep(&self, name: &str, lines: &[String]) {
        let written = std::fs::create_dir_all(&self.logs)
            .and_then(|()| File::create(self.log(name)))
            .and_then(|mut file| lines.iter().try_for_each(|line| writeln!(file, "{line}")));
        if let Err(fault) = written {
            println!("The log of {name} cannot be kept: {fault}");
        }
    }

    fn show(&self, name: &str, lines: &[String]) {
        println!("{}----- {name} -----", if self.terminal { "\r\x1b[K" } else { "" });
        let lines: Vec<&String> = lines.iter().filter(|line| !line.trim_start().starts_with(PASSED)).collect();
        let hidden = lines.len().saturating_sub(SHOWN_LINES);
        if hidden > 0 {
            println!("({hidden} lines before; the whole is in {})", self.log(name).display());
        }
        for line in lines.iter().skip(hidden) {
            println!("{line}");
        }
        println!("----- end of {name} -----");
    }

    /// Prints the closing lines. Returns true if every step passed.
    pub fn close(self) -> bool {
        let failed = self.done.iter().filter(|step| step.end != End::Passed).count();
        println!("\nSteps");
        for step in &self.done {
            let word = match step.end {
                End::Passed => "ok",
                End::Failed => "FAIL",
                End::Skipped => "skip",
            };
            println!("  {word:<5} {:<28} {:>8}", step.name, seconds(step.took));
        }
        if !self.closing.is_empty() {
            println!("\nWhat the test runners said");
            self.closing.iter().for_each(|line| println!("  {line}"));
        }
        println!(
            "\n{} of {} steps passed in {}",
            self.done.len() - failed,
            self.done.len(),
            seconds(self.started.elapsed())
        );
        if !self.tally.is_empty() {
            println!("{}", self.tally);
        }
        failed == 0
    }
}

/// Runs a program and keeps every line that it says. Meanwhile `alive` is called again and again with the last line.
fn run_to_end(mut command: Command, mut alive: impl FnMut(&str)) -> Ended {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|fault| format!("{program} cannot be started: {fault}"))?;
    let (sender, lines) = channel();
    let readers = [
        child.stdout.take().map(|from| forward(from, sender.clone())),
        child.stderr.take().map(|from| forward(from, sender)),
    ];
    let said = collect(&lines, &mut alive);
    for reader in readers.into_iter().flatten() {
        drop(reader.join());
    }
    let status = child.wait().map_err(|fault| format!("{program}: {fault}"))?;
    Ok((status.success(), said))
}

fn collect(lines: &Receiver<String>, alive: &mut impl FnMut(&str)) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    loop {
        match lines.recv_timeout(REDRAW_EVERY) {
            Ok(line) => said.push(line),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return said,
        }
        alive(said.last().map(String::as_str).unwrap_or_default());
    }
}

/// Returns the same command so that it takes only what others leave of the processor. Where there is no `nice`, it is
/// the command itself.
fn patient(command: &Command) -> Command {
    let mut patient = if crate::programs::find("nice").is_some() {
        let mut nice = Command::new("nice");
        nice.args(["-n", "15"]).arg(command.get_program());
        nice
    } else {
        Command::new(command.get_program())
    };
    patient.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => patient.env(name, value),
            None => patient.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        patient.current_dir(folder);
    }
    patient
}

fn forward(from: impl Read + Send + 'static, to: Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            if to.send(line).is_err() {
                return;
            }
            bytes.clear();
        }
    })
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
