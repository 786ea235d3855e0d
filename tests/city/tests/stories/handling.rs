//! In these stories an office works through the pages: level by level with a public notice, opinions of others, more
//! time, supervision, and a poor rating.

use city_stories::{Story, Town};

#[test]
fn a_matter_goes_up_through_the_levels_and_the_public_notice() {
    for town in Town::each() {
        let mut story = Story::new(&town, 61);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            周艳 is street_handler at 大北街道 for civil_affairs
            陈国栋 is street_handler at 南湖街道 for civil_affairs
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-01 for a resident of 华炉社区
            case is street_review
            周艳 finds it in /queue
            陈国栋 misses it in /queue
            孙海燕 may not grant
            周艳 does publish finding=符合条件
            case is public_notice
            周艳 does not take end_notice objections=none
            it is 2026-12-02 10:00
            周艳 does end_notice objections=none
            case is district_review
            周艳 may not grant
            孙海燕 finds it in /queue
            孙海燕 does return_to_street reason=收入核对不清
            case is street_review
            周艳 does pass_on finding=已核对
            孙海燕 does grant basis=按市规定
            case is granted
            she follows it
            she reads 公示
            she does not read 领办
            ",
        );
        town.verify();
    }
}

#[test]
fn an_office_asks_others_takes_more_time_and_answers_a_higher_level() {
    for town in Town::each() {
        let mut story = Story::new(&town, 62);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            高志强 is district_handler at 大东区 for housing
            何丽华 is district_handler at 大东区 for health
            佟建国 is organiser_district at 大东区
            林素琴 is organiser_city at 沈阳市
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 opens it
            孙海燕 sends hand to=me
            孙海燕 opens it
            孙海燕 reads 您在办
            孙海燕 sends consult place=大东区 department=housing question=有无住房 due=2026-11-30 joint=yes
            孙海燕 reads 已办：征求意见
            高志强 opens it
            高志强 reads 有无住房
            何丽华 cannot open it
            孙海燕 does not take grant basis=x
            高志强 sends answer number=0 text=没有 agrees=yes
            孙海燕 sends extend amount=3 reason=需要核对档案
            case due 2026-12-17
            佟建国 sends supervise note=请说明进度
            孙海燕 sends account number=0 answer=本周办结
            佟建国 opens it
            佟建国 reads 本周办结
            孙海燕 sends say text=档案在三楼 kind=note
            孙海燕 sends say text=请保持电话畅通 kind=message
            she follows it
            she reads 请保持电话畅通
            she does not read 档案在三楼
            she reads 需要核对档案
            she does not read 有无住房
            孙海燕 does grant basis=按市规定
            she follows it
            she rates 1
            孙海燕 opens it
            孙海燕 reads 评价不满意
            孙海燕 sends follow-up answer=已当面说明
            she follows it
            she reads 已当面说明
            she sends again score=4
            孙海燕 opens it
            孙海燕 reads 再评：满意
            ",
        );
        let case = story.case();
        assert_eq!((case.rating(), case.adjusted_rating()), (Some(1), Some(4)));
        town.verify();
    }
}

/// The workbook of the queue holds what the page shows, and says so in its title.
fn the_workbook_is_narrowed_as_the_page_is(story: &mut Story<'_>) {
    let queue = story.at("孙海燕").open("/queue?light=late").expect(200);
    assert!(queue.links().contains(&"/queue.xlsx?light=late".to_owned()), "{:?}", queue.links());
    for (light, title, listed) in
        [("late", "待办（已超期）", true), ("soon", "待办（快到期）", false), ("", "待办", true)]
    {
        let sheet = story.at("孙海燕").open(&format!("/queue.xlsx?light={light}")).expect(200);
        assert_eq!(city_stories::title(&sheet.bytes), title);
        assert_eq!(city_stories::cells(&sheet.bytes).contains(&story.number), listed, "{light}");
    }
}

/// What is late today stands with this month alone, and what is no month, or lies ahead, is not found.
fn today_is_told_with_this_month_alone(story: &mut Story<'_>) {
    let past = story.at("林素琴").open("/supervise/late?month=2026-12").expect(200).words();
    assert!(!past.contains("还没有说明"), "what is late today is told with this month alone");
    let told = ["超期原因（2026年12月说明的）", "2026年11月", "2027年1月"];
    assert!(told.iter().all(|month| past.contains(month)), "months are told in words: {past}");
    for none in ["nothing", "2099-01"] {
        drop(story.at("林素琴").open(&format!("/supervise/late?month={none}")).expect(404));
    }
}

/// Opens each number of the reasons: as many cases stand below it as it says, in the page and in the workbook.
fn every_number_of_a_reason_opens_its_rows(story: &mut Story<'_>, page: &testkit::Reply) {
    let body = page.body();
    let numbers = body.split("<a href=\"/supervise/late?").skip(1).filter_map(|link| {
        let (address, text) = link.split_once('>')?;
        let count: usize = text.split('<').next()?.parse().ok()?;
        Some((address.strip_suffix("#rows\"")?.replace("&amp;", "&"), count))
    });
    let numbers: Vec<(String, usize)> = numbers.collect();
    let open = numbers.iter().filter(|(address, _)| address.contains("open=1")).count();
    assert!(open > 0 && numbers.len() > open, "{numbers:?}");
    for (address, count) in numbers {
        let listed = story.at("佟建国").open(&format!("/supervise/late?{address}")).expect(200);
        let cases: std::collections::BTreeSet<String> =
            listed.links().into_iter().filter(|link| link.starts_with("/cases/")).collect();
        assert_eq!(cases.len(), count, "{address}: {}", listed.words());
        let sheet = story.at("佟建国").open(&format!("/supervise/late.xlsx?{address}")).expect(200).bytes;
        assert_eq!(city_stories::cells(&sheet).contains(&story.number), count > 0, "{address}");
    }
}

/// The form in which 孙海燕 says why her case is late.
fn explaining(story: &mut Story<'_>) -> testkit::Form {
    let (page, action) = (format!("/cases/{}", story.number), format!("/cases/{}/do/explain", story.number));
    story.at("孙海燕").open(&page).expect(200).form(&action)
}

fn odd_reasons_are_refused(story: &mut Story<'_>) {
    let other = explaining(story).set("reason", "other");
    let refused = story.at("孙海燕").submit(other).expect(422);
    assert!(refused.words().contains("“说明”还没有填写"), "{}", refused.words());
    let unchosen = explaining(story);
    assert_eq!(unchosen.get("reason"), Some(""), "nothing is chosen for anybody");
    let other = explaining(story).set("reason", "weather");
    for (odd, said) in [(unchosen, "“超期原因”还没有选"), (other, "“超期原因”只能从列出的选项里选")]
    {
        let refused = story.at("孙海燕").submit(odd).expect(422);
        assert!(refused.words().contains(said), "{said}: {}", refused.words());
    }
}

#[test]
fn a_late_case_has_its_reason_and_the_level_above_adds_them_up() {
    for town in Town::each() {
        let mut story = Story::new(&town, 63);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            高志强 is district_handler at 大东区 for housing
            林素琴 is organiser_city at 沈阳市
            佟建国 is organiser_district at 大东区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 opens it
            孙海燕 does not read 超期原因
            it is 2027-01-20 10:00
            孙海燕 opens it
            孙海燕 reads 超期原因
            孙海燕 reads 请说明原因
            佟建国 finds it in /overview
            佟建国 finds it in /supervise?light=late
            佟建国 misses it in /supervise?light=soon
            孙海燕 finds it in /queue?light=late
            孙海燕 misses it in /queue?light=stopped
            ",
        );
        let overview = story.at("佟建国").open("/overview").expect(200);
        let number = format!("<span class=\"tiny keep\">{}</span>", story.number);
        assert!(overview.body().contains(&number), "{}: which case it is: {}", town.engine, overview.words());
        the_workbook_is_narrowed_as_the_page_is(&mut story);
        let page = story.at("佟建国").open("/supervise/late").expect(200);
        assert!(
            page.words().contains("还没有说明 1 1") && page.links().contains(&format!("/cases/{}", story.number)),
            "the case itself stands below"
        );
        odd_reasons_are_refused(&mut story);
        story
            .tell("孙海燕 sends explain reason=hands note=年底集中申请")
            .tell("孙海燕 opens it")
            .tell("孙海燕 reads 件多人少");
        let again = explaining(&mut story);
        assert_eq!((again.get("reason"), again.get("note")), (Some("hands"), Some("年底集中申请")));
        drop(story.at("孙海燕").submit(again).expect(422));

        let page = story.at("佟建国").open("/supervise/late?month=2027-01&reason=hands").expect(200);
        assert!(page.words().contains("件多人少 1 1 100 %"), "{}", page.words());
        assert!(page.words().contains("还没有说明 0 0"), "{}", page.words());
        assert!(page.words().contains("超期原因：件多人少"), "the row says it");
        let sheet = story.at("佟建国").open("/supervise/late.xlsx?reason=hands").expect(200).bytes;
        assert!(city_stories::cells(&sheet).contains("超期原因：件多人少"));
        let before = story.at("佟建国").open("/supervise/late?month=2026-12").expect(200);
        assert!(before.words().contains("这个月没有说明过超期原因"), "{}", before.words());
        drop(story.at("高志强").open("/supervise/late").expect(403));

        story.tell("it is 2027-01-21 10:00").tell("孙海燕 sends explain reason=check note=");
        story.tell("孙海燕 does grant basis=按市规定").tell("she follows it").tell("she reads 说明超期原因：件多人少");
        let page = story.tell("she does not read 年底集中申请").at("林素琴").open("/supervise/late").expect(200);
        assert!(page.words().contains("数据核对、现场核查没有完成 1 1 100 %"), "still open: {}", page.words());
        assert_eq!(story.case().late.map(|late| late.reason), Some(kernel::case::LateReason::Check));
        today_is_told_with_this_month_alone(&mut story);
        town.verify();
        town.recount();
    }
}

#[test]
fn a_refused_deed_keeps_what_was_typed_and_names_the_field_as_its_form_does() {
    for town in Town::each() {
        let mut story = Story::new(&town, 69);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let (page, action) = (format!("/cases/{}", story.number), format!("/cases/{}/do/consult", story.number));
        for (due, told) in [
            ("2026-11-01", "“最迟哪天答复”填的日子已经过去了"),
            ("2030-01-01", "“最迟哪天答复”要在 2026年11月23日 到"),
            ("2026-11-30", "“哪些部门”还没有填写"),
        ] {
            let form = story.at("孙海燕").open(&page).expect(200).form(&action);
            let form = form.set("question", "有无住房").set("due", due);
            let refused = story.at("孙海燕").submit(form).expect(422);
            assert!(refused.words().contains(told), "{due}: {}", refused.words());
            let again = refused.form(&action);
            assert_eq!((again.get("question"), again.get("due")), (Some("有无住房"), Some(due)));
        }
    }
}

#[test]
fn nothing_is_given_to_an_office_or_asked_of_one_where_nobody_works() {
    for town in Town::each() {
        let mut story = Story::new(&town, 68);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let page = format!("/cases/{}", story.number);
        let (consult, transfer) = (format!("{page}/do/consult"), format!("{page}/do/transfer"));
        let district = town.named("大东区").as_str().to_owned();
        let before = story.case();
        let refused = |story: &mut Story<'_>, action: &str, fields: &[(&str, &str)]| {
            let office = [("place", district.as_str()), ("department", "housing"), ("_once", action)];
            let refused = story.at("孙海燕").post(action, &[&office[..], fields].concat());
            assert_eq!(refused.status, 422, "{}: {action}: {}", town.engine, refused.words());
            assert!(refused.words().contains("现在没有人在岗"), "{}: {}", town.engine, refused.words());
        };
        refused(&mut story, &consult, &[("question", "有无住房"), ("due", "2026-11-30")]);
        refused(&mut story, &transfer, &[("reason", "该由住建办")]);
        assert_eq!(story.case(), before, "{}", town.engine);
        story.tell("高志强 is district_handler at 大东区 for housing");
        let fields =
            [("place", district.as_str()), ("department", "housing"), ("reason", "该由住建办"), ("_once", "moved")];
        let moved = story.at("孙海燕").post(&transfer, &fields);
        assert_eq!(moved.status, 303, "{}: {}", town.engine, moved.words());
        assert_eq!(story.case().decider.department.as_deref(), Some("housing"), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_ends_late_without_a_word_is_counted_and_an_extension_takes_a_reason_back() {
    for town in Town::each() {
        let mut story = Story::new(&town, 64);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            佟建国 is organiser_district at 大东区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            it is 2026-12-28 10:00
            孙海燕 sends explain reason=hands note=
            ",
        );
        let row = |story: &mut Story<'_>| {
            let page = story.at("佟建国").open("/supervise/late").expect(200);
            page.words()
        };
        assert!(row(&mut story).contains("件多人少 1 1 100 %"));
        story.tell("孙海燕 sends extend amount=10 reason=需要现场核查");
        let extended = row(&mut story);
        assert!(!extended.contains("件多人少"), "on time again: {extended}");
        story.tell("it is 2027-03-25 10:00");
        let again = row(&mut story);
        assert!(again.contains("还没有说明 1 1"), "late again, asked again: {again}");
        story.tell("孙海燕 does grant basis=按市规定");
        let ended = row(&mut story);
        assert!(ended.contains("办完时已超期，没有说明 1 ") && ended.contains("还没有说明 0 0"), "{ended}");
        let listed = story.at("佟建国").open("/supervise/late?reason=unsaid").expect(200);
        assert!(listed.links().contains(&format!("/cases/{}", story.number)), "{}", listed.words());
        every_number_of_a_reason_opens_its_rows(&mut story, &listed);
        town.recount();
    }
}

#[test]
fn lists_say_by_when_missing_papers_are_due_and_that_the_day_is_over() {
    for town in Town::each() {
        let mut story = Story::new(&town, 65);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            孙海燕 does return_for_completion papers=BK reason=请补银行卡
            case is returned
            ",
        );
        let queue = story.at("孙海燕").open("/queue").expect(200);
        assert!(queue.words().contains("补材料最迟12月"), "{}: {}", town.engine, queue.words());
        assert!(!queue.body().contains("class=\"light late\""), "{}", town.engine);
        story.tell("it is 2027-02-10 10:00");
        let late = story.at("孙海燕").open("/queue").expect(200);
        assert!(late.body().contains("class=\"light late\""), "{}: {}", town.engine, late.words());
    }
}
