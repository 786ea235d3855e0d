//! Reports that go to a platform of another make: it speaks XML, gives a token before a number, asks for an attribute
//! of its own, lists by pages, and knows neither our header nor our attribute. It is a small server of this test.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::forwarded::{exchanged, operator, sent_out};
use city_stories::{Browser, Town};
use grid::records::forward;
use grid::words::forward::Forward;
use lianglin::configuration::Configuration;
use testkit::Form;
use web::Form as Fields;

/// When a platform gives a report its number.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Numbers {
    #[default]
    AtOnce,
    /// It gives a token, and has no number for it yet.
    Later,
    /// It has a number for each token.
    Given,
}

/// How the other platform behaves, and what came to it.
#[derive(Default)]
struct Platform {
    /// Each report that it took, by its number less one.
    taken: Vec<Fields>,
    /// It takes the next report and says nothing.
    swallows: bool,
    /// When it gives a number.
    numbers: Numbers,
    /// The status of its answers about a report.
    answers: u16,
    /// Whether reports are closed there.
    closed: bool,
}

type Shared = Arc<Mutex<Platform>>;

/// Starts the other platform.
fn started() -> (String, Shared) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let platform = Shared::default();
    let shared = platform.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            drop(served(stream, &shared));
        }
    });
    (address, platform)
}

fn served(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let (mut came, mut part) = (Vec::new(), [0_u8; 4096]);
    let (head, body) = loop {
        let count = stream.read(&mut part)?;
        if count == 0 {
            return Ok(());
        }
        came.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&came).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = head.to_ascii_lowercase().lines().find_map(|line| {
            line.strip_prefix("content-length:").and_then(|length| length.trim().parse::<usize>().ok())
        });
        if body.len() >= wanted.unwrap_or(0) {
            break (head.to_owned(), body.to_owned());
        }
    };
    let mut line = head.split_whitespace();
    let (method, target) = (line.next().unwrap_or_default(), line.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let answer = match method {
        "POST" => shared.lock().unwrap().take(path, &Fields::parse(body.as_bytes()).unwrap()),
        _ => Some(shared.lock().unwrap().tell(path, &Fields::parse(query.as_bytes()).unwrap())),
    };
    let Some((status, body)) = answer else { return Ok(()) };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: text/xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())
}

const NO: &str = "<errors><error><code>404</code><description>no such thing</description></error></errors>";

impl Platform {
    fn take(&mut self, path: &str, fields: &Fields) -> Option<(u16, String)> {
        if path != "/v2/requests.xml" {
            return Some((404, NO.to_owned()));
        }
        if fields.get("attribute[what]") != "7" {
            let no = "<errors><error><code>400</code><description>what</description></error></errors>";
            return Some((400, no.to_owned()));
        }
        self.taken.push(fields.clone());
        if std::mem::take(&mut self.swallows) {
            return None;
        }
        let number = self.taken.len();
        let named = if self.numbers == Numbers::AtOnce {
            format!("<service_request_id>F-{number}</service_request_id>")
        } else {
            format!("<token>T-{number}</token>")
        };
        Some((200, format!("<service_requests><request>{named}</request></service_requests>")))
    }

    fn tell(&self, path: &str, query: &Fields) -> (u16, String) {
        let call = path.trim_start_matches("/v2/").trim_end_matches(".xml");
        let page: usize = query.get("page").parse().unwrap_or(1);
        let told = match call.split_once('/') {
            Some(("services", "R-7")) => "<service_definition><service_code>R-7</service_code><attributes><attribute>\
                <variable>true</variable><code>what</code><datatype>singlevaluelist</datatype>\
                <required>true</required><values><value><key>6</key><name>渣土</name></value>\
                <value><key>7</key><name>垃圾成堆、满溢</name></value></values></attribute></attributes>\
                </service_definition>"
                .to_owned(),
            Some(("tokens", token)) => {
                let number = token.trim_start_matches("T-");
                let number = format!("<service_request_id>F-{number}</service_request_id>");
                let number = if self.numbers == Numbers::Given { number } else { String::new() };
                format!("<service_requests><request><token>{token}</token>{number}</request></service_requests>")
            }
            Some(("requests", _)) if self.answers != 0 => return (self.answers, NO.to_owned()),
            Some(("requests", number)) => {
                let status = if self.closed { "closed" } else { "open" };
                format!(
                    "<service_requests><request><service_request_id>{number}</service_request_id>\
                     <status>{status}</status><status_notes/><extended_attributes>\
                     <detailed_status>in_progress</detailed_status></extended_attributes></request></service_requests>"
                )
            }
            // One report a page, and what stood on the first page is not told again.
            None if call == "requests" => {
                let one = self.taken.get(page - 1).map(|fields| {
                    format!(
                        "<request><service_request_id>F-{page}</service_request_id><description>{}</description>\
                         </request>",
                        fields.get("description")
                    )
                });
                format!("<service_requests>{}</service_requests>", one.unwrap_or_default())
            }
            None if call == "servicerequestupdates" && page <= 2 => format!(
                "<service_request_updates><request_update><update_id>{page}</update_id>\
                 <service_request_id>{}</service_request_id><description>第{page}车已清走</description>\
                 </request_update></service_request_updates>",
                query.get("service_request_id")
            ),
            None if call == "servicerequestupdates" => "<service_request_updates/>".to_owned(),
            _ => return (404, NO.to_owned()),
        };
        (200, format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>{told}"))
    }
}

/// Towns that forward heaps of rubbish to the other platform.
fn forwarding(address: &str) -> Vec<Town> {
    let file = format!(
        "[[peer]]\ncode = \"rubbish\"\nname = {{ zh = \"环卫集团\", en = \"Rubbish company\" }}\n\
         url = \"{address}/v2\"\nkey = \"k\"\nformat = \"xml\"\njurisdiction = \"rubbish.example\"\n\
         kinds = {{ \"event/0102\" = \"R-7\" }}\n"
    );
    let near = |settings: &mut Configuration| {
        settings.webhooks_private_http = true;
        settings.allowed_targets = vec!["127.0.0.1".to_owned()];
    };
    Town::each_with_decided(&[("open311.toml", &file)], near)
}

fn later(town: &Town, minutes: i64) {
    town.clock.plus_seconds(minutes * 60);
    for _ in 0..3 {
        town.forwards();
    }
}

fn listed(operator: &mut Browser) -> String {
    operator.open("/systems/open311").expect(200).words()
}

/// The form of a deed for a message that was given up.
fn deed(operator: &mut Browser, deed: &str) -> Form {
    let page = operator.open("/systems/open311").expect(200);
    let form = page.forms().into_iter().find(|form| form.action.ends_with(deed));
    form.unwrap_or_else(|| panic!("no {deed}: {}", page.words()))
}

#[test]
fn a_platform_that_speaks_xml_gives_a_token_and_is_told_what_it_asks_for() {
    let (address, platform) = started();
    for town in forwarding(&address) {
        *platform.lock().unwrap() = Platform { numbers: Numbers::Later, ..Platform::default() };
        let (mut operator, mut story) = (operator(&town), sent_out(&town, 331));
        later(&town, 0);
        {
            let platform = platform.lock().unwrap();
            let [fields] = platform.taken.as_slice() else { panic!("{}: not once", town.engine) };
            assert_eq!(fields.get("attribute[what]"), "7", "{}: by the name of the condition", town.engine);
            assert_eq!((fields.get("service_code"), fields.get("api_key")), ("R-7", "k"));
            assert_eq!(fields.get("jurisdiction_id"), "rubbish.example");
            assert!(fields.get("description").contains(&story.number), "{}", fields.get("description"));
        }
        assert!(listed(&mut operator).contains("对方编号 T-1"), "{}: {}", town.engine, listed(&mut operator));
        later(&town, 40);
        assert!(listed(&mut operator).contains("对方编号 T-1"), "{}: it has no number yet", town.engine);
        platform.lock().unwrap().numbers = Numbers::Given;
        later(&town, 40);
        let words = listed(&mut operator);
        assert!(words.contains("对方编号 F-1 · in_progress"), "{}: {words}", town.engine);
        platform.lock().unwrap().closed = true;
        later(&town, 40);
        assert_eq!(story.case().state, "handled", "{}", town.engine);
        story.tell("zhao opens it\n zhao reads 第2车已清走");
        assert_eq!(platform.lock().unwrap().taken.len(), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_was_taken_without_an_answer_is_found_there_and_not_sent_again() {
    let (address, platform) = started();
    for town in forwarding(&address) {
        // Somebody else's report is there already, so ours is on the second page.
        let other = Fields::default().with("description", "210104-2026-W999999-9");
        *platform.lock().unwrap() = Platform { taken: vec![other], swallows: true, ..Platform::default() };
        let (mut operator, mut story) = (operator(&town), sent_out(&town, 332));
        later(&town, 0);
        assert!(listed(&mut operator).contains("正在送"), "{}: {}", town.engine, listed(&mut operator));
        later(&town, 10);
        assert_eq!(platform.lock().unwrap().taken.len(), 2, "{}: not a second time", town.engine);
        let words = exchanged(&mut story);
        assert!(words.contains("对方编号 F-2") && words.contains("对方已收下"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_platform_that_falls_silent_is_given_up_with_its_reason_and_asked_again_by_hand() {
    let (address, platform) = started();
    for town in forwarding(&address) {
        *platform.lock().unwrap() = Platform { answers: 401, ..Platform::default() };
        let (mut operator, story) = (operator(&town), sent_out(&town, 333));
        later(&town, 0);
        assert!(listed(&mut operator).contains("对方已收下"), "{}", town.engine);
        for _ in 0..30 {
            later(&town, 120);
        }
        let words = listed(&mut operator);
        assert!(words.contains("对方没有回音") && words.contains("HTTP 401"), "{}: {words}", town.engine);
        assert!(operator.open("/work").expect(200).words().contains("没有送到其他平台的反映"), "{}", town.engine);
        platform.lock().unwrap().answers = 0;
        let form = deed(&mut operator, "/again");
        drop(operator.send(form).expect(303));
        later(&town, 0);
        let words = listed(&mut operator);
        assert!(words.contains("对方已收下") && !words.contains("HTTP 401"), "{}: {words}", town.engine);
        platform.lock().unwrap().closed = true;
        later(&town, 40);
        assert_eq!(story.case().state, "handled", "{}: it is asked on", town.engine);
        assert_eq!(platform.lock().unwrap().taken.len(), 1, "{}: nothing was sent again", town.engine);
        town.verify();
    }
}

#[test]
fn what_was_given_up_is_let_go_by_a_named_person_for_a_reason() {
    let (address, platform) = started();
    for town in forwarding(&address) {
        *platform.lock().unwrap() = Platform { answers: 404, ..Platform::default() };
        let (mut operator, mut story) = (operator(&town), sent_out(&town, 334));
        for _ in 0..30 {
            later(&town, 120);
        }
        let form = deed(&mut operator, "/let-go");
        let mut far = town.staff("forward.far", "operator", &town.named("沈河区"), None);
        drop(far.open("/systems/open311").expect(200));
        assert_eq!(far.post(&form.action, &[("why", "已办")]).status, 404, "{}: not hers", town.engine);
        for (why, said) in [("", "没有写为什么不再送"), ("张科长 13800000334", "电话")] {
            let refused = operator.send(form.clone().set("why", why)).expect(422).words();
            assert!(refused.contains(said), "{}: {why}: {refused}", town.engine);
        }
        assert!(listed(&mut operator).contains("对方没有回音"), "{}", town.engine);
        for _ in 0..2 {
            drop(operator.send(form.clone().set("why", "已电话核实，对方已办")).expect(303));
        }
        let words = listed(&mut operator);
        assert!(words.contains("不再送") && words.contains("已电话核实，对方已办"), "{}: {words}", town.engine);
        assert!(!words.contains("对方没有回音"), "{}: {words}", town.engine);
        let home = operator.open("/work").expect(200).words();
        assert!(!home.contains("没有送到其他平台的反映 1"), "{}: {home}", town.engine);
        later(&town, 600);
        assert!(listed(&mut operator).contains("已电话核实，对方已办"), "{}: it stays let go", town.engine);
        assert_eq!(story.case().state, "handling", "{}: here it goes on", town.engine);
        assert!(exchanged(&mut story).contains("不再送"), "{}", town.engine);
        let id: uuid::Uuid = form.action.split('/').nth(4).unwrap().parse().unwrap();
        let district = kernel::place::PlaceId(form.action.split('/').nth(3).unwrap().parse().unwrap());
        assert_eq!(town.acts(district, id), ["grid.forward_let_go"], "{}: once", town.engine);
        town.verify();
    }
}

#[test]
fn many_messages_stand_on_pages_with_those_given_up_first() {
    let (address, platform) = started();
    for town in forwarding(&address) {
        *platform.lock().unwrap() = Platform::default();
        let most: i64 = town.city.hall.figure(rulebook::LIST_PAGE_SIZE, town.clock.now()).unwrap();
        let mut operator = operator(&town);
        let case = sent_out(&town, 335).case();
        later(&town, 0);
        let (district, id, now) = (cases::district(&case), case.id.0, town.clock.now());
        // It is there many times over, so that a page is full, and the oldest was given up.
        let copied = town.store().write_blocking(move |tx| {
            let first = forward::of_case(tx, district, id, 1)?.remove(0);
            let copies = (1..=most).map(|copy| Forward {
                id: uuid::Uuid::from_u128(u128::from(copy.unsigned_abs())),
                number: format!("N-{copy}"),
                at: first.at.plus_minutes(-copy),
                ..first.clone()
            });
            let copies: Vec<Forward> = copies.collect();
            copies.iter().try_for_each(|copy| forward::add(tx, copy).map(drop))?;
            copies.last().map_or(Ok(()), |oldest| forward::failed(tx, oldest, "HTTP 503", true, now))
        });
        copied.unwrap();
        let page = operator.open("/systems/open311").expect(200);
        let oldest = format!("N-{most} ");
        assert!(page.words().contains(&oldest), "{}: what was given up stands first", town.engine);
        let next = page.links().into_iter().find(|link| link.contains("after=")).unwrap();
        let second = operator.open(&next).expect(200);
        let (all, rest) = (page.words(), second.words());
        for copy in 1..most {
            let number = format!("N-{copy} ");
            let times = [&all, &rest].iter().filter(|words| words.contains(&number)).count();
            assert_eq!(times, 1, "{}: {number}", town.engine);
        }
        assert!(second.links().iter().all(|link| !link.contains("after=")), "{}: the end", town.engine);
    }
}
