//! A file of requests of another city is played through HTTP: every row is accounted for, nothing is sent twice, and
//! what became of it is set beside the file.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use city_stories::Town;
use kernel::language::Lang;
use lianglin::replay::account::{beside, told};
use lianglin::replay::{Account, Beside, Desk, Ledger, Mapping, Playing, file, play};

use crate::exchange::Hub;

const MAP: &str = r#"
    offset = "-06:00"
    [columns]
    number = "case"
    opened = "opened"
    due = "target"
    closed = "closed"
    kind = ["type", "group"]
    place = ["ward", "precinct"]
    lat = "lat"
    lon = "lon"
    words = "type"
    [kinds]
    "Street Light Out" = "component/0118/out"
    "Sanitation" = "event/0102/heap"
    "Gas" = "event/0403/smell"
    "Wrong here" = "event/9999/none"
    [spread]
    inside = "210104"
"#;

/// A small city's week: lights, rubbish, a smell of gas, one kind that nobody mapped and one that is mapped wrongly, a
/// row without a moment, and one that is still open.
const FILE: &str = "case,opened,target,closed,type,group,ward,precinct,lat,lon\n\
    A1,2024-03-04 08:00:00,2024-03-05 08:00:00,2024-03-04 15:00:00,Street Light Out,Lights,1,101,41.88,-87.63\n\
    A2,2024-03-04 09:00:00,2024-03-04 10:00:00,2024-03-20 09:00:00,Missed Pickup,Sanitation,1,102,41.88,-87.63\n\
    A3,2024-03-04 10:00:00,,2024-03-05 09:00:00,Smell,Gas,2,201,,\n\
    A4,2024-03-05 10:00:00,2024-03-06 10:00:00,,Overflowing Cart,Sanitation,2,202,,\n\
    A5,2024-03-05 11:00:00,,,Bed Bugs,Housing,2,202,,\n\
    A6,2024-03-05 12:00:00,,,Wrong here,Other,3,301,,\n\
    A7,soon,,,Street Light Out,Lights,3,301,,\n";

/// Serves a town on a port of this machine while the test runs; port 0 takes any.
pub(crate) fn served(town: &Town, port: u16) -> String {
    let router = town.city.router();
    let listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.unwrap();
        });
    });
    format!("http://{address}")
}

/// Who reports, who handles and who checks.
fn keys(town: &Town) -> Vec<String> {
    [("重放", "report.send"), ("环卫平台", "report.act"), ("指挥平台", "report.act")]
        .map(|(name, scope)| Hub::new(town, name, "沈阳市", "", &[scope], 6_000).key().to_owned())
        .to_vec()
}

fn communities(town: &Town) -> Vec<String> {
    let tree = town.city.places.tree();
    let mut codes: Vec<String> =
        tree.of_level(kernel::place::Level::Community).map(|place| place.code.clone()).collect();
    codes.sort();
    codes
}

/// Due, closed and overdue, as the file says and as it stands here.
fn stands_beside_the_file(account: &Account, compared: Beside) {
    assert_eq!((compared.requests, compared.lost), (4, 0));
    assert_eq!((compared.due, compared.closed), ((3, 4), (3, 3)), "{compared:?}");
    assert_eq!(compared.overdue.0, 1, "A2 was late; A4 is open and was due after the file ends: {compared:?}");
    assert!(told(account, Some(&compared), Lang::Zh).contains("每一行都有着落"));
}

#[test]
fn every_row_of_a_file_is_accounted_for_and_none_is_sent_twice() {
    for town in Town::each() {
        let keys = keys(&town);
        let desk = Desk::at(&served(&town, 0));
        let mapping = Mapping::read(MAP).unwrap();
        let contents = file::read(FILE.as_bytes(), &mapping, Lang::En).unwrap();
        let communities = communities(&town);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.jsonl");
        let plays = |stop: &AtomicBool, most: usize| {
            let ledger = Ledger::open(&path).unwrap();
            let heard = AtomicUsize::new(0);
            let playing = Playing {
                desk: &desk,
                mapping: &mapping,
                spread: mapping.spread(&contents.places(), &communities),
                contents: &contents,
                keys: &keys,
                speed: 1e7,
                at_once: 1,
                ledger: &ledger,
                stop,
            };
            play(&playing, &|| {
                if heard.fetch_add(1, Ordering::SeqCst) + 1 >= most {
                    stop.store(true, Ordering::SeqCst);
                }
            })
            .unwrap();
            ledger
        };
        let before = town.counts();
        let stopped = plays(&AtomicBool::new(false), 3);
        let account = Account::of(&contents, &stopped);
        assert!(account.adds_up() && account.accepted == 3 && account.waiting == 3, "{}: {account:?}", town.engine);
        drop(stopped);

        let go_on = AtomicBool::new(false);
        let ledger = plays(&go_on, usize::MAX);
        let account = Account::of(&contents, &ledger);
        assert!(account.adds_up(), "{}: {account:?}", town.engine);
        assert_eq!((account.rows, account.unread, account.accepted, account.waiting), (7, 1, 4, 0), "{account:?}");
        let reasons: Vec<&str> = account.refused.keys().map(String::as_str).collect();
        assert!(
            matches!(reasons.as_slice(), [wrong, other] if wrong.starts_with("404") && other.contains("Bed Bugs")),
            "{reasons:?}"
        );
        assert_eq!((account.to_close, account.closed), (3, 3), "{}: {account:?}", town.engine);
        assert_eq!(town.counts().cases, before.cases + 4, "{}", town.engine);

        stands_beside_the_file(&account, beside(&contents, &ledger, &desk, &go_on).unwrap());

        // Played once more without its ledger, it is answered the same and nothing is added.
        let again = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let after = town.counts();
        let ledger = plays(&AtomicBool::new(false), usize::MAX);
        assert_eq!(town.counts().cases, after.cases, "{}", town.engine);
        let first = again.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        for line in first.filter(|line| line["id"].is_string()) {
            let number = line["number"].as_str().unwrap();
            assert_eq!(ledger.entry(number).id.as_deref(), line["id"].as_str(), "{number}");
        }
        town.verify();
    }
}

/// How many rows of the real file are played in this story. `lianglin replay` plays all of them.
const SAMPLE: usize = 150;

#[test]
fn the_first_rows_of_a_real_file_are_played_with_the_mapping_that_is_shipped() {
    let folder = std::env::var("LIANGLIN_REFERENCE_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference").to_owned());
    let Ok(bytes) = std::fs::read(format!("{folder}/requests_boston_2011h2.csv.gz")) else {
        println!("skipped: {folder} has no requests_boston_2011h2.csv.gz; set LIANGLIN_REFERENCE_DATA");
        return;
    };
    let map = include_str!("../../../../../bench/replay/boston_2011h2.toml");
    let mapping = Mapping::read(map).unwrap();
    let mut contents = file::read(&bytes, &mapping, Lang::En).unwrap();
    assert_eq!((contents.requests.len(), contents.unread.len()), (58_251, 0));
    let places = contents.places().len();
    assert!((250..=320).contains(&places), "{places} precincts");
    contents.requests.truncate(SAMPLE);

    let town = Town::small();
    let (desk, keys) = (Desk::at(&served(&town, 0)), keys(&town));
    let folder = tempfile::tempdir().unwrap();
    let (ledger, stop) = (Ledger::open(&folder.path().join("ledger")).unwrap(), AtomicBool::new(false));
    let playing = Playing {
        desk: &desk,
        mapping: &mapping,
        spread: mapping.spread(&contents.places(), &communities(&town)),
        contents: &contents,
        keys: &keys,
        speed: 1e12,
        at_once: 4,
        ledger: &ledger,
        stop: &stop,
    };
    play(&playing, &|| ()).unwrap();
    let account = Account::of(&contents, &ledger);
    assert!(account.adds_up() && account.waiting == 0 && account.accepted > SAMPLE / 2, "{account:?}");
    assert!(account.refused.keys().all(|why| why.starts_with("not mapped")), "{account:?}");
    assert_eq!(account.closed, account.to_close, "{account:?}");
    let compared = beside(&contents, &ledger, &desk, &stop).unwrap();
    assert_eq!((compared.requests, compared.lost), (account.accepted, 0));
    assert_eq!((compared.closed, compared.due.1), ((account.closed, account.closed), account.accepted));
    println!("{}", told(&account, Some(&compared), Lang::En));
    town.verify();
}
