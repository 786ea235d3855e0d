//! The story of this department on both engines: somebody makes an entry and finds it, and nobody else does.
#![expect(clippy::unwrap_used, reason = "a fault in a test's own setting must fail that test at once")]

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use hall::{Hall, Parts, Purposes};
use kernel::calendar::Calendar;
use kernel::language::Bilingual;
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::PlacePath;
use kernel::time::Date;
use places::{Places, UnitPlan};
use rulebook::Rulebook;
use testkit::{Client, FixedClock, TestStore, ZONE};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;
use vault::{MasterKeys, Vault};
use web::{Frame, Texts, Visitor};

use property::{May, Property};

/// Every route of this department. The story tries each as nobody, and as somebody who may not.
const ROUTES: &[(&str, &str)] = &[("GET", "/property"), ("POST", "/property")];

/// Two districts of the city, and this department in them.
struct Town {
    test: TestStore,
    clock: FixedClock,
    desk: Arc<Property>,
    /// A community of one district.
    here: PlacePath,
    /// A community of the other one.
    there: PlacePath,
    runtime: Runtime,
}

/// Returns name and text of the files of a folder below `data`.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = format!("{}/../../data/{folder}", env!("CARGO_MANIFEST_DIR"));
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let wanted = named.filter(|(name, _)| name.ends_with(ending));
    wanted.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

fn file(folder: &str, name: &str) -> String {
    files(folder, name).remove(0).1
}

impl Town {
    fn new(test: TestStore) -> Self {
        store::migrate(&test, &[places::MIGRATIONS, property::MIGRATIONS]).unwrap();
        let clock = FixedClock::local("2026-11-23 10:00");
        let edition = file("shenyang/editions", "_2023-06-30.csv");
        let lines = edition
            .lines()
            .filter(|line| ["code,", "210100", "210102", "210103"].iter().any(|beginning| line.starts_with(beginning)));
        let edition = lines.collect::<Vec<_>>().join("\n");
        let on: Date = "2023-06-30".parse().unwrap();
        places::import(&test, &edition, on, "test", clock.now()).unwrap();
        let plan = UnitPlan::load("units.toml", &file("shenyang", "units.toml")).unwrap();
        let parts = Parts {
            vault: Arc::new(Vault::new(MasterKeys::generate().unwrap())),
            places: Arc::new(Places::new(test.store(), plan).unwrap()),
            rulebook: Arc::new(Rulebook::load(&files("rulebook", ".toml")).unwrap()),
            calendar: Arc::new(Calendar::parse(&file("calendar", ".csv"), &file("calendar", "city.toml")).unwrap()),
            purposes: Purposes::parse(&file("", "purposes.toml")).unwrap(),
        };
        let path = |code: &str| parts.places.tree().by_code(code).unwrap().path.clone();
        let (here, there) = (path("210102001002"), path("210103005003"));
        let hall = Hall::new(test.store(), clock.clock(), parts);
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { test, clock, desk: Arc::new(Property::new(Arc::new(hall))), here, there, runtime }
    }

    /// Opens a browser in which somebody with these permissions at a place is signed in, or nobody.
    fn browser(&self, at: Option<(&PlacePath, &[Permission])>) -> Client {
        let frame = Frame {
            texts: Texts::new(&[web::LOCALES, property::TEXTS]).unwrap(),
            services: property::services(),
            duties: &[],
            clock: self.clock.clock(),
            zone: ZONE,
            csrf_key: [7; 32],
            city_name: Bilingual::new("沈阳市", "Shenyang"),
            telephone: String::new(),
            waiting: None,
        };
        let visitor = at.map(|(place, permissions)| visitor(place, permissions)).unwrap_or_default();
        let signed = from_fn(move |mut request: Request, next: Next| {
            request.extensions_mut().insert(visitor.clone());
            next.run(request)
        });
        let routes = property::routes(self.desk.clone());
        Client::new(web::layers_with(routes, Arc::new(frame), |router| router.layer(signed)))
    }
}

fn visitor(place: &PlacePath, permissions: &[Permission]) -> Visitor {
    let grant = Grant {
        post: Uuid::from_u128(1),
        role: "test".to_owned(),
        place: place.clone(),
        department: None,
        permissions: permissions.iter().copied().collect(),
    };
    let actor = Actor {
        account: Some(Uuid::from_u128(2)),
        name: "李岺".to_owned(),
        kind: ActorKind::Staff,
        grants: vec![grant],
    };
    Visitor { actor, session: Some("session".to_owned()), ..Visitor::default() }
}

/// Returns a town on each engine.
fn towns() -> Vec<Town> {
    testkit::stores().into_iter().map(Town::new).collect()
}

#[test]
fn nobody_but_who_may_gets_in() {
    for town in towns() {
        town.runtime.block_on(async {
            for (visitor, expected) in [(None, 303), (Some((&town.here, &[][..])), 403)] {
                let mut browser = town.browser(visitor);
                for (method, address) in ROUTES {
                    let reply =
                        if *method == "GET" { browser.get(address).await } else { browser.post(address, &[]).await };
                    let _ = reply.expect(expected);
                }
            }
        });
    }
}

#[test]
fn an_entry_is_made_once_and_found() {
    for town in towns() {
        town.runtime.block_on(async {
            let mut browser = town.browser(Some((&town.here, &[May::PropertyEdit])));
            let page = browser.get("/property").await.expect(200);
            assert!(page.words().contains("这里还没有登记"), "{}", page.words());
            let form = page.form("/property");
            let wrong = browser.submit(form.clone()).await.expect(422).words();
            assert!(wrong.contains("“名称”还没有填写"), "{wrong}");
            // Sent twice, it is done once.
            for _ in 0..2 {
                let words = browser.submit(form.clone().set("name", "一号")).await.expect(200).words();
                assert_eq!(words.matches("一号").count(), 1, "{words}");
                assert!(words.contains("10:00"), "{words}");
            }
            let form = browser.get("/property").await.expect(200).form("/property");
            let words = browser.submit(form.set("name", "一号")).await.expect(422).words();
            assert!(words.contains("“一号”在这个社区已经登记过"), "{words}");
            let words = browser.get("/property?lang=en").await.expect(200).words();
            assert!(words.contains("Property") && words.contains("Entered by") && !words.contains('⟦'), "{words}");
        });
    }
}

#[test]
fn an_entry_belongs_to_its_place_and_moves_with_it() {
    for town in towns() {
        town.runtime.block_on(async {
            let mut here = town.browser(Some((&town.here, &[May::PropertyEdit])));
            let form = here.get("/property").await.expect(200).form("/property");
            let _ = here.submit(form.set("name", "一号")).await.expect(200);
            let mut there = town.browser(Some((&town.there, &[May::PropertyEdit])));
            let page = there.get("/property").await.expect(200);
            assert!(!page.words().contains("一号"), "{}", page.words());
            let foreign = town.here.id().to_string();
            let _ = there.post("/property", &[("place", foreign.as_str()), ("name", "二号")]).await.expect(403);
            let (from, to) = (town.here.clone(), town.there.child(town.here.id()));
            town.test.store().write(move |tx| property::relocate(tx, &from, &to)).await.unwrap();
            assert!(there.get("/property").await.expect(200).words().contains("一号"));
            assert!(!here.get("/property").await.expect(200).words().contains("一号"));
        });
    }
}
