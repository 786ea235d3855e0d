//! These stories are about odd days: names that few fonts know, two people who decide at the same moment, a clock that
//! is set back, and forms without end.

use city_stories::{Browser, Resident, Story, Town};
use lianglin::demonstration::Seed;

#[test]
fn a_name_of_rare_characters_goes_all_the_way() {
    for town in Town::each() {
        let mut story = Story::new(&town, 401);
        "岺猇牤𠮷".clone_into(&mut story.resident.name);
        story.tell(
            "
            王晓燕 is community_worker at 文安路社区
            孙海燕 is district_handler at 大东区 for civil_affairs
            王晓燕 takes MZ-11 for a resident of 华炉社区
            孙海燕 finds it in /queue
            孙海燕 looks for 核对姓名
            孙海燕 reads 岺猇牤𠮷
            孙海燕 does grant basis=符合条件𠮷
            王晓燕 does hand_over handed_to=in_person
            case is closed
            she follows it
            she reads 岺**
            ",
        );
        let certificate = format!("/follow/{}/letters", story.number);
        drop(story.at("she").open(&certificate).expect(200));
        town.verify();
    }
}

#[test]
fn two_who_decide_at_once_decide_once() {
    for town in Town::each() {
        let mut story = Story::new(&town, 402);
        story.tell("王晓燕 is community_worker at 文安路社区\n王晓燕 takes MZ-11 for a resident of 华炉社区");
        let (address, place) = (format!("/cases/{}", story.number), town.named("大东区"));
        let before = story.case();
        let mut handlers: Vec<(Browser, _)> = ["first", "second", "third"]
            .map(|login| {
                let mut browser = town.staff(login, "district_handler", &place, Some("civil_affairs"));
                drop(browser.open(&address).expect(200));
                let form = browser.offered("grant").unwrap().set("field_basis", "符合条件");
                let asked = browser.submit(form).expect(200);
                (browser, city_stories::sure_form(&asked).expect("it is confirmed first"))
            })
            .into();
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let sent: Vec<_> = handlers
                .iter_mut()
                .map(|(browser, form)| {
                    let form = form.clone();
                    scope.spawn(move || browser.send(form).status.as_u16())
                })
                .collect();
            sent.into_iter().map(|one| one.join().unwrap()).collect()
        });
        let done = statuses.iter().filter(|status| **status == 303).count();
        let refused = statuses.iter().filter(|status| **status == 422).count();
        assert_eq!((done, refused), (1, 2), "{}: {statuses:?}", town.engine);
        assert_eq!(story.case().sequence, before.sequence, "{}: it has not left", town.engine);
        town.clock.plus_seconds(city_stories::UNDO_SECONDS);
        for (browser, _) in &mut handlers {
            drop(browser.open(&address).expect(200));
        }
        assert_eq!(story.case().sequence, before.sequence + 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_clock_that_is_set_back_loses_nothing_and_shortens_nothing() {
    for town in Town::each() {
        let mut story = Story::new(&town, 403);
        story.tell("王晓燕 is community_worker at 文安路社区\n王晓燕 takes MZ-11 for a resident of 华炉社区");
        let promised = story.case();
        town.clock.set_local("2026-11-23 08:40");
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            孙海燕 opens it
            孙海燕 does grant basis=符合条件
            ",
        );
        town.clock.set_local("2026-11-23 10:10");
        story.tell("王晓燕 does hand_over handed_to=in_person\ncase is closed");
        let (after, desk) = (story.case(), town.city.cases.clone());
        assert_eq!(after.opened_at, promised.opened_at, "{}", town.engine);
        let events = town.store().read_blocking(move |tx| desk.events(tx, &after)).unwrap();
        let times: Vec<_> = events.iter().map(|event| event.at).collect();
        assert!(times.is_sorted(), "{}: what came later is not told as earlier: {times:?}", town.engine);
        town.verify();
    }
}

#[test]
fn forms_without_end_are_refused_and_change_nothing() {
    for town in Town::each() {
        let mut worker = town.staff("patient", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(404));
        let good = resident.fill(worker.desk_form("MZ-11")).set("residence_words", "华炉社区");
        let before = town.counts();
        for (field, typed) in
            [("name", "名".repeat(5_000)), ("resident_id", "2".repeat(100_000)), ("telephone", "1".repeat(9_999))]
        {
            let reply = worker.send(good.clone().set(field, &typed)).expect(422);
            assert!(reply.links().iter().any(|link| *link == format!("#f-{field}")), "{field}: {}", reply.words());
        }
        let whole = "长".repeat(4 << 20);
        assert_eq!(worker.send(good.clone().set("name", &whole)).status.as_u16(), 413);
        let names: Vec<String> = (0..20_000).map(|number| format!("more{number}")).collect();
        let mut pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
        pairs.push(("item", "MZ-11"));
        let status = worker.post("/desk", &pairs).status.as_u16();
        assert!(matches!(status, 400 | 413 | 422), "{}: {status}", town.engine);
        assert_eq!(town.counts(), before, "{}", town.engine);
    }
}
