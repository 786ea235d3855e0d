//! These stories follow a case. Number and code belong together, and number and telephone number; every wrong pair gets
//! the same answer, nobody can guess, and one pass opens one case.

use crate::shared;
use city_stories::{Resident, Story, Town};
use lianglin::demonstration::Seed;
use testkit::Reply;

/// Returns what a person reads, without what the form brought back.
fn told(reply: &Reply, number: &str) -> (u16, String) {
    (reply.status.as_u16(), reply.words().replace(number, "NUMBER"))
}

#[test]
fn every_way_of_being_wrong_gets_the_same_answer() {
    for town in shared() {
        let mut story = Story::new(town, 51);
        story.tell("she applies for MZ-11 living in 华炉社区");
        let number = story.number.clone();
        let (start, telephone) = (town.visitor(), story.resident.telephone.clone());
        let other = start.clone().follows(&number, "13800000051");
        assert_eq!(other.status, 422);
        let expected = told(&other, &number);
        let wrong = [
            ("210104-2026-9999999-8", telephone.as_str()),
            ("210104-2019-0000001-1", telephone.as_str()),
            ("999999-2026-0000001-1", telephone.as_str()),
            ("not a number", telephone.as_str()),
            (number.as_str(), "not a telephone"),
        ];
        for (asked, given) in wrong {
            let reply = town.visitor().follows(asked, given);
            assert_eq!(told(&reply, asked), expected, "{}: {asked} {given}", town.engine);
        }
        for asked in [number.as_str(), "210104-2026-9999999-8"] {
            let words = town.visitor().follows(asked, "").expect(422).words();
            assert!(words.contains("填查询码，或者填电话") && !words.contains("“编号”还没有填写"), "{asked}: {words}");
        }
        let empty = town.visitor().follows(" ", "").expect(422).words();
        assert!(
            empty.contains("“编号”还没有填写") && empty.contains("填查询码，或者填电话"),
            "{}: {empty}",
            town.engine
        );
        assert_eq!(empty.matches("两样填一样就行").count(), 2, "{}: {empty}", town.engine);
        assert!(!empty.contains("选填"), "{}: {empty}", town.engine);
        let numberless = town.visitor().follows_with("", &story.code).expect(422).words();
        assert!(numberless.contains("“编号”还没有填写") && !numberless.contains("填查询码，或者"), "{numberless}");
        let mut other = Story::new(town, 57);
        other.tell("she applies for MZ-11 living in 华炉社区");
        for code in [story.code.as_str(), "AAAAA-AAAAA", "no code", "0"] {
            let reply = town.visitor().follows_with(&other.number, code);
            assert_eq!(reply.status, 422, "{}: {code}", town.engine);
            assert!(reply.words().contains("没有找到"), "{}: {code}: {}", town.engine, reply.words());
        }
    }
}

#[test]
fn guessing_is_slowed_for_a_while() {
    for town in Town::each() {
        let mut story = Story::new(&town, 52);
        story.tell("she applies for MZ-11 living in 华炉社区");
        let (number, telephone, code) = (story.number.clone(), story.resident.telephone.clone(), story.code.clone());
        let (desk, now) = (&town.city.cases, town.clock.now());
        let at_a_number = desk.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS, now).unwrap();
        let from_an_address = desk.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS, now).unwrap();
        assert!(at_a_number < from_an_address, "one address may be a whole community's");
        let minutes = desk.hall.figure(counter::words::FOLLOW_LOOKUP_WINDOW_MINUTES, now).unwrap();
        // From one address, at a number each time another.
        let mut guesser = town.visitor();
        for guess in 0..from_an_address {
            let reply = guesser.follows(&format!("210104-2026-000{guess:04}-1"), &format!("138{guess:08}")).expect(422);
            assert!(reply.words().contains("没有找到"), "{guess}: {}", reply.words());
        }
        for before in [guesser.follows(&number, &telephone), guesser.follows_with(&number, &code)] {
            assert_eq!(before.status, 429, "the right pair too has to wait: {}", before.words());
        }
        // Many addresses ask for one number, in every way in which people write it.
        let spelled = [number.clone(), number.replace('-', ""), number.replace('2', "２"), format!(" {number} ")];
        for (guess, number) in (0..at_a_number).zip(spelled.iter().cycle()) {
            drop(town.visitor().follows(number, &format!("139{guess:08}")).expect(422));
        }
        assert_eq!(town.visitor().follows(&number, &telephone).status, 429, "{}", town.engine);
        town.clock.plus_seconds(minutes * 60 + 1);
        assert_eq!(town.visitor().follows(&number, &telephone).status, 200);
        assert_eq!(guesser.follows_with(&number, &code).address, format!("/follow/{number}"));
    }
}

#[test]
fn a_pass_opens_one_case_for_an_hour() {
    for town in Town::each() {
        let mut first = Story::new(&town, 53);
        let mut second = Story::new(&town, 54);
        first.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        second.tell("she applies for MZ-11 living in 华炉社区").tell("she follows it");
        let theirs = second.number.clone();
        let before = town.counts();
        let she = first.at("she");
        for address in [format!("/follow/{theirs}"), format!("/cases/{theirs}")] {
            let reply = she.get(&address);
            assert!(reply.status.is_redirection(), "{address}: {}", reply.words());
            assert!(!she.open(&address).words().contains("关**"), "{address} shows another's case");
        }
        assert_eq!(she.get(&format!("/receipt/{theirs}")).status, 404);
        for (address, fields) in [
            (format!("/follow/{theirs}/act"), vec![("action", "withdraw"), ("_once", "w")]),
            (format!("/follow/{theirs}/rate"), vec![("score", "1"), ("_once", "r")]),
        ] {
            assert_eq!(she.post(&address, &fields).location(), Some("/follow"), "{address}");
        }
        assert_eq!(town.counts(), before);
        // With another person's pass in one's own jar, one opens her case. A changed pass opens nothing.
        let mut borrowed = town.visitor();
        let pass = second.at("she").cookie("case_pass").unwrap();
        borrowed.set_cookie("case_pass", &pass.replacen(['0', '1', '2', '3'], "4", 3));
        assert!(borrowed.get(&format!("/follow/{theirs}")).status.is_redirection());
        town.clock.plus_seconds(3_601);
        assert!(second.at("she").get(&format!("/follow/{theirs}")).status.is_redirection(), "the pass has ended");
    }
}

#[test]
fn a_residents_own_account_shows_her_own_cases_alone() {
    for town in shared() {
        let resident = Resident::next(&mut Seed::new(55));
        let mut she = town.visitor();
        let form = she.open("/account/open").expect(200).form("/account/open");
        let form = form
            .set("name", &resident.name)
            .set("telephone", &resident.telephone)
            .set("new", "Plum-39-rain-over-Beiling")
            .set("consent", "yes");
        drop(she.submit(form).expect(200));
        let taken = she.applies(town, "MZ-11", &resident, &town.named("华炉社区"));
        let mine = she.open("/follow").expect(200);
        assert!(mine.links().contains(&format!("/follow/{}", taken.number)), "{}", mine.words());
        she.set_cookie("case_pass", "none");
        drop(she.get(&format!("/follow/{}", taken.number)).expect(200));
        let mut other = Story::new(town, 56);
        other.tell("she applies for MZ-11 living in 华炉社区");
        assert!(she.get(&format!("/follow/{}", other.number)).status.is_redirection());
        assert!(!she.open("/follow").links().contains(&format!("/follow/{}", other.number)));
    }
}

#[test]
fn the_light_of_what_is_not_accepted_says_that_its_day_is_the_one_to_accept_by() {
    for town in Town::each() {
        let mut story = Story::new(&town, 57);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            she follows it
            she reads 前告诉您是否受理
            she does not read 天受理
            ",
        );
        let number = story.number.clone();
        let row =
            |story: &mut Story<'_>, who: &str| story.at(who).open(&format!("/cases/{number}")).expect(200).words();
        let words = row(&mut story, "孙海燕");
        assert!(words.contains("天受理") && !words.contains("告诉您是否受理"), "{}: {words}", town.engine);
        story.tell("孙海燕 does accept").tell("she follows it").tell("she does not read 前告诉您是否受理");
        assert!(!row(&mut story, "孙海燕").contains("天受理"), "{}", town.engine);
    }
}
