//! In these stories people read what concerns everybody: whom to call, help, privacy, the rules; and what they take
//! home on paper says what, when and where by itself.

use crate::shared;
use city_stories::{Story, Town};

const CITY_NUMBER: &str = "024-22720000";

#[test]
fn every_page_says_whom_to_call() {
    for town in Town::each_decided(|settings| settings.telephone = Some(CITY_NUMBER.to_owned())) {
        let mut worker = town.staff("calls.too", "community_worker", &town.named("文安路社区"), None);
        for address in ["/", "/items", "/apply/MZ-11", "/apply/resume", "/help?lang=en", "/no-such-page"] {
            let body = town.visitor().open(address).body();
            for number in ["tel:12345", &format!("tel:{CITY_NUMBER}")] {
                assert!(body.contains(number), "{}: {address}: {number}", town.engine);
            }
        }
        assert!(worker.open("/desk").expect(200).body().contains("tel:12345"));
    }
    let town = Town::small();
    let body = town.visitor().open("/").expect(200).body();
    assert!(body.contains("tel:12345") && !body.contains("本市咨询"), "a city without a number shows none");
}

#[test]
fn help_and_privacy_say_what_people_ask() {
    for town in shared() {
        let mut she = town.visitor();
        for (address, said) in [
            ("/help", ["取回码", "带上身份证，到任何一个社区窗口", "12345"]),
            ("/help?lang=en", ["a code", "Bring your identity card to any community counter", "12345"]),
            ("/privacy?lang=zh-CN", ["留多久", "从来不做的", "12345"]),
            ("/privacy?lang=en", ["How long it is kept", "What is never done", "12345"]),
        ] {
            let words = she.open(address).expect(200).words();
            for part in said {
                assert!(words.contains(part), "{address}: {part}: {words}");
            }
        }
    }
}

#[test]
fn residents_read_the_rules_that_concern_them_and_staff_the_whole_book() {
    for town in shared() {
        let mut she = town.visitor();
        let short = she.open("/rulebook").expect(200);
        assert!(short.words().contains("5 个工作日内告诉您受不受理"), "{}", short.words());
        assert!(!short.words().contains("字节") && short.body().len() < 40_000, "{}", short.words());
        assert!(short.links().contains(&"/rulebook?all=1".to_owned()), "{:?}", short.links());
        let source = short.links().into_iter().find(|link| link.contains("case.supply_missing_days")).unwrap();
        let whole = she.open(source.split('#').next().unwrap()).expect(200);
        assert!(whole.body().contains("id=\"case.supply_missing_days\""), "the source is found");
        assert!(
            she.open("/rulebook?q=%E7%BD%91%E6%A0%BC").expect(200).words().contains("执行的标准"),
            "who looks, finds"
        );
        let mut worker = town.staff("reads.rules", "community_worker", &town.named("文安路社区"), None);
        let whole = worker.open("/rulebook").expect(200);
        assert!(whole.body().contains("id=\"papers.file_bytes\""), "{}", whole.words());
    }
}

#[test]
fn a_receipt_on_paper_says_whose_it_is_when_and_where_and_has_a_square() {
    for town in Town::each() {
        let mut story = Story::new(&town, 851);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let (number, name) = (story.number.clone(), story.resident.name.clone());
        let again = story.at("王晓燕").open(&format!("/receipt/{number}")).expect(200);
        let words = again.words();
        for part in ["申请人", "80周岁以上高龄津贴", "2026年11月23日 10:00", "文安路社区", "2026年12月14日"]
        {
            assert!(words.contains(part), "{part}: {words}");
        }
        let hidden = &name.chars().skip(1).collect::<String>();
        assert!(!words.contains(&name) && !again.body().contains(hidden.as_str()), "the name is masked: {words}");
        assert!(again.body().contains("class=\"qr\""), "also without the code");
    }
}

#[test]
fn the_figures_of_a_month_name_their_month_and_place() {
    for town in shared() {
        let mut she = town.visitor();
        for (address, title) in
            [("/figures?month=2026-11", "沈阳市 · 2026年11月"), ("/figures?month=2026-11&lang=en", "· November 2026")]
        {
            let words = she.open(address).expect(200).words();
            assert!(words.contains(title), "{address}: {words}");
        }
    }
}
