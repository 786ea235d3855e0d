//! These stories are about those who act for others in a mediation: an agent acts only once his paper was seen,
//! consents to an agreement and signs it only by a special power, and no longer once it was taken back. The paper
//! itself is kept as a photo.

use city_stories::{Browser, PICTURE, Story, Town, code_on, told_twice};
use testkit::{Form, Reply};

use crate::hearings_disputes::{LEAK, begun, both, holds, naming, writes};

pub fn powers(story: &mut Story<'_>) -> Reply {
    let address = format!("/cases/{}/powers", story.number);
    story.at("li").open(&address).expect(200)
}

pub fn giving(page: &Reply) -> Form {
    let found = page.forms().into_iter().find(|form| form.get("until_on").is_some());
    found.unwrap_or_else(|| panic!("no power can be given: {}", page.words()))
}

/// Writes a power of the other side down, and returns its handle as forms name it.
pub fn given(story: &mut Story<'_>, name: &str, more: &[(&str, &str)]) -> String {
    let form = giving(&powers(story)).set("giver", "second").set("agent", name);
    let form = more.iter().fold(form, |form, (field, value)| form.set(field, value));
    drop(story.at("li").submit(form).expect(200));
    let page = powers(story);
    let ends = page.forms().into_iter().filter_map(|form| form.get("withdraw").map(str::to_owned)).next_back();
    ends.unwrap_or_else(|| panic!("no power stands: {}", page.words()))
}

fn file(story: &mut Story<'_>) -> String {
    let address = format!("/cases/{}/mediation", story.number);
    story.at("li").open(&address).expect(200).words()
}

/// The code that a side is given.
fn code_of(story: &mut Story<'_>, side: &str) -> String {
    let address = format!("/cases/{}/invitation", story.number);
    let page = story.at("li").open(&address).expect(200);
    let gives = |form: &Form| {
        let is_plain = form.get("real_name").is_none() && form.get("renew").is_none();
        form.get("side") == Some(side) && is_plain
    };
    let form = page.forms().into_iter().find(gives).unwrap_or_else(|| panic!("no code for {side}: {}", page.words()));
    code_on(&story.at("li").submit(form).expect(200))
}

#[test]
fn the_photo_of_a_power_opens_for_the_mediator_and_its_party_alone() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 472);
        let (number, own) = (story.number.clone(), story.code.clone());
        let code = code_of(&mut story, "second");
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        let address = format!("/cases/{number}/powers/{power}/paper");
        assert_eq!(story.at("li").get(&address).status, 404, "{}: there is none yet", town.engine);
        let form = powers(&mut story).form(&address);
        let wrong = story.at("li").uploads(&form, &[("file", "paper.txt", "no picture".as_bytes())]);
        assert_eq!(wrong.status, 422, "{}: {}", town.engine, wrong.words());
        let form = powers(&mut story).form(&address);
        for _ in 0..2 {
            let page = story.at("li").uploads(&form, &[("file", "paper.png", PICTURE)]).expect(200);
            assert!(page.links().contains(&address), "{}: {}", town.engine, page.words());
        }
        let threads = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let looked = threads.block_on(town.city.papers.inspect("", 100)).unwrap();
        assert_eq!((looked.looked, looked.missing.len()), (1, 0), "{}: it is looked at on the shelf", town.engine);
        assert_eq!(story.at("li").get(&address).status, 200, "{}: the mediator", town.engine);
        let hers = format!("/follow/{number}/powers/{power}/paper");
        let mut other = town.visitor();
        let page = other.follows_with(&number, &code).expect(200);
        assert!(page.words().contains("看授权委托书"), "{}: she reads of the look: {}", town.engine, page.words());
        assert_eq!(other.get(&hers).status, 200, "{}: whose power it is", town.engine);
        let mut first = town.visitor();
        drop(first.follows_with(&number, &own).expect(200));
        assert_eq!(first.get(&hers).status, 404, "{}: not the other side", town.engine);
        assert!(town.visitor().get(&hers).status != 200, "{}: nobody else", town.engine);
        story.tell("qian is mediator at 华炉社区 for mediation");
        assert_eq!(story.at("qian").get(&address).status, 404, "{}: no other mediator", town.engine);
        town.verify();
    }
}

/// The code with which a power is used online.
pub fn power_code(story: &mut Story<'_>, power: &str) -> String {
    let page = powers(story);
    let form = page.forms().into_iter().find(|form| form.get("code_of") == Some(power));
    let form = form.unwrap_or_else(|| panic!("no code can be given: {}", page.words()));
    code_on(&story.at("li").submit(form).expect(200))
}

/// The form by which an agent takes a step, where it is offered.
fn says(page: &Reply, step: &str) -> Option<Form> {
    page.forms().into_iter().find(|form| form.get("action") == Some(step))
}

#[test]
fn an_agent_answers_online_within_his_power_and_no_longer_once_it_ended() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 473);
        let (number, own) = (story.number.clone(), story.code.clone());
        let hers = code_of(&mut story, "second");
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        let code = power_code(&mut story, &power);
        story.tell("li does ask next=session");
        let mut agent = town.visitor();
        let point = agent.open("/hearings").expect(200);
        assert!(point.links().iter().any(|link| link == "/hearings/represent"), "{}: he finds it", town.engine);
        let form = agent.open("/hearings/represent").expect(200).form("/hearings/represent");
        let typed = form.set("number", &number).set("code", &code);
        let wrong = agent.send(typed.clone().set("code", "2222222222"));
        assert_eq!(wrong.status, 422, "{}: {}", town.engine, wrong.words());
        let page = agent.submit(typed.clone()).expect(200);
        assert!(page.words().contains("一般授权"), "{}: {}", town.engine, page.words());
        assert!(!page.body().contains(LEAK.facts), "{}: what the other side told: {}", town.engine, page.words());
        let step = says(&page, "second_goes_on").unwrap_or_else(|| panic!("not offered: {}", page.words()));
        let mut forged = step.clone();
        forged.fields.push(("field_has_read".to_owned(), "yes".to_owned()));
        let beyond = agent.send(forged);
        assert_eq!(beyond.status, 422, "{}: {}", town.engine, beyond.words());
        assert!(!beyond.body().contains('⟦') && !beyond.words().contains("has_read"), "{}", beyond.words());
        for _ in 0..2 {
            let done = agent.submit(step.clone()).expect(200);
            assert!(done.words().contains("已经记下"), "{}: {}", town.engine, done.words());
            assert!(says(&done, "second_goes_on").is_none(), "{}: it is said", town.engine);
        }
        let words = town.visitor().follows_with(&number, &hers).expect(200).words();
        for part in ["您的代理人：同意谈下一步", "这是您的代理人周明代您答的"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let words = town.visitor().follows_with(&number, &own).expect(200).words();
        assert!(words.contains("对方的代理人：同意谈下一步"), "{}: {words}", town.engine);
        assert!(!words.contains("周明"), "{}: his name is not theirs to read: {words}", town.engine);
        story.tell(
            "li opens it
             li reads 另一方的代理人：同意谈下一步
             li reads （代理人代答、代签）",
        );
        let used = powers(&mut story).words();
        assert!(used.contains("用过：另一方同意谈下一步"), "{}: it says by which power: {used}", town.engine);
        story.tell("li does first_goes_on how_said=person");
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 303, "{}", town.engine);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        story.tell("li does ask next=draft");
        let page = agent.submit(typed.clone()).expect(200);
        assert!(says(&page, "second_goes_on").is_none(), "{}: that is an agreement", town.engine);
        assert!(page.words().contains("没有写明、不能替她答的"), "{}: {}", town.engine, page.words());
        let forged = step.without("_once").set("_once", "another-form");
        assert_eq!(agent.send(forged.clone()).status, 422, "{}: beyond his power", town.engine);
        let refused = agent.send(forged.set("action", "second_chooses"));
        assert_eq!(refused.status, 422, "{}: none of his", town.engine);
        assert!(refused.words().contains("代理人不能在这里办这一步"), "{}: {}", town.engine, refused.words());
        story.tell("li may not draft");
        let [ends, again] = [0, 1].map(|_| {
            let forms = powers(&mut story).forms();
            forms.into_iter().find(|form| form.get("withdraw") == Some(power.as_str())).unwrap()
        });
        drop(story.at("li").submit(ends).expect(200));
        let again = story.at("li").send(again);
        let is_told = again.status == 422 && again.words().contains("已经有人做过了");
        assert!(is_told, "{}: it was taken back before: {}", town.engine, again.words());
        let shut = agent.send(typed);
        assert_eq!(shut.status, 422, "{}: taken back, it opens nothing: {}", town.engine, shut.words());
        town.verify();
    }
}

/// Gives number and code on the page of whoever acts for somebody.
pub fn represents(browser: &mut Browser, number: &str, code: &str) -> Reply {
    let form = browser.open("/hearings/represent").expect(200).form("/hearings/represent");
    browser.send(form.set("number", number).set("code", code))
}

#[test]
fn what_an_agent_ticked_stands_again_where_the_mediation_went_on_since_he_read_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 477);
        let number = story.number.clone();
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20"), ("special", "waive")]);
        let code = power_code(&mut story, &power);
        let mut agent = town.visitor();
        let page = represents(&mut agent, &number, &code).expect(200);
        let ends = says(&page, "second_refuses").unwrap_or_else(|| panic!("not offered: {}", page.words()));
        assert_eq!(ends.get("field_is_sure"), None, "{}: nothing is ticked for him", town.engine);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        both(&mut story, "draft").tell("li does draft");
        let again = agent.send(ends.set("field_is_sure", "yes"));
        assert_eq!(again.status, 422, "{}: {}", town.engine, again.words());
        story.tell("case is to_sign");
        let ends = says(&again, "second_refuses").unwrap_or_else(|| panic!("not offered: {}", again.words()));
        assert_eq!(ends.get("field_is_sure"), Some("yes"), "{}: {}", town.engine, again.words());
        let others = again.forms().into_iter().filter(|form| form.get("action") != Some("second_refuses"));
        let is_ticked = |form: &Form| form.fields.iter().any(|(name, _)| name.starts_with("field_"));
        assert!(!others.into_iter().any(|form| is_ticked(&form)), "{}: no other step", town.engine);
        drop(agent.submit(ends).expect(200));
        story.tell("case is refused");
        town.verify();
    }
}

#[test]
fn strangers_who_guess_at_a_power_hold_up_no_agent_who_was_right_before() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 476);
        let number = story.number.clone();
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        let code = power_code(&mut story, &power);
        let mut agent = town.visitor();
        let typed = number.replace('2', "２");
        let page = represents(&mut agent, &format!("　{typed} "), &code);
        assert_eq!(page.status, 200, "{}: however it is spelled: {}", town.engine, page.words());
        let free = town.city.cases.hall.figure(counter::words::FOLLOW_LOOKUP_ATTEMPTS, town.clock.now()).unwrap();
        for guess in 0..free {
            let wrong = represents(&mut town.visitor(), &number, "AAAAA-AAAAA");
            assert_eq!(wrong.status, 422, "{}: {guess}: {}", town.engine, wrong.words());
        }
        assert_eq!(represents(&mut town.visitor(), &number, &code).status, 429, "{}: another device", town.engine);
        let page = represents(&mut agent, &number, &code);
        assert_eq!(page.status, 200, "{}: he does not wait for strangers: {}", town.engine, page.words());
        town.verify();
    }
}

#[test]
fn no_party_says_of_her_own_word_that_her_agent_said_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 474);
        let (number, code) = (story.number.clone(), code_of(&mut story, "second"));
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        story.tell("li does ask next=session");
        let mut other = town.visitor();
        drop(other.follows_with(&number, &code).expect(200));
        let mut forged = other.offered("second_goes_on").unwrap();
        forged.fields.push(("field_by_agent".to_owned(), power));
        drop(other.confirms(forged).expect(200));
        assert!(other.offered("second_goes_on").is_none(), "{}: she said it", town.engine);
        let page = powers(&mut story).words();
        assert!(!page.contains("用过"), "{}: it is her own word: {page}", town.engine);
        town.verify();
    }
}

#[test]
fn the_original_of_a_power_is_seen_after_it_was_written_down() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 475);
        let lacked = file(&mut story).matches("缺").count();
        let power = given(&mut story, "周明", &[]);
        assert!(file(&mut story).matches("缺").count() > lacked, "{}: its paper is lacking", town.engine);
        let page = powers(&mut story);
        let sees = page.forms().into_iter().find(|form| form.get("seen") == Some(power.as_str()));
        let sees = sees.unwrap_or_else(|| panic!("it cannot be noted: {}", page.words()));
        assert_eq!(story.at("li").send(sees.clone()).status, 422, "{}: which day", town.engine);
        for (on, told) in [("2026-12-24", "不能晚于今天"), ("1200-11-20", "要在 1980年1月1日 到 2026年11月23日 之间")]
        {
            let refused = story.at("li").send(sees.clone().set("seen_on", on));
            let is_told = refused.status == 422 && refused.words().contains("“原件上的落款日期”");
            assert!(is_told && refused.words().contains(told), "{}: {on}: {}", town.engine, refused.words());
        }
        for (name, on) in [("paper_on", "1200-11-20"), ("until_on", "3026-11-20")] {
            let form = giving(&powers(&mut story)).set("giver", "second").set("agent", "吴强").set(name, on);
            let refused = story.at("li").send(form);
            let is_told = refused.status == 422 && refused.words().contains("之间");
            assert!(is_told, "{}: {name}={on}: {}", town.engine, refused.words());
        }
        for _ in 0..2 {
            let page = story.at("li").submit(sees.clone().set("seen_on", "2026-11-20")).expect(200);
            assert!(page.words().contains("看过原件，落款"), "{}: {}", town.engine, page.words());
        }
        assert_eq!(file(&mut story).matches("缺").count(), lacked, "{}: nothing is lacking of it", town.engine);
        let again = powers(&mut story).forms().into_iter().any(|form| form.get("seen").is_some());
        assert!(!again, "{}: it was seen", town.engine);
        story.tell("li does ask next=session");
        story.tell(&format!("li does second_goes_on how_said=person by_agent={power}"));
        town.verify();
    }
}

#[test]
fn an_agent_signs_only_by_a_special_power_whose_paper_was_seen() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 471);
        let lacked = file(&mut story).matches("缺").count();
        let unseen = given(&mut story, "周明", &[]);
        assert!(file(&mut story).matches("缺").count() > lacked, "{}: its paper is lacking", town.engine);
        story.tell("li does ask next=session");
        story.tell("li opens it");
        let step = story.at("li").offered("second_goes_on").unwrap();
        let is_offered = step.offers.iter().any(|name| name == "field_by_agent");
        assert!(!is_offered, "{}: nobody can act whose paper was not seen", town.engine);
        let late =
            giving(&powers(&mut story)).set("giver", "second").set("agent", "周明").set("until_on", "2026-11-01");
        assert_eq!(story.at("li").send(late).status, 422, "{}: it is over", town.engine);
        let general = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={unseen}"));
        story.tell(&format!("li does second_goes_on how_said=person by_agent={general}"));
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        story.tell(
            "li does ask next=draft
             li does first_goes_on how_said=person",
        );
        story.tell(&format!("li does not take second_goes_on how_said=person by_agent={general}"));
        let more = [("paper_on", "2026-11-20"), ("special", "agree")];
        let special = given(&mut story, "吴强", &more);
        story.tell(&format!("li does second_goes_on how_said=person by_agent={special}"));
        story.tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23",
        );
        story.tell(&format!("li does not take second_signs how_said=yes paper_on=2026-11-23 by_agent={special}"));
        let signs = given(&mut story, "郑勇", &[("paper_on", "2026-11-20"), ("special", "sign")]);
        let page = powers(&mut story);
        let ends = page.forms().into_iter().find(|form| form.get("withdraw") == Some(signs.as_str())).unwrap();
        let unknown = ends.clone().set("withdraw", "no-power");
        drop(story.at("li").submit(ends).expect(200));
        assert_eq!(story.at("li").send(unknown).status, 404, "{}: there is no such power", town.engine);
        story.tell(&format!("li does not take second_signs how_said=yes paper_on=2026-11-23 by_agent={signs}"));
        let again = given(&mut story, "郑勇", &[("paper_on", "2026-11-20"), ("special", "sign")]);
        story.tell(&format!("li does second_signs how_said=yes paper_on=2026-11-23 by_agent={again}"));
        let hers = code_of(&mut story, "second");
        let words = town.visitor().follows_with(&story.number, &hers).expect(200).words();
        let is_told = words.contains("您的代理人郑勇") && words.contains("代您签了，两边都签了");
        assert!(is_told, "{}: he signed, not she: {words}", town.engine);
        story.tell(
            "li does seal effect_on=2026-11-23
             case is in_effect",
        );
        let address = format!("/cases/{}/mediation/agreement", story.number);
        let paper = story.at("li").open(&address).expect(200);
        assert_eq!(told_twice(&paper.body()), Vec::<String>::new(), "{}: several agents", town.engine);
        let words = paper.words();
        assert!(words.contains("郑勇（代被申请人）：特别授权：代签协议"), "{}: {words}", town.engine);
        for part in ["被申请人：代理人郑勇", "在纸上代签", "郑勇（代被申请人） 签名、盖章"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let stranger = town.visitor().get(&format!("/follow/{}/powers", story.number));
        assert!(stranger.status != 200, "{}: only a party reads hers", town.engine);
        town.verify();
    }
}

#[test]
fn an_agent_does_not_become_a_party_of_the_other_side_unnoticed() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 479);
        let (number, own) = (story.number.clone(), story.code.clone());
        let power = given(&mut story, "周明", &[("paper_on", "2026-11-20")]);
        let code = power_code(&mut story, &power);
        let form = naming(story.at("li"), &number, "first").set("real_name", "周明");
        let refused = story.at("li").send(form);
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        assert!(refused.words().contains("对方的一位代理人也叫这个名字"), "{}: {}", town.engine, refused.words());
        let joins = refused.forms().into_iter().find(|form| form.get("join_name").is_some()).unwrap();
        let joins = story.at("li").send(joins.set("join", "first").set("join_name", "周明"));
        assert_eq!(joins.status, 422, "{}: {}", town.engine, joins.words());
        // What she writes herself is not refused, which would tell her who acts for the other side: he acts no more.
        let mut she = town.visitor();
        drop(she.follows_with(&number, &own).expect(200));
        let address = format!("/follow/{number}/name");
        let form = she.open(&address).expect(200).form(&address).set("name", "周明");
        drop(she.submit(form).expect(200));
        story.tell("li does ask next=session");
        let mut agent = town.visitor();
        let page = represents(&mut agent, &number, &code).expect(200);
        let stopped = agent.send(says(&page, "second_goes_on").unwrap());
        assert_eq!(stopped.status, 422, "{}: {}", town.engine, stopped.words());
        assert!(stopped.words().contains("和对方的一位当事人同名"), "{}: {}", town.engine, stopped.words());
        let refused = {
            let form = naming(story.at("li"), &number, "first").set("real_name", "周明");
            story.at("li").send(form)
        };
        let apart =
            |form: &Form| form.get("side") == Some("first") && form.offers.iter().any(|name| name == "told_apart");
        let form = refused.forms().into_iter().find(apart).unwrap_or_else(|| panic!("{}", refused.words()));
        drop(story.at("li").submit(form.set("real_name", "周明").set("told_apart", "1")).expect(200));
        let page = represents(&mut agent, &number, &code).expect(200);
        let done = agent.submit(says(&page, "second_goes_on").unwrap()).expect(200);
        assert!(done.words().contains("已经记下"), "{}: {}", town.engine, done.words());
        town.verify();
    }
}

#[test]
fn a_guardian_consents_and_signs_for_a_party_who_does_not_alone() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 485);
        let number = story.number.clone();
        let hers = code_of(&mut story, "second");
        story.tell("li does ask next=session");
        let mut other = town.visitor();
        drop(other.follows_with(&number, &hers).expect(200));
        let agrees = other.offered("second_goes_on").unwrap();
        let guardian = given(&mut story, "郑桂兰", &[("guardian", "1")]);
        assert!(powers(&mut story).words().contains("监护关系的材料"), "{}", town.engine);
        let words = other.follows_with(&number, &hers).expect(200).words();
        assert!(words.contains("这要由您的法定代理人郑桂兰回答"), "{}: {words}", town.engine);
        assert!(other.offered("second_goes_on").is_none(), "{}: it is not hers to press", town.engine);
        let refused = other.send(agrees);
        assert_eq!(refused.status, 422, "{}: {}", town.engine, refused.words());
        let words = refused.words();
        let is_hers = words.contains("请他来回答") && !words.contains("谁说的");
        assert!(is_hers, "{}: she reads what she can do herself: {words}", town.engine);
        story.tell("li does not take second_goes_on how_said=person");
        assert!(story.at("li").page().words().contains("由法定代理人代为同意"), "{}", town.engine);
        let sees = powers(&mut story).forms().into_iter().find(|form| form.get("seen") == Some(guardian.as_str()));
        drop(story.at("li").submit(sees.unwrap().set("seen_on", "2026-11-20")).expect(200));
        story.tell(&format!("li does second_goes_on how_said=person by_agent={guardian}"));
        // What she says alone is no consent; a no is hers to say, and the power is not hers to end.
        story.tell("li does ask next=session");
        let words = other.follows_with(&number, &hers).expect(200).words();
        assert!(words.contains("郑桂兰：同意、签字由法定代理人办"), "{}: {words}", town.engine);
        assert!(words.contains("这由您的法定代理人郑桂兰回答"), "{}: {words}", town.engine);
        assert!(other.offered("second_goes_on").is_none(), "{}: it is not hers to press", town.engine);
        assert!(other.offered("second_withdraws").is_some(), "{}: a no is: {words}", town.engine);
        let own = other.open(&format!("/follow/{number}/powers")).expect(200);
        let is_hers = |form: &Form| form.get("withdraw").is_some() || form.get("code_of").is_some();
        assert!(!own.forms().iter().any(is_hers), "{}: the law gives it: {}", town.engine, own.words());
        // He needs no special power to settle, nor to sign.
        story.tell(&format!("li does second_goes_on how_said=person by_agent={guardian}"));
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        story.tell(
            "li does ask next=draft
             li does first_goes_on how_said=person",
        );
        story.tell(&format!("li does second_goes_on how_said=person by_agent={guardian}"));
        story.tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23
             li does not take second_signs how_said=yes paper_on=2026-11-23",
        );
        story.tell(&format!("li does second_signs how_said=yes paper_on=2026-11-23 by_agent={guardian}"));
        story.tell(
            "li does seal effect_on=2026-11-23
             case is in_effect",
        );
        let address = format!("/cases/{number}/mediation/agreement");
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("郑桂兰（代被申请人）：法定代理人"), "{}: {words}", town.engine);
        town.verify();
    }
}

/// Whether each side consents to what it is asked.
pub fn consent(story: &Story<'_>) -> [bool; 2] {
    ["first", "second"].map(|side| story.case().parties_of(side)[0].consented_at.is_some())
}

#[test]
fn what_a_party_agreed_to_before_her_guardian_was_noted_no_longer_counts() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 487);
        let number = story.number.clone();
        let hers = code_of(&mut story, "second");
        both(&mut story, "session");
        let guardian = given(&mut story, "郑桂兰", &[("guardian", "1")]);
        assert_eq!(consent(&story), [true, true], "{}: his paper is still to be seen", town.engine);
        let sees = powers(&mut story).forms().into_iter().find(|form| form.get("seen") == Some(guardian.as_str()));
        let sees = sees.unwrap().set("seen_on", "2026-11-20");
        for _ in 0..2 {
            drop(story.at("li").submit(sees.clone()).expect(200));
        }
        assert_eq!(consent(&story), [true, false], "{}: hers alone lapses", town.engine);
        let words = story.at("li").open(&format!("/cases/{number}")).expect(200).words();
        assert!(words.contains("请法定代理人重新回答"), "{}: who and how: {words}", town.engine);
        assert!(words.contains("另一方以前同意的不再算数"), "{}: it is told: {words}", town.engine);
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 422, "{}", town.engine);
        let words = town.visitor().follows_with(&number, &hers).expect(200).words();
        assert!(words.contains("本人以前同意的不再算数"), "{}: {words}", town.engine);
        story.tell("li does not take second_goes_on how_said=person");
        story.tell(&format!("li does second_goes_on how_said=person by_agent={guardian}"));
        assert_eq!(holds(&mut story, "apart", &["first", "second"], "谈了").status, 303, "{}", town.engine);
        let words = story.at("li").open(&format!("/cases/{number}")).expect(200).words();
        assert!(!words.contains("请法定代理人重新回答"), "{}: he answered: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_signature_of_before_lapses_with_the_guardian_and_an_agreement_in_effect_does_not() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 488);
        writes(&mut story, &[["second", "三天内修好", "", "2026-11-26"]]);
        both(&mut story, "draft").tell(
            "li does draft
             li does first_signs how_said=yes paper_on=2026-11-23
             li does second_signs how_said=yes paper_on=2026-11-23",
        );
        let guardian = given(&mut story, "郑桂兰", &[("guardian", "1"), ("paper_on", "2026-11-20")]);
        story.tell("li may not seal");
        story.tell(&format!("li does second_signs how_said=yes paper_on=2026-11-23 by_agent={guardian}"));
        story.tell("li does seal effect_on=2026-11-23").tell("case is in_effect");
        let before = story.case().sequence;
        let first = giving(&powers(&mut story)).set("giver", "first").set("agent", "周桂芳");
        drop(story.at("li").submit(first.set("guardian", "1").set("paper_on", "2026-11-20")).expect(200));
        assert_eq!(story.case().sequence, before, "{}: what is in effect stays", town.engine);
        let address = format!("/cases/{}/mediation/agreement", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("郑桂兰（代被申请人）：法定代理人"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn a_no_of_a_party_who_has_a_guardian_counts() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 486);
        drop(given(&mut story, "郑桂兰", &[("guardian", "1"), ("paper_on", "2026-11-20")]));
        story.tell(
            "li does ask next=session
             li does second_refuses how_said=person
             case is refused",
        );
        town.verify();
    }
}
