//! These stories are about the rooms of a hearing point and who receives people there: everybody reads them, talks and
//! sessions take them, and nobody takes one that is taken.

use city_stories::{Browser, Story, Town, all_values, chosen};
use testkit::{Form, Reply};

use crate::hearings::PLACE;
use crate::hearings_disputes::{Dispute, begun, both, deed};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "楼上" };
const TAKEN: &str = "已经有人约了";

/// The page on which a worker says where people are heard.
fn point(story: &mut Story<'_>) -> Form {
    story.at("zhao").open("/hearings/point").expect(200).form("/hearings/point")
}

/// A worker says where people are heard, that the talk day is Thursday, and that there are two rooms.
pub(crate) fn kept(story: &mut Story<'_>) -> Reply {
    story.tell("zhao is community_worker at 华炉社区");
    let form = point(story).set("room", "党群服务中心一楼").set("hours", "周一至周五 8:30—17:00");
    let form = form.set("weekday", "4").set("opens", "9:00").set("closes", "11:00");
    let form = form.set("room_name_0", "评理室").set("seats_0", "8").set("step_free_0", "1");
    let form = form.set("room_name_1", "调解室").set("seats_1", "4");
    story.at("zhao").submit(form).expect(200)
}

/// The identity of the room of a name, as a page offers it.
fn room(page: &Reply, name: &str) -> String {
    let body = page.body();
    let before = body.split(&format!("\">{name}")).next().unwrap();
    before.rsplit('"').next().unwrap().to_owned()
}

/// The form of somebody who books a talk at nine, in a room of a name or in any.
fn booking(she: &mut Browser, town: &Town, name: &str, telephone: &str) -> Form {
    let page = she.open(&format!("/hearings/book?place={}", town.named(PLACE).id())).expect(200);
    let wanted = if name.is_empty() { String::new() } else { room(&page, name) };
    let form = page.form("/hearings/book").set("day", "2026-11-26").set("begins", "540").set("in_room", &wanted);
    form.set("name", "李岺").set("telephone", telephone)
}

/// A mediator arranges a session in the first room.
pub(crate) fn arranges(story: &mut Story<'_>, on: &str, from: &str, until: &str) -> Reply {
    let address = format!("/cases/{}/sessions", story.number);
    let page = story.at("li").open(&address).expect(200);
    let form = deed(&page, "arrange").set("on", on).set("starts", from).set("ends", until);
    let id = room(&page, "评理室");
    story.at("li").send(form.set("in_room", &id))
}

#[test]
fn everybody_reads_the_rooms_and_who_receives_people() {
    for town in Town::each() {
        let mut story = Story::new(&town, 461);
        story.tell("luo is secretary_community at 华炉社区");
        let form = story.at("luo").open("/bodies").expect(200).form("/bodies");
        let form = form.set("kind", "residents").set("name", "华炉社区居委会").set("telephone", "024-23456789");
        drop(story.at("luo").submit(form).expect(200));
        let page = story.at("luo").open("/bodies/mediators").expect(200);
        let form = deed(&page, "engage").set("mediator", "郑桂兰").set("from", "2026-11-01").set("agreed", "1");
        drop(story.at("luo").submit(form).expect(200));
        drop(kept(&mut story));
        let page = story.at("zhao").open("/hearings/point").expect(200);
        let hosts = all_values(&page.body(), "hosts");
        let first = |kind: &str| hosts.iter().find(|host| host.starts_with(kind)).unwrap().clone();
        let form = page.form("/hearings/point");
        let stranger = chosen(form.clone(), "hosts", "mediator:00000000-0000-0000-0000-000000000001");
        assert_eq!(story.at("zhao").send(stranger).status, 422, "{}: on no roster", town.engine);
        let form = [first("post:"), first("mediator:")].iter().fold(form, |form, host| chosen(form, "hosts", host));
        drop(story.at("zhao").submit(form).expect(200));
        let words = town.visitor().open(&format!("/hearings?place={}", town.named(PLACE).id())).expect(200).words();
        for part in ["评理室 8 个座位，没有台阶，轮椅能进", "调解室 4 个座位，有台阶", "华炉社区居委会主任", "郑桂兰"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let calendar = town.visitor().get(&format!("/hearings/talks/{}", town.named(PLACE).id())).expect(200).body();
        let place = calendar.lines().find(|line| line.starts_with("LOCATION:")).unwrap();
        assert!(place.contains("评理室") && place.contains("调解室"), "{}: {calendar}", town.engine);
        let form = point(&mut story);
        assert_eq!(story.at("zhao").send(form.clone().set("seats_0", "0")).status, 422, "{}: no seat", town.engine);
        assert_eq!(story.at("zhao").send(form.clone().set("room_name_1", "评理室")).status, 422, "one name twice");
        let words = story.at("zhao").submit(form.set("room_name_1", "").set("seats_1", "")).expect(200).words();
        assert!(!words.contains("调解室") && words.contains("评理室"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_talk_takes_a_room_and_nobody_books_it_twice() {
    for town in Town::each() {
        let mut story = Story::new(&town, 462);
        drop(kept(&mut story));
        let mut she = town.visitor();
        let form = booking(&mut she, &town, "评理室", "13800000302");
        let timeless = she.send(form.clone().without("begins"));
        assert_eq!(timeless.status, 422, "{}: {}", town.engine, timeless.words());
        let mut booked = String::new();
        for _ in 0..2 {
            let page = she.submit(form.clone()).expect(200);
            let words = page.words();
            assert!(words.contains("9:00–9:10") && words.contains("评理室"), "{}: {words}", town.engine);
            assert!(!words.contains("9:00–11:00"), "{}: her own time: {words}", town.engine);
            booked = city_stories::code_on(&page);
        }
        let number = she
            .page()
            .links()
            .into_iter()
            .find_map(|link| link.strip_prefix("/hearings/booked?number=").map(str::to_owned));
        let form = booking(&mut she, &town, "评理室", "13800000303");
        let refused = she.send(form).words();
        assert!(refused.contains("“评理室”2026年11月26日 9:00–9:10 已经有人约了"), "{}: {refused}", town.engine);
        let any = booking(&mut she, &town, "", "13800000303");
        let words = she.submit(any).expect(200).words();
        assert!(words.contains("9:00–9:10") && words.contains("调解室"), "{}: one is free: {words}", town.engine);
        let offered = she.open(&format!("/hearings/book?place={}", town.named(PLACE).id())).expect(200).words();
        assert_eq!(offered.matches("已经约满：9:00–9:10").count(), 1, "{}: before she types: {offered}", town.engine);
        let third = booking(&mut she, &town, "", "13800000304");
        let refused = she.send(third);
        assert!(refused.status == 422 && refused.words().contains(TAKEN), "{}: {}", town.engine, refused.words());
        let hosting = format!("/hearings/hosting?place={}&day=2026-11-26", town.named(PLACE).id());
        let list = story.at("zhao").open(&hosting).expect(200).words();
        assert!(list.contains("9:00–9:10 评理室") && list.contains("9:00–9:10 调解室"), "{}: {list}", town.engine);
        let gone = point(&mut story).set("room_name_0", "").set("seats_0", "");
        let refused = story.at("zhao").send(gone);
        assert!(refused.status == 422 && refused.words().contains("还有人约着用"), "{}", refused.words());
        let form = she.open("/hearings/booked").expect(200).form("/hearings/booked");
        let seen = she.submit(form.set("number", &number.unwrap()).set("code", &booked)).expect(200);
        let off = seen.forms().into_iter().find(|form| form.offers.iter().any(|name| name == "off")).unwrap();
        assert!(she.submit(off.set("off", "1")).expect(200).words().contains("已取消"), "{}", town.engine);
        let words = {
            let form = booking(&mut she, &town, "", "13800000304");
            she.submit(form).expect(200).words()
        };
        assert!(words.contains("9:00–9:10") && words.contains("评理室"), "{}: free again: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_session_is_arranged_in_a_room_that_nobody_has() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 463);
        let address = format!("/cases/{}/sessions", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("还没有登记房间"), "{}: {words}", town.engine);
        drop(kept(&mut story));
        both(&mut story, "session");
        for (on, from, until, why) in [
            ("2026-11-22", "9:00", "10:00", ""),
            ("2026-11-26", "10:00", "9:00", ""),
            ("2026-11-26", "", "10:00", ""),
            ("2026-11-23", "0:00", "1:00", "这个时间今天已经过了"),
            ("2026-11-26", "0:00", "23:59", "一次最多约 4 小时"),
        ] {
            let refused = arranges(&mut story, on, from, until);
            let is_told = refused.status == 422 && refused.words().contains(why);
            assert!(is_told, "{}: {on} {from} {until}: {}", town.engine, refused.words());
        }
        assert_eq!(arranges(&mut story, "2026-11-26", "9:00", "10:00").status, 303, "{}", town.engine);
        let page = story.at("li").open(&address).expect(200);
        assert!(page.words().contains("9:00–10:00 评理室"), "{}: {}", town.engine, page.words());
        let overlaps = arranges(&mut story, "2026-11-26", "9:30", "10:30");
        assert!(overlaps.status == 422 && overlaps.words().contains("已经约好一次了"), "{}", overlaps.words());
        assert_eq!(arranges(&mut story, "2026-11-26", "10:00", "11:00").status, 303, "{}: after it", town.engine);
        story.tell("she follows it");
        let own = format!("/follow/{}/agreement", story.number);
        let words = story.at("she").open(&own).expect(200).words();
        assert!(words.contains("约好的调解") && words.contains("9:00–10:00 评理室"), "{}: {words}", town.engine);
        let mut neighbour = town.visitor();
        let refused = {
            let form = booking(&mut neighbour, &town, "评理室", "13800000305");
            neighbour.send(form)
        };
        assert!(refused.status == 422 && refused.words().contains(TAKEN), "{}: {}", town.engine, refused.words());
        assert!(!refused.words().contains(&story.number), "{}: by whom is not told", town.engine);
        let off = deed(&page, "call_off");
        let again = deed(&story.at("li").open(&address).expect(200), "call_off");
        let hers = format!("/follow/{}", story.number);
        let words = story.at("she").open(&hers).expect(200).words();
        assert!(words.contains("9:00–10:00 评理室") && !words.contains("这一次取消了"), "{}: {words}", town.engine);
        for _ in 0..2 {
            drop(story.at("li").submit(off.clone()).expect(200));
        }
        let again = story.at("li").send(again);
        assert!(again.status == 422 && again.words().contains("已经有人做过了"), "{}: off before", again.words());
        let words = story.at("she").open(&hers).expect(200).words();
        let off_told = words.split("这一次取消了，不用来").nth(1).unwrap_or_default();
        assert!(off_told.contains("9:00–10:00 评理室"), "{}: she reads that it is called off: {words}", town.engine);
        assert_eq!(words.matches("9:00–10:00 评理室").count(), 1, "{}: not as one to come: {words}", town.engine);
        let form = booking(&mut neighbour, &town, "评理室", "13800000305");
        drop(neighbour.submit(form).expect(200));
        // Where no mediation goes on any more, its rooms are free.
        story.tell("li does fail why=gap reason=谈不拢 other_ways=yes");
        let words = story.at("she").open(&hers).expect(200).words();
        assert_eq!(words.matches("这一次取消了，不用来").count(), 2, "{}: the other one too: {words}", town.engine);
        let form = booking(&mut neighbour, &town, "评理室", "13800000306").set("begins", "600");
        drop(neighbour.submit(form).expect(200));
        town.verify();
    }
}

#[test]
fn where_a_side_takes_its_consent_back_no_session_is_arranged_and_those_to_come_are_called_off() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 469);
        drop(kept(&mut story));
        let (address, hers) = (format!("/cases/{}/sessions", story.number), format!("/follow/{}", story.number));
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("现在不约时间"), "{}: nobody was asked: {words}", town.engine);
        both(&mut story, "session");
        assert_eq!(arranges(&mut story, "2026-11-26", "9:00", "10:00").status, 303, "{}", town.engine);
        story.tell(
            "li does ask next=prolong
             li does second_withdraws how_said=person
             she follows it",
        );
        let words = story.at("she").open(&hers).expect(200).words();
        assert!(words.contains("您的调解：2026年11月26日"), "{}: a no to another step: {words}", town.engine);
        both(&mut story, "session");
        let page = story.at("li").open(&address).expect(200);
        let id = room(&page, "评理室");
        let later = deed(&page, "arrange").set("on", "2026-11-27").set("starts", "9:00").set("ends", "10:00");
        story.tell(
            "she follows it
             she does first_withdraws",
        );
        let words = story.at("she").open(&hers).expect(200).words();
        let off_told = words.split("约好的取消了，不用来").nth(1).unwrap_or_default();
        assert!(off_told.contains("9:00–10:00 评理室"), "{}: called off: {words}", town.engine);
        assert!(!words.contains("您的调解：2026年11月26日"), "{}: not as one to come: {words}", town.engine);
        let refused = story.at("li").send(later.set("in_room", &id));
        let is_told = refused.status == 422 && refused.words().contains("现在没有同意接着谈");
        assert!(is_told, "{}: {}", town.engine, refused.words());
        let mut neighbour = town.visitor();
        let form = booking(&mut neighbour, &town, "评理室", "13800000305");
        drop(neighbour.submit(form).expect(200));
        town.verify();
    }
}

#[test]
fn whoever_supervises_reads_where_a_hearing_point_lacks() {
    for town in Town::each() {
        let mut story = Story::new(&town, 464);
        story.tell(
            "luo is secretary_street at 大北街道
             far is secretary_community at 付家社区",
        );
        let read = |story: &mut Story<'_>, who: &str| story.at(who).open("/hearings/points").expect(200).words();
        let words = read(&mut story, "luo");
        assert!(words.contains("0 个写明了评理说事点") && words.contains("华炉社区 还没有写明"), "{words}");
        assert!(!read(&mut story, "far").contains("华炉社区"), "{}: only her own", town.engine);
        drop(kept(&mut story));
        let words = read(&mut story, "luo");
        assert!(words.contains("1 个写明了评理说事点，0 个九样都有"), "{}: {words}", town.engine);
        assert!(words.contains("华炉社区 有 调解员、标牌、微信群"), "{}: {words}", town.engine);
        let things = ["mediator", "sign", "group", "record", "board", "talk_day", "box", "books", "card"];
        let form = things.iter().fold(point(&mut story), |form, thing| chosen(form, "things", thing));
        drop(story.at("zhao").submit(form).expect(200));
        let words = read(&mut story, "luo");
        assert!(words.contains("1 个九样都有") && !words.contains("华炉社区"), "{}: {words}", town.engine);
        assert_eq!(story.at("zhao").get("/hearings/points").status, 403, "{}: she supervises nobody", town.engine);
        town.verify();
    }
}
