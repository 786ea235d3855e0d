//! This story is about the border of two districts: the same thing was reported on both sides, and one report stands
//! for both. Each keeps its number, and whoever reported hears of the one that goes on.

use crate::street_work::reported;
use city_stories::{PASSWORD, Story, Town};
use kernel::permission::Actor;
use testkit::Form;
use uuid::Uuid;

const PLACE: &str = "华炉社区";
/// A community of another district.
pub(crate) const BEYOND: &str = "文安路社区";

/// Somebody reports the same beyond the border. Returns the number.
fn reported_beyond(town: &Town) -> String {
    crate::map::reports(&mut town.visitor(), BEYOND)
}

/// Gives somebody who works in the one community a post in the other one too.
pub(crate) fn works_beyond(town: &Town, account: Uuid) {
    let (identity, now) = (town.city.identity.clone(), town.clock.now());
    let post = identity::Post {
        id: Uuid::now_v7(),
        role: "community_worker".to_owned(),
        place: town.named(BEYOND),
        department: None,
        from: town.city.hall.day(now),
        to: None,
    };
    let given = town
        .store()
        .write_blocking(move |tx| identity::give_post(tx, account, &post, identity.roles(), &Actor::system(), now));
    given.unwrap();
}

/// How many people met with the thing of a report, and which report one was joined to.
fn stands(town: &Town, number: &str) -> (i64, Option<String>) {
    let number = number.to_owned();
    let read = town.store().read_blocking(move |tx| {
        let met = store::scalar(tx, "select met from grid_report where number = $1", &store::args![&number])?;
        let into = store::scalar(tx, "select into_number from grid_merge where number = $1", &store::args![&number])?;
        Ok::<_, store::StoreError>((met.unwrap_or_default(), into))
    });
    read.unwrap()
}

#[test]
fn a_report_is_joined_to_the_same_one_beyond_the_border_by_whoever_may_see_both() {
    for town in Town::each() {
        let mut story = Story::new(&town, 393);
        let (number, code) = reported(&town, "垃圾", "event/0102/heap");
        let beyond = reported_beyond(&town);
        assert_ne!(number.get(..6), beyond.get(..6), "{}: two districts", town.engine);
        story.number.clone_from(&number);
        story.tell(&format!(
            "qian is community_worker at {PLACE}
             qian does not take merge number={beyond}
             case is reported"
        ));
        assert!(story.at("qian").page().words().contains("不归您看"), "{}", town.engine);
        let account = town.account("border.worker", "zhao", "community_worker", &town.named(PLACE), None);
        works_beyond(&town, account);
        let mut zhao = town.visitor();
        zhao.sign_in("border.worker", PASSWORD);
        drop(zhao.open(&format!("/cases/{number}")).expect(200));
        let form: Form = zhao.offered("merge").unwrap().set("field_number", &beyond);
        drop(zhao.decides(&town, form));
        story.tell("case is merged");
        town.hears();
        assert_eq!(stands(&town, &number), (1, Some(beyond.clone())), "{}", town.engine);
        assert_eq!(stands(&town, &beyond), (2, None), "{}: both are counted there", town.engine);
        for (one, other) in [(&number, &beyond), (&beyond, &number)] {
            let page = zhao.open(&format!("/cases/{one}")).expect(200);
            assert!(page.links().contains(&format!("/cases/{other}")), "{}: {}", town.engine, page.words());
        }
        let mut she = town.visitor();
        let page = she.follows_with(&number, &code).expect(200);
        assert!(page.words().contains(&beyond), "{}: {}", town.engine, page.words());
        let followers = town.store().read_blocking(|tx| {
            store::scalar::<i64>(tx, "select count(*) from grid_follower where district <> keeper", &[])
        });
        assert_eq!(followers.unwrap(), Some(1), "{}: she hears of the other one", town.engine);
        town.verify();
        town.recount();
    }
}
