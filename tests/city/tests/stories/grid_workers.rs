//! In these stories a grid is handed from one community worker to another, with what is open in it, and whoever is
//! responsible for it is asked first to look at what is reported there.

use crate::grids::{STREET, address, grids_on, lay};
use city_stories::Town;
use kernel::place::PlaceId;
use serde_json::Value;
use testkit::Reply;

const PLACE: &str = "文安路社区";

/// The value of the choice whose words begin with a name.
fn choice(page: &Reply, name: &str) -> String {
    let body = page.body();
    let found = body.split("<option value=\"").skip(1).find(|part| part.contains(&format!(">{name}")));
    found.and_then(|part| part.split('"').next()).unwrap_or_else(|| panic!("{name}: {}", page.words())).to_owned()
}

/// Somebody reports rubbish at the first building of the community. Returns the number of the case.
fn reports(town: &Town) -> String {
    reports_at(town, None)
}

/// The same, or somewhere else: the answer to where it is.
fn reports_at(town: &Town, chosen: Option<&str>) -> String {
    let (ground, place) = (town.city.places.geography_blocking().unwrap().unwrap(), town.named(PLACE));
    let inside = ground.inside(&town.city.places.tree(), &place);
    let at = ground.buildings[inside.buildings[0] as usize].at;
    let point = ground.plane().unwrap().to_point((at.x, at.y)).unwrap();
    let mut she = town.visitor();
    drop(she.open("/report/new").expect(200));
    let screen = |page: &Reply, name: &str| {
        let mut forms = page.forms().into_iter();
        forms.find(|form| form.get("screen") == Some(name)).unwrap_or_else(|| panic!("{name}: {}", page.words()))
    };
    let said = screen(&she.page(), "say").set("what", "楼下垃圾没人收").set("where", &point.to_string());
    let which = she.submit(said).expect(200);
    let which = screen(&which, "which").set("kind", "event/0102/heap");
    let last = she.submit(if let Some(at) = chosen { which.set("at", at) } else { which }).expect(200);
    let receipt = she.submit(screen(&last, "send")).expect(200);
    receipt.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", receipt.words())).to_owned()
}

/// The grid in which the first building of the community lies.
fn grid_of_first(town: &Town) -> PlaceId {
    let (ground, place) = (town.city.places.geography_blocking().unwrap().unwrap(), town.named(PLACE));
    let inside = ground.inside(&town.city.places.tree(), &place);
    grids_on(town, "2026-11-23")[&ground.buildings[inside.buildings[0] as usize].id]
}

#[test]
fn a_grid_is_handed_over_with_what_is_open_in_it() {
    for town in Town::each() {
        lay(&town);
        let place = town.named(PLACE);
        let grid = grid_of_first(&town);
        let number = reports(&town);
        let mut secretary = town.staff("duty.secretary", "secretary_street", &town.named(STREET), None);
        let here = format!("/places/{grid}/worker");
        let page = secretary.open(&address(&place)).expect(200);
        assert!(page.links().contains(&here) && page.words().contains("还没有登记"), "{}", page.words());
        let empty = secretary.open(&here).expect(200).words();
        assert!(empty.contains("本社区没有在岗人员"), "{}: {empty}", town.engine);

        drop(town.staff("liu.yi", "community_worker", &place, None));
        drop(town.staff("chen.er", "community_worker", &place, None));
        let page = secretary.open(&here).expect(200);
        assert!(page.words().contains("没办完的反映 1 件"), "{}: {}", town.engine, page.words());
        assert!(page.words().contains("选填"), "{}: nobody hands anything over: {}", town.engine, page.words());
        let one = page.form(&here).set("account", &choice(&page, "liu.yi"));
        for (on, said) in [("2026-11-22", "已经过去了"), ("", "还没有填写"), ("soon", "不是有效的日期")]
        {
            let refused = secretary.send(one.clone().set("on", on)).expect(422).words();
            assert!(refused.contains(said), "{}: {on} {refused}", town.engine);
        }
        let stranger = one.clone().set("account", "018f0000-0000-7000-8000-000000000009").set("on", "2026-11-23");
        assert_eq!(secretary.send(stranger).status, 422, "{}: nobody of this community", town.engine);
        let now = secretary.submit(one.set("on", "2026-11-23")).expect(200).words();
        assert!(now.contains("liu.yi") && now.contains("起负责"), "{}: {now}", town.engine);
        let table = secretary.open(&address(&place)).expect(200).words();
        assert!(table.contains("liu.yi"), "{}: {table}", town.engine);
        let told = [&mut secretary, &mut town.visitor()].map(|who| who.open(here.trim_end_matches("/worker")).words());
        assert!(told[0].contains("网格负责人") && told[0].contains("liu.yi"), "{}: {}", town.engine, told[0]);
        assert!(!told[1].contains("liu.yi"), "{}: {}", town.engine, told[1]);

        let page = secretary.open(&here).expect(200);
        assert!(!page.words().contains("选填"), "{}: the successor needs a note: {}", town.engine, page.words());
        let over = page.form(&here).set("account", &choice(&page, "chen.er")).set("on", "2026-12-01");
        let refused = secretary.send(over.clone()).expect(422).words();
        assert!(refused.contains("交接要写明还有哪些事没办完"), "{}: {refused}", town.engine);
        let over = over.set("note", "垃圾点一件，等物业回话");
        drop(secretary.submit(over).expect(200));
        let page = secretary.open(&here).expect(200);
        assert!(
            page.words().contains("liu.yi ，") || page.words().contains("liu.yi，"),
            "today it is the first: {}",
            page.words()
        );
        assert!(page.words().contains("等物业回话"), "{}: {}", town.engine, page.words());
        let again = page.form(&here).set("account", &choice(&page, "liu.yi")).set("on", "2026-11-23").set("note", "无");
        assert!(secretary.send(again).expect(422).words().contains("负责这个网格"), "{}", town.engine);

        let open = secretary.open(&format!("{here}/open")).expect(200);
        assert!(open.links().contains(&format!("/cases/{number}")), "{}: {:?}", town.engine, open.links());
        town.clock.set_local("2026-12-01 09:00");
        let mut later = town.staff("duty.later", "secretary_street", &town.named(STREET), None);
        let page = later.open(&here).expect(200).words();
        assert!(page.contains("chen.er，2026"), "{}: {page}", town.engine);

        let mut worker = town.staff("wang.san", "community_worker", &place, None);
        let mut other = town.staff("duty.other", "secretary_street", &town.named("大北街道"), None);
        for address in [here.clone(), format!("{here}/open")] {
            assert_eq!(worker.get(&address).status, 403, "{}: {address}", town.engine);
            assert_eq!(other.get(&address).status, 404, "{}: {address}", town.engine);
            assert!(town.visitor().get(&address).location().is_some_and(|to| to.starts_with("/sign-in")), "{address}");
        }
        assert_eq!(other.post(&here, &[("on", "2026-12-01")]).status, 404, "{}", town.engine);
        assert_eq!(later.get(&format!("/places/{}/worker", place.id())).status, 404, "only grids have one");
        town.verify();
    }
}

#[test]
fn a_grid_that_is_handed_over_again_on_the_same_day_keeps_who_had_it_in_between() {
    for town in Town::each() {
        lay(&town);
        let (place, here) = (town.named(PLACE), format!("/places/{}/worker", grid_of_first(&town)));
        for name in ["liu.yi", "chen.er", "sun.san"] {
            drop(town.staff(name, "community_worker", &place, None));
        }
        let mut secretary = town.staff("again.secretary", "secretary_street", &town.named(STREET), None);
        let handed =
            [("liu.yi", "新网格"), ("chen.er", "路灯一件"), ("sun.san", "垃圾点一件"), ("chen.er", "树枝一件")];
        for (name, note) in handed {
            let page = secretary.open(&here).expect(200);
            let form = page.form(&here).set("account", &choice(&page, name)).set("on", "2026-11-23").set("note", note);
            drop(secretary.submit(form).expect(200));
        }
        let words = secretary.open(&here).expect(200).words();
        assert!(words.contains("chen.er，2026"), "{}: {words}", town.engine);
        let at = |note: &str| words.find(note).unwrap_or_else(|| panic!("{}: {note}: {words}", town.engine));
        let found = handed.map(|(_, note)| at(note));
        assert!(found.is_sorted_by(|one, other| one > other), "{}: the latest first: {words}", town.engine);
        assert_eq!(words.matches("当天又交给了别人").count(), 3, "{}: {words}", town.engine);
        // A plan that is corrected before its day was never true.
        for (name, note) in [("liu.yi", "十号交"), ("sun.san", "十号改交")] {
            let page = secretary.open(&here).expect(200);
            let form = page.form(&here).set("account", &choice(&page, name)).set("on", "2026-12-10").set("note", note);
            drop(secretary.submit(form).expect(200));
        }
        let words = secretary.open(&here).expect(200).words();
        assert!(words.contains("十号改交") && !words.contains("十号交"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_is_responsible_for_the_grid_is_asked_first_to_look() {
    for town in Town::each() {
        lay(&town);
        let (place, here) = (town.named(PLACE), format!("/places/{}/worker", grid_of_first(&town)));
        let mut liu = town.staff("liu.yi", "community_worker", &place, None);
        let mut chen = town.staff("chen.er", "community_worker", &place, None);
        // What is known to be in the community and no more lies in nobody's grid.
        let unplaced = reports_at(&town, Some(&format!("p:{}", place.id())));
        let number = reports(&town);
        let tasks = |worker: &mut city_stories::Browser| -> Vec<(String, String)> {
            let told: Value = serde_json::from_slice(&worker.open("/field/tasks.json").expect(200).bytes).unwrap();
            let text = |task: &Value, name: &str| task[name].as_str().unwrap().to_owned();
            told["tasks"].as_array().unwrap().iter().map(|task| (text(task, "number"), text(task, "asked"))).collect()
        };
        assert!(tasks(&mut liu).iter().all(|(_, asked)| asked.is_empty()), "{}: nobody is responsible", town.engine);
        let case = format!("/cases/{number}");
        assert!(!chen.open(&case).expect(200).words().contains("先请谁去看"), "{}: the community looks", town.engine);

        let mut secretary = town.staff("asked.secretary", "secretary_street", &town.named(STREET), None);
        let page = secretary.open(&here).expect(200);
        let form = page.form(&here).set("account", &choice(&page, "liu.yi")).set("on", "2026-11-23");
        drop(secretary.submit(form).expect(200));
        let own = tasks(&mut liu);
        assert_eq!(own[0].0, number, "{}: hers come first: {own:?}", town.engine);
        assert!(own[0].1.contains("先请您去看"), "{}: {own:?}", town.engine);
        assert!(own.iter().any(|(other, asked)| *other == unplaced && asked.is_empty()), "{}: {own:?}", town.engine);
        assert!(tasks(&mut chen).iter().all(|(_, asked)| asked.is_empty()), "{}: chen is not asked", town.engine);
        let list = liu.open("/report/work?list=look").expect(200);
        let links: Vec<String> = list.links().into_iter().filter(|link| link.starts_with("/cases/")).collect();
        assert_eq!(links.first(), Some(&case), "{}: at the top of her list: {links:?}", town.engine);
        assert!(list.words().contains("先请您去看"), "{}: {}", town.engine, list.words());
        let words = chen.open(&case).expect(200).words();
        assert!(words.contains("先请谁去看") && words.contains("liu.yi，负责这个网格"), "{}: {words}", town.engine);
        let words = chen.open(&format!("/cases/{unplaced}")).expect(200).words();
        assert!(!words.contains("先请谁去看"), "{}: {words}", town.engine);
        town.verify();
    }
}
