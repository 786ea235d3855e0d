//! In these stories people say where they live, each in her own way, also those who do not know their community; and
//! wherever somebody has to go to a counter, its address, telephone and hours stand there.

use city_stories::{Browser, Resident, Slot, Story, Town, chosen};
use kernel::place::{Level, PlaceId, PlacePath};
use lianglin::demonstration::Seed;
use testkit::{Form, Reply};

const ITEM: &str = "MZ-11";
const APPLY: &str = "/apply/MZ-11";
const COMMUNITY: &str = "文安路社区";
const ADDRESS: &str = "文安路 28 号";
const TELEPHONE: &str = "024-00000028";

fn somebody(seed: u64) -> Resident {
    Resident::next(&mut Seed::new(seed))
}

/// Says where she lives in words.
fn says(she: &mut Browser, words: &str) -> Reply {
    let form = she.open(APPLY).expect(200).form(APPLY);
    she.submit(form.set("residence_words", words).set("search", "1")).expect(200)
}

/// Says which question a page asks.
fn question(page: &Reply) -> String {
    page.form(APPLY).get("question").unwrap_or_default().to_owned()
}

/// Chooses a place on the page.
fn chooses(she: &mut Browser, form: Form, place: PlaceId) -> Reply {
    she.submit(chosen(form, "residence", &place.to_string())).expect(200)
}

/// Answers whatever is asked after the community, up to the last look.
fn goes_on(she: &mut Browser, who: &Resident, page: Reply) -> Form {
    goes_on_at(APPLY, she, who, page)
}

fn goes_on_at(apply: &str, she: &mut Browser, who: &Resident, mut page: Reply) -> Form {
    for _ in 0..10 {
        let form = page.form(apply);
        let form = match form.get("question").unwrap_or_default() {
            "check" => return form,
            "who" => form.set("name", &who.name).set("resident_id", &who.resident_id).set("telephone", &who.telephone),
            "bank_card" => form.set("bank_card", &who.bank_card),
            "address" => form.set("address", &who.address),
            paper if paper.starts_with("form-") => form.set("on_paper", "1"),
            other => panic!("an unexpected question: {other:?}"),
        };
        page = she.submit(form).expect(200);
    }
    panic!("the questions do not end: {}", page.words())
}

/// Writes down where people find the counter of a community.
fn has_address(town: &Town, community: &PlacePath) {
    let id = community.id();
    let written = town.store().write_blocking(move |tx| {
        for unit in places::units(tx, id)? {
            places::change_unit(tx, unit.id, ADDRESS, TELEPHONE, &unit.hours)?;
        }
        Ok::<_, store::StoreError>(())
    });
    written.unwrap();
}

#[test]
fn a_community_is_found_by_name_address_compound_pinyin_and_street() {
    for town in Town::each() {
        let home = town.named(COMMUNITY);
        let _ground = town.lays_ground(std::slice::from_ref(&home), 3);
        let mut she = town.visitor();
        for words in [
            "文安路社区",
            "和平区南湖街道文安路社区3号楼2单元",
            "文安路二小区",
            "文安路一小区5号楼",
            "和平 文安路社区",
            "wenanlu",
            "文安",
        ] {
            let page = says(&mut she, words);
            assert_eq!(question(&page), "who", "{}: {words}: {}", town.engine, page.words());
            assert!(page.words().contains("南湖街道 · 文安路社区"), "{}: {words}: {}", town.engine, page.words());
        }
        // A road may run through other communities too, so that she is asked.
        let page = says(&mut she, "和平区文安路18号");
        assert_eq!(question(&page), "residence", "{}: {}", town.engine, page.words());
        assert!(page.words().contains("和平区 · 南湖街道"), "{}: {}", town.engine, page.words());
        assert_eq!(question(&chooses(&mut she, page.form(APPLY), home.id())), "who", "{}", town.engine);
        let street = says(&mut she, "南湖街道");
        assert!(street.words().contains("南湖街道，往下是哪一个"), "{}: {}", town.engine, street.words());
        assert_eq!(question(&chooses(&mut she, street.form(APPLY), home.id())), "who", "{}", town.engine);
        let nothing = says(&mut she, "没有这个地方");
        assert!(nothing.words().contains("没有找到“没有这个地方”"), "{}: {}", town.engine, nothing.words());
        assert_eq!(question(&nothing), "residence");
        let empty = she.submit(nothing.form(APPLY).set("residence_words", "")).expect(422);
        assert!(empty.words().contains("居住的社区"), "{}: {}", town.engine, empty.words());
    }
}

#[test]
fn an_english_reader_finds_hers_by_its_english_name() {
    for town in Town::each() {
        let mut she = town.visitor();
        drop(she.open("/?lang=en").expect(200));
        for words in ["Wenanlu Community", "Wenanlu Community, Nanhu Subdistrict", "Wenan Road, Heping"] {
            let page = says(&mut she, words);
            let told = page.words();
            assert!(told.contains("Wenanlu Community"), "{}: {words}: {told}", town.engine);
            assert!(told.contains("Nanhu Subdistrict"), "{}: {words}: {told}", town.engine);
        }
        let district = says(&mut she, "Heping District");
        assert!(district.words().contains("Nanhu Subdistrict"), "{}: {}", town.engine, district.words());
    }
}

#[test]
fn two_communities_of_one_name_are_told_apart_by_district_and_street() {
    for town in Town::each() {
        let tree = town.city.places.tree();
        let all: Vec<_> = tree.of_level(Level::Community).collect();
        let twice = |name: &str| all.iter().filter(|place| place.name.zh == name).count() > 1;
        let Some(first) = all.iter().find(|place| twice(&place.name.zh)) else { panic!("each name stands once") };
        let mut she = town.visitor();
        let page = says(&mut she, &first.name.zh);
        assert_eq!(question(&page), "residence", "{}: {}", town.engine, page.words());
        for place in all.iter().filter(|place| place.name.zh == first.name.zh).take(5) {
            let above = tree.ancestors(place.id);
            let chain = above.iter().skip(1).map(|one| one.name.zh.as_str()).collect::<Vec<_>>().join(" · ");
            assert!(page.words().contains(&chain), "{}: {chain}: {}", town.engine, page.words());
        }
        assert_eq!(question(&chooses(&mut she, page.form(APPLY), first.id)), "who");
    }
}

#[test]
fn she_goes_down_from_the_district_without_typing() {
    for town in Town::each() {
        let (home, mut she) = (town.named(COMMUNITY), town.visitor());
        let form = she.open(APPLY).expect(200).form(APPLY);
        let city = she.submit(form.set("residence_look", "all")).expect(200);
        assert!(city.words().contains("和平区"), "{}: {}", town.engine, city.words());
        let nothing = she.submit(city.form(APPLY)).expect(422);
        assert!(nothing.words().contains("和平区"), "{}: the districts still stand: {}", town.engine, nothing.words());
        let district = chooses(&mut she, nothing.form(APPLY), town.named("和平区").id());
        assert!(district.words().contains("和平区，往下是哪一个"), "{}: {}", town.engine, district.words());
        let street = chooses(&mut she, district.form(APPLY), town.named("南湖街道").id());
        let back =
            she.submit(street.form(APPLY).set("residence_look", &town.named("和平区").id().to_string())).expect(200);
        assert!(back.words().contains("南湖街道"), "{}: {}", town.engine, back.words());
        let street = chooses(&mut she, back.form(APPLY), town.named("南湖街道").id());
        let next = chooses(&mut she, street.form(APPLY), home.id());
        assert_eq!(question(&next), "who", "{}: {}", town.engine, next.words());

        let found = she.open("/nearby?in=all").expect(200);
        let district = format!("/nearby?in={}", town.named("和平区").id());
        assert!(found.links().contains(&district), "{}: {:?}", town.engine, found.links());
        let street = format!("/nearby?in={}", town.named("南湖街道").id());
        assert!(she.open(&district).expect(200).links().contains(&street), "{}", town.engine);
        assert!(she.open(&street).expect(200).links().contains(&format!("/places/{}", home.id())), "{}", town.engine);
    }
}

#[test]
fn whoever_does_not_know_her_community_applies_and_the_office_finds_it() {
    for town in Town::each() {
        let (home, district, who) = (town.named(COMMUNITY), town.named("和平区"), somebody(141));
        let mut she = town.visitor();
        let form = she.open(APPLY).expect(200).form(APPLY);
        let asked = she.submit(form.set("unknown", "1")).expect(200);
        assert!(asked.words().contains("不知道社区也能申请"), "{}: {}", town.engine, asked.words());
        let nothing = she.submit(asked.form(APPLY)).expect(422);
        assert!(nothing.words().contains("还没有选您住的区"), "{}: {}", town.engine, nothing.words());
        // The district is enough.
        let next = chooses(&mut she, nothing.form(APPLY), district.id());
        assert_eq!(question(&next), "who", "{}: {}", town.engine, next.words());
        assert!(next.words().contains("和平区（社区待确认）"), "{}: {}", town.engine, next.words());
        let check = goes_on(&mut she, &who, next);
        let receipt = she.submit(check).expect(200);
        assert!(receipt.words().contains("工作人员会打电话和您确认"), "{}: {}", town.engine, receipt.words());
        let mut story = Story::new(&town, 142);
        story.number = receipt.address.strip_prefix("/receipt/").unwrap().to_owned();
        assert_eq!(story.case().residence(), &district, "{}", town.engine);

        let page = format!("/cases/{}", story.number);
        let to_home = format!("{page}/home");
        let mut elsewhere =
            town.staff("home.elsewhere", "district_handler", &town.named("大东区"), Some("civil_affairs"));
        assert_eq!(elsewhere.get(&to_home).status, 404, "{}", town.engine);
        let mut handler = town.staff("home.finder", "district_handler", &district, Some("civil_affairs"));
        let case = handler.open(&page).expect(200);
        assert!(case.words().contains("和平区（居住社区待确认）"), "{}: {}", town.engine, case.words());
        assert!(case.links().contains(&to_home), "{}: {:?}", town.engine, case.links());
        let now = case.words().split_once("现在能做的").map(|(_, after)| after.to_owned()).unwrap_or_default();
        let to_do = now.split("材料文件").next().unwrap_or_default();
        assert!(to_do.contains("先确认，再受理") && to_do.contains("确认居住社区"), "{}: {now}", town.engine);
        let refused = handler.post(&format!("{page}/act"), &[("action", "accept")]);
        assert_eq!(refused.status, 422, "{}", town.engine);
        assert!(refused.words().contains("还不知道申请人住在哪个社区"), "{}: {}", town.engine, refused.words());
        assert!(refused.words().contains("先确认居住社区"), "{}: the way to do it: {}", town.engine, refused.words());
        assert_eq!(refused.links().iter().filter(|link| **link == to_home).count(), 2, "{}", town.engine);
        let form = handler.open(&to_home).expect(200).form(&to_home);
        let nothing = handler.submit(form.set("residence_words", "没有这个地方").set("search", "1")).expect(200);
        assert!(nothing.words().contains("没有找到"), "{}: {}", town.engine, nothing.words());
        assert!(!nothing.words().contains("就是这个社区"), "{}: there is none to confirm", town.engine);
        // Words alone, without the button, keep nothing either.
        let form = nothing.form(&to_home).set("residence_words", COMMUNITY);
        drop(handler.submit(form).expect(200));
        assert_eq!(story.case().residence(), &district, "{}", town.engine);
        let form = nothing.form(&to_home).set("residence_words", "和平区文安路社区3号楼").set("search", "1");
        let found = handler.submit(form).expect(200);
        assert!(found.words().contains("就是这个社区"), "{}: {}", town.engine, found.words());
        assert!(found.words().contains("南湖街道"), "{}: which one it is: {}", town.engine, found.words());
        assert_eq!(story.case().residence(), &district, "{}: nothing is kept before she says so", town.engine);
        let settled = handler.submit(found.form(&to_home)).expect(200);
        assert_eq!(settled.address, page, "{}: {}", town.engine, settled.words());
        assert!(
            settled.words().contains("确认了居住社区") && !settled.words().contains("待确认"),
            "{}",
            settled.words()
        );
        assert_eq!(story.case().residence(), &home, "{}", town.engine);
        assert_eq!(story.case().office.place, district, "{}: the item is decided by the district", town.engine);
        assert_eq!(handler.post(&to_home, &[("residence", &home.id().to_string())]).status, 422, "said once");
        let followed = she.open(&format!("/receipt/{}", story.number)).expect(200);
        assert!(followed.words().contains("文安路社区党群服务中心"), "{}: {}", town.engine, followed.words());
        town.verify();
    }
}

#[test]
fn a_counter_inside_the_district_finds_out_and_the_one_that_decides_is_told() {
    for town in Town::each() {
        let (home, district, who) = (town.named(COMMUNITY), town.named("和平区"), somebody(145));
        let apply = "/apply/WJ-01";
        let mut she = town.visitor();
        let form = she.open(apply).expect(200).form(apply);
        let asked = she.submit(form.set("unknown", "1")).expect(200);
        let chosen = chosen(asked.form(apply), "residence", &district.id().to_string());
        let next = she.submit(chosen).expect(200);
        let check = goes_on_at(apply, &mut she, &who, next);
        let receipt = she.submit(check).expect(200);
        let mut story = Story::new(&town, 146);
        story.number = receipt.address.strip_prefix("/receipt/").unwrap().to_owned();
        let page = format!("/cases/{}", story.number);
        let (to_home, list) = (format!("{page}/home"), "/queue/homes");

        let mut far = town.staff("home.far", "community_worker", &town.named("华炉社区"), None);
        assert!(!far.open(list).expect(200).links().contains(&page), "{}: it is another district", town.engine);
        assert_eq!([far.get(&page).status.as_u16(), far.get(&to_home).status.as_u16()], [404, 404], "{}", town.engine);
        let tree = town.city.places.tree();
        let is_other = |path: &&PlacePath| district.contains(path) && **path != home;
        let other = tree.of_level(Level::Community).map(|place| &place.path).find(is_other).unwrap();
        let mut finder = town.staff("home.other", "community_worker", other, None);
        assert!(finder.open("/queue").expect(200).links().contains(&list.to_owned()), "{}", town.engine);
        assert!(finder.open(list).expect(200).links().contains(&page), "{}: somebody sees it", town.engine);
        let case = finder.open(&page).expect(200);
        assert!(case.words().contains("和平区（居住社区待确认）"), "{}: {}", town.engine, case.words());
        let opened = finder.post(&format!("{page}/person"), &[("purpose", "handling")]).expect(200);
        assert!(opened.body().contains(&who.telephone), "{}: she can be called", town.engine);
        let form = finder.open(&to_home).expect(200).form(&to_home);
        let form = form.set("residence_words", "和平区文安路社区3号楼").set("search", "1");
        let shown = finder.submit(form).expect(200);
        let settled = finder.submit(shown.form(&to_home)).expect(200);
        assert!(settled.address.starts_with(list), "{}: {}", town.engine, settled.address);
        assert!(settled.words().contains("确认好了"), "{}: {}", town.engine, settled.words());
        assert!(!settled.links().contains(&page), "{}", town.engine);
        let gone = finder.get(&page);
        assert!(gone.status == 303 && gone.location().unwrap().starts_with("/queue?done="), "{}", town.engine);
        assert_eq!(story.case().office.place, home, "{}", town.engine);

        let mut hers = town.staff("home.hers", "community_worker", &home, None);
        town.tells();
        let queue = hers.open("/queue").expect(200);
        assert!(queue.words().contains("到了这一步"), "{}: it is told: {}", town.engine, queue.words());
        assert!(queue.links().contains(&page), "{}: and lies there", town.engine);
        town.verify();
    }
}

#[test]
fn what_she_chose_counts_whichever_button_she_presses_then() {
    for town in Town::each() {
        let (district, street) = (town.named("和平区"), town.named("南湖街道"));
        let mut she = town.visitor();
        let first = she.open(APPLY).expect(200).form(APPLY);
        let asked = she.submit(first.clone().set("unknown", "1")).expect(200);
        let ticked = |form: Form| chosen(form, "residence", &district.id().to_string());
        let told = |page: &Reply, what: &str| {
            assert_eq!(question(page), "who", "{}: {what}: {}", town.engine, page.words());
            assert!(page.words().contains("（社区待确认）"), "{}: {what}: {}", town.engine, page.words());
        };
        // The street too, if she knows it.
        let inside = she.submit(ticked(asked.form(APPLY)).set("deeper", "1")).expect(200);
        assert!(inside.words().contains("请和平区帮我找"), "{}: {}", town.engine, inside.words());
        told(&she.submit(inside.form(APPLY).set("unknown", "1")).expect(200), "the district finds it");
        told(&she.submit(inside.form(APPLY)).expect(200), "no street, but the district");
        let next = chooses(&mut she, inside.form(APPLY), street.id());
        told(&next, "a street");
        assert!(next.words().contains("南湖街道（社区待确认）"), "{}: {}", town.engine, next.words());
        // A district that she ticked while she looked around is not lost when she says that she knows no more.
        let city = she.submit(first.set("residence_look", "all")).expect(200);
        told(&she.submit(ticked(city.form(APPLY)).set("unknown", "1")).expect(200), "a ticked district");
        // Whoever finds it after all lives there.
        let form = asked.form(APPLY).set("residence_words", "和平区南湖街道文安路社区").set("search", "1");
        let found = she.submit(form).expect(200);
        assert_eq!(question(&found), "who", "{}: {}", town.engine, found.words());
        assert!(found.words().contains("南湖街道 · 文安路社区"), "{}: {}", town.engine, found.words());
        assert!(!found.words().contains("待确认"), "{}: {}", town.engine, found.words());
    }
}

#[test]
fn the_counter_stands_with_address_telephone_and_hours_where_somebody_has_to_go() {
    for town in Town::each() {
        let (home, who) = (town.named(COMMUNITY), somebody(143));
        let mut she = town.visitor();
        let guide = format!("/items/{ITEM}");
        let without = she.open(&format!("{guide}?place={}", home.id())).expect(200);
        assert!(without.words().contains("这个社区还没登记地址，请拨 12345"), "{}: {}", town.engine, without.words());
        has_address(&town, &home);
        let _ground = town.lays_ground(std::slice::from_ref(&home), 3);
        let shown = |page: &Reply, what: &str| {
            for part in [ADDRESS, TELEPHONE, "8:30", "文安路社区党群服务中心"] {
                assert!(page.words().contains(part), "{}: {what}: {part}: {}", town.engine, page.words());
            }
            let map =
                page.body().contains("<figure class=\"map\"><svg") && page.body().contains("aria-label=\"文安路社区");
            assert!(map, "{}: {what}: a map that says what it shows", town.engine);
            assert!(page.words().contains("图上没有标出窗口"), "{}: {what}: {}", town.engine, page.words());
        };
        let asked = she.open(&guide).expect(200);
        assert!(asked.words().contains("离您最近的窗口") && !asked.words().contains(ADDRESS), "{}", asked.words());
        let near = she.open(&format!("{guide}?near=文安路社区")).expect(200);
        shown(&near, "the guide by words");
        // What she said goes along: she is not asked for her community again.
        let booking = format!("/appointments/counter?item={ITEM}&place={}", home.id());
        assert!(near.links().contains(&booking), "{}: {:?}", town.engine, near.links());
        let apply = format!("{APPLY}?place={}", home.id());
        assert!(near.links().contains(&apply), "{}: {:?}", town.engine, near.links());
        let day = she.open(&booking).expect(200);
        let asked = day.form("/appointments/counter").get("question").map(str::to_owned);
        assert_eq!(asked.as_deref(), Some("day"), "{}: {}", town.engine, day.words());
        assert!(day.words().contains("南湖街道 · 文安路社区"), "{}: {}", town.engine, day.words());
        let form = she.open("/appointments/counter?item=MZ-11").expect(200).form("/appointments/counter");
        let form = form.set("community_words", "和平区南湖街道文安路社区").set("search", "1");
        let taken = she.submit(form).expect(200);
        let asked = taken.form("/appointments/counter").get("question").map(str::to_owned);
        assert_eq!(asked.as_deref(), Some("day"), "{}: one hit is taken at once: {}", town.engine, taken.words());
        shown(&she.open(&format!("{guide}?place={}", home.id())).expect(200), "the guide by place");
        let several = she.open(&format!("{guide}?near=和平区文安路18号")).expect(200);
        let link = format!("{guide}?place={}#nearest", home.id());
        assert!(several.links().contains(&link), "{}: {:?}", town.engine, several.links());

        let taken = she.applies(&town, ITEM, &who, &home);
        shown(&taken.receipt, "the receipt");
        let letter = she.open(&format!("/follow/{}/letters/receipt", taken.number)).expect(200);
        for part in [ADDRESS, TELEPHONE] {
            assert!(letter.words().contains(part), "{}: the receipt as a letter: {}", town.engine, letter.words());
        }
        let slot = Slot { day: "2026-11-24", minute: "540" };
        let number = she.books(&town, "counter", &somebody(144), &home, slot);
        shown(&she.open(&format!("/visits/{number}")).expect(200), "the appointment");

        let mut keeper = town.visitor();
        let place = keeper.open(&format!("/places/{}", home.id())).expect(200);
        drop(keeper.submit(place.form("/nearby").set("keep", "yes")).expect(200));
        shown(&keeper.open(&guide).expect(200), "the guide where her device remembers it");
        let english = keeper.open(&format!("{guide}?lang=en")).expect(200);
        assert!(english.words().contains("Working days 8:30"), "{}: {}", town.engine, english.words());
    }
}

#[test]
fn a_receipt_says_of_community_and_acceptance_what_the_case_says() {
    for town in Town::each() {
        let mut story = Story::new(&town, 145);
        story.tell(
            "
            孙海燕 is district_handler at 大东区 for civil_affairs
            孙海燕 takes MZ-11 for a resident of 华炉社区
            ",
        );
        let receipt = format!("/receipt/{}", story.number);
        let taken = story.at("孙海燕").open(&receipt).expect(200);
        assert!(taken.words().contains("已受理："), "{}: {}", town.engine, taken.words());
        assert!(!taken.words().contains("您还不知道自己住哪个社区"), "{}: {}", town.engine, taken.words());

        let mut online = Story::new(&town, 146);
        online.tell(
            "
            佟建国 is district_handler at 大东区 for civil_affairs
            she applies for MZ-11 living in 华炉社区
            she follows it
            she does withdraw
            case is withdrawn
            ",
        );
        let receipt = format!("/receipt/{}", online.number);
        let given_up = online.at("佟建国").open(&receipt).expect(200);
        assert!(given_up.words().contains("已提交："), "{}: {}", town.engine, given_up.words());
        assert!(!given_up.words().contains("已受理："), "{}: never accepted", town.engine);
    }
}
