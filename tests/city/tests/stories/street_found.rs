//! These stories are about what a worker finds on her round: danger stops her form too, what is known near there is
//! offered to her first, and a kind that counts at some hours is not taken at others.

use city_stories::{Browser, Story, Town};
use testkit::{Form, Reply};

const PLACE: &str = "华炉社区";

/// The last form of a page, with which something new is reported.
fn new_on(page: &Reply) -> Form {
    page.forms().into_iter().rfind(|form| form.action == "/report/found").unwrap()
}

/// What a worker writes and chooses, before she sends it.
fn chosen(worker: &mut Browser, what: &str, kind: &str) -> Form {
    let form = worker.open("/report/found").expect(200).form("/report/found");
    let offered = worker.submit(form.set("what", what).set("where", PLACE)).expect(200);
    new_on(&offered).set("kind", kind)
}

#[test]
fn a_worker_is_told_whom_to_call_before_she_reports_what_is_dangerous() {
    for town in Town::each() {
        let mut story = Story::new(&town, 331);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = chosen(zhao, "有煤气味", "event/0403/smell");
        let before = town.counts();
        let stopped = zhao.submit(form).expect(422);
        assert!(stopped.links().contains(&"tel:119".to_owned()), "{}: {:?}", town.engine, stopped.links());
        assert!(stopped.words().contains("请先打电话"), "{}: {}", town.engine, stopped.words());
        assert_eq!(town.counts().cases, before.cases, "{}: nothing is filed before the call", town.engine);
        let filed = zhao.submit(new_on(&stopped).set("called", "1")).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        let form = chosen(zhao, "垃圾", "event/0102/heap");
        assert!(!form.offers.iter().any(|name| name == "called"), "{}: nothing is dangerous here", town.engine);
        town.verify();
    }
}

#[test]
fn what_was_just_reported_near_there_is_offered_to_a_worker_first_and_can_be_joined() {
    for town in Town::each() {
        let mut she = town.visitor();
        let last = crate::street::before_sending(&mut she, "垃圾", "event/0102/heap");
        drop(she.submit(crate::street::last(&last)).expect(200));
        let mut story = Story::new(&town, 332);
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let form = chosen(zhao, "垃圾堆", "event/0102/heap");
        let before = town.counts();
        let page = zhao.submit(form).expect(200);
        assert!(page.words().contains("是同一件吗") && page.words().contains("1 人遇到"), "{}", page.words());
        assert_eq!(town.counts().cases, before.cases, "{}: it is offered before anything is filed", town.engine);
        let body = page.body();
        let join = body.split("name=\"join\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let known = page.form("/report/found").set("join", join);
        for _ in 0..2 {
            let joined = zhao.send(known.clone()).expect(200);
            assert!(joined.words().contains("2 人遇到"), "{}: counted once: {}", town.engine, joined.words());
        }
        assert_eq!(town.counts().cases, before.cases, "{}: joined, not filed", town.engine);
        // It is another heap: she files it, and is not asked again.
        let filed = zhao.submit(new_on(&page)).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: {}", town.engine, filed.words());
        assert_eq!(town.counts().cases, before.cases + 1, "{}", town.engine);
        let other = chosen(zhao, "路灯不亮", "component/0118/out");
        let filed = zhao.submit(other).expect(200);
        assert!(filed.address.starts_with("/cases/"), "{}: another kind is another thing", town.engine);
        town.verify();
    }
}
