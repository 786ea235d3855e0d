//! These stories are about danger to life that is said later: whoever writes of it reads whom to call, and staff find
//! the report before all others.

use crate::field::tasks;
use crate::open311::client::{Client, json};
use crate::open311::{HEAP, id, program};
use crate::photos::number_of;
use crate::street::{before_sending, last};
use crate::street_work::reported;
use city_stories::{Browser, Story, Town, code_on};
use testkit::Reply;

const PLACE: &str = "华炉社区";
const LIST: &str = "/report/work?list=look";

/// Somebody reports a heap of rubbish, and keeps her receipt.
fn reports(town: &Town) -> Reply {
    reports_that(town, "楼下垃圾没人收")
}

fn reports_that(town: &Town, words: &str) -> Reply {
    let mut she = town.visitor();
    let page = before_sending(&mut she, words, "event/0102/heap");
    she.submit(last(&page)).expect(200)
}

/// Where the numbers of two reports stand in a text.
fn order(text: &str, numbers: [&str; 2]) -> [Option<usize>; 2] {
    numbers.map(|number| text.find(number))
}

fn is_first(worker: &mut Browser, first: &str, second: &str) -> bool {
    let page = worker.open(LIST).expect(200);
    let listed = order(&page.body(), [first, second]);
    let found = tasks(worker);
    let told: Vec<&str> = found["tasks"].as_array().unwrap().iter().filter_map(|one| one["number"].as_str()).collect();
    let at = |number: &str| told.iter().position(|one| *one == number);
    listed[0].unwrap() < listed[1].unwrap() && at(first).unwrap() < at(second).unwrap()
}

#[test]
fn danger_in_a_later_message_is_told_to_its_sender_and_brings_the_report_first() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let (older, receipt) = (number_of(&reports(&town)), reports(&town));
        let (number, code) = (number_of(&receipt), code_on(&receipt));
        assert!(is_first(&mut zhao, &older, &number), "{}: both are ordinary", town.engine);
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        let says = |she: &mut Browser, what: &str| {
            drop(she.open(&format!("/follow/{number}")).expect(200));
            let form = she.page().form(&format!("/follow/{number}/say")).set("text", what);
            she.submit(form).expect(200)
        };
        let quiet = says(&mut she, "在三单元门口");
        assert!(!quiet.links().contains(&"tel:119".to_owned()), "{}: {}", town.engine, quiet.words());
        let told = says(&mut she, "垃圾堆着火了");
        assert!(told.links().contains(&"tel:119".to_owned()), "{}: {}", town.engine, told.words());
        assert!(told.words().contains("先打电话"), "{}: {}", town.engine, told.words());
        assert!(is_first(&mut zhao, &number, &older), "{}: it comes first", town.engine);
        let list = zhao.open(LIST).expect(200).words();
        assert_eq!(list.matches("可能有危险").count(), 1, "{}: {list}", town.engine);
        let case = zhao.open(&format!("/cases/{number}")).expect(200).words();
        assert!(case.contains("可能有危险") && case.contains("119"), "{}: {case}", town.engine);
        let queue = zhao.open("/queue").expect(200).words();
        assert!(queue.matches("可能有危险").count() <= 1, "{}: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn danger_that_a_program_says_later_is_answered_with_whom_to_call() {
    for town in Town::each() {
        let mut zhao = town.staff("zhaoli", "community_worker", &town.named(PLACE), None);
        let she = program(&town, "随手拍", "沈阳市", &["report.send"]);
        let mut client = Client { browser: town.visitor(), key: she.key };
        let number = id(&client.send("requests", &HEAP));
        let says = |client: &mut Client, words: &str| {
            let fields = [("service_request_id", number.as_str()), ("status", "open"), ("description", words)];
            let reply = client.sends("servicerequestupdates", "json", &fields);
            json(&reply)[0]["description"].as_str().unwrap().to_owned()
        };
        let quiet = says(&mut client, "五单元也有");
        assert!(!quiet.contains("119"), "{}: {quiet}", town.engine);
        let told = says(&mut client, "冒烟了，着火了");
        assert!(told.contains("119"), "{}: {told}", town.engine);
        let case = zhao.open(&format!("/cases/{number}")).expect(200).words();
        assert!(case.contains("可能有危险"), "{}: {case}", town.engine);
        town.verify();
    }
}

#[test]
fn what_ended_waits_before_others_no_more() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 306), town.visitor());
        let page = before_sending(&mut she, "垃圾桶着火了", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        story.tell("li is community_worker at 华炉社区");
        let alarms = || {
            let read = |tx: &mut dyn store::Tx| store::scalar::<i64>(tx, "select count(*) from grid_alarm", &[]);
            town.store().read_blocking(read).unwrap()
        };
        assert_eq!(alarms(), Some(1), "{}", town.engine);
        assert!(story.at("li").open(LIST).expect(200).words().contains("可能有危险"), "{}", town.engine);
        story.tell("li does not_there reason=没看到着火\n case is not_there");
        assert_eq!(alarms(), Some(0), "{}", town.engine);
        // Whoever says afterwards that it burns all the same reads whom to call, and staff read it.
        drop(she.open(&format!("/follow/{}", story.number)).expect(200));
        let form = she.page().form(&format!("/follow/{}/say", story.number)).set("text", "真的着火了");
        let told = she.submit(form).expect(200);
        assert!(told.links().contains(&"tel:119".to_owned()), "{}: {}", town.engine, told.words());
        let address = format!("/cases/{}", story.number);
        let read = story.at("li").open(&address).expect(200).words();
        assert!(read.contains("可能有危险"), "{}: {read}", town.engine);
        town.verify();
    }
}

/// Somebody who reported writes on her page.
fn writes(she: &mut Browser, number: &str, what: &str) {
    drop(she.open(&format!("/follow/{number}")).expect(200));
    let form = she.page().form(&format!("/follow/{number}/say")).set("text", what);
    drop(she.submit(form).expect(200));
}

#[test]
fn danger_wakes_what_was_put_off_and_whoever_looked_takes_the_mark_away() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 307), town.visitor());
        let (number, code) = reported(&town, "垃圾", "event/0102/heap");
        story.number.clone_from(&number);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does ask_shelve until=2026-12-20 reason=等车
             zhao does shelve reason=等车
             case is shelved",
        );
        drop(she.follows_with(&number, &code).expect(200));
        writes(&mut she, &number, "没有着火，就是味儿大");
        story.tell("case is shelved");
        writes(&mut she, &number, "垃圾堆着火了");
        story.tell("case is handling");
        let queue = story.at("wu").open("/queue").expect(200).words();
        assert!(queue.contains("可能有危险"), "{}: {queue}", town.engine);
        let today = story.at("wu").open("/today").expect(200).words();
        assert!(today.contains("可能有危险"), "{}: {today}", town.engine);
        let address = format!("/cases/{number}/danger");
        drop(story.at("wu").open(&address).expect(200));
        assert!(
            story.at("wu").page().forms().iter().all(|form| form.action != address),
            "{}: the unit does not say so itself",
            town.engine
        );

        drop(story.at("zhao").open(&address).expect(200));
        let form = story.at("zhao").page().form(&address);
        let empty = story.at("zhao").submit(form.clone()).expect(422).words();
        assert!(empty.contains("看到了什么"), "{}: {empty}", town.engine);
        story.tell("it is 2026-11-23 10:05");
        writes(&mut she, &number, "还在冒烟");
        let stale = story.at("zhao").submit(form.set("seen", "去看了，火灭了")).expect(422).words();
        assert!(stale.contains("又有人说到危险"), "{}: {stale}", town.engine);
        let form = story.at("zhao").page().form(&address).set("seen", "去看了，是烧纸，已经收拾了");
        drop(story.at("zhao").submit(form.clone()).expect(200));
        let case = story.at("zhao").submit(form).expect(200).words();
        assert!(
            case.contains("看过了，没有危险。") && case.contains("写明：去看了，是烧纸"),
            "{}: {case}",
            town.engine
        );
        let queue = story.at("wu").open("/queue").expect(200).words();
        assert!(!queue.contains("可能有危险"), "{}: {queue}", town.engine);

        drop(story.at("zhao").open(&address).expect(200));
        let form = story.at("zhao").page().form(&address).set("seen", "电话里说有煤气罐");
        let case = story.at("zhao").submit(form).expect(200).words();
        assert!(
            case.contains("请先核实、先派、先办。") && case.contains("写明：电话里说有煤气罐"),
            "{}: {case}",
            town.engine
        );
        town.verify();
    }
}

#[test]
fn the_queue_begins_with_what_may_be_dangerous_and_tells_it_once() {
    for town in Town::each() {
        let mut story = Story::new(&town, 308);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation",
        );
        let mut numbers = Vec::new();
        for words in ["垃圾", "楼下垃圾没人收", "垃圾堆着火了"] {
            story.number = number_of(&reports_that(&town, words));
            story.tell("zhao does file\n zhao does dispatch");
            numbers.push(story.number.clone());
        }
        let queue = story.at("wu").open("/queue").expect(200).body();
        let at = |number: &str| queue.find(&format!("/cases/{number}"));
        let [older, newer, danger] = [&numbers[0], &numbers[1], &numbers[2]].map(|number| at(number));
        assert!(danger.is_some() && danger < older && older < newer, "{}: {danger:?} {older:?} {newer:?}", town.engine);
        let queue = story.at("wu").page().words();
        assert_eq!(queue.matches("可能有危险").count(), 1, "{}: {queue}", town.engine);
        // Nobody left a telephone, so nobody's data are sealed; what was seen is kept all the same.
        let address = format!("/cases/{}/danger", story.number);
        let form = story.at("zhao").open(&address).expect(200).form(&address).set("seen", "𠮷庆里门口，只有烟味");
        let case = story.at("zhao").submit(form).expect(200).words();
        assert!(case.contains("写明：𠮷庆里门口，只有烟味"), "{}: {case}", town.engine);
        let form = story.at("zhao").open(&address).expect(200).form(&address).set("seen", &"烟".repeat(1_001));
        drop(story.at("zhao").submit(form).expect(422));
        let late = story.at("wu").open("/queue?light=late").expect(200).words();
        assert!(!late.contains("可能有危险"), "{}: nothing of it is late: {late}", town.engine);
        town.verify();
    }
}
