//! In these stories photos come twice: with the same key, in two trays, as proof of work that was not done. Nothing is
//! lost in silence, nothing counts twice, and nothing stays without end.

use crate::photos::{number_of, offered, on, only_photo, picture, shelf, with_photos};
use city_stories::{Story, Town, code_on};
use testkit::Reply;

const PLACE: &str = "华炉社区";
/// The seconds after which photos are cleared away whose report was not sent.
const TRAY_SECONDS: i64 = 2 * 3_600 + 1;

/// A resident reports without photos.
fn reported(town: &Town, seed: u64) -> Story<'_> {
    let (mut story, mut she) = (Story::new(town, seed), town.visitor());
    let form = on(&with_photos(&mut she, &[]), "send");
    story.number = number_of(&she.submit(form).expect(200));
    story
}

/// Somebody who works on a report adds pictures of these colours.
fn adds(story: &mut Story<'_>, who: &str, colours: &[u8]) -> Reply {
    let (photos, add) = (format!("/cases/{}/photos", story.number), format!("/cases/{}/photos/add", story.number));
    let form = story.at(who).open(&photos).expect(200).form(&add);
    let pictures: Vec<Vec<u8>> = colours.iter().map(|colour| picture(*colour)).collect();
    let files: Vec<(&str, &str, &[u8])> = pictures.iter().map(|one| ("photo", "a.png", one.as_slice())).collect();
    story.at(who).uploads(&form, &files)
}

/// Somebody who works on a report adds a picture of what it was like before.
fn adds_before(story: &mut Story<'_>, who: &str, colour: u8) -> Reply {
    let (photos, add) = (format!("/cases/{}/photos", story.number), format!("/cases/{}/photos/add", story.number));
    let form = story.at(who).open(&photos).expect(200).form(&add).set("shows", "before");
    story.at(who).uploads(&form, &[("photo", "a.png", &picture(colour))])
}

#[test]
fn other_photos_under_the_same_key_are_refused_and_the_same_are_there_once() {
    for town in Town::each() {
        let mut story = reported(&town, 391);
        story.tell("zhao is community_worker at 华炉社区");
        let (photos, add) = (format!("/cases/{}/photos", story.number), format!("/cases/{}/photos/add", story.number));
        let form = story.at("zhao").open(&photos).expect(200).form(&add);
        drop(story.at("zhao").uploads(&form, &[("photo", "a.png", &picture(3))]).expect(200));
        let other = story.at("zhao").uploads(&form, &[("photo", "a.png", &picture(4))]).expect(422);
        assert!(other.words().contains("内容不一样"), "{}: {}", town.engine, other.words());
        drop(story.at("zhao").uploads(&form, &[("photo", "a.png", &picture(3))]).expect(200));
        assert_eq!(shelf(&town).len(), 1, "{}: sent twice, there once", town.engine);
        town.verify();
    }
}

#[test]
fn the_same_picture_is_one_proof_and_those_from_before_it_was_sent_back_are_none() {
    for town in Town::each_figured(&[("grid.proof_photos", 2)]) {
        let mut story = reported(&town, 392);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch",
        );
        let there = |story: &mut Story<'_>, said: &str, many: usize| {
            story.tell(&format!("wu does not take handle report={said}"));
            let words = story.at("wu").page().words();
            assert!(words.contains(&format!("要有 2 张，现在有 {many} 张")), "{}: {words}", town.engine);
        };
        drop(adds_before(&mut story, "wu", 5).expect(200));
        for _ in 0..2 {
            drop(adds(&mut story, "wu", &[1]).expect(200));
        }
        there(&mut story, "清走了", 1);
        drop(adds(&mut story, "wu", &[2]).expect(200));
        story.tell("wu does handle report=清走了");
        town.clock.plus_seconds(60);
        story.tell("zhao does send_back reason=还有一堆");
        there(&mut story, "又清了一遍", 0);
        drop(adds(&mut story, "wu", &[2, 3]).expect(200));
        there(&mut story, "又清了一遍", 1);
        drop(adds(&mut story, "wu", &[4]).expect(200));
        story.tell(
            "wu does handle report=又清了一遍
             zhao does verify checked=there
             case is asked",
        );
        town.verify();
    }
}

#[test]
fn a_photo_of_before_is_wanted_where_none_came_with_the_report_and_that_is_said_beforehand() {
    for town in Town::each() {
        let mut story = reported(&town, 395);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu opens it
             wu reads 处置后的照片至少要有 1 张
             wu reads 还没有处置前的照片",
        );
        let refused = |story: &mut Story<'_>, why: &str| {
            story.tell("wu does not take handle report=清走了\n case is handling");
            let words = story.at("wu").page().words();
            assert!(words.contains(why), "{}: {words}", town.engine);
        };
        refused(&mut story, "要有 1 张，现在有 0 张");
        drop(adds(&mut story, "wu", &[1]).expect(200));
        refused(&mut story, "还没有处置前的照片，也没有写明为什么没有");
        drop(adds_before(&mut story, "wu", 2).expect(200));
        story.tell(
            "wu does handle report=清走了
             zhao does verify checked=there
             case is asked",
        );
        town.verify();
    }
}

#[test]
fn whoever_checks_reads_that_a_photo_is_missing_before_she_says_that_it_is_done() {
    for town in Town::each() {
        let mut story = reported(&town, 393);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch",
        );
        drop(adds_before(&mut story, "wu", 1).expect(200));
        drop(adds(&mut story, "wu", &[2]).expect(200));
        story.tell(
            "wu does handle report=清走了
             zhao opens it
             zhao does not read 处置照片要有 1 张",
        );
        // The photos of the work are gone, as where their record was erased.
        let (cases, number) = (town.city.cases.clone(), story.number.clone());
        let gone = town.store().write_blocking(move |tx| {
            let key = cases.known_number(tx, &number)?.key();
            for record in grid::records::photo::own_records(tx, key.district, key.id)? {
                grid::records::photo::forget(tx, key.district, record)?;
            }
            Ok::<_, hall::Fault>(())
        });
        gone.unwrap();
        story.tell(
            "zhao opens it
             zhao reads 处置照片要有 1 张，现在有 0 张
             zhao does not take verify checked=there
             case is handled",
        );
        town.verify();
    }
}

#[test]
fn without_a_photo_work_passes_only_with_the_reason_which_the_checker_and_the_reporter_read() {
    for town in Town::each() {
        let (mut story, mut she) = (Story::new(&town, 397), town.visitor());
        let form = on(&with_photos(&mut she, &[]), "send").set("telephone", "13800000397");
        let sent = she.submit(form).expect(200);
        (story.number, story.code) = (number_of(&sent), code_on(&sent));
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu opens it
             wu reads 实在没有照片的，写明为什么没有
             wu does not take handle report=清走了",
        );
        let words = story.at("wu").page().words();
        assert!(words.contains("也没有写明为什么没有"), "{}: {words}", town.engine);
        story.tell(&format!(
            "wu does not take handle report=又看了 no_photo={}
             wu does handle report=又看了 no_photo=夜里断电拍不了
             zhao opens it
             zhao reads 没有照片的原因
             zhao reads 夜里断电拍不了
             zhao does not take verify
             zhao does verify checked=called
             case is asked
             zhao reads 打电话问了反映人",
            "长".repeat(101)
        ));
        let told = she.follows_with(&story.number, &story.code).expect(200).words();
        for part in ["没有照片的原因", "夜里断电拍不了", "打电话问了反映人"] {
            assert!(told.contains(part), "{}: {part}: {told}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn of_what_the_catalogue_asks_no_photo_words_are_proof_enough() {
    for town in Town::each() {
        let mut story = Story::new(&town, 396);
        story.number = crate::street_work::reported(&town, "有人搭棚子", "event/0101/building").0;
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is street_handler at 大北街道 for street
             zhao does file
             zhao does dispatch
             wu opens it
             wu does not read 处置后的照片至少要有
             wu does handle report=拆了
             zhao does verify checked=there
             case is asked",
        );
        town.verify();
    }
}

#[test]
fn photos_that_come_to_an_emptied_tray_are_cleared_away_too() {
    for town in Town::each() {
        let mut she = town.visitor();
        let page = with_photos(&mut she, &[&picture(1)]);
        let old = on(&page, "send");
        for colour in [2, 3] {
            town.clock.plus_seconds(TRAY_SECONDS);
            assert_eq!(town.hears(), 1, "{}", town.engine);
            assert!(shelf(&town).is_empty(), "{}: cleared away", town.engine);
            // She comes back to a form whose slip is old.
            let again = she.uploads(&old.clone().set("add", "1"), &[("photo", "a.png", &picture(colour))]).expect(200);
            assert!(again.words().contains("已带 1 张照片"), "{}", again.words());
            assert_eq!(shelf(&town).len(), 1, "{}", town.engine);
        }
        town.clock.plus_seconds(TRAY_SECONDS);
        assert_eq!(town.hears(), 1);
        assert!(shelf(&town).is_empty(), "{}: nothing stays without end", town.engine);
    }
}

#[test]
fn a_report_that_is_sent_again_takes_no_more_photos() {
    for town in Town::each() {
        let mut story = Story::new(&town, 394);
        let mut she = town.visitor();
        let form = on(&with_photos(&mut she, &[&picture(1)]), "send");
        story.number = number_of(&she.submit(form.clone()).expect(200));
        let same = she.uploads(&form, &[("photo", "a.png", &picture(1))]).expect(200);
        assert_eq!(number_of(&same), story.number, "{}: the same picture again", town.engine);
        let other = she.uploads(&form, &[("photo", "a.png", &picture(2))]).expect(422);
        assert!(other.words().contains("内容不一样"), "{}: {}", town.engine, other.words());
        story.tell("zhao is community_worker at 华炉社区");
        let photos = format!("/cases/{}/photos", story.number);
        let page = story.at("zhao").open(&photos).expect(200);
        assert!(page.words().contains("第 1 张") && !page.words().contains("第 2 张"), "{}", page.words());
        town.verify();
    }
}

#[test]
fn reports_that_nobody_else_may_see_do_not_hide_those_that_they_may() {
    for town in Town::each() {
        let mut she = town.visitor();
        let ready = on(&with_photos(&mut she, &[]), "send");
        drop(she.submit(ready).expect(200));
        for _ in 0..5 {
            town.clock.plus_seconds(1);
            let hidden = on(&with_photos(&mut she, &[]), "send").set("hidden", "1");
            drop(she.submit(hidden).expect(200));
        }
        let page = with_photos(&mut town.visitor(), &[]);
        assert!(page.words().contains("是同一件吗") && page.words().contains(PLACE), "{}", page.words());
        assert!(!page.words().contains("张照片一起交过去"), "{}: she brought none: {}", town.engine, page.words());
    }
}

#[test]
fn the_photo_of_whoever_joins_a_report_goes_along_and_is_erased_with_her_code() {
    for town in Town::each() {
        let (mut story, mut she, mut he) = (Story::new(&town, 398), town.visitor(), town.visitor());
        let form = on(&with_photos(&mut she, &[]), "send");
        story.number = number_of(&she.submit(form).expect(200));
        story.tell("zhao is community_worker at 华炉社区");
        let page = with_photos(&mut he, &[&picture(1)]);
        let words = page.words();
        let (told, join) = (words.find("您带的 1 张照片一起交过去"), words.find("就是这件，我也遇到了"));
        assert!(told.is_some() && told < join, "{}: {words}", town.engine);
        let people = town.counts().people;
        let form = on(&page, "near").set("join", &offered(&page));
        let joined = he.send(form.clone()).expect(200);
        for page in [&joined, &he.send(form).expect(200)] {
            assert!(page.words().contains("您的 1 张照片交给了办的人"), "{}: {}", town.engine, page.words());
            assert!(page.words().contains("查询码"), "{}: she can have it erased: {}", town.engine, page.words());
        }
        assert_eq!(town.counts().people, people + 1, "{}: under a record of her own, once", town.engine);
        let (_, id) = only_photo(&town, &story.number);
        let photos = format!("/cases/{}/photos", story.number);
        let words = story.at("zhao").open(&photos).expect(200).words();
        assert!(words.contains("也遇到的人送来"), "{}: {words}", town.engine);
        let hers = format!("/follow/{}/photos/{id}", story.number);
        assert_eq!(she.get(&hers).status, 404, "{}: others sent it in", town.engine);
        let read = he.submit(joined.form("/report/heard")).expect(200);
        let stop = city_stories::chosen(read.form("/report/heard"), "stop", "1");
        drop(he.submit(stop).expect(200));
        let words = story.at("zhao").open(&photos).expect(200).words();
        assert!(words.contains("没有照片"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn what_somebody_photographed_who_joined_after_the_work_began_shows_nothing_from_before() {
    for town in Town::each() {
        let mut story = reported(&town, 399);
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch",
        );
        town.clock.plus_seconds(60);
        let mut he = town.visitor();
        let page = with_photos(&mut he, &[&picture(1)]);
        drop(he.send(on(&page, "near").set("join", &offered(&page))).expect(200));
        drop(adds(&mut story, "wu", &[2]).expect(200));
        story.tell("wu does not take handle report=清走了");
        let words = story.at("wu").page().words();
        assert!(words.contains("还没有处置前的照片，也没有写明"), "{}: {words}", town.engine);
        town.verify();
    }
}
