//! These tests look at the pages of the rulebook as people see them, in both languages.
#![expect(clippy::unwrap_used, reason = "a fault in a test's own setting must fail that test at once")]

use std::sync::Arc;
use testkit::{Client, FixedClock};
use web::{Frame, Texts};

fn shipped() -> rulebook::Rulebook {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/rulebook");
    let files: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    rulebook::Rulebook::load(&files).unwrap()
}

fn browser() -> Client {
    let clock = FixedClock::local("2026-11-23 10:00");
    let frame = Frame {
        services: rulebook::services(),
        ..Frame::sample(Texts::new(&[web::LOCALES, rulebook::LOCALES]).unwrap(), Arc::new(move || clock.now()))
    };
    Client::new(web::layers(rulebook::routes(Arc::new(shipped())), Arc::new(frame)))
}

#[tokio::test]
async fn every_figure_is_shown_with_its_source() {
    let mut browser = browser();
    for (lang, expected) in [
        (
            "zh-CN",
            [
                "每年 2,000 元",
                "样板城市基层治理做法摘要",
                "第 17 条",
                "暂定",
                "5 个工作日",
                "每月 5,450 元",
                "8,388,608 字节",
                "3,748,800 户",
                "300 户",
            ],
        ),
        (
            "en",
            [
                "2,000 yuan per year",
                "Summary of the model city",
                "Clause 17",
                "provisional",
                "5 working days",
                "5,450 yuan per month",
                "8,388,608 bytes",
                "3,748,800 households",
                "300 households",
            ],
        ),
    ] {
        let words = browser.get(&format!("/rulebook?all=1&lang={lang}")).await.expect(200).words();
        for text in expected {
            assert!(words.contains(text), "{lang}: {text} in {words}");
        }
        assert!(!words.contains('⟦'), "{lang}: a text is missing: {words}");
    }
}

#[tokio::test]
async fn residents_read_what_concerns_them_and_find_the_whole() {
    let mut browser = browser();
    for (lang, said, other) in [
        ("zh-CN", ["交了申请，5 个工作日内告诉您受不受理", "有30 天时间补", "每一百户每年 2,000 元"], "字节"),
        ("en", ["Within 5 working days of your application", "You have 30 days", "Communities get"], "bytes"),
    ] {
        let page = browser.get(&format!("/rulebook?lang={lang}")).await.expect(200);
        let words = page.words();
        for text in said {
            assert!(words.contains(text), "{lang}: {text} in {words}");
        }
        assert!(!words.contains(other) && !words.contains('⟦') && !words.contains("{n}"), "{lang}: {words}");
        assert!(page.links().contains(&"/rulebook?all=1".to_owned()), "{:?}", page.links());
        assert!(page.body().len() < 20_000, "a short list: {}", page.body().len());
    }
    let whole = browser.get("/rulebook?all=1&lang=zh-CN").await.expect(200);
    assert!(whole.words().contains("字节"), "{}", whole.words());
    assert!(whole.body().contains("id=\"case.supply_missing_days\""));
}

#[tokio::test]
async fn a_day_and_words_narrow_it_down() {
    let mut browser = browser();
    let words = browser.get("/rulebook?q=%E6%AF%8F%E7%99%BE%E6%88%B7&on=2018-01-01").await.expect(200).words();
    assert!(words.contains("当天没有规定") && words.contains("尚未施行") && !words.contains("工作日"), "{words}");
    let words = browser.get("/rulebook?q=unheardof").await.expect(200).words();
    assert!(words.contains("没有找到") && words.contains("没有找到文件"), "{words}");
    let words = browser.get("/rulebook?on=2018-13-01").await.expect(422).words();
    assert!(words.contains("不是有效的日期") && words.contains("每百户年经费"), "{words}");
}

#[tokio::test]
async fn a_document_shows_its_clauses_and_what_cites_it() {
    let mut browser = browser();
    for (lang, expected) in
        [("zh-CN", ["一次告知", "多久内受理，或一次说清缺什么"]), ("en", ["told everything at once", "Time to accept"])]
    {
        let words = browser.get(&format!("/rulebook/documents/licensing-law?lang={lang}")).await.expect(200).words();
        for text in expected {
            assert!(words.contains(text), "{lang}: {text} in {words}");
        }
        assert!(!words.contains('⟦'), "{words}");
    }
    let _ = browser.get("/rulebook/documents/unheard-of").await.expect(404);
}
