//! These stories are about what owners check of a vote without us, and about what comes too late, splits an area, is
//! judged by the law of its day, or is forgotten.

use crate::property_register::{PLACE, code_for, links};
use crate::property_votes::{calls, enters, five};
use city_stories::{Browser, Town};
use data_encoding::HEXLOWER;
use hall::Fault;
use sha2::{Digest, Sha256};
use store::Tx;
use testkit::{Form, Reply};

/// The word that stands behind a label on a page.
fn fact(page: &Reply, label: &str) -> String {
    let words = page.words();
    let (_, rest) = words.split_once(&format!("{label} ")).unwrap_or_else(|| panic!("{label}: {words}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The last form of a page that is sent there: the one below the lists.
fn form_of(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).forms().into_iter().rfind(|form| form.action == address).unwrap()
}

/// The form by which the first proxy of a vote is withdrawn.
fn withdrawal(keeper: &mut Browser, vote: &str) -> Form {
    let address = format!("{vote}/proxies");
    keeper.open(&address).expect(200).form(&address).set("deed", "withdraw")
}

/// A written proxy for a number.
fn proxy(keeper: &mut Browser, vote: &str, number: &str) -> Form {
    let form = form_of(keeper, &format!("{vote}/proxies")).set("number", number);
    form.set("name", "周艳").set("telephone", "13800000502")
}

#[test]
fn a_receipt_is_checked_by_anybody_who_reckons_a_digest() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(651);
        drop(links(&mut she, &code).expect(200));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        let ballot = format!("{vote}/ballot/1");
        let form = she.open(&ballot).expect(200).form(&ballot).set("choice1", "against");
        let hers = she.submit(form).expect(200);
        drop(enters(&mut keeper, &vote, &[("number", "2"), ("choice1", "1")]).expect(200));
        let on_paper = keeper.open(&format!("{vote}/receipt/2")).expect(200);
        town.clock.set_local("2026-12-20 20:01");
        drop(she.open(&vote).expect(200));
        let sheet = she.open(&format!("{vote}/audit.csv")).expect(200).body();
        let vote_id = sheet.lines().find_map(|line| line.strip_prefix("vote,")).unwrap();
        for (receipt, choice) in [(hers, "A"), (on_paper, "F")] {
            let [id, nonce, choices, told] =
                ["表决号", "随机码", "选择（F 同意，A 反对，N 弃权）", "核对码"].map(|label| fact(&receipt, label));
            assert_eq!((id.as_str(), choices.as_str()), (vote_id, choice), "{}", town.engine);
            // printf '%s|%s|%s' … | sha256sum
            let reckoned = HEXLOWER.encode(&Sha256::digest(format!("{id}|{nonce}|{choices}").as_bytes()));
            assert_eq!(reckoned, told, "{}: what stands on the receipt gives its code", town.engine);
            let line = format!("ballot,{reckoned},1000000,{choice}");
            assert_eq!(sheet.lines().filter(|one| *one == line).count(), 1, "{}: {line}: {sheet}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn an_area_that_is_split_adds_up_where_the_city_lets_it_be_split() {
    for town in Town::each_figured(&[("property.split_ballots", 1)]) {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        town.clock.set_local("2026-12-08 10:00");
        for more in ["60/40.01", "-1/2", "60/"] {
            let refused = enters(&mut keeper, &vote, &[("number", "1"), ("choice1", more)]).expect(422).words();
            assert!(refused.contains("看不懂"), "{}: {more}: {refused}", town.engine);
        }
        for (number, choice) in [("1", "60/30"), ("2", "1"), ("3", "1"), ("5", "2")] {
            drop(enters(&mut keeper, &vote, &[("number", number), ("choice1", choice)]).expect(200));
        }
        town.clock.set_local("2026-12-20 20:01");
        let words = keeper.open(&vote).expect(200).words();
        // A head that is split takes part and agrees to nothing; its area counts by its parts.
        for told in [
            "4 人，400.00 平方米",
            "同意 2 人，260.00 平方米",
            "反对 1 人，130.00 平方米",
            "弃权 0 人，10.00 平方米",
            "分开投的户（人数不算同意） 1",
            "未通过",
        ] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        let sheet = keeper.open(&format!("{vote}/audit.csv")).expect(200).body();
        assert!(sheet.contains(",1000000,S600000:300000\n"), "{}: {sheet}", town.engine);
        town.verify();
    }
}

#[test]
fn what_comes_after_the_end_is_refused_and_changes_nothing() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let mut second = town.staff("second", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(652);
        drop(links(&mut she, &code).expect(200));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let given = proxy(&mut keeper, &vote, "5");
        drop(keeper.submit(given).expect(200));
        town.clock.set_local("2026-12-20 19:58");
        drop(enters(&mut keeper, &vote, &[("number", "2"), ("choice1", "1")]).expect(200));
        drop(enters(&mut keeper, &vote, &[("number", "5"), ("choice1", "1"), ("proxy", "1")]).expect(200));
        // All of these were opened in time.
        let ballot = form_of(&mut she, &format!("{vote}/ballot/1")).set("choice1", "for");
        let sheet = form_of(&mut keeper, &format!("{vote}/sheets")).set("number", "3").set("choice1", "1");
        let (late, withdrawn) = (proxy(&mut keeper, &vote, "3"), withdrawal(&mut keeper, &vote));
        let back = form_of(&mut second, &format!("{vote}/back")).set("number", "2").set("back_reason", "typed");
        // The very moment of the end is too late.
        town.clock.set_local("2026-12-20 20:00");
        let comes_late = |who: &mut Browser, form: Form| {
            let action = form.action.clone();
            let refused = who.send(form).expect(422).words();
            assert!(refused.contains("表决已经结束"), "{}: {action}: {refused}", town.engine);
        };
        comes_late(&mut she, ballot);
        for form in [sheet, late, withdrawn] {
            comes_late(&mut keeper, form);
        }
        comes_late(&mut second, back);
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains("2 人，200.00 平方米") && words.contains("参与不够"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_vote_that_is_over_asks_for_nothing_and_leads_to_its_result() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let code = code_for(&mut keeper, &compound, &format!("{} 1 101", compound.buildings[0]));
        let (mut she, _) = town.neighbour(653);
        drop(links(&mut she, &code).expect(200));
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let given = proxy(&mut keeper, &vote, "5");
        drop(keeper.submit(given).expect(200));
        town.clock.set_local("2026-12-20 20:01");
        for part in ["sheets", "proxies", "off"] {
            let address = format!("{vote}/{part}");
            let page = keeper.open(&address).expect(200);
            assert!(page.words().contains("表决已经结束"), "{}: {part}: {}", town.engine, page.words());
            assert!(page.forms().iter().all(|form| form.action != address), "{}: {part}", town.engine);
            assert!(page.body().contains(&format!("<p><a href=\"{vote}\">")), "{}: {part}", town.engine);
        }
        drop(she.open(&vote).expect(200));
        // What is missing in a form is not asked for any more.
        let refused = she.post(&format!("{vote}/ballot/1"), &[("_once", "late")]).expect(422).words();
        let is_over = refused.contains("表决已经结束") && !refused.contains("还没有选");
        assert!(is_over, "{}: {refused}", town.engine);
        for part in ["proxies", "off"] {
            let refused = keeper.post(&format!("{vote}/{part}"), &[("_once", part)]).expect(422).words();
            let is_over = refused.contains("表决已经结束") && !refused.contains("还没有填写");
            assert!(is_over, "{}: {part}: {refused}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn who_was_a_proxy_is_forgotten_after_the_end_and_the_figures_stay() {
    for town in Town::each() {
        let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
        let compound = five(&town, &mut keeper);
        let vote = calls(&mut keeper, &compound, "2026-12-08").expect(200).address;
        let given = proxy(&mut keeper, &vote, "5");
        drop(keeper.submit(given).expect(200));
        town.clock.set_local("2026-12-08 10:00");
        for number in ["1", "2", "3"] {
            drop(enters(&mut keeper, &vote, &[("number", number), ("choice1", "1")]).expect(200));
        }
        let sheet = [("number", "5"), ("choice1", "2"), ("proxy", "1")];
        drop(enters(&mut keeper, &vote, &sheet).expect(200));
        town.clock.set_local("2026-12-20 20:01");
        let figures = "同意 3 人，300.00 平方米";
        assert!(keeper.open(&vote).expect(200).words().contains(figures), "{}", town.engine);
        let proxies = format!("{vote}/proxies");
        let named = |keeper: &mut Browser| keeper.open(&proxies).expect(200).words();
        assert!(named(&mut keeper).contains("周*"), "{}: until the day is over", town.engine);
        town.clock.set_local("2026-12-21 02:00");
        let (hall, now) = (town.city.hall.clone(), town.clock.now());
        let forget = move |tx: &mut dyn Tx| {
            for (district, id) in hall.vault.expired(tx, hall.day(now), 100)? {
                hall.vault.erase(tx, district, id, now)?;
            }
            Ok::<_, Fault>(())
        };
        town.city.store.write_blocking(forget).unwrap();
        let words = named(&mut keeper);
        assert!(!words.contains("周*") && words.contains("（已删除）"), "{}: {words}", town.engine);
        let words = keeper.open(&vote).expect(200).words();
        assert!(words.contains(figures) && words.contains("4 人，400.00 平方米"), "{}: {words}", town.engine);
        let roll = keeper.open(&format!("{vote}/roll")).expect(200).words();
        assert!(roll.contains("1 202") && roll.contains("代理人"), "{}: {roll}", town.engine);
        town.verify();
    }
}

#[test]
fn a_vote_is_judged_by_the_law_of_its_day() {
    for town in Town::each() {
        let mut she = town.visitor();
        let address = "/property/fund";
        let form = she.open(address).expect(200).form(address);
        let fields = [
            ("subject", "shared"),
            ("range", "stair"),
            ("account", "building"),
            ("emergency", "no"),
            ("entitled_heads", "40"),
            ("entitled_area", "4000"),
            ("taking_part_heads", "27"),
            ("taking_part_area", "2700"),
        ];
        let form = fields.iter().fold(form, |form, (name, value)| form.set(name, value));
        // Before the Civil Code two thirds of all owners had to agree, since then it is half of those who take part.
        for (year, agreeing, told) in [
            ("2026", "14", "可以申请"),
            ("2026", "13", "同意的不够"),
            ("2020", "14", "同意的不够"),
            ("2020", "27", "可以申请"),
        ] {
            let area = format!("{agreeing}00");
            let form = form.clone().set("agreeing_heads", agreeing).set("agreeing_area", &area);
            let days = [("posted_on", "03-20"), ("vote_from", "03-27"), ("vote_to", "04-05"), ("works_on", "04-06")];
            let form = days.iter().fold(form, |form, (name, day)| form.set(name, &format!("{year}-{day}")));
            let words = she.send(form).expect(200).words();
            assert!(words.contains(told), "{}: {year} {agreeing}: {words}", town.engine);
        }
    }
}
