//! These stories are about where it hurts: what rises overnight, what comes back to the same spot, what is sent back or
//! late. Whoever looks after the place sees it with its reports, and nobody else does.

use city_stories::{Browser, Story, Town};
use grid::words::{Night, Rise, Seen};
use jobs::NewJob;
use kernel::place::PlacePath;
use kernel::time::Instant;
use testkit::Reply;
use uuid::Uuid;

const STREET: &str = "南湖街道";
const COMMUNITY: &str = "文安路社区";
const PAGE: &str = "/report/hurts";
/// The days before the story in which everything was as usual.
const USUAL_DAYS: i64 = 150;
/// The reports that rise.
const RISEN: usize = 12;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// Lets each of some communities have a report every third day. Nobody acts on them in this story.
fn usual(town: &Town, communities: &[PlacePath]) {
    let (now, communities) = (town.clock.now(), communities.to_vec());
    let written = town.store().write_blocking(move |tx| {
        for (community, number) in communities.iter().zip(0i64..) {
            for ago in (1..=USUAL_DAYS).filter(|ago| (ago + number) % 3 == 0) {
                grid::records::add(tx, &said(community, now.plus_seconds(-ago * SECONDS_OF_A_DAY)))?;
            }
        }
        Ok::<_, store::StoreError>(())
    });
    written.unwrap();
}

fn said(community: &PlacePath, at: Instant) -> grid::words::Report {
    grid::words::Report {
        district: community.district(),
        case_id: Uuid::now_v7(),
        number: String::new(),
        path: community.clone(),
        compound: None,
        x: None,
        y: None,
        kind: "event/0103".to_owned(),
        condition: "waste".to_owned(),
        public: true,
        open: false,
        met: 1,
        reported_at: at,
    }
}

/// Reports rubbish in a compound, as people do.
fn reports(town: &Town, compound: i64) -> String {
    let mut she = town.visitor();
    drop(she.open("/report/new").expect(200));
    let screen = |page: &Reply, name: &str| {
        let mut forms = page.forms().into_iter();
        forms.find(|form| form.get("screen") == Some(name)).unwrap_or_else(|| panic!("{name}: {}", page.words()))
    };
    let form = screen(&she.page(), "say").set("what", "垃圾没人收").set("where", COMMUNITY);
    let which = she.submit(form).expect(200);
    let form = screen(&which, "which").set("kind", "event/0102/heap").set("at", &format!("c:{compound}"));
    let last = she.submit(form).expect(200);
    let receipt = she.submit(screen(&last, "send")).expect(200);
    receipt.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", receipt.words())).to_owned()
}

/// The scan of a night, asked for as the server does.
fn scans(town: &Town, key: &str) {
    let (now, key) = (town.clock.now(), key.to_owned());
    let job = NewJob::new("grid.rising", key, serde_json::Value::Null, now);
    town.store().write_blocking(move |tx| jobs::enqueue(tx, &job).map(drop)).unwrap();
    town.works();
}

fn count(town: &Town, table: &str) -> i64 {
    let sql = format!("select count(*) from {table}");
    town.store().read_blocking(move |tx| store::scalar(tx, &sql, &[])).unwrap().unwrap_or(-1)
}

fn link(page: &Reply, begins: &str) -> String {
    let mut links = page.links().into_iter();
    let found = links.find(|link| link.starts_with(begins));
    found.unwrap_or_else(|| panic!("no {begins}: {:?}", page.links())).replace("&amp;", "&")
}

fn secretary(town: &Town, login: &str, place: &str) -> Browser {
    let role = if place.ends_with("社区") { "secretary_community" } else { "secretary_street" };
    town.staff(login, role, &town.named(place), None)
}

#[test]
fn a_rise_is_found_the_next_night_and_opens_its_reports() {
    for town in Town::each() {
        let (street, community) = (town.named(STREET), town.named(COMMUNITY));
        let ground = town.lays_ground(std::slice::from_ref(&street), 5);
        let tree = town.city.places.tree();
        let communities: Vec<PlacePath> = tree.children(street.id()).map(|place| place.path.clone()).collect();
        usual(&town, &communities);
        let compound = ground.compounds.iter().find(|compound| compound.community == community.id()).unwrap();
        let mut leader = secretary(&town, "leader", STREET);
        let before = leader.open(PAGE).expect(200);
        assert!(before.words().contains("还没有比过") && before.words().contains("没有哪里明显比平常多"));
        let numbers: Vec<String> = (0..RISEN).map(|_| reports(&town, compound.id)).collect();
        town.works();

        town.clock.set_local("2026-11-24 03:30");
        scans(&town, "first");
        let kept = (count(&town, "grid_night"), count(&town, "grid_rise"));
        assert_eq!(kept.0, 1, "{}", town.engine);
        scans(&town, "again");
        assert_eq!((count(&town, "grid_night"), count(&town, "grid_rise")), kept, "{}: once a night", town.engine);

        town.clock.set_local("2026-11-24 09:00");
        let mut leader = secretary(&town, "leader.later", STREET);
        assert!(leader.open("/overview").expect(200).words().contains("反映突然增多的地方"), "{}", town.engine);
        assert!(leader.open("/topics").expect(200).links().contains(&PAGE.to_owned()));
        let page = leader.open(PAGE).expect(200);
        let words = page.words();
        for said in ["市容环境", COMMUNITY, "平常大约", "最后 1 天", "截至2026年11月23日", "演示数据"]
        {
            assert!(words.contains(said), "{}: {said}: {words}", town.engine);
        }
        assert!(page.body().contains("class=\"area s0\"") && page.body().contains("class=\"dot own\""));
        let rise = link(&page, "/report/hurts/rows?what=rise");
        assert!(page.body().contains(&format!("\">{RISEN}</a>")), "a number opens its reports: {}", page.body());
        let rows = leader.open(&rise).expect(200);
        assert!(rows.words().contains("暴露垃圾 · 垃圾成堆"), "{}", rows.words());
        for number in &numbers {
            assert!(rows.links().contains(&format!("/cases/{number}")), "{}: {number}", town.engine);
        }
        drop(leader.open(&format!("/cases/{}", numbers[0])).expect(200));
        let spot = link(&page, "/report/hurts/rows?what=spot");
        let at_spot = leader.open(&spot).expect(200);
        assert!(!at_spot.words().contains("{$"), "{}: {}", town.engine, at_spot.words());
        assert_eq!(at_spot.links().iter().filter(|link| link.starts_with("/cases/")).count(), RISEN);
        let file = leader.open(&format!("{PAGE}/file?format=csv")).expect(200).body();
        assert!(file.contains("市容环境") && file.contains(COMMUNITY) && file.contains(&compound.name), "{file}");
        let rows_file = rise.replace("/rows?", "/rows/file?");
        assert!(leader.open(&format!("{rows_file}&format=csv")).expect(200).body().contains(&numbers[0]));

        let mut other = secretary(&town, "other", "大北街道");
        let elsewhere = other.open(PAGE).expect(200);
        assert!(!elsewhere.words().contains(COMMUNITY), "{}", elsewhere.words());
        assert!(elsewhere.words().contains("没有哪里明显比平常多") && elsewhere.words().contains("没有同一处反复的"));
        for theirs in [&rise, &spot, &rows_file, &format!("{PAGE}?place={}", community.id())] {
            assert_eq!(other.get(theirs).status, 404, "{}: {theirs}", town.engine);
        }
    }
}

#[test]
fn what_is_sent_back_or_late_is_told_with_the_number_of_all() {
    for town in Town::each() {
        let mut story = Story::new(&town, 317);
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let form = she.page().forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        let which = she.submit(form.set("what", "垃圾没人收").set("where", "华炉社区")).expect(200);
        let form = which.forms().into_iter().find(|form| form.get("screen") == Some("which")).unwrap();
        let last = she.submit(form.set("kind", "event/0102/heap")).expect(200);
        let form = last.forms().into_iter().find(|form| form.get("screen") == Some("send")).unwrap();
        let receipt = she.submit(form).expect(200);
        receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao does file
             zhao does dispatch
             wu is district_handler at 大东区 for sanitation
             wu does handle report=清了 no_photo=相机坏了
             zhao does send_back reason=没清干净
             case is handling",
        );
        town.works();
        let mut leader = secretary(&town, "chief", "华炉社区");
        let page = leader.open(PAGE).expect(200);
        assert!(page.words().contains("没有超期的") && page.words().contains("100.0%"), "{}", page.words());
        let words = page.words();
        assert!(words.contains("到2026年11月23日反映的事里"), "{}: which days: {words}", town.engine);
        assert!(!words.contains("这些天") && words.contains("退回件数"), "{}: {words}", town.engine);
        let returned = |link: &&String| link.starts_with("/report/hurts/rows?what=returned");
        assert_eq!(page.links().iter().filter(returned).count(), 2, "{}: its name and its number", town.engine);
        let rows = leader.open(&link(&page, "/report/hurts/rows?what=returned")).expect(200);
        assert!(rows.links().contains(&format!("/cases/{}", story.number)), "{}: {}", town.engine, rows.words());
        let told = ["2026年8月26日到2026年11月23日反映的事里", "什么事 在哪里 退回件数 全部 占比"];
        assert!(told.iter().all(|said| page.words().contains(said)), "{}: {}", town.engine, page.words());
        let none = !page.links().iter().any(|link| link.contains("what=found"));
        assert!(none, "{}: a resident said it: {:?}", town.engine, page.links());
        let all = leader.open(&link(&page, "/report/hurts/rows?place=")).expect(200);
        assert!(all.words().contains(&story.number), "of all there is one: {}", all.words());

        town.clock.set_local("2026-12-21 10:00");
        let mut leader = secretary(&town, "chief.later", "华炉社区");
        let page = leader.open(PAGE).expect(200);
        let late = leader.open(&link(&page, "/report/hurts/rows?what=overdue")).expect(200);
        assert!(late.words().contains("超期") && late.words().contains(&story.number), "{}", late.words());
        assert_eq!(leader.get(&format!("{PAGE}/rows?what=overdue&place=0")).status, 404);
        assert_eq!(leader.get(&format!("{PAGE}/rows?what=nothing")).status, 404);
    }
}

#[test]
fn a_long_list_of_what_rises_shows_its_first_lines_and_opens_the_rest() {
    for town in Town::each_figured(&[("grid.hurts_lines", 1)]) {
        let (here, there) = (town.named(COMMUNITY), town.named("华炉社区"));
        let night = Night {
            night: "2026-11-22".parse().unwrap(),
            scanned_at: town.clock.now(),
            days: 365,
            sorts: 3,
            reports: 30,
            left_out: 0,
            communities: 2,
            unplaced: 0,
        };
        let rise = |ordinal: i64, sort: &str, places: &[&PlacePath]| Rise {
            places: places.iter().map(|place| (*place).clone()).collect(),
            seen: Seen { ordinal, sort: sort.to_owned(), days: 1, reports: 9, expected: 1_500, once_in: 900 },
        };
        let rises =
            [rise(0, "event/01", &[&here]), rise(1, "event/02", &[&here, &there]), rise(2, "component/01", &[&there])];
        town.store().write_blocking(move |tx| grid::records::hurts::keep_night(tx, &night, &rises)).unwrap();
        let mut leader = secretary(&town, "lines", STREET);
        let listed = |page: &Reply| -> Vec<String> {
            let links = page.links().into_iter().filter(|link| link.contains("what=rise"));
            let numbers = links.filter_map(|link| link.split("&rise=").nth(1)?.split('&').next().map(str::to_owned));
            let mut numbers: Vec<String> = numbers.collect();
            // The words and the number of one line lead to the same reports.
            numbers.dedup();
            numbers
        };
        let page = leader.open(PAGE).expect(200);
        assert_eq!(listed(&page), ["0"], "{}: {}", town.engine, page.words());
        assert!(page.words().contains("还有 1 处"), "{}: {}", town.engine, page.words());
        let all = leader.open(&link(&page, "/report/hurts?place=")).expect(200);
        assert_eq!(listed(&all), ["0", "1"], "{}: what rises elsewhere alone is not hers", town.engine);
        assert!(!all.words().contains("还有 1 处"), "{}: {}", town.engine, all.words());
        let mut other = secretary(&town, "lines.other", "大北街道");
        let theirs = other.open(&format!("{PAGE}?rises=all")).expect(200);
        assert_eq!(listed(&theirs), ["1", "2"], "{}: {}", town.engine, theirs.words());
        let elsewhere = link(&theirs, "/report/hurts/rows?what=rise").replace("rise=1", "rise=2");
        drop(other.open(&elsewhere).expect(200));
        assert_eq!(leader.get(&elsewhere).status, 404, "{}: {elsewhere}", town.engine);
    }
}
