//! These stories are about danger to life that is said later: whoever writes of it reads whom to call, and staff find
//! the report before all others.

use crate::field::tasks;
use crate::open311::client::{Client, json};
use crate::open311::{HEAP, id, program};
use crate::photos::number_of;
use crate::street::{before_sending, last};
use city_stories::{Browser, Story, Town, code_on};
use testkit::Reply;

const PLACE: &str = "华炉社区";
const LIST: &str = "/report/work?list=look";

/// Somebody reports a heap of rubbish, and keeps her receipt.
fn reports(town: &Town) -> Reply {
    let mut she = town.visitor();
    let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
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
