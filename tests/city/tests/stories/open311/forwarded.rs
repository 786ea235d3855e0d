//! Reports that another platform puts right: they go there once, however often it is tried, what is done there is done
//! here, and what is not taken waits for somebody. The other platform is another town, spoken to over HTTP.

use super::client::Client;
use super::replayed::served;
use super::{HEAP, PLACE, id, program};
use city_stories::{Browser, Story, Town};
use kernel::place::Level;
use lianglin::configuration::Configuration;
use serde_json::Value;

/// A town that forwards heaps of rubbish to a platform at an address.
fn forwarding(address: &str, key: &str) -> Vec<Town> {
    let file = format!(
        "[[peer]]\ncode = \"rubbish\"\nname = {{ zh = \"环卫集团\", en = \"Rubbish company\" }}\n\
         url = \"{address}/open311/v2\"\nkey = \"{key}\"\nkinds = {{ \"event/0102\" = \"event-0102\" }}\n\
         attributes = {{ \"event/0102\" = {{ condition = \"heap\" }} }}\n"
    );
    let near = |settings: &mut Configuration| {
        settings.webhooks_private_http = true;
        settings.allowed_targets = vec!["127.0.0.1".to_owned()];
    };
    Town::each_with_decided(&[("open311.toml", &file)], near)
}

/// Somebody reports a heap, and it is sent out.
pub(super) fn sent_out(town: &Town, seed: u64) -> Story<'_> {
    let mut she = program(town, "随手拍", "沈阳市", &["report.send"]);
    let mut story = Story::new(town, seed);
    story.number = id(&she.send("requests", &HEAP));
    story.tell(&format!("zhao is community_worker at {PLACE}\n zhao opens it\n zhao does file\n zhao does dispatch"));
    assert_eq!(story.case().state, "handling");
    story
}

pub(super) fn operator(town: &Town) -> Browser {
    town.staff("forward.operator", "operator", &town.named("沈阳市"), None)
}

/// Says of a report that it is done.
pub(super) fn says_done(client: &mut Client, number: &str, once: &str) -> Value {
    let fields = [("service_request_id", number), ("update_id", once), ("status", "closed"), ("description", "清了")];
    client.send("servicerequestupdates", &fields)
}

#[test]
fn a_report_goes_to_another_platform_once_and_comes_back_done() {
    let peer = Town::small();
    let mut ours = program(&peer, "本市平台", "沈阳市", &["report.send"]);
    let mut unit = program(&peer, "环卫队", "沈阳市", &["report.act"]);
    let mut check = program(&peer, "指挥平台", "沈阳市", &["report.act"]);
    let address = served(&peer, 0);
    for town in forwarding(&address, &ours.key) {
        let mut operator = operator(&town);
        let page = operator.open("/systems/open311").expect(200);
        assert!(page.words().contains("还没有转办的反映"), "{}", page.words());
        let mut story = sent_out(&town, 321);
        let before = peer.counts();
        for _ in 0..3 {
            town.forwards();
        }
        assert_eq!(peer.counts().cases, before.cases + 1, "{}: once", town.engine);
        let listed = ours.get("requests", "service_code=event-0102&status=open");
        let (there, told) = (id(&listed[0]), listed.to_string());
        assert!(told.contains(PLACE), "{told}");
        let page = operator.open("/systems/open311").expect(200);
        assert!(page.words().contains("对方已收下") && page.words().contains(&there), "{}", page.words());
        assert!(page.words().contains("环卫集团") && page.words().contains(&story.number), "{}", page.words());

        says_done(&mut unit, &there, &format!("{}-1", town.engine));
        says_done(&mut check, &there, &format!("{}-2", town.engine));
        assert_eq!(says_done(&mut ours, &there, &format!("{}-3", town.engine))["status"], "closed");
        town.clock.plus_seconds(10 * 60);
        town.forwards();
        assert_eq!(story.case().state, "handling", "{}: it is not asked too often", town.engine);
        town.clock.plus_seconds(30 * 60);
        town.forwards();
        assert_eq!(story.case().state, "handled", "{}: done there, to be checked here", town.engine);
        assert!(operator.open("/systems/open311").expect(200).words().contains("对方已办好"));
        story.tell("zhao opens it\n zhao reads 那边说办好了，没有送来照片");
        story.tell("zhao does verify checked=called\n case is asked");
        town.verify();
    }
}

#[test]
fn what_is_not_taken_is_tried_for_days_and_then_waits_for_somebody() {
    let peer = Town::small();
    let ours = program(&peer, "本市平台", "沈阳市", &["report.send"]);
    // A port on which nobody listens yet.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let towns = forwarding(&format!("http://127.0.0.1:{port}"), &ours.key);
    let stories: Vec<Story> = towns.iter().map(|town| sent_out(town, 322)).collect();
    let mut operators: Vec<Browser> = towns.iter().map(operator).collect();
    for (town, operator) in towns.iter().zip(&mut operators) {
        town.forwards();
        assert!(operator.open("/systems/open311").expect(200).words().contains("正在送"), "{}", town.engine);
        for _ in 0..60 {
            town.clock.plus_seconds(3_600);
            town.forwards();
        }
        let page = operator.open("/systems/open311").expect(200);
        assert!(page.words().contains("没有送到") && page.words().contains("connection"), "{}", page.words());
        assert!(operator.open("/work").expect(200).words().contains("没有送到其他平台的反映"), "{}", town.engine);
    }
    let before = peer.counts();
    served(&peer, port);
    for (town, operator) in towns.iter().zip(&mut operators) {
        let page = operator.open("/systems/open311").expect(200);
        let form = page.forms().into_iter().find(|form| form.action.ends_with("/again")).unwrap();
        for _ in 0..2 {
            drop(operator.send(form.clone()).expect(303));
        }
        town.forwards();
        let page = operator.open("/systems/open311").expect(200);
        assert!(page.words().contains("对方已收下"), "{}: {}", town.engine, page.words());
    }
    // Both cities of this story give their reports the same number: the second one finds it there and sends nothing.
    assert_eq!(peer.counts().cases, before.cases + 1, "once");
    for story in &stories {
        assert_eq!(story.case().state, "handling");
    }
}

/// What stands of a report on the page of its exchange with other platforms.
pub(super) fn exchanged(story: &mut Story<'_>) -> String {
    let address = format!("/cases/{}/platforms", story.number);
    story.at("zhao").open(&address).expect(200).words()
}

#[test]
fn a_report_that_changes_hands_is_taken_back_there_once_and_what_comes_later_changes_nothing_here() {
    let peer = Town::small();
    let mut ours = program(&peer, "本市平台", "沈阳市", &["report.send"]);
    let mut unit = program(&peer, "环卫队", "沈阳市", &["report.act"]);
    let mut check = program(&peer, "指挥平台", "沈阳市", &["report.act"]);
    let address = served(&peer, 0);
    for town in forwarding(&address, &ours.key) {
        let mut story = sent_out(&town, 323);
        for _ in 0..3 {
            town.forwards();
        }
        let there = id(&ours.get("requests", "service_code=event-0102&status=open")[0]);
        says_done(&mut unit, &there, &format!("{}-4", town.engine));
        says_done(&mut check, &there, &format!("{}-5", town.engine));
        town.clock.plus_seconds(60);
        story.tell(
            "wu is district_handler at 大东区 for sanitation
             wu does not_ours reason=不归我们
             case is disputed",
        );
        for _ in 0..3 {
            town.forwards();
        }
        let words = exchanged(&mut story);
        assert_eq!(words.matches("改由别的单位办").count(), 1, "{}: told once: {words}", town.engine);
        assert!(words.contains("对方已收下") && words.contains("已不在对方那里"), "{}: {words}", town.engine);
        assert_eq!(ours.get("requests", &format!("service_request_id={there}"))[0]["status"], "closed");

        town.clock.plus_seconds(40 * 60);
        town.forwards();
        let words = exchanged(&mut story);
        assert!(words.contains("对方说已经了结"), "{}: kept and shown: {words}", town.engine);
        let unit = format!("enforcement@{}", town.named(PLACE).at(Level::District).unwrap());
        let before = peer.counts().cases;
        story.tell(&format!(
            "case is disputed
             sun is district_handler at 大东区 for enforcement
             zhao does redispatch unit={unit} reason=会商定了
             case is handling"
        ));
        town.clock.plus_seconds(40 * 60);
        for _ in 0..3 {
            town.forwards();
        }
        assert_eq!(story.case().state, "handling", "{}: somebody else has it now", town.engine);
        assert_eq!(peer.counts().cases, before, "{}: another unit was chosen, it stays here", town.engine);
        assert_eq!(exchanged(&mut story).matches("改由别的单位办").count(), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_that_is_sent_out_again_goes_to_the_other_platform_again_and_comes_back_done() {
    let peer = Town::small();
    let mut ours = program(&peer, "本市平台", "沈阳市", &["report.send"]);
    let mut unit = program(&peer, "环卫队", "沈阳市", &["report.act"]);
    let mut check = program(&peer, "指挥平台", "沈阳市", &["report.act"]);
    let address = served(&peer, 0);
    let open = "service_code=event-0102&status=open";
    for town in forwarding(&address, &ours.key) {
        let before = peer.counts().cases;
        let mut story = sent_out(&town, 325);
        for _ in 0..3 {
            town.forwards();
        }
        let first = id(&ours.get("requests", open)[0]);
        for (by, step) in [(&mut unit, 1), (&mut check, 2)] {
            says_done(by, &first, &format!("{}-again-{step}", town.engine));
        }
        town.clock.plus_seconds(60);
        story.tell(
            "wu is district_handler at 大东区 for sanitation
             wu does not_ours reason=不归我们",
        );
        for _ in 0..3 {
            town.forwards();
        }
        assert!(exchanged(&mut story).contains("改由别的单位办"), "{}", town.engine);
        town.clock.plus_seconds(60);
        story.tell(
            "zhao opens it
             zhao does redispatch reason=会商定了
             case is handling",
        );
        for _ in 0..3 {
            town.forwards();
        }
        assert_eq!(peer.counts().cases, before + 2, "{}: once each time it was sent out", town.engine);
        assert_eq!(exchanged(&mut story).matches("转给对方办理").count(), 2, "{}", town.engine);
        let second = id(&ours.get("requests", open)[0]);
        assert_ne!(first, second, "{}", town.engine);
        for (by, step) in [(&mut unit, 3), (&mut check, 4), (&mut ours, 5)] {
            says_done(by, &second, &format!("{}-again-{step}", town.engine));
        }
        town.clock.plus_seconds(40 * 60);
        for _ in 0..3 {
            town.forwards();
        }
        story.tell("case is handled");
        assert_eq!(peer.counts().cases, before + 2, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_found_not_done_is_told_there_and_a_no_waits_for_somebody() {
    let peer = Town::small();
    let mut ours = program(&peer, "本市平台", "沈阳市", &["report.send"]);
    let mut unit = program(&peer, "环卫队", "沈阳市", &["report.act"]);
    let mut check = program(&peer, "指挥平台", "沈阳市", &["report.act"]);
    let address = served(&peer, 0);
    for town in forwarding(&address, &ours.key) {
        let (mut operator, mut story) = (operator(&town), sent_out(&town, 324));
        for _ in 0..3 {
            town.forwards();
        }
        let there = id(&ours.get("requests", "service_code=event-0102&status=open")[0]);
        says_done(&mut unit, &there, &format!("{}-6", town.engine));
        says_done(&mut check, &there, &format!("{}-7", town.engine));
        says_done(&mut ours, &there, &format!("{}-8", town.engine));
        town.clock.plus_seconds(40 * 60);
        town.forwards();
        story.tell("case is handled");
        town.clock.plus_seconds(60);
        story.tell("zhao does send_back reason=还有一堆\n case is handling");
        for _ in 0..3 {
            town.forwards();
        }
        // It is closed there for good, so that platform says no: somebody sees it and can send it again.
        let page = operator.open("/systems/open311").expect(200);
        assert_eq!(page.words().matches("没有办好，请再办").count(), 1, "{}: {}", town.engine, page.words());
        assert!(page.words().contains("没有送到"), "{}: {}", town.engine, page.words());
        let form = page.forms().into_iter().find(|form| form.action.ends_with("/again")).unwrap();
        drop(operator.send(form.clone()).expect(303));
        town.forwards();
        assert!(exchanged(&mut story).contains("没有送到"), "{}", town.engine);
        assert_eq!(story.case().state, "handling", "{}: what was said before is not done again", town.engine);
        town.clock.plus_seconds(60);
        story.tell(
            "wu is district_handler at 大东区 for sanitation
             wu does not_ours reason=不归我们",
        );
        for _ in 0..3 {
            town.forwards();
        }
        let refused = operator.send(form).expect(422);
        assert!(refused.words().contains("已经不在对方那里"), "{}: {}", town.engine, refused.words());
        town.verify();
    }
}
