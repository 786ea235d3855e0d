//! These tests look at the pages of places as people see them: the tree and its search, a place and its history,
//! decided doubts, and who may see what.
#![expect(clippy::unwrap_used, reason = "a fault in a test's own setting must fail that test at once")]

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use jiff::civil::date;
use kernel::{
    language::Bilingual,
    permission::{Actor, ActorKind, Grant, Permission},
    place::{Level, PlaceId, PlacePath},
    time::{Date, Instant},
};
use places::May;
use places::{DecidedItem, OnDuty, Place, Places, Surroundings, UnitPlan};
use rulebook::Rulebook;
use std::sync::Arc;
use store::{StoreError, Tx};
use testkit::{Client, FixedClock, TestStore};
use uuid::Uuid;
use web::{Frame, Texts, Visitor};

const NOW: Instant = Instant::from_micros(1_700_000_000_000_000);

struct Town;

impl Surroundings for Town {
    fn on_duty(&self, _tx: &mut dyn Tx, place: &PlacePath, _on: Date) -> Result<Vec<OnDuty>, StoreError> {
        let person = OnDuty {
            name: "王大力".to_owned(),
            role: Bilingual::new("全科社工", "Community worker"),
            department: None,
        };
        Ok(if place.level() == Level::Community { vec![person] } else { Vec::new() })
    }

    fn workers(&self, _tx: &mut dyn Tx, _community: &PlacePath, _on: Date) -> Result<Vec<places::Worker>, StoreError> {
        Ok(Vec::new())
    }

    fn items(&self, _place: &Place, department: &str) -> Vec<DecidedItem> {
        let item =
            DecidedItem { title: Bilingual::new("高龄津贴", "Old-age allowance"), href: "/items/1".to_owned() };
        if department == "civil_affairs" { vec![item] } else { Vec::new() }
    }
}

fn rulebook() -> Rulebook {
    let read = |name: &str| {
        let path = format!("{}/../../data/rulebook/{name}", env!("CARGO_MANIFEST_DIR"));
        (name.to_owned(), std::fs::read_to_string(path).unwrap())
    };
    Rulebook::load(&["documents.toml", "model_city.toml", "platform.toml"].map(read)).unwrap()
}

struct City {
    test: TestStore,
    places: Arc<Places>,
}

async fn city() -> City {
    tokio::task::spawn_blocking(|| {
        let test = testkit::sqlite();
        store::migrate(&test, &[places::MIGRATIONS]).unwrap();
        for on in [date(2019, 10, 31), date(2020, 6, 30)] {
            let path =
                format!("{}/../../data/shenyang/editions/shenyang_divisions_{on}.csv", env!("CARGO_MANIFEST_DIR"));
            places::import(&test, std::fs::read_to_string(path).unwrap(), on, "test", NOW).unwrap();
        }
        let plan = UnitPlan::load("units.toml", include_str!("../../../data/shenyang/units.toml")).unwrap();
        let made = test.write_blocking({
            let plan = plan.clone();
            move |tx| places::establish_units(tx, &plan)
        });
        assert_eq!(made.unwrap(), 14 * 7 + 192 + 2502);
        let places = Arc::new(Places::new(test.store(), plan).unwrap());
        City { test, places }
    })
    .await
    .unwrap()
}

impl City {
    fn code(&self, code: &str) -> Place {
        self.places.tree().by_code(code).unwrap().clone()
    }

    /// Opens a browser in which somebody with these permissions at a place is signed in, or nobody if there are none.
    fn browser(&self, at: Option<(&Place, &[Permission])>) -> Client {
        let clock = FixedClock::local("2026-11-23 10:00");
        let frame = Frame::sample(Texts::new(&[web::LOCALES, places::LOCALES]).unwrap(), Arc::new(move || clock.now()));
        let mut visitor = Visitor::default();
        if let Some((place, permissions)) = at {
            let grant = Grant {
                post: Uuid::from_u128(1),
                role: "test".to_owned(),
                place: place.path.clone(),
                department: None,
                permissions: permissions.iter().copied().collect(),
            };
            visitor.actor = Actor {
                account: Some(Uuid::from_u128(2)),
                name: "李岺".to_owned(),
                kind: ActorKind::Staff,
                grants: vec![grant],
            };
            visitor.session = Some("session".to_owned());
        }
        let routes = places::routes(
            self.places.clone(),
            Arc::new(Town),
            Arc::new(rulebook()),
            Arc::new(house::Shown::default()),
            false,
        );
        let signed = from_fn(move |mut request: Request, next: Next| {
            request.extensions_mut().insert(visitor.clone());
            next.run(request)
        });
        Client::new(web::layers_with(routes, Arc::new(frame), |router| router.layer(signed)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_the_tree_and_finds_places() {
    let city = city().await;
    let mut browser = city.browser(None);
    for (lang, expected) in [
        ("en", ["Heping District", "Beishichang Subdistrict", "13 districts"]),
        ("zh-CN", ["和平区", "北市场街道", "13 个区县"]),
    ] {
        let page = browser.get(&format!("/places?lang={lang}")).await.expect(200);
        let words = page.words();
        for text in expected {
            assert!(words.contains(text), "{lang}: {text}");
        }
        assert!(!words.contains('⟦'), "{words}");
        assert!(page.bytes.len() < 120_000, "{} bytes before compression", page.bytes.len());
    }
    for question in ["wal", "%E6%96%87%E5%AE%89%E8%B7%AF", "wenanlu"] {
        let words = browser.get(&format!("/places?q={question}")).await.expect(200).words();
        assert!(words.contains("沈阳市 · 和平区 · 南湖街道 · 文安路社区"), "{words}");
    }
    assert!(browser.get("/places?q=zzzz").await.expect(200).words().contains("没有找到“zzzz”"));
    let past = browser.get("/places?on=2020-01-01").await.expect(200).words();
    assert!(past.contains("西塔街道") && past.contains("这是 2020-01-01 的区划"));
    assert!(browser.get("/places?on=2000-01-01").await.expect(200).words().contains("那一天的区划还没有"));
    assert!(browser.get("/places?on=x").await.expect(422).words().contains("不是有效的日期"));
    let file = browser.get("/places?format=csv").await.expect(200);
    assert_eq!(file.body().lines().count(), 1 + 2708);
    assert!(file.body().contains("210102023013,安图社区,Antu Community"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_shows_its_history_and_units() {
    let city = city().await;
    let mut browser = city.browser(None);
    let community = city.code("210102023013");
    let words = browser.get(&format!("/places/{}", community.id)).await.expect(200).words();
    for text in ["安图社区", "北市场街道", "改变隶属，原属", "代码由 210102007002 改为 210102023013", "党群服务中心"]
    {
        assert!(words.contains(text), "{text} in {words}");
    }
    assert!(!words.contains("王大力"), "names of people on duty are not for everybody");
    assert!(!words.contains('⟦'), "{words}");
    let words = browser.get(&format!("/places/{}?on=2020-01-01", community.id)).await.expect(200).words();
    assert!(words.contains("西塔街道") && words.contains("这是 2020-01-01 的区划"), "{words}");
    let district = city.code("210102000000");
    let words = browser.get(&format!("/places/{}?lang=en", district.id)).await.expect(200).words();
    assert!(
        words.contains("Heping District Civil Affairs Bureau") && words.contains("Responsible for one item"),
        "{words}"
    );
    let street = city.code("210102023000");
    let words = browser.get(&format!("/places/{}?lang=en", street.id)).await.expect(200).words();
    assert!(words.contains("“西塔街道” was merged into it"), "{words}");
    for unknown in ["/places/99999999", "/places/0"] {
        let _ = browser.get(unknown).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_on_duty_and_editing_need_permission_there() {
    let city = city().await;
    let (here, there) = (city.code("210102023013"), city.code("210103000000"));
    let reading: &[Permission] = &[May::PlaceRead, May::PlaceEdit];
    let address = format!("/places/{}", here.id);
    let words = city.browser(Some((&there, reading))).get(&address).await.expect(200).words();
    assert!(!words.contains("王大力") && !words.contains("修改联系方式"));
    let mut browser = city.browser(Some((&city.code("210102000000"), reading)));
    let page = browser.get(&address).await.expect(200);
    assert!(page.words().contains("王大力") && page.words().contains("修改联系方式"));
    let form = page.forms().into_iter().find(|form| form.action.starts_with("/places/units/")).unwrap();
    let fields = [("address", "和平区安图街1号"), ("telephone", "024-12345678"), ("hours", "每天")];
    let _ = browser.post(&form.action, &fields).await.expect(303);
    assert!(browser.get(&address).await.expect(200).words().contains("和平区安图街1号"));
    let mut stranger = city.browser(Some((&there, reading)));
    let _ = stranger.get("/places/review").await;
    let _ = stranger.post(&form.action, &fields).await.expect(403);
    let mut nobody = city.browser(None);
    let _ = nobody.get("/places").await;
    let _ = nobody.post(&form.action, &fields).await.expect(303);
    let long = "长".repeat(121);
    let _ = browser.post(&form.action, &[("address", &long)]).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn doubts_are_decided_by_who_may() {
    let city = city().await;
    let edit: &[Permission] = &[May::PlaceEdit];
    let _ = city.browser(None).get("/places/review").await.expect(303);
    let _ = city.browser(Some((&city.code("210100000000"), &[May::PlaceRead]))).get("/places/review").await.expect(403);
    let elsewhere = city.browser(Some((&city.code("210102000000"), edit))).get("/places/review").await.expect(200);
    assert!(elsewhere.words().contains("没有要核对的"));
    let mut browser = city.browser(Some((&city.code("210103000000"), edit)));
    let page = browser.get("/places/review").await.expect(200);
    assert!(page.words().contains("五里河街道 · 地王社区 · 210103018002"), "{}", page.words());
    let form = page.forms().into_iter().find(|form| form.action.starts_with("/places/review/")).unwrap();
    let mut stranger = city.browser(Some((&city.code("210102000000"), edit)));
    let _ = stranger.get("/places/review").await;
    let _ = stranger.post(&form.action, &[("same", "yes")]).await.expect(403);

    let new = city.code("210103018002");
    let old = {
        let tree = city.test.store().read(|tx| places::tree_at(tx, date(2020, 1, 1))).await.unwrap();
        tree.by_code("210103018002").unwrap().id
    };
    assert_ne!(old, new.id);
    let _ = browser.post(&form.action, &[("same", "yes")]).await.expect(303);
    let now = city.code("210103018002");
    assert_eq!((now.id, now.name.zh.as_str()), (old, "建院社区"));
    assert_eq!(
        city.places.tree().get(new.id).map(|place| place.id),
        Some(old),
        "the newer identity leads to the older one"
    );
    let page = browser.get(&format!("/places/{}", new.id)).await;
    assert_eq!(page.location(), Some(format!("/places/{old}").as_str()));
    let words = browser.get(&format!("/places/{old}")).await.expect(200).words();
    assert!(words.contains("由“地王社区”改称“建院社区”") && words.contains("经人工核对"), "{words}");
    assert!(browser.get("/places/review?decided=1").await.expect(200).words().contains("是同一个（李岺）"));
    // The same decision again is no fault; the opposite one is refused.
    let _ = browser.post(&form.action, &[("same", "yes")]).await.expect(303);
    let _ = browser.post(&form.action, &[("same", "no")]).await.expect(422);
    let then = city.test.store().read(move |tx| places::place_at(tx, old, date(2020, 1, 1))).await.unwrap().unwrap();
    assert_eq!(then.name.zh, "地王社区");
}

#[tokio::test(flavor = "multi_thread")]
async fn grids_are_numbered_within_their_community_and_move_with_it() {
    let city = city().await;
    let community = city.code("210102023013").id;
    let store = city.test.store();
    let first = store.write(move |tx| places::open_grids(tx, community, 3, date(2020, 7, 1))).await.unwrap();
    let second = store.write(move |tx| places::open_grids(tx, community, 1, date(2020, 8, 1))).await.unwrap();
    city.places.reload().await.unwrap();
    let tree = city.places.tree();
    let codes: Vec<_> = tree.children(community).map(|grid| grid.code.clone()).collect();
    assert_eq!(codes, ["210102023013001", "210102023013002", "210102023013003", "210102023013004"]);
    assert_eq!(tree.get(second[0]).unwrap().name.zh, "第004网格");
    assert!(tree.path(community).unwrap().contains(tree.path(first[0]).unwrap()));
    let street = city.code("210102023000").id;
    assert!(store.write(move |tx| places::open_grids(tx, street, 1, date(2020, 8, 1))).await.is_err());
    assert!(store.write(|tx| places::open_grids(tx, PlaceId(-1), 1, date(2020, 8, 1))).await.is_err());
    // The next edition says nothing of grids, so they stay.
    let path = format!("{}/../../data/shenyang/editions/shenyang_divisions_2021-10-31.csv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let text =
        text.replace("210102023013,安图社区,community,210102023000", "210102022099,安图社区,community,210102022000");
    let places = city.places.clone();
    tokio::task::spawn_blocking(move || {
        places::import(places.store(), &text, date(2021, 10, 31), "test", NOW).unwrap();
        places.reload_blocking().unwrap();
    })
    .await
    .unwrap();
    let tree = city.places.tree();
    assert_eq!(tree.get(community).unwrap().code, "210102022099");
    assert!(tree.path(community).unwrap().contains(tree.path(first[0]).unwrap()), "grids move with their community");
    let moved = store.read(|tx| store::outbox::pending(tx, 100)).await.unwrap();
    assert!(
        moved.iter().any(
            |message| message.topic == places::MOVED && message.payload.to_string().contains(&first[0].to_string())
        )
    );
}
