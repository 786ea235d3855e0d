//! These stories are about danger to life: whoever writes of it in her own words reads whom to call before anything
//! else, and may go on reporting all the same.

use crate::photos::{number_of, on};
use crate::street::{before_sending, last};
use city_stories::{Browser, Story, Town};
use testkit::Reply;

const PLACE: &str = "华炉社区";

/// What she sees once she said it.
fn said(she: &mut Browser, what: &str) -> Reply {
    drop(she.open("/report/new").expect(200));
    let form = on(&she.page(), "say").set("what", what).set("where", PLACE);
    she.submit(form).expect(200)
}

/// Where a number to call stands on a page, and where its heading does.
fn call_and_heading(page: &Reply, number: &str) -> (Option<usize>, usize) {
    let body = page.body();
    (body.find(&format!("href=\"tel:{number}\"")), body.find("<h1").unwrap())
}

#[test]
fn whoever_writes_of_danger_reads_whom_to_call_before_anything_else() {
    for town in Town::each() {
        let table = [
            ("着火了", "119", "event/0499/danger"),
            ("有人晕倒了", "120", "event/0499/danger"),
            ("有人打架", "110", "event/0499/danger"),
            ("楼上要跳楼", "110", "event/0499/danger"),
            ("井盖没了有人掉下去了", "119", "event/0499/danger"),
            ("漏煤气", "119", "event/0403/smell"),
            ("电梯困人", "119", "service/0103/trapped"),
            ("The flat upstairs is on fire", "119", "event/0499/danger"),
        ];
        for (what, number, kind) in table {
            let page = said(&mut town.visitor(), what);
            let (call, heading) = call_and_heading(&page, number);
            assert!(call.is_some_and(|call| call < heading), "{}: {what}: {}", town.engine, page.words());
            let body = page.body();
            let first = body.split("name=\"kind\" value=\"").nth(1).unwrap_or_default();
            assert!(first.starts_with(kind), "{}: {what}: {}", town.engine, page.words());
            assert!(!page.words().contains("没听懂"), "{}: {what}", town.engine);
        }
        // What was said and is of the same danger stands first.
        for what in ["路灯的电线露在外面", "路灯电线外露"] {
            let page = said(&mut town.visitor(), what);
            let first = page.body().split("name=\"kind\" value=\"").nth(1).unwrap_or_default().to_owned();
            assert!(first.starts_with("component/0118/bare"), "{}: {what}: {}", town.engine, page.words());
        }
        let feared = said(&mut town.visitor(), "楼下的井盖没了，怕有人掉下去");
        let (call, heading) = call_and_heading(&feared, "119");
        assert!(call.is_some_and(|call| call < heading), "{}: {}", town.engine, feared.words());
        let first = feared.body().split("name=\"kind\" value=\"").nth(1).unwrap_or_default().to_owned();
        assert!(first.starts_with("component/0114/missing"), "{}: {}", town.engine, feared.words());
        for what in ["广场舞跳得热火朝天", "服装店喊跳楼价太吵", "灭火器过期了", "楼道里都是烟头"]
        {
            let page = said(&mut town.visitor(), what);
            let call = ["110", "119", "120"].into_iter().find(|number| call_and_heading(&page, number).0.is_some());
            assert_eq!(call, None, "{}: {what}: {}", town.engine, page.words());
        }
    }
}

#[test]
fn whoever_writes_of_danger_may_go_on_reporting_all_the_same() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = before_sending(&mut she, "垃圾桶着火了", "event/0102/heap");
        let (call, heading) = call_and_heading(&page, "119");
        assert!(call.is_some_and(|call| call < heading), "{}: {}", town.engine, page.words());
        let sent = she.submit(last(&page)).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "{}: {}", town.engine, sent.words());
        // What she chose stops the form as ever: one box, which says both.
        let mut she = town.visitor();
        let page = before_sending(&mut she, "有人晕倒了", "event/0499/danger");
        assert_eq!(page.body().matches("href=\"tel:120\"").count(), 1, "{}: {}", town.engine, page.words());
        assert!(page.words().contains("别随便挪动病人"), "{}: {}", town.engine, page.words());
        assert!(she.submit(last(&page)).expect(422).words().contains("请先打电话"), "{}", town.engine);
    }
}

#[test]
fn staff_read_that_a_report_speaks_of_danger_until_it_is_closed() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let table = [
            ("垃圾桶着火了", "event/0102/heap", "119"),
            ("路灯坏了", "component/0118/bare", "119"),
            ("楼下垃圾没人收", "event/0102/heap", ""),
        ];
        for (what, kind, number) in table {
            let mut she = town.visitor();
            let page = before_sending(&mut she, what, kind);
            let sent = she.submit(last(&page)).expect(200);
            let case = sent.address.replace("/receipt/", "/cases/");
            let read = zhao.open(&case).expect(200).words();
            assert_eq!(read.contains("可能有危险"), !number.is_empty(), "{}: {what}: {read}", town.engine);
            assert!(number.is_empty() || read.contains(number), "{}: {what}: {read}", town.engine);
            let own = she.open(&sent.address).expect(200).words();
            assert!(!own.contains("先派"), "{}: it is for staff: {own}", town.engine);
            let english = zhao.open(&format!("{case}?lang=en")).expect(200).words();
            assert_eq!(english.contains("There may be danger"), !number.is_empty(), "{}: {english}", town.engine);
            drop(zhao.open(&format!("{case}?lang=zh-CN")).expect(200));
        }
        let (mut story, mut she) = (Story::new(&town, 305), town.visitor());
        let page = before_sending(&mut she, "垃圾桶着火了", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        let address = format!("/cases/{}", story.number);
        story.tell("li is community_worker at 华炉社区");
        let read = story.at("li").open(&address).expect(200).words();
        assert!(read.contains("可能有危险"), "{}: {read}", town.engine);
        story.tell("li does not_there reason=没看到着火\n case is not_there");
        let read = story.at("li").open(&address).expect(200).words();
        assert!(!read.contains("可能有危险"), "{}: it is closed: {read}", town.engine);
        town.verify();
    }
}

#[test]
fn danger_that_she_adds_at_last_is_heard_before_it_is_sent() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        assert_eq!(call_and_heading(&page, "119").0, None, "{}: {}", town.engine, page.words());
        let before = town.counts();
        let told = she.submit(last(&page).set("words", "垃圾堆着火了")).expect(200);
        let (call, heading) = call_and_heading(&told, "119");
        assert!(call.is_some_and(|call| call < heading), "{}: {}", town.engine, told.words());
        assert_eq!(town.counts().cases, before.cases, "{}: nothing was sent yet", town.engine);
        let sent = she.submit(last(&told)).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "{}: {}", town.engine, sent.words());
        town.verify();
    }
}

#[test]
fn a_form_that_names_no_danger_that_there_is_reads_whom_to_call_again() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = before_sending(&mut she, "垃圾桶着火了", "event/0102/heap");
        let before = town.counts();
        for warned in ["", "FIRE", "fires", "fire;", "nothing"] {
            let told = she.submit(last(&page).set("warned", warned)).expect(200);
            let (call, heading) = call_and_heading(&told, "119");
            assert!(call.is_some_and(|call| call < heading), "{}: {warned}: {}", town.engine, told.words());
        }
        assert_eq!(town.counts().cases, before.cases, "{}: nothing was sent yet", town.engine);
        // She called because of the gas, and adds that somebody fainted: that is another call.
        let mut she = town.visitor();
        let page = before_sending(&mut she, "有煤气味", "event/0403/smell");
        let added = last(&page).set("called", "1").set("words", "有人晕倒了");
        let told = she.submit(added).expect(422);
        assert!(told.links().contains(&"tel:120".to_owned()), "{}: {:?}", town.engine, told.links());
        assert!(told.words().contains("请先打电话"), "{}: {}", town.engine, told.words());
        assert_eq!(last(&told).get("called"), None, "{}: it is to be ticked again", town.engine);
        assert_eq!(town.counts().cases, before.cases, "{}: nothing was sent yet", town.engine);
        let sent = she.submit(last(&told).set("called", "1")).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "{}: {}", town.engine, sent.words());
        town.verify();
    }
}

#[test]
fn danger_that_a_worker_writes_at_last_is_heard_before_it_is_filed() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let new_on = |page: &Reply| page.forms().into_iter().rfind(|form| form.action == "/report/found").unwrap();
        let chosen = |zhao: &mut Browser, what: &str, kind: &str| {
            let form = zhao.open("/report/found").expect(200).form("/report/found");
            let offered = zhao.submit(form.set("what", what).set("where", PLACE)).expect(200);
            new_on(&offered).set("kind", kind)
        };
        let before = town.counts();
        let form = chosen(&mut zhao, "路灯不亮", "component/0118/out");
        let told = zhao.submit(form.set("what", "路灯不亮，电线外露")).expect(200);
        let (call, heading) = call_and_heading(&told, "119");
        assert!(call.is_some_and(|call| call < heading), "{}: {}", town.engine, told.words());
        assert_eq!(town.counts().cases, before.cases, "{}: nothing is filed yet", town.engine);
        let filed = zhao.submit(new_on(&told)).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        // She called because of the gas, and adds that somebody fainted: that is another call.
        let form = chosen(&mut zhao, "有煤气味", "event/0403/smell").set("called", "1");
        let told = zhao.submit(form.set("what", "有煤气味，有人晕倒了")).expect(422);
        assert!(told.links().contains(&"tel:120".to_owned()), "{}: {:?}", town.engine, told.links());
        assert_eq!(new_on(&told).get("called"), None, "{}: it is to be ticked again", town.engine);
        assert_eq!(town.counts().cases, before.cases + 1, "{}: it is not filed yet", town.engine);
        let filed = zhao.submit(new_on(&told).set("called", "1")).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        town.verify();
    }
}

#[test]
fn whoever_chooses_a_lamp_with_bare_wires_reads_whom_to_call_before_it_is_sent() {
    for town in Town::each() {
        let (mut she, bare) = (town.visitor(), "component/0118/bare");
        let page = before_sending(&mut she, "路灯坏了", bare);
        for number in ["95598", "119"] {
            let (call, heading) = call_and_heading(&page, number);
            assert!(call.is_some_and(|call| call < heading), "{}: {number}: {}", town.engine, page.words());
        }
        let sent = she.submit(last(&page)).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "{}: {}", town.engine, sent.words());
        let page = before_sending(&mut town.visitor(), "路灯坏了", "component/0118/out");
        assert_eq!(call_and_heading(&page, "119").0, None, "{}: a dark lamp is no danger", town.engine);
    }
}

#[test]
fn danger_is_joined_only_to_what_is_known_to_be_dangerous() {
    for town in Town::each() {
        let reports = |kind: &str| {
            let mut she = town.visitor();
            let page = before_sending(&mut she, "路灯坏了", kind);
            she.submit(last(&page)).expect(200)
        };
        let offers = |kind: &str, words: &str| {
            let page = before_sending(&mut town.visitor(), words, kind);
            page.forms().iter().filter(|form| form.get("screen") == Some("near")).count()
        };
        let (out, bare) = ("component/0118/out", "component/0118/bare");
        drop(reports(out));
        let found = [(out, "路灯坏了"), (bare, "路灯坏了"), (out, "路灯坏了，电线掉下来冒火花")];
        let count = found.map(|(kind, words)| offers(kind, words));
        assert_eq!(count, [1, 0, 0], "{}: a dark lamp hears nothing of live wires", town.engine);
        drop(reports(bare));
        assert_eq!(offers(bare, "路灯坏了"), 1, "{}: the same danger is joined", town.engine);
        let hurt = "路灯电线外露，有人触电倒在地上";
        assert_eq!(offers(bare, hurt), 0, "{}: nobody would read that somebody is hurt", town.engine);

        let mut she = town.visitor();
        let page = before_sending(&mut she, "路灯坏了", out);
        let near = page.forms().into_iter().find(|form| form.get("screen") == Some("near")).unwrap();
        let body = page.body();
        let join = body.split("name=\"join\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let before = town.counts();
        let refused = she.submit(near.clone().set("join", join).set("words", hurt)).expect(422);
        let words = refused.words();
        assert!(words.contains("把这一件单独发出"), "{}: {words}", town.engine);
        assert!(words.contains("120") && last(&refused).get("words") == Some(hurt), "{}: {words}", town.engine);
        assert_eq!(town.counts(), before, "{}: nothing is joined", town.engine);
        drop(she.submit(last(&refused)).expect(200));
        town.verify();
    }
}
