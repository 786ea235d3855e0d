//! An office at work through the pages: level by level with a public notice, opinions of others, more time, supervision, a poor rating.

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
            孙海燕 reads 再评：4
            ",
        );
        let case = story.case();
        assert_eq!((case.rating, case.adjusted_rating()), (Some(1), Some(4)));
        town.verify();
    }
}
