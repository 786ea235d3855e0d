//! Speaks Open311 GeoReport v2 to the platforms that put reports right: says what is wrong and where, finds out first
//! what they ask of the service and whether the report is there already, and asks how it stands.

use std::collections::BTreeSet;

use jobs::channels::{PostFault, Posted};
use kernel::language::Lang;
use kernel::line::lines_fault;
use kernel::time::Instant;
use uuid::Uuid;
use web::Form;

use crate::Grid;
use crate::actions::forward::Going;
use crate::peers::Peer;
use crate::peers::definition::{self, Asked, Known};
use crate::peers::told::Told;
use crate::words::forward::{Forward, Note, Numbered, Turned};

/// How a report stands that is closed there.
pub(super) const CLOSED: &str = "closed";
/// The largest answer that is read.
const LONGEST: u64 = 4 * 1024 * 1024;
/// The most characters that are kept of what another platform says.
const SAID: usize = 200;
/// The most characters of a state that another platform names in its own code.
const DETAIL: usize = 40;
/// The most pages of a list that are read, and how many records each is asked to hold.
const PAGES: usize = 20;
const PAGE_SIZE: &str = "100";
/// How many days a search for a report goes back at most. Platforms answer for 90 days.
const SPAN_DAYS: i64 = 80;
/// Why nothing is sent to an address that is none, or that the operator does not allow.
const ADDRESS: &str = "address";
/// Why nothing comes of an answer that is neither JSON nor XML.
const UNREADABLE: &str = "unreadable";
/// The name of the number of a report.
const NUMBER: &str = "service_request_id";
const MICROS_OF_A_SECOND: i64 = 1_000_000;

/// What became of something that was sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Became {
    Taken(Numbered),
    Refused(String),
    Again { why: String, asked: Option<String> },
}

/// Why a question has no answer that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unheard {
    /// Why, in a word that the page shows.
    pub why: String,
    /// The HTTP status; none where there was no answer at all.
    pub status: Option<u16>,
    /// When the platform wants to be asked again.
    pub asked: Option<String>,
}

/// How a report stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stands {
    /// `open` or `closed`.
    pub status: String,
    /// What is said of it.
    pub said: String,
    /// The more exact state in that platform's own code, if it names one.
    pub detail: Option<String>,
}

impl Unheard {
    fn of(why: &str) -> Self {
        Self { why: why.to_owned(), status: None, asked: None }
    }

    /// Whether the platform answered that it has no such thing: it need not have every call.
    fn is_no(&self) -> bool {
        self.status.is_some_and(|status| !is_busy(status))
    }
}

impl From<Unheard> for Became {
    fn from(unheard: Unheard) -> Self {
        let Unheard { why, asked, .. } = unheard;
        if why == ADDRESS { Self::Refused(why) } else { Self::Again { why, asked } }
    }
}

impl Grid {
    /// Sends a report: what it is and where. It goes under the same key at every attempt. What was tried before may
    /// have come there although nobody said so: it is looked for first, and not sent again where it is.
    pub(super) fn posted(&self, peer: &Peer, forward: &Forward, going: &Going) -> Became {
        self.sending(peer, forward, going).unwrap_or_else(|no| no)
    }

    fn sending(&self, peer: &Peer, forward: &Forward, going: &Going) -> Result<Became, Became> {
        if forward.attempts > 0
            && let Some(there) = self.there_already(peer, forward, going)?
        {
            return Ok(Became::Taken(there));
        }
        let fields = self.fields_of(peer, forward, going)?;
        Ok(became(&self.posted_to(peer, "requests", forward.id, &fields)?))
    }

    /// Tells what became of a report here.
    pub(super) fn posted_turn(&self, peer: &Peer, forward: &Forward, note: &Note, turned: Turned) -> Became {
        let Some(foreign) = &forward.foreign_id else {
            return Became::Again { why: "number".to_owned(), asked: None };
        };
        let id = note.id.to_string();
        let mut fields = Form::default();
        for (name, value) in [
            ("api_key", peer.key.as_str()),
            ("jurisdiction_id", peer.jurisdiction.as_str()),
            (NUMBER, foreign.as_str()),
            ("update_id", id.as_str()),
            ("status", turned.status()),
            ("description", words_of(turned)),
        ] {
            fields.add(name, value);
        }
        match self.posted_to(peer, "servicerequestupdates", note.id, &fields) {
            Ok(posted) if (200..=299).contains(&posted.status) => Became::Taken(Numbered::Number(foreign.clone())),
            Ok(posted) => became(&posted),
            Err(no) => no,
        }
    }

    /// How a report stands there.
    pub(super) fn stands_there(&self, peer: &Peer, foreign: &str) -> Result<Stands, Unheard> {
        let told = self.asked_of(peer, &below("requests", foreign)?, &query(peer).with("extensions", "true"))?;
        let record = told.records().first().ok_or_else(|| Unheard::of("empty"))?;
        let status = record.get("status").to_ascii_lowercase();
        if !matches!(status.as_str(), "open" | CLOSED) {
            return Err(Unheard::of("status"));
        }
        let mut said = shortened(record.get("status_notes"));
        if said.is_empty() && status == CLOSED {
            said = self.said_last(peer, foreign);
        }
        let extended = record.part("extended_attributes");
        let detail = extended.map(|part| [part.get("detailed_status"), part.get("state")]);
        let detail = detail.into_iter().flatten().find(|code| is_code(code)).map(str::to_owned);
        Ok(Stands { status, said, detail })
    }

    /// The number of a report for which a platform gave a token.
    pub(super) fn number_there(&self, peer: &Peer, token: &str) -> Result<String, Unheard> {
        let told = self.asked_of(peer, &below("tokens", token)?, &query(peer))?;
        let number = told.records().first().map(|record| record.get(NUMBER)).filter(|number| !number.is_empty());
        number.map(str::to_owned).ok_or_else(|| Unheard::of("token"))
    }

    /// What a platform said last of a report, as far as it has updates at all.
    fn said_last(&self, peer: &Peer, foreign: &str) -> String {
        let asked = query(peer).with(NUMBER, foreign);
        let updates = self.pages_of(peer, "servicerequestupdates", &asked, "update_id").unwrap_or_default();
        let own = updates.iter().filter(|update| update.get(NUMBER) == foreign);
        let said: Vec<String> = own.map(|update| shortened(update.get("description"))).collect();
        said.into_iter().rfind(|said| !said.is_empty()).unwrap_or_default()
    }

    /// The number under which a report is there that was tried before: a report of the service of those days that names
    /// our number, and that is none of those with which the case went there at other times. A platform that lists
    /// nothing, or that tells neither words nor attributes, cannot say it.
    fn there_already(&self, peer: &Peer, forward: &Forward, going: &Going) -> Result<Option<Numbered>, Unheard> {
        let last = forward.attempted_at.unwrap_or(forward.at);
        let first = forward.at.plus_days(-1).max(last.plus_days(-SPAN_DAYS));
        let asked = query(peer)
            .with("service_code", forward.service.as_str())
            .with("start_date", moment(first))
            .with("end_date", moment(last.plus_days(1)))
            .with("extensions", "true");
        let found = match self.pages_of(peer, "requests", &asked, NUMBER) {
            Err(unheard) if unheard.is_no() => Vec::new(),
            found => found?,
        };
        let ours = found.iter().filter(|record| record.names(&forward.number));
        let mut other = ours.filter(|record| going.numbers.iter().all(|number| number != record.get(NUMBER)));
        Ok(other.next().and_then(numbered))
    }

    /// What is sent of a report.
    fn fields_of(&self, peer: &Peer, forward: &Forward, going: &Going) -> Result<Form, Became> {
        let asked = self.definition_of(peer, &forward.service)?;
        let found = self.catalogue.condition_ever(&forward.kind);
        let what = found.map(|(kind, condition)| format!("{}：{}", kind.name.zh, condition.when.zh));
        let known = Known {
            number: &forward.number,
            condition: found.map_or("", |(_, condition)| condition.code.as_str()),
            named: found.map_or([""; 2], |(_, condition)| [condition.when.zh.as_str(), condition.when.en.as_str()]),
        };
        let attributes = definition::answers(&asked, peer.attributes_of(&forward.kind), &known)
            .map_err(|code| Became::Refused(format!("attribute {code}")))?;
        let chain = self.hall.places.tree().chain(&forward.path, Lang::Zh);
        // A platform that knows neither our header nor our attribute is still asked by this number.
        let description = format!("{}（{}）", what.unwrap_or_default(), forward.number);
        let mut fields = query(peer);
        for (name, value) in [
            ("api_key", peer.key.as_str()),
            ("service_code", forward.service.as_str()),
            ("address_string", chain.as_str()),
            ("description", description.as_str()),
        ] {
            fields.add(name, value);
        }
        let point = going.point.map(|point| point.to_string());
        if let Some((latitude, longitude)) = point.as_deref().and_then(|point| point.split_once(',')) {
            fields.add("lat", latitude);
            fields.add("long", longitude);
        }
        if let Some(picture) = &going.picture {
            fields.add("media_url", picture.as_str());
        }
        for (field, said) in attributes {
            fields.add(field, said);
        }
        Ok(fields)
    }

    /// What a platform asks for a service. One that has no definitions asks for nothing.
    fn definition_of(&self, peer: &Peer, service: &str) -> Result<Vec<Asked>, Became> {
        let Ok(call) = below("services", service) else { return Ok(Vec::new()) };
        match self.asked_of(peer, &call, &query(peer)) {
            Ok(told) => Ok(definition::asked(&told)),
            Err(unheard) if unheard.is_no() => self.is_served(peer, service).map(|()| Vec::new()),
            Err(unheard) => Err(unheard.into()),
        }
    }

    /// Whether a platform has a service. One that lists none is believed.
    fn is_served(&self, peer: &Peer, service: &str) -> Result<(), Became> {
        let told = match self.asked_of(peer, "services", &query(peer)) {
            Err(unheard) if unheard.is_no() => return Ok(()),
            told => told?,
        };
        let listed = told.records();
        let served = listed.is_empty() || listed.iter().any(|one| one.get("service_code") == service);
        if served { Ok(()) } else { Err(Became::Refused(format!("service {service}"))) }
    }

    /// The records of a list, page by page up to one that brings nothing new. A platform without pages gives the same
    /// again.
    fn pages_of(&self, peer: &Peer, call: &str, asked: &Form, key: &str) -> Result<Vec<Told>, Unheard> {
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        for page in 1..=PAGES {
            let asked = asked.clone().with("page", page.to_string()).with("page_size", PAGE_SIZE);
            let told = match self.asked_of(peer, call, &asked) {
                Err(unheard) if page > 1 && unheard.is_no() => break,
                told => told?,
            };
            let name = |record: &Told| format!("{}/{}", record.get(key), record.get("token"));
            let before = found.len();
            found.extend(told.records().iter().filter(|record| seen.insert(name(record))).cloned());
            if found.len() == before {
                break;
            }
        }
        Ok(found)
    }

    /// Asks a call of another platform. What it answers is read in whichever form it comes.
    fn asked_of(&self, peer: &Peer, call: &str, asked: &Form) -> Result<Told, Unheard> {
        if self.exchange.reachable(&peer.url).is_err() {
            return Err(Unheard::of(ADDRESS));
        }
        let url = format!("{}{}", address(peer, call), asked.address_with(&[]));
        let posted = self.poster.get(&url, LONGEST).map_err(|fault| Unheard::of(why_of(fault)))?;
        let unheard = |why: String| Unheard { why, status: Some(posted.status), asked: posted.retry_after.clone() };
        match posted.status {
            200..=299 => Told::read(&posted.answer).ok_or_else(|| unheard(UNREADABLE.to_owned())),
            status => Err(unheard(format!("HTTP {status}"))),
        }
    }

    /// Sends fields to a call of another platform under a key.
    fn posted_to(&self, peer: &Peer, call: &str, key: Uuid, fields: &Form) -> Result<Posted, Became> {
        if self.exchange.reachable(&peer.url).is_err() {
            return Err(Unheard::of(ADDRESS).into());
        }
        let (id, fields) = (key.to_string(), fields.address_with(&[]));
        let headers = [("idempotency-key", id.as_str())];
        let sent = self.poster.post_form(&address(peer, call), &headers, fields.trim_start_matches('?'));
        sent.map_err(|fault| Unheard::of(why_of(fault)).into())
    }
}

/// The address of a call, with the form in which it is asked to answer.
fn address(peer: &Peer, call: &str) -> String {
    format!("{}/{call}.{}", peer.url.trim_end_matches('/'), peer.format.ending())
}

/// What every call of a platform carries.
fn query(peer: &Peer) -> Form {
    let asked = Form::default();
    if peer.jurisdiction.is_empty() { asked } else { asked.with("jurisdiction_id", peer.jurisdiction.as_str()) }
}

/// A call about something that another platform named. Nothing of a name becomes part of an address that is not plain.
fn below(call: &str, name: &str) -> Result<String, Unheard> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
    let plain = !name.is_empty() && name.chars().all(is_plain);
    if plain { Ok(format!("{call}/{name}")) } else { Err(Unheard::of("number")) }
}

/// A moment as Open311 writes it.
fn moment(at: Instant) -> String {
    let at = jiff::Timestamp::from_second(at.micros().div_euclid(MICROS_OF_A_SECOND));
    at.map(|at| at.to_string()).unwrap_or_default()
}

const fn why_of(fault: PostFault) -> &'static str {
    match fault {
        PostFault::Request | PostFault::Forbidden => ADDRESS,
        PostFault::Timeout => "timeout",
        PostFault::UnknownHost => "host",
        PostFault::Connection => "connection",
        PostFault::NoAnswer => "silent",
    }
}

/// What the other platform reads: it takes Chinese, like the words with which the report went there.
const fn words_of(turned: Turned) -> &'static str {
    match turned {
        Turned::NotDone => "现场核实没有办好，请再办。",
        Turned::Taken => "这一件已改由其他单位办理，请不要再办。",
        Turned::Ended => "这一件已经了结，请不要再办。",
    }
}

const fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 429 | 500..=599)
}

/// The number of a record, or the token that stands for it.
fn numbered(record: &Told) -> Option<Numbered> {
    let (number, token) = (record.get(NUMBER), record.get("token"));
    match (number.is_empty(), token.is_empty()) {
        (false, _) => Some(Numbered::Number(number.to_owned())),
        (true, false) => Some(Numbered::Token(token.to_owned())),
        (true, true) => None,
    }
}

/// What an answer means. A busy platform is asked again; one that says no is not.
fn became(posted: &Posted) -> Became {
    let told = Told::read(&posted.answer).unwrap_or_default();
    match posted.status {
        200..=299 => match told.records().first().and_then(numbered) {
            Some(there) => Became::Taken(there),
            // Taken, and nobody can say under which number: sent again, it might be there twice.
            None => Became::Refused("number".to_owned()),
        },
        status if is_busy(status) => Became::Again { why: format!("HTTP {status}"), asked: posted.retry_after.clone() },
        status => {
            let said = told.anywhere("description").map(shortened).unwrap_or_default();
            Became::Refused(format!("HTTP {status} {said}").trim().to_owned())
        }
    }
}

/// Whether a text is a code of a state and no words about anybody.
fn is_code(text: &str) -> bool {
    let sign = |sign: char| sign.is_ascii_alphabetic() || matches!(sign, '_' | '-' | ' ');
    !text.is_empty() && text.len() <= DETAIL && text.chars().all(sign)
}

/// The beginning of what another platform says, without what nobody sees.
fn shortened(text: &str) -> String {
    if lines_fault(text).is_some() {
        return String::new();
    }
    text.chars().filter(|sign| *sign != '\n').take(SAID).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_number_a_token_a_no_or_a_not_yet() {
        let refused = |why: &str| Became::Refused(why.to_owned());
        let number = |number: &str| Became::Taken(Numbered::Number(number.to_owned()));
        let token = |token: &str| Became::Taken(Numbered::Token(token.to_owned()));
        let later =
            |why: &str, asked: Option<&str>| Became::Again { why: why.to_owned(), asked: asked.map(str::to_owned) };
        let request = |part: &str| format!("<service_requests><request>{part}</request></service_requests>");
        let (numbered, tokened) =
            (request("<service_request_id>638344</service_request_id>"), request("<token>12345</token>"));
        let error = "<errors><error><code>403</code><description>no key</description></error></errors>";
        for (status, answer, asked, expected) in [
            (201, r#"[{"service_request_id":"638344"}]"#, None, number("638344")),
            (200, r#"[{"service_request_id":638344}]"#, None, number("638344")),
            (200, numbered.as_str(), None, number("638344")),
            (200, r#"[{"token":"12345"}]"#, None, token("12345")),
            (200, tokened.as_str(), None, token("12345")),
            (200, "<xml/>", None, refused("number")),
            (403, r#"[{"code":403,"description":"no key"}]"#, None, refused("HTTP 403 no key")),
            (403, error, None, refused("HTTP 403 no key")),
            (400, "", None, refused("HTTP 400")),
            (429, "", Some("60"), later("HTTP 429", Some("60"))),
            (503, "busy", None, later("HTTP 503", None)),
        ] {
            let retry_after = asked.map(str::to_owned);
            let posted = Posted { status, answer: answer.to_owned(), retry_after };
            assert_eq!(became(&posted), expected, "{status} {answer}");
        }
        assert_eq!(shortened("a\u{202e}b"), "");
        assert_eq!(shortened(&"长".repeat(300)).chars().count(), SAID);
    }

    #[test]
    fn a_name_of_another_platform_is_no_address() {
        assert_eq!(below("requests", "SR-2026.11_7").unwrap(), "requests/SR-2026.11_7");
        for odd in ["", "../tokens", "1/2", "1?x=y", "编号", "1 2"] {
            assert!(below("requests", odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn words_are_no_code_of_a_state() {
        for (text, code) in [("in_progress", true), ("No Further Action", true), ("", false), ("张三 13800", false)] {
            assert_eq!(is_code(text), code, "{text}");
        }
    }

    #[test]
    fn a_moment_says_its_zone() {
        assert_eq!(moment(Instant::from_micros(1_795_572_000_500_000)), "2026-11-25T02:00:00Z");
    }
}
