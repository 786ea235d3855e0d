//! These stories are about the street: something is wrong, somebody says so once and without an account, it is looked
//! at, put right, checked by somebody else, and whoever reported it has the last word.

use crate::exchange::{Hub, json_of};
use crate::photos::{number_of, offered, on, only_photo, picture, with_photos};
use cases::actions::FIRST;
use cases::records::figures;
use city_stories::{Browser, PICTURE, SECRET, Story, Town, code_on};
use testkit::Reply;

const PLACE: &str = "华炉社区";

/// She says what is wrong and where, chooses what is meant, and stands before the last screen.
pub(crate) fn before_sending(she: &mut Browser, what: &str, kind: &str) -> Reply {
    drop(she.open("/report/new").expect(200));
    let said = she.page().forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
    let which = she.submit(said.set("what", what).set("where", PLACE)).expect(200);
    let offered = which.forms().into_iter().find(|form| form.get("screen") == Some("which")).unwrap();
    assert!(which.body().contains(&format!("value=\"{kind}\"")), "{what}: {}", which.words());
    she.submit(offered.set("kind", kind)).expect(200)
}

pub(crate) fn last(page: &Reply) -> testkit::Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some("send")).unwrap()
}

/// A receipt says who looks first, and whom to ask later; nothing of counters.
fn tells_who_looks(words: &str) {
    assert!(!words.contains("网上提交") && !words.contains("窗口在哪儿"), "{words}");
    for told in ["先去看的社区", "华炉社区", "派遣以后查进度，看得到实际由谁办"] {
        assert!(words.contains(told), "{words}");
    }
}

#[test]
fn a_report_goes_from_the_first_word_to_the_last() {
    for town in Town::each() {
        let mut story = Story::new(&town, 301);
        let mut she = town.visitor();
        assert!(she.open("/report").expect(200).links().contains(&"/report/new".to_owned()));
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        assert!(page.words().contains("暴露垃圾 · 垃圾成堆") && page.words().contains(PLACE), "{}", page.words());
        assert!(page.words().contains("您说的 楼下垃圾没人收"), "{}: {}", town.engine, page.words());
        let form = last(&page).set("words", "三单元门口，从昨天起").set("telephone", "13800000301");
        let receipt = she.submit(form.clone()).expect(200);
        assert!(receipt.address.starts_with("/receipt/"), "{}: {}", town.engine, receipt.words());
        let number = receipt.address.trim_start_matches("/receipt/").to_owned();
        assert!(number.contains("-W") && receipt.words().contains("暴露垃圾"), "{}", receipt.words());
        assert!(!receipt.body().contains("13800000301"), "{}: a telephone in full", town.engine);
        tells_who_looks(&receipt.words());
        let code = code_on(&receipt);
        let again = she.send(form).expect(303);
        assert!(again.location().unwrap().contains(&number), "{}: sent twice, done once", town.engine);
        (story.number, story.code) = (number.clone(), code.clone());

        story.tell(
            "zhao is community_worker at 华炉社区
             zhao finds it in /queue
             zhao opens it
             zhao reads 暴露垃圾
             zhao reads 已清走
             zhao reads 楼下垃圾没人收
             zhao reads 三单元门口，从昨天起
             zhao does file
             zhao does dispatch
             case is handling
             wu is district_handler at 大东区 for sanitation
             wu finds it in /queue
             wu opens it
             wu reads 处置后的照片
             wu does handle report=清了 no_photo=相机坏了
             case is handled
             wu may not verify
             zhao opens it
             zhao reads 交回
             zhao does verify checked=there
             case is asked",
        );
        let mut back = town.visitor();
        let followed = back.follows_with(&number, &code).expect(200);
        let told = ["楼下垃圾没人收", "三单元门口", "由哪个单位办", "发给办理单位", PLACE];
        let words = followed.words();
        assert!(told.iter().all(|text| words.contains(text)) && !words.contains("一般由"), "{}: {words}", town.engine);
        assert!(words.contains("已办好，请您看看"), "{}: {words}", town.engine);
        let form = back.offered("still_wrong").unwrap().set("field_reason", "又堆上了");
        drop(back.submit(form).expect(200));
        story.tell("case is handling\n wu opens it\n wu reads 反映人说还没好");
        let told = ["grid.said", "grid.solved", "grid.reworked"].map(|code| town.told(&town.named(PLACE), code));
        assert_eq!(told, [1, 0, 1].map(kernel::figure::Figure::Count), "{}: when she says it", town.engine);
        story.tell(
            "wu does handle report=又清了一遍 no_photo=相机坏了
             zhao does verify checked=there",
        );
        drop(back.open(&format!("/follow/{number}")).expect(200));
        let closed = back.submit(back.offered("confirm").unwrap()).expect(200);
        assert_eq!(story.case().state, "closed");
        let sums = ["grid.by_public", "grid.answered", "grid.said", "grid.solved", "grid.reworked", "grid.closed"];
        let told = sums.map(|code| town.told(&town.named(PLACE), code));
        let expected = [1, 1, 2, 1, 1, 1].map(kernel::figure::Figure::Count);
        assert_eq!(told, expected, "{}: what she said first counts too, and no answer twice", town.engine);
        assert!(!closed.body().contains("/rate\""), "{}: she is not asked twice", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_that_is_sent_again_with_something_else_is_not_taken_for_the_first() {
    for town in Town::each() {
        let mut she = town.visitor();
        let form = last(&before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap")).set("words", "三单元门口");
        let sent = she.send(form.clone()).expect(303);
        let after = town.counts();
        for (field, value) in
            [("words", "五单元门口"), ("kind", "component/0118/out"), ("hidden", "1"), ("telephone", "13800000301")]
        {
            let other = she.send(form.clone().set(field, value)).expect(422);
            assert!(other.words().contains("内容不一样"), "{}: {field}: {}", town.engine, other.words());
        }
        let again = she.send(form).expect(303);
        assert_eq!(again.location(), sent.location(), "{}: the same is answered as the first time", town.engine);
        assert_eq!(town.counts(), after, "{}: nothing else was kept", town.engine);
        town.verify();
    }
}

#[test]
fn what_was_just_reported_there_is_offered_first_and_counted_once() {
    for town in Town::each() {
        let (mut she, mut he) = (town.visitor(), town.visitor());
        let form = last(&before_sending(&mut she, "垃圾", "event/0102/heap"));
        drop(she.submit(form).expect(200));
        let page = before_sending(&mut he, "垃圾堆", "event/0102/heap");
        assert!(page.words().contains("是同一件吗") && page.words().contains("1 人遇到"), "{}", page.words());
        let body = page.body();
        let join = body.split("name=\"join\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let known = page.forms().into_iter().find(|form| form.get("screen") == Some("near")).unwrap();
        let form = known.set("join", join.unwrap());
        let before = town.counts();
        for _ in 0..2 {
            let joined = he.send(form.clone()).expect(200);
            assert!(joined.words().contains("已经算上您了"), "{}: {}", town.engine, joined.words());
        }
        assert_eq!(town.counts().people, before.people, "{}: nothing is sealed of whoever joins", town.engine);
        let place = town.named(PLACE);
        drop(he.post("/nearby", &[("place", &place.id().to_string()), ("keep", "yes")]).expect(303));
        let near = he.open("/report/near").expect(200);
        assert!(near.words().contains("暴露垃圾") && near.words().contains("2 人遇到"), "{}", near.words());
        let mut third = town.visitor();
        drop(third.open("/nearby").expect(200));
        drop(third.post("/nearby", &[("place", &place.id().to_string()), ("keep", "yes")]).expect(303));
        let form = third.open("/report/near").expect(200).form("/report/new");
        let joined = third.send(form.set("join", join.unwrap())).expect(200);
        assert!(joined.words().contains("已经算上您了"), "{}: from the list too: {}", town.engine, joined.words());
        let leave = joined.form("/report/new");
        let wrong = third.send(leave.clone().set("heard", "12")).expect(422);
        assert!(wrong.words().contains("“您的电话”"), "{}: {}", town.engine, wrong.words());
        let told = third.send(wrong.form("/report/new").set("heard", "13800000306")).expect(200);
        assert!(told.words().contains("查询码"), "{}: she left her number later: {}", town.engine, told.words());
        assert_eq!(town.counts().people, before.people + 1, "{}: it is sealed", town.engine);
        let hers = she.open("/report/near").expect(200);
        assert!(hers.words().contains("3 人遇到"), "{}: of the place of her report: {}", town.engine, hers.words());
        let other = before_sending(&mut town.visitor(), "路灯不亮", "component/0118/out");
        assert!(!other.words().contains("是同一件吗"), "{}: another kind is another thing", town.engine);
    }
}

#[test]
fn danger_stops_the_form_and_names_whom_to_call() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = before_sending(&mut she, "有煤气味", "event/0403/smell");
        assert!(page.links().contains(&"tel:119".to_owned()), "{}: {:?}", town.engine, page.links());
        let before = town.counts();
        let refused = she.submit(last(&page)).expect(422);
        assert!(refused.words().contains("请先打电话"), "{}: {}", town.engine, refused.words());
        assert_eq!(town.counts().people, before.people, "{}: nothing is kept", town.engine);
        let sent = she.submit(last(&refused).set("called", "1")).expect(200);
        assert!(sent.address.starts_with("/receipt/"), "{}: {}", town.engine, sent.words());
    }
}

#[test]
fn whatever_is_left_open_or_wrong_is_asked_again_and_keeps_nothing() {
    for town in Town::each() {
        let mut she = town.visitor();
        let before = town.counts();
        drop(she.open("/report/new").expect(200));
        let form = she.page().forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        assert_eq!(she.send(form.clone()).status, 422, "neither what nor where");
        let nowhere = she.send(form.clone().set("what", "垃圾").set("where", "天涯海角小区")).expect(422);
        assert!(nowhere.words().contains("没有找到这个地方"), "{}", nowhere.words());
        assert!(nowhere.words().contains("打 12345") && nowhere.body().contains("name=\"search\""), "what to do");
        let unheard = she.send(form.set("what", "qzx").set("where", PLACE)).expect(200);
        assert!(unheard.words().contains("没听懂") && unheard.words().contains("从目录里选"), "{}", unheard.words());
        let offered = unheard.forms().into_iter().find(|form| form.get("screen") == Some("which")).unwrap();
        assert_eq!(offered.get("kind"), Some("service/0399/look"), "{}: the one way on stands chosen", town.engine);
        assert_eq!(she.send(offered.clone().set("kind", "")).status, 422, "no kind");
        assert_eq!(she.send(offered.clone().set("kind", "event/9999/heap")).status, 422, "a kind that is none");
        let page = she.send(offered.set("kind", "component/0118/out")).expect(200);
        let last = last(&page);
        for (field, value) in [("telephone", "12"), ("kind", "event"), ("at", "p:0"), ("at", "c:x")] {
            assert_eq!(she.send(last.clone().set(field, value)).status, 422, "{field}={value}");
        }
        let long = "长".repeat(501);
        assert!(she.send(last.set("words", &long)).expect(422).words().contains("最多 500 个字"));
        assert_eq!(town.counts().people, before.people, "{}: nothing is kept", town.engine);
    }
}

#[test]
fn where_it_is_may_be_said_by_a_whole_address_or_chosen_from_the_district_down() {
    for town in Town::each() {
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let said = she.page().forms().into_iter().find(|form| form.get("screen") == Some("say")).unwrap();
        let home = format!("value=\"p:{}\"", town.named("文安路社区").id());
        for address in ["文安路3号", "和平区文安路社区3号楼2单元", "和平区南湖街道文安路社区", "文安路小学门口"]
        {
            let which = she.send(said.clone().set("what", "垃圾").set("where", address)).expect(200);
            assert!(which.body().contains(&home), "{}: {address}: {}", town.engine, which.words());
        }
        let which = she.send(said.set("what", "垃圾").set("where", "和平区")).expect(200);
        let street = format!("in:{}", town.named("南湖街道").id());
        assert!(which.body().contains(&format!("value=\"{street}\"")), "{}: {}", town.engine, which.words());
        let form = on(&which, "which").set("kind", "event/0102/heap").set("at", &street);
        let inside = she.send(form).expect(200);
        assert!(inside.body().contains(&home), "{}: {}", town.engine, inside.words());
        let form = on(&inside, "which").set("at", &format!("p:{}", town.named("文安路社区").id()));
        let unsaid = she.send(form.clone().set("kind", "")).expect(422);
        assert!(unsaid.body().contains(&format!("{home} checked")), "{}: the place stays chosen", town.engine);
        let last = she.send(form.set("kind", "event/0102/heap")).expect(200);
        assert!(last.words().contains("暴露垃圾") && last.words().contains("文安路社区"), "{}", last.words());
    }
}

/// Whoever reported with a photo, and the code of her receipt; a worker and a unit work on it.
pub(crate) fn worked_on(town: &Town, seed: u64) -> Story<'_> {
    let (mut story, mut she) = (Story::new(town, seed), town.visitor());
    let form = on(&with_photos(&mut she, &[PICTURE]), "send");
    let sent = she.submit(form).expect(200);
    (story.number, story.code) = (number_of(&sent), code_on(&sent));
    story.tell(
        "zhao is community_worker at 华炉社区
         wu is district_handler at 大东区 for sanitation
         zhao does file
         zhao does dispatch",
    );
    story
}

#[test]
fn a_question_and_its_answer_are_marked_where_each_side_looks_first() {
    for town in Town::each() {
        let (mut story, mut reporter) = (Story::new(&town, 305), town.visitor());
        let form = last(&before_sending(&mut reporter, "楼下垃圾没人收", "event/0102/heap"));
        let sent = reporter.submit(form.set("telephone", "13800000305")).expect(200);
        let (number, code) = (number_of(&sent), code_on(&sent));
        (story.number, story.code) = (number.clone(), code.clone());
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             zhao looks for 核对地址
             zhao sends say text=是几单元？ kind=message",
        );
        let mut she = town.visitor();
        let page = she.follows_with(&number, &code).expect(200);
        let words = page.words();
        assert!(at(&words, "有话问您") < at(&words, "接下来"), "{}: {words}", town.engine);
        assert!(she.open("/mine").expect(200).words().contains("有话问您"), "{}", town.engine);
        drop(she.open(&format!("/follow/{number}")).expect(200));
        let form = she.page().form(&format!("/follow/{number}/say")).set("text", "三单元");
        let answered = she.submit(form).expect(200).words();
        assert!(!answered.contains("有话问您") && answered.contains("反映人"), "{}: {answered}", town.engine);
        assert!(!answered.contains("申请人"), "{}: {answered}", town.engine);
        assert!(!she.open("/mine").expect(200).words().contains("有话问您"), "{}", town.engine);
        story.tell("wu finds it in /queue\n wu reads 来了新留言\n wu looks for 看回话");
        let queue = story.at("wu").open("/queue").expect(200).words();
        assert!(!queue.contains("来了新留言"), "{}: who opened it has seen it: {queue}", town.engine);
        town.verify();
    }
}

/// Where a text stands on a page.
fn at(words: &str, text: &str) -> usize {
    words.find(text).unwrap_or_else(|| panic!("{text}: {words}"))
}

#[test]
fn she_reads_what_matters_to_her_and_not_what_the_offices_settle_between_themselves() {
    for town in Town::each() {
        let mut story = worked_on(&town, 303);
        let (number, code) = (story.number.clone(), story.code.clone());
        story.tell(
            "wu does not_ours reason=不归我们
             zhao does redispatch reason=会商定了
             wu does ask_time reason=车坏了
             zhao does prolong reason=等车修好
             wu does ask_desk question=哪个口进
             zhao does tell_unit answer=东口
             case is handling
             wu opens it
             wu reads 会商定了
             wu reads 车坏了",
        );
        let words = town.visitor().follows_with(&number, &code).expect(200).words();
        for told in ["您反映了这件事", "核查过了，情况属实", "单位在办", "最迟"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert_eq!(words.matches("交给").count(), 1, "{}: with whom it lies, once: {words}", town.engine);
        for inner in ["不归我们", "会商定了", "车坏了", "等车修好", "哪个口进", "东口", "退回", "延期", "派遣"]
        {
            assert!(!words.contains(inner), "{}: {inner}: {words}", town.engine);
        }
        story.tell("wu does handle report=清走了 no_photo=相机坏了");
        let words = town.visitor().follows_with(&number, &code).expect(200).words();
        assert!(words.contains("另有人核实是不是办好了"), "{}: {words}", town.engine);
        assert!(!words.contains("清走了"), "{}: nobody has checked it yet: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn before_the_question_she_sees_who_put_it_right_when_and_the_photos_of_the_work() {
    for town in Town::each() {
        let mut story = worked_on(&town, 304);
        let (number, code) = (story.number.clone(), story.code.clone());
        let (_, hers) = only_photo(&town, &number);
        town.clock.plus_seconds(60);
        let (photos, add) = (format!("/cases/{number}/photos"), format!("/cases/{number}/photos/add"));
        let form = story.at("wu").open(&photos).expect(200).form(&add);
        let pictures = [picture(3), picture(4)];
        let files: Vec<(&str, &str, &[u8])> = pictures.iter().map(|one| ("photo", "a.png", one.as_slice())).collect();
        drop(story.at("wu").uploads(&form, &files).expect(200));
        story.tell("wu does handle report=清走了 no_photo=相机坏了");
        let mut she = town.visitor();
        let begins = format!("/follow/{number}/photos/");
        let own = format!("{begins}{hers}");
        let of_work = |link: &String| link.starts_with(&begins) && *link != own;
        let shown = |page: &Reply| page.links().into_iter().filter(of_work).collect::<Vec<_>>();
        assert!(shown(&she.follows_with(&number, &code).expect(200)).is_empty(), "{}: not before", town.engine);
        story.tell("zhao does verify checked=there");
        let page = she.open(&format!("/follow/{number}")).expect(200);
        let (words, links) = (page.words(), shown(&page));
        assert_eq!(links.len(), 2, "{}: {links:?}", town.engine);
        assert!(at(&words, "大东区") < at(&words, "清走了"), "{}: {words}", town.engine);
        assert!(at(&words, "清走了") < at(&words, "请您回一句话"), "{}: {words}", town.engine);
        assert!(at(&words, "请您回一句话") < at(&words, "还差什么"), "{}: {words}", town.engine);
        assert!(at(&words, "还差什么") < at(&words, "接下来"), "{}: the way comes after it: {words}", town.engine);
        assert!(words.contains("就按“算办好了”处理"), "{}: what follows without an answer: {words}", town.engine);
        for link in &links {
            let photo = she.get(link).expect(200);
            assert_eq!(photo.header("content-type"), Some("image/jpeg"));
            assert_eq!(town.visitor().get(link).status, 404, "{}: with her code alone", town.engine);
            assert_eq!(story.at("wu").get(link).status, 404, "{}: staff look at the case", town.engine);
        }
        drop(she.get(&own).expect(200));
        assert!(page.links().contains(&own), "{}: her own photo stands beside it", town.engine);
        assert_eq!(town.visitor().get(&own).status, 404, "{}: with her code alone", town.engine);
        assert!(!words.contains("时限暂停"), "{}: {words}", town.engine);
        drop(she.open(&format!("/follow/{number}")).expect(200));
        let again = she.offered("still_wrong").unwrap().set("field_reason", "又堆上了");
        drop(she.submit(again).expect(200));
        assert_eq!(she.get(&links[0]).status, 404, "{}: it is not done", town.engine);
        town.verify();
    }
}

#[test]
fn a_question_stands_first_with_its_form_and_the_day_by_which_to_answer() {
    for town in Town::each() {
        let mut story = worked_on(&town, 305);
        let (number, code) = (story.number.clone(), story.code.clone());
        story.tell(
            "wu does ask_reporter question=是几号楼
             case is queried",
        );
        let mut she = town.visitor();
        let words = she.follows_with(&number, &code).expect(200).words();
        assert!(at(&words, "请您回一句话") < at(&words, "是几号楼"), "{}: {words}", town.engine);
        assert!(at(&words, "是几号楼") < at(&words, "由哪个单位办"), "{}: {words}", town.engine);
        assert!(at(&words, "回话") < at(&words, "接着办"), "{}: by when, and what then: {words}", town.engine);
        let form = she.offered("answer_question").unwrap().set("field_answer", "3 号楼");
        let answered = she.submit(form).expect(200).words();
        assert!(!answered.contains("请您回一句话") && answered.contains("您回了话"), "{}: {answered}", town.engine);
        story.tell("case is handling").tell("wu opens it").tell("wu reads 3 号楼");
        town.verify();
    }
}

#[test]
fn after_two_times_not_done_she_asks_the_level_above() {
    for town in Town::each() {
        let mut story = worked_on(&town, 332);
        let (number, code) = (story.number.clone(), story.code.clone());
        let mut she = town.visitor();
        drop(she.follows_with(&number, &code).expect(200));
        for (step, other, state) in [
            ("still_wrong", "ask_above", "handling"),
            ("still_wrong", "ask_above", "handling"),
            ("ask_above", "still_wrong", "above"),
        ] {
            story.tell("wu does handle report=清走了 no_photo=相机坏了").tell("zhao does verify checked=there");
            drop(she.open(&format!("/follow/{number}")).expect(200));
            assert!(she.offered(other).is_none(), "{}: {other}", town.engine);
            let form = she.offered(step).unwrap().set("field_reason", "又堆上了");
            let told = she.submit(form).expect(200);
            assert_eq!(story.case().state, state, "{}: {}", town.engine, told.words());
        }
        let told = she.open(&format!("/follow/{number}")).expect(200).words();
        assert!(told.contains("由上一级来定"), "{}: {told}", town.engine);
        town.verify();
    }
}

#[test]
fn her_own_report_is_not_counted_again_and_leads_to_her_own_page() {
    for town in Town::each() {
        let (mut she, mut he, telephone) = (town.visitor(), town.visitor(), "13800000306");
        let form = last(&before_sending(&mut she, "垃圾", "event/0102/heap")).set("telephone", telephone);
        let number = number_of(&she.submit(form).expect(200));
        let join = |page: &Reply| on(page, "near").set("join", &offered(page));
        let again = before_sending(&mut she, "垃圾", "event/0102/heap");
        let own = she.send(join(&again)).expect(200);
        assert!(own.words().contains("这一件就是您自己反映的"), "{}: {}", town.engine, own.words());
        assert!(own.words().contains("1 人遇到"), "{}: {}", town.engine, own.words());
        assert!(own.links().contains(&format!("/follow/{number}")), "{}: {:?}", town.engine, own.links());

        let before = town.counts().people;
        let page = before_sending(&mut he, "垃圾", "event/0102/heap");
        let form = join(&page).set("heard", telephone);
        for _ in 0..2 {
            let joined = he.send(form.clone()).expect(200);
            assert!(joined.words().contains("已经算上您了"), "{}: her telephone tells nothing", town.engine);
            assert!(joined.words().contains("2 人遇到"), "{}: {}", town.engine, joined.words());
        }
        assert_eq!(town.counts().people, before + 1, "{}: sent twice it is sealed once", town.engine);
        let page = before_sending(&mut he, "垃圾", "event/0102/heap");
        let again = he.send(join(&page)).expect(200);
        assert!(again.words().contains("已经算上您了"), "{}: {}", town.engine, again.words());
        assert!(again.words().contains("2 人遇到"), "{}: his browser is known: {}", town.engine, again.words());
        let mut other = town.visitor();
        let page = before_sending(&mut other, "垃圾", "event/0102/heap");
        let counted = other.send(join(&page)).expect(200);
        assert!(counted.words().contains("3 人遇到"), "{}: somebody else counts: {}", town.engine, counted.words());
        town.verify();
    }
}

#[test]
fn whoever_is_signed_in_joins_a_report_once_in_whatever_browser() {
    for town in Town::each() {
        let (mut she, (mut he, who)) = (town.visitor(), town.neighbour(330));
        let ready = last(&before_sending(&mut she, "垃圾", "event/0102/heap"));
        drop(she.submit(ready).expect(200));
        let joins = |browser: &mut Browser| {
            let page = before_sending(browser, "垃圾", "event/0102/heap");
            let form = on(&page, "near").set("join", &offered(&page));
            browser.send(form).expect(200).words()
        };
        let mut elsewhere = town.visitor();
        elsewhere.sign_in(&who.telephone, SECRET);
        for words in [joins(&mut he), joins(&mut he), joins(&mut elsewhere)] {
            assert!(words.contains("已经算上您了") && words.contains("2 人遇到"), "{}: {words}", town.engine);
        }
        let words = joins(&mut town.visitor());
        assert!(words.contains("3 人遇到"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_telephone_is_told_of_a_report_once_and_whoever_holds_the_code_stops_it() {
    for town in Town::each() {
        let (mut she, telephone) = (town.visitor(), "13800000331");
        let ready = last(&before_sending(&mut she, "垃圾", "event/0102/heap"));
        let number = number_of(&she.submit(ready).expect(200));
        let joins = |browser: &mut Browser| {
            let page = before_sending(browser, "垃圾", "event/0102/heap");
            browser.send(on(&page, "near").set("join", &offered(&page)).set("heard", telephone)).expect(200)
        };
        let kept = || {
            let sql = "select count(*) from vault_index where field = 'telephone'";
            town.store().read_blocking(move |tx| store::scalar::<i64>(tx, sql, &[])).unwrap().unwrap_or_default()
        };
        let (before, mut first, mut second) = (kept(), town.visitor(), town.visitor());
        let (one, other) = (joins(&mut first), joins(&mut second));
        assert_eq!(kept(), before + 1, "{}: it is kept once", town.engine);
        // Both read the same, and both codes show the same.
        let says = |page: &Reply| page.words().contains("有了进展，我们告诉您") && page.words().contains("查询码");
        assert!(says(&one) && says(&other), "{}: {}", town.engine, other.words());
        let looks = |page: &Reply| page.forms().into_iter().find(|form| form.action == "/report/heard").unwrap();
        let mine = first.submit(looks(&one)).expect(200);
        let theirs = second.submit(looks(&other)).expect(200);
        assert_eq!(mine.words(), theirs.words(), "{}: nobody learns that it was there", town.engine);
        let given = looks(&one);
        let (told, code) = (given.get("number").unwrap(), given.get("code").unwrap());
        let mut late = town.visitor();
        let hers = format!("/report/heard?number={told}");
        let asks = late.open("/follow").expect(200).form("/follow").set("number", told).set("code", code);
        assert_eq!(
            late.send(asks.clone()).expect(307).location(),
            Some(hers.as_str()),
            "{}: her page opens",
            town.engine
        );
        let read = late.submit(testkit::Form { action: hers.clone(), ..asks }).expect(200);
        assert_eq!(read.words(), mine.words(), "{}: she types nothing twice", town.engine);
        drop(town.visitor().follows_with(told, "AAAAA-AAAAA").expect(422).form(&hers));
        assert!(!read.address.contains(code), "{}: {}", town.engine, read.address);
        let own = town.visitor().open("/mine").expect(200);
        assert!(own.links().contains(&"/report/heard".to_owned()), "{}: {}", town.engine, own.body());

        let stop = city_stories::chosen(looks(&mine), "stop", "1");
        for _ in 0..2 {
            let stopped = first.submit(stop.clone()).expect(200);
            assert!(stopped.words().contains("您的号码删掉了"), "{}: {}", town.engine, stopped.words());
        }
        assert_eq!(kept(), before, "{}", town.engine);
        drop(first.submit(looks(&one)).expect(422));
        let again = joins(&mut town.visitor());
        assert!(says(&again), "{}: {}", town.engine, again.words());
        assert_eq!(kept(), before, "{}: its owner stopped it: {number}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_reported_with_her_account_is_known_by_it_when_her_pass_has_ended() {
    for town in Town::each() {
        let (mut she, _) = town.neighbour(307);
        let form = last(&before_sending(&mut she, "路灯不亮", "component/0118/out"));
        let number = number_of(&she.submit(form).expect(200));
        town.clock.plus_seconds(2 * 3_600);
        drop(she.open("/account").expect(200));
        let page = before_sending(&mut she, "路灯不亮", "component/0118/out");
        let own = she.send(on(&page, "near").set("join", &offered(&page))).expect(200);
        assert!(own.words().contains("这一件就是您自己反映的"), "{}: {}", town.engine, own.words());
        assert!(own.words().contains("1 人遇到") && own.body().contains(&number), "{}: {}", town.engine, own.words());
        town.verify();
    }
}

#[test]
fn what_waits_to_be_checked_since_before_an_upgrade_has_its_time_at_the_desk_after_a_night() {
    for town in Town::each() {
        let mut story = Story::new(&town, 326);
        let mut she = town.visitor();
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does handle report=清了 no_photo=相机坏了
             case is handled",
        );
        let (case, zone) = (story.case(), town.city.cases.hall.calendar().zone());
        let (district, id) = (case.shard, case.id.0);
        let stands = || {
            let stood = town.store().read_blocking(move |tx| figures::stood(tx, district, id)).unwrap().unwrap();
            (stood.act_by, stood.sort_at)
        };
        let before = stands();
        assert!(before.0.is_some(), "{}", town.engine);
        // As it stood before it was noted by when a desk is to act.
        let forgotten = town.store().write_blocking(move |tx| {
            let stood = figures::stood(tx, district, id)?;
            let sql = "update cases_case set act_by = null, sort_at = opened_at where district = $1 and id = $2";
            tx.exec(sql, &store::args![district, id])?;
            let stands = figures::stood(tx, district, id)?.unwrap();
            figures::shift(tx, stood.as_ref(), &stands, zone)
        });
        forgotten.unwrap();
        town.recount_rows();
        for _ in 0..2 {
            let (desk, now) = (town.city.cases.clone(), town.clock.now());
            town.store().write_blocking(move |tx| desk.note_act_by(tx, FIRST, 10, now)).unwrap();
            assert_eq!(stands(), before, "{}", town.engine);
            town.recount_rows();
        }
    }
}

#[test]
fn a_program_counts_what_waits_at_a_desk_as_the_pages_do() {
    for town in Town::each() {
        let mut story = Story::new(&town, 327);
        let mut she = town.visitor();
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        let here = Hub::new(&town, "社区大屏", PLACE, "", &["case.read", "figures.read"], 600);
        // It waits to be looked at in the community, and an office of the district decides it.
        let told = json_of(&here.get("/api/v1/figures").expect(200));
        assert_eq!(told["open"], 1, "{}: {told}", town.engine);
    }
}
