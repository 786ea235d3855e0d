//! These stories are about what people really bring: papers of every kind, names from old registers, passbooks,
//! telephones with an extension; and about how they are found again.

use city_stories::{Resident, Town};
use lianglin::demonstration::Seed;
use testkit::{Form, Reply};

const COMMUNITY: &str = "文安路社区";

/// Returns the form that takes an application at the desk.
fn desk(reply: &Reply) -> Form {
    let found = reply.forms().into_iter().find(|form| form.action == "/desk" && form.method == "post");
    found.unwrap_or_else(|| panic!("the desk takes nothing: {}", reply.words()))
}

/// Returns the number of the case that was opened.
fn number(reply: Reply) -> String {
    let reply = reply.expect(200);
    reply.address.strip_prefix("/receipt/").unwrap_or_else(|| panic!("{}", reply.words())).to_owned()
}

#[test]
fn an_item_takes_the_papers_that_it_names_and_shows_which_it_was() {
    for town in Town::each() {
        let mut worker = town.staff("papers.worker", "community_worker", &town.named(COMMUNITY), None);
        let resident = Resident::next(&mut Seed::new(701));
        let form = resident.fill(worker.desk_form("FC-09"));
        let wrong = form.clone().set("identity_kind", "passport").set("resident_id", "HELLO");
        assert!(worker.submit(wrong).expect(422).words().contains("号码里有不该出现的字符"), "{}", town.engine);
        let taken = number(worker.submit(form.set("identity_kind", "passport").set("resident_id", "e12345678")));
        let page = worker.open(&format!("/cases/{taken}")).expect(200);
        assert!(page.words().contains("护照 E1****678"), "{}", page.words());
        assert!(!page.body().contains("E12345678"), "{}", town.engine);
        let opened = worker.post(&format!("/cases/{taken}/person"), &[("purpose", "handling")]).expect(200);
        assert!(opened.words().contains("护照 E12345678"), "{}", opened.words());

        for (given, kept) in [
            ("can210141030512", "外国人永久居留身份证 CAN********0512"),
            ("810000199003051084", "港澳台居民居住证 8100**********1084"),
        ] {
            let resident = Resident::next(&mut Seed::new(702));
            let form = resident.fill(worker.desk_form("WJ-10")).set("resident_id", given);
            // They are younger than the item is for; the worker says that they were told.
            let answer = worker.submit(form);
            let asks = |form: &Form| form.offers.iter().any(|name| name == "age_told");
            let answer = match answer.forms().into_iter().find(asks) {
                Some(form) => worker.submit(form.set("age_told", "1")),
                None => answer,
            };
            let taken = number(answer);
            let page = worker.open(&format!("/cases/{taken}")).expect(200);
            assert!(page.words().contains(kept), "{given}: {}", page.words());
        }
        for (number, said) in [
            ("210102209003051087", "出生日期还没有到"),
            ("170102199003051088", "省份代码不存在"),
            ("110105194912310021", "校验没有通过"),
        ] {
            let resident = Resident::next(&mut Seed::new(703));
            let form = resident.fill(worker.desk_form("WJ-10")).set("resident_id", number);
            assert!(!form.offers.iter().any(|name| name == "identity_kind"), "it takes cards alone");
            let refused = worker.submit(form).expect(422);
            assert!(refused.words().contains(said), "{number}: {}", refused.words());
        }
    }
}

#[test]
fn a_passbook_is_taken_once_somebody_says_that_its_number_is_right() {
    for town in Town::each() {
        let mut worker = town.staff("passbook.worker", "community_worker", &town.named(COMMUNITY), None);
        for (seed, card) in [(711, "19000112233445"), (712, "4111111111111112")] {
            let resident = Resident::next(&mut Seed::new(seed));
            let form = resident.fill(worker.desk_form("MZ-11")).set("bank_card", card);
            assert!(!form.offers.iter().any(|name| name == "bank_card_confirmed"), "nothing to confirm yet");
            let asked = worker.submit(form).expect(422);
            assert!(asked.words().contains("号码没错"), "{}", asked.words());
            let taken = number(worker.submit(desk(&asked).set("bank_card_confirmed", "1")));
            let opened = worker.post(&format!("/cases/{taken}/person"), &[("purpose", "handling")]).expect(200);
            assert!(opened.body().contains(card), "{}", opened.words());
        }
        let resident = Resident::next(&mut Seed::new(713));
        let form = resident.fill(worker.desk_form("MZ-11")).set("bank_card", "没有卡");
        let refused = worker.submit(form).expect(422);
        assert!(!desk(&refused).offers.iter().any(|name| name == "bank_card_confirmed"), "that is no number at all");

        let (mut she, resident) = (town.visitor(), Resident::next(&mut Seed::new(714)));
        let check = she.to_check(&town, "MZ-11", &resident, &town.named("华炉社区"));
        let back = she.submit(check.set("back", "bank_card")).expect(200);
        let asked = she.submit(back.form("/apply/MZ-11").set("bank_card", "19000112233445")).expect(422);
        assert!(asked.words().contains("号码没错"), "{}", asked.words());
        let check = she.submit(asked.form("/apply/MZ-11").set("bank_card_confirmed", "1")).expect(200);
        assert!(check.words().contains("19000112233445"), "{}", check.words());
        drop(number(she.submit(check.form("/apply/MZ-11"))));
    }
}

#[test]
fn names_and_telephones_are_kept_as_they_are_meant() {
    for town in Town::each() {
        let mut worker = town.staff("names.worker", "community_worker", &town.named(COMMUNITY), None);
        for (seed, typed, kept) in [
            (721, "古丽米热•艾比布力", "古丽米热·艾比布力"),
            (722, "李\u{E863}", "李䶮"),
            (723, "买买提.吐尔逊", "买买提·吐尔逊"),
        ] {
            let resident = Resident::next(&mut Seed::new(seed));
            let form = resident.fill(worker.desk_form("MZ-11")).set("name", typed);
            let taken = number(
                worker.submit(
                    form.set("telephone", "024-23456713-801")
                        .set("resident_id", &format!("\u{202D}{}\u{202C}", resident.resident_id)),
                ),
            );
            let opened = worker.post(&format!("/cases/{taken}/person"), &[("purpose", "handling")]).expect(200);
            for expected in [kept, "02423456713-801", resident.resident_id.as_str()] {
                assert!(opened.body().contains(expected), "{expected}: {}", opened.words());
            }
        }
        for (typed, said) in [("李?", "生僻字"), ("李\u{202E}岺", "看不见的字符"), ("李\u{E000}", "看不见的字符")]
        {
            let resident = Resident::next(&mut Seed::new(724));
            let form = resident.fill(worker.desk_form("MZ-11")).set("name", typed);
            let refused = worker.submit(form).expect(422);
            assert!(refused.words().contains(said), "{typed:?}: {}", refused.words());
        }
        let card = "姓名 古丽米热·\n艾比布力\n性别 女\n公民身份号码 11010519491231002x";
        let read = worker.desk_form("MZ-11").set("card", card).set("card_read", "1");
        let read = desk(&worker.submit(read).expect(200));
        assert_eq!(
            (read.get("name"), read.get("resident_id")),
            (Some("古丽米热·艾比布力"), Some("11010519491231002X"))
        );
    }
}

#[test]
fn a_person_is_found_with_a_purpose_and_reads_it() {
    for town in Town::each() {
        let mut worker = town.staff("seeker", "community_worker", &town.named(COMMUNITY), None);
        let resident = Resident::next(&mut Seed::new(731));
        let form = resident.fill(worker.desk_form("MZ-11"));
        let taken = number(worker.submit(form));
        assert!(worker.open("/search").expect(200).forms().iter().any(|form| form.action == "/search/person"));
        // Her name is no case's: the search by person stands open with it, to be sent with a purpose.
        let nothing = worker.open(&format!("/search?q={}", resident.name)).expect(200);
        assert!(nothing.words().contains("找的是人"), "{}: {}", town.engine, nothing.words());
        assert!(nothing.body().contains("<details class=\"more noprint\" open>"), "{}", town.engine);
        let form = nothing.form("/search/person");
        assert_eq!((form.method.as_str(), form.get("who")), ("post", Some(resident.name.as_str())), "{}", town.engine);
        assert!(!nothing.links().iter().any(|link| link.starts_with("/search/person")), "{}", town.engine);
        let small = resident.resident_id.to_lowercase();
        for who in [resident.name.as_str(), &resident.telephone, &small] {
            let looks = town.counts().looks;
            let found = worker.post("/search/person", &[("who", who), ("purpose", "handling")]).expect(200);
            assert!(found.links().iter().any(|link| link.starts_with(&format!("/cases/{taken}"))), "{}", found.words());
            // The field still holds what she typed herself.
            let told = found.body().replace(&format!("value=\"{who}\""), "");
            assert!(!told.contains(&resident.resident_id), "only masks are shown: {who}");
            assert_eq!(town.counts().looks, looks + 1, "{}: the look is logged", town.engine);
        }
        let looks = town.counts().looks;
        for (fields, status) in [
            (vec![("who", resident.name.as_str()), ("purpose", "")], 422),
            (vec![("who", " "), ("purpose", "handling")], 422),
            (vec![("who", "没有这个人"), ("purpose", "handling")], 200),
        ] {
            let reply = worker.post("/search/person", &fields).expect(status);
            assert!(!reply.body().contains(&taken), "{fields:?}");
        }
        let mut elsewhere = town.staff("seeker.elsewhere", "district_handler", &town.named("沈河区"), Some("housing"));
        let fields = [("who", resident.telephone.as_str()), ("purpose", "handling")];
        assert!(!elsewhere.post("/search/person", &fields).expect(200).body().contains(&taken), "not hers to read");
        assert_eq!(town.visitor().post("/search/person", &fields).status, 303, "asked to sign in");
        assert_eq!(town.counts().looks, looks, "{}: nobody looked", town.engine);
    }
}

#[test]
fn the_number_of_a_person_stays_in_no_address() {
    for town in Town::each() {
        let resident = Resident::next(&mut Seed::new(742));
        let (begin, rest) = resident.telephone.split_at_checked(3).unwrap();
        let telephone = format!("{begin} {rest}");
        let mut worker = town.staff("number.seeker", "community_worker", &town.named(COMMUNITY), None);
        let mut she = town.visitor();
        for typed in [resident.resident_id.as_str(), &telephone, &resident.bank_card] {
            for from in ["find", "search"] {
                let page = worker.open(&format!("/{from}?q={}", typed.replace(' ', "+"))).expect(200);
                assert_eq!(page.address, "/search?personal=1", "{}: {typed}", town.engine);
                assert!(page.forms().iter().any(|form| form.action == "/search/person"), "{}", page.words());
                assert!(page.words().contains("也没有留在网址里") && !page.body().contains(typed), "{}", page.words());
            }
            for from in ["find", "items"] {
                let page = she.open(&format!("/{from}?q={}", typed.replace(' ', "+"))).expect(200);
                assert_eq!(page.address, format!("/{from}?personal=1"), "{typed}");
                assert!(page.words().contains("没有拿去找") && !page.body().contains(typed), "{}", page.words());
            }
        }
        let asked = she.open("/items?q=给85岁的妈妈能领什么钱").expect(200).body();
        let title = asked.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
        assert!(title.contains("找到的事项") && !title.contains("85"), "{title}");
    }
}

#[test]
fn what_is_typed_finds_places_items_and_cases_however_it_is_typed() {
    for town in Town::each() {
        let place = format!("/places/{}", town.named("绿园社区").id());
        let mut worker = town.staff("finder", "community_worker", &town.named(COMMUNITY), None);
        for typed in ["lvyuan", "lüyuan", "lyuyuan", "ｌｖｙｕａｎ", "绿园社区", "綠園社區"] {
            let found = worker.open(&format!("/find?q={typed}")).expect(200);
            assert!(found.links().contains(&place), "{typed}: {:?}", found.links());
        }
        let tree = town.city.places.tree();
        assert!(tree.search("LYSQ", 500).iter().any(|found| found.name.zh == "绿园社区"), "{}", town.engine);
        let found = worker.open("/find?q=高齡津貼").expect(200);
        assert!(found.links().iter().any(|link| link == "/desk?item=MZ-11"), "{:?}", found.links());

        let resident = Resident::next(&mut Seed::new(741));
        let form = resident.fill(worker.desk_form("MZ-11"));
        let taken = number(worker.submit(form));
        let home = town.named(COMMUNITY);
        let code = tree.at(&home).map(|place| place.code.clone()).unwrap();
        for typed in ["高齡津貼", "ＭＺ－１１", "mz11", "高齡+文安路", code.as_str()] {
            let found = worker.open(&format!("/search?q={typed}")).expect(200);
            assert!(found.body().contains(&taken), "{typed}: {}", found.words());
        }
    }
}
