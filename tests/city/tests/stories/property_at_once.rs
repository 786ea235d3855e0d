//! These stories are about what two people enter at the same moment: of a company, a contract, an income, a post and an
//! elected committee one is entered, and the other one is told; and about a committee of which a vote filled a seat.

use city_stories::{Browser, Town};
use testkit::Form;

use crate::bodies::{deed, entered};
use crate::companies::{COMMUNITY, serving};
use crate::property_register::PLACE;
use crate::property_votes::{enters, five, known, puts};

/// The example of the standard for credit codes; it belongs to nobody.
const CODE: &str = "91350100M000100Y43";

/// The form of a page.
fn form_at(browser: &mut Browser, address: &str) -> Form {
    browser.open(address).expect(200).form(address)
}

/// Two people send their forms at the same moment: one is taken, and the other one is refused.
fn one_is_taken(engine: &str, mut ready: [(&mut Browser, Form); 2]) {
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = ready
            .iter_mut()
            .map(|(browser, form)| {
                let form = form.clone();
                scope.spawn(move || browser.send(form).status.as_u16())
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "{engine}");
}

#[test]
fn a_company_that_two_register_at_once_is_registered_once() {
    for town in Town::each() {
        let place = town.named("和平区");
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "organiser_district", &place, None));
        let form = |keeper: &mut Browser, name: &str| {
            let form = form_at(keeper, "/property/companies/new").set("company_name", name).set("credit_code", CODE);
            form.set("hotline", "024-12345678").set("party", "none")
        };
        let [first, second] = &mut keepers;
        let forms = (form(first, "安居物业"), form(second, "别家物业"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn a_compound_has_one_company_though_two_enter_contracts_at_once() {
    for town in Town::each() {
        let company = serving(&town);
        let place = town.named("和平区");
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "organiser_district", &place, None));
        let community = town.named(COMMUNITY).id().to_string();
        let form = |keeper: &mut Browser, paper: &str| {
            let form = form_at(keeper, &format!("{company}/contract")).set("community", &community);
            let form = form.set("compound", "南苑").set("kind", "first").set("paper", paper);
            form.set("starts_on", "2026-01-01").set("ends_on", "2027-12-31")
        };
        let [first, second] = &mut keepers;
        let forms = (form(first, "2026-1"), form(second, "2026-2"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn an_income_that_two_publish_at_once_is_published_once() {
    for town in Town::each() {
        let place = town.named(COMMUNITY);
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "secretary_community", &place, None));
        let shown = |keeper: &mut Browser| {
            let address = "/property/income/new";
            let form = form_at(keeper, address).set("community", &place.id().to_string()).set("compound", "北苑");
            let form = form.set("payer", "lift_ads").set("from_on", "2026-01-01").set("to_on", "2026-06-30");
            let form = form.set("income", "12000").set("cost", "2000").set("units", "1-101，80");
            keeper.submit(form).expect(200).form(address).set("step", "publish")
        };
        let [first, second] = &mut keepers;
        let forms = (shown(first), shown(second));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
    }
}

#[test]
fn a_post_that_two_fill_at_once_has_one_holder() {
    for town in Town::each() {
        let place = town.named(COMMUNITY);
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "secretary_community", &place, None));
        let [first, second] = &mut keepers;
        let body = entered(first, "owners", "翠湖业主委员会").address;
        let body = body.split('?').next().unwrap();
        let form = |keeper: &mut Browser, name: &str| {
            let page = keeper.open(body).expect(200);
            deed(&page, "appoint").set("holder", name).set("from", "2026-11-01").set("agreed", "1")
        };
        let forms = (form(first, "李岺"), form(second, "王芳"));
        one_is_taken(town.engine, [(first, forms.0), (second, forms.1)]);
        town.verify();
    }
}

/// The page of a vote that elected one member of an owners' committee and is counted.
fn counted_election(town: &Town) -> String {
    let mut keeper = town.staff("keeper", "community_worker", &town.named(PLACE), None);
    let compound = five(town, &mut keeper);
    let form = form_at(&mut keeper, &format!("{}/votes", compound.address()));
    let form = form.set("title", "选举业委会").set("told", "1").set("caller", "committee");
    let form = known(form.set("opens_on", "2026-12-08").set("ends_on", "2026-12-20"));
    let form = form.set("matter1_kind", "committee").set("matter1_title", "选举业主委员会委员");
    let form = form.set("matter1_candidates", "候选人甲\n候选人乙").set("matter1_seats", "1");
    let vote = puts(&mut keeper, form).expect(200).address;
    town.clock.set_local("2026-12-08 10:00");
    for number in ["1", "2", "3", "5"] {
        drop(enters(&mut keeper, &vote, &[("number", number), ("choice1", "1"), ("choice2", "2")]).expect(200));
    }
    town.clock.set_local("2026-12-20 20:01");
    drop(keeper.open(&vote).expect(200));
    vote
}

#[test]
fn a_committee_that_two_enter_at_once_is_entered_once() {
    for town in Town::each() {
        let vote = counted_election(&town);
        town.clock.set_local("2026-12-22 10:00");
        let place = town.named(PLACE);
        let mut keepers = ["first", "second"].map(|login| town.staff(login, "secretary_community", &place, None));
        let address = format!("{vote}/elected");
        let form = |keeper: &mut Browser, name: &str| {
            let form = form_at(keeper, &address).set("committee_name", name).set("own_years", "3");
            form.set("members", "5").set("women", "2").set("elected_on", "2026-12-21")
        };
        let [first, second] = &mut keepers;
        // Nobody is elected before the vote ends.
        let early = form(first, "早业主委员会").set("elected_on", "2026-12-19");
        let refused = first.send(early).expect(422).words();
        let told = "“选举日期”要在 2026年12月20日 到 2026年12月22日 之间";
        assert!(refused.contains(told), "{}: {refused}", town.engine);
        let (one, other) = (form(first, "甲业主委员会"), form(second, "乙业主委员会"));
        let late = form(second, "丙业主委员会");
        one_is_taken(town.engine, [(first, one), (second, other)]);
        // A form that was open meanwhile opens no second committee, and the one that is kept is elected once by a vote.
        let again = form_at(second, &address).set("members", "5").set("women", "2").set("elected_on", "2026-12-19");
        for form in [late, again] {
            let refused = second.send(form).expect(422).words();
            assert!(refused.contains("2026年12月21日的选举已经登记过"), "{}: {refused}", town.engine);
        }
        let page = first.open(&vote).expect(200);
        assert!(page.words().contains("已经登记，去看看"), "{}: {}", town.engine, page.words());
        town.verify();
    }
}

#[test]
fn a_by_election_by_a_vote_leaves_the_term_as_it_is() {
    for town in Town::each() {
        let vote = counted_election(&town);
        let mut secretary = town.staff("first", "secretary_community", &town.named(PLACE), None);
        let page = entered(&mut secretary, "owners", "老业主委员会");
        let form = deed(&page, "elect").set("held", "2024-03-01").set("members", "7").set("women", "2");
        let page = secretary.submit(form).expect(200);
        assert!(page.words().contains("任期到 2029年3月1日"), "{}: {}", town.engine, page.words());
        let body = page.address.split(['/', '?']).nth(3).unwrap().to_owned();
        let form = form_at(&mut secretary, &format!("{vote}/elected")).set("body", &body);
        let form = form.set("members", "5").set("women", "2").set("by_election", "1");
        let words = secretary.submit(form).expect(200).words();
        assert!(words.contains("补选以后一共 5 人，其中妇女 2 人"), "{}: {words}", town.engine);
        assert!(words.contains("任期到 2029年3月1日") && !words.contains("2031年"), "{}: {words}", town.engine);
        // The day of an election by a vote is corrected to none before the vote ended.
        town.clock.set_local("2026-12-22 10:00");
        let page = secretary.open(&format!("/bodies/body/{body}")).expect(200);
        let form = deed(&page, "correct").set("wrong_on", "2026-12-20").set("why", "记错了一天");
        let refused = secretary.send(form.clone().set("right_on", "2026-12-19")).expect(422).words();
        let told = "“正确的选举日期”要在 2026年12月20日 到 2026年12月22日 之间";
        assert!(refused.contains(told), "{}: {refused}", town.engine);
        let look = secretary.send(form.set("right_on", "2026-12-21")).expect(200).words();
        assert!(look.contains("选举日期 2026年12月20日 → 2026年12月21日"), "{}: {look}", town.engine);
        assert!(!look.contains("任期到 2029年3月1日 →"), "{}: the term goes on: {look}", town.engine);
        town.verify();
    }
}
