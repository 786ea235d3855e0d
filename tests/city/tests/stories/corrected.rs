//! In these stories an office asks for missing papers. Each paper that comes counts for what it was sent for, and what
//! lies there is handed in with one press.

use city_stories::{PICTURE, Story, Town, all_values, chosen, form_for};
use kernel::case::PaperForm;
use testkit::Reply;

/// What a page says of a paper that was asked for.
fn row(page: &Reply, material: &str) -> String {
    let (body, mark) = (page.body(), format!("id=\"asked-{material}\">"));
    let after = body.split_once(&mark).map(|(_, after)| after.to_owned());
    let after = after.unwrap_or_else(|| panic!("{material} is not asked for: {}", page.words()));
    after.split("</h3>").next().unwrap_or_default().to_owned()
}

/// A case in which two papers are asked for on the 24th, told to the 27th.
fn asked(town: &Town, seed: u64) -> Story<'_> {
    let mut story = Story::new(town, seed);
    story.tell(
        "
        王晓燕 is community_worker at 文安路社区
        赵敏 is community_worker at 永顺社区
        孙海燕 is district_handler at 大东区 for civil_affairs
        王晓燕 takes MZ-11 with ID+HK+BK+PH for a resident of 华炉社区
        it is 2026-11-24 10:00
        孙海燕 does request_correction papers=HK+PH reason=户口簿缺首页，照片太暗
        case is correction
        it is 2026-11-27 10:00
        she follows it
        ",
    );
    story
}

#[test]
fn another_paper_is_not_taken_for_it_and_what_lies_there_is_handed_in_with_one_press() {
    for town in Town::each() {
        let mut story = asked(&town, 1401);
        story.tell(
            "
            she reads 户口簿缺首页，照片太暗
            she reads 最迟2026年12月24日（周四）
            she reads 过了这一天还没交的，可能按“
            she reads 时限停着不走
            she may not supply
            ",
        );
        let address = format!("/follow/{}", story.number);
        let (own, act) = (format!("{address}/papers"), format!("{address}/act"));
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        drop(she.uploads(&form, &[("file", "bank.png", PICTURE)]).expect(200));
        let page = she.open(&address).expect(200);
        for material in ["HK", "PH"] {
            assert!(row(&page, material).contains("还缺"), "{}: {}", town.engine, page.words());
        }
        assert!(page.words().contains("不是这里要的"), "{}", page.words());
        for (once, ticked) in [("none", ""), ("forged", "HK")] {
            let fields = [("action", "supply"), ("papers", ticked), ("_once", once)];
            let refused = she.post(&act, &fields).expect(422).words();
            assert!(refused.contains("还没有收到要您补的材料：居民户口簿、近期证件照片"), "{refused}");
        }
        assert_eq!(story.case().state, "correction", "{}", town.engine);
        taken_back(&town, &mut story);
        handed_in(&town, &mut story);
        town.verify();
    }
}

/// What was sent by mistake is taken back, and is missing again.
fn taken_back(town: &Town, story: &mut Story<'_>) {
    let address = format!("/follow/{}", story.number);
    let (own, act, remove) =
        (format!("{address}/papers"), format!("{address}/act"), format!("{address}/papers/remove"));
    story.tell("she uploads HK");
    let she = story.at("she");
    assert!(row(&she.page(), "HK").contains("11月27日已上传"), "{}", she.page().words());
    assert!(row(&she.page(), "PH").contains("还缺"), "{}", she.page().words());
    let refused = she.post(&act, &[("action", "supply"), ("_once", "partly")]).expect(422).words();
    assert!(refused.contains("还缺：近期证件照片"), "{refused}");
    let page = she.open(&address).expect(200);
    let back = page.form(&remove);
    let file = back.get("file").unwrap().to_owned();
    let page = she.submit(back.clone()).expect(200);
    assert_eq!(page.address, address);
    assert_eq!(she.submit(back).expect(200).address, address, "pressed twice, it is taken back once");
    for (fields, from) in [(vec![("file", file.as_str()), ("back", "case")], &address), (vec![("file", "x")], &own)] {
        drop(she.open(from).expect(200));
        let told = she.post(&remove, &fields).expect(422).words();
        assert!(told.contains("要改的这一项已经不在了"), "{}: {told}", town.engine);
    }
    let told = she.post(&format!("{own}/object"), &[("material", "ZZ")]).expect(422).words();
    assert!(told.contains("要改的这一项已经不在了"), "{}: {told}", town.engine);
    assert_eq!(town.visitor().post(&remove, &[("file", file.as_str())]).status, 303, "nobody else hears of it");
    let page = she.open(&address).expect(200);
    assert!(row(&page, "HK").contains("还缺"), "{}: {}", town.engine, page.words());
    assert!(story.case().papers()["HK"].later, "{}: nothing of it is left", town.engine);
}

/// All is there: the office sees it, and one press hands it in.
fn handed_in(town: &Town, story: &mut Story<'_>) {
    let address = format!("/follow/{}", story.number);
    story.tell("she uploads HK").tell("she uploads PH");
    let page = story.at("she").page();
    assert!(!page.words().contains("还缺"), "{}: {}", town.engine, page.words());
    assert!(page.words().contains("材料齐了，交上去"), "{}", page.words());
    seen_by_the_office(story);
    story.tell("she follows it");
    let she = story.at("she");
    let form = she.offered("supply").unwrap();
    assert!(form.get("papers").is_none() && !form.offers.iter().any(|name| name == "papers"), "nothing is ticked");
    let done = she.submit(form.clone()).expect(200);
    assert_eq!(done.address.split('?').next(), Some(address.as_str()));
    assert!(done.words().contains("补的材料交上去了"), "{}", done.words());
    assert_eq!(she.submit(form).expect(200).address, address, "sent twice, it is handed in once");
    story.tell("case is handling").tell("case due 2026-12-17");
    // The way names what came. What came within the same minute is told once.
    story.tell("孙海燕 opens it").tell("孙海燕 reads 收到材料：").tell("孙海燕 does not read 补交了一部分");
    let words = story.at("孙海燕").page().words();
    let told: Vec<&str> = words.split("收到材料：").skip(1).collect();
    for material in ["居民户口簿", "近期证件照片"] {
        let named = told.iter().filter(|rest| rest.split('·').next().is_some_and(|one| one.contains(material)));
        assert!(named.count() > 0, "{}: {material}: {words}", town.engine);
    }
    let case = story.case();
    assert!(case.missing().is_empty());
    for material in ["HK", "PH"] {
        let paper = case.papers()[material];
        assert_eq!((paper.form, paper.later), (PaperForm::Electronic, false), "{}: {material}", town.engine);
    }
}

/// Checks that the office reads on the case what came, and opens it with a purpose.
fn seen_by_the_office(story: &mut Story<'_>) {
    let case = format!("/cases/{}", story.number);
    let files = format!("{case}/files");
    let office = story.at("孙海燕");
    let page = office.open(&case).expect(200);
    assert_eq!(page.words().matches("11月27日已上传").count(), 2, "{}", page.words());
    for material in ["HK", "PH"] {
        assert!(page.body().contains(&format!("{files}#paper-{material}")), "{material}: {}", page.words());
    }
    let form = office.open(&files).expect(200).form(&format!("{files}/open"));
    let page = office.submit(form.set("purpose", "handling").set("purpose_word", "核对补正材料")).expect(200);
    let shown: Vec<String> = page.links().into_iter().filter(|link| link.starts_with(&format!("{files}/"))).collect();
    assert_eq!(shown.len(), 3, "{}", page.words());
    assert!(office.get(&shown[0]).expect(200).bytes.starts_with(b"\x89PNG"));
}

#[test]
fn what_is_taken_back_is_missing_again_and_what_was_seen_stays_seen() {
    for town in Town::each() {
        let mut story = asked(&town, 1405);
        let own = format!("/follow/{}/papers", story.number);
        let remove = format!("{own}/remove");
        // The counter saw the card; a file that she adds to it and takes back changes nothing of that.
        let she = story.at("she");
        drop(she.open(&own).expect(200));
        let form = form_for(she, &own, "BK");
        let page = she.uploads(&form, &[("file", "bank.png", PICTURE)]).expect(200);
        drop(she.submit(page.form(&remove)).expect(200));
        let seen = story.case().papers()["BK"];
        assert_eq!((seen.form, seen.later), (PaperForm::Original, false), "{}", town.engine);

        story.tell("she uploads HK").tell("she uploads PH").tell("she does supply").tell("case is handling");
        // Both were seen when she applied, and did not do: nothing of them is left.
        for _ in ["HK", "PH"] {
            let page = story.at("she").open(&own).expect(200);
            drop(story.at("she").submit(page.form(&remove)).expect(200));
        }
        let case = story.case();
        for material in ["HK", "PH"] {
            assert!(case.papers()[material].later, "{}: {material} counts as sent", town.engine);
        }
        story.tell("孙海燕 opens it");
        let page = story.at("孙海燕").page();
        assert_eq!(page.body().matches("<dd>还没交</dd>").count(), 2, "{}: {}", town.engine, page.words());
        town.verify();
    }
}

#[test]
fn at_a_counter_what_she_sent_is_ticked_already() {
    for town in Town::each() {
        let mut story = asked(&town, 1402);
        story.tell("she uploads HK").tell("赵敏 opens it by code").tell("赵敏 reads 11月27日已上传");
        let worker = story.at("赵敏");
        let form = worker.offered("supply").unwrap();
        let ticked: Vec<&str> =
            form.fields.iter().filter(|(name, _)| name == "papers").map(|(_, code)| code.as_str()).collect();
        assert_eq!(ticked, ["HK"], "{}", town.engine);
        let step = worker.page().body();
        let step = step.split_once("id=\"step-supply\"").map(|(_, after)| after.to_owned()).unwrap();
        let step = step.split("</form>").next().unwrap();
        assert_eq!(all_values(step, "papers"), ["HK", "PH"], "what was asked for, and nothing else");
        drop(worker.confirms(chosen(form, "papers", "PH")).expect(200));
        story.tell("case is handling");
        let case = story.case();
        let forms = ["HK", "PH"].map(|material| (case.papers()[material].form, case.papers()[material].later));
        assert_eq!(forms, [(PaperForm::Electronic, false), (PaperForm::Original, false)], "{}", town.engine);
        assert!(case.missing().is_empty());
        town.verify();
    }
}

#[test]
fn what_there_is_goes_off_only_when_she_says_so() {
    for town in Town::each() {
        let mut story = Story::new(&town, 1403);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            孙海燕 does return_for_completion papers=BK+HK reason=请补银行卡和户口簿
            she follows it
            she reads 请补银行卡和户口簿
            she reads 过了这一天还没交的，可能按“
            she reads 受理以后，办理时限才开始算
            she uploads BK
            she reads 先交已有的（1 份）
            she reads 还缺：居民户口簿
            she does complete
            she reads 补的材料交上去了
            she reads 下面还有要您办的
            she reads 还缺： 居民户口簿
            she does not read 不用再做什么
            case is submitted
            孙海燕 opens it
            孙海燕 reads 还缺： 居民户口簿
            孙海燕 reads 补交了一部分：
            ",
        );
        assert_eq!(story.case().missing().iter().collect::<Vec<_>>(), ["HK"], "{}", town.engine);
        town.verify();
    }
}

#[test]
fn the_notice_names_the_papers_and_the_day() {
    for town in Town::each() {
        let (mut she, resident) = town.neighbour(1404);
        let taken = she.applies(&town, "MZ-11", &resident, &town.named("华炉社区"));
        let mut story = Story::new(&town, 1404);
        story.number.clone_from(&taken.number);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            孙海燕 does return_for_completion papers=BK+HK reason=请补
            ",
        );
        town.tells();
        let words = she.open("/follow").expect(200).words();
        for part in ["要补材料：", "居民户口簿", "本人社会保障卡或银行卡", "最迟2026年12月23日（周三）交"]
        {
            assert!(words.contains(part), "{}: {part}: {words}", town.engine);
        }
    }
}

#[test]
fn once_it_is_decided_nothing_is_missing_for_it() {
    for town in Town::each() {
        let mut story = Story::new(&town, 1410);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            she follows it
            she reads 还缺：
            孙海燕 does accept
            孙海燕 does grant basis=按市规定，年满八十周岁
            she follows it
            she reads 办好了
            she does not read 还缺：
            ",
        );
        assert!(story.case().papers().values().any(|paper| paper.later), "{}: it stays on record", town.engine);
    }
}
