//! These stories are about what residents say at a hearing point beside disputes: without a name, answered in public in
//! words that staff wrote, or to one alone, or turned into a case with an owner and a date.

use city_stories::{Browser, Story, Town, code_on};
use testkit::{Form, Reply};

use crate::hearings::{PLACE, counted, screen};
use crate::photos::offered;

pub const WORDS: &str = "三单元张大爷家门口的灯不亮";

/// Somebody says something and wants to be answered so. Returns the page that thanks her.
pub fn says(town: &Town, wanted: &str) -> Reply {
    let mut she = town.visitor();
    let form = she.open(&format!("/hearings/say?place={}", town.named(PLACE).id())).expect(200).form("/hearings/say");
    assert_eq!(she.send(form.clone().set("wanted", wanted)).status, 422, "{}: nothing is said", town.engine);
    assert_eq!(she.send(form.clone().set("text", WORDS)).status, 422, "{}: how to answer", town.engine);
    let long = "字".repeat(501);
    assert_eq!(she.send(form.clone().set("text", &long).set("wanted", wanted)).status, 422, "{}", town.engine);
    let form = form.set("text", WORDS).set("wanted", wanted);
    let first = she.submit(form.clone()).expect(200);
    assert_eq!(code_on(&she.submit(form).expect(200)), code_on(&first), "{}: sent twice, said once", town.engine);
    first
}

/// The number that a page of thanks shows.
pub fn number_on(thanks: &Reply) -> String {
    let link =
        thanks.links().into_iter().find_map(|link| link.strip_prefix("/hearings/said?number=").map(str::to_owned));
    link.unwrap_or_else(|| panic!("no number: {}", thanks.words()))
}

/// What somebody reads with number and code.
fn read(town: &Town, number: &str, code: &str) -> Reply {
    let mut she = town.visitor();
    let form = she.open("/hearings/said").expect(200).form("/hearings/said");
    she.submit(form.set("number", number).set("code", code))
}

/// The form that answers, or the one that turns it into a case.
fn form(page: &Reply, turns: bool) -> Form {
    let wanted = |form: &Form| form.action.contains("/opinions/") && (form.get("turn") == Some("1")) == turns;
    page.forms().into_iter().find(wanted).unwrap_or_else(|| panic!("no such form: {}", page.words()))
}

fn point(town: &Town) -> String {
    town.visitor().open(&format!("/hearings?place={}", town.named(PLACE).id())).expect(200).words()
}

#[test]
fn an_answer_is_public_only_in_words_that_staff_released() {
    for town in Town::each() {
        let mut story = Story::new(&town, 431);
        story.tell(
            "zhao is community_worker at 华炉社区
             wang is community_worker at 付家社区",
        );
        let thanks = says(&town, "public");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let address = format!("/hearings/opinions/{number}");
        let list = story.at("zhao").open("/hearings/opinions").expect(200);
        assert!(list.words().contains(&number) && !list.body().contains(WORDS), "{}", town.engine);
        assert_eq!(story.at("wang").open(&address).status, 404, "{}: another community", town.engine);
        let page = story.at("zhao").open(&address).expect(200);
        assert!(page.words().contains(WORDS), "{}: {}", town.engine, page.words());
        let answer = form(&page, false);
        assert_eq!(story.at("zhao").send(answer.clone()).status, 422, "{}: no words", town.engine);
        let released = answer.set("answer", "灯这周五换好。").set("release", "1");
        assert_eq!(story.at("zhao").send(released.clone()).status, 422, "{}: no question in her words", town.engine);
        let done = story.at("zhao").submit(released.set("question", "楼道灯什么时候修？")).expect(200);
        assert!(done.words().contains("已回复"), "{}: {}", town.engine, done.words());
        let words = point(&town);
        assert!(words.contains("楼道灯什么时候修？") && words.contains("灯这周五换好。"), "{}: {words}", town.engine);
        assert!(!words.contains("张大爷"), "{}: her own words are not public: {words}", town.engine);
        let own = read(&town, &number, &code).expect(200).words();
        assert!(own.contains(WORDS) && own.contains("灯这周五换好。"), "{}: {own}", town.engine);
        assert_eq!(read(&town, &number, "2222222222").status, 422, "{}", town.engine);
        let figures = ["hearings.gathered", "hearings.answered", "hearings.turned"].map(|code| counted(&town, code));
        assert_eq!(figures, [1, 1, 0], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_private_answer_is_hers_alone() {
    for town in Town::each() {
        let mut story = Story::new(&town, 432);
        story.tell("zhao is community_worker at 华炉社区");
        let thanks = says(&town, "private");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let page = story.at("zhao").open(&format!("/hearings/opinions/{number}")).expect(200);
        let answer = form(&page, false);
        assert!(!answer.offers.iter().any(|name| name == "release"), "{}: nothing to release", town.engine);
        drop(story.at("zhao").submit(answer.set("answer", "明天上午去您家看。")).expect(200));
        assert!(!point(&town).contains("明天上午"), "{}", town.engine);
        let own = read(&town, &number, &code).expect(200).words();
        assert!(own.contains("明天上午去您家看。"), "{}: {own}", town.engine);
        let kept =
            town.store().read_blocking(|tx| tx.rows("select told, question from hearings_opinion", &[])).unwrap();
        for row in kept {
            let (told, question): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            assert!(told.is_empty() && question.is_empty(), "{}: nothing of it lies open", town.engine);
        }
    }
}

#[test]
fn what_is_real_becomes_a_case_with_an_owner_and_a_date() {
    for town in Town::each() {
        let mut story = Story::new(&town, 433);
        story.tell(
            "zhao is community_worker at 华炉社区
             zhao takes MZ-11 for a resident of 华炉社区",
        );
        let thanks = says(&town, "public");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let address = format!("/hearings/opinions/{number}");
        let turn = form(&story.at("zhao").open(&address).expect(200), true);
        let unknown = turn.clone().set("case", "210104-2026-0000009-9");
        assert_eq!(story.at("zhao").send(unknown).status, 422, "{}: no such case", town.engine);
        let case = story.number.clone();
        let turn = turn.set("case", &case).set("release", "1").set("question", "高龄津贴怎么办？");
        for _ in 0..2 {
            let done = story.at("zhao").submit(turn.clone()).expect(200);
            assert!(done.words().contains("已转成办件"), "{}: {}", town.engine, done.words());
        }
        let words = point(&town);
        assert!(words.contains("高龄津贴怎么办？") && words.contains("转成办件，由"), "{}: {words}", town.engine);
        assert!(words.contains("前，现在："), "{}: it has a date: {words}", town.engine);
        assert!(!words.contains(&case), "{}: a number of somebody's case is not public: {words}", town.engine);
        assert!(read(&town, &number, &code).expect(200).words().contains("转成办件，由"), "{}", town.engine);
        let figures = ["hearings.gathered", "hearings.answered", "hearings.turned"].map(|code| counted(&town, code));
        assert_eq!(figures, [1, 0, 1], "{}", town.engine);
        town.verify();
    }
}

/// The screens of a report after the first, up to the last form.
fn filled(browser: &mut Browser, first: Form) -> Form {
    let which = browser.submit(first).expect(200);
    let last = browser.submit(screen(&which, "which").set("kind", "event/0102/heap")).expect(200);
    screen(&last, "send")
}

#[test]
fn what_is_wrong_in_the_street_is_reported_from_it_and_linked_by_itself() {
    for town in Town::each() {
        let mut story = Story::new(&town, 435);
        story.tell("zhao is community_worker at 华炉社区");
        let thanks = says(&town, "private");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let address = format!("/hearings/opinions/{number}");
        let first = story.at("zhao").open(&address).expect(200).form("/report/new");
        assert_eq!(first.get("where"), Some(PLACE), "{}: with the place", town.engine);
        // Whoever does not keep that point reports, and changes nothing of the opinion.
        let mut she = town.visitor();
        let mut own = screen(&she.open("/report/new").expect(200), "say").set("what", WORDS).set("where", PLACE);
        own.fields.push(("origin".to_owned(), number.clone()));
        let own = filled(&mut she, own);
        drop(she.submit(own).expect(200));
        let kept = story.at("zhao").open(&address).expect(200);
        assert!(!kept.words().contains("已转成办件"), "{}: {}", town.engine, kept.words());
        let last = filled(story.at("zhao"), first);
        assert_eq!(last.get("origin"), Some(number.as_str()), "{}: it is carried along", town.engine);
        for _ in 0..2 {
            drop(story.at("zhao").submit(last.clone()).expect(200));
        }
        let kept = story.at("zhao").open(&address).expect(200);
        assert!(kept.words().contains("已转成办件"), "{}: {}", town.engine, kept.words());
        let link = kept.links().into_iter().find(|link| link.starts_with("/cases/"));
        let link = link.unwrap_or_else(|| panic!("{}: no case: {}", town.engine, kept.words()));
        assert!(link.contains("-W"), "{}: a report: {link}", town.engine);
        assert!(read(&town, &number, &code).expect(200).words().contains("转成办件，由"), "{}", town.engine);
        assert_eq!(counted(&town, "hearings.turned"), 1, "{}: once", town.engine);
        town.verify();
    }
}

#[test]
fn what_stands_in_the_street_already_is_joined_from_it_and_linked_as_well() {
    for town in Town::each() {
        let mut story = Story::new(&town, 437);
        story.tell("zhao is community_worker at 华炉社区");
        let mut she = town.visitor();
        let first = screen(&she.open("/report/new").expect(200), "say").set("what", WORDS).set("where", PLACE);
        let sent = filled(&mut she, first);
        let report = she.submit(sent).expect(200).address.trim_start_matches("/receipt/").to_owned();
        let thanks = says(&town, "private");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let address = format!("/hearings/opinions/{number}");
        let first = story.at("zhao").open(&address).expect(200).form("/report/new");
        let which = story.at("zhao").submit(first).expect(200);
        let last = story.at("zhao").submit(screen(&which, "which").set("kind", "event/0102/heap")).expect(200);
        let near = screen(&last, "near");
        assert_eq!(near.get("origin"), Some(number.as_str()), "{}: it is carried along", town.engine);
        let join = near.set("join", &offered(&last));
        for _ in 0..2 {
            drop(story.at("zhao").send(join.clone()).expect(200));
        }
        let kept = story.at("zhao").open(&address).expect(200);
        assert!(kept.words().contains("已转成办件"), "{}: {}", town.engine, kept.words());
        assert!(kept.links().contains(&format!("/cases/{report}")), "{}: {:?}", town.engine, kept.links());
        assert!(read(&town, &number, &code).expect(200).words().contains("转成办件，由"), "{}", town.engine);
        assert_eq!(counted(&town, "hearings.turned"), 1, "{}: once", town.engine);
        town.verify();
    }
}

#[test]
fn what_is_a_dispute_is_brought_with_its_words_and_small_numbers_are_withheld() {
    for town in Town::each() {
        let mut story = Story::new(&town, 434);
        story.tell(
            "zhao is community_worker at 华炉社区
             li is mediator at 华炉社区 for mediation",
        );
        let thanks = says(&town, "private");
        let (number, code) = (number_on(&thanks), code_on(&thanks));
        let words = point(&town);
        assert!(words.contains("条数不公布") && !words.contains("收到意见 1 条"), "{}: {words}", town.engine);
        let page = story.at("zhao").open(&format!("/hearings/opinions/{number}")).expect(200);
        let report = page.form("/report/new");
        assert_eq!(report.get("what"), Some(WORDS), "{}: or as a report, with her words", town.engine);
        let page = story.at("zhao").submit(page.form("/hearings/new")).expect(200);
        let page = story.at("zhao").submit(screen(&page, "which").set("class", "neighbours")).expect(200);
        let who = screen(&page, "who").set("name", "张玉兰").set("telephone", "13800000307").set("other_name", "邻居");
        let receipt = story.at("zhao").submit(who.set("detail", "shared")).expect(200);
        receipt.address.trim_start_matches("/receipt/").clone_into(&mut story.number);
        let kept = story.at("zhao").open(&format!("/hearings/opinions/{number}")).expect(200).words();
        assert!(kept.contains("已转成办件"), "{}: {kept}", town.engine);
        assert!(read(&town, &number, &code).expect(200).words().contains("已转为调解"), "{}", town.engine);
        story.tell(
            "li finds it in /queue
             li opens it
             li reads 邻里纠纷：楼道、公共地方",
        );
        // Nobody learns by trying which numbers there are of what she may not see.
        let other = format!("/hearings/opinions/{}", number_on(&says(&town, "private")));
        let turn = form(&story.at("zhao").open(&other).expect(200), true).set("case", &story.number);
        let refused = story.at("zhao").send(turn);
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        assert_eq!(counted(&town, "hearings.turned"), 1, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn a_dispute_is_taken_in_though_the_opinion_was_answered_meanwhile() {
    for town in Town::each() {
        let mut story = Story::new(&town, 436);
        story.tell("zhao is community_worker at 华炉社区");
        let number = number_on(&says(&town, "private"));
        let address = format!("/hearings/opinions/{number}");
        let page = story.at("zhao").open(&address).expect(200);
        let answer = form(&page, false).set("answer", "明天上午去您家看。");
        let page = story.at("zhao").submit(page.form("/hearings/new")).expect(200);
        let page = story.at("zhao").submit(screen(&page, "which").set("class", "neighbours")).expect(200);
        let who = screen(&page, "who").set("name", "张玉兰").set("telephone", "13800000307").set("other_name", "邻居");
        drop(story.at("zhao").submit(answer).expect(200));
        let receipt = story.at("zhao").submit(who).expect(200);
        assert!(receipt.address.starts_with("/receipt/"), "{}: {}", town.engine, receipt.words());
        let kept = story.at("zhao").open(&address).expect(200).words();
        assert!(kept.contains("已回复") && !kept.contains("已转成办件"), "{}: {kept}", town.engine);
        let figures = ["hearings.gathered", "hearings.answered", "hearings.turned"].map(|code| counted(&town, code));
        assert_eq!(figures, [1, 1, 0], "{}: settled once", town.engine);
        town.verify();
    }
}
