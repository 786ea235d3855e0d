//! These stories are about the code of a receipt: who holds it reads everything and acts, who only knows number and
//! telephone learns how far the case is, and a lost code is renewed at a counter under the eyes of its owner.

use city_stories::{Resident, Story, Town, code_on};
use kernel::identifier::CaseNumber;
use lianglin::demonstration::Seed;

const TAKEN: &str = "
王晓燕 is community_worker at 文安路社区
王晓燕 takes MZ-11 for a resident of 华炉社区
";

#[test]
fn the_code_is_shown_once_and_its_letters_are_nowhere_else() {
    for town in Town::each() {
        let mut story = Story::new(&town, 501);
        story.tell(TAKEN);
        let (number, code) = (story.number.clone(), story.code.clone());
        assert_eq!(code.chars().filter(|sign| *sign != '-').count(), 10, "{}: {code}", town.engine);
        let plain = code.replace('-', "");
        let worker = story.at("王晓燕");
        for address in [format!("/receipt/{number}"), format!("/cases/{number}"), "/desk".to_owned()] {
            let page = worker.open(&address).expect(200);
            assert!(!page.body().contains(&code) && !page.body().contains(&plain), "{}: {address}", town.engine);
        }
        let receipt = worker.open(&format!("/receipt/{number}")).expect(200).words();
        assert!(receipt.contains("经办人签字"), "{}: what is handed over is signed: {receipt}", town.engine);
        assert_eq!(worker.cookie("receipt_code"), None, "the cookie that carried it has ended");
        for typed in [code.to_lowercase(), plain.clone(), format!(" {} ", code.replace('-', "—"))] {
            let page = town.visitor().follows_with(&number, &typed).expect(200);
            assert_eq!(page.address, format!("/follow/{number}"), "{}: {typed}", town.engine);
        }
        let kept = town.store().read_blocking(move |tx| tx.rows("select digest from cases_code", &[])).unwrap();
        assert!(!kept.is_empty());
        for row in kept {
            let digest: Vec<u8> = row.get(0).unwrap();
            assert!(digest.len() == 32 && !digest.windows(10).any(|part| part == plain.as_bytes()));
        }
    }
}

#[test]
fn an_application_sent_twice_has_one_code() {
    for town in Town::each() {
        let mut she = town.visitor();
        let resident = Resident::next(&mut Seed::new(502));
        let form = she.to_check(&town, "MZ-11", &resident, &town.named("华炉社区"));
        let codes = [(); 2].map(|()| code_on(&she.submit(form.clone()).expect(200)));
        assert!(!codes[0].is_empty(), "{}", town.engine);
        let receipt = she.page().words();
        assert!(receipt.contains("网上提交") && !receipt.contains("经办人签字"), "{}: {receipt}", town.engine);
        for part in ["2026年11月30日前告诉您是否受理", "2026年11月23日 10:00 ·"] {
            assert!(receipt.contains(part), "{}: {part}: {receipt}", town.engine);
        }
        assert_eq!(codes[0], codes[1], "{}", town.engine);
    }
}

#[test]
fn number_and_telephone_show_how_far_it_is_and_nothing_personal() {
    for town in Town::each() {
        let mut story = Story::new(&town, 503);
        story.tell(TAKEN);
        let (number, telephone) = (story.number.clone(), story.resident.telephone.clone());
        let mut stranger = town.visitor();
        let page = stranger.follows(&number, &telephone).expect(200);
        let words = page.words();
        for part in [number.as_str(), "12月14日"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        for part in ["**", "高龄", "华炉", "文安路", telephone.as_str()] {
            assert!(!page.body().contains(part), "{}: {part}: {words}", town.engine);
        }
        assert_eq!(stranger.cookie("case_pass"), None, "no pass is given");
        assert!(stranger.get(&format!("/follow/{number}")).status.is_redirection());
        let none = CaseNumber::new("210104", 2026, 9_999_999).unwrap().to_string();
        for other in [number.as_str(), none.as_str()] {
            let gone = stranger.get(&format!("/receipt/{other}")).expect(404);
            assert!(gone.words().contains("回执只在提交的这台设备上短时显示"), "{}: {}", town.engine, gone.words());
            assert!(gone.links().contains(&format!("/follow?number={other}")), "{}: there or not", town.engine);
        }
        let before = town.counts();
        for (what, field) in [("rate", "score"), ("say", "text"), ("request", "text"), ("copy", "proof")] {
            let reply = stranger.post(&format!("/follow/{number}/{what}"), &[(field, "5"), ("kind", "correct")]);
            assert_eq!(reply.location(), Some("/follow"), "{}: {what}", town.engine);
        }
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}

#[test]
fn number_and_telephone_say_that_it_is_her_turn() {
    for town in Town::each() {
        let mut story = Story::new(&town, 510);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            ",
        );
        let (number, telephone) = (story.number.clone(), story.resident.telephone.clone());
        let glance = |town: &Town| town.visitor().follows(&number, &telephone).expect(200).words();
        let words = glance(&town);
        assert!(!words.contains("要您补材料") && !words.contains("现在轮到谁 您"), "{}: {words}", town.engine);
        story.tell("孙海燕 does return_for_completion papers=BK reason=请补银行卡").tell("case is returned");
        let words = glance(&town);
        for part in ["请先补材料", "等您补材料，请在12月", "要您补材料", "缺什么，用查询码看", "现在轮到谁 您"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        for part in ["未计时", "银行卡", "高龄", "**"] {
            assert!(!words.contains(part), "{}: {part}: {words}", town.engine);
        }
    }
}

#[test]
fn a_confidential_case_is_not_found_by_telephone() {
    for town in Town::each() {
        let catalogue = town.city.counter.catalogue();
        let code = catalogue.items().find(|item| item.confidential).map(|item| item.code.clone()).unwrap();
        let mut story = Story::new(&town, 504);
        story.tell(&format!(
            "
            王晓燕 is community_worker at 文安路社区
            王晓燕 takes {code} for a resident of 华炉社区
            "
        ));
        let found = town.visitor().follows(&story.number, &story.resident.telephone);
        let unknown = town.visitor().follows("210104-2026-9999999-8", &story.resident.telephone);
        assert_eq!(found.status, 422, "{}: {}", town.engine, found.words());
        let told = |words: String, number: &str| words.replace(number, "NUMBER");
        assert_eq!(
            told(found.words(), &story.number),
            told(unknown.words(), "210104-2026-9999999-8"),
            "{}: as if it did not exist",
            town.engine
        );
        story.tell("she follows it");
        let (id, receipt) = (story.resident.resident_id.clone(), format!("/receipt/{}", story.number));
        let renewed = story.at("王晓燕").post(&receipt, &[("proof", id.as_str()), ("paper", "id-card")]);
        assert_eq!(renewed.status, 422, "{}: who may not read it finds it nowhere", town.engine);
    }
}

#[test]
fn whoever_took_it_in_does_not_speak_in_the_applicants_name() {
    for town in Town::each() {
        let mut story = Story::new(&town, 505);
        story.tell(TAKEN);
        let (number, telephone) = (story.number.clone(), story.resident.telephone.clone());
        let worker = story.at("王晓燕");
        let page = worker.follows(&number, &telephone).expect(200);
        assert!(!page.words().contains("**"), "{}", page.words());
        // The pass that printed the receipt opens nothing to whoever is not signed in as staff.
        let pass = worker.cookie("case_pass").unwrap();
        let mut at_home = town.visitor();
        at_home.set_cookie("case_pass", &pass);
        assert!(at_home.get(&format!("/follow/{number}")).status.is_redirection(), "{}", town.engine);
        assert_eq!(at_home.get(&format!("/receipt/{number}")).status, 404);
        drop(at_home.post(&format!("/follow/{number}/rate"), &[("score", "5")]));
        assert!(story.case().rating().is_none());
    }
}

#[test]
fn a_lost_code_is_renewed_at_any_counter_and_she_can_see_it() {
    for town in Town::each() {
        let mut story = Story::new(&town, 506);
        story.tell(TAKEN).tell("赵敏 is community_worker at 永顺社区");
        let (number, old, resident) = (story.number.clone(), story.code.clone(), story.resident.clone());
        let address = format!("/receipt/{number}");
        let elsewhere = story.at("赵敏");
        let page = elsewhere.follows(&number, &resident.telephone).expect(200);
        let form = page.form(&address).set("paper", "id-card");
        let before = town.counts().looks;
        for wrong in ["", "11010519491231002X", resident.telephone.as_str()] {
            let again = elsewhere.submit(form.clone().set("proof", wrong)).expect(422).form(&address);
            assert_eq!(again.get("paper"), Some("id-card"), "{}: the paper is not chosen anew", town.engine);
        }
        assert_eq!(town.counts().looks, before, "{}: nothing was renewed", town.engine);
        let receipt = elsewhere.submit(form.clone().set("proof", &resident.resident_id)).expect(200);
        let new = code_on(&receipt);
        assert!(!new.is_empty() && new != old, "{}: {new}", town.engine);
        let again = elsewhere.submit(form.set("proof", &resident.resident_id)).expect(200);
        assert_eq!(code_on(&again), new, "{}: sent twice, done once", town.engine);
        assert_eq!(town.counts().looks, before + 1, "{}", town.engine);
        assert_eq!(town.visitor().follows_with(&number, &old).status, 422, "{}: the old one has ended", town.engine);
        story.code = new;
        story.tell("she follows it").tell("she reads 赵敏").tell("she reads 换新查询码，核对了居民身份证");
        let mut visitor = town.visitor();
        assert!(visitor.post(&address, &[("proof", resident.resident_id.as_str())]).status.is_redirection());
        town.verify();
    }
}

#[test]
fn signing_out_and_being_done_take_the_pass_away() {
    for town in Town::each() {
        let mut story = Story::new(&town, 507);
        story.tell(TAKEN).tell("she follows it");
        let number = story.number.clone();
        let she = story.at("she");
        let form = she.page().forms().into_iter().find(|form| form.action == "/follow").unwrap();
        drop(she.submit(form.set("done", "1")).expect(200));
        assert_eq!(she.cookie("case_pass"), None, "{}", town.engine);
        assert!(she.get(&format!("/follow/{number}")).status.is_redirection());
        let worker = story.at("王晓燕");
        assert!(worker.cookie("case_pass").is_some());
        let form = worker.open("/queue").expect(200).form("/sign-out");
        drop(worker.submit(form));
        assert_eq!(worker.cookie("case_pass"), None, "{}", town.engine);
    }
}

#[test]
fn the_certificate_asks_again_before_it_shows_the_whole_number() {
    for town in Town::each() {
        let mut story = Story::new(&town, 508);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 does grant basis=市高龄津贴办法第三条
            she follows it
            ",
        );
        let address = format!("/follow/{}/letters/certificate", story.number);
        let id = story.resident.resident_id.clone();
        let she = story.at("she");
        let masked = she.open(&address).expect(200);
        assert!(!masked.body().contains(&id), "{}: {}", town.engine, masked.words());
        let form = masked.form(&address);
        let wrong = she.submit(form.clone().set("proof", "11010519491231002X")).expect(422);
        assert!(!wrong.body().contains(&id), "{}", town.engine);
        let whole = she.submit(form.set("proof", &id)).expect(200);
        assert!(whole.body().contains(&id), "{}: {}", town.engine, whole.words());
        assert!(town.visitor().post(&address, &[("proof", id.as_str())]).status.is_redirection());
    }
}

#[test]
fn a_renewed_code_ends_what_the_one_before_opened() {
    for town in Town::each() {
        let mut story = Story::new(&town, 509);
        story.tell(TAKEN).tell("she follows it");
        let (number, id) = (story.number.clone(), story.resident.resident_id.clone());
        let receipt = format!("/receipt/{number}");
        let worker = story.at("王晓燕");
        let form = worker.open(&receipt).expect(200).form(&receipt).set("proof", &id).set("paper", "id-card");
        let (old, mut shared) = (story.code.clone(), story.at("she").clone());
        assert!(shared.open("/mine").words().contains(&number), "{}", town.engine);
        let new = code_on(&story.at("王晓燕").submit(form).expect(200));
        assert!(!new.is_empty() && new != old, "{}: {new}", town.engine);
        for address in [format!("/follow/{number}"), format!("/follow/{number}/papers")] {
            assert!(shared.get(&address).status.is_redirection(), "{}: {address}", town.engine);
        }
        assert_eq!(shared.get(&receipt).status, 404, "{}", town.engine);
        assert!(!shared.open("/mine").words().contains(&number), "{}: nor is it among her own", town.engine);
        let said = shared.post(&format!("/follow/{number}/say"), &[("text", "是我"), ("_once", "say")]);
        assert_eq!(said.location(), Some("/follow"), "{}", town.engine);
        story.code = new;
        story.tell("she follows it");
        drop(story.at("she").get(&format!("/follow/{number}")).expect(200));
    }
}
