//! These stories are about the work behind a report: found on the round, sent to whose duty it is, joined, appealed
//! against, counted. No list and no figure is about a worker.

use city_stories::{Browser, Story, Town, UNDO_SECONDS, code_on};
use house::When;
use jobs::{Rules, Runner};
use kernel::figure::Figure;
use kernel::permission::Target;
use kernel::place::Level;
use testkit::{Form, Reply};

const PLACE: &str = "华炉社区";
const STREET: &str = "大北街道";

fn screen(page: &Reply, name: &str) -> Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

/// Somebody reports without an account. Returns the number and the code.
pub(crate) fn reported(town: &Town, what: &str, kind: &str) -> (String, String) {
    let mut she = town.visitor();
    let page = she.open("/report/new").expect(200);
    let page = she.submit(screen(&page, "say").set("what", what).set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("kind", kind)).expect(200);
    let form = screen(&page, "send").set("telephone", "13800000302");
    let receipt = she.submit(form).expect(200);
    let number = receipt.address.trim_start_matches("/receipt/").to_owned();
    assert!(number.contains("-W"), "{}", receipt.words());
    (number, code_on(&receipt))
}

/// A worker reports what she found. Returns its number.
fn found(worker: &mut Browser, what: &str, kind: &str) -> String {
    let form = worker.open("/report/found").expect(200).form("/report/found");
    assert_eq!(form.offers.iter().filter(|name| ["what", "where", "kind", "at"].contains(&name.as_str())).count(), 2);
    let offered = worker.submit(form.set("what", what).set("where", PLACE)).expect(200).form("/report/found");
    sent_off(worker, offered.set("kind", kind))
}

/// Sends off what a worker found, and returns its number: she called, and it is none of what is known near there.
pub(crate) fn sent_off(worker: &mut Browser, form: Form) -> String {
    let mut page = worker.submit(form);
    for _ in 0..2 {
        if page.address.starts_with("/report/found") {
            let form = page.forms().into_iter().rfind(|form| form.action == "/report/found").unwrap();
            let calls = form.offers.iter().any(|name| name == "called");
            page = worker.submit(if calls { form.set("called", "1") } else { form });
        }
    }
    page.expect(200).address.trim_start_matches("/cases/").split('?').next().unwrap().to_owned()
}

fn office(town: &Town, level: Level, department: &str) -> Target {
    Target { place: town.named(PLACE).at(level).unwrap(), department: Some(department.to_owned()) }
}

/// How many of one and of all an indicator counts in the community.
fn counted(town: &Town, code: &'static str) -> i64 {
    match town.told(&town.named(PLACE), code) {
        Figure::Count(count) => count,
        other => panic!("{code} is no count: {other:?}"),
    }
}

#[test]
fn what_a_worker_finds_takes_two_fields_and_is_filed_at_once() {
    for town in Town::each() {
        let mut story = Story::new(&town, 311);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = zhao.open("/report/found").expect(200).form("/report/found");
        assert_eq!(zhao.send(form.clone()).status, 422, "neither what nor where");
        assert_eq!(zhao.send(form.clone().set("what", "qzx").set("where", PLACE)).status, 422);
        assert_eq!(zhao.send(form.set("what", "垃圾").set("where", "天涯海角")).status, 422);
        story.number = found(story.at("zhao"), "楼下垃圾没人收", "event/0102/heap");
        story.tell(
            "case is filed
             zhao opens it
             zhao does dispatch
             case is handling",
        );
        assert_eq!(story.case().office, office(&town, Level::District, "sanitation"));
        let figures = ["grid.reported", "grid.found", "grid.filed", "grid.by_public"].map(|code| counted(&town, code));
        assert_eq!(figures, [1, 1, 1, 0], "{}", town.engine);
        town.works();
        let mut leader = town.staff("found.chief", "secretary_community", &town.named(PLACE), None);
        let behind = format!("/report/hurts/rows?what=found&place={}", town.named(PLACE).id());
        let rows = leader.open(&behind).expect(200);
        assert!(rows.links().contains(&format!("/cases/{}", story.number)), "{}: {}", town.engine, rows.words());
        story.tell("wang is community_worker at 付家社区");
        let wang = story.at("wang");
        let form = wang.open("/report/found").expect(200).form("/report/found");
        let offered = wang.submit(form.set("what", "垃圾").set("where", PLACE)).expect(200).form("/report/found");
        let known = wang.submit(offered.set("kind", "event/0102/heap")).expect(200);
        let another = known.forms().into_iter().rfind(|form| form.action == "/report/found").unwrap();
        assert_eq!(wang.send(another).status, 422, "not her community");
        town.verify();
    }
}

#[test]
fn where_the_rule_wants_it_somebody_else_looks_at_what_was_found() {
    for town in Town::each_figured(&[("grid.found_checked", 1)]) {
        let mut story = Story::new(&town, 312);
        story.tell(
            "zhao is community_worker at 华炉社区
             qian is community_worker at 华炉社区",
        );
        story.number = found(story.at("zhao"), "楼下垃圾没人收", "event/0102/heap");
        story.tell(
            "case is reported
             zhao opens it
             zhao may not file
             qian does file seen=there
             case is filed",
        );
        assert_eq!(counted(&town, "grid.filed"), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_disputed_duty_is_settled_and_becomes_a_rule_for_the_next_report() {
    for town in Town::each() {
        let mut story = Story::new(&town, 313);
        let (number, _) = reported(&town, "有人搭棚子", "event/0101/building");
        story.number.clone_from(&number);
        assert_eq!(story.case().office, office(&town, Level::Street, "street"), "the street comes first");
        let unit = format!("enforcement@{}", town.named(PLACE).at(Level::District).unwrap());
        story.tell(&format!(
            "zhao is community_worker at 华炉社区
             wu is street_handler at {STREET} for street
             sun is district_handler at 大东区 for enforcement
             li is secretary_street at {STREET}
             zhao does file seen=from_afar
             zhao does dispatch
             li opens it
             li does not read 把这次定下的职责记成规则
             wu opens it
             wu sends hand to=me
             wu does not take not_ours reason=不归我们
             wu sends hand to=nobody
             wu does not_ours reason=不归我们
             case is disputed
             zhao opens it
             zhao may not verify
             zhao may not not_there
             zhao does redispatch unit={unit} reason=会商定了
             case is handling
             sun finds it in /queue
             wu misses it in /report/work?list=handle
             sun finds it in /report/work?list=handle"
        ));
        assert_eq!(story.case().office, office(&town, Level::District, "enforcement"));
        // Who only watches a street finds what waits there.
        story.tell("li finds it in /report/work?list=handle\n li opens it\n li reads 把这次定下的职责记成规则");
        let address = format!("/report/duties?number={number}");
        assert!(story.at("li").page().links().contains(&address), "{}", town.engine);
        let page = story.at("li").open(&address).expect(200);
        assert!(page.words().contains("还没有定下的职责"), "{}", page.words());
        let keep = |page: &Reply| {
            page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "basis")).unwrap()
        };
        let form = keep(&page);
        let table = [("kind", "event/9999"), ("unit", "none"), ("place", "1"), ("from", "2026-11-01"), ("basis", "")];
        for (field, wrong) in table {
            let typed = form.clone().set("basis", "会商纪要").set(field, wrong);
            assert_eq!(story.at("li").send(typed).status, 422, "{}: {field}={wrong}", town.engine);
        }
        let kept = story.at("li").submit(form.set("basis", "2026年第3次会商纪要")).expect(200);
        let told = ["私搭乱建", "综合执法", "2026年第3次会商纪要", number.as_str()];
        assert!(told.iter().all(|text| kept.words().contains(text)), "{}", kept.words());
        let (next, _) = reported(&town, "有人搭棚子", "event/0101/building");
        story.number = next;
        assert_eq!(story.case().office, office(&town, Level::District, "enforcement"), "by itself");
        story.tell(
            "zhao opens it
             zhao reads 按会商定下的职责",
        );
        let end = story.at("li").open("/report/duties").expect(200);
        let body = end.body();
        let id = body.split("name=\"end\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let end = end.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "end")).unwrap();
        drop(story.at("li").submit(end.set("end", id)).expect(200));
        story.number = reported(&town, "有人搭棚子", "event/0101/building").0;
        assert_eq!(story.case().office, office(&town, Level::Street, "street"), "no longer from today");
        town.verify();
    }
}

#[test]
fn an_unclear_duty_is_said_and_counted() {
    for town in Town::each() {
        let mut story = Story::new(&town, 314);
        story.number = reported(&town, "井盖", "component/0114/missing").0;
        assert_eq!(story.case().office, office(&town, Level::Street, "street"));
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao opens it
             zhao reads 职责不清：找不到权属单位，由街道兜底",
        );
        assert_eq!(counted(&town, "grid.unclear"), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_is_joined_to_another_and_its_people_hear_of_that_one() {
    for town in Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned())) {
        let mut story = Story::new(&town, 315);
        let (first, _) = reported(&town, "垃圾", "event/0102/heap");
        let (second, code) = reported(&town, "垃圾", "event/0102/heap");
        let (gone, _) = reported(&town, "垃圾", "event/0102/heap");
        story.tell("zhao is community_worker at 华炉社区");
        story.number.clone_from(&gone);
        story.tell("zhao does not_there reason=没有");
        settle(&town);
        story.number.clone_from(&second);
        story.tell("zhao opens it");
        let body = story.at("zhao").page().body();
        assert!(body.contains(&format!("type=\"radio\" name=\"field_number\" value=\"{first}\"")), "{}", town.engine);
        assert!(!body.contains(&format!("value=\"{gone}\"")), "{}: what is over is not offered", town.engine);
        let words = story.at("zhao").page().words();
        assert!(
            words.contains("暴露垃圾 · 垃圾成堆、满溢 · ") && words.contains("分钟前反映"),
            "{}: {words}",
            town.engine
        );
        let unknown = "210104-2026-W000999-9";
        story.tell(&format!(
            "zhao does not take merge number={unknown}
             zhao does not take merge number=那一件
             zhao does not take merge number={second}
             zhao does not take merge number={gone}
             zhao does merge number={first}
             case is merged"
        ));
        let page = story.at("zhao").open(&format!("/cases/{second}")).expect(200);
        let way = page.links().iter().filter(|link| **link == format!("/cases/{first}")).count();
        assert_eq!(way, 2, "{}: beside it, and on its way: {}", town.engine, page.words());
        let page = story.at("zhao").open(&format!("/cases/{first}")).expect(200);
        assert!(page.links().contains(&format!("/cases/{second}")), "{}: {}", town.engine, page.words());
        let mut she = town.visitor();
        let page = she.follows_with(&second, &code).expect(200);
        assert!(page.words().contains(&first), "{}: {}", town.engine, page.words());
        let place = town.named(PLACE);
        let mut he = town.visitor();
        drop(he.post("/nearby", &[("place", &place.id().to_string()), ("keep", "yes")]).expect(303));
        let near = he.open("/report/near").expect(200);
        assert!(near.words().contains("2 人遇到"), "{}: {}", town.engine, near.words());
        settle(&town);
        let before = notices(&town, &first);
        let survives = first.clone();
        story.number = first;
        story.tell(
            "wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does handle report=清了 no_photo=相机坏了
             zhao does verify checked=there",
        );
        settle(&town);
        assert!(notices(&town, &survives) > before, "{}: who reported the same is told", town.engine);
        assert_eq!(counted(&town, "grid.repeated"), 1);
        let answered = ["grid.by_public", "grid.answered"].map(|code| counted(&town, code));
        assert_eq!(answered, [2, 2], "{}: the joined one is no answer, and none to be answered", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_is_joined_only_to_one_that_still_goes_on_when_the_step_leaves() {
    for town in Town::each() {
        let mut story = Story::new(&town, 329);
        story.tell("zhao is community_worker at 华炉社区");
        let numbers = [0; 4].map(|_| reported(&town, "垃圾", "event/0102/heap").0);
        let [first, second, gone, fourth] = &numbers;
        let zhao = story.at("zhao");
        let steps = [
            (first, "merge", "field_number", second.as_str()),
            (second, "merge", "field_number", first.as_str()),
            (gone, "not_there", "field_reason", "现场没有垃圾"),
            (fourth, "merge", "field_number", gone.as_str()),
        ];
        for (number, action, field, answer) in steps {
            drop(zhao.open(&format!("/cases/{number}")).expect(200));
            let form = zhao.offered(action).unwrap().set(field, answer);
            let held = zhao.confirms(form).expect(200);
            assert!(held.words().contains("秒发出"), "{}: {number}: {}", town.engine, held.words());
            town.clock.plus_seconds(1);
        }
        town.clock.plus_seconds(UNDO_SECONDS);
        // Whichever page is opened first, they leave in the order in which they were decided.
        for number in numbers.iter().rev() {
            drop(zhao.open(&format!("/cases/{number}")).expect(200));
        }
        for (number, state) in numbers.iter().zip(["merged", "reported", "not_there", "reported"]) {
            story.number.clone_from(number);
            story.tell(&format!("case is {state}"));
        }
        settle(&town);
        let asked = store::args![format!("%{second}%")].to_vec();
        let sql = "select count(*) from jobs_notice where arguments like $1 and recipient like 'account:%'";
        let told = town.store().read_blocking(move |tx| store::scalar::<i64>(tx, sql, &asked)).unwrap();
        assert_eq!(told, Some(1), "{}: she is told that it was dropped", town.engine);
        town.verify();
    }
}

/// How many notices about a report go to those who heard of it by another one.
fn notices(town: &Town, number: &str) -> i64 {
    let asked = store::args![format!("%{number}%")].to_vec();
    let sql = "select count(*) from jobs_notice where arguments like $1 and recipient like 'heard:%'";
    let found = town.store().read_blocking(move |tx| store::scalar::<i64>(tx, sql, &asked));
    found.unwrap().unwrap_or_default()
}

/// What runs by itself in these stories.
const TOLD: [&str; 2] = ["grid.", "cases.tell_dropped"];

/// Does what the grid does by itself.
fn settle(town: &Town) {
    let rules = Rules {
        attempts: 3,
        lease_seconds: 60,
        first_delay_seconds: 1,
        longest_delay_seconds: 1,
        idle_milliseconds: 1,
        outbox_batch: 100,
        lane_workers: 2,
        lane_jobs: 1,
        lane_failures: 3,
    };
    let runner = Runner::new(town.store().store(), town.clock.clock(), rules);
    let chores = town.city.work.chores.iter().filter(|chore| TOLD.iter().any(|told| chore.kind.starts_with(told)));
    let runner = chores.fold(runner, |runner, chore| match chore.when {
        When::Heard(topic) => runner.on(topic, chore.kind, chore.handler.clone()),
        _ => runner.handle(chore.kind, chore.handler.clone()),
    });
    runner.run_due().unwrap();
}

#[test]
fn being_late_is_appealed_against_once_and_stays_visible() {
    for town in Town::each() {
        let mut story = Story::new(&town, 316);
        let (number, code) = reported(&town, "垃圾", "event/0102/heap");
        (story.number, story.code) = (number.clone(), code.clone());
        story.tell(
            "zhao is community_worker at 华炉社区
             qian is community_worker at 华炉社区
             feng is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             sun is district_handler at 大东区 for gas
             zhao does file
             zhao does dispatch",
        );
        let appeal = format!("/report/{number}/appeal");
        let early = story.at("wu").open(&appeal).expect(200);
        assert!(early.words().contains("还没有结案，不能申诉"), "it is an answer: {}", early.words());
        story.tell(
            "it is 2026-11-26 10:00
             wu does handle report=清了 no_photo=相机坏了
             zhao does verify checked=there",
        );
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        drop(she.submit(she.offered("confirm").unwrap().set("field_satisfied", "mostly")).expect(200));
        story.tell("case is closed");
        let sums = ["grid.closed", "grid.due", "grid.on_time", "grid.overdue", "grid.solved", "grid.satisfied"];
        assert_eq!(sums.map(|code| counted(&town, code)), [1, 1, 0, 1, 1, 1], "{}", town.engine);
        assert_eq!(story.at("sun").open(&appeal).status, 404, "another unit's");
        assert_eq!(story.at("zhao").open(&appeal).status, 404, "no unit's");
        story.tell("wu opens it");
        assert!(story.at("wu").page().links().contains(&appeal), "{}", story.at("wu").page().words());
        let form = story.at("wu").open(&appeal).expect(200).form(&appeal);
        assert_eq!(story.at("wu").send(form.clone()).status, 422, "no reason");
        let opened = story.at("wu").submit(form.set("reason", "那天停水")).expect(200);
        let again = story.at("wu").open(&appeal).expect(200).words();
        assert!(again.contains("只能申诉一次"), "{again}");
        story.number = opened.address.trim_start_matches("/cases/").split('?').next().unwrap().to_owned();
        story.tell(
            "case is appealed
             zhao opens it
             zhao reads 那天停水
             zhao does not take support reason=属实
             feng does support reason=属实
             feng opens it
             feng may not allow
             zhao does not take allow reason=属实
             qian does allow reason=属实
             case is allowed
             wu opens it
             wu reads 那天停水",
        );
        assert_eq!(sums.map(|code| counted(&town, code)), [1, 0, 0, 0, 1, 1], "{}: left out", town.engine);
        story.number = number;
        story.tell(
            "wu opens it
             wu reads 超期申诉成立，统计不计",
        );
        let calendar = town.city.hall.calendar();
        let case = story.case();
        let procedure = town.city.cases.procedure_of(&case).unwrap();
        let late = kernel::case::late_since(procedure, &case, &calendar, town.clock.now());
        assert!(late.is_some(), "{}: it still says that it was late", town.engine);
        town.verify();
        town.recount();
    }
}

#[test]
fn what_was_put_off_goes_on_early_and_danger_is_never_put_off() {
    for town in Town::each() {
        let mut story = Story::new(&town, 318);
        story.number = reported(&town, "垃圾", "event/0102/heap").0;
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             sun is district_handler at 大东区 for power
             zhao does file
             zhao does dispatch
             wu does ask_shelve until=2026-12-20 reason=等车
             zhao does shelve reason=等车
             case is shelved
             wu opens it
             wu reads 等到2026年12月20日
             wu does not read 现在已结束
             wu does wake_now
             case is handling",
        );
        story.number = found(story.at("zhao"), "配电箱", "component/0116/open");
        story.tell(
            "zhao does dispatch
             sun does not take ask_shelve until=2026-12-20 reason=等料
             case is handling",
        );
        assert!(story.at("sun").page().words().contains("不能挂账"), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_waits_is_listed_with_its_light_and_every_share_shows_both_its_numbers() {
    for town in Town::each() {
        let mut story = Story::new(&town, 317);
        let (number, _) = reported(&town, "垃圾", "event/0102/heap");
        story.number.clone_from(&number);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation",
        );
        let queue = story.at("zhao").open("/queue").expect(200);
        assert!(queue.links().contains(&"/report/work?list=look".to_owned()), "{}", queue.words());
        assert!(queue.words().contains("待核查"), "{}", queue.words());
        let table = [
            ("zhao", "look", "zhao does file\nzhao does dispatch"),
            ("wu", "handle", "wu does handle report=清了 no_photo=相机坏了"),
            ("zhao", "check", "zhao does verify checked=there"),
        ];
        for (who, list, steps) in table {
            let page = story.at(who).open(&format!("/report/work?list={list}")).expect(200);
            let words = page.words();
            assert!(words.contains("暴露垃圾") && words.contains(PLACE), "{}: {list}: {words}", town.engine);
            assert!(page.links().contains(&format!("/cases/{number}")), "one click to the case, one to the step");
            assert!(page.body().contains("class=\"light "), "{list}: {}", page.body());
            story.tell(steps);
            let after = story.at(who).open(&format!("/report/work?list={list}")).expect(200);
            assert!(after.words().contains("现在没有"), "{}: {list}: {}", town.engine, after.words());
        }
        let place = town.named(PLACE);
        let page = story.at("zhao").open("/report/figures").expect(200);
        for told in ["立案率", "100.00 % = 1 / 1", "还没有", "2026年11月", "自己发现的占比", "0.00 % = 0 / 1"]
        {
            assert!(page.words().contains(told), "{}: {told}: {}", town.engine, page.words());
        }
        assert!(page.links().contains(&town.opens(&place, "grid.filed")), "{:?}", page.links());
        let district = place.at(Level::District).unwrap();
        let mut leader = town.staff("grid.leader", "organiser_district", &district, None);
        for code in ["grid.reported", "grid.filed", "grid.by_public"] {
            assert_eq!(leader.adds_up(&town, &district, code), [1], "{}: {code}", town.engine);
        }
        let rows = leader.open(&town.opens(&district, "grid.reported")).expect(200);
        assert!(rows.words().contains("“反映”共 1 件。"), "{}", rows.words());
        assert!(!rows.body().contains("data-label=\"反映\""), "a column of ones says nothing: {}", rows.body());
        assert!(rows.links().contains(&format!("/places/{}", district.id())), "it leads back: {:?}", rows.links());
        let board = leader.open("/report/figures").expect(200);
        assert!(board.words().contains("暴露垃圾") && board.words().contains(STREET), "{}", board.words());
        assert!(!board.words().contains("与总数不符"), "{}", board.words());
        for name in ["zhao", "wu"] {
            assert!(!board.words().contains(name), "{}: nothing is counted of a worker", town.engine);
        }
        assert_eq!(story.at("zhao").open(&format!("/report/figures?place={}", district.id())).status, 404);
        town.verify();
    }
}

#[test]
fn a_report_is_sent_only_where_somebody_holds_a_post() {
    for town in Town::each() {
        let mut story = Story::new(&town, 320);
        story.number = reported(&town, "垃圾", "event/0102/heap").0;
        let sanitation = office(&town, Level::District, "sanitation");
        let own = format!("sanitation@{}", sanitation.place);
        let street = format!("street@{}", office(&town, Level::Street, "street").place);
        story.tell(&format!(
            "zhao is community_worker at 华炉社区
             wu is street_handler at {STREET} for street
             zhao does file
             zhao opens it
             zhao reads 那里现在没有人在岗，按规定由大北街道办事处兜底"
        ));
        let form = story.at("zhao").offered("dispatch").unwrap();
        assert_eq!(form.get("field_unit"), Some(street.as_str()), "{}: who stands in is chosen", town.engine);
        let body = story.at("zhao").page().body();
        assert!(!body.contains("value=\"gas@") && !body.contains(&format!("value=\"{own}\"")), "{}", town.engine);
        for unit in [own.as_str(), ""] {
            story.tell(&format!("zhao does not take dispatch unit={unit}"));
            let words = story.at("zhao").page().words();
            assert!(words.contains("大东区环境卫生现在没有人在岗，派过去没有人接"), "{}: {words}", town.engine);
        }
        story.tell(
            "sun is district_handler at 大东区 for sanitation
             zhao opens it
             zhao reads 不选，就派给负责的单位：大东区环境卫生。
             zhao does dispatch
             case is handling
             sun finds it in /queue
             wu misses it in /report/work?list=handle",
        );
        assert_eq!(story.case().office, sanitation, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn who_handed_in_on_time_is_not_late_when_the_check_comes_late() {
    for town in Town::each() {
        let mut story = Story::new(&town, 321);
        let (number, code) = reported(&town, "垃圾", "event/0102/heap");
        (story.number, story.code) = (number.clone(), code.clone());
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             tong is organiser_district at 大东区
             zhao does file
             zhao does dispatch
             wu opens it
             wu reads 今天 15:30 前",
        );
        let list = |story: &mut Story<'_>, who: &str, list: &str| {
            story.at(who).open(&format!("/report/work?list={list}")).expect(200).words()
        };
        assert!(list(&mut story, "wu", "handle").contains("今天 15:30 前"), "{}: to the hour", town.engine);
        story.tell("it is 2026-11-23 14:00").tell("wu does handle report=清了 no_photo=相机坏了");
        assert!(list(&mut story, "zhao", "check").contains("明天 14:00 前"), "{}", town.engine);
        story.tell(
            "it is 2026-11-25 09:00
             zhao opens it
             zhao reads 迟了 19 小时
             zhao finds it in /queue?light=late
             wu opens it
             wu does not read 请说明原因
             tong finds it in /supervise?light=late",
        );
        let asked = story.at("tong").open("/supervise/late").expect(200);
        assert!(!asked.links().contains(&format!("/cases/{number}")), "{}: {}", town.engine, asked.words());
        for told in ["现在超期 1 件", "其中 0 件说明了原因，0 件还没有说明", "其余 1 件"] {
            assert!(asked.words().contains(told), "{}: {told}: {}", town.engine, asked.words());
        }
        town.recount();
        story.tell("zhao does verify checked=there").tell("zhao reads 14:00前处理，");
        let case = story.case();
        let procedure = town.city.cases.procedure_of(&case).unwrap();
        let late = kernel::case::late_since(procedure, &case, &town.city.hall.calendar(), town.clock.now());
        assert_eq!((late, case.overstays.len()), (None, 1), "{}: the desk was late, not the unit", town.engine);
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        drop(she.submit(she.offered("confirm").unwrap().set("field_satisfied", "yes")).expect(200));
        let sums = ["grid.due", "grid.on_time", "grid.overdue"];
        assert_eq!(sums.map(|code| counted(&town, code)), [1, 1, 0], "{}", town.engine);
        town.verify();
        town.recount();
    }
}
