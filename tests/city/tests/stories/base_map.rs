//! These stories are about the map below the city's own: it comes from this server to whoever may see the map, from a
//! file or from a service that learns nothing of who looks.

#[path = "../../../../platform/tiles/tests/packer/mod.rs"]
pub mod packer;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use city_stories::{Browser, Town};
use kernel::language::Bilingual;
use lianglin::configuration::{Configuration, MapSettings};
use packer::Packer;

const CITY: &str = "沈阳市";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a picture of a square";
const KEY: &str = "hunter2";
/// Seconds for which a square is kept.
const A_DAY: i64 = 24 * 60 * 60;

/// The settings of a file with a square in the middle of the city; it is kept in a folder.
pub fn of_file(folder: &tempfile::TempDir, packer: &Packer) -> MapSettings {
    let file = folder.path().join("city.pmtiles");
    std::fs::write(&file, packer.pack()).unwrap();
    MapSettings { base: "pmtiles".to_owned(), file: Some(file), ..MapSettings::default() }
}

/// Squares of one zoom, as vector tiles packed with gzip.
pub fn middle() -> Packer {
    Packer { gzip: true, ..Packer::new(1, (8, 9)).with((9, 431, 190), b"a square") }
}

/// A service of tiles on a port of this machine. It notes what it is asked.
#[derive(Clone)]
struct Service {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    gives: Arc<Mutex<(u16, &'static [u8])>>,
}

impl Service {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let made = Self { address, asked: Arc::default(), gives: Arc::new(Mutex::new((200, PNG))) };
        let service = made.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, mut head, mut byte) = (stream.unwrap(), Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
                    head.extend(byte);
                }
                service.asked.lock().unwrap().push(String::from_utf8(head).unwrap().to_lowercase());
                let (status, body) = *service.gives.lock().unwrap();
                let length = body.len();
                let line = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nset-cookie: a=b\r\n");
                stream.write_all(&[line.as_bytes(), b"connection: close\r\n\r\n", body].concat()).unwrap();
            }
        });
        made
    }

    fn settings(&self) -> MapSettings {
        MapSettings {
            base: "wmts".to_owned(),
            url: Some(format!("{}/wmts?TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={KEY}", self.address)),
            zooms: Some((8, 17)),
            credit: Some(Bilingual::new("天地图 GS(2024)1 号", "Tianditu")),
            web_mercator: Some(true),
            file: None,
        }
    }

    fn towns(&self) -> Vec<Town> {
        Town::each_decided(|settings: &mut Configuration| {
            settings.map = Some(self.settings());
            settings.allowed_targets = vec!["127.0.0.1".to_owned()];
            assert!(settings.faults().is_empty(), "{:?}", settings.faults());
        })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn organiser(town: &Town) -> Browser {
    town.staff("map.organiser", "organiser_city", &town.named(CITY), None)
}

/// What the page of the map tells the script; nothing if the library of the map was not there at the build.
fn told(reader: &mut Browser) -> Option<String> {
    let page = reader.open("/map").expect(200).body();
    page.contains("data-map=").then_some(page)
}

#[test]
fn a_file_is_given_square_by_square_to_whoever_may_see_the_map() {
    let folder = tempfile::tempdir().unwrap();
    let towns = Town::each_decided(|settings: &mut Configuration| {
        settings.map = Some(of_file(&folder, &middle()));
        assert!(settings.faults().is_empty(), "{:?}", settings.faults());
    });
    for town in towns {
        drop(town.lays_ground(&[town.named("大北街道")], 5));
        let mut reader = organiser(&town);
        let square = reader.get("/map/base/9/431/190").expect(200);
        assert_eq!(square.bytes, &b"a square"[..], "{}: unpacked for who does not unpack", town.engine);
        assert_eq!(square.header("content-type"), Some("application/vnd.mapbox-vector-tile"));
        assert_eq!(square.header("cache-control"), Some("private, max-age=3600"));
        let tag = square.header("etag").unwrap().to_owned();
        for none in ["9/431/191", "8/0/0", "7/0/0", "10/0/0", "9/512/0", "9/0/512", "9/-1/0", "99/0/0", "9/x/0"] {
            drop(reader.get(&format!("/map/base/{none}")).expect(404));
        }
        if let Some(page) = told(&mut reader) {
            assert!(page.contains("data-base=") && page.contains("/map/base/{z}/{x}/{y}"), "{page}");
            assert!(page.contains("底图：© Tests"), "the file says whose it is");
        }
        let mut packed = organiser_again(&town, "packs").with_header("accept-encoding", "gzip");
        assert_eq!(packed.get("/map/base/9/431/190").expect(200).header("content-encoding"), Some("gzip"));
        let mut knows = organiser_again(&town, "knows").with_header("if-none-match", &tag);
        assert!(knows.get("/map/base/9/431/190").expect(304).bytes.is_empty());
        let mut worker = town.staff("map.worker", "community_worker", &town.named("华炉社区"), None);
        drop(worker.get("/map/base/9/431/190").expect(403));
        let nobody = town.visitor().get("/map/base/9/431/190");
        assert!(nobody.location().is_some_and(|to| to.starts_with("/sign-in")), "{}", nobody.status);
    }
}

fn organiser_again(town: &Town, login: &str) -> Browser {
    town.staff(login, "organiser_city", &town.named(CITY), None)
}

#[test]
fn without_a_base_map_or_with_a_damaged_file_the_map_is_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let cut = of_file(&folder, &middle());
    let file = cut.file.clone().unwrap();
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
    for map in [None, Some(cut)] {
        let towns = Town::each_decided(|settings: &mut Configuration| {
            settings.map.clone_from(&map);
            let faults = settings.faults();
            assert_eq!(faults.len(), usize::from(map.is_some()), "{faults:?}");
            assert!(faults.iter().all(|fault| fault.contains("map.file") && fault.contains("damaged")), "{faults:?}");
        });
        for town in towns {
            drop(town.lays_ground(&[town.named("大北街道")], 5));
            let mut reader = organiser(&town);
            drop(reader.get("/map/base/9/431/190").expect(404));
            drop(reader.get("/map/tiles/9/431/190").expect(200));
            let page = reader.open("/map").expect(200).body();
            for told in [
                "没有超期",
                "超期超过一成",
                "在办的件数/超期的件数",
                "<main id=\"main\" tabindex=\"-1\" class=\"wide\"",
            ] {
                assert!(page.contains(told), "{}: the picture says what it shows: {told}", town.engine);
            }
            let of_community = format!("/map?place={}", town.named("华炉社区").id());
            let one = reader.open(&of_community).expect(200).body();
            let legend = one.split("<figcaption>").nth(1).and_then(|rest| rest.split("</figcaption>").next());
            assert!(legend.is_some_and(|legend| legend.contains("楼栋")), "{}: {one}", town.engine);
            assert!(!page.contains("data-base") && !page.contains("class=\"credit\"") && page.contains("<svg"));
        }
    }
}

#[test]
fn a_service_is_asked_once_and_learns_nothing_of_who_looks() {
    let service = Service::start();
    for town in service.towns() {
        drop(town.lays_ground(&[town.named("大北街道")], 5));
        let mut reader = organiser(&town).with_header("x-forwarded-for", "203.0.113.7");
        let before = service.asked().len();
        for _ in 0..3 {
            let square = reader.get("/map/base/9/431/190").expect(200);
            assert_eq!((square.bytes.as_ref(), square.header("content-type")), (PNG, Some("image/png")));
            assert!(square.header("set-cookie").is_none(), "nothing of the service comes through");
        }
        let mut colleague = organiser_again(&town, "map.colleague");
        drop(colleague.get("/map/base/9/431/190").expect(200));
        let asked = service.asked();
        let [request] = &asked[before..] else { panic!("asked {} times", asked.len() - before) };
        let line = format!("get /wmts?tilematrix=9&tilerow=190&tilecol=431&tk={KEY} http/1.1");
        assert_eq!(request.lines().next(), Some(line.as_str()));
        for word in ["cookie", "referer", "forwarded", "203.0.113", "lianglin.test", "session"] {
            assert!(!request.contains(word), "{word}: {request}");
        }
        for outside in ["7/0/0", "18/0/0", "9/512/0"] {
            drop(reader.get(&format!("/map/base/{outside}")).expect(404));
        }
        if let Some(page) = told(&mut reader) {
            assert!(page.contains("天地图 GS(2024)1 号"), "whose map it is stands on it");
            assert!(!page.contains(KEY) && !page.contains(&service.address), "neither address nor key");
        }
        drop(town.visitor().get("/map/base/9/1/1").expect(303));
        assert_eq!(service.asked().len(), before + 1, "nobody else makes it be asked");
        town.clock.plus_seconds(A_DAY);
        drop(organiser_again(&town, "map.tomorrow").get("/map/base/9/431/190").expect(200));
        assert_eq!(service.asked().len(), before + 2, "asked again after a day");
    }
}

#[test]
fn the_map_goes_on_when_the_service_does_not() {
    let service = Service::start();
    for town in service.towns() {
        drop(town.lays_ground(&[town.named("大北街道")], 5));
        *service.gives.lock().unwrap() = (200, PNG);
        let mut reader = organiser(&town);
        drop(reader.get("/map/base/9/431/190").expect(200));
        let before = service.asked().len();
        *service.gives.lock().unwrap() = (200, b"{\"msg\": \"the key is wrong\"}");
        for row in 1..=5 {
            let missing = reader.get(&format!("/map/base/9/431/{row}")).expect(502);
            assert!(missing.bytes.is_empty(), "nothing of its words comes through");
        }
        assert_eq!(service.asked().len(), before + 3, "then it is left in peace");
        drop(reader.get("/map/base/9/431/190").expect(200));
        drop(reader.get("/map/tiles/9/431/190").expect(200));
        *service.gives.lock().unwrap() = (404, b"");
        town.clock.plus_seconds(60);
        drop(reader.get("/map/base/9/431/1").expect(404));
        *service.gives.lock().unwrap() = (200, PNG);
        drop(reader.get("/map/base/9/431/1").expect(200));
    }
}
