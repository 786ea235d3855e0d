//! These stories are about what whoever reported or joined a report reads and can do afterwards: nothing untrue, and
//! always a next step.

use crate::photos::{number_of, offered, on, picture, with_photos};
use crate::street::{before_sending, last};
use crate::street_work::reported;
use city_stories::{Browser, Story, Town, code_on};
use testkit::Reply;

const PLACE: &str = "华炉社区";

#[test]
fn nobody_is_told_that_somebody_went_there_who_did_not() {
    for town in Town::each() {
        let mut story = Story::new(&town, 391);
        story.tell("zhao is community_worker at 华炉社区");
        for seen in ["", " seen=from_afar", " seen=there"] {
            let mut she = town.visitor();
            let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
            let sent = she.submit(last(&page)).expect(200);
            (story.number, story.code) = (number_of(&sent), code_on(&sent));
            story.tell(&format!("zhao does file{seen}"));
            let page = town.visitor().follows_with(&story.number, &story.code).expect(200).words();
            assert!(page.contains("核查过了，情况属实"), "{}: {seen}: {page}", town.engine);
            assert!(!page.contains("去看过了"), "{}: {seen}: {page}", town.engine);
            assert!(!page.contains("还没开始计时"), "{}: {seen}: clocks are the office's: {page}", town.engine);
            let said = ["照片和文字够了，没去现场", "到现场看了"].map(|told| page.contains(told));
            assert_eq!(said, [seen.contains("afar"), seen.contains("there")], "{}: {seen}: {page}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn what_only_resembles_a_place_is_offered_and_never_chosen_for_her() {
    for town in Town::each() {
        let mut she = town.visitor();
        let said = on(&she.open("/report/new").expect(200), "say").set("what", "垃圾");
        let home = town.named("文安路社区").id();
        let table = [
            ("Nanhu Subdistrict", home),
            ("Nanhu", home),
            ("南湖", home),
            ("南湖街道", home),
            ("文安路", home),
            ("青年大街", town.named("青年社区").id()),
            ("浑河", town.named("浑河堡社区").id()),
        ];
        for (wher, offered) in table {
            let which = she.submit(said.clone().set("where", wher)).expect(200);
            let value = format!("name=\"at\" value=\"p:{offered}\"");
            assert!(which.body().contains(&value), "{}: {wher}: {}", town.engine, which.words());
            assert_eq!(on(&which, "which").get("at"), None, "{}: {wher}: {}", town.engine, which.words());
            let unchosen = she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(422).words();
            assert!(unchosen.contains("请从列出的地方里选一个"), "{}: {wher}: {unchosen}", town.engine);
        }
        for wher in ["华炉社区", "大东区华炉社区"] {
            let which = she.submit(said.clone().set("where", wher)).expect(200);
            let place = format!("p:{}", town.named("华炉社区").id());
            assert_eq!(on(&which, "which").get("at"), Some(place.as_str()), "{}: {wher}", town.engine);
        }
    }
}

/// She says that rubbish lies in a compound, and stands before the last screen.
fn rubbish_in(she: &mut Browser, compound: &str) -> Reply {
    let said = on(&she.open("/report/new").expect(200), "say").set("what", "垃圾没人收").set("where", compound);
    let which = she.submit(said).expect(200);
    she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(200)
}

#[test]
fn what_is_near_names_its_compound_and_whoever_joins_is_led_to_its_community() {
    for town in Town::each() {
        let ground = town.lays_ground(&[town.named(PLACE)], 3);
        let compound = ground.compounds[0].name.as_str();
        let mut she = town.visitor();
        let page = rubbish_in(&mut she, compound);
        drop(she.submit(last(&page)).expect(200));
        let mut he = town.visitor();
        let page = rubbish_in(&mut he, compound);
        let near = page.body();
        let near = near.split_once("name=\"screen\" value=\"near\"").unwrap().1;
        assert!(near.contains(&format!("{compound} · ")), "{}: {}", town.engine, page.words());
        let joined = he.send(on(&page, "near").set("join", &offered(&page))).expect(200);
        let list = joined.links().into_iter().find(|link| link.starts_with("/report/near?place="));
        let list = he.open(&list.unwrap_or_else(|| panic!("{}: {:?}", town.engine, joined.links()))).expect(200);
        let words = list.words();
        assert!(!words.contains("您在哪个社区"), "{}: {words}", town.engine);
        assert!(words.contains(PLACE) && words.contains(compound), "{}: {words}", town.engine);
        assert!(words.contains("已经算上您了"), "{}: {words}", town.engine);
        let stages: Vec<String> = list.links().into_iter().filter(|link| link.contains("stage=")).collect();
        assert!(!stages.is_empty(), "{}: {words}", town.engine);
        assert!(stages.iter().all(|link| link.contains("place=")), "{}: a stage stays there", town.engine);
    }
}

#[test]
fn whoever_reported_what_was_joined_to_another_has_a_way_on_once_that_one_is_answered() {
    for town in Town::each() {
        let mut story = Story::new(&town, 395);
        let (first, _) = reported(&town, "垃圾", "event/0102/heap");
        let (second, code) = reported(&town, "垃圾堆", "event/0102/heap");
        story.number.clone_from(&second);
        story.tell(&format!(
            "zhao is community_worker at 华炉社区
             zhao does merge number={first}
             case is merged"
        ));
        let mut she = town.visitor();
        let waits = she.follows_with(&second, &code).expect(200);
        assert!(!waits.words().contains("再反映一次"), "{}: {}", town.engine, waits.words());
        story.number = first;
        story.tell("zhao does not_there reason=没看到垃圾\n case is not_there");
        let told = she.open(&format!("/follow/{second}")).expect(200);
        assert!(told.words().contains("您看还没好"), "{}: {}", town.engine, told.words());
        for link in ["/report/new", "tel:12345"] {
            assert!(told.links().contains(&link.to_owned()), "{}: {link}: {:?}", town.engine, told.links());
        }
        town.verify();
    }
}

#[test]
fn her_receipt_says_by_when_it_is_checked_and_how_long_it_takes_then() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        let receipt = she.submit(last(&page)).expect(200);
        let words = receipt.words();
        for told in ["什么时候核查 最迟", "多久办好 情况属实的", "个工作小时"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let mut story = Story::new(&town, 396);
        story.number = number_of(&receipt);
        story.tell("zhao is community_worker at 华炉社区\n zhao does file");
        let words = she.open(&format!("/follow/{}", story.number)).expect(200).words();
        assert!(!words.contains("什么时候核查"), "{}: it was checked: {words}", town.engine);
    }
}

#[test]
fn words_on_a_report_without_contact_data_are_read_by_both_sides() {
    for town in Town::each() {
        let (mut story, mut reporter) = (Story::new(&town, 392), town.visitor());
        let form = last(&before_sending(&mut reporter, "楼下垃圾没人收", "event/0102/heap"));
        let sent = reporter.submit(form).expect(200);
        let (number, code) = (number_of(&sent), code_on(&sent));
        (story.number, story.code) = (number.clone(), code.clone());
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             zhao sends say text=门卫知道在哪 kind=note
             zhao sends say text=是几单元？ kind=message",
        );
        let case = format!("/cases/{number}");
        let closed = story.at("wu").open(&case).expect(200).words();
        assert!(closed.contains("有 2 条") && !closed.contains("门卫知道"), "{}: {closed}", town.engine);
        story.tell("wu looks for 看留言");
        let open = story.at("wu").open(&case).expect(200).words();
        assert!(open.contains("门卫知道在哪") && open.contains("是几单元"), "{}: {open}", town.engine);

        let mut she = town.visitor();
        let page = she.follows_with(&number, &code).expect(200);
        assert!(
            page.words().contains("有话问您") && !page.words().contains("门卫"),
            "{}: {}",
            town.engine,
            page.words()
        );
        drop(she.submit(page.form(&format!("/follow/{number}/say")).set("text", "三单元")).expect(200));
        let heard = story.at("wu").open(&case).expect(200).words();
        assert!(heard.contains("三单元"), "{}: {heard}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_is_asked_reads_her_own_day_with_her_telephone_too() {
    for town in Town::each() {
        let (mut story, mut reporter) = (Story::new(&town, 393), town.visitor());
        let form = last(&before_sending(&mut reporter, "楼下垃圾没人收", "event/0102/heap"));
        let sent = reporter.submit(form.set("telephone", "13800000393")).expect(200);
        (story.number, story.code) = (number_of(&sent), code_on(&sent));
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does ask_reporter question=是几号楼
             case is queried",
        );
        let glance = town.visitor().follows(&story.number, "13800000393").expect(200).words();
        assert!(glance.contains("最迟"), "{}: {glance}", town.engine);
        assert!(!glance.contains("最迟今天"), "{}: that is the limit of the unit: {glance}", town.engine);
        town.verify();
    }
}

#[test]
fn whatever_stands_in_the_box_that_hides_a_report_hides_it() {
    for town in Town::each() {
        let mut he = town.visitor();
        let place = town.named(PLACE).id();
        for hidden in ["yes", "0", ""] {
            let mut she = town.visitor();
            let page = before_sending(&mut she, "路灯不亮", "component/0118/out");
            assert!(!page.words().contains("是同一件吗"), "{}: the one before is hidden: {hidden:?}", town.engine);
            drop(number_of(&she.submit(last(&page).set("hidden", hidden)).expect(200)));
        }
        let near = he.open(&format!("/report/near?place={place}")).expect(200).words();
        assert!(near.contains("这里还没有人反映过"), "{}: {near}", town.engine);
        town.verify();
    }
}

#[test]
fn photos_that_she_brings_to_her_own_report_come_to_it() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 397), town.visitor());
        let form = on(&with_photos(&mut she, &[&picture(1)]), "send");
        story.number = number_of(&she.submit(form).expect(200));
        town.clock.plus_seconds(60);
        let page = with_photos(&mut she, &[&picture(2)]);
        let people = town.counts().people;
        let form = on(&page, "near").set("join", &offered(&page));
        for _ in 0..2 {
            let own = she.send(form.clone()).expect(200).words();
            for told in ["这一件就是您自己反映的", "您的 1 张照片交给了办的人", "1 人遇到"] {
                assert!(own.contains(told), "{}: {told}: {own}", town.engine);
            }
        }
        assert_eq!(town.counts().people, people, "{}: under the record of her report", town.engine);
        let told = she.open(&format!("/follow/{}", story.number)).expect(200).words();
        for part in ["您反映时拍的", "您后来补的"] {
            assert!(told.contains(part), "{}: {part}: {told}", town.engine);
        }
        story.tell("zhao is community_worker at 华炉社区");
        let photos = format!("/cases/{}/photos", story.number);
        let words = story.at("zhao").open(&photos).expect(200).words();
        assert!(words.contains("随反映送来") && words.contains("反映人后来补的"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_looks_for_her_community_comes_back_to_what_was_reported_there() {
    for town in Town::each() {
        let (mut she, id) = (town.visitor(), town.named(PLACE).id());
        let asked = she.open("/report/near").expect(200);
        let choose = asked.links().into_iter().find(|link| link.starts_with("/nearby?to=")).unwrap();
        drop(she.open(&choose).expect(200));
        let found = she.submit(she.page().form("/nearby").set("q", PLACE)).expect(200);
        let list = format!("/report/near?place={id}");
        assert!(found.links().contains(&list), "{}: {:?}", town.engine, found.links());
        let near = she.open(&list).expect(200);
        assert!(near.words().contains("换一个社区"), "{}: {}", town.engine, near.words());
        // The list of districts leads there too, step by step.
        let mut page = she.open(&choose.replace("to=", "in=all&to=")).expect(200);
        for _ in 0..2 {
            let down = page.links().into_iter().find(|link| link.starts_with("/nearby?in=") && link.contains("to="));
            page = she.open(&down.unwrap()).expect(200);
        }
        assert!(page.links().iter().any(|link| link.starts_with("/report/near?place=")), "{:?}", page.links());
        for elsewhere in ["//elsewhere.cn/", "https://elsewhere.cn/", "/report/near?place=1"] {
            let page = she.open(&format!("/nearby?q={PLACE}&to={elsewhere}")).expect(200);
            assert!(page.links().contains(&format!("/places/{id}")), "{}: {:?}", town.engine, page.links());
        }
    }
}
