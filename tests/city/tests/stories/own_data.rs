//! These stories are about a person's own data: a copy for whoever knows the identity number, a correction, and erasure
//! once the matter is over.

use city_stories::{Story, Town};

#[test]
fn she_reads_corrects_and_erases_her_own_data() {
    for town in Town::each() {
        let mut story = Story::new(&town, 71);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            高志强 is district_handler at 大东区 for housing
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            ",
        );
        let (number, id) = (story.number.clone(), story.resident.resident_id.clone());
        let (page, copy) = (format!("/follow/{number}"), format!("/follow/{number}/copy"));
        let browser = story.at("she");
        let form = browser.open(&page).expect(200).form(&copy);
        let before = town.counts().looks;
        assert!(browser.submit(form.clone().set("proof", "11010519491231002X")).status == 422, "a wrong number");
        assert_eq!(town.counts().looks, before, "{}: nothing was looked at", town.engine);
        let shown = browser.submit(form.set("proof", &id)).expect(200);
        assert!(shown.body().contains(&id), "her own number in full");
        assert_eq!(town.counts().looks, before + 1, "{}", town.engine);
        assert!(shown.words().contains("本人查看副本"), "{}: with her own look: {}", town.engine, shown.words());
        story.tell(
            "
            she sends notices tell=no
            she sends notices tell=no
            she reads 您选择了自己来查
            she sends notices tell=yes
            she reads 有进展时
            she sends request kind=correct text=电话换了
            孙海燕 finds it in /requests
            高志强 misses it in /requests
            孙海燕 opens it
            孙海燕 does not read 电话换了
            孙海燕 looks for 答复更正请求
            孙海燕 opens it
            孙海燕 reads 电话换了
            孙海燕 cannot answer request outcome=done answer=已更正
            孙海燕 cannot answer request outcome=done answer=已更正 telephone=12
            孙海燕 cannot answer request outcome=maybe answer=好 telephone=13900001234
            孙海燕 answers request outcome=done answer=已更正 telephone=13900001234
            she follows it by 13900001234
            she reads 已更正
            she reads 按申请人的请求更正
            she sends request kind=erase text=不用留了
            孙海燕 cannot answer request outcome=done answer=好
            孙海燕 does grant basis=按规定
            王晓燕 does hand_over handed_to=in_person
            孙海燕 answers request outcome=done answer=已删除
            孙海燕 opens it
            孙海燕 reads 个人信息已经删除
            ",
        );
        town.verify();
    }
}

#[test]
fn staff_who_hold_a_pass_do_not_speak_for_her() {
    for town in Town::each() {
        let mut story = Story::new(&town, 72);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            she sends say text=请尽快办理
            she follows it
            she reads 请尽快办理
            王晓燕 opens it by code
            ",
        );
        let (number, id) = (story.number.clone(), story.resident.resident_id.clone());
        let before = town.counts();
        let told = story.at("王晓燕").open(&format!("/follow/{number}")).expect(200);
        assert!(!told.words().contains("请尽快办理"), "her words are read on the case, with a purpose");
        for (what, fields) in [
            ("notices", vec![("tell", "no")]),
            ("papers/object", vec![("material", "HK")]),
            ("say", vec![("text", "我是本人")]),
            ("request", vec![("kind", "correct"), ("text", "改电话")]),
            ("copy", vec![("proof", id.as_str())]),
        ] {
            let mut fields = fields;
            fields.push(("_once", "as-if-she"));
            let reply = story.at("王晓燕").post(&format!("/follow/{number}/{what}"), &fields);
            assert_eq!((reply.status.as_u16(), reply.location()), (303, Some("/follow")), "{what}: {}", reply.words());
        }
        assert_eq!(town.counts(), before);
        story.tell("she follows it").tell("she does not read 我是本人").tell("she reads 有进展时");
    }
}
