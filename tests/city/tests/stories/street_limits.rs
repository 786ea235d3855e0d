//! These stories are about the limits of a report's time: more of it is given at most twice and never once it is over,
//! and what is put off is put off once, for a year at most, and goes on by itself.

use crate::field::tasks;
use crate::street::worked_on;
use crate::street_work::reported;
use cases::actions::FIRST;
use city_stories::{Story, Town};

/// How many steps the platform takes by itself at once in these stories.
const MOST: i64 = 100;

/// Tries a step that is offered and refused, and reads why.
fn refused(story: &mut Story<'_>, who: &str, step: &str, why: &str) {
    story.tell(&format!("{who} does not take {step}"));
    let words = story.at(who).page().words();
    assert!(words.contains(why), "{}: {step}: {words}", story.town.engine);
}

/// Looks for a step that cannot be taken, is not offered it, and reads why.
fn not_offered(story: &mut Story<'_>, who: &str, step: &str, why: &str) {
    story.tell(&format!("{who} opens it"));
    let (engine, words) = (story.town.engine, story.at(who).page().words());
    assert!(story.at(who).offered(step).is_none(), "{engine}: {step}: {words}");
    assert!(words.contains("不能再延期") && words.contains(why), "{engine}: {step}: {words}");
}

/// The platform takes the steps that are due now.
fn passes(town: &Town) {
    let (desk, now) = (town.city.cases.clone(), town.clock.now());
    let taken = town.store().write_blocking(move |tx| desk.take_by_itself(tx, FIRST, MOST, now));
    taken.unwrap();
}

#[test]
fn a_report_is_given_more_time_twice_and_what_was_not_granted_does_not_count() {
    for town in Town::each() {
        let mut story = worked_on(&town, 397);
        story.tell(
            "wu does ask_time reason=车坏了
             case is asking_time
             zhao does prolong reason=等车修好
             wu does ask_time reason=还没修好
             zhao does refuse_time reason=先借一辆
             wu does ask_time reason=借不到
             zhao does prolong reason=等到明天
             case is handling",
        );
        let given = story.case().clock("handle").map(|clock| clock.extensions);
        assert_eq!(given, Some(2), "{}: what was refused does not count", town.engine);
        not_offered(&mut story, "wu", "ask_time", "最多延期 2 次，已经用完");
        story.tell("case is handling");
        town.verify();
    }
}

#[test]
fn a_report_that_is_late_is_given_no_more_time_also_where_it_was_asked_for_before() {
    for town in Town::each() {
        let mut story = worked_on(&town, 398);
        story.tell("wu does ask_time reason=车坏了");
        story.tell("it is 2026-11-24 10:00");
        not_offered(&mut story, "zhao", "prolong", "已经超期，不能再延期");
        story.tell(
            "case is asking_time
             zhao does refuse_time reason=已经过了
             case is handling",
        );
        not_offered(&mut story, "wu", "ask_time", "已经超期，不能再延期");
        let given = story.case().clock("handle").map(|clock| clock.extensions);
        assert_eq!(given, Some(0), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_report_is_put_off_once_for_a_year_at_most_and_goes_on_by_itself() {
    for town in Town::each() {
        let mut story = worked_on(&town, 399);
        story.tell("wu does not take ask_shelve until=2026-11-23 reason=等料");
        refused(&mut story, "wu", "ask_shelve until=2027-11-24 reason=等料", "之间");
        story.tell(
            "wu does ask_shelve until=2026-12-02 reason=等料
             case is asking_to_shelve
             zhao does shelve reason=等料
             case is shelved",
        );
        let words = town.visitor().follows_with(&story.number, &story.code).expect(200).words();
        assert!(words.contains("先放一放") && words.contains("到12月2日接着办"), "{}: {words}", town.engine);
        assert!(!words.contains("时限暂停"), "{}: nothing of the office's own clock: {words}", town.engine);
        story.tell("it is 2026-12-02 23:59");
        passes(&town);
        story.tell(
            "case is shelved
             it is 2026-12-03 00:01",
        );
        passes(&town);
        story.tell(
            "case is handling
             wu opens it
             wu may not ask_shelve",
        );
        let due = story.case().deadline("handle", &town.city.hall.calendar(), town.clock.now());
        let due = due.map(|due| due.due_on.to_string());
        assert!(due.is_some_and(|due| due.as_str() >= "2026-12-03"), "{}: the time stood still", town.engine);
        town.verify();
        town.recount();
    }
}

#[test]
fn a_report_may_be_put_off_until_the_last_day_of_the_year_behind_today() {
    for town in Town::each() {
        let mut story = worked_on(&town, 400);
        story.tell(
            "wu does ask_shelve until=2027-11-23 reason=等大修
             zhao does shelve reason=等大修
             case is shelved
             wu does wake_now
             case is handling
             wu opens it
             wu may not ask_shelve",
        );
        town.verify();
    }
}

#[test]
fn nobody_stops_her_own_clock_and_who_sent_it_out_finds_what_she_is_asked() {
    for town in Town::each() {
        let mut story = worked_on(&town, 401);
        story.tell(
            "wu opens it
             wu may not shelve
             wu does ask_shelve until=2026-12-20 reason=等吊车
             case is asking_to_shelve
             wu opens it
             wu may not shelve
             wu may not refuse_shelve
             zhao finds it in /report/work?list=shelve
             zhao opens it
             zhao reads 申请挂账
             zhao reads 等吊车",
        );
        let runs = story.case().clock("handle").is_some_and(|clock| !clock.stands());
        assert!(runs, "{}: her time runs while nobody agreed", town.engine);
        let form = story.at("zhao").offered("shelve").unwrap();
        assert_eq!(form.get("field_until"), Some("2026-12-20"), "{}: the day that was asked for", town.engine);
        story.tell(
            "zhao does refuse_shelve reason=吊车明天就有
             case is handling
             zhao misses it in /report/work?list=shelve
             wu opens it
             wu reads 吊车明天就有
             wu does ask_shelve until=2026-12-20 reason=没有来
             zhao does shelve until=2026-12-05 reason=再等几天
             case is shelved
             wu opens it
             wu reads 等到2026年12月5日",
        );
        town.verify();
    }
}

#[test]
fn nobody_of_the_unit_decides_what_the_unit_asks_for() {
    for town in Town::each() {
        let mut story = worked_on(&town, 402);
        story.tell(
            "hu is district_handler at 大东区 for sanitation
             wu does ask_time reason=车坏了
             hu opens it
             hu may not prolong
             hu may not refuse_time
             zhao does refuse_time reason=先借一辆
             wu does ask_desk question=哪个口进
             hu opens it
             hu may not tell_unit
             zhao does tell_unit answer=东口
             wu does ask_shelve until=2026-12-20 reason=等吊车
             hu opens it
             hu may not shelve
             hu may not refuse_shelve
             zhao does refuse_shelve reason=吊车明天就有
             wu does handle report=清走了 no_photo=相机坏了
             hu opens it
             hu may not verify
             hu may not send_back
             zhao does verify checked=there
             case is asked",
        );
        town.verify();
    }
}

/// Reads how many are late and how many near above a list.
fn numbers(story: &mut Story<'_>, who: &str, list: &str, late: u32, near: u32) {
    let words = story.at(who).open(list).expect(200).words();
    for told in [format!("{late} 已超期"), format!("{near} 快到期")] {
        assert!(words.contains(&told), "{}: {who} at {list}: {told}: {words}", story.town.engine);
    }
}

#[test]
fn what_is_due_at_a_moment_is_late_once_it_has_passed_in_every_list_and_number() {
    for town in Town::each() {
        let mut story = worked_on(&town, 404);
        story.tell(
            "tong is organiser_district at 大东区
             lin is organiser_city at 沈阳市
             wu opens it
             wu reads 今天 15:30 前
             it is 2026-11-23 15:20
             wu finds it in /queue?light=soon
             wu misses it in /queue?light=late
             tong finds it in /supervise?light=soon
             tong misses it in /supervise?light=late",
        );
        for (who, list) in [("wu", "/queue"), ("tong", "/supervise"), ("lin", "/supervise")] {
            numbers(&mut story, who, list, 0, 1);
        }
        story.tell(
            "it is 2026-11-23 15:40
             wu finds it in /queue?light=late
             wu misses it in /queue?light=soon
             tong finds it in /supervise?light=late
             tong misses it in /supervise?light=soon
             lin finds it in /supervise?light=late",
        );
        for (who, list) in [("wu", "/queue"), ("tong", "/supervise"), ("lin", "/supervise")] {
            numbers(&mut story, who, list, 1, 0);
        }
        let groups = story.at("tong").open("/supervise").expect(200).words();
        assert!(groups.contains("1 件，1 件超期"), "{}: {groups}", town.engine);
        let asked = |story: &mut Story<'_>| story.at("tong").open("/supervise/late").expect(200).words();
        let words = asked(&mut story);
        for told in ["现在超期 1 件", "其中 0 件说明了原因，1 件还没有说明"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        story.tell("wu sends explain reason=hands");
        let words = asked(&mut story);
        for told in ["现在超期 1 件", "其中 1 件说明了原因，0 件还没有说明"] {
            assert!(words.contains(told), "{}: said on the same day: {told}: {words}", town.engine);
        }
        town.verify();
        town.recount();
    }
}

#[test]
fn what_went_on_late_without_a_word_is_no_reason_in_any_number_or_list() {
    for town in Town::each() {
        let mut story = worked_on(&town, 412);
        story.tell("tong is organiser_district at 大东区\n it is 2026-11-23 15:40");
        let number = story.number.clone();
        for (said, explained) in [(None, 0), (Some("unsaid"), 0), (Some("hands"), 1)] {
            let (case, day) = (number.clone(), said.map(|_| "2026-11-23"));
            let sql = "update cases_case set late_reason = $1, late_told_on = $2 where number = $3";
            town.store().write_blocking(move |tx| tx.exec(sql, &store::args![said, day, &case]).map(drop)).unwrap();
            let page = story.at("tong").open("/supervise/late").expect(200);
            let (silent, words) = (1 - explained, page.words());
            let told = [
                "现在超期 1 件".to_owned(),
                format!("其中 {explained} 件说明了原因，{silent} 件还没有说明"),
                format!("还没有说明 {silent} {silent}"),
            ];
            for told in told {
                assert!(words.contains(&told), "{}: {said:?}: {told}: {words}", town.engine);
            }
            let is_listed = page.links().contains(&format!("/cases/{number}"));
            assert_eq!(is_listed, explained == 0, "{}: {said:?}: {words}", town.engine);
        }
    }
}

#[test]
fn what_a_desk_is_to_look_at_by_a_moment_is_late_there_once_it_has_passed() {
    for town in Town::each() {
        let mut story = Story::new(&town, 405);
        story.number = reported(&town, "垃圾", "event/0102/heap").0;
        story.tell(
            "zhao is community_worker at 华炉社区
             li is secretary_street at 大北街道
             it is 2026-11-23 11:10",
        );
        for (who, list) in [("zhao", "/queue"), ("li", "/supervise")] {
            numbers(&mut story, who, list, 0, 1);
        }
        story.tell("it is 2026-11-23 12:10");
        for (who, list) in [("zhao", "/queue"), ("li", "/supervise")] {
            numbers(&mut story, who, list, 1, 0);
        }
        story.tell(
            "zhao finds it in /queue?light=late
             zhao misses it in /queue?light=soon
             li finds it in /supervise?light=late
             li misses it in /supervise?light=soon",
        );
        town.verify();
        town.recount();
    }
}

#[test]
fn what_a_unit_asked_for_stays_in_its_list_while_its_time_runs() {
    for town in Town::each() {
        let mut story = worked_on(&town, 406);
        for (ask, state, answer) in [
            ("ask_time reason=车坏了", "处置中，已申请延期", "refuse_time reason=先借一辆"),
            ("ask_desk question=哪个口进", "处置中，问派遣的人一句", "tell_unit answer=东口"),
            ("ask_shelve until=2026-12-20 reason=等吊车", "处置中，已申请挂账", "refuse_shelve reason=吊车明天就有"),
        ] {
            story.tell(&format!(
                "wu does {ask}
                 wu finds it in /queue
                 wu reads 等答复的
                 wu reads {state}
                 wu misses it in /queue?light=stopped
                 zhao finds it in /queue
                 zhao does not read 等答复的
                 zhao does {answer}
                 wu finds it in /queue
                 wu does not read 等答复的"
            ));
        }
        story.tell(
            "wu does not_ours reason=不归我们
             case is disputed
             wu misses it in /queue
             wu does not read 等答复的",
        );
        town.verify();
    }
}

#[test]
fn what_is_due_on_a_day_is_late_once_that_day_is_over_in_the_field_as_in_every_list() {
    for town in Town::each() {
        let mut story = Story::new(&town, 407);
        story.number = reported(&town, "渣土", "event/0103/earth").0;
        story.tell(
            "zhao is community_worker at 华炉社区
             wu is district_handler at 大东区 for sanitation
             zhao does file
             zhao does dispatch
             wu does ask_time reason=车坏了",
        );
        for (moment, late, near, light) in [("2026-11-25 18:00", 0, 1, "soon"), ("2026-11-26 08:00", 1, 0, "late")] {
            story.tell(&format!("it is {moment}"));
            numbers(&mut story, "zhao", "/queue", late, near);
            let number = story.number.clone();
            let list = tasks(story.at("zhao"));
            let task = list["tasks"].as_array().unwrap().iter().find(|task| task["number"] == number.as_str());
            assert_eq!(task.unwrap()["light"][0], light, "{}: {moment}: {list}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn a_desk_that_has_days_to_look_reads_them_in_the_field_as_in_its_list() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook/platform.toml");
    let rules = std::fs::read_to_string(file).unwrap();
    let (before, after) = rules.split_once("code = \"grid.check_hours\"").unwrap();
    let after = after.replacen("urgent_hour", "calendar_day", 1);
    let rules = format!("{before}code = \"grid.check_hours\"{after}");
    for town in Town::each_with(&[("rulebook/platform.toml", rules.as_str())]) {
        let mut story = Story::new(&town, 408);
        story.number = reported(&town, "渣土", "event/0103/earth").0;
        story.tell("zhao is community_worker at 华炉社区");
        for (moment, late, near, light) in [("2026-11-25 18:00", 0, 1, "soon"), ("2026-11-26 08:00", 1, 0, "late")] {
            story.tell(&format!("it is {moment}"));
            numbers(&mut story, "zhao", "/queue", late, near);
            let number = story.number.clone();
            let list = tasks(story.at("zhao"));
            let task = list["tasks"].as_array().unwrap().iter().find(|task| task["number"] == number.as_str());
            assert_eq!(task.unwrap()["light"][0], light, "{}: {moment}: {list}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn the_day_told_to_a_reporter_is_late_once_it_is_over_whatever_the_hour_of_the_unit() {
    for town in Town::each() {
        let mut story = worked_on(&town, 409);
        story.tell("wu opens it\n wu reads 今天 15:30 前");
        for (moment, is_late) in [("2026-11-23 15:40", false), ("2026-11-23 23:50", false), ("2026-11-24 00:10", true)]
        {
            story.tell(&format!("it is {moment}"));
            let words = town.visitor().follows_with(&story.number, &story.code).expect(200).words();
            assert!(words.contains("最迟"), "{}: {moment}: {words}", town.engine);
            assert_eq!(words.contains("还没有办好"), is_late, "{}: {moment}: {words}", town.engine);
            assert_eq!(words.contains("迟了 "), is_late, "{}: {moment}: above it too: {words}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn what_a_unit_waits_for_is_told_page_by_page() {
    for town in Town::each_figured(&[("list.page_size", 2)]) {
        let mut story = Story::new(&town, 411);
        story.tell("zhao is community_worker at 华炉社区\n wu is district_handler at 大东区 for sanitation");
        let mut awaited = Vec::new();
        for what in ["垃圾", "垃圾堆", "一堆垃圾"] {
            story.number = reported(&town, what, "event/0102/heap").0;
            story.tell("zhao does file\n zhao does dispatch\n wu does ask_time reason=车坏了");
            awaited.push(format!("处置中，已申请延期 · {}", story.number));
        }
        let first = story.at("wu").open("/queue").expect(200);
        let on = first.links().into_iter().find(|link| link.contains("awaited=")).unwrap();
        let second = story.at("wu").open(on.split('#').next().unwrap()).expect(200);
        let shown = |words: &str| awaited.iter().filter(|line| words.contains(line.as_str())).count();
        for (page, many, goes_on) in [(&first, 2, true), (&second, 1, false)] {
            let words = page.words();
            assert_eq!(shown(&words), many, "{}: {words}", town.engine);
            assert_eq!(words.contains("后面还有"), goes_on, "{}: {words}", town.engine);
        }
        assert!(second.links().contains(&"/queue#awaited".to_owned()), "{}: {:?}", town.engine, second.links());
        town.verify();
    }
}
