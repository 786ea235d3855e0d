//! This source is asked over the network: a signed JSON POST with a time limit and without redirects.
//!
//! It sends `{"id", "material", "on", "person": {"resident_id": …}}` with the headers `Lianglin-Timestamp` and
//! `Lianglin-Signature`, as the message gateway does. The source answers with 200 and JSON with `"confirmed": true` or
//! `false`. The whole answer is sealed and kept as evidence.

use jobs::channels::{Targets, guarded, is_forbidden, signature};
use kernel::network::{host_in_the_clear, is_inside};
use kernel::time::Instant;
use serde_json::{Map, Value, json};
use std::time::Duration;

use super::{Check, CheckFault, CheckRequest, Reply};

/// Limits the bytes of an answer that are read.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// A source on the network. It does not print its key.
pub struct Http {
    agent: ureq::Agent,
    address: String,
    key: Vec<u8>,
}

impl Http {
    /// Sets the source up. It is reached on the open internet, or where `targets` says.
    ///
    /// # Errors
    /// Fails if the text is not an address, or if it leads out of the network without encryption.
    pub fn new(address: &str, key: Vec<u8>, seconds: u64, targets: &Targets) -> Result<Self, String> {
        if !address.starts_with("https://") && !address.starts_with("http://") {
            return Err(format!("{address} is no address. Write https://…"));
        }
        if host_in_the_clear(address).is_some_and(|host| !is_inside(host)) {
            return Err(format!(
                "{address} would carry personal data without encryption. Write https://…, or the number of an address \
                 inside the network"
            ));
        }
        let agent = guarded(Duration::from_secs(seconds), targets);
        Ok(Self { agent, address: address.to_owned(), key })
    }
}

impl Check for Http {
    fn name(&self) -> &'static str {
        "http"
    }

    fn destination(&self) -> Option<&str> {
        Some(host(&self.address))
    }

    fn ask(&self, request: &CheckRequest) -> Result<Reply, CheckFault> {
        let sent = body(request);
        let timestamp = request.at.seconds_since(Instant::from_micros(0)).to_string();
        let signed = signature(&self.key, &timestamp, sent.as_bytes());
        let signed = signed.ok_or_else(|| CheckFault("the key that signs checks cannot be used".to_owned()))?;
        let answer = self
            .agent
            .post(&self.address)
            .header("content-type", "application/json")
            .header("lianglin-timestamp", &timestamp)
            .header("lianglin-signature", &signed)
            .send(sent.as_bytes());
        let mut answer = answer.map_err(|fault| CheckFault(unreached(&fault).to_owned()))?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(LONGEST_ANSWER).read_to_string();
        judge(status, text.map_err(|_| CheckFault("the source's answer cannot be read".to_owned()))?)
    }
}

/// Returns the host of an address, with its port if it names one.
fn host(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').map_or(authority, |(_, host)| host)
}

fn unreached(fault: &ureq::Error) -> &'static str {
    if is_forbidden(fault) {
        "the source lies inside the network; list it in allowed_targets"
    } else {
        "the source cannot be reached"
    }
}

fn body(request: &CheckRequest) -> String {
    let field = |(field, value): (vault::PersonField, &vault::Personal<String>)| {
        (field.code().to_owned(), Value::String(value.expose().clone()))
    };
    let person: Map<String, Value> = request.person.fields().map(field).collect();
    let on = request.on.to_string();
    json!({ "id": request.id, "material": request.material, "on": on, "person": person }).to_string()
}

fn judge(status: u16, text: String) -> Result<Reply, CheckFault> {
    if status != 200 {
        return Err(CheckFault(format!("the source answered with status {status}")));
    }
    let answer: Value =
        serde_json::from_str(&text).map_err(|_| CheckFault("the source's answer is no JSON".to_owned()))?;
    let confirmed = answer.get("confirmed").and_then(Value::as_bool);
    let confirmed = confirmed.ok_or_else(|| CheckFault("the source's answer says neither yes nor no".to_owned()))?;
    Ok(Reply { confirmed, evidence: text.into_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::network::Network;
    use uuid::Uuid;
    use vault::{Person, PersonField};

    #[test]
    fn an_answer_is_yes_or_no_and_anything_else_is_none() {
        for (status, text, expected) in [
            (200, r#"{"confirmed": true, "until": "2027-01-01"}"#, Some(true)),
            (200, r#"{"confirmed": false}"#, Some(false)),
            (200, r#"{"confirmed": "yes"}"#, None),
            (200, "<html>", None),
            (302, r#"{"confirmed": true}"#, None),
            (500, "", None),
        ] {
            assert_eq!(judge(status, text.to_owned()).ok().map(|reply| reply.confirmed), expected, "{status} {text}");
        }
    }

    #[test]
    fn a_source_is_known_by_its_host_and_port() {
        for (address, expected) in [
            ("https://data.example.cn/check?a=b", "data.example.cn"),
            ("http://10.0.0.7:8080", "10.0.0.7:8080"),
            ("https://li:secret@data.example.cn/x@y", "data.example.cn"),
        ] {
            assert_eq!(host(address), expected);
        }
    }

    #[test]
    fn only_what_is_asked_for_is_sent() {
        let person = Person::new().with(PersonField::Name, "关岺");
        let (id, at) = (Uuid::from_u128(1), Instant::from_micros(0));
        let on = "2026-11-23".parse().unwrap();
        let sent: Value =
            serde_json::from_str(&body(&CheckRequest { id, material: "HK".to_owned(), on, at, person })).unwrap();
        assert_eq!(sent["person"], json!({ "name": "关岺" }));
        assert_eq!((&sent["material"], &sent["on"]), (&json!("HK"), &json!("2026-11-23")));
    }

    #[test]
    fn a_source_inside_the_network_is_asked_only_where_it_is_listed() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let (id, at) = (Uuid::from_u128(1), Instant::from_micros(0));
        let on = "2026-11-23".parse().unwrap();
        let request = CheckRequest { id, material: "HK".to_owned(), on, at, person: Person::new() };
        for (targets, comes) in [(Targets::default(), false), (Targets::new(Network::LOOPBACK.to_vec()), true)] {
            assert!(
                Http::new(&address, b"key".to_vec(), 1, &targets).unwrap().ask(&request).is_err(),
                "nobody answers"
            );
            assert_eq!(listener.accept().is_ok(), comes, "{targets:?}");
        }
    }

    #[test]
    fn a_source_that_is_away_is_a_fault_and_not_a_no() {
        // Nobody listens on this port of this machine. It is asked only where it is listed.
        let listed = Targets::new(Network::LOOPBACK.to_vec());
        let on = "2026-11-23".parse().unwrap();
        let (id, at) = (Uuid::from_u128(1), Instant::from_micros(0));
        let request = CheckRequest { id, material: "HK".to_owned(), on, at, person: Person::new() };
        for (targets, said) in [
            (listed, "the source cannot be reached"),
            (Targets::default(), "the source lies inside the network; list it in allowed_targets"),
        ] {
            let away = Http::new("http://127.0.0.1:9/", b"key".to_vec(), 1, &targets).unwrap();
            assert_eq!(away.ask(&request), Err(CheckFault(said.to_owned())));
        }
    }
}
