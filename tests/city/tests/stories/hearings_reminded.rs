//! These stories are about days that both sides of a dispute must not miss: until when they can ask the court together,
//! and by when a clause of their agreement is to be kept. Each side is told of what is its own, and chooses for herself
//! whether she is told.

use cases::Cases;
use city_stories::{Browser, Story, Town, chosen};
use jobs::{DeliveryError, Job, Notice};
use testkit::Form;
use uuid::Uuid;

use crate::hearings::brought;
use crate::hearings_disputes::{Dispute, begun, both, notes, writes};
use crate::hearings_file::morning;
use crate::hearings_opinions::{number_on, says};
use crate::hearings_own::{other, own};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "楼上" };
/// What the upper side owes, and what the one owes who asked.
const CLAUSES: [[&str; 4]; 2] =
    [["second", "赔刷墙的钱", "30", "2026-11-30"], ["first", "开门让人修", "", "2027-01-20"]];

/// A town whose parties are reached by telephone.
pub(crate) fn towns() -> Vec<Town> {
    Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned()))
}

/// An agreement that both signed on the twenty-third of November, and that was sealed two days later: from that day on
/// it holds.
fn signed(town: &Town, seed: u64) -> Story<'_> {
    let mut story = begun(town, &LEAK, seed);
    writes(&mut story, &CLAUSES);
    both(&mut story, "draft").tell(
        "li does draft
         li does first_signs how_said=yes paper_on=2026-11-23
         li does second_signs how_said=yes paper_on=2026-11-23",
    );
    town.clock.set_local("2026-11-25 10:00");
    story.tell(
        "li does not take seal effect_on=2026-11-22
         li does seal effect_on=2026-11-25
         case is in_effect",
    );
    story
}

/// The messages of a text that wait to be sent outside of the platform.
pub(crate) fn sent(town: &Town, template: &str) -> Vec<Notice> {
    let sql = format!("select id from jobs_notice where template = '{template}' and channel <> 'in_app' order by id");
    let found = town.store().read_blocking(move |tx| {
        let mut found = Vec::new();
        for row in tx.rows(&sql, &[])? {
            let id: Uuid = row.get(0)?;
            found.extend(jobs::notice(tx, id)?);
        }
        Ok::<_, store::StoreError>(found)
    });
    found.unwrap()
}

/// Whether a message goes to a side.
fn is_to(notice: &Notice, story: &Story<'_>, side: &str) -> bool {
    let record = Cases::sealed_party(&story.case(), side).unwrap();
    notice.recipient.ends_with(&record.to_string())
}

#[test]
fn the_last_day_for_the_court_is_counted_from_the_day_of_effect() {
    for town in towns() {
        let mut story = signed(&town, 497);
        let agreement = format!("/cases/{}/agreement", story.number);
        let printed = format!("/cases/{}/mediation/court", story.number);
        for address in [agreement.as_str(), printed.as_str()] {
            let words = story.at("li").open(address).expect(200).words();
            assert!(words.contains("12月25日") && !words.contains("12月23日"), "{}: {address}: {words}", town.engine);
        }
        story.tell("she follows it");
        let address = format!("/follow/{}/agreement", story.number);
        let own = story.at("she").open(&address).expect(200).words();
        assert!(own.contains("两边一起申请司法确认，最迟"), "{}: {own}", town.engine);
        morning(&town, "2026-12-21");
        assert!(sent(&town, "hearings-notice-own-ask-soon").is_empty(), "{}: it is early", town.engine);
        for day in ["2026-12-22", "2026-12-23"] {
            morning(&town, day);
            let told = sent(&town, "hearings-notice-own-ask-soon");
            assert_eq!(told.len(), 2, "{}: {day}: each side once: {told:?}", town.engine);
        }
        let words = story.at("li").open("/queue").expect(200).words();
        assert!(words.contains("两边可以一起申请司法确认"), "{}: {words}", town.engine);
        let told = sent(&town, "hearings-notice-own-ask-soon");
        let hers = told.iter().find(|notice| is_to(notice, &story, "first")).unwrap();
        let desk = town.city.work.recipients.iter().find(|known| known.prefix.is_empty()).unwrap();
        let text = (desk.resolve)(town.store(), hers, &hers.recipient, town.clock.now()).unwrap().unwrap().text;
        assert!(text.contains("最迟 2026年12月25日") && !text.contains("刷墙"), "{}: {text}", town.engine);
        town.clock.set_local("2026-12-26 10:00");
        let words = story.at("li").open(&agreement).expect(200).words();
        assert!(!words.contains("两边一起申请司法确认，最迟"), "{}: it is over: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn the_last_day_for_the_court_is_the_same_everywhere_where_it_falls_on_a_holiday() {
    for town in towns() {
        let mut story = begun(&town, &LEAK, 1501);
        writes(&mut story, &[["first", "开门让人修", "", "2027-01-20"]]);
        town.clock.set_local("2026-12-02 10:00");
        both(&mut story, "oral").tell("li does oral effect_on=2026-12-02").tell("case is in_effect");
        // The thirtieth day is New Year's Day, and a weekend follows.
        let address = format!("/cases/{}", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        let fact = words.split("一起申请司法确认的期限").nth(1).unwrap_or_default();
        let fact: String = fact.chars().take(30).collect();
        assert!(fact.contains("2027年1月4日"), "{}: {fact}: {words}", town.engine);
        let words = story.at("li").open(&format!("{address}/agreement")).expect(200).words();
        assert!(words.contains("2027年1月4日"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_side_is_reminded_of_what_it_owes_and_of_nothing_else() {
    for town in towns() {
        let mut story = signed(&town, 498);
        for (day, template) in [
            ("2026-11-27", "hearings-notice-own-clause-soon"),
            ("2026-11-28", "hearings-notice-own-clause-soon"),
            ("2026-12-01", "hearings-notice-own-clause-late"),
        ] {
            morning(&town, day);
            let told = sent(&town, template);
            assert_eq!(told.len(), 1, "{}: {day}: {told:?}", town.engine);
            assert!(is_to(&told[0], &story, "second"), "{}: {day}: not the side that owes", town.engine);
        }
        let long = "字".repeat(501);
        let address = format!("/cases/{}/agreement", story.number);
        let page = story.at("li").open(&address).expect(200);
        let form = page.forms().into_iter().find(|form| form.get("deed") == Some("note")).unwrap();
        let refused = story.at("li").send(form.set("stage", "done").set("noted", &long));
        assert_eq!(refused.status, 422, "{}: more than a note holds", town.engine);
        assert!(notes(&mut story, 0, "done", "给了现金").contains("已履行 1 条"), "{}", town.engine);
        morning(&town, "2026-12-02");
        assert_eq!(sent(&town, "hearings-notice-own-clause-late").len(), 1, "{}: it is done", town.engine);
        town.verify();
    }
}

#[test]
fn what_a_resident_said_waits_in_sight_until_it_is_answered() {
    for town in Town::each() {
        let mut story = Story::new(&town, 499);
        story.tell("zhao is community_worker at 华炉社区");
        let address = format!("/hearings/opinions/{}", number_on(&says(&town, "private")));
        drop(says(&town, "nothing"));
        let queue = |story: &mut Story<'_>| story.at("zhao").open("/queue").expect(200);
        assert!(queue(&mut story).words().contains("居民的意见 2"), "{}: {}", town.engine, queue(&mut story).words());
        for (day, told) in [("2026-11-27", ""), ("2026-11-30", "最后一天"), ("2026-12-01", "请马上回复")] {
            morning(&town, day);
            let page = queue(&mut story);
            let said = page.words().matches("评理说事点有一条意见").count();
            assert_eq!(said > 0, !told.is_empty(), "{}: {day}: {}", town.engine, page.words());
            assert!(page.words().contains(told), "{}: {day}: {}", town.engine, page.words());
            assert_eq!(page.links().contains(&address), !told.is_empty(), "{}: {day}", town.engine);
        }
        let page = story.at("zhao").open(&address).expect(200);
        let is_answer = |form: &testkit::Form| form.action == address && form.get("turn").is_none();
        let form = page.forms().into_iter().find(is_answer).unwrap().set("answer", "明天去看。");
        drop(story.at("zhao").submit(form).expect(200));
        assert!(queue(&mut story).words().contains("居民的意见 1"), "{}: one is left", town.engine);
        town.verify();
    }
}

/// She presses a button of her messages.
fn chooses(she: &mut Browser, story: &Story<'_>, name: &str, value: &str) -> String {
    let (address, page) = (format!("/follow/{}/notices", story.number), own(she, story, ""));
    let offers = |form: &Form| form.action == address && form.offers.iter().any(|known| known == name);
    let form = page.forms().into_iter().find(offers);
    let form = form.unwrap_or_else(|| panic!("{name} is not offered: {}", page.words()));
    she.submit(form.set(name, value)).expect(200).words()
}

/// The mediator opens the record of the other side, and then both chores tell of looks.
fn looks_and_tells(town: &Town, story: &mut Story<'_>) -> Vec<Notice> {
    town.clock.plus_seconds(60);
    let record = Cases::sealed_party(&story.case(), "second").unwrap().to_string();
    let case = format!("/cases/{}", story.number);
    let form = story.at("li").open(&case).expect(200).form(&format!("{case}/person")).set("party", &record);
    drop(story.at("li").submit(form.set("purpose", "other").set("purpose_word", "核对电话")).expect(200));
    let now = town.clock.plus_seconds(60);
    for kind in ["cases.tell_looks", "cases.tell_party_looks"] {
        let (id, payload) = (Uuid::now_v7(), serde_json::json!({}));
        let job = Job { id, kind: kind.to_owned(), payload, run_at: now, attempt: 1, last: false };
        let chore = town.city.work.chores.iter().find(|chore| chore.kind == kind).unwrap();
        (chore.handler)(town.store(), &job, now).unwrap();
    }
    sent(town, "cases-notice-looked")
}

#[test]
fn a_side_chooses_for_herself_what_she_is_told() {
    for town in towns() {
        let mut story = brought(&town, 4611);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             li does take_on nowhere_else=yes",
        );
        let mut she = other(&mut story);
        let page = own(&mut she, &story, "");
        assert!(page.words().contains("平台还没有您的电话"), "{}: {}", town.engine, page.words());
        let form = chosen(page.form(&format!("/follow/{}/request", story.number)), "kind", "correct");
        drop(she.submit(form.set("text", "电话是13900001234")).expect(200));
        story.tell(
            "li looks for 答复更正请求
             li answers request outcome=done answer=改好了 telephone=13900001234",
        );
        assert!(looks_and_tells(&town, &mut story).is_empty(), "{}: she did not ask for it", town.engine);
        let words = chooses(&mut she, &story, "tell", "no");
        assert!(words.contains("您选择了自己来查"), "{}: {words}", town.engine);
        drop(chooses(&mut she, &story, "looks", "yes"));
        story.tell(
            "she follows it
             she reads 有进展时，平台在工作时间
             she reads 想知道工作人员什么时候看过您的信息",
        );
        for _ in 0..2 {
            let told = looks_and_tells(&town, &mut story);
            assert_eq!(told.len(), 1, "{}: once a day: {told:?}", town.engine);
            assert!(is_to(&told[0], &story, "second"), "{}: not whoever applied", town.engine);
        }
        let told = sent(&town, "cases-notice-looked").remove(0);
        let desk = town.city.work.recipients.iter().find(|known| known.prefix.is_empty()).unwrap();
        let resolve = |notice: &Notice| (desk.resolve)(town.store(), notice, &notice.recipient, town.clock.now());
        let text = resolve(&told).unwrap().unwrap().text;
        assert!(text.contains("查看了您的个人信息"), "{}: what she asked for: {text}", town.engine);
        let news = Notice { template: "cases-notice-party-outside".to_owned(), ..told };
        assert!(matches!(resolve(&news), Err(DeliveryError::NotWanted)), "{}: she looks herself", town.engine);
        drop(chooses(&mut she, &story, "tell", "yes"));
        assert!(resolve(&news).unwrap().is_some(), "{}", town.engine);
        drop(chooses(&mut she, &story, "looks", "no"));
        town.clock.set_local("2026-11-24 10:00");
        assert_eq!(looks_and_tells(&town, &mut story).len(), 1, "{}: she took it back", town.engine);
        town.verify();
    }
}
