//! These stories are about the talk day: somebody books a talk and calls it off, whoever hosts sees who comes without a
//! whole name, and the page of the point says which of the nine things are there.

use city_stories::{Browser, Story, Town, all_values, code_on};
use testkit::{Form, Reply};

use crate::hearings::PLACE;

/// A worker says that the talk day is Thursday, and two of the nine things.
pub fn kept(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    story.tell(
        "zhao is community_worker at 华炉社区
         wang is community_worker at 付家社区",
    );
    let form = story.at("zhao").open("/hearings/point").expect(200).form("/hearings/point");
    let form = form.set("room", "党群服务中心一楼").set("hours", "周一至周五 8:30—17:00").set("weekday", "4");
    let form =
        form.set("opens", "9:00").set("closes", "11:00").set("things", "group").set("remark_group", "群名：华炉说事");
    drop(story.at("zhao").submit(form).expect(200));
    story
}

/// The form of somebody who books, filled in.
pub fn booking(she: &mut Browser, town: &Town) -> Form {
    let address = format!("/hearings/book?place={}", town.named(PLACE).id());
    let form = she.open(&address).expect(200).form("/hearings/book");
    form.set("day", "2026-11-26").set("name", "李岺").set("telephone", "13800000302")
}

#[test]
fn the_page_of_the_point_says_what_is_there_and_what_lacks() {
    for town in Town::each() {
        let mut story = kept(&town, 441);
        let words = town.visitor().open(&format!("/hearings?place={}", town.named(PLACE).id())).expect(200).words();
        assert!(words.contains("微信群 群名：华炉说事"), "{}: {words}", town.engine);
        assert!(words.contains("还缺：调解员、标牌、登记簿"), "{}: {words}", town.engine);
        let form = story.at("zhao").open("/hearings/point").expect(200).form("/hearings/point");
        assert_eq!(form.get("remark_group"), Some("群名：华炉说事"), "{}: it is filled in again", town.engine);
        let long = "字".repeat(61);
        assert_eq!(story.at("zhao").send(form.set("remark_group", &long)).status, 422, "{}", town.engine);
    }
}

#[test]
fn a_talk_is_booked_once_hosted_and_called_off() {
    for town in Town::each() {
        let mut story = kept(&town, 442);
        let mut she = town.visitor();
        let place = town.named(PLACE).id();
        let form = booking(&mut she, &town);
        assert_eq!(she.send(form.clone().set("telephone", "12")).status, 422, "{}", town.engine);
        assert_eq!(she.send(form.clone().without("day")).status, 422, "{}: on no day", town.engine);
        let pages = [(); 2].map(|()| she.submit(form.clone()).expect(200));
        let codes = [code_on(&pages[0]), code_on(&pages[1])];
        assert!(!codes[0].is_empty() && codes[0] == codes[1], "{}: sent twice, booked once", town.engine);
        let link = pages[0]
            .links()
            .into_iter()
            .find_map(|link| link.strip_prefix("/hearings/booked?number=").map(str::to_owned));
        let number = link.unwrap();
        let hosting = format!("/hearings/hosting?place={place}&day=2026-11-26");
        let list = story.at("zhao").open(&hosting).expect(200);
        assert!(list.words().contains("已预约") && !list.body().contains("李岺"), "{}: {}", town.engine, list.words());
        assert!(!list.body().contains("13800000302"), "{}", town.engine);
        let brings = format!("/hearings/new?place={place}");
        assert!(list.links().contains(&brings), "{}: what is told there becomes a case", town.engine);
        assert_eq!(story.at("wang").open(&hosting).status, 404, "{}: another community", town.engine);
        let offers = |page: &Reply, wanted: &str| {
            page.forms().into_iter().find(|form| form.offers.iter().any(|name| name == wanted))
        };
        assert!(offers(&list, "walk_in").is_none() && offers(&list, "came").is_none(), "{}", town.engine);
        assert!(list.words().contains("还没到这一天"), "{}: {}", town.engine, list.words());
        let (id, early) = (place.to_string(), "hosted-early");
        let fields = [("place", id.as_str()), ("day", "2026-11-26"), ("walk_in", "1"), ("_once", early)];
        assert_eq!(story.at("zhao").post("/hearings/hosting", &fields).status, 422, "{}: ahead", town.engine);
        let twice = booking(&mut she, &town).set("name", "王敏");
        assert_eq!(she.send(twice).status, 422, "{}: one telephone, one talk a day", town.engine);
        town.clock.set_local("2026-11-26 09:10");
        let list = story.at("zhao").open(&hosting).expect(200);
        let walk_in = offers(&list, "walk_in").unwrap();
        for _ in 0..2 {
            let list = story.at("zhao").submit(walk_in.clone()).expect(200).words();
            assert_eq!(list.matches("没有预约，直接来的").count(), 1, "{}: {list}", town.engine);
        }
        let body = story.at("zhao").open(&hosting).expect(200).body();
        let cell = body.split("没有预约，直接来的").nth(1).and_then(|rest| rest.split("</td>").next()).unwrap();
        assert!(cell.contains(&format!("href=\"{brings}\"")), "{}: beside whoever came: {cell}", town.engine);
        let form = she.open("/hearings/booked").expect(200).form("/hearings/booked");
        let form = form.set("number", &number).set("code", &codes[0]);
        let seen = she.submit(form).expect(200);
        assert!(seen.words().contains("已预约"), "{}: {}", town.engine, seen.words());
        let calendar = she.send(offers(&seen, "calendar").unwrap().set("calendar", "1")).expect(200);
        assert!(calendar.body().contains("DTSTART:20261126T010000Z"), "{}: {}", town.engine, calendar.body());
        let off = offers(&seen, "off").unwrap().set("off", "1");
        assert!(she.submit(off).expect(200).words().contains("已取消"), "{}", town.engine);
        let list = story.at("zhao").open(&hosting).expect(200).words();
        assert!(list.contains("已取消"), "{}: {list}", town.engine);
        town.verify();
    }
}

#[test]
fn a_talk_day_that_is_full_takes_no_more() {
    for town in Town::each_figured(&[("hearings.talks_a_day", 1)]) {
        drop(kept(&town, 443));
        let mut she = town.visitor();
        let form = booking(&mut she, &town);
        assert!(!code_on(&she.submit(form).expect(200)).is_empty(), "{}", town.engine);
        let form = booking(&mut she, &town).set("name", "王敏").set("telephone", "13800000303");
        let full = she.send(form);
        assert!(full.status == 422 && full.words().contains("约满了"), "{}: {}", town.engine, full.words());
    }
}

#[test]
fn whoever_hosts_reads_the_telephone_for_a_purpose() {
    for town in Town::each() {
        let mut story = kept(&town, 444);
        let mut she = town.visitor();
        let form = booking(&mut she, &town);
        drop(she.submit(form).expect(200));
        let hosting = format!("/hearings/hosting?place={}&day=2026-11-26", town.named(PLACE).id());
        let form = story.at("zhao").open(&hosting).expect(200).form("/hearings/hosting/open");
        let unsaid = story.at("zhao").send(form.clone());
        assert!(unsaid.status == 422 && !unsaid.body().contains("13800000302"), "{}: what for", town.engine);
        let opened = story.at("zhao").send(form.clone().set("purpose", "handling")).expect(200);
        assert!(opened.words().contains("13800000302"), "{}: {}", town.engine, opened.words());
        assert!(!opened.body().contains("李岺"), "{}: the number alone", town.engine);
        let later = story.at("zhao").open(&hosting).expect(200);
        assert!(!later.body().contains("13800000302"), "{}: shown once", town.engine);
        let (place, turn) = (form.get("place").unwrap(), form.get("turn").unwrap());
        let fields = [("place", place), ("day", "2026-11-26"), ("turn", turn), ("purpose", "handling"), ("_once", "x")];
        assert_eq!(story.at("wang").post("/hearings/hosting/open", &fields).status, 404, "{}: elsewhere", town.engine);
        town.verify();
    }
}

#[test]
fn nobody_is_heard_on_a_holiday() {
    for town in Town::each() {
        town.clock.set_local("2026-12-24 10:00");
        let mut story = kept(&town, 445);
        let form = story.at("zhao").open("/hearings/point").expect(200).form("/hearings/point").set("weekday", "5");
        drop(story.at("zhao").submit(form).expect(200));
        let place = town.named(PLACE).id();
        let body = town.visitor().open(&format!("/hearings/book?place={place}")).expect(200).body();
        let days = all_values(&body, "day");
        assert_eq!(days, ["2026-12-25", "2027-01-08", "2027-01-15"], "{}: not on New Year's Day", town.engine);
        let calendar = town.visitor().get(&format!("/hearings/talks/{place}")).expect(200).body();
        assert!(calendar.contains("EXDATE:20270101T010000Z"), "{}: {calendar}", town.engine);
    }
}
