//! In these stories a decision is shown before it is made, can be undone before it leaves, and is made in nobody's name
//! without her word.

use city_stories::{Story, Town, UNDO_SECONDS, sure_form};
use kernel::case::{Event, HER_WORD};
use testkit::Reply;

/// A case that lies with the office, and the handler who has its page open.
fn at_the_office(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        王晓燕 takes MZ-11 with HK+BK for a resident of 华炉社区
        孙海燕 opens it
        ",
    );
    story
}

#[test]
fn a_key_pressed_twice_decides_nothing_and_the_page_says_what_leaves_and_what_is_missing() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 901);
        let originals = format!("/cases/{}/originals", story.number);
        let receipt = format!("/receipt/{}", story.number);
        let worker = story.at("王晓燕");
        let returned = |page: &Reply| page.words().matches("已看原件，已退还").count();
        let before = returned(&worker.open(&receipt).expect(200));
        assert!(before > 1, "{}: {}", town.engine, worker.page().words());
        let form = worker.open(&originals).expect(200).form(&originals);
        drop(worker.submit(city_stories::chosen(form, "papers", "HK")).expect(200));
        let kept = worker.open(&receipt).expect(200);
        assert_eq!(returned(&kept), before - 1, "{}: one original is kept: {}", town.engine, kept.words());
        story.tell("she follows it");
        let (copy, proof) = (format!("/follow/{}/copy", story.number), story.resident.resident_id.clone());
        let she = story.at("she");
        let form = she.page().form(&copy).set("proof", &proof);
        let own = she.submit(form).expect(200);
        assert_eq!(returned(&own), before - 1, "{}: she reads which one is kept: {}", town.engine, own.words());
        story.tell("孙海燕 does request_correction papers=HK reason=户口簿缺首页");
        story.tell("王晓燕 opens it by code").tell("王晓燕 does supply papers=HK").tell("孙海燕 opens it");

        let (before, handler) = (town.counts(), story.at("孙海燕"));
        let grant = handler.offered("grant").unwrap().set("field_basis", "市高龄津贴办法第三条");
        let asked = handler.submit(grant.clone()).expect(200);
        let again = handler.submit(grant).expect(200);
        for page in [&asked, &again] {
            let words = page.words();
            assert!(words.contains("确认：批准") && words.contains("市高龄津贴办法第三条"), "{words}");
            assert!(words.contains("代管原件（1）"), "an original is kept: {words}");
            assert!(words.contains("份材料没有看过"), "papers that nobody has seen: {words}");
            assert!(page.body().contains("class=\"letter certificate\""), "the letter as it goes out: {words}");
            assert!(!page.body().contains("class=\"seal\""), "a draft bears no seal");
            assert!(!page.body().contains("data-main"), "no key confirms it");
        }
        assert_eq!(town.counts(), before, "{}: nothing is decided", town.engine);
        assert_eq!(story.case().state, "handling");
        for secret in story.resident.clone().secrets() {
            assert!(!asked.body().contains(secret), "the draft shows masks alone");
        }
        let back = sure_form(&asked).unwrap();
        let back = city_stories::chosen(back, "back", "1");
        let shown = story.at("孙海燕").submit(back).expect(200);
        assert!(shown.body().contains("市高龄津贴办法第三条"), "what was typed stands there again");
    }
}

#[test]
fn a_decision_is_undone_for_ten_seconds_and_leaves_after_them() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 902);
        let address = format!("/cases/{}", story.number);
        let undo = format!("{address}/undo");
        let before = town.counts();
        let refuse = |story: &mut Story<'_>| {
            let handler = story.at("孙海燕");
            drop(handler.open(&format!("{address}?from=%2Fqueue")).expect(200));
            let form = handler.offered("refuse").unwrap();
            let form = form.set("field_reason", "未满八十周岁").set("field_basis", "第三条");
            handler.confirms(form.set("field_remedy", "六十日内可申请行政复议")).expect(200)
        };
        let held = refuse(&mut story);
        assert!(held.words().contains("还有 10 秒发出"), "{}", held.words());
        // A script counts down and leads there, as a link does for whoever has none.
        let then = format!("{address}?left=1&from=%2Fqueue");
        assert!(held.links().contains(&then), "{}: {:?}", town.engine, held.links());
        assert!(held.body().contains("data-left=\"10\""), "{}: {}", town.engine, held.body());
        assert_eq!(town.counts(), before, "{}: nobody hears of it yet", town.engine);
        assert_eq!(story.case().state, "handling", "{}", town.engine);
        assert!(story.at("孙海燕").offered("grant").is_none(), "nothing else is done meanwhile");
        story.tell("she follows it").tell("she does not read 未满八十周岁");
        let withdraw = story.at("she").offered("withdraw").unwrap();
        let told = story.at("she").confirms(withdraw).expect(422).words();
        assert!(told.contains("这件正在处理") && told.contains("请过一会儿再试"), "{told}");
        assert!(!told.contains("刚作出决定"), "she does not learn what may still be undone: {told}");
        town.clock.plus_seconds(UNDO_SECONDS - 1);
        let form = story.at("孙海燕").open(&address).expect(200).form(&undo);
        assert!(story.at("孙海燕").submit(form.clone()).expect(200).words().contains("已撤回"), "{}", town.engine);
        drop(story.at("孙海燕").submit(form).expect(200));
        town.clock.plus_seconds(UNDO_SECONDS);
        story.tell("孙海燕 opens it").tell("case is handling");
        assert_eq!(town.counts(), before, "{}: what was undone never happened", town.engine);

        let decided_at = town.clock.now();
        drop(refuse(&mut story));
        let late = story.at("孙海燕").page().form(&undo);
        town.clock.plus_seconds(UNDO_SECONDS);
        let gone = story.at("孙海燕").submit(late).expect(422);
        assert!(gone.words().contains("已经发出了"), "{}", gone.words());
        assert!(gone.words().contains("回到清单"), "{}: she goes on: {}", town.engine, gone.words());
        let after = story.at("孙海燕").open(&then).expect(200).words();
        assert!(after.contains("已办：") && after.contains("回到清单"), "{}: {after}", town.engine);
        story.tell("孙海燕 opens it").tell("case is refused").tell("she follows it").tell("she reads 未满八十周岁");
        let (case, desk) = (story.case(), town.city.cases.clone());
        let events = town.store().read_blocking(move |tx| desk.events(tx, &case)).unwrap();
        let refused = events.iter().find(|one| matches!(&one.event, Event::Acted { action, .. } if action == "refuse"));
        assert_eq!(refused.unwrap().at, decided_at, "clocks and figures count the decision, not when it left");
        town.verify();
    }
}

#[test]
fn a_decision_that_was_undone_is_not_sent_again_by_its_old_page() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 906);
        let (address, before) = (format!("/cases/{}", story.number), town.counts());
        let handler = story.at("孙海燕");
        let grant = handler.offered("grant").unwrap().set("field_basis", "第三条");
        let sure = sure_form(&handler.submit(grant).expect(200)).unwrap();
        for _ in 0..2 {
            assert!(handler.submit(sure.clone()).expect(200).words().contains("还有 10 秒发出"), "{}", town.engine);
        }
        let undo = handler.page().form(&format!("{address}/undo"));
        assert!(handler.submit(undo).expect(200).words().contains("已撤回"), "{}", town.engine);
        let again = handler.submit(sure).expect(422);
        assert!(again.words().contains("这个决定您已经撤回了"), "{}", again.words());
        town.clock.plus_seconds(UNDO_SECONDS);
        story.tell("孙海燕 opens it").tell("case is handling");
        assert_eq!(town.counts(), before, "{}: nothing was decided", town.engine);
        let grant = story.at("孙海燕").offered("grant").unwrap().set("field_basis", "第三条");
        drop(story.at("孙海燕").decides(&town, grant));
        story.tell("case is granted");
        town.verify();
    }
}

#[test]
fn a_decision_leaves_by_itself_and_only_once() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 903);
        let before = story.case();
        let handler = story.at("孙海燕");
        let grant = handler.offered("grant").unwrap().set("field_basis", "第三条");
        drop(handler.confirms(grant).expect(200));
        let leaves = || {
            let (desk, now) = (town.city.cases.clone(), town.clock.now());
            let key = cases::Key { district: before.shard, id: before.id.0 };
            town.store().write_blocking(move |tx| desk.leave(tx, &key, now)).unwrap();
        };
        leaves();
        story.tell("case is handling");
        town.clock.plus_seconds(UNDO_SECONDS);
        leaves();
        story.tell("case is granted");
        let after = town.counts();
        leaves();
        story.tell("孙海燕 opens it");
        assert_eq!(town.counts(), after, "{}: it leaves once", town.engine);
        town.verify();
    }
}

#[test]
fn a_colleague_waits_and_cannot_undo_it() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 904);
        story.tell("赵敏 is district_handler at 大东区 for civil_affairs").tell("赵敏 opens it");
        let other = story.at("赵敏").offered("request_correction").unwrap();
        let other = city_stories::chosen(other, "papers", "HK").set("field_reason", "户口簿缺首页");
        let handler = story.at("孙海燕");
        let grant = handler.offered("grant").unwrap().set("field_basis", "第三条");
        drop(handler.confirms(grant).expect(200));
        let undo = format!("/cases/{}/undo", story.number);
        let refused = story.at("赵敏").submit(other).expect(422);
        assert!(refused.words().contains("还没有发出"), "{}", refused.words());
        let refused = story.at("赵敏").post(&undo, &[("_once", "not-hers")]).expect(422);
        assert!(refused.words().contains("同事"), "{}", refused.words());
        town.clock.plus_seconds(UNDO_SECONDS);
        story.tell("赵敏 opens it").tell("case is granted");
        town.verify();
    }
}

#[test]
fn nobody_withdraws_for_her_without_a_reason_and_her_word() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 905);
        story.tell("王晓燕 opens it");
        let form = story.at("王晓燕").offered("withdraw").unwrap();
        assert!(form.offers.iter().any(|name| name == "field_her_word"), "it is asked how she said it");
        assert_eq!(form.get("field_her_word").unwrap_or_default(), "", "nothing is chosen beforehand");
        story.tell(
            "
            王晓燕 does not take withdraw
            王晓燕 does not take withdraw reason=搬到外地
            王晓燕 does not take withdraw her_word=telephone
            王晓燕 does not take withdraw reason=搬到外地 her_word=guessed
            王晓燕 does withdraw reason=搬到外地 her_word=telephone
            case is withdrawn
            王晓燕 reads 本人打电话说的
            she follows it
            she reads 搬到外地
            she reads 本人打电话说的
            ",
        );
        let (case, desk) = (story.case(), town.city.cases.clone());
        let events = town.store().read_blocking(move |tx| desk.events(tx, &case)).unwrap();
        let word = events.iter().find_map(|one| match &one.event {
            Event::Acted { fields, .. } => fields.get(HER_WORD).cloned(),
            _ => None,
        });
        assert_eq!(word.as_deref(), Some("telephone"), "{}: the chain keeps her word", town.engine);
        town.verify();
    }
}

#[test]
fn a_case_is_given_to_nobody_who_was_not_offered() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 906);
        let district = town.named("大东区");
        let organiser = town.account("not.offered", "钱立", "organiser_district", &district, None).to_string();
        let elsewhere = town.account("elsewhere", "高志强", "district_handler", &district, Some("housing")).to_string();
        let colleague =
            town.account("offered", "赵敏", "district_handler", &district, Some("civil_affairs")).to_string();
        let address = format!("/cases/{}", story.number);
        let page = story.at("孙海燕").open(&address).expect(200).body();
        assert!(page.contains(&colleague) && !page.contains(&organiser) && !page.contains(&elsewhere), "{page}");
        let hand = format!("/cases/{}/do/hand", story.number);
        for (to, status) in [(&organiser, 422), (&elsewhere, 422), (&colleague, 303)] {
            let reply = story.at("孙海燕").post(&hand, &[("to", to.as_str()), ("_once", to.as_str())]);
            assert_eq!(reply.status.as_u16(), status, "{to}: {}", reply.words());
        }
        assert_eq!(story.case().handler.map(|handler| handler.name).as_deref(), Some("赵敏"));
    }
}

#[test]
fn nobody_decides_on_what_her_page_never_showed() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 907);
        let grant = story.at("孙海燕").offered("grant").unwrap().set("field_basis", "第三条");
        let sure = sure_form(&story.at("孙海燕").submit(grant.clone()).expect(200)).unwrap();
        story.tell("she follows it");
        let withdraw = story.at("she").offered("withdraw").unwrap().set("field_reason", "搬到外地");
        story.tell(
            "
            赵敏 is district_handler at 大东区 for civil_affairs
            赵敏 does request_correction papers=HK reason=户口簿缺首页
            王晓燕 opens it by code
            王晓燕 does supply papers=HK
            case is handling
            ",
        );
        // It is in the same state again, and neither her page nor the question before a decision showed that.
        let (before, stood) = (town.counts(), story.case());
        let refused = story.at("孙海燕").submit(sure).expect(422);
        assert!(refused.words().contains("这件又办了别的步骤，现在是“办理中”"), "{}", refused.words());
        let refused = story.at("孙海燕").submit(grant).expect(422);
        assert!(refused.words().contains("请先看一看后来办了什么"), "{}", refused.words());
        let again = story.at("孙海燕").offered("grant").unwrap();
        assert_eq!(again.get("field_basis"), Some("第三条"), "{}: what was typed stays", town.engine);
        let unsaid = story.at("孙海燕").submit(again.clone().without("drawn")).expect(422);
        assert!(unsaid.words().contains("这件又办了别的步骤"), "{}: who does not say it saw nothing", town.engine);
        let refused = story.at("she").submit(withdraw).expect(422);
        assert!(refused.words().contains("这件又办了别的步骤"), "{}: {}", town.engine, refused.words());
        let hers = story.at("she").offered("withdraw").unwrap();
        assert_eq!(hers.get("field_reason"), Some("搬到外地"), "{}: nor is her word lost", town.engine);
        assert_eq!((town.counts(), story.case()), (before, stood), "{}: nothing was done", town.engine);

        // What is only added to it holds nobody up: she takes it in hand, and decides on the page that she has read.
        let (number, sequence) = (story.number.clone(), story.case().sequence);
        let mine = [("deed", "me"), ("case", number.as_str()), ("_once", "mine")];
        drop(story.at("孙海燕").post("/queue/bulk", &mine).expect(200));
        assert_eq!(story.case().sequence, sequence + 1, "{}", town.engine);
        drop(story.at("孙海燕").decides(&town, again));
        story.tell("case is granted");
        town.verify();
    }
}

#[test]
fn words_typed_into_a_step_that_is_gone_are_shown_to_be_copied() {
    for town in Town::each() {
        let mut story = at_the_office(&town, 908);
        let grant = story.at("孙海燕").offered("grant").unwrap().set("field_basis", "第三条第二款");
        story.tell("she follows it");
        let withdraw = story.at("she").offered("withdraw").unwrap().set("field_reason", "下个月搬到外地");
        story.tell("孙海燕 does request_correction papers=HK reason=户口簿缺首页");
        let refused = story.at("孙海燕").submit(grant).expect(422);
        assert!(story.at("孙海燕").offered("grant").is_none(), "{}: it waits for papers", town.engine);
        let told = |page: &Reply, typed: &str| {
            let words = page.words();
            assert!(words.contains("您刚才写的（没有存）") && words.contains(typed), "{}: {words}", town.engine);
        };
        told(&refused, "第三条第二款");
        let address = format!("/cases/{}", story.number);
        let again = story.at("孙海燕").open(&address).expect(200).words();
        assert!(!again.contains("您刚才写的"), "{}: said once: {again}", town.engine);

        story.tell(
            "
            王晓燕 opens it by code
            王晓燕 does supply papers=HK
            孙海燕 opens it
            孙海燕 does grant basis=第三条
            case is granted
            ",
        );
        told(&story.at("she").submit(withdraw).expect(422), "下个月搬到外地");
        town.verify();
    }
}
