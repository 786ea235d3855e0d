//! These stories are about what whoever reports reads and is asked: where it is stays as she wrote it, and what she is
//! told fits what happened.

use crate::photos::{number_of, offered, on, picture};
use crate::street::{before_sending, last, worked_on};
use crate::street_work::reported;
use city_stories::{Browser, Story, Town, counters_words};
use hall::figures::{Period, read};
use kernel::place::Level;
use testkit::{Form, Reply};

const HOME: &str = "文安路社区";
/// A whole address, as the page recommends it.
const ADDRESS: &str = "南湖街道文安路3号";

/// Where a text stands on a page.
fn at(words: &str, text: &str) -> usize {
    words.find(text).unwrap_or_else(|| panic!("{text}: {words}"))
}

/// The first screen of a report with what is said already.
fn saying(page: &Reply) -> Form {
    on(page, "say").set("what", "楼下垃圾没人收")
}

#[test]
fn where_it_is_stays_as_she_wrote_it_for_her_and_whoever_handles_it() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 371), town.visitor());
        let home = format!("p:{}", town.named(HOME).id());
        let said = saying(&she.open("/report/new").expect(200)).set("where", ADDRESS);
        let which = she.submit(said).expect(200);
        let form = on(&which, "which").set("kind", "event/0102/heap").set("at", &home);
        let page = she.submit(form).expect(200);
        assert!(page.words().contains(&format!("您写的地点 {ADDRESS}")), "{}: {}", town.engine, page.words());
        let receipt = she.submit(on(&page, "send")).expect(200);
        story.number = number_of(&receipt);
        let followed = she.open(&format!("/follow/{}", story.number)).expect(200);
        for (place, page) in [("receipt", &receipt), ("her page", &followed)] {
            let words = page.words();
            assert!(words.contains(&format!("您写的地点 {ADDRESS}")), "{}: {place}: {words}", town.engine);
            assert!(words.contains("您说的：楼下垃圾没人收"), "{}: {place}: {words}", town.engine);
            assert!(!words.contains("补充说明"), "{}: {place}: {words}", town.engine);
        }
        assert_ne!(story.case().fields["address"], ADDRESS, "{}: sealed as her other words are", town.engine);
        story.tell("zhao is community_worker at 文安路社区\n zhao opens it\n zhao reads 反映人写的地点");
        let zhao = story.at("zhao");
        assert!(zhao.page().words().contains(ADDRESS), "{}: {}", town.engine, zhao.page().words());
        assert!(zhao.page().words().contains("反映人说：楼下垃圾没人收"), "{}", zhao.page().words());
        let field = zhao.open("/field").expect(200).words();
        assert!(field.contains(&format!("{ADDRESS} · {HOME}")), "{}: {field}", town.engine);
        let queue = zhao.open("/queue").expect(200).words();
        assert!(!queue.contains(ADDRESS), "{}: words that may name somebody stand in no list: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn an_address_with_a_compound_means_its_building_or_else_the_compound() {
    for town in Town::each() {
        let home = town.named(HOME);
        let ground = town.lays_ground(std::slice::from_ref(&home), 3);
        let (compound, first) = (&ground.compounds[0], 0_u32);
        let building = ground.buildings.iter().find(|building| building.compound == first).unwrap();
        let mut she = town.visitor();
        let unknown = format!("{}999号楼", compound.name);
        let known = format!("{}{}2单元", compound.name, building.name);
        for (address, at) in [(&unknown, format!("c:{}", compound.id)), (&known, format!("b:{}", building.id))] {
            let said = saying(&she.open("/report/new").expect(200)).set("where", address);
            let which = she.submit(said).expect(200);
            let chosen = format!("value=\"{at}\" checked");
            assert!(which.body().contains(&chosen), "{}: {address}: {}", town.engine, which.words());
            let page = she.submit(on(&which, "which").set("kind", "event/0102/heap")).expect(200);
            assert!(page.words().contains(&compound.name), "{}: {}", town.engine, page.words());
            drop(she.submit(on(&page, "send")).expect(200));
        }
        let mut zhao = town.staff("addresses", "community_worker", &home, None);
        let queue = zhao.open("/queue").expect(200).words();
        let beside = format!("{}旁 · {}", building.name, compound.name);
        assert!(queue.contains(&beside), "{}: {beside}: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_reported_cannot_count_herself_again_from_the_list_of_what_is_near() {
    for town in Town::each() {
        let mut she = town.visitor();
        let reported = |she: &mut Browser, what: &str, kind: &str| {
            let page = before_sending(she, what, kind);
            number_of(&she.submit(last(&page)).expect(200))
        };
        drop(reported(&mut she, "楼下垃圾没人收", "event/0102/heap"));
        let near = she.open("/report/near").expect(200);
        assert!(near.words().contains("这是您反映的"), "{}: {}", town.engine, near.words());
        assert!(!near.body().contains("name=\"join\""), "{}: no button: {}", town.engine, near.words());
        // The browser holds the pass of her last report alone; the earlier one is hers all the same.
        drop(reported(&mut she, "路灯不亮", "component/0118/out"));
        let near = she.open("/report/near").expect(200);
        assert_eq!(near.words().matches("这是您反映的").count(), 1, "{}: {}", town.engine, near.words());
        assert_eq!(near.words().matches("已经算上您了").count(), 1, "{}: {}", town.engine, near.words());
        assert!(!near.body().contains("name=\"join\""), "{}: no button: {}", town.engine, near.words());
        let again = before_sending(&mut she, "垃圾堆", "event/0102/heap");
        let form = on(&again, "near").set("join", &offered(&again));
        let joined = she.send(form).expect(200).words();
        assert!(joined.contains("1 人遇到"), "{}: {joined}", town.engine);
        let mut he = town.visitor();
        let page = before_sending(&mut he, "垃圾堆", "event/0102/heap");
        let form = on(&page, "near").set("join", &offered(&page));
        let counted = he.send(form).expect(200).words();
        assert!(counted.contains("2 人遇到"), "{}: somebody else counts: {counted}", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_known_near_there_offers_its_button_before_it_asks_for_a_telephone() {
    for town in Town::each() {
        let (mut she, mut he) = (town.visitor(), town.visitor());
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        drop(she.submit(last(&page)).expect(200));
        let page = before_sending(&mut he, "楼下垃圾没人收", "event/0102/heap");
        let words = page.words();
        assert!(at(&words, "就是这件，我也遇到了") < at(&words, "有了进展告诉我"), "{}: {words}", town.engine);
        let wrong = on(&page, "near").set("join", &offered(&page)).set("heard", "12");
        let refused = he.send(wrong).expect(422);
        assert!(refused.body().contains("value=\"12\""), "{}: it is kept: {}", town.engine, refused.words());
    }
}

#[test]
fn she_is_asked_evenly_whether_it_is_done_and_told_that_she_was_heard() {
    for town in Town::each() {
        let mut story = worked_on(&town, 372);
        let (number, code) = (story.number.clone(), story.code.clone());
        story.tell("wu does handle report=清走了 no_photo=相机坏了\n zhao does verify checked=there");
        let mut she = town.visitor();
        let page = she.follows_with(&number, &code).expect(200);
        assert!(page.words().contains("真的办好了吗？"), "{}: {}", town.engine, page.words());
        let folded = page.body().contains("<summary>还没好</summary>");
        assert!(!folded, "{}: neither answer is folded away: {}", town.engine, page.body());
        let form = she.offered("still_wrong").unwrap().set("field_reason", "又堆上了");
        let heard = she.submit(form).expect(200).words();
        assert!(heard.contains("收到您的话了，单位接着办"), "{}: {heard}", town.engine);
        assert!(!heard.contains("真的办好了吗？"), "{}: {heard}", town.engine);
        town.verify();
    }
}

#[test]
fn her_way_tells_of_more_time_of_work_handed_in_and_of_work_sent_back_without_what_was_said_inside() {
    for town in Town::each() {
        let mut story = worked_on(&town, 373);
        let (number, code) = (story.number.clone(), story.code.clone());
        story.tell(
            "wu does ask_time reason=车坏了
             zhao opens it
             zhao reads 同意以后，最迟
             zhao does prolong reason=等车修好
             zhao opens it
             zhao reads 延期到
             zhao reads 为什么同意：等车修好
             wu does handle report=清走了 no_photo=相机坏了
             zhao does send_back reason=墙角还有",
        );
        let words = town.visitor().follows_with(&number, &code).expect(200).words();
        let steps = ["办的时间放宽了", "单位说办好了", "还没办好，请单位重办"];
        let places: Vec<usize> = steps.iter().map(|step| at(&words, step)).collect();
        assert!(places.is_sorted(), "{}: in the order in which it happened: {words}", town.engine);
        for inner in ["车坏了", "等车修好", "墙角还有", "清走了"] {
            assert!(!words.contains(inner), "{}: {inner}: {words}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn what_was_not_found_leaves_her_a_way_on() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 374), town.visitor());
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        let follow = format!("/follow/{}", story.number);
        assert!(!she.open(&follow).expect(200).words().contains("还有问题？"), "{}: it goes on", town.engine);
        story.tell("zhao is community_worker at 华炉社区\n zhao does not_there reason=没看到");
        let page = she.open(&follow).expect(200);
        assert!(page.words().contains("还有问题？"), "{}: {}", town.engine, page.words());
        for link in ["/report/new", "tel:12345"] {
            assert!(page.links().contains(&link.to_owned()), "{}: {link}: {:?}", town.engine, page.links());
        }
        town.verify();
    }
}

#[test]
fn a_first_dispatch_is_none_elsewhere_and_after_a_refusal_nobody_stands_chosen() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 375), town.visitor());
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao opens it
             zhao reads 派给
             zhao does not read 改派
             zhao does dispatch
             wu does not_ours reason=不归我们",
        );
        let address = format!("/cases/{}", story.number);
        let page = story.at("zhao").open(&address).expect(200);
        let body = page.body();
        let form = body.split("id=\"step-redispatch\"").nth(1).and_then(|rest| rest.split("</select>").next()).unwrap();
        assert!(form.contains("name=\"field_unit\""), "{}: {form}", town.engine);
        assert!(form.contains("required") && !form.contains(" selected"), "{}: {form}", town.engine);
        town.verify();
    }
}

/// How many of a sum are counted to a unit.
fn counted_to(town: &Town, unit: &'static str, code: &'static str) -> i64 {
    let (city, place, months) = (town.city.clone(), town.named("华炉社区"), ["2026-11".to_owned()]);
    let told = town.store().read_blocking(move |tx| {
        let period = Period { place: &place, department: Some(unit), months: &months };
        let told = read(tx, &city.house.indicators, &period, &[code])?;
        Ok::<_, store::StoreError>(told.first().and_then(|(_, figure)| figure.number()))
    });
    told.unwrap().unwrap_or_default()
}

#[test]
fn a_unit_that_gets_a_report_from_another_is_counted_to_have_it_filed_as_well_as_closed() {
    for town in Town::each() {
        let mut story = worked_on(&town, 376);
        let counted = |unit: &'static str| {
            ["grid.reported", "grid.by_public", "grid.filed", "grid.closed"].map(|code| counted_to(&town, unit, code))
        };
        assert_eq!(counted("sanitation"), [1, 1, 1, 0], "{}", town.engine);
        let street = town.named("华炉社区").at(Level::Street).unwrap();
        story.tell(&format!(
            "feng is street_handler at 大北街道 for street
             wu does not_ours reason=不归我们
             zhao does redispatch unit=street@{street} reason=会商定了
             feng does handle report=清走了 no_photo=相机坏了
             zhao does verify checked=there"
        ));
        let mut she = town.visitor();
        drop(she.follows_with(&story.number, &story.code).expect(200));
        let form = she.offered("confirm").unwrap();
        drop(she.submit(form).expect(200));
        story.tell("case is closed");
        assert_eq!(counted("street"), [1, 1, 1, 1], "{}", town.engine);
        assert_eq!(counted("sanitation"), [0, 0, 0, 0], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn the_score_says_that_its_numbers_are_weights_and_shows_every_share_of_it() {
    for town in Town::each() {
        let mut story = worked_on(&town, 377);
        let page = story.at("zhao").open("/report/figures").expect(200);
        let words = page.words();
        assert!(words.contains("权重：办结率占"), "{}: {words}", town.engine);
        assert!(words.contains("办结率 当月办结的除以当月立案的"), "{}: {words}", town.engine);
        assert!(words.contains("0.00 % = 0 / 1"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn the_lists_of_reports_say_how_many_wait_and_more_time_has_a_list_of_its_own() {
    for town in Town::each() {
        let mut story = worked_on(&town, 378);
        let words = story.at("zhao").open("/report/work").expect(200).words();
        for tab in ["待核查 0", "待派遣 0", "待批延期 0", "待核实 0"] {
            assert!(words.contains(tab), "{}: {tab}: {words}", town.engine);
        }
        let unit = story.at("wu").open("/report/work").expect(200).words();
        assert!(unit.contains("待处置 1"), "{}: {unit}", town.engine);
        story.tell("wu does ask_time reason=车坏了");
        let page = story.at("zhao").open("/report/work?list=time").expect(200);
        assert!(page.words().contains("待批延期 1") && page.words().contains("待派遣 0"), "{}", page.words());
        let case = format!("/cases/{}", story.number);
        assert!(page.links().contains(&case), "{}: {}", town.engine, page.words());
        let send = story.at("zhao").open("/report/work?list=send").expect(200);
        assert!(!send.links().contains(&case), "{}: it is not to be sent out: {}", town.engine, send.words());
        story.tell("wu does handle report=清走了 no_photo=相机坏了");
        let page = story.at("zhao").open("/report/work?list=check").expect(200);
        assert!(page.words().contains("待核实 1"), "{}: {}", town.engine, page.words());
        town.verify();
    }
}

#[test]
fn photos_stand_in_the_order_of_the_work() {
    for town in Town::each() {
        let mut story = worked_on(&town, 379);
        let (number, code, case) = (story.number.clone(), story.code.clone(), format!("/cases/{}", story.number));
        let hands_in = |story: &mut Story<'_>, before: u8, after: u8| {
            town.clock.plus_seconds(60);
            let wu = story.at("wu");
            drop(wu.open(&case).expect(200));
            let form = wu.offered("handle").unwrap().set("field_report", "清走了");
            let (before, after) = (picture(before), picture(after));
            // The photo of what it is like now comes first.
            let files = [("photo_after", "b.png", after.as_slice()), ("photo_before", "a.png", before.as_slice())];
            drop(wu.uploads(&form, &files).expect(200));
            town.clock.plus_seconds(60);
        };
        hands_in(&mut story, 3, 4);
        story.tell("zhao does send_back reason=墙角还有");
        hands_in(&mut story, 5, 6);
        let words = story.at("zhao").open(&case).expect(200).words();
        let squares: Vec<&str> =
            words.split(" · 2026年11月23日").filter_map(|part| part.split(' ').next_back()).collect();
        // Hers first, then the work that was done last.
        let expected = ["处置前", "处置前", "处置后", "处置前", "处置后"];
        assert!(squares.windows(5).any(|five| five == expected), "{}: {squares:?}", town.engine);
        story.tell("zhao does verify checked=there");
        let told = town.visitor().follows_with(&number, &code).expect(200).words();
        let after = told.matches("处置后 · 2026年11月23日").count();
        assert_eq!(after, 1, "{}: of the work that is done: {told}", town.engine);
        assert!(at(&told, "处置前 · 2026年11月23日") < at(&told, "处置后 · 2026年11月23日"), "{}: {told}", town.engine);
        town.verify();
    }
}

#[test]
fn a_state_has_the_same_words_in_the_list_of_what_is_near_and_on_her_page() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 380), town.visitor());
        let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation",
        );
        let steps = [
            ("", "已收到，先有人核查"),
            ("zhao does file", "情况属实，安排单位去办"),
            ("zhao does dispatch", "单位在办"),
            ("wu does handle report=清走了 no_photo=相机坏了", "另有人核实是不是办好了"),
        ];
        for (step, stands) in steps {
            story.tell(step);
            town.hears();
            for address in ["/report/near".to_owned(), format!("/follow/{}", story.number)] {
                let words = she.open(&address).expect(200).words();
                assert!(words.contains(stands), "{}: {address}: {stands}: {words}", town.engine);
            }
        }
        let page = before_sending(&mut she, "路灯不亮", "component/0118/out");
        story.number = number_of(&she.submit(last(&page)).expect(200));
        story.tell("zhao does not_there reason=灯是亮的");
        town.hears();
        let near = she.open("/report/near").expect(200).words();
        assert!(near.contains("没有看到所说的情况"), "{}: it was not put right: {near}", town.engine);
        town.verify();
    }
}

#[test]
fn what_nobody_understood_is_called_another_matter_and_kinds_stand_by_their_classes() {
    for town in Town::each() {
        let mut she = town.visitor();
        drop(she.open("/report/new").expect(200));
        let said = on(&she.page(), "say").set("what", "qzx").set("where", "华炉社区");
        let page = she.submit(said).expect(200);
        let page = she.submit(on(&page, "which")).expect(200);
        let receipt = she.submit(last(&page)).expect(200).words();
        assert!(receipt.contains("其他情况") && !receipt.contains("说不清的事"), "{}: {receipt}", town.engine);
        let home = town.named("华炉社区");
        let mut zhao = town.staff("classes", "community_worker", &home, None);
        let mut chief = town.staff("classes.chief", "secretary_street", &home.at(Level::Street).unwrap(), None);
        for (worker, address) in [(&mut zhao, "/field"), (&mut chief, "/report/duties")] {
            let page = worker.open(address).expect(200);
            let classes = page.body().matches("<optgroup label=").count();
            assert!(classes > 5, "{}: {address}: {classes} classes", town.engine);
        }
        let form = zhao.open("/report/found").expect(200).form("/report/found");
        let page = zhao.submit(form.set("what", "井盖没了").set("where", "华炉社区")).expect(200);
        let kinds: Vec<String> = page.body().split("name=\"kind\" value=\"").skip(1).map(str::to_owned).collect();
        assert!(kinds.len() < 16, "{}: {} kinds", town.engine, kinds.len());
        assert!(kinds[0].starts_with("component/0114/missing"), "{}: the likeliest first: {}", town.engine, kinds[0]);
        town.verify();
    }
}

#[test]
fn an_older_open_report_of_the_same_kind_is_offered_to_whoever_joins_two() {
    for town in Town::each() {
        let mut story = Story::new(&town, 381);
        let reported = |kind: &str, what: &str| {
            let mut she = town.visitor();
            let page = before_sending(&mut she, what, kind);
            number_of(&she.submit(last(&page)).expect(200))
        };
        let (older, other) = (reported("event/0102/heap", "楼下垃圾"), reported("component/0118/out", "路灯不亮"));
        town.clock.set_local("2026-12-02 10:00");
        story.number = reported("event/0102/heap", "垃圾没人收");
        story.tell("zhao is community_worker at 华炉社区\n zhao opens it");
        let body = story.at("zhao").page().body();
        let offers = |number: &str| body.contains(&format!("type=\"radio\" name=\"field_number\" value=\"{number}\""));
        assert!(offers(&older), "{}: nobody has to know its number by heart", town.engine);
        assert!(!offers(&other), "{}: another kind is another thing", town.engine);
        let number = older.clone();
        story.tell(&format!("zhao does merge number={number}\n case is merged"));
        town.verify();
    }
}

#[test]
fn the_page_of_a_report_says_no_word_of_the_counter() {
    for town in Town::each() {
        let mut story = Story::new(&town, 322);
        story.number = reported(&town, "垃圾", "event/0102/heap").0;
        let page = format!("/cases/{}", story.number);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao opens it
             zhao reads 反映人
             zhao reads 发给反映人
             zhao reads 等您的社区接着办",
        );
        let steps = [("zhao", ""), ("zhao", "zhao does file"), ("wu", "zhao does dispatch"), ("wu", "wu opens it")];
        for (who, step) in steps {
            story.tell(step);
            for address in [page.clone(), format!("{page}?lang=en")] {
                let said = counters_words(&story.at(who).open(&address).expect(200));
                assert!(said.is_empty(), "{}: {who} {step} {address}: {said:?}", town.engine);
            }
            drop(story.at(who).open(&format!("{page}?lang=zh")).expect(200));
        }
        // Whose turn it is: for the unit it is its own, for who has it in hand herself, for others the unit's.
        story.tell(
            "wu opens it
             wu reads 等您的单位
             wu sends hand to=me
             wu opens it
             wu reads 等您办
             zhao opens it
             zhao reads 等承办单位",
        );
        town.verify();
    }
}
