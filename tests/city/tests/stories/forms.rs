//! In these stories people fill in papers here. The resident fills in a page at a time, saves and goes on. The desk
//! begins with what is known already.

use crate::shared;
use city_stories::{Browser, Resident, Story, Town};
use kernel::case::PaperForm;
use kernel::time::date_plus_days;
use lianglin::demonstration::Seed;
use testkit::{Form, Reply, ZONE};
use uuid::Uuid;

const APPLY: &str = "/apply/MZ-01";

/// Goes to the first page after the community was chosen.
fn begun(she: &mut Browser, address: &str) -> (Reply, usize) {
    let first = she.open(address).expect(200).form(address);
    let found = she.submit(first.set("residence_words", "华炉社区").set("search", "1")).expect(200);
    assert!(
        found.words().contains("住在：沈阳市 · 大东区"),
        "the only community of that name is taken: {}",
        found.words()
    );
    assert_ne!(question(&found, address), "residence");
    (found, 2)
}

fn set_all(form: Form, fields: &[(&str, &str)]) -> Form {
    fields.iter().fold(form, |form, (name, value)| form.set(name, value))
}

fn who(form: Form, resident: &Resident) -> Form {
    form.set("name", &resident.name).set("resident_id", &resident.resident_id).set("telephone", &resident.telephone)
}

fn question(page: &Reply, address: &str) -> String {
    page.form(address).get("question").unwrap_or_default().to_owned()
}

fn posting(page: &Reply) -> Form {
    let found = page.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post");
    found.unwrap_or_else(|| panic!("the desk takes nothing: {}", page.words()))
}

#[test]
fn the_old_age_allowance_takes_five_screens() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(301)));
        let (mut page, mut screens) = begun(&mut she, "/apply/MZ-11");
        while !page.address.starts_with("/receipt/") {
            let form = page.form("/apply/MZ-11");
            let form = match form.get("question").unwrap_or_default() {
                "who" => who(form, &resident),
                "bank_card" => form.set("bank_card", &resident.bank_card),
                _ => form,
            };
            page = she.submit(form).expect(200);
            screens += 1;
        }
        assert!(screens <= 5, "{}: {screens} screens", town.engine);
    }
}

/// Fills in MZ-01 up to the last look: application form, authorisation and declaration.
fn filled_in(she: &mut Browser, resident: &Resident) -> Reply {
    let (page, _) = begun(she, APPLY);
    let page = she.submit(who(page.form(APPLY), resident)).expect(200);
    let page = she.submit(page.form(APPLY).set("address", &resident.address)).expect(200);
    assert_eq!(question(&page, APPLY), "form-AP");
    let empty = she.submit(page.form(APPLY)).expect(422);
    assert!(empty.links().contains(&"#f-p_AP_signature".to_owned()), "all faults at once: {:?}", empty.links());
    let signed = [("p_AP_for_whom", "self"), ("p_AP_truth", "yes"), ("p_AP_signature", resident.name.as_str())];
    let form = set_all(empty.form(APPLY), &signed);
    let page = she.submit(form).expect(200);
    assert_eq!(question(&page, APPLY), "form-AU");
    let signed = [("p_AU_agreed", "yes"), ("p_AU_others", "yes"), ("p_AU_signature", resident.name.as_str())];
    let page = she.submit(set_all(page.form(APPLY), &signed)).expect(200);
    assert_eq!(question(&page, APPLY), "form-AU", "a question that comes up is asked, not held against her");
    let page = she.submit(page.form(APPLY).set("p_AU_other_names", "李强")).expect(200);
    assert_eq!(question(&page, APPLY), "form-IN");
    let one = [
        ("p_IN_members_0_name", resident.name.as_str()),
        ("p_IN_members_0_relation", "self"),
        ("p_IN_members_0_income", "0"),
        ("add", "IN_members"),
    ];
    let page = she.submit(set_all(page.form(APPLY), &one)).expect(200);
    let rest = [
        ("p_IN_members_1_name", "李强"),
        ("p_IN_members_1_relation", "child"),
        ("p_IN_members_1_income", "1200.50"),
        ("p_IN_home", "own"),
        ("p_IN_other_homes", "no"),
        ("p_IN_vehicle", "no"),
        ("p_IN_savings", "3000"),
        ("p_IN_truth", "yes"),
        ("p_IN_signature", resident.name.as_str()),
    ];
    she.submit(set_all(page.form(APPLY), &rest)).expect(200)
}

#[test]
fn an_allowance_with_members_consent_and_signature() {
    for town in shared() {
        let (mut she, mut story) = (town.visitor(), Story::new(town, 302));
        let page = filled_in(&mut she, &story.resident);
        assert_eq!(question(&page, APPLY), "check", "{}", page.words());
        assert!(page.words().contains("1,200.50") && page.words().contains("李强"), "{}", page.words());
        let receipt = she.submit(page.form(APPLY)).expect(200);
        story.number = receipt.address.strip_prefix("/receipt/").unwrap().to_owned();
        let case = story.case();
        let paper = |code: &str| case.papers()[code];
        assert_eq!((paper("IN").form, paper("IN").later), (PaperForm::Electronic, false));
        assert_eq!((paper("AU").form, paper("AU").later), (PaperForm::Electronic, true), "the others have to sign");
        assert!(paper("HK").later && case.fields["form.filled"].contains("IN"), "{:?}", case.fields);
        let status = she.open(&format!("/follow/{}", story.number)).expect(200);
        assert!(!status.words().contains("1,200.50") && status.words().contains("****"), "{}", status.words());
        story.tell(
            "
            李德顺 is community_worker at 华炉社区
            李德顺 opens it
            李德顺 looks for 核对收入
            李德顺 reads 1,200.50
            ",
        );
    }
}

#[test]
fn saved_and_gone_on_with_and_gone_once_sent() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(303)));
        let page = filled_in(&mut she, &resident);
        let people = town.counts().people;
        let page_before = page.clone();
        let saved = she.submit(page.form(APPLY).set("save", "1")).expect(200);
        let link = saved.links().into_iter().find(|link| link.starts_with("/apply/resume/")).unwrap();
        assert_eq!(town.counts().people, people + 1);
        assert!(!saved.body().contains(&resident.resident_id));
        let whole = format!("{}{link}", town.city.counter.public_url);
        assert!(saved.words().contains(&whole) && saved.body().contains("class=\"qr\""), "{}", saved.words());
        let twice = she.submit(page.form(APPLY).set("save", "1")).expect(200);
        assert!(twice.links().contains(&link), "the same form sent twice has one link");
        let mut elsewhere = town.visitor();
        let page = elsewhere.open(&link).expect(200);
        assert_eq!(question(&page, APPLY), "check");
        assert!(page.words().contains("1,200.50"), "{}", page.words());
        let again = elsewhere.submit(page.form(APPLY).set("save", "1")).expect(200);
        let newer = again.links().into_iter().find(|link| link.starts_with("/apply/resume/")).unwrap();
        assert_ne!(newer, link, "whoever sent her the first link does not read what she saves");
        let gone = town.visitor().open(&link).expect(404);
        assert!(gone.words().contains("这个链接不能用了：每存一次换新的，提交后或到期就删"), "{}", gone.words());
        let late = she.submit(page_before.form(APPLY).set("save", "1")).expect(200);
        assert!(
            !late.links().contains(&link) && !late.links().contains(&newer),
            "nor does a form sent late bring it back"
        );
        let (link, page) = (newer.clone(), elsewhere.open(&newer).expect(200));
        let receipt = elsewhere.submit(page.form(APPLY)).expect(200);
        assert!(receipt.address.starts_with("/receipt/"), "{}", receipt.words());
        drop(town.visitor().open(&link).expect(404));
        for never in ["0".repeat(32), "no-such-link".to_owned()] {
            let unknown = town.visitor().open(&format!("/apply/resume/{never}")).expect(404);
            assert_eq!(unknown.words(), gone.words(), "{}: {never}: there never was one, or not any more", town.engine);
        }
    }
}

#[test]
fn what_is_known_is_filled_in_and_she_may_object() {
    for town in Town::each() {
        let mut worker = town.staff("knows.her", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(304));
        let first = worker.takes(&town, "MZ-11", &resident, &town.named("华炉社区")).number;
        let looks = town.counts().looks;
        let form = worker.desk_form("RS-29").set("resident_id", &resident.resident_id);
        let found = worker.submit(form.set("find", "1")).expect(200);
        assert!(found.words().contains(&first), "{}", found.words());
        assert!(!found.body().contains(&resident.telephone), "only the mask is shown before");
        assert_eq!(town.counts().looks, looks + 1, "being told of her case is a look");
        let known = worker.submit(posting(&found).set("fill", &first)).expect(200);
        assert_eq!(town.counts().looks, looks + 2);
        let form = posting(&known);
        assert_eq!((form.get("name"), form.get("known_name")), (Some(resident.name.as_str()), Some(first.as_str())));
        let form = form.set("telephone", "13900000306").set("objected", "telephone").set("address", &resident.address);
        let receipt = worker.submit(form.set("residence_words", "华炉社区")).expect(200);
        let mut story = Story::new(&town, 304);
        story.number =
            receipt.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", receipt.words())).to_owned();
        assert_eq!(story.case().fields.get("form.objected").map(String::as_str), Some("telephone"));
        let mut stranger = town.staff("elsewhere", "community_worker", &town.named("永顺社区"), None);
        let form = stranger.desk_form("RS-29").set("resident_id", &resident.resident_id);
        let none = stranger.submit(form.set("find", "1")).expect(200);
        assert!(!none.words().contains(&first), "{}", none.words());
        let forced = stranger.post("/desk", &[("item", "RS-29"), ("fill", first.as_str())]);
        assert_eq!(forced.status, 404);
    }
}

#[test]
fn the_same_matter_twice_is_told_and_may_go_on() {
    for town in shared() {
        let mut worker = town.staff("twice.same", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(305));
        let first = worker.takes(town, "MZ-11", &resident, &town.named("华炉社区")).number;
        let before = town.counts();
        let form = resident.fill(worker.desk_form("MZ-11")).set("residence_words", "华炉社区");
        let warned = worker.submit(form).expect(422);
        assert!(warned.words().contains(&first), "{}", warned.words());
        let told = town.counts();
        assert_eq!((told.cases, told.looks), (before.cases, before.looks + 1), "{}: told, not opened", town.engine);
        let mut stranger = town.staff("twice.stranger", "community_worker", &town.named("永顺社区"), None);
        let form = resident.fill(stranger.desk_form("MZ-11")).set("residence_words", "华炉社区");
        let elsewhere = stranger.submit(form).expect(422);
        assert!(elsewhere.words().contains("仍然受理"), "{}", elsewhere.words());
        assert!(!elsewhere.body().contains(&first), "the number is told to those who may read the case");
        assert_eq!(town.counts().looks, before.looks + 2, "{}: a look all the same", town.engine);
        let receipt = worker.submit(posting(&warned).set("once_more", "1")).expect(200);
        assert!(receipt.address.starts_with("/receipt/"), "{}", receipt.words());
        assert_eq!(town.counts().cases, before.cases + 1);
    }
}

#[test]
fn the_text_of_a_card_is_read_at_the_desk() {
    for town in shared() {
        let mut worker = town.staff("reads.card", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(306));
        let text = format!("姓名 {} 性别 女 民族 汉 住址 大东区 公民身份号码 {}", resident.name, resident.resident_id);
        let form = worker.desk_form("MZ-01").set("card", &text).set("card_read", "1");
        let form = posting(&worker.submit(form).expect(200));
        assert_eq!(form.get("name"), Some(resident.name.as_str()));
        assert_eq!(
            (form.get("resident_id"), form.get("address")),
            (Some(resident.resident_id.as_str()), Some("大东区"))
        );
        assert_eq!(form.get("card").unwrap_or_default(), "", "the text itself is not kept");
    }
}

#[test]
fn the_text_of_a_card_says_where_she_lives() {
    for town in shared() {
        let mut worker = town.staff("reads.home", "community_worker", &town.named("文安路社区"), None);
        let (own, hers) = (town.named("文安路社区").id().0, town.named("华炉社区").id().0);
        // The columns are: the address on the card, the words and the community that stand in the form then.
        let table = [
            ("辽宁省沈阳市大东区大北街道华炉社区12号1-2-1", "华炉社区", hers.to_string()),
            ("沈阳市大东区华炉社区", "华炉社区", hers.to_string()),
            ("沈阳市新华社区5号", "新华社区", String::new()),
            ("沈阳大东区华炉社区", "华炉社区", hers.to_string()),
            // Another city, or nothing that says which: the community of the counter stays.
            ("吉林省长春市人民大街1号", "文安路社区", own.to_string()),
            ("天津市大东区华炉社区12号", "文安路社区", own.to_string()),
            ("天津大东区华炉社区12号", "文安路社区", own.to_string()),
            ("辽宁省鞍山市华炉社区5号", "文安路社区", own.to_string()),
            ("沈阳市和平区华炉社区", "文安路社区", own.to_string()),
        ];
        for (address, words, community) in table {
            let text = format!("姓名 李静 住址 {address}");
            let form = worker.desk_form("MZ-01").set("card", &text).set("card_read", "1");
            let form = posting(&worker.submit(form).expect(200));
            assert_eq!(form.get("residence_words"), Some(words), "{address}");
            assert_eq!(form.get("residence").unwrap_or_default(), community, "{address}");
        }
    }
}

#[test]
fn one_box_says_that_all_papers_were_seen() {
    for town in shared() {
        let mut worker = town.staff("sees.all", "community_worker", &town.named("文安路社区"), None);
        let resident = Resident::next(&mut Seed::new(307));
        let form = resident.fill(worker.desk_form("MZ-11")).set("residence_words", "华炉社区");
        let receipt = worker.submit(form.set("all_papers", "1")).expect(200);
        assert!(receipt.address.starts_with("/receipt/"), "{}", receipt.words());
        let number = receipt.address.trim_start_matches("/receipt/").to_owned();
        let desk = town.city.cases.clone();
        let known = town.store().read_blocking(move |tx| desk.known_number(tx, &number)).unwrap();
        let papers = known.case.papers();
        assert!(papers.len() >= 2 && papers.values().all(|paper| !paper.later), "{papers:?}");
        let keys = receipt.body();
        assert!(keys.contains("data-key=\"p\"") && keys.contains("data-key=\"n\""), "print and next are a key each");
    }
}

/// Saves an application at the page where the name is asked, and returns the page of its link.
fn saved(she: &mut Browser, resident: &Resident) -> Reply {
    let (page, _) = begun(she, APPLY);
    she.submit(who(page.form(APPLY), resident).set("save", "1")).expect(200)
}

/// Returns the link that the page of what was saved shows.
fn link_on(page: &Reply) -> String {
    let mut links = page.links().into_iter();
    links.find(|link| link.starts_with("/apply/resume/")).unwrap_or_else(|| panic!("{}", page.words()))
}

fn short_code(page: &Reply) -> String {
    let body = page.body();
    let after = body.split_once("id=\"draft-code\">").unwrap_or_else(|| panic!("{}", page.words())).1.to_owned();
    after.split('<').next().unwrap_or_default().to_owned()
}

#[test]
fn what_was_saved_comes_back_by_a_code_that_is_typed() {
    for town in shared() {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(308)));
        let page = saved(&mut she, &resident);
        let code = short_code(&page);
        assert_eq!(code.chars().filter(char::is_ascii_alphanumeric).count(), 12, "{code}");
        let mut elsewhere = town.visitor();
        let typing = elsewhere.open("/apply/resume").expect(200).form("/apply/resume");
        let typed = code.to_lowercase().replace('-', " ");
        let opened = elsewhere.submit(typing.clone().set("code", &typed)).expect(200);
        assert!(opened.words().contains("住在：沈阳市"), "{}: {}", town.engine, opened.words());
        assert!(!opened.address.contains(&code.replace('-', "")), "the short code stays out of the address");
        let fields = opened.form(APPLY).fields;
        let name = fields.iter().find(|(name, _)| name == "name").map(|(_, value)| value.as_str());
        assert_eq!(name, Some(resident.name.as_str()));
        for (wrong, said) in [("", "还没有填写"), ("7Q2K", "取回码不对")] {
            let reply = elsewhere.submit(typing.clone().set("code", wrong)).expect(422);
            assert!(reply.words().contains(said), "{wrong}: {}", reply.words());
        }
        drop(elsewhere.submit(typing.set("code", "7Q2K-D4M4-XEAC")).expect(404));
        let (link, plain) = (link_on(&page), code.replace('-', ""));
        assert_eq!(page.address, "/apply/resume?saved=1", "neither link nor code stands in an address");
        assert_eq!(short_code(&she.open(&page.address).expect(200)), code, "it is shown again where it was saved");
        for address in [page.address.clone(), format!("/apply/resume?saved={plain}")] {
            let other = town.visitor().open(&address).expect(200);
            assert!(!other.body().contains("draft-code") && !other.body().contains(&link), "and nowhere else");
        }
        let opened = town.visitor().open(&format!("{link}?saved={plain}")).expect(200);
        assert!(!opened.body().contains("draft-code"), "{}", opened.words());
        let never = format!("/apply/resume/{}?saved=1", Uuid::from_u128(15).simple());
        assert!(town.visitor().open(&never).expect(404).words().contains("这个链接不能用了"), "{}", town.engine);
        assert!(!page.words().contains("发到自己的手机或邮箱"), "no way out is set up, so none is offered");
    }
}

/// The message with a link that was put in.
fn message_put_in(town: &Town) -> jobs::Notice {
    let sql = "select id from jobs_notice where template = 'counter-draft-message'";
    let found = town.store().read_blocking(move |tx| {
        let id = store::scalar::<Uuid>(tx, sql, &[])?.unwrap();
        jobs::notice(tx, id)
    });
    found.unwrap().unwrap()
}

#[test]
fn the_last_day_told_is_that_of_what_was_saved() {
    for town in Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned())) {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(311)));
        let page = saved(&mut she, &resident);
        let last = date_plus_days(ZONE.date(town.clock.now()), 30).unwrap();
        let told = format!("{}年{}月{}日", last.year(), last.month(), last.day());
        assert!(page.words().contains(&told), "{}: {told}: {}", town.engine, page.words());
        let link = link_on(&page);
        let send = format!("{link}/send");
        town.clock.plus_days(10);
        let later = she.open(&page.address).expect(200);
        assert!(later.words().contains(&told), "{}: ten days later: {}", town.engine, later.words());
        drop(she.submit(later.form(&send).set("telephone", "13800130413")).expect(200));
        let notice = message_put_in(&town);
        let known = town.city.work.recipients.iter().find(|known| known.prefix == "saved:").unwrap();
        let handle = notice.recipient.strip_prefix("saved:").unwrap();
        let text = (known.resolve)(&town.store().store(), &notice, handle, town.clock.now()).unwrap().unwrap().text;
        assert!(text.contains(&format!("{}月{}日以前", last.month(), last.day())), "{}: {text}", town.engine);
        town.clock.plus_days(21);
        drop(she.open(&link).expect(404));
        drop(she.post(&send, &[("telephone", "13800130413"), ("_once", "late")]).expect(404));
    }
}

#[test]
fn the_link_is_sent_to_her_telephone_and_the_number_is_forgotten() {
    for town in Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned())) {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(309)));
        let page = saved(&mut she, &resident);
        let (link, code) = (link_on(&page), short_code(&page));
        let action = format!("{link}/send");
        // Some days later the page and the message still name the day on which it is erased.
        town.clock.plus_days(5);
        let later = she.open(&page.address).expect(200);
        assert!(later.words().contains("2026年12月23日") && short_code(&later) == code, "{}", later.words());
        let form = later.form(&action);
        let wrong = she.submit(form.clone().set("telephone", "12")).expect(422);
        assert!(short_code(&wrong) == code, "the page keeps her code");
        let landline = she.submit(form.clone().set("telephone", "024-23456789-801")).expect(422);
        assert!(landline.words().contains("座机号码，收不到短信"), "{}", landline.words());
        let people = town.counts().people;
        let sent = she.submit(form.clone().set("telephone", "138 0013 0412")).expect(200);
        assert!(sent.words().contains("正在发给您"), "{}", sent.words());
        drop(she.submit(form.set("telephone", "138 0013 0412")).expect(200));
        assert_eq!(town.counts().people, people + 1, "{}: sent twice, it is one message", town.engine);
        assert!(!sent.body().contains("13800130412") && !sent.address.contains("138"), "{}", sent.address);

        let notice = message_put_in(&town);
        let handle = notice.recipient.strip_prefix("saved:").unwrap();
        assert!(!notice.recipient.contains("138") && !notice.arguments.to_string().contains("138"), "{notice:?}");
        let known = town.city.work.recipients.iter().find(|known| known.prefix == "saved:").unwrap();
        let envelope = || (known.resolve)(&town.store().store(), &notice, handle, town.clock.now());
        let told = envelope().unwrap().unwrap();
        assert_eq!(told.to, "13800130412");
        let whole = format!("{}{link}", town.city.counter.public_url);
        assert!(told.text.contains(&whole) && !told.text.contains(&resident.name), "{}", town.engine);
        assert!(told.text.contains("12月23日以前") && !told.text.contains("2026-"), "{}: {}", town.engine, told.text);
        town.clock.plus_days(2);
        assert!(town.works() > 0, "{}: the address is forgotten by itself", town.engine);
        assert!(envelope().unwrap().is_none(), "{}: the number is gone", town.engine);
    }
}

#[test]
fn what_was_saved_too_long_ago_is_neither_shown_nor_sent() {
    for town in Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned())) {
        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(311)));
        let page = saved(&mut she, &resident);
        let link = link_on(&page);
        let send = |she: &mut Browser, once: &str| {
            she.post(&format!("{link}/send"), &[("telephone", "13800130413"), ("_once", once)])
        };
        let days = town.city.cases.hall.figure(counter::words::COUNTER_DRAFT_DAYS, town.clock.now()).unwrap();
        town.clock.plus_days(days);
        drop(she.open(&page.address).expect(200));
        drop(send(&mut she, "last day").expect(303));
        town.clock.plus_days(1);
        assert!(she.open(&link).expect(404).words().contains("这个链接不能用了"), "{}", town.engine);
        drop(send(&mut she, "too late").expect(404));
    }
}

#[test]
fn links_are_sent_so_often_and_only_for_something_that_is_saved() {
    for town in Town::each_decided(|settings| settings.message_gateway = Some("http://127.0.0.1:9/".to_owned())) {
        let never = format!("/apply/resume/{}/send", "0".repeat(32));
        drop(town.visitor().post(&never, &[("telephone", "13800130412"), ("_once", "n")]).expect(404));
        let resident = Resident::next(&mut Seed::new(310));
        let mut statuses = Vec::new();
        for at in 0..4 {
            let mut she = town.visitor();
            let page = saved(&mut she, &resident);
            let action = format!("{}/send", link_on(&page));
            let reply = she.post(&action, &[("telephone", "13800130412"), ("_once", &format!("m{at}"))]);
            statuses.push(reply.status.as_u16());
            if at == 3 {
                assert!(reply.words().contains("发得太多了"), "{}", reply.words());
            }
        }
        assert_eq!(statuses, [303, 303, 303, 429], "{}: one telephone gets three", town.engine);
    }
}
