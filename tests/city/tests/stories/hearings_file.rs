//! The file of a mediation: its agreement clause by clause, sessions as records, what one side says alone, the days of
//! the court, the papers, and how it is erased.

use city_stories::{Story, Town, chosen};
use kernel::time::Date;

use crate::hearings_disputes::{
    Dispute, agree_about, begun, both, brought, deed, holds, hour, names, notes, signs, writes,
};

const LEAK: Dispute = Dispute { class: "neighbours", facts: "楼上漏水，要赔三十元", other: "𠮷𬭎㛃" };
const CLAUSE: [&str; 4] = ["second", "赔刷墙的钱给李岺", "30", "2026-11-30"];

fn agreement(story: &Story<'_>) -> String {
    format!("/cases/{}/agreement", story.number)
}

/// Runs the chores of a morning.
pub fn morning(town: &Town, day: &str) {
    town.clock.set_local(&format!("{day} 08:30"));
    for chore in town.city.work.chores.iter().filter(|chore| chore.kind.starts_with("hearings.remind")) {
        let payload = serde_json::json!({});
        let new = jobs::NewJob::new(chore.kind, format!("{}:{day}", chore.kind), payload, town.clock.now());
        town.store().write_blocking(move |tx| jobs::enqueue(tx, &new).map(drop)).unwrap();
    }
    assert!(town.reminds() > 0, "{day}");
}

#[test]
fn clauses_are_written_before_they_are_signed_and_not_after() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 431);
        story.tell("zhao is community_worker at 华炉社区");
        let address = agreement(&story);
        drop(story.at("zhao").open(&address).expect(404));
        // What is agreed by word of mouth has a content too.
        story.tell(
            "li does not take ask next=draft
             li does not take ask next=oral
             li reads 协议还没有写内容",
        );
        let page = story.at("li").open(&address).expect(200);
        let add = deed(&page, "add").set("owes", "second").set("what", "赔钱").set("due", "2026-11-30");
        for (name, value) in [
            ("amount", "三十"),
            ("amount", "92233720368547758.07"),
            ("due", ""),
            ("due", "2026-11-01"),
            ("due", "9999-12-31"),
            ("what", " "),
        ] {
            let refused = story.at("li").send(add.clone().set(name, value));
            assert_eq!(refused.status, 422, "{}: {name}={value}", town.engine);
            assert!(refused.words().contains("还没有条款"), "a refused clause changes nothing");
        }
        writes(&mut story, &[CLAUSE, ["first", "不再追究", "", "2026-11-30"]]);
        let facts = deed(&story.at("li").open(&address).expect(200), "facts");
        let facts = facts.set("main_facts", "十一月三日漏的水").set("duties", "楼上负主要责任");
        drop(story.at("li").submit(facts).expect(200));
        let page = story.at("li").open(&address).expect(200);
        let remove = page.forms().into_iter().filter(|form| form.get("deed") == Some("remove")).nth(1).unwrap();
        let page = story.at("li").submit(remove).expect(200);
        assert!(!page.words().contains("不再追究") && page.words().contains("30.00 元"), "{}", page.words());
        let stale = deed(&page, "add").set("owes", "second").set("what", "另加一条").set("due", "2026-11-30");
        story.tell("li may not draft");
        both(&mut story, "draft").tell("li does draft");
        let fixed = story.at("li").send(stale);
        assert!(fixed.status == 422 && !fixed.words().contains("另加一条"), "{}: {}", town.engine, fixed.words());
        story.tell(
            "li does first_signs how_said=yes paper_on=2026-11-23
             li does redraft reason=改日期
             case is talks
             li may not draft",
        );
        town.verify();
    }
}

#[test]
fn the_parties_read_the_agreement_and_staff_are_reminded_before_the_day_and_after() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 432);
        writes(&mut story, &[CLAUSE]);
        let own = format!("/follow/{}/agreement", story.number);
        for (way, came, said) in
            [("first", vec!["first"], "别告诉他"), ("apart", vec!["first", "second"], "两家都说了")]
        {
            both(&mut story, "session");
            assert_eq!(holds(&mut story, way, &came, said).status, 303, "{}: {way}", town.engine);
        }
        story.tell("she follows it");
        let words = story.at("she").open(&own).expect(200).words();
        assert!(words.contains("赔刷墙的钱给李岺") && words.contains("还没有说定"), "{}: {words}", town.engine);
        assert!(words.contains("两家都说了") && !words.contains("别告诉他"), "{}: {words}", town.engine);
        signs(&mut story);
        story.tell("she follows it");
        let words = story.at("she").open(&own).expect(200).words();
        assert!(words.contains("赔刷墙的钱给李岺") && words.contains("待履行 1 条"), "{}: {words}", town.engine);
        drop(town.visitor().open(&own).expect(404));
        for (day, told) in [("2026-11-27", "有一条要在"), ("2026-12-01", "已经过了")] {
            morning(&town, day);
            let words = story.at("li").open("/queue").expect(200).words();
            assert!(words.contains(told), "{}: {day}: {words}", town.engine);
        }
        assert!(notes(&mut story, 0, "done", "给了现金").contains("已履行 1 条"), "{}", town.engine);
        town.verify();
    }
}

#[test]
fn what_one_side_says_alone_is_for_the_mediator_who_heard_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 433);
        let secret = "其实我愿意赔五十";
        assert_eq!(holds(&mut story, "first", &["first", "second"], secret).status, 422, "not alone");
        assert_eq!(holds(&mut story, "first", &["first"], secret).status, 422, "she has not agreed to go on");
        story.tell(
            "li does ask next=session
             li does first_goes_on how_said=person",
        );
        assert_eq!(holds(&mut story, "first", &["first"], secret).status, 303, "{}", town.engine);
        story.tell(
            "qian is mediator at 华炉社区 for mediation
             qian cannot open it",
        );
        let address = format!("/cases/{}/sessions", story.number);
        let open = format!("{address}/open");
        drop(story.at("qian").open(&address).expect(404));
        let page = story.at("li").open(&address).expect(200);
        assert!(!page.words().contains(secret), "sealed until a purpose is stated");
        let form = page.form(&open);
        let session = form.get("session").unwrap().to_owned();
        let fields = [("session", session.as_str()), ("purpose", "handling"), ("_once", "another")];
        assert_eq!(story.at("qian").post(&open, &fields).status, 404, "{}", town.engine);
        assert_eq!(story.at("li").send(form.clone()).status, 422, "a purpose is asked for");
        let opened = story.at("li").send(form.set("purpose", "handling"));
        assert!(opened.words().contains(secret), "{}: {}", town.engine, opened.words());
        story.tell("she follows it");
        assert!(!story.at("she").page().words().contains(secret));
        town.verify();
    }
}

#[test]
fn a_session_needs_both_and_proposals_are_listed_with_their_answers() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 434);
        assert_eq!(holds(&mut story, "together", &["first", "second"], "面对面谈").status, 422, "no consent yet");
        let address = format!("/cases/{}/sessions", story.number);
        assert!(story.at("li").open(&address).expect(200).words().contains("还没有记过"));
        both(&mut story, "session");
        assert_eq!(
            holds(&mut story, "together", &["first", "second"], "面对面谈").status,
            422,
            "asked for another step"
        );
        both(&mut story, "sit_together");
        let page = story.at("li").open(&address).expect(200);
        let came = ["first", "second"].iter();
        let later = came.fold(deed(&page, "session"), |form, code| chosen(form, "came", code));
        let later = later.set("way", "together").set("begins", "23:59").set("place_held", "社区二楼");
        let later = later.set("said", "谈过了");
        let early = story.at("li").send(later);
        assert_eq!(early.status, 422, "{}: it has not begun", town.engine);
        assert!(early.words().contains("还没到这个时间"), "{}: it says why: {}", town.engine, early.words());
        assert_eq!(holds(&mut story, "together", &["first", "second"], "面对面谈").status, 303, "{}", town.engine);
        story.tell(
            "case is together
             li may not first_stays
             li does ask_together next=session_together
             li does first_stays how_said=person
             li does second_stays how_said=person",
        );
        for (by, what) in [("first", "赔五十元"), ("second", "赔二十元"), ("mediator", "赔三十元")] {
            let page = story.at("li").open(&address).expect(200);
            let form = deed(&page, "propose").set("made_by", by).set("proposal", what);
            drop(story.at("li").submit(form).expect(200));
        }
        let page = story.at("li").open(&address).expect(200);
        let answer = deed(&page, "answer").set("answer", "countered");
        let words = story.at("li").submit(answer).expect(200).words();
        assert!(words.contains("赔五十元") && words.contains("另提了方案"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn no_session_is_written_down_for_an_hour_before_both_agreed_to_it() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 441);
        let at = |story: &mut Story<'_>, way: &str, came: &str, begins: &str| {
            let address = format!("/cases/{}/sessions", story.number);
            let page = story.at("li").open(&address).expect(200);
            let form = came.split(' ').fold(deed(&page, "session"), |form, code| chosen(form, "came", code));
            let form = form.set("way", way).set("begins", begins).set("place_held", "社区二楼");
            story.at("li").send(form.set("said", "两家都说了"))
        };
        // Both are asked at nine; one agrees at ten, the other one at eleven.
        town.clock.set_local("2026-11-24 09:00");
        story.tell("li does ask next=session");
        town.clock.set_local("2026-11-24 10:00");
        story.tell("li does first_goes_on how_said=person");
        town.clock.set_local("2026-11-24 11:00");
        story.tell("li does second_goes_on how_said=person");
        town.clock.set_local("2026-11-24 12:00");
        for (way, came, begins, lacks) in [
            ("apart", "first second", "9:30", "提出的一方"),
            ("apart", "first second", "10:59", "另一方"),
            ("first", "first", "9:59", "提出的一方"),
            ("second", "second", "10:30", "另一方"),
        ] {
            let refused = at(&mut story, way, came, begins);
            let told = format!("{lacks}那个时候还没有同意");
            let is_told = refused.status == 422 && refused.words().contains(&told);
            assert!(is_told, "{}: {way} {begins}: {}", town.engine, refused.words());
        }
        assert_eq!(at(&mut story, "first", "first", "10:00").status, 303, "{}: she had agreed", town.engine);
        // Asked about another step in between, they had not agreed to meet at that hour.
        town.clock.set_local("2026-11-24 13:00");
        both(&mut story, "prolong");
        town.clock.set_local("2026-11-24 14:00");
        both(&mut story, "session");
        let refused = at(&mut story, "apart", "first second", "13:30");
        assert!(refused.status == 422 && refused.words().contains("还没有同意"), "{}", refused.words());
        assert_eq!(at(&mut story, "apart", "first second", "14:00").status, 303, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn nobody_else_is_at_a_session_unless_both_agreed_to_invite_him() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 439);
        let address = format!("/cases/{}/sessions", story.number);
        let held = |story: &mut Story<'_>| {
            let page = story.at("li").open(&address).expect(200);
            let came = ["first", "second", "invited"].iter();
            let form = came.fold(deed(&page, "session"), |form, code| chosen(form, "came", code));
            let form = form.set("way", "apart").set("begins", &hour(&town)).set("place_held", "社区二楼");
            story.at("li").send(form.set("invited", "楼长").set("said", "楼长看过漏水的地方"))
        };
        both(&mut story, "session");
        let refused = held(&mut story);
        assert!(
            refused.status == 422 && refused.words().contains("请人来帮忙"),
            "{}: {}",
            town.engine,
            refused.words()
        );
        story.tell("li may not invite");
        agree_about(&mut story, "li", "invite", "王律师").tell(
            "li does not take invite whom=物业赵经理
             li does invite whom=王律师",
        );
        both(&mut story, "session");
        assert_eq!(held(&mut story).status, 422, "{}: both agreed to somebody else", town.engine);
        agree_about(&mut story, "li", "invite", "楼长，懂水管").tell("li does invite whom=楼长，懂水管");
        both(&mut story, "session");
        assert_eq!(held(&mut story).status, 303, "{}: {}", town.engine, story.at("li").page().words());
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("请来帮忙的人") && words.contains("楼长看过漏水的地方"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn the_days_of_the_court_are_followed() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 435);
        writes(&mut story, &[CLAUSE]);
        signs(&mut story);
        story.tell(
            "li does first_asks_court how_said=person
             li does second_asks_court how_said=person
             li does to_court court=大东区人民法院 sent_on=2026-11-23",
        );
        let shown = |story: &mut Story<'_>, words: &str| {
            let address = agreement(story);
            let page = story.at("li").open(&address).expect(200);
            assert!(page.words().contains(words), "{}: {words}: {}", town.engine, page.words());
        };
        shown(&mut story, "法院最迟哪天说受理不受理");
        story.tell(
            "li does not take accepted accepted_on=2026-11-22
             li does not take accepted accepted_on=2027-01-01
             li does accepted accepted_on=2026-11-23",
        );
        shown(&mut story, "法院最迟哪天决定");
        assert_eq!(decides_by(&town, &story), "2026-12-08", "fifteen days");
        story.tell("li does court_prolongs approved=yes");
        assert_eq!(decides_by(&town, &story), "2026-12-18", "ten more");
        morning(&town, "2026-12-15");
        let words = story.at("li").open("/queue").expect(200).words();
        assert!(words.contains("法院最迟"), "{}: {words}", town.engine);
        story.tell(
            "li does first_leaves_court how_said=person
             case is kept
             li does court_again
             case is asking
             li may not to_court
             li does first_asks_again how_said=person
             li does second_asks_again how_said=telephone
             li does to_court court=大东区人民法院 sent_on=2026-12-15
             li does first_leaves_court how_said=person",
        );
        town.clock.set_local("2026-12-24 10:00");
        story.tell("li does not take court_again");
        town.verify();
    }
}

fn decides_by(town: &Town, story: &Story<'_>) -> String {
    let case = story.case();
    let key = cases::Key { district: cases::district(&case), id: case.id.0 };
    let court = town.store().read_blocking(move |tx| hearings::records::inside::court(tx, &key)).unwrap().unwrap();
    court.decides_by.map(|day: Date| day.to_string()).unwrap_or_default()
}

#[test]
fn papers_are_printed_with_masked_names_until_a_purpose_is_stated() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 436);
        names(&mut story, "second", "𠮷𬭎㛃");
        writes(&mut story, &[CLAUSE]);
        signs(&mut story);
        let base = format!("/cases/{}/mediation", story.number);
        for paper in ["application", "rights", "invitation", "agreement", "court", "cover"] {
            let words = story.at("li").open(&format!("{base}/{paper}")).expect(200).words();
            assert!(!words.contains("李岺") || paper == "agreement", "{}: {paper}: {words}", town.engine);
        }
        for paper in ["oral", "ended", "visit", "nothing"] {
            drop(story.at("li").open(&format!("{base}/{paper}")).expect(404));
        }
        let address = format!("{base}/agreement");
        let form = story.at("li").open(&address).expect(200).form(&address);
        let printed = story.at("li").send(form.set("purpose", "printing")).expect(200);
        let words = printed.words();
        assert!(words.contains("李岺") && words.contains("𠮷𬭎㛃"), "{}: {words}", town.engine);
        assert!(words.contains("姓名里有生僻字（𠮷𬭎㛃）"), "{}: {words}", town.engine);
        assert!(words.contains("盖章，日期") && words.contains("赔刷墙的钱"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn the_sealed_words_of_a_file_are_erased_after_its_years_and_figures_stay() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 437);
        let powers = format!("/cases/{}/powers", story.number);
        for paper_on in ["", "2026-11-20"] {
            let page = story.at("li").open(&powers).expect(200);
            let form = page.forms().into_iter().find(|form| form.get("until_on").is_some()).unwrap();
            let form = form.set("giver", "second").set("agent", "周明").set("paper_on", paper_on);
            drop(story.at("li").submit(form).expect(200));
        }
        writes(&mut story, &[CLAUSE]);
        signs(&mut story);
        drop(notes(&mut story, 0, "done", "给了现金"));
        story.tell(
            "li does performed report=给了
             li does visit record=都满意
             case is closed",
        );
        let case = story.case();
        let (hall, district, record) =
            (town.city.hall.clone(), cases::district(&case), hearings::actions::inside::file_record(case.id.0));
        let side = cases::Cases::sealed_party(&case, "second").unwrap();
        let expired = |day: &str| {
            let (hall, day): (_, Date) = (hall.clone(), day.parse().unwrap());
            town.store().read_blocking(move |tx| hall.vault.expired(tx, day, 100)).unwrap()
        };
        assert!(!expired("2031-11-20").contains(&(district, record)), "{}: five years", town.engine);
        assert!(expired("2031-11-30").contains(&(district, record)), "{}: and no more", town.engine);
        assert!(!expired("2031-11-20").contains(&(district, side)), "{}: who they are is of the file", town.engine);
        assert!(expired("2031-11-30").contains(&(district, side)), "{}: and goes with it", town.engine);
        let (erasing, now) = (hall.clone(), town.clock.now());
        town.store().write_blocking(move |tx| erasing.vault.erase(tx, district, record, now)).unwrap();
        let address = agreement(&story);
        let words = story.at("li").open(&address).expect(200).words();
        assert!(!words.contains("赔刷墙") && words.contains("已经删除"), "{}: {words}", town.engine);
        assert!(words.contains("30.00 元"), "{}: amounts stay: {words}", town.engine);
        let words = story.at("li").open(&powers).expect(200).words();
        assert!(
            !words.contains("周明") && !words.contains("经手人 李"),
            "{}: names of powers go too: {words}",
            town.engine
        );
        let (seen, unseen) = (words.contains("看过原件，落款"), words.contains("原件还没有看过"));
        assert!(seen && unseen && !words.contains("本人凭查询码推选"), "{}: she gave none: {words}", town.engine);
        let words = story.at("li").open("/hearings/figures").expect(200).words();
        assert!(words.contains("100.0%"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn nothing_comes_into_a_file_that_is_bound() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 443);
        both(&mut story, "session");
        let base = format!("/cases/{}", story.number);
        let (sessions, file) = (format!("{base}/sessions"), format!("{base}/mediation"));
        let page = story.at("li").open(&sessions).expect(200);
        let propose = deed(&page, "propose").set("made_by", "mediator").set("proposal", "赔三十元");
        let page = story.at("li").submit(propose).expect(200);
        let answer = deed(&page, "answer").set("answer", "refused");
        let noted = chosen(story.at("li").open(&file).expect(200).form(&file), "on_paper", "evidence");
        story.tell(
            "li does fail why=gap reason=差得太远 other_ways=yes
             case is failed",
        );
        for form in [answer, noted] {
            let refused = story.at("li").send(form);
            assert!(
                refused.status == 422 && refused.words().contains("卷宗装订了"),
                "{}: {}",
                town.engine,
                refused.words()
            );
        }
        let words = story.at("li").open(&file).expect(200).words();
        assert!(!words.contains("纸质的，在卷宗里 ·"), "{}: {words}", town.engine);
        town.verify();
    }
}

#[test]
fn clauses_follow_a_change_that_both_signed_and_nothing_else() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 442);
        writes(&mut story, &[CLAUSE]);
        signs(&mut story);
        let address = agreement(&story);
        let changes = |story: &mut Story<'_>| {
            let forms = story.at("li").open(&address).expect(200).forms();
            forms.into_iter().find(|form| form.get("deed") == Some("edit"))
        };
        story.tell(
            "li does to_change
             case is kept
             li does propose_change change=十二月底以前赔就行",
        );
        assert!(changes(&mut story).is_none(), "{}: nobody has signed it", town.engine);
        story.tell(
            "li does first_changes how_said=yes paper_on=2026-11-23
             li does second_changes how_said=yes paper_on=2026-11-23
             li does vary
             case is kept",
        );
        let edit = changes(&mut story).unwrap().set("due", "2026-12-31");
        let words = story.at("li").submit(edit.clone()).expect(200).words();
        assert!(words.contains("12月31日") && !words.contains("11月30日"), "{}: {words}", town.engine);
        for (day, is_due) in [("2026-11-28", false), ("2026-12-29", true)] {
            morning(&town, day);
            let words = story.at("li").open("/queue").expect(200).words();
            assert_eq!(words.contains("协议有一条要在"), is_due, "{}: {day}: {words}", town.engine);
        }
        let printed = format!("/cases/{}/mediation/agreement", story.number);
        assert!(story.at("li").open(&printed).expect(200).words().contains("签字改过"), "{}", town.engine);
        story.tell("li does propose_change change=再缓一个月");
        assert!(changes(&mut story).is_none(), "{}: another change is not signed", town.engine);
        let stale = edit.without("_once").set("_once", "another").set("due", "2027-01-31");
        assert_eq!(story.at("li").send(stale).status, 422, "{}", town.engine);
        town.verify();
    }
}

#[test]
fn who_did_not_want_to_be_mediated_is_kept_no_longer_than_of_any_case() {
    for town in Town::each() {
        let mut story = brought(&town, &LEAK, 440);
        story.tell(
            "li does take_on nowhere_else=yes
             li does second_refuses how_said=person
             case is refused",
        );
        let case = story.case();
        let sides = ["first", "second"].map(|side| cases::Cases::sealed_party(&case, side).unwrap());
        let (hall, day): (_, Date) = (town.city.hall.clone(), "2028-11-30".parse().unwrap());
        let expired = town.store().read_blocking(move |tx| hall.vault.expired(tx, day, 100)).unwrap();
        for side in sides {
            assert!(expired.contains(&(cases::district(&case), side)), "{}: two years", town.engine);
        }
    }
}

#[test]
fn a_clause_is_changed_and_lasts_where_it_has_no_day() {
    for town in Town::each() {
        let mut story = begun(&town, &LEAK, 438);
        writes(&mut story, &[CLAUSE]);
        let address = agreement(&story);
        let page = story.at("li").open(&address).expect(200);
        let past = story.at("li").send(deed(&page, "edit").set("due", "2026-11-01"));
        assert!(past.status == 422 && past.words().contains("填的日期已经过去了"), "{}: {}", town.engine, past.words());
        let edit = deed(&page, "edit").set("what", "夜里十点以后不拖椅子").set("amount", "").set("due", "");
        let undated = story.at("li").send(edit.clone());
        assert_eq!(undated.status, 422, "{}: by no day, and not lasting", town.engine);
        let words = story.at("li").submit(edit.set("lasting", "yes")).expect(200).words();
        assert!(words.contains("夜里十点以后不拖椅子") && words.contains("长期"), "{}: {words}", town.engine);
        assert!(!words.contains("赔刷墙的钱给李岺") && !words.contains("30.00 元"), "{}: {words}", town.engine);
        signs(&mut story);
        let printed = format!("/cases/{}/mediation/agreement", story.number);
        let words = story.at("li").open(&printed).expect(200).words();
        assert!(words.contains("夜里十点以后不拖椅子") && words.contains("长期"), "{}: {words}", town.engine);
        assert!(words.contains("华炉社区人民调解委员会") && words.contains("调解员 李"), "{}: {words}", town.engine);
        // What has no day is never late.
        town.clock.set_local("2027-01-10 10:00");
        let words = story.at("li").open(&address).expect(200).words();
        assert!(words.contains("待履行 1 条") && words.contains("过期 0 条"), "{}: {words}", town.engine);
        town.verify();
    }
}
