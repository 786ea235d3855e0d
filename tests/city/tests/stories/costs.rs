//! These stories are about what requests cost: who may not ask is turned away before anything of hers is read, nobody
//! takes what is meant for all, and whoever asks too often is told to wait.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use city_stories::{Story, Town, wait};
use http_body_util::{BodyExt, Full};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::oneshot;
use tower::ServiceExt;
use web::Class;

const MULTIPART: &str = "multipart/form-data; boundary=edge";
const FORM: &str = "application/x-www-form-urlencoded";
/// Is what a stranger sends to each door: 15 MiB.
const MUCH: usize = 15 << 20;
/// Holds what is sent, once for all.
static SENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(vec![b'x'; MUCH]));
/// Says how many forms one address may send in a minute, as the product ships it.
const FORMS: usize = 240;

/// An answer to what was sent, and whether anything of it was read.
struct Sent {
    status: StatusCode,
    headers: HeaderMap,
    words: String,
    was_read: bool,
}

impl Sent {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// What somebody sends who is not signed in.
struct Sending<'a> {
    method: Method,
    address: &'a str,
    kind: &'a str,
    headers: &'a [(&'a str, &'a str)],
    bytes: usize,
}

/// Sends so many bytes, and watches whether they are read.
fn send(router: &Router, sending: &Sending<'_>) -> Sent {
    let read = Arc::new(AtomicBool::new(false));
    let told = read.clone();
    let body = Full::new(SENT.slice(..sending.bytes)).map_frame(move |frame| {
        told.store(true, Ordering::Relaxed);
        frame
    });
    let mut request =
        Request::builder().method(&sending.method).uri(sending.address).header(CONTENT_TYPE, sending.kind);
    for (name, value) in sending.headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::new(body)).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 7], 40_000))));
    let answer = wait(router.clone().oneshot(request)).unwrap_or_else(|never| match never {});
    let (parts, body) = answer.into_parts();
    let words = wait(body.collect()).unwrap().to_bytes();
    let was_read = read.load(Ordering::Relaxed);
    let words = String::from_utf8_lossy(&words).into_owned();
    Sent { status: parts.status, headers: parts.headers, words, was_read }
}

/// Returns the path of a route with something in place of each name.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn nobody_passes_a_door_that_asks_for_something_and_nothing_is_read() {
    for town in Town::each() {
        let (router, declared) = (town.city.router(), town.city.declared());
        let mut tried = 0;
        for route in declared.iter().filter(|route| route.need != "anyone") {
            let address = filled(&route.path);
            for method in [Method::GET, Method::POST] {
                let what = format!("{}: {method} {address} needs {}", town.engine, route.need);
                let sending = Sending { method, address: &address, kind: MULTIPART, headers: &[], bytes: MUCH };
                let sent = send(&router, &sending);
                assert!(!sent.was_read, "{what}");
                let expected = match (sent.status.as_u16(), route.need) {
                    // The other method of this route stands on a line of its own.
                    (405, _) | (200 | 404, "pass") => continue,
                    (401, "token") => true,
                    (303, "form") => sent.header("location") == "/report/new",
                    (303, "pass") => {
                        ["/follow", "/appointments"].iter().any(|form| sent.header("location").starts_with(form))
                    }
                    (303, _) => sent.header("location").starts_with("/sign-in"),
                    (200 | 404, _) if sending.method == Method::GET => {
                        declared.iter().any(|other| other.path == route.path && other.need == "anyone")
                    }
                    _ => false,
                };
                assert!(expected, "{what}: {} {}", sent.status, sent.header("location"));
                tried += 1;
            }
        }
        assert!(tried > 100, "{}: {tried} of {}", town.engine, declared.len());
    }
}

#[test]
fn a_stranger_fills_no_memory_through_any_door_for_files() {
    for town in Town::each() {
        let mut story = Story::new(&town, 611);
        story.tell("she applies for MZ-11 living in 华炉社区");
        let router = town.city.router();
        let declared = town.city.declared();
        let uploads: Vec<_> = declared.iter().filter(|route| route.class == Class::Upload).collect();
        assert_eq!(uploads.len(), 14, "{uploads:?}");
        for route in uploads {
            let address = route.path.replace("{number}", &story.number).replace("{id}", "1").replace("{file}", "1");
            let address = address.replace("{compound}", "0").replace("{power}", "0");
            for headers in [&[][..], &[("cookie", "case_pass=1.2.3.4; lianglin_session=x")][..]] {
                let sending =
                    Sending { method: Method::POST, address: &address, kind: MULTIPART, headers, bytes: MUCH };
                let sent = send(&router, &sending);
                assert_eq!((sent.status.as_u16(), sent.was_read), (303, false), "{}: {address}", town.engine);
            }
        }
    }
}

#[test]
fn a_stranger_fills_no_memory_through_the_door_for_photos_of_other_systems() {
    for town in Town::each() {
        let router = town.city.router();
        for call in ["requests.json", "requests.xml", "servicerequestupdates.json", "servicerequestupdates.xml"] {
            for query in ["", "?api_key=lianglin_nobody"] {
                let address = format!("/open311/v2/{call}{query}");
                let sending =
                    Sending { method: Method::POST, address: &address, kind: MULTIPART, headers: &[], bytes: MUCH };
                let sent = send(&router, &sending);
                assert_eq!((sent.status.as_u16(), sent.was_read), (403, false), "{}: {address}", town.engine);
            }
        }
    }
}

#[test]
fn a_form_over_its_limit_is_refused_with_words() {
    for town in Town::each() {
        let (router, before) = (town.city.router(), town.counts());
        let told = (300 << 10).to_string();
        for (headers, was_read) in [(&[][..], true), (&[(CONTENT_LENGTH.as_str(), told.as_str())][..], false)] {
            let sending = Sending { method: Method::POST, address: "/follow", kind: FORM, headers, bytes: 300 << 10 };
            // The browser proves by itself that the form is ours.
            let headers: Vec<(&str, &str)> =
                headers.iter().copied().chain([("sec-fetch-site", "same-origin")]).collect();
            let sent = send(&router, &Sending { headers: &headers, ..sending });
            assert_eq!((sent.status.as_u16(), sent.was_read), (413, was_read), "{}", town.engine);
            assert!(sent.words.contains("内容太大了"), "{}: {}", town.engine, sent.words);
            assert!(sent.words.contains("用浏览器的“后退”还能找回"), "{}: {}", town.engine, sent.words);
        }
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

/// Returns the address of a workbook that everybody may have made.
fn workbook(town: &Town) -> String {
    town.city.places.tree().root().map(|city| format!("/places/{}?format=xlsx", city.id)).unwrap()
}

#[test]
fn eight_exports_at_once_leave_the_pages_alone() {
    for town in Town::each() {
        let (exporter, mut reader, workbook) = (town.visitor(), town.visitor(), workbook(&town));
        let held = wait(town.city.doors().place(Class::Export, "somebody")).unwrap();
        let waited: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8)
                .map(|_| {
                    let (mut browser, workbook) = (exporter.clone(), workbook.as_str());
                    scope.spawn(move || browser.get(workbook))
                })
                .collect();
            while asked.iter().any(|one| !one.is_finished()) {
                drop(reader.get("/help").expect(200));
                std::thread::sleep(Duration::from_millis(50));
            }
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        for reply in waited {
            assert_eq!(reply.status, 503, "{}: the one place is taken", town.engine);
            assert!(reply.header("retry-after").is_some(), "{}", town.engine);
        }
        drop(held);
        let made = exporter.clone().get(&workbook).expect(200);
        assert!(made.bytes.starts_with(b"PK"), "{}", town.engine);
    }
}

#[test]
fn an_export_is_known_however_its_address_is_written() {
    for town in Town::each() {
        let plain = workbook(&town);
        let held = wait(town.city.doors().place(Class::Export, "somebody")).unwrap();
        let odd = plain.replace("format=", "%66ormat=");
        let replies = std::thread::scope(|scope| {
            let asked = [&plain, &odd].map(|address| {
                let mut browser = town.visitor();
                scope.spawn(move || browser.get(address))
            });
            asked.map(|one| one.join().unwrap())
        });
        assert_eq!(replies.map(|reply| reply.status.as_u16()), [503, 503], "{}", town.engine);
        drop(held);
        assert!(town.visitor().get(&odd).expect(200).bytes.starts_with(b"PK"), "{}", town.engine);
    }
}

#[test]
fn whoever_sends_slowly_keeps_no_place_of_exports() {
    for town in Town::each() {
        let mut story = Story::new(&town, 612);
        story.tell("she applies for MZ-11 living in 华炉社区");
        let pass = story.at("she").cookie("case_pass").unwrap();
        let address = format!("/follow/{}/letters/certificate.pdf", story.number);
        let (read, (ends, end)) = (Arc::new(AtomicBool::new(false)), oneshot::channel::<()>());
        let told = read.clone();
        let body = Full::new(Bytes::from_static(b"proof=1")).map_frame(move |frame| {
            told.store(true, Ordering::Relaxed);
            frame
        });
        // It comes to no end before she is told.
        let body = body.with_trailers(async move {
            let _ = end.await;
            None
        });
        let request = Request::post(&address).header(CONTENT_TYPE, FORM).header("sec-fetch-site", "same-origin");
        let request = request.header("cookie", format!("case_pass={pass}")).body(Body::new(body)).unwrap();
        let router = town.city.router();
        let slow = std::thread::spawn(move || wait(router.oneshot(request)));
        while !read.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        drop(town.visitor().get(&workbook(&town)).expect(200));
        assert!(!slow.is_finished(), "{}: she has not sent everything", town.engine);
        drop(ends);
        let answer = slow.join().unwrap().unwrap_or_else(|never| match never {});
        assert_ne!(answer.status(), StatusCode::REQUEST_TIMEOUT, "{}", town.engine);
    }
}

#[test]
fn whoever_asks_too_often_waits_and_nobody_else() {
    for town in Town::each_decided(|settings| settings.quota = 1) {
        let place = town.named("文安路社区");
        let mut worker = town.staff("patient", "community_worker", &place, None);
        let mut hasty = worker.clone();
        hasty.set_cookie("lianglin_session", "");
        let (signed_in, _) = town.neighbour(613);
        let mut resident = hasty.clone();
        resident.set_cookie("lianglin_session", &signed_in.cookie("lianglin_session").unwrap());
        let chooses = [("lang", "zh-CN"), ("back", "/")];
        let answers: Vec<_> = (0..FORMS * 20)
            .map(|_| hasty.post("/prefer", &chooses))
            .scan(false, |over, reply| {
                let before = std::mem::replace(over, reply.status == 429);
                (!before).then_some(reply)
            })
            .collect();
        let last = answers.last().unwrap();
        assert!(answers.len() > FORMS, "{}: {}", town.engine, answers.len());
        assert_eq!(last.status.as_u16(), 429, "{}: after {}", town.engine, answers.len());
        assert_eq!(last.header("retry-after"), Some("1"), "{}", town.engine);
        assert!(last.words().contains("这会儿人太多，请等几秒再试"), "{}: {}", town.engine, last.words());
        let over = (0..FORMS / 2).any(|_| resident.post("/prefer", &chooses).status == 429);
        assert!(over, "{}: a resident's account at that address counts with it", town.engine);
        drop(hasty.get("/help").expect(200));
        assert_eq!(worker.post("/prefer", &chooses).status, 303, "{}: an account at that address", town.engine);
        assert_eq!(town.visitor().post("/prefer", &chooses).status, 303, "{}: another address", town.engine);
    }
    for town in Town::each() {
        let mut hasty = town.visitor();
        for asked in 0..FORMS + 60 {
            assert_eq!(hasty.post("/prefer", &[("back", "/")]).status, 303, "{}: no quota, {asked}", town.engine);
        }
    }
}
