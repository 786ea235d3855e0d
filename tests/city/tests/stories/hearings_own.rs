//! These stories are about what a side reads and says on her own pages: what this is and who asks her, about which
//! step, the text before she signs it, how a clause was kept, her own name and data, and what is left to her once it
//! ended.

use cases::records::requests;
use cases::{Key, RequestRow};
use city_stories::{Browser, Story, Town, chosen, code_on};
use testkit::{Form, Reply};

use crate::hearings::{FACTS, brought};
use crate::hearings_disputes::{BEGIN, LEAK, OTHER, begun, both, deed, names, naming, writes};

const CLAUSE: [&str; 4] = ["second", "三天内修好，赔三十元", "30", "2026-11-26"];
const TAKEN_ON: &str = "
li is mediator at 华炉社区 for mediation
li does take_on nowhere_else=yes
";

/// The other side, who came in with the code that the mediator gave her.
pub(crate) fn other(story: &mut Story<'_>) -> Browser {
    let address = format!("/cases/{}/invitation", story.number);
    let page = story.at("li").open(&address).expect(200);
    let gives = |form: &Form| {
        let plain = form.get("real_name").is_none() && form.get("renew").is_none();
        plain && form.get("side") == Some("second")
    };
    let form = page.forms().into_iter().find(gives).unwrap();
    let code = code_on(&story.at("li").submit(form).expect(200));
    let mut she = story.town.visitor();
    drop(she.follows_with(&story.number, &code).expect(200));
    she
}

/// She opens her own page, or one below it.
pub(crate) fn own(she: &mut Browser, story: &Story<'_>, below: &str) -> Reply {
    she.open(&format!("/follow/{}{below}", story.number)).expect(200)
}

/// She takes a step of her own, with these answers.
fn does(she: &mut Browser, story: &Story<'_>, action: &str, answers: &[(&str, &str)]) -> String {
    drop(own(she, story, ""));
    let step = she.offered(action).unwrap_or_else(|| panic!("{action} is not offered: {}", she.page().words()));
    let step = answers.iter().fold(step, |form, (name, answer)| form.set(&format!("field_{name}"), answer));
    she.submit(step).expect(200).words()
}

/// The identity of the other side's record, as the page of a case offers it.
fn record(page: &Reply) -> String {
    let body = page.body();
    let mut options = body.split("<option value=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let other =
        options.find(|(value, rest)| value.len() == 36 && rest.split('>').nth(1).unwrap().starts_with("另一方"));
    other.unwrap().0.to_owned()
}

#[test]
fn the_invited_side_learns_what_this_is_and_signs_what_she_has_read() {
    for town in Town::each() {
        let mut story = brought(&town, 491);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let words = own(&mut she, &story, "").words();
        for part in ["华炉社区人民调解委员会收到一件事（邻里纠纷）", "调解不收钱", "也可以随时停", "您愿意调解这件事吗"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        for hidden in [FACTS, "问过了：法院", "李岺"] {
            assert!(!words.contains(hidden), "{}: {hidden}: {words}", town.engine);
        }
        let words = does(&mut she, &story, "second_agrees", &[]);
        assert!(words.contains("两边都同意了，等调解员开始"), "{}: {words}", town.engine);
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        writes(&mut story, &[CLAUSE]);
        story.tell("li does ask next=draft");
        let words = own(&mut she, &story, "").words();
        let asked = "调解员问您同意不同意这一步：把说好的写成协议，等签";
        assert!(words.contains(asked) && words.contains("三天内修好"), "{}: {words}", town.engine);
        assert!(words.contains("不同意这一步") && words.contains("同意：写好协议，等签"), "{}: {words}", town.engine);
        let words = does(&mut she, &story, "second_goes_on", &[]);
        assert!(words.contains("您同意了“把说好的写成协议，等签”，等对方回答"), "{}: {words}", town.engine);
        story.tell(
            "li does first_goes_on how_said=person
             li does draft",
        );
        let page = own(&mut she, &story, "");
        let (words, body) = (page.words(), page.body());
        assert!(words.contains("请先读完下面的协议") && words.contains("两家说的一样"), "{}: {words}", town.engine);
        let at = |part: &str| body.find(part).unwrap_or_else(|| panic!("{part}: {words}"));
        assert!(at("三天内修好") < at("id=\"step-second_signs\""), "{}: the text stands above the button", town.engine);
        let unread = she.offered("second_signs").unwrap();
        assert_eq!(she.send(unread).status, 422, "{}: she has to say that she has read it", town.engine);
        let words = does(&mut she, &story, "second_signs", &[("has_read", "yes")]);
        assert!(words.contains("签了，等对方签"), "{}: {words}", town.engine);
        assert!(she.offered("second_signs").is_none() && she.offered("second_withdraws").is_some(), "{words}");
        story.tell(
            "li opens it
             li reads 签了 2026年11月23日（周一）
             li reads 还没签",
        );
        let address = format!("/cases/{}/mediation/agreement", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("被申请人：本人") && words.contains("在网上签"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn each_side_says_how_a_clause_was_kept_and_writes_to_the_mediator() {
    for town in Town::each() {
        let mut story = brought(&town, 492);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let say = format!("/follow/{}/say", story.number);
        let form = own(&mut she, &story, "").form(&say).set("text", "我周三晚上才在家");
        assert!(she.submit(form).expect(200).words().contains("我周三晚上才在家"), "{}", town.engine);
        story.tell(
            "li looks for 看留言
             li reads 我周三晚上才在家",
        );
        let case = format!("/cases/{}", story.number);
        let page = story.at("li").open(&case).expect(200);
        let form = page.form(&format!("{case}/say")).set("text", "那就周三晚上").set("party", &record(&page));
        drop(story.at("li").submit(form.set("kind", "message")).expect(200));
        assert!(own(&mut she, &story, "").words().contains("那就周三晚上"), "{}", town.engine);
        story.tell(
            "she follows it
             she does not read 那就周三晚上
             she does not read 我周三晚上才在家",
        );
        drop(does(&mut she, &story, "second_agrees", &[]));
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        writes(&mut story, &[CLAUSE]);
        story.tell(
            "li does ask next=oral
             li does first_goes_on how_said=person
             li does second_goes_on how_said=person",
        );
        let report = format!("/follow/{}/agreement", story.number);
        let early = own(&mut she, &story, "/agreement");
        assert!(early.forms().iter().all(|form| form.action != report), "{}: nothing is in effect", town.engine);
        story.tell("li does oral effect_on=2026-11-23");
        let form = own(&mut she, &story, "/agreement").form(&report);
        assert_eq!(she.send(form.clone().set("noted", "换了管子")).status, 422, "{}: how", town.engine);
        let form = form.set("stage", "part").set("noted", "换了管子，钱还没给");
        let told = she.submit(form).expect(200).words();
        assert!(told.contains("记下了，调解员会看到") && told.contains("钱还没给"), "{}: {told}", town.engine);
        story.tell("she follows it");
        let words = story.at("she").open(&report).expect(200).words();
        let is_told = words.contains("换了管子") || words.contains("说：办了一部分");
        assert!(words.contains("三天内修好") && !is_told, "{}: it is for the mediator: {words}", town.engine);
        let words = story.at("li").open(&format!("{case}/agreement")).expect(200).words();
        assert!(words.contains("说：办了一部分：换了管子，钱还没给"), "{}: {words}", town.engine);
        assert!(words.contains("待履行 1 条"), "{}: it is noted by the mediator alone: {words}", town.engine);
        let queue = story.at("li").open("/queue").expect(200);
        assert!(queue.words().contains("有一方说了协议的履行情况"), "{}: {}", town.engine, queue.words());
        let leads = format!("{case}/agreement#clause-");
        let is_there = queue.links().iter().any(|link| link.starts_with(&leads));
        assert!(is_there, "{}: it leads to where it stands: {:?}", town.engine, queue.links());
        assert_eq!(town.visitor().open(&report).status, 404, "{}: nobody else", town.engine);
        town.verify();
    }
}

#[test]
fn a_side_corrects_her_name_until_a_mediator_took_it_from_her_paper() {
    for town in Town::each() {
        let mut story = brought(&town, 493);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let name = format!("/follow/{}/name", story.number);
        assert_ne!(town.visitor().get(&name).status, 200, "{}: nobody else", town.engine);
        drop(does(&mut she, &story, "second_agrees", &[]));
        story.tell(&format!("li does not take {BEGIN}"));
        let form = own(&mut she, &story, "/name").form(&name);
        assert_eq!(she.send(form.clone()).status, 422, "{}: no name", town.engine);
        drop(she.submit(form.set("name", "王力新")).expect(200));
        let invitation = format!("/cases/{}/invitation", story.number);
        let words = story.at("li").open(&invitation).expect(200).words();
        assert!(words.contains("本人写的") && !words.contains("王力新"), "{}: masked: {words}", town.engine);
        story.tell(&format!("li does {BEGIN}"));
        let herself = own(&mut she, &story, "/name").form(&name).set("name", "王力新");
        let number = story.number.clone();
        let form = naming(story.at("li"), &number, "second");
        assert_eq!(story.at("li").send(form.clone()).status, 422, "{}: no name", town.engine);
        let words = story.at("li").submit(form.set("real_name", OTHER)).expect(200).words();
        assert!(words.contains("li照证件写的"), "{}: {words}", town.engine);
        let kept = she.send(herself);
        assert!(kept.status == 422 && kept.words().contains("照证件核对过"), "{}: {}", town.engine, kept.words());
        let page = own(&mut she, &story, "/name");
        let is_offered = page.forms().iter().any(|form| form.action == name);
        assert!(!is_offered && page.words().contains("照证件核对过"), "{}: {}", town.engine, page.words());
        let application = format!("/cases/{}/mediation/application", story.number);
        let form = story.at("li").open(&application).expect(200).form(&application);
        let printed = story.at("li").send(form.set("purpose", "printing")).expect(200).words();
        assert!(printed.contains(OTHER) && !printed.contains("楼上住户"), "{}: {printed}", town.engine);
        town.verify();
    }
}

#[test]
fn a_name_stands_once_somebody_agreed_to_the_text_that_bears_it() {
    for town in Town::each() {
        let mut story = brought(&town, 485);
        story.tell(TAKEN_ON).tell("li does second_agrees how_said=person");
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        writes(&mut story, &[CLAUSE]);
        let number = story.number.clone();
        let renames = |story: &mut Story<'_>, name: &str| {
            let form = naming(story.at("li"), &number, "second").set("real_name", name);
            story.at("li").send(form)
        };
        story.tell("li does ask next=draft");
        assert_eq!(renames(&mut story, OTHER).status, 303, "{}: nobody has agreed to it", town.engine);
        story.tell("li does first_goes_on how_said=person");
        let kept = renames(&mut story, "王力新");
        assert!(kept.status == 422 && kept.words().contains("姓名不能改"), "{}: {}", town.engine, kept.words());
        story.tell(
            "li does second_goes_on how_said=person
             li does draft",
        );
        assert_eq!(renames(&mut story, "王力新").status, 422, "{}: it waits to be signed", town.engine);
        story.tell(
            "li does first_signs how_said=yes paper_on=2026-11-23
             li does second_signs how_said=yes paper_on=2026-11-23",
        );
        assert_eq!(renames(&mut story, "王力新").status, 422, "{}: both have signed", town.engine);
        story.tell("li does redraft reason=写错了名字");
        assert_eq!(renames(&mut story, "王力新").status, 303, "{}: nobody has agreed to the new text", town.engine);
        town.verify();
    }
}

#[test]
fn a_side_reads_whom_she_is_asked_about_and_whether_others_listen() {
    for town in Town::each() {
        let mut story = brought(&town, 490);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        drop(does(&mut she, &story, "second_agrees", &[]));
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}"));
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("公开不公开 不公开，别人不能旁听"), "{}: {words}", town.engine);
        story.tell(
            "li does not take ask next=invite
             li does not take ask next=substitute
             li does ask next=invite about=楼长，懂水管",
        );
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("请人来帮忙（楼长，懂水管）"), "{}: {words}", town.engine);
        story.tell("li does ask next=session");
        let words = own(&mut she, &story, "").words();
        assert!(
            words.contains("这一步：调解一次") && !words.contains("请人来帮忙（楼长"),
            "{}: asked anew: {words}",
            town.engine
        );
        story.tell(
            "li may not change_open
             li does ask next=change_open
             li does first_goes_on how_said=person
             li does second_goes_on how_said=person
             li does change_open open=open",
        );
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("公开不公开 公开"), "{}: both agreed to it: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn whoever_had_not_agreed_to_a_step_did_not_take_anything_back() {
    for town in Town::each() {
        let mut story = brought(&town, 466);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        drop(does(&mut she, &story, "second_agrees", &[]));
        names(&mut story, "second", OTHER);
        story.tell(&format!("li does {BEGIN}")).tell("li does ask next=session");
        let words = does(&mut she, &story, "second_withdraws", &[]);
        for part in ["“不同意这一步”已经记下了", "您：不同意这一步"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        assert!(!words.contains("您：收回同意"), "{}: {words}", town.engine);
        story.tell(
            "li opens it
             li reads 另一方：不同意这一步
             li does not read 另一方收回了同意
             she follows it
             she reads 对方：不同意这一步
             li does ask next=session",
        );
        drop(does(&mut she, &story, "second_goes_on", &[]));
        let words = does(&mut she, &story, "second_withdraws", &[]);
        assert!(words.contains("“收回同意”已经记下了"), "{}: now there was one: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn each_side_reads_whom_she_may_choose_to_mediate() {
    for town in Town::each() {
        let mut story = brought(&town, 489);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let words = own(&mut she, &story, "").words();
        assert!(!words.contains("请谁来调解"), "{}: nobody is on the roster: {words}", town.engine);
        story.tell("luo is secretary_community at 华炉社区");
        let page = story.at("luo").open("/bodies/mediators").expect(200);
        let form = deed(&page, "engage").set("mediator", "郑桂兰").set("from", "2026-11-01").set("agreed", "1");
        drop(story.at("luo").submit(form).expect(200));
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("这里的调解员：郑桂兰。") && words.contains("由两边定"), "{}: {words}", town.engine);
        story.tell(
            "she follows it
             she reads 这里的调解员：郑桂兰。",
        );
        town.verify();
    }
}

#[test]
fn whoever_refused_reads_what_is_left_to_her() {
    for town in Town::each() {
        let mut story = brought(&town, 494);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let ended = format!("/follow/{}/ended", story.number);
        assert_eq!(she.get(&ended).status, 404, "{}: it has not ended", town.engine);
        let page = own(&mut she, &story, "");
        assert!(page.words().contains("这样调解就结束了，不能恢复"), "{}: {}", town.engine, page.words());
        let unsure = she.offered("second_refuses").unwrap();
        assert_eq!(she.send(unsure).status, 422, "{}: it cannot be undone", town.engine);
        let words = does(&mut she, &story, "second_refuses", &[("is_sure", "yes")]);
        for part in ["接下来还可以怎么办", "12348", "调解终止告知书"] {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
        let paper = she.open(&ended).expect(200).words();
        assert!(paper.contains("一方不愿意调解") && !paper.contains("李岺"), "{}: {paper}", town.engine);
        story.tell(
            "case is refused
             she follows it
             she reads 接下来还可以怎么办",
        );
        let words = story.at("she").page().words();
        assert!(!words.contains("办得怎么样"), "{}: a mediation is not rated: {words}", town.engine);
        assert!(words.contains("您当时写的") && words.contains(FACTS), "{}: her own words: {words}", town.engine);
        town.verify();
    }
}

/// She asks that her own data be corrected or erased.
fn asks(she: &mut Browser, story: &Story<'_>, kind: &str, text: &str) -> Reply {
    let form = own(she, story, "").form(&format!("/follow/{}/request", story.number));
    she.submit(chosen(form, "kind", kind).set("text", text))
}

/// The requests about personal data in the case.
fn asked(story: &Story<'_>) -> Vec<RequestRow> {
    let case = story.case();
    let key = Key { district: cases::district(&case), id: case.id.0 };
    story.town.store().read_blocking(move |tx| requests::of_case(tx, &key, 9)).unwrap()
}

/// The form by which the mediator answers one of those.
fn answering(story: &mut Story<'_>, row: &RequestRow) -> Form {
    let (address, id) = (format!("/cases/{}", story.number), row.id.to_string());
    let page = story.at("li").open(&address).expect(200);
    let found = page.forms().into_iter().find(|form| form.get("request") == Some(id.as_str()));
    found.unwrap_or_else(|| panic!("it is not to be answered: {}", page.words()))
}

#[test]
fn what_a_side_asks_about_her_own_data_changes_hers_alone() {
    for town in Town::each() {
        let mut story = brought(&town, 4601);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let words = asks(&mut she, &story, "correct", "电话是13900001234").expect(200).words();
        assert!(words.contains("电话是13900001234"), "{}: {words}", town.engine);
        assert_eq!(asks(&mut she, &story, "correct", "再问一次").status, 422, "{}: it waits already", town.engine);
        story.tell(
            "she follows it
             she does not read 电话是13900001234
             li finds it in /requests
             li reads 另一方
             li does not read 电话是13900001234
             li looks for 答复更正请求
             li opens it
             li reads 电话是13900001234
             li reads 谁的信息：另一方
             li answers request outcome=done answer=改好了 telephone=13900001234
             li misses it in /requests",
        );
        let page = own(&mut she, &story, "");
        for part in ["改好了", "139****1234", "按本人的请求更正"] {
            assert!(page.words().contains(part), "{}: {part}: {}", town.engine, page.words());
        }
        let copy = page.form(&format!("/follow/{}/copy", story.number)).set("proof", "13900001234");
        let words = she.submit(copy).expect(200).words();
        assert!(words.contains("13900001234"), "{}: {words}", town.engine);
        story.tell(
            "she follows it
             she reads 138****0302
             she does not read 139****1234
             she does not read 改好了
             she does not read 按本人的请求更正",
        );
        town.verify();
    }
}

#[test]
fn nobody_asks_about_the_data_of_another_side() {
    for town in Town::each() {
        let mut story = brought(&town, 4602);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        let address = format!("/follow/{}/request", story.number);
        let first = cases::Cases::sealed_party(&story.case(), "first").unwrap().to_string();
        let second = cases::Cases::sealed_party(&story.case(), "second").unwrap();
        let fields = [("kind", "correct"), ("text", "换个电话"), ("party", first.as_str()), ("_once", "of-another")];
        assert_eq!(town.visitor().post(&address, &fields).location(), Some("/follow"), "{}", town.engine);
        assert_eq!(story.at("li").post(&address, &fields).location(), Some("/follow"), "{}", town.engine);
        assert!(asked(&story).is_empty(), "{}: nobody takes part", town.engine);
        drop(own(&mut she, &story, ""));
        assert_eq!(she.post(&address, &fields).status, 303, "{}", town.engine);
        story.tell(
            "she follows it
             she sends request kind=correct text=换成138那个
             li looks for 答复更正请求",
        );
        let rows = asked(&story);
        let (of_side, of_asker): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.party.is_some());
        assert_eq!((of_side.len(), of_asker.len()), (1, 1), "{}: each asks about her own", town.engine);
        assert_eq!(of_side[0].party, Some(second), "{}: whatever she sends", town.engine);
        let form = answering(&mut story, of_side[0]).set("answer", "改好了").set("outcome", "done");
        drop(story.at("li").submit(form.set("telephone", "13900005678")).expect(200));
        let words = own(&mut she, &story, "").words();
        assert!(words.contains("139****5678") && !words.contains("换成138那个"), "{}: {words}", town.engine);
        let form = answering(&mut story, of_asker[0]).set("answer", "已经是了").set("outcome", "refused");
        drop(story.at("li").submit(form).expect(200));
        story.tell(
            "she follows it
             she reads 已经是了
             she reads 138****0302
             she does not read 139****5678",
        );
        town.verify();
    }
}

#[test]
fn what_a_side_asked_about_her_data_goes_with_them() {
    for town in Town::each() {
        let mut story = brought(&town, 4603);
        story.tell(TAKEN_ON);
        let mut she = other(&mut story);
        drop(asks(&mut she, &story, "correct", "名字不对").expect(200));
        drop(does(&mut she, &story, "second_refuses", &[("is_sure", "yes")]));
        drop(asks(&mut she, &story, "erase", "不用留了").expect(200));
        story.tell(
            "case is refused
             she follows it
             she sends request kind=correct text=我的也不对
             li looks for 答复删除请求",
        );
        let rows = asked(&story);
        let erase = rows.iter().find(|row| row.kind == "erase").unwrap();
        let form = answering(&mut story, erase).set("answer", "删了").set("outcome", "done");
        drop(story.at("li").submit(form).expect(200));
        let ended: Vec<_> = asked(&story).into_iter().map(|row| (row.party.is_some(), row.kind, row.outcome)).collect();
        for (of_party, kind, outcome) in
            [(true, "correct", Some("erased")), (true, "erase", Some("done")), (false, "correct", None)]
        {
            let expected = (of_party, kind.to_owned(), outcome.map(str::to_owned));
            assert!(ended.contains(&expected), "{}: {expected:?}: {ended:?}", town.engine);
        }
        let gone = she.open(&format!("/follow/{}", story.number)).expect(200);
        assert_eq!(gone.address.split('?').next(), Some("/follow"), "{}: {}", town.engine, gone.words());
        story.tell(
            "li opens it
             li does not read 名字不对
             li reads 我的也不对
             li finds it in /requests
             she follows it
             she reads 138****0302",
        );
        town.verify();
    }
}

#[test]
fn a_corrected_name_changes_no_agreement_that_somebody_consented_to() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 4604);
        writes(&mut story, &[CLAUSE]);
        both(&mut story, "draft").tell(
            "li does draft
             case is to_sign
             she follows it
             she sends request kind=correct text=名字写错了
             li looks for 答复更正请求
             li cannot answer request outcome=done answer=改好了 name=李苓
             li does first_signs how_said=yes paper_on=2026-11-23
             li does second_signs how_said=yes paper_on=2026-11-23
             li does seal effect_on=2026-11-23
             case is in_effect
             li answers request outcome=done answer=就是这个名字 name=李岺",
        );
        let address = format!("/cases/{}/mediation/agreement", story.number);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(!words.contains("姓名更正"), "{}: she was called so before: {words}", town.engine);
        story.tell(
            "she sends request kind=correct text=名字还是错的
             li answers request outcome=done answer=改好了 name=李苓",
        );
        let page = story.at("li").open(&address).expect(200);
        let words = page.words();
        assert!(words.contains("姓名更正") && !words.contains("李岺"), "{}: masked: {words}", town.engine);
        let printed = story.at("li").send(page.form(&address).set("purpose", "printing")).expect(200).words();
        for part in ["申请人 李岺", "登记的姓名是李岺", "更正为李苓", "协议的文字没有变"] {
            assert!(printed.contains(part), "{}: {part}: {printed}", town.engine);
        }
        assert!(!printed.contains("申请人 李苓"), "{}: it was signed as 李岺: {printed}", town.engine);
        // The court reads both names: that of today, and that the agreement bears the other one.
        let court = format!("/cases/{}/mediation/court", story.number);
        let page = story.at("li").open(&court).expect(200);
        assert!(!page.words().contains("李岺"), "{}: masked: {}", town.engine, page.words());
        let printed = story.at("li").send(page.form(&court).set("purpose", "printing")).expect(200).words();
        for part in ["申请人 李苓", "姓名更正", "协议上签的是李岺", "协议的文字没有变"] {
            assert!(printed.contains(part), "{}: {part}: {printed}", town.engine);
        }
        // Other papers call her as she is called now.
        let rights = format!("/cases/{}/mediation/rights", story.number);
        let page = story.at("li").open(&rights).expect(200);
        let printed = story.at("li").send(page.form(&rights).set("purpose", "printing")).expect(200).words();
        assert!(printed.contains("李苓") && !printed.contains("李岺"), "{}: {printed}", town.engine);
        town.verify();
    }
}
