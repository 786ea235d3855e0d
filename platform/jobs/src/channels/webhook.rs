//! Delivers notices to a gateway of the city (text messages and the like) by a signed HTTP POST.

use super::guard::{CONNECTS_WITHIN, Targets, guarded, is_forbidden};
use crate::notice::{Channel, DeliveryError, Envelope, Receipt};
use crate::records::Notice;
use data_encoding::{BASE64, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use kernel::time::Instant;
use sha2::Sha256;
use sm3::Sm3;
use std::fmt;
use std::io::ErrorKind;
use std::time::Duration;

/// The longest answer that is read, and the longest receipt that is kept.
const LONGEST_ANSWER: u64 = 4096;
const LONGEST_RECEIPT: usize = 200;

/// Where the gateway is. It does not print its key.
#[derive(Clone)]
pub struct WebhookSettings {
    /// The address that takes the POST.
    pub url: String,
    /// The key that both sides know.
    pub key: Vec<u8>,
    /// How long an answer may take.
    pub timeout_seconds: u32,
}

impl fmt::Debug for WebhookSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "WebhookSettings({})", self.url)
    }
}

/// The channel to a gateway.
///
/// It sends JSON `{"id", "to", "template", "arguments", "subject", "text"}` with three headers: `Idempotency-Key` (the
/// notice's identity), `Lianglin-Timestamp` (seconds since 1970, UTC) and `Lianglin-Signature` (`hmac-sm3=` and the
/// hexadecimal HMAC-SM3 of timestamp, a dot and the body). A status 2xx means that the notice was delivered. If the
/// answer is JSON with a text `id`, that text is the receipt.
pub struct Webhook {
    poster: Poster,
    settings: WebhookSettings,
}

/// Posts JSON to other systems within a time limit. It does not follow redirects.
#[derive(Debug)]
pub struct Poster {
    agent: ureq::Agent,
}

/// What another system answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The HTTP status.
    pub status: u16,
    /// The beginning of its body.
    pub answer: String,
    /// When it wants to be asked again, as it wrote it: seconds or a date of HTTP.
    pub retry_after: Option<String>,
}

/// A file that another system gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub bytes: Vec<u8>,
}

/// The reason why another system did not answer at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostFault {
    /// The other system did not answer in time.
    Timeout,
    /// The name of the host is not known.
    UnknownHost,
    /// The host lies inside the network, and the operator does not list it.
    Forbidden,
    /// The connection failed.
    Connection,
    /// The other system took the connection and gave no answer that could be read.
    NoAnswer,
    /// The request could not be made.
    Request,
}

impl Poster {
    /// Makes a poster that waits this long for an answer. It goes wherever it is told: the operator names the address.
    pub fn new(timeout_seconds: u32) -> Self {
        let timeout = Duration::from_secs(u64::from(timeout_seconds));
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(timeout))
            .timeout_connect(Some(timeout / CONNECTS_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build();
        Self { agent: ureq::Agent::new_with_config(config) }
    }

    /// Makes a poster for addresses that others chose. It reaches permitted targets alone.
    pub fn guarded(timeout_seconds: u32, targets: &Targets) -> Self {
        Self { agent: guarded(Duration::from_secs(u64::from(timeout_seconds)), targets) }
    }

    /// Posts a body of JSON with these headers added.
    ///
    /// # Errors
    /// Says why there was no answer. Any status is an answer.
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Posted, PostFault> {
        self.post_as("application/json", url, headers, body)
    }

    /// Posts the fields of a form, encoded as in an address, with these headers added.
    ///
    /// # Errors
    /// Says why there was no answer. Any status is an answer.
    pub fn post_form(&self, url: &str, headers: &[(&str, &str)], fields: &str) -> Result<Posted, PostFault> {
        self.post_as("application/x-www-form-urlencoded", url, headers, fields.as_bytes())
    }

    /// Asks for an address, and reads at most so many bytes of the answer.
    ///
    /// # Errors
    /// Says why there was no answer. Any status is an answer.
    pub fn get(&self, url: &str, longest: u64) -> Result<Posted, PostFault> {
        let response = self.agent.get(url).call().map_err(|fault| post_fault(&fault))?;
        Ok(answered(response, longest))
    }

    /// Fetches a file of at most so many bytes. Nothing is sent but the address.
    ///
    /// # Errors
    /// Says why there was no answer. Any status is an answer; a longer file, or one that breaks off, is none.
    pub fn fetch(&self, url: &str, longest: u64) -> Result<Fetched, PostFault> {
        let mut response = self.agent.get(url).call().map_err(|fault| post_fault(&fault))?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(longest).read_to_vec();
        Ok(Fetched { status, bytes: bytes.map_err(|fault| body_fault(&fault))? })
    }

    fn post_as(&self, kind: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Posted, PostFault> {
        let mut request = self.agent.post(url).header("content-type", kind);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send(body).map_err(|fault| post_fault(&fault))?;
        Ok(answered(response, LONGEST_ANSWER))
    }
}

fn answered(mut response: ureq::http::Response<ureq::Body>, longest: u64) -> Posted {
    let status = response.status().as_u16();
    let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let answer = response.body_mut().with_config().limit(longest).read_to_string().unwrap_or_default();
    Posted { status, answer, retry_after }
}

fn post_fault(fault: &ureq::Error) -> PostFault {
    match fault {
        fault if is_forbidden(fault) => PostFault::Forbidden,
        ureq::Error::Timeout(_) => PostFault::Timeout,
        ureq::Error::HostNotFound => PostFault::UnknownHost,
        ureq::Error::Protocol(_) => PostFault::NoAnswer,
        ureq::Error::Io(cut) if is_cut(cut.kind()) => PostFault::NoAnswer,
        ureq::Error::ConnectionFailed | ureq::Error::Io(_) => PostFault::Connection,
        _ => PostFault::Request,
    }
}

const fn body_fault(fault: &ureq::Error) -> PostFault {
    match fault {
        ureq::Error::Timeout(_) => PostFault::Timeout,
        _ => PostFault::NoAnswer,
    }
}

/// Says whether a connection stood and then ended without an answer.
const fn is_cut(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe
    )
}

impl Webhook {
    /// Sets the channel up. It does not follow redirects.
    pub fn new(settings: WebhookSettings) -> Self {
        Self { poster: Poster::new(settings.timeout_seconds), settings }
    }
}

/// Returns the value of `Lianglin-Signature`: `hmac-sm3=` and the HMAC-SM3 of `timestamp.body`. Returns none when the
/// key cannot be used.
pub fn signature(key: &[u8], timestamp: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sm3>::new_from_slice(key).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(format!("hmac-sm3={}", HEXLOWER.encode(&mac.finalize().into_bytes())))
}

/// Returns one signature of Standard Webhooks 1.0.0 for the header `webhook-signature`: `v1,` and the base64 of the
/// HMAC-SHA256 of `id.timestamp.body`. Returns none when the key cannot be used.
pub fn standard_signature(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    Some(format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes())))
}

impl Channel for Webhook {
    fn deliver(&self, notice: &Notice, envelope: &Envelope, now: Instant) -> Result<Receipt, DeliveryError> {
        let body = serde_json::json!({
            "id": notice.id,
            "to": envelope.to,
            "template": notice.template,
            "arguments": notice.arguments,
            "subject": envelope.subject,
            "text": envelope.text,
        })
        .to_string();
        let timestamp = now.seconds_since(Instant::from_micros(0)).to_string();
        let signature = signature(&self.settings.key, &timestamp, body.as_bytes())
            .ok_or_else(|| DeliveryError::Never("the gateway's key cannot be used".into()))?;
        let id = notice.id.to_string();
        let headers = [
            ("idempotency-key", id.as_str()),
            ("lianglin-timestamp", timestamp.as_str()),
            ("lianglin-signature", signature.as_str()),
        ];
        let sent = self.poster.post(&self.settings.url, &headers, body.as_bytes());
        let Posted { status, answer, .. } = sent.map_err(|fault| DeliveryError::Retry(unreachable_gateway(fault)))?;
        judge(status, &answer)
    }
}

/// Says what an answer means. The gateway's own words may contain the telephone number, so only its status and its
/// message number are kept.
fn judge(status: u16, answer: &str) -> Result<Receipt, DeliveryError> {
    let number = || {
        let json: serde_json::Value = serde_json::from_str(answer).ok()?;
        Some(json.get("id")?.as_str()?.chars().take(LONGEST_RECEIPT).collect::<String>())
    };
    match status {
        200..=299 => Ok(Receipt { reference: number().unwrap_or_else(|| format!("HTTP {status}")) }),
        // These are about this very message. Anything else may be repaired at the gateway or in its settings.
        400 | 410 | 413 | 422 => Err(DeliveryError::Never(format!("the gateway refused the message (HTTP {status})"))),
        _ => Err(DeliveryError::Retry(format!("the gateway did not take the message (HTTP {status})"))),
    }
}

fn unreachable_gateway(fault: PostFault) -> String {
    let kind = match fault {
        PostFault::Timeout => "it did not answer in time",
        PostFault::UnknownHost => "its name is not known",
        PostFault::Forbidden => "its address is not allowed",
        PostFault::Connection => "the connection failed",
        PostFault::NoAnswer => "it took the connection and gave no answer",
        PostFault::Request => "the request failed",
    };
    format!("the gateway cannot be reached: {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_status() {
        let receipt = |reference: &str| Ok(Receipt { reference: reference.to_owned() });
        assert_eq!(judge(200, r#"{"id":"m-1"}"#), receipt("m-1"));
        assert_eq!(judge(202, "queued"), receipt("HTTP 202"));
        assert_eq!(judge(200, r#"{"id":7}"#), receipt("HTTP 200"));
        for status in [301, 401, 404, 408, 429, 500, 503] {
            assert!(matches!(judge(status, ""), Err(DeliveryError::Retry(_))), "{status}");
        }
        for status in [400, 410, 413, 422] {
            let refused = judge(status, "13800130412 is unknown");
            assert!(matches!(&refused, Err(DeliveryError::Never(text)) if !text.contains("138")), "{status}");
        }
    }

    /// The vector that Standard Webhooks publishes with its libraries.
    #[test]
    fn a_signature_of_standard_webhooks_is_that_of_its_published_vector() {
        let key = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let (id, timestamp) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330");
        let body = r#"{"test": 2432232314}"#;
        let told = standard_signature(&key, id, timestamp, body.as_bytes());
        assert_eq!(told.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
        for (id, timestamp, body) in [("msg_2", timestamp, body), (id, "1614265331", body), (id, timestamp, "{}")] {
            assert_ne!(standard_signature(&key, id, timestamp, body.as_bytes()), told);
        }
    }

    #[test]
    fn the_signature_covers_time_and_body() {
        let right = signature(b"key", "1", b"{}").unwrap();
        assert!(right.starts_with("hmac-sm3=") && right.len() == "hmac-sm3=".len() + 64);
        for (key, time, body) in [(&b"kez"[..], "1", &b"{}"[..]), (b"key", "2", b"{}"), (b"key", "1", b"{ }")] {
            assert_ne!(signature(key, time, body).unwrap(), right);
        }
    }
}
