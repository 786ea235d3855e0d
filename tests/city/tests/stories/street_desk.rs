//! These stories are about what whoever works on a report has before her: its photos on its own page, work that is
//! handed in with its photos in one form, and lists that tell one report from another before it is opened.

use crate::photos::{number_of, on, only_photo, picture, png, shelf, with_photos};
use crate::street::{before_sending, last};
use city_stories::{Browser, PICTURE, Resident, Story, Town, code_on};
use lianglin::demonstration::Seed;
use std::collections::BTreeSet;
use testkit::{Form, Reply};

const PLACE: &str = "华炉社区";
const WORDS: &str = "三单元门口，从昨天起";
const TELEPHONE: &str = "13800000341";
/// How the condition that is reported and its place stand in lists.
const ABOUT: &str = "垃圾成堆、满溢 · 华炉社区 · 大北街道";

/// Somebody reports a heap with a photo. Returns the receipt.
fn with_photo(she: &mut Browser) -> Reply {
    let page = with_photos(she, &[PICTURE]);
    she.submit(on(&page, "send").set("words", WORDS).set("telephone", TELEPHONE)).expect(200)
}

/// A report with a photo that was sent out to a unit.
fn sent_out(town: &Town, seed: u64) -> Story<'_> {
    let (mut story, mut she) = (Story::new(town, seed), town.visitor());
    let receipt = with_photo(&mut she);
    (story.number, story.code) = (number_of(&receipt), code_on(&receipt));
    story.tell(
        "zhao is community_worker at 华炉社区
         wu is district_handler at 大东区 for sanitation
         zhao does file
         zhao does dispatch",
    );
    town.clock.plus_seconds(60);
    story
}

/// What the photos of a report show, as it was said.
fn shown(town: &Town, number: &str) -> BTreeSet<String> {
    let (cases, number) = (town.city.cases.clone(), number.to_owned());
    let read = town.store().read_blocking(move |tx| {
        let key = cases.known_number(tx, &number)?.key();
        Ok::<_, hall::Fault>(grid::records::photo::of_case(tx, key.district, key.id)?)
    });
    read.unwrap().into_iter().map(|photo| photo.shows.unwrap_or_default()).collect()
}

/// A worker says on the page of a case why she looks at its photos.
fn says_why(worker: &mut Browser, case: &str) -> Reply {
    let why = worker.open(case).expect(200).form(&format!("{case}/photos/open"));
    worker.submit(why.set("purpose", "handling")).expect(200)
}

#[test]
fn the_page_of_a_report_shows_its_photos_to_whoever_said_why_she_looks() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 341), town.visitor());
        story.number = number_of(&with_photo(&mut she));
        story.tell("zhao is community_worker at 华炉社区");
        let (case, (_, id)) = (format!("/cases/{}", story.number), only_photo(&town, &story.number));
        let square = format!("{case}/photos/{id}");
        let zhao = story.at("zhao");
        let page = zhao.open(&case).expect(200);
        assert!(page.words().contains("处置前 · 2026年11月23日"), "{}: {}", town.engine, page.words());
        assert!(!page.body().contains(&square), "{}: a purpose first", town.engine);
        let before = town.counts().looks;
        let page = says_why(zhao, &case);
        assert_eq!(page.address, case, "{}: she stays on the page of the case", town.engine);
        assert!(page.body().contains(&format!("src=\"{square}\"")), "{}: {}", town.engine, page.body());
        assert!(page.forms().iter().all(|form| !form.action.ends_with("/photos/open")), "she said it");
        drop(zhao.get(&square).expect(200));
        assert_eq!(town.counts().looks, before + 1, "{}: the look is written down", town.engine);
        let mut leader = town.staff("pictures.chief", "secretary_community", &town.named(PLACE), None);
        let page = leader.open(&case).expect(200);
        assert!(!page.body().contains("id=\"pictures\""), "{}: who may not look sees none", town.engine);
        let mut other = town.staff("pictures.other", "community_worker", &town.named(PLACE), None);
        assert!(!other.open(&case).expect(200).body().contains(&square), "{}: each says it herself", town.engine);
        town.verify();
    }
}

#[test]
fn photos_open_with_one_tap_where_the_work_is_done() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 348), town.visitor());
        story.number = number_of(&with_photo(&mut she));
        story.tell(
            "zhao is community_worker at 华炉社区
             qian is community_worker at 华炉社区",
        );
        let (case, (_, id)) = (format!("/cases/{}", story.number), only_photo(&town, &story.number));
        for (who, from) in [("zhao", "/field"), ("qian", case.as_str())] {
            let before = town.counts().looks;
            let worker = story.at(who);
            let form = worker.open(from).expect(200).form(&format!("{case}/photos/open"));
            assert_eq!(form.get("purpose"), Some("handling"), "{}: {from}: nothing is left to choose", town.engine);
            let page = worker.submit(form).expect(200);
            assert_eq!(page.address, case, "{}: {from}", town.engine);
            let square = format!("{case}/photos/{id}");
            assert!(page.body().contains(&format!("src=\"{square}\"")), "{}: {from}: {}", town.engine, page.body());
            drop(worker.get(&square).expect(200));
            assert_eq!(town.counts().looks, before + 1, "{}: {from}: the look is written down", town.engine);
        }
        town.verify();
    }
}

#[test]
fn work_is_handed_in_with_its_photos_in_one_form() {
    for town in Town::each() {
        let mut story = sent_out(&town, 342);
        let case = format!("/cases/{}", story.number);
        let wu = story.at("wu");
        drop(wu.open(&case).expect(200));
        let form = wu.offered("handle").unwrap();
        assert!(["photo_before", "photo_after"].iter().all(|field| form.offers.iter().any(|known| known == field)));
        let form = form.set("field_report", "清走了");
        let refused = wu.uploads(&form, &[("photo_after", "a.jpg", b"MZ\x90 program")]).expect(422);
        assert!(refused.words().contains("不是照片"), "{}: {}", town.engine, refused.words());
        let again = refused.forms().into_iter().find(|form| form.get("action") == Some("handle")).unwrap();
        assert_eq!(again.get("field_report"), Some("清走了"), "{}: what was typed stays", town.engine);
        let pictures: Vec<Vec<u8>> = (0..7).map(picture).collect();
        let many: Vec<(&str, &str, &[u8])> =
            pictures.iter().map(|one| ("photo_after", "a.png", one.as_slice())).collect();
        let refused = wu.uploads(&form, &many).expect(422);
        assert!(refused.words().contains("最多 6 张"), "{}: {}", town.engine, refused.words());
        assert_eq!(shelf(&town).len(), 1, "{}: nothing of it is kept", town.engine);
        let files = [("photo_before", "a.png", &*pictures[3]), ("photo_after", "b.png", &*pictures[4])];
        drop(wu.uploads(&form.clone().set("field_report", ""), &files[..1]).expect(422));
        assert_eq!(shelf(&town).len(), 2, "{}: its photo is there, and need not be sent again", town.engine);
        story.tell("case is handling");
        let wu = story.at("wu");
        drop(wu.open(&case).expect(200));
        let form = wu.offered("handle").unwrap().set("field_report", "清走了");
        for _ in 0..2 {
            let done = wu.uploads(&form, &files).expect(200);
            assert_eq!(done.address.split('?').next(), Some(case.as_str()), "{}", done.words());
        }
        story.tell("case is handled");
        let box_of = format!("value=\"{}\" form=\"bulk\"", story.number);
        let queue = story.at("zhao").open("/queue").expect(200).body();
        assert!(queue.contains(&story.number), "{}: she checks it next: {queue}", town.engine);
        assert!(!queue.contains(&box_of), "{}: but it is in the unit's hands: {queue}", town.engine);
        let said: BTreeSet<String> = ["", "after", "before"].map(str::to_owned).into();
        assert_eq!(shown(&town, &story.number), said, "{}: each says what it shows", town.engine);
        assert_eq!(shelf(&town).len(), 4, "{}: sent twice, there once", town.engine);
        let page = says_why(story.at("zhao"), &case);
        assert!(
            page.words().contains("处置后 · 2026年11月23日"),
            "{}: before it is checked: {}",
            town.engine,
            page.words()
        );
        story.tell("zhao does verify checked=there");
        town.verify();
    }
}

#[test]
fn photos_sent_from_a_page_that_is_older_than_the_work_are_not_kept() {
    for town in Town::each() {
        let mut story = sent_out(&town, 345);
        let address = format!("/cases/{}", story.number);
        drop(story.at("wu").open(&address).expect(200));
        let old = story.at("wu").offered("handle").unwrap().set("field_report", "清走了");
        let kept = shelf(&town).len();
        for (steps, why) in [
            (
                "wu does handle report=清了一半 no_photo=相机坏了
                 zhao does send_back reason=还有一堆
                 case is handling",
                "这件又办了别的步骤",
            ),
            ("wu does handle report=清完了 no_photo=相机坏了\n case is handled", "不能办"),
        ] {
            story.tell(steps);
            let before = story.case();
            let refused = story.at("wu").uploads(&old, &[("photo_after", "a.png", &picture(3))]).expect(422);
            let told = refused.words();
            let is_told = told.contains(why) && refused.body().contains("清走了");
            assert!(is_told, "{}: {why}, and what she had written: {told}", town.engine);
            assert_eq!((shelf(&town).len(), story.case()), (kept, before), "{}: nothing was done", town.engine);
        }
        town.verify();
    }
}

#[test]
fn the_words_of_a_photo_say_before_and_after_to_whoever_reported_it_and_her_receipt_shows_her_own() {
    for town in Town::each() {
        let (mut she, mut story) = (town.visitor(), Story::new(&town, 343));
        let receipt = with_photo(&mut she);
        (story.number, story.code) = (number_of(&receipt), code_on(&receipt));
        let (_, id) = only_photo(&town, &story.number);
        let own = format!("/follow/{}/photos/{id}", story.number);
        assert!(receipt.links().contains(&own), "{}: {:?}", town.engine, receipt.links());
        let body = receipt.body();
        let (fold, loaded) = (body.find("看您送来的照片（1 张）"), body.find(&format!("<img src=\"{own}?small=1\"")));
        assert!(fold.is_some() && fold < loaded, "{}: it loads once she opens it: {body}", town.engine);
        drop(she.get(&own).expect(200));
        assert_eq!(town.visitor().get(&own).status, 404, "{}: with her code alone", town.engine);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch",
        );
        let receipt = format!("/receipt/{}", story.number);
        let seen = story.at("zhao").open(&receipt).expect(200);
        assert!(!seen.body().contains("/photos/"), "{}: staff look at the case", town.engine);
        town.clock.plus_seconds(60);
        let case = format!("/cases/{}", story.number);
        let wu = story.at("wu");
        drop(wu.open(&case).expect(200));
        let form = wu.offered("handle").unwrap().set("field_report", "清走了");
        let (before, after) = (picture(3), picture(4));
        drop(wu.uploads(&form, &[("photo_before", "a.png", &before), ("photo_after", "b.png", &after)]).expect(200));
        story.tell("zhao does verify checked=there");
        let told = she.open(&format!("/follow/{}", story.number)).expect(200).words();
        for part in ["您反映时拍的", "处置前 · 2026年11月23日", "处置后 · 2026年11月23日"] {
            assert!(told.contains(part), "{}: {part}: {told}", town.engine);
        }
        town.verify();
    }
}

/// A picture of so many points, all of one colour.
fn large(width: u32, height: u32) -> Vec<u8> {
    let row = [vec![0_u8], [200_u8, 40, 40].repeat(usize::try_from(width).unwrap())].concat();
    let points = row.repeat(usize::try_from(height).unwrap());
    let mut packing = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packing, &points).unwrap();
    png(width, height, &packing.finish().unwrap())
}

#[test]
fn a_list_of_photos_loads_small_ones_that_lead_to_the_whole() {
    for town in Town::each() {
        let mut she = town.visitor();
        let photo = large(640, 480);
        let page = with_photos(&mut she, &[photo.as_slice()]);
        let number = number_of(&she.submit(on(&page, "send")).expect(200));
        let (_, id) = only_photo(&town, &number);
        let own = format!("/follow/{number}/photos/{id}");
        let small = format!("{own}?small=1");
        let followed = she.open(&format!("/follow/{number}")).expect(200);
        assert!(followed.links().contains(&own), "{}: {:?}", town.engine, followed.links());
        assert!(followed.body().contains(&format!("<img src=\"{small}\"")), "{}: {}", town.engine, followed.body());
        let (whole, less) = (she.get(&own).expect(200), she.get(&small).expect(200));
        assert_eq!(less.header("content-type"), Some("image/jpeg"));
        let (most, least) = (whole.bytes.len(), less.bytes.len());
        assert!(least < most, "{}: {least} of {most} bytes", town.engine);
        assert_eq!(town.visitor().get(&small).status, 404, "{}: with her code alone", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_is_called_a_report_and_its_receipt_says_what_was_wrong() {
    for town in Town::each() {
        let mut story = sent_out(&town, 349);
        let number = story.number.clone();
        let receipt = story.at("zhao").open(&format!("/receipt/{number}")).expect(200).words();
        assert!(receipt.contains("情况 垃圾成堆、满溢"), "{}: the condition: {receipt}", town.engine);
        town.tells();
        let queue = story.at("wu").open("/queue").expect(200).words();
        assert!(queue.contains(&format!("反映 {number} 到了这一步")), "{}: {queue}", town.engine);
        assert!(!queue.contains(&format!("办件 {number}")), "{}: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn lists_say_the_condition_the_place_and_who_handles_and_nothing_of_a_person() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 344), town.visitor());
        story.number = number_of(&with_photo(&mut she));
        story.tell("zhao is community_worker at 华炉社区");
        let zhao = story.at("zhao");
        let found = format!("/search?q={PLACE}");
        for list in ["/queue", found.as_str()] {
            let page = zhao.open(list).expect(200);
            let words = page.words();
            assert!(words.contains(ABOUT), "{}: {list}: {words}", town.engine);
            assert!(words.contains("由谁办") && !words.contains("由谁决定"), "{}: {list}: {words}", town.engine);
            assert!(!words.contains("三单元") && !page.body().contains(TELEPHONE), "{}: {list}", town.engine);
            assert!(!page.body().contains("申请人</th>"), "{}: {list}: nobody applied: {words}", town.engine);
        }
        let work = zhao.open("/report/work?list=look").expect(200).words();
        assert!(work.contains("暴露垃圾 · 垃圾成堆、满溢"), "{}: {work}", town.engine);
        // Beside matters of the counter the heading fits both; on a phone each row says its own.
        let who = Resident::next(&mut Seed::new(344));
        drop(zhao.takes(&town, "MZ-11", &who, &town.named(PLACE)));
        let page = zhao.open(&found).expect(200);
        assert!(page.words().contains("由谁办或决定"), "{}: {}", town.engine, page.words());
        for label in ["data-label=\"由谁办\"", "data-label=\"由谁决定\"", "申请人</th>", "data-label=\"申请人\"></td>"]
        {
            assert!(page.body().contains(label), "{}: {label}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn the_queue_says_that_what_waits_for_others_comes_last() {
    for town in Town::each() {
        let mut asked = sent_out(&town, 351);
        asked.tell("wu does ask_reporter question=是几号楼\n case is queried");
        let other = sent_out(&town, 352);
        let queue = asked.at("wu").open("/queue").expect(200).words();
        assert!(queue.contains("该这边办的排在前面，等别人的排在后面"), "{}: {queue}", town.engine);
        let places = [other.number.as_str(), asked.number.as_str()].map(|number| queue.find(number));
        assert!(places[0].is_some() && places[0] < places[1], "{}: {places:?}: {queue}", town.engine);
        town.verify();
    }
}

#[test]
fn each_step_of_a_unit_says_what_it_does_and_who_is_asked_next() {
    for town in Town::each() {
        let mut story = sent_out(&town, 350);
        let case = format!("/cases/{}", story.number);
        let page = story.at("wu").open(&case).expect(200);
        let (body, words) = (page.body(), page.words());
        for told in ["退给派遣的社区", "由上一级裁定", "由派遣的社区批准", "只问别的单位的意见", "整件交给别的单位"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let stands = |step: &str| body.find(&format!("id=\"step-{step}\""));
        let places = ["handle", "ask_reporter", "ask_time", "not_ours"].map(stands);
        let all_there = places.iter().all(Option::is_some);
        assert!(all_there && places.is_sorted(), "{}: the usual step stands first: {places:?}", town.engine);
        town.verify();
    }
}

/// The form that joins a report to another, and the words of its page.
fn joining(worker: &mut Browser, number: &str) -> (Form, String) {
    let page = worker.open(&format!("/cases/{number}")).expect(200);
    (worker.offered("merge").unwrap(), page.words())
}

#[test]
fn whoever_joins_two_reports_reads_beside_each_offer_what_was_said() {
    for town in Town::each() {
        let mut story = Story::new(&town, 345);
        let reported = |words: &str| {
            let mut she = town.visitor();
            let page = before_sending(&mut she, "楼下垃圾没人收", "event/0102/heap");
            number_of(&she.submit(last(&page).set("words", words)).expect(200))
        };
        let (short, long) = (reported(WORDS), reported(&"长".repeat(90)));
        story.tell("zhao is community_worker at 华炉社区");
        let (form, words) = joining(story.at("zhao"), &long);
        assert!(form.offers.iter().any(|field| field == "field_number"), "{}", town.engine);
        assert!(words.contains("反映人说：楼下垃圾没人收") && words.contains(WORDS), "{}: {words}", town.engine);
        let (_, words) = joining(story.at("zhao"), &short);
        let begins = "长".repeat(52);
        assert!(words.contains(&format!("{begins}…")), "{}: its beginning: {words}", town.engine);
        assert!(!words.contains(&format!("{begins}长")), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn months_in_which_a_figure_was_counted_otherwise_say_so() {
    for town in Town::each() {
        let mut story = Story::new(&town, 346);
        story.tell("zhao is community_worker at 华炉社区");
        let told = "从2026年12月起才这样算";
        let [answered, filed] = ["grid.answered", "grid.filed"].map(|code| town.opens(&town.named(PLACE), code));
        let zhao = story.at("zhao");
        for (address, anew) in [("/report/figures", true), (answered.as_str(), true), (filed.as_str(), false)] {
            let words = zhao.open(address).expect(200).words();
            assert_eq!(words.contains(told), anew, "{}: {address}: {words}", town.engine);
        }
        let english = zhao.open("/report/figures?lang=en").expect(200).words();
        assert!(english.contains("has been counted this way since December 2026"), "{english}");
        story.tell("it is 2026-12-10 10:00");
        let zhao = story.at("zhao");
        for (address, anew) in [("/report/figures?lang=zh", false), ("/report/figures?month=2026-11", true)] {
            let words = zhao.open(address).expect(200).words();
            assert_eq!(words.contains(told), anew, "{}: {address}: {words}", town.engine);
        }
    }
}

#[test]
fn whoever_works_through_a_list_comes_back_to_it_and_goes_on_to_the_next_one() {
    for town in Town::each() {
        let mut story = Story::new(&town, 347);
        let reported = |what: &str| {
            let mut she = town.visitor();
            let page = before_sending(&mut she, what, "event/0102/heap");
            number_of(&she.submit(last(&page)).expect(200))
        };
        let (first, second) = (reported("楼下垃圾没人收"), reported("路口垃圾没人收"));
        story.tell("zhao is community_worker at 华炉社区");
        let (zhao, list) = (story.at("zhao"), "/report/work?list=look");
        let opened = zhao.open(&format!("/cases/{first}?from=%2Freport%2Fwork%3Flist%3Dlook")).expect(200);
        assert!(opened.links().contains(&list.to_owned()), "{}: {:?}", town.engine, opened.links());
        let form = zhao.offered("file").unwrap();
        assert_eq!(form.get("_list"), Some(list), "{}: its forms know the list", town.engine);
        let filed = zhao.submit(form).expect(200);
        assert!(filed.links().contains(&list.to_owned()), "{}: {:?}", town.engine, filed.links());
        assert!(filed.words().contains("回到清单"), "{}: {}", town.engine, filed.words());
        let next = filed.links().into_iter().find(|link| link.contains("next=")).unwrap();
        let page = zhao.open(&next).expect(200);
        assert!(page.address.starts_with(&format!("/cases/{second}?from=")), "{}: {}", town.engine, page.address);
        drop(zhao.submit(zhao.offered("file").unwrap()).expect(200));
        let next = zhao.page().links().into_iter().find(|link| link.contains("next=")).unwrap();
        let empty = zhao.open(&next).expect(200);
        assert!(empty.words().contains("现在没有"), "{}: {}", town.engine, empty.words());
        let elsewhere = zhao.open(&format!("/cases/{first}?from=https%3A%2F%2Felsewhere.cn%2F")).expect(200);
        assert_eq!(zhao.offered("dispatch").unwrap().get("_list"), None, "{}: {}", town.engine, elsewhere.words());
        town.verify();
    }
}

#[test]
fn the_first_list_in_which_something_waits_is_open_and_figures_of_a_unit_name_it() {
    for town in Town::each() {
        let mut story = sent_out(&town, 348);
        story.tell("wu does ask_time reason=车坏了");
        let case = format!("/cases/{}", story.number);
        let page = story.at("zhao").open("/report/work").expect(200);
        assert!(page.links().contains(&case), "{}: what waits is there at once: {}", town.engine, page.words());
        let figures = story.at("wu").open("/report/figures").expect(200);
        assert!(figures.words().contains("大东区环境卫生"), "{}: {}", town.engine, figures.words());
        town.verify();
    }
}
