//! Speaks Open311 to a platform: sends a form, asks for reports, and tries again where no answer came.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);
/// How often something is tried.
const TRIES: u32 = 8;
/// The wait before the second try; it doubles each time.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// How long at most it takes until a stop is noticed.
const BLINK: Duration = Duration::from_millis(50);
/// The largest answer that is read.
const LARGEST: u64 = 8 * 1024 * 1024;

/// Where reports are sent.
pub struct Desk {
    agent: ureq::Agent,
    root: String,
}

/// What came of something that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The answer, or why there is none.
    pub answer: Result<Value, String>,
    /// How often it was tried again.
    pub retried: u64,
    /// Whether it was given up because somebody wants to stop.
    pub stopped: bool,
}

/// One try.
enum Tried {
    Done(Value),
    Refused(String),
    Again { why: String, wait: Option<Duration> },
}

impl Desk {
    /// A desk at an address, such as `http://127.0.0.1:8080`.
    #[must_use]
    pub fn at(address: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let root = format!("{}/open311/v2", address.trim_end_matches('/'));
        Self { agent: ureq::Agent::new_with_config(config), root }
    }

    /// Sends a form.
    pub fn send(&self, call: &str, fields: &[(&str, &str)], stop: &AtomicBool) -> Outcome {
        let address = format!("{}/{call}.json", self.root);
        retried(stop, || {
            let sent = self.agent.post(&address).header("accept-language", "en").send_form(fields.iter().copied());
            tried(sent)
        })
    }

    /// Asks for reports by their numbers.
    pub fn ask(&self, numbers: &[String], stop: &AtomicBool) -> Outcome {
        let address = format!("{}/requests.json", self.root);
        retried(stop, || {
            let asked = self.agent.get(&address).query("service_request_id", numbers.join(",")).call();
            tried(asked)
        })
    }
}

fn tried(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Tried {
    let mut response = match answer {
        Ok(response) => response,
        Err(fault) => return Tried::Again { why: fault.to_string(), wait: None },
    };
    let status = response.status().as_u16();
    let wait = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let text = response.body_mut().with_config().limit(LARGEST).read_to_string();
    let body = text.map_err(|fault| fault.to_string()).and_then(|text| {
        serde_json::from_str::<Value>(&text).map_err(|fault| format!("HTTP {status}: no JSON ({fault})"))
    });
    match (status, body) {
        (200..=299, Ok(body)) => Tried::Done(body),
        (429 | 500..=599, _) => Tried::Again { why: format!("HTTP {status}"), wait: wait.map(Duration::from_secs) },
        (_, Ok(body)) => Tried::Refused(format!("{status} {}", described(&body))),
        (400..=499, Err(why)) => Tried::Refused(why),
        (_, Err(why)) => Tried::Again { why, wait: None },
    }
}

/// The sentence of the first error.
fn described(body: &Value) -> &str {
    body.get(0).and_then(|error| error.get("description")).and_then(Value::as_str).unwrap_or_default()
}

fn retried(stop: &AtomicBool, mut attempt: impl FnMut() -> Tried) -> Outcome {
    let (mut retried, mut pause, mut last) = (0, FIRST_WAIT, String::new());
    for _ in 0..TRIES {
        match attempt() {
            Tried::Done(body) => return Outcome { answer: Ok(body), retried, stopped: false },
            Tried::Refused(why) => return Outcome { answer: Err(why), retried, stopped: false },
            Tried::Again { why, wait } => {
                last = why;
                if !rest(wait.unwrap_or(pause).min(LONGEST_WAIT), stop) {
                    return Outcome { answer: Err(last), retried, stopped: true };
                }
                pause = (pause * 2).min(LONGEST_WAIT);
                retried += 1;
            }
        }
    }
    Outcome { answer: Err(last), retried, stopped: false }
}

/// Waits, and says whether nobody wanted to stop meanwhile.
pub fn rest(wait: Duration, stop: &AtomicBool) -> bool {
    let until = Instant::now() + wait;
    while !stop.load(Ordering::Relaxed) {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        std::thread::sleep(left.min(BLINK));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_got_no_answer_is_tried_again_and_what_is_refused_is_not() {
        let (stop, mut tries) = (AtomicBool::new(false), 0);
        let done = retried(&stop, || {
            tries += 1;
            if tries < 3 {
                Tried::Again { why: "HTTP 503".to_owned(), wait: Some(Duration::ZERO) }
            } else {
                Tried::Done(Value::Null)
            }
        });
        assert_eq!((done.answer, done.retried), (Ok(Value::Null), 2));
        let refused = retried(&stop, || Tried::Refused("400".to_owned()));
        assert_eq!((refused.answer, refused.retried), (Err("400".to_owned()), 0));
        stop.store(true, Ordering::Relaxed);
        let stopped = retried(&stop, || Tried::Again { why: "HTTP 503".to_owned(), wait: None });
        assert!(stopped.stopped && stopped.retried == 0);
    }
}
