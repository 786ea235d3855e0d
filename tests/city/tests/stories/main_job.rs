//! This story is the main job. A counter serves a resident of another district, until she holds the result in her hand
//! and has rated it.

use city_stories::{Story, Town};
use kernel::case::Event;

/// The counter is in one district, and the resident lives in another. A third district hands the result over.
const MAIN_JOB: &str = "
王晓燕 is community_worker at 文安路社区          # a counter in 和平区
孙海燕 is district_handler at 大东区 for civil_affairs
陈国栋 is district_handler at 和平区 for civil_affairs
高志强 is district_handler at 大东区 for housing
赵敏 is community_worker at 永顺社区              # a third counter, in 沈河区
李德顺 is community_worker at 建农社区            # a fourth, in 铁西区
周艳 is district_handler at 沈河区 for civil_affairs
佟建国 is organiser_district at 大东区
那淑珍 is organiser_district at 沈河区
林素琴 is organiser_city at 沈阳市

王晓燕 takes MZ-11 for a resident of 华炉社区     # she lives in 大东区
王晓燕 reads 大东区民政
王晓燕 reads 12月14日
王晓燕 reads 15 个工作日
case is handling
case due 2026-12-14                              # 24 November is the first of 15 working days

孙海燕 finds it in /queue
陈国栋 misses it in /queue
高志强 misses it in /queue
周艳 misses it in /queue
陈国栋 opens it                                  # it came in at a counter of his district
陈国栋 may not grant
陈国栋 may not request_correction
周艳 cannot open it
高志强 cannot open it
赵敏 cannot open it
佟建国 finds it in /supervise
林素琴 finds it in /supervise
那淑珍 misses it in /supervise
那淑珍 cannot open it
佟建国 opens it
佟建国 may not grant
佟建国 urges 请抓紧办理
王晓燕 opens it
王晓燕 may not grant

it is 2026-11-24 10:00
孙海燕 does request_correction papers=HK reason=户口簿缺首页
case is correction
she follows it
she reads 户口簿缺首页
she reads 请抓紧办理

it is 2026-11-27 10:00                           # 25, 26 and 27 November do not count
赵敏 opens it by code
赵敏 reads 户口簿缺首页
赵敏 does supply papers=HK
case is handling
case due 2026-12-17
孙海燕 finds it in /queue
孙海燕 opens it
孙海燕 reads 12月17日
孙海燕 reads 11月24日

it is 2026-12-01 09:30
孙海燕 does grant basis=按市规定，年满八十周岁
case is granted
孙海燕 may not grant
王晓燕 finds it in /queue                        # the counter that took it in tells her
王晓燕 reads 1 件待办                            # what the queue lists, the head counts
王晓燕 reads 已批准，等领取
it is 2026-12-02 14:00
李德顺 cannot open it
李德顺 opens it by code
李德顺 does hand_over handed_to=in_person result_number=JT-1
case is closed
孙海燕 misses it in /queue

she follows it
she reads 按市规定，年满八十周岁
she rates 5
she may not rate
佟建国 opens it
佟建国 reads 非常满意
佟建国 finds it in /supervise?show=ended
那淑珍 misses it in /supervise?show=ended
";

#[test]
fn the_old_age_allowance_from_any_counter_to_the_rating() {
    for town in Town::each() {
        let mut story = Story::new(&town, 11);
        story.tell(MAIN_JOB);
        told_by(&town, &story);
        town.verify();
    }
}

/// Checks that the log says who did what: the third counter acted for her, and the log says so.
fn told_by(town: &Town, story: &Story<'_>) {
    let (desk, case) = (town.city.cases.clone(), story.case());
    let events = town.store().read_blocking(move |tx| desk.events(tx, &case)).unwrap();
    let told: Vec<(String, String, bool)> = events
        .iter()
        .map(|one| {
            let what = match &one.event {
                Event::Acted { action, .. } => action.clone(),
                other => other.kind().to_owned(),
            };
            (what, format!("{} {}", one.by.role, one.by.name).trim().to_owned(), one.by.on_behalf)
        })
        .collect();
    let line = |what: &str, who: &str, for_her| (what.to_owned(), who.to_owned(), for_her);
    assert_eq!(
        told,
        [
            line("opened", "community_worker 王晓燕", false),
            line("recomputed", "community_worker 王晓燕", false),
            line("supervised", "organiser_district 佟建国", false),
            line("request_correction", "district_handler 孙海燕", false),
            line("supply", "community_worker 赵敏", true),
            line("recomputed", "community_worker 赵敏", true),
            line("grant", "district_handler 孙海燕", false),
            line("hand_over", "community_worker 李德顺", false),
            line("rated", "applicant", false),
        ]
    );
}

#[test]
fn an_online_application_is_returned_completed_and_refused_with_remedy() {
    for town in Town::each() {
        Story::new(&town, 12).tell(
            "
                孙海燕 is district_handler at 大东区 for civil_affairs
                陈国栋 is district_handler at 和平区 for civil_affairs
                王晓燕 is community_worker at 文安路社区
                she applies for MZ-11 living in 华炉社区
                case is submitted
                孙海燕 finds it in /queue
                陈国栋 misses it in /queue
                孙海燕 does return_for_completion papers=BK reason=请补银行卡
                case is returned
                she follows it
                she reads 请补银行卡
                she may not complete
                she uploads BK
                she does complete
                case is submitted
                孙海燕 does accept
                case is handling
                孙海燕 does refuse reason=未满八十周岁 basis=市高龄津贴办法第三条 remedy=六十日内可申请行政复议
                case is refused
                王晓燕 opens it by code
                王晓燕 does tell_refusal told_by=in_person
                case is closed
                she follows it
                she reads 未满八十周岁
                she reads 六十日内可申请行政复议
                she rates 2
                she may not rate
                ",
        );
        town.verify();
    }
}

#[test]
fn one_item_of_each_custody_goes_its_own_way() {
    // D is decided where it is taken. O is decided and delivered by the office without any counter.
    let stories = [
        "
        王晓燕 is community_worker at 文安路社区
        李德顺 is community_worker at 永顺社区
        王晓燕 takes RS-29 for a resident of 华炉社区
        李德顺 cannot open it
        王晓燕 finds it in /queue
        王晓燕 does grant
        王晓燕 does hand_over handed_to=in_person
        case is closed
        she follows it
        she rates 4
        ",
        "
        何丽华 is district_handler at 大东区 for medical_insurance
        钱英 is community_worker at 文安路社区
        she applies for YB-06 living in 华炉社区
        case is submitted
        钱英 cannot open it
        何丽华 finds it in /queue
        何丽华 does accept
        何丽华 does grant basis=按事项目录
        何丽华 does deliver_online
        case is closed
        she follows it
        she rates 5
        ",
        "
        she applies for MZ-11 living in 华炉社区
        she does withdraw
        case is withdrawn
        she follows it
        she rates 3
        ",
    ];
    for town in Town::each() {
        for (seed, story) in (20_u64..).zip(stories) {
            Story::new(&town, seed).tell(story);
        }
        town.verify();
    }
}
