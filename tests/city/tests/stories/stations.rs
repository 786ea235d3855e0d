//! These stories are about stations. Those who may register them, and everybody finds the nearest one that is open now.
//! Pages say who lives near one and where the next one belongs.

use city_stories::{Browser, Town, cells, chosen};
use kernel::place::PlacePath;
use testkit::Reply;

const STREET: &str = "南湖街道";
const COMMUNITY: &str = "文安路社区";

/// Returns the compounds of a community with their names.
fn compounds(town: &Town, community: &str) -> Vec<(i64, String)> {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    let inside = ground.inside(&town.city.places.tree(), &town.named(community));
    let own = inside.compounds.iter().map(|at| &ground.compounds[*at as usize]);
    own.map(|one| (one.id, one.name.clone())).collect()
}

/// Registers a station at a compound. Returns its address.
fn register(keeper: &mut Browser, name: &str, hours: &str, compound: Option<i64>) -> String {
    let query = compound.map(|id| format!("?compound={id}")).unwrap_or_default();
    let form = keeper.open(&format!("/stations/new{query}")).expect(200).form("/stations/new");
    let form = form.set("name_zh", name).set("address", "东门旁").set("hours", hours).set("rooms", "议事厅，24");
    keeper.submit(chosen(form, "services", "water")).expect(200).address
}

/// Finds stations near a compound by its name.
fn near(browser: &mut Browser, words: &str, pace: &str) -> Reply {
    browser.open(&format!("/stations?q={words}&pace={pace}")).expect(200)
}

#[test]
fn a_station_is_found_as_the_nearest_open_now() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let places = compounds(&town, COMMUNITY);
        let mut keeper = town.staff("keeper", "secretary_community", &town.named(COMMUNITY), None);
        let mut she = town.visitor();
        assert!(she.open("/stations").expect(200).words().contains("还没有登记驿站"));
        let first = register(&mut keeper, "甲驿站", "周一至周五 08:30-17:30", Some(places[0].0));
        drop(register(&mut keeper, "乙驿站", "每天 12:00-20:00", Some(places[1].0)));
        drop(register(&mut keeper, "丙驿站", "每天 08:00-20:00", None));

        // It is ten o'clock on a Monday. The first is open, the second is not open yet, and the third is not on the
        // map.
        let page = near(&mut she, &places[0].1, "adult");
        let words = page.words();
        let at = |name: &str| words.find(name).unwrap_or_else(|| panic!("{name}: {words}"));
        assert!(at("甲驿站") < at("乙驿站") && at("乙驿站") < at("附近还有") && at("附近还有") < at("丙驿站"));
        assert!(words.contains("步行 0 分钟") && words.contains("开着，到 17:30") && words.contains("12:00 开门"));
        assert!(words.contains("演示数据"));
        town.clock.set_local("2026-11-23 18:00");
        let words = near(&mut she, &places[0].1, "adult").words();
        assert!(words.find("乙驿站") < words.find("甲驿站"), "open ones first: {words}");
        assert!(words.contains("11月24日（周二） 08:30 开门"), "{words}");

        let minutes = |words: &str| -> u32 {
            let rest = words.split("乙驿站").nth(1).and_then(|rest| rest.split("步行 ").nth(1)).unwrap();
            rest.split(' ').next().unwrap().parse().unwrap()
        };
        let (adult, old) = (minutes(&words), minutes(&near(&mut she, &places[0].1, "elderly").words()));
        assert!(old > adult, "{old} {adult}");
        assert!((old * 2).abs_diff(adult * 3) <= 3, "half as long again: {old} {adult}");

        let page = she.open(&first).expect(200);
        for expected in ["周一至周五 08:30-17:30", "饮水", "议事厅", "24 座", &places[0].1] {
            assert!(page.words().contains(expected), "{expected}: {}", page.words());
        }
        assert!(page.forms().iter().all(|form| !form.action.starts_with("/stations/")), "nothing to change for her");
        let english = she.open(&format!("{first}?lang=en")).expect(200).words();
        assert!(english.contains("Mon-Fri 08:30-17:30"), "{english}");
        found_by_its_english_name(&town, &mut keeper);
    }
}

/// Both engines find an English name, however it is typed.
fn found_by_its_english_name(town: &Town, keeper: &mut Browser) {
    let form = keeper.open("/stations/new").expect(200).form("/stations/new");
    let form = form.set("name_zh", "丁驿站").set("name_en", "Harbour House").set("address", "西门旁");
    let form = form.set("hours", "每天 08:00-20:00").set("rooms", "议事厅，24");
    let address = keeper.submit(chosen(form, "services", "water")).expect(200).address;
    for words in ["丁驿站", "Harbour", "harbour", "HARBOUR"] {
        let found = town.visitor().open(&format!("/find?q={words}")).expect(200);
        assert!(found.links().contains(&address), "{}: {words}: {}", town.engine, found.words());
    }
}

#[test]
fn a_station_is_changed_closed_and_opened_again() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let places = compounds(&town, COMMUNITY);
        let mut keeper = town.staff("changer", "secretary_community", &town.named(COMMUNITY), None);
        let address = register(&mut keeper, "甲驿站", "每天 08:30-17:30", Some(places[0].0));
        let edit = format!("{address}/edit");
        let form = keeper.open(&edit).expect(200).form(&edit);
        let refused = keeper.send(form.clone().set("hours", "周八 08:30-17:30")).expect(422);
        assert!(refused.words().contains("周八 08:30-17:30"), "{}", refused.words());
        for (field, value) in [
            ("name_zh", ""),
            ("address", ""),
            ("hours", ""),
            ("rooms", "没有座位数"),
            ("community", "1"),
            ("compound", "999999"),
        ] {
            assert_eq!(keeper.send(form.clone().set(field, value)).status, 422, "{field}");
        }
        drop(keeper.submit(form.set("name_zh", "甲一驿站").set("hours", "Mon-Fri 09:00-18:00")).expect(200));
        let page = keeper.open(&address).expect(200);
        assert!(
            page.words().contains("甲一驿站") && page.words().contains("周一至周五 09:00-18:00"),
            "{}",
            page.words()
        );
        assert!(page.words().contains("停用以后"), "what it would change: {}", page.words());
        drop(keeper.submit(page.form(&format!("{address}/open")).set("open", "0")).expect(200));
        assert_eq!(town.visitor().get(&address).status, 404, "closed for good");
        assert!(town.visitor().open("/stations?q=文安路社区").expect(200).words().contains("没有驿站"));
        let street = town.visitor().open("/stations?q=南湖街道").expect(200).words();
        assert!(street.contains("文安路社区"), "a street's name offers its communities: {street}");
        let page = keeper.open(&address).expect(200);
        assert!(page.words().contains("已停用"));
        drop(keeper.submit(page.form(&format!("{address}/open")).set("open", "1")).expect(200));
        assert_eq!(town.visitor().get(&address).status, 200);

        let name = format!("stations.station/{}", address.rsplit('/').next().unwrap_or_default());
        let stream = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes());
        let log = town.acts(town.named(COMMUNITY).district(), stream);
        let told = ["station.registered", "station.changed", "station.closed", "station.opened"];
        assert_eq!(log, told, "{}: a change is in the log, nothing twice", town.engine);

        let table = cells(&keeper.get("/stations.xlsx").expect(200).bytes);
        assert!(table.contains("甲一驿站"), "{table}");
        let mut stranger = town.staff("other.keeper", "secretary_community", &town.named("永顺社区"), None);
        assert_eq!(stranger.get(&edit).status, 404);
        assert_eq!(stranger.post(&format!("{address}/open"), &[("open", "0")]).status, 404);
        assert!(stranger.open("/stations/list").expect(200).words().contains("还没有驿站"));
        let community = town.named(COMMUNITY).id().to_string();
        let fields =
            [("community", community.as_str()), ("name_zh", "丁"), ("address", "丁"), ("hours", "每天 08:00-09:00")];
        assert_eq!(stranger.post("/stations/new", &fields).status, 403, "not in somebody else's place");
        let mut worker = town.staff("no.keeper", "community_worker", &town.named(COMMUNITY), None);
        assert_eq!(worker.get("/stations/new").status, 403);
    }
}

/// Returns how many households live near a station and how many there are, as the page of a place says.
fn covered(browser: &mut Browser, place: &PlacePath) -> (u64, u64) {
    covered_when(browser, place, "")
}

/// Returns the same as the page says when an address asks for more.
fn covered_when(browser: &mut Browser, place: &PlacePath, asked: &str) -> (u64, u64) {
    let page = browser.open(&format!("/stations/coverage?place={}{asked}", place.id())).expect(200);
    let words = page.words();
    let number = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse::<u64>().unwrap();
    let all = words.split("户数 ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_else(|| panic!("{words}"));
    let near = words.split("分钟以内 ").nth(1).and_then(|rest| rest.split('（').next()).unwrap();
    (number(near), number(all))
}

#[test]
fn one_station_more_never_reaches_fewer_and_what_is_shown_is_what_is_reckoned() {
    for town in Town::each() {
        let ground = town.lays_ground(&[town.named(STREET)], 5);
        let (street, community) = (town.named(STREET), town.named(COMMUNITY));
        let places = compounds(&town, COMMUNITY);
        let mut keeper = town.staff("coverage.keeper", "secretary_street", &street, None);
        let households = |place: &PlacePath| ground.households(&ground.inside(&town.city.places.tree(), place));
        assert_eq!(covered(&mut keeper, &street), (0, households(&street)));
        drop(register(&mut keeper, "甲驿站", "每天 08:30-17:30", Some(places[0].0)));
        let one = covered(&mut keeper, &street);
        // A search of its own calculates this again: who walks at most fifteen minutes to the gate.
        let (_, compound) = ground.compound(places[0].0).unwrap();
        let ways = ground.ways(1_200).unwrap();
        let mut search = planning::network::Search::new(ground.nodes.len());
        search.run(&ways.backward, &compound.gates[..1], 9_000);
        let near = ground.buildings.iter().filter(|building| {
            let time = search.times()[building.home.node as usize];
            time != planning::network::UNREACHED && time + building.home.access <= 9_000
        });
        assert_eq!(
            one,
            (near.map(|building| u64::from(building.households)).sum(), households(&street)),
            "{}",
            town.engine
        );
        assert!(one.0 > 0);
        let inside = covered(&mut keeper, &community);
        assert_eq!(inside.1, households(&community));
        drop(register(&mut keeper, "乙驿站", "每天 08:30-17:30", Some(places[1].0)));
        assert!(covered(&mut keeper, &street).0 >= one.0 && covered(&mut keeper, &community).0 >= inside.0);
        let page = keeper.open(&format!("/stations/coverage?place={}", street.id())).expect(200);
        assert!(page.body().contains("<svg") && page.words().contains(COMMUNITY) && page.words().contains("演示数据"));
        let table = cells(&keeper.get(&format!("/stations/coverage.xlsx?place={}", street.id())).expect(200).bytes);
        assert!(table.contains(COMMUNITY), "{table}");
        assert_eq!(keeper.get(&format!("/stations/coverage?place={}", town.named("和平区").id())).status, 404);
        let mut elsewhere = town.staff("coverage.elsewhere", "secretary_street", &town.named("五里河街道"), None);
        assert!(elsewhere.open("/stations/coverage").expect(200).words().contains("还不能计算"));
    }
}

#[test]
fn the_circle_counts_what_is_open_and_how_snow_slows() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (street, places) = (town.named(STREET), compounds(&town, COMMUNITY));
        let mut keeper = town.staff("counting.keeper", "secretary_street", &street, None);
        drop(register(&mut keeper, "甲驿站", "工作日 08:30-17:30", Some(places[0].0)));
        let all = covered(&mut keeper, &street).0;
        assert!(all > 0);
        for (asked, open) in [
            ("&at=10:00", true),
            ("&at=18:00", false),
            ("&on=2026-11-23", true),
            ("&on=2026-11-28", false),
            ("&on=2026-11-23&at=17:29", true),
            ("&on=2026-11-23&at=17:30", false),
            ("&on=2026-02-16&at=10:00", false), // It is a Monday that is a holiday.
        ] {
            let near = covered_when(&mut keeper, &street, asked).0;
            assert_eq!(near, if open { all } else { 0 }, "{}: {asked}", town.engine);
        }
        let snow = covered_when(&mut keeper, &street, "&slower=300,300,300,300,300,300,300,300").0;
        assert!(snow < all, "{}: {snow} of {all}", town.engine);
        assert_eq!(covered_when(&mut keeper, &street, "&slower=100").0, all);
        let page = keeper.open(&format!("/stations/coverage?place={}&at=18:00&slower=150", street.id())).expect(200);
        assert!(page.words().contains("18:00 开放的驿站") && page.words().contains("各类道路用时按 150"));
        let link = page.links().into_iter().find(|link| link.starts_with("/stations/coverage.xlsx")).unwrap();
        assert!(link.contains("slower=150") && link.contains("at=18"), "the table counts the same: {link}");
        for wrong in ["&at=25:00", "&on=yesterday", "&slower=snow"] {
            let status = keeper.get(&format!("/stations/coverage?place={}{wrong}", street.id())).status;
            assert_eq!(status, 422, "{wrong}");
        }

        let form = keeper.open("/stations/next").expect(200).form("/stations/next");
        let form = form.set("place", &street.id().to_string()).set("number", "1").set("aim", "reach");
        let form = form.set("walker", "adult");
        let refused = keeper.send(form.clone().set("slower", "snow")).expect(422);
        assert!(refused.words().contains("坡道和积雪"), "{}", refused.words());
        let page = keeper.submit(form.set("slower", "200")).expect(200);
        town.works();
        let words = keeper.open(&page.address.clone()).expect(200).words();
        assert!(words.contains("各类道路用时按 200") && words.contains("已独立核验"), "{words}");
    }
}

/// Asks where the next stations belong. Returns the page of the work.
fn ask(town: &Town, keeper: &mut Browser, aim: &str, number: &str) -> Reply {
    let form = keeper.open("/stations/next").expect(200).form("/stations/next");
    let form = form
        .set("place", &town.named(STREET).id().to_string())
        .set("number", number)
        .set("aim", aim)
        .set("walker", "adult");
    keeper.submit(form)
}

#[test]
fn the_next_stations_are_found_with_a_proof_and_can_be_called_off() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let street = town.named(STREET);
        let mut keeper = town.staff("next.keeper", "secretary_street", &street, None);
        let page = ask(&town, &mut keeper, "reach", "2").expect(200);
        assert!(page.words().contains("等待中"), "{}", page.words());
        assert_eq!(page.header("refresh"), Some("2"));
        assert_eq!(keeper.get(&format!("{}?still=1", page.address)).header("refresh"), None);
        town.works();
        let page = keeper.open(&page.address.clone()).expect(200);
        assert!(page.words().contains("不可能更好，已独立核验"), "{}", page.words());
        let brought: Vec<String> =
            page.links().into_iter().filter(|link| link.starts_with("/stations/new?compound=")).collect();
        assert_eq!(brought.len(), 2, "{:?}", page.links());
        // What the first one would bring is what the coverage says once it exists.
        let words = page.words();
        let first = words
            .split("在这里登记")
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .rev()
            .nth(1)
            .unwrap()
            .replace(',', "");
        let compound: i64 = brought[0].rsplit('=').next().unwrap().parse().unwrap();
        let form = keeper.open(&brought[0]).expect(200).form("/stations/new");
        assert_eq!(form.get("compound"), Some(compound.to_string().as_str()), "filled in");
        let form = form.set("name_zh", "新驿站").set("address", "门口").set("hours", "每天 08:00-20:00");
        drop(keeper.submit(form).expect(200));
        assert_eq!(covered(&mut keeper, &street).0.to_string(), first, "{}: {words}", town.engine);

        for (aim, number, expected) in [("walk", "1", "每户平均少走"), ("share", "60", "不可能更少")] {
            let page = ask(&town, &mut keeper, aim, number).expect(200);
            town.works();
            let words = keeper.open(&page.address.clone()).expect(200).words();
            assert!(words.contains(expected) || words.contains("至少要"), "{aim}: {words}");
        }
        let page = ask(&town, &mut keeper, "reach", "3").expect(200);
        let stopped = keeper.submit(page.form(&format!("{}/stop", page.address))).expect(200);
        assert!(stopped.words().contains("已停止"));
        town.works();
        assert!(keeper.open(&page.address.clone()).expect(200).words().contains("已停止"));
        for (aim, number) in [("reach", "0"), ("reach", "101"), ("share", "101"), ("king", "1"), ("reach", "x")] {
            let fields = [
                ("place", street.id().to_string()),
                ("aim", aim.to_owned()),
                ("number", number.to_owned()),
                ("walker", "adult".to_owned()),
            ];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(keeper.post("/stations/next", &fields).status, 422, "{aim} {number}");
        }
        let mut stranger = town.staff("next.stranger", "secretary_street", &town.named("五里河街道"), None);
        assert_eq!(stranger.get(&page.address).status, 404);
        assert_eq!(stranger.post(&format!("{}/stop", page.address), &[]).status, 404);
    }
}
