//! In these stories people watch over the record: an auditor verifies the chain of events, and whoever protects
//! personal data reads who opened whose data, and what persons ask.

use city_stories::{Story, Town};

#[test]
fn an_auditor_verifies_every_event() {
    for town in Town::each() {
        let mut story = Story::new(&town, 401);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let mut auditor = town.staff("audits", "auditor", &town.named("沈阳市"), None);
        let page = auditor.open("/audit").expect(200);
        assert!(page.words().contains("每天的封存"), "{}", page.words());
        let page = auditor.submit(page.form("/audit")).expect(200);
        assert!(page.words().contains("正在核验"), "{}", page.words());
        assert_eq!(page.header("refresh"), Some("2"));
        assert_eq!(auditor.get("/audit?still=1").header("refresh"), None);
        assert_eq!(auditor.post("/audit", &[]).location(), Some("/audit"), "one goes on already");
        town.works();
        let page = auditor.open("/audit").expect(200);
        assert!(page.words().contains("没有发现问题"), "{}", page.words());
        assert_eq!(page.words().matches("已完成").count(), 1, "{}", page.words());
        let english = auditor.open("/audit?lang=en").expect(200);
        assert!(english.words().contains("nothing wrong"), "{}", english.words());
        let refused = auditor.get("/accesses?lang=zh-CN");
        assert_eq!(refused.status, 403);
        assert!(refused.words().contains("“查阅访问记录”"), "{}", refused.words());
    }
}

#[test]
fn whoever_protects_personal_data_reads_who_opened_whose() {
    for town in Town::each() {
        let mut story = Story::new(&town, 402);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            she follows it
            she sends request kind=correct text=电话换了
            孙海燕 looks for 答复更正请求
            孙海燕 answers request outcome=done answer=已更正 telephone=13900001234
            she follows it by 13900001234
            she sends request kind=erase text=不用留了
            ",
        );
        let (number, name) = (story.number.clone(), story.resident.name.clone());
        for (login, place, seen) in
            [("protects", "沈阳市", true), ("protects.here", "大东区", true), ("protects.elsewhere", "沈河区", false)]
        {
            let mut officer = town.staff(login, "protection_officer", &town.named(place), None);
            let page = officer.open("/accesses").expect(200);
            assert_eq!(page.words().contains("孙海燕"), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains("按申请人的请求更正"), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains(&number), seen, "{place}: {}", page.words());
            assert_eq!(page.words().contains("没有等答复的请求"), !seen, "{place}: {}", page.words());
            assert!(!page.words().contains(&name), "{place}: whose data they are is not said");
            let long_ago = officer.open("/accesses?day=2020-01-01").expect(200);
            assert!(long_ago.words().contains("这一天没有人打开过个人信息"), "{}", long_ago.words());
            assert_eq!(officer.get("/audit").status, 403);
        }
    }
}
