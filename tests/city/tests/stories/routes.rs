//! Every route is tried as nobody, as a resident and as each role, in the right place and in a wrong one.

mod at_home;
mod list;
mod met;

use crate::base_map;
use at_home::tried_at_home;
use city_stories::{Browser, Resident, Slot, Taken, Town};
use lianglin::demonstration::Seed;
use list::ROUTES;
use met::shown;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use testkit::Reply;
use uuid::Uuid;

/// Lists routes that no try above reaches, each with the reason. People review it. There are none.
const UNCOVERED: &[(&str, &str)] = &[];

/// Lists who tries: a word for the column, role, place and department. The case is taken in at 文安路社区 (和平区) for
/// a resident of 华炉社区 (大北街道, 大东区), and 大东区's civil affairs decide it. The colleague is at 华炉社区, where
/// the applicant has an appointment as well.
const STAFF: &[(&str, &str, &str, Option<&str>)] = &[
    ("worker, took it in", "community_worker", "文安路社区", None),
    ("worker, her home", "community_worker", "华炉社区", None),
    ("worker, elsewhere", "community_worker", "永顺社区", None),
    ("street, hers", "street_handler", "大北街道", Some("civil_affairs")),
    ("street, the counter's", "street_handler", "南湖街道", Some("health")),
    ("street, elsewhere", "street_handler", "五里河街道", Some("civil_affairs")),
    ("district, decides", "district_handler", "大东区", Some("civil_affairs")),
    ("district, department elsewhere", "district_handler", "大东区", Some("housing")),
    ("district, elsewhere", "district_handler", "沈河区", Some("civil_affairs")),
    ("city, hers", "city_handler", "沈阳市", Some("civil_affairs")),
    ("city, department elsewhere", "city_handler", "沈阳市", Some("housing")),
    ("secretary, her home", "secretary_community", "华炉社区", None),
    ("secretary, elsewhere", "secretary_community", "永顺社区", None),
    ("street secretary, hers", "secretary_street", "大北街道", None),
    ("street secretary, the counter's", "secretary_street", "南湖街道", None),
    ("street secretary, elsewhere", "secretary_street", "五里河街道", None),
    ("organiser, decides", "organiser_district", "大东区", None),
    ("organiser, elsewhere", "organiser_district", "沈河区", None),
    ("organiser, city", "organiser_city", "沈阳市", None),
    ("auditor, city", "auditor", "沈阳市", None),
    ("auditor, elsewhere", "auditor", "沈河区", None),
    ("protection, city", "protection_officer", "沈阳市", None),
    ("protection, elsewhere", "protection_officer", "沈河区", None),
    ("operator, city", "operator", "沈阳市", None),
    ("operator, elsewhere", "operator", "沈河区", None),
    ("catalogue editor", "catalogue_editor", "沈阳市", None),
    ("catalogue editor, other department", "catalogue_editor", "沈阳市", Some("housing")),
];

/// Holds what stands for the names in a route.
struct Names {
    number: String,
    visit: String,
    account: Uuid,
    post: Uuid,
    place: i64,
    /// A grid of her community.
    grid: i64,
}

/// Is the call of the matrix at her street. It has a plan that nobody works out.
const CALL: Uuid = Uuid::from_u128(0xCA11);
const PLAN: Uuid = Uuid::from_u128(0x91A7);
/// Is a question about the next stations of her street that nobody works out.
const NEXT: Uuid = Uuid::from_u128(0x57A7);
/// Is a proposal of grids for her street that nobody works out.
const GRIDS: Uuid = Uuid::from_u128(0x671D);
/// Are buildings for her street that nobody compares.
const BRING: Uuid = Uuid::from_u128(0xB416);

/// Describes a station of her community.
fn said(town: &Town) -> stations::Said {
    stations::Said {
        community: town.named("华炉社区").id().to_string(),
        name_zh: "华炉驿站".to_owned(),
        address: "华炉路 1 号".to_owned(),
        hours: "每天 08:00-20:00".to_owned(),
        ..stations::Said::default()
    }
}

/// Begins the call, asks for its plan, and registers the station.
fn begin_call(town: &Town) {
    let (desk, now) = (town.city.mobilization.clone(), town.clock.now());
    let (id, place) = (CALL, town.named("大北街道"));
    let (title, note) = ("应急值守".to_owned(), String::new());
    let new = mobilization::NewCall { id, place: place.clone(), title, note };
    let plan = jobs::NewWork {
        id: PLAN,
        kind: mobilization::PLAN.to_owned(),
        place,
        asked: serde_json::json!({ "call": CALL }),
        by: None,
        by_name: String::new(),
    };
    let next = jobs::NewWork { id: NEXT, kind: stations::NEXT.to_owned(), ..plan.clone() };
    let grids = jobs::NewWork { id: GRIDS, kind: "places.grids".to_owned(), ..plan.clone() };
    let bring = jobs::NewWork { id: BRING, kind: "places.bring".to_owned(), ..plan.clone() };
    let (keeper, said) = (town.city.stations.clone(), said(town));
    let station = keeper.read(&said, None).unwrap();
    let mut actor = city_stories::staff_at(town, &town.named("大北街道"), None);
    actor.grants[0].permissions.insert(stations::May::StationEdit);
    let done = town.store().write_blocking(move |tx| {
        desk.begin(tx, &new, &kernel::permission::Actor::system(), now)?;
        jobs::ask(tx, &plan, now)?;
        jobs::ask(tx, &next, now)?;
        jobs::ask(tx, &grids, now)?;
        jobs::ask(tx, &bring, now)?;
        keeper.register(tx, &station, &actor, "the-matrix", now)?;
        Ok::<_, hall::Fault>(())
    });
    done.unwrap();
    let (community, on) = (town.named("华炉社区").id(), testkit::ZONE.date(now));
    drop(town.store().write_blocking(move |tx| places::open_grids(tx, community, 1, on)).unwrap());
    town.city.places.reload_blocking().unwrap();
}

impl Names {
    fn address(&self, route: &str) -> String {
        let id = if route.starts_with("/stations") {
            "1".to_owned()
        } else if route.contains("/worker") {
            self.grid.to_string()
        } else if route.starts_with("/rulebook") {
            "platform-operation".to_owned()
        } else {
            self.place.to_string()
        };
        let number = match route {
            route if route.starts_with("/places") => "1",
            route if route.starts_with("/visits") => self.visit.as_str(),
            _ => self.number.as_str(),
        };
        let work = match route {
            route if route.starts_with("/places/bring") => BRING,
            route if route.starts_with("/places") => GRIDS,
            route if route.starts_with("/stations") => NEXT,
            _ => PLAN,
        };
        let nobody = |route: String, name: &&str| route.replace(&format!("{{{name}}}"), &Uuid::nil().to_string());
        [
            "job", "session", "system", "token", "delivery", "adoption", "request", "photo", "forward", "case", "vote",
            "unit", "body", "power",
        ]
        .iter()
        .fold(route.to_owned(), nobody)
        .replace("{number}", number)
        .replace("{district}", "1")
        .replace("{compound}", "0")
        .replace("{call}", &CALL.to_string())
        .replace("{work}", &work.to_string())
        .replace("{kind}", "counter")
        .replace("{code}", "MZ-11")
        .replace("{kind}", "accepted")
        .replace("{id}", &id)
        .replace("{collection}", "stations")
        .replace("{feature}", "0")
        .replace("{*rest}", "nothing/here")
        .replace("{zoom}", "9")
        .replace("{column}", "431")
        .replace("{row}", "190")
        .replace("{account}", &self.account.to_string())
        .replace("{post}", &self.post.to_string())
        .replace("{list}", "JJ-210104-2026-00009")
        .replace("{file}", "app.css")
        .replace("{deed}", "supervise")
        .replace("{paper}", "agreement")
    }
}

fn answer(reply: &Reply) -> String {
    match reply.location() {
        Some(to) if to.starts_with("/sign-in") => "in".to_owned(),
        Some(_) => "→".to_owned(),
        None => reply.status.as_u16().to_string(),
    }
}

fn row_of(town: &Town, browser: &mut Browser, number: &str, visit: &str, index: usize) -> Vec<String> {
    // Each try has a colleague of its own, because some of the deeds are done.
    let login = format!("colleague{index}");
    let account = town.account(&login, "周艳", "community_worker", &town.named("华炉社区"), None);
    let post = town.store().read_blocking(move |tx| identity::posts_of(tx, account)).unwrap()[0].id;
    let community = town.named("华炉社区").id();
    let grid = town.city.places.tree().children(community).next().unwrap().id.0;
    let place = community.0;
    let names = Names { number: number.to_owned(), visit: visit.to_owned(), account, post, place, grid };
    let try_one = |(method, route, fields): &(&str, &str, &[(&str, &str)])| {
        let address = names.address(route);
        let reply = if *method == "GET" { browser.get(&address) } else { browser.post(&address, fields) };
        assert!(reply.status.as_u16() < 500, "{method} {address}: {}", reply.words());
        answer(&reply)
    };
    ROUTES.iter().map(try_one).collect()
}

fn resident(town: &Town) -> Browser {
    let who = Resident::next(&mut Seed::new(91));
    let mut browser = town.visitor();
    let form = browser.open("/account/open").expect(200).form("/account/open");
    let form = form.set("name", &who.name).set("telephone", &who.telephone);
    drop(browser.submit(form.set("new", "Plum-39-rain-over-Beiling").set("consent", "yes")).expect(200));
    browser
}

fn matrix(town: &Town) -> String {
    begin_call(town);
    let mut worker = town.staff("takes.it", "community_worker", &town.named("文安路社区"), None);
    let who = Resident::next(&mut Seed::new(92));
    let Taken { number, code, .. } = worker.takes(town, "MZ-11", &who, &town.named("华炉社区"));
    let mut applicant = town.visitor();
    drop(applicant.follows_with(&number, &code).expect(200));
    let visit =
        applicant.books(town, "counter", &who, &town.named("华炉社区"), Slot { day: "2026-11-25", minute: "540" });
    let mut columns =
        vec![("nobody", town.visitor()), ("applicant with pass", applicant), ("resident's account", resident(town))];
    for (index, (name, role, place, department)) in STAFF.iter().enumerate() {
        columns.push((name, town.staff(&format!("matrix{index}"), role, &town.named(place), *department)));
    }
    let mut text = String::new();
    let mut answers = Vec::new();
    for (index, (name, browser)) in columns.iter_mut().enumerate() {
        let _ = writeln!(text, "{:>2} {name}", index + 1);
        answers.push(row_of(town, browser, &number, &visit, index));
    }
    let head: Vec<String> = (1..=answers.len()).map(|column| format!("{column:>3}")).collect();
    let _ = writeln!(text, "\n{:<40} {}", "", head.join(" "));
    for (line, (method, route, _)) in ROUTES.iter().enumerate() {
        let cells: Vec<String> = answers.iter().map(|column| format!("{:>3}", column[line])).collect();
        let _ = writeln!(text, "{:<40} {}", format!("{method} {route}"), cells.join(" "));
    }
    text
}

#[test]
fn every_route_answers_each_role_as_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let towns = Town::each_decided(|settings| settings.map = Some(base_map::of_file(&folder, &base_map::middle())));
    let tables: Vec<String> = towns.iter().map(matrix).collect();
    assert!(tables.windows(2).all(|pair| pair[0] == pair[1]), "the engines differ:\n{}", tables.join("\n"));
    insta::assert_snapshot!("routes", tables[0]);
}

#[test]
fn no_route_is_forgotten() {
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, route, _)| ((*method).to_owned(), (*route).to_owned())).collect();
    let reviewed: BTreeSet<&str> = UNCOVERED.iter().map(|(route, _)| *route).collect();
    let mut written = BTreeSet::new();
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        written.extend(routes_of(text.split("#[cfg(test)]").next().unwrap_or_default()));
    }
    assert!(written.len() > 40, "the sources are not read: {written:?}");
    let at_home = tried_at_home();
    let missing: Vec<_> = written
        .difference(&listed)
        .filter(|tried| !at_home.contains(*tried) && !reviewed.contains(tried.1.as_str()))
        .collect();
    assert!(missing.is_empty(), "routes that no test tries: {missing:?}");
    let gone: Vec<_> = listed.difference(&written).collect();
    assert!(gone.is_empty(), "routes that are no more: {gone:?}");
}

#[test]
fn a_forgotten_route_would_be_found() {
    let text = r#"Router::new().route("/a", get(a)).route( "/b/{id}",
        post(b) ).route("/c", get(c).post(d)); staff.get(3)"#;
    let found: Vec<String> = routes_of(text).into_iter().map(|(method, route)| format!("{method} {route}")).collect();
    assert_eq!(found, ["GET /a", "GET /c", "POST /b/{id}", "POST /c"]);
}

/// Returns the product's own sources, without tests and test kit.
fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut folders: Vec<PathBuf> = ["app/src", "city", "platform", "ui"].iter().map(|name| root.join(name)).collect();
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() && !["tests", "testkit", "benches"].contains(&name.to_str().unwrap_or_default()) {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && name != "tests.rs" {
                files.push(path);
            }
        }
    }
    files
}

/// Returns the text up to the bracket that closes the one in which it stands.
fn inside(text: &str) -> &str {
    let mut depth = 1;
    let end = text.find(|letter| {
        depth += i32::from(letter == '(') - i32::from(letter == ')');
        depth == 0
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

fn routes_of(text: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for piece in text.split(".route(").skip(1) {
        let Some((route, rest)) = piece.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) else {
            continue;
        };
        let rest = inside(rest);
        for (word, method) in [("get(", "GET"), ("post(", "POST")] {
            if rest.contains(word) {
                found.insert((method.to_owned(), route.to_owned()));
            }
        }
    }
    found
}

#[test]
fn what_is_not_yours_is_in_no_list_and_no_export() {
    for town in Town::each() {
        let mut worker = town.staff("takes.all", "community_worker", &town.named("文安路社区"), None);
        let mut seed = Seed::new(93);
        let taken = [
            ("MZ-11", "华炉社区"),
            ("MZ-11", "永顺社区"),
            ("RS-29", "华炉社区"),
            ("WJ-05", "华炉社区"),
            ("RS-33", "建农社区"),
            ("MZ-11", "文安路社区"),
        ];
        let numbers: Vec<String> = taken
            .iter()
            .map(|(item, home)| worker.takes(&town, item, &Resident::next(&mut seed), &town.named(home)).number)
            .collect();
        let mut text = String::new();
        for (index, (name, role, place, department)) in STAFF.iter().enumerate() {
            let mut browser = town.staff(&format!("rows{index}"), role, &town.named(place), *department);
            let opens: Vec<bool> =
                numbers.iter().map(|number| browser.get(&format!("/cases/{number}")).status == 200).collect();
            let cells: Vec<String> =
                numbers.iter().zip(&opens).map(|(number, opens)| shown(&mut browser, number, *opens)).collect();
            let _ = writeln!(text, "{name:<32} {}", cells.join("  "));
        }
        insta::assert_snapshot!("rows", text);
    }
}
