//! These stories are about who is who around a community: a secretary enters bodies, elections and who holds a post;
//! everybody reads it, prints it, and takes it away as Popolo; mediators are chosen from a roster and have no tie.

use crate::companies::{COMMUNITY, serving};
use city_stories::{Browser, Story, Town, code_on};
use jobs::Job;
use serde_json::{Value, json};
use testkit::{Form, Reply};
use uuid::Uuid;

use crate::hearings_disputes::{Dispute, agree_about, brought as told, names};

const PLACE: &str = "华炉社区";
/// Where somebody lives.
const HOME: &str = "翠湖小区3号楼2单元501";
/// What is said beside who mediates when a mediation begins.
const TOLD: &str = "nowhere_else=yes open=closed rights=yes first_paper=id_card second_paper=licence";

/// The form of a page for a deed.
pub fn deed(page: &Reply, name: &str) -> Form {
    let found = page.forms().into_iter().find(|form| form.get("deed") == Some(name));
    found.unwrap_or_else(|| panic!("{name} is not offered: {}", page.words()))
}

/// Somebody enters a body of her community. Returns its page.
pub fn entered(she: &mut Browser, kind: &str, name: &str) -> Reply {
    let form = she.open("/bodies").expect(200).form("/bodies");
    she.submit(form.set("kind", kind).set("name", name).set("telephone", "024-23456789")).expect(200)
}

fn elected(page: &Reply, on: &str, members: &str, women: &str) -> Form {
    deed(page, "elect").set("held", on).set("members", members).set("women", women)
}

fn appointed(page: &Reply, name: &str) -> Form {
    deed(page, "appoint").set("holder", name).set("from", "2026-11-01").set("agreed", "1")
}

/// The morning's reminders, as the server sends them by itself.
fn remind(town: &Town) {
    let chore = town.city.work.chores.iter().find(|chore| chore.kind == "bodies.remind").unwrap();
    let now = town.clock.now();
    let job = Job {
        id: Uuid::now_v7(),
        kind: chore.kind.to_owned(),
        payload: json!({}),
        run_at: now,
        attempt: 1,
        last: false,
    };
    (chore.handler)(&town.city.store, &job, now).unwrap();
}

#[test]
fn an_election_that_the_law_does_not_allow_is_refused_and_a_term_is_warned_of() {
    for town in Town::each() {
        let mut story = Story::new(&town, 501);
        story.tell(
            "luo is secretary_community at 华炉社区
             wang is secretary_community at 付家社区
             zhao is community_worker at 华炉社区",
        );
        let page = entered(story.at("luo"), "mediation", "华炉调解委员会");
        assert!(page.words().contains("3 到 9 人，至少 1 名妇女，任期 3 年"), "{}", page.words());
        for (members, women, said) in
            [("5", "0", "至少要有 1 名妇女"), ("10", "3", "最多 9 人"), ("2", "1", "至少 3 人"), ("3", "4", "整数")]
        {
            let refused = story.at("luo").send(elected(&page, "2023-05-01", members, women));
            assert!(refused.status == 422 && refused.words().contains(said), "{said}: {}", refused.words());
        }
        let ahead = story.at("luo").send(elected(&page, "2026-11-24", "5", "2"));
        assert!(ahead.status == 422 && ahead.words().contains("不能晚于今天"), "{}", ahead.words());
        for _ in 0..2 {
            let done = story.at("luo").submit(elected(&page, "2023-05-01", "5", "2")).expect(200);
            assert!(done.words().contains("任期到 2026年5月1日"), "{}: {}", town.engine, done.words());
            assert_eq!(done.words().matches("其中妇女 2 人").count(), 1, "sent twice, entered once");
        }
        let due = story.at("luo").open("/bodies?due=1").expect(200).words();
        assert!(due.contains("华炉调解委员会") && due.contains("任期已满"), "{}: {due}", town.engine);
        assert!(!story.at("wang").open("/bodies?due=1").expect(200).words().contains("华炉调解委员会"));
        assert!(story.at("luo").open("/overview").expect(200).words().contains("换届和备案到期"));
        // However many others are on duty there, whoever keeps its bodies is reminded.
        let place = town.named("华炉社区");
        for number in 0..60 {
            town.account(&format!("worker{number}"), "同事", "community_worker", &place, None);
        }
        remind(&town);
        remind(&town);
        let queue = story.at("luo").open("/queue").expect(200).words();
        assert_eq!(queue.matches("华炉调解委员会的任期").count(), 1, "{}: {queue}", town.engine);
        assert_eq!(story.at("wang").open(&page.address).status, 404);
        assert_eq!(story.at("zhao").open("/bodies").status, 403);
        town.verify();
    }
}

#[test]
fn papers_of_an_owners_committee_are_filed_within_thirty_days() {
    for town in Town::each() {
        let mut story = Story::new(&town, 502);
        story.tell("luo is secretary_community at 华炉社区");
        let page = entered(story.at("luo"), "owners", "翠湖业主委员会");
        assert_eq!(story.at("luo").send(elected(&page, "2026-10-01", "6", "2")).status, 422, "an even number");
        let page = story.at("luo").submit(elected(&page, "2026-10-01", "7", "0")).expect(200);
        let late = story.at("luo").open("/bodies?due=1").expect(200).words();
        assert!(late.contains("备案已过期（10月31日）"), "{}: {late}", town.engine);
        let early = story.at("luo").send(deed(&page, "file").set("filed", "2026-09-30"));
        assert!(early.status == 422, "before the election: {}", early.words());
        let page = story.at("luo").submit(deed(&page, "file").set("filed", "2026-11-20")).expect(200);
        assert!(page.words().contains("2026年11月20日 已备案"), "{}", page.words());
        let due = story.at("luo").open("/bodies?due=1").expect(200).words();
        assert!(!due.contains("翠湖业主委员会"), "{}: {due}", town.engine);
    }
}

#[test]
fn a_by_election_leaves_the_term_as_it_is_and_is_filed_too() {
    for town in Town::each() {
        let mut story = Story::new(&town, 518);
        story.tell("luo is secretary_community at 华炉社区");
        let page = entered(story.at("luo"), "owners", "翠湖业主委员会");
        let refused = story.at("luo").send(elected(&page, "2026-11-01", "5", "2").set("by_election", "1"));
        assert!(refused.status == 422 && refused.words().contains("没有正在进行的任期"), "{}", refused.words());
        let page = story.at("luo").submit(elected(&page, "2023-06-01", "7", "2")).expect(200);
        let page = story.at("luo").submit(deed(&page, "file").set("filed", "2023-06-20")).expect(200);
        let by_election = elected(&page, "2026-11-01", "5", "3").set("by_election", "1");
        let termed = story.at("luo").send(by_election.clone().set("own_years", "3"));
        assert!(termed.status == 422 && termed.words().contains("补选不改任期"), "{}", termed.words());
        let page = story.at("luo").submit(by_election).expect(200);
        let words = page.words();
        for told in ["补选以后一共 5 人，其中妇女 3 人", "任期到 2028年6月1日", "要在 2026年12月1日 前备案"]
        {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        assert!(!words.contains("2031年"), "{}: no new term begins: {words}", town.engine);
        let address = format!("/bodies/{}", town.named(PLACE).id());
        let read = town.visitor().open(&address).expect(200).words();
        assert!(read.contains("2023年6月1日 至 2028年6月1日"), "{}: {read}", town.engine);
        let early = story.at("luo").send(deed(&page, "file").set("filed", "2026-10-31"));
        assert_eq!(early.status, 422, "{}: before the by-election: {}", town.engine, early.words());
        let page = story.at("luo").submit(deed(&page, "file").set("filed", "2026-11-20")).expect(200);
        let words = page.words();
        for told in ["2023年6月20日 已备案", "2026年11月20日 已备案"] {
            assert!(words.contains(told), "{}: {told}: {words}", town.engine);
        }
        town.verify();
    }
}

#[test]
fn a_name_is_published_with_consent_for_the_term_and_then_gone() {
    for town in Town::each() {
        let mut story = Story::new(&town, 503);
        story.tell("luo is secretary_community at 华炉社区");
        let mut she = town.visitor();
        let address = format!("/bodies/{}", town.named(PLACE).id());
        assert!(she.open(&address).expect(200).words().contains("还没有登记本地组织"));
        drop(entered(story.at("luo"), "party", "华炉社区党委"));
        let page = entered(story.at("luo"), "residents", "华炉社区居委会");
        let silent = story.at("luo").send(appointed(&page, "李䶮").without("agreed"));
        assert!(silent.status == 422 && silent.words().contains("没有勾选本人同意公示"), "{}", silent.words());
        assert_eq!(story.at("luo").send(appointed(&page, "<李>")).status, 422, "no name");
        let kept = story.at("luo").submit(appointed(&page, "李䶮")).expect(200);
        let words = she.open(&address).expect(200).words();
        for part in ["李䶮", "主任", "副主任 空缺", "024-23456789", "华炉社区党委", "自我管理"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let body = she.get(&address).body();
        assert!(body.contains("<svg viewBox") && body.contains("href=\"#b-"), "the picture leads to the list");
        assert!(town.visitor().open(&format!("{address}?lang=en")).expect(200).words().contains("Around it"));
        assert!(she.open(&format!("{address}/poster?size=a3")).expect(200).words().contains("李䶮"));
        assert!(she.open(&format!("/places/{}", town.named(PLACE).id())).expect(200).words().contains("一核多元"));
        let leave = deed(&kept, "leave");
        let before = story.at("luo").send(leave.clone().set("until", "2026-10-31"));
        assert_eq!(before.status, 422, "nobody leaves before he came");
        let left = story.at("luo").submit(leave.set("until", "2026-11-20")).expect(200);
        assert!(left.words().contains("2026年11月1日 – 2026年11月20日 主任 · 李䶮"), "{}", left.words());
        assert!(!she.open(&address).expect(200).words().contains("李䶮"), "{}: published for the term", town.engine);
        let id: Uuid = kept.address.split(['/', '?']).nth(3).unwrap().parse().unwrap();
        let district = town.named(PLACE).district();
        let entries = town.city.store.read_blocking(move |tx| store::log::read(tx, district, id)).unwrap();
        let told = entries.iter().filter(|entry| entry.payload.contains("李䶮")).count();
        assert!(entries.len() >= 3 && told == 0, "{}: no name stands in the log", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_agreed_and_when_they_meet_is_read_by_everybody() {
    for town in Town::each() {
        let mut story = Story::new(&town, 504);
        story.tell(
            "luo is secretary_community at 华炉社区
             wang is secretary_community at 付家社区",
        );
        let id = town.named(PLACE).id();
        let (talk, address) = (format!("/bodies/talk/{id}"), format!("/bodies/{id}"));
        assert_eq!(story.at("wang").open(&talk).status, 404);
        let page = story.at("luo").open(&talk).expect(200);
        let page = story.at("luo").submit(deed(&page, "raise").set("question", "电动车停在哪里")).expect(200);
        let mut she = town.visitor();
        assert!(she.open(&address).expect(200).words().contains("还在商量的 电动车停在哪里"));
        let agree = deed(&page, "agree").set("agreed_on", "2026-11-20").set("outcome", "在楼后建车棚");
        let wrong = story.at("luo").send(agree.clone().set("link", "javascript:alert(1)"));
        assert!(wrong.status == 422 && wrong.words().contains("链接不对"), "{}", wrong.words());
        let number = story.at("luo").send(agree.clone().set("outcome", "问 13800130412"));
        assert!(number.status == 422 && number.words().contains("里有电话号码"), "{}", number.words());
        drop(story.at("luo").submit(agree.set("link", "/hearings")).expect(200));
        let page = story.at("luo").open(&talk).expect(200);
        let call = deed(&page, "call").set("meeting", "三方会").set("room", "议事厅").set("on", "2026-11-26");
        let call = call.set("starts", "14:00");
        assert_eq!(story.at("luo").send(call.clone().set("ends", "13:00")).status, 422);
        let page = story.at("luo").submit(call.set("ends", "15:30")).expect(200);
        let words = she.open(&address).expect(200).words();
        assert!(words.contains("在楼后建车棚") && words.contains("14:00–15:30"), "{}: {words}", town.engine);
        let calendar = she.get(&format!("{address}/meetings.ics")).expect(200).body();
        assert!(calendar.contains("DTSTART:20261126T060000Z") && calendar.contains("CONFIRMED"), "{calendar}");
        drop(story.at("luo").submit(deed(&page, "cancel")).expect(200));
        let calendar = she.get(&format!("{address}/meetings.ics")).expect(200).body();
        assert!(calendar.contains("CANCELLED"), "{calendar}");
    }
}

/// What a list of a Popolo document must have: the name of the list and of the fields of each of its things.
const POPOLO: [(&str, &[&str]); 5] = [
    ("organizations", &["id", "name", "classification", "contact_details"]),
    ("posts", &["id", "label", "organization_id"]),
    ("memberships", &["id", "person_id", "organization_id", "post_id", "start_date"]),
    ("persons", &["id", "name"]),
    ("areas", &["id", "name", "classification"]),
];

/// The identities of a list.
fn ids(document: &Value, list: &str) -> Vec<String> {
    let things = document[list].as_array().unwrap();
    things.iter().map(|thing| thing["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_bodies_are_taken_away_as_popolo() {
    for town in Town::each() {
        let mut story = Story::new(&town, 505);
        story.tell("luo is secretary_community at 华炉社区");
        let page = entered(story.at("luo"), "residents", "华炉社区居委会");
        drop(story.at("luo").submit(appointed(&page, "李岺")).expect(200));
        drop(entered(story.at("luo"), "mediation", "华炉调解委员会"));
        let address = format!("/bodies/{}/popolo.json", town.named(PLACE).id());
        let reply = town.visitor().get(&address).expect(200);
        assert!(reply.header("content-type").unwrap().starts_with("application/json"));
        assert_eq!(reply.header("cache-control"), Some("public, max-age=600"));
        let document: Value = serde_json::from_str(&reply.body()).unwrap();
        for (list, fields) in POPOLO {
            let things = document[list].as_array().unwrap();
            assert!(!things.is_empty(), "{list}");
            for (thing, field) in things.iter().flat_map(|thing| fields.iter().map(move |field| (thing, field))) {
                assert!(!thing[field].is_null(), "{}: {list} without {field}: {thing}", town.engine);
            }
        }
        let (organizations, posts, persons) =
            (ids(&document, "organizations"), ids(&document, "posts"), ids(&document, "persons"));
        for membership in document["memberships"].as_array().unwrap() {
            for (field, known) in [("organization_id", &organizations), ("post_id", &posts), ("person_id", &persons)] {
                assert!(known.iter().any(|id| membership[field] == id.as_str()), "{field}: {membership}");
            }
        }
        for contact in document["organizations"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|one| one["contact_details"].as_array().unwrap().iter())
        {
            assert!(contact["type"].is_string() && contact["value"].is_string(), "{contact}");
        }
        let parents = document["organizations"].as_array().unwrap().iter().filter(|one| !one["parent_id"].is_null());
        assert_eq!(parents.count(), 1, "the mediation committee belongs to the residents' committee");
        assert_eq!(document["persons"][0]["name"], "李岺");
        assert_eq!(town.visitor().get("/bodies/999999999/popolo.json").status, 404);
    }
}

#[test]
fn companies_with_a_contract_stand_among_the_bodies_and_nobody_enters_them_twice() {
    for town in Town::each() {
        let company = serving(&town);
        let id = company.rsplit('/').next().unwrap();
        let address = format!("/bodies/{}", town.named(COMMUNITY).id());
        let named = |town: &Town| {
            let reply = town.visitor().get(&format!("{address}/popolo.json")).expect(200);
            let document: Value = serde_json::from_str(&reply.body()).unwrap();
            let all = document["organizations"].as_array().unwrap().clone();
            all.into_iter().filter(|one| one["name"] == "安居物业").collect::<Vec<Value>>()
        };
        for page in [address.clone(), format!("{address}/poster")] {
            let words = town.visitor().open(&page).expect(200).words();
            for told in ["安居物业 物业服务企业", "024-12345678", "北苑"] {
                assert!(words.contains(told), "{}: {page}: {told}: {words}", town.engine);
            }
        }
        let found = named(&town);
        let [one] = &found[..] else { panic!("{}: it stands there once", town.engine) };
        assert!(one["id"] == id && one["classification"] == "property", "{}: {one}", town.engine);
        town.clock.set_local("2028-01-01 10:00");
        assert!(named(&town).is_empty(), "{}: its contract is over", town.engine);
        town.clock.set_local("2026-11-23 10:05");
        let mut secretary = town.staff("secretary", "secretary_community", &town.named(COMMUNITY), None);
        drop(entered(&mut secretary, "property", "安居物业"));
        let found = named(&town);
        let [one] = &found[..] else { panic!("{}: it stands there once", town.engine) };
        assert!(one["id"] != id, "{}: what was entered says more: {one}", town.engine);
    }
}

fn screen(page: &Reply, name: &str) -> Form {
    page.forms().into_iter().find(|form| form.get("screen") == Some(name)).unwrap()
}

/// Somebody brings a dispute with 物业公司 without an account.
fn brought(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    let mut she = town.visitor();
    let page = she.open("/hearings/new").expect(200);
    let page = she.submit(screen(&page, "say").set("facts", "电梯老是坏").set("where", PLACE)).expect(200);
    let page = she.submit(screen(&page, "which").set("class", "property")).expect(200);
    let form = screen(&page, "who").set("name", "李岺").set("telephone", "13800000302").set("other_name", "安居物业");
    let form = form.set("address", HOME);
    let receipt = she.submit(form).expect(200);
    receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
    story.code = code_on(&receipt);
    story
}

/// Puts somebody on the roster of the community.
fn engage(story: &mut Story<'_>, name: &str, more: &[(&str, &str)]) {
    let page = story.at("luo").open("/bodies/mediators").expect(200);
    let form = deed(&page, "engage").set("mediator", name).set("from", "2026-11-01").set("agreed", "1");
    let form = more.iter().fold(form, |form, (field, value)| form.set(field, value));
    let page = story.at("luo").submit(form).expect(200);
    assert!(page.words().contains(name), "{}", page.words());
}

#[test]
fn a_mediator_is_on_the_roster_and_has_no_tie_to_a_party() {
    for town in Town::each() {
        let mut story = brought(&town, 506);
        story.tell(
            "luo is secretary_community at 华炉社区
             li is mediator at 华炉社区 for mediation
             other is mediator at 华炉社区 for mediation",
        );
        let login = story.login("li");
        engage(&mut story, "郑桂兰", &[("login", &login), ("knows", "law")]);
        engage(&mut story, "孟宪章", &[("employer", "安居物业")]);
        engage(&mut story, "李岺", &[]);
        engage(&mut story, "李建国", &[("address", HOME)]);
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", "安居物业");
        let begins = |story: &mut Story<'_>, verb: &str, mediator: &str, tie: &str| {
            story.tell(&format!("li {verb} begin mediator={mediator} {tie} {TOLD}"));
        };
        for mediator in ["王五", "李岺", "孟宪章", "李建国"] {
            begins(&mut story, "does not take", mediator, "tie=none");
        }
        for tie in ["", "tie=relative"] {
            begins(&mut story, "does not take", "郑桂兰", tie);
        }
        begins(&mut story, "does", "郑桂兰", "tie=none");
        story.tell("case is talks");
        // Somebody tied to a party is not even asked about.
        story.tell(
            "li does not take ask next=substitute about=孟宪章
             li may not hand_down",
        );
        let base = format!("/cases/{}", story.number);
        for part in ["mediation", "mediation/cover", "agreement", "sessions"] {
            let part = format!("{base}/{part}");
            drop(story.at("li").open(&part).expect(200));
            assert_eq!(story.at("other").open(&part).status, 404, "{}: {part} is its mediator's", town.engine);
        }
        let roster = story.at("luo").open("/bodies/mediators").expect(200).words();
        assert!(roster.contains("法律") && !roster.contains("安居物业"), "{}: {roster}", town.engine);
        let levels = story.at("luo").open("/bodies/levels").expect(200).words();
        assert!(levels.contains("社区评理说事点 1 4"), "{}: {levels}", town.engine);
        let shown = town.visitor().open(&format!("/bodies/{}", town.named(PLACE).id())).expect(200).words();
        assert!(shown.contains("调解员") && shown.contains("郑桂兰"), "{shown}");
        town.verify();
    }
}

#[test]
fn the_file_goes_to_the_new_mediator_and_leaves_the_old_one() {
    for town in Town::each() {
        let dispute = Dispute { class: "neighbours", facts: "楼上漏水", other: "楼上" };
        let mut story = told(&town, &dispute, 509);
        story.tell(
            "luo is secretary_community at 华炉社区
             other is mediator at 华炉社区 for mediation
             street is mediator at 大北街道 for mediation",
        );
        for (name, who) in [("郑桂兰", "li"), ("孟宪章", "other")] {
            let login = story.login(who);
            engage(&mut story, name, &[("login", &login)]);
        }
        engage(&mut story, "李岺", &[]);
        let base = format!("/cases/{}", story.number);
        // Before somebody begins it is known to those who mediate for its body, and to nobody above it.
        for part in ["", "/mediation"] {
            let part = format!("{base}{part}");
            drop(story.at("other").open(&part).expect(200));
            assert_eq!(story.at("street").open(&part).status, 404, "{}: {part}", town.engine);
        }
        let queue = story.at("street").open("/queue").expect(200);
        assert!(!queue.body().contains(&story.number), "{}: {}", town.engine, queue.words());
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", "王立新");
        // Whoever is called as a party is says how it was checked that he is another.
        story.tell(&format!("li does not take begin mediator=李岺 tie=none {TOLD}"));
        story.tell(&format!("li does begin mediator=李岺 namesake=身份证号不同 tie=none {TOLD}"));
        let agreement = format!("{base}/agreement");
        agree_about(&mut story, "li", "substitute", "孟宪章").tell(
            "li does substitute mediator=孟宪章 tie=none reason=出差
             li handed it on
             street cannot open it
             other finds it in /queue",
        );
        assert_eq!(story.at("li").open(&agreement).status, 404, "{}: it is another's", town.engine);
        drop(story.at("other").open(&agreement).expect(200));
        let words = story.at("li").open("/queue").expect(200).words();
        assert!(!words.contains("邻里"), "{}: {words}", town.engine);
        // Her step lies back, and it is another's: it does not exist for her any more.
        town.clock.plus_seconds(31 * 60);
        story.tell("li cannot open it");
        town.verify();
    }
}

#[test]
fn who_works_for_the_company_that_manages_a_community_does_not_mediate_about_it() {
    for (class, verb) in [("property", "does not take"), ("neighbours", "does")] {
        for town in Town::each() {
            // Nobody says which company it is; the community knows.
            let dispute = Dispute { class, facts: "电梯老是坏", other: "物业" };
            let mut story = told(&town, &dispute, 508);
            story.tell("luo is secretary_community at 华炉社区");
            drop(entered(story.at("luo"), "property", "安居物业"));
            engage(&mut story, "孟宪章", &[("employer", " 安居物业 ")]);
            story.tell(
                "li does take_on nowhere_else=yes
                 li does second_agrees how_said=person",
            );
            names(&mut story, "second", "王立新");
            story.tell(&format!("li {verb} begin mediator=孟宪章 tie=none {TOLD}"));
            town.verify();
        }
    }
}

#[test]
fn a_matter_goes_up_and_back_down_with_the_consent_of_both() {
    for town in Town::each() {
        let mut story = brought(&town, 507);
        story.tell(
            "li is mediator at 华炉社区 for mediation
             street is mediator at 大北街道 for mediation
             luo is secretary_street at 大北街道
             li does take_on nowhere_else=yes
             li does second_agrees how_said=person",
        );
        names(&mut story, "second", "安居物业");
        for answers in ["mediator=李岺 tie=none", "mediator=李 tie=relative", "mediator=李"] {
            story.tell(&format!("li does not take begin {answers} {TOLD}"));
        }
        story.tell(&format!("li does begin mediator=李 tie=none {TOLD}")).tell(
            "li may not go_up
             li does ask next=go_up
             li may not go_up
             li does first_passes along=all how_said=person
             li does second_passes along=none how_said=person
             li does go_up reason=太难
             street finds it in /queue",
        );
        let levels = story.at("luo").open("/bodies/levels").expect(200).words();
        assert!(levels.contains("街道分中心 1 0"), "{}: {levels}", town.engine);
        story.tell(
            "street may not hand_down
             street does ask next=hand_down
             street does first_passes along=all how_said=person
             street does second_passes along=all how_said=person
             street does hand_down reason=社区能调
             li finds it in /queue",
        );
        let levels = story.at("luo").open("/bodies/levels").expect(200).words();
        assert!(
            levels.contains("社区评理说事点 1 0") && levels.contains("街道分中心 0 0"),
            "{}: {levels}",
            town.engine
        );
        town.verify();
    }
}
