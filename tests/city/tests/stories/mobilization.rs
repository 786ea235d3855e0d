//! These stories are about mobilisation: an offer that names no more than a community, a call with shifts and needs, a
//! plan that somebody sends off, rosters, gaps, and the end.

use city_stories::{Browser, Resident, Town, cells, chosen};
use kernel::place::PlacePath;
use testkit::Reply;

const STREET: &str = "南湖街道";
const COMMUNITY: &str = "文安路社区";

/// Offers help from a community.
fn offers(browser: &mut Browser, who: &Resident, community: &str, parts: &[&str]) -> Reply {
    let form = browser.open("/mobilization/me").expect(200).form("/mobilization/me");
    let form = form.set("home_words", community).set("name", &who.name).set("telephone", &who.telephone);
    let form = parts.iter().fold(chosen(form, "roles", "gate"), |form, part| chosen(form, "parts", part));
    browser.submit(form.set("deed", "offer"))
}

/// Begins a call of the street with one shift from 12 to 20 today. It needs one person at the gate of each compound of
/// a community.
fn call(town: &Town, leader: &mut Browser, least: &str, most: &str) -> String {
    let form = leader.open("/mobilization/calls/new").expect(200).form("/mobilization/calls/new");
    let form =
        form.set("title", "暴雪应急值守").set("note", "穿厚一点").set("place", &town.named(STREET).id().to_string());
    let page = leader.submit(form).expect(200);
    let address = page.address.clone();
    assert!(page.words().contains("还没有班次"), "{}", page.words());
    let shifts = format!("{address}/shifts");
    let add = page.forms().into_iter().find(|form| form.action == shifts).unwrap();
    let page = leader.submit(add.set("day", "2026-11-23").set("from", "12:00").set("to", "20:00")).expect(200);
    let form = page.form(&format!("{address}/needs"));
    let form =
        form.set("whereabouts", &format!("p:{}", town.named(COMMUNITY).id())).set("shift", "1").set("role", "gate");
    let form =
        form.set("least", least).set("most", most).set("meet", "东门值班亭").set("contact", "王主任 024-22223333");
    drop(leader.submit(form).expect(200));
    address
}

/// Asks for a plan, lets the planner work, and returns its page.
fn plan(town: &Town, leader: &mut Browser, call: &str) -> Reply {
    let form = leader.open(call).expect(200).form(&format!("{call}/plan"));
    let page = leader.submit(form).expect(200);
    assert!(page.words().contains("等待中"), "{}", page.words());
    assert_eq!(page.header("refresh"), Some("2"));
    assert_eq!(leader.get(&format!("{}?still=1", page.address)).header("refresh"), None);
    town.works();
    leader.open(&page.address.clone()).expect(200)
}

/// Sends a plan off.
fn send(town: &Town, leader: &mut Browser, page: &Reply) -> Reply {
    let form = page.form(&format!("{}/send", page.address));
    drop(leader.submit(form).expect(200));
    town.works();
    leader.open(&page.address.clone()).expect(200)
}

fn compounds(town: &Town, community: &PlacePath) -> usize {
    let ground = town.city.places.geography_blocking().unwrap().unwrap();
    ground.inside(&town.city.places.tree(), community).compounds.len()
}

/// Returns the form for a post on one's own page, if a deed is offered there.
fn my_post(browser: &mut Browser) -> Option<testkit::Form> {
    let page = browser.open("/mobilization/me").expect(200);
    page.forms().into_iter().find(|form| form.action.starts_with("/mobilization/me/"))
}

/// Checks that one's own page says where, when, in which role, and whom to ask.
fn says_where_and_when(browser: &mut Browser) {
    let mine = browser.open("/mobilization/me").expect(200);
    for expected in ["东门值班亭", "王主任 024-22223333", "12:00–20:00", "暴雪应急值守", "门岗值守"]
    {
        assert!(mine.words().contains(expected), "{expected}: {}", mine.words());
    }
}

/// Checks that the log shows a call that was begun, sent off and ended, and that the log is whole.
fn is_logged(town: &Town, address: &str) {
    let call = address.rsplit('/').next().unwrap_or_default().parse().unwrap();
    let log = town.acts(town.named(COMMUNITY).district(), call);
    assert_eq!(log.first().map(String::as_str), Some("mobilization.begun"), "{}: {log:?}", town.engine);
    assert_eq!(log.last().map(String::as_str), Some("mobilization.ended"), "{}: {log:?}", town.engine);
    assert!(log.contains(&"mobilization.sent".to_owned()), "{}: {log:?}", town.engine);
    town.verify();
}

/// What is published of a call is what its roster says, and nobody's name stands among the rows.
fn the_figures_add_up(
    town: &Town,
    leader: &mut Browser,
    community: &PlacePath,
    people: &[(Browser, Resident)],
    gates: usize,
) {
    assert_eq!(leader.adds_up(town, community, "mobilization.sent"), vec![1_i64; gates]);
    for code in ["mobilization.present", "mobilization.minutes"] {
        assert!(!leader.adds_up(town, community, code).is_empty(), "{}: {code}", town.engine);
    }
    let rows = leader.open(&town.opens(community, "mobilization.sent")).expect(200);
    assert!(people.iter().all(|(_, who)| !rows.body().contains(&who.name)), "{}: masked", town.engine);
}

#[test]
fn people_are_sent_near_their_homes_checked_in_and_credited() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let community = town.named(COMMUNITY);
        let gates = compounds(&town, &community);
        assert!(gates >= 2, "a small community: {gates}");
        let mut people: Vec<(Browser, Resident)> =
            (0..=gates).map(|seed| town.neighbour(700 + u64::try_from(seed).unwrap())).collect();
        for (browser, who) in &mut people {
            let page = offers(browser, who, COMMUNITY, &["day", "evening"]).expect(200);
            assert!(page.words().contains("随时能来"), "{}", page.words());
            assert!(!page.body().contains(&who.telephone), "{}", town.engine);
        }
        let mut leader = town.staff("leader", "secretary_street", &town.named(STREET), None);
        let address = call(&town, &mut leader, "1", "1");
        let page = plan(&town, &mut leader, &address);
        assert!(page.words().contains("独立核验") && page.words().contains("演示数据"), "{}", page.words());
        assert!(my_post(&mut people[0].0).is_none(), "nobody is told before somebody decides");
        let sent = send(&town, &mut leader, &page);
        assert!(sent.words().contains(&format!("已通知 {gates} 人，0 人")), "{}", sent.words());
        assert!(sent.forms().iter().all(|form| !form.action.ends_with("/send")), "sent off once");

        let told: Vec<usize> = (0..people.len()).filter(|at| my_post(&mut people[*at].0).is_some()).collect();
        assert_eq!(told.len(), gates, "{}: one stays in reserve", town.engine);
        says_where_and_when(&mut people[told[0]].0);

        let mut worker = town.staff("roster.worker", "community_worker", &community, None);
        let roster = format!("{address}/roster");
        let page = worker.open(&roster).expect(200);
        for at in &told {
            assert!(!page.body().contains(&people[*at].1.name), "{}: masked", town.engine);
        }
        let looks = town.counts().looks;
        let open = page.forms().into_iter().find(|form| form.action == roster && form.method == "post").unwrap();
        assert_eq!(worker.send(open.clone().set("purpose", " ")).status, 422);
        assert_eq!(town.counts().looks, looks);
        let opened = worker.submit(open.set("purpose", "mobilising").set("purpose_word", "今晚联系")).expect(200);
        assert!(told.iter().all(|at| opened.body().contains(&people[*at].1.telephone)), "{}", opened.words());
        assert_eq!(town.counts().looks, looks + i64::try_from(gates).unwrap());
        let mine = people[told[0]].0.open("/mobilization/me").expect(200);
        assert!(mine.words().contains("今晚联系"), "she reads who looked");
        let table = cells(&worker.get(&format!("{address}/roster.xlsx")).expect(200).bytes);
        assert!(table.contains("东门值班亭") && !table.contains(&people[told[0]].1.name), "{table}");

        town.clock.set_local("2026-11-23 12:30");
        let own = my_post(&mut people[told[0]].0).unwrap();
        drop(people[told[0]].0.submit(own.set("deed", "present")).expect(200));
        let page = worker.open(&roster).expect(200);
        let turn = page
            .forms()
            .into_iter()
            .find(|form| form.action.contains("/posts/") && form.offers.iter().any(|name| name == "deed"));
        drop(worker.submit(turn.unwrap().set("deed", "present")).expect(200));
        town.clock.set_local("2026-11-23 15:30");
        let end = leader.open(&address).expect(200).form(&format!("{address}/end"));
        assert_eq!(leader.send(end.clone()).status, 422, "to be confirmed");
        drop(leader.submit(chosen(end, "sure", "yes")).expect(200));
        let mine = people[told[0]].0.open("/mobilization/me").expect(200);
        assert!(mine.words().contains("共服务了 3 小时 0 分"), "{}: {}", town.engine, mine.words());
        town.clock.set_local("2026-11-23 19:00");
        let mine = people[told[0]].0.open("/mobilization/me").expect(200);
        assert!(mine.words().contains("共服务了 3 小时 0 分"), "nothing more after the end: {}", mine.words());
        assert!(my_post(&mut people[told[gates - 1]].0).is_none(), "nobody else need come");
        assert_eq!(leader.get(&format!("{address}/plan")).status, 405);
        assert!(leader.open(&address).expect(200).words().contains("已结束"));
        the_figures_add_up(&town, &mut leader, &community, &people, gates);
        is_logged(&town, &address);
    }
}

#[test]
fn a_gap_is_refilled_at_once_and_nobody_else_is_moved() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let gates = compounds(&town, &town.named(COMMUNITY));
        let mut people: Vec<(Browser, Resident)> =
            (0..=gates).map(|seed| town.neighbour(730 + u64::try_from(seed).unwrap())).collect();
        for (browser, who) in &mut people {
            drop(offers(browser, who, COMMUNITY, &["day", "evening"]).expect(200));
        }
        let mut leader = town.staff("refill.leader", "secretary_street", &town.named(STREET), None);
        let address = call(&town, &mut leader, "1", "1");
        let page = plan(&town, &mut leader, &address);
        drop(send(&town, &mut leader, &page));
        let place = |browser: &mut Browser| {
            let page = browser.open("/mobilization/me").expect(200);
            page.body().split("<h3>").nth(1).map(|rest| rest.split(" <span").next().unwrap_or_default().to_owned())
        };
        let told: Vec<usize> = (0..people.len()).filter(|at| my_post(&mut people[*at].0).is_some()).collect();
        let reserve = (0..people.len()).find(|at| !told.contains(at)).unwrap();
        let before: Vec<Option<String>> = told.iter().map(|at| place(&mut people[*at].0)).collect();
        let gone = told[0];
        let form = my_post(&mut people[gone].0).unwrap();
        drop(people[gone].0.submit(form.set("deed", "declined")).expect(200));
        assert!(my_post(&mut people[reserve].0).is_none(), "not before the work is done");
        town.works();
        assert!(my_post(&mut people[reserve].0).is_some(), "{}: the gap is refilled", town.engine);
        let after: Vec<Option<String>> = told.iter().map(|at| place(&mut people[*at].0)).collect();
        assert_eq!(before[1..], after[1..], "{}: nobody else moves", town.engine);
        assert!(leader.open(&address).expect(200).words().contains("自动补缺"));
        assert!(my_post(&mut people[gone].0).is_none());

        // A person who leaves is forgotten, and her place goes to somebody else if there is somebody.
        let form = people[reserve].0.open("/mobilization/me").expect(200).forms();
        let form = form.into_iter().rfind(|form| form.action == "/mobilization/me").unwrap();
        drop(people[reserve].0.submit(form.set("deed", "leave")).expect(200));
        let page = people[reserve].0.open("/mobilization/me").expect(200);
        assert!(page.words().contains("填好下面几项就行"), "{}", page.words());
        town.works();
        let page = leader.open(&address).expect(200);
        assert!(page.words().contains("缺 1 人") || my_post(&mut people[gone].0).is_some(), "{}", page.words());
        let telephone = people[reserve].1.telephone.clone();
        let vault = town.city.vault.clone();
        let found = town.store().read_blocking(move |tx| vault.find(tx, vault::PersonField::Telephone, &telephone));
        assert_eq!(found.unwrap().len(), 1, "only her account knows her still");
    }
}

#[test]
fn nobody_is_booked_twice_and_everybody_rests() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (mut she, who) = town.neighbour(760);
        drop(offers(&mut she, &who, COMMUNITY, &["day", "evening", "night"]).expect(200));
        let mut leader = town.staff("twice.leader", "organiser_district", &town.named("和平区"), None);
        // Two calls want somebody for the same hours, and both are planned before either is sent.
        let calls = [call(&town, &mut leader, "1", "1"), call(&town, &mut leader, "1", "1")];
        let plans: Vec<Reply> = calls.iter().map(|address| plan(&town, &mut leader, address)).collect();
        let told: Vec<String> = plans.iter().map(|page| send(&town, &mut leader, page).words()).collect();
        assert!(told[0].contains("已通知 1 人，0 人"), "{}: {}", town.engine, told[0]);
        assert!(told[1].contains("已通知 0 人，1 人"), "{}: {}", town.engine, told[1]);
        // A shift four hours after the first leaves too little rest, and one on the day after leaves enough.
        for (day, from, to, sent) in [("2026-11-24", "00:00", "06:00", "0"), ("2026-11-24", "08:00", "14:00", "1")] {
            let page = leader.open(&calls[0]).expect(200);
            let shifts = format!("{}/shifts", calls[0]);
            let add = page.forms().into_iter().rfind(|form| form.action == shifts).unwrap();
            let page = leader.submit(add.set("day", day).set("from", from).set("to", to)).expect(200);
            let form = page.form(&format!("{}/needs", calls[0]));
            let shift = page.body().matches("<option").count();
            assert!(shift > 2, "{}", page.words());
            let number = if sent == "0" { "2" } else { "3" };
            let form = form.set("whereabouts", &format!("p:{}", town.named(COMMUNITY).id())).set("shift", number);
            let form = form.set("role", "gate").set("least", "1").set("meet", "西门").set("contact", "李主任");
            drop(leader.submit(form).expect(200));
            let page = plan(&town, &mut leader, &calls[0]);
            if sent == "0" {
                assert!(page.words().contains("没有派人：报名的人在这些时段不能来"), "it says why: {}", page.words());
                assert!(page.forms().iter().all(|form| !form.action.ends_with("/send")), "nobody is sent off");
                continue;
            }
            let told = send(&town, &mut leader, &page).words();
            assert!(told.contains(&format!("已通知 {sent} 人，0 人")), "{}: {day} {from}: {told}", town.engine);
        }
    }
}

#[test]
fn a_plan_can_be_called_off_and_survives_a_restart() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (mut she, who) = town.neighbour(770);
        drop(offers(&mut she, &who, COMMUNITY, &["day", "evening"]).expect(200));
        let mut leader = town.staff("stop.leader", "secretary_street", &town.named(STREET), None);
        let address = call(&town, &mut leader, "1", "1");
        let ask = |leader: &mut Browser| {
            let form = leader.open(&address).expect(200).form(&format!("{address}/plan"));
            leader.submit(form).expect(200)
        };
        let page = ask(&mut leader);
        let stop = page.form(&format!("{}/stop", page.address));
        let stopped = leader.submit(stop).expect(200);
        assert!(stopped.words().contains("已停止"), "{}", stopped.words());
        town.works();
        assert!(leader.open(&page.address.clone()).expect(200).words().contains("已停止"), "and stays so");
        let page = ask(&mut leader);
        // The process that asked is gone. Another one comes and does the work.
        let runner = town.runner();
        assert_eq!(runner.run_due().unwrap(), 1, "{}", town.engine);
        assert!(leader.open(&page.address.clone()).expect(200).words().contains("算好了"));
        // What was sent twice with one key is one plan.
        let form = leader.open(&address).expect(200).form(&format!("{address}/plan"));
        let (first, again) = (leader.send(form.clone()).expect(303), leader.send(form).expect(303));
        assert_eq!(first.location(), again.location());
        assert_eq!(town.works(), 1);
    }
}

#[test]
fn bad_input_is_refused_and_strangers_see_nothing() {
    for town in Town::each() {
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let (mut she, who) = town.neighbour(780);
        let form = she.open("/mobilization/me").expect(200).form("/mobilization/me");
        let empty = she.send(form.clone().set("deed", "offer")).expect(422);
        for expected in ["姓名", "电话", "能做什么", "什么时候能来", "哪个社区"] {
            assert!(empty.words().contains(expected), "{expected}: {}", empty.words());
        }
        let wrong = she.send(form.set("home_words", "没有的社区").set("deed", "offer")).expect(422);
        assert!(wrong.words().contains("没有找到这个社区"), "{}", wrong.words());
        drop(offers(&mut she, &who, COMMUNITY, &["day"]).expect(200));

        let mut leader = town.staff("bad.leader", "secretary_street", &town.named(STREET), None);
        let address = call(&town, &mut leader, "1", "2");
        let shifts = format!("{address}/shifts");
        for (day, from, to, days) in [
            ("x", "08:00", "16:00", "1"),
            ("2026-11-24", "8", "16:00", "1"),
            ("2026-11-24", "08:00", "21:00", "1"),
            ("2026-11-24", "08:00", "16:00", "99"),
        ] {
            let fields = [("day", day), ("from", from), ("to", to), ("days", days)];
            assert_eq!(leader.post(&shifts, &fields).status, 422, "{fields:?}");
        }
        let needs = format!("{address}/needs");
        let good = [
            ("whereabouts", format!("p:{}", town.named(COMMUNITY).id())),
            ("shift", "1".to_owned()),
            ("role", "gate".to_owned()),
            ("least", "1".to_owned()),
            ("most", "2".to_owned()),
            ("meet", "门口".to_owned()),
            ("contact", "李主任".to_owned()),
        ];
        for (field, value) in [
            ("whereabouts", "p:1"),
            ("whereabouts", "c:999999"),
            ("shift", "9"),
            ("role", "king"),
            ("least", "-1"),
            ("most", "0"),
            ("meet", ""),
            ("contact", ""),
        ] {
            let fields: Vec<(&str, &str)> =
                good.iter().map(|(name, own)| (*name, if *name == field { value } else { own.as_str() })).collect();
            assert_eq!(leader.post(&needs, &fields).status, 422, "{field} {value}");
        }
        assert_eq!(leader.post("/mobilization/calls/new", &[("title", ""), ("place", "1")]).status, 422);

        let mut stranger = town.staff("bad.stranger", "secretary_street", &town.named("五里河街道"), None);
        for path in [address.clone(), format!("{address}/roster"), format!("{address}/roster.xlsx")] {
            assert_eq!(stranger.get(&path).status, 404, "{path}");
            assert!(town.visitor().get(&path).location().unwrap().starts_with("/sign-in"), "{path}");
            assert_eq!(she.get(&path).status, 404, "{path}");
        }
        for path in [shifts, needs, format!("{address}/plan"), format!("{address}/end")] {
            assert_eq!(stranger.post(&path, &[]).status, 404, "{path}");
        }
        let mut worker = town.staff("bad.worker", "community_worker", &town.named(COMMUNITY), None);
        assert!(worker.open(&address).expect(200).forms().iter().all(|form| !form.action.ends_with("/plan")));
        assert_eq!(worker.post(&format!("{address}/plan"), &[]).status, 403);
    }
}

#[test]
fn a_call_is_public_once_it_has_a_shift_and_a_plan_or_a_check_in_that_comes_to_nothing_says_why() {
    for town in Town::each() {
        town.clock.set_local("2026-11-23 09:00");
        drop(town.lays_ground(&[town.named(STREET)], 5));
        let mut leader = town.staff("early.leader", "secretary_street", &town.named(STREET), None);
        let form = leader.open("/mobilization/calls/new").expect(200).form("/mobilization/calls/new");
        let form = form.set("title", "还没有班次的动员").set("place", &town.named(STREET).id().to_string());
        drop(leader.submit(form.set("note", "先别来")).expect(200));
        let public = town.visitor().open("/mobilization").expect(200).words();
        assert!(!public.contains("还没有班次的动员"), "nobody is called before there is a shift: {public}");
        let address = call(&town, &mut leader, "1", "1");
        let public = town.visitor().open("/mobilization").expect(200).words();
        assert!(public.contains("暴雪应急值守") && !public.contains("还没有班次的动员"), "{public}");

        let page = plan(&town, &mut leader, &address);
        assert!(page.words().contains("没有派人：附近还没有人报名"), "{}", page.words());
        let (mut she, who) = town.neighbour(790);
        drop(offers(&mut she, &who, COMMUNITY, &["day", "evening"]).expect(200));
        let page = plan(&town, &mut leader, &address);
        drop(send(&town, &mut leader, &page));
        town.clock.set_local("2026-11-23 09:40");
        let mine = she.open("/mobilization/me").expect(200);
        assert!(mine.words().contains("10:00起可以签到"), "{}", mine.words());
        let form = my_post(&mut she).unwrap();
        let early = she.submit(form.clone().set("deed", "present")).expect(422);
        assert!(early.words().contains("现在签到还太早") && early.words().contains("10:00"), "{}", early.words());
        town.clock.set_local("2026-11-23 10:00");
        let form = my_post(&mut she).unwrap();
        assert!(she.submit(form.set("deed", "present")).expect(200).words().contains("已到岗"), "{}", town.engine);
    }
}
