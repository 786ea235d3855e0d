//! In these stories people look for what happened to them, in their own words and in either language, and with whatever
//! number they have in their hand; each leads to the page that goes on from there.

use city_stories::{Browser, Resident, Slot, Story, Town, code_on};
use lianglin::demonstration::Seed;
use testkit::{Form, Reply};

use crate::hearings::brought;
use crate::hearings_opinions::{WORDS, number_on, says};
use crate::hearings_talks::{booking, kept};

const COMMUNITY: &str = "文安路社区";

/// What people write into the search, and the page that comes first.
const QUERIES: [(&str, &str); 24] = [
    ("评理", "/hearings"),
    ("评理说事", "/hearings"),
    ("纠纷", "/hearings"),
    ("吵架", "/hearings"),
    ("邻居吵", "/hearings"),
    ("噪音", "/hearings"),
    ("楼上漏水", "/hearings"),
    ("楼上漏水谁来管", "/hearings"),
    ("调解员", "/hearings"),
    ("提意见", "/hearings/say"),
    ("三方联席", "/property/near"),
    ("物业", "/property/near"),
    ("物业费", "/property/near"),
    ("业主投票", "/property/votes"),
    ("业主大会", "/property/votes"),
    ("维修资金", "/property/fund"),
    ("业主码", "/property/link"),
    ("dispute", "/hearings"),
    ("neighbour", "/hearings"),
    ("noise", "/hearings"),
    ("mediation", "/hearings"),
    ("owners' vote", "/property/votes"),
    ("property company", "/property/near"),
    ("maintenance fund", "/property/fund"),
];

/// The first thing that a page of a search found.
fn first(page: &Reply) -> String {
    let body = page.body();
    let list = body.split_once("class=\"results\"").unwrap_or_else(|| panic!("nothing: {}", page.words())).1;
    let link = list.split_once("href=\"").unwrap().1;
    link.split('"').next().unwrap().to_owned()
}

#[test]
fn words_of_every_day_lead_to_the_page_that_goes_on() {
    for town in Town::each() {
        let mut she = town.visitor();
        for (asked, expected) in QUERIES {
            for page in ["find", "items"] {
                let found = she.open(&format!("/{page}?q={}", asked.replace(' ', "+"))).expect(200);
                assert_eq!(first(&found), expected, "{}: {page}: {asked}", town.engine);
            }
            drop(she.open(expected).expect(200));
        }
        let own = format!("/places/{}", town.named(COMMUNITY).id());
        assert_eq!(first(&she.open(&format!("/find?q={COMMUNITY}")).expect(200)), own, "{}", town.engine);
        let items = she.open("/items?q=高龄").expect(200);
        assert!(items.links().contains(&"/items/MZ-11".to_owned()), "{}: {}", town.engine, items.words());
        assert!(first(&she.open("/find?q=高龄").expect(200)).starts_with("/items/"), "{}", town.engine);
        let nothing = she.open("/find?q=xqzvw").expect(200).words();
        assert!(nothing.contains("没有找到"), "{}: {nothing}", town.engine);
        town.verify();
    }
}

#[test]
fn property_of_a_community_is_found_by_its_name() {
    for town in Town::each() {
        let mut she = town.visitor();
        let form = she.open("/property/near").expect(200).form("/property/near");
        let found = she.submit(form.clone().set("q", "文安路")).expect(200);
        assert!(found.words().contains(COMMUNITY), "{}: {}", town.engine, found.words());
        let nothing = she.submit(form.set("q", "没有这个社区")).expect(200).words();
        assert!(nothing.contains("没有找到"), "{}: {nothing}", town.engine);
    }
}

/// The form that follows a case, filled in.
fn following(town: &Town, number: &str, code: &str) -> (Browser, Form) {
    let mut she = town.visitor();
    let form = she.open("/follow").expect(200).form("/follow");
    (she, form.set("number", number).set("code", code))
}

/// Checks that a number leads from every place where numbers are written to the page that knows it.
fn leads(town: &Town, number: &str, to: &str) {
    let mut she = town.visitor();
    for page in [format!("/follow?number={number}"), format!("/find?q={number}")] {
        assert_eq!(she.get(&page).location(), Some(to), "{}: {page}", town.engine);
    }
    assert!(she.open(to).expect(200).body().contains(number), "{}: it is filled in", town.engine);
    let (mut she, form) = following(town, number, "AAAAA-AAAAA");
    let sent = she.send(form);
    assert_eq!((sent.status.as_u16(), sent.location()), (307, Some(to)), "{}: with its code", town.engine);
}

#[test]
fn a_number_leads_to_the_page_that_knows_it() {
    for town in Town::each() {
        let mut story = kept(&town, 781);
        let thanks = says(&town, "public");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let said = format!("/hearings/said?number={number}");
        leads(&town, &number, &said);
        let (mut she, form) = following(&town, &number, &code);
        let read = she.submit(Form { action: said, ..form }).expect(200).words();
        assert!(read.contains(WORDS), "{}: what was typed goes along: {read}", town.engine);

        let mut she = town.visitor();
        let form = booking(&mut she, &town);
        let booked = she.submit(form).expect(200);
        let link = booked.links().into_iter().find(|link| link.starts_with("/hearings/booked?number=")).unwrap();
        let number = link.rsplit('=').next().unwrap();
        leads(&town, number, &link);

        let who = Resident::next(&mut Seed::new(782));
        let slot = Slot { day: "2026-11-24", minute: "540" };
        let visit = town.visitor().books(&town, "counter", &who, &town.named(COMMUNITY), slot);
        leads(&town, &visit, &format!("/appointments?number={visit}"));

        story.tell("she applies for MZ-11 living in 华炉社区");
        let number = story.number.clone();
        let page = town.visitor().open(&format!("/follow?number={number}")).expect(200);
        assert!(page.address.starts_with("/follow"), "{}: a case is followed there", town.engine);
        assert!(town.visitor().follows(&number, &story.resident.telephone).status == 200, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_dispute_offers_no_letters_and_their_address_leads_back_to_it() {
    for town in Town::each() {
        let story = brought(&town, 783);
        let mut she = town.visitor();
        let page = she.follows_with(&story.number, &story.code).expect(200);
        let own = format!("/follow/{}", story.number);
        let letters = format!("{own}/letters");
        assert_eq!(page.address, own, "{}", town.engine);
        assert!(!page.links().contains(&letters), "{}: {:?}", town.engine, page.links());
        assert_eq!(she.get(&letters).location(), Some(own.as_str()), "{}", town.engine);
        let asked = town.visitor().get(&letters);
        assert!(asked.location().is_some_and(|to| to.starts_with("/follow?number=")), "{}", town.engine);

        let mut other = Story::new(&town, 784);
        other.tell("she applies for MZ-11 living in 华炉社区");
        let page = town.visitor().follows_with(&other.number, &other.code).expect(200);
        assert!(page.links().contains(&format!("/follow/{}/letters", other.number)), "{}", town.engine);
    }
}
