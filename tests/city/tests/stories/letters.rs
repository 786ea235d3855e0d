//! These stories are about letters: what a case gives on paper, to whom and with whose name, and whether a certificate
//! that somebody holds is genuine.

use city_stories::{Browser, Story, Town};
use std::path::Path;
use testkit::Reply;

/// Tells of a case that one district takes in and another grants.
const GRANTED: &str = "
王晓燕 is community_worker at 文安路社区
孙海燕 is district_handler at 大东区 for civil_affairs
王晓燕 takes MZ-11 for a resident of 华炉社区
it is 2026-12-01 09:30
孙海燕 does grant basis=市高龄津贴办法第三条
";

fn of_staff(story: &Story<'_>, kind: &str) -> String {
    format!("/cases/{}/letters/{kind}", story.number)
}

fn her_own(story: &Story<'_>, kind: &str) -> String {
    format!("/follow/{}/letters/{kind}", story.number)
}

/// Returns the code on a certificate, as it is printed.
fn code_on(certificate: &Reply) -> String {
    let body = certificate.body();
    let (_, after) =
        body.split_once("<b class=\"code keep\">").unwrap_or_else(|| panic!("no code: {}", certificate.words()));
    after.split_once('<').unwrap().0.to_owned()
}

fn verified(browser: &mut Browser, number: &str, code: &str) -> String {
    browser.open(&format!("/verify?n={number}&c={code}")).expect(200).words()
}

#[test]
fn a_certificate_is_genuine_and_an_altered_one_is_not() {
    for town in Town::each() {
        let mut story = Story::new(&town, 131);
        story.tell(GRANTED).tell("she follows it");
        let (number, name) = (story.number.clone(), story.resident.name.clone());
        // What is handed to her speaks to her, whoever prints it.
        for address in [of_staff(&story, "receipt"), format!("/receipt/{number}")] {
            let words = story.at("王晓燕").open(&address).expect(200).words();
            assert!(words.contains("已批准，钱会打到您登记的账户"), "{}: {address}: {words}", town.engine);
            assert!(!words.contains("已批准，等领取"), "{}: {address}: {words}", town.engine);
        }
        let before = town.counts();
        let address = her_own(&story, "certificate");
        let list = story.at("she").open(&format!("/follow/{number}/letters")).expect(200);
        assert!(list.links().contains(&address), "{}", list.words());
        let certificate = story.at("she").open(&address).expect(200);
        let words = certificate.words();
        for part in [number.as_str(), &name, "2026年12月1日", "市高龄津贴办法第三条", "大东区民政", "MZ-11"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert!(certificate.body().contains("class=\"seal\"") && certificate.body().contains("class=\"qr\""));
        assert_eq!(certificate.header("cache-control"), Some("no-store"));
        assert_eq!(town.counts().looks, before.looks + 1, "her own look is logged");

        let code = code_on(&certificate);
        let mut anybody = town.visitor();
        let genuine = verified(&mut anybody, &number, &code.to_lowercase());
        assert!(genuine.contains("是真的") && genuine.contains("大东区民政") && genuine.contains('*'), "{genuine}");
        assert!(!genuine.contains(&name) && !genuine.contains(&story.resident.resident_id), "{genuine}");
        let altered =
            if code.starts_with('7') { code.replacen('7', "8", 1) } else { format!("7{}", code.split_at(1).1) };
        let unknown = verified(&mut anybody, "210104-2026-9999999-8", &code);
        for (asked, given) in
            [(number.as_str(), altered.as_str()), ("not-a-number", code.as_str()), (number.as_str(), "x")]
        {
            let answer = verified(&mut anybody, asked, given);
            assert!(answer.contains("没有查到") && !answer.contains('*'), "{asked} {given}: {answer}");
        }
        assert!(unknown.contains("没有查到"), "{unknown}");
        drop(anybody.open("/verify").expect(200));
        drop(anybody.open(&format!("/verify?n={number}")).expect(422));
        drop(anybody.open(&format!("/verify?c={code}")).expect(422));
        assert_eq!(town.counts().looks, before.looks + 1, "verifying opens nothing");
        story.tell("she follows it").tell("she reads 打印结果证书").tell("she reads 申请人本人");
    }
}

#[test]
fn guessing_at_codes_is_slowed_and_keeps_nobody_else_from_checking() {
    for town in Town::each() {
        let mut story = Story::new(&town, 132);
        story.tell(GRANTED).tell("she follows it");
        let (number, address) = (story.number.clone(), her_own(&story, "certificate"));
        let code = code_on(&story.at("she").open(&address).expect(200));
        let now = town.clock.now();
        let most = town.city.cases.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS, now).unwrap();
        let minutes = town.city.cases.hall.figure(counter::words::FOLLOW_LOOKUP_WINDOW_MINUTES, now).unwrap();
        let mut guesser = town.visitor();
        for guess in 0..most {
            let answer = verified(&mut guesser, &number, &format!("{guess:010}"));
            assert!(answer.contains("没有查到"), "{guess}: {answer}");
        }
        drop(guesser.open(&format!("/verify?n={number}&c={code}")).expect(429));
        assert!(verified(&mut town.visitor(), &number, &code).contains("是真的"), "{}", town.engine);
        town.clock.plus_seconds(minutes * 60 + 1);
        assert!(verified(&mut guesser, &number, &code).contains("是真的"));
    }
}

#[test]
fn each_letter_is_there_when_its_time_has_come_and_for_those_alone_who_see_the_case() {
    for town in Town::each() {
        let mut story = Story::new(&town, 133);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            赵敏 is community_worker at 永顺社区
            佟建国 is organiser_district at 大东区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let (accepted, missing, certificate) =
            (of_staff(&story, "accepted"), of_staff(&story, "missing"), of_staff(&story, "certificate"));
        let words = story.at("王晓燕").open(&accepted).expect(200).words();
        for part in
            ["受理通知书", "2026年11月23日", "2026年12月14日", "15 个工作日", "法定时限", "文安路社区", "行政许可法"]
        {
            assert!(words.contains(part), "{part}: {words}");
        }
        let not_yet = [missing.clone(), certificate.clone(), of_staff(&story, "refused"), of_staff(&story, "odd")];
        for address in &not_yet {
            assert_eq!(story.at("王晓燕").open(address).status, 404, "{address}");
        }
        story.tell("it is 2026-11-24 10:00").tell("孙海燕 does request_correction papers=HK reason=户口簿缺首页");
        let words = story.at("孙海燕").open(&missing).expect(200).words();
        for part in ["户口簿缺首页", "2026年12月24日", "停着不走", "等申请人补材料", "任何一个社区窗口", "行政许可法"]
        {
            assert!(words.contains(part), "{part}: {words}");
        }
        // Letter and page say the same of what follows if nothing comes.
        let address = format!("/cases/{}", story.number);
        let page = story.at("孙海燕").open(&address).expect(200).words();
        let (_, then) = page.split_once("过了这一天").unwrap_or_else(|| panic!("{}: {page}", town.engine));
        let (then, _) = then.split_once("重新申请").unwrap_or_else(|| panic!("{}: {page}", town.engine));
        assert!(words.contains(&format!("过了这一天{then}重新申请")), "{}: {then}: {words}", town.engine);
        let number = story.number.clone();
        let foreign =
            [accepted.clone(), missing.clone(), format!("/cases/{number}/letters"), of_staff(&story, "label")];
        for address in &foreign {
            assert_eq!(story.at("赵敏").open(address).status, 404, "{address}");
        }
        let hers = her_own(&story, "missing");
        assert!(story.at("she").get(&hers).status.is_redirection(), "{}: no pass yet", town.engine);
        story.tell("赵敏 opens it by code").tell("赵敏 does supply papers=HK").tell("孙海燕 does grant basis=按目录");

        // Any counter prints the certificate while she stands there. Somebody who only looks on sees masks, no seal and
        // no code.
        let (before, name) = (town.counts().looks, story.resident.name.clone());
        let closed = story.at("赵敏").open(&certificate).expect(200);
        assert!(!closed.words().contains(&name) && !closed.body().contains("class=\"qr\""), "{}", closed.words());
        assert_eq!(town.counts().looks, before, "an address that is followed opens nothing");
        let form = closed.form(&certificate);
        drop(story.at("赵敏").submit(form.clone().set("purpose", "")).expect(422));
        assert_eq!(town.counts().looks, before);
        let printed = story.at("赵敏").submit(form.set("purpose_word", "当场领取")).expect(200);
        assert!(printed.words().contains(&name) && printed.body().contains("class=\"seal\""), "{}", printed.words());
        assert_eq!(town.counts().looks, before + 1);
        let seen = story.at("佟建国").open(&certificate).expect(200);
        assert!(!seen.words().contains(&name) && seen.words().contains("**"), "{}", seen.words());
        assert!(!seen.body().contains("class=\"seal\"") && !seen.body().contains("class=\"qr\""));
        assert_eq!(town.counts().looks, before + 1, "masks are no look");
        town.verify();
    }
}

#[test]
fn a_notice_of_acceptance_names_the_office_and_what_has_come() {
    for town in Town::each() {
        let mut online = Story::new(&town, 136);
        online.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            孙海燕 does accept
            ",
        );
        let address = of_staff(&online, "accepted");
        let words = online.at("孙海燕").open(&address).expect(200).words();
        assert!(words.contains("还没交的请补交") && !words.contains("材料已经收到"), "{}: {words}", town.engine);
        let mut at_desk = Story::new(&town, 137);
        at_desk.tell(
            "
            陈国栋 is district_handler at 和平区 for civil_affairs
            陈国栋 takes MZ-11 with ID+HK+BK+PH for a resident of 文安路社区
            ",
        );
        let address = of_staff(&at_desk, "accepted");
        let words = at_desk.at("陈国栋").open(&address).expect(200).words();
        assert!(words.contains("· 和平区民政") && words.contains("材料已经收到"), "{}: {words}", town.engine);
    }
}

#[test]
fn a_refusal_says_why_by_what_and_what_can_be_done_until_when() {
    for town in Town::each() {
        let mut story = Story::new(&town, 134);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 does refuse reason=未满八十周岁 basis=市高龄津贴办法第三条 remedy=可到区民政局申请复核
            she follows it
            ",
        );
        let (name, address, certificate) =
            (story.resident.name.clone(), her_own(&story, "refused"), her_own(&story, "certificate"));
        let words = story.at("she").open(&address).expect(200).words();
        for part in [
            "不予决定书",
            name.as_str(),
            "未满八十周岁",
            "市高龄津贴办法第三条",
            "可到区民政局申请复核",
            "60 天内申请行政复议",
            "6 个月内向人民法院",
        ] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert_eq!(words.matches("申请行政复议").count(), 1, "{}: said once: {words}", town.engine);
        assert_eq!(story.at("she").get(&certificate).status, 404);
        let english = story.at("she").open(&format!("{address}?lang=en")).expect(200).words();
        assert!(english.contains("Decision to refuse") && english.contains("within 60 days"), "{english}");
    }
}

#[test]
fn the_courier_label_opens_the_recipient_for_a_purpose() {
    for town in Town::each() {
        let mut story = Story::new(&town, 135);
        story.tell(GRANTED).tell("佟建国 is organiser_district at 大东区");
        let (address, before) = (of_staff(&story, "label"), town.counts().looks);
        let asked = story.at("王晓燕").open(&address).expect(200);
        let resident = story.resident.clone();
        for secret in resident.secrets() {
            assert!(!asked.body().contains(secret), "{secret}: {}", asked.words());
        }
        let form = asked.form(&address);
        drop(story.at("王晓燕").submit(form.clone().set("purpose", " ")).expect(422));
        assert_eq!(town.counts().looks, before, "nobody has looked");
        let label = story
            .at("王晓燕")
            .submit(form.set("purpose", "sending").set("purpose_word", "邮寄结果"))
            .expect(200)
            .words();
        for part in [resident.name.as_str(), &resident.telephone, "文安路社区", &story.number] {
            assert!(label.contains(part), "{}: {part}: {label}", town.engine);
        }
        assert!(!label.contains(&resident.resident_id), "{label}");
        assert_eq!(town.counts().looks, before + 1);
        assert_eq!(story.at("佟建国").get(&address).status, 403);
        story.tell("she follows it").tell("she reads 邮寄结果");
    }
}

#[test]
fn a_letter_is_laid_out_as_pdf_where_the_press_is_installed() {
    let installed = std::env::var_os("LIANGLIN_PRINT").is_some_and(|program| Path::new(&program).is_file());
    if !installed {
        eprintln!("passed over: LIANGLIN_PRINT does not name a built lianglin-print");
        return;
    }
    let town = Town::small();
    let mut story = Story::new(&town, 136);
    story.tell(GRANTED).tell("she follows it");
    let all = format!("/follow/{}/letters", story.number);
    for kind in ["receipt", "accepted", "certificate"] {
        let address = her_own(&story, &format!("{kind}.pdf"));
        let list = story.at("she").open(&all).expect(200);
        assert!(list.links().contains(&address), "{}", list.words());
        let reply = story.at("she").get(&address);
        if reply.status == 503 {
            eprintln!("passed over: lianglin-print has no fonts: {}", reply.words());
            return;
        }
        let reply = reply.expect(200);
        assert_eq!(reply.header("content-type"), Some("application/pdf"), "{kind}");
        assert!(reply.bytes.starts_with(b"%PDF"), "{kind}");
    }
}

#[test]
fn without_the_press_no_pdf_is_offered_or_given() {
    let town = Town::small();
    if town.city.letters.press.available() {
        eprintln!("passed over: lianglin-print is installed");
        return;
    }
    let mut story = Story::new(&town, 137);
    story.tell(GRANTED).tell("she follows it");
    let (all, address) = (format!("/follow/{}/letters", story.number), her_own(&story, "accepted.pdf"));
    let list = story.at("she").open(&all).expect(200);
    assert!(list.links().iter().all(|link| !link.contains(".pdf")), "{:?}", list.links());
    assert_eq!(story.at("she").get(&address).status, 404);
}

#[test]
fn a_link_or_a_form_on_another_site_opens_nobody() {
    for town in Town::each() {
        let mut story = Story::new(&town, 138);
        story.tell(GRANTED);
        let (name, id) = (story.resident.name.clone(), story.resident.resident_id.clone());
        let certificate = of_staff(&story, "certificate");
        drop(story.at("孙海燕").open("/queue").expect(200));
        let led = story.at("孙海燕").clone();
        let mut led = led.with_header("sec-fetch-site", "cross-site").with_header("origin", "http://evil.test");
        let before = town.counts();
        for kind in ["receipt", "missing", "accepted", "not-accepted", "refused", "certificate", "label"] {
            for ending in ["", ".pdf"] {
                let address = format!("{}{ending}", of_staff(&story, kind));
                let reply = led.get(&address);
                let body = reply.body();
                assert!(!body.contains(&name) && !body.contains(&id), "{}: {address}", town.engine);
                let fields = [("purpose", "printing"), ("purpose_word", "打印"), ("_once", "elsewhere")];
                let sent = led.post(&address, &fields);
                assert!(!sent.status.is_success(), "{}: {address}: {}", town.engine, sent.status);
            }
        }
        assert_eq!(town.counts(), before, "{}: nobody was looked at", town.engine);
        let opened = story.at("孙海燕").open(&certificate).expect(200);
        assert!(!opened.words().contains(&name), "{}: nor does an address that she follows herself", town.engine);
    }
}
