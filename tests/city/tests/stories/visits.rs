//! These stories are about appointments, the queue of a counter, and home visits. A visit is booked once, a seat goes
//! to one person, numbers are called in order, and data are opened only with a purpose.

use city_stories::{Browser, Resident, Slot, Town, cells};
use lianglin::demonstration::Seed;
use rulebook::Rule;
use rulebook::measure::{Count, Share};
use testkit::{Form, Reply, ZONE};

const PLACE: &str = "华炉社区";
/// People whom one slot of a counter takes.
const CAPACITY: Rule<Count> = Rule::new("visits.slot_capacity");
/// The share of them that strangers do not take.
const KEPT: Rule<Share> = Rule::new("visits.kept_share");

fn somebody(seed: u64) -> Resident {
    Resident::next(&mut Seed::new(seed))
}

/// Returns the code that a slip shows. It is empty where none is shown.
fn code_on(slip: &Reply) -> String {
    let body = slip.body();
    let after = body.split_once("id=\"visit-code\">").map(|(_, after)| after.to_owned()).unwrap_or_default();
    after.split('<').next().unwrap_or_default().to_owned()
}

/// Checks that a page shows nothing of hers in full.
fn masked(town: &Town, who: &Resident, page: &Reply) {
    for secret in [&who.name, &who.telephone, &who.address] {
        assert!(!page.body().contains(secret.as_str()), "{}: {} shows {secret}", town.engine, page.address);
    }
}

#[test]
fn a_time_is_booked_once_found_again_moved_and_called_off() {
    for town in Town::each() {
        let (mut she, who, place) = (town.visitor(), somebody(101), town.named(PLACE));
        let slot = Slot { day: "2026-11-24", minute: "540" };
        let form = she.to_booking(&town, "counter", &who, &place, slot);
        let before = town.counts();
        let (first, again) = (she.send(form.clone()).expect(303), she.send(form).expect(303));
        assert_eq!(first.location(), again.location(), "{}: sent twice", town.engine);
        assert_eq!(town.counts().people, before.people + 1);
        let address = first.location().unwrap().to_owned();
        let number = address.trim_start_matches("/visits/").to_owned();
        let page = she.open(&address).expect(200);
        assert!(page.words().contains("09:00") && page.words().contains(PLACE), "{}", page.words());
        assert!(page.words().contains("我的 预约"), "{}: {}", town.engine, page.words());
        assert!(!page.links().contains(&"/today".to_owned()) && !page.links().contains(&"/visits".to_owned()));
        masked(&town, &who, &page);

        let mut other = town.visitor();
        assert!(other.get(&address).location().unwrap().starts_with("/appointments?number="));
        assert_eq!(other.comes_back(&number, "13800000000").status, 422);
        let empty = other.comes_back("", "").expect(422).words();
        assert!(empty.contains("“预约编号”还没有填写") && empty.contains("填预约码，或者填电话"), "{empty}");
        assert_eq!((empty.matches("两样填一样就行").count(), empty.contains("选填")), (2, false), "{empty}");
        assert_eq!(other.comes_back_with(&number, "AAAAA-AAAAA").status, 422);
        let code = code_on(&page);
        assert_eq!(code.chars().filter(|sign| *sign != '-').count(), 10, "{}: {code}", town.engine);
        assert_eq!(other.comes_back_with(&number.to_lowercase(), &code.to_lowercase()).expect(200).address, address);

        let mut twice = town.visitor();
        let form = twice.to_booking(&town, "counter", &who, &place, slot);
        let refused = twice.send(form).expect(422);
        assert!(refused.words().contains("已经有预约"), "{}", refused.words());

        let act = format!("{address}/act");
        let offered = other.open(&address).expect(200);
        let times = offered.body().split("id=\"f-slot\"").nth(1).map(str::to_owned).unwrap_or_default();
        assert!(times.contains("<optgroup label=\"2026年11月24日（周二）\">"), "{}: a group for each day", town.engine);
        assert!(times.contains("<option value=\"2026-11-24/570\">09:30</option>"), "{}: {times}", town.engine);
        assert!(!times.contains("2026-11-24/540"), "{}: not her own time", town.engine);
        let form = offered.forms().into_iter().find(|form| form.get("deed") == Some("move")).unwrap();
        let moved = other.submit(form.set("slot", "2026-11-24/570")).expect(200);
        assert!(moved.words().contains("已改到 11月24日 09:30"), "{}: {}", town.engine, moved.words());
        assert!(!other.open(&moved.address).words().contains("已改到"), "{}: it is told once", town.engine);
        assert_eq!(other.post(&act, &[("deed", "move"), ("slot", "2026-11-28/570")]).status, 422, "a Saturday");
        assert_eq!(other.post(&act, &[("deed", "done")]).status, 403, "finishing is the worker's");
        let before = other.open(&address).expect(200);
        assert!(before.words().contains("真的不要 11月24日 09:30 的预约了吗"), "{}: {}", town.engine, before.words());
        assert!(before.words().contains("到了窗口报编号") && !code_on(&before).is_empty(), "{}", town.engine);
        drop(other.post(&act, &[("deed", "cancel")]).expect(303));
        let over = other.open(&address).expect(200);
        let words = over.words();
        assert!(words.contains("已取消，不用来了。 还要来就再约一次。"), "{}: {words}", town.engine);
        assert!(over.links().contains(&"/appointments/counter".to_owned()), "{}: {words}", town.engine);
        for part in ["到了窗口报编号", "请抄下或打印", "改到这个时间", "取消预约"] {
            assert!(!words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert!(code_on(&over).is_empty(), "{}: the code changes nothing any more", town.engine);
        assert_eq!(other.post(&act, &[("deed", "move"), ("slot", "2026-11-24/600")]).status, 422);
    }
}

#[test]
fn number_and_telephone_show_when_a_visit_is_and_change_nothing() {
    for town in Town::each() {
        let (mut she, who, place) = (town.visitor(), somebody(106), town.named(PLACE));
        let slot = Slot { day: "2026-11-24", minute: "540" };
        for kind in ["counter", "home"] {
            let slot = if kind == "home" { Slot { day: "2026-11-25", minute: "" } } else { slot };
            let number = she.books(&town, kind, &who, &place, slot);
            let (address, mut stranger) = (format!("/visits/{number}"), town.visitor());
            let glance = stranger.comes_back(&number, &who.telephone).expect(200);
            assert_eq!(glance.address, "/appointments", "{}: no pass is given", town.engine);
            let words = glance.words();
            assert!(words.contains(&number) && words.contains(if kind == "home" { "11月25日" } else { "09:00" }));
            assert_eq!(words.contains(PLACE), kind == "counter", "{}: not where she lives: {words}", town.engine);
            assert!(!glance.body().contains("**") && code_on(&glance).is_empty(), "{}: {words}", town.engine);
            masked(&town, &who, &glance);
            for fields in [[("deed", "cancel"), ("_once", "c")], [("deed", "move"), ("slot", "2026-11-26/570")]] {
                let reply = stranger.post(&format!("{address}/act"), &fields).expect(303);
                assert!(reply.location().unwrap().starts_with("/appointments?number="), "{:?}", reply.location());
            }
            let hers = she.open(&address).expect(200);
            assert!(!hers.words().contains("已取消") && !code_on(&hers).is_empty(), "{}", hers.words());
            let mut worker = town.staff(&format!("glance.{kind}"), "community_worker", &place, None);
            let seen = worker.open(&address).expect(200);
            assert!(code_on(&seen).is_empty(), "{}: no worker reads the code", town.engine);
            let plain = code_on(&hers);
            assert!(!seen.body().contains(&plain), "{}", town.engine);
            drop(she.post(&format!("{address}/act"), &[("deed", "cancel")]).expect(303));
            let over = town.visitor().comes_back(&number, &who.telephone).expect(200).words();
            let told = if kind == "home" {
                "我们不上门了"
            } else {
                "已取消，不用来了。 还要来就再约一次。"
            };
            assert!(over.contains(told) && !over.contains("输入预约码"), "{}: {over}", town.engine);
        }
    }
}

#[test]
fn the_last_place_goes_to_one_of_those_who_send_at_once() {
    for town in Town::each() {
        let (place, slot, mut seed) = (town.named(PLACE), Slot { day: "2026-11-25", minute: "510" }, Seed::new(102));
        let on = ZONE.date(town.clock.now());
        let capacity = i64::from(town.city.rulebook.get(CAPACITY, &place, on).unwrap());
        let kept = i64::from(town.city.rulebook.get(KEPT, &place, on).unwrap());
        let capacity = capacity - capacity * kept / 1_000;
        let mut ready: Vec<(Browser, Form)> = Vec::new();
        for _ in 0..=capacity {
            let (mut browser, who) = (town.visitor(), Resident::next(&mut seed));
            let form = browser.to_booking(&town, "counter", &who, &place, slot);
            ready.push((browser, form));
        }
        let before = town.counts();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let sent: Vec<_> = ready
                .iter_mut()
                .map(|(browser, form)| {
                    let form = form.clone();
                    scope.spawn(move || browser.send(form).status.as_u16())
                })
                .collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let refused = statuses.iter().filter(|status| **status == 422).count();
        assert_eq!(refused, 1, "{}: {statuses:?}", town.engine);
        assert_eq!(town.counts().people, before.people + capacity, "{}: {statuses:?}", town.engine);
        let mut late = town.visitor();
        let form = late.to_booking(&town, "counter", &somebody(103), &place, slot);
        assert!(late.send(form).expect(422).words().contains("约满"), "{}", town.engine);
    }
}

/// Returns the number that the worker has in front, as its form sends it.
fn in_front(page: &Reply) -> String {
    let found = page.forms().into_iter().find_map(|form| form.get("ticket").map(str::to_owned));
    found.unwrap_or_else(|| panic!("nobody is called: {}", page.words()))
}

/// Calls the next one. Returns what is shown.
fn call(worker: &mut Browser, desk: &str) -> Reply {
    drop(worker.post(desk, &[("step", "call")]).expect(303));
    worker.open(desk).expect(200)
}

/// Says what became of the one in front.
fn finish(worker: &mut Browser, desk: &str, step: &str) {
    let ticket = in_front(&worker.open(desk).expect(200));
    drop(worker.post(desk, &[("step", step), ("ticket", &ticket)]).expect(303));
}

#[test]
fn numbers_are_called_in_order_and_appointments_at_their_time() {
    for town in Town::each() {
        let place = town.named(PLACE);
        let (desk, screen) = (format!("/counters/{}/desk", place.id()), format!("/counters/{}/queue", place.id()));
        let (mut she, who) = (town.visitor(), somebody(104));
        let number = she.books(&town, "counter", &who, &place, Slot { day: "2026-11-23", minute: "630" });
        let mut worker = town.staff("queue.worker", "community_worker", &place, None);
        for (item, given) in [("", "given=A001"), ("MZ-11", "given=A002")] {
            let reply = worker.post(&desk, &[("step", "ticket"), ("item", item)]).expect(303);
            assert!(reply.location().unwrap().contains(given), "{:?}", reply.location());
        }
        town.clock.set_local("2026-11-23 10:30");
        drop(worker.open(&desk).expect(200));
        assert_eq!(worker.post(&desk, &[("step", "check_in"), ("number", "Y04-1-000")]).status, 422);
        let reply = worker.post(&desk, &[("step", "check_in"), ("number", &number)]).expect(303);
        assert!(reply.location().unwrap().contains("given=Y003"), "{:?}", reply.location());
        assert_eq!(worker.post(&desk, &[("step", "check_in"), ("number", &number)]).status, 422, "once");
        let wall = town.visitor().get(&screen).expect(200);
        assert!(wall.words().contains("还有 3 人在等"), "{}", wall.words());
        assert_eq!(wall.header("refresh"), Some("10"));
        assert_eq!(town.visitor().get(&format!("{screen}?still=1")).header("refresh"), None);

        drop(call(&mut worker, &desk));
        let wall = town.visitor().get(&screen).expect(200);
        assert!(wall.words().contains("Y003"), "her time has come: {}", wall.words());
        masked(&town, &who, &wall);
        assert_eq!(worker.post(&desk, &[("step", "call")]).status, 422, "one after the other");
        finish(&mut worker, &desk, "served");
        assert!(she.open(&format!("/visits/{number}")).expect(200).words().contains("已办"));

        for (step, expected) in [("absent", "A001"), ("served", "A002"), ("absent", "A001")] {
            drop(call(&mut worker, &desk));
            assert!(town.visitor().get(&screen).words().contains(expected), "{}: {expected}", town.engine);
            finish(&mut worker, &desk, step);
        }
        assert_eq!(worker.post(&desk, &[("step", "call")]).status, 422, "nobody is left");

        drop(worker.post(&desk, &[("step", "ticket")]).expect(303));
        let odd = worker.post(&desk, &[("step", "call"), ("window", "三")]).expect(422);
        assert!(odd.words().contains("窗口号"), "{}", odd.words());
        drop(worker.post(&desk, &[("step", "call"), ("window", "3")]).expect(303));
        let wall = town.visitor().get(&screen).expect(200);
        assert!(wall.words().contains("A004 3 号窗口"), "the screen says where to go: {}", wall.words());
        assert!(!wall.body().contains("<nav") && !wall.body().contains("<form"), "nothing of the site is around it");
        finish(&mut worker, &desk, "served");
        let form = worker.open(&desk).expect(200).forms().into_iter().find(|form| form.get("step") == Some("call"));
        assert_eq!(form.unwrap().get("window"), Some("3"), "her window stays hers");

        town.clock.plus_days(1);
        drop(worker.open(&desk).expect(200));
        let reply = worker.post(&desk, &[("step", "ticket")]).expect(303);
        assert!(reply.location().unwrap().contains("given=A001"), "numbers begin anew");
        let mut stranger = town.staff("queue.stranger", "community_worker", &town.named("永顺社区"), None);
        assert_eq!(stranger.get(&desk).status, 404);
    }
}

#[test]
fn a_home_visit_is_agreed_to_and_its_address_opened_with_a_purpose_alone() {
    for town in Town::each() {
        let (mut she, who, place) = (town.visitor(), somebody(105), town.named(PLACE));
        let number = she.books(&town, "home", &who, &place, Slot { day: "2026-11-24", minute: "" });
        let address = format!("/visits/{number}");
        let act = format!("{address}/act");
        assert!(she.open(&address).expect(200).words().contains("等社区确认"));
        let mut worker = town.staff("home.worker", "community_worker", &place, None);
        let day = worker.open("/visits").expect(200);
        assert!(day.words().contains(&number), "{}", day.words());
        masked(&town, &who, &day);
        assert_eq!(worker.post(&act, &[("deed", "done")]).status, 422, "not agreed yet");
        drop(worker.post(&act, &[("deed", "accept"), ("slot", "2026-11-24/0")]).expect(303));
        assert!(she.open(&address).expect(200).words().contains("已约好"));

        let (sheet, before) = ("/visits/route?day=2026-11-24", town.counts());
        let page = worker.open(sheet).expect(200);
        assert!(page.words().contains(&number), "{}", page.words());
        masked(&town, &who, &page);
        let day = ("day", "2026-11-24");
        assert_eq!(worker.post("/visits/route", &[day, ("purpose", " ")]).status, 422);
        assert_eq!(town.counts().looks, before.looks, "nobody has looked");
        let opened =
            worker.post("/visits/route", &[day, ("purpose", "visiting"), ("purpose_word", "今日上门")]).expect(200);
        assert!(opened.body().contains(&who.address) && !opened.body().contains(&who.name), "{}", opened.words());
        assert_eq!(town.counts().looks, before.looks + 1);
        assert!(she.open(&address).expect(200).words().contains("今日上门"), "she reads who looked");

        let failed = [("deed", "failed"), ("note", "")];
        assert_eq!(worker.post(&act, &failed).status, 422, "a note is needed");
        drop(worker.post(&act, &[("deed", "failed"), ("note", "敲门没人")]).expect(303));
        assert!(she.open(&address).expect(200).words().contains("敲门没人"));
        assert!(!worker.open(&address).expect(200).words().contains("敲门没人"), "the note is hers");

        let mut secretary = town.staff("home.secretary", "secretary_community", &place, None);
        let exported = cells(&secretary.open("/visits.xlsx?day=2026-11-24").expect(200).bytes);
        assert!(exported.contains(&number) && !exported.contains(&who.name), "{exported}");
        assert_eq!(secretary.post(&act, &[("deed", "accept"), ("slot", "2026-11-24/0")]).status, 403);
        let mut stranger = town.staff("home.stranger", "community_worker", &town.named("永顺社区"), None);
        assert_eq!(stranger.get(&address).status, 404);
    }
}

#[test]
fn an_appointment_goes_into_a_calendar_with_item_time_and_counter_and_nothing_of_her() {
    for town in Town::each() {
        let (mut she, who, place) = (town.visitor(), somebody(161), town.named(PLACE));
        let slot = Slot { day: "2026-11-25", minute: "510" };
        let number = she.books(&town, "counter", &who, &place, slot);
        let page = she.open(&format!("/visits/{number}")).expect(200);
        let address = format!("/visits/{number}?format=ics");
        assert!(page.links().contains(&address) && page.words().contains("加到日历"), "{}", page.words());
        let file = she.get(&address).expect(200);
        assert_eq!(file.header("content-type"), Some("text/calendar; charset=utf-8"));
        assert!(file.header("content-disposition").is_some_and(|name| name.contains(".ics")));
        let text = file.body().replace("\r\n ", "");
        for line in ["METHOD:PUBLISH", "DTSTART:20261125T003000Z", "DTEND:20261125T010000Z", "STATUS:CONFIRMED"] {
            assert!(text.contains(&format!("{line}\r\n")), "{}: {line}: {text}", town.engine);
        }
        assert!(text.contains("\r\nSUMMARY:社区窗口预约"), "{}: {text}", town.engine);
        assert!(text.contains("LOCATION:") && text.contains(PLACE), "{text}");
        assert!(text.contains(&format!("DESCRIPTION:预约编号：{number}\\n")), "{}: {text}", town.engine);
        assert!(page.words().contains("2026年11月25日"), "on paper with its year: {}", page.words());
        for secret in [&who.name, &who.telephone, &who.resident_id, &who.address] {
            assert!(!text.contains(secret.as_str()), "{}: {text}", town.engine);
        }
        let uid = text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();

        let elsewhere = town.visitor().get(&address);
        assert!(elsewhere.location().is_some_and(|to| to.starts_with("/appointments?number=")), "as the page");
        assert!(text.contains("SEQUENCE:0\r\n"), "{}: {text}", town.engine);
        town.clock.plus_seconds(60);
        let act = format!("/visits/{number}/act");
        drop(she.post(&act, &[("deed", "move"), ("slot", "2026-11-26/570"), ("_once", "m")]).expect(303));
        let moved = she.get(&address).expect(200).body();
        for line in ["SEQUENCE:60", "DTSTART:20261126T013000Z", uid.trim_end()] {
            assert!(moved.contains(&format!("{line}\r\n")), "{}: {line}: {moved}", town.engine);
        }
        drop(she.post(&act, &[("deed", "cancel")]).expect(303));
        let text = she.get(&address).expect(200).body();
        assert!(text.contains("SEQUENCE:61\r\n"), "{}: {text}", town.engine);
        for line in ["METHOD:CANCEL", "STATUS:CANCELLED", uid.trim_end()] {
            assert!(text.contains(&format!("{line}\r\n")), "{}: {line}: {text}", town.engine);
        }
    }
}

#[test]
fn a_calendar_tells_neither_where_she_lives_nor_what_a_confidential_matter_is() {
    for town in Town::each() {
        let (mut she, who, place) = (town.visitor(), somebody(162), town.named(PLACE));
        let number = she.books(&town, "home", &who, &place, Slot { day: "2026-11-25", minute: "" });
        let text = she.get(&format!("/visits/{number}?format=ics")).expect(200).body();
        assert!(text.contains("DTSTART;VALUE=DATE:20261125\r\n"), "{text}");
        assert!(text.contains("STATUS:TENTATIVE\r\n"), "{}: nobody has agreed to it yet: {text}", town.engine);
        assert!(!text.contains(PLACE) && !text.contains("LOCATION"), "{}: {text}", town.engine);
    }
}
