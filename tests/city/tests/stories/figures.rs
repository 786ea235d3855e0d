//! In these stories something is counted in the transaction of the change, rolled back with it, and every number opens
//! exactly the cases that it counts.

use city_stories::{Browser, Resident, Slot, Story, Town, chosen};
use hall::figures::{Subject, count_in};
use kernel::figure::{Cell, Figure};
use kernel::place::PlacePath;
use lianglin::demonstration::Seed;
use std::collections::BTreeSet;
use store::args;
use testkit::ZONE;
use uuid::Uuid;

/// Two people of one community apply on two days, and the district grants one of them.
fn two_cases(town: &Town, seed: u64) -> (Story<'_>, String, String) {
    let mut story = Story::new(town, seed);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        佟建国 is organiser_district at 大东区
        那淑珍 is organiser_district at 沈河区
        林素琴 is organiser_city at 沈阳市
        王晓燕 takes MZ-11 for a resident of 华炉社区
        it is 2026-11-24 10:00
        孙海燕 does grant basis=按市规定
        ",
    );
    let (first, other) = (story.number.clone(), Resident::next(&mut Seed::new(seed + 1)));
    let second = story.at("王晓燕").takes(town, "MZ-11", &other, &town.named("华炉社区")).number;
    (story, first, second)
}

/// The link of a page of figures that opens the cases of a sum at a place.
fn opening(browser: &mut Browser, address: &str, code: &str, place: &PlacePath) -> Option<String> {
    let (code, place) = (format!("code={code}&"), format!("place={}&", place.id()));
    // A page for everybody asks nobody to sign in again after a day.
    if browser.login().is_some() {
        drop(browser.open("/account"));
    }
    let links = browser.open(address).expect(200).links();
    links.into_iter().find(|link| link.starts_with("/figures/rows") && link.contains(&code) && link.contains(&place))
}

#[test]
fn a_number_opens_exactly_the_cases_that_it_counts() {
    for town in Town::each() {
        let (mut story, first, second) = two_cases(&town, 711);
        let (district, community) = (town.named("大东区"), town.named("华炉社区"));
        let both = BTreeSet::from([first.clone(), second.clone()]);
        let here = format!("/figures?place={}&month=2026-11", community.id());

        let organiser = story.at("佟建国");
        let applied = opening(organiser, &here, "cases.applied", &community).unwrap();
        assert!(organiser.open(&applied).expect(200).words().contains("共 2"), "{}", organiser.page().words());
        for none in ["nothing", "2026-13", "2026-11-01", "2099-01"] {
            drop(organiser.open(&format!("/figures?month={none}")).expect(404));
        }
        assert_eq!(organiser.listed(&applied), both);
        let days = organiser.open(&applied).expect(200).links();
        for (day, number) in [("2026-11-23", &first), ("2026-11-24", &second)] {
            let wanted = format!("&from={day}&to={day}");
            let day = days.iter().find(|link| link.ends_with(&wanted)).unwrap();
            assert_eq!(organiser.listed(day), BTreeSet::from([number.clone()]), "{day}");
        }
        let above = format!("/figures?place={}&month=2026-11", district.id());
        let decided = opening(organiser, &above, "cases.decided", &district).unwrap();
        assert_eq!(organiser.listed(&decided), BTreeSet::from([first.clone()]));
        // A share opens its part.
        let on_time = opening(organiser, &above, "cases.on_time", &district).unwrap();
        assert_eq!(organiser.listed(&on_time), BTreeSet::from([first.clone()]));
        // A number that is nothing opens nothing.
        assert_eq!(opening(organiser, &above, "cases.rated", &district), None);

        let city = town.named("沈阳市");
        let all = opening(story.at("林素琴"), "/figures?month=2026-11", "cases.applied", &city).unwrap();
        assert_eq!(story.at("林素琴").listed(&all), both);
        town.verify();
    }
}

#[test]
fn a_number_is_no_link_for_whoever_may_not_see_all_that_it_counts() {
    for town in Town::each() {
        let (mut story, first, _) = two_cases(&town, 721);
        let (district, community) = (town.named("大东区"), town.named("华炉社区"));
        let here = format!("/figures?place={}&month=2026-11", community.id());
        let applied = opening(story.at("佟建国"), &here, "cases.applied", &community).unwrap();

        let mut nobody = town.visitor();
        assert_eq!(opening(&mut nobody, &here, "cases.applied", &community), None);
        assert!(nobody.get(&applied).location().is_some_and(|to| to.starts_with("/sign-in")));
        assert_eq!(opening(story.at("那淑珍"), &here, "cases.applied", &community), None);
        drop(story.at("那淑珍").get(&applied).expect(404));

        // A post for one department sees what is counted for that department, and not what is counted for none.
        let handler = story.at("孙海燕");
        let above = format!("/figures?place={}&month=2026-11", district.id());
        assert_eq!(opening(handler, &above, "cases.decided", &district), None);
        let own = format!("{above}&department=civil_affairs");
        let decided = opening(handler, &own, "cases.decided", &district).unwrap();
        assert_eq!(handler.listed(&decided), BTreeSet::from([first]));
        assert_eq!(opening(handler, &own, "cases.applied", &district), None);
        for wrong in [
            "/figures/rows",
            "/figures/rows?code=cases.rated_mean&from=2026-11-01&to=2026-11-30",
            "/figures/rows?code=cases.decided&from=2026-11-01&to=2026-12-31&department=civil_affairs",
            "/figures/rows?code=cases.decided&from=nonsense&to=2026-11-30",
        ] {
            drop(handler.get(wrong).expect(404));
        }
        // The days of the whole city are not told.
        let days = "/figures/rows?code=cases.decided&from=2026-11-23&to=2026-11-23";
        drop(story.at("林素琴").open(days).expect(404));
    }
}

#[test]
fn a_small_number_is_told_to_those_alone_who_may_see_its_cases() {
    for town in Town::each() {
        let (mut story, ..) = two_cases(&town, 771);
        let community = town.named("华炉社区");
        let (here, city) = (format!("/figures?place={}&month=2026-11", community.id()), "/figures?month=2026-11");
        let mut nobody = town.visitor();
        for address in [here.as_str(), city] {
            let page = nobody.open(address).expect(200);
            assert!(page.words().contains("不公布"), "{address}: {}", page.words());
            let file = nobody.get(&format!("{address}&format=csv")).expect(200);
            assert!(file.body().contains("不公布"), "{address}: {}", file.body());
        }
        let place = nobody.open(&format!("/places/{}", community.id())).expect(200);
        assert!(place.words().contains("不公布"), "{}", place.words());
        let organiser = story.at("佟建国");
        drop(organiser.open("/account"));
        let page = organiser.open(&here).expect(200);
        assert!(!page.words().contains("不公布"), "{}", page.words());
        assert!(page.words().contains("“–”表示"), "nobody has rated a case: {}", page.words());
        // Another district's organiser is told no more than everybody.
        let other = story.at("那淑珍");
        drop(other.open("/account"));
        assert!(other.open(&here).expect(200).words().contains("不公布"));
    }
}

#[test]
fn a_confidential_case_is_told_to_its_department_alone() {
    for town in Town::each() {
        let (mut story, first, second) = two_cases(&town, 751);
        story.tell(
            "
            it is 2026-11-25 10:00
            王晓燕 takes MZ-17 for a resident of 华炉社区
            孙海燕 does grant basis=按市规定
            ",
        );
        let (secret, both) = (story.number.clone(), BTreeSet::from([first.clone(), second]));
        let (district, community) = (town.named("大东区"), town.named("华炉社区"));
        let here = format!("/figures?place={}&month=2026-11", community.id());

        let organiser = story.at("佟建国");
        let applied = opening(organiser, &here, "cases.applied", &community).unwrap();
        let file = organiser.get(&format!("{here}&format=csv")).expect(200).body();
        let total: Vec<&str> = file.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(total.get(1), Some(&"2"), "{}: {file}", town.engine);
        let page = organiser.open(&applied).expect(200);
        assert!(page.words().contains("共 2") && !page.words().contains("另有"), "{}", page.words());
        assert!(!page.links().iter().any(|link| link.contains("2026-11-25")), "its day is not told");
        assert_eq!(organiser.listed(&applied), both);
        let day = applied.replace("from=2026-11-01&to=2026-11-30", "from=2026-11-25&to=2026-11-25");
        assert_ne!(day, applied);
        assert!(organiser.open(&day).expect(200).words().contains("共 0"));

        let city = town.named("沈阳市");
        let chief = story.at("林素琴");
        let all = opening(chief, "/figures?month=2026-11", "cases.applied", &city).unwrap();
        assert!(chief.open(&all).expect(200).words().contains("共 2"), "{}", chief.page().words());
        assert_eq!(chief.listed(&all), both);

        let own = format!("/figures?place={}&month=2026-11&department=civil_affairs", district.id());
        let granted = BTreeSet::from([first.clone(), secret]);
        for (who, total, expected) in [("佟建国", "共 1", BTreeSet::from([first])), ("孙海燕", "共 2", granted)]
        {
            let decided = opening(story.at(who), &own, "cases.decided", &district).unwrap();
            let words = story.at(who).open(&decided).expect(200).words();
            assert!(words.contains(total), "{who}: {words}");
            assert_eq!(story.at(who).listed(&decided), expected, "{who}");
        }
        town.verify();
    }
}

#[test]
fn what_is_rolled_back_is_not_counted() {
    for town in Town::each() {
        let (place, agreed) = (town.named("华炉社区"), town.indicator("visits.agreed"));
        let day = ZONE.date(town.clock.now());
        for (fails, expected) in [(true, 0), (false, 2)] {
            let (district, id) = (place.district(), Uuid::now_v7());
            let cell = Cell { place: place.clone(), department: String::new(), day };
            let done = town.store().write_blocking(move |tx| {
                let subject = Subject { publisher: "visits", district, id };
                count_in(tx, &subject, &cell, &[(&agreed, 1)])?;
                count_in(tx, &subject, &cell, &[(&agreed, 1)])?;
                if fails { Err(hall::Fault::NotFound) } else { Ok(()) }
            });
            assert_eq!(done.is_err(), fails);
            assert_eq!(town.told(&place, "visits.agreed"), Figure::Count(expected));
            town.recount();
        }
    }
}

#[test]
fn departments_are_read_by_one_call() {
    for town in Town::each() {
        drop(two_cases(&town, 731));
        let (community, district) = (town.named("华炉社区"), town.named("大东区"));
        let who = Resident::next(&mut Seed::new(741));
        town.visitor().books(&town, "counter", &who, &community, Slot { day: "2026-11-25", minute: "540" });
        let city = town.named("沈阳市");
        for (place, code, expected) in [
            (&community, "cases.applied", Figure::Count(2)),
            (&city, "cases.applied", Figure::Count(2)),
            (&city, "cases.taken", Figure::Count(2)),
            (&city, "cases.cross_district_share", Figure::Share { part: 2, whole: 2 }),
            (&district, "cases.taken", Figure::Count(0)),
            (&district, "cases.decided", Figure::Count(1)),
            (&district, "visits.agreed", Figure::Count(1)),
            (&city, "visits.agreed", Figure::Count(1)),
        ] {
            assert_eq!(town.told(place, code), expected, "{}: {code} at {place}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn a_figure_of_visits_opens_the_visits_that_it_counts() {
    for town in Town::each() {
        let (community, district) = (town.named("华炉社区"), town.named("大东区"));
        let mut seed = Seed::new(761);
        let mut book = |kind: &str, minute: &str| {
            let who = Resident::next(&mut seed);
            let slot = Slot { day: "2026-11-25", minute };
            (town.visitor().books(&town, kind, &who, &community, slot), who)
        };
        let ((first, who), (other, _)) = (book("counter", "540"), book("counter", "570"));
        let ((asked, _), (made, _)) = (book("home", ""), book("home", ""));
        let mut worker = town.staff("rows.worker", "community_worker", &community, None);
        let act = format!("/visits/{made}/act");
        drop(worker.post(&act, &[("deed", "accept"), ("slot", "2026-11-25/0")]).expect(303));

        let mut organiser = town.staff("rows.organiser", "organiser_district", &district, None);
        assert_eq!(organiser.adds_up(&town, &district, "visits.agreed"), vec![1_i64; 3]);
        assert_eq!(organiser.adds_up(&town, &district, "visits.home_done"), Vec::<i64>::new());
        drop(worker.post(&act, &[("deed", "done")]).expect(303));
        assert_eq!(organiser.adds_up(&town, &community, "visits.home_done"), vec![1_i64]);

        let page = organiser.open(&town.opens(&community, "visits.agreed")).expect(200);
        let links = page.links();
        for (number, expected) in [(&first, true), (&other, true), (&made, true), (&asked, false)] {
            assert_eq!(links.contains(&format!("/visits/{number}")), expected, "{}: {number}", town.engine);
        }
        assert!(!page.body().contains(&who.name), "{}: names are masked", town.engine);

        let rows = town.opens(&community, "visits.agreed");
        let day = rows.replace("from=2026-11-01&to=2026-11-30", "from=2026-11-24&to=2026-11-24");
        let nothing = organiser.open(&day).expect(200);
        assert!(nothing.words().contains("共 0") && nothing.words().contains("没有可以查看的明细"));
        for wrong in [
            rows.replace("visits.agreed", "visits.nonsense"),
            rows.replace("to=2026-11-30", "to=2026-12-31"),
            town.opens(&town.named("沈河区"), "visits.agreed"),
        ] {
            drop(organiser.get(&wrong).expect(404));
        }
        // A worker sees the list, and takes no file of it away.
        drop(worker.open(&rows).expect(200));
        drop(worker.get(&format!("{rows}&format=csv")).expect(403));
        assert!(town.visitor().get(&rows).location().is_some_and(|to| to.starts_with("/sign-in")));
        town.verify();
    }
}

/// Registers a system that reads the cases of a place.
fn system(town: &Town, operator: &mut Browser, place: &PlacePath) -> Uuid {
    let code = town.city.places.tree().at(place).map(|place| place.code.clone()).unwrap();
    let form = operator.open("/systems/open").expect(200).form("/systems/open");
    let form = form.set("name", "城管平台").set("place", &code).set("department", "").set("calls", "600");
    let page = operator.submit(chosen(form, "scopes", "case.read")).expect(200);
    page.address.strip_prefix("/systems/").and_then(|id| id.parse().ok()).unwrap()
}

#[test]
fn a_figure_of_messages_opens_them_and_says_which_are_forgotten() {
    for town in Town::each() {
        let mut operator = town.staff("rows.operator", "operator", &town.named("沈阳市"), None);
        let (place, now, delivered) = (town.named("大东区"), town.clock.now(), town.indicator("exchange.delivered"));
        let (system, district) = (system(&town, &mut operator, &place), place.district());
        let cell = Cell { place: place.clone(), department: String::new(), day: ZONE.date(now) };
        let [kept, gone] = [7, 8].map(Uuid::from_u128);
        let done = town.store().write_blocking(move |tx| {
            let sql = "insert into exchange_delivery (id, system, number, state, at, attempts, sent_at) \
                       values ($1, $2, '210104-2026-0000001-4', 'granted', $3, 1, $3)";
            tx.exec(sql, &args![kept, system, now])?;
            for id in [kept, gone] {
                let subject = Subject { publisher: "exchange", district, id };
                count_in(tx, &subject, &cell, &[(&delivered, 1)])?;
            }
            Ok::<_, store::StoreError>(())
        });
        done.unwrap();
        assert_eq!(operator.adds_up(&town, &place, "exchange.delivered"), vec![1_i64; 2]);
        let page = operator.open(&town.opens(&place, "exchange.delivered")).expect(200);
        assert!(page.links().contains(&format!("/systems/{system}")), "{}", page.words());
        for expected in ["210104-2026-0000001-4", "明细已不再保存"] {
            assert!(page.words().contains(expected), "{expected}: {}", page.words());
        }
        let mut stranger = town.staff("rows.stranger", "operator", &town.named("沈河区"), None);
        drop(stranger.get(&page.address).expect(404));
        town.verify();
    }
}
